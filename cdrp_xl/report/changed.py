"""Which figures of a copy differ from those of earlier copies, and why, as far as readers may be given both."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import name_some
from cdrp_xl.measures.revision import Cause
from cdrp_xl.report import farm, suppressing
from cdrp_xl.report.headlines import SECTION
from cdrp_xl.report.model import Changed, ChangedFigure, Reissue
from cdrp_xl.report.revisions import row_name
from cdrp_xl.report.wording import say
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.report.suppressing import Copy, Protected
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Cell, Counts

_MOST_NAMED = 3
"""How many are named on a worksheet; all are on the worksheet Revisions."""

_CAUSES = {
    Cause.NEW_DATA: "why_new_data",
    Cause.REVISED: "why_revised",
    Cause.DEFINITION: "why_definition",
    Cause.BOUNDARY: "why_boundary",
    Cause.SETTINGS: "why_settings",
    Cause.NOT_SEPARATED: "why_not_separated",
}
_WORDS_OF_REPEATS = {"offences": "repeat offences", "victims": "repeat victims", "unnamed": "offences without a victim"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerCopy:
    """What an earlier copy did with every count. Units: offences.

    Attributes
    ----------
    quarter, issue
        Which copy it was: that of a quarter, and 1 or the number of the reissue.
    published
        The counts that it published as they were.
    others
        Those that it rounded or hid, as they were or were published.
    why
        Returns what moved a count since, None where that is not recorded.
    """

    quarter: Period
    issue: int
    words: str
    area: str
    classification: str
    published: Mapping[Cell, int]
    others: Mapping[Cell, int]
    why: Callable[[RowKey, Period], tuple[Cause, ...] | None]


def build(
    published: Protected,
    copy: Copy,
    copies: Sequence[FormerCopy],
    *,
    settings: Settings,
    counts: Counts,
    period: Period,
) -> tuple[ChangedFigure, ...]:
    """Return the figures of a copy that differ from the last earlier copy that published them.

    Parameters
    ----------
    published
        What is published of every count.
    copy
        Every count as it is.
    copies
        Earlier copies, the newest first. Those of this quarter that say the same are this copy, published before.
    settings
        The partnership's settings.
    counts
        The counts of the table's source, by whose classification rows are named.
    period
        The quarter reported.

    Returns
    -------
    tuple
        In the order of the copy's counts. Unit: offences. Both values are given where both may be published beside all
        else: an earlier count that today's policy would hide is not given. What is hidden or rounded is not compared.
    """
    now = {each.cell: each.offences for each in published.disclosed if each.how == "printed"}
    others = [*copies]
    while others and others[0].quarter == period and others[0].published == now:
        others.pop(0)
    given: dict[int, frozenset[Cell]] = {}
    found = []
    for cell, count in now.items():
        former, was = _last(cell, others, area=copy.table.area)
        figure = _figure_name(cell, copy, counts, settings)
        if former is None or was == count or not figure:
            continue
        if id(former) not in given:
            given[id(former)] = _may_be_given(former, copy, published, settings=settings)
        may_be = cell in given[id(former)]
        found.append(
            ChangedFigure(
                row=cell[1],
                figure=figure,
                period=cell[2].words,
                was=was if may_be else None,
                now=count if may_be else None,
                copy=former.words,
                why=_why(former.why(cell[1], cell[2])),
            )
        )
    return tuple(found)


def in_words(figures: Sequence[ChangedFigure], *, note: str, headlines: Collection[RowKey]) -> Changed:
    """Return figures that changed, with what is said about them on the worksheets that show them.

    Parameters
    ----------
    figures
        The figures.
    note
        How the note on revisions is cited.
    headlines
        What the lines of the headlines are of.
    """
    by_section: dict[str, list[ChangedFigure]] = defaultdict(list)
    for each in figures:
        for section in _sections(each.row, headlines):
            by_section[section].append(each)
    return Changed(
        intro=say("changed", "intro" if figures else "none", note=note),
        figures=tuple(figures),
        said={section: _changes_in_words(of_section, note) for section, of_section in by_section.items()},
    )


def reissue(number: int, figures: Sequence[ChangedFigure], worksheets: Sequence[str]) -> Reissue:
    """Return what the first page of a reissue says: the figures that changed, and where anything did.

    Parameters
    ----------
    number
        That of the reissue, from 2.
    figures
        The figures that differ from the issue before.
    worksheets
        The worksheets that differ from it.
    """
    lines = [*_first(figures), say("reissue", "worksheets", names=name_some(worksheets, named=len(worksheets)))]
    return Reissue(number=number, title=say("reissue", "title", number=number), lines=tuple(lines))


def _last(cell: Cell, copies: Sequence[FormerCopy], *, area: str) -> tuple[FormerCopy | None, int]:
    """Return the last copy that had a figure, and what it published; none where that one hid or rounded it."""
    where, row, period = cell
    for each in copies:
        key = (each.area if where == area else where, row, period)
        if key in each.published:
            return each, each.published[key]
        if key in each.others:
            break
    return None, 0


def _may_be_given(former: FormerCopy, copy: Copy, published: Protected, *, settings: Settings) -> frozenset[Cell]:
    """Return the cells of which an earlier count may be published today, all earlier counts of its copy beside it."""

    def here(cell: Cell) -> Cell:
        where, row, period = cell
        return copy.table.area if where == former.area else where, row, period

    if former.classification != copy.table.classification.classification_id and published.suppressed:
        return frozenset()  # nothing is known of how the earlier rows add up
    counts = {here(cell): count for cell, count in (*former.published.items(), *former.others.items())}
    hidden = {*map(here, former.others), *published.hidden}
    return suppressing.may_be_given(counts, copy, settings=settings, hidden=hidden, known=published.disclosed)


def _figure_name(cell: Cell, copy: Copy, counts: Counts, settings: Settings) -> str:
    """Return what a figure is called; empty for what only the analyst sees, such as the answer to a question."""
    area, row, _ = cell
    if area != copy.table.area:
        return ""
    if isinstance(row, FarmRepeats):
        return say("revisions", "farm_group", group=_WORDS_OF_REPEATS[row.counted])
    return row_name(row, counts, settings)


def _sections(row: RowKey, headlines: Collection[RowKey]) -> tuple[str, ...]:
    """Return the sections whose worksheets show a row."""
    if isinstance(row, PriorityOffences):
        return "summary", row.priority_id, SECTION
    if isinstance(row, FarmOffences | FarmRepeats):
        return (farm.SECTION,)
    return ("highlights", SECTION) if row in headlines else ("highlights",)


def _why(causes: tuple[Cause, ...] | None) -> str:
    if not causes:
        return say("changed", "why_unknown")
    return " ".join(say("changed", _CAUSES[cause]) for cause in causes)


def _changes_in_words(figures: Sequence[ChangedFigure], note: str) -> str:
    return " ".join([say("changed", "head", note=note), *_first(figures)])


def _first(figures: Sequence[ChangedFigure]) -> Iterator[str]:
    for each in figures[:_MOST_NAMED]:
        yield _sentence(each)
    if len(figures) > _MOST_NAMED:
        yield say("changed", "more", more=f"{len(figures) - _MOST_NAMED:,}")


def _sentence(each: ChangedFigure) -> str:
    values = {"figure": each.figure, "period": each.period, "copy": each.copy, "why": each.why}
    if each.was is None or each.now is None:
        return say("changed", "without_values", **values)
    return say("changed", "values", was=f"{each.was:,}", now=f"{each.now:,}", **values)
