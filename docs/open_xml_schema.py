"""Write what may be in a part of Office Open XML, for the publication check, from the Open XML SDK's own schema data.

Run it with the folder `data` of the SDK's repository: ``python docs/open_xml_schema.py FOLDER``. Of its types those are
taken to which the parts of a workbook for reading lead, and beside them those of a document. What the SDK leaves to
others (content types, relationships, core properties) is written here by hand, from ECMA-376 part 2.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[1] / "cdrp_xl" / "publication"
PLACE, WORD_PLACE = FOLDER / "open_xml_schema.txt", FOLDER / "word_schema.txt"
NOTICE = """\
# What may be in a part of Office Open XML, written by docs/open_xml_schema.py.
# From the Open XML SDK's schema data, Copyright (c) .NET Foundation and Contributors, MIT licence:
# https://github.com/dotnet/Open-XML-SDK/blob/main/LICENSE
"""
ROOTS = [
    "x:CT_Worksheet/x:worksheet",
    "x:CT_Metadata/x:metadata",
    "x:CT_Chartsheet/x:chartsheet",
    "x:CT_Workbook/x:workbook",
    "x:CT_Stylesheet/x:styleSheet",
    "x:CT_Sst/x:sst",
    "x:CT_CalcChain/x:calcChain",
    "x:CT_Table/x:table",
    "xdr:CT_Drawing/xdr:wsDr",
    "c:CT_ChartSpace/c:chartSpace",
    "cdr:CT_Drawing/c:userShapes",
    "cs:CT_ChartStyle/cs:chartStyle",
    "cs:CT_ColorStyle/cs:colorStyle",
    "a:CT_OfficeStyleSheet/a:theme",
    "a:CT_BaseStylesOverride/a:themeOverride",
    "cx:CT_ChartSpace/cx:chartSpace",
    "ap:CT_Properties/ap:Properties",
    "clbl:CT_ClassificationLabelList/clbl:labelList",
    "xfpb:CT_FeaturePropertyBags/xfpb:FeaturePropertyBags",
    "xlrd:CT_RichValueData/xlrd:rvData",
    "xlrd:CT_RichValueStructures/xlrd:rvStructures",
    "xlrd2:CT_RichValueTypesInfo/xlrd2:rvTypesInfo",
    "xlrvrel:CT_RichValueRels/xlrvrel:richValueRels",
    "ct:Types/ct:Types",
    "rel:Relationships/rel:Relationships",
    "cp:CT_CoreProperties/cp:coreProperties",
]
WORD_ROOTS = [
    "w:CT_Document/w:document",
    "w:CT_Styles/w:styles",
    "w:CT_Settings/w:settings",
    "w:CT_Numbering/w:numbering",
    "w:CT_HdrFtr/w:hdr",
    "w:CT_HdrFtr/w:ftr",
    "w:CT_FontsList/w:fonts",
    "w:CT_WebSettings/w:webSettings",
    "w:CT_Footnotes/w:footnotes",
    "w:CT_Endnotes/w:endnotes",
]
EXTENSIONS = [
    "a14:CT_UseLocalDpi/a14:useLocalDpi",
    "a14:CT_CompatExt/a14:compatExt",
    "a16:CT_CreationId/a16:creationId",
    "adec:CT_Decorative/adec:decorative",
    "asvg:CT_SVGBlip/asvg:svgBlip",
    "ask:CT_LineSketchStyleProperties/ask:lineSketchStyleProps",
    "thm15:CT_ThemeFamily/thm15:themeFamily",
    "ahyp:CT_HyperlinkColor/ahyp:hlinkClr",
    "xcalcf:CT_CalcFeatures/xcalcf:calcFeatures",
    "xfpb:CT_XfComplement/xfpb:xfComplement",
    "xfpb:CT_DXFComplement/xfpb:DXFComplement",
    "xlrd:CT_RichValueBlock/xlrd:rvb",
    "xda:CT_DynamicArrayProperties/xda:dynamicArrayProperties",
    "c16r3:CT_DataDisplayOptions16/c16r3:dataDisplayOptions16",
    "loxl:CT_ExtCalcPr/loxl:extCalcPr",
    "mx:CT_ArchID/mx:ArchID",
    "mx:CT_PLV/mx:PLV",
]
"""What programs put into the extensions of drawings and charts, of which the SDK says that they may hold anything."""

_KEPT = re.compile(
    r"(a|a14|a16|adec|ahyp|ap|ask|asvg|c|c14|c15|c16|c16r3|cdr|cdr14|clbl|cs|cx|pic|thm15|vt|x|x14|x15|x15ac|xcalcf|xdr|xm"
    r"|xda|xfpb|xlrd|xlrd2|xlrvrel|xlwcv|xne|xr|xsd):"
)
"""The languages that a partners' copy may be written in; not, for example, VML, ink, or those of Word."""

