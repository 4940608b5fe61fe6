"""What every class of the engine shares: a missing member names itself, and UNO's errors have three lines."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from cdrp_xl.errors import CannotBeWrittenError, CdrpError

if TYPE_CHECKING:
    from collections.abc import Callable

_Class = TypeVar("_Class", bound=type)

# The special methods through which xlwings reaches an engine; every other one is Python's own.
_SPECIAL = frozenset({"__call__", "__contains__", "__getitem__", "__iter__", "__len__"})
# What pyuno says of an object whose LibreOffice has gone.
_SIGNS_OF_A_BROKEN_CONNECTION = ("ridge", "illegal object given", "source/invocation")
_STOPPED = ("DisposedException", "NoConnectException")


class UnsupportedInLibreOfficeError(CdrpError, NotImplementedError):
    """A member of xlwings' interface was used that this engine does not carry out in LibreOffice.

    Parameters
    ----------
    member
        The member as a script writes it, for example ``"Range.copy_picture"``.
    remedy
        What to do instead.
    """

    def __init__(self, member: str, *, remedy: str = "") -> None:
        super().__init__(
            f"{member} is not supported in LibreOffice.",
            where=f"{member}, called through the xlwings engine cdrp_xl.libreoffice",
            remedy=remedy
            or "Leave the call out here, run this step in Excel, or use LibreOffice's own object in .api.",
        )


class OfficeStoppedError(CdrpError):
    """LibreOffice ended, or its connection broke, while a workbook was in use."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "LibreOffice has stopped.",
            where=where,
            remedy="Start again with a new xw.App(); what was not saved is lost.",
        )


def engine_class(cls: _Class) -> _Class:
    """Complete a class of the engine: name the members it lacks, and make UNO's errors readable in those it has.

    A member that the class only annotates is data of its instances, in place of the property that xlwings declares.
    """
    data = inspect.get_annotations(cls)
    for name, member in _declared(cls).items():
        if name in data:
            setattr(cls, name, vars(cls).get(name))
            continue
        mine = inspect.getattr_static(cls, name)
        if mine is member:
            if _is_stub(member):
                setattr(cls, name, _refusal(member, f"{cls.__name__}.{name}"))
        else:
            setattr(cls, name, _completed(mine, member, f"{cls.__name__}.{name}"))
    return cls


def _declared(cls: type) -> dict[str, Any]:
    """Return the public members that xlwings' base classes declare, the nearest class first."""
    members: dict[str, Any] = {}
    for base in cls.__mro__[1:-1]:
        if not base.__module__.startswith("xlwings"):
            continue
        for name, member in vars(base).items():
            if not name.startswith("_") or name in _SPECIAL:
                members.setdefault(name, member)
    return members


def _function(member: Any) -> Any:
    inner = member.fget if isinstance(member, property) else member
    return inner.__func__ if isinstance(inner, staticmethod | classmethod) else inner


def _is_stub(member: Any) -> bool:
    """Return whether a base member does its work, and does not only raise NotImplementedError."""
    code = getattr(_function(member), "__code__", None)
    return code is not None and code.co_names == ("NotImplementedError",)


def _refusal(member: Any, label: str) -> Any:
    def refuse(*_arguments: object, **_named: object) -> NoReturn:
        raise UnsupportedInLibreOfficeError(label)

    async def refuse_later(*_arguments: object, **_named: object) -> NoReturn:
        raise UnsupportedInLibreOfficeError(label)

    if isinstance(member, property):
        return property(refuse, refuse if member.fset else None)
    return refuse_later if inspect.iscoroutinefunction(member) else refuse


def _completed(mine: Any, declared: Any, label: str) -> Any:
    if isinstance(mine, property):
        setter = mine.fset
        if setter is None and isinstance(declared, property) and declared.fset is not None:
            setter = _refusal(declared, f"{label} (setting it)").fset
        return property(plainly(mine.fget, label), setter and plainly(setter, label), doc=mine.__doc__)
    if inspect.isfunction(mine) and not inspect.isgeneratorfunction(mine) and not inspect.iscoroutinefunction(mine):
        return plainly(mine, label)
    return mine


def plainly(function: Any, label: str) -> Callable[..., Any]:
    """Return a function of the engine that gives UNO's errors three lines, under the name that a script knows."""

    @functools.wraps(function)
    def in_three_lines(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except Exception as error:
            raise_plainly(error, label)
            raise

    return in_three_lines


def raise_plainly(error: Exception, where: str) -> None:
    """Raise UNO's exception as one of ours; return for any other, which the caller raises again."""
    kind = type(error).__name__
    if not kind.startswith("com.sun.star."):
        return
    if kind.endswith(_STOPPED) or any(sign in str(error) for sign in _SIGNS_OF_A_BROKEN_CONNECTION):
        raise OfficeStoppedError(where) from error
    raise CannotBeWrittenError(
        f"LibreOffice refused {where} ({kind.rsplit('.', 1)[-1]}).",
        where=where,
        remedy=f"Check the arguments. LibreOffice said: {str(error).strip() or 'nothing more'}.",
    ) from error
