"""Random reports, and a reader who has kept every copy of them: what the most exact arithmetic gives away.

The reader knows nothing of the product's own ledger. The unknowns are the offences of every leaf, month and place; each
printed figure is a sum of them; the least and the most of a hidden count are two integer programmes over all of that.
He knows even which offences of which quarter were revised between two copies, though not where; all others he takes to
be what they were.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import random
import sys
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from cdrp_xl import offences, report
from cdrp_xl import settings as settings_file
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.report.suppressing import LOCAL
from cdrp_xl.selected import QuestionOffences, RowOffences
from cdrp_xl.sources.master import Question
from cdrp_xl.sources.places import Places
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Flag

CADET = offences.load("cadet-2011")
AREA, PLACES, NO_WARD = "Anywhere", ("Littleport", "Sutton"), "Ward not known"
WARDS = "Wards"
QUARTERS = tuple(Period.parse(f"{year} Q1") for year in ("2009-10", "2010-11", "2011-12"))
EARLIER, LATER = QUARTERS[1:]
MONTHS = tuple(Period(month, month) for period in QUARTERS for month in period.months)
WHOLES = {each.whole: each.parts for each in CADET.identities}
BOUNDED = {each.whole: each.part for each in CADET.bounds if each.whole != "all-crime"}
FAMILIES = ("vehicle-crime", "all-drugs-offences", "most-serious-violence")
ALL_CRIME, FAR = 9_000, 1_000

SETTINGS = """
[partnership]
name = "Anywhere CSP"
area = "Anywhere"
{areas}
[significance]
localities = ["Littleport", "Sutton"]
[suppression]
highlights = "{highlights}"
localities = "{localities}"
unsafe_up_to = {unsafe_up_to}
sensitive_rows = [{sensitive}]
[sources.recorded_crime]
files = ["x.csv"]
classification = "cadet-2011"
[sources.recorded_crime.headings]
offence_reference = "Reference"
date_committed = "Committed"
date_recorded = "Recorded"
offence = "Offence"
area = "Area"
locality = "Parish"
{places}
{priority}
"""
PLACES_ASKED = """
[places]
rows = [{rows}]
"""
WIDER = 2_000
"""The first of the reports that may be of wards, or of several areas, and ask about any rows of a family."""

PRIORITY = """
[[priorities]]
id = "own"
title = "Our own"
objective = "Fewer"
deadline = "2011-12"
measure = {{ rows = ["{row}"] }}
baseline = {{ year = "2010-11" }}
"""


@functools.cache
def leaves_under(row_id):
    """Return what a row adds up that adds up nothing itself; a row known to hold another has a rest beside it."""
    parts = WHOLES.get(row_id, (BOUNDED[row_id],) if row_id in BOUNDED else ())
    own = () if row_id in WHOLES else (row_id,)
    return (*(leaf for part in parts for leaf in leaves_under(part)), *own)


ROWS = tuple(row.row_id for row in CADET.rows if row.row_id != "all-crime")
LEAVES = tuple(dict.fromkeys(leaf for row_id in ROWS for leaf in leaves_under(row_id)))


@functools.cache
def of_row(row_id):
    """Return where the leaves of a row are."""
    return [LEAVES.index(leaf) for leaf in leaves_under(row_id)]


@functools.cache
def of_months(period):
    """Return where the months of a period are."""
    return [number for number, month in enumerate(MONTHS) if month in period]


def of_place(place):
    """Return where the places of an area are: what is in none of the localities is the first."""
    return [0, 1, 2] if place == AREA else [(NO_WARD, *PLACES).index(place)]


def part_of(values, place, row_id, period):
    """Return those of some values by place, leaf and month that a figure adds up."""
    return values[np.ix_(of_place(place), of_row(row_id), of_months(period))].ravel()


@dataclass(frozen=True, kw_only=True)
class World:
    """What happened, by place (the rest of the area is first), leaf and month: offences, and how many of them domestic.

    `unknowns` are the numbers of the counts: one that is the same in two worlds has the same number in both.
    """

    happened: np.ndarray
    domestic: np.ndarray
    unknowns: np.ndarray
    settings: object

    def count(self, place, row_id, period, *, is_domestic=False):
        return int(part_of(self.domestic if is_domestic else self.happened, place, row_id, period).sum())

    def counts(self, questions):
        """Return the counts as the extract would give them."""
        cells = {(AREA, "all-crime", month): ALL_CRIME for month in MONTHS}
        keys = [(row_id, AREA, row_id, False) for row_id in ROWS]
        keys += [
            (RowOffences(leaf.row_id, locality=place), place, leaf.row_id, False)
            for place in PLACES
            for leaf in CADET.leaves
        ]
        for number, asked in enumerate(questions, 1):
            row_id = CADET.row(asked.offence_row).row_id
            keys.append((QuestionOffences(number), asked.area, row_id, False))
            keys += [(QuestionOffences(number, asked.flag), asked.area, row_id, True)] if asked.flag else []
        for key, place, row_id, is_domestic in keys:
            own = (self.domestic if is_domestic else self.happened)[np.ix_(of_place(place), of_row(row_id))]
            cells |= {(AREA, key, month): int(n) for month, n in zip(MONTHS, own.sum(axis=(0, 1)), strict=True)}
        return Counts(
            classification=CADET,
            areas=(AREA,),
            covered={AREA: frozenset(MONTHS)},
            cells=cells,
            selections=tuple(key for key, *_ in keys if not isinstance(key, str)),
            origin=Origin(source="Drawn"),
        )

    def wards(self):
        """Return the counts of wards, where there are any; what is in none of them has a line of its own."""
        if self.settings.places is None:
            return None
        places = (*PLACES, NO_WARD)
        rows = tuple(CADET.row(name).row_id for name in self.settings.places.rows)
        counts = Counts(
            classification=CADET,
            areas=places,
            covered=dict.fromkeys(places, frozenset(MONTHS)),
            cells={(at, row, month): self.count(at, row, month) for at in places for row in rows for month in MONTHS},
            origin=Origin(source="Drawn"),
        )
        return Places(counts=counts, unknown=NO_WARD, rows=rows, is_column=True)

    def copy(self, questions, disclosed_before=(), period=LATER):
        """Return the report of one copy, and what it printed and hid."""
        data = report.Data(counts={"recorded_crime": self.counts(questions)}, places=self.wards())
        built = report.build(
            self.settings,
            period=period,
            data=data,
            inputs=Inputs(questions=questions),
            today=dt.date(2011, 7, 29),
            before=report.Before(disclosed=disclosed_before),
        )
        return built, (*built.disclosed, *report.hidden(built, self.settings, data=data))


def world_of(happened, domestic, settings):
    """Return a world of which no other is known."""
    return World(
        happened=happened,
        domestic=domestic,
        unknowns=np.arange(2 * happened.size).reshape(2, *happened.shape),
        settings=settings,
    )


def settings_of(*, highlights, localities, unsafe_up_to=2, sensitive=(), priority="", wards=(), is_of_areas=False):
    """Return settings with a policy for each worksheet; the places are localities, wards or the partnership's areas."""
    text = SETTINGS.format(
        highlights=highlights,
        localities=localities,
        unsafe_up_to=unsafe_up_to,
        sensitive=", ".join(f'"{row}"' for row in sensitive),
        priority=PRIORITY.format(row=priority) if priority else "",
        places=PLACES_ASKED.format(rows=", ".join(f'"{CADET.row(row).name}"' for row in wards)) if wards else "",
        areas=f"areas = {list(PLACES)}".replace("'", '"') if is_of_areas else "",
    )
    return settings_file.parse(text)


