"""The checks of a report's figures that no other module's tests look at: offences in words too wide for a row."""

from __future__ import annotations

from cdrp_xl import offences
from cdrp_xl.offences.reading import OffenceReader, Written
from cdrp_xl.report import checks
from cdrp_xl.tables import Counts, Origin

DEFINITIONS = offences.load("home-office-2026")


def counts(*written):
    """Counts of which nothing matters but what each offence was counted under."""
    return Counts(
        classification=DEFINITIONS,
        areas=("Vale",),
        covered={"Vale": frozenset()},
        cells={},
        readings=OffenceReader(DEFINITIONS).read_all(written),
        origin=Origin(source="Extract"),
    )


def test_rows_that_offences_in_wide_words_may_belong_to_are_to_be_looked_at():
    wide = counts(Written("Burglary", "", 1_200), Written("45", "", 3))
    (check,) = checks.too_wide(wide)
    assert (check.what, check.holds) == ("Extract", False)
    assert check.detail.startswith(
        "1,200 rows may belong to Neighbourhood crime, Serious acquisitive crime, whose counts may be too low without "
        'them: "Burglary". '
    )


def test_what_is_not_divided_below_its_own_row_has_a_line_there_and_none_among_the_checks():
    narrow = counts(Written("Residential burglary", "", 9), Written("45", "", 3))
    assert narrow.readings[0].undecided or narrow.readings[1].undecided
    assert list(checks.too_wide(narrow)) == []
