"""The months, quarters and years that a sentence names, as written or as meant beside the report's own quarter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from cdrp_xl import periods
from cdrp_xl.errors import CdrpError
from cdrp_xl.periods import MONTH_NAMES, Month, Period
from cdrp_xl.prose import cues
from cdrp_xl.prose.numerals import NUMBER_WORDS, in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdrp_xl.prose.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time that a text names: exact periods, or as much as is said (a month, a quarter's number, a year).

    `is_relative` where it was named beside another ("a year earlier"), `is_earlier` where something later is compared
    with it ("than in April 2010"), `is_end` where it is a month that something lasted to ("6,169 to June 2010").
    `same_of` is the year of "the same months of 2009", which are those named before, else the report's own.
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

    def matches(self, period: Period) -> bool:
        """Return whether a figure's period is the one that is named, or ends with it ("the year to June 2011")."""
        if self.exact:
            return period in self.exact or (self.is_end and any(period.last == each.last for each in self.exact))
        if self.month is not None:
            return period.first == period.last and period.first.month == self.month
        if self.quarters:
            return period.is_quarter and (period.first.month - 4) % 12 // 3 + 1 in self.quarters
        return self.year in {period.first.year, period.last.year}


class _Said(TypedDict, total=False):
    """What the words of a time say."""

    exact: tuple[Period, ...]
    month: int
    quarters: tuple[int, ...]
    year: int
    is_relative: bool
    same_of: str


_M = "|".join([*MONTH_NAMES, *(f"{name[:3]}(?!\\w)" for name in MONTH_NAMES), "Sept(?!\\w)"])
_Y = r"(?:(?:19|20)\d\d|['\u2019]?\d\d(?!\d))"
_FY = r"(?:19|20)\d\d\s?[-/\u2013]\s?(?:20)?\d\d(?![\d-])"
_NTH = "first|second|third|fourth|last|final|1st|2nd|3rd|4th"
_N = rf"(?:Q\s?(?P<q>[1-4])|quarter (?P<qw>[1-4]|one|two|three|four)\b|(?:the )?(?P<nth>{_NTH}) quarter)"
_LINK = r"(?:,? (?:of|in|for) |,? ?[-\u2013]? ?|,? of the (?:financial )?year )"
_ORDER = {"last": 4, "final": 4, "one": 1, "two": 2, "three": 3, "four": 4}


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
    for form, read in _FORMS:
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
        years = [period for period in named if period.months_count == _YEAR]
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
    """Give the times, each as one that something is compared with where it is joined to another that is."""
    before: When | None = None
    for when in whens:
        is_joined = before is not None and cues.JOINED.fullmatch(
            re.sub(r"\([^()]*\)", "", text[before.end : when.start])
        )
        before = replace(when, is_earlier=True) if is_joined and before and before.is_earlier else when
        yield before


def _anchored(whens: list[When], catalogue: Catalogue) -> Iterator[When]:
    """Give every time, with "the year before" that of the year or quarter that was named before it."""
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
    """Return "the same month of 2010" as that of the time named before it, else of the report's own."""
    if not when.same_of:
        return when
    own = (catalogue.later, catalogue.quarter)
    is_meant = _is_of_length(when, last) and when.same_of != _LAST
    alike = (_same_of(each, when.same_of) for each in (*last, *(() if is_meant else own)))
    return replace(when, exact=tuple(dict.fromkeys(each for each in alike if each)))


def _is_of_length(when: When, last: tuple[Period, ...]) -> bool:
    """Return whether what was named before is as long as what is said to be the same: "the same nine months"."""
    said = re.search(r"(\w+) months\b", when.text)
    unit = (in_words(said[1]) or 0) if said else next((_LENGTHS[each] for each in _LENGTHS if each in when.text), 0)
    return any(each.months_count == unit or not unit for each in last)


