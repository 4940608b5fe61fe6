"""The parts of a package that is changed: those that were not are written back as they were, not even packed again."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib

from lxml import etree

from cdrp_xl.packages.reading import Limits, data_begins, open_package
from cdrp_xl.packages.relations import OFFICE, PACKAGE, TYPES, Relation, relations_in, relations_part, source_of

_LOCAL, _CENTRAL, _END = (struct.Struct(f"<4s{form}") for form in ("5H3L2H", "6H3L5H2L", "4H2LH"))
"""A part's own header, its line in the directory, and the directory's end, as every .zip has them."""

_VERSION, _IS_UTF8 = 20, 0x800
_TYPES_OF_PARTS = "http://schemas.openxmlformats.org/package/2006/content-types"
_LIMITS = Limits(tags=50_000_000, whole_part_bytes=Limits().part_bytes)
"""The master is the analyst's own file, and may hold long lists of theirs."""

SAVE_AGAIN = (
    "Open it in Excel or LibreOffice and save it again; if that fails, put it elsewhere and refresh: a new one is "
    "written."
)


class Parts:
    """The parts of one package, found by name as `Package` finds them. Only those that were changed are rewritten.

    Parameters
    ----------
    content
        The file.
    name
        Its name, for messages.

    Raises
    ------
    FileError
        Here or later: if the file, or a part that is asked for, is damaged.
    """

    def __init__(self, content: bytes, *, name: str) -> None:
        self.name = name
        self._package = open_package(content, name, limits=_LIMITS, remedy=SAVE_AGAIN)
        self._trees: dict[str, etree._Element] = {}
        self._relations: dict[str, tuple[Relation, ...]] = {}
        self._altered: set[str] = set()
        self._replaced: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._added: list[str] = []
        self._with_relations = [source for part in self._package.parts if (source := source_of(part)) is not None]

    def has(self, part: str) -> bool:
        """Return whether there is a part of this name."""
        return part in self._added or self._package.named(part) not in {"", *self._removed}

    def names(self) -> tuple[str, ...]:
        """Return the names of all parts."""
        return tuple(part for part in (*self._package.parts, *self._added) if part not in self._removed)

    def content_of(self, part: str) -> bytes:
        """Return a part's bytes."""
        part = self._part_name(part)
        return self._now(part) if part in self._replaced or part in self._added else self._package.read(part)

    def tree(self, part: str) -> etree._Element:
        """Return the root element of a part; whoever alters it says so with `altered`."""
        part = self._part_name(part)
        if part not in self._trees:
            self._trees[part] = self._package.parse(part)
        return self._trees[part]

    def altered(self, part: str) -> None:
        """Note that a part's tree was altered."""
        self._altered.add(self._part_name(part))

    def is_altered(self, part: str) -> bool:
        """Return whether a part's tree was altered."""
        return self._part_name(part) in self._altered

    def replace(self, part: str, content: bytes) -> None:
        """Put other bytes in a part's place."""
        self._replaced[self._part_name(part)] = content

    def add(self, part: str, content: bytes, *, content_type: str) -> None:
        """Add a part, after all others, and say what it is."""
        self._added.append(part)
        self.replace(part, content)
        etree.SubElement(
            self.tree(TYPES), f"{{{_TYPES_OF_PARTS}}}Override", PartName=f"/{part}", ContentType=content_type
        )
        self.altered(TYPES)

    def relate(self, part: str, kind: str, *, to: str) -> str:
        """Add a relation from a part to another, and return its id."""
        lines = relations_part(part)
        if not self.has(lines):
            self._added.append(lines)
            self._trees[lines] = etree.Element(f"{{{PACKAGE}}}Relationships", nsmap={None: PACKAGE})
        root = self.tree(lines)
        line = etree.SubElement(root, f"{{{PACKAGE}}}Relationship", Id=f"rId{len(root) + 1}", Type=f"{OFFICE}/{kind}")
        line.set("Target", posixpath.relpath(to, posixpath.dirname(part)))
        self.altered(lines)
        self._relations.pop(part, None)
        return str(line.get("Id"))

    def remove(self, part: str, *, of: str) -> None:
        """Take a part away, with its relation and its content type."""
        part, lines = self._part_name(part), relations_part(of)
        relations, types = self.tree(lines), self.tree(TYPES)
        for each, line in [*zip(relations_in(relations, of), relations.iterchildren("*"), strict=True)]:
            if not each.is_external and self._part_name(each.target) == part:
                relations.remove(line)
        for each in [each for each in types if each.get("PartName", "").casefold() == f"/{part}".casefold()]:
            types.remove(each)
        self.altered(lines)
        self.altered(TYPES)
        self._removed.add(part)
        self._relations.pop(of, None)

    def relations(self, part: str = "") -> tuple[Relation, ...]:
        """Return the relations of a part, or of the whole file, to other parts of it."""
        if part not in self._relations:
            lines = relations_part(part)
            found = self._package.resolved(relations_in(self.tree(lines), part)) if self.has(lines) else ()
            self._relations[part] = tuple(relation for relation in found if not relation.is_external)
        return self._relations[part]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts to which a part has relations of one kind."""
        return [relation.target for relation in self.relations(part) if relation.kind == kind]

    def reached(self, kind: str) -> list[str]:
        """Return every part that any part has a relation of one kind to."""
        return sorted({reached for part in self._with_relations for reached in self.related(part, kind)})

    def content(self) -> bytes:
        """Return the file: its parts in their former order, then those that were added."""
        made, directory = io.BytesIO(), []
        added = [_like(self._package.entries[0], part) for part in self._added]
        for entry in (*self._package.entries, *added):
            if entry.filename not in self._removed:
                local, central, packed = self._written(entry, at=made.tell())
                made.write(local + packed)
                directory.append(central)
        begins, entries, whole = made.tell(), len(directory), b"".join(directory)
        made.write(whole + _END.pack(b"PK\5\6", 0, 0, entries, entries, len(whole), begins, 0))
        return made.getvalue()

    def _written(self, entry: zipfile.ZipInfo, *, at: int) -> tuple[bytes, bytes, bytes]:
        """Return a part's own header, its line in the directory, and its bytes as they are packed."""
        part = entry.filename
        if part in self._altered or part in self._replaced:
            content = self._now(part)
            method, crc, size = zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content)
            packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            packed = packer.compress(content) + packer.flush()
        else:
            begins = data_begins(self._package, entry)
            packed = self._package.content[begins : begins + entry.compress_size]
            method, crc, size = entry.compress_type, entry.CRC, entry.file_size
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

    def _part_name(self, part: str) -> str:
        """Return a part's name as the directory has it, or as it was added."""
        return self._package.named(part) or part


def _like(other: zipfile.ZipInfo, part: str) -> zipfile.ZipInfo:
    """Return the directory's entry for a new part, made on the same system as another."""
    entry = zipfile.ZipInfo(part)
    entry.create_system, entry.external_attr = other.create_system, other.external_attr
    return entry
