"""Sending through a real mail server on this machine: over STARTTLS, with a password, or not at all."""

from __future__ import annotations

import datetime as dt
import email
import socket
import ssl
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.sending import smtp
from cdrp_xl.sending.eml import Attachment, Draft
from cdrp_xl.sending.smtp import Server

NOW = dt.datetime(2011, 7, 29, 12, tzinfo=dt.UTC)
USER, PASSWORD = "research@example.org", "of the mail server"
DRAFT = Draft(
    subject="Report",
    body="Dear partners,\n\n.a line that begins with a point\n",
    sender="research@example.org",
    bcc=("council@example.org", "police@example.org"),
    attachments=(Attachment(name="copy.xlsx", content=bytes(range(256)) * 40),),
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost that signs itself, made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


class Inbox:
    """What a mail server does with what it is sent."""

    def __init__(self, *, refuses=(), says=""):
        self.refuses = refuses
        self.says = says
        self.received = []
        self.greeted_by = ""

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802
        session.host_name = self.greeted_by = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        if self.says:
            return self.says
        self.received.append(envelope)
        return "250 OK"


class Plain(Controller):
    """A mail server that keeps its port open and its lines in the clear."""

    options: dict = {}  # noqa: RUF012

    def factory(self):
        return SMTP(self.handler, hostname="localhost", **self.options)


@pytest.fixture
def serve(certificate):
    started = []

    def start(inbox, *, is_secure=True):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        control = Plain(inbox, hostname="127.0.0.1", port=0, server_hostname="127.0.0.1")
        control.options = {
            "tls_context": context if is_secure else None,
            "require_starttls": is_secure,
            "authenticator": lambda _server, _session, _envelope, _kind, data: AuthResult(
                success=(data.login.decode(), data.password.decode()) == (USER, PASSWORD), handled=False
            ),
        }
        control.port = free_port()
        control.start()
        started.append(control)
        return Server(host="localhost", port=control.port, user=USER, password=PASSWORD, seconds=120)

    yield start
    for control in started:
        control.stop()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def trusted(certificate):
    return ssl.create_default_context(cafile=certificate)


def test_the_draft_arrives_whole_at_every_blind_recipient_who_sees_no_other(serve, trusted):
    inbox = Inbox()
    smtp.send(DRAFT, serve(inbox), now=NOW, context=trusted)
    assert inbox.greeted_by == "example.org", "and not by the name of the analyst's computer"
    (envelope,) = inbox.received
    assert (envelope.mail_from, envelope.rcpt_tos) == (DRAFT.sender, list(DRAFT.bcc))
    mail = email.message_from_bytes(envelope.original_content, policy=policy.default)
    assert (mail["Bcc"], mail["X-Unsent"], mail["Subject"]) == (None, None, "Report")
    assert mail["Date"] == "Fri, 29 Jul 2011 12:00:00 +0000"
    assert mail["Message-ID"].endswith("@example.org>")
    assert ".a line that begins with a point" in mail.get_body().get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == DRAFT.attachments[0].content
    assert b"council@example.org" not in envelope.original_content


def refusal(draft, server, trusted):
    with pytest.raises(CannotBeWrittenError, match="mail server") as refused:
        smtp.send(draft, server, now=NOW, context=trusted)
    assert PASSWORD not in str(refused.value)
    assert PASSWORD not in repr(server)
    return refused.value


def test_a_wrong_password_is_reported(serve, trusted):
    from dataclasses import replace

    server = replace(serve(Inbox()), password="another")  # noqa: S106
    assert refusal(DRAFT, server, trusted).what == (
        f'The e-mail was not sent: the mail server does not take the password of "{USER}".'
    )


def test_nothing_is_sent_in_the_clear(serve, trusted):
    inbox = Inbox()
    refused = refusal(DRAFT, serve(inbox, is_secure=False), trusted)
    assert "does not offer STARTTLS, and nothing is sent in the clear" in refused.what
    assert inbox.received == []


def test_a_server_that_can_not_show_who_it_is_gets_nothing(serve):
    inbox = Inbox()
    refused = refusal(DRAFT, serve(inbox), ssl.create_default_context())
    assert "the mail server can't show that it is localhost (CERTIFICATE_VERIFY_FAILED)" in refused.what
    assert inbox.received == []


def test_a_server_that_refuses_the_e_mail_is_quoted(serve, trusted):
    refused = refusal(DRAFT, serve(Inbox(says="552 too large for this mailbox")), trusted)
    assert refused.what == "The e-mail was not sent: the mail server refused it (552 too large for this mailbox)."


def test_recipients_who_are_refused_are_named_and_the_others_have_it(serve, trusted):
    inbox = Inbox(refuses={"police@example.org"})
    refused = refusal(DRAFT, serve(inbox), trusted)
    assert refused.what == "The mail server refused police@example.org; the others have been sent the e-mail."
    assert [envelope.rcpt_tos for envelope in inbox.received] == [["council@example.org"]]


def test_where_every_recipient_is_refused_nothing_is_sent(serve, trusted):
    inbox = Inbox(refuses=set(DRAFT.bcc))
    assert (
        "refused every recipient: council@example.org, police@example.org" in refusal(DRAFT, serve(inbox), trusted).what
    )
    assert inbox.received == []


def test_a_server_that_is_not_there_is_reported(trusted):
    refused = refusal(DRAFT, Server(host="localhost", port=free_port()), trusted)
    assert refused.what.startswith("The e-mail was not sent: the mail server can't be reached")


@pytest.mark.whole
def test_a_server_that_does_not_answer_is_not_waited_for_long(trusted):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = Server(host="127.0.0.1", port=silent.getsockname()[1], seconds=0.3)
        refused = refusal(DRAFT, server, trusted)
    assert refused.what == "The e-mail was not sent: the mail server did not answer within 0.3 seconds."
