"""The engine, its apps (one LibreOffice each), and what an app does for all of its workbooks."""

# ruff: noqa: D102 - what a member of xlwings' interface does, xlwings documents

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from cdrp_xl.errors import CdrpError
from cdrp_xl.libreoffice import macros, values
from cdrp_xl.libreoffice.book import Books
from cdrp_xl.libreoffice.interface import UnsupportedInLibreOfficeError, engine_class
from cdrp_xl.libreoffice.office import ACCEPT_VARIABLE, Office, bridge, open_door, properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cdrp_xl.libreoffice.left_out import Kept
    from cdrp_xl.libreoffice.range import Range

_FROM_A_BUTTON = "--from_xl=1"  # xlwings' own argument of a Python that a macro starts
_ANSWER_SECONDS = 10.0
_CALCULATIONS = {"automatic": True, "manual": False}


class Engine:
    """What xlwings registers: the apps, and how values pass to and from cells."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        """Hand a value on as it is: a block is looked through at once when it is written."""
        return value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,  # noqa: FBT001 - xlwings calls it so
    ) -> values.Rows:
        """Return values as read in the form that a script asked for."""
        return values.cleaned(data, datetime_builder, empty_as, number_builder, errors_as_text=err_to_str)


@engine_class
class Apps(base_classes.Apps):
    """The LibreOffices that this Python process has started or is connected to, the active one first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._apps: list[App] = []

    def keys(self) -> list[int]:
        """Return the apps' process ids."""
        return [app.pid for app in self]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: bool | None = None) -> App:  # noqa: ARG002, FBT001
        """Start a LibreOffice, or connect to the one that the spec or the environment names."""
        named = os.environ.get(ACCEPT_VARIABLE)
        if spec is not None and ("=" not in str(spec)):
            office = Office(executable=Path(spec), is_shown=_is_shown(visible))
        elif spec is not None or named:
            office = Office(str(spec or named))
        else:
            office = Office(is_shown=_is_shown(visible))
        app = App(self._engine, office)
        self._apps.insert(0, app)
        if add_book:
            app.books.add()
        return app

    @staticmethod
    def cleanup() -> None:
        """Forget the apps that have ended."""
        ENGINE.apps.forget_ended()

    def forget_ended(self) -> None:
        """Take the apps that no longer answer off the list."""
        self._apps = [app for app in self._apps if app.office.is_running]

    def forget(self, app: App) -> None:
        """Take an app that was quit off the list."""
        self._apps = [kept for kept in self._apps if kept is not app]

    def put_first(self, app: App) -> None:
        """Make an app the active one."""
        self.forget(app)
        self._apps.insert(0, app)

    def __iter__(self) -> Iterator[App]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def __getitem__(self, pid: int) -> App:
        for app in self:
            if app.pid == pid:
                return app
        raise KeyError(pid)

    def _known(self) -> list[App]:
        # A Python that a button started finds the LibreOffice that started it without asking for it.
        if not self._apps and os.environ.get(ACCEPT_VARIABLE):
            self.add(add_book=False)
        elif not self._apps and _FROM_A_BUTTON in sys.argv:
            self._apps.append(App(self._engine, Office(open_door(), patience=_ANSWER_SECONDS)))
        return list(self._apps)


def _is_shown(visible: bool | None) -> bool:  # noqa: FBT001 - as xlwings hands it on
    has_screen = sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return has_screen and visible is not False


