"""Sentences made from the tables of several reports, each true, and each with one place changed so that it is false.

The figures are read from the report's own tables, and no word list of the checker is used: what is tested can't be
right by agreeing with itself.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import dataclass

from cdrp_xl import worked_example
from cdrp_xl.periods import Period
from cdrp_xl.workbooks import refreshing

QUARTERS = ("2010-11 Q1", "2010-11 Q3", "2010-11 Q4", "2011-12 Q1")
AREAS = ("South Cambridgeshire", "Cambridge City", "East Cambridgeshire")
OTHER_AREAS = ("Fenland", "Peterborough", "Uttlesford", "Huntingdonshire")
TODAY = dt.date(2011, 7, 29)


@dataclass(frozen=True)
class Made:
    """A true sentence of one report, and a false one: the same with one place changed, in the way that is named."""

    report: int
    true: str
    false: str
    how: str


def reports(folder):
    """Return twelve reports: three districts of the worked example's extracts, four quarters each."""
    settings, plain = extracts(folder)
    made = []
    for area in AREAS:
        text = plain.replace('area = "South Cambridgeshire"', f'area = "{area}"')
        (folder / "partnership.toml").write_text(text, encoding="utf-8")
        for quarter in QUARTERS:
            period = Period.parse(quarter)
            if area == AREAS[0] and quarter == QUARTERS[-1]:
                (folder / "partnership.toml").write_text(settings, encoding="utf-8")
            made.append(refreshing.prepare(folder, quarter=period, today=TODAY, progress=lambda _: None).report)
    return made


def extracts(folder):
    """Write the worked example's extracts; return its settings, and those without what only its last quarter has."""
    folder.mkdir()
    worked_example.write(folder)
    settings = (folder / "partnership.toml").read_text(encoding="utf-8")
    plain = re.sub(r"(?ms)^\[sources\.(?:cadet|iquanta).*?(?=^\[(?!sources\.(?:cadet|iquanta)))", "", settings)
    plain = re.sub(r"(?ms)^\[group\].*?(?=^# In 2011)", "", plain)
    plain = re.sub(r"(?ms)^# What partners return.*", "", plain).replace('rate_per = "households"\n', "")
    return settings, plain


def sentences(made, count, seed, templates):
    """Return so many pairs of a true and a false sentence, drawn from a seed."""
    draw = random.Random(seed)  # noqa: S311  the same sentences everywhere
    found = []
    while len(found) < count:
        number = draw.randrange(len(made))
        pair = draw.choice(templates)(made[number], draw)
        if pair:
            true, false, how = pair
            found.append(Made(number, true, false, how))
    return found


def _row(report, draw, least=1):
    rows = [each for each in report.comparison.rows if isinstance(each.later, int) and not each.row.is_remainder]
    rows = [each for each in rows if each.earlier >= least and each.later >= least]
    return draw.choice(rows)


def _lower(name):
    plain = re.sub(r"^All (?!Crime)", "", name)
    words = plain.replace("&", "and").split()
    return " ".join(word if word.isupper() else word.lower() for word in words)


def _wrong(number, draw):
    """Change one digit."""
    digits = str(number)
    place = draw.randrange(len(digits))
    other = draw.choice([each for each in "123456789" if each != digits[place]])
    return int(digits[:place] + other + digits[place + 1 :])


def _percent(earlier, later):
    tenths = (2000 * abs(later - earlier) + earlier) // (2 * earlier)
    return f"{tenths // 10}.{tenths % 10}"


def _verb(earlier, later):
    return "rose" if later > earlier else "fell"


def _other(verb):
    return {"rose": "fell", "fell": "rose", "up": "down", "down": "up", "more": "fewer", "fewer": "more"}[verb]


def _moved(row):
    return row.earlier != row.later


