"""data.police.uk: street-level files of one or more forces, as downloaded, counted by area, category and month."""

from __future__ import annotations

import contextlib
import itertools
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from cdrp_xl import damage, offences, tables
from cdrp_xl.errors import FileError, ValueFoundError, name_some, place, quoted
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import files
from cdrp_xl.sources.publisher import Asked, MembersSource, TableSource
from cdrp_xl.sources.sql import FILE_COLUMN, csv_relation, identifier, literal
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.sources.files import RowFiles

SOURCE = "data.police.uk street-level crime"
PUBLISHER = "Single Online Home National Digital Team, data.police.uk (Open Government Licence v3.0)"
HEADINGS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)

_FILE_NAME = re.compile(r"(\d{4}-\d{2})-(.+)-street\.csv")
_NO_LSOA = ""
_ELSEWHERE = "*"
_MOST_PACKED = 200
_LSOA_LIST = ("LSOA code", "Area")
_LSOA_LIST_REMEDY = 'the list of LSOAs needs "LSOA code" and "Area"'
_AS_DOWNLOADED = "download the file again from data.police.uk, and leave it as it is"


class PoliceUkSettings(TableSource, MembersSource, frozen=True, kw_only=True):
    """``[sources.police_uk]``: a folder or .zip of data.police.uk street-level files, as downloaded."""

    path: Text
    areas_file: str = ""

    progress: ClassVar[str] = "Counting data.police.uk files"
    how_counted: ClassVar[str] = (
        "Counts are rows of data.police.uk street-level files by month. Rows are placed by the area of their LSOA; "
        "rows without an LSOA are in no area. Anti-social behaviour is counted in incidents and is not part of all "
        "crime."
    )

    def files_read(self, folder: Path) -> list[Path]:
        """Return the street-level files of the folder, or the .zip, and the list of LSOAs."""
        path = folder / self.path
        is_folder = path.is_dir()
        street = [file for file in damage.files_in(path) if file.match("*-street.csv")] if is_folder else [path]
        return [*street, folder / self.areas_file] if self.areas_file else street

    def count(self, asked: Asked) -> tables.Counts:
        """Return the counts of the area's rows."""
        return read(self, folder=asked.folder, areas=(asked.area,))

    def count_members(self, members: Sequence[str], *, folder: Path) -> tables.Counts:
        """Return the counts of the members' rows."""
        return read(self, folder=folder, areas=members)


class _Group(NamedTuple):
    """One group of rows as the scan counts them; `area` may also be `_NO_LSOA` or `_ELSEWHERE`.

    `different_ids` may count two IDs as one, never one as two: it only says where a closer look is due.
    """

    file: str
    month: str
    area: str
    category: str
    rows: int
    with_id: int
    different_ids: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _StreetFile:
    """One street-level file: the month and force that its name says, and its place in the folder or archive."""

    path: Path
    month: Month
    force: str
    place: str


