"""Publish: the partners' copy, built fresh from the report and never from the master file."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl import beside, report, sheets
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeComputedError, CannotBeWrittenError, FileError, RefusedByGateError, name_some, quoted
from cdrp_xl.prose import commentary
from cdrp_xl.report import changed, own
from cdrp_xl.sheets import Audience
from cdrp_xl.sources import own_ranges
from cdrp_xl.workbooks import certificate, copies, gating, history, kept, published_before, record
from cdrp_xl.workbooks.alone import alone
from cdrp_xl.workbooks.master import MASTER
from cdrp_xl.workbooks.refreshing import Phases, build, properties, read
from cdrp_xl.writers import language, xlsx_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.report import Data, Report
    from cdrp_xl.report.disclosed import Disclosed
    from cdrp_xl.settings import Settings
    from cdrp_xl.sheets import Sheet
    from cdrp_xl.sources.master import Inputs
    from cdrp_xl.sources.own_ranges import Ranges
    from cdrp_xl.tables import Counts
    from cdrp_xl.workbooks.certificate import Hashed
    from cdrp_xl.workbooks.gating import Passed
    from cdrp_xl.workbooks.kept import State
    from cdrp_xl.workbooks.record import Record
    from cdrp_xl.workbooks.refreshing import Gathered

PUBLISHED = "published"
"""Where a partnership's folder has its copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A partners' copy and its certificate, made and checked, and nowhere yet.

    `hidden` are the counts that the copy hides, which the record of earlier copies has to know; `issue` is 1, or the
    number of the reissue; `counts` and `state` are kept, so that a later copy can say why it differs.
    """

    name: str
    report: Report
    content: bytes
    certified: bytes
    passed: Passed
    hidden: tuple[Disclosed, ...]
    laid_out: tuple[Sheet, ...]
    issue: int
    counts: Mapping[str, Counts]
    state: State

    @property
    def issued(self) -> history.Issued:
        """The copy's entry in the record of runs."""
        return history.Issued(
            copy=self.name,
            sha256=hashlib.sha256(self.content).hexdigest(),
            certificate=hashlib.sha256(self.certified).hexdigest(),
            issue=self.issue,
            marking=self.report.marking.value,
            hidden={each.sheet: each.hidden for each in self.report.suppressed},
            findings=tuple(f"{each.severity.value}: {each.what}" for each in self.passed.findings),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publish did.

    `laid_out` are the copy's worksheets; `former` is an earlier copy of the same quarter, kept beside the new one.
    """

    copy: Path
    report: Report
    laid_out: tuple[Sheet, ...]
    former: Path | None
    passed: Passed
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """What the analyst should look at, for a status bar: in the report, and what the gate found in the copy."""
        return (*self.report.to_look_at, *self.passed.to_look_at)

    @property
    def certificate(self) -> Path:
        """Where the copy's certificate is."""
        return certificate.path_of(self.copy)


def publish(
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    is_again: bool = False,
    check: Callable[[Report], None] | None = None,
) -> Published:
    """Write the partners' copy of the quarter that was last refreshed, while nothing else works in its folder.

    Parameters
    ----------
    folder
        The partnership's folder.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.
    is_again
        Whether this is a numbered reissue, beside the issue before it.
    check
        Asked of the report before anything is written or replaced, such as whether it may go the ways it shall go.

    Raises
    ------
    CannotBeWrittenError
        If another refresh or publish of this folder is running.
    CdrpError
        As `publish_held` and `check` have it.
    """
    settings_file.read(folder)  # before its folder of counts is made, in a place that may be no partnership's
    with alone(folder), history.refusals(folder, history.PUBLISH, today=today):
        return publish_held(folder, today=today, progress=progress, is_again=is_again, check=check)


def publish_held(
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    inputs: Inputs | None = None,
    ranges: Ranges | None = None,
    is_again: bool = False,
    check: Callable[[Report], None] | None = None,
) -> Published:
    """Write the partners' copy of the quarter that was last refreshed, in a folder that the caller holds.

    What is asked for is as `publish` has it. `inputs` are what the analyst typed, and `ranges` gives the named ranges
    of the master; None reads them from the folder's.

    Raises
    ------
    CannotBeComputedError
        If nothing was refreshed yet, or a source or the settings moved since; or if a reissue is asked for where
        nothing was issued, or nothing changed since.
    RefusedByGateError
        If a declared sum does not hold, a return may identify a person or the commentary contradicts the figures and
        that is not accepted, or the gate finds anything that blocks; no copy is then left.
    """
    settings = settings_file.read(folder)
    last = last_refresh(settings, folder)
    phases = Phases(progress)
    gathered = read(settings, folder, today=today, progress=progress, inputs=inputs)
    phases.ended("read and count")
    built = build(gathered, folder, quarter=last.period, today=today, progress=progress)
    built = own.with_own(built, settings, ranges or own_ranges.read(folder / MASTER))
    if check:
        check(built)
    phases.ended("compare and build")
    progress("Reading what the certificate covers")
    hashed = certificate.files_read(settings, folder)
    phases.ended("certify")
    issue = _issue(folder, built.period, is_again=is_again)
    pack = make(gathered, built, folder, read=hashed, today=today, issue=issue, progress=progress)
    phases.ended("write and check")
    published = put(pack, folder)
    history.published(folder, settings, gathered.data, pack.report, pack.issued, today=today)
    return replace(published, seconds=phases.seconds)


def _issue(folder: Path, quarter: Period, *, is_again: bool) -> int:
    """Return the number of the issue that is made: 1, that of the copy that is there, or the next."""
    issue = copies.issue_of(copies.load(folder), quarter) + is_again
    if is_again and issue == 1:
        raise CannotBeComputedError(
            f"There is no copy for {quarter.name} yet that could be issued again.",
            where=str(folder / PUBLISHED),
            remedy="Publish it without --again.",
        )
    return max(issue, 1)


def last_refresh(settings: Settings, folder: Path) -> Record:
    """Return the record of the last refresh.

    Raises
    ------
    CannotBeComputedError
        If nothing was refreshed yet, or a source or the settings moved since.
    """
    last = record.load(folder)
    if last is None:
        raise CannotBeComputedError(
            "Nothing was refreshed yet.", where=str(folder), remedy=f'Run "cdrp-xl refresh {folder.name}" first.'
        )
    if moved := last.moved(settings, folder):
        raise CannotBeComputedError(
            f"{name_some(moved)} changed since the last refresh, so the master may show other figures.",
            where=str(folder),
            remedy="Refresh, read the master again, then publish.",
        )
    return last


def make(
    gathered: Gathered,
    built: Report,
    folder: Path,
    *,
    read: Sequence[Hashed],
    today: dt.date,
    progress: Callable[[str], None],
    issue: int = 1,
) -> Pack:
    """Return the pack of a report: whoever publishes makes it here, and the same report gives the same bytes.

    Parameters
    ----------
    gathered
        What the report was made of.
    built
        The report.
    folder
        The partnership's folder, whose extract is looked into for values of single rows.
    read
        The hashes of the settings and of every extract.
    today
        The day on which this is done.
    progress
        Called with what is being done, in a few words.
    issue
        1, or the number of the reissue.

    Raises
    ------
    CannotBeComputedError
        If a reissue would say what the issue before it says.
    RefusedByGateError
        If a declared sum does not hold, a return may identify a person or the commentary contradicts the figures and
        that is not accepted, or the gate finds anything that blocks.
    """
    check_sums(built)
    check_warnings(built)
    built = _numbered(with_checked_words(built), folder, issue)
    name = f"{file_name(built)}.xlsx"
    built = _with_short_form(built, read, name)
    progress("Writing the partners' copy")
    laid_out = sheets.lay_out(built, Audience.PARTNERS)
    content = language.in_english(xlsx_file.write(laid_out, properties(built, is_final=True)))
    progress("Checking the partners' copy")
    passed = gating.check(content, name, settings=gathered.settings, folder=folder, built=built)
    certified = certificate.certify(
        built,
        certificate.hashed(name, content),
        read=read,
        classifications=_classifications(gathered.data),
        passed=passed,
    )
    return Pack(
        name=name,
        report=built,
        content=content,
        certified=certificate.as_bytes(certified),
        passed=passed,
        hidden=report.hidden(built, gathered.settings, data=gathered.data),
        laid_out=laid_out,
        issue=issue,
        counts=gathered.data.to_keep,
        state=kept.state_of(folder, gathered.settings, gathered.data, today=today),
    )


def put(pack: Pack, folder: Path) -> Published:
    """Put a pack into a partnership's folder; a former copy that differs is kept."""
    copy = folder / PUBLISHED / pack.name
    published_before.add(folder, pack.report, hidden=pack.hidden)
    needed = {each.number for each in copies.load(folder)}
    number = kept.keep(folder, pack.counts, pack.state, quarter=pack.report.period, needed=needed)
    former = _put(copy, pack.content, pack.certified)
    copies.add(
        folder,
        copies.of_copy(pack.report, pack.laid_out, issue=pack.issue, number=number, hidden=pack.hidden),
    )
    return Published(copy=copy, report=pack.report, laid_out=pack.laid_out, former=former, passed=pack.passed)


def _numbered(built: Report, folder: Path, issue: int) -> Report:
    """Return a report that says on its first page which reissue it is and what changed; the first issue as it is."""
    if issue == 1:
        return built
    known = copies.load(folder)
    before = copies.issue_before(known, built.period, issue)
    last = before.sheets if before else {}
    now = copies.shown(sheets.lay_out(built, Audience.PARTNERS))
    differing = [name for name in now | last if now.get(name) != last.get(name)]
    if not differing:
        raise CannotBeComputedError(
            f"Nothing changed since the copy for {built.period.name} was last issued.",
            where=str(folder / PUBLISHED),
            remedy="Refresh, or change your words, then publish again; without --again the same copy is written.",
        )
    figures = [each for each in built.changed.figures if before and each.copy == before.words] if built.changed else []
    return replace(built, reissue=changed.reissue(issue, figures, differing))


def _with_short_form(built: Report, read: Sequence[Hashed], copy: str) -> Report:
    name = certificate.path_of(Path(copy)).name
    return replace(built, certified=certificate.short_form(built, read, built.comparison.classification, name=name))


def _classifications(data: Data) -> list[Classification]:
    """Return the classifications that the sources count by, each once."""
    by_name = {each.classification.classification_id: each.classification for each in data.counts.values()}
    return list(by_name.values())


def _put(copy: Path, content: bytes, certified: bytes) -> Path | None:
    """Write a copy with its certificate, and keep former ones together; without its certificate no copy is left.

    The former one is kept with all that belongs to it before it is replaced: whoever is killed in between has lost
    nothing, and who publishes again goes on there.
    """
    place = certificate.path_of(copy)
    is_same = copy.is_file() and copy.read_bytes() == content
    if is_same:
        certified = _with_former_files(certified, place)
    with contextlib.ExitStack() as undoing:
        former = _keep(copy, place, undoing) if copy.is_file() and not is_same else None
        beside.replace(copy, content)
        if former:
            undoing.callback(former.replace, copy)
        elif not is_same:
            undoing.callback(copy.unlink)
        beside.replace(place, certified)
        undoing.pop_all()
    return former


def _keep(copy: Path, place: Path, undoing: contextlib.ExitStack) -> Path:
    """Keep a copy, its certificate and what was made of it under other names; return that of the copy."""
    former = beside.keep(copy, "superseded")
    undoing.callback(former.unlink, missing_ok=True)
    if place.is_file() and not _is_kept_with_another(place, copy):
        kept = certificate.path_of(former)
        beside.replace(kept, place.read_bytes())
        undoing.callback(kept.unlink, missing_ok=True)
    for made in _made_of(copy, place):
        name = made.with_name(made.name.replace(copy.stem, former.stem, 1))
        _rename(made, name)
        undoing.callback(name.replace, made)
    return former


def _is_kept_with_another(place: Path, copy: Path) -> bool:
    """Say whether a certificate is that of an earlier copy, and kept with it: the publish of this copy was killed.

    One that is kept nowhere else stays with a copy that somebody changed since.
    """
    with contextlib.suppress(FileError):  # a damaged one may be of this copy
        if certificate.read(place).copy != certificate.hashed_file(copy):
            kept = copy.parent.glob(f"{glob.escape(copy.stem)} (superseded *){certificate.ENDING}")
            return any(each.read_bytes() == place.read_bytes() for each in kept)
    return False


def _made_of(copy: Path, place: Path) -> Iterator[Path]:
    """Yield the files that are made of a copy: those that its certificate knows, and the draft of an e-mail."""
    names = [copy.with_suffix(".eml").name]
    with contextlib.suppress(FileError):  # of a damaged certificate nothing is known
        names += [each.name for each in certificate.read(place).made_of_it]
    yield from (made for name in names if (made := copy.with_name(name)).is_file())


def _rename(made: Path, name: Path) -> None:
    """Give a file the name of the copy that it was made of, so that none beside the new one shows other figures."""
    try:
        made.replace(name)
    except OSError as refused:
        raise CannotBeWrittenError(
            f"{made.name} was made of the former copy and could not be renamed, so nothing is published.",
            where=str(made),
            remedy="Close it where it is open, then publish again.",
        ) from refused


def _with_former_files(certified: bytes, place: Path) -> bytes:
    """Return a copy's certificate with the files that its former one knows to be made of the same copy."""
    own = certificate.parsed(certified)
    try:
        former = certificate.read(place)
    except FileError:
        return certified
    if not former.made_of_it or former.copy != own.copy:  # that of another copy: a publish was killed before this one
        return certified
    return certificate.as_bytes(certificate.with_files(own, former.made_of_it))


def file_name(built: Report) -> str:
    """Return the name of a published copy: area, quarter and reissue, in characters that every system allows."""
    again = f"-r{built.reissue.number}" if built.reissue else ""
    letters = unicodedata.normalize("NFKD", f"{built.area} {built.period.name}").encode("ascii", "ignore").decode()
    return re.sub(r"[^\w.]+", "-", letters).strip("-.") + again


def check_sums(built: Report) -> None:
    """Refuse a report whose rows do not add up."""
    broken = built.broken_sums
    if broken:
        rest = len(broken) - 1
        others = f"; {rest:,} more {'does' if rest == 1 else 'do'} not, all on the worksheet Checks" if rest else ""
        raise RefusedByGateError(
            f"Rows do not add up: {broken[0]}{others}.",
            where=f"{built.comparison.classification.table}, {built.area}",
            remedy="Find which count is wrong in the source, or map its rows in partnership.toml, then refresh.",
        )


def check_warnings(built: Report) -> None:
    """Refuse a report in which something may identify a person, until the analyst accepts it with a reason."""
    open_ones = [each for each in built.returned.warnings if not each.accepted] if built.returned else []
    if open_ones:
        first, rest = open_ones[0], len(open_ones) - 1
        others = f"; {rest:,} more on the worksheet Warnings" if rest else ""
        raise RefusedByGateError(
            f"A return may identify a person: {first.what}, {quoted(first.excerpt)}{others}.",
            where=f"{first.where} (finding {first.mark})",
            remedy="Ask for other words; or write the finding, your reason and the quarter "
            f"{built.period.name} on the worksheet Inputs, under Warnings accepted.",
        )


def with_checked_words(built: Report) -> Report:
    """Return a report with its commentary's figures filled in, unless a sentence contradicts the figures.

    Raises
    ------
    RefusedByGateError
        If a sentence says what the figures do not bear out, and the analyst does not accept that with a reason; or if a
        name in braces is not a figure's.
    """
    words = commentary.check(built)
    if open_ones := words.checked.open:
        first, rest = open_ones[0], len(open_ones) - 1
        others = f" {rest:,} more on the worksheet Words checked." if rest else ""
        title = next((each.title for each in built.sections if each.section_id == first.section), "")
        offered = f'Write "{first.corrected}"' if first.corrected else "Correct the sentence"
        offered = offered if title else f"Ask for other words ({offered[0].lower()}{offered[1:]})"
        accepting = f"the finding, your reason and the quarter {built.period.name}"
        whose = "your commentary" if title else "what a partner returned"
        raise RefusedByGateError(
            f"{quoted(first.words)} in {whose} does not agree with the report. {first.why}{others}",
            where=f"{title or first.section} (finding {first.mark})",
            remedy=f"{offered}; or write {accepting} on the worksheet Inputs, under Warnings accepted.",
        )
    return commentary.filled(built, words.figures)
