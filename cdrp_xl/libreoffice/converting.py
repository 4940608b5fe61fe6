"""A workbook as a PDF for everybody to read, made by a LibreOffice of its own that nobody sees.

It needs the program alone, not its Python bridge.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from cdrp_xl import temporary
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice.office import (
    QUIETLY,
    RESTART_WANTED,
    end_group,
    new_profile,
    required_executable,
    without_passwords,
)

SECONDS = 180

_STARTS = 2
_OPTIONS = {
    "UseTaggedPDF": True,
    "PDFUACompliance": True,
    "ExportBookmarks": True,
    "DisplayPDFDocumentTitle": True,
    "ExportFormFields": False,
    "InitialView": 1,  # with the bookmarks
}


def pdf_of(workbook: Path, *, executable: Path | None = None, seconds: float = SECONDS) -> bytes:
    """Return a workbook as a tagged PDF (PDF/UA), with bookmarks, its title and its language.

    Parameters
    ----------
    workbook
        The workbook; it is read and never changed.
    executable
        The soffice program, where the system's own is not the one wanted.
    seconds
        How long LibreOffice may take.

    Raises
    ------
    OfficeUnavailableError
        If LibreOffice is not installed.
    CannotBeWrittenError
        If LibreOffice makes no PDF of the workbook, or takes too long.
    """
    program = executable or required_executable()
    profile = new_profile()
    try:
        with temporary.folder("pdf") as folder:
            command = [
                str(program),
                "--headless",
                *QUIETLY,
                f"-env:UserInstallation={profile.path.as_uri()}",
                "--convert-to",
                f"pdf:calc_pdf_Export:{_filter_options()}",
                "--outdir",
                str(folder),
                str(workbook.resolve()),
            ]
            _run(command, workbook, seconds=seconds, inherited=profile.inherited)
            made = Path(folder, workbook.name).with_suffix(".pdf")
            if not made.is_file():
                raise _refused(workbook, "LibreOffice made none")
            return made.read_bytes()
    finally:
        profile.remove()


def _run(command: list[str], workbook: Path, *, seconds: float, inherited: tuple[int, ...]) -> None:
    """Run LibreOffice to its end; one whose profile was just made asks to be started again."""
    for _ in range(_STARTS):
        process = subprocess.Popen(  # noqa: S603 - LibreOffice's own program, no shell
            command,
            env=without_passwords(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=inherited,
        )
        try:
            if process.wait(seconds) != RESTART_WANTED:
                return
        except subprocess.TimeoutExpired:
            raise _refused(workbook, f"LibreOffice took more than {seconds:g} seconds") from None
        finally:
            if process.poll() is None:
                end_group(process)
                process.wait()


def _filter_options() -> str:
    kinds = {bool: "boolean", int: "long"}
    return json.dumps(
        {name: {"type": kinds[type(value)], "value": str(value).lower()} for name, value in _OPTIONS.items()}
    )


def _refused(workbook: Path, why: str) -> CannotBeWrittenError:
    return CannotBeWrittenError(
        f"{workbook.name} could not be made into a PDF: {why}.",
        where=str(workbook),
        remedy="Open the workbook in LibreOffice to see what it says, then try again.",
    )
