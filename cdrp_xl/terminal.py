r"""What the command line prints, and how it ends: everything printed goes through here, whoever prints it.

Names and texts come from files that others wrote. A terminal would obey the escape sequences in them, and hide or turn
round what is beside them: they are printed as JSON writes them (``\u001b``), so that what is JSON stays JSON.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import logging
import os
import re
import signal
import sys
import threading
import unicodedata
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_STEPS = logging.getLogger("cdrp_xl")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e\n\t]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control, format (the marks that turn text round are such), half a character, separators of lines and paragraphs."""

_NOBODY_READS = frozenset({errno.EPIPE, errno.EINVAL, errno.EBADF})
"""Windows raises the second for a pipe that nobody reads."""

_FIRST_OF_ITS_OWN = 3  # after standard input, output and errors
_BY_SIGNAL = 128


class Stopped(SystemExit):
    """The user or the system asked for an end: by Ctrl-C, by ending the process, or by closing the terminal."""

    def __init__(self, number: int) -> None:
        super().__init__(_BY_SIGNAL + number)


class Stream(io.TextIOBase):
    """What is printed, on its way to a terminal, a file or another program, in characters that these can show.

    Who stops reading (``| head``), or closed it from the start, stops no work: what is printed then goes nowhere.
    """

    def __init__(self, to: TextIO | None) -> None:
        self._to = to

    def write(self, text: str) -> int:
        """Print a text.

        Raises
        ------
        OSError
            If it can't be printed for another reason, such as a full disk.
        """
        said = shown(text, encoding=self.encoding)
        if self._to is not None:
            with self._or_given_up():
                self._to.write(said)
        return len(text)

    def flush(self) -> None:
        """Hand on what was printed; see `write`."""
        if self._to is not None:
            with self._or_given_up():
                self._to.flush()

    def isatty(self) -> bool:
        """Whether a person looks on."""
        return self._to is not None and self._to.isatty()

    def fileno(self) -> int:
        """Return the number of the open file behind it."""
        if self._to is None:
            raise io.UnsupportedOperation("fileno")
        return self._to.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """How characters become bytes."""
        return getattr(self._to, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """What is done with others: `shown` leaves none."""
        return "strict"

    @contextlib.contextmanager
    def _or_given_up(self) -> Iterator[None]:
        """Print nothing more once that failed; otherwise Python would try again at its own end, and end with 120."""
        try:
            yield
        except (OSError, ValueError) as refused:
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            self._to = None
            if isinstance(refused, OSError) and refused.errno not in _NOBODY_READS:
                raise OSError(refused.errno, refused.strerror, "What is printed") from refused


def shown(text: str, *, encoding: str = "utf-8") -> str:
    """Return a text with every character that has no shape, or that the encoding lacks, as JSON escapes it."""
    return _NOT_PLAIN.sub(lambda found: _shown(found[0], encoding), text)


def in_one_line(text: str) -> str:
    """Return a text whose line ends are shown and not obeyed: a file's name may have some."""
    return text.replace("\n", "\\n")


def say(text: str) -> None:
    """Print a text and end its line."""
    sys.stdout.write(f"{text}\n")


def step(doing: str) -> None:
    """Note what is being done, for who asked for every step."""
    _STEPS.info("%s", in_one_line(doing))


def says_steps() -> bool:
    """Return whether every step is printed."""
    return bool(_STEPS.handlers)


@contextlib.contextmanager
def steps_said() -> Iterator[None]:
    """Print within every step that is noted, with its time, where errors are printed."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", datefmt="%H:%M:%S"))
    _STEPS.addHandler(handler)
    _STEPS.setLevel(logging.INFO)
    try:
        yield
    finally:
        _STEPS.setLevel(logging.NOTSET)
        _STEPS.removeHandler(handler)


@contextlib.contextmanager
def printing() -> Iterator[None]:
    """Let everything that is printed within go through `Stream`."""
    _fill_gaps()
    out = cast("TextIO", Stream(sys.stdout))
    errors = cast("TextIO", Stream(sys.stderr))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        yield


@contextlib.contextmanager
def stopping() -> Iterator[list[int]]:
    """Let a signal to end raise `Stopped`, so that what lies aside is taken away; give the signals that came.

    They are ignored from then on: all is done but taking away what lies aside, and that the process ends.
    """
    came: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        raise Stopped(number)

    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    for number in known:
        if signal.getsignal(number) is not signal.SIG_IGN:  # what is ignored from the start, as by nohup, stays so
            signal.signal(number, stop)
    try:
        yield came
    finally:
        for number in known:
            signal.signal(number, signal.SIG_IGN)


def _shown(character: str, encoding: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        with contextlib.suppress(UnicodeEncodeError):
            character.encode(encoding)
            return character
    return json.dumps(character)[1:-1]


def _fill_gaps() -> None:
    """Open what was closed from the start (``2>&-``), lest a file of the user's get its number."""
    while (opened := os.open(os.devnull, os.O_RDWR)) < _FIRST_OF_ITS_OWN:
        pass
    os.close(opened)


def password(*, is_new: bool) -> str:
    """Return a password that is typed, twice if it is new, or from the environment where nobody can be asked.

    Raises
    ------
    ValueFoundError
        If there is none, and nobody to ask.
    """
    import typer

    from cdrp_xl.errors import ValueFoundError

    if "CDRP_XL_PASSWORD" in os.environ:
        return os.environ["CDRP_XL_PASSWORD"]
    if sys.stdin is None or not sys.stdin.isatty():
        raise ValueFoundError(
            "No password was given, and there is nobody to ask for one.",
            where="the environment variable CDRP_XL_PASSWORD",
            remedy="Set it, or run the command where it can ask you.",
        )
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=is_new, err=True)
    return asked
