"""Tables, charts, pictures and shapes of a worksheet of Office Open XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdrp_xl.addresses import COLUMNS, LAST_COLUMN, ROWS, Rectangle, cell_name
from cdrp_xl.packages import unescaped
from cdrp_xl.publication.book import TABLES_READ, Cached, Chart, Drawn, Look, Table, block
from cdrp_xl.publication.open_xml_colours import colour_of, ink_of
from cdrp_xl.publication.open_xml_styles import theme_colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from cdrp_xl.publication.book import Book, Sheet

_SEEN_FROM = 28_575
"""English metric units of 3 points of a screen: what is narrower or lower than this can't be seen."""

_READ_FROM = 190_500
"""The same units of 15 points: in a narrower or lower chart nothing can be read."""

_SEEN_SHARE = 0.005
"""What is narrower or lower than this share of a chart can't be seen."""

_CHARACTER, _POINT = 66_675, 12_700
_USUAL_WIDTH, _USUAL_HEIGHT = 9, 15
_LETTER, _OVERFULL = 0.6, 2
"""What a letter takes, as a share of the square of its size; and how often over a box is full when it hides words."""

_ROWS_LOOKED_AT = 2_000
_TRANSPARENT, _WASHED_OUT = 10_000, 70_000
_V = "{http://schemas.openxmlformats.org/drawingml/2006/chart}v"
_KINDS = {"pic": "picture", "graphicFrame": "chart", "sp": "shape", "cxnSp": "shape", "grpSp": "group"}


def read_tables(book: Book, sheet: Sheet) -> None:
    """Read the ranges of a worksheet that are marked as tables."""
    for part in _led_to(book, sheet.part, "table"):
        root = book.parts[part].root
        found = block(root.get("ref", "")) if root is not None else None
        if root is None or found is None:
            continue
        if len(sheet.tables) == TABLES_READ:
            book.unread[part] = f"There are more than {TABLES_READ:,} tables on one worksheet"
            return
        style = root.find("{*}tableStyleInfo")
        sheet.tables.append(
            Table(
                name=root.get("displayName", root.get("name", "")),
                part=part,
                block=found,
                headings=tuple(column.get("name", "") for column in root.iterfind("{*}tableColumns/{*}tableColumn")),
                heading_rows=int(root.get("headerRowCount", "1")),
                is_styled=style is not None and bool(style.get("name")),
                is_filtered=any(leaves_out(each) for each in root.iterfind("{*}autoFilter/{*}filterColumn")),
                formulas=tuple(
                    each.text or ""
                    for each in root.iter("{*}calculatedColumnFormula", "{*}totalsRowFormula")
                    if each.text
                ),
            )
        )


def leaves_out(column: _Element) -> bool:
    """Return whether a column of a filter leaves rows out, and is not there for its button alone."""
    return any(isinstance(each.tag, str) and not each.tag.endswith("}extLst") for each in column)


def read_drawings(book: Book, sheet: Sheet) -> None:
    """Read what lies over the cells of a worksheet, and over its charts."""
    theme = next((part.root for part in book.parts.values() if part.kind == "theme"), None)
    palette = theme_colours(theme)
    has_controls = any(_led_to(book, sheet.part, kind) for kind in ("form control", "ActiveX control"))
    for part in _led_to(book, sheet.part, "drawing"):
        _read_drawing(book, sheet, part, palette, of_controls=has_controls)
        for chart in _led_to(book, part, "chart"):
            if (chart_root := book.parts[chart].root) is not None:
                looks = tuple(_looks_in_chart(chart_root, palette))
                sheet.charts.append(Chart(part=chart, caches=tuple(_caches(chart_root)), looks=looks))
            for over in _led_to(book, chart, "drawing"):
                _read_drawing(book, sheet, over, palette)


def _read_drawing(book: Book, sheet: Sheet, part: str, palette: list[str], *, of_controls: bool = False) -> None:
    """Read a drawing; the hidden shapes that controls leave in it are found with these."""
    root = book.parts[part].root
    for anchor in root if root is not None else ():
        place = _place(sheet, anchor)
        for number, named in enumerate(anchor.iter("{*}cNvPr")):
            if of_controls and named.find(".//{*}compatExt") is not None:
                continue
            within = place if not number else place._replace(covers=None, box=None, is_flat=False)
            sheet.drawn.append(_drawn(part, named, palette, within))


