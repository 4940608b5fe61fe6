"""What each offence of an extract is counted under, by which rule, and what to write where nothing says so."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.folding import fold
from cdrp_xl.offences import loading, notifiable, words
from cdrp_xl.offences.codes import KnownCodes
from cdrp_xl.offences.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from cdrp_xl.offences.classification import Classification, Row
    from cdrp_xl.offences.codes import Codes

NOT_COUNTED = "not counted"
"""What is written in the settings for what is no notifiable offence, such as an incident."""

CONTRADICTION = "Its code and its words, or its two columns, mean different offences."

LONGEST_TEXT = 500
"""The longest text read as an offence, in characters: the longest of the Home Office has 363."""

LEAST_ALIKE = 60
"""How alike, from 0 to 100, known words have to be to an offence's before they are suggested."""

_SHOWN = 60

_CODE_FIRST = re.compile(
    r"(NFIB ?\d+[A-Z]?|\d{1,3} ?[/.\-] ?\d{1,2}|\d{1,3}/[A-Z](?!\w)|\d{4,5}|\d{1,3}[A-Z]?)"
    r"(?:\s*[:,(\-\u2013]\s*|\s+)(.*\w.*)",
    re.IGNORECASE,
)
_CODE_LAST = re.compile(r"[\s,:(\[\-\u2013]+(\d{1,3}/\d{1,2})[)\]]?$")
_CLASS, _SUB_CLASS = re.compile(r"\d{1,3}"), re.compile(r"\d{1,2}")
_IS_ANY_NUMBER = re.compile(r"\d{1,4}")  # with words that are not known: an age, or how many were taken
_ATTEMPT_FIRST = re.compile(r"\W*(?:attempted|attempt|attd|att)\b\W*(.+)", re.IGNORECASE)
_ATTEMPT_LAST = re.compile(r"(.+?)\W+(?:attempted|attempt|attd|att)\W*", re.IGNORECASE)


class Rule(StrEnum):
    """How it was found what an offence is counted under."""

    SETTINGS = "As the settings say"
    CODE = "Its code"
    CODE_AND_WORDS = "Its code and its words"
    WORDS = "Its words"
    WORDS_AND_ACT = "Its words and its Act"
    ATTEMPT = "Its words, an attempt counted as the offence"
    SHORT_WORDS = "Its shortened words"
    BEGINNING = "The beginning of its words"
    ROW = "The name of a row"


