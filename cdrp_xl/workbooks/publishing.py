"""Publish: the partners' copy, built fresh from the report and never from the master file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import settings as settings_file
from cdrp_xl import sheets
from cdrp_xl.errors import CannotBeComputedError, RefusedByGateError, name_some
from cdrp_xl.sheets import Audience
from cdrp_xl.workbooks import record
from cdrp_xl.workbooks.refreshing import prepare, properties
from cdrp_xl.writers import beside, xlsx_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from cdrp_xl.report import Report
    from cdrp_xl.sources.master import Inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publish did. `former` is an earlier copy of the same quarter, kept beside the new one."""

    copy: Path
    report: Report
    former: Path | None
    seconds: dict[str, float]


def publish(
    folder: Path,
    *,
    today: dt.date,
    progress: Callable[[str], None],
    inputs: Inputs | None = None,
) -> Published:
    """Write the partners' copy of the quarter that was last refreshed.

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
        If a declared sum does not hold.
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
    built, phases = prepared.report, prepared.phases
    check_sums(built)
    progress("Writing the partners' copy")
    content = xlsx_file.write(sheets.lay_out(built, Audience.PARTNERS), properties(built, is_final=True))
    copy = folder / "published" / f"{file_name(built)}.xlsx"
    is_same = copy.is_file() and copy.read_bytes() == content
    former = beside.replace(copy, content, keep="" if is_same else "superseded")
    phases.ended("write")
    return Published(copy=copy, report=built, former=former, seconds=phases.seconds)


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
