"""The compiled project is read by olevba and pyOpenVBA, and compared with the files that xlwings ships."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import itertools
import json
import os
import random
import re
import struct
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyopenvba.cfb import CFB
from pyopenvba.vba import decompress, parse_projectwm, parse_vba_project

from cdrp_xl.errors import ValueFoundError
from cdrp_xl.writers import vba_project

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # olevba's own parser library
    from oletools.olevba import VBA_Parser, decompress_stream

ROOT = Path(__file__).parents[2]
XLWINGS = Path(importlib.util.find_spec("xlwings").origin).parent
SHEETS = ("Sheet1", "Sheet2", "Sheet3")
HEAVY = {"pandas", "numpy", "duckdb", "xlsxwriter", "openpyxl", "pyopenvba", "oletools", "olefile", "xlwings", "lxml"}
BUILD = """
import hashlib, json, sys
from cdrp_xl.writers import vba_project
made = vba_project.compile_project(["Sheet1", "Sheet2", "Sheet3"])
print(json.dumps({"sha256": hashlib.sha256(made).hexdigest(), "modules": sorted(sys.modules)}))
"""
# What may differ from the add-in's records: names, version, count, cookies, descriptions and offsets.
OF_THE_PROJECT = {0x04, 0x09, 0x0F, 0x13, 0x19, 0x47, 0x1A, 0x32, 0x1C, 0x48, 0x31, 0x2C}


class Project:
    """A project as its streams show it."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        with olefile.OleFileIO(io.BytesIO(packed), raise_defects=olefile.DEFECT_UNSURE) as ole:
            self.streams = {"/".join(path): ole.openstream(path).read() for path in ole.listdir()}
            self.paths = {(entry.name, entry.entry_type) for entry in ole.direntries if entry is not None}
        self.records = list(_records(bytes(decompress_stream(bytearray(self.streams["VBA/dir"])))))
        starts = [at for at, (number, _) in enumerate(self.records) if number in (0x19, 0x10)]
        self.information = self.records[: starts[0]]
        self.modules = {
            self.records[start][1].decode(): self.records[start:end] for start, end in itertools.pairwise(starts)
        }
        self.lines = self.streams["PROJECT"].decode("cp1252").split("\r\n")

    def source(self, module: str) -> str:
        offset = struct.unpack("<I", dict(self.modules[module])[0x31])[0]
        return bytes(decompress_stream(bytearray(self.streams[f"VBA/{module}"][offset:]))).decode("cp1252")

    def setting(self, key: str) -> str:
        return next(line.partition("=")[2].strip('"') for line in self.lines if line.startswith(f"{key}="))


def _records(content: bytes):
    at = 0
    while at < len(content):
        number, size = struct.unpack_from("<HI", content, at)
        size = 6 if number == 0x09 else size
        yield number, content[at + 6 : at + 6 + size]
        at += 6 + size
    assert at == len(content)


def shipped(name: str) -> Project:
    with zipfile.ZipFile(XLWINGS / name) as package:
        return Project(package.read("xl/vbaProject.bin"))


@pytest.fixture(scope="module")
def made():
    return Project(vba_project.compile_project(SHEETS))


@pytest.fixture(scope="module")
def addin():
    return shipped("addin/xlwings.xlam")


