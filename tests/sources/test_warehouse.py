"""The warehouse: every engine gives the same counts of the same rows, or is refused; and no secret is anywhere."""

import csv
import datetime as dt
import io
import json
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from cdrp_xl import toml_tables
from cdrp_xl.errors import CannotBeComputedError, FileError, ValueFoundError
from cdrp_xl.sources.warehouse import WarehouseColumns, WarehouseSettings, counting, probe, query, server

psycopg = pytest.importorskip("psycopg", reason="the extra [warehouse] is not installed (make test installs it)")
dialects = pytest.importorskip("cdrp_xl.sources.warehouse.dialects")

COLUMNS = WarehouseColumns(
    area="District", offence="code", date="recorded", offence_words="words", force="force", reference="reference"
)
TABLES = 10_000
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


def small_tables(count=TABLES, seed=18):
    """Yield the rows of generated small tables, one under the other, with the number of the table first."""
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    for number in range(count):
        words = draw.sample(WORDS, 3)
        for _ in range(draw.randint(1, 12)):
            texts = [draw.choice(words) for _ in range(5)]
            yield (f"{number:05d}", *texts, draw.choice(DAYS))


def known(rows):
    """Return the counts of rows, by Python alone."""
    return Counter(
        (number, area, code, words, force, day and day.year, day and day.month, reference is None)
        for number, area, code, words, force, reference, day in rows
    )


def as_counted(answer, by=1):
    """Return an engine's counts, as `known` has them."""
    found = Counter()
    for row in answer:
        first, each = query.read(COLUMNS, row, by=by)
        key = (*first, *each.texts, each.year, each.month)
        found[(*key, True)] += each.without_reference
        found[(*key, False)] += each.rows - each.without_reference
    return +found


@pytest.fixture(scope="module")
def stacked(tmp_path_factory):
    """Return the small tables as one Parquet file, and their rows."""
    rows = list(small_tables())
    file = tmp_path_factory.mktemp("stacked") / "rows.parquet"
    write_parquet(file, rows)
    return file, rows


def write_parquet(file, rows, schema=SCHEMA):
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE rows ({schema})")
        columns = [list(column) for column in zip(*rows, strict=True)]
        names = [part.split()[0] for part in schema.split(", ")]
        kinds = [part.split()[1] for part in schema.split(", ")]
        unnested = ", ".join(f"unnest(CAST(? AS {kind}[])) AS {name}" for kind, name in zip(kinds, names, strict=True))
        engine.execute(f"INSERT INTO rows SELECT {unnested}", columns)
        engine.execute(f"COPY rows TO '{file}' (FORMAT parquet)")


def settings(**given):
    return WarehouseSettings(counts="counts.csv", columns=COLUMNS, **given)


def of_database(postgresql, table="rows", **given):
    return settings(database=postgresql.address, table=table, **given)


class Embedded:
    """DuckDB as an engine of the tests, with whatever it is set to before."""

    name = "DuckDB"

    def __init__(self, *before):
        self._connection = duckdb.connect()
        for each in before:
            self._connection.execute(each)

    def rows(self, sql):
        """Return an answer."""
        return self._connection.execute(sql).fetchall()


class Chdb:
    """ClickHouse within the process."""

    name = "chDB"

    def __init__(self):
        chdb = pytest.importorskip("chdb", reason="chdb is not installed (make test installs it)")
        self._session = chdb.session.Session()

    def do(self, sql):
        """Run a statement as it is."""
        self._session.query(sql)

    def rows(self, sql):
        """Return an answer to the query as ClickHouse's dialect has it."""
        written = dialects.write(sql, "clickhouse")
        answer = str(self._session.query(written, "JSONCompactEachRow"))
        return [json.loads(line) for line in answer.splitlines()]

    def load(self, file, table):
        """Make a table of a Parquet file, with the types that it declares."""
        columns = (
            "number Nullable(String), `District` Nullable(String), code Nullable(String), words Nullable(String), "
        )
        columns += "force Nullable(String), reference Nullable(String), recorded Nullable(Date32)"
        self.do(f"CREATE TABLE {table} ({columns}) ENGINE = Memory")
        self.do(f"INSERT INTO {table} SELECT * FROM file('{file}', Parquet)")


