"""Names are folded alike in Python and in SQL, whatever white space they hold."""

from __future__ import annotations

import sys
import unicodedata

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.folding import fold, fold_sql, spaced, spaced_sql

LETTERS = [chr(number) for number in range(1, sys.maxunicode + 1) if not 0xD800 <= number < 0xE000]
OLD = [letter for letter in LETTERS if unicodedata.ucd_3_2_0.category(letter) != "Cn"]
SPACES = [letter for letter in LETTERS if letter.isspace()]
UNSEEN = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202c"]


def _in_sql(texts, of):
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE texts (number INTEGER, text VARCHAR)")
        connection.execute("INSERT INTO texts SELECT unnest(range(len($1))), unnest($1)", [list(texts)])
        return [text for (text,) in connection.execute(f"SELECT {of('text')} FROM texts ORDER BY number").fetchall()]


@pytest.mark.whole
@pytest.mark.parametrize(("python", "sql"), [(fold, fold_sql), (spaced, spaced_sql)])
def test_every_letter_of_unicode_is_folded_alike_in_python_and_in_sql(python, sql):
    texts = [f"A {letter}B{letter}" for letter in OLD]
    differing = [text for text, found in zip(texts, _in_sql(texts, sql), strict=True) if found != python(text)]
    assert differing == []


@pytest.mark.parametrize("space", SPACES)
def test_white_space_of_every_kind_is_one_space(space):
    assert fold(f"{space}South{space}{space}Cambridgeshire{space}") == "south cambridgeshire"


@pytest.mark.parametrize("sign", UNSEEN)
def test_signs_without_a_width_part_no_words(sign):
    assert fold(f"{sign}South Cambridge{sign}shire") == "south cambridgeshire"


def test_an_accent_is_the_same_however_it_was_typed():
    assert fold("YNYS MO\u0302N") == fold("Ynys M\u00f4n") == "ynys m\u00f4n"


@pytest.mark.whole
@given(
    st.lists(
        st.text(st.sampled_from([*SPACES, *UNSEEN, *"aZ\u00c9\u0301\u00df\u03a3\u0130-."]), max_size=12), max_size=20
    )
)
def test_texts_are_folded_alike_in_python_and_in_sql(texts):
    assert _in_sql(texts, fold_sql) == [fold(text) for text in texts]
    assert _in_sql(texts, spaced_sql) == [spaced(text) for text in texts]


@given(st.text())
def test_what_is_folded_stays_as_it_is(text):
    assert fold(fold(text)) == fold(text)
