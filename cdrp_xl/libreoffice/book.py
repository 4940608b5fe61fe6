"""Workbooks: opening, saving and closing them."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from xlwings import base_classes

from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.libreoffice import left_out
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError, engine_class
from cdrp_xl.libreoffice.names import Names
from cdrp_xl.libreoffice.number_formats import NumberFormats
from cdrp_xl.libreoffice.office import bridge, file_url, from_uno, properties, struct
from cdrp_xl.libreoffice.sheet import Sheet, Sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.libreoffice.app import App
    from cdrp_xl.libreoffice.range import Range

_FILTERS = {
    ".csv": "Text - txt - csv (StarCalc)",
    ".ods": "calc8",
    ".ots": "calc8_template",
    ".xls": "MS Excel 97",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xltx": "Calc MS Excel 2007 XML Template",
}
_RUN_MACROS_WITHOUT_ASKING = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
_LINKS_NEVER, _LINKS_ALWAYS = 0, 3  # com.sun.star.document.UpdateDocMode
_HIDDEN_WINDOW = (1600, 1200, 15)  # width and height in pixels; set both, and the place
_PDF_QUALITY = {"standard": 90, "minimum": 50}


@engine_class
class Books(base_classes.Books):
    """The open workbooks of one LibreOffice.

    Parameters
    ----------
    app
        The engine's app.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app.office.desktop.Components

    @property
    def active(self) -> Book | None:
        books = list(self)
        for book in books:
            if book.uid == self.app.active_uid:
                return book
        return books[-1] if books else None

    def __call__(self, name_or_index: int | str) -> Book:
        books = list(self)
        if isinstance(name_or_index, str):
            for book in books:
                if name_or_index.casefold() in (book.name.casefold(), book.fullname.casefold()):
                    return book
        elif 1 <= name_or_index <= len(books):
            return books[name_or_index - 1]
        raise KeyError(name_or_index)

    def __len__(self) -> int:
        return len(self.app.documents())

    def __iter__(self) -> Iterator[Book]:
        return iter([Book(self.app, document) for document in self.app.documents()])

    def __contains__(self, key: int | str) -> bool:
        try:
            return self(key) is not None
        except KeyError:
            return False

    def add(self) -> Book:
        book = self._load("private:factory/scalc", "a new workbook")
        taken = {document.Title for document in self.app.documents()}
        book.xl.setTitle(next(name for i in itertools.count(1) if (name := f"Book{i}") not in taken))
        return book

    def open(  # noqa: PLR0913, PLR0917 - xlwings' own list
        self,
        fullname: str,
        update_links: Any = None,
        read_only: bool | None = None,  # noqa: FBT001
        format: Any = None,  # noqa: A002
        password: str | None = None,
        write_res_password: Any = None,
        ignore_read_only_recommended: Any = None,  # noqa: ARG002 - LibreOffice never asks
        origin: Any = None,
        delimiter: str | None = None,
        editable: Any = None,  # noqa: ARG002 - a template opens as a workbook of its own name
        notify: Any = None,  # noqa: ARG002 - a locked file is reported at once
        converter: Any = None,
        add_to_mru: Any = None,  # noqa: ARG002 - the private profile keeps no list
        local: Any = None,
        corrupt_load: Any = None,
    ) -> Book:
        """Open a workbook.

        Raises
        ------
        FileError
            If the file is missing, is no workbook, asks for a password, or is open elsewhere.
        """
        _refuse(
            format=format,
            write_res_password=write_res_password,
            origin=origin,
            converter=converter,
            local=local,
            corrupt_load=corrupt_load,
        )
        path = Path(fullname)
        _check_whole(path)
        _remove_dead_lock(path)
        named: dict[str, Any] = {"UpdateDocMode": _LINKS_ALWAYS if update_links else _LINKS_NEVER}
        if password is not None:
            named["Password"] = password
        if read_only:
            named["ReadOnly"] = True
        book = self._load(file_url(path), str(path), **named, **_text_options(path, delimiter))
        if book.xl.isReadonly() and not read_only and os.access(path, os.W_OK):
            book.xl.close(True)
            raise FileError(
                f'"{path.name}" is open elsewhere.',
                where=str(path),
                remedy="Close it there, or open it with read_only=True.",
            )
        return book

    def _load(self, url: str, where: str, **named: Any) -> Book:
        # Hidden where LibreOffice has no screen: a window of a headless LibreOffice can end it.
        media = properties(Hidden=not self.app.office.is_shown, MacroExecutionMode=_RUN_MACROS_WITHOUT_ASKING, **named)
        try:
            document = self.app.office.desktop.loadComponentFromURL(url, "_blank", 0, media)
        except Exception as error:
            if "IllegalArgument" not in type(error).__name__ and "IOException" not in type(error).__name__:
                raise
            document = None
        if document is None or not hasattr(document, "Sheets"):
            if document is not None:
                document.close(True)
            raise _no_workbook(where)
        if not self.app.office.is_shown:
            # A window that is never shown has no size, and panes cannot be frozen in it.
            document.CurrentController.ComponentWindow.setPosSize(0, 0, *_HIDDEN_WINDOW)
        book = Book(self.app, document)
        book.activate()
        return book


