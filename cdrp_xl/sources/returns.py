"""What partner agencies returned for a quarter: which return came on which file, which is late, which is missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cdrp_xl import damage, returns
from cdrp_xl.errors import CdrpError, ValueFoundError, name_some, quoted
from cdrp_xl.sources import filled_form, spreadsheets

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.returns import Form
    from cdrp_xl.sources.filled_form import FilledForm
    from cdrp_xl.sources.return_settings import ReturnSettings

FOLDER = "returns"


class State(StrEnum):
    """The state of a return."""

    ACCEPTED = "Accepted"
    QUERIED = "Queried"
    REFUSED = "Refused"
    MISSING = "Missing"
    NOT_YET_DUE = "Not yet due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One return that is expected, and what came. `refused` says why a file that came could not be read."""

    form: Form
    agency: str
    email: str
    areas: tuple[str, ...]
    due: dt.date
    state: State
    filled: FilledForm | None = None
    refused: CdrpError | None = None

    @property
    def is_late(self) -> bool:
        """Whether it came after the day on which it was due."""
        day = self.filled.returned_on if self.filled else None
        return day is not None and day > self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """All returns of a quarter, in the order of the settings, and files that are not returns."""

    quarter: Period
    returns: tuple[Return, ...] = ()
    strays: tuple[CdrpError, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing that came is queried or refused."""
        doubted = (State.QUERIED, State.REFUSED)
        return not self.strays and all(each.state not in doubted for each in self.returns)


def folder_of(folder: Path, quarter: Period) -> Path:
    """Return where the forms of a quarter are put when they come back."""
    return folder / FOLDER / quarter.name.replace(" ", "-")


def files(folder: Path) -> Iterator[Path]:
    """Yield every file that came back, of any quarter."""
    place = folder / FOLDER
    for path in damage.files_in(place) if place.is_dir() else ():
        if path.parent.parent == place and not path.name.startswith((".", "~$")):
            yield path


def collect(expected: Sequence[ReturnSettings], folder: Path, *, quarter: Period, today: dt.date) -> Collected:
    """Return what came back for a quarter.

    Parameters
    ----------
    expected
        The returns that the settings name.
    folder
        The partnership's folder; forms that came back are in ``returns/2011-12-Q1/``.
    quarter
        The quarter.
    today
        The day on which this is done: a return is missing once its day has passed.

    Returns
    -------
    Collected
        A file that can't be read is reported in it, and stops no other.

    Raises
    ------
    CdrpError
        If the settings name a form that there is not, or one by area without areas, or its file has mistakes.
    """
    forms = [(each, _form(each, folder)) for each in expected]
    read = [_read(path, forms, quarter, today) for path in files(folder) if path.parent == folder_of(folder, quarter)]
    came = tuple(_return(each, form, read, quarter, today) for each, form in forms)
    strays = tuple(fault for owner, fault in read if owner is None and isinstance(fault, CdrpError))
    return Collected(quarter=quarter, returns=came, strays=strays)


_Owner = tuple[str, str] | None
"""The form's id and the agency whose return a file is, None where that is unknown."""


def _form(settings: ReturnSettings, folder: Path) -> Form:
    form = returns.load(settings.form, folder)
    if any(question.areas for question in form.questions) and not settings.areas:
        raise ValueFoundError(
            f"The form {quoted(form.title)} asks by area, and no areas are named for {quoted(settings.agency)}.",
            where="partnership.toml, returns, areas",
            remedy='Name them beside the form, such as areas = ["North", "South"].',
        )
    return form


def _read(
    path: Path, expected: Sequence[tuple[ReturnSettings, Form]], quarter: Period, today: dt.date
) -> tuple[_Owner, FilledForm | CdrpError]:
    """Return whose return a file is, and what is in it or why it can't be used."""
    owner: _Owner = None
    try:
        book = spreadsheets.read(path)
        identity = filled_form.identify(book, path)
        who = (identity.form_id, identity.agency)
        known = {(form.id, returns.spaced(each.agency)): (each, form) for each, form in expected}
        if who not in known:
            raise _not_expected(path, *who)
        settings, form = known[who]
        owner = (form.id, settings.agency)
        if identity.quarter != quarter:
            raise _wrong_quarter(path, identity.quarter, quarter)
        filled_form.check_version(identity, form, path)
        return owner, filled_form.read(book, path, form, identity, areas=settings.areas, today=today)
    except CdrpError as fault:
        return owner, fault


def _return(
    settings: ReturnSettings,
    form: Form,
    read: Sequence[tuple[_Owner, FilledForm | CdrpError]],
    quarter: Period,
    today: dt.date,
) -> Return:
    came = [what for owner, what in read if owner == (form.id, settings.agency)]
    filled = came[0] if came and not isinstance(came[0], CdrpError) else None
    refused = came[0] if came and isinstance(came[0], CdrpError) else None
    if len(came) > 1:
        filled, refused = None, _twice(form, settings.agency, came, quarter)
    state = State.MISSING if today > settings.due(quarter) else State.NOT_YET_DUE
    if filled:
        state = State.QUERIED if filled.queries else State.ACCEPTED
    elif refused:
        state = State.REFUSED
    return Return(
        form=form,
        agency=settings.agency,
        email=settings.email,
        areas=settings.areas,
        due=settings.due(quarter),
        state=state,
        filled=filled,
        refused=refused,
    )


def _twice(form: Form, agency: str, came: Sequence[FilledForm | CdrpError], quarter: Period) -> CdrpError:
    names = [quoted(what.where.rpartition("/")[2] if isinstance(what, CdrpError) else what.file) for what in came]
    return ValueFoundError(
        f"{len(came)} files are the return of {agency} on {form.title}: {name_some(names)}.",
        where=f"{FOLDER}/{quarter.name.replace(' ', '-')}",
        remedy="Keep the one that counts, and take the others out of the folder.",
    )


def _not_expected(path: Path, form_id: str, agency: str) -> CdrpError:
    return ValueFoundError(
        f"{path.name} is the form {quoted(form_id)} of {quoted(agency)}, which is not expected.",
        where=str(path),
        remedy="Add it to [[returns]] in partnership.toml, or take the file out of the folder.",
    )


def _wrong_quarter(path: Path, found: Period, quarter: Period) -> CdrpError:
    return ValueFoundError(
        f"{path.name} is the form for {found.name}, not for {quarter.name}.",
        where=str(path),
        remedy=f"Ask for the form for {quarter.name}, or put this one into {FOLDER}/{found.name.replace(' ', '-')}.",
    )
