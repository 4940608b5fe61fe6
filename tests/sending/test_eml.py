"""A draft e-mail: read back as it was meant, the same bytes each time, and never a header more."""

from __future__ import annotations

import email
from email import policy

import pytest

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.sending import eml
from cdrp_xl.sending.eml import Attachment, Draft

COPY = Attachment(name="Ynys-Môn-2011-12-Q1.xlsx", content=b"PK\x03\x04 a workbook")
DRAFT = Draft(
    subject="Performance report, 2011-12 Q1",
    body="Dear partners,\n\nBurglary at Ynys Môn: down.\n" + "A long line. " * 40,
    sender="research@example.org",
    bcc=("council@example.org", "police@example.org"),
    attachments=(COPY,),
)


def read(content):
    return email.message_from_bytes(content, policy=policy.default)


def test_a_draft_opens_unsent_with_its_subject_body_and_blind_recipients():
    mail = read(eml.write(DRAFT))
    assert (mail["X-Unsent"], mail["Subject"], mail["From"]) == ("1", DRAFT.subject, "research@example.org")
    assert mail["Bcc"] == "council@example.org, police@example.org"
    assert (mail["To"], mail["Cc"], mail["Date"], mail["Message-ID"]) == (None,) * 4
    body = mail.get_body()
    assert body.get_content_type() == "text/plain"
    assert body.get_content().replace("\r\n", "\n").strip() == DRAFT.body.strip()


def test_the_copy_is_attached_byte_for_byte_under_its_name():
    (attached,) = read(eml.write(DRAFT)).iter_attachments()
    assert attached.get_filename() == COPY.name
    assert attached.get_content() == COPY.content
    assert attached.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(("name", "kind"), [("a.pdf", "application/pdf"), ("a.unknown", "application/octet-stream")])
def test_other_files_are_attached_as_what_they_are(name, kind):
    mail = read(eml.write(Draft(subject="S", body="B", attachments=(Attachment(name=name, content=b"x"),))))
    assert [part.get_content_type() for part in mail.iter_attachments()] == [kind]


def test_a_draft_may_have_open_recipients_and_no_attachment():
    mail = read(eml.write(Draft(subject="S", body="B", to=("partner@example.org",))))
    assert (mail["To"], mail["Bcc"], mail.is_multipart()) == ("partner@example.org", None, False)


def test_the_same_draft_gives_the_same_bytes_with_lines_as_mail_has_them():
    content = eml.write(DRAFT)
    assert eml.write(DRAFT) == content
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.splitlines())) < 999


def test_a_subject_of_several_lines_adds_no_header():
    mail = read(eml.write(Draft(subject="Report\r\nBcc: else@example.org", body="B", to=("a@example.org",))))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Report Bcc: else@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "nobody",
        "a@",
        "@example.org",
        "a b@example.org",
        "a@example.org, b@example.org",
        "A Person <a@example.org>",
        "a@example.org\r\nBcc: b@example.org",
        "ä@example.org",
        "",
    ],
)
def test_what_is_not_an_address_is_refused_by_name(text):
    with pytest.raises(ValueFoundError, match="is not an e-mail address") as refused:
        eml.write(Draft(subject="S", body="B", bcc=("a@example.org", text)))
    assert refused.value.what == f'"{text}" is not an e-mail address.'


def test_an_address_is_refused_with_the_place_where_it_was_typed():
    eml.check_addresses(["a@example.org"], where="partnership.toml, email.recipients")
    with pytest.raises(ValueFoundError, match=r'^"here" is not an e-mail address') as refused:
        eml.check_addresses(["a@example.org", "here"], where="partnership.toml, email.recipients")
    assert refused.value.where == "partnership.toml, email.recipients"
