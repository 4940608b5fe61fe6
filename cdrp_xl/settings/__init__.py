"""``partnership.toml``: who the report is for, which quarter, which priorities, and where the extracts are.

Every mistake in the file is named with its line and key (see `toml_tables`); nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from cdrp_xl import damage, geography, paths, toml_tables
from cdrp_xl.errors import FileError, ValueFoundError, quoted
from cdrp_xl.folding import fold
from cdrp_xl.periods import Period
from cdrp_xl.settings import sections
from cdrp_xl.settings.own_sections import OwnSection
from cdrp_xl.settings.priorities import ID, Priority
from cdrp_xl.settings.report_settings import ReportSettings
from cdrp_xl.sources import joined, publishers
from cdrp_xl.sources.area_figures import AreaCountsSettings
from cdrp_xl.sources.outcomes import OutcomesSettings
from cdrp_xl.sources.place_settings import PlacesSettings
from cdrp_xl.sources.publisher import (
    CURRENT,
    IF_UNNAMED,
    FiguresSource,
    MembersSource,
    PlacesSource,
    Publisher,
)
from cdrp_xl.sources.publishers import Sources
from cdrp_xl.sources.return_settings import ReturnSettings
from cdrp_xl.terms import Marking
from cdrp_xl.toml_tables import Mistake, Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cdrp_xl.sources.joined import Joined

    OfGroup: TypeAlias = str
    OneOrSeveral: TypeAlias = str
else:
    OneOrSeveral = Text | tuple[Text, ...]
    OfGroup = Literal[tuple(publishers.kinds(FiguresSource) | publishers.kinds(MembersSource))]

FILE_NAME = "partnership.toml"

_SYNCHRONISE = paths.SYNCHRONISE[0].lower() + paths.SYNCHRONISE[1:].rstrip(".")


class Partnership(Table, frozen=True, kw_only=True):
    """``[partnership]``: who the report is for and who makes it.

    `area` is one, or a list of several, which are counted together; `areas` are what one of another name is made of.
    """

    name: Text
    area: OneOrSeveral
    areas: tuple[Text, ...] = ()
    producer: str = ""
    contact: str = ""
    marking: Marking = Marking.OFFICIAL

    def __post_init__(self) -> None:
        listed: object = self.area
        if isinstance(listed, tuple):
            if self.areas or not listed:
                raise ValueError("give the list of areas once: as area, or as areas with a name for them as area")
            msgspec.structs.force_setattr(self, "area", joined.name_of(listed))
            msgspec.structs.force_setattr(self, "areas", listed)
        if self.areas == (self.area,):
            msgspec.structs.force_setattr(self, "areas", ())
        for number, name in enumerate(self.areas):
            if same := [each for each in self.areas[:number] if _are_one(each, name)]:
                raise ValueError(f"{quoted(same[0])} and {quoted(name)} are one area, or the one is part of the other")

    @property
    def joined(self) -> Joined:
        """What its area is made of, where it is several."""
        return {self.area: self.areas} if self.areas else {}


def _are_one(one: str, other: str) -> bool:
    return not {fold(one), *geography.codes_of(one)}.isdisjoint({fold(other), *geography.codes_of(other)})


class Group(Table, frozen=True, kw_only=True):
    """``[group]``: the most similar group, from which day it holds, and where its figures come from."""

    members: tuple[Text, ...]
    source: OfGroup
    effective: dt.date | None = None
    overdispersion: bool = True

    def __post_init__(self) -> None:
        if len(set(self.members)) < len(("ours", "another")):
            raise ValueError(f"a group of {len(set(self.members))} can't be compared: name its other members too")
        if twice := [member for member in self.members if self.members.count(member) > 1]:
            raise ValueError(f"{quoted(twice[0])} appears twice among the members")


class CompositeSettings(Table, frozen=True, kw_only=True):
    """``[[composites]]``: a row of the partnership's own, the sum of offence rows that share no offence."""

    id: str
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    rows: Annotated[tuple[Text, ...], Meta(min_length=2)]

    def __post_init__(self) -> None:
        if not re.fullmatch(ID, self.id):
            raise ValueError(f"the id {quoted(self.id)} must be lower-case letters, digits and hyphens, at most 41")


class Farm(Table, frozen=True, kw_only=True):
    """``[farm]``: crime at farms by offence group and year, identified by the extract's locus columns.

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
            alike = [name for number, name in enumerate(names) if fold(name) in map(fold, names[:number])]
            if alike:
                raise ValueError(f"{quoted(alike[0])} appears twice")

    @property
    def loci(self) -> tuple[str, ...]:
        """What farms are divided by: the subtypes, or the types where no subtype is named."""
        return self.locus_subtypes or self.locus_types


class SuppressionSettings(Table, frozen=True, kw_only=True):
    """``[suppression]``: what each worksheet does with small counts, and which counts are small."""

    highlights: Literal["off", "hide", "round"] = "off"
    localities: Literal["off", "hide", "round"] = "hide"
    farm: Literal["off", "hide", "round"] = "off"
    unsafe_up_to: Annotated[int, Meta(ge=1, le=10)] = 2
    sensitive_rows: tuple[Text, ...] = ()


class EmailSettings(Table, frozen=True, kw_only=True):
    """``[email]``: who is sent the partners' copy, by whom, and through which mail server."""

    recipients: tuple[Text, ...] = ()
    sender: str = ""
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    user: str = ""


