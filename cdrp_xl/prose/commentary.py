"""The commentary of a report: its placeholders filled, its sentences checked, and what the analyst accepts of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.prose import placeholders
from cdrp_xl.prose.catalogue import catalogue
from cdrp_xl.prose.findings import Checked, Fault, Finding
from cdrp_xl.report.returned import ReturnedText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cdrp_xl.prose.catalogue import Catalogue
    from cdrp_xl.prose.checking import Checker
    from cdrp_xl.report import Report, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a report beside its figures: what was found in them, and every figure by its name.

    `own_accepted` says why the numbers that no report can know may stay, all together.
    """

    checked: Checked
    figures: Catalogue
    own_accepted: str = ""

    @property
    def own_mark(self) -> str:
        """The short name by which the numbers that no report can know are accepted together."""
        return mark_of_own(self.checked)


def check(report: Report) -> Words:
    """Return what was found in the commentary of a report and in partners' texts, with what the analyst accepts of it.

    Parameters
    ----------
    report
        The report, with its commentary as it was typed.
    """
    sections, of_partners = [each for each in report.sections if each.commentary], list(_of_partners(report))
    if not sections and not of_partners:
        return Words(checked=Checked(findings=(), own=()), figures=catalogue(report))
    from cdrp_xl.prose.checking import Checker  # what reads sentences takes a while to import

    checker = Checker.of(report)
    accepted = report.inputs.words_for(report.period).acceptances
    each = [_section(section, checker) for section in sections]
    each += [checker.check(text, section=title, of_partner=True) for title, text in of_partners]
    findings = tuple(_with_reason(finding, accepted) for checked in each for finding in checked.findings)
    checked = Checked(findings=findings, own=tuple(dict.fromkeys(own for checked in each for own in checked.own)))
    return Words(checked=checked, figures=checker.figures, own_accepted=accepted.get(mark_of_own(checked), ""))


def filled(report: Report, figures: Catalogue) -> Report:
    """Return a report whose commentary has its figures in place of their names.

    Parameters
    ----------
    report
        The report, with its commentary as it was typed.
    figures
        Its figures by name.
    """
    sections = (replace(each, commentary=placeholders.filled(each.commentary, figures)) for each in report.sections)
    return replace(report, sections=tuple(sections))


def _of_partners(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the texts of partner agencies that are published, each with the title of its return."""
    returned = report.returned
    for section in returned.sections if returned else ():
        for part in section.parts:
            if isinstance(part, ReturnedText) and part.text and not part.aside:
                yield section.title, part.text
    for concern in returned.concerns if returned else ():
        yield from ((concern.title, concern.concern), (concern.title, concern.recommendation))
    yield from returned.publicity if returned else ()


def mark_of_own(checked: Checked) -> str:
    """Return the short name of the numbers that no report can know: another one when a number is added."""
    said = "\n".join(sorted(f"{own.what} {own.text}" for own in checked.own))
    return f"W-own-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def _section(section: Section, checker: Checker) -> Checked:
    text = placeholders.filled(section.commentary, checker.figures)
    checked = checker.check(text, section=section.section_id)
    return replace(checked, findings=(*_unknown(section, checker.figures), *checked.findings))


def _unknown(section: Section, figures: Catalogue) -> Iterator[Finding]:
    """Yield the names in braces that are not a figure's; they can't be accepted, since nothing would replace them."""
    for name, alike in placeholders.unknown(section.commentary, figures):
        yield Finding(
            sentence=section.commentary,
            words=f"{{{name}}}",
            why="No figure of the report has this name.",
            nearest=f"{{{alike}}}: {figures.by_name[alike].shown}, {figures.by_name[alike].words}" if alike else "",
            corrected=section.commentary.replace(f"{{{name}}}", f"{{{alike}}}") if alike else "",
            fault=Fault.UNKNOWN_NAME,
            section=section.section_id,
        )


def _with_reason(finding: Finding, accepted: Mapping[str, str]) -> Finding:
    if finding.fault is Fault.UNKNOWN_NAME:
        return finding
    return replace(finding, accepted=accepted.get(finding.mark, ""))