class PostgreSQL:
    """A server of the tests alone, in a private folder, on a free port of this machine."""

    def __init__(self, programs, folder):
        self._programs, self._folder, self._as = programs, folder, []
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            import pwd

            postgres = pwd.getpwnam("postgres")
            os.chown(folder, postgres.pw_uid, postgres.pw_gid)
            self._as = ["setpriv", f"--reuid={postgres.pw_uid}", f"--regid={postgres.pw_gid}", "--clear-groups"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"postgresql://127.0.0.1:{self.port}/postgres"
        data = folder / "data"
        made = ["initdb", "--pgdata", str(data), "--username=tester", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        subprocess.run([*self._as, programs / made[0], *made[1:], "--locale=C.UTF-8"], check=True, capture_output=True)
        options = ["-D", data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        options += ["-c", f"unix_socket_directories={folder}"]
        self._log = (folder / "log").open("w")
        self._server = subprocess.Popen(
            [*self._as, programs / "postgres", *options], stdout=self._log, stderr=self._log
        )
        for _ in range(600):
            try:
                self.connect().close()
                break
            except psycopg.OperationalError:
                assert self._server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)

    def connect(self, user="tester"):
        """Return a connection of its own, which may write."""
        return psycopg.connect(f"host=127.0.0.1 port={self.port} dbname=postgres user={user}", autocommit=True)

    def do(self, *statements):
        """Run statements."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def load(self, file, table):
        """Make a table of a Parquet file."""
        self.do(f"CREATE TABLE {table} ({SCHEMA.replace('VARCHAR', 'TEXT')})")
        with duckdb.connect() as engine, self.connect() as connection, connection.cursor() as cursor:
            found = engine.execute(f"FROM '{file}'")
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                while some := found.fetchmany(50_000):
                    for row in some:
                        copy.write_row(row)

    def end(self):
        """End the server."""
        self._server.terminate()
        self._server.wait(timeout=60)
        self._log.close()


def _programs():
    found = shutil.which("postgres")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return places[-1] if places else None


@pytest.fixture(scope="module")
def postgresql():
    """Return a running PostgreSQL."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (make test installs it)")
    folder = Path(tempfile.mkdtemp(prefix="cdrp-xl-test-"))
    try:
        running = PostgreSQL(programs, folder)
        yield running
        running.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def credentials(monkeypatch):
    """Let the tests' own user be found where users and passwords are looked for."""
    monkeypatch.setenv(server.USER, "tester")


def written(folder, counted):
    """Return the file that is written of counts."""
    with duckdb.connect() as connection:
        counting.make(connection)
        counting.add(connection, counted)
        return counting.write(connection, folder / "others.csv", name="an engine").file.read_bytes()


def counting_sql(relation):
    return query.counting(COLUMNS, relation, by=("number",))


@pytest.mark.whole
def test_duckdb_counts_ten_thousand_small_tables_as_python_does(stacked):
    file, rows = stacked
    assert len({row[0] for row in rows}) == TABLES
    assert as_counted(Embedded().rows(counting_sql(f"'{file}'"))) == known(rows)


@pytest.mark.whole
def test_chdb_counts_ten_thousand_small_tables_as_duckdb_does(stacked):
    file, rows = stacked
    engine = Chdb()
    probe.check(engine, COLUMNS)
    engine.load(file, "stacked")
    assert as_counted(engine.rows(counting_sql('"stacked"'))) == known(rows)


@pytest.mark.whole
def test_postgresql_counts_ten_thousand_small_tables_as_duckdb_does(stacked, postgresql, credentials):
    file, rows = stacked
    postgresql.load(file, "stacked")
    with server.connected(of_database(postgresql, "stacked")) as engine:
        engine.check(COLUMNS)
        probe.check(engine, COLUMNS)
        assert as_counted(engine.rows(counting_sql(engine.relation))) == known(rows)


@pytest.mark.whole
def test_postgresql_writes_the_file_of_counts_that_duckdb_writes_of_odd_words_and_days(
    stacked, postgresql, credentials, tmp_path
):
    file, rows = stacked
    shutil.copy(file, tmp_path / "rows.parquet")
    kept = counting.count(settings(files=("rows.parquet",)), tmp_path)
    by_duckdb = kept.file.read_bytes()
    kept.file.unlink()
    postgresql.load(file, "odd")
    assert counting.count(of_database(postgresql, "odd"), tmp_path).rows == len(rows)
    assert kept.file.read_bytes() == by_duckdb


@pytest.mark.whole
def test_two_million_rows_have_one_file_of_counts_by_every_engine(tmp_path, postgresql, credentials):
    file = tmp_path / "rows.parquet"
    areas = ", ".join(f"'{name}'" for name in ("Cambridge", "cambridge", "Ynys M\u00f4n", "Ynys Mon", "Fenland"))
    with duckdb.connect() as engine:
        engine.execute(f"""COPY (SELECT CAST(i % 7 AS VARCHAR) AS number,
            list_element([{areas}], 1 + (hash(i) % 5)::INTEGER) AS "District",
            CAST(hash(i + 1) % 90 AS VARCHAR) AS code, CAST(NULL AS VARCHAR) AS words, 'F' AS force,
            CAST(i AS VARCHAR) AS reference, DATE '2022-01-01' + (hash(i + 2) % 1096)::INTEGER AS recorded
            FROM range(2000000) AS made(i)) TO '{file}' (FORMAT parquet)""")
    kept = counting.count(settings(files=("rows.parquet",)), tmp_path)
    assert kept.rows == 2_000_000
    by_duckdb = kept.file.read_bytes()
    postgresql.load(file, "many")
    counting.count(of_database(postgresql, "many"), tmp_path)
    assert kept.file.read_bytes() == by_duckdb
    clickhouse = Chdb()
    clickhouse.load(file, "many")
    answer = clickhouse.rows(query.counting(COLUMNS, '"many"'))
    assert written(tmp_path, (query.read(COLUMNS, row)[1] for row in answer)) == by_duckdb


@pytest.mark.whole
@pytest.mark.parametrize("dialect", ["postgres", "tsql", "snowflake", "databricks", "clickhouse"])
def test_the_query_reads_in_each_dialect_as_it_did(dialect, snapshot):
    sql = query.counting(COLUMNS, query.table("crime.recorded"))
    tried = query.counting(COLUMNS, f"({probe.relation(COLUMNS)}) AS probe")
    written = dialects.write(tried, dialect)
    assert "C\u00f4" not in written
    assert dialects.write(sql, dialect) == snapshot
    assert written.count("UNION ALL") == len(probe.ROWS) - 1


@pytest.mark.parametrize("collation", ["NOCASE", "NOACCENT", "NOCASE.NOACCENT"])
def test_an_engine_that_merges_texts_is_not_believed(collation):
    with pytest.raises(CannotBeComputedError, match=r"It counts \d of the \d rows of "):
        probe.check(Embedded(f"SET default_collation = '{collation}'"), COLUMNS)


class OnADayLater(Embedded):
    """An engine that reads a date at midnight in a time zone of its own."""

    def rows(self, sql):
        """Return the answer for the day before."""
        return super().rows(sql.replace('FROM "recorded")', 'FROM "recorded" - INTERVAL 1 HOUR)'))


class LosingNulls(Embedded):
    """An engine that leaves rows without an area out."""

    def rows(self, sql):
        """Return the answer without them."""
        return [row for row in super().rows(sql) if row[0] is not None]


@pytest.mark.parametrize("kind", [OnADayLater, LosingNulls])
def test_an_engine_that_moves_or_loses_rows_is_not_believed(kind):
    with pytest.raises(CannotBeComputedError, match="that it was given as a trial"):
        probe.check(kind(), COLUMNS)


def test_a_column_that_ignores_case_keeps_every_row_apart(postgresql, credentials):
    postgresql.do(
        "CREATE COLLATION ignoring (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
        f"CREATE TABLE ignoring ({SCHEMA.replace('VARCHAR', 'TEXT').replace('TEXT', 'TEXT COLLATE ignoring')})",
        "INSERT INTO ignoring (\"District\", recorded) SELECT 'South Cambridgeshire', DATE '2024-05-01' "
        "FROM generate_series(1, 62)",
        "INSERT INTO ignoring (\"District\", recorded) VALUES ('SOUTH CAMBRIDGESHIRE', DATE '2024-05-01')",
    )
    with postgresql.connect() as connection:
        merged = connection.execute('SELECT count(*) FROM ignoring GROUP BY "District"').fetchall()
    assert merged == [(63,)]
    with server.connected(of_database(postgresql, "ignoring")) as engine:
        found = [query.read(COLUMNS, row)[1] for row in engine.rows(query.counting(COLUMNS, engine.relation))]
    assert {each.texts[0]: each.rows for each in found} == {"South Cambridgeshire": 62, "SOUTH CAMBRIDGESHIRE": 1}


def test_counts_are_put_into_a_file_that_is_written_once(tmp_path):
    rows = list(small_tables(50))
    write_parquet(tmp_path / "rows.parquet", rows)
    kept = counting.count(settings(files=("rows.parquet",)), tmp_path)
    assert (kept.rows, kept.without_reference) == (len(rows), sum(row[5] is None for row in rows))
    with kept.file.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert tuple(found[0]) == counting.HEADINGS
    assert sum(int(row["Offences"]) for row in found) == len(rows)
    before = kept.file.stat().st_mtime_ns
    counting.count(settings(files=("rows.parquet",)), tmp_path)
    assert kept.file.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (SCHEMA.replace("recorded DATE", "recorded VARCHAR"), '"recorded" is VARCHAR, not DATE'),
        (SCHEMA.replace("recorded DATE", "recorded TIMESTAMP"), '"recorded" is TIMESTAMP, not DATE'),
        (SCHEMA.replace("code VARCHAR", "code INTEGER"), '"code" is INTEGER, not text'),
        (SCHEMA.replace("code", "coded"), 'There is no column "code"'),
    ],
)
def test_types_are_taken_as_declared_and_never_inferred(tmp_path, schema, message):
    write_parquet(tmp_path / "rows.parquet", [("1", "Cambridge", "28", "w", "f", "1", None)], schema)
    with pytest.raises(ValueFoundError, match=message) as refused:
        counting.count(settings(files=("rows.parquet",)), tmp_path)
    assert refused.value.where == "rows.parquet"


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "rows.parquet").write_text("Area,Offence\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"rows\.parquet"):
        counting.count(settings(files=("rows.parquet",)), tmp_path)


def test_a_servers_timestamp_is_no_date(postgresql, credentials, tmp_path):
    postgresql.do(f"CREATE TABLE stamped ({SCHEMA.replace('VARCHAR', 'TEXT').replace('DATE', 'TIMESTAMP')})")
    with pytest.raises(ValueFoundError, match='"recorded" is TIMESTAMP, not DATE'):
        counting.count(of_database(postgresql, "stamped"), tmp_path)


def test_a_table_or_column_that_is_missing_is_named(postgresql, credentials, tmp_path):
    postgresql.do(f"CREATE TABLE short ({SCHEMA.replace('VARCHAR', 'TEXT').replace('code', 'coded')})")
    with pytest.raises(ValueFoundError, match='There is no table or view "nowhere"'):
        counting.count(of_database(postgresql, "nowhere"), tmp_path)
    with pytest.raises(ValueFoundError, match='There is no column "code"'):
        counting.count(of_database(postgresql, "short"), tmp_path)


def test_columns_may_have_any_name(postgresql, credentials):
    columns = WarehouseColumns(area='50% "area"', offence=":code", date="%(date)s", force="It's")
    probe.check(Embedded(), columns)
    probe.check(Chdb(), columns)
    with server.connected(of_database(postgresql)) as engine:
        probe.check(engine, columns)


def test_a_table_that_may_not_be_read_is_named(postgresql, monkeypatch, tmp_path):
    postgresql.do(f"CREATE TABLE shut ({SCHEMA.replace('VARCHAR', 'TEXT')})", "CREATE ROLE visitor LOGIN")
    monkeypatch.setenv(server.USER, "visitor")
    with pytest.raises(CannotBeComputedError, match="permission denied for table shut") as refused:
        counting.count(of_database(postgresql, "shut"), tmp_path)
    assert "Ask for the right to read shut" in refused.value.remedy


@pytest.mark.whole
def test_a_query_that_takes_too_long_is_ended(postgresql, credentials, tmp_path):
    postgresql.do(
        f"CREATE TABLE slow_rows ({SCHEMA.replace('VARCHAR', 'TEXT')})",
        "INSERT INTO slow_rows (number) VALUES ('1')",
        'CREATE VIEW slow AS SELECT CASE WHEN pg_sleep(60) IS NULL THEN NULL ELSE "District" END AS "District", '
        "code, words, force, reference, recorded FROM slow_rows",
    )
    with pytest.raises(CannotBeComputedError, match="The server ended the query") as refused:
        counting.count(of_database(postgresql, "slow", timeout_seconds=1), tmp_path)
    assert "timeout_seconds (now 1)" in refused.value.remedy


def test_a_server_that_is_not_there_or_does_not_know_the_user_is_reported_without_the_password(
    postgresql, monkeypatch, tmp_path
):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"postgresql://127.0.0.1:{taken.getsockname()[1]}/crime"
        monkeypatch.setenv(server.USER, "stranger")
        monkeypatch.setenv(server.PASSWORD, "very-secret")
        with pytest.raises(CannotBeComputedError, match="The database refuses: connection failed") as refused:
            counting.count(settings(database=nobody, table="rows"), tmp_path)
        assert "Check that the server runs" in refused.value.remedy
        assert "very-secret" not in str(refused.value)
    with pytest.raises(CannotBeComputedError, match="stranger") as unknown:
        counting.count(of_database(postgresql), tmp_path)
    assert "very-secret" not in str(unknown.value)
    assert str(unknown.value).count("\n") == 2


def test_nothing_can_be_written(postgresql, credentials):
    postgresql.do("CREATE SEQUENCE numbers")
    writing = 'SELECT "a" AS "a" FROM (SELECT CAST(nextval(\'numbers\') AS VARCHAR) AS "a") AS t GROUP BY "a"'
    with (
        server.connected(of_database(postgresql)) as engine,
        pytest.raises(CannotBeComputedError, match="read-only transaction"),
    ):
        list(engine.rows(writing))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgresql://someone:secret@server/crime", "named with a user, password or key"),
        ("postgresql://someone@server/crime", "named with a user, password or key"),
        ("postgresql://server/crime?password=secret", "named with a user, password or key"),
        ("snowflake://account/crime?token=secret", "named with a user, password or key"),
        ("server", "must be an address"),
    ],
)
def test_credentials_are_refused_in_settings_and_not_repeated(address, message):
    text = f'counts = "c.csv"\ndatabase = "{address}"\ntable = "t"\n[columns]\narea = "a"\noffence = "o"\ndate = "d"\n'
    _, mistakes = toml_tables.parse(WarehouseSettings, text, file_name="national.toml")
    assert len(mistakes) == 1
    said = str(toml_tables.named(mistakes, text, file_name="national.toml", remedy="Correct it."))
    assert message in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"files": ("a",), "database": "postgresql://s/d", "table": "t"}, "either files, or a database"),
        ({}, "either files, or a database"),
        ({"database": "postgresql://s/d"}, "a database needs the table"),
        ({"files": ("a",), "table": "t"}, "a database needs the table"),
    ],
)
def test_settings_name_files_or_a_table(given, message):
    with pytest.raises(ValueError, match=message):
        settings(**given)


def test_an_engine_that_is_not_known_is_named(tmp_path):
    with pytest.raises(ValueFoundError, match='"sqlite" is not a known engine'):
        counting.count(settings(database="sqlite://", table="rows"), tmp_path)


def test_counts_are_sorted_here_and_nulls_are_empty(tmp_path):
    rows = [
        (("b", "1", "", ""), 2024, 1, 2, 0),
        ((None, "1", "", ""), None, None, 1, 1),
        (("a", None, "", ""), 2024, 12, 3, 0),
    ]
    content = written(tmp_path, (query.Counted(*row) for row in rows))
    assert list(csv.reader(io.StringIO(content.decode())))[1:] == [
        ["", "1", "", "", "", "1"],
        ["a", "", "", "", "2024-12", "3"],
        ["b", "1", "", "", "2024-01", "2"],
    ]
