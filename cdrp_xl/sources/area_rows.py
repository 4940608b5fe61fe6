"""The rows of figures by area: read under their file's own headings, and checked one after another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError, place, quoted
from cdrp_xl.sources import given_rates, grids
from cdrp_xl.sources.grids import plain
from cdrp_xl.sources.period_cells import Periods
from cdrp_xl.sources.sql import identifier, literal
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.sources.files import RowFile, RowFiles
    from cdrp_xl.tables import Cell

PEOPLE, HOUSEHOLDS = "people", "households"


class AreaFiguresHeadings(Table, frozen=True, kw_only=True):
    """The headings of figures by area; those left empty are not in the file."""

    area: Text = "Area"
    period: Text = "Period"
    offences: Text = "Offences"
    offence: str = ""
    population: str = ""
    households: str = ""
    rate: str = ""
    position: str = ""
    force: str = ""

    @property
    def by_use(self) -> dict[str, str]:
        """The headings by use, in the order of a row as it is written."""
        return {use: getattr(self, use) for use in Written._fields[1:]}


class Written(NamedTuple):
    """One row of a file as it is written; a column that the file lacks is empty."""

    row: int
    area: str
    period: str
    offences: str
    offence: str
    population: str
    households: str
    rate: str
    position: str
    force: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of a file, checked; the area of its cell is that asked for, or as written where that has ended."""

    cell: Cell
    force: str
    offences: int
    residents: Mapping[str, int]
    rate: str
    position: int | None
    where: str


def rows_of(rows: RowFiles, file: RowFile, headings: AreaFiguresHeadings, names: Sequence[str]) -> Iterator[Written]:
    """Yield the rows of some areas, as they are written there."""
    columns = ", ".join(
        f"coalesce(trim({identifier(heading)}), '')" if heading else "''" for heading in headings.by_use.values()
    )
    wanted = ", ".join(literal(name) for name in names)
    area = f"trim({identifier(headings.area)})"
    fetched = rows.fetch(
        f"SELECT cdrp_xl_row, {columns} FROM {rows.numbered(file)} WHERE {area} IN ({wanted}) ORDER BY cdrp_xl_row"
    )
    return (Written(*row) for row in fetched)


class Reader:
    """Checks one row after another, and counts those whose offence is not a row of the classification."""

    def __init__(
        self,
        headings: AreaFiguresHeadings,
        classification: Classification,
        spelt: Mapping[str, str],
        *,
        offence_rows: Mapping[str, str],
        offence_row: str,
    ) -> None:
        self.left_out: dict[tuple[str, str], int] = defaultdict(int)
        self.offences: set[str] = set()  # but for those that the settings say the row of
        self._headings = headings
        self._classification = classification
        self._spelt = spelt
        self._mapped = {plain(name): classification.row(row).row_id for name, row in offence_rows.items()}
        self._always = classification.row(offence_row).row_id if offence_row else ""
        self._row_ids: dict[str, str] = {}
        self._periods = Periods()

    def figure(self, written: Written, file: RowFile) -> Figure | None:
        """Return one row's figure, None where it is of an offence that is not a row."""

        def where(heading: str) -> str:
            """Return the place of a cell of the row."""
            return place(file.path, sheet=file.sheet, row=written.row, heading=heading)

        headings = self._headings
        row_id = self._always or self._row_id(written.offence, where(headings.offence))
        if not row_id:
            reason = f"{quoted(written.offence)} is not a row of {self._classification.title}"
            self.left_out[file.key, reason] += 1
            return None
        area = self._spelt[geography.fold(written.area)]
        period = self._periods.read(written.period, headings.period, where(headings.period))
        residents = {
            use: grids.above_0(text, what=f"{what} of {quoted(area)}", where=where(heading))
            for use, text, what, heading in (
                (PEOPLE, written.population, "population", headings.population),
                (HOUSEHOLDS, written.households, "number of households", headings.households),
            )
            if heading
        }
        return Figure(
            cell=(area, row_id, period),
            force=_force(written.force),
            offences=grids.whole(written.offences, what="number of offences", where=where(headings.offences)),
            residents=residents,
            rate=given_rates.checked(written.rate, where=where(headings.rate)),
            position=grids.above_0(written.position, what="position", where=where(headings.position))
            if written.position
            else None,
            where=where(headings.area),
        )

    def _row_id(self, text: str, where: str) -> str:
        if not text:
            raise ValueFoundError(
                "The offence is blank.", where=where, remedy="Write the offence, or take out the row."
            )
        if text not in self._row_ids:
            named = self._classification.rows_named(text)
            by_id = [row.row_id for row in self._classification.rows if row.row_id == text]
            found = [self._mapped.get(plain(text), ""), *by_id, *(row.row_id for row in named)]
            self._row_ids[text] = next((row_id for row_id in found if row_id), "")
            if not found[0]:
                self.offences.add(text)
        return self._row_ids[text]


def _force(text: str) -> str:
    """Return the id of a force, or its name where it is not known."""
    known = geography.find_force(text) if text else None
    return known.force_id if known else text
