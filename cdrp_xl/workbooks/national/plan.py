"""The settings of a national run: the template, which areas, and the settings of each partnership made from them."""

from __future__ import annotations

import copy
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import tomlkit
from msgspec import Meta

from cdrp_xl import damage, geography, toml_tables
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CdrpError, FileError, ValueFoundError, name_some, quoted
from cdrp_xl.periods import Period
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.sources.publisher import Publisher
from cdrp_xl.sources.warehouse import WarehouseSettings
from cdrp_xl.toml_tables import Mistake, Table, Text
from cdrp_xl.workbooks import forms
from cdrp_xl.workbooks.beginning import seen_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tomlkit import TOMLDocument

    from cdrp_xl.settings import Settings
    from cdrp_xl.workbooks.forms import Form

ALL = "all"
REMEDY = "Correct the file as the message says; docs/national.md explains each key."

_DIFFERS = ("name", "areas", "priorities", "group", "recipients", "words")
_PATHS = ("path", "file", "files", "areas_file", "households_file")
_PATHS_OF_PLACES = ("lookups", "population")


class NationalSettings(Table, frozen=True, kw_only=True):
    """The whole of a national run's settings.

    `template` is the folder of a partnership whose settings all take, `areas` are "all" that the source names, a police
    force, or a list; `area` has what differs, by area. `forms` are those that each pack is made in beside the workbook.
    `quarter` goes before the template's own, `warehouse` counts rows into a file that the template's sources name.
    """

    template: Text
    out: Text
    areas: Text | Annotated[tuple[Text, ...], Meta(min_length=1)] = ALL
    forms: tuple[Text, ...] = ()
    quarter: Period | None = None
    warehouse: WarehouseSettings | None = None
    area: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.quarter is not None and not self.quarter.is_quarter:
            raise ValueError(f'{self.quarter.name} is not a quarter such as "2011-12 Q1"')
        if wrong := [area for area in self.area if not _are_texts(self.area[area].get("areas", []))]:
            raise ValueError(f"areas of {quoted(wrong[0])} must be a list of names in square brackets")

    @property
    def joined(self) -> dict[str, tuple[str, ...]]:
        """The areas that are joined, by the name that they have together."""
        return {area: tuple(own["areas"]) for area, own in self.area.items() if own.get("areas")}


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A national run as it was asked for, with every path from where the command runs."""

    file: Path
    settings: NationalSettings
    template: Path
    out: Path
    forms: tuple[Form, ...]
    quarter: Period
    own: Settings
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """One partnership of a run: its area, its folder, its settings, and the words written for it by section."""

    area: str
    folder: Path
    text: str
    settings: Settings
    words: tuple[tuple[str, str], ...]


def read(file: Path) -> Plan:
    """Return the plan that a settings file and its template make.

    Raises
    ------
    CdrpError
        If one of the two is missing or has mistakes, all of them named; or if neither names the quarter.
    """
    text = toml_tables.decoded(damage.read_file(file), file)
    found, mistakes = toml_tables.parse(NationalSettings, text, file_name=file.name)
    if found:
        mistakes += [*_unknown_forms(found), *_unknown_keys(found)]
    if mistakes or found is None:
        raise toml_tables.named(mistakes, text, file_name=file.name, remedy=REMEDY)
    template = file.parent / found.template
    own = settings_file.read(template)
    quarter = found.quarter or own.report.quarter
    if quarter is None:
        raise ValueFoundError(
            "No quarter is named, and partnerships could be made for different ones.",
            where=f"{file.name}; {template.name}/{FILE_NAME}, report.quarter",
            remedy='Name it in the first, such as quarter = "2024-25 Q4".',
        )
    return Plan(
        file=file,
        settings=found,
        template=template,
        out=file.parent / found.out,
        forms=forms.named(found.forms),
        quarter=quarter,
        own=own,
        text=settings_file.text_in(template),
    )


def partnerships(plan: Plan, areas: Sequence[str]) -> list[Partnership]:
    """Return the partnerships of a run, each with settings of its own.

    Raises
    ------
    ValueFoundError
        If what differs for some of them can't be used: all are named at once; or if what differs is for no area of the
        run.
    """
    _check_used(plan, areas)
    base, own = _base(plan)
    folders: dict[str, str] = {}
    made, wrong = [], []
    for area in areas:
        name = folder_name(area)
        if name.casefold() in folders:
            wrong.append(f"{quoted(area)} and {quoted(folders[name.casefold()])} would share one folder, {name}")
            continue
        folders[name.casefold()] = area
        try:
            made.append(_partnership(plan, base, own, area))
        except CdrpError as mistake:
            wrong.append(f"area.{quoted(area)}: {mistake.what.rstrip('.')}")
    if wrong:
        raise ValueFoundError(f"{name_some(wrong)}.", where=plan.file.name, remedy=REMEDY)
    return made


def listed(plan: Plan, named: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """Return the areas of a run, and the names in the source that do not belong to a known area.

    Parameters
    ----------
    plan
        The run.
    named
        The names of areas in the source; None where it does not list them.

    Raises
    ------
    ValueFoundError
        If the areas are those of an unknown force; or all, of a source that does not list them.
    """
    asked = plan.settings.areas
    if not isinstance(asked, str):
        return list(dict.fromkeys(asked)), []
    if asked != ALL:
        if found := geography.areas_of(asked):
            return _with_joined(plan, [area.name for area in found]), []
        raise ValueFoundError(
            f"{quoted(asked)} is not a known police force.",
            where=f"{plan.file.name}, areas",
            remedy='Write "all", a force such as "Cambridgeshire Constabulary", or a list of areas in square brackets.',
        )
    if named is None:
        raise ValueFoundError(
            "The template's source does not list its areas.",
            where=f"{plan.file.name}, areas",
            remedy="Write the areas as a list in square brackets, or name a police force.",
        )
    last_day = plan.quarter.last.last_day
    areas = {name: geography.area_on(name, last_day) for name in named}
    known = sorted({area.name for area in areas.values() if area})
    own = set(plan.settings.joined)
    return _with_joined(plan, known), [name for name, area in areas.items() if area is None and name not in own]


def _with_joined(plan: Plan, names: Sequence[str]) -> list[str]:
    """Return areas with those that are joined in the place of what they are made of."""
    parts = {geography.fold(part) for of in plan.settings.joined.values() for part in of}
    return [*(name for name in names if geography.fold(name) not in parts), *plan.settings.joined]


def folder_name(area: str) -> str:
    """Return the name of an area's folder, in characters that every system allows."""
    letters = unicodedata.normalize("NFKD", area).encode("ascii", "ignore").decode()
    return re.sub(r"[^\w.]+", "-", letters).strip("-.")


