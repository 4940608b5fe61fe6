"""The order and the titles of sections: what the settings take, and every mistake by line and key."""

from __future__ import annotations

import pytest

from cdrp_xl import settings
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.settings import sections

PLAIN = """\
[partnership]
name = "South Cambridgeshire CDRP"
area = "South Cambridgeshire"

[report]
order = {order}
titles = {titles}
{beside}

[sources.police_uk]
path = "data/police-uk"

[[priorities]]
id = "{priority}"
title = "Robbery"
objective = "Less robbery"
deadline = "2011-12"
measure = {{ rows = ["robbery"] }}
baseline = {{ year = "2009-10" }}
"""


def parsed(*, order="[]", titles="{}", priority="robbery", beside=""):
    return settings.parse(PLAIN.format(order=order, titles=titles, priority=priority, beside=beside)).report


def test_sections_and_priorities_are_put_in_order_by_their_ids():
    assert parsed(order='["highlights", "robbery"]').order == ("highlights", "robbery")


@pytest.mark.parametrize("section", sections.NAMES)
def test_every_section_takes_a_title(section):
    assert parsed(titles=f'{{ "{section}" = "Our own words" }}').titles == {section: "Our own words"}


def test_a_section_may_keep_the_name_that_it_has():
    assert parsed(titles='{ notes = "notes" }').titles == {"notes": "notes"}


def test_an_unknown_section_is_named_in_three_lines_with_the_nearest():
    with pytest.raises(ValueFoundError) as refused:
        parsed(order='["highlight"]')
    assert str(refused.value) == (
        'partnership.toml has a mistake: line 6, report.order[1]: there is no section "highlight" (the nearest is '
        '"highlights").\n'
        "Where: partnership.toml, line 6, report.order[1]\n"
        "What to do: Correct the file as the message says; the folder's template explains each key."
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"order": '["notes", "notes"]'}, r'order\[2\]: the section "notes" is named twice'),
        ({"order": '["headlines"]'}, r"order\[1\]: the headlines always come first"),
        ({"order": '["zzz"]'}, r'order\[1\]: there is no section "zzz"\.'),
        ({"titles": '{ note = "Endnotes" }'}, r'titles\.note: there is no section "note" \(the nearest is "notes"\)'),
        ({"titles": '{ robbery = "Robbers" }'}, r'write the title of "robbery" in its own table'),
        ({"order": '["places"]', "priority": "places"}, r'a priority has the id "places" too: give it another'),
        ({"titles": f'{{ notes = "{"a" * 32}" }}'}, r"has 32 characters; the name of this worksheet has at most 31"),
        ({"titles": '{ "farm/offences" = "Crime at farms and barns" }'}, r"has 24 characters; .* at most 20"),
        ({"titles": f'{{ notes = "{"🚓" * 16}" }}'}, r"has 32 characters"),
        ({"titles": '{ notes = "Notes / symbols" }'}, r"can't be a worksheet's name: leave out \[ \] : \* \? / "),
        ({"titles": '{ notes = "A _x0041_ b" }'}, r"can't be a worksheet's name"),
        ({"titles": '{ notes = "Two\\nlines" }'}, r"can't be a worksheet's name"),
        ({"titles": "{ notes = \"'Notes'\" }"}, r"it begins or ends with a space or an apostrophe"),
        ({"titles": '{ notes = "HISTORY" }'}, r'another worksheet is called "HISTORY"'),
        ({"titles": '{ notes = "inputs" }'}, r'another worksheet is called "inputs"'),
        ({"titles": '{ notes = "Summary" }'}, r'another worksheet is called "Summary"'),
        ({"titles": '{ notes = "Farm crime by group" }'}, r'another worksheet is called "Farm crime by group"'),
        (
            {"beside": 'agenda = { summery = "item 2" }'},
            r'agenda\.summery: there is no section .* nearest is "summary"',
        ),
        ({"beside": 'lead_officers = { x = "A" }'}, r'lead_officers\.x: there is no section "x"\.'),
        ({"titles": '{ notes = "More", summary = "more" }'}, r"another worksheet is called"),
    ],
)
def test_what_no_report_can_have_is_a_mistake(given, said):
    with pytest.raises(ValueFoundError, match=said):
        parsed(**given)
