"""The reference page is made from the functions themselves, and every example on it is run on the worked example.

``CDRP_XL_WRITE_REFERENCE=1`` in the environment writes the page again.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from cdrp_xl import functions
from cdrp_xl.functions.worksheet import described

PAGE = Path(__file__).parents[2] / "docs" / "worksheet-functions.md"

EXAMPLES: dict[str, tuple[object, ...]] = {
    "CDRP_COUNT": ("Burglary Dwelling", "South Cambridgeshire", "2011-12 Q1"),
    "CDRP_SERIES": ("Farm crime", "", "2009-10", "2010-11", "year"),
    "CDRP_CHANGE": (32, 59),
    "CDRP_PCTCHANGE": (32, 59),
    "CDRP_COMPARE": ("Shoplifting", "", "2010-11 Q1", "2011-12 Q1"),
    "CDRP_RATE": (61, 60_000),
    "CDRP_RATEINTERVAL": (61, 60_000),
    "CDRP_RATIO": (59, 32),
    "CDRP_SIGNIFICANT": (32, 59, "Shoplifting"),
    "CDRP_POSITION": ("Burglary Dwelling", "", "2010-11"),
    "CDRP_FARM": ("Burglary", "2009-10"),
    "CDRP_RAG": ("Farm crime",),
    "CDRP_RAGFROM": (59, 32, "", "Shoplifting"),
    "CDRP_PERIOD": ("year ending June 2011",),
    "CDRP_EARLIER": ("2011-12 Q1",),
    "CDRP_OFFENCES": (),
    "CDRP_AREAS": (),
    "CDRP_ASAT": ("recorded_crime",),
}
ROWS_SHOWN = 3

HEAD = """# Worksheet functions

Type them into any worksheet: each answers as the report would, from the counts that the last refresh kept.
Where a function takes one value it takes a block of cells too, and answers cell by cell. What can't be answered is a
sentence in its cell. How to have them in Excel and in LibreOffice is in using.md. A period that a spreadsheet
takes for a date is read as that month, so write a financial year with its quarter, or as text: `="2011-12"`.

They answer you, who may see every count: small ones too, which the partners' copy and the worksheet Local analysis
hide where `[suppression]` says so. No locality can be asked for, but a locus or a flag may make a count small. Before
you pass such a figure on, think whom it is about.

LibreOffice shows a day as a number until you format its cell as a date. Where a formula looks at a cell with an error,
it shows that error, and Excel a sentence. In LibreOffice a formula does not know its own workbook, so nothing is
answered while workbooks of two partnerships are open. xlwings has no worksheet functions for Excel on a Mac: there, the
master's button Comparison answers as `CDRP_COMPARE` does, on a worksheet where you type rows and periods.

Every example is of the worked example (`cdrp-xl demo`).
"""


def page(figures):
    return "\n".join([HEAD, *(entry(each, figures) for each in described().values())])


def entry(each, figures):
    given = EXAMPLES[each.name]
    shown = ", ".join(f'"{value}"' if isinstance(value, str) else f"{value}" for value in given)
    lines = [f"## {each.name}{each.declared}", "", each.words, ""]
    lines += [f"- `{argument.name}`: {argument.words}" for argument in each.arguments]
    lines += [""] * bool(each.arguments)
    lines += [f"`={each.name}({shown})` gives", "", *answer_lines(each.answer(given, lambda: figures)), ""]
    return "\n".join(lines)


def answer_lines(answer):
    rows = answer if isinstance(answer, list) else [[answer]]
    shown = ["    " + "  |  ".join(cell_text(cell) for cell in row) for row in rows[:ROWS_SHOWN]]
    return shown + [f"    … and {len(rows) - ROWS_SHOWN} rows more"] * (len(rows) > ROWS_SHOWN)


def cell_text(cell):
    if isinstance(cell, float):
        return f"{cell:.6g}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, dt.date) else str(cell)


def test_the_reference_page_is_as_the_functions_say(demo):
    text = page(functions.load(demo.folder))
    if os.environ.get("CDRP_XL_WRITE_REFERENCE"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


def test_every_function_has_an_example_that_is_answered(demo):
    assert list(EXAMPLES) == list(described())
    figures = functions.load(demo.folder)
    for name, given in EXAMPLES.items():
        answer = described()[name].answer(given, lambda: figures)
        assert not (isinstance(answer, str) and "Give " in answer), f"{name} refuses its own example: {answer}"
