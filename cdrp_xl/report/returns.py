"""How partners' returns become part of the report: answers in tables, shares and changes worked out, warnings found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.measures import identifying
from cdrp_xl.measures.identifying import Found, Sign
from cdrp_xl.measures.rates import difference_of_shares
from cdrp_xl.periods import Month
from cdrp_xl.report.model import Check, SourceLine
from cdrp_xl.report.returned import (
    Concern,
    Returned,
    ReturnedColumn,
    ReturnedTable,
    ReturnedText,
    ReturnLine,
    ReturnSection,
    Unit,
    Warned,
)
from cdrp_xl.report.wording import say
from cdrp_xl.returns import (
    CHANGE_HEADINGS,
    DETAILS,
    NOT_SENSITIVE,
    AskedColumn,
    AskedRow,
    Gathers,
    Kind,
    Question,
    asked,
)
from cdrp_xl.sources.answers import NO_ANSWER, Answer, Missing
from cdrp_xl.sources.returns import State
from cdrp_xl.terms import NOT_APPLICABLE, NOT_AVAILABLE, highest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from cdrp_xl.errors import CdrpError
    from cdrp_xl.periods import Period
    from cdrp_xl.report.returned import Shown
    from cdrp_xl.returns import Asked
    from cdrp_xl.sources.returns import Collected, Return

_UNITS = {
    Kind.TEXT: Unit.WORDS,
    Kind.CHOICE: Unit.WORDS,
    Kind.YEAR: Unit.YEAR,
    Kind.WHOLE: Unit.COUNT,
    Kind.SHARE: Unit.SHARE,
    Kind.DATE: Unit.DATE,
}
_DIFFERS = 1.959964
"""How many standard errors two shares lie apart at the 95% level."""


def build(collected: Collected, *, acceptances: Mapping[str, str]) -> Returned:
    """Return what partners returned, as the report shows it.

    Parameters
    ----------
    collected
        The returns of the quarter, accepted, queried, refused or missing.
    acceptances
        Why the analyst accepts a warning, by its mark.

    Returns
    -------
    Returned
        An answer that is queried, missing or not known is a symbol; shares and changes are worked out only from whole
        sets of answers.

    Notes
    -----
    docs/methods.md, "Rates and shares" and "People in words": the change between two shares, from their standard
    errors. A small caseload beside one person's story, and what in words may identify a person, are warned of.
    """
    words = collected.quarter.words
    return Returned(
        intro=say("returns", "intro", words=words),
        finding=_finding(collected),
        lines=tuple(_line(each) for each in collected.returns),
        sections=tuple(_section(each, collected.quarter) for each in collected.returns),
        concerns=tuple(concern for each in collected.returns for concern in _concerns(each)),
        publicity=tuple((each.form.title, item) for each in collected.returns for item in _publicity(each)),
        warnings=tuple(
            warned
            for each in collected.returns
            for warned in _warnings(each, acceptances, year=collected.quarter.last_day.year)
        ),
    )


def _finding(collected: Collected) -> str:
    """Return how many of the returns came, and how many of those are accepted."""
    came = sum(each.filled is not None for each in collected.returns)
    accepted = sum(each.state is State.ACCEPTED for each in collected.returns)
    every = len(collected.returns)
    return say(
        "returns", "all_accepted" if accepted == every else "some_accepted", came=came, accepted=accepted, every=every
    )


def checks(returned: Returned, collected: Collected) -> Iterator[Check]:
    """Yield what the analyst should look at: what is queried, refused, missing, was not read, or may identify someone.

    Parameters
    ----------
    returned
        The returns as the report shows them.
    collected
        The returns as they came.
    """
    for each in collected.returns:
        what = f"Return: {each.form.title}, {each.agency}"
        holds = each.state in {State.ACCEPTED, State.NOT_YET_DUE}
        detail = f"{_detail(each)} {_in_a_line(each.refused)}" if each.refused else _detail(each)
        yield Check(what=what, holds=holds, detail=detail or f"{each.state}.")
        for remark in each.filled.remarks if each.filled else ():
            yield Check(what=what, holds=True, detail=remark)
        for query in each.filled.queries if each.filled else ():
            yield Check(what=what, holds=False, detail=f"{query}.")
    for fault in collected.strays:
        yield Check(what="A file among the returns", holds=False, detail=_in_a_line(fault))
    for warned in returned.warnings:
        what = f"Warning {warned.mark}"
        yield Check(what=what, holds=bool(warned.accepted), detail=f"{warned.what}: {warned.where}, {warned.excerpt}")


def _in_a_line(fault: CdrpError) -> str:
    return f"{fault.what} Where: {fault.where}. {fault.remedy}"


def source_lines(collected: Collected) -> Iterator[SourceLine]:
    """Yield how current each return is that came.

    Parameters
    ----------
    collected
        The returns of the quarter.
    """
    for each in collected.returns:
        day = each.filled.returned_on if each.filled else None
        lag = (day - collected.quarter.last_day).days if day else None
        yield SourceLine(
            source=f"Return: {each.form.title}",
            publisher=each.agency,
            used_for=each.form.title,
            covers=collected.quarter.heading if each.filled else "",
            as_at=day,
            next_release=None,
            lag=say("returns", "lag", days=f"{lag:,}", words=collected.quarter.words) if lag is not None else "",
        )


def _line(each: Return) -> ReturnLine:
    return ReturnLine(
        title=each.form.title,
        agency=each.agency,
        state=f"{each.state}, late" if each.is_late else each.state.value,
        due=each.due,
        returned_on=each.filled.returned_on if each.filled else None,
        detail=_detail(each),
    )


def _detail(each: Return) -> str:
    """Return what there is to say about the state of a return."""
    if each.refused:
        return say("returns", "refused")
    queries = len(each.filled.queries) if each.filled else 0
    if queries:
        return say("returns", "queried_one") if queries == 1 else say("returns", "queried", count=f"{queries:,}")
    return say("returns", each.state.name.lower()) if not each.filled else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """The answers of one return; where it did not come, each of them is missing."""

    answers: Mapping[tuple[str, str], Answer]

    def of(self, row: AskedRow, column: AskedColumn) -> Answer:
        return self.answers.get((row.reference, column.key), Missing.QUERIED)

    def counts(self, row: AskedRow, columns: Sequence[AskedColumn]) -> int | None:
        """Return the sum of some counts of a row, None where one of them is missing."""
        given = [self.of(row, column) for column in columns]
        whole = [answer for answer in given if isinstance(answer, int)]
        return sum(whole) if len(whole) == len(given) else None


def _given(each: Return) -> _Given:
    return _Given(answers=each.filled.answers if each.filled else {})


def _section(each: Return, quarter: Period) -> ReturnSection:
    given = _given(each)
    questions = asked(each.form, quarter=quarter, areas=each.areas)
    parts = [_part(question, given) for question in questions if question.question.id != DETAILS.id]
    lead = each.filled.lead if each.filled else ""
    agency = say("returns", "led", agency=each.agency, lead=lead) if lead else each.agency
    dates = {"due": _day(each.due), "agency": agency}
    came = each.filled.returned_on if each.filled else None
    status = say("returns", "came", returned=_day(came), **dates) if came else say("returns", "did_not_come", **dates)
    return ReturnSection(
        key=each.form.id,
        title=each.form.title,
        agency=each.agency,
        has_come=each.filled is not None,
        status=" ".join(part for part in (status, _detail(each)) if part),
        marking=highest([each.form.marking]),
        parts=tuple(parts),
    )


def _part(each: Asked, given: _Given) -> ReturnedTable | ReturnedText:
    question = each.question
    if not question.columns:
        answer = _shown(given.of(each.rows[0], each.columns[0]), Kind.TEXT)
        return ReturnedText(key=question.id, title=question.title, text=str(answer), aside=_aside(question))
    rows = [row for row in each.rows if not each.is_blank or not _is_blank(row, each, given)]
    worked = _worked_out(each, given)
    labels = (ReturnedColumn(heading=each.label_heading, unit=Unit.WORDS),) if each.label_heading else ()
    columns = (
        *labels,
        *(_column(column, question) for column in each.columns if column.column_id != "as_at"),
        *(column for column, _ in worked),
        *(_column(column, question) for column in each.columns if column.column_id == "as_at"),
    )
    return ReturnedTable(
        key=question.id,
        title=question.title,
        columns=columns,
        rows=tuple(_row(row, each, given, worked) for row in rows),
        chart_alt_text=say("returns", "chart_alt", title=question.title) if question.chart else "",
        aside=_aside(question),
        is_monthly=_is_monthly(question),
    )


def _is_monthly(question: Question) -> bool:
    """Return whether a question asks for one count, month by month."""
    return [column.each_month for column in question.columns].count(True) == 1


def _aside(question: Question) -> str:
    """Return why partners don't see a question's answers where they are: an item for publicity may be sensitive."""
    if not question.publish:
        return say("returns", "not_published")
    return say("returns", "gathered") if question.gathers else ""


def _column(column: AskedColumn, question: Question) -> ReturnedColumn:
    unit = _UNITS[column.kind]
    heading = column.month.name if column.month and _is_monthly(question) else column.heading
    return ReturnedColumn(heading=heading, unit=unit, is_drawn=question.chart and unit is Unit.COUNT)


def _row(row: AskedRow, each: Asked, given: _Given, worked: Sequence[_Worked]) -> tuple[Shown, ...]:
    counted = [_shown(given.of(row, column), column.kind) for column in each.columns if column.column_id != "as_at"]
    dated = [_shown(given.of(row, column), column.kind) for column in each.columns if column.column_id == "as_at"]
    labels = (row.label,) if each.label_heading else ()
    return (*labels, *counted, *(values.get(row.reference, NOT_AVAILABLE) for _, values in worked), *dated)


def _is_blank(row: AskedRow, each: Asked, given: _Given) -> bool:
    has_come = bool(given.answers)
    return not has_come or all(given.of(row, column) in NO_ANSWER for column in each.columns)


def _shown(answer: Answer, kind: Kind) -> Shown:
    """Return an answer as a cell shows it: shares as fractions, years and nothing to report as words."""
    if isinstance(answer, Missing):
        if answer is Missing.NOTHING:
            return say("returns", "nothing")
        return NOT_APPLICABLE if answer is Missing.BLANK else NOT_AVAILABLE
    if kind is Kind.SHARE and isinstance(answer, int | float):
        return answer / 100
    return str(answer) if kind is Kind.YEAR else answer


_Worked = tuple[ReturnedColumn, "dict[str, Shown]"]
"""A calculated column, and its figures by row reference."""


def _worked_out(each: Asked, given: _Given) -> list[_Worked]:
    worked: list[_Worked] = []
    if each.question.total:
        counted = [column for column in each.columns if column.kind is Kind.WHOLE]
        totals = {row.reference: given.counts(row, counted) for row in each.rows}
        worked.append((ReturnedColumn(heading=each.question.total, unit=Unit.COUNT), _without_missing(totals)))
    if each.question.share:
        worked.append(
            (ReturnedColumn(heading=each.question.share.title, unit=Unit.SHARE), _without_missing(_shares(each, given)))
        )
    if each.question.change:
        worked += _changes(each, given)
    return worked


def _without_missing(values: Mapping[str, float | None]) -> dict[str, Shown]:
    return {reference: value for reference, value in values.items() if value is not None}


def _shares(each: Asked, given: _Given) -> dict[str, float | None]:
    """Return each row's share, None where an answer that it needs is missing or the whole is 0."""
    share = each.question.share
    if share is None:
        return {}
    part = [column for column in each.columns if column.column_id in share.part]
    whole = [column for column in each.columns if column.column_id in share.whole]
    parts = {row.reference: given.counts(row, part) for row in each.rows}
    of_all = None if None in parts.values() else sum(value or 0 for value in parts.values())
    shares = {}
    for row in each.rows:
        over, own = given.counts(row, whole) if whole else of_all, parts[row.reference]
        shares[row.reference] = own / over if over and own is not None and own <= over else None
    return shares


