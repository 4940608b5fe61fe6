"""Local authorities of England and Wales since 2009: their names and codes, what became of them, who polices them.

The data are four tables in this folder; docs/geography.md says where each comes from and what was left out. An area
that the tables do not have is simply not known: the answer is None, or nothing.

An area is a piece of ground, so a district that was only renamed or given a new code is one area with several names or
codes. A district that was merged into a larger one is an area of its own, and a predecessor of the larger one.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import importlib.resources
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

from cdrp_xl import folding

NEAREST_OFFERED = 3

_LEAST_LIKENESS = 0.6
_LEAST_LETTERS = 4  # shorter ones are a part of too many names
_JOINS_NO_WORDS = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}`]")
_PARTS_WORDS = re.compile(r"[\W_]+")

_Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """A police force.

    Attributes
    ----------
    force_id
        As data.police.uk names its files: ``devon-and-cornwall``.
    police_uk_name
        As data.police.uk writes it under "Falls within": ``Devon & Cornwall Police``.
    home_office_name
        As the Home Office open data tables write it: ``Devon and Cornwall``; empty if they do not have it.
    code
        The code of the police force area; empty for a force without one, such as British Transport Police.
    """

    force_id: str
    police_uk_name: str
    home_office_name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """A Community Safety Partnership, as ONS codes it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The ground of one local authority, under all the names and codes that it has had since 2009.

    Attributes
    ----------
    code, name
        The last that ONS gave it.
    names, codes
        All of its own, the last first; those of its predecessors are not among them.
    force
        The force that polices it.
    partnerships
        The partnerships that its ground belongs to; none for a district that was merged before 2017.
    first_day, last_day
        When it began, None if before 2009, and when it ended, None if it still exists.
    """

    code: str
    name: str
    names: tuple[str, ...]
    codes: tuple[str, ...]
    force: Force
    partnerships: tuple[Partnership, ...]
    first_day: dt.date | None
    last_day: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a local authority or of a partnership.

    Attributes
    ----------
    day
        The first day after the change.
    level
        Whether local authorities or partnerships changed.
    kind
        ``merged``: the whole of the one became part of the other. ``renamed`` or ``recoded``: the same ground.
        ``boundary``: a part of the one went to the other, so that the two are not added up.
    from_code, from_name, to_code, to_name
        What changed into what.
    source
        The order that made the change, or what else shows it.
    register
        Where it was read, with the month of the edition.
    """

    day: dt.date
    level: Literal["authority", "partnership"]
    kind: Literal["merged", "renamed", "recoded", "boundary"]
    from_code: str
    from_name: str
    to_code: str
    to_name: str
    source: str
    register: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """What was read: areas by code and by folded name, and for each merged area's code that of its successor."""

    by_code: dict[str, Area]
    by_name: dict[str, Area]
    forces: dict[str, Force]
    changes: tuple[Change, ...]
    successors: dict[str, str]
    predecessors: dict[str, list[str]]


def find(name_or_code: str) -> Area | None:
    """Return the area that has or had this name or code; None if none is known.

    Capitals, accents, punctuation, white space and "&" for "and" make no difference.

    Examples
    --------
    >>> find("shepway").name
    'Folkestone and Hythe'
    >>> find("E07000097").code
    'E07000242'
    """
    tables = _tables()
    return tables.by_code.get(name_or_code.strip().upper()) or tables.by_name.get(fold(name_or_code))


def names_of(name_or_code: str) -> tuple[str, ...]:
    """Return every name under which rows for the area's ground may be found: its own, then its predecessors'.

    A district that was merged is not found under its successor's name, which covers more ground: see
    `successor_of`.

    Examples
    --------
    >>> names_of("Cumberland")
    ('Cumberland', 'Allerdale', 'Carlisle', 'Copeland')
    """
    return tuple(name for area in _with_predecessors(name_or_code) for name in area.names)


def codes_of(name_or_code: str) -> tuple[str, ...]:
    """Return every code under which rows for the area's ground may be found: its own, then its predecessors'."""
    return tuple(code for area in _with_predecessors(name_or_code) for code in area.codes)


def predecessors_of(name_or_code: str) -> tuple[Area, ...]:
    """Return the areas whose whole ground became part of this one, with their own predecessors."""
    return _with_predecessors(name_or_code)[1:]


