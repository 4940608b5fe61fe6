"""Offences as forces write them: each is counted in the narrowest row that holds all it can be, or named."""

from __future__ import annotations

import csv
import re
import time
import tomllib
from collections import defaultdict

import pytest

from cdrp_xl import offences
from cdrp_xl.offences.reading import NOT_COUNTED, OffenceReader, Rule, Written, to_paste
from cdrp_xl.offences.words import meant_by_incident

LIST = "notifiable-offences-2026-04.csv"

PUBLISHED_AS = {
    "death or serious injury caused by illegal driving": "death or serious injury - unlawful driving",
    "theft": "theft offences",
    "arson and criminal damage": "criminal damage and arson",
    "nfib fraud": "fraud offences",
}
"""The list's own names of groups and subgroups that are published under another."""

SPELLINGS = {
    "as listed": lambda number, part: f"{number}/{part}",
    "without noughts": lambda number, part: f"{int(number)}/{int(part)}",
    "without the stroke": lambda number, part: f"{number}{part}",
    "with a point": lambda number, part: f"{int(number)}.{part}",
    "with blanks": lambda number, part: f" {int(number):02}/{part} ",
    "with a dash": lambda number, part: f"{number}-{part}",
}


@pytest.fixture(scope="module")
def reader():
    return OffenceReader(offences.load("home-office-2026"))


@pytest.fixture(scope="module")
def listed(shared_data):
    with (shared_data / "home_office_reference" / LIST).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1608
    return rows


def _plain(text):
    return " ".join(text.casefold().split())


def _grouped(rows, by):
    found = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return found


def _published(name):
    return PUBLISHED_AS.get(_plain(name), _plain(name))


def _fault(reading, rows):
    """Return what is wrong with where an offence is counted, by the list's own class and sub class."""
    classes = {_published(row["Class"]) for row in rows}
    subclasses = {_published(row["Sub class"]) for row in rows} - {""}
    if reading.row is None:
        return "not counted"
    by_id = {row.row_id: row for row in offences.load("home-office-2026").rows}
    above = []
    row = reading.row
    while row is not None:
        above.append(_plain(row.name))
        row = by_id.get(row.parent)
    if len(classes) > 1:
        return "" if above[0] == "total recorded crime excluding fraud" else "in one of several classes"
    if not classes <= set(above):
        return "in another class"
    if len(subclasses) == 1:
        return "" if subclasses <= set(above) else "in another sub class"
    return "in one of several sub classes" if subclasses & set(above) else ""


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_listed_code_is_counted_under_its_class_and_sub_class(reader, listed, spelling):
    by_code = _grouped(listed, lambda row: row["Home Office code"])
    assert len(by_code) == 1306
    readings = {code: reader.read(Written(SPELLINGS[spelling](*code.split("/")))) for code in by_code}
    assert {code: fault for code, rows in by_code.items() if (fault := _fault(readings[code], rows))} == {}


def test_a_code_that_a_worksheet_made_a_number_of_is_counted_where_every_code_that_it_was_is(reader, listed):
    """8.3 is 008/03 without its noughts or 008/30 as a number, and 46.0 is 046/00."""
    by_number = defaultdict(list)
    for row in listed:
        number, part = map(int, row["Home Office code"].split("/"))
        for written in {f"{number}.{part}", str(float(f"{number}.{part:02}"))}:
            by_number[written].append(row)
    faults = {}
    for written, rows in by_number.items():
        reading, places = reader.read(Written(written)), {_plain(row["Sub class"] or row["Class"]) for row in rows}
        if reading.row is None or (_fault(reading, rows) and len(places) == 1):
            faults[written] = reading.row and reading.row.name
    assert faults == {}
    assert reader.read(Written("8.3")).row.name == "Total recorded crime excluding fraud"
    assert reader.read(Written("8.30")).row.name == "Stalking and harassment"
    assert reader.read(Written("92.6")).row.name == "Drug offences"


