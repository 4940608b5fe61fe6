"""The position of a priority: better, some concern or worse than its pinned baseline, with the reason in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.chance import exact_p
from cdrp_xl.terms import Direction, Status

if TYPE_CHECKING:
    from cdrp_xl.periods import Period
    from cdrp_xl.settings import RagRule

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The position of a priority, and why."""

    status: Status
    reason: str


def assess(
    *, later: int, baseline: int, direction: Direction, rule: RagRule, deadline: Period, period: Period
) -> Assessment:
    """Return the position of a priority by its rule.

    Parameters
    ----------
    later, baseline
        Offences in the period to date, and in the same months of the baseline year. Unit: offences.
    direction
        Which way the priority wants the count to move.
    rule
        By default green or red only where the exact test at 95% tells the two counts apart.
    deadline
        The period by whose end the priority was to be met.
    period
        The period to date.

    Returns
    -------
    Assessment
        "Not assessed" once the deadline has passed before the period's end.

    Notes
    -----
    METHODS.md, section 2: the default rule is this project's decision.
    """
    if deadline.last < period.last:
        return not_assessed(f"The deadline, {deadline.last.name}, passed before {period.last.name}")
    return position(later=later, baseline=baseline, direction=direction, rule=rule)


def position(*, later: int, baseline: int, direction: Direction, rule: RagRule) -> Assessment:
    """Return the position that two counts give by a rule, whatever the deadline.

    Parameters
    ----------
    later, baseline
        Counts in periods of equal length. Unit: offences.
    direction
        Which way the count is wanted to move.
    rule
        By default green or red only where the exact test at 95% tells the two counts apart.

    Notes
    -----
    METHODS.md, section 2.
    """
    wanted = later < baseline if direction is Direction.REDUCE else later > baseline
    moved = Status.BETTER if wanted else Status.WORSE
    if later == baseline:
        return Assessment(status=Status.CONCERN, reason="The two counts are the same.")
    if rule.rule == "any fall":
        return Assessment(status=moved, reason="By this rule any change from the baseline counts.")
    if rule.rule == "tolerance":
        return _by_tolerance(later, baseline, moved, rule.tolerance_per_cent)
    return _by_exact_test(later, baseline, moved)


def not_assessed(why: str) -> Assessment:
    """Return the assessment of a priority whose baseline or deadline does not hold up."""
    return Assessment(status=Status.NOT_ASSESSED, reason=f"{why}.")


def _by_exact_test(later: int, baseline: int, moved: Status) -> Assessment:
    p = exact_p(baseline, later)
    shown = f"p = {p:.2f}" if p >= SIGNIFICANT else f"p = {p:.3f}" if p >= SIGNIFICANT / 50 else "p < 0.001"
    if p < SIGNIFICANT:
        return Assessment(status=moved, reason=f"The change is larger than chance alone would make likely ({shown}).")
    return Assessment(status=Status.CONCERN, reason=f"A change of this size could well be chance ({shown}).")


def _by_tolerance(later: int, baseline: int, moved: Status, tolerance: float) -> Assessment:
    if abs(later - baseline) * 100 <= tolerance * baseline:
        return Assessment(status=Status.CONCERN, reason=f"The change is within the tolerance of {tolerance:g}%.")
    return Assessment(status=moved, reason=f"The change is beyond the tolerance of {tolerance:g}%.")
