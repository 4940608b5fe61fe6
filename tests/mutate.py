"""Ask whether the tests would notice: change the code in one place, and run the tests that run that place.

``python tests/mutate.py SEED MUTANTS`` draws places in the modules where figures are made and where it is decided what
may leave, and at each of them one of Cosmic Ray's changes. Mutants are made in copies of the tree. The tests of the
module's own name are run; on what they let through, the tests that run the mutated function, as long as they take 60 s
together: first those that run what few others run of it. LibreOffice and the validator stay out. What came of each is
kept in ``.mutate/``: whoever asks again for the same seed and the same code goes on where it stopped, and survivors
are tried again. ``cr-report SEED.sqlite`` there prints it with every difference.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import importlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult
from coverage import Coverage, CoverageData

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

Item = TypeVar("Item")

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".mutate"
MUTATED = (
    *(
        "measures/*",
        "offences/*",
        "periods",
        "publication/rules/*",
        "sources/cadet*",
        "functions/cells",
        "writers/existing_workbook",
    ),
    *(f"report/{name}" for name in ("chance", "localities", "returns", "suppressing", "finest", "disclosed", "usual")),
    *(f"report/{name}" for name in ("ledgers", "published_highlights", "returned", "suppressed", "year_end")),
)
ALL = "not libreoffice and not validator"
QUICK = f"{ALL} and not whole"
TESTS = (
    "functions",
    "measures",
    "offences",
    "publication",
    "report",
    "sources",
    "test_periods",
    "writers/test_existing_workbook",
)
"""The tests of the rooms that are mutated. What others notice besides makes a survivor's number no greater."""

AT_ONCE = 2
BROKEN = 99
SECONDS, MOST_SECONDS = 60.0, 100
MOST_MEMORY = 6 * 2**30
KILLED_AT_LEAST = 0.9

