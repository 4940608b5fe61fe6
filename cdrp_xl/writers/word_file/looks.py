"""The document that a report is written into: of a council's own template what is for show, or a plain one of ours.

Of a template are taken its styles, its headers and footers with their pictures, its numbering, its theme and its
margins. Nothing else is: not its text, its properties, its macros, its comments, or what it was merged from.
"""

from __future__ import annotations

import copy
import importlib.resources
import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdrp_xl import damage
from cdrp_xl.errors import FileError
from cdrp_xl.packages import TYPES, Parts
from cdrp_xl.styles import BLUE
from cdrp_xl.writers.language import ENGLISH
from cdrp_xl.writers.word_file import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document
    from docx.opc.rel import Relationships
    from lxml.etree import _Element

    from cdrp_xl.sheets import Properties

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

_W = f"{{{W}}}"
_TEMPLATE = DOCUMENT.replace("document.main", "template.main")
_REFERENCES = (f"{_W}headerReference", f"{_W}footerReference")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FOR_SHOW = frozenset({"styles", "settings", "numbering", "theme"})
_FILE_RELATIONS = frozenset({"officeDocument"})
_SETTINGS = frozenset(
    {
        *("zoom", "mirrorMargins", "displayBackgroundShape", "gutterAtTop", "evenAndOddHeaders", "defaultTabStop"),
        *("autoHyphenation", "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps"),
        *("characterSpacingControl", "compat", "clrSchemeMapping", "decimalSymbol", "listSeparator"),
    }
)
"""Settings of how a document looks; the others say how it was worked on, by whom, and what it was merged from."""

_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
)
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_SECTION = (
    '<w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1021" w:bottom="1021" w:left="1021" w:header="567"'
    ' w:footer="567" w:gutter="0"/>'
)
_PLAIN_SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/></w:compat><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
)
_ON = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can give its files: when they are packed is nobody's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A document or template of Word, and its name for messages."""

    name: str
    content: bytes = field(repr=False)


def opened(template: Template | None, properties: Properties) -> Document:
    """Return an empty document with what is for show of a template; one that has no template has our own headers.

    Parameters
    ----------
    template
        The template, None where the document is plain.
    properties
        What the document says about itself.

    Raises
    ------
    FileError
        If the template is not a document or template of Word, or is one with macros.
    """
    import docx

    name = template.name if template else ""
    content = _as_document(template) if template else _plain(properties)
    wrong = FileError(
        f"The template {name} is not a Word document (.docx, .dotx), or it is damaged.",
        where=name,
        remedy="Open it in Word, save it as a Word document (.docx), and name that in report.word_template.",
    )
    with damage.reported(name, lambda _: wrong):
        document = docx.Document(io.BytesIO(content))
        _keep_what_is_for_show(document)
        _add_styles(document.styles.element, properties.accent)
        _say(document, properties)
    return document


def style_ids(document: Document) -> Mapping[str, str]:
    """Return the ids of a document's styles by their names; "heading 1" is that in every language of Word."""
    styles = document.styles.element.iterfind(f"{_W}style")
    return {_called(style): str(style.get(f"{_W}styleId")) for style in styles}


def saved(document: Document) -> bytes:
    """Return a document as a file: its parts in the order in which python-docx writes them, without times."""
    written, content = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    _pack(parts, content)
    return content.getvalue()


def _pack(parts: Mapping[str, bytes], content: io.BytesIO) -> None:
    with zipfile.ZipFile(content, "w") as archive:
        for name, held in parts.items():
            entry = zipfile.ZipInfo(name, date_time=_ON)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, held, compress_type=zipfile.ZIP_DEFLATED)


def _as_document(template: Template) -> bytes:
    """Return a template as a document: what Word saves as a template (.dotx) differs in its content type alone."""
    parts = Parts(template.content, name=template.name)
    parts.replace(TYPES, parts.content_of(TYPES).replace(_TEMPLATE.encode(), DOCUMENT.encode()))
    return parts.content()


def _plain(properties: Properties) -> bytes:
    """Return our own template: A4 upright, the title above each page, the marking and the page's number below it."""
    marking = texts.run(f"{properties.marking}, ") if properties.marking else ""
    page = f"{texts.run('page ')}{texts.field('PAGE', '1')}{texts.run(' of ')}{texts.field('NUMPAGES', '1')}"
    parts = {
        "document": _root("document", f"<w:body><w:sectPr>{_SECTION}</w:sectPr></w:body>"),
        "styles": _own_styles(properties.accent),
        "settings": _root("settings", _PLAIN_SETTINGS),
        "header": _root("hdr", texts.paragraph(properties.title, "Header")),
        "footer": _root("ftr", f'<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{marking}{page}</w:p>'),
    }
    types = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_content_type(name)}"/>' for name in parts)
    led_to = "".join(_relation(f"rId{number}", name, f"{name}.xml") for number, name in enumerate(list(parts)[1:], 1))
    content = io.BytesIO()
    _pack(
        {
            TYPES: _CONTENT_TYPES.format(parts=types).encode(),
            "_rels/.rels": _RELATIONS.format(_relation("rId1", "officeDocument", "word/document.xml")).encode(),
            "word/_rels/document.xml.rels": _RELATIONS.format(led_to).encode(),
            **{f"word/{name}.xml": part for name, part in parts.items()},
        },
        content,
    )
    return content.getvalue()


