"""Claims of the lowest and the highest: since when, of which months or quarters, of which rows, of which areas."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from cdrp_xl.prose import bounds, cues
from cdrp_xl.prose.catalogue import FARM_REPEATS, Measure, slug
from cdrp_xl.prose.findings import Fault, Finding
from cdrp_xl.prose.numerals import value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.binding import Binder
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.moves import Extreme
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.whens import When
    from cdrp_xl.report import Report
    from cdrp_xl.report.model import HighlightsRow

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LOW = r"(?P<low>lowest|fewest|smallest|least|quietest)"
_HIGH = r"(?P<high>highest|most(?! (?:similar|recent|likely|of|serious)\b)|largest|biggest|worst|greatest|busiest)"
_RANK = r"(?:(?P<rank>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:nd|rd|th))[ -])?"
_ON_RECORD = r"(?:in (?:the|our|this) (?:series|data|records?|run)|on record)\b"
_FROM_THE_START = re.compile(
    r"\s*(?:the |our )?(?:(?:start|beginning) of (?:the |our )?(?:series|records?|data)|"
    r"(?:\w+ ){1,2}(?:began|started|starts?|begins?))",
    re.IGNORECASE,
)
_OF_PERIODS = re.compile(
    rf"\b{_RANK}(?:{_LOW}|{_HIGH})(?:(?: [\w-]+){{0,2}}? (?P<unit>month|quarter|year|figure|level|count|total)\b|"
    rf"(?=,? with\b)|(?=[,.;]|$)|(?= {_ON_RECORD}))(?: for [\w ]{{3,40}}?(?= since| of| in|,| was))?"
    r"(?P<tail> since| until| before|,? (?:of|in|for|over) )?",
    re.IGNORECASE,
)
_OF_ROWS = re.compile(
    rf"\b{_RANK}(?:{_LOW}|{_HIGH}) (?:single )?(?P<noun>(?:part|share|proportion|component|category|group|kind|type|"
    r"element|number)\b)?",
    re.IGNORECASE,
)
_OF_CHANGES = re.compile(
    rf"\b(?:{_LOW}|{_HIGH})(?: (?P<by>numerical|numeric|absolute|percentage|proportional))? "
    r"(?P<way>rise|increase|fall|drop|reduction|decrease)s?"
    r"(?:,? (?:was|were|came|is))?(?: seen| recorded)? (?:in|for|by)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"\s*(?:at least|early|late|this|last|the (?:start|beginning|end) of)?\s*", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:,]|\b(?:and|while|whereas|but|although|with)\b")
_NEAR = 60


def of_extremes(binder: Binder, report: Report) -> Iterator[Finding]:
    """Yield every claim of a lowest or highest that the report's own figures do not show."""
    peaks = tuple(_OF_PERIODS.finditer(binder.sentence.plain))
    of_periods = [found for found in peaks if _period_of(found, binder) and not _is_place(found, binder, report)]
    for found in of_periods:
        yield from _of_period(found, binder)
    for extreme in binder.sentence.extremes:
        keys = next((each.keys for each in reversed(binder.sentence.named) if not each.is_short), binder.sentence.about)
        if keys and not any(found.start() == extreme.start for found in of_periods):
            yield from _of_extreme(extreme, keys, binder)
    named = {each.start for each in binder.sentence.named}
    for found in _OF_ROWS.finditer(binder.sentence.plain):
        is_of_group = found["rank"] and cues.OF_GROUP.search(binder.sentence.text)
        if is_of_group or (not found["noun"] and found.end() not in named):
            continue
        yield from _of_rows(found, binder, report)
    for found in _OF_CHANGES.finditer(binder.sentence.plain):
        yield from _of_changes(found, binder, report)
    yield from bounds.of_bounds(binder.candidates, _keys(binder))


def _keys(binder: Binder) -> tuple[str, ...]:
    named = binder.sentence.named
    long = next((each.keys for each in reversed(named) if not each.is_short), ())
    return long or binder.sentence.about or next((each.keys for each in named), ())


