"""Explain: where a figure of a partnership comes from, down to the rows that it counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import CdrpError, ValueFoundError, name_some, quoted
from cdrp_xl.prose.catalogue import FARM, Measure, slug
from cdrp_xl.report import meant, usual
from cdrp_xl.report.meant import Meant
from cdrp_xl.report.wording import say
from cdrp_xl.selected import FarmOffences, FarmRepeats, PriorityOffences
from cdrp_xl.sources.publisher import Asked, TableSource
from cdrp_xl.terms import NOT_AVAILABLE
from cdrp_xl.workbooks import asked_function, cells, certificate
from cdrp_xl.workbooks.gathering import selections
from cdrp_xl.workbooks.master import MASTER

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.prose.catalogue import Figure
    from cdrp_xl.prose.checking import Checker
    from cdrp_xl.report import Data, Report
    from cdrp_xl.selected import RowKey
    from cdrp_xl.settings import Settings
    from cdrp_xl.sources.named_rows import NamedRows
    from cdrp_xl.tables import Counts
    from cdrp_xl.workbooks.certificate import Hashed

LONGEST_TEXT = 8_000
"""Characters of a line on the worksheet: of very many rows the first are listed."""

_WHATS = {
    Measure.LEVEL: meant.COUNT,
    Measure.CHANGE: meant.CHANGE,
    Measure.APPARENT_CHANGE: meant.APPARENT_CHANGE,
    Measure.SHARE: meant.SHARE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One count of a figure: when, from which source, by which query in words, and its rows. Unit: offences.

    `rows` are empty where the source does not look them up.
    """

    period: str
    source: str
    offences: int
    query: str
    rows: tuple[NamedRows, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where one figure comes from.

    Attributes
    ----------
    figure, shown
        What it is, and what is shown there.
    counted
        The counts that it is made of.
    files
        The files of their sources.
    definition
        By which list of definitions, in which version.
    judged
        What a verdict on it is made of: the rule, its inputs and what it gave.
    revisions
        What moved of it since the previous refresh, and since earlier copies.
    small_counts
        What is done with small counts of its worksheet, and whether this one is hidden.
    """

    figure: str
    shown: str
    counted: tuple[Counted, ...]
    files: tuple[Hashed, ...]
    definition: str
    judged: tuple[str, ...]
    revisions: tuple[str, ...]
    small_counts: str
    made_by: str

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield all that is said, with what it is."""
        yield "Figure", f"{self.figure}: {self.shown}"
        for count in self.counted:
            yield "Counted", f"{count.period}: {count.offences:,} offences. {count.query}"
            for rows in count.rows:
                yield "Rows", _rows_in_words(rows)
                if rows.references:
                    yield "First references", ", ".join(rows.references)
        for file in self.files:
            yield "File", f"{file.name}, {file.size:,} bytes, SHA-256 {file.sha256}"
        yield "Definitions", self.definition
        yield from (("Judged", said) for said in self.judged)
        yield from (("Revised", said) for said in self.revisions)
        yield "Small counts", self.small_counts
        yield "Worked out by", self.made_by

    def for_partners(self) -> Explanation:
        """Return the same without the numbers and references of rows."""
        counted = tuple(
            replace(each, rows=tuple(replace(rows, rows=(), references=()) for rows in each.rows))
            for each in self.counted
        )
        return replace(self, counted=counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """Explains any number of figures of one report."""

    folder: Path
    own: Settings
    data: Data
    report: Report
    today: dt.date

    def explain(self, asked: str) -> tuple[Explanation, ...]:
        """Return where figures come from, one explanation to each.

        Parameters
        ----------
        asked
            A cell of the master (``CADET highlights!D12``), a figure's name (``burglary-dwelling.later``), a worksheet
            function (``=CDRP_COUNT("Arson")``) or a sentence.

        Raises
        ------
        ValueFoundError
            If it names no figure that is counted, or no source can count it again.
        FileError
            If the master is missing or damaged.
        """
        return tuple(self._explanation(*each) for each in _figures(self.folder, asked, self.report))

    def said_of(self, names: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
        """Return what is said about figures, line by line: the figure, what is said about it, and that in words.

        A name that can't be explained has one line with the reason: no refresh is refused for it.
        """
        lines: list[tuple[str, str, str]] = []
        for name in names:
            try:
                found = self.explain(name)
            except CdrpError as refused:
                lines.append((name, "", refused.what))
                continue
            lines += [(name, what, said[:LONGEST_TEXT]) for each in found for what, said in each.lines()]
        return tuple(lines)

    @property
    def settings(self) -> Settings:
        """The settings, with areas under their names of today."""
        return self.own.counted_as(self.data.counted_as)

    def _explanation(self, figure: Meant, shown: str) -> Explanation:
        """Return where one figure comes from."""
        counted = tuple(self._counted(figure, period) for period in figure.periods)
        sources = {name for name, _ in counted}
        classification = self.report.comparison.classification
        return Explanation(
            figure=figure.words,
            shown=shown,
            counted=tuple(each for _, each in counted),
            files=tuple(self._files(sources)),
            definition=say(
                "explain",
                "definition",
                title=classification.title,
                name=classification.classification_id,
                sha256=certificate.definition(classification.classification_id),
            ),
            judged=tuple(self._judged(figure)),
            revisions=tuple(self._revisions(figure)),
            small_counts=self._small_counts(figure),
            made_by=certificate.software(),
        )

    def _counted(self, figure: Meant, period: Period) -> tuple[str, Counted]:
        """Return a count of a figure, and the name of the source that it is from."""
        rows = self._rows(figure.row)
        name, counts = self._source(rows, period)
        table: TableSource = getattr(self.own.sources, name)
        area = counts.areas[0]
        asked = Asked(
            folder=self.folder,
            area=area,
            parts=self.own.partnership.areas,
            selections=selections(self.settings),
            today=self.today,
            classification=self.own.report.classification,
        )
        offences = sum(counts.offences(area=area, row_id=row, period=period) for row in rows)
        return name, Counted(
            period=period.words,
            source=counts.origin.source,
            offences=offences,
            query=self._query(figure.row, rows, counts, period),
            rows=tuple(named for row in _parts(rows, counts) for named in table.name_rows(asked, row, period)),
        )

    def _rows(self, row: RowKey) -> tuple[RowKey, ...]:
        """Return the rows whose counts make a figure: of repeats, all farm crime, in which they are looked for."""
        if isinstance(row, FarmRepeats):
            return (FarmOffences(),)
        priority = next((each for each in self.settings.priorities if row == PriorityOffences(each.id)), None)
        if priority is None or priority.measure.is_by_locus:
            return (row,)
        classification = self.report.comparison.classification
        return tuple(classification.row(name).row_id for name in priority.measure.rows)

    def _source(self, rows: Sequence[RowKey], period: Period) -> tuple[str, Counts]:
        """Return the first source, by the report's preference, that has the rows in the period."""
        data = self.data
        first, _ = data.table(self.own)
        for name in dict.fromkeys((first, *data.counts)):
            counts = data.counts[name]
            try:
                for row in rows:
                    counts.offences(area=counts.areas[0], row_id=row, period=period)
            except CdrpError:
                continue
            return name, counts
        raise ValueFoundError(
            f"No source that can be counted again has this for {period.words}.",
            where="partnership.toml, sources",
            remedy="Check whether the settings give the figure themselves, as a baseline's quarters.",
        )

    def _query(self, row: RowKey, rows: Sequence[RowKey], counts: Counts, period: Period) -> str:
        classification = counts.classification
        named = [each for each in classification.rows if each.row_id in rows]
        codes = sorted({code for each in named for code in each.codes})
        what = name_some([each.name for each in named], named=12) if named else say("explain", "any_offence")
        return say(
            "explain",
            "query",
            what=what,
            codes=say("explain", "codes", codes=", ".join(codes)) if codes else "",
            where=self._locus(row),
            area=counts.areas[0],
            first=f"1 {period.first.name}",
            last=f"{period.last_day.day} {period.last.name}",
            source=counts.origin.source,
        )

    def _locus(self, row: RowKey) -> str:
        farm = self.settings.farm
        priority = next((each for each in self.settings.priorities if row == PriorityOffences(each.id)), None)
        of = priority.measure if priority else farm if isinstance(row, FarmOffences | FarmRepeats) else None
        if of is None or not (of.locus_types or of.locus_subtypes):
            return ""
        group = say("explain", "group", group=row.group) if isinstance(row, FarmOffences) and row.group else ""
        loci = " and ".join(filter(None, (" or ".join(of.locus_types), " or ".join(of.locus_subtypes))))
        return say("explain", "locus", loci=loci) + group

    def _files(self, sources: set[str]) -> Iterator[Hashed]:
        named = self.own.sources.named(TableSource)
        paths = {path for name in sources for path in named[name].files_read(self.folder)}
        yield from (certificate.hashed_file(path) for path in sorted(paths))

    def _judged(self, figure: Meant) -> Iterator[str]:
        """Yield what a verdict on the figure is made of."""
        built = self.report
        if isinstance(figure.row, PriorityOffences):
            result = next(each for each in built.priorities if each.priority_id == figure.row.priority_id)
            rule = next(each.rag.rule for each in self.settings.priorities if each.id == result.priority_id)
            later, baseline = map(_or_not_available, (result.later, result.baseline))
            yield say("explain", "rule", rule=rule, later=later, baseline=baseline)
            yield f"{result.assessment.status.value.capitalize()}. {result.assessment.reason}"
            yield from result.findings
        alike = [each for each in self.data.counts.values() if each.classification is built.comparison.classification]
        if not isinstance(figure.row, FarmRepeats):
            movement = usual.of_sum(
                alike, self._rows(figure.row), area=alike[0].areas[0], first=figure.periods[0].first
            )
            share = f"{movement.usual_change:.0%}"
            yield say("explain", "movement", share=share, basis=movement.basis.value)
        for issue in (*built.emerging.rises, *built.emerging.falls):
            if issue.row.row_id == figure.row:
                yield issue.sentence

    def _revisions(self, figure: Meant) -> Iterator[str]:
        built, rows = self.report, self._rows(figure.row)
        for each in built.changed.figures if built.changed else ():
            if each.row in (figure.row, *rows) and each.period in {period.words for period in figure.periods}:
                values = f"{each.was:,} → {each.now:,}" if each.was is not None and each.now is not None else ""
                yield " ".join(filter(None, (f"{each.period}:", values, f"since {each.copy}.", each.why)))
        names = {each.name for each in built.comparison.classification.rows if each.row_id in rows} | {figure.name}
        for line in built.revisions.lines if built.revisions else ():
            if line.row in names:
                yield say("explain", "moved", source=line.source, period=line.period, change=f"{line.change:+,}")

    def _small_counts(self, figure: Meant) -> str:
        """Return what is done with small counts where the figure is, and with it."""
        own, built = self.settings.suppression, self.report
        if isinstance(figure.row, PriorityOffences):
            return say("explain", "printed_as_it_is")
        mode = own.farm if isinstance(figure.row, FarmOffences | FarmRepeats) else own.highlights
        if mode == "off":
            return say("explain", "printed_as_it_is")
        shown = {each.cell for each in built.disclosed}
        hidden = [each.words for each in figure.periods if (built.area, figure.row, each) not in shown]
        said = say("explain", mode, unsafe_up_to=own.unsafe_up_to)
        return f"{said} {say('explain', 'hidden', periods=name_some(hidden))}" if hidden else said


def _figures(folder: Path, asked: str, built: Report) -> list[tuple[Meant, str]]:
    """Return the figures that are asked about, each with what is shown there."""
    from cdrp_xl.prose.checking import Checker

    if asked_function.is_formula(asked):
        answer, of_function = asked_function.meant(folder, asked)
        return [(each, answer) for each in of_function]
    checker = Checker.of(built)
    if figure := checker.figures.by_name.get(asked.strip().strip("{}")):
        return [_meant_by_figure(figure, built)]
    if not cells.is_address(asked):
        return _in_text(asked, checker, built)
    cell = cells.find(folder / MASTER, asked)
    alike = [figures for label, figures in meant.lines(built, cell.table) if label == cell.label]
    if alike[cell.same_before :] and (found := alike[cell.same_before].get(cell.heading)):
        return [(found, str(cell.value))]
    return _in_text(cell.sentence, checker, built)


def _in_text(text: str, checker: Checker, built: Report) -> list[tuple[Meant, str]]:
    from cdrp_xl.prose.led_back import figures_in

    found = []
    for figure in figures_in(text, checker):
        try:
            found.append(_meant_by_figure(figure, built))
        except ValueFoundError:  # such as an answer of a partner: it is of the report, and counted by somebody else
            continue
    if not found:
        raise ValueFoundError(
            f"{quoted(text)} holds no figure that is counted here.",
            where="the figure asked about",
            remedy='Name a cell as "CADET highlights!D12", a figure of the worksheet Names of figures, a function as '
            '"=CDRP_COUNT("Arson")", or a sentence with figures.',
        )
    return found


def _meant_by_figure(figure: Figure, built: Report) -> tuple[Meant, str]:
    row = _row(figure.subject, built)
    if row is None or figure.measure not in _WHATS or figure.period is None or figure.area != built.area:
        raise ValueFoundError(
            f"{figure.name} is not counted from rows of the partnership's area: {figure.words}.",
            where="the figure asked about",
            remedy="Name a count, a change or a share of an offence row, a priority or farm crime.",
        )
    periods = (figure.period, figure.against) if figure.against else (figure.period,)
    name = figure.words.partition(":")[0]
    return Meant(name=name, what=_WHATS[figure.measure], row=row, periods=periods), figure.shown


def _row(subject: str, built: Report) -> RowKey | None:
    """Return what a figure of a subject counts, None where it is counted by somebody else."""
    if any(each.row.row_id == subject for each in built.comparison.rows):
        return subject
    if any(each.priority_id == subject for each in built.priorities):
        return PriorityOffences(subject)
    if subject == "all-recorded":
        return built.comparison.classification.all_crime.row_id
    groups = built.farm.groups if built.farm else ()
    named: dict[str, RowKey] = {
        FARM: FarmOffences(),
        **{f"{FARM}/{slug(group)}": FarmOffences(group) for group in groups},
    }
    return named.get(subject)


def _or_not_available(count: int | None) -> str:
    return NOT_AVAILABLE if count is None else f"{count:,}"


def _parts(rows: Sequence[RowKey], counts: Counts) -> Iterator[RowKey]:
    """Yield rows, those that the partnership puts together itself by their parts, which sources know."""
    own = {each.row_id: each.parts for each in counts.classification.composites}
    for row in rows:
        yield from own.get(row, (row,)) if isinstance(row, str) else (row,)


def _rows_in_words(named: NamedRows) -> str:
    """Return the rows of a file as a person reads them: ``extract.csv: 61, rows 2-5, 9``."""
    where = f'{named.file}, worksheet "{named.worksheet}"' if named.worksheet else named.file
    under = f' under "{named.heading}"' if named.heading else ""
    listed = f", rows {_runs(named.rows)}" if named.rows else ""
    return f"{where}: {named.offences:,}{under}{listed}"


def _runs(rows: Sequence[int]) -> str:
    """Return numbers of rows, those that follow one another as one: ``2-5, 9``."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
