"""Findings in words for a person, and as JSON for a program."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from cdrp_xl.publication.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdrp_xl.publication.findings import Finding, Rule

_WIDTH = 110


def as_text(name: str, findings: Sequence[Finding]) -> str:
    """Return the findings in words: what each rule found and where, then why it matters and how to put it right."""
    lines = [f"{name}: {summary(findings)}"]
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule_id, []).append(finding)
    for rule_id, found in by_rule.items():
        lines += ["", f"{found[0].severity.upper()}  {rule_id}"]
        for finding in found:
            lines += _wrapped(f"{finding.what} Where: {finding.where}.")
        lines += _wrapped(f"Why: {found[0].why}")
        lines += _wrapped(f"What to do: {found[0].remedy}")
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)


def summary(findings: Sequence[Finding]) -> str:
    """Return in one line how many findings there are of each severity."""
    if not findings:
        return "nothing was found."
    counts = [(sum(finding.severity is each for finding in findings), each) for each in Severity]
    words = {Severity.BLOCKS: "that block", Severity.LOOK: "to look at", Severity.NOTE: "to note"}
    totals = ", ".join(f"{count:,} {words[each]}" for count, each in counts if count)
    return f"{len(findings):,} {'finding' if len(findings) == 1 else 'findings'}: {totals}."


def as_json(name: str, findings: Sequence[Finding]) -> str:
    """Return the findings as JSON."""
    rows = [
        {
            "id": finding.finding_id,
            "rule": finding.rule_id,
            "severity": finding.severity.value,
            "worksheet": finding.sheet or None,
            "cell": finding.cell or None,
            "part": finding.part or None,
            "what": finding.what,
            "why": finding.why,
            "remedy": finding.remedy,
        }
        for finding in findings
    ]
    return json.dumps({"file": name, "blocks": blocks(findings), "findings": rows}, indent=1, ensure_ascii=False)


def blocks(findings: Sequence[Finding]) -> bool:
    """Return whether any finding says that the workbook may not leave."""
    return any(finding.severity is Severity.BLOCKS for finding in findings)


def as_table(rules: Sequence[Rule]) -> str:
    """Return the rules as a table in Markdown."""
    rows = [f"| `{rule.rule_id}` | {rule.severity} | {rule.what} | {rule.why} | {rule.remedy} |" for rule in rules]
    return "\n".join(
        ["| rule | severity | what is found | why it matters | how to put it right |", "|--|--|--|--|--|", *rows]
    )
