"""Which changes are larger than usual: in words, beside the legacy columns, and as emerging issues."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cdrp_xl.measures.chance import false_discovery_rates
from cdrp_xl.measures.verdict import by_test
from cdrp_xl.report.model import ChanceRow, Check, Emerging, Issue
from cdrp_xl.report.wording import in_offences, say
from cdrp_xl.terms import NOT_AVAILABLE, SUPPRESSED, Decision, Polarity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from cdrp_xl.measures.comparison import ComparedRow, Comparison
    from cdrp_xl.measures.movement import Movement
    from cdrp_xl.measures.verdict import Test, Verdict
    from cdrp_xl.periods import Period
    from cdrp_xl.report.localities import LocalRise, LocalRises
    from cdrp_xl.report.model import Highlights, HighlightsRow
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import SignificanceSettings
    from cdrp_xl.sources.master import Decided

    Judge = Callable[[ComparedRow], Verdict]

_TESTS = {"usual movement": "usual_movement", "exact": "exact", "mid-p": "mid_p", "E-test": "e_test"}
_WORDING_KEYS = {Polarity.LOWER_IS_BETTER: "offences", Polarity.ACTIVITY: "activity"}
_MOST_DECIMALS = 9
_NEAR_1 = 1.05
_LEAST_RATIO = 0.095
"""Smaller ratios would be printed as 0.0…, which says less than the counts do."""


def in_words(earlier: int, later: int, *, judged: Verdict) -> str:
    """Return a change in one plain sentence.

    Parameters
    ----------
    earlier, later
        Counts in two periods of equal length. Unit: offences.
    judged
        The verdict on the change.

    Examples
    --------
    >>> in_words(32, 59, judged=by_test(32, 59, test="exact", movement=None))
    '59 offences against 32: 1.8 times as many (95% interval 1.2 to 2.9); more than chance in the counts.'
    """
    if earlier == later:
        return say("chance", "same", count=f"{later:,}") if later else say("chance", "none")
    values = {"later": in_offences(later), "earlier": f"{earlier:,}", "verdict": verdict_words(judged)}
    ratio = later / earlier if earlier else math.inf
    if not _LEAST_RATIO <= ratio < math.inf:
        return say("chance", "counts", **values)
    if judged.times is None:
        return say("chance", "ratio", ratio=_times(ratio), **values)
    lower, upper = interval_words(judged.times.interval.lower, judged.times.interval.upper)
    return say("chance", "change", ratio=_times(ratio), lower=lower, upper=upper, **values)


def verdict_words(judged: Verdict) -> str:
    """Return whether a change is larger than usual, and what is meant by usual."""
    against = "counts" if judged.movement is None else "usual"
    return say("verdict", f"{against}_{'larger' if judged.is_larger_than_usual else 'within'}")


def interval_words(lower: float, upper: float) -> tuple[str, str]:
    """Return two limits as they are printed: each on its own side of 1, and never alike."""
    for least in range(1, _MOST_DECIMALS):
        printed = _times(lower, least), _times(upper, least)
        if printed[0] != printed[1]:
            break
    return printed


def beside(highlights: Highlights, *, test: Test, known: Mapping[RowKey, Movement]) -> tuple[ChanceRow, ...]:
    """Return for every row of the highlights whether its change is larger than usual; nothing where a count is hidden.

    Parameters
    ----------
    highlights
        The rows as they are published. Unit: offences.
    test
        Against what a change is held.
    known
        How much each row usually moves.
    """
    return tuple(_beside(row, test, known.get(row.row.row_id)) for row in highlights.rows)


def judge(test: Test, known: Mapping[RowKey, Movement]) -> Judge:
    """Return a function that gives the verdict on a row's change."""
    return lambda each: by_test(each.earlier, each.later, test=test, movement=known.get(each.row.row_id))


