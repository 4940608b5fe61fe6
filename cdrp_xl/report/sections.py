"""The sections of a report: what they are called, and what the analyst wrote about each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.report import farm
from cdrp_xl.report.model import Section
from cdrp_xl.report.wording import say
from cdrp_xl.settings import sections
from cdrp_xl.terms import highest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cdrp_xl.report.model import Report
    from cdrp_xl.report.suppressed import Suppressed
    from cdrp_xl.settings import Settings
    from cdrp_xl.settings.report_settings import ReportSettings
    from cdrp_xl.sources.master import Inputs


def written(settings: Settings, highlights: str, commentary: Mapping[str, str]) -> tuple[Section, ...]:
    """Return the sections that the analyst may write about, with what was written.

    Parameters
    ----------
    settings
        The partnership's settings.
    highlights
        What the highlights are called where the settings say nothing.
    commentary
        What was written for the quarter, by section id.
    """
    titles = {
        sections.HEADLINES: say("headlines", "title"),
        sections.SUMMARY: sections.NAMES[sections.SUMMARY],
        **{priority.id: priority.title for priority in settings.priorities},
    }
    titles |= {farm.SECTION: say("farm", "title")} if settings.farm else {}
    titles |= {sections.HIGHLIGHTS: highlights, sections.EMERGING: say("emerging", "title")}
    titles |= {sections.OTHER: sections.NAMES[sections.OTHER], **{own.id: own.title for own in settings.sections}}
    return tuple(
        Section(
            section_id=section_id,
            title=settings.report.titles.get(section_id, title),
            commentary=commentary.get(section_id, ""),
        )
        for section_id, title in titles.items()
    )


def small_counts(done: Iterable[Suppressed], settings: Settings, highlights: str) -> tuple[Suppressed, ...]:
    """Return what was done to small counts, by worksheets as the settings call them.

    Parameters
    ----------
    done
        By worksheets as they are called otherwise.
    settings
        The partnership's settings.
    highlights
        What the highlights are called otherwise.
    """
    called = _renamed(settings, highlights)
    return tuple(
        replace(each, sheet=", ".join(called.get(name, name) for name in each.sheet.split(", "))) for each in done
    )


def arranged(built: Report, settings: Settings) -> Report:
    """Return a report with its sections in the settings' order, under their titles, with who leads on each.

    Parameters
    ----------
    built
        The report.
    settings
        The partnership's settings.
    """
    own = settings.report
    inputs = _with_markings(built.inputs, _renamed(settings, built.comparison.classification.table))
    led = {section: _led(section, own) for section in (*own.lead_officers, *own.agenda)}
    return replace(built, order=own.order, titles=own.titles, led=led, inputs=inputs)


def _led(section: str, own: ReportSettings) -> str:
    lead, agenda = own.lead_officers.get(section), own.agenda.get(section)
    said = [say("sections", "lead", lead=lead.rstrip("."))] if lead else []
    return " ".join([*said, *([say("sections", "agenda", agenda=agenda.rstrip("."))] if agenda else [])])


def _with_markings(inputs: Inputs, called: Mapping[str, str]) -> Inputs:
    """Return what was typed, its markings by worksheets as the settings call them: none is lost by a new title."""
    markings = {name: marking for name, marking in inputs.markings.items() if name not in called}
    for name, marking in inputs.markings.items():
        if name in called:
            markings[called[name]] = highest([marking, markings.get(called[name], marking)])
    return replace(inputs, markings=markings)


def _renamed(settings: Settings, highlights: str) -> dict[str, str]:
    """Return the names of the worksheets that the settings give a title, by what they are called otherwise."""
    places = settings.places.several if settings.places else ""
    names = {**sections.NAMES, sections.HIGHLIGHTS: highlights, sections.PLACES: places}
    return {
        name: title
        for section, called in settings.report.titles.items()
        for name, title in zip(
            sections.worksheets(section, names[section]), sections.worksheets(section, called), strict=True
        )
    }