# Imported once here, and not again by each of the processes forked from this one.
HEAVY = (
    "duckdb",
    "fastexcel",
    "lxml.etree",
    "msgspec",
    "openpyxl",
    "pandas",
    "rich",
    "scipy.optimize",
    "typer",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What the tests of one file ran of the mutated modules, by test, and the seconds that each took.

    What fixtures ran is in the context "": every test of the file has it.
    """

    data: CoverageData
    seconds: dict[str, float]


class Following:
    """Tells coverage which test is run, and adds up the seconds of each: this process's, and those it waited for."""

    def __init__(self, measured: Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Take what fixtures run as run by all."""
        self.measured.switch_context("")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Take what is run from now on as run by this test."""
        self.measured.switch_context(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note what a test took, with its fixtures."""
        before = _used()
        done = yield
        self.seconds[item.nodeid] = _used() - before
        return done


def main() -> None:
    """Try the mutants that have not been tried, print which survived, and end with 1 if they are too many."""
    seed, wanted = sys.argv[1], int(sys.argv[2])
    KEPT.mkdir(exist_ok=True)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # threads don't live on in a forked process
    for name in HEAVY:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="cdrp-xl-mutate-") as folder:
        unchanged, *trees = _copies(Path(folder))
        session = _session(seed, wanted, unchanged)
        own = _own_tests(unchanged)
        waiting = list(session.pending_work_items)
        _try_all(session, waiting, trees, unchanged, lambda mutation: own.get(mutation.module_path.stem, ()), QUICK)
        survived = {job for job, result in session.results if not result.is_killed}
        if waiting := [each for each in session.work_items if each.job_id in survived]:
            ran = _covered(trees, unchanged)
            _try_all(session, waiting, trees, unchanged, lambda mutation: _chosen(mutation, unchanged, ran), ALL)
    sys.exit(_said(session) < KILLED_AT_LEAST)


def _modules(tree: Path) -> list[Path]:
    return sorted({path for pattern in MUTATED for path in (tree / "cdrp_xl").glob(f"{pattern}.py")})


def _code(tree: Path, *others: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*_modules(tree), *others))).hexdigest()


def _session(seed: str, wanted: int, tree: Path) -> WorkDB:
    """Return the session of this seed: the one that is there, if it was drawn from the same code."""
    file, drawn_from = KEPT / f"{seed}.sqlite", KEPT / f"{seed}.txt"
    said = f"{wanted} {_code(tree, Path(__file__))}"
    begun = drawn_from.exists() and drawn_from.read_text("utf-8") == said
    if not begun:
        file.unlink(missing_ok=True)
    session = WorkDB(str(file), WorkDB.Mode.create)
    if not begun:
        session.add_work_items(
            WorkItem.single(str(uuid.UUID(int=number)), mutation)
            for number, mutation in enumerate(_drawn(seed, wanted, tree))
        )
        drawn_from.write_text(said, "utf-8")
    return session


def _drawn(seed: str, wanted: int, tree: Path) -> list[MutationSpec]:
    """Return a mutant of each place drawn: an addition, which can become ten others, is drawn as often as a number."""
    chance = random.Random(seed)  # noqa: S311 - the same mutants from the same seed
    places: dict[tuple[Path, tuple[int, int]], list[MutationSpec]] = {}
    for path in _modules(tree):
        for mutation in _mutations(path, tree):
            places.setdefault((path, mutation.start_pos), []).append(mutation)
    order = sorted(places)
    chance.shuffle(order)
    drawn = []
    for place in order:
        mutation = chance.choice(places[place])
        if len(drawn) < wanted and _means_another(mutation, tree):
            drawn.append(mutation)
    return drawn


def _mutations(path: Path, tree: Path) -> Iterator[MutationSpec]:
    nodes = list(ast_nodes(get_ast(path.read_text("utf-8"))))
    for name in operator_names():
        kind = get_operator(name)
        if kind.arguments():
            continue
        places = (place for node in nodes for place in kind().mutation_positions(node))
        for occurrence, (start, end) in enumerate(places):
            yield MutationSpec(
                module_path=path.relative_to(tree),
                operator_name=name,
                occurrence=occurrence,
                start_pos=start,
                end_pos=end,
            )


def _means_another(mutation: MutationSpec, tree: Path) -> bool:
    """Say whether the mutant is Python and does something else: not if an annotation or a class's decorator changed."""
    before, after = _codes(mutation, tree)
    try:
        return ast.dump(_done(before)) != ast.dump(_done(after))
    except SyntaxError:
        return False


def _codes(mutation: MutationSpec, tree: Path) -> tuple[str, str]:
    before = (tree / mutation.module_path).read_text("utf-8")
    return before, mutate_code(before, get_operator(mutation.operator_name)(), mutation.occurrence)


def _done(code: str) -> ast.AST:
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.ClassDef):
            node.decorator_list = []
    return tree


def _copies(folder: Path) -> list[Path]:
    """Copy what git knows, to be left as it is and once for each process; what is compiled there goes by its content.

    By time and size a mutant of the same second would not be noticed.
    """
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if (ROOT.parent / "shared").exists():
        (folder / "shared").symlink_to(ROOT.parent / "shared")
    trees = [folder / str(number) for number in range(AT_ONCE + 1)]
    for tree in trees:
        for name in filter(None, listed.split("\0")):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
        compiling = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", str(tree / "cdrp_xl")]
        subprocess.run([sys.executable, *compiling], check=True)
    return trees


def _covered(trees: list[Path], unchanged: Path) -> list[Ran]:
    """Run by itself each test file that has changed, and return what they all ran: nothing if a test of it fails."""
    folder = KEPT / "covered"
    folder.mkdir(exist_ok=True)
    places = {str(path.relative_to(unchanged)): folder / _code(unchanged, path) for path in _test_files(unchanged)}
    waiting = [name for name, place in places.items() if not place.with_suffix(".json").exists()]
    for name, outcome in _forked(waiting, trees, unchanged, lambda name, tree: _cover(name, tree, places[name])):
        said = places[name].with_suffix(".json")
        if outcome:
            said.write_text("{}", "utf-8")
        seconds = sum(json.loads(said.read_text("utf-8")).values())
        _say(f"{name}: not used ({outcome})" if outcome else f"{name}: {seconds:.0f} s")
    return [_ran(place) for place in places.values()]


def _ran(place: Path) -> Ran:
    data = CoverageData(str(place))
    seconds = json.loads(place.with_suffix(".json").read_text("utf-8"))
    if seconds:
        data.read()
    return Ran(data=data, seconds=seconds)


def _cover(name: str, tree: Path, place: Path) -> int:
    place = ROOT / place
    measured = Coverage(data_file=str(place), config_file=False, include=[str(path) for path in _modules(tree)])
    following = Following(measured)
    measured.start()
    outcome = _tests([name], marked=ALL, plugins=[following])
    measured.stop()
    if outcome == 0:
        measured.save()
        place.with_suffix(".json").write_text(json.dumps(following.seconds), "utf-8")
    return outcome


def _used() -> float:
    return sum(resource.getrusage(whose).ru_utime for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _try_all(
    session: WorkDB,
    items: list[WorkItem],
    trees: list[Path],
    unchanged: Path,
    chosen: Callable[..., Sequence[str]],
    marked: str,
) -> None:
    # Chosen here: what coverage has read does not outlive a fork.
    waiting = ((item, chosen(item.mutations[0])) for item in items)
    for (each, _), outcome in _forked(
        waiting, trees, unchanged, lambda item, tree: _try(item[0].mutations[0], tree, unchanged, item[1], marked)
    ):
        session.set_result(each.job_id, _result(each.mutations[0], unchanged, killed=outcome != 0))


def _try(mutation: MutationSpec, tree: Path, unchanged: Path, chosen: Sequence[str], marked: str) -> int:
    """Mutate the copy, run some tests, and return pytest's answer: 0 if nothing was noticed."""
    if not chosen:
        return 0
    before, after = _codes(mutation, unchanged)
    file = tree / mutation.module_path
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))  # not the clock's: a busy machine kills none
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))  # a loop that never ends may hoard, too
    try:
        file.write_text(after, "utf-8")
        return _tests(chosen, marked=marked)
    finally:
        file.write_text(before, "utf-8")


