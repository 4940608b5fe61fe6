"""The commands for a partnership's settings."""

from __future__ import annotations

import json

import typer

from cdrp_xl import terminal
from cdrp_xl.commands.options import AsJson, Folder  # noqa: TC001 - typer reads them while running

app = typer.Typer(help="A partnership's settings, partnership.toml.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Keep the name of the one command: Typer leaves it out otherwise."""


@app.command("check")
def check(folder: Folder, *, as_json: AsJson = False) -> None:
    """List every mistake in partnership.toml, and every file that it names and that is missing; ends with 1 if any."""
    from cdrp_xl.settings import FILE_NAME
    from cdrp_xl.settings.checking import check as run

    mistakes = run(folder)
    if as_json:
        terminal.say(json.dumps({"mistakes": mistakes}, indent=1, ensure_ascii=False))
    else:
        terminal.say("\n".join(mistakes) or f"{FILE_NAME} has no mistakes.")
    if mistakes:
        raise typer.Exit(1)
