"""The process of the command line: it begins here, and ends in words and with the code that docs/commands.md names."""

from __future__ import annotations

import contextlib
import sys
import traceback

from cdrp_xl import terminal


def main() -> None:
    """Run a command; a fault in the data or of a file, or a stop, prints as three lines."""
    with terminal.stopping() as came, terminal.printing():
        try:
            code = _run()
        except BaseException as wrong:  # noqa: BLE001 - whatever it is, the process ends here
            # A library that is stopped at work may report it as a fault of the file.
            stopped = terminal.Stopped(came[0]) if came else wrong
            code = _reported(stopped)
        with contextlib.suppress(OSError):
            sys.stderr.flush()
    sys.exit(code)


def _run() -> int:
    """Run the command that was typed, and return the code to end with."""
    from cdrp_xl import commands, temporary

    temporary.sweep()
    code: int | str | None = 0
    try:
        commands.app(prog_name="cdrp-xl")
    except SystemExit as ended:
        if isinstance(ended, terminal.Stopped):
            raise
        code = ended.code
    sys.stdout.flush()
    return code if isinstance(code, int) else int(bool(code))


def _reported(wrong: BaseException) -> int:
    """Say what went wrong, and return the code to end with."""
    from cdrp_xl import damage
    from cdrp_xl.errors import CdrpError

    if isinstance(wrong, terminal.Stopped):
        _say(
            CdrpError(
                "Stopped before it was done.",
                where=" ".join(["cdrp-xl", *sys.argv[1:2]]),
                remedy="Run it again: no file was left half written.",
            )
        )
        return int(str(wrong.code))
    if isinstance(wrong, CdrpError):
        _say(wrong)
    elif isinstance(wrong, OSError):
        _say(damage.refused_by_system(wrong))
    else:
        traceback.print_exception(wrong)
    return 1


def _say(fault: Exception) -> None:
    with contextlib.suppress(OSError):  # where errors can't be printed, the code says that there was one
        sys.stderr.write(f"{fault}\n")


if __name__ == "__main__":
    main()
