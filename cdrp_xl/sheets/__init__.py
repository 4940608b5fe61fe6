"""The layout of a report: which worksheets, which blocks, where. Nothing here computes a figure."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from cdrp_xl.colours import lighter
from cdrp_xl.settings.sections import (
    ANALYST_WORKSHEETS,
    EMERGING,
    ESCAPE_LIKE,
    FORBIDDEN,
    LONGEST_NAME,
    NAMES,
    OTHER,
    PLACES,
    RETURNS,
    REVISIONS,
    TAKEN,
    worksheets,
)
from cdrp_xl.sheets import (
    calibration,
    emerging,
    explained,
    farm,
    group,
    headlines,
    inputs,
    local,
    mapping,
    outcomes,
    own,
    pages,
    paper,
    places,
    returns,
    revisions,
    series,
    trends,
    upright,
    words,
)
from cdrp_xl.sheets.blocks import (
    Block,
    Chart,
    Column,
    Figure,
    FigureKind,
    Pivot,
    Properties,
    Series,
    SeriesKind,
    Sheet,
    Sparkline,
    Table,
    Text,
    Value,
)
from cdrp_xl.sheets.control import Control, LogRow
from cdrp_xl.sheets.over_cells import Button, Picture
from cdrp_xl.styles import BLUE, LIGHT_BLUE, Style
from cdrp_xl.terms import Marking, highest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cdrp_xl.prose.commentary import Words
    from cdrp_xl.report import PriorityResult, Report

__all__ = [
    "Audience",
    "Block",
    "Button",
    "Chart",
    "Column",
    "Control",
    "Figure",
    "FigureKind",
    "LogRow",
    "Picture",
    "Pivot",
    "Properties",
    "Series",
    "SeriesKind",
    "Sheet",
    "Sparkline",
    "Table",
    "Text",
    "Value",
    "lay_out",
    "lay_out_unfilled",
    "paper",
    "sheet_names",
]

_TO_SPACE = str.maketrans(dict.fromkeys(FORBIDDEN, " "))

_ENDINGS = (" by month", " group", " by size")
"""Of the names of a priority's further worksheets."""
_REPORT_WORKSHEETS = frozenset({"Cover", *ANALYST_WORKSHEETS})


class Audience(Enum):
    """For whom a workbook is laid out."""

    ANALYST = "the master"
    PARTNERS = "the published copy"


def lay_out(
    report: Report,
    audience: Audience,
    *,
    control: Control | None = None,
    checked: Words | None = None,
    said_of: Sequence[tuple[str, str, str]] = (),
) -> tuple[Sheet, ...]:
    """Return the worksheets of a report, in order, for the analyst or for partners.

    What the analyst wrote is under its heading in the partners' copy; in the master it is where it was typed.
    The master begins with its worksheet Control, which shows what `control` holds; `checked` are the analyst's words
    beside the figures, `said_of` what is said about the figures that the analyst wants explained.
    """
    written = report
    report = (
        report
        if audience is Audience.PARTNERS
        else replace(report, sections=(), changed=None, led={}, is_upright=False)
    )
    highlights = pages.highlights(report)
    titled = (name for section, title in report.titles.items() for name in worksheets(section, title))
    taken = (*TAKEN, *titled, highlights.name)
    names = sheet_names((result.title for result in report.priorities), taken=taken)
    sections = [
        pages.priority(report, result, sheet=name, number=number)
        for number, (name, result) in enumerate(zip(names, report.priorities, strict=True), 1)
    ]
    described = [
        *_trends(report, audience),
        *_summary(report, audience),
        *_priority_sections(report, sections, audience, taken=taken),
        *_farm_section(report, audience),
        *_places_section(report, taken=(*taken, *names)),
        *([(outcomes.page(report, report.outcomes), outcomes.HOLDS)] if report.outcomes else []),
        (highlights, "Every offence group in both periods, with its change"),
        *_emerging(report, audience),
        *_other_issues(report, audience),
        *_own(report, taken=(*taken, *names)),
        *_returned(report, audience, taken=(*taken, *names, *(own.title for own in report.own))),
        *_changed(report),
        (pages.currency(report), "Where the figures come from, and for which dates"),
        (pages.notes(report), "Methods and symbols"),
    ]
    described = _in_order(described, report.order)
    is_final = audience is Audience.PARTNERS
    first = headlines.page(report, has_lines=is_final)
    if audience is Audience.ANALYST:
        of_partners = report.called(OTHER, NAMES[OTHER])
        published = ("Cover", first.name, *(sheet.name for sheet, _ in described), of_partners)
        described += _for_analyst(written, report, published, checked, said_of)
    listed = [(first.name, headlines.HOLDS), *((sheet.name, holds) for sheet, holds in described)]
    laid_out = [pages.cover(report, listed, has_logo=is_final), first, *(sheet for sheet, _ in described)]
    if audience is Audience.ANALYST:
        laid_out.insert(0, pages.control(control or Control(), marking=report.marking.value))
    return _on_paper([_marked(sheet, report) for sheet in laid_out], report, is_final=is_final)