def _text_options(path: Path, delimiter: str | None) -> dict[str, Any]:
    if path.suffix.lower() not in (".csv", ".txt"):
        return {}
    # The separator, the quotation mark, UTF-8, and the line to begin with.
    return {"FilterName": _FILTERS[".csv"], "FilterOptions": f"{ord(delimiter or ',')},34,76,1"}


def _check_whole(path: Path) -> None:
    if not path.is_file():
        raise FileError(
            f'There is no file "{path.name}".', where=str(path.parent), remedy="Check the name and the folder."
        )
    if not path.stat().st_size:
        raise _no_workbook(str(path))  # LibreOffice would take it for a new one


def _refuse(**arguments: Any) -> None:
    for name, value in arguments.items():
        if value is not None:
            raise UnsupportedInLibreOfficeError(f"Books.open(…, {name}=…)")


def _no_workbook(where: str) -> FileError:
    return FileError(
        f'"{Path(where).name}" is not a workbook that LibreOffice can open.',
        where=where,
        remedy="Check that the file is whole and of the kind that its ending says, and give the password it may have.",
    )


def _remove_dead_lock(path: Path) -> None:
    """Remove the lock that a LibreOffice left behind whose private profile is gone: it was killed."""
    lock = path.with_name(f".~lock.{path.name}#")
    with contextlib.suppress(OSError, UnicodeDecodeError):
        profile = lock.read_text(encoding="utf-8").rstrip(";\n").rsplit(",", 1)[-1]
        folder = Path(unquote(urlparse(profile).path))
        if profile.startswith("file://") and folder.name.startswith("cdrp-xl-libreoffice-") and not folder.exists():
            lock.unlink()
            path.with_name(f"~${path.name}").unlink(missing_ok=True)


def _encryption(target: Path, password: str) -> dict[str, Any]:
    """Return what makes LibreOffice encrypt: the Office formats silently ignore a bare password."""
    if target.suffix.lower() in (".ods", ".ots", ".xls"):
        return {"Password": password}
    settings = {"CryptoType": "Standard", "OOXPassword": password}
    named = tuple(struct("beans.NamedValue", Name=name, Value=value) for name, value in settings.items())
    return {"EncryptionData": bridge().Any("[]com.sun.star.beans.NamedValue", named)}


