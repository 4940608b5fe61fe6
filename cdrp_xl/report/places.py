"""Wards, beats, parishes or neighbourhoods: counts, changes, rates and verdicts, with small counts hidden."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.measures.chance import false_discovery_rates
from cdrp_xl.measures.comparison import ComparedRow, apparent_change
from cdrp_xl.measures.rates import rate_per_1000
from cdrp_xl.measures.verdict import by_test
from cdrp_xl.report import suppressing, usual
from cdrp_xl.report.of_rows import PlaceLine, PlacesTable
from cdrp_xl.report.wording import say
from cdrp_xl.selected import RowOffences
from cdrp_xl.settings import sections
from cdrp_xl.terms import NO_CALC, NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, Polarity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.periods import Period
    from cdrp_xl.report.suppressing import Protected
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.sources.place_settings import PlacesSettings
    from cdrp_xl.sources.places import Places
    from cdrp_xl.tables import Cell, Counts
    from cdrp_xl.terms import Kind

_WORDING_KEYS = {Polarity.LOWER_IS_BETTER: "offences", Polarity.ACTIVITY: "activity"}


def cells(settings: Settings, places: Places | None, table: Comparison) -> dict[Cell, int]:
    """Return the counts that the table of places publishes, by place as the ledger has it, row and period.

    Parameters
    ----------
    settings
        The partnership's settings.
    places
        The counts of places; None where they are not asked for. Unit: offences.
    table
        The two periods that the report compares.
    """
    if places is None or settings.places is None:
        return {}
    key = _key(settings.places, places, table.area)
    return {
        (key(place), row_id, period): places.counts.offences(area=place, row_id=row_id, period=period)
        for row_id in places.rows
        for place in places.counts.areas
        for period in (table.earlier, table.later)
        if places.counts.covers(period, area=place)
    }


def table_of(
    settings: Settings, places: Places | None, whole: Counts, *, table: Comparison, published: Protected
) -> PlacesTable | None:
    """Return the table of places as it is published, None where it is not asked for.

    Parameters
    ----------
    settings
        By which test, at which rate of false discoveries, from how many offences on.
    places
        The counts of places, with their people. Unit: offences; people.
    whole
        The counts of the area by the source that has most months of its rows, which shows how much rows usually move.
    table
        The two periods that the report compares.
    published
        What is published of all counts.

    Notes
    -----
    docs/methods.md, "Rates and shares", "Small counts" and "Usual movement". Only lines of which both counts are
    published are tested, so that no verdict discloses a hidden count; the false discovery rate is held among them.
    Where counts are rounded, nothing is tested, and rates are those of the rounded counts.
    """
    if places is None or settings.places is None:
        return None
    key = _key(settings.places, places, table.area)
    lines = []
    for row_id in places.rows:
        row = places.counts.classification.row(row_id)
        for place in places.counts.areas:
            earlier, later = (
                _shown(published, (key(place), row_id, when), places, place) for when in (table.earlier, table.later)
            )
            change, apparent = _change(earlier, later)
            lines.append(
                PlaceLine(
                    place=place,
                    row=row,
                    earlier=earlier,
                    later=later,
                    change=change,
                    apparent_change=apparent,
                    rate=_rate(later, places, place),
                    verdict=NOT_APPLICABLE,
                )
            )
    done = published.of(settings.places.several)
    is_rounded = done is not None and done.is_rounded
    judged = {} if is_rounded else _judged(settings, places, whole, table, lines)
    return PlacesTable(
        title=settings.report.titles.get(sections.PLACES, settings.places.several),
        called=settings.places.called,
        earlier=table.earlier,
        later=table.later,
        lines=tuple(_with_verdict(line, judged) for line in lines),
        has_rates=bool(places.people),
        how=_how(settings.places, places, is_rounded=is_rounded),
    )


def _key(wanted: PlacesSettings, places: Places, whole: str) -> Callable[[str], str]:
    """Return what gives the name of a place in the ledger; rows that are in none are not in a locality of that name."""

    def key(place: str) -> str:
        called = "" if places.is_column and place != places.unknown else wanted.called
        return suppressing.place_key(place, whole=whole, called=called)

    return key


def _shown(published: Protected, cell: Cell, places: Places, place: str) -> int | str:
    if not places.counts.covers(cell[2], area=place):
        return NOT_AVAILABLE
    count = published.places[cell]
    return SUPPRESSED if count is None else count


def _change(earlier: int | str, later: int | str) -> tuple[int | str, float | str]:
    """Return the change and the apparent change; what either count is hidden or missing for, they are too."""
    if isinstance(earlier, str) or isinstance(later, str):
        symbol = NOT_AVAILABLE if NOT_AVAILABLE in {earlier, later} else SUPPRESSED
        return symbol, symbol
    share = apparent_change(earlier, later)
    return later - earlier, NO_CALC if share is None else share


def _rate(later: int | str, places: Places, place: str) -> float | str:
    """Return the offences per 1,000 people, or why there is no rate."""
    if place == places.unknown:
        return NOT_APPLICABLE
    if isinstance(later, str):
        return later
    people = places.people.get(place)
    return NOT_AVAILABLE if people is None else rate_per_1000(later, people, area=place)


def _judged(
    settings: Settings, places: Places, whole: Counts, table: Comparison, lines: list[PlaceLine]
) -> dict[tuple[str, str], bool]:
    """Return which of the lines that can be tested changed by more than usual, by place and row."""
    tested = [
        (line, ComparedRow(row=line.row, earlier=line.earlier, later=line.later))
        for line in lines
        if isinstance(line.earlier, int) and isinstance(line.later, int) and line.place != places.unknown
    ]
    own = settings.significance
    kinds: dict[RowKey, Kind] = {
        RowOffences(row_id=line.row.row_id, locality=line.place): line.row.kind for line, _ in tested
    }
    known = (
        usual.movement_of(
            table.later.first,
            offences=functools.partial(_offences, places, usual.in_source(whole, area=table.area)),
            classification=whole.classification,
            kinds=kinds,
        )
        if own.test == "usual movement"
        else {}
    )
    verdicts = [
        by_test(each.earlier, each.later, test=own.test, movement=known.get(key))
        for key, (_, each) in zip(kinds, tested, strict=True)
    ]
    rates = false_discovery_rates([each.p for each in verdicts])
    return {
        (line.place, line.row.row_id): rate * 100 <= own.false_discovery_per_cent
        and max(each.earlier, each.later) >= own.least_offences
        for rate, (line, each) in zip(rates, tested, strict=True)
    }


def _offences(
    places: Places, of_whole: Callable[[RowKey, Period], int | None], key: RowKey, period: Period
) -> int | None:
    """Return the offences of a row in a place, or in the whole area, None where they can't be counted."""
    if not isinstance(key, RowOffences):
        return of_whole(key, period)
    if not places.counts.covers(period, area=key.locality):
        return None
    return places.counts.offences(area=key.locality, row_id=key.row_id, period=period)


def _with_verdict(line: PlaceLine, judged: Mapping[tuple[str, str], bool]) -> PlaceLine:
    is_larger = judged.get((line.place, line.row.row_id)) if judged else None
    if is_larger is None or not isinstance(line.change, int):
        return line
    meant = f"{'rise' if line.change > 0 else 'fall'}_{_WORDING_KEYS[line.row.polarity]}"
    return replace(line, verdict=say("against_usual", meant if is_larger else "within"))


def _how(wanted: PlacesSettings, places: Places, *, is_rounded: bool) -> str:
    placed = "column" if places.is_column else "lookup"
    sentences = [say("places", placed, called=wanted.called.lower(), unknown=places.unknown)]
    sentences.append(say("places", "rates" if places.people else "no_rates", called=wanted.called.lower()))
    sentences.append(say("places", "not_tested" if is_rounded else "tested"))
    return " ".join(sentences)
