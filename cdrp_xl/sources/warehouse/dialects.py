"""The query as other engines write it, by SQLGlot; texts that are grouped are compared byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

Dialect = Literal["postgres", "tsql", "snowflake", "databricks", "clickhouse", "spark"]

DIALECT_BY_ADDRESS: dict[str, Dialect] = {
    "postgresql": "postgres",
    "mssql": "tsql",
    "snowflake": "snowflake",
    "databricks": "databricks",
    "clickhouse": "clickhouse",
    "clickhousedb": "clickhouse",
}
"""The dialect of a database by the beginning of its address."""

_LONGEST_TEXT = 4000


def write(sql: str, dialect: Dialect) -> str:
    """Return a query as an engine writes it.

    Parameters
    ----------
    sql
        The query, in DuckDB's form.
    dialect
        The engine's.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    binary = _binary(dialect)
    if binary is not None:
        for group in _texts(tree):
            group.replace(exp.Collate(this=group.copy(), expression=binary.copy()))
    return tree.transform(lambda node: _declared(node, dialect)).sql(dialect)


def name(table: str, dialect: Dialect) -> str:
    """Return a table's name, as the query writes it, as an engine does."""
    return sqlglot.parse_one(table, read="duckdb", into=exp.Table).sql(dialect)


def _texts(tree: Expr) -> list[Expr]:
    """Return the columns that rows are grouped by as they are, where they are selected and where they are grouped."""
    groups = tree.args["group"].expressions
    selected = [each.this for each in tree.expressions if isinstance(each, exp.Alias)]
    return [each for each in (*selected, *groups) if isinstance(each, exp.Column)]


def _binary(dialect: Dialect) -> Expr | None:
    """Return the collation that compares texts byte by byte; None where an engine knows no other."""
    return {
        "postgres": exp.Identifier(this="C", quoted=True),
        "tsql": exp.Var(this="Latin1_General_100_BIN2"),
        "snowflake": exp.Literal.string("utf8"),
        "databricks": exp.Var(this="UTF8_BINARY"),
        "spark": exp.Var(this="UTF8_BINARY"),
        "clickhouse": None,
    }[dialect]


def _declared(node: Expr, dialect: Dialect) -> Expr:
    """Return a type or a text as an engine needs it written, so that nothing is cut or moved."""
    if dialect == "clickhouse" and isinstance(node, exp.DataType) and node.is_type("date"):
        return exp.DataType.build("Nullable(Date32)", dialect="clickhouse")  # a Date ends in 1970
    if dialect == "tsql" and isinstance(node, exp.DataType) and node.is_type("varchar", "text"):
        return exp.DataType.build(f"NVARCHAR({_LONGEST_TEXT})", dialect="tsql")
    if dialect == "tsql" and isinstance(node, exp.Literal) and node.is_string and not node.this.isascii():
        return exp.National(this=node.this)
    return node
