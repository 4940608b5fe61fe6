"""Fonts and colours, of cells, shapes and stretches of their text."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.libreoffice.interface import engine_class
from cdrp_xl.libreoffice.office import enum

if TYPE_CHECKING:
    from collections.abc import Callable

_BOLD, _NORMAL = 150.0, 100.0
_AUTOMATIC = -1


def shared(cells: Any, name: str) -> Any:
    """Return a property that all cells share, or None where they differ.

    UNO itself answers with its default there, which reads as a value.
    """
    if hasattr(cells, "getPropertyState") and cells.getPropertyState(name).value == "AMBIGUOUS_VALUE":
        return None
    return getattr(cells, name)


def as_rgb(colour: int | None) -> tuple[int, int, int] | None:
    """Return UNO's colour as red, green and blue; None where there is none."""
    if colour is None or colour < 0:
        return None
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def uno_colour(colour: Any) -> int:
    """Return a colour as UNO has it, from red, green and blue, ``"#ff0000"``, or Excel's number."""
    if isinstance(colour, str):
        return int(colour.removeprefix("#"), 16)
    if isinstance(colour, int):
        # Excel's numbers have red in the lowest byte.
        return (colour & 255) << 16 | colour & 0xFF00 | colour >> 16 & 255
    red, green, blue = colour
    return int(red) << 16 | int(green) << 8 | int(blue)


def _unhindered() -> None:
    """Let a change pass."""


@engine_class
class Font(base_classes.Font):
    """The font of cells or of a text.

    Parameters
    ----------
    target
        UNO's object with character properties.
    before_change
        Called before each change; raises where none may be made.
    """

    def __init__(self, target: Any, *, before_change: Callable[[], None] = _unhindered) -> None:
        self._target = target
        self._before_change = before_change

    @property
    def api(self) -> Any:
        return self._target

    def _set(self, name: str, value: Any) -> None:
        self._before_change()
        # A text has a font for each kind of script; Excel sets them together.
        for script in ("", "Asian", "Complex") if name != "CharColor" else ("",):
            setattr(self._target, f"{name}{script}", value)

    @property
    def bold(self) -> bool | None:
        weight = shared(self._target, "CharWeight")
        return None if weight is None else weight > _NORMAL

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", _BOLD if value else _NORMAL)

    @property
    def italic(self) -> bool | None:
        posture = shared(self._target, "CharPosture")
        return None if posture is None else posture.value == "ITALIC"

    @italic.setter
    def italic(self, value: bool) -> None:
        self._set("CharPosture", enum("awt.FontSlant", "ITALIC" if value else "NONE"))

    @property
    def size(self) -> float | None:
        size = shared(self._target, "CharHeight")
        return None if size is None else float(size)

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def name(self) -> str | None:
        name = shared(self._target, "CharFontName")
        return None if name is None else str(name)

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        colour = shared(self._target, "CharColor")
        # What LibreOffice calls automatic is black to Excel.
        return (0, 0, 0) if colour == _AUTOMATIC else as_rgb(colour)

    @color.setter
    def color(self, value: Any) -> None:
        self._set("CharColor", uno_colour(value))


@engine_class
class Characters(base_classes.Characters):
    """A stretch of the text in a cell or shape.

    Parameters
    ----------
    owner
        UNO's cell range of one cell, or shape.
    start, stop
        The stretch, from 0.
    """

    def __init__(self, owner: Any, start: int = 0, stop: int | None = None) -> None:
        self._owner = owner.getCellByPosition(0, 0) if hasattr(owner, "getCellByPosition") else owner
        self._start = start
        self._stop = stop

    @property
    def api(self) -> Any:
        """UNO's text cursor over the stretch."""
        cursor = self._owner.createTextCursor()
        cursor.gotoStart(False)
        cursor.goRight(self._start, False)
        stop = len(self._owner.String) if self._stop is None else self._stop
        cursor.goRight(max(0, stop - self._start), True)
        return cursor

    @property
    def text(self) -> str:
        return str(self._owner.String[self._start : self._stop])

    @property
    def font(self) -> Font:
        return Font(self.api)

    def __getitem__(self, item: int | slice) -> Characters:
        length = len(self.text)
        if isinstance(item, slice):
            if (item.start or 0) < 0 or (item.stop or 0) < 0:
                raise ValueError("Characters does not support slicing with negative indexes")
            start, stop, _step = item.indices(length)
        else:
            start = item if item >= 0 else length + item
            stop = start + 1
        return Characters(self._owner, self._start + start, self._start + stop)
