"""What stops the counting: rows that can't be used are named, all of a kind at once, with how many and the first."""

from __future__ import annotations

import filecmp
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import tables
from cdrp_xl.errors import OFFENDERS_NAMED, FileError, ValueFoundError, name_some, place, quoted
from cdrp_xl.sources import files
from cdrp_xl.sources.sql import literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cdrp_xl.sources.files import RowFile
    from cdrp_xl.sources.recorded_crime.scan import Group, Scan

_FILES_NAMED = 5
_COPY = re.compile(r"(.+?)(?: ?\(\d+\)| - Copy(?: \(\d+\))?|_\d)(\.[^.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """Rows of one file with values that can't be used: the first of them, and how many rows have which value."""

    file: RowFile
    first: tuple[int, ...]
    values: dict[str, int]

    @classmethod
    def look(cls, scan: Scan, file: RowFile, use: str, condition: str) -> Faulty:
        """Return the rows of a file that meet a condition."""
        sql = f"""
            SELECT coalesce({scan.columns.raw(use)}, ''), count(*), min(cdrp_xl_row, {OFFENDERS_NAMED})
            FROM {scan.prepared(scan.rows.numbered(file))} WHERE {condition}
            GROUP BY 1 ORDER BY 2 DESC, min(cdrp_xl_row)"""
        found = scan.rows.fetch(sql)
        first = sorted(itertools.chain.from_iterable(rows for *_, rows in found))
        values = {value: count for value, count, _ in found}
        return cls(file=file, first=tuple(first[:OFFENDERS_NAMED]), values=values)

    @property
    def where(self) -> str:
        """The file and the first rows: ``extract.csv, row 2, 3, 7``."""
        rows = ", ".join(f"{row:,}" for row in self.first)
        return f"{place(self.file.path, sheet=self.file.sheet)}, row {rows}"


def error_for(found: Sequence[Faulty], *, use: str, scan: Scan, what: str, remedy: str) -> ValueFoundError:
    """Return the error for values of one column that can't be used, in whichever files."""
    values: dict[str, int] = {}
    for each in found:
        for value, rows in each.values.items():
            values[value] = values.get(value, 0) + rows
    total = sum(values.values())
    (value, _), *others = sorted(values.items(), key=lambda item: -item[1])
    if others:
        listed = [f"{quoted(each)} ({_rows(rows)})" for each, rows in sorted(values.items(), key=lambda item: -item[1])]
        said = f"{total:,} rows have what is {what}: {name_some(listed)}."
    else:
        said = f"{quoted(value)} is {what}{f' ({total:,} rows are like this)' if total > 1 else ''}."
    more = f"; and {len(found) - _FILES_NAMED:,} more files" if len(found) > _FILES_NAMED else ""
    where = "; ".join(each.where for each in found[:_FILES_NAMED]) + more
    return ValueFoundError(said, where=f"{where}, heading {quoted(scan.columns.headings[use])}", remedy=remedy)


def check_no_twins(paths: Sequence[Path]) -> None:
    """Refuse two files that are the same byte for byte: their rows would be counted twice."""
    by_size: dict[int, list[Path]] = {}
    for path in paths:
        if path.is_file():
            by_size.setdefault(path.stat().st_size, []).append(path)
    for size, alike in by_size.items():
        for one, other in itertools.combinations(alike if size else [], 2):
            if not one.samefile(other) and filecmp.cmp(one, other, shallow=False):
                raise FileError(
                    f"{one.name} and {other.name} are the same file.",
                    where=f"{one}; {other}",
                    remedy="Take one of the two out of the folder.",
                )


def copies(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return a sentence on every file whose name is that of a copy of another that is read: "x (1).csv" of "x.csv"."""
    names = {(path.parent, path.name): path for path in paths}
    pairs = [
        (path, found[1] + found[2])
        for path in paths
        if (found := _COPY.fullmatch(path.name)) and (path.parent, found[1] + found[2]) in names
    ]
    return tuple(
        f"{path.name} has the name of a copy of {original}, and both are counted: check that they hold different rows."
        for path, original in pairs
    )


def check_rows(scan: Scan, groups: Sequence[Group]) -> None:
    """Refuse an extract of which no file has rows."""
    if not groups:
        raise files.without_rows(scan.rows.files[0].path, sheet=scan.rows.files[0].sheet)


def check_area(scan: Scan, groups: Sequence[Group]) -> None:
    """Refuse an area without rows, even as one of several joined, and offer the nearest names."""
    there = {group.area for group in groups if group.is_inside}  # with "" for rows of the whole
    lacking = [] if "" in there else [area for area in scan.parts or (scan.area,) if area not in there]
    if lacking:
        where = place(scan.rows.files[0].path, heading=scan.columns.headings.get("area", ""))
        others = {group.area for group in groups if group.area and not group.is_inside}
        raise tables.unknown_area(lacking[0], others, where=where)


def check_flags(scan: Scan, groups: Sequence[Group]) -> None:
    """Refuse flags that are neither yes nor no."""
    wrong = {group.file for group in groups if group.odd_flags}
    for flag, use in scan.uses_of_flags.items() if wrong else ():
        condition = f"{scan.inside} AND {scan.is_odd(flag)}"
        looked = (Faulty.look(scan, file, use, condition) for file in scan.rows.files if file.key in wrong)
        if found := [each for each in looked if each.first]:
            under = "domestic_yes or domestic_no" if use == "domestic" else f"yes or no of the flag {quoted(flag)}"
            remedy = f"Say in partnership.toml what it means, under {under}."
            raise error_for(found, use=use, scan=scan, what="neither yes nor no", remedy=remedy)


def check_references(scan: Scan) -> None:
    """Refuse an extract in which offence references are missing, or are repeated in the area."""
    if scan.settings.references_repeat:
        return
    reference = scan.columns.text("offence_reference")
    sql = f"""
        SELECT ref, n, count(*) OVER (), sum(n) OVER () FROM (SELECT {reference} AS ref, count(*) AS n
            FROM {scan.all_rows} WHERE {scan.inside} GROUP BY 1 HAVING count(*) > 1 OR ref = '')
        ORDER BY ref != '', n DESC, ref LIMIT 1"""
    for repeated, count, references, rows in scan.rows.fetch(sql):
        raise _repeated(scan, repeated, count, more=(references - 1, rows - count))


def _repeated(scan: Scan, repeated: str, count: int, *, more: tuple[int, int]) -> ValueFoundError:
    """Return the error for a reference that is repeated or missing; `more` counts the others, and their rows."""
    condition = f"{scan.inside} AND {scan.columns.text('offence_reference')} = {literal(repeated)}"
    found = [Faulty.look(scan, file, "offence_reference", condition) for file in scan.rows.files]
    others = f", and {more[0]:,} more are on {more[1]:,} rows" if more[0] and repeated else ""
    what = f"The offence reference {quoted(repeated)} is on {count:,} rows{others}"
    remedy = "Take the copies out; if one reference covers several offences, set references_repeat = true."
    if not repeated:
        what = "A row has no offence reference" if count == 1 else f"{count:,} rows have no offence reference"
        remedy = "Ask for the extract with its references."
    where = "; ".join(each.where for each in found if each.first)
    said = " ".join([f"{what}.", *(copies([file.path for file in scan.rows.files]) if repeated else ())])
    return ValueFoundError(
        said, where=f"{where}, heading {quoted(scan.columns.headings['offence_reference'])}", remedy=remedy
    )


def _rows(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"
