"""The two-period comparison of offence rows, as CADET prints it, and the sums that must hold in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.terms import NO_CALC

if TYPE_CHECKING:
    from cdrp_xl.offences import Classification, Row
    from cdrp_xl.periods import Period
    from cdrp_xl.tables import Counts


_LAST_DIGIT = 1000
"""Tenths of a per cent, the last digit printed, in 1."""

_AS_FILES_KEEP_IT = Context(prec=16)
"""Digits of a number in a workbook's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One offence row in two periods. Units: offences."""

    row: Row
    earlier: int
    later: int

    @property
    def change(self) -> int:
        """Later less earlier. Unit: offences."""
        return self.later - self.earlier

    @property
    def apparent_change(self) -> float | None:
        """The change as a share of earlier (-0.106 prints as ``- 10.6%``), None where CADET prints "No Calc"."""
        return apparent_change(self.earlier, self.later)

    @property
    def printed(self) -> str:
        """The apparent change as CADET prints it."""
        return printed_change(self.earlier, self.later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All rows of a classification in one area and two periods."""

    area: str
    classification: Classification
    earlier: Period
    later: Period
    rows: tuple[ComparedRow, ...]

    def __getitem__(self, row_id: str) -> ComparedRow:
        return next(compared for compared in self.rows if compared.row.row_id == row_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenSum:
    """A declared identity or bound that does not hold in one period or both. Units: offences, by period."""

    whole: str
    parts: tuple[str, ...]
    is_bound: bool
    periods: tuple[Period, Period]
    whole_offences: tuple[int, int]
    parts_offences: tuple[int, int]

    @property
    def holds(self) -> tuple[bool, bool]:
        """Whether it holds in the earlier and in the later period."""
        (first_whole, second_whole), (first_parts, second_parts) = self.whole_offences, self.parts_offences
        if self.is_bound:
            return first_whole >= first_parts, second_whole >= second_parts
        return first_whole == first_parts, second_whole == second_parts

    def __str__(self) -> str:
        relation = "is less than" if self.is_bound else "is not"
        found = "; ".join(
            f"{whole:,} against {parts:,} in {period.heading} "
            f"({'holds' if holds else f'a difference of {abs(whole - parts):,}'})"
            for whole, parts, period, holds in zip(
                self.whole_offences, self.parts_offences, self.periods, self.holds, strict=True
            )
        )
        return f"{self.whole} {relation} {' + '.join(self.parts)}: {found}"


def apparent_change(earlier: int, later: int) -> float | None:
    """Return the change from earlier to later as a share of earlier.

    Parameters
    ----------
    earlier, later
        Counts in two periods of equal length. Unit: offences.

    Returns
    -------
    float or None
        Unit: fraction, not rounded. None if and only if earlier is 0, or below 0 since more was corrected than
        recorded, or nothing changed: CADET prints "No Calc". It is no rule about small numbers.

    Notes
    -----
    docs/methods.md, "Comparing two periods": all 45 rows of the South Cambridgeshire Q1 2011-12 report are reproduced.
    Where the share is half of the last digit printed, and the nearest float falls short of it, the next number of 16
    digits beyond it is returned (51 in 80 is 0.6375000000000001): LibreOffice rounds the float, and would show 63.7%
    for 63.75%.

    Examples
    --------
    >>> apparent_change(32, 59)
    0.84375
    >>> apparent_change(0, 4) is None
    True
    """
    if earlier <= 0 or earlier == later:
        return None
    share = (later - earlier) / earlier
    exact = Fraction(abs(later - earlier), earlier)
    if (exact * _LAST_DIGIT).denominator == 2 and abs(share) < exact:  # noqa: PLR2004  a half
        half = Decimal(exact.numerator) / exact.denominator
        return math.copysign(float(half.next_plus(_AS_FILES_KEEP_IT)), share)
    return share


def printed_change(earlier: int, later: int) -> str:
    """Return the apparent change as CADET prints it: a sign, a space, one decimal, rounded half up in size.

    Parameters
    ----------
    earlier, later
        Counts in two periods of equal length. Unit: offences.

    Notes
    -----
    docs/methods.md, "Comparing two periods". The rounding is exact, as a spreadsheet's number format rounds: 1 in 16
    prints as 6.3%.

    Examples
    --------
    >>> printed_change(1477, 1321)
    '- 10.6%'
    >>> printed_change(7, 7)
    'No Calc'
    """
    if apparent_change(earlier, later) is None:
        return NO_CALC
    tenths = int(Fraction(abs(later - earlier) * _LAST_DIGIT, earlier) + Fraction(1, 2))
    return f"{'+' if later > earlier else '-'} {tenths // 10}.{tenths % 10}%"


def compare(counts: Counts, *, area: str, earlier: Period, later: Period) -> Comparison:
    """Return every row of the counts' classification in an area and two periods.

    Parameters
    ----------
    counts
        Offences by area, row and period.
    area
        The area to compare.
    earlier, later
        Two periods of the same number of months.

    Raises
    ------
    CannotBeComputedError
        If the periods are of unequal length, or the counts do not cover one of them.
    ValueFoundError
        If the area is not in the counts.

    Notes
    -----
    docs/methods.md, "Comparing two periods".
    """
    check_equal_length(earlier, later)
    rows = tuple(
        ComparedRow(
            row=row,
            earlier=counts.offences(area=area, row_id=row.row_id, period=earlier),
            later=counts.offences(area=area, row_id=row.row_id, period=later),
        )
        for row in counts.classification.rows
    )
    return Comparison(area=area, classification=counts.classification, earlier=earlier, later=later, rows=rows)


def check_equal_length(earlier: Period, later: Period) -> None:
    """Refuse to compare counts of periods of unequal length."""
    if earlier.months_count != later.months_count:
        raise CannotBeComputedError(
            f"{later.heading} ({later.months_count} months) can't be compared with {earlier.heading} "
            f"({earlier.months_count} months).",
            where="the two periods of the comparison",
            remedy="Choose periods of the same number of months, or compare rates.",
        )


def broken_sums(comparison: Comparison) -> tuple[BrokenSum, ...]:
    """Return every declared identity and bound that does not hold, in either period.

    Parameters
    ----------
    comparison
        All rows of a classification in two periods. Unit: offences.

    Notes
    -----
    docs/methods.md, "Comparing two periods": identities are declared with the classification, never looked for in the
    figures.
    """
    declared = [(identity.whole, identity.parts, False) for identity in comparison.classification.identities]
    declared += [(bound.whole, (bound.part,), True) for bound in comparison.classification.bounds]
    sums = (_declared_sum(comparison, whole, parts, is_bound=is_bound) for whole, parts, is_bound in declared)
    return tuple(each for each in sums if not all(each.holds))


def differences(one: Comparison, other: Comparison) -> tuple[tuple[ComparedRow, ComparedRow], ...]:
    """Return the rows of both whose counts differ between two comparisons of the same area, periods and definitions."""
    there = {compared.row.row_id: compared for compared in other.rows}
    pairs = ((compared, there[compared.row.row_id]) for compared in one.rows if compared.row.row_id in there)
    return tuple(
        (compared, again)
        for compared, again in pairs
        if (compared.earlier, compared.later) != (again.earlier, again.later)
    )


def _declared_sum(comparison: Comparison, whole: str, parts: tuple[str, ...], *, is_bound: bool) -> BrokenSum:
    one, several = comparison[whole], [comparison[part] for part in parts]
    return BrokenSum(
        whole=one.row.name,
        parts=tuple(part.row.name for part in several),
        is_bound=is_bound,
        periods=(comparison.earlier, comparison.later),
        whole_offences=(one.earlier, one.later),
        parts_offences=(sum(part.earlier for part in several), sum(part.later for part in several)),
    )
