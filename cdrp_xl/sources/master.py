"""What the analyst wrote in the master workbook: read at every refresh and publish, never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import errors
from cdrp_xl.errors import ValueFoundError, quoted
from cdrp_xl.sources import grids

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.sources.grids import Grid

SHEET = "Inputs"
_HEADINGS = {"section": "Section id", "commentary": "Commentary"}


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
    at = next((row for row in grid.rows() if set(_HEADINGS.values()) <= set(grid.cells[row - 1])), None)
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


def _inputs(master: Path) -> Grid:
    try:
        return grids.read(master, sheet=SHEET)
    except ValueFoundError as wrong:
        remedy = "Give the worksheet its name back: the analyst's words are read from it."
        raise ValueFoundError(wrong.what, where=wrong.where, remedy=remedy) from wrong
