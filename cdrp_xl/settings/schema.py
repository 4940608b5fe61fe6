"""``partnership.toml`` as a JSON Schema, from the settings' types: with it editors complete keys and check values."""

from __future__ import annotations

import importlib.resources
import json
import tomllib
import typing
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from cdrp_xl import settings
from cdrp_xl.periods import Period
from cdrp_xl.toml_tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "partnership.schema.json"
DIRECTIVE = f"#:schema {FILE_NAME}"
"""The first line of settings that are beside their schema, as Taplo (Even Better TOML) reads it, without a network."""

PERIOD = "period"

_PERIOD = {"type": "string", "format": PERIOD}
_ITSELF = "_"


def text() -> str:
    """Return the schema as it is written beside the settings."""
    return json.dumps(schema(), indent=1, ensure_ascii=False, default=str) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema whole, with nothing referred to; what an example has of dates are dates."""
    about = {"$schema": "http://json-schema.org/draft-07/schema#", "title": settings.FILE_NAME}
    return about | _table_schema(settings.Settings)


def _table_schema(kind: type[Table]) -> dict[str, Any]:
    fields = msgspec.structs.fields(kind)
    return {
        **({"description": said[_ITSELF]} if (said := _said_of(kind)) and _ITSELF in said else {}),
        "type": "object",
        "properties": {field.name: _key_schema(kind, field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _key_schema(kind: type[Table], field: msgspec.structs.FieldInfo) -> dict[str, Any]:
    """Return what a key may hold; for one that is not a table of its own, also what it says and an example."""
    made = _type_schema(field.type)
    said = _said_of(kind).get(field.name)
    if said is None:
        return made
    about, example = said
    default = field.default if field.default is not msgspec.NODEFAULT else None
    left_out = {} if default in (None, "", ()) else {"default": msgspec.to_builtins(default)}
    return {"description": about, **made, **left_out, "examples": [example]}


def _type_schema(kind: Any) -> dict[str, Any]:
    """Return what values of a type are. Tables and periods are ours; the rest msgspec knows."""
    parts = [part for part in typing.get_args(kind) if part is not type(None)]
    origin = typing.get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, Table):
        return _table_schema(kind)
    if kind is Period:
        return dict(_PERIOD)
    if origin is dict:
        return {"type": "object", "additionalProperties": _type_schema(parts[1])}
    if origin is tuple:
        return {"type": "array", "items": _type_schema(parts[0])}
    if len(parts) < len(typing.get_args(kind)) and len(parts) == 1:
        return _type_schema(parts[0])
    return _plain(msgspec.json.schema(kind))


def _plain(made: dict[str, Any]) -> dict[str, Any]:
    """Return what msgspec says about a type, without a reference to its name."""
    if "$ref" in made:
        made = made["$defs"][made["$ref"].rpartition("/")[2]]
    return {name: value for name, value in made.items() if name not in {"title", "description"}}


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    file = importlib.resources.files("cdrp_xl").joinpath("wording", "settings.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _said_of(kind: type[Table]) -> dict[str, Any]:
    """Return what is said about a table and its keys, there or of the tables that it takes them from."""
    said: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        said |= _words().get(each.__name__, {})
    return said
