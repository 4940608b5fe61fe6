"""What else a number can mean: a month's count, an average, a sum of parts, a share, an earlier count.

The first reading, `binding`, goes by the words beside a number. Where that finds nothing these are tried: each needs
its operation or both of its figures to be named, since nearly every small number is some difference of two others.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.prose import cues
from cdrp_xl.prose.candidates import ordered
from cdrp_xl.prose.catalogue import Measure, as_printed, rounded, slug
from cdrp_xl.prose.numerals import Kind
from cdrp_xl.prose.options import Option, of_level, of_pair, of_sum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.candidates import Candidates, Pair
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.numerals import Number
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.prose.whens import When

_MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What one number of a sentence can mean.

    Attributes
    ----------
    candidates
        The figures of the report, and the sentence.
    number
        The number.
    keys
        Every row that the sentence names, or is about.
    all_crime
        The rows of all crime.
    whens, is_attached
        The times that the number can be of, and whether that is one which is named right after it.
    is_change, is_share, is_average
        Whether it is said to be a change, and no count; a share, and no change; an average per month or quarter.
    """

    candidates: Candidates
    number: Number
    keys: tuple[str, ...]
    all_crime: tuple[str, ...]
    whens: tuple[When, ...]
    is_attached: bool
    is_change: bool
    is_share: bool
    is_average: bool

    @property
    def sentence(self) -> Sentence:
        """The sentence that the number is in."""
        return self.candidates.sentence

    def options(self) -> Iterator[Option]:
        """Yield everything that the number can mean."""
        kind = self.number.kind
        if kind is Kind.COUNT:
            yield from self._counts()
        elif kind in {Kind.PERCENT, Kind.PART}:
            yield from self._proportions(100 if kind is Kind.PERCENT else 1)
        elif kind is Kind.TIMES:
            yield from self._multiples()

    def _counts(self) -> Iterator[Option]:
        text = self.sentence.plain
        if self.is_average:
            yield from self._averages()
            return
        if cues.TESTED.match(text[self.number.end :]):
            yield from (of_level(each) for each in self.candidates.catalogue.figures if each.measure is Measure.TESTED)
        yield from self._from_and_to()
        yield from self._by_and_to()
        yield from self._of_a_list()
        yield from self._ends_of_group()
        if self.is_change or self._may_be_change():
            yield from (of_pair(pair, pair.change, f"{pair.change:,.0f}") for pair in self._pairs())
        if self.is_change:
            yield from self._differences()
            return
        yield from (of_level(each) for each in self._levels())
        if cues.AVERAGE.search(text):
            yield from self._averages()
        yield from self._sums()
        if is_together(self.number, self.sentence):
            yield from self._of_times()
        if cues.FOR_EVERY.search(text):
            yield from self._ratios()

    def _may_be_change(self) -> bool:
        """Return whether a sentence speaks of changes, and the number is not an end of "from … to": "arson (2)"."""
        before = self.sentence.plain[: self.number.start]
        is_spoken_of = self.sentence.moves or cues.OF_CHANGE.search(self.sentence.plain)
        return bool(is_spoken_of) and not self.number.decimals and cues.FROM_TO.search(before) is None

    def _levels(self) -> tuple[Figure, ...]:
        """Return the counts of every row named, of the times named; a month or a caseload may lie within one."""
        named = tuple(each for each in self.candidates.levels(self.keys) if self._is_said(each))
        return named or (self._compared() if self._is_earlier() else ())

    def _is_earlier(self) -> bool:
        """Return whether the number is said to be what something later is compared with: "up from 1.0%", "12 (10)"."""
        before = self.sentence.plain[: self.number.start]
        is_after_count = any(before[each.end :] == " (" for each in self.sentence.numbers if each.kind is Kind.COUNT)
        return is_after_count or cues.EARLIER.search(before) is not None

    def _compared(self) -> tuple[Figure, ...]:
        """Return the earlier counts of the comparisons that the report makes."""
        return tuple(pair.earlier for pair in self.candidates.pairs(self.keys, ()))

    def _is_said(self, figure: Figure) -> bool:
        period = figure.period
        is_own = self.candidates.is_own(period)
        is_earlier = self._is_earlier()
        if period is None or not self.whens:
            people = self.candidates.catalogue.subjects[figure.subject].counts_people
            return (is_own or people) and not is_earlier
        whens = self.whens if is_earlier else tuple(each for each in self.whens if not each.is_earlier) or self.whens
        if any(when.matches(period) for when in whens):
            return True
        if any(self._is_same_quarter(period, each) for when in whens for each in when.exact):
            return True
        people = self.candidates.catalogue.subjects[figure.subject].counts_people
        is_part = people or (period.months_count == 1 and cues.MONTHLY.search(self.sentence.text) is not None)
        if is_part and any(period in each for when in whens for each in when.exact):
            return True
        return is_own and all(when.is_earlier or when.is_relative for when in self.whens)

    def _is_same_quarter(self, period: Period, year: Period) -> bool:
        """Return whether a year means the same quarter of that year: "quarter 1 is well below that of 2009-10"."""
        if not year.is_financial_year or not period.is_quarter or not cues.QUARTER.search(self.sentence.text):
            return False
        return period in year and period.first.month == self.candidates.catalogue.quarter.first.month

    def _pairs(self) -> Iterator[Pair]:
        """Yield the comparisons of which one side is named and the other is named, the report's own, or declared."""
        for key in self.keys:
            declared = self.candidates.declared(key, self.whens)
            for pair in ordered(self.candidates.levels([key])):
                is_declared = (pair.earlier.period, pair.later.period) in declared
                first, last = (any(when.matches(each) for when in self.whens if each) for each in pair.periods)
                is_named = (first and (last or self.candidates.is_own(pair.later.period))) or (
                    last and (is_declared or pair.is_of_a_year)
                )
                is_meant = is_named or (is_declared and (first or not self.whens))
                bases = [when for when in self.whens if when.is_earlier]
                if is_meant and (
                    not bases or any(when.matches(each) for when in bases for each in pair.periods[:1] if each)
                ):
                    yield pair

    def _from_and_to(self) -> Iterator[Option]:
        """Yield the count where "from 26 to 13" is a comparison of the report, whichever it is."""
        ends = ends_of(self.sentence, self.number)
        if ends is None:
            return
        first, last = ends
        for key in self.keys:
            for pair in ordered(self.candidates.levels([key])):
                is_of_both = (pair.earlier.value, pair.later.value) == (first.value, last.value)
                mine = pair.earlier if self.number is first else pair.later
                if is_of_both and self._is_compared(pair) and (not self.is_attached or self._is_said(mine)):
                    yield of_level(mine)

    def _ends_of_group(self) -> Iterator[Option]:
        """Yield the lowest and the highest rate of the group's members, for the period that is shown."""
        is_rate = self.number.decimals and cues.OF_GROUP.search(self.sentence.plain)
        every = self.candidates.catalogue.of(self.keys, Measure.RATE) if is_rate else ()
        periods = {each.period for each in every if each.area != self.candidates.catalogue.area}
        own = {each.name.partition(".")[2] for each in every if each.name.partition(".")[2].startswith("group-")}
        rates = [each for each in every if each.period in periods and each.name.partition(".")[2] not in own]
        for ends in (min, max) if rates else ():
            yield of_level(ends(rates, key=lambda each: each.value))

    def _by_and_to(self) -> Iterator[Option]:
        """Yield the later count where "down by six to 35" is a comparison that the report makes, whichever it is."""
        by = next((each for each in reversed(self.sentence.numbers) if each.end <= self.number.start), None)
        text = self.sentence.plain
        if (
            by is None
            or not cues.CHANGE.search(text[: by.start])
            or not cues.TO.fullmatch(text[by.end : self.number.start])
        ):
            return
        for key in self.keys:
            declared = {(each.against, each.period) for each in self.candidates.catalogue.by_subject.get(key, ())}
            for pair in ordered(self.candidates.levels([key])):
                if pair.periods in declared and abs(pair.change) == by.value:
                    yield of_level(pair.later)

    def _of_a_list(self) -> Iterator[Option]:
        """Yield the count of a period where the number is one of a list that runs through the periods in order."""
        counts = [each for each in self.sentence.numbers if each.kind is Kind.COUNT]
        text = self.sentence.plain
        listed = [counts[:1]]
        for one, other in itertools.pairwise(counts):
            if cues.LISTED.fullmatch(text[one.end : other.start]):
                listed[-1].append(other)
            else:
                listed.append([other])
        mine = next((each for each in listed if self.number in each), [])
        for months in (1, _MONTHS_OF_A_QUARTER) if mine[2:] else ():
            run = [*self.candidates.run(self.keys, months).values()]
            for at in range(len(run) - len(mine) + 1):
                part = run[at : at + len(mine)]
                if [each.value for each in part] == [each.value for each in mine]:
                    yield of_level(part[mine.index(self.number)])

    def _is_compared(self, pair: Pair) -> bool:
        """Return whether a pair can be what "from … to …" is of: named at both ends, or ending with the report."""
        last = self.candidates.catalogue.quarter.last
        is_latest = pair.later.period is not None and (
            pair.later.period.last == last or pair.periods in self.candidates.declared(pair.later.subject, self.whens)
        )
        named = [each for each in pair.periods if each and any(when.matches(each) for when in self.whens)]
        open_ended = [each for each in self.whens if not each.is_relative]
        return is_latest if not open_ended else bool(named)

    def _differences(self) -> Iterator[Option]:
        """Yield by how much one area or row that is named has more than another: "nine more than Fenland"."""
        if not cues.THAN.search(self.sentence.plain[self.number.end :]):
            return
        for one, other in itertools.combinations(self._levels(), 2):
            is_alike = one.period == other.period and not is_one_name(one, other, self.sentence)
            if is_alike and (one.area != other.area) != (one.subject != other.subject):
                words = f"{one.words} ({one.shown}) less {other.words} ({other.shown})"
                value = abs(one.value - other.value)
                yield Option(value=value, shown=f"{value:,.0f}", words=words, figures=(one, other))

    def _averages(self) -> Iterator[Option]:
        unit = _MONTHS_OF_A_QUARTER if cues.A_QUARTER.search(self.sentence.text) else 1
        for each in self._levels():
            count = each.period.months_count // unit if each.period else 0
            if count > 1:
                mean = rounded(each.value / count, self.number.decimals)
                words = f"{each.words}, divided by {count}"
                yield Option(value=mean, shown=f"{mean:,.{self.number.decimals}f}", words=words, figures=(each,))
        usual = (each for each in self.candidates.figures(self.keys, Measure.LIMIT) if each.name.endswith("-usual"))
        yield from (of_level(each) for each in usual if cues.USUAL.search(self.sentence.text))

    def _sums(self) -> Iterator[Option]:
        """Yield the sum of rows that one name covers: "six clients on the PPO scheme" of two strands."""
        for named in self.sentence.named:
            columns: dict[tuple[str, object], list[Figure]] = defaultdict(list)
            for figure in self.candidates.levels(named.keys) if named.keys[1:] else ():
                if self.candidates.catalogue.subjects[figure.subject].counts_people and self._is_said(figure):
                    columns[figure.name.rpartition(".")[2], figure.period].append(figure)
            for figures in columns.values():
                if figures[1:]:
                    yield of_sum(tuple(figures))
        if cues.OF_THE_COUNTY.search(self.sentence.text):
            yield from self._of_the_county()

    def _of_times(self) -> Iterator[Option]:
        """Yield the sum of the counts of all times that the sentence names: "over 2009-10 and 2010-11 in total"."""
        named = [each.exact[0] for each in self.sentence.whens if each.exact and not each.is_relative]
        for key in self.keys if named[1:] else ():
            levels = {each.period: each for each in self.candidates.levels([key])}
            if all(period in levels for period in named):
                yield of_sum(tuple(levels[period] for period in named))

    def _of_the_county(self) -> Iterator[Option]:
        """Yield the sum of a return's column over its areas."""
        columns: dict[tuple[str, object], list[Figure]] = defaultdict(list)
        for each in self.candidates.catalogue.of(self.keys, Measure.LEVEL):
            column = each.name.rpartition(".")[2].removeprefix(slug(each.area))
            if self.candidates.catalogue.subjects[each.subject].counts_people:
                columns[column, each.period].append(each)
        yield from (of_sum(tuple(figures)) for figures in columns.values() if figures[1:])

    def _proportions(self, scale: int) -> Iterator[Option]:
        text = self.sentence.plain
        if cues.LIKELY.search(text):
            chances = self.candidates.figures(self.keys, Measure.CHANCE)
            yield from (of_level(each, each.value * scale) for each in chances if self._is_near(each.value * scale))
        is_by = cues.CHANGE.search(text[: self.number.start]) is not None
        for pair in self._pairs():
            if pair.share is not None and not self.is_share:
                yield of_pair(pair, pair.share * scale, as_printed(pair.share, Measure.APPARENT_CHANGE))
            if pair.earlier.value and not is_by and self.number.kind is Kind.PART:
                ratio = pair.later.value / pair.earlier.value
                yield of_pair(pair, ratio * scale, as_printed(ratio, Measure.SHARE), has_way=False)
        yield from self._of_counts_said(scale)
        if cues.OF_THE_CHANGE.match(text[self.number.end :]):
            yield from self._of_the_change(scale)
            return
        if is_by:
            return
        shares = self.candidates.figures(self.keys, Measure.SHARE)
        yield from (of_level(each, each.value * scale) for each in shares if self._is_said(each))
        yield from self._of_the_sum(scale) if is_together(self.number, self.sentence) else self._of_each_other(scale)

    def _of_counts_said(self, scale: int) -> Iterator[Option]:
        """Yield the change between two counts said about one row, and the share that its own is of one said."""
        said = {each.value for each in self.sentence.numbers if each.kind is Kind.COUNT}
        for key in self.keys:
            levels = [each for each in self.candidates.levels([key]) if each.period and each.value]
            for pair in ordered(each for each in levels if each.value in said):
                if pair.share is not None:
                    yield of_pair(pair, pair.share * scale, as_printed(pair.share, Measure.APPARENT_CHANGE))
            for part, whole in itertools.product(levels, levels) if self.is_share else ():
                if self.candidates.is_own(part.period) and whole.value in said and part.value < whole.value:
                    share = part.value / whole.value
                    words = f"{part.words} as a share of {whole.words}"
                    shown = as_printed(share, Measure.SHARE)
                    yield Option(value=share * scale, shown=shown, words=words, figures=(part, whole))

    def _of_the_sum(self, scale: int) -> Iterator[Option]:
        """Yield the share that some rows together are of all crime, or of another row that is named."""
        wholes = self.candidates.levels((*self.all_crime, *self.keys))
        for parts in together(self.number, self.candidates, self.whens):
            total = sum(each.value for each in parts)
            for whole in wholes:
                if whole.period == parts[0].period and whole not in parts and total < whole.value:
                    share = total / whole.value
                    words = f"{' and '.join(each.words for each in parts)} as a share of {whole.words}"
                    figures = (*parts, whole)
                    yield Option(
                        value=share * scale, shown=as_printed(share, Measure.SHARE), words=words, figures=figures
                    )

    def _of_the_change(self, scale: int) -> Iterator[Option]:
        """Yield the share that one row's change is of another's: "half of the fall in all crime"."""
        for part, whole in itertools.permutations(self._pairs(), 2):
            is_alike = part.periods == whole.periods and part.earlier.subject != whole.earlier.subject
            if is_alike and whole.change and 0 < part.change / whole.change < 1:
                share = part.change / whole.change
                words = f"the change in {part.later.words} as a share of that in {whole.later.words}"
                figures = (part.later, whole.later)
                yield Option(value=share * scale, shown=as_printed(share, Measure.SHARE), words=words, figures=figures)

    def _is_near(self, value: float) -> bool:
        """Return whether a chance is said in its own whole per cent: "over 99%" is not "over 93%"."""
        return abs(value - self.number.value) < 1

    def _of_each_other(self, scale: int) -> Iterator[Option]:
        """Yield the share that one of the rows named is of another, in one period and area."""
        is_of_all = cues.OF_ALL.match(self.sentence.plain[self.number.end :]) is not None
        for part, whole in itertools.permutations(self._levels(), 2):
            is_alike = part.period == whole.period and part.area == whole.area and part.subject != whole.subject
            is_meant = whole.subject in self.all_crime or not (is_of_all or is_one_name(part, whole, self.sentence))
            if is_alike and is_meant and part.value < whole.value:
                share = part.value / whole.value
                words = f"{part.words} as a share of {whole.words}"
                shown = as_printed(share, Measure.SHARE)
                yield Option(value=share * scale, shown=shown, words=words, figures=(part, whole))

    def _multiples(self) -> Iterator[Option]:
        is_halved = self.number.text.casefold().startswith("halv")
        for pair in self._pairs():
            of, to = (pair.later, pair.earlier) if is_halved else (pair.earlier, pair.later)
            if of.value:
                ratio = to.value / of.value
                yield of_pair(pair, ratio, f"{as_printed(ratio, Measure.RATIO)} times", has_way=False)
        yield from self._ratios()
        yield from self._of_areas()

    def _of_areas(self) -> Iterator[Option]:
        """Yield how many times the rate or count of one area that is named is that of another."""
        figures = self.candidates.figures(self.keys, Measure.RATE, Measure.LEVEL)
        for one, other in itertools.permutations(figures if self.sentence.places[1:] else (), 2):
            is_alike = one.measure is other.measure and one.period == other.period and one.subject == other.subject
            if is_alike and one.area != other.area and other.value:
                ratio = one.value / other.value
                words = f"{one.words}, over {other.words}"
                yield Option(value=ratio, shown=as_printed(ratio, Measure.RATIO), words=words, figures=(one, other))

    def _ratios(self) -> Iterator[Option]:
        """Yield how many times as many one of the rows named has as another, in one period and area."""
        for part, whole in itertools.permutations(self._levels(), 2):
            is_alike = part.period == whole.period and part.area == whole.area and part.subject != whole.subject
            if is_alike and whole.value:
                ratio = part.value / whole.value
                ratio = rounded(ratio, self.number.decimals) if self.number.kind is Kind.COUNT else ratio
                words = f"{part.words}, over {whole.words}"
                yield Option(value=ratio, shown=as_printed(ratio, Measure.RATIO), words=words, figures=(part, whole))


