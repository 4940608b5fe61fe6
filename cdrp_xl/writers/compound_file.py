"""Compound files (MS-CFB version 3): the container in which Excel keeps a VBA project."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeWrittenError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR, MINI_SECTOR, CUTOFF = 512, 64, 4096
FREE, END_OF_CHAIN, FAT_SECTOR, NO_STREAM = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
BLACK = 1
FAT_SECTORS_IN_HEADER = 109
ENTRIES_IN_FAT_SECTOR = SECTOR // 4
NAME_BYTES = 64


def pack(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file that holds ``streams``, the same bytes for the same streams in the same order.

    Parameters
    ----------
    streams : mapping of str to bytes
        What each stream holds, by its name; ``"VBA/dir"`` is the stream ``dir`` in the storage ``VBA``.

    Returns
    -------
    bytes
        Header, sectors and directory, without times, class identifiers or anything else of the machine.

    Raises
    ------
    CannotBeWrittenError
        When a name is longer than the format's 31 characters, or everything together than its 7 MB.

    Notes
    -----
    MS-CFB 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.6 (directory). Files of up to 109 FAT sectors need no DIFAT
    sectors (2.5). Every node of the directory's trees is black, which 2.6.4 allows of a simple writer.
    """
    entries = _entries(streams)
    sectors, small = _Chains(SECTOR), _Chains(MINI_SECTOR)
    starts = [(sectors if len(entry.content) >= CUTOFF else small).add(entry.content) for entry in entries]
    starts[0] = sectors.add(bytes(small.content))
    first_mini_fat = sectors.add(small.packed_table())
    mini_fat_sectors = -(-len(small.table) // ENTRIES_IN_FAT_SECTOR)
    first_directory = sectors.add(_directory(entries, starts, mini_stream_bytes=len(small.content)))
    fat_sectors = sectors.add_own_table()
    header = struct.pack(
        "<8s16x5H6x9I",
        *(SIGNATURE, 0x3E, 3, 0xFFFE, SECTOR.bit_length() - 1, MINI_SECTOR.bit_length() - 1),
        *(0, len(fat_sectors), first_directory, 0, CUTOFF, first_mini_fat, mini_fat_sectors, END_OF_CHAIN, 0),
    )
    header += struct.pack("<109I", *fat_sectors, *[FREE] * (FAT_SECTORS_IN_HEADER - len(fat_sectors)))
    return header + bytes(sectors.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One line of the directory: the root, a storage or a stream."""

    name: str
    kind: int
    parent: int
    content: bytes = b""


class _Chains:
    """Contents laid out in sectors of one size, with the table that chains them (MS-CFB 2.3 and 2.4)."""

    def __init__(self, unit: int) -> None:
        self.unit = unit
        self.content = bytearray()
        self.table: list[int] = []

    def add(self, content: bytes) -> int:
        """Append ``content`` and return its first sector."""
        if not content:
            return END_OF_CHAIN
        first = len(self.table)
        count = -(-len(content) // self.unit)
        self.table += [*range(first + 1, first + count), END_OF_CHAIN]
        self.content += content.ljust(count * self.unit, b"\0")
        return first

    def add_own_table(self) -> list[int]:
        """Append the table itself, which has to chain the sectors it is in, and return those sectors."""
        count = 0
        while (len(self.table) + count) > count * ENTRIES_IN_FAT_SECTOR:
            count += 1
        if count > FAT_SECTORS_IN_HEADER:
            raise CannotBeWrittenError(
                f"The VBA project is {len(self.content):,} bytes long, and its container takes 7 MB at most.",
                where="the macros of the workbook",
                remedy="shorten the macros.",
            )
        own = list(range(len(self.table), len(self.table) + count))
        self.table += [FAT_SECTOR] * count
        self.content += self.packed_table()
        return own

    def packed_table(self) -> bytes:
        """Return the table, filled up to whole sectors."""
        packed = struct.pack(f"<{len(self.table)}I", *self.table)
        return packed.ljust(-(-len(packed) // SECTOR) * SECTOR, b"\xff")


def _entries(streams: Mapping[str, bytes]) -> list[_Entry]:
    """Return the directory's entries: the root, then the storages, then the streams."""
    storages = list(dict.fromkeys(path.rpartition("/")[0] for path in streams if "/" in path))
    entries = [_Entry(name="Root Entry", kind=ROOT, parent=-1)]
    entries += [_Entry(name=storage, kind=STORAGE, parent=0) for storage in storages]
    for path, content in streams.items():
        storage, _, name = path.rpartition("/")
        parent = storages.index(storage) + 1 if storage else 0
        entries.append(_Entry(name=name, kind=STREAM, parent=parent, content=content))
    for entry in entries:
        if len(entry.name.encode("utf-16-le")) > NAME_BYTES - 2:
            raise CannotBeWrittenError(
                f'"{entry.name}" has {len(entry.name)} characters, and the container takes 31 at most.',
                where="the macros of the workbook",
                remedy="give the module or the worksheet a shorter code name.",
            )
    return entries


def _directory(entries: Sequence[_Entry], starts: Sequence[int], *, mini_stream_bytes: int) -> bytes:
    """Return the directory's sectors (MS-CFB 2.6.1)."""
    children, siblings = _trees(entries)
    lines = bytearray()
    for number, entry in enumerate(entries):
        name = entry.name.encode("utf-16-le") + b"\0\0"
        left, right = siblings.get(number, (NO_STREAM, NO_STREAM))
        size = mini_stream_bytes if entry.kind == ROOT else len(entry.content)
        start = 0 if entry.kind == STORAGE else starts[number]
        child = children.get(number, NO_STREAM)
        lines += name.ljust(NAME_BYTES, b"\0")
        lines += struct.pack("<HBBIII36xIQ", len(name), entry.kind, BLACK, left, right, child, start, size)
    unused = bytes(NAME_BYTES) + struct.pack("<HBBIII36xIQ", 0, 0, 0, NO_STREAM, NO_STREAM, NO_STREAM, 0, 0)
    while len(lines) % SECTOR:
        lines += unused
    return bytes(lines)


def _trees(entries: Sequence[_Entry]) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    """Return each storage's topmost child, and what is left and right of each entry."""
    siblings: dict[int, tuple[int, int]] = {}

    def topmost(numbers: Sequence[int]) -> int:
        if not numbers:
            return NO_STREAM
        middle = len(numbers) // 2
        siblings[numbers[middle]] = topmost(numbers[:middle]), topmost(numbers[middle + 1 :])
        return numbers[middle]

    children: dict[int, int] = {}
    for parent in dict.fromkeys(entry.parent for entry in entries[1:]):
        inside = [number for number, entry in enumerate(entries) if entry.parent == parent]
        children[parent] = topmost(sorted(inside, key=lambda number: _order(entries[number].name)))
    return children, siblings


def _order(name: str) -> tuple[int, str]:
    """Return where a name sorts: shorter names first, then by capitals (MS-CFB 2.6.4)."""
    return len(name.encode("utf-16-le")), name.upper()
