"""``[[sections]]``: what the settings take, and every mistake by line and key."""

from __future__ import annotations

import pytest

from cdrp_xl import settings
from cdrp_xl.errors import ValueFoundError

PLAIN = """\
[partnership]
name = "South Cambridgeshire CDRP"
area = "South Cambridgeshire"

[sources.police_uk]
path = "data/police-uk"

[[sections]]
"""


@pytest.mark.parametrize(
    "section",
    [
        'id = "next-steps"\ntitle = "Next steps"',
        'id = "licensing"\ntitle = "Licensing"\nrange = "licensing_table"\nsource = "The team"\nchart = "lines"',
    ],
)
def test_a_section_has_words_alone_or_a_range_with_its_source(section):
    (own,) = settings.parse(f"{PLAIN}{section}\n").sections
    assert own.id in {"next-steps", "licensing"}


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('id = "Next"\ntitle = "Next"', 'the id "Next" must be lower-case letters'),
        ('id = "notes"\ntitle = "More"', r'sections\[1\]\.id: another section or a priority has the id "notes"'),
        ('id = "a"\ntitle = "A"\nrange = "a b"\nsource = "s"', '"a b" is not a valid range name'),
        ('id = "a"\ntitle = "A"\nrange = "A1:B2"\nsource = "s"', '"A1:B2" is not a valid range name'),
        ('id = "a"\ntitle = "A"\nrange = "mine"', "say in `source` where the figures of the range are from"),
        ('id = "a"\ntitle = "A"\nchart = "columns"', "name the range that the chart is drawn from"),
        ('id = "a"\ntitle = "A"\n[[sections]]\nid = "a"\ntitle = "B"', "another section or a priority"),
    ],
)
def test_a_section_that_can_not_be_made_is_a_mistake(section, said):
    with pytest.raises(ValueFoundError, match=said):
        settings.parse(f"{PLAIN}{section}\n")