def is_one_name(part: Figure, whole: Figure, sentence: Sentence) -> bool:
    """Return whether two rows are only what one name can mean: "thefts" of vehicles and from vehicles."""
    meant = [{part.subject, whole.subject} & set(each.keys) for each in sentence.named]
    return any(len(each) > 1 for each in meant) and not any(len(each) == 1 for each in meant)


def is_together(number: Number, sentence: Sentence) -> bool:
    """Return whether a number is the first after "together" and the like, or right before it: "99 in total"."""
    said = next(cues.TOGETHER.finditer(sentence.plain[: number.start]), None)
    is_share = number.kind in {Kind.PERCENT, Kind.PART}
    is_next = said is not None and not any(said.end() <= each.start < number.start for each in sentence.numbers)
    is_first = is_next or (said is not None and is_share)
    is_first = is_first or (said is not None and cues.LATER.search(sentence.plain[: number.start]) is not None)
    return is_first or cues.IN_TOTAL.match(sentence.plain[number.end :]) is not None or bool(_listed(number, sentence))


def _listed(number: Number, sentence: Sentence) -> list[Named]:
    """Return the rows that a share is said to be of as a list: "one in five crimes was shoplifting or other theft"."""
    found: list[Named] = []
    for each in sentence.named if number.kind in {Kind.PERCENT, Kind.PART} else ():
        between = sentence.plain[found[-1].end if found else number.end : each.start]
        if each.start >= number.end and (cues.JOINED if found else cues.WERE).fullmatch(between):
            found.append(each)
    return found if found[1:] else []


