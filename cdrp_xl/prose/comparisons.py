"""Figures of one sentence compared with each other: above and below, better and worse places, quarter after quarter."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from cdrp_xl import periods
from cdrp_xl.errors import CdrpError
from cdrp_xl.prose import cues
from cdrp_xl.prose.catalogue import Measure
from cdrp_xl.prose.findings import Fault, Finding
from cdrp_xl.prose.numerals import NUMBER_WORDS, Kind, value_of
from cdrp_xl.prose.readings import ends_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.binding import Binder, Bound
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.moves import Move
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.options import Option

_MORE = r"above|over|(?:higher|more|greater|larger|worse) than|exceed(?:s|ed|ing)?|ahead of"
_LESS = r"below|under|beneath|(?:lower|fewer|less|smaller|better) than|short of"
_BETWEEN = re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b", re.IGNORECASE)
_SET_AGAINST = re.compile(r"\s*,?(?:against|compared (?:with|to)|versus|v)\s*", re.IGNORECASE)
_PLACES = re.compile(
    r"\b(?:(?P<better>improv\w+|better|up|rose|risen|climbed|moved up)|"
    r"(?P<worse>worsen\w*|worse|deteriorat\w+|slipp?ed|fell|fallen|dropped|down))\b",
    re.IGNORECASE,
)
_COUNT = rf"(?P<count>\d+|{NUMBER_WORDS})"
_IN_A_ROW = re.compile(
    rf"\b(?:each|every(?: one)?|all) of the (?:last |past |latest |previous )?{_COUNT} (?P<unit>quarter|month)s\b|"
    rf"\bfor (?P<count2>\d+|{NUMBER_WORDS}) (?:consecutive |successive )(?P<unit2>quarter|month)s\b|"
    rf"\b(?P<count3>\d+|{NUMBER_WORDS}) (?P<unit3>quarter|month)s (?:running|in a row|in succession)\b",
    re.IGNORECASE,
)
_UNITS = {"quarter": 3, "month": 1}
_SUCCESSION = re.compile(
    rf"(?P<after>\bafter )?\b(?:an? )?{_COUNT} (?:consecutive|successive|straight) (?:(?P<unit>quarter|month)ly )?"
    r"(?:(?P<up>rises|increases)|falls|decreases|reductions|drops)\b",
    re.IGNORECASE,
)
_AREAS_BEYOND = re.compile(
    rf"\b{_COUNT} (?:of the (?:\d+|{NUMBER_WORDS}) )?(?:other )?(?:areas|members|districts|partnerships)"
    rf"(?: [\w-]+){{0,4}}? "
    r"(?:had|have|has|with|recorded|saw) "
    r"(?:a )?(?:(?P<less>lower|better)|higher|worse)\b",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(r"\b(?:year (?:earlier|before|ago)|last year|previous year|year on year)\b", re.IGNORECASE)
_SAME = re.compile(
    r"\b(?:same|corresponding|equivalent) (?:quarter|month|period)\b|\bbaseline\b|\blevels?\b", re.IGNORECASE
)
_LISTED = re.compile(r":(?P<parts>[^:;]+)$")
_COMPARATIVE = re.compile(r"more|fewer|less|higher|lower", re.IGNORECASE)
_MOST_OFF = 2


def of_figures(binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Yield what a sentence says about its own figures beside each other and they do not bear out."""
    for first, last in itertools.pairwise(bound):
        yield from _above_or_below(first, last, binder)
        yield from _places(first, last, binder)
        yield from _from_and_to(first, last, binder)
    for move in binder.sentence.moves:
        yield from _more_than(move, binder, bound)
    for each in bound:
        yield from _in_both(each, binder)
    yield from _in_a_row(binder)
    yield from _in_succession(binder)
    yield from _areas_beyond(binder)
    yield from _parts(binder, bound)


def _above_or_below(first: Bound, last: Bound, binder: Binder) -> Iterator[Finding]:
    """Yield a count or share that is said to be above another and is not, or below it."""
    if not first.option or not last.option or first.option.way is not None or last.option.way is not None:
        return
    between = binder.sentence.plain[first.number.end : last.number.start]
    said = _BETWEEN.search(between)
    if _SET_AGAINST.fullmatch(between):
        ahead = [*_BETWEEN.finditer(binder.sentence.plain, 0, first.number.start)]
        said = ahead[-1] if ahead and _is_of_two(first.option, last.option) else None
    is_alike = first.number.kind is last.number.kind and first.number.kind in {Kind.COUNT, Kind.PERCENT}
    if not said or not is_alike or re.search(r"[;:]|\b(?:and|but|while|so|which)\b", between):
        return
    one, other = first.option.value, last.option.value
    if first.option.figures == last.option.figures:
        return
    if one == other or (one > other) != (said["more"] is not None):
        side = "above" if one > other else "below" if one < other else "the same as"
        why = f"{first.option.shown} is {side} {last.option.shown}."
        yield _wrong(binder, said[0], why, first.option.figures[0])


