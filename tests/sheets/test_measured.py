"""How many lines words take: the short way for one that is plainly narrow agrees with wrapping it."""

from hypothesis import given
from hypothesis import strategies as st

from cdrp_xl.sheets import measured


@given(st.text(alphabet="il W0m\n", max_size=40), st.floats(0, 300), st.booleans())
def test_a_text_takes_as_many_lines_as_it_is_wrapped_into(text, pixels, is_bold):
    assert measured.lines(text, pixels, is_bold=is_bold) == len([*measured.wrapped(text, pixels, is_bold=is_bold)])
    exact = measured.width(text, is_bold=is_bold)
    assert measured.lines(text, exact, is_bold=is_bold) == len([*measured.wrapped(text, exact, is_bold=is_bold)])
