"""Which rows of an extract make a count, so that a person can look at each."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

from cdrp_xl.sources.named_rows import REFERENCES_NAMED, NamedRows
from cdrp_xl.sources.recorded_crime import counting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdrp_xl.offences import Classification
    from cdrp_xl.periods import Period
    from cdrp_xl.selected import RowKey
    from cdrp_xl.sources.files import RowFile
    from cdrp_xl.sources.recorded_crime.scan import Group, Scan


def rows(
    scan: Scan, groups: Sequence[Group], classification: Classification, *, row: RowKey, period: Period
) -> tuple[NamedRows, ...]:
    """Return the rows that are counted under a row, or a selection, in a period, file by file.

    Parameters
    ----------
    scan, groups
        The extract, and what its rows are.
    classification
        By whose rows offences are counted.
    row, period
        What was counted, and when it was recorded.

    Returns
    -------
    tuple of NamedRows
        By the same readings and loci as the count is made of. Unit: offences, one to a row.
    """
    read = counting.readings(scan, groups, classification)
    counted_as = functools.cache(functools.partial(counting.counted_as, classification, scan.selections))

    def is_counted(offence: str, beside: str, loci: Sequence[bool]) -> bool:
        code = read[offence, beside].code
        return code is not None and row in counted_as(code, frozenset(itertools.compress(scan.loci, loci)))

    return tuple(_rows_by_file(scan, period, is_counted))


def _rows_by_file(
    scan: Scan, period: Period, is_counted: Callable[[str, str, Sequence[bool]], bool]
) -> Iterator[NamedRows]:
    for file in scan.rows.files:
        found = [
            (number, reference)
            for number, reference, offence, beside, *loci in scan.recorded_in(file, period)
            if is_counted(offence, beside, loci)
        ]
        if found:
            yield _rows_of_file(file, found)


def _rows_of_file(file: RowFile, found: Sequence[tuple[int, str]]) -> NamedRows:
    return NamedRows(
        file=file.path.name,
        worksheet=file.sheet,
        rows=tuple(number for number, _ in found),
        references=tuple(reference for _, reference in found[:REFERENCES_NAMED]),
        heading="",
        offences=len(found),
    )
