"""The report of one quarter, frozen: every word and figure that a worksheet shows. After this no figure changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from cdrp_xl.measures.rag import Assessment
    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.periods import Period
    from cdrp_xl.report.chance import ChanceRow, Emerging
    from cdrp_xl.report.farm import FarmCrime
    from cdrp_xl.report.group import GroupResult
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.returned import Returned
    from cdrp_xl.report.series import MonthlySeries, YearEnd
    from cdrp_xl.sources.master import Inputs
    from cdrp_xl.terms import Marking, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One quarter of a priority. Units: offences; None where the baseline year's quarter can't be counted."""

    quarter: Period
    offences: int
    baseline: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityResult:
    """One priority in the period to date, beside its baseline. Units: offences; None where they can't be counted.

    `assessment` is what is shown: the analyst's own judgement where there is one, with what the rule gave beside it.
    """

    priority_id: str
    title: str
    objective: str
    period: Period
    baseline_year: Period
    baseline_period: Period
    later: int | None
    baseline: int | None
    apparent_change: float | None
    printed: str
    assessment: Assessment
    sentence: str
    trend: tuple[TrendPoint, ...]
    chart_title: str
    chart_alt_text: str
    series: MonthlySeries | None = None
    year_ends: tuple[YearEnd, ...] = ()
    group: GroupResult | None = None
    findings: tuple[str, ...] = ()

    @property
    def has_whole_baseline(self) -> bool:
        """Whether every quarter of the trend has its baseline, so that a line can be drawn without a gap."""
        return all(point.baseline is not None for point in self.trend)

    @property
    def change(self) -> int | None:
        """Later less baseline, None where either can't be counted. Unit: offences."""
        return None if self.later is None or self.baseline is None else self.later - self.baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class HighlightsRow:
    """One offence row as it is printed: counts, or the symbol of what is hidden. Units: offences, and a fraction."""

    row: Row
    earlier: int | str
    later: int | str
    change: int | str
    apparent_change: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """The two-period comparison of an area as it is printed."""

    area: str
    classification: Classification
    earlier: Period
    later: Period
    rows: tuple[HighlightsRow, ...]

    def __getitem__(self, row_id: str) -> HighlightsRow:
        return next(printed for printed in self.rows if printed.row.row_id == row_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """What was done to the small counts of one worksheet, in numbers of cells.

    Of the `unsafe` ones, `exposed` can't be protected as the policy wants, since figures printed elsewhere bound them.
    """

    sheet: str
    is_rounded: bool
    unsafe: int
    hidden: int
    exposed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """How current one source is for the report's period."""

    source: str
    publisher: str
    used_for: str
    covers: str
    as_at: dt.date | None
    next_release: dt.date | None
    lag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note, cited on the worksheets as ``[note 1]``."""

    number: int
    text: str

    @property
    def citation(self) -> str:
        """The note as it is cited."""
        return f"[note {self.number}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at while the figures were made, for the analyst."""

    what: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report that the analyst may write about."""

    section_id: str
    title: str
    commentary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intros:
    """What stands at the head of worksheets, with the notes that it cites."""

    summary: str
    highlights: str
    farm: str
    currency: str
    series: str
    projection: str
    group: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one quarter's worksheets show."""

    partnership: str
    area: str
    title: str
    producer: str
    contact: str
    date: dt.date
    marking: Marking
    """That of the whole: the highest of its worksheets'."""
    usual_marking: Marking
    """That of a worksheet of which the analyst says nothing."""
    period: Period
    about: tuple[str, ...]
    intros: Intros
    key: tuple[tuple[Status, str], ...]
    comparison: Highlights
    suppressed: tuple[Suppressed, ...]
    broken_sums: tuple[str, ...]
    priorities: tuple[PriorityResult, ...]
    farm: FarmCrime | None
    returned: Returned | None
    sections: tuple[Section, ...]
    sources: tuple[SourceLine, ...]
    notes: tuple[Note, ...]
    checks: tuple[Check, ...]
    inputs: Inputs
    answers: tuple[Answer, ...]
    emerging: Emerging
    chances: tuple[ChanceRow, ...]
    certified: tuple[tuple[str, str], ...] = ()
    """The certificate's short form: what was looked at, and what was found. Only a copy that is published has one."""

    def marking_of(self, sheet: str) -> Marking:
        """Return the marking of a worksheet of the partners' copy."""
        return self.inputs.markings.get(sheet, self.usual_marking)

    def commentary(self, section_id: str) -> str:
        """Return what the analyst wrote about a section, empty where nothing was."""
        return next((section.commentary for section in self.sections if section.section_id == section_id), "")
