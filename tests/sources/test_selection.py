from __future__ import annotations

from cdrp_xl.selected import QuestionOffences, RowOffences
from cdrp_xl.sources.selection import Locus, Selection
from cdrp_xl.terms import Flag


def test_a_selection_counts_under_its_own_key_or_under_one_to_each_row():
    assert Selection(counted_as=QuestionOffences(1)).keys(["arson", "rape"]) == (QuestionOffences(1),)
    by_row = Selection(counted_as=RowOffences(locus="Barn"))
    assert by_row.keys(["arson", "rape"]) == (RowOffences("arson", locus="Barn"), RowOffences("rape", locus="Barn"))


def test_a_place_and_a_flag_are_looked_at_apart_and_what_is_not_asked_for_is_not():
    place, flag = Locus(("Agricultural",), ("Farm",), (), None), Locus((), (), (), Flag.DOMESTIC)
    assert place._replace(flag=Flag.DOMESTIC).parts == (place, flag)
    assert (place.parts, flag.parts, Locus((), (), (), None).parts) == ((place,), (flag,), ())
