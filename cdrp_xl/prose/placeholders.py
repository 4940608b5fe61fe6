"""Names of figures in a text, such as ``{burglary-dwelling.later}``, replaced by the figures themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import process

if TYPE_CHECKING:
    from cdrp_xl.prose.catalogue import Catalogue

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_LEAST_ALIKE = 60


def filled(text: str, catalogue: Catalogue) -> str:
    """Return a text with every known name in braces replaced by its figure as printed; unknown ones stay.

    Parameters
    ----------
    text
        Commentary as it was typed.
    catalogue
        The figures of the report.
    """

    def figure(found: re.Match[str]) -> str:
        known = catalogue.by_name.get(found[1].strip())
        return known.shown.replace("- ", "-").replace("+ ", "+") if known else found[0]

    return _PLACEHOLDER.sub(figure, text)


def unknown(text: str, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Return every name in braces that is not a figure's, each with the most similar name, empty where none is similar.

    Parameters
    ----------
    text
        Commentary as it was typed.
    catalogue
        The figures of the report.
    """
    names = [found[1].strip() for found in _PLACEHOLDER.finditer(text)]
    return tuple((name, nearest(name, catalogue)) for name in dict.fromkeys(names) if name not in catalogue.by_name)


def nearest(name: str, catalogue: Catalogue) -> str:
    """Return the name of the figure that is most like a name that was typed, empty where none is."""
    found = process.extractOne(name, catalogue.by_name.keys(), score_cutoff=_LEAST_ALIKE)
    return str(found[0]) if found else ""
