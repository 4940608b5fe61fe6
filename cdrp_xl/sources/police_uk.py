"""data.police.uk: street-level files of one or more forces, as downloaded, counted by area, category and month."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from cdrp_xl import offences, tables
from cdrp_xl.errors import CannotBeComputedError, name_some, quoted
from cdrp_xl.periods import Period, runs_in_words
from cdrp_xl.sources import coverage, street_files, street_scan
from cdrp_xl.sources.coverage import Found
from cdrp_xl.sources.publisher import Asked, ByPlace, HeldTable, MembersSource, PlacesSource, RowsOfPlace
from cdrp_xl.sources.street_counts import Group
from cdrp_xl.sources.street_scan import ELSEWHERE, NO_LSOA
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.coverage import Complete, Ground
    from cdrp_xl.sources.known_files import KnownFiles
    from cdrp_xl.sources.named_rows import NamedRows
    from cdrp_xl.sources.publisher import ApartBy
    from cdrp_xl.sources.street_files import StreetFile
    from cdrp_xl.sources.street_scan import Scanned

SOURCE = "data.police.uk street-level crime"
PUBLISHER = "Single Online Home National Digital Team, data.police.uk (Open Government Licence v3.0)"
_COLUMNS: dict[ApartBy, str] = {"lsoa": "LSOA code", "outcome": "Last outcome category"}
_INCOMPLETE = "in months that are incomplete there"


class PoliceUkSettings(PlacesSource, MembersSource, frozen=True, kw_only=True):
    """``[sources.police_uk]``: a folder or .zip of data.police.uk street-level files, as downloaded.

    `classification` has their categories under the groups of today ("police-uk-2026"), or as they are; where it is not
    named, the first if the partnership counts by today's definitions, otherwise the second.
    """

    path: Text
    areas_file: str = ""
    classification: Literal["police-uk", "police-uk-2026"] | None = None

    progress: ClassVar[str] = "Counting data.police.uk files"
    how_counted: ClassVar[str] = (
        "Counts are rows of data.police.uk street-level files by month. Rows are placed by the area of their LSOA; "
        "rows without an LSOA are in no area. Anti-social behaviour is counted in incidents and is not part of all "
        "crime."
    )

    @property
    def rows(self) -> Classification:
        """The rows that categories are counted under."""
        return offences.load(self.classification or "police-uk")

    def files_read(self, folder: Path) -> list[Path]:
        """Return the street-level files of the folder, or the .zip, and the list of LSOAs."""
        path = folder / self.path
        street = street_files.listed(path)
        return [*street, folder / self.areas_file] if self.areas_file else street

    def count(self, asked: Asked) -> tables.Counts:
        """Return the counts of the rows of each area."""
        counts = read(self, folder=asked.folder, areas=asked.areas, last_day=asked.last_day)
        _check_any_is_covered(counts, asked)
        return counts

    def name_rows(self, asked: Asked, row: RowKey, period: Period) -> tuple[NamedRows, ...]:
        """Return the rows that make a count of the area, with the first of their IDs."""
        codes = next((each.codes for each in self.rows.rows if each.row_id == row), frozenset())
        grounds = coverage.grounds(asked.areas, last_day=period.last_day)
        return street_scan.named(
            asked.folder / self.path,
            asked.folder / self.areas_file if self.areas_file else None,
            names=[name for ground in grounds for name in ground.names],
            categories=sorted(codes),
            period=period,
        )

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:
        """Return the counts of the members' rows."""
        return read(self, folder=folder, areas=members)

    def has_column_for(self, use: str) -> bool:
        """Return whether rows have an LSOA or an outcome: they name no places."""
        return use in _COLUMNS

    def count_by_place(self, asked: Asked, *, by: ApartBy, reason_of: Callable[[str], str]) -> ByPlace:
        """Return the counted rows of the area by their LSOA, or by their last outcome."""
        if by == "locality":
            raise CannotBeComputedError(
                "data.police.uk names no wards, beats or parishes.",
                where="partnership.toml, places",
                remedy="Name a look-up from LSOAs as lookups.",
            )
        return _by_place(self, asked, by, reason_of)

    def held(self, folder: Path, known: KnownFiles | None = None) -> HeldTable:
        """Return the files as they are scanned once, for the counts of any areas; those that are known are not."""
        return _Held(self, _scanned(self, folder, None, known=known))


def read(
    settings: PoliceUkSettings, *, folder: Path, areas: Sequence[str] | None, last_day: dt.date | None = None
) -> tables.Counts:
    """Return the counts of data.police.uk rows by area, category and month.

    Rows are placed by the area of their LSOA, whichever force recorded them. A row without a Crime ID is never taken
    for a repeat of another; rows with one that are alike in every column are counted once.

    Parameters
    ----------
    settings
        The folder or .zip, and the list of LSOAs if areas are not to be taken from LSOA names.
    folder
        The partnership's folder, from which the settings' paths are taken.
    areas
        The areas to count; None counts every area.
    last_day
        The day whose boundaries are counted in; None takes the last day of the files.

    Returns
    -------
    Counts
        Unit: offences (anti-social behaviour: incidents). An area is covered in the months for which the force that
        polices it has a file with rows of all of its ground; in these months rows of other forces count too. The areas
        are named as they are today: one that was asked for by a former name has another here.

    Raises
    ------
    FileError
        If the folder or .zip holds no street-level file, or one is damaged.
    ValueFoundError
        If a file appears twice or has no rows, a month or category is not one, an LSOA lies in two areas, or an area
        is in no file; the nearest are offered.

    Notes
    -----
    One scan of the files, in DuckDB. docs/methods.md, "Offence definitions", on why these categories are not CADET's.
    """
    found = _scanned(settings, folder, areas, last_day=last_day)
    wanted = coverage.as_written(found.areas) if found.wanted is None else found.wanted
    return _counts(found, settings, wanted)


