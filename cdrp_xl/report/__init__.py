"""The report of one quarter: its frozen model, and how it is built from tables, measures and the analyst's inputs."""

from cdrp_xl.report.build import Data, build
from cdrp_xl.report.model import Check, Note, PriorityResult, Report, Section, SourceLine, TrendPoint
from cdrp_xl.sources.master import Inputs

__all__ = [
    "Check",
    "Data",
    "Inputs",
    "Note",
    "PriorityResult",
    "Report",
    "Section",
    "SourceLine",
    "TrendPoint",
    "build",
]
