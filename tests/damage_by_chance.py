"""Ways in which files are damaged by chance, from bytes to the rows of a table."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from files_made import parts_of, zip_file

if TYPE_CHECKING:
    import random

Rows = list[list[str]]


def mutant(content: bytes, chance: random.Random) -> bytes:
    """Return a file that was damaged in one of the ways of its kind."""
    ways = [_flipped, _flipped, _cut, _doubled, _blanked, _numbers_changed]
    if content.startswith(b"PK"):
        ways += [_part_changed] * 8 + [_header_changed, _deflate_changed]
    if content.startswith(b"<!DOCTYPE"):
        ways += [_attribute_changed, _node_changed] * 4
    return chance.choice(ways)(content, chance)


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    return content[: begin + chance.randrange(200)] + content[begin:]


def _blanked(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    size = min(chance.choice((1, 4, 64)), len(content) - begin)
    return content[:begin] + bytes(size) + content[begin + size :]


def _numbers_changed(content: bytes, chance: random.Random) -> bytes:
    """Put a number that is too large, or none, in place of one that is written out."""
    found = list(re.finditer(rb"\d+", content))
    if not found:
        return content
    one = chance.choice(found)
    other = chance.choice((b"-1", b"", b"0", b"99999", b"4294967296", b"1e400", b"NaN", b"x", b"9" * 40))
    return content[: one.start()] + other + content[one.end() :]


def _part_changed(content: bytes, chance: random.Random) -> bytes:
    parts = parts_of(content)
    name = chance.choice([name for name, part in parts.items() if part] or list(parts))
    ways = [_flipped, _cut, _numbers_changed, _attribute_changed, _attribute_changed, _node_changed, _node_changed]
    way = chance.choice([*ways, None])
    if way is None:
        del parts[name]
    else:
        parts[name] = way(parts[name], chance) if parts[name] else b"x"
    return zip_file(parts)


def _attribute_changed(content: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb'([\w:]+)="([^"]*)"', content))
    if not found:
        return _flipped(content, chance)
    one = chance.choice(found)
    other = chance.choice(
        (b"XFD1", b"A1048576", b"XFD1048576", b"A0", b"", b"1048576", b"16384", b"-1", b"s", b"A1:XFD9")
    )
    return content[: one.start(2)] + other + content[one.end(2) :]


def _node_changed(content: bytes, chance: random.Random) -> bytes:
    """Take out an element, say it twice, or empty it."""
    found = list(re.finditer(rb"<([\w:]+)[^<>]*>(?:[^<]*</\1>)?", content))
    if not found:
        return _flipped(content, chance)
    one = chance.choice(found)
    other = chance.choice((b"", one[0] * 2, b"<" + one[1] + b"/>", b"<x>" + one[0] + b"</x>"))
    return content[: one.start()] + other + content[one.end() :]


def _header_changed(content: bytes, chance: random.Random) -> bytes:
    begins = [found.start() for found in re.finditer(b"PK[\x01\x03\x05][\x02\x04\x06]", content)]
    at = chance.choice(begins) + chance.randrange(4, 46)
    changed = bytearray(content)
    if at < len(changed):
        changed[at] = chance.choice((0, 1, 8, 12, 0x80, 0xFF))
    return bytes(changed)


def _deflate_changed(content: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = chance.choice([each for each in archive.infolist() if each.compress_size > 8] or archive.infolist())
    at = entry.header_offset + 30 + len(entry.filename) + chance.randrange(max(entry.compress_size, 1))
    changed = bytearray(content)
    changed[min(at, len(changed) - 1)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def rows_changed(rows: Rows, chance: random.Random) -> Rows:
    """Return a table whose cells, rows or columns were changed in one to three ways."""
    changed = [list(row) for row in rows]
    for _ in range(chance.choice((1, 1, 2, 3))):
        chance.choice(_OF_ROWS)(changed, chance)
    return changed


def csv_changed(content: bytes, chance: random.Random) -> bytes:
    """Return the text of a table in another encoding, or with other ends of lines."""
    text = content.decode()
    ways = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252")
    ends = chance.choice(("\r\n", "\r\n", "\n"))
    return text.replace("\r\n", ends).encode(chance.choice(ways), errors="replace")


def _cell_of_another_row(rows: Rows, chance: random.Random) -> None:
    row, column = _place(rows, chance)
    other = chance.choice(rows)
    rows[row][column] = other[min(column, len(other) - 1)]


def _cell_written_otherwise(rows: Rows, chance: random.Random) -> None:
    row, column = _place(rows, chance)
    text = rows[row][column]
    ways = (text.upper(), text.lower(), f" {text}", f"{text} ", f"{text}\u00a0", text.replace(" ", "  "), f'"{text}"')
    rows[row][column] = chance.choice(ways)


def _cell_of_another_kind(rows: Rows, chance: random.Random) -> None:
    row, column = _place(rows, chance)
    kinds = (
        "",
        "0",
        "-1",
        "1.5",
        "1e3",
        "1,234",
        "NaN",
        "TRUE",
        "31/02/2011",
        "2011-04-05",
        "=1+1",
        "\u0661",
        "x" * 30_000,
    )
    rows[row][column] = chance.choice(kinds)


def _number_changed(rows: Rows, chance: random.Random) -> None:
    row, column = _place(rows, chance)
    rows[row][column] = re.sub(
        r"\d+", lambda found: str(int(found[0]) + chance.randrange(3)), rows[row][column], count=1
    )


def _row_gone(rows: Rows, chance: random.Random) -> None:
    del rows[chance.randrange(len(rows) > 1, len(rows))]


def _row_twice(rows: Rows, chance: random.Random) -> None:
    at = chance.randrange(len(rows))
    rows.insert(chance.randrange(1, len(rows) + 1), list(rows[at]))


def _row_elsewhere(rows: Rows, chance: random.Random) -> None:
    rows.insert(chance.randrange(1, len(rows) + 1), rows.pop(chance.randrange(len(rows) > 1, len(rows))))


def _row_of_nothing(rows: Rows, chance: random.Random) -> None:
    rows.insert(chance.randrange(1, len(rows) + 1), [""] * len(rows[0]))


def _row_cut(rows: Rows, chance: random.Random) -> None:
    row = chance.choice(rows)
    del row[chance.randrange(1, len(row) + 1) :]


def _column_elsewhere(rows: Rows, chance: random.Random) -> None:
    one, other = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
    for row in rows:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]


def _column_more(rows: Rows, chance: random.Random) -> None:
    at = chance.randrange(len(rows[0]) + 1)
    for number, row in enumerate(rows):
        row.insert(at, "Remark" if not number else str(number))


_OF_ROWS = (
    *(_cell_of_another_row, _cell_of_another_row, _cell_written_otherwise, _cell_of_another_kind, _number_changed),
    *(_number_changed, _row_gone, _row_twice, _row_elsewhere, _row_of_nothing, _row_cut, _column_elsewhere),
    _column_more,
)


def _place(rows: Rows, chance: random.Random) -> tuple[int, int]:
    """Return a row that has cells, and a column of it."""
    row = chance.choice([number for number, each in enumerate(rows) if each])
    return row, chance.randrange(len(rows[row]))
