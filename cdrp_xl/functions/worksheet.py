"""The plain functions as worksheets call them: names, arguments and help, cells in and out, refusals as sentences.

Excel and LibreOffice each have their own way here; what they call, and with which help, is one and the same.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from cdrp_xl import functions as plain
from cdrp_xl.errors import CdrpError
from cdrp_xl.functions import partnership
from cdrp_xl.functions.cells import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cdrp_xl.functions import Answer, Cell, Cells, Figures

PREFIX = "CDRP_"
_FIGURES, _FIGURES_OF = "figures", "figures_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a worksheet function, and what its help says."""

    name: str
    words: str
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetFunction:
    """One worksheet function: its name and help, its arguments, and the plain function that answers."""

    name: str
    words: str
    arguments: tuple[Argument, ...]
    asks_figures: bool
    may_ask_figures: bool
    function: Callable[..., Answer]

    @property
    def declared(self) -> str:
        """Its arguments as its help shows them, those that may be left out in brackets."""
        return "(" + ", ".join(f"[{each.name}]" if each.is_optional else each.name for each in self.arguments) + ")"

    def takes(self, count: int) -> bool:
        """Return whether that many arguments can be given."""
        return sum(not each.is_optional for each in self.arguments) <= count <= len(self.arguments)

    def asked(self, arguments: Sequence[Cells], figures: Callable[[], Figures]) -> Answer:
        """Return the answer to plain arguments.

        Raises
        ------
        CdrpError
            If it can't be answered.
        """
        if self.may_ask_figures:
            return self.function(*arguments, figures_of=figures)
        return self.function(*([figures()] if self.asks_figures else []), *arguments)

    def answer(self, arguments: Sequence[Any], figures: Callable[[], Figures]) -> Answer:
        """Return the answer to arguments as a spreadsheet program hands them over; a refusal is a sentence."""
        given = [_taken_in(argument) for argument in arguments]
        try:
            return _given_back(self.asked(given, figures))
        except CdrpError as refused:
            return sentence(refused)


@functools.cache
def described() -> dict[str, WorksheetFunction]:
    """Return every worksheet function by its name, in the order of the reference page."""
    return {each.name: each for each in map(_described, plain.FUNCTIONS)}


def figures_for(*workbooks: tuple[str, str]) -> Figures:
    """Return the figures that a workbook is answered from, read again only where a refresh or the settings changed.

    Parameters
    ----------
    *workbooks
        What the workbook names for its partnership, and its path; where others may be the one that asks, theirs too.

    Raises
    ------
    CdrpError
        If there is no one partnership that all of them stand for, or it has no figures to answer from.
    """
    from cdrp_xl.settings import FILE_NAME
    from cdrp_xl.sources import stored_counts

    folder = partnership.folder_for(*workbooks)
    states = tuple(_state(path) for path in (folder / FILE_NAME, stored_counts.place(folder)))
    return _loaded(folder, states)


def _described(function: Callable[..., Answer]) -> WorksheetFunction:
    hints = get_type_hints(function, include_extras=True)
    parameters = inspect.signature(function).parameters
    return WorksheetFunction(
        name=f"{PREFIX}{function.__name__.upper()}",
        words=inspect.cleandoc(function.__doc__ or "").partition("\n")[0],
        arguments=tuple(
            Argument(
                name=name,
                words=get_args(hints[name])[1],
                is_optional=parameter.default is not inspect.Parameter.empty,
            )
            for name, parameter in parameters.items()
            if name not in {_FIGURES, _FIGURES_OF}
        ),
        asks_figures=_FIGURES in parameters,
        may_ask_figures=_FIGURES_OF in parameters,
        function=function,
    )


def _taken_in(argument: Any) -> Cells:
    """Return an argument with a block of one cell as that cell, and a row of cells as a block of one row."""
    if not isinstance(argument, list | tuple):
        return argument  # type: ignore[no-any-return]
    block = [list(row) if isinstance(row, list | tuple) else [row] for row in argument]
    return block[0][0] if len(block) == 1 and len(block[0]) == 1 else block


def _given_back(answer: Answer) -> Answer:
    """Return an answer with its dates as moments, which is all that the ways to a spreadsheet know."""
    if isinstance(answer, list):
        return [[_moment(cell) for cell in row] for row in answer]
    return _moment(answer)


def _moment(cell: Cell) -> Cell:
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return dt.datetime.combine(cell, dt.time())
    return cell


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@functools.lru_cache(maxsize=4)
def _loaded(folder: Path, _states: tuple[tuple[int, int] | None, ...]) -> Figures:
    return plain.load(folder)
