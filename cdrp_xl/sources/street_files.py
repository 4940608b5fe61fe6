"""The street-level files of data.police.uk: in a folder, in archives and in archives within these, each month once."""

from __future__ import annotations

import contextlib
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import damage, geography
from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_COPY = r"(?:\s*\(\d+\)|\s*-?\s*copy(?:\s*\(?\d+\)?)?|\s+\d+)*"  # as Windows, macOS and browsers name one
_FILE_NAME = re.compile(rf"(?:copy of )?(\d{{4}}-\d{{2}})-(.+?)-street{_COPY}\.csv", re.IGNORECASE)
_SYSTEM_FILES = (".", "~$")
_MOST_PACKED = 200
_DEEPEST = 3
_NOTHING_KNOWN: Mapping[Path, Sequence[Member]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetFile:
    """One street-level file: the month and force that its name says, and its place in the folder or archive.

    `force` is the id of a force that is known, otherwise as the file writes it; `held_in` is the file itself, or the
    archive that it is in.
    """

    path: Path
    month: Month
    force: str
    place: str
    held_in: Path

    @property
    def period(self) -> Period:
        """The month as a period."""
        return Period(self.month, self.month)


class Member(NamedTuple):
    """A file in a folder or archive, by its name or where it was unpacked, and its place there."""

    path: Path
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """The street-level files that were found, and the places of those with another name, which are not read.

    `members` are all files that the folder's own files hold, by these: themselves, or what an archive has in it.
    """

    files: tuple[StreetFile, ...]
    unread: tuple[str, ...]
    members: Mapping[Path, Sequence[Member]]


def listed(path: Path) -> list[Path]:
    """Return the files that are read of a folder, its archives among them, or the one archive."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in damage.files_in(path) if _FILE_NAME.fullmatch(file.name) or _is_archive(file.name))


@contextlib.contextmanager
def opened(path: Path, known: Mapping[Path, Sequence[Member]] = _NOTHING_KNOWN) -> Iterator[Street]:
    """Yield the street-level files of a folder or archive, unpacked where they were packed.

    Parameters
    ----------
    path
        The folder or archive.
    known
        What some of the files are known to hold: it is not unpacked, and their street-level files are bare names.

    Raises
    ------
    FileError
        If there is none, or an archive is damaged.
    ValueFoundError
        If a month of a force appears twice, or a name has a month that is not one.
    """
    with files.put_aside() as scratch:
        if path.is_dir():
            places = {file: file.relative_to(path).as_posix() for file in damage.files_in(path)}
            members = {file: known.get(file) or [*_in(file, place, scratch)] for file, place in places.items()}
        else:
            damage.check_is_file(path)
            members = {path: known.get(path) or [*_unpacked(path, "", scratch)]}
        yield _street_level(members, path)


def _in(file: Path, place: str, scratch: Path) -> Iterator[Member]:
    if _is_archive(file.name):
        yield from _unpacked(file, place, scratch)
    else:
        yield Member(file, place)


def _unpacked(archive: Path, place: str, scratch: Path, depth: int = 1) -> Iterator[Member]:
    """Yield every street-level file of an archive and of those within it, unpacked, with its place."""
    with damage.reported(archive, lambda _: _not_whole(archive, place)), zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            name = Path(member.filename).name
            within = ", ".join(filter(None, (place, member.filename)))
            if not (_FILE_NAME.fullmatch(name) or (_is_archive(name) and depth < _DEEPEST)):
                yield Member(Path(name), within)
                continue
            _check_not_bomb(member, place or str(archive))
            target = scratch / f"{sum(1 for _ in scratch.iterdir())}" / name
            target.parent.mkdir()
            with damage.with_room(target), packed.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            if _is_archive(name):
                yield from _unpacked(target, within, scratch, depth + 1)
            else:
                yield Member(target, within)


def _not_whole(archive: Path, place: str) -> FileError:
    return FileError(
        f"{archive.name} is not a complete .zip archive.",
        where=place or str(archive),
        remedy="Download it again, or unpack it yourself and name the folder.",
    )


def _check_not_bomb(member: zipfile.ZipInfo, place: str) -> None:
    if member.file_size > _MOST_PACKED * max(member.compress_size, 1):
        raise FileError(
            f"{member.filename} unpacks to {member.file_size:,} bytes, more than such a file can hold.",
            where=place,
            remedy="Download the archive again from data.police.uk.",
        )


def _street_level(members: Mapping[Path, Sequence[Member]], where: Path) -> Street:
    """Return the street-level files among those found; outcomes and stop and search, which come with them, are not."""
    found = [(*each, held_in) for held_in, within in members.items() for each in within]
    street = [
        StreetFile(path=path, month=_month(name[1], place), force=_force(name[2]), place=place, held_in=held_in)
        for path, place, held_in in sorted(found, key=lambda each: each[1])
        if (name := _FILE_NAME.fullmatch(path.name))
    ]
    if not street:
        raise FileError(
            "There is no street-level file of data.police.uk.",
            where=str(where),
            remedy="Name the folder or .zip as downloaded; its files have names like "
            '"2025-04-cambridgeshire-street.csv".',
        )
    _check_each_once(street)
    unread = (place for path, place, _ in found if _is_street(path.name) and not _FILE_NAME.fullmatch(path.name))
    return Street(files=tuple(street), unread=tuple(sorted(unread)), members=members)


def _check_each_once(street: Sequence[StreetFile]) -> None:
    seen: dict[tuple[Month, str], StreetFile] = {}
    for file in street:
        first = seen.setdefault((file.month, file.force), file)
        if first is not file:
            raise ValueFoundError(
                f"{file.month.name} of {file.force} appears twice.",
                where=f"{first.place} and {file.place}",
                remedy="Keep the newer of the two files, and move the other out of the folder.",
            )


def _month(text: str, where: str) -> Month:
    try:
        return Month.parse(text)
    except ValueFoundError as wrong:
        remedy = "Give the file the name that it was downloaded with."
        raise ValueFoundError(wrong.what, where=where, remedy=remedy) from wrong


def _force(text: str) -> str:
    known = geography.find_force(text)
    return known.force_id if known else text.casefold()


def _is_street(name: str) -> bool:
    return "street" in name.casefold() and not name.startswith(_SYSTEM_FILES)


def _is_archive(name: str) -> bool:
    return name.casefold().endswith(".zip") and not name.startswith(_SYSTEM_FILES)
