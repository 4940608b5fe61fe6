"""Pictures by their bytes: where they end, and what they hold beside the picture. PNG, JPEG and GIF."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

from cdrp_xl.publication.picture_pieces import is_plain_exif, is_plain_piece, is_plain_profile, is_plain_table
from cdrp_xl.publication.picture_points import draws_unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PNG, _JPEG, _GIF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", (b"GIF87a", b"GIF89a")
_PNG_SHOWS = frozenset(
    {*(b"IHDR", b"PLTE", b"IDAT", b"IEND"), *(b"tRNS", b"bKGD", b"pHYs", b"sBIT", b"hIST")}
    | {b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"cICP"}
)
"""The pieces that make up a picture, and say how large it is and in which colours; any other says something more."""

_PNG_SAYS = {
    b"tEXt": "text",
    b"zTXt": "text",
    b"iTXt": "text",
    b"eXIf": "EXIF data",
    b"tIME": "the time at which it was changed",
    b"fdAT": "another picture",
}
_PNG_HARMLESS_TEXT = re.compile(
    rb"Software\0(matplotlib version ?[\d.]{1,12}, https?://matplotlib\.org/?|R plot|paint\.net [\d.]{1,12}"
    rb"|Adobe ImageReady|www\.inkscape\.org|Microsoft Office|gnome-screenshot)|(Software|Title|Description)\0"
    rb"|date:(create|modify|timestamp)\0\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d|Comment\0{1,5}(Created with GIMP)?",
    re.IGNORECASE,
)
_JPEG_SAYS = {0xE1: "EXIF or XMP data", 0xED: "IPTC data", 0xFE: "a remark"}
_JPEG_SHOWS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDD})
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The pieces that say how large a picture is."""

_JPEG_PACKED = frozenset({0xC8, 0xCC})
_JFIF, _EXIF, _PROFILE, _NO_PREVIEW = 0xE0, 0xE1, b"ICC_PROFILE\0", b"\0\0"
_JPEG_HARMLESS = ((0xE0, b"JFIF\0"), (0xE2, _PROFILE), (0xEE, b"Adobe"))
_JPEG_LENGTHS = {0xE0: 14, 0xEE: 12}
"""How many bytes a harmless piece has that holds no more than it should."""

_END_OF_IMAGE, _START_OF_SCAN, _RESTARTS = 0xD9, 0xDA, range(0xD0, 0xD8)
_GIF_EXTENSION, _GIF_IMAGE, _GIF_TRAILER, _GIF_CONTROL = 0x21, 0x2C, 0x3B, 0xF9
_GIF_SAYS = {0xFE: "a remark", 0x01: "text", 0xFF: "data of a program"}
_GIF_LOOP, _OF_CONTROL = 3, 4
"""The bytes that say how often a picture moves round: nothing else belongs to them."""

