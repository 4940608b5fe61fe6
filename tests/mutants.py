"""Every kind of file that is read, what reads it, and what came of it: a figure, or a fault in three lines."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import resource
import shutil
import signal
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import files_made
import msgspec
import recounts

from cdrp_xl import settings as settings_file
from cdrp_xl import sheets
from cdrp_xl.errors import CdrpError
from cdrp_xl.periods import Period
from cdrp_xl.prose import commentary
from cdrp_xl.publication import inspect
from cdrp_xl.report import wording  # noqa: F401 - loaded before children are made
from cdrp_xl.sending import encryption
from cdrp_xl.sources import (
    area_figures,
    cadet,
    counting_engine,
    home_office,
    master,
    police_uk,
    population,
    recorded_crime,
    returns,
    spreadsheets,
    stored_counts,
    street_scan,
)
from cdrp_xl.workbooks import certificate, record, refreshing
from cdrp_xl.workbooks import master as made_master
from cdrp_xl.worked_example.demo import demo
from cdrp_xl.writers import data_files, html_file, saved_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.date(2011, 7, 29)
SECONDS, MEMORY, LINES = 10, 500 << 20, 3
BAD, READ, RIGHT = "bad", "read", "right"
QUARTER, PASSWORD = Period.parse("2011-12 Q1"), "three plain words"
HOME_OFFICE = [
    [
        *("Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group"),
        *("Offence Subgroup", "Offence Code", "Number of Offences"),
    ],
    ["2017/18", "1", "Kent", "Homicide", "Violence against the person", "Homicide", "1/4.1/4.10/4.2", "5"],
]
STREET_FILE = "2024-01-kent-street.csv"
POLICE = ",".join(street_scan.HEADINGS)


class Table(NamedTuple):
    """What can be counted of an input that is a table: its rows, its file of these, and both counts to compare."""

    rows: list[list[str]]
    made: Callable[[list[list[str]]], bytes]
    expected: Callable[[list[list[str]]], recounts.Counted]
    found: Callable[[Any], recounts.Counted]


class Input(NamedTuple):
    """One kind of input: its name, the file as it should be, what reads it, and the table that it is, if it is one."""

    name: str
    file: str
    content: bytes
    read: Callable[[Path], object]
    table: Table | None = None


class _Readers:
    """The worked example, and what reads each kind of its files wherever a damaged one lies."""

    def __init__(self, scratch: Path) -> None:
        self.folder = scratch / "example"
        demo(self.folder, today=TODAY, progress=lambda _: None)
        self.settings = settings_file.read(self.folder)
        built = refreshing.prepare(self.folder, quarter=None, today=TODAY, progress=lambda _: None).report
        control = made_master.control_after(master.Typed(), built, today=TODAY, rows_read=1)
        self.laid_out = sheets.lay_out(built, sheets.Audience.ANALYST, control=control, checked=commentary.check(built))
        self.properties = refreshing.properties(built, is_final=False)
        self.published = sheets.lay_out(built, sheets.Audience.PARTNERS)

    def crime(self, path: Path) -> object:
        own = msgspec.structs.replace(self.settings.sources.recorded_crime, files=(path.name,))
        area = self.settings.partnership.area
        return recorded_crime.read(own, folder=path.parent, area=area, selections=(), today=TODAY)

    def similar(self, path: Path) -> object:
        own = msgspec.structs.replace(self.settings.sources.iquanta, files=(path.name,))
        return area_figures.read(own, folder=path.parent, areas=self.settings.group.members)

    def comparison(self, path: Path) -> object:
        own = msgspec.structs.replace(self.settings.sources.cadet, files=(path.name,))
        return cadet.read(own, folder=path.parent, areas=(self.settings.partnership.area,))

    def filled(self, path: Path) -> object:
        return saved_workbook.fill(path.read_bytes(), self.laid_out, self.properties, name=path.name)

    def one_return(self, path: Path) -> object:
        spreadsheets.read(path)
        place = returns.folder_of(path.parent / "own", QUARTER)
        place.mkdir(parents=True)
        shutil.copy(path, place / path.name)
        return returns.collect(self.settings.returns, path.parent / "own", quarter=QUARTER, today=TODAY)


def inputs(scratch: Path) -> list[Input]:
    """Return every kind of file that is read, as the worked example has it, or made here."""
    readers = _Readers(scratch)
    return [*_of_publishers(readers), *_of_partners(readers), *_of_ours(readers)]


def _of_publishers(readers: _Readers) -> list[Input]:
    data = readers.folder / "data"
    rows, group, table = (
        list(csv.reader(io.StringIO((data / f"{name}.csv").read_text("utf-8"))))
        for name in ("recorded-crime-2011-12-q1", "most-similar-group-2010-11", "cadet-2011-12-q1")
    )
    rows = rows[:60]
    people = [["Area", "Population", "Households"], ["Fenland", "102080", "43000"], ["East", "90171", "37000"]]
    streets = _street_files()
    street = list(csv.reader(io.StringIO(next(iter(streets.values())).decode())))
    return [
        *_of_a_table("extract", "rows", rows, readers.crime, (recounts.extract(rows), recounts.of_extract)),
        Input("police.uk zip", "streets.zip", files_made.zip_file(streets), _police_archive),
        _table("police.uk file", STREET_FILE, street, _police_folder, (recounts.street, recounts.of_street)),
        *_of_a_table(
            "cadet", "cadet", table, readers.comparison, (recounts.cadet(table), recounts.of_cadet), ("csv", "xlsx")
        ),
        *_of_a_table(
            "similar", "group", group, readers.similar, (recounts.similar, recounts.of_similar), ("csv", "xlsx")
        ),
        Input("similar inline", "group.xlsx", files_made.xlsx_file(group, constant_memory=True), readers.similar),
        _table("population", "people.xlsx", people, _people, (recounts.people, recounts.of_people)),
        Input("home office csv", "prc.csv", files_made.csv_file(HOME_OFFICE), _home_office),
        Input("home office xlsx", "prc.xlsx", files_made.xlsx_file(HOME_OFFICE), _home_office),
    ]


def _of_a_table(name, file, rows, read, counts, kinds=("csv", "xlsx", "parquet", "ods", "xls")):
    """Return a table in files of several kinds."""
    return [_table(f"{name} {kind}", f"{file}.{kind}", rows, read, counts) for kind in kinds]


def _table(name, file, rows, read, counts):
    made = getattr(files_made, f"{file.rpartition('.')[2]}_file")
    return Input(name, file, made(rows), read, Table(rows, made, *counts))


def _of_partners(readers: _Readers) -> list[Input]:
    form = (readers.folder / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx").read_bytes()
    return [
        Input("return xlsx", "return.xlsx", form, readers.one_return),
        Input("return ods", "return.ods", files_made.ods_file(files_made.cells_of(form)), readers.one_return),
        Input("return xls", "return.xls", files_made.xls_file(files_made.cells_of(form)), readers.one_return),
    ]


def _of_ours(readers: _Readers) -> list[Input]:
    folder = readers.folder
    of_master = (folder / "master.xlsm").read_bytes()
    published = next((folder / "published").glob("*.xlsx"))
    copy = published.read_bytes()
    return [
        Input("master typed", "master.xlsm", of_master, _typed),
        Input("master filled", "master.xlsm", of_master, readers.filled),
        Input("checked xlsx", "copy.xlsx", copy, _checked),
        Input("checked ods", "copy.ods", files_made.ods_file(HOME_OFFICE), _checked),
        Input("checked html", "copy.html", html_file.write(readers.published, readers.properties), _checked),
        Input("checked data", "copy.zip", data_files.write(readers.published, readers.properties), _checked),
        Input("encrypted", "copy.xlsx", encryption.encrypt(copy, PASSWORD), _unlocked),
        Input("certificate", "c.json", certificate.path_of(published).read_bytes(), certificate.read),
        Input("stored counts", "counts.parquet", stored_counts.place(folder).read_bytes(), _counts),
        Input("record", "refreshed.json", (folder / "counts" / "refreshed.json").read_bytes(), _record),
        Input("settings", "partnership.toml", (folder / "partnership.toml").read_bytes(), _settings),
    ]


def _typed(path: Path) -> object:
    return master.read_inputs(path), master.read_control(path)


def _checked(path: Path) -> object:
    return inspect(path.read_bytes(), path.name)


def _unlocked(path: Path) -> object:
    return encryption.decrypt(path.read_bytes(), PASSWORD, name=path.name)


def _counts(path: Path) -> object:
    place = stored_counts.place(path.parent)
    place.parent.mkdir(exist_ok=True)
    shutil.copy(path, place)
    return stored_counts.load(path.parent)


def _settings(path: Path) -> object:
    return settings_file.read(path.parent)


def _home_office(path: Path) -> object:
    return home_office.read(path, areas=None)


def _street_files() -> dict[str, bytes]:
    row = "a1b2,2024-01,Kent Police,Kent Police,0.1,51.2,On or near High Street,E01024001,Ashford 001A,Burglary,None,"
    other = row.replace("a1b2", "c3d4").replace("Burglary", "Drugs")
    return {
        f"{month}/{month}-kent-street.csv": f"{POLICE}\n{row}\n{other}\n".replace("2024-01", month).encode()
        for month in ("2024-01", "2024-02")
    }


def _police_archive(path: Path) -> object:
    return police_uk.read(police_uk.PoliceUkSettings(path=path.name), folder=path.parent, areas=("Ashford",))


def _police_folder(path: Path) -> object:
    return police_uk.read(police_uk.PoliceUkSettings(path="."), folder=path.parent, areas=("Ashford",))


def _people(path: Path) -> object:
    return population.read(population.PopulationSettings(file=path.name, households="Households"), folder=path.parent)


def _record(path: Path) -> object:
    place = path.parent / "counts" / "refreshed.json"
    place.parent.mkdir(exist_ok=True)
    shutil.copy(path, place)
    return record.load(path.parent)


def outcome(each: Input, content: bytes, folder: Path, rows: list[list[str]] | None = None) -> str:
    """Return what came of a file: read and right, read and not compared, a fault, or what nobody should see.

    `rows` are those that the file was made of; without them they are read by other libraries.
    """
    path = folder / each.file
    path.write_bytes(content)
    try:
        read = each.read(path)
        rows = rows or (recounts.rows_in(path) if each.table else None)
        expected = each.table.expected(rows) if rows and each.table else None
        found = each.table.found(read) if expected is not None and each.table else None
    except CdrpError as fault:
        is_told = len(str(fault).split("\n")) == LINES + len(fault.lines)
        return f"fault: {fault.what}" if is_told else f"{BAD}: not three lines: {fault}"
    except BaseException:  # noqa: BLE001 - whatever it is, nobody should see it
        return f"{BAD}: {traceback.format_exc()}"
    if expected is None:
        return READ
    differ = {key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key)}
    return (
        f"{BAD}: " + "; ".join(f"{key} {found.get(key)}, not {expected.get(key)}" for key in differ)
        if differ
        else RIGHT
    )


def in_a_child(each: Input, content: bytes, rows: list[list[str]] | None = None) -> str:
    """Return the same from a child process, or that it took too long or too much."""
    _end_threads()
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            signal.alarm(60 * SECONDS)  # for one that waits for ever: on a busy machine others wait for a minute
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            said.write_text(outcome(each, content, Path(folder), rows), "utf-8")
            os._exit(0)
        _, status, used = os.wait4(child, 0)
        told = said.read_text("utf-8") if said.exists() else f"{BAD}: ended with {status}"
        seconds, size = used.ru_utime + used.ru_stime, used.ru_maxrss >> 10
        if seconds > SECONDS or size > MEMORY >> 20:
            told = f"{BAD}: cost {seconds:.0f} s, {size} MiB\n{told}"
        return told


def _end_threads() -> None:
    """End DuckDB's threads: a child has none of them, and would wait for ever for what they held."""
    counting_engine.end()
    assert _threads() <= THREADS_OF_LIBRARIES, "a process with threads is not to be forked"


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


THREADS_OF_LIBRARIES = _threads()  # numpy's, which ends them itself before a fork
