"""The computer as the doctor sees it: this one, or in a test any other."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cdrp_xl import temporary
from cdrp_xl.installation import libreoffice_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ADDIN = "xlwings.xlam"

_VERSION_SECONDS = 30.0
_NETWORK_DRIVE = 4  # what GetDriveTypeW returns for one


class Registry(Protocol):
    """The registry of Windows; elsewhere it is empty. A key begins with ``HKCR``, ``HKCU`` or ``HKLM``."""

    def values(self, key: str) -> Mapping[str, object]:
        """Return the values of a key by their names in lower-case letters, none where there is no such key."""

    def keys(self, key: str) -> Sequence[str]:
        """Return the names of the keys under a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The computer as the doctor sees it, so that a test can show it another."""

    platform: str
    home: Path
    environment: Mapping[str, str]
    interpreter: str
    bits: int
    """Of the Python that runs."""
    has_excel: bool
    version_of: Callable[[str], str | None]
    addin_of_package: Path | None
    registry: Registry
    is_on_network: Callable[[Path], bool]
    refusal: Callable[[Path], str]
    """Why no file can be made in a folder; empty where one can."""
    libreoffice: Callable[[], tuple[str, str]]
    """The program's folder and version; raises CdrpError where there is none."""
    bridge: Callable[[], object]
    """Raises CdrpError where LibreOffice's Python bridge can't be imported."""
    start_libreoffice: Callable[[], object]
    """Starts LibreOffice for the first time, so that it makes its profile; raises CdrpError where it does not start."""

    @property
    def roaming(self) -> Path:
        """The folder of Windows in which programs keep a person's settings."""
        named = self.environment.get("APPDATA", "")
        return Path(named) if named else self.home / "AppData" / "Roaming"

    @property
    def profiles(self) -> tuple[Path, ...]:
        """LibreOffice's profiles of this user."""
        return libreoffice_profile.found_profiles(self.platform, self.home, self.environment)


def this_machine() -> Machine:
    """Return the computer that this runs on."""
    registry = _Registry()
    return Machine(
        platform=sys.platform,
        home=Path.home(),
        environment=os.environ,
        interpreter=sys.executable,
        bits=64 if sys.maxsize > 2**32 else 32,
        has_excel=_has_excel(registry),
        version_of=_version_of,
        addin_of_package=_addin_of_package(),
        registry=registry,
        is_on_network=_is_on_network,
        refusal=_refusal,
        libreoffice=_libreoffice,
        bridge=_bridge,
        start_libreoffice=libreoffice_profile.start_first,
    )


class _Registry:
    """The registry of the Windows that this runs on, as 64-bit programs see it."""

    def values(self, key: str) -> Mapping[str, object]:
        return {name.lower(): value for name, value in _listed(key, are_values=True)}

    def keys(self, key: str) -> Sequence[str]:
        return [name for name, _ in _listed(key, are_values=False)]


def _listed(key: str, *, are_values: bool) -> list[tuple[str, object]]:
    """Return the names under a key of the registry, with their values; none where it is missing or can't be read."""
    found: list[tuple[str, object]] = []
    if sys.platform == "win32":
        import winreg

        hive, _, path = key.partition("\\")
        roots = {"HKCR": winreg.HKEY_CLASSES_ROOT, "HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        with contextlib.suppress(OSError), winreg.OpenKey(roots[hive], path, 0, access) as opened:
            keys, values, _ = winreg.QueryInfoKey(opened)
            if are_values:
                found = [winreg.EnumValue(opened, number)[:2] for number in range(values)]
            else:
                found = [(winreg.EnumKey(opened, number), None) for number in range(keys)]
    return found


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _addin_of_package() -> Path | None:
    found = importlib.util.find_spec("xlwings")
    places = [Path(folder) / "addin" / ADDIN for folder in (found.submodule_search_locations or [])] if found else []
    return next((place for place in places if place.is_file()), None)


def _has_excel(registry: Registry) -> bool:
    if sys.platform == "darwin":
        return Path("/Applications/Microsoft Excel.app").exists()
    return bool(registry.values(r"HKCR\Excel.Application"))


def _is_on_network(folder: Path) -> bool:
    """Return whether a folder of Windows is on a drive of another computer; elsewhere that is not looked at."""
    is_remote = False
    if sys.platform == "win32":
        import ctypes

        drive = folder.drive
        is_remote = drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _NETWORK_DRIVE
    return is_remote


def _refusal(folder: Path) -> str:
    """Try it: neither rights as they are listed nor Defender's guard of folders can be had otherwise."""
    try:
        with tempfile.TemporaryFile(dir=folder, prefix="cdrp-xl-"):
            return ""
    except OSError as refused:
        return refused.strerror or str(refused)


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
            answered = subprocess.run(  # noqa: S603 - the program found above, no shell
                command, capture_output=True, text=True, timeout=_VERSION_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return "version not known"
    found = re.search(r"\d+(\.\d+)+", answered.stdout)
    return found[0] if found else "version not known"


def _bridge() -> object:
    from cdrp_xl.libreoffice import office

    return office.bridge()