def _on_paper(sheets: Sequence[Sheet], report: Report, *, is_final: bool) -> tuple[Sheet, ...]:
    """Return worksheets laid out for their paper; the copy's as the settings have it and with small charts."""
    turned = (upright.turned(sheet) for sheet in sheets) if is_final and report.is_upright else sheets
    fitted = tuple(paper.fitted(sheet, is_final=is_final) for sheet in turned)
    drawn = headlines.with_lines(fitted, report) if is_final else fitted
    return tuple(_in_accent(sheet, report.accent) for sheet in drawn) if report.accent else drawn


def _in_accent(sheet: Sheet, accent: str) -> Sheet:
    """Return a worksheet with what is drawn in the partnership's own colour in place of ours."""
    own = {BLUE: accent, LIGHT_BLUE: lighter(accent)}

    def coloured(block: Block) -> Block:
        if isinstance(block, Chart):
            series = (replace(each, colour=own.get(each.colour, each.colour)) for each in block.series)
            return replace(block, series=tuple(series))
        if isinstance(block, Sparkline):
            return replace(block, colours=(own[LIGHT_BLUE], accent))
        return block

    return replace(sheet, blocks=tuple(map(coloured, sheet.blocks)))


def _in_order(described: Sequence[tuple[Sheet, str]], order: Sequence[str]) -> list[tuple[Sheet, str]]:
    """Return worksheets with those of the sections first that the settings name, and the others as they were."""
    places = {section: at for at, section in enumerate(order)}
    return sorted(described, key=lambda each: places.get(each[0].section, len(places)))


def _summary(report: Report, audience: Audience) -> list[tuple[Sheet, str]]:
    """Return the summary of the priorities; partners get none where there are no priorities."""
    if audience is Audience.PARTNERS and not report.priorities and not report.commentary("summary"):
        return []
    return [(pages.summary(report), "The position of each priority, with the reason")]


def _emerging(report: Report, audience: Audience) -> list[tuple[Sheet, str]]:
    """Return the worksheet of emerging issues; partners get none where there is nothing to say."""
    found, is_for_analyst = report.emerging, audience is Audience.ANALYST
    if not (is_for_analyst or found.reported or found.falls or report.commentary(EMERGING)):
        return []
    page = emerging.page(report, sees_all=is_for_analyst)
    return [(page, "Which offences changed by more than usual, and what was tested")]


def _other_issues(report: Report, audience: Audience) -> list[tuple[Sheet, str]]:
    """Return the worksheet of the answers that are marked for partners; the master has them among all answers."""
    is_for_partners = audience is Audience.PARTNERS
    if not is_for_partners or not (report.commentary(OTHER) or any(each.is_published for each in report.answers)):
        return []
    return [(local.for_partners(report), local.HOLDS_FOR_PARTNERS)]


def _own(report: Report, *, taken: Iterable[str]) -> Iterator[tuple[Sheet, str]]:
    """Yield the worksheets of the partnership's own sections, with what each holds."""
    names = sheet_names((own.title for own in report.own), taken=taken)
    for number, (name, each) in enumerate(zip(names, report.own, strict=True), 1):
        yield own.page(report, each, sheet=name, number=number), f"{each.title}: from the analyst's own worksheets"


