"""How the report of one quarter is built: counts are compared, priorities judged, sources dated, sums proved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError, ValueFoundError
from cdrp_xl.measures import comparison
from cdrp_xl.periods import quarter_of, year_ending, year_to_date
from cdrp_xl.report import (
    calibration,
    chance,
    changed,
    checks,
    currency,
    farm,
    group,
    headlines,
    local,
    localities,
    mapping,
    notes,
    outcomes,
    parts,
    places,
    priorities,
    published_highlights,
    rates_beside,
    returns,
    sections,
    suppressing,
    trends,
    usual,
    words,
)
from cdrp_xl.report.data import NOTHING_BEFORE
from cdrp_xl.report.disclosed import Disclosed
from cdrp_xl.report.figures import Figures
from cdrp_xl.report.model import Check, Note, Report
from cdrp_xl.report.of_rows import OfRows
from cdrp_xl.terms import highest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.offences import Row
    from cdrp_xl.periods import Period
    from cdrp_xl.report.data import Before, Data
    from cdrp_xl.report.localities import LocalRises
    from cdrp_xl.report.model import (
        ChanceRow,
        Headlines,
        PriorityResult,
        SourceLine,
    )
    from cdrp_xl.report.returned import Returned
    from cdrp_xl.report.suppressing import Copy, Protected
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.settings.priorities import Priority
    from cdrp_xl.sources.master import Inputs
    from cdrp_xl.sources.returns import Collected
    from cdrp_xl.tables import Cell, Counts
    from cdrp_xl.terms import Marking


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
    before: Before = NOTHING_BEFORE,
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
    before
        What earlier refreshes and copies left.

    Returns
    -------
    Report
        Broken sums and disagreements between sources are among its checks; publishing refuses broken sums.

    Raises
    ------
    CannotBeComputedError, ValueFoundError
        If a source can't cover the period yet, or not at all; if the area or an offence row is not in the counts.
    """
    name, counts = data.table(settings := settings.counted_as(data.counted_as))
    currency.check(data.counts.values(), data.others, period=period, today=today)
    figures = _figures(settings, period, data, inputs, collected=collected, before=before)
    tried = calibration.build(_longest(data, counts, figures.table), area=figures.table.area)
    cited = notes.notes(settings, name, counts, figures, tried.note) | {note: note for note in data.notes}
    numbered = _numbered(cited, notes.of_rows(settings, counts, figures))
    built = Report(
        partnership=settings.partnership.name,
        area=settings.partnership.area,
        title=settings.report.title,
        producer=settings.partnership.producer,
        contact=settings.partnership.contact,
        date=settings.report.date or today,
        marking=highest([settings.partnership.marking, *inputs.markings.values(), *_markings(figures.returned)]),
        usual_marking=settings.partnership.marking,
        period=period,
        about=notes.about(settings, figures.table.earlier, figures.table.later),
        intros=notes.intros(settings, figures, period, numbered),
        key=notes.key(settings),
        headlines=_headlines(settings, figures, data),
        comparison=figures.highlights,
        suppressed=figures.small_counts,
        broken_sums=tuple(str(each) for each in comparison.broken_sums(figures.table)),
        priorities=figures.results,
        farm=figures.farm,
        returned=figures.returned,
        of_rows=figures.of_rows,
        sections=figures.sections,
        sources=_sources(data, counts, collected, period=period),
        notes=tuple(numbered.values()),
        checks=_all_checks(figures, settings, data=data, inputs=inputs, period=period, collected=collected),
        inputs=inputs,
        answers=figures.answers,
        emerging=figures.issues,
        chances=_chances(settings, figures),
        calibration=tried,
    )
    held = _held_against(built, figures, data, before, note=numbered["revisions"].citation)
    return sections.arranged(held, settings)


def _numbered(texts: Mapping[str, str], by_rows: Mapping[str, tuple[str, ...]]) -> dict[str, Note]:
    """Return notes as they are cited: those of the whole report by their key, then those of rows by their text."""
    every = {**texts, **{text: text for text in by_rows}}
    return {
        note: Note(number=number, text=text, rows=by_rows.get(text, ()))
        for number, (note, text) in enumerate(every.items(), 1)
    }


def _held_against(built: Report, figures: Figures, data: Data, before: Before, *, note: str) -> Report:
    """Return a report with what it discloses of counts, what moved since, and what earlier copies said."""
    read = mapping.build(data.of_offences, period=built.period, before=before.mapped)
    said = changed.in_words(figures.changed, note=note, headlines=[line.key for line in built.headlines.lines])
    return replace(built, mapping=read, revisions=before.revised, changed=said, disclosed=figures.disclosed)


