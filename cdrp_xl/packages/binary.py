"""The records of a binary workbook's parts (.xlsb).

[MS-XLSB] 2.1.4: a part is a row of records, each with a type and a length in bytes of 7 bits, the last one below 128.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class BinaryRecord(NamedTuple):
    """One record: its type and its bytes."""

    kind: int
    content: bytes


def binary_records(content: bytes) -> Iterator[BinaryRecord]:
    """Give the records of a part; one that is cut off is a ``ValueError``."""
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
