"""The past comparisons and projections of the boroughs, and which of three sets each is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.backtest import PANDEMIC, History, neighbours, placebos, projections
from cdrp_xl.periods import Month

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cdrp_xl.measures.backtest import Case, Projected
    from cdrp_xl.periods import Period

LATER = Month(2019, 1)
SETS = ("chosen on", "others", "later")
STARTS = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Borough:
    """All cases of one borough."""

    history: History
    placebos: Sequence[Case]
    neighbours: Sequence[Case]
    projections: Sequence[Projected]
    short: Sequence[Projected]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """All cases of all boroughs, in order of their names."""

    boroughs: Sequence[Borough]

    def of(self, name: str, pick: Callable[[Borough], Iterable], period: Callable[[object], Period]) -> list:
        """Return the cases of a set."""
        return [
            case
            for number, borough in enumerate(self.boroughs)
            for case in pick(borough)
            if name == set_of(number, period(case))
        ]


def set_of(number: int, period: Period) -> str:
    """Return the set of a borough's period."""
    if period.last >= LATER:
        return "later"
    return SETS[number % 2]


def of_borough(history: History) -> Borough:
    """Return all cases of a borough."""
    return Borough(
        history=history,
        placebos=list(placebos(history, left_out=PANDEMIC)),
        neighbours=list(neighbours(history, left_out=PANDEMIC)),
        projections=list(projections(history, left_out=PANDEMIC, starts=STARTS)),
        short=list(projections(history, left_out=PANDEMIC, starts=STARTS, years=1)),
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a table in Markdown; the first column is words and the rest are figures."""
    lines = ["| " + " | ".join(headings) + " |", "|---|" + "--:|" * (len(headings) - 1)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return [*lines, ""]


def per_cent(part: float, whole: float) -> str:
    """Return a share in per cent with one decimal, or nothing of nothing."""
    return f"{100 * part / whole:.1f}" if whole else ""
