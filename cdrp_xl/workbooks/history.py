"""The record of runs: a file to each refresh, publish and national run, with what was read, decided and published.

The files are numbered in their order and never changed. They hold numbers of rows and hashes of files, and no count.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import beside
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CdrpError, FileError
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.workbooks import certificate, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.report import Data, Report
    from cdrp_xl.settings import Settings
    from cdrp_xl.workbooks.certificate import Hashed

REFRESH, PUBLISH, NATIONAL = "refresh", "publish", "national"
FOLDER = "log"

_NAME = re.compile(r"(\d{6})-\w+\.json")
_DONE = "done"


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read: its way from the folder, its size and time, and its SHA-256."""

    name: str
    state: str
    sha256: str


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a source. `left_out` has how many were not counted, by reason."""

    source: str
    read: int
    counted: int
    left_out: dict[str, int]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the analyst decided for the quarter: of what, what, and why.

    `by_rule` says what it overrides, as the report says it; empty where it overrides nothing.
    """

    what: str
    decision: str
    reason: str
    by_rule: str = ""


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that was published. `findings` are those of the publication check; none of them blocks."""

    copy: str
    sha256: str
    certificate: str
    issue: int
    marking: str
    hidden: dict[str, int]
    findings: tuple[str, ...]


class Packs(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the packs of a national run. `failed` says why, by area; `kept` were already up to date."""

    made: int
    kept: int
    failed: dict[str, str]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run. `outcome` is "done", or what was refused and why."""

    number: int
    day: dt.date
    what: str
    made_by: str
    outcome: str
    settings: str
    quarter: str = ""
    definitions: dict[str, str] = msgspec.field(default_factory=dict)
    files: tuple[ReadFile, ...] = ()
    rows: tuple[Rows, ...] = ()
    look_at: tuple[str, ...] = ()
    decided: tuple[Decision, ...] = ()
    issued: Issued | None = None
    packs: Packs | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was done, and not refused."""
        return self.outcome == _DONE


def runs(folder: Path) -> list[Run]:
    """Return the runs of a folder, the earliest first.

    Raises
    ------
    FileError
        If the record of one can't be read.
    """
    return [_read(folder / FOLDER / name) for name in _names(folder)]


def refreshed(folder: Path, settings: Settings, data: Data, built: Report, *, today: dt.date) -> None:
    """Record a refresh that was done.

    Raises
    ------
    CannotBeWrittenError
        If the record can't be written.
    """
    _add_run(folder, _of_report(folder, settings, data, built, what=REFRESH, day=today))


def published(
    folder: Path,
    settings: Settings,
    data: Data,
    built: Report,
    issued: Issued,
    *,
    today: dt.date,
    hashed: Sequence[Hashed] = (),
) -> None:
    """Record a publish that was done; files whose hashes are known already are not hashed again.

    Raises
    ------
    CannotBeWrittenError
        If the record can't be written.
    """
    run = _of_report(folder, settings, data, built, what=PUBLISH, day=today, hashed=hashed)
    _add_run(folder, msgspec.structs.replace(run, issued=issued))


def ran(out: Path, file: Path, read: Mapping[str, str], packs: Packs, *, quarter: Period, today: dt.date) -> None:
    """Record a national run that was done, in the folder of its packs.

    Parameters
    ----------
    out
        The folder of the packs.
    file
        The settings of the run.
    read
        The SHA-256 of the files that all packs are made of, by name.
    packs
        What became of them.
    quarter
        The quarter of every pack.
    today
        The day on which this is done.

    Raises
    ------
    CannotBeWrittenError
        If the record can't be written.
    """
    run = _run(file.read_bytes(), what=NATIONAL, day=today, outcome=_DONE)
    files = tuple(ReadFile(name=name, state="", sha256=sha256) for name, sha256 in sorted(read.items()))
    _add_run(out, msgspec.structs.replace(run, quarter=quarter.name, files=files, packs=packs))


