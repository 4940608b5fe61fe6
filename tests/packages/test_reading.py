"""Packages: parts are read and walked; what is damaged, hostile or too large is refused in words."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib

import pytest

from cdrp_xl.errors import FileError
from cdrp_xl.packages import COMPOUND_FILE, Limits, Walk, open_package

ROWS = (
    b"<sheet><rows>" + b"".join(b'<row r="%d"><c>%d</c></row>' % (row, row) for row in range(500)) + b"</rows></sheet>"
)
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'


def packed(parts, *, compression=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name given twice is what some tests are about
        with zipfile.ZipFile(content, "w", compression) as archive:
            for name, part in parts:
                archive.writestr(zipfile.ZipInfo(name), part, compression)
    return content.getvalue()


def opened(*parts, limits=None, **how):
    return open_package(packed(parts, **how), "made.xlsx", limits=limits)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("content", [b"", b"x", ROWS, bytes(1_000_000)])
def test_a_part_is_read_as_it_was_written(compression, content):
    stream = opened(("a.xml", content), compression=compression).stream("a.xml")
    assert stream.read() == content
    assert (stream.read(), stream.unused) == (b"", 0)


def test_a_part_is_read_in_pieces_of_any_size():
    stream = opened(("a.xml", ROWS)).stream("a.xml")
    assert b"".join(iter(lambda: stream.read(7), b"")) == ROWS


def test_a_part_that_is_named_twice_is_what_its_last_entry_holds():
    package = opened(("a.xml", b"one"), ("a.xml", b"two"))
    assert package.read("a.xml") == b"two"
    assert (len(package.entries), list(package.parts)) == (2, ["a.xml"])


def test_a_walk_gives_each_element_once_and_keeps_the_rest():
    walk = Walk(opened(("a.xml", b"<!--x-->" + ROWS)), "a.xml", tags=("{*}row",), events=("comment",))
    texts = [item.text if event == "comment" else item[0].text for event, item in walk]
    assert texts == ["x", *map(str, range(500))]
    assert len(walk.root[0]) == 1


def test_a_walk_holds_no_more_tags_than_the_limit_however_long_the_part():
    limits = Limits(tags=20_000)
    many = ROWS.replace(b"</rows>", b"<row><c/></row>" * 50_000 + b"</rows>")
    package = opened(("a.xml", many), limits=limits)
    assert sum(1 for _ in Walk(package, "a.xml", tags=("{*}row",))) == 50_500
    with pytest.raises(FileError, match=r'^made\.xlsx has a part with more than 20,000 tags\.\nWhere: .*part "a\.xml"'):
        package.parse("a.xml")


def test_remarks_between_elements_go_with_them_and_what_else_stays_counts():
    remarked = b"<rows>" + b"<row/><!--x-->" * 400 + b"</rows>"
    walk = Walk(opened(("a.xml", remarked), limits=Limits(tags=2_000)), "a.xml", tags=("row",))
    assert sum(1 for _ in walk) == 400
    assert len(walk.root) <= 2
    many = b"<rows>" + b"<row/><x><y/></x>" * 40_000 + b"</rows>"
    with pytest.raises(FileError, match=r"has a part with more than 30,000 tags"):
        list(Walk(opened(("a.xml", many), limits=Limits(tags=30_000)), "a.xml", tags=("row",)))


@pytest.mark.parametrize(
    ("part", "what"),
    [
        (LAUGHS, "declares entities or a document type"),
        (b"<a>", "XML is broken"),
        (b"", "XML is broken"),
        (b"<a>" * 400 + b"</a>" * 400, "XML is broken"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "XML is broken"),
    ],
    ids=["entities", "unclosed", "empty", "deep", "text of 11 MB"],
)
def test_xml_that_is_broken_or_hostile_is_refused(part, what):
    with pytest.raises(FileError, match=what):
        opened(("a.xml", part)).parse("a.xml")


def test_an_entity_that_names_a_file_is_refused_and_the_file_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    part = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]><a>&b;</a>'.encode()
    walk = Walk(opened(("a.xml", part)), "a.xml", tags=("a",))
    seen = []
    with pytest.raises(FileError, match="declares entities"):
        seen.extend("".join(item.itertext()) for _, item in walk)
    assert "secret" not in "".join(seen)


def changed(content, at, form, value):
    return content[:at] + struct.pack(form, value) + content[at + struct.calcsize(form) :]


def damaged_packages():
    good = packed([("a.xml", ROWS)])
    directory = good.index(b"PK\x01\x02")
    yield "no package", b"hello", "is not a workbook, or it is damaged"
    yield "nothing", b"", "is not a workbook, or it is damaged"
    yield "cut off", good[: len(good) // 2], "is not a workbook, or it is damaged"
    yield "encrypted part", changed(good, directory + 8, "<H", 1), "has an encrypted part"
    yield "odd compression", changed(good, directory + 10, "<H", 12), "compressed in a way no workbook is"
    yield "longer than said", changed(good, directory + 24, "<I", 100), "is damaged"
    yield "shorter than said", changed(good, directory + 24, "<I", 10**6), "is damaged"
    yield "other bytes", changed(good, 40, "<I", 0xFFFFFFFF), "is damaged"
    yield "no header", changed(good, 0, "<I", 0), "is damaged"
    yield "a gigabyte", changed(good, directory + 24, "<I", 2**31), "has a part of more than 1,024 MiB"


@pytest.mark.parametrize(("content", "what"), [pytest.param(*rest, id=name) for name, *rest in damaged_packages()])
def test_a_damaged_package_is_refused_in_words(content, what):
    with pytest.raises(FileError, match=rf"^made\.xlsx .*{what}\.\nWhere: made\.xlsx"):
        open_package(content, "made.xlsx").stream("a.xml").read()


def test_a_package_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    limits = Limits(total_bytes=1_000)
    with pytest.raises(FileError, match="unpacks to more than"):
        opened(("a", bytes(600)), ("b", bytes(600)), limits=limits)


def test_a_package_of_too_many_entries_is_refused():
    with pytest.raises(FileError, match="has more than 3 entries"):
        opened(*[(str(number), b"") for number in range(4)], limits=Limits(entries=3))


def test_an_entry_without_a_name_is_refused():
    content = packed([("a.xml", b"<a/>")])
    content = content.replace(b"a.xml", b"\0.xml")
    with pytest.raises(FileError, match=r"^made\.xlsx has an entry without a name\."):
        open_package(content, "made.xlsx")


def test_entries_that_lie_over_one_another_are_refused():
    good = packed([("a", ROWS)], compression=zipfile.ZIP_STORED)
    directory = good.index(b"PK\x01\x02")
    entry, end = good[directory:-22], good[-22:]
    end = changed(changed(changed(end, 8, "<H", 2), 10, "<H", 2), 12, "<I", 2 * len(entry))
    with pytest.raises(FileError, match="has overlapping entries"):
        open_package(good[:directory] + entry * 2 + end, "made.xlsx")


def test_bytes_that_stand_after_the_end_of_what_is_compressed_are_counted():
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    inside = squeezed.compress(ROWS) + squeezed.flush() + b"secret"
    header = struct.pack(
        "<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(ROWS), len(inside), len(ROWS), 1, 0
    )
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\x01\x02", 20, 20, 0, 8, 0, 33, zlib.crc32(ROWS), len(inside), len(ROWS), 1, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    body = header + b"a" + inside
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) + 1, len(body), 0)
    stream = open_package(body + entry + b"a" + end, "made.xlsx").stream("a")
    assert stream.read() == ROWS
    assert stream.unused == len("secret")


def test_a_part_that_is_not_there_is_named():
    with pytest.raises(FileError, match=r'^made\.xlsx lacks a part that it must have\.\nWhere: made\.xlsx, part "b"'):
        opened(("a", b"")).read("b")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (COMPOUND_FILE + b"EncryptedPackage".join([b"\0"] * 2), "in the old format"),
        (COMPOUND_FILE + "EncryptedPackage".encode("utf-16-le"), "is encrypted with a password"),
    ],
    ids=["xls", "encrypted"],
)
def test_an_encrypted_and_an_old_workbook_are_told_apart(content, what):
    with pytest.raises(FileError, match=what):
        open_package(content, "made.xlsx")
