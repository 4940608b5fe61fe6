"""The synthetic rows of recorded crime, drawn so that they hold the example's figures."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from cdrp_xl import offences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.worked_example.figures import District, Figures, Quarter

HEADINGS = (
    "Crime Reference",
    "Date Committed",
    "Date Recorded",
    "HO Code",
    "District",
    "Parish",
    "Locus Type",
    "Locus Subtype",
    "Domestic",
    "Victim Reference",
    "Premises Reference",
    "Location",
)

Row = tuple[str, ...]
Thing = TypeVar("Thing")

_FARM = "farm"
_HOME = "dwelling"
_SPREAD = 0.07  # an invented quarter's count lies within 7% of the usual one, and is then rounded up or down
_DOMESTIC_SHARE = 0.3
_REPORTED_AT_ONCE = 0.7
_DAYS_AT_ONCE = 3
_DAYS_LATE = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """Where an offence happened, and against whom."""

    parish: str
    locus_type: str
    locus_subtype: str
    victim: str
    premises: str
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offence:
    """An offence that has a place but no date yet."""

    code: str
    district: str
    site: _Site
    is_domestic: bool = False


class _Chance:
    """Draws from a fixed seed.

    Only ``random()`` is promised to give the same numbers in every version of Python, so every draw is made from it.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311 - the same numbers every time are what is wanted

    def below(self, limit: int) -> int:
        return int(self._random() * limit)

    def happens(self, share: float) -> bool:
        return self._random() < share

    def pick(self, things: Sequence[Thing]) -> Thing:
        return things[self.below(len(things))]

    def shuffled(self, things: Iterable[Thing]) -> list[Thing]:
        mixed = list(things)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def near(self, usual: int) -> int:
        """Return a whole number near a usual one, and the usual one on average."""
        return math.floor(usual * (1 + _SPREAD * (2 * self._random() - 1)) + self._random())


def by_quarter(figures: Figures) -> dict[str, list[Row]]:
    """Return the rows of every quarter in the order of recording, under `HEADINGS`."""
    chance = _Chance(figures.seed)
    draw = _Draw(figures, chance)
    references = _References()
    return {
        quarter.name: references.rows(_dated(draw.offences(quarter), quarter.period, chance))
        for quarter in figures.quarters
    }


def offences_by_quarter(figures: Figures, quarters: Mapping[str, Sequence[Row]]) -> dict[str, int]:
    """Return how many of the rows are the area's own and of the row that the most similar group is compared by."""
    codes = offences.load("cadet-2011").row(figures.group.offence_row).codes
    code, district = HEADINGS.index("HO Code"), HEADINGS.index("District")
    return {
        name: sum(row[district] == figures.area and row[code] in codes for row in found)
        for name, found in quarters.items()
    }


