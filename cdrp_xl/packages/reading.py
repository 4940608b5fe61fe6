"""Packages opened without trust.

Sizes, entries and the XML held at once are bounded, no entity is expanded, nothing is followed, run or fetched: a file
that breaks a bound is refused in words before it costs more than the bound.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lxml import etree

from cdrp_xl.errors import FileError, place, quoted
from cdrp_xl.packages.relations import Relation, relations_in, relations_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element

MEBIBYTE = 1 << 20
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LOCAL_HEADER = 30
_CHUNK = 1 << 18
_READ_AT_ONCE = 1 << 16
_IS_ENCRYPTED = 1
_LOCAL_ENTRY, _ENTRY_IN_DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ASK_AGAIN = "Don't use this file: ask whoever made it to save it again in the program that made it."
_HARDENED: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a package may cost: its entries, what they unpack to, and the tags of XML held at one time."""

    entries: int = 10_000
    part_bytes: int = 1024 * MEBIBYTE
    total_bytes: int = 1024 * MEBIBYTE
    tags: int = 300_000
    whole_part_bytes: int = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package whose directory was read; its parts are unpacked as they are asked for.

    `entries` is the directory as it is, so it may name a part twice; `parts` has each name's last entry. Programs
    find a part whatever the case of the letters in its name, as the standard says, and so do all that take a name here.
    """

    name: str
    content: bytes = field(repr=False)
    entries: tuple[zipfile.ZipInfo, ...] = field(default=(), repr=False)
    parts: Mapping[str, zipfile.ZipInfo] = field(default_factory=dict, repr=False)
    directory_at: int = 0
    comment: bytes = b""
    limits: Limits
    remedy: str = _ASK_AGAIN
    _names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def named(self, part: str) -> str:
        """Return a part's name as the directory has it, empty if there is no such part."""
        return part if part in self.parts else self._names.get(part.casefold(), "")

    def entry(self, part: str) -> zipfile.ZipInfo:
        """Return the directory's entry for a part."""
        name = self.named(part)
        if not name:
            raise self.refused("lacks a part that it must have", part)
        return self.parts[name]

    def relations(self, part: str = "") -> tuple[Relation, ...]:
        """Return the relations of a part, or of the whole package; targets are named as the directory names them."""
        source = relations_part(part)
        return self.resolved(relations_in(self.parse(source), part)) if self.named(source) else ()

    def resolved(self, relations: Iterable[Relation]) -> tuple[Relation, ...]:
        """Return relations whose targets are named as the directory names them, where it has them."""
        return tuple(
            relation
            if relation.is_external
            else replace(relation, target=self.named(relation.target) or relation.target)
            for relation in relations
        )

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts that a package has to which a part has relations of one kind."""
        led_to = (each.target for each in self.relations(part) if each.kind == kind and not each.is_external)
        return [target for target in led_to if target in self.parts]

    def stream(self, part: str) -> PartStream:
        """Return a part's bytes to be read in pieces."""
        return PartStream(self, self.entry(part))

    def read(self, part: str) -> bytes:
        """Return a part's bytes, if it is small enough to be held whole."""
        if self.entry(part).file_size > self.limits.whole_part_bytes:
            raise self.refused(f"has a part of more than {self.limits.whole_part_bytes // MEBIBYTE} MiB", part)
        return self.stream(part).read()

    def parse(self, part: str) -> _Element:
        """Return the root of a part's XML, all of it held."""
        walk = Walk(self, part)
        for _ in walk:
            pass
        return walk.root

    def workbook(self) -> str:
        """Return the part that lists the worksheets."""
        for part in self.related("", "officeDocument"):
            return part
        raise self.refused("is not a workbook, or it is damaged")

    def refused(self, what: str, part: str = "") -> FileError:
        """Return the error that says what is wrong with this package."""
        where = f"{place(self.name)}, part {quoted(part)}" if part else place(self.name)
        return FileError(
            f"{self.name or 'The workbook'} {what}.",
            where=where,
            remedy=self.remedy,
        )