def emerging(
    table: Comparison,
    highlights: Highlights,
    *,
    quarter: Period,
    known: Mapping[RowKey, Movement],
    settings: SignificanceSettings,
    decisions: Mapping[str, Decided],
    local: LocalRises,
    is_rounded: bool = False,
) -> Emerging:
    """Return the offence rows whose change is larger than usual, with what the analyst decided about the rises.

    Parameters
    ----------
    table
        Every offence row in two periods, with the counts that are published: no others, where they are rounded.
        Unit: offences.
    highlights
        The same rows as they are published. One with a hidden count is not tested: being listed would bound the count.
    quarter
        The quarter reported, which is part of an issue's name.
    known
        How much each row usually moves.
    settings
        By which test, at which rate of false discoveries, from how many offences on.
    decisions
        What the analyst decided, by the issue's name.
    local
        The rises of localities, and how they were looked for; empty if they were not.
    is_rounded
        Whether counts are published rounded, so that no sentence may give them.

    Returns
    -------
    Emerging
        Rises of the whole area, then those of localities. In each, rows where fewer are wanted come first, then police
        activity; in each the surest first.

    Notes
    -----
    docs/methods.md, "Emerging issues": only rows that share no offence are tested, and the false discovery rate among
    them is held by the procedure of Benjamini and Hochberg. No row is listed for its months alone: with 26 rows, even
    charts that are right 95 times in 100 point to some row in most quarters.
    """
    leaves = [each for each in leaves_of(table) if not _is_hidden(each, highlights)]
    hidden = len(leaves_of(table)) - len(leaves)
    made = {name.casefold(): decision for name, decision in decisions.items()}
    judged = judge(settings.test, known)

    def issue(each: ComparedRow) -> Issue:
        """Return the issue of a row."""
        published, direction = highlights[each.row.row_id], _direction(each)
        without_counts = say("emerging", f"{direction}_without_counts")
        return _issue(
            f"{each.row.name}, {quarter.name}",
            each,
            counts=(published.earlier, published.later),
            sentence=without_counts if is_rounded else in_words(each.earlier, each.later, judged=judged(each)),
            found_by=say("emerging", "by_test"),
            made=made,
        )

    changed = larger_than_usual(leaves, settings, judged)
    rises = (
        *(issue(each) for each in changed if each.change > 0),
        *(_local_issue(each, quarter, made) for each in local.rises),
    )
    return Emerging(
        earlier=table.earlier,
        later=table.later,
        rises=rises,
        falls=tuple(issue(each) for each in changed if each.change < 0),
        how="\n".join(filter(None, (*_how(len(leaves), table, settings, hidden=hidden), local.how))),
        found=_how_tested(rises, settings),
        tested=len(leaves),
    )


def leaves_of(table: Comparison) -> list[ComparedRow]:
    """Return the rows that share no offence, which are those that are tested."""
    return [each for each in table.rows if each.row.is_leaf]


def withheld(
    table: Comparison,
    highlights: Highlights,
    *,
    known: Mapping[RowKey, Movement],
    settings: SignificanceSettings,
    local: LocalRises,
    listed: Collection[str] | None = None,
) -> tuple[Check, ...]:
    """Return for the analyst which rows changed by more than usual, which readers do not see, for the small counts.

    Parameters
    ----------
    table
        Every offence row in two periods. Unit: offences.
    highlights
        The same rows as they are published.
    known
        How much each row usually moves.
    settings
        By which test, at which rate of false discoveries, from how many offences on.
    local
        The rises of localities.
    listed
        Where counts are published rounded, the ids of the rows that are listed by what is published.
    """
    leaves = leaves_of(table)
    if listed is None and not local.withheld and not any(_is_hidden(each, highlights) for each in leaves):
        return ()
    changed = larger_than_usual(leaves, settings, judge(settings.test, known))
    names = [
        each.row.name
        for each in changed
        if _is_hidden(each, highlights) or (listed is not None and each.row.row_id not in listed)
    ]
    names += [rise.name for rise in local.withheld]
    detail = say("emerging", "withheld", names="; ".join(names)) if names else say("emerging", "none_withheld")
    return (Check(what=say("emerging", "hidden_rows"), holds=not names, detail=detail),)


def larger_than_usual(
    leaves: Sequence[ComparedRow], settings: SignificanceSettings, judged: Judge
) -> list[ComparedRow]:
    """Return the rows whose change is larger than usual among all that were tested, in the order of the list."""
    rates = false_discovery_rates([judged(each).p for each in leaves])
    found = sorted(
        zip(rates, leaves, strict=True), key=lambda rated: (rated[1].row.polarity is Polarity.ACTIVITY, rated[0])
    )
    return [
        each
        for rate, each in found
        if rate * 100 <= settings.false_discovery_per_cent and max(each.earlier, each.later) >= settings.least_offences
    ]


def _is_hidden(each: ComparedRow, highlights: Highlights) -> bool:
    published = highlights[each.row.row_id]
    return SUPPRESSED in {published.earlier, published.later}


