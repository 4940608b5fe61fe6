from __future__ import annotations

import csv
import datetime as dt
import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xlsxwriter
import xlwings as xw

from cdrp_xl import addin
from cdrp_xl.errors import CannotBeWrittenError, FileError
from cdrp_xl.functions.worksheet import described
from cdrp_xl.installation import libreoffice_profile
from cdrp_xl.installation.libreoffice_profile import found_profiles, has_macro, install, starts, uninstall
from cdrp_xl.libreoffice.app import ENGINE, App
from cdrp_xl.libreoffice.book import Book
from cdrp_xl.libreoffice.office import ACCEPT_VARIABLE, Office, OfficeUnavailableError, bridge, file_url, properties
from cdrp_xl.prose import commentary
from cdrp_xl.sheets import Audience, Table, Text, lay_out
from cdrp_xl.sources.master import inputs_in
from cdrp_xl.workbooks import master as master_file
from cdrp_xl.workbooks import refreshing
from cdrp_xl.writers import vba_project
from cdrp_xl.writers.open_workbook import cells

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"\
 library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>"""
EMPTY_LIBRARY = LIBRARY.replace('>\n <library:element library:name="Module1"/>\n</library:library>', "/>")
LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" library:link="false"/>
</library:libraries>
"""
SECONDS = 300.0
CASE = Path(__file__).parents[1] / "cases" / "cadet_2011_q1.csv"


def made(folder, *, library=LIBRARY, libraries=LIBRARIES):
    """Return a profile with a user's own module, as LibreOffice leaves it."""
    standard = folder / "user" / "basic" / "Standard"
    standard.mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text("<oor:items/>", encoding="utf-8")
    (standard / "Module1.xba").write_bytes(b"the user's own")
    if library:
        (standard / "script.xlb").write_bytes(library.encode())
    if libraries:
        (standard.parent / "script.xlc").write_bytes(libraries.encode())
    return folder


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def profile(tmp_path):
    return made(tmp_path / "4")


def test_the_macro_stands_where_the_workbooks_macros_look_for_it(profile):
    library, module, macro = vba_project.LIBREOFFICE_MACRO.split(".")
    assert install([profile]) == (profile,)
    file = profile / "user" / "basic" / library / f"{module}.xba"
    assert f"Function {macro}(command As String, workbook As Object)" in file.read_text(encoding="utf-8")
    assert has_macro(profile)
    assert starts(profile)


def test_install_twice_changes_nothing_the_second_time(profile):
    install([profile])
    first = contents(profile)
    assert install([profile]) == ()
    assert contents(profile) == first


def test_another_python_takes_the_place_of_the_first(profile):
    install([profile], interpreter="/opt/old/python")
    assert not starts(profile)
    assert install([profile]) == (profile,)
    assert starts(profile)
    assert (profile / "user/basic/Standard/script.xlb").read_text(encoding="utf-8").count('"cdrp_xl"') == 1


@pytest.mark.parametrize(
    "library", [LIBRARY, EMPTY_LIBRARY, LIBRARY.replace("\n", "\r\n"), ""], ids=["lf", "empty", "crlf", "none"]
)
@pytest.mark.parametrize("libraries", [LIBRARIES, ""], ids=["listed", "no list"])
def test_uninstall_leaves_the_rest_byte_for_byte(tmp_path, library, libraries):
    profile = made(tmp_path / "4", library=library, libraries=libraries)
    before = contents(profile)
    install([profile])
    assert has_macro(profile)
    assert contents(profile)[Path("user/basic/Standard/Module1.xba")] == b"the user's own"
    assert uninstall([profile]) == (profile,)
    after = contents(profile)
    lists = {Path("user/basic/script.xlc"), Path("user/basic/Standard/script.xlb")}
    assert set(after) == set(before) | lists  # a list that was missing stays, as LibreOffice itself would make it
    assert before.items() <= after.items()
    assert uninstall([profile]) == ()


