"""What is printed: nothing that a terminal would obey or hide, and JSON stays JSON."""

from __future__ import annotations

import errno
import io
import json

import pytest

from cdrp_xl.terminal import Stream, in_one_line, shown

HOSTILE = {
    "escape": "\x1b[2J\x1b]0;title\x07",
    "one-byte escape": "\x9b31m",
    "carriage return": "Cambridge\rPublished",
    "backspace": "safe\x08\x08\x08\x08",
    "delete": "\x7f",
    "right to left": "\u202egpj.exe",
    "isolate": "\u2066\u2069",
    "mark": "\u200f\u061c",
    "line separator": "one\u2028two\u2029three",
    "no width": "a\u200bb\ufeff",
    "tag": "\U000e0041",
    "half a character": "\udcff",
    "null": "\x00",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_has_no_shape_is_printed_as_json_writes_it(text):
    printed = shown(text)
    assert all(character.isprintable() for character in printed)
    assert json.loads(f'"{printed}"') == text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_is_still_what_it_was(text):
    assert json.loads(shown(json.dumps({"area": text}, ensure_ascii=False, indent=1))) == {"area": text}


@pytest.mark.parametrize("text", ["Ynys Môn", "Cafe\u0301", "£1,000", "a\tb\nc", "\U0001f693", "12\u00a0rows", "東京"])
def test_words_are_printed_as_they_are(text):
    assert shown(text) == text


def test_characters_that_the_encoding_lacks_are_escaped_and_the_others_kept():
    assert shown("Ynys Môn, Łódź", encoding="cp1252") == "Ynys Môn, \\u0141ód\\u017a"
    assert shown("Môn \U0001f693", encoding="ascii") == "M\\u00f4n \\ud83d\\ude93"


def test_a_line_end_in_a_name_makes_no_line():
    assert in_one_line("data\nWhat to do: nothing") == "data\\nWhat to do: nothing"


class Refusing(io.StringIO):
    """A stream whose other end fails."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def write(self, _text):
        raise OSError(self.number, "refused")


def test_who_stops_reading_stops_no_work():
    stream = Stream(Refusing(errno.EPIPE))
    assert stream.write("a line\n") == 7
    stream.write("another\n")
    stream.flush()


def test_a_full_disk_is_reported_once():
    stream = Stream(Refusing(errno.ENOSPC))
    with pytest.raises(OSError, match="What is printed"):
        stream.write("a line\n")
    assert stream.write("another\n") == 8


def test_a_stream_that_was_closed_from_the_start_takes_everything():
    stream = Stream(None)
    assert (stream.write("a line\n"), stream.isatty()) == (7, False)
    with pytest.raises(io.UnsupportedOperation, match="fileno"):
        stream.fileno()
