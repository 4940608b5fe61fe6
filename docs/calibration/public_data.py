"""The public data that the rules of chance are calibrated on, as monthly counts."""

from __future__ import annotations

import csv
import functools
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl import offences
from cdrp_xl.measures.backtest import History
from cdrp_xl.sources import published_figures, published_rows
from cdrp_xl.sources.published_rows import PublishedHeadings
from cdrp_xl.terms import Kind

if TYPE_CHECKING:
    from cdrp_xl.periods import Month
    from cdrp_xl.sources.published_figures import Figure

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
BOROUGHS = PublishedHeadings(area="BoroughName", offence="MinorText", offence_words="MajorText")

ONE_ROW = "RESIDENTIAL BURGLARY"
RENAMED = {
    "DOMESTIC BURGLARY": ONE_ROW,
    "BURGLARY - RESIDENTIAL": ONE_ROW,
    "RES BURGLARY OF A HOME": ONE_ROW,
    "RES BURGLARY OF UNCONNECTED BUILDING": ONE_ROW,
}
"""Names of one row over the years."""

ENDED = {"FRAUD AND FORGERY", "NFIB"}
"""Rows that ended in 2013, when fraud went to a national body."""

FEWEST_ROWS = 100
"""A month of a district with fewer is not whole."""

NOT_BOROUGHS = {"London Heathrow and London City Airports", "Unknown"}

KINDS = {
    "ARSON AND CRIMINAL DAMAGE": Kind.CRIMINAL_DAMAGE_AND_ARSON,
    "BURGLARY": Kind.BURGLARY,
    "DRUG OFFENCES": Kind.DRUGS,
    "MISCELLANEOUS CRIMES AGAINST SOCIETY": Kind.BURGLARY,
    "POSSESSION OF WEAPONS": Kind.CRIMINAL_DAMAGE_AND_ARSON,
    "PUBLIC ORDER OFFENCES": Kind.PUBLIC_ORDER,
    "ROBBERY": Kind.ROBBERY,
    "SEXUAL OFFENCES": Kind.VIOLENCE_AND_SEXUAL,
    "VEHICLE OFFENCES": Kind.VEHICLE,
    "VIOLENCE AGAINST THE PERSON": Kind.VIOLENCE_AND_SEXUAL,
}
KINDS_OF_THEFT = {
    "BICYCLE THEFT": Kind.BICYCLE_THEFT,
    "OTHER THEFT": Kind.OTHER_THEFT,
    "SHOPLIFTING": Kind.SHOPLIFTING,
    "THEFT FROM THE PERSON": Kind.BICYCLE_THEFT,
}
"""As the classification of data.police.uk gives them, where `Kind` names none."""


def boroughs() -> list[History]:
    """Return the monthly counts of the 32 boroughs, April 2010 to November 2025."""
    counts: dict[str, Counter[tuple[str, Month]]] = defaultdict(Counter)
    for each in _figures():
        counts[each.area][_row(each), each.period.first] += each.offences or 0
    months = sorted({month for borough in counts.values() for _, month in borough})
    kinds = {row: KINDS.get(group.upper()) or KINDS_OF_THEFT[group.upper()] for row, group in groups().items()}
    return [
        History(
            area=borough,
            first=months[0],
            counts={row: [found[row, month] for month in months] for row in sorted(kinds)},
            kinds=kinds,
        )
        for borough, found in sorted(counts.items())
    ]


@functools.cache
def districts() -> dict[tuple[str, str], tuple[int, int]]:
    """Return January to March 2024 and 2025 of each district and category of data.police.uk.

    A district counts where both years' three months have a hundred rows each: a force that sent no file has none.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    for path in sorted((SHARED / "csp_counts").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for record in csv.DictReader(file):
                district = record["District (from LSOA name)"]
                if district and record["Falls within"] != "British Transport Police":
                    counts[district, record["Crime type"], record["Month"]] += int(record["Count"])
    names = sorted({name for name, _, _ in counts})
    kinds = sorted({kind for _, kind, _ in counts})
    quarters = {year: [f"{year}-{month:02}" for month in (1, 2, 3)] for year in (2024, 2025)}
    every = [month for quarter in quarters.values() for month in quarter]
    whole = [
        name
        for name in names
        if all(sum(counts[name, kind, month] for kind in kinds) >= FEWEST_ROWS for month in every)
    ]
    return {
        (name, kind.lower()): tuple(sum(counts[name, kind, month] for month in quarters[year]) for year in quarters)
        for name in whole
        for kind in kinds
    }


def groups() -> dict[str, str]:
    """Return the offence group of each of the boroughs' rows, of thefts the row itself."""
    of_row = {_row(each): each.offence for each in _figures()}
    return {row: (each.text if each.beside == "THEFT" else each.beside).lower() for row, each in of_row.items()}


def categories() -> dict[str, Kind]:
    """Return the kind of each category of data.police.uk."""
    return {row.name.lower(): row.kind for row in offences.load("police-uk").leaves}


@functools.cache
def _figures() -> tuple[Figure, ...]:
    """Return the figures of the boroughs as they are published, in two files with a column a month."""
    folder = SHARED / "mps_borough"
    table = published_rows.scanned(("*.csv",), BOROUGHS, worksheet="", folder=folder)
    return tuple(
        figure
        for figure in published_figures.figures(table, table.there)
        if figure.offence.text not in ENDED and figure.area not in NOT_BOROUGHS
    )


def _row(figure: Figure) -> str:
    return RENAMED.get(figure.offence.text, figure.offence.text)
