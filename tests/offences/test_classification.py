"""Each classification against the published table that it is taken from."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from pathlib import Path

import pytest

from cdrp_xl import offences
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.terms import Kind, Polarity

PRINTED = (
    "All Crime",
    "BCS Comparator Crime",
    "Serious Acquisitive Crime",
    "Burglary Dwelling",
    "All Robbery",
    "Vehicle Crime",
    "Aggravated vehicle taking",
    "Theft from vehicle",
    "Theft of a Vehicle",
    "Handling Stolen Goods",
    "Most Serious Violence",
    "Homicides",
    "Wounding Endangering Life",
    "Grievous Bodily Harm without Intent",
    "Assaults With Less Serious Injury",
    "All Recorded Violence with Injury",
    "Serious Sexual Offences",
    "Rapes",
    "Sexual Assaults",
    "Other Serious Sexual Offences",
    "All Violent Crime",
    "All Violence Against the Person",
    "All Sexual Offences",
    "All Robbery",
    "Criminal Damage",
    "All Damage to Dwellings",
    "All Damage to Other Buildings",
    "All Damage to Vehicles",
    "All Other Damage",
    "Arson",
    "All Theft and Handling",
    "Shoplifting",
    "Theft from the Person",
    "Theft in a Dwelling",
    "Theft of Pedal Cycles",
    "Other Classified Thefts & Handling",
    "Vehicle Interference",
    "All Racially Aggravated Crime",
    "All Racially Aggravated Violence",
    "All Racially Aggravated Harassment",
    "All Racially Aggravated Damage",
    "All Drugs Offences",
    "Drugs (Trafficking)",
    "Drugs (Simple Possession)",
    "Drugs (Other Offences)",
)
"""docs/methods.md, "Comparing two periods": the 45 rows as printed."""

SUMS = {
    6: {7, 8, 9},
    3: {4, 5, 6},
    11: {12, 13, 14},
    16: {11, 15},
    17: {18, 19, 20},
    21: {22, 23, 5},
    25: {26, 27, 28, 29, 30},
    31: {32, 33, 34, 35, 36, 37, 6},
    38: {39, 40, 41},
    42: {43, 44, 45},
    24: {5},
}
"""docs/methods.md, "Comparing two periods": the identities, by the rows' numbers."""

POLICE_UK = (
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)


@pytest.fixture(params=offences.NAMES)
def classification(request):
    return offences.load(request.param)


@pytest.fixture
def cadet():
    return offences.load("cadet-2011")


@pytest.fixture
def shared_data():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of public data, ../shared/data, is not beside the repository")
    return folder


def _codes(classification, row_id):
    return next(row.codes for row in classification.rows if row.row_id == row_id)


def test_cadet_has_the_45_rows_as_printed(cadet):
    assert tuple(row.name for row in cadet.rows) == PRINTED
    assert [row.number for row in cadet.rows] == list(range(1, 46))
    assert len({row.name for row in cadet.rows}) == 44


def test_cadet_declares_the_identities_of_the_methods_and_no_others(cadet):
    number = {row.row_id: row.number for row in cadet.rows}
    declared = {number[identity.whole]: {number[part] for part in identity.parts} for identity in cadet.identities}
    assert declared == SUMS
    assert len(cadet.identities) == len(SUMS)


def test_cadet_bounds_every_row_by_all_crime_and_the_two_narrower_ones(cadet):
    bounds = {(bound.part, bound.whole) for bound in cadet.bounds}
    assert {part for part, whole in bounds if whole == "all-crime"} == {row.row_id for row in cadet.rows[1:]}
    assert ("violence-with-injury", "violence-against-the-person") in bounds
    assert ("serious-sexual-offences", "all-sexual-offences") in bounds


def test_only_drugs_may_show_more_policing_in_cadet(cadet):
    activity = {row.number for row in cadet.rows if row.polarity is Polarity.ACTIVITY}
    assert activity == {42, 43, 44, 45}


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ("burglary-dwelling", {"28", "28A", "28B", "28C", "28D", "29"}),
        ("vehicle-crime", {"37.2", "45", "48"}),
        ("serious-acquisitive-crime", {"28", "28A", "28B", "28C", "28D", "29", "34A", "34B", "37.2", "45", "48"}),
        ("all-racially-aggravated-crime", {"8H", "8J", "8M", "9B", "105B", "58E", "58F", "58G", "58H"}),
        ("all-drugs-offences", {"92A", "92B", "92C", "92D", "92E"}),
    ],
)
def test_a_cadet_row_counts_its_parts_codes(cadet, row, codes):
    assert cadet.row(row).codes == codes


