"""The counts of an extract: what each offence is counted under, the cells, and what became of every row."""

from __future__ import annotations

import functools
import statistics
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from cdrp_xl import tables
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.folding import fold
from cdrp_xl.offences.reading import OffenceReader, Written, to_paste
from cdrp_xl.periods import Period, runs_in_words
from cdrp_xl.sources.publisher import NO_PLACE, ByPlace, RowsOfPlace
from cdrp_xl.sources.recorded_crime import SOURCE, areas, faults, words
from cdrp_xl.sources.recorded_crime.scan import KIND, Kind
from cdrp_xl.sources.sql import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.periods import Month
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.files import RowFile
    from cdrp_xl.sources.recorded_crime.scan import Group, Scan
    from cdrp_xl.sources.selection import Locus, Selection

Readings = dict[tuple[str, str], "Reading"]
"""What each offence is counted under, by its text and what a second column says about it."""

_TABLE = "[sources.recorded_crime.offence_codes]"
_REASONS = {
    Kind.BLANK: "nothing is under the headings that are read",
    Kind.HEADINGS: "the headings are repeated",
    Kind.TOTAL: "they are totals",
    Kind.WORDS: "they have words in one cell and nothing else",
    Kind.NO_AREA: "the area is not known (blank, or an error such as #N/A)",
    Kind.ELSEWHERE: "in other areas",
}
LEAST_MISSED = 15
"""Rows a month from which on a month without any is not chance: e to the power of -15 is 1 in 3 million."""

_INCIDENTS = "Anti-social behaviour and other incidents are counted beside recorded crime, and are in no row of it."
_NOT_COUNTED = "not counted, as partnership.toml says about their offence"


def readings(scan: Scan, groups: Sequence[Group], classification: Classification) -> Readings:
    """Return what every offence of the area is counted under; what is not known has a suggestion."""
    own = scan.settings
    rows = Counter[tuple[str, str]]()
    for group in groups:
        if group.is_inside:
            rows[group.offence, group.beside] += group.rows
    reader = OffenceReader(classification, own=own.offence_codes, not_counted=own.not_counted)
    read = reader.read_all(Written(text, beside, number) for (text, beside), number in sorted(rows.items()))
    return {(reading.written.text, reading.written.beside): reading for reading in read}


def counts(scan: Scan, groups: Sequence[Group], read: Readings, classification: Classification) -> tables.Counts:
    """Return the counts of the area by offence row, selection and month, with every row accounted for.

    Raises
    ------
    ValueFoundError
        If no row is counted.
    """
    ledger = tuple(
        _ledger(scan, file, [group for group in groups if group.file == file.key], read) for file in scan.rows.files
    )
    if not any(file.counted for file in ledger):
        raise _nothing_counted(scan, ledger)
    periods = {month: Period(month, month) for month in sorted({group.month for group in groups if group.month})}
    own = scan.settings
    covered, by_part = months_covered(scan, groups)
    return tables.Counts(
        classification=classification,
        areas=tuple(covered),
        covered=covered,
        cells=_cells(scan, groups, read, classification, periods, are_apart=len(covered) > 1),
        selections=tuple(
            each for selection in scan.selections for each in selection.keys(row.row_id for row in classification.rows)
        ),
        readings=tuple(read.values()),
        origin=tables.Origin(
            source=SOURCE,
            publisher=own.publisher,
            files=tuple(dict.fromkeys(file.path.name for file in scan.rows.files)),
            as_at=own.as_at,
            next_release=own.next_release,
            ledger=ledger,
            remarks=tuple(_remarks(scan, groups)),
            to_look_at=(*_look_at(scan, groups, read), *by_part),
            notes=(_INCIDENTS,) if classification.incidents else (),
        ),
    )


def _cells(
    scan: Scan,
    groups: Sequence[Group],
    read: Readings,
    classification: Classification,
    periods: Mapping[Month, Period],
    *,
    are_apart: bool,
) -> dict[tables.Cell, int]:
    keys_of = functools.cache(functools.partial(counted_as, classification, scan.selections))
    rows: dict[tuple[str, Month], Counter[RowKey]] = defaultdict(Counter)
    for group in groups:
        code = read[group.offence, group.beside].code if group.is_inside else None
        if code is not None and group.month is not None:
            of_month = rows[group.area if are_apart else scan.area, group.month]
            for row_id in keys_of(code, group.loci):
                of_month[row_id] += group.rows
    return {
        (area, row_id, periods[month]): number
        for (area, month), of_month in rows.items()
        for row_id, number in of_month.items()
    }


