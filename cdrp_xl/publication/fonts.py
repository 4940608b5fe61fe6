"""Fonts that computers have: the name of any other may be words."""

from __future__ import annotations

import functools
import importlib.resources
import re

_WEIGHTS = (
    "thin|light|regular|book|medium|bold|black|heavy|narrow|condensed|cond|italic|oblique|extended|wide|semilight"
)
_CUTS = "text|display|pro|std|nova|mt|lt|ui|semibold|demi|roman|headings|heading|body|small|banner|subheading|variable"
_STYLES = re.compile(rf"( (extra|ultra|semi|demi)?-?({_WEIGHTS}|{_CUTS}))+$")
_THEME_FONT = re.compile(r"\+m[nj]-(lt|ea|cs)|")


def is_font(name: str) -> bool:
    """Return whether a name is that of a font, or of several from which the first that is there is taken."""
    return all(_is_one(each.strip(" '\"@").rstrip("0123456789")) or _is_one(each) for each in re.split("[;,]", name))


def _is_one(name: str) -> bool:
    plain = name.strip().casefold()
    return (
        bool(_THEME_FONT.fullmatch(plain))
        or plain in _known_fonts()
        or _STYLES.sub("", plain).strip() in _known_fonts()
    )


@functools.cache
def _known_fonts() -> frozenset[str]:
    file = importlib.resources.files("cdrp_xl").joinpath("publication", "fonts.txt")
    return frozenset(line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
