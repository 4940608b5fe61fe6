"""Counts that are kept by the files' content: only new and changed files are read, and the figures are the same."""

import datetime as dt
import hashlib
import random

import duckdb
import pytest

from cdrp_xl.sources.known_files import KnownFiles
from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings, counting

COLUMNS = WarehouseColumns(area="area", offence="offence", date="recorded", force="force", reference="reference")
SETTINGS = WarehouseSettings(counts="counts.csv", columns=COLUMNS, files=("rows/*.parquet",))
WORDS = ("Fenland", "fenland", " Fenland", "", None, "Ynys M\u00f4n")
DAYS = (dt.date(2024, 12, 31), dt.date(2025, 1, 1), None)


def hash_of(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def known(tmp_path):
    return KnownFiles(folder=tmp_path / "kept", hash_of=hash_of)


def write_rows(folder, name, rows, seed):
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    (folder / "rows").mkdir(exist_ok=True)
    drawn = [[draw.choice(WORDS) for _ in range(4)] + [draw.choice(DAYS)] for _ in range(rows)]
    with duckdb.connect() as engine:
        engine.execute(
            "CREATE TABLE rows (area VARCHAR, offence VARCHAR, force VARCHAR, reference VARCHAR, recorded DATE)"
        )
        engine.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", drawn)
        engine.execute(f"COPY rows TO '{folder / 'rows' / name}' (FORMAT parquet)")


def counted(folder, known=None):
    """Return the file of counts, and of how many rows it is."""
    found = counting.count(SETTINGS, folder, known)
    content = found.file.read_bytes()
    found.file.unlink()
    return content, found.rows, found.without_reference


def test_parquet_files_that_are_known_give_what_all_of_them_read_again_give(tmp_path, known):
    write_rows(tmp_path, "2025-01.parquet", 200, 1)
    write_rows(tmp_path, "2025-02.parquet", 150, 2)
    assert counted(tmp_path, known) == counted(tmp_path)
    write_rows(tmp_path, "2025-03.parquet", 100, 3)
    assert counted(tmp_path, known) == counted(tmp_path)
    write_rows(tmp_path, "2025-02.parquet", 160, 4)
    assert counted(tmp_path, known) == counted(tmp_path)
    write_rows(tmp_path, "2025-04.parquet", 200, 1)  # the rows of January once more
    assert counted(tmp_path, known) == counted(tmp_path)
    assert len(list(known.folder.iterdir())) == 3
    (tmp_path / "rows" / "2025-03.parquet").unlink()
    assert counted(tmp_path, known) == counted(tmp_path)
    assert len(list(known.folder.iterdir())) == 2


def test_a_parquet_file_that_is_known_is_not_read_again_until_it_changes(tmp_path, known):
    write_rows(tmp_path, "2025-01.parquet", 200, 1)
    write_rows(tmp_path, "2025-02.parquet", 150, 2)
    rows = counted(tmp_path, known)[1]
    (january,) = (file for file in known.folder.iterdir() if rows_in(file) == 200)
    with duckdb.connect() as engine:
        more = f"SELECT * REPLACE (counted_rows + 1000 AS counted_rows) FROM '{january}' LIMIT 1"
        engine.execute(f"COPY ({more}) TO '{january}.new' (FORMAT parquet)")
    january.with_name(f"{january.name}.new").replace(january)
    of_january = rows_in(january)
    assert counted(tmp_path, known)[1] == rows - 200 + of_january
    write_rows(tmp_path, "2025-02.parquet", 10, 5)
    assert counted(tmp_path, known)[1] == 10 + of_january
    write_rows(tmp_path, "2025-01.parquet", 20, 6)
    assert counted(tmp_path, known)[1] == 30


def rows_in(kept):
    with duckdb.connect() as engine:
        return engine.execute(f"SELECT sum(counted_rows) FROM '{kept}'").fetchone()[0]


def test_a_parquet_file_that_changed_while_it_was_read_is_not_kept(tmp_path):
    write_rows(tmp_path, "2025-01.parquet", 20, 1)
    asked = iter(["before", "after"])
    changing = KnownFiles(folder=tmp_path / "kept", hash_of=lambda _: next(asked))
    assert counted(tmp_path, changing)[1] == 20
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"0" * 64 + b"{}", b"\xff" * 80])
def test_what_is_kept_and_damaged_is_not_believed(known, content):
    known.save("counts.json", {"one": [1]})
    assert known.load("counts.json", list) == {"one": [1]}
    (known.folder / "counts.json").write_bytes(content)
    assert known.load("counts.json", list) == {}
