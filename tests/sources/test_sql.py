from __future__ import annotations

import duckdb
import pytest

from cdrp_xl.sources import sql


@pytest.mark.parametrize("text", ["O'Brien", "''", '"', "--", "a\nb", "é", ""])
def test_a_text_comes_back_as_it_was(text):
    assert duckdb.execute(f"SELECT {sql.literal(text)}").fetchone() == (text,)


@pytest.mark.parametrize("heading", ['a "b"', "select", "a.b", "Crime's"])
def test_a_heading_names_its_column(heading):
    assert duckdb.execute(f"SELECT 1 AS {sql.identifier(heading)}").description[0][0] == heading


@pytest.mark.parametrize("name", ["x[1].csv", "x*.csv", "x?.csv", "O'Brien.csv"])
def test_a_path_finds_its_own_file_alone(tmp_path, name):
    (tmp_path / "x1.csv").write_text("a\nother\n", encoding="utf-8")
    (tmp_path / name).write_text("a\nown\n", encoding="utf-8")
    assert duckdb.execute(f"FROM {sql.csv_relation([tmp_path / name], ['a'])}").fetchall() == [
        ("own", str(tmp_path / name))
    ]
