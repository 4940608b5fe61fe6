"""The worksheets of the analyst's words: what in them does not agree with the figures, and every figure's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.sheets import pages
from cdrp_xl.sheets.blocks import Column, Sheet, Table
from cdrp_xl.styles import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.prose.commentary import Words
    from cdrp_xl.report import Report
    from cdrp_xl.sheets.blocks import Value

CHECKED, NAMES = "Words checked", "Names of figures"
HOLDS_CHECKED = "What in your commentary does not agree with the figures"
HOLDS_NAMES = "The name of every figure, for your commentary, with today's value"

_CHECKED_INTRO = (
    "Every number, period, area and direction in your commentary is looked for among the report's figures, and so is "
    "what partners wrote about the report's rows. Correct the sentence, or accept a finding: write it on the worksheet "
    "Inputs, under Warnings accepted, and why. Until each is corrected or accepted nothing is published.\n"
    "A sentence whose numbers are your own ends with where you have them from, such as (source: 2011 Census).\n"
    "Numbers that no report can know, such as money and telephone numbers, are listed last. So are those in sentences "
    "that could not be read for certain. They stop nothing; you can accept them all together."
)
_NAMES_INTRO = (
    "Write a name in braces in your commentary, such as {all-crime.later}. The partners' copy has the figure in its "
    "place, and the figure moves when the data do."
)
_OWN = {
    False: ("Numbers that no report can know", "Yours to answer for."),
    True: (
        "Numbers not read for certain",
        "They may be right: the sentence could not be read for certain. Look once more.",
    ),
}


def checked(report: Report, words: Words) -> Sheet:
    """Return what was found in the commentary, for the analyst alone."""
    titles = {section.section_id: section.title for section in report.sections}
    table = Table(
        name="tblWordsChecked",
        columns=(
            Column(heading="Finding", style=Style.NAME, width=18),
            Column(heading="Section", style=Style.TEXT, width=24),
            Column(heading="Words", style=Style.TEXT, width=18),
            Column(heading="Sentence", style=Style.TEXT, width=44),
            Column(heading="Why", style=Style.TEXT, width=36),
            Column(heading="Nearest figure", style=Style.TEXT, width=36),
            Column(heading="Put right", style=Style.TEXT, width=44),
            Column(heading="Accepted because", style=Style.TEXT, width=24),
        ),
        rows=(
            *(
                (
                    each.mark,
                    titles.get(each.section, each.section),
                    each.words,
                    each.sentence,
                    each.why,
                    each.nearest,
                    each.corrected,
                    each.accepted,
                )
                for each in words.checked.findings
            ),
            *_own(words),
        ),
    )
    return pages.page(CHECKED, CHECKED, report, table, key="words_checked", intro=_CHECKED_INTRO)


def _own(words: Words) -> Iterator[tuple[Value, ...]]:
    """Yield one row for all numbers that no report can know and one for those unread, which are accepted together."""
    for is_unread, (what, why) in _OWN.items():
        listed = ", ".join(dict.fromkeys(each.text for each in words.checked.own if each.is_unread is is_unread))
        if listed:
            yield words.own_mark, what, listed, "", why, "", "", words.own_accepted


def names(report: Report, words: Words) -> Sheet:
    """Return every figure by its name, for the analyst alone."""
    table = Table(
        name="tblNamesOfFigures",
        columns=(
            Column(heading="Name", style=Style.NAME, width=52),
            Column(heading="Value", style=Style.TEXT, width=14),
            Column(heading="What it is", style=Style.TEXT, width=76),
        ),
        rows=tuple((each.name, each.shown, each.words) for each in words.figures.figures),
    )
    return pages.page(NAMES, NAMES, report, table, key="names_of_figures", intro=_NAMES_INTRO)
