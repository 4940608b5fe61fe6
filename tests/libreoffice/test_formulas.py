from __future__ import annotations

import pytest

from cdrp_xl.libreoffice.formulas import to_excel, to_uno

PAIRS = [
    ("=A1+B2", "=A1+B2"),
    ("=SUM(A1,B2)", "=SUM(A1;B2)"),
    ("=Data!A1", "=$Data.A1"),
    ("='May 2011'!$A$1:$B$2", "=$'May 2011'.$A$1:$B$2"),
    ("='It''s, so'!A1", "=$'It''s, so'.A1"),
    ('="a,b;c!"&A1', '="a,b;c!"&A1'),
    ("={1,2;3,4}", "={1;2|3;4}"),
    ("=MATCH(1,{1,2,3},0)", "=MATCH(1;{1;2;3};0)"),
    ("=SUM(Table1[Sales])", "=SUM(Table1[Sales])"),
    ("=SUM(Table1[[#All],[Sales]])", "=SUM(Table1[[#All];[Sales]])"),
    ("=IFERROR(A1/B1,#N/A)", "=IFERROR(A1/B1;#N/A)"),
    ("=1.5*A1", "=1.5*A1"),
    ("=SUM(Data!A:A)", "=SUM($Data.A:A)"),
]


@pytest.mark.parametrize(("excel", "uno"), PAIRS)
def test_a_formula_passes_from_excel_to_libreoffice(excel, uno):
    assert to_uno(excel) == uno


@pytest.mark.parametrize(("excel", "uno"), PAIRS)
def test_a_formula_passes_from_libreoffice_to_excel(excel, uno):
    assert to_excel(uno) == excel


def test_text_that_is_no_formula_stays_as_it_is():
    assert to_uno("a,b") == to_excel("a;b").replace(";", ",") == "a,b"


def test_an_array_formula_loses_its_braces():
    assert to_excel("{=SUM(A1:A3*B1:B3)}") == "=SUM(A1:A3*B1:B3)"


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM({1,2;3,4})", 10),
        ("=SUM('Other Sheet'!A1,1)", 6),
        ("=COUNTIF('Other Sheet'!A:A,5)", 1),
        ('=IF(1=1,"yes,no","x;y")', "yes,no"),
        ("=INDEX({1,2;3,4},2,1)", 3),
        ("=SUM(formulas_table[n])", 3),
        ("=ROUND(2/3,2)", 0.67),
    ],
)
def test_libreoffice_reckons_excels_formulas(book, formula, value):
    sheet = book.sheets[0]
    book.sheets.add("Other Sheet")["A1"].value = 5
    sheet["D1"].value = [["n"], [1], [2]]
    sheet.tables.add(sheet["D1:D3"], name="formulas_table")
    sheet["A1"].value = formula
    assert sheet["A1"].value == value
    assert sheet["A1"].formula == formula
