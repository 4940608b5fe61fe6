"""The index of a national run: one page that needs no other file, to search, sort and filter, with links to packs."""

from __future__ import annotations

import html
import importlib.resources
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import quote

from cdrp_xl import beside
from cdrp_xl.terms import Meaning
from cdrp_xl.workbooks.national import summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cdrp_xl.workbooks.national.outcome import Outcome
    from cdrp_xl.workbooks.national.plan import Plan

NAME = "index.html"

_KINDS = (
    ("concern", "Concern"),
    ("improvement", "Improvement"),
    ("usual", "As usual"),
    ("other", "No verdict"),
    ("missing", "No pack"),
)
_FORMS_HEADING = '<th scope="col" aria-sort="none"><button type="button">Other forms</button></th>'


def write(wanted: Plan, outcomes: Sequence[Outcome]) -> Path:
    """Write the index into the run's folder, and return its place."""
    template = importlib.resources.files("cdrp_xl").joinpath("wording", "national.html").read_text(encoding="utf-8")
    counts = {kind: sum(_kind(each) == kind for each in outcomes) for kind, _ in _KINDS}
    page = Template(template).substitute(
        title=html.escape(f"Partnerships, {wanted.quarter.name}"),
        period=html.escape(wanted.quarter.words),
        marking=html.escape(wanted.own.partnership.marking.value),
        said=html.escape(" ".join(summary.in_words(outcomes))),
        summary=quote(summary.NAME),
        filters="\n".join(_filter(kind, words, counts[kind]) for kind, words in _KINDS if counts[kind]),
        forms=_FORMS_HEADING if wanted.forms else "",
        rows="\n".join(_row(each, has_forms=bool(wanted.forms)) for each in outcomes),
    )
    place = wanted.out / NAME
    beside.replace(place, page.encode())
    return place


def _filter(kind: str, words: str, count: int) -> str:
    box = f'<input type="checkbox" name="kind" value="{kind}" checked>'
    return f"<label>{box} {html.escape(words)} ({count:,})</label>"


def _kind(each: Outcome) -> str:
    """Return which of the filters a partnership is under."""
    if not each.is_made:
        return "missing"
    if each.verdict.startswith(Meaning.CONCERN.value):
        return "concern"
    if each.verdict.startswith(Meaning.IMPROVEMENT.value):
        return "improvement"
    return "usual" if each.verdict == "As usual" else "other"


def _links(each: Outcome) -> str:
    """Return links to the other forms of a pack; the area is said for who only hears them."""
    area = html.escape(each.area)
    return ", ".join(
        f'<a href="{quote(form.place)}" aria-label="{html.escape(form.name)} of {area}">{html.escape(form.name)}</a>'
        for form in each.forms
    )


def _row(each: Outcome, *, has_forms: bool) -> str:
    area = html.escape(each.area)
    linked = f'<a href="{quote(each.copy)}">{area}</a>' if each.is_made else area
    said = each.headline if each.is_made else each.needed[0].what
    cells = (
        f'<th scope="row">{linked}</th>',
        f"<td>{html.escape(each.force)}</td>",
        _number(each.earlier),
        _number(each.later),
        _share(each.change),
        f"<td>{html.escape(each.verdict or 'No pack')}</td>",
        f"<td>{html.escape(said)}</td>",
        _number(len(each.needed)),
        *([f"<td>{_links(each)}</td>"] if has_forms else []),
    )
    return f'<tr data-kind="{_kind(each)}">{"".join(cells)}</tr>'


def _number(value: int | str | None) -> str:
    if isinstance(value, int):
        return f'<td class="n" data-value="{value}">{value:,}</td>'
    return f'<td class="n">{html.escape(value or "")}</td>'


def _share(value: float | str | None) -> str:
    if isinstance(value, float | int):
        sign = "-" if value < 0 else "+"
        return f'<td class="n" data-value="{value}">{sign}\u00a0{abs(value):.1%}</td>'
    return f'<td class="n">{html.escape(value or "")}</td>'
