"""The summary workbook of a national run: a row to each partnership, and a page of what needs a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl import beside
from cdrp_xl.sheets import Column, Properties, Sheet, Table, Text
from cdrp_xl.sheets.blocks import down, widths_of
from cdrp_xl.styles import Style
from cdrp_xl.terms import NOT_AVAILABLE
from cdrp_xl.writers import language, xlsx_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from cdrp_xl.sheets import Value
    from cdrp_xl.workbooks.national.outcome import Outcome
    from cdrp_xl.workbooks.national.plan import Plan

NAME = "summary.xlsx"

_FILE = Column(heading="File", style=Style.TEXT, width=48)
_SHA256 = Column(heading="SHA-256", style=Style.TEXT, width=68)
_COLUMNS = (
    Column(heading="Area", style=Style.NAME, width=28),
    Column(heading="Police force", style=Style.TEXT, width=30),
    Column(heading="Pack", style=Style.TEXT, width=14),
    Column(heading="Earlier period", style=Style.COUNT, width=12),
    Column(heading="Later period", style=Style.COUNT, width=12),
    Column(heading="Change", style=Style.APPARENT_CHANGE, width=12),
    Column(heading="All offences against usual", style=Style.TEXT, width=30),
    Column(heading="Headline", style=Style.TEXT, width=44),
    Column(heading="Larger rises", style=Style.COUNT, width=10),
    Column(heading="Priorities worse", style=Style.COUNT, width=11),
    Column(heading="Priorities of concern", style=Style.COUNT, width=11),
    Column(heading="Priorities better", style=Style.COUNT, width=11),
    Column(heading="Priorities not assessed", style=Style.COUNT, width=12),
    Column(heading="Findings that block", style=Style.COUNT, width=11),
    Column(heading="All findings", style=Style.COUNT, width=10),
    Column(heading="For a person", style=Style.COUNT, width=10),
    _FILE,
    _SHA256,
)
_NEEDED = (
    Column(heading="Area", style=Style.NAME, width=28),
    Column(heading="Pack", style=Style.TEXT, width=14),
    Column(heading="What", style=Style.TEXT, width=70),
    Column(heading="Where", style=Style.TEXT, width=44),
    Column(heading="What to do", style=Style.TEXT, width=60),
)
_PAGES = _PARTNERSHIPS, _FOR_A_PERSON = "Partnerships", "For a person"
MADE, NOT_MADE = "made", "not made"


def write(wanted: Plan, outcomes: Sequence[Outcome], *, today: dt.date) -> Path:
    """Write the summary workbook into the run's folder, and return its place."""
    own = wanted.own
    title = f"Summary of partnerships, {wanted.quarter.name}"
    marking = own.partnership.marking.value
    properties = Properties(
        title=title,
        subject=wanted.quarter.words,
        author=own.partnership.producer or "cdrp-xl",
        date=own.report.date or today,
        marking=marking,
        is_final=False,
    )
    forms = [form.name for form in wanted.forms]
    columns = (*_COLUMNS, *(column for name in forms for column in _columns_of_form(name)))
    rows = (_row(each, forms) for each in outcomes)
    pages = (
        _page("Summary", title, marking, said=_cover_text(wanted, outcomes)),
        _page(_PARTNERSHIPS, _PARTNERSHIPS, marking, _table("tblPartnerships", columns, rows)),
        _page(_FOR_A_PERSON, "What needs a person", marking, _table("tblForAPerson", _NEEDED, _needed(outcomes))),
    )
    place = wanted.out / NAME
    beside.replace(place, language.in_english(xlsx_file.write(pages, properties)))
    return place


def in_words(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """Return how many packs there are, and what all of their areas together had."""
    made = [each for each in outcomes if each.is_made]
    missing = len(outcomes) - len(made)
    earlier, later = (
        sum(count for count in counts if isinstance(count, int))
        for counts in ([each.earlier for each in made], [each.later for each in made])
    )
    not_made = f" {missing:,} could not be made." if missing else ""
    return f"{len(made):,} packs are made.{not_made}", f"Together: {later:,} offences, against {earlier:,} before."


def _cover_text(wanted: Plan, outcomes: Sequence[Outcome]) -> str:
    counted = sum(len(each.needed) for each in outcomes)
    return "\n".join(
        (
            wanted.quarter.words,
            *in_words(outcomes),
            f"Look at the {counted:,} lines on For a person; packs that could not be made are at its top.",
            "Counts that a pack hides are in none of these totals.",
            f"{NOT_AVAILABLE} is written where there is no pack.",
        )
    )


def _page(name: str, title: str, marking: str, *tables: Table, said: str = "") -> Sheet:
    head = (
        Text(name="", value=title, style=Style.TITLE),
        Text(name="", value=marking, style=Style.MARKING),
        *(Text(name="", value=line) for line in said.splitlines()),
        *(Text(name="", value=each, style=Style.LINK, link=each) for each in _PAGES if not tables),
    )
    return Sheet(name=name, blocks=down(*head, *tables), widths=widths_of(*tables) if tables else (110,))


def _table(name: str, columns: tuple[Column, ...], rows: Iterable[tuple[Value, ...]]) -> Table:
    return Table(name=name, columns=columns, rows=tuple(rows))


def _columns_of_form(name: str) -> tuple[Column, Column]:
    return replace(_FILE, heading=f"{_FILE.heading}, {name}"), replace(_SHA256, heading=f"{_SHA256.heading}, {name}")


def _row(each: Outcome, forms: Sequence[str]) -> tuple[Value, ...]:
    figures: tuple[Value, ...] = (each.earlier, each.later, each.change, each.verdict, each.headline)
    figures += (each.rises, each.worse, each.concern, each.better, each.not_assessed, each.blocking, each.findings)
    made = {form.name: (form.place, form.sha256) for form in each.forms}
    return (
        each.area,
        each.force or NOT_AVAILABLE,
        MADE if each.is_made else NOT_MADE,
        *(figures if each.is_made else [NOT_AVAILABLE] * len(figures)),
        len(each.needed),
        each.copy or NOT_AVAILABLE,
        each.sha256 or NOT_AVAILABLE,
        *(value for name in forms for value in made.get(name, (NOT_AVAILABLE, NOT_AVAILABLE))),
    )


def _needed(outcomes: Sequence[Outcome]) -> list[tuple[Value, ...]]:
    """Return what needs a person, packs that could not be made first."""
    return [
        (each.area, MADE if each.is_made else NOT_MADE, needed.what, needed.where, needed.remedy)
        for each in sorted(outcomes, key=lambda outcome: outcome.is_made)
        for needed in each.needed
    ]