def read(settings: PoliceUkSettings, *, folder: Path, areas: Sequence[str] | None) -> tables.Counts:
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

    Returns
    -------
    Counts
        Unit: offences (anti-social behaviour: incidents). Covered are the months for which, in each area, the force
        that records most there has a file.

    Raises
    ------
    FileError
        If the folder or .zip holds no street-level file, or one is damaged.
    ValueFoundError
        If a file stands twice or has no rows, a month or category is not one, an LSOA lies in two areas, or an area
        is in no file; the nearest are offered.

    Notes
    -----
    One scan of the files, in DuckDB. METHODS.md, section 1, on why these categories are not CADET's.
    """
    with files.opened() as rows, _street_files(folder / settings.path) as street:
        _check_each_once(street)
        lsoas = _lsoa_list(folder / settings.areas_file) if settings.areas_file else None
        scan = _Scan(rows, street, _area_sql(rows, lsoas), areas)
        groups = scan.groups()
        repeats = scan.repeats(groups)
        _check_rows(groups, street, scan)
        _check_values(groups, street, scan)
        _check_areas(areas, groups, scan)
        by_name = {group.file: scan.original(group) for group in groups}
        of_group = {name: next(file for file in street if file.path == path) for name, path in by_name.items()}
    return _counts(groups, repeats, of_group, settings, areas)


class _Scan:
    """The one scan of all street-level files, and the closer looks that it may call for."""

    def __init__(self, rows: RowFiles, street: Sequence[_StreetFile], area: str, areas: Sequence[str] | None) -> None:
        for file in street:
            rows.add(file.path)[0].check_headings({name: name for name in HEADINGS}, remedy=_AS_DOWNLOADED)
        self._rows = rows
        self._area = area
        self._wanted = "true" if areas is None else f"{area} IN ({', '.join(literal(name) for name in areas)})"

    def groups(self) -> list[_Group]:
        """Return the counts of all rows by file, month, area and category.

        IDs are hashed into lists and told apart there: a distinct count by group would take twice the time.
        """
        sql = f"""
            SELECT {FILE_COLUMN}, coalesce("Month", ''), {self._placed()}, coalesce("Crime type", ''), count(*),
                count("Crime ID") FILTER ({self._wanted}),
                coalesce(list_unique(list(hash("Crime ID")) FILTER ({self._wanted} AND "Crime ID" IS NOT NULL)), 0)
            FROM {self._relation()} GROUP BY ALL ORDER BY ALL"""
        return [_Group(str(self._rows.original(name)), *row) for name, *row in self._rows.fetch(sql)]

    def repeats(self, groups: Sequence[_Group]) -> dict[tuple[str, str, str], int]:
        """Return how many rows too many there are, with an ID and alike in every column, by file, area, category."""
        suspects = sorted({group.file for group in groups if group.with_id > group.different_ids})
        if not suspects:
            return {}
        alike = ", ".join(identifier(name) for name in HEADINGS)
        sql = f"""
            SELECT {FILE_COLUMN}, {self._area}, "Crime type", count(*) - 1 FROM {self._relation(suspects)}
            WHERE "Crime ID" IS NOT NULL AND {self._wanted} GROUP BY {FILE_COLUMN}, {alike} HAVING count(*) > 1"""
        found: dict[tuple[str, str, str], int] = {}
        for name, area, category, extra in self._rows.fetch(sql):
            key = (str(self._rows.original(name)), area, category)
            found[key] = found.get(key, 0) + extra
        return found

    def original(self, group: _Group) -> Path:
        """Return the analyst's own file in which a group of rows stands."""
        return self._rows.original(group.file)

    def areas(self) -> list[str]:
        """Return every area that the files hold rows for."""
        return [row[0] for row in self._rows.fetch(f"SELECT DISTINCT {self._area} FROM {self._relation()}") if row[0]]

    def _placed(self) -> str:
        return (
            f'CASE WHEN "LSOA code" IS NULL THEN {literal(_NO_LSOA)} '
            f"WHEN {self._area} IS NOT NULL AND {self._wanted} THEN {self._area} ELSE {literal(_ELSEWHERE)} END"
        )

    def _relation(self, only: Sequence[str] | None = None) -> str:
        """Return the SQL of the files' rows: one scan of those as downloaded, and others by their own headings."""
        others = [file for file in self._rows.files if file.relation != csv_relation([file.path], HEADINGS)]
        paths = {str(file.path) for file in others}
        names = [str(file.path) for file in self._rows.files] if only is None else only
        plain = [name for name in names if str(self._rows.original(name)) not in paths]
        if len(plain) == len(names):
            return csv_relation(plain, HEADINGS)
        columns = ", ".join(identifier(name) for name in (*HEADINGS, FILE_COLUMN))
        scans = [csv_relation(plain, HEADINGS)] if plain else []
        scans += [file.relation for file in others]
        return f"({' UNION ALL '.join(f'SELECT {columns} FROM {scan}' for scan in scans)})"


@contextlib.contextmanager
def _street_files(path: Path) -> Iterator[tuple[_StreetFile, ...]]:
    if path.is_dir():
        yield _named(
            {file: file.relative_to(path).as_posix() for file in damage.files_in(path) if file.suffix == ".csv"}, path
        )
        return
    damage.check_is_file(path)
    with files.put_aside() as scratch:
        yield _named(dict(_unpacked(path, scratch)), path)


def _named(places: Mapping[Path, str], where: Path) -> tuple[_StreetFile, ...]:
    """Return the street-level files among paths; outcomes and stop and search, which come with them, are left alone."""
    street = [
        _StreetFile(path=path, month=_month(found[1], places[path]), force=found[2], place=places[path])
        for path in sorted(places, key=lambda path: places[path])
        if (found := _FILE_NAME.fullmatch(path.name))
    ]
    if not street:
        raise FileError(
            "There is no street-level file of data.police.uk.",
            where=str(where),
            remedy='Name the folder or .zip as downloaded; its files are called "2025-04-cambridgeshire-street.csv".',
        )
    return tuple(street)


def _month(text: str, where: str) -> Month:
    try:
        return Month.parse(text)
    except ValueFoundError as wrong:
        remedy = "Give the file the name that it was downloaded with."
        raise ValueFoundError(wrong.what, where=where, remedy=remedy) from wrong


