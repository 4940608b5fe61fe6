# ruff: noqa: DTZ001 - a cell has no time zone
from __future__ import annotations

import datetime as dt

import pytest

from cdrp_xl.libreoffice.typed import Entry, entered


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("00123", 123.0),
        (" 12 ", 12.0),
        ("-1.5e3", -1500.0),
        ("1,234.5", 1234.5),
        (".5", 0.5),
        ("12%", 0.12),
        ("TRUE", True),
        ("false", False),
        ("2024-02-01", dt.datetime(2024, 2, 1)),
        ("1/31/2024", dt.datetime(2024, 1, 31)),
        ("31 Jan 2024", dt.datetime(2024, 1, 31)),
        ("2024-02-01 06:00", dt.datetime(2024, 2, 1, 6)),
        ("06:00", 0.25),
        ("00:00", 0.0),
        ("'007", "007"),
    ],
)
def test_text_becomes_what_excel_makes_of_it(text, value):
    assert entered(text).value == value


@pytest.mark.parametrize(
    "text",
    ["", "12 Acacia Avenue", "1,23", "25:00", "2024-13-01", "True enough", "=", "-", "%", "$", "12 345", "#hash", "."],
)
def test_other_text_stays_text(text):
    assert entered(text) is None


def test_what_begins_with_an_equals_sign_is_a_formula():
    assert entered("=A1") == Entry(value="", formula="=A1")
    assert entered("#N/A") == Entry(value="", formula="=#N/A")
