"""Rules on the file as a package: bytes that no program shows, and what can't be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.publication.archive import after_the_end, odd_fields, own_name, unclaimed
from cdrp_xl.publication.book import CELLS_KEPT, Form
from cdrp_xl.publication.findings import Severity, rule
from cdrp_xl.publication.places import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.publication.book import Book

_ROOM_FOR_LOOKS = 60_000
_BYTES_A_CELL = 60
_NAMED_IN_UTF8 = 0x800

_UNSEEN = "No program shows these bytes, yet whoever looks into the file can read them."
_SAVE_AGAIN = "Open the workbook in the program that made it, save it under another name, and check that."


@rule(
    "unread-part",
    Severity.BLOCKS,
    what="A part of the file can't be read",
    why="What can't be looked into can't be shown to be safe.",
    remedy=_SAVE_AGAIN,
)
def unread_part(book: Book) -> Iterator[Spot]:
    """Find parts that can't be read."""
    for part, why in book.unread.items():
        yield Spot(part=part, sheet=book.sheet_of(part), detail=why.rstrip("."))


@rule(
    "no-worksheet",
    Severity.BLOCKS,
    what="No worksheet was found in the file",
    why="What can't be looked into can't be shown to be safe.",
    remedy=_SAVE_AGAIN,
)
def no_worksheet(book: Book) -> Iterator[Spot]:
    """Find that there is nothing to look at."""
    if not book.sheets and not book.unread:
        yield Spot(part=book.workbook_part)


@rule(
    "formats-unread",
    Severity.BLOCKS,
    what="Colours, number formats and layout of an .xlsb workbook are not looked at",
    why="A cell that is there but can't be seen would not be found.",
    remedy="Save it as an .xlsx workbook, check that, and send that.",
)
def formats_unread(book: Book) -> Iterator[Spot]:
    """Find a form of file whose formats and layout are not read."""
    if book.form is Form.BINARY:
        yield Spot()


@rule(
    "texts-unread",
    Severity.LOOK,
    what="A worksheet is so long that not all its texts were read",
    why=f"Rules on markings, tables, notes and charts read {CELLS_KEPT:,} cells; the other rules read every one.",
    remedy="Give readers the table that they need, and keep the rows.",
)
def texts_unread(book: Book) -> Iterator[Spot]:
    """Find worksheets with more cells than are kept for the rules that read them."""
    for sheet in book.sheets:
        if not sheet.is_whole:
            yield Spot(part=sheet.part, sheet=sheet.name, detail=f"{sheet.cell_count:,} cells")


@rule(
    "bytes-before",
    Severity.BLOCKS,
    what="There are bytes before the package begins",
    why=_UNSEEN,
    remedy=_SAVE_AGAIN,
)
def before_the_beginning(book: Book) -> Iterator[Spot]:
    """Find bytes before the first entry."""
    for begin, end, after in unclaimed(book.package):
        if not after:
            yield Spot(detail=f"{end - begin:,} bytes")


@rule(
    "bytes-between",
    Severity.BLOCKS,
    what="There are bytes between two entries of the package",
    why=_UNSEEN,
    remedy=_SAVE_AGAIN,
)
def between_entries(book: Book) -> Iterator[Spot]:
    """Find bytes between entries."""
    for begin, end, after in unclaimed(book.package):
        if after:
            yield Spot(part=after, detail=f"{end - begin:,} bytes after it")


@rule(
    "bytes-after",
    Severity.BLOCKS,
    what="There are bytes after the package ends",
    why=_UNSEEN,
    remedy=_SAVE_AGAIN,
)
def beyond_the_end(book: Book) -> Iterator[Spot]:
    """Find bytes after the package's end."""
    if more := after_the_end(book.package):
        yield Spot(detail=f"{more:,} bytes")


@rule(
    "bytes-within",
    Severity.BLOCKS,
    what="There are bytes inside an entry, after the end of what is compressed in it",
    why=_UNSEEN,
    remedy=_SAVE_AGAIN,
)
def within_entry(book: Book) -> Iterator[Spot]:
    """Find bytes inside an entry, after the end of what is compressed, or in that of a folder, which holds nothing."""
    for part in book.parts.values():
        if part.unused:
            yield Spot(part=part.name, sheet=book.sheet_of(part.name), detail=f"{part.unused:,} bytes")
    for entry in book.package.entries:
        if entry.is_dir() and entry.file_size:
            yield Spot(part=entry.filename, detail=f"{entry.file_size:,} bytes in the entry of a folder")


