"""Putting a refreshed master in its place: filled where it is, or rewritten with the former one kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import beside
from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.workbooks import master as master_workbook
from cdrp_xl.workbooks import record
from cdrp_xl.workbooks.master import MASTER
from cdrp_xl.writers import saved_workbook
from cdrp_xl.writers.existing_workbook import EarlierVersionError, OtherWorksheetsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cdrp_xl.sheets import Properties, Sheet

_KEPT_BECAUSE = "before refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a master. `former` is the one that was there, kept under a name of its own.

    `fingerprint` is that of the master's file as we wrote it last; empty where none of ours is known, as where it was
    filled around what the analyst had done in it. `reason` says why it was rewritten where it could not be filled,
    empty where it was filled or was nobody's. `other_names` are hard links to the former master, which they keep.
    """

    fingerprint: str
    former: Path | None = None
    reason: str = ""
    other_names: int = 0


def save(folder: Path, laid_out: Sequence[Sheet], properties: Properties, *, rewrites_master: bool) -> Saved:
    """Let the master of a folder show a layout, all of it or nothing.

    An existing one is filled: what the analyst did in it stays. One for a report of another shape, and any where
    `rewrites_master`, is rewritten and kept beside the new one, unless it is as we wrote it.

    Raises
    ------
    CannotBeWrittenError
        If the analyst changed it so that it can't be filled, or it can't be replaced; it is then as it was.
    """
    master = folder / MASTER
    former = master.read_bytes() if master.exists() else None
    ours = former is not None and _is_ours(former, folder)
    reason = "a new one was asked for" if rewrites_master else ""
    if former is not None and not rewrites_master:
        try:
            content = saved_workbook.fill(former, laid_out, properties, name=MASTER)
            return _in_place(folder, content, former if ours else None, is_ours=ours)
        except OtherWorksheetsError as other:
            reason = other.what
            # An earlier version took a master for ours that it had filled around the analyst's own worksheets.
            ours = ours and not isinstance(other, EarlierVersionError)
        except (CannotBeWrittenError, FileError) as wrong:
            if not ours:
                raise
            reason = wrong.what
    content = master_workbook.content(laid_out, properties)
    keep = "" if ours else _KEPT_BECAUSE
    said = reason if former is not None and keep else ""
    return _in_place(folder, content, former if ours else None, keep=keep, reason=said)


def _in_place(
    folder: Path, content: bytes, our_former: bytes | None, *, keep: str = "", reason: str = "", is_ours: bool = True
) -> Saved:
    """Replace the master. The record of the last refresh is away meanwhile: without one, nothing is published."""
    other_names = _other_names(folder / MASTER)
    fingerprint = record.fingerprint(content) if is_ours else ""
    known = (fingerprint, record.fingerprint(our_former)) if our_former else (fingerprint,)
    with record.set_aside(folder, masters=known):
        former = beside.replace(folder / MASTER, content, keep=keep)
    return Saved(fingerprint=fingerprint, former=former, reason=reason, other_names=other_names)


def _other_names(master: Path) -> int:
    return master.stat().st_nlink - 1 if master.exists() else 0


def _is_ours(content: bytes, folder: Path) -> bool:
    """Return whether a master is as we wrote it, at the last refresh or, before the first, with the folder."""
    if known := record.masters(folder):
        return record.fingerprint(content) in known
    return content == master_workbook.unfilled()
