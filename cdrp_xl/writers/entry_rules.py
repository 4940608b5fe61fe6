"""What may be typed into a cell, as the rule of data validation that Excel and LibreOffice keep with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdrp_xl.sheets import Allows, Entry

if TYPE_CHECKING:
    from cdrp_xl.sheets import Column

LONGEST_TITLE, LONGEST_PROMPT = 32, 255
"""Characters that a spreadsheet program shows of a message; XlsxWriter refuses longer ones."""

_FIRST_DAY = 32_874
"""1 January 1990, as a spreadsheet counts days."""


def rule(column: Column, cell: str) -> dict[str, Any]:
    """Return the rule for a column's cells, the first of which is `cell`, in XlsxWriter's words."""
    entry = column.entry or Entry(allows=Allows.TEXT, prompt="")
    title, prompt = column.heading[:LONGEST_TITLE], entry.prompt[:LONGEST_PROMPT]
    said = {"input_title": title, "input_message": prompt, "error_title": title, "error_message": prompt}
    if entry.allows is Allows.TEXT:
        return {"validate": "any", **said}
    if entry.allows is Allows.CHOICE:
        return {"validate": "list", "source": list(entry.choices), **said}
    return {"validate": "custom", "value": f"={_formula(entry, cell)}", **said}


def _formula(entry: Entry, cell: str) -> str:
    """Return the formula that holds where a figure, or a word that may stand instead of one, was typed."""
    is_date = entry.allows is Allows.DATE
    bounds = [f"{cell}>={_FIRST_DAY if is_date else entry.least}"] + ([] if is_date else [f"{cell}<={entry.most}"])
    bounds += [f"{cell}=INT({cell})"] if entry.allows is Allows.WHOLE else []
    words = ",".join(f'LOWER({cell})="{word}"' for word in entry.instead)
    return f"IF(ISNUMBER({cell}),AND({','.join(bounds)}),{f'OR({words})' if words else 'FALSE'})"
