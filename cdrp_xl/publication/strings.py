"""Free strings of workbooks: what is ordinary in each, and which of them a rule looks at or a reader sees.

They are listed in `free_strings.txt`. A place is an attribute ("@ref"), an attribute of one element
("x:table@name"), or an element with a text ("c:f").
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from cdrp_xl.publication import schema
from cdrp_xl.publication.fonts import is_font

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_STYLE_ATTRIBUTES = (
    "style-name",
    "-layout-name",
    "@style:name",
    "@style:display-name",
    "master-page-name",
    "@calcext:style",
)
_AUTOMATIC_STYLE = re.compile(r"[A-Za-z]{1,4}\d{1,6}(P\d)?")
_ESCAPED_IN_STYLE = re.compile("_([0-9a-f]{1,4})_")
_IN_FORMULA = re.compile(
    r"[A-Za-z_][\w.-]*(?=\()|\$?[A-Z]{1,3}\$?\d{1,7}\b|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}\b|TRUE|FALSE|#REF!|#N/A"
)
_IN_FORMAT = re.compile(
    r"\[(Black|White|Red|Green|Blue|Yellow|Magenta|Cyan|Colou?r ?\d{1,2}|DBNum\d|NatNum\d\d?|[hms]+|[<>=]+-?[\d.]+)\]"
    r"|General|Standard|[ymdhs]+|AM/PM|A/P|\[\$[^\W\d_]{0,3}[^\]\w]{0,3}-[0-9A-Fa-f,]{1,12}\]|\[\$[A-Z]{3}\]|E[+-]",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r'&"(?P<font>[^",]*)(,[^"]{0,30})?"|&K([0-9A-Fa-f]{6}|\d\d[+-]\d\d\d)|&\d{1,3}|&[A-Za-z&]')
_CASES = re.compile(r"(?<=[a-z\u00df-\u00ff])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z\u00df-\u00ff])")
_WORDS = re.compile(r"[^\W\d_]{3,}|\d{6,}|[\U000e0000-\U000e007f]+")


def words(text: str) -> list[str]:
    """Return the words and the long numbers of a text, in lower-case letters."""
    return [word.casefold() for word in _WORDS.findall(_CASES.sub(" ", text))]


@functools.lru_cache(maxsize=20_000)
def odd_words(place: str, value: str) -> tuple[str, ...]:
    """Return the words in a free string that may give something away; none if it is ordinary where it is."""
    attribute = place[place.find("@") :] if "@" in place else place
    if not value.strip() or _looked_at() & {place, attribute} or _is_ordinary(place, attribute, value):
        return ()
    plain, known = _plain(place, attribute, value)
    return tuple(word for word in words(plain) if word not in known)


def _is_ordinary(place: str, attribute: str, value: str) -> bool:
    ordinary = _ordinary().get(place) or _ordinary().get(attribute)
    return ordinary is not None and ordinary.fullmatch(value) is not None


def _plain(place: str, attribute: str, value: str) -> tuple[str, frozenset[str]]:
    """Return a value without what belongs to the language that is written at its place, and the words known there."""
    kind = (
        _speech().get(place) or _speech().get(attribute) or ("style" if attribute.endswith(_STYLE_ATTRIBUTES) else "")
    )
    speech = _SPEECHES.get(kind)
    return (speech(value) if speech else value), _known_words(kind)


def _without_format(value: str) -> str:
    return _IN_FORMAT.sub(" ", value.replace("\\", "").replace('"', " "))


def _without_font(value: str) -> str:
    return " " if is_font(value) else value.replace(" ", "")


def _without_header(value: str) -> str:
    return _IN_HEADER.sub(lambda code: _without_font(code["font"] or ""), value)


def _without_address(value: str) -> str:
    """Return what a hyperlink asks of the page that it leads to, who asks, and an address of e-mail."""
    if value.casefold().startswith("mailto:"):
        return unquote_plus(value.partition(":")[2])
    who, at, _ = value.partition("://")[2].partition("/")[0].rpartition("@")
    _, _, place = value.partition("#") if "://" in value else ("", "", "")
    return unquote_plus(f"{who if at else ''} {value.partition('#')[0].partition('?')[2]} {place}")


def _without_style(value: str) -> str:
    plain = _ESCAPED_IN_STYLE.sub(lambda found: chr(int(found[1], 16)), value)
    return "" if _AUTOMATIC_STYLE.fullmatch(plain) else plain


_SPEECHES: Mapping[str, Callable[[str], str]] = {
    "formula": lambda value: _IN_FORMULA.sub(" ", value),
    "format": _without_format,
    "font": _without_font,
    "header": _without_header,
    "link": _without_address,
    "style": _without_style,
    "word-style": _without_style,
}


@functools.cache
def _lines() -> list[list[str]]:
    file = importlib.resources.files("cdrp_xl").joinpath("publication", "free_strings.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@functools.cache
def _ordinary() -> Mapping[str, re.Pattern[str]]:
    return {
        place: re.compile(fields[2]) for fields in _lines() if fields[0] == "ordinary" for place in fields[1].split(" ")
    }


@functools.cache
def _looked_at() -> frozenset[str]:
    return frozenset(place for fields in _lines() if fields[0] == "looked-at" for place in fields[1].split(" "))


@functools.cache
def _speech() -> Mapping[str, str]:
    return {place: fields[1] for fields in _lines() if fields[0] == "speech" for place in fields[2].split(" ")}


@functools.cache
def _known_words(kind: str) -> frozenset[str]:
    """Return the words that give nobody away, anywhere or in strings of a kind."""
    listed = (fields[2] for fields in _lines() if fields[0] == "words" and fields[1] in {"anywhere", kind})
    types = (*schema.namespaces(), *schema.content_types(), *schema.relation_types()) if kind == "type" else ()
    return frozenset(" ".join(listed).split()) | frozenset(words(" ".join(types)))