class Drawn(NamedTuple):
    """One copy to be made: of which world, which quarter, and what is asked."""

    world: World
    period: Period
    questions: tuple


def drawn(seed):
    """Return the copies of a random report, in the order in which they are made: two or three."""
    rng = random.Random(seed)  # noqa: S311 - drawn again from its seed
    world = _world(rng, is_wider=seed >= WIDER)
    revised = _revised(rng, world)
    later = [(world, LATER), (revised, LATER)]
    copies = rng.choice(
        [
            [(world, LATER), (world, LATER)],
            [(world, LATER), (revised, LATER)],
            [(world, EARLIER), (world, LATER)],
            [(world, EARLIER), (revised, LATER)],
            [(world, EARLIER), *later],
        ]
    )
    return [Drawn(each, period, _questions(rng, period, is_wider=seed >= WIDER)) for each, period in copies]


def _world(rng, *, is_wider):
    few = [0, 0, 0, 1, 1, 2, 3]
    happened = np.zeros((3, len(LEAVES), len(MONTHS)), dtype=int)
    for place in range(3):
        for leaf in range(len(LEAVES)):
            size = rng.choice([few, few, range(12)]) if place else rng.choice([few, range(40)])
            happened[place, leaf] = [rng.choice(size) for _ in MONTHS]
    is_of_areas, has_wards = rng.choice([(True, False), (False, True), (False, False)]) if is_wider else (False, False)
    if is_of_areas:
        happened[0] = 0
    domestic = np.array([rng.randint(0, int(n)) for n in happened.ravel()]).reshape(happened.shape)
    highlights, localities = rng.choice(
        [("off", "hide")] * 6
        + [("hide", "hide")] * 4
        + [
            ("off", "round"),
            ("round", "hide"),
            ("round", "round"),
            ("hide", "round"),
            ("hide", "off"),
            ("round", "off"),
        ]
    )
    settings = settings_of(
        highlights=highlights,
        localities=localities,
        unsafe_up_to=rng.choice([2, 2, 2, 3]),
        sensitive=rng.choice([(), (), ("Homicides",), ("Theft of a Vehicle", "Drugs (Trafficking)")]),
        priority=rng.choice(["", "", rng.choice(FAMILIES), rng.choice(CADET.leaves).row_id]),
        wards=_rows(rng, rng.choice(FAMILIES)) if has_wards else (),
        is_of_areas=is_of_areas,
    )
    return world_of(happened, domestic, settings)


