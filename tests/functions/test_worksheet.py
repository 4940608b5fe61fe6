from __future__ import annotations

import os
import shutil

import pytest

from cdrp_xl import functions
from cdrp_xl.functions.worksheet import described, figures_for

HELP_CHARACTERS = 255  # where Excel cuts


def test_every_function_is_described_by_its_own_words():
    assert list(described()) == [f"CDRP_{function.__name__.upper()}" for function in functions.FUNCTIONS]
    for each in described().values():
        assert each.words.endswith(".")
        assert len(each.words) <= HELP_CHARACTERS
        for argument in each.arguments:
            assert argument.words.endswith(".")
            assert len(argument.words) <= HELP_CHARACTERS
            assert argument.is_optional == ("left out" in argument.words)


def test_arguments_that_may_be_left_out_come_last():
    for each in described().values():
        optional = [argument.is_optional for argument in each.arguments]
        assert optional == sorted(optional), each.name


def test_a_refresh_is_seen_by_the_next_formula_and_nothing_else_is_read_again(example):
    workbook = str(example / "ad hoc.xlsx")
    first = figures_for(("", workbook))
    assert figures_for(("", workbook)) is first
    stored = example / "counts" / "counts.parquet"
    state = stored.stat()
    os.utime(stored, ns=(state.st_atime_ns, state.st_mtime_ns + 1_000_000))
    assert figures_for(("", workbook)) is not first


def test_counts_of_a_folder_that_was_never_refreshed_are_asked_for_again_each_time(example):
    shutil.rmtree(example / "counts")
    count = described()["CDRP_COUNT"]
    for _ in range(2):
        said = count.answer(["Arson", "", ""], lambda: figures_for(("", str(example / "a.xlsx"))))
        assert said == "No counts are stored yet. Refresh the master once; the counts are kept then."


@pytest.mark.parametrize("given", [[["Arson"]], [("Arson",)], "Arson"])
def test_a_block_of_one_cell_is_that_cell(demo, given):
    answer = described()["CDRP_COUNT"].answer([given, "", ""], lambda: functions.load(demo.folder))
    assert answer == 12
