"""Contrast as WCAG 2.2 defines it, by its own examples, and colours with white in them."""

from __future__ import annotations

import pytest

from cdrp_xl.colours import LEAST_CONTRAST, WHITE, contrast, lighter


@pytest.mark.parametrize(
    ("colour", "expected"), [("000000", 21.0), ("FFFFFF", 1.0), ("767676", 4.54), ("777777", 4.48), ("FF0000", 4.0)]
)
def test_contrast_with_white_is_that_of_the_guidelines(colour, expected):
    assert contrast(colour, WHITE) == contrast(WHITE, colour) == pytest.approx(expected, abs=0.005)
    assert (contrast(colour, WHITE) >= LEAST_CONTRAST) == (expected >= 4.5)


def test_a_lighter_colour_is_mostly_white():
    assert lighter("#000000") == "#999999"
    assert lighter("#FFFFFF") == "#FFFFFF"
    assert lighter("#12436D") == "#A0B4C5"
