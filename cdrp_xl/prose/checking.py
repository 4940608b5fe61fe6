"""A text checked against a report: what its figures do not bear out, and the numbers that its author answers for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.prose import comparisons, directions, extremes, sentences, slips
from cdrp_xl.prose.binding import Binder
from cdrp_xl.prose.candidates import Candidates
from cdrp_xl.prose.catalogue import FARM, Catalogue, Measure, catalogue
from cdrp_xl.prose.findings import Checked, Fault, Finding
from cdrp_xl.prose.names import names
from cdrp_xl.prose.numerals import Kind
from cdrp_xl.prose.sentences import Own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.prose.binding import Bound
    from cdrp_xl.prose.names import Names
    from cdrp_xl.prose.options import Option
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.prose.whens import When
    from cdrp_xl.report import Report

_NEAR_MISS = 0.1
_SOURCED = re.compile(r"\((sources?: [^()]{3,})\)\W*$", re.IGNORECASE)
"""How an analyst marks a sentence's numbers as their own: with where they have them from, at its end."""
_GOES_ON = re.compile(
    r"\W*(?:In [\w/-]+,? (?=(?:it|they|this)\b))?(?:[Tt]his|That|These|Those|[Ii]t|[Tt]hey|Of (?:these|those|this)|"
    r"The (?:fall|rise|increase|reduction)|[\w-]+ of the \d+)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """Checks any number of texts against one report."""

    report: Report
    figures: Catalogue
    names: Names
    own_sentences: frozenset[str]

    @classmethod
    def of(cls, report: Report) -> Checker:
        """Return the checker of a report; its figures and names are listed once."""
        figures = catalogue(report)
        own_sentences = frozenset(each for paragraph in figures.sentences for each in sentences.split(paragraph))
        return cls(report=report, figures=figures, names=names(figures), own_sentences=own_sentences)

    def check(self, text: str, *, section: str = "", of_partner: bool = False) -> Checked:
        """Return what a text says that the figures do not bear out.

        Parameters
        ----------
        text
            Any text: commentary, a press release, minutes.
        section
            The section of the report that it is written about, empty for other texts.
        of_partner
            Whether a partner wrote it, who speaks of much that is not a figure of the report: only sentences that name
            one of its rows in full are checked, and the partner's own numbers are not listed.
        """
        findings: list[Finding] = []
        own: list[Own] = []
        of_section = self._about(section)
        about: tuple[str, ...] = ()
        whens: tuple[When, ...] = ()
        for said in sentences.split(text):
            if sentences.is_heading(said):
                of_section, about = self._named_in(said) or self._about(section), ()
            goes_on = _GOES_ON.match(said) is not None
            sentence = sentences.read(
                said,
                self.figures,
                self.names,
                about=(about if goes_on else ()) or of_section,
                before=whens if goes_on else (),
            )
            named = [each.keys for each in sentence.named if not each.is_short]
            checked = self._checked(sentence) if named or not of_partner else Checked(findings=(), own=())
            findings += [replace(each, section=section) for each in checked.findings]
            own += () if of_partner else checked.own
            every = named or [each.keys for each in sentence.named]
            about, whens = (every[0] if every else sentence.about), sentence.whens or sentence.before
        findings += [replace(each, section=section) for each in slips.of_captions(text)]
        return Checked(findings=tuple(dict.fromkeys(findings)), own=tuple(own))

    def binder(self, sentence: Sentence) -> Binder:
        """Return what binds the numbers of a sentence to the report's figures."""
        candidates = Candidates(catalogue=self.figures, sentence=sentence)
        return Binder(catalogue=self.figures, sentence=sentence, candidates=candidates, all_crime=self._all_crime())

    def _about(self, section: str) -> tuple[str, ...]:
        if section == "farm/offences":
            return tuple(key for key in ("farm-crime", FARM) if key in self.figures.subjects)
        if section == "headlines":
            return self._all_crime()
        if section not in self.figures.subjects:
            return ()
        title = self.figures.subjects[section].names[0]
        return self._named_in(title) or (section,)

    def _named_in(self, text: str) -> tuple[str, ...]:
        return tuple(key for each in self.names.found_in(text) if not each.is_short for key in each.keys)

    def _all_crime(self) -> tuple[str, ...]:
        keys = (self.report.comparison.classification.all_crime.row_id, "all-recorded")
        return tuple(key for key in keys if key in self.figures.subjects)

    def _checked(self, sentence: Sentence) -> Checked:
        if sentence.text in self.own_sentences:
            return Checked(findings=(), own=())
        if said := _SOURCED.search(sentence.text):
            numbers = (each.text.strip() for each in sentence.numbers if each.start < said.start())
            listed = (Own(text=each, what=f"own, {said[1]}", sentence=sentence.text) for each in numbers)
            return Checked(findings=(), own=(*sentence.own, *listed))
        binder = self.binder(sentence)
        bound = binder.bind()
        found = [
            *(wrong for each in bound for wrong in _of_number(each, sentence, self.figures)),
            *directions.of_moves(binder, bound),
            *comparisons.of_figures(binder, bound),
            *extremes.of_extremes(binder, self.report),
            *slips.of_sentence(sentence, self.report, self.figures),
        ]
        if not found and not any(each.is_unread for each in bound):
            found = [*directions.of_whens(binder, bound), *directions.of_places(binder, bound)]
        return Checked(findings=tuple(found), own=tuple(binder.own(bound)))


def _of_number(bound: Bound, sentence: Sentence, figures: Catalogue) -> Iterator[Finding]:
    """Yield what is wrong with a number that agrees with no figure that it can mean."""
    if bound.option or bound.is_own or bound.is_passed_over or bound.is_unread:
        return
    number, nearest = bound.number, bound.nearest
    if bound.wrong_way and nearest:
        wrong = bound.move.text if bound.move else number.sign
        right = "a rise" if nearest.way and nearest.way > 0 else "a fall" if nearest.way else "no change"
        words = f"{wrong} {number.text}".strip() if bound.move else number.text
        why = f"The figures show {right}: {nearest.words}."
        yield _finding(sentence, words, why, nearest, Fault.CONTRADICTION)
        return
    if nearest is None and bound.elsewhere:
        why = f"That is the figure for another period: {bound.elsewhere.words}."
        yield _finding(sentence, number.text, why, bound.elsewhere, Fault.PERIOD)
        return
    if nearest is None:
        yield _without_figure(bound, sentence, figures)
        return
    if abs(nearest.value) == number.value:
        yield _finding(sentence, number.text, f"That is another figure: {nearest.words}.", nearest, Fault.CONTRADICTION)
        return
    elsewhere = bound.elsewhere
    if elsewhere and elsewhere.figures[-1].period != nearest.figures[-1].period:
        why = f"That is the figure for another period: {elsewhere.words}."
        yield _finding(sentence, number.text, why, nearest, Fault.PERIOD, _put(bound, nearest, sentence))
        return
    miss = abs(abs(nearest.value) - number.value) <= max(1, _NEAR_MISS * abs(nearest.value))
    fault, what = (Fault.NEAR_MISS, "is not quite") if miss else (Fault.CONTRADICTION, "is not")
    why = f"{number.text.strip()} {what} what the report has: {nearest.shown}."
    yield _finding(sentence, number.text, why, nearest, fault, _put(bound, nearest, sentence))


def _without_figure(bound: Bound, sentence: Sentence, figures: Catalogue) -> Finding:
    """Return a finding for a number with nothing in the report that it could be."""
    if bound.number.kind is Kind.POSITION:
        why = "The report has no position in the most similar group for that period, or the sentence names no period."
        positions = [each for each in figures.figures if each.measure is Measure.POSITION and each.area == figures.area]
        last = positions[-2:-1] or positions[-1:]
        nearest = "; ".join(f"{each.shown}, {each.words} ({each.name})" for each in last)
        return _plain(sentence, bound.number.text, why, nearest, Fault.PERIOD)
    levels = [each for key in bound.keys for each in figures.by_subject.get(key, ()) if each.measure is Measure.LEVEL]
    own = next(
        (each for each in levels if each.period in {figures.later, figures.quarter}), levels[0] if levels else None
    )
    nearest = f"{own.shown}, {own.words} ({own.name})" if own else ""
    why = "The report has no figure for this, for the period that the sentence names."
    return _plain(sentence, bound.number.text, why, nearest, Fault.NOT_IN_REPORT)


def _finding(sentence: Sentence, words: str, why: str, nearest: Option, fault: Fault, corrected: str = "") -> Finding:
    named = " and ".join(each.name for each in nearest.figures)
    return _plain(sentence, words, why, f"{nearest.shown}, {nearest.words} ({named})", fault, corrected)


def _plain(sentence: Sentence, words: str, why: str, nearest: str, fault: Fault, corrected: str = "") -> Finding:
    return Finding(
        sentence=sentence.text, words=words.strip(), why=why, nearest=nearest, corrected=corrected, fault=fault
    )


def _put(bound: Bound, nearest: Option, sentence: Sentence) -> str:
    """Return the sentence with the true figure in the number's place, written as the number was."""
    number = bound.number
    if number.kind in {Kind.PART, Kind.TIMES}:
        return ""
    shown = nearest.shown
    if number.kind is Kind.PERCENT:
        ending = re.search(r"\s?%|[\s-]per\s?cents?", number.text, re.IGNORECASE)
        figure = f"{abs(nearest.value):,.{max(number.decimals, 1)}f}"
        shown = f"{number.sign}{' ' if ' ' in number.text[:2] else ''}{figure}{ending[0] if ending else '%'}"
    elif number.kind is Kind.COUNT:
        shown = shown.lstrip("-+ ") if not number.sign else shown
    return f"{sentence.text[: number.start]}{shown}{sentence.text[number.end :]}"
