"""``partnership.toml``: who the report is for, which quarter, which priorities, and where the extracts are.

Every mistake in the file is named with its line and key; nothing is guessed. The tables are msgspec structs, since
reading the settings is part of every Refresh click: msgspec starts in a third of the time that pydantic takes.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
import tomllib
import typing
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from cdrp_xl import periods
from cdrp_xl.errors import CdrpError, FileError, ValueFoundError, quoted
from cdrp_xl.periods import Period
from cdrp_xl.terms import Direction, Marking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "partnership.toml"

Text = Annotated[str, Meta(min_length=1)]
Classification = Literal["cadet-2011", "home-office-2013", "police-uk"]
Key = int | str

_LONGEST_SHOWN = 60


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. Checks beyond its keys' types are made in `__post_init__`, as ``ValueError``."""


class Partnership(_Table, frozen=True, kw_only=True):
    """``[partnership]``: who the report is for and who makes it."""

    name: Text
    area: Text
    producer: str = ""
    contact: str = ""
    marking: Marking = Marking.OFFICIAL


class ReportSettings(_Table, frozen=True, kw_only=True):
    """``[report]``: which period is reported, and how it is dated."""

    quarter: Period | None = None
    title: Text = "Performance report"
    date: dt.date | None = None
    compare: Literal["quarter", "year to date"] = "quarter"
    table_source: Literal["recorded_crime", "police_uk", "cadet"] | None = None
    about: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.quarter is not None and not self.quarter.is_quarter:
            raise ValueError(f'{self.quarter.name} is not a quarter such as "2011-12 Q1"')


class Currency(_Table, frozen=True, kw_only=True):
    """What every source says of its own date: when it was taken, and when the next one is due."""

    publisher: str = ""
    as_at: dt.date | None = None
    next_release: dt.date | None = None


class RecordedCrimeHeadings(_Table, frozen=True, kw_only=True):
    """``[sources.recorded_crime.headings]``: the force's own headings for what is read."""

    offence_reference: Text
    date_recorded: Text
    offence: Text
    date_committed: str = ""
    area: str = ""
    locality: str = ""
    locus_type: str = ""
    locus_subtype: str = ""
    domestic: str = ""
    victim: str = ""
    premises: str = ""


class RecordedCrimeSettings(Currency, frozen=True, kw_only=True):
    """``[sources.recorded_crime]``: the force's row-level extract."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    classification: Classification = "cadet-2011"
    headings: RecordedCrimeHeadings
    worksheet: str = ""
    domestic_yes: tuple[str, ...] = ("Y", "Yes", "True", "1")
    domestic_no: tuple[str, ...] = ("N", "No", "False", "0", "")
    offence_codes: dict[str, str] = {}
    references_repeat: bool = False


class PoliceUkSettings(Currency, frozen=True, kw_only=True):
    """``[sources.police_uk]``: a folder or .zip of data.police.uk street-level files, as downloaded."""

    path: Text
    areas_file: str = ""


class CadetSettings(Currency, frozen=True, kw_only=True):
    """``[sources.cadet]``: the CADET export of the two periods, or in long form."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    classification: Classification = "cadet-2011"
    worksheet: str = ""


class PopulationSettings(Currency, frozen=True, kw_only=True):
    """``[sources.population]``: people and households by area."""

    file: Text
    area: Text = "Area"
    population: Text = "Population"
    households: str = ""
    worksheet: str = ""


class Sources(_Table, frozen=True, kw_only=True):
    """``[sources]``: what the figures are counted from; at least one must count offences."""

    recorded_crime: RecordedCrimeSettings | None = None
    police_uk: PoliceUkSettings | None = None
    cadet: CadetSettings | None = None
    population: PopulationSettings | None = None

    def __post_init__(self) -> None:
        if not (self.recorded_crime or self.police_uk or self.cadet):
            raise ValueError("name at least one of sources.recorded_crime, sources.police_uk and sources.cadet")


class Measure(_Table, frozen=True, kw_only=True):
    """``[priorities.measure]``: offence rows to add up, or a selection by locus."""

    rows: tuple[Text, ...] = ()
    locus_types: tuple[Text, ...] = ()
    locus_subtypes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if not (self.rows or self.locus_types or self.locus_subtypes):
            raise ValueError("name rows to count, or locus_types and locus_subtypes")

    @property
    def is_by_locus(self) -> bool:
        """Whether the measure is a selection by locus, which only a row-level extract can count."""
        return bool(self.locus_types or self.locus_subtypes)


