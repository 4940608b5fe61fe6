"""A section of the partnership's own, as a copy shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.sources.own_ranges import Kind, OwnTable

if TYPE_CHECKING:
    from cdrp_xl.terms import Marking

__all__ = ["Kind", "OwnPage", "OwnTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """One section of the partnership's own: its table, what is said about it, and what of it is drawn.

    Its words are its commentary. `table` is None where there are words alone. `drawn` are the headings of what is in
    its chart; without any there is none.
    """

    section_id: str
    title: str
    marking: Marking
    table: OwnTable | None
    about: str
    drawn: tuple[str, ...]
    has_lines: bool
    chart_alt_text: str
