"""What lies over the cells of a worksheet and is not a figure: buttons and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button of the master, its caption and the macro that it runs.

    `left` is its distance from the left of its column; lengths are in pixels at 96 to the inch.
    """

    caption: str
    macro: str
    row: int = 0
    column: int = 0
    left: int = 0
    width: int = 130
    height: int = 32

    @property
    def name(self) -> str:
        """The name that distinguishes it from other blocks."""
        return f"btn{self.macro}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture over empty cells, with its alternative text.

    Lengths are in pixels at 96 to the inch, `left` from the left of its column.
    """

    name: str
    content: bytes = field(repr=False)
    alt_text: str
    width: int
    height: int
    row: int = 0
    column: int = 0
    left: int = 0

    @property
    def kind(self) -> str:
        """Its form, as a file's ending and a browser have it."""
        return "png" if self.content.startswith(b"\x89PNG") else "jpeg"
