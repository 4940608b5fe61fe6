"""The partnership's logo: taken without what its file says beside the picture, or refused in three lines."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import replace

import docx
import msgspec
import pytest
from docx.enum.shape import WD_INLINE_SHAPE
from lxml import html

from cdrp_xl import settings as settings_file
from cdrp_xl.errors import FileError
from cdrp_xl.publication import inspect
from cdrp_xl.report import Logo
from cdrp_xl.sheets import Audience, lay_out
from cdrp_xl.workbooks import logo
from cdrp_xl.workbooks.refreshing import properties
from cdrp_xl.writers import html_file, language, word_file, xlsx_file

SETTINGS = """
[partnership]
name = "A partnership"
area = "Fenland"
[report]
logo = "{name}"
[sources.police_uk]
path = "street"
"""


def piece(kind, held):
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))


def png(width=36, height=12, *more):
    """Return a PNG of one colour, with pieces of more before its points."""
    head = piece(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    points = piece(b"IDAT", zlib.compress((b"\0" + b"\x5b\x2a\x86" * width) * height))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + points + piece(b"IEND", b"")


def jpeg(*more):
    """Return the pieces of a JPEG of 20 by 8 points, which no program need draw."""

    def part(marker, held):
        return bytes((0xFF, marker)) + struct.pack(">H", len(held) + 2) + held

    jfif = part(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    frame = part(0xC0, struct.pack(">BHHB", 8, 8, 20, 1) + b"\1\x11\0")
    scan = part(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\x34"
    return b"\xff\xd8" + jfif + b"".join(part(*each) for each in more) + frame + scan + b"\xff\xd9"


def read(folder, content, name="logo.png"):
    if content is not None:
        (folder / name).write_bytes(content)
    return logo.read(settings_file.parse(SETTINGS.format(name=name)), folder)


def test_a_logo_is_taken_with_its_size(tmp_path):
    assert read(tmp_path, png()) == Logo(content=png(), width=36, height=12)
    found = read(tmp_path, jpeg(), "logo.jpg")
    assert (found.content, found.width, found.height) == (jpeg(), 20, 8)


def test_what_a_file_says_beside_the_picture_is_left_behind(tmp_path):
    shown = png(36, 12, piece(b"tEXt", b"Author\0Ann Example"), piece(b"eXIf", b"MM\0*secret"))
    assert read(tmp_path, shown + b"PK\3\4rows").content == png()
    assert read(tmp_path, jpeg((0xFE, b"Ann Example"), (0xED, b"Photoshop 3.0\0rows"))).content == jpeg()


def test_without_a_logo_there_is_none(tmp_path):
    own = settings_file.parse(SETTINGS.format(name="logo.png"))
    none = msgspec.structs.replace(own, report=msgspec.structs.replace(own.report, logo=""))
    assert logo.read(none, tmp_path) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file logo.png for the logo."),
        (b"", "The logo logo.png is not a picture in PNG or JPEG."),
        (b"GIF89a" + bytes(40), "The logo logo.png is not a picture in PNG or JPEG."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "The logo logo.png is not a picture in PNG or JPEG."),
        (png()[:-20], "The logo logo.png is damaged: its picture has no end."),
        (jpeg()[:30], "The logo logo.png is damaged: its picture has no end."),
        (png() + bytes(logo.MOST_BYTES), "The logo logo.png is larger than 500 kB."),
        (png(3_001, 1), "The logo logo.png is 3,001 by 1 points; at most 3,000 are taken."),
        (png(36, 0), "The logo logo.png is 36 by 0 points; at most 3,000 are taken."),
    ],
)
def test_what_can_not_be_taken_is_refused_in_three_lines(tmp_path, content, said):
    with pytest.raises(FileError, match=re.escape(said)) as refused:
        read(tmp_path, content)
    assert refused.value.where.startswith("partnership.toml, report.logo; ")
    assert refused.value.remedy


@pytest.fixture(scope="module")
def with_logo(built):
    return replace(built, logo=Logo(content=png(360, 120), width=360, height=120))


def test_the_cover_of_the_copy_bears_it_with_words_for_those_who_can_not_see_it(with_logo):
    made = xlsx_file.write(lay_out(with_logo, Audience.PARTNERS), properties(with_logo, is_final=True))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.read("xl/media/image1.png") == png(360, 120)
        drawing = package.read("xl/drawings/drawing1.xml").decode()
    assert f'descr="{with_logo.producer}"' in drawing
    assert inspect(language.in_english(made), "copy.xlsx") == ()
    master = lay_out(with_logo, Audience.ANALYST)
    assert "Picture(" not in repr(master)


def test_the_page_bears_it_too_and_the_browser_may_draw_nothing_from_elsewhere(with_logo):
    made = html_file.write(lay_out(with_logo, Audience.PARTNERS), properties(with_logo, is_final=True))
    (picture,) = html.fromstring(made.decode()).iter("img")
    assert (picture.get("alt"), picture.get("width"), picture.get("height")) == (with_logo.producer, "162", "54")
    assert b"img-src data:;" in made
    assert inspect(made, "copy.html") == ()
    said = png(360, 120, piece(b"tEXt", b"Author\0Ann Example"))
    for other, rule in ((said, "picture-metadata"), (png(360, 120) + b"rows", "picture-appended")):
        shown = with_other(with_logo, other)
        assert rule in {each.rule_id for each in inspect(shown, "copy.html")}


def test_a_plain_document_bears_it_above_the_title_and_one_on_a_template_leaves_it_to_that(with_logo):
    laid_out, shown = lay_out(with_logo, Audience.PARTNERS), properties(with_logo, is_final=True)
    workbook = language.in_english(xlsx_file.write(laid_out, shown))
    plain = word_file.write(laid_out, shown, workbook=workbook)
    assert plain == word_file.write(laid_out, shown, workbook=workbook)
    assert inspect(plain, "copy.docx") == ()
    document = docx.Document(io.BytesIO(plain))
    (shape,) = (each for each in document.inline_shapes if each.type == WD_INLINE_SHAPE.PICTURE)
    assert (shape.width.emu // 9525, shape.height.emu // 9525) == (162, 54)
    first = document.paragraphs[0]._p
    assert first.xpath(".//wp:docPr/@descr") == [with_logo.producer]
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        assert package.read("word/media/image1.png") == png(360, 120)
    content = io.BytesIO()
    docx.Document().save(content)
    template = word_file.Template(name="own.docx", content=content.getvalue())
    on_template = docx.Document(io.BytesIO(word_file.write(laid_out, shown, workbook=workbook, template=template)))
    assert {each.type for each in on_template.inline_shapes} == {WD_INLINE_SHAPE.CHART}


def with_other(built, content):
    other = replace(built, logo=Logo(content=content, width=360, height=120))
    return html_file.write(lay_out(other, Audience.PARTNERS), properties(other, is_final=True))