def by_place(
    scan: Scan,
    groups: Sequence[Group],
    read: Readings,
    classification: Classification,
    reason_of: Callable[[str], str],
) -> ByPlace:
    """Return the rows that are counted by what they have for a place, with the first of those that have none."""
    keys_of = functools.cache(functools.partial(counted_as, classification, ()))
    files = {file.key: file for file in scan.rows.files}
    found: list[RowsOfPlace] = []
    none: dict[tuple[str, str], list[str]] = {}
    for group in groups:
        code = read[group.offence, group.beside].code if group.is_inside else None
        if code is None or group.month is None:
            continue
        file = files[group.file]
        is_kept = scan.apart_by == "outcome" or areas.is_known(group.area)  # an unknown outcome is not a blank one
        written = group.area if is_kept else NO_PLACE
        reason = reason_of(written)
        row_ids = tuple(each for each in keys_of(code, frozenset()) if isinstance(each, str))
        period = Period(group.month, group.month)
        found.append(RowsOfPlace(file.path.name, file.sheet, written, reason, period, row_ids, group.rows))
        if reason:
            none.setdefault((group.file, reason), []).append(group.area)
    return ByPlace(
        rows=found,
        first={_at(files[key], reason): _first(scan, files[key], texts) for (key, reason), texts in none.items()},
    )


def _at(file: RowFile, reason: str) -> tuple[str, str, str]:
    return file.path.name, file.sheet, reason


