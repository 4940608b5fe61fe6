"""Outcomes: types of the Home Office and of data.police.uk as shares of the offences of a row, with the lag said."""

from __future__ import annotations

import csv
import datetime as dt

import pandas as pd
import pytest

from cdrp_xl import settings as settings_file
from cdrp_xl.errors import ValueFoundError
from cdrp_xl.periods import quarter
from cdrp_xl.sources import outcomes
from cdrp_xl.sources.outcomes import Outcome
from cdrp_xl.workbooks import refreshing

TODAY = dt.date(2026, 8, 1)
Q1, BEFORE = quarter(2026, 1), quarter(2025, 1)
HEADINGS = ("Ref", "Recorded", "Code", "District", "Outcome")
WRITTEN = ("1", "1A - Charged", "Outcome 8", "14", "Type 18: no suspect identified", "", "Under investigation", "16")
POSITIVE = frozenset(WRITTEN[:3])
OPEN = frozenset({"", "Under investigation"})
SETTINGS = """
[partnership]
name = "A partnership"
area = "Fenland"
[report]
classification = "home-office-2026"
[sources.recorded_crime]
files = ["extract.csv"]
as_at = 2026-07-20
[sources.recorded_crime.headings]
offence_reference = "Ref"
date_recorded = "Recorded"
offence = "Code"
area = "District"
outcome = "Outcome"
[outcomes]
"""


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("1", Outcome.POSITIVE),
        ("01", Outcome.POSITIVE),
        ("1A", Outcome.POSITIVE),
        ("Outcome 8 - Community resolution", Outcome.POSITIVE),
        ("Local resolution", Outcome.POSITIVE),
        ("5", Outcome.OTHER),
        ("18", Outcome.OTHER),
        ("22: diversionary", Outcome.OTHER),
        ("Unable to prosecute suspect", Outcome.OTHER),
        ("", Outcome.OPEN),
        ("Not yet assigned an outcome", Outcome.OPEN),
        ("Status update unavailable", Outcome.NOT_KNOWN),
        ("1.0", Outcome.POSITIVE),
        ("16.0", Outcome.OTHER),
        ("\N{NO-BREAK SPACE}14 ", Outcome.OTHER),
        ("Type: 14", Outcome.OTHER),
        ("21 (not in the public interest)", Outcome.OTHER),
        ("16 \N{EN DASH} victim does not support", Outcome.OTHER),
        ("01/04/2025", None),
        ("1.4.2025", None),
        ("01-Apr-2025", None),
        ("1 April 2025", None),
        ("18:30", None),
        ("1,234", None),
        ("-1", None),
        ("1.5", None),
        ("24", None),
        ("100", None),
        ("Sent upstairs", None),
        ("Unknown", Outcome.NOT_KNOWN),
        ("N/K", Outcome.NOT_KNOWN),
        ("(blank)", Outcome.OPEN),
        ("NULL", Outcome.OPEN),
        ("#N/A", None),
        ("N/A", None),
    ],
)
def test_an_outcome_is_read_as_a_type_or_in_words(text, outcome):
    assert outcomes.read(text) is outcome


