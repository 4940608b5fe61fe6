"""LibreOffice as a program: where it is installed, its Python bridge, and the processes that this engine starts."""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdrp_xl import temporary
from cdrp_xl.addresses import Rectangle
from cdrp_xl.errors import CdrpError
from cdrp_xl.libreoffice.interface import OfficeStoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

ACCEPT_VARIABLE = "CDRP_XL_LIBREOFFICE"
"""Environment variable with the accept string of a running LibreOffice, for example ``pipe,name=cdrp``."""

PROGRAM_VARIABLE = "CDRP_XL_LIBREOFFICE_PROGRAM"
"""Environment variable with LibreOffice's program folder, for an installation in an unusual place."""

_START_SECONDS = 90.0
_ANSWER_SECONDS = 10.0
_STOP_SECONDS = 15.0
RESTART_WANTED = 81  # soffice's exit code when a profile was just made: start it again
QUIETLY = ("--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck")
_BRIDGE_MODULES = ("uno", "unohelper", "pyuno")
_PROGRAM_FOLDERS = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice*/program",
    "/snap/libreoffice/current/lib/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
    "C:/Program Files (x86)/LibreOffice/program",
)
_BRIDGE_FOLDERS = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib/python3*/site-packages",
    "/usr/lib64/python3*/site-packages",
    "/Applications/LibreOffice.app/Contents/Resources",
    "/Applications/LibreOffice.app/Contents/Frameworks",
)

# A private profile asks nothing, shows no tip, writes British formats, keeps no recovery copies, and reckons
# every formula of a file anew: the values that other programs leave beside them may be none.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>en-GB</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/AutoSave"><prop oor:name="Enabled"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion"><value>99</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>
"""


def without_passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without passwords: another program, and what it runs, can read all of its own."""
    return {name: value for name, value in environment.items() if not name.upper().endswith("PASSWORD")}


class OfficeUnavailableError(CdrpError, ImportError):
    """LibreOffice or its Python bridge is not installed, or no running LibreOffice answers."""


def program_folder() -> Path:
    """Return the folder that holds the soffice program.

    Raises
    ------
    OfficeUnavailableError
        If no installation is found.
    """
    named = os.environ.get(PROGRAM_VARIABLE)
    folders = [Path(named)] if named else _expanded(_PROGRAM_FOLDERS)
    on_path = shutil.which("soffice")
    if on_path and not named:
        folders.insert(0, Path(on_path).resolve().parent)
    for folder in folders:
        if _executable(folder) is not None:
            return folder
    raise OfficeUnavailableError(
        "LibreOffice is not installed.",
        where=", ".join(str(folder) for folder in folders) or "the usual places",
        remedy=f"Install LibreOffice Calc (on Debian: apt install libreoffice-calc python3-uno), "
        f"or name its program folder in the environment variable {PROGRAM_VARIABLE}.",
    )


