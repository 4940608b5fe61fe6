"""Partner returns: forms are sent out, what came back is collected, and queries go back as marked copies."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl import beside
from cdrp_xl import settings as settings_file
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import Month, Period, quarter_of
from cdrp_xl.returns import Kind
from cdrp_xl.sending import eml
from cdrp_xl.sending.eml import Attachment, Draft
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.sheets import forms
from cdrp_xl.sources import answers
from cdrp_xl.sources import master as master_file
from cdrp_xl.sources import returns as collecting
from cdrp_xl.sources.answers import Missing
from cdrp_xl.workbooks.alone import sweep
from cdrp_xl.workbooks.master import MASTER
from cdrp_xl.writers import xlsx_file

if TYPE_CHECKING:
    from pathlib import Path

    from cdrp_xl.returns import Form
    from cdrp_xl.settings import Settings
    from cdrp_xl.sheets import Value
    from cdrp_xl.sources.answers import Answer
    from cdrp_xl.sources.filled_form import FilledForm
    from cdrp_xl.sources.returns import Collected, Return

_FORM_DATE = dt.date(2000, 1, 1)
"""What a form says about the day it was made: always the same, so that it is the same file whenever it is sent."""

_BODY = """\
Please fill in the attached form about {words} and send it back by {due}.

Figures and words go into the shaded cells; the form says what each asks for. Please write about services and not about
people: no names, dates of birth, reference numbers or addresses.
"""
_REPLY_BODY = """\
Thank you for your return about {words}. Some answers could not be used.

The attached copy says in its column "Query" what was found and what is expected. Please answer these again and send the
copy back by {due}.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The forms that were written, and the drafts of e-mails with them."""

    quarter: Period
    forms: tuple[Path, ...]
    drafts: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What came back, and the marked copies that were written."""

    collected: Collected
    replies: tuple[Path, ...]
    drafts: tuple[Path, ...]


def send(folder: Path, *, quarter: Period | None, today: dt.date, email: bool) -> Sent:
    """Write a form for every return that the settings name, with last quarter's answers beside.

    Parameters
    ----------
    folder
        The partnership's folder; forms are written into ``returns/2011-12-Q1/sent``.
    quarter
        The quarter asked about; None takes the one reported, otherwise the last complete quarter.
    today
        The day on which this is done.
    email
        Whether a draft e-mail is written with each form.

    Raises
    ------
    CdrpError
        If the settings name no returns, or a form that there is not.
    """
    sweep(folder)
    settings, period = _settings(folder), _quarter(folder, quarter, today)
    before = Period(period.first + -3, period.last + -3)
    last = collecting.collect(settings.returns, folder, quarter=before, today=today)
    place = collecting.folder_of(folder, period) / "sent"
    written, drafts = [], []
    for each, own in zip(last.returns, settings.returns, strict=True):
        filled = forms.Filled(last_quarter=_as_shown(each.filled) if each.filled else {})
        content = form_file(each.form, period, each.agency, each.areas, filled)
        written.append(_put(place / f"{file_name(each, period)}.xlsx", content))
        if email:
            drafts.append(_put_draft(written[-1], each, _BODY, period, own.due(period)))
    return Sent(quarter=period, forms=tuple(written), drafts=tuple(drafts))


def collect(folder: Path, *, quarter: Period | None, today: dt.date, reply: bool) -> Gathered:
    """Read what came back for a quarter, and with `reply` write each queried return's form back, marked.

    Parameters
    ----------
    folder
        The partnership's folder; what came back is in ``returns/2011-12-Q1``.
    quarter
        The quarter; None takes the one reported, otherwise the last complete quarter.
    today
        The day on which this is done.
    reply
        Whether marked copies, with draft e-mails, are written into ``returns/2011-12-Q1/replies``.

    Raises
    ------
    CdrpError
        If the settings name no returns, or a form that there is not.
    """
    sweep(folder)
    settings, period = _settings(folder), _quarter(folder, quarter, today)
    collected = collecting.collect(settings.returns, folder, quarter=period, today=today)
    place = collecting.folder_of(folder, period) / "replies"
    replies, drafts = [], []
    for each in collected.returns if reply else ():
        if each.filled and each.filled.queries:
            content = form_file(each.form, period, each.agency, each.areas, _marked(each.filled))
            replies.append(_put(place / f"{file_name(each, period)}-queries.xlsx", content))
            drafts.append(_put_draft(replies[-1], each, _REPLY_BODY, period, each.due))
    return Gathered(collected=collected, replies=tuple(replies), drafts=tuple(drafts))


