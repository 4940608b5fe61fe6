"""What a sentence says beside its numbers: which way figures went, how long a lowest has lasted, when and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.prose.findings import Fault, Finding
from cdrp_xl.prose.moves import Way
from cdrp_xl.prose.numerals import Kind, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.binding import Binder, Bound, Option
    from cdrp_xl.prose.candidates import Pair
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.moves import Extreme, Move
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.whens import When

_WAYS = {Way.UP: "a rise", Way.DOWN: "a fall", Way.SAME: "no change"}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PARTS = re.compile(r";|,? (?:and|but|while|whereas|although|though|despite|which|with|as|however|after|before) |, ")
_AIM = re.compile(r"\b(?:targets?|aims?|plans?|to end|will|due)\b", re.IGNORECASE)
_STANDING = re.compile(
    r"\b(?:than|to) (?:the|its|our) (?:group|average|most similar|force|county|national)", re.IGNORECASE
)


def of_moves(binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Give the directions that the figures contradict, but for those that a number's own finding speaks of."""
    told = {each.move for each in bound if each.wrong_way}
    for move in binder.sentence.moves:
        if (
            move in told
            or not move.is_claim
            or _STANDING.match(binder.sentence.plain[move.end : move.end + 40].strip())
        ):
            continue
        if shares := _shares(move, bound):
            yield from _of_shares(move, shares, binder)
            continue
        pairs = _pairs(move, binder, bound)
        if pairs and not any(_bears_out(move, pair) for pair in pairs):
            yield _contradicted(move, pairs[0], binder)


def _shares(move: Move, bound: Sequence[Bound]) -> tuple[Option, Option] | None:
    """Return the two shares that a direction joins ("2.3%, up from 1.9%"), the earlier first."""
    options = [
        (each.number.start, each.option)
        for each in bound
        if each.option and each.number.kind is Kind.PERCENT and each.option.way is None
    ]
    before = [option for start, option in options if start < move.start]
    after = [option for start, option in options if start > move.start]
    if not after or not (before or after[1:]):
        return None
    first, last = (after[0], before[-1]) if before else after[:2]
    of_first, of_last = first.figures[0].period, last.figures[0].period
    is_in_order = of_first and of_last and of_first.last < of_last.last
    return (first, last) if is_in_order else None


def _of_shares(move: Move, shares: tuple[Option, Option], binder: Binder) -> Iterator[Finding]:
    first, last = shares
    way = Way((last.value > first.value) - (last.value < first.value))
    if way != move.way and not move.is_negated:
        yield Finding(
            sentence=binder.sentence.text,
            words=move.text,
            why=f"The figures show {_WAYS[way]}: {last.shown}, against {first.shown} before.",
            nearest=f"{last.shown}, {last.words} ({last.figures[0].name})",
            corrected="",
            fault=Fault.CONTRADICTION,
        )


def _bears_out(move: Move, pair: Pair) -> bool:
    way = (pair.change > 0) - (pair.change < 0)
    return way != move.way if move.is_negated else way == move.way


def _contradicted(move: Move, pair: Pair, binder: Binder) -> Finding:
    way = Way((pair.change > 0) - (pair.change < 0))
    first, last = pair.earlier, pair.later
    return Finding(
        sentence=binder.sentence.text,
        words=move.text,
        why=f"The figures show {_WAYS[way]}: {last.words} is {last.shown}, against {first.shown} in "
        f"{first.period.words if first.period else 'the earlier period'}.",
        nearest=f"{pair.change:+,.0f}, {last.words} ({last.name} and {first.name})",
        corrected="",
        fault=Fault.CONTRADICTION,
    )


def _pairs(move: Move, binder: Binder, bound: Sequence[Bound]) -> tuple[Pair, ...]:
    """Return the comparisons that a direction can be said of: those of its own numbers, else of its row and times."""
    keys = _keys(move, binder)
    if not keys:
        return ()
    first, last = _part(move, binder)
    numbers = [each for each in bound if each.option and first <= each.number.start < last]
    of_numbers = {figure.period for each in numbers for figure in (each.option.figures if each.option else ())}
    whens = tuple(each for each in binder.sentence.whens if first <= each.start < last) or _only(binder)
    pairs = binder.candidates.pairs(keys, whens)
    same = tuple(pair for pair in pairs if {pair.earlier.period, pair.later.period} <= of_numbers)
    return same or pairs