def test_racially_aggravated_offences_are_counted_in_what_they_cut_across_too(cadet):
    aggravated = cadet.row("all-racially-aggravated-crime").codes
    across = cadet.row("violence-against-the-person").codes | cadet.row("criminal-damage").codes
    assert aggravated < across


def test_police_uk_has_its_14_categories_and_their_total():
    classification = offences.load("police-uk")
    assert tuple(classification.descriptions.values()) == POLICE_UK
    assert sorted(row.name for row in classification.rows) == sorted((*POLICE_UK, "All crime"))
    assert all(classification.code(name) == name.upper() for name in POLICE_UK)


@pytest.mark.parametrize("name", ["police-uk", "police-uk-2026"])
def test_anti_social_behaviour_is_outside_all_crime(name):
    classification = offences.load(name)
    everything, crime = set(classification.descriptions), classification.all_crime.codes
    assert everything - crime == {"ANTI-SOCIAL BEHAVIOUR"}


WIDER = {
    "violence-and-sexual-offences": ("violence-against-the-person", "sexual-offences"),
    "other-crime": ("miscellaneous-crimes-against-society", "fraud-offences"),
}
"""Rows of a category that has the offences of several groups."""


def _of_today(row_id):
    """The codes of today's groups that a category's row stands for."""
    today = offences.load("home-office-2026")
    return frozenset().union(*(today.row(each).codes for each in WIDER.get(row_id, (row_id,))))


def test_a_category_that_is_a_row_of_today_is_that_row():
    today, categories = offences.load("home-office-2026"), offences.load("police-uk-2026")
    assert categories.counts_alike(today)
    assert not categories.counts_alike(offences.load("police-uk"))
    alike = {row.row_id: row for row in today.rows}
    shared = [row for row in categories.rows if row.row_id in alike]
    assert {row.row_id for row in categories.rows} - {row.row_id for row in shared} == {
        *WIDER,
        "anti-social-behaviour",
    }
    for row in shared:
        own = alike[row.row_id]
        shown = (row.name, row.polarity, row.kind, row.changes)
        assert shown == (own.name, own.polarity, own.kind, own.changes), row.row_id
        assert set(row.also) <= set(own.also), row.row_id
    ids = [row.row_id for row in shared]
    assert ids == [row.row_id for row in today.rows if row.row_id in ids]


@pytest.mark.parametrize("row", offences.load("police-uk").rows, ids=lambda row: row.row_id)
def test_settings_that_name_a_category_by_its_former_id_find_the_row_of_today(row):
    found = offences.load("police-uk-2026").row(row.row_id)
    codes = offences.load("police-uk").row(row.row_id).codes
    assert found.codes == codes
    assert found == offences.load("police-uk-2026").row(row.name)


def test_a_category_that_is_wider_says_what_is_in_it_and_changes_as_its_parts_do():
    today, categories = offences.load("home-office-2026"), offences.load("police-uk-2026")
    assert {row.row_id for row in categories.rows if row.definition} == set(WIDER)
    for row_id, parts in WIDER.items():
        changes = {change for part in parts for change in today.row(part).changes}
        assert set(categories.row(row_id).changes) == changes
        assert categories.row(row_id).is_leaf


def test_every_offence_of_today_is_in_one_category_and_sums_are_those_of_today():
    today, categories = offences.load("home-office-2026"), offences.load("police-uk-2026")
    leaves = [row for row in categories.leaves if row.row_id != "anti-social-behaviour"]
    assert len(leaves) == 13
    codes = [_of_today(row.row_id) for row in leaves]
    undivided = {row.own_code for row in today.rows} & set(today.descriptions)
    wholes = {"theft-offences", "total-recorded-crime-excluding-fraud"}
    assert sum(map(len, codes)) == len(frozenset().union(*codes))
    assert set(today.descriptions) - frozenset().union(*codes) <= undivided
    assert set(today.descriptions) - frozenset().union(*codes) == {today.row(whole).own_code for whole in wholes}
    for identity in categories.identities:
        parts = frozenset().union(*map(_of_today, identity.parts))
        assert _of_today(identity.whole) - parts <= undivided, identity


