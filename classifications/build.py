"""Write the package's list of notifiable offences from the Home Office's own, a CSV file given by its path.

The Home Office publishes the list with its Crime Recording Rules (Open Government Licence v3.0). Kept are each
offence's code, its words, its Act, and the code of our classification as which it is counted. What the classification
lacks is named.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

from cdrp_xl import offences
from cdrp_xl.offences import Classification, normal_code
from cdrp_xl.offences.notifiable import HEADINGS

CLASSIFICATION = "home-office-2026"
FOLDER = Path(__file__).resolve().parent.parent / "cdrp_xl" / "classifications"
_CATEGORY = re.compile(r"(NFIB ?\d+[A-Z]?|\d+(?:/\d+)?[A-Z]?)\s")


def main(published: Path) -> int:
    """Write the list, or print what the classification lacks; return 1 if it lacks anything."""
    classification = offences.load(CLASSIFICATION)
    with published.open(encoding="utf-8-sig", newline="") as file:
        rows = [{heading: " ".join(text.split()) for heading, text in row.items()} for row in csv.DictReader(file)]
    counted = [(row, _counted_as(row, classification)) for row in rows]
    for row in (row for row, code in counted if code is None):
        sys.stderr.write(f"{row['Home Office code']}: {row['Class']}, {row['Sub class']}, {row['Offence category']}\n")
    if any(code is None for _, code in counted):
        return 1
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADINGS)
    for row, code in counted:
        writer.writerow([row["Home Office code"], code, row["Offence"], f"{row['Act']} {row['Section']}".strip()])
    (FOLDER / classification.listed_in).write_text(written.getvalue(), encoding="utf-8", newline="")
    return 0


def _counted_as(row: dict[str, str], classification: Classification) -> str | None:
    """Return the category's code where it is in the row of the sub class, otherwise that row's own code."""
    category = _CATEGORY.match(f"{row['Offence category']} ")
    code = normal_code(category[1].replace(" ", "")) if category else ""
    named = classification.rows_named(row["Sub class"] or row["Class"])
    if code in classification.descriptions and (not row["Sub class"] or any(code in each.codes for each in named)):
        return code
    return next((each.own_code for each in named), None)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