def hidden(built: Report, settings: Settings, *, data: Data) -> tuple[Disclosed, ...]:
    """Return the counts that a report hides or rounds, as they are: no report has them, and later copies must know.

    Parameters
    ----------
    built
        The report, made of the same settings and data.
    settings
        The partnership's settings.
    data
        The counts of every source.
    """
    copy = _copy(settings.counted_as(data.counted_as), period=built.period, data=data, inputs=built.inputs)
    shown = {each.cell for each in built.disclosed if each.how == "printed"}
    return tuple(
        Disclosed(cell, count, "hidden")
        for counts in suppressing.by_sheet(copy).values()
        for cell, count in counts.items()
        if cell not in shown
    )


def _sources(data: Data, table: Counts, collected: Collected | None, *, period: Period) -> tuple[SourceLine, ...]:
    """Return how up to date the figures of every source are, partners' returns last."""
    lines = currency.lines(data.counts.values(), data.others, table=table, period=period)
    return (*lines, *(returns.source_lines(collected) if collected else ()))


def _figures(
    settings: Settings, period: Period, data: Data, inputs: Inputs, *, collected: Collected | None, before: Before
) -> Figures:
    counts, copy = data.table(settings)[1], _copy(settings, period=period, data=data, inputs=inputs)
    table, results = copy.table, tuple(copy.priorities)
    published, in_localities = _protected(copy, settings, counts=data.of_rows, disclosed_before=before.disclosed)
    is_rounded = bool((suppressed := published.of(table.classification.table)) and suppressed.is_rounded)
    known = _usual_movement(settings, data, counts, table)
    issues = chance.emerging(
        published_highlights.as_published(table, published.highlights),
        published.highlights,
        quarter=period,
        known=known,
        settings=settings.significance,
        decisions=inputs.decisions,
        local=in_localities,
        is_rounded=is_rounded,
    )
    listed = [each.row.row_id for each in (*issues.rises, *issues.falls)] if is_rounded else None
    written = inputs.words_for(period)
    return Figures(
        table=table,
        known=known,
        others=checks.others(table, data, counts),
        results=results,
        farm=farm.result(published.farm, published.of(suppressing.FARM)) if published.farm else None,
        highlights=published.highlights,
        small_counts=sections.small_counts(published.suppressed, settings, table.classification.table),
        suppressed=suppressed,
        answers=published.answers,
        issues=issues,
        withheld=_withheld(settings, published, in_localities, known, table=table, listed=listed),
        returned=returns.build(collected, acceptances=written.acceptances) if collected else None,
        sections=sections.written(settings, counts.classification.table, written.commentary),
        disclosed=published.disclosed,
        changed=changed.build(published, copy, before.copies, settings=settings, counts=counts, period=period),
        of_rows=OfRows(
            places=places.table_of(
                settings, data.places, _longest(data, counts, table), table=table, published=published
            ),
            outcomes=outcomes.table_of(data.outcomes, table=table, published=published),
            flags=parts.flags(settings),
        ),
        trends=trends.build(copy.months, headlines.main_rows(table.classification)),
        years=_years(settings, copy, published, counts),
    )


def _withheld(
    settings: Settings,
    published: Protected,
    local: LocalRises,
    known: Mapping[RowKey, Movement],
    *,
    table: Comparison,
    listed: Collection[str] | None,
) -> tuple[Check, ...]:
    """Return for the analyst what changed by more than usual and is not published; see `chance.withheld`."""
    own = settings.significance
    return chance.withheld(table, published.highlights, known=known, settings=own, local=local, listed=listed)


def _usual_movement(settings: Settings, data: Data, counts: Counts, table: Comparison) -> Mapping[RowKey, Movement]:
    """Return how much each row usually moves; nothing where that is not asked for."""
    if settings.significance.test != "usual movement":
        return {}
    return usual.of_rows(_longest(data, counts, table), area=table.area, first=table.later.first)


def _longest(data: Data, counts: Counts, table: Comparison) -> Counts:
    """Return the source of the table's rows that has most months before the period, the table's own if all have."""
    rows = {compared.row.row_id for compared in table.rows}
    alike = [
        counts,
        *(
            each
            for each in data.counts.values()
            if each.classification.counts_alike(counts.classification)
            and rows <= {row.row_id for row in each.classification.rows}
        ),
    ]
    return max(alike, key=lambda each: sum(month < table.later.first for month in each.months(table.area)))


