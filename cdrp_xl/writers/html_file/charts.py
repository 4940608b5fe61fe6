"""Charts as drawings within a page (SVG), and the small ones of a table's cells.

Lengths across are shares of the drawing's width, so that it fits a phone and a wide screen with type of one size;
lengths down are pixels. A chart says nothing that its table does not: its caption is read in its place.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from cdrp_xl import styles
from cdrp_xl.sheets import SeriesKind, measured
from cdrp_xl.styles import COUNT_FORMAT
from cdrp_xl.writers import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.sheets import Chart, Series, Sparkline, Value

_TOP, _BELOW, _BELOW_NUMBERS = 10, 12, 44
_LINE, _POINTS = 14, 9.0
"""How far lines of names are apart, in pixels, and the size of their type."""

_NEARLY_NOTHING = 1e-9
_LINES, _STEPS = 4, (1, 2, 5, 10)
_NARROW, _WIDE = 270, 640
"""For how much room names below a chart are chosen, on a phone and on wider screens. Unit: pixels."""

_BAR, _BETWEEN_BARS, _NAME = 14, 8, 14
_FIGURE_AT_END = 86.0
_FILLED, _FEW, _FILLED_OF_FEW = 0.7, 6, 0.4
"""How much of a column's room is filled, and of how many columns each is narrowed to how much."""

_HALF_MARKER = 5
_COLUMNS = frozenset({SeriesKind.COLUMNS})
_SPARK_HEIGHT, _SPARK_FILLED = 24, 0.75

_Points = list[tuple[float, float] | None]
"""Where the points of a line are, across and down; None where there is no figure."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """From zero to a round figure above all that is drawn, with a line at each step."""

    top: float
    step: float

    def marks(self) -> Iterator[float]:
        """Yield the figures at which there is a line."""
        for number in range(round(self.top / self.step) + 1):
            yield number * self.step


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One series with its name, its labels and its figures."""

    series: Series
    name: str
    labels: tuple[Value, ...]
    figures: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name below a chart: of which column, whether it is for narrow screens or wide ones, and its lines."""

    number: int
    where: str
    lines: tuple[str, ...]


def figure(chart: Chart) -> str:
    """Return a chart as a figure: its title, its key, the drawing, and its words for those who can't see it."""
    drawn = [_read(chart, series) for series in chart.series]
    at = escape(chart.name)
    if chart.is_across:
        inside, height = _bars(chart, drawn)
    else:
        inside, height = (_over_numbers if chart.is_over_numbers else _over_names)(chart, drawn), chart.height
    kind = "bars" if chart.is_across else "chart"
    svg = f'<svg class="{kind}" role="img" aria-labelledby="{at}-title" aria-describedby="{at}-said" height="{height}">'
    caption = f'<figcaption id="{at}-said">{escape(chart.alt_text)}</figcaption>'
    title = f'<p class="chart-title" id="{at}-title">{escape(chart.title)}</p>'
    return f'<figure id="{at}">{title}{_key(chart, drawn)}{svg}{inside}</svg>{caption}</figure>'


def small(line: Sparkline) -> str:
    """Return a small chart of one column of a table, for a cell; its first and last figure are said in words."""
    figures = [figure for _, figure in shown.months(line)]
    top = max((each for each in figures if each), default=1.0)
    step = 100 / len(figures)
    colours = [*[line.colours[0]] * (len(figures) - 1), line.colours[1]]
    bars = "".join(
        _bar(number * step, _SPARK_HEIGHT - high, step * _SPARK_FILLED, high, colour)
        for number, (each, colour) in enumerate(zip(figures, colours, strict=True))
        if each is not None and (high := each / top * _SPARK_HEIGHT) >= 0
    )
    words = escape(shown.ends(line))
    return f'<svg class="spark" role="img" aria-label="{words}" height="{_SPARK_HEIGHT}">{bars}</svg>'


def _bar(left: float, top: float, wide: float, high: float, colour: str) -> str:
    """Return a bar or column: how far from the left and how wide, in shares; how far down and how high, in pixels."""
    return f'<rect x="{_n(left)}%" y="{_n(top)}" width="{_n(wide)}%" height="{_n(high)}" fill="{colour}"/>'


