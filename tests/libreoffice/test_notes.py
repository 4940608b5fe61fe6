from __future__ import annotations

import pytest

pytestmark = pytest.mark.libreoffice


def test_a_note_comes_changes_and_goes(sheet):
    cell = sheet["B2"]
    assert cell.note is None
    note = cell.add_note("recorded late")
    assert (note.text, note.location.address) == ("recorded late", "$B$2")
    cell.note.text = "recorded\nin April"
    assert cell.note.text == "recorded\nin April"
    cell.note.delete()
    assert cell.note is None


def test_a_worksheet_lists_its_notes_in_order(sheet):
    for address in ("C3", "A1", "B1"):
        sheet[address].add_note(address)
    assert [note.text for note in sheet.notes] == ["A1", "B1", "C3"]
    assert sheet.notes["B1"].text == "B1"
    assert len(sheet.notes) == 3
