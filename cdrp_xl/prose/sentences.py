"""A text read as sentences: what each names, counts and says, and which of its numbers are not figures at all."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl import geography
from cdrp_xl.periods import MONTH_NAMES
from cdrp_xl.prose.catalogue import FARM
from cdrp_xl.prose.moves import extremes_in, moves_in
from cdrp_xl.prose.numerals import numbers_in
from cdrp_xl.prose.whens import whens_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.prose.catalogue import Catalogue
    from cdrp_xl.prose.moves import Extreme, Move
    from cdrp_xl.prose.names import Named, Names
    from cdrp_xl.prose.numerals import Number
    from cdrp_xl.prose.whens import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A number for its author to answer for: no report can know it (money, a time, an age), or it is unread."""

    text: str
    what: str
    sentence: str = ""

    @property
    def is_unread(self) -> bool:
        """Whether the report may well know it: its sentence could not be read for certain."""
        return self.what == UNREAD


UNREAD = "not read for certain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An area that a sentence names."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, and what was read in it.

    `about` is what it speaks of where it names nothing itself, `before` the times of the sentence that it goes on from.
    `left_out` are rows that it names as exceptions: "except shoplifting", "excluding violence".
    """

    text: str
    plain: str
    numbers: tuple[Number, ...]
    whens: tuple[When, ...]
    named: tuple[Named, ...]
    left_out: tuple[Named, ...]
    places: tuple[Place, ...]
    moves: tuple[Move, ...]
    extremes: tuple[Extreme, ...]
    own: tuple[Own, ...]
    about: tuple[str, ...] = ()
    before: tuple[When, ...] = ()


_MONTH = "|".join(MONTH_NAMES)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_OWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+|\bhttps?://\S+|\bwww\.\S+")),
    (
        "money",
        re.compile(
            r"[\u00a3$\u20ac]\s?\d(?:[\d,.]*\d)?(?:\s?(?:m|k|bn|million|billion|thousand)\b)?|\b\d[\d,.]*\s?"
            r"(?:pounds|pence|euros)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "telephone number",
        re.compile(
            r"(?:\+44|\b0)(?:[\s-]?\d){9,10}\b|\b(?:call|dial|ring|phone|on|tel\.?) (?:101|111|999)"
            r"\b",
            re.IGNORECASE,
        ),
    ),
    (
        "time",
        re.compile(
            r"\b\d{1,2}[:.]\d{2}\s?(?:am|pm)\b|\b\d{1,2}:\d{2}\b|\b\d{1,2}\s?(?:am|pm|noon|o'clock)\b|"
            r"\b24/7\b|\b\d+[ -]hours?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "Act",
        re.compile(
            r"\b(?:[A-Z][\w']*,? (?:(?:and|of|the|to|etc\.?) )*)*(?:Act|Order|Regulations|Bill|Convention)"
            r"(?: of)? (?:19|20)\d\d\b|\bs(?:ection)?\.? ?\d+[A-Z]?(?:\(\d\))? (?=of the)"
        ),
    ),
    (
        "age",
        re.compile(
            r"\bage[ds]?(?: of| between)? \d+(?:\s?(?:-|\u2013|to|and|or)\s?\d+)?(?: and over| or over)?|"
            r"\b\d+[ -]years?[ -]olds?\b|\b(?:under|over)[- ]\d\ds?\b(?= year|s\b|-)|\b(?:year|key stage)"
            r" \d\d?(?= (?:pupil|student|girl|boy|female|male|class))",
            re.IGNORECASE,
        ),
    ),
    (
        "reference",
        re.compile(
            r"\[note \d+\]|\b(?:agenda item|item|appendix|page|paragraph|para|section|footnote|note|"
            r"chapter|action|recommendation|version|phase|step|room|unit|operation|bus|route|ward|beat|"
            r"channel|figure|table|line|row|column|cell|junction|PC|PCSO|DC|Sgt|ext\.?|extension|ref\.?)s? "
            r"\d+(?:\.\d+)*(?:\s?(?:to|and|-|\u2013)\s?\d+)?\b|\b[AMB]\d{1,4}\b|"
            r"\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b|\b[A-Z]{2}/\d+/\d+\b|\bno\.? \d+\b",
            re.IGNORECASE,
        ),
    ),
    (
        "method",
        re.compile(
            r"\b\d+(?:\.\d+)?(?:%|\s?per cent)(?: (?:confidence|prediction))?(?=[ -](?:confidence|prediction|"
            r"interval|limit|level|significance))(?:[ -](?:interval|limits?))?(?: (?:of )?\d[\d.,]*%?"
            r" to \d[\d.,]*%?)?|\bp ?[<=>] ?0?\.\d+|\bper (?:1,000|100,000|1000|100 000)\b(?: (?:people|"
            r"population|residents|households|homes|dwellings))?|\u00b1\s?\d+(?:\.\d+)?%?",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(
            rf"\b\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d)\b|\b\d{{4}}-\d\d-\d\d\b|"
            rf"\b(?:0?1|2[89]|3[01])(?:st|nd|rd|th)?(?: of)?(?= (?:{_MONTH})\b)|"
            rf"\b(?:{_DAY}(?: ?(?:and|to|or|&|-|\u2013) ?))?{_DAY}(?: of)? "
            rf"(?:{_MONTH})\b(?: \d{{4}}\b)?|"
            rf"\b(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b(?!,?\d)(?:, \d{{4}}\b)?|"
            r"\b\d{1,2}(?:st|nd|rd|th) of (?:each|every|the) month",
            re.IGNORECASE,
        ),
    ),
    (
        "list number",
        re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]|\(?[a-z\d]\)|\d+(?:\.\d+)+(?=\s+[A-Z]))(?:\s|$)", re.IGNORECASE),
    ),
)
_NAME = re.compile(
    r"\b(?:Crime (?:and|&) Disorder Reduction|Community Safety|Crime Reduction|Neighbourhood Watch)"
    r"(?: Partnerships?)?\b"
)
_EXCEPT = re.compile(
    r"\b(?:except(?: for|ing)?|apart from|other than|with the exception of|exclud(?:ing|es?)|"
    r"leav(?:e|ing) (?:out|aside)|not (?:counting|including)|setting aside|save(?: for)?|barring|but for|without)\b",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(r" (?:is|are|was|were) (?:left out|excluded|set aside|taken out|removed)\b")
_LISTED = re.compile(r"(?:\s|,|\band\b|\bor\b|\bthe\b|\ball\b|\bboth\b|\brecorded\b)*(?:\w+ ?)?", re.IGNORECASE)
_NOT_LISTED = frozenset({"list number", "method", "reference", "date"})
_END = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)]*\s+(?=[\"'\u201c\u2018(]?[A-Z0-9])")
_SHORT_FORMS = re.compile(r"\b(?:e\.g|i\.e|approx|Dr|Mr|Mrs|Ms|St|No|no|vs|cf|etc|Insp|Sgt|Supt)\.$")
_BULLET = re.compile(r"^\s*(?:[-*\u2022\u2013]|\d+[.)])\s+")
_CAPITALS = re.compile(r"\b[A-Z][\w'&-]*(?:[ -](?:and|upon|of|the|on|in|under|le|[A-Z][\w'&-]*))*")
_WORDS_OF_A_HEADING = 8
_COUNTIES = {
    "beds": "bedfordshire", "berks": "berkshire", "bucks": "buckinghamshire", "cambs": "cambridgeshire",
    "glos": "gloucestershire", "hants": "hampshire", "herts": "hertfordshire", "hunts": "huntingdonshire",
    "lancs": "lancashire", "leics": "leicestershire", "lincs": "lincolnshire", "northants": "northamptonshire",
    "notts": "nottinghamshire", "oxon": "oxfordshire", "staffs": "staffordshire", "wilts": "wiltshire",
    "worcs": "worcestershire",
}  # fmt: skip


def split(text: str) -> tuple[str, ...]:
    r"""Return the sentences of a text: paragraphs and list items end one, wrapped lines do not.

    Examples
    --------
    >>> split("Burglary fell by 41.3%. It was 61,\nagainst 104.\n\n- Robbery: 7")
    ('Burglary fell by 41.3%.', 'It was 61, against 104.', 'Robbery: 7')
    """
    found: list[str] = []
    plain = re.sub(r"<sup>\d+</sup>|</?\w[^>]*>", "", text)
    for paragraph in _paragraphs(plain):
        begun = ""
        for part in _END.split(paragraph):
            begun = f"{begun} {part}".strip()
            if not _SHORT_FORMS.search(begun):
                found.append(begun)
                begun = ""
        found += [begun] if begun else []
    return tuple(found)


def _paragraphs(text: str) -> Iterator[str]:
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        ends = not line.strip() or _BULLET.match(line) or line.lstrip().startswith(("#", "|"))
        if ends and lines:
            yield " ".join(lines)
            lines = []
        if line.strip() and not line.lstrip().startswith("|"):
            lines.append(_BULLET.sub("", line).strip().lstrip("# ").replace("**", ""))
        if line.lstrip().startswith("#") or (lines and is_heading(line)):
            yield " ".join(lines)
            lines = []


def is_heading(line: str) -> bool:
    """Return whether a line is a heading: short, without a full stop, and in capitals or numbered."""
    plain = line.strip().strip("*# ")
    is_short = 0 < len(plain.split()) <= _WORDS_OF_A_HEADING and plain[-1] not in ".!?,;:"
    return is_short and (plain.isupper() or re.match(r"\d+(?:\.\d+)*\.? [A-Z]", plain) is not None)


def read(
    text: str,
    catalogue: Catalogue,
    names: Names,
    *,
    about: tuple[str, ...] = (),
    before: tuple[When, ...] = (),
) -> Sentence:
    """Return a sentence with all that is said in it.

    Parameters
    ----------
    text
        One sentence.
    catalogue
        The figures of the report.
    names
        The phrases by which the report's rows may be named.
    about
        What the sentences before it, or its section, speak of.
    before
        The times named in the sentence before, where this one goes on from it ("This accounted for …").
    """
    every = names.found_in(_NAME.sub(_in_blanks, text), in_section=_is_of_farms(text, about))
    left_out = _exceptions(text, every)
    named = tuple(each for each in every if each not in left_out)
    of_names = [(each.start, each.end) for each in every]
    plain, own = _without_own(text, of_names)
    whens = whens_in(plain, catalogue)
    counted = _blanked(plain, [(each.start, each.end) for each in whens])
    unnamed = _blanked(counted, of_names)
    numbers = numbers_in(unnamed)
    return Sentence(
        text=text,
        plain=counted,
        numbers=numbers,
        whens=whens,
        named=named,
        left_out=left_out,
        places=places_in(text, catalogue),
        moves=moves_in(unnamed),
        extremes=extremes_in(plain),
        own=tuple(replace(each, sentence=text) for each in own),
        about=about,
        before=before,
    )


def _exceptions(text: str, named: Sequence[Named]) -> tuple[Named, ...]:
    """Return the rows that are listed after "except" and the like."""
    found = [each for each in named if _LEFT_OUT.match(text, each.end)]
    for said in _EXCEPT.finditer(text):
        listed: list[Named] = []
        between = [text[said.end() : said.end()]]
        for each in named:
            end = listed[-1].end if listed else said.end()
            if each.start >= end and _LISTED.fullmatch(text[end : each.start]):
                listed.append(each)
                between.append(text[end : each.start])
        is_list = re.search(r"\b(?:and|or)\b", between[-1]) is not None
        found += listed if is_list else listed[:1]
    return tuple(found)


def _is_of_farms(text: str, about: tuple[str, ...]) -> bool:
    """Return whether farm crime is spoken of, so that "burglary" may mean the one on farms."""
    return FARM in text.casefold() or any(FARM in key for key in about)


def _in_blanks(found: re.Match[str]) -> str:
    return "_" * len(found[0])


def _without_own(text: str, of_names: Sequence[tuple[int, int]]) -> tuple[str, list[Own]]:
    """Blank out what is not a figure, and return it; places of what is left do not move."""
    left, own = text, []
    for what, form in _OWN:
        for found in form.finditer(left):
            is_name = any(start < found.end() and found.start() < end for start, end in of_names)
            if re.search(r"\d", found[0]) and not (is_name and what == "age"):
                own += [Own(text=found[0].strip(), what=what)] if what not in _NOT_LISTED else []
                left = _blanked(left, [found.span()])
    return left, own


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
    return text


def places_in(text: str, catalogue: Catalogue) -> tuple[Place, ...]:
    """Return the areas that a sentence names, by the names of today and of the report."""
    own = {name.casefold(): name for name in catalogue.areas}
    found = []
    for match in _CAPITALS.finditer(text):
        words = list(re.finditer(r"[\w'&-]+", match[0]))
        found += list(_areas(match, words, own))
    return tuple(found)


def _areas(match: re.Match[str], words: list[re.Match[str]], own: dict[str, str]) -> Iterator[Place]:
    at = 0
    while at < len(words):
        for last in range(len(words), at, -1):
            said = match[0][words[at].start() : words[last - 1].end()]
            name = own.get(_in_full(said)) or _known(_in_full(said))
            if name:
                yield Place(
                    start=match.start() + words[at].start(), end=match.start() + words[last - 1].end(), name=name
                )
                at = last
                break
        else:
            at += 1


def _in_full(said: str) -> str:
    plain = re.sub(r"['\u2019]s?$", "", said).casefold()
    return re.sub(r"\b\w+s\b", lambda found: _COUNTIES.get(found[0], found[0]), plain)


@functools.lru_cache(maxsize=4096)
def _known(name: str) -> str:
    area = geography.find(name)
    return area.name if area else ""
