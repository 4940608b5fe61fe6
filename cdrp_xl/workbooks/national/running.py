"""A national run: one pass over the sources, then every partnership's pack, through the gate, on all cores.

What is up to date is not made again: a pack is known by the hash of all that it was made of. A run that was killed
goes on where it was, since every file is put in its place whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING, Protocol

import cdrp_xl
from cdrp_xl import beside, damage
from cdrp_xl.errors import (
    CannotBeComputedError,
    CannotBeWrittenError,
    CdrpError,
    RefusedByGateError,
    ValueFoundError,
)
from cdrp_xl.settings import FILE_NAME
from cdrp_xl.sources import population
from cdrp_xl.sources.known_files import KnownFiles
from cdrp_xl.sources.master import Written
from cdrp_xl.sources.publisher import MembersSource, TableSource
from cdrp_xl.sources.warehouse import counting
from cdrp_xl.workbooks import alone, certificate, history, publishing, record, refreshing, ways_out
from cdrp_xl.workbooks import master as master_workbook
from cdrp_xl.workbooks.gathering import PEOPLE
from cdrp_xl.workbooks.national import index, outcome, plan, summary

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cdrp_xl.periods import Period
    from cdrp_xl.sources.warehouse.counting import Kept as Counted
    from cdrp_xl.workbooks.certificate import Hashed
    from cdrp_xl.workbooks.forms import Form
    from cdrp_xl.workbooks.gathering import Held
    from cdrp_xl.workbooks.national.outcome import Outcome
    from cdrp_xl.workbooks.national.plan import Partnership, Plan
    from cdrp_xl.workbooks.refreshing import Gathered

LOCK = "national.lock"
_COUNTS = "counts"
_WAITING_PER_PROCESS = 3
"""Packs that wait for a process, so that none idles and few counts are held twice."""


class Progress(Protocol):
    """Shows how far a run has got."""

    def doing(self, what: str) -> None:
        """Say what is being done, in a few words."""

    def made(self, done: int, of: int, area: str) -> None:
        """Say how many packs are done, and of which area the last one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run did: every outcome, how many packs are new, the summary, and what a warehouse counted."""

    outcomes: tuple[Outcome, ...]
    made: int
    kept: int
    counted: Counted | None
    summary: Path
    index: Path

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The partnerships that have no pack."""
        return tuple(each for each in self.outcomes if not each.is_made)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One pack to make. `gathered` is None where no source could be held, and its process reads them."""

    area: str
    folder: Path
    key: str
    words: tuple[tuple[str, str], ...]
    forms: tuple[Form, ...]
    gathered: Gathered | None
    read: tuple[Hashed, ...]
    quarter: Period
    today: dt.date


def run(file: Path, *, today: dt.date, progress: Progress, workers: int = 0) -> Ran:
    """Make the packs of all partnerships that a settings file names.

    Parameters
    ----------
    file
        The settings of the run.
    today
        The day on which this is done.
    progress
        Called with how far it is.
    workers
        How many processes make packs; 0 takes as many as this process may use cores.

    Raises
    ------
    CdrpError
        If the settings are at fault, another run into the same folder is running, or a source can't be read at all.
        What is wrong with one partnership stops that one alone: it is among the outcomes.
    """
    wanted = plan.read(file)
    beside.make_folder(wanted.out)
    busy = f"Another national run into {wanted.out.name} is running"
    with (
        alone.held(wanted.out / LOCK, busy=busy, where=str(wanted.out)),
        history.refusals(wanted.out, history.NATIONAL, today=today, file=file),
    ):
        beside.sweep(wanted.out, wanted.out / _COUNTS)
        return _run(wanted, today=today, progress=progress, workers=workers or _cores())


def _run(wanted: Plan, *, today: dt.date, progress: Progress, workers: int) -> Ran:
    hashes = _Hashes()
    known = KnownFiles(folder=wanted.out / _COUNTS, hash_of=lambda path: hashes.of(path).sha256)
    counted: Counted | None = None
    if wanted.settings.warehouse:
        progress.doing("Counting in the warehouse")
        counted = counting.count(wanted.settings.warehouse, wanted.file.parent, known)
    progress.doing("Reading the settings")
    source = _Sources(wanted, progress, known)
    areas, unknown = plan.listed(wanted, source.areas)
    every = plan.partnerships(wanted, areas)
    record.files_read(wanted.own, wanted.template)  # a file that is missing is looked for where the settings name it
    progress.doing("Looking for packs that are up to date")
    for each in every:
        beside.make_folder(each.folder)
    inputs = _Inputs(hashes)
    keys = {each.area: _key(each, wanted, inputs, today=today) for each in every}
    there = {each.area: outcome.load(each.folder, keys[each.area]) for each in every}
    kept = {area: found for area, found in there.items() if found is not None}
    todo = [each for each in every if each.area not in kept]
    for form in wanted.forms if todo else ():
        form.check()
    held = source.held() if todo else {}
    tasks = (_task(each, wanted, keys[each.area], held, inputs, today=today) for each in todo)
    made: dict[str, Outcome] = {}
    for done in _made(tasks, workers=min(workers, len(todo)), progress=progress):
        made[done.area] = done
        progress.made(len(kept) + len(made), len(every), done.area)
    outcomes = (*(outcome.policed((kept | made)[each.area], each) for each in every), *map(outcome.unknown, unknown))
    progress.doing("Writing the summary")
    ran = Ran(
        outcomes=outcomes,
        made=sum(each.is_made for each in made.values()),
        kept=sum(each.is_made for each in kept.values()),
        counted=counted,
        summary=summary.write(wanted, outcomes, today=today),
        index=index.write(wanted, outcomes),
    )
    _record(wanted, ran, hashes, today=today)
    return ran


def _record(wanted: Plan, ran: Ran, hashes: _Hashes, *, today: dt.date) -> None:
    """Add the run to the record in the folder of its packs."""
    read = {name: hashes.of(path).sha256 for name, path in record.files_read(wanted.own, wanted.template).items()}
    failed = {each.area: each.needed[0].what for each in ran.failed if each.needed}
    packs = history.Packs(made=ran.made, kept=ran.kept, failed=failed)
    history.ran(wanted.out, wanted.file, read, packs, quarter=wanted.quarter, today=today)


class _Sources:
    """The template's sources, each read once, when it is first asked for."""

    def __init__(self, wanted: Plan, progress: Progress, known: KnownFiles) -> None:
        self._wanted = wanted
        self._known = known
        self._progress = progress
        self._held: dict[str, Held] | None = None

    @property
    def areas(self) -> tuple[str, ...] | None:
        """The names of areas in the source of the report's table; None where it does not list them, or needs not."""
        if self._wanted.settings.areas != plan.ALL:
            return None
        tables = self._wanted.own.sources.named(TableSource)
        name = self._wanted.own.table_source(tables)
        self._progress.doing(tables[name].progress)
        table = tables[name].held(self._wanted.template, self._known)
        if table is None:
            return None
        self._held = {name: table}
        return table.areas

    def held(self) -> Mapping[str, Held] | None:
        """Return all sources as they were read; None where one of them has to be read for each area."""
        sources = self._wanted.own.sources
        held = dict(self._held or {})
        for name, source in (sources.named(TableSource) | self._of_group()).items():
            if name not in held:
                self._progress.doing(source.progress)
                if (table := source.held(self._wanted.template, self._known)) is None:
                    return None
                held[name] = table
        if sources.population and PEOPLE not in held:
            held[PEOPLE] = population.read(sources.population, folder=self._wanted.template)
        self._held = held
        return held

    def _of_group(self) -> dict[str, TableSource]:
        members = self._wanted.own.sources.named(MembersSource)
        return {name: each for name, each in members.items() if isinstance(each, TableSource)}


