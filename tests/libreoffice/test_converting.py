"""A workbook as a PDF: tagged, with its title, language and bookmarks, and every printed figure in its text."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import pytest

from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice import converting


@pytest.fixture(scope="module")
def pdf(engine, demo, tmp_path_factory):
    made = tmp_path_factory.mktemp("pdf") / "copy.pdf"
    made.write_bytes(converting.pdf_of(demo.copy))
    return made


def printed(*command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed (make test installs poppler-utils)")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_it_is_tagged_pdf_ua_on_a4_landscape_with_its_title(pdf):
    told = dict(line.split(":", 1) for line in printed("pdfinfo", pdf).splitlines())
    told = {name: value.strip() for name, value in told.items()}
    assert told["Tagged"] == "yes"
    assert told["Title"] == "South Cambridgeshire Community Safety Partnership: Performance report, 2011-12 Q1"
    assert re.fullmatch(r"841\.\d+ x 595\.\d+ pts \(A4\)", told["Page size"])
    assert (told["JavaScript"], told["Encrypted"]) == ("no", "no")
    assert re.search(rb"pdfuaid:part>1<", pdf.read_bytes())


def test_its_language_and_its_bookmarks_are_set(pdf, demo):
    content = pdf.read_bytes()
    assert b"/Lang(en-GB)" in content
    bookmarks = [bytes.fromhex(each.decode()).decode("utf-16") for each in re.findall(rb"/Title<(FEFF\w+)>", content)]
    names = openpyxl.load_workbook(demo.copy).sheetnames
    assert [name for name in bookmarks if name in names] == names


def as_printed(cell):
    """Return a figure as its cell's format prints it, rounded half up."""
    first, is_share = cell.number_format.partition(";")[0].removesuffix("_W"), "%" in cell.number_format
    digits = Decimal(1).scaleb(-len(re.search(r"\.?(0*)%?$", first)[1]) if "." in first else 0)
    value = (Decimal(repr(cell.value)) * (100 if is_share else 1)).quantize(digits, ROUND_HALF_UP)
    if not is_share:
        return f"{value:,}"
    sign = f"{'-' if value < 0 else '+'} " if first.startswith("+") else ""
    return f"{sign}{abs(value)}%"


def test_its_text_holds_every_printed_figure(pdf, demo):
    text = printed("pdftotext", "-layout", pdf, "-")
    figures = [
        as_printed(cell)
        for sheet in openpyxl.load_workbook(demo.copy)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    ]
    assert len(figures) > 200
    found = set(re.findall(r"(?:[+-] )?[\d.]+%|-?[\d,]+(?:\.\d+)?", text))
    assert [figure for figure in figures if figure not in found] == []


def fake(folder, script):
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")
def test_a_libreoffice_that_makes_no_pdf_or_takes_too_long_is_told(tmp_path):
    book = tmp_path / "copy.xlsx"
    with pytest.raises(
        CannotBeWrittenError, match=r"^copy\.xlsx could not be made into a PDF: LibreOffice made none\."
    ):
        converting.pdf_of(book, executable=fake(tmp_path, "exit 0"))
    with pytest.raises(CannotBeWrittenError, match=r"LibreOffice took more than 0\.2 seconds\."):
        converting.pdf_of(book, executable=fake(tmp_path, "sleep 60"), seconds=0.2)


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")
def test_a_libreoffice_that_asks_to_be_started_again_is(tmp_path):
    """It asks once, by exit code 81, where its profile was just made; no profile is left."""
    again = tmp_path / "again"
    script = f"""
    for last; do case "$before" in --outdir) to="$last";; esac; before="$last"; done
    case "$*" in *UserInstallation=*) echo "$*" | sed 's/.*file:\\/\\/\\([^ ]*\\).*/\\1/' > {tmp_path}/profile;; esac
    [ -e {again} ] || {{ touch {again}; exit 81; }}
    printf PDF > "$to/copy.pdf"
    """
    assert converting.pdf_of(tmp_path / "copy.xlsx", executable=fake(tmp_path, script)) == b"PDF"
    assert not Path((tmp_path / "profile").read_text(encoding="utf-8").strip()).exists()


def test_libreoffice_is_started_without_the_passwords_of_the_environment(tmp_path, monkeypatch):
    for name in ("CDRP_XL_PASSWORD", "CDRP_XL_SMTP_PASSWORD"):
        monkeypatch.setenv(name, "correct horse battery staple")
    monkeypatch.setenv("CDRP_XL_OTHER", "stays")
    told = tmp_path / "environment.json"
    program = f"import json, os, pathlib; pathlib.Path({str(told)!r}).write_text(json.dumps(dict(os.environ)))"
    converting._run([sys.executable, "-c", program], tmp_path / "copy.xlsx", seconds=60, inherited=())
    seen = json.loads(told.read_text(encoding="utf-8"))
    assert seen["CDRP_XL_OTHER"] == "stays"
    assert "correct horse battery staple" not in seen.values()
