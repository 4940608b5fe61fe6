"""An xlwings engine over LibreOffice: ``xw.Book``, ``xw.Range`` and the rest work as they do in Excel.

Examples
--------
>>> import xlwings as xw
>>> import cdrp_xl.libreoffice
>>> cdrp_xl.libreoffice.activate()  # doctest: +SKIP
<Engine libreoffice>
>>> with xw.App() as app:  # doctest: +SKIP
...     book = app.books.add()
...     book.sheets[0]["A1"].value = [["offences", 12], ["change", "=B1/10-1"]]
...     book.save("offences.xlsx")
"""

from __future__ import annotations

import xlwings as xw

from cdrp_xl.libreoffice.interface import OfficeStoppedError, UnsupportedInLibreOfficeError
from cdrp_xl.libreoffice.office import ACCEPT_VARIABLE, PROGRAM_VARIABLE, OfficeUnavailableError

__all__ = [
    "ACCEPT_VARIABLE",
    "PROGRAM_VARIABLE",
    "OfficeStoppedError",
    "OfficeUnavailableError",
    "UnsupportedInLibreOfficeError",
    "activate",
]


def activate() -> xw.Engine:
    """Register the engine with xlwings, make it the active one, and return it.

    LibreOffice itself starts with the first ``xw.App()`` or ``xw.Book()``. Where the environment variable
    ``CDRP_XL_LIBREOFFICE`` holds the accept string of a running LibreOffice, that one is used; a Python process that a
    button in LibreOffice started finds it set, so that ``xw.Book.caller()`` works there.

    Returns
    -------
    xlwings.Engine
        The engine, also to be had as ``xw.engines["libreoffice"]``.
    """
    # Imported here, so that asking for the errors' names does not load the engine.
    from cdrp_xl.libreoffice.app import ENGINE

    if ENGINE.name not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=ENGINE))
    engine = xw.engines[ENGINE.name]
    engine.activate()
    return engine
