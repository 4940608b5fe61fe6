"""The counts of answers to local questions, and how the answers read once small ones are hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.measures.comparison import apparent_change
from cdrp_xl.report.disclosed import place
from cdrp_xl.selected import RowOffences
from cdrp_xl.terms import NO_CALC, NOT_APPLICABLE, SUPPRESSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.report.local import Answer
    from cdrp_xl.tables import Cell


def counts(answers: Sequence[Answer], whole: str) -> Iterator[tuple[Cell, int]]:
    """Yield the counts that answers publish, by cell.

    Parameters
    ----------
    answers
        With every count as it is. Unit: offences.
    whole
        The partnership's area.
    """
    for answer in answers:
        for cell, count in _local_counts(answer, whole):
            if isinstance(count, int):
                yield cell, count


def _local_counts(answer: Answer, whole: str) -> Iterator[tuple[Cell, int | str]]:
    """Yield the counts of an answer by cell: of its row in both periods, and of what has the flag."""
    area = place(answer.area, whole=whole)
    flag = None if answer.flag == NOT_APPLICABLE else answer.flag
    yield (area, answer.row_id, answer.period), answer.offences
    yield (area, answer.row_id, answer.earlier_period), answer.earlier
    yield (area, RowOffences(answer.row_id, flag=flag), answer.period), answer.flagged


def as_published(answer: Answer, shown_of: Mapping[Cell, int | None], *, whole: str) -> Answer:
    """Return an answer as it is published; what a hidden count would be worked out of is hidden with it.

    Parameters
    ----------
    answer
        With every count as it is. Unit: offences.
    shown_of
        What is published of every count, None where it is hidden. Unit: offences.
    whole
        The partnership's area.
    """

    def shown(cell: Cell, value: int | str) -> int | str:
        """Return what is published of a count; a symbol stays."""
        count = shown_of.get(cell, 0) if isinstance(value, int) else value
        return SUPPRESSED if count is None else count

    offences, earlier, flagged = (shown(cell, value) for cell, value in _local_counts(answer, whole))
    change, apparent, share = answer.change, answer.apparent_change, answer.share
    if isinstance(offences, int) and isinstance(earlier, int):
        change, fraction = offences - earlier, apparent_change(earlier, offences)
        apparent = NO_CALC if fraction is None else fraction
    elif SUPPRESSED in {offences, earlier}:
        change = apparent = SUPPRESSED
    if isinstance(offences, int) and isinstance(flagged, int) and not isinstance(share, str):
        share = flagged / offences if offences else share
    elif SUPPRESSED in {offences, flagged} and not isinstance(share, str):
        share = SUPPRESSED
    return replace(
        answer,
        offences=offences,
        earlier=earlier,
        flagged=flagged,
        change=change,
        apparent_change=apparent,
        share=share,
    )