def _led_to(book: Book, source: str, kind: str) -> list[str]:
    """Return the parts of a kind to which a part's relationships lead."""
    targets = [line.target for line in book.relationships if line.source == source and not line.is_external]
    return [target for target in targets if target in book.parts and book.parts[target].kind == kind]


def _drawn(part: str, named: _Element, palette: list[str], place: _Place) -> Drawn:
    """Return one picture, chart or shape by the element that names it."""
    holder = named.getparent().getparent() if named.getparent() is not None else None
    tag = holder.tag.rpartition("}")[2] if holder is not None else ""
    kind = _KINDS.get(tag, "shape")
    is_picture, is_shape = kind == "picture" and holder is not None, tag == "sp" and holder is not None
    is_blank = holder is not None and tag == "sp" and not any((each.text or "").strip() for each in holder.iter("{*}t"))
    hides = kind in {"picture", "chart"} or (is_shape and _is_filled(holder))
    return Drawn(
        part=part,
        kind=kind,
        name=named.get("name", ""),
        alternative_text=named.get("descr", "").strip(),
        cell=cell_name(place.spans.row, place.spans.column) if place.spans else "",
        is_hidden=named.get("hidden") in {"1", "true"} or (is_picture and _is_transparent(holder)),
        is_flat=(place.is_flat or (kind == "chart" and _is_small(place.box)))
        and not (tag == "cxnSp" or (is_blank and _is_line(holder))),
        is_cropped=is_picture and _is_cropped(holder),
        spans=place.spans,
        covers=place.covers if hides else None,
        box=place.box,
        is_opaque=hides,
        is_blank=is_blank,
        looks=tuple(_looks(holder, palette)) if is_shape else (),
        is_overfull=is_shape and place.box is not None and _is_overfull(holder, place.box),
        macro=holder.get("macro", "") if holder is not None else "",
    )


class _Place(NamedTuple):
    """Where something lies: the cells that it touches, those that it covers wholly, and whether it is flat."""

    spans: Rectangle | None = None
    covers: Rectangle | None = None
    box: tuple[int, int, int, int] | None = None
    is_flat: bool = False


def _place(sheet: Sheet, anchor: _Element) -> _Place:
    """Return where an anchor puts what it holds."""
    if anchor.find("{*}from/{*}x") is not None:
        return _place_in_chart(anchor)
    extent = anchor.find("{*}ext")
    size = [int(extent.get(name, "0")) for name in ("cx", "cy")] if extent is not None else None
    is_flat = size is not None and min(size) < _SEEN_FROM
    begin = _corner(anchor.find("{*}from"))
    if begin is None and (at := anchor.find("{*}pos")) is not None:
        begin = _reached(sheet, _Corner(0, 0, 0, 0), [int(at.get(name, "0")) for name in ("x", "y")])
    if begin is None:
        return _Place(is_flat=is_flat)
    end = _corner(anchor.find("{*}to"))
    if end is None and size is not None:
        end = _reached(sheet, begin, size)
    if end is None:
        return _Place(spans=Rectangle(row=begin.row, column=begin.column))
    across, down = end.column - begin.column, end.row - begin.row
    is_flat = is_flat or (across <= 0 and end.right - begin.right < _SEEN_FROM)
    is_flat = is_flat or (down <= 0 and end.below - begin.below < _SEEN_FROM)
    first = (begin.row + (begin.below > _SEEN_FROM), begin.column + (begin.right > _SEEN_FROM))
    last = (end.row - 1, end.column - 1)
    furthest = (max(begin.row, end.row), max(begin.column, end.column))
    return _Place(
        spans=Rectangle.between((begin.row, begin.column), furthest),
        covers=Rectangle.between(first, last) if last[0] >= first[0] and last[1] >= first[1] else None,
        box=(*_point(sheet, begin), *_point(sheet, end)),
        is_flat=is_flat,
    )


