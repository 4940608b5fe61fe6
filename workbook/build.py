"""Write the workbook as built into a folder: the worked example's master, and the VBA project that it holds.

``python workbook/build.py`` writes them beside this file; another folder may be named. The same code gives the same
bytes.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from cdrp_xl import worked_example
from cdrp_xl.workbooks.master import MASTER
from cdrp_xl.workbooks.refreshing import refresh

PROJECT = "vbaProject.bin"
TODAY = dt.date(2011, 7, 29)
"""The day of the worked example's report."""


def build(folder: Path) -> None:
    """Write both files."""
    with tempfile.TemporaryDirectory() as scratch:
        partnership = Path(scratch)
        worked_example.write(partnership)
        made = refresh(partnership, quarter=None, today=TODAY, progress=str).master
        shutil.copyfile(made, folder / MASTER)
        with zipfile.ZipFile(made) as archive:
            (folder / PROJECT).write_bytes(archive.read(f"xl/{PROJECT}"))


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
