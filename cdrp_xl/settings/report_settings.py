"""``[report]``: which period is reported, and how the report is set out."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from cdrp_xl import colours
from cdrp_xl.errors import quoted
from cdrp_xl.periods import Period
from cdrp_xl.sources import publishers
from cdrp_xl.sources.publisher import ClassificationName, TableSource
from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    OfTable: TypeAlias = str
else:
    OfTable = Literal[tuple(publishers.kinds(TableSource))]


class ReportSettings(Table, frozen=True, kw_only=True):
    """``[report]``: which period is reported, by which definitions offences are counted, and how it is set out.

    `classification` is for every source that can be counted by several and names none of its own. The sections in
    `order` come first, by their ids; `titles`, `lead_officers` and where each is on the `agenda` are by them too.
    """

    quarter: Period | None = None
    classification: ClassificationName | None = None
    title: Text = "Performance report"
    date: dt.date | None = None
    compare: Literal["quarter", "year to date"] = "quarter"
    table_source: OfTable | None = None
    about: tuple[str, ...] = ()
    logo: str = ""
    accent: str = ""
    orientation: Literal["landscape", "portrait"] = "landscape"
    projection: Literal["from quarter 2", "from quarter 1", "never"] = "from quarter 2"
    order: tuple[Text, ...] = ()
    titles: dict[str, Text] = msgspec.field(default_factory=dict)
    lead_officers: dict[str, Text] = msgspec.field(default_factory=dict)
    agenda: dict[str, Text] = msgspec.field(default_factory=dict)
    word_template: str = ""

    def __post_init__(self) -> None:
        if self.quarter is not None and not self.quarter.is_quarter:
            raise ValueError(f'{self.quarter.name} is not a quarter such as "2011-12 Q1"')
        if self.accent and not re.fullmatch("#[0-9A-Fa-f]{6}", self.accent):
            raise ValueError(f'the accent {quoted(self.accent)} is not a colour such as "#12436D"')
        if self.accent and (found := colours.contrast(self.accent[1:], colours.WHITE)) < colours.LEAST_CONTRAST:
            raise ValueError(
                f"the accent {quoted(self.accent)} is too light: its contrast with white is {found:.1f}, and words "
                f"need {colours.LEAST_CONTRAST}"
            )
