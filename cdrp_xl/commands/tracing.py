"""Commands for an auditor: what was done run by run."""

from __future__ import annotations

from cdrp_xl import printed, terminal
from cdrp_xl.commands.options import AsJson, Folder  # noqa: TC001 - typer reads them while running


def history(folder: Folder, *, as_json: AsJson = False) -> None:
    """Say run by run what was read, decided, overridden and published, by which version and settings."""
    from cdrp_xl.workbooks.history import runs

    found = runs(folder)
    terminal.say(printed.history_json(found) if as_json else printed.history_text(found))
