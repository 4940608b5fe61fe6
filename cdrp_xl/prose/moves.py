"""Directions in a sentence: what rose, fell or did not change, and which is the lowest or highest since when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from cdrp_xl.prose.numerals import NUMBER_WORDS


class Way(IntEnum):
    """Which way figures went, as the sign of the change."""

    DOWN = -1
    SAME = 0
    UP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Words that say which way figures went. `is_claim` is False for wishes, plans and questions."""

    start: int
    end: int
    text: str
    way: Way
    is_claim: bool
    is_negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """Words that say a figure is the lowest or highest: since a time, or of the last five periods, say."""

    start: int
    end: int
    text: str
    is_lowest: bool
    since: bool
    count: str = ""
    unit: str = ""


_OF_SETTING = "".join(rf"(?<!{word} )" for word in ("made", "make", "makes", "set", "end", "of"))


def _said(word: str) -> str:
    """Return how "up" or "down" says which way something went, and is no part of "set up" or "up to date"."""
    after_verb = "|".join(rf"(?<=\b{verb} ){word}" for verb in ("is", "are", "was", "were"))
    before_size = rf"{_OF_SETTING}{word}(?= (?:by|from|on|to|\d|a |almost|nearly|about|\(|{NUMBER_WORDS}))"
    return rf"{before_size}|{after_verb}|(?<=ly ){word}|(?:come|came|gone|went|moved) {word}"


_UP = (
    r"r[io]se[ns]?|rising|increase[ds]?|grew|grow(?:n|th|ing|s)?|climb(?:ed|s)?|(?<!the )higher(?! end| limit)|"
    rf"jump(?:ed|s)?|surge[ds]?|{_said('up')}|above(?= the \d)|(?<=\d )(?:above|higher)|"
    r"more(?= (?:_|than|offences|crimes|dwelling|burglaries))|upturn|(?<=\d )more"
)
_DOWN = (
    r"f[ae]ll(?:en|s|ing)?|decrease[ds]?|decline[ds]?|drop(?:ped|s)?|reduc(?:ed?|es|tions?)|eased|slipped|"
    rf"lower(?!ed| end| limit)|fewer|shrank|shrunk|dipped|{_said('down')}|below(?= the \d)|downturn|"
    r"less(?= than in)|(?<=\d )less"
)
_SAME = (
    r"unchanged|no change(?! or still)|(?:did|has|have) not changed?|didn't change|"
    r"(?<!by )(?<!by the )(?:the )?same (?:as|number|level|figure)|"
    r"(?:stayed|remained|was|were|is|are|held) (?:level|flat|steady|stable|static|constant)|as many(?= as)"
)
_MOVE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<same>{_SAME}))\b", re.IGNORECASE)
_WISH = re.compile(
    r"(?<!continue )(?<!continues )(?<!continued )\bto (?:\w+ly )?$|"
    r"\b(?:will|would|could|should|may|might|can|aims?|aimed|hopes?|target(?:s|ed)?|"
    r"if|whether|expect(?:s|ed)?|"
    r"further|help(?:s|ed)?|plans? for|risk of|requires?)\W+(?:\w+\W+){0,1}$",
    re.IGNORECASE,
)
_IN_SUCCESSION = re.compile(r"\b(?:consecutive|successive|straight) (?:quarterly |monthly |annual )?$", re.IGNORECASE)
_BACKGROUND = re.compile(r"\bhad been (?:\w+ly )?$", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:(?:all|most|many|every|some) (?:of the )?other|(?:the )?(?:rest|others|remainder|remaining))"
    r"(?: [\w-]+){0,2} "
    r"(?:have |has |had |were |was |all |also )*$",
    re.IGNORECASE,
)
_BY_HOW_MUCH = re.compile(rf"\b(?:{_DOWN}|{_UP}) (?:(?:by|rather|much|\w+ly) )*(?:more|less)$", re.IGNORECASE)
"""One change compared with another: "violence fell slightly more than crime as a whole"."""
_NO_CLAIMS = (_WISH, _IN_SUCCESSION, _BACKGROUND, _OF_OTHERS)
_ALMOST = re.compile(
    r"\b(?:almost|nearly|much|about|roughly|virtually|broadly|more or less|close to)\W+(?:the )?$", re.IGNORECASE
)
_NOT = re.compile(r"\b(?:not|no|never|n't|without(?: an?)?|neither)\W+(?:\w+\W+){0,1}$", re.IGNORECASE)
_HEDGED = re.compile(
    r"\b(?:r[io]se[ns]?|increased?|up) or (?:f[ae]ll(?:en)?|decreased?|down)\b|"
    r"\b(?:f[ae]ll(?:en)?|decreased?|down) or (?:r[io]se[ns]?|increased?|up)\b|\b(?:more|fewer|less) than usual\b|"
    rf"(?:more|fewer|less) than (?=\d|an? |half|twice|{NUMBER_WORDS}|doubl|halv|trebl|tripl|quadrupl)|"
    r"(?:no|any) (?:more|fewer|less) than|(?:more|less) than (?=offset|outweigh|made up|compensat|cancel)|"
    r"or (?:more|fewer|less)\b|\b(?:up|down) \w+ places?\b",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    r"\b(?:(?P<low>lowest|fewest|smallest|least)|(?P<high>highest|most|largest|worst|greatest))"
    r"(?: (?:quarterly|monthly|annual))?(?: (?:figure|level|count|number|total|quarter|month|year|result))?"
    r"(?: of [\w ]{3,40}?)?,? (?:(?P<since>since)|(?:in|for|of|over)(?: the)?(?: last| past)? "
    r"(?:(?:at least|more than|over) )?(?P<count>\w+|\d+) (?P<unit>quarters?|months?|years?))|"
    r"\b(?P<count2>\w+)-(?P<unit2>month|quarter|year) (?:(?P<low2>low)|high)\b",
    re.IGNORECASE,
)


def moves_in(text: str) -> tuple[Move, ...]:
    """Return every word of a sentence that says which way figures went, in order."""
    plain = _HEDGED.sub(lambda found: "~" * len(found[0]), text)
    return tuple(_move(found, text) for found in _MOVE.finditer(plain))


def _move(found: re.Match[str], text: str) -> Move:
    way = Way.UP if found["up"] else Way.DOWN if found["down"] else Way.SAME
    before = text[: found.start()]
    is_about = way is Way.SAME and _ALMOST.search(before) is not None
    is_negated = way is not Way.SAME and _NOT.search(before) is not None
    return Move(
        start=found.start(),
        end=found.end(),
        text=found[0],
        way=way,
        is_claim=not (is_about or _BY_HOW_MUCH.search(text, 0, found.end()))
        and not any(each.search(before) for each in _NO_CLAIMS),
        is_negated=is_negated,
    )


def extremes_in(text: str) -> tuple[Extreme, ...]:
    """Return every place where a sentence calls a figure the lowest or highest of a run of periods."""
    return tuple(
        Extreme(
            start=found.start(),
            end=found.end(),
            text=found[0],
            is_lowest=(found["low"] or found["low2"]) is not None,
            since=found["since"] is not None,
            count=found["count"] or found["count2"] or "",
            unit=(found["unit"] or found["unit2"] or "").casefold().removesuffix("s"),
        )
        for found in _EXTREME.finditer(text)
    )