def _same_of(period: Period, year: str) -> Period | None:
    """Return the same months of a calendar or financial year, or a year before."""
    if year == _LAST:
        return period.earlier()
    if year.isdigit():
        return period.earlier(period.last.year - int(year))
    of = _parsed(re.sub(r"\s", "", year)).get("exact")
    try:
        return period.same_months_of(of[0]) if of else None
    except CdrpError:
        return None


_LAST = "last"
_YEAR = 12
_LENGTHS = {"month": 1, "quarter": 3}


def _latest(when: When, catalogue: Catalogue) -> When:
    """Return a month or a quarter without a year as the latest that the report can speak of."""
    last = catalogue.quarter.last
    if when.month is not None:
        month = _latest_month(when.month, catalogue)
        return replace(when, exact=(Period(month, month),))
    if when.quarters:
        ended = [periods.quarter_of(last + -3 * back) for back in range(4)]
        return replace(when, exact=tuple(each for each in ended if when.matches(each)))
    return when


def _parsed(text: str) -> _Said:
    try:
        return {"exact": (Period.parse(text),)}
    except CdrpError:
        return {}


def _run(match: re.Match[str], _: Catalogue) -> _Said:
    first, last = match["m1"], match["m2"]
    return _parsed(
        f"{first} {match['y1']} to {last} {match['y2']}" if match["y1"] else f"{first} to {last} {match['y2']}"
    )


def _quarter_of_year(match: re.Match[str], _: Catalogue) -> _Said:
    year = re.split(r"\s?[-/\u2013]\s?", match["fy"])
    return _parsed(f"{year[0]}-{year[1][-2:]} Q{_number(match)}")


def _number(match: re.Match[str]) -> int:
    said = (match["q"] or match["qw"] or match["nth"]).casefold()
    return int(said[0]) if said[0].isdigit() else _ORDER.get(said) or in_words(said) or 0


def _quarter(match: re.Match[str], _: Catalogue) -> _Said:
    return {"quarters": (_number(match),)}


def _quarters(match: re.Match[str], _: Catalogue) -> _Said:
    """Read "quarters 2 and 3", with or without their year."""
    numbers = tuple(int(said) if said.isdigit() else in_words(said) or 0 for said in (match["q1"], match["q2"]))
    if not match["of"]:
        return {"quarters": numbers}
    year = int(match["of"][:4])
    return {"exact": tuple(periods.quarter(year, number) for number in numbers)}


def _run_without_year(match: re.Match[str], catalogue: Catalogue) -> _Said:
    """Read "April to June" as the latest that the report can speak of."""
    first, last = (_month(match, catalogue, name)["month"] for name in ("m1" if match["m1"] else "m3", "m2"))
    end = _latest_month(last, catalogue)
    begin = Month(end.year - (first > last), first)
    return {"exact": (Period(begin, end),), "is_relative": True}


def _months_of_last_year(match: re.Match[str], catalogue: Catalogue) -> _Said:
    """Read "April to June last year" and "June of the previous year"."""
    first, last = (_month(match, catalogue, name)["month"] for name in ("m1", "m2" if match["m2"] else "m1"))
    end = _latest_month(last, catalogue)
    return {"exact": (Period(Month(end.year - (first > last), first), end).earlier(),)}


def _annual(match: re.Match[str], catalogue: Catalogue) -> _Said:
    year = periods.year_ending(catalogue.quarter.last)
    if "months" in match[0].casefold():
        return {"exact": (year,), "is_relative": True}
    compared = (year, year.earlier(), catalogue.quarter, catalogue.later, catalogue.quarter.earlier())
    return {"exact": tuple(dict.fromkeys(compared)), "is_relative": True}


def _in_the_year(_: re.Match[str], catalogue: Catalogue) -> _Said:
    """Read "in the year", which may be the twelve months, the last financial year, or the year so far."""
    last = periods.financial_year_of(catalogue.quarter.first).earlier()
    year = periods.year_ending(catalogue.quarter.last)
    meant = (year, year.earlier(), last, last.earlier(), catalogue.quarter, catalogue.later)
    return {"exact": tuple(dict.fromkeys(meant)), "is_relative": True}


