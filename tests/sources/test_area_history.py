"""Every area's months of a file of counts by area."""

from __future__ import annotations

from cdrp_xl.periods import Month
from cdrp_xl.sources import area_history
from cdrp_xl.sources.area_figures import AreaCountsSettings
from cdrp_xl.sources.area_rows import AreaFiguresHeadings

HEADINGS = AreaFiguresHeadings(area="Area", period="Month", offence="Offence", offences="Count")


def test_every_area_and_offence_of_every_file_is_read_by_month(tmp_path):
    (tmp_path / "a.csv").write_text("Area,Month,Offence,Count\nFen,Apr-11,Arson,3\nHill,Apr-11,Arson,0\n", "utf-8")
    (tmp_path / "b.csv").write_text("Area,Month,Offence,Count\nFen,May-11,Arson,4\nFen,May-11,Rape,1\n", "utf-8")
    settings = AreaCountsSettings(files=("*.csv",), headings=HEADINGS)
    april, may = Month(2011, 4), Month(2011, 5)
    assert area_history.read(settings, folder=tmp_path) == {
        "Fen": {"Arson": {april: 3, may: 4}, "Rape": {may: 1}},
        "Hill": {"Arson": {april: 0}},
    }


def test_of_a_tally_rows_are_added_up_and_what_is_absent_is_0(tmp_path):
    rows = "Fen,Apr-11,Arson,3\nFen,Apr-11,Arson,2\nFen,May-11,Rape,1\n"
    (tmp_path / "a.csv").write_text(f"Area,Month,Offence,Count\n{rows}", "utf-8")
    settings = AreaCountsSettings(files=("a.csv",), headings=HEADINGS, is_tally=True)
    april, may = Month(2011, 4), Month(2011, 5)
    assert area_history.read(settings, folder=tmp_path) == {
        "Fen": {"Arson": {april: 5, may: 0}, "Rape": {april: 0, may: 1}}
    }


def test_one_row_for_all_and_offences_that_are_mapped(tmp_path):
    (tmp_path / "a.csv").write_text("Area,Month,Count\nFen,Apr-11,3\n", "utf-8")
    plain = AreaFiguresHeadings(area="Area", period="Month", offences="Count")
    settings = AreaCountsSettings(files=("a.csv",), headings=plain, offence_row="arson", classification="cadet-2011")
    assert area_history.read(settings, folder=tmp_path) == {"Fen": {"arson": {Month(2011, 4): 3}}}
    (tmp_path / "b.csv").write_text("Area,Month,Offence,Count\nFen,Apr-11,Fires,3\nFen,Apr-11,All Crime,9\n", "utf-8")
    mapped = AreaCountsSettings(
        files=("b.csv",), headings=HEADINGS, classification="cadet-2011", offence_rows={"Fires": "arson"}
    )
    assert area_history.read(mapped, folder=tmp_path) == {"Fen": {"arson": {Month(2011, 4): 3}}}