def open_package(content: bytes, name: str, *, limits: Limits | None = None, remedy: str = _ASK_AGAIN) -> Package:
    """Return the package in these bytes, its directory checked against the limits; `remedy` is for what is refused.

    Raises
    ------
    FileError
        If it is not a package, is encrypted, or breaks a limit.
    """
    limits = limits or Limits()
    package = Package(name=name, content=content, limits=limits, remedy=remedy)
    if content.startswith(COMPOUND_FILE):
        raise _compound_file(content, name)
    if content.count(_ENTRY_IN_DIRECTORY) > limits.entries:
        raise package.refused(f"has more than {limits.entries:,} entries")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries, directory_at, comment = tuple(archive.infolist()), archive.start_dir, archive.comment
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as wrong:
        raise package.refused("is not a workbook, or it is damaged") from wrong
    if not all(entry.filename for entry in entries):
        raise package.refused("has an entry without a name")
    parts = {entry.filename: entry for entry in entries if not entry.is_dir()}
    names = {part.casefold(): part for part in parts}
    package = replace(package, entries=entries, parts=parts, _names=names, directory_at=directory_at, comment=comment)
    for entry in entries:
        _check(package, entry)
    if sum(entry.file_size for entry in entries) > limits.total_bytes:
        raise package.refused(f"unpacks to more than {limits.total_bytes // MEBIBYTE:,} MiB")
    if sum(entry.compress_size for entry in entries) > len(content):
        raise package.refused("has overlapping entries")
    return package