def test_what_the_user_added_meanwhile_stays(profile):
    install([profile])
    listed = profile / "user/basic/Standard/script.xlb"
    text = listed.read_text(encoding="utf-8")
    end = "</library:library>"
    listed.write_text(text.replace(end, f' <library:element library:name="Later"/>\n{end}'), encoding="utf-8")
    uninstall([profile])
    after = listed.read_text(encoding="utf-8")
    assert "Later" in after
    assert "Module1" in after
    assert "cdrp_xl" not in after


def test_a_name_that_is_still_listed_is_taken_out_without_its_macro(profile):
    before = contents(profile)
    install([profile])
    (profile / "user/basic/Standard/cdrp_xl.xba").unlink()
    assert not has_macro(profile)
    uninstall([profile])
    assert contents(profile) == before


def test_a_users_module_of_that_name_is_never_touched(profile):
    file = profile / "user/basic/Standard/cdrp_xl.xba"
    file.write_bytes(b"Sub Mine\nEnd Sub")
    before = contents(profile)
    with pytest.raises(CannotBeWrittenError, match=r"(?s)cdrp-xl did not make.*cdrp_xl\.xba.*Rename it"):
        install([profile])
    assert uninstall([profile]) == ()
    assert contents(profile) == before


@pytest.mark.parametrize("change", [install, uninstall])
def test_a_libreoffice_that_runs_is_not_written_under(profile, tmp_path, change):
    other = made(tmp_path / "other")
    if change is uninstall:
        install([profile, other])
    (profile / ".lock").write_text("[Lockdata]", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(CannotBeWrittenError, match=r"(?s)LibreOffice is running.*\.lock.*Close LibreOffice"):
        change([other, profile])
    assert contents(tmp_path) == before


def test_what_needs_no_change_is_no_matter_while_libreoffice_runs(profile):
    install([profile])
    (profile / ".lock").write_text("[Lockdata]", encoding="utf-8")
    assert install([profile]) == ()


@pytest.mark.parametrize("damaged", [b"<library:library", b"\xff\xfe\xff"])
def test_a_damaged_list_is_left_alone(profile, damaged):
    (profile / "user/basic/Standard/script.xlb").write_bytes(damaged)
    before = contents(profile)
    with pytest.raises(FileError, match=r"(?s)script\.xlb is damaged.*Standard"):
        install([profile])
    assert contents(profile) == before


def test_a_profile_that_libreoffice_has_not_used_is_refused(tmp_path):
    """It would put its own empty library over ours when it first starts."""
    (tmp_path / "new" / "user").mkdir(parents=True)
    with pytest.raises(FileError, match=r"(?s)new is not a profile that LibreOffice has used.*Start LibreOffice once"):
        install([tmp_path / "new"])


@pytest.mark.parametrize(
    ("platform", "place", "variable"),
    [
        ("linux", ".config/libreoffice", None),
        ("linux", "settings/libreoffice", "XDG_CONFIG_HOME"),
        ("darwin", "Library/Application Support/LibreOffice", None),
        ("win32", "AppData/Roaming/LibreOffice", None),
        ("win32", "settings/LibreOffice", "APPDATA"),
    ],
)
def test_profiles_are_found_on_each_platform(tmp_path, platform, place, variable):
    environment = {variable: str(tmp_path / "settings")} if variable else {}
    assert found_profiles(platform, tmp_path, environment) == ()
    profile = made(tmp_path / place / "4")
    (tmp_path / place / "no profile").mkdir()
    assert found_profiles(platform, tmp_path, environment) == (profile,)


def test_quotation_marks_in_a_path_stay_part_of_the_text(profile):
    install([profile], interpreter='/opt/"new" & <old>/python')
    text = (profile / "user/basic/Standard/cdrp_xl.xba").read_text(encoding="utf-8")
    assert "/opt/&quot;&quot;new&quot;&quot; &amp; &lt;old&gt;/python" in text
    assert "{" not in text


BUTTON = """Option VBASupport 1
Sub Press(command As String)
    Dim macro As Object
    On Error GoTo Failed
    Set macro = ThisComponent.getScriptProvider().getScript( _
        "vnd.sun.star.script:Standard.cdrp_xl.RunPython?language=Basic&location=application")
    macro.invoke Array(command, ThisComponent), Array(), Array()
    Exit Sub
Failed:
    ThisComponent.Sheets.getByIndex(0).getCellRangeByName("A2").String = Err.Description
End Sub
"""
COMMAND = """
import sys, xlwings as xw
book = xw.Book.caller()
book.sheets[0]["A1"].value = f"{book.name} é {sys.argv[2]}"
"""


class Running:
    """A headless LibreOffice that was started as a person starts it, without our variable, on a profile of its own."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        own = f"-env:UserInstallation={profile.as_uri()}"
        self._arguments = ["soffice", "--headless", "--norestore", "--nologo", own]
        self._process: subprocess.Popen[bytes] | None = None
        self.office: Office | None = None

    def use_once(self) -> None:
        subprocess.run([*self._arguments, "--terminate_after_init"], capture_output=True, check=False, timeout=SECONDS)

    def start(self) -> Office:
        accept = f"pipe,name=cdrp-xl-test-{os.getpid()}"
        environment = {name: value for name, value in os.environ.items() if name != ACCEPT_VARIABLE}
        self._process = subprocess.Popen(
            [*self._arguments, "--nodefault", f"--accept={accept};urp;"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.office = Office(accept, patience=SECONDS)
        return self.office

    def stop(self) -> None:
        if self.office:
            self.office.stop()
        if self._process:
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Return a LibreOffice with our macro in its profile; when it has ended, nothing of ours may be left there."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed (make test installs it)")
    try:
        bridge()
    except OfficeUnavailableError as error:
        pytest.skip(f"{error.what} {error.remedy}")
    running = Running(tmp_path_factory.mktemp("click with spaces") / "my profile")
    running.use_once()
    install([running.profile])
    try:
        running.start()
        assert (running.profile / ".lock").exists()
        yield running
    finally:
        running.stop()
    assert list((running.profile / "user").glob("cdrp_xl-*")) == []
    assert starts(running.profile)  # LibreOffice has rewritten it by now, in its own hand
    assert uninstall([running.profile]) == (running.profile,)
    assert b"cdrp_xl" not in (running.profile / "user/basic/Standard/script.xlb").read_bytes()


def opened(office, file):
    wanted = properties(Hidden=True, MacroExecutionMode=4)
    return office.desktop.loadComponentFromURL(file_url(file), "_blank", 0, wanted)


@pytest.fixture(scope="module")
def pressed(running):
    """Return a function that presses a button with a command, and returns A1 and A2 when one of them is filled."""
    office = running.office
    name = running.profile.parent / "mäster = 1.ods"
    document = office.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
    document.storeToURL(file_url(name), ())
    document.close(True)
    document = opened(office, name)
    document.BasicLibraries.createLibrary("Standard")
    document.BasicLibraries.getByName("Standard").insertByName("Buttons", BUTTON)
    macros = office.service("script.ApplicationScriptLibraryContainer").getByName("Standard")
    cells = [document.Sheets.getByIndex(0).getCellRangeByName(cell) for cell in ("A1", "A2")]

    def press(command, *, change=str, when_back=lambda: None):
        as_installed = macros.getByName("cdrp_xl")
        macros.replaceByName("cdrp_xl", change(as_installed))
        for cell in cells:
            cell.String = ""
        url = "vnd.sun.star.script:Standard.Buttons.Press?language=Basic&location=document"
        begun = time.monotonic()
        document.getScriptProvider().getScript(url).invoke((command,), (), ())
        when_back()
        while time.monotonic() - begun < SECONDS and not any(cell.String for cell in cells):
            time.sleep(0.05)
        macros.replaceByName("cdrp_xl", as_installed)
        return cells[0].String, cells[1].String

    yield press
    document.close(True)


@pytest.mark.libreoffice
def test_a_button_starts_python_which_finds_the_live_workbook(pressed):
    written, shown = pressed(COMMAND)
    assert (written, shown) == ("mäster = 1.ods é --from_xl=1", "")


@pytest.mark.libreoffice
def test_the_button_comes_back_while_python_still_works(pressed, tmp_path):
    sign = tmp_path / "the button is back"
    slow = (
        "import pathlib, time, xlwings as xw; book = xw.Book.caller()\n"
        f"while not pathlib.Path({str(sign)!r}).exists(): time.sleep(0.05)\n"
        "book.sheets[0]['A1'].value = 'waited'"
    )
    assert pressed(slow, when_back=sign.touch) == ("waited", "")


@pytest.mark.libreoffice
def test_a_python_that_is_gone_is_shown_to_the_button(pressed):
    written, shown = pressed(COMMAND, change=lambda text: text.replace(sys.executable, "/opt/gone/python"))
    assert (written, shown) == ("", "there is no Python at /opt/gone/python")


@pytest.mark.libreoffice
def test_a_package_that_is_gone_is_shown_to_the_button(pressed):
    packages = str(Path(libreoffice_profile.__file__).parents[2])
    # Where the interpreter lies beside the package, as in a developer's folder, it stays where it is.
    written, shown = pressed(COMMAND, change=lambda text: text.replace(f'= "{packages}"', '= "/opt/gone"'))
    assert (written, shown) == ("", "cdrp-xl is no longer at /opt/gone")


@pytest.mark.libreoffice
def test_a_python_that_does_not_answer_is_shown_to_the_button(pressed):
    def change(text):
        return text.replace('"-E -P "', '"-E -P -V "').replace("TO_ANSWER = 60", "TO_ANSWER = 2")

    written, shown = pressed(COMMAND, change=change)
    assert (written, shown) == ("", "Python did not answer within 2 seconds")


@pytest.mark.libreoffice
def test_why_the_workbook_was_not_reached_is_shown_to_the_button(pressed):
    def change(text):
        return text.replace("workbook.Title & Chr(10)", '"no such book" & Chr(10)').replace("workbook.URL", '"other"')

    written, shown = pressed(COMMAND, change=change)
    assert written == ""
    assert shown.startswith("The workbook no such book is not open in the LibreOffice that answers.")


@pytest.mark.libreoffice
def test_a_python_without_the_packages_is_shown_to_the_button(pressed):
    written, shown = pressed(COMMAND, change=lambda text: text.replace('"-E -P "', '"-E -P -S "'))
    assert (written, shown) == ("", "No module named 'xlwings'")


@pytest.mark.libreoffice
def test_the_masters_own_macros_reach_python_and_back(running, tmp_path):
    """The whole chain: the VBA that is compiled into a master, the user's macro, Python, the live workbook."""
    command = "import xlwings as xw; xw.Book.caller().sheets[0]['A1'].value = 'refreshed'"
    texts = [
        text.replace("import cdrp_xl.addin; cdrp_xl.addin.refresh_clicked()", command)
        for text in vba_project.master_macros()
    ]
    file = tmp_path / "master.xlsm"
    with xlsxwriter.Workbook(file) as book:
        book.set_vba_name(vba_project.WORKBOOK_CODE_NAME)
        book.add_vba_project(io.BytesIO(vba_project.compile_project(["Sheet1"], macros=texts)), is_stream=True)
        book.add_worksheet("Control").set_vba_name("Sheet1")
    document = opened(running.office, file)
    url = "vnd.sun.star.script:VBAProject.cdrp.Refresh?language=Basic&location=document"
    document.getScriptProvider().getScript(url).invoke((), (), ())
    cell = document.Sheets.getByIndex(0).getCellRangeByName("A1")
    begun = time.monotonic()
    while time.monotonic() - begun < SECONDS and not cell.String:
        time.sleep(0.05)
    assert cell.String == "refreshed"
    document.close(True)


TYPED_IN = {
    *("tblControl", "tblCommentary", "tblOverrides", "tblDecisions", "tblQuestions", "tblMarkings"),
    *("tblContacts", "tblAcceptances", "tblExplain"),
}


class Master:
    """An open master, clicked as a person does: through the button's own event binding."""

    def __init__(self, office, folder):
        self.folder = folder
        self.document = opened(office, folder / "master.xlsm")
        self.book = xw.Book(impl=Book(App(ENGINE, office), self.document))

    def click(self, caption, *, until):
        controller, control = self.document.CurrentController, self.document.Sheets.getByName("Control")
        controller.setActiveSheet(control)
        controller.setFormDesignMode(False)
        forms = control.DrawPage.Forms
        models = [form.getByIndex(at) for form in forms for at in range(form.Count)]
        (button,) = [model for model in models if model.Label == caption]
        controller.getControl(button).getAccessibleContext().doAccessibleAction(0)
        begun = time.monotonic()
        while time.monotonic() - begun < SECONDS and not until(self.status):
            time.sleep(0.1)
        return self.status

    def refresh(self):
        self.book.names["control_status"].refers_to_range.value = ""
        return self.click("Refresh", until=lambda status: status.startswith(("Refreshed", "Not refreshed")))

    @property
    def status(self):
        return self.document.NamedRanges.getByName("control_status").getReferredCells().getCellByPosition(0, 0).String

    def table(self, name):
        return next(table for sheet in self.book.sheets for table in sheet.tables if table.name == name)

    def shown(self):
        """Return every block but Control's, which changes with each refresh."""
        every = [table for sheet in self.book.sheets for table in sheet.tables]
        tables = {table.name: cells.all_plain(cells.read(table.range)) for table in every}
        names = {name.name: name.refers_to_range.value for name in self.book.names if "!" not in name.name}
        return {name: shown for name, shown in (tables | names).items() if "ontrol" not in name and "Log" not in name}

    def wanted(self):
        """Return what a fresh build of the same day shows."""
        today = dt.datetime.now().astimezone().date()
        inputs = inputs_in(addin.tables_in(self.book))
        prepared = refreshing.prepare(self.folder, quarter=None, today=today, progress=str, inputs=inputs)
        blocks = [
            block
            for sheet in lay_out(prepared.report, Audience.ANALYST, checked=commentary.check(prepared.report))[1:]
            for block in sheet.blocks
        ]
        tables = {block.name: rows_in(block) for block in blocks if isinstance(block, Table)}
        return tables | {block.name: block.value for block in blocks if isinstance(block, Text)}

    def typed(self):
        """Return what stands in every table in which the analyst types."""
        tables = [table for sheet in self.book.sheets for table in sheet.tables if table.name in TYPED_IN]
        return {table.name: cells.read(table.range) for table in tables}

    def spoil(self):
        """Write something else over every figure and every line that a refresh writes; rows keep their names."""
        for sheet in self.book.sheets:
            for table in sheet.tables:
                if table.name not in TYPED_IN | {"tblRefreshLog"}:
                    body = table.data_body_range
                    last = body[:, 1:] if body.shape[1] > 1 else body
                    last.value = [["?"] * last.shape[1]] * last.shape[0]
        for name in self.book.names:
            if "!" not in name.name and "ontrol" not in name.name:
                name.refers_to_range.value = "?"


def rows_in(table):
    rows = table.rows or ((None,) * len(table.columns),)
    return cells.all_plain([[column.heading for column in table.columns], *rows])


def printed_in_2011():
    """Return the 45 rows that the report of South Cambridgeshire printed, the change worked out from the counts."""
    with CASE.open(encoding="utf-8", newline="") as file:
        rows = [(row["row"], int(row["earlier"]), int(row["later"])) for row in csv.DictReader(file)]
    changed = [(name, one, other, other - one) for name, one, other in rows]
    return cells.all_plain([[*row, row[3] / row[1] if row[1] and row[3] else "No Calc"] for row in changed])


def in_any_order(blocks, *names):
    return blocks | {name: sorted(map(str, blocks[name])) for name in names}


def refreshed_whatever_the_analyst_did(master):
    """Do what an analyst does to a master, spoil its figures, press the button, and compare every block."""
    book = master.book
    highlights = master.table("tblCadet").range.sheet
    highlights.name = "Zoë's & mine"
    own, other = book.sheets.add("My sums", before=book.sheets[0]), book.sheets.add("Scratch")
    own["A1:B1"].value = [["=1+1", "mine"]]
    words = master.table("tblCommentary").data_body_range
    words[0, 2].value, words[1, 2].value = "Typed by me", "'=SUM(A1) is text"
    master.table("tblMarkings").data_body_range[0, 1].value = "OFFICIAL-SENSITIVE"
    master.table("tblCadet").sort(4, ascending=False)
    highlights.range("2:2").insert("down")
    highlights["A2"].value = "A line of my own"
    highlights["B1"].column_width = 33
    typed, lines = master.typed(), len(master.table("tblRefreshLog").rows)
    order = cells.read(master.table("tblCadet").range.columns[0])
    master.spoil()
    quarter = master.refresh().removeprefix("Refreshed: figures of ")
    assert in_any_order(master.shown(), "tblCadet") == in_any_order(master.wanted(), "tblCadet")
    assert cells.read(master.table("tblCadet").range.columns[0]) == order
    assert master.typed() == typed
    assert (own["A1"].value, own["B1"].value, other.name) == (2, "mine", "Scratch")
    assert (highlights.name, highlights["A2"].value) == ("Zoë's & mine", "A line of my own")
    assert highlights["B1"].column_width == pytest.approx(33, abs=0.5)
    log = cells.read(master.table("tblRefreshLog").range)
    assert (len(log) - 1, log[1][1]) == (lines + 1, quarter)


@pytest.mark.libreoffice
def test_the_masters_own_button_fills_the_open_master_cell_by_cell_whatever_the_analyst_did(running, example):
    """The button's own binding, the VBA, the user's macro, Python that attaches, and every figure stands."""
    master = Master(running.office, example)
    typed = master.typed()
    master.spoil()
    assert master.refresh() == "Refreshed: figures of 2011-12 Q1"
    assert master.shown() == master.wanted()
    assert master.shown()["tblCadet"][1:] == printed_in_2011()
    assert master.typed() == typed
    log = cells.read(master.table("tblRefreshLog").range)
    assert [row[1] for row in log[1:]] == ["2011-12 Q1", "2011-12 Q1"]
    refreshed_whatever_the_analyst_did(master)
    master.document.close(True)


@pytest.mark.libreoffice
def test_a_new_masters_own_button_fills_it_the_first_time_and_again_when_a_priority_is_added(running, example):
    (example / "master.xlsm").write_bytes(master_file.unfilled())
    settings = example / "partnership.toml"
    text = settings.read_text(encoding="utf-8")
    one, _, rest = text.rpartition("[[priorities]]")
    settings.write_text(one, encoding="utf-8")
    master = Master(running.office, example)
    assert master.refresh() == "Refreshed: figures of 2011-12 Q1"
    assert master.shown() == master.wanted()
    words = master.table("tblCommentary").data_body_range
    words[0, 2].value = "Typed by me"
    settings.write_text(f"{one}[[priorities]]{rest}", encoding="utf-8")
    assert master.refresh() == "Refreshed: figures of 2011-12 Q1"
    found, wanted = master.shown(), master.wanted()
    # New sections are on top of the others, where the analyst's own order is kept.
    typed_in = ("tblCommentary", "tblOverrides", "tblMarkings")
    assert in_any_order(found, *typed_in) == in_any_order(wanted, *typed_in)
    assert [row[:3:2] for row in found["tblCommentary"] if row[2]][1:] == [["headlines", "Typed by me"]]
    master.document.close(True)


@pytest.mark.libreoffice
def test_the_button_refreshes_from_the_files_of_data_police_uk(running, street_level, tmp_path):
    master = Master(running.office, Path(shutil.copytree(street_level.folder, tmp_path / "csp")))
    master.spoil()
    assert master.refresh().startswith("Refreshed: figures of ")
    assert master.shown() == master.wanted()
    refreshed_whatever_the_analyst_did(master)
    master.document.close(True)


@pytest.mark.libreoffice
def test_why_a_click_did_nothing_stands_in_the_status(running, example):
    (example / "partnership.toml").rename(example / "settings.toml")
    master = Master(running.office, example)
    assert master.refresh() == (
        "Not refreshed: master.xlsm is not in a partnership's folder: there is no partnership.toml beside it."
    )
    master.document.close(True)


DAY_0 = dt.date(1899, 12, 30)
ASKED = {
    "B1": ('=CDRP_COUNT("Burglary Dwelling")', 61),
    "B2": ('=CDRP_COUNT(A1;"";"2010-11 Q1")', 32),
    "B3": ('=CDRP_COUNT("all robbery";;A2)', 7),
    "B4": ("=CDRP_CHANGE(B2;10)", -22),
    "B5": ("=CDRP_PCTCHANGE(0;4)", "No Calc"),
    "B6": ('=CDRP_RAG("Farm crime")', "No change or still some concern"),
    "B7": ("=CDRP_RAGFROM(59;32)", "Worse position (by chance in the counts only)"),
    "B8": ('=CDRP_EARLIER("2011-12 Q1")', "2010-11 Q1"),
    "B9": ("=CDRP_RATE(61;60000)", pytest.approx(61 / 60)),
    "B10": (
        "=CDRP_SIGNIFICANT(32;59)",
        "59 offences against 32: 1.8 times as many (95% interval 1.2 to 2.9); more than chance in the counts.",
    ),
    "B11": ('=CDRP_POSITION("Burglary Dwelling";"";"2010-11")', "9th of 15"),
    "B12": ('=CDRP_FARM("Burglary";"2009-10")', 41),
    "B13": ("=CDRP_ASAT()", (dt.date(2011, 7, 11) - DAY_0).days),
    "B14": ('=CDRP_COUNT("Shoplifting";"";"2031-32")', "Apr-31 to Mar-32 can't be counted"),
    "B15": ('=CDRP_CHANGE("x";1)', '"x" is not a number'),
    "B16": ("=CDRP_COUNT()", "The cell that should name an offence row is empty."),
    "B17": ("=CDRP_CHANGE(3)", "The cell for the later count is empty."),
    "B18": ("=CDRP_COUNT(C1:C1048576)", "The range has 1,048,576 cells"),
    "B19": ('=CDRP_SERIES("Arson";;"May-11";"Jun-11";"quarter")', "May-11 to Jun-11 has no whole quarter in it."),
    "B20": ("=CDRP_COUNT(A6)", "#N/A"),
    "B21": ('=CDRP_COUNT("All Crime";;;"Barn")', 14),
    "B22": ('=CDRP_COUNT("All Crime";;A2;;"domestic")', 53),
}
SPILLED = {
    "D1:H3": ('=CDRP_COMPARE("Shoplifting")', ("Offence row", "Apr-10 to Jun-10", "Apr-11 to Jun-11")),
    "D5:D6": ("=CDRP_COUNT(A1:A1;;A3:A4)", (32.0,)),
    "D8:E8": ('=CDRP_PERIOD("2011-12 Q1")', (40634.0, 40724.0)),
    "D10:E11": ('=CDRP_SERIES("Farm crime";;"2009-10";"2010-11";"year")', ("2009-10", 121.0)),
    "D13:E13": ("=CDRP_RATEINTERVAL(65;1000)", (pytest.approx(50.163188, abs=1e-6),)),
    "D15:F15": ("=CDRP_RATIO(59;32)", (1.84375,)),
    "D17:D60": ("=CDRP_OFFENCES()", ("All Crime",)),
    "E17": ("=CDRP_AREAS()", ("South Cambridgeshire",)),
}


@pytest.mark.libreoffice
def test_formulas_of_an_ad_hoc_sheet_answer_as_the_report_and_follow_their_cells(running, example, built):
    """The functions are the user's own, in every workbook; Python is started by the first formula that asks."""
    every = [formula for formula, _ in (*ASKED.values(), *SPILLED.values())]
    assert {formula[1:].partition("(")[0] for formula in every} == set(described())
    document = opened(running.office, example / "master.xlsm")
    document.Sheets.insertNewByName("Ad hoc", 0)
    sheet = document.Sheets.getByName("Ad hoc")
    for cell, text in {"A1": "Shoplifting", "A2": "2011-12 Q1", "A3": "2010-11 Q1", "A4": "2011-12 Q1"}.items():
        sheet.getCellRangeByName(cell).String = text
    sheet.getCellRangeByName("A6").Formula = "=NA()"
    for cell, (formula, _) in ASKED.items():
        sheet.getCellRangeByName(cell).Formula = formula
    for place, (formula, _) in SPILLED.items():
        sheet.getCellRangeByName(place).setArrayFormula(formula)
    sheet.getCellRangeByName("J1:N46").setArrayFormula("=CDRP_COMPARE()")

    for cell, (_, expected) in ASKED.items():
        found = sheet.getCellRangeByName(cell)
        shown = found.String[: len(expected)] if isinstance(expected, str) else found.Value
        assert shown == expected, cell
    for place, (_, expected) in SPILLED.items():
        assert sheet.getCellRangeByName(place).getDataArray()[0][: len(expected)] == expected, place
    _, *table = sheet.getCellRangeByName("J1:N46").getDataArray()
    assert table == [
        (row.row.name, row.earlier, row.later, row.change, row.apparent_change or "No Calc")
        for row in built.comparison.rows
    ]
    sheet.getCellRangeByName("A1").String = "Arson"
    assert [sheet.getCellRangeByName(cell).Value for cell in ("B2", "B4")] == [10, 0]
    assert sheet.getCellRangeByName("D5:D6").getDataArray() == ((10.0,), (12.0,))
    document.close(True)


@pytest.mark.libreoffice
def test_ten_thousand_formulas_of_one_sheet_are_recalculated(running, example):
    with CASE.open(encoding="utf-8") as file:
        printed = list(csv.DictReader(line for line in file if not line.startswith("#")))
    cases = [printed[number % len(printed)] for number in range(10_000)]
    document = opened(running.office, example / "master.xlsm")
    document.Sheets.insertNewByName("Ad hoc", 0)
    sheet = document.Sheets.getByName("Ad hoc")
    sheet.getCellRangeByName("A1").String = "2010-11 Q1"
    sheet.getCellRangeByName("B1:B10000").setDataArray([(case["row"],) for case in cases])
    column = sheet.getCellRangeByName("C1:C10000")
    column.setFormulaArray([(f'=CDRP_COUNT(B{number};"";$A$1)',) for number in range(1, 10_001)])
    assert column.getDataArray() == tuple((float(case["earlier"]),) for case in cases)
    sheet.getCellRangeByName("A1").String = "2011-12 Q1"
    assert column.getDataArray() == tuple((float(case["later"]),) for case in cases)
    document.close(True)


@pytest.mark.libreoffice
def test_while_workbooks_of_two_partnerships_are_open_no_formula_is_answered_from_the_wrong_one(
    running, example, tmp_path
):
    """LibreOffice does not tell a formula its own workbook, so that one of the two could get the other's figures."""
    other = Path(shutil.copytree(example, tmp_path / "other"))
    ours, theirs = (opened(running.office, folder / "master.xlsm") for folder in (example, other))
    ours.Sheets.insertNewByName("Ad hoc", 0)
    cell = ours.Sheets.getByName("Ad hoc").getCellRangeByName("A1")
    cell.Formula = '=CDRP_COUNT("Farm crime")'
    assert cell.String.startswith("Workbooks of two partnerships are open (")
    theirs.close(True)
    ours.calculateAll()
    assert cell.Value == 30
    ours.close(True)


@pytest.mark.libreoffice
def test_a_refresh_lets_the_formulas_of_every_open_workbook_answer_anew(running, example):
    """None of a formula's own cells changed, so that nothing but the refresh tells it to."""
    ad_hoc = running.office.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
    sheet = ad_hoc.Sheets.getByIndex(0)
    sheet.getCellRangeByName("A1").String = str(example)
    ad_hoc.NamedRanges.addNewByName("CDRP_Partnership", "$Sheet1.$A$1", sheet.getCellRangeByName("A1").CellAddress, 0)
    sheet.getCellRangeByName("B1").Formula = '=CDRP_COUNT("Farm crime")'
    assert sheet.getCellRangeByName("B1").Value == 30
    master = Master(running.office, example)
    master.table("tblControl").data_body_range[1, 1].value = "2010-11 Q4"
    assert master.refresh() == "Refreshed: figures of 2010-11 Q4"
    begun = time.monotonic()
    while time.monotonic() - begun < SECONDS and sheet.getCellRangeByName("B1").Value != 26:
        time.sleep(0.1)
    assert sheet.getCellRangeByName("B1").Value == 26
    master.document.close(True)
    ad_hoc.close(True)
