"""What the last refresh read and wrote, kept beside the master, so that a publish knows whether anything moved."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import beside
from cdrp_xl.errors import FileError
from cdrp_xl.periods import Period, named_quarter
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.sources import returns
from cdrp_xl.sources.publisher import Publisher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.settings import Settings

_PLACE = ("counts", "refreshed.json")
_BEGUN = ("counts", "refreshing.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The last refresh: its quarter, the state of every file that it read, and the master that it wrote.

    `master` is empty where the analyst had worked in the master that it filled: that file is more than we wrote.
    """

    quarter: str
    read: dict[str, str]
    master: str

    @property
    def period(self) -> Period:
        """The quarter that was refreshed."""
        return Period.parse(self.quarter)

    def moved(self, settings: Settings, folder: Path) -> tuple[str, ...]:
        """Return the names of the files that were added, changed or taken away since."""
        now = states(settings, folder)
        return tuple(sorted(name for name in now.keys() | self.read.keys() if now.get(name) != self.read.get(name)))


def load(folder: Path) -> Record | None:
    """Return the record of a folder's last refresh, None where there was none.

    Raises
    ------
    FileError
        If the record is damaged; a refresh rewrites it.
    """
    file = folder.joinpath(*_PLACE)
    if not file.exists():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=Record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise FileError(
            f"{file.name}, the record of the last refresh, can't be read.", where=str(file), remedy="Refresh again."
        ) from wrong


def last(folder: Path) -> Record | None:
    """Return the record of a folder's last refresh, None where there is none that can be read."""
    with contextlib.suppress(FileError):
        return load(folder)
    return None


def last_quarter(folder: Path) -> Period | None:
    """Return the quarter of a folder's last refresh, None where nothing is known of one."""
    known = last(folder)
    return named_quarter(known.quarter) if known else None


def masters(folder: Path) -> tuple[str, ...]:
    """Return the fingerprints of masters that we wrote: the last refresh's, else those of one that was killed."""
    if known := last(folder):
        return (known.master,)
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(folder.joinpath(*_BEGUN).read_bytes(), type=tuple[str, ...])
    return ()


def save(folder: Path, record: Record) -> None:
    """Put the record of a refresh in its place."""
    content = json.dumps(asdict(record), indent=1, sort_keys=True) + "\n"
    beside.replace(folder.joinpath(*_PLACE), content.encode())
    folder.joinpath(*_BEGUN).unlink(missing_ok=True)


@contextlib.contextmanager
def set_aside(folder: Path, *, masters: tuple[str, ...]) -> Iterator[None]:
    """Take the record away while the master is replaced; it is put back if that fails.

    Whoever is stopped in between leaves no record, and then a refresh is asked for before anything is published. That
    one knows the master for ours by the fingerprints in `masters`: of the former one and of the new, where we wrote it.
    """
    file = folder.joinpath(*_PLACE)
    aside, begun = file.with_name(f"{file.name}.aside"), folder.joinpath(*_BEGUN)
    is_known = file.exists()
    beside.replace(begun, msgspec.json.encode(masters))
    if is_known:
        file.replace(aside)  # and not read and written again, for which a full disk would have no room
    try:
        yield
    except BaseException:
        if is_known:
            aside.replace(file)
            begun.unlink()
        raise
    aside.unlink(missing_ok=True)


def states(settings: Settings, folder: Path) -> dict[str, str]:
    """Return the size and time of every file that the settings name; cheap, even where a content hash would not be.

    Files are named by their way from the folder, since two folders may hold files of one name.
    """
    return {name: _state(path) for name, path in files_read(settings, folder).items()}


def files_read(settings: Settings, folder: Path) -> dict[str, Path]:
    """Return every file that the settings name, and the settings themselves, by their way from the folder."""
    return {_seen_from(folder, path): path for path in _read(settings, folder)}


def fingerprint(content: bytes) -> str:
    """Return the hash by which a file that we wrote is known again."""
    return hashlib.sha256(content).hexdigest()


def _read(settings: Settings, folder: Path) -> Iterator[Path]:
    yield folder / FILE_NAME
    if settings.report.logo:
        yield folder / settings.report.logo
    for source in settings.sources.named(Publisher).values():
        yield from source.files_read(folder)
    if settings.places:
        yield from settings.places.files_read(folder)
    if settings.returns:
        yield from returns.files(folder)
        yield from (folder / each.form for each in settings.returns if each.form.endswith(".toml"))


def _state(path: Path) -> str:
    """Return a file's size and time; a missing one is reported by the source that reads it."""
    try:
        found = path.stat()
    except OSError:
        return "missing"
    return f"{found.st_size} bytes, {found.st_mtime_ns}"


def _seen_from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()
