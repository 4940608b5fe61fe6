"""Install cdrp-xl from the folder that this file is in: no network, no administrator, nothing outside your own folders.

``python install.py`` makes an environment of its own in your folder of programs' data, checks it with
``cdrp-xl doctor``, and leaves files with which a quarter is refreshed and published without macros.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib import util
from pathlib import Path

NEEDED = ("3.11", "3.12", "3.13")
SUMS = "SHA256SUMS"
OURS = "Made by the installation of cdrp-xl"
"""In every file that this program leaves: what does not bear it is somebody's own, and stays."""

_FINISHED = "installed.txt"
_SHORTCUTS = {"Refresh": "refresh", "Publish": "publish"}
_WINDOWS = """\
@echo off
rem {ours}. Drop a partnership's folder on this file.
if "%~1"=="" (
  echo Drop a partnership's folder on this file.
) else (
  "{python}" -m cdrp_xl {command} "%~1"
)
pause
"""
_MACOS = """\
#!/bin/sh
# {ours}. Open this file, and drag a partnership's folder into its window.
printf "Drag the partnership's folder into this window and press Return: "
read -r folder
"{python}" -m cdrp_xl {command} "$folder"
printf "Press Return to close. "
read -r _
"""
_LINUX = """\
[Desktop Entry]
# {ours}. Drop a partnership's folder on this file.
Type=Application
Name={name} a partnership's quarter
Exec="{python}" -m cdrp_xl {command} %f
Terminal=true
"""
_COMMAND = {
    "win32": '@rem {ours}.\n@"{python}" -m cdrp_xl %*\n',
    "other": '#!/bin/sh\n# {ours}.\nexec "{python}" -m cdrp_xl "$@"\n',
}


class InstallationError(Exception):
    """What happened, where, and what to do, on three lines."""

    def __init__(self, what: str, *, where: object, remedy: str) -> None:
        super().__init__(f"{what}\nWhere: {where}\nWhat to do: {remedy}")


def install(bundle: Path, home: Path) -> Path:
    """Install into the folder of programs' data of a home, and return the Python that has cdrp-xl.

    Raises
    ------
    InstallationError
        If this Python is not one that the bundle is for, files of the bundle are damaged or missing, or the folder
        can't be written.
    """
    lock = _lock(bundle)
    _check_sums(bundle)
    version = _version(bundle)
    base = folder_of_programs(home) / "cdrp-xl"
    place = base / version
    try:
        if not (place / _FINISHED).is_file():
            # What a former run left unfinished is of no use to anybody.
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            _fill(place, bundle, lock)
            (place / _FINISHED).write_text(f"{OURS} {version}.\n", encoding="utf-8")
        python = python_of(place)
        _leave_files(base, home, python)
    except OSError as refused:
        raise InstallationError(
            "The system refused to write a file.", where=refused, remedy="Make room, or ask IT to let you write there."
        ) from refused
    return python


def folder_of_programs(home: Path) -> Path:
    """Return the folder in which a person's programs keep what is theirs."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")


def python_of(place: Path) -> Path:
    """Return the Python of an environment: one of its own, or the one that was laid beside and copied."""
    ways = ("Scripts/python.exe", "python/python.exe") if sys.platform == "win32" else ("bin/python",)
    return next((place / way for way in ways if (place / way).is_file()), place / ways[0])


def shortcut(name: str, python: Path) -> tuple[str, str]:
    """Return the name and the text of a file that refreshes or publishes a folder without macros."""
    form, suffix = {"win32": (_WINDOWS, ".cmd"), "darwin": (_MACOS, ".command")}.get(sys.platform, (_LINUX, ".desktop"))
    return f"{name}{suffix}", form.format(ours=OURS, python=python, command=_SHORTCUTS[name], name=name)


def _lock(bundle: Path) -> Path:
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    lock = bundle / f"requirements-{python}.txt"
    if python not in NEEDED or not lock.is_file():
        raise InstallationError(
            f"This is Python {python}; cdrp-xl needs one of {', '.join(NEEDED)}.",
            where=sys.executable,
            remedy="Install one of these for yourself alone, or lay an embeddable one beside this file as the folder "
            '"python", and start again.',
        )
    return lock


def _check_sums(bundle: Path) -> None:
    """Hold every file of the bundle against its SHA-256; all that differ are named at once."""
    try:
        lines = (bundle / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError as missing:
        raise InstallationError(
            f"{SUMS} can't be read.", where=bundle, remedy="Unpack the whole zip, and start the file in it."
        ) from missing
    wrong = []
    for expected, name in (line.split("  ", 1) for line in lines):
        try:
            found = hashlib.sha256((bundle / name).read_bytes()).hexdigest()
        except OSError:
            wrong.append(f"{name} is missing")
        else:
            wrong += [f"{name} differs"] if found != expected else []
    if wrong:
        raise InstallationError(
            f"{len(wrong)} of the {len(lines)} files are not as they were packed: {', '.join(wrong)}.",
            where=bundle,
            remedy="Unpack the zip again; if an antivirus took them away, ask IT to allow them by their SHA-256.",
        )


def _version(bundle: Path) -> str:
    (own,) = (bundle / "wheels").glob("cdrp_xl-*.whl")
    return own.name.split("-")[1]


def _fill(place: Path, bundle: Path, lock: Path) -> None:
    """Make the environment, and install into it with the bundle's own pip: a bare Python has none."""
    into: list[str] = []
    python = Path(sys.executable)
    if util.find_spec("venv") is None:
        # The embeddable Python of Windows knows no environments: a copy of it, which looks into a folder beside it.
        shutil.copytree(python.parent, place / "python")
        (paths,) = (place / "python").glob("python*._pth")
        paths.write_text(f"{paths.read_text(encoding='utf-8')}\n..\\lib\nimport site\n", encoding="utf-8")
        into = ["--target", str(place / "lib")]
    else:
        _run(python, "-m", "venv", "--without-pip", place)
    (pip,) = (bundle / "wheels").glob("pip-*.whl")
    _run(
        *(python_of(place), pip / "pip", "--isolated", "install", "--quiet", "--no-index", "--no-warn-script-location"),
        *("--disable-pip-version-check", "--no-cache-dir", "--find-links", bundle / "wheels", "--require-hashes"),
        *(*into, "--requirement", lock),
    )


def _run(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise InstallationError(
            f"A step of the installation failed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}",
            where=" ".join(str(part) for part in command[:3]),
            remedy="Send these lines to whoever gave you the bundle.",
        )


def _leave_files(base: Path, home: Path, python: Path) -> None:
    suffix, form = (".cmd", _COMMAND["win32"]) if sys.platform == "win32" else ("", _COMMAND["other"])
    _leave(base / f"cdrp-xl{suffix}", form.format(ours=OURS, python=python))
    for folder in (base, home / "Desktop"):
        for name in _SHORTCUTS if folder.is_dir() else ():
            file, text = shortcut(name, python)
            _leave(folder / file, text)


def _leave(file: Path, text: str) -> None:
    """Write a file that is to be started, unless a person's own has its name."""
    if file.exists() and OURS not in file.read_text(encoding="utf-8", errors="replace"):
        print(f"{file} is somebody's own, and was left as it is.")
        return
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.chmod(0o755)
    beside.replace(file)


def main() -> int:
    """Install, say what the doctor finds and which ways to work there are, and return the exit code."""
    try:
        python = install(Path(__file__).resolve().parent, Path.home())
    except InstallationError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"Installed: {python}", flush=True)
    return subprocess.run([str(python), "-m", "cdrp_xl", "doctor"], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
