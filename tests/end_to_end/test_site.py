"""The site that `make site` makes: every page is there, and nothing in it leads nowhere or needs a network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FROM_ELSEWHERE = re.compile(
    r'<(?:script|img|iframe)[^>]* src="(?:https?:)?//|<link[^>]* href="(?:https?:)?//|@import url\("?(?:https?:)?//'
)


def built(source, site):
    """Run Sphinx as the Makefile does."""
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going", "-c", source / "docs"]
    return subprocess.run([*command, source, site], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of the site."""
    folder = tmp_path_factory.mktemp("site")
    run = built(ROOT, folder)
    assert run.returncode == 0, run.stderr
    return folder


def test_every_document_has_a_page_that_the_menu_leads_to(site):
    menu = (site / "README.html").read_text(encoding="utf-8")
    documents = [path.relative_to(ROOT) for path in sorted((ROOT / "docs").rglob("*.md"))]
    assert len(documents) > 25
    for document in documents:
        assert (site / document).with_suffix(".html").is_file(), document
        assert f'href="{document.with_suffix(".html").as_posix()}"' in menu, document


def test_no_page_fetches_anything(site):
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css", ".js"}]
    assert files
    assert [path.name for path in files if FROM_ELSEWHERE.search(path.read_text(encoding="utf-8"))] == []


def test_a_link_that_leads_nowhere_stops_it(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "conf.py").write_bytes((ROOT / "docs" / "conf.py").read_bytes())
    (tmp_path / "README.md").write_text("# Read\n\n[here](docs/nowhere.md)\n", encoding="utf-8")
    run = built(tmp_path, tmp_path / "site")
    assert run.returncode == 1
    assert "nowhere.md" in run.stderr
