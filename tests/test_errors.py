"""What a user sees of an error: what happened, where, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdrp_xl import errors
from cdrp_xl.errors import CdrpError, name_some, place, quoted


def test_an_error_is_reported_in_three_lines():
    error = CdrpError("A row is cut off.", where="a.csv, row 3", remedy="Ask for it again.")
    assert str(error) == "A row is cut off.\nWhere: a.csv, row 3\nWhat to do: Ask for it again."
    assert (error.what, error.where, error.remedy) == ("A row is cut off.", "a.csv, row 3", "Ask for it again.")


def test_an_error_without_a_remedy_can_not_be_raised():
    with pytest.raises(TypeError, match="remedy"):
        CdrpError("A row is cut off.", where="a.csv, row 3")


@pytest.mark.parametrize(
    "kind",
    [
        errors.FileError,
        errors.ValueFoundError,
        errors.CannotBeComputedError,
        errors.CannotBeWrittenError,
        errors.RefusedByGateError,
    ],
)
def test_every_kind_is_of_the_one_family(kind):
    with pytest.raises(CdrpError, match=r"^x\nWhere: y\nWhat to do: z$"):
        raise kind("x", where="y", remedy="z")


@pytest.mark.parametrize(
    ("offenders", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b", "c"], "a, b, c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        ([str(number) for number in range(2000)], "0, 1, 2 and 1,997 more"),
    ],
)
def test_the_first_offenders_are_named_and_the_rest_counted(offenders, said):
    assert name_some(offenders) == said


def test_as_many_offenders_are_named_as_asked():
    assert name_some(["a", "b", "c", "d"], named=4) == "a, b, c, d"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, ""),
        ({"file": Path("data", "a.csv")}, "a.csv"),
        ({"file": "Police recorded crime"}, "Police recorded crime"),
        ({"file": Path("a.csv"), "row": 1}, "a.csv, row 1"),
        ({"file": Path("a.csv"), "row": 12345, "heading": "Area"}, 'a.csv, row 12,345, heading "Area"'),
        (
            {"file": Path("a.xlsx"), "sheet": "Data", "row": 25, "heading": "Offence group"},
            'a.xlsx, worksheet "Data", row 25, heading "Offence group"',
        ),
    ],
)
def test_a_place_is_named_as_the_analyst_sees_it(parts, said):
    assert place(parts.pop("file", None), **parts) == said


def test_a_name_is_quoted():
    assert quoted("O'Area") == '"O\'Area"'


def test_a_name_that_nobody_would_read_to_its_end_is_cut_short():
    assert quoted("x" * 200) == f'"{"x" * 200}"'
    assert quoted("x" * 40_000) == f'"{"x" * 200}…" (40,000 characters)'
