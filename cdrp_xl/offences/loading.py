"""Offence classifications as data files in ``classifications/`` have them, each named with the year of its rules."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.folding import fold
from cdrp_xl.offences.classification import (
    Bound,
    Change,
    Classification,
    Group,
    Identity,
    Row,
    with_the_rest,
)
from cdrp_xl.terms import Kind, Polarity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_INCIDENTS = "incidents"

NAMES = ("cadet-2011", "home-office-2013", "home-office-2026", "police-uk", "police-uk-2026")


def load(name: str) -> Classification:
    """Return a classification by its name, such as ``cadet-2011``.

    Raises
    ------
    ValueFoundError
        If there is no such classification.
    """
    if name not in NAMES:
        raise ValueFoundError(
            f'There is no classification "{name}".',
            where="offence classifications",
            remedy=f"Use one of {', '.join(NAMES)}.",
        )
    return _read(name)


def with_incidents(classification: Classification, named: Iterable[str]) -> Classification:
    """Return a classification with rows of incidents behind its own, which are in none of these.

    Parameters
    ----------
    classification
        The classification. One that has a row of them already, such as that of data.police.uk, stays as it is.
    named
        Names or ids of the rows that are counted, among other words. What is not counted is not 0: it has no row.
    """
    every = _read(_INCIDENTS)
    words = set(map(fold, named))
    wanted = {row.row_id for row in every.rows if not words.isdisjoint(map(fold, (row.row_id, *row.names)))}
    own = {row.row_id for row in classification.rows} - set(classification.incidents)
    if wanted <= set(classification.incidents) or not own.isdisjoint(row.row_id for row in every.rows):
        return classification
    wanted.update(classification.incidents)
    wanted |= {row.parent for row in every.rows if row.row_id in wanted} - {""}
    there = every.without({row.row_id for row in every.rows} - wanted - _remainders(every, wanted))
    before = [row for row in classification.rows if row.row_id in own]
    added = [replace(row, number=number) for number, row in enumerate(there.rows, len(before) + 1)]
    codes = frozenset[str]().union(*(row.codes for row in added))
    ids = {row.row_id for row in every.rows}
    return replace(
        classification,
        rows=(*before, *added),
        identities=(*(each for each in classification.identities if each.whole not in ids), *there.identities),
        descriptions={
            **classification.descriptions,
            **{code: words for code, words in every.descriptions.items() if code in codes},
        },
        codes_by_words={
            **classification.codes_by_words,
            **{words: code for words, code in every.codes_by_words.items() if code in codes},
        },
        incidents=tuple(row.row_id for row in added if row.row_id in wanted),
    )


def _remainders(classification: Classification, wanted: Collection[str]) -> set[str]:
    return {row.row_id for row in classification.rows if row.is_remainder and row.parent in wanted}


@functools.cache
def _read(name: str) -> Classification:
    text = importlib.resources.files("cdrp_xl").joinpath("classifications", f"{name}.toml").read_text(encoding="utf-8")
    return _classification(name, tomllib.loads(text))


def _classification(name: str, data: dict[str, Any]) -> Classification:
    identities = tuple(Identity(whole=entry["whole"], parts=tuple(entry["parts"])) for entry in data["identity"])
    rows = _rows(data, identities)
    return Classification(
        classification_id=name,
        title=data["title"],
        table=data["table"],
        source=data["source"],
        rows=rows,
        identities=identities,
        bounds=tuple(Bound(part=entry["part"], whole=entry["whole"]) for entry in data.get("bound", ())),
        descriptions=data["codes"],
        codes_by_words={fold(words): code for code, words in data["codes"].items()},
        groups=_groups(data, rows),
        counts_as=data.get("counts_as", ""),
        listed_in=data.get("offences", ""),
    )


def _rows(data: dict[str, Any], identities: Iterable[Identity]) -> tuple[Row, ...]:
    codes = _codes_of_rows(data, identities)
    leaves = {entry["id"]: entry.get("leaf", _counts_only_its_own(entry, identities)) for entry in data["row"]}
    kinds = {entry["id"]: Kind(entry["kind"]) for entry in data["row"] if "kind" in entry}
    return tuple(
        Row(
            row_id=entry["id"],
            number=number,
            name=entry["name"],
            parent=entry.get("parent", ""),
            polarity=Polarity(entry.get("polarity", Polarity.LOWER_IS_BETTER)),
            codes=codes[entry["id"]],
            kind=_kind(entry["id"], kinds, codes),
            is_leaf=leaves[entry["id"]],
            also=tuple(entry.get("also", ())),
            own_code=entry.get("code", ""),
            is_remainder=entry.get("remainder", False),
            changes=tuple(
                Change(start=change["from"], what=change["what"], source=change["source"])
                for change in entry.get("changed", ())
            ),
            definition=entry.get("definition", ""),
            source=entry.get("source", ""),
        )
        for number, entry in enumerate(data["row"], 1)
    )


def _kind(row_id: str, kinds: Mapping[str, Kind], codes: Mapping[str, frozenset[str]]) -> Kind:
    """Return the kind that a row declares, else the one that moves most among the rows that share codes with it."""
    shared = (kind for part, kind in kinds.items() if codes[part] & codes[row_id])
    return kinds.get(row_id) or Kind.most(shared)


def _counts_only_its_own(entry: dict[str, Any], identities: Iterable[Identity]) -> bool:
    """Return whether a row counts its own codes and those of no other row."""
    is_whole = any(entry["id"] == identity.whole for identity in identities)
    return not is_whole and "includes" not in entry and entry.get("codes") != ["*"]


def _codes_of_rows(data: dict[str, Any], identities: Iterable[Identity]) -> dict[str, frozenset[str]]:
    """Return the codes of every row: its own, those of rows it includes, those of parts it is the sum of."""
    entries = {entry["id"]: entry for entry in data["row"]}
    parts = {identity.whole: identity.parts for identity in identities}

    def codes(row_id: str) -> frozenset[str]:
        entry = entries[row_id]
        if entry.get("codes") == ["*"]:
            return frozenset(data["codes"])
        own = frozenset(entry.get("codes", ()))
        return own.union(*(codes(part) for part in (*entry.get("includes", ()), *parts.get(row_id, ()))))

    return {row_id: codes(row_id) for row_id in entries}


def _groups(data: dict[str, Any], rows: tuple[Row, ...]) -> tuple[Group, ...]:
    """Return the groups that the file declares, else the rows directly under its first."""
    codes = {row.row_id: row.codes for row in rows}
    groups = {
        entry["name"]: frozenset(entry.get("codes", ())).union(*(codes[row_id] for row_id in entry.get("rows", ())))
        for entry in data.get("group", ())
    }
    top = {row.name: row.codes for row in rows if row.parent == rows[0].row_id}
    return with_the_rest(groups or top, frozenset(data["codes"]))
