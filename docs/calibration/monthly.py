"""Months that stand out and limits of a group: simulated, and on real windows of three years."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from cases import per_cent, table
from scipy import stats

from cdrp_xl.measures.backtest import MONTHS_CHARTED, PANDEMIC, charts
from cdrp_xl.measures.group import Member, compare, count_limits
from cdrp_xl.measures.months import monthly_chart
from cdrp_xl.measures.series import limits_of, signals
from cdrp_xl.terms import Direction, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from cdrp_xl.measures.backtest import History
    from cdrp_xl.measures.series import Signal

SEASONS = {
    "none": np.ones(12),
    "bicycle theft": np.array([0.55, 0.6, 0.75, 0.95, 1.15, 1.3, 1.4, 1.35, 1.3, 1.15, 0.85, 0.65]),
    "residential burglary": np.array([1.15, 1.1, 1.1, 0.95, 0.9, 0.85, 0.85, 0.88, 0.9, 1.05, 1.2, 1.12]),
    "one month half as high again": np.array([1, 1, 1, 1, 1, 1, 1.5, 1, 1, 1, 1, 0.7]),
}
MEANS = (5, 10, 30, 100)
LENGTHS = (24, 36, 60)
SERIES = 400
EXPECTED = (1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200, 300, 500, 1000)
HIGHEST = 1000
GROUPS = 600
GROUP_OF = 15
HEADINGS = (
    "stand out",
    "in the last three months",
    "by XmR without season",
    "+40% found within three months",
    "after the third",
    "by XmR without season",
)
_FEWER = Direction.REDUCE


def page(histories: Sequence[History], workers: Executor) -> Iterator[str]:
    """Yield how many months stand out, and how many areas of a group."""
    yield "## Months that stand out\n"
    yield f"Simulated Poisson months with a season and no change, {SERIES} series each: months of the last three years"
    yield "said to stand out, in per cent. Then a step of +40%: how often it is found within three months, looked for"
    yield "after each of them, and how often after the third alone.\n"
    asked = list(itertools.product(LENGTHS, MEANS, SEASONS))
    rows = [
        [f"{months} months, {mean} a month, {season}", *cells]
        for (months, mean, season), cells in zip(asked, workers.map(_simulated, asked), strict=True)
    ]
    yield from table(["", *HEADINGS], rows)
    yield from _means(asked, rows)
    yield "Real windows of three years to each March, without the pandemic:\n"
    ours = list(itertools.chain.from_iterable(workers.map(_charts, histories)))
    plain = list(itertools.chain.from_iterable(workers.map(_plain_charts, histories)))
    yield from table(
        ["", "months", "stand out, %"],
        [
            ["ours", f"{sum(map(len, ours)):,}", per_cent(sum(map(sum, ours)), sum(map(len, ours)))],
            ["XmR without season", f"{sum(map(len, plain)):,}", per_cent(sum(map(sum, plain)), sum(map(len, plain)))],
        ],
    )
    yield from _groups(workers)


def _means(asked: Sequence[tuple[int, float, str]], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "The seasons together, of 30 a month:\n"
    mean_of_30 = []
    for months in LENGTHS:
        chosen = [row[1:] for row, (length, mean, _) in zip(rows, asked, strict=True) if (length, mean) == (months, 30)]
        means = np.array(chosen, dtype=float).mean(0)
        mean_of_30.append([f"{months} months", *[f"{mean:.1f}" for mean in means]])
    yield from table(["", *HEADINGS], mean_of_30)


def _simulated(asked: tuple[int, float, str]) -> list[str]:
    months, mean, season = asked
    draw = np.random.default_rng([months, mean, len(season)])
    out, latest, plain, soon, found, plainly = 0, 0, 0, 0, 0, 0
    for _ in range(SERIES):
        shape = np.roll(np.resize(SEASONS[season] / SEASONS[season].mean(), months + 12), draw.integers(12))
        expected = mean * shape[:months]
        counts = draw.poisson(expected)
        marks = [month.signal is not None for month in monthly_chart(counts.tolist(), direction=_FEWER).months]
        marks = marks[-MONTHS_CHARTED:]
        out, latest = out + sum(marks), latest + sum(marks[-3:])
        plain += sum(signal is not None for signal, _ in _plain(counts[-MONTHS_CHARTED:].tolist()))
        counts[-3:] = draw.poisson(1.4 * expected[-3:])
        by_then = [_is_found(counts[: months - 3 + over].tolist(), over) for over in (1, 2, 3)]
        soon, found = soon + any(by_then), found + by_then[-1]
        plainly += any(side > 0 for _, side in _plain(counts[-MONTHS_CHARTED:].tolist())[-3:])
    points = SERIES * min(months, MONTHS_CHARTED)
    return [
        per_cent(out, points),
        per_cent(latest, 3 * SERIES),
        per_cent(plain, points),
        per_cent(soon, SERIES),
        per_cent(found, SERIES),
        per_cent(plainly, SERIES),
    ]


def _is_found(counts: list[int], over: int) -> bool:
    """Return whether one of the months since the step is said to be higher than usual."""
    return any(month.side > 0 for month in monthly_chart(counts, direction=_FEWER).months[-over:])


def _plain(counts: list[int]) -> list[tuple[Signal | None, int]]:
    """Return what XmR without a season says about months."""
    return signals(counts, limits_of(counts))


def _charts(history: History) -> list[tuple[bool, ...]]:
    return list(charts(history, left_out=PANDEMIC))


def _plain_charts(history: History) -> list[tuple[bool, ...]]:
    found = []
    for place in range(history.months - MONTHS_CHARTED + 1):
        first = history.first + place
        is_clear = (first + (MONTHS_CHARTED - 1)) < PANDEMIC.first or PANDEMIC.last < first
        if first.month == 4 and is_clear:
            for counts in history.counts.values():
                seen = [int(count or 0) for count in counts[place : place + MONTHS_CHARTED]]
                if any(seen):
                    found.append(tuple(signal is not None for signal, _ in _plain(seen)))
    return found


def _groups(workers: Executor) -> Iterator[str]:
    yield "## Limits of a group\n"
    yield "What a count leaves outside its limits at a known expected number, exactly, in per cent. A whole count can't"
    yield "leave just 2.5% outside: in brackets, what one count more would leave. Then, simulated, the share"
    yield f"of {GROUP_OF} areas called below and above their group's average, {GROUPS:,} groups: by chance alone, and"
    yield "where rates truly differ (alpha 0.02). There the average is itself known by these areas alone.\n"
    rows = []
    for expected, cells in zip(EXPECTED, workers.map(_called, EXPECTED), strict=True):
        lowest, highest = count_limits(expected)
        law = stats.poisson(expected)
        below = f"{100 * law.cdf(lowest - 1):.2f} ({100 * law.cdf(lowest):.2f})"
        above = f"{100 * law.sf(highest):.2f} ({100 * law.sf(highest - 1):.2f})"
        rows.append([expected, f"{lowest} to {highest}", below, above, *cells])
    yield from table(
        [
            "expected",
            "in line",
            "below (one more)",
            "above (one more)",
            "below",
            "above",
            "below, differ",
            "above, differ",
        ],
        rows,
    )
    yield from _every_expected()


def _every_expected() -> Iterator[str]:
    """Yield what is left outside the limits at every whole expected number, exactly, and what one count more would."""
    yield f"Exactly, at every whole expected number from 1 to {HIGHEST:,}, in per cent:\n"
    rows = []
    for low, high in itertools.pairwise((1, 4, 10, 30, 100, 300, HIGHEST + 1)):
        asked = range(low, high)
        limits = [count_limits(float(expected)) for expected in asked]
        below = [stats.poisson.cdf(lowest - 1, mean) for mean, (lowest, _) in zip(asked, limits, strict=True)]
        above = [stats.poisson.sf(highest, mean) for mean, (_, highest) in zip(asked, limits, strict=True)]
        inner = [stats.poisson.cdf(lowest, mean) for mean, (lowest, _) in zip(asked, limits, strict=True)]
        outer = [stats.poisson.sf(highest - 1, mean) for mean, (_, highest) in zip(asked, limits, strict=True)]
        more = min(*inner, *outer)
        rows.append([f"{low} to {high - 1:,}", *map(_range, (below, above)), f"{100 * more:.2f}"])
    yield from table(["expected", "below", "above", "one count more would leave at least"], rows)


def _range(shares: Sequence[float]) -> str:
    return f"{100 * min(shares):.2f} to {100 * max(shares):.2f}"


def _called(expected: float) -> list[str]:
    cells = []
    for alpha in (0.0, 0.02):
        draw = np.random.default_rng([round(10 * expected), round(100 * alpha)])
        called = {Standing.BELOW: 0, Standing.ABOVE: 0, Standing.IN_LINE: 0}
        for _ in range(GROUPS):
            rates = (
                draw.gamma(1 / alpha, alpha * expected, size=GROUP_OF) if alpha else np.full(GROUP_OF, float(expected))
            )
            members = [
                Member(area=f"{number:02}", offences=int(count), residents=1000)
                for number, count in enumerate(draw.poisson(rates))
            ]
            group = compare(members)
            for member in members:
                called[group.standing(member.area)] += 1
        cells += [f"{100 * called[side] / (GROUPS * GROUP_OF):.1f}" for side in (Standing.BELOW, Standing.ABOVE)]
    return cells
