"""Connect: a table of counts is looked into, and what would read it is written into ``partnership.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import tomlkit

from cdrp_xl import offences
from cdrp_xl.errors import CdrpError
from cdrp_xl.offences.reading import NOT_COUNTED, OffenceReader
from cdrp_xl.sources import file_names, joined, published
from cdrp_xl.sources.connecting import layouts
from cdrp_xl.sources.published import PublishedSettings
from cdrp_xl.sources.publisher import CURRENT
from cdrp_xl.workbooks import connecting
from cdrp_xl.workbooks.beginning import seen_from

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.periods import Period
    from cdrp_xl.sources.connecting.layouts import Layout
    from cdrp_xl.sources.publisher import ClassificationName
    from cdrp_xl.workbooks.connecting import ExistingSettings

_CATEGORIES: Mapping[ClassificationName, ClassificationName] = {CURRENT: "police-uk-2026"}
"""What a table is counted by whose offences are the categories of data.police.uk, by the partnership's definitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProposal:
    """The settings by which a table of counts would be read, and what it would give.

    Attributes
    ----------
    settings
        The table's settings.
    offences
        What each offence of the area would be counted under.
    covered
        The periods for which all figures of the area are given, the earliest first.
    coverage
        The same in words, empty where nothing is covered.
    notes
        What is good to know, and what a refresh would stop at.
    """

    settings: PublishedSettings
    offences: tuple[Reading, ...]
    covered: tuple[Period, ...]
    coverage: str
    notes: tuple[str, ...]

    @property
    def unknown(self) -> tuple[Reading, ...]:
        """The offences that somebody has to decide."""
        return tuple(each for each in self.offences if each.is_unknown)

    @property
    def undecided(self) -> tuple[Reading, ...]:
        """Those of them that are left open once the proposal is accepted."""
        return tuple(each for each in self.unknown if each.suggested != NOT_COUNTED and not each.is_incident)


def look(own: ExistingSettings, files: Sequence[Path], *, today: dt.date) -> TableProposal | None:
    """Return how a table of counts would be read, together with its files that are connected; None for an extract.

    What the settings have decided of the table stays.

    Raises
    ------
    FileError
        If a file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If the table has no row for the area, or a value that is not what its heading says.
    """
    extract = file_names.found(own.folder, own.source.files) if own.source else ()
    known = own.table.files if own.table else ()
    there = file_names.found(own.folder, known) if own.table else ()
    new = [path for path in files if not connecting.is_among(path, (*extract, *there))]
    is_of_table = all(connecting.is_among(path, there) for path in files) and (bool(files) or own.source is None)
    if not new and not is_of_table:
        return None
    path, paths = (new or files or there)[0], (*known, *(seen_from(own.folder, path) for path in new))
    if own.table:
        wanted = msgspec.structs.replace(own.table, files=paths)
        return _tried(own, wanted) if _layout(own, path, own.table.classification, today) else None
    proposal = None
    by_own = own.classification or CURRENT
    for classification in dict.fromkeys((by_own, _CATEGORIES.get(by_own, "police-uk"))):
        if layout := _layout(own, path, classification, today):
            other = _tried(own, _settings(paths, layout, classification))
            proposal = min(filter(None, (proposal, other)), key=lambda each: len(each.undecided))
        if proposal and not proposal.undecided:
            break
    return proposal


def _layout(own: ExistingSettings, path: Path, classification: ClassificationName, today: dt.date) -> Layout | None:
    reader = OffenceReader(offences.load(classification))
    return layouts.of_table(path, area=own.area, reader=reader, today=today)


def _settings(paths: tuple[str, ...], layout: Layout, classification: ClassificationName) -> PublishedSettings:
    return PublishedSettings(
        files=paths,
        headings=layout.headings,
        offence_columns=layout.offence_columns,
        worksheet=layout.worksheet,
        classification=classification,
    )


def _tried(own: ExistingSettings, wanted: PublishedSettings) -> TableProposal:
    """Return what the table gives by some settings; what has to be decided before it can be counted is a note."""
    areas = own.parts if own.parts and not wanted.has(own.area, own.folder) else (own.area,)
    read = published.readings(wanted, folder=own.folder, areas=areas)
    covered: list[Period] = []
    notes: list[str] = []
    coverage = ""
    if not any(each.is_unknown for each in read):
        try:
            counts = published.read(wanted, folder=own.folder, areas=areas)
            counts = joined.added_up(counts, areas, (own.area,), {own.area: own.parts})
        except CdrpError as wrong:
            notes.append(f"{wrong.what} ({wrong.where}) A refresh stops at this. {wrong.remedy}")
        else:
            covered = sorted(counts.covered[counts.areas[0]], key=lambda each: (each.first_day, each.last_day))
            coverage = counts.coverage
            notes += [*counts.origin.to_look_at, *counts.origin.notes, *connecting.not_compared(covered)]
    return TableProposal(settings=wanted, offences=read, covered=tuple(covered), coverage=coverage, notes=tuple(notes))


def accepted(own: ExistingSettings, proposal: TableProposal) -> TableProposal:
    """Return the choices after a proposal is accepted: incidents are left out, or counted in rows of their own."""
    apart, left_out = connecting.incidents(proposal.unknown)
    if not apart and not left_out:
        return proposal
    had = proposal.settings
    wanted = msgspec.structs.replace(
        had,
        offence_codes=had.offence_codes | apart,
        not_counted=tuple(dict.fromkeys((*had.not_counted, *left_out))),
    )
    return _tried(own, wanted)


def write(own: ExistingSettings, proposal: TableProposal) -> Path | None:
    """Write what is proposed into the settings, and return where the former ones are kept, None if nothing changed.

    Raises
    ------
    ValueFoundError
        If the settings have a mistake anywhere; they are then as they were.
    CannotBeWrittenError
        If they can't be written.
    """
    document = tomlkit.parse(own.text)
    table = connecting.source_table(document, "published")
    wanted = proposal.settings
    connecting.put_value(table, "files", list(wanted.files))
    if wanted.not_counted:
        connecting.put_value(table, "not_counted", list(wanted.not_counted))
    if wanted.classification != (own.table.classification if own.table else CURRENT):
        connecting.put_value(table, "classification", wanted.classification)
    if not own.table:
        if wanted.worksheet:
            connecting.put_value(table, "worksheet", wanted.worksheet)
        if wanted.offence_columns:
            columns = tomlkit.array()
            columns.extend(wanted.offence_columns)
            connecting.put_value(table, "offence_columns", columns.multiline(True))
        connecting.fill_headings(connecting.table_in(table, "headings"), wanted.headings.named)
    if wanted.offence_codes or proposal.unknown:
        codes = connecting.table_in(table, "offence_codes")
        for text, meant in wanted.offence_codes.items():
            connecting.put_value(codes, text, meant)
        connecting.add_open(codes, own, proposal.unknown)
    return connecting.put(own, tomlkit.dumps(document))
