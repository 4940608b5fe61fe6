"""The ``xlwings.conf`` worksheet, which gives the xlwings add-in how to start Python for this one workbook."""

from __future__ import annotations

SHEET_NAME = "xlwings.conf"


def rows(*, interpreter_windows: str = "", interpreter_mac: str = "") -> tuple[tuple[str, str], ...]:
    """Return the worksheet's rows, key and value, all of them text and without an empty row.

    Parameters
    ----------
    interpreter_windows, interpreter_mac : str
        Path of the Python that has cdrp-xl. Without one the row is left out, so that what the user set in the add-in
        holds: an empty value would hide it.

    Returns
    -------
    tuple of (str, str)
        From cell A1. Only what concerns this workbook: keys that change how the add-in works for others stay out.

    Notes
    -----
    The add-in's ``Config.bas``: the worksheet of the workbook in front goes before the folder's and the user's
    settings, keys are capitals, and reading ends at the first empty cell. ``ADD_WORKBOOK_TO_PYTHONPATH`` is False
    because the workbook's folder would otherwise go first on Python's path, and a stray ``json.py`` there be imported.
    Its value is text: Excel would spell a logical value in the user's language.
    """
    interpreters = (("INTERPRETER_WIN", interpreter_windows), ("INTERPRETER_MAC", interpreter_mac))
    known = tuple((key, path) for key, path in interpreters if path)
    return (*known, ("ADD_WORKBOOK_TO_PYTHONPATH", "False"))