def _check(package: Package, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _IS_ENCRYPTED:
        raise package.refused("has an encrypted part", entry.filename)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise package.refused("has a part that is compressed in a way no workbook is", entry.filename)
    if entry.file_size > package.limits.part_bytes:
        raise package.refused(f"has a part of more than {package.limits.part_bytes // MEBIBYTE:,} MiB", entry.filename)


def _compound_file(content: bytes, name: str) -> FileError:
    if _ENCRYPTED_PACKAGE in content:
        return FileError(
            f"{name} is encrypted with a password, so nobody can look into it.",
            where=place(name),
            remedy="Open it with the password, save it without one under another name, and use that.",
        )
    return FileError(
        f"{name} is a workbook in the old format (.xls), which can't be looked into.",
        where=place(name),
        remedy="Save it as an .xlsx workbook, and use that.",
    )


class PartStream:
    """A part's bytes, unpacked as they are read and never beyond the size that the directory says.

    `unused` counts the entry's bytes that follow the end of what is compressed in it, once all is read.
    """

    def __init__(self, package: Package, entry: zipfile.ZipInfo) -> None:
        self._package = package
        self._entry = entry
        self._at = data_begins(package, entry)
        self._end = self._at + entry.compress_size
        self._inflater = zlib.decompressobj(-15)
        self._is_stored = entry.compress_type == zipfile.ZIP_STORED
        self._left = entry.file_size
        self._crc = 0
        self._is_ended = False
        self.unused = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to this many bytes, all that are left if no size is given; empty at the end."""
        if size >= 0:
            return self._some(size)
        return b"".join(iter(lambda: self._some(_CHUNK), b""))

    def _some(self, size: int) -> bytes:
        piece = self._taken(min(size, self._left)) if self._left else b""
        if self._left and not piece:
            raise self._damaged()
        self._left -= len(piece)
        self._crc = zlib.crc32(piece, self._crc)
        if not self._left and not self._is_ended:
            self._end_it()
        return piece

    def _taken(self, size: int) -> bytes:
        """Return the next bytes, as they are or inflated; the inflater may take input without giving any."""
        while not self._is_stored and not self._inflater.eof:
            waiting = self._inflater.unconsumed_tail or self._next(_READ_AT_ONCE)
            try:
                piece = self._inflater.decompress(waiting, size)
            except zlib.error as wrong:
                raise self._damaged() from wrong
            if piece or not waiting:
                return piece
        return self._next(size) if self._is_stored else b""

    def _next(self, size: int) -> bytes:
        begin, self._at = self._at, min(self._at + size, self._end)
        return self._package.content[begin : self._at]

    def _end_it(self) -> None:
        self._is_ended = True
        if self._crc != self._entry.CRC or (not self._is_stored and self._taken(1)):
            raise self._damaged()
        self.unused = len(self._inflater.unused_data) + self._end - self._at

    def _damaged(self) -> FileError:
        return self._package.refused("is damaged", self._entry.filename)


def data_begins(package: Package, entry: zipfile.ZipInfo) -> int:
    """Return where an entry's bytes begin, after its own header, whose lengths may differ from the directory's."""
    at = entry.header_offset
    header = package.content[at : at + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(_LOCAL_ENTRY):
        raise package.refused("is damaged", entry.filename)
    name_bytes, extra_bytes = struct.unpack_from("<HH", header, 26)
    return int(at + _LOCAL_HEADER + name_bytes + extra_bytes)


class Walk:
    """A part's XML, parsed as it is unpacked: each element of the tags that are asked for, then it is let go.

    What is not asked for stays, and `root` holds it when the walk has ended. The tags held at one time are bounded.
    Events of other kinds ("comment", "pi", "start-ns") come as lxml gives them.
    """

    def __init__(self, package: Package, part: str, *, tags: Sequence[str] = (), events: Sequence[str] = ()) -> None:
        self._package = package
        self._part = part
        self._stream = package.stream(part)
        self._tags_held = self._bytes_held = self._tags_staying = 0
        self._stayed: _Element | None = None
        ends = ("end",) if tags else ()
        self._parse = etree.iterparse(self, events=(*ends, *events), tag=tags or None, **_HARDENED)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        try:
            for event, item in self._parse:
                yield event, item
                if event == "end":
                    self._let_go(item)
        except etree.XMLSyntaxError as wrong:
            raise self._package.refused("has a part whose XML is broken", self._part) from wrong
        if self.root.getroottree().docinfo.doctype:
            raise self._package.refused("has a part that declares entities or a document type", self._part)

    @property
    def root(self) -> _Element:
        """The part's outermost element."""
        root: _Element = self._parse.root
        return root

    @property
    def unused(self) -> int:
        """Bytes of the part's entry that nothing reads."""
        return self._stream.unused

    @property
    def tags_held(self) -> int:
        """How many tags of XML are held: those since an element was let go, and those that stay between such."""
        return self._tags_held + self._tags_staying

    def read(self, size: int) -> bytes:
        """Give the parser its next bytes, while what it holds is within the limit."""
        piece = self._stream.read(size)
        self._tags_held += piece.count(b"<")
        self._bytes_held += len(piece)
        if self._bytes_held > self._package.limits.whole_part_bytes:
            most = self._package.limits.whole_part_bytes // MEBIBYTE
            raise self._package.refused(f"has a part with more than {most:,} MiB of XML in one piece", self._part)
        if self.tags_held > self._package.limits.tags:
            raise self._package.refused(f"has a part with more than {self._package.limits.tags:,} tags", self._part)
        return piece

    def _let_go(self, element: _Element) -> None:
        """Let an element go, and its like and remarks before it; what else is among them stays, and counts."""
        self._tags_held = self._bytes_held = 0
        element.clear(keep_tail=True)
        parent, before, staying = element.getparent(), element.getprevious(), None
        while parent is not None and before is not None and before is not self._stayed:
            earlier = before.getprevious()
            if before.tag == element.tag or not isinstance(before.tag, str):
                parent.remove(before)
            else:
                staying = before if staying is None else staying
                self._tags_staying += sum(1 for _ in before.iter())
            before = earlier
        self._stayed = self._stayed if staying is None else staying
