"""The open master: blocks are found wherever they are, and every state in which they can't be filled is told."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import shutil

import openpyxl
import pytest
import xlwings as xw

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.prose import commentary
from cdrp_xl.report import Inputs
from cdrp_xl.sheets import Audience, Chart, Table, Text, lay_out
from cdrp_xl.styles import Style
from cdrp_xl.workbooks import master as master_file
from cdrp_xl.workbooks import refreshing
from cdrp_xl.writers import open_workbook, xlsx_file
from cdrp_xl.writers.existing_workbook import plain
from cdrp_xl.writers.open_workbook import cells, filling, programs
from cdrp_xl.writers.open_workbook.steps import Steps

PROPERTIES = xlsx_file.Properties(
    title="", subject="", author="", date=dt.date(2011, 7, 29), marking="OFFICIAL", is_final=False
)


@pytest.fixture(scope="module")
def layout(demo):
    day = dt.date(2011, 7, 29)
    prepared = refreshing.prepare(demo.folder, quarter=None, today=day, progress=str, inputs=Inputs())
    return lay_out(prepared.report, Audience.ANALYST, checked=commentary.check(prepared.report))


@pytest.fixture
def master(app, demo, tmp_path):
    book = app.books.open(str(shutil.copy(demo.master, tmp_path / "master.xlsm")))
    yield book
    book.close()


def table_in(book, name):
    return next(table for sheet in book.sheets for table in sheet.tables if table.name == name)


def changed(layout, change):
    """Return the layout with every block given to a function, which returns the blocks that stand in its place."""
    return tuple(
        dataclasses.replace(sheet, blocks=tuple(new for block in sheet.blocks for new in change(block)))
        for sheet in layout
    )


def altered(layout):
    """Return the layout with another title on every worksheet."""

    def change(block):
        is_title = isinstance(block, Text) and block.name.endswith("_title")
        return (dataclasses.replace(block, value="Altered") if is_title else block,)

    return changed(layout, change)


def fill(book, layout, progress=str):
    """Fill a workbook that has every worksheet of the layout."""
    open_workbook.fill(book, layout, as_file=bytes, progress=progress)


def protected(book):
    book.sheets["Summary"].api.protect("")


def filtered(book):
    table_in(book, "tblCadet").autofilter.apply_values(1, ["Arson"])


def merged(book):
    book.sheets["Summary"]["B7:C7"].merge()


def merged_text(book):
    book.sheets["Cover"]["A3:B3"].merge()


def renamed_table(book):
    table_in(book, "tblSummary").name = "tblMine"


def deleted_table(book):
    book.api.DatabaseRanges.removeByName("tblNotes")


def name_deleted(book):
    book.names["summary_intro_0"].delete()


def row_deleted(book):
    book.sheets["Farm crime"].range("8:8").delete()


def column_added(book):
    table = table_in(book, "tblSymbols")
    table.resize(table.range.resize(column_size=3))


def text_moved_into_a_table(book):
    book.names["summary_intro_0"].delete()
    book.names.add("summary_intro_0", "=Summary!$B$7")


def table_over_another(book):
    table = table_in(book, "tblNotes")
    table.resize(table.range.resize(row_size=14))


def totals(book):
    table_in(book, "tblCurrency").show_totals = True


def section_renamed(book):
    table_in(book, "tblControl").data_body_range[0, 0].value = "other"


def without_quarters(book):
    table = table_in(book, "tblCommentary")
    table.resize(table.range.resize(column_size=3))


def sheets_swapped(book):
    farm, burglary = book.sheets["Farm crime"], book.sheets["Dwelling burglary"]
    farm.name = "Held"
    burglary.name = "Farm crime"
    farm.name = "Dwelling burglary"


STATES = {
    protected: ('The worksheet "Summary" is protected.', 'worksheet "Summary"', "Unprotect Sheet"),
    filtered: ("The table tblCadet is filtered.", 'worksheet "CADET highlights", cells A6:E51', "Clear the filter"),
    merged: ("The table tblSummary holds merged cells.", 'worksheet "Summary", cells A6:J8', "Unmerge them"),
    merged_text: ("A cell of a text is merged with others.", 'worksheet "Cover", cell A3', "Unmerge it"),
    renamed_table: ("The table tblSummary is gone.", 'worksheet "Summary"', 'name it "tblSummary" again'),
    deleted_table: ("The table tblNotes is gone.", 'worksheet "Notes"', "if you deleted it, undo that"),
    name_deleted: ('The named cell "summary_intro_0" is gone.', 'worksheet "Summary"', "undo that"),
    row_deleted: ('The named cell "priority_2_objective_0" is gone.', 'worksheet "Farm crime"', "undo that"),
    column_added: (
        "The table tblSymbols has 3 columns; the report has 2.",
        'worksheet "Notes", cells A17:C21',
        'run "cdrp-xl refresh"',
    ),
    text_moved_into_a_table: (
        'The same cells hold the named cell "summary_intro_0" and the table tblSummary.',
        'worksheet "Summary", cells B7 and A6:J8',
        "If you moved one of them",
    ),
    table_over_another: (
        "The same cells hold the table tblNotes and the table tblSymbols.",
        'worksheet "Notes", cells A5:B18 and A17:B21',
        'run "cdrp-xl refresh"',
    ),
    totals: (
        "The table tblCurrency has no heading row, or a row of totals.",
        'worksheet "How up to date the figures are", cells A5:G11',
        "the total row off",
    ),
    section_renamed: (
        "The table tblControl is for sections that the report does not have: other.",
        'worksheet "Control"',
        'run "cdrp-xl refresh"',
    ),
    without_quarters: (
        'The table tblCommentary was laid out by an earlier version, without "Quarter", "Last quarter\'s words".',
        'worksheet "Inputs"',
        "It writes a new one with your words",
    ),
    sheets_swapped: (
        'The figures of "Dwelling burglary" would go onto the worksheet "Farm crime".',
        'worksheet "Farm crime"',
        'run "cdrp-xl refresh"',
    ),
}


@pytest.mark.parametrize("spoil", STATES, ids=lambda spoil: spoil.__name__)
def test_a_state_that_can_not_be_filled_is_reported_before_anything_is_written(master, layout, spoil, monkeypatch):
    spoil(master)
    monkeypatch.setattr(filling.values, "put", None)
    what, where, remedy = STATES[spoil]
    with pytest.raises(CannotBeWrittenError) as refused:
        fill(master, layout)
    assert refused.value.what == what
    assert refused.value.where.endswith(where)
    assert remedy in refused.value.remedy


def test_a_worksheet_that_the_report_has_no_more_is_refused(master, layout):
    without = tuple(sheet for sheet in layout if sheet.name != "Farm crime")
    with pytest.raises(CannotBeWrittenError, match='has "Farm crime", which the report no longer has'):
        fill(master, without)


def more_lines(block):
    """Let the first line of the notes' intro be three, and the notes three more."""
    if block.name == "notes_intro_0":
        return (block, *(dataclasses.replace(block, name=f"notes_intro_{i}", value=f"=Line {i}") for i in (1, 2)))
    if block.name == "tblNotes":
        return (dataclasses.replace(block, rows=(*block.rows, *((f"[note {i}]", f"+{i}") for i in (91, 92, 93)))),)
    return (block,)


