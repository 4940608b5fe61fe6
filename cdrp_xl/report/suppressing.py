"""The policy on small counts, applied to all worksheets together before their figures reach the report.

The report holds a symbol where a count is hidden, and the count nowhere: what is made of the report can't give it away.
Whatever else is said (which rows are listed, sentences, shares) is worked out from what is published, so that it
discloses nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from cdrp_xl.measures.suppression import Policy, Suppression, suppress
from cdrp_xl.report import published_answers, published_highlights
from cdrp_xl.report.disclosed import Declared, Disclosed, How, ledger, place
from cdrp_xl.report.suppressed import Suppressed
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences, row_itself

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.report.farm_counts import FarmCounts
    from cdrp_xl.report.local import Answer
    from cdrp_xl.report.model import Highlights, PriorityResult
    from cdrp_xl.settings import Settings
    from cdrp_xl.tables import Cell

LOCAL = "Local analysis"
OUTCOMES = "Outcomes"
FARM = "Farm crime by group, Farm crime by quarter"

Mode = Literal["off", "hide", "round"]

_PER = 1000  # residents, which a group's rates are of


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """All counts that a copy would publish, as they are. Units: offences.

    Attributes
    ----------
    table
        The highlights.
    priorities
        The results on worksheets of their own: their counts are published, whatever is hidden elsewhere.
    farm, groups
        Farm crime, and the groups that its worksheets have.
    answers
        The answers to local questions.
    risen
        The counts of the rises that are listed for localities, by locality, row and period.
    places, places_sheet
        The counts of wards or the like, which are all of the area together, by place as `place_key` has it, row and
        period; and the worksheet that they are on.
    outcomes
        What came of offences, by row and outcome.
    months, years
        The main rows month by month, and in the twelve months to the end of either period.
    """

    table: Comparison
    places: Mapping[Cell, int] = field(default_factory=dict)
    places_sheet: str = ""
    outcomes: Mapping[Cell, int] = field(default_factory=dict)
    priorities: Sequence[PriorityResult] = ()
    farm: FarmCounts | None = None
    groups: Sequence[str] = ()
    answers: Sequence[Answer] = ()
    risen: Mapping[Cell, int] = field(default_factory=dict)
    months: Mapping[Cell, int] = field(default_factory=dict)
    years: Mapping[Cell, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What is published of a copy's counts, and what was done to the small ones, by worksheet.

    Attributes
    ----------
    hidden
        The cells whose counts are hidden, on whichever worksheet.
    disclosed
        What the copy publishes, for the copies that come after it.
    """

    highlights: Highlights
    farm: FarmCounts | None
    answers: tuple[Answer, ...]
    suppressed: tuple[Suppressed, ...]
    hidden: frozenset[Cell]
    disclosed: tuple[Disclosed, ...]
    places: Mapping[Cell, int | None]
    outcomes: Mapping[Cell, int | None]

    def of(self, sheet: str) -> Suppressed | None:
        """Return what was done on a worksheet, None where it has no policy."""
        return next((each for each in self.suppressed if each.sheet == sheet), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policies:
    """The policy of every count: that of the worksheet it is on."""

    area: str
    highlights: Policy | None
    localities: Policy | None
    farm: Policy | None
    places: frozenset[str] = frozenset()
    places_sheet: str = ""

    def of(self, cell: Cell) -> Policy | None:
        """Return the policy of a cell, None where it is published as it is."""
        area, row = cell[0], row_itself(cell[1])
        if isinstance(row, PriorityOffences):
            return None
        if isinstance(row, FarmOffences | FarmRepeats):
            return self.farm
        return self.highlights if area == self.area else self.localities


def policy(settings: Settings, mode: Mode, classification: Classification) -> Policy | None:
    """Return the policy of a worksheet, None where it publishes every count as it is.

    Parameters
    ----------
    settings
        The partnership's settings.
    mode
        What the settings say of the worksheet.
    classification
        The classification that its rows are of.

    Raises
    ------
    ValueFoundError
        If a sensitive row is not one of the classification's.
    """
    if mode == "off":
        return None
    own = settings.suppression
    sensitive = frozenset(classification.row(name).row_id for name in own.sensitive_rows)
    return Policy(threshold=own.unsafe_up_to, sensitive=sensitive, is_rounded=mode == "round")


def protect(copy: Copy, *, settings: Settings, disclosed_before: Collection[Disclosed] = ()) -> Protected:
    """Return what is published of a copy: the pattern is chosen, and attacked, over all its worksheets together.

    Parameters
    ----------
    copy
        Every count as it is.
    settings
        The partnership's settings, with the policy of each worksheet.
    disclosed_before
        What earlier copies published; readers who kept those know it, where the counts did not change since.

    Raises
    ------
    ValueFoundError
        If a sensitive row is not one of the classification's.
    """
    table, farm = copy.table, copy.farm
    policies = _policies_of(copy, settings)
    sheets = by_sheet(copy)
    counts = _every_count(copy)
    done = _done(counts, policies, _declared(copy, settings), before=disclosed_before)
    if farm and policies.farm:
        shown = {cell: done.published[cell] for cell in sheets[FARM]}
        farm = farm.publishing(shown, is_rounded=policies.farm.is_rounded)
    return Protected(
        highlights=published_highlights.highlights(table, done.published),
        farm=farm,
        answers=tuple(published_answers.as_published(each, done.published, whole=table.area) for each in copy.answers),
        suppressed=_suppressed(sheets, policies, done),
        hidden=done.hidden,
        disclosed=_disclosed(done, policies, counts),
        places={cell: done.published[cell] for cell in copy.places},
        outcomes={cell: done.published[cell] for cell in copy.outcomes},
    )


def may_be_given(
    counts: Mapping[Cell, int],
    copy: Copy,
    *,
    settings: Settings,
    hidden: Collection[Cell],
    known: Collection[Disclosed],
) -> frozenset[Cell]:
    """Return the cells of an earlier copy's counts that may be published again, beside all others that it published.

    Parameters
    ----------
    counts
        All that the earlier copy published, rounded or hid. Unit: offences.
    copy, settings
        The present copy, whose policies hold, and its settings.
    hidden
        The cells that either copy hides: these stay hidden.
    known
        What the present copy publishes: a count that did not change is known of the earlier copy, too.
    """
    policies = _policies_of(copy, settings)
    if not any(map(policies.of, counts)):
        return frozenset(counts)
    same = {each for each in known if counts.get(each.cell) == each.offences}
    done = _against(counts, policies, _declared(copy, settings), before=same, hidden=counts.keys() & hidden)
    given = frozenset(cell for cell, count in counts.items() if done.published.get(cell) == count)
    return frozenset() if done.exposed else given.difference(hidden)


def worked_out(copy: Copy, *, settings: Settings) -> frozenset[Cell]:
    """Return the cells that a copy does not publish and that readers can work out exactly from what it would publish.

    Parameters
    ----------
    copy
        Every count as it is. Unit: offences.
    settings
        The partnership's settings.
    """
    return frozenset(ledger(_every_count(copy), _declared(copy, settings)).derivable)


def _policies_of(copy: Copy, settings: Settings) -> _Policies:
    policies = _policies(settings, copy.table, copy.farm.codes if copy.farm else {})
    return replace(policies, places=frozenset(cell[0] for cell in copy.places), places_sheet=copy.places_sheet)


def _policies(settings: Settings, table: Comparison | Highlights, codes: Mapping[str, frozenset[str]]) -> _Policies:
    """Return the policy of every worksheet; `codes` are those of the groups of farm crime."""
    own, classification = settings.suppression, table.classification
    return _Policies(
        area=table.area,
        highlights=policy(settings, own.highlights, classification),
        localities=policy(settings, own.localities, classification),
        farm=_of_farm(policy(settings, own.farm, classification), codes, classification),
    )


def _every_count(copy: Copy) -> dict[Cell, int]:
    counts = dict(_priorities(copy.priorities, copy.table.area))
    for of_sheet in by_sheet(copy).values():
        counts |= of_sheet
    return counts | dict(copy.months) | dict(copy.years)


def _declared(copy: Copy, settings: Settings) -> Declared:
    divisions = (settings.partnership.areas, tuple(dict.fromkeys(place for place, _, _ in copy.places)))
    return Declared(
        area=copy.table.area,
        divisions=tuple(places for places in divisions if places),
        classification=copy.table.classification,
        priorities=settings.priorities,
        farm=settings.farm,
        farm_codes=copy.farm.codes if copy.farm else {},
    )


def place_key(name: str, *, whole: str, called: str) -> str:
    """Return a place as the ledger has it: one of a look-up, or of the area's own name, is no locality of that name.

    Parameters
    ----------
    name
        The place.
    whole
        The partnership's area.
    called
        What the place is, such as a ward; empty for one of the extract's locality column.
    """
    return f"{called}: {name}".casefold() if called or name.casefold() == whole.casefold() else name.casefold()


def local_answers(
    answers: Sequence[Answer],
    *,
    highlights: Highlights,
    settings: Settings,
    disclosed_before: Collection[Disclosed] = (),
) -> tuple[tuple[Answer, ...], Suppressed | None]:
    """Return the answers to local questions as they are published, and what was done to their small counts.

    Parameters
    ----------
    answers
        With every count as it is; those about the whole area are published as its worksheets publish them.
    highlights
        The rows as they are published: what readers know of the whole area.
    settings
        The partnership's settings, with the policy.
    disclosed_before
        What the report, and earlier copies, published.

    Returns
    -------
    tuple
        The answers with symbols where counts are hidden; None where there is no policy or no answer. Units: offences.
    """
    whole, classification = highlights.area, highlights.classification
    policies = _policies(settings, highlights, {})
    how: How = "rounded" if policies.highlights and policies.highlights.is_rounded else "printed"
    known = [*disclosed_before]
    known += [
        Disclosed((whole, row.row.row_id, period), count, how)
        for row in highlights.rows
        for period, count in ((highlights.earlier, row.earlier), (highlights.later, row.later))
        if isinstance(count, int)
    ]
    counts = dict(published_answers.counts(answers, whole))
    declared = Declared(
        area=whole, divisions=tuple(filter(None, [settings.partnership.areas])), classification=classification
    )
    done = _against(counts, policies, declared, before=known)
    found = _suppressed({LOCAL: counts}, policies, done) if answers else ()
    return tuple(published_answers.as_published(each, done.published, whole=whole) for each in answers), next(
        iter(found), None
    )


def _done(
    counts: Mapping[Cell, int],
    policies: _Policies,
    declared: Declared,
    *,
    before: Collection[Disclosed],
) -> Suppression:
    """Return what may be published before a reader of this copy alone, and one who has earlier copies too.

    What the one needs hidden is hidden from the other, too: hiding more never discloses more.
    """
    alone = _against(counts, policies, declared, before=())
    if not before or alone.published is counts:
        return alone
    both = _against(counts, policies, declared, before=before, hidden=alone.hidden)
    hidden = alone.hidden | both.hidden
    return Suppression(
        published={cell: None if cell in hidden else count for cell, count in alone.published.items()},
        hidden=hidden,
        unsafe=alone.unsafe,
        exposed=alone.exposed | both.exposed | (alone.unsafe - both.unsafe),
    )


def _against(
    counts: Mapping[Cell, int],
    policies: _Policies,
    declared: Declared,
    *,
    before: Collection[Disclosed],
    hidden: Collection[Cell] = (),
) -> Suppression:
    """Return what may be published before a reader who has some earlier copies."""
    own = {cell: each for cell in counts if (each := policies.of(cell))}
    if not own:
        return Suppression(published=counts, hidden=frozenset(), unsafe=frozenset(), exposed=frozenset())
    found = ledger(counts, declared, before=before)
    for cell in found.derivable | found.withheld:
        if each := policies.of(cell):
            own[cell] = each
    return suppress(
        found.counts,
        found.sums,
        own,
        elsewhere=found.exact,
        known=found.known,
        derivable=found.derivable,
        withheld=found.withheld,
        hidden=hidden,
    )


def by_sheet(copy: Copy) -> dict[str, dict[Cell, int]]:
    """Return the counts of every worksheet that may have a policy, as they are, by its name. Units: offences."""
    table = copy.table
    highlights: dict[Cell, int] = {
        (table.area, each.row.row_id, period): count
        for each in table.rows
        for period, count in ((table.earlier, each.earlier), (table.later, each.later))
    }
    local = dict(published_answers.counts(copy.answers, table.area))
    local |= {(place(area, whole=table.area), row, period): n for (area, row, period), n in copy.risen.items()}
    farm = copy.farm.cells(copy.groups) if copy.farm else {}
    places = {copy.places_sheet: dict(copy.places)} if copy.places else {}
    outcomes = {OUTCOMES: dict(copy.outcomes)} if copy.outcomes else {}
    return {table.classification.table: highlights, FARM: farm, LOCAL: local, **places, **outcomes}


def _suppressed(
    sheets: Mapping[str, Mapping[Cell, int]], policies: _Policies, done: Suppression
) -> tuple[Suppressed, ...]:
    """Return what was done on each worksheet with a count that has a policy; those of it that have none are left out.

    Without a policy for localities, Local analysis may still have counts of the whole area, which have theirs.
    """
    own = {LOCAL: policies.localities}
    return tuple(
        Suppressed(
            sheet=sheet,
            is_rounded=mode.is_rounded,
            unsafe=len(done.unsafe & cells.keys()),
            hidden=len(done.hidden & cells.keys()),
            exposed=sum(sheet in _sheets_of(cell, sheets, policies) for cell in done.exposed),
        )
        for sheet, cells in sheets.items()
        if cells and (mode := own.get(sheet) or next(filter(None, map(policies.of, cells)), None))
    )


def _sheets_of(cell: Cell, sheets: Mapping[str, Mapping[Cell, int]], policies: _Policies) -> list[str]:
    """Return the worksheets that a count is on; of one that none has, the worksheet that would have it."""
    if found := [sheet for sheet, cells in sheets.items() if cell in cells]:
        return found
    area, row = cell[0], row_itself(cell[1])
    if isinstance(row, FarmOffences | FarmRepeats):
        return [FARM]
    if area in policies.places:
        return [policies.places_sheet]
    return [next(iter(sheets)) if area == policies.area else LOCAL]


def _disclosed(done: Suppression, policies: _Policies, counts: Collection[Cell]) -> tuple[Disclosed, ...]:
    """Return what is published, in the order of cells; a row that only a priority publishes is as it is."""
    own = {cell: policies.of(cell) for cell in done.published if cell in counts}
    return tuple(
        Disclosed(cell, count, "rounded" if (mode := own.get(cell)) and mode.is_rounded else "printed")
        for cell, count in done.published.items()
        if count is not None
    )


def _priorities(results: Sequence[PriorityResult], area: str) -> Iterator[tuple[Cell, int]]:
    """Give every count that a priority's worksheet shows: its place in the group, quarters, its baseline, months."""
    for result in results:
        counted: list[tuple[Period, int | None]] = [*_in_group(result)]
        for point in result.trend:
            counted.append((point.quarter.same_months_of(result.baseline_year), point.baseline))
            counted.append((point.quarter, point.offences))
        counted += [(result.baseline_period, result.baseline), (result.period, result.later)]
        counted += [(each.month, each.offences) for each in (result.series.points if result.series else ())]
        for period, count in counted:
            if count is not None:
                yield (area, PriorityOffences(result.priority_id), period), count


def _in_group(result: PriorityResult) -> Iterator[tuple[Period, int | None]]:
    """Give the counts that its rates in the group disclose, since the area's residents are published beside them."""
    found = result.group
    own = next((each for each in found.members if each.is_own), None) if found else None
    if found and own:
        for each in found.periods:
            yield each.period, None if each.rate is None else round(each.rate * own.residents / _PER)
        yield found.shown, own.offences


def _of_farm(own: Policy | None, codes: Mapping[str, frozenset[str]], classification: Classification) -> Policy | None:
    """Return the policy of farm crime: the groups that hold offences of sensitive rows and no others are sensitive."""
    if own is None:
        return None
    sensitive = frozenset[str]().union(*(row.codes for row in classification.rows if row.row_id in own.sensitive))
    return replace(
        own, sensitive=frozenset(FarmOffences(group) for group, each in codes.items() if each and each <= sensitive)
    )