_GIF_HARMLESS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_MOST_UNPACKED = 1 << 23
_CHUNK, _CHANNELS = 1 << 16, {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_AT_ONCE = ((0, 0, 1, 1),)
_INTERLACED = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""From which column and row on, and by which steps, points are written in one pass over a PNG, or in seven."""

_ARCHIVES = {b"PK\x03\x04": "a zip archive", b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7z archive", b"%PDF": "a PDF"}


def end(content: bytes) -> int | None:
    """Return where a picture ends, None if it is of no form that is known here or is damaged."""
    try:
        *_, last = _pieces(content)
    except (ValueError, struct.error, IndexError):
        return None
    return last[2]


def is_png(content: bytes) -> bool:
    """Return whether some bytes begin as a PNG does."""
    return content.startswith(_PNG)


def is_jpeg(content: bytes) -> bool:
    """Return whether some bytes begin as a JPEG does."""
    return content.startswith(_JPEG)


def alone(content: bytes) -> bytes | None:
    """Return a PNG or JPEG without the pieces that say more than the picture shows; None if it is damaged."""
    head = content[: len(_PNG) if is_png(content) else 2]
    try:
        return head + b"".join(content[begin:stop] for held, begin, stop in _pieces(content) if not held)
    except (ValueError, struct.error, IndexError):
        return None


def size(content: bytes) -> tuple[int, int]:
    """Return how many points a PNG or JPEG has across and down; 0 where it does not say."""
    if is_png(content):
        width, height = struct.unpack_from(">II", content, len(_PNG) + 8)
        return int(width), int(height)
    for _, begin, _ in _jpeg(content):
        if content[begin + 1] in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, begin + 5)
            return int(width), int(height)
    return 0, 0


def metadata(content: bytes) -> str:
    """Return in words what a picture holds beside itself, empty where there is nothing."""
    found = []
    try:
        for name, begin, stop in _pieces(content):
            if name and not _PNG_HARMLESS_TEXT.fullmatch(content[begin + 8 : stop - 4]):
                found.append(f"{name}, {stop - begin:,} bytes")
        if content.startswith(_PNG) and beyond_its_rows(content):
            found.append("data after its last row")
        if content.startswith(_JPEG) and (profile := _profile(content)) and not _is_plain(is_plain_profile, profile):
            found.append("a profile of colours that is on no list")
    except (ValueError, struct.error, IndexError, zlib.error):
        return ""
    return "; ".join(found)


def draws_where_transparent(content: bytes) -> bool:
    """Return whether a PNG draws something where it is wholly transparent."""
    if not content.startswith(_PNG):
        return False
    pieces: dict[bytes, bytes] = {}
    try:
        for _, at, stop in _png(content):
            kind = content[at + 4 : at + 8]
            pieces[kind] = pieces.get(kind, b"") + content[at + 8 : stop - 4]
        return unpacked_bytes(content) <= _MOST_UNPACKED and draws_unseen(pieces)
    except (ValueError, struct.error, IndexError, KeyError, zlib.error):
        return False


def named(content: bytes) -> str:
    """Return in words what some bytes begin with, if that is known."""
    return next((f", {name}" for begin, name in _ARCHIVES.items() if begin in content[:64]), "")


def _pieces(content: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the pieces of a picture: what each says beside the picture, where it begins, where it ends."""
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(_JPEG):
        return _jpeg(content)
    if content.startswith(_GIF):
        return _gif(content)
    raise ValueError


def _png(content: bytes) -> Iterator[tuple[str, int, int]]:
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, at)
        stop = at + 12 + length
        if stop > len(content):
            raise ValueError
        held = "" if kind in _PNG_SHOWS else _PNG_SAYS.get(kind, "data of a program")
        if kind in _PNG_SHOWS and not _is_plain(is_plain_piece, kind, content[at + 8 : stop - 4]):
            held = "a profile of colours that is on no list" if kind == b"iCCP" else "more than such a piece holds"
        yield held, at, stop
        at = stop


