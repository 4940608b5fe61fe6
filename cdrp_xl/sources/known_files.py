"""What was counted of files before, kept by their content, so that a file that did not change is not read again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

import cdrp_xl
from cdrp_xl import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

Kept = TypeVar("Kept")

_SEAL = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFiles:
    """The folder where counts are kept, and what gives the SHA-256 of a file as it is now."""

    folder: Path
    hash_of: Callable[[Path], str]

    def key(self, file: Path, *also: str) -> str:
        """Return what a file's counts are kept by: its content, our version, and what else they depend on."""
        parts = (cdrp_xl.__version__, *also, self.hash_of(file))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def load(self, name: str, kind: type[Kept]) -> dict[str, Kept]:
        """Return what is kept under a name, by the files' keys; nothing if it is missing or damaged."""
        try:
            content = self.folder.joinpath(name).read_bytes()
            seal, body = content[:_SEAL], content[_SEAL:]
            return msgspec.json.decode(body, type=dict[str, kind]) if seal == _seal(body) else {}  # type: ignore[valid-type]
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}

    def save(self, name: str, files: Mapping[str, Kept]) -> None:
        """Keep the counts of files under a name, in the place of those that were kept before."""
        body = msgspec.json.encode(files, order="sorted")
        content, place = _seal(body) + body, self.folder / name
        if not (place.is_file() and place.read_bytes() == content):
            beside.replace(place, content)

    def forget(self, kept: Collection[Path], *, of: str) -> None:
        """Take away the files of a pattern that are not among those kept."""
        for file in self.folder.glob(of):
            if file not in kept:
                file.unlink()


def _seal(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
