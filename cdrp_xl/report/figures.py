"""The figures of one quarter, before they are put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.report.checks import Other
    from cdrp_xl.report.disclosed import Disclosed
    from cdrp_xl.report.farm_model import FarmCrime
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.model import ChangedFigure, Check, Emerging, Highlights, PriorityResult, Section
    from cdrp_xl.report.of_rows import OfRows
    from cdrp_xl.report.returned import Returned
    from cdrp_xl.report.suppressed import Suppressed
    from cdrp_xl.report.trends import Trends
    from cdrp_xl.selected import RowKey
    from cdrp_xl.tables import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one quarter, before they are put into words; `highlights` is the table as it may be published.

    `known` is how much each row usually moves; `others` are the same rows by other sources; `years` are the counts of
    twelve months that may be published.
    """

    table: Comparison
    known: Mapping[RowKey, Movement]
    others: tuple[Other, ...]
    results: tuple[PriorityResult, ...]
    farm: FarmCrime | None
    highlights: Highlights
    small_counts: tuple[Suppressed, ...]
    suppressed: Suppressed | None
    answers: tuple[Answer, ...]
    issues: Emerging
    withheld: tuple[Check, ...]
    returned: Returned | None
    sections: tuple[Section, ...]
    disclosed: tuple[Disclosed, ...]
    of_rows: OfRows
    trends: Trends | None
    years: Mapping[Cell, int]
    changed: tuple[ChangedFigure, ...] = ()

    @property
    def is_rounded(self) -> bool:
        """Whether the highlights are rounded, so that no test can be made of them."""
        return self.suppressed is not None and self.suppressed.is_rounded
