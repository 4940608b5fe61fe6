from __future__ import annotations

import ast
from pathlib import Path

import grimp
import pytest
from xlwings import base_classes

import cdrp_xl.libreoffice
from cdrp_xl.addresses import Rectangle
from cdrp_xl.errors import CannotBeWrittenError
from cdrp_xl.libreoffice import values
from cdrp_xl.libreoffice.interface import OfficeStoppedError, UnsupportedInLibreOfficeError, engine_class, raise_plainly


@engine_class
class Name(base_classes.Name):
    @property
    def name(self):
        return "total"

    def delete(self):
        raise type("com.sun.star.uno.RuntimeException", (Exception,), {})("at ./sc/source")


def test_a_member_that_is_there_works():
    assert Name().name == "total"


def test_a_member_that_is_missing_names_itself():
    with pytest.raises(UnsupportedInLibreOfficeError, match=r"Name\.refers_to is not supported in LibreOffice"):
        _ = Name().refers_to
    with pytest.raises(NotImplementedError, match=r"Name\.refers_to"):
        Name().refers_to = "=A1"


def test_a_member_that_can_only_be_read_says_so():
    with pytest.raises(UnsupportedInLibreOfficeError, match=r"Name\.name \(setting it\)"):
        Name().name = "other"


def test_an_error_of_uno_is_told_in_three_lines():
    with pytest.raises(CannotBeWrittenError, match=r"(?s)LibreOffice refused Name\.delete.*Where:.*What to do:"):
        Name().delete()


def test_a_broken_connection_is_a_stopped_libreoffice():
    gone = type("com.sun.star.lang.DisposedException", (Exception,), {})("Binary URP bridge disposed")
    with pytest.raises(OfficeStoppedError, match=r"LibreOffice has stopped"):
        raise_plainly(gone, "Range.value")


def test_an_error_of_python_passes():
    error = KeyError("x")
    assert raise_plainly(error, "Range.value") is None  # so that who called can raise it
    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.libreoffice
@pytest.mark.usefixtures("engine")
def test_what_uno_raises_within_a_block_comes_out_as_it_is():
    from com.sun.star.lang import DisposedException

    class Gone:
        def getDataArray(self):  # noqa: N802 - UNO's name
            raise DisposedException("Binary URP bridge disposed during call", None)

    with pytest.raises(DisposedException, match="bridge disposed"):
        values.read(Gone(), Rectangle(row=0, column=0), None)


def test_no_generator_stands_between_uno_and_who_tells_its_errors():
    """A context manager of contextlib's sets the traceback of what passes through it; UNO's exceptions refuse that.

    What then comes out is another error, about a traceback, in place of "LibreOffice has stopped".
    """
    folder = Path(cdrp_xl.libreoffice.__file__).parent
    names = {
        (module.name, getattr(node, "attr", getattr(node, "id", "")))
        for module in sorted(folder.glob("*.py"))
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    }
    assert len(names) > 1000
    assert [module for module, name in names if name == "contextmanager"] == []


def test_modules_of_the_engine_import_one_another_in_circles_for_types_alone():
    run = grimp.build_graph("cdrp_xl", exclude_type_checking_imports=True, cache_dir=None)
    assert run.find_modules_directly_imported_by("cdrp_xl.libreoffice.sheet")
    assert run.nominate_cycle_breakers("cdrp_xl.libreoffice") == set()