@engine_class
class Book(base_classes.Book):
    """One open workbook.

    Parameters
    ----------
    app
        The engine's app.
    xl
        The UNO document.
    """

    app: App

    def __init__(self, app: App, xl: Any) -> None:
        self.app = app
        self.xl = xl
        self.uid = str(xl.RuntimeUID)
        self._formats: NumberFormats | None = None

    @property
    def api(self) -> Any:
        """LibreOffice's document, ``com.sun.star.sheet.SpreadsheetDocument``."""
        return self.xl

    @property
    def formats(self) -> NumberFormats:
        """The workbook's number formats."""
        if self._formats is None:
            self._formats = NumberFormats(self.xl)
        return self._formats

    @property
    def kept(self) -> left_out.Kept:
        """What LibreOffice leaves out of the file, to begin with as the file has it that was opened."""
        known = self.app.kept
        if self.uid not in known:
            known[self.uid] = left_out.of_file(Path(self.fullname)) if self.xl.URL else left_out.Kept()
        return known[self.uid]

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    @property
    def fullname(self) -> str:
        if self.xl.URL:
            return str(bridge().fileUrlToSystemPath(self.xl.URL))
        return str(self.xl.Title)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self, None)

    @property
    def selection(self) -> Range | None:
        """The selected cells, or None where something else is selected."""
        selected = self.xl.CurrentSelection
        if selected is None or not hasattr(selected, "RangeAddress"):
            return None
        address = selected.RangeAddress
        return self.sheet_at(address.Sheet).cover(from_uno(address))

    def sheet_at(self, index: int) -> Sheet:
        """Return the sheet at a place that counts from 0, as UNO's addresses have it."""
        return Sheet(self, self.xl.Sheets.getByIndex(index))

    def activate(self) -> None:
        self.app.active_uid = self.uid

    def close(self) -> None:
        """Close the workbook without saving it."""
        self.xl.setModified(False)
        self.xl.close(True)
        self.app.kept.pop(self.uid, None)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save under the book's own name, or under another, whose ending says the format."""
        target = Path(path or (self.fullname if self.xl.URL else f"{self.name}.xlsx")).resolve()
        filter_name = _FILTERS.get(target.suffix.lower())
        if filter_name is None:
            raise CannotBeWrittenError(
                f'"{target.name}" has an ending that LibreOffice cannot save as a workbook.',
                where=str(target),
                remedy=f"Use one of {', '.join(sorted(_FILTERS))}, or to_pdf().",
            )
        named: dict[str, Any] = {"FilterName": filter_name, "Overwrite": True}
        if password:
            named |= _encryption(target, password)
        kept = self.kept  # read from the file before another overwrites it
        self._store(self.xl.storeAsURL, target, named)
        if target.suffix.lower() in left_out.EXCEL and not password:
            self._put_back(target, kept)

    def _put_back(self, target: Path, kept: left_out.Kept) -> None:
        writes_views = self.app.office.is_shown
        views, active = ([], 0) if writes_views else (left_out.views(self.xl, kept), self.sheets.active.index - 1)
        try:
            left_out.put_back(target, views, active, kept.styles)
        except OSError as error:
            raise CannotBeWrittenError(
                f'"{target.name}" was saved without its frozen panes and table styles: {error.strerror}.',
                where=str(target),
                remedy="Close the file elsewhere and save again.",
            ) from error

    def to_pdf(self, path: str, quality: str = "standard") -> None:
        """Print the visible sheets into a PDF."""
        data = properties(Quality=_PDF_QUALITY[quality], ReduceImageResolution=quality == "minimum")
        self.export_pdf(Path(path), data)

    def export_pdf(self, path: Path, filter_data: tuple[Any, ...]) -> None:
        """Write a PDF with the settings of LibreOffice's PDF export."""
        self.export(path, "calc_pdf_Export", bridge().Any("[]com.sun.star.beans.PropertyValue", filter_data))

    def export(self, path: Path, filter_name: str, filter_data: Any = None) -> None:
        """Write a copy in another format; the book keeps its own name."""
        named: dict[str, Any] = {"FilterName": filter_name, "Overwrite": True}
        if filter_data is not None:
            named["FilterData"] = filter_data
        self._store(self.xl.storeToURL, path, named)

    def _store(self, store: Any, target: Path, named: dict[str, Any]) -> None:
        try:
            if not target.parent.is_dir():
                raise NotADirectoryError(target.parent)  # noqa: TRY301 - LibreOffice would make the folder
            store(file_url(target), properties(**named))
        except Exception as error:
            if not isinstance(error, OSError) and "IOException" not in type(error).__name__:
                raise
            raise CannotBeWrittenError(
                f'"{target.name}" could not be saved.',
                where=str(target),
                remedy="Check that the folder exists, that you may write there, and that the file is not open "
                "elsewhere.",
            ) from error
