"""Parts of an offence row, its offences at a locus or with a flag, as the worksheet functions are asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.errors import quoted
from cdrp_xl.selected import RowOffences
from cdrp_xl.sources.selection import Selection
from cdrp_xl.terms import Flag

if TYPE_CHECKING:
    from cdrp_xl.settings import Settings


class Locus(NamedTuple):
    """A locus that is asked for by its name, and the extract's types and subtypes that it covers."""

    name: str
    types: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    asked_at: str = ""


def loci(settings: Settings) -> tuple[Locus, ...]:
    """Return the loci that the settings' farm section and priorities name, each once: subtypes, or types without any.

    Parameters
    ----------
    settings
        The partnership's settings.
    """
    found: dict[str, Locus] = {}
    measures = [(f"partnership.toml, priority {quoted(each.id)}", each.measure) for each in settings.priorities]
    for where, asked in (("partnership.toml, [farm]", settings.farm), *measures):
        if asked is None:
            continue
        for name in asked.locus_subtypes:
            found.setdefault(name.casefold(), Locus(name, asked.locus_types, (name,), where))
        for name in () if asked.locus_subtypes else asked.locus_types:
            found.setdefault(name.casefold(), Locus(name, (name,), (), where))
    return tuple(found.values())


def flags(settings: Settings) -> tuple[str, ...]:
    """Return the flags that rows of the extract may be asked for: domestic abuse, then those that the settings name.

    Parameters
    ----------
    settings
        The partnership's settings.
    """
    extract = settings.sources.recorded_crime
    return (*Flag, *(extract.flags if extract else ()))


def selections(settings: Settings) -> tuple[Selection, ...]:
    """Return what the extract has to count of every offence row: each locus, each flag, and both together.

    Parameters
    ----------
    settings
        The partnership's settings.
    """
    anywhere, whatever = Locus(""), None
    return tuple(
        Selection(
            counted_as=RowOffences(locus=locus.name, flag=flag),
            locus_types=locus.types,
            locus_subtypes=locus.subtypes,
            flag=flag,
            asked_at=locus.asked_at,
        )
        for locus in (anywhere, *loci(settings))
        for flag in (whatever, *flags(settings))
        if locus.name or flag
    )