def _period_of(found: re.Match[str], binder: Binder) -> Period | None:
    """Return the month, quarter or year that is called the lowest or highest: the one named nearest before or after."""
    said = re.search(r"(month|quarter)ly|(annual)", found[0], re.IGNORECASE)
    unit = _MONTHS.get((said[1] or "year").casefold() if said else (found["unit"] or "").casefold())
    tail = _tail(found, binder)
    if _is_on_record(found, binder):
        ahead = [when for when in binder.sentence.whens if when.exact and when.end <= found.start()]
        named = next((when.exact[0] for when in reversed(ahead) if not when.is_relative), None)
        period = named or (binder.catalogue.quarter if any(_is_now(when, binder) for when in ahead) else None)
        if period and unit in {None, period.months_count}:
            return period
    near: list[tuple[int, Period]] = []
    for when in binder.sentence.whens:
        if when is tail or not when.exact:
            continue
        gap = found.start() - when.end if when.end <= found.start() else when.start - found.end()
        is_beside = when.end <= found.start() or re.search(
            r"\b(?:was|were|is|came|in)\b", binder.sentence.plain[found.end() : when.start]
        )
        period = when.exact[0]
        if is_beside and gap <= _NEAR and unit in {None, period.months_count} and not when.is_relative:
            near.append((gap, period))
    if not near and _is_on_record(found, binder):
        return binder.catalogue.quarter if unit in {None, _MONTHS["quarter"]} else None
    return min(near, key=lambda each: each[0])[1] if near else None


def _is_now(when: When, binder: Binder) -> bool:
    return when.is_relative and binder.catalogue.quarter in when.exact


def _is_on_record(found: re.Match[str], binder: Binder) -> bool:
    after = binder.sentence.plain[found.end() - len(found["tail"] or "") :]
    return found["rank"] is not None or re.match(rf" {_ON_RECORD}", after) is not None


def _tail(found: re.Match[str], binder: Binder) -> When | None:
    """Return the time that a lowest or highest is said to be of or since."""
    after = next((each for each in binder.sentence.whens if each.start >= found.end() - 1), None)
    between = binder.sentence.plain[found.end() : after.start] if after else ""
    is_next = after is not None and _AT_LEAST.fullmatch(between) is not None
    return after if found["tail"] and is_next else None


def _of_period(found: re.Match[str], binder: Binder) -> Iterator[Finding]:
    period, tail = _period_of(found, binder), _tail(found, binder)
    is_lowest = found["low"] is not None
    run = [*binder.candidates.run(_keys(binder), period.months_count if period else 0).values()]
    if tail and (found["tail"] or "").strip() == "since":
        since = min((each.first for each in tail.exact), default=None)
        if run and run[0].period and since and since < run[0].period.first:
            yield _wrong(found[0].strip(), binder, "The report has no figures that go back so far.", run[0])
            return
        run = [each for each in run if each.period and since and each.period.first >= since]
    elif tail and (found["tail"] or "").strip() in {"until", "before"}:
        end = min((each.first for each in tail.exact), default=None)
        run = [each for each in run if each.period and end and each.period.last < end]
    elif tail := tail or _wider(period, binder):
        run = [each for each in run if each.period and any(each.period in of for of in tail.exact)]
    at = next((each for each in run if each.period == period), None)
    if at is None or not run[1:]:
        return
    beyond = [each for each in run if (each.value < at.value if is_lowest else each.value > at.value)]
    if len(beyond) > _rank(found) - 1 and beyond[0].period:
        side = "lower" if is_lowest else "higher"
        yield _wrong(found[0].strip(), binder, f"It was {side} in {beyond[0].period.words}: {beyond[0].shown}.", at)
    elif len(beyond) < _rank(found) - 1:
        yield _wrong(found[0].strip(), binder, f"Only {len(beyond)} went beyond it.", at)


def _rank(found: re.Match[str]) -> int:
    """Return which place is said: 2 for "second highest", 1 where none is."""
    return int(value_of(re.sub(r"(?<=\d)\w\w$", "", found["rank"])) or 1) if found["rank"] else 1


def _wider(period: Period | None, binder: Binder) -> When | None:
    """Return the longer time that is named in the sentence, of which the period is a part."""
    whens = binder.sentence.whens
    return next((when for when in whens for each in when.exact if period and period in each and period != each), None)


