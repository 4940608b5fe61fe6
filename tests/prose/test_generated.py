"""Of sentences made from twelve reports, nearly all that one change made false are found, and hardly any other."""

import collections

import generated
import generated_freely
import pytest

from cdrp_xl.prose.checking import Checker

pytestmark = pytest.mark.whole

COUNT, SEED = 600, 2011


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    reports = generated.reports(tmp_path_factory.mktemp("prose") / "reports")
    assert len(reports) == 12
    checkers = [Checker.of(each) for each in reports]
    templates = (*generated.TEMPLATES, *generated_freely.TEMPLATES)
    made = generated.sentences(reports, COUNT, SEED, templates)
    return [
        (
            each,
            bool(checkers[each.report].check(each.true).findings),
            bool(checkers[each.report].check(each.false).findings),
        )
        for each in made
    ]


def test_at_least_99_of_100_mutants_are_found(checked):
    missed = [each.false for each, _, is_found in checked if not is_found]
    assert len(checked) == COUNT
    assert len(missed) <= COUNT // 100, missed


def test_at_most_1_of_100_true_sentences_raises_a_finding(checked):
    raised = [each.true for each, is_raised, _ in checked if is_raised]
    assert len(raised) <= COUNT // 100, raised


def test_every_way_of_changing_a_sentence_was_tried(checked):
    ways = collections.Counter(each.how for each, _, _ in checked)
    assert set(ways) == {"digit", "sign", "period", "area", "verb", "rounding", "ordinal"}