def _unpacked(archive: Path, scratch: Path) -> Iterator[tuple[Path, str]]:
    """Give every street-level file of an archive, unpacked, with its place in the archive."""
    with damage.reported(archive, lambda _: _not_whole(archive)), zipfile.ZipFile(archive) as packed:
        for number, member in enumerate(packed.infolist()):
            if not _FILE_NAME.fullmatch(Path(member.filename).name):
                continue
            _check_not_bomb(member, archive)
            target = scratch / f"{number}" / Path(member.filename).name
            target.parent.mkdir()
            with packed.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            yield target, member.filename


def _not_whole(archive: Path) -> FileError:
    return FileError(
        f"{archive.name} is not a whole .zip archive.",
        where=str(archive),
        remedy="Download it again, or unpack it yourself and name the folder.",
    )


def _check_not_bomb(member: zipfile.ZipInfo, archive: Path) -> None:
    if member.file_size > _MOST_PACKED * max(member.compress_size, 1):
        raise FileError(
            f"{member.filename} unpacks to {member.file_size:,} bytes, more than such a file can hold.",
            where=str(archive),
            remedy="Download the archive again from data.police.uk.",
        )


def _check_each_once(street: Sequence[_StreetFile]) -> None:
    seen: dict[str, _StreetFile] = {}
    for file in street:
        first = seen.setdefault(file.path.name, file)
        if first is not file:
            raise ValueFoundError(
                f"{file.month.name} of {file.force} stands twice.",
                where=f"{first.place} and {file.place}",
                remedy="Keep the newer of the two files, and move the other out of the folder.",
            )


def _lsoa_list(path: Path) -> list[tuple[str, str]]:
    with files.opened(path) as rows:
        rows.files[0].check_headings({name: name for name in _LSOA_LIST}, remedy=_LSOA_LIST_REMEDY)
        code, area = (f"trim({identifier(name)})" for name in _LSOA_LIST)
        sql = (
            f"SELECT DISTINCT {code}, {area} FROM ({rows.relation()}) WHERE {code} != '' AND {area} != '' ORDER BY ALL"
        )
        listed: list[tuple[str, str]] = rows.fetch(sql)
    twice = sorted({code for (code, _), (other, _) in itertools.pairwise(listed) if code == other})
    if twice:
        raise ValueFoundError(
            f"{name_some([quoted(code) for code in twice])} {'lies' if len(twice) == 1 else 'lie'} in two areas.",
            where=place(path, heading=_LSOA_LIST[0]),
            remedy="Keep one row for each LSOA.",
        )
    return listed


def _area_sql(rows: RowFiles, lsoas: list[tuple[str, str]] | None) -> str:
    """Return the SQL of a row's area: from the list of LSOAs, else the LSOA's name less its last word."""
    if lsoas is None:
        name = 'trim("LSOA name")'
        return f"nullif(left({name}, length({name}) - strpos(reverse({name}), ' ')), '')"
    rows.connection.execute("CREATE TEMP TABLE lsoas (code VARCHAR, area VARCHAR)")
    rows.connection.executemany("INSERT INTO lsoas VALUES (?, ?)", lsoas)
    rows.connection.execute(
        "CREATE TEMP TABLE lsoa_areas AS SELECT map_from_entries(list((code, area))) AS areas FROM lsoas"
    )
    return '(SELECT areas["LSOA code"] FROM lsoa_areas)'


def _check_rows(groups: Sequence[_Group], street: Sequence[_StreetFile], scan: _Scan) -> None:
    """Refuse a file without rows: no force has a month without crime, so the file was cut off."""
    with_rows = {scan.original(group) for group in {group.file: group for group in groups}.values()}
    for file in street:
        if file.path not in with_rows:
            raise files.without_rows(file.path)


def _check_values(groups: Sequence[_Group], street: Sequence[_StreetFile], scan: _Scan) -> None:
    """Refuse rows of another month than their file's, and categories that are not data.police.uk's."""
    months = {file.path: f"{file.month.year}-{file.month.month:02d}" for file in street}
    classification = offences.load("police-uk")
    for (name, month), group in {(group.file, group.month): group for group in groups}.items():
        file = scan.original(group)
        if month != months[file]:
            rows = sum(other.rows for other in groups if (other.file, other.month) == (name, month))
            raise ValueFoundError(
                f"{_rows(rows)} of the month {quoted(month)}, in the file of {Month.parse(months[file]).name}.",
                where=place(file, heading="Month"),
                remedy="Download the file again; its name and its rows must be of one month.",
            )
    for category, group in {group.category: group for group in groups}.items():
        if classification.code(category) is None:
            rows = sum(other.rows for other in groups if other.category == category)
            raise ValueFoundError(
                f"{quoted(category)} is not a category of data.police.uk ({_rows(rows)} like this).",
                where=place(scan.original(group), heading="Crime type"),
                remedy=classification.nearest(category),
            )


