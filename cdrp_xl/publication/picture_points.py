"""What a PNG draws where it is wholly transparent: any program can show it by dropping the transparency."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_POINTS = 1 << 20
_FEWEST_POINTS = 20
"""Points of a different colour from most that make something out; fewer are left over from smoothing an edge."""

_WITH_ALPHA = {4: 2, 6: 4}
"""Bytes to a point of the kinds of colour that have a transparency to each point."""

_BY_NUMBER, _BYTE = 3, 8


def draws_unseen(pieces: dict[bytes, bytes]) -> bool:
    """Return whether a PNG draws something in what can't be seen.

    Parameters
    ----------
    pieces
        What its pieces hold, by their kinds, those of one kind together. Pictures of more than a million points, of
        16 bits or in interlaced rows are not looked into.
    """
    width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", pieces[b"IHDR"])
    if colours == _BY_NUMBER:
        return _names_unseen(pieces)
    size = _WITH_ALPHA.get(colours, 0)
    if not size or depth != _BYTE or interlaced or width * height > _MOST_POINTS:
        return False
    unseen: dict[bytes, int] = {}
    data = zlib.decompressobj().decompress(pieces[b"IDAT"], (width * size + 1) * height)
    for row in _rows(data, width * size, size):
        for at in range(0, len(row), size):
            if not row[at + size - 1]:
                point = bytes(row[at : at + size - 1])
                unseen[point] = unseen.get(point, 0) + 1
    return sum(unseen.values()) - max(unseen.values(), default=0) >= _FEWEST_POINTS


def _names_unseen(pieces: dict[bytes, bytes]) -> bool:
    """Return whether several colours of a list are wholly transparent."""
    listed, alphas = pieces.get(b"PLTE", b""), pieces.get(b"tRNS", b"")
    return len({listed[3 * number : 3 * number + 3] for number, alpha in enumerate(alphas) if not alpha}) > 1


def _rows(data: bytes, length: int, size: int) -> Iterator[bytearray]:
    """Yield the rows of a picture as they are before each is written as what it differs by from its neighbours."""
    above = bytearray(length)
    for begin in range(0, len(data) - length, length + 1):
        how, row = data[begin], bytearray(data[begin + 1 : begin + 1 + length])
        if how:
            _undo(how, row, above, size)
        yield row
        above = row


def _undo(how: int, row: bytearray, above: bytearray, size: int) -> None:
    """Add to each byte of a row what it was written as the difference from (PNG, 9.2)."""
    for at, byte in enumerate(row):
        left = row[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        guess = (0, left, above[at], (left + above[at]) >> 1)[how] if how <= 3 else _nearest(left, above[at], corner)  # noqa: PLR2004
        row[at] = (byte + guess) & 0xFF


def _nearest(left: int, above: int, corner: int) -> int:
    """Return which of three neighbours is nearest to what they lead to expect."""
    expected = left + above - corner
    return min((left, above, corner), key=lambda each: abs(expected - each))
