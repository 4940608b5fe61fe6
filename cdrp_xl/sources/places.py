"""Offences by ward, beat, parish or neighbourhood: every row of the area in one of them, or in none for a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import tables
from cdrp_xl.errors import OFFENDERS_NAMED, CannotBeComputedError, ValueFoundError, name_some, quoted
from cdrp_xl.folding import fold
from cdrp_xl.sources import file_names, lsoa_lookup, people_tables
from cdrp_xl.sources.people_tables import PEOPLE
from cdrp_xl.sources.publisher import NO_PLACE, PlacesSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cdrp_xl.sources.lsoa_lookup import Lookup
    from cdrp_xl.sources.place_settings import PlacesSettings
    from cdrp_xl.sources.publisher import Asked, RowsOfPlace
    from cdrp_xl.tables import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The counts of the area's places, and their people.

    Attributes
    ----------
    counts
        Unit: offences. Its areas are the places by name, then `unknown`.
    unknown
        The name of the rows that are in no place.
    rows
        The ids of the offence rows that are counted.
    people
        By place. Unit: people.
    is_column
        Whether the places are those of the extract's locality column.
    """

    counts: Counts
    unknown: str
    rows: tuple[str, ...]
    people: Mapping[str, int] = field(default_factory=dict)
    is_column: bool


class _Named(NamedTuple):
    """What is known of how places are written: the name that each is shown under, or why a row is in none."""

    lookup: Lookup | None
    called: str

    def reason(self, written: str) -> str:
        """Return why a row with this LSOA or name is in no place; empty where it is in one."""
        if self.lookup is None:
            return f"no {self.called.lower()} is given" if written == NO_PLACE else ""
        if written == NO_PLACE:
            return "no LSOA is given"
        found = self.lookup.of.get(fold(written))
        if found is None:
            return f"their LSOA is not in {self.lookup.where}"
        return "" if self.lookup.named(found) else f"their LSOA is in a {self.called.lower()} of another area"

    def name(self, written: str) -> str:
        """Return the name under which a place is shown."""
        return self.lookup.named(self.lookup.of[fold(written)]) if self.lookup else written


def count(settings: PlacesSettings, source: PlacesSource, asked: Asked, whole: Counts) -> Places:
    """Return the counts of the places of an area, in the periods that the area is covered in.

    Parameters
    ----------
    settings
        Which places, and which offence rows.
    source
        What counts them.
    asked
        The area, and the folder from which paths are taken.
    whole
        The source's counts of the area. Unit: offences.

    Raises
    ------
    FileError
        If a look-up or the file of people is missing, empty, or is not what its name says.
    ValueFoundError
        If a look-up can't be used, an offence row is unknown, or two numbers of people are for one place.
    CannotBeComputedError
        If no row is in any place.
    """
    rows = _rows(settings, whole)
    lookup = (
        lsoa_lookup.read(settings.lookups, settings.lookup_headings, folder=asked.folder, areas=asked.areas)
        if settings.lookups
        else None
    )
    named = _Named(lookup, settings.called)
    found = source.count_by_place(asked, by="locality" if lookup is None else "lsoa", reason_of=named.reason)
    covered = whole.covered[asked.area]
    groups = [each for each in found.rows if each.period in covered]
    spelt = _spelt(groups, named)
    own = sorted({*(lookup.own.values() if lookup and lookup.own is not None else ()), *spelt.values()})
    if not spelt:
        raise CannotBeComputedError(
            f"There are no rows in any {settings.called.lower()}.",
            where=f"{whole.origin.source}, {lookup.where if lookup else 'heading of the locality'}",
            remedy="Check that the look-ups are of the LSOAs that the rows have, and of the partnership's area.",
        )
    unknown = f"{settings.called} not known"
    cells = Counter[tables.Cell]()
    for each in groups:
        place = spelt[fold(each.written)] if not each.reason else unknown
        for row_id in each.rows_in(whole.classification):
            if row_id in rows:
                cells[place, row_id, each.period] += each.rows
    people, lacking = _people(settings, asked, own, lookup) if settings.population else ({}, ())
    areas = (*own, unknown)
    origin = replace(
        whole.origin,
        source=f"{whole.origin.source}, by {settings.called.lower()}",
        ledger=_ledger(groups, found.first),
        remarks=lacking,
        to_look_at=(),
        notes=(),
    )
    return Places(
        counts=replace(
            whole, areas=areas, covered=dict.fromkeys(areas, covered), cells=dict(cells), selections=(), origin=origin
        ),
        unknown=unknown,
        rows=rows,
        people=people,
        is_column=lookup is None,
    )


