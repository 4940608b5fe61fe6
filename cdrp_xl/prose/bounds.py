"""Claims of every month, quarter or year together: "never more than five in any month since April 2009"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from cdrp_xl.prose import cues
from cdrp_xl.prose.findings import Fault, Finding
from cdrp_xl.prose.numerals import NUMBER_WORDS, Kind, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.candidates import Candidates
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.numerals import Number
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.prose.whens import When

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_CLAIM = re.compile(
    r"\b(?:(?P<none>no|never|not|n't)\b(?:[^.;]*?\b(?:any|single|a) (?:single )?(?P<any>month|quarter|year)\b|"
    r" (?P<no>month|quarter|year)\b)?|(?:each|every) (?P<every>month|quarter|year)\b)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:(?P<over>(?:more|higher|greater) than|above|over|exceed(?:ed|s)?|topped|passed)|"
    r"(?P<under>(?:fewer|less|lower) than|below|under)|(?P<least>at least)|(?P<most>at most|up to)) $",
    re.IGNORECASE,
)
_ANY = re.compile(r"\bany (?:single )?(?P<unit>month|quarter|year)\b", re.IGNORECASE)


_EACH = re.compile(
    rf"\b(?:each|every one|all) of the (?:last |past |latest )?(?P<count>\d+|{NUMBER_WORDS}) "
    r"(?P<unit>month|quarter|year)s\b",
    re.IGNORECASE,
)
_RANGED = re.compile(
    r"\b(?:rang(?:ed|es|ing)|var(?:ied|ies|ying)|fluctuat\w+|(?:stay|remain)(?:ed|s)|kept|(?:has|have|had) been)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby between $")
_ENDS = re.compile(r" (?:and|to) ")
_UNIT = re.compile(
    r"\b(?:(?:each|every) (?P<every>month|quarter|year)|(?:a|per) (?P<unit>month|quarter)|(?P<ly>month|quarter)ly)\b",
    re.IGNORECASE,
)
_SINCE_THEN = re.compile(r"^[^.;]*\bsince(?: then)?\W*$", re.IGNORECASE)
_SINCE = re.compile(r"\bsince (?:the )?(?:(?:start|beginning) of )?$", re.IGNORECASE)


def is_bound(number: Number, sentence: Sentence) -> bool:
    """Return whether a number is not a figure, but one that no month, quarter or year went beyond."""
    is_of_range = any(number in (low, high) for low, high, _ in _ranges(sentence))
    return number.kind is Kind.COUNT and (is_of_range or _claim(number, sentence) is not None)


def of_bounds(candidates: Candidates, keys: tuple[str, ...]) -> Iterator[Finding]:
    """Yield every claim that no period went beyond a number, where one did.

    Parameters
    ----------
    candidates
        The sentence, and the figures that it may mean.
    keys
        The rows that are spoken of.
    """
    sentence = candidates.sentence
    yield from _of_ranges(candidates, keys)
    for number in sentence.numbers:
        claim = _claim(number, sentence) if number.kind is Kind.COUNT else None
        if claim is None:
            continue
        unit, sign, is_strict = claim
        run = candidates.run(keys, _MONTHS[unit])
        apart = re.compile(r"[,;]|\bagainst\b")
        beside = tuple(
            each for each in sentence.whens
            if not apart.search(sentence.plain, *sorted((each.start, number.start)))
        )  # fmt: skip
        for period in _meant(run, beside or sentence.whens, sentence.text):
            gap = (run[period].value - number.value) * sign
            if gap < 0 or (is_strict and gap == 0):
                yield _beyond(sentence, number, run[period], period)
                break


def _of_ranges(candidates: Candidates, keys: tuple[str, ...]) -> Iterator[Finding]:
    """Yield every range that is not a range of the figures, where one of its ends is, or its unit is named."""
    sentence = candidates.sentence
    for low, high, unit in _ranges(sentence):
        said = low.value, high.value
        ends = [(min(each), max(each), each) for each in _read(candidates, keys, low, unit) if each]
        if any((first, last) == said for first, last, _ in ends):
            continue
        near = [each for each in ends if unit or each[0] == low.value or each[1] == high.value]
        for first, last, values in near[:1]:
            for number, real in ((low, first), (high, last)):
                if number.value != real:
                    yield _beyond(sentence, number, *values[real])


def _read(
    candidates: Candidates, keys: tuple[str, ...], low: Number, unit: str
) -> Iterator[dict[float, tuple[Figure, Period]]]:
    """Yield what a range can be of: counts of months or quarters, or, after "by", their changes on a year before."""
    sentence = candidates.sentence
    for months in [_MONTHS[unit]] if unit else [3, 1]:
        run = candidates.run(keys, months)
        meant = _meant(run, sentence.whens, sentence.text)
        if re.search(r"\bpreviously\b|\bbefore (?:that|then|now)\b", sentence.text, re.IGNORECASE):
            meant = [each for each in meant if each.last < candidates.catalogue.quarter.first]
        if _BY.search(sentence.plain[: low.start]):
            pairs = [(each, run[each.earlier()].value) for each in run if each.earlier() in run]
            yield {abs(run[each].value - before): (run[each], each) for each, before in pairs if each in meant}
        else:
            yield {run[each].value: (run[each], each) for each in meant}


def _ranges(sentence: Sentence) -> Iterator[tuple[Number, Number, str]]:
    """Yield the two ends of "stayed between 25 and 36" and "ranged from 25 to 36 a month", and the unit if named."""
    for low, high in pairwise(sentence.numbers):
        before, after = sentence.plain[: low.start], sentence.plain[high.end :]
        ends = _ENDS.fullmatch(sentence.plain[low.end : high.start])
        said = re.search(r"\b(?:(?P<between>between)|from) $", before) if ends else None
        unit = _UNIT.search(after) or _UNIT.search(before)
        is_whole = low.kind is high.kind is Kind.COUNT and not low.decimals and not high.decimals
        is_range = (
            said
            and not cues.A_DAY.match(after)
            and (_RANGED.search(before) or (said["between"] and (_BY.search(before) or unit)))
        )
        if is_range and is_whole:
            yield low, high, (unit["every"] or unit["unit"] or unit["ly"]).casefold() if unit else ""


def _beyond(sentence: Sentence, number: Number, figure: Figure, period: Period) -> Finding:
    return Finding(
        sentence=sentence.text,
        words=number.text,
        why=f"It was {figure.shown} in {period.words}.",
        nearest=f"{figure.shown}, {figure.words} ({figure.name})",
        corrected="",
        fault=Fault.CONTRADICTION,
    )


def _claim(number: Number, sentence: Sentence) -> tuple[str, int, bool] | None:
    """Return of which periods it is said, on which side of the number (1 above, -1 below), and if equal is wrong."""
    before = sentence.plain[: number.start]
    limit = _LIMIT.search(before)
    every = _CLAIM.search(before) if limit else None
    later = _ANY.search(sentence.plain, number.end) or _EACH.search(sentence.plain, number.end)
    if limit is None or (every is None and later is None):
        return None
    named = (every["any"], every["no"], every["every"]) if every else ()
    unit = next(filter(None, named), "") or (later["unit"] if later else "")
    if not unit or (every is None and _EACH.search(sentence.plain, number.end) is None):
        return None
    is_upper = limit["under"] is not None or limit["most"] is not None
    sign = -1 if is_upper else 1
    is_strict = limit["over"] is not None or limit["under"] is not None
    is_none = every is not None and every["none"] is not None
    return (unit.casefold(), -sign, False) if is_none and is_strict else (unit.casefold(), sign, is_strict)


def _meant(run: Iterable[Period], whens: tuple[When, ...], text: str) -> list[Period]:
    """Return the periods since or within the time that is named; all where none is."""
    found = list(run)
    if said := _EACH.search(text):
        return found[-int(value_of(said["count"]) or 1) :]
    within = found
    for when in whens:
        if _SINCE_THEN.search(text[when.end :]):
            return [each for each in found if all(each.first > of.last for of in when.exact)]
        longer = [each for each in found if any(each in of and each != of for of in when.exact)]
        if _SINCE.search(text[: when.start]):
            starts = [*(each.first for each in when.exact), *(each.first for each in found if when.matches(each))]
            return [each for each in found if starts and each.first >= min(starts)]
        within = longer or within
    return within
