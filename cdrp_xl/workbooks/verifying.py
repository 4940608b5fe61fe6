"""Verify: whether a file is the copy that was certified, or was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError
from cdrp_xl.sending import encryption
from cdrp_xl.workbooks import certificate
from cdrp_xl.workbooks.ways_out import ENCRYPTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Outcome(Enum):
    """What a comparison of a copy with its certificate comes to; the value is the command's exit code."""

    CERTIFIED = 0
    CHANGED = 1
    NO_CERTIFICATE = 3
    CERTIFICATE_DAMAGED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome, in a sentence of its own, with what a reader may want to know beside it."""

    outcome: Outcome
    sentence: str
    details: tuple[tuple[str, str], ...] = ()


def verify(file: Path, *, against: Path | None = None, password: Callable[[], str]) -> Verdict:
    """Return whether a file is the copy that was certified, or was made of it: in another form, or encrypted.

    Parameters
    ----------
    file
        The workbook, or the copy in another form.
    against
        The certificate; None takes the one beside the workbook under its name.
    password
        Asked for the password of an encrypted workbook that its certificate does not know.

    Raises
    ------
    FileError
        If there is no such workbook, or an encrypted one is damaged.
    ValueFoundError
        If the password is not the one that it was encrypted with.
    """
    content = damage.read_file(file)
    place = against or certificate.path_of(file.with_stem(file.stem.removesuffix(ENCRYPTED)))
    if not place.exists():
        return Verdict(
            outcome=Outcome.NO_CERTIFICATE,
            sentence=f"{file.name} has no certificate: there is no {place.name} beside it, so nothing is known about "
            "it.",
        )
    try:
        held = certificate.read(place)
    except FileError as wrong:
        return Verdict(
            outcome=Outcome.CERTIFICATE_DAMAGED, sentence=f"{wrong.what} Nothing is known about {file.name}."
        )
    found = certificate.hashed(file.name, content)
    is_made_of_it = found.sha256 in {each.sha256 for each in held.made_of_it}
    if encryption.is_encrypted(content) and not is_made_of_it:
        found = certificate.hashed(file.name, encryption.decrypt(content, password(), name=file.name))
    if found.sha256 != held.copy.sha256 and not is_made_of_it:
        return Verdict(
            outcome=Outcome.CHANGED,
            sentence=f"{file.name} is not the copy that was certified: it was changed since, or is another file.",
            details=(
                ("Certified", f"{held.copy.name}, {held.copy.sha256}"),
                ("Found", f"{found.name}, {found.sha256}"),
            ),
        )
    is_it = "was made of" if is_made_of_it else "is"
    return Verdict(
        outcome=Outcome.CERTIFIED,
        sentence=f"{file.name} {is_it} the copy of {held.area}, {held.quarter}, that was certified on {held.date}.",
        details=(
            ("Partnership", held.partnership),
            ("Marking", held.marking),
            ("Made by", held.made_by),
            ("SHA-256", held.copy.sha256),
            ("Made of", f"{len(held.read):,} files"),
            ("Checks", f"{len(held.checks):,}, and {held.sums_proved:,} sums proved"),
        ),
    )