@pytest.mark.parametrize("written", [str, str.upper, str.lower, lambda text: f"  {text} "])
def test_every_listed_offence_is_counted_under_its_class_and_sub_class(reader, listed, written):
    by_words = _grouped(listed, lambda row: _plain(row["Offence"]))
    assert len(by_words) == 1445
    faults = {
        words: fault
        for words, rows in by_words.items()
        if (fault := _fault(reader.read(Written(written(rows[0]["Offence"]))), rows))
    }
    assert faults == {}


@pytest.mark.whole
@pytest.mark.parametrize(
    "form", ["{Offence} {Act} {Section}", "{Offence} - {Act}", "{Offence}, contrary to {Section} {Act}"]
)
def test_the_act_behind_an_offence_changes_nothing_but_may_decide(reader, listed, form):
    faults = {}
    for (words, _), rows in _grouped(listed, lambda row: (_plain(row["Offence"]), _plain(row["Act"]))).items():
        written = form.format(**rows[0]).upper()
        reading = reader.read(Written(written))
        alike = [row for row in listed if _plain(row["Offence"]) == words]
        # counted as all rows with its Act are, or, where the Act says nothing more, as all with its words
        if (fault := _fault(reading, rows)) and _fault(reading, alike):
            faults[written] = fault, reading.row and reading.row.name
    assert faults == {}


def test_an_act_decides_between_offences_with_the_same_words(reader):
    undecided = reader.read(Written("Disclosure of information"))
    assert (undecided.row.name, undecided.could_be) == ("Miscellaneous crimes against society", ("95", "99"))
    decided = reader.read(Written("DISCLOSURE OF INFORMATION - Tax Credits Act 2002"))
    assert (decided.could_be, decided.rule) == (("95",), Rule.WORDS_AND_ACT)


def test_one_word_of_an_act_is_enough(reader):
    reading = reader.read(Written("Piracy 1837"))
    assert (reading.could_be, reading.rule) == (("99",), Rule.WORDS_AND_ACT)


@pytest.mark.whole
def test_an_offence_cut_at_40_letters_is_counted_where_it_fits_one_row_alone(reader, listed):
    """Nothing is counted under a wrong row; what fits several is suggested, unless its words are whole."""
    counted = 0
    for cut, rows in _grouped(listed, lambda row: " ".join(row["Offence"].split())[:40].upper()).items():
        reading = reader.read(Written(cut))
        is_whole = any(_plain(row["Offence"]) == _plain(cut) for row in rows)
        places = {(_published(row["Class"]), _published(row["Sub class"])) for row in rows}
        if len(places) > 1 and not is_whole:
            assert reading.is_unknown, cut
        elif reading.row is not None:
            counted += 1
            assert _fault(reading, rows) == "", cut
    assert counted > 1100


@pytest.mark.whole
@pytest.mark.parametrize("letters", [3, 4, 5, 6, 7])
def test_no_offence_of_which_every_word_is_cut_short_is_counted_under_a_wrong_row(reader, listed, letters):
    def shortened(row):
        words = re.findall(r"[\w'/-]+", row["Offence"].upper())
        return " ".join(word[:letters] if len(word) > letters + 1 else word for word in words)

    counted = 0
    for short, rows in _grouped(listed, shortened).items():
        reading = reader.read(Written(short))
        counted += reading.row is not None
        assert reading.row is None or _fault(reading, rows) == "", short
    assert counted > 1250


@pytest.mark.whole
@pytest.mark.parametrize("width", [20, 25, 30, 50, 60])
def test_no_offence_cut_elsewhere_is_counted_under_a_wrong_row(reader, listed, width):
    every = _grouped(listed, lambda row: " ".join(row["Offence"].split())[:width].upper())
    read = {cut: reader.read(Written(cut)) for cut in every}
    counted = {cut: reading for cut, reading in read.items() if reading.row is not None}
    assert counted
    assert {cut: fault for cut, reading in counted.items() if (fault := _fault(reading, every[cut]))} == {}


