"""The worked example's master as bytes, the layout that it shows, and a person's changes made to its parts."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest

from cdrp_xl.periods import Period
from cdrp_xl.prose import commentary
from cdrp_xl.sheets import Audience, lay_out
from cdrp_xl.workbooks import refreshing

TODAY = dt.date(2011, 7, 29)


@pytest.fixture(scope="session")
def layout_of(demo):
    """Return a function from a quarter to the layout of the worked example's analyst."""

    def layout(quarter):
        prepared = refreshing.prepare(demo.folder, quarter=Period.parse(quarter), today=TODAY, progress=str)
        return lay_out(prepared.report, Audience.ANALYST, checked=commentary.check(prepared.report))

    return layout


@pytest.fixture(scope="session")
def layout(layout_of):
    """Return the layout of the quarter that the worked example's master shows."""
    return layout_of("2011-12 Q1")


@pytest.fixture(scope="session")
def earlier_layout(layout_of):
    """Return the layout of another quarter: other figures, other headings, shorter trends."""
    return layout_of("2010-11 Q3")


@pytest.fixture(scope="session")
def saved(demo):
    """Return the worked example's master."""
    return demo.master.read_bytes()


class NamedParts(dict):
    """The parts of a workbook by their names, in order; one is also had as "worksheet Notes" or "table tblNotes"."""

    def __missing__(self, name):
        return self[self.real(name)]

    def real(self, name):
        """Return the name of a part that is called by what it holds."""
        kind, _, what = name.partition(" ")
        if kind == "worksheet":
            return f"xl/worksheets/sheet{1 + self.sheets.index(what)}.xml"
        if kind == "relations":
            return f"xl/worksheets/_rels/sheet{1 + self.sheets.index(what)}.xml.rels"
        if kind == "table":
            return next(part for part in self if f'displayName="{what}"'.encode() in self[part])
        return name

    @property
    def sheets(self):
        """The names of the worksheets, in order."""
        return re.findall(r'<sheet [^>]*?name="([^"]*)"', self["xl/workbook.xml"].decode())


@pytest.fixture(scope="session")
def parts_of():
    """Return a function from a workbook's bytes to its parts by name, in order."""

    def parts(content):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return NamedParts((name, file.read(name)) for name in file.namelist())

    return parts


@pytest.fixture(scope="session")
def with_parts(parts_of):
    """Return a function that gives a workbook other texts in its parts: by part, pairs of a former and a new text.

    Each pair replaces one place; with a third part, "everywhere", every one.
    """

    def changed(content, changes, new=None):
        parts = parts_of(content)
        parts.update({parts.real(name): text.encode() for name, text in (new or {}).items()})
        for name, pairs in [(parts.real(name), pairs) for name, pairs in changes.items()]:
            text = parts[name].decode()
            for former, now, *where in pairs:
                assert former in text, (name, former)
                text = text.replace(former, now, -1 if where == ["everywhere"] else 1)
            parts[name] = text.encode()
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
            for name, part in parts.items():
                file.writestr(zipfile.ZipInfo(name), part)
        return made.getvalue()

    return changed
