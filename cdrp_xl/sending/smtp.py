"""Sending an e-mail through a mail server (SMTP), never but over STARTTLS."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeWrittenError, name_some, quoted
from cdrp_xl.sending import eml

if TYPE_CHECKING:
    import datetime as dt

    from cdrp_xl.sending.eml import Draft

SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server, and who sends through it; without a user no password is given."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = SECONDS

    @property
    def place(self) -> str:
        """Where it is, for a message."""
        return f"the mail server {self.host}, port {self.port}"


def send(draft: Draft, server: Server, *, now: dt.datetime, context: ssl.SSLContext | None = None) -> None:
    """Send a draft to all of its recipients.

    Parameters
    ----------
    draft
        The e-mail, with its sender.
    server
        The mail server.
    now
        When it is sent, with its time zone.
    context
        Which certificates are trusted; None takes those of the system.

    Raises
    ------
    CannotBeWrittenError
        If the server can't be reached, is not what it says, has no STARTTLS, or refuses the password, the e-mail or a
        recipient; the message says which.
    """
    mail = eml.message(draft)
    mail["Date"] = format_datetime(now)
    domain = draft.sender.rpartition("@")[2]
    mail["Message-ID"] = make_msgid(domain=domain)
    try:
        # Left out, the greeting is this computer's own name, which servers write into the e-mail that partners get.
        with smtplib.SMTP(server.host, server.port, local_hostname=domain, timeout=server.seconds) as line:
            line.starttls(context=context or ssl.create_default_context())
            if server.user:
                line.login(server.user, server.password)
            refused = line.send_message(mail)
    except (OSError, smtplib.SMTPException) as wrong:
        raise _refused(wrong, server) from wrong
    if refused:
        raise CannotBeWrittenError(
            f"The mail server refused {name_some(sorted(refused))}; the others have been sent the e-mail.",
            where=server.place,
            remedy="Correct these addresses and send the draft to them by hand: sending again would reach everyone "
            "else twice.",
        )


def _refused(wrong: Exception, server: Server) -> CannotBeWrittenError:
    slow = wrong.__context__  # smtplib calls a silence in the middle a disconnection
    what, remedy = _in_words(slow if isinstance(slow, TimeoutError) else wrong, server)
    return CannotBeWrittenError(f"The e-mail was not sent: {what}.", where=server.place, remedy=remedy)


def _in_words(wrong: Exception, server: Server) -> tuple[str, str]:
    """Return what went wrong, and what to do about it."""
    reach = "Check that email.host and email.port are right, and that your network lets you reach them."
    match wrong:
        case smtplib.SMTPAuthenticationError():
            what = f"the mail server does not take the password of {quoted(server.user)}"
            remedy = "Check that email.user is right in partnership.toml, and the password in the environment."
        case smtplib.SMTPNotSupportedError():
            what = "the mail server does not offer STARTTLS, and nothing is sent in the clear"
            remedy = "Ask who runs it for a server and port with STARTTLS (usually 587), for [email]."
        case smtplib.SMTPRecipientsRefused():
            what = f"the mail server refused every recipient: {name_some(sorted(wrong.recipients))}"
            remedy = "Correct the addresses, then send again."
        case smtplib.SMTPResponseException():
            what = f"the mail server refused it ({wrong.smtp_code} {_server_reply(wrong)})"
            remedy = "Ask who runs the mail server what it means."
        case ssl.SSLError():
            what = f"the mail server can't show that it is {server.host} ({wrong.reason or 'no secure line'})"
            remedy = "Check that email.host is right in partnership.toml; if it is, ask who runs the mail server."
        case TimeoutError():
            what, remedy = f"the mail server did not answer within {server.seconds:g} seconds", reach
        case _:
            what, remedy = f"the mail server can't be reached ({wrong})", reach
    return what, remedy


def _server_reply(wrong: smtplib.SMTPResponseException) -> str:
    said = wrong.smtp_error
    return said.decode(errors="replace") if isinstance(said, bytes) else said