@pytest.mark.whole
def test_an_attempt_is_counted_as_the_offence(reader, listed):
    killing = ("murder", "manslaughter", "infanticide", "genocide")
    every = _grouped(listed, lambda row: _plain(row["Offence"]))
    others = {words: rows for words, rows in every.items() if not any(word in words for word in killing)}
    assert len(others) > len(every) / 2
    for words, rows in others.items():
        for written in (f"Attempted {words}", f"{words} (attempted)".upper()):
            assert _fault(reader.read(Written(written)), rows) == "", written


def test_it_is_said_which_codes_and_texts_of_the_list_have_several_answers(reader, listed):
    """28 codes and 25 texts; 26 codes, where capitals and blanks in a category make no difference."""
    for key, of in (("Home Office code", str), ("Offence", _plain)):
        several = {
            written: rows
            for written, rows in _grouped(listed, lambda row, key=key, of=of: of(row[key])).items()
            if len({_plain(row["Offence category"]).split(" ")[0] for row in rows}) > 1
        }
        assert len(several) == {"Home Office code": 26, "Offence": 25}[key]
        assert [written for written in several if not reader.read(Written(written)).is_ambiguous] == []


@pytest.mark.parametrize(
    ("written", "row", "rule"),
    [
        ("THEFT OR UNAUTH TAKING OF A MOTOR VEH", "Theft or unauthorised taking of a motor vehicle", Rule.SHORT_WORDS),
        ("MISC CRIMES AGAINST SOCIETY", "Miscellaneous crimes against society", Rule.SHORT_WORDS),
        ("BURGLARY - RESIDENTIAL", "Residential burglary", Rule.WORDS),
        ("ASSAULT OCC. ABH", "Violence with injury", Rule.SHORT_WORDS),
        ("THEFT FROM M/V", "Theft from a vehicle", Rule.WORDS),
        ("TWOC", "Theft or unauthorised taking of a motor vehicle", Rule.WORDS),
        ("CRIM DAM TO VEH", "Criminal damage", Rule.SHORT_WORDS),
        ("Violence with injury", "Violence with injury", Rule.ROW),
        ("VIOLENCE AGAINST THE PERSON", "Violence against the person", Rule.ROW),
        ("VIOLENCE AGAINST THE PERS", "Violence against the person", Rule.BEGINNING),
        ("Domestic burglary", "Residential burglary", Rule.ROW),
        ("28E", "Residential burglary", Rule.CODE),
        ("28e Residential burglary", "Residential burglary", Rule.CODE),
        ("28A", "Residential burglary", Rule.CODE),
        ("28", "Residential burglary", Rule.CODE),
        ("30A", "Burglary", Rule.CODE),
        ("2803", "Residential burglary", Rule.CODE),
        ("28.3", "Residential burglary", Rule.CODE),
        ("028/03\N{NO-BREAK SPACE}", "Residential burglary", Rule.CODE),
        ("058/A", "Criminal damage", Rule.CODE),
        ("58/C Criminal damage to a vehicle", "Criminal damage", Rule.CODE),
        ("104.0", "Violence without injury", Rule.CODE),
        ("105.0", "Violence without injury", Rule.CODE),
        ("803", "Possession of weapons", Rule.CODE),
        ("301", "Violence without injury", Rule.CODE),
        ("802", "Miscellaneous crimes against society", Rule.CODE),
        ("105", "Violence without injury", Rule.CODE),
        ("NFIB 17", "Fraud offences", Rule.CODE),
        ("13 Child Abduction", "Violence without injury", Rule.CODE),
        ("28E something of the force's own", "Residential burglary", Rule.CODE),
        ("Burglary (028/03)", "Residential burglary", Rule.CODE),
        (
            "28N: Attempted residential burglary of unconnected building",
            *("Residential burglary of unconnected building", Rule.CODE),
        ),
        ("MURDER (ATTEMPTED)", "Violence with injury", Rule.WORDS),
        ("Attempted theft of pedal cycle", "Bicycle theft", Rule.ATTEMPT),
    ],
)
def test_words_and_codes_are_read_as_forces_write_them(reader, written, row, rule):
    reading = reader.read(Written(written))
    assert (reading.row and reading.row.name, reading.rule) == (row, rule)


