"""Names of people in a text: found by a title, by initials or by a common given name, beside a word with a capital."""

from __future__ import annotations

import functools
import importlib.resources
import re
from typing import TYPE_CHECKING

from cdrp_xl import geography

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = r"[^\W\d_]{1,40}(?:['\u2019-][^\W\d_]{1,40}){0,3}(?![\w'\u2019-])"
_SURNAME = rf"(?:(?:de|van|von|der|den|la|le|bin) |(?:al|el)[ -]){{0,3}}{_WORD}"
_TITLED = re.compile(
    r"\b(?:(?i:mrs?)|Ms|Miss|Mx|Dr|Prof|Rev|PCSO|PC|DCI|DC|DS|DI|Sgt|Sergeant|Cllr|Councillor)\.? "
    rf"(?P<surname>{_SURNAME})(?P<more> {_WORD})?"
)
_INITIALS = re.compile(
    r"(?P<label>\b(?i:appendix|area|band|block|category|class|drug|figure|grade|group|hepatitis|level|lot|option|part|"
    r"phase|plan|schedule|section|strand|table|team|tier|type|unit|vitamin|ward|wing|zone) )?"  # "Class A."
    rf"(?<![\w.])(?P<initials>(?:[A-Z]\. ?){{1,3}})(?P<surname>{_WORD})"
)
_NO_INITIALS = frozenset({"U.K.", "U.S.", "E.U.", "U.N.", "N.B.", "P.S."})
_WORDS = re.compile(r"[^\W\d_]+")
_SHORTEST_AFTER_INITIALS = 3
_NO_SURNAME = (
    r"(?:Road|Street|Avenue|Close|Court|Crescent|Drive|Gardens|Grove|House|Lodge|Square|Terrace|Way|Centre|Clinic|College|"
    r"Hospital|Library|School|Surgery|Ambulance|Area|Association|Campaign|Charity|Club|Council|Foundation|Fund|Group|"
    r"League|Network|Partnership|Programme|Project|Scheme|Services?|Society|Support|Team|Trust|Unit|World|England|Out|"
    r"Month|Week)"
)
"""What follows a name, or a title, in the names of places, organisations and roles."""


def names(text: str) -> Iterator[str]:
    """Give the names of people in a text, by lines with single spaces.

    Parameters
    ----------
    text
        What someone wrote.

    Notes
    -----
    docs/methods.md, "People in words". A name with neither title nor initial, and with a given name that is not on our
    list, is missed; so is one in small letters.
    """
    for match in _TITLED.finditer(text):
        if _is_surname(match["surname"]) or match[0][:2].casefold() == "mr":
            more = match["more"] or ""
            yield match[0] if _is_surname(more.strip()) else match[0].removesuffix(more)
    for match in _INITIALS.finditer(text):
        is_long = len(match["surname"]) >= _SHORTEST_AFTER_INITIALS
        is_known = match["label"] or match["initials"].strip() in _NO_INITIALS
        if is_long and not is_known and _is_surname(match["surname"]):
            yield match[0]
    if _given_words().isdisjoint(_WORDS.findall(text)):
        return  # nearly all texts: the patterns below try every given name at every word
    text = _places().sub(lambda place: place[0].casefold(), text)
    for pattern in _with_given_names():
        yield from (match[0] for match in pattern.finditer(text) if _is_surname(match["surname"]))


def _is_surname(word: str) -> bool:
    """Return whether a word may be a surname: it has a capital, and is not what follows names of other kinds."""
    last = word.rpartition(" ")[2]
    return len(last) > 1 and last[0].isupper() and not re.fullmatch(_NO_SURNAME, last, re.IGNORECASE)


@functools.cache
def given_names() -> tuple[str, ...]:
    """Return the common given names that are known."""
    file = importlib.resources.files("cdrp_xl").joinpath("measures", "given_names.txt")
    return tuple(line for line in file.read_text(encoding="utf-8").split() if not line.startswith("#"))


@functools.cache
def _given_words() -> frozenset[str]:
    """Return the given names as they are written: with a capital, and in capitals throughout."""
    return frozenset(each for name in given_names() for each in (name, name.upper()))


@functools.cache
def _places() -> re.Pattern[str]:
    """Return what finds an area whose name ends in a given name, such as the Forest of Dean."""
    known = set(given_names())
    ending = [name for area in geography.areas() for name in area.names if name.rpartition(" ")[2] in known]
    several = [re.escape(name) for name in ending if " " in name]
    return re.compile(rf"\b(?:{'|'.join(several)})\b" if several else "(?!)")


@functools.cache
def _with_given_names() -> tuple[re.Pattern[str], ...]:
    """Return what finds a common given name before a surname, or after one and a comma."""
    known = given_names()
    given = "|".join([*known, *(name.upper() for name in known)])
    return (
        re.compile(rf"(?<!\bSt )(?<!\bSt\. )\b(?:{given})(?:-{_WORD})? (?P<surname>{_SURNAME})(?! {_NO_SURNAME}\b)"),
        re.compile(rf"\b(?P<surname>{_SURNAME}), (?:{given})\b(?![\w'\u2019-]| [A-Z])"),
    )
