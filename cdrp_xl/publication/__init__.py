"""The gate: is a workbook safe to send, marked and readable by everybody? It looks, and changes nothing."""

from __future__ import annotations

from cdrp_xl.publication.findings import Finding, Rule, Severity
from cdrp_xl.publication.gate import inspect

__all__ = ["Finding", "Rule", "Severity", "inspect"]
