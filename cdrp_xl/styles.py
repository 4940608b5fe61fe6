"""The names of the styles that sheets use, and the few colours and number formats behind them.

A sheet says what a cell is; each writer keeps one dictionary of what that looks like in its library.
"""

from __future__ import annotations

from enum import StrEnum

from cdrp_xl.terms import STATUS_ICONS, Meaning, Status


class Style(StrEnum):
    """What a cell is."""

    TITLE = "title"
    HEADING = "heading"
    NUMBER_HEADING = "number heading"
    SMALL_HEADING = "small heading"
    FINDING = "finding"
    SUBHEADING = "subheading"
    MARKING = "marking"
    TEXT = "text"
    LINE = "line"
    SMALL = "small"
    NAME = "name"
    COUNT = "count"
    CHANGE = "change"
    APPARENT_CHANGE = "apparent change"
    MEAN = "mean"
    RATE = "rate"
    RATIO = "ratio"
    SHARE = "share"
    DATE = "date"
    STATUS = "status"
    SIGNAL = "signal"
    VERDICT = "verdict"
    LINK = "link"
    DECIMAL = "decimal"
    INPUT = "input"
    INPUT_NUMBER = "input number"
    INPUT_DATE = "input date"
    QUERY = "query"


NUMBERS = frozenset(
    {
        Style.COUNT,
        Style.CHANGE,
        Style.APPARENT_CHANGE,
        Style.MEAN,
        Style.RATE,
        Style.RATIO,
        Style.SHARE,
        Style.DECIMAL,
        Style.INPUT_NUMBER,
    }
)
"""What is right-aligned, and its heading with it."""

POINTS = {Style.TITLE: 18, Style.FINDING: 12, Style.SUBHEADING: 12, Style.SMALL: 9, Style.SMALL_HEADING: 9}
"""The size of type, where it is not that of text: 10."""

COUNT_FORMAT = "#,##0"
CHANGE_FORMAT = "#,##0;-#,##0;0"
APPARENT_CHANGE_FORMAT = "+ 0.0%;- 0.0%;+ 0.0%"
MEAN_FORMAT = "#,##0.0"
RATE_FORMAT = "#,##0.00"
RATIO_FORMAT = "[>=1.005]#,##0.00;0.0000"  # on which side of 1 a ratio lies is never rounded away
SHARE_FORMAT = "0.0%"
DECIMAL_FORMAT = "0.0"
DATE_FORMAT = "d mmmm yyyy"

NUMBER_FORMATS = {
    Style.COUNT: COUNT_FORMAT,
    Style.CHANGE: CHANGE_FORMAT,
    Style.APPARENT_CHANGE: APPARENT_CHANGE_FORMAT,
    Style.MEAN: MEAN_FORMAT,
    Style.RATE: RATE_FORMAT,
    Style.RATIO: RATIO_FORMAT,
    Style.SHARE: SHARE_FORMAT,
    Style.DECIMAL: DECIMAL_FORMAT,
}
"""The number format of each style of cell that holds a figure."""

FONT = "Arial"
INK = "#0B0C0C"
BLUE = "#12436D"
LIGHT_BLUE = "#9FB4C8"
ORANGE = "#F46A25"
GREY = "#3D3D3D"
MID_GREY = "#878D93"
LIGHT_GREY = "#C8CDD1"
TEAL = "#28A197"
PLUM = "#801650"
LINK_BLUE = "#1D4F91"
FAINT = "#D9DCDF"
INPUT_FILL = "#FFF9E5"
QUERY_FILL = "#F8CFCF"
WHITE = "#FFFFFF"
RULE = "#B1B4B6"

STATUS_FILLS = {
    Status.BETTER: "#CDE8D0",
    Status.CONCERN: "#FFE8B3",
    Status.WORSE: "#F8CFCF",
    Status.NOT_ASSESSED: "#E6E7E8",
}
"""Fills under dark text (contrast over 12:1); the words and the icon beside them carry the meaning."""

FILLS_BY_BEGINNING = {
    Style.STATUS: {icon: STATUS_FILLS[status] for status, icon in STATUS_ICONS.items()},
    Style.SIGNAL: {
        Meaning.IMPROVEMENT.value: STATUS_FILLS[Status.BETTER],
        Meaning.CONCERN.value: STATUS_FILLS[Status.WORSE],
    },
    Style.VERDICT: {
        STATUS_ICONS[Status.BETTER]: STATUS_FILLS[Status.BETTER],
        STATUS_ICONS[Status.WORSE]: STATUS_FILLS[Status.WORSE],
        STATUS_ICONS[Status.CONCERN]: STATUS_FILLS[Status.CONCERN],
    },
}
"""The fill of a cell by what its text begins with, for the styles that have one."""
