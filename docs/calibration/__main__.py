"""Run the rules of chance and projection on public data and write docs/calibration.md: `make calibrate`."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import comparing
import monthly
import projecting
import public_data
from cases import Cases, of_borough

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).parents[1] / "calibration.md"
HEAD = """# How often the rules cry wolf

Written by `make calibrate`; every figure below is computed there. The rules are those of `cdrp_xl/measures` (`verdict`,
`year_end`, `months`, `group`), as the report uses them.

**Data.** Recorded crime of the 32 London boroughs by month, April 2010 to November 2025, {rows} rows each (Metropolitan
Police); January to March 2024 and 2025 of {districts} districts of England and Wales (data.police.uk). Open Government
Licence v3.0. Comparisons and projections that touch March 2020 to February 2022 are left out; a row's own history may
hold these months, as a report's would.

**Three sets.** The constants were chosen on 16 boroughs (every other one by name) up to 2018: "chosen on". They are
reported on the other 16 up to 2018, "others", and on all 32 from 2019 on, "later". Residential burglary is the sum of
the rows that were domestic burglary until 2023; its break of April 2017, when sheds and garages came in, is left in.

**Placebo.** The same period in three years: the middle count against its two neighbours together. On average nothing
changed between them, so a rule that promises 5% should call about 5% different.
"""


def main() -> None:
    """Write the page."""
    histories = public_data.boroughs()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as workers:
        cases = Cases(boroughs=tuple(workers.map(of_borough, histories)))
        parts: list[Iterable[str]] = [
            [HEAD.format(rows=len(histories[0].counts), districts=len({name for name, _ in public_data.districts()}))],
            comparing.placebo(cases),
            comparing.as_they_are(cases),
            comparing.power(cases),
            comparing.emerging(cases),
            comparing.prior(),
            projecting.page(cases, histories),
            monthly.page(histories, workers),
        ]
        PAGE.write_text("\n".join(line for part in parts for line in part) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
