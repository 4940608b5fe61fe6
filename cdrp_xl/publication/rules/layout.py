"""Rules on how a workbook prints: partners read it on paper in a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.places import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book, Sheet

_ROWS_A_PAGE = 40
_ACROSS, _UPRIGHT = 988, 659
"""What A4 holds between the margins that Excel gives a new worksheet. Unit: pixels, 96 to the inch."""

_PIXELS_A_CHARACTER, _USUAL_WIDTH = 7, 9.14  # a width in a file has its padding

_ON_PAPER = "Partners read it on paper in a meeting."


@rule(
    "not-a4",
    Severity.NOTE,
    what="A worksheet is not set up for A4",
    why=_ON_PAPER,
    remedy="In Excel: Page Layout, Size, A4.",
)
def not_a4(book: Book) -> Iterator[Spot]:
    """Find worksheets that are not set up for A4."""
    for sheet in book.visible:
        if sheet.page.is_a4 is False and sheet.cell_count:
            yield Spot(part=sheet.part, sheet=sheet.name)


@rule(
    "not-landscape",
    Severity.NOTE,
    what="A worksheet is too wide for A4 upright, and is made smaller to fit",
    why=_ON_PAPER,
    remedy="In Excel: Page Layout, Orientation, Landscape.",
)
def not_landscape(book: Book) -> Iterator[Spot]:
    """Find worksheets that are printed upright, and smaller than they were made."""
    for sheet in book.visible:
        is_smaller = sheet.page.is_landscape is False and sheet.page.fits_one_wide
        if is_smaller and sheet.cell_count and _pixels_across(sheet) > _UPRIGHT:
            yield Spot(part=sheet.part, sheet=sheet.name)


@rule(
    "too-wide",
    Severity.NOTE,
    what="A worksheet may print over several pages' width",
    why=_ON_PAPER,
    remedy="In Excel: Page Layout, Width, 1 page.",
)
def too_wide(book: Book) -> Iterator[Spot]:
    """Find worksheets that may print over several pages' width: neither made to fit, nor narrow enough as they are."""
    for sheet in book.visible:
        room = _UPRIGHT if sheet.page.is_landscape is False else _ACROSS
        if sheet.page.fits_one_wide is False and sheet.cell_count and _pixels_across(sheet) > room:
            yield Spot(part=sheet.part, sheet=sheet.name)


def _pixels_across(sheet: Sheet) -> float:
    columns = range(max(sheet.columns_used, default=-1) + 1)
    return sum(sheet.widths.get(each, _USUAL_WIDTH) * _PIXELS_A_CHARACTER for each in columns)


@rule(
    "heading-not-repeated",
    Severity.NOTE,
    what="A long worksheet does not repeat its headings on every page",
    why=_ON_PAPER,
    remedy="In Excel: Page Layout, Print Titles, Rows to repeat at top.",
)
def heading_not_repeated(book: Book) -> Iterator[Spot]:
    """Find worksheets of several pages whose headings are on the first one only."""
    for sheet in book.visible:
        rows = sheet.row_runs[-1][1] + 1 if sheet.row_runs else 0
        is_long = len(sheet.tables) <= 1 and rows > _ROWS_A_PAGE and len(sheet.columns_used) > 1
        if is_long and not sheet.page.repeats_rows:
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f"{rows:,} rows")


RULES = (not_a4, not_landscape, too_wide, heading_not_repeated)
