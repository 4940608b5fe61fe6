"""The one scan of data.police.uk street-level files: how many rows each file has of every area and category."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import offences, tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.periods import Month
from cdrp_xl.sources import coverage, files, street_files
from cdrp_xl.sources.named_rows import REFERENCES_NAMED, NamedRows
from cdrp_xl.sources.sql import FILE_COLUMN, csv_relation, identifier, literal
from cdrp_xl.sources.street_counts import Before, Counted, Group

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.sources.coverage import Ground
    from cdrp_xl.sources.files import RowFiles
    from cdrp_xl.sources.known_files import KnownFiles
    from cdrp_xl.sources.street_files import StreetFile

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


NO_LSOA = ""
ELSEWHERE = "*"
_LSOA_NAME = 'trim("LSOA name")'
_AREA_OF_LSOA_NAME = f"nullif(left({_LSOA_NAME}, length({_LSOA_NAME}) - strpos(reverse({_LSOA_NAME}), ' ')), '')"
_LSOA_LIST = ("LSOA code", "Area")
_LSOA_LIST_REMEDY = 'the list of LSOAs needs "LSOA code" and "Area"'
_AS_DOWNLOADED = "download the file again from data.police.uk, and leave it as it is"


class OfColumn(NamedTuple):
    """The rows of one file that are alike in month, name of the area, one column and category."""

    file: str
    month: str
    area: str
    written: str
    category: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What the scan of the files found.

    Attributes
    ----------
    groups
        Rows by file, month, area and category, in this order. Unit: rows.
    repeats
        Rows too many, by file, area and category. Unit: rows.
    street
        The file of each group.
    wanted
        The areas that were asked for; None where all were.
    lost
        By the area of their name, LSOAs that a list of them lacks: code, rows that are lost, and all rows; the area's
        other LSOAs are one without a code.
    unread
        Files that are not street-level files.
    last_day
        The last day that the files reach.
    """

    groups: tuple[Group, ...]
    repeats: Mapping[tuple[str, str, str], int]
    street: Mapping[str, StreetFile]
    wanted: tuple[Ground, ...] | None
    lost: tuple[tuple[str, str, int, int], ...]
    unread: tuple[str, ...]
    last_day: dt.date

    @property
    def areas(self) -> list[str]:
        """Every area that rows were counted in."""
        return sorted({group.area for group in self.groups} - {NO_LSOA, ELSEWHERE})


def scanned(
    path: Path,
    areas_file: Path | None,
    *,
    areas: Sequence[str] | None,
    source: str,
    boundaries_of: dt.date | None = None,
    known: KnownFiles | None = None,
) -> Scanned:
    """Return what a folder or .zip of street-level files has of some areas, or of all, in one scan.

    Parameters
    ----------
    path
        The folder or .zip.
    areas_file
        The list of LSOAs, None where areas are taken from LSOA names.
    areas
        The areas, under any of their names; None takes all.
    source
        The source in words, for messages.
    boundaries_of
        The day whose boundaries are counted in; None takes the last day of the files.
    known
        What was counted before, of all areas: files that did not change are not read again. None reads all.

    Raises
    ------
    FileError
        If there is no street-level file, or one is damaged.
    ValueFoundError
        If a file appears twice or has no rows, a month or category is not one, an LSOA lies in two areas, or an area
        is in no file.
    """
    before = Before(known, path, areas_file)
    with street_files.opened(path, before.members) as found:
        last_day = max(file.month for file in found.files).last_day
        wanted = coverage.grounds(areas, last_day=boundaries_of or last_day) if areas is not None else None
        new = [file for file in found.files if file.held_in not in before.members]
        counted = _count(new, areas_file, wanted, source) if new else Counted()
        before.keep(found, counted)
    every = Counted.together([counted, *before.counted])
    return Scanned(
        groups=every.groups,
        repeats={(file, area, category): rows for file, area, category, rows in every.repeats},
        street={file.place: file for file in found.files},
        wanted=wanted,
        lost=_added_up(every.lost),
        unread=found.unread,
        last_day=last_day,
    )


def _count(
    street: Sequence[StreetFile], areas_file: Path | None, wanted: Sequence[Ground] | None, source: str
) -> Counted:
    """Return what the files have, each by its place; what is wrong with one is named."""
    with files.opened() as rows:
        lsoas = _lsoa_list(areas_file) if areas_file else None
        scan = _Scan(rows, street, _area_sql(rows, lsoas), wanted)
        groups = scan.groups()
        repeats = scan.repeats(groups)
        _check_rows(groups, street, scan)
        _check_values(groups, street, scan)
        _check_areas(wanted, groups, scan, source)
        lost = scan.lost_by_list(wanted) if lsoas is not None else []
    places = {str(file.path): file.place for file in street}
    return Counted(
        tuple(group._replace(file=places[group.file]) for group in groups),
        tuple((places[file], area, category, extra) for (file, area, category), extra in repeats.items()),
        tuple((places[file], area, code, number, every) for file, area, code, number, every in lost),
    )