class SignificanceSettings(Table, frozen=True, kw_only=True):
    """``[significance]``: which change is larger than usual, and from when on it is an emerging issue."""

    test: Literal["usual movement", "exact", "mid-p", "E-test"] = "usual movement"
    columns: bool = False
    false_discovery_per_cent: Annotated[float, Meta(gt=0, le=50)] = 5.0
    least_offences: Annotated[int, Meta(ge=1)] = 10
    localities: tuple[Text, ...] = ()


class Settings(Table, frozen=True, kw_only=True):
    """The whole of ``partnership.toml``."""

    partnership: Partnership
    report: ReportSettings = ReportSettings()
    sources: Sources
    significance: SignificanceSettings = SignificanceSettings()
    suppression: SuppressionSettings = SuppressionSettings()
    email: EmailSettings = EmailSettings()
    composites: tuple[CompositeSettings, ...] = ()
    priorities: tuple[Priority, ...] = ()
    sections: tuple[OwnSection, ...] = ()
    farm: Farm | None = None
    group: Group | None = None
    places: PlacesSettings | None = None
    outcomes: OutcomesSettings | None = None
    returns: tuple[ReturnSettings, ...] = ()

    def __post_init__(self) -> None:
        street = self.sources.police_uk
        if street and street.classification is None:
            named = "police-uk-2026" if self.report.classification == CURRENT else "police-uk"
            street = msgspec.structs.replace(street, classification=named)
            sources = msgspec.structs.replace(self.sources, police_uk=street)
            msgspec.structs.force_setattr(self, "sources", sources)

    def counted_as(self, names: Mapping[str, str]) -> Settings:
        """Return the settings with areas that have ended under the names of those that they are part of today."""
        if not names:
            return self
        own = self.partnership.area
        partnership = msgspec.structs.replace(self.partnership, area=names.get(own, own))
        group = self.group
        if group:
            group = msgspec.structs.replace(group, members=tuple(names.get(name, name) for name in group.members))
        return msgspec.structs.replace(self, partnership=partnership, group=group)

    @property
    def joined(self) -> Joined:
        """What the partnership's area, and members of the group, are made of where they are several areas."""
        own = self.partnership.joined
        return joined.as_named(self.group.members, self.partnership.area, own)[1] if self.group else own

    def names_classification(self, source: str) -> bool:
        """Return whether it is said by which definitions a source counts: here, or since it has but one of its own."""
        table = getattr(self.sources, source)
        return bool(self.report.classification or getattr(table, "classification", IF_UNNAMED))

    def table_source(self, counted: Iterable[str]) -> str:
        """Return which of the sources that were counted the report's table is made of: the one named, or the first.

        Raises
        ------
        ValueFoundError
            If the one that is named was not counted.
        """
        names = list(counted)
        name = self.report.table_source or names[0]
        if name not in names:
            raise ValueFoundError(
                f'The table should come from "{name}", which is not among the sources.',
                where="partnership.toml, report.table_source",
                remedy=f"Name one of {', '.join(names)}, or add [sources.{name}].",
            )
        return name


def read(folder: Path) -> Settings:
    """Return the settings of a partnership's folder.

    Raises
    ------
    FileError
        If there is no ``partnership.toml``, it can't be opened, or it is not TOML.
    ValueFoundError
        If a key is missing, unknown or not what it should be; every mistake is named with its line and key.
    """
    return parse(text_in(folder))


def partnership_in(held: dict[str, Any], text: str) -> Partnership:
    """Return the one table ``[partnership]`` of settings that are not filled in yet.

    Raises
    ------
    ValueFoundError
        If it has mistakes.
    """
    found, mistakes = toml_tables.of_data(Partnership, held, ("partnership",))
    if mistakes or found is None:
        raise toml_tables.named(mistakes, text, file_name=FILE_NAME, remedy="Correct the file as the message says.")
    return found


