"""Numbers as people write them: in digits and in words, as shares, multiples, fractions and positions.

text2num and number-parser were looked at: neither gives the place of a number in a sentence, and neither knows
"twice", "halved", "none" or "one in five", which are what a checker needs most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = {word: number for number, word in enumerate(_SMALL)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_ORDINALS = {
    "first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine",
    "twelfth": "twelve",
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "twelfth": 12, "twentieth": 20,
}  # fmt: skip
_TIMES = {
    "twice": 2.0, "doubled": 2.0, "double": 2.0, "doubling": 2.0, "trebled": 3.0, "tripled": 3.0, "quadrupled": 4.0,
    "halved": 2.0, "halving": 2.0,
}  # fmt: skip

_TENS_AND_UNIT = rf"(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_SMALL[1:10])}))?"
_BELOW_100 = rf"(?:{_TENS_AND_UNIT}|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_SCALE = rf"(?:{'|'.join(_SCALES)})"
NUMBER_WORDS = (
    rf"(?:(?:an? |{_BELOW_100}[\s-]+){_SCALE}\b(?:(?:,?\s+and\s+|,?[\s-]+){_BELOW_100}(?:[\s-]+{_SCALE}\b)?)*|"
    rf"{_BELOW_100})(?![a-z])"
)
_ORDINAL_WORD = "|".join([*_ORDINALS, "fourth", "sixth", "seventh", "tenth", "eleventh"]) + "|thirteenth|fourteenth"
_ORDINAL_WORD += "|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
_PART_WORD = "|".join(_PARTS)
_BEFORE_PART = "|".join(
    rf"(?<=\b{word} )"
    for word in (
        *(
            "by",
            "than",
            "nearly",
            "almost",
            "about",
            "around",
            "over",
            "under",
            "roughly",
            "approximately",
            "up",
            "down",
        ),
        *(f"{noun} of" for noun in ("rise", "increase", "fall", "drop", "reduction", "decrease", "decline")),
    )
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_VALUE = rf"(?:{_DIGITS}|{NUMBER_WORDS})"
_SIGN = r"(?:(?<![\w)])[-+\u2212\u2013]|(?<![\w)])(?<![\w)] )[-+\u2212\u2013]\s)?"


class Kind(StrEnum):
    """What a number says by its form."""

    COUNT = "count"
    PERCENT = "per cent"
    POINTS = "percentage points"
    TIMES = "times"
    PART = "fraction"
    POSITION = "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in a text: a share is in per cent, a multiple in times, a fraction is its value.

    `sign` is as written, empty where there is none; `decimals` are those written.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: float
    decimals: int = 0
    sign: str = ""


_FORMS = (
    (
        Kind.PART,
        re.compile(
            rf"\b(?P<top>{_VALUE})(?: (?:_+|farm|recorded|offences?|crimes?|burglar(?:y|ies)|thefts?|victims?)){{0,3}}"
            rf" (?:in|out of) (?:every )?(?P<bottom>{_BELOW_100}|\d+)\b(?: or (?:{_BELOW_100}|\d+)\b)?"
            rf"(?! (?:cases|months|years|quarters|January|February|March|April|May|June|July|August|September|"
            rf"October|November|December))",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.POINTS,
        re.compile(rf"(?P<sign>{_SIGN})(?P<value>{_VALUE})[\s-](?:percentage[\s-])?points?\b", re.IGNORECASE),
    ),
    (Kind.PERCENT, re.compile(rf"(?P<sign>{_SIGN})(?P<value>{_VALUE})(?:\s?%|[\s-]per\s?cents?\b)", re.IGNORECASE)),
    (
        Kind.TIMES,
        re.compile(
            rf"\b(?P<value>{_VALUE})(?:[\s-]times(?= (?:as|the|more|higher|larger|lower|greater|"
            rf"what|that|its|their|those)\b)|[\s-]?fold\b)",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.PART,
        re.compile(
            rf"\b(?<!\blast )(?<!\bpast )(?<!\bthe )(?P<top2>one|two|three|four|five|seven|nine)[\s-]"
            rf"(?P<part2>(?:{_PART_WORD})(?<!quarter)|quarter(?=s?[ -]of(?! the (?:financial )?year)|s$|s?[,.;]))s?\b"
            rf"(?! quarter)|"
            rf"(?:{_BEFORE_PART})(?P<top3>three)[\s-](?P<part4>quarter)s\b|"
            rf"\ban? (?P<part>{_PART_WORD})\b(?= (?:of|as|the|more|fewer|less|higher|lower|up|down|on|to|"
            rf"since|from|compared|against)\b)|"
            rf"(?:{_BEFORE_PART})an? (?P<part3>{_PART_WORD})\b(?! (?:quarter|month|year|time|consecutive|highest|"
            rf"lowest))|\bhalf\b",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.POSITION,
        re.compile(
            rf"\b(?P<value>\d+)(?:st|nd|rd|th)\b|\b(?P<word>(?:{'|'.join(_TENS)})-(?:{_ORDINAL_WORD})|{_ORDINAL_WORD})"
            rf"\b(?!\s+(?:quarter|half of|time))",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.COUNT,
        re.compile(
            rf"(?:(?<![\w).,/-])(?P<sign>[-+\u2212]|(?<![\w)] )[-+\u2212]\s)|(?<![\w.,/-]))"
            rf"(?P<value>{_VALUE})(?![\w/]|[.,]\d|-\w)",
            re.IGNORECASE,
        ),
    ),
    (Kind.TIMES, re.compile(rf"\b(?P<multiple>{'|'.join(_TIMES)})\b", re.IGNORECASE)),
    (Kind.COUNT, re.compile(r"\b(?P<none>no|none|nil|neither)\b", re.IGNORECASE)),
)


def numbers_in(text: str) -> tuple[Number, ...]:
    """Return every number of a text, in order; what was read once is not read again.

    Parameters
    ----------
    text
        A sentence; what is not a figure in it (dates, telephone numbers) is blanked out before.

    Examples
    --------
    >>> [(each.kind.value, each.value) for each in numbers_in("A fall of 41.3%, from one hundred and four to 61")]
    [('per cent', 41.3), ('count', 104), ('count', 61.0)]
    """
    left, found = text, []
    for kind, form in _FORMS:
        for match in form.finditer(left):
            number = _number(kind, match, text)
            if number:
                found.append(number)
                left = f"{left[: match.start()]}{' ' * len(match[0])}{left[match.end() :]}"
    return tuple(sorted(found, key=lambda each: each.start))


def in_words(words: str) -> int | None:
    """Return a number that is written in words, None where the words are not a number.

    Examples
    --------
    >>> in_words("one thousand three hundred and twenty-one"), in_words("twenty-first"), in_words("some")
    (1321, 21, None)
    """
    total = part = 0
    for word in re.split(r"[\s,-]+", re.sub(r"^an? ", "one ", words.casefold())):
        plain = _ORDINALS.get(word, word.removesuffix("th") if word not in _UNITS else word)
        plain = plain[:-2] + "y" if plain.endswith("ie") else plain
        if plain in _UNITS:
            part += _UNITS[plain]
        elif plain == "hundred":
            part = (part or 1) * _SCALES[plain]
        elif plain in _SCALES:
            total, part = total + (part or 1) * _SCALES[plain], 0
        elif plain != "and":
            return None
    return total + part


def value_of(text: str) -> float | None:
    """Return a number in digits or words."""
    digits = text.replace(",", "")
    return float(digits) if digits.replace(".", "", 1).isdigit() else in_words(text)


def _number(kind: Kind, match: re.Match[str], text: str) -> Number | None:
    given = {name: said for name, said in match.groupdict().items() if said}
    value = _value(given, match[0])
    if value is None:
        return None
    sign = given.get("sign", "").strip().replace("\u2212", "-").replace("\u2013", "-")
    written = given.get("value", "")
    decimals = len(written.partition(".")[2]) if written[:1].isdigit() else 0
    start, end = match.span()
    return Number(start=start, end=end, text=text[start:end], kind=kind, value=value, decimals=decimals, sign=sign)


def _value(given: dict[str, str], whole: str) -> float | None:
    if "none" in given:
        return 0
    if "multiple" in given:
        return _TIMES[given["multiple"].casefold()]
    if "bottom" in given:
        top, bottom = value_of(given["top"]), value_of(given["bottom"])
        return top / bottom if top and bottom and top < bottom else None
    said = [given[name] for name in ("part", "part2", "part3", "part4") if name in given]
    if part := next(iter(said), whole if whole.casefold() == "half" else ""):
        top = value_of(given.get("top2") or given.get("top3") or "one") or 1
        return top / _PARTS[part.casefold()] if top < _PARTS[part.casefold()] else None
    return value_of(given.get("value") or given["word"])
