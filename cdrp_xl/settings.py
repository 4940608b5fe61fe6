"""``partnership.toml``: who the report is for, which quarter, which priorities, and where the extracts are.

Every mistake in the file is named with its line and key (see `toml_tables`); nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from cdrp_xl import periods, toml_tables
from cdrp_xl.errors import FileError, quoted
from cdrp_xl.periods import Period
from cdrp_xl.terms import Direction, Marking
from cdrp_xl.toml_tables import Mistake
from cdrp_xl.toml_tables import Table as _Table

if TYPE_CHECKING:
    from pathlib import Path


FILE_NAME = "partnership.toml"

Text = Annotated[str, Meta(min_length=1)]
Classification = Literal["cadet-2011", "home-office-2013", "police-uk"]


class Partnership(_Table, frozen=True, kw_only=True):
    """``[partnership]``: who the report is for and who makes it."""

    name: Text
    area: Text
    producer: str = ""
    contact: str = ""
    marking: Marking = Marking.OFFICIAL


class ReportSettings(_Table, frozen=True, kw_only=True):
    """``[report]``: which period is reported, and how it is dated."""

    quarter: Period | None = None
    title: Text = "Performance report"
    date: dt.date | None = None
    compare: Literal["quarter", "year to date"] = "quarter"
    table_source: Literal["recorded_crime", "police_uk", "cadet"] | None = None
    about: tuple[str, ...] = ()
    projection: Literal["from quarter 2", "from quarter 1", "never"] = "from quarter 2"

    def __post_init__(self) -> None:
        if self.quarter is not None and not self.quarter.is_quarter:
            raise ValueError(f'{self.quarter.name} is not a quarter such as "2011-12 Q1"')


class Currency(_Table, frozen=True, kw_only=True):
    """What every source says of its own date: when it was taken, and when the next one is due."""

    publisher: str = ""
    as_at: dt.date | None = None
    next_release: dt.date | None = None


class RecordedCrimeHeadings(_Table, frozen=True, kw_only=True):
    """``[sources.recorded_crime.headings]``: the force's own headings for what is read."""

    offence_reference: Text
    date_recorded: Text
    offence: Text
    date_committed: str = ""
    area: str = ""
    locality: str = ""
    locus_type: str = ""
    locus_subtype: str = ""
    domestic: str = ""
    victim: str = ""
    premises: str = ""


class RecordedCrimeSettings(Currency, frozen=True, kw_only=True):
    """``[sources.recorded_crime]``: the force's row-level extract."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    classification: Classification = "cadet-2011"
    headings: RecordedCrimeHeadings
    worksheet: str = ""
    domestic_yes: tuple[str, ...] = ("Y", "Yes", "True", "1")
    domestic_no: tuple[str, ...] = ("N", "No", "False", "0", "")
    offence_codes: dict[str, str] = msgspec.field(default_factory=dict)
    references_repeat: bool = False


class PoliceUkSettings(Currency, frozen=True, kw_only=True):
    """``[sources.police_uk]``: a folder or .zip of data.police.uk street-level files, as downloaded."""

    path: Text
    areas_file: str = ""


class CadetSettings(Currency, frozen=True, kw_only=True):
    """``[sources.cadet]``: the CADET export of the two periods, or in long form."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    classification: Classification = "cadet-2011"
    worksheet: str = ""


class PopulationSettings(Currency, frozen=True, kw_only=True):
    """``[sources.population]``: people and households by area."""

    file: Text
    area: Text = "Area"
    population: Text = "Population"
    households: str = ""
    worksheet: str = ""


class AreaFiguresHeadings(_Table, frozen=True, kw_only=True):
    """The headings of figures by area; those left empty are not in the file."""

    area: Text = "Area"
    period: Text = "Period"
    offences: Text = "Offences"
    offence: str = ""
    population: str = ""
    households: str = ""
    rate: str = ""
    position: str = ""


