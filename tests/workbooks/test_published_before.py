"""The record of what copies printed: read as it was kept, by this version or a former one."""

from __future__ import annotations

import json
from types import SimpleNamespace

from cdrp_xl import offences
from cdrp_xl.periods import Period
from cdrp_xl.report.disclosed import Disclosed
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences, RowOffences
from cdrp_xl.terms import Flag
from cdrp_xl.workbooks import published_before

AREA, QUARTER = "South Cambridgeshire", Period.parse("2011-12 Q1")
KEPT = {
    "farm": FarmOffences(),
    "farm/Theft and handling": FarmOffences("Theft and handling"),
    "farm/Theft/handling": FarmOffences("Theft/handling"),
    "farm//offences": FarmRepeats("offences"),
    "farm//victims": FarmRepeats("victims"),
    "farm//unnamed": FarmRepeats("unnamed"),
}


def test_what_a_former_version_kept_of_farm_crime_is_known(tmp_path):
    (tmp_path / "counts").mkdir()
    lines = [["farm", AREA, text, QUARTER.name, count] for count, text in enumerate(KEPT)]
    (tmp_path / "counts" / "printed.json").write_text(json.dumps(lines), encoding="utf-8")
    found = published_before.load(tmp_path, classification=published_before.FARM)
    assert found == {Disclosed((AREA, row, QUARTER), count) for count, row in enumerate(KEPT.values())}
    assert published_before.load(tmp_path, classification="cadet-2011") == frozenset()


def test_what_is_kept_is_read_again(tmp_path):
    cadet = offences.load("cadet-2011")
    farm = [Disclosed((AREA, row, QUARTER), count) for count, row in enumerate(KEPT.values())]
    others = [
        Disclosed((AREA, "arson", QUARTER), 12),
        Disclosed((AREA, "robbery", QUARTER), 10, "rounded"),
        Disclosed((AREA, PriorityOffences("burglary"), QUARTER), 61),
        Disclosed(("littleport", RowOffences("arson", flag=Flag.DOMESTIC), QUARTER), 3),
    ]
    unseen = Disclosed((AREA, "homicides", QUARTER), 2, "hidden")
    table = SimpleNamespace(classification=cadet)
    published_before.add(tmp_path, SimpleNamespace(comparison=table, disclosed=(*farm, *others)), hidden=[unseen])
    assert published_before.load(tmp_path, classification=published_before.FARM) == {*farm}
    assert published_before.load(tmp_path, classification="cadet-2011") == {*others, unseen}
    lines = json.loads((tmp_path / "counts" / "printed.json").read_text(encoding="utf-8"))
    assert {line[2] for line in lines} >= {*KEPT}


def test_what_was_published_of_categories_under_their_former_ids_is_known_of_the_rows_of_today(tmp_path):
    was = [
        Disclosed((AREA, "all-crime", QUARTER), 40),
        Disclosed((AREA, "vehicle-crime", QUARTER), 2),
        Disclosed(("Girton", "burglary", QUARTER), 1, "hidden"),
        Disclosed((AREA, RowOffences("drugs", flag="still open"), QUARTER), 3),
        Disclosed((AREA, PriorityOffences("burglary"), QUARTER), 61),
    ]
    table = SimpleNamespace(classification=offences.load("police-uk"))
    published_before.add(tmp_path, SimpleNamespace(comparison=table, disclosed=was), hidden=[])
    assert published_before.load(tmp_path, classification="police-uk-2026") == {
        Disclosed((AREA, "total-recorded-crime", QUARTER), 40),
        Disclosed((AREA, "vehicle-offences", QUARTER), 2),
        Disclosed(("Girton", "burglary", QUARTER), 1, "hidden"),
        Disclosed((AREA, RowOffences("drug-offences", flag="still open"), QUARTER), 3),
        Disclosed((AREA, PriorityOffences("burglary"), QUARTER), 61),
    }
    assert published_before.load(tmp_path, classification="police-uk") == {*was}
    assert published_before.load(tmp_path, classification="home-office-2026") == frozenset()
