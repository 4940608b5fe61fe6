"""The gate: every rule asked of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError
from cdrp_xl.packages import open_package
from cdrp_xl.publication import open_document, open_xml
from cdrp_xl.publication.findings import Finding, Rule, Severity, found_at
from cdrp_xl.publication.places import Spot
from cdrp_xl.publication.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cdrp_xl.publication.book import Book

UNREADABLE = "unreadable"

MOST_LISTED = 200
"""Findings of one rule that are listed one by one."""

_ORDER = {severity: number for number, severity in enumerate(Severity)}


def inspect(
    content: bytes, name: str, *, organisations: Iterable[str] = (), rules: tuple[Rule, ...] = RULES
) -> tuple[Finding, ...]:
    """Return what is found in a workbook, the gravest first. Nothing in it is run, followed or fetched.

    Parameters
    ----------
    content
        The file as it is: .xlsx, .xlsm, .xlsb, .ods or .docx, or .html or .zip as a copy is published.
    name
        The file's name, for the places that are named.
    organisations
        Names that may appear as author or organisation, such as the report's producer.
    rules
        What is looked for; the whole gate, unless a part of it is asked for.
    """
    try:
        book = read(content, name, organisations=organisations)
    except FileError as wrong:
        return (_unreadable(wrong),)
    return findings_in(book, rules)


def read(content: bytes, name: str, *, organisations: Iterable[str] = ()) -> Book:
    """Return a workbook as the rules see it.

    Raises
    ------
    FileError
        If it can't be opened at all; a part that can't be read is noted in the workbook.
    """
    from cdrp_xl.publication import data_package, web_page, word_document

    if web_page.is_one(content):
        return web_page.read(content, name, organisations=organisations)
    package = open_package(content, name)
    if data_package.is_one(package):
        return data_package.read(package, organisations=organisations)
    if word_document.is_one(package):
        return word_document.read(package, organisations=organisations)
    if open_document.is_one(package):
        return open_document.read(package, organisations=organisations)
    return open_xml.read(package, organisations=organisations)


def findings_in(book: Book, rules: tuple[Rule, ...] = RULES) -> tuple[Finding, ...]:
    """Return what rules find in a workbook that was read, the gravest first."""
    return in_order(finding for rule in rules for finding in _found_by(rule, book))


def _found_by(rule: Rule, book: Book) -> Iterator[Finding]:
    """Yield what a rule finds, as far as it can read; of very many findings the first are listed."""
    name = book.package.name
    try:
        with damage.reported(name, damage.damaged(name)):
            for number, spot in enumerate(rule.find(book)):
                if number == MOST_LISTED:
                    yield found_at(rule, Spot(detail="and more like these, which are not listed one by one"))
                    return
                yield found_at(rule, spot)
    except FileError as wrong:
        yield _unreadable(wrong)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with the gravest first, and those of one severity as they came."""
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))


def _unreadable(wrong: FileError) -> Finding:
    return Finding(
        rule_id=UNREADABLE,
        severity=Severity.BLOCKS,
        part="",
        sheet="",
        cell="",
        what=wrong.what,
        why="What can't be looked into can't be shown to be safe.",
        remedy=wrong.remedy,
    )
