"""The settings of a return, apart from what reads one: only a quarter's end needs that, and every click needs these."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from cdrp_xl.periods import Period


class ReturnSettings(Table, frozen=True, kw_only=True):
    """``[[returns]]``: a return that an agency makes each quarter: on which form, and how soon after the quarter."""

    form: Text
    agency: Annotated[str, Meta(min_length=1, max_length=60)]
    email: str = ""
    due_days: Annotated[int, Meta(ge=1, le=366)] = 21
    areas: tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...] = ()

    def due(self, quarter: Period) -> dt.date:
        """Return the day by which the return of a quarter is due."""
        return quarter.last_day + dt.timedelta(days=self.due_days)