class _Hashes:
    """The hashes of the files that are read, each worked out once until it changes, whichever way leads to it."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Hashed] = {}

    def of(self, path: Path) -> Hashed:
        """Return the hash of a file."""
        try:
            found = path.stat()
        except OSError:
            return certificate.hashed_file(path)  # which says what is wrong
        state = (found.st_dev, found.st_ino or os.path.realpath(path), found.st_size, found.st_mtime_ns)
        if state not in self._known:
            self._known[state] = certificate.hashed_file(path)
        return replace(self._known[state], name=path.name)


class _Inputs:
    """The files that partnerships are made of, listed and hashed once for all that have the same sources."""

    def __init__(self, hashes: _Hashes) -> None:
        self.hashes = hashes
        self._listed: dict[str, Mapping[str, Path]] = {}
        self._hashed: dict[str, str] = {}

    def of(self, each: Partnership) -> Mapping[str, Path]:
        """Return every file but the settings, by its way from the folder."""
        same = _same_files(each)
        if same not in self._listed:
            found = record.files_read(each.settings, each.folder)
            own = each.folder / FILE_NAME
            self._listed[same] = {name: path for name, path in found.items() if path != own}
        return self._listed[same]

    def hash_of(self, each: Partnership) -> str:
        """Return one hash of all these files."""
        same = _same_files(each)
        if same not in self._hashed:
            parts = (
                f"{name} {self.hashes.of(path).sha256 if path.is_file() else 'missing'}"
                for name, path in self.of(each).items()
            )
            self._hashed[same] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        return self._hashed[same]


def _same_files(each: Partnership) -> str:
    """Return what is alike in partnerships that are made of the same files; returns are in each one's own folder."""
    own = each.settings
    return repr((own.sources, own.places, own.returns, each.folder.name if own.returns else ""))


