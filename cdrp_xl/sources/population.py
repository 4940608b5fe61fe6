"""Populations: people, and households where the file has them, by area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import geography, tables
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.sources import file_names, grids
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.publisher import Publisher
from cdrp_xl.toml_tables import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cdrp_xl.sources.grids import Grid

SOURCE = "Population estimates"


class PopulationSettings(Publisher, frozen=True, kw_only=True):
    """``[sources.population]``: people and households by area."""

    file: Text
    area: Text = "Area"
    population: Text = "Population"
    households: str = ""
    worksheet: str = ""

    def files_read(self, folder: Path) -> list[Path]:
        """Return the one file."""
        return [folder / self.file]


def read(settings: PopulationSettings, *, folder: Path) -> tables.Populations:
    """Return the people of every area in the file, and its households if a heading for them is set.

    Parameters
    ----------
    settings
        The file, its worksheet, and its headings.
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
        If a heading is missing, an area stands twice, or a number is blank, not whole, or not above 0.

    Notes
    -----
    METHODS.md, section 3: a rate is per 1,000 people, or per 1,000 households, so neither may be 0. Headings may
    stand below lines of title; a row with words in one cell only, such as a note, is left out.
    """
    path = file_names.found(folder, [settings.file])[0]
    grid = grids.read(path, sheet=settings.worksheet)
    people, notes = _people_by_area(grid, settings)
    origin = tables.Origin(
        source=SOURCE,
        publisher=settings.publisher,
        files=(path.name,),
        as_at=settings.as_at,
        next_release=settings.next_release,
        ledger=(tables.FileLedger.of(path.name, counted=len(people), left_out={"words without figures": notes}),),
    )
    return tables.Populations(areas=people, origin=origin)


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
        The area's own row, else the sum of those of all areas that it was made from; None and no name if there is
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
            f"{grid.path.name} has headings, and no area below them.",
            where=grid.place(heading_row),
            remedy="Ask for the file again.",
        )
    return people, notes


def _headings(grid: Grid, wanted: list[str]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings, and the column of each: the first row that has them all."""
    named = {plain(heading): heading for heading in wanted}
    for row in grid.rows():
        there = [plain(cell) for cell in grid.cells[row - 1]]
        if all(name in there for name in named):
            for name, heading in named.items():
                _check_once(grid, row, heading, there.count(name))
            return row, {heading: there.index(name) for name, heading in named.items()}
    raise _no_heading(grid, wanted)


def _check_once(grid: Grid, row: int, heading: str, times: int) -> None:
    if times > 1:
        raise ValueFoundError(
            f"The heading {quoted(heading)} stands {times} times.",
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
            "A row has figures and no area.", where=grid.place(row, heading), remedy="Write the area's name."
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
            remedy="Look whether the two headings in partnership.toml are the wrong way round.",
        )
    return tables.People(population=population, households=households)


def _above_0(grid: Grid, row: int, columns: dict[str, int], heading: str, what: str) -> int:
    return grids.above_0(grid.text(row, columns[heading], heading=heading), what=what, where=grid.place(row, heading))
