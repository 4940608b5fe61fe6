"""Publish: the partners' copy, built fresh from the report and never from the master file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl import beside, report, sheets
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeComputedError, RefusedByGateError, name_some, quoted
from cdrp_xl.prose import commentary
from cdrp_xl.sheets import Audience
from cdrp_xl.workbooks import certificate, gating, printed_before, record
from cdrp_xl.workbooks.alone import alone
from cdrp_xl.workbooks.refreshing import prepare, properties
from cdrp_xl.writers import language, xlsx_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.report import Report
    from cdrp_xl.settings import Settings
    from cdrp_xl.sources.master import Inputs
    from cdrp_xl.workbooks.certificate import Hashed
    from cdrp_xl.workbooks.gating import Passed
from cdrp_xl.workbooks.refreshing import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publish did. `former` is an earlier copy of the same quarter, kept beside the new one."""

    copy: Path
    report: Report
    former: Path | None
    passed: Passed
    seconds: dict[str, float]

    @property
    def certificate(self) -> Path:
        """Where the copy's certificate stands."""
        return certificate.path_of(self.copy)


def publish(folder: Path, *, today: dt.date, progress: Callable[[str], None]) -> Published:
    """Write the partners' copy of the quarter that was last refreshed, while nothing else works in its folder.

    Parameters
    ----------
    folder
        The partnership's folder.
    today
        The day on which this is done.
    progress
        Told what is being done, in a few words.

    Raises
    ------
    CannotBeWrittenError
        If another refresh or publish of this folder is running.
    CdrpError
        As `publish_held` has it.
    """
    settings_file.read(folder)  # before its folder of counts is made, in a place that may be no partnership's
    with alone(folder):
        return publish_held(folder, today=today, progress=progress)


def publish_held(
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    inputs: Inputs | None = None,
) -> Published:
    """Write the partners' copy of the quarter that was last refreshed, in a folder that the caller holds.

    Parameters
    ----------
    folder
        The partnership's folder.
    today
        The day on which this is done.
    progress
        Told what is being done, in a few words.
    inputs
        What the analyst typed; None reads it from the folder's master.

    Raises
    ------
    CannotBeComputedError
        If nothing was refreshed yet, or a source or the settings moved since.
    RefusedByGateError
        If a declared sum does not hold, a return may tell who a person is or the commentary contradicts the figures and
        that is not accepted, or the gate finds anything that blocks; no copy is then left.
    """
    settings = settings_file.read(folder)
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
    prepared = prepare(folder, quarter=last.period, today=today, progress=progress, inputs=inputs)
    return _publish(prepared, settings, folder, progress=progress)


def _publish(prepared: Prepared, settings: Settings, folder: Path, *, progress: Callable[[str], None]) -> Published:
    phases = prepared.phases
    check_sums(prepared.report)
    check_warnings(prepared.report)
    prepared = replace(prepared, report=with_checked_words(prepared.report))
    copy = folder / "published" / f"{file_name(prepared.report)}.xlsx"
    progress("Reading what is to be certified")
    read = certificate.files_read(settings, folder)
    built = _with_short_form(prepared, read, copy)
    phases.ended("certify")
    progress("Writing the partners' copy")
    laid_out = sheets.lay_out(built, Audience.PARTNERS)
    content = language.in_english(xlsx_file.write(laid_out, properties(built, is_final=True)))
    phases.ended("write")
    progress("Checking the partners' copy")
    passed = gating.check(content, copy.name, settings=settings, folder=folder, built=built)
    certified = certificate.certify(
        built,
        certificate.hashed(copy.name, content),
        read=read,
        classifications=_classifications(prepared),
        findings=passed.findings,
    )
    printed_before.add(folder, built, hidden=report.hidden(built, prepared.settings, data=prepared.data))
    former = _put(copy, content, certificate.as_bytes(certified))
    phases.ended("check")
    return Published(copy=copy, report=built, former=former, passed=passed, seconds=phases.seconds)


def _with_short_form(prepared: Prepared, read: Sequence[Hashed], copy: Path) -> Report:
    built = prepared.report
    name = certificate.path_of(copy).name
    return replace(built, certified=certificate.short_form(built, read, built.comparison.classification, name=name))


def _classifications(prepared: Prepared) -> list[Classification]:
    """Return the classifications that the sources count by, each once."""
    by_name = {each.classification.classification_id: each.classification for each in prepared.data.counts.values()}
    return list(by_name.values())


def _put(copy: Path, content: bytes, certified: bytes) -> Path | None:
    """Write a copy with its certificate, and keep former ones together; without its certificate no copy is left."""
    is_same = copy.is_file() and copy.read_bytes() == content
    former = beside.replace(copy, content, keep="" if is_same else "superseded")
    place = certificate.path_of(copy)
    try:
        if former and place.is_file():
            beside.replace(certificate.path_of(former), place.read_bytes())
        beside.replace(place, certified)
    except BaseException:
        if former:
            former.replace(copy)
        elif not is_same:
            copy.unlink()
        raise
    return former


def file_name(built: Report) -> str:
    """Return the name of a published copy: area and quarter, in characters that every system allows."""
    letters = unicodedata.normalize("NFKD", f"{built.area} {built.period.name}").encode("ascii", "ignore").decode()
    return re.sub(r"[^\w.]+", "-", letters).strip("-.")


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
    """Refuse a report in which something may tell who a person is, until the analyst accepts it with a reason."""
    open_ones = [each for each in built.returned.warnings if not each.accepted] if built.returned else []
    if open_ones:
        first, rest = open_ones[0], len(open_ones) - 1
        others = f"; {rest:,} more on the worksheet Warnings" if rest else ""
        raise RefusedByGateError(
            f"A return may tell who a person is: {first.what}, {quoted(first.excerpt)}{others}.",
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
        name in braces is no figure's.
    """
    words = commentary.check(built)
    if open_ones := words.checked.open:
        first, rest = open_ones[0], len(open_ones) - 1
        others = f" {rest:,} more on the worksheet Words checked." if rest else ""
        title = next(each.title for each in built.sections if each.section_id == first.section)
        offered = f'Write "{first.corrected}"' if first.corrected else "Mend the sentence"
        accepting = f"the finding, your reason and the quarter {built.period.name}"
        raise RefusedByGateError(
            f"{quoted(first.words)} in your commentary does not agree with the report. {first.why}{others}",
            where=f"{title} (finding {first.mark})",
            remedy=f"{offered}; or write {accepting} on the worksheet Inputs, under Warnings accepted.",
        )
    return commentary.filled(built, words.figures)
