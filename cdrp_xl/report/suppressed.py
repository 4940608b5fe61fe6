"""What was done to the small counts of one worksheet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """How many cells of one worksheet were hidden or rounded, and why.

    Of the `unsafe` ones, `exposed` can't be protected as the policy wants: figures published elsewhere bound them.
    """

    sheet: str
    is_rounded: bool
    unsafe: int
    hidden: int
    exposed: int
