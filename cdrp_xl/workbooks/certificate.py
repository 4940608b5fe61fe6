"""The certificate of a published copy: what it was made of, what was checked, and the hash by which it is known.

It is kept beside the copy as JSON. It holds no count, so it may go wherever the copy goes. The same copy of the same
extracts has the same certificate.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import msgspec

import cdrp_xl
from cdrp_xl.errors import FileError, name_some, quoted
from cdrp_xl.report.wording import say
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.workbooks import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.publication import Finding
    from cdrp_xl.report import Report
    from cdrp_xl.settings import Settings
    from cdrp_xl.workbooks.gating import Passed

ENDING = ".certificate.json"

_FORM = 1
_NOTHING = "nothing found"
_HASH_SHOWN = 16
_EXTRACTS_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """A file by its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """An offence classification, by its name, its title and the SHA-256 of its rows, codes and sums."""

    name: str
    title: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Something that was looked at, and what was found."""

    what: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallCounts:
    """How many cells of a worksheet are hidden, and whether its counts are rounded."""

    sheet: str
    hidden: int
    rounded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The analyst's own judgement, or a warning that was accepted: of what, which, and why."""

    what: str
    judgement: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """All that is certified of a copy. `seal` is the SHA-256 of the rest, so that a damaged one is known.

    `made_of_it` are its other forms and the encrypted file that were made of the copy.
    """

    form: int
    copy: Hashed
    partnership: str
    area: str
    quarter: str
    date: str
    marking: str
    made_by: str
    read: tuple[Hashed, ...]
    definitions: tuple[Definitions, ...]
    sums_proved: int
    checks: tuple[Checked, ...]
    small_counts: tuple[SmallCounts, ...]
    judgements: tuple[Judged, ...]
    accepted: tuple[Judged, ...]
    made_of_it: tuple[Hashed, ...] = ()
    seal: str = ""


def path_of(copy: Path) -> Path:
    """Return the place of a copy's certificate."""
    return copy.with_suffix(ENDING)


def files_read(settings: Settings, folder: Path) -> tuple[Hashed, ...]:
    """Return the hash of every extract, and last of the settings that name them, by the file's name alone.

    The way to a file has names of people and servers, and nobody needs it to know the file again.
    """
    return in_order(map(hashed_file, record.files_read(settings, folder).values()))


def in_order(found: Iterable[Hashed]) -> tuple[Hashed, ...]:
    """Return the files that were read as a certificate has them, the settings last."""
    return tuple(sorted(found, key=lambda each: (each.name == FILE_NAME, each.name, each.sha256)))


def short_form(
    built: Report, read: Sequence[Hashed], classification: Classification, *, name: str
) -> tuple[tuple[str, str], ...]:
    """Return what the copy itself says about its certificate, which can't hold the copy's own hash."""
    small = [
        say(
            "certified",
            "small_counts_rounded" if each.is_rounded else "small_counts",
            sheet=each.sheet,
            hidden=each.hidden,
        )
        for each in built.suppressed
    ]
    shown = [say("certified", "extract", name=each.name, sha256=each.sha256[:_HASH_SHOWN]) for each in read]
    more = len(shown) - _EXTRACTS_SHOWN
    shown = shown[:_EXTRACTS_SHOWN] + ([say("certified", "more_extracts", more=more)] if more > 0 else [])
    judged = _judgements(built)
    return (
        ("Made by", software()),
        ("Sums", say("certified", "sums", declared=_declared(classification), title=classification.title)),
        ("Small counts", " ".join(small) or say("certified", "every_count")),
        (
            "Positions",
            say("certified", "judgements", judgements=len(judged), priorities=len(built.priorities))
            if judged
            else say("certified", "by_rule"),
        ),
        ("Extracts", "; ".join(shown)),
        *_not_counted(built),
        ("Certificate", say("certified", "whole", name=name)),
    )


def _not_counted(built: Report) -> Iterator[tuple[str, str]]:
    """Yield which sections' figures the analyst put there, so that nobody takes them for certified."""
    if titles := [quoted(own.title) for own in built.own if own.table]:
        yield "Not counted here", say("certified", "own", titles=name_some(titles, named=len(titles)))


def certify(
    built: Report,
    copy: Hashed,
    *,
    read: Sequence[Hashed],
    classifications: Sequence[Classification],
    passed: Passed,
) -> Certificate:
    """Return the certificate of a copy.

    Parameters
    ----------
    built
        The report that the copy shows.
    copy
        The copy as it was written.
    read
        The settings and extracts that it was made of.
    classifications
        The offence classifications that its figures are of.
    passed
        What the gate found in the copy.
    """
    unsealed = Certificate(
        form=_FORM,
        copy=copy,
        partnership=built.partnership,
        area=built.area,
        quarter=built.period.name,
        date=built.date.isoformat(),
        marking=built.marking.value,
        made_by=software(),
        read=tuple(read),
        definitions=tuple(_definitions(each) for each in classifications),
        sums_proved=_declared(built.comparison.classification),
        checks=(*_figures(built), *_gate(passed)),
        small_counts=tuple(
            SmallCounts(sheet=each.sheet, hidden=each.hidden, rounded=each.is_rounded) for each in built.suppressed
        ),
        judgements=_judgements(built),
        accepted=tuple(
            Judged(what=finding, judgement="accepted", reason=reason)
            for finding, reason in built.inputs.words_for(built.period).acceptances.items()
        ),
    )
    return replace(unsealed, seal=_seal(unsealed))


