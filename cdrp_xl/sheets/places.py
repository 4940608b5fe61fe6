"""The worksheet of wards, beats, parishes or neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.settings.sections import PLACES
from cdrp_xl.sheets.blocks import Column, Sheet, Table
from cdrp_xl.sheets.pages import page as begun
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from cdrp_xl.report import Report
    from cdrp_xl.report.of_rows import PlaceLine, PlacesTable
    from cdrp_xl.sheets.blocks import Value


def page(report: Report, places: PlacesTable, *, sheet: str) -> Sheet:
    """Return the worksheet: a line to each place and offence row."""
    several_rows = len({line.row.row_id for line in places.lines}) > 1
    table = Table(
        name="tblPlaces",
        columns=(
            Column(heading=places.called, style=Style.NAME, width=24),
            *((Column(heading="Offence", style=Style.TEXT, width=26),) if several_rows else ()),
            Column(heading=places.later.heading, style=Style.COUNT, width=18),
            Column(heading=places.earlier.heading, style=Style.COUNT, width=18),
            Column(heading="Numeric change", style=Style.CHANGE, width=11),
            Column(heading="Apparent change", style=Style.APPARENT_CHANGE, width=11),
            *((Column(heading="Rate per 1,000 people", style=Style.RATE, width=14),) if places.has_rates else ()),
            Column(heading="Against usual movement", style=Style.SIGNAL, width=34),
        ),
        rows=tuple(_row(line, several_rows=several_rows, has_rates=places.has_rates) for line in places.lines),
    )
    names = dict.fromkeys(line.row.name for line in places.lines)
    title = report.called(PLACES, f"{next(iter(names)) if len(names) == 1 else 'Offences'} by {places.called.lower()}")
    intro = " ".join(filter(None, (places.how, report.intros.places)))
    return begun(sheet, title, report, table, key="places", intro=intro, section=PLACES)


def _row(line: PlaceLine, *, several_rows: bool, has_rates: bool) -> tuple[Value, ...]:
    return (
        line.place,
        *((line.row.name,) if several_rows else ()),
        line.later,
        line.earlier,
        line.change,
        line.apparent_change,
        *((line.rate,) if has_rates else ()),
        line.verdict,
    )
