"""The policy on small counts, applied to each worksheet's figures before they reach the report.

The report holds a symbol where a count is hidden, and the count nowhere: what is made of the report can't give it away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from cdrp_xl.measures.attack import Sum
from cdrp_xl.measures.comparison import apparent_change
from cdrp_xl.measures.suppression import Policy, Suppression, declared_sums, suppress
from cdrp_xl.periods import Period, quarters_of
from cdrp_xl.report.farm_counts import ALL, REPEATS, UNNAMED, VICTIMS
from cdrp_xl.report.model import Highlights, HighlightsRow, Suppressed
from cdrp_xl.selected import OfFarm, OfPriority, OfRow
from cdrp_xl.terms import NO_CALC, SUPPRESSED, Flag

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.report.farm_counts import FarmCounts
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.model import PriorityResult
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Priority, Settings
    from cdrp_xl.tables import Cell

LOCAL = "Local analysis"
FARM = "Farm crime by group, Farm crime by quarter"

Mode = Literal["off", "hide", "round"]


def policy(settings: Settings, mode: Mode, classification: Classification) -> Policy | None:
    """Return the policy of a worksheet, None where it prints every count as it is.

    Parameters
    ----------
    settings
        The partnership's settings.
    mode
        What the settings say of the worksheet.
    classification
        The classification that its rows are of.

    Raises
    ------
    ValueFoundError
        If a sensitive row is not one of the classification's.
    """
    if mode == "off":
        return None
    own = settings.suppression
    sensitive = frozenset(classification.row(name).row_id for name in own.sensitive_rows)
    return Policy(threshold=own.unsafe_up_to, sensitive=sensitive, is_rounded=mode == "round")


def highlights(
    table: Comparison,
    *,
    settings: Settings,
    priorities: Sequence[PriorityResult],
    printed_before: Collection[tuple[Cell, int]] = (),
) -> tuple[Highlights, Suppressed | None]:
    """Return the highlights as they are printed, and what was done to their small counts.

    Parameters
    ----------
    table
        Every offence row in two periods.
    settings
        The partnership's settings, with the policy.
    priorities
        The results that stand on worksheets of their own: their counts are printed, whatever is hidden here.
    printed_before
        Counts that earlier copies printed; readers who kept those know them, where the counts did not change since.

    Returns
    -------
    tuple
        The rows with symbols where counts are hidden; None where there is no policy. Units: offences.

    Raises
    ------
    ValueFoundError
        If a sensitive row is not one of the classification's.
    """
    own = policy(settings, settings.suppression.highlights, table.classification)
    if own is None:
        rows = [_printed(each.row, each.earlier, each.later) for each in table.rows]
        return _highlights(table, rows), None
    counts = dict(_counts(table))
    also = dict(_also_printed(settings.priorities, priorities, table))
    sums = declared_sums(table.classification, areas=[table.area], periods=[table.earlier, table.later])
    sums += [
        Sum(whole=cell, parts=tuple((table.area, table.classification.row(row).row_id, cell[2]) for row in rows))
        for cell, (rows, _) in also.items()
    ]
    known = {cell for cell, count in counts.items() if (cell, count) in printed_before}
    every = counts | {cell: count for cell, (_, count) in also.items()}
    done = _against_both(every, sums, own, printed=also.keys(), before=known)
    rows = [
        _printed(each.row, *(done.printed[table.area, each.row.row_id, when] for when in (table.earlier, table.later)))
        for each in table.rows
    ]
    told = Suppressed(
        sheet=table.classification.table,
        is_rounded=own.is_rounded,
        unsafe=len(done.unsafe),
        hidden=len(done.hidden),
        exposed=len(done.exposed),
    )
    return _highlights(table, rows), told


def _against_both(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], own: Policy, *, printed: Collection[Cell], before: set[Cell]
) -> Suppression:
    """Return what may be printed before a reader of this copy alone, and one who has earlier copies too.

    What either needs hidden is hidden: hiding more never tells a reader more.
    """
    alone = suppress(counts, sums, own, printed=printed)
    if not alone.unsafe or not before:
        return alone
    both = suppress(counts, sums, own, printed=before.union(printed))
    hidden = alone.hidden | both.hidden
    return Suppression(
        printed={cell: None if cell in hidden else count for cell, count in alone.printed.items()},
        hidden=hidden,
        unsafe=alone.unsafe,
        exposed=alone.exposed | both.exposed | (alone.unsafe & before),
    )


def local_answers(
    answers: Sequence[Answer], *, highlights: Highlights, settings: Settings
) -> tuple[tuple[Answer, ...], Suppressed | None]:
    """Return the answers to local questions as they are printed, and what was done to their small counts.

    Parameters
    ----------
    answers
        With every count as it is; those about the whole area are printed so, as the highlights are.
    highlights
        The rows as they are printed: what readers know of the whole area.
    settings
        The partnership's settings, with the policy.

    Returns
    -------
    tuple
        The answers with symbols where counts are hidden; None where there is no policy or no answer. Units: offences.
    """
    own = policy(settings, settings.suppression.localities, highlights.classification)
    if own is None or not answers:
        return tuple(answers), None
    counts = {cell: count for each in answers for cell, count in _local_counts(each) if isinstance(count, int)}
    whole = highlights.area.casefold()
    known = {
        (whole, row.row.row_id, period): count
        for row in highlights.rows
        for period, count in ((highlights.earlier, row.earlier), (highlights.later, row.later))
        if isinstance(count, int) and any(cell[1:] == (row.row.row_id, period) for cell in counts)
    }
    elsewhere = {cell for cell in counts if cell[0] == whole} | known.keys()
    sums = _local_sums(known | counts, answers, highlights.classification, whole=whole)
    done = suppress(known | counts, sums, own, printed=elsewhere)
    told = Suppressed(
        sheet=LOCAL,
        is_rounded=own.is_rounded,
        unsafe=len(done.unsafe),
        hidden=len(done.hidden),
        exposed=len(done.exposed),
    )
    return tuple(_printed_answer(each, done.printed) for each in answers), told


def _local_counts(answer: Answer) -> Iterator[tuple[Cell, int | str]]:
    """Give the counts of an answer by cell: of its row in both periods, and of what bears the flag."""
    area = answer.area.casefold()
    flag = answer.flag if isinstance(answer.flag, Flag) else None
    yield (area, answer.row_id, answer.period), answer.offences
    yield (area, answer.row_id, answer.earlier_period), answer.earlier
    yield (area, OfRow(answer.row_id, flag=flag), answer.period), answer.flagged


def _local_sums(
    counts: Mapping[Cell, int], answers: Sequence[Answer], classification: Classification, *, whole: str
) -> list[Sum[Cell]]:
    """Return what adds up, and what bounds what: localities the whole area, what bears a flag all offences."""
    sums = [*_sums_of_periods(counts), *_sums_of_rows(counts, classification)]
    for area, row, period in counts:
        parts = [cell for cell in counts if cell[0] != whole and cell[1:] == (row, period)]
        if area == whole and parts:
            sums.append(Sum(whole=(area, row, period), parts=tuple(parts), is_bound=True))
    for answer in answers:
        (every, _), _, (flagged, _) = _local_counts(answer)
        if every in counts and flagged in counts:
            sums.append(Sum(whole=every, parts=(flagged,), is_bound=True))
    return sums


def _sums_of_periods(counts: Mapping[Cell, int]) -> Iterator[Sum[Cell]]:
    """Give, for every period, that the shorter ones within it are not more, or, where they make it up, just as many."""
    for area, row, period in counts:
        within = [cell for cell in counts if cell[:2] == (area, row) and cell[2] != period and cell[2] in period]
        months = [month for cell in within for month in cell[2].months]
        if sorted(months) == sorted(period.months):
            yield Sum(whole=(area, row, period), parts=tuple(within))
        else:
            yield from (Sum(whole=(area, row, period), parts=(cell,), is_bound=True) for cell in within)


def _sums_of_rows(counts: Mapping[Cell, int], classification: Classification) -> Iterator[Sum[Cell]]:
    """Give, for every place and period, the declared sums and bounds of the rows that were asked about there."""
    parts_of = {each.whole: each.parts for each in classification.identities}
    asked: dict[tuple[str, Flag | None, Period], dict[str, Cell]] = {}
    for area, row, period in counts:
        row_id, flag = (row.row_id, row.flag) if isinstance(row, OfRow) else (row, None)
        if isinstance(row_id, str):
            asked.setdefault((area, flag, period), {})[row_id] = (area, row, period)
    for rows in asked.values():
        for whole in [row_id for row_id in rows if row_id in parts_of]:
            parts = _asked_parts(whole, parts_of, rows)
            known = tuple(rows[part] for part in parts if part in rows)
            if known:
                yield Sum(whole=rows[whole], parts=known, is_bound=len(known) < len(parts))
        for bound in classification.bounds:
            if {bound.whole, bound.part} <= rows.keys():
                yield Sum(whole=rows[bound.whole], parts=(rows[bound.part],), is_bound=True)


def _asked_parts(whole: str, parts_of: Mapping[str, Sequence[str]], rows: Collection[str]) -> list[str]:
    """Return the parts of a row; one that was not asked about is itself taken apart, as far as it can be."""
    parts = []
    for part in parts_of[whole]:
        parts += _asked_parts(part, parts_of, rows) if part not in rows and part in parts_of else [part]
    return parts


def _printed_answer(answer: Answer, printed: Mapping[Cell, int | None]) -> Answer:
    """Return an answer as it is printed; what a hidden count would be worked out of is hidden with it."""

    def shown(cell: Cell, value: int | str) -> int | str:
        count = printed.get(cell, 0) if isinstance(value, int) else value
        return SUPPRESSED if count is None else count

    offences, earlier, flagged = (shown(cell, value) for cell, value in _local_counts(answer))
    change, apparent, share = answer.change, answer.apparent_change, answer.share
    if isinstance(offences, int) and isinstance(earlier, int):
        change, fraction = offences - earlier, apparent_change(earlier, offences)
        apparent = NO_CALC if fraction is None else fraction
    elif SUPPRESSED in {offences, earlier}:
        change = apparent = SUPPRESSED
    if isinstance(offences, int) and isinstance(flagged, int) and not isinstance(share, str):
        share = flagged / offences if offences else share
    elif SUPPRESSED in {offences, flagged} and not isinstance(share, str):
        share = SUPPRESSED
    return replace(
        answer,
        offences=offences,
        earlier=earlier,
        flagged=flagged,
        change=change,
        apparent_change=apparent,
        share=share,
    )


def _highlights(table: Comparison, rows: Sequence[HighlightsRow]) -> Highlights:
    return Highlights(
        area=table.area,
        classification=table.classification,
        earlier=table.earlier,
        later=table.later,
        rows=tuple(rows),
    )


def _printed(row: Row, earlier: int | None, later: int | None) -> HighlightsRow:
    """Return a row as it is printed; what either count would be worked out of is hidden with the other."""
    if earlier is None or later is None:
        change: int | str = SUPPRESSED
        apparent: float | str = SUPPRESSED
    else:
        change = later - earlier
        share = apparent_change(earlier, later)
        apparent = NO_CALC if share is None else share
    return HighlightsRow(
        row=row,
        earlier=SUPPRESSED if earlier is None else earlier,
        later=SUPPRESSED if later is None else later,
        change=change,
        apparent_change=apparent,
    )


def _counts(table: Comparison) -> Iterator[tuple[Cell, int]]:
    for each in table.rows:
        yield (table.area, each.row.row_id, table.earlier), each.earlier
        yield (table.area, each.row.row_id, table.later), each.later


def _also_printed(
    settings: Sequence[Priority], results: Sequence[PriorityResult], table: Comparison
) -> Iterator[tuple[Cell, tuple[tuple[str, ...], int]]]:
    """Give the counts of the priorities in the table's two periods, each with the rows that it adds up."""
    for priority, result in zip(settings, results, strict=True):
        if priority.measure.is_by_locus:
            continue  # a selection of offences bounds no row that is hidden
        counted = [(point.quarter, point.offences) for point in result.trend]
        counted += [(result.baseline_period, result.baseline), (result.period, result.later)]
        shown = {period: count for period, count in counted if count is not None}
        for period in (table.earlier, table.later):
            if period in shown:
                yield (table.area, OfPriority(priority.id), period), (priority.measure.rows, shown[period])


