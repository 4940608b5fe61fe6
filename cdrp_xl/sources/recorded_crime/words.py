"""Words of the settings that no row of the extract has: a locus or a locality stops the counting, others are named.

A count of nothing looks like a quiet quarter, so a word that finds nothing is never passed over.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl import tables
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.folding import fold
from cdrp_xl.sources.recorded_crime import flag_use

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.sources.recorded_crime.scan import Group, Scan
    from cdrp_xl.sources.selection import Selection

_NAMES = {"locus_type": "locus type", "locus_subtype": "locus subtype", "locality": "locality"}
_OR_TAKE_IT_OUT = "Write it as the extract does, or take it out of the settings."
_NEAREST_OFFERED = 3
_LEAST_LIKENESS = 0.6


class _Missing(NamedTuple):
    """A word that no row has: under which heading it was looked for, and where it is asked for."""

    use: str
    word: str
    asked_at: str


def check(scan: Scan, groups: Sequence[Group]) -> None:
    """Refuse words for a locus that no row of the whole extract has, and localities that no row of the area is in."""
    missing = list(dict.fromkeys((*_missing_loci(scan, groups), *_missing_localities(scan, groups))))
    if not missing:
        return
    there = {use: _there(scan, use) for use in dict.fromkeys(each.use for each in missing)}
    if len(missing) == 1 and missing[0].use == "locality":
        raise tables.unknown_area(missing[0].word, there["locality"], where=missing[0].asked_at)
    once = list({(each.use, fold(each.word)): each for each in missing}.values())
    named = [f"the {_NAMES[each.use]} {quoted(each.word)}" for each in once]
    raise ValueFoundError(
        f"No row has {name_some(named, named=len(named))}.",
        where="; ".join(dict.fromkeys(each.asked_at for each in missing)),
        remedy=f"{' '.join(_offer(each, there[each.use]) for each in once)} {_OR_TAKE_IT_OUT}",
    )


def unmet(scan: Scan, groups: Sequence[Group], written: Sequence[str]) -> Iterator[str]:
    """Yield a sentence on words that a quiet quarter may well lack: flags, spellings, offences of the settings.

    Parameters
    ----------
    scan, groups
        What was counted.
    written
        The offences that the extract has, as it writes them.
    """
    met = _met(groups)
    own = scan.settings
    if own.headings.domestic and not any(use == "domestic" for use, _ in met):
        yield f"No row has any of the flags for domestic abuse: {_listed(own.domestic_yes)}."
    for number, (name, flag) in enumerate(own.flags.items()):
        if not flag.is_list and not any(use == flag_use(number) for use, _ in met):
            yield f"No row has the flag {quoted(name)}: {_listed(flag.yes)}."
    spellings = [word for word in own.area_spellings if own.headings.area and ("area", fold(word)) not in met]
    if spellings:
        yield f"No row has the area spelt {_listed(spellings)}, as area_spellings says."
    there = {fold(each) for each in written}
    offences = [word for word in (*own.offence_codes, *own.not_counted) if fold(word) not in there]
    if offences:
        yield f"No row of the area has the offence {_listed(offences)}, which offence_codes or not_counted names."


def _met(groups: Sequence[Group]) -> set[tuple[str, str]]:
    """Return the words that some row has, each with what it is used for."""
    return {(each.use, fold(each.word)) for words in {group.words for group in groups} for each in words}


def _missing_loci(scan: Scan, groups: Sequence[Group]) -> Iterator[_Missing]:
    met = _met(groups)
    for selection in scan.selections:
        for use, words in (("locus_type", selection.locus_types), ("locus_subtype", selection.locus_subtypes)):
            for word in words:
                if (use, fold(word)) not in met:
                    yield _Missing(use, word, _asked_at(selection))


def _missing_localities(scan: Scan, groups: Sequence[Group]) -> Iterator[_Missing]:
    met = frozenset(locus for group in groups for locus in group.loci)
    for selection in scan.selections:
        if selection.localities and not selection.flag and selection.locus not in met:
            yield _Missing("locality", selection.localities[0], _asked_at(selection))


def _asked_at(selection: Selection) -> str:
    return selection.asked_at or "partnership.toml"


def _there(scan: Scan, use: str) -> list[str]:
    """Return what the rows have under a heading, the commonest first."""
    text = scan.columns.text(use)
    where = f"{scan.inside} AND {text} != ''" if use == "locality" else f"{text} != ''"
    sql = f"SELECT {text} FROM {scan.all_rows} WHERE {where} GROUP BY 1 ORDER BY count(*) DESC, 1"
    return [name for (name,) in scan.rows.fetch(sql)]


def _offer(missing: _Missing, there: Sequence[str]) -> str:
    """Return what was probably meant: what holds the word, or is held by it, then what is spelt like it."""
    wanted, known = fold(missing.word), {fold(name): name for name in reversed(there)}
    around = [name for folded, name in reversed(known.items()) if wanted in folded or folded in wanted]
    likest = difflib.get_close_matches(wanted, known, n=_NEAREST_OFFERED, cutoff=_LEAST_LIKENESS)
    near = around[:_NEAREST_OFFERED] or [known[each] for each in likest]
    if near:
        return f"For {quoted(missing.word)}, did you mean {' or '.join(map(quoted, near))}?"
    if there:
        return f"For {quoted(missing.word)}, the extract has {name_some([quoted(name) for name in there])}."
    return f"No row has any {_NAMES[missing.use]}."


def _listed(words: Sequence[str]) -> str:
    return name_some([quoted(word) for word in words], named=12)
