"""Press buttons in LibreOffice, as a person does, and say what is then in the workbook.

Run by a Python that has ``uno``: ``press_buttons.py PLAN.json``. The plan holds ``folder`` (for a profile of its own)
and ``cases``, each with ``file``, ``button`` (its caption), ``also_open`` (files) and ``macros`` (modules of the user's
Standard library, by name). Writes for each case the texts of A1 to A5 of the first worksheet, as JSON.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue

FIRST_START_DONE = 81  # soffice leaves with this code when it has made a new profile: it is to be started again
CELLS = ("A1", "A2", "A3", "A4", "A5")


def start(folder, pipe):
    return subprocess.Popen(
        [
            *("soffice", "--headless", "--norestore", "--nologo", "--nodefault"),
            f"-env:UserInstallation={uno.systemPathToFileUrl(str(folder))}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # soffice is a script that starts others: they are ended together
    )


def connect(folder, pipe):
    """Return the running office and its component context."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    office = start(folder, pipe)
    for _ in range(1_200):
        if office.poll() == FIRST_START_DONE:
            office = start(folder, pipe)
        with contextlib.suppress(Exception):
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        time.sleep(0.25)
    os.killpg(office.pid, signal.SIGKILL)
    message = "LibreOffice did not start within five minutes"
    raise TimeoutError(message)


def service(context, name):
    return context.ServiceManager.createInstanceWithContext(name, context)


def load(context, file):
    wanted = tuple(PropertyValue(Name=n, Value=v) for n, v in (("Hidden", True), ("MacroExecutionMode", 4)))
    desktop = service(context, "com.sun.star.frame.Desktop")
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(file), "_blank", 0, wanted)


def set_macros(context, macros):
    library = service(context, "com.sun.star.script.ApplicationScriptLibraryContainer").getByName("Standard")
    for name in library.ElementNames:
        library.removeByName(name)
    for name, text in macros.items():
        library.insertByName(name, text)


def press(document, caption):
    """Press the button through its control, so that its own event binding finds the macro."""
    controller = document.CurrentController
    controller.setFormDesignMode(False)
    forms = document.Sheets.getByIndex(0).DrawPage.Forms
    models = [form.getByIndex(at) for form in forms for at in range(form.Count)]
    (model,) = [model for model in models if model.Label == caption]
    controller.getControl(model).getAccessibleContext().doAccessibleAction(0)


def texts(sheet):
    return {cell: sheet.getCellRangeByName(cell).String for cell in CELLS}


def run(context, case):
    set_macros(context, case["macros"])
    others = [load(context, file) for file in case["also_open"]]
    document = load(context, case["file"])
    sheet = document.Sheets.getByIndex(0)
    before = texts(sheet)
    press(document, case["button"])
    # A button that has nothing to run changes no cell: a while is enough for it. The others may take long to begin.
    for _ in range(1_200 if case["is_run"] else 20):
        found = texts(sheet)
        if found != before:
            break
        time.sleep(0.1)
    for each in (document, *others):
        each.close(True)
    return found


def main():
    plan = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = pathlib.Path(plan["folder"])
    office, context = connect(folder, f"cdrp{os.getpid()}")
    try:
        sys.stdout.write(json.dumps({name: run(context, case) for name, case in plan["cases"].items()}))
    finally:
        with contextlib.suppress(Exception):
            service(context, "com.sun.star.frame.Desktop").terminate()
        try:
            office.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(office.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
