"""What the analyst wrote in the master workbook: read at every refresh and publish, never written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import errors
from cdrp_xl.errors import ValueFoundError, quoted
from cdrp_xl.periods import Period
from cdrp_xl.sources import grids

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.sources.grids import Grid

SHEET = "Inputs"
CONTROL = "Control"
_HEADINGS = {"section": "Section id", "commentary": "Commentary"}
_SETTINGS = ("Setting", "Value")
_FOLDER, _QUARTER = "Partnership folder", "Quarter"
_LOG = ("When", "Quarter", "Rows read", "Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands on the worksheet Control: the folder and the quarter as typed, and the log of earlier refreshes."""

    folder: str = ""
    quarter: str = ""
    quarter_place: str = ""
    log: tuple[tuple[str, str, str, str], ...] = ()

    def period(self) -> Period | None:
        """Return the quarter that was typed, None where the cell is empty.

        Raises
        ------
        ValueFoundError
            If what was typed is not a quarter of a financial year.
        """
        if not self.quarter:
            return None
        try:
            period = Period.parse(self.quarter)
        except ValueFoundError:
            period = None
        if period is None or not period.is_quarter:
            raise ValueFoundError(
                f"{quoted(self.quarter)} is not a quarter of a financial year.",
                where=self.quarter_place,
                remedy='Write it as "2011-12 Q1", or empty the cell: then partnership.toml says which quarter.',
            )
        return period


def read_commentary(master: Path) -> dict[str, str]:
    """Return what the analyst wrote about each section, by section id; nothing where there is no master yet.

    Parameters
    ----------
    master
        The master workbook.

    Raises
    ------
    FileError
        If the master can't be opened.
    ValueFoundError
        If the worksheet or a heading of the inputs is gone, or a section stands twice.
    """
    if not master.exists():
        return {}
    grid = _inputs(master)
    at = _heading_row(grid, tuple(_HEADINGS.values()))
    if at is None:
        raise ValueFoundError(
            f"The table of commentary is gone: no row holds {' and '.join(map(quoted, _HEADINGS.values()))}.",
            where=errors.place(master, sheet=SHEET),
            remedy="Put the table's heading row back as it was; the texts under it are read from there.",
        )
    section, commentary = (grid.cells[at - 1].index(heading) for heading in _HEADINGS.values())
    rows: dict[str, int] = {}
    for row in grid.rows(after=at):
        if name := grid.cells[row - 1][section].strip():
            if name in rows:
                raise ValueFoundError(
                    f"The section {quoted(name)} stands twice.",
                    where=f"{errors.place(master, sheet=SHEET)}, row {rows[name]} and {row}, heading "
                    + quoted(_HEADINGS["section"]),
                    remedy="Put what both rows say into one of them, and delete the other.",
                )
            rows[name] = row
    return {name: grid.cells[row - 1][commentary] for name, row in rows.items()}


def read_control(master: Path) -> Typed:
    """Return what stands on the worksheet Control; nothing where there is no master, or no such worksheet in it.

    Parameters
    ----------
    master
        The master workbook.

    Raises
    ------
    FileError
        If the master can't be opened.
    ValueFoundError
        If the table of settings has lost its headings.
    """
    if not master.exists():
        return Typed()
    try:
        grid = grids.read(master, sheet=CONTROL)
    except ValueFoundError:
        return Typed()  # a refresh makes the worksheet anew
    at = _heading_row(grid, _SETTINGS)
    if at is None:
        raise ValueFoundError(
            f"The table of settings is gone: no row holds {' and '.join(map(quoted, _SETTINGS))}.",
            where=errors.place(master, sheet=CONTROL),
            remedy="Put the table's heading row back as it was; the folder and the quarter are read from under it.",
        )
    setting, value = (grid.cells[at - 1].index(heading) for heading in _SETTINGS)
    rows = {grid.cells[row - 1][setting].strip(): row for row in reversed(_rows_under(grid, at))}
    typed = {name: grid.cells[row - 1][value].strip() for name, row in rows.items()}
    return Typed(
        folder=typed.get(_FOLDER, ""),
        quarter=typed.get(_QUARTER, ""),
        quarter_place=errors.place(master, sheet=CONTROL, row=rows.get(_QUARTER), heading=_SETTINGS[1]),
        log=_log(grid),
    )


def _log(grid: Grid) -> tuple[tuple[str, str, str, str], ...]:
    at = _heading_row(grid, _LOG)
    if at is None:
        return ()
    columns = [grid.cells[at - 1].index(heading) for heading in _LOG]
    lines = [grid.cells[row - 1] for row in _rows_under(grid, at)]
    return tuple((line[columns[0]], line[columns[1]], line[columns[2]], line[columns[3]]) for line in lines)


def _heading_row(grid: Grid, headings: tuple[str, ...]) -> int | None:
    return next((row for row in grid.rows() if set(headings) <= set(grid.cells[row - 1])), None)


def _rows_under(grid: Grid, heading_row: int) -> list[int]:
    """Return the numbers of the rows from under a heading row to the next blank one."""
    rows = list(grid.rows(after=heading_row))
    return [row for i, row in enumerate(rows, 1) if row == heading_row + i]


def _inputs(master: Path) -> Grid:
    try:
        return grids.read(master, sheet=SHEET)
    except ValueFoundError as wrong:
        remedy = "Give the worksheet its name back: the analyst's words are read from it."
        raise ValueFoundError(wrong.what, where=wrong.where, remedy=remedy) from wrong
