"""What became of each partnership in a national run, as it is kept in its folder and shown in the summary."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import beside, geography
from cdrp_xl.publication import Severity
from cdrp_xl.terms import Status
from cdrp_xl.workbooks import certificate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.errors import CdrpError
    from cdrp_xl.report import Report
    from cdrp_xl.workbooks.national.plan import Partnership
    from cdrp_xl.workbooks.publishing import Pack

_PLACE = ("counts", "pack.json")
_PUBLISHED = ("counts", "printed.json")
_LOOK = "Look at it before the pack is sent."


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Something of a partnership that a person has to look at: what, where, and what to do."""

    what: str
    where: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeForm:
    """The copy in another form: the form's name, the file's place in the run's folder, and its SHA-256."""

    name: str
    place: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one partnership. Units: offences, as published; `change` a fraction.

    `copy` is the copy's place in the run's folder, empty where none could be made; `needed` then says why. `forms` are
    the other forms of it.
    """

    area: str
    force: str
    folder: str
    copy: str = ""
    sha256: str = ""
    forms: tuple[MadeForm, ...] = ()
    headline: str = ""
    verdict: str = ""
    earlier: int | str | None = None
    later: int | str | None = None
    change: float | str | None = None
    worse: int = 0
    concern: int = 0
    better: int = 0
    not_assessed: int = 0
    rises: int = 0
    blocking: int = 0
    findings: int = 0
    needed: tuple[Needed, ...] = ()

    @property
    def is_made(self) -> bool:
        """Whether there is a copy."""
        return bool(self.copy)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What was made of which inputs, and the files by which it is known to be whole."""

    key: str
    files: dict[str, str]
    outcome: Outcome


def of_pack(
    area: str, folder: Path, pack: Pack, forms: Mapping[str, Path], *, to_look_at: Sequence[str] = ()
) -> Outcome:
    """Return the outcome of a pack that was made.

    Parameters
    ----------
    area, folder
        The partnership's area and folder.
    pack
        The pack.
    forms
        The files of its other forms by their names.
    to_look_at
        What the gate found in these and not in the pack itself.
    """
    built = pack.report
    total = built.headlines.lines[0]
    statuses = [each.assessment.status for each in built.priorities]
    findings = pack.passed.findings
    return Outcome(
        area=area,
        force=_force_name(area),
        folder=folder.name,
        copy=f"{folder.name}/published/{pack.name}",
        sha256=hashlib.sha256(pack.content).hexdigest(),
        forms=tuple(
            MadeForm(name=name, place=file.relative_to(folder.parent).as_posix(), sha256=_hash(file))
            for name, file in forms.items()
        ),
        headline=built.headlines.title,
        verdict=total.verdict,
        earlier=total.earlier,
        later=total.later,
        change=total.apparent_change,
        worse=statuses.count(Status.WORSE),
        concern=statuses.count(Status.CONCERN),
        better=statuses.count(Status.BETTER),
        not_assessed=statuses.count(Status.NOT_ASSESSED),
        rises=len(built.emerging.rises),
        blocking=sum(each.severity is Severity.BLOCKS for each in findings),
        findings=len(findings),
        needed=(
            *_needed_for_report(built, folder),
            *(Needed(what=each.what, where=each.where, remedy=each.remedy) for each in findings),
            *(Needed(what=each, where=f"{area}, other forms", remedy=_LOOK) for each in to_look_at),
        ),
    )


def of_fault(area: str, folder: Path, fault: CdrpError) -> Outcome:
    """Return the outcome of a partnership whose pack could not be made."""
    remedy = " ".join((fault.remedy, *fault.lines))
    needed = Needed(what=fault.what, where=fault.where, remedy=remedy)
    return Outcome(area=area, force=_force_name(area), folder=folder.name, needed=(needed,))


def policed(made: Outcome, each: Partnership) -> Outcome:
    """Return an outcome with the force of the first of its areas, where several are joined."""
    parts = each.settings.partnership.areas
    return replace(made, force=_force_name(parts[0])) if parts else made


def unknown(name: str) -> Outcome:
    """Return the outcome of a name in the source that does not belong to a known area."""
    remedy = "If it is an area, write it under a known name; if not, there is nothing to do."
    needed = Needed(what="The source has rows of this name, which is not a known area.", where=name, remedy=remedy)
    return Outcome(area=name, force="", folder="", needed=(needed,))


def load(folder: Path, key: str) -> Outcome | None:
    """Return the outcome that a folder keeps, None unless it was made of the same inputs and its files are as made."""
    try:
        kept = msgspec.json.decode(folder.joinpath(*_PLACE).read_bytes(), type=_Kept)
        is_right = kept.key == key and _states(folder, kept.files) == kept.files
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return kept.outcome if is_right else None


def save(folder: Path, key: str, made: Outcome, copy: Path | None = None) -> None:
    """Keep an outcome with what it was made of, after all of its files are in their places; a fault has none."""
    files = (copy, certificate.path_of(copy)) if copy else ()
    names = [path.relative_to(folder).as_posix() for path in files]
    names += [each.place.removeprefix(f"{folder.name}/") for each in made.forms]
    kept = _Kept(key=key, files=_states(folder, [*names, "/".join(_PUBLISHED)]), outcome=made)
    content = json.dumps(asdict(kept), indent=1, ensure_ascii=False) + "\n"
    beside.replace(folder.joinpath(*_PLACE), content.encode())


def _states(folder: Path, names: dict[str, str] | list[str]) -> dict[str, str]:
    return {name: _hash(folder / name) for name in names}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _force_name(area: str) -> str:
    force = geography.force_of(area)
    return force.police_uk_name if force else ""


def _needed_for_report(built: Report, folder: Path) -> list[Needed]:
    where = f"{built.area}, worksheet Checks of the master that cdrp-xl refresh fills in the folder {folder.name}"
    return [Needed(what=each.detail or each.what, where=where, remedy=_LOOK) for each in built.checks if not each.holds]
