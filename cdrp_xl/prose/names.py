"""What a sentence is about: the rows of the report, by their names and by plain variants of these."""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.prose.catalogue import Catalogue

_PASSED_OVER = frozenset({"a", "an", "the", "recorded", "reported", "motor", "police"})
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['\u2019][^\W_]+)?|\d+", re.UNICODE)
_SHORT_FORM = re.compile(r"\b[A-Z]{2,}\b")
_LINKS = frozenset({"of", "in", "on", "at", "from", "to", "and", "with", "without", "by", "for", "against", "who"})
_SHORTEST_PLURAL, _SHORTEST_PART = 4, 5
_TWO_WORDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Where a text names what figures are about. `is_short` where the words could also mean something wider."""

    start: int
    end: int
    text: str
    keys: tuple[str, ...]
    is_short: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The phrases by which every subject of a report may be named.

    `within` are phrases of a section's own rows, which mean these only where the section is spoken of;
    `short_within` are short forms of these.
    """

    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    within: Mapping[tuple[str, ...], tuple[str, ...]]
    short: Mapping[tuple[str, ...], tuple[str, ...]]
    short_within: Mapping[tuple[str, ...], tuple[str, ...]]
    longest: int

    def found_in(self, text: str, *, in_section: bool = False) -> tuple[Named, ...]:
        """Return what a text names, in order; of names that begin together, the longest.

        Parameters
        ----------
        text
            A sentence.
        in_section
            Whether the section that has rows of its own is spoken of.
        """
        words = [
            (stem(found[0]), found.start(), found.end())
            for found in _WORD.finditer(text)
            if found[0].casefold() not in _PASSED_OVER
        ]
        found: list[Named] = []
        at = 0
        while at < len(words):
            match = self._match([word for word, _, _ in words[at : at + self.longest]], in_section=in_section)
            if match is None:
                at += 1
                continue
            count, keys, is_short = match
            start, end = words[at][1], words[at + count - 1][2]
            found.append(Named(start=start, end=end, text=text[start:end], keys=keys, is_short=is_short))
            at += count
        return tuple(found)

    def _match(self, words: list[str], *, in_section: bool) -> tuple[int, tuple[str, ...], bool] | None:
        for count in range(len(words), 0, -1):
            phrase = tuple(words[:count])
            own = self.within.get(phrase, ()) if in_section else ()
            keys = tuple(dict.fromkeys((*own, *self.phrases.get(phrase, ()))))
            if keys:
                return count, keys, False
            own = self.short_within.get(phrase, ()) if in_section else ()
            if short := tuple(dict.fromkeys((*self.short.get(phrase, ()), *own))):
                return count, short, True
        return None


def names(catalogue: Catalogue) -> Names:
    """Return the phrases by which the subjects of a catalogue may be named."""
    phrases: dict[tuple[str, ...], list[str]] = defaultdict(list)
    within: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, subject in catalogue.subjects.items():
        for name in subject.names:
            for phrase in _variants(name):
                _listed(within if subject.within else phrases, phrase, key)
            for phrase in _of_section(name) if subject.within else ():
                _listed(within, phrase, key)
            if subject.within:
                section = tuple(stem(word) for word in _WORD.findall(subject.within))
                for phrase in _variants(name):
                    _listed(phrases, (*section, *phrase), key)
        for phrase in (each for name in subject.nicknames for each in _variants(name)):
            _listed(within, phrase, key)
    own, of_sections = (
        [key for key in catalogue.by_subject if bool(catalogue.subjects[key].within) is is_of_section]
        for is_of_section in (False, True)
    )
    return Names(
        phrases={phrase: tuple(keys) for phrase, keys in phrases.items()},
        within={phrase: tuple(keys) for phrase, keys in within.items()},
        short=_joined(_short(phrases), _parts(phrases, catalogue, own)),
        short_within=_joined(_short(within), _parts(within, catalogue, of_sections)),
        longest=max(map(len, (*phrases, *within)), default=0),
    )


def _joined(*short: Mapping[tuple[str, ...], tuple[str, ...]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return short forms with all that each can mean, first what people mean by it: by "theft" theft as a whole."""
    words = dict.fromkeys(word for each in short for word in each)
    return {word: tuple(dict.fromkeys(key for each in short for key in each.get(word, ()))) for word in words}


def _short(phrases: Mapping[tuple[str, ...], Sequence[str]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the short forms that people use of phrases, unless a short form is a phrase itself."""
    every = {
        tuple(word.split()): [key for each in meant for key in phrases.get(tuple(each.split()), ())]
        for word, meant in _spoken()["short"].items()
    }
    return {word: tuple(dict.fromkeys(keys)) for word, keys in every.items() if keys and word not in phrases}


def _parts(
    phrases: Mapping[tuple[str, ...], Sequence[str]], catalogue: Catalogue, subjects: Sequence[str]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return short forms of names: "young people" means one figure, "theft" every row with that word in its name."""
    found: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for key in subjects:
        phrase = _words(catalogue.subjects[key].names[0])
        for first, last in itertools.combinations(range(len(phrase) + 1), 2):
            found[phrase[first:last]] |= dict.fromkeys(each for each in (key, *phrases.get(phrase, ())))
    alike = {key: frozenset(phrases.get(_words(subject.names[0]), ())) for key, subject in catalogue.subjects.items()}
    returned = {key for key, subject in catalogue.subjects.items() if subject.counts_people}
    short_forms = {(stem(word),) for key in returned for word in _SHORT_FORM.findall(catalogue.subjects[key].names[0])}
    return {
        part: tuple(keys)
        for part, keys in found.items()
        if keys
        and part not in phrases
        and (part in short_forms or _says_enough(part))
        and (len(part) == 1 or len({alike[key] for key in keys}) == 1)
    }


def _says_enough(part: tuple[str, ...]) -> bool:
    """Return whether a part of a name can be taken for the name: it is more than everyday words."""
    said = [word for word in part if word not in _everyday() and not word.isdecimal()]
    is_bound = part[0] in _LINKS or part[-1] in _LINKS
    return bool(said) and not is_bound and (len(part) > 1 or len(part[0]) >= _SHORTEST_PART)


def stem(word: str) -> str:
    """Return a word in lower-case letters without the ending of a plural or a possessive.

    Examples
    --------
    >>> [stem(word) for word in ("Burglaries", "offences", "BCS", "dwelling's")]
    ['burglary', 'offence', 'bcs', 'dwelling']
    """
    plain = re.sub(r"['\u2019]s?$", "", word.casefold())
    if word.isupper() or len(plain) < _SHORTEST_PLURAL or plain.endswith(("ss", "us", "is")):
        return plain
    if plain.endswith("ies"):
        return f"{plain[:-3]}y"
    return plain.removesuffix("s")


def _listed(phrases: dict[tuple[str, ...], list[str]], phrase: tuple[str, ...], key: str) -> None:
    if key not in phrases[phrase]:
        phrases[phrase].append(key)


def _variants(name: str) -> Iterator[tuple[str, ...]]:
    """Yield a name's words as they may be written: without "all", turned round, with what people say for them."""
    whole = _words(name)
    given = [whole]
    if len(whole) > 1 and whole[0] == "all" and whole != ("all", "crime"):
        given.append(whole[1:])
    if found := re.fullmatch(r"(.+?) \((.+)\)", name):
        outer, inner = _words(found[1]), _words(found[2])
        given += [(*inner, *outer), (*inner, "of", *outer), *([inner] if "other" not in inner else [])]
        given += [("other", *outer, *inner[1:])] if inner[0] == "other" else []
    given += [turned for each in given for turned in _turned(each)]
    given += [said for each in given for said in _said(each)]
    given += [each[:-1] for each in given if len(each) > _TWO_WORDS and each[-1] == "crime"]
    yield from dict.fromkeys(given)


def _words(name: str) -> tuple[str, ...]:
    words = (stem(word) for word in _WORD.findall(name.replace("&", " and ")))
    return tuple(word for word in words if word not in _PASSED_OVER)


def _turned(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield "burglary dwelling" as "dwelling burglary" and "burglary of dwelling", "theft of X" as "X theft"."""
    if len(words) == _TWO_WORDS and words[0] == "burglary":
        yield words[1], words[0]
        yield words[0], "of", words[1]
        yield words[0], "in", words[1]
    if len(words) == _TWO_WORDS and words[1] == "burglary":
        yield words[1], "of", words[0]
        yield words[1], "in", words[0]
    if words[1:2] == ("of",) and len(words) > _TWO_WORDS:
        yield *words[2:], words[0]


def _said(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    text = f" {' '.join(words)} "
    for written, spoken in _spoken()["for"].items():
        if f" {written} " in text:
            yield from (tuple(text.replace(f" {written} ", f" {each} ").split()) for each in spoken)


def _of_section(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the first words of a section's own row, which are enough where the section is spoken of."""
    yield tuple(stem(word) for word in re.split(r" and | against ", name, maxsplit=1)[0].split())


def _everyday() -> frozenset[str]:
    return frozenset(_spoken()["everyday"]["words"])


@functools.cache
def _spoken() -> dict[str, dict[str, list[str]]]:
    file = importlib.resources.files("cdrp_xl").joinpath("prose", "spoken.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
