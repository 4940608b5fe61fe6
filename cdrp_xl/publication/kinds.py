"""What a part of a package is, by its name, its content type and the relationships that lead to it.

The kinds that a partners' copy may have are a list; the others either have a rule of their own or are unknown, and
what is unknown is found too.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cdrp_xl.publication import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

ALLOWED = frozenset(
    {
        "content types",
        "relationships",
        "workbook",
        "worksheet",
        "chart sheet",
        "styles",
        "theme",
        "shared strings",
        "calculation chain",
        "binary index",
        "metadata of cells",
        "table",
        "drawing",
        "chart",
        "chart style",
        "picture",
        "core properties",
        "extended properties",
        "mimetype",
        "content",
        "document styles",
        "settings",
        "manifest",
        "data description",
        "data table",
        "document",
        "header or footer",
        "numbering",
        "font table",
        "web settings",
        "notes of a document",
    }
)
"""Of these a form of file has those that `kind_of` knows in it: a document has no worksheets."""

_WITH_A_RULE = (
    ("thumbnail", r"thumbnail"),
    ("pivot cache", r"pivotcache"),
    ("pivot table", r"pivottable"),
    ("slicer", r"slicer|timeline"),
    ("external link", r"externallink"),
    ("query table", r"querytable"),
    ("connections", r"connections"),
    ("data model", r"xl/model/|powerpivot|datamodel|datamashup"),
    ("macros", r"vbaproject|vbadata|wordvba|attachedtoolbars"),
    ("macro sheet", r"macrosheet|intlmacrosheet"),
    ("dialog sheet", r"dialogsheet"),
    ("form control", r"ctrlprop|controlproperties"),
    ("ActiveX control", r"activex"),
    ("embedded file", r"xl/embeddings/|oleobject|relationships/package\b|embeddedpackage"),
    ("threaded comments", r"threadedcomment"),
    ("persons", r"persons?/person|relationships/(person|people)|\.person\+xml"),
    ("comments", r"relationships/comments|xl/comments|\.comments\+xml|vnd\.ms-excel\.comments"),
    ("custom XML", r"customxml"),
    ("custom properties", r"custom-?properties|docprops/custom|customproperty"),
    ("printer settings", r"printersettings"),
    ("legacy drawing", r"vmldrawing"),
    ("revisions", r"revision|usernames"),
    ("ribbon", r"customui|userCustomization"),
    ("web extension", r"webextension|taskpanes"),
    ("XML map", r"xmlmaps|tablesinglecells"),
    ("live data", r"volatiledependenc"),
    ("sensitivity label", r"classificationlabels|docmetadata/labelinfo"),
)
_ORDINARY = (
    ("content types", r"^\[content_types\]\.xml "),
    ("relationships", r"\.rels "),
    ("chart sheet", r"relationships/chartsheet"),
    ("worksheet", r"relationships/worksheet|\.worksheet\+xml|vnd\.ms-excel\.worksheet"),
    ("binary index", r"binindexws"),
    (
        "metadata of cells",
        r"relationships/(sheetmetadata|featurepropertybag|richvaluerel|rdrichvalue(structure|types)?) ",
    ),
    ("shared strings", r"relationships/sharedstrings"),
    ("styles", r"relationships/styles"),
    ("calculation chain", r"relationships/calcchain"),
    ("theme", r"relationships/theme|\.theme\+xml"),
    ("table", r"relationships/table\b"),
    ("chart style", r"relationships/chart(style|colorstyle)"),
    ("chart", r"relationships/chart\b|relationships/chartex\b"),
    ("drawing", r"relationships/(drawing|chartusershapes)\b"),
    ("picture", r"relationships/image\b"),
    ("core properties", r"core-?properties"),
    ("extended properties", r"extended-?properties"),
    ("workbook", r"relationships/officedocument"),
)
_OF_WORD = (
    *(
        line
        for line in _ORDINARY
        if line[0] in {"content types", "relationships", "styles", "theme", "chart style", "chart"}
    ),
    *(line for line in _ORDINARY if line[0] in {"picture", "core properties", "extended properties"}),
    ("header or footer", r"relationships/(header|footer)\b"),
    ("numbering", r"relationships/numbering\b"),
    ("font table", r"relationships/fonttable\b"),
    ("web settings", r"relationships/websettings\b"),
    ("settings", r"relationships/settings\b"),
    ("notes of a document", r"relationships/(footnotes|endnotes)\b"),
    ("document", r"relationships/officedocument"),
)


def _compiled(patterns: Iterable[tuple[str, str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in (*_WITH_A_RULE, *patterns))


_OF_WORKBOOKS, _OF_DOCUMENTS_OF_WORD = _compiled(_ORDINARY), _compiled(_OF_WORD)
_ANY_WITH_A_RULE = re.compile("|".join(pattern for _, pattern in _WITH_A_RULE), re.IGNORECASE)

UNKNOWN = "unknown"
DANGEROUS_TYPES = re.compile(r"macroenabled|template|addin", re.IGNORECASE)

_XML = re.compile(r"(\+|/)xml$", re.IGNORECASE)
_OF_DOCUMENTS = re.compile(
    r"urn:oasis:names:tc:opendocument:xmlns:[a-z-]{2,20}:(xsl-fo-compatible:|svg-compatible:|smil-compatible:)?1\.[0-3]"
    r"|urn:oasis:names:tc:opendocument:xmlns:[a-z-]{2,20}:1\.0|urn:org:documentfoundation:names:experimental:[a-z-]{2,20}"
    r":xmlns:[a-z]{2,8}:1\.0|urn:openoffice:names:experimental:[a-z-]{2,20}:xmlns:[a-z]{2,8}:1\.0"
    r"|http://openoffice\.org/\d{4}/(office|writer|calc|draw|drawing|table|chart|report|presentation|script|extensions)"
    r"|http://www\.w3\.org/(1999/(xlink|xhtml)|1998/Math/MathML|2002/xforms|2001/(XMLSchema|xml-events|XMLSchema-instance)"
    r"|2003/g/data-view#|TR/css3-text/|1999/02/22-rdf-syntax-ns#|XML/1998/namespace)"
    r"|http://docs\.oasis-open\.org/ns/office/1\.2/meta/(pkg|odf)#|http://purl\.org/dc/elements/1\.1/"
)
"""The namespaces that OpenDocument spreadsheets are written in or declare."""

_HOSTS = re.compile(r"https?://(schemas\.(microsoft\.com|openxmlformats\.org)|purl\.oclc\.org)/")
_USUAL_PREFIX, _LONG_PREFIXES = (
    6,
    frozenset(["calcext", "manifest", "dcmitype", "presentation", "tableooo", "drawooo", "fieldooo", "mediatype"]),
)

EXTENSIONS = {
    "{78c0d931-6437-407d-a8ee-f0aad7539e65}": "conditional formats",
    "{ccE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}": "data validation",
    "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}": "sparklines",
    "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}": "identity of a conditional format",
    "{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}": "slicer styles",
    "{9260A510-F301-46a8-8635-F512D64BE5F5}": "timeline styles",
    "{140A7094-0E35-4892-8432-C4D2E57EDEB5}": "what Excel 2013 adds to a workbook",
    "{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}": "how a calculation is done",
    "{05A4C25C-085E-4340-85A3-A5531E510DB2}": "theme family",
    "{7626C862-2A13-11E5-B345-FEFF819CDC9F}": "how LibreOffice reads references",
    "{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}": "identity of a drawing",
    "{C3380CC4-5D6E-409C-BE32-E72D297353CC}": "identity of a chart's series",
    "{02D57815-91ED-43cb-92C2-25804820EDAC}": "labels from cells",
    "{CE6537A1-D6FC-4f65-9D91-7224C49458BB}": "layout of a label",
    "{6F2FDCE9-48DA-4B69-8628-5D25D57E5C99}": "inverted colours of a series",
    "{16AAC0B3-B8A8-4B9E-A4D7-C1D6B4E4E2C5}": "identity of a chart's axis",
    "{28A0092B-C50C-407E-A947-70E740481C1C}": "resolution of a picture",
    "{0CC94AF8-4CF1-4DA6-A2B4-4D9A6BB3D0B4}": "no fill of a picture",
    "{53640926-AAD7-44D8-BBD7-CCE9431645EC}": "shadow kept by a shape",
    "{909E8E84-426E-40DD-AFC4-6F175D3DCCD1}": "fill kept by a shape",
    "{91240B29-F687-4F45-9708-019B960494DF}": "line kept by a shape",
    "{AF507438-7753-43E0-B8FC-AC1667EBCBE1}": "effects kept by a shape",
    "{C183D7F6-B498-43B3-948B-1728B52AA6E4}": "decorative picture",
    "{63B3BB69-23CF-44E3-9099-C40C66FF867C}": "look of an old object",
    "{504A1905-F514-4f6f-8877-14C23A59335A}": "alternative text of a table",
    "{0605FD5F-26C8-4aeb-8148-2DB25E43C511}": "filled-down formulas",
    "{64002731-A6B0-56B0-2670-7721B7C09600}": "Mac view",
    "{D14903EA-33C4-47F7-8F05-3474C54BE107}": "which version of Excel the workbook calculates as",
    "{7523E5D3-25F3-A5E0-1632-64F254C22452}": "which Excel on the Mac wrote the workbook",
    "{79F54976-1DA5-4618-B147-4CDE4B953A38}": "resolution of new pictures",
    "{F057638F-6D5F-4e77-A914-E7F072B9BCA8}": "who may change ranges",
    "{86B05808-5C9B-4E3D-84F3-5C6AE47BC5F2}": "what Excel 2016 adds to a chart",
    "{56B9EC1D-385E-4148-901F-78D8002777C0}": "whether a chart draws #N/A as a gap",
    "{C7286773-470A-42A8-94C5-96B5CB345126}": "tick boxes",
    "{0417FA29-78FA-4A13-93AC-8FF0FAFDF519}": "tick boxes of a conditional format",
    "{3E2802C4-A4D2-4D8B-9148-E3BE6C30E623}": "pictures in cells",
    "{BDBB8CDC-FA1E-496E-A857-3C3F30C029C3}": "how far a formula's values go",
    "{C807C97D-BFC1-408E-A445-0C87EB9F89A2}": "sketched lines of a shape",
    "{96DAC541-7B7A-43D3-8B79-37D633B846F1}": "a picture as lines, beside the same as points",
}
_EXTENSIONS = frozenset(uri.casefold() for uri in EXTENSIONS)


@functools.lru_cache(maxsize=5_000)  # the copies of one run have parts of the same names
def kind_of(part: str, content_type: str, led_to_by: str, *, of_word: bool = False) -> str:
    """Return what a part is; `led_to_by` has the kinds of the relationships that lead to it, between spaces."""
    described = f"{part} {content_type} {led_to_by} "
    known = _OF_DOCUMENTS_OF_WORD if of_word else _OF_WORKBOOKS
    patterns = known if _ANY_WITH_A_RULE.search(described) else known[len(_WITH_A_RULE) :]
    return next((kind for kind, pattern in patterns if pattern.search(described)), UNKNOWN)


def is_xml(part: str, content_type: str) -> bool:
    """Return whether a part says, by content type or name, that it is XML."""
    return bool(_XML.search(content_type)) or part.lower().endswith((".xml", ".rels", ".vml"))


def is_known_namespace(namespace: str) -> bool:
    """Return whether a namespace is one that programs write workbooks in, or may be made of words of such alone.

    Programs declare more than they write in, and new versions declare what no list has yet; what is written in a
    language that is on no list is found where it is.
    """
    if namespace in schema.namespaces() or _OF_DOCUMENTS.fullmatch(namespace):
        return True
    host = _HOSTS.match(namespace)
    pieces = re.split(r"[/.]", namespace[host.end() :]) if host else [" "]
    return all(piece in _pieces() or (piece.isdigit() and len(piece) <= len("2031")) for piece in pieces)


@functools.cache
def _pieces() -> frozenset[str]:
    """Return the pieces of which published namespaces are made."""
    hosts = ((known, _HOSTS.match(known)) for known in schema.namespaces())
    return frozenset(piece for known, host in hosts if host for piece in re.split(r"[/.]", known[host.end() :]))


def is_usual_prefix(prefix: str) -> bool:
    """Return whether a prefix of a namespace is too short to hold words, or one that programs use."""
    return len(prefix) <= _USUAL_PREFIX or prefix in schema.prefixes() or prefix in _LONG_PREFIXES


def is_known_extension(uri: str) -> bool:
    """Return whether an extension of the format is one that holds nothing but how things look."""
    return uri.casefold() in _EXTENSIONS
