"""What came of offences: outcome types of the Home Office and of data.police.uk, as positive, open or otherwise."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl import tables
from cdrp_xl.errors import ValueFoundError, quoted
from cdrp_xl.folding import fold
from cdrp_xl.selected import RowOffences
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cdrp_xl.sources.publisher import Asked, PlacesSource, RowsOfPlace
    from cdrp_xl.tables import Counts


class Outcome(StrEnum):
    """What an outcome is, as it is counted beside all offences of a row."""

    POSITIVE = "positive outcome"
    OPEN = "still open"
    OTHER = "other outcome"
    NOT_KNOWN = "outcome not known"


class OutcomesSettings(Table, frozen=True, kw_only=True):
    """``[outcomes]``: which offence rows are shown, and what the force's own words for an outcome are.

    Without `rows` they are the total and the main groups below it. The words go before what is known of them.
    """

    rows: tuple[Text, ...] = ()
    positive: tuple[Text, ...] = ()
    still_open: tuple[Text, ...] = ()
    other: tuple[Text, ...] = ()
    not_known: tuple[Text, ...] = ()

    def lacks(self, headings: Mapping[str, str] | None, *, has_rows: bool) -> str:
        """Return what outcomes need of the sources and the settings do not name; empty where nothing is missing."""
        if not has_rows:
            return "it is counted from single rows: name sources.recorded_crime or sources.police_uk"
        if headings is None or "outcome" in headings:
            return ""
        return "it needs the extract's heading: name it as outcome in sources.recorded_crime.headings"


_MOST_ROWS = 20

_TYPES = {
    Outcome.POSITIVE: frozenset({"1", "1a", "2", "2a", "3", "3a", "4", "6", "7", "8"}),
    Outcome.OTHER: frozenset({"5", *map(str, range(9, 23))}),
    Outcome.OPEN: frozenset({"0", "23"}),
}
"""Home Office outcome types; 22 (diversionary activity) and 5 (the offender died) are not positive: our decision."""

_WORDS = {
    Outcome.POSITIVE: (
        "awaiting court outcome",
        "court result unavailable",
        "local resolution",
        "suspect charged",
        "suspect charged as part of another case",
        "offender given a caution",
        "offender given penalty notice",
        "offender given a drugs possession warning",
        "offender sent to prison",
        "offender fined",
        "offender given community sentence",
        "offender given conditional discharge",
        "offender given absolute discharge",
        "offender given suspended prison sentence",
        "offender ordered to pay compensation",
        "offender deprived of property",
        "offender otherwise dealt with",
        "defendant found not guilty",
        "defendant sent to crown court",
        "court case unable to proceed",
        "charged",
        "charge",
        "summonsed",
        "charged/summonsed",
        "charge/summons",
        "caution",
        "cautioned",
        "taken into consideration",
        "penalty notice for disorder",
        "cannabis warning",
        "cannabis/khat warning",
        "community resolution",
    ),
    Outcome.OTHER: (
        "investigation complete; no suspect identified",
        "unable to prosecute suspect",
        "action to be taken by another organisation",
        "further action is not in the public interest",
        "further investigation is not in the public interest",
        "formal action is not in the public interest",
        "evidential difficulties",
        "no suspect identified",
        "not in the public interest",
        "diversionary, educational or intervention activity",
    ),
    Outcome.OPEN: (
        "under investigation",
        "not yet assigned an outcome",
        "no outcome yet",
        "no outcome assigned",
        "not assigned",
        "open",
        "live",
        "ongoing",
        "pending",
        "new",
        "-",
        "--",
        "blank",
        "(blank)",
        "null",
        "none",
        "nil",
        "nan",
    ),
    Outcome.NOT_KNOWN: (
        "status update unavailable",
        "unknown",
        "outcome unknown",
        "not known",
        "outcome not known",
        "n/k",
        "nk",
        "not recorded",
        "not stated",
    ),
}
_TYPE_NUMBER = re.compile(
    r"(?:(?:outcome|type|outcome type|oc|ho)[ :#-]*)?0*(\d{1,2}[a-c]?)(?:\.0+)?"
    r"(?: *[-:\u2013(]+ *[^\W\d].*| +[^\W\d].*)?",
    re.DOTALL,
)
"""A type, and words behind it; more figures behind it are those of a date, a time or a sum."""
_IS_A_DAY = re.compile(r"\d{1,2}[- ./]*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ./]*\d{2,4}\b.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The counts of outcomes.

    Attributes
    ----------
    counts
        Unit: offences. By what `RowOffences` calls the flag: the outcome.
    whole
        The source's counts of the area, that they are part of.
    rows
        The ids of the offence rows.
    source
        The name of the source in the settings.
    """

    counts: Counts
    whole: Counts
    rows: tuple[str, ...]
    source: str


