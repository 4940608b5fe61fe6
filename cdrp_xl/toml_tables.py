"""TOML files as tables of typed keys: every mistake is named with its line and key, and nothing is guessed.

The tables are msgspec structs, since reading the settings is part of every Refresh click: msgspec starts in a third of
the time that pydantic takes.
"""

from __future__ import annotations

import enum
import re
import tomllib
import typing
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from cdrp_xl.errors import CdrpError, FileError, ValueFoundError, quoted
from cdrp_xl.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

Key = int | str

Text = Annotated[str, Meta(min_length=1)]
"""A text that a key can't leave empty."""

_LONGEST_SHOWN = 60


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a file. Checks beyond its keys' types are made in `__post_init__`, as ``ValueError``."""


Kind = TypeVar("Kind", bound=Table)


class Mistake(typing.NamedTuple):
    """One mistake: the keys that lead to it, and a sentence without its full stop."""

    keys: tuple[Key, ...]
    sentence: str


def decoded(data: bytes, file: Path) -> str:
    """Return the text of a file, without the mark that Notepad may write at its beginning.

    Raises
    ------
    FileError
        If it is not UTF-8; the line is named.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise FileError(
            f"{file.name} is not UTF-8 text: line {line} holds a character of another encoding.",
            where=f"{file}, line {line}",
            remedy="Save it as UTF-8.",
        ) from wrong


def parse(kind: type[Kind], text: str, *, file_name: str) -> tuple[Kind | None, list[Mistake]]:
    """Return what a TOML text holds, or None and every mistake in it.

    Raises
    ------
    FileError
        If the text is not TOML.
    """
    return of_data(kind, loads(text, file_name=file_name))


def of_data(kind: type[Kind], data: object, keys: tuple[Key, ...] = ()) -> tuple[Kind | None, list[Mistake]]:
    """Return what a table of a file holds, or None and every mistake in it; `keys` lead to the table."""
    mistakes: list[Mistake] = []
    return _table(kind, data, keys, mistakes), mistakes


def loads(text: str, *, file_name: str) -> dict[str, Any]:
    """Return what a TOML text holds, as it is.

    Raises
    ------
    FileError
        If the text is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise FileError(f"{file_name} can't be read: {wrong}.", where=file_name, remedy="Correct that line.") from wrong


def named(mistakes: list[Mistake], text: str, *, file_name: str, remedy: str) -> ValueFoundError:
    """Return one error that names every mistake by line and key."""
    sentences = placed(mistakes, text)
    count = "a mistake" if len(sentences) == 1 else f"{len(sentences)} mistakes"
    return ValueFoundError(
        f"{file_name} has {count}: {'; '.join(sentences)}.",
        where=f"{file_name}, {_place(mistakes[0].keys, text)}",
        remedy=remedy,
    )


def placed(mistakes: Sequence[Mistake], text: str) -> list[str]:
    """Return each mistake with its line and key."""
    return [f"{_place(mistake.keys, text)}: {mistake.sentence}" for mistake in mistakes]


def _table(kind: type[Kind], data: object, keys: tuple[Key, ...], mistakes: list[Mistake]) -> Kind | None:
    """Return a table of the file, or note every mistake in it and return None."""
    if not isinstance(data, dict):
        mistakes.append(Mistake(keys, "this must be a table of keys"))
        return None
    before = len(mistakes)
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    mistakes += [Mistake((*keys, name), _no_such_key(name, fields)) for name in data if name not in fields]
    mistakes += [
        Mistake((*keys, name), "this key is missing")
        for name, field in fields.items()
        if field.required and name not in data
    ]
    values = {
        name: _value(field.type, data[name], (*keys, name), mistakes) for name, field in fields.items() if name in data
    }
    if len(mistakes) > before:
        return None
    try:
        return kind(**values)
    except ValueError as wrong:
        mistakes.append(Mistake(keys, str(wrong)))
        return None


def _no_such_key(name: str, known: Iterable[str]) -> str:
    import difflib

    nearest = difflib.get_close_matches(name, known, n=1)
    return f"there is no such key (the nearest is {quoted(nearest[0])})" if nearest else "there is no such key"


def _value(kind: Any, data: object, keys: tuple[Key, ...], mistakes: list[Mistake]) -> object:
    """Return the value of one key, or note what is wrong with it."""
    table, is_list = _table_of(kind)
    if table and typing.get_origin(kind) is dict:
        return _by_name(table, data, keys, mistakes)
    if table and is_list and isinstance(data, list):
        return tuple(_table(table, entry, (*keys, number), mistakes) for number, entry in enumerate(data))
    if table and not is_list:
        return _table(table, data, keys, mistakes)
    try:
        if Period in {kind, *typing.get_args(kind)}:
            return _periods(data) if typing.get_origin(kind) is tuple else _period(data)
        return msgspec.convert(data, kind)
    except CdrpError as wrong:
        remedy = wrong.remedy[0].lower() + wrong.remedy[1:].removesuffix(".")
        mistakes.append(Mistake(keys, f"{_shown(data)} can't be used: {remedy}"))
    except msgspec.ValidationError as wrong:
        mistakes.append(Mistake(keys, f"{_shown(data)} can't be used: {_in_words(str(wrong), kind)}"))
    return None


