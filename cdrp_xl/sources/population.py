"""Populations: people, and households where the file has them, by area."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from cdrp_xl import geography, tables
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.sources import file_names, grids, people_tables
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.people_tables import HOUSEHOLDS, PEOPLE
from cdrp_xl.sources.publisher import Publisher
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cdrp_xl.sources.grids import Grid
    from cdrp_xl.sources.people_tables import PeopleTable

SOURCE = "Population estimates"

_AREA, _POPULATION = "Area", "Population"


class PopulationSettings(Publisher, frozen=True, kw_only=True):
    """``[sources.population]``: people and households by area.

    Where neither heading is named and the file does not have the usual two, its table is recognised as ONS publishes
    it. `households_file` is a file of its own for households, recognised so too unless its headings are named.
    """

    file: Text
    area: Text = _AREA
    population: Text = _POPULATION
    households: str = ""
    worksheet: str = ""
    households_file: str = ""
    households_worksheet: str = ""

    def files_read(self, folder: Path) -> list[Path]:
        """Return the file of people, and that of households where it is another."""
        return [folder / file for file in (self.file, self.households_file) if file]


def read(settings: PopulationSettings, *, folder: Path) -> tables.Populations:
    """Return the people of every area in the file, and its households if a heading for them is set.

    Parameters
    ----------
    settings
        The files, their worksheets, and their headings.
    folder
        The partnership's folder, from which the file's path is taken.

    Returns
    -------
    Populations
        Units: people; households, None where no heading for them is set. By area, as the file spells it.

    Raises
    ------
    FileError
        If the file is missing, empty, or is not what its name says.
    ValueFoundError
        If a heading is missing, an area appears twice, or a number is blank, not whole, or not above 0.

    Notes
    -----
    docs/methods.md, "Rates and shares": a rate is per 1,000 people, or per 1,000 households, so neither may be 0.
    Headings may be below lines of title; a row with words in one cell only, such as a note, is left out.
    """
    path = file_names.found(folder, [settings.file])[0]
    of_both = settings if not settings.households_file else msgspec.structs.replace(settings, households="")
    people, ledger, said = _people_of_file(path, of_both)
    ledgers, remarks = [ledger], [said] if said else []
    if settings.households_file:
        other = file_names.found(folder, [settings.households_file])[0]
        found, ledger, said = _households(other, settings)
        people = {area: replace(each, households=number_of(found, area)) for area, each in people.items()}
        ledgers.append(ledger)
        remarks += [said] if said else []
    origin = tables.Origin(
        source=SOURCE,
        publisher=settings.publisher,
        files=tuple(each.file for each in ledgers),
        as_at=settings.as_at,
        next_release=settings.next_release,
        ledger=tuple(ledgers),
        remarks=tuple(remarks),
    )
    return tables.Populations(areas=people, origin=origin)


def _people_of_file(
    path: Path, settings: PopulationSettings
) -> tuple[dict[str, tables.People], tables.FileLedger, str]:
    """Return the people of a file with its ledger, and which table was recognised; empty where headings are named."""
    grid = grids.read(path, sheet=settings.worksheet)
    if table := _recognised(path, grid, settings):
        numbers, ledger = _by_area(table, PEOPLE)
        people = {area: tables.People(population=number, households=None) for area, number in numbers.items()}
        return people, ledger, f"People are those under {table.said}."
    found, notes = _people_by_area(grid, settings)
    ledger = tables.FileLedger.of(path.name, counted=len(found), left_out={"words without figures": notes})
    return found, ledger, ""


def _recognised(path: Path, grid: Grid, settings: PopulationSettings) -> PeopleTable | None:
    """Return the table of people as it is recognised, None where headings are named or the file has the usual two."""
    is_named = (settings.area, settings.population, settings.households) != (_AREA, _POPULATION, "")
    if is_named or _row_of(grid, [_AREA, _POPULATION]) is not None:
        return None
    return people_tables.recognised(path, PEOPLE, sheet=settings.worksheet)


def _households(path: Path, settings: PopulationSettings) -> tuple[dict[str, int], tables.FileLedger, str]:
    """Return the households of a file of their own by area, its ledger, and which table was recognised."""
    if settings.households:
        named = msgspec.structs.replace(settings, population=settings.households, households="")
        found, notes = _people_by_area(grids.read(path, sheet=settings.households_worksheet), named)
        ledger = tables.FileLedger.of(path.name, counted=len(found), left_out={"words without figures": notes})
        return {area: each.population for area, each in found.items()}, ledger, ""
    table = people_tables.recognised(path, HOUSEHOLDS, sheet=settings.households_worksheet)
    if table is None:
        raise ValueFoundError(
            f"No table of households by local authority is recognised in {path.name}.",
            where=f"partnership.toml, sources.population.households_file; {path}",
            remedy="Name its headings, as area and households under [sources.population].",
        )
    numbers, ledger = _by_area(table, HOUSEHOLDS)
    return numbers, ledger, f"Households are those under {table.said}."


def _by_area(table: PeopleTable, what: str) -> tuple[dict[str, int], tables.FileLedger]:
    """Return the numbers of a recognised table by area, and its ledger.

    An area is called as the file spells it, or, where only its code is known, as ONS does. Of a name that appears
    twice, as a county's and a district's may be, the row is taken whose code is a local authority's.
    """
    numbers: dict[str, int] = {}
    rows: dict[str, people_tables.Row] = {}
    for row in table.rows():
        known = geography.find(row.code) if row.code else None
        name = known.name if known and geography.find(row.name) is None else row.name
        number = people_tables.number_of(row, table, what)
        before = rows.get(geography.fold(name))
        if before and known and not geography.find(before.code):
            del numbers[before.name]
        elif before and not known and geography.find(before.code):
            continue
        elif before:
            raise ValueFoundError(
                f"Two rows are for {quoted(name)}.",
                where=f"{table.grid.place(before.number)}; and row {row.number:,}",
                remedy="Take a table of all people together, with one row to each local authority.",
            )
        rows[geography.fold(name)], numbers[name] = row._replace(name=name), number
    every = sum(1 for _ in table.grid.rows(after=table.heading_row))
    left_out = {"not a local authority's, or without a number": every - len(numbers)}
    return numbers, tables.FileLedger.of(table.grid.path.name, counted=len(numbers), left_out=left_out)


def households_by_area(table: PeopleTable) -> dict[str, int]:
    """Return the households of a table that was recognised, by area.

    Parameters
    ----------
    table
        The table. Unit: households.
    """
    return _by_area(table, HOUSEHOLDS)[0]


def number_of(found: Mapping[str, int], area: str) -> int | None:
    """Return an area's number under any of its names, otherwise the sum of all that it was made from; None without any.

    Parameters
    ----------
    found
        People or households by area. Unit: people or households.
    area
        The area, under any of its names.
    """
    alike = {geography.fold(each): each for each in found}
    names = geography.made_up_of(area, found) or tuple(filter(None, [alike.get(geography.fold(area))]))
    return sum(found[name] for name in names) if names else None


def people_of(areas: Mapping[str, tables.People], name: str) -> tuple[tables.People | None, tuple[str, ...]]:
    """Return an area's people, and the names in the file that they are of.

    Parameters
    ----------
    areas
        People by area, as `read` gives them.
    name
        The area, under any of its names.

    Returns
    -------
    tuple
        The area's own row, otherwise the sum of those of all areas that it was made from; None and no name if there is
        neither. Households are None where one of the rows has none.
    """
    alike = {geography.fold(each): each for each in areas}
    names = geography.made_up_of(name, areas) or tuple(filter(None, [alike.get(geography.fold(name))]))
    if not names:
        return None, ()
    found = [areas[each] for each in names]
    households = [each.households for each in found if each.households is not None]
    people = sum(each.population for each in found)
    return tables.People(
        population=people, households=sum(households) if len(households) == len(found) else None
    ), names


def _people_by_area(grid: Grid, settings: PopulationSettings) -> tuple[dict[str, tables.People], int]:
    """Return the people of every area, and how many rows were notes."""
    headings = [heading for heading in (settings.area, settings.population, settings.households) if heading]
    heading_row, columns = _headings(grid, headings)
    people: dict[str, tables.People] = {}
    rows: dict[str, int] = {}
    notes = 0
    for row in grid.rows(after=heading_row):
        if _is_note(grid, row):
            notes += 1
            continue
        area = _area(grid, row, columns, settings.area, rows)
        people[area] = _people(grid, row, columns, settings, area)
        rows[plain(area)] = row
    if not people:
        raise ValueFoundError(
            f"{grid.path.name} has headings but no areas below them.",
            where=grid.place(heading_row),
            remedy="Ask for the file again.",
        )
    return people, notes


def _headings(grid: Grid, wanted: list[str]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings, and the column of each: the first row that has them all."""
    row = _row_of(grid, wanted)
    if row is None:
        raise _no_heading(grid, wanted)
    there = [plain(cell) for cell in grid.cells[row - 1]]
    for heading in wanted:
        _check_once(grid, row, heading, there.count(plain(heading)))
    return row, {heading: there.index(plain(heading)) for heading in wanted}


