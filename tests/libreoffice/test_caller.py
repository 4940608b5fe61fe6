"""What a button starts; the whole click is in tests/installation/test_libreoffice_profile.py."""

from __future__ import annotations

import sys

import pytest

from cdrp_xl.errors import CdrpError, ValueFoundError
from cdrp_xl.libreoffice import caller, office


class Book:
    """A workbook in a window, which keeps what is shown before it."""

    def __init__(self, *, is_visible=True):
        self.shown = []
        self._is_visible = is_visible

    api = CurrentController = Frame = ContainerWindow = Toolkit = property(lambda self: self)

    def isVisible(self):  # noqa: N802 - UNO's name
        return self._is_visible

    def createMessageBox(self, _window, _kind, _buttons, _title, text):  # noqa: N802 - UNO's name
        self.shown.append(text)
        return self

    def execute(self):
        return 1


@pytest.fixture
def job(tmp_path, monkeypatch):
    file = tmp_path / "cdrp_xl-1.job"
    file.write_text("file:///profile/user\nfile:///é.ods\né\nran.append(1)\nran.append(2)", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["-c", "packages", str(file)])
    return file


def test_the_job_is_gone_before_the_command_runs(job, monkeypatch):
    seen = []
    monkeypatch.setattr(caller, "_attach", lambda found: seen.append(found) or "book")
    monkeypatch.setattr(caller, "_run", lambda command, book: seen.append((command, book, job.exists())))
    caller.main()
    assert seen[0].url == "file:///é.ods"
    assert seen[1] == ("ran.append(1)\nran.append(2)", "book", False)


def test_a_button_that_gave_up_is_not_answered_with_a_changed_workbook(job, monkeypatch):
    monkeypatch.setattr(caller, "_attach", lambda _: job.unlink())
    monkeypatch.setattr(caller, "_run", lambda *_: pytest.fail("the command ran"))
    caller.main()


def test_why_it_could_not_attach_is_left_for_the_button(job, monkeypatch):
    def refuse(_):
        raise ValueFoundError("No LibreOffice answers.", where="here", remedy="start it.")

    monkeypatch.setattr(caller, "_attach", refuse)
    with pytest.raises(CdrpError, match="here"):
        caller.main()
    assert not job.exists()
    (answer,) = job.parent.iterdir()
    assert answer.name == "cdrp_xl-1.job.failed"
    assert answer.read_text(encoding="utf-8") == "No LibreOffice answers. Where: here What to do: start it."


def test_nothing_beside_the_package_goes_before_pythons_own_modules():
    before = list(sys.path)
    caller._find_package()
    assert sys.path == before


def test_a_fault_in_the_data_is_shown_in_its_three_lines(monkeypatch):
    monkeypatch.setattr(office, "enum", lambda *names: names)
    book = Book()
    command = 'from cdrp_xl.errors import FileError; raise FileError("Gone.", where="a.csv", remedy="put it back.")'
    with pytest.raises(CdrpError, match=r"a\.csv"):
        caller._run(command, book)
    assert book.shown == ["Gone.\nWhere: a.csv\nWhat to do: put it back."]


def test_a_bug_is_shown_with_its_traceback(monkeypatch):
    monkeypatch.setattr(office, "enum", lambda *names: names)
    book = Book()
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        caller._run("1 / 0", book)
    (shown,) = book.shown
    assert shown.startswith("division by zero\n\nTraceback")


def test_without_a_window_nothing_is_shown():
    book = Book(is_visible=False)
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        caller._run("1 / 0", book)
    assert book.shown == []
