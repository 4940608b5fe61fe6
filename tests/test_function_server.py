"""What LibreOffice's formulas are answered; the formulas themselves are tested with the profile that they live in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cdrp_xl import function_server
from cdrp_xl.functions import worksheet


def asked(demo, name, *given):
    """Ask as Basic does: arguments that are left out at the end come as empty texts."""
    arguments = [*given, *[""] * (len(worksheet.described()[name].arguments) - len(given))]
    return function_server.answer(name, [("", str(demo.folder / "ad hoc.ods"))], arguments)


def test_numbers_and_texts_are_handed_over_as_calc_takes_them(demo):
    assert asked(demo, "CDRP_COUNT", "Shoplifting", "", "") == 59.0
    assert isinstance(asked(demo, "CDRP_COUNT", "Shoplifting", "", ""), float)
    assert asked(demo, "CDRP_EARLIER", "2011-12 Q1") == "2010-11 Q1"
    assert asked(demo, "CDRP_PERIOD", "2011-12 Q1") == ((40634.0, 40724.0),)


def test_the_gap_between_two_semicolons_is_an_argument_left_out(demo):
    assert asked(demo, "CDRP_COUNT", "Shoplifting", 0.0, "2010-11 Q1") == 32.0
    assert asked(demo, "CDRP_CHANGE", 0.0, 4.0) == 4.0


def test_a_block_comes_and_goes_as_rows(demo):
    rows = (("Shoplifting",), ("Arson",))
    assert asked(demo, "CDRP_COUNT", rows, "", "2010-11 Q1") == ((32.0,), (10.0,))


def test_a_refusal_is_a_sentence_with_its_remedy(demo):
    assert asked(demo, "CDRP_COUNT", "Shopliftng", "", "") == (
        'There is no offence row "Shopliftng" in CADET highlights (2008 to 2011 definitions). '
        'Did you mean "Shoplifting"?'
    )


def test_a_fault_of_ours_is_a_sentence_too_and_is_shown_to_whoever_looks_on(demo, monkeypatch, capsys):
    broken = worksheet.WorksheetFunction(
        name="CDRP_X", words="", arguments=(), asks_figures=False, may_ask_figures=False, function=lambda: 1 / 0
    )
    monkeypatch.setattr(worksheet, "described", lambda: {"CDRP_X": broken})
    assert asked(demo, "CDRP_X") == "Something went wrong that should not: division by zero"
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.libreoffice
def test_a_server_that_nobody_asks_ends_itself(engine):
    code = (
        "from cdrp_xl import function_server as s; import os; s._UNASKED_SECONDS = 0.2;"
        "s.serve('cdrp_xl_unasked', leave=lambda: os._exit(7))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False, timeout=300)
    assert run.returncode == 7


@pytest.mark.parametrize(("name", "given"), [("CDRP_COUNT", ["Shoplifting", "", ""]), ("CDRP_GONE", [])])
def test_functions_of_an_earlier_version_say_how_to_renew_them(demo, name, given):
    """The Basic in a profile stays as it was installed, whatever becomes of the Python that it asks."""
    answered = function_server.answer(name, [("", str(demo.folder / "ad hoc.ods"))], given)
    assert answered == (
        "The worksheet functions in LibreOffice are of another version. "
        "Close LibreOffice and run  cdrp-xl libreoffice install"
    )
