"""Projections to the year's end on past years, beside what others make of the same cases."""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING

import numpy as np
import peers
import public_data
from cases import SETS, per_cent, table

from cdrp_xl.measures.backtest import BINS, KNOWN
from cdrp_xl.measures.movement import FEWEST_PAIRS
from cdrp_xl.measures.year_end import RISE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cases import Cases

    from cdrp_xl.measures.backtest import History, Projected

LEAST = 25
BANDS = ((0, 10), (10, 100), (100, 300), (300, 1000), (1000, 10**9))


def page(cases: Cases, histories: Sequence[History]) -> Iterator[str]:
    """Yield coverage, scores and reliability of projections."""
    by_area = {history.area: history for history in histories}
    found = {name: cases.of(name, lambda each: each.projections, operator.attrgetter("year")) for name in SETS}
    short = {name: cases.of(name, lambda each: each.short, operator.attrgetter("year")) for name in SETS}
    yield "## Projections to the year's end\n"
    yield "Years that begin in January, April, July or October. Share that ended within the 95% interval, in per cent,"
    yield "and the mean interval score on the scale of logarithms (lower is better).\n"
    yield from table(
        ["covered, % (score)", "n", "ours", "ours, one year of history", *_PEERS],
        [_scores(by_area, name, known, found[name], short[name]) for known in KNOWN for name in SETS],
    )
    yield from _without_history(cases)
    yield "Ours by size of the year, all months known together, in per cent:\n"
    names = [f"{low:,}-{high:,}" if high < BANDS[-1][1] else f"{low:,} or more" for low, high in BANDS]
    yield from table(["offences in the year", *names], [[name, *_by_size(found[name])] for name in SETS])
    yield from _rise(found)
    yield "### The chance of ending below the year before\n"
    yield "As stated, as met, and how many; those that were decided already are left out. The interval is that of"
    yield "calendar years drawn again, since all that begins in one year shares what London shared in it.\n"
    for name in SETS:
        yield from table([f"{name}: stated, %", "met, %", "95% interval of met", "n"], list(_reliability(found[name])))


def _rise(found: Mapping[str, Sequence[Projected]]) -> Iterator[str]:
    yield f"What came in the rest of a year, as a multiple of the middle of what was projected, which is {RISE:g} times"
    yield f"the level (geometric mean, of {LEAST} offences or more):\n"
    yield from table(["", *SETS], [["times as many", *[f"{_came(found[name]):.3f}" for name in SETS]]])
    earlier, later = np.array(list(public_data.districts().values())).sum(0)
    yield "The 1% was chosen with the other constants. It is what London's recorded crime was like, and no law: the"
    yield f"districts above had {later / earlier:.3f} times as many in January to March 2025 as a year before.\n"


def _came(found: Sequence[Projected]) -> float:
    rest = [(case.actual - case.to_date, case.end.middle - case.to_date) for case in found]
    return float(np.exp(np.mean([np.log((came + 0.5) / (middle + 0.5)) for came, middle in rest if middle >= LEAST])))


def _without_history(cases: Cases) -> Iterator[str]:
    yield "Of rows without three years of their own history before (years from 2011 to 2013), by their kind of offence"
    yield "and one year's season:\n"
    first_with_own = cases.boroughs[0].history.first + (peers.YEAR + 3 * FEWEST_PAIRS)
    rows = []
    for known, name in itertools.product(KNOWN, SETS[:2]):
        short = cases.of(name, lambda each: each.short, operator.attrgetter("year"))
        found = [case for case in short if case.known == known and case.year.first + known < first_with_own]
        rows.append([f"{known} months known, {name}", f"{len(found):,}", _ours(found)])
    yield from table(["covered, % (score)", "n", "ours"], rows)


_PEERS = ("season of the baseline (until now)", "pro rata (until now)", "seasonal naive, t", "ETS on logarithms")


def _scores(
    by_area: dict[str, History], name: str, known: int, found: Sequence[Projected], short: Sequence[Projected]
) -> list[str]:
    chosen = [case for case in found if case.known == known]
    same = {(case.area, case.row, case.year) for case in chosen}
    few = [case for case in short if case.known == known and (case.area, case.row, case.year) in same]
    past, to_date, actual = _arrays(by_area, chosen)
    cells = [
        _ours(chosen),
        _ours(few),
        *[
            _cell(interval, to_date.sum(1), actual)
            for interval in (
                peers.season_of_the_baseline(past, to_date),
                peers.pro_rata(to_date),
                peers.seasonal_naive(past, to_date),
                peers.exponential_smoothing(past, to_date),
            )
        ],
    ]
    return [f"{known} months known, {name}", f"{len(chosen):,}", *cells]


def _arrays(by_area: dict[str, History], chosen: Sequence[Projected]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = []
    for case in chosen:
        history = by_area[case.area]
        place = case.year.first.index - history.first.index
        rows.append(history.counts[case.row][place - peers.HISTORY : place + peers.YEAR])
    counts = np.array(rows, dtype=float)
    known = chosen[0].known
    past, to_date = counts[:, : peers.HISTORY], counts[:, peers.HISTORY : peers.HISTORY + known]
    return past, to_date, counts[:, peers.HISTORY :].sum(1)


def _ours(chosen: Sequence[Projected]) -> str:
    interval = peers.Interval(
        lower=np.array([case.end.lower for case in chosen], dtype=float),
        upper=np.array([case.end.upper for case in chosen], dtype=float),
    )
    to_date, actual = (
        np.array([getattr(case, name) for case in chosen], dtype=float) for name in ("to_date", "actual")
    )
    return _cell(interval, to_date, actual)


def _cell(interval: peers.Interval, to_date: np.ndarray, actual: np.ndarray) -> str:
    covered = (interval.lower <= actual) & (actual <= interval.upper)
    return f"{100 * covered.mean():.1f} ({peers.interval_score(interval, to_date, actual).mean():.2f})"


def _by_size(found: Sequence[Projected]) -> Iterator[str]:
    for low, high in BANDS:
        chosen = [case for case in found if low <= case.end.middle < high]
        yield per_cent(sum(case.is_covered for case in chosen), len(chosen))


def _reliability(found: Sequence[Projected]) -> Iterator[Sequence[str]]:
    draw = np.random.default_rng(1)
    years = sorted({case.year.first.year for case in found})
    for low, high in itertools.pairwise(BINS):
        chosen = [case for case in found if not case.is_decided and low <= case.end.chance < high]
        met = np.array([sum(case.is_met for case in chosen if case.year.first.year == year) for year in years])
        count = np.array([sum(case.year.first.year == year for case in chosen) for year in years])
        again = draw.integers(len(years), size=(2000, len(years)))
        shares = met[again].sum(1) / np.maximum(count[again].sum(1), 1)
        bounds = np.quantile(shares, [0.025, 0.975])
        if chosen:
            yield (
                f"{100 * np.mean([case.end.chance for case in chosen]):.1f}",
                per_cent(met.sum(), count.sum()),
                f"{100 * bounds[0]:.1f} to {100 * bounds[1]:.1f}",
                f"{len(chosen):,}",
            )
