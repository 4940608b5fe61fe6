"""Connect: a table of people or households is recognised, and what reads it is written into ``partnership.toml``."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomlkit

from cdrp_xl import damage
from cdrp_xl.errors import CannotBeComputedError, CdrpError, ValueFoundError, name_some, quoted
from cdrp_xl.sources import people_tables, population, publishers
from cdrp_xl.sources.files import EXCEL_SUFFIXES
from cdrp_xl.sources.people_tables import HOUSEHOLDS, PEOPLE
from cdrp_xl.sources.population import PopulationSettings
from cdrp_xl.sources.publisher import TableSource
from cdrp_xl.workbooks import connecting
from cdrp_xl.workbooks.beginning import seen_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.sources.people_tables import PeopleTable
    from cdrp_xl.workbooks.connecting import ExistingSettings

_READ = EXCEL_SUFFIXES | {".csv", ".tsv", ".txt"}
_LARGEST_TABLE = 20_000_000
"""Bytes of a table by local authority, at most; an extract may have many more."""

_KEYS = {PEOPLE: ("file", "worksheet"), HOUSEHOLDS: ("households_file", "households_worksheet")}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleProposal:
    """Which tables of people and households were recognised, and the numbers of the partnership's areas."""

    tables: Mapping[str, PeopleTable]
    numbers: Mapping[str, Mapping[str, int]]


def look(own: ExistingSettings, files: Sequence[Path]) -> PeopleProposal | None:
    """Return which tables of people or households some files are, None where none of them is one.

    Raises
    ------
    FileError
        If a file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If some are such tables and others are not, two are of the same kind, or no row is for one of the areas.
    """
    found: dict[str, PeopleTable] = {}
    others = []
    for path in files:
        what, table = _recognised(path)
        if table is None:
            others.append(path)
        elif what in found:
            raise _not_together(path, found[what].grid.path, f"are both tables of {what}")
        else:
            found[what] = table
    if not found:
        return None
    if others:
        first = next(iter(found.values())).grid.path
        raise _not_together(others[0], first, f"are not alike: {first.name} is a table of {next(iter(found))}")
    areas = own.parts or (own.area,)
    return PeopleProposal(tables=found, numbers={what: _numbers(table, what, areas) for what, table in found.items()})


def write(own: ExistingSettings, proposal: PeopleProposal) -> Path | None:
    """Write what is proposed into the settings, and return where the former ones are kept, None if nothing changed.

    Raises
    ------
    CannotBeComputedError
        If nothing is connected yet that people could be set beside.
    ValueFoundError
        If the settings have a mistake anywhere; they are then as they were.
    CannotBeWrittenError
        If they can't be written.
    """
    document = tomlkit.parse(own.text)
    _check_is_wanted(document.get("sources", {}), proposal, where=str(own.folder / "partnership.toml"))
    table = connecting.source_table(document, "population")
    for what, found in proposal.tables.items():
        file, worksheet = _KEYS[what]
        connecting.put_value(table, file, seen_from(own.folder, found.grid.path))
        if found.grid.sheet:
            connecting.put_value(table, worksheet, found.grid.sheet)
        elif worksheet in table:
            del table[worksheet]
    if PEOPLE in proposal.tables:
        for key in ("area", "population"):
            table.pop(key, None)
    if HOUSEHOLDS in proposal.tables:
        table.pop("households", None)
    return connecting.put(own, tomlkit.dumps(document))


def _check_is_wanted(held: Mapping[str, Any], proposal: PeopleProposal, *, where: str) -> None:
    """Refuse people beside which nothing is counted, and households without people."""
    if not any(name in held for name in publishers.kinds(TableSource)):
        raise CannotBeComputedError(
            "Nothing that counts offences is connected yet.",
            where=where,
            remedy="Connect the force's extract or a table of offences first, then people and households.",
        )
    if PEOPLE not in proposal.tables and "file" not in held.get("population", {}):
        raise CannotBeComputedError(
            "Households need the file of people, which is not connected yet.",
            where=where,
            remedy="Connect the file of people as well.",
        )


def _recognised(path: Path) -> tuple[str, PeopleTable | None]:
    """Return the table of a file, if it is one of people or households with one row to each area."""
    damage.check_is_file(path)
    if path.suffix.lower() not in _READ or path.stat().st_size > _LARGEST_TABLE:
        return "", None
    for what in (PEOPLE, HOUSEHOLDS):
        with contextlib.suppress(CdrpError):  # an extract, of which connect says more
            if table := people_tables.recognised(path, what):
                names = [row.name for row in table.rows()]
                if len(set(names)) == len(names):
                    return what, table
    return "", None


def _numbers(table: PeopleTable, what: str, areas: Sequence[str]) -> dict[str, int]:
    """Return the numbers of some areas, by the settings that would be written."""
    path = table.grid.path
    settings = PopulationSettings(file=path.name, worksheet=table.grid.sheet)
    if what == HOUSEHOLDS:
        found = population.households_by_area(table)
    else:
        found = {name: each.population for name, each in population.read(settings, folder=path.parent).areas.items()}
    numbers = {area: population.number_of(found, area) for area in areas}
    if lacking := [area for area, number in numbers.items() if number is None]:
        raise ValueFoundError(
            f"The table of {what} has no row for {name_some([quoted(area) for area in lacking])}.",
            where=table.said,
            remedy="Take a table by local authority that has it.",
        )
    return {area: number for area, number in numbers.items() if number is not None}


def _not_together(one: Path, other: Path, why: str) -> ValueFoundError:
    return ValueFoundError(
        f"{other.name} and {one.name} {why}.",
        where=f"{other}; {one}",
        remedy="Connect them one after the other, or leave one out.",
    )