class AreaFiguresSettings(Currency, frozen=True, kw_only=True):
    """``[sources.iquanta]`` and ``[sources.area_counts]``: figures of many areas, one row to area, period and offence.

    `offence_row` is that of all figures where no heading names one. With `is_tally` what has no row is 0, and rows that
    are alike are parts to be added up.
    """

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    headings: AreaFiguresHeadings = AreaFiguresHeadings()
    classification: Classification = "cadet-2011"
    worksheet: str = ""
    source: str = ""
    offence_row: str = ""
    offence_rows: dict[str, str] = msgspec.field(default_factory=dict)
    is_tally: bool = False

    def __post_init__(self) -> None:
        if bool(self.headings.offence) == bool(self.offence_row):
            raise ValueError("give either headings.offence, or the one offence_row that the file is about")


class HomeOfficeSettings(Currency, frozen=True, kw_only=True):
    """``[sources.home_office]``: the Home Office open data tables, by police force and quarter."""

    file: Text
    worksheet: str = ""


class Sources(_Table, frozen=True, kw_only=True):
    """``[sources]``: what the figures are counted from; at least one must count offences."""

    recorded_crime: RecordedCrimeSettings | None = None
    police_uk: PoliceUkSettings | None = None
    cadet: CadetSettings | None = None
    population: PopulationSettings | None = None
    iquanta: AreaFiguresSettings | None = None
    area_counts: AreaFiguresSettings | None = None
    home_office: HomeOfficeSettings | None = None

    def __post_init__(self) -> None:
        if not (self.recorded_crime or self.police_uk or self.cadet):
            raise ValueError("name at least one of sources.recorded_crime, sources.police_uk and sources.cadet")


class Group(_Table, frozen=True, kw_only=True):
    """``[group]``: the most similar group, from which day it holds, and where its figures come from."""

    members: tuple[Text, ...]
    source: Literal["iquanta", "area_counts", "police_uk", "home_office"]
    effective: dt.date | None = None
    overdispersion: bool = True

    def __post_init__(self) -> None:
        if len(set(self.members)) < len(("ours", "another")):
            raise ValueError(f"a group of {len(set(self.members))} can't be compared: name its other members too")
        if twice := [member for member in self.members if self.members.count(member) > 1]:
            raise ValueError(f"{quoted(twice[0])} stands twice among the members")


class Measure(_Table, frozen=True, kw_only=True):
    """``[priorities.measure]``: offence rows to add up, or a selection by locus."""

    rows: tuple[Text, ...] = ()
    locus_types: tuple[Text, ...] = ()
    locus_subtypes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if not (self.rows or self.locus_types or self.locus_subtypes):
            raise ValueError("name rows to count, or locus_types and locus_subtypes")

    @property
    def is_by_locus(self) -> bool:
        """Whether the measure is a selection by locus, which only a row-level extract can count."""
        return bool(self.locus_types or self.locus_subtypes)


