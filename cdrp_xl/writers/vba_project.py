"""The master workbook's VBA project, compiled from the text in ``macros`` for the worksheets that the workbook has.

Compiled here and not by pyOpenVBA 6.5.0, which only edits a project that Excel once made: it leaves that project's
version and a zeroed cache of 2,544 bytes in ``_VBA_PROJECT`` where MS-OVBA 2.3.4.1 and xlwings' own files have seven
bytes, ends ``dir`` four bytes late, writes module cookies of 0 for 0xFFFF, needs a finished .xlsm to work on, and costs
0.3 s of imports at every click. It reads and validates what is made here, in the tests.
"""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError, name_some
from cdrp_xl.writers import compound_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WORKBOOK_CODE_NAME = "ThisWorkbook"
PROJECT_NAME = "VBAProject"
CODE_PAGE, ENCODING = 1252, "cp1252"
NAME_CHARACTERS = 31
LIBREOFFICE_MACRO = "Standard.cdrp_xl.RunPython"
"""What starts Python in LibreOffice, among the user's own macros: library, module, macro.

It is called with the Python statement to run and the workbook (a UNO document), and raises an error where it can't.
"""

_MACROS = Path(__file__).parent / "macros"
_WORKBOOK_BASE = "0{00020819-0000-0000-C000-000000000046}"
_WORKSHEET_BASE = "0{00020820-0000-0000-C000-000000000046}"
_WHAT_IS_NAMED = "code names of the workbook, its worksheets and its macro modules"
_LANGUAGE = 0x409
_VERSION = 0x68FBFAC5, 1  # any number: Excel counts it up at each save
_NO_COOKIE = 0xFFFF
_WITHOUT_CACHE = bytes.fromhex("CC61FFFF000100")
_SEEDS = {"CMG": 0x0F, "DPB": 0x1F, "GC": 0x2F}
_CHUNK = 4096
# The two libraries that Excel puts into every new project. Each is found by its identifier; the path is a hint.
_OFFICE = (
    r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL"
)
_REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": f"{_OFFICE}#Microsoft Office 16.0 Object Library",
}
# MS-VBAL 3.3.5.2, and the names of functions and statements that the VBA editor refuses for a module.
_RESERVED = """
    abs and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cint circle
    clng close const csng cstr currency cvar cverr date debug decimal declare defbool defbyte defcur defdate defdbl
    defdec defint deflng defobj defsng defstr defvar dim do doevents double each else elseif empty end endif enum eqv
    erase event exit false fix for friend function get global gosub goto if imp implements in input inputb int integer
    is lbound len lenb let like linput lock long loop lset me mod new next not nothing null object on open option
    optional or paramarray preserve print private pset public put raiseevent redim rem resume return rset scale seek
    select set sgn shared single spc static stop string sub tab then to true type typeof ubound unlock until variant
    vb_name wend while with withevents write xor office stdole vba excel vbaproject
"""


def compile_project(
    sheet_code_names: Sequence[str],
    *,
    workbook_code_name: str = WORKBOOK_CODE_NAME,
    macros: Sequence[str] | None = None,
) -> bytes:
    """Return the ``vbaProject.bin`` of a workbook whose worksheets have these code names, the same bytes each time.

    Parameters
    ----------
    sheet_code_names : sequence of str
        One name for each worksheet, in the workbook's order, as given to XlsxWriter's ``set_vba_name``: at most 31
        letters (of A to Z), digits and underscores, a letter first. A sheet without its module here makes Excel invent
        a second workbook module, and a sheet named like a macro keeps the macro's button from working.
    workbook_code_name : str
        The workbook's own code name.
    macros : sequence of str, optional
        Text of the standard modules, each beginning with ``Attribute VB_Name``; by default the master's own.

    Returns
    -------
    bytes
        A compound file. Its project identifier is taken from what it holds.

    Raises
    ------
    ValueFoundError
        When a name is one that Excel does not take or appears twice, or the text can't be kept in code page 1252.

    Notes
    -----
    MS-OVBA 2.2.1 (which streams there are), 2.3.1 to 2.3.4 (what they hold), 2.4.1 (compression), 2.4.3 (the three
    protection lines). Written without the cache of compiled code, as MS-OVBA 2.3.4.1 asks of a writer: Excel compiles
    the text when it opens the file.
    """
    modules = [_document(workbook_code_name, _WORKBOOK_BASE)]
    modules += [_document(name, _WORKSHEET_BASE) for name in sheet_code_names]
    modules += [_standard(text) for text in (master_macros() if macros is None else macros)]
    _check_names(modules)
    sources = {module.name: _encoded(module) for module in modules}
    project_id = _identifier(sources)
    streams = {
        "PROJECT": _project(modules, project_id),
        "PROJECTwm": _names(modules),
        "VBA/_VBA_PROJECT": _WITHOUT_CACHE,
        "VBA/dir": compress(_dir(modules)),
    }
    return compound_file.pack(streams | {f"VBA/{name}": compress(source) for name, source in sources.items()})


