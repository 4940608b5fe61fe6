"""The Home Office's list of notifiable offences: each with its code, its words, its Act, and what it is counted as."""

from __future__ import annotations

import csv
import functools
import importlib.resources
import io
from typing import NamedTuple

NEWEST = "notifiable-offences-2026.csv"
HEADINGS = ("Home Office code", "Counted as", "Offence", "Act")


class NotifiableOffence(NamedTuple):
    """One line of the list.

    Attributes
    ----------
    code
        The Home Office code, as "028/03".
    counted_as
        The code of the classification that the list belongs to, as "28I".
    words
        The offence in the list's words.
    act
        The Act and its section.
    """

    code: str
    counted_as: str
    words: str
    act: str


@functools.cache
def read(name: str) -> tuple[NotifiableOffence, ...]:
    """Return the lines of a list by its file's name."""
    file = importlib.resources.files("cdrp_xl").joinpath("classifications", name)
    rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))
    next(rows)
    return tuple(NotifiableOffence(*row) for row in rows)
