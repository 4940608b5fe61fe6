"""Canaries: what an extract says about one row (references, addresses, victims, premises) may be nowhere in a workbook.

A workbook is turned into texts once: every part, and what lies between them, in UTF-8 and UTF-16, with its XML undone;
and whatever in it is base64, hexadecimal, percent-encoded, compressed or an archive, undone too, one inside the other.
Values of which both ends are in the texts are then looked for all at once, in any case of letters.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.addresses import cell_name
from cdrp_xl.errors import FileError, name_some, quoted
from cdrp_xl.packages import MEBIBYTE, Limits, data_begins, open_package
from cdrp_xl.publication.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cdrp_xl.publication.book import Sheet

END = 6
"""Characters at either end by which a value is first looked for; shorter values are too common to be looked for."""

_FOUND, _TOO_SHORT = "row-level-value", "row-level-value-short"
RULES = {
    _FOUND: "A value from a single row of the extract is in the workbook",
    _TOO_SHORT: "Values from single rows are too short to be looked for",
}
"""What is looked for beside the rules of the gate, which know no extract; by the id of its findings."""

_DEPTH = 3
_UNDONE_BYTES, _UNDONE_TIMES = 32 * MEBIBYTE, 10_000
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/_-]{4}(?:[\r\n]+[ \t]*)?){2,}[A-Za-z0-9+/_-]{0,3}={0,2}")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{12,}")
_HEXADECIMAL_APART = re.compile(rb"(?:[0-9A-Fa-f]{2}(?:[ :-]|\\x)){5,}[0-9A-Fa-f]{2}")
_BETWEEN_PAIRS = re.compile(rb"[ :-]|\\x")
_COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_ARCHIVE = b"PK\x03\x04"
_TAG, _PERCENT = re.compile(r"<[^<>]*>"), re.compile("(?:%[0-9a-f]{2})+")
_PRONOUNCED = re.compile(r"<(?:\w+:)?rph\b.*?</(?:\w+:)?rph>|<!\[cdata\[|\]\]>")
_ESCAPED = re.compile(r"_x([0-9a-f]{4})_|\\u([0-9a-f]{4})")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_POWER = re.compile(r"\b\d(?:\.\d+)?E\+?\d{1,2}\b", re.IGNORECASE)
_NUMBER, _OF_NUMBERS = re.compile(r"[\d.,]+"), frozenset("0123456789.,")
_GZIP = 31
_RUNS, _STRETCH = re.compile(rf"(?=([\x00-\x7f]{{{END}}}))"), 1 << 16


class Canary(NamedTuple):
    """A value of one row, the heading that it is under, and whether it is sure to identify a row."""

    value: str
    heading: str
    is_certain: bool


@dataclass(slots=True)
class _Room:
    """How much may still be undone of one workbook, so that a hostile one costs no more than this."""

    size: int = _UNDONE_BYTES
    times: int = _UNDONE_TIMES

    def take(self, size: int) -> bool:
        """Return whether that much more may be undone."""
        self.size -= size
        self.times -= 1
        return self.size > 0 and self.times > 0


@dataclass(slots=True)
class Texts:
    """All texts of a workbook by part, each folded: lower-case letters, and one space for several."""

    of_part: dict[str, list[str]] = field(default_factory=dict)
    is_whole: bool = True
    """Whether all that is packed inside was undone; a hostile workbook may hold more than there is room for."""

    def runs(self) -> frozenset[str]:
        """Return every run of `END` ASCII characters; a value that begins or ends otherwise is always looked for."""
        found: set[str] = set()
        for text in {each for texts in self.of_part.values() for each in texts}:
            for at in range(0, len(text), _STRETCH):  # a list of all of a long text would take a gigabyte
                found.update(_RUNS.findall(text, at, at + _STRETCH + END - 1))
        return frozenset(found)

    def parts_with(self, values: Sequence[str]) -> dict[int, str]:
        """Return, by the number of each value that the texts hold, the first part that holds it."""
        import ahocorasick_rs

        numbers: dict[str, list[int]] = {}
        for number, value in enumerate(values):
            if wanted := _folded(value.strip()):
                numbers.setdefault(wanted, []).append(number)
        search = ahocorasick_rs.AhoCorasick(numbers, store_patterns=False)
        wanted_at = list(numbers)
        part_of: dict[int, str] = {}
        for part, texts in self.of_part.items():
            for text in texts:
                for number, begin, end in search.find_matches_as_indexes(text, overlapping=True):
                    if number not in part_of and _is_whole(wanted_at[number], text, begin, end):
                        part_of[number] = part
        return {number: part for at, part in part_of.items() for number in numbers[wanted_at[at]]}


def _is_whole(wanted: str, text: str, begin: int, end: int) -> bool:
    """Return whether a value is on its own: within a longer number there is another number."""
    if not _NUMBER.fullmatch(wanted):
        return True
    return text[begin - 1 : begin] not in _OF_NUMBERS and not text[end : end + 1].isdigit()


def texts_in(content: bytes, name: str) -> Texts:
    """Return all texts of a workbook.

    Raises
    ------
    FileError
        If it can't be opened.
    """
    from cdrp_xl.publication import web_page

    texts, room = Texts(), _Room()
    if web_page.is_one(content):
        texts.of_part[name] = list(_texts(content, room, _DEPTH))
        texts.is_whole = room.size > 0 and room.times > 0
        return texts
    package = open_package(content, name)
    at, uncovered = 0, []
    for part, entry in sorted(package.parts.items(), key=lambda named: named[1].header_offset):
        stream = package.stream(part)
        texts.of_part[part] = list(_texts(stream.read(), room, _DEPTH))
        begin = data_begins(package, entry)
        uncovered.append(content[at:begin])
        at = max(at, begin + entry.compress_size - stream.unused)
    uncovered.append(content[at:])
    outside = b"".join(part.encode() + b"\n" + entry.comment + entry.extra for part, entry in package.parts.items())
    texts.of_part[""] = list(_texts(outside + package.comment, room, _DEPTH)) + list(_plain(b"\n".join(uncovered)))
    texts.is_whole = room.size > 0 and room.times > 0
    return texts


def _texts(content: bytes, room: _Room, depth: int) -> Iterator[str]:
    """Yield the texts of some bytes, then those of what in them is packed or encoded."""
    yield from _plain(content)
    if depth:
        for inside in _undone(content):
            if inside and room.take(len(inside)):
                yield from _texts(inside, room, depth - 1)


def _plain(content: bytes) -> Iterator[str]:
    """Yield the texts that some bytes are in UTF-8 and, from either byte on, in UTF-16 of either order."""
    yield from _forms(content.decode("utf-8", errors="replace"))
    if b"\0" in content:
        yield from _forms(content.replace(b"\0", b"").decode("utf-8", errors="replace"))
        for begin in (0, 1):
            cut = content[begin : len(content) - (len(content) - begin) % 2]
            for order in ("utf-16-le", "utf-16-be"):
                yield from _forms(cut.decode(order, errors="replace"))


def _forms(text: str) -> Iterator[str]:
    """Yield a text as it is, as its XML and its escapes mean it, and as its runs read together."""
    text = _folded(text)
    yield text
    if "&" in text:
        yield _folded(html.unescape(html.unescape(text)))
    if "<" in text:
        yield _folded(html.unescape(_TAG.sub("", _PRONOUNCED.sub("", text))))
    if _PERCENT.search(text):
        yield _folded(_PERCENT.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(errors="replace"), text))
    if _ESCAPED.search(text):
        yield _folded(_ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text))
    if _UNSEEN.search(text):
        yield _UNSEEN.sub("", text)
    if powers := _POWER.findall(text):
        yield " ".join(str(int(float(each))) for each in powers)


def _folded(text: str) -> str:
    """Return a text in which neither capitals nor spaces make two values differ.

    Not lower(): that writes a capital sigma in two ways, by what follows it.
    """
    return " ".join(text.split()).casefold()


def _undone(content: bytes) -> Iterator[bytes]:
    """Yield what is archived, compressed or encoded in some bytes, undone."""
    if (at := content.find(_ARCHIVE)) >= 0:
        yield from _archived(content[at:])
    for found in _COMPRESSED.finditer(content):
        yield _decompressed(content, found.start())
    yield from _decoded(content)
    if b"\0" in content:
        yield from _decoded(content.replace(b"\0", b""))


def _decoded(content: bytes) -> Iterator[bytes]:
    """Yield what the runs of base64 and of hexadecimal in some bytes encode, from whichever letter they begin."""
    runs = [run.translate(_STANDARD, b"\r\n\t =") for run in _BASE64.findall(content)]
    for begin in range(4 if runs else 0):
        yield b"\n".join(_from_base64(run[begin:]) for run in runs)
    if digits := _HEXADECIMAL.findall(content):
        for begin in (0, 1):
            cut = (run[begin : len(run) - (len(run) - begin) % 2] for run in digits)
            yield b"\n".join(map(binascii.unhexlify, cut))
    if apart := _HEXADECIMAL_APART.findall(content):
        yield b"\n".join(binascii.unhexlify(_BETWEEN_PAIRS.sub(b"", run)) for run in apart)


def _archived(content: bytes) -> Iterator[bytes]:
    try:
        inside = open_package(content, "", limits=Limits(total_bytes=_UNDONE_BYTES, part_bytes=_UNDONE_BYTES))
        for part in inside.parts:
            yield inside.stream(part).read()
    except FileError:
        return


def _decompressed(content: bytes, at: int) -> bytes:
    wbits = _GZIP if content[at] == 0x1F else 15  # noqa: PLR2004 - how gzip begins
    try:
        return zlib.decompressobj(wbits).decompress(content[at:], _UNDONE_BYTES)
    except zlib.error:
        return b""


def _from_base64(run: bytes) -> bytes:
    """Return what a run of base64 without its padding encodes; a letter too many is left out."""
    run = run[: len(run) - (len(run) % 4 == 1)]
    return base64.b64decode(run + b"=" * (-len(run) % 4))


def found_in(texts: Texts, canaries: Iterable[Canary], sheets: Sequence[Sheet] = ()) -> tuple[Finding, ...]:
    """Return a finding for every canary that is in the texts; a value is never given in full.

    Parameters
    ----------
    texts
        The texts of a workbook.
    canaries
        The values that may not be in it.
    sheets
        The worksheets, so that the cell can be named where the value is in one.
    """
    findings = [] if texts.is_whole else [_not_whole()]
    sought = list(canaries)
    parts = texts.parts_with([canary.value for canary in sought])
    cells = [
        (sheet.name, cell_name(*cell), _folded(held.text))
        for sheet in (sheets if parts else ())
        for cell, held in sheet.cells.items()
    ]
    for number, part in sorted(parts.items()):
        wanted = _folded(sought[number].value.strip())
        sheet, cell = next(((sheet, cell) for sheet, cell, text in cells if wanted in text), ("", ""))
        findings.append(_finding(sought[number], part, sheet, cell))
    return tuple(findings)


def _finding(canary: Canary, part: str, sheet: str, cell: str) -> Finding:
    return Finding(
        rule_id=_FOUND,
        severity=Severity.BLOCKS if canary.is_certain else Severity.LOOK,
        part=part,
        sheet=sheet,
        cell=cell,
        what=f"A value from a single row is in the workbook, from under {quoted(canary.heading)}: "
        f"{_masked(canary.value)}.",
        why="References, addresses, victims and premises of single offences may not leave the extracts.",
        remedy="Take it out of the commentary, or of whatever else holds it, and publish again.",
    )


def too_short(by_heading: Mapping[str, int]) -> Finding:
    """Return the finding that values under some headings are too short to be looked for, with how many there are."""
    return Finding(
        rule_id=_TOO_SHORT,
        severity=Severity.NOTE,
        part="",
        sheet="",
        cell="",
        what=f"Values from single rows are too short to be looked for in the workbook (fewer than {END} characters, or "
        f"than 8 digits): {name_some([f'{count:,} under {quoted(name)}' for name, count in by_heading.items()])}.",
        why="Texts as short as these are in every workbook, whatever it is about.",
        remedy="Make sure that the commentary names none of them.",
    )


def _masked(value: str) -> str:
    """Return the beginning of a value: enough to find it in the extract, too little to identify somebody."""
    return f'"{value[:3]}…" ({len(value):,} characters)'


def _not_whole() -> Finding:
    return Finding(
        rule_id="canaries-unread",
        severity=Severity.BLOCKS,
        part="",
        sheet="",
        cell="",
        what="More is compressed inside the workbook than can be unpacked to look for values from single rows.",
        why="What can't be looked into can't be shown to be safe.",
        remedy="Find what takes the room: an unzip program lists the parts with their sizes.",
    )
