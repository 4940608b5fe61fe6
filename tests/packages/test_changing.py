"""Parts are given back as they were unless they were changed, in their order, under their dates."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.errors import FileError
from cdrp_xl.packages import Parts

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(parts, **how):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", **how) as file:
        for name, part in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2011, 7, 29, 10, 20, 30)), part)
    return made.getvalue()


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return {entry.filename: (file.read(entry), entry.date_time) for entry in file.infolist()}


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\\:\0/"), min_size=1), st.binary()),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_what_is_not_changed_is_given_back_byte_for_byte(parts, method):
    content = packed(parts, compression=method)
    assert unpacked(Parts(content, name="m").content()) == unpacked(content)


def test_what_is_changed_is_written_anew_and_the_rest_stays():
    content = packed({"a.xml": b"<a/>", "b\u00e9.bin": b"\x00\x01", "c.xml": b"<c/>"})
    parts = Parts(content, name="m")
    parts.tree("a.xml").set("now", "1")
    assert not parts.is_altered("a.xml")
    parts.altered("a.xml")
    parts.replace("b\u00e9.bin", b"other")
    found = {name: part for name, (part, _) in unpacked(parts.content()).items()}
    assert list(found) == ["a.xml", "b\u00e9.bin", "c.xml"]
    assert found["a.xml"].endswith(b'<a now="1"/>')
    assert (found["b\u00e9.bin"], found["c.xml"]) == (b"other", b"<c/>")
    assert parts.content() == parts.content()


def test_relations_are_found_from_the_part_and_from_the_root_and_those_to_elsewhere_are_not():
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="t/sheet" Target="../s/one.xml"/>'
        '<Relationship Id="r2" Type="t/sheet" Target="/x/s/two.xml"/>'
        '<Relationship Id="r3" Type="t/link" Target="http://example.org" TargetMode="External"/></Relationships>'
    )
    parts = Parts(packed({"x/w/_rels/book.xml.rels": relations}), name="m")
    assert parts.related("x/w/book.xml", "sheet") == ["x/s/one.xml", "x/s/two.xml"]
    assert parts.related("x/w/book.xml", "link") == []
    assert parts.related("x/w/other.xml", "sheet") == []
    assert parts.reached("sheet") == ["x/s/one.xml", "x/s/two.xml"]


def test_a_part_whose_xml_is_broken_is_named_with_what_its_own_analyst_can_do():
    parts = Parts(packed({"a.xml": b"<a>"}), name="master.xlsm")
    with pytest.raises(FileError, match=r'part "a\.xml"') as refused:
        parts.tree("a.xml")
    assert refused.value.what == "master.xlsm has a part whose XML is broken."
    assert refused.value.remedy.startswith("Open it in Excel or LibreOffice and save it again")
