"""What the report says about farm crime, in sentences made from its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.errors import quoted
from cdrp_xl.measures.comparison import printed_change
from cdrp_xl.measures.verdict import by_test
from cdrp_xl.report.chance import verdict_words
from cdrp_xl.report.farm_counts import REPEATS, UNNAMED, VICTIMS
from cdrp_xl.report.wording import in_brackets, in_offences, say
from cdrp_xl.terms import NO_CALC

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.report.farm_counts import FarmCounts
    from cdrp_xl.report.farm_model import FarmQuarter, GroupLine


def intro(counted: FarmCounts) -> str:
    """Return the locus by which farm crime is identified."""
    asked = {"type": counted.farm.locus_types, "subtype": counted.farm.locus_subtypes}
    locus = " and ".join(
        say("farm", "locus", what=what, names=" or ".join(map(quoted, names))) for what, names in asked.items() if names
    )
    return say("farm", "intro", locus=locus)


def by_year(counted: FarmCounts, lines: Sequence[GroupLine]) -> str:
    """Return each year's offences and their share of all crime, the change, and the largest group."""
    whole = [year for year in counted.years if counted.offences(year) is not None]
    *groups, total = lines
    said = [_with_share(counted, year, "year", year=year.name) for year in whole]
    said += [_changed(total, counted.years), _largest(groups, total, counted)]
    said += [counted.why_not(year) for year in counted.years if year not in whole]
    return _joined(said)


def by_quarter(counted: FarmCounts) -> str:
    """Return the quarter's offences beside the baseline's, and against how many victims that were hit before."""
    offences = counted.shown(counted.quarter)
    if offences is None:
        return counted.why_not(counted.quarter)
    said = [_with_share(counted, counted.quarter, "quarter", words=counted.quarter.words)]
    if isinstance(offences, int):
        said += [_against_baseline(counted, offences), _repeats(counted, offences)]
    are_hidden = any(isinstance(counted.shown(quarter), str) for quarter in counted.quarters)
    return _joined([*said, say("farm", "no_column") if are_hidden else ""])


def pivots(counted: FarmCounts, years_shown: Sequence[Period]) -> str:
    """Return what the pivot tables count, and which of their years are not whole."""
    if not years_shown:
        return say("farm", "no_offences", coverage=counted.coverage)
    part = [year.name for year in years_shown if counted.offences(year) is None]
    return _joined([say("farm", "pivots"), say("farm", "part_years", years=", ".join(part)) if part else ""])


def alt_text(quarters: Sequence[FarmQuarter], baseline: Period) -> str:
    """Return the alternative text of the chart of quarters."""
    if not quarters:
        return ""
    first, last = quarters[0], quarters[-1]
    has_line = all(isinstance(each.baseline, int) for each in quarters)
    return say(
        "farm",
        "chart_alt" if has_line else "chart_alt_without_baseline",
        first=first.quarter.name,
        first_offences=_or_hidden(first.offences, in_offences),
        last=last.quarter.name,
        last_offences=_or_hidden(last.offences, "{:,}".format),
        baseline=baseline.name,
    )


def _or_hidden(count: int | str, words: Callable[[int], str]) -> str:
    return words(count) if isinstance(count, int) else say("farm", "hidden")


def _with_share(counted: FarmCounts, period: Period, key: str, **when: str) -> str:
    """Return a period's farm offences, and their share of all recorded crime; or that their number is hidden."""
    part, whole = counted.shown(period) or 0, counted.all_crime(period) or 0
    if isinstance(part, str):
        return say("farm", f"{key}_hidden", **when)
    return say("farm", key, **when, offences=in_offences(part), share=_per_cent(part, whole), every=f"{whole:,}")


