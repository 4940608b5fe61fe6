"""What the command line prints of what was done, for a person or for a program."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.functions import Answer, Cell
    from cdrp_xl.installation.findings import Finding
    from cdrp_xl.measures.backtest import BackTest
    from cdrp_xl.measures.comparison import Comparison
    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.prose.findings import Checked
    from cdrp_xl.report.local import Answer as LocalAnswer
    from cdrp_xl.report.mapping import OffenceMapping
    from cdrp_xl.report.of_rows import PlacesTable
    from cdrp_xl.report.revisions import Revisions
    from cdrp_xl.tables import FileLedger
    from cdrp_xl.workbooks.explaining import Explanation
    from cdrp_xl.workbooks.explaining_copy import Certified
    from cdrp_xl.workbooks.history import Run
    from cdrp_xl.workbooks.publishing import Published
    from cdrp_xl.workbooks.refreshing import Refreshed

_HASH_SHOWN = 16


def comparison_json(comparison: Comparison, notes: Sequence[str] = ()) -> str:
    """Return two compared periods, for a program."""
    rows = [
        {
            "row_id": row.row.row_id,
            "number": row.row.number,
            "name": row.row.name,
            "earlier": row.earlier,
            "later": row.later,
            "change": row.change,
            "apparent_change": row.apparent_change,
            "printed": row.printed,
        }
        for row in comparison.rows
    ]
    periods = {"earlier": comparison.earlier.heading, "later": comparison.later.heading}
    return json.dumps(
        {"area": comparison.area, **periods, "rows": rows, "notes": list(notes)}, indent=1, ensure_ascii=False
    )


def comparison_text(comparison: Comparison, notes: Sequence[str] = ()) -> str:
    """Return two compared periods as a table, for a person."""
    heading = ("", comparison.earlier.heading, comparison.later.heading, "Change", "Apparent")
    rows = [
        (row.row.name, f"{row.earlier:,}", f"{row.later:,}", f"{row.change:,}", row.printed)
        for row in comparison.rows
        if not (row.row.is_remainder and row.earlier == row.later == 0)
    ]
    return "\n".join([comparison.area, _table([heading, *rows]), *notes])


def places_json(places: PlacesTable, notes: Sequence[str] = ()) -> str:
    """Return wards or the like, for a program."""
    lines = [
        {
            "place": line.place,
            "row_id": line.row.row_id,
            "name": line.row.name,
            "earlier": line.earlier,
            "later": line.later,
            "change": line.change,
            "apparent_change": line.apparent_change,
            "rate_per_1000_people": line.rate,
            "against_usual_movement": line.verdict,
        }
        for line in places.lines
    ]
    periods = {"earlier": places.earlier.heading, "later": places.later.heading}
    found = {"places": places.title, **periods, "lines": lines, "notes": list(notes)}
    return json.dumps(found, indent=1, ensure_ascii=False)


def places_text(places: PlacesTable, notes: Sequence[str] = ()) -> str:
    """Return wards or the like as a table, for a person."""
    heading = (
        places.called,
        "Offence",
        places.earlier.heading,
        places.later.heading,
        "Change",
        "Rate",
        "Against usual",
    )
    rows = [
        (line.place, line.row.name, *map(_figure, (line.earlier, line.later, line.change, line.rate)), line.verdict)
        for line in places.lines
    ]
    return "\n".join([_table([heading, *rows]), *notes])


def _figure(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def backtest_json(found: BackTest) -> str:
    """Return how often the rules would have been wrong, for a program."""
    from cdrp_xl.measures.backtest import KNOWN, LENGTHS

    placebo = {each.months: each for each in found.placebo}
    projection = {each.known: each for each in found.projection}
    rates = {
        "placebo": [
            {"months": months, "n": each.n, "different": each.different, "exact": each.exact}
            if (each := placebo.get(months))
            else {"months": months, "n": 0, "different": 0, "exact": 0}
            for months in LENGTHS
        ],
        "projection": [
            {"months": known, "n": ends.n, "covered": ends.covered, "width": ends.width}
            if (ends := projection.get(known))
            else {"months": known, "n": 0, "covered": 0, "width": None}
            for known in KNOWN
        ],
        "target": [{"stated": each.stated, "met": each.met, "n": each.n} for each in found.target],
        "months": {"n": found.months, "flagged": found.flagged},
        "emerging": {"reports": found.reports, "with_a_rise": found.with_a_rise},
    }
    return json.dumps(rates, indent=1, ensure_ascii=False)


def backtest_text(found: BackTest) -> str:
    """Return how often the rules would have been wrong, as tables for a person."""
    from cdrp_xl.report import calibration

    tables = {
        ("Nothing changed on average", "Called larger", "By chance in counts", "Comparisons"): calibration.placebo(
            found
        ),
        ("Months known of a year", "Within the range", "Upper/lower", "Years"): calibration.projection(found),
        ("Chance stated", "On average", "Target met", "Targets"): calibration.target(found),
        ("What stood out", "Share", "Of how many"): calibration.flagged(found),
    }
    return "\n\n".join(_table((heading, *map(_cells, rows))) for heading, rows in tables.items())


def _cells(row: Sequence[str | int | float]) -> tuple[str, ...]:
    return tuple(
        cell if isinstance(cell, str) else f"{cell:,}" if isinstance(cell, int) else f"{cell:.3f}" for cell in row
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def mapping_json(mapping: OffenceMapping) -> str:
    """Return how each offence was counted, for a program."""
    offences = [
        {
            "written": each.written,
            "beside": each.beside or None,
            "read_as": each.offence or None,
            "rows": each.rows,
            "counted_under": each.counted_under or None,
            "rule": each.rule or None,
            "remark": each.remark or None,
            "change": each.change or None,
        }
        for each in mapping.offences
    ]
    return json.dumps({"intro": mapping.intro, "offences": offences}, indent=1, ensure_ascii=False)


def mapping_text(mapping: OffenceMapping) -> str:
    """Return how each offence was counted as a table, for a person."""
    heading = ("Offence in the extract", "Read as", "Rows", "Counted under", "By", "What to know")
    rows = [
        (
            f"{each.written} {each.beside}".strip(),
            each.offence,
            f"{each.rows:,}",
            each.counted_under or "Not counted",
            each.rule,
            " ".join(filter(None, (each.change, each.remark))),
        )
        for each in mapping.offences
    ]
    widths = [max(len(row[i]) for row in (heading, *rows)) for i in range(len(heading))]
    lines = (
        "  ".join(
            cell.rjust(width) if heading[i] == "Rows" else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (heading, *rows)
    )
    return "\n".join([mapping.intro, *(line.rstrip() for line in lines)])


def explanations_json(found: Sequence[Explanation]) -> str:
    """Return where figures come from, for a program."""
    from dataclasses import asdict

    return json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False)


def explanations_text(found: Sequence[Explanation]) -> str:
    """Return where figures come from, for a person."""
    return "\n\n".join("\n".join(f"{what}: {said}" for what, said in each.lines()) for each in found)


def certified_json(found: Certified) -> str:
    """Return what a copy and its certificate say about a cell, as JSON."""
    return json.dumps([{"what": what, "said": said} for what, said in found.said], indent=1, ensure_ascii=False)


def certified_text(found: Certified) -> str:
    """Return what a copy and its certificate say about a cell, as text."""
    return "\n".join(f"{what}: {said}" for what, said in found.said)


def history_json(runs: Sequence[Run]) -> str:
    """Return the runs of a folder in full, for a program."""
    import msgspec

    return json.dumps([msgspec.to_builtins(run) for run in runs], indent=1, ensure_ascii=False)


def history_text(runs: Sequence[Run]) -> str:
    """Return the runs of a folder, the latest first, each with what was read, decided and published, for a person."""
    lines = []
    for run in reversed(runs):
        lines.append(f"Run {run.number}, {run.day.day} {run.day:%B %Y}: {run.what} {run.quarter}".rstrip())
        lines.append(f"  {'Done' if run.is_done else run.outcome.capitalize()} by {run.made_by}")
        lines.append(f"  Settings: {run.settings[:_HASH_SHOWN]}…")
        lines += [f"  Read: {each.name} ({each.sha256[:_HASH_SHOWN]}…)" for each in run.files]
        lines += [f"  {each.source}: {each.read:,} rows read, {each.counted:,} counted" for each in run.rows]
        lines += [f"  To look at: {each}" for each in run.look_at]
        for each in run.decided:
            overrides = f" It overrides: {each.by_rule}" if each.by_rule else ""
            lines.append(f"  Decided: {each.what}: {each.decision}. {each.reason}{overrides}")
        if issued := run.issued:
            lines.append(f"  Published: {issued.copy} ({issued.sha256[:_HASH_SHOWN]}…), {issued.marking}")
            lines += [f"  Hidden on {sheet}: {cells:,} cells" for sheet, cells in issued.hidden.items()]
            lines += [f"  Found in it: {each}" for each in issued.findings]
        if packs := run.packs:
            lines.append(
                f"  Packs: {packs.made:,} made, {packs.kept:,} already up to date, {len(packs.failed):,} not made"
            )
            lines += [f"  Not made: {area}: {why}" for area, why in packs.failed.items()]
    return "\n".join(lines) or "Nothing was refreshed or published yet."


def revisions_json(found: Revisions) -> str:
    """Return what moved since an earlier refresh, for a program."""
    from cdrp_xl.report.revisions import CAUSES

    lines = [
        {
            "source": each.source,
            "row": each.row,
            "period": each.period,
            "was": each.was,
            "now": each.now,
            "change": each.change,
            **dict(zip((cause.lower().replace(" ", "_") for cause in CAUSES), each.parts, strict=True)),
        }
        for each in found.lines
    ]
    return json.dumps({"intro": found.intro, "revisions": lines}, indent=1, ensure_ascii=False)


def revisions_text(found: Revisions) -> str:
    """Return what moved since an earlier refresh as a table, for a person."""
    from cdrp_xl.report.revisions import CAUSES

    def shown(count: int | None) -> str:
        return "not covered" if count is None else f"{count:,}"

    heading = ("Offence row", "Period", "Source", "Was", "Is now", "Change", *CAUSES)
    rows = [
        (
            each.row,
            each.period,
            each.source,
            shown(each.was),
            shown(each.now),
            f"{each.change:,}",
            *(f"{part:,}" if part else "" for part in each.parts),
        )
        for each in found.lines
    ]
    return "\n".join([found.intro, *([_table([heading, *rows])] if rows else [])])


def question_json(answer: LocalAnswer, notes: Sequence[str] = ()) -> str:
    """Return the answer to a local question, for a program."""
    return json.dumps(_question(answer) | {"notes": list(notes)}, indent=1, ensure_ascii=False)


def question_text(answer: LocalAnswer, notes: Sequence[str] = ()) -> str:
    """Return the answer to a local question, for a person."""
    lines = []
    for name, value in _question(answer).items():
        sign = "+" if name == "apparent_change" else "-"
        shown = format(value, f"{sign}.1%") if isinstance(value, float) else value
        lines.append(f"{name.replace('_', ' ').capitalize():16}{shown}")
    return "\n".join([*lines, *notes])


def _question(answer: LocalAnswer) -> dict[str, object]:
    return {
        "area": answer.area,
        "offences_of": answer.offences_of,
        "period": answer.period.heading,
        "offences": answer.offences,
        "earlier_period": answer.earlier_period.heading,
        "earlier": answer.earlier,
        "change": answer.change,
        "apparent_change": answer.apparent_change,
        "flag": str(answer.flag),
        "with_the_flag": answer.flagged,
        "share": answer.share,
        "remark": answer.remark,
    }


def answer_json(answer: Answer) -> str:
    """Return what a worksheet function answers, for a program: days as ISO writes them."""
    return json.dumps({"answer": answer}, indent=1, ensure_ascii=False, default=str)


def answer_text(rows: Sequence[Sequence[Cell]]) -> str:
    """Return what a worksheet function answers, cell beside cell, for a person."""
    return "\n".join("\t".join(_cell(cell) for cell in row) for row in rows)


def _cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.6g}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, dt.date) else str(cell)


def refreshed(done: Refreshed, *, with_ledger: bool) -> dict[str, object]:
    """Return what a refresh did, by what it is called; the ledger of every file is for programs."""
    return {
        "quarter": done.report.period.name,
        "quarter_is_the_last_that_the_data_complete": done.quarter_was_chosen,
        "master": str(done.master),
        "former_master_kept": str(done.former) if done.former else None,
        "master_written_anew_because": done.reason or None,
        "commentary_taken_over_from": str(done.older) if done.older else None,
        "other_names_that_keep_the_former_master": done.other_names or None,
        "rows_read": done.rows_read,
        "rows_not_counted": done.left_out,
        **({"ledger": [_ledger(source, file) for source, file in done.ledger]} if with_ledger else {}),
        "offences_counted_by": counted_by(done.classification, is_named=done.is_classification_named),
        "look_at": list(done.report.lines_to_look_at),
        "what_is_counted": list(done.notes),
        "seconds": done.seconds,
    }


def counted_by(classification: Classification, *, is_named: bool = True) -> str:
    """Return by which definitions offences are counted, and that this is so since the settings name none."""
    said = "" if is_named else ", since partnership.toml names no classification"
    return f"{classification.title}, {classification.classification_id}{said}"


def _ledger(source: str, file: FileLedger) -> dict[str, object]:
    """Return what became of the rows of one file or worksheet."""
    left_out = [{"reason": line.reason, "rows": line.rows, "first": list(line.first)} for line in file.left_out]
    read = {"source": source, "file": file.file, "worksheet": file.worksheet or None, "read": file.read}
    return read | {"counted": file.counted, "left_out": left_out}


def published(done: Published, *, of_forms: Sequence[str] = ()) -> dict[str, object]:
    """Return what a publish did, key by key; `of_forms` is what to look at in the copy's other forms."""
    values = done.passed.row_values
    return {
        "published_copy": str(done.copy),
        "certificate": str(done.certificate),
        "values_of_single_rows_looked_for": values.looked_for if values else None,
        "look_at": [*done.report.lines_to_look_at, *done.passed.to_look_at, *of_forms],
        "former_copy_kept": str(done.former) if done.former else None,
        "seconds_to_publish": done.seconds,
    }


