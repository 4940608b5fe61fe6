"""The report of one quarter: its frozen model, and how it is built from tables, measures and the analyst's inputs."""

from cdrp_xl.report.build import Data, build
from cdrp_xl.report.model import (
    Check,
    Highlights,
    HighlightsRow,
    Note,
    PriorityResult,
    Report,
    Section,
    SourceLine,
    Suppressed,
    TrendPoint,
)

__all__ = [
    "Check",
    "Data",
    "Highlights",
    "HighlightsRow",
    "Note",
    "PriorityResult",
    "Report",
    "Section",
    "SourceLine",
    "Suppressed",
    "TrendPoint",
    "build",
]
