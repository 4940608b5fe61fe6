"""The walk in docs/ten-minutes.md: every command is run as it is typed there, with its answers, on made-up files.

The pictures of the page show what the walk publishes: ``make pictures`` writes them again.
"""

from __future__ import annotations

import os
import re

import numpy as np
import openpyxl
import pytest
from as_typed import DOCS, Desk, made_up_files, take_the_walk
from pictures import Picture, as_png, look_alike, of_page, read

PICTURES = {"ten-minutes-headlines.png": "Headlines", "ten-minutes-priority.png": "Residential burglary"}
"""The page of which worksheet each shows."""
WRITES = os.environ.get("CDRP_XL_WRITE_PICTURES") == "1"
LARGEST = 100_000


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Return a folder after the walk; whichever test asks for its copy first takes it."""
    return tmp_path_factory.mktemp("walked")


@pytest.fixture
def copy(walked, monkeypatch, capsys):
    """Return the copy that the walk publishes."""
    if not list(walked.iterdir()):
        made_up_files(walked)
        commands = take_the_walk(Desk(walked, monkeypatch, capsys))
        assert commands == ["new", "connect", "returns", "returns", "refresh", "publish"]
    return walked / "fenland" / "published" / "Fenland-2025-26-Q1.xlsx"


def test_the_walk_ends_with_a_published_quarter(copy):
    book = openpyxl.load_workbook(copy)
    text = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)
    for said in ("Residential burglary", "Serious violence", "farm", "of 5", "Reviews carried out"):
        assert said in text


@pytest.mark.libreoffice
def test_the_pictures_are_of_the_copy_that_the_walk_publishes(copy, to_pdf):
    printed = to_pdf(copy)
    for name, sheet in PICTURES.items():
        shown = of_page(printed, sheet)
        if WRITES:
            (DOCS / name).write_bytes(as_png(shown))
        assert look_alike(read(DOCS / name), shown), f"{name} is of an earlier page: make pictures, and look at it"
        assert (DOCS / name).stat().st_size < LARGEST


def test_the_page_has_each_picture_in_words_too():
    shown = dict(
        re.findall(r"^!\[(.+)\]\((ten-minutes-.+)\)$", (DOCS / "ten-minutes.md").read_text("utf-8"), re.MULTILINE)
    )
    assert sorted(shown.values()) == sorted(PICTURES)
    assert all(len(words) > 40 for words in shown)


def test_a_picture_that_shows_something_else_is_noticed(tmp_path):
    dots = np.full((160, 160, 3), 255, np.uint8)
    dots[40:80, 40:120] = (18, 64, 110)
    picture = Picture(words="burglary Residential", dots=dots)
    (tmp_path / "picture.png").write_bytes(as_png(picture))
    kept = read(tmp_path / "picture.png")
    assert (kept.words, kept.dots.tolist()) == (picture.words, dots.tolist())
    moved, taller = np.roll(dots, 1, axis=0), np.roll(dots, 40, axis=1)
    assert look_alike(kept, Picture(words=picture.words, dots=moved))
    assert not look_alike(kept, Picture(words=picture.words, dots=taller))
    assert not look_alike(kept, Picture(words="burglary Commercial", dots=dots))