def _only(binder: Binder) -> tuple[When, ...]:
    """Return the times of a sentence that has one part alone."""
    return binder.sentence.whens if len(binder.sentence.moves) <= 1 else ()


def _part(move: Move, binder: Binder) -> tuple[int, int]:
    text = binder.sentence.plain
    breaks = [found.start() for found in _PARTS.finditer(text)]
    first = max((each for each in breaks if each <= move.start), default=0)
    others = [each.start for each in binder.sentence.moves if each.start > move.start]
    last = min(others, default=len(text))
    return first, last


def _keys(move: Move, binder: Binder) -> tuple[str, ...]:
    """Return the rows that a direction is said of: "a fall in X", else the one named before, else the next."""
    named = [each for each in binder.sentence.named if not each.is_short]
    first, last = _part(move, binder)
    after = next((each for each in named if 0 <= each.start - move.end <= _AFTER and _links(move, each, binder)), None)
    before = next((each for each in reversed(named) if each.end <= move.start), None)
    found = after or before or next((each for each in named if first <= each.start < last), None)
    short = next((each for each in reversed(binder.sentence.named) if each.is_short and each.end <= move.start), None)
    if found:
        return found.keys
    is_about = re.match(
        r"\W*(?:This|That|It|These|The (?:fall|rise|increase|reduction|number|figure|total))\b", binder.sentence.text
    )
    if is_about or binder.sentence.numbers:
        return binder.sentence.about or (short.keys if short else ())
    return short.keys if short else ()


_AFTER = 60


def _links(move: Move, named: Named, binder: Binder) -> bool:
    between = binder.sentence.plain[move.end : named.start]
    return (
        re.fullmatch(
            r"\s+(?:(?:in|of|for|offences|crimes|the|number|total|both|recorded|all|levels|\d[\d,.]*%?|"
            r"\(|\)|by) ?)*\s*",
            between,
        )
        is not None
    )


def of_extremes(binder: Binder) -> Iterator[Finding]:
    """Give every "lowest since" and "highest in three years" that the report's own run of figures does not show."""
    for extreme in binder.sentence.extremes:
        keys = next((each.keys for each in reversed(binder.sentence.named) if not each.is_short), binder.sentence.about)
        if keys:
            yield from _of_extreme(extreme, keys, binder)