def farm(
    counted: FarmCounts,
    *,
    groups: Sequence[str],
    settings: Settings,
    classification: Classification,
    priorities: Sequence[PriorityResult],
    printed_before: Collection[tuple[Cell, int]] = (),
) -> tuple[FarmCounts, Suppressed | None]:
    """Return farm crime as it is printed, and what was done to its small counts.

    Parameters
    ----------
    counted
        Farm crime with every count as it is.
    groups
        The groups that the worksheets have.
    settings
        The partnership's settings, with the policy.
    classification
        That of the report's table, which sensitive rows are of.
    priorities
        The results that stand on worksheets of their own; one of the same locus prints totals, whatever is hidden here.
    printed_before
        Counts that earlier copies printed; readers who kept those know them, where the counts did not change since.

    Returns
    -------
    tuple
        The counts, of which `shown` gives a symbol where one is hidden; None where there is no policy. Units: offences.

    Raises
    ------
    ValueFoundError
        If a sensitive row is not one of the classification's.
    """
    own = policy(settings, settings.suppression.farm, classification)
    if own is None:
        return counted, None
    own = replace(own, sensitive=_sensitive_groups(counted, own, classification))
    counts = counted.cells(groups)
    also = dict(_farm_totals(counted, counts, settings.priorities, priorities))
    sums = [*_farm_sums(counts, groups), *(Sum(whole=whole, parts=(cell,)) for cell, whole in also.items())]
    safe = {whole for whole in also.values() if not own.is_unsafe(whole, counts[whole])}
    done = _against_both(
        counts | {cell: counts[whole] for cell, whole in also.items()},
        sums,
        own,
        printed=safe.union(also),
        before={cell for cell, count in counts.items() if (cell, count) in printed_before},
    )
    told = Suppressed(
        sheet=FARM,
        is_rounded=own.is_rounded,
        unsafe=len(done.unsafe),
        hidden=len(done.hidden),
        exposed=len(done.exposed),
    )
    return counted.printing({cell: done.printed[cell] for cell in counts}, is_rounded=own.is_rounded), told


