from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cdrp_xl.errors import FileError
from cdrp_xl.installation import doctor, libreoffice_profile
from cdrp_xl.installation.doctor import examine
from cdrp_xl.installation.findings import Verdict
from cdrp_xl.installation.machine import Machine

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


class Registry:
    """A registry with the keys that are planted in it, and nothing else."""

    def __init__(self):
        self.planted = {}

    def plant(self, key, name, value):
        self.planted.setdefault(key.lower(), {})[name.lower()] = value

    def values(self, key):
        return self.planted.get(key.lower(), {})

    def keys(self, key):
        above = f"{key.lower()}\\"
        return [name.removeprefix(above) for name in self.planted if name.startswith(above)]


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
            "bits": 64,
            "has_excel": platform != "linux",
            "registry": Registry(),
            "is_on_network": lambda _folder: False,
            "refusal": lambda _folder: "",
            "start_libreoffice": missing,
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
    assert STARTUP[platform].rsplit("/", 1)[1] in findings[ADDIN].where
    assert "xlwings addin install" in findings[ADDIN].remedy


def test_the_addin_is_looked_for_where_windows_roams(machine, tmp_path):
    folder = tmp_path / "roaming" / "Microsoft" / "Excel" / "XLSTART"
    folder.mkdir(parents=True)
    (folder / "xlwings.xlam").write_bytes(b"as shipped")
    findings = found(machine("win32", environment={"APPDATA": str(tmp_path / "roaming")}))
    assert findings[ADDIN].verdict is RIGHT


def test_an_addin_of_another_version_is_wrong(machine):
    findings = found(with_addin(machine("win32"), b"older"))
    assert findings[ADDIN].found.startswith("a different version from the package's, which is 1.2.3")
    assert findings[ADDIN].verdict is WRONG


def test_a_mac_needs_the_script_that_starts_python(machine):
    here = with_addin(machine("darwin"))
    (here.home / "Library/Application Scripts/com.microsoft.Excel/xlwings-1.2.3.applescript").unlink()
    (name,) = wrong(found(with_interpreter(here, here.interpreter)))
    assert found(here)[name].remedy.endswith("xlwings runpython install")


def test_a_python_that_is_not_there_is_wrong(machine):
    finding = found(with_interpreter(with_addin(machine("win32")), "C:/gone/python.exe"))[INTERPRETER]
    assert (finding.verdict, finding.found) == (
        WRONG,
        "C:/gone/python.exe, which no longer exists: it was removed or moved",
    )
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
    assert finding.found.startswith(f"{other}, which is not this one")


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
    profile = with_profile(here)
    finding = found(here)[MACRO]
    assert (finding.verdict, finding.found, finding.where) == (NOTE, "not installed", str(profile))
    assert "cdrp-xl libreoffice install" in finding.remedy
    libreoffice_profile.install([profile], interpreter=here.interpreter)
    finding = found(here)[MACRO]
    assert (finding.verdict, finding.found, finding.remedy) == (RIGHT, f"installed in {profile}", "")


def test_a_macro_that_starts_another_python_is_wrong(machine):
    here = machine()
    libreoffice_profile.install([with_profile(here)], interpreter="/opt/old/python")
    finding = found(here)[MACRO]
    assert finding.verdict is WRONG
    assert finding.found.startswith("installed by another Python")


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


