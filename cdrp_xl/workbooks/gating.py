"""The gate at the door: a partners' copy that it stops is never written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import RefusedByGateError
from cdrp_xl.publication import Severity, canaries, gate
from cdrp_xl.publication.canaries import END, Canary
from cdrp_xl.sources import row_values

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.publication import Finding
    from cdrp_xl.publication.canaries import Texts
    from cdrp_xl.report import Report
    from cdrp_xl.settings import Settings
    from cdrp_xl.sources.recorded_crime import RecordedCrimeSettings
    from cdrp_xl.sources.row_values import RowValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What the gate said about a copy that it let pass, and which values of single rows it looked for in it, if any."""

    findings: tuple[Finding, ...]
    row_values: RowValues | None

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """Each finding in a sentence or two, as the analyst is to know it of a copy that was let pass."""
        return tuple(
            f"{each.what} Look at {replace(each, part='').where}." if each.sheet else each.what
            for each in self.findings
        )


def check(content: bytes, name: str, *, settings: Settings, folder: Path, built: Report) -> Passed:
    """Return what the gate says about a partners' copy, before it is put in its place.

    Raises
    ------
    RefusedByGateError
        If anything in it blocks: the first finding is named, the others are counted.
    """
    book = gate.read(content, name, organisations=(built.producer, built.partnership, built.area))
    found: tuple[Finding, ...] = ()
    values = None
    if (extract := settings.sources.recorded_crime) is not None:  # no other source has values of single rows
        texts = canaries.texts_in(content, name)
        values = _row_values(texts, extract, folder)
        wanted = [Canary(value.value, value.heading, value.is_named) for value in values.found]
        found = canaries.found_in(texts, wanted, book.sheets)
        found += (canaries.too_short(values.too_short),) if values.too_short else ()
    findings = gate.in_order((*found, *gate.findings_in(book)))
    blocking = [finding for finding in findings if finding.severity is Severity.BLOCKS]
    if blocking:
        first, rest = blocking[0], len(blocking) - 1
        more = f" {rest:,} more {'finding blocks' if rest == 1 else 'findings block'}." if rest else ""
        raise RefusedByGateError(f"{first.what}{more}", where=f"{name}, {first.where}", remedy=first.remedy)
    return Passed(findings=findings, row_values=values)


def _row_values(texts: Texts, extract: RecordedCrimeSettings, folder: Path) -> RowValues:
    """Return what the extract says about single rows whose two ends are anywhere in the copy."""
    return row_values.with_ends(extract, folder=folder, runs=texts.runs(), letters=END)
