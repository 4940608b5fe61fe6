"""Areas joined under one name, as in a partnership of two districts: each is counted, and all are added up."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl import geography, tables
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.periods import Period, runs_in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from cdrp_xl.tables import Cell, Counts

Joined = dict[str, tuple[str, ...]]
"""The areas that are joined, by the name that they have together."""


def name_of(areas: Sequence[str]) -> str:
    """Return the name of areas that have none together.

    Parameters
    ----------
    areas
        Their names, one at least.

    Examples
    --------
    >>> name_of(["Broxtowe", "Gedling", "Rushcliffe"])
    'Broxtowe, Gedling and Rushcliffe'
    """
    return " and ".join(filter(None, (", ".join(areas[:-1]), areas[-1])))


def as_named(members: Sequence[str], own: str, together: Joined) -> tuple[tuple[str, ...], Joined]:
    """Return the members of a group by name, and what those of several areas are made of.

    Parameters
    ----------
    members
        Areas, partnerships or police forces, each by name or by code. One that is not known stays as it is written.
    own
        The partnership's area.
    together
        What it is made of, where it is several.

    Returns
    -------
    tuple
        A partnership whose ground is the whole of its areas is made of these; one of a part of an area stays as it is.

    Examples
    --------
    >>> names, made_of = as_named(["E07000012", "South Nottinghamshire", "E23000023"], "Fenland", {})
    >>> names
    ('South Cambridgeshire', 'South Nottinghamshire', 'Cambridgeshire')
    >>> made_of
    {'South Nottinghamshire': ('Broxtowe', 'Gedling', 'Rushcliffe')}
    """
    named = [_member_areas(member, own, together) for member in members]
    return tuple(name for name, _ in named), together | {name: parts for name, parts in named if len(parts) > 1}


def _member_areas(member: str, own: str, together: Joined) -> tuple[str, tuple[str, ...]]:
    """Return a member's name, and what it is made of where it is several areas."""
    parts = tuple(area.name for area in _partnership_areas(member))
    is_own = geography.fold(member) in map(geography.fold, (own, *geography.codes_of(own)))
    if is_own or (together and set(parts) == {_name(part) for part in together[own]}):
        return own, together.get(own, ())
    if _is_code(member) and (area := geography.find(member)):
        return own if area is geography.find(own) else area.name, ()
    if _is_code(member) and (force := geography.find_force(member)):
        return force.home_office_name or force.police_uk_name, ()
    if len(parts) == 1:
        return parts[0], ()
    return (_name_of_partnership(member), parts) if parts else (member, ())


def is_among(area: str, names: Iterable[str]) -> bool:
    """Return whether an area's own name is among some, as names are compared."""
    return geography.fold(area) in map(geography.fold, names)


def added_up(counted: Counts, names: Sequence[str], asked: Sequence[str], joined: Joined) -> Counts:
    """Return counts of areas, with those that are joined added up.

    Parameters
    ----------
    counted
        The counts of each name, in their order. Unit: offences.
    names
        The names under which the source was asked for areas: each its own, or those of all that are joined in it.
    asked
        The areas that are wanted.
    joined
        What each joined area is made of.

    Returns
    -------
    Counts
        A joined area is covered in the periods in which every one of its areas is; each that lacks some is named.

    Raises
    ------
    ValueFoundError
        If one of the areas that are joined had ended by the last day of the data: the one that it is part of is larger.
    """
    now = dict(zip(names, counted.areas, strict=True))
    parts = {area: joined[area] for area in asked if area not in now}
    if not parts:
        return counted
    _check_none_has_ended(parts, now)
    own = {now[area]: counted.covered[now[area]] for area in asked if area in now}
    covered = own | {area: _covered_in_all(of, counted) for area, of in parts.items()}
    owners: dict[str, list[str]] = {area: [area] for area in own}
    for area, of in parts.items():
        for part in of:
            owners.setdefault(part, []).append(area)
    cells = Counter[tables.Cell]()
    for (part, row_id, period), count in counted.cells.items():
        for area in owners[part]:
            if area in own or period in covered[area]:
                cells[area, row_id, period] += count
    return replace(
        counted,
        areas=tuple(now.get(area, area) for area in asked),
        covered=covered,
        cells=dict(cells),
        origin=replace(
            counted.origin,
            to_look_at=(*counted.origin.to_look_at, *_lacking(parts, counted, covered)),
            notes=(*counted.origin.notes, *_notes(parts)),
        ),
    )