def _read(chart: Chart, series: Series) -> _Drawn:
    """Return a series with what its table holds of it; a symbol in place of a figure is not drawn."""
    table = series.table or chart.table
    if chart.along:
        first, last = (table.column_of(heading) - table.column for heading in (chart.along[0], chart.along[-1]))
        row = table.rows[series.row]
        return _Drawn(series, str(row[0]), chart.along, tuple(map(_number, row[first : last + 1])))
    at, named = (table.column_of(heading) - table.column for heading in (series.heading, chart.categories))
    labels = tuple(row[named] for row in table.rows)
    return _Drawn(series, series.heading, labels, tuple(_number(row[at]) for row in table.rows))


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _key(chart: Chart, drawn: Sequence[_Drawn]) -> str:
    """Return the names of the series, each with how it is drawn; bars have their names, and one series the title."""
    if len(drawn) < 2 or chart.is_across:  # noqa: PLR2004 - one series needs no key
        return ""
    items = (
        f'<li><svg class="key" width="26" height="12" aria-hidden="true">{_sample(each.series)}</svg> '
        f"{escape(each.name)}</li>"
        for each in drawn
    )
    return f'<ul class="keys">{"".join(items)}</ul>'


def _sample(series: Series) -> str:
    if series.kind in _COLUMNS:
        return f'<rect x="2" y="1" width="22" height="10" fill="{series.colour}"/>'
    marker = _marker(series, "13", 6)
    if series.kind in {SeriesKind.POINTS, SeriesKind.OWN_POINT}:
        return marker
    return f'<line x1="0" y1="6" x2="26" y2="6" {_stroke(series)}/>{marker}'


def _over_names(chart: Chart, drawn: Sequence[_Drawn]) -> str:
    """Return columns and lines over names, such as months, that are below them as far as there is room."""
    labels = drawn[0].labels
    names = _names(chart, labels)
    floor = chart.height - _BELOW - _LINE * max((len(name.lines) for name in names), default=0)
    scale = _scale_of(drawn, chart.up_format)
    step = 100 / max(len(labels), 1)
    middles = [step * (number + 0.5) for number in range(len(labels))]
    columns = [each for each in drawn if each.series.kind in _COLUMNS]
    filled = step * (_FILLED_OF_FEW if len(labels) * len(columns) <= _FEW else _FILLED)
    parts = [_grid(scale, floor, chart.up_format), *_name_labels(names, middles, floor)]
    for number, each in enumerate(columns):
        wide = filled / len(columns)
        lefts = [middle - filled / 2 + number * wide for middle in middles]
        parts += [
            _bar(left, floor - high, wide, high, each.series.colour)
            for left, value in zip(lefts, each.figures, strict=True)
            if value is not None and (high := floor - _down(value, scale, floor)) >= 0
        ]
    for each in drawn:
        if each.series.kind not in _COLUMNS:
            parts.append(_line(each.series, _placed(middles, each.figures, scale, floor)))
    return "".join(parts)


def _over_numbers(chart: Chart, drawn: Sequence[_Drawn]) -> str:
    """Return points and curves over figures, such as the size of areas."""
    floor = chart.height - _BELOW_NUMBERS
    scale = _scale_of(drawn, chart.up_format)
    sizes = _scale([_number(label) for one in drawn for label in one.labels], COUNT_FORMAT)
    parts = [_grid(scale, floor, chart.up_format)]
    for mark in sizes.marks():
        x = mark / sizes.top * 100
        anchor = "end" if mark == sizes.top else "middle"
        name = shown.figure(mark, COUNT_FORMAT)
        parts.append(f'<text x="{_n(x)}%" y="{floor + 16}" text-anchor="{anchor}">{name}</text>')
    parts.append(f'<text x="100%" y="{floor + 36}" text-anchor="end">{escape(chart.across)}</text>')
    for each in drawn:
        across = [(_number(label) or 0) / sizes.top * 100 for label in each.labels]
        parts.append(_line(each.series, _placed(across, each.figures, scale, floor)))
    return "".join(parts)


def _bars(chart: Chart, drawn: Sequence[_Drawn]) -> tuple[str, int]:
    """Return bars under one another, each below its name, and how high they are together; an own bar covers another."""
    bars, *own = drawn
    top = max((each for each in bars.figures if each), default=1.0)
    parts = []
    for number, (label, value) in enumerate(zip(bars.labels, bars.figures, strict=True)):
        y = number * (_NAME + _BAR + _BETWEEN_BARS)
        covered = next((each.series for each in own if each.figures[number] is not None), None)
        name = f'<text x="0" y="{y + _NAME - 3}"{_bold(is_bold=covered is not None)}>{escape(str(label))}</text>'
        parts.append(name)
        if value is None:
            continue
        wide, colour = value / top * _FIGURE_AT_END, (covered or bars.series).colour
        parts.append(_bar(0, y + _NAME, wide, _BAR, colour))
        figure = shown.figure(value, chart.up_format)
        parts.append(f'<text x="{_n(wide + 1)}%" y="{y + _NAME + 11}">{figure}</text>')
    return "".join(parts), len(bars.labels) * (_NAME + _BAR + _BETWEEN_BARS)


