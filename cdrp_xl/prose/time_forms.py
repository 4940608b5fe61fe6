"""The forms in which people write months, quarters and years, each with what it means beside the report's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from cdrp_xl import periods
from cdrp_xl.errors import CdrpError
from cdrp_xl.periods import MONTH_NAMES, Month, Period
from cdrp_xl.prose.numerals import NUMBER_WORDS, in_words, value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdrp_xl.prose.catalogue import Catalogue

LAST = "last"
"""The year of "the same months of last year"."""

YEAR = 12


class Said(TypedDict, total=False):
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


def parsed(text: str) -> Said:
    """Return the period that a text names, nothing where it names none."""
    try:
        return {"exact": (Period.parse(text),)}
    except CdrpError:
        return {}


def _run(match: re.Match[str], _: Catalogue) -> Said:
    first, last = match["m1"], match["m2"]
    return parsed(
        f"{first} {match['y1']} to {last} {match['y2']}" if match["y1"] else f"{first} to {last} {match['y2']}"
    )


def _quarter_of_year(match: re.Match[str], _: Catalogue) -> Said:
    year = re.split(r"\s?[-/\u2013]\s?", match["fy"])
    return parsed(f"{year[0]}-{year[1][-2:]} Q{_number(match)}")


def _number(match: re.Match[str]) -> int:
    said = (match["q"] or match["qw"] or match["nth"]).casefold()
    return int(said[0]) if said[0].isdigit() else _ORDER.get(said) or in_words(said) or 0


def _quarter(match: re.Match[str], _: Catalogue) -> Said:
    return {"quarters": (_number(match),)}


def _quarters(match: re.Match[str], _: Catalogue) -> Said:
    """Read "quarters 2 and 3" and "the third and fourth quarters", with or without their year."""
    said = (match["q1"] or match["o1"], match["q2"] or match["o2"])
    numbers = tuple(int(each[0]) if each[0].isdigit() else _ORDER.get(each) or in_words(each) or 0 for each in said)
    of = match["of"] or match["of2"]
    if not of:
        return {"quarters": numbers}
    year = int(of[:4])
    return {"exact": tuple(periods.quarter(year, number) for number in numbers)}


def _run_without_year(match: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "April to June" as the latest that the report can speak of."""
    first, last = (_month(match, catalogue, name)["month"] for name in ("m1" if match["m1"] else "m3", "m2"))
    end = latest_month(last, catalogue)
    begin = Month(end.year - (first > last), first)
    return {"exact": (Period(begin, end),), "is_relative": True}