def _added_up(lost: Iterable[tuple[str, str, str, int, int]]) -> tuple[tuple[str, str, int, int], ...]:
    """Return the rows of each LSOA in all files together."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for _, area, code, number, rows in lost:
        before = sums.get((area, code), (0, 0))
        sums[area, code] = before[0] + number, before[1] + rows
    return tuple((area, code, *both) for (area, code), both in sorted(sums.items()))


def by_column(path: Path, areas_file: Path | None, column: str, *, wanted: Sequence[Ground]) -> list[OfColumn]:
    """Return the rows of areas by file, month, name of the area, one column and category; those alike in all are one.

    Parameters
    ----------
    path, areas_file
        As for `scanned`.
    column
        The heading of the column.
    wanted
        The areas.
    """
    with files.opened() as rows, street_files.opened(path) as found:
        lsoas = _lsoa_list(areas_file) if areas_file else None
        scan = _Scan(rows, found.files, _area_sql(rows, lsoas), wanted)
        return scan.by_column(column)


def named(
    path: Path, areas_file: Path | None, *, names: Sequence[str], categories: Sequence[str], period: Period
) -> tuple[NamedRows, ...]:
    """Return the rows of street-level files that are counted of some places and categories in a period.

    Parameters
    ----------
    path, areas_file
        As for `scanned`.
    names
        Every name that the area's rows have.
    categories
        The categories, in capitals.
    period
        The months.

    Returns
    -------
    tuple of NamedRows
        By file; of rows that are alike in every column and have an ID, the first. Unit: offences, one to a row.
    """
    with files.opened() as rows, street_files.opened(path) as found:
        street = [file for file in found.files if file.month in period.months]
        lsoas = _lsoa_list(areas_file) if areas_file else None
        area = _area_sql(rows, lsoas)
        conditions = [
            f"{area} IN ({', '.join(map(literal, names))})",
            f'upper("Crime type") IN ({", ".join(map(literal, categories))})',
        ]
        alike = ", ".join(identifier(name) for name in HEADINGS)
        numbered = []
        for each in street:
            (file,) = rows.add(each.path)
            sql = f"""SELECT cdrp_xl_row, "Crime ID" FROM {rows.numbered(file)} WHERE {" AND ".join(conditions)}
                QUALIFY "Crime ID" IS NULL OR row_number() OVER (PARTITION BY {alike} ORDER BY cdrp_xl_row) = 1
                ORDER BY 1"""
            numbered.append((each.path.name, rows.fetch(sql)))
    return tuple(
        NamedRows(
            file=name,
            worksheet="",
            rows=tuple(number for number, _ in there),
            references=tuple(reference for _, reference in there if reference)[:REFERENCES_NAMED],
            heading="",
            offences=len(there),
        )
        for name, there in numbered
        if there
    )


def lost_in_words(lost: Sequence[tuple[str, str, int, int]], wanted: Sequence[Ground]) -> list[str]:
    """Return a sentence on each area of whose LSOAs, by their names, some are not in the list of LSOAs.

    Parameters
    ----------
    lost
        As `Scanned` has them.
    wanted
        The areas.
    """
    sentences = []
    for ground in wanted:
        of_area = [row for row in lost if row[0] in ground.names]
        codes = [code for _, code, number, _ in of_area if number]
        number, rows = sum(row[2] for row in of_area), sum(row[3] for row in of_area)
        if number:
            sentences.append(
                f"The list of LSOAs lacks {len(codes):,} of {ground.area} ({name_some(codes)}): {number:,} of "
                f"{rows:,} rows there, {number / rows:.1%}, are not counted. "
                "Some LSOAs have other codes since 2021."
            )
    return sentences


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

    def groups(self) -> list[Group]:
        """Return the counts of all rows by file, month, area and category.

        IDs are hashed into lists and compared there: a distinct count by group would take twice the time.
        """
        sql = f"""
            SELECT {FILE_COLUMN}, coalesce("Month", ''), {self._placed()}, coalesce("Crime type", ''), count(*),
                count("Crime ID") FILTER ({self._wanted}),
                coalesce(list_unique(list(hash("Crime ID")) FILTER ({self._wanted} AND "Crime ID" IS NOT NULL)), 0)
            FROM {self._relation()} GROUP BY ALL ORDER BY ALL"""
        return [Group(str(self._rows.original(name)), *row) for name, *row in self._rows.fetch(sql)]

    def repeats(self, groups: Sequence[Group]) -> dict[tuple[str, str, str], int]:
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
            if area is None:  # a row without an LSOA is in no area
                continue
            key = (str(self._rows.original(name)), area, category)
            found[key] = found.get(key, 0) + extra
        return found

    def by_column(self, column: str) -> list[OfColumn]:
        """Return the rows of the areas by file, month, area, a column and category, repeats of an ID left out."""
        alike = ", ".join(identifier(name) for name in HEADINGS)
        sql = f"""
            SELECT file, month, area, written, category, sum(n) FROM (
                SELECT {FILE_COLUMN} AS file, "Month" AS month, {self._area} AS area, "Crime type" AS category,
                    coalesce({identifier(column)}, '') AS written,
                    CASE WHEN "Crime ID" IS NULL THEN count(*) ELSE 1 END AS n
                FROM {self._relation()} WHERE {self._wanted} GROUP BY {FILE_COLUMN}, {alike})
            GROUP BY ALL ORDER BY ALL"""
        return [OfColumn(str(self._rows.original(name)), *rest) for name, *rest in self._rows.fetch(sql)]

    def lost_by_list(self, wanted: Sequence[Ground] | None) -> list[tuple[str, str, str, int, int]]:
        """Return LSOAs by file and the area of their names, with their rows that are lost by the list, and all rows.

        Of those that lose none, all of an area are together.
        """
        names = [literal(name) for ground in wanted or () for name in ground.names]
        of_these = "true" if wanted is None else f"{_AREA_OF_LSOA_NAME} IN ({', '.join(names)})"
        sql = f"""
            SELECT {FILE_COLUMN}, {_AREA_OF_LSOA_NAME}, CASE WHEN {self._area} IS NULL THEN "LSOA code" ELSE '' END,
                count(*) FILTER ({self._area} IS NULL), count(*)
            FROM {self._relation()} WHERE {of_these} AND {_AREA_OF_LSOA_NAME} IS NOT NULL AND "LSOA code" IS NOT NULL
            GROUP BY ALL"""
        return [(str(self._rows.original(name)), *rest) for name, *rest in self._rows.fetch(sql)]

    def original(self, group: Group) -> Path:
        """Return the analyst's own file that holds a group of rows."""
        return self._rows.original(group.file)

    def areas(self) -> list[str]:
        """Return every area that the files hold rows for."""
        return [row[0] for row in self._rows.fetch(f"SELECT DISTINCT {self._area} FROM {self._relation()}") if row[0]]

    def _placed(self) -> str:
        return (
            f'CASE WHEN "LSOA code" IS NULL THEN {literal(NO_LSOA)} '
            f"WHEN {self._area} IS NOT NULL AND {self._wanted} THEN {self._area} ELSE {literal(ELSEWHERE)} END"
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
    """Return the SQL of a row's area: from the list of LSOAs, otherwise the LSOA's name less its last word."""
    if lsoas is None:
        return _AREA_OF_LSOA_NAME
    rows.connection.execute("CREATE TEMP TABLE lsoas (code VARCHAR, area VARCHAR)")
    rows.connection.executemany("INSERT INTO lsoas VALUES (?, ?)", lsoas)
    rows.connection.execute(
        "CREATE TEMP TABLE lsoa_areas AS SELECT map_from_entries(list((code, area))) AS areas FROM lsoas"
    )
    return '(SELECT areas["LSOA code"] FROM lsoa_areas)'


def _check_rows(groups: Sequence[Group], street: Sequence[StreetFile], scan: _Scan) -> None:
    """Refuse a file without rows: no force has a month without crime, so the file was cut off."""
    with_rows = {scan.original(group) for group in {group.file: group for group in groups}.values()}
    for file in street:
        if file.path not in with_rows:
            raise files.without_rows(file.path)


def _check_values(groups: Sequence[Group], street: Sequence[StreetFile], scan: _Scan) -> None:
    """Refuse rows of a different month from their file's, and categories that are not data.police.uk's."""
    months = {file.path: f"{file.month.year}-{file.month.month:02d}" for file in street}
    classification = offences.load("police-uk")  # the categories are those of any of its classifications
    for (name, month), group in {(group.file, group.month): group for group in groups}.items():
        file = scan.original(group)
        if month != months[file]:
            rows = sum(other.rows for other in groups if (other.file, other.month) == (name, month))
            raise ValueFoundError(
                f"{_rows(rows)} for the month {quoted(month)}, in the file for {Month.parse(months[file]).name}.",
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


def _check_areas(wanted: Sequence[Ground] | None, groups: Sequence[Group], scan: _Scan, source: str) -> None:
    present = {group.area for group in groups}
    for ground in wanted or ():
        if present.isdisjoint(ground.names):
            raise tables.unknown_area(ground.asked, scan.areas(), where=f'{source}, heading "LSOA name"')
