"""Demo: the worked example, written, refreshed and published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import beside, temporary, worked_example
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.workbooks.publishing import publish
from cdrp_xl.workbooks.refreshing import refresh

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from cdrp_xl.workbooks.publishing import Published
    from cdrp_xl.workbooks.refreshing import Refreshed


def demo(folder: Path, *, today: dt.date, progress: Callable[[str], None]) -> tuple[Refreshed, Published]:
    """Write the worked example into a folder, refresh it and publish it, as on the day of its report if it has one.

    Raises
    ------
    CannotBeWrittenError
        If the folder can't be made, or holds anything but the worked example.
    """
    progress("Writing the worked example")
    _write(folder)
    day = settings_file.read(folder).report.date or today
    refreshed = refresh(folder, quarter=None, today=day, progress=progress)
    return refreshed, publish(folder, today=day, progress=progress)


def _write(folder: Path) -> None:
    """Write the example, unless it is there already; nothing else is written over."""
    beside.make_folder(folder)
    if not any(folder.iterdir()):
        worked_example.write(folder)
        return
    with temporary.folder("example") as aside:
        scratch = aside / "example"
        scratch.mkdir()
        worked_example.write(scratch)
        fresh = [path.relative_to(scratch) for path in scratch.rglob("*") if path.is_file()]
        same = all(_content(folder / path) == (scratch / path).read_bytes() for path in fresh)
    if not same:
        raise CannotBeWrittenError(
            f"{folder.name} holds something other than the worked example.",
            where=str(folder / FILE_NAME if (folder / FILE_NAME).exists() else folder),
            remedy="Name another folder.",
        )


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