def _changed(total: GroupLine, years: Sequence[Period]) -> str:
    first, last = total.offences[0], total.offences[-1]
    if not isinstance(first, int) or not isinstance(last, int) or len(years) == 1:
        return ""
    moved = f"{abs(last - first):,} {'fewer' if last < first else 'more'} than" if first != last else "as many as"
    return say("farm", "change", moved=moved, first=years[0].name, printed=in_brackets(first, last))


def _largest(groups: Sequence[GroupLine], total: GroupLine, counted: FarmCounts) -> str:
    """Return which group was the largest in the last year, and what it was in the first."""
    whole, years = total.offences[-1], counted.years
    if not whole or isinstance(whole, str):
        return ""
    published = [count for line in groups if isinstance(count := line.offences[-1], int)]
    most = max(published, default=0)
    if len(published) < len(groups) and (counted.is_rounded or whole - sum(published) >= most):
        return ""  # to say that a hidden count is less than this one would bound it
    largest = [line for line in groups if line.offences[-1] == most]
    said = {"groups": " and ".join(line.group for line in largest), "year": years[-1].name}
    of_all = {"most": f"{most:,}", "whole": f"{whole:,}", "share": _per_cent(most, whole)}
    if len(largest) > 1:
        return say("farm", "largest_alike", **said, **of_all)
    first, before = largest[0].offences[0], total.offences[0]
    sentence = say("farm", "largest", **said, **of_all)
    if not isinstance(first, int) or not isinstance(before, int) or not before or len(years) == 1:
        return sentence
    then = {"count": f"{first:,}", "whole": f"{before:,}", "share": _per_cent(first, before)}
    share = printed_change(first, most)
    change = "" if share == NO_CALC else say("farm", "largest_change", printed=share)
    return _joined([sentence, say("farm", "largest_before", year=years[0].name, printed=change, **then)])


def _against_baseline(counted: FarmCounts, offences: int) -> str:
    then = counted.baseline(counted.quarter)
    before = counted.shown(then) if then else None
    if then is None or before is None:
        return say("farm", "no_baseline", baseline=counted.farm.baseline.name)
    if isinstance(before, str):
        return ""
    if offences == before and not counted.is_rounded:
        return say("farm", "same", words=then.words)
    said = {"words": then.words, "were": "was" if before == 1 else "were", "baseline": in_offences(before)}
    if counted.is_rounded:
        return say("farm", "not_tested", **said)
    judged = by_test(before, offences, test=counted.test, movement=counted.movement())
    return say("farm", "tested", **said, printed=in_brackets(before, offences), verdict=verdict_words(judged))


def _repeats(counted: FarmCounts, offences: int) -> str:
    who = counted.farm.repeats_by
    repeats, victims, unnamed = (counted.shown(counted.quarter, each) for each in (REPEATS, VICTIMS, UNNAMED))
    if repeats is None:
        why = counted.why_no_repeats(counted.quarter)
        return say("farm", "repeats_unknown", why=why)
    if not offences:
        return ""
    said = ""
    if isinstance(repeats, int) and isinstance(victims, int) and (victims or not counted.is_rounded):
        said = say(
            "farm",
            f"{'repeats' if repeats else 'no_repeats'}_{who}",
            repeats=f"{repeats:,}",
            counted=f"{offences:,}",
            were="was" if repeats == 1 else "were",
            victims=f"{victims:,} {who}{'' if victims == 1 or who == 'premises' else 's'}",
            months=counted.farm.repeat_months,
        )
    if isinstance(unnamed, int) and unnamed:
        said = _joined([said, say("farm", "unnamed", offences=in_offences(unnamed), who=who)])
    known = next(quarter for quarter in counted.quarters if not counted.why_no_repeats(quarter))
    since = say("farm", "repeats_since", first=known.name, months=counted.farm.repeat_months)
    return _joined([said, since if known != counted.quarters[0] else ""])


def _joined(sentences: Sequence[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _per_cent(part: int, whole: int) -> str:
    """Return a share in words, one decimal, rounded half up."""
    if not whole:
        return "no share"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"
