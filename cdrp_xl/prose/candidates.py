"""Which figures a number in a sentence can mean: those of what it names, for the periods and the area it names."""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cdrp_xl.periods import Period, financial_year_of, quarter_of, year_to_date
from cdrp_xl.prose.catalogue import Figure, Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.prose.catalogue import Catalogue
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.prose.whens import When

_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two counts of the same thing, the earlier first: from these come a change, its percentage and a multiple."""

    earlier: Figure
    later: Figure

    @property
    def change(self) -> float:
        """Later less earlier."""
        return self.later.value - self.earlier.value

    @property
    def share(self) -> float | None:
        """The change as a share of the earlier count, None where that is 0."""
        return self.change / self.earlier.value if self.earlier.value else None

    @property
    def is_of_a_year(self) -> bool:
        """Whether the periods are the same months of two years that follow each other."""
        return self.later.period is not None and self.later.period.earlier() == self.earlier.period

    @property
    def periods(self) -> tuple[Period | None, Period | None]:
        """Both periods, the earlier first."""
        return self.earlier.period, self.later.period


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The figures that one sentence may mean; `counted` and `compared` keep what was looked up of it before."""

    catalogue: Catalogue
    sentence: Sentence
    counted: dict[tuple[str, ...], tuple[Figure, ...]] = field(default_factory=dict, compare=False, repr=False)
    compared: dict[tuple[str, tuple[When, ...]], tuple[Pair, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def areas(self) -> frozenset[str]:
        """The areas whose figures are meant: those named, otherwise the partnership's own."""
        return frozenset(place.name for place in self.sentence.places) or frozenset({self.catalogue.area})

    def figures(self, keys: Iterable[str], *measures: Measure) -> tuple[Figure, ...]:
        """Return the figures of some rows in the areas that the sentence names, otherwise in the partnership's own."""
        every = self.catalogue.of(keys, *measures)
        areas = self.areas
        named = tuple(each for each in every if each.area in areas)
        return named or tuple(each for each in every if each.area == self.catalogue.area)

    def levels(self, keys: Iterable[str]) -> tuple[Figure, ...]:
        """Return the counts of some rows, with those of a named period that is a sum of others."""
        keys = tuple(keys)
        if keys not in self.counted:
            self.counted[keys] = self._levels(keys)
        return self.counted[keys]

    def _levels(self, keys: tuple[str, ...]) -> tuple[Figure, ...]:
        direct = self._rest(self.figures(keys, Measure.LEVEL))
        known = {(each.subject, each.period) for each in direct}
        to_date = year_to_date(self.catalogue.quarter.last)
        year = financial_year_of(self.catalogue.quarter.first)
        years = (to_date, to_date.earlier(), year.earlier(), year.earlier(2))
        longer = [each for each in (*self._exact(), *_quarters(direct), *years) if each.months_count > 1]
        sums = [
            total
            for key in keys
            for period in dict.fromkeys(longer)
            if (key, period) not in known and not self.catalogue.subjects[key].counts_people
            for total in self._summed(key, period, direct)
        ]
        return (*direct, *sums)

    def run(self, keys: Iterable[str], months: int) -> dict[Period, Figure]:
        """Return the counts of the row that has most periods of a length, by period, in order."""
        runs = [{each.period: each for each in self.levels([key]) if each.period} for key in keys]
        alike = ({each: run[each] for each in run if each.months_count == months} for run in runs)
        longest = max(alike, key=len, default={})
        return {each: longest[each] for each in sorted(longest, key=lambda each: each.first)}

    def _rest(self, levels: tuple[Figure, ...]) -> tuple[Figure, ...]:
        """Return counts less those of the rows that the sentence leaves out: "excluding drug offences, crime fell"."""
        if not self.sentence.left_out:
            return levels
        out: dict[tuple[Period | None, str], list[Figure]] = defaultdict(list)
        for named in self.sentence.left_out:
            found = {(each.period, each.area): each for each in self.figures(named.keys, Measure.LEVEL)}
            for at, figure in found.items():
                out[at].append(figure)
        whole = [each for each in levels if len(out[each.period, each.area]) == len(self.sentence.left_out)]
        return tuple(
            replace(
                each,
                value=each.value - sum(part.value for part in out[each.period, each.area]),
                words=f"{each.words}, less {' and '.join(part.words for part in out[each.period, each.area])}",
            )
            for each in whole
        )

    def expected(self, keys: Iterable[str], whens: tuple[When, ...], *, is_earlier: bool) -> tuple[Figure, ...]:
        """Return the counts that are meant with the periods named, or, where none is, those of the report's own."""
        levels = self.levels(keys)
        plain = whens if is_earlier else tuple(when for when in whens if not when.is_earlier) or whens
        named = tuple(each for each in levels if each.period and any(when.matches(each.period) for when in plain))
        own = tuple(each for each in levels if self.is_own(each.period))
        if is_earlier:
            before = tuple(pair.earlier for pair in self.pairs(keys, whens))
            return tuple(dict.fromkeys((*named, *before)))
        is_compared = all(when.is_earlier or when.is_relative for when in whens)
        found = (*named, *(own if is_compared else ()))
        return tuple(dict.fromkeys(found)) or (() if whens or own else levels)

    def pairs(self, keys: Iterable[str], whens: tuple[When, ...]) -> tuple[Pair, ...]:
        """Return the comparisons that are meant: those of the named periods, or the ones that the report makes."""
        return tuple(
            pair
            for key in dict.fromkeys(keys)
            for pair in self._pairs_of(key, whens)
            if all(_is_said(pair, when) for when in whens)
        )

    def declared(self, key: str, whens: tuple[When, ...]) -> frozenset[tuple[Period | None, Period | None]]:
        """Return the comparisons that the report makes of a row: those with its own period, and any other if named."""
        every = {(each.against, each.period) for each in self.catalogue.by_subject.get(key, ()) if each.against}
        own = {each for each in every if self.is_own(each[1])}
        named = {each for each in every if any(when.matches(each[1]) for when in whens if each[1])}
        return frozenset(own | named or every)

    def is_own(self, period: Period | None) -> bool:
        """Return whether a period is the one that the report is about, or has no name."""
        return period is None or period in {self.catalogue.later, self.catalogue.quarter}

    def _pairs_of(self, key: str, whens: tuple[When, ...]) -> tuple[Pair, ...]:
        if (key, whens) not in self.compared:
            self.compared[key, whens] = tuple(self._found_pairs(key, whens))
        return self.compared[key, whens]

    def _found_pairs(self, key: str, whens: tuple[When, ...]) -> Iterator[Pair]:
        declared = self.declared(key, whens)
        levels = self.levels([key])
        named = {each.period for each in levels if each.period and any(when.matches(each.period) for when in whens)}
        for pair in ordered(levels) if named or declared else ():
            first, last = pair.periods
            is_named = first in named and (last in named or self.is_own(last))
            if is_named or pair.periods in declared:
                yield pair

    def _exact(self) -> Iterator[Period]:
        named = [period for when in self.sentence.whens for period in when.exact]
        yield from dict.fromkeys((*named, *(period.earlier() for period in named)))

    def _summed(self, key: str, period: Period, levels: tuple[Figure, ...]) -> Iterator[Figure]:
        """Yield the sum of the quarters, otherwise of the months, that make up a period."""
        by_period = {each.period: each for each in levels if each.subject == key}
        for parts in _parts_of(period):
            if all(part in by_period for part in parts):
                figure = by_period[parts[0]]
                value = sum(by_period[part].value for part in parts)
                called = self.catalogue.subjects[key].names[0]
                yield Figure(
                    name=f"{key}.{parts[0]} to {parts[-1]}",
                    subject=key,
                    measure=Measure.LEVEL,
                    value=value,
                    area=figure.area,
                    period=period,
                    words=f"{called}: count, {period.words}",
                )
                return


@functools.cache
def _parts_of(period: Period) -> tuple[tuple[Period, ...], ...]:
    """Return the quarters that make up a period, and its months; the same few are asked for again and again."""
    quarters = tuple(dict.fromkeys(quarter_of(month) for month in period.months))
    whole = tuple(each for each in quarters if each in period)
    months = tuple(Period(month, month) for month in period.months)
    ways = (whole if len(whole) * _QUARTER == period.months_count else (), months)
    return tuple(parts for parts in ways if len(parts) > 1)


def _quarters(levels: Iterable[Figure]) -> tuple[Period, ...]:
    """Return the quarters that some months are of."""
    months = [each.period for each in levels if each.period and each.period.months_count == 1]
    return tuple(dict.fromkeys(quarter_of(each.first) for each in months))


def ordered(levels: Iterable[Figure]) -> Iterator[Pair]:
    """Yield every two counts of one area, for periods of equal length, the earlier first."""
    alike: dict[tuple[str, int], list[tuple[int, Figure]]] = defaultdict(list)
    for each in levels:
        if each.period:
            alike[each.area, each.period.months_count].append((each.period.last.index, each))
    for figures in alike.values():
        in_order = sorted(figures, key=lambda each: each[0])
        for (first, earlier), (last, later) in itertools.combinations(in_order, 2):
            if first < last:
                yield Pair(earlier=earlier, later=later)


def _is_said(pair: Pair, when: When) -> bool:
    """Return whether a time is one of the two that are compared: the earlier where it is what is compared with."""
    periods = pair.periods[:1] if when.is_earlier else pair.periods
    return any(when.matches(each) for each in periods if each)
