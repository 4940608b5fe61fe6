"""Shapes and pictures that lie on a worksheet."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.errors import FileError
from cdrp_xl.libreoffice.fonts import Characters, Font
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError, engine_class
from cdrp_xl.libreoffice.office import file_url, properties, struct
from cdrp_xl.libreoffice.sizes import hundredths_of_mm, points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.libreoffice.sheet import Sheet

_PREFIX = "com.sun.star.drawing."
_PICTURE = f"{_PREFIX}GraphicObjectShape"
_CONTROL = f"{_PREFIX}ControlShape"
_NOTE = f"{_PREFIX}CaptionShape"
_OBJECT = f"{_PREFIX}OLE2Shape"
_TYPES = {
    _PICTURE: "picture",
    _CONTROL: "form_control",
    _OBJECT: "chart",
    f"{_PREFIX}GroupShape": "group",
    f"{_PREFIX}LineShape": "line",
    f"{_PREFIX}ConnectorShape": "line",
    f"{_PREFIX}TextShape": "text_box",
    f"{_PREFIX}PolyPolygonBezierShape": "free_form",
    f"{_PREFIX}MediaShape": "media",
}
_ENGLISH = {"picture": "Picture", "form_control": "Button", "chart": "Chart", "text_box": "TextBox", "line": "Line"}


class Placed:
    """Where something lies on its worksheet and how large it is, in points."""

    xl: Any

    @property
    def left(self) -> float:
        """The points from the worksheet's left edge."""
        return points(self.xl.Position.X)

    @left.setter
    def left(self, value: float) -> None:
        shape = self.xl
        shape.setPosition(struct("awt.Point", X=hundredths_of_mm(value), Y=shape.Position.Y))

    @property
    def top(self) -> float:
        """The points from the worksheet's upper edge."""
        return points(self.xl.Position.Y)

    @top.setter
    def top(self, value: float) -> None:
        shape = self.xl
        shape.setPosition(struct("awt.Point", X=shape.Position.X, Y=hundredths_of_mm(value)))

    @property
    def width(self) -> float:
        """The width in points."""
        return points(self.xl.Size.Width)

    @width.setter
    def width(self, value: float) -> None:
        self.resize(hundredths_of_mm(value), self.xl.Size.Height)

    @property
    def height(self) -> float:
        """The height in points."""
        return points(self.xl.Size.Height)

    @height.setter
    def height(self, value: float) -> None:
        self.resize(self.xl.Size.Width, hundredths_of_mm(value))

    def resize(self, width: int, height: int) -> None:
        """Set both measures, in LibreOffice's unit."""
        self.xl.setSize(struct("awt.Size", Width=width, Height=height))


def shapes_on(sheet: Sheet) -> list[Any]:
    """Return UNO's shapes on a worksheet, those of its notes left out."""
    page = sheet.xl.DrawPage
    return [shape for shape in map(page.getByIndex, range(page.Count)) if shape.ShapeType != _NOTE]


@engine_class
class Shapes(base_classes.Collection):
    """Everything that lies on a worksheet: pictures, charts, buttons, drawings.

    Parameters
    ----------
    parent
        The worksheet.
    """

    parent: Sheet

    def __init__(self, parent: Sheet) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        return self.parent.xl.DrawPage

    def _all(self) -> list[Any]:
        return [Shape(self.parent, xl, number) for number, xl in enumerate(shapes_on(self.parent), start=1)]

    def __call__(self, key: int | str) -> Any:
        every = self._all()
        if isinstance(key, str):
            for shape in every:
                if shape.name.casefold() == key.casefold():
                    return shape
        elif 1 <= key <= len(every):
            return every[key - 1]
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __contains__(self, key: int | str) -> bool:
        try:
            return self(key) is not None
        except KeyError:
            return False


@engine_class
class Shape(Placed, base_classes.Shape):
    """One shape on a worksheet.

    Parameters
    ----------
    parent
        The worksheet.
    xl
        UNO's shape.
    index
        Its number on the worksheet, from 1.
    """

    parent: Sheet
    index: int

    def __init__(self, parent: Sheet, xl: Any, index: int) -> None:
        self.parent = parent
        self.xl = xl
        self.index = index

    @property
    def api(self) -> Any:
        """LibreOffice's shape, ``com.sun.star.drawing.Shape``."""
        return self.xl

    @property
    def name(self) -> str:
        kind = _ENGLISH.get(self.type, "Shape")
        return str(self.xl.Name or getattr(self.xl, "PersistName", "") or f"{kind} {self.index}")

    @name.setter
    def name(self, value: str) -> None:
        self.xl.Name = value

    @property
    def type(self) -> str:
        return _TYPES.get(self.xl.ShapeType, "auto_shape")

    def delete(self) -> None:
        self.parent.xl.DrawPage.remove(self.xl)

    def activate(self) -> None:
        self.parent.activate()
        self.parent.book.xl.CurrentController.select(self.xl)

    def scale_height(self, factor: float, relative_to_original_size: bool, scale: str) -> None:  # noqa: FBT001
        size = self._scaled_from(is_original=relative_to_original_size)
        self._scale(self.xl.Size.Width, round(size.Height * factor), scale)

    def scale_width(self, factor: float, relative_to_original_size: bool, scale: str) -> None:  # noqa: FBT001
        size = self._scaled_from(is_original=relative_to_original_size)
        self._scale(round(size.Width * factor), self.xl.Size.Height, scale)

    def _scaled_from(self, *, is_original: bool) -> Any:
        if is_original and self.type == "picture":
            return _original_size(self.xl.Graphic)
        return self.xl.Size

    def _scale(self, width: int, height: int, kept: str) -> None:
        size, place = self.xl.Size, self.xl.Position
        share = {"scale_from_top_left": 0.0, "scale_from_middle": 0.5, "scale_from_bottom_right": 1.0}[kept]
        x, y = place.X + round((size.Width - width) * share), place.Y + round((size.Height - height) * share)
        self.resize(width, height)
        self.xl.setPosition(struct("awt.Point", X=x, Y=y))

    @property
    def text(self) -> str | None:
        if self.type == "form_control":
            return str(getattr(self.xl.Control, "Label", "")) or None
        return (str(self.xl.String) or None) if hasattr(self.xl, "String") else None

    @text.setter
    def text(self, value: str) -> None:
        if self.type == "form_control":
            self.xl.Control.Label = value
        elif hasattr(self.xl, "String"):
            self.xl.setString(value)
        else:
            raise UnsupportedInLibreOfficeError(f"Shape.text of a {self.type}")

    @property
    def font(self) -> Font:
        return Font(self.xl)

    @property
    def characters(self) -> Characters:
        return Characters(self.xl)


