"""What a heading is for, by its name alone: forces' systems call the same column by many names."""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from typing import Any

from cdrp_xl.folding import spaced

_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_WORDS_MORE = 2
_WORDS_OF_ANY_FLAG = frozenset(
    {"flag", "marker", "indicator", "related", "crime", "involved", "enabled", "is", "yn", "y", "n", "qualifier"}
)

Words = frozenset[str]


def likeness(use: str, heading: str) -> float:
    """Return how well a heading's name fits a use: above 1 where it is a known name, up to 1 where it holds one, or 0.

    Of two names that fit, that of the likelier one is more.
    """
    said, known = _words(heading), _known_names()[use]
    if said & _not()[use] or not said:
        return 0.0
    best = 0.0
    for place, name in enumerate(known):
        rank = 1 - place / len(known)
        if said == name:
            best = max(best, 1 + rank)
        elif name < said and len(said - name) <= _MOST_WORDS_MORE and len(name) > 1:
            best = max(best, rank)
    return best


def is_of_another(use: str, heading: str) -> bool:
    """Return whether a heading's name says that its column is for something else, as a victim's district is."""
    return bool(_words(heading) & _not()[use])


@functools.cache
def is_known(heading: str) -> bool:
    """Return whether a heading's name is known for any use."""
    return any(likeness(use, heading) > 1 for use in _known_names())


def flag_of(heading: str) -> str:
    """Return the flag that a heading's name is known for, empty where it is known for none.

    Examples
    --------
    >>> flag_of("Hate Crime Flag"), flag_of("Alcohol related?"), flag_of("Remarks")
    ('hate crime', 'alcohol', '')
    """
    said = _words(heading) - _WORDS_OF_ANY_FLAG
    named = ((name, spelt) for name, known in _data()["flag"].items() for spelt in known)
    return next((name for name, spelt in named if said and said == _words(spelt) - _WORDS_OF_ANY_FLAG), "")


@functools.cache
def _words(heading: str) -> Words:
    """Return the words of a heading, short forms written out, without those that make no difference."""
    apart = _CAPITAL_INSIDE.sub(" ", spaced(heading)).lower()
    short = _data()["words"]["short"]
    written_out = " ".join(short.get(word, word) for word in re.findall(r"[a-z0-9]+", apart))
    left_out = _data()["words"]["left_out"]
    return frozenset(word for word in written_out.split() if word not in left_out)


@functools.cache
def _known_names() -> dict[str, tuple[Words, ...]]:
    return {use: tuple(dict.fromkeys(_words(name) for name in entry["names"])) for use, entry in _data()["use"].items()}


@functools.cache
def _not() -> dict[str, Words]:
    return {use: frozenset(entry["not"]) for use, entry in _data()["use"].items()}


@functools.cache
def _data() -> dict[str, Any]:
    file = importlib.resources.files("cdrp_xl").joinpath("wording", "headings.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