def _place_in_chart(anchor: _Element) -> _Place:
    """Return whether what lies over a chart is flat: its corners are shares of the chart, or it has a size."""
    ends = [[float(each.text or 0) for each in corner] for corner in anchor.iterfind("{*}from")]
    ends += [[float(each.text or 0) for each in corner] for corner in anchor.iterfind("{*}to")]
    extent = anchor.find("{*}ext")
    if extent is not None:
        return _Place(is_flat=min(int(extent.get(name, "0")) for name in ("cx", "cy")) < _SEEN_FROM)
    begin, end = (ends + [[0.0, 0.0]] * 2)[:2]
    return _Place(is_flat=any(abs(there - here) < _SEEN_SHARE for here, there in zip(begin, end, strict=False)))


class _Corner(NamedTuple):
    """A corner of something: the cell that it is in, and how far below and right of the cell's beginning."""

    row: int
    below: int
    column: int
    right: int


def _corner(element: _Element | None) -> _Corner | None:
    if element is None:
        return None
    counted = {each.tag.rpartition("}")[2]: int(each.text or 0) for each in element}
    return _Corner(counted.get("row", 0), counted.get("rowOff", 0), counted.get("col", 0), counted.get("colOff", 0))


def _point(sheet: Sheet, corner: _Corner) -> tuple[int, int]:
    """Return how far a corner is from the left and from the top, in English metric units."""
    width: float = corner.column * _USUAL_WIDTH
    width += sum(each - _USUAL_WIDTH for column, each in sheet.widths.items() if column < corner.column)
    height: float = corner.row * _USUAL_HEIGHT
    height += sum(each - _USUAL_HEIGHT for row, each in sheet.heights.items() if row < corner.row)
    return int(width * _CHARACTER) + corner.right, int(height * _POINT) + corner.below


def _reached(sheet: Sheet, begin: _Corner, size: list[int]) -> _Corner:
    """Return the corner that something of a size reaches, by the worksheet's widths and heights."""
    column, right = begin.column, begin.right + size[0]
    while right > (width := int(_CHARACTER * sheet.widths.get(column, _USUAL_WIDTH))) and column < LAST_COLUMN:
        column, right = column + 1, right - width
    row, below = begin.row, begin.below + size[1]
    while below > (height := int(_POINT * sheet.heights.get(row, _USUAL_HEIGHT))) and row < begin.row + _ROWS_LOOKED_AT:
        row, below = row + 1, below - height
    return _Corner(row, below, column, right)


def _is_transparent(picture: _Element) -> bool:
    """Return whether everything can be seen through a picture, or it is made as good as white or black."""
    washed_out = (abs(_thousandths(each.get("bright", "0"))) for each in picture.iter("{*}lum"))
    faint = (_thousandths(each.get("amt", "100000")) for each in picture.iter("{*}alphaModFix"))
    return any(each > _WASHED_OUT for each in washed_out) or any(each < _TRANSPARENT for each in faint)


def _thousandths(share: str) -> float:
    """Return a share in thousandths of a hundredth: strict workbooks have hundredths, with their sign."""
    return 1_000 * float(share.removesuffix("%")) if share.endswith("%") else float(share)


def _is_cropped(picture: _Element) -> bool:
    return any(int(each.get(side, "0")) > 0 for each in picture.iter("{*}srcRect") for side in "ltrb")


def _is_overfull(shape: _Element, box: tuple[int, int, int, int]) -> bool:
    """Return whether a shape has far more text than it has room for, or holds its text away from itself."""
    body = shape.find("{*}txBody/{*}bodyPr")
    if body is None or body.find("{*}spAutoFit") is not None:
        return False
    width, height = box[2] - box[0], box[3] - box[1]
    insets = {
        side: int(body.get(side, "0")) for side in ("lIns", "tIns", "rIns", "bIns") if body.get(side, "0").isdigit()
    }
    if insets.get("lIns", 0) + insets.get("rIns", 0) > width or insets.get("tIns", 0) + insets.get("bIns", 0) > height:
        return True
    taken = 0.0
    for run in shape.iter("{*}r", "{*}fld"):
        font, text = run.find("{*}rPr"), run.find("{*}t")
        points = int(font.get("sz", "1100")) / 100 if font is not None else 11
        taken += len((text.text or "").strip() if text is not None else "") * _LETTER * (points * _POINT) ** 2
    return taken > _OVERFULL * max(1, width) * max(1, height)


def _is_small(box: tuple[int, int, int, int] | None) -> bool:
    """Return whether nothing in a chart can be read."""
    return box is not None and min(box[2] - box[0], box[3] - box[1]) < _READ_FROM