def _own_tests(tree: Path) -> dict[str, list[str]]:
    """Return the test files of each module's name."""
    own: dict[str, list[str]] = {}
    for path in _test_files(tree):
        own.setdefault(path.stem.removeprefix("test_"), []).append(str(path.relative_to(tree)))
    return own


def _test_files(tree: Path) -> list[Path]:
    every = sorted((tree / "tests").rglob("test_*.py"))
    return [path for path in every if str(path.relative_to(tree / "tests")).startswith(TESTS)]


def _chosen(mutation: MutationSpec, unchanged: Path, ran: list[Ran]) -> list[str]:
    """Return the tests that run the function (or, of what is in none, the module), as long as there is time.

    A test that runs a line of it that few others run is likelier to notice: the one that plants a fault, say, and not
    all those that look whether there is one.
    """
    body = _body((unchanged / mutation.module_path).read_text("utf-8"), mutation.start_pos[0])
    by_line: dict[int, set[str]] = {}
    for each in ran:
        files = [file for file in each.data.measured_files() if file.endswith(f"/{mutation.module_path}")]
        for line, tests in (item for file in files for item in each.data.contexts_by_lineno(file).items()):
            if line in body:
                by_line.setdefault(line, set()).update(each.seconds if "" in tests else tests)
    seconds = {test: taken for each in ran for test, taken in each.seconds.items()}
    rarity = {test: len(tests) for tests in sorted(by_line.values(), key=len, reverse=True) for test in tests}
    chosen, together = [], 0.0
    for test in sorted(rarity, key=lambda test: (rarity[test], seconds[test])):
        together += seconds[test]
        if not chosen or together < SECONDS:
            chosen.append(test)
    return chosen


def _body(code: str, line: int) -> range:
    """Return the lines of the innermost function that a line is in, without those that run when it is defined."""
    around = range(1, len(code.splitlines()) + 1)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= node.end_lineno:
            around = min(around, range(node.body[0].lineno, node.end_lineno + 1), key=len)
    return around


def _tests(named: Sequence[str], *, marked: str, plugins: Sequence[object] = ()) -> int:
    quiet = ["-q", "-x", "-p", "no:cacheprovider", "-n", "0", "--hypothesis-profile=quick", "-m", marked]
    return int(pytest.main([*quiet, *named], plugins=plugins))


def _forked(
    items: Iterable[Item], trees: list[Path], unchanged: Path, job: Callable[[Item, Path], int]
) -> Iterator[tuple[Item, int]]:
    """Run a job in a process and a tree of its own for each item, and give items with their exit codes as they end."""
    free, running = list(trees), {}
    for item in items:
        if not free:
            yield _ended(running, free, unchanged)
        tree = free.pop()
        if child := os.fork():
            running[child] = item, tree
        else:
            _job(tree, lambda item=item, tree=tree: job(item, tree))
    while running:
        yield _ended(running, free, unchanged)


def _ended(running: dict[int, tuple[Item, Path]], free: list[Path], unchanged: Path) -> tuple[Item, int]:
    child, status = os.wait()
    item, tree = running.pop(child)
    free.append(tree)
    if os.WIFSIGNALED(status):  # it had no time to put the module back
        subprocess.run(["cp", "-r", str(unchanged / "cdrp_xl"), str(tree)], check=True)
    if (outcome := os.waitstatus_to_exitcode(status)) == BROKEN:
        raise SystemExit(BROKEN)
    return item, outcome


def _job(tree: Path, job: Callable[[], int]) -> None:
    outcome, heard = BROKEN, os.dup(2)
    try:
        os.setpgrp()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(tree)
        os.environ["PYTHONPATH"] = str(tree)
        sys.path.insert(0, str(tree))
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        outcome = job()
    except Exception:  # noqa: BLE001 - printed, and nothing else of the parent's goes on in a child
        os.write(heard, traceback.format_exc().encode())
    finally:
        os._exit(outcome)


def _result(mutation: MutationSpec, unchanged: Path, *, killed: bool) -> WorkResult:
    before, after = (code.splitlines() for code in _codes(mutation, unchanged))
    changed = difflib.unified_diff(
        before, after, str(mutation.module_path), str(mutation.module_path), lineterm="", n=0
    )
    outcome = TestOutcome.KILLED if killed else TestOutcome.SURVIVED
    diff = "\n".join(changed)
    _say(f"{outcome} {mutation.module_path}:{mutation.start_pos[0]} {mutation.operator_name}\n{'' if killed else diff}")
    return WorkResult(worker_outcome=WorkerOutcome.NORMAL, test_outcome=outcome, diff=diff)


def _said(session: WorkDB) -> float:
    """Print by module how many were killed, and return their share."""
    came: Counter[tuple[str, bool]] = Counter()
    for item, result in session.completed_work_items:
        came[str(item.mutations[0].module_path), result.is_killed] += 1
    for module in sorted({module for module, _ in came}):
        _say(f"{module}: {came[module, True]} killed, {came[module, False]} survived")
    killed = sum(number for (_, was), number in came.items() if was)
    _say(f"{killed} of {came.total()} killed ({killed / came.total():.1%})")
    return killed / came.total()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
