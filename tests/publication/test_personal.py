"""Personal data in cells that everyone sees: found in every form, counted by column, and only where there is any."""

from __future__ import annotations

import io
import random

import pytest
import xlsxwriter

from cdrp_xl import geography, offences
from cdrp_xl.measures import people
from cdrp_xl.publication import Severity, inspect

ROWS = 300
SURNAMES = (
    "Abbott",
    "Baker",
    "Carter",
    "Dhillon",
    "Ellison",
    "Farrow",
    "Gibbs",
    "Harper",
    "Jessop",
    "Kovacs",
    "Lister",
    "Mensah",
    "Novak",
)
STREETS = ("Mill Lane", "Church Road", "High Street", "Orchard Close", "Station Road")
OFFENCES = ("Burglary dwelling", "Theft from vehicle", "Common assault", "Criminal damage", "Harassment")


def drawn(seed=2011):
    """Return people who do not exist, from the list of given names."""
    rng = random.Random(seed)  # noqa: S311 - the same people each time
    for _ in range(ROWS):
        letters = "".join(rng.choices("ABCEGHJKLMNPRSTWXYZ", k=3))
        yield {
            "given": rng.choice(people.given_names()),
            "surname": rng.choice(SURNAMES),
            "born": f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(1940, 1999)}",
            "insurance": f"{rng.choice('ABCEHJ')}{rng.choice('ABCEHJ')} {rng.randint(10, 99)} {rng.randint(10, 99)} "
            f"{rng.randint(10, 99)} {rng.choice('ABCD')}",
            "telephone": f"07700 900{rng.randint(0, 999):03}",
            "email": f"p{rng.randint(1, 999)}@example.org",
            "address": f"{rng.randint(1, 99)} {rng.choice(STREETS)}, CB{rng.randint(1, 9)} {rng.randint(1, 9)}AB",
            "crime": f"35/{rng.randint(1000, 9999)}/11",
            "car": f"A{rng.choice('ABKV')}{rng.randint(51, 61)} {letters}",
        }


PEOPLE = tuple(drawn())


def workbook(headings, rows):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    sheet.write(0, 0, "Table 1")
    for number, line in enumerate((headings, *rows), 2):
        for column, value in enumerate(line):
            sheet.write(number, column, value)
    book.close()
    return content.getvalue()


def found_in(headings, rows):
    findings = inspect(workbook(headings, rows), "made.xlsx")
    return [finding for finding in findings if finding.rule_id == "personal-data"]


FORMS = {
    "full names in one column": (
        ["Who", "Offence"],
        lambda one, n: [f"{one['given']} {one['surname']}", OFFENCES[n % 5]],
    ),
    "surname, comma, given name": (["Who", "Count"], lambda one, n: [f"{one['surname']}, {one['given']}", n]),
    "capitals": (["Who", "Count"], lambda one, n: [f"{one['given']} {one['surname']}".upper(), n]),
    "given name and surname in two columns, not headed": (
        ["A", "B", "Count"],
        lambda one, n: [one["given"], one["surname"], n],
    ),
    "given name and surname in two columns, headed": (
        ["Forename", "Surname", "Count"],
        lambda one, n: [one["given"], one["surname"], n],
    ),
    "names with dates of birth in free text": (
        ["Notes"],
        lambda one, _: [f"Visited {one['given']} {one['surname']} (DOB {one['born']}) with the housing officer"],
    ),
    "dates of birth as text": (["Date of birth", "Count"], lambda one, n: [one["born"], n]),
    "dates of birth as numbers of a day": (["DOB", "Count"], lambda _, n: [20_000 + 7 * n, n]),
    "National Insurance numbers": (["Number", "Count"], lambda one, n: [one["insurance"], n]),
    "telephone numbers": (["Contact", "Count"], lambda one, n: [one["telephone"], n]),
    "telephone numbers in free text": (["Notes"], lambda one, _: [f"Rang {one['telephone']} twice, no answer"]),
    "e-mail addresses": (["Contact", "Count"], lambda one, n: [one["email"], n]),
    "addresses": (["Where", "Count"], lambda one, n: [one["address"], n]),
    "crime references": (["Ref", "Count"], lambda one, n: [one["crime"], n]),
    "surname and given name, without a comma": (
        ["Who", "Count"],
        lambda one, n: [f"{one['surname'].upper()} {one['given']}", n],
    ),
    "lower-case letters": (["Who", "Count"], lambda one, n: [f"{one['given']} {one['surname']}".lower(), n]),
    "an initial between the names": (["Who", "Count"], lambda one, n: [f"{one['given']} W {one['surname']}", n]),
    "days below a heading that says born": (["Born", "Count"], lambda one, n: [one["born"], n]),
    "telephone numbers without their nought": (
        ["Contact", "Count"],
        lambda one, n: [int(one["telephone"].replace(" ", "")), n],
    ),
    "crime references of other forces": (["Ref", "Count"], lambda _, n: [f"{1_000_000 + n}/11", n]),
    "older registrations": (["VRM", "Count"], lambda one, n: [f"L{100 + n} {one['car'][-3:]}", n]),
    "vehicle registrations": (["VRM", "Count"], lambda one, n: [one["car"], n]),
}