def _scanned(
    settings: PoliceUkSettings,
    folder: Path,
    areas: Sequence[str] | None,
    *,
    last_day: dt.date | None = None,
    known: KnownFiles | None = None,
) -> Scanned:
    listed = folder / settings.areas_file if settings.areas_file else None
    path = folder / settings.path
    return street_scan.scanned(path, listed, areas=areas, source=SOURCE, boundaries_of=last_day, known=known)


def _by_place(settings: PoliceUkSettings, asked: Asked, by: ApartBy, reason_of: Callable[[str], str]) -> ByPlace:
    """Return the rows of an area by LSOA or last outcome; those of months that are not complete are among them."""
    path = asked.folder / settings.path
    listed = asked.folder / settings.areas_file if settings.areas_file else None
    with street_files.opened(path) as street:
        last_day = max(file.month for file in street.files).last_day
    wanted = coverage.grounds(asked.areas, last_day=last_day)
    rows = [
        RowsOfPlace(
            file=Path(each.file).name,
            worksheet="",
            written=each.written,
            reason=reason_of(each.written),
            period=Period.parse(each.month),
            row_ids=_row_ids(each.category, settings.rows),
            rows=each.rows,
        )
        for each in street_scan.by_column(path, listed, _COLUMNS[by], wanted=wanted)
    ]
    return ByPlace(rows=rows, first={})


class _Held:
    """Street-level files that were scanned once for all areas, and answer for any of them from then on."""

    progress: ClassVar[str] = PoliceUkSettings.progress

    def __init__(self, settings: PoliceUkSettings, found: Scanned) -> None:
        self._settings = settings
        self._found = found
        self._by_area: dict[str, list[Group]] = defaultdict(list)
        self._of_file: Counter[tuple[str, bool]] = Counter()
        for group in found.groups:
            self._by_area[group.area].append(group)
            self._of_file[group.file, group.area == NO_LSOA] += group.rows
        self.areas = tuple(found.areas)

    def count(self, asked: Asked) -> tables.Counts:
        """Return the counts of the rows of each area."""
        counts = self.count_members(asked.areas, folder=asked.folder)
        _check_any_is_covered(counts, asked)
        return counts

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:  # noqa: ARG002 - as publishers do
        """Return the counts of the members' rows."""
        wanted = coverage.grounds(members, last_day=self._found.last_day)
        for ground in wanted:
            if self._by_area.keys().isdisjoint(ground.names):
                raise tables.unknown_area(ground.asked, self.areas, where=f'{SOURCE}, heading "LSOA name"')
        return _counts(replace(self._found, groups=tuple(self._as_scanned(wanted))), self._settings, wanted)

    def _as_scanned(self, wanted: Sequence[Ground]) -> Iterator[Group]:
        """Yield the groups of some areas, and all others' rows of each file together, as their own scan has them."""
        names = dict.fromkeys(name for ground in wanted for name in ground.names)
        own = [group for name in names for group in self._by_area.get(name, ())]
        inside = Counter[str]()
        for group in own:
            inside[group.file] += group.rows
        month, category = own[0].month, own[0].category
        for (file, is_nowhere), rows in sorted(self._of_file.items(), key=lambda each: (each[0][0], not each[0][1])):
            rest = rows if is_nowhere else rows - inside[file]
            if rest:
                yield Group(file, month, NO_LSOA if is_nowhere else ELSEWHERE, category, rest, 0, 0)
        yield from sorted(own)


def _check_any_is_covered(counts: tables.Counts, asked: Asked) -> None:
    """Refuse an area for which the files hold only other forces' rows."""
    for area in counts.areas:
        if not counts.covered[area]:
            said = counts.origin.to_look_at
            raise CannotBeComputedError(
                next((each for each in said if each.startswith(f"{area} ")), said[0]),
                where=SOURCE,
                remedy=f"Download that force's files too, or correct the area {quoted(asked.area)} in "
                "partnership.toml.",
            )


def _unread(found: Scanned) -> list[str]:
    if not found.unread:
        return []
    is_not = "is not read: it is" if len(found.unread) == 1 else "are not read: they are"
    return [f'{name_some(found.unread)} {is_not} not named like "2025-04-cambridgeshire-street.csv".']