def _for_analyst(
    written: Report,
    report: Report,
    published: Sequence[str],
    checked: Words | None,
    said_of: Sequence[tuple[str, str, str]],
) -> list[tuple[Sheet, str]]:
    """Return the worksheets that the master alone has; `published` are the names of those that partners have too."""
    return [
        *_farm_pivots(report),
        *([(returns.warnings(report, report.returned), returns.HOLDS_WARNINGS)] if report.returned else []),
        (inputs.page(written, worksheets=published), "Where the analyst writes"),
        *_words(written, checked),
        *([(explained.page(report, said_of), explained.HOLDS)] if checked else []),
        (local.page(report), "The answers to your local questions"),
        *([(revisions.page(written), revisions.HOLDS)] if written.revisions and written.changed else []),
        *([(mapping.page(report, report.mapping), mapping.HOLDS)] if report.mapping else []),
        *([(calibration.page(report, report.calibration), calibration.HOLDS)] if report.calibration else []),
        (pages.checks(report), "What was checked while the figures were made"),
    ]


def _marked(sheet: Sheet, report: Report) -> Sheet:
    """Return a worksheet with its marking; those of the whole, or of the analyst alone, have its highest."""
    is_of_the_whole = sheet.name in _REPORT_WORKSHEETS or sheet.section == REVISIONS
    marking = report.marking if is_of_the_whole else report.marking_of(sheet.name)
    marking = highest([marking, Marking(sheet.marking)]) if sheet.marking else marking
    blocks = tuple(
        replace(block, value=marking.value) if isinstance(block, Text) and block.style is Style.MARKING else block
        for block in sheet.blocks
    )
    return replace(sheet, blocks=blocks, marking=marking.value)


def _priority_sections(
    report: Report, firsts: Sequence[Sheet], audience: Audience, *, taken: Iterable[str]
) -> Iterator[tuple[Sheet, str]]:
    """Yield the worksheets of each priority with what they hold: the first, its months, and its group."""
    titles = [result.title for result in report.priorities]
    taken = [*taken, *(sheet.name for sheet in firsts)]
    months, groups, funnels = (sheet_names(titles, taken=taken, ending=ending) for ending in _ENDINGS)
    for place, (sheet, result) in enumerate(zip(firsts, report.priorities, strict=True)):
        yield sheet, _beside(sheet, result.title, "the quarter, its baseline year and the trend")
        number = place + 1
        if result.series or result.year_end:
            sees_all = audience is Audience.ANALYST
            page = series.months(report, result, sheet=months[place], number=number, sees_all=sees_all)
            yield replace(page, section=result.priority_id), _beside(page, result.title, _held_by_months(result))
        if result.group:
            page = group.rates(report, result.title, result.group, sheet=groups[place], number=number)
            held = _beside(page, result.title, "compared with the most similar group")
            yield replace(page, section=result.priority_id), held
            page = group.funnel(report, result.title, result.group, sheet=funnels[place], number=number)
            held = _beside(page, result.title, "the most similar group by size of area")
            yield replace(page, section=result.priority_id), held


def _held_by_months(result: PriorityResult) -> str:
    """Return what the worksheet of a priority's months holds: not every quarter has a projection."""
    parts = ["month by month with its usual level"] if result.series else []
    parts += ["the likely total for the year"] if result.year_end else []
    return ", and ".join(parts)


def _beside(sheet: Sheet, title: str, holds: str) -> str:
    """Return what a worksheet shows as its line in the contents says it: its title too where its name is cut short."""
    return holds[0].upper() + holds[1:] if sheet.name.startswith(title) else f"{title}: {holds}"


def _farm_section(report: Report, audience: Audience) -> list[tuple[Sheet, str]]:
    """Return the worksheets of farm crime, if the report has any, with what each holds."""
    if report.farm is None:
        return []
    holds = (
        "Farm crime by offence group and year, with its share of all crime",
        "Farm crime by quarter beside the baseline year, with repeats",
    )
    laid_out = farm.section(report, report.farm, with_pivots=audience is Audience.ANALYST)
    return list(zip(laid_out, holds, strict=True))


