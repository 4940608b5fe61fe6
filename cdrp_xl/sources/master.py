"""What the analyst wrote in the master workbook: read at every refresh and publish, never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.sources import files

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
    with files.opened(master, sheet=SHEET) as rows:
        table = rows.fetch(f"SELECT * EXCLUDE ({files.FILE_COLUMN}) FROM {rows.files[0].relation}")
        headings = list(rows.files[0].headings)
    grid = [headings, *([str(value) if value is not None else "" for value in row] for row in table)]
    at = next((i for i, row in enumerate(grid) if set(_HEADINGS.values()) <= set(row)), None)
    if at is None:
        raise ValueFoundError(
            f'The table of commentary is gone: no row holds the headings "{_HEADINGS["section"]}" and '
            f'"{_HEADINGS["commentary"]}".',
            where=f'{master.name}, worksheet "{SHEET}"',
            remedy="Put the table's heading row back as it was; the texts under it are read from there.",
        )
    section, commentary = (grid[at].index(heading) for heading in _HEADINGS.values())
    return {row[section]: row[commentary] for row in grid[at + 1 :] if row[section]}
