"""Debian's Chromium, driven over a pipe by its own protocol: pages shown at a width, keys pressed, pictures taken."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEYS = {"Tab": 9, "Enter": 13, " ": 32, "Escape": 27, "ArrowDown": 40, "ArrowRight": 39}
_TYPED = {"Enter": "\r", " ": " "}
_SHIFT = 8


class Chromium:
    """One headless browser with one page."""

    def __init__(self, ends: tuple[int, int]) -> None:
        self._from, self._to = ends
        self._number = 0
        self._held = b""
        self._session = ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def show(self, page: Path, *, width: int, height: int = 900, media: str = "") -> None:
        """Show a page in a window so many pixels wide, as on paper where the medium is "print"."""
        self._ask("Emulation.setEmulatedMedia", media=media)
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._ask("Page.navigate", url=page.as_uri())
        assert self.run("return document.fonts.ready.then(() => document.readyState)")

    def run(self, script: str) -> Any:
        """Return what a script in the page returns, waited for where it is promised; the page's own policy is kept."""
        expression = f"(async () => {{ {script} }})()"
        found = self._ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def press(self, key: str, *, with_shift: bool = False) -> None:
        """Press a key as a person does."""
        shown = {"key": key, "windowsVirtualKeyCode": _KEYS[key], "modifiers": _SHIFT if with_shift else 0}
        text = {"text": _TYPED[key]} if key in _TYPED else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", **shown, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **shown)

    def picture(self, file: Path, *, top: int = 0, height: int | None = None) -> None:
        """Write a picture of the page, or of some of it from the top on."""
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": top, "width": size["width"], "height": height or size["height"] - top, "scale": 1}
        taken = self._ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(taken["data"]))

    def printed(self) -> bytes:
        """Return the page as it is printed, as a PDF."""
        return base64.b64decode(self._ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        session = {"sessionId": self._session} if self._session else {}
        os.write(self._to, json.dumps(asked | session).encode() + b"\0")
        while True:
            while b"\0" not in self._held:
                read = os.read(self._from, 1 << 16)
                assert read, "Chromium ended"
                self._held += read
            message, _, self._held = self._held.partition(b"\0")
            answer = json.loads(message)
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Chromium]:
    """Yield a browser with its profile in the folder, and end it afterwards."""
    browser = shutil.which("chromium")
    theirs, to = os.pipe()
    fro, ours = os.pipe()
    options = (
        f"--headless --no-sandbox --disable-gpu --hide-scrollbars --remote-debugging-pipe --user-data-dir={folder}"
    )
    command = ["bash", "-c", f"exec {browser} {options} 3<&{theirs} 4>&{ours}"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, pass_fds=(theirs, ours), stdout=quiet, stderr=quiet)
    os.close(theirs)
    os.close(ours)
    try:
        yield Chromium((fro, to))
    finally:
        process.terminate()
        process.wait(timeout=30)
        os.close(to)
        os.close(fro)