@pytest.mark.shared_data
def test_a_category_has_the_offences_that_its_row_says(shared_data):
    today, categories = offences.load("home-office-2026"), offences.load("police-uk-2026")
    reference = shared_data / "home_office_reference" / "CrimeCatMappings.csv"
    with reference.open(encoding="utf-8-sig", newline="") as file:
        published = {entry["Offence_Code"].upper(): entry["Police.uk_Cat"] for entry in csv.DictReader(file)}
    assert len(published) == 132
    for row in categories.leaves:
        own = {code for code, category in published.items() if categories.code(category) in row.codes}
        assert own == _of_today(row.row_id) & set(published) if own else row.row_id == "anti-social-behaviour", row
    assert set(published) <= set(today.descriptions)


@pytest.mark.parametrize(
    ("name", "activity"),
    [
        ("police-uk", {"drugs", "possession-of-weapons"}),
        ("police-uk-2026", {"drug-offences", "possession-of-weapons"}),
        (
            "home-office-2013",
            {"drug-offences", "possession-of-drugs", "trafficking-of-drugs", "possession-of-weapons-offences"},
        ),
    ],
)
def test_drugs_and_weapons_may_show_more_policing(name, activity):
    rows = offences.load(name).rows
    assert {row.row_id for row in rows if row.polarity is Polarity.ACTIVITY} == activity


@pytest.mark.shared_data
def test_home_office_groups_are_those_of_the_published_reference_table(shared_data):
    classification = offences.load("home-office-2013")
    reference = shared_data / "home_office_reference" / "CrimeCatMappings.csv"
    with reference.open(encoding="utf-8-sig", newline="") as file:
        published = list(csv.DictReader(file))
    assert len(published) == 132
    rows = {row.row_id: row for row in classification.rows}
    for entry in published:
        code = classification.code(entry["Offence_Code"])
        assert code is not None, entry
        leaves = [row for row in rows.values() if code in row.codes and _is_leaf(row, classification)]
        groups = [rows[row.parent] if row.parent != "total-recorded-crime" else row for row in leaves]
        placed = (entry["Offence_Group"].casefold(), entry["Offence_Subgroup"].casefold())
        assert [(group.name.casefold(), leaf.name.casefold()) for group, leaf in zip(groups, leaves, strict=True)] == [
            placed
        ], entry


def _is_leaf(row, classification):
    return row.row_id not in {identity.whole for identity in classification.identities}


def test_row_ids_are_unique_and_every_parent_is_a_row(classification):
    ids = [row.row_id for row in classification.rows]
    assert len(ids) == len(set(ids))
    assert {row.parent for row in classification.rows} - {""} <= set(ids)


def test_parts_of_an_identity_share_no_code_and_make_up_the_whole(classification):
    assert classification.identities
    for identity in classification.identities:
        parts = [_codes(classification, part) for part in identity.parts]
        assert sum(len(codes) for codes in parts) == len(frozenset().union(*parts)), identity
        assert frozenset().union(*parts) == _codes(classification, identity.whole), identity


def test_the_part_of_a_bound_counts_no_code_that_its_whole_does_not():
    bounds = [(each, bound) for each in map(offences.load, offences.NAMES) for bound in each.bounds]
    assert bounds
    for classification, bound in bounds:
        assert _codes(classification, bound.part) <= _codes(classification, bound.whole), bound


def test_every_row_counts_a_code_and_every_code_is_counted_somewhere(classification):
    assert all(row.codes for row in classification.rows)
    assert frozenset().union(*(row.codes for row in classification.rows)) == set(classification.descriptions)


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("cadet-2011", "all-crime"),
        ("home-office-2013", "total-recorded-crime"),
        ("home-office-2026", "total-recorded-crime"),
    ],
)
def test_every_code_is_in_all_crime(name, total):
    classification = offences.load(name)
    assert classification.row(total).codes == set(classification.descriptions)


def test_a_code_is_written_in_the_form_that_it_is_looked_up_in(classification):
    assert [code for code in classification.descriptions if classification.code(code) != code] == []


