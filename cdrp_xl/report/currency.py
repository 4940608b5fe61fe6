"""How up to date the sources of a report are: an impossible date is refused, the others are listed with their lag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.report.model import SourceLine

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from cdrp_xl.periods import Period
    from cdrp_xl.tables import Counts, Origin


def check(counted: Iterable[Counts], others: Iterable[Origin], *, period: Period, today: dt.date) -> None:
    """Refuse a source that is dated in the future, or whose counts are from before the period ended.

    Parameters
    ----------
    counted
        The sources that are counted.
    others
        The origins of what has periods of its own.
    period
        The quarter reported.
    today
        The day on which it is.

    Raises
    ------
    CannotBeComputedError
        If a source is dated so.

    Notes
    -----
    docs/methods.md, "How up to date the figures are".
    """
    for source in counted:
        _check_not_future(source.origin, today)
        _check_taken_after(source.origin, period)
    for origin in others:
        _check_not_future(origin, today)


def lines(
    counted: Iterable[Counts], others: Iterable[Origin], *, table: Counts, period: Period
) -> tuple[SourceLine, ...]:
    """Return for every source what it is used for, the date it is as at, its next release and its lag.

    Parameters
    ----------
    counted
        The sources that are counted.
    others
        The origins of what has periods of its own.
    table
        The source of the highlights table.
    period
        The quarter reported, from whose last day the lag is counted. Unit: days.
    """
    used = "Highlights and priorities"
    checked = "Check of the highlights; priorities where it alone covers them"
    return (
        *(_line(each.origin, used if each is table else checked, each.coverage, period) for each in counted),
        *(_line(each, "Position in the most similar group", each.covers, period) for each in others),
    )


def _check_taken_after(origin: Origin, period: Period) -> None:
    if origin.as_at is not None and origin.as_at <= period.last_day:
        raise CannotBeComputedError(
            f"{origin.source} was taken on {origin.as_at:%d/%m/%Y}, before {period.words} had ended.",
            where="partnership.toml, as_at",
            remedy="Ask for a newer extract, or report an earlier quarter.",
        )


def _check_not_future(origin: Origin, today: dt.date) -> None:
    if origin.as_at is not None and origin.as_at > today:
        raise CannotBeComputedError(
            f"{origin.source} is dated {origin.as_at:%d/%m/%Y}, which is in the future.",
            where="partnership.toml, as_at",
            remedy="Write the day on which the extract was taken.",
        )


def _line(origin: Origin, used_for: str, covers: str, period: Period) -> SourceLine:
    return SourceLine(
        source=origin.source,
        publisher=origin.publisher,
        used_for=used_for,
        covers=covers,
        as_at=origin.as_at,
        next_release=origin.next_release,
        lag=_lag(origin, period),
    )


def _lag(origin: Origin, period: Period) -> str:
    if origin.as_at is None:
        return ""
    days = (origin.as_at - period.last_day).days
    side = "after" if days > 0 else "before"
    return f"{abs(days)} {'day' if abs(days) == 1 else 'days'} {side} {period.words} ended"