def windows(make, tmp_path, **different):
    """Return a desk with Windows and Excel on which all is in order, and the partnership's folder on it."""
    here = with_addin(make("win32", libreoffice=lambda: ("C:/LibreOffice", "24.8"), **different))
    with_interpreter(here, here.interpreter)
    (here.home / "xlwings64-1.2.3.dll").touch()
    here.registry.plant(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform", "x64")
    profile = here.roaming / "LibreOffice" / "4"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").touch()
    libreoffice_profile.install([profile], interpreter=here.interpreter)
    desktop = here.home / "Desktop"
    desktop.mkdir()
    (desktop / "Refresh.cmd").write_text(f'"{here.interpreter}" -m cdrp_xl refresh "%~1"', encoding="utf-8")
    folder = tmp_path / "partnership"
    (folder / "published").mkdir(parents=True)
    (folder / "master.xlsm").touch()
    (folder / "partnership.toml").write_text(
        '[partnership]\nname = "A"\narea = "Fenland"\n[sources.police_uk]\npath = "data"\n', encoding="utf-8"
    )
    return here, folder


@pytest.fixture
def desk(machine, tmp_path):
    return windows(machine, tmp_path)


def test_nothing_is_found_on_a_desk_where_all_is_in_order(desk):
    findings = examine(*desk)
    assert {finding.verdict for finding in findings} == {RIGHT}
    assert findings[-1].found == "buttons in Excel, buttons in LibreOffice, shortcuts, command line"


ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
LOCAL = r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
SECURITY = r"Microsoft\Office\16.0\Excel\Security"
RULE = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
DISABLED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
DEFENDER = "Defender's rule on programs that Office starts"
MACROS_IN_EXCEL = "Macros in Excel"
MARK = "Files marked as downloaded"
LIES = "Where the folder lies"
WRITTEN = "What is written to"
SHORTCUTS = "Shortcuts Refresh and Publish"
LIBRARY = "xlwings' library for worksheet functions"


def in_registry(key, name, value):
    return lambda here, _folder: here.registry.plant(key, name, value)


def from_the_web(here, folder):
    (folder / "master.xlsm:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n", encoding="utf-8")


def addin_from_the_web(here, folder):
    startup = here.home / STARTUP["win32"]
    (startup / "xlwings.xlam:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=4\n", encoding="utf-8")


def addin_gone(here, folder):
    (here.home / STARTUP["win32"] / "xlwings.xlam").unlink()


def addin_older(here, folder):
    (here.home / STARTUP["win32"] / "xlwings.xlam").write_bytes(b"older")


def python_gone(here, folder):
    with_interpreter(here, here.home / "gone" / "python.exe")


def base_gone(here, folder):
    scripts = here.home / "own" / "Scripts"
    scripts.mkdir(parents=True)
    (scripts / "python.exe").touch()
    (scripts.parent / "pyvenv.cfg").write_text("home = /removed/python311\nversion = 3.11\n", encoding="utf-8")
    with_interpreter(here, scripts / "python.exe")


def shortcut_gone(here, folder):
    started = f'"{here.home}/gone/python.exe" -m cdrp_xl publish "%~1"'
    (here.home / "Desktop" / "Publish.cmd").write_text(started, encoding="utf-8")


def library_gone(here, folder):
    (here.home / "xlwings64-1.2.3.dll").unlink()


def excel_of_32_bit(here, folder):
    here.registry.plant(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform", "x86")


def read_only_master(here, folder):
    (folder / "master.xlsm").chmod(0o444)


def in_sharepoint(here, folder):
    here.registry.plant(r"HKCU\Software\SyncEngines\Providers\OneDrive\123", "MountPoint", str(folder.parent))


UNTIL_THEN = "shortcuts Refresh and Publish"
PLANTED = {
    "the rule by policy": (in_registry(ASR, RULE, "1"), DEFENDER, WRONG, RULE, UNTIL_THEN),
    "the rule by device management": (
        in_registry(MANAGED, "ASRRules", f"26190899-1602-49E8-8B27-EB1D0A1CE869=0|{RULE.lower()}=1"),
        *(DEFENDER, WRONG, "Policy Manager", "IT can lift the rule"),
    ),
    "the rule on this computer": (in_registry(LOCAL, RULE, 1), DEFENDER, WRONG, RULE, UNTIL_THEN),
    "the rule that warns": (in_registry(ASR, RULE, "6"), DEFENDER, NOTE, RULE, "Unblock"),
    "an add-in that is gone": (addin_gone, ADDIN, WRONG, "xlwings.xlam", "xlwings addin install"),
    "an add-in of another version": (addin_older, ADDIN, WRONG, "xlwings.xlam", "xlwings addin install"),
    "an add-in that Excel disabled": (
        in_registry(DISABLED, "1A", "C:\\XLSTART\\xlwings.xlam".encode("utf-16-le")),
        *(ADDIN, WRONG, "DisabledItems", "Enable"),
    ),
    "an add-in from the web": (addin_from_the_web, MARK, WRONG, "xlwings.xlam", "Unblock"),
    "a master from the web": (from_the_web, MARK, WRONG, "master.xlsm", "Unblock"),
    "macros off by policy": (
        in_registry(rf"HKCU\Software\Policies\{SECURITY}", "VBAWarnings", 4),
        *(MACROS_IN_EXCEL, WRONG, "Policies", "trusted location"),
    ),
    "macros off by the cloud's policy": (
        in_registry(r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0\Excel\Security", "VBAWarnings", 3),
        *(MACROS_IN_EXCEL, WRONG, "Cloud", "trusted location"),
    ),
    "macros off by choice": (
        in_registry(rf"HKCU\Software\{SECURITY}", "VBAWarnings", 4),
        *(MACROS_IN_EXCEL, WRONG, "VBAWarnings", "Trust Center"),
    ),
    "no macros in all of Office": (
        in_registry(r"HKLM\Software\Policies\Microsoft\Office\16.0\Common", "VBAOff", 1),
        *(MACROS_IN_EXCEL, WRONG, "VBAOff", UNTIL_THEN),
    ),
    "a Python that is gone": (python_gone, INTERPRETER, WRONG, "xlwings.conf", "INTERPRETER_WIN"),
    "an environment without its Python": (base_gone, INTERPRETER, WRONG, "xlwings.conf", "make that environment again"),
    "a shortcut to a Python that is gone": (shortcut_gone, SHORTCUTS, WRONG, "Publish.cmd", "start its install file"),
    "an Excel of 32 bit without its library": (excel_of_32_bit, LIBRARY, NOTE, "home", "xlwings32-1.2.3.dll"),
    "a library that is gone": (library_gone, LIBRARY, NOTE, "home", "xlwings64-1.2.3.dll"),
    "a folder of SharePoint": (in_sharepoint, LIES, NOTE, "", "not copied"),
    "a master that is read-only": (read_only_master, WRITTEN, WRONG, "master.xlsm", "untick Read-only"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_one_fault_is_found_and_has_its_place_and_remedy(desk, planted):
    plant, what, verdict, where, remedy = PLANTED[planted]
    plant(*desk)
    (finding,) = (each for each in examine(*desk) if each.verdict is not RIGHT)
    assert (finding.what, finding.verdict) == (what, verdict)
    assert finding.where
    assert where in finding.where
    assert remedy in finding.remedy


def excused(_folder):
    return "Permission denied"


DIFFERENT = {
    "Python of 32 bit": ({"bits": 32}, "Python", WRONG, "64 bit"),
    "an add-in taken out of the package": ({"addin_of_package": None}, ADDIN, WRONG, "Ask IT to allow xlwings.xlam"),
    "a network drive": ({"is_on_network": lambda _folder: True}, LIES, NOTE, "Copy the folder"),
    "a folder that can't be written to": ({"refusal": excused}, WRITTEN, WRONG, "copy the folder"),
}


@pytest.mark.parametrize("planted", DIFFERENT)
def test_a_desk_that_differs_is_reported_how_and_what_to_do(machine, tmp_path, planted):
    different, what, verdict, remedy = DIFFERENT[planted]
    findings = [each for each in examine(*windows(machine, tmp_path, **different)) if each.verdict is not RIGHT]
    assert {(each.what, each.verdict) for each in findings} == {(what, verdict)}
    assert all(remedy in each.remedy and each.where for each in findings)


def test_every_folder_that_can_not_be_written_to_is_named(machine, tmp_path):
    here, folder = windows(machine, tmp_path, refusal=excused)
    places = [each.where for each in examine(here, folder) if each.what == WRITTEN]
    assert places == [str(folder), str(folder / "published")]


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveConsumer", "OneDriveCommercial"])
def test_a_folder_in_onedrive_is_noted(machine, tmp_path, variable):
    here, folder = windows(machine, tmp_path, environment={variable: str(tmp_path)})
    (finding,) = (each for each in examine(here, folder) if each.verdict is not RIGHT)
    assert (finding.what, finding.where) == (LIES, str(tmp_path))


def test_a_folder_that_begins_like_onedrive_is_not_in_it(machine, tmp_path):
    here, folder = windows(machine, tmp_path, environment={"OneDrive": str(tmp_path / "partner")})
    assert all(each.verdict is RIGHT for each in examine(here, folder))


def test_where_buttons_can_not_work_the_other_ways_are_named(desk):
    desk[0].registry.plant(ASR, RULE, "1")
    assert examine(*desk)[-1].found == "buttons in LibreOffice, shortcuts, command line"


def test_the_domains_policy_goes_before_what_this_computer_says(desk):
    here, folder = desk
    here.registry.plant(LOCAL, RULE, 1)
    here.registry.plant(ASR, RULE, "0")
    assert found(here, folder)[DEFENDER].verdict is RIGHT


def test_a_file_from_the_own_network_is_not_from_the_web(desk):
    here, folder = desk
    (folder / "master.xlsm:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=1\n", encoding="utf-8")
    assert found(here, folder)[MARK].verdict is RIGHT


def test_a_libreoffice_that_was_never_started_is_started(machine):
    here = machine(start_libreoffice=lambda: with_profile(here))
    finding = found(here)[MACRO]
    assert (finding.verdict, finding.found) == (NOTE, "not installed")
    assert finding.where.endswith("libreoffice/4")


def test_a_libreoffice_that_does_not_start_is_reported(machine):
    finding = found(machine())[MACRO]
    assert (finding.verdict, finding.found, finding.where) == (NOTE, "It is not installed.", "here")
    assert finding.remedy == "install it. Close LibreOffice and run  cdrp-xl libreoffice install"
