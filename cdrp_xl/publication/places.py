"""Where in a workbook something was found: one spot, or places of a kind that are counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from cdrp_xl.errors import name_some

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a rule found something, and what in particular, such as the name that it has."""

    part: str = ""
    sheet: str = ""
    cell: str = ""
    detail: str = ""


@dataclass(slots=True)
class Places:
    """Places of one kind: all are counted, and the first are named."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, address: str) -> None:
        """Count one more place."""
        self.count += 1
        if self.count <= _MOST_NAMED:
            self.first.append(address)

    def __bool__(self) -> bool:
        return self.count > 0

    def __str__(self) -> str:
        rest = self.count - len(self.first)
        return name_some(self.first, named=_MOST_NAMED) + (f" and {rest:,} more" if rest else "")
