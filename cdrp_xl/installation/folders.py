"""What the doctor finds where a partnership's folder lies, and in the shortcuts that an installation left."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl.errors import CdrpError, name_some
from cdrp_xl.installation.findings import Finding, note, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.installation.machine import Machine

PARTNERSHIP = "Partnership's folder"
SHORTCUTS = "Shortcuts Refresh and Publish"

_LIES = "Where the folder lies"
_WRITTEN_TO = "What is written to"
_PARTS = ("", "published", "returns", "counts")


def lies(machine: Machine, folder: Path) -> Iterator[Finding]:
    """Say whether a folder is one that OneDrive keeps, or on a drive of another computer."""
    if not _is_partnership(folder):
        return
    if root := _synchronised(machine, folder):
        found = "OneDrive or SharePoint copies it to a server, and your extracts with it"
        remedy = (
            "Ask whether row-level extracts may be there. If a button says that it does not find the workbook, move "
            f"the folder to one that is not copied, such as {machine.home / 'cdrp'}"
        )
        yield note(_LIES, found, where=root, remedy=remedy)
    if machine.is_on_network(folder):
        found = "on a drive of another computer: a refresh is slower, and a colleague at work in it may not be noticed"
        remedy = "Copy the folder to this computer and work there, or make sure that one person at a time works in it."
        yield note(_LIES, found, where=folder, remedy=remedy)


def _synchronised(machine: Machine, folder: Path) -> Path | None:
    """Return the folder above that OneDrive or SharePoint keeps the same on a server, None where there is none."""
    named = [machine.environment.get(f"OneDrive{kind}", "") for kind in ("", "Consumer", "Commercial")]
    key = r"HKCU\Software\SyncEngines\Providers\OneDrive"
    named += [
        str(machine.registry.values(rf"{key}\{name}").get("mountpoint", "")) for name in machine.registry.keys(key)
    ]
    if machine.platform == "darwin":
        named += [str(each) for each in (machine.home / "Library" / "CloudStorage").glob("*")]
    roots = (Path(os.path.normcase(name)) for name in named if name)
    return next((root for root in roots if Path(os.path.normcase(folder)).is_relative_to(root)), None)


def written_to(machine: Machine, folder: Path) -> Iterator[Finding]:
    """Try whether a refresh and a publish could write where they have to."""
    if not _is_partnership(folder):
        return
    from cdrp_xl.workbooks import master

    refused = {part: why for part in _PARTS if (folder / part).is_dir() and (why := machine.refusal(folder / part))}
    for part, why in refused.items():
        remedy = "Ask for the right to write there, or copy the folder to one of your own, and work in the copy."
        yield wrong(_WRITTEN_TO, f"no file can be made in the folder: {why}", where=folder / part, remedy=remedy)
    file = master.existing(folder)
    is_kept = machine.platform == "win32" and file.is_file() and not file.stat().st_mode & stat.S_IWUSR
    if is_kept:
        remedy = "In File Explorer right-click the file, choose Properties, untick Read-only, press OK."
        yield wrong(_WRITTEN_TO, "the master is marked as read-only", where=file, remedy=remedy)
    if not refused and not is_kept:
        yield Finding(what=_WRITTEN_TO, found="can be written to")


def shortcuts(machine: Machine, _folder: Path) -> Iterator[Finding]:
    """Check whether the Python that an installation's shortcuts start is still there."""
    places = (file for name in ("Refresh.*", "Publish.*") for file in sorted((machine.home / "Desktop").glob(name)))
    started = {file: python for file in places if (python := _started_by(file))}
    gone = {file: python for file, python in started.items() if not Path(python).is_file()}
    for file, python in gone.items():
        found = f"{file.name} starts {python}, which was removed or moved"
        yield wrong(
            SHORTCUTS, found, where=file, remedy="Unpack the installation's zip and start its install file again."
        )
    if started and not gone:
        yield Finding(what=SHORTCUTS, found=", ".join(map(str, started)))


def _started_by(file: Path) -> str:
    """Return the Python that a shortcut starts cdrp-xl with; empty where it is not one of ours."""
    try:
        found = re.search(r'"([^"]+)" -m cdrp_xl ', file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return found[1] if found else ""


def partnership(_machine: Machine, folder: Path) -> Iterator[Finding]:
    """Read the settings, and look into the extract as they say."""
    from cdrp_xl import settings

    if not _is_partnership(folder):
        found = f"none at {folder}: it has no {settings.FILE_NAME}"
        yield note(PARTNERSHIP, found, where=folder, remedy="Name one:  cdrp-xl doctor DIR")
        return
    try:
        own = settings.read(folder)
    except CdrpError as fault:
        yield _faulty(PARTNERSHIP, fault)
        return
    yield Finding(what=PARTNERSHIP, found=f"{own.partnership.name or own.partnership.area}, {folder}")
    if own.sources.recorded_crime:
        yield _extract(folder)


def _is_partnership(folder: Path) -> bool:
    from cdrp_xl import settings

    return (folder / settings.FILE_NAME).is_file()


def _extract(folder: Path) -> Finding:
    """Return whether the extract can be counted by the settings, looked into as connect does."""
    from cdrp_xl.workbooks import connecting

    what = "Extract of recorded crime"
    try:
        own = connecting.existing_settings(folder)
        proposal = connecting.look(own, (), chosen=own.chosen, today=dt.datetime.now(tz=dt.UTC).astimezone().date())
    except CdrpError as fault:
        return _faulty(what, fault)
    rows = sum(each.written.rows for each in proposal.offences)
    found = f"{rows:,} rows of {own.area} in {len(proposal.paths):,} {'file' if len(proposal.paths) == 1 else 'files'}"
    unknown = [f'"{each.written.text}"' for each in proposal.unknown]
    if unknown:
        found = f"{found}; unknown offences: {name_some(unknown)}"
        where = ", ".join(path.name for path in proposal.paths)
        return wrong(what, found, where=where, remedy=f"Say what they are:  cdrp-xl connect {folder}")
    return Finding(what=what, found=found)


def _faulty(what: str, fault: CdrpError) -> Finding:
    return wrong(what, fault.what, where=fault.where, remedy=fault.remedy)


CHECKS = (shortcuts, partnership, lies, written_to)
