"""Slips that are not wrong number: a position without its number, a colour alone, a deadline gone, a caption astray."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.prose.catalogue import ISSUES, Measure
from cdrp_xl.prose.findings import Fault, Finding
from cdrp_xl.prose.numerals import Kind
from cdrp_xl.terms import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.prose.catalogue import Catalogue
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.report import Report

_COLOURS = {"green": Status.BETTER, "amber": Status.CONCERN, "yellow": Status.CONCERN, "red": Status.WORSE}
_COLOUR = re.compile(
    r"\b(?:is|are|was|rated|remains?|stays?|shown (?:as|in)|turned|now|at|marked|flagged)(?: as|"
    r" in)? (green|amber|yellow|red)\b",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(
    r"\bin (?:the )?position\b(?! (?:of|to)\b)|\bposition of (?:the|its)\b|\bposition (?:when|"
    r"compared|against|in) (?:compared )?",
    re.IGNORECASE,
)
_NONE = re.compile(r"\b(?:no|not|n't|nothing|none|without|any)\b", re.IGNORECASE)
_LATEST = re.compile(r"\b(?:most recent|latest|newest|up to date|current to)\b", re.IGNORECASE)
_DEADLINE = re.compile(r"\bby (?:the )?(?:end|close)(?: of)?\s*(?:the (?:financial )?year )?$", re.IGNORECASE)
_YEARS = re.compile(r"(?<![\d/.-])(\d{4})\s?[-/\u2013]\s?\d\d(?![\d/-])(?! (?:plan|strategy|partnership plan))")
_PER = re.compile(r"\bper (\d[\d,]*) (people|population|residents|households|homes|dwellings)\b", re.IGNORECASE)
_SUBTYPE = re.compile(r"\b(?:sub[- ]?types?|offence types?)\b", re.IGNORECASE)
_CAPTION = re.compile(r"^\W*(?:Table|Figure|Chart) (\d+)\.\d+", re.IGNORECASE)
_NUMBERED = re.compile(r"^\W*(\d+)[.)]?\s+[A-Z]")


def of_sentence(sentence: Sentence, report: Report, figures: Catalogue) -> Iterator[Finding]:
    """Yield the slips of one sentence."""
    yield from _colour(sentence, report)
    yield from _position(sentence, figures)
    yield from _issues(sentence, report, figures)
    yield from _latest(sentence, report, figures)
    yield from _deadline(sentence, figures)
    yield from _groups(sentence, report)
    yield from _years(sentence)
    yield from _per(sentence)


def of_captions(text: str) -> Iterator[Finding]:
    """Yield the captions that have the number of a different section from the one they are in."""
    section = ""
    for line in text.splitlines():
        caption = _CAPTION.match(line)
        if caption and section and caption[1] != section:
            words = caption[0].strip(" *#")
            why = f"The caption has the number of section {caption[1]}, but is in section {section}."
            yield _slip(line.strip(" *#"), words, why, "", line.strip(" *#").replace(caption[1], section, 1))
        elif not caption and (numbered := _NUMBERED.match(line)) and not line.rstrip().endswith("."):
            section = numbered[1]


def _slip(sentence: str, words: str, why: str, nearest: str, corrected: str = "") -> Finding:
    return Finding(sentence=sentence, words=words, why=why, nearest=nearest, corrected=corrected, fault=Fault.WORDING)


def _colour(sentence: Sentence, report: Report) -> Iterator[Finding]:
    """Yield a position that is said by its colour alone, which not everyone can see, or by another's colour."""
    found = _COLOUR.search(sentence.plain)
    keys = {key for each in sentence.named for key in each.keys} or set(sentence.about)
    for result in report.priorities if found else ():
        if (
            result.priority_id in keys
            and found
            and str(result.assessment.status).casefold() not in sentence.text.casefold()
        ):
            status = result.assessment.status
            is_right = _COLOURS[found[1].casefold()] is status
            why = "Not everyone can see colours: give the position in words."
            why = why if is_right else "The report gives another position, and not everyone can see colours."
            corrected = f"{sentence.text[: found.start(1)]}{status}{sentence.text[found.end(1) :]}"
            yield _slip(sentence.text, found[1], why, f"{status}: {result.title}", corrected)