def _counts(found: Scanned, settings: PoliceUkSettings, wanted: Sequence[Ground]) -> tables.Counts:
    groups, repeats, street = found.groups, found.repeats, found.street
    to_look_at = (*_unread(found), *street_scan.lost_in_words(found.lost, wanted))
    classification = settings.rows
    row_ids = {category: _row_ids(category, classification) for category in {group.category for group in groups}}
    sent = _sent(street.values())
    by_name: dict[str, list[Group]] = {}
    of_file: dict[str, list[Group]] = {}
    for group in groups:
        by_name.setdefault(group.area, []).append(group)
        of_file.setdefault(group.file, []).append(group)
    complete: dict[str, Complete] = {}
    kept: set[tuple[str, str]] = set()
    cells: dict[tables.Cell, int] = {}
    notes: list[str] = []
    for ground in wanted:
        inside = [group for name in ground.names for group in by_name.get(name, ())]
        there = [_found(group, street[group.file]) for group in inside]
        complete[ground.area] = coverage.complete(ground, there, sent=sent)
        counted = [group for group in inside if street[group.file].period in complete[ground.area].periods]
        cells |= _cells(ground.area, counted, street, repeats, row_ids)
        kept |= {(group.file, group.area) for group in counted}
        notes += ground.notes({group.area for group in counted})
    return tables.Counts(
        classification=classification,
        areas=tuple(ground.area for ground in wanted),
        covered={area: each.periods for area, each in complete.items()},
        cells=cells,
        origin=tables.Origin(
            source=SOURCE,
            publisher=settings.publisher or PUBLISHER,
            files=tuple(file.path.name for file in street.values()),
            as_at=settings.as_at,
            next_release=settings.next_release,
            ledger=tuple(_ledger(name, file, of_file.get(name, ()), repeats, kept) for name, file in street.items()),
            remarks=_months_without_file(sent),
            to_look_at=(*to_look_at, *_to_look_at(complete.values(), groups, street)),
            notes=tuple(notes),
        ),
    )


def _sent(street: Iterable[StreetFile]) -> dict[str, set[Period]]:
    """Return the months for which each force has a file."""
    sent: dict[str, set[Period]] = {}
    for file in street:
        sent.setdefault(file.force, set()).add(file.period)
    return sent


def _found(group: Group, file: StreetFile) -> Found:
    return Found(force=file.force, period=file.period, name=group.area, rows=group.rows)


def _cells(
    area: str,
    groups: Iterable[Group],
    street: Mapping[str, StreetFile],
    repeats: Mapping[tuple[str, str, str], int],
    row_ids: Mapping[str, Sequence[str]],
) -> dict[tables.Cell, int]:
    cells: dict[tables.Cell, int] = {}
    for group in groups:
        rows = group.rows - repeats.get((group.file, group.area, group.category), 0)
        for row_id in row_ids[group.category]:
            cell = (area, row_id, street[group.file].period)
            cells[cell] = cells.get(cell, 0) + rows
    return cells


def _row_ids(category: str, classification: Classification) -> tuple[str, ...]:
    """Return the ids of the rows that count a category."""
    code = classification.code(category)
    return tuple(row.row_id for row in classification.rows if code in row.codes)


def _ledger(
    name: str,
    file: StreetFile,
    groups: Iterable[Group],
    repeats: Mapping[tuple[str, str, str], int],
    kept: Collection[tuple[str, str]],
) -> tables.FileLedger:
    """Return what became of the rows of a file; `kept` are the files and names of those that are counted."""
    left_out: dict[str, int] = defaultdict(int)
    places = {NO_LSOA: "no LSOA, so no area", ELSEWHERE: "in other areas"}
    counted = 0
    for group in groups:
        if (name, group.area) in kept:
            counted += group.rows
        else:
            left_out[places.get(group.area, _INCOMPLETE)] += group.rows
    alike = sum(rows for (of, area, _), rows in repeats.items() if of == name and (of, area) in kept)
    reasons = left_out | {"alike in every column, counted once": alike}
    return tables.FileLedger.of(file.path.name, counted=counted - alike, left_out=reasons)


def _months_without_file(sent: Mapping[str, Collection[Period]]) -> tuple[str, ...]:
    """Return a sentence on each force that has no file for a month that lies between those of the data."""
    every = [month for months in sent.values() for month in months]
    within = Period(min(every).first, max(every).last).months
    missing = {
        force: [Period(month, month) for month in within if Period(month, month) not in sent[force]]
        for force in sorted(sent)
    }
    return tuple(
        f"There is no file of {force} for {runs_in_words(months)}." for force, months in missing.items() if months
    )


def _to_look_at(
    complete: Collection[Complete], groups: Iterable[Group], street: Mapping[str, StreetFile]
) -> tuple[str, ...]:
    """Return what to look at in each area, and in the files of the forces that police these."""
    rows: dict[str, dict[Period, int]] = {each.force: {} for each in complete}
    for group in groups:
        if (file := street[group.file]).force in rows:
            of_force = rows[file.force]
            of_force[file.period] = of_force.get(file.period, 0) + group.rows
    files = (coverage.few_rows(of_force, of=coverage.force_named(force)) for force, of_force in rows.items())
    return (*(said for each in complete for said in each.to_look_at), *itertools.chain.from_iterable(files))
