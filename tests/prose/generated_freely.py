"""More ways to say a figure than `generated` has: fractions, multiples, months, years, lists, comparisons, none.

As there, the figures are read from the report's own tables, and no word list of the checker is used.
"""

from __future__ import annotations

import re

from generated import OTHER_AREAS, _lower, _moved, _nth, _other, _percent, _row, _wrong

WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
FRACTIONS = {"a tenth": 0.1, "a fifth": 0.2, "a quarter": 0.25, "a third": 1 / 3, "half": 0.5, "two thirds": 2 / 3}


def _in_words(number):
    return WORDS[number] if number < len(WORDS) else f"{number:,}"


def _start(text):
    return text[0].upper() + text[1:]


def by_fraction(report, draw):
    """A change as a fraction that it is a little beyond, or a little short of."""
    row = _row(report, draw, least=8)
    if not _moved(row):
        return None
    share = abs(row.change) / row.earlier
    said = [(words, "more than") for words, part in FRACTIONS.items() if part * 1.02 < share < part * 1.2]
    said += [(words, "nearly") for words, part in FRACTIONS.items() if part * 0.93 < share < part * 0.98]
    if not said:
        return None
    part, hedge = draw.choice(said)
    verb = "gone up" if row.change > 0 else "come down"
    text = "Offences of {name} have {verb} by {hedge} {part}, from {a:,} to {b:,}."
    given = {"name": _lower(row.row.name), "verb": verb, "hedge": hedge, "part": part, "a": row.earlier, "b": row.later}
    changed = dict(given)
    how = draw.choice(("digit", "verb", "rounding"))
    if how == "digit":
        which = draw.choice("ab")
        changed[which] = _wrong(given[which], draw)
    elif how == "verb":
        changed["verb"] = "come down" if row.change > 0 else "gone up"
    else:
        far = [words for words, value in FRACTIONS.items() if not 0.7 < share / value < 1.4]
        changed["part"] = draw.choice(far)
    return text.format(**given), text.format(**changed), how


def of_all_crime(report, draw):
    """A row as a share of all crime."""
    row = _row(report, draw, least=20)
    every = report.comparison.rows[0]
    if row is every or row.later == every.later:
        return None
    tenths = (2000 * row.later + every.later) // (2 * every.later)
    text = draw.choice(
        (
            "{name} made up {s}% of all crime in {q}.",
            "In {q}, {s}% of all recorded crime was {name}.",
            "{name}, with {b:,} offences, was {s} per cent of the {w:,} crimes recorded in {q}.",
        )
    )
    given = {"name": _lower(row.row.name), "s": f"{tenths // 10}.{tenths % 10}", "q": report.comparison.later.words}
    given |= {"b": row.later, "w": every.later}
    changed = dict(given)
    how = draw.choice(("digit", "rounding"))
    if how == "digit":
        changed["s"] = f"{_wrong(tenths // 10, draw) if tenths >= 10 else tenths % 10 + 3}.{tenths % 10}"
    else:
        changed["s"] = f"{tenths // 10}.{(tenths % 10 + draw.choice((1, 9))) % 10}"
    return _start(text.format(**given)), _start(text.format(**changed)), how


def _months(report, draw):
    result = draw.choice([each for each in report.priorities if each.series])
    return result, result.series.points


def by_month(report, draw):
    """Two months of a priority beside each other."""
    if not any(each.series for each in report.priorities):
        return None
    result, points = _months(report, draw)
    first, second = draw.sample(points, 2)
    if first.offences == second.offences or len({each.offences for each in points}) < 3:
        return None
    which = "more" if first.offences > second.offences else "fewer"
    text = "There were {a} offences of {name} in {m}, {which} than in {n} ({b})."
    given = {"a": first.offences, "b": second.offences, "m": first.month.words, "n": second.month.words}
    given |= {"name": result.title.lower(), "which": which}
    changed = dict(given)
    how = draw.choice(("digit", "verb", "period"))
    if how == "digit":
        place = draw.choice("ab")
        changed[place] = _wrong(given[place], draw)
    elif how == "verb":
        changed["which"] = _other(which)
    else:
        others = [each for each in points if each.offences not in (first.offences, second.offences)]
        changed["m"] = draw.choice(others).month.words
    return text.format(**given), text.format(**changed), how