def _row_of(grid: Grid, wanted: list[str]) -> int | None:
    """Return the first row that has all of some headings, None where none has."""
    named = set(map(plain, wanted))
    return next((row for row in grid.rows() if named <= {plain(cell) for cell in grid.cells[row - 1]}), None)


def _check_once(grid: Grid, row: int, heading: str, times: int) -> None:
    if times > 1:
        raise ValueFoundError(
            f"The heading {quoted(heading)} appears {times} times.",
            where=grid.place(row),
            remedy="Give each column a heading of its own.",
        )


def _no_heading(grid: Grid, wanted: list[str]) -> ValueFoundError:
    """Return the error for the row that comes nearest to having all headings."""
    plains = {plain(heading): heading for heading in wanted}
    first = next(grid.rows())
    row = max(grid.rows(), key=lambda row: (len(plains.keys() & {plain(c) for c in grid.cells[row - 1]}), row == first))
    there = [" ".join(cell[:40].split()) for cell in grid.cells[row - 1] if cell.strip()]
    missing = [heading for name, heading in plains.items() if name not in map(plain, grid.cells[row - 1])]
    return ValueFoundError(
        f"There is no heading {quoted(missing[0])}.",
        where=grid.place(row),
        remedy=f"The headings are {name_some([quoted(name) for name in there], named=12)}: "
        "write the right one in partnership.toml, or ask for the column.",
    )


