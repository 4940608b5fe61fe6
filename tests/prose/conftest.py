"""The worked example's figures by name, listed once for every test of the words."""

import sys
from pathlib import Path

import pytest

from cdrp_xl.prose.catalogue import catalogue

sys.path.insert(0, str(Path(__file__).parent))  # the maker of sentences is a module beside the tests


@pytest.fixture(scope="session")
def figures(built):
    return catalogue(built)