def _of_extreme(extreme: Extreme, keys: tuple[str, ...], binder: Binder) -> Iterator[Finding]:
    months = _months_meant(extreme, binder)
    run = sorted(
        {
            each.period: each
            for each in binder.candidates.levels(keys)
            if each.period and each.period.months_count == months
        }.values(),
        key=lambda each: each.period.first if each.period else 0,
    )
    now = next(
        (each for each in reversed(run) if each.period and each.period.last == binder.catalogue.quarter.last), None
    )
    since = _since(extreme, run, binder)
    named = [each for each in binder.sentence.whens if each.start < extreme.start]
    if now and now.period and named and not any(each.matches(now.period) for each in named):
        yield _extreme(extreme, binder, f"The report's figure is for {now.period.words}.", now)
        return
    if now is None or since is None:
        yield _extreme(extreme, binder, "The report has no figures that go back so far.", now)
        return
    before = [each for each in run if each.period and since.last < each.period.last and each is not now]
    beyond = next(
        (each for each in before if (each.value <= now.value if extreme.is_lowest else each.value >= now.value)), None
    )
    if beyond:
        side = "as low" if extreme.is_lowest else "as high"
        yield _extreme(
            extreme, binder, f"It was {side} in {beyond.period.words if beyond.period else ''}: {beyond.shown}.", now
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
        yield _extreme(extreme, binder, f"It was {beyond_words} then: {at.shown}.", now)


def _months_meant(extreme: Extreme, binder: Binder) -> int:
    """Return how many months the periods have of which it is said: quarters, unless the sentence speaks of a month."""
    before = [period for when in binder.sentence.whens if when.start < extreme.start for period in when.exact]
    return 1 if extreme.unit == "month" or any(each.months_count == 1 for each in before) else _MONTHS["quarter"]


def _since(extreme: Extreme, run: Sequence[Figure], binder: Binder) -> Period | None:
    """Return the period since which it is said: named, or so many periods back; None where there are no figures."""
    known = [each.period for each in run if each.period]
    if extreme.since:
        whens = [each for each in binder.sentence.whens if each.start >= extreme.end]
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
    count = value_of(extreme.count)
    if count is None or not known:
        return None
    months = int(count) * _MONTHS.get(extreme.unit, 1)
    first = binder.catalogue.quarter.last + -months
    if known[0].first.index > first.index + 1:
        return None
    return next((each for each in reversed(known) if each.last.index <= first.index), known[0].previous_quarter())


def _extreme(extreme: Extreme, binder: Binder, why: str, now: Figure | None) -> Finding:
    nearest = f"{now.shown}, {now.words} ({now.name})" if now else ""
    return Finding(
        sentence=binder.sentence.text,
        words=extreme.text,
        why=why,
        nearest=nearest,
        corrected="",
        fault=Fault.CONTRADICTION,
    )


def of_whens(binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Give the times that are named beside a figure and are not that figure's, nor what it is compared with."""
    options = [each for each in bound if each.option]
    if not options or _AIM.search(binder.sentence.plain):
        return
    used = {figure.period for each in options for figure in (each.option.figures if each.option else ())}
    used |= {
        figure.against for each in options for figure in (each.option.figures if each.option else ()) if figure.against
    }
    keys = tuple(dict.fromkeys(key for each in options for key in each.keys))
    pairs = binder.candidates.pairs(keys, binder.sentence.whens)
    used |= {period for pair in pairs for period in pair.periods} if binder.sentence.moves else set()
    for when in binder.sentence.whens:
        is_free = any(when.start >= each.start for each in binder.sentence.extremes)
        if (
            is_free
            or any(period and when.matches(period) for period in used)
            or not _is_of_figures(when, options, binder)
        ):
            continue
        option = options[0].option
        figure = option.figures[-1] if option else None
        yield Finding(
            sentence=binder.sentence.text,
            words=when.text.strip(),
            why="The figures beside it are not for that period.",
            nearest=f"{figure.shown}, {figure.words} ({figure.name})" if figure else "",
            corrected=_with_period(binder, when, figure),
            fault=Fault.PERIOD,
        )


def _with_period(binder: Binder, when: When, figure: Figure | None) -> str:
    if figure is None or figure.period is None:
        return ""
    text = binder.sentence.text
    return f"{text[: when.start]}{figure.period.words}{text[when.end :]}"


def _is_of_figures(when: When, options: Sequence[Bound], binder: Binder) -> bool:
    """Return whether a time is in a part of the sentence that has a figure, or is what one is compared with."""
    text = binder.sentence.plain
    breaks = [
        found.start()
        for found in re.finditer(r";|, (?:and|but|while|whereas|although|which|who|after) |\bwhile\b|\bbut\b", text)
    ]
    first = max((each for each in breaks if each <= when.start), default=0)
    last = min((each for each in breaks if each > when.start), default=len(text))
    return any(first <= each.number.start < last for each in options)


def of_places(binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Give the areas that are named where every figure is another area's."""
    figures = [figure for each in bound if each.option for figure in each.option.figures]
    places = {each.name for each in binder.sentence.places}
    if not figures or not places or binder.catalogue.area in places or any(each.area in places for each in figures):
        return
    place, figure = binder.sentence.places[0], figures[-1]
    text = binder.sentence.text
    yield Finding(
        sentence=text,
        words=text[place.start : place.end],
        why=f"The figures are for {figure.area}.",
        nearest=f"{figure.shown}, {figure.words} ({figure.name})",
        corrected=f"{text[: place.start]}{figure.area}{text[place.end :]}",
        fault=Fault.AREA,
    )
