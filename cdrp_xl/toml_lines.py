"""On which line of a TOML text a key stands, so that a mistake can be named where it was made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = int | str
"""A key, or the number of an entry in a list of tables, from 0."""


def line_of(keys: tuple[Key, ...], text: str) -> int | None:
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
