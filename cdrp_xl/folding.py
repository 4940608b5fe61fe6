"""Names and words in one form, so that capitals and white space of every kind make no difference: once, for all.

`fold` does it in Python and `folded` says it in SQL, of the same signs: what the two give is the same.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = r"\t-\r\x{001C}-\x{0020}\x{0085}\x{00A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"
"""White space as Unicode has it, and the four separators that Python takes for it."""

_UNSEEN = (
    r"\x{00AD}\x{034F}\x{061C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{2066}-\x{206F}\x{FEFF}"
)
"""Signs without a width, which programs and web pages leave behind; they part no words."""


def _class_of(signs: str) -> str:
    """Return a class of signs as Python's regular expressions have it."""
    return f"[{re.sub(r'.x[{]([0-9A-F]{4})[}]', lambda sign: chr(92) + 'u' + sign[1], signs)}]"


_IS_SPACE = re.compile(f"{_class_of(_SPACES)}+")
_IS_UNSEEN = re.compile(_class_of(_UNSEEN))


def spaced(text: str) -> str:
    r"""Return a text with one space between its words, and none around them; signs without a width are gone.

    Examples
    --------
    >>> spaced(" South\u00a0 Cambridgeshire\u200b")
    'South Cambridgeshire'
    """
    return _IS_SPACE.sub(" ", text if text.isascii() else _IS_UNSEEN.sub("", text)).strip(" ")


def fold(text: str) -> str:
    r"""Return a text in small letters, spaced; an accent is one with its letter, however it was typed.

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
    one_space = f"trim(regexp_replace(regexp_replace({text}, '[{_UNSEEN}]', '', 'g'), '[{_SPACES}]+', ' ', 'g'))"
    return f"CASE WHEN regexp_matches({text}, '[^!-~ ]|^ | $|  ') THEN {one_space} ELSE {text} END"


def fold_sql(text: str) -> str:
    """Return the SQL of `fold`."""
    return spaced_sql(f"lower(nfc_normalize({text}))")


def _small(letter: str) -> str:
    """Return a letter's small one; where Python makes two of one (capital I with a dot), DuckDB leaves out the dot."""
    return "i" if letter == "\u0130" else letter.lower()
