"""Local questions: answered from the one scan, with words where a figure can't be had."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from cdrp_xl import offences
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.report import local
from cdrp_xl.sources.master import Question
from cdrp_xl.tables import Counts, Origin
from cdrp_xl.terms import Flag
from cdrp_xl.workbooks.gathering import gather

AREA = "South Cambridgeshire"
Q1 = Period.parse("2011-12 Q1")
TODAY = dt.date(2011, 7, 29)


def question(area="Cambourne", row="violence-against-the-person", flag=None, period=Q1):
    return Question(area=area, offence_row=row, flag=flag, period=period, where="row 40")


@pytest.fixture
def asked(demo):
    """Return a function that answers questions from the worked example, of the named sources or of all."""

    def answers(*questions, sources=None):
        own = settings_file.read(demo.folder)
        data = gather(own, demo.folder, today=TODAY, progress=str, questions=questions)
        counts = [data.counts[name] for name in sources or data.counts]
        return local.answers(questions, sources=counts, area=AREA)

    return answers


@pytest.mark.whole
def test_cambourne_had_20_violence_offences_of_which_8_were_domestic(asked):
    (answer,) = asked(question(flag=Flag.DOMESTIC))
    assert (answer.offences_of, answer.offences, answer.flagged) == ("All Violence Against the Person", 20, 8)
    assert (answer.share, answer.change) == (0.4, 20 - answer.earlier)
    assert answer.earlier_period == Period.parse("2010-11 Q1")
    assert answer.flag == Flag.DOMESTIC


@pytest.mark.whole
def test_questions_are_answered_in_their_order_each_by_its_own_row_and_place(asked):
    whole, locality = asked(question(area=AREA.upper(), row="Shoplifting"), question(row="shoplifting"))
    assert (whole.offences, whole.earlier, whole.apparent_change) == (59, 32, 0.84375)
    assert 0 < locality.offences < 59
    assert (whole.flag, whole.flagged, whole.share, whole.remark) == ("[z]",) * 4


@pytest.mark.whole
def test_a_question_about_the_whole_area_needs_no_row_level_extract(asked):
    (answer,) = asked(question(area=AREA, row="Shoplifting"), sources=["cadet"])
    assert (answer.offences, answer.earlier) == (59, 32)


@pytest.mark.whole
def test_a_period_that_the_data_do_not_cover_has_a_symbol_and_the_reason(asked):
    (answer,) = asked(question(period=Period.parse("2012-13 Q1")))
    assert (answer.offences, answer.change, answer.apparent_change) == ("[x]", "[x]", "[x]")
    assert isinstance(answer.earlier, int)
    assert (
        answer.remark
        == "Apr-12 to Jun-12 can't be counted: South Cambridgeshire has no complete figures for Apr-12 to Jun-12."
    )


@pytest.mark.parametrize(
    ("wrong", "what", "remedy"),
    [
        ({"area": "Camborne"}, 'There is no row for the area "Camborne".', '"Cambourne"'),
        ({"row": "shopliftin"}, 'There is no offence row "shopliftin"', '"shoplifting"'),
        ({"area": AREA, "row": "shopliftin"}, 'There is no offence row "shopliftin"', '"shoplifting"'),
    ],
)
def test_what_is_unknown_is_reported_at_the_questions_own_row(asked, wrong, what, remedy):
    with pytest.raises(ValueFoundError, match=re.escape(what)) as refused:
        asked(question(**wrong))
    assert refused.value.where == "row 40"
    assert remedy in refused.value.remedy


@pytest.mark.whole
@pytest.mark.parametrize("wrong", [{"area": "Cambourne"}, {"area": AREA, "flag": Flag.DOMESTIC}])
def test_a_question_that_no_source_can_answer_is_refused(asked, wrong):
    with pytest.raises(ValueFoundError, match="can't be answered") as refused:
        asked(question(**wrong), sources=["cadet"])
    assert refused.value.where == "row 40"
    assert "headings.locality" in refused.value.remedy


def test_an_unknown_row_is_reported_where_there_is_no_extract():
    with pytest.raises(ValueFoundError, match='"nothing"') as refused:
        local.answers([question(area=AREA, row="nothing")], sources=[_cadet()], area=AREA)
    assert refused.value.where == "row 40"


def _cadet():
    return Counts(
        classification=offences.load("cadet-2011"),
        areas=(AREA,),
        covered={AREA: frozenset({Q1})},
        cells={},
        origin=Origin(source="CADET"),
    )
