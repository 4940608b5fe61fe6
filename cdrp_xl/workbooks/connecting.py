"""Connect: an extract is looked into, and what was found is written into ``partnership.toml``, every comment kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
import tomlkit

from cdrp_xl import beside, damage, offences, settings, toml_tables
from cdrp_xl.errors import CannotBeComputedError
from cdrp_xl.offences.reading import NOT_COUNTED, OffenceReader, Written, to_paste
from cdrp_xl.periods import Period, last_complete_quarter
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.sources import connecting, csv_headings, file_names
from cdrp_xl.sources.connecting import Chosen, Proposal
from cdrp_xl.sources.publisher import CURRENT, IF_UNNAMED
from cdrp_xl.sources.recorded_crime import RecordedCrimeSettings
from cdrp_xl.workbooks.beginning import seen_from

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tomlkit.items import Table

    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.periods import Month
    from cdrp_xl.sources.published import PublishedSettings
    from cdrp_xl.sources.publisher import ClassificationName

_DEFAULTS = {field.name: field.default for field in msgspec.structs.fields(RecordedCrimeSettings)}
_LISTS = ("area_spellings", "domestic_yes", "domestic_no", "not_counted")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingSettings:
    """What a folder's settings already say about the extract.

    Attributes
    ----------
    folder
        The partnership's folder.
    text
        The whole of its ``partnership.toml``.
    area
        The partnership's area.
    parts
        The areas that are joined in it.
    classification
        What offences are counted by, None where the settings name nothing.
    source
        The extract that is connected already, None where there is none.
    table
        The published table that is connected already, None where there is none.
    """

    folder: Path
    text: str
    area: str
    parts: tuple[str, ...]
    classification: ClassificationName | None
    source: RecordedCrimeSettings | None
    table: PublishedSettings | None = None

    @property
    def chosen(self) -> Chosen:
        """What the settings have decided already."""
        own = self.source
        if own is None:
            return Chosen(headings={}, offence_codes={})
        return Chosen(
            headings=own.headings.named,
            area_spellings=own.area_spellings,
            offence_codes=own.offence_codes,
            not_counted=own.not_counted,
            references_repeat=own.references_repeat,
            flags=own.flags,
        )


def existing_settings(folder: Path, *, area: str | Sequence[str] = "") -> ExistingSettings:
    """Return what a folder's settings already say; an area that is named, or several, takes the place of theirs.

    Raises
    ------
    FileError
        If there are no settings, or they are not TOML.
    ValueFoundError
        If they name no area, or have an extract already and a mistake anywhere.
    """
    text = settings.text_in(folder)
    held = toml_tables.loads(text, file_name=FILE_NAME)
    areas = [area] if isinstance(area, str) else list(area)
    if any(areas):
        document = tomlkit.parse(text)
        own = document.setdefault("partnership", tomlkit.table())
        own["area"] = areas[0] if len(areas) == 1 else areas
        own.pop("areas", None)
        text = tomlkit.dumps(document)
        held = toml_tables.loads(text, file_name=FILE_NAME)
    if _is_complete(held):
        read = settings.parse(text)
        source = read.sources.recorded_crime
        named = (source.classification if source else None) or read.report.classification
        return ExistingSettings(
            folder=folder,
            text=text,
            area=read.partnership.area,
            parts=read.partnership.areas,
            classification=named,
            source=source,
            table=read.sources.published,
        )
    partnership = settings.partnership_in(held["partnership"], text)
    return ExistingSettings(
        folder=folder,
        text=text,
        area=partnership.area,
        parts=partnership.areas,
        classification=held.get("report", {}).get("classification"),
        source=None,
    )


def _is_complete(held: dict[str, Any]) -> bool:
    """Return whether settings name a source, or lack so much that their mistakes have to be named."""
    report, partnership = held.get("report", {}), held.get("partnership")
    is_usable = isinstance(report, dict) and report.get("classification") in {None, *offences.NAMES}
    is_usable = is_usable and isinstance(partnership, dict) and isinstance(partnership.get("area"), str | list)
    return bool(held.get("sources")) or not is_usable


def look(own: ExistingSettings, files: Sequence[Path], *, chosen: Chosen, today: dt.date) -> Proposal:
    """Return what files would be read by, together with those that are connected already.

    Raises
    ------
    FileError
        If a file is missing, empty, locked, or is not what its name says.
    ValueFoundError
        If it is not an extract, or its rows can't be counted.
    """
    there = file_names.found(own.folder, own.source.files) if own.source else ()
    new = [path for path in files if not is_among(path, there)]
    proposal = connecting.propose(
        (*there, *new),
        area=own.area,
        parts=own.parts,
        chosen=chosen,
        classification=own.classification,
        today=today,
        worksheet=own.source.worksheet if own.source else "",
    )
    lacking = not_compared(Period(each.month, each.month) for each in proposal.months)
    return replace(proposal, notes=(*proposal.notes, *lacking))


def not_compared(covered: Iterable[Period]) -> tuple[str, ...]:
    """Return a sentence on what a report lacks that needs a quarter and the one a year before; none if it has both."""
    there = set(covered)
    months = frozenset(each.first for each in there if each.first == each.last)
    later = max((each for each in there if each.is_quarter), default=None) or _last_quarter(months)
    if later is None:
        return (
            "A report needs the months of a quarter, and those of the same quarter a year before: connect them too.",
        )
    earlier = later.earlier()
    if earlier in there or months.issuperset(earlier.months):
        return ()
    return (f"A report compares {later.name} with {earlier.name}, which is not covered: connect the file with it too.",)


def is_among(path: Path, others: Sequence[Path]) -> bool:
    """Return whether a file is one of others, by whichever path."""
    damage.check_is_file(path)
    return any(other.exists() and path.samefile(other) for other in others)


def accepted(chosen: Chosen, proposal: Proposal) -> Chosen:
    """Return the choices after a proposal is accepted: incidents are left out, or counted in rows of their own.

    A row that is only suggested for an offence has not been decided on, and stays open.
    """
    apart, left_out = incidents(proposal.unknown)
    return replace(
        chosen,
        offence_codes=dict(chosen.offence_codes) | apart,
        not_counted=tuple(dict.fromkeys((*chosen.not_counted, *left_out))),
    )


def incidents(unknown: Iterable[Reading]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the unknown texts that are not offences: those with a row of incidents, by text, and those without."""
    apart = {each.text: each.suggested for each in unknown if each.is_incident and each.suggested != NOT_COUNTED}
    return apart, tuple(each.text for each in unknown if each.suggested == NOT_COUNTED)


