"""Write cdrp_xl/geography/areas.csv again: from the ONS look-up of January 2017 and our own list of changes.

The look-up is "Local Authority District to Community Safety Partnership to Police Force Area (January 2017)" as the
Office for National Statistics publishes it in CSV. Give its path:

    python docs/geography.py LAD_to_CSP_to_PFA_Jan2017.csv
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from pathlib import Path

DATA = Path(__file__).parent.parent / "cdrp_xl" / "geography"
HEADINGS = ("code", "name", "from", "to", "force", "partnerships")

Row = dict[str, str]


def as_csv(look_up: Path) -> str:
    """Return the text of areas.csv: one row to a code and name, with the days between which it was in use."""
    published = {row["LAD17CD"]: row for row in _read(look_up)}
    force_ids = {row["code"]: row["id"] for row in _read(DATA / "forces.csv")}
    changes = [row for row in _read(DATA / "changes.csv") if row["level"] == "authority" and row["kind"] != "boundary"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for code, name in sorted(_names(published, changes)):
        begun = [row["date"] for row in changes if (row["to_code"], row["to_name"]) == (code, name)]
        ended = [row["date"] for row in changes if (row["from_code"], row["from_name"]) == (code, name)]
        force = force_ids[_force(code, published, changes)]
        partnerships = "; ".join(_partnerships(code, published, changes))
        writer.writerow((code, name, "".join(begun[:1]), "".join(map(_day_before, ended[:1])), force, partnerships))
    return text.getvalue()


def _names(published: dict[str, Row], changes: list[Row]) -> set[tuple[str, str]]:
    """Return every code with each name that it has had."""
    changed = {(row[f"{end}_code"], row[f"{end}_name"]) for row in changes for end in ("from", "to")}
    codes_changed = {code for code, _ in changed}
    return changed | {(code, row["LAD17NM"]) for code, row in published.items() if code not in codes_changed}


def _force(code: str, published: dict[str, Row], changes: list[Row]) -> str:
    """Return the code of the force that polices an area: as published, or that of all it became or was made from."""
    if code in published:
        return published[code]["PFA17CD"]
    near = _made_from(code, changes) or [row["to_code"] for row in changes if row["from_code"] == code]
    (force,) = {_force(other, published, changes) for other in near if other != code}
    return force


def _partnerships(code: str, published: dict[str, Row], changes: list[Row]) -> list[str]:
    """Return the partnerships of an area, code and name: as published, or those of the areas it was made from.

    An area that had been merged before 2017 has none: no look-up of its time is at hand.
    """
    if code in published:
        return [f"{published[code]['CSP17CD']} {published[code]['CSP17NM']}"]
    if recoded := [row["to_code"] for row in changes if row["from_code"] == code and row["kind"] == "recoded"]:
        return _partnerships(recoded[0], published, changes)
    return sorted({one for other in _made_from(code, changes) for one in _partnerships(other, published, changes)})


def _made_from(code: str, changes: list[Row]) -> list[str]:
    """Return the codes that became part of an area, or were its own before, if that was after the look-up."""
    return [row["from_code"] for row in changes if row["to_code"] == code and row["date"] > "2017-01"]


def _day_before(date: str) -> str:
    return (dt.date.fromisoformat(date) - dt.timedelta(days=1)).isoformat()


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    (DATA / "areas.csv").write_text(as_csv(Path(sys.argv[1])), encoding="utf-8")
