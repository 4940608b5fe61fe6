"""What the buttons in Excel need: the add-in, macros, Defender's leave, and the Python that is started."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl.installation.findings import Finding, note, wrong
from cdrp_xl.installation.machine import ADDIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.installation.machine import Machine

_CONF = "xlwings.conf"
_POLICIES = (r"Software\Policies\Microsoft\Cloud\Office\16.0", r"Software\Policies\Microsoft\Office\16.0")
_OFFICE = r"Microsoft\Office\16.0"  # Excel 2016, 2019, 2021, 2024 and of Microsoft 365
_INSTALL_ADDIN = "Close Excel, open a command prompt and run  xlwings addin install"
_WITHOUT_BUTTONS = (
    "Until then work without buttons: the shortcuts Refresh and Publish, or  cdrp-xl refresh DIR  and  "
    "cdrp-xl publish DIR"
)
_ALLOW = (
    "Antivirus programs sometimes take it away by mistake, as the makers of xlwings know. Ask IT to allow {file}; "
    "then, with Excel closed, run  python -m pip install --force-reinstall xlwings  and  xlwings addin install"
)

RULE = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
"""Microsoft's number of Defender's rule "Block all Office applications from creating child processes"."""

_RULES = r"Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_BLOCKS, _WARNS = "1", "6"


def present(machine: Machine, _folder: Path) -> Iterator[Finding]:
    """Say that there is an Excel, and of how many bits: Python may have others."""
    bits = _bits(machine)
    yield Finding(what="Excel", found=f"installed, {bits} bit" if bits else "installed")


def _bits(machine: Machine) -> str:
    """Return how many bits Excel has; empty where nobody says so."""
    click_to_run = machine.registry.values(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration").get("platform")
    installer = machine.registry.values(rf"HKLM\SOFTWARE\{_OFFICE}\Outlook").get("bitness")
    return {"x86": "32", "x64": "64"}.get(str(click_to_run or installer), "")


def library(machine: Machine, _folder: Path) -> Iterator[Finding]:
    """Look for xlwings' library of as many bits as Excel has, which worksheet functions go through."""
    bits = _bits(machine)
    if machine.platform != "win32" or not bits:
        return
    what = "xlwings' library for worksheet functions"
    name = f"xlwings{bits}-{machine.version_of('xlwings')}.dll"
    folder = Path(machine.interpreter).parent
    place = next((each / name for each in (folder, folder.parent) if (each / name).is_file()), None)
    if place:
        yield Finding(what=what, found=str(place))
    else:
        found = f"{name} is missing, so functions such as CDRP_COUNT can't be imported; the buttons work without it"
        yield note(what, found, where=folder, remedy=_ALLOW.format(file=name))


def addin(machine: Machine, _folder: Path) -> Iterator[Finding]:
    """Look at the xlwings add-in: it may be missing, taken away, of another version, or disabled."""
    what = "xlwings add-in"
    place = _startup_folder(machine) / ADDIN
    package = machine.addin_of_package
    version = machine.version_of("xlwings")
    if version and package is None:
        found = f"taken out of the package xlwings {version}, most likely by an antivirus program"
        yield wrong(what, found, where=place, remedy=f"{_ALLOW.format(file=ADDIN)}. {_WITHOUT_BUTTONS}")
    elif not place.is_file() and _user_conf(machine).is_file():
        found = "it was used here before, and is gone: an antivirus program may have taken it away"
        yield wrong(what, found, where=place, remedy=f"{_INSTALL_ADDIN}. If it goes again: {_ALLOW.format(file=ADDIN)}")
    elif not place.is_file():
        yield wrong(what, "not installed", where=place, remedy=_INSTALL_ADDIN)
    elif package is None or place.read_bytes() != package.read_bytes():
        found = f"a different version from the package's, which is {version}"
        yield wrong(what, found, where=place, remedy=_INSTALL_ADDIN)
    elif key := _disabled(machine):
        remedy = f'In Excel choose File, Options, Add-ins; at "Manage" choose Disabled Items, Go, {ADDIN}, Enable.'
        yield wrong(what, "Excel has disabled it after it failed once", where=key, remedy=remedy)
    else:
        yield Finding(what=what, found=f"{version}, {place}")


