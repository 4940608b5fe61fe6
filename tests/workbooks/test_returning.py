import datetime as dt
import email
import shutil
from email.policy import default

import openpyxl
import pytest

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import returning

TODAY = dt.date(2011, 7, 29)
QUARTER = Period.parse("2011-12 Q1")


def send(folder, **changes):
    return returning.send(folder, **({"quarter": None, "today": TODAY, "email": False} | changes))


def collect(folder, **changes):
    return returning.collect(folder, **({"quarter": None, "today": TODAY, "reply": False} | changes))


def texts(path):
    book = openpyxl.load_workbook(path)
    return {str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None}


def spoil(path):
    book = openpyxl.load_workbook(path)
    book["Figures"]["D7"] = "about 5"
    book.save(path)


def test_a_form_is_written_for_every_return_and_is_named_by_it(partners):
    sent = send(partners)
    assert [path.relative_to(partners).as_posix() for path in sent.forms] == [
        "returns/2011-12-Q1/sent/Reducing-re-offending-2011-12-Q1-Integrated-offender-management.xlsx",
        "returns/2011-12-Q1/sent/Drug-and-alcohol-2011-12-Q1-Drug-and-alcohol-action-team.xlsx",
    ]
    assert sent.drafts == ()


def test_the_same_form_has_the_same_bytes_on_any_day(partners):
    first = [path.read_bytes() for path in send(partners).forms]
    again = send(partners, today=dt.date(2012, 1, 1))
    assert [path.read_bytes() for path in again.forms] == first
    assert len(list(again.forms[0].parent.iterdir())) == 2


def test_a_form_that_someone_wrote_into_is_kept_when_it_is_sent_again(partners):
    form = send(partners).forms[0]
    spoil(form)
    send(partners)
    assert "about 5" in texts(form.with_name(f"{form.stem} (superseded 1).xlsx"))


def test_last_quarters_answers_stand_beside(partners):
    form = send(partners, quarter=Period.parse("2011-12 Q2")).forms[1]
    assert {"84; 18; 31 March 2011", "Year 10 girls who drank excessively; 2008; 10; 1.1; 2010; 3; 0.6"} <= texts(form)


def test_a_form_sent_back_empty_is_queried_and_last_quarters_answers_are_not_taken_for_it(partners):
    quarter = Period.parse("2011-12 Q2")
    form = send(partners, quarter=quarter).forms[1]
    shutil.copy(form, form.parent.parent)
    filled = collect(partners, quarter=quarter).collected.returns[1].filled
    assert {query.found for query in filled.queries} == {"nothing"}
    assert filled.remarks == ()


def test_a_draft_goes_with_each_form(partners):
    sent = send(partners, email=True)
    message = email.message_from_bytes(sent.drafts[0].read_bytes(), policy=default)
    assert message["Subject"] == "Return for 2011-12 Q1: Reducing re-offending"
    assert "about April to June 2011 and send it back by 21 July 2011" in message.get_body().get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_content() == sent.forms[0].read_bytes()


def test_without_returns_in_the_settings_nothing_is_sent_or_collected(partners):
    settings = partners / "partnership.toml"
    settings.write_text(settings.read_text(encoding="utf-8").partition("[[returns]]")[0], encoding="utf-8")
    for act in (send, collect):
        with pytest.raises(ValueFoundError, match=r"No returns are expected .*\nWhere: partnership\.toml"):
            act(partners)


def test_what_came_is_reported_line_by_line(partners):
    spoil(partners / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx")
    (partners / "returns" / "2011-12-Q1" / "drug-and-alcohol.xlsx").write_bytes(b"x")
    assert returning.in_words(collect(partners).collected) == [
        "Reducing re-offending, Integrated offender management: Queried (due 21 July 2011, returned 14 July 2011)",
        (
            '  Query: worksheet "Figures", cell D7, Q1-3 (Clients on scheme, DIP, Clients, May 2011): found "about 5"; '
            "expected a whole number from 0 to 10,000; 0 if there were none, n/a if it is not known"
        ),
        "Drug and alcohol, Drug and alcohol action team: Missing (due 21 July 2011)",
        (
            "drug-and-alcohol.xlsx is not read: it is not a workbook. Open it in Excel or LibreOffice and save it "
            "again as an Excel workbook (.xlsx), or ask for it again."
        ),
    ]


def test_a_query_goes_back_as_a_marked_copy_that_is_collected_again(partners):
    place = partners / "returns" / "2011-12-Q1"
    spoil(place / "reducing-reoffending.xlsx")
    gathered = collect(partners, reply=True)
    (reply,) = gathered.replies
    assert reply.name == "Reducing-re-offending-2011-12-Q1-Integrated-offender-management-queries.xlsx"
    queries = [text for text in texts(reply) if "about 5" in text]
    assert queries == [
        (
            'Clients on scheme, DIP, Clients, May 2011: found "about 5"; expected a whole number from 0 to 10,000; 0 '
            "if there were none, n/a if it is not known."
        )
    ]
    assert "Return for 2011-12 Q1" in email.message_from_bytes(gathered.drafts[0].read_bytes())["Subject"]
    book = openpyxl.load_workbook(reply)
    book["Figures"]["D7"] = 5
    book.save(place / "reducing-reoffending.xlsx")
    filled = collect(partners).collected.returns[0].filled
    assert (filled.queries, filled.remarks) == ((), ())
    assert [filled.answers["Q1-3", f"clients {month}"] for month in ("Apr-11", "May-11", "Jun-11")] == [4, 5, 5]


def test_without_reply_and_without_queries_nothing_is_written(partners):
    before = sorted(partners.rglob("*"))
    collect(partners)
    collect(partners, reply=True)
    assert sorted(partners.rglob("*")) == before


def test_the_last_quarter_that_is_over_is_taken_where_none_is_named(partners):
    settings = partners / "partnership.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('quarter = "2011-12 Q1"', ""), encoding="utf-8")
    assert send(partners).quarter == QUARTER


def test_a_form_is_valid_for_excel(partners, ooxml_validate):
    spoil(partners / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx")
    ooxml_validate(*send(partners).forms, *collect(partners, reply=True).replies)
