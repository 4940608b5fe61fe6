"""Packages taken apart and put together again, for planting what no program would write."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib

TYPES = "[Content_Types].xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    """Return a package of parts, given as a mapping or as pairs (a name may then come twice)."""
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items() if isinstance(parts, dict) else parts:
                archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def replaced(content, part, old, new):
    """Return a package in one part of which one text stands in place of another."""
    parts = unpacked(content)
    assert old.encode() in parts[part], f"{old} is not in {part}"
    return packed(parts | {part: parts[part].replace(old.encode(), new.encode(), 1)})


def with_part(content, name, part, *, content_type="", source="xl/workbook.xml", kind="", target=""):
    """Return a package with one more part, its content type, and the relationship that leads to it."""
    parts = unpacked(content)
    part = part if isinstance(part, bytes) else part.encode()
    parts[name] = part
    if content_type:
        override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
        parts[TYPES] = parts[TYPES].replace(b"</Types>", override.encode())
    if kind:
        parts |= related(parts, source, kind, target or f"/{name}")
    return packed(parts)


def related(parts, source, kind, target, *, mode=""):
    """Return the part of relationships of another part with one more line."""
    folder, _, file = source.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/") if source else "_rels/.rels"
    there = parts.get(rels, f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"></Relationships>'.encode())
    kind = kind if kind.startswith("http") else f"{RELATIONSHIPS}/{kind}"
    outside = f' TargetMode="{mode}"' if mode else ""
    line = f'<Relationship Id="planted" Type="{kind}" Target="{target}"{outside}/></Relationships>'
    return {rels: there.replace(b"</Relationships>", line.encode())}


def with_relationship(content, source, kind, target, *, mode=""):
    parts = unpacked(content)
    return packed(parts | related(parts, source, kind, target, mode=mode))


def with_bytes_between(content, secret):
    """Return a package with bytes between its first entry and its second, and all offsets put right."""
    second = content.index(b"PK\x03\x04", 4)
    directory = content.index(b"PK\x01\x02")
    content = bytearray(content[:second] + secret + content[second:])
    at = directory + len(secret)
    while content[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", content, at + 28)
        offset = struct.unpack_from("<I", content, at + 42)[0]
        struct.pack_into("<I", content, at + 42, offset + (len(secret) if offset else 0))
        at += 46 + name + extra + comment
    struct.pack_into("<I", content, at + 16, directory + len(secret))
    return bytes(content)


def with_bytes_within(content, part, secret):
    """Return a package one entry of which goes on after the end of what is compressed in it."""
    out, directory = b"", b""
    entries = 0
    for name, whole in unpacked(content).items():
        squeezed = zlib.compressobj(6, zlib.DEFLATED, -15)
        inside = squeezed.compress(whole) + squeezed.flush() + (secret if name == part else b"")
        sizes = struct.pack("<III", zlib.crc32(whole), len(inside), len(whole))
        label = name.encode()
        directory += struct.pack("<4sHHHHHH", b"PK\x01\x02", 20, 20, 0, 8, 0, 33) + sizes
        directory += struct.pack("<HHHHHII", len(label), 0, 0, 0, 0, 0, len(out)) + label
        out += struct.pack("<4sHHHHH", b"PK\x03\x04", 20, 0, 8, 0, 33) + sizes
        out += struct.pack("<HH", len(label), 0) + label + inside
        entries += 1
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), len(out), 0)
    return out + directory + end


def with_zip(content, change):
    """Return a package rewritten by zipfile, its entries changed on the way."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            fresh = zipfile.ZipInfo(entry.filename)
            change(new, fresh)
            new.writestr(fresh, part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
