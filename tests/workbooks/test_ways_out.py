"""The ways out: a PDF, an encrypted copy, an e-mail drafted or sent, each beside the copy and none past its marking."""

from __future__ import annotations

import datetime as dt
import email
import os
import sys
from dataclasses import replace
from email import policy
from pathlib import Path

import pytest

from cdrp_xl.errors import RefusedByGateError, ValueFoundError
from cdrp_xl.measures.rag import Assessment
from cdrp_xl.report import Inputs
from cdrp_xl.sending import encryption
from cdrp_xl.settings import EmailSettings
from cdrp_xl.sources.master import Contact, Override
from cdrp_xl.terms import Marking, Status
from cdrp_xl.workbooks import forms, publishing, ways_out
from cdrp_xl.workbooks.verifying import Outcome, verify
from cdrp_xl.workbooks.ways_out import Ways

PASSWORD = "correct horse battery"  # noqa: S105  a password for tests
NOW = dt.datetime(2011, 7, 29, 12, tzinfo=dt.UTC)
STEM = "South-Cambridgeshire-2011-12-Q1"
OWN = EmailSettings(recipients=("council@example.org",), sender="research@example.org", host="localhost")


@pytest.fixture
def published(example):
    return publishing.publish(example, today=dt.date(2011, 7, 29), progress=str)


def marked(published, marking=Marking.OFFICIAL_SENSITIVE):
    return replace(published, report=replace(published.report, marking=marking))


def with_contacts(published, *addresses):
    contacts = tuple(Contact(name="", email=address) for address in addresses)
    return replace(published, report=replace(published.report, inputs=Inputs(contacts=contacts)))


def read(place):
    return email.message_from_bytes(place.read_bytes(), policy=policy.default)


def test_an_encrypted_copy_stands_beside_the_copy_and_holds_it(published):
    place = ways_out.encrypted(published, PASSWORD)
    assert place == published.copy.with_name(f"{STEM}-encrypted.xlsx")
    assert encryption.decrypt(place.read_bytes(), PASSWORD, name="x") == published.copy.read_bytes()


def test_an_encrypted_copy_is_verified_by_what_it_holds(published):
    place = ways_out.encrypted(published, PASSWORD)
    assert verify(place, password=lambda: PASSWORD).outcome is Outcome.CERTIFIED
    with pytest.raises(ValueFoundError, match="does not open with this password"):
        verify(place, password=lambda: "another one")
    place.write_bytes(encryption.encrypt((published.copy.parents[1] / "master.xlsm").read_bytes(), PASSWORD))
    assert verify(place, password=lambda: PASSWORD).outcome is Outcome.CHANGED


def test_the_draft_has_the_copy_the_headlines_and_everybody_in_bcc(published):
    sent = with_contacts(published, "police@example.org", "council@example.org")
    mail = read(ways_out.as_eml(sent, ways_out.draft(sent, OWN, attached=sent.copy)))
    assert mail["Subject"] == "Performance report: South Cambridgeshire, April to June 2011"
    assert mail["Bcc"] == "council@example.org, police@example.org"
    attached, certificate = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (f"{STEM}.xlsx", published.copy.read_bytes())
    assert certificate.get_filename() == f"{STEM}.certificate.json"
    assert certificate.get_payload(decode=True) == published.certificate.read_bytes()
    body = mail.get_body().get_content()
    for result in published.report.priorities:
        assert result.sentence in body
        assert result.assessment.status.value in body
    assert body.rstrip().endswith("Research Group (worked example)")


PDF = replace(forms.FORMS[0], make=lambda _: b"%PDF-1.7 of the copy")
"""A PDF for which no LibreOffice is needed."""


def with_pdf(published):
    place = PDF.place(published.copy)
    place.write_bytes(PDF.make(published))
    return place


def test_a_pdf_that_was_asked_for_is_attached_too_and_named_in_the_text(published):
    drafted = ways_out.draft(published, OWN, attached=published.copy, beside_it=[with_pdf(published)])
    assert [each.name for each in drafted.attachments] == [f"{STEM}.xlsx", f"{STEM}.pdf", f"{STEM}.certificate.json"]
    assert f"The same is attached as a PDF: {STEM}.pdf." in drafted.body


def test_nothing_that_lies_open_goes_with_an_encrypted_copy(published):
    copy = ways_out.encrypted(published, PASSWORD)
    drafted = ways_out.draft(published, OWN, attached=copy, beside_it=[with_pdf(published)])
    assert [each.name for each in drafted.attachments] == [f"{STEM}-encrypted.xlsx"]
    assert "as a PDF" not in drafted.body


