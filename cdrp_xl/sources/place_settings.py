"""What the settings say about places in the area (wards, beats, parishes or neighbourhoods), which have a worksheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.toml_tables import Table, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HISSING = ("s", "sh", "ch", "x")


class LookupHeadings(Table, frozen=True, kw_only=True):
    """``[places.lookup_headings]``: the headings of the look-ups, where they are not those that ONS gives."""

    lsoa: str = ""
    place: str = ""
    code: str = ""
    area: str = ""


class PlacesSettings(Table, frozen=True, kw_only=True):
    """``[places]``: those that look-ups give for the rows' LSOA, otherwise those of the extract's locality column.

    `called` is what one of them is, `rows` are the offence rows that are counted (the total where none is named),
    `population` is a file of people by place.
    """

    called: Text = "Ward"
    title: str = ""
    rows: tuple[Text, ...] = ()
    lookups: tuple[Text, ...] = ()
    lookup_headings: LookupHeadings = LookupHeadings()
    population: str = ""

    def lacks(self, headings: Mapping[str, str] | None, *, has_rows: bool) -> str:
        """Return what places need of the sources and the settings do not name; empty where nothing is missing."""
        if not has_rows:
            return "it is counted from single rows: name sources.recorded_crime or sources.police_uk"
        if headings is None:
            return "" if self.lookups else "data.police.uk names no places: name look-ups from LSOAs as lookups"
        use = "lsoa" if self.lookups else "locality"
        said = f"it needs the extract's heading: name it as {use} in sources.recorded_crime.headings"
        return "" if use in headings else said

    def files_read(self, folder: Path) -> list[Path]:
        """Return the look-ups and the file of people, relative to the partnership's folder."""
        from cdrp_xl.sources import file_names

        return [
            *(file_names.found(folder, self.lookups) if self.lookups else ()),
            *([folder / self.population] if self.population else []),
        ]

    @property
    def several(self) -> str:
        """What several of them are called, which is the worksheet's name."""
        if self.title:
            return self.title
        if self.called.endswith("y"):
            return f"{self.called[:-1]}ies"
        return f"{self.called}{'es' if self.called.endswith(_HISSING) else 's'}"
