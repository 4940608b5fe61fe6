"""How each offence of an extract was counted: under which row, by which rule, and what changed since last time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cdrp_xl.errors import name_some
from cdrp_xl.report.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.periods import Period
    from cdrp_xl.tables import Counts

RowsByOffence: TypeAlias = dict[tuple[str, str], str]
"""By offence as written, and what a second column says about it: the row that it is counted under, empty for none."""

LONGEST_TEXT = 250
"""Characters of an offence's words that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedOffence:
    """One offence as the extract writes it, and the row that it was counted under.

    Attributes
    ----------
    written, beside
        The offence, and what a second column says about it.
    offence
        The offence of its code, in words; empty where the code could be several, or is not counted.
    rows
        Rows of the extract that have it; 0 where none has it any more. Unit: rows.
    counted_under
        The narrowest row, empty where it is not counted.
    rule
        How that was found.
    remark
        What it could be as well, or which rows it is not counted in since nothing says that it belongs there.
    change
        What changed since the quarter before, empty where nothing did.
    """

    written: str
    beside: str
    offence: str
    rows: int
    counted_under: str
    rule: str
    remark: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenceMapping:
    """All offences of an extract; those that changed come first, then those of most rows. `intro` sums them up."""

    intro: str
    offences: tuple[MappedOffence, ...]


def build(counts: Counts | None, *, period: Period, before: Mapping[Period, RowsByOffence]) -> OffenceMapping | None:
    """Return how each offence was counted; None where no source has offences that had to be read.

    Parameters
    ----------
    counts
        The counts of the source whose offences were read; None where there is none.
    period
        The quarter reported.
    before
        What offences were counted under in other quarters; the last before this one is compared with.
    """
    if counts is None:
        return None
    readings, descriptions = counts.readings, counts.classification.descriptions
    earlier = max((quarter for quarter in before if quarter < period), default=None)
    known = before[earlier] if earlier else None
    found = [_mapped(reading, descriptions, known) for reading in readings]
    found += _gone(rows_by_offence(readings), known or {})
    changed = sum(bool(each.change) for each in found)
    since = say("mapping", "since", quarter=earlier.name, changed=changed) if earlier else say("mapping", "first")
    unsure = sum(bool(each.remark) for each in found)
    left_open = say("mapping", "unsure", unsure=f"{unsure:,}") if unsure else ""
    return OffenceMapping(
        intro=say("mapping", "intro", offences=f"{len(readings):,}", unsure=left_open, since=since),
        offences=tuple(sorted(found, key=lambda each: (not each.change, -each.rows, each.written, each.beside))),
    )


def rows_by_offence(readings: Sequence[Reading]) -> RowsByOffence:
    """Return the row that each offence is counted under, empty where it is not counted."""
    return {(each.written.text, each.written.beside): _row(each) for each in readings}


def _mapped(reading: Reading, descriptions: Mapping[str, str], known: RowsByOffence | None) -> MappedOffence:
    written, row = reading.written, _row(reading)
    change = ""
    if known is not None:
        was = known.get((written.text, written.beside))
        if was is None:
            change = say("mapping", "new")
        elif was != row:
            change = say("mapping", "moved", was=was or say("mapping", "not_counted"))
    return MappedOffence(
        written=written.text[:LONGEST_TEXT],
        beside=written.beside[:LONGEST_TEXT],
        offence=descriptions.get(reading.code or "", "") if len(reading.could_be) == 1 else "",
        rows=written.rows,
        counted_under=row,
        rule=reading.rule.value if reading.rule else "",
        remark=remark(reading),
        change=change,
    )


def _gone(now: RowsByOffence, known: RowsByOffence) -> Iterator[MappedOffence]:
    """Yield what was in the extract of the quarter before, and is no longer."""
    for (written, beside), row in known.items():
        if (written, beside) not in now:
            yield MappedOffence(
                written=written[:LONGEST_TEXT],
                beside=beside[:LONGEST_TEXT],
                offence="",
                rows=0,
                counted_under=row,
                rule="",
                remark="",
                change=say("mapping", "gone"),
            )


def _row(reading: Reading) -> str:
    return reading.row.name if reading.row else ""


def remark(reading: Reading) -> str:
    """Return what an offence could be as well, or which rows it is in none of; empty where nothing is open."""
    if reading.undecided:
        rows = name_some([row.name for row in reading.undecided])
        return say("mapping", "undecided", codes=name_some(reading.could_be), rows=rows)
    if reading.is_ambiguous and reading.row is not None and not reading.row.is_leaf:
        return say("mapping", "ambiguous", codes=name_some(reading.could_be))
    return ""
