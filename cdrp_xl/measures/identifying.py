"""What in a text may tell who a person is: names, dates of birth, references, postcodes, telephone numbers, stories."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SMALL = 5
"""A caseload below this is small (METHODS.md, section 10)."""

_LONGEST_SHOWN = 60
_WORDS_OF_A_QUOTATION = 8
_TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|PC|PCSO|DC|DS|DI|DCI|Sgt|Sergeant|Cllr|Councillor)"
_NAME = "[A-Z][a-z'\u2019-]+"
_PERSON = (
    r"(?:client|offender|young person|young offender|service user|patient|victim|resident|tenant|child|mother|father|"
    r"pupil|student|keyworker|key worker|worker|PPO)"
)
_DATE = r"(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+ [0-9]{4}|[0-9]{4})"
_QUOTED = re.compile('[\u201c"]([^\u201c\u201d"]+)[\u201d"]')
_ONE_PERSON = re.compile(rf"\b(?:a|an|one|this|the|her|his|my) (?:[a-z]+ )?{_PERSON}\b(?!s)", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:she|he|her|his|him|hers|herself|himself|my|me|I)\b")


class Sign(StrEnum):
    """What a text was found to hold."""

    BIRTH = "a date of birth"
    NAME = "a person's name"
    POSTCODE = "a postcode"
    TELEPHONE = "a telephone number"
    EMAIL = "an e-mail address"
    REFERENCE = "a reference number"
    STORY = "one person's story or words"


_SIGNS = {
    Sign.BIRTH: re.compile(rf"\b(?:born|d\.?o\.?b\.?|date of birth)\b[^.\n]{{0,20}}?{_DATE}", re.IGNORECASE),
    Sign.POSTCODE: re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b"),
    Sign.TELEPHONE: re.compile(r"(?<![\w/])(?:\+44[ -]?(?:\(0\))?|0)(?:[0-9][ -]?){9,10}(?![\w/])"),
    Sign.EMAIL: re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    Sign.REFERENCE: re.compile(
        r"\b(?:[A-Z]{1,4}[/-]?[0-9]{5,}[A-Z]?|[0-9]{2}[A-Z]{0,2}/[0-9]{3,}[A-Z]?(?:/[0-9]{2,4})?"
        r"|[A-Z]{2} ?(?:[0-9]{2} ?){3}[A-D]|[0-9]{3} ?[0-9]{3} ?[0-9]{4}|[0-9]{7,})\b"
    ),
    Sign.NAME: re.compile(
        rf"\b{_TITLES}\.? [A-Z][a-z'\u2019-]+(?: [A-Z][a-z'\u2019-]+)?|\b[A-Z]\. ?[A-Z][a-z'\u2019-]{{2,}}\b"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that was found in a text, and the words that hold it, cut short."""

    sign: Sign
    excerpt: str

    def mark(self, place: str) -> str:
        """Return a short mark by which this finding in a place is known, as long as its words stay the same."""
        digest = hashlib.sha256(f"{place}\n{self.sign}\n{self.excerpt}".encode()).hexdigest()
        return f"{place} {digest[:6]}"


def find(text: str) -> tuple[Found, ...]:
    """Return what in a text may tell who a person is.

    Parameters
    ----------
    text
        What someone wrote.

    Returns
    -------
    tuple of Found
        Each only once, in the order of `Sign`; names are told by a title, an initial or a common given name before
        a word with a capital, so that one of neither kind is missed.

    Notes
    -----
    METHODS.md, section 10. The rules are the project's own decision, not a published standard.

    Examples
    --------
    >>> [(found.sign.value, found.excerpt) for found in find("Call 01632 960001 and ask.")]
    [('a telephone number', '01632 960001')]
    """
    found = [Found(sign=sign, excerpt=_cut(excerpt)) for sign in Sign for excerpt in _excerpts(sign, text)]
    return tuple(dict.fromkeys(found))


def small_beside(counts: Iterable[int]) -> tuple[int, ...]:
    """Return those of some caseloads that are small enough to tell whom a story beside them is about.

    Parameters
    ----------
    counts
        People on a scheme or in a service. Unit: people.
    """
    return tuple(count for count in counts if 0 < count < SMALL)


def _excerpts(sign: Sign, text: str) -> Iterator[str]:
    if sign is Sign.STORY:
        yield from _stories(text)
        return
    numbers = _SIGNS[Sign.TELEPHONE].sub(" ", text) if sign is Sign.REFERENCE else text
    yield from (match[0].strip() for match in _SIGNS[sign].finditer(numbers))
    if sign is Sign.NAME:
        yield from (match[0] for match in _named().finditer(text))


def _stories(text: str) -> Iterator[str]:
    """Give what is quoted at some length, and each paragraph that follows one person."""
    for quotation in _QUOTED.finditer(text):
        if len(quotation[1].split()) >= _WORDS_OF_A_QUOTATION:
            yield quotation[1]
    for paragraph in text.splitlines():
        if _ONE_PERSON.search(paragraph) and _PRONOUN.search(paragraph):
            yield paragraph


@functools.cache
def _named() -> re.Pattern[str]:
    """Return what finds a common given name before another word with a capital."""
    file = importlib.resources.files("cdrp_xl").joinpath("measures", "given_names.txt")
    names = "|".join(line for line in file.read_text(encoding="utf-8").split() if not line.startswith("#"))
    return re.compile(rf"\b(?:{names}) {_NAME}\b")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN].rstrip()}…"
