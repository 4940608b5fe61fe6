"""Look-ups from LSOAs to wards or other places, as the Office for National Statistics publishes them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import geography
from cdrp_xl.errors import ValueFoundError, name_some, place, quoted
from cdrp_xl.folding import fold, spaced_sql
from cdrp_xl.sources import file_names, files
from cdrp_xl.sources.sql import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.sources.files import RowFile
    from cdrp_xl.sources.place_settings import LookupHeadings

_LSOA_HEADING = r"lsoa(?:\d\d(?:\d\d)?)?(?:cd| code)?|lsoa \(?\d{4}\)? code|lower layer super output areas?(?: code)?"
_PLACE_HEADING = (
    r"wd\d\d(?:\d\d)?nm|ward(?: name)?|par\d\dnm|parish(?: name)?|beat|neighbourhood|sector|(?:m|hcl)?msoa\d\dnm|place"
)
_CODE_HEADING = r"wd\d\d(?:\d\d)?cd|ward code|par\d\dcd|parish code|beat code|place code"
_AREA_HEADING = r"(?:lad|ltla|utla)\d\d(?:\d\d)?nm|local authority(?: name)?|district|area"


class Place(NamedTuple):
    """A place of a look-up: its name, its code, and the area that it is in; what the look-up does not have is empty."""

    name: str
    code: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Which place each LSOA is in.

    Attributes
    ----------
    of
        The place of each LSOA, by its code in lower-case letters.
    own
        The places of the partnership's areas, by the name that they are shown under; None where it is not known which
        these are, since the look-up names no areas.
    where
        The files.
    """

    of: Mapping[str, Place]
    own: Mapping[Place, str] | None
    where: str

    def named(self, found: Place) -> str:
        """Return the name under which a place is shown; empty for one of another area."""
        return found.name if self.own is None else self.own.get(found, "")


def read(names: Sequence[str], headings: LookupHeadings, *, folder: Path, areas: Sequence[str]) -> Lookup:
    """Return the look-up that some files hold together, such as one of LSOAs of 2011 and one of those of 2021.

    Parameters
    ----------
    names
        The files, by name or pattern.
    headings
        Their headings, where they are not those that are known.
    folder
        The partnership's folder, from which the files' paths are taken.
    areas
        The partnership's areas, under any of their names.

    Raises
    ------
    FileError
        If a file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If a heading is missing, the files are of different places (wards of 2019 and of 2024), or an LSOA of the areas
        is in two places.
    """
    of: dict[str, Place] = {}
    twice: list[str] = []
    kinds: dict[str, str] = {}
    paths = file_names.found(folder, names)
    for path in paths:
        with files.opened(path) as rows:
            file = rows.files[0]
            columns = _columns(file, headings)
            kinds[path.name] = columns["place"]
            for lsoas in _headings_of_lsoas(file, columns["lsoa"], headings):
                asked = ", ".join(
                    f"coalesce({spaced_sql(identifier(name))}, '')" for name in (lsoas, *columns.values())
                )
                for lsoa, *texts in rows.fetch(f"SELECT DISTINCT {asked} FROM {file.relation}"):
                    found = dict(zip(columns, texts, strict=True))
                    own = Place(found["place"], found.get("code", ""), found.get("area", ""))
                    if own.name and lsoa and of.setdefault(fold(lsoa), own) != own:
                        twice.append(lsoa)
    where = name_some([path.name for path in paths])
    _check_one_kind(kinds, where)
    shown = _own(set(of.values()), areas)
    mine = sorted({code for code in twice if shown is None or of[fold(code)] in shown})
    if mine:
        raise ValueFoundError(
            f"{name_some(mine)} {'is' if len(mine) == 1 else 'are'} in two places.",
            where=where,
            remedy='Take a look-up that has one row for each LSOA (ONS calls it "best fit").',
        )
    return Lookup(of=of, own=shown, where=where)


def _headings_of_lsoas(file: RowFile, first: str, headings: LookupHeadings) -> list[str]:
    """Return the headings of LSOAs: of 2011 and of 2021 where a file has both, unless one is named."""
    others = [name for name in file.headings if re.fullmatch(_LSOA_HEADING, fold(name)) and name != first]
    return [first, *([] if headings.lsoa else others)]


def _columns(file: RowFile, headings: LookupHeadings) -> dict[str, str]:
    """Return the headings of a look-up by use: those that the settings name, otherwise known ones."""
    named = {"lsoa": headings.lsoa, "place": headings.place, "code": headings.code, "area": headings.area}
    known = {"lsoa": _LSOA_HEADING, "place": _PLACE_HEADING, "code": _CODE_HEADING, "area": _AREA_HEADING}
    found: dict[str, str] = {}
    for use, pattern in known.items():
        wanted = named.get(use, "")
        fitting = [
            name
            for name in file.headings
            if (fold(name) == fold(wanted) if wanted else re.fullmatch(pattern, fold(name)))
            and name not in found.values()
        ]
        if fitting:
            found[use] = fitting[0]
        elif wanted or use in {"lsoa", "place"}:
            what = quoted(wanted) if wanted else {"lsoa": "of LSOA codes", "place": "of wards"}[use]
            raise ValueFoundError(
                f"There is no heading {what}.",
                where=place(file.path, sheet=file.sheet, row=file.heading_row),
                remedy=f"The headings are {name_some(list(map(quoted, file.headings)), named=12)}: name the right ones "
                "in partnership.toml under [places.lookup_headings], as lsoa and place.",
            )
    return found


def _check_one_kind(kinds: Mapping[str, str], where: str) -> None:
    """Refuse look-ups to places of different years: their names are alike, and their ground is not."""
    if len({fold(heading) for heading in kinds.values()}) > 1:
        listed = [f"{name} has {quoted(heading)}" for name, heading in kinds.items()]
        raise ValueFoundError(
            f"The look-ups are to different places: {name_some(listed)}.",
            where=where,
            remedy="Take look-ups to wards of one year, such as LSOA11CD to WD24NM and LSOA21CD to WD24NM.",
        )


def _own(places: Iterable[Place], areas: Sequence[str]) -> dict[Place, str] | None:
    """Return the places of some areas, each under its name, and with its area where two have one name."""
    every = list(places)
    if not any(each.area for each in every):
        return None
    names = {geography.fold(name) for area in areas for name in (area, *geography.names_of(area))}
    own = sorted(each for each in every if geography.fold(each.area) in names)
    alike: dict[str, list[Place]] = defaultdict(list)
    for each in own:
        alike[fold(each.name)].append(each)
    return {each: each.name if len(alike[fold(each.name)]) == 1 else f"{each.name} ({each.area})" for each in own}