def _changes(each: Asked, given: _Given) -> list[_Worked]:
    """Return the change of each row's share in points, and in words with its interval."""
    points, words = {}, {}
    change = each.question.change
    columns = {column.column_id: column for column in each.columns}
    for row in each.rows:
        figures = [given.of(row, columns[name]) for name in change.columns] if change else []
        known = [figure for figure in figures if isinstance(figure, int | float)]
        if len(known) == len(figures) and known:
            earlier, earlier_error, later, later_error = known
            points[row.reference] = later - earlier
            words[row.reference] = _in_words(earlier, earlier_error, later, later_error)
    return [
        (ReturnedColumn(heading=CHANGE_HEADINGS[0], unit=Unit.POINTS), _without_missing(points)),
        (ReturnedColumn(heading=CHANGE_HEADINGS[1], unit=Unit.WORDS), dict(words)),
    ]


def _in_words(earlier: float, earlier_error: float, later: float, later_error: float) -> str:
    """Return in words how much two shares differ, with the interval; "±" is taken as a standard error."""
    high, low = ((earlier, earlier_error), (later, later_error))[:: 1 if earlier >= later else -1]
    try:
        found = difference_of_shares(*high, *low)
    except CannotBeComputedError:
        return say("returns", "change_without_errors")
    return say(
        "returns",
        "change",
        points=f"{found.difference:.1f}",
        direction="lower" if earlier >= later else "higher",
        lower=f"{found.interval.lower:.1f}",
        upper=f"{found.interval.upper:.1f}",
        chance=say("returns", "not_chance" if abs(found.z) > _DIFFERS else "maybe_chance"),
    )


