"""The words around a report's figures: introductions, notes with their numbers, and the key of the positions."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import year_to_date
from cdrp_xl.report import checks
from cdrp_xl.report.model import Intros
from cdrp_xl.report.suppressing import LOCAL
from cdrp_xl.report.wording import note_texts, say, within
from cdrp_xl.sources import publishers
from cdrp_xl.sources.publisher import TableSource
from cdrp_xl.terms import Direction, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.report.figures import Figures
    from cdrp_xl.report.model import PriorityResult
    from cdrp_xl.report.suppressed import Suppressed
    from cdrp_xl.settings import Settings
    from cdrp_xl.settings.priorities import Priority
    from cdrp_xl.tables import Counts


_NOTES = ("counts", "definitions", "no_calc", "rounding", "small")
_SMALL_COUNTS = {"hide": "hidden", "round": "rounded"}
_RULES = {
    "usual movement": "usual_movement",
    "exact test": "exact_test",
    "tolerance": "tolerance",
    "any fall": "any_fall",
}
_RULES_OF_CHANCE = {"usual movement", "exact test"}
_WORST_FIRST = (Status.WORSE, Status.CONCERN, Status.BETTER, Status.NOT_ASSESSED)
_MOVED = {
    frozenset({Direction.REDUCE}): ("fewer", "more"),
    frozenset({Direction.INCREASE}): ("more", "fewer"),
}


def intros(settings: Settings, figures: Figures, period: Period, notes: Iterable[str]) -> Intros:
    """Return what is at the head of worksheets.

    Parameters
    ----------
    settings
        The partnership's settings.
    figures
        The figures of the quarter.
    period
        The quarter.
    notes
        The ids of the report's notes, in the order in which they are numbered.
    """
    cited = {note: f"[note {number}]" for number, note in enumerate(notes, 1)}
    return Intros(
        positions=_positions(figures.results),
        summary=_summary_intro(figures.results, period, cited),
        highlights=_highlights_intro(figures, cited),
        farm=_small_counts(figures.farm.suppressed if figures.farm else None, "farm", "small_", cited),
        places=_small_counts(_of_places(figures), "places", "small_", cited),
        outcomes=_small_counts(figures.suppressed if figures.of_rows.outcomes else None, "outcomes", "small_", cited),
        other_issues=_other_issues_intro(settings, figures, cited),
        currency=say("currency", "intro", words=period.words, note_revisions=cited["revisions"]),
        series=say("series", "intro", note_series=cited.get("series", "")),
        projection=say("projection", "intro", note_projection=cited.get("projection", "")),
        group=say("group", "intro", area=settings.partnership.area, note_group=cited.get("group", "")),
        notes=say("notes", "intro"),
    )


def _of_places(figures: Figures) -> Suppressed | None:
    """Return what was done to the small counts of wards or the like."""
    places = figures.of_rows.places
    return next((each for each in figures.small_counts if places and each.sheet == places.title), None)


def _positions(results: Sequence[PriorityResult]) -> str:
    """Return how many priorities are in which position, the worst first."""
    counted = {status: sum(each.assessment.status is status for each in results) for status in _WORST_FIRST}
    said = (
        say(
            "summary",
            "position_one" if count == 1 else "position_several",
            count=count,
            every=len(results),
            status=within(status),
        )
        for status, count in counted.items()
        if count
    )
    return f"{'; '.join(said)}." if results else ""


def _summary_intro(results: Sequence[PriorityResult], period: Period, cited: Mapping[str, str]) -> str:
    if not results:
        return say("summary", "none")
    return say("summary", "intro", words=year_to_date(period.last).words, note_rag=cited.get("rag", ""))


def _highlights_intro(figures: Figures, cited: Mapping[str, str]) -> str:
    intro = [say("highlights", "intro", **{f"note_{note}": cited[note] for note in _NOTES})]
    small = _small_counts(figures.suppressed, "highlights", "", cited)
    others = checks.disagreements(figures.others, with_figures=figures.suppressed is None)
    return " ".join(filter(None, [*intro, small, *others]))


def _other_issues_intro(settings: Settings, figures: Figures, cited: Mapping[str, str]) -> str:
    done = next((each for each in figures.small_counts if each.sheet == LOCAL), None) if _published(figures) else None
    of_places = settings.suppression.localities != "off"
    small = _small_counts(done, "other_issues", "small_" if of_places else "area_", cited)
    return " ".join(filter(None, [say("other_issues", "intro"), small]))


def _published(figures: Figures) -> bool:
    """Return whether partners are given the answer to any local question."""
    return any(answer.is_published for answer in figures.answers)


def _small_counts(done: Suppressed | None, section: str, prefix: str, cited: Mapping[str, str]) -> str:
    """Return what was done to a worksheet's small counts, with the note that says so; empty where nothing was."""
    if done is None:
        return ""
    kind = _SMALL_COUNTS["round" if done.is_rounded else "hide"]
    return say(section, f"{prefix}{kind}", **{f"note_{kind}": cited[kind]})