def test_a_code_with_several_answers_is_counted_in_the_row_that_holds_them_and_names_those_it_may_belong_to(reader):
    reading = reader.read(Written("034/01"))
    assert (reading.row.name, reading.could_be, reading.is_ambiguous) == ("Robbery", ("34A", "34B"), True)
    assert reading.code == "ROBBERY (NOT DIVIDED)"
    assert [row.row_id for row in reading.undecided] == [
        *("robbery-of-business-property", "robbery-of-personal-property"),
        *("neighbourhood-crime", "serious-acquisitive-crime"),
    ]


def test_codes_in_one_row_without_parts_are_counted_in_every_row_that_has_them_all(reader):
    reading = reader.read(Written("008/01"))
    assert (reading.could_be, reading.is_ambiguous, reading.undecided) == (("8N", "8S", "8T"), True, ())
    assert reading.row.name == "Violence with injury"
    assert reading.code in offences.load("home-office-2026").row("serious-violence").codes


@pytest.mark.parametrize(
    ("text", "beside", "row", "could_be"),
    [
        ("028/03", "Residential Burglary of a Home", "Residential burglary of a home", ("28I", "28J", "28K", "28L")),
        ("028/03", "28N", "Residential burglary of unconnected building", ("28N",)),
        ("Robbery", "PERSONAL ROBBERY", "Robbery of personal property", ("34B",)),
        ("034/01", "Robbery of personal property", "Robbery of personal property", ("34B",)),
        ("008/76", "10C", "Possession of weapons", ("10C",)),
        ("045/10", "reported at the front desk", "Theft from a vehicle", ("45",)),
        ("028/03", "Burglary in a dwelling", "Residential burglary", tuple(f"28{letter}" for letter in "IJKLMNOP")),
        ("028/03", "", "Residential burglary", tuple(f"28{letter}" for letter in "IJKLMNOP")),
        ("30A", "28F", "Residential burglary", ("28F",)),
        ("28F", "30A", "Residential burglary", ("28F",)),
    ],
)
def test_a_second_column_decides_between_several_answers(reader, text, beside, row, could_be):
    reading = reader.read(Written(text, beside))
    assert (reading.row.name, reading.could_be) == (row, could_be)


@pytest.mark.parametrize(
    ("text", "beside", "row"),
    [
        ("RES BURGLARY OF A HOME", "BURGLARY", "Residential burglary of a home"),
        (
            "THEFT OR UNAUTH TAKING OF A MOTOR VEH",
            "VEHICLE OFFENCES",
            "Theft or unauthorised taking of a motor vehicle",
        ),
        ("BURGLARY", "RES BURGLARY OF A HOME", "Residential burglary of a home"),
    ],
)
def test_short_words_are_counted_within_the_group_that_the_other_column_names(reader, text, beside, row):
    assert reader.read(Written(text, beside)).row.name == row


def test_a_class_and_a_sub_class_in_two_columns_are_one_code(reader, listed):
    by_code = _grouped(listed, lambda row: row["Home Office code"])
    for form in (str, lambda part: str(int(part))):
        read = {code: reader.read(Written(*map(form, code.split("/")))) for code in by_code}
        assert {code: fault for code, rows in by_code.items() if (fault := _fault(read[code], rows))} == {}
    assert reader.read(Written("028", "99")).is_unknown


def test_a_category_in_two_columns_is_no_class_and_sub_class(reader):
    for category in ("46", "39", "15"):
        assert reader.read(Written(category, category)).code == category
    assert reader.read(Written("28.03", "28I")).could_be == ("28I",)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("FRAUD AND FORGERY", "A group until 2013. "),
        ("Historical Fraud & Forgery", "A group until 2013. "),
        ("TOTAL", "It is a total of other rows."),
        ("All offences", "It is a total of other rows."),
        ("Total notifiable offences", "It is a total of other rows."),
    ],
)
def test_ended_groups_and_totals_are_suggested_as_not_counted_with_the_reason(reader, written, why):
    reading = reader.read(Written(written, written))
    assert (reading.code, reading.suggested, reading.text) == (None, "not counted", written)
    assert reading.remark.startswith(why)


