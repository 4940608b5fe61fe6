"""What is wrong with a sentence: its words, why, the nearest true figure, and the sentence put right."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdrp_xl.prose.sentences import Own


class Fault(StrEnum):
    """In which way a sentence is wrong."""

    CONTRADICTION = "contradiction"
    NEAR_MISS = "near miss"
    PERIOD = "another period"
    AREA = "another area"
    NOT_IN_REPORT = "not in the report"
    WORDING = "wording"
    UNKNOWN_NAME = "unknown name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing in a text that the report's figures do not bear out.

    Attributes
    ----------
    sentence, words
        The sentence, and the words in it that are meant.
    why
        What is wrong, in one sentence.
    nearest
        The nearest true figure with its name and what it is; empty where the report has none.
    corrected
        The sentence put right, empty where that takes a person.
    section
        The section of the report that was being written about, empty for other texts.
    accepted
        Why the analyst accepts it, empty until they do.
    """

    sentence: str
    words: str
    why: str
    nearest: str
    corrected: str
    fault: Fault
    section: str = ""
    accepted: str = ""

    @property
    def mark(self) -> str:
        """The short name by which it is accepted: the same words in the same sentence keep it."""
        said = f"{self.section}\n{self.sentence}\n{self.words}\n{self.why}"
        return f"W-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in a text. `own` are numbers for the author to answer for: unknown to any report, or unread."""

    findings: tuple[Finding, ...]
    own: tuple[Own, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nobody has accepted."""
        return tuple(each for each in self.findings if not each.accepted)
