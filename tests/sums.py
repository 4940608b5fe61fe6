"""Sums that counts must keep: those that a classification declares, those of an area's parts, and those of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.measures.attack import Sum

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.measures.revision import Moved
    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.tables import Cell


def declared_sums(
    classification: Classification, *, areas: Iterable[str], periods: Iterable[Period]
) -> list[Sum[Cell]]:
    """Return a classification's identities and bounds as sums of cells, in every area and period."""
    declared = [(identity.whole, identity.parts, False) for identity in classification.identities]
    declared += [(bound.whole, (bound.part,), True) for bound in classification.bounds]
    places = [(area, period) for area in areas for period in periods]
    return [
        Sum(whole=(area, whole, period), parts=tuple((area, part, period) for part in parts), is_bound=is_bound)
        for area, period in places
        for whole, parts, is_bound in declared
    ]


def area_sums(
    whole: str, parts: Sequence[str], *, row_ids: Iterable[str], periods: Iterable[Period], is_bound: bool = False
) -> list[Sum[Cell]]:
    """Return, for every row and period, that an area is the sum of its parts, or, as a bound, never less."""
    return [
        Sum(whole=(whole, row_id, period), parts=tuple((part, row_id, period) for part in parts), is_bound=is_bound)
        for row_id in row_ids
        for period in periods
    ]


def unexplained(moved: Moved) -> int:
    """Return what of a count's change none of its parts explains."""
    return moved.change - sum(moved.parts.values())