@pytest.mark.parametrize(("text", "beside"), [("046/00", "Robbery"), ("046/00 Robbery", ""), ("Shoplifting", "34B")])
def test_columns_that_contradict_each_other_are_not_counted(reader, text, beside):
    reading = reader.read(Written(text, beside))
    assert reading.is_unknown
    assert reading.remark == CONTRADICTION
    assert reading.suggested == "Shoplifting"


CONTRADICTION = "Its code and its words, or its two columns, mean different offences."

SHORTENED = {
    "capitals": str.upper,
    "cut at 25": lambda text: text[:25].upper(),
    "cut at 40": lambda text: text[:40].upper(),
    "words of 4 letters": lambda text: _each_word(text, 4),
    "words of 6 letters": lambda text: _each_word(text, 6),
}

COLUMNS = ("Home Office code", "Offence category", "Class", "Sub class", "Offence")


def _each_word(text, letters):
    words = re.findall(r"[\w'/-]+", text.upper())
    return " ".join(word[:letters] if len(word) > letters + 1 else word for word in words)


def _rows_above(row, by_id):
    return {row.row_id} | (_rows_above(by_id[row.parent], by_id) if row.parent else set())


@pytest.mark.whole
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("form", SHORTENED)
def test_short_words_beside_a_column_of_another_class_are_named_and_never_resolved(reader, listed, form, column):
    """Each offence beside what the column has of an offence of another class; both of which are read by themselves."""
    by_id = {row.row_id: row for row in offences.load("home-office-2026").rows}
    apart = 0
    for number, row in enumerate(listed[::3]):
        other = listed[(number * 7919 + len(column)) % len(listed)]
        written, beside = SHORTENED[form](" ".join(row["Offence"].split())), other[column].strip()
        one, two = reader.read(Written(written)).row, reader.read(Written(beside)).row
        if not (one and two) or one.row_id in _rows_above(two, by_id) or two.row_id in _rows_above(one, by_id):
            continue
        apart += 1
        for pair in ((written, beside), (beside, written)):
            reading = reader.read(Written(*pair))
            assert (reading.row, reading.remark) == (None, CONTRADICTION), pair
    assert apart > 100


@pytest.mark.whole
@pytest.mark.parametrize("column", COLUMNS[:-1])
@pytest.mark.parametrize("form", SHORTENED)
def test_short_words_beside_their_own_code_category_or_class_are_no_contradiction(reader, listed, form, column):
    contradicted = set()
    for row in listed[::2]:
        written, beside = SHORTENED[form](" ".join(row["Offence"].split())), row[column].strip()
        pairs = ((written, beside), (beside, written)) if beside else ()
        remarks = [reader.read(Written(*pair)).remark for pair in pairs]
        contradicted |= {row["Home Office code"]} if CONTRADICTION in remarks else set()
    assert contradicted <= {"092/63"}  # the list has possession of mephedrone among trafficking


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("RES BURGLARY OF A HOME", "ROBBERY"),
        ("RES BURGLARY OF A HOME", "34B"),
        ("RES BURGLARY OF A HOME", "Theft from the pers"),
        ("046/00 RES BURGLARY OF A HOME", ""),
        ("046/00 Robbery", "Shoplifting"),
        ("THEFT OR UNAUTH TAKING OF A MOTOR VEH", "BURGLARY"),
    ],
)
def test_what_is_guessed_from_short_words_is_heard_where_it_contradicts(reader, text, beside):
    for pair in ((text, beside), (beside, text)) if beside else ((text, beside),):
        reading = reader.read(Written(*pair))
        assert (reading.row, reading.remark) == (None, CONTRADICTION), pair


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ("Shoplifitng", "Shoplifting"),
        ("Mugging", "Robbery of personal property"),
        ("Bike stolen", "Bicycle theft"),
        ("Shed break in", "Residential burglary of unconnected building"),
        ("S47 ASSAULT", "Violence with injury"),
        ("SECTION 18 WOUNDING WITH INTENT", "Violence with injury"),
        ("POSS CANNABIS", "Possession of drugs"),
        ("Robbery - knifepoint", "Robbery"),
        ("028/99", "Residential burglary"),
        ("Concern for safety", NOT_COUNTED),
        ("ASB - nuisance neighbours", "Anti-social behaviour - nuisance"),
        ("BREACH OF AN ANTI-SOCIAL BEHAVIOUR ORDER", "Public order offences"),
        ("4Z", ""),
        ("5099", ""),
        ("13 year old missing from care", ""),
        ("RACIALLY OR RELIGIOUSLY AGGRAVATED HARAS", ""),
        ("RESIDENTIAL BURGLARY OF", "Residential burglary"),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_what_is_unknown_is_suggested_by_meaning_and_never_counted(reader, written, suggested):
    reading = reader.read(Written(written))
    assert (reading.is_unknown, reading.code, reading.suggested) == (True, None, suggested)