def master_macros() -> list[str]:
    """Return the text of the master workbook's standard modules, by file name."""
    return [path.read_text(encoding=ENCODING) for path in sorted(_MACROS.glob("*.bas"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Module:
    """One module: its name, whether it belongs to the workbook or a worksheet, and its text with CRLF."""

    name: str
    is_document: bool
    source: str


def _document(name: str, base: str) -> _Module:
    """Return the empty module of the workbook or a worksheet, with the header that Excel writes."""
    source = (
        f'Attribute VB_Name = "{name}"\nAttribute VB_Base = "{base}"\nAttribute VB_GlobalNameSpace = False\n'
        "Attribute VB_Creatable = False\nAttribute VB_PredeclaredId = True\nAttribute VB_Exposed = True\n"
        "Attribute VB_TemplateDerived = False\nAttribute VB_Customizable = True\n"
    )
    return _Module(name=name, is_document=True, source=_with_crlf(source))


def _standard(text: str) -> _Module:
    """Return a module of macros from its text as the VBA editor exports it."""
    found = re.match(r'Attribute VB_Name = "([^"]*)"', text)
    if found is None:
        raise ValueFoundError(
            f'A macro module begins "{text.partition(chr(10))[0].strip()[:60]}", not with its name.',
            where="the macros of the workbook, line 1",
            remedy='begin it with Attribute VB_Name = "…".',
        )
    return _Module(name=found[1], is_document=False, source=_with_crlf(text))


def _with_crlf(text: str) -> str:
    return re.sub("\r\n?|\n", "\r\n", text.rstrip("\r\n") + "\n")


def _encoded(module: _Module) -> bytes:
    """Return the module's text in the project's code page."""
    try:
        return module.source.encode(ENCODING)
    except UnicodeEncodeError as error:
        line = module.source.count("\n", 0, error.start) + 1
        raise ValueFoundError(
            f'"{module.source[error.start]}" is not a character of code page {CODE_PAGE}, in which macros are kept.',
            where=f'macro module "{module.name}", line {line:,}',
            remedy="write it with characters of that code page.",
        ) from error


def _check_names(modules: Sequence[_Module]) -> None:
    """Refuse a name that Excel would not take for a module, and one that means two things."""
    names = [module.name for module in modules]
    for name in names:
        fault = _fault_of(name)
        if fault:
            raise ValueFoundError(
                f'"{name}" {fault}.',
                where=_WHAT_IS_NAMED,
                remedy=f"use {NAME_CHARACTERS} letters, digits and underscores at most, a letter first.",
            )
    macros = [name for module in modules for name in re.findall(r"(?m)^Public (?:Sub|Function) (\w+)", module.source)]
    capitals = [name.upper() for name in [*names, *macros]]
    twice = list(dict.fromkeys(name for name in names if capitals.count(name.upper()) > 1))
    if twice:
        raise ValueFoundError(
            f"More than one module or macro would be named {name_some(twice)}.",
            where=_WHAT_IS_NAMED,
            remedy="give each a name of its own; capitals make no difference.",
        )


def _fault_of(name: str) -> str:
    if len(name) > NAME_CHARACTERS:
        return f"has {len(name)} characters, and a code name has {NAME_CHARACTERS} at most"
    if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name):
        return "is not a code name: those are letters, digits and underscores, a letter first"
    return "is a word of VBA's own, which can't be a code name" if name.lower() in _RESERVED.split() else ""


def _identifier(sources: Mapping[str, bytes]) -> str:
    """Return the project's identifier, made from its text so that the same text gives the same file."""
    digest = hashlib.sha256(b"\0".join(part for name, text in sources.items() for part in (name.encode(), text)))
    digits = digest.hexdigest().upper()
    return f"{{{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}}}"


def _dir(modules: Sequence[_Module]) -> bytes:
    """Return the ``dir`` stream before compression: project, references, modules (MS-OVBA 2.3.4.2)."""
    out = _record(0x01, _u32(3)) + _record(0x02, _u32(_LANGUAGE)) + _record(0x14, _u32(_LANGUAGE))
    out += _record(0x03, _u16(CODE_PAGE)) + _record(0x04, PROJECT_NAME.encode(ENCODING))
    out += _twice(0x05, 0x40, "") + _record(0x06) + _record(0x3D) + _record(0x07, _u32(0)) + _record(0x08, _u32(0))
    # The version record alone says 4 for the six bytes that it holds (2.3.4.2.1.11).
    out += struct.pack("<HIIH", 0x09, 4, *_VERSION) + _twice(0x0C, 0x3C, "")
    for name, library in _REFERENCES.items():
        libid = library.encode(ENCODING)
        out += _twice(0x16, 0x3E, name) + _record(0x0D, _u32(len(libid)) + libid + bytes(6))
    out += _record(0x0F, _u16(len(modules))) + _record(0x13, _u16(_NO_COOKIE))
    for module in modules:
        out += _twice(0x19, 0x47, module.name) + _twice(0x1A, 0x32, module.name) + _twice(0x1C, 0x48, "")
        out += _record(0x31, _u32(0)) + _record(0x1E, _u32(0)) + _record(0x2C, _u16(_NO_COOKIE))
        out += _record(0x22 if module.is_document else 0x21) + _record(0x2B)
    return out + _record(0x10)


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _twice(number: int, unicode_number: int, text: str) -> bytes:
    return _record(number, text.encode(ENCODING)) + _record(unicode_number, text.encode("utf-16-le"))


def _u16(number: int) -> bytes:
    return struct.pack("<H", number)


def _u32(number: int) -> bytes:
    return struct.pack("<I", number)


def _project(modules: Sequence[_Module], project_id: str) -> bytes:
    """Return the ``PROJECT`` stream (MS-OVBA 2.3.1): not protected, no password, visible."""
    protection = {"CMG": bytes(4), "DPB": bytes(1), "GC": b"\xff"}
    lines = [f'ID="{project_id}"']
    lines += [f"Document={m.name}/&H00000000" if m.is_document else f"Module={m.name}" for m in modules]
    lines += [f'Name="{PROJECT_NAME}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"']
    lines += [f'{key}="{_obscured(value, project_id, _SEEDS[key])}"' for key, value in protection.items()]
    lines += ["", "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"]
    lines += ["", "[Workspace]", *[f"{m.name}=0, 0, 0, 0, C" for m in modules]]
    return _with_crlf("\n".join(lines)).encode(ENCODING)


def _obscured(value: bytes, project_id: str, seed: int) -> str:
    """Return a protection value as Excel obscures it (MS-OVBA 2.4.3.2), with a seed that does not change."""
    key = sum(project_id.encode(ENCODING)) & 0xFF
    out = [seed, seed ^ 2, seed ^ key]
    plain = key
    for byte in bytes((seed & 6) // 2) + _u32(len(value)) + value:
        out.append(byte ^ ((out[-2] + plain) & 0xFF))
        plain = byte
    return bytes(out).hex().upper()


def _names(modules: Sequence[_Module]) -> bytes:
    """Return the ``PROJECTwm`` stream: each name in the code page and in UTF-16 (MS-OVBA 2.3.3)."""
    pairs = [m.name.encode(ENCODING) + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules]
    return b"".join(pairs) + b"\0\0"


def compress(content: bytes) -> bytes:
    """Return ``content`` in the compression of VBA streams: chunks of 4,096 bytes, each by itself (MS-OVBA 2.4.1.3)."""
    out = bytearray(b"\x01")
    for start in range(0, len(content), _CHUNK):
        chunk = content[start : start + _CHUNK]
        tokens = _tokens(chunk)
        if len(tokens) <= _CHUNK:
            out += _u16(0xB000 | (len(tokens) - 1)) + tokens
        else:  # nothing in it repeats: kept as it is, filled up with zeros
            out += _u16(0x3000 | (_CHUNK - 1)) + chunk.ljust(_CHUNK, b"\0")
    return bytes(out)


def _tokens(chunk: bytes) -> bytes:
    """Return one chunk's tokens: letters, and copies of what came before, eight to a byte of flags."""
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    at, flags_at, bit = 0, 0, 8
    while at < len(chunk):
        if bit == 8:  # noqa: PLR2004
            flags_at, bit = len(out), 0
            out.append(0)
        offset_bits = max((at - 1).bit_length(), 4)
        length, offset = _longest_copy(chunk, at, seen, most=(0xFFFF >> offset_bits) + 3)
        if length:
            out[flags_at] |= 1 << bit
            out += _u16(((offset - 1) << (16 - offset_bits)) | (length - 3))
        else:
            out.append(chunk[at])
        bit += 1
        for place in range(at, at + max(length, 1)):
            seen.setdefault(chunk[place : place + 3], []).append(place)
        at += max(length, 1)
    return bytes(out)


def _longest_copy(chunk: bytes, at: int, seen: Mapping[bytes, Sequence[int]], *, most: int) -> tuple[int, int]:
    """Return the length of the longest earlier text that goes on as ``chunk`` does here, and how far back it is."""
    best, back = 0, 0
    if at + 3 > len(chunk):
        return best, back
    for place in reversed(seen.get(chunk[at : at + 3], ())):
        length = 3
        while length < most and at + length < len(chunk) and chunk[place + length] == chunk[at + length]:
            length += 1
        if length > best:
            best, back = length, at - place
    return best, back
