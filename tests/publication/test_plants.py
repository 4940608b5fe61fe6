"""Marked words are put into every kind of element, attribute and text of 12 workbooks, and are found or can be read.

What the check does not find has to be readable in what LibreOffice prints: on a page, and not under 6 points.
"""

from __future__ import annotations

import itertools
import os
import random
import re
import string
import subprocess
from collections import Counter
from typing import NamedTuple

import pytest
from corpus_document import document
from corpus_packages import packed, unpacked
from corpus_programs import PROGRAMS, changed, made_with_everything
from lxml import etree

from cdrp_xl.publication import inspect

BETWEEN, FOREIGN = "(text after it)", "(an attribute more)"
SAMPLE = 40
SMALLEST = 6 * 0.9
"""Points; the height of a line of that size, without the room above it."""

SHOWN = {"t", "v", "p", "a", "span"}
"""Names of places where texts of cells, shapes and charts are."""


class Place(NamedTuple):
    """A kind of part, a full name of an element, and an attribute of it, or where else words were put."""

    part: str
    tag: str
    where: str

    def __str__(self):
        where = self.where.rpartition("}")[2]
        return f"{self.part} {self.tag.rpartition('}')[2]}{'@' if where and where[0] != '(' else ' '}{where}".strip()


def with_macros(content):
    plain, other = r"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main", "vnd.ms-excel.sheet"
    return changed(content, (r"\[Content_Types\]\.xml", plain, f"application/{other}.macroEnabled.main"))


BOOKS = {
    **{
        f"by {program}, .xlsx": (lambda program=program: made_with_everything(program), ".xlsx") for program in PROGRAMS
    },
    "by Excel, .xlsm": (lambda: with_macros(made_with_everything("Excel")), ".xlsm"),
    "by openpyxl, .xlsm": (lambda: with_macros(made_with_everything("openpyxl")), ".xlsm"),
}
SAVED = {f"saved from {program}'s, .ods": program for program in ("Excel", "openpyxl", "Google Sheets", "EPPlus")}
"""What LibreOffice saves again."""


def places(content):
    """Yield each place of a workbook, with its part and its number among the part's elements."""
    for name, part in unpacked(content).items():
        if not name.endswith((".xml", ".rels", ".rdf", ".psmdcp")):
            continue
        root = etree.fromstring(part)
        for number, element in enumerate(root.iter("*")):
            for where in [*element.attrib, "", FOREIGN, *([BETWEEN] if number else [])]:
                yield Place(re.sub(r"\d+", "", name), element.tag, where), name, number


def first_of_each(everywhere, seen):
    """Return the first of all places of each kind that was not seen yet."""
    kinds = {}
    for each in everywhere:
        kinds.setdefault(each[0], each)
    new = [each for kind, each in kinds.items() if kind not in seen]
    seen.update(kinds)
    return new


def planted(content, *plants):
    """Return a workbook with words at several places, each given with its part and number."""
    parts = unpacked(content)
    roots = {name: etree.fromstring(parts[name]) for _, name, _, _ in plants}
    elements = {name: list(root.iter("*")) for name, root in roots.items()}
    for place, name, number, words in plants:
        element = elements[name][number]
        if place.where == BETWEEN:
            element.tail = words
        elif place.where:
            element.set("note" if place.where == FOREIGN else place.where, words)
        else:
            element.text = words
    written = {
        name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        for name, root in roots.items()
    }
    return packed(parts | written)


def said(content, name):
    return {(each.rule_id, each.what, each.where) for each in inspect(content, name)}


def words():
    """Yield words that are in no workbook, each once."""
    for letters in itertools.product(string.ascii_lowercase, repeat=3):
        yield f"Zz{''.join(letters)}qq"


def unfound(content, ending, chosen):
    """Return those of the chosen places at which words are not found, with the words."""
    before, fresh = said(content, f"made{ending}"), words()
    marked = ((*each, next(fresh)) for each in chosen)
    return [each for each in marked if not said(planted(content, each), f"made{ending}") - before]


@pytest.mark.whole
@pytest.mark.parametrize("book", [*BOOKS, "a document"])
def test_words_planted_at_some_places_are_found_or_are_where_words_are_shown(book):
    make, ending = BOOKS.get(book, (document, ".ods"))
    content = make()
    everywhere = first_of_each(places(content), set())
    chosen = random.Random(book).sample(everywhere, min(SAMPLE, len(everywhere)))  # noqa: S311 - the same each time
    missed = [str(place) for place, *_ in unfound(content, ending, chosen) if str(place).split()[1] not in SHOWN]
    assert missed == []


@pytest.fixture(scope="module")
def books(libreoffice, tmp_path_factory):
    """Return the 12 workbooks, those that are made by code and those that LibreOffice saved, each with its own places.

    A kind of place that several have is that of the first. `CDRP_XL_PLANTS` adds others, drawn by seed, up to so many.
    """
    folder = tmp_path_factory.mktemp("saved")
    made, seen = {name: (make(), ending) for name, (make, ending) in BOOKS.items()}, set()
    for number, (name, program) in enumerate(SAVED.items()):
        (path := folder / f"{number}.xlsx").write_bytes(made_with_everything(program))
        (saved,) = libreoffice.saved(path, folder=folder, suffix=".ods")
        made[name] = (saved.read_bytes(), ".ods")
    assert len(made) == 12
    own = {name: first_of_each(places(content), seen) for name, (content, _) in made.items()}
    others = [(name, each) for name, (content, _) in made.items() for each in places(content) if each not in own[name]]
    more = int(os.environ.get("CDRP_XL_PLANTS", "0")) - sum(map(len, own.values()))
    for name, each in random.Random(14).sample(others, max(0, more)):  # noqa: S311 - the same each time
        own[name].append(each)
    return {name: (content, ending, own[name]) for name, (content, ending) in made.items()}


def printed(libreoffice, folder, content, ending):
    """Return the words that a reader sees on paper, with the height of each in points."""
    (path := folder / f"planted{ending}").write_bytes(content)
    (pdf,) = libreoffice.pdf(path, folder=folder)
    output = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', output)
    return {word: float(bottom) - float(top) for top, bottom, word in found}


@pytest.mark.whole
@pytest.mark.libreoffice
def test_words_planted_anywhere_are_found_or_can_be_read_on_paper(books, libreoffice, tmp_path):
    odd, everywhere = [], []
    for number, (content, ending, own) in enumerate(books.values()):
        left = unfound(content, ending, own)
        (folder := tmp_path / str(number)).mkdir()
        heights = printed(libreoffice, folder, planted(content, *left), ending) if left else {}
        for place, _, _, word in left:
            read = [height for printed_word, height in heights.items() if word in printed_word]
            odd += [place] if max(read, default=0) < SMALLEST else []
        everywhere += [place for place, *_ in own]
    assert len(everywhere) > 2_000
    kinds = Counter(place.part for place in everywhere)
    missed = Counter(place.part for place in odd)
    assert {kind: count for kind, count in missed.items() if count > kinds[kind] / 100} == {}, sorted(map(str, odd))