def test_the_analysts_own_judgement_is_said_to_be_one(published):
    first = published.report.priorities[0]
    said = Assessment(status=Status.BETTER, reason="Analyst's judgement: Two arrests were made. By the rule: amber.")
    quarter = published.report.period
    own = Override(priority_id=first.priority_id, quarter=quarter, status=Status.BETTER, reason="Two arrests were made")
    report = replace(
        published.report,
        inputs=Inputs(overrides=(own,)),
        priorities=(replace(first, assessment=said), *published.report.priorities[1:]),
    )
    body = ways_out.draft(replace(published, report=report), OWN, attached=published.copy).body
    assert f"{said.reason} {first.sentence}" in body
    assert body.count("Analyst's judgement:") == 1


@pytest.mark.parametrize("made", ["pdf", "encrypted"])
def test_the_certificate_knows_what_was_made_of_the_copy(published, made):
    ways = Ways(forms=(PDF,)) if made == "pdf" else Ways(password=PASSWORD)
    (place,) = ways_out.take(published, ways, _Settings(email=OWN), now=NOW, progress=str).files.values()
    verdict = verify(place, password=_not_asked)
    assert verdict.outcome is Outcome.CERTIFIED
    assert verdict.sentence.startswith(f"{place.name} was made of the copy of South Cambridgeshire, 2011-12 Q1")
    assert verify(published.copy, password=_not_asked).outcome is Outcome.CERTIFIED
    place.write_bytes(b"%PDF-1.7 of something else")
    assert verify(place, password=_not_asked).outcome is Outcome.CHANGED


def _not_asked():
    raise AssertionError("No password is asked for.")


def test_a_copy_that_is_published_again_keeps_what_its_certificate_knows(published, example):
    places = ways_out.take(published, Ways(forms=(PDF,)), _Settings(email=OWN), now=NOW, progress=str).files
    publishing.publish(example, today=dt.date(2011, 7, 29), progress=str)
    assert verify(places["pdf"], password=_not_asked).outcome is Outcome.CERTIFIED


def test_where_nobody_is_to_be_sent_to_nothing_is_replaced(cdrp_xl, example):
    copy = example / "published" / f"{STEM}.xlsx"
    copy.write_bytes(b"the former copy")
    before = {each: each.read_bytes() for each in copy.parent.iterdir()}
    run = cdrp_xl("publish", example, "--email")
    assert run.returncode == 1
    assert run.stderr.startswith("There is nobody to send the copy to.\n")
    assert {each: each.read_bytes() for each in copy.parent.iterdir()} == before


def test_the_same_copy_gives_the_same_draft(published):
    place = ways_out.as_eml(published, ways_out.draft(published, OWN, attached=published.copy))
    first = place.read_bytes()
    assert ways_out.as_eml(published, ways_out.draft(published, OWN, attached=published.copy)).read_bytes() == first


def test_the_draft_of_a_sensitive_copy_says_its_marking_and_nothing_of_what_it_holds(published):
    sent = marked(published)
    drafted = ways_out.draft(sent, OWN, attached=ways_out.encrypted(sent, PASSWORD))
    assert drafted.subject.startswith("OFFICIAL-SENSITIVE: Performance report")
    assert "It opens with a password, which you will be given in another way." in drafted.body
    for result in published.report.priorities:
        assert result.title not in drafted.body
        assert result.sentence not in drafted.body


def test_without_anybody_to_send_it_to_there_is_no_draft(published):
    with pytest.raises(ValueFoundError, match=r"^There is nobody to send the copy to\.") as refused:
        ways_out.draft(published, EmailSettings(), attached=published.copy)
    assert "partnership.toml, email.recipients" in refused.value.where


@pytest.mark.parametrize("wrong", [{"recipients": ("nobody",)}, {"sender": "me"}])
def test_an_address_that_is_none_is_named_with_its_place(published, wrong):
    own = EmailSettings(**({"recipients": ("council@example.org",)} | wrong))
    with pytest.raises(ValueFoundError, match="is not an e-mail address") as refused:
        ways_out.draft(published, own, attached=published.copy)
    assert refused.value.where.startswith("partnership.toml, email.")


def test_a_sensitive_copy_is_sent_encrypted_or_not_at_all(published):
    with pytest.raises(RefusedByGateError) as refused:
        ways_out.check_may_be_sent(marked(published).report, OWN, is_encrypted=False)
    assert str(refused.value) == (
        "The copy is OFFICIAL-SENSITIVE and is not encrypted, so it is not sent.\n"
        "Where: South Cambridgeshire, 2011-12 Q1\n"
        "What to do: Publish with --encrypt as well, and give partners the password in another way."
    )
    ways_out.check_may_be_sent(marked(published).report, OWN, is_encrypted=True)
    ways_out.check_may_be_sent(published.report, OWN, is_encrypted=False)