def as_bytes(certificate: Certificate) -> bytes:
    """Return a certificate as it is in its file, without a list of what was made of the copy if that is nothing."""
    written = {name: value for name, value in asdict(certificate).items() if name != "made_of_it" or value}
    return (json.dumps(written, indent=1, ensure_ascii=False) + "\n").encode()


def with_files(certificate: Certificate, files: Sequence[Hashed]) -> Certificate:
    """Return a certificate that knows files which were made of its copy; of each name it knows the last one."""
    by_name = {each.name: each for each in (*certificate.made_of_it, *files)}
    unsealed = replace(certificate, made_of_it=tuple(by_name.values()), seal="")
    return replace(unsealed, seal=_seal(unsealed))


def parsed(content: bytes) -> Certificate:
    """Return the certificate that some bytes hold, as `as_bytes` gives them."""
    return msgspec.json.decode(content, type=Certificate)


def read(file: Path) -> Certificate:
    """Return the certificate that a file holds.

    Raises
    ------
    FileError
        If it can't be read, or is not as it was written.
    """
    try:
        certificate = parsed(file.read_bytes())
        damage = "" if certificate.seal == _seal(certificate) else "its seal does not match its content"
    except (msgspec.MsgspecError, UnicodeDecodeError):
        damage = "it is not a certificate as cdrp-xl writes them"
    except OSError as refused:
        damage = f"it can't be opened ({refused.strerror})"
    if damage:
        raise FileError(
            f"The certificate {file.name} is damaged: {damage}.",
            where=str(file),
            remedy="Ask whoever published the copy for its certificate, or publish again.",
        )
    return certificate


def hashed(name: str, content: bytes) -> Hashed:
    """Return the hash of a file's content."""
    return Hashed(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def hashed_file(path: Path) -> Hashed:
    """Return the hash of a file.

    Raises
    ------
    FileError
        If it can't be read.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        return Hashed(name=path.name, size=path.stat().st_size, sha256=digest.hexdigest())
    except OSError as refused:
        raise FileError(
            f"{path.name} can't be read to be certified.",
            where=str(path),
            remedy="Close it where it is open, or check that you can read it, then publish again.",
        ) from refused


def software() -> str:
    """Return the program that counts now, with its version."""
    return f"cdrp-xl {cdrp_xl.__version__}"


def definition(classification: str) -> str:
    """Return the SHA-256 of a classification's rows, codes and sums as this version of the program has them."""
    file = importlib.resources.files("cdrp_xl").joinpath("classifications", f"{classification}.toml")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _seal(certificate: Certificate) -> str:
    return hashlib.sha256(as_bytes(replace(certificate, seal=""))).hexdigest()


def _definitions(classification: Classification) -> Definitions:
    name = classification.classification_id
    return Definitions(name=name, title=classification.title, sha256=definition(name))


def _declared(classification: Classification) -> int:
    return len(classification.identities) + len(classification.bounds)


def _figures(built: Report) -> list[Checked]:
    """Return what was looked at while the figures were made; its details hold counts, so they stay with the analyst."""
    return [Checked(what=each.what, result="holds" if each.holds else "look at this") for each in built.checks]


def _gate(passed: Passed) -> list[Checked]:
    """Return every rule of the gate with what it found, and what came of looking for values from single rows."""
    from cdrp_xl.publication import canaries
    from cdrp_xl.publication.rules import RULES

    rules = {rule.rule_id: rule.what for rule in RULES} | (canaries.RULES if passed.row_values else {})
    found: dict[str, list[Finding]] = {rule_id: [] for rule_id in rules}
    for finding in passed.findings:
        found[finding.rule_id].append(finding)
    return [Checked(what=what, result=_findings_in_words(found[rule_id])) for rule_id, what in rules.items()]


def _findings_in_words(findings: Sequence[Finding]) -> str:
    return f"{findings[0].severity.value}: {len(findings)}" if findings else _NOTHING


def _judgements(built: Report) -> tuple[Judged, ...]:
    titles = {result.priority_id: result.title for result in built.priorities}
    return tuple(
        Judged(what=titles[priority], judgement=override.status.value, reason=override.reason)
        for priority, override in built.inputs.words_for(built.period).overrides.items()
        if priority in titles
    )
