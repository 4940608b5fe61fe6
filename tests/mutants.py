"""Files that were damaged by chance, from a seed: every reader reads them, or says in three lines what is wrong.

Run by itself, as ``python tests/mutants.py SEED COUNT``, it damages each input so many times, and prints what was
raised that is no fault in three lines, took longer than ten seconds, or more than 500 MiB.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import traceback
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import msgspec
import openpyxl
import xlsxwriter

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
    files,
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
TRACEBACK = "Traceback"
QUARTER, PASSWORD = Period.parse("2011-12 Q1"), "three plain words"
HOME_OFFICE = [
    [
        *("Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group"),
        *("Offence Subgroup", "Offence Code", "Number of Offences"),
    ],
    ["2017/18", "1", "Kent", "Homicide", "Violence against the person", "Homicide", "1/4.1/4.10/4.2", "5"],
]
POLICE = ",".join(street_scan.HEADINGS)


class Input(NamedTuple):
    """One kind of input: its name, the file as it should be, and what reads it."""

    name: str
    file: str
    content: bytes
    read: Callable[[Path], object]


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
    return [
        Input("extract csv", "rows.csv", _csv(rows), readers.crime),
        Input("extract xlsx", "rows.xlsx", _xlsx(rows), readers.crime),
        Input("extract parquet", "rows.parquet", _parquet(rows), readers.crime),
        Input("extract ods", "rows.ods", _ods(rows), readers.crime),
        Input("extract xls", "rows.xls", _xls(rows), readers.crime),
        Input("police.uk zip", "streets.zip", _zip(streets), _police_archive),
        Input("police.uk file", "2024-01-kent-street.csv", next(iter(streets.values())), _police_folder),
        Input("cadet csv", "cadet.csv", _csv(table), readers.comparison),
        Input("cadet xlsx", "cadet.xlsx", _xlsx(table), readers.comparison),
        Input("similar csv", "group.csv", _csv(group), readers.similar),
        Input("similar xlsx", "group.xlsx", _xlsx(group), readers.similar),
        Input("similar inline", "group.xlsx", _xlsx(group, constant_memory=True), readers.similar),
        Input("population", "people.xlsx", _xlsx(people), _people),
        Input("home office csv", "prc.csv", _csv(HOME_OFFICE), _home_office),
        Input("home office xlsx", "prc.xlsx", _xlsx(HOME_OFFICE), _home_office),
    ]


def _of_partners(readers: _Readers) -> list[Input]:
    form = (readers.folder / "returns" / "2011-12-Q1" / "reducing-reoffending.xlsx").read_bytes()
    return [
        Input("return xlsx", "return.xlsx", form, readers.one_return),
        Input("return ods", "return.ods", _ods(_cells(form)), readers.one_return),
        Input("return xls", "return.xls", _xls(_cells(form)), readers.one_return),
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
        Input("checked ods", "copy.ods", _ods(HOME_OFFICE), _checked),
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


def mutant(content: bytes, chance: random.Random) -> bytes:
    """Return a file that was damaged in one of the ways of its kind."""
    ways = [_flipped, _flipped, _cut, _doubled, _blanked, _numbers_changed]
    if content.startswith(b"PK"):
        ways += [_part_changed] * 8 + [_header_changed, _deflate_changed]
    if content.startswith(b"<!DOCTYPE"):
        ways += [_attribute_changed, _node_changed] * 4
    return chance.choice(ways)(content, chance)


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    return content[: begin + chance.randrange(200)] + content[begin:]


def _blanked(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    size = min(chance.choice((1, 4, 64)), len(content) - begin)
    return content[:begin] + bytes(size) + content[begin + size :]


def _numbers_changed(content: bytes, chance: random.Random) -> bytes:
    """Put a number that is too large, or none, in place of one that is written out."""
    found = list(re.finditer(rb"\d+", content))
    if not found:
        return content
    one = chance.choice(found)
    other = chance.choice((b"-1", b"", b"0", b"99999", b"4294967296", b"1e400", b"NaN", b"x", b"9" * 40))
    return content[: one.start()] + other + content[one.end() :]


def _part_changed(content: bytes, chance: random.Random) -> bytes:
    parts = _parts(content)
    name = chance.choice([name for name, part in parts.items() if part] or list(parts))
    ways = [_flipped, _cut, _numbers_changed, _attribute_changed, _attribute_changed, _node_changed, _node_changed]
    way = chance.choice([*ways, None])
    if way is None:
        del parts[name]
    else:
        parts[name] = way(parts[name], chance) if parts[name] else b"x"
    return _zip(parts)


def _attribute_changed(content: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb'([\w:]+)="([^"]*)"', content))
    if not found:
        return _flipped(content, chance)
    one = chance.choice(found)
    other = chance.choice(
        (b"XFD1", b"A1048576", b"XFD1048576", b"A0", b"", b"1048576", b"16384", b"-1", b"s", b"A1:XFD9")
    )
    return content[: one.start(2)] + other + content[one.end(2) :]


def _node_changed(content: bytes, chance: random.Random) -> bytes:
    """Take out an element, say it twice, or empty it."""
    found = list(re.finditer(rb"<([\w:]+)[^<>]*>(?:[^<]*</\1>)?", content))
    if not found:
        return _flipped(content, chance)
    one = chance.choice(found)
    other = chance.choice((b"", one[0] * 2, b"<" + one[1] + b"/>", b"<x>" + one[0] + b"</x>"))
    return content[: one.start()] + other + content[one.end() :]


def _header_changed(content: bytes, chance: random.Random) -> bytes:
    begins = [found.start() for found in re.finditer(b"PK[\x01\x03\x05][\x02\x04\x06]", content)]
    at = chance.choice(begins) + chance.randrange(4, 46)
    changed = bytearray(content)
    if at < len(changed):
        changed[at] = chance.choice((0, 1, 8, 12, 0x80, 0xFF))
    return bytes(changed)


def _deflate_changed(content: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = chance.choice([each for each in archive.infolist() if each.compress_size > 8] or archive.infolist())
    at = entry.header_offset + 30 + len(entry.filename) + chance.randrange(max(entry.compress_size, 1))
    changed = bytearray(content)
    changed[min(at, len(changed) - 1)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _csv(rows: list[list[str]]) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()


def _xlsx(rows: list[list[str]], **options: bool) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_numbers": True, **options}) as book:
        page = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return made.getvalue()


def _parquet(rows: list[list[str]]) -> bytes:
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect(":memory:") as connection:
        (Path(scratch) / "rows.csv").write_bytes(_csv(rows))
        made = Path(scratch) / "rows.parquet"
        connection.execute(
            f"COPY (FROM read_csv('{scratch}/rows.csv', all_varchar = true)) TO '{made}' (FORMAT parquet)"
        )
        return made.read_bytes()


def _ods(rows: list[list[str]]) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell % _escaped(text) for text in row)}"
        f'<table:table-cell table:number-columns-repeated="{16_384 - len(row)}"/></table:table-row>'
        for row in rows
    )
    blank = (
        f'<table:table-row table:number-rows-repeated="{1_048_576 - len(rows)}"><table:table-cell/></table:table-row>'
    )
    sheet = f'<table:table table:name="Data">{lines}{blank}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind.decode()}"/></manifest:manifest>'
    )
    content = f"<office:document-content {names}>{body}</office:document-content>"
    return _zip({"mimetype": kind, "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()})


def _escaped(text: str) -> str:
    return str(text).replace("&", "&amp;").replace("<", "&lt;")


def _cells(form: bytes) -> list[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(form))
    return [["" if value is None else str(value) for value in row] for page in book for row in page.values]


def _xls(rows: list[list[str]]) -> bytes:
    """Return a workbook of Excel 97-2003 with a text in every cell, as its records have them."""
    from cdrp_xl.writers import compound_file

    def record(kind: int, data: bytes) -> bytes:
        return kind.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data

    def small(*numbers: int) -> bytes:
        return b"".join(number.to_bytes(2, "little") for number in numbers)

    begin = record(0x0809, small(0x0600, 5, 0, 0) + bytes(8))
    head = begin + record(0x0042, small(1200))
    place = len(head) + 4 + 8 + len("Data") + 4
    head += record(0x0085, place.to_bytes(4, "little") + bytes([0, 0, 4, 0]) + b"Data") + record(0x000A, b"")
    cells = b"".join(
        record(0x0204, small(row, column, 0, len(text)) + b"\x01" + text.encode("utf-16-le"))
        for row, values in enumerate(rows)
        for column, text in enumerate(values)
        if text and len(text) < 2000
    )
    begin_sheet = record(0x0809, small(0x0600, 0x10, 0, 0) + bytes(8))
    stream = head + begin_sheet + cells + record(0x000A, b"")
    return compound_file.pack({"Workbook": stream + bytes(max(0, 4096 - len(stream)))})


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


def outcome(each: Input, content: bytes, folder: Path) -> str:
    """Return what a reader says of a file: empty where it read it, a fault's first line, or a traceback."""
    path = folder / each.file
    path.write_bytes(content)
    try:
        each.read(path)
    except CdrpError as fault:
        return (
            f"fault: {fault.what}" if len(str(fault).split("\n")) == LINES else f"{TRACEBACK}: not three lines: {fault}"
        )
    except BaseException:  # noqa: BLE001 - whatever it is, nobody should see it
        return traceback.format_exc()
    return ""


