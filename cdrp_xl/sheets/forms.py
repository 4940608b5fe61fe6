"""The worksheets of a partner's form: how it is filled in, what is asked, and last quarter's answers beside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdrp_xl import returns
from cdrp_xl.returns import LAST_QUARTER, LONGEST_TEXT, QUERY, REFERENCE, Kind
from cdrp_xl.sheets.blocks import Column, Figure, FigureKind, Sheet, Table, Text, down, widths_of
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cdrp_xl.periods import Period
    from cdrp_xl.returns import Asked, AskedColumn, AskedRow, Form
    from cdrp_xl.sheets.blocks import Chart, Value

NAMES = ("Return", "Figures", "Words")
"""The worksheets: what it is and who answers for it, what is counted, what is written."""

_REFERENCE_WIDTH, _LABEL_WIDTH, _FIGURE_WIDTH, _BESIDE_WIDTH = 8, 44, 16, 26
_TEXT_WIDTH, _SHORT_TEXT_WIDTH = 62, 44
_LINES_OF_TEXT, _LINES_OF_ROW = 6, 3
_STYLES = {
    Kind.TEXT: Style.INPUT,
    Kind.CHOICE: Style.INPUT,
    Kind.WHOLE: Style.INPUT_NUMBER,
    Kind.SHARE: Style.INPUT_NUMBER,
    Kind.YEAR: Style.INPUT_NUMBER,
    Kind.DATE: Style.INPUT_DATE,
}
_YEARS = (1990, 2199)
_NO_FIGURE = ("n/a", "nil")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What is on a form beyond what it asks: by row's reference and column's key, or by the row's reference alone.

    `queries` say what has to be answered again, and are shown where there are any.
    """

    answers: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    last_quarter: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)


def lay_out(
    form: Form, *, quarter: Period, agency: str, areas: tuple[str, ...], filled: Filled | None = None
) -> tuple[Sheet, ...]:
    """Return the worksheets of a form for one agency and quarter."""
    about, *asked = returns.asked(form, quarter=quarter, areas=areas)
    holds = filled or Filled()
    figures = [each for each in asked if each.question.has_figures]
    written = [each for each in asked if not each.question.has_figures]
    line = returns.form_line(form, quarter=quarter, agency=agency)
    head = [
        Text(name="", value=returns.heading(form, quarter), style=Style.TITLE),
        Text(name="", value=form.marking.value, style=Style.MARKING),
        *(Text(name="", value=said) for said in (line, *returns.intro_lines(form), *returns.HOW_TO)),
    ]
    front = down(*head, *_question(about, holds))
    pages = [Sheet(name=NAMES[0], blocks=front, widths=_widths(front))]
    for name, questions in zip(NAMES[1:], (figures, written), strict=True):
        blocks = down(*(block for each in questions for block in _question(each, holds)))
        pages += [Sheet(name=name, blocks=blocks, widths=_widths(blocks))] if blocks else []
    return tuple(pages)


def _question(asked: Asked, filled: Filled) -> Iterable[Text | Table]:
    yield Text(name="", value=asked.question.title, style=Style.SUBHEADING)
    yield from (Text(name="", value=line) for line in asked.guidance_lines)
    yield _table(asked, filled)


def _table(asked: Asked, filled: Filled) -> Table:
    """Return a question's table: references, labels, the cells to fill in, and what is beside them."""
    label = asked.label_heading
    columns = [Column(heading=REFERENCE, style=Style.NAME, width=_REFERENCE_WIDTH)]
    columns += [Column(heading=label, style=Style.TEXT, width=_LABEL_WIDTH)] if label else []
    columns += [_column(asked, column) for column in asked.columns]
    columns += [Column(heading=LAST_QUARTER, style=Style.TEXT, width=_BESIDE_WIDTH)]
    columns += [Column(heading=QUERY, style=Style.QUERY, width=_TEXT_WIDTH)] if filled.queries else []
    return Table(
        name=f"tbl{asked.rows[0].reference.partition('-')[0]}",
        columns=tuple(columns),
        rows=tuple(_row(row, asked, filled, has_label=bool(label)) for row in asked.rows),
        inputs=frozenset(column.heading for column in asked.columns),
    )


def _row(row: AskedRow, asked: Asked, filled: Filled, *, has_label: bool) -> tuple[Value, ...]:
    answers = (filled.answers.get((row.reference, column.key)) for column in asked.columns)
    queries = (filled.queries.get(row.reference, ""),) if filled.queries else ()
    labels = (row.label,) if has_label else ()
    return (row.reference, *labels, *answers, filled.last_quarter.get(row.reference, ""), *queries)


def _column(asked: Asked, column: AskedColumn) -> Column:
    is_alone = len(asked.columns) == 1
    widths = {Kind.TEXT: _TEXT_WIDTH if is_alone else _SHORT_TEXT_WIDTH}
    lines = _LINES_OF_TEXT if is_alone else _LINES_OF_ROW
    instead = _NO_FIGURE if asked.question.has_figures else ()
    return Column(
        heading=column.heading,
        style=_STYLES[column.kind],
        width=widths.get(column.kind, _FIGURE_WIDTH),
        choices=column.choices,
        hint=_hint(column, is_figure=asked.question.has_figures),
        figure=_figure(column, instead),
        lines=lines if column.kind is Kind.TEXT else 1,
    )


def _figure(column: AskedColumn, instead: tuple[str, ...]) -> Figure | None:
    match column.kind:
        case Kind.WHOLE:
            return Figure(kind=FigureKind.WHOLE, most=column.most, instead=instead)
        case Kind.SHARE:
            return Figure(kind=FigureKind.DECIMAL, most=100, instead=instead)
        case Kind.YEAR:
            return Figure(kind=FigureKind.WHOLE, least=_YEARS[0], most=_YEARS[1], instead=instead)
        case Kind.DATE:
            return Figure(kind=FigureKind.DATE, instead=instead)
        case _:
            return None


def _hint(column: AskedColumn, *, is_figure: bool) -> str:
    instead = " Write n/a if it is not known." if is_figure else ""
    match column.kind:
        case Kind.WHOLE:
            return f"A whole number from 0 to {column.most:,}.{instead}"
        case Kind.SHARE:
            return f"Per cent, from 0 to 100: write 10 for 10%.{instead}"
        case Kind.YEAR:
            return f"A year, such as 2010.{instead}"
        case Kind.DATE:
            return f"A day, such as 30/06/2011.{instead}"
        case Kind.CHOICE:
            return f"Choose {' or '.join(column.choices)}."
        case Kind.TEXT:
            most = "" if column.longest == LONGEST_TEXT else f", at most {column.longest:,} characters"
            return f"Write in words{most}. Alt and Enter begin a new line in the cell."


def _widths(blocks: tuple[Text | Table | Chart, ...]) -> tuple[float, ...]:
    return widths_of(*(block for block in blocks if isinstance(block, Table)), least=_REFERENCE_WIDTH)