class Written(NamedTuple):
    """An offence as an extract writes it.

    Attributes
    ----------
    text
        The offence: a code, words, or both.
    beside
        What a second column says of it, empty where there is none.
    rows
        In how many rows it is written so. Unit: rows.
    """

    text: str
    beside: str = ""
    rows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an offence, as an extract writes it, is counted under.

    Attributes
    ----------
    written
        The offence as the extract has it.
    code
        The code of the classification that it is counted as, None where it is not counted.
    row
        The narrowest row that it is counted in, None where it is not counted.
    rule
        How that was found, None where nothing was.
    could_be
        The codes that it can stand for.
    undecided
        Rows that it may belong to and is not counted in, since nothing says to which.
    is_left_out
        Whether the settings say that it is not counted.
    suggested
        The name of the row that it probably belongs to, empty where nothing is near.
    is_incident
        Whether its words are those of an incident, so that what is suggested counts no offence.
    remark
        What keeps it from being counted, where there is more to say than that it is unknown or left out.
    """

    written: Written
    code: str | None = None
    row: Row | None = None
    rule: Rule | None = None
    could_be: tuple[str, ...] = ()
    undecided: tuple[Row, ...] = ()
    is_left_out: bool = False
    suggested: str = ""
    is_incident: bool = False
    remark: str = ""

    @property
    def text(self) -> str:
        """The offence as it is written, in one column or two that differ."""
        text, beside = self.written.text, self.written.beside
        return text if fold(text) == fold(beside) else f"{text} {beside}".strip()

    @property
    def is_ambiguous(self) -> bool:
        """Whether it can stand for several codes, so that it is counted in the narrowest row that holds them all."""
        return self.code is not None and len(self.could_be) > 1

    @property
    def is_unknown(self) -> bool:
        """Whether somebody has to say what it is counted under."""
        return self.code is None and not self.is_left_out


class OffenceReader:
    """Reads offences as forces write them, by what a classification knows and what a partnership's settings say.

    Parameters
    ----------
    classification
        The classification under which offences are counted.
    own
        What the partnership's own words mean: a code, an offence's words, a row's name or id, or "not counted". Rows of
        incidents are known as far as they are named here.
    not_counted
        Texts that are not counted, such as those of incidents.
    """

    def __init__(
        self, classification: Classification, *, own: Mapping[str, str] | None = None, not_counted: Collection[str] = ()
    ) -> None:
        self._classification = loading.with_incidents(classification, (own or {}).values())
        self._listed = notifiable.read(classification.listed_in or notifiable.NEWEST)
        self._codes = KnownCodes(classification, self._listed)
        self._own = {fold(text): meant for text, meant in (own or {}).items()}
        self._own |= {fold(text): NOT_COUNTED for text in not_counted}
        self._code_of: dict[Codes, str | None] = {}

    @functools.cached_property
    def _words(self) -> Vocabulary:
        """The words for offences, put in order only where an extract writes words."""
        return Vocabulary(self._classification, self._listed, self._codes)

    def read_all(self, offences: Iterable[Written]) -> tuple[Reading, ...]:
        """Return what each offence is counted under, in the given order; what is unknown has a suggestion."""
        return tuple(self.read(written) for written in offences)

    def read(self, written: Written) -> Reading:
        """Return what one offence is counted under."""
        for text in (f"{written.text} {written.beside}", written.text):
            if (meant := self._own.get(fold(text))) is not None:
                return self._as_the_settings_say(written, meant)
        if len(written.text) > LONGEST_TEXT:
            remark = f"It has {len(written.text):,} characters: see whether this is the right column."
            return Reading(written=written, remark=remark)
        if (both := _code_of_both(written)) and (codes := self._codes.find(both)):
            return self._counted(written, codes, Rule.CODE)
        found = self._found(written.text)
        if written.beside and len(written.beside) <= LONGEST_TEXT:
            found = self._together(found, self._found(written.beside))
        return self._counted(written, *found)

    def _as_the_settings_say(self, written: Written, meant: str) -> Reading:
        if fold(meant) == NOT_COUNTED:
            why = words.why_in_no_row(written.text)
            return Reading(written=written, is_left_out=True, rule=Rule.SETTINGS, remark=why)
        row = next((row for row in self._classification.rows if row.row_id == meant), None)
        codes = row.codes if row else self._found(meant)[0]
        if codes and self._code_for(codes):
            return self._counted(written, codes, Rule.SETTINGS)
        remark = (
            f'"{meant}", which the settings say for it, is not an offence, code or row of {self._classification.title}.'
        )
        return Reading(written=written, remark=remark, suggested=self._suggested(meant, codes))

    def _found(self, text: str) -> tuple[Codes, Rule | None]:
        """Return what a text can stand for, and by which rule: a code, words, or a code with words."""
        text = " ".join(text.split())
        if codes := self._codes.find(text):
            return codes, Rule.CODE
        for code, rest in _split(text):
            if codes := self._codes.find(code):
                meant = self._by_words(rest)
                if meant[0] or not _IS_ANY_NUMBER.fullmatch(code):
                    return self._together((codes, Rule.CODE), meant)
        return self._by_words(text)

    def _by_words(self, text: str) -> tuple[Codes, Rule | None]:
        """Return what words can stand for: exact first, then with an Act, an attempt, cut short, cut off."""
        if codes := self._words.exact(text):
            is_row = any(codes == row.codes for row in self._classification.rows)
            return codes, Rule.ROW if is_row and len(codes) > 1 else Rule.WORDS
        looked_up = (
            (self._words.with_act, Rule.WORDS_AND_ACT),
            (self._words.beginning, Rule.BEGINNING),
            (self._words.same_words, Rule.WORDS),
            (self._attempted, Rule.ATTEMPT),
        )
        for look_up, rule in looked_up:
            if codes := look_up(text):
                return codes, rule
        codes, goes_on = self._words.short_words(text)
        return codes, (Rule.BEGINNING if goes_on else Rule.SHORT_WORDS) if codes else None

    def _attempted(self, text: str) -> Codes:
        """Return what an attempt counts as: the offence attempted. Attempts to kill count elsewhere."""
        found = _ATTEMPT_FIRST.fullmatch(text) or _ATTEMPT_LAST.fullmatch(text)
        if found is None:
            return frozenset()
        rest = found[1]
        codes = self._words.exact(rest) or self._words.with_act(rest) or self._words.same_words(rest)
        killing = self._words.exact("murder") | self._words.exact("homicide")
        return frozenset() if codes & killing else codes

    def _together(self, one: tuple[Codes, Rule | None], other: tuple[Codes, Rule | None]) -> tuple[Codes, Rule | None]:
        """Return what two statements on one offence leave; codes without a rule where they contradict each other.

        What was only guessed from short or cut words decides nothing beside a code or whole words, unless these name a
        group and it is in there. It is heard, though: where it means another offence, nobody knows which is right.
        """
        said = [each for each in (one, other) if each[0]]
        if len(said) < len((one, other)):
            return said[0] if said else one
        if None in (one[1], other[1]) or self._are_different(one[0], other[0]):
            return one[0], None
        guessed = [each for each in said if each[1] in (Rule.SHORT_WORDS, Rule.BEGINNING)]
        certain = [each for each in said if each not in guessed]
        if guessed and certain:
            is_in_group = certain[0][1] is Rule.ROW and guessed[0][0] < certain[0][0]
            return guessed[0] if is_in_group else certain[0]
        if certain and (both := one[0] & other[0]):
            return both, Rule.CODE_AND_WORDS if both != one[0] else one[1]
        return min(said, key=lambda found: self._width(found[0]))

    def _are_different(self, one: Codes, other: Codes) -> bool:
        """Return whether codes share none, and those of neither are in the narrowest row that holds the others."""
        narrow, wide = sorted((one, other), key=self._width)
        row = self._classification.narrowest(wide)
        return not one & other and not (row and row.codes >= narrow)

    def _width(self, codes: Codes) -> int:
        row = self._classification.narrowest(codes)
        return len(row.codes) if row else len(self._classification.descriptions)

    def _counted(self, written: Written, codes: Codes, rule: Rule | None) -> Reading:
        could_be = tuple(code for code in self._classification.descriptions if code in codes)
        code, remark = self._code_for(codes) if codes else None, ""
        row = self._classification.narrowest({code}) if code else None
        is_torn = row is not None and not row.is_leaf and len(codes) > 1 and codes != row.codes
        if codes and rule is None:
            code, remark = None, CONTRADICTION
        elif rule is Rule.BEGINNING and is_torn:
            code, remark = None, "It is cut short, and could be several offences."
        elif rule is Rule.SHORT_WORDS and is_torn:
            code, remark = None, "Its short words could be several offences."
        if code is None or row is None:
            if not codes and words.is_said_of_totals(written.text):
                remark = "It is a total of other rows."
            remark = remark or words.why_in_no_row(written.text)
            incident = "" if codes else self._incident(written)
            return Reading(
                written=written,
                could_be=could_be,
                suggested=incident or self._suggested(written.text, codes),
                is_incident=bool(incident),
                remark=remark,
            )
        return Reading(
            written=written, code=code, row=row, rule=rule, could_be=could_be, undecided=self._torn(codes, code)
        )

    def _code_for(self, codes: Codes) -> str | None:
        if codes not in self._code_of:
            self._code_of[codes] = self._best_code(codes)
        return self._code_of[codes]

    def _best_code(self, codes: Codes) -> str | None:
        """Return the code to count as: a row's own, or one of the codes, that is in no row but those that hold all.

        One of the codes will do for the others only in a row without parts.
        """
        if len(codes) == 1:
            return next(iter(codes))
        classification = self._classification
        holding = {row.row_id for row in classification.rows_holding(codes)}
        narrowest = classification.narrowest(codes)
        able = [row.own_code for row in classification.rows if row.own_code and row.row_id in holding]
        if narrowest and narrowest.is_leaf:
            able += [code for code in classification.descriptions if code in codes]
        counting = {code: {row.row_id for row in classification.rows_holding({code})} for code in able}
        fitting = (code for code in able if counting[code] <= holding)
        return max(fitting, key=lambda code: len(counting[code]), default=None)

    def _torn(self, codes: Codes, code: str) -> tuple[Row, ...]:
        """Return the rows that some of the codes are in, and the code that it is counted as is not."""
        if len(codes) == 1:
            return ()
        rows = (row for row in self._classification.rows if not row.is_remainder)
        return tuple(row for row in rows if row.codes & codes and code not in row.codes)

    def _incident(self, written: Written) -> str:
        """Return what an incident is counted under, or that it is not counted; empty for what may be an offence."""
        meant = words.meant_by_incident(f"{written.text} {written.beside}")
        known = loading.with_incidents(self._classification, [meant])
        return meant if meant == NOT_COUNTED or known.rows_named(meant) else NOT_COUNTED if meant else ""

    def _suggested(self, text: str, codes: Codes) -> str:
        """Return the row that a text probably means: the narrowest of what it can stand for, else of words like it."""
        if words.is_said_of_totals(text) or words.why_in_no_row(text):
            return NOT_COUNTED
        if not codes:
            codes = self._codes.of_number(text) or self._words.most_alike(text, at_least=LEAST_ALIKE)
        row = self._classification.narrowest(codes) if codes else None
        says_something = row and 2 * len(row.codes) < len(self._classification.descriptions)
        return row.name if row and says_something and self._code_for(row.codes) else ""


def to_paste(readings: Iterable[Reading]) -> str:
    """Return the lines of TOML that say what unknown offences mean, those of most rows first, to be looked over."""
    unknown = sorted(
        (each for each in readings if each.is_unknown), key=lambda each: (-each.written.rows, each.written)
    )
    return "\n".join(f"{_setting(each)}  # {_why(each)}" for each in unknown)


def _setting(reading: Reading) -> str:
    if len(reading.written.text) > LONGEST_TEXT:
        return f"# {_toml(reading.text[:_SHOWN])} …"
    return f"{_toml(reading.text)} = {_toml(reading.suggested or NOT_COUNTED)}"


def _why(reading: Reading) -> str:
    rows = f"{reading.written.rows:,} row{'' if reading.written.rows == 1 else 's'}"
    is_sure = "a suggestion" if reading.suggested else "nothing is near: write an offence or a row, or leave it out"
    return " ".join(f"{rows}; {is_sure}. {reading.remark}".split())


def _toml(text: str) -> str:
    escaped = "".join(
        char if char.isprintable() else f"\\u{ord(char):04x}" for char in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'


def _code_of_both(written: Written) -> str:
    """Return the code of which one column has the class and the other the sub class ("028" and "03"), "" of others."""
    return f"{written.text}/{written.beside}" if are_class_and_sub_class(written.text, written.beside) else ""


def are_class_and_sub_class(one: str, other: str) -> bool:
    """Return whether two texts are the class and the sub class of a Home Office code, as "028" and "03"."""
    return bool(_CLASS.fullmatch(one) and _SUB_CLASS.fullmatch(other))


def _split(text: str) -> Iterable[tuple[str, str]]:
    """Return the code and the words of a text that has both, as it can be divided."""
    if first := _CODE_FIRST.fullmatch(text.strip()):
        yield first[1], first[2]
    if (last := _CODE_LAST.search(text.strip())) and re.search(r"\w", words := text.strip()[: last.start()]):
        yield last[1], words
