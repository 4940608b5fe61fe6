"""Answers the worksheet functions of LibreOffice: a Python of its own, which LibreOffice's Basic asks over a pipe.

Run as a script, with the pipe's name as its last argument. It lives as long as the LibreOffice that asks.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UNASKED_SECONDS = 60.0
_OTHER_VERSION = (
    "The worksheet functions in LibreOffice are of another version. "
    "Close LibreOffice and run  cdrp-xl libreoffice install"
)
_EXCEL_DAY_0 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone


def main() -> None:
    """Serve the pipe that the last argument names, until nobody is there to ask."""
    _find_package()
    serve(sys.argv[-1], leave=lambda: os._exit(0))


def serve(pipe: str, *, leave: Callable[[], None]) -> None:
    """Answer whoever connects to a pipe; leave when the last who asked is gone, or nobody ever asks.

    Parameters
    ----------
    pipe
        The pipe's name, as LibreOffice counts pipes.
    leave
        Called once nobody is there to ask; ends the process.
    """
    from cdrp_xl.libreoffice.office import bridge

    uno = bridge()
    services = uno.getComponentContext().ServiceManager
    acceptor = services.createInstance("com.sun.star.connection.Acceptor")
    bridges = services.createInstance("com.sun.star.bridge.BridgeFactory")
    desk = _desk(leave)
    unasked = threading.Timer(_UNASKED_SECONDS, leave)
    unasked.daemon = True
    unasked.start()
    while True:
        connection = acceptor.accept(f"pipe,name={pipe}")
        unasked.cancel()
        made = bridges.createBridge("", "urp", connection, desk)
        made.addEventListener(desk)


def answer(name: str, workbooks: Sequence[tuple[str, str]], arguments: Sequence[Any]) -> Any:
    """Return what a worksheet function answers, in numbers and texts, or rows of them.

    Parameters
    ----------
    name
        The function's name, such as ``CDRP_COUNT``.
    workbooks
        What every open workbook names for its partnership, and its path, the one in front before the others: any of
        them may be the one that asks.
    arguments
        As Basic hands them over: an empty cell is None, an argument that was left out is an empty text.
    """
    from cdrp_xl.functions import worksheet

    function = worksheet.described().get(name)
    if function is None or len(arguments) != len(function.arguments):
        return _OTHER_VERSION
    figures = functools.partial(worksheet.figures_for, *workbooks)
    given = [
        "" if argument.is_optional and value == 0 else value  # what Calc hands over for the gap in (a;;c)
        for argument, value in zip(function.arguments, arguments, strict=True)
    ]
    try:
        return _handed_over(function.answer(given, figures))
    except Exception as fault:  # noqa: BLE001 - a cell shows a sentence; the traceback goes to whoever looks on
        sys.excepthook(type(fault), fault, fault.__traceback__)
        return f"Something went wrong that should not: {fault}"


def _desk(leave: Callable[[], None]) -> Any:
    """Return the object that LibreOffice asks, and that hears when it is gone."""
    import unohelper
    from com.sun.star.bridge import XInstanceProvider
    from com.sun.star.lang import XEventListener
    from com.sun.star.script.provider import XScript

    class Desk(unohelper.Base, XInstanceProvider, XScript, XEventListener):  # type: ignore[misc]
        def getInstance(self, _name: str) -> Any:  # noqa: N802 - UNO's name
            return self

        def invoke(self, asked: Sequence[Any], _indexes: Any, _out: Any) -> Any:
            name, workbooks, *arguments = asked
            return answer(name, workbooks, arguments), (), ()

        def disposing(self, _event: Any) -> None:
            leave()

    return Desk()


def _handed_over(answered: Any) -> Any:
    """Return an answer as UNO takes it: numbers as they are to a cell, rows as tuples."""
    if isinstance(answered, list):
        return tuple(tuple(_handed_over(cell) for cell in row) for row in answered)
    if isinstance(answered, dt.datetime):
        return float((answered - _EXCEL_DAY_0).days)
    return answered if isinstance(answered, str) else float(answered)


def _find_package() -> None:
    """Import the package that this file is part of, whatever other cdrp-xl this Python may know."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import cdrp_xl  # noqa: F401

    del sys.path[0]  # nothing else that lies beside the package goes before Python's own modules


if __name__ == "__main__":
    main()
