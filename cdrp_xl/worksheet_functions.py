"""The worksheet functions for Excel, where xlwings finds them ("Import Functions"): one function here to each."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw

from cdrp_xl.functions import partnership
from cdrp_xl.functions.worksheet import described, figures_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from cdrp_xl.functions import Answer, Figures
    from cdrp_xl.functions.worksheet import Argument, WorksheetFunction

CATEGORY = "cdrp-xl"


def registered(each: WorksheetFunction) -> Callable[..., Answer]:
    """Return a function as xlwings registers it in Excel: every argument comes as a block, errors as their text."""

    def called(*arguments: Any) -> Answer:
        return each.answer(arguments, _figures)

    called.__name__ = called.__qualname__ = each.name
    called.__doc__ = each.words
    called.__annotations__ = {}
    called.__signature__ = inspect.Signature([_parameter(argument) for argument in each.arguments])  # type: ignore[attr-defined]
    function = xw.func(category=CATEGORY, volatile=False)(called)
    for argument in each.arguments:
        function = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.words)(function)
    return function


def _parameter(argument: Argument) -> inspect.Parameter:
    default = "" if argument.is_optional else inspect.Parameter.empty
    return inspect.Parameter(argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def _figures() -> Figures:
    book = xw.Book.caller()
    named = book.names[partnership.NAME].refers_to_range.value if partnership.NAME in book.names else ""
    path = Path(book.fullname)
    return figures_for((str(named or ""), str(path) if path.is_absolute() else ""))


for _each in described().values():
    globals()[_each.name] = registered(_each)
