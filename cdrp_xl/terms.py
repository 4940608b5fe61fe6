"""The words and symbols that every sheet, message and test uses alike."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_CALC = "No Calc"
"""Printed where no apparent change can be worked out (docs/methods.md, "Comparing two periods")."""

SUPPRESSED = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"

SYMBOLS = {
    NO_CALC: "the earlier count is 0, or the two counts are the same, so no percentage is worked out",
    SUPPRESSED: "suppressed to protect people from being identified",
    NOT_AVAILABLE: "not available",
    NOT_APPLICABLE: "not applicable",
}


class Marking(StrEnum):
    """A security classification of the Government Security Classifications, lowest first."""

    OFFICIAL = "OFFICIAL"
    OFFICIAL_SENSITIVE = "OFFICIAL-SENSITIVE"


def highest(markings: Iterable[Marking]) -> Marking:
    """Return the highest of some markings, which the whole that holds them has."""
    return max(markings, key=list(Marking).index)


class Status(StrEnum):
    """The position of a priority, clear without its colour (docs/methods.md, "Position of a priority")."""

    BETTER = "Better position"
    CONCERN = "No change or still some concern"
    WORSE = "Worse position"
    NOT_ASSESSED = "Not assessed"


STATUS_ICONS = {
    Status.BETTER: "\u25b2",
    Status.CONCERN: "\u25cf",
    Status.WORSE: "\u25bc",
    Status.NOT_ASSESSED: "\u25cb",
}
"""A shape beside each status, so that it reads without colour; each differs in outline, not only in shade."""


class Meaning(StrEnum):
    """What a month that stands out means for what the priority wants."""

    IMPROVEMENT = "Improvement"
    CONCERN = "Concern"


class Decision(StrEnum):
    """What the analyst decided about an emerging issue."""

    ACCEPTED = "Accepted"
    DISMISSED = "Dismissed"


class Flag(StrEnum):
    """What a row of an extract may be marked as, for a question about it."""

    DOMESTIC = "domestic"


class Direction(StrEnum):
    """Which way a priority wants its measure to move."""

    REDUCE = "reduce"
    INCREASE = "increase"


class Standing(StrEnum):
    """How an area compares with its group's average, by the group's limits (docs/methods.md, "Most similar group")."""

    ABOVE = "Above"
    IN_LINE = "In line"
    BELOW = "Below"


class Polarity(StrEnum):
    """Whether a rise in an offence row is worse, or may only show more policing."""

    LOWER_IS_BETTER = "lower is better"
    ACTIVITY = "police activity"


class Kind(StrEnum):
    """Kinds of offence by how much they move in a year, the steadiest first (docs/methods.md, "Usual movement").

    Some categories were not measured by themselves. Each is given the kind that moves about as much as it did in the
    same counts (districts, January to March 2024 and 2025, ten offences or more): weapons like criminal damage,
    anti-social behaviour like robbery, other crime like burglary, theft from the person like bicycle theft.
    """

    VIOLENCE_AND_SEXUAL = "violence and sexual"
    PUBLIC_ORDER = "public order"
    OTHER_THEFT = "other theft"
    CRIMINAL_DAMAGE_AND_ARSON = "criminal damage and arson"
    ROBBERY = "robbery"
    BURGLARY = "burglary"
    SHOPLIFTING = "shoplifting"
    VEHICLE = "vehicle"
    DRUGS = "drugs"
    BICYCLE_THEFT = "bicycle theft"

    @classmethod
    def most(cls, kinds: Iterable[Kind]) -> Kind:
        """Return the one of some kinds that moves most."""
        return max(kinds, key=list(cls).index)


def as_shown(status: Status) -> str:
    """Return a status as a cell shows it: its icon, a space, its words."""
    return f"{STATUS_ICONS[status]} {status}"
