"""Placebo comparisons, neighbouring years as they are, power, emerging issues, and the prior by kind of offence."""

from __future__ import annotations

import dataclasses
import itertools
import operator
from typing import TYPE_CHECKING

import numpy as np
import peers
import public_data
from cases import SETS, per_cent, table

from cdrp_xl.measures.backtest import LENGTHS, reports
from cdrp_xl.measures.movement import Basis, of_kind, own_alpha
from cdrp_xl.measures.verdict import SIGNIFICANT, usual_p

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cases import Cases

    from cdrp_xl.measures.backtest import Case, History

BANDS = ((1, 10), (10, 30), (30, 100), (100, 300), (300, 1000), (1000, 10**9))
FEWEST = 10
TIMES = (1.3, 1.5, 2.0)
MOST = 0.06
OFTEN = 0.2
_SPANS = (("quarters", True), ("years to date", False))


def placebo(cases: Cases) -> Iterator[str]:
    """Yield the share of placebo comparisons called different."""
    yield "## Placebo comparisons called different at 5%\n"
    yield "Of rows with three years of history before the period, in per cent: ours, and the exact test in brackets.\n"
    own = {name: _own(cases.of(name, lambda borough: borough.placebos, _period)) for name in SETS}
    yield from table(
        ["ours (exact) of n", *SETS],
        [
            [f"{months} months", *[_of(case for case in own[name] if _has(case, months)) for name in SETS]]
            for months in LENGTHS
        ],
    )
    yield "By size (offences of the three years' periods together):\n"
    rows = [
        [f"{words}, {name}", *[_of(case for case in chosen if _size(case, band)) for band in BANDS]]
        for words, is_asked in _SPANS
        for name in SETS
        for chosen in [[case for case in own[name] if case.period.is_quarter is is_asked]]
    ]
    yield from table(["ours (exact) of n", *map(_named, BANDS)], rows)
    yield from _beyond(own)
    yield "By kind of offence, all lengths, 10 offences or more in the three periods together:\n"
    groups = public_data.groups()
    yield from table(
        ["", *SETS],
        [
            [group, *[_of(case for case in own[name] if _is_of(groups, group, case)) for name in SETS]]
            for group in sorted(set(groups.values()))
        ],
    )
    yield from _without_history(cases)
    yield from _quasi_poisson(cases)


def as_they_are(cases: Cases) -> Iterator[str]:
    """Yield the share of neighbouring years called different."""
    yield "## Neighbouring years as they are\n"
    yield "A period against the one a year before, as a report compares them; some of these did change. In per cent.\n"
    rows = []
    for months in LENGTHS:
        found = [
            _own([case for case in cases.of(name, lambda each: each.neighbours, _period) if _has(case, months)])
            for name in SETS
        ]
        rows.append([f"{months} months", *[f"{_ours_and_exact(each)} of {len(each):,}" for each in found]])
    yield from table(["ours (exact)", *SETS], rows)


def power(cases: Cases) -> Iterator[str]:
    """Yield how often a planted rise is found."""
    yield "## What it costs: rises that are found\n"
    yield "Placebo periods of the other boroughs and later years, the middle count multiplied. In per cent. Where under"
    yield "2% of placebo periods are called different, as of many offences, this is the price.\n"
    found = [case for name in SETS[1:] for case in _own(cases.of(name, lambda each: each.placebos, _period))]
    rows = []
    for (words, is_asked), band in itertools.product(_SPANS, BANDS[1:]):
        chosen = [case for case in found if case.period.is_quarter is is_asked and _size(case, band)]
        cells = [_power(chosen, times) for times in TIMES]
        rows.append([f"{words}, {_named(band)} offences", f"{len(chosen):,}", *cells])
    yield from table(["ours (exact)", "n", *[f"+{100 * times - 100:.0f}%" for times in TIMES]], rows)