def plain(project: Project, key: str) -> bytes:
    """Undo the obscuring of a protection value (MS-OVBA 2.4.3.3)."""
    seed, version, project_key, *rest = bytes.fromhex(project.setting(key))
    key_found = seed ^ project_key
    assert seed ^ version == 2
    assert key_found == sum(project.setting("ID").encode()) & 0xFF
    out, last, before, one_before = [], key_found, project_key, version
    for byte in rest:
        last = byte ^ ((one_before + last) & 0xFF)
        out.append(last)
        before, one_before = byte, before
    value = bytes(out)[(seed & 6) // 2 :]
    assert struct.unpack("<I", value[:4])[0] == len(value[4:])
    return value[4:]


def test_olevba_returns_the_text(made):
    parser = VBA_Parser("vbaProject.bin", data=made.packed)
    found = {name.removesuffix(".bas").removesuffix(".cls"): text for *_, name, text in parser.extract_macros()}
    parser.close()
    for text in vba_project.master_macros():
        name = text.split('"')[1]
        assert found[name].splitlines() == text.splitlines()
    assert {*SHEETS, "ThisWorkbook"} <= set(found)


def test_pyopenvbas_validator_finds_nothing(made):
    cfb = CFB.from_bytes(made.packed)
    project = parse_vba_project(cfb)
    assert project.validate(cfb) == []
    assert project.module_names() == ["ThisWorkbook", *SHEETS, "cdrp", "cdrp_libreoffice", "cdrp_python"]
    assert project.protection is not None
    assert not project.protection.has_password
    assert [first for first, _ in parse_projectwm(made.streams["PROJECTwm"])] == project.module_names()


def test_information_and_references_equal_the_addins_record_by_record(made, addin):
    assert [number for number, _ in made.information] == [number for number, _ in addin.information]
    differing = {
        n for (n, ours), (_, theirs) in zip(made.information, addin.information, strict=True) if ours != theirs
    }
    assert differing <= OF_THE_PROJECT
    assert made.records[-1] == addin.records[-1] == (0x10, b"")


@pytest.mark.parametrize(("module", "like"), [("ThisWorkbook", "ThisWorkbook"), ("Sheet3", "Sheet1"), ("cdrp", "Main")])
def test_modules_equal_the_addins_record_by_record(made, addin, module, like):
    ours, theirs = made.modules[module], addin.modules[like]
    assert [number for number, _ in ours] == [number for number, _ in theirs]
    assert {n for (n, a), (_, b) in zip(ours, theirs, strict=True) if a != b} <= OF_THE_PROJECT
    assert dict(ours)[0x31] == bytes(4)  # the text begins at 0, as in the add-in's Main
    assert dict(ours)[0x2C] == b"\xff\xff"


@pytest.mark.parametrize("module", ["ThisWorkbook", "Sheet1"])
def test_headers_of_document_modules_equal_the_addins(made, addin, module):
    assert made.source(module) == addin.source(module)


def test_the_cache_is_left_out_as_in_the_addin(made, addin):
    assert made.streams["VBA/_VBA_PROJECT"] == addin.streams["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61FFFF000100")


def test_the_container_is_laid_out_like_the_addins(made, addin):
    by_excel = shipped("quickstart.xlsm")
    for start, end in ((0, 24), (26, 44), (52, 60), (68, 76)):  # all of the header but counts, places, minor version
        assert made.packed[start:end] == addin.packed[start:end] == by_excel.packed[start:end]
    assert made.packed[24:26] == by_excel.packed[24:26] == b"\x3e\0"  # as MS-CFB 2.2 has it; the add-in says 0x21
    fixed = {("Root Entry", 5), ("VBA", 1), *((n, 2) for n in ("PROJECT", "PROJECTwm", "_VBA_PROJECT", "dir"))}
    assert fixed == {p for p in made.paths if p[0] not in made.modules}
    assert fixed == {p for p in addin.paths if p[0] not in addin.modules}


def test_the_project_stream_has_the_addins_lines(made, addin):
    def shape(project: Project) -> list[str]:
        window = {f"{name}=" for name in project.modules}
        found = []
        for line in project.lines:
            key = line.partition("=")[0] if "=" in line else line
            key = "declared" if key in ("Document", "Module", "Class") else key
            found.append("window" if f"{key}=" in window else key)
        once = [key for at, key in enumerate(found) if at == 0 or found[at - 1] != key]
        return "\n".join(once).rstrip().split("\n")

    assert shape(made) == shape(addin)
    assert made.setting("HelpContextID") == addin.setting("HelpContextID")
    assert made.setting("VersionCompatible32") == addin.setting("VersionCompatible32")
    assert [n for n in made.lines if n.startswith("Document=")] == [
        f"Document={name}/&H00000000" for name in ("ThisWorkbook", *SHEETS)
    ]


@pytest.mark.parametrize(("key", "value"), [("CMG", bytes(4)), ("DPB", bytes(1)), ("GC", b"\xff")])
def test_protection_says_open_as_in_a_workbook_that_excel_saved(made, key, value):
    assert plain(shipped("quickstart.xlsm"), key) == value
    assert plain(made, key) == value


def test_names_are_listed_as_the_addin_lists_them(made, addin):
    for project in (made, addin):
        listed = [first for first, _ in parse_projectwm(project.streams["PROJECTwm"])]
        assert listed == list(project.modules)
    assert made.streams["PROJECTwm"].endswith(b"\0\0\0\0")


def test_time_zone_and_hash_seed_change_nothing(made):
    found = []
    for zone, seed in (("UTC", "0"), ("Pacific/Auckland", "1"), ("America/St_Johns", "4242")):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        ran = subprocess.run([sys.executable, "-c", BUILD], env=environment, capture_output=True, check=True, cwd="/")
        found.append(json.loads(ran.stdout))
    assert {each["sha256"] for each in found} == {hashlib.sha256(made.packed).hexdigest()}
    assert not HEAVY & set(found[0]["modules"])


def test_other_worksheets_make_another_project():
    first, second = (Project(vba_project.compile_project(names)) for names in (["Sheet1"], ["Sheet2"]))
    assert first.setting("ID") != second.setting("ID")
    assert re.fullmatch(r"\{[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-8[0-9A-F]{3}-[0-9A-F]{12}\}", first.setting("ID"))


@pytest.mark.parametrize("text", vba_project.master_macros(), ids=lambda text: text.split('"')[1])
def test_macros_keep_to_what_every_excel_takes(text):
    assert text.isascii()
    assert all(len(line) <= 120 for line in text.splitlines())
    assert not re.search(r"\bDeclare\b|CreateObject|\bShell\b|Environ", text)


def test_macros_are_kept_with_crlf_however_the_file_has_them():
    text = vba_project.master_macros()[0]
    for written in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), text.rstrip("\n"), text + "\n\n"):
        source = Project(vba_project.compile_project(SHEETS, macros=[written])).source("cdrp")
        assert source == text.replace("\n", "\r\n")


