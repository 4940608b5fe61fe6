"""What ``cdrp-xl query`` prints: the master's tables, local questions and worksheet functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cdrp_xl import output, terminal
from cdrp_xl.commands.options import period_typed, progress_shown, today

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.functions.worksheet import WorksheetFunction
    from cdrp_xl.periods import Period
    from cdrp_xl.sources.master import Question


def mapped(folder: Path, quarter: Period | None, *, as_json: bool) -> None:
    """Print how each offence of the extract is counted."""
    from cdrp_xl.workbooks import asking

    with progress_shown(quiet=as_json) as progress:
        mapping = asking.mapped(folder, quarter=quarter, today=today(), progress=progress)
    terminal.say(output.mapping_json(mapping) if as_json else output.mapping_text(mapping))


def placed(folder: Path, quarter: Period | None, *, as_json: bool) -> None:
    """Print wards or the like, as the report has them."""
    from cdrp_xl.workbooks import asking

    with progress_shown(quiet=as_json) as progress:
        places, notes = asking.placed(folder, quarter=quarter, today=today(), progress=progress)
    terminal.say((output.places_json if as_json else output.places_text)(places, notes))


def moved(folder: Path, *, as_json: bool) -> None:
    """Print what moved since the previous refresh, split by what changed."""
    from cdrp_xl.workbooks import asking

    with progress_shown(quiet=as_json) as progress:
        found = asking.moved(folder, today=today(), progress=progress)
    terminal.say(output.revisions_json(found) if as_json else output.revisions_text(found))


def asked(folder: Path, function: WorksheetFunction, given: list[str], *, as_json: bool) -> None:
    """Print what a worksheet function answers."""
    from cdrp_xl.functions import load

    if not function.takes(len(given)):
        raise typer.BadParameter(f"{function.name} takes {function.declared}", param_hint="ARGUMENTS")
    answer = function.asked([output.number_or_text(text) for text in given], lambda: load(folder))
    rows = answer if isinstance(answer, list) else [[answer]]
    terminal.say(output.answer_json(answer) if as_json else output.answer_text(rows))


def question(area: str, row: str, flag: str, later: str) -> Question:
    """Return the local question that the options ask."""
    from cdrp_xl.sources.master import Question

    period = period_typed(later, option="--later")
    if not area or not row or period is None:
        raise typer.BadParameter("a question needs --area, --row and --later", param_hint="TABLE")
    return Question(area=area, offence_row=row, flag=flag or None, period=period, where="the question asked")


def answer(folder: Path, wanted: Question, *, as_json: bool) -> None:
    """Print the answer to a local question."""
    from cdrp_xl.workbooks import asking

    with progress_shown(quiet=as_json) as progress:
        found, notes = asking.answered(folder, wanted, today=today(), progress=progress)
    terminal.say((output.question_json if as_json else output.question_text)(found, notes))
