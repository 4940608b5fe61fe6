"""What the analyst should know of their own words: which are missing for the quarter, and which are not published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import name_some, quoted
from cdrp_xl.report.model import ABOUT_WORDS, Check
from cdrp_xl.report.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.report.model import Section
    from cdrp_xl.sources.master import Inputs


def checks(
    inputs: Inputs, *, sections: Sequence[Section], priorities: Mapping[str, str], period: Period
) -> Iterator[Check]:
    """Yield a line on each thing about the analyst's words that needs a look.

    Parameters
    ----------
    inputs
        All that was typed, for every quarter.
    sections
        The report's sections, with the words for its quarter.
    priorities
        The titles of its priorities, by their ids.
    period
        The quarter reported.
    """
    elsewhere = {each.section_id for each in inputs.commentary if each.quarter != period}
    if unwritten := [each.title for each in sections if not each.commentary and each.section_id in elsewhere]:
        yield _check("missing", unwritten, period)
    if unjudged := _unjudged(inputs, priorities, period):
        yield _check("unjudged", unjudged, period)
    if strays := _not_in_report(inputs, {each.section_id for each in sections} | priorities.keys(), period):
        yield _check("strays", strays, period)
    if undated := [each.section_id for each in inputs.commentary if each.quarter is None]:
        yield _check("undated", [_title(each, sections) for each in undated], period)
    if unaccepted := [each.finding for each in inputs.acceptances if each.quarter is None]:
        yield _check("unaccepted", unaccepted, period)


def _unjudged(inputs: Inputs, priorities: Mapping[str, str], period: Period) -> list[str]:
    """Return the priorities judged for the quarter before or a later one, and not for this; older ones are history."""
    judged = inputs.words_for(period).overrides
    before = period.previous_quarter()
    nearby = {each.priority_id for each in inputs.overrides if each.quarter >= before}
    return [title for priority, title in priorities.items() if priority in nearby and priority not in judged]


def _not_in_report(inputs: Inputs, known: set[str], period: Period) -> list[str]:
    """Return the sections and priorities that have words for the quarter and are not in the report."""
    words = inputs.words_for(period)
    return [each for each in dict.fromkeys((*words.commentary, *words.overrides)) if each not in known]


def _title(section_id: str, sections: Sequence[Section]) -> str:
    return next((each.title for each in sections if each.section_id == section_id), section_id)


def _check(key: str, names: Sequence[str], period: Period) -> Check:
    number = "one" if len(names) == 1 else "several"
    named = name_some([quoted(name) for name in names], named=len(names))
    detail = say("words", f"{key}_{number}", count=len(names), names=named, period=period.name)
    return Check(what=ABOUT_WORDS, holds=False, detail=detail)