def _gathered(each: Return, gathers: Gathers) -> Iterator[tuple[str | None, ...]]:
    """Yield the rows of the questions that are also brought together elsewhere, as words."""
    for question in each.filled.asked if each.filled else ():
        if question.question.gathers is gathers and question.question.publish:
            for row in question.rows:
                given = [_given(each).of(row, column) for column in question.columns]
                if any(answer not in NO_ANSWER for answer in given):
                    yield tuple(_answer_in_words(answer) for answer in given)


def _answer_in_words(answer: Answer) -> str | None:
    """Return an answer in words: None where nothing was to be said, a symbol where what was said can't be used."""
    if answer in (Missing.BLANK, Missing.NOTHING):
        return None
    return NOT_AVAILABLE if isinstance(answer, Missing) else str(answer)


def _concerns(each: Return) -> Iterator[Concern]:
    for concern, *rest in _gathered(each, Gathers.CONCERNS):
        recommendation = rest[0] if rest and rest[0] else say("returns", "no_recommendation")
        yield Concern(title=each.form.title, concern=concern or NOT_APPLICABLE, recommendation=recommendation)


def _publicity(each: Return) -> Iterator[str]:
    """Yield the items that were said not to be sensitive; without that answer an item is not published."""
    for item, *rest in _gathered(each, Gathers.PUBLICITY):
        if item and item != NOT_AVAILABLE and rest == [NOT_SENSITIVE]:
            yield item