class Baseline(_Table, frozen=True, kw_only=True):
    """``[priorities.baseline]``: the pinned year, and its quarterly figures where they are given and not counted."""

    year: Period
    quarters: tuple[Annotated[int, Meta(ge=0)], ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if not self.year.is_financial_year:
            raise ValueError(f'{self.year.name} is not a financial year such as "2009-10"')
        if self.quarters and (len(self.quarters) != len(periods.quarters_of(self.year)) or not self.source):
            raise ValueError("give four quarters, first to fourth, and say in `source` where they are from")


class RagRule(_Table, frozen=True, kw_only=True):
    """``[priorities.rag]``: by which rule the priority is judged better or worse."""

    rule: Literal["exact test", "tolerance", "any fall"] = "exact test"
    tolerance_per_cent: Annotated[float, Meta(ge=0, le=100)] = 0.0


class Priority(_Table, frozen=True, kw_only=True):
    """``[[priorities]]``: one priority of the partnership."""

    id: str
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    objective: Text
    measure: Measure
    baseline: Baseline
    deadline: Period
    direction: Direction = Direction.REDUCE
    rag: RagRule = RagRule()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", self.id):
            raise ValueError(f"the id {quoted(self.id)} must be small letters, digits and hyphens, at most 41")

    @property
    def selection_id(self) -> str:
        """The id under which a selection by locus is counted; the stroke keeps it apart from every offence row's."""
        return f"priority/{self.id}"


class Farm(_Table, frozen=True, kw_only=True):
    """``[farm]``: crime at farms by offence group and year, told by the extract's locus columns.

    `groups` puts groups together from offence codes, rows and groups; without any, they are the classification's own.
    A repeat is an offence whose victim (or premises) had another in the `repeat_months` before.
    """

    baseline: Period
    years: tuple[Period, ...] = ()
    locus_types: tuple[Text, ...] = ("Agricultural",)
    locus_subtypes: tuple[Text, ...] = ("Barn", "Farm")
    groups: dict[str, tuple[Text, ...]] = {}
    repeats_by: Literal["victim", "premises"] = "victim"
    repeat_months: Annotated[int, Meta(ge=1, le=60)] = 12

    def __post_init__(self) -> None:
        for year in (self.baseline, *self.years):
            if not year.is_financial_year:
                raise ValueError(f'{year.name} is not a financial year such as "2009-10"')
        if not (self.locus_types or self.locus_subtypes):
            raise ValueError("name locus_types or locus_subtypes")
        for names in (self.locus_types, self.locus_subtypes, tuple(self.groups)):
            alike = [name for number, name in enumerate(names) if _plain(name) in map(_plain, names[:number])]
            if alike:
                raise ValueError(f"{quoted(alike[0])} stands twice")

    @property
    def loci(self) -> tuple[str, ...]:
        """What tells farms apart: the subtypes, or the types where no subtype is named."""
        return self.locus_subtypes or self.locus_types


class SuppressionSettings(_Table, frozen=True, kw_only=True):
    """``[suppression]``: what each worksheet does with small counts, and which counts are small."""

    highlights: Literal["off", "hide", "round"] = "off"
    unsafe_up_to: Annotated[int, Meta(ge=1, le=10)] = 2
    sensitive_rows: tuple[Text, ...] = ()


class SignificanceSettings(_Table, frozen=True, kw_only=True):
    """``[significance]``: by which test a change is more than chance, and from when on it is an emerging issue."""

    test: Literal["exact", "mid-p", "E-test"] = "exact"
    columns: bool = False
    false_discovery_per_cent: Annotated[float, Meta(gt=0, le=50)] = 5.0
    least_offences: Annotated[int, Meta(ge=1)] = 10


class Settings(_Table, frozen=True, kw_only=True):
    """The whole of ``partnership.toml``."""

    partnership: Partnership
    report: ReportSettings = ReportSettings()
    sources: Sources
    significance: SignificanceSettings = SignificanceSettings()
    suppression: SuppressionSettings = SuppressionSettings()
    priorities: tuple[Priority, ...] = ()
    farm: Farm | None = None


def read(folder: Path) -> Settings:
    """Return the settings of a partnership's folder.

    Raises
    ------
    FileError
        If there is no ``partnership.toml``, it can't be opened, or it is not TOML.
    ValueFoundError
        If a key is missing, unknown or not what it should be; every mistake is named with its line and key.
    """
    file = folder / FILE_NAME
    if file.is_dir():
        raise FileError(
            f"{FILE_NAME} is a folder, not a file.", where=str(file), remedy="Give the folder another name."
        )
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise FileError(
            f'"{folder.name}" is not a partnership\'s folder: it holds no {FILE_NAME}.',
            where=str(folder),
            remedy='Name the folder that "cdrp-xl new" made, or make one with it.',
        ) from missing
    except PermissionError as locked:
        raise FileError(
            f"{FILE_NAME} can't be opened.", where=str(file), remedy="Close it where it is open, then try again."
        ) from locked
    return parse(_decoded(data, file))


def _decoded(data: bytes, file: Path) -> str:
    """Return the text of the file, without the mark that Notepad may write at its beginning."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise FileError(
            f"{FILE_NAME} is not UTF-8 text: line {line} holds a character of another encoding.",
            where=f"{file}, line {line}",
            remedy="Save it as UTF-8.",
        ) from wrong


def parse(text: str) -> Settings:
    """Return the settings that a TOML text holds; see `read`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise FileError(
            f"{FILE_NAME} can't be read: {wrong}.", where=FILE_NAME, remedy="Mend the line that is named."
        ) from wrong
    mistakes: list[_Mistake] = []
    settings = _table(Settings, data, (), mistakes)
    mistakes += [*_twins(settings), *_uncounted(settings)] if isinstance(settings, Settings) else []
    if mistakes or not isinstance(settings, Settings):
        raise _named(mistakes, text)
    return settings


class _Mistake(typing.NamedTuple):
    """One mistake: the keys that lead to it, and a sentence without its full stop."""

    keys: tuple[Key, ...]
    sentence: str


def _twins(settings: Settings) -> list[_Mistake]:
    ids = [priority.id for priority in settings.priorities]
    return [
        _Mistake(("priorities", number, "id"), f"two priorities have the id {quoted(name)}")
        for number, name in enumerate(ids)
        if name in ids[:number]
    ]


def _uncounted(settings: Settings) -> list[_Mistake]:
    """Return what the farm section needs of the extract and the settings do not name."""
    if settings.farm is None:
        return []
    source = settings.sources.recorded_crime
    if source is None:
        return [_Mistake(("farm",), "it is counted from a row-level extract: name one under sources.recorded_crime")]
    asked = {"locus_type": settings.farm.locus_types, "locus_subtype": settings.farm.locus_subtypes}
    return [
        _Mistake(("farm",), f"it needs the extract's heading: name it as {use} in sources.recorded_crime.headings")
        for use, names in asked.items()
        if names and not getattr(source.headings, use)
    ]


def _table(kind: type[_Table], data: object, keys: tuple[Key, ...], mistakes: list[_Mistake]) -> _Table | None:
    """Return a table of the file, or note every mistake in it and return None."""
    if not isinstance(data, dict):
        mistakes.append(_Mistake(keys, "this must be a table of keys"))
        return None
    before = len(mistakes)
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    mistakes += [_Mistake((*keys, name), "there is no such key") for name in data if name not in fields]
    mistakes += [
        _Mistake((*keys, name), "this key is missing")
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
        mistakes.append(_Mistake(keys, str(wrong)))
        return None


def _value(kind: Any, data: object, keys: tuple[Key, ...], mistakes: list[_Mistake]) -> object:
    """Return the value of one key, or note what is wrong with it."""
    table, is_list = _table_of(kind)
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
        mistakes.append(_Mistake(keys, f"{_shown(data)} can't be used: {remedy}"))
    except msgspec.ValidationError as wrong:
        mistakes.append(_Mistake(keys, f"{_shown(data)} can't be used: {_in_words(str(wrong), kind)}"))
    return None


def _period(data: object) -> Period:
    return Period.parse(data if isinstance(data, str) else "")


def _periods(data: object) -> tuple[Period, ...]:
    return tuple(_period(each) for each in (data if isinstance(data, list) else [data]))


def _table_of(kind: Any) -> tuple[type[_Table] | None, bool]:
    """Return the table that a key holds, if it does, and whether it holds a list of them."""
    inner = [kind, *typing.get_args(kind)]
    tables = [part for part in inner if isinstance(part, type) and issubclass(part, _Table)]
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


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _shown(value: object) -> str:
    """Return a value as the file writes it, a long one cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    text = quoted(value) if isinstance(value, str) else str(value).replace("'", '"')
    return text if len(text) <= _LONGEST_SHOWN else f'{text[:_LONGEST_SHOWN]}…" ({len(text) - 2:,} characters)'


def _named(mistakes: list[_Mistake], text: str) -> ValueFoundError:
    """Return one error that names every mistake by line and key."""
    places = [_place(mistake.keys, text) for mistake in mistakes]
    sentences = [f"{place}: {mistake.sentence}" for place, mistake in zip(places, mistakes, strict=True)]
    count = "a mistake" if len(sentences) == 1 else f"{len(sentences)} mistakes"
    return ValueFoundError(
        f"{FILE_NAME} has {count}: {'; '.join(sentences)}.",
        where=f"{FILE_NAME}, {places[0]}",
        remedy="Mend the file as the message says; the folder's template explains each key.",
    )


def _place(keys: tuple[Key, ...], text: str) -> str:
    name = ""
    for key in keys:
        name += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if name else key
    line = _line_of(keys, text)
    return f"line {line}, {name}" if line else name or "the whole file"


def _line_of(keys: tuple[Key, ...], text: str) -> int | None:
    """Return the line that bears the longest beginning of the keys, so that a missing key is placed at its table."""
    lines = [
        (len(path[: len(keys)]), -number)
        for path, number in _paths(text)
        if keys and path[: len(keys)] == keys[: len(path)]
    ]
    return -max(lines)[1] if lines else None


def _paths(text: str) -> Iterator[tuple[tuple[Key, ...], int]]:
    """Give every line of a TOML text that opens a table or sets a key, with the keys that lead there."""
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