@contextlib.contextmanager
def refusals(folder: Path, what: str, *, today: dt.date, file: Path | None = None) -> Iterator[None]:
    """Record a run that is refused, with the reason; that it can't be recorded hides no reason.

    Parameters
    ----------
    folder
        Where the record is.
    what
        What is run.
    today
        The day on which this is done.
    file
        Its settings, where these are not the folder's own.
    """
    settings = file or folder / FILE_NAME
    try:
        yield
    except CdrpError as refused:
        with contextlib.suppress(CdrpError, OSError):
            if settings.is_file():
                _add_run(folder, _run(settings.read_bytes(), what=what, day=today, outcome=f"refused: {refused.what}"))
        raise


def _run(settings: bytes, *, what: str, day: dt.date, outcome: str) -> Run:
    return Run(
        number=0,
        day=day,
        what=what,
        made_by=certificate.software(),
        outcome=outcome,
        settings=hashlib.sha256(settings).hexdigest(),
    )


def _of_report(
    folder: Path,
    settings: Settings,
    data: Data,
    built: Report,
    *,
    what: str,
    day: dt.date,
    hashed: Sequence[Hashed] = (),
) -> Run:
    counted = [each.classification for each in data.counts.values()]
    return msgspec.structs.replace(
        _run(settings_file.text_in(folder).encode(), what=what, day=day, outcome=_DONE),
        quarter=built.period.name,
        definitions={each.classification_id: certificate.definition(each.classification_id) for each in counted},
        files=_files(folder, settings, hashed),
        rows=tuple(
            Rows(source=each.source, read=each.rows_read, counted=each.rows_counted, left_out=dict(each.left_out))
            for each in data.origins
        ),
        look_at=built.lines_to_look_at,
        decided=tuple(_decided(built)),
    )


def _decided(built: Report) -> Iterator[Decision]:
    """Yield what the analyst decided for the quarter: judgements of their own, emerging issues, accepted warnings."""
    words = built.inputs.words_for(built.period)
    for result in built.priorities:
        if override := words.overrides.get(result.priority_id):
            yield Decision(
                what=result.title,
                decision=override.status.value,
                reason=override.reason,
                by_rule=result.assessment.reason,
            )
    for issue in built.emerging.rises:
        if issue.decision:
            yield Decision(what=issue.name, decision=issue.decision.value, reason=issue.reason)
    for finding, reason in words.acceptances.items():
        yield Decision(what=finding, decision="accepted", reason=reason)


def _files(folder: Path, settings: Settings, hashed: Sequence[Hashed]) -> tuple[ReadFile, ...]:
    """Return every file that was read; one whose hash is given, or that the last run saw so, is not hashed again."""
    known = _known(folder)
    paths = record.files_read(settings, folder)
    states = record.states(settings, folder)
    alike = Counter(each.name for each in hashed)
    given = {each.name: each.sha256 for each in hashed if alike[each.name] == 1}
    return tuple(
        ReadFile(
            name=name,
            state=states[name],
            sha256=given.get(path.name) or known.get((name, states[name])) or _hash(path),
        )
        for name, path in sorted(paths.items())
    )


def _known(folder: Path) -> Mapping[tuple[str, str], str]:
    names = _names(folder)
    with contextlib.suppress(FileError):
        last = (run for name in reversed(names) for run in [_read(folder / FOLDER / name)] if run.files)
        return {(each.name, each.state): each.sha256 for each in next(last, _NOTHING).files}
    return {}


_NOTHING = Run(number=0, day=dt.date.min, what="", made_by="", outcome="", settings="")


def _hash(path: Path) -> str:
    return certificate.hashed_file(path).sha256 if path.is_file() else ""


def _add_run(folder: Path, run: Run) -> None:
    names = _names(folder)
    number = int(names[-1][:6]) + 1 if names else 1
    content = msgspec.json.encode(msgspec.structs.replace(run, number=number))
    beside.replace(folder / FOLDER / f"{number:06d}-{run.what}.json", msgspec.json.format(content, indent=1) + b"\n")


def _names(folder: Path) -> list[str]:
    place = folder / FOLDER
    return sorted(path.name for path in place.iterdir() if _NAME.fullmatch(path.name)) if place.is_dir() else []


def _read(file: Path) -> Run:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Run)
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError) as wrong:
        raise FileError(
            f"{file.name}, the record of a run, can't be read.",
            where=str(file),
            remedy="Restore it from a backup; or move it away, and the history is shown without it.",
        ) from wrong
