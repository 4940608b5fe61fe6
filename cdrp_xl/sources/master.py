"""What the analyst wrote in the master workbook: read at every refresh and publish, never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import errors
from cdrp_xl.errors import ValueFoundError, quoted
from cdrp_xl.sources import grids

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "Inputs"
_HEADINGS = {"section": "Section id", "commentary": "Commentary"}


def read_commentary(master: Path) -> dict[str, str]:
    """Return what the analyst wrote about each section, by section id; nothing where there is no master yet.

    Raises
    ------
    FileError
        If the master can't be opened.
    ValueFoundError
        If the worksheet or a heading of the inputs is gone, or a section stands twice.
    """
    if not master.exists():
        return {}
    grid = grids.read(master, sheet=SHEET)
    at = next((row for row in grid.rows() if set(_HEADINGS.values()) <= set(grid.cells[row - 1])), None)
    if at is None:
        raise ValueFoundError(
            f"The table of commentary is gone: no row holds {' and '.join(map(quoted, _HEADINGS.values()))}.",
            where=errors.place(master, sheet=SHEET),
            remedy="Put the table's heading row back as it was; the texts under it are read from there.",
        )
    section, commentary = (grid.cells[at - 1].index(heading) for heading in _HEADINGS.values())
    return {row[section]: row[commentary] for row in grid.cells[at:] if row[section]}
