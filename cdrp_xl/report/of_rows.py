"""What is made of single rows beside the highlights, frozen: wards or the like, and what came of offences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cdrp_xl.offences import Row
    from cdrp_xl.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """One offence row in one place. Units: offences; fraction; offences per 1,000 people. Symbols as elsewhere."""

    place: str
    row: Row
    earlier: int | str
    later: int | str
    change: int | str
    apparent_change: float | str
    rate: float | str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesTable:
    """Wards, beats, parishes or neighbourhoods: a line to each, row by row, with the area's total under them.

    `called` is what one of them is, `has_rates` says that people are known; `how` is what the reader must know.
    """

    title: str
    called: str
    earlier: Period
    later: Period
    lines: tuple[PlaceLine, ...]
    has_rates: bool
    how: str


class OutcomesOf(NamedTuple):
    """The offences of a period, and the shares of them with an outcome. Units: offences; fractions; or a symbol."""

    offences: int | str
    positive: float | str
    still_open: float | str
    not_known: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """What came of the offences of one row in both periods."""

    row: Row
    later: OutcomesOf
    earlier: OutcomesOf


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesTable:
    """What came of offences, row by row; `how` is what the reader must know, the lag above all."""

    earlier: Period
    later: Period
    lines: tuple[OutcomeLine, ...]
    how: str


class OfRows(NamedTuple):
    """What is made of single rows beside the highlights, where it is asked for; and the flags that rows may have."""

    places: PlacesTable | None
    outcomes: OutcomesTable | None
    flags: tuple[str, ...]