def _by_name(kind: type[Table], data: object, keys: tuple[Key, ...], mistakes: list[Mistake]) -> object:
    """Return the tables under names of the author's own, or note every mistake in them."""
    if isinstance(data, dict):
        return {name: _table(kind, entry, (*keys, name), mistakes) for name, entry in data.items()}
    mistakes.append(Mistake(keys, "this must be a table of tables"))
    return None


def _period(data: object) -> Period:
    return Period.parse(data if isinstance(data, str) else "")


def _periods(data: object) -> tuple[Period, ...]:
    return tuple(_period(each) for each in (data if isinstance(data, list) else [data]))


def _table_of(kind: Any) -> tuple[type[Table] | None, bool]:
    """Return the table that a key holds, if it does, and whether it holds a list of them."""
    inner = [kind, *typing.get_args(kind)]
    tables = [part for part in inner if isinstance(part, type) and issubclass(part, Table)]
    return (tables[0] if tables else None), typing.get_origin(kind) is tuple


_IN_WORDS = (
    (r"`| - at .*$|, got .*| \| null", ""),
    (r"^Expected |^Invalid RFC3339 encoded ", "it must be "),
    (r"\bstr of length >= 1\b", "text, not empty"),
    (r"\bstr of length <= (\d+)", r"text of at most \1 characters"),
    (r"\barray of length >= 1\b", "a list in square brackets, not empty"),
    (r"\bstr\b", "text in quotation marks"),
    (r"\bint\b", "a whole number"),
    (r"\bfloat\b", "a number"),
    (r"\bbool\b", "true or false"),
    (r"\barray\b", "a list in square brackets"),
    (r"\bobject\b", "a table of keys"),
    (r"\bdate\b", "a date without quotation marks, such as 2011-07-29"),
    (r" >= (\S+)", r", \1 or more"),
    (r" <= (\S+)", r", \1 or less"),
)
"""How msgspec's messages read in the words of the file; a Python type means nothing to its author."""


def _in_words(message: str, kind: Any) -> str:
    choices = [part for member in (kind, *typing.get_args(kind)) for part in _choices(member)]
    if choices:
        return f"use one of {', '.join(quoted(choice) for choice in choices)}"
    for pattern, words in _IN_WORDS:
        message = re.sub(pattern, words, message)
    return message


def _choices(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return [member.value for member in kind]
    return list(typing.get_args(kind)) if typing.get_origin(kind) is Literal else []


def _shown(value: object) -> str:
    """Return a value as the file writes it, a long one cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')
    return text if len(text) <= _LONGEST_SHOWN else f'{text[:_LONGEST_SHOWN]}…" ({len(text) - 2:,} characters)'


def _place(keys: tuple[Key, ...], text: str) -> str:
    name = ""
    for key in keys:
        name += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if name else key
    line = _line_of(keys, text)
    return f"line {line}, {name}" if line else name or "the whole file"


def _line_of(keys: tuple[Key, ...], text: str) -> int | None:
    """Return the line with the longest beginning of the keys, so that a missing key is placed at its table."""
    lines = [
        (len(path[: len(keys)]), -number)
        for path, number in _paths(text)
        if keys and path[: len(keys)] == keys[: len(path)]
    ]
    return -max(lines)[1] if lines else None


def _paths(text: str) -> Iterator[tuple[tuple[Key, ...], int]]:
    """Yield every line of a TOML text that opens a table or sets a key, with the keys that lead there."""
    table: tuple[Key, ...] = ()
    entries: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if entry := re.match(rf"\s*\[\[\s*({_DOTTED})\s*\]\]", line):
            name, *rest = _parts(entry[1])
            entries[name] = entries.get(name, -1) + 1
            table = (name, entries[name], *rest)
            yield table, number
        elif heading := re.match(rf"\s*\[\s*({_DOTTED})\s*\]", line):
            first, *rest = _parts(heading[1])
            table = (first, entries[first], *rest) if first in entries else (first, *rest)
            yield table, number
        elif key := re.match(rf"\s*({_DOTTED})\s*=", line):
            yield (*table, *_parts(key[1])), number


_BARE_OR_QUOTED = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_BARE_OR_QUOTED}(?:\s*\.\s*{_BARE_OR_QUOTED})*"


def _parts(dotted: str) -> list[str]:
    return [key.strip("\"'") for key in re.findall(_BARE_OR_QUOTED, dotted)]