_OF_WORD = re.compile(r"(m|o|v|w|w14|w15|w16\w*|wp|wp14|wpg|wps):")
"""The languages that documents are written in beside these; not, for example, ink, or VML but in settings."""

_OF_PIVOTS = re.compile(
    r":(pivot|slicer(?!Styles)|timeline(?!Styles)|cached?|calculated|connection|queryTable|dataField|movingPeriod|dataModel|webExt)",
    re.IGNORECASE,
)
"""Extensions of parts that a partners' copy may not have at all."""

MORE = Path(__file__).with_suffix(".txt")
"""Types that the SDK has no schema for, such as content types and core properties, or not what programs write."""

_UNWANTED = re.compile(
    r"x:(dataRefs|protectedRanges|webPublish(Items|Objects)|picture|cellWatches|drawingHF|functionGroups|oleSize"
    r"|smartTag\w*|mdxMetadata|metadataStrings)|x14:protectedRanges|a:snd|c:externalData|cx:externalData"
)
"""What no workbook for reading needs, though the format has a place for it: sources, accounts, cubes, files."""

_UNWANTED_IN_WORD = re.compile(
    r"w:(altChunk|attachedSchema|contentPart|control|customXml(?!Ins|Del|Move)\w*|dataBinding|docVars|ffData|mailMerge"
    r"|movie|object|pict|saveThroughXslt|smartTag|subDoc)|sl:schemaLibrary|w15:dataBinding"
)
"""What no document for reading needs: files and data within it, sources, and what programs of others put there."""

_NUMBERS = re.compile(
    r"(U?Int(eger)?\d*|S?Byte|Double|Decimal|Single)Value|xsd:(int|integer|unsigned\w+|nonNegative\w+|double|float|byte"
    r"|short|long|decimal)|(a|cdr|xdr):ST_(Coordinate|MarkerCoordinate|ColID|RowID)"
)
_OTHERS = (
    ("boolean", re.compile(r"BooleanValue|TrueFalse(Blank)?Value|OnOffValue|xsd:boolean")),
    ("hex", re.compile(r"HexBinaryValue")),
    ("base64", re.compile(r"Base64BinaryValue|xsd:base64Binary")),
    ("date", re.compile(r"DateTimeValue|xsd:dateTime")),
    ("number", _NUMBERS),
)
_GUID, _LIST, _ENUM = (
    re.compile(r"\[0-9A-Fa-f-]+\]\{8\}|\[a-fA-F0-9\]\{8\}"),
    re.compile(r"ListValue<(.+)>"),
    re.compile(r"(\w+)>+$"),
)


