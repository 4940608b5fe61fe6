"""What of a change is more than chance: in words, beside the legacy columns, and as emerging issues."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from cdrp_xl.measures.chance import false_discovery_rates, p_value, rate_ratio
from cdrp_xl.measures.series import POINTS_FOR_LIMITS
from cdrp_xl.periods import Period
from cdrp_xl.report.model import ChanceRow, Check, Emerging, Issue
from cdrp_xl.report.wording import in_offences, say
from cdrp_xl.terms import NOT_AVAILABLE, SUPPRESSED, Decision, Polarity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.measures.chance import Test
    from cdrp_xl.measures.comparison import ComparedRow, Comparison
    from cdrp_xl.report.localities import LocalRise, LocalRises
    from cdrp_xl.report.model import Highlights, HighlightsRow
    from cdrp_xl.report.series import Rising
    from cdrp_xl.settings import SignificanceSettings
    from cdrp_xl.sources.master import Decided

SIGNIFICANT = 0.05

_TESTS = {"exact": "exact", "mid-p": "mid_p", "E-test": "e_test"}
_MEANT = {Polarity.LOWER_IS_BETTER: "offences", Polarity.ACTIVITY: "activity"}
_NEAR_1 = 1.05


def in_words(earlier: int, later: int, *, test: Test = "exact") -> str:
    """Return a change in one plain sentence.

    Parameters
    ----------
    earlier, later
        Counts in two periods of equal length. Unit: offences.
    test
        By which test the change is called likely or unlikely to be chance.

    Examples
    --------
    >>> in_words(32, 59)
    '59 offences against 32: 1.8 times as many (95% interval 1.2 to 2.9); unlikely to be chance.'
    """
    counts = in_offences(later)
    if earlier == later == 0:
        return say("chance", "none_at_all", later=counts)
    verdict = say("chance", "unlikely" if p_value(earlier, later, test=test) < SIGNIFICANT else "likely")
    found = rate_ratio(earlier, later)
    values = {"later": counts, "earlier": f"{earlier:,}", "lower": _times(found.interval.lower), "verdict": verdict}
    if earlier == 0:
        return say("chance", "from_none", **values)
    return say("chance", "change", ratio=_times(found.ratio), upper=_times(found.interval.upper), **values)


def beside(highlights: Highlights, *, test: Test) -> tuple[ChanceRow, ...]:
    """Return for every row of the highlights what of its change is more than chance; nothing where a count is hidden.

    Parameters
    ----------
    highlights
        The rows as they are printed. Unit: offences.
    test
        By which test a change is called likely or unlikely to be chance.
    """
    return tuple(_beside(row, test) for row in highlights.rows)


def emerging(
    table: Comparison,
    highlights: Highlights,
    *,
    rising: Rising,
    settings: SignificanceSettings,
    decisions: Mapping[str, Decided],
    local: LocalRises,
    is_rounded: bool = False,
) -> Emerging:
    """Return the offence rows whose change is more than chance, with what the analyst decided about the rises.

    Parameters
    ----------
    table
        Every offence row in two periods. Unit: offences.
    highlights
        The same rows as they are printed. One with a hidden count is not tested: being listed would bound the count.
    rising
        The rows that stand out upwards in the months of the quarter reported, which is part of an issue's name.
    settings
        By which test, at which rate of false discoveries, from how many offences on.
    decisions
        What the analyst decided, by the issue's name.
    local
        The rises of localities, and how they were looked for; empty if they were not.
    is_rounded
        Whether counts are printed rounded, so that no sentence may tell them.

    Returns
    -------
    Emerging
        Rises: those found by the test, then those found by their months alone, which rose too but not past chance, then
        those of localities. In each of these, rows where fewer are wanted come first, then police activity; in each the
        surest first.

    Notes
    -----
    METHODS.md, section 4: only rows that share no offence are tested, and the false discovery rate among them is held
    by the procedure of Benjamini and Hochberg. Section 5: what stands out in the months is found by no such procedure,
    so it is told apart. A season that comes every year does not count, since the row has to have risen on the year.
    """
    leaves = [each for each in leaves_of(table) if not _is_hidden(each, highlights)]
    hidden = len(leaves_of(table)) - len(leaves)
    made = {name.casefold(): decision for name, decision in decisions.items()}
    words = functools.partial(_words, test=settings.test, is_rounded=is_rounded)

    def issue(each: ComparedRow, *, is_by_months: bool = False) -> Issue:
        """Return the issue of a row."""
        sentence = words(each, is_by_months=is_by_months)
        return _issue(each, highlights, made, rising=rising, words=sentence, is_by_months=is_by_months)

    by_test, by_months = _standing(leaves, settings, rising)
    rises = (
        *(issue(each) for each in by_test if each.change > 0),
        *(issue(each, is_by_months=True) for each in by_months),
        *(_local_issue(each, rising.quarter, made, test=settings.test) for each in local.rises),
    )
    return Emerging(
        earlier=table.earlier,
        later=table.later,
        rises=rises,
        falls=tuple(issue(each) for each in by_test if each.change < 0),
        how="\n".join(filter(None, (*_how(len(leaves), table, settings, rising, hidden=hidden), local.how))),
        found=_found(rises, settings),
    )


def leaves_of(table: Comparison) -> list[ComparedRow]:
    """Return the rows that share no offence, which are those that are tested."""
    return [each for each in table.rows if each.row.is_leaf]


def withheld(
    table: Comparison, highlights: Highlights, *, rising: Rising, settings: SignificanceSettings, local: LocalRises
) -> tuple[Check, ...]:
    """Return for the analyst which rows with hidden counts changed by more than chance, which no reader is told."""
    leaves = leaves_of(table)
    if not local.withheld and not any(_is_hidden(each, highlights) for each in leaves):
        return ()
    by_test, by_months = _standing(leaves, settings, rising)
    names = [each.row.name for each in (*by_test, *by_months) if _is_hidden(each, highlights)]
    names += [rise.name for rise in local.withheld]
    detail = say("emerging", "withheld", names="; ".join(names)) if names else say("emerging", "none_withheld")
    return (Check(what=say("emerging", "hidden_rows"), holds=not names, detail=detail),)


def _is_hidden(each: ComparedRow, highlights: Highlights) -> bool:
    printed = highlights[each.row.row_id]
    return SUPPRESSED in {printed.earlier, printed.later}


def decided(found: Emerging, decisions: Mapping[str, Decided], period: Period) -> tuple[Check, ...]:
    """Return for the analyst whether every emerging issue is decided, and every decision of the quarter about one."""
    names = {issue.name.casefold() for issue in found.rises}
    stray = [name for name in decisions if name.endswith(f", {period.name}") and name.casefold() not in names]
    if not names and not stray:
        return ()
    waiting = "; ".join(issue.name for issue in found.undecided)
    told = [say("emerging", "undecided", names=waiting)] if waiting else []
    told += [say("emerging", "stray", names="; ".join(stray))] if stray else []
    detail = " ".join(told) or say("emerging", "all_decided")
    return (Check(what=say("emerging", "title"), holds=not told, detail=detail),)


def _standing(
    leaves: Sequence[ComparedRow], settings: SignificanceSettings, rising: Rising
) -> tuple[list[ComparedRow], list[ComparedRow]]:
    """Return the rows whose change stands among all that were tested, and those that only their months tell of.

    Both are in the order in which they are listed.
    """
    rates = false_discovery_rates([p_value(each.earlier, each.later, test=settings.test) for each in leaves])
    found = sorted(
        zip(rates, leaves, strict=True), key=lambda rated: (rated[1].row.polarity is Polarity.ACTIVITY, rated[0])
    )
    least = settings.least_offences
    by_test = [
        each
        for rate, each in found
        if rate * 100 <= settings.false_discovery_per_cent and max(each.earlier, each.later) >= least
    ]
    by_months = [
        each
        for _, each in found
        if each not in by_test and each.change > 0 and rising.offences.get(each.row.row_id, 0) >= least
    ]
    return by_test, by_months


def _found_by(each: ComparedRow, rising: Rising, *, is_by_months: bool) -> str:
    signals = rising.words.get(each.row.row_id) if each.change > 0 else None
    if signals is None:
        return say("emerging", "by_test")
    return say("emerging", "by_months" if is_by_months else "by_both", signals=signals)


def _issue(
    each: ComparedRow,
    highlights: Highlights,
    made: Mapping[str, Decided],
    *,
    rising: Rising,
    words: str,
    is_by_months: bool,
) -> Issue:
    name, printed = f"{each.row.name}, {rising.quarter.name}", highlights[each.row.row_id]
    decided_so = made.get(name.casefold())
    return Issue(
        name=name,
        row=each.row,
        earlier=printed.earlier,
        later=printed.later,
        sentence=words,
        meaning=say("emerging", f"{_direction(each)}_{_MEANT[each.row.polarity]}"),
        is_by_months=is_by_months,
        found_by=_found_by(each, rising, is_by_months=is_by_months),
        decision=decided_so.decision if decided_so else None,
        reason=decided_so.reason if decided_so else "",
    )


def _local_issue(rise: LocalRise, quarter: Period, made: Mapping[str, Decided], *, test: Test) -> Issue:
    each, name = rise.compared, f"{rise.name}, {quarter.name}"
    decided_so = made.get(name.casefold())
    return Issue(
        name=name,
        row=each.row,
        earlier=each.earlier,
        later=each.later,
        sentence=in_words(each.earlier, each.later, test=test),
        meaning=say("emerging", f"rise_{_MEANT[each.row.polarity]}"),
        is_by_months=False,
        found_by=say("emerging", "by_locality"),
        decision=decided_so.decision if decided_so else None,
        reason=decided_so.reason if decided_so else "",
    )


def _words(each: ComparedRow, *, test: Test, is_rounded: bool, is_by_months: bool) -> str:
    """Return a change in words; no count is told where counts are printed rounded."""
    if is_rounded:
        return say("emerging", "rise_untold_months" if is_by_months else f"{_direction(each)}_untold")
    return in_words(each.earlier, each.later, test=test)


def _direction(each: ComparedRow) -> str:
    return "rise" if each.change > 0 else "fall"


def _how(
    tested: int, table: Comparison, settings: SignificanceSettings, rising: Rising, *, hidden: int
) -> Iterator[str]:
    bounds = {"rate": f"{settings.false_discovery_per_cent:g}", "least": f"{settings.least_offences:,}"}
    yield say(
        "emerging",
        "how",
        tested=tested,
        later=table.later.words,
        earlier=table.earlier.words,
        test=say("test", _TESTS[settings.test]),
        **bounds,
    )
    if hidden:
        yield say("emerging", "how_hidden", hidden=hidden)
    quarter, months = rising.quarter, rising.months
    last = Period(quarter.last, quarter.last)
    if rising.has_limits:
        yield say("emerging", "how_months", quarter=quarter.words, months=months, last=last.words, **bounds)
    elif months:
        yield say("emerging", "trial", months=months, needed=POINTS_FOR_LIMITS)


def _found(rises: Sequence[Issue], settings: SignificanceSettings) -> str:
    if not rises:
        return say("emerging", "none", least=f"{settings.least_offences:,}")
    dismissed = sum(issue.decision is Decision.DISMISSED for issue in rises)
    waiting = sum(issue.decision is None for issue in rises)
    alone = sum(issue.is_by_months for issue in rises if issue.decision is not Decision.DISMISSED)
    kept = len(rises) - dismissed
    issues = "1 emerging issue" if kept == 1 else f"{kept:,} emerging issues"
    told = [say("emerging", "some", count=issues) if kept else say("emerging", "all_dismissed")]
    parts = {"alone": alone, "waiting": waiting, "dismissed": dismissed}
    told += [say("emerging", part, count=f"{count:,}") for part, count in parts.items() if count]
    return " ".join(told)


def _beside(row: HighlightsRow, test: Test) -> ChanceRow:
    if isinstance(row.earlier, str) or isinstance(row.later, str):
        return ChanceRow(ratio=SUPPRESSED, lower=SUPPRESSED, upper=SUPPRESSED, sentence=SUPPRESSED)
    sentence = in_words(row.earlier, row.later, test=test)
    if row.earlier == row.later == 0:
        return ChanceRow(ratio=NOT_AVAILABLE, lower=NOT_AVAILABLE, upper=NOT_AVAILABLE, sentence=sentence)
    found = rate_ratio(row.earlier, row.later)
    return ChanceRow(
        ratio=_or_symbol(found.ratio),
        lower=found.interval.lower,
        upper=_or_symbol(found.interval.upper),
        sentence=sentence,
    )


def _or_symbol(value: float) -> float | str:
    return value if math.isfinite(value) else NOT_AVAILABLE


def _times(value: float) -> str:
    """Return a ratio with one decimal, or two where one would hide on which side of 1 it lies."""
    return f"{value:,.1f}" if value >= _NEAR_1 else f"{value:.2f}"
