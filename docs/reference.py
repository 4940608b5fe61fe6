"""Write the pages of reference that the program itself makes: options in commands.md, and classifications.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cdrp_xl import commands, offences
from cdrp_xl.terms import Polarity

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parent
MARK = "<!-- The table below is written by docs/reference.py. -->\n"
OF_ALL = ("`--json`", "`--quiet`")
CLASSIFICATIONS = """# Offence classifications

Written by `make reference` from `cdrp_xl/classifications`. Name a row in the settings by its id, or as it is printed. A
leaf shares no offence with another leaf; leaves are tested one by one for emerging issues. How much a row is expected
to move goes by its kind: [methods.md](methods.md#usual-movement).
"""
MOST_CODES = 20


def with_options(text: str) -> str:
    """Return the page of commands with every option in its table."""
    head, mark, _ = text.partition(MARK)
    lines = ["| command | option | what it does |", "|---|---|---|"]
    for name, command in _every(typer.main.get_command(commands.app)):
        for option in command.params:
            names = ", ".join(f"`{each}`" for each in option.opts if each.startswith("--"))
            if names and names not in OF_ALL:
                lines.append(f"| `cdrp-xl {name}` | {names} | {_cell(option.help)} |")
    return f"{head}{mark}\n" + "\n".join(lines) + "\n"


def classifications() -> str:
    """Return the page of classifications."""
    return CLASSIFICATIONS + "".join(_classification(offences.load(name)) for name in offences.NAMES)


def _every(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield each command by its name, those within others too."""
    if not hasattr(command, "commands"):
        yield " ".join(path), command
        return
    for name, inner in command.commands.items():
        yield from _every(inner, (*path, name))


def _classification(found: offences.Classification) -> str:
    lines = [f"\n## {found.classification_id}\n", f"{found.title}. {found.source}\n"]
    lines += ["| row | id | codes | kind | what to know |", "|---|---|---|---|---|"]
    parts = {identity.whole: identity.parts for identity in found.identities}
    for row in found.rows:
        said = ["leaf"] * row.is_leaf + ["police activity"] * (row.polarity is Polarity.ACTIVITY)
        said += [" + ".join(found.row(part).name for part in parts.get(row.row_id, ()))]
        said += [row.definition, *(f"from {each.start:%B %Y}: {each.what}" for each in row.changes)]
        known = sorted(row.codes - {row.own_code}, key=_in_order)
        codes = ", ".join(known if row.row_id not in parts and len(known) <= MOST_CODES else ())
        lines.append(f"| {row.name} | `{row.row_id}` | {codes} | {row.kind} | {_cell('; '.join(filter(None, said)))} |")
    return "\n".join(lines) + "\n"


def _in_order(code: str) -> tuple[int, str]:
    number = re.match(r"\d+", code)
    return (int(number[0]) if number else 10_000), code


def _cell(words: str | None) -> str:
    return " ".join((words or "").replace("|", r"\|").split())


if __name__ == "__main__":
    page = DOCS / "commands.md"
    page.write_text(with_options(page.read_text(encoding="utf-8")), encoding="utf-8")
    (DOCS / "classifications.md").write_text(classifications(), encoding="utf-8")
