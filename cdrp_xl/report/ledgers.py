"""What became of every row that was read, as the worksheet Checks says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import OFFENDERS_NAMED
from cdrp_xl.report.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.tables import LeftOut, Origin


def checks(origin: Origin) -> Iterator[Check]:
    """Yield what to know about a source: what to look at, its remarks, what was left out and why, and the sum."""
    for sentence in origin.to_look_at:
        yield Check(what=origin.source, holds=False, detail=sentence)
    for remark in (*origin.notes, *origin.remarks):
        yield Check(what=origin.source, holds=True, detail=remark)
    for line in origin.left_out_lines:
        yield Check(what=origin.source, holds=line.is_usual, detail=_not_counted(line))
    if origin.rows_read:
        yield Check(what=origin.source, holds=True, detail=_sum(origin))


def to_look_at(origins: Iterable[Origin]) -> tuple[str, ...]:
    """Return what the analyst must look at of the rows of all sources, the first in words; the checks have them all."""
    every = [
        f"{origin.source}: {said}"
        for origin in origins
        for said in (*origin.to_look_at, *(_not_counted(line) for line in origin.left_out_lines if not line.is_usual))
    ]
    more = len(every) - OFFENDERS_NAMED
    return (*every[:OFFENDERS_NAMED], *([f"{more:,} more lines are on the worksheet Checks."] if more > 0 else []))


def _not_counted(line: LeftOut) -> str:
    return f"{rows(line.rows, 'was', 'were')} not counted: {line.reason}{line.places}."


def rows(count: int, one: str, several: str) -> str:
    """Return a number of rows with its verb: ``1 row was``, ``12 rows were``."""
    return f"1 row {one}" if count == 1 else f"{count:,} rows {several}"


def _sum(origin: Origin) -> str:
    left_out = origin.rows_read - origin.rows_counted
    read = rows(origin.rows_read, "was", "were")
    if not left_out:
        return f"{read} read, and {'it was' if origin.rows_read == 1 else 'all were'} counted."
    return f"{read} read: {origin.rows_counted:,} counted and {left_out:,} not counted."
