"""Defined names, of a workbook and of a sheet."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from xlwings import NoSuchObjectError, base_classes

from cdrp_xl.addresses import CELL, QUOTED_SHEET, parse, shown_sheet, unquoted_sheet
from cdrp_xl.libreoffice.formulas import to_excel, to_uno
from cdrp_xl.libreoffice.interface import engine_class, plainly
from cdrp_xl.libreoffice.office import from_uno, struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.addresses import Rectangle
    from cdrp_xl.libreoffice.book import Book
    from cdrp_xl.libreoffice.range import Range
    from cdrp_xl.libreoffice.sheet import Sheet

_DELETED = "#REF!"  # what replaces a worksheet that was deleted
_SHEET = rf"(?P<sheet>{QUOTED_SHEET}|[^'. ]+)"
_PLACE = re.compile(rf"(?:^| ){_SHEET}\.(?P<first>{CELL}):(?P=sheet)\.(?P<last>{CELL})(?= |$)")


@engine_class
class Names(base_classes.Names):
    """The names of a workbook (its sheets' own among them), or those of one sheet.

    Parameters
    ----------
    book
        The workbook.
    sheet
        The sheet whose own names these are, or None for all of the workbook.
    """

    def __init__(self, book: Book, sheet: Sheet | None) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def api(self) -> Any:
        return (self.sheet or self.book).xl.NamedRanges

    def snapshot(self) -> list[tuple[str, Name]]:
        """Return every name with its text, in the order of the alphabet, as Excel lists them."""
        owners: list[Sheet | None] = [self.sheet] if self.sheet else [None, *self.book.sheets]
        found = [Name(self.book, owner, key) for owner in owners for key in self._keys(owner)]
        return sorted(((name.name, name) for name in found), key=lambda pair: pair[1].key.casefold())

    @functools.partial(plainly, label="Book.names")
    def places(self) -> dict[str, tuple[str, Rectangle]]:
        """Return for each name of the workbook itself the worksheet and the block of cells that it stands for.

        All are asked for in one call, which takes no longer than asking for one; names for anything else are left out.
        """
        provider = self.book.xl.createInstance("com.sun.star.chart2.data.DataProvider")
        return dict(_placed(provider, self._keys(None)))

    def _keys(self, owner: Sheet | None) -> tuple[str, ...]:
        keys: tuple[str, ...] = (owner or self.book).xl.NamedRanges.ElementNames
        return keys

    def __call__(self, name_or_index: int | str) -> Name:
        names = self.snapshot()
        if not isinstance(name_or_index, str):
            if 1 <= name_or_index <= len(names):
                return names[name_or_index - 1][1]
            raise KeyError(name_or_index)
        wanted = name_or_index.casefold()
        by_text = {text.casefold(): name for text, name in names}
        own = {name.key.casefold(): name for _text, name in reversed(names) if name.sheet is self.sheet}
        found = by_text.get(wanted) or own.get(wanted)
        if found is None:
            raise KeyError(name_or_index)
        return found

    def contains(self, name_or_index: int | str) -> bool:
        try:
            return self(name_or_index) is not None
        except KeyError:
            return False

    __contains__ = contains

    def __len__(self) -> int:
        return len(self.snapshot())

    def add(self, name: str, refers_to: str) -> Name:
        """Add a name, in place of one of the same text; ``Sheet1!Total`` belongs to that sheet."""
        sheet = self.sheet
        if "!" in name:
            sheet_name, name = name.rsplit("!", 1)
            sheet = self.book.sheets(unquoted_sheet(sheet_name))
        owner = (sheet or self.book).xl.NamedRanges
        for key in owner.ElementNames:
            if key.casefold() == name.casefold():
                owner.removeByName(key)
        content = _content(refers_to)
        owner.addNewByName(name, content, struct("table.CellAddress", Sheet=sheet.index - 1 if sheet else 0), 0)
        return Name(self.book, sheet, name)


def _placed(provider: Any, keys: Sequence[str]) -> Iterator[tuple[str, tuple[str, Rectangle]]]:
    """Yield the names with their places; where one name among several is of another kind, by halves."""
    try:
        places = list(_PLACE.finditer(provider.convertRangeToXML(",".join(keys))))
    except Exception as error:
        if not type(error).__name__.endswith("IllegalArgumentException"):
            raise
        places = []
    blocks = [(unquoted_sheet(place["sheet"]), parse(f"{place['first']}:{place['last']}")) for place in places]
    if len(blocks) == len(keys):
        yield from (
            (key, (sheet, area)) for key, (sheet, area) in zip(keys, blocks, strict=True) if area and sheet != _DELETED
        )
    elif len(keys) > 1:
        half = len(keys) // 2
        yield from _placed(provider, keys[:half])
        yield from _placed(provider, keys[half:])


def _content(refers_to: str) -> str:
    return to_uno(refers_to if refers_to.startswith("=") else f"={refers_to}").removeprefix("=")


@engine_class
class Name(base_classes.Name):
    """One defined name.

    Parameters
    ----------
    book
        The workbook.
    sheet
        The sheet that owns the name, or None for the workbook.
    key
        The name without its sheet.
    """

    def __init__(self, book: Book, sheet: Sheet | None, key: str) -> None:
        self.book = book
        self.sheet = sheet
        self.key = key

    @property
    def api(self) -> Any:
        return (self.sheet or self.book).xl.NamedRanges.getByName(self.key)

    def delete(self) -> None:
        (self.sheet or self.book).xl.NamedRanges.removeByName(self.key)

    @property
    def name(self) -> str:
        return f"{shown_sheet(self.sheet.name)}!{self.key}" if self.sheet else self.key

    @name.setter
    def name(self, value: str) -> None:
        self.api.setName(value)
        self.key = value

    @property
    def refers_to(self) -> str:
        return to_excel(f"={self.api.Content}")

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.setContent(_content(value))

    @property
    def refers_to_range(self) -> Range:
        cells = self.api.getReferredCells()
        if cells is None:
            raise NoSuchObjectError(f"The name '{self.name}' refers to {self.refers_to}, which is not a range.")
        address = cells.RangeAddress
        return self.book.sheet_at(address.Sheet).cover(from_uno(address))
