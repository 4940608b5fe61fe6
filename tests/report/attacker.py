"""Random reports, and a reader who has kept every copy of them: what the most exact arithmetic gives away.

The reader knows nothing of the product's own ledger. The unknowns are the offences of every leaf, month and place; each
printed figure is a sum of them; the least and the most of a hidden count are two integer programmes over all of that.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from cdrp_xl import offences, report
from cdrp_xl import settings as settings_file
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.selected import OfQuestion, OfRow
from cdrp_xl.sources.master import Question
from cdrp_xl.tables import Counts, Origin

CADET = offences.load("cadet-2011")
AREA, PLACES = "Anywhere", ("Littleport", "Sutton")
EARLIER, LATER = Period.parse("2010-11 Q1"), Period.parse("2011-12 Q1")
MONTHS = tuple(Period(month, month) for period in (EARLIER, LATER) for month in period.months)
WHOLES = {each.whole: each.parts for each in CADET.identities}
FAMILIES = ("vehicle-crime", "all-drugs-offences", "most-serious-violence")
FAR = 10_000

SETTINGS = """
[partnership]
name = "Anywhere CSP"
area = "Anywhere"
[significance]
localities = ["Littleport", "Sutton"]
[suppression]
highlights = "{highlights}"
localities = "{localities}"
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
"""


def leaves_under(row_id):
    """Return the leaves that a row adds up, itself where it adds up none."""
    parts = WHOLES.get(row_id, ())
    return tuple(leaf for part in parts for leaf in leaves_under(part)) if parts else (row_id,)


@dataclass(frozen=True, kw_only=True)
class World:
    """What happened: offences by place (the rest of the area is ""), leaf and month."""

    happened: dict
    settings: object
    questions: tuple = field(default_factory=tuple)

    def count(self, place, row_id, period):
        places = ("", *PLACES) if place == AREA else (place,)
        return sum(
            self.happened.get((each, leaf, month), 0)
            for each in places
            for leaf in leaves_under(row_id)
            for month in MONTHS
            if month in period
        )

    def counts(self, questions):
        """Return the counts as the extract would give them."""
        cells = {
            (AREA, row.row_id, month): self.count(AREA, row.row_id, month) for row in CADET.rows for month in MONTHS
        }
        for month in MONTHS:
            cells[AREA, "all-crime", month] = 9_000
        keys = [(OfRow(leaf.row_id, locality=place), place, leaf.row_id) for place in PLACES for leaf in CADET.leaves]
        keys += [
            (OfQuestion(number), asked.area, CADET.row(asked.offence_row).row_id)
            for number, asked in enumerate(questions, 1)
        ]
        for key, place, row_id in keys:
            cells |= {(AREA, key, month): self.count(place, row_id, month) for month in MONTHS}
        return Counts(
            classification=CADET,
            areas=(AREA,),
            covered={AREA: frozenset(MONTHS)},
            cells=cells,
            selections=tuple(key for key, _, _ in keys),
            origin=Origin(source="Drawn"),
        )

    def copy(self, questions, printed_before=()):
        """Return the report of one copy, and what it printed and hid."""
        data = report.Data(counts={"recorded_crime": self.counts(questions)})
        built = report.build(
            self.settings,
            period=LATER,
            data=data,
            inputs=Inputs(questions=questions),
            today=dt.date(2011, 7, 29),
            printed_before=printed_before,
        )
        return built, (*built.told, *report.hidden(built, self.settings, data=data))


def drawn(seed):
    """Return a random world, and the questions of two copies about it."""
    rng = random.Random(seed)  # noqa: S311 - drawn again from its seed
    few = [0, 0, 0, 1, 1, 2, 3]
    happened = {}
    for place in ("", *PLACES):
        for row in CADET.leaves:
            size = rng.choice([few, few, range(12)]) if place else rng.choice([few, range(40)])
            happened |= {(place, row.row_id, month): rng.choice(size) for month in MONTHS}
    modes = rng.choice([("off", "hide")] * 3 + [("hide", "hide")] * 2 + [("off", "round"), ("round", "hide")])
    world = World(happened=happened, settings=settings_of(highlights=modes[0], localities=modes[1]))
    return world, questions(rng), questions(rng)


def settings_of(*, highlights, localities):
    """Return settings with a policy for each worksheet."""
    return settings_file.parse(SETTINGS.format(highlights=highlights, localities=localities))


def questions(rng):
    """Return questions about rows that add up, whole families or all but one."""
    asked = []
    for family in rng.sample(FAMILIES, rng.choice([1, 1, 2])):
        rows = [family, *WHOLES[family]]
        for place in rng.choice([PLACES[:1], PLACES[1:], PLACES, (*PLACES, AREA)]):
            some = rng.sample(rows, rng.choice([len(rows), len(rows), len(rows) - 1, 1]))
            periods = rng.choice([[LATER], [LATER], [LATER, MONTHS[3]], list(MONTHS[3:5]), [LATER, *MONTHS[3:5]]])
            asked += [
                Question(area=place, offence_row=CADET.row(row).name, flag=None, period=period)
                for row in some
                for period in periods
            ]
    return tuple(asked)


def printed(built, *, questions):
    """Give every count that a copy prints: place, row, period, and the number or symbol."""
    table = built.comparison
    for row in table.rows:
        yield AREA, row.row.row_id, table.earlier, row.earlier
        yield AREA, row.row.row_id, table.later, row.later
    for answer in built.answers:
        yield answer.area, answer.row_id, answer.period, answer.offences
        yield answer.area, answer.row_id, answer.earlier_period, answer.earlier
    for issue in built.emerging.rises:
        place = next((each for each in PLACES if issue.name.startswith(f"{issue.row.name} in {each},")), AREA)
        yield place, issue.row.row_id, table.earlier, issue.earlier
        yield place, issue.row.row_id, table.later, issue.later


class Reader:
    """Someone who has the copies, and knows how rows, months and places belong together."""

    def __init__(self, world, copies):
        self.at = {key: number for number, key in enumerate(world.happened)}
        self.hidden, self.small, self.exact = {}, {}, set()
        rows, least, most = [], [], []
        rounded = {"highlights": world.settings.suppression.highlights == "round"}
        rounded["localities"] = world.settings.suppression.localities == "round"
        for built in copies:
            for place, row_id, period, shown in printed(built, questions=()):
                if row_id not in self.known_rows():
                    continue
                kind = "highlights" if place == AREA else "localities"
                count = world.count(place, row_id, period)
                key = (place, row_id, period)
                if shown == "[c]":
                    self.hidden |= {key: kind} if count else {}
                    low, high = (0 if rounded[kind] else min(1, count)), FAR if count or rounded[kind] else 0
                else:
                    low, high = (max(0, shown - 2), shown + 2) if rounded[kind] else (shown, shown)
                    if not rounded[kind]:
                        self.exact.add(key)
                    elif count in {1, 2}:
                        self.small[key] = kind
                rows.append(self.row(place, row_id, period))
                least.append(low)
                most.append(high)
        self.constraint = LinearConstraint(csr_array(np.array(rows)), least, most)

    @staticmethod
    def known_rows():
        """Return the rows whose leaves are declared."""
        leaves = {row.row_id for row in CADET.leaves}
        return {row.row_id for row in CADET.rows if {*leaves_under(row.row_id)} <= leaves}

    def sought(self):
        """Return the counts that no copy prints as they are."""
        return [key for key in {**self.hidden, **self.small} if key not in self.exact]

    def row(self, place, row_id, period):
        row = np.zeros(len(self.at))
        for each in ("", *PLACES) if place == AREA else (place,):
            for leaf in leaves_under(row_id):
                for month in MONTHS:
                    if month in period:
                        row[self.at[each, leaf, month]] = 1
        return row

    def width(self, key):
        """Return how far apart the least and the most lie that a count can be."""
        row = self.row(*key)
        ends = []
        for sign in (1, -1):
            solved = milp(sign * row, integrality=1, bounds=Bounds(0, FAR), constraints=self.constraint)
            assert solved.x is not None, solved.message
            ends.append(round(float(row @ solved.x)))
        return ends[1] - ends[0]


def attack(seed):
    """Return the counts of a random report's two copies that a reader bounds more tightly than the policy allows.

    Of one copy these are all hidden counts; of both together the small ones: what is hidden for the sake of another
    may be known from the copy that did not need to hide it. None where a report says itself that a count is exposed.
    """
    world, first_asked, second_asked = drawn(seed)
    first, told = world.copy(first_asked)
    second, _ = world.copy(second_asked, printed_before=told)
    if any(each.exposed for built in (first, second) for each in built.suppressed):
        return None
    found = {}
    for copies in ((first,), (second,), (first, second)):
        reader = Reader(world, copies)
        sought = [key for key in reader.sought() if len(copies) == 1 or world.count(*key) in {1, 2}]
        found |= {key: width for key in sought if (width := reader.width(key)) < 2}
    return found


def main(first, count):
    """Attack so many random reports, and say which gave something away."""
    exposed, broken = 0, 0
    for seed in range(first, first + count):
        found = attack(seed)
        exposed += found is None
        if found:
            broken += 1
            narrow = "; ".join(
                f"{place}, {row}, {period.name}: {width}" for (place, row, period), width in found.items()
            )
            print(f"Report {seed}: {narrow}", flush=True)  # noqa: T201 - its output
    said = f"{exposed} that say themselves that a count stays exposed"
    print(f"{count} reports, {said}, {broken} that gave one away.")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