class _Draw:
    """Draws the offences of one quarter after another, and remembers the places and victims that were named."""

    def __init__(self, figures: Figures, chance: _Chance) -> None:
        self._figures = figures
        self._chance = chance
        self._places = _Places(figures, chance)
        self._violence = offences.load("cadet-2011").row("violence-against-the-person").codes

    def offences(self, quarter: Quarter) -> list[_Offence]:
        """Return the offences of a quarter, in the area and around it."""
        counts = self._counts(quarter)
        farm = self._figures.farm_offences(quarter)
        for code in farm:
            counts[code] -= 1
        rest = self._chance.shuffled(_each(counts))
        area, *neighbours = self._figures.districts
        return [
            *self._farm(area, quarter, farm),
            *self._violent(area, quarter, [code for code in rest if code in self._violence]),
            *self._other(area, quarter, [code for code in rest if code not in self._violence]),
            *(offence for district in neighbours for offence in self._around(district, quarter, rest)),
        ]

    def _counts(self, quarter: Quarter) -> dict[str, int]:
        exact = self._figures.exact_offences(quarter.name)
        usual = self._figures.usual_offences(quarter) if exact is None else {}
        return exact or {code: self._chance.near(count) for code, count in usual.items()}

    def _farm(self, area: District, quarter: Quarter, codes: Sequence[str]) -> list[_Offence]:
        """Return the farm offences; those that no victim is named for come last, at a farm of their own."""
        mixed = sorted(self._chance.shuffled(codes), key=lambda code: code in self._figures.victimless)
        named = [code for code in mixed if code not in self._figures.victimless]
        if quarter.name == self._figures.later:
            sites = self._places.farms_known(area, quarter.name, len(named))
        else:
            sites = [self._places.farm(area, quarter.name) for _ in named]
        sites += [self._places.farm_without_victim(area, quarter.name) for _ in mixed[len(named) :]]
        return [_Offence(code=code, district=area.name, site=site) for code, site in zip(mixed, sites, strict=True)]

    def _violent(self, area: District, quarter: Quarter, codes: Sequence[str]) -> list[_Offence]:
        """Return the offences of violence off farms: the stated number in the locality, the others elsewhere."""
        may_be = [place for place, code in enumerate(codes) if code in self._figures.domestic]
        domestic = may_be[: quarter.domestic_in_locality]
        others = [place for place in range(len(codes)) if place not in domestic]
        plain = others[: quarter.violence_in_locality - quarter.domestic_in_locality]
        made = []
        for place, code in enumerate(codes):
            if place in domestic or place in plain:
                parish, is_domestic = self._figures.locality, place in domestic
            else:
                parish, is_domestic = self._places.parish_but_locality(area), self._may_be_domestic(code)
            kind = _HOME if is_domestic else "open"
            site = self._places.somewhere(kind, parish, quarter.name, code=code)
            made.append(_Offence(code=code, district=area.name, site=site, is_domestic=is_domestic))
        return made

    def _other(self, district: District, quarter: Quarter, codes: Sequence[str]) -> list[_Offence]:
        return [
            _Offence(
                code=code,
                district=district.name,
                site=self._places.somewhere(
                    self._figures.kind_of(code), self._places.parish(district), quarter.name, code=code
                ),
            )
            for code in codes
        ]

    def _around(self, district: District, quarter: Quarter, codes: Sequence[str]) -> list[_Offence]:
        """Return the offences of a neighbour, a few of them on its own farms."""
        drawn = [self._chance.pick(codes) for _ in range(self._chance.near(district.offences))]
        farm_codes = self._figures.farm_codes["Theft and handling"]
        farms = [
            _Offence(
                code=self._chance.pick(farm_codes),
                district=district.name,
                site=self._places.somewhere(_FARM, self._places.parish(district), quarter.name),
            )
            for _ in range(district.farm_offences)
        ]
        return [*self._other(district, quarter, drawn), *farms]

    def _may_be_domestic(self, code: str) -> bool:
        return code in self._figures.domestic and self._chance.happens(_DOMESTIC_SHARE)