def decided(found: Emerging, decisions: Mapping[str, Decided], period: Period) -> tuple[Check, ...]:
    """Return for the analyst whether every emerging issue is decided, and every decision of the quarter about one."""
    names = {issue.name.casefold() for issue in found.rises}
    stray = [name for name in decisions if name.endswith(f", {period.name}") and name.casefold() not in names]
    if not names and not stray:
        return ()
    waiting = "; ".join(issue.name for issue in found.undecided)
    open_points = [say("emerging", "undecided", names=waiting)] if waiting else []
    open_points += [say("emerging", "stray", names="; ".join(stray))] if stray else []
    detail = " ".join(open_points) or say("emerging", "all_decided")
    return (Check(what=say("emerging", "title"), holds=not open_points, detail=detail),)


def _issue(
    name: str,
    each: ComparedRow,
    *,
    counts: tuple[int | str, int | str],
    sentence: str,
    found_by: str,
    made: Mapping[str, Decided],
) -> Issue:
    decided_so = made.get(name.casefold())
    earlier, later = counts
    return Issue(
        name=name,
        row=each.row,
        earlier=earlier,
        later=later,
        sentence=sentence,
        meaning=say("emerging", f"{_direction(each)}_{_WORDING_KEYS[each.row.polarity]}"),
        found_by=found_by,
        decision=decided_so.decision if decided_so else None,
        reason=decided_so.reason if decided_so else "",
    )


def _local_issue(rise: LocalRise, quarter: Period, made: Mapping[str, Decided]) -> Issue:
    each = rise.compared
    return _issue(
        f"{rise.name}, {quarter.name}",
        each,
        counts=(each.earlier, each.later),
        sentence=in_words(each.earlier, each.later, judged=rise.judged),
        found_by=say("emerging", "by_locality"),
        made=made,
    )


def _direction(each: ComparedRow) -> str:
    return "rise" if each.change > 0 else "fall"


def _how(tested: int, table: Comparison, settings: SignificanceSettings, *, hidden: int) -> Iterator[str]:
    yield say(
        "emerging",
        "how",
        tested=tested,
        later=table.later.words,
        earlier=table.earlier.words,
        test=say("test", _TESTS[settings.test]),
        rate=f"{settings.false_discovery_per_cent:g}",
        least=f"{settings.least_offences:,}",
    )
    if hidden:
        yield say("emerging", "how_hidden", hidden=hidden)


def _how_tested(rises: Sequence[Issue], settings: SignificanceSettings) -> str:
    if not rises:
        return say("emerging", "none", least=in_offences(settings.least_offences))
    dismissed = sum(issue.decision is Decision.DISMISSED for issue in rises)
    waiting = sum(issue.decision is None for issue in rises)
    kept = len(rises) - dismissed
    issues = "1 emerging issue" if kept == 1 else f"{kept:,} emerging issues"
    sentences = [say("emerging", "some", count=issues) if kept else say("emerging", "all_dismissed")]
    parts = {"waiting": waiting, "dismissed": dismissed}
    sentences += [say("emerging", part, count=f"{count:,}") for part, count in parts.items() if count]
    return " ".join(sentences)


def _beside(row: HighlightsRow, test: Test, movement: Movement | None) -> ChanceRow:
    if isinstance(row.earlier, str) or isinstance(row.later, str):
        return ChanceRow(ratio=SUPPRESSED, lower=SUPPRESSED, upper=SUPPRESSED, sentence=SUPPRESSED)
    judged = by_test(row.earlier, row.later, test=test, movement=movement)
    interval = judged.times.interval if judged.times else None
    return ChanceRow(
        ratio=row.later / row.earlier if row.earlier else NOT_AVAILABLE,
        lower=interval.lower if interval else NOT_AVAILABLE,
        upper=interval.upper if interval and math.isfinite(interval.upper) else NOT_AVAILABLE,
        sentence=in_words(row.earlier, row.later, judged=judged),
    )


def _times(value: float, least: int = 1) -> str:
    """Return a ratio with one decimal, or as many more as show that it is above 0 and on which side of 1 it lies."""
    for decimals in range(max(least, 1 if value >= _NEAR_1 else 2), _MOST_DECIMALS):
        printed = f"{value:,.{decimals}f}"
        as_read = float(printed.replace(",", ""))
        if (as_read > 0) == (value > 0) and (as_read > 1) == (value > 1) and (as_read < 1) == (value < 1):
            break
    return printed