def extract(folder, written=WRITTEN):
    rows = [
        (f"{month}/{n}", f"{month}-{1 + n % 28:02d}", ("8N", "28E", "56A")[n % 3], "Fenland", written[n % len(written)])
        for month in pd.period_range("2025-04", "2026-06", freq="M").astype(str)
        for n in range(24 + int(month[-2:]) % 5)
    ]
    with (folder / "extract.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    return pd.DataFrame(rows, columns=HEADINGS)


def refreshed(folder, more=""):
    (folder / "partnership.toml").write_text(SETTINGS + more, encoding="utf-8")
    return refreshing.refresh(folder, quarter=Q1, today=TODAY, progress=str).report


def within(frame, period):
    return frame[frame.Recorded.between(str(period.first_day), str(period.last_day))]


def test_shares_by_row_and_period_are_those_of_pandas(tmp_path):
    frame = extract(tmp_path)
    report = refreshed(tmp_path, 'rows = ["Total recorded crime", "Arson", "Burglary"]\n')
    lines = {line.row.name: line for line in report.outcomes.lines}
    assert len(lines) == 3
    for name, codes in {"Total recorded crime": ["8N", "28E", "56A"], "Arson": ["56A"], "Burglary": ["28E"]}.items():
        for period, of in ((Q1, lines[name].later), (BEFORE, lines[name].earlier)):
            own = within(frame[frame.Code.isin(codes)], period)
            assert of.offences == len(own)
            assert of.positive == pytest.approx(own.Outcome.isin(POSITIVE).mean())
            assert of.still_open == pytest.approx(own.Outcome.isin(OPEN).mean())
    assert "as they were on 20 July 2026, 1 month after the last month of April to June 2026" in report.outcomes.how


def test_outcomes_that_are_not_known_are_named_all_at_once_and_settled_in_the_settings(tmp_path):
    frame = extract(tmp_path, (*WRITTEN, "NFA", "Sent upstairs"))
    with pytest.raises(
        ValueFoundError, match=r'not known what these outcomes mean: "(NFA|Sent upstairs)" \(\d+ rows\), "'
    ):
        refreshed(tmp_path)
    report = refreshed(tmp_path, 'rows = ["Arson"]\nother = ["nfa"]\nstill_open = ["SENT UPSTAIRS"]\n')
    own = within(frame[frame.Code == "56A"], Q1)
    assert report.outcomes.lines[0].later.still_open == pytest.approx(own.Outcome.isin({*OPEN, "Sent upstairs"}).mean())


def test_an_outcome_that_is_written_to_be_unknown_is_not_taken_for_a_blank_one(tmp_path):
    frame = extract(tmp_path, (*WRITTEN, "Unknown", "TBC"))
    with pytest.raises(ValueFoundError, match=r'not known what these outcomes mean: "TBC" \(\d+ rows\)\.'):
        refreshed(tmp_path)
    report = refreshed(tmp_path, 'rows = ["Arson"]\nnot_known = ["tbc"]\n')
    own, line = within(frame[frame.Code == "56A"], Q1), report.outcomes.lines[0].later
    assert line.still_open == pytest.approx(own.Outcome.isin(OPEN).mean())
    assert line.not_known == pytest.approx(own.Outcome.isin(["Unknown", "TBC"]).mean())


def test_shares_of_small_counts_are_hidden_where_the_highlights_are(tmp_path):
    frame = extract(tmp_path)
    rows = pd.concat([frame, pd.DataFrame([("x", "2026-05-05", "1", "Fenland", "1")], columns=HEADINGS)])
    rows.to_csv(tmp_path / "extract.csv", index=False)
    report = refreshed(tmp_path, 'rows = ["Homicide", "Burglary"]\n[suppression]\nhighlights = "hide"\n')
    homicide = next(line for line in report.outcomes.lines if line.row.name == "Homicide")
    assert homicide.later == ("[c]", "[c]", "[c]", "[c]")
    assert "Small counts are hidden" in report.intros.outcomes


def test_settings_name_the_heading_of_outcomes(tmp_path):
    (tmp_path / "partnership.toml").write_text(SETTINGS.replace('outcome = "Outcome"\n', ""), encoding="utf-8")
    with pytest.raises(ValueFoundError, match=r"name it as outcome in sources\.recorded_crime\.headings"):
        settings_file.read(tmp_path)


@pytest.mark.whole
def test_real_outcomes_are_those_of_pandas(tmp_path, shared_data):
    street = shared_data / "police_uk" / "cambridgeshire"
    frame = pd.concat(pd.read_csv(path, dtype=str) for path in sorted(street.glob("*.csv")))
    frame = frame[frame["LSOA name"].str.rsplit(" ", n=1).str[0] == "South Cambridgeshire"]
    frame = frame[frame["Crime ID"].notna() & ~frame.duplicated()]
    own = '[partnership]\nname = "A"\narea = "South Cambridgeshire"\n[sources.police_uk]\n'
    text = f'{own}path = "{street}"\n[outcomes]\n'
    (tmp_path / "partnership.toml").write_text(text, encoding="utf-8")
    report = refreshing.refresh(tmp_path, quarter=quarter(2025, 1), today=TODAY, progress=str).report
    positive = ["Court result unavailable", "Local resolution", "Offender given a caution", "Awaiting court outcome"]
    positive += ["Suspect charged as part of another case"]
    own = frame[frame.Month.isin(["2025-04", "2025-05", "2025-06"])]
    lines = {line.row.name: line.later for line in report.outcomes.lines}
    assert "Anti-social behaviour" not in lines
    assert set(lines) == {"All crime", *own["Crime type"].unique()}
    for kind, of in lines.items():
        rows = own if kind == "All crime" else own[own["Crime type"] == kind]
        last = rows["Last outcome category"]
        assert of.offences == len(rows)
        assert of.positive == pytest.approx(last.isin(positive).mean())
        assert of.not_known == pytest.approx((last == "Status update unavailable").mean())
