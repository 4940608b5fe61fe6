"""A workbook that opens with a password alone: AES-256 (agile encryption of ECMA-376), by msoffcrypto-tool.

Unlike a password that only stops editing, this one protects what the file holds.
"""

from __future__ import annotations

import io

from cdrp_xl import damage
from cdrp_xl.errors import FileError, ValueFoundError

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 255
"""What Excel takes."""

_COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")


def check_password(password: str) -> None:
    """Refuse a password that is too short to protect anything, or that Excel does not take.

    Raises
    ------
    ValueFoundError
        If it has fewer than 12 characters or more than 255; it is not repeated in the message.
    """
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS or password.isspace():
        raise ValueFoundError(
            f"The password has {len(password)} characters, which does not do.",
            where="the password for the encrypted copy",
            remedy=f"Choose one of {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters, such as three words.",
        )


def encrypt(content: bytes, password: str) -> bytes:
    """Return a workbook that opens with the password alone; its bytes differ each time, as its salt has to.

    Raises
    ------
    ValueFoundError
        If the password is too short or too long.
    """
    from msoffcrypto.format.ooxml import OOXMLFile

    check_password(password)
    encrypted = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, encrypted)
    return encrypted.getvalue()


def is_encrypted(content: bytes) -> bool:
    """Return whether a file is an encrypted workbook, by how it begins."""
    return content.startswith(_COMPOUND_FILE)


def decrypt(content: bytes, password: str, *, name: str) -> bytes:
    """Return the workbook that an encrypted one holds.

    Raises
    ------
    ValueFoundError
        If the password is not the one that it was encrypted with.
    FileError
        If the file is damaged.
    """
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import InvalidKeyError

    decrypted = io.BytesIO()
    with damage.reported(name, lambda _: _damaged(name)):
        file = OfficeFile(io.BytesIO(content))
        if not password:
            raise _wrong(name)  # the library takes an empty password for none at all
        try:
            file.load_key(password=password, verify_password=True)
        except InvalidKeyError as wrong:
            raise _wrong(name) from wrong
        file.decrypt(decrypted, verify_integrity=True)
    return decrypted.getvalue()


def _wrong(name: str) -> ValueFoundError:
    return ValueFoundError(
        f"{name} does not open with this password.",
        where=name,
        remedy="Type the password again, minding capitals, or ask whoever encrypted the file.",
    )


def _damaged(name: str) -> FileError:
    return FileError(
        f"{name} is damaged: it is not as it was encrypted.",
        where=name,
        remedy="Ask for the file again; the password isn't the problem.",
    )
