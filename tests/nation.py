"""Every partnership of the public counts in one run, and what has to hold of it: ``make national``.

January to March 2024 against 2025, of the public data beside the repository. Ends with 1 where anything fails.
"""

import csv
import datetime as dt
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cdrp_xl import geography
from cdrp_xl.workbooks import publishing, refreshing
from cdrp_xl.workbooks.national import running

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
TODAY = dt.date(2025, 5, 1)
MONTHS = {f"{year}-{month:02d}": year for year in (2024, 2025) for month in (1, 2, 3)}
VALIDATED = 30
SETTINGS = """template = "template/"
areas = "all"
quarter = "2024-25 Q4"
out = "packs/"
"""
TEMPLATE = """[partnership]
name = "Example Community Safety Partnership"
area = "Example"

[report]
date = 2025-05-01

[sources.published]
files = ["{data}/csp_counts/*.csv"]
source = "data.police.uk, counted by district"
classification = "police-uk"
is_tally = true
[sources.published.headings]
area = "District (from LSOA name)"
offence = "Crime type"
period = "Month"
offences = "Count"
force = "Falls within"

[sources.population]
file = "{data}/geography/lad_population_mid2020_EW.csv"
area = "Name"
population = "All ages"

[[priorities]]
id = "burglary"
title = "Burglary"
objective = "Fewer burglaries than in 2023-24"
deadline = "2026-27"
measure = {{ rows = ["burglary"] }}
baseline = {{ year = "2023-24" }}
"""


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Watched:
    """Progress, a line to a hundred packs."""

    def doing(self, what: str) -> None:
        """Take no notice."""

    def made(self, done: int, of: int, _area: str) -> None:
        """Say every hundredth."""
        if not done % 100:
            say(f"{done} of {of}")


def counted() -> dict[str, dict[int, int]]:
    """Return the offences of each area of today by year, where its own force has rows in all six months."""
    counts: Counter[tuple[str, int]] = Counter()
    months: dict[str, set[str]] = {}
    for file in sorted((DATA / "csp_counts").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                name, month = row["District (from LSOA name)"], row["Month"]
                area = geography.area_on(name, dt.date(2025, 3, 31))
                if area is None or month not in MONTHS:
                    continue
                if geography.find_force(row["Falls within"]) == area.force:
                    months.setdefault(area.name, set()).add(month)
                if row["Crime type"] != "Anti-social behaviour":
                    counts[area.name, MONTHS[month]] += int(row["Count"])
    whole = [area for area, there in months.items() if len(there) == len(MONTHS)]
    return {area: {year: counts[area, year] for year in (2024, 2025)} for area in whole}


def is_as_alone(folder: Path, scratch: Path) -> bool:
    """Return whether a pack and its certificate are, byte for byte, those that a refresh and publish make alone."""
    own = scratch / "alone" / folder.name
    own.mkdir(parents=True)
    shutil.copy(folder / "partnership.toml", own)
    refreshing.refresh(own, quarter=None, today=TODAY, progress=str)
    publishing.publish(own, today=TODAY, progress=str)
    return all(
        file.read_bytes() == (folder / "published" / file.name).read_bytes() for file in (own / "published").iterdir()
    )


def is_valid(copy: Path) -> bool:
    """Return whether the Open XML SDK finds no error."""
    validator = ROOT / "node_modules" / ".bin" / "ooxml-validator"
    done = subprocess.run([validator, copy, "--officeVersion", "Microsoft365"], capture_output=True, check=False)
    return done.returncode == 0


def main() -> int:
    """Run, look, and say what holds."""
    place = ROOT / "national"
    shutil.rmtree(place, ignore_errors=True)
    (place / "template").mkdir(parents=True)
    data = os.path.relpath(DATA, place / "template")
    (place / "template" / "partnership.toml").write_text(TEMPLATE.format(data=data), encoding="utf-8")
    (place / "national.toml").write_text(SETTINGS, encoding="utf-8")
    begun = time.perf_counter()
    ran = running.run(place / "national.toml", today=TODAY, progress=Watched())
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    again = running.run(place / "national.toml", today=TODAY, progress=Watched())
    share = (time.perf_counter() - begun) / first
    made = [each for each in ran.outcomes if each.is_made]
    source = counted()
    chosen = random.Random(277).sample(made, VALIDATED)  # noqa: S311 - which packs are looked at
    alike = sum(is_as_alone(place / "packs" / each.folder, place) for each in made)
    with ThreadPoolExecutor(2) as pool:
        valid = sum(pool.map(is_valid, [place / "packs" / each.copy for each in chosen]))
    hashes = [hashlib.sha256((place / "packs" / each.copy).read_bytes()).hexdigest() == each.sha256 for each in made]
    checks = {
        f"packs of {len(source)} areas with figures of their own force in all six months": len(made) == len(source),
        "areas whose totals differ from the source's: 0": {
            each.area: {2024: each.earlier, 2025: each.later} for each in made
        }
        == source,
        f"findings that block: {sum(each.blocking for each in ran.outcomes)}": not any(
            e.blocking for e in ran.outcomes
        ),
        f"packs as made alone: {alike} of {len(made)}": alike == len(made),
        f"packs without errors of the Open XML SDK: {valid} of {VALIDATED}": valid == VALIDATED,
        f"packs whose hash is the summary's: {sum(hashes)} of {len(made)}": all(hashes),
        f"made again by a second run: {again.made}; its time is {share:.1%} of the first's": again.made == 0,
    }
    for what, holds in checks.items():
        say(f"{'holds' if holds else 'FAILS'}: {what}")
    earlier, later = (sum(each[year] for each in source.values()) for year in (2024, 2025))
    say(f"Not made: {len(ran.failed)}. Together {earlier:,} and {later:,} offences. Look at {ran.index}.")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
