"""Compound files are read back by two other libraries."""

from __future__ import annotations

import io
import random

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyopenvba.cfb import CFB

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.writers import compound_file

SIZES = (0, 1, 63, 64, 65, 511, 4095, 4096, 4097, 100_000)
names = st.text(
    st.characters(codec="utf-16-le", exclude_characters="/\\:!\0", max_codepoint=0x24F), min_size=1, max_size=20
)


def read_back(packed: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(packed), raise_defects=olefile.DEFECT_UNSURE) as ole:
        assert ole.parsing_issues == []
        return {"/".join(path): ole.openstream(path).read() if ole.get_size(path) else b"" for path in ole.listdir()}


def test_streams_of_every_size_are_read_back():
    made = random.Random(1)  # noqa: S311
    streams = {f"VBA/size {size}": made.randbytes(size) for size in SIZES}
    assert read_back(compound_file.pack(streams)) == streams


def test_another_reader_finds_the_same_streams():
    streams = {"PROJECT": b"p" * 600, "VBA/dir": b"d" * 5000, "VBA/_VBA_PROJECT": b"v" * 7}
    packed = CFB.from_bytes(compound_file.pack(streams))
    assert packed.get_stream("PROJECT") == streams["PROJECT"]
    assert {n: packed.get_stream_in_storage("VBA", n) for n in packed.list_streams_in_storage("VBA")} == {
        "dir": streams["VBA/dir"],
        "_VBA_PROJECT": streams["VBA/_VBA_PROJECT"],
    }


@given(st.dictionaries(names, st.binary(max_size=300), max_size=40))
def test_any_names_and_contents_are_read_back(streams):
    told_apart = {name.upper(): (name, content) for name, content in streams.items()}
    streams = {f"VBA/{name}": content for name, content in told_apart.values()}
    assert read_back(compound_file.pack(streams)) == streams


def test_names_stand_in_the_order_in_which_a_reader_looks_for_them():
    streams = {f"VBA/{name}": b"x" for name in ("b", "A", "aa", "Z", "_", "dir", "Sheet10", "Sheet9")}
    with olefile.OleFileIO(io.BytesIO(compound_file.pack(streams))) as ole:
        in_order: list[str] = []

        def walk(number: int) -> None:
            if number != olefile.NOSTREAM:
                entry = ole.direntries[number]
                walk(entry.sid_left)
                in_order.append(entry.name)
                walk(entry.sid_right)

        walk(ole.direntries[1].sid_child)
    assert in_order == ["A", "b", "Z", "_", "aa", "dir", "Sheet9", "Sheet10"]


def test_nothing_of_the_machine_is_kept():
    with olefile.OleFileIO(io.BytesIO(compound_file.pack({"PROJECT": b"p", "VBA/dir": b"d"}))) as ole:
        entries = [entry for entry in ole.direntries if entry is not None]
        assert {(e.createTime, e.modifyTime, e.clsid, e.dwUserFlags) for e in entries} == {(0, 0, "", 0)}


def test_a_name_longer_than_the_format_takes_is_refused():
    with pytest.raises(CannotBeWrittenError, match=r"32 characters.*31 at most\.\nWhere: the macros of the workbook"):
        compound_file.pack({f"VBA/{'n' * 32}": b""})


def test_more_than_the_format_takes_is_refused():
    assert len(compound_file.pack({"PROJECT": bytes(7_000_000)})) > 7_000_000
    with pytest.raises(CannotBeWrittenError, match=r"7 MB at most\.\nWhere: the macros of the workbook"):
        compound_file.pack({"PROJECT": bytes(7_200_000)})