def shown(book):
    tables = {table.name: cells.all_plain(cells.read(table.range)) for sheet in book.sheets for table in sheet.tables}
    return tables | {name.name: name.refers_to_range.value for name in book.names if "!" not in name.name}


def test_lines_and_rows_are_made_where_the_layout_has_more_and_our_blocks_move_down(master, layout):
    longer = changed(layout, more_lines)
    fill(master, longer)
    notes, symbols = table_in(master, "tblNotes"), table_in(master, "tblSymbols")
    assert notes.range.address == "$A$7:$B$20"
    assert symbols.range.address == "$A$22:$B$26"
    found = shown(master)
    assert (found["notes_intro_1"], found["notes_intro_2"]) == ("=Line 1", "=Line 2")
    assert found["tblNotes"][-1] == ["[note 93]", "+93"]
    fill(master, layout)
    found = shown(master)
    assert (found["notes_intro_1"], found["notes_intro_2"]) == (None, None)
    assert notes.range.address == "$A$7:$B$17"
    assert cells.read(notes.range.offset(11).resize(3)) == [[None, None]] * 3


def test_a_table_that_would_grow_over_the_analysts_cells_is_refused(master, layout):
    def grown(block):
        return (dataclasses.replace(block, rows=(*block.rows, block.rows[-1])) if block.name == "tblChecks" else block,)

    longer = changed(layout, grown)
    below = table_in(master, "tblChecks").range.last_cell.row + 1
    mine = master.sheets["Checks"].range((below, 2))
    mine.value = "mine"
    with pytest.raises(CannotBeWrittenError) as refused:
        fill(master, longer)
    assert refused.value.what == ("The table tblChecks needs 1 more row, and the cells under it are not empty.")
    assert refused.value.where == f'master.xlsm, worksheet "Checks", cells A{below}:C{below}'
    mine.clear_contents()
    fill(master, longer)
    assert table_in(master, "tblChecks").range.address == f"$A$4:$C${below}"


