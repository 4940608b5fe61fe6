"""The report of one quarter: its frozen model, and how it is built from tables, measures and the analyst's inputs."""

from cdrp_xl.report.build import build, hidden
from cdrp_xl.report.data import Before, Data
from cdrp_xl.report.model import (
    ChanceRow,
    Check,
    Emerging,
    Headline,
    Headlines,
    Highlights,
    HighlightsRow,
    Issue,
    Logo,
    Note,
    PriorityResult,
    Report,
    Section,
    SourceLine,
    TrendPoint,
)
from cdrp_xl.report.suppressed import Suppressed
from cdrp_xl.sources.master import LAST_WORDS, PUBLISHED, YES, Inputs

__all__ = [
    "LAST_WORDS",
    "PUBLISHED",
    "YES",
    "Before",
    "ChanceRow",
    "Check",
    "Data",
    "Emerging",
    "Headline",
    "Headlines",
    "Highlights",
    "HighlightsRow",
    "Inputs",
    "Issue",
    "Logo",
    "Note",
    "PriorityResult",
    "Report",
    "Section",
    "SourceLine",
    "Suppressed",
    "TrendPoint",
    "build",
    "hidden",
]