def of_extreme_month(report, draw):
    """The highest or lowest month of a year."""
    if not any(each.series for each in report.priorities):
        return None
    result, points = _months(report, draw)
    years = sorted({each.month.first.year + (each.month.first.month > 3) for each in points})
    year = draw.choice(years)
    of_year = [each for each in points if each.month.first.year + (each.month.first.month > 3) == year]
    if len(of_year) < 12:
        return None
    word, best = draw.choice((("highest", max), ("lowest", min)))
    peak = best(of_year, key=lambda each: each.offences)
    if all(each.offences == peak.offences for each in of_year):
        return None
    text = "The {word} month of {y} for {name} was {m}, with {n} offences."
    given = {"word": word, "y": f"{year - 1}-{year % 100:02d}", "name": result.title.lower(), "m": peak.month.words}
    given["n"] = peak.offences
    changed = dict(given)
    how = draw.choice(("digit", "verb", "period"))
    if how == "digit":
        changed["n"] = _wrong(peak.offences, draw)
    elif how == "verb":
        changed["word"] = "lowest" if word == "highest" else "highest"
    else:
        others = [each for each in of_year if each.offences != peak.offences]
        changed["m"] = draw.choice(others).month.words
    return text.format(**given), text.format(**changed), how


def of_year(report, draw):
    """A year's total of a priority beside the year before."""
    result = draw.choice(report.priorities)
    totals = {}
    for point in result.trend:
        year = point.quarter.first.year - (point.quarter.first.month < 4)
        totals.setdefault(year, []).append(point.offences)
    whole = {year: sum(each) for year, each in totals.items() if len(each) == 4 and None not in each}
    pairs = [(year, year + 1) for year in whole if year + 1 in whole and whole[year] != whole[year + 1]]
    if not pairs:
        return None
    before, year = draw.choice(pairs)
    a, b = whole[before], whole[year]
    text = "{name} came to {b:,} offences in {y}, {n} {which} than in {x}."
    given = {"name": result.title, "b": b, "n": abs(b - a), "which": "more" if b > a else "fewer"}
    given |= {"y": f"{year}/{(year + 1) % 100:02d}", "x": f"{before}/{(before + 1) % 100:02d}"}
    changed = dict(given)
    how = draw.choice(("digit", "verb", "period"))
    if how == "digit":
        place = draw.choice("bn")
        changed[place] = _wrong(given[place], draw)
    elif how == "verb":
        changed["which"] = _other(given["which"])
    else:
        changed[draw.choice("xy")] = "2007/08"
    return text.format(**given), text.format(**changed), how


def of_twelve_months(report, draw):
    """The twelve months to the quarter's end beside those before."""
    lines = [
        each for each in report.headlines.lines if each.year and each.year_before and each.year != each.year_before
    ]
    if not lines:
        return None
    line = draw.choice(lines)
    text = "In the twelve months to {m} there were {b:,} offences of {name}, {p}% {which} than in the year before that."
    given = {"b": line.year, "name": _lower(line.name), "p": _percent(line.year_before, line.year)}
    given["which"] = "more" if line.year > line.year_before else "fewer"
    given["m"] = report.comparison.later.words.rpartition(" to ")[2]
    changed = dict(given)
    how = draw.choice(("digit", "verb", "rounding"))
    if how == "digit":
        changed["b"] = _wrong(line.year, draw)
    elif how == "verb":
        changed["which"] = _other(given["which"])
    else:
        whole, tenth = given["p"].split(".")
        changed["p"] = f"{whole}.{(int(tenth) + draw.choice((1, 9))) % 10}"
    return text.format(**given), text.format(**changed), how


def as_a_line(report, draw):
    """A figure as notes have it, without a verb."""
    row = _row(report, draw, least=3)
    if not _moved(row):
        return None
    text = draw.choice(
        ("{name}: {b:,} ({sign}{p}%)", "{name} - {b:,} offences, {way} {n:,}", "{name}: {b:,} (was {a:,})")
    )
    sign = "+" if row.change > 0 else "-"
    given = {"name": _lower(row.row.name), "a": row.earlier, "b": row.later, "n": abs(row.change), "sign": sign}
    given |= {"p": _percent(row.earlier, row.later), "way": "up" if row.change > 0 else "down"}
    changed = dict(given)
    ways = ["digit", *(["sign"] if "sign" in text else []), *(["verb"] if "way" in text else [])]
    how = draw.choice(ways)
    if how == "digit":
        place = draw.choice([each for each in "abn" if f"{{{each}:" in text])
        changed[place] = _wrong(given[place], draw)
    elif how == "sign":
        changed["sign"] = "+" if sign == "-" else "-"
    else:
        changed["way"] = _other(given["way"])
    return _start(text.format(**given)), _start(text.format(**changed)), how


