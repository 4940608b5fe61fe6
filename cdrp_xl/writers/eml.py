"""A draft e-mail as a file (.eml), which a mail program opens to be read over and sent.

The same draft gives the same bytes.
"""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

_POLICY = SMTP.clone(max_line_length=998)  # the most that mail allows: a longer heading would be folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with the e-mail."""

    name: str
    content: bytes


def draft(*, to: str, subject: str, body: str, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """Return a draft: it has no sender, date or number of its own, which the mail program gives it when it is sent."""
    message = EmailMessage(policy=_POLICY)
    message["X-Unsent"] = "1"  # Outlook then opens it to be sent, not as one that came
    if to:
        message["To"] = to
    message["Subject"] = subject
    message.set_content(body)
    for attachment in attachments:
        kind, _, within = (mimetypes.guess_type(attachment.name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(attachment.content, maintype=kind, subtype=within, filename=attachment.name)
    if attachments:
        digest = hashlib.sha256(body.encode())
        for attachment in attachments:
            digest.update(attachment.content)
        message.set_boundary(f"cdrp-xl-{digest.hexdigest()[:32]}")
    return message.as_bytes()
