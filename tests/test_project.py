"""The repository's own rules, and whether the tools that the other tests rely on can find a fault at all."""

from __future__ import annotations

import ast
import datetime as dt
import doctest
import importlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from packaging.requirements import Requirement

import cdrp_xl

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "cdrp_xl").rglob("*.py"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NOT_OURS = {".git", ".venv", ".mutate", "node_modules", "__pycache__", "build", "dist", "demo"}

AVOIDED = re.compile(
    r"\b(?:told(?! of)|wherein|whereof|XmR|canar(?:y|ies)|Benjamini|has no more(?! than)|that is none|is to be"
    r"|(?<!--)anew|held against|small letters|called like|any longer|(?:is|are) no \w+ that (?:is|are) known"
    r"|is there twice|taken for|mend(?:s|ed)?)\b",
    re.IGNORECASE,
)
"""What a British statistician would not say to a colleague, as far as no sentence needs it."""

LINES_IN_A_MODULE = 500
LINES_IN_A_FUNCTION = 50
TOO_HEAVY_FOR_A_CLICK = {"pandas", "numpy", "pyarrow"}

# Put together from parts, or this file would be the first to break its rule.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("archive", "ubuntu", "com"),
    )
]
HOST = re.compile("|".join(re.escape(host) for host in REGISTRY_HOSTS), re.IGNORECASE)
PLACE_ON_A_MACHINE = re.compile(
    r"(?<![\w.~-])/(?:home|Users)/[A-Za-z]|(?<![\w.~-])/(?:root|work)/[A-Za-z.]|\b[A-Z]:[\\/]+Users[\\/]+\w"
)


def tracked_files() -> list[Path]:
    """Return the files under version control; in a copy without git, those that would be."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        found = (ROOT / name for name in listed.split("\0") if name)
    else:
        found = (path for path in ROOT.rglob("*") if not NOT_OURS.intersection(path.relative_to(ROOT).parts))
    return sorted(path for path in found if path.is_file())


def texts_in(path: Path) -> Iterator[tuple[str, str]]:
    """Return a file's name and text; of a workbook or another archive, those of each part."""
    name = path.relative_to(ROOT).as_posix()
    yield name, path.read_bytes().decode("latin-1")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for part in archive.namelist():
                yield f"{name}, {part}", archive.read(part).decode("latin-1")


def lines_that_match(pattern: re.Pattern[str]) -> list[str]:
    """Return where in the tracked files a pattern is found."""
    return [
        f"{name}, line {number}: {found[0]}"
        for path in tracked_files()
        for name, text in texts_in(path)
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := pattern.search(line))
    ]


def test_every_example_in_a_docstring_holds():
    with_examples = [path for path in MODULES if ">>> " in path.read_text(encoding="utf-8")]
    assert with_examples
    for path in with_examples:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert doctest.testmod(importlib.import_module(name)).failed == 0, name


def messages_in(path: Path) -> list[str]:
    """Return the texts of some words in a module, its docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in bare)
    return [node.value for node in texts if isinstance(node.value, str) and " " in node.value]


def test_no_message_uses_a_word_that_colleagues_do_not():
    assert [(path.name, text) for path in MODULES for text in messages_in(path) if AVOIDED.search(text)] == []


def test_words_to_avoid_are_found_in_messages_alone(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('"""What is told."""\nsaid = f"{1} is told by XmR"\ntold = "told"\n', encoding="utf-8")
    assert [AVOIDED.findall(text) for text in messages_in(module)] == [["told", "XmR"]]


@pytest.mark.whole
def test_no_file_names_a_package_registry():
    assert lines_that_match(HOST) == []


@pytest.mark.whole
def test_no_file_names_a_place_on_a_developers_machine():
    assert lines_that_match(PLACE_ON_A_MACHINE) == []


def locked(path: Path) -> dict[str, list[str]]:
    """Return a lock file's requirements, each with its lines, comments left out."""
    joined = path.read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {line.split()[0]: line.split() for line in lines}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_locked_by_version_and_hash(path):
    requirements = locked(path)
    assert requirements
    for requirement, words in requirements.items():
        assert re.fullmatch(r"[a-z0-9._-]+==[^=]+", requirement), f"{requirement} is not locked to one version"
        assert any(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word) for word in words), f"{requirement} has no hash"


