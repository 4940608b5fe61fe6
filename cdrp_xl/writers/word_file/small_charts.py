"""The small charts within tables of a Word document: Word's own columns, each as high as a row of a worksheet.

The workbook has no charts to take them from: there they are sparklines, which Word does not know. Their figures are in
them, as those of the other charts are, with the months as names; the scale is from zero to the highest of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from cdrp_xl.sheets.blocks import PIXELS_PER_ROW
from cdrp_xl.styles import COUNT_FORMAT
from cdrp_xl.writers import shown

if TYPE_CHECKING:
    from cdrp_xl.sheets import Sparkline

HEIGHT = PIXELS_PER_ROW
"""How high one is, in pixels: as on the worksheet."""

_GAP = 33
"""How much room is beside a column, in per cent of it."""

_CHART = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:roundedCorners val="0"/>'
    '<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout><c:manualLayout><c:layoutTarget val="inner"/>'
    '<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="0"/><c:y val="0"/><c:w val="1"/><c:h val="1"/>'
    '</c:manualLayout></c:layout><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
    '<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:v>{name}</c:v></c:tx>{fill}<c:invertIfNegative val="0"/>'
    '<c:dPt><c:idx val="{last}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{last_fill}</c:dPt>'
    "<c:cat><c:strLit>{count}{months}</c:strLit></c:cat>"
    "<c:val><c:numLit><c:formatCode>{number_format}</c:formatCode>{count}{figures}</c:numLit></c:val></c:ser>"
    '<c:gapWidth val="{gap}"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
    '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="1"/>'
    '<c:axPos val="b"/><c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>'
    '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="{top:.15g}"/><c:min val="0"/>'
    '</c:scaling><c:delete val="1"/><c:axPos val="l"/><c:crossAx val="1"/><c:crosses val="autoZero"/>'
    '<c:crossBetween val="between"/></c:valAx></c:plotArea>'
    '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
    "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>"
)
_FILL = '<c:spPr><a:solidFill><a:srgbClr val="{}"/></a:solidFill></c:spPr>'


def part(line: Sparkline) -> bytes:
    """Return a small chart as a part of a document; a month whose figure a symbol replaces has no column."""
    months = shown.months(line)
    known = {number: figure for number, (_, figure) in enumerate(months) if figure is not None}
    every, last = (_FILL.format(colour.removeprefix("#")) for colour in line.colours)
    return _CHART.format(
        name=escape(line.heading),
        fill=every,
        last=len(months) - 1,
        last_fill=last,
        count=f'<c:ptCount val="{len(months)}"/>',
        months="".join(_point(number, escape(month)) for number, (month, _) in enumerate(months)),
        number_format=escape(COUNT_FORMAT),
        figures="".join(_point(number, f"{figure:.15g}") for number, figure in known.items()),
        gap=_GAP,
        top=max(known.values(), default=0) or 1,
    ).encode()


def _point(number: int, value: str) -> str:
    return f'<c:pt idx="{number}"><c:v>{value}</c:v></c:pt>'
