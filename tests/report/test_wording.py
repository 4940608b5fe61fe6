"""The words of the report: every sentence can be said, and none holds a figure of its own."""

from __future__ import annotations

import importlib.resources
import re
import string
import tomllib

import pytest

from cdrp_xl.report.wording import note_texts, say

WORDS = tomllib.loads(importlib.resources.files("cdrp_xl").joinpath("wording", "report.toml").read_text("utf-8"))
SENTENCES = [
    (section, key, text) for section, entries in WORDS.items() for key, text in entries.items() if isinstance(text, str)
]
NAMES = {"area", "words", "later", "earlier", "baseline", "baseline_words", "printed", "why", "title", "first"}
NAMES |= {"first_offences", "last", "last_offences", "moved", "margin", "hidden", "unsafe", "exposed"}
NAMES |= {"mean", "lower", "upper", "months", "month", "offences", "signal", "meaning", "way", "year", "side", "target"}
NAMES |= {"chance", "nth", "members", "period", "position", "rate", "residents", "standing", "average", "shown"}
NAMES |= {"how_counted", "since", "day", "source", "imported", "covers", "lowest", "highest"}
NAMES |= {"reason", "status", "by_rule", "quarter", "period", "ratio", "lower", "upper", "verdict", "tested", "test"}
NAMES |= {"rate", "least", "count", "names", "needed", "signals", "localities", "locality", "row"}
NAMES |= {"declared", "sheet", "judgements", "priorities", "name", "sha256", "more"}
NAMES |= {"marking", "subject", "position", "sentence", "producer"}
NAMES |= {"what", "names", "name", "locus", "coverage", "year", "years", "offences", "share", "every", "groups", "most"}
NAMES |= {"whole", "count", "repeats", "counted", "were", "who", "victims", "months"}
NAMES |= {"agency", "due", "returned", "days", "points", "direction", "lower", "upper", "chance", "counts"}
NAMES |= {"different", "compared", "covered", "based_on"}
NAMES |= {"highest_month", "lowest_month"}
NAMES |= {"form", "came", "accepted", "unsure", "changed", "was", "codes", "rows"}
NAMES |= {
    "lacking",
    "theirs",
    "ours",
    "given",
    "own",
    "priority",
    "positions",
    "difference",
    "earlier_words",
    "dismissed",
    "called",
    "unknown",
    "after",
    "lead",
}
NAMES |= {"basis", "cause", "change", "copy", "figure", "group", "issue", "loci", "note", "now", "number"}
NAMES |= {"agenda", "by", "flag", "flagged", "force", "symbol", "titles", "worksheet"}
NAMES |= {"parts", "periods", "rule", "unsafe_up_to", "where"}
NAMES |= {f"note_{note}" for note in WORDS["note"]}


def names_in(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("section", "key", "text"), SENTENCES, ids=lambda part: str(part)[:30])
def test_every_sentence_is_said_with_its_names_filled_in(section, key, text):
    assert names_in(text) <= NAMES
    said = say(section, key, **{name: f"<{name}>" for name in names_in(text)})
    assert said == re.sub(r"\{(\w+)\}", r"<\1>", text)


def test_a_name_with_braces_is_no_place_to_fill_in():
    assert say("cover", "compared", earlier="{later}", later="x") == (
        "Figures for x are compared with {later}. Priorities are compared with their baseline year."
    )


@pytest.mark.parametrize("note", sorted(WORDS["note"]))
def test_every_note_has_one_form(note):
    assert set(note_texts(note)) == {"any"}


def test_no_sentence_cites_a_note_that_is_not_there():
    cited = {name.removeprefix("note_") for _, _, text in SENTENCES for name in names_in(text) if "note_" in name}
    assert cited == set(WORDS["note"])
