"""What may be in a part of Office Open XML: elements, attributes and texts, each with the kind of its values."""

from __future__ import annotations

import base64
import binascii
import functools
import importlib.resources
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTENSION = "any/any:ext"
"""The type of every extension: which of them may be where is on a list in `kinds`, by identity."""

FREE = "string"
"""The kind of values that may be any text; of every other kind it is plain that it can't hold words."""

_TIME = r"\d{1,2}:\d\d:\d\d([.,]\d{1,9})?(Z|[+-]\d\d:\d\d)?"
_LENGTH = r"[-+]?[\d.]+(cm|mm|in|pt|pc|px|%|\*|deg|grad|rad)?"
_GUIDE = (
    r"(?:auto|[a-z]{1,2}\d{0,4}|adj\d{0,2}|ssd\d{1,2}|\d?cd\d{1,2}|rtl|connsite[XY]\d{1,5}|[A-Z]\d{1,5}"
    r"|[dxy][a-z]?\d{1,4})"
)
"""Names that programs give to the lines along which shapes are drawn."""

_OF_PATH = r"[Zz](?=[Mm\s]|$)|[MmLlHhVvCcSsQqTtAa](?=[-+.,\s\d])"
_FORMS = {
    "boolean": r"0|1|true|false|True|False|on|off|t|f|",
    "number": r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?(%|pt|px|in|cm|mm|pc|pi)?|[+-]?INF|NaN|",
    "hex": r"[0-9A-Fa-f]{0,64}",
    "date": rf"(\d{{4}}-\d\d-\d\d(T{_TIME})?)?",
    "moment": rf"(\d{{4}}-\d\d-\d\d)?(T?{_TIME})?|-?P([\d.,]{{1,12}}[YMWDTHS]|T){{1,8}}",
    "figure": rf"({_LENGTH}|#[0-9A-Fa-f]{{6}}|[-+,;:()\s]|auto|none|rect|{_OF_PATH})*",
    "guid": r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?",
    "measure": rf"[+-]?\d{{1,20}}(\.\d{{1,20}})?(%|pt|in|cm|mm|pc|pi)?|{_GUIDE}",
}
_PATTERNS = {kind: re.compile(form) for kind, form in _FORMS.items()}
_HASH_BYTES = frozenset({0, 16, 20, 24, 32, 48, 64})
"""How long hashes of passwords and their salts are."""

