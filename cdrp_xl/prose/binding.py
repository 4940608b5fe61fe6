"""How a number in a sentence is led back to a figure, or to two figures whose change, share or ratio it is."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from cdrp_xl.prose import bounds, cues, own_sentences
from cdrp_xl.prose.agreeing import agrees
from cdrp_xl.prose.catalogue import Measure, Subject, as_printed, rounded
from cdrp_xl.prose.moves import Way
from cdrp_xl.prose.names import stem
from cdrp_xl.prose.numerals import Kind, Number
from cdrp_xl.prose.options import Option, of_change, of_level, of_pair, of_sum
from cdrp_xl.prose.readings import Readings, is_one_name, is_together, together
from cdrp_xl.prose.roles import Roles
from cdrp_xl.prose.sentences import UNREAD, Own

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdrp_xl.prose.candidates import Candidates
    from cdrp_xl.prose.catalogue import Catalogue, Figure
    from cdrp_xl.prose.moves import Move
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.prose.whens import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What became of one number: the option it agrees with, the nearest one where it agrees with none, or neither.

    `is_own` where it counts what no report knows; `wrong_way` where only the direction is wrong. `is_unread` where the
    sentence can't be read for certain and it may be a figure of the report that the words beside it do not say.
    """

    number: Number
    option: Option | None = None
    nearest: Option | None = None
    elsewhere: Option | None = None
    is_own: bool = False
    is_passed_over: bool = False
    is_unread: bool = False
    wrong_way: bool = False
    keys: tuple[str, ...] = ()
    move: Move | None = field(default=None, compare=False)


