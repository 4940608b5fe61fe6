"""The commands for LibreOffice's macro."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cdrp_xl.commands.options import AsJson, Quiet, as_texts, show

app = typer.Typer(
    help="The macro with which LibreOffice's buttons start Python.", no_args_is_help=True, rich_markup_mode=None
)

Profile = Annotated[
    Path | None, typer.Option("--profile", help="LibreOffice's profile; without it, every one of this user's.")
]


@app.command("install")
def install(*, profile: Profile = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Put the macro that starts Python into LibreOffice, beside your own macros."""
    from cdrp_xl.installation import libreoffice_profile

    profiles = _profiles(profile)
    changed = libreoffice_profile.install(profiles)
    show({"installed": as_texts(profiles), "changed": as_texts(changed)}, as_json=as_json, quiet=quiet)


@app.command("uninstall")
def uninstall(*, profile: Profile = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Take the macro that starts Python out of LibreOffice, and nothing else."""
    from cdrp_xl.installation import libreoffice_profile

    removed = libreoffice_profile.uninstall(_profiles(profile))
    show({"nothing_to_remove": not removed, "removed": as_texts(removed)}, as_json=as_json, quiet=quiet)


def _profiles(named: Path | None) -> tuple[Path, ...]:
    """Return the profile that was named, or every one of this user; where LibreOffice never made one, it does now."""
    import os

    from cdrp_xl.installation.libreoffice_profile import found_profiles, start_first

    if named:
        return (named,)
    found = found_profiles(sys.platform, Path.home(), os.environ)
    if not found:
        start_first()
        found = found_profiles(sys.platform, Path.home(), os.environ)
    return found
