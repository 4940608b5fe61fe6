"""How the texts of a Word document look: what its styles say, one on top of another, and what is said at the text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.colours import contrast
from cdrp_xl.publication.book import Look
from cdrp_xl.publication.open_xml_styles import theme_colours, tinted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_OFF = frozenset({"0", "false", "off"})
_BLACK, _WHITE, _AUTOMATIC = "000000", "FFFFFF", "auto"
_USUAL_POINTS = 10.0
_THEME_COLOURS = {
    name: number
    for number, names in enumerate(
        ("dark1 text1", "light1 background1", "dark2 text2", "light2 background2", *(f"accent{n}" for n in range(1, 7)))
    )
    for name in names.split()
} | {"hyperlink": 10, "followedHyperlink": 11}
_HIGHLIGHTS = {
    "black": _BLACK,
    "white": _WHITE,
    "blue": "0000FF",
    "cyan": "00FFFF",
    "green": "00FF00",
    "magenta": "FF00FF",
    "red": "FF0000",
    "yellow": "FFFF00",
    "darkBlue": "00008B",
    "darkCyan": "008B8B",
    "darkGreen": "006400",
    "darkMagenta": "800080",
    "darkRed": "8B0000",
    "darkYellow": "808000",
    "darkGray": "A9A9A9",
    "lightGray": "D3D3D3",
}
_TWIPS_INDENTED = 400
"""What an indent is counted in, so that one as wide as a page is found."""

_DEEPEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What styles and texts say about a look so far; None where nothing was said."""

    ink: str | None = None
    fill: str | None = None
    points: float | None = None
    scale: float = 1.0
    line_points: float | None = None
    indent: int = 0
    font: str = ""
    is_hidden: bool = False

    @property
    def look(self) -> Look:
        """The look as the rules see it; a text whose colour is left to the program is seen on any ground."""
        fill = self.fill or _WHITE
        readable = _BLACK if contrast(_BLACK, fill) > contrast(_WHITE, fill) else _WHITE
        points = (self.points or _USUAL_POINTS) * self.scale
        points = min(points, self.line_points) if self.line_points is not None else points
        ink = readable if self.ink in {None, _AUTOMATIC} else self.ink
        return Look(ink=ink, fill=fill, points=points, wraps=True, indent=self.indent, font=self.font)


