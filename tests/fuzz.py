"""A campaign of files damaged by chance: each is read and right, or told in three lines, in time and memory.

``python tests/fuzz.py SEED COUNT SECONDS [KIND …]`` damages every kind of file that is read in turn, in two processes,
until COUNT were tried or SECONDS are over. The same seed damages the same files. What nobody should see is kept in
``mutants/`` and printed, a table with as few rows as show it.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import damage_by_chance
import mutants

KEPT = Path("mutants")
PROCESSES = 2
SECONDS_TO_SHRINK = 60.0


def main() -> None:
    """Run a campaign, print what came of it by kind, and end with 1 if there was anything that nobody should see."""
    seed, count, seconds, *only = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), *sys.argv[4:]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        kinds = [each for each in mutants.inputs(Path(scratch)) if not only or each.name in only]
        bad = [said for each in kinds if (said := _as_it_should_be(each))]
        came = _tried_side_by_side(kinds, seed, count, until=began + seconds)
    for each in kinds:
        of_kind = {what: came[each.name, what] for what in (mutants.RIGHT, mutants.READ, "fault", mutants.BAD)}
        shown = ", ".join(f"{number} {what}" for what, number in of_kind.items())
        _say(f"{each.name}: {sum(of_kind.values())} damaged, {shown}")
    found = sum(number for (_, what), number in came.items() if what == mutants.BAD) + len(bad)
    for said in bad:
        _say(said)
    _say(f"{came.total()} damaged by seed {seed} in {time.monotonic() - began:.0f} s, {found} bad")
    sys.exit(found > 0)


def _as_it_should_be(each: mutants.Input) -> str:
    """Return what is wrong with a file that nobody damaged."""
    said = mutants.in_a_child(each, each.content)
    return (
        "" if said == (mutants.RIGHT if each.table and each.file[-4:] in {".csv", "xlsx"} else mutants.READ) else said
    )


def _tried_side_by_side(kinds: list[mutants.Input], seed: str, count: int, *, until: float) -> Counter[tuple[str, str]]:
    """Return how often what came of which kind."""
    forked = multiprocessing.get_context("fork")
    shown = forked.SimpleQueue()
    # Each takes whole rounds through the kinds: every other number would leave it half of an even number of kinds.
    shares = [
        [number for number in range(count) if number // len(kinds) % PROCESSES == process]
        for process in range(PROCESSES)
    ]
    processes = [
        forked.Process(target=lambda share: shown.put(_share(kinds, seed, share, until)), args=(share,))
        for share in shares
    ]
    for process in processes:
        process.start()
    came = sum((shown.get() for _ in processes), Counter())
    for process in processes:
        process.join()
    return came


def _share(kinds: list[mutants.Input], seed: str, numbers: list[int], until: float) -> Counter[tuple[str, str]]:
    came: Counter[tuple[str, str]] = Counter()
    for number in numbers:
        if time.monotonic() > until:
            break
        each = kinds[number % len(kinds)]
        said = _tried(each, f"{seed} {number}")
        came[each.name, said.partition(":")[0]] += 1
    return came


def _tried(each: mutants.Input, which: str) -> str:
    """Damage an input as its seed and number say, and return what came of it; what is bad is kept and printed."""
    chance = random.Random(f"{which} {each.name}")  # noqa: S311 - the same files from the same seed
    if each.table is None or chance.random() < 0.5:
        content = damage_by_chance.mutant(each.content, chance)
        said = mutants.in_a_child(each, content)
        if said.startswith(mutants.BAD):
            _keep(each, which, content, said)
        return said
    rows = damage_by_chance.rows_changed(each.table.rows, chance)
    content = each.table.made(rows)
    if each.file.endswith(".csv"):
        content = damage_by_chance.csv_changed(content, chance)
    said = mutants.in_a_child(each, content, rows)
    if said.startswith(mutants.BAD):
        rows = _smallest(each, rows)
        _keep(each, which, content, f"{said}\n{json.dumps(rows)[:2000]}")
    return said


def _smallest(each: mutants.Input, rows: list[list[str]]) -> list[list[str]]:
    """Leave out rows as long as what is left is still bad, halves first, and for a while at most."""
    size, until = len(rows) // 2, time.monotonic() + SECONDS_TO_SHRINK
    while size and time.monotonic() < until:
        for begin in range(len(rows) - size, 0, -size):
            fewer = rows[:begin] + rows[begin + size :]
            if mutants.in_a_child(each, each.table.made(fewer), fewer).startswith(mutants.BAD):
                rows = fewer
        size //= 2
    return rows


def _keep(each: mutants.Input, which: str, content: bytes, said: str) -> None:
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{each.name} {which} {each.file}").write_bytes(content)
    _say(f"{each.name}, {which}: {said}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
