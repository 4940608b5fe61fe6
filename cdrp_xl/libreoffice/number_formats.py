"""Number format codes: Excel's spelling on the outside, LibreOffice's keys within."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cdrp_xl.libreoffice.office import from_uno, struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.addresses import Rectangle

GENERAL = "General"
BOOLEAN = "BOOLEAN"
DATE = "m/d/yyyy"
DATE_AND_TIME = "m/d/yyyy h:mm"
TIME = "h:mm:ss"
TEXT = "@"

# Bits of com.sun.star.util.NumberFormat.
_IS_DATE, _IS_TEXT, _IS_LOGICAL = 2, 256, 1024

_QUOTED_OR_LETTERS = re.compile(
    r'(?P<kept>"[^"]*"|\\.|_.|\*.|AM/PM|A/P|\[\$[^\]]*\]|General)|\[(?P<bracketed>[A-Za-z]+)\]|(?P<letters>[A-Za-z]+)'
)


class NumberFormats:
    """The number formats of one workbook, looked up once each.

    Parameters
    ----------
    document
        The UNO document.
    """

    def __init__(self, document: Any) -> None:
        self._formats = document.NumberFormats
        # A code of a country is saved with a mark of it, as [$-409]0.0%; one of LibreOffice's own language is not.
        speaks_english = document.CharLocale.Language == "en"
        language, country = ("", "") if speaks_english else ("en", "US")
        self._locale = struct("lang.Locale", Language=language, Country=country, Variant="")
        self._keys: dict[str, int] = {GENERAL: self._formats.getStandardIndex(self._locale)}
        self._kinds: dict[int, int] = {}
        self._codes: dict[int, str] = {}

    def key(self, code: str) -> int:
        """Return the key of a format code as Excel writes it."""
        if code not in self._keys:
            known = self._formats.queryKey(code, self._locale, False)
            self._keys[code] = known if known != -1 else self._formats.addNew(code, self._locale)
        return self._keys[code]

    def code(self, key: int) -> str:
        """Return a key's format code as Excel writes it."""
        if key not in self._codes:
            self._codes[key] = in_excels_spelling(self._formats.getByKey(key).FormatString)
        return self._codes[key]

    def is_general(self, key: int) -> bool:
        """Say whether a key stands for no format of its own; every locale has a key for that."""
        return self.code(key) == GENERAL and not self.is_logical(key)

    def is_date(self, key: int) -> bool:
        """Say whether Excel hands values of this format on as dates: a time of day alone stays a number."""
        return bool(self._kind(key) & _IS_DATE)

    def is_text(self, key: int) -> bool:
        """Say whether whatever is typed into a cell of this format stays text."""
        return bool(self._kind(key) & _IS_TEXT)

    def is_logical(self, key: int) -> bool:
        """Say whether LibreOffice shows numbers of this format as TRUE and FALSE."""
        return bool(self._kind(key) & _IS_LOGICAL)

    def _kind(self, key: int) -> int:
        if key not in self._kinds:
            self._kinds[key] = self._formats.getByKey(key).Type
        return self._kinds[key]


def in_excels_spelling(code: str) -> str:
    """Return LibreOffice's format code as Excel spells it.

    Examples
    --------
    >>> in_excels_spelling('DD MMM YYYY" at "HH:MM')
    'dd mmm yyyy" at "hh:mm'
    >>> in_excels_spelling("[RED]0.0%")
    '[Red]0.0%'
    """
    if code in {"Standard", BOOLEAN}:
        return GENERAL

    def spell(match: re.Match[str]) -> str:
        if match["kept"]:
            return match["kept"]
        word = match["bracketed"]
        if word:
            is_elapsed = set(word.upper()) <= set("HMS")
            return f"[{word.lower() if is_elapsed else word.capitalize()}]"
        letters = match["letters"]
        return letters if letters == "E" else letters.lower()

    return _QUOTED_OR_LETTERS.sub(spell, code)


def by_format(cells: Any) -> Iterator[tuple[int, Rectangle]]:
    """Yield the number format's key and the place of every block of equally formatted cells.

    A range's own NumberFormat is no short cut: for cells that differ it gives one of their formats, not nothing.
    """
    groups = cells.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        group = groups.getByIndex(index)
        key = group.NumberFormat
        for address in group.RangeAddresses:
            yield key, from_uno(address)
