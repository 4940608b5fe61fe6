from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cdrp_xl.errors import CdrpError, FileError
from cdrp_xl.installation import doctor, libreoffice_profile
from cdrp_xl.installation.doctor import Machine, Verdict, examine

ROOT = Path(__file__).parents[2]
RIGHT, NOTE, WRONG = Verdict.RIGHT, Verdict.NOTE, Verdict.WRONG
VERSIONS = dict.fromkeys(doctor.NEEDED, "1.2.3")
ADDIN = "xlwings add-in"
INTERPRETER = "Python that Excel starts"
MACRO = "LibreOffice macro for the buttons"
BRIDGE = "LibreOffice's Python bridge"
FOLDER = "Partnership's folder"


def missing():
    raise FileError("It is not installed.", where="here", remedy="install it.")


@pytest.fixture
def machine(tmp_path):
    """Return a function that makes a computer on which everything is in order, but for what is said."""
    home = tmp_path / "home"
    python = home / "python"
    addin = tmp_path / "package" / "xlwings.xlam"
    for file in (python, addin):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"as shipped")

    def make(platform="linux", **different):
        as_usual = {
            "platform": platform,
            "home": home,
            "environment": {},
            "interpreter": str(python),
            "has_excel": platform != "linux",
            "version_of": VERSIONS.get,
            "addin_of_package": addin,
            "libreoffice": lambda: ("/opt/libreoffice", "7.4.7"),
            "bridge": str,
        }
        return Machine(**as_usual | different)

    return make


STARTUP = {
    "win32": "AppData/Roaming/Microsoft/Excel/XLSTART",
    "darwin": "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel",
}
CONF = {
    "win32": (".xlwings", "INTERPRETER_WIN"),
    "darwin": ("Library/Containers/com.microsoft.Excel/Data", "INTERPRETER_MAC"),
}


def with_addin(machine, content=b"as shipped"):
    folder = machine.home / STARTUP[machine.platform]
    folder.mkdir(parents=True)
    (folder / "xlwings.xlam").write_bytes(content)
    scripts = machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
    scripts.mkdir(parents=True)
    (scripts / "xlwings-1.2.3.applescript").touch()
    return machine


def with_interpreter(machine, path, *, key=""):
    folder, own = CONF[machine.platform]
    (machine.home / folder).mkdir(parents=True, exist_ok=True)
    (machine.home / folder / "xlwings.conf").write_text(f'"OTHER","1"\n"{key or own}","{path}"\n', encoding="utf-8")
    return machine


def with_profile(machine):
    (profile,) = (machine.home / ".config" / "libreoffice" / "4",)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").touch()
    return profile


def found(machine, folder=Path("nowhere")):
    return {finding.what: finding for finding in examine(machine, folder)}


def wrong(findings):
    return [finding.what for finding in findings.values() if finding.verdict is WRONG]


def test_every_dependency_is_looked_at():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {re.match(r"[\w.-]+", name)[0] for name in project["dependencies"]} == set(doctor.NEEDED)


def test_linux_without_excel_and_libreoffice_has_no_fault(machine):
    findings = found(machine(libreoffice=missing))
    assert wrong(findings) == []
    assert findings["Excel"].verdict is NOTE
    assert (findings["LibreOffice"].verdict, findings["LibreOffice"].remedy) == (NOTE, "install it.")
    assert ADDIN not in findings
    assert findings["xlwings"].found == "1.2.3"


def test_a_missing_package_is_wrong_everywhere(machine):
    versions = VERSIONS | {"duckdb": None}
    findings = found(machine(version_of=versions.get))
    assert wrong(findings) == ["duckdb"]
    assert "pip install" in findings["duckdb"].remedy


def test_windows_without_excel_is_no_fault(machine):
    findings = found(machine("win32", has_excel=False))
    assert wrong(findings) == []
    assert findings["Excel"].found.startswith("not found")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_excel_with_its_addin_and_this_python_is_right(machine, platform):
    here = with_addin(machine(platform))
    findings = found(with_interpreter(here, here.interpreter))
    assert wrong(findings) == []
    assert findings[ADDIN].found.startswith("1.2.3, ")
    assert findings[INTERPRETER].found == here.interpreter


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_excel_without_the_addin_is_wrong(machine, platform):
    here = machine(platform)
    findings = found(with_interpreter(here, here.interpreter))
    assert ADDIN in wrong(findings)
    assert STARTUP[platform].rsplit("/", 1)[1] in findings[ADDIN].found
    assert "xlwings addin install" in findings[ADDIN].remedy


def test_the_addin_is_looked_for_where_windows_roams(machine, tmp_path):
    folder = tmp_path / "roaming" / "Microsoft" / "Excel" / "XLSTART"
    folder.mkdir(parents=True)
    (folder / "xlwings.xlam").write_bytes(b"as shipped")
    findings = found(machine("win32", environment={"APPDATA": str(tmp_path / "roaming")}))
    assert findings[ADDIN].verdict is RIGHT


def test_an_addin_of_another_version_is_wrong(machine):
    findings = found(with_addin(machine("win32"), b"older"))
    assert findings[ADDIN].found.startswith("another version than the package's, which is 1.2.3")
    assert findings[ADDIN].verdict is WRONG


def test_a_mac_needs_the_script_that_starts_python(machine):
    here = with_addin(machine("darwin"))
    (here.home / "Library/Application Scripts/com.microsoft.Excel/xlwings-1.2.3.applescript").unlink()
    (name,) = wrong(found(with_interpreter(here, here.interpreter)))
    assert found(here)[name].remedy.endswith("xlwings runpython install")


