"""The months, quarters and years that a sentence names, as written or as meant beside the report's own quarter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl import periods
from cdrp_xl.errors import CdrpError
from cdrp_xl.periods import Month, Period
from cdrp_xl.prose import cues
from cdrp_xl.prose.numerals import in_words
from cdrp_xl.prose.time_forms import FORMS, LAST, YEAR, latest_month, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.prose.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time that a text names: exact periods, or as much as is said (a month, a quarter's number, a year).

    `is_relative` where it was named beside another ("a year earlier"), `is_earlier` where something later is compared
    with it ("than in April 2010"), `is_end` where it is a month that something lasted to ("6,169 to June 2010").
    `same_of` is the year of "the same months of 2009", which are those named before, otherwise the report's own.
    """

    start: int
    end: int
    text: str
    exact: tuple[Period, ...] = ()
    month: int | None = None
    quarters: tuple[int, ...] = ()
    year: int | None = None
    is_relative: bool = False
    is_earlier: bool = False
    is_end: bool = False
    same_of: str = ""

    def is_within(self, period: Period) -> bool:
        """Return whether a period is the time that is named, a part of it, or has it as a part."""
        return self.matches(period) or any(period in each or each in period for each in self.exact)

    def matches(self, period: Period) -> bool:
        """Return whether a figure's period is the one that is named, or ends with it ("the year to June 2011")."""
        if self.exact:
            return period in self.exact or (self.is_end and any(period.last == each.last for each in self.exact))
        if self.month is not None:
            return period.first == period.last and period.first.month == self.month
        if self.quarters:
            return period.is_quarter and (period.first.month - 4) % 12 // 3 + 1 in self.quarters
        return self.year in {period.first.year, period.last.year}


def whens_in(text: str, catalogue: Catalogue) -> tuple[When, ...]:
    """Return every time that a sentence names, in order.

    Parameters
    ----------
    text
        A sentence.
    catalogue
        The figures of the report, beside whose periods "a year earlier" and the like are meant.
    """
    left, found = text, []
    for form, read in FORMS:
        for match in form.finditer(left):
            said = read(match, catalogue)
            if said:
                before = text[: match.start()]
                when = When(start=match.start(), end=match.end(), text=match[0], **said)
                is_month = all(each.months_count == 1 for each in when.exact)
                is_end = is_month and cues.UP_TO.search(before) is not None
                is_earlier = cues.EARLIER_TIME.search(before) is not None
                found.append(replace(when, is_earlier=is_earlier, is_end=is_end))
                left = f"{left[: match.start()]}{' ' * len(match[0])}{left[match.end() :]}"
    return tuple(
        _compared(_anchored(_dated(sorted(found, key=lambda each: each.start), text, catalogue), catalogue), text)
    )


def _dated(whens: list[When], text: str, catalogue: Catalogue) -> list[When]:
    """Return the times with the year of each month or quarter that is named without one."""
    dated: list[When] = []
    for at, when in enumerate(whens):
        if when.month is None and not when.quarters:
            dated.append(when)
            continue
        named = [period for each in (*dated, *whens[at + 1 :]) if not each.is_relative for period in each.exact]
        joined = [each for each in whens[at + 1 : at + 2] if cues.JOINED.fullmatch(text[when.end : each.start])]
        years = [period for period in named if period.months_count == YEAR]
        of_years = [month for year in years for month in _within(when, year)]
        beside, said = (
            [period for each in others for of in each.exact for period in _within(when, _year_of(of, when))]
            for others in (joined, dated[-1:])
        )
        latest = _latest(when, catalogue).exact
        exact = tuple(beside or of_years or dict.fromkeys((*said, *latest)))
        dated.append(replace(when, exact=exact))
    return dated


def _within(when: When, year: Period) -> list[Period]:
    """Return the month, or the quarters, of a year that a time without its year can be."""
    if when.month is not None:
        return [Period(month, month) for month in year.months if month.month == when.month]
    quarters = dict.fromkeys(periods.quarter_of(month) for month in year.months)
    return [each for each in quarters if when.matches(each)]


def _year_of(period: Period, when: When) -> Period:
    """Return the calendar year for a month without a year, the financial year for a quarter."""
    if when.quarters:
        return periods.financial_year_of(period.first)
    return Period(Month(period.last.year, 1), Month(period.last.year, 12))


def _compared(whens: Iterator[When], text: str) -> Iterator[When]:
    """Yield the times, each as one that something is compared with where it is joined to another that is."""
    before: When | None = None
    for when in whens:
        is_joined = before is not None and cues.JOINED.fullmatch(
            re.sub(r"\([^()]*\)", "", text[before.end : when.start])
        )
        before = replace(when, is_earlier=True) if is_joined and before and before.is_earlier else when
        yield before


def _anchored(whens: list[When], catalogue: Catalogue) -> Iterator[When]:
    """Yield every time, with "the year before" that of the year or quarter that was named before it."""
    own = {catalogue.quarter, catalogue.later}
    named: tuple[Period, ...] = ()
    last: tuple[Period, ...] = ()
    for said in whens:
        when = _beside(said, last, catalogue)
        last = when.exact if when.exact and not when.same_of else last
        is_before = when.is_relative and re.search(r"\b(?:before|previous|preceding|earlier)\b", when.text) is not None
        if is_before and named and not own & set(named) and "quarter" not in when.text:
            yield replace(when, exact=tuple(each.earlier() for each in named))
        else:
            yield when
        named = when.exact if when.exact and not when.is_relative else named


def _beside(when: When, last: tuple[Period, ...], catalogue: Catalogue) -> When:
    """Return "the same month of 2010" as that of the time named before it, otherwise of the report's own."""
    if not when.same_of:
        return when
    own = (catalogue.later, catalogue.quarter)
    is_meant = _is_of_length(when, last) and when.same_of != LAST
    alike = (_same_of(each, when.same_of) for each in (*last, *(() if is_meant else own)))
    return replace(when, exact=tuple(dict.fromkeys(each for each in alike if each)))


def _is_of_length(when: When, last: tuple[Period, ...]) -> bool:
    """Return whether what was named before is as long as what is said to be the same: "the same nine months"."""
    said = re.search(r"(\w+) months\b", when.text)
    unit = (in_words(said[1]) or 0) if said else next((_LENGTHS[each] for each in _LENGTHS if each in when.text), 0)
    return any(each.months_count == unit or not unit for each in last)


def _same_of(period: Period, year: str) -> Period | None:
    """Return the same months of a calendar or financial year, or a year before."""
    if year == LAST:
        return period.earlier()
    if year.isdigit():
        return period.earlier(period.last.year - int(year))
    of = parsed(re.sub(r"\s", "", year)).get("exact")
    try:
        return period.same_months_of(of[0]) if of else None
    except CdrpError:
        return None


_LENGTHS = {"month": 1, "quarter": 3}


def _latest(when: When, catalogue: Catalogue) -> When:
    """Return a month or a quarter without a year as the latest that the report can speak of."""
    last = catalogue.quarter.last
    if when.month is not None:
        month = latest_month(when.month, catalogue)
        return replace(when, exact=(Period(month, month),))
    if when.quarters:
        ended = [periods.quarter_of(last + -3 * back) for back in range(4)]
        return replace(when, exact=tuple(each for each in ended if when.matches(each)))
    return when
