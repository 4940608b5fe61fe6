"""The force's own extract of recorded crime, row by row, under the force's own headings.

Rows are scanned once and counted by what the report asks of them; no row-level value is handed on, but for the place
of a value that can't be used. `scan` says what each row is, `dates` how dates are read, `areas` what is nearly the
area; `faults` names what stops, `words` what finds nothing, `counting` adds up.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from msgspec import Meta

from cdrp_xl.folding import fold
from cdrp_xl.sources.publisher import IF_UNNAMED, Asked, ClassificationName, PlacesSource
from cdrp_xl.terms import Flag
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cdrp_xl import tables
    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.named_rows import NamedRows
    from cdrp_xl.sources.publisher import ApartBy, ByPlace
    from cdrp_xl.sources.recorded_crime.scan import Group, Scan
    from cdrp_xl.sources.selection import Selection


def flag_use(number: int) -> str:
    """Return the use under which the column of a flag is read, by its number from 0."""
    return f"flag_{number}"


SOURCE = "Police recorded crime extract"


class RecordedCrimeHeadings(Table, frozen=True, kw_only=True):
    """``[sources.recorded_crime.headings]``: the force's own headings for what is read."""

    offence_reference: Text
    date_recorded: Text
    offence: Text
    offence_words: str = ""
    date_committed: str = ""
    area: str = ""
    locality: str = ""
    lsoa: str = ""
    outcome: str = ""
    locus_type: str = ""
    locus_subtype: str = ""
    domestic: str = ""
    victim: str = ""
    premises: str = ""

    @property
    def named(self) -> dict[str, str]:
        """The headings that the settings name, by what they are for."""
        return {use: heading for use, heading in msgspec.structs.asdict(self).items() if heading}


class FlagSettings(Table, frozen=True, kw_only=True):
    """``[sources.recorded_crime.flags]``: one flag, the heading of its column, and what there means yes and no.

    With `is_list` the column holds several words in one cell ("DA; KNIFE"), and any that means yes is enough.
    """

    heading: Text
    yes: Annotated[tuple[str, ...], Meta(min_length=1)] = ("Y", "Yes", "True", "1")
    no: tuple[str, ...] = ("N", "No", "False", "0", "")
    is_list: bool = False


class RecordedCrimeSettings(PlacesSource, frozen=True, kw_only=True):
    """``[sources.recorded_crime]``: the force's row-level extract."""

    files: Annotated[tuple[Text, ...], Meta(min_length=1)]
    classification: ClassificationName | None = None
    headings: RecordedCrimeHeadings
    worksheet: str = ""
    area_spellings: tuple[Text, ...] = ()
    domestic_yes: tuple[str, ...] = ("Y", "Yes", "True", "1")
    domestic_no: tuple[str, ...] = ("N", "No", "False", "0", "")
    flags: dict[str, FlagSettings] = msgspec.field(default_factory=dict)
    offence_codes: dict[str, str] = msgspec.field(default_factory=dict)
    not_counted: tuple[Text, ...] = ()
    references_repeat: bool = False

    progress: ClassVar[str] = "Counting the recorded-crime extract"
    how_counted: ClassVar[str] = (
        "Offences are counted from the force's extract by the date on which they were recorded, in the area where "
        "they took place."
    )

    def counted_by(self) -> Classification:
        """Return the rows that offences are counted under, with those of incidents that the settings name."""
        from cdrp_xl import offences

        return offences.with_incidents(offences.load(self.classification or IF_UNNAMED), self.offence_codes.values())

    def files_read(self, folder: Path) -> tuple[Path, ...]:
        """Return the files of the extract."""
        from cdrp_xl.sources import file_names

        return file_names.found(folder, self.files)

    def __post_init__(self) -> None:
        if Flag.DOMESTIC in map(str.casefold, self.flags):
            raise ValueError("the flag for domestic abuse is headings.domestic, with domestic_yes and domestic_no")

    @property
    def every_flag(self) -> dict[str, FlagSettings]:
        """Every flag that the settings name a heading for: that of domestic abuse, then the others."""
        own = self.headings.domestic
        domestic = FlagSettings(heading=own, yes=self.domestic_yes, no=self.domestic_no) if own else None
        return ({Flag.DOMESTIC.value: domestic} if domestic else {}) | self.flags

    @property
    def columns(self) -> dict[str, str]:
        """The headings that are read, by what they are for; flags other than that of domestic abuse by number."""
        return self.headings.named | {flag_use(number): flag.heading for number, flag in enumerate(self.flags.values())}

    def count(self, asked: Asked) -> tables.Counts:
        """Return the counts of the area's rows, and of the selections among them."""
        own = msgspec.structs.replace(self, classification=self.classification or asked.classification)
        return read(
            own,
            folder=asked.folder,
            area=asked.area,
            parts=asked.parts,
            selections=asked.selections,
            today=asked.today,
        )

    def has_column_for(self, use: str) -> bool:
        """Return whether the settings name the heading."""
        return use in self.headings.named

    def count_by_place(self, asked: Asked, *, by: ApartBy, reason_of: Callable[[str], str]) -> ByPlace:
        """Return the counted rows of the area by their LSOA, locality or outcome."""
        own = msgspec.structs.replace(self, classification=self.classification or asked.classification)
        return by_place(own, asked, use=by, reason_of=reason_of)

    def name_rows(self, asked: Asked, row: RowKey, period: Period) -> tuple[NamedRows, ...]:
        """Return the rows that make a count of the area, with the first of their references."""
        from cdrp_xl.sources.recorded_crime import naming

        classification = msgspec.structs.replace(
            self, classification=self.classification or asked.classification
        ).counted_by()
        countable = [each.resolved(classification) for each in asked.selections if _has_locus(each, self, asked.parts)]
        with scanned(
            self, folder=asked.folder, area=asked.area, parts=asked.parts, selections=countable, today=asked.today
        ) as found:
            return naming.rows(*found, classification, row=row, period=period)


