"""Office packages (.xlsx and its kin, .ods): the one place that opens, follows and changes them, part by part."""

from cdrp_xl.packages.binary import BinaryRecord, binary_records, binary_sheets, binary_text
from cdrp_xl.packages.changing import SAVE_AGAIN, Parts
from cdrp_xl.packages.reading import (
    COMPOUND_FILE,
    MEBIBYTE,
    Limits,
    Package,
    PartStream,
    Walk,
    data_begins,
    open_package,
)
from cdrp_xl.packages.relations import (
    MAIN,
    OFFICE,
    TYPES,
    Relation,
    content_types,
    relations_in,
    sheets_in,
    source_of,
)
from cdrp_xl.packages.texts import unescaped

__all__ = [
    "COMPOUND_FILE",
    "MAIN",
    "MEBIBYTE",
    "OFFICE",
    "SAVE_AGAIN",
    "TYPES",
    "BinaryRecord",
    "Limits",
    "Package",
    "PartStream",
    "Parts",
    "Relation",
    "Walk",
    "binary_records",
    "binary_sheets",
    "binary_text",
    "content_types",
    "data_begins",
    "open_package",
    "relations_in",
    "sheets_in",
    "source_of",
    "unescaped",
]