def _disabled(machine: Machine) -> str:
    """Return the key under which Excel has listed the add-in as disabled: as bytes, which hold its path in UTF-16."""
    key = rf"HKCU\Software\{_OFFICE}\Excel\Resiliency\DisabledItems"
    listed = (value for value in machine.registry.values(key).values() if isinstance(value, bytes))
    return key if any(ADDIN.encode("utf-16-le") in value.lower() for value in listed) else ""


def _startup_folder(machine: Machine) -> Path:
    """Return the folder whose workbooks Excel opens as it starts, where ``xlwings addin install`` puts the add-in."""
    if machine.platform == "darwin":
        group = machine.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return group / "User Content.localized" / "Startup.localized" / "Excel"
    return machine.roaming / "Microsoft" / "Excel" / "XLSTART"


def downloaded(machine: Machine, folder: Path) -> Iterator[Finding]:
    """Look for Windows' mark of the web on the master and the add-in: Excel runs no macro of a file that has it."""
    if machine.platform != "win32":
        return
    from cdrp_xl.workbooks import master

    what = "Files marked as downloaded"
    looked_at = [file for file in (master.existing(folder), _startup_folder(machine) / ADDIN) if file.is_file()]
    marked = [file for file in looked_at if _is_from_the_web(file)]
    for file in marked:
        remedy = "Close Excel. In File Explorer right-click the file, choose Properties, tick Unblock, press OK."
        found = f"Windows has marked {file.name} as downloaded, so Excel runs no macro in it"
        yield wrong(what, found, where=file, remedy=remedy)
    if looked_at and not marked:
        yield Finding(what=what, found=f"not {' or '.join(file.name for file in looked_at)}")


