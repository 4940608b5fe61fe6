"""``[[priorities]]``: what a partnership wants to fall or rise, against which year, and how it is judged."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta

from cdrp_xl import periods
from cdrp_xl.errors import quoted
from cdrp_xl.periods import Period
from cdrp_xl.terms import Direction
from cdrp_xl.toml_tables import Table, Text

ID = r"[a-z][a-z0-9-]{0,40}"
"""What an id of one's own looks like, of a priority or a row."""


class Measure(Table, frozen=True, kw_only=True):
    """``[priorities.measure]``: offence rows to add up, or a selection by locus, by a flag, or by both."""

    rows: tuple[Text, ...] = ()
    locus_types: tuple[Text, ...] = ()
    locus_subtypes: tuple[Text, ...] = ()
    flag: str = ""

    def __post_init__(self) -> None:
        if not (self.rows or self.is_by_locus):
            raise ValueError("name rows to count, or locus_types and locus_subtypes, or a flag")

    @property
    def is_by_locus(self) -> bool:
        """Whether the measure is a selection by locus or flag, which only a row-level extract can count."""
        return bool(self.locus_types or self.locus_subtypes or self.flag)


class Baseline(Table, frozen=True, kw_only=True):
    """``[priorities.baseline]``: the pinned year, and its quarterly figures where they are given and not counted."""

    year: Period
    quarters: tuple[Annotated[int, Meta(ge=0)], ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if not self.year.is_financial_year:
            raise ValueError(f'{self.year.name} is not a financial year such as "2009-10"')
        if self.quarters and (len(self.quarters) != len(periods.quarters_of(self.year)) or not self.source):
            raise ValueError("give four quarters, first to fourth, and say in `source` where they are from")


class RagRule(Table, frozen=True, kw_only=True):
    """``[priorities.rag]``: by which rule the priority is judged better or worse."""

    rule: Literal["usual movement", "exact test", "tolerance", "any fall"] = "usual movement"
    tolerance_per_cent: Annotated[float, Meta(ge=0, le=100)] = 0.0


class Priority(Table, frozen=True, kw_only=True):
    """``[[priorities]]``: one priority of the partnership."""

    id: str
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    objective: Text
    measure: Measure
    baseline: Baseline
    deadline: Period
    direction: Direction = Direction.REDUCE
    rag: RagRule = RagRule()
    rate_per: Literal["people", "households"] = "people"

    def __post_init__(self) -> None:
        if not re.fullmatch(ID, self.id):
            raise ValueError(f"the id {quoted(self.id)} must be lower-case letters, digits and hyphens, at most 41")
