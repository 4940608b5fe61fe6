"""What commands share: their options, and how they say what they do and did."""

from __future__ import annotations

import datetime as dt
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cdrp_xl import paths, terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.periods import Period

Folder = Annotated[
    Path, typer.Argument(help="The partnership's folder.", show_default=False, readable=False, callback=paths.as_spelt)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
QuarterOption = Annotated[str, typer.Option(help='The quarter, such as "2011-12-Q1".', show_default=False)]


def show(what: dict[str, object], *, as_json: bool, quiet: bool) -> None:
    """Print what was done: every key for a program, what there is to say for a person; none of something is said."""
    if as_json:
        terminal.say(json.dumps(what, indent=1, ensure_ascii=False))
    elif not quiet:
        for key, value in what.items():
            name = key.replace("_", " ")
            if value is True:
                terminal.say(f"{name[0].upper()}{name[1:]}.")
            elif value is not False and value not in (None, [], {}):
                terminal.say(f"{name[0].upper()}{name[1:]}: {_plain(value)}")


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_plain(part)}" for name, part in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(_plain(part) for part in value)
    return f"{value:,}" if isinstance(value, int) else terminal.in_one_line(str(value))


def as_texts(files: tuple[Path, ...]) -> list[str]:
    """Return the places of files as they are printed."""
    return [str(file) for file in files]


@contextmanager
def progress_shown(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done, where a person looks on; who asked for every step has it printed in any case."""
    if quiet or terminal.says_steps() or not sys.stderr.isatty():
        yield terminal.step
        return
    from rich.console import Console
    from rich.text import Text

    # Its own escape sequences are to reach the terminal, and none that a file's name may hold.
    with Console(file=sys.__stderr__).status("Beginning") as status:
        yield lambda doing: status.update(Text(terminal.in_one_line(doing)))


def today() -> dt.date:
    """Return the day where the command runs."""
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def quarter_typed(text: str) -> Period | None:
    """Return the quarter that was typed, None where none was; see `period_typed`."""
    from cdrp_xl.workbooks.refreshing import check_quarter

    period = period_typed(text, option="--quarter")
    return check_quarter(period) if period else None


def period_typed(text: str, *, option: str) -> Period | None:
    """Return the period that was typed for an option, None where none was.

    Raises
    ------
    ValueFoundError
        If it is not one.
    """
    from cdrp_xl.errors import ValueFoundError
    from cdrp_xl.periods import Period

    try:
        return Period.parse(text) if text else None
    except ValueFoundError as wrong:
        raise ValueFoundError(wrong.what, where=option, remedy=wrong.remedy) from wrong