def test_what_runs_is_locked_alike_for_running_and_for_developing():
    to_run, to_develop = (set(locked(ROOT / "requirements" / name)) for name in ("run.txt", "dev.txt"))
    assert to_run <= to_develop


def test_every_dependency_is_locked_within_its_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {"run.txt": project["project"]["dependencies"], "dev.txt": project["dependency-groups"]["dev"]}
    for name, requirements in wanted.items():
        versions = dict(requirement.split("==") for requirement in locked(ROOT / "requirements" / name))
        for requirement in map(Requirement, requirements):
            version = versions.get(normalised(requirement.name))
            assert version, f"{requirement.name} is not in requirements/{name}: make lock"
            assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: make lock"


def normalised(name: str) -> str:
    """Return a distribution's name as lock files spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_validator_is_locked_by_version_and_hash_without_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


@pytest.mark.whole
def test_the_templates_in_the_repository_equal_a_rebuild(tmp_path):
    subprocess.run([sys.executable, ROOT / "templates" / "build.py", tmp_path], check=True)
    committed, rebuilt = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.suffix != ".py"}
        for folder in (ROOT / "templates", tmp_path)
    )
    assert sorted(rebuilt) == [
        "partnership.schema.json",
        "partnership.toml",
        "returns/drug-and-alcohol.xlsx",
        "returns/reducing-reoffending.xlsx",
    ]
    assert committed == rebuilt


@pytest.mark.whole
def test_the_reference_of_settings_as_it_stands_in_the_repository_equals_a_rebuild(tmp_path):
    subprocess.run([sys.executable, ROOT / "docs" / "settings.py", tmp_path], check=True)
    assert (ROOT / "docs" / "settings.md").read_bytes() == (tmp_path / "settings.md").read_bytes()


def test_the_changelog_begins_with_what_is_unreleased_and_then_has_this_version_with_its_date():
    headings = re.findall(r"^## (.*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    version, date = headings[1].split(" - ")
    assert (headings[0], version) == ("Unreleased", cdrp_xl.__version__)
    assert dt.date.fromisoformat(date) >= dt.date(2026, 11, 26)
    cited = dict(re.findall(r"^(version|date-released): (.*)", (ROOT / "CITATION.cff").read_text(), re.MULTILINE))
    assert cited == {"version": version, "date-released": date}


def imports_in(path: Path) -> Iterator[str]:
    """Return the dotted names that a file imports, whether by statement or by a call with the name as text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            yield from (word.value for word in node.args if isinstance(word, ast.Constant))


@pytest.mark.whole
def test_the_paid_part_of_xlwings_is_never_imported():
    files = [path for path in tracked_files() if path.suffix == ".py"]
    names = {f"{path.relative_to(ROOT)}: {name}" for path in files for name in imports_in(path)}
    assert {name for name in names if re.search(r": xlwings\.pro\b", name)} == set()


def ways_past_assertions(path: Path) -> Iterator[str]:
    """Return where a test may end by a bare return, or a law asserts something of some of its draws only."""
    for test in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            is_law = any("given" in ast.unparse(decorator) for decorator in test.decorator_list)
            for node in ast.walk(test):
                is_skipped = isinstance(node, ast.If) and not node.orelse and "assert " in ast.unparse(node)
                if (isinstance(node, ast.Return) and node.value is None) or (is_law and is_skipped):
                    yield f"{path.relative_to(ROOT)}, line {node.lineno}, {test.name}"


@pytest.mark.whole
def test_no_test_passes_without_its_assertions():
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    assert [place for path in tests for place in ways_past_assertions(path)] == []


def test_a_way_past_an_assertion_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = tmp_path / "test_law.py"
    path.write_text("@given(n)\ndef test_law(n):\n    if n:\n        assert n > 0\n")
    assert list(ways_past_assertions(path)) == ["test_law.py, line 3, test_law"]
    path.write_text("def test_early(n):\n    if not n:\n        return\n    assert n > 0\n")
    assert list(ways_past_assertions(path)) == ["test_law.py, line 3, test_early"]


