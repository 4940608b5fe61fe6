"""Write the table of rules in docs/gate.md again, from the rules themselves."""

from __future__ import annotations

from pathlib import Path

from cdrp_xl.publication.in_words import as_table
from cdrp_xl.publication.rules import RULES

DOCUMENT = Path(__file__).with_suffix(".md")
MARK = "<!-- The table below is written by docs/gate.py. -->\n"

if __name__ == "__main__":
    head, mark, _ = DOCUMENT.read_text(encoding="utf-8").partition(MARK)
    DOCUMENT.write_text(f"{head}{mark}\n{as_table(RULES)}\n", encoding="utf-8")