def _is_of_two(first: Option, last: Option) -> bool:
    """Return whether two figures are for one time, so that what is said about them before is said about both."""
    return first.figures[0].period == last.figures[0].period


def sides_of(move: Move, binder: Binder, bound: Sequence[Bound]) -> tuple[Figure, Figure] | None:
    """Return the two figures of "more X than Y", None where one row is compared with itself at another time."""
    text = binder.sentence.plain
    than = re.compile(r"\bthan\b").search(text, move.end) if _COMPARATIVE.fullmatch(move.text.strip()) else None
    if than is None:
        return None
    options = [each for each in bound if each.option and each.option.way is None and each.number.kind is Kind.COUNT]
    before = [each for each in options if each.number.end <= than.start()]
    after = [each for each in options if each.number.start >= than.end()]
    if before and after:
        one, other = (each.option.figures[0] for each in (before[-1], after[0]) if each.option)
        return (one, other) if one.subject != other.subject and one.period == other.period else None
    named = [each for each in binder.sentence.named if not each.is_short]
    left = [each for each in named if move.end <= each.start and each.end <= than.start()]
    right = [each for each in named if each.start >= than.end()]
    return _of_rows(left[0], right[0], binder) if left and right else None


def _of_rows(left: Named, right: Named, binder: Binder) -> tuple[Figure, Figure] | None:
    whens = binder.sentence.whens
    ones, others = (binder.candidates.expected(each.keys, whens, is_earlier=False) for each in (left, right))
    pairs = ((one, other) for one in ones for other in others if one.period == other.period)
    return next((pair for pair in pairs if pair[0].subject != pair[1].subject), None)


