"""data.police.uk: street-level files of one or more forces, as downloaded, counted by area, category and month."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from cdrp_xl import offences, tables
from cdrp_xl.errors import CannotBeComputedError, ValueFoundError, name_some, place, quoted
from cdrp_xl.periods import Month, Period
from cdrp_xl.sources import coverage, files, street_files
from cdrp_xl.sources.coverage import Found
from cdrp_xl.sources.publisher import Asked, MembersSource, TableSource
from cdrp_xl.sources.sql import FILE_COLUMN, csv_relation, identifier, literal
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences import Classification
    from cdrp_xl.sources.coverage import Complete, Ground
    from cdrp_xl.sources.files import RowFiles
    from cdrp_xl.sources.street_files import Street, StreetFile

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

_NO_LSOA = ""
_ELSEWHERE = "*"
_INCOMPLETE = "in months that are not complete there"
_LSOA_NAME = 'trim("LSOA name")'
_AREA_OF_LSOA_NAME = f"nullif(left({_LSOA_NAME}, length({_LSOA_NAME}) - strpos(reverse({_LSOA_NAME}), ' ')), '')"
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
        street = street_files.listed(path)
        return [*street, folder / self.areas_file] if self.areas_file else street

    def count(self, asked: Asked) -> tables.Counts:
        """Return the counts of the area's rows."""
        counts = read(self, folder=asked.folder, areas=(asked.area,))
        _check_any_is_covered(counts, asked)
        return counts

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
        Unit: offences (anti-social behaviour: incidents). An area is covered in the months for which the force that
        polices it has a file with rows of all of its ground; in these months rows of other forces count too. The areas
        are named as they are today: one that was asked for by a former name has another here.

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
    with files.opened() as rows, street_files.opened(folder / settings.path) as found:
        street = found.files
        last_day = max(file.month for file in street).last_day
        wanted = coverage.grounds(areas, last_day=last_day) if areas is not None else None
        lsoas = _lsoa_list(folder / settings.areas_file) if settings.areas_file else None
        scan = _Scan(rows, street, _area_sql(rows, lsoas), wanted)
        groups = scan.groups()
        repeats = scan.repeats(groups)
        _check_rows(groups, street, scan)
        _check_values(groups, street, scan)
        _check_areas(wanted, groups, scan)
        lost = scan.lost_by_list(wanted) if lsoas is not None and wanted is not None else ()
        by_name = {group.file: scan.original(group) for group in groups}
        of_group = {name: next(file for file in street if file.path == path) for name, path in by_name.items()}
    if wanted is None:
        wanted = coverage.as_written(sorted({group.area for group in groups} - {_NO_LSOA, _ELSEWHERE}))
    return _counts(groups, repeats, of_group, settings, wanted, (*_unread(found), *lost))


class _Scan:
    """The one scan of all street-level files, and the closer looks that it may call for."""

    def __init__(
        self, rows: RowFiles, street: Sequence[StreetFile], area: str, wanted: Sequence[Ground] | None
    ) -> None:
        for file in street:
            rows.add(file.path)[0].check_headings({name: name for name in HEADINGS}, remedy=_AS_DOWNLOADED)
        self._rows = rows
        self._area = area
        names = dict.fromkeys(name for ground in wanted or () for name in ground.names)
        self._wanted = "true" if wanted is None else f"{area} IN ({', '.join(map(literal, names))})"

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

    def lost_by_list(self, wanted: Sequence[Ground]) -> list[str]:
        """Return a sentence on each area of whose LSOAs, by their names, some are not in the list of LSOAs."""
        names = ", ".join(literal(name) for ground in wanted for name in ground.names)
        sql = f"""
            SELECT {_AREA_OF_LSOA_NAME}, "LSOA code", count(*) FILTER ({self._area} IS NULL), count(*)
            FROM {self._relation()} WHERE {_AREA_OF_LSOA_NAME} IN ({names}) GROUP BY ALL ORDER BY ALL"""
        found = self._rows.fetch(sql)
        told = []
        for ground in wanted:
            of_area = [row for row in found if row[0] in ground.names]
            codes = [code for _, code, lost, _ in of_area if lost]
            lost, rows = (sum(row[at] for row in of_area) for at in (2, 3))
            if lost:
                told.append(
                    f"The list of LSOAs lacks {len(codes):,} of {ground.area} ({name_some(codes)}): {lost:,} of "
                    f"{rows:,} rows there, {lost / rows:.1%}, are not counted. "
                    "Some LSOAs have other codes since 2021."
                )
        return told

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
        others = [file for file in self._rows.files if csv_relation([file.path], HEADINGS) not in file.relation]
        paths = {str(file.path) for file in others}
        names = [str(file.path) for file in self._rows.files] if only is None else only
        plain = [name for name in names if str(self._rows.original(name)) not in paths]
        if len(plain) == len(names):
            return csv_relation(plain, HEADINGS)
        columns = ", ".join(map(identifier, HEADINGS))
        scans = [f"SELECT {columns}, {FILE_COLUMN} FROM {csv_relation(plain, HEADINGS)}"] if plain else []
        scans += [f"SELECT {columns}, {literal(file.path)} AS {FILE_COLUMN} FROM {file.relation}" for file in others]
        return f"({' UNION ALL '.join(scans)})"


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
        return _AREA_OF_LSOA_NAME
    rows.connection.execute("CREATE TEMP TABLE lsoas (code VARCHAR, area VARCHAR)")
    rows.connection.executemany("INSERT INTO lsoas VALUES (?, ?)", lsoas)
    rows.connection.execute(
        "CREATE TEMP TABLE lsoa_areas AS SELECT map_from_entries(list((code, area))) AS areas FROM lsoas"
    )
    return '(SELECT areas["LSOA code"] FROM lsoa_areas)'


