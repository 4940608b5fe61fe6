"""The worksheets of a report, one function each: what is where, under which heading."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl.periods import Month
from cdrp_xl.report.wording import within
from cdrp_xl.settings.sections import HIGHLIGHTS, NAMES, NOTES, SOURCES, SUMMARY
from cdrp_xl.sheets import measured
from cdrp_xl.sheets.blocks import (
    Chart,
    Column,
    Series,
    SeriesKind,
    Sheet,
    Table,
    Text,
    down,
    widths_of,
)
from cdrp_xl.sheets.over_cells import Button, Picture
from cdrp_xl.sheets.paper import LANDSCAPE
from cdrp_xl.styles import BLUE, ORANGE, POINTS, Style
from cdrp_xl.terms import NOT_AVAILABLE, SYMBOLS, as_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.report import PriorityResult, Report
    from cdrp_xl.report.model import HighlightsRow
    from cdrp_xl.sheets.blocks import Value
    from cdrp_xl.sheets.control import Control

LINE_PIXELS = 945
"""How long a line of text may be before it goes on in the next row, so that an eye finds the next."""

LINE_CHARACTERS = 110
"""How wide the column is of a worksheet that holds no table."""

_LOGO_PIXELS = 54
BESIDE_LOGO = 16
"""How far a logo keeps away from the title."""


BUTTONS = ("Refresh", "Publish", "Check", "Comparison")
"""The master's buttons; each runs the macro of its own name."""

_BOLD = frozenset({Style.TITLE, Style.FINDING, Style.SUBHEADING, Style.MARKING})
_ROWS_OF_BUTTONS = 2
_BUTTON_PIXELS, _BETWEEN_BUTTONS_PIXELS = 130, 16

_CHANCE_COLUMNS = (
    Column(heading="Times as many", style=Style.RATIO, width=14),
    Column(heading="From (95%)", style=Style.RATIO, width=14),
    Column(heading="To (95%)", style=Style.RATIO, width=14),
    Column(heading="In words", style=Style.TEXT, width=60),
)
"""What is shown beside the legacy columns where the settings ask for it."""

_KEPT_TOGETHER = re.compile(r"(?<=\[note) (?=\d+\])|(?<=[+-]) (?=\d)")
_JOINT = "\ue000"


def control(shown: Control, *, marking: str) -> Sheet:
    """Return the worksheet from which the master is worked: buttons, settings, status and the log of refreshes."""
    intro = (
        "Refresh fills this workbook; Publish writes the partners' copy; Check looks it over; Comparison compares "
        "rows.\n"
        "Left empty, the folder is the one that this workbook is in, and the quarter is as partnership.toml says."
    )
    head = down(
        Text(name="control_title", value="Control", style=Style.TITLE),
        Text(name="control_marking", value=marking, style=Style.MARKING),
        *text_lines("control_intro", intro),
    )
    at = head[-1].row + 2
    step = _BUTTON_PIXELS + _BETWEEN_BUTTONS_PIXELS
    buttons = [
        Button(caption=each, macro=each, row=at, left=step * i, width=_BUTTON_PIXELS) for i, each in enumerate(BUTTONS)
    ]
    below = at + _ROWS_OF_BUTTONS + 1
    lines = [("control_status", "Status", shown.status), ("control_last_refresh", "Last refresh", shown.last_refresh)]
    texts = [
        text
        for row, (name, heading, value) in enumerate(lines, below)
        for text in (
            Text(name=f"{name}_heading", value=heading, style=Style.NAME, row=row),
            Text(name=name, value=value, row=row, column=1),
        )
    ]
    settings, log = _control_settings(shown), _refresh_log(shown)
    settings = replace(settings, row=below + len(lines) + 1)
    log = replace(log, row=settings.row + settings.height + 1)
    blocks = (*head, *buttons, *texts, settings, log)
    return Sheet(name="Control", blocks=blocks, widths=widths_of(settings, log))


