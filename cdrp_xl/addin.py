"""What the buttons of the master call: refresh, publish and check of the workbook that is open in front of the analyst.

Plain functions over an xlwings workbook, the same in Excel and in LibreOffice.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw

import cdrp_xl
from cdrp_xl import damage, paths
from cdrp_xl.errors import CannotBeWrittenError, CdrpError, FileError, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdrp_xl.sheets import Properties, Sheet
    from cdrp_xl.sources.master import Inputs, Typed
    from cdrp_xl.sources.named_tables import Form, NamedTable, Tables
    from cdrp_xl.sources.own_ranges import Ranges
    from cdrp_xl.workbooks.refreshing import Prepared


_COMPARE = "Comparison"
_COMPARISON_INPUTS = ("Offence rows", "Area", "Earlier period", "Later period")
_MOST_COMPARED = 500
_SHARE = "+ 0.0%;- 0.0%;0.0%"
_MOST_IN_BAR = 255
"""Characters: Excel cuts or refuses longer strings that are set from outside (Microsoft, article 213841)."""


def refresh(book: xw.Book, *, today: dt.date | None = None) -> str:
    """Fill the open master from its folder's sources, and return in a few words what was done.

    Everything is read and checked before the first cell is written. What the analyst wrote is read from the open
    workbook, saved or not.

    Parameters
    ----------
    book
        The open master, in its partnership's folder.
    today
        The day on which this is done; None takes this day.

    Raises
    ------
    CdrpError
        If a source or the workbook is at fault; the workbook then shows what it showed before.
    """
    from cdrp_xl.workbooks import history, master, record, refreshing
    from cdrp_xl.workbooks.saving import Saved
    from cdrp_xl.writers import open_workbook

    with _at_work(book, undone="Not refreshed") as (tables, folder, progress):
        day = _day(today)
        with history.refusals(folder, history.REFRESH, today=day):
            prepared, typed = _prepared(tables, folder, today=day, progress=progress)

        def put(sheets: Sequence[Sheet], properties: Properties) -> Saved:
            last = record.last(folder)
            with record.set_aside(folder, masters=record.masters(folder)):
                as_file = functools.partial(master.content, sheets, properties)
                open_workbook.fill(book, sheets, as_file=as_file, progress=progress)
            # The master's file is as it was: still ours if it was before, and kept at the next refresh if not.
            return Saved(fingerprint=last.master if last else "")

        refreshing.finish(folder, prepared, typed, today=day, put=put)
        _recalculate_functions(book.app)
    return _with_what_to_look_at(f"{prepared.report.period.name} is refreshed.", prepared.report.to_look_at)


def publish(book: xw.Book, *, today: dt.date | None = None) -> str:
    """Write the partners' copy of what the open master was last refreshed to, and return its place.

    Parameters
    ----------
    book
        The open master, in its partnership's folder.
    today
        The day on which this is done; None takes this day.

    Raises
    ------
    CdrpError
        If nothing was refreshed, a source moved since, or the copy may not leave; nothing is then written.
    """
    from cdrp_xl.workbooks import history, publishing

    with _at_work(book, undone="Not published") as (tables, folder, progress):
        inputs, day = _inputs(tables, folder), _day(today)
        with history.refusals(folder, history.PUBLISH, today=day):
            done = publishing.publish_held(folder, today=day, progress=progress, inputs=inputs, ranges=ranges_in(book))
    said = f"{done.report.period.name} is published: {done.copy.parent.name}/{done.copy.name}"
    return _with_what_to_look_at(said, done.to_look_at)


def check(book: xw.Book, *, today: dt.date | None = None) -> str:
    """Read and check all that a refresh and a publish would, write nothing, and return what was found.

    Parameters
    ----------
    book
        The open master, in its partnership's folder.
    today
        The day on which this is done; None takes this day.

    Raises
    ------
    CdrpError
        If a refresh or a publish would be refused.
    """
    from cdrp_xl.report import own
    from cdrp_xl.workbooks import refreshing
    from cdrp_xl.workbooks.publishing import check_sums, check_warnings, with_checked_words
    from cdrp_xl.writers import open_workbook

    with _progress_shown(book) as progress:
        tables = tables_in(book)
        day = _day(today)
        prepared, typed = _prepared(tables, folder_of(book, tables), today=day, progress=progress)
        open_workbook.find(book, refreshing.lay_out(prepared, typed, today=day))
        own.with_own(prepared.report, prepared.settings, ranges_in(book))
        check_sums(prepared.report)
        check_warnings(prepared.report)
        with_checked_words(prepared.report)
    return _with_what_to_look_at(
        f"{prepared.report.period.name} can be refreshed and published.", prepared.report.to_look_at
    )


def compare(book: xw.Book) -> str:
    """Write on the worksheet Comparison what CDRP_COMPARE answers to what is typed there, and say what is there.

    For Excel on a Mac, which has no worksheet functions. Without that worksheet one is added, with nothing typed on
    it: every row of the table, in the quarter last refreshed and the same months a year before.

    Parameters
    ----------
    book
        The open master, in its partnership's folder.

    Raises
    ------
    CdrpError
        If it can't be answered; the worksheet then shows what it showed before.
    """
    from cdrp_xl import functions

    with _progress_shown(book):
        figures = functions.load(folder_of(book, tables_in(book)))
        known = {sheet.name.casefold(): sheet for sheet in book.sheets}
        sheet = known.get(_COMPARE.casefold())
        rows, (area, earlier, later) = ([], ("", "", "")) if sheet is None else _typed(sheet)
        answer = functions.compare(figures, rows or "", area or "", earlier or "", later or "")
        if sheet is None:
            sheet = book.sheets.add(_COMPARE, after=book.sheets[-1])
            sheet["A1:D1"].value = list(_COMPARISON_INPUTS)
            sheet["A2:D2"].resize(_MOST_COMPARED).number_format = "@"  # else Excel makes a date of 2010-11
        first = sheet["F1"]
        first.expand().clear_contents()
        first.value = answer
        first.offset(1, 4).resize(_MOST_COMPARED).number_format = _SHARE
    return f"The comparison is on the worksheet {sheet.name}: type rows, area and periods there, and press again."


def _typed(sheet: xw.Sheet) -> tuple[list[list[Any]], tuple[Any, Any, Any]]:
    """Return the rows typed in the first column, and the area and the two periods under their headings."""
    if tuple(sheet["A1:D1"].value) != _COMPARISON_INPUTS:
        raise CannotBeWrittenError(
            f"The worksheet {sheet.name} is your own, so it is not overwritten.",
            where=place(sheet.book.name, sheet=sheet.name),
            remedy="Rename it, and press Comparison again.",
        )
    rows = sheet["A2"].resize(_MOST_COMPARED).options(ndim=2).value
    ((area, earlier, later),) = sheet["B2:D2"].options(ndim=2).value
    return [row for row in rows if row[0]], (area, earlier, later)


def refresh_clicked() -> None:
    """Refresh the workbook whose button was clicked."""
    _clicked(refresh)


def publish_clicked() -> None:
    """Publish the workbook whose button was clicked."""
    _clicked(publish)


def check_clicked() -> None:
    """Check the workbook whose button was clicked."""
    _clicked(check)


def comparison_clicked() -> None:
    """Compare rows in the workbook whose button was clicked."""
    _clicked(compare)


def folder_of(book: xw.Book, tables: Tables) -> Path:
    """Return the partnership's folder: the one typed on Control, otherwise the one that the workbook is in.

    Parameters
    ----------
    book
        The open master.
    tables
        Its tables.

    Raises
    ------
    FileError
        If that is not a partnership's folder, or the workbook was never saved.
    """
    from cdrp_xl.settings import FILE_NAME
    from cdrp_xl.sources.master import control_in

    path, typed = Path(book.fullname), control_in(tables).folder
    folder = path.parent / Path(typed).expanduser()
    if (path.is_absolute() or folder.is_absolute()) and (folder / FILE_NAME).is_file():
        return folder
    if typed:
        raise FileError(
            f"There is no partnership's folder {typed}: it holds no {FILE_NAME}.",
            where=place(book.name, sheet="Control", heading="Partnership folder"),
            remedy=paths.SYNCHRONISE
            if paths.is_address(typed)
            else "Correct what is typed there, or empty the cell to use the folder of this workbook.",
        )
    raise FileError(
        f"{book.name} is not in a partnership's folder: there is no {FILE_NAME} beside it.",
        where=book.fullname,
        remedy=paths.SYNCHRONISE
        if paths.is_address(book.fullname)
        else f"Open the master in the folder that holds {FILE_NAME}, or save this workbook there.",
    )


def _prepared(
    tables: Tables, folder: Path, *, today: dt.date, progress: Callable[[str], None]
) -> tuple[Prepared, Typed]:
    """Return what a refresh of the open master would write, and what is typed on its Control."""
    from cdrp_xl.sources.master import control_in
    from cdrp_xl.workbooks import refreshing

    inputs, typed = _inputs(tables, folder), control_in(tables)
    return refreshing.prepare(folder, quarter=typed.period(), today=today, progress=progress, inputs=inputs), typed


def _inputs(tables: Tables, folder: Path) -> Inputs:
    from cdrp_xl.sources.master import inputs_in
    from cdrp_xl.workbooks import record

    return inputs_in(tables, last_refreshed=record.last_quarter(folder))


def _with_what_to_look_at(said: str, look: Sequence[str]) -> str:
    """Return what a button says, with what the analyst should look at."""
    return ". ".join((said.removesuffix("."), " ".join(look))) if look else said


def tables_in(book: xw.Book) -> Tables:
    """Return the tables of the open workbook as texts, as those of a saved one are read."""
    from cdrp_xl.sources.named_tables import NamedTable, Tables
    from cdrp_xl.writers import open_workbook

    walked = open_workbook.walk(book)

    def read(form: Form) -> NamedTable | None:
        area = walked.areas.get(form.name.casefold())
        if area is None:
            return None
        read_rows = walked.with_row_below(form.name.casefold())
        headings, *rows, below = (tuple(_as_text(value) for value in row) for row in read_rows)
        return NamedTable(
            name=form.name,
            workbook=book.name,
            sheet=area.sheet,
            first_row=area.row + 1,
            headings=headings,
            rows=tuple(rows),
            below=below,
        )

    return Tables(workbook=book.name, read=read)


def ranges_in(book: xw.Book) -> Ranges:
    """Return what gives the named ranges of the open workbook, as those of a saved one are read."""
    from cdrp_xl.sources.own_ranges import Cells, check_size
    from cdrp_xl.writers import open_workbook

    def read(name: str) -> Cells | None:
        walked = open_workbook.walk(book)
        named = {key.casefold(): place for key, place in walked.named.items()}
        place = named.get(name.casefold())
        if place is None:
            return None
        check_size(name, place, book.name)
        cells = walked.range(place)
        rows, columns = range(place.rows), range(place.columns)
        off_rows = {row for row in rows if cells[row, 0].rows.hidden}
        off_columns = {column for column in columns if cells[0, column].columns.hidden}
        return Cells(
            workbook=book.name,
            name=name,
            sheet=place.sheet,
            row=place.row,
            column=place.column,
            values=tuple(tuple(row) for row in cells.options(ndim=2).value),
            formats=tuple(tuple(cells[row, column].number_format for column in columns) for row in rows),
            hidden=frozenset(
                (row, column) for row in rows for column in columns if row in off_rows or column in off_columns
            ),
        )

    return read


def _day(today: dt.date | None) -> dt.date:
    return today or dt.datetime.now().astimezone().date()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


@contextlib.contextmanager
def _at_work(book: xw.Book, *, undone: str) -> Iterator[tuple[Tables, Path, Callable[[str], None]]]:
    """Yield the master's tables to a button's work, with its folder locked and something to show progress.

    What goes wrong is shown on Control too; while another refresh runs, that one shows its progress.
    """
    from cdrp_xl.workbooks.alone import alone

    with _progress_shown(book) as progress:
        with _failure_shown(book, undone):
            tables = tables_in(book)
            folder = folder_of(book, tables)
        with alone(folder), _failure_shown(book, undone):
            yield tables, folder, progress


@contextlib.contextmanager
def _failure_shown(book: xw.Book, undone: str) -> Iterator[None]:
    """Say on Control what was not done, and why."""
    from cdrp_xl.writers import open_workbook

    try:
        yield
    except CdrpError as wrong:
        with contextlib.suppress(Exception):  # the reason is given in any case; a master may be protected or gone
            open_workbook.say(book, f"{undone}: {wrong.what}")
        raise


@contextlib.contextmanager
def _progress_shown(book: xw.Book) -> Iterator[Callable[[str], None]]:
    """Show what is being done in the status bar; what went wrong stays there, otherwise the bar is given back."""

    def show(text: str) -> None:
        with contextlib.suppress(Exception):  # a status bar that can't be written stops no refresh
            book.app.status_bar = text

    try:
        _check_xlwings()
        yield show
    except CdrpError as wrong:
        show(wrong.what)
        raise
    except BaseException:
        _give_back(book.app)
        raise
    _give_back(book.app)


def _check_xlwings() -> None:
    """Refuse a version of xlwings that this one was not made for: engines differ from one minor version to the next."""
    if xw.__version__.rpartition(".")[0] != cdrp_xl.XLWINGS:
        raise CannotBeWrittenError(
            f"xlwings {xw.__version__} is installed; cdrp-xl {cdrp_xl.__version__} needs xlwings {cdrp_xl.XLWINGS}.",
            where=sys.executable,
            remedy="Run  python -m pip install --upgrade cdrp-xl  with that Python, then  xlwings addin install  with "
            "Excel closed.",
        )


def _recalculate_functions(app: xw.App) -> None:
    """Let the worksheet functions of every open workbook answer once from what was kept just now.

    None of their cells changed, so that Excel's ordinary calculation would pass them over.
    """
    with contextlib.suppress(Exception):  # the figures are right all the same; a later calculation shows them
        if app.engine.name == "excel" and sys.platform == "win32":
            app.api.CalculateFull()
        else:
            app.calculate()


def _give_back(app: xw.App) -> None:
    with contextlib.suppress(Exception):
        app.status_bar = False


def _clicked(act: Callable[[xw.Book], str]) -> None:
    """Do what a button is for, and give the outcome in words, never in a traceback."""
    book = xw.Book.caller()
    try:
        said = act(book)
    except CdrpError as wrong:
        _show_message(book.app, wrong)
    except OSError as refused:
        _show_message(book.app, damage.refused_by_system(refused))
    except Exception as fault:  # noqa: BLE001 - in plain words; the traceback goes to the log of the caller
        sys.excepthook(type(fault), fault, fault.__traceback__)
        _show_message(
            book.app,
            CannotBeWrittenError(
                f"Something went wrong that should not: {fault}",
                where=book.name,
                remedy="Close the workbook without saving it, run the same at the command line, and report the fault.",
            ),
        )
    else:
        _show_done(book.app, said)


def _show_done(app: xw.App, said: str) -> None:
    """Show what was done in the status bar; what Excel's has no room for is an alert too."""
    _show_in_bar(app, said)
    if app.engine.name != "libreoffice" and len(said) > _MOST_IN_BAR:
        app.alert(said, "cdrp-xl")


def _show_message(app: xw.App, wrong: CdrpError) -> None:
    """Show a message as far as the program can: an alert, and the status bar, which is all that LibreOffice has."""
    _show_in_bar(app, f"{wrong.what} {wrong.remedy}")
    if app.engine.name != "libreoffice":
        app.alert(str(wrong), "cdrp-xl")


def _show_in_bar(app: xw.App, text: str) -> None:
    has_room = app.engine.name == "libreoffice" or len(text) <= _MOST_IN_BAR
    app.status_bar = text if has_room else f"{text[: _MOST_IN_BAR - 1]}…"
