"""The worked example's figures by name, listed once for every test of the words."""

import pytest

from cdrp_xl.prose.catalogue import catalogue


@pytest.fixture(scope="session")
def figures(built):
    return catalogue(built)
