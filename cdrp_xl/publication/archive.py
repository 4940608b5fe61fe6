"""The bytes of a package that belong to no part: before, between and after its entries, and in their headers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.packages import data_begins

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from cdrp_xl.packages import Package

_DIRECTORY_ENTRY, _DIRECTORY_BYTES = b"PK\x01\x02", 46
_END, _END_BYTES = b"PK\x05\x06", 22
_END_64, _END_64_BYTES, _LOCATOR_64, _LOCATOR_64_BYTES = b"PK\x06\x06", 12, b"PK\x06\x07", 20
_DESCRIPTOR, _HAS_DESCRIPTOR = b"PK\x07\x08", 8
_DESCRIPTOR_BYTES, _DESCRIPTOR_64_BYTES = 12, 20
_PADDING, _LONGEST_EXTRA = 0xA220, 40
_HARMLESS = frozenset({0x0001, 0x000A, 0x5455, 0xCAFE})
"""Zip64 sizes, file times, and the mark of a Java archive; not the number of the account that packed it."""


class Stretch(NamedTuple):
    """Bytes from one place of the file to another, and the entry that they follow."""

    begin: int
    end: int
    after: str


def unclaimed(package: Package) -> tuple[Stretch, ...]:
    """Return the stretches of a file before and between its entries that belong to none of them."""
    found = []
    at, after = 0, ""
    for entry in sorted(package.entries, key=lambda each: each.header_offset):
        if entry.header_offset > at:
            found.append(Stretch(at, entry.header_offset, after))
        at, after = max(at, _ends(package, entry)), entry.filename
    if package.directory_at > at:
        found.append(Stretch(at, package.directory_at, after))
    return tuple(found)


def after_the_end(package: Package) -> int:
    """Return how many bytes follow the directory and its own end."""
    content, at = package.content, package.directory_at
    while content[at : at + 4] == _DIRECTORY_ENTRY:
        lengths = (content[field : field + 2] for field in range(at + 28, at + 34, 2))
        at += _DIRECTORY_BYTES + sum(int.from_bytes(length, "little") for length in lengths)
    if content[at : at + 4] == _END_64:
        at += _END_64_BYTES + int.from_bytes(content[at + 4 : at + 12], "little")
    if content[at : at + 4] == _LOCATOR_64:
        at += _LOCATOR_64_BYTES
    if content[at : at + 4] == _END:
        at += _END_BYTES + len(package.comment)
    return len(content) - at


def _ends(package: Package, entry: zipfile.ZipInfo) -> int:
    """Return where an entry ends, with the sizes that some programs write after its bytes."""
    at = data_begins(package, entry) + entry.compress_size
    if not entry.flag_bits & _HAS_DESCRIPTOR:
        return at
    signature = len(_DESCRIPTOR) if package.content[at : at + 4] == _DESCRIPTOR else 0
    sizes = struct.pack("<I", entry.CRC) + struct.pack("<QQ", entry.compress_size, entry.file_size)
    is_long = package.content[at + signature : at + signature + len(sizes)] == sizes
    return at + signature + (_DESCRIPTOR_64_BYTES if is_long else _DESCRIPTOR_BYTES)


def own_name(package: Package, entry: zipfile.ZipInfo) -> bytes:
    """Return the name that an entry's own header gives it."""
    end, begin = data_begins(package, entry), entry.header_offset + 30
    length = struct.unpack_from("<H", package.content, entry.header_offset + 26)[0]
    return package.content[begin : min(begin + length, end)]


def odd_fields(package: Package, entry: zipfile.ZipInfo) -> Iterator[str]:
    """Yield the fields beside an entry's name, in either of its headers, that hold something of their own."""
    end = data_begins(package, entry)
    own = struct.unpack_from("<H", package.content, entry.header_offset + 28)[0]
    for extra in (package.content[end - own : end], entry.extra):
        for field_id, data in _fields(extra):
            is_padding = field_id == _PADDING and not any(data[4:])
            if not is_padding and (field_id not in _HARMLESS or len(data) > _LONGEST_EXTRA):
                yield f"field {field_id:#06x} of {len(data):,} bytes"


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        field_id, length = struct.unpack_from("<HH", extra, at)
        yield field_id, extra[at + 4 : at + 4 + length]
        at += 4 + length
    if at < len(extra):
        yield 0xFFFF, extra[at:]
