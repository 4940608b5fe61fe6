"""Word documents: a good one as a copy has it, and faults that are planted in it one at a time."""

from __future__ import annotations

import datetime as dt
import functools

from corpus_faults import Fault
from corpus_good import piece, png
from corpus_packages import replaced, with_part, with_relationship

from cdrp_xl.sheets import Chart, Column, Properties, Series, SeriesKind, Sheet, Table, Text
from cdrp_xl.styles import BLUE, Style
from cdrp_xl.writers import language, word_file, xlsx_file

PROPERTIES = Properties(
    title="Performance report",
    subject="Figures",
    author="Research Group",
    date=dt.date(2011, 7, 29),
    marking="OFFICIAL",
    is_final=True,
)
BODY, HEADER, STYLES, SETTINGS = "word/document.xml", "word/header.xml", "word/styles.xml", "word/settings.xml"
CHART, CORE = "word/charts/chart1.xml", "docProps/core.xml"


def sheet(name, *blocks, title=""):
    head = (
        Text(name="title", value=title or name, style=Style.TITLE),
        Text(name="marking", value="OFFICIAL", style=Style.MARKING, row=1),
    )
    return Sheet(name=name, blocks=(*head, *blocks), widths=(20.0,) * 3)


def table(name, headings, *rows, **other):
    columns = tuple(Column(heading=heading, style=style, width=12) for heading, style in headings)
    return Table(name=name, columns=columns, rows=rows, row=3, **other)


def sheets(*more):
    """Return the worksheets of a copy in small, with further blocks on the one of figures."""
    names = ("Figures", "By month", "Notes")
    listed = table(
        "tblContents",
        [("Contents", Style.LINK), ("What it shows", Style.TEXT)],
        *((name, f"What {name.lower()} shows") for name in names),
        links=names,
    )
    months = table("tblMonths", [("Month", Style.NAME), ("Offences", Style.COUNT)], ("Apr-11", 441), ("May-11", 455))
    drawn = Chart(
        name="chtMonths",
        table=months,
        categories="Month",
        series=(Series(heading="Offences", kind=SeriesKind.COLUMNS, colour=BLUE),),
        title="Offences by month",
        across="Month",
        alt_text="Offences by month.",
        row=9,
    )
    of_figures = table(
        "tblFigures",
        [
            ("Offence", Style.NAME),
            ("Offences", Style.COUNT),
            ("Change", Style.APPARENT_CHANGE),
            ("Position", Style.STATUS),
            ("As at", Style.DATE),
        ],
        ("All Crime", 1321, -0.1056, "▲ Better position", dt.date(2011, 6, 30)),
        ("=1+1 & <more>", "[c]", "No Calc", "○ Not assessed", dt.date(2011, 6, 30)),
    )
    cited = Text(name="cited", value="See [note 1].", row=8)
    noted = table("tblNotes", [("Note", Style.NAME), ("Text", Style.TEXT)], ("[note 1]", "Counts of the police."))
    return (
        sheet("Cover", listed, title="Performance report"),
        sheet("Figures", of_figures, cited, *more),
        sheet("By month", months, drawn),
        sheet("Notes", noted),
    )


def workbook(laid_out):
    return language.in_english(xlsx_file.write(laid_out, PROPERTIES))


def document(*more, template=None):
    laid_out = sheets(*more)
    return word_file.write(laid_out, PROPERTIES, workbook=workbook(laid_out), template=template)


@functools.cache
def good():
    return document()


def changed(part, old, new):
    return lambda: replaced(good(), part, old, new)


def added(name, content, kind, *, content_type=""):
    return lambda: with_part(good(), name, content, content_type=content_type, source=BODY, kind=kind)


def led_out(kind, target):
    return lambda: with_relationship(good(), BODY, kind, target, mode="External")


