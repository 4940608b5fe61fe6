"""The schema says about every key what the settings' types say, and has words and an example for it."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
import typing
from pathlib import Path

import jsonschema
import msgspec
import pytest

from cdrp_xl import settings, toml_tables, worked_example
from cdrp_xl.settings import schema
from cdrp_xl.workbooks import beginning

ROOT = Path(__file__).parents[2]
WORDS = tomllib.loads((ROOT / "cdrp_xl" / "wording" / "settings.toml").read_text(encoding="utf-8"))
PLAIN = '[partnership]\nname = "A"\narea = "Fenland"\n[sources.police_uk]\npath = "data"\n'


def tables(kind=settings.Settings):
    """Return every table of the settings."""
    inner = [toml_tables._table_of(field.type)[0] for field in msgspec.structs.fields(kind)]
    return {kind}.union(*(tables(each) for each in inner if each))


TABLES = sorted(tables(), key=lambda kind: kind.__name__)
KEYS = {
    f"{kind.__name__}.{field.name}": (kind, field)
    for kind in TABLES
    for field in msgspec.structs.fields(kind)
    if not toml_tables._table_of(field.type)[0] or typing.get_origin(field.type) is dict
}


def as_an_editor_reads(text):
    return json.loads(json.dumps(tomllib.loads(text), default=dt.date.isoformat))


def mistakes_of(text):
    checker = jsonschema.Draft7Validator(json.loads(schema.text()), format_checker=jsonschema.FormatChecker())
    return sorted(".".join(map(str, fault.absolute_path)) for fault in checker.iter_errors(as_an_editor_reads(text)))


@pytest.mark.parametrize("name", KEYS)
def test_a_key_has_words_and_an_example_that_its_type_takes(name):
    kind, field = KEYS[name]
    about, example = schema._said_of(kind)[field.name]
    mistakes = []
    toml_tables._value(field.type, example, (field.name,), mistakes)
    assert mistakes == []
    assert re.fullmatch(r"[A-Z\"].*\.", about)
    assert all(len(sentence.split()) <= 25 for sentence in re.split(r"[.;:] ", about))


@pytest.mark.parametrize("kind", [each for each in TABLES if each is not settings.Settings])
def test_a_table_has_words(kind):
    assert schema._said_of(kind)["_"].endswith(".")


def test_no_words_are_kept_for_a_key_that_is_gone():
    known = {base.__name__: kind for kind in TABLES for base in kind.__mro__}
    kept = {(name, key) for name, said in WORDS.items() for key in said if key != "_"}
    assert kept
    assert {name for name, _ in kept} <= set(known)
    assert {f"{known[name].__name__}.{key}" for name, key in kept} <= set(KEYS)


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(json.loads(schema.text()))


def test_the_worked_examples_settings_have_no_mistake_in_an_editor():
    assert mistakes_of(worked_example.settings_and_returns()[settings.FILE_NAME].decode()) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (PLAIN, []),
        (PLAIN.replace("area =", "aera ="), ["partnership", "partnership"]),
        (PLAIN.replace('"data"', "5"), ["sources.police_uk.path"]),
        (PLAIN + 'as_at = "soon"\n', ["sources.police_uk.as_at"]),
        (PLAIN + '[report]\ncompare = "month"\n', ["report.compare"]),
        (PLAIN + "[suppression]\nunsafe_up_to = 11\n", ["suppression.unsafe_up_to"]),
        (PLAIN + "[significance]\nfalse_discovery_per_cent = 0\n", ["significance.false_discovery_per_cent"]),
        (PLAIN + '[[returns]]\nform = "a"\nagency = ""\n', ["returns.0.agency"]),
        (PLAIN + '[[composites]]\nid = "a"\nname = "A"\nrows = []\n', ["composites.0.rows"]),
        (PLAIN.replace('"Fenland"', '["Fenland", ""]'), ["partnership.area"]),
    ],
)
def test_an_editor_and_the_program_find_the_same_mistakes(text, where):
    assert mistakes_of(text) == where
    assert bool(settings.checked(text)[1]) == bool(where)


def test_new_settings_name_the_schema_in_their_first_line():
    text = beginning.template(beginning.Beginning(), Path())
    assert text.split("\n")[0] == f"#:schema {schema.FILE_NAME}"


@pytest.mark.whole
def test_every_example_in_new_settings_has_a_key_in_the_schema():
    text = beginning.template(beginning.Beginning(), Path())
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    path, named = (), set()
    for line in lines:
        if heading := re.fullmatch(r"\[\[?([\w.]+)\]\]?.*", line):
            path = tuple(heading[1].split("."))
        elif key := re.match(r"(\w+) = ", line):
            named.add((*path, key[1]))
    assert len(named) > 90
    assert {where for where in named if not known(where)} == set()


def known(path):
    at = schema.schema()
    for name in path:
        at = at.get("items", at)
        at = at.get("properties", {}).get(name) or at.get("additionalProperties")
        if not at:
            return False
    return True