def from_to(report, draw):
    row = _row(report, draw)
    if not _moved(row):
        return None
    name, verb = _lower(row.row.name), _verb(row.earlier, row.later)
    name = name[0].upper() + name[1:]
    text = "{name} {verb} from {a:,} in {p} to {b:,} in {q}."
    given = {"name": name, "verb": verb, "a": row.earlier, "b": row.later}
    given |= {"p": report.comparison.earlier.words, "q": report.comparison.later.words}
    how = draw.choice(("digit", "digit", "verb", "period"))
    changed = dict(given)
    if how == "digit":
        which = draw.choice("ab")
        changed[which] = _wrong(given[which], draw)
    elif how == "verb":
        changed["verb"] = _other(verb)
    else:
        which, period = draw.choice((("p", report.comparison.earlier), ("q", report.comparison.later)))
        changed[which] = draw.choice((period.earlier(), period.earlier(3), period.previous_quarter())).words
        if changed[which] in (given["p"], given["q"]) and which == "q":
            changed[which] = period.earlier(2).words
    return text.format(**given), text.format(**changed), how


def by_percent(report, draw):
    row = _row(report, draw, least=3)
    if not _moved(row):
        return None
    verb, share = _verb(row.earlier, row.later), _percent(row.earlier, row.later)
    text = draw.choice(
        (
            "{name} {verb} by {share}% to {b:,} offences.",
            "In {q}, {name} {verb} by {share} per cent.",
            "{name} in {area} {verb} by {share}% ({sign}{n:,} offences).",
        )
    )
    name = _lower(row.row.name)
    given = {"name": name, "verb": verb, "share": share, "b": row.later, "n": abs(row.change)}
    given |= {"q": report.comparison.later.words, "area": report.area, "sign": "+" if row.change > 0 else "-"}
    changed = dict(given)
    ways = ["rounding", "verb", "digit"]
    ways += ["area"] if "{area}" in text else []
    ways += ["sign"] if "{sign}" in text else []
    ways += ["period"] if "{q}" in text else []
    how = draw.choice(ways)
    if how == "rounding":
        whole, tenth = share.split(".")
        changed["share"] = f"{whole}.{(int(tenth) + draw.choice((1, 9))) % 10}"
        if float(share) % 1 == 0 and draw.random() < 0.5:
            changed["share"] = str(int(whole) + 1)
    elif how == "digit":
        changed["share"] = f"{_wrong(int(share.split('.')[0]), draw)}.{share.split('.')[1]}"
    elif how == "verb":
        changed["verb"] = _other(verb)
    elif how == "area":
        changed["area"] = draw.choice(OTHER_AREAS)
    elif how == "sign":
        changed["sign"] = "-" if given["sign"] == "+" else "+"
    else:
        changed["q"] = report.comparison.later.earlier(draw.choice((2, 3))).words
    first = text.format(**given)
    return first[0].upper() + first[1:], text.format(**changed)[0].upper() + text.format(**changed)[1:], how


def more_or_fewer(report, draw):
    row = _row(report, draw)
    if not _moved(row):
        return None
    which = "more" if row.change > 0 else "fewer"
    name = _lower(row.row.name)
    text = draw.choice(
        (
            "There were {n:,} {which} offences of {name} than in {p}.",
            "With {b:,} offences, {name} was {up} {n:,} on the same quarter a year earlier.",
        )
    )
    given = {"n": abs(row.change), "which": which, "name": name, "p": report.comparison.earlier.words, "b": row.later}
    given["up"] = "up" if row.change > 0 else "down"
    changed = dict(given)
    how = draw.choice(("digit", "verb"))
    if how == "digit":
        changed["n"] = _wrong(given["n"], draw)
    else:
        changed |= {"which": _other(which), "up": _other(given["up"])}
    return text.format(**given), text.format(**changed), how