def _rows(settings: PlacesSettings, whole: Counts) -> tuple[str, ...]:
    """Return the ids of the offence rows to count: those named, otherwise the total."""
    classification = whole.classification
    try:
        named = tuple(classification.row(name).row_id for name in settings.rows)
    except ValueFoundError as wrong:
        raise ValueFoundError(wrong.what, where="partnership.toml, places.rows", remedy=wrong.remedy) from wrong
    return tuple(dict.fromkeys(named)) or tuple(row.row_id for row in classification.rows if not row.parent)[:1]


def _spelt(groups: Iterable[RowsOfPlace], named: _Named) -> dict[str, str]:
    """Return the name of every place by what its rows have, folded; of several spellings, the commonest."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for each in groups:
        if not each.reason:
            written[fold(each.written)][named.name(each.written)] += each.rows
    return {folded: max(sorted(names), key=lambda name: names[name]) for folded, names in written.items()}


def _ledger(
    groups: Iterable[RowsOfPlace], first: Mapping[tuple[str, str, str], tuple[str, ...]]
) -> tuple[tables.FileLedger, ...]:
    """Return what became of the area's rows in each file: in a place, or in none for a reason, with what they have."""
    counted = Counter[tuple[str, str]]()
    left_out: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for each in groups:
        file = each.file, each.worksheet
        counted[file] += 0 if each.reason else each.rows
        if each.reason:
            left_out[file][each.reason][each.written] += each.rows
    return tuple(
        tables.FileLedger(
            file=file,
            worksheet=sheet,
            read=rows + sum(sum(of.values()) for of in left_out[file, sheet].values()),
            counted=rows,
            left_out=tuple(
                tables.LeftOut(
                    reason=f"{reason}{_listed(of)}",
                    rows=sum(of.values()),
                    first=first.get((file, sheet, reason), ()),
                    is_usual=False,
                )
                for reason, of in sorted(left_out[file, sheet].items())
            ),
        )
        for (file, sheet), rows in sorted(counted.items())
    )


def _listed(written: Counter[str]) -> str:
    names = [name for name, _ in sorted(written.items(), key=lambda each: (-each[1], each[0])) if name != NO_PLACE]
    return f" ({name_some(names, named=OFFENDERS_NAMED)})" if names else ""


def _people(
    settings: PlacesSettings, asked: Asked, own: Sequence[str], lookup: Lookup | None
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the people of every place that the file has, and a sentence on those that it lacks."""
    path = file_names.found(asked.folder, [settings.population])[0]
    table = people_tables.recognised(path, PEOPLE, of_wards=True)
    if table is None:
        raise ValueFoundError(
            f"No table of people by {settings.called.lower()} is recognised in {path.name}.",
            where=f"partnership.toml, places.population; {path}",
            remedy=f'Give it a row of headings, such as "Ward code", "{settings.called}" and "Population".',
        )
    names = _names_of(own, lookup)
    people: dict[str, int] = {}
    for row in table.rows():
        for place in dict.fromkeys(filter(None, (names.get(row.code), _by_name(row, names, asked)))):
            if place in people:
                raise ValueFoundError(
                    f"Two rows are for {quoted(place)}.",
                    where=table.grid.place(row.number),
                    remedy="Take a table with codes of the same year as the look-up's, or one of the district alone.",
                )
            people[place] = people_tables.number_of(row, table, PEOPLE)
    lacking = [place for place in own if place not in people]
    said = f"{path.name} has no population for {name_some(lacking, named=len(lacking))}: no rate is given."
    return people, (f"People by {settings.called.lower()} are those under {table.said}.", *([said] if lacking else []))


def _names_of(own: Sequence[str], lookup: Lookup | None) -> dict[str, str]:
    """Return the places by their codes and, where no code is known, by their names, folded."""
    if lookup is None or lookup.own is None or not any(each.code for each in lookup.own):
        return {fold(name): name for name in own}
    return {each.code: name for each, name in lookup.own.items()}


def _by_name(row: people_tables.Row, names: Mapping[str, str], asked: Asked) -> str:
    if row.district and not asked.is_of(row.district):
        return ""
    return names.get(fold(row.name), "")