def _revised(rng, world):
    """Return a world after some counts were revised, most of them such as questions are about."""
    happened = world.happened.copy()
    asked = sorted({leaf for family in FAMILIES for leaf in of_row(family)})
    for _ in range(rng.choice([1, 2, 4, 8])):
        at = rng.randrange(3), rng.choice([*asked, rng.randrange(len(LEAVES))]), rng.randrange(3, len(MONTHS))
        happened[at] = max(0, happened[at] + rng.choice([-2, -1, 1, 1, 2, 3]))
    domestic = np.minimum(world.domestic, happened)
    unknowns = world.unknowns.copy()
    for _, leaf, month in zip(*(happened != world.happened).nonzero(), strict=True):
        quarter = 3 * (month // 3)
        unknowns[:, :, leaf, quarter : quarter + 3] = world.unknowns[:, :, leaf, quarter : quarter + 3] + unknowns.size
    return World(happened=happened, domestic=domestic, unknowns=unknowns, settings=world.settings)


def _rows(rng, family):
    """Return any rows of a family."""
    rows = [family, *WHOLES[family]]
    return rng.sample(rows, rng.randint(1, len(rows)))


def _questions(rng, quarter, *, is_wider):
    """Return questions about rows that add up, whole families or all but one; any rows where it is wider."""
    asked = []
    months = [Period(month, month) for month in quarter.months]
    for family in rng.sample(FAMILIES, rng.choice([1, 1, 2])):
        rows = [family, *WHOLES[family]]
        flag = rng.choice([None, None, None, Flag.DOMESTIC])
        for place in rng.choice([PLACES[:1], PLACES[1:], PLACES, (*PLACES, AREA)]):
            size = rng.choice([len(rows), len(rows), len(rows) - 1, 1])
            some = _rows(rng, family) if is_wider else rng.sample(rows, size)
            periods = rng.choice([[quarter], [quarter], [quarter, months[0]], months[:2], [quarter, *months[1:]]])
            asked += [
                Question(area=place, offence_row=CADET.row(row).name, flag=flag, period=period)
                for row in some
                for period in periods
            ]
    return tuple(asked)


class Printed(NamedTuple):
    """One count as a copy prints it: the number or symbol, the worksheet whose policy it has, and where it is asked."""

    place: str
    row_id: str
    period: Period
    shown: object
    sheet: str
    is_domestic: bool = False
    asked_on: str = ""

    @property
    def pages(self):
        """The worksheets of which one says whether it is exposed; those with the same counts are one.

        A count of the area that only an earlier copy was asked about is said where that copy's policy is.
        """
        return {_PAGES.get(each, each) for each in (self.sheet, self.asked_on or self.sheet)}


def printed(built, *, settings):
    """Yield every count that a copy prints."""
    yield from _of_tables(built)
    table, highlights = built.comparison, CADET.table
    for answer in built.answers:
        sheet = highlights if answer.area == AREA else LOCAL
        asked = Printed(answer.area, answer.row_id, answer.period, answer.offences, sheet, asked_on=LOCAL)
        yield from (asked, asked._replace(period=answer.earlier_period, shown=answer.earlier))
        if answer.flag == Flag.DOMESTIC:
            yield asked._replace(shown=answer.flagged, is_domestic=True)
    for issue in (*built.emerging.rises, *built.emerging.falls):
        place = next((each for each in PLACES if issue.name.startswith(f"{issue.row.name} in {each},")), AREA)
        sheet = highlights if place == AREA else ""
        yield Printed(place, issue.row.row_id, table.earlier, issue.earlier, sheet)
        yield Printed(place, issue.row.row_id, table.later, issue.later, sheet)
    for result in built.priorities:
        (row,) = next(each.measure.rows for each in settings.priorities if each.id == result.priority_id)
        for period, count in _of_priority(result):
            if count is not None:
                yield Printed(AREA, CADET.row(row).row_id, period, count, "")


def _of_tables(built):
    table = built.comparison
    lines = [(AREA, each, CADET.table) for each in table.rows]
    lines += [(each.place, each, WARDS) for each in (built.places.lines if built.places else ())]
    for place, line, sheet in lines:
        yield Printed(place, line.row.row_id, table.earlier, line.earlier, sheet)
        yield Printed(place, line.row.row_id, table.later, line.later, sheet)


def _of_priority(result):
    yield from ((result.period, result.later), (result.baseline_period, result.baseline))
    for point in result.trend:
        yield point.quarter, point.offences
        yield point.quarter.same_months_of(result.baseline_year), point.baseline
    yield from ((each.month, each.offences) for each in (result.series.points if result.series else ()))


def _modes(own):
    return {CADET.table: own.highlights, LOCAL: own.localities, WARDS: own.localities}


class Sought(NamedTuple):
    """A count that is not printed as it is: where, what it is, and how wide the policy wants its bounds."""

    at: Printed
    count: int
    width: int
    is_small: bool

    @property
    def of(self):
        """What it counts, in whichever copy, and the count."""
        return *self.at[:3], self.at.is_domestic, self.count


class Reader:
    """Someone who has copies, each with its world, and knows how rows, months and places belong together."""

    def __init__(self, copies):
        self.sought, self.exact, self.truth = {}, set(), {}
        self.rows, self.least, self.most = [], [], []
        for world, built in copies:
            for each in printed(built, settings=world.settings):
                if each.row_id in ROWS:
                    self._read(world, each)
        self._tidy()

    def _read(self, world, each):
        """Note what a figure tells, and what its parts are."""
        unknowns = tuple(part_of(world.unknowns[int(each.is_domestic)], *each[:3]).tolist())
        count = world.count(*each[:3], is_domestic=each.is_domestic)
        own = world.settings.suppression
        mode = _modes(own).get(each.sheet, "off")
        is_sensitive = each.row_id in {CADET.row(name).row_id for name in own.sensitive_rows}
        largest = max(4, own.unsafe_up_to) if is_sensitive else own.unsafe_up_to
        is_small = 0 < count <= largest
        sought = Sought(each, count, 2 if mode == "round" else largest, is_small)
        if each.shown == "[c]":
            low, high = (0, FAR) if mode == "round" or count else (0, 0)
            low = 1 if mode != "round" and count else low
            if count:
                self.sought.setdefault(unknowns, sought)
        elif mode == "round":
            low, high = max(0, each.shown - 2), each.shown + 2
            if is_small:
                self.sought.setdefault(unknowns, sought)
        else:
            assert each.shown == count, each
            low = high = count
            self.exact.add(unknowns)
        self.rows.append(unknowns)
        self.least.append(low)
        self.most.append(high)
        values = world.domestic if each.is_domestic else world.happened
        self.truth.update(zip(unknowns, part_of(values, *each[:3]).tolist(), strict=True))
        if each.is_domestic:
            every = part_of(world.unknowns[0], *each[:3]).tolist()
            self.truth.update(zip(every, part_of(world.happened, *each[:3]).tolist(), strict=True))
            self.bounds = [*getattr(self, "bounds", ()), *zip(every, unknowns, strict=True)]

    def _tidy(self):
        """Put all into matrices, apart where nothing joins them."""
        at = {unknown: number for number, unknown in enumerate(self.truth)}
        bounds = list(dict.fromkeys(getattr(self, "bounds", ())))
        lines = [[(at[each], 1) for each in row] for row in self.rows]
        lines += [[(at[every], 1), (at[part], -1)] for every, part in bounds]
        self.least += [0] * len(bounds)
        self.most += [np.inf] * len(bounds)
        entries = [(value, number, column) for number, line in enumerate(lines) for column, value in line]
        values, down, across = zip(*entries, strict=True)
        self.matrix = csr_array((values, (down, across)), shape=(len(lines), len(at)))
        self.at = at
        _, self.group_of = connected_components(abs(self.matrix).T @ abs(self.matrix))
        self.group_of_row = self.group_of[[line[0][0] for line in lines]]
        self.values = np.array(list(self.truth.values()))

    def narrow(self, *, only_small):
        """Return the counts that the reader bounds more tightly than the policy wants, with how far apart they lie."""
        sought = {
            key: each
            for key, each in self.sought.items()
            if key not in self.exact and (each.is_small or not only_small)
        }
        by_group = {}
        for key in sought:
            by_group.setdefault(self.group_of[self.at[key[0]]], []).append(key)
        found = {}
        for group, keys in by_group.items():
            found |= self._narrow(group, {key: sought[key] for key in keys})
        return found

    def _narrow(self, group, sought):
        """Return those of one group; every possible table shows of all counts at once how far they can lie apart."""
        columns = np.flatnonzero(self.group_of == group)
        lines = np.flatnonzero(self.group_of_row == group)
        within = self.matrix[lines][:, columns]
        constraint = LinearConstraint(within, np.array(self.least)[lines], np.array(self.most)[lines])
        place = {column: number for number, column in enumerate(columns.tolist())}
        sums = np.zeros((len(sought), len(columns)))
        for number, key in enumerate(sought):
            sums[number, [place[self.at[each]] for each in key]] = 1
        wanted = np.array([each.width for each in sought.values()])
        least = most = sums @ self.values[columns]

        def look(signs, *, does_presolve=True):
            nonlocal least, most
            table = sums @ _solved(signs @ sums, constraint, does_presolve=does_presolve)
            least, most = np.minimum(least, table), np.maximum(most, table)

        for turn in range(4 if len(sought) > 2 else 0):
            is_open = most - least < wanted
            signs = np.where(np.arange(len(sought)) // (turn // 2 + 1) % 2, 1, -1) * (1 if turn % 2 else -1)
            if is_open.any():
                look(np.where(is_open, signs, 0))
        for number, does_presolve, sign in itertools.product(range(len(sought)), (True, False), (1, -1)):
            if most[number] - least[number] < wanted[number]:
                look(sign * (np.arange(len(sought)) == number), does_presolve=does_presolve)
        return {
            key: (each, int(high - low))
            for (key, each), high, low in zip(sought.items(), most, least, strict=True)
            if high - low < each.width
        }


def _solved(objective, constraint, *, does_presolve):
    """Return a possible table. HiGHS's presolve misses the best one, or every one, now and then: then without it."""
    options = {"presolve": does_presolve}
    solved = milp(objective, integrality=1, bounds=Bounds(0, FAR), constraints=constraint, options=options)
    if solved.x is None and does_presolve:
        return _solved(objective, constraint, does_presolve=False)
    assert solved.x is not None, solved.message
    return np.round(solved.x)


def distinguished(each, built, disclosed_before):
    """Return what a copy says about the area's rows that it does not say about another world which it prints alike.

    Only where rows are rounded: where they are hidden, the other world would have others hidden.
    """
    rows = list(printed(built, settings=each.world.settings))
    if each.world.settings.suppression.highlights != "round" or any(row.shown == "[c]" for row in rows):
        return []
    for leaf, more in itertools.product(range(len(LEAVES)), (-2, -1, 1, 2)):
        happened = each.world.happened.copy()
        happened[0, leaf, of_months(each.period)[0]] += more
        other = replace(each.world, happened=happened, domestic=np.minimum(each.world.domestic, happened))
        if happened.min() >= 0 and all(_prints(other, row) for row in rows if row.row_id in ROWS):
            again, _ = other.copy(each.questions, disclosed_before, each.period)
            return [] if _said(again) == _said(built) else [f"{LEAVES[leaf]}, {more} more: {_said(again)}"]
    return []


def _prints(world, row):
    count = world.count(*row[:3], is_domestic=row.is_domestic)
    own = world.settings.suppression
    is_rounded = _modes(own).get(row.sheet) == "round"
    return row.shown == (5 * ((count + 2) // 5) if is_rounded else count)


def _said(built):
    """Return what a copy lists of the area's rows, and its headlines."""
    issues = (*built.emerging.rises, *built.emerging.falls)
    listed = [each for each in issues if not any(f" in {place}," in each.name for place in PLACES)]
    return [(each.name, each.sentence) for each in listed], built.headlines.title, built.headlines.sentences


_PAGES = dict.fromkeys((LOCAL, WARDS), "places")
"""Worksheets with the same counts: of one that only an earlier copy had, they say together that it is exposed."""


def attack(seed):
    """Return what a reader bounds more tightly than the policy allows, of a random report's two or three copies.

    Of one copy these are all hidden counts, of several together the small ones: what is hidden to protect another
    may be known from the copy that did not need to hide it. What a copy that rounds says about another world which it
    prints alike counts, too. As many small counts of a worksheet as the copies
    themselves call exposed are left out.
    """
    made, disclosed, found, exposed, apart = [], frozenset(), [], {}, []
    for each in drawn(seed):
        built, said = each.world.copy(each.questions, disclosed, each.period)
        apart += distinguished(each, built, disclosed)
        disclosed |= {*said}
        made.append((each.world, built))
        for own in built.suppressed:
            pages = _PAGES.get(own.sheet, own.sheet)
            exposed[pages] = exposed.get(pages, 0) + own.exposed
        found.append(Reader(made[-1:]).narrow(only_small=any(exposed.values())))
    found.append(Reader(made).narrow(only_small=True))
    narrow = {key: each for one in found for key, each in one.items()}
    for pages, allowed in exposed.items():
        small = {key: each.of for key, (each, _) in narrow.items() if pages in each.at.pages and each.is_small}
        if len({*small.values()}) <= allowed:
            narrow = {key: each for key, each in narrow.items() if key not in small}
    return apart + [
        f"{each.at.place}, {each.at.row_id}, {each.at.period.name}, {each.count} printed as {each.at.shown}: {width}"
        for each, width in narrow.values()
    ], any(exposed.values())


def main(first, count):
    """Attack so many random reports, and say which gave something away."""
    exposed, broken = 0, 0
    for seed in range(first, first + count):
        found, is_exposed = attack(seed)
        exposed += is_exposed
        if found:
            broken += 1
            print(f"Report {seed}: {'; '.join(found)}", flush=True)  # noqa: T201 - its output
    said = f"{exposed} that say themselves that a count stays exposed"
    print(f"{count} reports, {said}, {broken} that gave one away.")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
