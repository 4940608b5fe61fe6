"""How the series of a chart are drawn, in XlsxWriter's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdrp_xl import styles
from cdrp_xl.sheets import SeriesKind

if TYPE_CHECKING:
    from cdrp_xl.sheets import Series

LABEL_POINTS = 9

_FEW, _FEW_GAP = 6, 180
"""Of how many columns each is narrowed, to how much room beside it. Unit: per cent of a column."""


def look(series: Series, *, columns: int) -> dict[str, Any]:
    """Return how a series of that many columns is drawn; kinds differ in shape, so that no colour says it alone."""
    if series.kind in {SeriesKind.COLUMNS, SeriesKind.BARS, SeriesKind.OWN_BAR}:
        return _filled(series, is_few=columns <= _FEW)
    colour = series.colour
    line = {"color": colour, "width": 1.5, "dash_type": "dash" if series.is_dashed else "solid"}
    match series.kind:
        case SeriesKind.LINE:
            return {"line": {**line, "width": 2.25, "dash_type": "dash"}, "marker": _marker("diamond", 7, colour)}
        case SeriesKind.COURSE:
            return {"line": {**line, "width": 2.25}, "marker": _marker("circle", 5, colour)}
        case SeriesKind.POINTS:
            return {"line": {"none": True}, "marker": _marker("circle", 6, colour)}
        case SeriesKind.OWN_POINT:
            return {"line": {"none": True}, "marker": _marker("diamond", 11, colour)}
        case _:
            return {"line": line, "marker": {"type": "none"}}


def _filled(series: Series, *, is_few: bool) -> dict[str, Any]:
    """Return how columns and bars are drawn: an own bar covers one of the others, which have the figures."""
    look: dict[str, Any] = {"fill": {"color": series.colour}, "border": {"none": True}}
    if series.kind is SeriesKind.COLUMNS:
        return {**look, "gap": _FEW_GAP if is_few else 60}
    look |= {"gap": 40, "overlap": 100}
    if series.kind is SeriesKind.BARS:
        font = {"name": styles.FONT, "size": LABEL_POINTS, "color": styles.GREY}
        look["data_labels"] = {"value": True, "font": font}
    return look


def _marker(shape: str, size: int, colour: str) -> dict[str, Any]:
    return {"type": shape, "size": size, "fill": {"color": colour}, "border": {"color": colour}}
