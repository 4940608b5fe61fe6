"""Verify: certified, changed, without a certificate, or with a damaged one, each in its sentence and exit code."""

from __future__ import annotations

import json
import shutil

import pytest

from cdrp_xl.errors import FileError
from cdrp_xl.workbooks.verifying import Outcome, verify

NAME = "South-Cambridgeshire-2011-12-Q1"


@pytest.fixture
def copy(demo, tmp_path):
    shutil.copytree(demo.folder / "published", tmp_path / "sent")
    return tmp_path / "sent" / f"{NAME}.xlsx"


def test_the_copy_as_it_was_published_is_certified(copy):
    verdict = verify(copy, password=str)
    assert verdict.outcome is Outcome.CERTIFIED
    assert verdict.sentence == (
        f"{NAME}.xlsx is the copy of South Cambridgeshire, 2011-12 Q1, that was certified on 2011-07-29."
    )
    assert dict(verdict.details)["Marking"] == "OFFICIAL"


def test_one_changed_byte_is_found(copy):
    content = bytearray(copy.read_bytes())
    content[100] ^= 1
    copy.write_bytes(content)
    verdict = verify(copy, password=str)
    assert verdict.outcome is Outcome.CHANGED
    assert verdict.sentence == (
        f"{NAME}.xlsx is not the copy that was certified: it was changed since, or is another file."
    )


def test_a_copy_without_a_certificate_is_reported(copy):
    copy.with_suffix(".certificate.json").unlink()
    verdict = verify(copy, password=str)
    assert verdict.outcome is Outcome.NO_CERTIFICATE
    assert verdict.sentence == (
        f"{NAME}.xlsx has no certificate: there is no {NAME}.certificate.json beside it, so nothing is known about it."
    )


def test_a_damaged_certificate_certifies_nothing(copy):
    place = copy.with_suffix(".certificate.json")
    place.write_bytes(place.read_bytes().replace(b"OFFICIAL", b"PERSONAL"))
    verdict = verify(copy, password=str)
    assert verdict.outcome is Outcome.CERTIFICATE_DAMAGED
    assert verdict.sentence == (
        f"The certificate {NAME}.certificate.json is damaged: its seal does not match its content. "
        f"Nothing is known about {NAME}.xlsx."
    )


def test_a_renamed_copy_is_verified_against_a_certificate_that_is_named(copy):
    renamed = copy.rename(copy.with_name("From an e-mail.xlsx"))
    assert verify(renamed, password=str).outcome is Outcome.NO_CERTIFICATE
    verdict = verify(renamed, against=copy.with_suffix(".certificate.json"), password=str)
    assert verdict.outcome is Outcome.CERTIFIED
    assert verdict.sentence.startswith("From an e-mail.xlsx is the copy of South Cambridgeshire")


def test_a_workbook_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"gone\.xlsx"):
        verify(tmp_path / "gone.xlsx", password=str)


@pytest.mark.parametrize(
    ("spoil", "code", "outcome"),
    [
        (lambda _: None, 0, "certified"),
        (lambda copy: copy.write_bytes(b"x"), 1, "changed"),
        (lambda copy: copy.with_suffix(".certificate.json").unlink(), 3, "no_certificate"),
        (lambda copy: copy.with_suffix(".certificate.json").write_bytes(b"{"), 4, "certificate_damaged"),
    ],
)
def test_the_command_ends_with_a_code_of_its_own_for_each_outcome(cdrp_xl, copy, spoil, code, outcome):
    spoil(copy)
    run = cdrp_xl("verify", copy, "--json")
    assert (run.returncode, run.stderr) == (code, "")
    assert json.loads(run.stdout)["outcome"] == outcome


def test_the_command_answers_a_person_in_sentences(cdrp_xl, copy):
    run = cdrp_xl("verify", copy)
    first, *details = run.stdout.splitlines()
    assert first.endswith("that was certified on 2011-07-29.")
    assert [line for line in details if line.startswith("Made of: ") and line.endswith(" files")]
