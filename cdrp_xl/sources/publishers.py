"""The publishers: one line to each, in the order in which the report prefers them."""

from __future__ import annotations

import typing
from typing import TypeVar

import msgspec

from cdrp_xl.sources.area_figures import AreaCountsSettings, IquantaSettings
from cdrp_xl.sources.cadet import CadetSettings
from cdrp_xl.sources.home_office import HomeOfficeSettings
from cdrp_xl.sources.police_uk import PoliceUkSettings
from cdrp_xl.sources.population import PopulationSettings
from cdrp_xl.sources.published import PublishedSettings
from cdrp_xl.sources.publisher import Publisher, TableSource
from cdrp_xl.sources.recorded_crime import RecordedCrimeSettings
from cdrp_xl.toml_tables import Table

Kind = TypeVar("Kind", bound=Publisher)


class Sources(Table, frozen=True, kw_only=True):
    """``[sources]``: what the figures are counted from; at least one must count the partnership's area.

    A publisher is a module that has its table of settings, and its line here. The table reads it and names its files
    (`publisher.Publisher`); everything else that knows of publishers goes by these lines.
    """

    recorded_crime: RecordedCrimeSettings | None = None
    police_uk: PoliceUkSettings | None = None
    cadet: CadetSettings | None = None
    published: PublishedSettings | None = None
    population: PopulationSettings | None = None
    iquanta: IquantaSettings | None = None
    area_counts: AreaCountsSettings | None = None
    home_office: HomeOfficeSettings | None = None

    def __post_init__(self) -> None:
        if not self.named(TableSource):
            *most, last = (f"sources.{name}" for name in kinds(TableSource))
            raise ValueError(f"name at least one of {', '.join(most)} and {last}")

    def named(self, kind: type[Kind]) -> dict[str, Kind]:
        """Return the publishers of a kind that the settings name, by the name of their table."""
        tables = {name: getattr(self, name) for name in kinds(kind)}
        return {name: table for name, table in tables.items() if table is not None}


def kinds(kind: type[Kind]) -> dict[str, type[Kind]]:
    """Return the tables of settings of every publisher of a kind, named or not, by their name under ``[sources]``."""
    return {
        field.name: table
        for field in msgspec.structs.fields(Sources)
        for table in typing.get_args(field.type)
        if issubclass(table, kind)
    }