def _more_than(move: Move, binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Yield one row that is said to have more than another and has not, or fewer."""
    sides = sides_of(move, binder, bound)
    if sides and move.is_claim and not move.is_negated and (sides[0].value - sides[1].value) * move.way <= 0:
        one, other = sides
        yield _wrong(binder, move.text, f"{one.words} is {one.shown}; {other.words} is {other.shown}.", one)


def _from_and_to(first: Bound, last: Bound, binder: Binder) -> Iterator[Finding]:
    """Yield "from 31 to 38" where both are counts of the same time, or the second is the earlier."""
    is_of_counts = all(each.option and each.option.figures[0].measure is Measure.LEVEL for each in (first, last))
    if (
        not is_of_counts
        or not first.option
        or not last.option
        or ends_of(binder.sentence, first.number) != (first.number, last.number)
    ):
        return
    one, other = first.option.figures[0], last.option.figures[0]
    if one.subject == other.subject and one.period and other.period and one.period.last >= other.period.last:
        yield _wrong(binder, last.number.text, f"{other.shown} is the count for {other.period.words}.", other)


def _places(first: Bound, last: Bound, binder: Binder) -> Iterator[Finding]:
    """Yield a move to another place in the group that is wrongly called an improvement, or the other way."""
    both = [each.option.figures[0] for each in (first, last) if each.option and each.number.kind is Kind.POSITION]
    said = _PLACES.search(binder.sentence.plain)
    if len(both) != _MOST_OFF or not said or not all(each.period for each in both):
        return
    earlier, later = sorted(both, key=lambda each: each.period.last if each.period else 0)
    if earlier.value != later.value and (later.value < earlier.value) != (said["better"] is not None):
        way = "better" if later.value < earlier.value else "worse"
        yield _wrong(binder, said[0], f"{later.shown} after {earlier.shown} is {way}: 1st is the lowest.", later)


def _in_both(bound: Bound, binder: Binder) -> Iterator[Finding]:
    """Yield a place or rate that is said about several quarters and is not that in each of them."""
    is_end = cues.FROM_TO.search(binder.sentence.plain[: bound.number.start]) is not None
    if not bound.option or bound.number.kind is not Kind.POSITION or is_end:
        return
    figure = bound.option.figures[0]
    for when in binder.whens_for(bound.number):
        if when.is_relative or figure.period not in when.exact:
            continue
        for period in when.exact:
            there = [
                each for each in binder.catalogue.of([figure.subject], figure.measure)
                if each.period == period and each.area == figure.area
            ]  # fmt: skip
            if there and all(each.value != figure.value for each in there):
                why = f"It was {there[0].shown} in {period.words}."
                yield _wrong(binder, bound.number.text, why, there[0])


def _areas_beyond(binder: Binder) -> Iterator[Finding]:
    """Yield "only four areas had a lower rate" where the place in the group is another."""
    said = _AREAS_BEYOND.search(binder.sentence.plain)
    count = value_of(said["count"]) if said else None
    if said is None or count is None:
        return
    whens = [when for when in binder.sentence.whens if when.exact]
    known = binder.catalogue.of(binder.sentence.about, Measure.POSITION, Measure.SIZE)
    meant = [each for each in known if each.period and any(when.matches(each.period) for when in whens)]
    places = [each for each in meant if each.measure is Measure.POSITION and each.area == binder.catalogue.area]
    sizes = {each.period: each.value for each in meant if each.measure is Measure.SIZE}
    for place in places[:1]:
        beyond = place.value - 1 if said["less"] else sizes.get(place.period, 0) - place.value
        if beyond != count:
            yield _wrong(binder, said[0], f"{beyond:.0f} had: the place was {place.shown}.", place)


def _in_succession(binder: Binder) -> Iterator[Finding]:
    """Yield "after four consecutive quarterly increases" where the quarters do not show it."""
    for said in _SUCCESSION.finditer(binder.sentence.plain):
        count, unit = value_of(said["count"]), _UNITS[(said["unit"] or "quarter").casefold()]
        keys = next((each.keys for each in binder.sentence.named), ()) or binder.sentence.about
        run = [*binder.candidates.run(keys, unit).values()]
        run = run[:-1] if said["after"] else run
        way = 1 if said["up"] else -1
        steps = [(later.value - earlier.value) * way > 0 for earlier, later in itertools.pairwise(run)]
        if run and count and not (len(steps) >= count and all(steps[-int(count) :])):
            shown = ", ".join(each.shown for each in run[-int(count) - 1 :])
            yield _wrong(binder, said[0], f"The figures are {shown}.", run[-1])


def _in_a_row(binder: Binder) -> Iterator[Finding]:
    """Yield "fell in each of the last five quarters" where it did not, beside the quarter before or a year before."""
    text = binder.sentence.plain
    for said in _IN_A_ROW.finditer(text):
        moves = [each for each in binder.sentence.moves if each.is_claim and each.way]
        beside = _BETWEEN.search(text)
        way = int(moves[0].way) if moves else (1 if beside["more"] else -1) if beside else 0
        count = value_of(said["count"] or said["count2"] or said["count3"])
        unit = (said["unit"] or said["unit2"] or said["unit3"]).casefold()
        keys = next((each.keys for each in binder.sentence.named), ()) or binder.sentence.about
        run = binder.candidates.run(keys, 3 if unit == "quarter" else 1)
        is_limit = beside is not None and re.match(r"\s+\d", text[beside.end() :]) is not None
        if not way or not count or not run or (is_limit and not moves):
            continue
        meant = [*run][-int(count) :]
        readings = _readings(binder)
        if len(meant) < count or not any(_goes(way, meant, run, before) for before in readings):
            shown = ", ".join(run[each].shown for each in meant)
            why = f"The latest {unit}s do not all show it: {shown}."
            yield _wrong(binder, said[0], why, run[meant[-1]])


def _readings(binder: Binder) -> tuple[Callable[[Period], Period], ...]:
    """Return with what each period can be compared: the one before, a year before, that of the year that is named."""
    text = binder.sentence.text
    years = [each for when in binder.sentence.whens for each in when.exact if not when.is_relative]
    if _SAME.search(text) and years:
        year = periods.financial_year_of(years[0].first)
        return (lambda period: _same(period, year),)
    if _YEAR_BEFORE.search(text) or _SAME.search(text):
        return (lambda period: period.earlier(),)
    return (_before, lambda period: period.earlier())


def _same(period: Period, year: Period) -> Period:
    try:
        return period.same_months_of(year)
    except CdrpError:
        return period


def _before(period: Period) -> Period:
    count = period.months_count
    return type(period)(period.first + -count, period.last + -count)


def _goes(way: int, meant: Sequence[Period], run: dict[Period, Figure], before: Callable[[Period], Period]) -> bool:
    pairs = [(run.get(before(each)), run[each]) for each in meant]
    return all(first is not None and (last.value - first.value) * way > 0 for first, last in pairs)


def _parts(binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Yield a number whose parts, listed after a colon, nearly add up to it."""
    listed = _LISTED.search(binder.sentence.plain)
    before = [each for each in bound if listed and each.number.end <= listed.start()]
    parts = [each for each in bound if listed and each.number.start > listed.start()]
    every = (*before[-1:], *parts)
    counts = all(
        each.number.kind is Kind.COUNT and not each.number.decimals and (each.is_own or not each.is_passed_over)
        for each in every
    )
    if not before or not parts[1:] or not counts:
        return
    whole, total = before[-1].number, sum(each.number.value for each in parts)
    if total != whole.value and abs(total - whole.value) <= max(_MOST_OFF, 0.1 * whole.value):
        why = f"The parts that are listed add up to {total:,.0f}."
        nearest = f"{total:,.0f}, the sum of what is listed"
        text = binder.sentence.text
        corrected = f"{text[: whole.start]}{total:,.0f}{text[whole.end :]}"
        yield Finding(
            sentence=text, words=whole.text, why=why, nearest=nearest, corrected=corrected, fault=Fault.CONTRADICTION
        )


def _wrong(binder: Binder, words: str, why: str, figure: Figure) -> Finding:
    nearest = f"{figure.shown}, {figure.words} ({figure.name})"
    text = binder.sentence.text
    return Finding(sentence=text, words=words, why=why, nearest=nearest, corrected="", fault=Fault.CONTRADICTION)