def _is_from_the_web(file: Path) -> bool:
    """Return whether a file has the zone of the internet or worse in the stream where Windows notes that."""
    try:
        noted = Path(f"{file}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return re.search(r"^ZoneId=[34]", noted, re.MULTILINE) is not None


def macros(machine: Machine, _folder: Path) -> Iterator[Finding]:
    """Read whether Excel may run macros: a policy goes before what the user has chosen."""
    if machine.platform != "win32":
        return
    what = "Macros in Excel"
    ask = f"Ask IT to make the partnership's folder a trusted location. {_WITHOUT_BUTTONS}"
    choose = 'In Excel choose File, Options, Trust Center, Macro Settings, "Disable VBA macros with notification".'
    for key in (rf"{hive}\{policy}\Common" for policy in _POLICIES for hive in ("HKCU", "HKLM")):
        if str(machine.registry.values(key).get("vbaoff")) == "1":
            yield wrong(what, "turned off for all of Office (set by policy)", where=rf"{key}\VBAOff", remedy=ask)
            return
    for parent in (*_POLICIES, rf"Software\{_OFFICE}"):
        key = rf"HKCU\{parent}\Excel\Security"
        level = machine.registry.values(key).get("vbawarnings")
        if level is not None:
            by, remedy = (" (set by policy)", ask) if parent in _POLICIES else ("", choose)
            yield _judged_level(what, str(level), by=by, where=rf"{key}\VBAWarnings", remedy=remedy)
            return
    yield Finding(what=what, found="Excel asks before it runs them")


def _judged_level(what: str, level: str, *, by: str, where: str, remedy: str) -> Finding:
    refused = {
        "3": "only signed macros run, and the master's are not signed",
        "4": "no macro runs, and Excel does not ask",
    }
    if level in refused:
        return wrong(what, f"{refused[level]}{by}", where=where, remedy=remedy)
    return Finding(what=what, found=f"{'all run' if level == '1' else 'Excel asks before it runs them'}{by}")


def child_processes(machine: Machine, _folder: Path) -> Iterator[Finding]:
    """Read whether Defender forbids Office to start other programs, as the add-in starts Python."""
    if machine.platform != "win32":
        return
    what = "Defender's rule on programs that Office starts"
    state, where = _rule(machine)
    if state == _BLOCKS:
        remedy = f"Only IT can lift the rule, by its number {RULE}. {_WITHOUT_BUTTONS}"
        yield wrong(what, "it keeps Excel from starting Python, so no button works", where=where, remedy=remedy)
    elif state == _WARNS:
        remedy = "Choose Unblock when Windows asks; it then does not ask again for 24 hours."
        yield note(what, "Windows asks when Excel starts Python", where=where, remedy=remedy)
    else:
        yield Finding(what=what, found="it keeps nothing from being started")


def _rule(machine: Machine) -> tuple[str, str]:
    """Return what the rule is set to and where: by the domain's policy, by device management, or on this computer."""
    managed = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
    text = str(machine.registry.values(managed).get("asrrules", ""))
    pairs = dict(pair.upper().split("=", 1) for pair in text.split("|") if "=" in pair)
    policy, local = (rf"HKLM\SOFTWARE\{parent}{_RULES}" for parent in ("Policies\\", ""))
    states = {
        rf"{policy}\{RULE}": machine.registry.values(policy).get(RULE.lower()),
        rf"{managed}\ASRRules": pairs.get(RULE),
        rf"{local}\{RULE}": machine.registry.values(local).get(RULE.lower()),
    }
    return next(((str(state), where) for where, state in states.items() if state is not None), ("", ""))


def applescript(machine: Machine, _folder: Path) -> Iterator[Finding]:
    """Look for the script with which Excel on a Mac may start Python."""
    if machine.platform != "darwin":
        return
    what = "xlwings' script, with which Excel may start Python"
    name = f"xlwings-{machine.version_of('xlwings')}.applescript"
    place = machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel" / name
    if place.is_file():
        yield Finding(what=what, found=str(place))
    else:
        remedy = "Open a terminal and run  xlwings runpython install"
        yield wrong(what, "not installed", where=place, remedy=remedy)


def interpreter(machine: Machine, folder: Path) -> Iterator[Finding]:
    """Say which Python the add-in would start: the folder's xlwings.conf goes before the user's."""
    what = "Python that Excel starts"
    own = "INTERPRETER_MAC" if machine.platform == "darwin" else "INTERPRETER_WIN"
    files = (folder / _CONF, _user_conf(machine))
    for key, file in ((key, file) for key in (own, "INTERPRETER") for file in files):
        path = _configured(file, key)
        if path:
            yield _judged(machine, what=what, path=os.path.expandvars(path), file=file, key=key)
            return
    remedy = f'Set the add-in\'s box "Interpreter" to  {machine.interpreter}'
    yield wrong(what, "none is named, so Excel takes the first on the system's path", where=files[-1], remedy=remedy)


def _judged(machine: Machine, *, what: str, path: str, file: Path, key: str) -> Finding:
    where = f"{file}, {key}"
    remedy = f'Set {key} in {file}, or the add-in\'s box "Interpreter", to  {machine.interpreter}'
    if not Path(path).is_file():
        found = f"{path}, which no longer exists: it was removed or moved"
        return wrong(what, found, where=where, remedy=remedy)
    if base := _gone_base(Path(path)):
        found = f"{path}, an environment whose own Python, {base}, was removed or moved"
        return wrong(what, found, where=where, remedy=f"{remedy}, and make that environment again")
    windowless = Path(machine.interpreter).with_name("pythonw.exe")
    if Path(path) not in (Path(machine.interpreter), windowless):
        found = f"{path}, which is not this one; it must have cdrp-xl too"
        return note(what, found, where=where, remedy=remedy)
    return Finding(what=what, found=path)


def _gone_base(python: Path) -> str:
    """Return the folder of the Python that an environment was made with, if it is gone; empty otherwise."""
    try:
        noted = python.parent.with_name("pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    home = re.search(r"^home\s*=\s*(.+?)\s*$", noted, re.MULTILINE)
    return home[1] if home and not Path(home[1]).is_dir() else ""


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


CHECKS = (present, addin, library, downloaded, macros, child_processes, applescript, interpreter)
"""Each looks at one thing and gives what it found, none where that is nothing to this system."""
