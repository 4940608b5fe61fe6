"""A key of a TOML text is found on its line, through lists of tables and dotted names."""

from __future__ import annotations

import pytest

from cdrp_xl.toml_lines import line_of

TEXT = """\
title = "a"

[partnership]
name = "b"
"quoted key" = 1

[[priorities]]
id = "one"
measure.rows = ["a"]
[[priorities]]
id = "two"
[priorities.baseline]
year = "2009-10"
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("title",), 1),
        (("partnership",), 3),
        (("partnership", "name"), 4),
        (("partnership", "quoted key"), 5),
        (("priorities", 0, "id"), 8),
        (("priorities", 0, "measure", "rows"), 9),
        (("priorities", 1, "id"), 11),
        (("priorities", 1, "baseline", "year"), 13),
    ],
)
def test_a_key_is_found_on_its_line(keys, line):
    assert line_of(keys, TEXT) == line


def test_a_missing_key_is_placed_at_its_table():
    assert line_of(("partnership", "area"), TEXT) == 3
    assert line_of(("priorities", 1, "baseline", "source"), TEXT) == 12


def test_what_is_nowhere_has_no_line():
    assert line_of(("email", "host"), TEXT) is None