def in_words(collected: Collected) -> list[str]:
    """Return what came back, line by line: each return, then what is queried, refused or was not read."""
    lines = []
    for each in collected.returns:
        filled = each.filled
        came = f", returned {answers.date_in_words(filled.returned_on)}" if filled and filled.returned_on else ""
        late = ", late" if each.is_late else ""
        lines.append(
            f"{each.form.title}, {each.agency}: {each.state} (due {answers.date_in_words(each.due)}{came}{late})"
        )
        lines += [f"  Query: {query}" for query in filled.queries] if filled else []
        lines += [f"  Note: {remark}" for remark in filled.remarks] if filled else []
        lines += [f"  {each.refused.what} {each.refused.remedy}"] if each.refused else []
    return lines + [f"{fault.what} {fault.remedy}" for fault in collected.strays]


def summary(collected: Collected) -> dict[str, object]:
    """Return the same for a program."""
    return {
        "quarter": collected.quarter.name,
        "returns": [_summary_of(each) for each in collected.returns],
        "files_that_are_no_return": [fault.what for fault in collected.strays],
    }


def _summary_of(each: Return) -> dict[str, object]:
    filled = each.filled
    return {
        "form": each.form.id,
        "agency": each.agency,
        "state": each.state.value,
        "due": each.due.isoformat(),
        "returned_on": filled.returned_on.isoformat() if filled and filled.returned_on else None,
        "is_late": each.is_late,
        "queries": [str(query) for query in filled.queries] if filled else [],
        "remarks": list(filled.remarks) if filled else [],
        "refused": each.refused.what if each.refused else None,
    }


def form_file(
    form: Form, quarter: Period, agency: str, areas: tuple[str, ...], filled: forms.Filled | None = None
) -> bytes:
    """Return a form as a workbook."""
    properties = xlsx_file.Properties(
        title=f"{form.title}, {quarter.name}",
        subject=agency,
        author="cdrp-xl",
        date=_FORM_DATE,
        marking=form.marking.value,
        is_final=False,
        is_form=True,
    )
    return xlsx_file.write(forms.lay_out(form, quarter=quarter, agency=agency, areas=areas, filled=filled), properties)


def file_name(each: Return, quarter: Period) -> str:
    """Return the name of a form's file: form, quarter and agency, in characters that every system allows."""
    text = unicodedata.normalize("NFKD", f"{each.form.title} {quarter.name} {each.agency}")
    return re.sub(r"[^\w.]+", "-", text.encode("ascii", "ignore").decode()).strip("-.")


def _settings(folder: Path) -> Settings:
    settings = settings_file.read(folder)
    if not settings.returns:
        raise ValueFoundError(
            "No returns are expected from anyone.",
            where=FILE_NAME,
            remedy="Add a table [[returns]] with its form and agency; the folder's template shows how.",
        )
    return settings


def _quarter(folder: Path, asked: Period | None, today: dt.date) -> Period:
    typed = master_file.read_control(folder / MASTER)
    reported = settings_file.read(folder).report.quarter
    return asked or typed.period() or reported or quarter_of(Month.of(today) + -3)


def _put(path: Path, content: bytes) -> Path:
    """Put a file in place; one that holds something else, perhaps answers, is kept beside it."""
    is_same = path.is_file() and path.read_bytes() == content
    beside.replace(path, content, keep="" if is_same else "superseded")
    return path


def _put_draft(form: Path, each: Return, body: str, quarter: Period, due: dt.date) -> Path:
    text = body.format(words=quarter.words, due=answers.date_in_words(due))
    subject = f"Return for {quarter.name}: {each.form.title}"
    attachment = Attachment(name=form.name, content=form.read_bytes())
    draft = Draft(to=(each.email,) if each.email else (), subject=subject, body=text, attachments=(attachment,))
    return _put(form.with_suffix(".eml"), eml.write(draft))


def _as_shown(filled: FilledForm) -> dict[str, str]:
    """Return the answers of each row in words, as they are shown beside the next quarter's."""
    rows = {}
    for each in filled.asked:
        for row in each.rows:
            given = [_in_words(filled.answers[row.reference, column.key], column.kind) for column in each.columns]
            rows[row.reference] = "; ".join(given) if any(given) else ""
    return rows


def _in_words(answer: Answer, kind: Kind) -> str:
    value = _value(answer)
    if isinstance(value, dt.date):
        return answers.date_in_words(value)
    if isinstance(value, int | float):
        return f"{value:,}" if kind is Kind.WHOLE else f"{value:.15g}"
    return value or ""


def _value(answer: Answer) -> Value:
    """Return an answer as it is written into a cell."""
    if isinstance(answer, Missing):
        return {Missing.NOT_AVAILABLE: "n/a", Missing.NOTHING: "nil"}.get(answer)
    return answer


def _marked(filled: FilledForm) -> forms.Filled:
    """Return what came back, with the queries beside it."""
    said = defaultdict(list)
    for query in filled.queries:
        said[query.reference].append(f"{query.label}: {query.said}.")
    return forms.Filled(
        answers={place: _value(answer) for place, answer in filled.answers.items()},
        queries={reference: "\n".join(lines) for reference, lines in said.items()},
    )
