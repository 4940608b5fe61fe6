from __future__ import annotations

import pytest
import xlwings as xw

from cdrp_xl.libreoffice import UnsupportedInLibreOfficeError

pytestmark = pytest.mark.libreoffice


def test_the_engine_is_registered_once(engine):
    import cdrp_xl.libreoffice

    cdrp_xl.libreoffice.activate()
    assert [known.name for known in xw.engines].count("libreoffice") == 1
    assert xw.engines.active.name == "libreoffice"
    assert (engine.name, engine.type) == ("libreoffice", "desktop")


def test_an_app_is_known_by_its_process(app):
    assert xw.apps[app.pid] == app
    assert app.pid in list(xw.apps.keys())
    assert app in list(xw.apps)
    app.activate()
    assert xw.apps.active == app
    with pytest.raises(KeyError, match="-1"):
        _ = xw.apps[-1]
    xw.apps.cleanup()
    assert app in list(xw.apps)


def test_an_app_tells_what_it_is(app):
    assert app.version >= 15
    assert app.impl.libreoffice_version.split(".")[0].isdigit()
    assert "program" in app.path
    assert app.engine.name == "libreoffice"
    assert app.startup_path
    assert app.hwnd is None


def test_settings_are_kept_and_given_back(app, book):
    app.status_bar = False  # whatever an earlier test said there
    with app.properties(
        screen_updating=False, display_alerts=False, enable_events=False, interactive=False, status_bar="working"
    ):
        assert app.screen_updating is False
        assert app.status_bar == "working"
        book.sheets[0]["A1"].value = 1
    assert (app.screen_updating, app.display_alerts, app.enable_events, app.interactive) == (True, True, True, True)
    assert app.status_bar is False


def test_reckoning_waits_until_it_is_asked_for(app, book):
    sheet = book.sheets[0]
    sheet["A1"].value = [1, "=A1*2"]
    app.calculation = "manual"
    try:
        sheet["A1"].value = 5
        assert sheet["B1"].value == 2
        app.calculate()
        assert sheet["B1"].value == 10
    finally:
        app.calculation = "automatic"
    with pytest.raises(UnsupportedInLibreOfficeError, match="semiautomatic"):
        app.calculation = "semiautomatic"


def test_an_app_as_context_manager_ends_with_it(engine):
    with xw.App(visible=False) as other:
        assert len(other.books) == 1
        pid = other.pid
    assert pid not in list(xw.apps.keys())