def in_a_child(each: Input, content: bytes) -> str:
    """Return the same from a child process, or that it took too long or too much."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            signal.alarm(6 * SECONDS)
            former = files._engine()  # its threads stayed behind, so that to close it would wait for ever
            files._engine.cache_clear()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            said.write_text(outcome(each, content, Path(folder)), "utf-8")
            os._exit(0 if former else 1)
        _, status, used = os.wait4(child, 0)
        told = said.read_text("utf-8") if said.exists() else f"Traceback: ended with {status}"
        seconds, size = used.ru_utime + used.ru_stime, used.ru_maxrss >> 10
        if seconds > SECONDS or size > MEMORY >> 20:
            told = f"Traceback: cost {seconds:.0f} s, {size} MiB\n{told}"
        return told


def main() -> None:
    """Damage every input, print what nobody should see, and end with 1 if there was any."""
    seed, count, *only = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
    worst = 0
    with tempfile.TemporaryDirectory() as scratch:
        for each in inputs(Path(scratch)):
            if not only or each.name in only:
                worst = max(worst, damaged_by_chance(each, seed, count))
    sys.exit(worst)


def damaged_by_chance(each: Input, seed: str, count: int) -> int:
    """Damage an input so many times, keep and print what nobody should see, and return whether there was any."""
    chance, bad, read = random.Random(f"{seed} {each.name}"), 0, 0  # noqa: S311 - the same files from the same seed
    said = in_a_child(each, each.content)
    bad += _is_bad(
        each, each.content, f"{TRACEBACK}: refused as it should be: {said}" if said else "", "as it should be"
    )
    for number in range(count):
        content = mutant(each.content, chance)
        said = in_a_child(each, content)
        read += not said
        bad += _is_bad(each, content, said, f"{seed} {number}")
    sys.stdout.write(f"{each.name}: {count} damaged, {read} read all the same, {bad} bad\n")
    sys.stdout.flush()
    return int(bad > 0)


def _is_bad(each: Input, content: bytes, said: str, which: str) -> bool:
    if not said.startswith(TRACEBACK):
        return False
    Path("mutants").mkdir(exist_ok=True)
    (Path("mutants") / f"{each.name} {which} {each.file}").write_bytes(content)
    sys.stdout.write(f"{each.name}, {which}: {said}\n")
    return True


if __name__ == "__main__":
    main()