def _headlines(settings: Settings, figures: Figures, data: Data) -> Headlines:
    """Return the headlines; where small counts are hidden, no year is given that could be set against a quarter."""
    counts, area = data.table(settings)[1], figures.table.area

    def of_year(row: Row, year: Period) -> int | None:
        return figures.years.get((area, row.row_id, year))

    year = year_ending(figures.table.later.last)
    page = headlines.build(
        headlines.Found(
            table=figures.table,
            highlights=figures.highlights,
            of_year=of_year,
            judged=None if figures.is_rounded else chance.judge(settings.significance.test, figures.known),
            settings=settings.significance,
            priorities=figures.results,
            measures={each.id: _rows_of(each, counts) for each in settings.priorities},
            emerging=figures.issues,
            rates=rates_beside.Beside(
                people=data.people, force=data.force, group=data.group, counts=counts, area=area, year=year
            ).rates,
            force=data.force.name if data.force else "",
        )
    )
    return replace(page, trends=figures.trends)


def _years(settings: Settings, copy: Copy, published: Protected, counts: Counts) -> Mapping[Cell, int]:
    """Return the years that may be published: those that the ledger has; of all rows where no count has a policy."""
    table = copy.table
    if _is_hiding(settings) or published.suppressed:
        return copy.years
    rows = [each.row for each in table.rows]
    return headlines.years(counts, rows, area=table.area, later=table.later)


def _rows_of(priority: Priority, counts: Counts) -> tuple[str, ...]:
    """Return the ids of the table's rows that a priority adds up, none where it is of some of their offences alone."""
    known = {row.row_id for row in counts.classification.rows}
    rows = () if priority.measure.is_by_locus else priority.measure.rows
    try:
        ids = tuple(counts.classification.row(row).row_id for row in rows)
    except ValueFoundError:
        return ()
    return ids if known.issuperset(ids) else ()


def _is_hiding(settings: Settings) -> bool:
    """Return whether small counts of the area are hidden: nothing is published that could be set against them."""
    return {settings.suppression.highlights, settings.suppression.farm} != {"off"}


def _copy(settings: Settings, *, period: Period, data: Data, inputs: Inputs) -> Copy:
    """Return all counts that the copy of a quarter would publish."""
    name, counts = data.table(settings)
    of_farm = farm.counted(settings, counts=data.of_rows, period=period)
    table = _compared(settings, counts, period)
    main = headlines.main_rows(table.classification)
    return suppressing.Copy(
        table=table,
        places=places.cells(settings, data.places, table),
        places_sheet=settings.places.several if settings.places else "",
        outcomes=outcomes.cells(data.outcomes, table),
        months={} if _is_hiding(settings) else trends.counted(counts, main, area=table.area, last=period),
        years={} if _is_hiding(settings) else headlines.years(counts, main, area=table.area, later=table.later),
        priorities=tuple(_result(settings, priority, data, period, inputs) for priority in settings.priorities),
        farm=of_farm,
        groups=farm.groups_of(of_farm) if of_farm else (),
        answers=local.answers(
            inputs.questions, sources=_by_preference(data, name), area=settings.partnership.area, quarter=period
        ),
    )


def _protected(
    copy: Copy, settings: Settings, *, counts: Counts | None, disclosed_before: Collection[Disclosed]
) -> tuple[Protected, LocalRises]:
    """Return what is published of all counts, and the rises of localities that can be listed beside it."""

    def protect(risen: Mapping[Cell, int]) -> Protected:
        return suppressing.protect(replace(copy, risen=risen), settings=settings, disclosed_before=disclosed_before)

    found = localities.rises(
        settings,
        counts=counts,
        table=copy.table,
        protect=lambda risen: protect(risen).hidden,
        worked_out=suppressing.worked_out(copy, settings=settings) if settings.significance.localities else (),
    )
    return protect(localities.counts_of(found.rises, copy.table)), found


def _chances(settings: Settings, figures: Figures) -> tuple[ChanceRow, ...]:
    if not settings.significance.columns or figures.is_rounded:
        return ()
    return chance.beside(figures.highlights, test=settings.significance.test, known=figures.known)


def _all_checks(
    figures: Figures,
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
    theirs = data.group.counts.classification
    alike = [each for each in data.counts.values() if each.classification.counts_alike(theirs)]
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