def _is_line(shape: _Element) -> bool:
    geometry = shape.find("{*}spPr/{*}prstGeom")
    return geometry is not None and geometry.get("prst") in {"line", "straightConnector1"}


def _is_filled(shape: _Element) -> bool:
    """Return whether nothing can be seen through a shape; one that leaves its fill to a style is taken to be filled."""
    own = shape.find("{*}spPr")
    return own is None or own.find("{*}noFill") is None


def _looks_in_chart(chart: _Element, palette: list[str]) -> Iterator[Look]:
    """Yield the look of each text of a chart that lies on the chart's own ground."""
    own = chart.find("{*}spPr")
    plain = own.find("{*}solidFill") if own is not None else None
    fill = colour_of(plain, palette) if plain is not None else "FFFFFF"
    if own is not None and plain is None and own.find("{*}noFill") is None and len(own):
        fill = None if own.find("{*}gradFill") is not None or own.find("{*}blipFill") is not None else fill
    for font in chart.iter("{*}rPr", "{*}defRPr"):
        if not any(each.tag.endswith(("}dLbls", "}dLbl")) for each in font.iterancestors()):
            yield Look(ink=ink_of(font, fill, palette), fill=fill, points=int(font.get("sz", "1000")) / 100)


def _looks(shape: _Element, palette: list[str]) -> Iterator[Look]:
    """Yield the look of each text in a shape, on the shape's own fill."""
    own = shape.find("{*}spPr/{*}solidFill")
    fill = colour_of(own, palette) if own is not None else None
    fill = fill if own is not None or _is_filled(shape) else "FFFFFF"
    for run in shape.iter("{*}r", "{*}fld"):
        text, font = run.find("{*}t"), run.find("{*}rPr")
        if text is not None and (text.text or "").strip() and font is not None:
            yield Look(
                ink=ink_of(font, fill, palette),
                fill=fill,
                points=int(font.get("sz", "1100")) / 100,
            )


def _caches(chart: _Element) -> Iterator[Cached]:
    """Yield every reference of a chart with the points that are kept for it, and points that are kept for none."""
    for reference in chart.iter("{*}numRef", "{*}strRef", "{*}multiLvlStrRef", "{*}datalabelsRange"):
        formula = reference.find("{*}f")
        refers_to = unescaped(formula.text or "") if formula is not None else ""
        for cache in reference.iterfind("{*}numCache"):
            yield _cached(refers_to, cache)
        for cache in (*reference.iterfind("{*}strCache"), *reference.iterfind("{*}dlblRangeCache")):
            yield _cached(refers_to, cache)
        for cache in reference.iterfind("{*}multiLvlStrCache"):
            plain = _cached(refers_to, cache)
            levels = tuple(_value(each) for each in cache.iterfind("{*}lvl/{*}pt"))
            yield Cached(refers_to=refers_to, count=plain.count, points={}, unplaced=levels)
    for literal in chart.iter("{*}numLit", "{*}strLit"):
        yield _cached("", literal)
    for dimension in chart.iter("{*}strDim", "{*}numDim"):
        formula = dimension.find("{*}f")
        labels = tuple(each.text or "" for each in dimension.iterfind("{*}lvl/{*}pt"))
        refers_to = unescaped(formula.text or "") if formula is not None else ""
        yield Cached(refers_to=refers_to, count=0, points={}, unplaced=labels)


def _cached(refers_to: str, cache: _Element) -> Cached:
    count = cache.find("{*}ptCount")
    return Cached(
        refers_to=refers_to,
        count=int(count.get("val", "0")) if count is not None else 0,
        points={int(each.get("idx", "-1")): _value(each) for each in cache.iterfind("{*}pt")},
    )


def _value(point: _Element) -> str:
    value = point[0] if len(point) == 1 and point[0].tag == _V else point.find("{*}v")
    return unescaped(value.text or "") if value is not None else ""


def cells_of(refers_to: str) -> tuple[Rectangle, ...]:
    """Return the blocks of cells that a chart's reference names; several are in brackets, with commas between.

    Whole rows and columns do not count: nearly all of their cells are empty, and a chart might keep a text for each.
    """
    found = (block(each) for each in refers_to.strip("()").split(","))
    return tuple(each for each in found if each and each.rows < ROWS and each.columns < COLUMNS)
