"""The record of what copies printed: read as it was kept, by this version or a former one."""

from __future__ import annotations

import json
from types import SimpleNamespace

from cdrp_xl import offences
from cdrp_xl.periods import Period
from cdrp_xl.selected import FarmRepeats, OfFarm
from cdrp_xl.workbooks import printed_before

AREA, QUARTER = "South Cambridgeshire", Period.parse("2011-12 Q1")
KEPT = {
    "farm": OfFarm(),
    "farm/Theft and handling": OfFarm("Theft and handling"),
    "farm/Theft/handling": OfFarm("Theft/handling"),
    "farm//offences": FarmRepeats("offences"),
    "farm//victims": FarmRepeats("victims"),
    "farm//unnamed": FarmRepeats("unnamed"),
}


def test_what_a_former_version_kept_of_farm_crime_is_known(tmp_path):
    (tmp_path / "counts").mkdir()
    lines = [["farm", AREA, text, QUARTER.name, count] for count, text in enumerate(KEPT)]
    (tmp_path / "counts" / "printed.json").write_text(json.dumps(lines), encoding="utf-8")
    found = printed_before.load(tmp_path, classification=printed_before.FARM)
    assert found == {((AREA, row, QUARTER), count) for count, row in enumerate(KEPT.values())}
    assert printed_before.load(tmp_path, classification="cadet-2011") == frozenset()


def test_what_is_kept_of_farm_crime_is_read_again(tmp_path):
    exact = tuple(((AREA, row, QUARTER), count) for count, row in enumerate(KEPT.values()))
    table = SimpleNamespace(classification=offences.load("cadet-2011"), area=AREA, rows=(), earlier=None, later=None)
    printed_before.add(tmp_path, SimpleNamespace(comparison=table, farm=SimpleNamespace(exact=exact), suppressed=()))
    assert printed_before.load(tmp_path, classification=printed_before.FARM) == {*exact}
    lines = json.loads((tmp_path / "counts" / "printed.json").read_text(encoding="utf-8"))
    assert {line[2] for line in lines} == {*KEPT}
