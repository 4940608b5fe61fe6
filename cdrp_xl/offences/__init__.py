"""Offence classifications, and what forces' own codes and words are counted under."""

from cdrp_xl.offences.classification import (
    NAMES,
    OTHER_OFFENCES,
    Bound,
    Change,
    Classification,
    Composite,
    Group,
    Identity,
    Row,
    load,
    normal_code,
)

__all__ = [
    "NAMES",
    "OTHER_OFFENCES",
    "Bound",
    "Change",
    "Classification",
    "Composite",
    "Group",
    "Identity",
    "Row",
    "load",
    "normal_code",
]
