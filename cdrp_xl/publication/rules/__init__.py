"""What the gate looks for: one small function to a rule, and the rules in plain tuples."""

from __future__ import annotations

from cdrp_xl.publication.rules import (
    accessibility,
    archive,
    documents,
    drawn,
    hidden,
    layout,
    listed,
    live,
    looks,
    markings,
    parts,
    people,
    personal,
    words,
)

RULES = (
    *archive.RULES,
    *parts.RULES,
    *listed.RULES,
    *live.RULES,
    *hidden.RULES,
    *looks.RULES,
    *drawn.RULES,
    *documents.RULES,
    *words.RULES,
    *people.RULES,
    *personal.RULES,
    *markings.RULES,
    *accessibility.RULES,
    *layout.RULES,
)
"""Every rule, in the order in which its findings are listed."""
