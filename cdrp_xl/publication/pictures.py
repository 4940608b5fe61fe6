"""Pictures as their bytes tell: where they end, and what they hold beside the picture. PNG, JPEG and GIF."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PNG, _JPEG, _GIF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", (b"GIF87a", b"GIF89a")
_PNG_TELLS = {b"tEXt": "text", b"zTXt": "text", b"iTXt": "text", b"eXIf": "EXIF data"}
_PNG_HARMLESS_TEXT = re.compile(rb"(Software|Title|Description)\0(matplotlib|R plot|)", re.IGNORECASE)
_JPEG_TELLS = {0xE1: "EXIF or XMP data", 0xED: "IPTC data", 0xFE: "a remark"}
_END_OF_IMAGE, _START_OF_SCAN, _RESTARTS = 0xD9, 0xDA, range(0xD0, 0xD8)
_GIF_EXTENSION, _GIF_IMAGE, _GIF_TRAILER, _GIF_REMARK = 0x21, 0x2C, 0x3B, 0xFE
_ARCHIVES = {b"PK\x03\x04": "a zip archive", b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7z archive", b"%PDF": "a PDF"}


def end(content: bytes) -> int | None:
    """Return where a picture ends, None if it is of no form that is known here or is damaged."""
    try:
        *_, last = _pieces(content)
    except (ValueError, struct.error, IndexError):
        return None
    return last[2]


def metadata(content: bytes) -> str:
    """Return in words what a picture holds beside itself, empty where there is nothing."""
    told = []
    try:
        for name, begin, stop in _pieces(content):
            if name and not _PNG_HARMLESS_TEXT.match(content[begin + 8 : stop]):
                told.append(f"{name}, {stop - begin:,} bytes")
    except (ValueError, struct.error, IndexError):
        return ""
    return "; ".join(told)


def named(content: bytes) -> str:
    """Return in words what some bytes begin with, if that is known."""
    return next((f", {name}" for begin, name in _ARCHIVES.items() if begin in content[:64]), "")


def _pieces(content: bytes) -> Iterator[tuple[str, int, int]]:
    """Give the pieces of a picture: what each tells beside the picture, where it begins, where it ends."""
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
        yield _PNG_TELLS.get(kind, ""), at, stop
        at = stop


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
        yield _JPEG_TELLS.get(marker, ""), at, stop
        at = stop


def _after_scan(content: bytes, at: int) -> int:
    """Return where the picture's own data end: at the next marker that is no restart."""
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
            name, at = "a remark" if content[at + 1] == _GIF_REMARK else "", at + 2
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
