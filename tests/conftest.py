"""What the tests share: the public data, the Open XML SDK validator, and LibreOffice.

What a machine lacks is skipped by name, with the reason. `make test` installs it and sets CDRP_XL_ALL_TESTS, and then a
test that would be skipped fails instead; only the folder of public data may be missing there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from cdrp_xl.report import Report

sys.path.insert(0, str(Path(__file__).parent))  # for modules that tests of several rooms share

ROOT = Path(__file__).parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
MUST_RUN_ALL = os.environ.get("CDRP_XL_ALL_TESTS") == "1"
MARKED_BY_FIXTURE = {
    "libreoffice": "libreoffice",
    "engine": "libreoffice",
    "ooxml_validate": "validator",
    "shared_data": "shared_data",
    "street_level": "whole",
}

WHOLE = frozenset({"end_to_end", "workbooks", "test_main.py"})
"""Folders and files whose tests refresh and publish whole folders, most of them a folder each."""

OFFICES = ("Office2016", "Microsoft365")
SYSTEM_PYTHON = "/usr/bin/python3"
DRIVER = ROOT / "tests" / "libreoffice_driver.py"
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}
SECONDS_TO_START = 120
SECONDS_PER_JOB = 300
SECONDS_TO_STOP = 20
TRIES = 3

# A run of tests that was started in the background ignores Ctrl-C, and so would every command that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What hypothesis draws: the same each time, so that a suite that passed passes again, or (make laws) anew by a seed.
# No clock decides, neither a deadline nor the check for slow draws: a busy machine would fail them. Each draw of a
# test may write its file again. A test that needs more or fewer draws takes a multiple or a share of the profile's.
settings.register_profile(
    "free",
    deadline=None,
    database=None,
    print_blob=True,
    max_examples=500,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("fixed", parent=settings.get_profile("free"), derandomize=True, max_examples=100)
settings.register_profile("quick", parent=settings.get_profile("fixed"), max_examples=25)
settings.load_profile("fixed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, so that `-m "not libreoffice"` leaves out the slow ones."""
    for item in items:
        if WHOLE.intersection(item.path.relative_to(ROOT).parts):
            item.add_marker("whole")
        for fixture, marker in MARKED_BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that was skipped where everything has to run."""
    report = yield
    if not hasattr(report, "wasxfail") and item.get_closest_marker("shared_data") is None:
        fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a file that was skipped as a whole where everything has to run."""
    report = yield
    fail_if_skipped(report)
    return report


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where everything has to run."""
    if MUST_RUN_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Nothing is skipped under make test. {report.longrepr}"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of public data beside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("there is no folder of public data beside the repository (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def ooxml_validate() -> Callable[..., None]:
    """Return a function that asserts that workbooks are valid for Excel 2016 and for Microsoft 365.

    Pass all workbooks of a test in one call: they are validated side by side.
    """
    places = os.pathsep.join([str(ROOT / "node_modules" / ".bin"), os.environ.get("PATH", os.defpath)])
    validator = shutil.which("ooxml-validator", path=places)
    if validator is None or shutil.which("node") is None:
        pytest.skip("the Open XML SDK validator is not installed (make test installs it)")

    def faults(path: Path, office: str) -> str:
        run = subprocess.run(
            [validator, str(path), "--officeVersion", office], capture_output=True, text=True, check=False
        )
        return "" if run.returncode == 0 else f"{path} for {office}:\n{run.stdout}{run.stderr}"

    def validate(*paths: Path) -> None:
        assert paths, "no workbook was given to the validator"
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            jobs = [pool.submit(faults, path, office) for path in paths for office in OFFICES]
            found = [fault for job in jobs if (fault := job.result())]
        assert not found, "The Open XML SDK found faults.\n\n" + "\n".join(found)

    return validate


class LibreOffice:
    """One headless LibreOffice with a profile of its own, started when first asked and kept for the session.

    Starting takes seconds, a job well under one; several workbooks to a job save a little more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pipe = f"cdrp_xl_{uuid.uuid4().hex}"
        self._process: subprocess.Popen[bytes] | None = None

    def cells(self, *paths: Path, recalculated: bool = False) -> dict[Path, dict[str, dict[str, list[list[Any]]]]]:
        """Return by file and worksheet, from A1 on, the strings "shown" and the "values" held, row by row."""
        options = ["--recalculate"] if recalculated else []
        found = self._do("cells", *options, *map(str, paths))
        return {path: found[str(path)] for path in paths}

    def pdf(self, *paths: Path, folder: Path) -> list[Path]:
        """Print each workbook to a PDF of the same name in the folder."""
        return [Path(made) for made in self._do("pdf", str(folder), *map(str, paths))]

    def saved(self, *paths: Path, folder: Path, suffix: str) -> list[Path]:
        """Save each workbook under the same name in another folder, as .xlsx or .ods."""
        return [Path(made) for made in self._do("save", str(folder), suffix, FILTERS[suffix], *map(str, paths))]

    def stop(self) -> None:
        """End the LibreOffice that was started here, and no other."""
        if self._process is None or self._process.poll() is not None:
            return
        self._drive("quit")
        try:
            self._process.wait(timeout=SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _do(self, job: str, *arguments: str) -> Any:
        for _ in range(TRIES):
            if self._process is None or self._process.poll() is not None:
                self._start()
            run = self._drive(job, *arguments)
            if (
                run.returncode >= 0
            ):  # below 0 the bridge to LibreOffice crashed, as it does now and then on a busy machine
                break
        if run.returncode:
            said = f"{run.stderr}{self._log.read_text()}"
            pytest.fail(f"LibreOffice could not do its job ({job}): ended with {run.returncode}.\n{said}")
        return json.loads(run.stdout)

    def _start(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()  # a new profile can make the first start end itself with code 81
            if self._drive("ready").returncode == 0:
                return
            time.sleep(0.1)
        self.stop()
        pytest.fail(f"LibreOffice did not start within {SECONDS_TO_START} seconds.\n{self._log.read_text()}")

    def _launch(self) -> subprocess.Popen[bytes]:
        quiet = ["--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck"]
        profile = f"-env:UserInstallation={(self._folder / 'profile').as_uri()}"
        accept = f"--accept=pipe,name={self._pipe};urp;StarOffice.ComponentContext"
        with self._log.open("ab") as log:
            return subprocess.Popen(
                ["soffice", *quiet, profile, accept],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _drive(self, job: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [SYSTEM_PYTHON, str(DRIVER), self._pipe, job, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS_PER_JOB)

    @property
    def _log(self) -> Path:
        return self._folder / "soffice.log"


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibreOffice]:
    """Return a LibreOffice that reads and prints workbooks, several at a time."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed (make test installs it)")
    if subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        pytest.skip("the system's Python can't talk to LibreOffice: python3-uno is missing (make test installs it)")
    office = LibreOffice(tmp_path_factory.mktemp("libreoffice"))
    yield office
    office.stop()


@pytest.fixture(scope="session")
def as_libreoffice_shows(libreoffice: LibreOffice) -> Callable[..., dict[str, list[list[str]]]]:
    """Return a function from a workbook to the strings that its cells show: by worksheet, row by row from A1.

    Formulas keep the results stored in the file, unless ``recalculated=True``.
    """

    def shown(path: Path, *, recalculated: bool = False) -> dict[str, list[list[str]]]:
        sheets = libreoffice.cells(path, recalculated=recalculated)[path]
        return {name: sheet["shown"] for name, sheet in sheets.items()}

    return shown


@pytest.fixture(scope="session")
def values_in_libreoffice(libreoffice: LibreOffice) -> Callable[..., dict[str, list[list[float | str | None]]]]:
    """Return a function from a workbook to the values that its cells hold: by worksheet, row by row from A1.

    A value is a number, text, "" where the cell is empty, or None where its formula fails.
    """

    def values(path: Path, *, recalculated: bool = False) -> dict[str, list[list[float | str | None]]]:
        sheets = libreoffice.cells(path, recalculated=recalculated)[path]
        return {name: sheet["values"] for name, sheet in sheets.items()}

    return values


@pytest.fixture
def to_pdf(libreoffice: LibreOffice, tmp_path: Path) -> Callable[[Path], Path]:
    """Return a function that prints a workbook to a PDF in the test's own folder, and returns the PDF's path."""

    def print_to_pdf(path: Path) -> Path:
        return libreoffice.pdf(path, folder=tmp_path)[0]

    return print_to_pdf


@dataclasses.dataclass(frozen=True, kw_only=True)
class MadeFolder:
    """A partnership's folder after a refresh and a publish, with what the commands printed. Never changed by a test."""

    folder: Path
    printed: tuple[str, ...]

    @property
    def master(self) -> Path:
        return self.folder / "master.xlsm"

    @property
    def copy(self) -> Path:
        """The published copy."""
        (copy,) = (self.folder / "published").glob("*.xlsx")
        return copy


def run_cdrp_xl(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "cdrp_xl", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, cwd=ROOT, env={**os.environ, **environment}
    )


def made(folder: Path, *commands: tuple[object, ...]) -> MadeFolder:
    """Return a folder after commands that have to succeed."""
    printed = []
    for command in commands:
        run = run_cdrp_xl(*command)
        assert (run.returncode, run.stderr) == (0, ""), run.stderr
        printed.append(run.stdout)
    return MadeFolder(folder=folder, printed=tuple(printed))


@pytest.fixture(scope="session")
def cdrp_xl() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the command line; keywords are variables of its environment."""
    return run_cdrp_xl


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> MadeFolder:
    """Return the worked example as `cdrp-xl demo` leaves it."""
    folder = tmp_path_factory.mktemp("demo") / "south-cambridgeshire"
    return made(folder, ("demo", folder))


@pytest.fixture
def example(demo: MadeFolder, tmp_path: Path) -> Path:
    """Return a copy of the worked example's folder, refreshed and published, that a test may change."""
    return Path(shutil.copytree(demo.folder, tmp_path / "example"))


@pytest.fixture(scope="session")
def settings_and_returns() -> dict[str, bytes]:
    """Return the worked example's settings and filled returns, by their names within its folder."""
    from cdrp_xl import worked_example

    return worked_example.settings_and_returns()


@pytest.fixture
def partners(settings_and_returns: dict[str, bytes], tmp_path: Path) -> Path:
    """Return a folder with the worked example's settings and filled returns, and none of its extracts."""
    folder = tmp_path / "partners"
    for name, content in settings_and_returns.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def street_level(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> MadeFolder:
    """Return the folder that data.police.uk's own files fill, as `new`, `refresh` and `publish` leave it."""
    folder = tmp_path_factory.mktemp("street-level") / "csp"
    source = shared_data / "police_uk" / "cambridgeshire"
    beginning = ("new", folder, "--area", "South Cambridgeshire", "--police-uk", source)
    quarter = ("refresh", folder, "--quarter", "2025-26-Q1")
    return made(folder, beginning, ("refresh", folder), quarter, ("publish", folder))


@pytest.fixture(scope="session")
def built(demo: MadeFolder) -> Report:
    """Return the report of the worked example, as a publish builds it."""
    return report_of(demo)


@pytest.fixture(scope="session")
def built_by_counts(demo: MadeFolder) -> Report:
    """Return the worked example's report by chance in the counts only, which has rises for the analyst to decide."""
    return report_of(demo, test="exact")


def report_of(demo: MadeFolder, test: str = "usual movement") -> Report:
    """Return the report of the worked example, by one test of significance."""
    import msgspec

    from cdrp_xl import report, settings
    from cdrp_xl.report import Inputs
    from cdrp_xl.workbooks.gathering import gather, returned

    own = settings.read(demo.folder)
    own = msgspec.structs.replace(own, significance=settings.SignificanceSettings(test=test))
    today, quarter = dt.date(2011, 7, 29), own.report.quarter
    data = gather(own, demo.folder, today=today, progress=str)
    collected = returned(own, demo.folder, quarter=quarter, today=today, progress=str)
    return report.build(own, period=quarter, data=data, inputs=Inputs(), today=today, collected=collected)


@pytest.fixture(scope="session")
def engine() -> Iterator[Any]:
    """Return our xlwings engine over LibreOffice, made the active one."""
    import xlwings as xw

    import cdrp_xl.libreoffice
    from cdrp_xl.libreoffice.office import OfficeUnavailableError, bridge

    try:
        bridge()
    except OfficeUnavailableError as error:
        pytest.skip(f"{error.what} {error.remedy}")
    before = xw.engines.active
    yield cdrp_xl.libreoffice.activate()
    xw.engines.active = before


@pytest.fixture(scope="session")
def app(engine: Any) -> Iterator[Any]:  # the engine has to be active first
    """Return a LibreOffice that xlwings drives, started once for the session."""
    import xlwings as xw

    app = xw.App(visible=False, add_book=False)
    yield app
    ended = app.impl.office.exit_code
    assert ended is None, f"the LibreOffice that the tests share ended by itself, with {ended}"
    app.quit()
