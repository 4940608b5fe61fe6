"""Write what may be in a part of an OpenDocument spreadsheet, for the publication check, from its schema.

Run it with the two Relax NG schemas that OASIS publishes: ``python docs/open_document_schema.py CONTENT MANIFEST``.
What LibreOffice writes beyond the standard is added by hand.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Path(__file__).parents[1] / "cdrp_xl" / "publication" / "open_document_schema.txt"
NOTICE = """\
# What may be in a part of an OpenDocument spreadsheet, written by docs/open_document_schema.py.
# From the schemas of OpenDocument 1.3, Copyright (c) OASIS Open 2020:
# https://docs.oasis-open.org/office/OpenDocument/v1.3/
"""
_NG = "{http://relaxng.org/ns/structure/1.0}"
_ROOTS = (
    "office:document-content",
    "office:document-styles",
    "office:document-meta",
    "office:document-settings",
    "manifest:manifest",
)
_UNWANTED = re.compile(
    r"office:(text|drawing|presentation|image|database)|(xforms|math|db|anim|smil|presentation):.*|table:consolidation|"
    r"text:(?!p$|span$|s$|tab$|line-break$|a$|list$|list-item$|h$|soft-page-break$|page-number$|page-count$|date$|time$|"
    r"sheet-name$|file-name$|title$|hidden|conditional|list-style$|list-level-style|outline|bookmark|"
    r"number-format).*"
)
"""What no spreadsheet for reading needs: the bodies of other documents, and fields of letters."""

_KINDS = {
    "boolean": "boolean",
    "language": "language",
    "languageCode": "language",
    "countryCode": "language",
    "scriptCode": "language",
    "base64Binary": "base64",
    **dict.fromkeys(("date", "dateTime", "dateOrDateTime", "time", "timeOrDateTime", "duration"), "moment"),
    **dict.fromkeys(
        (
            *(
                "angle",
                "clipShape",
                "color",
                "length",
                "nonNegativeLength",
                "nonNegativePixelLength",
                "percent",
                "point3D",
            ),
            *("points", "positiveLength", "relativeLength", "signedZeroToHundredPercent", "vector3D", "pathData"),
            *("zeroToHundredPercent", "coordinate", "distance", "borderWidths"),
        ),
        "figure",
    ),
}
_DATA = {
    **dict.fromkeys(("integer", "double", "decimal", "nonNegativeInteger", "positiveInteger"), "number"),
    "date": "moment",
}
_FREE = "string"
_UNWANTED_ATTRIBUTES = re.compile(r"(xhtml|grddl|xforms|presentation|anim|smil|db):.*")
_NOT_IN = {"table:table-cell": {"text:list", "text:h"}, "table:covered-table-cell": {"text:list", "text:h"}}
"""What programs pass over in a cell."""

MORE = Path(__file__).with_suffix(".txt")
"""What LibreOffice writes beyond the standard, and the little RDF that says which part is what."""


def main(content: str, manifest: str) -> None:
    """Write the schema."""
    by_hand = [line.split("\t") for line in MORE.read_text("utf-8").splitlines() if not line.startswith("#")]
    more = {fields[1]: fields[2:] for fields in by_hand if fields[0] == "more"}
    grammars = [Grammar(Path(path)) for path in (content, manifest)]
    spaces = {prefix: uri for grammar in grammars for prefix, uri in grammar.prefixes.items()}
    spaces |= {fields[1]: fields[2] for fields in by_hand if fields[0] == "namespace"}
    lines = {line for grammar in grammars for line in grammar.lines(more)}
    lines |= {"\t".join(fields) for fields in by_hand if fields[0] in {"root", "type"}}
    lines |= {f"root\tod/{each}" for each in _ROOTS}
    told = "\n".join(lines)
    used = sorted(prefix for prefix in spaces if re.search(rf"[\t /]{re.escape(prefix)}:", told))
    heads = [f"namespace\t{prefix}\t{spaces[prefix]}" for prefix in used if prefix not in {"dc", "xml"}]
    PLACE.write_text(NOTICE + "\n".join([*heads, *sorted(lines)]) + "\n", encoding="utf-8")


class Grammar:
    """One schema: its elements, each with the attributes, the children and the text that it may have."""

    def __init__(self, path: Path) -> None:
        text = path.read_text("utf-8")
        self.prefixes = dict(re.findall(r'xmlns:(\w+)="([^"]+)"', text))
        root = ET.fromstring(text)  # noqa: S314 - a schema that OASIS published
        self._defined: dict[str, list[ET.Element]] = defaultdict(list)
        for each in root.iter(f"{_NG}define"):
            self._defined[each.get("name", "")].append(each)
        self._elements: dict[str, list[ET.Element]] = defaultdict(list)
        for each in root.iter(f"{_NG}element"):
            for name in _names(each):
                self._elements[name].append(each)

    def lines(self, more: dict[str, list[str]]) -> Iterator[str]:
        """Give the line of each element to which the parts of a spreadsheet lead, with what else it may have."""
        waiting, done = [name for name in _ROOTS if name in self._elements], set()
        while waiting:
            name = waiting.pop()
            if name in done or _UNWANTED.fullmatch(name):
                continue
            done.add(name)
            attributes, children, text = self._body(name)
            waiting += children
            others, within = more.get(f"od/{name}", ["", ""])
            attributes |= dict(each.split("=", 1) for each in others.split())
            wanted = {key: kind for key, kind in attributes.items() if not _UNWANTED_ATTRIBUTES.fullmatch(key)}
            told = " ".join(f"{key}={kind}" for key, kind in sorted(wanted.items()))
            wanted_children = {child for child in children - _NOT_IN.get(name, set()) if not _UNWANTED.fullmatch(child)}
            known = sorted({*(f"od/{child}" for child in wanted_children), *within.split()})
            yield f"type\tod/{name}\t{told}\t{text}\t{' '.join(known)}"

    def _body(self, name: str) -> tuple[dict[str, str], set[str], str]:
        attributes: dict[str, set[str]] = defaultdict(set)
        children: set[str] = set()
        texts: set[str] = set()
        for element in self._elements[name]:
            for part in self._parts(element, set()):
                tag = part.tag.removeprefix(_NG)
                if tag == "attribute":
                    for attribute in _names(part):
                        attributes[attribute] |= self._kinds(part, set())
                elif tag == "element":
                    children |= set(_names(part))
                else:
                    texts |= {_FREE} if tag == "text" else self._kinds(part, set())
        return {key: _joined(kinds) for key, kinds in attributes.items()}, children, _joined(texts) if texts else ""

    def _parts(self, pattern: ET.Element, seen: set[str]) -> Iterator[ET.Element]:
        """Give the attributes, elements and texts of a pattern, through all that it refers to."""
        for part in pattern:
            tag = part.tag.removeprefix(_NG)
            if tag in {"attribute", "element", "text", "data", "value", "list"}:
                yield part
            elif tag == "ref":
                name = part.get("name", "")
                if name in _KINDS:
                    yield part
                elif name not in seen:
                    for defined in self._defined[name]:
                        yield from self._parts(defined, {*seen, name})
            else:
                yield from self._parts(part, seen)

    def _kinds(self, pattern: ET.Element, seen: set[str]) -> set[str]:
        """Return the kinds of values of a pattern; a word of the format stands for itself, after a sign."""
        tag, name = pattern.tag.removeprefix(_NG), pattern.get("name", "")
        if tag == "ref" and name in _KINDS:
            return {_KINDS[name]}
        if tag == "ref":
            within = self._defined[name] if name not in seen else []
            return {kind for each in within for kind in self._kinds(each, {*seen, name})}
        if tag in {"value", "data", "text"}:
            return {f"={pattern.text or ''}" if tag == "value" else _DATA.get(pattern.get("type", ""), _FREE)}
        kinds = {kind for part in pattern for kind in self._kinds(part, seen)}
        return _listed(kinds) if tag == "list" else kinds


def _listed(kinds: set[str]) -> set[str]:
    """Return the kinds of a list of values."""
    words = sorted(kind[1:] for kind in kinds if kind.startswith("="))
    others = {f"list:{kind}" for kind in kinds if not kind.startswith("=")}
    return others | ({f"list:one:{','.join(words)}"} if words else set())


def _names(part: ET.Element) -> list[str]:
    if name := part.get("name"):
        return [name]
    return [each.text or "" for each in part.iter(f"{_NG}name") if each.text and part.find(f"{_NG}anyName") is None]


def _joined(kinds: set[str]) -> str:
    """Return several kinds as one: the words of the format that a value may be, and what else it may be."""
    words = sorted({kind[1:] for kind in kinds if kind.startswith("=")} - {""})
    others = sorted({kind for kind in kinds if not kind.startswith("=")})
    if _FREE in others or f"list:{_FREE}" in others:
        return _FREE
    plain = [word for word in words if not re.search(r"[\s,|]", word)]
    return "|".join([*([f"one:{','.join(plain)}"] if plain else []), *others]) or "one:"


if __name__ == "__main__":
    main(*sys.argv[1:3])