def write(own: ExistingSettings, proposal: Proposal) -> Path | None:
    """Write what is proposed into the settings, and return where the former ones are kept, None if nothing changed.

    Raises
    ------
    ValueFoundError
        If the settings have a mistake anywhere; they are then as they were.
    CannotBeWrittenError
        If they can't be written.
    """
    return put(own, settings_text(own, proposal))


def put(own: ExistingSettings, text: str) -> Path | None:
    """Write settings that have no mistake in place of the former, and return where these are kept."""
    settings.parse(text)
    if text == settings.text_in(own.folder):
        return None
    return beside.replace(own.folder / FILE_NAME, text.encode(), keep="before connecting")


def settings_text(own: ExistingSettings, proposal: Proposal) -> str:
    """Return the settings with what is proposed; every other line and comment is as it was."""
    document = tomlkit.parse(own.text)
    _fill(source_table(document, "recorded_crime"), own, proposal)
    return tomlkit.dumps(document)


def source_table(document: Any, name: str) -> Any:
    """Return the table of a source in a document of settings, made where it is missing."""
    if "sources" not in document:
        document["sources"] = tomlkit.table(is_super_table=True)
    sources = document["sources"]
    if name not in sources:
        sources[name] = tomlkit.table()
    return sources[name]


def _fill(table: Table, own: ExistingSettings, proposal: Proposal) -> None:
    wanted, had = proposal.settings, own.source
    put_value(table, "files", _files(own, proposal))
    for name in _LISTS:
        value = getattr(wanted, name)
        if value != (getattr(had, name) if had else _DEFAULTS[name]):
            put_value(table, name, list(value))
    if wanted.references_repeat:
        put_value(table, "references_repeat", True)
    fill_headings(table_in(table, "headings"), wanted.headings.named)
    for name, flag in wanted.flags.items():
        if had is None or name not in had.flags:
            table_in(table, "flags")[name] = _inline({"heading": flag.heading, "yes": flag.yes, "no": flag.no})
    _fill_codes(table, own, proposal)