@engine_class
class App(base_classes.App):
    """One LibreOffice.

    Parameters
    ----------
    engine
        The engine that the app belongs to.
    office
        The program.
    """

    # What xlwings compares with Excel's versions; LibreOffice's own is libreoffice_version.
    version: str = "16.0"
    display_alerts: bool
    enable_events: bool
    visible: bool
    cut_copy_mode: str | bool | None
    hwnd: int | None

    def __init__(self, engine: Engine, office: Office) -> None:
        self.engine = engine
        self.office = office
        self.display_alerts = True
        self.enable_events = True
        self.visible = True
        self.cut_copy_mode = None
        self.copied: Range | None = None
        self.hwnd = None
        self.structure = 0
        self.active_uid = ""
        self.kept: dict[str, Kept] = {}
        self._is_interactive = True
        self._is_updating = True
        self._calculation = "automatic"
        self._status: str | bool = False
        self._indicator: Any = None

    @property
    def api(self) -> Any:
        """LibreOffice's Desktop, ``com.sun.star.frame.Desktop``."""
        return self.office.desktop

    xl = api

    @property
    def libreoffice_version(self) -> str:
        """LibreOffice's own version, for example ``7.4.7.2``."""
        provider = self.office.service("configuration.ConfigurationProvider")
        access = provider.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess", properties(nodepath="/org.openoffice.Setup/Product")
        )
        return str(access.getByName("ooSetupVersionAboutBox"))

    @property
    def pid(self) -> int:
        return self.office.pid

    @property
    def path(self) -> str:
        url = self.office.service("util.PathSubstitution").substituteVariables("$(progpath)", True)
        return str(bridge().fileUrlToSystemPath(url))

    @property
    def startup_path(self) -> str:
        return str(self.office.service("util.PathSettings").Addin)

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def selection(self) -> Range | None:
        book = self.books.active
        return book.selection if book is not None else None

    def activate(self, steal_focus: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - xlwings' signature
        self.engine.apps.put_first(self)

    @property
    def screen_updating(self) -> bool:
        return self._is_updating

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if value != self._is_updating:
            for document in self.documents():
                document.unlockControllers() if value else document.lockControllers()
        self._is_updating = value

    @property
    def interactive(self) -> bool:
        return self._is_interactive

    @interactive.setter
    def interactive(self, value: bool) -> None:
        for document in self.documents():
            if document.CurrentController is not None:
                document.CurrentController.Frame.ContainerWindow.setEnable(value)
        self._is_interactive = value

    @property
    def calculation(self) -> str:
        return self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in _CALCULATIONS:
            raise UnsupportedInLibreOfficeError(f'App.calculation = "{value}"', remedy='Use "automatic" or "manual".')
        for document in self.documents():
            document.enableAutomaticCalculation(_CALCULATIONS[value])
        self._calculation = value

    def calculate(self) -> None:
        for document in self.documents():
            document.calculateAll()

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        if isinstance(value, str):
            if not isinstance(self._status, str):
                self._indicator = self._new_indicator()
            if self._indicator is not None:
                self._indicator.start(value, 0)
        elif self._indicator is not None:
            self._indicator.end()
        self._status = value

    def _new_indicator(self) -> Any:
        book = self.books.active
        controller: Any = book.xl.CurrentController if book is not None else None
        if controller is None or not hasattr(controller.Frame, "createStatusIndicator"):
            return None
        return controller.Frame.createStatusIndicator()

    def run(self, macro: str, args: Sequence[Any]) -> Any:
        try:
            return macros.run(self, macro, args)
        finally:
            self.count_structure()

    def count_structure(self) -> None:
        """Note that cells may have moved: UNO's sheets and ranges move along, and no longer begin where they did."""
        self.structure += 1

    def quit(self) -> None:
        """Close every workbook without saving and end LibreOffice."""
        for book in list(self.books) if self.office.is_running else []:
            book.close()
        self.office.stop()
        self.engine.apps.forget(self)

    def kill(self) -> None:
        """End LibreOffice's process at once."""
        if not self.office.is_own:
            raise CdrpError(
                "This LibreOffice was not started by xlwings and is not killed.",
                where=self.office.accept,
                remedy="Use app.quit(), or close LibreOffice by hand.",
            )
        self.office.kill()
        self.engine.apps.forget(self)

    def documents(self) -> list[Any]:
        """Return the UNO documents of the open workbooks, in the order in which they were opened."""
        components = self.office.desktop.Components.createEnumeration()
        found = []
        while components.hasMoreElements():
            component = components.nextElement()
            if hasattr(component, "Sheets"):
                found.append(component)
        return sorted(found, key=lambda document: int(document.RuntimeUID))


ENGINE = Engine()