def beside_another(report, draw):
    """Two rows of one quarter beside each other."""
    first, second = _row(report, draw, least=3), _row(report, draw, least=3)
    if first.later == second.later or first.row.name == second.row.name:
        return None
    which = "more" if first.later > second.later else "fewer"
    text = "There were {which} offences of {x} ({a:,}) than of {y} ({b:,}) in {q}."
    given = {"which": which, "x": _lower(first.row.name), "y": _lower(second.row.name), "a": first.later}
    given |= {"b": second.later, "q": report.comparison.later.words}
    changed = dict(given)
    how = draw.choice(("digit", "verb", "period"))
    if how == "digit":
        place = draw.choice("ab")
        changed[place] = _wrong(given[place], draw)
    elif how == "verb":
        changed["which"] = _other(which)
    else:
        changed["q"] = report.comparison.later.earlier(3).words
    return text.format(**given), text.format(**changed), how


def none_at_all(report, draw):
    """A row without any offence, against some a year earlier."""
    rows = [
        each for each in report.comparison.rows if each.later == 0 and isinstance(each.earlier, int) and each.earlier
    ]
    rows = [each for each in rows if each.earlier < len(WORDS)]
    if not rows:
        return None
    row = draw.choice(rows)
    text = "There were no offences of {name} in {q}, compared with {a} a year earlier."
    given = {"name": _lower(row.row.name), "q": report.comparison.later.words, "a": _in_words(row.earlier)}
    changed = dict(given)
    how = draw.choice(("digit", "period"))
    if how == "digit":
        changed["a"] = _in_words(draw.choice([each for each in range(1, 12) if each != row.earlier]))
    else:
        changed["q"] = report.comparison.earlier.words
    return text.format(**given), text.format(**changed), how


def in_the_area(report, draw):
    """A count in words or digits of the area, by its name."""
    row = _row(report, draw)
    text = "{b} offences of {name} were recorded in {area} between {m} and {n}."
    begins, ends = re.fullmatch(r"(\w+) to (\w+ \d{4})", report.comparison.later.words).groups()
    given = {
        "b": _start(_in_words(row.later)),
        "name": _lower(row.row.name),
        "area": report.area,
        "m": begins,
        "n": ends,
    }
    changed = dict(given)
    how = draw.choice(("digit", "area"))
    if how == "digit":
        changed["b"] = f"{_wrong(row.later, draw):,}"
    else:
        changed["area"] = draw.choice(OTHER_AREAS)
    if row.later == 1 or changed["b"] == "1":
        return None
    return text.format(**given), text.format(**changed), how


def of_move(report, draw):
    """A place in the group beside that of another quarter."""
    grouped = [each for each in report.priorities if each.group]
    if not grouped:
        return None
    result = draw.choice(grouped)
    periods = [each for each in result.group.periods if each.position and each.period.is_quarter]
    at = draw.randrange(len(periods) - 1)
    first, last = periods[at], periods[at + 1]
    places = [int(re.match(r"\d+", each.position)[0]) for each in (first, last)]
    if places[0] == places[1]:
        return None
    word = "improved" if places[1] < places[0] else "worsened"
    text = "For {name} the position {word} from {a} in {p} to {b} in {q}."
    given = {"name": result.title.lower(), "word": word, "a": _nth(places[0]), "b": _nth(places[1])}
    given |= {"p": first.period.words, "q": last.period.words}
    changed = dict(given)
    how = draw.choice(("ordinal", "verb"))
    if how == "ordinal":
        which = draw.choice((0, 1))
        changed["ab"[which]] = _nth(draw.choice([each for each in range(1, 15) if each not in places]))
    else:
        changed["word"] = "worsened" if word == "improved" else "improved"
    return text.format(**given), text.format(**changed), how


TEMPLATES = (
    by_fraction, of_all_crime, by_month, of_extreme_month, of_year, of_twelve_months, as_a_line, beside_another,
    none_at_all, in_the_area, of_move,
)  # fmt: skip