def about(settings: Settings, earlier: Period, later: Period) -> tuple[str, ...]:
    """Return what a reader should know first.

    Parameters
    ----------
    settings
        The partnership's settings.
    earlier, later
        The periods compared.
    """
    return (
        say("cover", "compared", earlier=earlier.words, later=later.words),
        say("cover", "symbols"),
        *settings.report.about,
    )


def notes(settings: Settings, name: str, counts: Counts, figures: Figures, tried: str) -> dict[str, str]:
    """Return the notes that a report needs, by id, in the order in which they are numbered.

    Parameters
    ----------
    settings
        The partnership's settings.
    name, counts
        The source of the highlights.
    figures
        The figures of the quarter.
    tried
        What came of trying the rules on the area's own past counts, in a sentence.
    """
    results = figures.results
    how_counted = publishers.kinds(TableSource)[name].how_counted
    notes = {"counts": note_texts("counts")["any"].format(how_counted=how_counted)}
    notes["definitions"] = note_texts("definitions")["any"].format(title=counts.classification.title)
    notes.update({note: note_texts(note)["any"] for note in _NOTES if note not in notes})
    small = settings.suppression
    for mode in (
        small.highlights,
        small.farm if figures.farm else "off",
        small.localities if figures.of_rows.places or _published(figures) else "off",
    ):
        if kind := _SMALL_COUNTS.get(mode):
            notes[kind] = note_texts(kind)["any"].format(unsafe_up_to=small.unsafe_up_to)
    rules = dict.fromkeys(_rule(priority) for priority in settings.priorities)
    if rules:
        notes["rag"] = note_texts("rag")["any"].format(rules=" ".join(say("rules", rule) for rule in rules))
    tried_in = "rag" if rules else "small"
    notes[tried_in] = f"{notes[tried_in]} {tried}".strip()
    if any(result.series for result in results):
        notes["series"] = note_texts("series")["any"]
    if any(result.year_end for result in results):
        notes["projection"] = note_texts("projection")["any"]
    if settings.group and any(result.group for result in results):
        spread = say("group", "spread") if settings.group.overdispersion else ""
        notes["group"] = note_texts("group")["any"].format(spread=spread)
    notes["revisions"] = note_texts("revisions")["any"]
    return notes


def of_rows(settings: Settings, counts: Counts, figures: Figures) -> dict[str, tuple[str, ...]]:
    """Return the notes that offence rows cite: what composite rows consist of, and what counts otherwise than before.

    Parameters
    ----------
    settings
        The partnership's settings.
    counts
        The source of the highlights.
    figures
        The figures of the quarter.

    Returns
    -------
    dict
        By the note's text, the ids of the rows that cite it. A change is noted where it lies between the first day of
        the periods compared, or of a priority's baseline, and the last day of the quarter.
    """
    table = figures.table
    since = {compared.row.row_id: table.earlier.first_day for compared in table.rows}
    for priority in settings.priorities:
        for name in priority.measure.rows:
            with contextlib.suppress(ValueFoundError):  # a priority may be counted from a source of other rows
                row_id = counts.classification.row(name).row_id
                since[row_id] = min(since.get(row_id, table.earlier.first_day), priority.baseline.year.first_day)
    found: dict[str, list[str]] = defaultdict(list)
    for compared in table.rows:
        row = compared.row
        if row.definition:
            found[say("notes", "consists", row=row.name, what=row.definition, source=row.source)].append(row.row_id)
        for change in row.changes_between(since[row.row_id], table.later.last_day):
            day = f"{change.start.day} {change.start:%B %Y}"
            found[say("notes", "changed", day=day, what=change.what, source=change.source)].append(row.row_id)
    return {text: tuple(row_ids) for text, row_ids in found.items()}


def _rule(priority: Priority) -> str:
    """Return the key of the words for a priority's rule; only "any fall" reads otherwise where a rise is wanted."""
    rule = _RULES[priority.rag.rule]
    return "any_rise" if rule == "any_fall" and priority.direction is Direction.INCREASE else rule


def key(settings: Settings) -> tuple[tuple[Status, str], ...]:
    """Return what each position means, by the directions and rules that the priorities have.

    Parameters
    ----------
    settings
        The partnership's settings.
    """
    directions = frozenset(priority.direction for priority in settings.priorities)
    better, worse = _MOVED.get(directions, ("as_wanted", "not_as_wanted"))
    rules = {priority.rag.rule for priority in settings.priorities}
    margin = say("margin", _RULES[rules.pop()] if len(rules) == 1 and rules <= _RULES_OF_CHANCE else "other")
    return (
        (Status.BETTER, say("meaning", "better", moved=say("moved", better), margin=margin)),
        (Status.CONCERN, say("meaning", "concern", margin=margin)),
        (Status.WORSE, say("meaning", "worse", moved=say("moved", worse), margin=margin)),
        (Status.NOT_ASSESSED, say("meaning", "not_assessed")),
    )
