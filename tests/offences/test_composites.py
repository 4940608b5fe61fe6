"""Composite rows of a partnership's own: sums of rows that share no offence, in the report and the stored counts."""

from __future__ import annotations

import datetime as dt

import pytest

from cdrp_xl import offences, settings
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.offences import Composite
from cdrp_xl.periods import Period
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.workbooks import gathering, refreshing
from cdrp_xl.workbooks.beginning import Beginning, new

WHERE = "partnership.toml, composites"
RETAIL = Composite(row_id="retail", name="Crime against shops", parts=("Shoplifting", "Robbery of business property"))
MONTH = Period.parse("June 2025")
TABLE = "Area,Month,Offence,Offences\n" + "".join(
    f"Fenland,{month} {year},{offence},{number}\n"
    for year in (2024, 2025)
    for month in ("April", "May", "June")
    for offence, number in (
        *(("Shoplifting", 7), ("Robbery of business property", 2), ("Robbery of personal property", 1)),
        *(
            ("Burglary", 3),
            ("Vehicle offences", 4),
            ("Theft from the person", 0),
            ("Bicycle theft", 1),
            ("Other theft", 5),
        ),
    )
)


@pytest.fixture
def current():
    return offences.load("home-office-2026")


def test_a_composite_row_is_the_declared_sum_of_rows_that_share_no_offence(current):
    own = current.with_composites([RETAIL], where=WHERE)
    row = own.row("Crime against shops")
    assert row.codes == current.row("shoplifting").codes | current.row("robbery-of-business-property").codes
    assert own.identities[-1].parts == ("shoplifting", "robbery-of-business-property")
    assert row.definition == "The sum of these rows: Shoplifting, Robbery of business property."
    assert own.narrowest(row.codes) == current.narrowest(row.codes)
    assert own.leaves == current.leaves


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"parts": ("Shoplifting", "Theft offences")}, '"Shoplifting" and "Theft offences" share offences'),
        ({"parts": ("Shoplifting", "Shop crime")}, 'no offence row "Shop crime"'),
        ({"name": "Vehicle crime"}, '"Vehicle crime" is a row of .* already'),
        ({"row_id": "robbery"}, "is a row of .* already"),
    ],
)
def test_a_composite_row_that_counts_twice_or_is_there_already_is_refused(current, changed, fault):
    own = {"row_id": "retail", "name": "Crime against shops", "parts": RETAIL.parts} | changed
    with pytest.raises(ValueFoundError, match=fault):
        current.with_composites([Composite(**own)], where=WHERE)


def test_every_cell_of_a_composite_row_is_the_sum_of_its_parts(current):
    cells = {
        ("A", "shoplifting", MONTH): 5,
        ("A", "robbery-of-business-property", MONTH): 2,
        ("B", "shoplifting", MONTH): 1,
    }
    covered = {area: frozenset({MONTH}) for area in "ABC"}
    counts = Counts(
        classification=current, areas=("A", "B", "C"), covered=covered, cells=cells, origin=Origin(source="Extract")
    ).with_composites([RETAIL], where=WHERE)
    assert [counts.offences(area=area, row_id="retail", period=MONTH) for area in "ABC"] == [7, 1, 0]


def folder_with(tmp_path, composites):
    new(tmp_path / "csp", Beginning(area="Fenland"))
    (tmp_path / "csp" / "data" / "table.csv").write_text(TABLE, encoding="utf-8")
    file = tmp_path / "csp" / "partnership.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{SOURCE}\n{composites}", encoding="utf-8")
    return tmp_path / "csp"


SOURCE = """
[sources.published]
files = ["data/table.csv"]
headings = { area = "Area", offence = "Offence", period = "Month", offences = "Offences" }
"""
OWN = """
[[composites]]
id = "retail"
name = "Crime against shops"
rows = ["Shoplifting", "Robbery of business property"]
"""


@pytest.mark.whole
def test_a_partnership_s_own_row_is_in_its_report_and_proved_to_be_the_sum(tmp_path):
    folder = folder_with(tmp_path, OWN)
    built = refreshing.refresh(folder, quarter=None, today=dt.date(2025, 7, 20), progress=str).report
    row = built.comparison["retail"]
    assert (row.row.name, row.earlier, row.later) == ("Crime against shops", 27, 27)
    assert not built.broken_sums
    notes = [note.text for note in built.notes if "retail" in note.rows]
    assert notes[0].startswith("Crime against shops: The sum of these rows: Shoplifting, Robbery")
    held = refreshing.stored_counts.load(folder).cubes["published"]
    assert held.offences(area="Fenland", row_id="retail", period=Period.parse("2025-26 Q1")) == 27


def test_a_composite_row_in_settings_needs_two_rows_and_an_id_of_its_own(tmp_path):
    folder = folder_with(tmp_path, OWN + OWN)
    with pytest.raises(ValueFoundError, match='two composite rows have the id "retail"'):
        settings.read(folder)
    folder.joinpath("partnership.toml").write_text(
        folder.joinpath("partnership.toml")
        .read_text(encoding="utf-8")
        .replace(OWN, "", 1)
        .replace('"Shoplifting", ', "")
    )
    with pytest.raises(ValueFoundError, match="composites"):
        settings.read(folder)


def test_a_composite_row_that_no_source_can_count_is_refused(tmp_path):
    folder = folder_with(tmp_path, OWN.replace("Shoplifting", "Rape"))
    with pytest.raises(ValueFoundError, match="the source lacks some of its offences"):
        gathering.gather(settings.read(folder), folder, today=dt.date(2025, 7, 20), progress=str)