def findings_json(findings: tuple[Finding, ...]) -> str:
    """Return what the doctor found, for a program."""
    rows = [
        {
            "what": each.what,
            "found": each.found,
            "where": each.where or None,
            "verdict": each.verdict.value,
            "remedy": each.remedy or None,
        }
        for each in findings
    ]
    return json.dumps({"findings": rows}, indent=1, ensure_ascii=False)


def findings_text(findings: tuple[Finding, ...]) -> str:
    """Return what the doctor found, for a person."""
    lines = []
    for each in findings:
        lines.append(f"{each.verdict.capitalize():5}  {each.what}: {each.found}")
        lines += [f"       Where: {each.where}"] if each.where else []
        lines += [f"       What to do: {each.remedy}"] if each.remedy else []
    return "\n".join(lines)


def number_or_text(text: str) -> float | str:
    """Return what was typed as a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def words_json(period: Period, checked: Checked) -> str:
    """Return what was found in a text, for a program."""
    findings = [
        {
            "sentence": each.sentence,
            "words": each.words,
            "why": each.why,
            "nearest": each.nearest,
            "corrected": each.corrected,
            "fault": str(each.fault),
            "section": each.section,
            "finding": each.mark,
            "accepted": each.accepted,
        }
        for each in checked.findings
    ]
    own = [{"words": each.text, "what": each.what, "sentence": each.sentence} for each in checked.own]
    return json.dumps({"quarter": period.name, "findings": findings, "own": own}, indent=1, ensure_ascii=False)


def words_text(period: Period, checked: Checked) -> str:
    """Return what was found in a text, for a person."""
    lines = []
    for each in checked.findings:
        lines += [f'"{each.words}" in: {each.sentence}', f"  {each.why}"]
        lines += [f"  Nearest: {each.nearest}"] if each.nearest else []
        lines += [f"  Instead: {each.corrected}"] if each.corrected else []
        lines += [f"  Accepted: {each.accepted}"] if each.accepted else [f"  Finding: {each.mark}"]
    own, unread = ([each.text for each in checked.own if each.is_unread is wanted] for wanted in (False, True))
    lines += [f"Not in any report, so yours to answer for: {', '.join(own)}."] if own else []
    lines += [f"Not read for certain, so look at them once more: {', '.join(unread)}."] if unread else []
    count = len(checked.open)
    found = f"{count:,} thing{'s do' if count > 1 else ' does'} not agree" if count else "Everything agrees"
    return "\n".join([*lines, f"{found} with the figures for {period.name}."])