def _of_rows(found: re.Match[str], binder: Binder, report: Report) -> Iterator[Finding]:
    """Yield the row or area that is not the largest or smallest of those beside it, in any of the periods meant."""
    beaten: tuple[Figure, list[Figure]] | None = None
    for mine, others in (*_areas_beside(found, binder), *_rows_beside(found, binder, report)):
        beyond = _beyond(found, mine, others)
        if len(beyond) == _rank(found) - 1:
            return
        beaten = beaten or (mine, beyond)
    if beaten:
        mine, beyond = beaten
        why = f"{beyond[0].words} is {beyond[0].shown}." if beyond else f"Nothing beside it is beyond {mine.shown}."
        yield _wrong(found[0].strip(), binder, why, mine)


def _is_place(found: re.Match[str], binder: Binder, report: Report) -> bool:
    """Return whether a place without a noun is right among rows: "theft is the second largest"."""
    beside = _rows_beside(found, binder, report) if found["rank"] and not found["unit"] else ()
    return any(len(_beyond(found, mine, others)) == _rank(found) - 1 for mine, others in beside)


def _beyond(found: re.Match[str], mine: Figure, others: Iterable[Figure]) -> list[Figure]:
    return [each for each in others if (each.value < mine.value if found["low"] else each.value > mine.value)]


def _areas_beside(found: re.Match[str], binder: Binder) -> Iterator[tuple[Figure, tuple[Figure, ...]]]:
    """Yield the figures of the area named before, each with the same figure of the other areas."""
    place = next((each.name for each in reversed(binder.sentence.places) if each.end <= found.start()), "")
    every = [each for each in binder.catalogue.of(_keys(binder), Measure.LEVEL) if each.period]
    columns = {id(each): each.name.rpartition(".")[2].removeprefix(slug(each.area)) for each in every}
    for mine in every:
        alike = (each for each in every if columns[id(each)] == columns[id(mine)] and each.period == mine.period)
        others = tuple(each for each in alike if each.area != mine.area)
        if mine.area == place and others[1:]:
            yield mine, others


def _rows_beside(found: re.Match[str], binder: Binder, report: Report) -> Iterator[tuple[Figure, tuple[Figure, ...]]]:
    """Yield the counts of the row that is meant, each with those of the rows that it is a part beside."""
    named = binder.sentence.named
    clause = max((each.end() for each in _CLAUSE.finditer(binder.sentence.plain, 0, found.start())), default=0)
    mine = [each for each in named if clause <= each.start and each.end <= found.start()]
    mine = mine or [each for each in named if each.end <= found.start()][-1:]
    whole = next((each for each in named if each.start >= found.end() and each.start - found.end() <= _NEAR), None)
    whens = binder.sentence.whens
    for key in (key for each in mine for key in each.keys):
        for beside in filter(None, _siblings(key, whole, binder, report)):
            for level in binder.candidates.expected([key], whens, is_earlier=False):
                others = tuple(each for each in binder.candidates.levels(beside) if each.period == level.period)
                if others:
                    yield level, others


def _siblings(key: str, whole: Named | None, binder: Binder, report: Report) -> Iterator[tuple[str, ...]]:
    """Yield the other parts of the whole that is named, or of what the row is shown under, or all without parts."""
    within = binder.catalogue.subjects[key].within
    if within:
        every = binder.catalogue.subjects.items()
        yield tuple(other for other, subject in every if subject.within == within and other not in {key, FARM_REPEATS})
    rows = {each.row.row_id: each.row for each in report.comparison.rows}
    if within or key not in rows:
        return
    mine, recorded = rows[key], report.comparison.classification.all_crime.codes
    apart = [row for row in rows.values() if row.row_id != key and not row.codes & mine.codes]
    parents = set(whole.keys if whole else ()) or {mine.parent}
    if mine.parent in parents:
        yield tuple(row.row_id for row in apart if row.parent in parents)
    if mine.is_leaf and not whole:
        yield tuple(row.row_id for row in apart if row.is_leaf and row.codes <= recorded)


