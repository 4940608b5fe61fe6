"""What the master's worksheet Control holds: what the analyst typed there, and what the refreshes said."""

from __future__ import annotations

from dataclasses import dataclass

NOT_YET = "Not refreshed yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One refresh, as the log has it."""

    when: str
    quarter: str
    rows_read: int | str
    """A number, or what else is in the log."""
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What the worksheet shows. `folder` and `quarter` are as typed, `log` has the newest refresh first."""

    status: str = NOT_YET
    last_refresh: str = NOT_YET
    folder: str = ""
    quarter: str = ""
    log: tuple[LogRow, ...] = ()
