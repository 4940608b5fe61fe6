"""What is counted beside the rows of a classification: each a key of its own kind, which no row's id can be taken for.

They are structs and no data classes, since msgspec writes and reads them where counts are kept in a file
(`sources.stored_counts`); everywhere else they are what they are, and nothing is made out of their text.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class PriorityOffences(Struct, frozen=True, omit_defaults=True, tag="priority"):
    """The offences of one priority: those that its locus selects, or what it prints of its rows together."""

    priority_id: str


class FarmOffences(Struct, frozen=True, omit_defaults=True, tag="farm"):
    """Farm crime: all of it, that of one offence group, or that of a group at one locus."""

    group: str = ""
    locus: str = ""


class FarmRepeats(Struct, frozen=True, omit_defaults=True, tag="farm repeats"):
    """Farm crime's repeat offences, whom they were against, or the offences for which nobody is named."""

    counted: Literal["offences", "victims", "unnamed"]


class RowOffences(Struct, frozen=True, omit_defaults=True, tag="row"):
    """The offences of a row in a locality, at a locus or with a flag; where no row is named, of every row apart."""

    row_id: str = ""
    locality: str = ""
    locus: str = ""
    flag: str | None = None


class QuestionOffences(Struct, frozen=True, omit_defaults=True, tag="question"):
    """The offences that a local question asks for, by its number from 1; all of them, or those with its flag."""

    number: int
    flag: str | None = None


class RemainingOffences(Struct, frozen=True, omit_defaults=True, tag="rest"):
    """The offences of several rows together that no worksheet counts, but a whole less its other parts gives."""

    row_ids: tuple[str, ...]
    flag: str | None = None


Selected = PriorityOffences | FarmOffences | FarmRepeats | RowOffences | QuestionOffences | RemainingOffences


class RowBeforeRevision(Struct, frozen=True, tag="former"):
    """What earlier copies counted of a row before that was revised; no worksheet of the present copy has it."""

    row: str | Selected


RowKey = str | Selected | RowBeforeRevision
"""What a count is of: an offence row, by its id, or what is selected beside the rows."""


def row_itself(row: RowKey) -> str | Selected:
    """Return the row itself, also for what was counted of it before a revision."""
    return row.row if isinstance(row, RowBeforeRevision) else row
