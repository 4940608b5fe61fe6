"""How the report of one quarter is built: counts are compared, priorities judged, sources dated, sums proved."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures import comparison
from cdrp_xl.periods import quarter_of, year_to_date
from cdrp_xl.report import (
    calibration,
    chance,
    checks,
    currency,
    farm,
    group,
    headlines,
    ledgers,
    local,
    localities,
    mapping,
    priorities,
    returns,
    suppressing,
    usual,
    words,
)
from cdrp_xl.report.model import Check, Intros, Note, Report, Section
from cdrp_xl.report.wording import note_texts, say
from cdrp_xl.sources import publishers
from cdrp_xl.sources.publisher import TableSource
from cdrp_xl.terms import Direction, Status, highest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.offences import Row
    from cdrp_xl.periods import Period
    from cdrp_xl.report.checks import Other
    from cdrp_xl.report.data import Data
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.mapping import RowsByOffence
    from cdrp_xl.report.model import (
        ChanceRow,
        Emerging,
        FarmCrime,
        Headlines,
        Highlights,
        PriorityResult,
        SourceLine,
        Suppressed,
    )
    from cdrp_xl.report.returned import Returned
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Priority, Settings
    from cdrp_xl.sources.master import Inputs
    from cdrp_xl.sources.returns import Collected
    from cdrp_xl.tables import Cell, Counts
    from cdrp_xl.terms import Marking

SUMMARY = "summary"
HIGHLIGHTS = "highlights"
EMERGING = "emerging/issues"

_NOTES = ("counts", "definitions", "no_calc", "rounding", "small")
_SMALL_COUNTS = {"hide": "hidden", "round": "rounded"}
_RULES = {
    "usual movement": "usual_movement",
    "exact test": "exact_test",
    "tolerance": "tolerance",
    "any fall": "any_fall",
}
_RULES_OF_CHANCE = {"usual movement", "exact test"}
_MOVED = {
    frozenset({Direction.REDUCE}): ("fewer", "more"),
    frozenset({Direction.INCREASE}): ("more", "fewer"),
}


def compared_periods(settings: Settings, period: Period) -> tuple[Period, Period]:
    """Return the earlier and later period of the highlights table."""
    later = year_to_date(period.last) if settings.report.compare == "year to date" else period
    return later.earlier(), later


def build(
    settings: Settings,
    *,
    period: Period,
    data: Data,
    inputs: Inputs,
    today: dt.date,
    collected: Collected | None = None,
    printed_before: Collection[tuple[Cell, int]] = (),
    mapped_before: Mapping[Period, RowsByOffence] | None = None,
) -> Report:
    """Return the report of one quarter.

    Parameters
    ----------
    settings
        The partnership's settings.
    period
        The quarter reported.
    data
        The counts of every source.
    inputs
        What the analyst typed in the master.
    today
        The day of the report where the settings give none; no source can be dated after it.
    collected
        What partners returned; None where nothing is expected of them.
    printed_before
        Counts that earlier copies printed, by cell: small ones are hidden before readers who have those too.
    mapped_before
        What each offence was counted under in other quarters.

    Returns
    -------
    Report
        Broken sums and disagreements between sources are among its checks; publishing refuses broken sums.

    Raises
    ------
    CannotBeComputedError
        If a source can't cover the period yet, or not at all.
    ValueFoundError
        If the area or an offence row is not in the counts.
    """
    settings = settings.counted_as(data.counted_as)
    name, counts = data.table(settings)
    currency.check(data.counts.values(), data.others, period=period, today=today)
    figures = _figures(
        settings, period=period, data=data, inputs=inputs, collected=collected, printed_before=printed_before
    )
    tried = calibration.build(_longest(data, counts, figures.table), area=figures.table.area)
    notes = _notes(settings, name, counts, figures, tried.note) | {note: note for note in data.notes}
    return Report(
        partnership=settings.partnership.name,
        area=settings.partnership.area,
        title=settings.report.title,
        producer=settings.partnership.producer,
        contact=settings.partnership.contact,
        date=settings.report.date or today,
        marking=highest([settings.partnership.marking, *inputs.markings.values(), *_markings(figures.returned)]),
        usual_marking=settings.partnership.marking,
        period=period,
        about=_about(settings, figures.table.earlier, figures.table.later),
        intros=_intros(settings, figures, period, notes),
        key=_key(settings),
        headlines=_headlines(settings, figures, counts),
        comparison=figures.highlights,
        suppressed=figures.small_counts,
        broken_sums=tuple(str(each) for each in comparison.broken_sums(figures.table)),
        priorities=figures.results,
        farm=figures.farm,
        returned=figures.returned,
        sections=figures.sections,
        sources=_sources(data, counts, collected, period=period),
        notes=tuple(Note(number=number, text=text) for number, text in enumerate(notes.values(), 1)),
        checks=_all_checks(figures, settings, data=data, inputs=inputs, period=period, collected=collected),
        inputs=inputs,
        rows_to_look_at=ledgers.to_look_at(data.origins),
        answers=figures.answers,
        emerging=figures.issues,
        chances=_chances(settings, figures),
        mapping=mapping.build(data.of_offences, period=period, before=mapped_before or {}),
        calibration=tried,
    )


def _sources(data: Data, table: Counts, collected: Collected | None, *, period: Period) -> tuple[SourceLine, ...]:
    """Return how up to date the figures of every source are, partners' returns last."""
    lines = currency.lines(data.counts.values(), data.others, table=table, period=period)
    return (*lines, *(returns.source_lines(collected) if collected else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """The figures of one quarter, before they are put into words; `highlights` is the table as it may be told.

    `known` is how much each row usually moves; `others` are the same rows by other sources.
    """

    table: Comparison
    known: Mapping[RowKey, Movement]
    others: tuple[Other, ...]
    results: tuple[PriorityResult, ...]
    farm: FarmCrime | None
    highlights: Highlights
    suppressed: Suppressed | None
    answers: tuple[Answer, ...]
    answers_suppressed: Suppressed | None
    issues: Emerging
    withheld: tuple[Check, ...]
    returned: Returned | None
    sections: tuple[Section, ...]

    @property
    def small_counts(self) -> tuple[Suppressed, ...]:
        """What was done to small counts, by worksheet."""
        of_farm = self.farm.suppressed if self.farm else None
        return tuple(each for each in (self.suppressed, of_farm, self.answers_suppressed) if each)

    @property
    def is_rounded(self) -> bool:
        """Whether the highlights are rounded, so that no test can be made of them."""
        return self.suppressed is not None and self.suppressed.is_rounded


def _figures(
    settings: Settings,
    *,
    period: Period,
    data: Data,
    inputs: Inputs,
    collected: Collected | None,
    printed_before: Collection[tuple[Cell, int]],
) -> _Figures:
    name, counts = data.table(settings)
    table = _compared(settings, counts, period)
    results = tuple(_result(settings, each, data, period, inputs) for each in settings.priorities)
    protect = functools.partial(suppressing.highlights, settings=settings, printed_before=printed_before)
    highlights, suppressed = protect(table, priorities=results)
    found = local.answers(inputs.questions, sources=_by_preference(data, name), area=table.area)
    answers, answers_suppressed = suppressing.local_answers(found, highlights=highlights, settings=settings)
    known = _usual_movement(settings, data, counts, table)
    in_localities = localities.rises(settings, counts=data.of_rows, table=table, highlights=highlights)
    written = inputs.words_for(period)
    return _Figures(
        table=table,
        known=known,
        others=checks.others(table, data, counts),
        results=results,
        farm=farm.result(
            settings,
            counts=data.of_rows,
            period=period,
            classification=table.classification,
            priorities=results,
            printed_before=printed_before,
        ),
        highlights=highlights,
        suppressed=suppressed,
        answers=answers,
        answers_suppressed=answers_suppressed,
        issues=chance.emerging(
            table,
            highlights,
            quarter=period,
            known=known,
            settings=settings.significance,
            decisions=inputs.decisions,
            local=in_localities,
            is_rounded=suppressed is not None and suppressed.is_rounded,
        ),
        withheld=chance.withheld(table, highlights, known=known, settings=settings.significance, local=in_localities),
        returned=returns.build(collected, acceptances=written.acceptances) if collected else None,
        sections=_sections(settings, counts.classification.table, written.commentary),
    )


def _usual_movement(settings: Settings, data: Data, counts: Counts, table: Comparison) -> Mapping[RowKey, Movement]:
    """Return how much each row usually moves; nothing where that is not asked for."""
    if settings.significance.test != "usual movement":
        return {}
    return usual.of_rows(_longest(data, counts, table), area=table.area, first=table.later.first)


def _longest(data: Data, counts: Counts, table: Comparison) -> Counts:
    """Return the source of the table's rows that has most months before the period, the table's own if all have."""
    alike = [counts, *(each for each in data.counts.values() if each.classification is counts.classification)]
    return max(alike, key=lambda each: sum(month < table.later.first for month in each.months(table.area)))


def _headlines(settings: Settings, figures: _Figures, counts: Counts) -> Headlines:
    """Return the first page; where small counts are hidden, no year is given that could be set against a quarter."""

    def of_year(row: Row, year: Period) -> int | None:
        if figures.suppressed or row.row_id in counts.rows_missing or not counts.covers(year, area=figures.table.area):
            return None
        return counts.offences(area=figures.table.area, row_id=row.row_id, period=year)

    return headlines.build(
        headlines.Found(
            table=figures.table,
            highlights=figures.highlights,
            of_year=of_year,
            judged=None if figures.is_rounded else chance.judge(settings.significance.test, figures.known),
            settings=settings.significance,
            priorities=figures.results,
            emerging=figures.issues,
        )
    )


def _chances(settings: Settings, figures: _Figures) -> tuple[ChanceRow, ...]:
    if not settings.significance.columns or figures.is_rounded:
        return ()
    return chance.beside(figures.highlights, test=settings.significance.test, known=figures.known)


def _all_checks(
    figures: _Figures,
    settings: Settings,
    *,
    data: Data,
    inputs: Inputs,
    period: Period,
    collected: Collected | None,
) -> tuple[Check, ...]:
    titles = {result.priority_id: result.title for result in figures.results}
    return (
        *checks.of_figures(figures.table, figures.others, data, figures.results),
        *chance.decided(figures.issues, inputs.decisions, period),
        *figures.withheld,
        *map(checks.protected, figures.small_counts),
        *priorities.never_met(settings, data.of_rows),
        *(returns.checks(figures.returned, collected) if figures.returned and collected else ()),
        *words.checks(inputs, sections=figures.sections, priorities=titles, period=period),
    )


def _compared(settings: Settings, counts: Counts, period: Period) -> Comparison:
    area, (earlier, later) = settings.partnership.area, compared_periods(settings, period)
    if not _covers(counts, settings, period) and (last := _last_comparable(counts, settings)):
        try:
            counts.check_covers(later, area=area)
            counts.check_covers(earlier, area=area)
        except CannotBeComputedError as refused:
            option = last.name.replace(" ", "-")
            raise CannotBeComputedError(
                refused.what,
                where=refused.where,
                remedy=f"Add the files for these months, or report the last quarter that can be compared, {last.name}: "
                f"type it on the worksheet Control, or refresh with --quarter {option}.",
            ) from refused
    return comparison.compare(counts, area=area, earlier=earlier, later=later)


def _covers(counts: Counts, settings: Settings, quarter: Period) -> bool:
    """Return whether a quarter's periods can both be counted."""
    return all(counts.covers(each, area=settings.partnership.area) for each in compared_periods(settings, quarter))


def _last_comparable(counts: Counts, settings: Settings) -> Period | None:
    """Return the last quarter of which both periods can be counted."""
    ends = {quarter_of(period.last) for period in counts.covered[settings.partnership.area]}
    return max((quarter for quarter in ends if _covers(counts, settings, quarter)), default=None)


def _by_preference(data: Data, first: str) -> tuple[Counts, ...]:
    """Return every source, that of the highlights first."""
    return data.counts[first], *(counts for name, counts in data.counts.items() if name != first)


def _intros(settings: Settings, figures: _Figures, period: Period, notes: Iterable[str]) -> Intros:
    cited = {note: f"[note {number}]" for number, note in enumerate(notes, 1)}
    return Intros(
        summary=_summary_intro(figures.results, period, cited),
        highlights=_highlights_intro(figures, cited),
        farm=_small_counts(figures.farm.suppressed if figures.farm else None, "farm", "small_", cited),
        currency=say("currency", "intro", words=period.words),
        series=say("series", "intro", note_series=cited.get("series", "")),
        projection=say("projection", "intro", note_projection=cited.get("projection", "")),
        group=say("group", "intro", area=settings.partnership.area, note_group=cited.get("group", "")),
        notes=say("notes", "intro"),
    )


def _summary_intro(results: Sequence[PriorityResult], period: Period, cited: Mapping[str, str]) -> str:
    if not results:
        return say("summary", "none")
    return say("summary", "intro", words=year_to_date(period.last).words, note_rag=cited.get("rag", ""))


def _result(settings: Settings, priority: Priority, data: Data, period: Period, inputs: Inputs) -> PriorityResult:
    """Return one priority's result, with its place in the most similar group where there is one."""
    area = settings.partnership.area
    found = priorities.result(
        priority,
        sources=tuple(data.counts.values()),
        area=area,
        period=period,
        override=inputs.words_for(period).overrides.get(priority.id),
        projection=settings.report.projection,
    )
    if settings.group is None or data.group is None:
        return found
    alike = [each for each in data.counts.values() if each.classification is data.group.counts.classification]
    placed = group.result(
        priority,
        group=settings.group,
        data=data.group,
        area=area,
        period=period,
        counted=lambda each: priorities.offences(priority, sources=alike, area=area, period=each) if alike else None,
    )
    if isinstance(placed, str):
        return replace(found, findings=(*found.findings, placed))
    return replace(found, group=placed, findings=(*found.findings, *placed.findings))


def _markings(returned: Returned | None) -> list[Marking]:
    """Return the markings of the returns that have come: their forms say how sensitive they are."""
    return [section.marking for section in returned.sections if section.has_come] if returned else []


def _highlights_intro(figures: _Figures, cited: Mapping[str, str]) -> str:
    intro = [say("highlights", "intro", **{f"note_{note}": cited[note] for note in _NOTES})]
    small = _small_counts(figures.suppressed, "highlights", "", cited)
    others = checks.disagreements(figures.others, is_told=figures.suppressed is None)
    return " ".join(filter(None, [*intro, small, *others]))


def _small_counts(done: Suppressed | None, section: str, prefix: str, cited: Mapping[str, str]) -> str:
    """Return what was done to a worksheet's small counts, with the note that says so; empty where nothing was."""
    if done is None:
        return ""
    kind = _SMALL_COUNTS["round" if done.is_rounded else "hide"]
    return say(section, f"{prefix}{kind}", **{f"note_{kind}": cited[kind]})


def _about(settings: Settings, earlier: Period, later: Period) -> tuple[str, ...]:
    return (
        say("cover", "what", area=settings.partnership.area, words=later.words),
        say("cover", "compared", earlier=earlier.words, later=later.words),
        say("cover", "symbols"),
        *settings.report.about,
    )


def _notes(settings: Settings, name: str, counts: Counts, figures: _Figures, tried: str) -> dict[str, str]:
    """Return the notes that this report needs, by id, in the order in which they are numbered."""
    results = figures.results
    how_counted = publishers.kinds(TableSource)[name].how_counted
    notes = {"counts": note_texts("counts")["any"].format(how_counted=how_counted)}
    notes["definitions"] = note_texts("definitions")["any"].format(title=counts.classification.title)
    notes.update({note: note_texts(note)["any"] for note in _NOTES if note not in notes})
    small = settings.suppression
    for mode in (small.highlights, small.farm if figures.farm else "off"):
        if kind := _SMALL_COUNTS.get(mode):
            notes[kind] = note_texts(kind)["any"].format(unsafe_up_to=small.unsafe_up_to)
    rules = dict.fromkeys(_rule(priority) for priority in settings.priorities)
    if rules:
        notes["rag"] = note_texts("rag")["any"].format(rules=" ".join(say("rules", rule) for rule in rules))
    told_in = "rag" if rules else "small"
    notes[told_in] = f"{notes[told_in]} {tried}".strip()
    if any(result.series for result in results):
        notes["series"] = note_texts("series")["any"]
    if any(result.year_end for result in results):
        notes["projection"] = note_texts("projection")["any"]
    if settings.group and any(result.group for result in results):
        spread = say("group", "spread") if settings.group.overdispersion else ""
        notes["group"] = note_texts("group")["any"].format(spread=spread)
    return notes


def _rule(priority: Priority) -> str:
    """Return the key of the words for a priority's rule; only "any fall" reads otherwise where a rise is wanted."""
    rule = _RULES[priority.rag.rule]
    return "any_rise" if rule == "any_fall" and priority.direction is Direction.INCREASE else rule


def _key(settings: Settings) -> tuple[tuple[Status, str], ...]:
    """Return what each position means, by the directions and rules that the priorities have."""
    directions = frozenset(priority.direction for priority in settings.priorities)
    better, worse = _MOVED.get(directions, ("as_wanted", "not_as_wanted"))
    rules = {priority.rag.rule for priority in settings.priorities}
    margin = say("margin", _RULES[rules.pop()] if len(rules) == 1 and rules <= _RULES_OF_CHANCE else "other")
    return (
        (Status.BETTER, say("meaning", "better", moved=say("moved", better), margin=margin)),
        (Status.CONCERN, say("meaning", "concern", margin=margin)),
        (Status.WORSE, say("meaning", "worse", moved=say("moved", worse), margin=margin)),
        (Status.NOT_ASSESSED, say("meaning", "not_assessed")),
    )


def _sections(settings: Settings, highlights: str, commentary: Mapping[str, str]) -> tuple[Section, ...]:
    titles = {
        headlines.SECTION: say("headlines", "title"),
        SUMMARY: "Summary",
        **{priority.id: priority.title for priority in settings.priorities},
    }
    titles |= {farm.SECTION: say("farm", "title")} if settings.farm else {}
    titles |= {HIGHLIGHTS: highlights, EMERGING: say("emerging", "title")}
    return tuple(
        Section(section_id=section_id, title=title, commentary=commentary.get(section_id, ""))
        for section_id, title in titles.items()
    )
