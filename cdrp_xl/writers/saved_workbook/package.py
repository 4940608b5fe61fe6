"""The parts of a saved workbook: read when asked for, and written back as they were unless they were changed."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cdrp_xl import packages
from cdrp_xl.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_LOCAL, _CENTRAL, _END = (struct.Struct(f"<4s{form}") for form in ("5H3L2H", "6H3L5H2L", "4H2LH"))
"""A part's own header, its line in the directory, and the directory's end, as every .zip has them."""

_VERSION, _IS_UTF8 = 20, 0x800
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_LIMITS = packages.Limits(tags=50_000_000, whole_part_bytes=packages.Limits().part_bytes)
"""The master is the analyst's own file, and may hold long lists of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One relation of a part: its id, the last word of its type, and the part that it leads to."""

    id: str
    kind: str
    part: str


class Parts:
    """The parts of one file. Only those that were changed are written anew."""

    def __init__(self, content: bytes, *, name: str) -> None:
        self.name = name
        try:
            self._package = packages.open_package(content, name, limits=_LIMITS)
        except FileError as wrong:
            raise unusable(wrong) from wrong
        self._trees: dict[str, etree._Element] = {}
        self._relations: dict[str, tuple[Relation, ...]] = {}
        self._altered: set[str] = set()
        self._replaced: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._with_relations = tuple(_source(name) for name in self._package.parts if name.endswith(".rels"))

    def has(self, part: str) -> bool:
        """Return whether there is a part of this name."""
        return part in self._package.parts and part not in self._removed

    def names(self) -> tuple[str, ...]:
        """Return the names of all parts."""
        return tuple(part for part in self._package.parts if part not in self._removed)

    def content_of(self, part: str) -> bytes:
        """Return a part's bytes."""
        return self._replaced[part] if part in self._replaced else self._package.read(part)

    def tree(self, part: str) -> etree._Element:
        """Return the root element of a part; whoever alters it says so with `altered`."""
        if part not in self._trees:
            try:
                self._trees[part] = self._package.parse(part)
            except FileError as wrong:
                raise unusable(wrong) from wrong
        return self._trees[part]

    def altered(self, part: str) -> None:
        """Note that a part's tree was altered."""
        self._altered.add(part)

    def is_altered(self, part: str) -> bool:
        """Return whether a part's tree was altered."""
        return part in self._altered

    def replace(self, part: str, content: bytes) -> None:
        """Put other bytes in a part's place."""
        self._replaced[part] = content

    def remove(self, part: str, *, of: str) -> None:
        """Take a part away, with its relation and its content type."""
        relations, types = self.tree(_relations_part(of)), self.tree(_TYPES)
        for each in [each for each in relations if _target(of, each.get("Target", "")) == part]:
            relations.remove(each)
        for each in [each for each in types if each.get("PartName") == f"/{part}"]:
            types.remove(each)
        self._altered |= {_relations_part(of), _TYPES}
        self._removed.add(part)
        self._relations.pop(of, None)

    def relations(self, part: str = "") -> tuple[Relation, ...]:
        """Return the relations of a part, or of the whole file, to other parts of it."""
        if part not in self._relations:
            self._relations[part] = tuple(self._read_relations(part))
        return self._relations[part]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts to which a part has relations of one kind."""
        return [relation.part for relation in self.relations(part) if relation.kind == kind]

    def reached(self, kind: str) -> list[str]:
        """Return every part that any part has a relation of one kind to."""
        return sorted({reached for part in self._with_relations for reached in self.related(part, kind)})

    def content(self) -> bytes:
        """Return the file; parts stand in their former order, and what was not changed is not even packed anew."""
        made, directory, entries = io.BytesIO(), [], 0
        for entry in self._package.entries:
            if entry.filename in self._removed:
                continue
            local, central, packed = self._written(entry, at=made.tell())
            made.write(local + packed)
            directory.append(central)
            entries += 1
        begins = made.tell()
        whole = b"".join(directory)
        made.write(whole + _END.pack(b"PK\5\6", 0, 0, entries, entries, len(whole), begins, 0))
        return made.getvalue()

    def _written(self, entry: zipfile.ZipInfo, *, at: int) -> tuple[bytes, bytes, bytes]:
        """Return a part's own header, its line in the directory, and its bytes as they are packed."""
        part, method, crc, size = entry.filename, entry.compress_type, entry.CRC, entry.file_size
        if part in self._altered or part in self._replaced:
            content = self._now(part)
            method, crc, size = zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content)
            packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            packed = packer.compress(content) + packer.flush()
        else:
            begins = packages.data_begins(self._package, entry)
            packed = self._package.content[begins : begins + entry.compress_size]
        name = part.encode("utf-8" if entry.flag_bits & _IS_UTF8 else "cp437")
        year, month, day, hour, minute, second = entry.date_time
        time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
        said = (_VERSION, entry.flag_bits & _IS_UTF8, method, time, date, crc, len(packed), size, len(name), 0)
        local = _LOCAL.pack(b"PK\3\4", *said) + name
        made_by = entry.create_system << 8 | _VERSION
        return local, _CENTRAL.pack(b"PK\1\2", made_by, *said, 0, 0, 0, entry.external_attr, at) + name, packed

    def _now(self, part: str) -> bytes:
        if part in self._replaced:
            return self._replaced[part]
        written: bytes = etree.tostring(self._trees[part], xml_declaration=True, encoding="UTF-8", standalone=True)
        return written

    def _read_relations(self, part: str) -> Iterator[Relation]:
        if not self.has(_relations_part(part)):
            return
        for each in self.tree(_relations_part(part)).iterfind(f"{{{_PACKAGE_RELATIONS}}}Relationship"):
            if each.get("TargetMode") != "External":
                kind = each.get("Type", "").rpartition("/")[2]
                yield Relation(id=each.get("Id", ""), kind=kind, part=_target(part, each.get("Target", "")))


def unusable(wrong: FileError) -> FileError:
    """Return what is wrong with the master's file, with what its own analyst can do about it."""
    return FileError(
        wrong.what,
        where=wrong.where,
        remedy="Open it in Excel or LibreOffice and save it again; if that fails, put it elsewhere and refresh: a new "
        "one is written.",
    )


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _source(relations_part: str) -> str:
    """Return the part whose relations a part holds, empty for those of the whole file."""
    folder, name = posixpath.split(relations_part)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def _target(part: str, target: str) -> str:
    """Return the part that a relation leads to; some programs name it from the file's root, some from the part."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