def _control_settings(shown: Control) -> Table:
    return Table(
        name="tblControl",
        columns=(
            Column(heading="Setting", style=Style.NAME, width=24),
            Column(heading="Value", style=Style.INPUT, width=40),
        ),
        rows=(
            ("Partnership folder", shown.folder),
            ("Quarter", shown.quarter),
        ),
        inputs=frozenset({"Value"}),
    )


def _refresh_log(shown: Control) -> Table:
    return Table(
        name="tblRefreshLog",
        columns=(
            Column(heading="When", style=Style.NAME, width=24),
            Column(heading="Quarter", style=Style.TEXT, width=40),
            Column(heading="Rows read", style=Style.COUNT, width=14),
            Column(heading="Result", style=Style.TEXT, width=48),
        ),
        rows=tuple((row.when, row.quarter, row.rows_read, row.result) for row in shown.log),
    )


def unlisted(name: str, rows: Sequence[Sequence[str]]) -> Sheet:
    """Return a hidden worksheet of texts from cell A1, for a program to read."""
    texts = (
        Text(name="", value=value, row=row, column=column)
        for row, line in enumerate(rows)
        for column, value in enumerate(line)
    )
    return Sheet(name=name, blocks=tuple(texts), widths=(36.0, 60.0), is_hidden=True)


def cover(report: Report, others: Sequence[tuple[str, str]], *, has_logo: bool = False) -> Sheet:
    """Return the cover: who, when, for whom, and every other worksheet, linked, with what it shows.

    A logo is at the right of its title.
    """
    badge = _logo(report) if has_logo else []
    title = title_lines(
        "cover",
        f"{report.partnership}: {report.title}",
        pixels=LINE_PIXELS - sum(each.width + BESIDE_LOGO for each in badge),
    )
    texts = [*title, _marking("cover", report)]
    texts += text_lines(
        "cover_what", f"{report.area}, {report.period.words} ({report.period.name})", style=Style.FINDING
    )
    day = f"{report.date.day} {Month.of(report.date).name}"
    by, contact = (
        f" by {report.producer}" * bool(report.producer),
        f"\nContact: {report.contact}" * bool(report.contact),
    )
    said = f"Produced{by} for the partners of the Community Safety Partnership on {day}.{contact}"
    texts += text_lines("cover_said", "\n".join((said, *report.about)))
    if report.reissue:
        texts += [Text(name="cover_reissue", value=report.reissue.title, style=Style.SUBHEADING)]
        texts += text_lines("cover_reissue", "\n".join(report.reissue.lines))
    table = Table(
        name="tblContents",
        columns=(
            Column(heading="Contents", style=Style.LINK, width=34),
            Column(heading="What it shows", style=Style.TEXT, width=76),
        ),
        rows=tuple(others),
        links=tuple(name for name, _ in others),
    )
    return Sheet(name="Cover", blocks=(*down(*texts, table), *badge), widths=widths_of(table))


def _logo(report: Report) -> list[Picture]:
    """Return the logo as high as the title and the marking, and no wider than a third of the page."""
    own = report.logo
    if own is None:
        return []
    scale = min(_LOGO_PIXELS / own.height, LANDSCAPE.width / 3 / own.width, 1)
    picture = Picture(
        name="Logo",
        content=own.content,
        alt_text=report.producer or report.partnership,
        width=max(1, round(own.width * scale)),
        height=max(1, round(own.height * scale)),
    )
    return [picture]


