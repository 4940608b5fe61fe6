"""Write docs/settings.md, every key of partnership.toml with an example, from the settings' types and their words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from cdrp_xl.settings import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = f"""\
# Every setting

The keys of `partnership.toml`, each with an example. A key in bold is needed. This page is written by `make templates`
from the types that the program reads the file with, so it has every key and no other.

`cdrp-xl new` writes a file that explains itself, and beside it `{schema.FILE_NAME}`. An editor that knows JSON Schema
for TOML (in Visual Studio Code the extension Even Better TOML) completes keys, shows what they mean and marks mistakes,
without a network: the first line of the file, `{schema.DIRECTIVE}`, tells it where to look. In an
older folder write that line yourself. `cdrp-xl settings check DIR` lists every mistake, and writes the schema where the
first line names it.

A period is written as "2011-12 Q1", "Q1 2011-12", "2011-12", "Apr-11", "Apr-11 to Jun-11" or "year ending June 2011".
"""
WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "date": "date",
    schema.PERIOD: "period",
}


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_tables("", schema.schema())])


def _tables(heading: str, table: dict[str, Any]) -> Iterator[str]:
    """Yield a table's own keys, then the tables in it."""
    keys = [
        _row(name, key, name in table["required"]) for name, key in table["properties"].items() if "examples" in key
    ]
    if heading:
        yield f"## `{heading}`\n\n{table['description']}\n"
    if keys:
        yield "\n".join(
            ["| key | what it says | what it holds | left out | example |", "|---|---|---|---|---|", *keys, ""]
        )
    for name, key in table["properties"].items():
        path = f"{heading.strip('[]')}.{name}".removeprefix(".")
        for form, each in (
            (f"[{path}]", key),
            (f"[[{path}]]", key.get("items", {})),
            (f'[{path}."…"]', key.get("additionalProperties") or {}),
        ):
            if "properties" in each:
                yield from _tables(form, each)


def _row(name: str, key: dict[str, Any], is_needed: bool) -> str:  # noqa: FBT001 - a row's own fact
    shown = f"**`{name}`**" if is_needed else f"`{name}`"
    default = f"`{_toml(key['default'])}`" if "default" in key else ""
    example = f"`{name} = {_toml(key['examples'][0])}`"
    cells = (shown, key["description"], _holds(key), default, example)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _toml(value: object) -> str:
    return " ".join(tomlkit.item(value).as_string().split()) if not isinstance(value, dict) else _inline(value)


def _inline(table: dict[str, Any]) -> str:
    pairs = (f"{tomlkit.key(name).as_string()} = {_toml(value)}" for name, value in table.items())
    return f"{{ {', '.join(pairs)} }}"


def _holds(key: dict[str, Any]) -> str:
    if "anyOf" in key:
        return " or ".join(map(_holds, key["anyOf"]))
    if "enum" in key:
        return ", ".join(f'`"{choice}"`' for choice in key["enum"])
    if key["type"] == "array":
        return f"list of: {_holds(key['items'])}"
    if key["type"] == "object":
        each = key["additionalProperties"]
        return f"table of: {'; '.join(each['properties']) if 'properties' in each else _holds(each)}"
    least = key.get("minimum", key.get("exclusiveMinimum"))
    most = key.get("maximum")
    limits = f", {least} to {most}" if most is not None else f", {least} or more" if least is not None else ""
    length = f", at most {key['maxLength']} characters" if "maxLength" in key else ""
    return f"{WORDS[key.get('format', key['type'])]}{limits}{length}"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    (folder / "settings.md").write_text(page(), encoding="utf-8", newline="\n")
