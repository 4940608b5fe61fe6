"""Reading a copy's data (.zip) as `publish --data` writes it, for the gate.

Such an archive has a description and the files that it names, each written in the one way in which we write them.
Whatever else is in one is found: another file, another key, a text that a spreadsheet program would calculate.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from typing import TYPE_CHECKING, Any

from cdrp_xl.addresses import Rectangle, cell_name
from cdrp_xl.publication.book import CELLS_KEPT, Book, Cell, Form, Link, Look, Part, Properties, Sheet, Table
from cdrp_xl.publication.kinds import UNKNOWN
from cdrp_xl.publication.listed import Listing, Odd
from cdrp_xl.terms import SYMBOLS
from cdrp_xl.writers import data_files
from cdrp_xl.writers.data_files import DESCRIPTOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cdrp_xl.packages import Package

_TEXT = r"(?s).*"
_NAME = r"[a-z0-9]+(-[a-z0-9]+)*"
_MARKING = "OFFICIAL(-SENSITIVE)?"
_PACKAGE_KEYS = {
    "profile": "tabular-data-package",
    "name": _NAME,
    "title": _TEXT,
    "description": _TEXT,
    "created": r"\d{4}-\d\d-\d\dT00:00:00\+00:00",
    "language": "en-GB",
    "marking": _MARKING,
}
_RESOURCE_KEYS = {
    "profile": "tabular-data-resource",
    "name": _NAME,
    "path": rf"{_NAME}\.csv",
    "title": _TEXT,
    "description": _TEXT,
    "marking": _MARKING,
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "bytes": r"\d{1,12}",
    "hash": "sha256:[0-9a-f]{64}",
}
_FIELD_KEYS = {"name": _TEXT, "type": "string|integer|number|date", "description": r"Unit: fraction \(0\.1 is 10%\)\."}
_CONTRIBUTOR_KEYS = {"title": _TEXT, "role": "author"}
_FIGURES = frozenset({"integer", "number"})
_FIGURE = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")


def is_one(package: Package) -> bool:
    """Return whether a package is a data package."""
    return DESCRIPTOR in package.parts


def read(package: Package, *, organisations: Iterable[str] = ()) -> Book:
    """Return the data in a package as the rules see it, each table as a worksheet; what can't be read is said."""
    book = Book(form=Form.DATA, package=package, organisations=frozenset(organisations), workbook_part=DESCRIPTOR)
    book.looks[""] = Look(wraps=True)
    described = book.attempt(DESCRIPTOR, _described, book)
    paths = [each["path"] for each in described["resources"]] if described else []
    for name in package.parts:
        kind = "data description" if name == DESCRIPTOR else "data table" if name in paths else UNKNOWN
        stream = package.stream(name)
        stream.read()
        book.parts[name] = Part(name=name, kind=kind, unused=stream.unused)
    for resource in described["resources"] if described else ():
        sheet = book.attempt(resource["path"], _table, book, resource)
        book.sheets += [sheet] if sheet else []
    return book


def _described(book: Book) -> dict[str, Any]:
    """Read the description, if it is written as we write it, and return it."""
    content = book.package.read(DESCRIPTOR)
    described: dict[str, Any] = json.loads(content)
    if data_files.as_json(described) != content:
        raise book.package.refused("has a description that is not written as cdrp-xl writes it", DESCRIPTOR)
    listing = book.listings.setdefault(DESCRIPTOR, Listing())
    listing.odd.update(dict.fromkeys(_odd(described)))
    names = [str(each["title"]) for each in described["contributors"]]
    book.properties = Properties(
        part=DESCRIPTOR,
        title=str(described["title"]),
        language=str(described.get("language", "")),
        people={f"author {number}": name for number, name in enumerate(names, 1)},
    )
    cover = _begun("Cover", DESCRIPTOR, described)
    titles = [str(each["title"]) for each in described["resources"]]
    cover.links += [Link(cell="", target=f"'{title}'!A1", is_external=False) for title in titles]
    book.sheets.append(cover)
    return described


def _odd(described: Mapping[str, Any]) -> Iterator[Odd]:
    """Yield the keys and the values of a description that are on no list."""
    yield from _unlisted(described, _PACKAGE_KEYS, "resources", "contributors")
    for contributor in described.get("contributors", []):
        yield from _unlisted(contributor, _CONTRIBUTOR_KEYS)
    for resource in described.get("resources", []):
        yield from _unlisted(resource, _RESOURCE_KEYS, "schema")
        schema = resource.get("schema", {})
        yield from _unlisted(schema, {}, "fields", "missingValues")
        if schema.get("missingValues") not in ([""], ["", *SYMBOLS]):
            yield Odd("value", "missingValues", str(schema.get("missingValues")))
        for field in schema.get("fields", []):
            yield from _unlisted(field, _FIELD_KEYS)


def _unlisted(held: Mapping[str, Any], values: Mapping[str, str], *others: str) -> Iterator[Odd]:
    for key, value in held.items():
        if key not in {*values, *others}:
            yield Odd("element", DESCRIPTOR, f"{key} {value}")
        elif key in values and not re.fullmatch(values[key], str(value)):
            yield Odd("value", key, str(value))


def _begun(name: str, part: str, described: Mapping[str, Any]) -> Sheet:
    """Return a worksheet with what a description says about it."""
    sheet = Sheet(name=name, part=part)
    lines = [described.get("title", ""), described.get("marking", ""), *described.get("description", "").split("\n")]
    for row, line in enumerate(lines):
        _add(sheet, row, 0, str(line))
    return sheet


def _table(book: Book, resource: Mapping[str, Any]) -> Sheet:
    """Return a file of data as a worksheet, below what its description says about it."""
    name = str(resource["path"])
    content = book.package.read(name)
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    fields = resource["schema"]["fields"]
    listing = book.listings.setdefault(name, Listing())
    if resource["hash"] != f"sha256:{hashlib.sha256(content).hexdigest()}" or resource["bytes"] != len(content):
        listing.odd[Odd("value", "hash", "different from that of the file")] = None
    if data_files.as_csv(rows) != content or {len(row) for row in rows} != {len(fields)}:
        listing.odd[Odd("text", name, "it is not written as cdrp-xl writes it")] = None
    if rows[0] != [field["name"] for field in fields]:
        listing.odd[Odd("value", "fields", "different headings from those of the file")] = None
    sheet = _begun(str(resource["title"]), name, resource)
    begin = max(row for row, _ in sheet.cells) + 2
    kinds = [field["type"] for field in fields]
    for down, row in enumerate(rows):
        for across, (text, kind) in enumerate(zip(row, kinds, strict=True)):
            is_number = down > 0 and kind in _FIGURES and _FIGURE.fullmatch(text) is not None
            if not is_number and data_files.is_calculated(text):
                sheet.formulas.add(cell_name(begin + down, across))
            _add(sheet, begin + down, across, text, is_number=is_number)
    block = Rectangle(row=begin, column=0, rows=len(rows), columns=len(fields))
    sheet.tables.append(Table(name=str(resource["name"]), part=name, block=block, headings=tuple(rows[0])))
    return sheet


def _add(sheet: Sheet, row: int, column: int, text: str, *, is_number: bool = False) -> None:
    if not text:
        return
    sheet.cell_count += 1
    sheet.is_whole = sheet.cell_count <= CELLS_KEPT
    if sheet.is_whole:
        sheet.cells[row, column] = Cell(text, is_number=is_number, style="")
