"""An encrypted workbook opens with its password and not without; a wrong password and a damaged file are told apart."""

from __future__ import annotations

import io

import olefile
import pytest

from cdrp_xl.errors import FileError, ValueFoundError
from cdrp_xl.sending import encryption

PASSWORD = "correct horse battery"  # noqa: S105  a password for tests
NAME = "copy-encrypted.xlsx"


@pytest.fixture(scope="module")
def plain(demo):
    return demo.copy.read_bytes()


@pytest.fixture(scope="module")
def locked(plain):
    return encryption.encrypt(plain, PASSWORD)


@pytest.mark.whole
def test_what_was_encrypted_is_decrypted_to_the_same_bytes(plain, locked):
    assert encryption.decrypt(locked, PASSWORD, name=NAME) == plain


def test_it_is_aes_256_with_sha_512_and_100_000_turns(locked):
    info = olefile.OleFileIO(io.BytesIO(locked)).openstream("EncryptionInfo").read().decode("utf-8", errors="ignore")
    assert 'cipherAlgorithm="AES"' in info
    assert 'keyBits="256"' in info
    assert 'hashAlgorithm="SHA512"' in info
    assert 'spinCount="100000"' in info


def test_nothing_of_the_workbook_is_left_readable(plain, locked):
    assert b"[Content_Types].xml" in plain
    assert b"[Content_Types].xml" not in locked
    assert (encryption.is_encrypted(plain), encryption.is_encrypted(locked)) == (False, True)


def test_the_same_workbook_is_encrypted_otherwise_each_time(plain, locked):
    assert encryption.encrypt(plain, PASSWORD) != locked


@pytest.mark.whole
@pytest.mark.parametrize("password", ["", "Correct horse battery", PASSWORD + " ", "x" * 300])
def test_a_wrong_password_is_reported_and_not_repeated(locked, password):
    with pytest.raises(ValueFoundError, match=r"does not open with this password\.") as wrong:
        encryption.decrypt(locked, password, name=NAME)
    assert "horse" not in str(wrong.value)


def spoilt(content, at):
    changed = bytearray(content)
    changed[at] ^= 0xFF
    return bytes(changed)


@pytest.mark.whole
def test_a_damaged_file_is_told_apart_from_a_wrong_password(locked):
    for content in (spoilt(locked, len(locked) // 2), locked[:3000], locked[:600], b"x" * 5000, b""):
        with pytest.raises(FileError, match=rf"^{NAME} is damaged: it is not as it was encrypted\."):
            encryption.decrypt(content, PASSWORD, name=NAME)


@pytest.mark.parametrize("password", ["", "short", "eleven chars"[:11], "x" * 256, " " * 20])
def test_a_password_that_does_not_do_is_refused_before_anything_is_encrypted(plain, password):
    with pytest.raises(ValueFoundError, match=rf"^The password has {len(password)} characters, which does not do\."):
        encryption.encrypt(plain, password)


@pytest.mark.whole
@pytest.mark.parametrize("password", ["twelve chars", "x" * 255, "Ynys Môn: tri gair"])
def test_a_password_of_any_letters_does(plain, password):
    assert encryption.decrypt(encryption.encrypt(plain, password), password, name=NAME) == plain


def test_libreoffice_opens_it_with_the_password_and_not_without(app, locked, tmp_path):
    copy = tmp_path / NAME
    copy.write_bytes(locked)
    for password in (None, "another password"):
        with pytest.raises(FileError, match="is not a workbook that LibreOffice can open"):
            app.books.open(copy, password=password, read_only=True)
    book = app.books.open(copy, password=PASSWORD, read_only=True)
    assert book.sheets["Cover"]["A1"].value.startswith("South Cambridgeshire Community Safety Partnership")
    book.close()