BEGIN = '<w:t xml:space="preserve">See </w:t></w:r>'
RUN = "<w:r><w:rPr>{}</w:rPr><w:t>Chapel Lane</w:t></w:r>"
PRIVATE = "SYN/11/001460, 14 Chapel Lane"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def beside(run):
    """Plant a run after a text of the worksheet of figures."""
    return changed(BODY, BEGIN, BEGIN + run)


def one(rule, name, content, *, part=BODY, sheet="", cell=""):
    return Fault(rule=rule, name=name, content=content, part=part, sheet=sheet, cell=cell)


def settings_part(inside):
    return changed(SETTINGS, "<w:decimalSymbol", f"{inside}<w:decimalSymbol")


def changed_by(tag, inside):
    return f'<w:{tag} w:id="1" w:author="Ann Example" w:date="2011-07-29T09:00:00Z">{inside}</w:{tag}>'


def comments():
    return f'<w:comments xmlns:w="{WORD}"><w:comment w:id="0" w:author="Ann Example"/></w:comments>'


def photographed():
    picture = png().replace(end := piece(b"IEND", b""), piece(b"tEXt", b"Author\0Ann Example") + end)
    return with_part(good(), "word/media/image1.png", picture, source=BODY, kind="image")


DOCUMENTS = (
    one("hidden-text", "a hidden run", beside(RUN.format("<w:vanish/>"))),
    one("hidden-text", "a run that is hidden on the web", beside(RUN.format("<w:webHidden/>"))),
    one(
        "hidden-text",
        "a hidden run in a header",
        changed(HEADER, "<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>"),
        part=HEADER,
    ),
    one("tracked-change", "an insertion", beside(changed_by("ins", "<w:r><w:t>Chapel Lane</w:t></w:r>"))),
    one("tracked-change", "a deletion", beside(changed_by("del", "<w:r><w:delText>Chapel</w:delText></w:r>"))),
    one("tracked-change", "a change of format", beside(RUN.format(changed_by("rPrChange", "<w:rPr/>")))),
    one("field", "a text from a file", beside('<w:fldSimple w:instr=" INCLUDETEXT c:\\\\rows.docx "/>')),
    one("field", "who saved it", changed(HEADER, "<w:p>", '<w:p><w:fldSimple w:instr="LASTSAVEDBY"/>'), part=HEADER),
    one(
        "field",
        "a field in pieces",
        beside(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE</w:instrText></w:r>'
            '<w:r><w:instrText>AUTO excel rows</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ),
    ),
    one(
        "figure-of-chart",
        "another figure than that of the table",
        changed(CHART, "<c:v>441</c:v>", "<c:v>442</c:v>"),
        part=CHART,
        sheet="By month",
    ),
    one(
        "figure-of-chart",
        "a name that the table has not",
        changed(CHART, "<c:v>Apr-11</c:v>", "<c:v>Chapel Lane</c:v>"),
        part=CHART,
        sheet="By month",
    ),
    one("same-colour", "white on white", beside(RUN.format('<w:color w:val="FFFFFF"/>')), sheet="Figures", cell="A7"),
    one(
        "same-colour",
        "the colour of its cell",
        beside(RUN.format('<w:color w:val="0B0C0C"/><w:shd w:val="clear" w:color="auto" w:fill="0B0C0C"/>')),
        sheet="Figures",
        cell="A7",
    ),
    one("tiny-text", "half a point", beside(RUN.format('<w:sz w:val="1"/>')), sheet="Figures", cell="A7"),
    one("tiny-text", "letters that are squeezed", beside(RUN.format('<w:w w:val="1"/>')), sheet="Figures", cell="A7"),
    one(
        "hidden-row",
        "a hidden row",
        changed(BODY, "<w:trPr><w:cantSplit/></w:trPr>", "<w:trPr><w:cantSplit/><w:hidden/></w:trPr>"),
        sheet="Figures",
    ),
    one(
        "flat-row",
        "a row without height",
        changed(
            BODY,
            "<w:trPr><w:cantSplit/></w:trPr>",
            '<w:trPr><w:cantSplit/><w:trHeight w:val="1" w:hRule="exact"/></w:trPr>',
        ),
        sheet="Figures",
    ),
    one(
        "comment",
        "a comment",
        added("word/comments.xml", comments(), "comments"),
        part="word/comments.xml",
    ),
    one("custom-xml", "custom XML", added("customXml/item1.xml", "<rows/>", "customXml"), part="customXml/item1.xml"),
    one("macros", "macros", added("word/vbaProject.bin", b"rows", "vbaProject"), part="word/vbaProject.bin"),
    one(
        "embedded-file",
        "a workbook",
        added("word/embeddings/rows.xlsx", b"PK", "package"),
        part="word/embeddings/rows.xlsx",
    ),
    one("leads-out", "a template elsewhere", led_out("attachedTemplate", "file:///c:/rows.dotm")),
    one("leads-out", "a picture elsewhere", led_out("image", "https://example.org/rows.png")),
    one(
        "macro-type",
        "a document for macros",
        changed("[Content_Types].xml", "wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"),
    ),
    one("unknown-element", "a source of letters", settings_part("<w:mailMerge/>"), part=SETTINGS),
    one(
        "unknown-element",
        "variables",
        settings_part(f'<w:docVars><w:docVar w:name="x" w:val="{PRIVATE}"/></w:docVars>'),
        part=SETTINGS,
    ),
    one("unknown-element", "a chunk of another form", beside("<w:altChunk/>")),
    one("unknown-element", "an attribute", changed(BODY, "<w:tr>", f'<w:tr w:rows="{PRIVATE}">')),
    one("unknown-element", "a text among elements", changed(BODY, "<w:tr>", f"<w:tr>{PRIVATE}")),
    one("unknown-value", "words for a number", beside(RUN.format(f'<w:kern w:val="{PRIVATE}"/>'))),
    one(
        "unknown-part",
        "a part of a worksheet",
        added("word/sheet1.xml", "<rows/>", "worksheet"),
        part="word/sheet1.xml",
    ),
    one("unshown-words", "a bookmark", beside('<w:bookmarkStart w:id="9" w:name="ChapelLane"/>')),
    one("unshown-words", "an alternative text", changed(BODY, 'descr="Offences', 'descr="Chapel Lane. Offences')),
    one(
        "unshown-words",
        "a style",
        changed(STYLES, '<w:name w:val="Report note"/>', '<w:name w:val="Chapel Lane"/>'),
        part=STYLES,
    ),
    one("person-as-author", "an author", changed(CORE, "Research Group</dc", "Ann Example</dc"), part=CORE),
    one("picture-metadata", "who took a picture", photographed, part="word/media/image1.png"),
    one("xml-comment", "a remark", changed(BODY, "<w:body>", f"<w:body><!-- {PRIVATE} -->")),
    one(
        "personal-data",
        "a number",
        beside("<w:r><w:t> QQ 12 34 56 A. AB123456C.</w:t></w:r>"),
        sheet="Figures",
        cell="A7",
    ),
    one(
        "hyperlink-to-file",
        "a file",
        lambda: replaced(
            with_relationship(good(), BODY, "hyperlink", "file:///h:/rows.xlsx", mode="External"),
            BODY,
            BEGIN,
            BEGIN + '<w:hyperlink r:id="planted"><w:r><w:t>rows</w:t></w:r></w:hyperlink>',
        ),
        sheet="Figures",
        cell="A7",
    ),
    one(
        "chart-unsaid",
        "a chart without words",
        changed(BODY, 'descr="Offences by month."', ""),
        sheet="By month",
        cell="A8",
    ),
    one("heading-rows", "a table without headings", changed(BODY, "<w:tblHeader/>", ""), sheet="Figures", cell="A3"),
    one("no-language", "no language", changed(CORE, "<dc:language>en-GB</dc:language>", ""), part=CORE),
    one("not-a4", "American paper", changed(BODY, 'w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"'), sheet="Cover"),
)
