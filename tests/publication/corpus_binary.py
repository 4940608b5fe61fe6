"""A small Excel binary workbook (.xlsb), written record by record as [MS-XLSB] has it."""

from __future__ import annotations

import struct

from corpus_packages import PACKAGE_RELATIONSHIPS, RELATIONSHIPS, packed

_EXCEL = "application/vnd.ms-excel"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def record(kind, content=b""):
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(content)
    while size >= 128:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return number + length + bytes([size]) + content


def text(words):
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def row(number, *, hidden=False, height=300):
    flags = 0x10 if hidden else 0
    return record(0, struct.pack("<IIHBBBI", number - 1, 0, height, 0, flags, 0, 0))


def number_cell(column, value):
    return record(5, struct.pack("<IId", column - 1, 0, value))


def text_cell(column, words):
    return record(6, struct.pack("<II", column - 1, 0) + text(words))


def formula_cell(column, value):
    """Return the cell of =1+1: its result, then the formula's own tokens."""
    tokens = b"\x1e\x01\x00\x1e\x01\x00\x03"
    return record(9, struct.pack("<IIdHI", column - 1, 0, value, 0, len(tokens)) + tokens + struct.pack("<I", 0))


def columns(first, last, *, hidden=False, width=2340):
    held = record(60, struct.pack("<IIIIH", first - 1, last - 1, width, 0, int(hidden)))
    return record(390) + held + record(391)


def worksheet(*rows, before=b""):
    return (
        record(129)
        + record(148, struct.pack("<IIII", 0, 899, 0, 2))
        + before
        + record(145)
        + b"".join(rows)
        + record(146)
        + record(130)
    )


GOOD_ROWS = (row(1), text_cell(1, "Offences by group"), row(2), text_cell(1, "OFFICIAL"), row(3), number_cell(2, 61.0))


def binary_workbook(*, sheet=None, state=0, names=b"", more=None, from_1904=False):
    """Return a binary workbook of one worksheet, "Offences", and if asked of a second, "Data", in a state."""
    sheets = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Offences"))
    parts = {"xl/worksheets/sheet1.bin": sheet or worksheet(*GOOD_ROWS)}
    if more is not None:
        sheets += record(156, struct.pack("<II", state, 2) + text("rId2") + text("Data"))
        parts["xl/worksheets/sheet2.bin"] = more
    properties = record(153, struct.pack("<II", int(from_1904), 0) + text(""))
    book = record(131) + properties + record(143) + sheets + record(144) + names + record(157, bytes(26)) + record(132)
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{_EXCEL}.worksheet"/>' for name in parts)
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONSHIPS}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(parts) + 1)
    )
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.bin" ContentType="{_EXCEL}.sheet.binary.macroEnabled.main"/>'
            f"{overrides}</Types>",
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"><Relationship Id="rId1" '
            f'Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}">{lines}</Relationships>',
            **parts,
        }
    )


def defined_name(words):
    flags = struct.pack("<IBI", 0, 0, 0xFFFFFFFF)
    return record(39, flags + text(words) + struct.pack("<I", 0) + struct.pack("<II", 0, 0xFFFFFFFF))