def _root(tag: str, inside: str) -> bytes:
    return f'<w:{tag} xmlns:w="{W}" xmlns:r="{RELATIONS}">{inside}</w:{tag}>'.encode()


def _relation(relation_id: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{relation_id}" Type="{RELATIONS}/{kind}" Target="{target}"/>'


def _content_type(name: str) -> str:
    return DOCUMENT if name == "document" else DOCUMENT.replace("document.main", name)


def _own_styles(accent: str) -> bytes:
    """Return our styles, titles and rules in the accent."""
    ours = importlib.resources.files("cdrp_xl").joinpath("writers", "word_file", "styles.xml").read_bytes()
    return ours.replace(_bare(BLUE), _bare(accent))


def _bare(colour: str) -> bytes:
    return colour.removeprefix("#").upper().encode()


def _keep_what_is_for_show(document: Document) -> None:
    """Take out of a document all but what is for show: what is on no list goes."""
    body = document.element.body
    for child in list(body)[:-1]:
        body.remove(child)
    shown = {each.get(f"{{{RELATIONS}}}id") for each in body.iter(*_REFERENCES)}
    _keep_relations(document.part.package.rels, _FILE_RELATIONS, set())
    _keep_relations(document.part.rels, _FOR_SHOW, shown)
    for relation in document.part.rels.values():
        if relation.rId in shown:
            for fallback in list(relation.target_part.element.iter(_FALLBACK)):
                fallback.getparent().remove(fallback)
    settings = document.settings.element
    document.part._settings_part.rels.clear()  # noqa: SLF001 - there is no other way to the part
    for each in list(settings):
        if str(each.tag).removeprefix(_W) not in _SETTINGS:
            settings.remove(each)


def _keep_relations(relations: Relationships, kinds: frozenset[str], ids: set[str | None]) -> None:
    for relation in list(relations.values()):
        kind = relation.reltype.removeprefix(f"{RELATIONS}/")
        if kind not in kinds and relation.rId not in ids:
            del relations[relation.rId]


def _add_styles(styles: _Element, accent: str) -> None:
    """Add those of our styles that a template lacks, and say that its words are English."""
    from docx.oxml import parse_xml

    for latent in styles.findall(f"{_W}latentStyles"):
        styles.remove(latent)
    ids = {_called(style): str(style.get(f"{_W}styleId")) for style in styles.iterfind(f"{_W}style")}
    own = parse_xml(_own_styles(accent))
    our_ids = {str(style.get(f"{_W}styleId")): _called(style) for style in own.iterfind(f"{_W}style")}
    for style in own.iterfind(f"{_W}style"):
        if _called(style) in ids:
            continue
        added = copy.deepcopy(style)
        added.attrib.pop(f"{_W}default", None)
        for name in ("basedOn", "next"):
            for other in added.findall(f"{_W}{name}"):
                called = our_ids[str(other.get(f"{_W}val"))]
                other.set(f"{_W}val", ids.get(called, str(other.get(f"{_W}val"))))
        ids[_called(style)] = str(style.get(f"{_W}styleId"))
        styles.append(added)
    for language in styles.iterfind(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang"):
        language.set(f"{_W}val", ENGLISH)


def _called(style: _Element) -> str:
    """Return a style's name as it is looked for: programs differ in the case of letters of those that they have."""
    name = style.find(f"{_W}name")
    called = "" if name is None else str(name.get(f"{_W}val"))
    return called if called.startswith("Report ") else _NAMES.get(called.casefold(), called)


_NAMES = {name.casefold(): name for name in ("Normal", "Title", "heading 1", "heading 2", "caption", "Hyperlink")}


def _say(document: Document, properties: Properties) -> None:
    """Say what the document is, in its properties."""
    import datetime as dt

    said = document.core_properties
    said.title, said.subject, said.language = properties.title, properties.subject, ENGLISH
    said.author = said.last_modified_by = properties.author
    said.content_status = properties.marking
    said.created = said.modified = dt.datetime.combine(properties.date, dt.time())
    said.revision = 1
