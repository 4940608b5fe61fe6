"""Which classification the offences of a file are rows of: one that is not named is never taken in silence."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING

from cdrp_xl import offences
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.sources.publisher import ClassificationName

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cdrp_xl.offences import Classification

CLASSIFICATIONS: tuple[str, ...] = typing.get_args(ClassificationName)


def none_counted(classification: Classification, found: Collection[str], *, where: str) -> ValueFoundError:
    """Return the error for figures of which no row is counted, with the classifications that have their offences."""
    having = [name for name in CLASSIFICATIONS if _fitting(offences.load(name), found)]
    offered = f"Write classification = {quoted(having[0])}, which has them. " if having else ""
    named = name_some([quoted(text) for text in sorted(found)])
    return ValueFoundError(
        f"No row of these areas is counted: {named} {'is' if len(found) == 1 else 'are'} no row of "
        f"{classification.title}.",
        where=where,
        remedy=f"{offered}Or say in offence_rows which offence row each of them is.",
    )


def check_best(classification: Classification, found: Collection[str], *, where: str) -> None:
    """Refuse offences that more belong to in another classification than in the one taken as the source's."""
    known = {name: offences.load(name) for name in CLASSIFICATIONS}
    having = {name: len(_fitting(each, found)) for name, each in known.items()}
    best = max(known, key=lambda name: (having[name], known[name].counts_alike(classification)))
    taken = having[classification.classification_id]
    if having[best] > taken:
        raise ValueFoundError(
            f"No classification is named, and {having[best]} of {len(found)} offences are rows of {quoted(best)}, "
            f"{taken} of {classification.title}.",
            where=where,
            remedy=f"Write classification = {quoted(best)} in partnership.toml, if that is what they are.",
        )


def _fitting(classification: Classification, found: Iterable[str]) -> list[str]:
    ids = {row.row_id for row in classification.rows}
    return [text for text in found if text in ids or classification.rows_named(text)]


def unnamed(classification: Classification) -> str:
    """Return what to look at where no classification is named."""
    return (
        f"No classification is named: offences are taken to be rows of {classification.title}. "
        f"Write classification = {quoted(classification.classification_id)} in partnership.toml, if that is right."
    )
