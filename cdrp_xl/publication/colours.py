"""Colours as they meet the eye: contrast as WCAG 2.2 defines it."""

from __future__ import annotations

import functools

_NEARLY_BLACK = 0.04045


@functools.lru_cache(maxsize=10_000)
def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours of six hexadecimal digits, from 1 (the same) to 21 (black and white)."""
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(rgb: str) -> float:
    """Return a colour's relative luminance."""
    parts = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= _NEARLY_BLACK else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
