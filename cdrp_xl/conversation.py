"""The command connect: what an extract would be read by is shown, asked about, and written once it is accepted."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from cdrp_xl import terminal
from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.folding import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from cdrp_xl.offences.reading import Reading
    from cdrp_xl.sources.connecting import Chosen, Proposal
    from cdrp_xl.workbooks.connecting import ExistingSettings
    from cdrp_xl.workbooks.connecting_people import PeopleProposal
    from cdrp_xl.workbooks.connecting_tables import TableProposal

_USES = {
    "offence_reference": "Reference of the offence",
    "date_recorded": "Day recorded",
    "offence": "Offence (code or words)",
    "offence_words": "Offence, second column",
    "area": "Area",
    "date_committed": "Day committed",
    "locality": "Locality (ward, parish, beat)",
    "lsoa": "Code of the LSOA",
    "outcome": "Outcome",
    "locus_type": "Type of place",
    "locus_subtype": "Subtype of place",
    "domestic": "Flag for domestic abuse",
    "victim": "Reference of the victim",
    "premises": "Reference of the premises",
}
_USES_OF_TABLE = {
    "area": "Area",
    "offence": "Offence (code or words)",
    "offence_words": "Offence, second column",
    "period": "Period",
    "quarter": "Number of the quarter",
    "offences": "Number of offences",
}
_NONE = "-"
_TO_WRITE = "Write this into partnership.toml?"


def connect(
    folder: Path, files: Sequence[Path], *, area: str | Sequence[str], accept: bool, as_json: bool, today: dt.date
) -> dict[str, object]:
    """Look into an extract, show what it would be read by, and write it where it is accepted; return what was done.

    With `as_json` nobody is asked: nothing is written unless `accept` says so.
    """
    from cdrp_xl.workbooks import connecting, connecting_people, connecting_tables

    own = connecting.existing_settings(folder, area=area)
    if not (files or own.source or own.table):
        raise ValueFoundError(
            "No file is named, and nothing is connected yet.",
            where=str(folder),
            remedy=f"Name the extract's files:  cdrp-xl connect {folder} FILE...",
        )
    there = [path if path.exists() or not (folder / path).exists() else folder / path for path in files]
    if people := connecting_people.look(own, there):
        return _connect_people(own, people, accept=accept, as_json=as_json, today=today)
    if table := connecting_tables.look(own, there, today=today):
        return _connect_table(own, table, accept=accept, as_json=as_json, today=today)
    return _connect_extract(own, there, accept=accept, as_json=as_json, today=today)


def _connect_extract(
    own: ExistingSettings, there: Sequence[Path], *, accept: bool, as_json: bool, today: dt.date
) -> dict[str, object]:
    """Show what an extract would be read by, and write it where it is accepted; return what was done."""
    from cdrp_xl.workbooks import connecting

    folder = own.folder
    chosen = own.chosen
    proposal = connecting.look(own, there, chosen=chosen, today=today)
    if accept:
        decided = connecting.accepted(chosen, proposal)
        if decided != chosen:
            proposal = connecting.look(own, there, chosen=decided, today=today)
    elif not as_json:
        proposal, accept = _Conversation(own, there, today=today).held(proposal)
    written = _written(own, connecting.write(own, proposal)) if accept else {}
    if as_json:
        return in_full(own, proposal) | written | {"next": _next(folder, proposal)}
    if accept:
        return written | _summary(proposal) | {"next": _next(folder, proposal)}
    return {"nothing_was_written": True}


def _connect_table(
    own: ExistingSettings, table: TableProposal, *, accept: bool, as_json: bool, today: dt.date
) -> dict[str, object]:
    """Show what a table of counts would be read by, and write it where it is accepted; return what was done."""
    from cdrp_xl.workbooks import connecting_tables

    if not (accept or as_json):
        accept = _Conversation(own, (), today=today).agreed_to(_summary_of_table(table))
    table = connecting_tables.accepted(own, table) if accept else table
    written = _written(own, connecting_tables.write(own, table)) if accept else {}
    next_ = {"next": f"cdrp-xl refresh {own.folder}"}
    if as_json:
        return _table_in_full(own, table) | written | next_
    return written | _summary_of_table(table) | next_ if accept else {"nothing_was_written": True}


def _connect_people(
    own: ExistingSettings, people: PeopleProposal, *, accept: bool, as_json: bool, today: dt.date
) -> dict[str, object]:
    """Show which tables of people and households were recognised, and write them where it is accepted."""
    from cdrp_xl.workbooks import connecting_people

    summary: dict[str, object] = {what: table.said for what, table in people.tables.items()}
    numbers = {f"{what}_by_area": dict(found) for what, found in people.numbers.items()}
    for what, found in people.numbers.items():
        summary[f"{what}_by_area"] = "; ".join(f"{area} {number:,}" for area, number in found.items())
    if not (accept or as_json):
        accept = _Conversation(own, (), today=today).agreed_to(summary)
    written = _written(own, connecting_people.write(own, people)) if accept else {}
    next_ = {"next": f"cdrp-xl refresh {own.folder}"}
    if as_json:
        return {"area": own.area} | summary | numbers | written | next_
    return written | summary | next_ if accept else {"nothing_was_written": True}


def _written(own: ExistingSettings, kept: Path | None) -> dict[str, object]:
    return {"settings": str(own.folder / "partnership.toml"), "former_settings_kept": str(kept) if kept else None}


def _table_in_full(own: ExistingSettings, table: TableProposal) -> dict[str, object]:
    """Return all that a table of counts would be read by, for a program."""
    return {
        "area": own.area,
        "files": list(table.settings.files),
        "headings": table.settings.headings.named,
        "worksheet": table.settings.worksheet or None,
        "offence_columns": list(table.settings.offence_columns),
        "periods": [period.name for period in table.covered],
        "codes": codes(table.offences),
        "notes": list(table.notes),
    }


def _summary_of_table(table: TableProposal) -> dict[str, object]:
    """Return what a table of counts would be read by in a few words, for a person."""
    unknown = [quoted(each.text) for each in table.unknown]
    named = table.settings.headings.named
    return {
        "table_of_counts": name_some([quoted(file) for file in table.settings.files]),
        "headings": "; ".join(f"{_USES_OF_TABLE[use]}: {quoted(heading)}" for use, heading in named.items()),
        "worksheet": table.settings.worksheet or None,
        "columns_of_offences": "; ".join(map(quoted, table.settings.offence_columns)) or None,
        "not_counted": "; ".join(_left_out(each) for each in table.offences if each.is_left_out) or None,
        "periods_covered": table.coverage or None,
        "for_you_to_decide": _decide(unknown) if unknown else None,
        "notes": list(table.notes),
    }


def _left_out(each: Reading) -> str:
    """Return an offence that is not counted, with the reason where it is one that holds for everybody."""
    return f"{quoted(each.text)} ({each.remark})" if each.remark else quoted(each.text)


def _decide(unknown: Sequence[str]) -> str:
    return f"{name_some(unknown, named=12)}: see the lines under offence_codes in partnership.toml"


def codes(readings: Sequence[Reading]) -> list[dict[str, object]]:
    """Return what each offence is counted under, for a program; `counted_under` is null where it is not counted."""
    from cdrp_xl.offences.reading import NOT_COUNTED
    from cdrp_xl.report import mapping

    return [
        {
            "written": each.written.text,
            **({"beside": each.written.beside} if each.written.beside else {}),
            "rows": each.written.rows,
            "counted_under": each.row.name if each.row else None,
            "row": each.row.row_id if each.row else None,
            "rule": each.rule.value if each.rule else None,
            "could_be_several": each.is_ambiguous,
            "suggested": (NOT_COUNTED if each.is_left_out else each.suggested) or None,
            "remark": each.remark or mapping.remark(each) or None,
        }
        for each in readings
    ]


def words(file: Path, folder: Path | None, *, as_json: bool) -> str:
    """Return what the offences of a plain list are counted under, for a person or a program."""
    from cdrp_xl.workbooks import connecting

    found = connecting.words(file, folder)
    if as_json:
        return json.dumps({"codes": codes(found)}, indent=1, ensure_ascii=False)
    width = max(len(each.written.text) for each in found)
    return "\n".join(f"{each.written.text.ljust(width)}  {_under(each)}" for each in found)


def _under(each: Reading) -> str:
    """Return what an offence is counted under, with what is open about it."""
    from cdrp_xl.report import mapping

    under = "unknown"
    if each.row:
        under = each.row.name
    elif each.is_left_out:
        under = "not counted"
    elif each.suggested:
        under = f"unknown; a suggestion: {each.suggested}"
    open_point = each.remark or mapping.remark(each)
    return f"{under}. {open_point}" if open_point else under


def in_full(own: ExistingSettings, proposal: Proposal) -> dict[str, object]:
    """Return a proposal in full, as JSON holds it."""
    named = proposal.settings.headings.named
    return {
        "area": own.area,
        "files": [path.name for path in proposal.paths],
        "worksheets": list(proposal.worksheets),
        "headings": named,
        "flags": {name: flag.heading for name, flag in proposal.settings.flags.items()},
        "other_headings": [heading for heading in proposal.columns if heading not in named.values()],
        "areas": [{"written": each.written, "rows": each.rows, "ours": each.is_ours} for each in proposal.areas],
        "months": [
            {"month": f"{each.month.year}-{each.month.month:02}", "rows": each.rows, "whole": each.is_whole}
            for each in proposal.months
        ],
        "codes": codes(proposal.offences),
        "rows": [
            {
                "file": each.file,
                "row": each.row,
                "reference": each.reference,
                "recorded": each.recorded.isoformat() if each.recorded else None,
                "area": each.area,
                "written": each.written,
                "counted_under": each.counted_under or None,
            }
            for each in proposal.rows
        ],
        "notes": list(proposal.notes),
    }


def _summary(proposal: Proposal) -> dict[str, object]:
    """Return what was found in a few words, for a person."""
    from cdrp_xl.periods import Period, runs_in_words

    whole = [each.month for each in proposal.months if each.is_whole]
    partial = [str(each.month) for each in proposal.months if not each.is_whole]
    unknown = [quoted(each.text) for each in proposal.unknown]
    named = proposal.settings.headings.named
    spellings = proposal.settings.area_spellings
    return {
        "headings": "; ".join(f"{_USES[use]}: {quoted(heading)}" for use, heading in named.items()),
        "counted_as_the_area": "; ".join(map(quoted, spellings)) or None,
        "counted_beside_recorded_crime": "; ".join(_beside(proposal)) or None,
        "not_counted": "; ".join(map(quoted, proposal.settings.not_counted)) or None,
        "whole_months": runs_in_words(Period(each, each) for each in whole) if whole else None,
        "months_that_are_not_whole": "; ".join(partial) or None,
        "for_you_to_decide": _decide(unknown) if unknown else None,
        "notes": list(proposal.notes),
    }


def _beside(proposal: Proposal) -> list[str]:
    """Return the incidents that are counted in rows of their own, each with its row."""
    rows = proposal.settings.counted_by().incidents
    there = ((each.text, each.row) for each in proposal.offences)
    return [f"{quoted(text)} ({row.name})" for text, row in there if row and row.row_id in rows]


def _next(folder: Path, proposal: Proposal) -> str:
    """Return the command to go on with; the quarter is named where a refresh would take one that is not whole."""
    from cdrp_xl.workbooks.connecting import quarters

    whole, taken = quarters(proposal.months)
    named = f" --quarter {whole.name.replace(' ', '-')}" if whole and whole != taken else ""
    return f"cdrp-xl refresh {folder}{named}"


class _Conversation:
    """What is asked of a person about an extract, in their terminal."""

    def __init__(self, own: ExistingSettings, files: Sequence[Path], *, today: dt.date) -> None:
        from rich.console import Console

        self._own = own
        self._files = files
        self._today = today
        self._open: set[str] = set()
        # Plain: colours would be escape sequences, and those of a file's cells must be seen, not obeyed.
        self._console: Console = Console(
            file=sys.stdout, color_system=None, force_terminal=False, highlight=False, markup=False, emoji=False
        )

    def held(self, proposal: Proposal) -> tuple[Proposal, bool]:
        """Return the proposal as the answers leave it, and whether to write it."""
        chosen = self._headings(self._own.chosen, proposal)
        proposal = self._again(chosen)
        ours = self._spellings(proposal)
        others = tuple(name for name in proposal.settings.area_spellings if name not in ours)
        chosen = replace(chosen, area_spellings=ours, other_areas=others)
        while asked := [each for each in proposal.unknown if each.text not in self._open]:
            chosen = self._offences(chosen, asked)
            proposal = self._again(chosen)
        self._show(proposal)
        return proposal, self._agreed(_TO_WRITE, default=True)

    def agreed_to(self, summary: Mapping[str, object]) -> bool:
        """Show how a table of counts would be read, and return whether to write it."""
        self._say_all(summary)
        return self._agreed(_TO_WRITE, default=True)

    def _again(self, chosen: Chosen) -> Proposal:
        from cdrp_xl.workbooks import connecting

        return connecting.look(self._own, self._files, chosen=chosen, today=self._today)

    def _headings(self, chosen: Chosen, proposal: Proposal) -> Chosen:
        """Return what is chosen with the headings as the person wants them."""
        named = dict.fromkeys(_USES, "") | proposal.settings.headings.named
        rows = [(_USES[use], heading or _NONE) for use, heading in named.items()]
        self._table(("What", "Your heading"), rows)
        others = [heading for heading in proposal.columns if heading not in named.values()]
        if others:
            self._say(f"Not read: {name_some(others, named=len(others))}.")
        if not self._agreed("Are these headings right?", default=True):
            self._say(f'Enter keeps what is in brackets; "{_NONE}" is for none.')
            named = {use: self._heading(use, heading, proposal.columns) for use, heading in named.items()}
        return replace(chosen, headings=named)

    def _heading(self, use: str, now: str, there: Sequence[str]) -> str:
        spelt = {fold(heading): heading for heading in there} | {_NONE: ""}
        while True:
            answer = self._ask(_USES[use], default=now or _NONE)
            if fold(answer) in spelt:
                return spelt[fold(answer)]
            self._say(
                f"There is no heading {quoted(answer)}. The headings are {name_some(list(there), named=len(there))}."
            )

    def _spellings(self, proposal: Proposal) -> tuple[str, ...]:
        """Return the spellings of the area that the person takes for it."""
        known = self._own.chosen.area_spellings
        rows = {each.written: each.rows for each in proposal.areas}
        return tuple(
            name
            for name in proposal.settings.area_spellings
            if name in known
            or self._agreed(f"{_having(rows.get(name, 0))} {quoted(name)}: count as {self._own.area}?", default=True)
        )

    def _offences(self, chosen: Chosen, unknown: Sequence[Reading]) -> Chosen:
        """Return what is chosen with the meaning of offences that are not known; those left open are remembered."""
        from cdrp_xl.offences.reading import NOT_COUNTED

        self._say(
            f"Unknown offences: {len(unknown)}. Write what each is: a row, a code, "
            f'"{NOT_COUNTED}", or "{_NONE}" to leave it open. Enter takes what is in brackets, a suggestion.'
        )
        meant = dict(chosen.offence_codes)
        for each in unknown:
            if each.remark:
                self._say(each.remark)
            text = each.text
            answer = self._ask(f"{text} ({_rows(each.written.rows)})", default=each.suggested or _NONE)
            if answer == _NONE:
                self._open.add(text)
                meant.pop(text, None)
            else:
                meant[text] = answer
        return replace(chosen, offence_codes=meant)

    def _show(self, proposal: Proposal) -> None:
        """Show ten rows as they would be counted, the months, and what is good to know."""
        self._table(
            ("File", "Row", "Recorded", "Area", "Offence", "Counted under"),
            [
                (each.file, f"{each.row:,}", str(each.recorded), each.area, each.written, each.counted_under or "open")
                for each in proposal.rows
            ],
        )
        self._say_all({what: said for what, said in _summary(proposal).items() if what != "headings"})

    def _say_all(self, summary: Mapping[str, object]) -> None:
        for what, said in summary.items():
            if said:
                lines = said if isinstance(said, list) else [said]
                self._say("\n".join(f"{what.replace('_', ' ').capitalize()}: {line}" for line in lines))

    def _table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False)
        for heading in headings:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*(Text(terminal.in_one_line(cell)) for cell in row))
        self._console.print(table)

    def _say(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)

    def _agreed(self, question: str, *, default: bool) -> bool:
        from rich.prompt import Confirm

        try:
            return Confirm.ask(terminal.in_one_line(question), console=self._console, default=default)
        except EOFError as ended:
            raise _nobody_answers() from ended

    def _ask(self, question: str, *, default: str) -> str:
        from rich.prompt import Prompt

        try:
            return str(Prompt.ask(terminal.in_one_line(question), console=self._console, default=default)).strip()
        except EOFError as ended:
            raise _nobody_answers() from ended


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _having(number: int) -> str:
    return f"{_rows(number)} {'has' if number == 1 else 'have'}"


def _nobody_answers() -> ValueFoundError:
    return ValueFoundError(
        "A question was asked, and nobody answered it; nothing was written.",
        where="cdrp-xl connect",
        remedy="Run it in a terminal, or add --accept to take what is proposed.",
    )
