"""The ways out of a published copy: in other forms, encrypted, in an e-mail that is drafted or sent.

Each takes the copy that passed the gate, and writes beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cdrp_xl import beside
from cdrp_xl.errors import RefusedByGateError, ValueFoundError
from cdrp_xl.report.wording import say
from cdrp_xl.sending import eml
from cdrp_xl.sending.eml import Attachment, Draft
from cdrp_xl.sending.smtp import Server
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.terms import Marking, as_shown
from cdrp_xl.workbooks import certificate, gating
from cdrp_xl.workbooks.forms import FORMS

if TYPE_CHECKING:
    import datetime as dt
    import ssl
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.report import Report
    from cdrp_xl.report.model import PriorityResult
    from cdrp_xl.settings import EmailSettings, Settings
    from cdrp_xl.workbooks.forms import Form
    from cdrp_xl.workbooks.gating import Passed
    from cdrp_xl.workbooks.publishing import Published

ENCRYPTED = "-encrypted"
"""What is added to the name of a copy that opens with a password alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Which ways a copy goes out. The passwords go into no message and no log.

    `password` encrypts the copy, empty leaves it as it is; `mail_password` is that of the mail server's user.
    """

    forms: tuple[Form, ...] = ()
    password: str = field(default="", repr=False)
    email: bool = False
    send: bool = False
    mail_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of a copy, by what it is; `to_look_at` has what the gate found in forms and not in the copy."""

    files: Mapping[str, Path]
    to_look_at: tuple[str, ...] = ()


def take(
    published: Published, ways: Ways, settings: Settings, *, now: dt.datetime, progress: Callable[[str], None]
) -> Written:
    """Take a published copy every way that is asked for, and return what was written.

    Parameters
    ----------
    published
        The publish whose copy goes out.
    ways
        What is asked for.
    settings
        The partnership's settings.
    now
        When an e-mail is sent, with its time zone.
    progress
        Called with what is being done, in a few words.

    Raises
    ------
    CdrpError
        If a way is barred; nothing is sent then.
    """
    check(published.report, ways, settings.email)
    forms = in_forms(published, ways.forms, settings, progress=progress)
    written = dict(forms.files)
    beside_it = tuple(written.values())
    attached = published.copy
    if ways.password:
        progress("Encrypting the copy")
        attached = written["encrypted_copy"] = encrypted(published, ways.password)
        _certify(published, [attached])
    if ways.email or ways.send:
        drafted = draft(published, settings.email, attached=attached, beside_it=beside_it)
        written["email_draft"] = as_eml(published, drafted)
        if ways.send:
            progress("Sending the e-mail")
            send(drafted, settings.email, password=ways.mail_password, now=now)
    return replace(forms, files=written)


def check(built: Report, ways: Ways, settings: EmailSettings) -> None:
    """Refuse a way that is barred, or an e-mail to nobody, before the copy takes the place of a former one.

    Raises
    ------
    RefusedByGateError
        If the copy is OFFICIAL-SENSITIVE, would be sent, and is not encrypted.
    ValueFoundError
        If there is no recipient, or an address is not one; or no server or sender to send it with.
    """
    if ways.send:
        check_may_be_sent(built, settings, is_encrypted=bool(ways.password))
    if ways.email or ways.send:
        _recipients(built, settings)


def in_forms(
    published: Published, forms: Sequence[Form], settings: Settings, *, progress: Callable[[str], None]
) -> Written:
    """Write a copy in other forms beside it, certify them, and return where each is by its name.

    All are made before any is written.

    Raises
    ------
    RefusedByGateError
        If the gate finds anything in one that blocks.
    OfficeUnavailableError
        If LibreOffice is not installed, and one can't be made without it.
    CannotBeWrittenError
        If one can't be made or written.
    """
    made: dict[str, tuple[Path, bytes]] = {}
    to_look_at: list[str] = []
    for form in forms:
        progress(f"Making {form.called}")
        place, content = form.place(published.copy), form.make(published)
        if form.is_checked:
            folder = published.copy.parents[1]
            passed = gating.check(content, place.name, settings=settings, folder=folder, built=published.report)
            to_look_at += _found_in_form(form, passed, published.passed)
        made[form.name] = place, content
    written = {name: _put(published, place, content) for name, (place, content) in made.items()}
    if written:
        _certify(published, written.values())
    return Written(files=written, to_look_at=tuple(to_look_at))


def _found_in_form(form: Form, passed: Passed, of_copy: Passed) -> Iterator[str]:
    """Yield a sentence on each thing that the gate found in a form and not in the copy, with the first place of it."""
    known = {each.what for each in of_copy.findings}
    found = [each for each in passed.findings if each.what not in known]
    for what, times in Counter(each.what for each in found).items():
        first = next(each for each in found if each.what == what)
        places = f" ({times:,} places)" if times > 1 else ""
        yield f"In {form.called}: {what.removesuffix('.')}{places}. Look at {first.where}."


def encrypted(published: Published, password: str) -> Path:
    """Write a copy beside it that opens with a password alone, and return its place.

    Raises
    ------
    ValueFoundError
        If the password is too short or too long.
    CannotBeWrittenError
        If it can't be written.
    """
    from cdrp_xl.sending import encryption

    copy = published.copy
    content = encryption.encrypt(copy.read_bytes(), password)
    return _put(published, copy.with_name(f"{copy.stem}{ENCRYPTED}{copy.suffix}"), content)


