"""What the gate says: a rule finds spots in a workbook, and each spot becomes a finding in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.errors import place, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cdrp_xl.publication.book import Book
    from cdrp_xl.publication.places import Spot


class Severity(StrEnum):
    """What a finding means for the workbook: it may not leave, somebody should look, or it is good to know."""

    BLOCKS = "blocks"
    LOOK = "look"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that the gate looks for. `what` reads as a sentence of its own, without its full stop."""

    rule_id: str
    severity: Severity
    what: str
    why: str
    remedy: str
    find: Callable[[Book], Iterable[Spot]] = field(repr=False)


def rule(
    rule_id: str, severity: Severity, *, what: str, why: str, remedy: str
) -> Callable[[Callable[[Book], Iterable[Spot]]], Rule]:
    """Return what makes a rule of the function below it, so that its words are beside its code."""
    return lambda find: Rule(rule_id=rule_id, severity=severity, what=what, why=why, remedy=remedy, find=find)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found: how grave it is, where, what and why, and how to put it right."""

    rule_id: str
    severity: Severity
    part: str
    sheet: str
    cell: str
    what: str
    why: str
    remedy: str

    @property
    def finding_id(self) -> str:
        """By what the finding is known again, such as when somebody accepted it: its rule and its place."""
        place_in_book = "!".join(part for part in (self.sheet, self.cell) if part) or self.part
        return f"{self.rule_id} {place_in_book}".strip()

    @property
    def where(self) -> str:
        """The place as an analyst reads it: worksheet and cell first, otherwise the part of the package."""
        named = [place(sheet=self.sheet), f"cell {self.cell}" if self.cell else ""]
        named += [f"part {quoted(self.part)}" if self.part else ""]
        return ", ".join(name for name in named if name) or "the workbook"


def found_at(rule: Rule, spot: Spot) -> Finding:
    """Return the finding of a rule at one spot."""
    return Finding(
        rule_id=rule.rule_id,
        severity=rule.severity,
        part=spot.part,
        sheet=spot.sheet,
        cell=spot.cell,
        what=f"{rule.what}: {spot.detail}." if spot.detail else f"{rule.what}.",
        why=rule.why,
        remedy=rule.remedy,
    )