def _expanded(patterns: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for pattern in patterns:
        anchor = Path(Path(pattern).anchor)
        found += sorted(anchor.glob(str(Path(pattern).relative_to(anchor)))) if "*" in pattern else [Path(pattern)]
    return [folder for folder in found if folder.is_dir()]


def _executable(folder: Path) -> Path | None:
    # soffice.bin first: the soffice script adds a process between us and the one to stop.
    for name in ("soffice.bin", "soffice.exe", "soffice"):
        if (folder / name).is_file():
            return folder / name
    return None


class _BridgeFinder:
    """Finds uno, unohelper and pyuno in LibreOffice's folders, and nothing else: no folder goes on sys.path."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name not in _BRIDGE_MODULES:
            return None
        program = program_folder()
        folders = [program, program.parent / "Resources", program.parent / "Frameworks", *_expanded(_BRIDGE_FOLDERS)]
        for folder in folders:
            for suffix in (".py", ".pyd", ".so"):
                file = folder / f"{name}{suffix}"
                if file.is_file():
                    return importlib.util.spec_from_file_location(name, file)
        return None


def bridge() -> ModuleType:
    """Return the ``uno`` module of the system's LibreOffice, importable from any Python of the same version.

    Raises
    ------
    OfficeUnavailableError
        If LibreOffice or its Python bridge is missing, or the bridge was made for another version of Python.
    """
    if "uno" in sys.modules:
        return sys.modules["uno"]
    program_folder()
    if not any(isinstance(finder, _BridgeFinder) for finder in sys.meta_path):
        sys.meta_path.append(_BridgeFinder())
    path_before = list(sys.path)
    try:
        import uno
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name in _BRIDGE_MODULES
        raise OfficeUnavailableError(
            "LibreOffice's Python bridge (python3-uno) is not installed."
            if missing
            else f"LibreOffice's Python bridge does not load in Python {sys.version_info[0]}.{sys.version_info[1]}.",
            where=f"{program_folder()}: {error}",
            remedy="Install python3-uno, and run this with the Python version that it was made for.",
        ) from error
    finally:
        sys.path[:] = path_before  # Debian's uno.py appends LibreOffice's own folder
    module: ModuleType = uno
    return module


def struct(name: str, **members: Any) -> Any:
    """Return a UNO struct, ``struct("table.CellAddress", Sheet=0, Column=1, Row=2)``."""
    value = bridge().createUnoStruct(f"com.sun.star.{name}")
    for member, content in members.items():
        setattr(value, member, content)
    return value


def enum(kind: str, value: str) -> Any:
    """Return a UNO enumeration's value, ``enum("sheet.CellInsertMode", "DOWN")``."""
    return bridge().Enum(f"com.sun.star.{kind}", value)


def constant(name: str) -> Any:
    """Return a UNO constant, ``constant("sheet.CellFlags.VALUE")``."""
    return bridge().getConstantByName(f"com.sun.star.{name}")


def from_uno(address: Any) -> Rectangle:
    """Return the cells of UNO's CellRangeAddress."""
    return Rectangle.between((address.StartRow, address.StartColumn), (address.EndRow, address.EndColumn))


def bounds(area: Rectangle) -> tuple[int, int, int, int]:
    """Return cells as UNO's getCellRangeByPosition takes them: left, top, right, bottom."""
    return area.column, area.row, area.last_column, area.last_row


def properties(**named: Any) -> tuple[Any, ...]:
    """Return UNO's PropertyValues, in which it takes named arguments."""
    return tuple(struct("beans.PropertyValue", Name=name, Value=value) for name, value in named.items())


def file_url(path: str | Path) -> str:
    """Return a path as the URL under which UNO knows the file."""
    return str(bridge().systemPathToFileUrl(str(path)))


class Office:
    """One LibreOffice: a process of our own with a private profile, or a running one that others started.

    Parameters
    ----------
    accept
        Accept string of a running LibreOffice (``pipe,name=cdrp`` or ``socket,host=localhost,port=2002``). Without it
        a process is started.
    executable
        The soffice program to start, where the system's own is not the one wanted.
    is_shown
        True to show LibreOffice's windows.
    patience
        Seconds to wait for the answer of one that others started.
    """

    def __init__(
        self,
        accept: str | None = None,
        *,
        executable: Path | None = None,
        is_shown: bool = False,
        patience: float = 0.0,
    ) -> None:
        self.accept = accept or f"pipe,name=cdrp-xl-{uuid.uuid4().hex[:16]}"
        self.is_own = accept is None
        self._process: subprocess.Popen[bytes] | None = None
        self._profile: temporary.Folder | None = None
        self._command: list[str] = []
        if self.is_own:
            self._start(executable or required_executable(), is_shown=is_shown)
        try:
            self.context = self._connect(patience)
        except BaseException:
            self.kill()
            raise
        self.desktop: Any = self.service("frame.Desktop")
        self.is_shown = is_shown if self.is_own else _has_a_window(self.desktop)

    @property
    def pid(self) -> int:
        """The process's id; for a LibreOffice that others started, a number that stands for its accept string."""
        if self._process is not None:
            return self._process.pid
        return zlib.crc32(self.accept.encode())

    @property
    def exit_code(self) -> int | None:
        """What our own process ended with, on Linux less than 0 where a signal ended it; None while it lives."""
        return None if self._process is None else self._process.poll()

    @property
    def is_running(self) -> bool:
        """False once LibreOffice has ended or its connection is broken."""
        if self.exit_code is not None:
            return False
        try:
            return self.desktop.ImplementationName is not None
        except Exception:  # noqa: BLE001 - whatever UNO raises here means that nobody answers
            return False

    def service(self, name: str) -> Any:
        """Return a new instance of one of LibreOffice's services, ``service("util.NumberFormatter")``."""
        return self.context.ServiceManager.createInstanceWithContext(f"com.sun.star.{name}", self.context)

    def stop(self) -> None:
        """End LibreOffice without saving anything."""
        with contextlib.suppress(Exception):  # it may end before it answers, or have ended already
            self.desktop.terminate()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End our own process at once, with the processes that it started, and remove its profile."""
        if self._process is not None:
            if self._process.poll() is None:
                end_group(self._process)
                self._process.wait(_STOP_SECONDS)
            atexit.unregister(self.kill)
        if self._profile is not None:  # a timer may be at it, too
            self._profile.remove()

    def _start(self, executable: Path, *, is_shown: bool) -> None:
        bridge()
        self._profile = new_profile()
        self._command = [
            str(executable),
            *([] if is_shown else ["--headless"]),
            *QUIETLY,
            f"-env:UserInstallation={self._profile.path.as_uri()}",
            f"--accept={self.accept};urp;StarOffice.ComponentContext",
        ]
        atexit.register(self.kill)
        self._launch()

    def _launch(self) -> None:
        # A macro's Shell() hands the variable on, so that a Python started by a button finds this very process.
        self._process = subprocess.Popen(  # noqa: S603 - the program found above, no shell
            self._command,
            env={**without_passwords(os.environ), ACCEPT_VARIABLE: self.accept},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self._profile.inherited if self._profile else (),
        )

    def _connect(self, patience: float) -> Any:
        local = bridge().getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        address = f"uno:{self.accept};urp;StarOffice.ComponentContext"
        deadline = time.monotonic() + (_START_SECONDS if self.is_own else patience)
        was_broken = False
        while True:
            try:
                return resolver.resolve(address)
            except Exception as error:
                if type(error).__name__.endswith("DisposedException") and not was_broken:
                    # LibreOffice answered, and the connection broke while it was made: it is there, and asked again.
                    was_broken, deadline = True, max(deadline, time.monotonic() + _ANSWER_SECONDS)
                if time.monotonic() >= deadline:
                    raise self._no_answer() from error
            self._look_after_start()
            time.sleep(0.05)

    def _look_after_start(self) -> None:
        ended = self.exit_code
        if ended == RESTART_WANTED:
            self._launch()
        elif ended is not None:
            raise OfficeUnavailableError(
                f"LibreOffice ended while it started (exit code {ended}).",
                where=self._command[0],
                remedy="Start LibreOffice by hand to see what it says; install libreoffice-calc if Calc is missing.",
            )

    def _no_answer(self) -> CdrpError:
        return OfficeUnavailableError(
            "No LibreOffice answers.",
            where=self.accept,
            remedy=f'Start it with soffice --accept="{self.accept};urp", or unset {ACCEPT_VARIABLE} to start one.',
        )


def open_door(*arguments: str) -> str:
    """Have the LibreOffice that the user has open accept a connection, and return its accept string.

    Parameters
    ----------
    arguments
        More arguments of soffice; ``-env:UserInstallation=…`` names another profile than the user's own.
    """
    accept = f"pipe,name=cdrp-xl-{uuid.uuid4().hex[:16]}"
    # Started a second time for one profile, soffice hands its arguments to the first and ends.
    started = subprocess.Popen(  # noqa: S603 - LibreOffice's own program, no shell
        [
            str(required_executable()),
            *("--norestore", "--nologo", "--nodefault", *arguments),
            f"--accept={accept};urp;StarOffice.ComponentContext",
        ],
        env=without_passwords(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        started.wait(_ANSWER_SECONDS)
    except subprocess.TimeoutExpired:
        _end(started)
        raise OfficeUnavailableError(
            "No LibreOffice is open.",
            where="this user's session",
            remedy="Open the workbook in LibreOffice and use its button, or call xw.App() to start one.",
        ) from None
    return accept


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(_STOP_SECONDS)


def _has_a_window(desktop: Any) -> bool:
    frames = [desktop.Frames.getByIndex(index) for index in range(desktop.Frames.Count)]
    return any(frame.ContainerWindow is not None and frame.ContainerWindow.isVisible() for frame in frames)


def new_profile() -> temporary.Folder:
    """Return a new private profile, which whoever asked for it has to remove."""
    profile = temporary.make("libreoffice")
    (profile.path / "user").mkdir()
    (profile.path / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    return profile


def required_executable() -> Path:
    """Return the soffice program.

    Raises
    ------
    OfficeUnavailableError
        If no installation is found.
    """
    folder = program_folder()
    executable = _executable(folder)
    if executable is None:
        raise OfficeStoppedError(str(folder))
    return executable


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started in a session of its own, with those that it started, at once."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)  # its own session, hence its own group
    else:
        process.kill()
