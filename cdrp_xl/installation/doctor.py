"""Doctor: what cdrp-xl finds on this computer, what is wrong with it, and how to put it right.

Nothing is changed, but that LibreOffice is started where it never was, so that it makes its profile.
"""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import cdrp_xl
from cdrp_xl.errors import CdrpError
from cdrp_xl.installation import excel, folders, libreoffice_profile
from cdrp_xl.installation.findings import Finding, Verdict, note, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from cdrp_xl.installation.machine import Machine

    Check: TypeAlias = Callable[[Machine, Path], Iterator[Finding]]

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
    *("olefile", "python-docx", "rapidfuzz", "rich", "scipy", "tomlkit", "typer"),
)
_BITS = 64
_INSTALL_PACKAGE = "Run  python -m pip install --upgrade cdrp-xl  with the Python named above."
_INSTALL_MACRO = "Close LibreOffice and run  cdrp-xl libreoffice install"
_MACRO = "LibreOffice macro for the buttons"
_NO_EXCEL = {"linux": "there is none for this system; the workbooks open in LibreOffice"}


def examine(machine: Machine, folder: Path) -> tuple[Finding, ...]:
    """Return what is found on a computer and in a partnership's folder, in the order in which a person would look."""
    begun = _looked_at((_python, _packages), machine, folder)
    of_excel = _looked_at(excel.CHECKS if machine.has_excel else (_no_excel,), machine, folder)
    rest = _looked_at((_libreoffice, *folders.CHECKS), machine, folder)
    has_buttons = machine.has_excel and not any(each.verdict is Verdict.WRONG for each in of_excel)
    return (*begun, *of_excel, *rest, _ways(rest, has_buttons=has_buttons))


def _looked_at(checks: Sequence[Check], machine: Machine, folder: Path) -> list[Finding]:
    return [finding for check in checks for finding in check(machine, folder)]


def _python(machine: Machine, _folder: Path) -> Iterator[Finding]:
    yield Finding(what="cdrp-xl", found=cdrp_xl.__version__)
    found = f"{platform.python_version()}, {machine.bits} bit, {machine.interpreter}"
    if machine.bits == _BITS:
        yield Finding(what="Python", found=found)
    else:
        remedy = "Install Python of 64 bit for yourself, and cdrp-xl with it. Excel may have 32 bit."
        what_for = "; duckdb and other packages are made for 64 bit alone"
        yield wrong("Python", f"{found}{what_for}", where=machine.interpreter, remedy=remedy)
    yield Finding(what="Platform", found=platform.platform())


def _packages(machine: Machine, _folder: Path) -> Iterator[Finding]:
    for name in NEEDED:
        version = machine.version_of(name)
        if version is None:
            yield wrong(name, "not installed", where=machine.interpreter, remedy=_INSTALL_PACKAGE)
        else:
            yield Finding(what=name, found=version)


def _no_excel(machine: Machine, _folder: Path) -> Iterator[Finding]:
    found = _NO_EXCEL.get(machine.platform, "not found; the command line and LibreOffice do without it")
    yield Finding(what="Excel", found=found, verdict=Verdict.NOTE)


def _libreoffice(machine: Machine, _folder: Path) -> Iterator[Finding]:
    try:
        program, version = machine.libreoffice()
    except CdrpError as missing:
        yield note("LibreOffice", missing.what, where=missing.where, remedy=missing.remedy)
        return
    yield Finding(what="LibreOffice", found=f"{version}, {program}")
    try:
        machine.bridge()
    except CdrpError as fault:
        judged = note if machine.has_excel else wrong
        yield judged("LibreOffice's Python bridge", fault.what, where=fault.where, remedy=fault.remedy)
    else:
        yield Finding(what="LibreOffice's Python bridge", found="can be imported")
    yield from _macros(machine)


def _macros(machine: Machine) -> Iterator[Finding]:
    try:
        if not machine.profiles:
            machine.start_libreoffice()
    except CdrpError as fault:
        yield note(_MACRO, fault.what, where=fault.where, remedy=f"{fault.remedy} {_INSTALL_MACRO}")
    for profile in machine.profiles:
        try:
            yield _macro(profile, machine.interpreter)
        except CdrpError as fault:
            yield wrong(_MACRO, fault.what, where=fault.where, remedy=fault.remedy)


def _macro(profile: Path, interpreter: str) -> Finding:
    if not libreoffice_profile.has_macro(profile):
        return note(_MACRO, "not installed", where=profile, remedy=_INSTALL_MACRO)
    if not libreoffice_profile.starts(profile, interpreter=interpreter):
        found = "installed by another Python or version of cdrp-xl, which may be removed or moved since"
        return wrong(_MACRO, found, where=profile, remedy=_INSTALL_MACRO)
    return Finding(what=_MACRO, found=f"installed in {profile}")


def _ways(found: Sequence[Finding], *, has_buttons: bool) -> Finding:
    """Return which ways there are to refresh and publish on this computer."""
    right = {finding.what for finding in found if finding.verdict is Verdict.RIGHT}
    ways = {
        "buttons in Excel": has_buttons,
        "buttons in LibreOffice": _MACRO in right,
        "shortcuts": folders.SHORTCUTS in right,
        "command line": True,
    }
    return Finding(what="Ways to work here", found=", ".join(way for way, is_open in ways.items() if is_open))
