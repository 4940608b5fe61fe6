"""The report of one quarter, frozen: every word and figure that a worksheet shows. After this no figure changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdrp_xl.errors import OFFENDERS_NAMED
from cdrp_xl.report.rates_beside import NO_RATES, Rates
from cdrp_xl.terms import Decision

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from cdrp_xl.measures.rag import Assessment
    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.periods import Period
    from cdrp_xl.report.calibration import Calibration
    from cdrp_xl.report.disclosed import Disclosed
    from cdrp_xl.report.farm_model import FarmCrime
    from cdrp_xl.report.group import GroupResult
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.mapping import OffenceMapping
    from cdrp_xl.report.of_rows import OfRows, OutcomesTable, PlacesTable
    from cdrp_xl.report.own_page import OwnPage
    from cdrp_xl.report.returned import Returned
    from cdrp_xl.report.revisions import Revisions
    from cdrp_xl.report.series import MonthlySeries
    from cdrp_xl.report.suppressed import Suppressed
    from cdrp_xl.report.trends import Trends
    from cdrp_xl.report.year_end import YearEnd
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.master import Inputs
    from cdrp_xl.terms import Marking, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One quarter of a priority. Units: offences; None where it, or the baseline year's quarter, can't be counted."""

    quarter: Period
    offences: int | None
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
    year_end: YearEnd | None = None
    group: GroupResult | None = None
    findings: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()

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
    """One offence row as it is published: counts, or the symbol of what is hidden. Units: offences, and a fraction."""

    row: Row
    earlier: int | str
    later: int | str
    change: int | str
    apparent_change: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlights:
    """The two-period comparison of an area as it is published."""

    area: str
    classification: Classification
    earlier: Period
    later: Period
    rows: tuple[HighlightsRow, ...]

    def __getitem__(self, row_id: str) -> HighlightsRow:
        return next(published for published in self.rows if published.row.row_id == row_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One line of the headlines, an offence row or a priority, as it is published. Units: offences, and fractions.

    The years are the twelve months to the end of either period, None where they are not given; `rates` are of the
    later one. `rank` is its place, from 0, among the lines that a page keeps first; it may lack one that `is_extra`.
    """

    name: str
    key: RowKey
    rank: int
    is_extra: bool
    earlier: int | str
    later: int | str
    apparent_change: float | str
    year_before: int | None
    year: int | None
    year_change: float | str
    verdict: str
    rates: Rates = NO_RATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """The headlines: the finding, the quarter in a few sentences, and a line of each priority and of the main rows.

    There are no `trends` where months are not counted, or small counts are hidden. `note` says what is compared,
    `of_rates` what to know about each rate that lines have, and `part` that lines were left out, where they were.
    """

    title: str
    sentences: tuple[str, ...]
    lines: tuple[Headline, ...]
    note: str
    of_rates: Mapping[str, str]
    part: str
    trends: Trends | None = None

    def first(self, number: int) -> tuple[Headline, ...]:
        """Return that many of the lines, those that are kept first, in the order in which they are published."""
        return tuple(line for line in self.lines if line.rank < number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceRow:
    """How many times as many later as earlier, its limits, and all in words; symbols where they can't be given."""

    ratio: float | str
    lower: float | str
    upper: float | str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One offence row that changed by more than usual.

    Counts are as published. `found_by` says in words what found it. `decision` is None until it is made.
    """

    name: str
    row: Row
    earlier: int | str
    later: int | str
    sentence: str
    meaning: str
    found_by: str
    decision: Decision | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emerging:
    """Every row whose change is larger than usual: rises, which the analyst decides about, and falls.

    `how` says what was tested and how, `found` what came of it; `tested` rows share no offence.
    """

    earlier: Period
    later: Period
    rises: tuple[Issue, ...]
    falls: tuple[Issue, ...]
    how: str
    found: str
    tested: int

    @property
    def reported(self) -> tuple[Issue, ...]:
        """The rises that partners read of: those accepted, and those that are not decided yet."""
        return tuple(issue for issue in self.rises if issue.decision is not Decision.DISMISSED)

    @property
    def undecided(self) -> tuple[Issue, ...]:
        """The rises that the analyst has neither accepted nor dismissed."""
        return tuple(issue for issue in self.rises if issue.decision is None)


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
    """One note, cited on the worksheets as ``[note 1]``; `rows` are the ids of offence rows that cite it."""

    number: int
    text: str
    rows: tuple[str, ...] = ()

    @property
    def citation(self) -> str:
        """The note as it is cited."""
        return f"[note {self.number}]"


ABOUT_WORDS = "Your words and judgements"
"""What a check looked at that is about what the analyst typed."""


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
    """What is at the head of worksheets, with the notes that it cites."""

    positions: str
    summary: str
    highlights: str
    farm: str
    places: str
    outcomes: str
    other_issues: str
    currency: str
    series: str
    projection: str
    group: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFigure:
    """One figure that differs from the last copy that published it. Units: offences; None where it is not given."""

    row: RowKey
    figure: str
    period: str
    was: int | None
    now: int | None
    copy: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """All figures that differ from earlier copies, and what worksheets say about theirs, by section."""

    intro: str
    figures: tuple[ChangedFigure, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissue:
    """A copy of a quarter that is published again: its number, and what changed since the issue before."""

    number: int
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """The partnership's logo: a PNG or JPEG that holds nothing but the picture. Unit of lengths: its points."""

    content: bytes = field(repr=False)
    width: int
    height: int


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
    """That of a worksheet that the analyst has not marked."""
    period: Period
    about: tuple[str, ...]
    intros: Intros
    key: tuple[tuple[Status, str], ...]
    headlines: Headlines
    comparison: Highlights
    suppressed: tuple[Suppressed, ...]
    broken_sums: tuple[str, ...]
    priorities: tuple[PriorityResult, ...]
    farm: FarmCrime | None
    returned: Returned | None
    of_rows: OfRows
    sections: tuple[Section, ...]
    sources: tuple[SourceLine, ...]
    notes: tuple[Note, ...]
    checks: tuple[Check, ...]
    inputs: Inputs
    answers: tuple[Answer, ...]
    emerging: Emerging
    chances: tuple[ChanceRow, ...]
    mapping: OffenceMapping | None = None
    """How each offence of the extract was counted; None where no source has offences that had to be read."""
    calibration: Calibration | None = None
    """How often the rules would have been wrong on the area's own past counts."""
    disclosed: tuple[Disclosed, ...] = ()
    """What is published of every count, on any worksheet, for the copies that come after."""
    certified: tuple[tuple[str, str], ...] = ()
    """The certificate's short form: what was looked at, and what was found. Only a copy that is published has one."""

    revisions: Revisions | None = None
    """What moved since an earlier refresh, for the analyst."""
    changed: Changed | None = None
    """Which figures differ from earlier copies, and why."""
    accent: str = ""
    """The colour of titles and charts that the settings name."""
    is_upright: bool = False
    """Whether the partners' copy is printed on A4 upright."""
    logo: Logo | None = None
    """What the partners' copy has on its cover."""
    reissue: Reissue | None = None
    """Which issue of the quarter's copy this is, and what changed; None for the first."""
    order: tuple[str, ...] = ()
    """The ids of the sections that come first, as the settings have them."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What the settings call sections, by their ids."""
    own: tuple[OwnPage, ...] = ()
    """The sections of the partnership's own; only a copy that is published has any."""
    led: Mapping[str, str] = field(default_factory=dict)
    """Who leads on a section, and where it is on the agenda, in words and by the section's id."""

    @property
    def places(self) -> PlacesTable | None:
        """Wards or the like, where they are asked for."""
        return self.of_rows.places

    @property
    def outcomes(self) -> OutcomesTable | None:
        """What came of offences, where it is asked for."""
        return self.of_rows.outcomes

    @property
    def trends(self) -> Trends | None:
        """The main rows month by month."""
        return self.headlines.trends

    def called(self, section: str, otherwise: str) -> str:
        """Return what the settings call a section; without a title there, what it is called otherwise."""
        return self.titles.get(section, otherwise)

    def marking_of(self, sheet: str) -> Marking:
        """Return the marking of a worksheet of the partners' copy."""
        return self.inputs.markings.get(sheet, self.usual_marking)

    @property
    def words_to_look_at(self) -> tuple[str, ...]:
        """What the analyst should know of their own words, one sentence each."""
        return tuple(check.detail for check in self.checks if check.what == ABOUT_WORDS)

    @property
    def lines_to_look_at(self) -> tuple[str, ...]:
        """Every line of the worksheet Checks that the analyst should look at, with what it is about."""
        return tuple(f"{check.what}: {check.detail}" for check in self.checks if not check.holds)

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """What the analyst should look at, for a status bar: the first lines, and all about their own words."""
        figures = [check for check in self.checks if not check.holds and check.what != ABOUT_WORDS]
        named = [f"{check.what}: {check.detail}" for check in figures[:OFFENDERS_NAMED]]
        if (more := len(figures) - len(named)) > 0:
            named.append(f"{more:,} more {'line is' if more == 1 else 'lines are'} on the worksheet Checks.")
        return (*named, *self.words_to_look_at)

    def commentary(self, section_id: str) -> str:
        """Return what the analyst wrote about a section, empty where nothing was."""
        return next((section.commentary for section in self.sections if section.section_id == section_id), "")