class Schemas:
    """The SDK's types by their names, with what they inherit, and the values of its enumerations."""

    def __init__(self, folder: Path) -> None:
        self._types: dict[str, tuple[str, dict[str, Any]]] = {}
        self._classes: dict[tuple[str, str], dict[str, Any]] = {}
        self._enums: dict[str, dict[str, list[str]]] = {}
        lines = [line.split("\t") for line in MORE.read_text("utf-8").splitlines() if not line.startswith("#")]
        self.spaces = {fields[1]: fields[2] for fields in lines if fields[0] == "namespace"}
        self.by_hand = {fields[1]: fields[2:] for fields in lines if fields[0] == "type"}
        self._more = {fields[1]: fields[3] for fields in lines if fields[0] == "more"}
        for path in sorted((folder / "schemas").glob("*.json")):
            schema = json.loads(path.read_text("utf-8-sig"))
            space = schema["TargetNamespace"]
            for each in schema.get("Types", ()):
                self._types[each["Name"]] = (space, each)
                self._classes[space, each["ClassName"]] = each
                self._classes.setdefault(("", each["ClassName"]), each)
            for each in schema.get("Enums", ()):
                values = [facet["Value"] for facet in each["Facets"]]
                self._enums.setdefault(each["Name"], {})[space] = values

    def line(self, name: str) -> tuple[str, list[str]]:
        """Return the line of a type, and the types of what may be in it; empty if the SDK has no such type."""
        if name in self.by_hand:
            told, text, children = self.by_hand[name]
            return _line(name, told, text, children.split())
        if name not in self._types:
            return "", []
        space, own = self._types[name]
        attributes: dict[str, str] = {}
        children, is_text = own.get("Children", ()), False
        each: dict[str, Any] | None = own
        while each is not None:
            for attribute in each.get("Attributes", ()):
                attributes[attribute["QName"].removeprefix(":")] = self._kind(attribute, space)
            children = children or each.get("Children", ())
            is_text = is_text or each.get("IsLeafText", False)
            each = self._classes.get((space, each["BaseClass"]), self._classes.get(("", each["BaseClass"])))
        text = self._text(name.partition("/")[0], own) if is_text or own["BaseClass"] in _TEXTS else ""
        told = " ".join(f"{key}={kind}" for key, kind in sorted(attributes.items()))
        within = sorted(
            {
                child["Name"]
                for child in children
                if not any(each.fullmatch(child["Name"].rpartition("/")[2]) for each in (_UNWANTED, _UNWANTED_IN_WORD))
            }
        )
        return _line(name, told, text, [*within, *self._more.get(name, "").split()])

    def _kind(self, attribute: dict[str, Any], space: str) -> str:
        """Return the kind of an attribute's values: what its type is, or a free string."""
        declared = attribute["Type"]
        found = _LIST.fullmatch(declared)
        kind = self._plain_kind(found[1] if found else declared, space)
        rules = json.dumps(attribute.get("Validators", ()))
        if kind == "string" and _GUID.search(rules):
            kind = "guid"
        elif kind == "string" and "NumberValidator" in rules:
            kind = "measure"
        return f"list:{kind}" if found and kind != "string" else kind

    def _plain_kind(self, declared: str, space: str) -> str:
        if declared.endswith("OnOffOnlyValues>"):
            return "boolean"
        if declared.startswith("EnumValue"):
            named = self._enums.get(_ENUM.search(declared)[1], {})  # type: ignore[index]
            values = named.get(space) or sorted({value for each in named.values() for value in each})
            return f"one:{','.join(value for value in values)}"
        return next((kind for kind, pattern in _OTHERS if pattern.fullmatch(declared)), "string")

    def _text(self, declared: str, own: dict[str, Any]) -> str:
        rules = json.dumps(own.get("Validators", ()))
        kind = next((kind for kind, pattern in _OTHERS if pattern.fullmatch(declared)), "string")
        return "guid" if kind == "string" and _GUID.search(rules) else kind

    def extensions(self) -> list[str]:
        """Return the types of all that the SDK says may be in an extension."""
        children = [
            child["Name"]
            for name, (_, each) in self._types.items()
            if name.endswith(":ext")
            for child in each.get("Children", ())
        ]
        return sorted({*children, *EXTENSIONS})


_TEXTS = frozenset({"XstringType", "OpenXmlLeafTextElement"})


