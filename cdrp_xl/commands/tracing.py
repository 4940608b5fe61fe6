"""Commands for an auditor: where a figure comes from, and what was done run by run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it while running
from typing import Annotated

import typer

from cdrp_xl import output, paths, terminal
from cdrp_xl.commands.options import AsJson, Folder, progress_shown, today


def explain(
    place: Annotated[
        Path,
        typer.Argument(
            help="The partnership's folder, or a published copy with its certificate beside it.",
            show_default=False,
            readable=False,
            callback=paths.as_spelt,
        ),
    ],
    asked: Annotated[
        str,
        typer.Argument(
            help='A cell ("CADET highlights!D12"), a figure\'s name, a worksheet function, or a sentence.',
            show_default=False,
        ),
    ],
    *,
    for_partners: Annotated[
        bool, typer.Option("--for-partners", help="Leave out the numbers and references of rows.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show where a figure comes from: files, rows, query, definitions, what it was judged by, revisions."""
    from cdrp_xl.workbooks import explaining_copy
    from cdrp_xl.workbooks.asking import explained

    if place.is_file():
        certified = explaining_copy.explain(place, asked)
        terminal.say((output.certified_json if as_json else output.certified_text)(certified))
        return
    with progress_shown(quiet=as_json) as progress:
        found = explained(place, asked, today=today(), progress=progress)
    if for_partners:
        found = tuple(each.for_partners() for each in found)
    terminal.say((output.explanations_json if as_json else output.explanations_text)(found))


def history(folder: Folder, *, as_json: AsJson = False) -> None:
    """Show, run by run, what was read, decided, overridden and published, by which version and settings."""
    from cdrp_xl.workbooks.history import runs

    found = runs(folder)
    terminal.say(output.history_json(found) if as_json else output.history_text(found))