@rule(
    "named-twice",
    Severity.BLOCKS,
    what="Two parts have one name",
    why="Programs show one of them; the other is there to be read.",
    remedy=_SAVE_AGAIN,
)
def named_twice(book: Book) -> Iterator[Spot]:
    """Find parts of one name, in any case of letters."""
    seen: set[str] = set()
    for entry in book.package.entries:
        name = entry.filename.casefold()
        if name in seen:
            yield Spot(part=entry.filename, sheet=book.sheet_of(entry.filename))
        seen.add(name)


@rule(
    "named-otherwise",
    Severity.BLOCKS,
    what="An entry has another name in the package's directory than before its bytes",
    why="Programs differ on which of the two they read.",
    remedy=_SAVE_AGAIN,
)
def named_otherwise(book: Book) -> Iterator[Spot]:
    """Find entries whose own header has another name than the directory."""
    for entry in book.package.entries:
        encoding = "utf-8" if entry.flag_bits & _NAMED_IN_UTF8 else "cp437"
        if own_name(book.package, entry) != entry.orig_filename.encode(encoding, errors="replace"):
            yield Spot(part=entry.filename)


@rule(
    "odd-path",
    Severity.BLOCKS,
    what="A part's name leads out of the package",
    why="Unpacked without care, it would write over a file elsewhere.",
    remedy=_SAVE_AGAIN,
)
def odd_path(book: Book) -> Iterator[Spot]:
    """Find names that lead out of the folder that a package is unpacked into."""
    for entry in book.package.entries:
        name = entry.orig_filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            yield Spot(part=name)


@rule(
    "package-comment",
    Severity.BLOCKS,
    what="The package has a remark",
    why=_UNSEEN,
    remedy=_SAVE_AGAIN,
)
def package_comment(book: Book) -> Iterator[Spot]:
    """Find remarks on the package or on its entries."""
    if book.package.comment:
        yield Spot(detail=f"{len(book.package.comment):,} bytes on the package")
    for entry in book.package.entries:
        if entry.comment:
            yield Spot(part=entry.filename, detail=f"{len(entry.comment):,} bytes")


@rule(
    "header-field",
    Severity.BLOCKS,
    what="An entry's header holds something that no workbook needs",
    why=_UNSEEN,
    remedy=_SAVE_AGAIN,
)
def header_field(book: Book) -> Iterator[Spot]:
    """Find fields in entries' headers that hold something of their own."""
    found: dict[str, list[str]] = {}
    for entry in book.package.entries:
        for field in dict.fromkeys(odd_fields(book.package, entry)):
            found.setdefault(field, []).append(entry.filename)
    for field, (first, *others) in found.items():
        more = f", and in the headers of {len(others):,} more" if others else ""
        yield Spot(part=first, detail=f"{field}{more}")


@rule(
    "size",
    Severity.LOOK,
    what="The file is much larger than what it shows",
    why="What is hidden weighs something, and a file may give it away by its size alone.",
    remedy="Find what takes the room: an unzip program lists the parts with their sizes.",
)
def out_of_line(book: Book) -> Iterator[Spot]:
    """Find a file that is much larger than what it shows needs."""
    pictures = sum(book.package.parts[part.name].file_size for part in book.parts.values() if part.kind == "picture")
    cells = sum(sheet.cell_count for sheet in book.visible)
    expected = _ROOM_FOR_LOOKS + 3_000 * len(book.parts) + _BYTES_A_CELL * cells + pictures
    if (size := len(book.package.content)) > expected:
        yield Spot(detail=f"{size:,} bytes for {cells:,} cells that are shown")


RULES = (
    unread_part,
    no_worksheet,
    formats_unread,
    texts_unread,
    before_the_beginning,
    between_entries,
    beyond_the_end,
    within_entry,
    named_twice,
    named_otherwise,
    odd_path,
    package_comment,
    header_field,
    out_of_line,
)