def _first(scan: Scan, file: RowFile, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the first rows of the area in a file that have one of some texts for a place."""
    listed = ", ".join(map(literal, dict.fromkeys(texts)))
    condition = f"{scan.inside} AND {scan.columns.text(scan.apart_by)} IN ({listed})"
    return tuple(f"row {row:,}" for row in scan.first_rows(condition, file))


def no_crimes(scan: Scan, read: Readings, classification: Classification) -> str:
    """Return the condition of the area's rows that are not recorded crime: incidents, and what is not counted."""
    crimes = classification.all_crime.codes
    others = (each.written for each in read.values() if each.code not in crimes)
    return " OR ".join(_is_written(scan, each) for each in others) or "false"


def months_covered(scan: Scan, groups: Sequence[Group]) -> tuple[dict[str, frozenset[Period]], list[str]]:
    """Return the months that are complete, by area, and what was counted as 0.

    Of areas that are joined each has the months in which rows are of it; one that usually has few may have none in a
    month. Where rows have a name of the whole, the whole is one area, and its months are those with rows of every name.
    """
    every = frozenset(Period(group.month, group.month) for group in groups if group.month)
    if not scan.parts or "area" not in scan.columns.headings:
        return {scan.area: every}, []
    rows: dict[str, Counter[Period]] = {name: Counter() for name in (*scan.parts, "")}
    for group in groups:
        if group.is_inside and group.month is not None:
            rows[group.area][Period(group.month, group.month)] += group.rows
    of_whole = rows.pop("")
    if of_whole:
        rows = {part: of for part, of in rows.items() if of} | {scan.area: of_whole}
    covered, said = {}, []
    for part, of in rows.items():
        is_small = statistics.median(of.values() or (0,)) < LEAST_MISSED
        covered[part] = every if is_small and of else frozenset(of)
        if is_small and every - of.keys():
            said.append(f"There is no row of {part} in {runs_in_words(every - of.keys())}: this is counted as 0.")
    return {scan.area: every.intersection(*covered.values())} if of_whole else covered, said


def counted_as(
    classification: Classification, selections: Sequence[Selection], code: str, loci: frozenset[Locus]
) -> tuple[RowKey, ...]:
    """Return what offences of a code at some loci are counted under: their offence rows, and selections."""
    row_ids = [row.row_id for row in classification.rows if code in row.codes]
    is_crime = code in classification.all_crime.codes
    chosen = [
        each
        for selection in selections
        if loci.issuperset(selection.locus.parts) and selection.is_of(code, row_ids, is_crime=is_crime)
        for each in selection.keys(row_ids)
    ]
    return (*row_ids, *chosen)


def _ledger(scan: Scan, file: RowFile, groups: Sequence[Group], read: Readings) -> tables.FileLedger:
    """Return what became of the rows of one file or worksheet."""
    left_out = Counter[tuple[str, str]]()
    for group in groups:
        if reason := _reason(scan, group, read):
            left_out[reason] += group.rows
    lines = [
        tables.LeftOut(
            reason=reason,
            rows=rows,
            first=tuple(f"row {row:,}" for row in scan.first_rows(condition, file)),
            is_usual=reason in {_REASONS[Kind.ELSEWHERE], _NOT_COUNTED},
        )
        for (reason, condition), rows in sorted(left_out.items())
    ]
    total = sum(group.rows for group in groups)
    counted = total - sum(left_out.values())
    return tables.FileLedger(
        file=file.path.name, worksheet=file.sheet, read=total, counted=counted, left_out=tuple(lines)
    )


def _reason(scan: Scan, group: Group, read: Readings) -> tuple[str, str] | None:
    """Return why a group's rows are not counted, and the condition that finds them; None where they are."""
    if group.is_inside:
        reading = read[group.offence, group.beside]
        listed = [each.written for each in read.values() if each.is_left_out]
        is_left_out = " OR ".join(_is_written(scan, each) for each in listed)
        return (_NOT_COUNTED, f"{scan.inside} AND ({is_left_out})") if reading.is_left_out else None
    if group.kind is Kind.ELSEWHERE and (near := _nearly((*scan.parts, scan.area), group.area)):
        reason = f"in {quoted(group.area)}, which is {near}: if they are the area's, name it in area_spellings"
        return reason, f"{scan.columns.text('area')} = {literal(group.area)}"
    return _REASONS[group.kind], f"{KIND} = {group.kind.value}"


def _is_written(scan: Scan, written: Written) -> str:
    text, beside = scan.columns.text("offence"), scan.columns.text("offence_words")
    return f"({text} = {literal(written.text)} AND {beside} = {literal(written.beside)})"


@functools.cache
def _nearly(own: tuple[str, ...], written: str) -> str:
    return next(filter(None, (areas.nearly(area, written) for area in own)), "")


def _remarks(scan: Scan, groups: Sequence[Group]) -> Iterator[str]:
    """Yield a sentence on every file that has no rows, and what the files themselves have to say."""
    with_rows = {group.file for group in groups}
    for file in scan.rows.files:
        if file.key not in with_rows:
            yield f"{place(file.path, sheet=file.sheet)} has a heading row but no rows below it."
    yield from scan.rows.remarks
    also = {each.word for group in groups for each in group.words if each.use == "area"}
    asked = {fold(name) for name in (scan.area, *scan.parts, *scan.settings.area_spellings)}
    former = [name for name in scan.areas if name in also and fold(name) not in asked]
    if former:
        names = name_some(former, named=len(former))
        yield f"Rows of {names} are counted as {scan.area}: it is the same area, or was a part of it."


def _look_at(scan: Scan, groups: Sequence[Group], read: Readings) -> Iterator[str]:
    """Yield what the analyst must look at."""
    yield from scan.rows.look_at
    yield from faults.copies([file.path for file in scan.rows.files])
    written = [
        text for each in read.values() for text in (each.written.text, f"{each.written.text} {each.written.beside}")
    ]
    yield from words.unmet(scan, groups, written)


def unknown(scan: Scan, read: Readings) -> ValueFoundError:
    """Return the error for offences that are not known: all of them, as lines to paste into the settings."""
    unknown = [reading for reading in read.values() if reading.is_unknown]
    found = [each for each in (_where(scan, file, unknown) for file in scan.rows.files) if each]
    rows = sum(reading.written.rows for reading in unknown)
    names = [quoted(f"{each.written.text} {each.written.beside}".strip()) for each in _commonest_first(unknown)]
    what = f"{names[0]} is not a known offence"
    if len(names) > 1:
        what = f"{len(names):,} offences are unknown: {name_some(names)}"
    return ValueFoundError(
        f"{what} ({rows:,} {'row is' if rows == 1 else 'rows are'} like this).",
        where=f"{'; '.join(found)}, heading {quoted(scan.columns.headings['offence'])}",
        remedy=f"Check these lines, and paste them into partnership.toml under {_TABLE}:",
        lines=to_paste(unknown).split("\n"),
    )


def _commonest_first(unknown: Iterable[Reading]) -> list[Reading]:
    return sorted(unknown, key=lambda each: (-each.written.rows, each.written))


def _where(scan: Scan, file: RowFile, unknown: Iterable[Reading]) -> str:
    condition = " OR ".join(_is_written(scan, reading.written) for reading in unknown)
    rows = scan.first_rows(f"{scan.inside} AND ({condition})", file)
    numbers = ", ".join(f"{row:,}" for row in rows)
    return f"{place(file.path, sheet=file.sheet)}, row {numbers}" if rows else ""


def _nothing_counted(scan: Scan, ledger: Sequence[tables.FileLedger]) -> ValueFoundError:
    read = sum(file.read for file in ledger)
    reasons = Counter[str]()
    for file in ledger:
        for line in file.left_out:
            reasons[line.reason] += line.rows
    said = "; ".join(f"{rows:,} {reason}" for reason, rows in reasons.most_common())
    return ValueFoundError(
        f"None of the {read:,} rows is counted: {said}.",
        where=name_some([file.path.name for file in scan.rows.files]),
        remedy="See what partnership.toml says about the area and about offences that are not counted.",
    )