def test_no_two_codes_have_one_description(classification):
    for code, description in classification.descriptions.items():
        assert classification.code(description) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("28A", "28A"),
        ("028A", "28A"),
        (" 28a ", "28A"),
        ("37/2", "37.2"),
        ("037/02", "37.2"),
        ("37.2", "37.2"),
        ("4/10", "4.10"),
        ("004/10", "4.10"),
        ("39", "39"),
        ("Burglary in a dwelling", "28A"),
        ("  burglary in  A DWELLING", "28A"),
        ("28Z", None),
        ("", None),
        ("0", None),
        ("=28A", None),
    ],
)
def test_a_code_is_known_in_every_form_that_forces_write(cadet, text, code):
    assert cadet.code(text) == code


def test_homicide_as_the_home_office_tables_write_it_is_one_code():
    assert offences.load("home-office-2013").code("1/4.1/4.10/4.2") == "1/4.1/4.10/4.2"


def test_an_unknown_offence_is_answered_with_the_nearest(cadet):
    assert cadet.nearest("Shoplifitng") == 'Did you mean "Shoplifting"?'
    assert cadet.nearest("@@@@@@@@@@@@") == "Known are 1, 2, 3A and 275 more."


def test_a_row_is_found_by_its_id_or_a_name_that_only_it_bears(cadet):
    assert cadet.row("theft-from-vehicle").number == 8
    assert cadet.row("theft from  VEHICLE").number == 8
    assert [row.number for row in cadet.rows_named("all robbery")] == [5, 24]


def test_an_unknown_row_is_named_with_the_nearest_ids(cadet):
    with pytest.raises(ValueFoundError, match="theft-from-vehicles") as refused:
        cadet.row("theft-from-vehicles")
    assert str(refused.value) == (
        'There is no offence row "theft-from-vehicles" in CADET highlights (2008 to 2011 definitions).\n'
        "Where: classification cadet-2011\n"
        'What to do: Did you mean "theft-from-vehicle" or "theft-of-a-vehicle" or "theft-from-the-person"?'
    )


def test_a_name_that_two_rows_bear_is_not_said_to_be_unknown(cadet):
    with pytest.raises(ValueFoundError, match="All Robbery") as refused:
        cadet.row("All Robbery")
    assert str(refused.value) == (
        '2 offence rows are called "All Robbery" in CADET highlights (2008 to 2011 definitions).\n'
        "Where: classification cadet-2011\n"
        'What to do: Name one by its id: "all-robbery" or "all-robbery-violent-crime".'
    )


def test_every_code_is_in_one_offence_group_and_in_no_other(classification):
    codes = [code for group in classification.groups for code in group.codes]
    assert sorted(codes) == sorted(classification.descriptions)


def test_a_table_begins_with_all_crime(classification):
    assert classification.all_crime.codes >= {code for row in classification.rows for code in row.codes} - {
        "ANTI-SOCIAL BEHAVIOUR"
    }


def test_cadets_offence_groups_are_those_of_the_home_office_in_2011(cadet):
    assert [group.name for group in cadet.groups] == [
        *("Violence against the person", "Sexual offences", "Robbery", "Burglary", "Theft and handling"),
        *("Fraud and forgery", "Criminal damage", "Drug offences", "Other offences"),
    ]
    burglary = next(group for group in cadet.groups if group.name == "Burglary")
    assert {"28A", "30A", "31"} < burglary.codes
    assert "33" in cadet.groups[-1].codes


def test_without_groups_of_its_own_a_classification_has_those_under_its_total():
    assert [group.name for group in offences.load("home-office-2013").groups][:3] == [
        *("Criminal damage and arson", "Drug offences", "Fraud offences"),
    ]
    assert len(offences.load("home-office-2013").groups) == 10


def test_groups_are_put_together_from_codes_rows_and_groups_and_the_rest_is_kept(cadet):
    named = {"Metal": ["49", "handling-stolen-goods"], "Breaking in": ["burglary", "33"]}
    metal, breaking, other = cadet.grouped(named, where="here")
    assert metal.codes == {"49", "54"}
    assert breaking.codes >= {"28A", "30A", "33"}
    assert other.name == "Other offences"
    assert not (metal.codes | breaking.codes) & other.codes
    assert metal.codes | breaking.codes | other.codes == set(cadet.descriptions)
    assert cadet.grouped({}, where="here") == cadet.groups


