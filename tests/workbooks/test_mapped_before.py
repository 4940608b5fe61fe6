"""What offences were counted under is kept by quarter; a damaged file keeps nothing from being refreshed."""

from __future__ import annotations

import pytest

from cdrp_xl.periods import Period, quarter
from cdrp_xl.workbooks import mapped_before

ROWS = {("28A", ""): "Burglary Dwelling", ("Incident", "x"): ""}


def test_what_is_kept_of_each_quarter_is_read_back(tmp_path):
    first, second = quarter(2010, 4), quarter(2011, 1)
    mapped_before.save(tmp_path, {("45", ""): "Arson"}, quarter=second)
    mapped_before.save(tmp_path, ROWS, quarter=first)
    mapped_before.save(tmp_path, ROWS, quarter=second)
    assert mapped_before.load(tmp_path) == {first: ROWS, second: ROWS}


def test_only_the_last_quarters_are_kept(tmp_path):
    for number in range(20):
        mapped_before.save(tmp_path, ROWS, quarter=quarter(2005 + number // 4, number % 4 + 1))
    kept = mapped_before.load(tmp_path)
    assert len(kept) == mapped_before.QUARTERS_KEPT
    assert max(kept) == quarter(2009, 4)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 9, "quarters": {}}', b'{"version": 1}'])
def test_a_file_that_can_not_be_used_keeps_nothing(tmp_path, content):
    (tmp_path / "counts").mkdir()
    (tmp_path / "counts" / "mapping.json").write_bytes(content)
    assert mapped_before.load(tmp_path) == {}
    mapped_before.save(tmp_path, ROWS, quarter=quarter(2011, 1))
    assert mapped_before.load(tmp_path) == {Period.parse("2011-12 Q1"): ROWS}
