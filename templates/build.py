"""Write the templates that come with cdrp-xl, each from what the program itself makes.

They are the settings that ``cdrp-xl new`` begins a folder with, from ``cdrp_xl/wording/partnership.toml``, their
schema, and the empty return forms, as the agencies of the worked example would be sent them.
``python templates/build.py`` writes them beside this file; another folder may be named. The same code gives the same
bytes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from cdrp_xl import returns, settings, worked_example
from cdrp_xl.periods import Period
from cdrp_xl.settings import checking
from cdrp_xl.workbooks import beginning, returning
from cdrp_xl.workbooks.beginning import Beginning

QUARTER = Period.parse("2011-12 Q1")


def build(folder: Path) -> None:
    """Write the settings and every form."""
    (folder / settings.FILE_NAME).write_text(beginning.template(Beginning(), folder), encoding="utf-8", newline="\n")
    checking.put_schema(folder)
    returns_folder = folder / "returns"
    returns_folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / settings.FILE_NAME
        file.write_bytes(worked_example.settings_and_returns()[settings.FILE_NAME])
        expected = settings.read(Path(scratch)).returns
    for each in expected:
        form = returns.load(each.form, returns_folder)
        content = returning.form_file(form, QUARTER, each.agency, each.areas)
        (returns_folder / f"{form.id}.xlsx").write_bytes(content)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
