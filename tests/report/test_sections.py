"""Sections under the settings' titles: small counts and markings go with them, and no marking is lost."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cdrp_xl import settings
from cdrp_xl.report import Suppressed, sections
from cdrp_xl.terms import Marking

SETTINGS = """\
[partnership]
name = "South Cambridgeshire CDRP"
area = "South Cambridgeshire"

[report]
titles = { "farm/offences" = "Rural crime", highlights = "All offences", notes = "Endnotes" }
lead_officers = { notes = "Head of research.", summary = "Chair" }
agenda = { notes = "item 2" }

[sources.police_uk]
path = "data/police-uk"
"""


@pytest.fixture(scope="module")
def own():
    return settings.parse(SETTINGS)


def done(sheet):
    return Suppressed(sheet=sheet, is_rounded=False, unsafe=1, hidden=2, exposed=0)


def test_small_counts_are_of_the_worksheets_as_the_settings_call_them(own):
    found = sections.small_counts(
        [done("CADET highlights"), done("Farm crime by group, Farm crime by quarter"), done("Outcomes")],
        own,
        "CADET highlights",
    )
    assert [each.sheet for each in found] == [
        "All offences",
        "Rural crime by group, Rural crime by quarter",
        "Outcomes",
    ]


def test_a_marking_goes_with_its_worksheet_under_a_new_title_and_the_higher_holds(own, built):
    typed = {"Notes": Marking.OFFICIAL_SENSITIVE, "Endnotes": Marking.OFFICIAL, "Gone": Marking.OFFICIAL_SENSITIVE}
    marked = replace(built, inputs=replace(built.inputs, markings=typed))
    found = sections.arranged(marked, own)
    assert found.inputs.markings == {"Endnotes": Marking.OFFICIAL_SENSITIVE, "Gone": Marking.OFFICIAL_SENSITIVE}
    assert found.marking_of("Endnotes") is Marking.OFFICIAL_SENSITIVE


def test_who_leads_and_the_agenda_are_said_in_a_sentence_each(own, built):
    assert sections.arranged(built, own).led == {
        "notes": "Lead officer: Head of research. Agenda: item 2.",
        "summary": "Lead officer: Chair.",
    }


def test_sections_that_are_written_about_have_their_titles(own):
    titled = {each.section_id: each.title for each in sections.written(own, "CADET highlights", {})}
    assert titled["highlights"] == "All offences"
    assert titled["summary"] == "Summary"
    with_own = msgspec.structs.replace(own, sections=(settings.OwnSection(id="licensing", title="Licensed premises"),))
    written = sections.written(with_own, "CADET highlights", {"licensing": "Words."})
    assert (written[-1].title, written[-1].commentary) == ("Licensed premises", "Words.")
