"""Doctor: what cdrp-xl finds on this computer, what is wrong with it, and how to mend it; nothing is changed."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import cdrp_xl
from cdrp_xl import temporary
from cdrp_xl.errors import CdrpError, name_some
from cdrp_xl.installation import libreoffice_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NEEDED = (
    *(
        "ahocorasick-rs",
        "xlwings",
        "XlsxWriter",
        "openpyxl",
        "lxml",
        "duckdb",
        "fastexcel",
        "msgspec",
        "msoffcrypto-tool",
    ),
    *("olefile", "rapidfuzz", "rich", "scipy", "tomlkit", "typer"),
)
ADDIN = "xlwings.xlam"
_CONF = "xlwings.conf"
_VERSION_SECONDS = 30.0
_INSTALL_PACKAGE = "Run  python -m pip install --upgrade cdrp-xl  with the Python named above."
_INSTALL_ADDIN = "Close Excel, open a command prompt and run  xlwings addin install"
_INSTALL_MACRO = "Close LibreOffice and run  cdrp-xl libreoffice install"
_NO_EXCEL = {"linux": "there is none for this system; the workbooks open in LibreOffice"}


class Verdict(StrEnum):
    """Whether something is as it has to be: a note is what can do without, or what only a person can judge."""

    RIGHT = "right"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, what was found, and how to mend it where that is called for."""

    what: str
    found: str
    verdict: Verdict = Verdict.RIGHT
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The computer as the doctor sees it, so that a test can show it another."""

    platform: str
    home: Path
    environment: Mapping[str, str]
    interpreter: str
    has_excel: bool
    version_of: Callable[[str], str | None]
    addin_of_package: Path | None
    libreoffice: Callable[[], tuple[str, str]]
    """The program's folder and version; raises CdrpError where there is none."""
    bridge: Callable[[], object]
    """Raises CdrpError where LibreOffice's Python bridge can't be imported."""


def this_machine() -> Machine:
    """Return the computer that this runs on."""
    return Machine(
        platform=sys.platform,
        home=Path.home(),
        environment=os.environ,
        interpreter=sys.executable,
        has_excel=_has_excel(),
        version_of=_version_of,
        addin_of_package=_addin_of_package(),
        libreoffice=_libreoffice,
        bridge=_bridge,
    )


def examine(machine: Machine, folder: Path) -> tuple[Finding, ...]:
    """Return what is found on a computer and in a partnership's folder, in the order in which a person would look."""
    return (*_versions(machine), *_excel(machine, folder), *_libreoffice_findings(machine), *_of_folder(folder))


def _versions(machine: Machine) -> Iterator[Finding]:
    bits = 64 if sys.maxsize > 2**32 else 32
    yield Finding(what="cdrp-xl", found=cdrp_xl.__version__)
    yield Finding(what="Python", found=f"{platform.python_version()}, {bits} bit, {machine.interpreter}")
    yield Finding(what="Platform", found=platform.platform())
    for name in NEEDED:
        version = machine.version_of(name)
        if version is None:
            yield Finding(what=name, found="not installed", verdict=Verdict.WRONG, remedy=_INSTALL_PACKAGE)
        else:
            yield Finding(what=name, found=version)


def _excel(machine: Machine, folder: Path) -> Iterator[Finding]:
    if not machine.has_excel:
        found = _NO_EXCEL.get(machine.platform, "not found; the command line and LibreOffice do without it")
        yield Finding(what="Excel", found=found, verdict=Verdict.NOTE)
        return
    yield Finding(what="Excel", found="installed")
    yield _addin(machine)
    if machine.platform == "darwin":
        yield _applescript(machine)
    yield _interpreter(machine, folder)


def _addin(machine: Machine) -> Finding:
    place = _startup_folder(machine) / ADDIN
    package = machine.addin_of_package
    version = machine.version_of("xlwings")
    if not place.is_file():
        found = f"not installed at {place}"
    elif package is None or place.read_bytes() != package.read_bytes():
        found = f"another version than the package's, which is {version}, at {place}"
    else:
        return Finding(what="xlwings add-in", found=f"{version}, {place}")
    return Finding(what="xlwings add-in", found=found, verdict=Verdict.WRONG, remedy=_INSTALL_ADDIN)