def _inline(values: Mapping[str, str | tuple[str, ...]]) -> Any:
    table = tomlkit.inline_table()
    table.update({key: value if isinstance(value, str) else list(value) for key, value in values.items()})
    return table


def fill_headings(table: Table, headings: Mapping[str, str]) -> None:
    """Put in the headings of uses, and take out those that are no longer used."""
    for use, heading in headings.items():
        put_value(table, use, heading)
    for use in set(table) - set(headings):
        del table[use]


def _fill_codes(table: Table, own: ExistingSettings, proposal: Proposal) -> None:
    """Put in what offences mean, and those of which nobody has decided it, as lines to look over."""
    if not (proposal.settings.offence_codes or proposal.unknown):
        return
    codes = table_in(table, "offence_codes")
    for text, meant in proposal.settings.offence_codes.items():
        put_value(codes, text, meant)
    add_open(codes, own, proposal.unknown)


def add_open(codes: Any, own: ExistingSettings, unknown: Sequence[Reading]) -> None:
    """Add a line to look over for each offence that is not known, as a comment, unless it is there already."""
    for line in to_paste(unknown).split("\n") if unknown else ():
        if f"# {line}" not in own.text:
            codes.add(tomlkit.comment(line))


def table_in(table: Table, name: str) -> Any:
    """Return a table within another, made where it is missing."""
    if name not in table:
        table.append(name, tomlkit.table())
    return table[name]


def put_value(table: Any, key: str, value: object) -> None:
    """Set a key whose value is another one; what has not changed keeps its comment and its form."""
    if key not in table or table[key] != value:
        table[key] = value


def _files(own: ExistingSettings, proposal: Proposal) -> list[str]:
    """Return the files as the settings name them: those that are there, then those that were added."""
    known = list(own.source.files) if own.source else []
    there = {str(path) for path in file_names.found(own.folder, known)} if known else set()
    new = [path for path in proposal.paths if str(path) not in there]
    return [*known, *(seen_from(own.folder, path) for path in new)]


def quarters(months: Sequence[connecting.MonthFound]) -> tuple[Period | None, Period | None]:
    """Return the last quarter of whole months, and the one that a refresh would take, None where there is none."""
    whole = frozenset(each.month for each in months if each.is_whole)
    return _last_quarter(whole), _last_quarter(frozenset(each.month for each in months))


def _last_quarter(months: frozenset[Month]) -> Period | None:
    try:
        return last_complete_quarter(months)
    except CannotBeComputedError:
        return None


def words(file: Path, folder: Path | None) -> tuple[Reading, ...]:
    """Return what the offences of a plain list are counted under: one a line, as a code or in words.

    Parameters
    ----------
    file
        The list, in UTF-8, UTF-16 or Windows-1252.
    folder
        The partnership's folder, whose definitions and own words are used; None for the current definitions.

    Raises
    ------
    FileError
        If the file is missing or empty, or is not text.
    """
    damage.check_is_file(file)
    data = damage.read_file(file)
    csv_headings.check_is_text(data, file)
    rows = Counter(text for line in csv_headings.decoded(data).splitlines() if (text := " ".join(line.split())))
    if not rows:
        raise damage.empty(file)
    own = existing_settings(folder) if folder else None
    chosen = own.chosen if own else Chosen(headings={}, offence_codes={})
    named = (own.classification or IF_UNNAMED) if own else CURRENT
    reader = OffenceReader(offences.load(named), own=chosen.offence_codes, not_counted=chosen.not_counted)
    return reader.read_all(Written(text, "", number) for text, number in rows.items())