@pytest.mark.parametrize("form", FORMS)
def test_300_people_are_found_in_every_form_and_counted(form):
    headings, line = FORMS[form]
    found = found_in(headings, [line(one, number) for number, one in enumerate(PEOPLE)])
    assert found, form
    first = found[0]
    assert (first.sheet, first.cell) == ("Data", "A4")
    assert first.what.endswith(f" in column A, {ROWS} cells: A4, A5, A6 and {ROWS - 3} more.")


def test_one_person_of_whom_a_report_prints_nothing_is_enough():
    (found,) = found_in(["Notes"], [["Her number is AB 12 34 56 C"], ["Nothing else"]])
    assert found.what.endswith("National Insurance numbers in column A, 1 cell: A4.")


def test_a_contact_is_looked_at_and_stops_nothing():
    rows = [["Contact: Ann Example, ann@example.org, 01632 960001"]]
    findings = inspect(workbook(["About"], rows), "made.xlsx")
    found = [each for each in findings if each.rule_id == "personal-mention"]
    assert {each.severity for each in found} == {Severity.LOOK}
    assert len(found) == 3
    assert not [each for each in findings if each.rule_id == "personal-data"]


FORCES = (
    "Cambridgeshire",
    "Greater Manchester",
    "Lancashire",
    "Metropolitan Police",
    "West Yorkshire",
    "Kent",
    "Essex",
)
DISTRICTS = sorted({area.name for force in FORCES for area in geography.areas_of(force)})
WARDS = (
    "Abbey",
    "Arbury",
    "Castle",
    "Cherry Hinton",
    "Coleridge",
    "East Chesterton",
    "King's Hedges",
    "Market",
    "Newnham",
    "Petersfield",
    "Queen Edith's",
    "Romsey",
    "Trumpington",
    "West Chesterton",
    "Bar Hill",
    "Bassingbourn",
    "Cottenham",
    "Duxford",
    "Foxton",
    "Girton",
    "Hardwick",
    "Harston",
    "Histon",
    "St Neots Priory Park",
    "Victoria Road",
    "Grace Road",
    "Charlotte Street",
    "Francis Close",
    "George Street",
    "Albert Road",
)


def tables():
    """Return 50 tables of counts, places, months and offence names."""
    rng = random.Random(50)  # noqa: S311 - the same tables each time
    for classification in ("cadet-2011", "home-office-2026"):
        names = [row.name for row in offences.load(classification).rows]
        for _ in range(10):
            yield ["Offence group", "2010", "2011"], [[name, rng.randint(0, 2_000_000), rng.random()] for name in names]
    for number in range(15):
        some = rng.sample(WARDS, 20)
        yield ["Ward", "Offences", "Per 1,000"], [[ward, rng.randint(0, 900), rng.random() * 50] for ward in some]
        some = rng.sample(DISTRICTS, 30)
        codes = [[f"E0{5 + number % 3}{rng.randint(0, 999_999):06}", place, rng.randint(0, 90)] for place in some]
        yield ["Code", "Name", "Offences"], codes


@pytest.mark.whole
def test_50_tables_of_counts_places_and_offences_hold_no_personal_data():
    made = list(tables())
    assert len(made) == 50
    for headings, rows in made:
        findings = inspect(workbook(headings, rows), "made.xlsx")
        assert [each.what for each in findings if each.rule_id.startswith("personal")] == []