def emerging(cases: Cases) -> Iterator[str]:
    """Yield the share of placebo reports that list a rise."""
    yield "## Emerging issues\n"
    yield "Placebo quarters of a borough that would have listed at least one rise, of those with three years before:\n"
    rows = []
    for name in SETS:
        quarters = [case for case in _own(cases.of(name, lambda each: each.placebos, _period)) if _has(case, 3)]
        ours = list(reports(quarters))
        exact = list(reports([_by_exact(case) for case in quarters]))
        rows.append([name, f"{len(ours):,}", per_cent(sum(ours), len(ours)), per_cent(sum(exact), len(exact))])
    yield from table(["", "reports", "ours, %", "exact test, %"], rows)


def prior() -> Iterator[str]:
    """Yield how the prior alpha by kind of offence does on districts, and what it would be on each half of them."""
    yield "## Without three years of history\n"
    yield "January to March 2024 against 2025 by district. Fitted on each half of the districts (every other by name),"
    yield "and the share called different on the half that took no part, in per cent; then by the figures in use, and"
    yield "by the exact test.\n"
    found = public_data.districts()
    names = sorted({name for name, _ in found})
    halves = [set(names[0::2]), set(names[1::2])]
    rows, sums = [], np.zeros((3, 2))
    for category, kind in public_data.categories().items():
        pairs_of = [
            [pair for (name, each), pair in found.items() if each == category and name in half] for half in halves
        ]
        fits = [_fit(pairs) for pairs in pairs_of]
        tested = np.zeros((3, 2))
        for every, fitted in zip(pairs_of, reversed(fits), strict=True):
            pairs = [pair for pair in every if sum(pair) >= FEWEST]
            own_fit = dataclasses.replace(of_kind(kind), alpha=fitted)
            tested += [
                [sum(usual_p(*pair, movement=movement) < SIGNIFICANT for pair in pairs), len(pairs)]
                for movement in (own_fit, of_kind(kind), None)
            ]
        sums += tested
        cells = [f"{alpha:.4f}" for alpha in (of_kind(kind).alpha, *fits)]
        rows.append([category, kind, *cells, *[per_cent(*test) for test in tested]])
    rows.append(["all", "", "", "", "", *[per_cent(*test) for test in sums]])
    headings = ["", "kind", "in use", "one half", "other half", "fitted on the other half", "in use", "exact test"]
    yield from table(headings, rows)


def _beyond(own: Mapping[str, Sequence[Case]]) -> Iterator[str]:
    """Yield the bands from 10 offences on of which over 6% were called different, with what they are made of."""
    for name, (words, is_asked), band in itertools.product(SETS, _SPANS, BANDS[1:]):
        chosen = [case for case in own[name] if case.period.is_quarter is is_asked and _size(case, band)]
        called = [case for case in chosen if case.p < SIGNIFICANT]
        if len(called) <= MOST * len(chosen):
            continue
        areas = sorted({case.area for case in chosen})
        counts = np.array(
            [[sum(case.area == area for case in each) for area in areas] for each in (called, chosen)], dtype=float
        )
        again = np.random.default_rng(3).integers(len(areas), size=(2000, len(areas)))
        part, whole = (each[again].sum(1) for each in counts)
        lower, upper = np.quantile(100 * part / whole, [0.025, 0.975])
        rows = len({(case.area, case.row) for case in called})
        yield f"Over {100 * MOST:.0f}%: {words}, {name}, {_named(band)} offences. The {len(called)} called different"
        yield f"are of {rows} rows of a borough; 95% interval, boroughs drawn again: {lower:.1f} to {upper:.1f}%.\n"