def text_in(folder: Path) -> str:
    """Return the text of a folder's ``partnership.toml``.

    Raises
    ------
    FileError
        If there is none, it can't be opened, or it is not UTF-8.
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
    except OSError as refused:
        raise damage.refused_by_system(refused, file) from refused
    return toml_tables.decoded(data, file)


class _AreaCounts(Table, frozen=True, kw_only=True):
    area_counts: AreaCountsSettings


class _Alone(Table, frozen=True, kw_only=True):
    sources: _AreaCounts


def area_counts_alone(folder: Path) -> AreaCountsSettings | None:
    """Return the one source of settings that hold ``[sources.area_counts]`` and nothing else; None of any others.

    Raises
    ------
    CdrpError
        If that source's settings have mistakes.
    """
    text = text_in(folder)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    if set(tables) != {"sources"} or set(tables["sources"]) != {"area_counts"}:
        return None
    alone, mistakes = toml_tables.parse(_Alone, text, file_name=FILE_NAME)
    if mistakes or alone is None:
        raise toml_tables.named(mistakes, text, file_name=FILE_NAME, remedy="Correct the file as the message says.")
    return alone.sources.area_counts


def parse(text: str) -> Settings:
    """Return the settings that a TOML text holds; see `read`."""
    settings, mistakes = checked(text)
    if mistakes or settings is None:
        remedy = "Correct the file as the message says; the folder's template explains each key."
        raise toml_tables.named(mistakes, text, file_name=FILE_NAME, remedy=remedy)
    return settings


def checked(text: str) -> tuple[Settings | None, list[Mistake]]:
    """Return the settings that a TOML text holds, as far as it can be read, and every mistake in it.

    Raises
    ------
    FileError
        If it is not TOML.
    """
    settings, mistakes = toml_tables.parse(Settings, text, file_name=FILE_NAME)
    if settings and settings.group:
        members, _ = joined.as_named(settings.group.members, settings.partnership.area, settings.partnership.joined)
        settings = msgspec.structs.replace(settings, group=_with_members(settings.group, members, mistakes))
    if settings:
        mistakes += [*_twins(settings), *_uncounted(settings), *_localities(settings), *_group_apart(settings)]
        mistakes += [*_asked_of_rows(settings), *_addresses(settings), *_sections(settings)]
    return settings, mistakes


def _sections(settings: Settings) -> Iterable[Mistake]:
    """Return what is wrong with the order and the titles of the report's sections."""
    own = settings.report
    beside = {"lead_officers": own.lead_officers, "agenda": own.agenda}
    ids = [*(each.id for each in settings.priorities), *(each.id for each in settings.sections)]
    twice = (
        Mistake(("sections", number, "id"), f"another section or a priority has the id {quoted(each.id)}")
        for number, each in enumerate(settings.sections)
        if [*sections.NAMES, *ids].count(each.id) > 1
    )
    return (*twice, *sections.mistakes(own.order, own.titles, beside, ids))


def _with_members(group: Group, members: tuple[str, ...], mistakes: list[Mistake]) -> Group:
    """Return a group with its members by name, and note two that are one."""
    written = dict(zip(reversed(members), reversed(group.members), strict=True))
    mistakes += [
        Mistake(("group", "members"), f"{quoted(written[name])} and {quoted(member)} are one area")
        for name, member in zip(members, group.members, strict=True)
        if written[name] != member
    ]
    return msgspec.structs.replace(group, members=tuple(dict.fromkeys(members)))


def _addresses(settings: Settings) -> list[Mistake]:
    """Return the files that are named by an address of the web: what is read is on this computer."""
    return [
        Mistake(("sources", source, key), f"{quoted(name)} is an address, not a file on this computer: {_SYNCHRONISE}")
        for source, table in settings.sources.named(Publisher).items()
        for key in ("path", "file", "files")
        for name in _names(getattr(table, key, ()))
        if paths.is_address(name)
    ]


def _names(named: str | tuple[str, ...]) -> tuple[str, ...]:
    return (named,) if isinstance(named, str) else named


def _twins(settings: Settings) -> list[Mistake]:
    ids = [priority.id for priority in settings.priorities]
    own = [composite.id for composite in settings.composites]
    made = [(each.form, each.agency) for each in settings.returns]
    return (
        [
            Mistake(("priorities", number, "id"), f"two priorities have the id {quoted(name)}")
            for number, name in enumerate(ids)
            if name in ids[:number]
        ]
        + [
            Mistake(("composites", number, "id"), f"two composite rows have the id {quoted(name)}")
            for number, name in enumerate(own)
            if name in own[:number]
        ]
        + [
            Mistake(("returns", number, "agency"), f"{quoted(agency)} makes {quoted(form)} twice")
            for number, (form, agency) in enumerate(made)
            if (form, agency) in made[:number]
        ]
    )


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
    plain = [fold(name) for name in named]
    mistakes = [
        Mistake(key, f"{quoted(name)} is named twice") for at, name in enumerate(named) if plain[at] in plain[:at]
    ]
    if named and (source is None or not source.headings.locality):
        missing = "it needs an extract's heading: name it as locality in sources.recorded_crime.headings"
        mistakes.append(Mistake(key, missing))
    return mistakes


def _asked_of_rows(settings: Settings) -> list[Mistake]:
    """Return what the tables of places and of outcomes need of a source of single rows."""
    extract, named = settings.sources.recorded_crime, settings.sources.named(PlacesSource)
    headings = extract.headings.named if extract else None
    asked = {"places": settings.places, "outcomes": settings.outcomes}
    said = {key: table.lacks(headings, has_rows=bool(named)) for key, table in asked.items() if table}
    return [Mistake((key,), sentence) for key, sentence in said.items() if sentence]


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
