"""How a number in a sentence is led back to a figure, or to two figures whose change, share or ratio it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from cdrp_xl.prose import cues
from cdrp_xl.prose.agreeing import agrees
from cdrp_xl.prose.candidates import Candidates
from cdrp_xl.prose.catalogue import Measure, as_printed
from cdrp_xl.prose.moves import Way
from cdrp_xl.prose.numerals import Kind, Number
from cdrp_xl.prose.sentences import Own

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.prose.candidates import Pair
    from cdrp_xl.prose.catalogue import Catalogue, Figure
    from cdrp_xl.prose.moves import Move
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.prose.whens import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that a number can mean: its value in the number's unit, its sign, the figures it comes from."""

    value: float
    shown: str
    words: str
    figures: tuple[Figure, ...]
    way: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What became of one number: the option it agrees with, the nearest one where it agrees with none, or neither.

    `is_own` where it counts what no report knows; `wrong_way` where only the direction is wrong.
    """

    number: Number
    option: Option | None = None
    nearest: Option | None = None
    elsewhere: Option | None = None
    is_own: bool = False
    is_passed_over: bool = False
    wrong_way: bool = False
    keys: tuple[str, ...] = ()
    move: Move | None = field(default=None, compare=False)


_PROPORTIONS = frozenset({Kind.PERCENT, Kind.PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Binder:
    """Binds the numbers of one sentence."""

    catalogue: Catalogue
    sentence: Sentence
    all_crime: tuple[str, ...]

    @property
    def candidates(self) -> Candidates:
        """The figures that the sentence may mean."""
        return Candidates(catalogue=self.catalogue, sentence=self.sentence)

    def bind(self) -> tuple[Bound, ...]:
        """Return what became of every number of the sentence, in order."""
        return tuple(self._bound(number) for number in self.sentence.numbers)

    def own(self, bound: Iterable[Bound]) -> Iterator[Own]:
        """Give the numbers of the sentence that the report can't know."""
        yield from self.sentence.own
        for each in bound:
            if each.is_own:
                yield Own(text=self._with_noun(each.number), what="number", sentence=self.sentence.text)

    def _bound(self, number: Number) -> Bound:
        if self._is_passed_over(number):
            return Bound(number=number, is_passed_over=True)
        keys = self.keys_for(number)
        if self._is_rate(number):
            return self._with_keys(number, self._with_measure(keys, Measure.RATE))
        if self._is_size(number):
            size = self._with_keys(number, keys)
            return size if size.option or size.nearest else Bound(number=number, is_passed_over=True)
        if number.kind is Kind.COUNT and not self._counts_offences(number, keys):
            found = self._decided(number, keys) if keys else None
            return found if found and found.option else Bound(number=number, is_own=True)
        if not keys:
            keys = self.all_crime if number.kind is Kind.COUNT else ()
        if not keys and number.kind is not Kind.POSITION:
            return Bound(
                number=number, is_own=number.kind in {Kind.PERCENT, Kind.COUNT, Kind.POINTS}, is_passed_over=True
            )
        return self._decided(number, keys)

    def _decided(self, number: Number, keys: tuple[str, ...]) -> Bound:
        """Return the binding with the rows nearest to the number, else with any that the sentence names."""
        first = self._with_keys(number, keys)
        if first.option or not self.sentence.named:
            return first
        every = dict.fromkeys(key for each in self.sentence.named for key in each.keys)
        every |= dict.fromkeys(self.sentence.about)
        other = self._with_keys(number, tuple(every))
        if not other.option and self._is_elsewhere(number):
            return Bound(number=number, is_own=True)
        return other if other.option else first

    def _is_elsewhere(self, number: Number) -> bool:
        """Return whether a number is said of a place that the report does not have: "three burglaries in Histon"."""
        found = cues.IN_A_PLACE.match(self.sentence.plain[number.end :])
        if found is None:
            return False
        start = number.end + found.start("place")
        spans = [(each.start, each.end) for each in self.sentence.places]
        spans += [(each.start, each.end) for each in self.sentence.named]
        return not any(first <= start < last for first, last in spans)

    def _with_keys(self, number: Number, keys: tuple[str, ...]) -> Bound:
        whens = self.whens_for(number)
        options = tuple(self._options(number, keys, whens))
        before = self.sentence.plain[: number.start]
        way, move = self._way(number)
        agreeing = [each for each in options if agrees(number, abs(each.value), before)]
        for each in agreeing:
            if way is None or each.way is None or each.way == way:
                return Bound(number=number, option=each, keys=keys, move=move)
        nearest = min(agreeing or options, key=lambda each: abs(abs(each.value) - number.value), default=None)
        return Bound(
            number=number,
            nearest=nearest,
            elsewhere=None if agreeing else self._elsewhere(number, keys, before),
            wrong_way=bool(agreeing),
            keys=keys,
            move=move,
        )

    def _elsewhere(self, number: Number, keys: tuple[str, ...], before: str) -> Option | None:
        """Return what the number would be right for: the same thing in another period."""
        options = self._options(number, keys, ())
        levels = (_level(each) for each in self.candidates.levels(keys) if number.kind is Kind.COUNT)
        return next((each for each in (*options, *levels) if agrees(number, abs(each.value), before)), None)

    def keys_for(self, number: Number) -> tuple[str, ...]:
        """Return the rows that a number is about: those named right after it, else before it, else anywhere."""
        named = [each for each in self.sentence.named if not each.is_short]
        short = [each for each in self.sentence.named if each.is_short]
        pool = named or ([] if self.sentence.about else short)
        if paired := self._respectively(number, named):
            return paired.keys
        after = next((each for each in pool if self._follows(number, each)), None)
        before = next((each for each in reversed(pool) if each.end <= number.start), None)
        shorter = next((each for each in reversed(short) if each.end <= number.start), None) if pool == named else None
        found = after or before or shorter or next(iter(pool), None)
        if found:
            return found.keys
        wider = self.all_crime if cues.IN_ALL.search(self.sentence.plain) else ()
        return self.sentence.about or tuple(key for each in short for key in each.keys) or wider

    def whens_for(self, number: Number) -> tuple[When, ...]:
        """Return the times that a number is said of: the one right after it, else those of its part of the sentence."""
        text = self.sentence.plain
        if self._is_level(number) and (attached := self._attached(number)):
            return (attached,)
        others = [self._attached(each) for each in self.sentence.numbers if self._is_apart(number, each)]
        whens = tuple(each for each in self.sentence.whens if each not in others)
        breaks = [0, *self._breaks(), len(text)]
        parts = [tuple(each for each in whens if first <= each.start < last) for first, last in pairwise(breaks)]
        place = next(at for at, last in enumerate(breaks[1:]) if number.start < last or last == len(text))
        leading = tuple(each for each in whens[:1] if cues.LEADING.fullmatch(text[: each.start]))
        own = parts[place] or next((part for part in reversed(parts[:place]) if part), ())
        return tuple(dict.fromkeys((*leading, *own))) or self.sentence.before

    def _attached(self, number: Number) -> When | None:
        """Return the time that is named right after a count: "104 offences in April to June 2010"."""
        after = next((each for each in self.sentence.whens if each.start >= number.end), None)
        is_next = after and cues.IN.fullmatch(self.sentence.plain[number.end : after.start])
        return after if is_next and number.kind is Kind.COUNT and not self._is_size(number) else None

    def _is_apart(self, number: Number, later: Number) -> bool:
        """Return whether a later number's time is its own: not that of "64 of the 115 in 2010-11"."""
        between = self.sentence.plain[number.end : later.start]
        return later.start > number.start and not re.fullmatch(r"\s+(?:out )?of (?:the |all )?", between)

    def _breaks(self) -> list[int]:
        return [found.start() for found in cues.BREAK.finditer(self.sentence.plain)]

    def _part(self, number: Number) -> tuple[int, int]:
        """Return where the part of the sentence begins and ends that a number is in."""
        breaks = self._breaks()
        first = max((each for each in breaks if each <= number.start), default=0)
        last = min((each for each in breaks if each > number.start), default=len(self.sentence.plain))
        return first, last

    def _options(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...]) -> Iterator[Option]:
        if number.kind is Kind.COUNT:
            yield from self._counts(number, keys, whens)
        elif number.kind in _PROPORTIONS:
            yield from self._proportions(number, keys, whens)
        elif number.kind is Kind.TIMES:
            is_halved = number.text.casefold().startswith("halv")
            for pair in self.candidates.pairs(keys, whens):
                of, to = (pair.later, pair.earlier) if is_halved else (pair.earlier, pair.later)
                if of.value:
                    ratio = to.value / of.value
                    yield _of_pair(pair, ratio, f"{as_printed(ratio, Measure.RATIO)} times", has_way=False)
        elif number.kind is Kind.POINTS:
            yield from (_level(each, each.value) for each in self.candidates.figures(keys, Measure.POINTS))
        else:
            yield from self._positions(keys, whens)

    def _counts(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...]) -> Iterator[Option]:
        before = self.sentence.plain[: number.start]
        if self._is_size(number):
            yield from (_level(each) for each in self._of_group(Measure.SIZE, keys, whens))
            return
        if number.decimals or re.match(r"\s\w+ (?:per|_{4})", self.sentence.text[number.end :]):
            yield from (_level(each) for each in self.candidates.figures(keys, Measure.RATE, Measure.LIMIT))
            return
        if self._is_change(number):
            yield from (
                _of_pair(pair, pair.change, f"{pair.change:,.0f}") for pair in self.candidates.pairs(keys, whens)
            )
        if self._is_level(number):
            is_earlier = cues.EARLIER.search(before) is not None
            yield from (_level(each) for each in self.candidates.expected(keys, whens, is_earlier=is_earlier))
        if cues.PROJECTED.search(self.sentence.plain):
            yield from (_level(each) for each in self.candidates.figures(keys, Measure.LIMIT))
        yield from self._sums(whens)

    def _sums(self, whens: tuple[When, ...]) -> Iterator[Option]:
        """Give the sum of the rows that a sentence puts together, and what one is of another less."""
        if not self.sentence.named[1:] or not cues.TOGETHER.search(self.sentence.plain):
            return
        parts = [self.candidates.expected(each.keys, whens, is_earlier=False)[:1] for each in self.sentence.named]
        if all(parts):
            figures = tuple(part[0] for part in parts)
            total = sum(each.value for each in figures)
            yield Option(value=total, shown=f"{total:,.0f}", words="the sum of these rows", figures=figures)

    def _proportions(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...]) -> Iterator[Option]:
        scale = 100 if number.kind is Kind.PERCENT else 1
        if not self._is_share(number):
            for pair in self.candidates.pairs(keys, whens):
                if pair.share is not None:
                    yield _of_pair(pair, pair.share * scale, as_printed(pair.share, Measure.APPARENT_CHANGE))
        if self._is_share(number) or (self._way(number)[0] is None and not number.sign):
            shares = self.candidates.figures(keys, Measure.SHARE)
            named = [each for each in shares if self._is_said(each, whens)]
            yield from (_level(each, each.value * scale) for each in named)
            yield from self._shares(number, keys, whens, scale)

    def _is_said(self, figure: Figure, whens: tuple[When, ...]) -> bool:
        if figure.period is None or not whens:
            return self.candidates.is_own(figure.period) or self.catalogue.subjects[figure.subject].counts_people
        return any(when.matches(figure.period) for when in whens)

    def _shares(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...], scale: int) -> Iterator[Option]:
        """Give the share that one row of the sentence is of another, or of all crime where it says so."""
        every = tuple(dict.fromkeys(key for each in self.sentence.named for key in each.keys))
        wholes = every or self.all_crime
        if re.match(r"\s*of (?:all|total|recorded|overall|the|everything)", self.sentence.plain[number.end :]):
            wholes = (*every, *self.all_crime)
        going_on = self.sentence.about if self.sentence.before else ()
        parts = self.candidates.expected(tuple(dict.fromkeys((*keys, *every, *going_on))), whens, is_earlier=False)
        for part in parts:
            for whole in self.candidates.expected(wholes, whens, is_earlier=False):
                if part.period == whole.period and part.area == whole.area and part.value < whole.value:
                    share = part.value / whole.value
                    words = f"{part.words} as a share of {whole.words}"
                    yield Option(
                        value=share * scale, shown=as_printed(share, Measure.SHARE), words=words, figures=(part, whole)
                    )

    def _positions(self, keys: tuple[str, ...], whens: tuple[When, ...]) -> Iterator[Option]:
        yield from (_level(each) for each in self._of_group(Measure.POSITION, keys, whens))

    def _of_group(self, measure: Measure, keys: tuple[str, ...], whens: tuple[When, ...]) -> tuple[Figure, ...]:
        known = self._with_measure(keys, measure)
        return tuple(
            each
            for each in self.candidates.figures(known, measure)
            if each.period
            and (any(when.matches(each.period) for when in whens) if whens else self.candidates.is_own(each.period))
        )

    def _with_measure(self, keys: tuple[str, ...], measure: Measure) -> tuple[str, ...]:
        """Return the rows that have a measure, or every one that has it where none of these does."""
        every = tuple(dict.fromkeys(each.subject for each in self.catalogue.figures if each.measure is measure))
        return tuple(key for key in keys if key in every) or every

    def _is_rate(self, number: Number) -> bool:
        """Return whether a number is a rate: with decimals, in a sentence about the group or "per 1,000"."""
        return number.kind is Kind.COUNT and number.decimals > 0 and cues.RATE.search(self.sentence.text) is not None

    def _way(self, number: Number) -> tuple[Way | None, Move | None]:
        """Return which way a change is said to go: by its sign, or by the nearest word that says so."""
        if number.sign:
            return (Way.DOWN if number.sign == "-" else Way.UP), None
        if not self._is_change(number) and number.kind is Kind.COUNT:
            return None, None
        claims = [
            each for each in self.sentence.moves if each.is_claim and not each.is_negated and each.way is not Way.SAME
        ]
        first, last = self._part(number)
        near = [each for each in claims if first <= each.start < last]
        after = next((each for each in near if each.start >= number.end and each.start - number.end <= _NEXT), None)
        before = next((each for each in reversed(near) if each.end <= number.start), None)
        is_next = after is not None and cues.RISE_NEXT.match(self.sentence.plain[number.end :]) is not None
        move = after if is_next else before or after
        return (move.way, move) if move else (None, None)

    def _is_change(self, number: Number) -> bool:
        before, after = self.sentence.plain[: number.start], self.sentence.plain[number.end :]
        if number.kind is not Kind.COUNT:
            return True
        is_next_to_move = any(0 <= number.start - each.end <= 1 for each in self.sentence.moves)
        return bool(
            number.sign
            or is_next_to_move
            or cues.CHANGE.search(before)
            or cues.NOUN_OF.search(before)
            or cues.MORE.match(after)
            or cues.RISE_NEXT.match(after)
            or self._is_in_brackets(number)
        )

    def _is_level(self, number: Number) -> bool:
        return (
            number.kind is Kind.COUNT
            and (not self._is_change(number) or self._is_in_brackets(number))
            and not number.sign
        )

    def _is_in_brackets(self, number: Number) -> bool:
        return self.sentence.plain[: number.start].rstrip().endswith("(")

    def _is_share(self, number: Number) -> bool:
        after = self.sentence.plain[number.end :]
        before = self.sentence.plain[: number.start]
        said = cues.SHARE.search(self.sentence.plain) is not None and cues.CHANGE.search(before) is None
        is_level = number.kind is Kind.PERCENT and cues.FROM_TO.search(before) is not None
        return (re.match(r"\s*(?:of\b|share\b)", after) is not None or said or is_level) and cues.NOUN_OF.search(
            before
        ) is None

    def _is_size(self, number: Number) -> bool:
        """Return whether a number says how many areas are in the group: "9th of 15"."""
        before = self.sentence.plain[: number.start]
        is_after = any(
            each.kind is Kind.POSITION and 0 <= number.start - each.end <= _NEXT for each in self.sentence.numbers
        )
        return (
            number.kind is Kind.COUNT and is_after and re.search(r"(?:of|out of|among) (?:the )?$", before) is not None
        )

    def _counts_offences(self, number: Number, keys: tuple[str, ...]) -> bool:
        """Return whether a number counts what the report counts, by the words after it."""
        after = self.sentence.plain[number.end :]
        if number.value == 0 and number.text.isalpha():
            return bool(keys) and self._says_none(number)
        if cues.OFFENCE_NEXT.match(after) or self._names_next(number) or number.sign:
            return True
        if any(self.catalogue.subjects[key].counts_people for key in keys) and cues.PEOPLE.match(after):
            return True
        word = re.match(r"\W*([A-Za-z']+)", after)
        is_end = word is None or re.match(r"\s*[,.;:()]|\s*$", after) is not None
        is_free = is_end or (word is not None and word[1].casefold() in cues.FUNCTION) or cues.ADVERB.match(after)
        return bool(is_free) and bool(keys)

    def _says_none(self, number: Number) -> bool:
        """Return whether "no" or "none" counts: "no robberies", "2 offences, none a year earlier"."""
        is_none = bool(self.sentence.named) and number.text.casefold() in {"none", "nil", "zero"}
        return self._names_next(number) or (
            is_none and cues.NONE_OF_THEM.match(self.sentence.plain[number.end :]) is not None
        )

    def _names_next(self, number: Number) -> bool:
        return any(self._follows(number, each) for each in self.sentence.named)

    def _follows(self, number: Number, named: Named) -> bool:
        between = self.sentence.plain[number.end : named.start] if named.start >= number.end else None
        return (
            between is not None
            and re.fullmatch(
                rf"[\s-]+{cues.PASSED}(?:{cues.OFFENCES} )?(?:(?:of|in|for) )?(?:(?:rise|fall|increase|reduction|"
                rf"drop|decrease|decline) (?:in|of) )?(?:the )?(?:number of )?",
                between,
                re.IGNORECASE,
            )
            is not None
        )

    def _respectively(self, number: Number, named: list[Named]) -> Named | None:
        if not re.search(r"\brespectively\b", self.sentence.plain, re.IGNORECASE):
            return None
        alike = [each for each in self.sentence.numbers if each.kind is number.kind]
        return named[alike.index(number)] if number in alike and len(alike) == len(named) else None

    def _is_passed_over(self, number: Number) -> bool:
        """Return whether a number says nothing that a figure could bear out: "one another", "two of the months"."""
        said = number.text.casefold()
        after, before = self.sentence.plain[number.end :], self.sentence.plain[: number.start]
        if cues.OR_FEWER.match(after) or (said in _NONE and not self._says_none(number)):
            return True
        if number.kind is Kind.COUNT:
            is_offence = cues.OFFENCE_NEXT.match(after) is not None or self._names_next(number)
            is_pronoun = said == "one" and not re.search(r"\b(?:from|to|by)\s+$", before)
            return not is_offence and (is_pronoun or cues.PERIOD_NEXT.match(after) is not None)
        if number.kind is Kind.TIMES:
            return said in {"twice", "double"} and not re.match(r"\s+(?:as|the|that|those)", after)
        if number.kind is Kind.PART:
            return not (self.sentence.named or self.sentence.about)
        return number.kind is Kind.POSITION and not self._is_position(number)

    def _is_position(self, number: Number) -> bool:
        after = self.sentence.plain[number.end :]
        if number.text[0].isdigit():
            return (
                cues.POSITION.search(self.sentence.plain) is not None
                or re.match(r"\s+(?:out )?of\b", after) is not None
            )
        is_said = (
            re.match(
                r"\s+(?:position|place|lowest|highest|of \d|of \w+teen|out of|in (?:the|its) (?:most|group))", after
            )
            is not None
        )
        return is_said or (
            cues.POSITION.search(self.sentence.plain[: number.start][-_NEXT * 2 :]) is not None
            and re.match(r"\s*(?:[,.;)]|$|in\b|of\b)", after) is not None
        )

    def _with_noun(self, number: Number) -> str:
        after = re.match(r"(?:\s+[A-Za-z'-]+){0,2}", self.sentence.text[number.end :])
        return number.text.strip() + (after[0] if after else "")


_NEXT = 20
_NONE = frozenset({"no", "none", "neither", "nil"})


def _level(figure: Figure, value: float | None = None) -> Option:
    return Option(
        value=figure.value if value is None else value, shown=figure.shown, words=figure.words, figures=(figure,)
    )


def _of_pair(pair: Pair, value: float, shown: str, *, has_way: bool = True) -> Option:
    first, last = pair.earlier, pair.later
    words = f"{last.words} ({last.shown}) against {first.period.words if first.period else ''} ({first.shown})"
    way = Way((pair.change > 0) - (pair.change < 0)) if has_way else None
    return Option(value=value, shown=shown, words=words, figures=(first, last), way=way)