_STRICT = (
    ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    ("http://purl.oclc.org/ooxml/drawingml/", "http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        "http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
    ),
    (
        "http://purl.oclc.org/ooxml/officeDocument/customProperties",
        "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    ),
    ("http://purl.oclc.org/ooxml/officeDocument/", "http://schemas.openxmlformats.org/officeDocument/2006/"),
)
"""What namespaces, types of relationships and the like begin with in strict workbooks, and in the others."""

_OTHERS = (
    "http://purl.org/dc/dcmitype/",
    "http://customooxmlschemas.google.com/",
    "http://schemas.microsoft.com/office/excel/2006/relationships",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingInk",
    "http://schemas.openxmlformats.org/officeDocument/2006/sharedTypes",
    "urn:schemas-microsoft-com:mac:vml",
)
"""Namespaces that programs declare, from no list of Microsoft's."""

_ANYWHERE = {
    "{http://www.w3.org/XML/1998/namespace}space": ("xml:space", "one:preserve,default"),
    "{http://www.w3.org/XML/1998/namespace}lang": ("xml:lang", "language"),
}
_REVISION = re.compile(r"\{http://schemas\.microsoft\.com/office/spreadsheetml/201[4-6]/revision\d*\}uid")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE = f"{COMPATIBILITY}AlternateContent"


class Value(NamedTuple):
    """An attribute by its usual name, and the kind of its values."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """One type of elements: its attributes and children by their full names, and the kind of its text, if it has any.

    Children are given by the names of their types. There is one body of a type, so that what is asked of it very often
    can be kept.
    """

    name: str
    attributes: Mapping[str, Value]
    text: str
    children: Mapping[str, str]
    may_be_deleted: bool
    """Whether it is of a chart, which keeps what somebody deleted from it."""

    @functools.lru_cache(maxsize=20_000)  # noqa: B019 - bodies are kept, too
    def attribute(self, name: str) -> Value | None:
        """Return what an attribute may hold, None if it may not be there."""
        known = self.attributes.get(name) or self.attributes.get(plain(name))
        if known is not None:
            return known
        if name in _ANYWHERE:
            return Value(*_ANYWHERE[name])
        if name == f"{COMPATIBILITY}Ignorable":
            return Value("mc:Ignorable", "prefixes")
        return Value("xr:uid", "guid") if _REVISION.fullmatch(name) else None

    @functools.lru_cache(maxsize=20_000)  # noqa: B019 - bodies are kept, too
    def child(self, tag: str) -> Body | None:
        """Return the type of a child, None if there may be none of that name."""
        if self.name.endswith(":extLst") and tag.endswith("}ext"):
            return body(EXTENSION)
        name = self.children.get(tag) or self.children.get(plain(tag))
        return body(name) if name else None


@functools.lru_cache(maxsize=20_000)
def plain(name: str) -> str:
    """Return a name of the strict form of the format as the usual form has it."""
    for strict, usual in _STRICT:
        if strict in name:
            return name.replace(strict, usual)
    return name


@functools.lru_cache(maxsize=20_000)
def fits(kind: str, value: str) -> bool:
    """Return whether a value is of a kind, none of which can hold words but free strings."""
    pattern = _PATTERNS.get(kind)
    if pattern is not None:
        return pattern.fullmatch(value.strip()) is not None
    if kind == FREE:
        return True
    if "|" in kind:
        return any(fits(each, value) for each in kind.split("|"))
    family, _, values = kind.partition(":")
    if family == "one":
        return value in _listed(values) or not value
    if family == "list":
        return all(fits(values, each) for each in value.split())
    return _is_hash(value) if family == "base64" else _LANGUAGE.fullmatch(value) is not None


@functools.cache
def _listed(values: str) -> frozenset[str]:
    return frozenset(values.split(","))


def _is_hash(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) in _HASH_BYTES
    except (binascii.Error, ValueError):
        return False


_OF_WORKBOOKS, _OF_WORD = ("open_xml", "open_document"), ("word",)
"""The files that the types are in: those of Word are only read where a document is."""


@functools.cache
def _lines(names: tuple[str, ...] = _OF_WORKBOOKS) -> list[list[str]]:
    folder = importlib.resources.files("cdrp_xl").joinpath("publication")
    files = (folder.joinpath(f"{name}_schema.txt") for name in names)
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [line.split("\t") for line in lines if not line.startswith("#")]


def _of(kind: str, names: tuple[str, ...] = _OF_WORKBOOKS) -> list[list[str]]:
    return [fields[1:] for fields in _lines(names) if fields[0] == kind]


@functools.cache
def prefixes() -> Mapping[str, str]:
    """Return the usual prefix of each namespace that a partners' copy may be written in, by the prefix."""
    return dict(_of("namespace"))


@functools.cache
def namespaces() -> frozenset[str]:
    """Return every published namespace of the format, in both of its forms."""
    known = {*prefixes().values(), *(uri for (uri,) in _of("known")), *_OTHERS}
    strict = {uri.replace(usual, strict, 1) for uri in known for strict, usual in _STRICT if uri.startswith(usual)}
    return frozenset(known | strict)


@functools.cache
def content_types() -> frozenset[str]:
    """Return every content type that parts of the format may have."""
    return frozenset(each for (each,) in _of("content"))


@functools.cache
def relation_types() -> frozenset[str]:
    """Return every type of relationship of the format."""
    return frozenset(each for (each,) in _of("relation"))


@functools.cache
def _types(names: tuple[str, ...] = _OF_WORKBOOKS) -> Mapping[str, list[str]]:
    return {fields[0]: fields for fields in _of("type", names)}


@functools.cache
def body(name: str) -> Body | None:
    """Return a type of elements by its name, None if it is on no list."""
    fields = _types().get(name) or _types(_OF_WORD).get(name)
    return _body(*fields) if fields else None


def root_body(tag: str, *, of_word: bool = False) -> Body | None:
    """Return the type of a part's outermost element by its full name, None if no part begins with it."""
    return body(_roots().get(plain(tag), "") or (_roots(_OF_WORD).get(plain(tag), "") if of_word else ""))


@functools.cache
def _roots(names: tuple[str, ...] = _OF_WORKBOOKS) -> Mapping[str, str]:
    return {full(name.rpartition("/")[2]): name for (name,) in _of("root", names)}


@functools.cache
def full(name: str) -> str:
    """Return a name with its namespace in full, as parsers give it; a plain name has none."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{prefixes()[prefix]}}}{local}" if colon else local


def _body(name: str, attributes: str, text: str, children: str) -> Body:
    pairs = (each.partition("=") for each in attributes.split(" ") if each)
    return Body(
        name=name.rpartition("/")[2],
        may_be_deleted="/c:delete" in children,
        attributes={full(key): Value(key, kind) for key, _, kind in pairs if _is_named(key)},
        text=text,
        children={full(tag): each for each in children.split() if _is_named(tag := each.rpartition("/")[2])},
    )


def _is_named(name: str) -> bool:
    return ":" not in name or name.partition(":")[0] in prefixes()