def draft(published: Published, settings: EmailSettings, *, attached: Path, beside_it: Sequence[Path] = ()) -> Draft:
    """Return the e-mail to partners, with the copy, its other forms if there are any, and its certificate attached.

    An encrypted copy goes alone: whatever lay beside it would lie open.

    Parameters
    ----------
    published
        The publish whose copy is sent.
    settings
        Who sends it, and to whom beside the contacts that the analyst typed.
    attached
        The copy as it goes out.
    beside_it
        The copy in other forms, as far as they were asked for.

    Raises
    ------
    ValueFoundError
        If there is no recipient, or an address is not one.
    """
    built = published.report
    recipients = _recipients(built, settings)
    files = (attached, *beside_it, published.certificate) if attached == published.copy else (attached,)
    return Draft(
        subject=_subject(built),
        body=_body(published, files),
        sender=settings.sender,
        bcc=recipients,
        attachments=tuple(Attachment(name=each.name, content=each.read_bytes()) for each in files),
    )


def _recipients(built: Report, settings: EmailSettings) -> tuple[str, ...]:
    """Return who is sent a copy: those in the settings, and the contacts that the analyst typed."""
    contacts = [contact.email for contact in built.inputs.contacts]
    recipients = tuple(dict.fromkeys([*settings.recipients, *contacts]))
    if not recipients:
        raise ValueFoundError(
            "There is nobody to send the copy to.",
            where=f"{FILE_NAME}, email.recipients; the master's worksheet Inputs, table tblContacts",
            remedy="Name who is sent it in either place.",
        )
    eml.check_addresses(recipients, where=f"{FILE_NAME}, email.recipients; the worksheet Inputs, table tblContacts")
    if settings.sender:
        eml.check_addresses([settings.sender], where=f"{FILE_NAME}, email.sender")
    return recipients


def as_eml(published: Published, drafted: Draft) -> Path:
    """Write an e-mail to partners as a draft beside the copy, and return its place.

    Raises
    ------
    CannotBeWrittenError
        If it can't be written.
    """
    return _put(published, published.copy.with_suffix(".eml"), eml.write(drafted))


def check_may_be_sent(built: Report, settings: EmailSettings, *, is_encrypted: bool) -> None:
    """Refuse to send what is sensitive and not encrypted, or without a server and a sender.

    Raises
    ------
    RefusedByGateError
        If the copy is OFFICIAL-SENSITIVE and not encrypted.
    ValueFoundError
        If the settings name no server, or no sender.
    """
    if built.marking is Marking.OFFICIAL_SENSITIVE and not is_encrypted:
        raise RefusedByGateError(
            f"The copy is {built.marking.value} and is not encrypted, so it is not sent.",
            where=f"{built.area}, {built.period.name}",
            remedy="Publish with --encrypt as well, and give partners the password in another way.",
        )
    for key in ("host", "sender"):
        if not getattr(settings, key):
            raise ValueFoundError(
                f"There is no {key} to send the e-mail with.",
                where=f"{FILE_NAME}, email.{key}",
                remedy="Write the mail server's name in email.host, and your address in email.sender.",
            )


def send(
    drafted: Draft, settings: EmailSettings, *, password: str, now: dt.datetime, context: ssl.SSLContext | None = None
) -> None:
    """Send an e-mail to partners through the settings' server.

    Raises
    ------
    CannotBeWrittenError
        If the server can't be reached, is not secure, or refuses anything.
    """
    from cdrp_xl.sending import smtp

    server = Server(host=settings.host, port=settings.port, user=settings.user, password=password)
    smtp.send(drafted, server, now=now, context=context)


def _put(published: Published, place: Path, content: bytes) -> Path:
    """Write a file beside the copy; one that was made of a former copy is kept, as that is."""
    beside.replace(place, content, keep="superseded" if published.former else "")
    return place


def _certify(published: Published, files: Iterable[Path]) -> None:
    """Note in the copy's certificate which files were made of it."""
    held = certificate.with_files(certificate.read(published.certificate), [*map(certificate.hashed_file, files)])
    beside.replace(published.certificate, certificate.as_bytes(held))


def _subject(built: Report) -> str:
    subject = say("email", "subject", title=built.title, area=built.area, words=built.period.words)
    if built.marking is Marking.OFFICIAL:
        return subject
    return say("email", "marked", marking=built.marking.value, subject=subject)


def _body(published: Published, files: Sequence[Path]) -> str:
    """Return the e-mail's text; an e-mail is open to whoever carries it, so nothing sensitive is said in it."""
    built, attached = published.report, files[0]
    is_encrypted = attached != published.copy
    opening = [say("email", "attached", area=built.area, words=built.period.words, name=attached.name)]
    opening += [say("email", "encrypted")] if is_encrypted else []
    called = {form.place(published.copy): form.called for form in FORMS}
    opening += [say("email", "in_form", form=called[each], name=each.name) for each in files if each in called]
    said = [_position(built, result) for result in built.priorities]
    if is_encrypted or built.marking is not Marking.OFFICIAL:
        said = [say("email", "not_here")]
    parts = [
        say("email", "greeting"),
        " ".join(opening),
        *said,
        say("email", "certified", name=certificate.path_of(published.copy).name),
        say("email", "close", producer=built.producer or built.partnership),
    ]
    return "\n\n".join(parts) + "\n"


def _position(built: Report, result: PriorityResult) -> str:
    """Return a priority's position and figures; the analyst's own judgement is said to be one, as in the copy."""
    is_judged = result.priority_id in built.inputs.words_for(built.period).overrides
    sentence = f"{result.assessment.reason} {result.sentence}" if is_judged else result.sentence
    position = as_shown(result.assessment.status)
    return say("email", "headline", title=result.title, position=position, sentence=sentence)