def _unknown_forms(found: NationalSettings) -> list[Mistake]:
    known = [form.name for form in forms.FORMS]
    return [
        Mistake(("forms",), f"{quoted(name)} is not a form of a copy; the forms are {', '.join(known)}")
        for name in found.forms
        if name not in known
    ]


def _unknown_keys(found: NationalSettings) -> list[Mistake]:
    return [
        Mistake(("area", area, key), f"there is no such key; the keys that may differ are {', '.join(_DIFFERS)}")
        for area, own in found.area.items()
        for key in own
        if key not in _DIFFERS
    ]


def _check_used(plan: Plan, areas: Iterable[str]) -> None:
    there = {geography.fold(area) for area in areas}
    if unused := [area for area in plan.settings.area if geography.fold(area) not in there]:
        raise ValueFoundError(
            f"What differs is written for {name_some([quoted(area) for area in unused])}, which the run does not make.",
            where=f"{plan.file.name}, area",
            remedy="Write the area as the run has it, or take the table out.",
        )


def _base(plan: Plan) -> tuple[TOMLDocument, Settings]:
    """Return the template's settings as a partnership's folder holds them: its paths lead from there."""
    document = tomlkit.parse(plan.text)
    any_folder = plan.out / "any"
    sources: Any = document["sources"]
    named: list[tuple[Any, tuple[str, ...]]] = [(sources[name], _PATHS) for name in plan.own.sources.named(Publisher)]
    named += [(document["places"], _PATHS_OF_PLACES)] if plan.own.places else []
    for table, keys in named:
        for key in keys:
            if key in table:
                held = table[key]
                table[key] = (
                    seen_from(any_folder, plan.template / held)
                    if isinstance(held, str)
                    else [seen_from(any_folder, plan.template / each) for each in held]
                )
    returns: Any = document.get("returns", [])
    for each in returns:
        if str(each["form"]).endswith(".toml"):  # a form of the template's own
            each["form"] = seen_from(any_folder, plan.template / each["form"])
    report: Any = document.setdefault("report", tomlkit.table())
    report["quarter"] = plan.quarter.name
    return document, settings_file.parse(tomlkit.dumps(document))


def _partnership(plan: Plan, base: TOMLDocument, own: Settings, area: str) -> Partnership:
    folded = geography.fold(area)
    differs = next((each for name, each in plan.settings.area.items() if geography.fold(name) == folded), {})
    document: Any = base
    is_other = bool(differs) or (own.group is not None and area not in own.group.members)
    if is_other:
        document = copy.deepcopy(base)
        _differ(document, differs, keeps_group=own.group is not None and area in own.group.members)
    name = differs.get("name", _name(plan.own, area))
    document["partnership"]["area"], document["partnership"]["name"] = area, name
    document["partnership"].pop("areas", None)
    if "areas" in differs:
        document["partnership"]["areas"] = list(differs["areas"])
    text = tomlkit.dumps(document)
    partnership = msgspec.structs.replace(own.partnership, area=area, areas=(), name=name)
    return Partnership(
        area=area,
        folder=plan.out / folder_name(area),
        text=text,
        settings=settings_file.parse(text) if is_other else msgspec.structs.replace(own, partnership=partnership),
        words=_words(differs.get("words", {}), area, plan),
    )


def _differ(document: Any, differs: dict[str, Any], *, keeps_group: bool) -> None:
    """Put what differs for one area into its settings; the template's group is for its own members alone."""
    for key in ("priorities", "group"):
        if key in differs:
            document[key] = differs[key]
    if "group" in document and "group" not in differs and not keeps_group:
        document.remove("group")
    if "recipients" in differs:
        document.setdefault("email", tomlkit.table())["recipients"] = differs["recipients"]


def _name(own: Settings, area: str) -> str:
    """Return a partnership's name as the template's is made of its area, otherwise the usual one."""
    before, there, after = own.partnership.name.partition(own.partnership.area)
    return f"{before}{area}{after}" if there else f"{area} Community Safety Partnership"


def _words(written: Any, area: str, plan: Plan) -> tuple[tuple[str, str], ...]:
    if not isinstance(written, dict) or not all(isinstance(text, str) for text in written.values()):
        raise FileError(
            "words must be a table of texts by section", where=f"{plan.file.name}, area.{quoted(area)}", remedy=REMEDY
        )
    return tuple(written.items())
