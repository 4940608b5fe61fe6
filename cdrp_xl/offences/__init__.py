"""Offence classifications, and what forces' own codes and words are counted under."""

from cdrp_xl.offences.classification import (
    OTHER_OFFENCES,
    Bound,
    Change,
    Classification,
    Composite,
    Group,
    Identity,
    Row,
    normal_code,
)
from cdrp_xl.offences.loading import NAMES, load, with_incidents

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
    "with_incidents",
]
