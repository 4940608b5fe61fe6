from __future__ import annotations

import msgspec

from cdrp_xl import settings
from cdrp_xl.report import parts
from cdrp_xl.selected import RowOffences
from cdrp_xl.terms import Flag


def own(demo, **more):
    return msgspec.structs.replace(settings.read(demo.folder), **more)


FARM = "partnership.toml, [farm]"


def test_a_locus_is_every_subtype_that_the_settings_name_once(demo):
    assert parts.loci(own(demo)) == (
        parts.Locus("Barn", ("Agricultural",), ("Barn",), FARM),
        parts.Locus("Farm", ("Agricultural",), ("Farm",), FARM),
    )


def test_where_no_subtype_is_named_it_is_the_type(demo):
    farm = msgspec.structs.replace(own(demo).farm, locus_types=("Agricultural", "agricultural land"), locus_subtypes=())
    assert parts.loci(own(demo, farm=farm, priorities=())) == (
        parts.Locus("Agricultural", ("Agricultural",), (), FARM),
        parts.Locus("agricultural land", ("agricultural land",), (), FARM),
    )


def test_each_locus_each_flag_and_both_together_are_counted_row_by_row(demo):
    found = {(each.locus_subtypes, each.flag): each for each in parts.selections(own(demo))}
    assert set(found) == {
        (("Barn",), None),
        (("Farm",), None),
        ((), Flag.DOMESTIC),
        (("Barn",), Flag.DOMESTIC),
        (("Farm",), Flag.DOMESTIC),
    }
    assert all(isinstance(each.counted_as, RowOffences) for each in found.values())
    assert len({each.counted_as for each in found.values()}) == len(found)


def test_without_a_locus_in_the_settings_flags_alone_are_counted(demo):
    (only,) = parts.selections(own(demo, farm=None, priorities=()))
    assert (only.flag, only.counted_as) == (Flag.DOMESTIC, RowOffences(flag=Flag.DOMESTIC))
