"""Colours as they meet the eye: contrast as WCAG 2.2 defines it, and lighter ones."""

from __future__ import annotations

import functools

_NEARLY_BLACK = 0.04045


WHITE = "FFFFFF"
LEAST_CONTRAST = 4.5
"""That of words with what is behind them (WCAG 2.2, success criterion 1.4.3)."""

_SHARE_OF_WHITE = 0.6


@functools.lru_cache(maxsize=10_000)
def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours of six hexadecimal digits, from 1 (the same) to 21 (black and white)."""
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lighter(colour: str) -> str:
    """Return a colour with as much white in it as months have that are not the last one, such as ``#A0B4C5``.

    Parameters
    ----------
    colour
        A hash sign and six hexadecimal digits.
    """
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * _SHARE_OF_WHITE):02X}" for part in parts)


def _light(rgb: str) -> float:
    """Return a colour's relative luminance."""
    parts = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= _NEARLY_BLACK else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
