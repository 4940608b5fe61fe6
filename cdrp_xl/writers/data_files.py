"""The tables of a layout as data (.zip): a CSV file each, and a Frictionless data package that describes them all.

What a worksheet says beside its tables is in their descriptions. The same layout gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

from cdrp_xl.addresses import cell_name
from cdrp_xl.errors import CannotBeWrittenError, name_some, place, quoted
from cdrp_xl.sheets import Sparkline
from cdrp_xl.styles import NUMBERS, Style
from cdrp_xl.terms import SYMBOLS
from cdrp_xl.writers import cell_texts, shown
from cdrp_xl.writers.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.sheets import Column, Properties, Sheet, Table, Value

DESCRIPTOR = "datapackage.json"

_WHOLE_NUMBERS = frozenset({Style.COUNT, Style.CHANGE})
_SHARES = frozenset({Style.APPARENT_CHANGE, Style.SHARE})
_UNIT_OF_SHARES = "Unit: fraction (0.1 is 10%)."
_WORDS = re.compile(r"[A-Z]?[a-z]+|\d+")
_CALCULATED = re.compile(r"[=+@\t\r-](?! ?[\d.,]+ ?%?$)")
_MOST_SHOWN = 40
_ON = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can give its files: when they are packed is nobody's business."""


def write(sheets: Sequence[Sheet], properties: Properties) -> bytes:
    """Return an archive of every table of the placed worksheets but the contents, and of the package's description.

    Parameters
    ----------
    sheets
        The worksheets, as the partners' copy has them, the cover first.
    properties
        What the package says about itself.

    Raises
    ------
    CannotBeWrittenError
        If a text holds a character that no file may, or a program would calculate it; the worksheet and cell are named.
    """
    cell_texts.check(sheets)
    _check_texts(sheets)
    files: dict[str, bytes] = {}
    resources = []
    for sheet in sheets:
        drawn = {block.column for block in sheet.blocks if isinstance(block, Sparkline)}
        for number, table in enumerate(each for each in sheet.tables if not each.links):
            held = table.without(drawn)
            content = _csv(held)
            resource = _resource(sheet, held, content, description=_words_beside(sheet) if number == 0 else "")
            files[str(resource["path"])] = content
            resources.append(resource)
    package = _package(sheets[0], properties, resources)
    return _packed({DESCRIPTOR: as_json(package), **files})


def is_calculated(text: str) -> bool:
    """Return whether a spreadsheet program that opens a file of data takes a text for a formula."""
    return _CALCULATED.match(text) is not None


def _check_texts(sheets: Sequence[Sheet]) -> None:
    """Refuse texts that would be calculated: in a workbook a text is marked as one, in a file of data it can't be."""
    found = [
        (quoted(value[:_MOST_SHOWN]), f"{place(sheet=sheet.name)}, cell {cell_name(down, across)}")
        for sheet in sheets
        for table in sheet.tables
        for down, row in enumerate((tuple(column.heading for column in table.columns), *table.rows), table.row)
        for across, value in enumerate(row, table.column)
        if not table.links and isinstance(value, str) and is_calculated(value)
    ]
    if found:
        texts, rest = list(dict.fromkeys(text for text, _ in found)), len(found) - 1
        more = f" and {rest:,} more {'cell' if rest == 1 else 'cells'}" if rest else ""
        taken_for = "a formula" if len(texts) == 1 else "formulas"
        raise CannotBeWrittenError(
            f"A spreadsheet program would take {name_some(texts)} for {taken_for}.",
            where=f"{found[0][1]}{more}",
            remedy="Begin the text with a letter where it comes from: partnership.toml, the worksheet Inputs or a "
            "return. Or publish without --data.",
        )


def as_json(package: object) -> bytes:
    """Return a package's description as its file holds it."""
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of texts as a file holds them."""
    content = io.StringIO(newline="")
    csv.writer(content).writerows(rows)
    return content.getvalue().encode()


def _package(cover: Sheet, properties: Properties, resources: Sequence[dict[str, object]]) -> dict[str, object]:
    symbols = "\n".join(f"{symbol}: {meaning}" for symbol, meaning in SYMBOLS.items())
    return {
        "profile": "tabular-data-package",
        "name": _name(properties.title.lower()),
        "title": properties.title,
        "description": f"{_words_beside(cover)}\n\nIn the place of a figure:\n{symbols}",
        "created": dt.datetime.combine(properties.date, dt.time(), tzinfo=dt.UTC).isoformat(),
        "contributors": [{"title": properties.author, "role": "author"}],
        "language": ENGLISH,
        "marking": properties.marking,
        "resources": resources,
    }


def _resource(sheet: Sheet, table: Table, content: bytes, *, description: str) -> dict[str, object]:
    name = "-".join(word.lower() for word in _WORDS.findall(table.name.removeprefix("tbl")))
    has_figures = any(column.style in NUMBERS or column.style is Style.DATE for column in table.columns)
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": f"{sheet.name}: {table.caption}" if table.caption else sheet.name,
        "description": description,
        "marking": sheet.marking,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": ["", *SYMBOLS] if has_figures else [""],
        },
    }


def _field(column: Column) -> dict[str, str]:
    kind = "date" if column.style is Style.DATE else "string"
    if column.style in NUMBERS:
        kind = "integer" if column.style in _WHOLE_NUMBERS else "number"
    unit = {"description": _UNIT_OF_SHARES} if column.style in _SHARES else {}
    return {"name": column.heading, "type": kind, **unit}


def _words_beside(sheet: Sheet) -> str:
    """Return what a worksheet says beside its tables, a paragraph to a line."""
    texts = (each for each in shown.texts(sheet.blocks) if each.style is not Style.MARKING)
    return "\n".join(str(each.value) for each in texts)


def _csv(table: Table) -> bytes:
    headings = [column.heading for column in table.columns]
    return as_csv([headings, *([_held(value) for value in row] for row in table.rows)])


def _held(value: Value) -> str:
    """Return a value as a file of data holds it: figures whole, dates as ISO writes them."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else value if isinstance(value, str) else repr(value)


def _name(text: str) -> str:
    """Return a text as a name of the data package may be written: lower-case letters of ASCII, and hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", text))


def _packed(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, held in files.items():
            entry = zipfile.ZipInfo(name, date_time=_ON)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, held, compress_type=zipfile.ZIP_DEFLATED)
    return content.getvalue()
