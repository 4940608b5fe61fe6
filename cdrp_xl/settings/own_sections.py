"""``[[sections]]``: sections of a partnership's own, with a table from the analyst's own worksheets in the master."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta

from cdrp_xl.errors import quoted
from cdrp_xl.settings.priorities import ID
from cdrp_xl.terms import Marking
from cdrp_xl.toml_tables import Table

_NAME = re.compile(r"[^\W\d][\w.]{0,254}")


class OwnSection(Table, frozen=True, kw_only=True):
    """``[[sections]]``: one of them. Its text is the commentary of its id; `range` is a named range of the master."""

    id: str
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    range: str = ""
    source: str = ""
    chart: Literal["none", "columns", "lines"] = "none"
    marking: Marking = Marking.OFFICIAL

    def __post_init__(self) -> None:
        if not re.fullmatch(ID, self.id):
            raise ValueError(f"the id {quoted(self.id)} must be lower-case letters, digits and hyphens, at most 41")
        if self.range and not _NAME.fullmatch(self.range):
            raise ValueError(f"{quoted(self.range)} is not a valid range name: use letters, digits and _")
        if self.range and not self.source:
            raise ValueError("say in `source` where the figures of the range are from: partners read it")
        if self.chart != "none" and not self.range:
            raise ValueError("name the range that the chart is drawn from")
