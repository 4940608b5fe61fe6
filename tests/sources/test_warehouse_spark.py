"""Apache Spark counts as DuckDB does, or is refused; one session for all tests, in this computer alone."""

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import warnings

import duckdb
import pytest

from cdrp_xl.errors import CannotBeComputedError, FileError, ValueFoundError
from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings, counting, probe, query

pyspark = pytest.importorskip("pyspark", reason="the extra [spark] is not installed (make test installs it)")
dialects = pytest.importorskip("cdrp_xl.sources.warehouse.dialects")
spark = pytest.importorskip("cdrp_xl.sources.warehouse.spark")

COLUMNS = WarehouseColumns(
    area="District", offence="code", date="recorded", offence_words="words", force="force", reference="reference"
)
MASTER = "local[2]"
WORDS = (
    *("Cambridge", "cambridge", "CAMBRIDGE", "Cambridge ", " Cambridge", "", None, "Ynys M\u00f4n", "Ynys Mon"),
    *("Ynys Mo\u0302n", "Stra\u00dfe", "Strasse", "STRASSE", "I\u0307", "\u0131", "i", "I", "King's Lynn"),
    *("a\tb", "a b", "\u00e9", "e\u0301", "E", "\u1e9e", "\U0001f600", "x" * 300, '"quoted"', "100%", ":name", "\\"),
)
DAYS = (
    *(dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 3, 30), dt.date(2025, 10, 26), dt.date(2024, 2, 29)),
    *(dt.date(1955, 6, 1), dt.date(1900, 1, 1), dt.date(1970, 1, 1), dt.date(2100, 12, 31), None),
)
SCHEMA = (
    'number VARCHAR, "District" VARCHAR, code VARCHAR, words VARCHAR, force VARCHAR, reference VARCHAR, recorded DATE'
)


