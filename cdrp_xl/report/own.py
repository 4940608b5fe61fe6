"""Sections of the partnership's own: the analyst's words, and figures that are said not to be counted here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.report.own_page import Kind, OwnPage
from cdrp_xl.report.wording import say
from cdrp_xl.sources import own_ranges
from cdrp_xl.terms import highest

if TYPE_CHECKING:
    from cdrp_xl.report.model import Report
    from cdrp_xl.settings import Settings
    from cdrp_xl.settings.own_sections import OwnSection
    from cdrp_xl.sources.own_ranges import OwnTable, Ranges


def with_own(built: Report, settings: Settings, ranges: Ranges) -> Report:
    """Return a report with the sections of the partnership's own, as the master has their tables now.

    Parameters
    ----------
    built
        The report.
    settings
        The partnership's settings.
    ranges
        Gives the named ranges of the master.

    Raises
    ------
    ValueFoundError
        If the master has no such range, or a cell of it can't be given to partners.
    """
    pages = [_page(each, ranges) for each in settings.sections]
    pages = [page for page in pages if page.table or built.commentary(page.section_id)]
    return replace(built, own=tuple(pages), marking=highest([built.marking, *(page.marking for page in pages)]))


def _page(own: OwnSection, ranges: Ranges) -> OwnPage:
    table = _table(own, ranges) if own.range else None
    drawn = _drawn(own, table) if table and own.chart != "none" else ()
    alt_text = ""
    if drawn and table:
        names, by = name_some(drawn, named=len(drawn)), table.headings[0]
        alt_text = say("own", own.chart, title=own.title, names=names, by=by, rows=len(table.rows))
    return OwnPage(
        section_id=own.id,
        title=own.title,
        marking=own.marking,
        table=table,
        about=say("own", "about", source=own.source.rstrip(".")) if table else "",
        drawn=drawn,
        has_lines=own.chart == "lines",
        chart_alt_text=alt_text,
    )


def _table(own: OwnSection, ranges: Ranges) -> OwnTable:
    found = ranges(own.range)
    if found is None:
        raise ValueFoundError(
            f"The master has no range {quoted(own.range)}, from which a section is made.",
            where=f"partnership.toml, sections, {quoted(own.id)}",
            remedy="Give cells that name (Formulas, Define Name). If the master was rewritten, copy your worksheet "
            "over from the former one, which is kept beside it.",
        )
    return own_ranges.table(found)


def _drawn(own: OwnSection, table: OwnTable) -> tuple[str, ...]:
    """Return the headings of the columns that are drawn: those whose figures are of the first figures' kind."""
    kinds = [kind for kind in table.kinds[1:] if kind not in {Kind.WORDS, Kind.DATE}]
    at = [place for place, kind in enumerate(table.kinds) if place and kind in kinds[:1]]
    if not at or any(isinstance(row[place], str) for row in table.rows for place in at):
        raise ValueFoundError(
            f"The range {quoted(own.range)} can't be drawn: a chart needs figures in every row, and no symbols.",
            where=f"partnership.toml, sections, {quoted(own.id)}",
            remedy='Give the first column names, and the others figures; or write chart = "none".',
        )
    return tuple(table.headings[place] for place in at)
