"""The rates that a file prints beside its counts: they are worked out again, and those that differ are listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.tables import Cell

    Given = tuple[str, int, tuple[int, ...], Cell]

PER = 1000

_RATE = re.compile(r"\d+(\.\d+)?")


def checked(text: str, *, where: str) -> str:
    """Return a rate as it is written, and refuse anything else; blank is not a rate."""
    if text and not _RATE.fullmatch(text):
        raise ValueFoundError(
            f"The rate is {quoted(text)}, not a number.", where=where, remedy='Write it as "1.43", or leave it blank.'
        )
    return text


def differing(given: Sequence[Given]) -> list[str]:
    """Return a sentence on the rates that are not those of their own counts, given with residents and cell."""
    wrong = [
        (rate, cell) for rate, offences, residents, cell in given if rate and not _is_of(rate, offences, residents)
    ]
    if not wrong:
        return []
    rate, (area, _, period) = wrong[0]
    number = "1 rate is" if len(wrong) == 1 else f"{len(wrong):,} rates are"
    whose = f"{area} in {period.heading}"
    said = f"{number} not per 1,000 of the row's own people or households; the first, {rate}, is that of {whose}."
    return [f"{said} Rates are worked out again."]


def _is_of(rate: str, offences: int, residents: tuple[int, ...]) -> bool:
    """Return whether a published rate is that of a count, to its own number of decimals."""
    half = 0.5000001 * 10.0 ** -len(rate.partition(".")[2])
    return not residents or any(abs(PER * offences / number - float(rate)) <= half for number in residents)
