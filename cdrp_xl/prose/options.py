"""What a number can mean: its value in the number's unit, in words, with the figures that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.prose.moves import Way

if TYPE_CHECKING:
    from cdrp_xl.periods import Period
    from cdrp_xl.prose.candidates import Pair
    from cdrp_xl.prose.catalogue import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that a number can mean: its value in the number's unit, its sign, the figures it comes from."""

    value: float
    shown: str
    words: str
    figures: tuple[Figure, ...]
    way: Way | None = None

    @property
    def periods(self) -> frozenset[Period]:
        """Every period that it is of, with those that are compared."""
        every = {period for each in self.figures for period in (each.period, each.against)}
        return frozenset(each for each in every if each)


def of_level(figure: Figure, value: float | None = None) -> Option:
    """Return a figure itself, or its value in another unit."""
    return Option(
        value=figure.value if value is None else value, shown=figure.shown, words=figure.words, figures=(figure,)
    )


def of_pair(pair: Pair, value: float, shown: str, *, has_way: bool = True) -> Option:
    """Return what comes of two figures, with the way that the later went."""
    first, last = pair.earlier, pair.later
    words = f"{last.words} ({last.shown}) against {first.period.words if first.period else ''} ({first.shown})"
    way = Way((pair.change > 0) - (pair.change < 0)) if has_way else None
    return Option(value=value, shown=shown, words=words, figures=(first, last), way=way)


def of_sum(figures: tuple[Figure, ...]) -> Option:
    """Return the sum of some figures."""
    total = sum(each.value for each in figures)
    words = f"the sum of {' and '.join(each.words for each in figures)}"
    return Option(value=total, shown=f"{total:,.0f}", words=words, figures=figures)


def of_change(figure: Figure) -> Option:
    """Return a printed change, with the way that it went."""
    way = Way((figure.value > 0) - (figure.value < 0))
    return Option(value=figure.value, shown=figure.shown, words=figure.words, figures=(figure,), way=way)