def unpacked_bytes(content: bytes) -> int:
    """Return how many bytes a PNG comes to in memory by its own header; 0 for other forms, which are not unpacked."""
    if not content.startswith(_PNG) or len(content) < len(_PNG) + 25:
        return 0
    width, height, depth, colours = struct.unpack_from(">IIBB", content, len(_PNG) + 8)
    return int(height * (2 + width * depth * _CHANNELS.get(colours, 4) // 8))


def beyond_its_rows(content: bytes) -> bool:
    """Return whether a PNG's own data hold more than its rows."""
    room = _bytes_of_rows(content)
    data = (content[at + 8 : stop - 4] for _, at, stop in _png(content) if content[at + 4 : at + 8] == b"IDAT")
    inflater = zlib.decompressobj()
    for piece in data:
        waiting = piece
        while waiting and not inflater.eof and room >= 0:
            room -= len(inflater.decompress(waiting, _CHUNK))
            waiting = inflater.unconsumed_tail
        if inflater.unused_data or room < 0 or (inflater.eof and waiting):
            return True
    return False


def _bytes_of_rows(content: bytes) -> int:
    """Return how many bytes a PNG's rows come to, each with the byte that says how it is written (PNG, 7.2 and 8.2)."""
    width, height, depth, colours, _, _, interlaced = struct.unpack_from(">IIBBBBB", content, len(_PNG) + 8)
    bits = depth * _CHANNELS.get(colours, 4)
    passes = [
        (-(-(width - column) // across), -(-(height - row) // down))
        for column, row, across, down in (_INTERLACED if interlaced else _AT_ONCE)
    ]
    return int(sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in passes if columns > 0 and rows > 0))


def _jpeg(content: bytes) -> Iterator[tuple[str, int, int]]:
    at = 2
    while True:
        if content[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise ValueError
        marker = content[at + 1]
        if marker == _END_OF_IMAGE:
            yield "", at, at + 2
            return
        stop = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == _START_OF_SCAN:
            stop = _after_scan(content, stop)
        if stop > len(content):
            raise ValueError
        yield _jpeg_says(marker, content[at + 4 : stop]), at, stop
        at = stop


def _is_plain(check: Callable[..., bool], *arguments: Any) -> bool:
    """Return what a check says about a piece; one that is not built as its kind is holds something else."""
    try:
        return check(*arguments)
    except (ValueError, struct.error, IndexError, zlib.error):
        return False


def _profile(content: bytes) -> bytes:
    """Return the profile of colours of a JPEG, which may be in several pieces, each with its number."""
    pieces = (content[begin + 4 : stop] for _, begin, stop in _jpeg(content))
    return b"".join(piece[len(_PROFILE) + 2 :] for piece in pieces if piece.startswith(_PROFILE))


def _jpeg_says(marker: int, held: bytes) -> str:
    """Return in words what a piece of a JPEG says beside the picture; JFIF may hold a small picture of its own."""
    if marker in _JPEG_SHOWS:
        is_plain = marker in _JPEG_PACKED or _is_plain(is_plain_table, marker, held)
        return "" if is_plain else "more than such a piece holds"
    if marker == _EXIF and _is_plain(is_plain_exif, held):
        return ""
    if len(held) > _JPEG_LENGTHS.get(marker, len(held)) and held[12:14] == _NO_PREVIEW:
        return "more than such a piece holds"
    if marker in _JPEG_LENGTHS and marker != _JFIF and len(held) > _JPEG_LENGTHS[marker]:
        return "more than such a piece holds"
    if any(marker == number and held.startswith(name) for number, name in _JPEG_HARMLESS):
        return "" if marker != _JFIF or held[12:14] == _NO_PREVIEW else "another picture"
    return _JPEG_SAYS.get(marker, "data of a program")


def _after_scan(content: bytes, at: int) -> int:
    """Return where the picture's own data end: at the next marker that is not a restart."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and content[at + 1] not in _RESTARTS:
            return at
        at += 2


def _gif(content: bytes) -> Iterator[tuple[str, int, int]]:
    flags = content[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while content[at] != _GIF_TRAILER:
        begin = at
        if content[at] == _GIF_EXTENSION:
            label = content[at + 1]
            is_loop = (
                content[at + 3 : at + 14] in _GIF_HARMLESS and content[at + 14] == _GIF_LOOP and not content[at + 18]
            )
            is_control = label == _GIF_CONTROL and content[at + 2] == _OF_CONTROL and not content[at + 7]
            is_harmless = is_control or is_loop
            name, at = "" if is_harmless else _GIF_SAYS.get(label, "data of a program"), at + 2
        elif content[at] == _GIF_IMAGE:
            local = content[at + 9]
            name, at = "", at + 11 + (3 << (local & 7) + 1 if local & 0x80 else 0)
        else:
            raise ValueError
        while content[at]:
            at += 1 + content[at]
        at += 1
        yield name, begin, at
    yield "", at, at + 1
