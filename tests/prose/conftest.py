"""The worked example's figures by name, listed once for every test of the words."""

import sys
from pathlib import Path

import pytest

from cdrp_xl.prose.catalogue import catalogue
from cdrp_xl.prose.checking import Checker

sys.path.insert(0, str(Path(__file__).parent))  # the maker of sentences is a module beside the tests


@pytest.fixture(scope="session")
def figures(built):
    return catalogue(built)


@pytest.fixture(scope="session")
def checker(built):
    return Checker.of(built)


@pytest.fixture(scope="session")
def found(checker, built):
    """Return the words that are found wrong in a sentence, in a section of the report or outside any."""
    sections = {section.title: section.section_id for section in built.sections}
    return lambda sentence, page="": [
        each.words for each in checker.check(sentence, section=sections.get(page, "")).findings
    ]
