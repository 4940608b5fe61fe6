"""The forms of a copy: each has its option, passes the check, is certified, verified, attached, reissued."""

from __future__ import annotations

import datetime as dt
import inspect
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from cdrp_xl import commands, settings
from cdrp_xl.errors import CannotBeWrittenError, FileError, RefusedByGateError
from cdrp_xl.settings import EmailSettings
from cdrp_xl.sheets import Text
from cdrp_xl.workbooks import certificate, publishing, refreshing, ways_out
from cdrp_xl.workbooks.forms import FORMS, asked_for
from cdrp_xl.workbooks.verifying import Outcome, verify

STEM = "South-Cambridgeshire-2011-12-Q1"
TODAY = dt.date(2011, 7, 29)
NOW = dt.datetime(2011, 7, 29, 12, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"  # noqa: S105  a password for tests
CHECKED = [form for form in FORMS if form.is_checked]
OWN = EmailSettings(recipients=("council@example.org",), sender="research@example.org", host="localhost")


@pytest.fixture
def published(example):
    return publishing.publish(example, today=TODAY, progress=str)


def in_forms(published, forms=CHECKED):
    own = settings.read(published.copy.parents[1])
    return ways_out.in_forms(published, forms, own, progress=str).files


def test_every_form_has_an_option_and_a_name_and_an_ending_of_its_own():
    options = inspect.signature(commands.publish).parameters
    assert [form.name for form in FORMS if form.name not in options] == []
    for each in ("name", "ending", "called"):
        assert len({getattr(form, each) for form in FORMS}) == len(FORMS) > 1


def test_what_no_click_asks_for_no_click_loads():
    asked = "import sys, cdrp_xl.addin, cdrp_xl.workbooks.publishing; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert "docx" not in run.stdout.split()
    loaded = [each for each in run.stdout.split() if each.startswith("cdrp_xl.")]
    assert "cdrp_xl.publication.gate" in loaded
    of_forms = ("html_file", "data_files", "word_file", "web_page", "data_package", "word_document", "forms", "frames")
    of_forms = (*of_forms, "converting")
    assert [each for each in loaded if each.rpartition(".")[2] in of_forms] == []


def test_the_forms_asked_for_are_those_whose_options_are_set():
    for form in FORMS:
        assert asked_for({each.name: each is form for each in FORMS}) == (form,)


@pytest.mark.parametrize("form", CHECKED, ids=lambda form: form.name)
def test_the_command_writes_a_form_that_is_certified_and_passes_the_check(cdrp_xl, example, form):
    run = cdrp_xl("publish", example, f"--{form.name}")
    assert (run.returncode, run.stderr) == (0, "")
    place = example / "published" / f"{STEM}{form.ending}"
    assert f"{form.name.capitalize()}: {place}" in run.stdout
    assert certificate.hashed_file(place) in certificate.read(place.with_name(f"{STEM}.certificate.json")).made_of_it
    printed = cdrp_xl("verify", place)
    assert printed.returncode == 0
    assert printed.stdout.startswith(f"{place.name} was made of the copy of South Cambridgeshire, 2011-12 Q1")
    assert cdrp_xl("check", place).stdout == f"{place.name}: nothing was found.\n"
    place.write_bytes(place.read_bytes() + b" ")
    assert cdrp_xl("verify", place).returncode == Outcome.CHANGED.value


@pytest.mark.parametrize("form", CHECKED, ids=lambda form: form.name)
def test_a_value_of_one_row_stops_a_form_and_nothing_is_written(published, example, form):
    extract = (example / "data" / "recorded-crime-2011-12-q1.csv").read_text(encoding="utf-8").splitlines()
    reference = extract[1].split(",")[0]
    first, *others = published.laid_out
    shown = Text(name="told", value=f"See {reference}.", row=40)
    leaking = replace(published, laid_out=(replace(first, blocks=(*first.blocks, shown)), *others))
    before = sorted(published.copy.parent.iterdir())
    with pytest.raises(RefusedByGateError, match="A value from a single row is in the ") as refused:
        in_forms(leaking)
    assert reference not in str(refused.value)
    assert sorted(published.copy.parent.iterdir()) == before


def test_forms_that_were_asked_for_are_attached_and_named_in_the_e_mail(published):
    places = in_forms(published)
    drafted = ways_out.draft(published, OWN, attached=published.copy, beside_it=[*places.values()])
    names = [published.copy.name, *(place.name for place in places.values()), published.certificate.name]
    assert [each.name for each in drafted.attachments] == names
    for form in CHECKED:
        assert f"The same is attached as {form.called}: {places[form.name].name}." in drafted.body


def changed(example):
    """Change what the next copy shows, and refresh."""
    file = example / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[report]", '[suppression]\nhighlights = "hide"\n[report]'), encoding="utf-8")
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)


def taken(published, example):
    ways = ways_out.Ways(forms=tuple(CHECKED), password=PASSWORD)
    return ways_out.take(published, ways, settings.read(example), now=NOW, progress=str).files


