"""``partnership.toml``: who the report is for, which quarter, which priorities, and where the extracts are.

Every mistake in the file is named with its line and key; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from cdrp_xl import offences, periods
from cdrp_xl.errors import CdrpError, FileError, ValueFoundError
from cdrp_xl.terms import Direction, Marking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "partnership.toml"


def _period(value: object) -> periods.Period:
    if isinstance(value, periods.Period):
        return value
    if isinstance(value, str):
        try:
            return periods.Period.parse(value)
        except CdrpError as wrong:
            raise ValueError(f"write it as {periods.FORMS}") from wrong
    raise ValueError(f"write it in quotation marks, for example {periods.FORMS}")


def _financial_year(period: periods.Period) -> periods.Period:
    if not period.is_financial_year:
        raise ValueError(f'{period.name} is not a financial year such as "2009-10"')
    return period


def _quarter(period: periods.Period) -> periods.Period:
    if not period.is_quarter:
        raise ValueError(f'{period.name} is not a quarter such as "2011-12 Q1"')
    return period


def _classification(name: str) -> str:
    if name not in offences.NAMES:
        raise ValueError(f"use one of {', '.join(offences.NAMES)}")
    return name


AnyPeriod = Annotated[periods.Period, BeforeValidator(_period)]
FinancialYear = Annotated[periods.Period, BeforeValidator(_period), AfterValidator(_financial_year)]
Quarter = Annotated[periods.Period, BeforeValidator(_period), AfterValidator(_quarter)]
ClassificationName = Annotated[str, AfterValidator(_classification)]
Text = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


class Partnership(_Table):
    """``[partnership]``: who the report is for and who makes it."""

    name: Text
    area: Text
    producer: str = ""
    contact: str = ""
    marking: Marking = Marking.OFFICIAL


class ReportSettings(_Table):
    """``[report]``: which period is reported, and how it is dated."""

    quarter: Quarter | None = None
    title: Text = "Performance report"
    date: dt.date | None = None
    compare: Literal["quarter", "year to date"] = "quarter"
    table_source: Literal["recorded_crime", "police_uk", "cadet"] | None = None
    about: tuple[str, ...] = ()


class Currency(_Table):
    """What every source says of its own date: when it was taken, and when the next one is due."""

    publisher: str = ""
    as_at: dt.date | None = None
    next_release: dt.date | None = None


class RecordedCrimeHeadings(_Table):
    """``[sources.recorded_crime.headings]``: the force's own headings for what is read."""

    offence_reference: Text
    date_recorded: Text
    offence: Text
    date_committed: str = ""
    area: str = ""
    locality: str = ""
    locus_type: str = ""
    locus_subtype: str = ""
    domestic: str = ""
    victim: str = ""
    premises: str = ""


class RecordedCrimeSettings(Currency):
    """``[sources.recorded_crime]``: the force's row-level extract."""

    files: Annotated[tuple[Text, ...], Field(min_length=1)]
    classification: ClassificationName = "cadet-2011"
    headings: RecordedCrimeHeadings
    worksheet: str = ""
    domestic_yes: tuple[str, ...] = ("Y", "Yes", "True", "1")
    domestic_no: tuple[str, ...] = ("N", "No", "False", "0", "")
    offence_codes: dict[str, str] = Field(default_factory=dict)
    references_repeat: bool = False


class PoliceUkSettings(Currency):
    """``[sources.police_uk]``: a folder or .zip of data.police.uk street-level files, as downloaded."""

    path: Text
    areas_file: str = ""


class CadetSettings(Currency):
    """``[sources.cadet]``: the CADET export of the two periods, or in long form."""

    files: Annotated[tuple[Text, ...], Field(min_length=1)]
    classification: ClassificationName = "cadet-2011"
    worksheet: str = ""


class PopulationSettings(Currency):
    """``[sources.population]``: people and households by area."""

    file: Text
    area: Text = "Area"
    population: Text = "Population"
    households: str = ""
    worksheet: str = ""


class Sources(_Table):
    """``[sources]``: what the figures are counted from; at least one must count offences."""

    recorded_crime: RecordedCrimeSettings | None = None
    police_uk: PoliceUkSettings | None = None
    cadet: CadetSettings | None = None
    population: PopulationSettings | None = None

    @model_validator(mode="after")
    def _one_counts_offences(self) -> Sources:
        if not (self.recorded_crime or self.police_uk or self.cadet):
            raise ValueError("name at least one of sources.recorded_crime, sources.police_uk and sources.cadet")
        return self


class Measure(_Table):
    """``[priorities.measure]``: offence rows to add up, or a selection by locus."""

    rows: tuple[Text, ...] = ()
    locus_types: tuple[Text, ...] = ()
    locus_subtypes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_what_to_count(self) -> Measure:
        if not (self.rows or self.locus_types or self.locus_subtypes):
            raise ValueError("name rows to count, or locus_types and locus_subtypes")
        return self

    @property
    def is_by_locus(self) -> bool:
        """Whether the measure is a selection by locus, which only a row-level extract can count."""
        return bool(self.locus_types or self.locus_subtypes)