def _annual_before(_: re.Match[str], catalogue: Catalogue) -> _Said:
    return {"exact": (periods.year_ending(catalogue.quarter.last).earlier(),), "is_relative": True}


def _financial_year(match: re.Match[str], _: Catalogue) -> _Said:
    return _parsed(re.sub(r"\s", "", match[0]))


def _month_year(match: re.Match[str], _: Catalogue) -> _Said:
    return _parsed(f"{match['m']} {match['y'].strip(_QUOTES)}")


def _ending(match: re.Match[str], _: Catalogue) -> _Said:
    return _parsed(f"year ending {match['m']} {match['y'].strip(_QUOTES)}")


def _months_to(match: re.Match[str], catalogue: Catalogue) -> _Said:
    """Read "the quarter ending June 2011" and "the six months to June"."""
    count = 3 if match["n"].casefold() == "quarter" else in_words(match["n"].split()[0]) or 0
    last = _latest_month(_month(match, catalogue)["month"], catalogue)
    if match["y"]:
        parsed = _parsed(f"{match['m']} {match['y'].strip(_QUOTES)}").get("exact")
        last = parsed[0].last if parsed else last
    return {"exact": (Period(last + (1 - count), last),)} if count else {}


def _latest_month(number: int, catalogue: Catalogue) -> Month:
    last = catalogue.quarter.last
    return Month(last.year - (number > last.month), number)


def _part_of_year(match: re.Match[str], catalogue: Catalogue) -> _Said:
    """Read "the first three months of 2011-12", "the second half of 2010-11", "the first two quarters of the year"."""
    own = (periods.financial_year_of(catalogue.quarter.first),)
    year = _parsed(re.sub(r"\s", "", match["fy"])).get("exact") if match["fy"] else own
    count = (in_words(match["n"]) or 0) * (3 if match["unit"].casefold() == "quarters" else 1) if match["n"] else 6
    if not year or not count or count > _YEAR:
        return {}
    is_first = match["which"].casefold() == "first"
    first, last = year[0].first, year[0].last
    return {"exact": (Period(first, first + (count - 1)) if is_first else Period(last + (1 - count), last),)}


def _month(match: re.Match[str], _: Catalogue, group: str = "m") -> _Said:
    names = [name for name in MONTH_NAMES if name.startswith(match[group][:3])]
    return {"month": MONTH_NAMES.index(names[0]) + 1}


def _year(match: re.Match[str], _: Catalogue) -> _Said:
    return {"year": int(match["y"])}


def _same_of_year(match: re.Match[str], _: Catalogue) -> _Said:
    return {"same_of": match["of"], "is_relative": True}


def _quarter_of_calendar_year(match: re.Match[str], _: Catalogue) -> _Said:
    """Read "the second quarter of 2025", which is April to June to some and July to September to others."""
    year, number = int(match["y"]), _number(match)
    first = Month(year, 3 * number - 2)
    return {"exact": (Period(first, first + 2), periods.quarter(year, number))}


def _quarter_of_last_year(match: re.Match[str], catalogue: Catalogue) -> _Said:
    year = periods.financial_year_of(catalogue.quarter.first).earlier()
    return {"exact": (periods.quarter(year.first.year, _number(match)),)}


def _year_before(_: re.Match[str], catalogue: Catalogue) -> _Said:
    year = periods.financial_year_of(catalogue.quarter.first).earlier()
    annual = periods.year_ending(catalogue.quarter.last).earlier()
    to_date = periods.year_to_date(catalogue.quarter.last).earlier()
    before = (catalogue.later.earlier(), catalogue.quarter.earlier(), catalogue.earlier, year, annual, to_date)
    return {"exact": tuple(dict.fromkeys(before)), "is_relative": True}


def _same_year_before(_: re.Match[str], __: Catalogue) -> _Said:
    return {"same_of": _LAST, "is_relative": True}


