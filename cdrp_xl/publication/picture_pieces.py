"""Pieces of pictures that are harmless if they hold no more than their form says: profiles of colours, EXIF, tables."""

from __future__ import annotations

import itertools
import re
import struct
import zlib
from typing import TYPE_CHECKING

from cdrp_xl.publication.strings import odd_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_UNPACKED = 1 << 22
_HEAD_OF_PROFILE, _SIGNED_AT, _RESERVED_FROM = 128, 36, 100
_TEXTS, _CURVE, _NOT_PRINTED = frozenset({b"text", b"desc", b"mluc"}), b"curv", re.compile(rb"[^ -~]+")
_NUMBERS = {b"XYZ ": 20, b"para": 40, b"sf32": 64, b"sig ": 12, b"meas": 36, b"view": 36, b"chrm": 44, b"dtim": 20}
"""Types of what is in a profile that hold numbers alone, and the most bytes that these may have."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_FURTHER = 0x8769
_OF_THE_IMAGE = frozenset(
    {_FURTHER, 0x0112, 0x011A, 0x011B, 0x0128, 0x0213, 0x0301, 0x0303, 0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003}
    | {0x5110, 0x5111, 0x5112}
)
"""Numbers of EXIF that say how large a picture is, which way up, and in which colours."""

_MOST_VALUES = 4
_PNG_LENGTHS = {
    b"IHDR": 13, b"IEND": 0, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"pHYs": 9,
    b"bKGD": 6, b"sBIT": 4, b"cICP": 4, b"PLTE": 768, b"tRNS": 256, b"hIST": 512,
}  # fmt: skip
"""How many bytes each piece of a PNG may hold."""


def is_plain_piece(kind: bytes, held: bytes) -> bool:
    """Return whether a piece of a PNG that says how the picture looks holds no more than that."""
    if kind == b"iCCP":
        name, _, packed = held.partition(b"\0")
        inflater = zlib.decompressobj()
        profile = inflater.decompress(packed[1:], _MOST_UNPACKED)
        is_whole = inflater.eof and not inflater.unused_data
        return is_whole and not _has_words(name) and is_plain_profile(profile)
    return kind == b"IDAT" or len(held) <= _PNG_LENGTHS.get(kind, -1)


def is_plain_profile(profile: bytes) -> bool:
    """Return whether a profile of colours (ICC) has nothing but curves, numbers and the names of known profiles."""
    if len(profile) <= _HEAD_OF_PROFILE or profile[_SIGNED_AT : _SIGNED_AT + 4] != b"acsp":
        return False
    if any(profile[_RESERVED_FROM:_HEAD_OF_PROFILE]) or struct.unpack_from(">I", profile)[0] != len(profile):
        return False
    count = struct.unpack_from(">I", profile, _HEAD_OF_PROFILE)[0]
    at = _HEAD_OF_PROFILE + 4
    if at + 12 * count > len(profile):
        return False
    tags = sorted({struct.unpack_from(">II", profile, at + 12 * number + 4) for number in range(count)})
    end = at + 12 * count
    for begin, size in tags:
        if begin < end or any(profile[end:begin]) or begin - end > 3:  # noqa: PLR2004 - up to a whole word
            return False
        end = begin + size
        if not _is_plain_tag(profile[begin:end]):
            return False
    return not any(profile[end:]) and len(profile) - end <= 3  # noqa: PLR2004 - up to a whole word


def _is_plain_tag(held: bytes) -> bool:
    kind = held[:4]
    if kind in _TEXTS:
        return not _has_words(held[8:].replace(b"\0", b""))
    if kind == _CURVE:
        count = struct.unpack_from(">I", held, 8)[0]
        values = struct.unpack_from(f">{count}H", held, 12)
        return len(held) <= 15 + 2 * count and all(a <= b for a, b in itertools.pairwise(values))
    return len(held) <= _NUMBERS.get(kind, -1)


def _has_words(name: bytes) -> bool:
    return bool(odd_words("icc:profile", _NOT_PRINTED.sub(b" ", name).decode("ascii")))


def is_plain_exif(held: bytes) -> bool:
    """Return whether EXIF says only how to show a picture, and has no byte beyond that."""
    data = held.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or data is held:
        return False
    lists, taken = [struct.unpack_from(f"{order}I", data, 4)[0]], 8
    while lists:
        at = lists.pop()
        count = struct.unpack_from(f"{order}H", data, at)[0]
        taken += 2 + 12 * count + 4
        lists += [further for further in struct.unpack_from(f"{order}I", data, at + 2 + 12 * count) if further]
        for tag, kind, values, value in _entries(data, at, count, order):
            if tag not in _OF_THE_IMAGE or values > _MOST_VALUES or len(lists) > _MOST_VALUES:
                return False
            size = _SIZES.get(kind, len(data)) * values
            taken += size if size > 4 else 0  # noqa: PLR2004 - as many are in the entry itself
            lists += [value] if tag == _FURTHER else []
    return len(data) <= taken + 2


def _entries(data: bytes, at: int, count: int, order: str) -> Iterator[tuple[int, int, int, int]]:
    return (struct.unpack_from(f"{order}HHII", data, at + 2 + 12 * number) for number in range(count))


def is_plain_table(marker: int, held: bytes) -> bool:
    """Return whether a piece of a JPEG that belongs to the picture ends where its own numbers say."""
    if marker == 0xDB:  # noqa: PLR2004 - by which values are divided
        return _is_used_up(held, lambda at: 1 + 64 * (1 + (held[at] >> 4)))
    if marker == 0xC4:  # noqa: PLR2004 - how values are packed
        return _is_used_up(held, lambda at: 17 + sum(held[at + 1 : at + 17]))
    if marker == 0xDD:  # noqa: PLR2004 - how often the packing starts again
        return len(held) == 2  # noqa: PLR2004
    return marker == 0xDA or len(held) == 6 + 3 * held[5]  # noqa: PLR2004 - the size of the picture


def _is_used_up(held: bytes, step: Callable[[int], int]) -> bool:
    at = 0
    while at < len(held):
        at += step(at)
    return at == len(held)