@pytest.mark.parametrize("at", [1, 3, 5, 6])
def test_lines_and_rows_that_were_made_are_taken_away_again_when_a_write_fails(master, layout, at, monkeypatch):
    before, calls, put = shown(master), [], cells.put

    def failing(*arguments, **options):
        calls.append(arguments)
        if len(calls) == at:
            raise OSError("gone")
        put(*arguments, **options)

    def trend(block):
        return (dataclasses.replace(block, rows=block.rows[1:]),) if block.name.startswith("tblTrend") else (block,)

    wanted = changed(changed(altered(layout), more_lines), trend)
    wanted = tuple(sorted(wanted, key=lambda sheet: sheet.name not in {"Notes", "Farm crime"}))
    monkeypatch.setattr(filling.values, "put", failing)
    with pytest.raises(CannotBeWrittenError, match="the former figures are back"):
        fill(master, wanted)
    assert shown(master) == before
    assert table_in(master, "tblSymbols").range.address == "$A$17:$B$21"
    assert master.sheets["Farm crime"].charts[0].title == "Offences by quarter"


def test_being_interrupted_puts_the_former_values_back_too(master, layout, monkeypatch):
    before, calls, put = shown(master), [], cells.put

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise KeyboardInterrupt
        put(*arguments)

    monkeypatch.setattr(filling.values, "put", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fill(master, changed(layout, more_lines))
    assert shown(master) == before


class Killed(BaseException):
    """What ends the program at once."""


def everything(book):
    """Return what stands in the cells of each worksheet, wherever it stands."""
    cells_of = {sheet.name: sheet.used_range.options(ndim=2).value for sheet in book.sheets}
    return {
        name: sorted(str(cell) for row in rows for cell in row if cell is not None) for name, rows in cells_of.items()
    }


def test_a_refresh_killed_while_it_made_lines_and_rows_is_mended_by_the_next(app, demo, layout, tmp_path, monkeypatch):
    """The program ends before each of the calls that make room; nothing is put back, and nobody tells."""

    def grown(block):
        return (dataclasses.replace(block, rows=(*block.rows, block.rows[-1])) if block.name == "tblChecks" else block,)

    wanted = changed(changed(layout, more_lines), grown)

    def filled(at):
        """Return the master after a filling that ends at a call, and one that does not; and whether that call came."""
        book = app.books.open(str(shutil.copy(demo.master, tmp_path / f"{at}.xlsm")))
        with monkeypatch.context() as dying:
            calls = []
            for of, name in CALLS_THAT_MAKE_ROOM:
                dying.setattr(of, name, ending(getattr(of, name), calls, at))
            dying.setattr(Steps, "put_back", lambda _: [])
            dying.setattr(open_workbook, "say", lambda *_: None)
            with contextlib.suppress(Killed):
                fill(book, wanted)
        fill(book, wanted)
        found = everything(book), shown(book)
        book.close()
        return found, len(calls) > at

    whole, _ = filled(-1)
    for at in range(20):
        found, came = filled(at)
        assert found == whole, at
        if not came:
            break
    assert at > 10


CALLS_THAT_MAKE_ROOM = [
    (xw.Range, "insert"),
    (xw.Range, "copy"),
    (xw.Range, "clear_contents"),
    (xw.main.Names, "add"),
    (xw.main.Table, "resize"),
]


def ending(call, calls, at):
    """Return a call that ends the program before it is done, if so many others were before it."""

    def ends(*arguments, **named):
        calls.append(call)
        if len(calls) - 1 == at:
            raise Killed
        return call(*arguments, **named)

    return ends


def failing_at_the_status(monkeypatch):
    """Let the last write of a filling fail: by then everything else is filled in."""
    put = cells.put

    def failing(range_, rows):
        if rows == [["the last"]]:
            raise OSError("gone")
        put(range_, rows)

    monkeypatch.setattr(filling.values, "put", failing)


def with_status(layout, status):
    """Return a layout whose status line says something."""

    def change(block):
        is_it = isinstance(block, Text) and block.name == open_workbook.STATUS
        return (dataclasses.replace(block, value=status) if is_it else block,)

    return changed(layout, change)


def marked(layout, marking):
    """Return a layout with another marking on every worksheet."""

    def change(block):
        is_it = isinstance(block, Text) and block.style is Style.MARKING
        return (dataclasses.replace(block, value=marking) if is_it else block,)

    return tuple(dataclasses.replace(sheet, marking=marking) for sheet in changed(layout, change))


def lines_of_pages(book, path):
    """Return what is printed over and under the pages of every worksheet, as the saved file says it."""
    book.save(str(path))
    sheets = openpyxl.load_workbook(path).worksheets[:-1]  # the last one is for the add-in and hidden
    return [(sheet.oddHeader.center.text, sheet.oddFooter.left.text, sheet.oddFooter.right.text) for sheet in sheets]


def test_pages_bear_the_marking_of_their_worksheet_beside_what_else_they_bear(master, layout, tmp_path, monkeypatch):
    fill(master, marked(layout, "OFFICIAL-SENSITIVE"))
    high = lines_of_pages(master, tmp_path / "high.xlsx")
    assert high == [("OFFICIAL-SENSITIVE", "&A", "Page &P of &N")] * len(layout)
    failing_at_the_status(monkeypatch)
    with pytest.raises(CannotBeWrittenError, match="the former figures are back"):
        fill(master, with_status(marked(layout, "OFFICIAL"), "the last"))
    assert lines_of_pages(master, tmp_path / "again.xlsx") == high


def test_a_chart_has_the_words_of_its_figures_for_who_can_not_see_it(master, layout, monkeypatch):
    def said(words):
        return lambda block: (dataclasses.replace(block, alt_text=words),) if isinstance(block, Chart) else (block,)

    charts = [chart for sheet in master.sheets for chart in sheet.charts]
    assert all("Fell" not in programs.words_for(chart) for chart in charts)
    fill(master, changed(layout, said("Fell by 7")))
    assert {programs.words_for(chart) for chart in charts} == {"Fell by 7"}
    failing_at_the_status(monkeypatch)
    with pytest.raises(CannotBeWrittenError, match="the former figures are back"):
        fill(master, with_status(changed(layout, said("Rose by 7")), "the last"))
    assert {programs.words_for(chart) for chart in charts} == {"Fell by 7"}


def test_rows_are_made_as_high_as_longer_words_need_and_stay_where_they_are_higher(master, layout, monkeypatch):
    def longer(words):
        def change(block):
            if not isinstance(block, Table) or block.name != "tblNotes":
                return (block,)
            rows = tuple((*row[:-1], f"{row[-1]} {words * 60}") for row in block.rows)
            return (dataclasses.replace(block, rows=rows),)

        return changed(layout, change)

    rows = table_in(master, "tblNotes").data_body_range.rows
    before = [row.row_height for row in rows]
    rows[0].row_height = 300.0
    higher = [300.0, *before[1:]]
    with monkeypatch.context() as patched:
        failing_at_the_status(patched)
        with pytest.raises(CannotBeWrittenError, match="the former figures are back"):
            fill(master, with_status(longer("more words "), "the last"))
    assert [row.row_height for row in rows] == pytest.approx(higher, abs=0.05)
    fill(master, longer("more words "))
    table = next(table for sheet in longer("more words ") for table in sheet.tables if table.name == "tblNotes")
    wanted = [300.0, *(table.points(row) for row in table.rows[1:])]
    assert [row.row_height for row in rows] == pytest.approx(wanted, abs=0.05)
    assert all(now > then for now, then in zip(wanted, before, strict=True))


def test_words_stay_words_where_the_analyst_changed_the_cells_format(master, layout):
    def words(block):
        if block.name == "cover_said_0":
            return (dataclasses.replace(block, value="=1+1"),)
        if isinstance(block, Table) and block.name == "tblCurrency":
            return (dataclasses.replace(block, rows=tuple(("2011-12", *row[1:]) for row in block.rows[:1])),)
        return (block,)

    master.names["cover_said_0"].refers_to_range.number_format = "General"
    table_in(master, "tblCurrency").data_body_range.columns[0].number_format = "General"
    fill(master, changed(layout, words))
    assert master.names["cover_said_0"].refers_to_range.value == "=1+1"
    assert table_in(master, "tblCurrency").data_body_range[0, 0].value == "2011-12"


@pytest.mark.parametrize(
    "text", ["'Quoted'", "''", "=1+1", "00123", "2011-12", "Apr-11", "TRUE", "#N/A", " 5 ", "\U0001f693"]
)
@pytest.mark.parametrize("number_format", ["@", "General", "0.0%"])
def test_text_is_text_in_cells_of_words_and_of_figures_whatever_their_format(sheet_of_rows, text, number_format):
    block = sheet_of_rows.sheets[0]["D1:E2"]
    block.number_format = number_format
    cells.take_figures(block[1:, 1])
    cells.put(block, [[text, text], [text, 0.5]])
    assert cells.read(block) == [[text, text], [text, 0.5]]


@pytest.mark.parametrize(
    ("one", "other"),
    [("", None), (3, 3.0), (dt.date(2011, 7, 1), dt.datetime(2011, 7, 1)), (-0.10561949898442789, -0.1056194989844279)],  # noqa: DTZ001
)
def test_what_is_written_is_known_again_when_it_is_read(one, other):
    assert plain(one) == plain(other)


def test_a_table_is_read_with_the_row_under_it_in_which_nothing_should_stand(sheet_of_rows):
    walked = open_workbook.walk(sheet_of_rows)
    assert walked.with_row_below("tblown") == [["Section", "Words"], ["a", 1], ["b", None], [None, None]]
    sheet_of_rows.sheets[0]["B4"].value = "stray"
    assert open_workbook.walk(sheet_of_rows).with_row_below("tblown")[-1] == [None, "stray"]


@pytest.fixture
def sheet_of_rows(app):
    book = app.books.add()
    book.sheets[0]["A1:B3"].value = [["Section", "Words"], ["a", 1], ["b", None]]
    book.sheets[0].tables.add(book.sheets[0]["A1:B3"], name="tblOwn")
    yield book
    book.close()


def test_worksheets_that_are_missing_are_added_as_a_fresh_build_has_them(app, layout, tmp_path):
    """As in a master that `cdrp-xl new` wrote, and as when the analyst deleted a worksheet."""
    path = tmp_path / "master.xlsm"
    path.write_bytes(master_file.unfilled())
    book = app.books.open(str(path))
    open_then = len(app.books)  # other tests may have left some
    try:
        book.sheets["Control"]["A40"].value = "mine"
        open_workbook.fill(book, layout, as_file=lambda: master_file.content(layout, PROPERTIES), progress=str)
        assert [sheet.name for sheet in book.sheets] == [*(sheet.name for sheet in layout), "xlwings.conf"]
        book.sheets["Farm crime"].delete()
        book.sheets.add("Own", before=book.sheets[0])
        open_workbook.fill(book, layout, as_file=lambda: master_file.content(layout, PROPERTIES), progress=str)
        assert [sheet.name for sheet in book.sheets][1:-1] == [sheet.name for sheet in layout]
        found = shown(book)
        assert found == shown_by(layout)
        assert book.sheets["Control"]["A40"].value == "mine"
        farm = book.sheets["Farm crime"]
        trend = table_in(book, "tblTrend2").range
        assert (farm.charts[0].title, farm.charts[0].impl._ranges()[0].reference()) == (
            "Offences by quarter",
            trend.address,
        )
        assert farm["A1"].font.size == 18
        assert book.sheets["Summary"]["I7"].conditional_formats
        assert app.books.active.name == "master.xlsm"
        assert len(app.books) == open_then
    finally:
        book.close()


def shown_by(layout):
    blocks = [block for sheet in layout for block in sheet.blocks]
    tables = {block.name: rows_in(block) for block in blocks if isinstance(block, Table)}
    return tables | {block.name: block.value or None for block in blocks if isinstance(block, Text)}


def rows_in(table):
    rows = table.rows or ((None,) * len(table.columns),)
    return cells.all_plain([[column.heading for column in table.columns], *rows])


def test_worksheets_that_were_added_are_taken_away_again_when_a_write_fails(master, layout, monkeypatch):
    master.sheets["Farm crime"].delete()
    before, calls, put = ([sheet.name for sheet in master.sheets], shown(master)), [], cells.put

    def failing(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError("gone")
        put(*arguments)

    monkeypatch.setattr(filling.values, "put", failing)
    with pytest.raises(CannotBeWrittenError, match="the former figures are back"):
        open_workbook.fill(
            master, altered(layout), as_file=lambda: master_file.content(layout, PROPERTIES), progress=str
        )
    after = [sheet.name for sheet in master.sheets], shown(master)
    assert after == before
