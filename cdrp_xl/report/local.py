"""Local questions: an area or locality, an offence row, a period, and how many of its offences have a flag."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError, ValueFoundError, quoted
from cdrp_xl.measures.comparison import apparent_change
from cdrp_xl.periods import quarter_of
from cdrp_xl.report.wording import say
from cdrp_xl.selected import QuestionOffences
from cdrp_xl.sources.selection import Selection
from cdrp_xl.terms import NO_CALC, NOT_APPLICABLE, NOT_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.master import Question
    from cdrp_xl.tables import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question; a symbol replaces a figure that can't be given. Units: offences, and fractions.

    `is_published` says that it is in the partners' copy of the quarter reported.
    """

    area: str
    row_id: str
    offences_of: str
    period: Period
    earlier_period: Period
    offences: int | str
    earlier: int | str
    change: int | str
    apparent_change: float | str
    flag: str
    flagged: int | str
    share: float | str
    remark: str
    is_published: bool = False


def selections(questions: Iterable[Question], *, area: str, flags: Sequence[str]) -> tuple[Selection, ...]:
    """Return what the row-level extract has to count for the questions, so that one scan answers all.

    Parameters
    ----------
    questions
        As the analyst typed them.
    area
        The partnership's area: a question about another name is about a locality in it.
    flags
        The flags that rows may have.

    Raises
    ------
    ValueFoundError
        If a question asks for another flag.
    """
    known = {name.casefold(): name for name in flags}
    found = []
    for number, question in enumerate(questions, 1):
        every = Selection(
            counted_as=QuestionOffences(number),
            localities=() if _is_whole(question, area) else (question.area,),
            rows=(question.offence_row,),
            asked_at=question.where,
        )
        found.append(every)
        if question.flag:
            flag = known.get(question.flag.casefold())
            if flag is None:
                raise ValueFoundError(
                    f"{quoted(question.flag)} is not a known flag.",
                    where=question.where,
                    remedy=f"Use one of {', '.join(map(quoted, flags))}, or name its heading in partnership.toml under "
                    "[sources.recorded_crime.flags].",
                )
            found.append(replace(every, counted_as=QuestionOffences(number, question.flag), flag=flag))
    return tuple(found)


def answers(
    questions: Sequence[Question], *, sources: Sequence[Counts], area: str, quarter: Period | None = None
) -> tuple[Answer, ...]:
    """Return the answer to every question, in their order.

    Parameters
    ----------
    questions
        As the analyst typed them.
    sources
        The counts of every source, in order of preference; the row-level one has the selections of `selections`.
    area
        The partnership's area.
    quarter
        The quarter reported: a marked question is published in the copy for the quarter that its period ends in.

    Raises
    ------
    ValueFoundError
        If no source can answer a question, or its offence row does not exist; the question's own row is named.
    """
    return tuple(
        replace(
            _answer(number, question, sources, area),
            is_published=question.is_published and quarter == quarter_of(question.period.last),
        )
        for number, question in enumerate(questions, 1)
    )


def _answer(number: int, question: Question, sources: Sequence[Counts], area: str) -> Answer:
    asked: RowKey = QuestionOffences(number)
    source = next((counts for counts in sources if asked in counts.selections), None)
    if source is None:
        source, asked = _without_rows(question, sources, area)
    row = source.classification.row(question.offence_row)
    earlier_period = question.period.earlier()
    offences, why_not = _counted(source, area, asked, question.period)
    earlier, why_not_before = _counted(source, area, asked, earlier_period)
    with_flag = QuestionOffences(number, question.flag)
    flagged = _counted(source, area, with_flag, question.period)[0] if question.flag else None
    change, apparent = _change(earlier, offences)
    return Answer(
        area=question.area,
        row_id=row.row_id,
        offences_of=row.name,
        period=question.period,
        earlier_period=earlier_period,
        offences=_or_not_available(offences),
        earlier=_or_not_available(earlier),
        change=change,
        apparent_change=apparent,
        flag=question.flag or NOT_APPLICABLE,
        flagged=_or_not_available(flagged) if question.flag else NOT_APPLICABLE,
        share=flagged / offences if flagged is not None and offences else NOT_APPLICABLE,
        remark=" ".join(dict.fromkeys(filter(None, (why_not, why_not_before)))) or NOT_APPLICABLE,
    )


def _change(earlier: int | None, later: int | None) -> tuple[int | str, float | str]:
    if earlier is None or later is None:
        return NOT_AVAILABLE, NOT_AVAILABLE
    apparent = apparent_change(earlier, later)
    return later - earlier, NO_CALC if apparent is None else apparent


def _without_rows(question: Question, sources: Sequence[Counts], area: str) -> tuple[Counts, str]:
    """Return a source, and the row in it, that answers a question about the whole area and no flag."""
    if question.flag or not _is_whole(question, area):
        raise ValueFoundError(
            say("local", "no_source", area=question.area),
            where=question.where,
            remedy=say("local", "no_source_remedy"),
        )
    try:
        return sources[0], sources[0].classification.row(question.offence_row).row_id
    except ValueFoundError as wrong:
        raise ValueFoundError(wrong.what, where=question.where, remedy=wrong.remedy) from wrong


def _counted(source: Counts, area: str, row_id: RowKey, period: Period) -> tuple[int | None, str]:
    """Return the offences of a period, or None and why they can't be counted."""
    try:
        return source.offences(area=area, row_id=row_id, period=period), ""
    except CannotBeComputedError as refused:
        return None, refused.what


def _or_not_available(count: int | None) -> int | str:
    return NOT_AVAILABLE if count is None else count


def _is_whole(question: Question, area: str) -> bool:
    return question.area.casefold() == area.casefold()