def _quarter_before(_: re.Match[str], catalogue: Catalogue) -> _Said:
    return {"exact": (catalogue.quarter.previous_quarter(),), "is_relative": True}


def _this_quarter(_: re.Match[str], catalogue: Catalogue) -> _Said:
    return {"exact": tuple(dict.fromkeys((catalogue.quarter, catalogue.later))), "is_relative": True}


def _to_date(_: re.Match[str], catalogue: Catalogue) -> _Said:
    return {"exact": (periods.year_to_date(catalogue.quarter.last), catalogue.later), "is_relative": True}


def _baseline(_: re.Match[str], catalogue: Catalogue) -> _Said:
    of = [each.period for each in catalogue.figures if each.name.endswith(".baseline") and each.period]
    years = [periods.financial_year_of(each.first) for each in of]
    return {"exact": tuple(dict.fromkeys((*of, *years))), "is_relative": True} if of else {}


_QUOTES = "'\u2019"
_SAME = rf"(?:same|corresponding|equivalent|comparable) (?:{NUMBER_WORDS} )?(?:quarter|period|months?|time|point|stage)"
_TO = r"\s?(?:to|[-\u2013]|until|and)\s?"
_BEFORE = r"(?:last year|(?:the )?(?:previous|preceding|prior) year|(?:a|the|one) year (?:earlier|before|ago))"
_TWELVE = r"(?:12|twelve) months"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Catalogue], _Said]], ...] = (
    (
        re.compile(rf"\b(?i:{_SAME})(?: of| in) (?P<of>{_FY}|(?:19|20)\d\d)"),
        _same_of_year,
    ),
    (
        re.compile(
            rf"\b(?:(?:the )?{_SAME}|this (?:point|time|stage))(?: of| in)?,? {_BEFORE}",
            re.IGNORECASE,
        ),
        _same_year_before,
    ),
    (
        re.compile(
            rf"\b(?i:(?:year|(?:12|twelve) months|annual(?: \w+){{1,3}}?) (?:to|ending|ended|up to)) "
            rf"(?:the end of )?(?:_+ )?(?P<m>{_M})[ -](?P<y>{_Y})"
        ),
        _ending,
    ),
    (
        re.compile(
            rf"\b(?i:the )?(?P<n>(?i:quarter|(?:three|six|nine) months)) (?i:to|ending|ended|up to)(?i: the end of)? "
            rf"(?:_+ )?(?P<m>{_M})(?:[ -](?P<y>{_Y}))?"
        ),
        _months_to,
    ),
    (
        re.compile(
            rf"\b(?:the )?(?P<which>first|last|second) (?:(?P<n>two|three|six|nine) (?P<unit>months|quarters)|half) of "
            rf"(?:(?P<fy>{_FY})|(?:the|this) (?:financial )?year\b)",
            re.IGNORECASE,
        ),
        _part_of_year,
    ),
    (
        re.compile(rf"\b(?P<m1>{_M})(?:(?: to |\s?[-\u2013]\s?| and )(?P<m2>{_M}))?,? (?:of |in )?(?i:{_BEFORE})"),
        _months_of_last_year,
    ),
    (re.compile(rf"\b(?i:between) (?P<m1>{_M})(?:[ -](?P<y1>{_Y}))? and (?P<m2>{_M})[ -](?P<y2>{_Y})"), _run),
    (
        re.compile(rf"\b(?P<m1>{_M})(?:[ -](?P<y1>{_Y}))?(?: to |\s?[-\u2013]\s?| until )(?P<m2>{_M})[ -](?P<y2>{_Y})"),
        _run,
    ),
    (
        re.compile(rf"\b(?:(?i:between) (?P<m1>{_M}) and|(?P<m3>{_M}) (?:to|until)) (?P<m2>{_M})(?![ -]\d)(?! \d)"),
        _run_without_year,
    ),
    (
        re.compile(rf"\b(?P<m1>{_M}) and (?P<m2>{_M})(?= (?:combined|together|taken together)\b)(?P<m3>(?!))?"),
        _run_without_year,
    ),
    (
        re.compile(
            rf"\b(?:quarters? |Q)(?P<q1>[1-4]|one|two|three|four) (?:and|to|&) Q?(?P<q2>[1-4]|one|two|three|four)\b"
            rf"(?:,? (?:of|in) (?P<of>{_FY}))?",
            re.IGNORECASE,
        ),
        _quarters,
    ),
    (re.compile(rf"\b{_N}{_LINK}(?P<fy>{_FY})", re.IGNORECASE), _quarter_of_year),
    (
        re.compile(rf"\bthe (?P<q>(?!))?(?P<qw>(?!))?(?P<nth>{_NTH})(?: one)? of (?P<fy>{_FY})", re.IGNORECASE),
        _quarter_of_year,
    ),
    (re.compile(rf"\b(?P<fy>{_FY}),? ?[-\u2013]? ?{_N}\b", re.IGNORECASE), _quarter_of_year),
    (re.compile(rf"\b{_N}{_LINK}(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE), _quarter_of_calendar_year),
    (
        re.compile(rf"\b{_N}{_LINK}(?:last|the (?:last|previous)) (?:financial )?year\b", re.IGNORECASE),
        _quarter_of_last_year,
    ),
    (re.compile(rf"\b(?:{_FY} )?baseline(?: year| period| quarter| figure| level)?\b", re.IGNORECASE), _baseline),
    (re.compile(rf"\b(?P<m>{_M})[ -](?P<y>{_Y})"), _month_year),
    (
        re.compile(rf"(?<![\d,.])\b(?:the )?(?:financial )?(?:year )?(?:{_FY})"),
        lambda match, each: _financial_year(re.search(_FY, match[0]) or match, each),
    ),
    (re.compile(rf"\b(?:{_BEFORE}|year on year|year-on-year)\b", re.IGNORECASE), _year_before),
    (
        re.compile(
            rf"\b(?:(?:the )?(?:previous|preceding|prior) {_TWELVE}|(?:the )?{_TWELVE} (?:before|earlier)(?: that)?)\b",
            re.IGNORECASE,
        ),
        _annual_before,
    ),
    (
        re.compile(
            rf"\bannual(?:ly)?\b|\b(?:over|in|during|for|across) (?:the )?(?:(?:past |last )?{_TWELVE}|past year|"
            r"year as a whole)\b",
            re.IGNORECASE,
        ),
        _annual,
    ),
    (
        re.compile(r"\b(?:(?:last|(?:the )?previous|(?:the )?preceding) quarter|the quarter before)\b", re.IGNORECASE),
        _quarter_before,
    ),
    (re.compile(r"\b(?:in|for|over|during) the year\b(?! (?:to|ending|ended|before))", re.IGNORECASE), _in_the_year),
    (
        re.compile(
            r"\b(?:this|the current|the latest|the) (?:quarter|period)(?! in position)\b(?! before)", re.IGNORECASE
        ),
        _this_quarter,
    ),
    (re.compile(r"\b(?:the )?year[ -]to[ -]date\b|\bso far this year\b|\bthis year\b", re.IGNORECASE), _to_date),
    (re.compile(rf"\b{_N}", re.IGNORECASE), _quarter),
    (re.compile(rf"\bin the (?P<q>(?!))?(?P<qw>(?!))?(?P<nth>{_NTH})(?=[,.;)]|$)", re.IGNORECASE), _quarter),
    (re.compile(rf"\b(?P<m>{_M})(?! (?:Street|Road|Lane)\b)(?<!\bmay)"), _month),
    (
        re.compile(
            r"(?<![\d,.\u00a3$/-])(?P<y>(?:19|20)\d\d)(?![\d,.]\d|[\d%]| (?:offences|crimes|people|residents|"
            r"burglaries))"
        ),
        _year,
    ),
)