def summary(report: Report) -> Sheet:
    """Return the summary: the position of every priority, in words, with its icon, its fill and its reason."""
    table = Table(
        name="tblSummary",
        columns=(
            Column(heading="Priority", style=Style.NAME, width=19),
            Column(heading="Objective", style=Style.TEXT, width=28),
            Column(heading="Period", style=Style.TEXT, width=19),
            Column(heading="Offences", style=Style.COUNT, width=10),
            Column(heading="Baseline period", style=Style.TEXT, width=19),
            Column(heading="Baseline offences", style=Style.COUNT, width=10),
            Column(heading="Numeric change", style=Style.CHANGE, width=10),
            Column(heading="Apparent change", style=Style.APPARENT_CHANGE, width=11),
            Column(heading="Position", style=Style.STATUS, width=22),
            Column(heading="Reason", style=Style.TEXT, width=34),
        ),
        rows=tuple(_summary_row(result) for result in report.priorities),
    )
    key = "\n".join(f"{as_shown(status)}: {within(meaning)}" for status, meaning in report.key)
    return page(
        report.called(SUMMARY, NAMES[SUMMARY]),
        report.called(SUMMARY, "Summary of priorities"),
        report,
        *((table,) if report.priorities else ()),
        finding=report.intros.positions,
        intro=report.intros.summary,
        key="summary",
        section=SUMMARY,
        small=key if report.priorities else "",
    )


def priority(report: Report, result: PriorityResult, *, sheet: str, number: int) -> Sheet:
    """Return the worksheet of one priority: its sentence, its chart and the chart's data."""
    baseline = f"Same quarter of {result.baseline_year.name}"
    has_baseline = any(point.baseline is not None for point in result.trend)
    columns = (
        Column(heading="Quarter", style=Style.NAME, width=14),
        Column(heading="Offences", style=Style.COUNT, width=12),
        *((Column(heading=baseline, style=Style.COUNT, width=16),) if has_baseline else ()),
    )
    rows = tuple(
        (
            point.quarter.name,
            *(NOT_AVAILABLE if count is None else count for count in (point.offences, point.baseline)),
        )[: len(columns)]
        for point in result.trend
    )
    trend = Table(name=f"tblTrend{number}", columns=columns, rows=rows)
    status = as_shown(result.assessment.status)
    said = {
        "sentence": (f"{status}. {result.sentence}", Style.FINDING),
        # One run of lines: a master has room for more findings under these, and none for a first one of its own.
        "position": ("\n".join((result.assessment.reason, *result.findings)), Style.LINE),
        "objective": (f"Objective: {result.objective.removesuffix('.')}.", Style.SMALL),
    }
    key = f"priority_{number}"
    texts = [line for part, (text, style) in said.items() for line in text_lines(f"{key}_{part}", text, style=style)]
    described = page(
        sheet, result.title, report, *((trend,) if rows else ()), key=key, intro=texts, section=result.priority_id
    )
    if not rows:
        return described
    placed = described.tables[-1]
    chart = _trend_chart(result, placed, baseline if result.has_whole_baseline else "", number)
    return replace(described, blocks=(*described.blocks, chart))


def highlights(report: Report) -> Sheet:
    """Return the two-period comparison of every offence row, as CADET prints it; a remainder of nothing is left out."""
    compared = report.comparison
    chances: Sequence[tuple[Value, ...]] = [()] * len(compared.rows)
    if report.chances:
        chances = [(each.ratio, each.lower, each.upper, each.sentence) for each in report.chances]
    table = Table(
        name="tblCadet",
        columns=(
            Column(heading="Offence group", style=Style.NAME, width=40),
            Column(heading=compared.earlier.heading, style=Style.COUNT, width=18),
            Column(heading=compared.later.heading, style=Style.COUNT, width=18),
            Column(heading="Numeric change", style=Style.CHANGE, width=16),
            Column(heading="Apparent change", style=Style.APPARENT_CHANGE, width=16),
            *(_CHANCE_COLUMNS if report.chances else ()),
        ),
        rows=tuple(
            (_cited(report, row), row.earlier, row.later, row.change, row.apparent_change, *beside)
            for row, beside in zip(compared.rows, chances, strict=True)
            if not (row.row.is_remainder and row.earlier == row.later == 0)
        ),
    )
    name = report.called(HIGHLIGHTS, compared.classification.table)
    return page(
        name,
        f"{name}: {compared.later.words} compared with {compared.earlier.words}",
        report,
        table,
        key=compared.classification.table.lower().replace(" ", "_"),
        finding=report.headlines.sentences[0],
        small=report.intros.highlights,
        section=HIGHLIGHTS,
    )