@pytest.fixture(scope="module")
def session():
    """Start Spark, which takes tens of seconds, and stop it after the last test."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed (make test installs it)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what PySpark leaves open
        with spark._unheard():
            builder = pyspark.sql.SparkSession.builder.master(MASTER).config("spark.ui.showConsoleProgress", "false")
            for name, value in spark._LOCAL_MODE_SETTINGS.items():
                builder = builder.config(name, value)
            builder = builder.config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            running = builder.getOrCreate()
        yield running
        running.stop()


def in_spark(test):
    """Return a test as one that asks the session, which make quick does not start."""
    return pytest.mark.whole(pytest.mark.usefixtures("session")(test))


def settings(**given):
    return WarehouseSettings(counts="counts.csv", columns=COLUMNS, **given)


def write_parquet(file, rows, schema=SCHEMA):
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE rows ({schema})")
        unnested = ", ".join("unnest(?)" for _ in rows[0])
        engine.execute(f"INSERT INTO rows SELECT {unnested}", [list(column) for column in zip(*rows, strict=True)])
        engine.execute(f"COPY rows TO '{file}' (FORMAT parquet)")


def small_tables(count=10_000):
    """Return the rows of generated small tables, one under the other, with the number of the table first."""
    draw = random.Random(18)  # noqa: S311 - made-up rows
    rows = []
    for number in range(count):
        words = draw.sample(WORDS, 3)
        rows += [
            (f"{number:05d}", *(draw.choice(words) for _ in range(5)), draw.choice(DAYS))
            for _ in range(draw.randint(1, 12))
        ]
    return rows


@in_spark
def test_spark_counts_ten_thousand_small_tables_as_duckdb_does(tmp_path):
    file = tmp_path / "rows.parquet"
    write_parquet(file, small_tables())
    by_number = query.counting(COLUMNS, f"'{file}'", by=("number",))
    with duckdb.connect() as engine:
        wanted = sorted(map(repr, engine.execute(by_number).fetchall()))
    with spark.connected(settings(files=("rows.parquet",), spark=MASTER), tmp_path) as engine:
        engine.check(COLUMNS)
        probe.check(engine, COLUMNS)
        found = [tuple(row) for row in engine.rows(query.counting(COLUMNS, engine.relation, by=("number",)))]
    assert len({row[0] for row in found}) == 10_000
    assert sorted(map(repr, found)) == wanted


@in_spark
def test_two_million_rows_have_the_file_of_counts_that_duckdb_writes(tmp_path):
    areas = ", ".join(f"'{name}'" for name in ("Cambridge", "cambridge", "Ynys M\u00f4n", "Ynys Mon", "Fenland"))
    with duckdb.connect() as engine:
        for part in range(2):
            engine.execute(f"""COPY (SELECT list_element([{areas}], 1 + (hash(i) % 5)::INTEGER) AS "District",
                CAST(hash(i + 1) % 90 AS VARCHAR) AS code, CAST(NULL AS VARCHAR) AS words, 'F' AS force,
                CAST(i AS VARCHAR) AS reference, DATE '2022-01-01' + (hash(i + 2) % 1096)::INTEGER AS recorded
                FROM range({part} * 1000000, ({part} + 1) * 1000000) AS made(i))
                TO '{tmp_path}/rows [{part}].parquet' (FORMAT parquet)""")
    kept = counting.count(settings(files=("rows*.parquet",)), tmp_path)
    assert kept.rows == 2_000_000
    by_duckdb = kept.file.read_bytes()
    kept.file.unlink()
    assert counting.count(settings(files=("rows*.parquet",), spark=MASTER), tmp_path).rows == 2_000_000
    assert kept.file.read_bytes() == by_duckdb


def test_the_query_reads_in_sparks_dialect_as_it_did(snapshot):
    columns = WarehouseColumns(
        area='a "b"', offence="o`f", date="when", offence_words="w", force="f", reference="select"
    )
    assert dialects.write(query.counting(columns, query.table("crime.recorded")), "spark") == snapshot


@in_spark
def test_a_table_of_the_catalogue_is_counted_and_a_column_that_ignores_case_keeps_rows_apart(session, tmp_path):
    rows = [("1", "Fenland", "1", "w", "F", "1", dt.date(2025, 1, 31)), ("1", "fenland", "1", "w", "F", None, None)]
    write_parquet(tmp_path / "rows.parquet", rows)
    frame = session.read.parquet(str(tmp_path / "rows.parquet"))
    kept = counting.count(settings(files=("rows.parquet",), spark=MASTER), tmp_path)
    by_files = kept.file.read_bytes()
    frame.createOrReplaceGlobalTempView("crime")
    counting.count(settings(table="global_temp.crime", spark=MASTER), tmp_path)
    assert kept.file.read_bytes() == by_files
    session.sql(
        "SELECT *, `District` COLLATE UTF8_LCASE AS loose FROM global_temp.crime"
    ).createOrReplaceGlobalTempView("any")
    loose = WarehouseColumns(area="loose", offence="code", date="recorded", offence_words="words", force="force")
    asked = WarehouseSettings(counts="loose.csv", columns=loose, table="global_temp.any", spark=MASTER)
    assert counting.count(asked, tmp_path).file.read_bytes() == by_files


@in_spark
def test_columns_that_are_missing_or_no_date_are_named_in_whichever_file(tmp_path):
    write_parquet(tmp_path / "a.parquet", [("1", "A", "1", "w", "F", "1", dt.date(2025, 1, 31))])
    schema = SCHEMA.replace("recorded DATE", "recorded TIMESTAMP").replace("words", "said")
    write_parquet(tmp_path / "b.parquet", [("1", "A", "1", "w", "F", "1", dt.datetime(2025, 1, 31))], schema)  # noqa: DTZ001
    with pytest.raises(ValueFoundError, match="words") as refused:
        counting.count(settings(files=("a.parquet", "b.parquet"), spark=MASTER), tmp_path)
    assert "b.parquet" in str(refused.value)
    schema = SCHEMA.replace("recorded DATE", "recorded TIMESTAMP")
    write_parquet(tmp_path / "b.parquet", [("1", "A", "1", "w", "F", "1", dt.datetime(2025, 1, 31))], schema)  # noqa: DTZ001
    with pytest.raises(ValueFoundError, match="TimestampNTZ"):
        counting.count(settings(files=("a.parquet", "b.parquet"), spark=MASTER), tmp_path)


@in_spark
def test_what_spark_refuses_is_reported_in_three_lines(tmp_path):
    with pytest.raises(
        CannotBeComputedError, match=r"(?s)^Spark refuses: .*nowhere.*\nWhere: .*\nWhat to do: Check that"
    ):
        counting.count(settings(table="nowhere", spark=MASTER), tmp_path)
    (tmp_path / "rows.parquet").write_text("no Parquet", encoding="utf-8")
    with pytest.raises(CannotBeComputedError, match="Spark refuses: "):
        counting.count(settings(files=("rows.parquet",), spark=MASTER), tmp_path)
    with pytest.raises(FileError, match="There is no file"):
        counting.count(settings(files=("none.parquet",), spark=MASTER), tmp_path)


@in_spark
def test_a_query_that_takes_too_long_is_ended(session, tmp_path):
    session.range(10**12).createOrReplaceGlobalTempView("endless")
    asked = settings(table="global_temp.endless", spark=MASTER, timeout_seconds=1)
    with (
        spark.connected(asked, tmp_path) as engine,
        pytest.raises(CannotBeComputedError, match="timeout_seconds") as late,
    ):
        list(engine.rows("SELECT COUNT(*) AS n FROM global_temp.endless AS e WHERE id % 7 = 3 GROUP BY id % 1000"))
    assert str(late.value).startswith("Spark refuses: ")


@pytest.mark.whole
def test_without_java_spark_says_so_in_three_lines():
    said = (
        "import pathlib\nfrom cdrp_xl.errors import CdrpError\n"
        "from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings, counting\n"
        "columns = WarehouseColumns(area='a', offence='o', date='d')\n"
        "asked = WarehouseSettings(counts='c.csv', columns=columns, table='t', spark='local[1]')\n"
        "try:\n    counting.count(asked, pathlib.Path())\nexcept CdrpError as refused:\n    print(refused)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {"PATH": ""}
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.splitlines()[0].startswith("Spark does not start: ")
    assert len(done.stdout.splitlines()) == 3
    assert done.stderr == ""


@pytest.mark.parametrize("given", [{"files": ("a",), "table": "t"}, {}, {"database": "postgresql://h/d", "table": "t"}])
def test_spark_counts_either_files_or_a_table(given):
    with pytest.raises(ValueError, match="Spark counts either files or a table, and no database"):
        settings(spark=MASTER, **given)


@pytest.mark.parametrize(
    "given", [{"files": ("s3a://key:secret@crime/rows.parquet",)}, {"files": ("s3a://crime/r?token=secret",)}]
)
def test_credentials_in_the_address_of_a_file_are_refused_and_not_repeated(given):
    with pytest.raises(ValueError, match="settings are read by many") as refused:
        settings(spark=MASTER, **given)
    assert "secret" not in str(refused.value)
