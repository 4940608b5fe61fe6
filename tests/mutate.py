"""Ask whether the tests would notice: change the code in one place, and run the tests that run that place.

``python tests/mutate.py SEED MUTANTS`` draws places in the modules where figures are made and where it is decided what
may leave, and at each of them one of Cosmic Ray's changes. Mutants are made in copies of the tree. The tests of the
module's own name are run; on what they let through, the test files that run the mutated function, the quickest first,
as long as they take 60 s together. LibreOffice, the validator and whole folders stay out. What came of each is kept in
``.mutate/``: whoever asks again for the same seed and the same code goes on where it stopped, and survivors are tried
again. ``cr-report SEED.sqlite`` there prints it with every difference.
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
from coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
LEFT_OUT = "not libreoffice and not validator and not whole"
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
SECONDS, MOST_SECONDS = 60.0, 600
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
    """What a test file ran of the mutated modules, and the seconds that it took."""

    lines: dict[str, list[int]]
    seconds: float


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
        _try_all(session, waiting, trees, unchanged, lambda mutation: own.get(mutation.module_path.stem, ()))
        survived = {job for job, result in session.results if not result.is_killed}
        if waiting := [each for each in session.work_items if each.job_id in survived]:
            ran = _covered(trees, unchanged)
            _try_all(session, waiting, trees, unchanged, lambda mutation: _chosen(mutation, unchanged, ran))
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


def _covered(trees: list[Path], unchanged: Path) -> dict[str, Ran]:
    """Run by itself each test file that has changed, and return what they all ran: nothing if a test of it fails."""
    kept = KEPT / "covered.json"
    known = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    files = {str(path.relative_to(unchanged)): _code(unchanged, path) for path in _test_files(unchanged)}
    answers = trees[0].parent / "covered"
    answers.mkdir()
    changed = [name for name, digest in files.items() if known.get(name, {}).get("of") != digest]
    for name, outcome in _forked(changed, trees, unchanged, lambda name, tree: _cover(name, tree, answers)):
        answer = answers / name.replace("/", " ")
        known[name] = json.loads(answer.read_text("utf-8")) if outcome == 0 else {"lines": {}, "seconds": 0.0}
        known[name]["of"] = files[name]
        kept.write_text(json.dumps(known), "utf-8")
        _say(f"{name}: {known[name]['seconds']:.0f} s" if outcome == 0 else f"{name}: not used ({outcome})")
    return {name: Ran(lines=known[name]["lines"], seconds=known[name]["seconds"]) for name in files}


def _cover(name: str, tree: Path, answers: Path) -> int:
    measured = Coverage(data_file=None, config_file=False, include=[str(path) for path in _modules(tree)])
    measured.start()
    outcome = _tests([name])
    measured.stop()
    data = measured.get_data()
    lines = {str(Path(file).relative_to(tree)): data.lines(file) for file in data.measured_files()}
    used = [resource.getrusage(whose).ru_utime for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    (answers / name.replace("/", " ")).write_text(json.dumps({"lines": lines, "seconds": sum(used)}), "utf-8")
    return outcome


def _try_all(
    session: WorkDB, items: list[WorkItem], trees: list[Path], unchanged: Path, chosen: Callable[..., Sequence[str]]
) -> None:
    def job(item: WorkItem, tree: Path) -> int:
        return _try(item.mutations[0], tree, unchanged, chosen(item.mutations[0]))

    for each, outcome in _forked(items, trees, unchanged, job):
        session.set_result(each.job_id, _result(each.mutations[0], unchanged, killed=outcome != 0))


def _try(mutation: MutationSpec, tree: Path, unchanged: Path, chosen: Sequence[str]) -> int:
    """Mutate the copy, run some tests, and return pytest's answer: 0 if nothing was noticed."""
    if not chosen:
        return 0
    before, after = _codes(mutation, unchanged)
    file = tree / mutation.module_path
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))  # not the clock's: a busy machine kills none
    try:
        file.write_text(after, "utf-8")
        return _tests(chosen)
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


def _chosen(mutation: MutationSpec, unchanged: Path, ran: dict[str, Ran]) -> list[str]:
    """Return the test files that run the function (or, of what is in none, the module), as long as there is time."""
    body = _body((unchanged / mutation.module_path).read_text("utf-8"), mutation.start_pos[0])
    module = str(mutation.module_path)
    running = [name for name, each in ran.items() if any(line in body for line in each.lines.get(module, ()))]
    chosen, seconds = [], 0.0
    for name in sorted(running, key=lambda name: ran[name].seconds):
        seconds += ran[name].seconds
        if not chosen or seconds < SECONDS:
            chosen.append(name)
    return chosen


def _body(code: str, line: int) -> range:
    """Return the lines of the innermost function that a line is in, without those that run when it is defined."""
    around = range(1, len(code.splitlines()) + 1)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= node.end_lineno:
            around = min(around, range(node.body[0].lineno, node.end_lineno + 1), key=len)
    return around


def _tests(files: Sequence[str]) -> int:
    quiet = ["-q", "-x", "-p", "no:cacheprovider", "-n", "0", "--hypothesis-profile=quick", "-m", LEFT_OUT]
    return int(pytest.main([*quiet, *files]))


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
