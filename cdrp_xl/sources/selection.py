"""What a row-level extract is asked to count beside its offence rows: a locus, localities, a flag."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.selected import RowOffences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.selected import Selected


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Offences counted by where they happened, under a key of their own: a priority that no offence row carries.

    Types and subtypes are those of the extract's own locus columns, never words in an address; rows must have one of
    the types and one of the subtypes (where any are named). Capitals and spaces around do not matter. `rows` and
    `codes` leave out other offences, where any are named. `repeats_by` is the column, "victim" or "premises", by which
    repeats of the locus in the `repeat_months` before are counted; empty where they are not asked for. `localities` are
    places in the area, of which each must have a row; `flag` leaves out rows that do not have it; `asked_at` is
    the place to name where what is asked is unknown.
    """

    counted_as: Selected
    locus_types: tuple[str, ...] = ()
    locus_subtypes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    repeats_by: str = ""
    repeat_months: int = 12
    localities: tuple[str, ...] = ()
    flag: str | None = None
    asked_at: str = ""

    @property
    def locus(self) -> Locus:
        """What the scan separates rows by."""
        return Locus(self.locus_types, self.locus_subtypes, self.localities, self.flag)

    def keys(self, row_ids: Iterable[str]) -> tuple[Selected, ...]:
        """Return the keys under which offences of rows are counted: its own, or one to a row where rows are apart."""
        own = self.counted_as
        if isinstance(own, RowOffences):
            return tuple(msgspec.structs.replace(own, row_id=each) for each in row_ids)
        return (own,)

    def resolved(self, classification: Classification) -> Selection:
        """Return the selection with its offence rows by id, or refuse one that the classification does not have."""
        try:
            return replace(self, rows=tuple(classification.row(name).row_id for name in self.rows))
        except ValueFoundError as wrong:
            raise ValueFoundError(wrong.what, where=self.asked_at or wrong.where, remedy=wrong.remedy) from wrong

    def is_of(self, code: str, row_ids: Sequence[str], *, is_crime: bool) -> bool:
        """Return whether an offence of a code is not left out.

        Parameters
        ----------
        code
            The code that it is counted as.
        row_ids
            The offence rows that it is in.
        is_crime
            Whether it is recorded crime. An incident is counted only where rows are apart, or its row is named.
        """
        every = is_crime or isinstance(self.counted_as, RowOffences)
        is_in_rows = any(row_id in self.rows for row_id in row_ids) if self.rows else every
        return is_in_rows and (not self.codes or code in self.codes)


class Locus(NamedTuple):
    """What a row must have: one of the types, one of the subtypes, one of the localities, and the flag."""

    types: tuple[str, ...]
    subtypes: tuple[str, ...]
    localities: tuple[str, ...]
    flag: str | None

    @property
    def parts(self) -> tuple[Locus, ...]:
        """The place and the flag, each by itself where it is asked for: the scan looks at each once for all of them."""
        apart = self._replace(flag=None), Locus((), (), (), self.flag)
        return tuple(part for part in apart if any(part))