def _of_changes(found: re.Match[str], binder: Binder, report: Report) -> Iterator[Finding]:
    """Yield the row that did not change most, by number or in per cent, of all rows or of those without parts."""
    named = next((each for each in binder.sentence.named if each.start >= found.end()), None)
    rows = [each for each in report.comparison.rows if isinstance(each.change, int)]
    mine = [each for each in rows if named and each.row.row_id in named.keys]
    is_rise = found["way"].casefold() in {"rise", "increase"}
    moved = [each for each in rows if _by_number(each) and (_by_number(each) > 0) == is_rise]
    if not mine or not moved:
        return
    leaves = [each for each in moved if each.row.is_leaf or each is mine[0]]
    most = min if found["low"] else max
    for among, size in itertools.product((moved, leaves), (_by_number, _by_per_cent)):
        if mine[0] in moved and abs(size(mine[0])) == most(abs(size(each)) for each in among):
            return
    best = most(leaves or moved, key=lambda each: abs(_by_number(each)))
    figure = binder.catalogue.by_name[f"{mine[0].row.row_id}.change"]
    yield _wrong(found[0].strip(), binder, f"{best.row.name} changed by {best.change:+,}.", figure)


def _by_number(row: HighlightsRow) -> float:
    return row.change if isinstance(row.change, int) else 0


def _by_per_cent(row: HighlightsRow) -> float:
    return row.apparent_change if isinstance(row.apparent_change, float) else 0


def _of_extreme(extreme: Extreme, keys: tuple[str, ...], binder: Binder) -> Iterator[Finding]:
    run = [*binder.candidates.run(keys, _months_meant(extreme, binder)).values()]
    now = next(
        (each for each in reversed(run) if each.period and each.period.last == binder.catalogue.quarter.last), None
    )
    since = _since(extreme, run, binder)
    named = [each for each in binder.sentence.whens if each.start < extreme.start]
    if now and now.period and named and not any(each.matches(now.period) for each in named):
        yield _wrong(extreme.text, binder, f"The report's figure is for {now.period.words}.", now)
        return
    if now is None or since is None:
        yield _wrong(extreme.text, binder, "The report has no figures that go back so far.", now)
        return
    before = [each for each in run if each.period and since.last < each.period.last and each is not now]
    beyond = next(
        (each for each in before if (each.value <= now.value if extreme.is_lowest else each.value >= now.value)), None
    )
    if beyond:
        side = "as low" if extreme.is_lowest else "as high"
        yield _wrong(
            extreme.text,
            binder,
            f"It was {side} in {beyond.period.words if beyond.period else ''}: {beyond.shown}.",
            now,
        )
        return
    at = next((each for each in run if each.period == since), None)
    if (
        extreme.since
        and at
        and at is not run[0]
        and (at.value > now.value if extreme.is_lowest else at.value < now.value)
    ):
        beyond_words = "higher" if extreme.is_lowest else "lower"
        yield _wrong(extreme.text, binder, f"It was {beyond_words} then: {at.shown}.", now)


def _months_meant(extreme: Extreme, binder: Binder) -> int:
    """Return how many months the periods have of which it is said: quarters, unless the sentence speaks of a month."""
    before = [period for when in binder.sentence.whens if when.start < extreme.start for period in when.exact]
    return 1 if extreme.unit == "month" or any(each.months_count == 1 for each in before) else _MONTHS["quarter"]


def _since(extreme: Extreme, run: Sequence[Figure], binder: Binder) -> Period | None:
    """Return the period since which it is said: named, or a number of periods back; None where there are no figures."""
    known = [each.period for each in run if each.period]
    if extreme.since and known and _FROM_THE_START.match(binder.sentence.plain[extreme.end :]):
        return known[0]
    after = [each for each in binder.sentence.whens if each.start >= extreme.end]
    if extreme.count.casefold() == "any" and not after:
        return known[0] if known else None
    if extreme.since or extreme.count.casefold() == "any":
        whens = after
        named = [period for when in whens[:1] for period in when.exact]
        return next(
            (
                period
                for period in reversed(known)
                for when in whens[:1]
                if when.matches(period) or any(each in period for each in named)
            ),
            None,
        )
    count = 1 if extreme.count.casefold() in {"a", "an"} else value_of(extreme.count)
    if count is None or not known:
        return None
    months = int(count) * _MONTHS.get(extreme.unit, 1)
    first = binder.catalogue.quarter.last + -months
    if known[0].first.index > first.index + 1:
        return None
    return next((each for each in reversed(known) if each.last.index <= first.index), known[0].previous_quarter())


def _wrong(words: str, binder: Binder, why: str, now: Figure | None) -> Finding:
    nearest = f"{now.shown}, {now.words} ({now.name})" if now else ""
    text = binder.sentence.text
    return Finding(sentence=text, words=words, why=why, nearest=nearest, corrected="", fault=Fault.CONTRADICTION)