def _bold(*, is_bold: bool) -> str:
    return ' font-weight="bold"' if is_bold else ""


def _grid(scale: _Scale, floor: int, number_format: str) -> str:
    """Return the level lines of a chart, each with its figure."""
    parts = []
    for mark in scale.marks():
        y = _n(_down(mark, scale, floor))
        colour = styles.FAINT if mark else styles.RULE
        parts.append(f'<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{colour}"/>')
        name = shown.figure(mark, number_format)
        parts.append(f'<text x="-8" y="{y}" dy="4" text-anchor="end">{name}</text>')
    return "".join(parts)


def _names(chart: Chart, labels: Sequence[Value]) -> list[_Name]:
    """Return the names below a chart, as many as there is room for on a phone and on wider screens."""
    found = []
    for where, room in (("wide", _WIDE // chart.beside[1]), ("narrow", _NARROW)):
        every = 1 if chart.along else replace(chart, width=room).label_every
        for number in range(0, len(labels), every):
            within = room * every / len(labels)
            lines = tuple(measured.wrapped(str(labels[number]), within, points=_POINTS))
            found.append(_Name(number, where, lines))
    return found


def _name_labels(names: Sequence[_Name], middles: Sequence[float], floor: int) -> Iterator[str]:
    for name in names:
        for down, line in enumerate(name.lines, 1):
            y = floor + 4 + _LINE * down
            at = f'class="{name.where}" x="{_n(middles[name.number])}%" y="{y}"'
            yield f'<text {at} text-anchor="middle">{escape(line)}</text>'


def _line(series: Series, points: _Points) -> str:
    """Return a line through points, broken where a figure is missing, and its markers."""
    parts = []
    if series.kind not in {SeriesKind.POINTS, SeriesKind.OWN_POINT}:
        look = _stroke(series)
        parts += [
            f'<line x1="{_n(one[0])}%" y1="{_n(one[1])}" x2="{_n(other[0])}%" y2="{_n(other[1])}" {look}/>'
            for one, other in itertools.pairwise(points)
            if one and other
        ]
    parts += [_marker(series, f"{_n(point[0])}%", point[1]) for point in points if point]
    return "".join(parts)


def _stroke(series: Series) -> str:
    """Return how a line is drawn: one with markers is dashed, one without is thin."""
    is_dashed = series.is_dashed or series.kind is SeriesKind.LINE
    wide = "3" if series.kind in {SeriesKind.LINE, SeriesKind.COURSE} else "2"
    dashes = ' stroke-dasharray="6 4"' if is_dashed else ""
    return f'stroke="{series.colour}" stroke-width="{wide}"{dashes}'


def _marker(series: Series, x: str, y: float) -> str:
    """Return the mark of a point: a dot or a diamond, so that series do not differ by colour alone."""
    match series.kind:
        case SeriesKind.COURSE | SeriesKind.POINTS:
            return f'<circle cx="{x}" cy="{_n(y)}" r="4" fill="{series.colour}"/>'
        case SeriesKind.LINE | SeriesKind.OWN_POINT:
            half = _HALF_MARKER + 2 * (series.kind is SeriesKind.OWN_POINT)
            shape = f"0,-{half} {half},0 0,{half} -{half},0"
            drawn = f'<polygon points="{shape}" fill="{series.colour}"/>'
            return f'<svg x="{x}" y="{_n(y)}" overflow="visible">{drawn}</svg>'
        case _:
            return ""


def _placed(across: Sequence[float], figures: Sequence[float | None], scale: _Scale, floor: int) -> _Points:
    return [
        None if value is None else (x, _down(value, scale, floor)) for x, value in zip(across, figures, strict=True)
    ]


def _down(value: float, scale: _Scale, floor: int) -> float:
    return floor - value / scale.top * (floor - _TOP)


def _scale_of(drawn: Sequence[_Drawn], number_format: str) -> _Scale:
    return _scale([each for one in drawn for each in one.figures], number_format)


def _scale(figures: Sequence[float | None], number_format: str) -> _Scale:
    """Return a scale with few lines, at round figures that its format can show."""
    highest = max((each for each in figures if each and each > _NEARLY_NOTHING), default=1.0)
    power = 10.0 ** math.floor(math.log10(highest / _LINES))
    step = next(each * power for each in _STEPS if each * power * _LINES >= highest)
    step = max(step, 1.0) if number_format == COUNT_FORMAT else step
    return _Scale(math.ceil(highest / step) * step, step)


def _n(value: float) -> str:
    """Return a length with as many digits as can be seen."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
