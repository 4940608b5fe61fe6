"""The position of a priority: better, some concern or worse than its pinned baseline, with the reason in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.measures.movement import Basis
from cdrp_xl.measures.verdict import verdict
from cdrp_xl.terms import Direction, Status

if TYPE_CHECKING:
    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.periods import Period
    from cdrp_xl.settings.priorities import RagRule

_GOING_BY = {
    Basis.HISTORY: "",
    Basis.KIND: " With too few years of its own figures, changes in other areas are the guide.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The position of a priority, and why."""

    status: Status
    reason: str


def assess(
    *,
    later: int,
    baseline: int,
    direction: Direction,
    rule: RagRule,
    movement: Movement | None,
    deadline: Period,
    period: Period,
) -> Assessment:
    """Return the position of a priority by its rule.

    Parameters
    ----------
    later, baseline
        Offences in the period to date, and in the same months of the baseline year. Unit: offences.
    direction
        Which way the priority wants the count to move.
    rule
        By default green or red only where the change is larger than the row usually moves from one year to the next.
    movement
        How much that is; None where it is not known, which leaves chance in the counts.
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
    docs/methods.md, "Position of a priority".
    """
    if deadline.last < period.last:
        return not_assessed(f"The deadline, {deadline.last.name}, passed before {period.last.name}")
    return position(later=later, baseline=baseline, direction=direction, rule=rule, movement=movement)


def position(
    *, later: int, baseline: int, direction: Direction, rule: RagRule, movement: Movement | None
) -> Assessment:
    """Return the position that two counts give by a rule, whatever the deadline.

    Parameters
    ----------
    later, baseline
        Counts in periods of equal length. Unit: offences.
    direction
        Which way the count is wanted to move.
    rule
        By default green or red only where the change is larger than the row usually moves from one year to the next.
    movement
        How much that is; None where it is not known, which leaves chance in the counts.

    Notes
    -----
    docs/methods.md, "Position of a priority".
    """
    wanted = later < baseline if direction is Direction.REDUCE else later > baseline
    moved = Status.BETTER if wanted else Status.WORSE
    if later == baseline:
        return Assessment(status=Status.CONCERN, reason="The two counts are the same.")
    if rule.rule == "any fall":
        return Assessment(status=moved, reason="By this rule any change from the baseline counts.")
    if rule.rule == "tolerance":
        return _by_tolerance(later, baseline, moved, rule.tolerance_per_cent)
    return _by_chance(later, baseline, moved, movement if rule.rule == "usual movement" else None)


def not_assessed(why: str) -> Assessment:
    """Return the assessment of a priority whose baseline or deadline does not hold up."""
    return Assessment(status=Status.NOT_ASSESSED, reason=f"{why}.")


def _by_chance(later: int, baseline: int, moved: Status, movement: Movement | None) -> Assessment:
    """Return the position by how much the row usually moves, or by chance in the counts where that is not known."""
    found = verdict(baseline, later, movement=movement)
    moved_so = "fall" if later < baseline else "rise"
    if movement is None:
        said = (
            f"The {moved_so} is more than chance." if found.is_larger_than_usual else f"The {moved_so} may be chance."
        )
    else:
        how = "larger" if found.is_larger_than_usual else "no larger"
        said = f"The {moved_so} is {how} than usual.{_GOING_BY[movement.basis]}"
    return Assessment(status=moved if found.is_larger_than_usual else Status.CONCERN, reason=said)


def _by_tolerance(later: int, baseline: int, moved: Status, tolerance: float) -> Assessment:
    if abs(later - baseline) * 100 <= tolerance * baseline:
        return Assessment(status=Status.CONCERN, reason=f"The change is within the tolerance of {tolerance:g}%.")
    return Assessment(status=moved, reason=f"The change is beyond the tolerance of {tolerance:g}%.")