def test_a_group_of_everything_else_takes_in_what_is_named_for_it(cadet):
    assert [group.name for group in cadet.grouped({"Other offences": ["49"]}, where="here")] == ["Other offences"]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (
            {"Metal": ["4Z"]},
            (
                '"4Z" is not an offence code, row or group of CADET highlights (2008 to 2011 definitions).\n'
                'Where: partnership.toml, farm.groups\nWhat to do: Did you mean "64" or "54" or "49"?'
            ),
        ),
        (
            {"Metal": ["49"], "Fuel": ["46"], "Theft": ["Theft and handling"]},
            (
                'The code 49 is in two groups, "Metal" and "Theft".\n'
                "Where: partnership.toml, farm.groups\nWhat to do: Leave it in one of them."
            ),
        ),
    ],
)
def test_an_unknown_code_and_one_in_two_groups_are_refused(cadet, named, said):
    with pytest.raises(ValueFoundError, match=r"farm\.groups") as refused:
        cadet.grouped(named, where="partnership.toml, farm.groups")
    assert str(refused.value) == said


def test_an_unknown_classification_is_named_with_those_there_are():
    with pytest.raises(ValueFoundError, match="cadet-2012") as refused:
        offences.load("cadet-2012")
    assert str(refused.value) == (
        'There is no classification "cadet-2012".\n'
        "Where: offence classifications\n"
        "What to do: Use one of cadet-2011, home-office-2013, home-office-2026, police-uk, police-uk-2026."
    )


@pytest.mark.parametrize(("name", "leaves"), [("cadet-2011", 26), ("home-office-2013", 28), ("police-uk", 14)])
def test_leaves_share_no_offence(name, leaves):
    rows = offences.load(name).leaves
    codes = [code for row in rows for code in row.codes]
    assert (len(rows), len(codes)) == (leaves, len(set(codes)))


def test_no_leaf_is_the_whole_of_an_identity_or_holds_other_rows():
    cadet = offences.load("cadet-2011")
    leaves = {row.row_id for row in cadet.leaves}
    assert not leaves & {identity.whole for identity in cadet.identities}
    assert not leaves & {"all-crime", "bcs-comparator-crime", "violence-against-the-person", "handling-stolen-goods"}
    assert "other-classified-thefts-and-handling" in leaves


CURRENT = {
    "violence-against-the-person": [
        *("Homicide", "Death or serious injury - unlawful driving", "Violence with injury", "Violence without injury"),
        *("Stalking and harassment", "Violence against the person (not divided)"),
    ],
    "sexual-offences": ["Rape", "Other sexual offences", "Sexual offences (not divided)"],
    "robbery": ["Robbery of business property", "Robbery of personal property", "Robbery (not divided)"],
    "theft-offences": [
        *("Burglary", "Vehicle offences", "Theft from the person", "Bicycle theft", "Shoplifting", "Other theft"),
        "Theft offences (not divided)",
    ],
    "burglary": ["Residential burglary", "Burglary business and community", "Burglary (not divided)"],
    "residential-burglary": [
        *("Residential burglary of a home", "Residential burglary of unconnected building"),
        "Residential burglary (not divided)",
    ],
    "vehicle-offences": [
        *("Theft of a motor vehicle", "Theft from a vehicle", "Interfering with a motor vehicle"),
        "Vehicle offences (not divided)",
    ],
    "theft-of-a-motor-vehicle": [
        *("Theft or unauthorised taking of a motor vehicle", "Aggravated vehicle taking"),
        "Theft of a motor vehicle (not divided)",
    ],
    "criminal-damage-and-arson": ["Arson", "Criminal damage", "Criminal damage and arson (not divided)"],
    "drug-offences": ["Trafficking of drugs", "Possession of drugs", "Drug offences (not divided)"],
    "neighbourhood-crime": [
        *("Residential burglary", "Robbery of personal property", "Theft from the person", "Vehicle offences"),
    ],
    "serious-acquisitive-crime": [
        *("Residential burglary", "Robbery of personal property", "Theft from the person"),
        *("Theft of a motor vehicle", "Theft from a vehicle"),
    ],
}
"""Subgroups as published, with those offences of which only the group is known."""


@pytest.fixture
def current():
    return offences.load("home-office-2026")


