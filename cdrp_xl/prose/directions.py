"""What a sentence says beside its numbers: which way figures went, when and where."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from cdrp_xl.prose import cues
from cdrp_xl.prose.candidates import Pair
from cdrp_xl.prose.comparisons import sides_of
from cdrp_xl.prose.findings import Fault, Finding
from cdrp_xl.prose.moves import Way
from cdrp_xl.prose.numerals import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.binding import Binder, Bound
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.moves import Move
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.options import Option
    from cdrp_xl.prose.whens import When

_WAYS = {Way.UP: "a rise", Way.DOWN: "a fall", Way.SAME: "no change"}
_PARTS = re.compile(r";|,? (?:and|but|while|whereas|although|though|despite|which|with|as|however|after|before) |, ")
_AGAINST = re.compile(r"\b(?:than|against|compared|versus)\b")
_UNTIL = re.compile(
    r"\b(?:before|by|until) (?:the |this |last )?(?:(?:end|start|close|beginning) of )?$", re.IGNORECASE
)
_AIM = re.compile(r"\b(?:targets?|aims?|plans?|to end|will|due)\b", re.IGNORECASE)
_STANDING = re.compile(
    r"(?:\b(?:than|to) )?(?:the|its|our) (?:group|average|most similar|force|county|national)", re.IGNORECASE
)


def of_moves(binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Yield the directions that the figures contradict, but for those that a number's own finding speaks of."""
    found_wrong = {each.move for each in bound if each.wrong_way}
    for move in binder.sentence.moves:
        if (
            move in found_wrong
            or not move.is_claim
            or any(each.option and each.option.way == move.way and each.move == move for each in bound)
            or sides_of(move, binder, bound)
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
    """Return the comparisons that a direction can be said of: those of its own numbers, or of its row and times."""
    if before := _from_before(move, binder, bound):
        return (before,)
    keys = _keys(move, binder)
    if not keys:
        return ()
    first, last = _part(move, binder)
    numbers = [each for each in bound if each.option and first <= each.number.start < last]
    of_numbers = {figure.period for each in numbers for figure in (each.option.figures if each.option else ())}
    own_part = tuple(each for each in binder.sentence.whens if first <= each.start < last)
    whens = own_part or _only(binder)
    bases = [when for when in whens if when.is_earlier]
    rest = tuple(when for when in whens if not when.is_earlier)
    alone = tuple(pair for when in bases if bases[1:] for pair in binder.candidates.pairs(keys, (*rest, when)))
    is_alone = len(binder.sentence.moves) <= 1 or all(each.is_relative for each in binder.sentence.whens)
    pairs = binder.candidates.pairs(keys, whens) or alone
    pairs = pairs or (binder.candidates.pairs(keys, _only(binder)) if is_alone else ())
    own = {binder.catalogue.quarter, binder.catalogue.later} if all(each.is_relative for each in whens) else set()
    same = tuple(pair for pair in pairs if {pair.earlier.period, pair.later.period} <= of_numbers | own)
    counted = tuple(_of_counts(numbers, binder.sentence.plain))
    return same or pairs or counted or tuple(_of_months(keys, whens, binder))


def _from_before(move: Move, binder: Binder, bound: Sequence[Bound]) -> Pair | None:
    """Return what "455, up from 441" compares: the count before the direction with the one after "from"."""
    after = next((each for each in bound if each.number.start >= move.end), None)
    ahead = next((each for each in reversed(bound) if each.number.end <= move.start), None)
    if not after or not ahead or not cues.FROM_NEXT.fullmatch(binder.sentence.plain[move.end : after.number.start]):
        return None
    first, last = (
        each.option.figures[0] if each.option and each.option.way is None else None for each in (after, ahead)
    )
    is_counted = all(each.number.kind is Kind.COUNT for each in (after, ahead))
    is_of_one = is_counted and first and last and first.subject == last.subject and first.measure is last.measure
    return Pair(earlier=first, later=last) if first and last and is_of_one else None


def _of_months(keys: tuple[str, ...], whens: Sequence[When], binder: Binder) -> Iterator[Pair]:
    """Yield the count of a month that is named, beside the month before and the same month a year before."""
    levels = {each.period: each for each in binder.candidates.levels(keys) if each.period}
    whens = [when for when in whens if not when.is_relative and not when.is_earlier]
    named = [period for when in whens for period in when.exact if period.months_count == 1]
    for period in named:
        month = type(period)(period.first + -1, period.last + -1)
        for before in (month, period.earlier()):
            if period in levels and before in levels:
                yield Pair(earlier=levels[before], later=levels[period])


def _of_counts(numbers: Sequence[Bound], text: str) -> Iterator[Pair]:
    """Yield the two counts of one row that a sentence sets beside each other: "from 18 in April to 24 in June".

    Beside "than" and the like the second is what the first is compared with, whichever came earlier.
    """
    for one, other in itertools.pairwise(numbers):
        first, last = (each.option.figures[0] if each.option else None for each in (one, other))
        is_of_counts = all(each.option and each.option.way is None for each in (one, other))
        if (
            not is_of_counts
            or not first
            or not last
            or not first.period
            or not last.period
            or first.subject != last.subject
        ):
            continue
        if re.search(_AGAINST, text[one.number.end : other.number.start]):
            yield Pair(earlier=last, later=first)
        elif first.period.last != last.period.last:
            is_in_order = first.period.last < last.period.last
            yield Pair(earlier=first, later=last) if is_in_order else Pair(earlier=last, later=first)


def _only(binder: Binder) -> tuple[When, ...]:
    """Return the times of a sentence that has one part alone, or names a time of its own for some part."""
    whens = binder.sentence.whens
    return whens if len(binder.sentence.moves) <= 1 or not all(each.is_relative for each in whens) else ()


def _part(move: Move, binder: Binder) -> tuple[int, int]:
    text = binder.sentence.plain
    breaks = [found.start() for found in _PARTS.finditer(text)]
    first = max((each for each in breaks if each <= move.start), default=0)
    others = [each.start for each in binder.sentence.moves if each.start > move.start]
    last = min(others, default=len(text))
    return first, last


def _keys(move: Move, binder: Binder) -> tuple[str, ...]:
    """Return the rows that a direction is said of: "a fall in X", or else the one named before, or else the next."""
    if _OVERALL.search(binder.sentence.plain, 0, move.start):
        return binder.all_crime
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
    if short and not binder.is_about_something:
        return short.keys
    if is_about or binder.sentence.numbers:
        return binder.sentence.about or (short.keys if short else ())
    return short.keys if short else ()


_AFTER = 60
_OVERALL = re.compile(r"\b(?:overall|general|wider) $", re.IGNORECASE)


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


def of_whens(binder: Binder, bound: Sequence[Bound]) -> Iterator[Finding]:
    """Yield the times that are named beside a figure and are not that figure's, nor what it is compared with."""
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
            or not re.search(r"\d(?!\d? months)", when.text)
            or _UNTIL.search(binder.sentence.text[: when.start])
            or any(period and _is_within(when, period) for period in used)
            or (cues.QUARTER.search(binder.sentence.text) and any(_is_year_of(when, period) for period in used))
            or any(_is_right_for(when, each, binder) for each in options)
            or any(_is_said_with(when, each) for each in options)
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


def _is_said_with(when: When, bound: Bound) -> bool:
    """Return whether a number is one that the report has in a sentence of its own, with the time."""
    figure = bound.option.figures[-1] if bound.option else None
    return figure is not None and not figure.subject and when.text.strip() in figure.words


def _is_right_for(when: When, bound: Bound, binder: Binder) -> bool:
    """Return whether a figure is right for a time beside its own, or the time says since when it is spoken of."""
    figure = bound.option.figures[-1] if bound.option else None
    alike = binder.catalogue.of([figure.subject], figure.measure) if figure else ()
    there = [
        each for each in alike if figure and each.period and each.area == figure.area and when.matches(each.period)
    ]
    if re.search(r"\bsince (?:the )?$", binder.sentence.text[: when.start], re.IGNORECASE):
        known = binder.catalogue.by_subject.get(figure.subject, ()) if figure else ()
        return any(each.period and when.matches(each.period) for each in known)
    return any(figure and each.value == figure.value for each in there)


def _is_year_of(when: When, period: Period | None) -> bool:
    """Return whether a year is named for its quarter: "quarter 1 is well below that of 2009-10 (126)"."""
    return (
        period is not None
        and period.is_quarter
        and any(each.is_financial_year and period in each for each in when.exact)
    )


def _is_within(when: When, period: Period) -> bool:
    """Return whether a figure's period is the time that is named, or one of the months within it."""
    return when.matches(period) or (period.months_count == 1 and any(period in each for each in when.exact))


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
    """Yield the areas that are named where every figure is another area's."""
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
