"""A new workbook says that it is in British English, and is otherwise as it was."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from cdrp_xl.writers import language


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_copy_says_its_language_as_a_whole_and_in_every_chart(demo):
    assert openpyxl.load_workbook(demo.copy).properties.language == "en-GB"
    charts = [part for name, part in parts_of(demo.copy.read_bytes()).items() if name.startswith("xl/charts/")]
    assert charts
    for chart in charts:
        assert b'<c:lang val="en-GB"/>' in chart
        assert b"en-US" not in chart


def test_nothing_else_is_changed(demo):
    copy = demo.copy.read_bytes()
    before, after = parts_of(copy), parts_of(language.in_english(copy))
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == {"docProps/core.xml"}
    assert after["docProps/core.xml"].count(b"<dc:language>en-GB</dc:language>") == 2
