"""The figures that the worked example is made to hold, from ``figures.toml``."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib

import msgspec

from cdrp_xl import offences
from cdrp_xl.periods import Period
from cdrp_xl.terms import NO_CALC


class Quarter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One quarter: its farm offences by group, and its violence in the locality, domestic and all."""

    name: str
    violence_in_locality: int
    domestic_in_locality: int
    farm: dict[str, int]

    @property
    def period(self) -> Period:
        """The months of the quarter."""
        return Period.parse(self.name)

    @property
    def year_name(self) -> str:
        """The financial year of the quarter: ``2011-12``."""
        return self.name.split()[0]


class KnownVictims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The later period's farm offences whose victim an earlier row names already."""

    repeat_offences: int
    repeat_victims: int
    repeats_from: tuple[str, ...]
    lapsed_victims: int
    lapsed_from: tuple[str, ...]
    other_victims: int


class GroupArea(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented area: its households, and its rate in each quarter as a multiple of the area's own."""

    name: str
    households: int
    times: tuple[float, float, float, float]


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most similar group in one year, by the area's own households and the other areas."""

    year: str
    offence_row: str
    households: int
    areas: tuple[GroupArea, ...]


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where offences of a kind happen, and the share of them at a place that an earlier row names already."""

    known: float
    codes: tuple[str, ...] = ()
    loci: tuple[tuple[str, str, int], ...]


class District(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A district and its parishes by weight; `offences` is for the area's neighbours."""

    name: str
    offences: int = 0
    farm_offences: int = 0
    parishes: dict[str, int]


class Addresses(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the invented addresses are put together from."""

    first_number: int
    numbers: int
    roads: tuple[str, ...]


class Figures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``figures.toml``."""

    seed: int
    area: str
    locality: str
    earlier: str
    later: str
    columns: tuple[str, ...]
    victimless: tuple[str, ...]
    domestic: tuple[str, ...]
    codes: dict[str, tuple[int, ...]]
    farm_codes: dict[str, tuple[str, ...]]
    quarters: tuple[Quarter, ...]
    known_victims: KnownVictims
    group: Group
    kinds: dict[str, Kind]
    districts: tuple[District, ...]
    addresses: Addresses

    def exact_offences(self, quarter_name: str) -> dict[str, int] | None:
        """Return the offences by code of a quarter whose figures are given, None for any other quarter."""
        return self._column(quarter_name) if quarter_name in self.columns else None

    def usual_offences(self, quarter: Quarter) -> dict[str, int]:
        """Return about how many offences by code a quarter of the year holds."""
        return self._column(quarter.year_name)

    def farm_offences(self, quarter: Quarter) -> list[str]:
        """Return the codes of a quarter's farm offences, one entry to an offence."""
        return [
            self.farm_codes[group][number % len(self.farm_codes[group])]
            for group, offences_of_group in quarter.farm.items()
            for number in range(offences_of_group)
        ]

    def kind_of(self, code: str) -> str:
        """Return the kind of place that an offence with a code happens at, but for farms."""
        return next((name for name, kind in self.kinds.items() if code in kind.codes), "open")

    def _column(self, name: str) -> dict[str, int]:
        place = self.columns.index(name)
        return {code: figures[place] for code, figures in self.codes.items()}


@functools.cache
def load() -> Figures:
    """Return the figures of the worked example."""
    file = importlib.resources.files("cdrp_xl").joinpath("worked_example", "figures.toml")
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Figures)


def group_export(figures: Figures, own: dict[str, int]) -> list[tuple[str, ...]]:
    """Return the export of the most similar group, by quarter and for the year, from the area's own counts by quarter.

    It stands for another system's work, so positions are worked out here and not by `measures`.
    """
    group = figures.group
    quarters = [f"{group.year} Q{number}" for number in range(1, 5)]
    counts = {figures.area: [own[quarter] for quarter in quarters]}
    households = {figures.area: group.households}
    for area in group.areas:
        households[area.name] = area.households
        counts[area.name] = [
            round(own[quarter] * times * area.households / group.households)
            for quarter, times in zip(quarters, area.times, strict=True)
        ]
    rows: list[tuple[str, ...]] = [("Area", "Period", "Offence", "Offences", "Households", "Position")]
    offence = offences.load("cadet-2011").row(group.offence_row).name
    for place, period in enumerate([*quarters, group.year]):
        of_period = {name: sum(by) if period == group.year else by[place] for name, by in counts.items()}
        rates = {name: count / households[name] for name, count in of_period.items()}
        for name, count in of_period.items():
            position = 1 + sum(rate < rates[name] for rate in rates.values())
            rows.append((name, period, offence, str(count), str(households[name]), str(position)))
    return rows


def cadet_export(figures: Figures) -> list[tuple[str, ...]]:
    """Return the CADET export of two periods: three heading rows, then the 45 rows as text.

    The export is in place of another system's work, so its changes are worked out here in whole numbers and not by
    `measures`: a fault there is then not repeated in what it is checked against.
    """
    earlier, later = Period.parse(figures.earlier), Period.parse(figures.later)
    headings = [
        ("", "Earlier Period", "", "Later Period", "", "Numeric Change", "Apparent Change"),
        ("", "From", "To", "From", "To", "", ""),
        ("", str(earlier.first), str(earlier.last), str(later.first), str(later.last), "", ""),
    ]
    before, now = figures.exact_offences(figures.earlier) or {}, figures.exact_offences(figures.later) or {}
    rows = [
        _export_row(row.name, _offences(before, row.codes), _offences(now, row.codes))
        for row in offences.load("cadet-2011").rows
    ]
    return [*headings, *rows]


def _offences(by_code: dict[str, int], codes: frozenset[str]) -> int:
    return sum(count for code, count in by_code.items() if code in codes)


def _export_row(name: str, earlier: int, later: int) -> tuple[str, ...]:
    change = later - earlier
    return (name, f"{earlier:,}", "", f"{later:,}", "", f"{change:,}", _apparent_change(earlier, change))


def _apparent_change(earlier: int, change: int) -> str:
    if earlier == 0 or change == 0:
        return NO_CALC
    tenths = (2 * 1000 * abs(change) + earlier) // (2 * earlier)  # rounded half up
    return f"{'-' if change < 0 else '+'} {tenths // 10:,}.{tenths % 10}%"
