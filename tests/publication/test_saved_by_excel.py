"""Files that Excel itself saved, as two libraries carry them: nothing is found but what is there to be found."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from cdrp_xl.publication import Severity, inspect

BLANK = "pyopenvba", "_templates/blank_files"
QUICKSTART = "xlwings", ""
PERSONAL = {"person-as-author", "saved-path"}


def carried(library, name):
    """Return the path of a file that an installed library carries."""
    package, folder = library
    (place,) = find_spec(package).submodule_search_locations
    return Path(place) / folder / name


@pytest.mark.parametrize(
    ("library", "name", "found"),
    [
        (BLANK, "blank_workbook.xlsx", set()),
        (BLANK, "blank_workbook.xlsm", {"macros", "macro-type", "person-as-author"}),
        (BLANK, "blank_workbook.xlsb", {"macros", "formats-unread", "person-as-author"}),
        (QUICKSTART, "quickstart.xlsm", {"macros", "macro-type", *PERSONAL}),
        (QUICKSTART, "quickstart_standalone.xlsm", {"macros", "macro-type", *PERSONAL}),
        (QUICKSTART, "addin/xlwings.xlam", {"macros", "macro-type", "ribbon", "hidden-window", *PERSONAL}),
    ],
)
def test_what_blocks_is_what_is_there(library, name, found):
    page = inspect(carried(library, name).read_bytes(), name)
    assert {finding.rule_id for finding in page if finding.severity is Severity.BLOCKS} == found
