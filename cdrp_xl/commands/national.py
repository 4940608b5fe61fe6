"""What the command for many partnerships shows: its bar of progress, and what it did."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cdrp_xl import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bar

    from cdrp_xl.workbooks.national.running import Progress, Ran

_MOST_NAMED = 10


def summary(ran: Ran, *, in_full: bool) -> dict[str, object]:
    """Return what a run did, every pack that could not be made for a program, the first for a person."""
    failed = [f"{each.area}: {each.needed[0].what}" for each in ran.failed]
    rest = [] if in_full else [f"and {len(failed) - _MOST_NAMED:,} more"] if len(failed) > _MOST_NAMED else []
    warehouse = ran.counted
    return {
        "rows_counted_in_the_warehouse": warehouse.rows if warehouse else None,
        "rows_without_a_reference": warehouse.without_reference if warehouse else None,
        "packs_made": ran.made,
        "packs_that_were_right_already": ran.kept,
        "packs_that_could_not_be_made": len(failed),
        "why": (failed if in_full else failed[:_MOST_NAMED]) + rest,
        "findings_that_block": sum(each.blocking for each in ran.outcomes),
        "lines_for_a_person": sum(len(each.needed) for each in ran.outcomes),
        "summary": str(ran.summary),
        "index": str(ran.index),
    }


class _Noted:
    """Progress in steps, for who asked for every one."""

    def doing(self, what: str) -> None:
        """Note what is being done."""
        terminal.step(what)

    def made(self, done: int, of: int, area: str) -> None:
        """Note a pack that was made."""
        terminal.step(f"{done:,} of {of:,}: {area}")


class _OnABar:
    """Progress on a bar, with the time left."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("Beginning", total=None)

    def doing(self, what: str) -> None:
        """Say what is being done."""
        self._bar.update(self._task, description=_in_one_line(what))

    def made(self, done: int, of: int, area: str) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=of, description=_in_one_line(area))


def _in_one_line(text: str) -> str:
    from rich.markup import escape

    return escape(terminal.in_one_line(terminal.shown(text)))


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """Show how far a run is, where a person looks on."""
    if quiet or terminal.says_steps() or not sys.stderr.isatty():
        yield _Noted()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.__stderr__), transient=True) as bar:
        yield _OnABar(bar)