def _warnings(each: Return, acceptances: Mapping[str, str], *, year: int) -> Iterator[Warned]:
    """Yield what may identify a person: in words that partners would read, and in small caseloads beside a story."""
    small = identifying.small_beside(_caseloads(each))
    for question, row, column in _published(each):
        answer = _given(each).of(row, column)
        place = f"{each.form.id} {row.reference}"
        for found in (
            identifying.find(answer, year=year) if isinstance(answer, str) and not isinstance(answer, Missing) else ()
        ):
            if found.sign is not Sign.STORY or small:
                yield _warned(found, place, f"{each.form.title}, {question.title}", small, acceptances)


def _warned(found: Found, place: str, where: str, small: Sequence[int], acceptances: Mapping[str, str]) -> Warned:
    what = found.sign.value
    if found.sign is Sign.STORY:
        what = say("returns", "story", counts=", ".join(f"{count}" for count in dict.fromkeys(small)))
    mark = found.mark(place)
    return Warned(mark=mark, what=what, where=where, excerpt=found.excerpt, accepted=acceptances.get(mark, ""))


def _published(each: Return) -> Iterator[tuple[Question, AskedRow, AskedColumn]]:
    for question in each.filled.asked if each.filled else ():
        if question.question.publish:
            for row in question.rows:
                for column in question.columns:
                    yield question.question, row, column


def _caseloads(each: Return) -> Iterator[int]:
    for _, row, column in _published(each):
        answer = _given(each).of(row, column)
        if column.kind is Kind.WHOLE and isinstance(answer, int):
            yield answer


def _day(day: dt.date) -> str:
    return f"{day.day} {Month.of(day).name}"
