"""Runs xlwings' real module of worksheet functions on any system, with a stand-in for pywin32 only.

Run as a script with a partnership's folder: registers our functions, writes the VBA that xlwings generates, calls them
as Excel would through `call_udf`, and prints all of it as JSON.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import io
import json
import sys
import types
from pathlib import Path
from typing import Any, ClassVar

import xlwings as xw

MISSING = -2147352572  # what Excel hands over for an argument that was left out
EVERY: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("CDRP_COUNT", ("All Crime", None, None, "Barn", None)),
    ("CDRP_COUNT", ("All Crime", None, None, None, "domestic")),
    ("CDRP_SERIES", ("Farm crime", None, "2009-10", "2010-11", "year")),
    ("CDRP_CHANGE", (32.0, 59.0)),
    ("CDRP_PCTCHANGE", (0.0, 4.0)),
    ("CDRP_COMPARE", (None, None, None, None)),
    ("CDRP_RATE", (65.0, 1000.0, None)),
    ("CDRP_RATEINTERVAL", (65.0, 1000.0, None)),
    ("CDRP_RATIO", (59.0, 32.0)),
    ("CDRP_SIGNIFICANT", (32.0, 59.0, None)),
    ("CDRP_POSITION", ("Burglary Dwelling", None, "2010-11")),
    ("CDRP_FARM", ("Burglary", "2009-10", None)),
    ("CDRP_RAG", ("Farm crime", None)),
    ("CDRP_RAGFROM", (59.0, 32.0, None, "Shoplifting")),
    ("CDRP_PERIOD", ("2011-12 Q1",)),
    ("CDRP_EARLIER", ("2011-12 Q1",)),
    ("CDRP_OFFENCES", ()),
    ("CDRP_AREAS", ()),
    ("CDRP_ASAT", (None,)),
    ("CDRP_COUNT", ((("Shoplifting",),) * 1_048_576, None, None, None, None)),
)
"""Every function, with arguments as Excel hands them over."""


class Book:
    """The workbook that asks, as xlwings' Windows module knows it."""

    def __init__(self, xl: str) -> None:
        self.fullname, self.name = xl, Path(xl).name
        self.names = types.SimpleNamespace(contains=lambda _: False)
        self.sheets: tuple[()] = ()


class Excel:
    """What xlwings asks of its engine on the way into a function and out of it: Excel's error numbers, as texts."""

    name, type = "excel", "desktop"
    errors: ClassVar = {-2146826281: "#DIV/0!", -2146826246: "#N/A", -2146826265: "#REF!"}

    def clean_value_data(self, data: Any, _day: Any, empty: Any, number: Any, errors_as_text: bool) -> Any:  # noqa: FBT001
        def cleaned(cell: Any) -> Any:
            if cell in {"", None}:
                return empty
            if type(cell) is int and cell in self.errors:
                return self.errors[cell] if errors_as_text else None
            return number(cell) if number and isinstance(cell, float) else cell

        return [[cleaned(cell) for cell in row] for row in data]

    def prepare_xl_data_element(self, cell: Any, _date_format: Any) -> Any:
        return "" if cell is None else cell


def stand_in(name: str, **members: object) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    return module


def real_functions() -> types.ModuleType:
    """Return xlwings.udfs itself, over nothing but a stand-in for pywin32."""
    stand_in("pythoncom", CoInitialize=lambda: None)
    stand_in("pywintypes", com_error=type("com_error", (Exception,), {}))
    client = stand_in("win32com.client", Dispatch=lambda dispatched: dispatched)
    stand_in("win32com", client=client)
    stand_in("xlwings.com_server", loop=asyncio.new_event_loop())
    windows = stand_in(
        "xlwings._xlwindows", Range=lambda xl: xl, Book=Book, is_range_instance=lambda _: False, BOOK_CALLER=None
    )
    xw._xlwindows = windows
    xw.engines.add(xw.main.Engine(impl=Excel()))
    xw.engines.active = xw.engines["excel"]
    udfs = importlib.import_module("xlwings.udfs")
    xw.func, xw.arg = udfs.xlfunc, udfs.xlarg
    return udfs


def main() -> None:
    book = str(Path(sys.argv[1]) / "ad hoc.xlsm")
    udfs = real_functions()
    name = "cdrp_xl.worksheet_functions"
    module = importlib.import_module(name)
    vba = io.StringIO()
    udfs.generate_vba_wrapper(name, module, vba, types.SimpleNamespace(Name="ad hoc.xlsm"))

    def ask(function: str, *arguments: object) -> object:
        given = [MISSING if argument is None else argument for argument in arguments]
        return udfs.call_udf(name, function, given, book, types.SimpleNamespace())

    day = dt.datetime(2011, 4, 1)  # noqa: DTZ001 - as pywin32 gives a cell's date
    answers = [
        ask("CDRP_COUNT", "Shoplifting", None, None),
        ask("CDRP_COUNT", (("Shoplifting",), ("no such row",)), None, "2010-11 Q1"),
        ask("CDRP_COUNT", "Shoplifting", "", day),
        ask("CDRP_COMPARE", "Shoplifting", None, None, None),
        ask("CDRP_PCTCHANGE", 3.0, 10.0),
        ask("CDRP_PCTCHANGE", -2146826281, 10.0),
        ask("CDRP_RAG", "Farm crime", None),
        ask("CDRP_PERIOD", "2011-12 Q1"),
        ask("CDRP_COUNT", ((None,),), None, None),
    ]
    every = [[name, ask(name, *given)] for name, given in EVERY]
    described = {
        key: {"doc": value.__xlfunc__["ret"]["doc"], "arguments": [a["doc"] for a in value.__xlfunc__["args"]]}
        for key, value in vars(module).items()
        if hasattr(value, "__xlfunc__")
    }
    sys.stdout.write(
        json.dumps({"vba": vba.getvalue(), "answers": answers, "every": every, "described": described}, default=str)
    )


if __name__ == "__main__":
    main()