def test_a_python_that_is_not_there_is_wrong(machine):
    finding = found(with_interpreter(with_addin(machine("win32")), "C:/gone/python.exe"))[INTERPRETER]
    assert (finding.verdict, finding.found) == (WRONG, "C:/gone/python.exe, which is not there")
    assert "INTERPRETER_WIN" in finding.remedy


def test_no_python_named_is_wrong(machine):
    finding = found(with_addin(machine("win32")))[INTERPRETER]
    assert finding.verdict is WRONG
    assert "first on the system's path" in finding.found


def test_another_python_is_a_note(machine, tmp_path):
    other = tmp_path / "other-python"
    other.touch()
    finding = found(with_interpreter(with_addin(machine("win32")), other, key="INTERPRETER"))[INTERPRETER]
    assert finding.verdict is NOTE
    assert finding.found.startswith(f"{other}, which is another")


def test_the_python_without_a_window_is_this_python(machine):
    here = with_addin(machine("win32"))
    windowless = here.home / "pythonw.exe"
    windowless.touch()
    assert found(with_interpreter(here, windowless))[INTERPRETER].verdict is RIGHT


def test_the_folders_own_python_goes_before_the_users(machine, tmp_path):
    here = with_addin(machine("win32"))
    (tmp_path / "xlwings.conf").write_text('"INTERPRETER_WIN","C:/gone/python.exe"\n', encoding="utf-8")
    assert found(with_interpreter(here, here.interpreter), tmp_path)[INTERPRETER].verdict is WRONG


def test_a_bridge_that_is_missing_is_wrong_where_only_libreoffice_is(machine):
    assert found(machine(bridge=missing))[BRIDGE].verdict is WRONG
    assert found(machine("win32", bridge=missing))[BRIDGE].verdict is NOTE
    assert found(machine())[BRIDGE].verdict is RIGHT


def test_the_macro_is_looked_for_in_every_profile(machine):
    here = machine()
    assert found(here)[MACRO].found == "LibreOffice was never started here"
    profile = with_profile(here)
    finding = found(here)[MACRO]
    assert (finding.verdict, finding.found) == (NOTE, f"not installed in {profile}")
    assert "cdrp-xl libreoffice install" in finding.remedy
    libreoffice_profile.install([profile], interpreter=here.interpreter)
    finding = found(here)[MACRO]
    assert (finding.verdict, finding.found, finding.remedy) == (RIGHT, f"installed in {profile}", "")


def test_a_macro_that_starts_another_python_is_wrong(machine):
    here = machine()
    libreoffice_profile.install([with_profile(here)], interpreter="/opt/old/python")
    finding = found(here)[MACRO]
    assert finding.verdict is WRONG
    assert finding.found.startswith("installed, by another Python")


def test_a_damaged_profile_is_wrong(machine):
    here = machine()
    profile = with_profile(here)
    libreoffice_profile.install([profile], interpreter=here.interpreter)
    (profile / "user/basic/script.xlc").write_bytes(b"<damaged")
    assert found(here)[MACRO].found.startswith("script.xlc is damaged")


def test_no_partnership_is_a_note(machine, tmp_path):
    finding = found(machine(), tmp_path)[FOLDER]
    assert finding.verdict is NOTE
    assert str(tmp_path) in finding.found


@pytest.mark.whole
def test_sound_settings_are_named(machine, example):
    finding = found(machine(), example)[FOLDER]
    assert finding.verdict is RIGHT
    assert "South Cambridgeshire" in finding.found


@pytest.mark.whole
def test_the_extract_is_looked_into_as_connect_does(machine, example):
    finding = found(machine(), example)["Extract of recorded crime"]
    assert finding.verdict is RIGHT
    assert re.fullmatch(r"1\d,\d{3} rows of South Cambridgeshire in \d files?", finding.found)
    extract = next((example / "data").glob("recorded-crime*"))
    text = extract.read_text(encoding="utf-8")
    first = text.splitlines()[1].split(",")
    extract.write_text(text.replace(f",{first[3]},", ",no such offence,"), encoding="utf-8")
    finding = found(machine(), example)["Extract of recorded crime"]
    assert finding.verdict is WRONG
    assert '"no such offence"' in finding.found
    assert finding.remedy == f"Say what they are:  cdrp-xl connect {example}"


def test_unsound_settings_say_where_and_what_to_do(machine, tmp_path):
    (tmp_path / "partnership.toml").write_text("[partnership\n", encoding="utf-8")
    finding = found(machine(), tmp_path)[FOLDER]
    assert finding.verdict is WRONG
    assert "partnership.toml" in finding.found
    assert finding.remedy


def test_nothing_is_changed(machine, tmp_path):
    with_profile(machine())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    found(machine(), tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_this_machine_is_looked_at_for_real():
    here = doctor.this_machine()
    assert here.version_of("xlwings").startswith("0.")
    assert here.version_of("no-such-package") is None
    assert here.addin_of_package.is_file()


@pytest.mark.libreoffice
def test_the_libreoffice_of_this_machine_is_found():
    here = doctor.this_machine()
    try:
        folder, version = here.libreoffice()
    except CdrpError as missing_here:
        pytest.skip(missing_here.what)
    assert Path(folder).is_dir()
    assert re.fullmatch(r"\d+\.\d+(\.\d+)*", version)
