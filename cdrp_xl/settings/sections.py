"""The sections of a report: the ids by which settings speak of them, and what their worksheets are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cdrp_xl.errors import quoted
from cdrp_xl.toml_tables import Mistake

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

HEADLINES, MONTHS, SUMMARY, FARM = "headlines", "months", "summary", "farm/offences"
PLACES, OUTCOMES, HIGHLIGHTS, EMERGING = "places", "outcomes", "highlights", "emerging/issues"
OTHER, RETURNS, REVISIONS, SOURCES, NOTES = "other/issues", "returns", "revisions", "sources", "notes"

NAMES: Mapping[str, str] = {
    HEADLINES: "Headlines",
    MONTHS: "Month by month",
    SUMMARY: "Summary",
    FARM: "Farm crime",
    PLACES: "",
    OUTCOMES: "Outcomes",
    HIGHLIGHTS: "",
    EMERGING: "Emerging issues",
    OTHER: "Other issues",
    RETURNS: "Partner returns",
    REVISIONS: "Revisions",
    SOURCES: "How up to date the figures are",
    NOTES: "Notes",
}
"""What each section is called where the settings give it no title, in the order in which they come.

Places are called what they are, and the highlights as the classification calls its table. The sections of priorities,
which come after the summary, have the priorities' own ids and titles.
"""

FARM_ENDINGS = (" by group", " by quarter")
"""Of the names of the two worksheets of farm crime."""


def worksheets(section: str, title: str) -> tuple[str, ...]:
    """Return the names of a section's worksheets where it has a title."""
    return tuple(f"{title}{ending}" for ending in (FARM_ENDINGS if section == FARM else ("",)))


ANALYST_WORKSHEETS = (
    *("Control", "Inputs", "Checks", "Local analysis", "Warnings", "Words checked", "Names of figures", "Explain"),
    *("How each offence was counted", "Calibration", "Farm crime pivots", "Farm crime data", "Comparison"),
    "xlwings.conf",
)
"""Worksheets that the master alone has."""

_SECTION_WORKSHEETS = {section: worksheets(section, name) for section, name in NAMES.items() if name}
TAKEN = ("Cover", "History", *ANALYST_WORKSHEETS, *(name for names in _SECTION_WORKSHEETS.values() for name in names))
"""Names that no other worksheet may have; Excel keeps "History" for itself."""

LONGEST_NAME = 31
"""Code units of UTF-16 in a worksheet's name: most characters take one, an emoji two."""

FORBIDDEN = "[]:*?/\\"
ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What programs take for a character that XML can't hold, in a worksheet's name, too."""


def units(text: str) -> int:
    """Return how long a worksheet's name is, as programs count it."""
    return len(text.encode("utf-16-le")) // 2


def mistakes(
    order: Sequence[str],
    titles: Mapping[str, str],
    beside: Mapping[str, Collection[str]],
    own: Collection[str],
) -> Iterator[Mistake]:
    """Yield what is wrong with the order and the titles of sections, and with what other keys say about them.

    Parameters
    ----------
    order, titles
        As the settings have them.
    beside
        The sections of which other keys say something, by the key.
    own
        The ids of the priorities, and of the sections of the partnership's own.
    """
    known = [*NAMES, *own]
    yield from _order_mistakes(order, known)
    for name, title in titles.items():
        if name in own:
            fault = f"write the title of {quoted(name)} in its own table"
        else:
            fault = _unknown(name, known) or _why_no_name(name, title, titles)
        yield from (Mistake(("report", "titles", name), said) for said in (fault,) if said)
    for key, names in beside.items():
        yield from (Mistake(("report", key, name), said) for name in names if (said := _unknown(name, known)))


def _order_mistakes(order: Sequence[str], known: Collection[str]) -> Iterator[Mistake]:
    for number, name in enumerate(order):
        fault = _unknown(name, known)
        if name == HEADLINES:
            fault = "the headlines always come first"
        elif name in order[:number]:
            fault = f"the section {quoted(name)} is named twice"
        yield from (Mistake(("report", "order", number), said) for said in (fault,) if said)


def _unknown(name: str, known: Collection[str]) -> str:
    if name in known:
        return "" if [*known].count(name) == 1 else f"a priority has the id {quoted(name)} too: give it another"
    import difflib  # as `toml_tables` does, where there is something to say

    nearest = difflib.get_close_matches(name, known, n=1)
    return f"there is no section {quoted(name)}{f' (the nearest is {quoted(nearest[0])})' if nearest else ''}"


def _why_no_name(section: str, title: str, titles: Mapping[str, str]) -> str:
    """Return why no worksheet can have a title for its name, empty where one can."""
    own = worksheets(section, title)
    most = LONGEST_NAME - max(units(name) - units(title) for name in own)
    if (length := units(title)) > most:
        return f"{quoted(title)} has {length} characters; the name of this worksheet has at most {most}"
    if any(letter in FORBIDDEN for letter in title) or not title.isprintable() or ESCAPE_LIKE.search(title):
        return f"{quoted(title)} can't be a worksheet's name: leave out {' '.join(FORBIDDEN)}"
    if title != title.strip("' "):
        return f"{quoted(title)} can't be a worksheet's name: it begins or ends with a space or an apostrophe"
    others = {*TAKEN}.difference(_SECTION_WORKSHEETS.get(section, ()))
    others |= {name for key, each in titles.items() if key != section for name in worksheets(key, each)}
    taken = {name.casefold() for name in others}
    twice = [name for name in own if name.casefold() in taken]
    return f"another worksheet is called {quoted(twice[0])}" if twice else ""
