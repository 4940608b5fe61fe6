"""What charts and text boxes keep of cells is rewritten or taken away, wherever the cells were changed."""

from __future__ import annotations

import pytest

from cdrp_xl.addresses import Rectangle
from cdrp_xl.packages import Parts
from cdrp_xl.writers.saved_workbook import charts
from cdrp_xl.writers.saved_workbook.book import Book

CHANGED, OTHER = "Summary!$D$6:$D$7", "Notes!$A$1"
CELLS = Rectangle(sheet="Summary", row=5, column=3, rows=2)
OF_2012 = 'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"'
OF_2014 = 'xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex"'
RELATION = '<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2014/relationships/chartEx" Target="%s"/>'


def labels(formula):
    """Return what Excel writes into a series whose labels are taken from cells."""
    return (
        f"<c:extLst><c:ext><c15:datalabelsRange {OF_2012}><c15:f>{formula}</c15:f>"
        '<c15:dlblRangeCache><c:ptCount val="1"/><c:pt idx="0"><c:v>9876</c:v></c:pt></c15:dlblRangeCache>'
        "</c15:datalabelsRange></c:ext></c:extLst></c:ser>"
    )


def waterfall(formula):
    """Return what Excel writes for a waterfall chart."""
    return (
        f'<cx:chartSpace {OF_2014}><cx:chartData><cx:data id="0"><cx:numDim type="val"><cx:f>{formula}</cx:f>'
        '<cx:lvl ptCount="1"><cx:pt idx="0">9876</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData>'
        f"<cx:chart><cx:title><cx:tx><cx:txData><cx:f>{formula}</cx:f><cx:v>9876</cx:v></cx:txData></cx:tx></cx:title></cx:chart>"
        "</cx:chartSpace>"
    )


def box(formula):
    """Return what Excel writes for a text box that shows a cell."""
    return (
        f'<xdr:absoluteAnchor><xdr:pos x="0" y="0"/><xdr:ext cx="9" cy="9"/><xdr:sp macro="" textlink="{formula}">'
        '<xdr:txBody><a:bodyPr/><a:p><a:fld id="{0}" type="TxLink"><a:t>9876</a:t></a:fld></a:p></xdr:txBody></xdr:sp>'
        "<xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>"
    )


@pytest.mark.parametrize(("formula", "is_kept"), [(CHANGED, False), (OTHER, True)])
def test_labels_from_cells_newer_charts_and_linked_text_boxes_keep_no_former_figure(
    saved, with_parts, parts_of, formula, is_kept
):
    content = with_parts(
        saved,
        {
            "xl/charts/chart1.xml": [("</c:ser>", labels(formula))],
            "xl/drawings/drawing1.xml": [("</xdr:wsDr>", box(formula))],
            "xl/drawings/_rels/drawing1.xml.rels": [
                ("</Relationships>", RELATION % "../charts/chartEx1.xml" + "</Relationships>")
            ],
        },
        new={"xl/charts/chartEx1.xml": waterfall(formula)},
    )
    book = Book(Parts(content, name="master.xlsm"))
    charts.draw_again(book, lambda said: said == CHANGED)
    before, after = parts_of(content), parts_of(book.parts.content())
    for part in ("xl/charts/chart1.xml", "xl/charts/chartEx1.xml", "xl/drawings/drawing1.xml"):
        assert (after[part] == before[part]) == is_kept
        assert formula.encode() in after[part]
        assert (b">9876<" in after[part]) == is_kept
