"""The rows of a file that make a count, by their numbers, so that a person can look at each."""

from __future__ import annotations

from dataclasses import dataclass

REFERENCES_NAMED = 10
"""How many references of rows are named, for the analyst to look up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRows:
    """The rows of one file, or worksheet, that make a count.

    Attributes
    ----------
    file
        The file's name.
    rows
        Their numbers, as a spreadsheet numbers rows.
    references
        The first references that they have, for the analyst alone; empty where rows have none.
    heading
        The heading under which they hold the numbers that are added up; empty where each row is one offence.
    offences
        What they add up to. Unit: offences.
    """

    file: str
    worksheet: str
    rows: tuple[int, ...]
    references: tuple[str, ...]
    heading: str
    offences: int