def by_place(settings: RecordedCrimeSettings, asked: Asked, *, use: str, reason_of: Callable[[str], str]) -> ByPlace:
    """Return the counted rows of the area by what is under the heading for a place or an LSOA.

    Parameters
    ----------
    settings, asked
        As for `read`.
    use
        The heading's use: ``locality``, ``lsoa`` or ``outcome``.
    reason_of
        Says why what a row has is not a place, empty where it is one.
    """
    from cdrp_xl.sources.recorded_crime import counting

    classification = settings.counted_by()
    with scanned(
        settings, folder=asked.folder, area=asked.area, parts=asked.parts, apart_by=use, today=asked.today
    ) as (scan, groups):
        check(scan, groups)
        return counting.by_place(
            scan, groups, counting.readings(scan, groups, classification), classification, reason_of
        )


def read(
    settings: RecordedCrimeSettings,
    *,
    folder: Path,
    area: str,
    parts: Sequence[str] = (),
    selections: Sequence[Selection] = (),
    today: dt.date,
) -> tables.Counts:
    """Return the offences of an area by offence row and month recorded, with the selections under their own keys.

    Parameters
    ----------
    settings
        Which files, and under which headings.
    folder
        The partnership's folder, from which the settings' paths are taken.
    area
        The area to count; rows of other areas are left out. Without an area heading every row is of the area.
    parts
        The areas that are joined in it, each of which must have rows, unless rows have the name of the whole.
    selections
        What is counted by locus; one by a locus column that the extract does not have is left uncounted.
    today
        No offence can be recorded after this day, nor after the extract's own date.

    Returns
    -------
    Counts
        Unit: offences. Covered are the months from the first to the last that any row of the files was recorded in,
        but for those between in which no row was. Of areas that are joined each is counted separately, and covered in
        the months in which it has rows; where rows have the name of the whole, this is counted.
        `origin.ledger` has every row, counted or left out for a reason.

    Raises
    ------
    FileError
        If a file is missing, empty, locked or not what its name says.
    ValueFoundError
        If a heading is missing, no file has rows, two files are the same, a date, offence, flag or reference can't be
        used (the first three places are named), a word of the settings is in no row, or no row is counted.

    Notes
    -----
    One scan, in DuckDB; offences are counted by the date recorded, as CADET counts them. docs/methods.md, "Farm crime":
    a repeat has another offence of its selection against the same victim on an earlier day, that many months back at
    most.
    """
    from cdrp_xl.sources.recorded_crime import counting, faults, words

    classification = settings.counted_by()
    countable = [each.resolved(classification) for each in selections if _has_locus(each, settings, parts)]
    with scanned(settings, folder=folder, area=area, parts=parts, selections=countable, today=today) as (scan, groups):
        words.check(scan, groups)
        check(scan, groups)
        readings = counting.readings(scan, groups, classification)
        if any(reading.is_unknown for reading in readings.values()):
            raise counting.unknown(scan, readings)
        faults.check_references(scan)
        counts = counting.counts(scan, groups, readings, classification)
        return replace(counts, repeats=scan.repeats(without=counting.no_crimes(scan, readings, classification)))


@contextlib.contextmanager
def scanned(
    settings: RecordedCrimeSettings,
    *,
    folder: Path,
    area: str,
    parts: Sequence[str] = (),
    selections: Sequence[Selection] = (),
    apart_by: str = "",
    today: dt.date,
) -> Iterator[tuple[Scan, list[Group]]]:
    """Open the extract and give the scan of its rows, with dates read in the forms that its files prove.

    Raises
    ------
    FileError
        As for `read`.
    ValueFoundError
        If a heading is missing, no file has rows, two files are the same, or no row is of the area.
    """
    from cdrp_xl.sources import file_names, files
    from cdrp_xl.sources.recorded_crime import dates, faults
    from cdrp_xl.sources.recorded_crime.scan import Scan

    paths = file_names.found(folder, settings.files)
    faults.check_no_twins(paths)
    with files.opened(*paths, sheet=settings.worksheet, headings=settings.columns) as rows:
        latest = min(today, settings.as_at or today)
        scan = Scan(rows, settings, area, selections, latest=latest, parts=parts, apart_by=apart_by)
        groups = scan.groups()
        if (forms := dates.further_forms(scan, groups)) is not None:
            scan = scan.reading_dates(forms)
            groups = scan.groups()
        faults.check_rows(scan, groups)
        if not apart_by:
            faults.check_area(scan, groups)
        yield scan, groups


def check(scan: Scan, groups: Sequence[Group]) -> None:
    """Refuse dates and flags of the area's rows that can't be used, whatever is counted."""
    from cdrp_xl.sources.recorded_crime import dates, faults

    dates.check(scan, groups)
    faults.check_flags(scan, groups)


def _has_locus(selection: Selection, settings: RecordedCrimeSettings, parts: Sequence[str]) -> bool:
    """Return whether the extract has the columns that a selection looks at."""
    own = settings.headings
    is_part = {fold(name) for name in selection.localities} & {fold(part) for part in parts}
    flag = settings.every_flag.get(selection.flag or "")
    columns = own.locus_type, own.locus_subtype, own.area if is_part else own.locality, flag
    return all(heading for asks, heading in zip(selection.locus, columns, strict=True) if asks)
