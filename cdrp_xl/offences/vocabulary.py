"""Words for offences: those of the Home Office's list, with and without their Acts, of categories, and of rows."""

from __future__ import annotations

import bisect
import functools
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from cdrp_xl.folding import fold
from cdrp_xl.offences import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cdrp_xl.offences.classification import Classification
    from cdrp_xl.offences.codes import Codes, KnownCodes
    from cdrp_xl.offences.notifiable import NotifiableOffence

_GOING_ON = ("-", "\u2013", ",", "(", "/", ":", "&")
SHORTEST_CUT = 20
"""Letters that a text must have to be taken for the beginning of a longer one."""

_CITING = frozenset(
    {"contrary", "to", "under", "by", "in", "section", "sections", "sec", "secs", "s", "ss", "schedule", "sch", "act"}
)


class Vocabulary:
    """Looks up which codes of a classification words can stand for: none, one, or several.

    Each method takes words as they are written, and is less strict than the one before it.
    """

    def __init__(self, classification: Classification, listed: Iterable[NotifiableOffence], known: KnownCodes) -> None:
        self._exact: defaultdict[str, set[str]] = defaultdict(set)
        self._plain: defaultdict[str, set[str]] = defaultdict(set)
        self._cited: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for offence, codes in known.counting(listed, by=lambda offence: fold(offence.words)):
            plain = self._add(offence.words, codes)
            self._cited[plain][offence.act].update(codes)
        for code, description in classification.descriptions.items():
            self._add(description, {code})
        for row in classification.rows:
            if not row.is_remainder and not row.is_composite:
                for name in row.names:
                    self._add(name, row.codes)
        self._texts = sorted(self._plain)
        self._incidents = frozenset[str]().union(*(classification.row(each).codes for each in classification.incidents))

    @functools.cached_property
    def _significant(self) -> dict[str, tuple[str, ...]]:
        """The words of each text that say something of the offence, written in full."""
        return {plain: words.significant(words.in_full(plain)) for plain in self._texts}

    @functools.cached_property
    def _in_any_order(self) -> dict[tuple[str, ...], set[str]]:
        found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for plain, significant in self._significant.items():
            found[tuple(sorted(significant))] |= self._plain[plain]
        return found

    def exact(self, text: str) -> Codes:
        """Return what words can stand for that are known as they are, but for capitals, spaces and points.

        Words that end in a dash, a comma or a bracket are not: something was cut off behind it.
        """
        if codes := self._exact.get(fold(text)):
            return frozenset(codes)
        return frozenset() if text.endswith(_GOING_ON) else frozenset(self._plain.get(words.plain(text), ()))

    def same_words(self, text: str) -> Codes:
        """Return what words can stand for, whatever their order, and with short forms for some."""
        in_order = tuple(sorted(words.significant(words.in_full(words.plain(text)))))
        return frozenset(self._in_any_order.get(in_order, ()))

    def with_act(self, text: str) -> Codes:
        """Return what words can stand for that are followed by the offence's Act or section."""
        plain = words.plain(text)
        if any(self._beginning_with(plain)):
            return frozenset()  # the words go on: they were cut off, and no Act follows
        split = plain.split()
        for end in range(len(split) - 1, 0, -1):
            tail = {word for word in split[end:] if word not in _CITING and word not in words.LINKING}
            cited: Mapping[str, set[str]] = self._cited.get(" ".join(split[:end]), {})
            if tail and (found := [codes for act, codes in cited.items() if tail.issubset(words.plain(act).split())]):
                return frozenset().union(*found)
        return frozenset()

    def short_words(self, text: str) -> tuple[Codes, bool]:
        """Return what words cut short can stand for, as "THEFT OR UNAUTH TAKING OF A MOTOR VEH".

        Where the last word is cut short, more words may follow it in the whole text: then the second value is true.
        """
        short = words.significant(words.in_full(words.plain(text)))
        codes: set[str] = set()
        goes_on = False
        for plain, full in self._significant.items():
            if short and words.shortens(short, full[: len(short)]):
                is_longer = len(full) > len(short)
                if not is_longer or (short[-1] != full[len(short) - 1] and len(text) >= SHORTEST_CUT):
                    codes |= self._plain[plain]
                    goes_on |= is_longer
        return frozenset(codes), goes_on

    def beginning(self, text: str) -> Codes:
        """Return what a text can stand for that was cut off, in its words or in its Act."""
        plain = words.plain(text)
        if len(plain) < SHORTEST_CUT:
            return frozenset()
        codes = [self._plain[full] for full in self._beginning_with(plain)]
        for full, cited in self._cited.items():
            if plain.startswith(full):
                codes += [own for act, own in cited.items() if f"{full} {words.plain(act)}".startswith(plain)]
        return frozenset().union(*codes)

    def most_alike(self, text: str, *, at_least: int) -> Codes:
        """Return what the words stand for that are most like a text in meaning, if they are as like as asked.

        Nothing is like an incident: an offence that is taken for one would be in no row of recorded crime.
        """
        from rapidfuzz import fuzz, process

        said = " ".join(self._whole_word(word) for word in words.significant(words.meant(text)))
        if len(said) < words.SHORTEST_WORD:
            return frozenset()

        def likeness(one: str, other: str, **_: object) -> float:
            return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2

        texts = {
            plain: " ".join(significant)
            for plain, significant in self._significant.items()
            if not self._plain[plain] <= self._incidents
        }
        least = at_least if " " in said else (at_least + 100) / 2  # one word is like many others
        found = process.extractOne(said, texts, scorer=likeness, score_cutoff=least)
        return frozenset(self._plain[found[2]]) if found else frozenset()

    def _whole_word(self, word: str) -> str:
        """Return the word that a text most often has for one that is cut short, as "burglary" for "burg"."""
        if word in self._word_counts or len(word) < words.SHORTEST_WORD:
            return word
        longer = (each for each in self._word_counts if each.startswith(word))
        return max(longer, key=lambda each: self._word_counts[each], default=word)

    @functools.cached_property
    def _word_counts(self) -> Counter[str]:
        return Counter(word for significant in self._significant.values() for word in significant)

    def _add(self, text: str, codes: Iterable[str]) -> str:
        plain = words.plain(text)
        self._exact[fold(text)].update(codes)
        self._plain[plain].update(codes)
        return plain

    def _beginning_with(self, plain: str) -> Iterator[str]:
        for full in self._texts[bisect.bisect_left(self._texts, plain) :]:
            if not full.startswith(plain):
                return
            yield full
