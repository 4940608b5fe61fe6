"""What a report is made of: the counts of every source, the group's figures, and where all of them come from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cdrp_xl.periods import Period
    from cdrp_xl.report.changed import FormerCopy
    from cdrp_xl.report.disclosed import Disclosed
    from cdrp_xl.report.group import GroupData
    from cdrp_xl.report.mapping import RowsByOffence
    from cdrp_xl.report.rates_beside import Force
    from cdrp_xl.report.revisions import Revisions
    from cdrp_xl.settings import Settings
    from cdrp_xl.sources.outcomes import Outcomes
    from cdrp_xl.sources.places import Places
    from cdrp_xl.tables import Counts, Origin


GROUP = "most similar group"
"""The name by which the group's counts are kept; no source of the settings is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The counts of every source that the settings name, by the source's name there, in order of preference.

    `others` are the origins of what is not counted here: the group's figures and the populations. `counted_as` has the
    area of today for each that was asked for by the name of one that has ended. `unread` are files of data that lie
    beside those that are read, and that no source reads. `of_parts` has the counts of the areas that are joined in the
    partnership's, of the sources that separate them; `places` those of wards or the like, `outcomes` what came
    of offences, where these are asked for. `people` live in the area; `force` has the counts of all areas of its force.
    """

    counts: Mapping[str, Counts]
    group: GroupData | None = None
    others: tuple[Origin, ...] = ()
    counted_as: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    of_parts: Mapping[str, Counts] = field(default_factory=dict)
    places: Places | None = None
    outcomes: Outcomes | None = None
    people: int | None = None
    force: Force | None = None

    @property
    def to_keep(self) -> Mapping[str, Counts]:
        """The counts that later refreshes are compared with: those of every source, and the most similar group's."""
        return {**self.counts, GROUP: self.group.counts} if self.group else self.counts

    @property
    def of_rows(self) -> Counts | None:
        """The counts of the first source that counts selections of rows; None where no source knows of single rows."""
        return next((each for each in self.counts.values() if each.selections), None)

    @property
    def of_offences(self) -> Counts | None:
        """The counts of the first source whose offences had to be read; None where no source's had."""
        return next((each for each in self.counts.values() if each.readings), None)

    def table(self, settings: Settings) -> tuple[str, Counts]:
        """Return the source of the highlights table: the one that the settings name, otherwise the first."""
        name = settings.table_source(self.counts)
        return name, self.counts[name]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where all figures come from, each once; that of the group may be among the others, with what it covers."""
        group = (self.group.counts.origin,) if self.group else ()
        places = (self.places.counts.origin,) if self.places else ()
        every = (*(each.origin for each in self.counts.values()), *places, *group, *self.others)
        return tuple({replace(each, covers=""): each for each in every}.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """What readers must know of the areas that were counted, each sentence once."""
        return tuple(dict.fromkeys(note for origin in self.origins for note in origin.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What earlier refreshes and copies left, for a report to be compared with.

    Attributes
    ----------
    disclosed
        What earlier copies disclosed of counts: small ones are hidden before readers who have those too.
    mapped
        What each offence was counted under in other quarters.
    copies
        Earlier copies, the newest first, whose figures are compared.
    revised
        What moved since an earlier refresh; None where that is not looked at.
    """

    disclosed: Collection[Disclosed] = ()
    mapped: Mapping[Period, RowsByOffence] = field(default_factory=dict)
    copies: Sequence[FormerCopy] = ()
    revised: Revisions | None = None


NOTHING_BEFORE = Before()
