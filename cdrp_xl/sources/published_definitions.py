"""The rows of a classification that a published table can give, by the offences that it names anywhere.

A table that has robbery undivided says nothing of personal robbery, and one without fraud nothing of fraud: shown as
0 they would be wrong, and so would a composite row of which a part is lacking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import name_some, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.offences.classification import Row
    from cdrp_xl.offences.reading import Reading


def fitted(
    classification: Classification, read: Sequence[Reading], sums: Collection[Reading]
) -> tuple[Classification, tuple[str, ...]]:
    """Return a classification without the rows of which a table has no whole figures, and what that means in words.

    Parameters
    ----------
    classification
        By which the table is counted.
    read
        What the offences of the table are counted under, sums of others among them.
    sums
        Those that are sums of others, with more offences than these.

    Returns
    -------
    Classification
        Its first row is always there: that it lacks a group is said in the second value.
    """
    there = _There(classification, read, sums)
    missing = [row for row in classification.rows[1:] if not row.is_remainder and not there.is_whole(row)]
    gone = {row.row_id for row in missing}
    outermost = [row.name for row in missing if row.parent not in gone and not row.is_composite]
    parts = [row.name for row in missing if not row.is_composite and there.lacks(row)]
    total = classification.all_crime
    if not parts or there.is_whole(total):
        return classification.without(gone), ()
    said = f"The table has no figures for {name_some(parts)}, which are not in {quoted(total.name)}."
    return classification.without(gone), (said,) if outermost else ()


class _There:
    """Which rows a table has figures of, by the codes that its offences are counted as."""

    def __init__(self, classification: Classification, read: Sequence[Reading], sums: Collection[Reading]) -> None:
        known = [each for each in read if each.code is not None]
        self._classification = classification
        self._codes = frozenset(each.code for each in known)
        self._groups = {frozenset(each.could_be) for each in known}
        self._parts = {each.whole: each.parts for each in classification.identities}
        self._rows = {row.row_id: row for row in classification.rows}
        self._torn = {
            row.row_id
            for each in known
            if each in sums or not any(group < frozenset(each.could_be) for group in self._groups)
            for row in each.undecided
        }

    def is_whole(self, row: Row) -> bool:
        """Return whether the table has all of a row's offences."""
        if row.is_composite:
            return row.row_id not in self._torn and all(
                self._is_in(part, row) for part in self._classification.leaves if part.codes & row.codes
            )
        if row.codes in self._groups:
            return True
        parts = [self._rows[part] for part in self._parts.get(row.row_id, ())]
        if not parts:
            return bool(row.codes & self._codes)
        has_rest = any(part.is_remainder and part.codes & self._codes for part in parts)
        return has_rest or all(part.is_remainder or self.is_whole(part) for part in parts)

    def lacks(self, row: Row) -> bool:
        """Return whether a row is a part that the table has nothing of, nor of what it is itself a part of."""
        above = self._rows.get(row.parent)
        has_wholes_above = above is not None and above != self._classification.all_crime and self.is_whole(above)
        is_part_of_one_that_lacks = above is not None and not above.codes & self._codes
        return not row.codes & self._codes and not has_wholes_above and not is_part_of_one_that_lacks

    def _is_in(self, part: Row, composite: Row) -> bool:
        """Return whether what a composite row takes of a leaf is there, by itself or in a row that it takes whole."""
        if part.is_remainder or not part.codes <= composite.codes:
            return part.is_remainder or bool(part.codes & self._codes)
        return any(
            part.codes <= row.codes <= composite.codes and not row.is_composite and self.is_whole(row)
            for row in self._classification.rows
        )