def beside(whole: Counts, parts: Counts | None) -> Counts:
    """Return the counts of an area, and beside them those of the areas that are joined in it, where these are known."""
    if parts is None:
        return whole
    own = whole.classification.composites
    parts = parts.with_composites(own, where="partnership.toml, composites") if own else parts
    return replace(
        whole,
        areas=(*whole.areas, *parts.areas),
        covered={**whole.covered, **parts.covered},
        cells={**whole.cells, **_within_covered(parts)},
    )


def residents_of(
    residents: Mapping[tuple[str, str], int], joined: Joined
) -> tuple[dict[tuple[str, str], int], tuple[str, ...]]:
    """Return residents with those of joined areas added up, and a sentence on each that can't be, since one has none.

    Parameters
    ----------
    residents
        People or households, by area and by which of the two. Unit: people or households.
    joined
        What each joined area is made of; one whose own residents are given keeps these.
    """
    found, said = dict(residents), []
    for area, parts in joined.items():
        for use in dict.fromkeys(use for _, use in residents):
            if (area, use) in residents:
                continue
            lacking = [part for part in parts if (part, use) not in residents]
            if not lacking:
                found[area, use] = sum(residents[part, use] for part in parts)
            elif len(lacking) < len(parts):
                said.append(
                    f"{area} has no number of {use}: none is given for {name_some([quoted(each) for each in lacking])}."
                )
    return found, tuple(said)


def _is_code(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]\d{8}", text.strip().upper()))


def _name(area: str) -> str:
    found = geography.find(area)
    return found.name if found else area


def _partnership_areas(member: str) -> tuple[geography.Area, ...]:
    """Return the areas of a partnership that has a different name from any area, if its ground is the whole of them."""
    if geography.find(member):
        return ()
    found = geography.areas_of_partnership(member)
    return found if all(len(area.partnerships) == 1 for area in found) else ()


def _name_of_partnership(member: str) -> str:
    wanted = geography.fold(member)
    every = (one for area in geography.areas_of_partnership(member) for one in area.partnerships)
    return next(one.name for one in every if wanted in {geography.fold(one.name), geography.fold(one.code)})


def _check_none_has_ended(parts: Joined, now: Mapping[str, str]) -> None:
    ended = [(part, now[part]) for of in parts.values() for part in of if now[part] != part]
    if ended:
        part, later = ended[0]
        raise ValueFoundError(
            f"{quoted(part)} has been part of {later} since before the last day of the data.",
            where="partnership.toml, partnership.area",
            remedy=f"Name {quoted(later)} in its place, if all of it belongs to the partnership; otherwise leave out "
            "the "
            "later files.",
        )


def _covered_in_all(parts: Sequence[str], counted: Counts) -> frozenset[Period]:
    first, *others = (counted.covered[part] for part in parts)
    return first.intersection(*others)


def _within_covered(counted: Counts) -> dict[Cell, int]:
    return {cell: count for cell, count in counted.cells.items() if cell[2] in counted.covered[cell[0]]}


def _lacking(parts: Joined, counted: Counts, covered: Mapping[str, Collection[Period]]) -> list[str]:
    """Return a sentence on each area that lacks periods that another one joined with it has."""
    said = []
    for area, of in parts.items():
        every = frozenset[Period]().union(*(counted.covered[part] for part in of)) - frozenset(covered[area])
        said += [
            f"{area} is not counted for {runs_in_words(missing)}: {part} has no complete figures."
            for part in of
            if (missing := every - counted.covered[part])
        ]
    return said


def _notes(parts: Joined) -> list[str]:
    return [
        f"Figures for {area} are those for {name_of(of)} together."
        for area, of in parts.items()
        if area != name_of(of) and len(of) > 1
    ]