def test_the_libreoffice_macro_is_the_one_that_the_text_calls():
    assert any(f"vnd.sun.star.script:{vba_project.LIBREOFFICE_MACRO}?" in text for text in vba_project.master_macros())
    library, module, macro = vba_project.LIBREOFFICE_MACRO.split(".")
    assert sum(f"My Macros, {library}, {module}, {macro}" in text for text in vba_project.master_macros()) == 1


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("A" * 32, r"has 32 characters, and a code name has 31 at most\."),
        ("_Sheet1", r'"_Sheet1" is not a code name'),
        ("1stPriority", r'"1stPriority" is not a code name'),
        ("Violent crime", r'"Violent crime" is not a code name'),
        ("Ynys_Môn", r'"Ynys_Môn" is not a code name'),
        ("xlwings.conf", r'"xlwings.conf" is not a code name'),
        ("Sheet1\n", "is not a code name"),
        ("", r'"" is not a code name'),
        ("Print", r'"Print" is a word of VBA\'s own'),
        ("sheet1", r"More than one module or macro would be named Sheet1, sheet1\."),
        ("thisworkbook", r"would be named ThisWorkbook, thisworkbook\."),
        ("cdrp", r"would be named cdrp\."),
        ("Check", r"would be named Check\."),
    ],
)
def test_a_wrong_code_name_is_refused(name, fault):
    with pytest.raises(ValueFoundError, match=rf"{fault}(.|\n)*Where: code names of the workbook, its worksheets"):
        vba_project.compile_project(["Sheet1", name])


def test_a_name_of_31_characters_is_taken():
    assert "A" * 31 in Project(vba_project.compile_project(["A" * 31])).modules


def test_a_character_outside_the_code_page_is_refused():
    text = vba_project.master_macros()[0].replace("What the buttons run", "Buttons → Python")
    with pytest.raises(ValueFoundError, match=r'"→" is not a character(.|\n)*Where: macro module "cdrp", line 4'):
        vba_project.compile_project(SHEETS, macros=[text])


def test_a_character_of_the_code_page_is_kept():
    text = vba_project.master_macros()[0].replace("What the buttons run", "“Buttons”: £5")
    source = Project(vba_project.compile_project(SHEETS, macros=[text])).source("cdrp")
    assert "“Buttons”: £5" in source


def test_a_module_without_its_name_is_refused():
    with pytest.raises(ValueFoundError, match=r'begins "Option Explicit"(.|\n)*macros of the workbook, line 1'):
        vba_project.compile_project(SHEETS, macros=["Option Explicit\nSub A()\nEnd Sub\n"])


@given(st.binary(min_size=1, max_size=3000) | st.text(alphabet="ab \r\n", min_size=1, max_size=9000).map(str.encode))
def test_what_is_compressed_is_read_back(content):
    packed = vba_project.compress(content)
    assert bytes(decompress_stream(bytearray(packed))) == content
    assert decompress(packed) == content


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 8192, 12_288])
def test_chunks_of_every_length_are_read_back(size):
    content = (b"Attribute VB_Name\r\n" * 700)[:size]
    packed = vba_project.compress(content)
    assert bytes(decompress_stream(bytearray(packed))) == content
    assert len(packed) <= 20 + size // 12


def test_a_chunk_in_which_nothing_repeats_is_kept_as_it_is():
    content = random.Random(1).randbytes(8192)  # noqa: S311
    packed = vba_project.compress(content)
    assert len(packed) == 1 + 2 * (2 + 4096)
    assert decompress(packed) == content
