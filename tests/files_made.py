"""Files of every kind that is read, made of rows of text."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import xlsxwriter


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_file(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def csv_file(rows: list[list[str]]) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()


def xlsx_file(rows: list[list[str]], **options: bool) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_numbers": True, "strings_to_formulas": False, **options}) as book:
        page = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return made.getvalue()


def parquet_file(rows: list[list[str]]) -> bytes:
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect(":memory:") as connection:
        (Path(scratch) / "rows.csv").write_bytes(csv_file(rows))
        made = Path(scratch) / "rows.parquet"
        connection.execute(
            f"COPY (FROM read_csv('{scratch}/rows.csv', all_varchar = true)) TO '{made}' (FORMAT parquet)"
        )
        return made.read_bytes()


def ods_file(rows: list[list[str]]) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell % _escaped(text) for text in row)}"
        f'<table:table-cell table:number-columns-repeated="{16_384 - len(row)}"/></table:table-row>'
        for row in rows
    )
    blank = (
        f'<table:table-row table:number-rows-repeated="{1_048_576 - len(rows)}"><table:table-cell/></table:table-row>'
    )
    sheet = f'<table:table table:name="Data">{lines}{blank}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind.decode()}"/></manifest:manifest>'
    )
    content = f"<office:document-content {names}>{body}</office:document-content>"
    return zip_file({"mimetype": kind, "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()})


def _escaped(text: str) -> str:
    return str(text).replace("&", "&amp;").replace("<", "&lt;")


def cells_of(form: bytes) -> list[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(form))
    return [["" if value is None else str(value) for value in row] for page in book for row in page.values]


def xls_file(rows: list[list[str]]) -> bytes:
    """Return a workbook of Excel 97-2003 with a text in every cell, as its records have them."""
    from cdrp_xl.writers import compound_file

    def record(kind: int, data: bytes) -> bytes:
        return kind.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data

    def small(*numbers: int) -> bytes:
        return b"".join(number.to_bytes(2, "little") for number in numbers)

    begin = record(0x0809, small(0x0600, 5, 0, 0) + bytes(8))
    head = begin + record(0x0042, small(1200))
    place = len(head) + 4 + 8 + len("Data") + 4
    head += record(0x0085, place.to_bytes(4, "little") + bytes([0, 0, 4, 0]) + b"Data") + record(0x000A, b"")
    cells = b"".join(
        record(0x0204, small(row, column, 0, len(text)) + b"\x01" + text.encode("utf-16-le"))
        for row, values in enumerate(rows)
        for column, text in enumerate(values)
        if text and len(text) < 2000
    )
    begin_sheet = record(0x0809, small(0x0600, 0x10, 0, 0) + bytes(8))
    stream = head + begin_sheet + cells + record(0x000A, b"")
    return compound_file.pack({"Workbook": stream + bytes(max(0, 4096 - len(stream)))})
