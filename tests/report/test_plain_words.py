"""The report's sentences as partners read them: short, and in the words of a council office."""

from __future__ import annotations

import importlib.resources
import re
import tomllib

import pytest

MOST_WORDS = 25
WORDS = tomllib.loads(importlib.resources.files("cdrp_xl").joinpath("wording", "report.toml").read_text("utf-8"))

FOR_THE_ANALYST = {"words", "local", "mapping", "calibration", "checks"}
"""Sections that stand in the master alone."""

AVOIDED = (r"stands?\b(?! (?:out|error))", r"\btold\b", r"\bis none\b", r"\bis to be\b", r"\bwherein\b", r"\bwhereof\b")
AVOIDED += (r"\bby chance alone\b", r"\bBenjamini\b", r"\bcanary\b", r"\bblock\b", r"\bgate\b", r"\bnot there yet\b")
METHODS = (r"\bXmR\b", r"\bp[ -]value", r"\bp [=<]", r"\bnegative binomial\b", r"\bPoisson\b", r"\bSpiegelhalter\b")
"""Statistics that are named in Notes alone."""

NOTES = {"note", "rules", "group.spread"}


def flat(words, path=()):
    for key, value in words.items():
        if isinstance(value, dict):
            yield from flat(value, (*path, key))
        else:
            yield (*path, key), value


SAID = [(path, text) for path, text in flat(WORDS) if path[0] not in FOR_THE_ANALYST]


def sentences(text):
    """The sentences of a text; what is filled in is one word."""
    filled = re.sub(r"\{\w+\}", "X", text)
    return [each for each in re.split(r"(?<=[.?!])\s+", filled) if each]


def test_there_are_sentences_to_look_at():
    assert len(SAID) > 200


@pytest.mark.parametrize(("path", "text"), SAID, ids=lambda part: ".".join(part) if isinstance(part, tuple) else "")
def test_a_sentence_is_short_and_in_words_that_people_say(path, text):
    assert [each for each in sentences(text) if len(each.split()) > MOST_WORDS] == []
    assert [word for word in AVOIDED if re.search(word, text)] == []
    if path[0] not in NOTES and ".".join(path) not in NOTES:
        assert [word for word in METHODS if re.search(word, text)] == []
