"""A partnership's settings looked over: every mistake in them, and every file that they name and that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import beside, settings, toml_tables
from cdrp_xl.errors import FileError, quoted
from cdrp_xl.settings import schema
from cdrp_xl.sources.publisher import Publisher
from cdrp_xl.toml_tables import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cdrp_xl.settings import Settings


def check(folder: Path) -> tuple[str, ...]:
    """Return every mistake in a folder's settings with its line and key; none where they can be used.

    Where the file's first line names the schema, that is written beside it, as this version has it.

    Raises
    ------
    FileError
        If there is no ``partnership.toml``, it can't be opened, or it is not TOML.
    CannotBeWrittenError
        If the schema can't be written.
    """
    text = settings.text_in(folder)
    found, mistakes = settings.checked(text)
    if found and not mistakes:
        mistakes += _missing_files(found, folder)
    if text.split("\n", 1)[0].strip() == schema.DIRECTIVE:
        put_schema(folder)
    return tuple(toml_tables.placed(mistakes, text))


def put_schema(folder: Path) -> None:
    """Write the schema beside the settings, unless it is there already."""
    place, text = folder / schema.FILE_NAME, schema.text().encode()
    if not place.is_file() or place.read_bytes() != text:
        beside.replace(place, text)


def _missing_files(own: Settings, folder: Path) -> Iterator[Mistake]:
    for name, source in own.sources.named(Publisher).items():
        try:
            missing = [path for path in source.files_read(folder) if not path.exists()]
        except FileError as fault:
            yield Mistake(("sources", name), fault.what.removesuffix("."))
        else:
            if missing:
                yield Mistake(("sources", name), f"there is no file {quoted(missing[0].name)} in {missing[0].parent}")
