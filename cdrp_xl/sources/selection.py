"""What a row-level extract is asked to count beside its offence rows: a locus, localities, a flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdrp_xl.terms import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Offences counted by where they happened, under an id of their own: a priority that no offence row carries.

    Types and subtypes are those of the extract's own locus columns, never words in an address; rows must bear one of
    the types and one of the subtypes (where any are named). Capitals and spaces around do not matter. `rows` and
    `codes` leave out other offences, where any are named. `repeats_by` is the column, "victim" or "premises", by which
    repeats of the locus in the `repeat_months` before are told; empty where they are not asked for. `localities` are
    places in the area, of which each must have a row; `flag` leaves out rows that do not bear it; `is_by_row` counts
    the offences of every offence row apart; `asked_at` is the place to name where what is asked is unknown.
    """

    selection_id: str
    locus_types: tuple[str, ...] = ()
    locus_subtypes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    repeats_by: str = ""
    repeat_months: int = 12
    localities: tuple[str, ...] = ()
    flag: Flag | None = None
    is_by_row: bool = False
    asked_at: str = ""

    @property
    def locus(self) -> Locus:
        """What the scan tells rows apart by."""
        return Locus(self.locus_types, self.locus_subtypes, self.localities, self.flag)

    def ids(self, row_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids under which offences of rows are counted: its own, or one to a row where they stand apart."""
        return tuple(f"{self.selection_id}/{each}" for each in row_ids) if self.is_by_row else (self.selection_id,)


class Locus(NamedTuple):
    """What a row must bear: one of the types, one of the subtypes, one of the localities, and the flag."""

    types: tuple[str, ...]
    subtypes: tuple[str, ...]
    localities: tuple[str, ...]
    flag: Flag | None

    @property
    def parts(self) -> tuple[Locus, ...]:
        """The place and the flag, each by itself where it is asked for: the scan looks at each once for all of them."""
        apart = self._replace(flag=None), Locus((), (), (), self.flag)
        return tuple(part for part in apart if any(part))