def successor_of(name_or_code: str) -> Area | None:
    """Return the area of today that an area was merged into; None if it still exists or isn't known.

    Examples
    --------
    >>> successor_of("Taunton Deane").name
    'Somerset'
    """
    area, tables = find(name_or_code), _tables()
    if area is None or area.code not in tables.successors:
        return None
    code = area.code
    while code in tables.successors:
        code = tables.successors[code]
    return tables.by_code[code]


def area_on(name_or_code: str, day: dt.date) -> Area | None:
    """Return the area that an area's ground belonged to on a day: itself until it was merged; None if it isn't known.

    Examples
    --------
    >>> area_on("Taunton Deane", dt.date(2022, 4, 1)).name
    'Somerset West and Taunton'
    """
    area, tables = find(name_or_code), _tables()
    while area is not None and area.last_day is not None and area.last_day < day and area.code in tables.successors:
        area = tables.by_code[tables.successors[area.code]]
    return area


def made_up_of(name_or_code: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some names that together are all of an area's ground: its own, or else all that it was made from.

    Nothing if a part of it is missing. An area's own name goes before those of its predecessors, so that none of its
    ground appears twice.

    Examples
    --------
    >>> made_up_of("Cumberland", ["Copeland", "Allerdale", "Carlisle"])
    ('Allerdale', 'Carlisle', 'Copeland')
    >>> made_up_of("Cumberland", ["Allerdale", "Carlisle"])
    ()
    """
    area = find(name_or_code)
    return _made_up_of(area, {fold(name): name for name in names}) if area else ()


def changes_of(name_or_code: str) -> tuple[Change, ...]:
    """Return the changes that an area came from or went through, the earliest first, changes of boundary among them."""
    codes = set(codes_of(name_or_code))
    return tuple(
        change
        for change in _tables().changes
        if change.level == "authority" and not codes.isdisjoint((change.from_code, change.to_code))
    )


def partnership_changes() -> tuple[Change, ...]:
    """Return every change of partnerships, the earliest first."""
    return tuple(change for change in _tables().changes if change.level == "partnership")


def force_of(name_or_code: str) -> Force | None:
    """Return the force that polices an area; None if the area isn't known.

    Examples
    --------
    >>> force_of("South Cambridgeshire").force_id
    'cambridgeshire'
    """
    area = find(name_or_code)
    return area.force if area else None


def find_force(name_or_code: str) -> Force | None:
    """Return the force of this name, file name or code, as data.police.uk, the Home Office or ONS write it."""
    return _tables().forces.get(fold(name_or_code))


def areas_of(force: str) -> tuple[Area, ...]:
    """Return the areas of today that a force polices, by name; none if the force isn't known."""
    found = find_force(force)
    return tuple(area for area in _today() if area.force == found)


def areas() -> tuple[Area, ...]:
    """Return the areas of today, by name."""
    return tuple(_today())


def partnerships_of(name_or_code: str) -> tuple[Partnership, ...]:
    """Return the partnerships that an area's ground belongs to: several where ONS keeps those from before a merger.

    Examples
    --------
    >>> [partnership.name for partnership in partnerships_of("Broxtowe")]
    ['South Nottinghamshire']
    """
    area = find(name_or_code)
    return area.partnerships if area else ()


def areas_of_partnership(name_or_code: str) -> tuple[Area, ...]:
    """Return the areas of today with ground in a partnership, by name; none if the partnership isn't known."""
    wanted = fold(name_or_code)
    return tuple(
        area for area in _today() if any(wanted in (fold(one.name), fold(one.code)) for one in area.partnerships)
    )


def nearest(name: str, count: int = NEAREST_OFFERED) -> tuple[str, ...]:
    """Return the known names most like an unknown one: those that it is a part of, then the likest; one to an area."""
    import difflib

    wanted, known = fold(name), _tables().by_name
    around = [one for one in known if wanted in one] if len(wanted) >= _LEAST_LETTERS else []
    likest = difflib.get_close_matches(wanted, known, n=2 * count, cutoff=_LEAST_LIKENESS)
    areas = dict.fromkeys(known[one] for one in (*around, *likest))
    return tuple(area.name for area in areas)[:count]


def fold(name: str) -> str:
    """Return a name without what differs between publishers: capitals, accents, punctuation, white space, "&".

    Examples
    --------
    >>> fold("King's  Lynn & West Norfolk")
    'kings lynn and west norfolk'
    """
    plain = folding.fold(name).replace("&", " and ")
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return _PARTS_WORDS.sub(" ", _JOINS_NO_WORDS.sub("", plain)).strip()


def _made_up_of(area: Area, names: Mapping[str, str]) -> tuple[str, ...]:
    own = next((names[folded] for folded in map(fold, area.names) if folded in names), None)
    if own is not None:
        return (own,)
    tables = _tables()
    parts = [_made_up_of(tables.by_code[code], names) for code in tables.predecessors.get(area.code, ())]
    return tuple(name for part in parts for name in part) if all(parts) else ()


def _with_predecessors(name_or_code: str) -> tuple[Area, ...]:
    """Return an area followed by its predecessors and theirs; nothing if it isn't known."""
    area, tables = find(name_or_code), _tables()
    found = [area] if area else []
    for one in found:  # which grows as it goes
        found += [tables.by_code[code] for code in tables.predecessors.get(one.code, ())]
    return tuple(found)


def _today() -> list[Area]:
    areas = dict.fromkeys(_tables().by_code.values())
    return sorted((area for area in areas if area.last_day is None), key=lambda area: area.name)


@functools.cache
def _tables() -> _Tables:
    changes = tuple(_change(row) for row in _read("changes.csv"))
    authorities = [change for change in changes if change.level == "authority"]
    areas = _areas({change.from_code: change.to_code for change in authorities if change.kind == "recoded"})
    by_code = {code: area for area in areas for code in area.codes}
    successors = {change.from_code: by_code[change.to_code].code for change in authorities if change.kind == "merged"}
    predecessors: dict[str, list[str]] = {}
    for former, later in successors.items():
        predecessors.setdefault(later, []).append(former)
    return _Tables(
        by_code=by_code,
        by_name={fold(name): area for area in areas for name in area.names},
        forces=_forces(),
        changes=changes,
        successors=successors,
        predecessors=predecessors,
    )


def _areas(later_codes: dict[str, str]) -> list[Area]:
    """Return the areas: rows whose code was only followed by another are one area."""
    rows: dict[str, list[_Row]] = {}
    for row in _read("areas.csv"):
        code = row["code"]
        while code in later_codes:
            code = later_codes[code]
        rows.setdefault(code, []).append(row)
    others: dict[str, list[str]] = {}
    for row in _read("other-names.csv"):
        others.setdefault(row["code"], []).append(row["name"])
    forces = _forces()
    return [_area(own, others.get(code, []), forces) for code, own in rows.items()]


def _area(rows: list[_Row], other_names: list[str], forces: dict[str, Force]) -> Area:
    rows = sorted(rows, key=lambda row: row["from"], reverse=True)
    last, first = rows[0], rows[-1]
    return Area(
        code=last["code"],
        name=last["name"],
        names=tuple(dict.fromkeys([*(row["name"] for row in rows), *other_names])),
        codes=tuple(dict.fromkeys(row["code"] for row in rows)),
        force=forces[fold(last["force"])],
        partnerships=tuple(map(_partnership, filter(None, last["partnerships"].split("; ")))),
        first_day=_day(first["from"]),
        last_day=_day(last["to"]),
    )


def _partnership(text: str) -> Partnership:
    code, _, name = text.partition(" ")
    return Partnership(code=code, name=name)


@functools.cache
def _forces() -> dict[str, Force]:
    """Return the forces by each of their names and codes, folded."""
    forces = {}
    for row in _read("forces.csv"):
        force = Force(
            force_id=row["id"],
            police_uk_name=row["police_uk_name"],
            home_office_name=row["home_office_name"],
            code=row["code"],
        )
        forces.update({fold(name): force for name in row.values() if name})
    return forces


def _change(row: _Row) -> Change:
    return Change(
        day=dt.date.fromisoformat(row["date"]),
        level=cast("Literal['authority', 'partnership']", row["level"]),
        kind=cast("Literal['merged', 'renamed', 'recoded', 'boundary']", row["kind"]),
        from_code=row["from_code"],
        from_name=row["from_name"],
        to_code=row["to_code"],
        to_name=row["to_name"],
        source=row["source"],
        register=f"{row['register']}, {row['register_date']}",
    )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _read(file_name: str) -> list[_Row]:
    data = importlib.resources.files("cdrp_xl") / "geography" / file_name
    return list(csv.DictReader(data.read_text(encoding="utf-8").splitlines()))
