"""A native pivot table of the master, with the figures that it shows until it is first refreshed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdrp_xl.sheets.blocks import Table, Value

GRAND_TOTAL = "Grand Total"
"""What Excel calls the totals of a whole pivot table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """A native pivot table of the master, which counts the rows of a table, and the figures that it shows at first.

    `down` and `across` are headings of the table, and `row_items` and `column_items` their values as they are shown.
    A column item of fewer values than `across` is the total of those that begin so, one of none the total of all; the
    last line of `figures` has the totals of the columns.
    """

    name: str
    table: Table
    down: str
    across: tuple[str, ...]
    filtered_by: str
    counted: str
    caption: str
    row_items: tuple[str, ...]
    column_items: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[int, ...], ...]
    row: int = 0
    column: int = 0

    @property
    def height(self) -> int:
        """Rows that the block takes: the filter, a free row, the headings, the items and their totals."""
        return self.body_row - self.row + len(self.cells)

    @property
    def body_row(self) -> int:
        """The first row under the filter and the free row below it."""
        return self.row + 2

    @property
    def filter_cells(self) -> tuple[str, str]:
        """The row of the filter, as it is shown until something is chosen."""
        return self.filtered_by, "(All)"

    @property
    def cells(self) -> tuple[tuple[Value, ...], ...]:
        """The rows from the captions to the totals, as Excel lays them out in tabular form."""
        width = len(self.column_items)
        captions = (self.caption, *self.across, *[None] * width)[: 1 + width]
        firsts = (*[None] * (len(self.across) - 1), self.down)
        headings: list[tuple[Value, ...]] = [(first, *self._labels(level)) for level, first in enumerate(firsts)]
        names = (*self.row_items, GRAND_TOTAL)
        lines: list[tuple[Value, ...]] = [(name, *row) for name, row in zip(names, self.figures, strict=True)]
        return (captions, *headings, *lines)

    def _labels(self, level: int) -> list[Value]:
        """Return the headings of one field: each value once, over the first column that it holds for."""
        labels: list[Value] = []
        before: tuple[str, ...] = ()
        for item in self.column_items:
            if len(item) == len(self.across):
                labels.append(None if item[: level + 1] == before[: level + 1] else item[level])
            else:
                total = f"{item[-1]} Total" if item else GRAND_TOTAL
                labels.append(total if level == max(len(item) - 1, 0) else None)
            before = item
        return labels
