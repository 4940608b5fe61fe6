"""Pieces of pictures that say how these look are not a finding, and what is put into such a piece is."""

from __future__ import annotations

import struct
import zlib

import pytest
from corpus_good import piece, png, rgba

from cdrp_xl.publication import pictures

PRIVATE = b"Ann Example"


def tag(kind, held):
    return (kind + bytes(4) + held).ljust(-(-(8 + len(held)) // 4) * 4, b"\0")


def profile(name=b"sRGB IEC61966-2.1", curve=(0, 32_768, 65_535), after=b"", kind=b"XYZ "):
    """Return a small profile of colours."""
    tags = {
        b"desc": tag(b"desc", struct.pack(">I", len(name) + 1) + name + bytes(79)),
        b"rTRC": tag(b"curv", struct.pack(f">I{len(curve)}H", len(curve), *curve)),
        b"wtpt": tag(kind, bytes(12)),
    }
    at = 128 + 4 + 12 * len(tags)
    table, held = struct.pack(">I", len(tags)), b""
    for name_of_tag, each in tags.items():
        table += struct.pack(">4sII", name_of_tag, at + len(held), len(each))
        held += each
    size = at + len(held) + len(after)
    head = struct.pack(">I", size) + bytes(32) + b"acsp" + bytes(88)
    return head + table + held + after


def png_with(kind, data):
    plain = png()
    return plain[:33] + piece(kind, data) + plain[33:]


def coloured(held, name=b"icc"):
    return png_with(b"iCCP", name + b"\0\0" + zlib.compress(held))


def segment(marker, held):
    return bytes([0xFF, marker]) + struct.pack(">H", 2 + len(held)) + held


def jpeg(*segments):
    size, scan = segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0"), segment(0xDA, b"\x01\x01\0\0\x3f\0")
    return b"\xff\xd8" + b"".join(segments) + size + scan + b"\x7f\xff\xd9"


def exif(tag_number=0x0112, after=b""):
    entry = struct.pack("<HHII", tag_number, 3, 1, 1)
    return segment(0xE1, b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4) + after)


def table(after=b""):
    return segment(0xDB, bytes(65) + after)


PLAIN = {
    "a profile of colours in a PNG": coloured(profile()),
    "a profile of colours in a JPEG": jpeg(segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile())),
    "a profile of colours in two pieces": jpeg(
        segment(0xE2, b"ICC_PROFILE\0\x01\x02" + profile()[:100]),
        segment(0xE2, b"ICC_PROFILE\0\x02\x02" + profile()[100:]),
    ),
    "which way up a JPEG is": jpeg(exif()),
    "by what a JPEG is divided": jpeg(table()),
    "when ImageMagick made a PNG": png_with(b"tEXt", b"date:create\x002011-07-29T09:00:00+00:00"),
}
TELLING = {
    "the name of a profile": coloured(profile(name=PRIVATE)),
    "the name by which a PNG calls its profile": coloured(profile(), name=PRIVATE),
    "what follows a profile": coloured(profile(after=PRIVATE)),
    "no profile": coloured(PRIVATE * 20),
    "a curve that goes up and down": coloured(profile(curve=struct.unpack(">5H", PRIVATE[:10]))),
    "a kind that is not a profile's": coloured(profile(kind=b"ann ")),
    "a profile of a JPEG": jpeg(segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile(after=PRIVATE))),
    "a camera": jpeg(exif(tag_number=0x0110)),
    "what follows EXIF": jpeg(exif(after=PRIVATE)),
    "what follows a table": jpeg(table(PRIVATE)),
    "a time": png_with(b"tIME", PRIVATE[:7]),
    "a longer scale": png_with(b"gAMA", PRIVATE),
    "how a GIF moves on": b"GIF89a\x01\0\x01\0\0\0\0!\xf9\x0b" + PRIVATE + b"\0;",
}


CLEAR, RED, SEEN = b"\0\0\0\0", b"\xff\0\0\0", b"\x12\x43\x6d\xff"


@pytest.mark.parametrize("how", range(5))
def test_what_is_drawn_where_a_picture_is_transparent_is_found(how):
    plain = [[CLEAR, SEEN] * 8 for _ in range(8)]
    written = [[CLEAR, RED, SEEN, RED] * 4 for _ in range(8)]
    assert not pictures.draws_where_transparent(rgba(plain, how))
    assert pictures.draws_where_transparent(rgba(written, how))


@pytest.mark.parametrize("held", PLAIN)
def test_what_says_how_a_picture_looks_is_no_finding(held):
    assert pictures.metadata(PLAIN[held]) == ""
    assert pictures.end(PLAIN[held]) == len(PLAIN[held])


@pytest.mark.parametrize("held", TELLING)
def test_a_picture_that_says_more_is_found(held):
    assert pictures.metadata(TELLING[held])


def of_rows(width, height, depth, colours, interlaced, size):
    """Return a PNG whose rows, as far as these are unpacked, come to so many bytes."""
    header = piece(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced))
    return b"\x89PNG\r\n\x1a\n" + header + piece(b"IDAT", zlib.compress(bytes(size))) + piece(b"IEND", b"")


@pytest.mark.parametrize(
    ("form", "size"),
    [
        ((3, 2, 8, 2, 0), 20),  # two rows of 1 and three points of 3
        ((8, 8, 1, 0, 0), 16),
        ((9, 1, 1, 3, 0), 3),
        ((2, 2, 16, 6, 0), 34),
        ((8, 8, 1, 0, 1), 30),  # seven passes with 1, 1, 1, 2, 2, 4 and 4 rows, each of two bytes
        ((1, 1, 8, 6, 1), 5),  # one pass has a point, and six have none
    ],
)
def test_a_byte_after_the_last_row_is_found(form, size):
    assert pictures.metadata(of_rows(*form, size)) == ""
    assert pictures.metadata(of_rows(*form, size + 1)) == "data after its last row"
