"""The figures that a text speaks of: each of its numbers led back to those that it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.prose import sentences

if TYPE_CHECKING:
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.checking import Checker


def figures_in(text: str, checker: Checker) -> tuple[Figure, ...]:
    """Return the figures that the numbers of a text agree with, each once, in the order in which it has them.

    Parameters
    ----------
    text
        One sentence or several.
    checker
        Knows the report's figures and names.
    """
    found: dict[str, Figure] = {}
    for said in sentences.split(text):
        sentence = sentences.read(said, checker.figures, checker.names)
        for bound in checker.binder(sentence).bind():
            for figure in bound.option.figures if bound.option else ():
                if figure.subject:
                    found.setdefault(figure.name, figure)
    return tuple(found.values())
