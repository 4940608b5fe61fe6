"""What part a number plays in its sentence, by the words beside it: a count, a change, a share, a place, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.prose import cues
from cdrp_xl.prose.numerals import Kind, Number

if TYPE_CHECKING:
    from cdrp_xl.prose.catalogue import Catalogue
    from cdrp_xl.prose.names import Named
    from cdrp_xl.prose.sentences import Sentence
    from cdrp_xl.prose.whens import When

_NEXT = 20
_NONE = frozenset({"no", "none", "neither", "nil"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The parts that the numbers of one sentence play in it."""

    catalogue: Catalogue
    sentence: Sentence

    def is_passed_over(self, number: Number) -> bool:
        """Return whether a number says nothing that a figure could bear out: "one another", "two of the months"."""
        said = number.text.casefold()
        after, before = self.sentence.plain[number.end :], self.sentence.plain[: number.start]
        is_one = number.kind is Kind.COUNT and said == "one" and cues.OF_AN_INSTANCE.match(after)
        if cues.RATHER_THAN.search(before) or is_one:
            return True
        if (
            cues.OR_FEWER.match(after)
            or cues.OF_THE_OTHERS.match(after)
            or (said in _NONE and not self._says_none(number))
        ):
            return True
        if number.kind is Kind.COUNT:
            is_offence = cues.OFFENCE_NEXT.match(after) is not None or self._names_next(number)
            is_pronoun = said == "one" and not (cues.BEFORE_ONE.search(before) or cues.MORE.match(after))
            return not is_offence and (is_pronoun or cues.PERIOD_NEXT.match(after) is not None)
        if number.kind is Kind.TIMES:
            return said in {"twice", "double"} and not re.match(r"\s+(?:as|the|that|those)", after)
        if number.kind is Kind.PART:
            is_of_others = cues.OF_OTHERS.match(after) is not None and not cues.OFFENCE_NEXT.match(after)
            return is_of_others or not (self.sentence.named or self.sentence.about)
        is_explained = re.match(r"\s+is the (?:lowest|highest|best|worst)", after) is not None
        is_no_place = is_explained or self._is_rank(number) or not self._is_position(number)
        return number.kind is Kind.POSITION and is_no_place

    def counts_offences(self, number: Number, keys: tuple[str, ...]) -> bool:
        """Return whether a number counts what the report counts, by the words after it."""
        after = self.sentence.plain[number.end :]
        if number.value == 0 and number.text.isalpha():
            return bool(keys) and self._says_none(number)
        if cues.OFFENCE_NEXT.match(after) or self._names_next(number) or number.sign:
            return True
        if keys and cues.BEYOND_NEXT.match(after):
            return True
        if any(self.catalogue.subjects[key].counts_people for key in keys) and cues.PEOPLE.match(after):
            return True
        word = re.match(r"\W*([A-Za-z']+)", after)
        is_end = word is None or re.match(r"\s*[,.;:()]|\s*$", after) is not None
        is_free = is_end or (word is not None and word[1].casefold() in cues.FUNCTION) or cues.ADVERB.match(after)
        return bool(is_free) and bool(keys)

    def is_change(self, number: Number) -> bool:
        """Return whether a number is said to be a change: "by 43", "43 fewer", "a fall of 43", "(43"."""
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
            or cues.OF_THE_MORE.search(before)
            or cues.OF_THE_LESS.match(after)
            or cues.RISE_NEXT.match(after)
            or (self.is_in_brackets(number) and not self._names_before(number))
        )

    def is_level(self, number: Number) -> bool:
        """Return whether a number can be a count by itself; in brackets it can be either."""
        return (
            number.kind is Kind.COUNT
            and (not self.is_change(number) or self.is_in_brackets(number))
            and not number.sign
        )

    def whole_of(self, number: Number) -> Number | None:
        """Return the count that a share or fraction is said to be of: "half of the 126"."""
        after = next((each for each in self.sentence.numbers if each.start >= number.end), None)
        is_part = number.kind in {Kind.PERCENT, Kind.PART} and after is not None and after.kind is Kind.COUNT
        return (
            after
            if after and is_part and cues.OF_THE.fullmatch(self.sentence.plain[number.end : after.start])
            else None
        )

    def is_share(self, number: Number) -> bool:
        """Return whether a number is said to be a share: "11% of", "made up 11%", "from 10% to 3%"."""
        after = self.sentence.plain[number.end :]
        before = self.sentence.plain[: number.start]
        if cues.RISE_NEXT.match(after):
            return False
        is_of_change = cues.CHANGE.search(before) or cues.NOUN_OF.search(before)
        if number.kind is Kind.PART and re.search(r" (?:in|out of) ", number.text) and not is_of_change:
            return True
        said = cues.SHARE.search(self.sentence.plain) is not None and cues.CHANGE.search(before) is None
        is_level = number.kind is Kind.PERCENT and cues.FROM_TO.search(before) is not None
        return (re.match(r"\s*(?:of\b|share\b)", after) is not None or said or is_level) and cues.NOUN_OF.search(
            before
        ) is None

    def is_size(self, number: Number) -> bool:
        """Return whether a number says how many areas are in the group: "9th of 15"."""
        before = self.sentence.plain[: number.start]
        is_after = any(
            each.kind is Kind.POSITION and 0 <= number.start - each.end <= _NEXT for each in self.sentence.numbers
        )
        return number.kind is Kind.COUNT and (
            (is_after and re.search(r"(?:of|out of|among) (?:the )?$", before) is not None)
            or re.search(r"\bgroup of (?:the )?$", before) is not None
        )

    def is_rate(self, number: Number) -> bool:
        """Return whether a number is a rate: with decimals, in a sentence about the group or "per 1,000"."""
        return number.kind is Kind.COUNT and number.decimals > 0 and cues.RATE.search(self.sentence.text) is not None

    def is_average(self, number: Number) -> bool:
        """Return whether a number is said to be an average per month or quarter."""
        before, after = self.sentence.plain[: number.start], self.sentence.plain[number.end :]
        is_offence = cues.OFFENCE_NEXT.match(after) is not None or self._names_next(number)
        is_a_month = (cues.A_MONTH if is_offence else cues.ONE_A_MONTH).match(after) is not None
        is_mean = is_a_month or cues.MEAN_OF.search(before) is not None
        return number.kind is Kind.COUNT and not number.decimals and is_mean

    def _names_before(self, number: Number) -> bool:
        """Return whether a row or a time is named right before the brackets that a number opens: "arson (12)"."""
        ends = [each.end for each in self.sentence.named] + [each.end for each in self.sentence.whens]
        before = self.sentence.plain[: number.start]
        return any(re.fullmatch(r"\s*\(", before[end:]) is not None for end in ends if end <= number.start)

    def is_in_brackets(self, number: Number) -> bool:
        """Return whether a number opens a pair of brackets."""
        return self.sentence.plain[: number.start].rstrip().endswith("(")

    def is_elsewhere(self, number: Number) -> bool:
        """Return whether a number is said about a place that the report does not have: "three burglaries in Histon"."""
        found = cues.IN_A_PLACE.match(self.sentence.plain[number.end :])
        if found is None:
            return False
        start = number.end + found.start("place")
        spans = [(each.start, each.end) for each in self.sentence.places]
        spans += [(each.start, each.end) for each in self.sentence.named]
        return not any(first <= start < last for first, last in spans)

    def is_of_all(self, number: Number) -> bool:
        """Return whether a number counts offences before any row is named: "the fall of 156 offences is mainly …"."""
        before, after = self.sentence.plain[: number.start], self.sentence.plain[number.end :]
        if cues.OF_ALL.match(after):
            return True
        if cues.OF_THE.search(before[-_NEXT:]) and re.match(r"\s+recorded\b", after):
            return True
        is_first = all(each.start > number.end for each in self.sentence.named)
        return is_first and cues.IN_GENERAL.match(self.sentence.plain[number.end :]) is not None

    def attached(self, number: Number) -> When | None:
        """Return the time that is named right beside a count: "104 offences in May 2010", "than in May 2010 (104)"."""
        if number.kind is not Kind.COUNT or self.is_size(number):
            return None
        text = self.sentence.plain
        after = next((each for each in self.sentence.whens if each.start >= number.end), None)
        between = text[number.end : after.start] if after else ""
        if after and (cues.IN.fullmatch(between) or (between == " " and after.is_relative)):
            return after
        ahead = next((each for each in reversed(self.sentence.whens) if each.end <= number.start), None)
        is_beside = ahead and cues.BESIDE.fullmatch(text[ahead.end : number.start])
        return ahead if is_beside and not cues.BRACKETED_PAIR.match(text[number.end :]) else None

    def is_apart(self, number: Number, later: Number) -> bool:
        """Return whether a later number's time is its own: not that of "64 of the 115 in 2010-11"."""
        between = self.sentence.plain[number.end : later.start]
        return later.start > number.start and not re.fullmatch(r"\s+(?:out )?of (?:the |all )?", between)

    def follows(self, number: Number, named: Named) -> bool:
        """Return whether a name comes right after a number, so that the number counts what is named."""
        between = self.sentence.plain[number.end : named.start] if named.start >= number.end else None
        return (
            between is not None
            and re.fullmatch(
                rf"[\s-]+{cues.PASSED}(?:{cues.OFFENCES} )?(?:(?:of|in|for) )?(?:(?:rise|fall|increase|reduction|"
                rf"drop|decrease|decline) (?:in|of) )?(?:the |recorded |reported |police )*(?:number of )?",
                between,
                re.IGNORECASE,
            )
            is not None
        )

    def _says_none(self, number: Number) -> bool:
        """Return whether "no" or "none" counts: "no robberies", "2 offences, none a year earlier"."""
        is_none = bool(self.sentence.named) and number.text.casefold() in {"none", "nil", "zero"}
        text = self.sentence.plain
        is_named = any(
            self.follows(number, each) and (not each.is_short or cues.OFFENCE_NEXT.match(text[each.end :]))
            for each in self.sentence.named
        )
        return is_named or (is_none and cues.NONE_OF_THEM.match(self.sentence.plain[number.end :]) is not None)

    def _names_next(self, number: Number) -> bool:
        """Return whether what is counted is named right after a number; "40 farms" are not farm crimes."""
        return any(
            self.follows(number, each) and (not each.is_short or cues.ENDS_IN_OFFENCES.search(each.text))
            for each in self.sentence.named
        )

    def _is_rank(self, number: Number) -> bool:
        """Return whether a number is a place among periods or rows, not in the group: "the second highest month"."""
        is_of_group = cues.OF_GROUP.search(self.sentence.text) is not None
        return not is_of_group and cues.RANKED.match(self.sentence.plain, number.start) is not None

    def _is_position(self, number: Number) -> bool:
        after = self.sentence.plain[number.end :]
        if number.text[0].isdigit():
            return (
                cues.POSITION.search(self.sentence.plain) is not None
                or re.match(r"\s+(?:out )?of\b", after) is not None
            )
        is_said = re.match(
            r"\s+(?:position|place|lowest|highest|of \d|of \w+teen|out of|in (?:the|its) (?:most|group))", after
        )
        is_free = re.match(r"\s*(?:[,.;)]|$|(?:in|of|to|from|out|between|at|by)\b)", after)
        return is_said is not None or (is_free is not None and cues.OF_GROUP.search(self.sentence.text) is not None)
