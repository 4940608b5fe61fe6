"""A draft e-mail as an .eml file, which Outlook, Apple Mail and Thunderbird open ready to be looked at and sent.

The same draft gives the same bytes: it has no date and no id until it is sent.
"""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORKBOOK_TYPE = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with an e-mail, under a name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An e-mail before it is sent. Blind recipients (`bcc`) do not see one another; `body` is plain text."""

    subject: str
    body: str
    sender: str = ""
    to: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def write(draft: Draft) -> bytes:
    """Return a draft as an .eml file, marked as not yet sent.

    Raises
    ------
    ValueFoundError
        If an address is not one.
    """
    unsent = message(draft)
    unsent["X-Unsent"] = "1"
    return unsent.as_bytes()


def message(draft: Draft) -> EmailMessage:
    """Return a draft as an e-mail; see `write`."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = " ".join(draft.subject.split())
    for heading, addresses in (("From", [draft.sender] if draft.sender else []), ("To", draft.to), ("Bcc", draft.bcc)):
        if addresses:
            mail[heading] = [_address(text) for text in addresses]
    mail.set_content(draft.body, cte="quoted-printable")
    for attachment in draft.attachments:
        kind, subkind = _kind(attachment.name)
        mail.add_attachment(attachment.content, maintype=kind, subtype=subkind, filename=attachment.name)
    _bound(mail, draft.attachments)
    return mail


def check_addresses(addresses: Sequence[str], *, where: str) -> None:
    """Refuse what is not an e-mail address, naming the place where it was typed.

    Raises
    ------
    ValueFoundError
        If an address is not one.
    """
    for text in addresses:
        try:
            _address(text)
        except ValueFoundError as wrong:
            raise ValueFoundError(wrong.what, where=where, remedy=wrong.remedy) from wrong


def _address(text: str) -> Address:
    try:
        address = Address(addr_spec=text)
        text.encode("ascii")
    except (ValueError, MessageError, IndexError) as wrong:
        raise _not_an_address(text) from wrong
    if not address.domain or address.addr_spec != text:
        raise _not_an_address(text)
    return address


def _not_an_address(text: str) -> ValueFoundError:
    return ValueFoundError(
        f"{quoted(text)} is not an e-mail address.",
        where="the recipients of the e-mail",
        remedy='Write it plainly, as "name@example.org".',
    )


def _kind(name: str) -> tuple[str, str]:
    if name.endswith(".xlsx"):
        return _WORKBOOK_TYPE
    kind, _, subkind = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
    return kind, subkind


def _bound(mail: EmailMessage, attachments: Sequence[Attachment]) -> None:
    """Set the line between the parts, which is drawn by lot otherwise, from what they hold."""
    if attachments:
        digest = hashlib.sha256(b"".join(attachment.content for attachment in attachments))
        mail.set_boundary(f"=_cdrp-xl-{digest.hexdigest()[:32]}")