class _Places:
    """Gives out places and victims, each with a reference of its own, and knows where they were named before."""

    def __init__(self, figures: Figures, chance: _Chance) -> None:
        self._figures = figures
        self._chance = chance
        self._given = 0
        self._loci = {name: _each_locus(kind.loci) for name, kind in figures.kinds.items()}
        self._sites: dict[tuple[str, str], list[_Site]] = {}
        self._farms: dict[str, list[_Site]] = {}
        self._victims: dict[str, list[str]] = {}

    def parish(self, district: District) -> str:
        """Return a parish of a district, by weight."""
        return self._chance.pick(_each(district.parishes))

    def parish_but_locality(self, district: District) -> str:
        """Return a parish of a district that is not the locality whose violence is a stated number."""
        return self._chance.pick([name for name in _each(district.parishes) if name != self._figures.locality])

    def somewhere(self, kind: str, parish: str, quarter_name: str, *, code: str = "") -> _Site:
        """Return a place of a kind, new or named before."""
        known = self._sites.setdefault((kind, parish), [])
        if known and self._chance.happens(self._figures.kinds[kind].known):
            site = self._chance.pick(known)
        else:
            site = self._new(kind, parish)
            known.append(site)
        if code in self._figures.victimless:
            return replace(site, victim="")
        if kind != _FARM:
            self._victims.setdefault(quarter_name, []).append(site.victim)
        return site

    def farm(self, area: District, quarter_name: str, *, is_new: bool = False, victim: str = "") -> _Site:
        """Return a farm of the area: a new one, or now and then one that was named before."""
        known = self._farms_of(self._farms)
        if known and not is_new and self._chance.happens(self._figures.kinds[_FARM].known):
            site = self._chance.pick(known)
        else:
            new = self._new(_FARM, self.parish_but_locality(area))
            site = replace(new, victim=victim or new.victim)
        self._farms.setdefault(quarter_name, []).append(site)
        return site

    def farm_without_victim(self, area: District, quarter_name: str) -> _Site:
        """Return a new farm at which no victim is named."""
        site = replace(self._new(_FARM, self.parish_but_locality(area)), victim="")
        self._farms.setdefault(quarter_name, []).append(site)
        return site

    def farms_known(self, area: District, quarter_name: str, offences_count: int) -> list[_Site]:
        """Return the farms of the quarter in which victims are known before in stated numbers, and no others."""
        known = self._figures.known_victims
        victims = self._chance.shuffled(self._farms_of(known.repeats_from))[: known.repeat_victims]
        repeats = [victims[number % len(victims)] for number in range(known.repeat_offences)]
        since = {
            site.premises for name, sites in self._farms.items() if name not in known.lapsed_from for site in sites
        }
        lapsed = [site for site in self._farms_of(known.lapsed_from) if site.premises not in since]
        others = self._chance.shuffled(self._victims[known.repeats_from[-1]])[: known.other_victims]
        sites = [*repeats, *self._chance.shuffled(lapsed)[: known.lapsed_victims]]
        sites += [self.farm(area, quarter_name, is_new=True, victim=victim) for victim in others]
        return sites + [self.farm(area, quarter_name, is_new=True) for _ in range(offences_count - len(sites))]

    def _farms_of(self, quarter_names: Iterable[str]) -> list[_Site]:
        """Return the farms named in some quarters, each once, but for those without a victim."""
        named = [site for name in quarter_names for site in self._farms.get(name, ()) if site.victim]
        return list(dict.fromkeys(named))

    def _new(self, kind: str, parish: str) -> _Site:
        self._given += 1
        locus_type, locus_subtype = self._chance.pick(self._loci[kind])
        addresses = self._figures.addresses
        number = addresses.first_number + self._chance.below(addresses.numbers)
        return _Site(
            parish=parish,
            locus_type=locus_type,
            locus_subtype=locus_subtype,
            victim=f"V{self._given:06d}",
            premises="" if locus_type == "Highway" else f"P{self._given:06d}",
            location=f"{number} {self._chance.pick(addresses.roads)}, {parish}",
        )


class _References:
    """Gives every row its reference: the year of recording, and a number within it."""

    def __init__(self) -> None:
        self._given: dict[int, int] = {}

    def rows(self, dated: Iterable[tuple[dt.date, dt.date, _Offence]]) -> list[Row]:
        """Return the rows of dated offences, in their order."""
        return [self._row(*entry) for entry in dated]

    def _row(self, recorded: dt.date, committed: dt.date, offence: _Offence) -> Row:
        number = self._given[recorded.year] = self._given.get(recorded.year, 0) + 1
        site = offence.site
        return (
            f"SYN/{recorded:%y}/{number:06d}",
            f"{committed:%d/%m/%Y}",
            f"{recorded:%d/%m/%Y}",
            offence.code,
            offence.district,
            site.parish,
            site.locus_type,
            site.locus_subtype,
            "Y" if offence.is_domestic else "N",
            site.victim,
            site.premises,
            site.location,
        )


def _dated(found: Iterable[_Offence], period: Period, chance: _Chance) -> list[tuple[dt.date, dt.date, _Offence]]:
    """Return offences with the days on which they were recorded and committed, in the order of recording."""
    days = (period.last_day - period.first_day).days + 1
    dated = []
    for offence in chance.shuffled(found):
        recorded = period.first_day + dt.timedelta(days=chance.below(days))
        late = _DAYS_AT_ONCE if chance.happens(_REPORTED_AT_ONCE) else _DAYS_LATE
        dated.append((recorded, recorded - dt.timedelta(days=chance.below(late)), offence))
    return sorted(dated, key=lambda entry: entry[0])


def _each(weights: Mapping[str, int]) -> list[str]:
    """Return every name as many times as it counts."""
    return [name for name, count in weights.items() for _ in range(count)]


def _each_locus(loci: Iterable[tuple[str, str, int]]) -> list[tuple[str, str]]:
    return [(locus_type, subtype) for locus_type, subtype, weight in loci for _ in range(weight)]