def _sensitive_groups(counted: FarmCounts, own: Policy, classification: Classification) -> frozenset[RowKey]:
    """Return the groups that hold offences of sensitive rows and no others."""
    rows = [row for row in classification.rows if row.row_id in own.sensitive]
    codes = frozenset[str]().union(*(row.codes for row in rows))
    return frozenset(OfFarm(group) for group, own_codes in counted.codes.items() if own_codes <= codes)


def _farm_sums(counts: Mapping[Cell, int], groups: Sequence[str]) -> Iterator[Sum[Cell]]:
    """Give what adds up: groups to all farm crime, quarters to years; and what bounds what, as all offences repeats."""
    for area, row, period in counts:
        cell = (area, row, period)
        within = [(area, row, quarter) for quarter in quarters_of(period)] if period.is_financial_year else []
        if quarters := tuple(each for each in within if each in counts):
            yield Sum(whole=cell, parts=quarters, is_bound=len(quarters) < len(within))
        if row == ALL:
            parts = tuple((area, OfFarm(group), period) for group in groups)
            if parts and counts.keys() >= {*parts}:
                yield Sum(whole=cell, parts=parts)
            if repeats := tuple(each for kind in (REPEATS, UNNAMED) if (each := (area, kind, period)) in counts):
                yield Sum(whole=cell, parts=repeats, is_bound=True)
        if row == REPEATS:
            yield Sum(whole=cell, parts=((area, VICTIMS, period),), is_bound=True)