def test_the_current_groups_are_divided_as_they_are_published(current):
    parts = {sum_.whole: [current.row(part).name for part in sum_.parts] for sum_ in current.identities}
    assert {whole: parts[whole] for whole in CURRENT} == CURRENT
    assert parts["total-recorded-crime"] == ["Total recorded crime excluding fraud", "Fraud offences"]
    assert parts["total-recorded-crime-excluding-fraud"] == [
        *("Violence against the person", "Sexual offences", "Robbery", "Theft offences", "Criminal damage and arson"),
        *("Drug offences", "Possession of weapons", "Public order offences", "Miscellaneous crimes against society"),
        "Total recorded crime excluding fraud (not divided)",
    ]


def test_every_row_with_parts_has_one_for_offences_that_nobody_placed_in_another(current):
    remainders = {row.parent: row for row in current.rows if row.is_remainder}
    composite = {row.row_id for row in current.rows if row.definition}
    wholes = {sum_.whole for sum_ in current.identities} - composite - {"total-recorded-crime"}
    assert set(remainders) == wholes
    assert all(current.row(whole).own_code in remainders[whole].codes for whole in wholes)


def test_a_rows_own_code_counts_in_it_and_in_no_other_of_its_parts(current):
    of_own = [row for row in current.rows if row.own_code]
    assert of_own
    assert [current.narrowest({row.own_code}) for row in of_own] == of_own


def test_names_of_rows_differ_and_so_do_the_others_that_they_go_by(classification):
    names = [name.casefold() for row in classification.rows for name in row.names]
    repeated = {name for name in names if names.count(name) > 1}
    assert repeated <= {"all robbery"}  # CADET prints it twice


def test_composite_rows_say_what_they_are_and_who_says_so(current):
    composite = [row for row in current.rows if row.definition]
    assert [row.name for row in composite] == [
        *("Neighbourhood crime", "Serious acquisitive crime", "Serious violence"),
    ]
    assert all(row.source for row in composite)


def test_the_narrowest_row_is_never_a_composite_one(current):
    assert current.narrowest({"45"}).name == "Theft from a vehicle"
    assert current.narrowest({"28I", "34B"}).name == "Total recorded crime excluding fraud"
    assert current.narrowest({"28I", "NFIB9"}).name == "Total recorded crime"
    assert offences.load("police-uk").narrowest({"BURGLARY", "ANTI-SOCIAL BEHAVIOUR"}) is None


def test_what_changed_between_two_days_is_said_with_its_source(current):
    harassment = current.row("stalking-and-harassment")
    between = harassment.changes_between(dt.date(2017, 4, 1), dt.date(2023, 5, 1))
    assert [change.start.isoformat() for change in between] == ["2018-04-01", "2020-04-01", "2023-05-01"]
    assert harassment.changes_between(dt.date(2023, 5, 1), dt.date(2026, 4, 1)) == ()
    burglary = current.row("residential-burglary")
    assert [change.start.year for change in burglary.changes] == [2017]
    assert all(change.source for row in current.rows for change in row.changes)
    assert all(list(row.changes) == sorted(row.changes, key=lambda change: change.start) for row in current.rows)


def test_every_row_names_its_kind(classification):
    assert {row.kind for row in classification.rows} <= set(Kind)
    assert classification.all_crime.kind is Kind.BICYCLE_THEFT


@pytest.mark.parametrize(
    ("name", "row", "kind"),
    [
        ("home-office-2026", "violence-against-the-person", Kind.VIOLENCE_AND_SEXUAL),
        ("home-office-2026", "serious-violence", Kind.ROBBERY),
        ("home-office-2026", "serious-acquisitive-crime", Kind.BICYCLE_THEFT),
        ("home-office-2026", "burglary-not-divided", Kind.BURGLARY),
        ("cadet-2011", "vehicle-crime", Kind.VEHICLE),
        ("cadet-2011", "racially-aggravated-violence", Kind.VIOLENCE_AND_SEXUAL),
        ("cadet-2011", "bcs-comparator-crime", Kind.BICYCLE_THEFT),
        ("home-office-2013", "robbery", Kind.ROBBERY),
        ("police-uk", "other-crime", Kind.BURGLARY),
    ],
)
def test_a_row_with_parts_moves_like_the_part_that_moves_most(name, row, kind):
    assert offences.load(name).row(row).kind is kind


