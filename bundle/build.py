"""Pack what installs cdrp-xl without a network: a zip for each system, the same bytes from the same files.

``python bundle/build.py [SYSTEM …]`` writes them into ``dist/``. Inside: this package and all that it needs as wheels
for Python 3.11 to 3.13, a lock of them with their hashes for each Python, `install.py` with the file that starts it, a
bill of materials (CycloneDX), the documents as pages, and the SHA-256 of everything.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

import cdrp_xl

PYTHONS = ("3.11", "3.12", "3.13")
LOCK = "requirements-{python}.txt"
SUMS = "SHA256SUMS"
WHEELS = "wheels"
DOCUMENTS = "documents"
STARTS = {"install.command": "install.sh"}
"""What starts the installation under another name: a Mac opens a file with a double click by its ending."""

HERE = Path(__file__).parent
ROOT = HERE.parent
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The day that every file in the zip bears: the first that a zip can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A system that a bundle is for: its names for pip, for uv and in markers, and what starts the installation."""

    tags: tuple[str, ...]
    uv_name: str
    markers: dict[str, str]
    start: str
    environment: dict[str, str] = field(default_factory=dict)
    """What uv is given to know which release of the system wheels may need."""


_LINUX_TAGS = tuple(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1))
SYSTEMS = {
    "windows": System(
        tags=("win_amd64",),
        uv_name="x86_64-pc-windows-msvc",
        markers={"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
        start="install.cmd",
    ),
    "macos": System(
        tags=("macosx_14_0_arm64",),
        uv_name="aarch64-apple-darwin",
        markers={"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
        start="install.command",
        environment={"MACOSX_DEPLOYMENT_TARGET": "14.0"},
    ),
    "linux": System(
        tags=(*_LINUX_TAGS, "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"),
        uv_name="x86_64-manylinux_2_28",
        markers={"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
        start="install.sh",
    ),
}


def build(name: str, out: Path, *, pythons: tuple[str, ...] = PYTHONS) -> Path:
    """Write the bundle of a system into a folder, and return its zip."""
    system = SYSTEMS[name]
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch, f"cdrp-xl-{cdrp_xl.__version__}-{name}")
        wheels = content / WHEELS
        wheels.mkdir(parents=True)
        _own_wheel(wheels)
        for python in pythons:
            _download(system, python, wheels, Path(scratch))
        locks = [_resolved(system, python, wheels, content) for python in pythons]
        _keep_only(wheels, "".join(lock.read_text(encoding="utf-8") for lock in locks))
        _bill_of_materials(locks, content)
        _run("sphinx", "--quiet", "-c", ROOT / "docs", "-d", Path(scratch, "read"), ROOT, content / DOCUMENTS)
        for file in ("install.py", "READ ME FIRST.txt"):
            shutil.copyfile(HERE / file, content / file)
        shutil.copyfile(HERE / STARTS.get(system.start, system.start), content / system.start)
        (content / SUMS).write_text(_sums(content), encoding="utf-8")
        return _zipped(content, out, executable={system.start})


def locked(text: str) -> dict[str, str]:
    """Return the entries of a lock with hashes by requirement: ``duckdb==2.0.0 ; marker`` and its lines."""
    entries = [entry.strip() for entry in text.replace("\\\n", " ").splitlines()]
    found = {}
    for entry in entries:
        if entry and not entry.startswith(("#", "--")):
            requirement, *hashes = entry.split(" --hash=")
            found[requirement.strip()] = " ".join(f"--hash={each.strip()}" for each in hashes)
    return found


def _own_wheel(wheels: Path) -> None:
    # A day of its own for every file would give other bytes each time.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
    _run("pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, ROOT, env=environment)


def _download(system: System, python: str, wheels: Path, scratch: Path) -> None:
    """Fetch what the lock names for a system and a Python; pip itself would judge its markers for this machine."""
    marked = {**system.markers, "python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    marked |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    lines = []
    for entry, hashes in locked((ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")).items():
        requirement = Requirement(entry)
        if requirement.marker is None or requirement.marker.evaluate(dict(marked)):
            lines.append(f"{requirement.name}{requirement.specifier} {hashes}")
    wanted = scratch / f"wanted-{python}.txt"
    wanted.write_text("\n".join(lines), encoding="utf-8")
    tags = [part for tag in system.tags for part in ("--platform", tag)]
    _run(
        *("pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", wheels),
        *(*tags, "--python-version", python, "--implementation", "cp", "--requirement", wanted),
    )


def _resolved(system: System, python: str, wheels: Path, content: Path) -> Path:
    """Write the lock of a system and a Python, resolved from the folder alone."""
    lock = content / LOCK.format(python=python)
    _run(
        *("uv", "pip", "compile", "--quiet", "--no-config", "--no-index", "--offline", "--find-links", wheels),
        *("--python-platform", system.uv_name, "--python-version", python, "--generate-hashes", "--no-header"),
        *("--no-annotate", "--no-emit-find-links", "--no-emit-index-url", "--output-file", lock, "-"),
        sent=f"cdrp-xl=={cdrp_xl.__version__}\npip\n",
        env={**os.environ, **system.environment},
    )
    return lock


def _keep_only(wheels: Path, locks: str) -> None:
    """Take away the wheels that are in no lock: what installing from a clone needs to build."""
    for wheel in wheels.iterdir():
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in locks:
            wheel.unlink()


def _bill_of_materials(locks: list[Path], content: Path) -> None:
    entries = {entry: None for lock in locks for entry in locked(lock.read_text(encoding="utf-8"))}
    _run(
        *("cyclonedx_py", "requirements", "--output-reproducible", "--output-format", "JSON"),
        *("--output-file", content / "bill-of-materials.cdx.json", "-"),
        sent="\n".join(entries),
    )


def _sums(content: Path) -> str:
    files = sorted(file for file in content.rglob("*") if file.is_file())
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(content).as_posix()}" for file in files
    ]
    return "\n".join(lines) + "\n"


def _zipped(content: Path, out: Path, *, executable: set[str]) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    made = out / f"{content.name}.zip"
    beside = made.with_suffix(".zip.new")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(file for file in content.rglob("*") if file.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(content.parent).as_posix(), FIRST_DAY)
            entry.external_attr = (0o755 if file.name in executable else 0o644) << 16
            # Wheels are packed already.
            entry.compress_type = zipfile.ZIP_STORED if file.suffix == ".whl" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    beside.replace(made)
    return made


def _run(module: str, *arguments: str | Path, sent: str = "", env: dict[str, str] | None = None) -> None:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    subprocess.run(command, check=True, input=sent, text=True, env=env)  # noqa: S603 - no shell, our own words


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("systems", nargs="*", help=", ".join(SYSTEMS))
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    asked = parser.parse_args()
    for each in asked.systems or SYSTEMS:
        print(build(each, asked.out))
