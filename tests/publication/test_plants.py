"""Marked words are planted into every kind of element, attribute and text of workbooks, one at a time, and found."""

from __future__ import annotations

import re

import pytest
from corpus_document import document
from corpus_good import with_openpyxl, with_xlsxwriter
from corpus_packages import packed, unpacked
from lxml import etree

from cdrp_xl.publication import inspect

WORDS = "Zzmarked Qqwords"
SHOWN = {"t", "p", "sheet@name", "table@name"}
"""Texts of cells, shapes and charts, and names of worksheets: they are printed, so whoever checks them sees them."""

BOOKS = {
    "by XlsxWriter": (with_xlsxwriter, "made.xlsx"),
    "by openpyxl": (lambda: with_openpyxl(chart=True, styled=True), "made.xlsx"),
    "in OpenDocument": (document, "made.ods"),
}


def plants(content):
    """Give each distinct place once, with the workbook that has the words there."""
    parts, seen = unpacked(content), set()
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        root = etree.fromstring(part)
        for element in root.iter("*"):
            for attribute in [*element.attrib, ""]:
                place = (re.sub(r"\d", "", name), element.tag, attribute)
                if place not in seen:
                    seen.add(place)
                    yield named(place), packed(parts | {name: planted(root, element, attribute)})


def named(place):
    _, tag, attribute = (each.rpartition("}")[2] for each in place)
    return place[0], f"{tag}@{attribute}" if attribute else tag


def planted(root, element, attribute):
    """Return a part with the words in one place, which is then as it was."""
    old = element.get(attribute) if attribute else element.text
    if attribute:
        element.set(attribute, WORDS)
    else:
        element.text = WORDS
    part = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if attribute:
        element.set(attribute, old)
    else:
        element.text = old
    return part


def said(content, name):
    return {(each.rule_id, each.what, each.where) for each in inspect(content, name)}


@pytest.mark.parametrize("book", BOOKS)
def test_words_planted_anywhere_are_found_or_shown(book):
    make, name = BOOKS[book]
    content = make()
    before = said(content, name)
    places = [(place, said(changed, name) - before) for place, changed in plants(content)]
    assert len(places) > 30
    missed = [place for place, found in places if not found and place[1] not in SHOWN]
    assert len(missed) <= len(places) / 100, missed
