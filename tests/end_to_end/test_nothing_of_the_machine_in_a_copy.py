"""A copy, its certificate, its PDF and its e-mail name a file by its name alone: no path, account or computer."""

from __future__ import annotations

import datetime as dt
import email
import getpass
import io
import json
import re
import socket
import zipfile
import zlib
from email import policy

import pytest

from cdrp_xl import settings
from cdrp_xl.workbooks import publishing, refreshing, ways_out
from cdrp_xl.workbooks.forms import FORMS

TODAY = dt.date(2011, 7, 29)
ACCOUNT = "ann.example"
TOO_SHORT_TO_BE_FOUND = 6
"""Letters: shorter names of computers and accounts may stand in any packed bytes by chance."""


@pytest.fixture
def elsewhere(example, tmp_path):
    """Return the example with its extracts in somebody's home folder, as absolute patterns and as a way upwards."""
    home = tmp_path / "homes" / ACCOUNT / "As they came"
    home.parent.mkdir(parents=True)
    (example / "data").rename(home)
    file = example / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('"data/cadet', f'"../homes/{ACCOUNT}/As they came/cadet').replace(
        '"data/', f'"{home.as_posix()}/'
    )
    assert text.count(ACCOUNT) >= 3
    file.write_text(text, encoding="utf-8")
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)
    return example


def inside(content):
    """Return all bytes that a file holds, those of its parts and streams unpacked."""
    found = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            found += [name.encode() + package.read(name) for name in package.namelist()]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL) if content.startswith(b"%PDF") else ():
        if stream.startswith(b"\x78"):
            found.append(zlib.decompressobj().decompress(stream))
    return b"\n".join(found)


@pytest.mark.libreoffice
def test_no_path_account_or_computer_is_in_anything_that_leaves(elsewhere, tmp_path):
    done = publishing.publish(elsewhere, today=TODAY, progress=str)
    mail = settings.EmailSettings(recipients=("council@example.org",))
    draft = ways_out.as_eml(done, ways_out.draft(done, mail, attached=done.copy))
    made = ways_out.in_forms(done, FORMS, settings.read(elsewhere), progress=str).files
    assert len(made) == len(FORMS)
    leaving = [done.copy, done.certificate, *made.values(), draft]
    own_names = {name for name in (socket.gethostname(), getpass.getuser()) if len(name) >= TOO_SHORT_TO_BE_FOUND}
    shown = {ACCOUNT, "homes", "As they came", tmp_path.name} | own_names
    attached = [part.get_payload(decode=True) or b"" for part in read(draft).walk()]
    for content in (*(path.read_bytes() for path in leaving), *attached):
        plain = inside(content)
        assert [word for word in shown if word.encode() in plain or word.encode("utf-16-be") in plain] == []
    names = [each["name"] for each in json.loads(done.certificate.read_bytes())["read"]]
    assert "recorded-crime-2011-12-q1.csv" in names
    assert [name for name in names if "/" in name or "\\" in name] == []


def read(place):
    return email.message_from_bytes(place.read_bytes(), policy=policy.default)