def _key(each: Partnership, wanted: Plan, inputs: _Inputs, *, today: dt.date) -> str:
    """Return the hash of all that a pack is made of, but for what earlier copies published."""
    parts = [cdrp_xl.__version__, each.text, repr(each.words), *(form.name for form in wanted.forms)]
    parts += [] if each.settings.report.date else [today.isoformat()]
    parts += [inputs.hash_of(each)]
    master = master_workbook.existing(each.folder)
    parts += [inputs.hashes.of(master).sha256] if master.is_file() else []
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _task(
    each: Partnership, wanted: Plan, key: str, held: Mapping[str, Held] | None, inputs: _Inputs, *, today: dt.date
) -> _Task | Outcome:
    """Return one pack to make, with its counts; or why it can't be made."""
    try:
        _put_settings(each)
        with history.refusals(each.folder, history.PUBLISH, today=today):
            return _readied(each, wanted, key, held, inputs, today=today)
    except CdrpError as fault:
        return _failed(each.area, each.folder, key, fault)


def _readied(
    each: Partnership, wanted: Plan, key: str, held: Mapping[str, Held] | None, inputs: _Inputs, *, today: dt.date
) -> _Task:
    files = (*inputs.of(each).values(), each.folder / FILE_NAME)
    read = certificate.in_order(map(inputs.hashes.of, files))
    typed = refreshing.typed_in(each.folder)
    gathered = (
        refreshing.read(each.settings, each.folder, today=today, progress=_unseen, inputs=typed, held=held)
        if held is not None
        else None
    )
    return _Task(
        area=each.area,
        folder=each.folder,
        key=key,
        words=each.words,
        forms=wanted.forms,
        gathered=gathered,
        read=read,
        quarter=wanted.quarter,
        today=today,
    )


