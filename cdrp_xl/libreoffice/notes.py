"""Notes: the yellow remarks on cells, which LibreOffice calls comments."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.addresses import Rectangle
from cdrp_xl.libreoffice.interface import engine_class

if TYPE_CHECKING:
    from cdrp_xl.libreoffice.range import Range
    from cdrp_xl.libreoffice.sheet import Sheet


def notes_of(sheet: Sheet) -> list[Note]:
    """Return a worksheet's notes, row by row."""
    annotations = sheet.xl.Annotations
    places = [annotations.getByIndex(index).Position for index in range(annotations.Count)]
    areas = [Rectangle(row=place.Row, column=place.Column) for place in places]
    return [Note(sheet.cover(area)) for area in sorted(areas, key=lambda area: (area.row, area.column))]


@engine_class
class Note(base_classes.Note):
    """The note of a cell.

    Parameters
    ----------
    location
        The cell.
    """

    location: Range

    def __init__(self, location: Range) -> None:
        self.location = location

    @property
    def api(self) -> Any:
        return self.location.cells.getCellByPosition(0, 0).Annotation

    @property
    def exists(self) -> bool:
        """Say whether the cell has a note at all."""
        return bool(self.api.String)

    @property
    def author(self) -> str:
        return str(self.api.Author)

    @property
    def text(self) -> str:
        return str(self.api.String)

    @text.setter
    def text(self, value: str) -> None:
        self.location.sheet.xl.Annotations.insertNew(self.location.corner, value)

    def delete(self) -> None:
        annotations, area = self.location.sheet.xl.Annotations, self.location.area
        for index in range(annotations.Count):
            place = annotations.getByIndex(index).Position
            if (place.Row, place.Column) == (area.row, area.column):
                annotations.removeByIndex(index)
                return