class Styles:
    """The styles of a document, each with those that it is based on, and the colours of its theme."""

    def __init__(self, root: _Element | None, theme: _Element | None) -> None:
        self._palette = theme_colours(theme)
        found = root.iterfind("{*}style") if root is not None else ()
        self._styles = {_attribute(each, "styleId"): each for each in found}
        usual = (each for each in self._styles.values() if _attribute(each, "default") not in {"", *_OFF})
        self._usual = {_attribute(each, "type"): _attribute(each, "styleId") for each in usual}
        defaults = root.find("{*}docDefaults") if root is not None else None
        self._defaults = self._with(Said(), defaults.find(".//{*}rPr"), None) if defaults is not None else Said()
        self._known: dict[tuple[Said, str], Said] = {}

    def paragraph(self, paragraph: _Element, ground: str | None) -> Said:
        """Return what is said about a paragraph's texts; `ground` is the fill of the cell that it is in."""
        properties = paragraph.find("{*}pPr")
        style = _value(properties, "pStyle") or self._usual.get("paragraph", "")
        said = replace(self._defaults, fill=ground) if ground else self._defaults
        return self._with(self._with_style(said, style), None, properties)

    def run(self, run: _Element, said: Said) -> Said:
        """Return what is said about a run within a paragraph of which this is said."""
        properties = run.find("{*}rPr")
        if properties is None:
            return said
        style = _value(properties, "rStyle")
        return self._with(self._with_style(said, style) if style else said, properties, None)

    def name(self, style: str) -> str:
        """Return the name of a style, in lower-case letters."""
        return _value(self._styles.get(style), "name").casefold()

    def ground(self, properties: _Element | None) -> str | None:
        """Return the fill that a cell's or a paragraph's properties say."""
        return self._fill(properties.find("{*}shd")) if properties is not None else None

    def _with_style(self, before: Said, style: str) -> Said:
        """Return what is said once a style is heard too: there are few styles, and many texts of each."""
        said = self._known.get((before, style))
        if said is None:
            said = before
            for each in reversed(list(self._chain(style))):
                said = self._with(said, each.find("{*}rPr"), each.find("{*}pPr"))
            self._known[before, style] = said
        return said

    def _chain(self, style: str) -> Iterator[_Element]:
        """Yield a style and those that it is based on; a circle ends."""
        for _ in range(_DEEPEST):
            if (found := self._styles.get(style)) is None:
                return
            yield found
            style = _value(found, "basedOn")

    def _with(self, said: Said, run: _Element | None, paragraph: _Element | None) -> Said:
        """Return what is said once the properties of a run, and of a paragraph, are heard too."""
        if paragraph is not None:
            said = replace(
                said,
                fill=self._fill(paragraph.find("{*}shd")) or said.fill,
                line_points=_exact_points(paragraph.find("{*}spacing"), said.line_points),
                indent=_indent(paragraph.find("{*}ind"), said.indent),
            )
        if run is None:
            return said
        colour, size, scale = (run.find(f"{{*}}{name}") for name in ("color", "sz", "w"))
        hidden = [_is_on(run.find(f"{{*}}{name}")) for name in ("vanish", "specVanish", "webHidden")]
        is_hidden = True in hidden or (said.is_hidden and hidden[0] is not False)
        return replace(
            said,
            ink=self._colour(colour, "val", "theme") or said.ink,
            fill=_HIGHLIGHTS.get(_value(run, "highlight")) or self._fill(run.find("{*}shd")) or said.fill,
            points=_number(size, said.points, 0.5),
            scale=_number(scale, said.scale, 0.01) or said.scale,
            font=_font(run.find("{*}rFonts")) or said.font,
            is_hidden=is_hidden or _is_transparent(run),
        )

    def _fill(self, shading: _Element | None) -> str | None:
        if shading is None or _attribute(shading, "val") == "nil":
            return None
        is_solid = _attribute(shading, "val") == "solid"
        found = self._colour(shading, *(("color", "theme") if is_solid else ("fill", "themeFill")))
        return None if found == _AUTOMATIC and not is_solid else _BLACK if found == _AUTOMATIC else found

    def _colour(self, element: _Element | None, plain: str, theme: str) -> str | None:
        """Return a colour as six digits, or that it is automatic; a colour of the theme goes before a plain one."""
        if element is None:
            return None
        name = "themeColor" if theme == "theme" else theme
        number = _THEME_COLOURS.get(_attribute(element, name))
        if number is not None and number < len(self._palette):
            return tinted(self._palette[number], _tint(element, theme))
        return _attribute(element, plain).upper().replace("AUTO", _AUTOMATIC) or None


def _tint(element: _Element, theme: str) -> float:
    """Return how much lighter or darker than its theme a colour is."""
    lighter, darker = (_attribute(element, f"{theme}{how}") for how in ("Tint", "Shade"))
    if lighter:
        return 1 - int(lighter, 16) / 255
    return int(darker, 16) / 255 - 1 if darker else 0.0


def _exact_points(spacing: _Element | None, before: float | None) -> float | None:
    """Return how high lines are where they are no higher than is said, so that a taller text is cut."""
    if spacing is None or not _attribute(spacing, "line"):
        return before
    return float(_attribute(spacing, "line")) / 20 if _attribute(spacing, "lineRule") == "exact" else None


def _indent(element: _Element | None, before: int) -> int:
    indents = [] if element is None else [_attribute(element, name) for name in ("left", "start", "firstLine")]
    found = [int(float(each)) for each in indents if each]
    return max(found) // _TWIPS_INDENTED if found else before


def _is_transparent(run: _Element) -> bool:
    """Return whether the letters of a run are filled with nothing."""
    fill = run.find("{*}textFill")
    if fill is None:
        return False
    alphas = [_attribute(each, "val") for each in fill.iter("{*}alpha")]
    return fill.find("{*}noFill") is not None or any(each.isdigit() and int(each) > 90_000 for each in alphas)  # noqa: PLR2004


def _font(fonts: _Element | None) -> str:
    return "" if fonts is None else _attribute(fonts, "ascii") or _attribute(fonts, "hAnsi")


def _is_on(element: _Element | None) -> bool | None:
    return None if element is None else _attribute(element, "val") not in _OFF


def _number(element: _Element | None, before: float | None, unit: float) -> float | None:
    found = "" if element is None else _attribute(element, "val").rstrip("%")
    return float(found) * unit if found else before


def _value(element: _Element | None, name: str) -> str:
    """Return the value of a property, empty where it is not there."""
    found = element.find(f"{{*}}{name}") if element is not None else None
    return "" if found is None else _attribute(found, "val")


def _attribute(element: _Element, name: str) -> str:
    """Return an attribute of Word's language, in either form of it."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")
