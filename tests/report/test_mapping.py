"""How each offence was counted: what stands first, what changed, and what is left open."""

from __future__ import annotations

from cdrp_xl import offences
from cdrp_xl.offences.reading import OffenceReader, Written
from cdrp_xl.periods import Period
from cdrp_xl.report import mapping
from cdrp_xl.tables import Counts, Origin

QUARTER, BEFORE, LATER = (Period.parse(name) for name in ("2011-12 Q1", "2010-11 Q4", "2011-12 Q2"))


def counts(*written, classification="cadet-2011", **more):
    """Counts of which nothing matters but what each offence was counted under."""
    definitions = offences.load(classification)
    return Counts(
        classification=definitions,
        areas=("Vale",),
        covered={"Vale": frozenset()},
        cells={},
        readings=OffenceReader(definitions, **more).read_all(written),
        origin=Origin(source="Extract"),
    )


def test_the_offences_of_most_rows_come_first_where_nothing_is_kept_to_compare_with():
    found = mapping.build(counts(Written("46", "", 3), Written("45", "", 7)), period=QUARTER, before={})
    assert [(each.written, each.offence, each.rows, each.counted_under, each.rule) for each in found.offences] == [
        ("45", "Theft from vehicle", 7, "Theft from vehicle", "Its code"),
        ("46", "Shoplifting", 3, "Shoplifting", "Its code"),
    ]
    assert found.intro == (
        "Every offence that the extract names in the area's rows, and the row that it was counted under: 2 in all. "
        "No earlier quarter's refresh is kept to compare with; the next quarter's will show what changed."
    )


def test_what_changed_since_the_quarter_before_comes_first():
    kept = {("45", ""): "Theft from vehicle", ("46", ""): "Arson", ("56A", ""): "Arson"}
    now = counts(Written("46", "", 3), Written("45", "", 9), Written("28A", "", 2))
    found = mapping.build(now, period=QUARTER, before={BEFORE: kept, QUARTER: {}, LATER: {}})
    assert [(each.written, each.change) for each in found.offences] == [
        ("46", "Counted under Arson before"),
        ("28A", "Not in the extract before"),
        ("56A", "No longer in the extract"),
        ("45", ""),
    ]
    assert found.intro.endswith("3 changed since 2010-11 Q4: they come first.")


def test_an_offence_that_is_left_out_is_counted_under_nothing():
    now = counts(Written("Incident", "", 3), not_counted=("Incident",))
    found = mapping.build(now, period=QUARTER, before={BEFORE: {("Incident", ""): "Arson"}})
    assert [(each.counted_under, each.rule, each.change) for each in found.offences] == [
        ("", "As the settings say", "Counted under Arson before")
    ]


def test_what_could_be_in_several_rows_is_said():
    found = mapping.build(
        counts(Written("Burglary", "", 1), classification="home-office-2026"), period=QUARTER, before={}
    )
    (offence,) = found.offences
    assert offence.remark.startswith("It can stand for ")
    assert offence.offence == ""
    assert "a question is open" in found.intro


def test_a_source_whose_rows_are_the_tables_own_has_no_mapping():
    assert mapping.build(None, period=QUARTER, before={}) is None