def test_drugs_and_weapons_may_show_more_policing_now_too(current):
    activity = {row.row_id for row in current.rows if row.polarity is Polarity.ACTIVITY}
    assert activity == {
        *("drug-offences", "trafficking-of-drugs", "possession-of-drugs", "drug-offences-not-divided"),
        "possession-of-weapons",
    }


def test_a_classification_without_some_rows_keeps_its_sums(current):
    """The parts of a row that is left out are those of the row above; a row with one part left is not divided."""
    gone = {
        "theft-of-a-motor-vehicle",
        "robbery-of-personal-property",
        "robbery-of-business-property",
        "serious-violence",
    }
    left = current.without(gone)
    parts = {each.whole: each.parts for each in left.identities}
    assert "aggravated-vehicle-taking" in parts["vehicle-offences"]
    assert left.row("aggravated-vehicle-taking").parent == "vehicle-offences"
    assert "robbery" not in parts
    assert left.row("robbery").is_leaf
    assert not {"robbery-not-divided", *gone} & {row.row_id for row in left.rows}
    with pytest.raises(ValueFoundError, match="can't be counted: the source lacks some of its offences"):
        left.row("Serious violence")
    codes = {row.row_id: row.codes for row in left.rows}
    assert all(frozenset().union(*(codes[part] for part in own)) <= codes[whole] for whole, own in parts.items())


INCIDENTS = (
    "anti-social-behaviour",
    "anti-social-behaviour-personal",
    "anti-social-behaviour-nuisance",
    "anti-social-behaviour-environmental",
    "other-incidents",
)


@pytest.mark.parametrize("name", [each for each in offences.NAMES if not each.startswith("police-uk")])
@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_rows_of_incidents_stand_behind_the_others_and_share_no_code_with_them(name, number):
    base = offences.load(name)
    for named in itertools.combinations(INCIDENTS, number):
        with_them = offences.with_incidents(base, (*named, "Burglary", "not counted"))
        assert with_them.rows[: len(base.rows)] == base.rows
        added = with_them.rows[len(base.rows) :]
        ids = {row.row_id for row in added}
        assert set(named) <= ids <= {*INCIDENTS, "anti-social-behaviour-not-divided"}
        assert ids - set(named) <= {"anti-social-behaviour", "anti-social-behaviour-not-divided"}
        assert [row.number for row in with_them.rows] == list(range(1, len(with_them.rows) + 1))
        codes = frozenset().union(*(row.codes for row in added))
        assert not codes & frozenset().union(*(row.codes for row in base.rows))
        assert set(with_them.descriptions) == set(base.descriptions) | codes
        for identity in with_them.identities:
            if identity.whole in ids:
                parts = [with_them.row(part).codes for part in identity.parts]
                assert sum(map(len, parts)) == len(frozenset().union(*parts))
        leaves = [row.codes for row in added if row.is_leaf]
        assert sum(map(len, leaves)) == len(frozenset().union(*leaves)), named
        assert offences.with_incidents(with_them, named) is with_them
        assert with_them.counts_alike(base)


def test_a_classification_has_no_row_of_incidents_that_nobody_names():
    base = offences.load("home-office-2026")
    assert offences.with_incidents(base, ["Burglary", "not counted", "28I"]) is base
    of_police_uk = offences.load("police-uk-2026")
    assert offences.with_incidents(of_police_uk, INCIDENTS) is of_police_uk
    apart = offences.with_incidents(base, ["anti-social behaviour"])
    together = offences.with_incidents(apart, ["Other incidents"])
    assert together.rows == offences.with_incidents(base, ["Other incidents", "ASB"]).rows


def test_a_row_of_the_partnerships_own_that_has_incidents_in_it_is_not_under_recorded_crime():
    beside = offences.with_incidents(offences.load("home-office-2026"), ["ASB"])
    parts = (("robbery", "arson"), ("robbery", "anti-social-behaviour"))
    own = [offences.Composite(row_id=f"own-{n}", name=f"Own {n}", parts=each) for n, each in enumerate(parts)]
    rows = beside.with_composites(own, where="here").rows[-2:]
    assert [row.parent for row in rows] == ["total-recorded-crime", ""]