def test_what_was_made_of_a_former_copy_goes_with_it_and_is_still_certified(published, example):
    before = {place.name: place.read_bytes() for place in taken(published, example).values()}
    assert len(before) == len(CHECKED) + 1
    changed(example)
    again = publishing.publish(example, today=TODAY, progress=str)
    assert again.former is not None
    for name, content in before.items():
        assert not (example / "published" / name).exists()
        aside = example / "published" / name.replace(STEM, again.former.stem, 1)
        assert aside.read_bytes() == content
        assert verify(aside, password=str).outcome is Outcome.CERTIFIED


def test_where_a_file_of_the_former_copy_cannot_be_renamed_nothing_is_published(published, example, monkeypatch):
    places = taken(published, example)
    changed(example)
    before = {each: each.read_bytes() for each in published.copy.parent.iterdir()}
    rename, stuck = Path.replace, places["data"]

    def refused(self, target):
        if self == stuck:
            raise PermissionError(13, "it is open")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(CannotBeWrittenError, match="could not be renamed, so nothing is published") as raised:
        publishing.publish(example, today=TODAY, progress=str)
    assert raised.value.where == str(stuck)
    kept = {each: each.read_bytes() for each in published.copy.parent.iterdir() if "superseded" not in each.name}
    assert kept == before


def test_a_reissue_has_forms_of_its_own(published, example):
    before = in_forms(published)
    former = {name: place.read_bytes() for name, place in before.items()}
    changed(example)
    again = publishing.publish(example, today=TODAY, progress=str, is_again=True)
    ways = ways_out.Ways(forms=tuple(CHECKED))
    after = ways_out.take(again, ways, settings.read(example), now=NOW, progress=str).files
    for form in CHECKED:
        assert after[form.name].name == f"{STEM}-r2{form.ending}"
        assert before[form.name].read_bytes() == former[form.name]
        assert verify(after[form.name], password=str).outcome is Outcome.CERTIFIED


def with_template(example, change):
    """Name a template in the settings, as a council may have it but for one thing."""
    made = docx.Document()
    header = made.sections[0].header.paragraphs[0]
    header.text = "Example District Council"
    made.core_properties.author = "Ann Example"
    change(made, header)
    made.save(example / "template.docx")
    file = example / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[report]", '[report]\nword_template = "template.docx"'), encoding="utf-8")


def hide(_, header):
    header.runs[0].font.hidden = True


def track(_, header):
    changed = f'<w:ins {nsdecls("w")} w:id="1" w:author="Ann Example"><w:r><w:t>Chapel Lane</w:t></w:r></w:ins>'
    header._p.append(parse_xml(changed))


def lead_out(made, _):
    part = made.sections[0].header.part
    part.relate_to("https://example.org/logo.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)


def fetch(_, header):
    field = OxmlElement("w:fldSimple")
    field.set(f"{{{field.nsmap['w']}}}instr", " INCLUDETEXT rows.docx ")
    header._p.append(field)


HOSTILE = {
    "Text in the document is hidden": hide,
    "There are tracked changes": track,
    "A part leads to something outside": lead_out,
    "A field may fetch something": fetch,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_a_template_may_not_bring_is_named_by_its_name_and_nothing_is_written(published, example, what):
    with_template(example, HOSTILE[what])
    before = sorted(published.copy.parent.iterdir())
    with pytest.raises(RefusedByGateError, match=what) as refused:
        in_forms(published)
    assert refused.value.where.startswith("template.docx (report.word_template), ")
    assert sorted(published.copy.parent.iterdir()) == before


def test_what_the_gate_found_in_a_form_alone_is_said_to_whoever_publishes(example, cdrp_xl):
    with_template(example, lambda *_: None)
    refreshing.refresh(example, quarter=None, today=TODAY, progress=str)
    printed = cdrp_xl("publish", example, "--html", "--docx")
    assert (printed.returncode, printed.stderr) == (0, "")
    (look,) = [line for line in printed.stdout.splitlines() if line.startswith("Look at: ")]
    assert re.search(
        r"In a Word document: A text is hard to read [^.]*: 4\.0 to 1 \(\d+ places\)\. Look at worksheet ", look
    )
    assert "In a page for a browser" not in look


def test_a_template_s_author_and_its_words_are_not_in_the_document(published, example):
    with_template(example, lambda made, _: made.add_paragraph("Type here"))
    made = docx.Document(in_forms(published)["docx"])
    assert made.sections[0].header.paragraphs[0].text == "Example District Council"
    assert made.core_properties.author == "Research Group (worked example)"
    assert "Type here" not in [each.text for each in made.paragraphs]


def test_a_template_that_is_not_there_is_named(published, example):
    with_template(example, lambda *_: None)
    (example / "template.docx").unlink()
    with pytest.raises(FileError, match=r"template\.docx"):
        in_forms(published)