class Baseline(_Table, frozen=True, kw_only=True):
    """``[priorities.baseline]``: the pinned year, and its quarterly figures where they are given and not counted."""

    year: Period
    quarters: tuple[Annotated[int, Meta(ge=0)], ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if not self.year.is_financial_year:
            raise ValueError(f'{self.year.name} is not a financial year such as "2009-10"')
        if self.quarters and (len(self.quarters) != len(periods.quarters_of(self.year)) or not self.source):
            raise ValueError("give four quarters, first to fourth, and say in `source` where they are from")


class RagRule(_Table, frozen=True, kw_only=True):
    """``[priorities.rag]``: by which rule the priority is judged better or worse."""

    rule: Literal["exact test", "tolerance", "any fall"] = "exact test"
    tolerance_per_cent: Annotated[float, Meta(ge=0, le=100)] = 0.0


class Priority(_Table, frozen=True, kw_only=True):
    """``[[priorities]]``: one priority of the partnership."""

    id: str
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    objective: Text
    measure: Measure
    baseline: Baseline
    deadline: Period
    direction: Direction = Direction.REDUCE
    rag: RagRule = RagRule()
    rate_per: Literal["people", "households"] = "people"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", self.id):
            raise ValueError(f"the id {quoted(self.id)} must be small letters, digits and hyphens, at most 41")

    @property
    def selection_id(self) -> str:
        """The id under which a selection by locus is counted; the stroke keeps it apart from every offence row's."""
        return f"priority/{self.id}"


class Farm(_Table, frozen=True, kw_only=True):
    """``[farm]``: crime at farms by offence group and year, told by the extract's locus columns.

    `groups` puts groups together from offence codes, rows and groups; without any, they are the classification's own.
    A repeat is an offence whose victim (or premises) had another in the `repeat_months` before.
    """

    baseline: Period
    years: tuple[Period, ...] = ()
    locus_types: tuple[Text, ...] = ("Agricultural",)
    locus_subtypes: tuple[Text, ...] = ("Barn", "Farm")
    groups: dict[str, tuple[Text, ...]] = msgspec.field(default_factory=dict)
    repeats_by: Literal["victim", "premises"] = "victim"
    repeat_months: Annotated[int, Meta(ge=1, le=60)] = 12

    def __post_init__(self) -> None:
        for year in (self.baseline, *self.years):
            if not year.is_financial_year:
                raise ValueError(f'{year.name} is not a financial year such as "2009-10"')
        if not (self.locus_types or self.locus_subtypes):
            raise ValueError("name locus_types or locus_subtypes")
        for names in (self.locus_types, self.locus_subtypes, tuple(self.groups)):
            alike = [name for number, name in enumerate(names) if _plain(name) in map(_plain, names[:number])]
            if alike:
                raise ValueError(f"{quoted(alike[0])} stands twice")

    @property
    def loci(self) -> tuple[str, ...]:
        """What tells farms apart: the subtypes, or the types where no subtype is named."""
        return self.locus_subtypes or self.locus_types


class ReturnSettings(_Table, frozen=True, kw_only=True):
    """``[[returns]]``: a return that an agency makes each quarter: on which form, and how soon after the quarter."""

    form: Text
    agency: Annotated[str, Meta(min_length=1, max_length=60)]
    email: str = ""
    due_days: Annotated[int, Meta(ge=1, le=366)] = 21
    areas: tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...] = ()

    def due(self, quarter: Period) -> dt.date:
        """Return the day by which the return of a quarter is due."""
        return quarter.last_day + dt.timedelta(days=self.due_days)


class SuppressionSettings(_Table, frozen=True, kw_only=True):
    """``[suppression]``: what each worksheet does with small counts, and which counts are small."""

    highlights: Literal["off", "hide", "round"] = "off"
    localities: Literal["off", "hide", "round"] = "hide"
    farm: Literal["off", "hide", "round"] = "off"
    unsafe_up_to: Annotated[int, Meta(ge=1, le=10)] = 2
    sensitive_rows: tuple[Text, ...] = ()


class EmailSettings(_Table, frozen=True, kw_only=True):
    """``[email]``: who is sent the partners' copy, by whom, and through which mail server."""

    recipients: tuple[Text, ...] = ()
    sender: str = ""
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    user: str = ""


class SignificanceSettings(_Table, frozen=True, kw_only=True):
    """``[significance]``: by which test a change is more than chance, and from when on it is an emerging issue."""

    test: Literal["exact", "mid-p", "E-test"] = "exact"
    columns: bool = False
    false_discovery_per_cent: Annotated[float, Meta(gt=0, le=50)] = 5.0
    least_offences: Annotated[int, Meta(ge=1)] = 10
    localities: tuple[Text, ...] = ()


class Settings(_Table, frozen=True, kw_only=True):
    """The whole of ``partnership.toml``."""

    partnership: Partnership
    report: ReportSettings = ReportSettings()
    sources: Sources
    significance: SignificanceSettings = SignificanceSettings()
    suppression: SuppressionSettings = SuppressionSettings()
    email: EmailSettings = EmailSettings()
    priorities: tuple[Priority, ...] = ()
    farm: Farm | None = None
    group: Group | None = None
    returns: tuple[ReturnSettings, ...] = ()