def test_settings_say_what_own_words_mean_and_what_is_not_counted():
    own = {
        "ZZ 12": "34B",
        "bg": "residential burglary",
        "Veh": "vehicle-offences",
        "Stop": "Not counted",
        "Oops": "34Z",
    }
    reader = OffenceReader(offences.load("home-office-2026"), own=own, not_counted=["Lost  property"])
    read = reader.read_all([Written(text) for text in ("zz 12", "BG", "VEH", "stop", "LOST PROPERTY", "oops")])
    assert [reading.row and reading.row.name for reading in read] == [
        *("Robbery of personal property", "Residential burglary", "Vehicle offences", None, None, None),
    ]
    assert [reading.is_left_out for reading in read] == [False, False, False, True, True, False]
    assert [reading.rule for reading in read] == [*[Rule.SETTINGS] * 5, None]
    assert read[-1].remark == (
        '"34Z", which the settings say for it, is not an offence, code or row of '
        "Home Office offence groups and subgroups (April 2026)."
    )


@pytest.mark.parametrize("name", offences.NAMES)
def test_incidents_are_counted_in_rows_of_their_own_where_the_settings_say_so(name):
    own = {"ASB - PERSONAL": "Anti-social behaviour", "CRI": "other-incidents"}
    reader = OffenceReader(offences.load(name), own=own)
    read = reader.read_all([Written("ASB - PERSONAL"), Written("cri"), Written("ASB")])
    if name.startswith("police-uk"):  # it has the row itself, and no other of incidents
        assert [each.row and each.row.row_id for each in read] == ["anti-social-behaviour", None, None]
    else:
        rows = ["anti-social-behaviour", "other-incidents", "anti-social-behaviour"]
        assert [each.row and each.row.row_id for each in read] == rows
    unsaid = OffenceReader(offences.load(name)).read(Written("ASB"))
    assert (unsaid.row, unsaid.is_incident) == (None, True)


@pytest.mark.parametrize("own", [{}, {"x": "Anti-social behaviour - nuisance"}])
def test_no_notifiable_offence_is_taken_for_an_incident_wherever_it_is_cut(listed, own):
    reader = OffenceReader(offences.load("home-office-2026"), own=own)
    texts = {" ".join(row["Offence"].split())[:width].upper() for row in listed for width in (20, 30, 40, 200)}
    shown = [text for text in texts if meant_by_incident(text)]
    assert shown
    assert [text for text in shown if reader.read(Written(text)).is_incident] == []
    assert [text for text in shown if not reader.read(Written(text)).row] == []
    assert reader.read(Written("BREACH OF AN ANTI-SOCIAL BEHAVIOUR ORDER")).suggested == "Public order offences"


def test_settings_go_before_what_the_list_says():
    own = {"Burglary": "28I", "burglary SHED": "28M"}
    reader = OffenceReader(offences.load("home-office-2026"), own=own)
    assert reader.read(Written("BURGLARY")).could_be == ("28I",)
    assert reader.read(Written("Burglary", "Shed")).could_be == ("28M",)


