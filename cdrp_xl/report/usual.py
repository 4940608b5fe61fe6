"""How much what the report compares usually moves from one year to the next, by the counts that it is compared in."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from cdrp_xl.measures.movement import movements, pairs_before
from cdrp_xl.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Month, Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.tables import Counts


_TOGETHER = ""
"""The key of what is asked about as a whole, which no row has."""


def movement_of(
    first: Month,
    *,
    offences: Callable[[RowKey, Period], int | None],
    classification: Classification,
    kinds: Mapping[RowKey, Kind],
) -> dict[RowKey, Movement]:
    """Return how much rows, and what is selected beside them, usually move.

    Parameters
    ----------
    first
        The first month of the period asked about: history ends before it.
    offences
        Gives the offences of a row or a selection in three months, None where they can't be counted. Unit: offences.
    classification
        Whose leaves are the rows that others are drawn to.
    kinds
        What is asked about, with the kind of offence that it moves like; of several, that of `Kind.most`.

    Notes
    -----
    docs/methods.md, "Usual movement".
    """
    leaves: dict[RowKey, Kind] = {row.row_id: row.kind for row in classification.leaves}
    pairs = {key: pairs_before(first, functools.partial(offences, key)) for key in kinds}
    if any(pairs.values()):  # without a history of its own nothing is drawn to the leaves
        others = (key for key in leaves if key not in pairs)
        pairs |= {key: pairs_before(first, functools.partial(offences, key)) for key in others}
    found = movements(pairs, typical=leaves, kinds={**leaves, **kinds})
    return {key: found[key] for key in kinds}


def of_rows(counts: Counts, *, area: str, first: Month) -> dict[RowKey, Movement]:
    """Return how much every row of a source usually moves.

    Parameters
    ----------
    counts
        The source. Unit: offences.
    area
        The area.
    first
        The first month of the period asked about.
    """
    rows = counts.classification.rows
    return movement_of(
        first,
        offences=in_source(counts, area=area),
        classification=counts.classification,
        kinds={row.row_id: row.kind for row in rows if row.row_id not in counts.rows_missing},
    )


def of_sum(sources: Sequence[Counts], rows: Sequence[RowKey], *, area: str, first: Month) -> Movement:
    """Return how much several rows together usually move.

    Parameters
    ----------
    sources
        Those that count the rows by one definition, in order of preference, one at least. Unit: offences.
    rows
        Rows, by id, or selections.
    area
        The area.
    first
        The first month of the period asked about.
    """
    classification = sources[0].classification
    kinds = [classification.row(row).kind for row in rows if isinstance(row, str)]
    counted = [in_source(source, area=area) for source in sources]

    def offences(key: RowKey, period: Period) -> int | None:
        """Return the offences of all rows, or of one, in the first source that has them."""
        for each in counted:
            found = [each(row, period) for row in (rows if key == _TOGETHER else (key,))]
            if None not in found:
                return sum(count or 0 for count in found)
        return None

    kind = Kind.most(kinds) if len(kinds) == len(rows) else any_kind(classification)
    return movement_of(first, offences=offences, classification=classification, kinds={_TOGETHER: kind})[_TOGETHER]


def in_source(counts: Counts, *, area: str) -> Callable[[RowKey, Period], int | None]:
    """Return a function that gives a source's offences in an area, None where they can't be counted. Unit: offences."""

    def is_counted(key: RowKey) -> bool:
        """Return whether the source counts a row or a selection in the area."""
        return area in counts.areas and (
            key not in counts.rows_missing if isinstance(key, str) else key in counts.selections
        )

    def offences(key: RowKey, period: Period) -> int | None:
        """Return the offences of a row or a selection."""
        if not is_counted(key) or not counts.covers(period, area=area):
            return None
        return counts.offences(area=area, row_id=key, period=period)

    return offences


def any_kind(classification: Classification) -> Kind:
    """Return the kind of what may hold any offence, as a selection by place does: the one that moves most."""
    return Kind.most(row.kind for row in classification.leaves)
