"""Texts that no cell may hold are found in a layout, wherever a block puts them, before anything is written."""

from __future__ import annotations

import pytest

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.sheets import Column, Pivot, Sheet, Table, Text
from cdrp_xl.styles import Style
from cdrp_xl.writers import cell_texts

EMOJI = "\U0001f693"
TOO_LONG = {
    "x" * 32_768: "A text has 32,768 characters; a cell holds 32,767.",
    EMOJI * 16_384: "A text has 32,768 characters; a cell holds 32,767.",
    "a\x07": "A text holds a control character (code 7).",
    "\ud800": "A text holds a control character (code 55296).",
}


def page(*blocks):
    return (Sheet(name="Page", blocks=blocks, widths=()),)


def table(text):
    return Table(name="tbl", columns=(Column(heading="Group", style=Style.TEXT, width=9),), rows=(("",), (text,)))


def pivot(group):
    return Pivot(
        name="pvt",
        table=table(""),
        down="Group",
        across=("Year",),
        filtered_by="Locus",
        counted="Number",
        caption="Offences",
        row_items=(group,),
        column_items=((),),
        figures=((1,), (1,)),
    )


@pytest.mark.parametrize("text", TOO_LONG)
@pytest.mark.parametrize(
    ("block", "cell"),
    [(lambda text: Text(name="line", value=text, style=Style.TEXT), "A1"), (table, "A3"), (pivot, "A5")],
    ids=["text", "table", "pivot"],
)
def test_a_text_that_no_cell_may_hold_is_refused_by_its_place(block, cell, text):
    with pytest.raises(CannotBeWrittenError) as refused:
        cell_texts.check(page(block(text)))
    assert (refused.value.what, refused.value.where) == (TOO_LONG[text], f'worksheet "Page", cell {cell}')


@pytest.mark.parametrize("text", ["x" * 32_767, EMOJI * 16_383, "two\nlines\tand a tab", "=1+1"])
def test_a_text_that_a_cell_may_hold_passes(text):
    cell_texts.check(page(Text(name="line", value=text, style=Style.TEXT), table(text), pivot(text)))