def _startup_folder(machine: Machine) -> Path:
    """Return the folder whose workbooks Excel opens as it starts, where ``xlwings addin install`` puts the add-in."""
    if machine.platform == "darwin":
        group = machine.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return group / "User Content.localized" / "Startup.localized" / "Excel"
    return _roaming(machine) / "Microsoft" / "Excel" / "XLSTART"


def _roaming(machine: Machine) -> Path:
    named = machine.environment.get("APPDATA", "")
    return Path(named) if named else machine.home / "AppData" / "Roaming"


def _applescript(machine: Machine) -> Finding:
    what = "xlwings' script, with which Excel may start Python"
    name = f"xlwings-{machine.version_of('xlwings')}.applescript"
    place = machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel" / name
    if place.is_file():
        return Finding(what=what, found=str(place))
    return Finding(
        what=what,
        found=f"not installed at {place}",
        verdict=Verdict.WRONG,
        remedy="Open a terminal and run  xlwings runpython install",
    )


def _interpreter(machine: Machine, folder: Path) -> Finding:
    """Say which Python the add-in would start: the folder's xlwings.conf goes before the user's."""
    what = "Python that Excel starts"
    own = "INTERPRETER_MAC" if machine.platform == "darwin" else "INTERPRETER_WIN"
    files = (folder / _CONF, _user_conf(machine))
    for key, file in ((key, file) for key in (own, "INTERPRETER") for file in files):
        path = _configured(file, key)
        if path:
            return _judged(machine, what=what, path=os.path.expandvars(path), file=file, key=key)
    return Finding(
        what=what,
        found=f"none is named in {files[-1]}, so Excel takes the first on the system's path",
        verdict=Verdict.WRONG,
        remedy=f'Set the add-in\'s box "Interpreter" to  {machine.interpreter}',
    )


def _judged(machine: Machine, *, what: str, path: str, file: Path, key: str) -> Finding:
    remedy = f'Set {key} in {file}, or the add-in\'s box "Interpreter", to  {machine.interpreter}'
    if not Path(path).is_file():
        return Finding(what=what, found=f"{path}, which is not there", verdict=Verdict.WRONG, remedy=remedy)
    windowless = Path(machine.interpreter).with_name("pythonw.exe")
    if Path(path) not in (Path(machine.interpreter), windowless):
        found = f"{path}, which is another than this one; it has to have cdrp-xl too"
        return Finding(what=what, found=found, verdict=Verdict.NOTE, remedy=remedy)
    return Finding(what=what, found=path)


def _user_conf(machine: Machine) -> Path:
    if machine.platform == "darwin":
        return machine.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / _CONF
    return machine.home / ".xlwings" / _CONF