def _cited(report: Report, published: HighlightsRow) -> str:
    """Return an offence row's name with the notes that it cites."""
    row = published.row
    return " ".join([row.name, *(note.citation for note in report.notes if row.row_id in note.rows)])


def currency(report: Report) -> Sheet:
    """Return how current each source is."""
    table = Table(
        name="tblCurrency",
        columns=(
            Column(heading="Source", style=Style.NAME, width=30),
            Column(heading="Publisher", style=Style.TEXT, width=34),
            Column(heading="Used for", style=Style.TEXT, width=24),
            Column(heading="Covers", style=Style.TEXT, width=18),
            Column(heading="As at", style=Style.DATE, width=16),
            Column(heading="Next release", style=Style.DATE, width=16),
            Column(heading="Lag", style=Style.TEXT, width=24),
        ),
        rows=tuple(
            (
                line.source,
                line.publisher or NOT_AVAILABLE,
                line.used_for or NOT_AVAILABLE,
                line.covers or NOT_AVAILABLE,
                _or(line.as_at, NOT_AVAILABLE),
                _or(line.next_release, NOT_AVAILABLE),
                line.lag or NOT_AVAILABLE,
            )
            for line in report.sources
        ),
    )
    name = report.called(SOURCES, NAMES[SOURCES])
    return page(name, name, report, table, key="up_to_date", intro=report.intros.currency, section=SOURCES)


def notes(report: Report) -> Sheet:
    """Return the notes, the symbols with their meanings, and the short form of the certificate where there is one."""
    noted = Table(
        name="tblNotes",
        caption="Notes",
        columns=(
            Column(heading="Note", style=Style.NAME, width=14),
            Column(heading="Text", style=Style.TEXT, width=LINE_CHARACTERS - 14),
        ),
        rows=tuple((note.citation, note.text) for note in report.notes),
    )
    symbols = Table(
        name="tblSymbols",
        caption="Symbols",
        columns=(
            Column(heading="Symbol", style=Style.NAME, width=14),
            Column(heading="Meaning", style=Style.TEXT, width=60),
        ),
        rows=tuple(SYMBOLS.items()),
    )
    certified = Table(
        name="tblCertificate",
        caption="What is certified",
        columns=(
            Column(heading="Certified", style=Style.NAME, width=14),
            Column(heading="Found", style=Style.TEXT, width=LINE_CHARACTERS - 14),
        ),
        rows=report.certified,
    )
    tables = (noted, symbols, certified) if report.certified else (noted, symbols)
    name, title = report.called(NOTES, NAMES[NOTES]), report.called(NOTES, "Notes and symbols")
    return page(name, title, report, *tables, key="notes", intro=report.intros.notes, section=NOTES)


def checks(report: Report) -> Sheet:
    """Return what was looked at while the figures were made; for the analyst, never for partners."""
    table = Table(
        name="tblChecks",
        columns=(
            Column(heading="Looked at", style=Style.NAME, width=40),
            Column(heading="Result", style=Style.TEXT, width=14),
            Column(heading="Detail", style=Style.TEXT, width=80),
        ),
        rows=tuple((check.what, "Holds" if check.holds else "Look at this", check.detail) for check in report.checks),
    )
    return page("Checks", "What was checked", report, table)