def _put_settings(each: Partnership) -> None:
    """Put a partnership's settings into its folder; those of somebody else are never replaced."""
    file = each.folder / FILE_NAME
    content = each.text.encode()
    if file.is_file() and file.read_bytes() == content:
        return
    if file.exists() and not file.with_name(_OURS).exists():
        raise CannotBeWrittenError(
            f"{each.folder.name} is already a partnership's folder, which no national run made.",
            where=str(file),
            remedy="Name another folder as out, or move this one away.",
        )
    beside.replace(file.with_name(_OURS), b"This folder's partnership.toml is written by cdrp-xl national.\n")
    beside.replace(file, content)


_OURS = "made-by-national.txt"


def _made(tasks: Iterable[_Task | Outcome], *, workers: int, progress: Progress) -> Iterator[Outcome]:
    """Yield each outcome as it comes; a few packs wait for each process, and no more are counted before."""
    if not workers:
        return
    context = multiprocessing.get_context("spawn")  # a fork would take the open engine with it
    running: set[Future[Outcome]] = set()
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin) as pool:
        try:
            for task in tasks:
                if not isinstance(task, _Task):
                    yield task
                    continue
                progress.doing(f"Making {task.area}")
                with _interrupts_kept_back():
                    running.add(pool.submit(make, task))
                while len(running) >= _WAITING_PER_PROCESS * workers:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (each.result() for each in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
        except BrokenProcessPool as ended:
            raise CannotBeComputedError(
                "A process that makes packs was ended by the system, as happens when memory runs out.",
                where=f"{len(running):,} packs that were being made",
                remedy="Start the run again: it carries on where it stopped. Fewer processes (--workers 1) need less "
                "memory.",
            ) from ended
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def make(task: _Task) -> Outcome:
    """Make one pack and put it into its folder; what is wrong with it is its outcome."""
    try:
        with alone.alone(task.folder), history.refusals(task.folder, history.PUBLISH, today=task.today):
            return _make(task)
    except CdrpError as fault:
        return _failed(task.area, task.folder, task.key, fault)
    except OSError as refused:
        return outcome.of_fault(task.area, task.folder, damage.refused_by_system(refused, task.folder))


def _make(task: _Task) -> Outcome:
    from cdrp_xl import settings

    folder = task.folder
    gathered = task.gathered or refreshing.read(settings.read(folder), folder, today=task.today, progress=_unseen)
    words = tuple(Written(section_id=name, quarter=task.quarter, text=text) for name, text in task.words)
    inputs = replace(gathered.inputs, commentary=(*gathered.inputs.commentary, *words))
    gathered = replace(gathered, inputs=inputs)
    built = refreshing.build(gathered, folder, quarter=task.quarter, today=task.today, progress=_unseen)
    pack = publishing.make(gathered, built, folder, read=task.read, today=task.today, progress=_unseen)
    published = publishing.put(pack, folder)
    history.published(folder, gathered.settings, gathered.data, built, pack.issued, today=task.today, hashed=task.read)
    written = ways_out.in_forms(published, task.forms, gathered.settings, progress=_unseen)
    made = outcome.of_pack(task.area, folder, pack, written.files, to_look_at=written.to_look_at)
    outcome.save(folder, task.key, made, published.copy)
    return made


def _failed(area: str, folder: Path, key: str, fault: CdrpError) -> Outcome:
    """Return the outcome of a fault. One of the data or settings stays the same until these change, and is kept."""
    failed = outcome.of_fault(area, folder, fault)
    if isinstance(fault, CannotBeComputedError | RefusedByGateError | ValueFoundError):
        outcome.save(folder, key, failed)
    return failed


@contextlib.contextmanager
def _interrupts_kept_back() -> Iterator[None]:
    """Keep Ctrl-C from processes that begin meanwhile: a terminal sends it to all, and the run's own stops for them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Leave it to the run's own process to stop, and end when that ends, however it does: nobody is left at work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def _unseen(_doing: str) -> None:
    """Show nothing: what one of many packs is at goes by too fast."""


def _cores() -> int:
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
