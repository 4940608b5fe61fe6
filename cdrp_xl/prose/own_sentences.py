"""Numbers that the report has in its own sentences alone: a number means one that has the same words beside it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cdrp_xl.periods import MONTH_NAMES
from cdrp_xl.prose.catalogue import Figure, Measure
from cdrp_xl.prose.names import stem
from cdrp_xl.prose.numerals import Kind, numbers_in
from cdrp_xl.prose.options import Option
from cdrp_xl.prose.sentences import split
from cdrp_xl.prose.whens import whens_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdrp_xl.prose.catalogue import Catalogue
    from cdrp_xl.prose.numerals import Number
    from cdrp_xl.prose.sentences import Sentence

_BEFORE, _AFTER = 3, 5
_LEAST_ALIKE = 2
_WORD = re.compile(r"[A-Za-z]{4,}")
_EVERYWHERE = frozenset(map(str.casefold, MONTH_NAMES)) | frozenset(
    {"were", "with", "that", "have", "this", "than", "from", "offence", "over", "been"}
)


def options(number: Number, sentence: Sentence, catalogue: Catalogue) -> Iterator[Option]:
    """Yield the numbers that the report has in a sentence with the same words beside them and the same times.

    Where a row is named its figures are in tables, and a sentence about something else is not evidence.

    Parameters
    ----------
    number
        A number that no figure of a table bears out.
    sentence
        The sentence that it is in.
    catalogue
        The figures and sentences of the report.
    """
    is_of_a_row = any(not each.is_short for each in sentence.named)
    if number.kind is Kind.POSITION or is_of_a_row:
        return
    beside = _words(sentence.plain, number)
    named = [set(each.exact) for each in sentence.whens if each.exact and not each.is_relative]
    for text in (each for paragraph in catalogue.sentences for each in _split(paragraph)):
        if len(beside & _content(text)) < _LEAST_ALIKE:
            continue
        periods = {period for when in whens_in(text, catalogue) for period in when.exact}
        for said in numbers_in(text) if all(periods & each for each in named) else ():
            if said.kind is number.kind and len(beside & _words(text, said)) >= _LEAST_ALIKE:
                yield _option(said, text, catalogue.area)


def _option(said: Number, text: str, area: str) -> Option:
    figure = Figure(
        name="in a sentence", subject="", measure=Measure.LIMIT, value=said.value, area=area, period=None, words=text
    )
    return Option(value=said.value, shown=said.text, words=text, figures=(figure,))


def _words(text: str, number: Number) -> frozenset[str]:
    before, after = _WORD.findall(text[: number.start]), _WORD.findall(text[number.end :])
    return _content(" ".join((*before[-_BEFORE:], *after[:_AFTER])))


@functools.lru_cache(maxsize=256)
def _split(paragraph: str) -> tuple[str, ...]:
    return split(paragraph)


@functools.lru_cache(maxsize=1024)
def _content(text: str) -> frozenset[str]:
    return frozenset(map(stem, _WORD.findall(text))) - _EVERYWHERE
