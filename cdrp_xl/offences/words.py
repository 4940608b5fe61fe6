"""Words of offences in one form, so that capitals, points, short forms and the order of words make no difference."""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
import unicodedata

LINKING = frozenset({"a", "an", "the", "of", "or", "and", "etc"})
"""Words that say nothing of an offence. "From", "with" and "without" do."""

_OF_AN_ORDER = frozenset({"breach", "breaching", "order", "orders", "injunction", "injunctions", "offence", "offences"})
"""Words of offences against an order that was made about anti-social behaviour."""

SHORTEST_WORD = 3


def plain(text: str) -> str:
    """Return words in small letters with single spaces, without points, commas, dashes and apostrophes."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    joined = re.sub(r"(?<=\d),(?=\d)|['\u2019`]", "", folded)
    return " ".join(re.findall(r"[^\W_]+", joined))


def in_full(words: str) -> str:
    """Return plain words with the short forms of offences written out."""
    return _written_out(words, "short")


def meant(text: str) -> str:
    """Return words as the law would say them, without numbers: what a suggestion is looked up by."""
    said = _written_out(in_full(plain(text)), "spoken")
    return " ".join(word for word in said.split() if not any(letter.isdigit() for letter in word))


def meant_by_incident(text: str) -> str:
    """Return what words of an incident rather than an offence are counted under, or that they are not; else ""."""
    said = f" {plain(text)} "
    if not _OF_AN_ORDER.isdisjoint(said.split()):
        return ""
    return next((meant for each, meant in _forms()["incidents"].items() if f" {each} " in said), "")


def is_said_of_totals(text: str) -> bool:
    """Return whether words are those of the sum of others rather than of an offence, as "All offences"."""
    said = plain(text)
    return said in _forms()["totals"] or said.startswith("total recorded crime")


def why_in_no_row(text: str) -> str:
    """Return why a group that is no longer one is in no row of today, empty for other words."""
    said = f" {plain(text)} "
    return next((why for each, why in _forms()["ended"].items() if f" {each} " in said), "")


def significant(words: str) -> tuple[str, ...]:
    """Return the words that say something of the offence, in order."""
    return tuple(word for word in words.split() if word not in LINKING)


def shortens(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Return whether each word is the beginning of its counterpart, three letters long at least, or the same."""
    return len(short) == len(full) and all(
        one == other or (len(one) >= SHORTEST_WORD and other.startswith(one))
        for one, other in zip(short, full, strict=True)
    )


def _written_out(words: str, table: str) -> str:
    forms = _forms()[table]
    return _pattern(table).sub(lambda found: forms[found[0]], words)


@functools.cache
def _pattern(table: str) -> re.Pattern[str]:
    longest_first = sorted(_forms()[table], key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b")


@functools.cache
def _forms() -> dict[str, dict[str, str]]:
    file = importlib.resources.files("cdrp_xl").joinpath("classifications", "short-forms.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
