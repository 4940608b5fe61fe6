"""Offence codes as forces write them: the Home Office's own ("028/03", "28/3", "02803") and categories' ("28E")."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from cdrp_xl.offences.classification import normal_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cdrp_xl.offences.classification import Classification
    from cdrp_xl.offences.notifiable import NotifiableOffence

Codes: TypeAlias = frozenset[str]

_HOME_OFFICE_CODE = re.compile(r"0*(\d{1,3})\s?[/.\-]\s?(\d{1,2})")
_WITHOUT_A_STROKE = re.compile(r"(\d{2,3})(\d{2})")  # a worksheet makes 2803 of "02803"
_OF_THREE_FIGURES = re.compile(r"(\d)(\d{2})")  # and 803 of "00803", but 802 is a category
_LOST_A_NOUGHT = re.compile(r"\d{1,3}\.[1-9]")  # a worksheet makes 8.3 of "8.30" too
_WHOLE_NUMBER = re.compile(r"(\d{1,3})\.0")  # and 104.0 of "104"
_STROKE_BEFORE_A_LETTER = re.compile(r"(\d{1,3})\s?[/.\-]\s?([A-Z])")
_NUMBER = re.compile(r"0*(\d+)")


class KnownCodes:
    """Looks up which codes of a classification a written code can stand for: none, one, or several.

    Parameters
    ----------
    classification
        Whose codes are given.
    listed
        The notifiable offences, each counted as a code of the newest classification.
    """

    def __init__(self, classification: Classification, listed: Iterable[NotifiableOffence]) -> None:
        self._known = classification.descriptions
        numbered: defaultdict[str, set[str]] = defaultdict(set)
        for code in self._known:
            if number := _number(code):
                numbered[number].add(code)
        self._numbered = {number: frozenset(codes) for number, codes in numbered.items()}
        self._listed: defaultdict[str, set[str]] = defaultdict(set)
        for offence, codes in self.counting(listed, by=lambda offence: offence.code):
            self._listed[offence.code].update(codes)

    def counting(
        self, listed: Iterable[NotifiableOffence], *, by: Callable[[NotifiableOffence], str]
    ) -> Iterator[tuple[NotifiableOffence, Codes]]:
        """Yield each offence with the codes that it counts as here.

        An older classification lacks some of the codes. Such an offence counts there as any of those that its code's
        number is divided into, unless an offence with that number is alike in the same respect and is known.
        """
        offences = list(listed)
        here = {(by(offence), _number(offence.counted_as)) for offence in offences if offence.counted_as in self._known}
        for offence in offences:
            number = _number(offence.counted_as)
            if offence.counted_as in self._known:
                yield offence, frozenset({offence.counted_as})
            elif (by(offence), number) not in here and len(divided := self._numbered.get(number, frozenset())) > 1:
                yield offence, divided

    def find(self, text: str) -> Codes:
        """Return what a code can stand for; one without its last letter, as "105" or "28", is any that begins so."""
        code = text.strip().upper()
        found = _HOME_OFFICE_CODE.fullmatch(code) or _WITHOUT_A_STROKE.fullmatch(code)
        if found and (codes := self._of_home_office(found[1], found[2], code)):
            return codes
        for pattern in (_WHOLE_NUMBER, _STROKE_BEFORE_A_LETTER):
            if parts := pattern.fullmatch(code):
                code = "".join(parts.groups())
        for each in (code, normal_code(code), normal_code(code.replace(" ", ""))):
            if each in self._known:
                return frozenset({each})
        found = _OF_THREE_FIGURES.fullmatch(code)
        number = normal_code(code)
        if number in self._numbered or not found:
            return self._numbered.get(number, frozenset())
        return self._of_home_office(found[1], found[2], code)

    def _of_home_office(self, number: str, part: str, code: str) -> Codes:
        """Return the codes that a Home Office code can be, one of them where a worksheet has dropped a zero."""
        is_short = _LOST_A_NOUGHT.fullmatch(code) and code not in self._known
        parts = {f"{int(part):02}", *([f"{part}0"] if is_short else [])}
        return frozenset[str]().union(*(self._listed.get(f"{int(number):03}/{each}", ()) for each in parts))

    def of_number(self, text: str) -> Codes:
        """Return all codes with the number of a Home Office code that is not listed: of burglary for "028/99"."""
        found = _HOME_OFFICE_CODE.match(text.strip())
        return self._numbered.get(str(int(found[1])), frozenset()) if found else frozenset()


def _number(code: str) -> str:
    found = _NUMBER.match(code)
    return found[1] if found else ""
