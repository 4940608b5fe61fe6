"""Write the namespaces of Office Open XML that the publication check knows, from the Open XML SDK's own list.

Run it with the folder that holds the SDK's `namespaces.json`: ``python docs/namespaces.py FOLDER``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PLACE = Path(__file__).parents[1] / "cdrp_xl" / "publication" / "namespaces.txt"
NOTICE = """\
# The namespaces of Office Open XML and of Microsoft's published extensions, written by docs/namespaces.py.
# From the Open XML SDK's schema data, Copyright (c) .NET Foundation and Contributors, MIT licence:
# https://github.com/dotnet/Open-XML-SDK/blob/main/LICENSE
"""
_LEFT_OUT = ("office/word", "office/powerpoint", "wordprocessingml", "presentationml")
"""What no workbook is written in."""


def main(folder: str) -> None:
    """Write the list."""
    known = json.loads((Path(folder) / "namespaces.json").read_text(encoding="utf-8"))
    uris = sorted({each["Uri"] for each in known if not any(part in each["Uri"] for part in _LEFT_OUT)})
    PLACE.write_text(NOTICE + "".join(f"{uri}\n" for uri in uris), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