def _is_note(grid: Grid, row: int) -> bool:
    """Return whether a row has words in its first cell and nothing else, as a line below a table has."""
    first, *rest = grid.cells[row - 1]
    return bool(first.strip()) and bool(rest) and not any(cell.strip() for cell in rest)


def _area(grid: Grid, row: int, columns: dict[str, int], heading: str, rows: dict[str, int]) -> str:
    area = grid.text(row, columns[heading], heading=heading)
    if not area:
        raise ValueFoundError(
            "A row has figures but no area.", where=grid.place(row, heading), remedy="Write the area's name."
        )
    if plain(area) in rows:
        raise ValueFoundError(
            f"Two rows are for {quoted(area)}.",
            where=f"{grid.place(rows[plain(area)], heading)}; and row {row:,}",
            remedy="Keep the one that is right, and delete the other.",
        )
    return area


def _people(grid: Grid, row: int, columns: dict[str, int], settings: PopulationSettings, area: str) -> tables.People:
    population = _above_0(grid, row, columns, settings.population, f"population of {quoted(area)}")
    if not settings.households:
        return tables.People(population=population, households=None)
    households = _above_0(grid, row, columns, settings.households, f"number of households of {quoted(area)}")
    if households > population:
        raise ValueFoundError(
            f"{quoted(area)} has {households:,} households and {population:,} people.",
            where=grid.place(row, settings.households),
            remedy="Check whether the two headings in partnership.toml are the wrong way round.",
        )
    return tables.People(population=population, households=households)


def _above_0(grid: Grid, row: int, columns: dict[str, int], heading: str, what: str) -> int:
    return grids.above_0(grid.text(row, columns[heading], heading=heading), what=what, where=grid.place(row, heading))
