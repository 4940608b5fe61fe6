"""Names and words in one form, so that capitals and white space of every kind make no difference: once, for all.

`fold` does it in Python and `folded` says it in SQL, of the same signs: what the two give is the same.
"""

from __future__ import annotations

import re
import unicodedata


def _signs(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


_SPACES = _signs(
    *((0x09, 0x0D), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)),
    *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
"""White space as Unicode has it, and the four separators that Python takes for it."""

_UNSEEN = _signs(
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E)),
    *((0x2060, 0x2064), (0x2066, 0x206F), (0xFEFF, 0xFEFF)),
)
"""Signs without a width, which programs and web pages leave behind; they part no words."""

_IS_SPACE = re.compile(f"[{_SPACES}]+")
_IS_UNSEEN = re.compile(f"[{_UNSEEN}]")


def spaced(text: str) -> str:
    r"""Return a text with one space between its words, and none around them; signs without a width are gone.

    Examples
    --------
    >>> spaced(" South\u00a0 Cambridgeshire\u200b")
    'South Cambridgeshire'
    """
    return _IS_SPACE.sub(" ", text if text.isascii() else _IS_UNSEEN.sub("", text)).strip(" ")


def fold(text: str) -> str:
    r"""Return a text in lower-case letters, spaced; an accent is one with its letter, however it was typed.

    Examples
    --------
    >>> fold("SOUTH\u2003Cambridgeshire ")
    'south cambridgeshire'
    """
    if text.isascii():
        return spaced(text.lower())
    return spaced("".join(map(_small, unicodedata.normalize("NFC", text))))


def spaced_sql(text: str) -> str:
    """Return the SQL of `spaced`; only texts that need it pay for the regular expressions."""
    # Not by classes of signs: an expression of those takes longer to compile, in every column, than to use.
    in_spaces = f"translate({text}, '{_SPACES}{_UNSEEN}', '{' ' * len(_SPACES)}')"
    one_space = f"trim(regexp_replace({in_spaces}, ' +', ' ', 'g'))"
    return f"CASE WHEN regexp_matches({text}, '[^!-~ ]|^ | $|  ') THEN {one_space} ELSE {text} END"


def fold_sql(text: str) -> str:
    """Return the SQL of `fold`."""
    return spaced_sql(f"lower(nfc_normalize({text}))")


def _small(letter: str) -> str:
    """Return a letter's small one; where Python makes two of one (capital I with a dot), DuckDB leaves out the dot."""
    return "i" if letter == "\u0130" else letter.lower()