def _months_of_last_year(match: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "April to June last year" and "June of the previous year"."""
    first, last = (_month(match, catalogue, name)["month"] for name in ("m1", "m2" if match["m2"] else "m1"))
    end = latest_month(last, catalogue)
    return {"exact": (Period(Month(end.year - (first > last), first), end).earlier(),)}


def _last_month(match: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "last June": that of the year before where June is in the quarter."""
    month = latest_month(_month(match, catalogue)["month"], catalogue)
    named = Period(month, month)
    return {"exact": (named.earlier() if named in catalogue.quarter else named,)}


def _annual(match: re.Match[str], catalogue: Catalogue) -> Said:
    year = periods.year_ending(catalogue.quarter.last)
    if "months" in match[0].casefold():
        return {"exact": (year,), "is_relative": True}
    compared = (year, year.earlier(), catalogue.quarter, catalogue.later, catalogue.quarter.earlier())
    return {"exact": tuple(dict.fromkeys(compared)), "is_relative": True}


def _in_the_year(_: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "in the year", which may be the twelve months, the last financial year, or the year so far."""
    now = periods.financial_year_of(catalogue.quarter.first)
    year = periods.year_ending(catalogue.quarter.last)
    meant = (year, year.earlier(), now, now.earlier(), now.earlier().earlier(), catalogue.quarter, catalogue.later)
    return {"exact": tuple(dict.fromkeys(meant)), "is_relative": True}


def _annual_before(_: re.Match[str], catalogue: Catalogue) -> Said:
    return {"exact": (periods.year_ending(catalogue.quarter.last).earlier(),), "is_relative": True}


def _financial_year(match: re.Match[str], _: Catalogue) -> Said:
    return parsed(re.sub(r"\s", "", match[0]))


def _month_year(match: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "June 2011" and "Jun-11"; "Jun 24", of a year to come, is June with its count."""
    said = parsed(f"{match['m']} {match['y'].strip(_QUOTES)}")
    is_count = match["y"].isdigit() and len(match["y"]) == 2  # noqa: PLR2004
    return {} if is_count and any(each.first > catalogue.quarter.last for each in said.get("exact", ())) else said


def _ending(match: re.Match[str], _: Catalogue) -> Said:
    return parsed(f"year ending {match['m']} {match['y'].strip(_QUOTES)}")


def _months_to(match: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "the quarter ending June 2011" and "the six months to June"."""
    count = 3 if match["n"].casefold() == "quarter" else int(value_of(re.split(r"[ -]", match["n"])[0]) or 0)
    last = latest_month(_month(match, catalogue)["month"], catalogue)
    if match["y"]:
        named = parsed(f"{match['m']} {match['y'].strip(_QUOTES)}").get("exact")
        last = named[0].last if named else last
    return {"exact": (Period(last + (1 - count), last),)} if count else {}


def latest_month(number: int, catalogue: Catalogue) -> Month:
    """Return the latest month with a number, 4 for April, that the report can speak of."""
    last = catalogue.quarter.last
    return Month(last.year - (number > last.month), number)


def _part_of_year(match: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "the first three months of 2011-12", "the second half of 2010-11", "the first two quarters of the year".

    "The first nine months" are those of the year that the report is in.
    """
    own = (periods.financial_year_of(catalogue.quarter.first),)
    year = parsed(re.sub(r"\s", "", match["fy"])).get("exact") if match["fy"] else own
    count = (in_words(match["n"]) or 0) * (3 if match["unit"].casefold() == "quarters" else 1) if match["n"] else 6
    is_first = match["which"].casefold() == "first"
    if not year or not count or count > YEAR or not (match["of"] or (is_first and match["n"])):
        return {}
    first, last = year[0].first, year[0].last
    return {"exact": (Period(first, first + (count - 1)) if is_first else Period(last + (1 - count), last),)}


def _month(match: re.Match[str], _: Catalogue, group: str = "m") -> Said:
    names = [name for name in MONTH_NAMES if name.startswith(match[group][:3])]
    return {"month": MONTH_NAMES.index(names[0]) + 1}


def _year(match: re.Match[str], _: Catalogue) -> Said:
    return {"year": int(match["y"])}


def _same_of_year(match: re.Match[str], _: Catalogue) -> Said:
    return {"same_of": match["of"], "is_relative": True}


def _quarter_of_calendar_year(match: re.Match[str], _: Catalogue) -> Said:
    """Read "the second quarter of 2025", which is April to June to some and July to September to others."""
    year, number = int(match["y"]), _number(match)
    first = Month(year, 3 * number - 2)
    return {"exact": (Period(first, first + 2), periods.quarter(year, number))}


def _quarter_of_last_year(match: re.Match[str], catalogue: Catalogue) -> Said:
    year = periods.financial_year_of(catalogue.quarter.first).earlier()
    return {"exact": (periods.quarter(year.first.year, _number(match)),)}


def _year_before(_: re.Match[str], catalogue: Catalogue) -> Said:
    year = periods.financial_year_of(catalogue.quarter.first).earlier()
    annual = periods.year_ending(catalogue.quarter.last).earlier()
    to_date = periods.year_to_date(catalogue.quarter.last).earlier()
    before = (catalogue.later.earlier(), catalogue.quarter.earlier(), catalogue.earlier, year, annual, to_date)
    return {"exact": tuple(dict.fromkeys(before)), "is_relative": True}


def _same_year_before(_: re.Match[str], __: Catalogue) -> Said:
    return {"same_of": LAST, "is_relative": True}


def _years_ago(match: re.Match[str], catalogue: Catalogue) -> Said:
    """Read "two years ago"."""
    years = in_words(match["n"]) or 0
    return {"exact": (catalogue.later.earlier(years), catalogue.quarter.earlier(years)), "is_relative": True}


def _last_two_quarters(_: re.Match[str], catalogue: Catalogue) -> Said:
    return {"exact": (catalogue.quarter.previous_quarter(), catalogue.quarter), "is_relative": True}


def _quarter_before(_: re.Match[str], catalogue: Catalogue) -> Said:
    return {"exact": (catalogue.quarter.previous_quarter(),), "is_relative": True}


def _this_quarter(_: re.Match[str], catalogue: Catalogue) -> Said:
    return {"exact": tuple(dict.fromkeys((catalogue.quarter, catalogue.later))), "is_relative": True}


def _to_date(_: re.Match[str], catalogue: Catalogue) -> Said:
    return {"exact": (periods.year_to_date(catalogue.quarter.last), catalogue.later), "is_relative": True}


def _baseline(_: re.Match[str], catalogue: Catalogue) -> Said:
    of = [each.period for each in catalogue.figures if each.name.endswith(".baseline") and each.period]
    years = [periods.financial_year_of(each.first) for each in of]
    return {"exact": tuple(dict.fromkeys((*of, *years))), "is_relative": True} if of else {}


_QUOTES = "'\u2019"
_SAME = rf"(?:same|corresponding|equivalent|comparable) (?:{NUMBER_WORDS} )?(?:quarter|period|months?|time|point|stage)"
_TO = r"\s?(?:to|[-\u2013]|until|and)\s?"
_BEFORE = r"(?:last year|(?:the )?(?:previous|preceding|prior) year|(?:a|the|one) year (?:earlier|before|ago))"
_TWELVE = r"(?:12|twelve) months"
FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Catalogue], Said]], ...] = (
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
            rf"\b(?i:the )?(?P<n>(?i:quarter|(?:three|six|nine|twelve|12)[ -]months?(?: total| figure| period)?)) "
            rf"(?i:to|ending|ended|up to)(?i: the end of)? "
            rf"(?:_+ )?(?P<m>{_M})(?:[ -](?P<y>{_Y}))?"
        ),
        _months_to,
    ),
    (
        re.compile(
            rf"\b(?:the )?(?P<which>first|last|second) (?:(?P<n>two|three|six|nine) (?P<unit>months|quarters)|half)\b"
            rf"(?P<of> of (?:(?P<fy>{_FY})|(?:the|this) (?:financial )?year\b))?",
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
            rf"(?:,? (?:of|in) (?P<of>{_FY}))?|"
            rf"\bthe (?P<o1>{_NTH}) and (?P<o2>{_NTH}) quarters(?: of (?P<of2>{_FY}))?",
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
            rf"\bannual(?:ly)?\b|\b(?:12|twelve)-month\b|"
            rf"\b(?:over|in|during|for|across) (?:the )?(?:(?:past |last |rolling )?{_TWELVE}|"
            r"(?:past|rolling) year|"
            r"year as a whole)\b",
            re.IGNORECASE,
        ),
        _annual,
    ),
    (re.compile(r"\b(?P<n>two|three|four|five) years (?:ago|earlier|before)\b", re.IGNORECASE), _years_ago),
    (re.compile(r"\bthe (?:last|latest|past) two quarters\b", re.IGNORECASE), _last_two_quarters),
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
    (
        re.compile(r"\b(?:(?:the )?year[ -])?to[ -]date\b|\bYTD\b|\bso far this year\b|\bthis year\b", re.IGNORECASE),
        _to_date,
    ),
    (re.compile(rf"\b{_N}", re.IGNORECASE), _quarter),
    (re.compile(rf"\bin the (?P<q>(?!))?(?P<qw>(?!))?(?P<nth>{_NTH})(?=[,.;)]|$)", re.IGNORECASE), _quarter),
    (re.compile(rf"\b(?i:last) (?P<m>{_M})(?! \d)"), _last_month),
    (re.compile(rf"\b(?P<m>{_M})(?! (?:Street|Road|Lane)\b)(?<!\bmay)"), _month),
    (
        re.compile(
            r"(?<![\d,.\u00a3$/-])(?P<y>(?:19|20)\d\d)(?![\d,.]\d|[\d%]| (?:offences|crimes|people|residents|"
            r"burglaries))"
        ),
        _year,
    ),
)