def _places_section(report: Report, *, taken: Iterable[str]) -> list[tuple[Sheet, str]]:
    """Return the worksheet of wards or the like, if they are asked for, with what it holds."""
    if report.places is None:
        return []
    (untitled,) = sheet_names((report.places.title,), taken=taken)
    name = report.called(PLACES, untitled)
    holds = f"Each {report.places.called.lower()}: counts, change and rate beside the same quarter of the year before"
    return [(places.page(report, report.places, sheet=name), holds)]


def _returned(report: Report, audience: Audience, *, taken: Iterable[str]) -> list[tuple[Sheet, str]]:
    """Return the worksheets of what partners returned, if anything is expected of them, with what each holds."""
    if report.returned is None:
        return []
    sections = report.returned.sections
    names = sheet_names((section.title for section in sections), taken=taken)
    is_for_analyst = audience is Audience.ANALYST
    laid_out = [
        returns.section(report, section, sheet=name, number=number, is_for_analyst=is_for_analyst)
        for number, (name, section) in enumerate(zip(names, sections, strict=True), 1)
    ]
    described = [
        (replace(sheet, section=RETURNS), _beside(sheet, section.title, f"what {section.agency} returned"))
        for sheet, section in zip(laid_out, sections, strict=True)
    ]
    overview = returns.overview(report, report.returned, sees_all=is_for_analyst)
    return [(overview, "Which returns came, and what the meeting is to consider"), *described]


def _trends(report: Report, audience: Audience) -> list[tuple[Sheet, str]]:
    """Return the worksheet of the main rows month by month, where months are counted."""
    if report.trends is None:
        return []
    return [(trends.page(report, report.trends, sees_all=audience is Audience.ANALYST), trends.HOLDS)]


def _changed(report: Report) -> list[tuple[Sheet, str]]:
    """Return the worksheet of the figures that differ from earlier copies, where partners need to know of any."""
    if report.changed is None or not report.changed.figures:
        return []
    return [(revisions.changed_page(report), revisions.HOLDS_CHANGED)]


def _farm_pivots(report: Report) -> list[tuple[Sheet, str]]:
    if report.farm is None:
        return []
    holds = ("Farm crime in pivot tables, by year and by quarter", "The farm offences that the pivot tables count")
    return list(zip(farm.pivots(report, report.farm), holds, strict=True))


def _words(report: Report, checked: Words | None) -> list[tuple[Sheet, str]]:
    if checked is None:
        return []
    laid_out = words.checked(report, checked), words.names(report, checked)
    return list(zip(laid_out, (words.HOLDS_CHECKED, words.HOLDS_NAMES), strict=True))


def lay_out_unfilled() -> tuple[Sheet, ...]:
    """Return the worksheets of a master before its first refresh: what a refresh reads of it, and nothing more."""
    return pages.control(Control(), marking=""), inputs.unfilled_page()


def sheet_names(titles: Iterable[str], *, taken: Iterable[str] = (), ending: str = "") -> tuple[str, ...]:
    """Return a worksheet name for each title: allowed by spreadsheet programs, and unlike every other in any case."""
    used = {name.casefold() for name in taken}
    names = []
    for title in titles:
        plain = " ".join(ESCAPE_LIKE.sub(" ", title.translate(_TO_SPACE)).split())
        name, number = (_cut(plain, LONGEST_NAME - len(ending)) or "Priority") + ending, 2
        while name.casefold() in used:
            numbered = f" {number}{ending}"
            name, number = (_cut(plain, LONGEST_NAME - len(numbered)) or "Priority") + numbered, number + 1
        used.add(name.casefold())
        names.append(name)
    return tuple(names)


def _cut(text: str, units: int) -> str:
    """Return as much of a text as fits, without an apostrophe at either end, which no worksheet's name may have."""
    kept = text.strip("' ").encode("utf-16-le")[: 2 * units]
    return kept.decode("utf-16-le", errors="ignore").strip("' ")
