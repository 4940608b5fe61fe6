"""One self-contained page (.html) of a layout: every worksheet a section, with the same figures and words.

Nothing is fetched from anywhere: the page has its own style and script, and says that a browser is to let it have no
others. It is well-formed XML too, so that there is one way to read it. The same layout gives the same bytes.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.resources
from html import escape
from typing import TYPE_CHECKING

from cdrp_xl import styles
from cdrp_xl.sheets import Picture
from cdrp_xl.styles import STATUS_FILLS
from cdrp_xl.writers import cell_texts
from cdrp_xl.writers.html_file.sections import CLASSES, NOTE, Section
from cdrp_xl.writers.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdrp_xl.sheets import Properties, Sheet

SKIP = "Skip to the figures"
"""The link with which a keyboard passes over the contents."""

VIEWPORT = "width=device-width, initial-scale=1"
_MAIN = "figures"
_COLOURS = {
    "white": styles.WHITE,
    "ink": styles.INK,
    "grey": styles.GREY,
    "faint": styles.FAINT,
    "orange": styles.ORANGE,
    "link": styles.LINK_BLUE,
    **{CLASSES[fill]: fill for fill in STATUS_FILLS.values()},
}
ACROSS = "@page{size:A4 landscape;margin:12mm}\n"
UPRIGHT = "@page{size:A4 portrait;margin:12mm}\n@page across{size:A4 landscape}\n.across{page:across}\n"
"""How a page is printed. Among sections upright those whose worksheets are across are so too: their tables are wide."""


def write(sheets: Sequence[Sheet], properties: Properties) -> bytes:
    """Return a page of the placed worksheets, the first of which is its beginning.

    Parameters
    ----------
    sheets
        The worksheets, as the partners' copy has them: the cover with the contents, and the others.
    properties
        What the page says about itself.

    Raises
    ------
    CannotBeWrittenError
        If a text holds a character that no page may; the worksheet and cell are named.
    """
    cell_texts.check(sheets)
    ids = {sheet.name: f"page-{number}" for number, sheet in enumerate(sheets)}
    notes = frozenset(_noted(sheets))
    is_upright = not all(sheet.is_wide for sheet in sheets)
    first, *others = (Section(sheet, ids, notes, is_across=is_upright and sheet.is_wide) for sheet in sheets)
    contents = first.contents()
    has_picture = any(isinstance(each, Picture) for sheet in sheets for each in sheet.blocks)
    lines = [
        *_head(properties, has_picture=has_picture, is_upright=is_upright),
        f'<body>\n<a class="skip" href="#{_MAIN}">{SKIP}</a>',
        f"<header{first.turned}>\n{first.inside(level=1)}{contents}\n</header>",
        f'<main id="{_MAIN}">',
        *(section.as_section(has_way_back=bool(contents)) for section in others),
        f"</main>\n<script>{script()}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(lines).encode()


def _head(properties: Properties, *, has_picture: bool, is_upright: bool) -> Iterator[str]:
    """Yield what comes before the page's body."""
    allowed = policy(properties.accent, has_picture=has_picture, is_upright=is_upright)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{ENGLISH}">'
    yield '<head><meta charset="utf-8"/>'
    yield f'<meta http-equiv="Content-Security-Policy" content="{allowed}"/>'
    yield f'<meta name="viewport" content="{VIEWPORT}"/>'
    yield f"<title>{escape(properties.title)}</title>"
    yield f"<style>{style(properties.accent, is_upright=is_upright)}</style></head>"


@functools.cache
def policy(accent: str = styles.BLUE, *, has_picture: bool = False, is_upright: bool = False) -> str:
    """Return what a browser is to let the page have: its own style and script, a picture in it, and nothing else."""
    own = f"style-src 'sha256-{_digest(style(accent, is_upright=is_upright))}'; script-src 'sha256-{_digest(script())}'"
    own += "; img-src data:" if has_picture else ""
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def style(accent: str = styles.BLUE, *, is_upright: bool = False) -> str:
    """Return the page's style: its colours are those of the workbook, titles and rules in the accent."""
    colours = "".join(f"--{name}:{colour};" for name, colour in {"accent": accent, **_COLOURS}.items())
    return f":root{{{colours}}}\n{UPRIGHT if is_upright else ACROSS}{_own('page.css')}"


@functools.cache
def script() -> str:
    """Return the page's script, which sorts its tables."""
    return _own("page.js")


def _own(name: str) -> str:
    return importlib.resources.files("cdrp_xl").joinpath("writers", "html_file", name).read_text(encoding="utf-8")


def _noted(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Yield the notes that are listed, by their citations: each begins a row of a table."""
    for sheet in sheets:
        for table in sheet.tables:
            yield from (str(row[0]) for row in table.rows if NOTE.fullmatch(str(row[0])))