_PROPORTIONS = frozenset({Kind.PERCENT, Kind.PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Binder:
    """Binds the numbers of one sentence."""

    catalogue: Catalogue
    sentence: Sentence
    candidates: Candidates
    all_crime: tuple[str, ...]

    @property
    def roles(self) -> Roles:
        """What part each number plays in the sentence."""
        return Roles(catalogue=self.catalogue, sentence=self.sentence)

    @property
    def is_about_something(self) -> bool:
        """Whether the sentence, or its section, is about something narrower than all crime."""
        return bool(set(self.sentence.about) - set(self.all_crime))

    def bind(self) -> tuple[Bound, ...]:
        """Return what became of every number of the sentence, in order."""
        return tuple(self._bound(number) for number in self.sentence.numbers)

    def own(self, bound: Iterable[Bound]) -> Iterator[Own]:
        """Yield the numbers of the sentence that the report can't know."""
        yield from self.sentence.own
        for each in bound:
            if each.is_own or each.is_unread:
                what = UNREAD if each.is_unread else "number"
                yield Own(text=self._with_noun(each.number), what=what, sentence=self.sentence.text)

    def _bound(self, number: Number) -> Bound:
        found = self._by_the_words_beside(number)
        is_settled = found.option or found.is_own or found.is_passed_over or found.wrong_way
        return found if is_settled else self._read_further(found)

    def _read_further(self, found: Bound) -> Bound:
        """Return the binding with whatever else the number can mean, where it agrees with that."""
        number = found.number
        attached = self._attached(number)
        readings = Readings(
            candidates=self.candidates,
            number=number,
            keys=self._keys_further(number),
            whens=(attached,) if attached else self._of_the_later(number, self.sentence.whens) or self.sentence.before,
            all_crime=self.all_crime,
            is_attached=attached is not None,
            is_change=self.roles.is_change(number) and not self.roles.is_in_brackets(number),
            is_share=self.roles.is_share(number),
            is_average=self.roles.is_average(number),
        )
        way, move = self._way(number)
        every = (*readings.options(), *own_sentences.options(number, self.sentence, self.catalogue))
        agreeing = [each for each in every if self._fits(number, each)]
        if option := next((each for each in agreeing if way is None or each.way is None or each.way == way), None):
            return replace(found, option=option, move=move)
        if agreeing:
            return replace(found, nearest=agreeing[0], wrong_way=True, move=move)
        after = self.sentence.plain[number.end :]
        is_some = number.kind is Kind.COUNT and cues.OF_OFFENCES.match(after) is not None
        is_of_them = is_some or (cues.OF_THEM.match(after) is not None and not attached)
        is_own = is_of_them or self._counts_other_people(found, every)
        return replace(found, is_own=is_own, is_unread=not is_own and self._is_unread(found))

    def _is_unread(self, found: Bound) -> bool:
        """Return whether a number is a figure of its row, in a time or a part that the words beside it do not rule out.

        A slip of the nearest figure is no such number, nor is a small one or a fraction, which some figure agrees with
        by chance; nor a month's where no time is named. What is worked out from a supposition is one.
        """
        number, nearest, text = found.number, found.nearest, self.sentence.plain
        (first, last), attached = self._part(number), self._attached(number)
        clause = (each for each in self.sentence.whens if first <= each.start < last)
        leading = (each for each in self.sentence.whens[:1] if cues.LEADING.fullmatch(text[: each.start]))
        whens = [attached] if attached else [*leading, *clause]
        if nearest and _is_slip(number.value, abs(nearest.value)):
            return False
        if cues.SUPPOSED.search(text) or cues.OF_MANY.search(text[: number.start]):
            return True
        is_distinctive = number.kind is Kind.PERCENT or (number.kind is Kind.COUNT and number.value >= _DISTINCTIVE)
        if not is_distinctive or self.roles.is_average(number):
            return False
        named = [each for each in whens if not each.is_relative and not text[: each.start].endswith("since ")]
        counted = next((each.keys for each in self.sentence.named if 0 <= each.start - number.end <= 1), ())  # no other
        return any(
            all(any(when.is_within(period) for when in named) for period in each.periods)
            if named
            else self.sentence.whens or cues.MONTHLY.search(text) or all(when.months_count > 1 for when in each.periods)
            for each in self._elsewhere(number, counted or (*self._every_key(), *self.all_crime))
        )

    def _keys_further(self, number: Number) -> tuple[str, ...]:
        """Return every row that is named, and all crime where the number counts that or is a share of it."""
        is_of_all = self.roles.is_of_all(number) or (number.kind in _PROPORTIONS and self.roles.is_share(number))
        return tuple(dict.fromkeys((*self._every_key(), *(self.all_crime if is_of_all else ()))))

    def _counts_other_people(self, found: Bound, every: Sequence[Option]) -> bool:
        """Return whether a number may well count people that no return does: no name in full, no figure near."""
        people = [self.catalogue.subjects[key].counts_people for key in found.keys if key in self.catalogue.subjects]
        is_in_full = any(not each.is_short for each in self.sentence.named)
        if found.number.kind is not Kind.COUNT or not people or not all(people) or is_in_full:
            return False
        said = found.number.value
        known = [abs(each.value) for each in (*every, *([found.nearest] if found.nearest else []))]
        return not any(abs(said - each) <= max(1, _NEAR * each) or _is_turned(said, each) for each in known)

    def _every_key(self) -> tuple[str, ...]:
        """Return the rows that the sentence names and those it is about, all crime where it names none."""
        named = [key for each in self.sentence.named for key in each.keys]
        return tuple(dict.fromkeys((*named, *self.sentence.about))) or self.all_crime

    def _by_the_words_beside(self, number: Number) -> Bound:
        keys = self.keys_for(number)
        is_bound = bounds.is_bound(number, self.sentence)
        if self.roles.is_average(number) and not is_bound:
            return Bound(number=number, keys=keys, is_passed_over=not keys)
        if is_bound or self.roles.is_passed_over(number):
            return Bound(number=number, is_passed_over=True)
        return self._of_group_or_offences(number, keys)

    def _of_group_or_offences(self, number: Number, keys: tuple[str, ...]) -> Bound:
        if self.roles.is_rate(number):
            return self._with_keys(number, self._with_measure(keys, Measure.RATE))
        if self.roles.is_size(number):
            size = self._with_keys(number, keys)
            return size if size.option or size.nearest else Bound(number=number, is_passed_over=True)
        is_a_day = cues.A_DAY.match(self.sentence.plain, number.end) is not None
        is_of_nothing = number.kind is Kind.PERCENT and not self._is_of_something(number)
        if is_of_nothing or (number.kind is Kind.COUNT and is_a_day):
            return Bound(number=number, is_own=True)
        if number.kind is Kind.COUNT and not self.roles.counts_offences(number, keys):
            found = self._decided(number, keys) if keys else None
            return found if found and found.option else Bound(number=number, is_own=True)
        if not keys:
            keys = self.all_crime if number.kind is Kind.COUNT else ()
        if not keys and number.kind is not Kind.POSITION:
            return Bound(
                number=number, is_own=number.kind in {Kind.PERCENT, Kind.COUNT, Kind.POINTS}, is_passed_over=True
            )
        return self._decided(number, keys)

    def _is_of_something(self, number: Number) -> bool:
        """Return whether a percentage is a change, a share, or in a sentence about a row of the report."""
        is_said = self.roles.is_share(number) or self._way(number)[0] is not None or bool(number.sign)
        return is_said or self.is_about_something or bool(self.sentence.named)

    def _decided(self, number: Number, keys: tuple[str, ...]) -> Bound:
        """Return the binding with the rows nearest to the number, otherwise with any that the sentence names."""
        first = self._with_keys(number, keys)
        if first.option or not self.sentence.named:
            return first
        other = self._with_keys(number, self._every_key())
        if not other.option and self.roles.is_elsewhere(number):
            return Bound(number=number, is_own=True)
        return other if other.option else first

    def _with_keys(self, number: Number, keys: tuple[str, ...]) -> Bound:
        whens = self.whens_for(number)
        options = tuple(self._options(number, keys, whens))
        way, move = self._way(number)
        agreeing = [each for each in options if self._fits(number, each)]
        for each in agreeing:
            if way is None or each.way is None or each.way == way:
                return Bound(number=number, option=each, keys=keys, move=move)
        nearest = min(agreeing or options, key=lambda each: abs(abs(each.value) - number.value), default=None)
        return Bound(
            number=number,
            nearest=nearest,
            elsewhere=None if agreeing else next(self._elsewhere(number, keys), None),
            wrong_way=bool(agreeing),
            keys=keys,
            move=move,
        )

    def _fits(self, number: Number, option: Option) -> bool:
        """Return whether an option agrees with a number, and with what the sentence says about it right beside it."""
        if not agrees(number, abs(option.value), self.sentence.plain[: number.start]):
            return False
        whole = self.roles.whole_of(number)
        if whole and len(option.figures) > 1:
            return option.way is None and any(each.value == whole.value for each in option.figures)
        return self._is_of_column(number, option.figures[0])

    def _is_of_column(self, number: Number, figure: Figure) -> bool:
        """Return whether a partner's figure is of the column that is named after the number, where one is."""
        if not self.catalogue.subjects.get(figure.subject, _NOBODY).counts_people:
            return True
        words = re.findall(r"[a-z]{3,}(?!['\u2019])", self.sentence.text[number.end :].casefold())
        of_areas = {stem(word) for area in self.candidates.areas for word in area.casefold().split()}
        said = {stem(word) for word in words[:_WORDS_AFTER] if word not in cues.FUNCTION} - of_areas
        alike = [
            each
            for each in self.catalogue.of((figure.subject, *self._every_key()), *Measure)
            if each.area in self.candidates.areas
        ]
        columns = {each.name: {stem(word) for word in each.name.rpartition(".")[2].split("-")} for each in alike}
        return not any(said & words for words in columns.values()) or bool(said & columns[figure.name])

    def _elsewhere(self, number: Number, keys: tuple[str, ...]) -> Iterator[Option]:
        """Yield what the number would be right for: the same thing in another period."""
        options = self._options(number, keys, ())
        levels = (of_level(each) for each in self.candidates.levels(keys) if self.roles.is_level(number))
        if cues.OF_AREAS.search(self.sentence.text):
            levels = (of_level(each) for each in self.catalogue.of(keys, Measure.LEVEL) if self.roles.is_level(number))
        of_share = Measure.SHARE if self.roles.is_share(number) else Measure.APPARENT_CHANGE
        of_kind = {Kind.PERCENT: (of_share,), Kind.COUNT: (Measure.CHANGE,) if self.sentence.moves else ()}
        known = self.candidates.figures(keys, *of_kind.get(number.kind, ()))
        scale = 100 if number.kind is Kind.PERCENT else 1
        every = (*options, *levels, *(of_level(each, each.value * scale) for each in known))
        return (each for each in every if agrees(number, abs(each.value), self.sentence.plain[: number.start]))

    def keys_for(self, number: Number) -> tuple[str, ...]:
        """Return the rows that a number is about: those named right after it, or else before it, or else anywhere."""
        named = [each for each in self.sentence.named if not each.is_short]
        short = [each for each in self.sentence.named if each.is_short]
        pool = named or ([] if self.is_about_something else short)
        if paired := self._respectively(number, named):
            return paired.keys
        after = next((each for each in pool if self.roles.follows(number, each)), None)
        before = next((each for each in reversed(pool) if each.end <= number.start), None)
        shorter = next((each for each in reversed(short) if each.end <= number.start), None) if pool == named else None
        found = after or before or shorter or next(iter(pool), None)
        if found:
            return found.keys
        wider = self.all_crime if cues.IN_ALL.search(self.sentence.plain) else ()
        return self.sentence.about or tuple(key for each in short for key in each.keys) or wider

    def whens_for(self, number: Number) -> tuple[When, ...]:
        """Return the times that a number is said of: the one right after it, or those of its part of the sentence."""
        text = self.sentence.plain
        if attached := self._attached(number):
            return (attached,)
        others = [self.roles.attached(each) for each in self.sentence.numbers if self.roles.is_apart(number, each)]
        parts = self._parts()
        whens = tuple(each for each in self.sentence.whens if each not in others)
        of_parts = [tuple(each for each in whens if _is_in(each.start, spans)) for spans in parts]
        place = next(at for at, spans in enumerate(parts) if _is_in(number.start, spans))
        leading = tuple(each for each in whens[:1] if cues.LEADING.fullmatch(text[: each.start]))
        own = of_parts[place] or next((part for part in reversed(of_parts[:place]) if part), ())
        own = self._of_the_later(number, own)
        return tuple(dict.fromkeys((*leading, *own))) or self.sentence.before

    def _attached(self, number: Number) -> When | None:
        """Return the time right beside a count, or beside a change of "by" a number."""
        is_by = cues.CHANGE.search(self.sentence.plain[: number.start]) is not None
        return self.roles.attached(number) if is_by or self.roles.is_level(number) else None

    def _of_the_later(self, number: Number, whens: tuple[When, ...]) -> tuple[When, ...]:
        """Return the times less those that a count is compared with, where it is said to be the later: "to 61"."""
        if not cues.LATER.search(self.sentence.plain[: number.start]) or not self.roles.is_level(number):
            return whens
        return tuple(each for each in whens if not each.is_earlier and not _is_year_before(each))

    def _parts(self) -> list[tuple[tuple[int, int], ...]]:
        """Return where the parts of the sentence are; a clause in commas ("…, which rose, …") is one within another."""
        text = self.sentence.plain
        parts: list[tuple[tuple[int, int], ...]] = []
        for first, last in pairwise([0, *self._breaks(), len(text)]):
            aside = cues.ASIDE.match(text, first, last)
            parts.append(((first, aside.end() if aside else last),))
            if aside and parts[:-1]:
                parts[-2] = (*parts[-2], (aside.end(), last))
        return parts

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
                    yield of_pair(pair, ratio, f"{as_printed(ratio, Measure.RATIO)} times", has_way=False)
        elif number.kind is Kind.POINTS:
            yield from (of_change(each) for each in self.candidates.figures(keys, Measure.POINTS))
        else:
            yield from self._positions(number, keys, whens)

    def _counts(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...]) -> Iterator[Option]:
        before = self.sentence.plain[: number.start]
        if self.roles.is_size(number):
            yield from (of_level(each) for each in self._of_group(Measure.SIZE, keys, whens))
            return
        if number.decimals or re.match(r"\s\w+ (?:per|_{4})", self.sentence.text[number.end :]):
            yield from (of_level(each) for each in self.candidates.figures(keys, Measure.RATE, Measure.LIMIT))
            return
        if self.roles.is_change(number):
            if is_together(number, self.sentence):
                yield from self._changes_together(whens)
            yield from (
                of_pair(pair, pair.change, f"{pair.change:,.0f}") for pair in self.candidates.pairs(keys, whens)
            )
        if self.roles.is_level(number):
            is_earlier = cues.EARLIER.search(before) is not None
            yield from (of_level(each) for each in self.candidates.expected(keys, whens, is_earlier=is_earlier))
        if cues.PROJECTED.search(self.sentence.plain):
            limits = self.candidates.figures(keys, Measure.LIMIT)
            yield from (of_level(each) for each in limits if self._is_of_year_named(each))
        for figures in together(number, self.candidates, whens):
            yield of_sum(figures)

    def _changes_together(self, whens: tuple[When, ...]) -> Iterator[Option]:
        """Yield the sum of the changes of the rows that a sentence names."""
        pairs = [self.candidates.pairs(each.keys, whens)[:1] for each in self.sentence.named]
        if pairs[1:] and all(pairs):
            total = sum(pair[0].change for pair in pairs)
            words = f"the change in {' and '.join(pair[0].later.words for pair in pairs)}"
            yield Option(
                value=total, shown=f"{total:,.0f}", words=words, figures=tuple(pair[0].later for pair in pairs)
            )

    def _is_of_year_named(self, figure: Figure) -> bool:
        """Return whether a limit is for a year that the sentence names, or the sentence names no year."""
        whens = (when for when in self.sentence.whens if not when.is_earlier)
        years = [each for when in whens for each in when.exact if each.is_financial_year]
        return not years or figure.period in years or figure.period is None or not figure.period.is_financial_year

    def _proportions(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...]) -> Iterator[Option]:
        scale = 100 if number.kind is Kind.PERCENT else 1
        if not self.roles.is_share(number):
            for pair in self.candidates.pairs(keys, whens):
                if pair.share is not None:
                    yield of_pair(pair, pair.share * scale, as_printed(pair.share, Measure.APPARENT_CHANGE))
        if self.roles.is_share(number) or (self._way(number)[0] is None and not number.sign):
            shares = self.candidates.figures(keys, Measure.SHARE)
            named = [each for each in shares if self._is_said(each, whens)]
            yield from (of_level(each, each.value * scale) for each in named)
            yield from () if is_together(number, self.sentence) else self._shares(number, keys, whens, scale)

    def _is_said(self, figure: Figure, whens: tuple[When, ...]) -> bool:
        if figure.period is None or not whens:
            return self.candidates.is_own(figure.period) or self.catalogue.subjects[figure.subject].counts_people
        return any(when.matches(figure.period) for when in whens)

    def _shares(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...], scale: int) -> Iterator[Option]:
        """Yield the share that one row of the sentence is of another, or of all crime where it says so."""
        every = tuple(dict.fromkeys(key for each in self.sentence.named for key in each.keys))
        wholes = every or self.all_crime
        if re.match(r"\s*of (?:all|total|recorded|overall|the|everything)", self.sentence.plain[number.end :]):
            wholes = (*every, *self.all_crime)
        if cues.OF_ALL.match(self.sentence.plain[number.end :]):
            wholes = self.all_crime
        going_on = self.sentence.about if self.sentence.before else ()
        parts = self.candidates.expected(tuple(dict.fromkeys((*keys, *every, *going_on))), whens, is_earlier=False)
        for part in parts:
            for whole in self.candidates.expected(wholes, whens, is_earlier=False):
                is_alike = part.period == whole.period and part.area == whole.area and part.value < whole.value
                if is_alike and not is_one_name(part, whole, self.sentence):
                    share = part.value / whole.value
                    words = f"{part.words} as a share of {whole.words}"
                    yield Option(
                        value=share * scale, shown=as_printed(share, Measure.SHARE), words=words, figures=(part, whole)
                    )

    def _positions(self, number: Number, keys: tuple[str, ...], whens: tuple[When, ...]) -> Iterator[Option]:
        """Yield the places in the group, counted from the other end for "second highest"."""
        sizes = {each.period: each.value for each in self._of_group(Measure.SIZE, keys, whens)}
        for each in self._of_group(Measure.POSITION, keys, whens):
            if cues.HIGHEST_NEXT.match(self.sentence.plain[number.end :]):
                yield of_level(each, sizes.get(each.period, 0) + 1 - each.value)
            else:
                yield of_level(each)

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

    def _way(self, number: Number) -> tuple[Way | None, Move | None]:
        """Return which way a change is said to go: by its sign, or by the nearest word that says so."""
        if number.sign:
            return (Way.DOWN if number.sign == "-" else Way.UP), None
        if not self.roles.is_change(number) and number.kind is Kind.COUNT:
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

    def _respectively(self, number: Number, named: list[Named]) -> Named | None:
        if not re.search(r"\brespectively\b", self.sentence.plain, re.IGNORECASE):
            return None
        alike = [each for each in self.sentence.numbers if each.kind is number.kind]
        return named[alike.index(number)] if number in alike and len(alike) == len(named) else None

    def _with_noun(self, number: Number) -> str:
        after = re.match(r"(?:\s+[A-Za-z'-]+){0,2}", self.sentence.text[number.end :])
        return number.text.strip() + (after[0] if after else "")


_NEXT = 20
_WORDS_AFTER = 2
_NEAR = 0.1
_DISTINCTIVE = 20
_NOBODY = Subject(names=())


def _is_year_before(when: When) -> bool:
    """Return whether a time is only what is compared with: "last year", "a year earlier"."""
    return when.is_relative and re.search(r"\b(?:last|previous|before|earlier|ago)\b", when.text) is not None


def _is_in(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= place < last for first, last in spans)


def _is_turned(said: float, known: float) -> bool:
    """Return whether two numbers have the same digits in another order."""
    return said > _NEXT and sorted(f"{said:g}") == sorted(f"{known:g}")


def _is_slip(said: float, known: float) -> bool:
    """Return whether one number is the other mistyped: one digit changed, left out or put in, or two turned."""
    one, other = sorted((f"{said:g}", f"{rounded(known, 1):g}"), key=len)
    if len(one) == len(other):
        return sum(map(operator.ne, one, other)) == 1 or _is_turned(said, known)
    return any(f"{other[:at]}{other[at + 1 :]}" == one for at in range(len(other)))
