"""The data writer: CSV files and their description, texts whole, figures unrounded, the same bytes each time."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.sheets import Column, Properties, Sheet, Sparkline, Table, Text
from cdrp_xl.styles import Style
from cdrp_xl.terms import SYMBOLS
from cdrp_xl.writers import data_files

PROPERTIES = Properties(
    title="Partnership: Report, 2011-12 Q1",
    subject="A subject",
    author="Research Group",
    date=dt.date(2011, 7, 29),
    marking="OFFICIAL",
    is_final=True,
)


def table(*rows, of=(Style.NAME, Style.COUNT), name="tblByMonth2", **other):
    columns = tuple(Column(heading=f"H{i}", style=style, width=12) for i, style in enumerate(of))
    return Table(name=name, columns=columns, rows=tuple(map(tuple, rows)), **({"row": 4} | other))


def written(*blocks):
    cover = Sheet(name="Cover", blocks=(Text(name="t", value="Report"),), widths=(10.0,))
    return data_files.write(
        [cover, Sheet(name="Page", blocks=blocks, widths=(20.0,) * 6, marking="OFFICIAL")], PROPERTIES
    )


def unpacked(*blocks):
    with zipfile.ZipFile(io.BytesIO(written(*blocks))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(files.pop("datapackage.json")), files


@pytest.mark.parametrize("text", ["a,b", 'say "so"', "two\nlines", "café \U0001f693", "  spaces  ", "a\r\nb", "[c]"])
def test_a_text_is_read_back_as_it_is(text):
    _, files = unpacked(table((text, 1)))
    (content,) = files.values()
    assert list(csv.reader(io.StringIO(content.decode(), newline=""))) == [["H0", "H1"], [text, "1"]]


def test_figures_and_dates_are_held_whole_and_a_symbol_stands_in_its_place():
    of = (Style.NAME, Style.COUNT, Style.APPARENT_CHANGE, Style.DATE)
    _, files = unpacked(table(("a", 1477, -156 / 1477, dt.date(2011, 7, 4)), ("b", "[c]", "No Calc", None), of=of))
    assert files["by-month-2.csv"] == (b"H0,H1,H2,H3\r\na,1477,-0.10561949898442789,2011-07-04\r\nb,[c],No Calc,\r\n")


def test_the_description_says_what_each_file_is_and_how_to_know_it_again():
    said = (Text(name="l_0", value="One goes", row=1), Text(name="l_1", value="on.", row=2, goes_on=True))
    described, files = unpacked(
        *said, table(("a", 1, 0.5), of=(Style.NAME, Style.COUNT, Style.SHARE), caption="By month")
    )
    (resource,) = described["resources"]
    content = files[resource["path"]]
    assert described["name"] == "partnership-report-2011-12-q1"
    assert (resource["name"], resource["title"]) == ("by-month-2", "Page: By month")
    assert resource["description"] == "One goes on."
    assert (resource["marking"], described["marking"]) == ("OFFICIAL", "OFFICIAL")
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert resource["bytes"] == len(content)
    assert resource["schema"] == {
        "fields": [
            {"name": "H0", "type": "string"},
            {"name": "H1", "type": "integer"},
            {"name": "H2", "type": "number", "description": "Unit: fraction (0.1 is 10%)."},
        ],
        "missingValues": ["", *SYMBOLS],
    }


def test_a_table_of_words_keeps_the_symbols_that_it_explains():
    described, _ = unpacked(table(("[c]", "suppressed"), of=(Style.NAME, Style.TEXT)))
    assert described["resources"][0]["schema"]["missingValues"] == [""]


def test_neither_the_contents_nor_columns_of_small_charts_are_data():
    of = table(("a", 1, None), of=(Style.NAME, Style.COUNT, Style.TEXT))
    line = Sparkline(sheet="Page", table=of, heading="H1", row=5, column=2)
    contents = table(("Page", "x"), of=(Style.LINK, Style.TEXT), name="tblContents", links=("Page",), row=9)
    _, files = unpacked(of, line, contents)
    assert files == {"by-month-2.csv": b"H0,H1\r\na,1\r\n"}


def test_a_text_that_no_file_may_hold_is_refused_with_its_cell():
    with pytest.raises(CannotBeWrittenError, match="A text holds a control character"):
        written(table(("a\x00", 1)))


def test_texts_that_a_program_would_calculate_are_refused_with_their_cells_all_at_once():
    with pytest.raises(CannotBeWrittenError) as refused:
        written(table(("=1+1", 1), ("a", 2), ("@SUM(A1)", 3), ("-cmd|x", 4)))
    assert str(refused.value) == (
        'A spreadsheet program would take "=1+1", "@SUM(A1)", "-cmd|x" for formulas.\n'
        'Where: worksheet "Page", cell A6 and 2 more cells\n'
        "What to do: Begin the text with a letter where it comes from: partnership.toml, the worksheet Inputs or a "
        "return. Or publish without --data."
    )


@pytest.mark.parametrize("text", ["- 10.6%", "+ 0.0%", "-1", "a=1", " =1"])
def test_a_signed_figure_in_words_is_not_refused(text):
    assert written(table((text, 1)))


def test_the_same_layout_gives_the_same_bytes():
    assert written(table(("a", 1))) == written(table(("a", 1)))
    assert written(table(("a", 1))) != written(table(("a", 2)))