def _check_rows(groups: Sequence[_Group], street: Sequence[StreetFile], scan: _Scan) -> None:
    """Refuse a file without rows: no force has a month without crime, so the file was cut off."""
    with_rows = {scan.original(group) for group in {group.file: group for group in groups}.values()}
    for file in street:
        if file.path not in with_rows:
            raise files.without_rows(file.path)


def _check_values(groups: Sequence[_Group], street: Sequence[StreetFile], scan: _Scan) -> None:
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


def _check_areas(wanted: Sequence[Ground] | None, groups: Sequence[_Group], scan: _Scan) -> None:
    present = {group.area for group in groups}
    for ground in wanted or ():
        if present.isdisjoint(ground.names):
            raise tables.unknown_area(ground.asked, scan.areas(), where=f'{SOURCE}, heading "LSOA name"')


def _check_any_is_covered(counts: tables.Counts, asked: Asked) -> None:
    """Refuse an area of which the files hold other forces' rows alone."""
    if not any(counts.covered.values()):
        raise CannotBeComputedError(
            counts.origin.to_look_at[0],
            where=SOURCE,
            remedy=f"Download that force's files too, or mend the area {quoted(asked.area)} in partnership.toml.",
        )


def _unread(found: Street) -> list[str]:
    if not found.unread:
        return []
    is_not = "is not read: it is" if len(found.unread) == 1 else "are not read: they are"
    return [f'{name_some(found.unread)} {is_not} not called like "2025-04-cambridgeshire-street.csv".']


def _counts(
    groups: Sequence[_Group],
    repeats: Mapping[tuple[str, str, str], int],
    street: Mapping[str, StreetFile],
    settings: PoliceUkSettings,
    wanted: Sequence[Ground],
    to_look_at: Sequence[str],
) -> tables.Counts:
    classification = offences.load("police-uk")
    row_ids = {category: _row_ids(category, classification) for category in {group.category for group in groups}}
    sent = _sent(street.values())
    by_name: dict[str, list[_Group]] = {}
    for group in groups:
        by_name.setdefault(group.area, []).append(group)
    complete: dict[str, Complete] = {}
    kept: set[tuple[str, str]] = set()
    cells: dict[tables.Cell, int] = {}
    notes: list[str] = []
    for ground in wanted:
        inside = [group for name in ground.names for group in by_name.get(name, ())]
        found = [_found(group, street[group.file]) for group in inside]
        complete[ground.area] = coverage.complete(ground, found, sent=sent)
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
            ledger=tuple(_ledger(name, file, groups, repeats, kept) for name, file in street.items()),
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


def _found(group: _Group, file: StreetFile) -> Found:
    return Found(force=file.force, period=file.period, name=group.area, rows=group.rows)


def _cells(
    area: str,
    groups: Iterable[_Group],
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
    groups: Iterable[_Group],
    repeats: Mapping[tuple[str, str, str], int],
    kept: Collection[tuple[str, str]],
) -> tables.FileLedger:
    """Return what became of the rows of a file; `kept` are the files and names of those that are counted."""
    left_out: dict[str, int] = defaultdict(int)
    places = {_NO_LSOA: "no LSOA, so no area", _ELSEWHERE: "in other areas"}
    counted = 0
    for group in groups:
        if group.file != name:
            continue
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
        f"There is no file of {force} for {tables.runs_in_words(months)}."
        for force, months in missing.items()
        if months
    )


def _to_look_at(
    complete: Collection[Complete], groups: Iterable[_Group], street: Mapping[str, StreetFile]
) -> tuple[str, ...]:
    """Return what is to be looked at in each area, and in the files of the forces that police these."""
    rows: dict[str, dict[Period, int]] = {each.force: {} for each in complete}
    for group in groups:
        if (file := street[group.file]).force in rows:
            of_force = rows[file.force]
            of_force[file.period] = of_force.get(file.period, 0) + group.rows
    files = (coverage.few_rows(of_force, of=coverage.force_named(force)) for force, of_force in rows.items())
    return (*(said for each in complete for said in each.to_look_at), *itertools.chain.from_iterable(files))