def together(number: Number, candidates: Candidates, whens: tuple[When, ...]) -> Iterator[tuple[Figure, ...]]:
    """Yield the counts that a sentence puts together, of the rows before a number, after it, or all that it names."""
    sentence = candidates.sentence
    if not is_together(number, sentence):
        return
    before = [each for each in sentence.named if each.end <= number.start]
    after = [each for each in sentence.named if each.start >= number.end]
    listed = _listed(number, sentence)
    for named in [listed] if listed else [before, after, [*before, *after]]:
        parts = [candidates.expected(each.keys, whens, is_earlier=False)[:1] for each in named]
        if named[1:] and all(parts):
            yield tuple(part[0] for part in parts)


def ends_of(sentence: Sentence, number: Number) -> tuple[Number, Number] | None:
    """Return the two counts of "from … to …" where the number is one of them."""
    counts = [each for each in sentence.numbers if each.kind is Kind.COUNT]
    for first, last in itertools.pairwise(counts):
        between = sentence.plain[first.end : last.start]
        ahead = sentence.plain[: first.start]
        is_from = cues.FROM.search(ahead) and cues.TO_AFTER.search(between)
        is_bracketed = ahead.endswith("(") and cues.TO.fullmatch(between)
        if number in {first, last} and (is_from or is_bracketed):
            return first, last
    return None