def _line(name: str, attributes: str, text: str, children: list[str]) -> tuple[str, list[str]]:
    return f"type\t{name}\t{attributes}\t{text}\t{' '.join(children)}", children


def types(schemas: Schemas) -> dict[str, str]:
    """Return the lines of all types to which the parts of a workbook for reading lead."""
    by_hand = [name for name in schemas.by_hand if not _OF_WORD.match(name) and _IN_WORD not in name]
    known = [each for each in schemas.extensions() if _KEPT.match(each) or each in by_hand]
    extensions = [each for each in known if not _OF_PIVOTS.search(each)]
    lines = _reached(schemas, [*ROOTS, *extensions, *by_hand], lambda name: bool(_KEPT.match(name)) or name in by_hand)
    there = [each for each in extensions if lines.get(each)]
    roots = {f"root {each}": f"root\t{each}" for each in ROOTS}
    return lines | roots | {"extension": _line("any/any:ext", "uri=string", "", there)[0]}


def types_of_word(schemas: Schemas, there: dict[str, str]) -> dict[str, str]:
    """Return the lines of the types to which the parts of a document lead, but for those that workbooks have too."""

    def is_wanted(name: str) -> bool:
        is_known = bool(_KEPT.match(name) or _OF_WORD.match(name)) or name in schemas.by_hand
        return is_known and name not in there and (not name.startswith(("o:", "v:")) or name in schemas.by_hand)

    lines = _reached(schemas, WORD_ROOTS, is_wanted)
    of_word = {name: _with_pictures(line) for name, line in lines.items()}
    return of_word | {f"root {each}": f"root\t{each}" for each in WORD_ROOTS}


def _with_pictures(line: str) -> str:
    """Return the line of a type, of which a drawing of Word may hold pictures and shapes of its own."""
    return line.replace("a:CT_GraphicalObject/a:graphic", f"a:{_IN_WORD}/a:graphic")


def _reached(schemas: Schemas, begin: list[str], is_wanted: Callable[[str], bool]) -> dict[str, str]:
    waiting, lines = list(begin), {}
    while waiting:
        name = waiting.pop()
        if name not in lines and is_wanted(name):
            lines[name], within = schemas.line(name)
            waiting += [_with_pictures(each) for each in within] if _OF_WORD.match(name) else within
    return lines


_IN_WORD = "InWord"


def parts(folder: Path) -> list[str]:
    """Return the lines of the content types and the relationships that the SDK knows."""
    told = [json.loads(path.read_text("utf-8-sig")) for path in sorted((folder / "parts").glob("*.json"))]
    contents = {each["ContentType"] for each in told if each.get("ContentType")}
    relations = {each["RelationshipType"] for each in told if each.get("RelationshipType")}
    return [*(f"content\t{each}" for each in sorted(contents)), *(f"relation\t{each}" for each in sorted(relations))]


def main(folder: str) -> None:
    """Write the schema."""
    data = Path(folder)
    named = {each["Uri"]: each["Prefix"] for each in json.loads((data / "namespaces.json").read_text("utf-8-sig"))}
    schemas = Schemas(data)
    uris = {prefix: uri for uri, prefix in named.items()} | schemas.spaces
    of_workbooks = types(schemas)
    lines = [line for _, line in sorted(of_workbooks.items()) if line]
    of_word = [line for _, line in sorted(types_of_word(schemas, of_workbooks).items()) if line]
    prefixes = sorted(prefix for prefix in uris if re.search(rf"\b{prefix}:", "\n".join([*lines, *of_word])))
    spaces = [f"namespace\t{prefix}\t{uris[prefix]}" for prefix in prefixes]
    others = [f"known\t{uri}" for uri in sorted(set(named) - {uris[each] for each in prefixes})]
    PLACE.write_text(NOTICE + "\n".join([*spaces, *others, *parts(data), *lines]) + "\n", encoding="utf-8")
    WORD_PLACE.write_text(NOTICE + "\n".join(of_word) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
