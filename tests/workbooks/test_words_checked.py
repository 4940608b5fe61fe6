"""Commentary that contradicts the figures stops a publish; placeholders are filled; any text can be checked."""

import datetime as dt
import json

import openpyxl
import pytest

from cdrp_xl.errors import RefusedByGateError
from cdrp_xl.periods import Period
from cdrp_xl.report import Inputs
from cdrp_xl.sources.master import Accepted, Written
from cdrp_xl.workbooks import publishing

TODAY = dt.date(2011, 7, 29)
QUARTER = Period.parse("2011-12 Q1")


def publish(folder, text, *accepted, section="dwelling-burglary"):
    written = Written(section_id=section, quarter=QUARTER, text=text)
    acceptances = tuple(Accepted(finding=mark, quarter=QUARTER, reason="Agreed.") for mark in accepted)
    inputs = Inputs(commentary=(written,), acceptances=acceptances)
    return publishing.publish_held(folder, today=TODAY, progress=str, inputs=inputs)


def texts(copy):
    book = openpyxl.load_workbook(copy)
    return [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None]


def mark_of(refused):
    return refused.value.where.partition("finding ")[2].rstrip(")")


def test_a_wrong_number_stops_the_publish_and_the_sentence_put_right_is_offered(example):
    with pytest.raises(RefusedByGateError, match='"67" in your commentary does not agree') as refused:
        publish(example, "Dwelling burglary fell from 104 to 67 offences.")
    assert refused.value.where.startswith("Dwelling burglary (finding W-")
    assert 'Write "Dwelling burglary fell from 104 to 61 offences."' in refused.value.remedy


def test_a_finding_that_is_accepted_with_a_reason_stops_nothing(example):
    said = "Dwelling burglary rose in the quarter."
    with pytest.raises(RefusedByGateError, match='"rose"') as refused:
        publish(example, said)
    assert said in texts(publish(example, said, mark_of(refused)).copy)


def test_true_words_and_numbers_of_ones_own_are_published(example):
    said = "Dwelling burglary fell from 104 to 61 offences. A grant of £12,500 was made."
    assert said in texts(publish(example, said).copy)


def test_a_placeholder_is_published_as_its_figure(example):
    said = "There were {burglary-dwelling.later} offences, {burglary-dwelling.apparent-change} on the year before."
    assert "There were 61 offences, -41.3% on the year before." in texts(publish(example, said).copy)


def test_an_unknown_placeholder_is_refused_with_the_nearest_even_if_it_is_accepted(example):
    said = "There were {burglary-dweling.later} offences."
    with pytest.raises(RefusedByGateError, match=r"\{burglary-dweling\.later\}") as refused:
        publish(example, said)
    assert "{burglary-dwelling.later}" in refused.value.remedy
    with pytest.raises(RefusedByGateError, match="No figure of the report has this name"):
        publish(example, said, mark_of(refused))


def test_the_master_lists_the_name_of_every_figure(demo):
    rows = [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(demo.master)["Names of figures"]]
    assert ("farm-crime.share", "2.3%", "Farm crime: share, April to June 2011") in [row[:3] for row in rows]
    assert "Words checked" in openpyxl.load_workbook(demo.master).sheetnames
    assert not {"Words checked", "Names of figures"} & set(openpyxl.load_workbook(demo.copy).sheetnames)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_text_is_checked_at_the_prompt(cdrp_xl, demo, tmp_path, encoding):
    file = tmp_path / "press.txt"
    file.write_bytes("Shoplifting fell.\r\nA grant of £500.\r\n".encode(encoding))
    run = cdrp_xl("check-words", demo.folder, "--text", file, "--json")
    printed = json.loads(run.stdout)
    assert run.returncode == 1
    assert [(each["sentence"], each["words"]) for each in printed["findings"]] == [("Shoplifting fell.", "fell")]
    assert "shoplifting.later" in printed["findings"][0]["nearest"]
    assert "rise" in printed["findings"][0]["why"]
    assert [each["words"] for each in printed["own"]] == ["£500"]


def test_a_text_that_agrees_ends_with_0(cdrp_xl, demo, tmp_path):
    file = tmp_path / "press.txt"
    file.write_text("Shoplifting rose by 27 offences.", encoding="utf-8")
    run = cdrp_xl("check-words", demo.folder, "--text", file)
    assert (run.returncode, run.stdout) == (0, "Everything agrees with the figures for 2011-12 Q1.\n")


def test_a_file_that_is_no_text_is_refused(cdrp_xl, demo):
    run = cdrp_xl("check-words", demo.folder, "--text", demo.master)
    assert run.returncode == 1
    assert "The text is not plain text." in run.stderr
