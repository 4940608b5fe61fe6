"""Macros of a workbook: VBA and Basic run by LibreOffice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cdrp_xl.errors import CdrpError, ValueFoundError
from cdrp_xl.libreoffice.values import prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MACRO = re.compile(r"^(?:'(?P<quoted>(?:[^']|'')+)'!|(?P<book>[^!]+)!)?(?:(?P<module>\w+)\.)?(?P<name>\w+)$")


def run(app: Any, macro: str, arguments: Sequence[Any]) -> Any:
    """Run a Sub or Function and return its value.

    Parameters
    ----------
    app
        The engine's app.
    macro
        ``Name``, ``Module.Name``, or either behind ``'Book.xlsm'!``.
    arguments
        What the macro takes.

    Raises
    ------
    ValueFoundError
        If no open workbook has the macro.
    CdrpError
        If the macro itself fails.
    """
    match = _MACRO.match(macro)
    if match is None:
        raise _unknown(macro, "the macro's name")
    book_name = (match["quoted"] or match["book"] or "").replace("''", "'")
    book = app.books(book_name) if book_name else app.books.active
    if book is None:
        raise _unknown(macro, "no workbook is open")
    for library, module in _modules(book.xl, match["module"]):
        source = book.xl.BasicLibraries.getByName(library).getByName(module)
        if _declares(source, match["name"]):
            return _invoke(book, f"{library}.{module}.{match['name']}", arguments)
    raise _unknown(macro, book.name)


def _modules(document: Any, wanted: str | None) -> Iterator[tuple[str, str]]:
    libraries = document.BasicLibraries
    for library in libraries.ElementNames:
        if not libraries.isLibraryLoaded(library):
            libraries.loadLibrary(library)
        for module in libraries.getByName(library).ElementNames:
            if wanted is None or module.casefold() == wanted.casefold():
                yield library, module


def _declares(source: str, name: str) -> bool:
    declaration = rf"^[ \t]*(?:(?:Public|Private|Static)[ \t]+)*(?:Sub|Function)[ \t]+{re.escape(name)}\b"
    return re.search(declaration, source, re.IGNORECASE | re.MULTILINE) is not None


def _invoke(book: Any, place: str, arguments: Sequence[Any]) -> Any:
    script = book.xl.getScriptProvider().getScript(f"vnd.sun.star.script:{place}?language=Basic&location=document")
    try:
        return script.invoke(tuple(_argument(value) for value in arguments), (), ())[0]
    except Exception as error:
        if "ScriptFrameworkErrorException" in type(error).__name__ or "InvocationTarget" in type(error).__name__:
            raise CdrpError(
                f'The macro "{place}" failed.',
                where=f"{book.name}, {place}",
                remedy=f"Correct the macro, or check what it was handed. LibreOffice said: {error}",
            ) from error
        raise


def _argument(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_argument(part) for part in value)
    return prepared(value) if value is not None else None


def _unknown(macro: str, where: str) -> ValueFoundError:
    return ValueFoundError(
        f'There is no macro "{macro}".',
        where=where,
        remedy="Write its name as Module.Name, and see that its workbook is open and its modules compile.",
    )
