"""The words of the report, kept as data."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from typing import Any

from cdrp_xl.measures.comparison import printed_change
from cdrp_xl.terms import NO_CALC


def say(section: str, key: str, **values: object) -> str:
    """Return a sentence of ``wording/report.toml`` with its names filled in."""
    text: str = _words()[section][key]
    return text.format(**values)


def in_offences(offences: int) -> str:
    """Return a count of offences with its noun: ``1 offence``, ``1,200 offences``."""
    return "1 offence" if offences == 1 else f"{offences:,} offences"


def in_brackets(earlier: int, later: int) -> str:
    """Return the apparent change as a sentence gives it: `` (+ 3.4%)``; empty where no percentage is worked out."""
    printed = printed_change(earlier, later)
    return "" if printed == NO_CALC else f" ({printed})"


def within(words: str) -> str:
    """Return words that begin a sentence as they are written within one."""
    return words[0].lower() + words[1:]


def note_texts(note: str) -> dict[str, str]:
    """Return the forms of a note, by what they are for; ``any`` is for all."""
    forms: dict[str, str] = _words()["note"][note]
    return forms


@functools.cache
def _words() -> dict[str, Any]:
    file = importlib.resources.files("cdrp_xl").joinpath("wording", "report.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
