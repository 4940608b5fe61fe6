"""Making the lines and rows that a layout has more of, before anything is filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.addresses import COLUMNS, Rectangle, quoted_sheet
from cdrp_xl.writers.existing_workbook import line_before, texts_of
from cdrp_xl.writers.open_workbook.finding import blocks_of, is_free, rows_needed, rows_on_top

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.sheets import Sheet
    from cdrp_xl.writers.open_workbook.finding import Found
    from cdrp_xl.writers.open_workbook.steps import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What is to be made: rows of a table, or lines under a line, of which only the names are not there yet.

    A table is given rows under its last one, or `on_top` under its headings.
    """

    at: Rectangle
    rows: int
    table: str = ""
    on_top: bool = False
    lines: tuple[str, ...] = ()


def make_room(found: Found, sheets: Sequence[Sheet], steps: Steps) -> dict[str, int]:
    """Make the lines and rows that the layout has more of, and return the rows that the tables had which grew."""
    wanted = [room for sheet in sheets for room in (*_rows(found, sheet), *_lines(found, sheet))]
    # From the bottom, so that what was found further up stays where it was found.
    for room in sorted(wanted, key=lambda room: room.at.last_row, reverse=True):
        if room.on_top:
            _grow_on_top(found, room, steps)
        elif room.table:
            _grow(found, room, steps)
        else:
            _insert_lines(found, room, steps)
    changed = {room.at.sheet for room in wanted}
    found.walk.look_at(at for _, at in blocks_of(found.walk, sheets) if at.sheet in changed)
    return {room.table: room.at.rows for room in wanted if room.table}


def _rows(found: Found, sheet: Sheet) -> Iterator[_Room]:
    for table in sheet.tables:
        area = found.area(table)
        if (extra := rows_needed(found, table) - area.rows) > 0:
            yield _Room(at=area, rows=extra, table=table.name)
        if table.keys and (extra := rows_on_top(found, table)):
            yield _Room(at=area, rows=extra, table=table.name, on_top=True)


def _lines(found: Found, sheet: Sheet) -> Iterator[_Room]:
    """Yield the lines that follow on each other under one that is there."""
    names = [text.name for text in texts_of(sheet)]
    for name in names:
        if name in found.lines:
            continue
        following: list[str] = []
        while (after := _line_after(following[-1] if following else name, names)) in found.lines:
            following.append(after)
        if following:
            yield _Room(at=found.walk.named[name], rows=len(following), lines=tuple(following))


def _line_after(name: str, names: Sequence[str]) -> str:
    return next((each for each in names if line_before(each) == name), "")


def _grow(found: Found, room: _Room, steps: Steps) -> None:
    """Give a table more rows of the looks that its last one has; what is ours under it moves down.

    It covers them before anything is in them: were the program to end in between, what was under a table would be
    taken for the analyst's.
    """
    at, live = room.at, found.walk.tables[room.table.casefold()]
    if not is_free(found.walk, at, room.rows):
        _insert_rows(found, at, room.rows, steps)
    new = found.walk.range(at.below(room.rows))

    def shrink() -> None:
        live.resize(found.walk.range(at))
        found.walk.range(at.below(room.rows)).clear()

    steps.before(at.sheet, shrink)
    taller = at.of_height(at.rows + room.rows)
    live.resize(found.walk.range(taller))
    found.walk.areas[room.table.casefold()] = taller
    found.walk.range(at.of_height(at.rows))[-1, :].copy(new)
    new.clear_contents()


def _grow_on_top(found: Found, room: _Room, steps: Steps) -> None:
    """Give a table more rows under its headings, of the looks of the one that was the first."""
    headings = room.at.of_height(1)
    _insert_rows(found, headings, room.rows, steps)
    new = found.walk.range(headings.below(room.rows))
    found.walk.range(headings.below(room.rows + 1))[-1, :].copy(new)
    new.clear_contents()


def _insert_lines(found: Found, room: _Room, steps: Steps) -> None:
    """Make rows under a line, name their cells, and give them its looks, with which its words come for a moment."""
    at, book = room.at, found.walk.book
    _insert_rows(found, at, room.rows, steps)
    new = found.walk.range(at.below(room.rows))
    for down, (name, cell) in enumerate(zip(room.lines, new, strict=True), 1):
        steps.before(at.sheet, book.names.add(name, f"={quoted_sheet(at.sheet)}!{cell.address}").delete)
        found.walk.named[name] = replace(at, row=at.row + down)
    found.walk.range(at).copy(new)
    new.clear_contents()


def _insert_rows(found: Found, above: Rectangle, count: int, steps: Steps) -> None:
    rows = replace(above.below(count), column=0, columns=COLUMNS)
    found.walk.range(rows).insert("down")
    steps.before(above.sheet, lambda: found.walk.range(rows).delete())
    found.walk.moved_down(above.sheet, first=rows.row, rows=count)