def read(text: str, own: OutcomesSettings | None = None) -> Outcome | None:
    """Return what an outcome is, None where it is not known what it means.

    Parameters
    ----------
    text
        As the force or data.police.uk writes it: a type ("14", "Outcome 1A", "18 - No suspect") or words.
    own
        The words of the settings.

    Examples
    --------
    >>> read("Outcome 8 - Community resolution"), read("Under investigation"), read("Sent upstairs")
    (<Outcome.POSITIVE: 'positive outcome'>, <Outcome.OPEN: 'still open'>, None)
    """
    folded = fold(text)
    named = own or OutcomesSettings()
    words = {
        Outcome.POSITIVE: named.positive,
        Outcome.OPEN: named.still_open,
        Outcome.OTHER: named.other,
        Outcome.NOT_KNOWN: named.not_known,
    }
    for outcome, listed in words.items():
        if folded in map(fold, listed):
            return outcome
    if not folded:
        return Outcome.OPEN
    if found := next((outcome for outcome, listed in _WORDS.items() if folded in listed), None):
        return found
    number = None if _IS_A_DAY.fullmatch(folded) else _TYPE_NUMBER.fullmatch(folded)
    return next((outcome for outcome, types in _TYPES.items() if number and number[1] in types), None)


def count(settings: OutcomesSettings, source: PlacesSource, asked: Asked, whole: Counts, *, name: str) -> Outcomes:
    """Return what came of the offences of an area, by offence row and the month in which each was recorded.

    Parameters
    ----------
    settings
        Which rows, and the force's own words.
    source
        What counts rows by their outcome.
    asked
        The area.
    whole
        The source's counts of the area. Unit: offences.
    name
        The source's name in the settings.

    Raises
    ------
    ValueFoundError
        If an outcome is not known: all are named, with their rows; or an offence row is not.
    """
    found = source.count_by_place(asked, by="outcome", reason_of=lambda _: "")
    covered = whole.covered[asked.area]
    groups = [each for each in found.rows if each.period in covered]
    rows = _rows(settings, whole)
    outcomes = _outcomes(groups, settings)
    cells = Counter[tables.Cell]()
    for each in groups:
        for row_id in each.rows_in(whole.classification):
            if row_id in rows:
                cells[asked.area, RowOffences(row_id, flag=outcomes[each.written].value), each.period] += each.rows
    keys = tuple(RowOffences(row_id, flag=outcome.value) for row_id in rows for outcome in Outcome)
    return Outcomes(
        counts=replace(whole, cells=dict(cells), selections=keys, repeats={}), whole=whole, rows=rows, source=name
    )


def _rows(settings: OutcomesSettings, whole: Counts) -> tuple[str, ...]:
    """Return the ids of the rows: those named, otherwise the total and those below it, as far as they fit on a page."""
    classification = whole.classification
    try:
        named = [classification.row(name).row_id for name in settings.rows]
    except ValueFoundError as wrong:
        raise ValueFoundError(wrong.what, where="partnership.toml, outcomes.rows", remedy=wrong.remedy) from wrong
    if named:
        return tuple(dict.fromkeys(named))
    chosen: list[str] = []
    level = [row.row_id for row in classification.rows if not row.parent][:1]
    while level and len(chosen) + len(level) <= _MOST_ROWS:
        chosen += level
        level = [row.row_id for row in classification.rows if row.parent in level and not row.is_remainder]
    return tuple(row.row_id for row in classification.rows if row.row_id in chosen)


def _outcomes(groups: Iterable[RowsOfPlace], settings: OutcomesSettings) -> Mapping[str, Outcome]:
    """Return what every outcome is that rows have, or refuse all that are not known."""
    rows: dict[str, int] = defaultdict(int)
    for each in groups:
        rows[each.written] += each.rows
    read_as = {text: read(text, settings) for text in rows}
    unknown = sorted((text for text, outcome in read_as.items() if outcome is None), key=lambda text: -rows[text])
    if unknown:
        named = [f"{quoted(text)} ({rows[text]:,} {'row' if rows[text] == 1 else 'rows'})" for text in unknown]
        raise ValueFoundError(
            f"It is not known what these outcomes mean: {', '.join(named)}.",
            where="partnership.toml, outcomes",
            remedy="Write each there, in one of the lists positive, still_open, other and not_known.",
        )
    return {text: outcome for text, outcome in read_as.items() if outcome is not None}