def _configured(file: Path, key: str) -> str:
    """Return a value of xlwings' settings, lines of ``"KEY","value"``; empty where there is none."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(rf'^"{key}","([^"]*)"', text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def _libreoffice_findings(machine: Machine) -> Iterator[Finding]:
    try:
        folder, version = machine.libreoffice()
    except CdrpError as missing:
        yield Finding(what="LibreOffice", found=missing.what, verdict=Verdict.NOTE, remedy=missing.remedy)
        return
    yield Finding(what="LibreOffice", found=f"{version}, {folder}")
    try:
        machine.bridge()
    except CdrpError as fault:
        is_needed = not machine.has_excel
        verdict = Verdict.WRONG if is_needed else Verdict.NOTE
        yield Finding(what="LibreOffice's Python bridge", found=fault.what, verdict=verdict, remedy=fault.remedy)
    else:
        yield Finding(what="LibreOffice's Python bridge", found="can be imported")
    yield from _macros(machine)


def _macros(machine: Machine) -> Iterator[Finding]:
    what = "LibreOffice macro for the buttons"
    profiles = libreoffice_profile.found_profiles(machine.platform, machine.home, machine.environment)
    if not profiles:
        remedy = f"To use the buttons there, start LibreOffice once. {_INSTALL_MACRO}"
        yield Finding(what=what, found="LibreOffice was never started here", verdict=Verdict.NOTE, remedy=remedy)
    for profile in profiles:
        try:
            found, verdict = _macro(profile, machine.interpreter)
        except CdrpError as fault:
            yield Finding(what=what, found=fault.what, verdict=Verdict.WRONG, remedy=fault.remedy)
        else:
            remedy = "" if verdict is Verdict.RIGHT else _INSTALL_MACRO
            yield Finding(what=what, found=f"{found} in {profile}", verdict=verdict, remedy=remedy)


def _macro(profile: Path, interpreter: str) -> tuple[str, Verdict]:
    if not libreoffice_profile.has_macro(profile):
        return "not installed", Verdict.NOTE
    if not libreoffice_profile.starts(profile, interpreter=interpreter):
        return "installed, by another Python or version of cdrp-xl,", Verdict.WRONG
    return "installed", Verdict.RIGHT


def _of_folder(folder: Path) -> Iterator[Finding]:
    from cdrp_xl import settings

    what = "Partnership's folder"
    if not (folder / settings.FILE_NAME).is_file():
        found = f"none at {folder}: it has no {settings.FILE_NAME}"
        yield Finding(what=what, found=found, verdict=Verdict.NOTE, remedy="Name one:  cdrp-xl doctor DIR")
        return
    try:
        own = settings.read(folder)
    except CdrpError as fault:
        yield _faulty(what, fault)
        return
    yield Finding(what=what, found=f"{own.partnership.name or own.partnership.area}, {folder}")
    if own.sources.recorded_crime:
        yield _extract(folder)


def _extract(folder: Path) -> Finding:
    """Return whether the extract can be counted by the settings, looked into as connect does."""
    from cdrp_xl.workbooks import connecting

    what = "Extract of recorded crime"
    try:
        own = connecting.standing(folder)
        proposal = connecting.look(own, (), chosen=own.chosen, today=dt.datetime.now(tz=dt.UTC).astimezone().date())
    except CdrpError as fault:
        return _faulty(what, fault)
    rows = sum(each.written.rows for each in proposal.offences)
    found = f"{rows:,} rows of {own.area} in {len(proposal.paths):,} {'file' if len(proposal.paths) == 1 else 'files'}"
    unknown = [f'"{each.written.text}"' for each in proposal.unknown]
    if unknown:
        found = f"{found}; offences that are not known: {name_some(unknown)}"
        remedy = f"Say what they are:  cdrp-xl connect {folder}"
        return Finding(what=what, found=found, verdict=Verdict.WRONG, remedy=remedy)
    return Finding(what=what, found=found)


def _faulty(what: str, fault: CdrpError) -> Finding:
    return Finding(what=what, found=f"{fault.what} ({fault.where})", verdict=Verdict.WRONG, remedy=fault.remedy)


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _addin_of_package() -> Path | None:
    found = importlib.util.find_spec("xlwings")
    places = [Path(folder) / "addin" / ADDIN for folder in (found.submodule_search_locations or [])] if found else []
    return next((place for place in places if place.is_file()), None)


def _has_excel() -> bool:
    if sys.platform == "darwin":
        return Path("/Applications/Microsoft Excel.app").exists()
    if sys.platform == "win32":
        import winreg

        try:
            winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, "Excel.Application"))
        except OSError:
            return False
        return True
    return False


def _libreoffice() -> tuple[str, str]:
    from cdrp_xl.libreoffice import office

    folder = office.program_folder()
    return str(folder), _libreoffice_version(folder)


def _libreoffice_version(folder: Path) -> str:
    """Return LibreOffice's version as it says it itself, started with a profile of its own."""
    program = next((folder / name for name in ("soffice.com", "soffice") if (folder / name).is_file()), None)
    if program is None:
        return "version not known"
    with temporary.folder("version") as profile:
        command = [str(program), "--headless", "--version", f"-env:UserInstallation={profile.as_uri()}"]
        try:
            told = subprocess.run(  # noqa: S603 - the program found above, no shell
                command, capture_output=True, text=True, timeout=_VERSION_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return "version not known"
    found = re.search(r"\d+(\.\d+)+", told.stdout)
    return found[0] if found else "version not known"


def _bridge() -> object:
    from cdrp_xl.libreoffice import office

    return office.bridge()
