"""What may be typed into a column, as the rule of data validation that Excel and LibreOffice keep with its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdrp_xl.sheets import Figure, FigureKind

if TYPE_CHECKING:
    from cdrp_xl.sheets import Column

LONGEST_TITLE, LONGEST_HINT = 32, 255
"""Characters that a spreadsheet program shows; XlsxWriter refuses more."""

_FIRST_DAY = 32_874
"""1 January 1990, as a spreadsheet counts days."""


def rule(column: Column, cell: str, *, source: list[str] | str = "") -> dict[str, Any]:
    """Return the rule for a column's cells, the first of which is `cell`, in XlsxWriter's words; none where none is.

    `source` has the choices, or says where they are.
    """
    title, hint = column.heading[:LONGEST_TITLE], column.hint[:LONGEST_HINT]
    message = {"input_title": title, "input_message": hint} if hint else {}
    if source:
        choose = "Choose one of the list, or leave the cell empty."
        return {"validate": "list", "source": source, "error_title": title, "error_message": choose, **message}
    if column.figure:
        formula = f"={_formula(column.figure, cell)}"
        return {"validate": "custom", "value": formula, "error_title": title, "error_message": hint, **message}
    return {"validate": "any", **message} if message else {}


def _formula(figure: Figure, cell: str) -> str:
    """Return the formula that holds where a figure, or a word that may replace one, was typed."""
    bounds = [f"{cell}>={figure.least}", f"{cell}<={figure.most}"]
    if figure.kind is FigureKind.DATE:
        bounds = [f"{cell}>={_FIRST_DAY}"]
    if figure.kind is FigureKind.WHOLE:
        bounds.append(f"{cell}=INT({cell})")
    words = ",".join(f'LOWER({cell})="{word}"' for word in figure.instead)
    return f"IF(ISNUMBER({cell}),AND({','.join(bounds)}),{f'OR({words})' if words else 'FALSE'})"
