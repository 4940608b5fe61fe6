"""What the doctor says about one thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether something is as it has to be: a note is what can do without, or what only a person can judge."""

    RIGHT = "right"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, what was found, where, and how to put it right where it needs that."""

    what: str
    found: str
    where: str = ""
    verdict: Verdict = Verdict.RIGHT
    remedy: str = ""


def wrong(what: str, found: str, *, where: object, remedy: str) -> Finding:
    """Return what keeps something from working."""
    return Finding(what=what, found=found, where=str(where), verdict=Verdict.WRONG, remedy=remedy)


def note(what: str, found: str, *, where: object, remedy: str) -> Finding:
    """Return what can do without, or what only a person can judge."""
    return Finding(what=what, found=found, where=str(where), verdict=Verdict.NOTE, remedy=remedy)