@pytest.mark.parametrize("key", ["host", "sender"])
def test_without_a_server_or_a_sender_nothing_is_sent(published, key):
    own = EmailSettings(**({"host": "localhost", "sender": "research@example.org"} | {key: ""}))
    with pytest.raises(ValueFoundError, match=f"There is no {key} to send the e-mail with"):
        ways_out.check_may_be_sent(published.report, own, is_encrypted=True)


def test_what_is_barred_is_reported_before_anything_is_written(published):
    before = sorted(published.copy.parent.iterdir())
    settings = _Settings(email=OWN)
    with pytest.raises(RefusedByGateError, match="is not sent"):
        ways_out.take(marked(published), Ways(send=True, forms=(PDF,)), settings, now=NOW, progress=str)
    assert sorted(published.copy.parent.iterdir()) == before


class _Settings:
    def __init__(self, email):
        self.email = email


def test_what_was_made_of_a_former_copy_is_kept_as_that_is(published):
    ways_out.encrypted(published, PASSWORD)
    ways_out.encrypted(replace(published, former=Path("former")), PASSWORD)
    assert published.copy.with_name(f"{STEM}-encrypted (superseded 1).xlsx").exists()


def test_no_password_is_in_what_a_log_could_show():
    assert "secret" not in repr(Ways(password="a secret", mail_password="secret"))  # noqa: S106


def with_email(folder):
    settings = folder / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[report]", '[email]\nrecipients = ["a@example.org"]\n[report]'), encoding="utf-8")


def test_the_command_writes_what_it_is_asked_for_and_never_shows_the_password(cdrp_xl, example):
    with_email(example)
    assert cdrp_xl("refresh", example).returncode == 0
    run = cdrp_xl("publish", example, "--encrypt", "--email", CDRP_XL_PASSWORD=PASSWORD)
    assert (run.returncode, run.stderr) == (0, "")
    assert f"Encrypted copy: {example / 'published' / f'{STEM}-encrypted.xlsx'}" in run.stdout
    assert f"Email draft: {example / 'published' / f'{STEM}.eml'}" in run.stdout
    assert PASSWORD not in run.stdout
    (attached,) = read(example / "published" / f"{STEM}.eml").iter_attachments()
    assert attached.get_filename() == f"{STEM}-encrypted.xlsx"
    again = cdrp_xl("verify", example / "published" / f"{STEM}-encrypted.xlsx", CDRP_XL_PASSWORD=PASSWORD)
    assert (again.returncode, PASSWORD in again.stdout) == (0, False)


def test_a_short_password_is_refused_before_anything_is_published(cdrp_xl, example):
    copy = example / "published" / f"{STEM}.xlsx"
    copy.unlink()
    run = cdrp_xl("publish", example, "--encrypt", CDRP_XL_PASSWORD="short")  # noqa: S106
    assert run.returncode == 1
    assert run.stderr.startswith("The password has 5 characters, which does not do.\n")
    assert not copy.exists()


def test_where_nobody_can_be_asked_the_environment_is_named(cdrp_xl, example):
    run = cdrp_xl("publish", example, "--encrypt")
    assert run.returncode == 1
    assert "Where: the environment variable CDRP_XL_PASSWORD" in run.stderr


@pytest.mark.skipif(os.name != "posix", reason="a terminal is made with pty, which only POSIX has")
def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(example):
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "cdrp_xl", "publish", str(example), "--encrypt"])  # noqa: S606
    shown = b""
    for prompt in (b"Password: ", b"confirmation: "):
        while not shown.endswith(prompt):
            shown += os.read(terminal, 1024)
        os.write(terminal, PASSWORD.encode() + b"\n")
    while True:
        try:
            more = os.read(terminal, 1024)
        except OSError:  # the terminal is closed with the program
            break
        if not more:
            break
        shown += more
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert PASSWORD.encode() not in shown
    place = example / "published" / f"{STEM}-encrypted.xlsx"
    assert encryption.decrypt(place.read_bytes(), PASSWORD, name="x").startswith(b"PK")


def test_the_command_makes_a_pdf(engine, cdrp_xl, example):
    run = cdrp_xl("publish", example, "--pdf", "--json")
    assert run.returncode == 0, run.stderr
    assert (example / "published" / f"{STEM}.pdf").read_bytes().startswith(b"%PDF-1.")
    assert verify(example / "published" / f"{STEM}.pdf", password=_not_asked).outcome is Outcome.CERTIFIED
