"""The Basic that starts Python for buttons and formulas, put in the user's LibreOffice profile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from cdrp_xl import beside
from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.functions import partnership, worksheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cdrp_xl.functions.worksheet import WorksheetFunction

MODULES = {"cdrp_xl": "libreoffice_macro.bas", "cdrp_xl_functions": "libreoffice_functions.bas"}
"""The modules of Basic that are put into a profile, and the file beside this one that each is made from."""

_PACKAGES = Path(__file__).parents[2]
_SIGNED = "cdrp-xl libreoffice uninstall"  # in the macro's own comment: a module with these words is ours
_LOCK = ".lock"
_START_SECONDS = 120.0
_STARTS = 2  # the first start may only make the profile, and ask for another

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PUBLIC = '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN"'
_MODULE_FILE = f"""{_HEAD}<!DOCTYPE script:module PUBLIC {_PUBLIC} "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="{{name}}" script:language="StarBasic"\
 script:moduleType="normal">{{text}}</script:module>
"""
_LIBRARY_FILE = f"""{_HEAD}<!DOCTYPE library:library PUBLIC {_PUBLIC} "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"\
 library:passwordprotected="false">
</library:library>
"""
_LIBRARIES_FILE = f"""{_HEAD}<!DOCTYPE library:libraries PUBLIC {_PUBLIC} "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
</library:libraries>
"""
_NAME = "{http://openoffice.org/2000/library}name"
_STANDARD = '<library:library library:name="Standard" library:link="false"/>'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """Where the modules, by name, and the two lists that name them are in a profile."""

    modules: Mapping[str, Path]
    library: Path
    libraries: Path


def found_profiles(platform: str, home: Path, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the profiles that LibreOffice has made for this user, none where it was never started."""
    roaming = environment.get("APPDATA", "")
    settings = environment.get("XDG_CONFIG_HOME", "")
    if platform == "win32":
        folder = Path(roaming) if roaming else home / "AppData" / "Roaming"
        parent = folder / "LibreOffice"
    elif platform == "darwin":
        parent = home / "Library" / "Application Support" / "LibreOffice"
    else:
        parent = (Path(settings) if settings else home / ".config") / "libreoffice"
    return tuple(folder for folder in sorted(parent.glob("*")) if _is_profile(folder))


def start_first() -> None:
    """Let LibreOffice make this user's profile, as the first time that it is started does; no window is shown.

    Raises
    ------
    CdrpError
        If LibreOffice is not installed, or does not start.
    """
    from cdrp_xl.libreoffice import office

    program = office.required_executable()
    command = [str(program), "--headless", "--terminate_after_init", *office.QUIETLY]
    environment = office.without_passwords(os.environ)
    try:
        code = office.RESTART_WANTED
        for _ in range(_STARTS):
            if code == office.RESTART_WANTED:
                code = subprocess.run(  # noqa: S603 - LibreOffice's own program, no shell
                    command, env=environment, capture_output=True, timeout=_START_SECONDS, check=False
                ).returncode
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise _not_started(program) from failed
    if code:
        raise _not_started(program)


def _not_started(program: Path) -> CannotBeWrittenError:
    return CannotBeWrittenError(
        "LibreOffice was never started here, and could not be started.",
        where=str(program),
        remedy="Start LibreOffice yourself once, close it, and try again.",
    )


def has_macro(profile: Path) -> bool:
    """Return whether our modules are in a profile and listed there."""
    files = _files(profile)
    are_there = all(_is_ours(path) and _lists(files.library, name) for name, path in files.modules.items())
    return are_there and _lists(files.libraries, "Standard")


def starts(profile: Path, *, interpreter: str = sys.executable) -> bool:
    """Return whether a profile's modules are those that `install` would write now, for this Python."""
    return all(
        path.is_file() and _parsed(path).text == ET.fromstring(_module(name, interpreter)).text  # noqa: S314
        for name, path in _files(profile).modules.items()
    )


def install(profiles: Sequence[Path], *, interpreter: str = sys.executable) -> tuple[Path, ...]:
    """Put the macro into profiles, beside what the user has there.

    Parameters
    ----------
    profiles
        Folders that hold ``user``.
    interpreter
        The Python that the macro is to start.

    Returns
    -------
    tuple of Path
        The profiles that were changed; one that has the macro already stays as it is.

    Raises
    ------
    FileError
        If a folder is not a profile, or what is in it can't be read.
    CannotBeWrittenError
        If LibreOffice runs with a profile, or the user has a module of that name; nothing is then written.
    """
    wanted = {profile: _with_macro(profile, interpreter) for profile in profiles}
    return _write(wanted)


def uninstall(profiles: Sequence[Path]) -> tuple[Path, ...]:
    """Take the macro out of profiles, leave the rest as it is to the byte, and return the profiles that had it."""
    wanted = {profile: _without_macro(profile) for profile in profiles}
    return _write(wanted)


def _write(wanted: Mapping[Path, Mapping[Path, bytes | None]]) -> tuple[Path, ...]:
    changes = {profile: files for profile, files in wanted.items() if files}
    for profile in changes:
        _check_is_closed(profile)
    for files in changes.values():
        for path, content in files.items():
            if content is None:
                _remove(path)
            else:
                beside.replace(path, content)
    return tuple(changes)


