"""The master workbook as a file: its sheets with macros, buttons and xlwings.conf, and what its Control says next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cdrp_xl import sheets
from cdrp_xl.periods import Month
from cdrp_xl.sheets import Control, LogRow, Properties, pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cdrp_xl.report import Report
    from cdrp_xl.sheets import Sheet
    from cdrp_xl.sources.master import Typed

MASTER = "master.xlsm"
OLDER_MASTER = "master.xlsx"
"""What earlier versions wrote, without macros: read where there is no other master, and left as it is."""

LOG_ROWS_KEPT = 50
_DIGITS_IN_A_CELL = 15
_NO_DAY = dt.date(2000, 1, 1)


def existing(folder: Path) -> Path:
    """Return the master that a folder has, from which words are read: an earlier version's if there is no other."""
    older = folder / OLDER_MASTER
    return older if older.is_file() and not (folder / MASTER).exists() else folder / MASTER


def content(laid_out: Sequence[Sheet], properties: Properties) -> bytes:
    """Return the master of sheets laid out for the analyst, with the hidden worksheet that the xlwings add-in reads."""
    from cdrp_xl.writers import pivot_parts, vba_project, xlsx_file, xlwings_conf

    settings = pages.unlisted(xlwings_conf.SHEET_NAME, xlwings_conf.rows())
    every = (*laid_out, settings)
    names = code_names(len(every))
    macros = xlsx_file.Macros(
        project=vba_project.compile_project(names),
        workbook_code_name=vba_project.WORKBOOK_CODE_NAME,
        sheet_code_names=names,
    )
    return pivot_parts.add(xlsx_file.write(every, properties, macros=macros), every)


def unfilled() -> bytes:
    """Return the master that a new folder begins with: always the same bytes, by which it is known again."""
    properties = Properties(
        title="Master workbook", subject="", author="cdrp-xl", date=_NO_DAY, marking="", is_final=False
    )
    return content(sheets.lay_out_unfilled(), properties)


def code_names(count: int) -> tuple[str, ...]:
    """Return the code names of that many worksheets, as Excel itself would number them."""
    return tuple(f"Sheet{number}" for number in range(1, count + 1))


def control_after(typed: Typed, built: Report, *, today: dt.date, rows_read: int) -> Control:
    """Return what Control says after a refresh: what was typed is kept, and the log begins with this refresh."""
    when = f"{today.day} {Month.of(today).name}"
    to_look_at = len(built.lines_to_look_at)
    result = "Refreshed; every check holds"
    if to_look_at:
        result = f"Refreshed; look at {to_look_at} line{'s' if to_look_at > 1 else ''} on the worksheet Checks"
    newest = LogRow(when=when, quarter=built.period.name, rows_read=rows_read, result=result)
    former = [
        LogRow(when=when, quarter=quarter, rows_read=_number_or_text(rows), result=result)
        for when, quarter, rows, result in typed.log
    ]
    return Control(
        status=f"Refreshed: figures of {built.period.name}",
        last_refresh=when,
        folder=typed.folder,
        quarter=typed.quarter,
        log=(newest, *former)[:LOG_ROWS_KEPT],
    )


def _number_or_text(rows: str) -> int | str:
    """Return the rows of a line of the log as a number, unless something else was typed over them."""
    return int(rows) if rows.isdecimal() and len(rows) <= _DIGITS_IN_A_CELL else rows