@pytest.mark.whole
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_or_function_is_too_long_to_read(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES_IN_A_MODULE
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {f"{function.name}, line {function.lineno}": lines_of_code(function) for function in functions}
    assert {name: length for name, length in lengths.items() if length > LINES_IN_A_FUNCTION} == {}


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's lines from its signature on, its docstring not counted."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function, clean=False) is not None
    return extent(function) - (extent(first) if has_docstring else 0)


def extent(node: ast.stmt) -> int:
    """Return the lines that a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def modules_loaded_by(*command: str) -> set[str]:
    """Return the top-level names of what Python loads for a command that has to succeed."""
    run = subprocess.run([sys.executable, "-X", "importtime", *command], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in run.stderr.splitlines() if "|" in line}


def test_importing_the_package_loads_nothing_heavy():
    loaded = modules_loaded_by("-c", "import cdrp_xl")
    assert "cdrp_xl" in loaded
    assert loaded.isdisjoint(TOO_HEAVY_FOR_A_CLICK)


if (ROOT / "cdrp_xl" / "__main__.py").exists():

    def test_asking_for_help_loads_nothing_heavy():
        loaded = modules_loaded_by("-m", "cdrp_xl", "--help")
        assert "cdrp_xl" in loaded
        assert loaded.isdisjoint(TOO_HEAVY_FOR_A_CLICK)


@pytest.fixture
def workbook(tmp_path):
    """Return a workbook with numbers as formatted, text that begins with =, formulas and empty cells."""
    path = tmp_path / "figures.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Figures")
        sheet.write_number("A1", -0.1064, book.add_format({"num_format": "+ 0.0%;- 0.0%"}))
        sheet.write_string("B1", "=1+1")
        sheet.write_number("C1", 1234.5, book.add_format({"num_format": "#,##0"}))
        sheet.write_formula("A2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C2", "=20+22", None, 41)
        sheet.write_blank("A3", None, book.add_format({"bg_color": "#EEEEEE"}))
        book.add_worksheet("Notes").write_string("A1", "None.")
    return path


def test_the_validator_accepts_a_sound_workbook_and_names_the_fault_of_another(workbook, tmp_path, ooxml_validate):
    ooxml_validate(workbook)
    faulty = tmp_path / "faulty.xlsx"
    with zipfile.ZipFile(workbook) as sound, zipfile.ZipFile(faulty, "w") as archive:
        for name in sound.namelist():
            archive.writestr(name, sound.read(name).replace(b"<sheetData>", b"<sheetDatum/><sheetData>"))
    with pytest.raises(AssertionError, match=r"faulty\.xlsx for Office2016:[\s\S]*sheetDatum"):
        ooxml_validate(workbook, faulty)


def test_libreoffice_shows_what_the_file_stores(workbook, as_libreoffice_shows):
    shown = as_libreoffice_shows(workbook)
    figures = [["- 10.6%", "=1+1", "1,235"], ["#DIV/0!", "", "41"], ["", "", ""]]
    assert shown == {"Figures": figures, "Notes": [["None."]]}


def test_libreoffice_can_work_the_formulas_out_again(workbook, values_in_libreoffice):
    values = values_in_libreoffice(workbook, recalculated=True)
    figures = [[-0.1064, "=1+1", 1234.5], [None, "", 42], ["", "", ""]]
    assert values == {"Figures": figures, "Notes": [["None."]]}


def test_libreoffice_reads_several_workbooks_at_once(workbook, tmp_path, libreoffice):
    twin = shutil.copy(workbook, tmp_path / "twin.xlsx")
    found = libreoffice.cells(workbook, twin)
    assert found[workbook] == found[twin]


def test_libreoffice_prints_every_worksheet(workbook, to_pdf):
    printed = subprocess.run(["pdftotext", to_pdf(workbook), "-"], capture_output=True, text=True, check=True).stdout
    assert "- 10.6%" in printed
    assert "None." in printed