def in_words(report, draw):
    row = _row(report, draw)
    words = {
        1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
        11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen",
    }  # fmt: skip
    if row.later not in words:
        return None
    text = "{area} recorded {b} offences of {name} in {q}."
    if row.later == 1:
        text = "{area} recorded {b} offence of {name} in {q}."
    given = {
        "area": report.area,
        "b": words[row.later],
        "name": _lower(row.row.name),
        "q": report.comparison.later.words,
    }
    changed = dict(given)
    how = draw.choice(("digit", "area", "period"))
    if how == "digit":
        changed["b"] = words[draw.choice([each for each in words if each not in (row.later, row.earlier)])]
    elif how == "area":
        changed["area"] = draw.choice(OTHER_AREAS)
    else:
        changed["q"] = report.comparison.later.earlier(3).words
    return text.format(**given), text.format(**changed), how


def of_priority(report, draw):
    result = draw.choice(report.priorities)
    points = [each for each in result.trend if each.offences]
    if len(points) < 2:
        return None
    point = draw.choice(points)
    other = draw.choice([each for each in points if each is not point])
    text = draw.choice(
        (
            "There were {a:,} offences of {name} in {p}, against {b:,} in {q}.",
            "{name} stood at {a:,} in {p} and {b:,} in {q}.",
        )
    )
    given = {"a": point.offences, "b": other.offences, "name": result.title.lower()}
    given |= {"p": point.quarter.words, "q": other.quarter.words}
    changed = dict(given)
    how = draw.choice(("digit", "period"))
    if how == "digit":
        which = draw.choice("ab")
        changed[which] = _wrong(given[which], draw)
    else:
        periods = [each for each in points if each.offences not in (point.offences, other.offences)]
        if not periods:
            return None
        changed["p"] = draw.choice(periods).quarter.words
    first, second = text.format(**given), text.format(**changed)
    return first[0].upper() + first[1:], second[0].upper() + second[1:], how


def of_farms(report, draw):
    farm = report.farm
    if farm is None or not farm.lines or not isinstance(farm.lines[-1].offences[-1], int):
        return None
    year = draw.randrange(len(farm.years))
    if not isinstance(farm.lines[-1].offences[year], int) or farm.lines[-1].offences[year] < 3:
        return None
    line = draw.choice(farm.lines[:-1])
    whole, part = farm.lines[-1].offences[year], line.offences[year]
    if not part or part == whole:
        return None
    tenths = (2000 * part + whole) // (2 * whole)
    text = "Of the {w:,} offences on farms in {y}, {n:,} were {name} ({s}%)."
    given = {"w": whole, "n": part, "y": farm.years[year].name, "s": f"{tenths // 10}.{tenths % 10}"}
    given["name"] = line.group.lower()
    changed = dict(given)
    how = draw.choice(("digit", "rounding", "period"))
    if how == "digit":
        which = draw.choice("wn")
        changed[which] = _wrong(given[which], draw)
    elif how == "rounding":
        changed["s"] = f"{tenths // 10}.{(tenths % 10 + 1) % 10}"
    else:
        changed["y"] = "2007-08"
    return text.format(**given), text.format(**changed), how


def of_position(report, draw):
    grouped = [each for each in report.priorities if each.group]
    if not grouped:
        return None
    result = draw.choice(grouped)
    period = draw.choice([each for each in result.group.periods if each.position])
    place, size = (int(re.match(r"\d+", each)[0]) for each in period.position.split(" of "))
    text = "For {name}, {area} came {n} out of {s} in its most similar group for {p}."
    given = {"n": _nth(place), "s": size, "p": period.period.name, "name": result.title.lower(), "area": report.area}
    changed = dict(given)
    how = draw.choice(("ordinal", "ordinal", "digit"))
    if how == "ordinal":
        changed["n"] = _nth(draw.choice([each for each in range(1, size + 1) if each != place]))
    else:
        changed["s"] = size + draw.choice((-1, 1, 2))
    return text.format(**given), text.format(**changed), how


def _nth(number):
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


TEMPLATES = (
    from_to, from_to, by_percent, by_percent, by_percent, more_or_fewer, in_words, of_priority, of_farms, of_position,
)  # fmt: skip