def _with_macro(profile: Path, interpreter: str) -> dict[Path, bytes | None]:
    """Return the files to write, the modules before the lists that name them."""
    files = _files(profile)
    unlisted = [name for name in files.modules if not _lists(files.library, name)]
    has_library = _lists(files.libraries, "Standard")
    wanted: dict[Path, bytes | None] = {}
    for name, path in files.modules.items():
        if path.exists() and not _is_ours(path):
            raise CannotBeWrittenError(
                f'LibreOffice has a module "{name}" already, which cdrp-xl did not make.',
                where=str(path),
                remedy="Rename it in LibreOffice (Tools, Macros, Edit Macros), close LibreOffice, and try again.",
            )
        wanted[path] = _module(name, interpreter)
    library, libraries = _text(files.library, _LIBRARY_FILE), _text(files.libraries, _LIBRARIES_FILE)
    for name in unlisted:
        library = _added(library, _element(name))
    libraries = libraries if has_library else _added(libraries, _STANDARD)
    wanted |= {files.library: library.encode(), files.libraries: libraries.encode()}
    return {path: content for path, content in wanted.items() if _bytes(path) != content}


def _without_macro(profile: Path) -> dict[Path, bytes | None]:
    """Return the files to write, None for one to remove, the list before the modules that it names."""
    files = _files(profile)
    ours = {name: path for name, path in files.modules.items() if not path.exists() or _is_ours(path)}
    listed = [name for name in ours if _lists(files.library, name)]
    wanted: dict[Path, bytes | None] = {}
    if listed:
        library = _text(files.library, "")
        for name in reversed(listed):
            library = _taken_out(library, _element(name))
        wanted[files.library] = library.encode()
    return wanted | {path: None for path in ours.values() if path.exists()}


def _is_profile(folder: Path) -> bool:
    # When LibreOffice first uses a profile, it puts its own empty library over whatever is there.
    return (folder / "user" / "registrymodifications.xcu").is_file()


def _files(profile: Path) -> _Files:
    basic = profile / "user" / "basic"
    if not _is_profile(profile):
        raise FileError(
            f"{profile.name} is not a profile that LibreOffice has used.",
            where=str(profile),
            remedy='Start LibreOffice once with it and close it again, or name the folder that holds "user".',
        )
    standard = basic / "Standard"
    return _Files(
        modules={name: standard / f"{name}.xba" for name in MODULES},
        library=standard / "script.xlb",
        libraries=basic / "script.xlc",
    )


def _element(name: str) -> str:
    return f'<library:element library:name="{name}"/>'


def _module(name: str, interpreter: str) -> bytes:
    text = Path(__file__).with_name(MODULES[name]).read_text(encoding="utf-8")
    filled_in = {"interpreter": interpreter, "packages": str(_PACKAGES), "partnership": partnership.NAME}
    for key, value in filled_in.items():
        text = text.replace(f"{{{key}}}", value.replace('"', '""'))
    text = text.replace("{functions}", "".join(map(_basic, worksheet.described().values())))
    return _MODULE_FILE.format(name=name, text=escape(text, {'"': "&quot;", "'": "&apos;"})).encode()


def _basic(function: WorksheetFunction) -> str:
    """Return the Basic function that hands a worksheet function's arguments on; one left out goes as an empty text.

    Basic itself would answer with 0 where an argument is left out that must not be, so it lets all be left out.
    """
    names = [argument.name for argument in function.arguments]
    declared = [f"Optional {name}" for name in names]
    missing = [f'    If IsMissing({name}) Then {name} = ""' for name in names]
    asked = ", ".join([f'"{function.name}"', "Workbooks()", *names])
    lines = [
        "",
        f"Function {function.name}({', '.join(declared)})",
        *missing,
        f"    {function.name} = Asked(Array({asked}))",
        "End Function",
        "",
    ]
    return "\n".join(lines)


def _is_ours(macro: Path) -> bool:
    return macro.is_file() and _SIGNED.encode() in macro.read_bytes()


def _text(path: Path, otherwise: str) -> str:
    content = _bytes(path)
    return otherwise if content is None else content.decode()


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _lists(path: Path, name: str) -> bool:
    """Return whether a list of modules or libraries has the name."""
    return path.exists() and any(entry.get(_NAME) == name for entry in _parsed(path))


def _parsed(path: Path) -> ET.Element:
    try:
        return ET.fromstring(path.read_bytes().decode())  # noqa: S314 - the user's own LibreOffice wrote it
    except (ET.ParseError, UnicodeDecodeError) as error:
        raise FileError(
            f"{path.name} is damaged: {error}.",
            where=str(path),
            remedy="Start LibreOffice, open Tools, Macros, Edit Macros, save there, close it, and try again.",
        ) from error


def _added(text: str, entry: str) -> str:
    """Return a list's text with an entry of ours as its last; what is there stays to the byte."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if (closed := text.rstrip()).endswith("/>"):  # an empty list is one tag: where our entry goes, its end has to
        tag = "library:libraries" if "<library:libraries" in text else "library:library"
        return f"{closed[:-2]}>{entry}</{tag}>{text[len(closed) :]}"
    at = text.rindex("</library:librar")
    return f"{text[:at]} {entry}{newline}{text[at:]}"


def _taken_out(text: str, entry: str) -> str:
    """Return a list's text without our entry, as it was before `_added`."""
    alone = re.sub(rf">{re.escape(entry)}</library:library>", "/>", text)
    return alone if alone != text else re.sub(rf"[ \t]*{re.escape(entry)}(\r?\n)?", "", text, count=1)


def _check_is_closed(profile: Path) -> None:
    lock = profile / _LOCK
    if lock.exists():
        raise CannotBeWrittenError(
            "LibreOffice is running, and would write over what is changed in its profile.",
            where=str(lock),
            remedy="Close LibreOffice, its quick starter too, and try again. If it is closed, start and close it once.",
        )


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as refused:
        raise CannotBeWrittenError(
            f"{path.name} could not be removed.",
            where=str(path),
            remedy="Check that the folder can be written to, then try again.",
        ) from refused