def _rows(rows: int) -> str:
    return "1 row is" if rows == 1 else f"{rows:,} rows are"


def _check_areas(areas: Sequence[str] | None, groups: Sequence[_Group], scan: _Scan) -> None:
    present = {group.area for group in groups}
    for area in areas or ():
        if area not in present:
            raise tables.unknown_area(area, scan.areas(), where=f'{SOURCE}, heading "LSOA name"')


def _counts(
    groups: Sequence[_Group],
    repeats: Mapping[tuple[str, str, str], int],
    street: Mapping[str, _StreetFile],
    settings: PoliceUkSettings,
    areas: Sequence[str] | None,
) -> tables.Counts:
    classification = offences.load("police-uk")
    row_ids = {category: _row_ids(category, classification) for category in {group.category for group in groups}}
    months = {name: Period(file.month, file.month) for name, file in street.items()}
    inside = [group for group in groups if group.area not in {_NO_LSOA, _ELSEWHERE}]
    cells: dict[tables.Cell, int] = {}
    for group in inside:
        rows = group.rows - repeats.get((group.file, group.area, group.category), 0)
        for row_id in row_ids[group.category]:
            cell = (group.area, row_id, months[group.file])
            cells[cell] = cells.get(cell, 0) + rows
    wanted = tuple(areas) if areas is not None else tuple(sorted({group.area for group in inside}))
    covered, remarks = _coverage(inside, street)
    return tables.Counts(
        classification=classification,
        areas=wanted,
        covered={area: frozenset(Period(month, month) for month in covered[area]) for area in wanted},
        cells=cells,
        origin=tables.Origin(
            source=SOURCE,
            publisher=settings.publisher or PUBLISHER,
            files=tuple(file.path.name for file in street.values()),
            as_at=settings.as_at,
            next_release=settings.next_release,
            ledger=tuple(_ledger(name, file, groups, repeats) for name, file in street.items()),
            remarks=remarks,
        ),
    )


def _ledger(
    name: str, file: _StreetFile, groups: Sequence[_Group], repeats: Mapping[tuple[str, str, str], int]
) -> tables.FileLedger:
    areas: dict[str, int] = {}
    for group in groups:
        if group.file == name:
            areas[group.area] = areas.get(group.area, 0) + group.rows
    left_out = {
        "no LSOA, so no area": areas.pop(_NO_LSOA, 0),
        "in other areas": areas.pop(_ELSEWHERE, 0),
        "alike in every column, counted once": sum(rows for (of, *_), rows in repeats.items() if of == name),
    }
    counted = sum(areas.values()) - left_out["alike in every column, counted once"]
    return tables.FileLedger.of(file.path.name, counted=counted, left_out=left_out)


def _row_ids(category: str, classification: Classification) -> tuple[str, ...]:
    """Return the ids of the rows that count a category."""
    code = classification.code(category)
    return tuple(row.row_id for row in classification.rows if code in row.codes)


def _coverage(
    inside: Sequence[_Group], street: Mapping[str, _StreetFile]
) -> tuple[dict[str, frozenset[Month]], tuple[str, ...]]:
    """Return the months that each area's main force has files for, and what months any force lacks."""
    forces = sorted({file.force for file in street.values()})
    months = {force: frozenset(file.month for file in street.values() if file.force == force) for force in forces}
    every = frozenset[Month]().union(*months.values())
    remarks = []
    for force, there in months.items():
        missing = [str(month) for month in Period(min(every), max(every)).months if month not in there]
        if missing:
            remarks.append(f"There is no file of {force} for {name_some(missing, named=len(missing))}.")
    return {area: months[force] for area, force in _main_forces(inside, street).items()}, tuple(remarks)


def _main_forces(inside: Sequence[_Group], street: Mapping[str, _StreetFile]) -> dict[str, str]:
    """Return the force that records most in each area."""
    rows: dict[str, dict[str, int]] = {}
    for group in inside:
        of_area = rows.setdefault(group.area, {})
        force = street[group.file].force
        of_area[force] = of_area.get(force, 0) + group.rows
    return {area: max(sorted(of_area), key=lambda force: of_area[force]) for area, of_area in rows.items()}