@engine_class
class Picture(Placed, base_classes.Picture):
    """One picture on a worksheet.

    Parameters
    ----------
    parent
        The worksheet.
    xl
        UNO's shape.
    number
        Its number among the worksheet's pictures, from 1.
    """

    parent: Sheet
    lock_aspect_ratio: bool

    def __init__(self, parent: Sheet, xl: Any, number: int) -> None:
        self.parent = parent
        self.xl = xl
        self.number = number
        self.lock_aspect_ratio = False

    @property
    def api(self) -> Any:
        return self.xl

    def index(self) -> int:
        return self.number

    @property
    def name(self) -> str:
        return str(self.xl.Name or f"Picture {self.number}")

    @name.setter
    def name(self, value: str) -> None:
        self.xl.Name = value

    def resize(self, width: int, height: int) -> None:
        """Set both measures, in LibreOffice's unit; with a locked ratio the one that changed leads."""
        size = self.xl.Size
        if self.lock_aspect_ratio and size.Width and size.Height:
            if width != size.Width:
                height = round(width * size.Height / size.Width)
            else:
                width = round(height * size.Width / size.Height)
        super().resize(width, height)

    def delete(self) -> None:
        self.parent.xl.DrawPage.remove(self.xl)

    def update(self, filename: str) -> Picture:
        """Show another file in the same place."""
        name, place, size = self.name, self.xl.Position, self.xl.Size
        self.delete()
        picture = self.parent.pictures.add(filename, False, True, None, None, -1, -1)
        picture.resize(size.Width, size.Height)
        picture.xl.setPosition(place)
        picture.name = name
        return picture


@engine_class
class Pictures(Shapes, base_classes.Pictures):
    """The pictures on a worksheet."""

    def _all(self) -> list[Any]:
        shapes = [xl for xl in shapes_on(self.parent) if xl.ShapeType == _PICTURE]
        return [Picture(self.parent, xl, number) for number, xl in enumerate(shapes, start=1)]

    def add(
        self,
        filename: str,
        link_to_file: bool,  # noqa: FBT001 - xlwings' signature
        save_with_document: bool,  # noqa: FBT001, ARG002 - a picture is always saved with the workbook
        left: float | None,
        top: float | None,
        width: float,
        height: float,
        anchor: Any = None,
    ) -> Picture:
        """Put a picture on the worksheet, at its own size where none is given."""
        if link_to_file:
            raise UnsupportedInLibreOfficeError("Pictures.add(link_to_file=True)")
        provider = self.parent.book.app.office.service("graphic.GraphicProvider")
        graphic = provider.queryGraphic(properties(URL=file_url(Path(filename).resolve())))
        if graphic is None:
            raise FileError("The picture cannot be read.", where=filename, remedy="Use a PNG, JPEG, GIF or SVG file.")
        shape = self.parent.book.xl.createInstance(_PICTURE)
        self.parent.xl.DrawPage.add(shape)
        shape.Graphic = graphic
        own = _original_size(graphic)
        picture = Picture(self.parent, shape, len(self))
        picture.resize(
            own.Width if width < 0 else hundredths_of_mm(width), own.Height if height < 0 else hundredths_of_mm(height)
        )
        picture.left = anchor.left if anchor else left or 0
        picture.top = anchor.top if anchor else top or 0
        shape.Name = self._free_name(len(self))
        return picture

    def _free_name(self, number: int) -> str:
        taken = {shape.Name for shape in shapes_on(self.parent)}
        while f"Picture {number}" in taken:
            number += 1
        return f"Picture {number}"


def _original_size(graphic: Any) -> Any:
    """Return a picture's own size; one without a resolution is shown at 96 pixels an inch, as Excel does."""
    size, pixels = graphic.Size100thMM, graphic.SizePixel
    if size.Width and size.Height:
        return size
    return struct("awt.Size", Width=round(pixels.Width * 2540 / 96), Height=round(pixels.Height * 2540 / 96))
