"""Pictures of printed pages: small PNG files that hold the words of their page too, and how two of them are compared.

What they show has to be the same, and not each dot: a font or a line drawn a little otherwise makes another file.
"""

from __future__ import annotations

import struct
import subprocess
import zlib
from dataclasses import dataclass

import numpy as np
from printed_pages import pages_of, pictures

DOTS = 96
SQUARE = 16
"""Dots to a side of the squares whose mean colours are compared."""
SHADES = 24
SHARE = 0.01

_SIGN = b"\x89PNG\r\n\x1a\n"
_WORDS = b"Comment\0\0\0\0\0"
_COLOURS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The words of a page but for its foot, in alphabetical order, and its dots in red, green and blue."""

    words: str
    dots: np.ndarray


def of_page(pdf, sheet):
    """Return the picture of the first page of a worksheet."""
    page = next(page for page in pages_of(pdf) if page.sheet == sheet)
    command = ["pdftoppm", "-r", str(DOTS), "-f", str(page.number), "-l", str(page.number), pdf]
    (dots,) = pictures(subprocess.run(command, capture_output=True, check=True).stdout)
    return Picture(words=" ".join(sorted(word.text for word in page.body)), dots=dots)


def as_png(picture):
    """Return a picture as a file, in the 256 colours that most of its dots have or that are nearest to theirs."""
    height, width, _ = picture.dots.shape
    colours, which, counts = np.unique(picture.dots.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:_COLOURS]]
    nearest = ((colours[:, None].astype(int) - kept[None]) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = np.zeros((height, width + 1), np.uint8)  # a row begins with how it is written: 0, as it is
    rows[:, 1:] = nearest[which.reshape(height, width)]
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", kept.tobytes()),
        (b"iTXt", _WORDS + picture.words.encode()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return _SIGN + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )


def read(file):
    """Return the picture that a file holds, as `as_png` writes it."""
    content, parts, at = file.read_bytes(), {}, len(_SIGN)
    while at < len(content):
        (size,) = struct.unpack_from(">I", content, at)
        parts[content[at + 4 : at + 8]] = content[at + 8 : at + 8 + size]
        at += size + 12
    width, height = struct.unpack_from(">II", parts[b"IHDR"])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    colours = np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)
    return Picture(words=parts[b"iTXt"].removeprefix(_WORDS).decode(), dots=colours[rows[:, 1:]])


def look_alike(one, other):
    """Return whether two pictures say the same, and look so: but for one square in a hundred, or a few shades."""
    if one.words != other.words or one.dots.shape != other.dots.shape:
        return False
    apart = np.abs(_squares(one.dots) - _squares(other.dots)).max(axis=2) > SHADES
    return bool(apart.mean() <= SHARE)


def _squares(dots):
    height, width = (side // SQUARE for side in dots.shape[:2])
    cut = dots[: height * SQUARE, : width * SQUARE].astype(float)
    return cut.reshape(height, SQUARE, width, SQUARE, 3).mean(axis=(1, 3))