def _farm_totals(
    counted: FarmCounts, counts: Mapping[Cell, int], settings: Sequence[Priority], results: Sequence[PriorityResult]
) -> Iterator[tuple[Cell, Cell]]:
    """Give the totals that a priority of the same locus tells: its own cell, and that of farm crime."""
    for priority, result in zip(settings, results, strict=True):
        measure, own = priority.measure, counted.farm
        if {*measure.locus_types} != {*own.locus_types} or {*measure.locus_subtypes} != {*own.locus_subtypes}:
            continue
        shown = {point.quarter.same_months_of(priority.baseline.year): point.baseline for point in result.trend}
        shown |= {point.quarter: point.offences for point in result.trend}
        shown |= {point.month: point.offences for point in (result.series.points if result.series else ())}
        shown |= {result.baseline_period: result.baseline, result.period: result.later}
        for area, row, period in counts:
            if row == ALL and _told(shown, period) == counts[area, row, period]:
                yield (area, OfPriority(priority.id), period), (area, row, period)


def _told(shown: Mapping[Period, int | None], period: Period) -> int | None:
    """Return what some counts tell of a period: its own, or those of its quarters or months together."""
    if shown.get(period) is not None or period.first == period.last:
        return shown.get(period)
    shorter = quarters_of(period) if period.is_financial_year else [Period(month, month) for month in period.months]
    parts = [_told(shown, each) for each in shorter]
    return None if None in parts else sum(part or 0 for part in parts)
