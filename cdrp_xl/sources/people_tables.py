"""Tables of people or households as the Office for National Statistics and others publish them, seen for what they are.

Title lines and notes are above the headings, there may be a worksheet to each sex, a column to each age or year, and
rows for countries and counties beside those of districts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.sources import files, grids, worksheets
from cdrp_xl.sources.grids import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdrp_xl.sources.grids import Grid

PEOPLE, HOUSEHOLDS = "people", "households"

_ROWS_LOOKED_AT = 40
_NOTE = re.compile(r"\s*\[(?:note|n) ?[^\]]*\]|\s*\(?\bnotes? \d+\)?$", re.IGNORECASE)
_YEAR = r"(?:mid[- ]?)?(?:year )?(?P<year>20\d\d)"
_AREA_HEADING = re.compile(
    r"(?:area|region|la|lad|ltla|utla|csp|local authority|local authority district|district|geography)"
    r"(?: ?\d{2,4})?(?: name| nm|nm)?|name|areas?|laname\d*|lad\d+nm|ctyua\d+nm|"
    r"(?:lower tier |upper tier )?local authorit(?:y|ies)(?: (?:district|name|label))?(?: \(?\d{4}\)?)?|"
    r"local authority: district / unitary.*|(?:lad|la|ltla) \d{4} name"
)
_CODE_HEADING = re.compile(
    r"(?:.* )?(?:code|mnemonic)s?|(?:area|la|lad|ons|gss|ward|wd|geography)[ _]?(?:\d{2,4})?[ _]?(?:code|cd)|"
    r"(?:lad|wd|ctyua|la)\d*cd|ladcode\d*"
)
_DISTRICT_HEADING = re.compile(
    r"lad\d+nm|lad \d{4} name|lad name|local authority(?: district)?(?: name)?|la name|laname\d*"
)
_WARD_HEADING = re.compile(
    r"wd\d+nm|ward(?: \d{4})?(?: name)?|electoral ward(?:s and divisions)?(?: \d{4})?(?: name| label)?|"
    r"par\d+nm|(?:parish|beat|neighbourhood|sector|place)(?: name)?|name"
)
_STRONG = {
    PEOPLE: (
        r"all ages",
        r"all persons|all people",
        r"(?:total )?population|population \(all ages\)|all usual residents|usual residents",
        rf"(?:estimated )?(?:usual resident )?population(?: estimates?)?,? \(?{_YEAR}\)?(?: \(?all ages\)?)?",
        r"mid[- ]?(?:year )?(?P<year>20\d\d)(?: population(?: estimates?)?)?|population_(?P<year2>20\d\d)",
    ),
    HOUSEHOLDS: (
        r"(?:total |all |number of )?households|household estimates?|occupied households",
        rf"(?:number of |estimated )?households?,? \(?{_YEAR}\)?",
    ),
}
_WEAK = (r"total(?: population| households)?|persons|people|observations?|value|count|obs_value", r"(?P<year>20\d\d)")
_TITLES = {PEOPLE: r"population|residents|all ages|persons", HOUSEHOLDS: r"household"}
_ONE_SEX = re.compile(r"\b(?:fe)?males?\b", re.IGNORECASE)
_NOT_GIVEN = frozenset({"", "-", "..", ":", "x", "[x]", "[c]", "[z]", "[u]", "z", "n/a"})


class Row(NamedTuple):
    """One row of a table: its number, the name, code and district that it has, and its number as written."""

    number: int
    name: str
    code: str
    district: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTable:
    """A table that was recognised: its cells, the row of its headings, and the columns by what is in them."""

    grid: Grid
    heading_row: int
    columns: dict[str, int]
    known: int

    @property
    def headings(self) -> dict[str, str]:
        """The headings by what is under them, as they are written."""
        return {use: self.grid.text(self.heading_row, column) for use, column in self.columns.items()}

    def rows(self) -> Iterator[Row]:
        """Yield the rows that have a number; those without one are notes, blank, or not given."""
        for number in self.grid.rows(after=self.heading_row):
            if self.grid.cells[number - 1][self.columns["value"]].strip().casefold() in _NOT_GIVEN:
                continue
            texts = {use: self.grid.text(number, column) for use, column in self.columns.items()}
            if texts["name"]:
                yield Row(number, texts["name"], texts.get("code", ""), texts.get("district", ""), texts["value"])

    @property
    def said(self) -> str:
        """Where its numbers are, in words."""
        sheet = f" on the worksheet {quoted(self.grid.sheet)}" if self.grid.sheet else ""
        return f"{quoted(self.headings['value'])} of {self.grid.path.name}{sheet}"


def recognised(path: Path, what: str, *, sheet: str = "", of_wards: bool = False) -> PeopleTable | None:
    """Return the table of people or households in a file, None where none is recognised.

    Parameters
    ----------
    path
        The file.
    what
        Whether people or households are looked for.
    sheet
        The one worksheet to look at; empty for all.
    of_wards
        Whether the rows are wards; otherwise they are local authorities.

    Raises
    ------
    FileError
        If the file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If the file has several years of projections, of which one has to be named.

    Notes
    -----
    Of several columns the one for all ages goes before others, and the latest year before earlier ones. A worksheet of
    one sex is not looked at where there are others.
    """
    is_book = path.suffix.lower() in files.EXCEL_SUFFIXES
    names = [sheet] if sheet or not is_book else list(worksheets.names(path))
    both = [name for name in names if not _ONE_SEX.search(name)] or names
    found = [table for name in both if (table := _in_sheet(grids.read(path, sheet=name), what, of_wards=of_wards))]
    return min(found, key=lambda each: (each[0], -each[1].known))[1] if found else None


def number_of(row: Row, table: PeopleTable, what: str) -> int:
    """Return a row's number of people or households.

    Parameters
    ----------
    row, table
        The row, and the table that it is of.
    what
        Whether it is people or households.

    Raises
    ------
    ValueFoundError
        If it is not a whole number above 0.
    """
    named = f"{'population' if what == PEOPLE else 'number of households'} of {quoted(row.name)}"
    return grids.above_0(row.value, what=named, where=table.grid.place(row.number, table.headings["value"]))


def _in_sheet(grid: Grid, what: str, *, of_wards: bool) -> tuple[int, PeopleTable] | None:
    """Return the table on one worksheet, and how plainly its heading says what it has: 0 the most."""
    above = f"{grid.path.stem} {grid.sheet}"
    for row in grid.rows():
        if row > _ROWS_LOOKED_AT:
            return None
        texts = [_plain(cell) for cell in grid.cells[row - 1]]
        if found := _columns(texts, above, what, of_wards=of_wards):
            rank, columns = found
            _check_no_projection(grid, row, columns["value"], above)
            table = PeopleTable(grid=grid, heading_row=row, columns=columns, known=0)
            known = sum(bool(_known_area(each)) for each in table.rows())
            if of_wards or known:
                return rank, PeopleTable(grid=grid, heading_row=row, columns=columns, known=known)
        above = " ".join((above, *texts))
    return None


def _columns(texts: list[str], above: str, what: str, *, of_wards: bool) -> tuple[int, dict[str, int]] | None:
    """Return the columns of a row of headings, None where it is not one."""
    value = _value(texts, above, what)
    pattern = _WARD_HEADING if of_wards else _AREA_HEADING
    names = [at for at, text in enumerate(texts) if pattern.fullmatch(text) and not _CODE_HEADING.fullmatch(text)]
    if value is None or not names:
        return None
    rank, column = value
    own = next(
        (at for at in names if texts[at] in {"name", "area", "area name"} or texts[at].endswith("name")), names[0]
    )
    columns = {"name": own, "value": column}
    if codes := [at for at, text in enumerate(texts) if _CODE_HEADING.fullmatch(text) and at != column]:
        columns["code"] = next((at for at in codes if at == own - 1), codes[0])
    if of_wards:
        districts = [at for at, text in enumerate(texts) if _DISTRICT_HEADING.fullmatch(text) and at != own]
        columns |= {"district": districts[0]} if districts else {}
    return rank, columns


def _value(texts: list[str], above: str, what: str) -> tuple[int, int] | None:
    """Return the column of the numbers, and how plainly its heading says so."""
    patterns = [*_STRONG[what], *(_WEAK if re.search(_TITLES[what], above, re.IGNORECASE) else ())]
    for rank, pattern in enumerate(patterns):
        found = [(match, at) for at, text in enumerate(texts) if (match := re.fullmatch(pattern, text))]
        if found:
            years = [(max((int(year) for year in match.groups() if year), default=0), -at) for match, at in found]
            return rank, -max(years)[1]
    return None


def _check_no_projection(grid: Grid, row: int, column: int, above: str) -> None:
    text = _plain(grid.cells[row - 1][column])
    years = [cell for cell in map(_plain, grid.cells[row - 1]) if re.fullmatch(r"(?:mid-?)?20\d\d", cell)]
    if re.search(r"projection|projected", above, re.IGNORECASE) and len(years) > 1 and text in years:
        raise ValueFoundError(
            f"The file has projections for {len(years)} years.",
            where=grid.place(row),
            remedy="Name the area's column and that of one year in partnership.toml, under [sources.population]: "
            f"{name_some([quoted(year) for year in years])}.",
        )


def _known_area(row: Row) -> geography.Area | None:
    return geography.find(row.code) if row.code else geography.find(row.name)


def _plain(cell: str) -> str:
    return plain(_NOTE.sub("", " ".join(cell.split()).strip('"')))
