"""The forms in which a copy is published beside the workbook: a row each, and nothing else knows which there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import RefusedByGateError
from cdrp_xl.workbooks.refreshing import properties

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from cdrp_xl.sheets import Properties
    from cdrp_xl.workbooks.publishing import Published
    from cdrp_xl.writers.word_file import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of the copy.

    `name` is its option's and its key's, `ending` that of its file, `called` what the e-mail calls it. `is_checked`
    says that the gate reads its file; one that is made from the copy, which the gate let pass, it does not. `check`
    refuses a machine that lacks what the form is made with.
    """

    name: str
    ending: str
    called: str
    make: Callable[[Published], bytes]
    is_checked: bool
    check: Callable[[], object] = bool

    def place(self, copy: Path) -> Path:
        """Return where the form of a copy is: beside it, under its name."""
        return copy.with_suffix(self.ending)


def _as_pdf(published: Published) -> bytes:
    """Return a copy as a tagged PDF, which LibreOffice makes of the workbook."""
    from cdrp_xl.libreoffice import converting

    return converting.pdf_of(published.copy)


def _office_is_there() -> object:
    from cdrp_xl.libreoffice import office

    return office.required_executable()


def _as_html(published: Published) -> bytes:
    """Return a copy as one self-contained page, made of the same worksheets as the workbook."""
    from cdrp_xl.writers import html_file

    return html_file.write(published.laid_out, properties(published.report, is_final=True))


def _as_data(published: Published) -> bytes:
    """Return the tables of a copy as files of data, of the same worksheets as the workbook."""
    from cdrp_xl.writers import data_files

    return data_files.write(published.laid_out, properties(published.report, is_final=True))


def _as_docx(published: Published) -> bytes:
    """Return a copy as a Word document, of the same worksheets as the workbook, on the partnership's own template."""
    from cdrp_xl.writers import word_file

    said = properties(published.report, is_final=True)
    template = _template(published, said)
    return word_file.write(published.laid_out, said, workbook=published.copy.read_bytes(), template=template)


def _template(published: Published, said: Properties) -> Template | None:
    """Return the template that the settings name, None if they name none.

    Raises
    ------
    RefusedByGateError
        If what the document would take of it blocks: it is reported here, where the template can be named.
    """
    from cdrp_xl import damage, settings
    from cdrp_xl.publication import Severity, inspect
    from cdrp_xl.writers import word_file

    folder = published.copy.parents[1]
    name = settings.read(folder).report.word_template
    if not name:
        return None
    template = word_file.Template(name=name, content=damage.read_file(folder / name))
    of_us = (published.report.producer, published.report.partnership, published.report.area)
    found = inspect(word_file.without_sections(said, template), name, organisations=of_us)
    for finding in found:
        if finding.severity is Severity.BLOCKS:
            where = f"{name} (report.word_template), {finding.where}"
            raise RefusedByGateError(finding.what, where=where, remedy=finding.remedy)
    return template


FORMS = (
    Form(name="pdf", ending=".pdf", called="a PDF", make=_as_pdf, is_checked=False, check=_office_is_there),
    Form(name="html", ending=".html", called="a page for a browser", make=_as_html, is_checked=True),
    Form(name="docx", ending=".docx", called="a Word document", make=_as_docx, is_checked=True),
    Form(name="data", ending=".zip", called="data (CSV files with their description)", make=_as_data, is_checked=True),
)


def named(names: Collection[str]) -> tuple[Form, ...]:
    """Return the forms of some names, in the order in which all are listed."""
    return tuple(form for form in FORMS if form.name in names)


def asked_for(options: Mapping[str, bool]) -> tuple[Form, ...]:
    """Return the forms whose options are set."""
    return named([name for name, is_set in options.items() if is_set])