class Baseline(_Table):
    """``[priorities.baseline]``: the pinned year, and its quarterly figures where they are given and not counted."""

    year: FinancialYear
    quarters: tuple[Annotated[int, Field(ge=0)], ...] = ()
    source: str = ""

    @model_validator(mode="after")
    def _four_quarters_with_their_source(self) -> Baseline:
        if self.quarters and (len(self.quarters) != len(periods.quarters_of(self.year)) or not self.source):
            raise ValueError("give four quarters, first to fourth, and say in `source` where they are from")
        return self


class RagRule(_Table):
    """``[priorities.rag]``: by which rule the priority is judged better or worse."""

    rule: Literal["exact test", "tolerance", "any fall"] = "exact test"
    tolerance_per_cent: Annotated[float, Field(ge=0, le=100)] = 0.0


class Priority(_Table):
    """``[[priorities]]``: one priority of the partnership."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
    title: Annotated[str, Field(min_length=1, max_length=60)]
    objective: Text
    measure: Measure
    baseline: Baseline
    deadline: AnyPeriod
    direction: Direction = Direction.REDUCE
    rag: RagRule = Field(default_factory=RagRule)

    @property
    def selection_id(self) -> str:
        """The id under which a selection by locus is counted; the stroke keeps it apart from every offence row's."""
        return f"priority/{self.id}"


class Settings(_Table):
    """The whole of ``partnership.toml``."""

    partnership: Partnership
    report: ReportSettings = Field(default_factory=ReportSettings)
    sources: Sources
    priorities: tuple[Priority, ...] = ()

    @model_validator(mode="after")
    def _priorities_have_their_own_ids(self) -> Settings:
        ids = [priority.id for priority in self.priorities]
        twice = [name for name in ids if ids.count(name) > 1]
        if twice:
            raise ValueError(f'two priorities have the id "{twice[0]}"')
        return self


def read(folder: Path) -> Settings:
    """Return the settings of a partnership's folder.

    Raises
    ------
    FileError
        If there is no ``partnership.toml``, or it is not TOML.
    ValueFoundError
        If a key is missing, unknown or not what it should be; every mistake is named with its line and key.
    """
    file = folder / FILE_NAME
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise FileError(
            f'"{folder.name}" is not a partnership\'s folder: it holds no {FILE_NAME}.',
            where=str(folder),
            remedy='Name the folder that "cdrp-xl new" made, or make one with it.',
        ) from missing
    except UnicodeDecodeError as wrong:
        raise FileError(f"{FILE_NAME} is not UTF-8 text.", where=str(file), remedy="Save it as UTF-8.") from wrong
    return parse(text)


def parse(text: str) -> Settings:
    """Return the settings that a TOML text holds; see `read`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise FileError(
            f"{FILE_NAME} can't be read: {wrong}.", where=FILE_NAME, remedy="Mend the line that is named."
        ) from wrong
    try:
        return Settings.model_validate(data)
    except ValidationError as wrong:
        raise _named(wrong, text) from wrong


def _named(wrong: ValidationError, text: str) -> ValueFoundError:
    """Return one error that names every mistake by key and line."""
    mistakes = wrong.errors(include_url=False)
    places = [_place(mistake["loc"], text) for mistake in mistakes]
    sentences = [f"{place}: {_sentence(mistake)}" for place, mistake in zip(places, mistakes, strict=True)]
    count = "a mistake" if len(sentences) == 1 else f"{len(sentences)} mistakes"
    return ValueFoundError(
        f"{FILE_NAME} has {count}: {'; '.join(sentences)}.",
        where=f"{FILE_NAME}, {places[0]}",
        remedy="Mend the file as the message says; the folder's template explains each key.",
    )


def _place(keys: tuple[int | str, ...], text: str) -> str:
    name = ""
    for key in keys:
        name += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if name else key
    line = _line_of(keys, text)
    return f"line {line}, {name}" if line else name or "the whole file"


def _sentence(mistake: Any) -> str:
    kind = mistake["type"]
    if kind == "missing":
        return "this key is missing"
    if kind == "extra_forbidden":
        return "there is no such key"
    message = mistake["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return (
        f"{mistake['input']!r} can't be used: {message}" if isinstance(mistake["input"], str | int | float) else message
    )


def _line_of(keys: tuple[int | str, ...], text: str) -> int | None:
    """Return the line that bears the longest beginning of the keys, so that a missing key is placed at its table."""
    lines = [(path, number) for path, number in _paths(text) if path == keys[: len(path)]]
    return max(lines, key=lambda line: len(line[0]))[1] if lines else None


def _paths(text: str) -> Iterator[tuple[tuple[int | str, ...], int]]:
    """Give every line of a TOML text that opens a table or sets a key, with the path that pydantic knows it by."""
    table: tuple[int | str, ...] = ()
    entries: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if entry := re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line):
            entries[entry[1]] = entries.get(entry[1], -1) + 1
            table = (entry[1], entries[entry[1]])
            yield table, number
        elif heading := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            first, *rest = heading[1].split(".")
            table = (first, entries[first], *rest) if first in entries else (first, *rest)
            yield table, number
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            yield (*table, key[1]), number