def page(
    name: str,
    title: str,
    report: Report,
    *blocks: Text | Table | Chart,
    key: str = "",
    finding: str = "",
    intro: str | Sequence[Text] = "",
    section: str = "",
    small: str = "",
) -> Sheet:
    """Return a worksheet that begins with its title, marking and finding, then texts, the commentary and the rest.

    Who leads its section, and where it is on the agenda, is under the marking.

    What is `small` is at its foot: what the figures are compared with, and from where they come.
    """
    key = key or name.lower().replace(" ", "_")
    head = [*title_lines(key, title), _marking(key, report)]
    head += text_lines(f"{key}_led", report.led.get(section, ""), style=Style.SMALL)
    head += text_lines(f"{key}_finding", finding, style=Style.FINDING)
    head += text_lines(f"{key}_intro", intro) if isinstance(intro, str) else intro
    comments = [*_changed(key, report, section), *_commentary(key, report, section)]
    foot = text_lines(f"{key}_small", small, style=Style.SMALL)
    tables = [block for block in blocks if isinstance(block, Table)]
    widths = widths_of(*tables) if tables else (LINE_CHARACTERS,)
    return Sheet(name=name, blocks=down(*head, *comments, *blocks, *foot), widths=widths, section=section)


def _changed(key: str, report: Report, section: str) -> list[Text]:
    """Return what differs from earlier copies of what a section shows."""
    return text_lines(f"{key}_changed", report.changed.said.get(section, "")) if report.changed else []


def _commentary(key: str, report: Report, section: str) -> list[Text]:
    lines = text_lines(f"{key}_commentary", report.commentary(section)) if section else []
    if not lines:
        return []
    return [Text(name=f"{key}_commentary", value="Commentary", style=Style.SUBHEADING), *lines]


def title_lines(key: str, title: str, *, pixels: int = LINE_PIXELS) -> list[Text]:
    """Return a title in as many lines as it takes; the worksheet is known by the first."""
    lines = lines_of(title, style=Style.TITLE, pixels=pixels)
    return [
        Text(name=f"{key}_title_{at}" if at else f"{key}_title", value=line, style=Style.TITLE, goes_on=at > 0)
        for at, line in enumerate(lines)
    ]


def text_lines(name: str, text: str, *, style: Style = Style.LINE) -> list[Text]:
    """Return a text's paragraphs as lines that fit the page; no cell is merged."""
    lines = [
        (line, at > 0)
        for paragraph in text.split("\n")
        for at, line in enumerate(lines_of(paragraph, style=style))
        if line
    ]
    return [
        Text(name=f"{name}_{i}", value=line, style=style, goes_on=goes_on) for i, (line, goes_on) in enumerate(lines)
    ]


def lines_of(paragraph: str, *, style: Style, pixels: int = LINE_PIXELS) -> list[str]:
    """Return a paragraph in as many lines as it takes, citations and signed numbers whole."""
    points, is_bold = POINTS.get(style, measured.TEXT_POINTS), style in _BOLD
    wrapped = measured.wrapped(_KEPT_TOGETHER.sub(_JOINT, paragraph), pixels, points=points, is_bold=is_bold)
    return [line.replace(_JOINT, " ") for line in wrapped]


def _marking(key: str, report: Report) -> Text:
    return Text(name=f"{key}_marking", value=report.marking.value, style=Style.MARKING)


def _summary_row(result: PriorityResult) -> tuple[Value, ...]:
    return (
        result.title,
        result.objective,
        result.period.heading,
        _or(result.later, NOT_AVAILABLE),
        result.baseline_period.heading,
        _or(result.baseline, NOT_AVAILABLE),
        _or(result.change, NOT_AVAILABLE),
        _or(result.apparent_change, result.printed),
        as_shown(result.assessment.status),
        result.assessment.reason,
    )


def _or(value: Value, symbol: str) -> Value:
    return symbol if value is None else value


def _trend_chart(result: PriorityResult, table: Table, baseline: str, number: int) -> Chart:
    series = [Series(heading="Offences", kind=SeriesKind.COLUMNS, colour=BLUE)]
    series += [Series(heading=baseline, kind=SeriesKind.LINE, colour=ORANGE)] if baseline else []
    return Chart(
        name=f"chtTrend{number}",
        table=table,
        categories="Quarter",
        series=tuple(series),
        title=result.chart_title,
        across="Quarter of the financial year",
        alt_text=result.chart_alt_text,
        row=table.row,
        column=len(table.columns),
        height=260,
    )
