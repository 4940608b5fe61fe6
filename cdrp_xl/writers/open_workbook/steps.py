"""The steps that a filling has taken, each with how it is put back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True, kw_only=True)
class Steps:
    """Steps, the last of which is put back first, and the worksheet that each of them changed."""

    _back: list[tuple[str, Callable[[], object]]] = field(default_factory=list)

    def before(self, sheet: str, undo: Callable[[], object]) -> None:
        """Note how the step that follows is put back."""
        self._back.append((sheet, undo))

    def put_back(self) -> list[str]:
        """Undo every step, the last first; return the worksheets on which that failed."""
        mixed: dict[str, None] = {}
        while self._back:
            sheet, undo = self._back.pop()
            try:
                undo()
            except Exception:  # noqa: BLE001 - whatever it is, the rest is put back, and the worksheet is named
                mixed[sheet] = None
        return list(mixed)
