"""How `make site` makes pages of the documents: Sphinx, with MyST for Markdown; the README makes the menu."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cdrp_xl

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "cdrp-xl"
version = release = cdrp_xl.__version__
language = "en_GB"
extensions = ["myst_parser"]
root_doc = "README"
include_patterns = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**.md"]
myst_heading_anchors = 4
html_theme = "alabaster"
html_theme_options = {
    "page_width": "1200px",
    "sidebar_width": "260px",
    "font_family": "Arial, sans-serif",
    "head_font_family": "Arial, sans-serif",
    "font_size": "16px",
    "code_font_size": "0.85em",
}
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
smartquotes = False


def with_menu(_app: Sphinx, name: str, source: list[str]) -> None:
    """Give the README a table of contents, which Sphinx makes the menu of: a part to each row of its last table."""
    if name != root_doc:
        return
    rows = re.findall(r"^\| ([^|]+) \| (\[.+) \|$", source[0], re.MULTILINE)
    for title, pages in rows:
        names = "\n".join(
            f"{words[0].upper()}{words[1:]} <{page}>" for words, page in re.findall(r"\[(.+?)\]\((.+?)\.md\)", pages)
        )
        source[0] += (
            f"\n```{{toctree}}\n:hidden:\n:titlesonly:\n:caption: {title[0].upper()}{title[1:]}\n\n{names}\n```\n"
        )


def setup(app: Sphinx) -> None:
    """Have the menu made."""
    app.connect("source-read", with_menu)