def _without_history(cases: Cases) -> Iterator[str]:
    yield "Of rows without three years before the period (2011 to 2013), by the prior of their kind of offence; and"
    yield "without the rows of which over 20% are called different, since their recording changed in these years:\n"
    found = [
        case
        for borough in cases.boroughs
        for case in borough.placebos
        if case.movement is not None and case.movement.basis is Basis.KIND and case.earlier + case.later >= FEWEST
    ]
    by_row = {row: [case for case in found if case.row == row] for row in sorted({case.row for case in found})}
    often = [row for row, each in by_row.items() if sum(case.p < SIGNIFICANT for case in each) > OFTEN * len(each)]
    rows = [
        [f"{months} months", _of(chosen), _of(case for case in chosen if case.row not in often)]
        for months in LENGTHS
        for chosen in [[case for case in found if _has(case, months)]]
    ]
    yield from table(["ours (exact) of n", "all rows", "without these"], rows)
    yield "These rows are: " + "; ".join(f"{row.lower()}, {_of(by_row[row])}" for row in often) + ".\n"


def _quasi_poisson(cases: Cases) -> Iterator[str]:
    yield "A peer on the same cases (10 offences or more): quasi-Poisson, phi from the 36 months before, in per cent:\n"
    rows = []
    histories = {borough.history.area: borough.history for borough in cases.boroughs}
    for months in LENGTHS:
        row = [f"{months} months"]
        for name in SETS:
            found = [case for case in _own(cases.of(name, lambda each: each.placebos, _period)) if _has(case, months)]
            found = [case for case in found if case.earlier + case.later >= FEWEST and _before(histories, case)]
            past = np.array([_before(histories, case) for case in found], dtype=float).reshape(-1, 36)
            counts = np.array([(case.earlier, case.later) for case in found], dtype=float).reshape(-1, 2)
            p = peers.quasi_poisson_p(past, counts[:, 0], counts[:, 1], 2)
            row.append(per_cent(int((p < SIGNIFICANT).sum()), len(found)))
        rows.append(row)
    yield from table(["", *SETS], rows)


def _before(histories: Mapping[str, History], case: Case) -> Sequence[int | None]:
    """Return the 36 months before a period, nothing where there are fewer."""
    history = histories[case.area]
    place = case.period.first.index - history.first.index
    return history.counts[case.row][place - 36 : place] if place >= peers.HISTORY else ()


def _own(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.movement is not None and case.movement.basis is Basis.HISTORY]


def _named(band: tuple[int, int]) -> str:
    low, high = band
    return f"{low:,}-{high:,}" if high < BANDS[-1][1] else f"{low:,} or more"


def _has(case: Case, months: int) -> bool:
    return case.period.months_count == months


def _size(case: Case, band: tuple[int, int]) -> bool:
    return band[0] <= case.earlier + case.later < band[1]


def _is_of(groups: Mapping[str, str], group: str, case: Case) -> bool:
    return groups[case.row] == group and case.earlier + case.later >= FEWEST


_period: Callable[[object], object] = operator.attrgetter("period")


def _ours_and_exact(found: Sequence[Case]) -> str:
    if not found:
        return ""
    ours = sum(case.p < SIGNIFICANT for case in found)
    exact = sum(case.exact_p < SIGNIFICANT for case in found)
    return f"{per_cent(ours, len(found))} ({per_cent(exact, len(found))})"


def _of(found: Iterable[Case]) -> str:
    chosen = list(found)
    return f"{_ours_and_exact(chosen)} of {len(chosen):,}"


def _power(found: Sequence[Case], times: float) -> str:
    ours = exact = 0
    for case in found:
        more = round(case.later * times)
        ours += usual_p(case.earlier, more, movement=case.movement, periods=2) < SIGNIFICANT
        exact += usual_p(case.earlier, more, movement=None, periods=2) < SIGNIFICANT
    return f"{per_cent(ours, len(found))} ({per_cent(exact, len(found))})"


def _by_exact(case: Case) -> Case:
    return dataclasses.replace(case, movement=None, p=case.exact_p)


def _fit(pairs: Sequence[tuple[int, int]]) -> float:
    """Return alpha by moments, each pair weighted by how much it says."""
    chosen = [pair for pair in pairs if sum(pair) >= 2 * FEWEST]
    weights = [1 / (1 / (a + 0.5) + 1 / (b + 0.5) + 0.03) ** 2 for a, b in chosen]
    return max(0.0, float(np.average([own_alpha([pair]) for pair in chosen], weights=weights)))
