from __future__ import annotations

import struct
import zlib

import pytest
import xlwings as xw

from cdrp_xl.errors import FileError

pytestmark = pytest.mark.libreoffice


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


@pytest.fixture
def png(tmp_path):
    """Return a red picture of 40 by 20 pixels."""
    rows = b"".join(b"\0" + b"\xff\0\0" * 40 for _row in range(20))
    head = struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path = tmp_path / "red.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    return path


def test_a_picture_is_put_where_it_belongs(sheet, png):
    picture = sheet.pictures.add(png, left=10, top=20, name="red")
    assert (picture.left, picture.top, picture.width, picture.height) == pytest.approx((10, 20, 30, 15), abs=0.1)
    assert picture.parent == sheet
    assert "red" in sheet.pictures
    anchored = sheet.pictures.add(png, anchor=sheet["C5"], height=30)
    assert (anchored.left, anchored.top) == pytest.approx((sheet["C5"].left, sheet["C5"].top), abs=0.1)
    assert (anchored.width, anchored.height) == pytest.approx((60, 30), abs=0.1)
    assert anchored.lock_aspect_ratio


def test_a_picture_is_updated_in_its_place(sheet, png):
    sheet.pictures.add(png, left=10, name="red", width=90, height=80)
    picture = sheet.pictures.add(png, name="red", update=True)
    assert (picture.name, len(sheet.pictures)) == ("red", 1)
    assert (picture.width, picture.height) == pytest.approx((90, 80), abs=0.1)
    picture.delete()
    assert len(sheet.pictures) == 0


def test_two_pictures_do_not_share_a_name(sheet, png):
    sheet.pictures.add(png, name="red")
    with pytest.raises(xw.main.ShapeAlreadyExists, match="red"):
        sheet.pictures.add(png, name="red")


def test_what_is_no_picture_is_named(sheet, tmp_path):
    (tmp_path / "not.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(FileError, match=r"(?s)cannot be read.*not\.png"):
        sheet.pictures.add(tmp_path / "not.png")


def test_a_shape_is_scaled_renamed_and_deleted(sheet, png):
    sheet.pictures.add(png, name="red")
    shape = sheet.shapes["red"]
    assert shape.type == "picture"
    shape.scale_width(2, relative_to_original_size=True)
    assert shape.width == pytest.approx(60, abs=0.1)
    shape.scale_height(2, scale="scale_from_bottom_right")
    assert shape.height == pytest.approx(30, abs=0.1)
    shape.name = "other"
    assert [shape.name for shape in sheet.shapes] == ["other"]
    shape.delete()
    assert len(sheet.shapes) == 0


def test_a_drawing_holds_text(sheet):
    xl = sheet.book.api.createInstance("com.sun.star.drawing.RectangleShape")
    sheet.api.DrawPage.add(xl)
    shape = sheet.shapes[0]
    shape.text = "see the notes"
    assert (shape.text, shape.characters.text, shape.type) == ("see the notes", "see the notes", "auto_shape")
    shape.font.bold = True
    assert shape.font.bold is True