def test_all_unknown_offences_are_given_as_lines_to_paste_and_these_are_understood(reader):
    written = [
        Written("Mugging", "", 3),
        Written("Shed break in", "", 120),
        Written("046/00"),
        Written('The "thing"\n\\', "", 1),
    ]
    pasted = to_paste(reader.read_all(written))
    assert pasted == (
        '"Shed break in" = "Residential burglary of unconnected building"  # 120 rows; a suggestion.\n'
        '"Mugging" = "Robbery of personal property"  # 3 rows; a suggestion.\n'
        '"The \\"thing\\"\\u000a\\\\" = "not counted"  '
        "# 1 row; nothing is near: write an offence or a row, or leave it out."
    )
    again = OffenceReader(offences.load("home-office-2026"), own=tomllib.loads(pasted)).read_all(written)
    assert [reading.is_unknown for reading in again] == [False] * 4
    assert to_paste(again) == ""


@pytest.mark.whole
@pytest.mark.parametrize("name", offences.NAMES)
def test_every_suggestion_that_is_pasted_is_understood(name):
    classification = offences.load(name)
    reader = OffenceReader(classification)
    texts = [
        *("Mugging", "Bike", "BURG", "008/99", "028/99", "Damage", "Violence", "Drugs supply"),
        *classification.descriptions,
    ]
    suggested = {reading.suggested for reading in reader.read_all(Written(text) for text in texts)} - {"", NOT_COUNTED}
    assert suggested
    assert [
        each
        for each in suggested
        if reader.read(Written("x", "")).code
        or OffenceReader(classification, own={"x": each}).read(Written("x")).is_unknown
    ] == []


@pytest.mark.parametrize(
    ("name", "written", "row"),
    [
        ("cadet-2011", "028/03", "Burglary Dwelling"),
        ("cadet-2011", "046/00", "Shoplifting"),
        ("cadet-2011", "28A", "Burglary Dwelling"),
        ("cadet-2011", "130/01", "Theft of a Vehicle"),
        ("cadet-2011", "008/01", None),
        ("cadet-2011", "Burglary", None),
        ("cadet-2011", "Making off without payment", None),
        ("home-office-2013", "028/03", "Domestic burglary"),
        ("home-office-2013", "008/01", "Violence with injury"),
        ("home-office-2013", "Burglary", None),
        ("police-uk", "Burglary", "Burglary"),
    ],
)
def test_an_older_classification_counts_what_it_can_place_in_one_row(name, written, row):
    reading = OffenceReader(offences.load(name)).read(Written(written))
    assert (reading.row and reading.row.name) == row


@pytest.mark.parametrize("name", offences.NAMES)
def test_every_code_and_description_of_a_classification_is_counted_as_before(name):
    classification = offences.load(name)
    reader = OffenceReader(classification)
    for code, description in classification.descriptions.items():
        assert reader.read(Written(code)).code == code
        row = reader.read(Written(description)).row
        assert row is None or code in row.codes, description


def seconds(reader, written):
    began = time.process_time()
    reader.read(written)
    return time.process_time() - began


@pytest.mark.parametrize("text", ["x" * 40_000, "- " * 20_000, "attempted " * 4_000, "28/3 " * 8_000])
def test_a_text_too_long_for_an_offence_is_unknown_at_once(reader, text):
    assert seconds(reader, Written(text)) < 1
    read = reader.read(Written(text))
    assert read.is_unknown
    assert f"{len(text):,} characters" in read.remark
    (line,) = to_paste([read]).splitlines()
    assert len(line) < 250
    assert tomllib.loads(line) == {}


def test_a_code_beside_a_text_too_long_for_an_offence_is_counted(reader):
    read = reader.read(Written("28/3", "They came in by the back door. " * 1_000))
    assert read.code == reader.read(Written("28/3")).code
    assert seconds(reader, Written("28/3", "They came in by the back door. " * 1_000)) < 1