def read(folder: Path) -> Settings:
    """Return the settings of a partnership's folder.

    Raises
    ------
    FileError
        If there is no ``partnership.toml``, it can't be opened, or it is not TOML.
    ValueFoundError
        If a key is missing, unknown or not what it should be; every mistake is named with its line and key.
    """
    file = folder / FILE_NAME
    if file.is_dir():
        raise FileError(
            f"{FILE_NAME} is a folder, not a file.", where=str(file), remedy="Give the folder another name."
        )
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise FileError(
            f'"{folder.name}" is not a partnership\'s folder: it holds no {FILE_NAME}.',
            where=str(folder),
            remedy='Name the folder that "cdrp-xl new" made, or make one with it.',
        ) from missing
    except PermissionError as locked:
        raise FileError(
            f"{FILE_NAME} can't be opened.", where=str(file), remedy="Close it where it is open, then try again."
        ) from locked
    return parse(toml_tables.decoded(data, file))


def parse(text: str) -> Settings:
    """Return the settings that a TOML text holds; see `read`."""
    settings, mistakes = toml_tables.parse(Settings, text, file_name=FILE_NAME)
    if settings:
        mistakes += [*_twins(settings), *_uncounted(settings), *_localities(settings), *_group_apart(settings)]
    if mistakes or settings is None:
        remedy = "Mend the file as the message says; the folder's template explains each key."
        raise toml_tables.named(mistakes, text, file_name=FILE_NAME, remedy=remedy)
    return settings


def _twins(settings: Settings) -> list[Mistake]:
    ids = [priority.id for priority in settings.priorities]
    made = [(each.form, each.agency) for each in settings.returns]
    return [
        Mistake(("priorities", number, "id"), f"two priorities have the id {quoted(name)}")
        for number, name in enumerate(ids)
        if name in ids[:number]
    ] + [
        Mistake(("returns", number, "agency"), f"{quoted(agency)} makes {quoted(form)} twice")
        for number, (form, agency) in enumerate(made)
        if (form, agency) in made[:number]
    ]


def _uncounted(settings: Settings) -> list[Mistake]:
    """Return what the farm section needs of the extract and the settings do not name."""
    if settings.farm is None:
        return []
    source = settings.sources.recorded_crime
    if source is None:
        return [Mistake(("farm",), "it is counted from a row-level extract: name one under sources.recorded_crime")]
    asked = {"locus_type": settings.farm.locus_types, "locus_subtype": settings.farm.locus_subtypes}
    return [
        Mistake(("farm",), f"it needs the extract's heading: name it as {use} in sources.recorded_crime.headings")
        for use, names in asked.items()
        if names and not getattr(source.headings, use)
    ]


def _localities(settings: Settings) -> list[Mistake]:
    """Return what the localities of emerging issues need of the extract, and which of them is named twice."""
    named, source = settings.significance.localities, settings.sources.recorded_crime
    key = ("significance", "localities")
    plain = [_plain(name) for name in named]
    mistakes = [
        Mistake(key, f"{quoted(name)} is named twice") for at, name in enumerate(named) if plain[at] in plain[:at]
    ]
    if named and (source is None or not source.headings.locality):
        missing = "it needs an extract's heading: name it as locality in sources.recorded_crime.headings"
        mistakes.append(Mistake(key, missing))
    return mistakes


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _group_apart(settings: Settings) -> list[Mistake]:
    """Return how the group does not fit the rest of the settings."""
    group = settings.group
    if group is None:
        return []
    mistakes = []
    if settings.partnership.area not in group.members:
        own = quoted(settings.partnership.area)
        mistakes.append(Mistake(("group", "members"), f"the partnership's own area, {own}, must be among them"))
    if getattr(settings.sources, group.source) is None:
        mistakes.append(Mistake(("group", "source"), f"there is no [sources.{group.source}]"))
    return mistakes
