"""The records of a binary workbook's parts (.xlsb).

[MS-XLSB] 2.1.4: a part is a row of records, each with a type and a length in bytes of 7 bits, the last one below 128.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHEET = 156


class BinaryRecord(NamedTuple):
    """One record: its type and its bytes."""

    kind: int
    content: bytes


def binary_records(content: bytes) -> Iterator[BinaryRecord]:
    """Yield the records of a part; one that is cut off is a ``ValueError``."""
    at = 0
    while at < len(content):
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | content[at] << 7 & 0x3F80
            at += 1
        length, at = _length(content, at)
        if at + length > len(content):
            raise ValueError
        yield BinaryRecord(kind, content[at : at + length])
        at += length


class BinarySheet(NamedTuple):
    """A sheet as the workbook lists it; state 0 is seen, 1 hidden, 2 hidden from Excel's own list too."""

    name: str
    state: int
    relation_id: str


def binary_sheets(records: Iterable[BinaryRecord]) -> Iterator[BinarySheet]:
    """Yield the sheets of the workbook's part, in their order."""
    for record in records:
        if record.kind == _SHEET:
            related = binary_text(record.content, 8)
            yield BinarySheet(
                name=binary_text(record.content, 12 + 2 * len(related)),
                state=int(struct.unpack_from("<I", record.content)[0]),
                relation_id=related,
            )


def binary_text(content: bytes, at: int) -> str:
    """Return a text with its length in front: characters of two bytes."""
    length = struct.unpack_from("<I", content, at)[0]
    return content[at + 4 : at + 4 + 2 * length].decode("utf-16-le", errors="replace")


def _length(content: bytes, at: int) -> tuple[int, int]:
    length = shift = 0
    for _ in range(4):
        byte = content[at]
        at += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte of a length
            break
    return length, at