def _position(sentence: Sentence, figures: Catalogue) -> Iterator[Finding]:
    found = _NO_NUMBER.search(sentence.plain)
    is_of_group = re.search(r"\b(?:group|similar|iQuanta|family)\b", sentence.text, re.IGNORECASE)
    if not found or not is_of_group:
        return
    if _NONE.search(sentence.plain[max(0, found.start() - 10) : found.start()]):
        return
    near = sentence.plain[max(0, found.start() - 20) : found.end() + 20]
    if any(each.kind is Kind.POSITION and each.text in near for each in sentence.numbers):
        return
    known = [each for each in figures.figures if each.measure is Measure.POSITION and each.area == figures.area]
    nearest = "; ".join(f"{each.shown}, {each.words} ({each.name})" for each in known[-2:])
    yield _slip(sentence.text, found[0], "The position has no number.", nearest)


def _issues(sentence: Sentence, report: Report, figures: Catalogue) -> Iterator[Finding]:
    """Yield the claim that there are no emerging issues, where some are reported."""
    found = next((each for each in sentence.named if ISSUES in each.keys), None)
    reported = report.emerging.reported
    if found is None or not reported:
        return
    before = sentence.plain[max(0, found.start - 60) : found.start]
    is_counted = any(number.value == 0 and number.end <= found.start for number in sentence.numbers)
    if _NONE.search(before) and not is_counted:
        rows = ", ".join(issue.row.name for issue in reported)
        name = figures.by_name[f"{ISSUES}.reported"].name
        why = f"The report lists {len(reported)}: {rows}."
        yield _slip(sentence.text, found.text, why, f"{len(reported)}, {rows} ({name})")


def _latest(sentence: Sentence, report: Report, figures: Catalogue) -> Iterator[Finding]:
    """Yield what is called the most recent, where it is not the last period of any source or figure."""
    found = _LATEST.search(sentence.plain)
    if not found or not sentence.whens:
        return
    covered = [each for each in (_period(line.covers) for line in report.sources) if each]
    last = {each.last for each in covered} | {figures.quarter.last}
    last |= {each.period.last for each in figures.figures if each.measure is Measure.POSITION and each.period}
    when = sentence.whens[-1]
    months = {each.last for each in when.exact}
    if months and not months & last:
        nearest = "; ".join(f"{line.source}: {line.covers}" for line in report.sources if line.covers)
        yield _slip(sentence.text, when.text, "No source of the report ends then.", nearest)


def _deadline(sentence: Sentence, figures: Catalogue) -> Iterator[Finding]:
    for when in sentence.whens:
        before = sentence.text[: when.start]
        ends = [each.last for each in when.exact]
        is_dated = re.search(r"\d\d", when.text) is not None
        if is_dated and _DEADLINE.search(before) and ends and all(each < figures.quarter.first for each in ends):
            why = f"That was over before {figures.quarter.words}, so nothing can still be due by then."
            yield _slip(sentence.text, when.text, why, figures.quarter.name)


def _groups(sentence: Sentence, report: Report) -> Iterator[Finding]:
    """Farm crime is shown by offence group."""
    found = _SUBTYPE.search(sentence.plain)
    is_of_farms = re.search(r"\bfarm", sentence.text, re.IGNORECASE) and not re.search(
        r"\blocus\b", sentence.text, re.IGNORECASE
    )
    if report.farm and found and is_of_farms:
        groups = ", ".join(report.farm.groups)
        corrected = sentence.text.replace(found[0], "offence group")
        yield _slip(sentence.text, found[0], "The report shows farm crime by offence group.", groups, corrected)


def _years(sentence: Sentence) -> Iterator[Finding]:
    """Yield what is written like a financial year or a month and is neither."""
    for found in _YEARS.finditer(sentence.text) if sentence.named or sentence.numbers else ():
        if _period(re.sub(r"\s", "", found[0])) is None:
            begins = int(found[1])
            year = f"{begins}-{(begins + 1) % 100:02d}"
            corrected = f"{sentence.text[: found.start()]}{year}{sentence.text[found.end() :]}"
            yield _slip(sentence.text, found[0], "That is not a financial year.", year, corrected)


def _per(sentence: Sentence) -> Iterator[Finding]:
    """Yield a rate that is said per a different number from the report's."""
    found = _PER.search(sentence.text)
    if found and found[1].replace(",", "") != "1000":
        yield _slip(sentence.text, found[0], "The report's rates are per 1,000.", f"per 1,000 {found[2]}")


def _period(covers: str) -> Period | None:
    try:
        return Period.parse(covers)
    except ValueFoundError:
        return None
