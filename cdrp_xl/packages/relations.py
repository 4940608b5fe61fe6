"""How the parts of a package lead to one another, as ECMA-376 part 2 (Open Packaging Conventions) has it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "[Content_Types].xml"

_RELATIONS_PART = re.compile(r"(?P<folder>(?:.*/)?)_rels/(?P<name>[^/]*)\.rels", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A line from a part, or from the whole package, to another part or out of the package."""

    id: str
    type: str
    source: str
    target: str
    is_external: bool = False

    @property
    def kind(self) -> str:
        """The last word of its type, such as "worksheet"; what is only a word is not a type."""
        return self.type.rpartition("/")[2] if "/" in self.type else ""


def relations_part(source: str) -> str:
    """Return the part that holds the relations of a part; those of the whole package for an empty name."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def source_of(part: str) -> str | None:
    """Return the part whose relations a part holds, empty for those of the whole package, None if it holds none."""
    found = _RELATIONS_PART.fullmatch(part)
    return found["folder"] + found["name"] if found else None


def relations_in(root: Iterable[_Element], source: str) -> Iterator[Relation]:
    """Yield the relations that a part holds, with the names of parts as they are written there.

    Some programs write a target from the package's root, some from the part's own folder.
    """
    for line in root:
        if not isinstance(line.tag, str):
            continue
        target = line.get("Target", "")
        is_external = line.get("TargetMode", "") == "External"
        if not is_external:
            path = unquote(target.partition("#")[0])
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), path)).lstrip("/")
        yield Relation(
            id=line.get("Id", ""), type=line.get("Type", ""), source=source, target=target, is_external=is_external
        )


def content_types(root: Iterable[_Element], parts: Iterable[str]) -> dict[str, str]:
    """Return the content type of every part, by its exact name or by its ending; empty where none is given."""
    endings, named = {}, {}
    for element in root:
        content_type = element.get("ContentType", "") if isinstance(element.tag, str) else ""
        endings[element.get("Extension", "").lower()] = content_type
        named[element.get("PartName", "").lower()] = content_type
    return {part: named.get(f"/{part}".lower(), endings.get(part.rpartition(".")[2].lower(), "")) for part in parts}


def sheets_in(workbook: _Element, relations: Iterable[Relation]) -> Iterator[tuple[_Element, Relation | None]]:
    """Yield each sheet of a workbook as it is listed, with the relation to its part, in their order."""
    by_id = {relation.id: relation for relation in relations}
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        related = next((value for name, value in sheet.items() if str(name).endswith("}id")), "")
        yield sheet, by_id.get(related)
