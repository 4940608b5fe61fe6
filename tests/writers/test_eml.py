import email
from email.policy import default

import pytest

from cdrp_xl.writers import eml
from cdrp_xl.writers.eml import Attachment

FORM = Attachment(name="Réturn.xlsx", content=b"PK\x03\x04form")


def draft(**changes):
    given = {
        "to": "team@example.org",
        "subject": "Return for Q1: drug",
        "body": "Please fill in.\n",
        "attachments": (FORM,),
    }
    return eml.draft(**(given | changes))


def test_a_draft_is_read_back_with_its_attachment():
    message = email.message_from_bytes(draft(), policy=default)
    assert (message["To"], message["Subject"]) == ("team@example.org", "Return for Q1: drug")
    assert message.get_body().get_content().splitlines() == ["Please fill in."]
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == FORM.name
    assert attached.get_content() == FORM.content
    assert attached.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_draft_is_opened_to_be_sent_and_says_nothing_of_its_maker():
    message = email.message_from_bytes(draft(), policy=default)
    assert message["X-Unsent"] == "1"
    assert not {"From", "Date", "Message-ID"} & set(message.keys())


def test_the_same_draft_gives_the_same_bytes():
    assert draft() == draft()
    assert draft() != draft(attachments=(Attachment(name=FORM.name, content=b"other"),))


def test_a_draft_without_address_or_attachment_is_one_too():
    message = email.message_from_bytes(draft(to="", attachments=()), policy=default)
    assert message["To"] is None
    assert message.get_content().splitlines() == ["Please fill in."]


def test_an_address_can_not_bring_a_heading_of_its_own():
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        draft(to="team@example.org\nBcc: other@example.org")
