"""What the scan of street-level files counts of each of them, and what is kept of it for the next time."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cdrp_xl.sources import street_files
from cdrp_xl.sources.street_files import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cdrp_xl.sources.known_files import KnownFiles
    from cdrp_xl.sources.street_files import Street

_KEPT = "police-uk.json"
_Row = TypeVar("_Row", bound="tuple[str, *tuple[object, ...]]")


class Group(NamedTuple):
    """One group of rows as the scan counts them; `area` may also be `NO_LSOA` or `ELSEWHERE`.

    `file` is the file's place in the folder or archive. `different_ids` may count two IDs as one, never one as two: it
    only says where a closer look is due.
    """

    file: str
    month: str
    area: str
    category: str
    rows: int
    with_id: int
    different_ids: int


class Counted(NamedTuple):
    """What was counted of some files, each by its place: groups, repeats by area and category, LSOAs by their names."""

    groups: tuple[Group, ...] = ()
    repeats: tuple[tuple[str, str, str, int], ...] = ()
    lost: tuple[tuple[str, str, str, int, int], ...] = ()

    @classmethod
    def together(cls, each: Iterable[Counted]) -> Counted:
        """Return what was counted of all files, in the order of their places."""
        every = list(each)
        return cls(
            groups=tuple(sorted(group for one in every for group in one.groups)),
            repeats=tuple(sorted(repeat for one in every for repeat in one.repeats)),
            lost=tuple(sorted(lost for one in every for lost in one.lost)),
        )

    def by_place(self) -> dict[str, Counted]:
        """Return what was counted of each file."""
        groups, repeats, lost = _by_first(self.groups), _by_first(self.repeats), _by_first(self.lost)
        return {place: Counted(tuple(groups[place]), tuple(repeats[place]), tuple(lost[place])) for place in groups}


class _Kept(NamedTuple):
    """What is kept of a file or archive: the names and places of what it holds, and its counts."""

    members: tuple[tuple[str, str], ...]
    counted: Counted


def _by_first(rows: Iterable[_Row]) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


class Before:
    """What was counted before of the files of a folder or archive, and what is kept of them for the next time."""

    def __init__(self, known: KnownFiles | None, path: Path, areas_file: Path | None) -> None:
        self._known = known
        self._path = path
        self._areas_file = areas_file
        self._keys = self._as_they_are()
        stored = known.load(_KEPT, _Kept) if known else {}
        self._kept = {file: stored[key] for file, key in self._keys.items() if key in stored}
        self.members = {
            file: [Member(Path(name), place) for name, place in each.members] for file, each in self._kept.items()
        }
        self.counted = [each.counted for each in self._kept.values()]

    def keep(self, found: Street, counted: Counted) -> None:
        """Keep what was counted of the files that are there now; one that changed while it was read is not kept."""
        if self._known is None:
            return
        of_each, held = counted.by_place(), defaultdict[Path, list[Counted]](list)
        for street in found.files:
            held[street.held_in] += [of_each[street.place]] if street.place in of_each else []
        kept = {self._keys[file]: each for file, each in self._kept.items()}
        for file, key in self._as_they_are().items():
            if file not in self._kept and self._keys.get(file) == key:
                members = tuple((member.path.name, member.place) for member in found.members[file])
                kept[key] = _Kept(members, Counted.together(held[file]))
        self._known.save(_KEPT, kept)

    def _as_they_are(self) -> dict[Path, str]:
        """Return what each file's counts are kept by: the file, its place, and the list of LSOAs."""
        known, listed = self._known, self._areas_file
        if known is None:
            return {}
        of_list = known.hash_of(listed) if listed and listed.is_file() else ""
        there = [file for file in street_files.listed(self._path) if file.is_file()]
        return {file: known.key(file, of_list, os.path.relpath(file, self._path)) for file in there}
