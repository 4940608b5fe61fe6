"""What in a text may identify a person: names, dates of birth, references, postcodes, telephone numbers, stories."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.measures import people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SMALL = 5
"""A caseload below this is small (docs/methods.md, "People in words")."""

LEAST_AGE = 10
"""A full date at least so many years back may be a date of birth, whether or not it is said to be one. Unit: years."""

_LONGEST_SHOWN = 60
_WORDS_OF_A_QUOTATION = 8
_PERSON = (
    r"(?:client|offender|young person|service user|patient|victim|resident|tenant|child|boy|girl|man|woman|mother|"
    r"father|pupil|student|keyworker|key worker|worker|PPO)"
)
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY = (
    r"(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|"
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH},?[ -](?:[0-9]{{4}}|[0-9]{{2}}))(?![0-9])"
)
_QUOTED = re.compile('[\u201c"]([^\u201c\u201d"]+)[\u201d"]')
_ONE_PERSON = re.compile(
    rf"\b(?:a|an|one|this|the|her|his|my) (?:[a-z0-9-]+ ){{0,2}}{_PERSON}\b"
    r"(?! (?:survey|posts?|offer|management|services?|groups?|forum|panel|scheme|team|role|support|records?)\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:she|he|her|his|him|hers|herself|himself|my|me|I)\b")
_ONE_DOING = re.compile(
    rf"\b(?:a|an|one|this) (?:[a-z0-9-]+ ){{0,2}}{_PERSON} "
    r"(?:was|is|has|had|who|whose|released|recalled|sentenced|aged|from|in|with|left|moved|came|went)\b",
    re.IGNORECASE,
)
_THEY = re.compile(r"\b(?:they|their|them)\b", re.IGNORECASE)
_ONE_AGE = re.compile(r"\b(?:a|an|one|this|the|her|his) [0-9]{1,2}[- ]years?[- ]old\b", re.IGNORECASE)
_OLD = re.compile(_DAY)


class Sign(StrEnum):
    """What a text was found to hold."""

    BIRTH = "a date of birth"
    NAME = "a person's name"
    POSTCODE = "a postcode"
    TELEPHONE = "a telephone number"
    EMAIL = "an e-mail address"
    REFERENCE = "a reference number"
    STORY = "one person's story or words"


SIGNS = {
    Sign.BIRTH: re.compile(
        rf"\b(?:born|d\.?o\.?b\b\.?|date of birth)[^.\n]{{0,20}}?(?:{_DAY}|\b(?:{_MONTH} )?(?:19|20)[0-9]{{2}}\b)",
        re.IGNORECASE,
    ),
    Sign.POSTCODE: re.compile(
        r"\b(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? ?[0-9](?!(?-i:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2}|GIR ?0AA)\b",
        re.IGNORECASE,
    ),
    Sign.TELEPHONE: re.compile(
        r"(?<!\w)(?![0-9]{2}[/.-][0-9]{2}[/.-])"  # a date begins so too
        r"(?:(?:\+44|0044)[ .-]?(?:\(0\))?[ .-]?[0-9]{2}|\(?0[0-9]{2})(?:[ ()/.-]{0,2}[0-9]){7,8}(?!\w)"
    ),
    Sign.EMAIL: re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+"),
    Sign.REFERENCE: re.compile(
        r"\b(?:[A-Z]{1,4}[/-]?[0-9]{5,}[A-Z]?|[A-Z]{2,4}[/-][0-9]{3,}[/-][0-9]{2,4}|[A-Z][0-9]{4}[A-Z]{2}"
        r"|[0-9]{2}[A-Z]{1,2}(?:/[0-9]{3,}|[0-9]{5,})[A-Z]?(?:/[0-9]{2,4})?|(?:19|20)?[0-9]{2}/[0-9]{3,7}[A-Z]"
        r"|[0-9]{2}/[0-9]{3,}/[0-9]{2,4}|[0-9]{2}/[0-9]{5,}|[0-9]{4}[/-][0-9]{5,}"
        r"|[A-Z]{2} ?(?:[0-9]{2} ?){3}[A-D]|[a-z]{2}(?:[0-9]{6}| (?:[0-9]{2} ){3})[a-d]"
        r"|[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}|(?<![\u00a3$\u20ac.,])(?![0-9]*000\b)[0-9]{7,})\b"
        r"|\b(?i:(?:ref(?:erence)?|URN|(?:crime|case|custody|prison(?:er)?|client|PNC) (?:no|number|ref|id))\b[.:]? )"
        r"(?!(?:19|20)[0-9]{2}[/-][0-9]{2,4}\b)(?=[A-Za-z/-]*[0-9]{4})[A-Za-z0-9/-]{5,}"
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


def find(text: str, *, year: int) -> tuple[Found, ...]:
    """Return what in a text may identify a person.

    Parameters
    ----------
    text
        What someone wrote.
    year
        The year in which it was written.

    Returns
    -------
    tuple of Found
        Each only once, in the order of `Sign`; names are found by a title, an initial or a common given name before
        a word with a capital, so that one of neither kind is missed.

    Notes
    -----
    docs/methods.md, "People in words". The rules are the project's own decision, not a published standard.

    Examples
    --------
    >>> [(found.sign.value, found.excerpt) for found in find("Call 01632 960001 and ask.", year=2011)]
    [('a telephone number', '01632 960001')]
    """
    lines = "\n".join(" ".join(line.split()) for line in text.splitlines())
    found = [Found(sign=sign, excerpt=_cut(excerpt)) for sign in Sign for excerpt in _excerpts(sign, lines, year)]
    return tuple(dict.fromkeys(found))


def small_beside(counts: Iterable[int]) -> tuple[int, ...]:
    """Return those of some caseloads that are small enough to show whom a story beside them is about.

    Parameters
    ----------
    counts
        People on a scheme or in a service. Unit: people.
    """
    return tuple(count for count in counts if 0 < count < SMALL)


def _excerpts(sign: Sign, text: str, year: int) -> Iterator[str]:
    match sign:
        case Sign.STORY:
            yield from _stories(text)
        case Sign.NAME:
            yield from people.names(text)
        case Sign.REFERENCE:
            numbers = SIGNS[Sign.TELEPHONE].sub(" ", text)
            yield from (match[0] for match in SIGNS[sign].finditer(numbers))
        case _:
            yield from (match[0] for match in SIGNS[sign].finditer(text))
    if sign is Sign.BIRTH:
        others = SIGNS[sign].sub(" ", text)
        yield from (match[0] for match in _OLD.finditer(others) if _years_back(match[0], year) >= LEAST_AGE)


def _years_back(day: str, year: int) -> int:
    """Return how many years before another a date lies; of two digits the last such year that is not after it."""
    if whole := re.search("(?:19|20)[0-9]{2}", day):
        return year - int(whole[0])
    return (year - int(day[-2:])) % 100


def _stories(text: str) -> Iterator[str]:
    """Give what is quoted at some length, and each paragraph that beside it follows one person."""
    yield from (quotation[1] for quotation in _QUOTED.finditer(text) if _is_long(quotation))
    for paragraph in _QUOTED.sub(lambda quotation: "" if _is_long(quotation) else quotation[0], text).splitlines():
        follows_one = _ONE_PERSON.search(paragraph) and _PRONOUN.search(paragraph)
        if follows_one or _ONE_AGE.search(paragraph) or (_ONE_DOING.search(paragraph) and _THEY.search(paragraph)):
            yield paragraph


def _is_long(quotation: re.Match[str]) -> bool:
    return len(quotation[1].split()) >= _WORDS_OF_A_QUOTATION


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN].rstrip()}…"
