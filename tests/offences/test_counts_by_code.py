"""Counts by code under the current classification: sums hold, and what moved accounts for every difference."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from cdrp_xl import offences
from cdrp_xl.offences.reading import OffenceReader, Written
from cdrp_xl.worked_example import figures


@pytest.fixture
def cadet():
    return offences.load("cadet-2011")


@pytest.fixture
def current():
    return offences.load("home-office-2026")


def _counted(classification, by_code):
    """Return the offences of each row, from offences by code: the codes are read as an extract's are."""
    reader = OffenceReader(classification)
    codes = {written: reader.read(Written(written)).code for written in by_code}
    assert None not in codes.values()
    return {
        row.row_id: sum(rows for written, rows in by_code.items() if codes[written] in row.codes)
        for row in classification.rows
    }


def _broken(classification, counted):
    sums = [sum_ for sum_ in classification.identities if counted[sum_.whole] != sum(map(counted.get, sum_.parts))]
    return sums + [bound for bound in classification.bounds if counted[bound.part] > counted[bound.whole]]


def test_sums_of_the_current_groups_hold_on_published_counts_of_2017_18(current, shared_data):
    """Where the groups differ from those published then, the offences that moved account for the whole difference."""
    published = shared_data / "home_office_reference" / "prc-pfa-mar2013-onwards-tables201718.csv"
    with published.open(encoding="utf-8-sig", newline="") as file:
        entries = list(csv.DictReader(file))
    by_code, by_group = Counter(), Counter()
    for entry in entries:
        text = entry["Number of Offences"].strip().replace(",", "")
        offences_ = 0 if text in {"-00", "-"} else int(text)
        by_code[entry["Offence Code"]] += offences_
        by_group[entry["Offence Group"], entry["Offence Subgroup"]] += offences_
    counted = _counted(current, by_code)
    assert _broken(current, counted) == []
    assert counted["total-recorded-crime"] == sum(by_code.values()) > 5_000_000
    then = Counter()
    for (group, subgroup), rows in by_group.items():
        then[group] += rows
        then[subgroup] += 0 if group == subgroup else rows
    driving = sum(by_code[code] for code in ("37.1", "4.4", "4.6", "4.8", "4.9"))
    assert counted["death-or-serious-injury-unlawful-driving"] == driving > 0
    assert counted["violence-with-injury"] == then["Violence with injury"] - driving
    assert counted["residential-burglary"] == then["Domestic burglary"]
    business = sum(by_code[code] for code in ("30C", "30D", "31A"))
    assert counted["burglary-business-and-community"] == business
    assert counted["burglary-not-divided"] == then["Non-domestic burglary"] - business > 0
    same = {
        "violence-against-the-person": "Violence against the person",
        "homicide": "Homicide",
        "violence-without-injury": "Violence without injury",
        "stalking-and-harassment": "Stalking and harassment",
        "sexual-offences": "Sexual offences",
        "rape": "Rape offences",
        "robbery": "Robbery",
        "robbery-of-personal-property": "Robbery of personal property",
        "theft-offences": "Theft offences",
        "theft-of-a-motor-vehicle": "Theft of a motor vehicle",
        "theft-from-a-vehicle": "Theft from a vehicle",
        "other-theft": "Other theft offences",
        "criminal-damage-and-arson": "Criminal damage and arson",
        "arson": "Arson",
        "drug-offences": "Drug offences",
        "trafficking-of-drugs": "Trafficking of drugs",
        "possession-of-weapons": "Possession of weapons offences",
        "public-order-offences": "Public order offences",
        "miscellaneous-crimes-against-society": "Miscellaneous crimes",
        "fraud-offences": "Fraud offences",
    }
    assert {row: counted[row] for row in same} == {row: then[name] for row, name in same.items()}


MOVED_SINCE_2011 = {
    # weapons, and public fear, alarm or distress, have groups of their own
    "violence-against-the-person": ("violence-against-the-person", ("10A", "10B", "10C", "10D", "9A", "9B")),
    "sexual-offences": ("all-sexual-offences", ("24", "27")),  # prostitution is a crime against society
    "theft-offences": ("all-theft-and-handling", ("54",)),  # so is handling; burglary and blackmail have come in
    "criminal-damage-and-arson": ("criminal-damage", ("59",)),  # and so is the threat of damage
    "drug-offences": ("all-drugs-offences", ()),
    "robbery": ("all-robbery", ()),
    "bicycle-theft": ("theft-of-pedal-cycles", ()),
    "shoplifting": ("shoplifting", ()),
    "residential-burglary": ("burglary-dwelling", ()),
}
"""Rows of now: the row of 2011 nearest to each, and the offences that it counted and that are counted elsewhere now."""

CAME_IN = {"theft-offences": ("28A", "28B", "28C", "28D", "29", "30A", "30B", "31", "35")}


@pytest.mark.parametrize("column", figures.load().columns)
def test_the_worked_example_holds_under_both_and_what_moved_accounts_for_every_difference(cadet, current, column):
    by_code = figures.load().exact_offences(column)
    then, now = _counted(cadet, by_code), _counted(current, by_code)
    assert _broken(cadet, then) == _broken(current, now) == []
    assert then["all-crime"] == now["total-recorded-crime"] == sum(by_code.values())
    for row, (former, gone) in MOVED_SINCE_2011.items():
        came = CAME_IN.get(row, ())
        assert now[row] == then[former] - sum(by_code.get(code, 0) for code in gone) + sum(
            by_code.get(code, 0) for code in came
        ), row
