"""What the gate says: a rule finds spots in a workbook, and each spot becomes a finding in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl.errors import name_some, place, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cdrp_xl.publication.book import Book


class Severity(StrEnum):
    """What a finding means for the workbook: it may not leave, somebody should look, or it is good to know."""

    BLOCKS = "blocks"
    LOOK = "look"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a rule found something, and what in particular, such as the name that it has."""

    part: str = ""
    sheet: str = ""
    cell: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that the gate looks for. `what` stands alone as a sentence, without its full stop."""

    rule_id: str
    severity: Severity
    what: str
    why: str
    remedy: str
    find: Callable[[Book], Iterable[Spot]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found: how grave it is, where, what and why, and how to mend it."""

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
        """The place as an analyst reads it: worksheet and cell first, else the part of the package."""
        named = [place(sheet=self.sheet), f"cell {self.cell}" if self.cell else ""]
        named += [f"part {quoted(self.part)}" if self.part else ""]
        return ", ".join(name for name in named if name) or "the workbook"


@dataclass(slots=True)
class Places:
    """Places of one kind: all are counted, and the first are named."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, address: str) -> None:
        """Count one more place."""
        self.count += 1
        if self.count <= _NAMED:
            self.first.append(address)

    def __bool__(self) -> bool:
        return self.count > 0

    def __str__(self) -> str:
        rest = self.count - len(self.first)
        return name_some(self.first, named=_NAMED) + (f" and {rest:,} more" if rest else "")


_NAMED = 3


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
