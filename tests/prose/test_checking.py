"""True sentences raise nothing; the faults of the 2011 report, in other words, are all found; so are changed places."""

import dataclasses
import re

import pytest

from cdrp_xl.prose.checking import Checker
from cdrp_xl.prose.findings import Fault
from cdrp_xl.report import Issue

TRUE = """
Dwelling burglary fell from 104 to 61, a fall of 41.3%.
In April to June 2011 there were 61 dwelling burglaries, compared with 104 in the same quarter of 2010-11.
All crime fell by 10.6%, from 1,477 offences in April to June 2010 to 1,321 in April to June 2011.
Vehicle crime was down by 78 offences (- 36.1%).
There were 43 fewer dwelling burglaries than in the same quarter last year.
Shoplifting rose from 32 to 59 offences, 1.8 times as many.
Simple possession of drugs more than doubled, from 35 to 74.
Robbery was unchanged at seven.
Farm crime accounted for 2.3% of all crime in the quarter.
In 2010-11 there were 115 farm crimes, 2.1% of all recorded crime.
Theft and handling on farms rose by 15 offences (30.6%) between 2009-10 and 2010-11.
Five of the 30 farm offences were against repeat victims.
South Cambridgeshire was in 9th position of 15 in its most similar group for 2010-11.
There were no homicides in the quarter, against two a year earlier.
Theft from vehicles nearly halved, from 185 to 96.
Burglary, at 35 offences, made up 30.4% of farm crime in 2010-11.
As at March 2011, 64 South Cambs residents were in drug treatment and nine in alcohol treatment.
Call 101 or 01223 715310 by 5pm on 12 July 2011; the Police Act 1996 and a grant of £12,500 for 25 people aged 14-15.
All crime fell from 1,477 to 1,321 in the first quarter of 2011-12, a reduction of 156 offences.
Serious acquisitive crime is down by more than a third, from 327 to 206.
Of the 206 serious acquisitive crimes, 61 were dwelling burglaries and 138 were vehicle crimes.
Theft from vehicles fell by 48.1% and theft of vehicles rose by 22.6%.
Vehicle crime and dwelling burglary fell by 36.1% and 41.3% respectively.
There was no change in the number of robberies, at seven in both quarters.
Violence against the person fell by 14.6%, from 233 to 199 offences.
Thefts of pedal cycles dropped from 78 in April to June 2010 to 65 in April to June 2011.
BCS comparator crime was 22.8% lower than in the same period last year.
Possession offences rose from 35 to 74, more than twice as many.
All drugs offences doubled, from 39 to 81.
Criminal damage, with 245 offences, was 7.2% down on a year earlier.
Arson rose by two offences, from ten to twelve.
Farm crime was 30 offences in the quarter, one more than in April to June 2009.
In Q1 2011-12 there were 30 farm crimes, against 26 in Q1 2010-11.
Dwelling burglary in April to June 2011 was at its lowest since April 2009.
Burglaries of dwellings have fallen by more than half since the baseline, from 126 to 61.
There were 1.60 offences per 1,000 households in 2010-11 Q4, against a group average of 1.78.
In quarter four of 2010-11 the district was in 5th position in its most similar group.
It ranked ninth of 15 for the year 2010-11.
No emerging issues are reported for the quarter.
South Cambridgeshire had 102 young people in treatment at the end of March 2011, 18% of the county's total.
Fenland had 111 young people in treatment as at March 2011.
The share of year 10 girls who drank excessively fell from 10% in 2008 to 3% in 2010.
If the year goes on as it began, 2011-12 would end with 185 to 477 dwelling burglaries (95% interval).
Officers held 12 surgeries and 3 street meetings in Cambourne on 14 May 2011.
Dwelling burglary has come down sharply, with 61 offences in the first quarter against 104 a year ago.
Recorded crime in South Cambridgeshire dropped by 156 to 1,321 offences.
Between April and June 2011, 138 vehicle crimes were recorded, 78 fewer than the 216 in the same three months of 2010.
Shoplifting went up by 84.4%: 27 more offences than in April to June 2010.
There were 59 shoplifting offences this quarter (32 in the same quarter last year).
Overall crime is down 10.6%.
The number of dwelling burglaries fell by over 40% compared with the same period last year.
A total of 222 violent crimes were recorded, compared to 255 previously, a fall of 12.9%.
Theft of pedal cycles decreased from 78 to 65 offences (down 16.7%).
Seven robberies were recorded in both periods.
Racially aggravated crime more than doubled, rising from five to 11 offences.
Drug offences have doubled to 81 (39 in April-June 2010).
Farm crime in 2010/11 stood at 115 offences, six fewer than the 121 in 2009/10.
Theft accounted for 64 of the 115 offences on farms in 2010/11, or 55.7%.
Of the 30 farm offences this quarter, five were against victims who had suffered a previous offence.
Four victims accounted for the five repeat offences.
The district was placed 9th out of 15 in its most similar group for 2010/11.
In quarters 2 and 3 of 2010-11 the district was in 12th position for dwelling burglary.
Serious sexual offences rose from 13 to 14.
Most serious violence more than halved, from 11 offences to five.
Dwelling burglaries in South Cambs were 51.6% lower than in the baseline year's first quarter.
Vehicle crime made up two thirds of serious acquisitive crime.
One in ten crimes was an offence of vehicle crime.
Sexual assaults were unchanged at nine.
There was one more serious sexual offence than in the same period of 2010.
Criminal damage fell slightly, from 264 to 245 offences.
Handling stolen goods: 2 offences, none in April to June 2010.
There were no homicides compared with two in the first quarter of 2010/11.
Dwelling burglary fell in each of the last two quarters.
Monthly dwelling burglaries were 18 in April, 19 in May and 24 in June.
Theft and handling fell by 94 offences, or 15.5%.
Both theft from the person and arson changed by two offences or fewer.
The rate was 6.42 per 1,000 households in 2010-11, close to the group average of 6.34.
In the year to March 2011 there were 115 farm crimes.
Farm crime made up 2.3% of all recorded crime this quarter, up from 1.9% in 2009-10.
All violence with injury fell by 24, which is a 23.3% reduction.
Crime is lower than it was a year ago.
There have been 4 offences of aggravated vehicle taking, up from zero.
Nine residents were in alcohol treatment at March 2011, 2% of the county caseload.
During 2010-11 there were 385 dwelling burglaries, well below the 494 of 2009-10.
Residential burglary has reduced by 43 offences (41.3%) when compared to the same quarter last year.
Shop theft is the exception: 59 offences compared with 32.
Serious acquisitive crime continues to fall, with 206 offences against 327.
Crimes of vehicle interference were down from 13 to 10.
Vehicle crime fell by just over a third.
Dwelling burglary accounted for 30% of serious acquisitive crime (61 of 206 offences).
Violent crime fell by 33 offences to 222.
There were five farm offences against repeat victims this quarter.
In June 2011, five clients were on the DIP scheme, the same as in May.
As of June 2011, five South Cambs residents were in the DIP caseload (3% of the countywide number).
Burglary also accounts for a large proportion of offences on farms, with 35 in 2010/11.
For the full year 2010/11, the district came in at 9th position and average compared to its most similar group.
It was in 5th position in quarter four, an improvement from 12th position during quarters 2 and 3.
The target is to end 2011-12 below the 494 dwelling burglaries of 2009-10.
The number of robberies stayed at seven.
Theft from the person dropped by one offence.
Drug trafficking offences more than doubled from three to seven.
Four aggravated vehicle takings were recorded, where there had been none a year before.
Compared with the first quarter of 2010-11, dwelling burglary is down 41.3% while shoplifting is up 84.4%.
Total recorded crime was 1,321, which is 156 (10.6%) less than the corresponding period in 2010.
The largest numerical fall was in all crime.
Farm crime was slightly higher than the same quarter of 2009-10 (30 against 29).
Farm crime rose by 3.4% compared with the baseline.
Between Q1 2010/11 and Q1 2011/12 theft of a vehicle rose by 7 offences, from 31 to 38.
Police recorded 14 serious sexual offences, one more than last year.
All other damage went up 3.7% to 84.
The quarterly total of 61 dwelling burglaries compares with 96 in the previous quarter.
Burglary was lower in April (18) than in June (24).
Half of the farm offences in the quarter were theft and handling.
Fifteen of the 30 farm offences this quarter were theft and handling.
In the twelve months to March 2011 the area had 385 dwelling burglaries.
Criminal damage to vehicles fell by 18.9% (21 offences).
Cycle theft is down from 78 to 65.
Officers from the team made 25 visits and 8 arrests in May 2011.
The next meeting is on 12 October 2011 at 10:30 in Room 2.
A £2,000 reward is offered for information about the three burglaries in Histon.
Since 2008 the partnership has funded 14 projects.
One resident in drug treatment was nominated for an award in 2011.
""".strip().splitlines()

# The faults in the words of the report of 2011, rewritten for the worked example.
FAULTS = (
    ("Farms had 115 offences in 2010-11, which is 11% of all recorded crime in the district.", "11%"),
    ("Offences at farms went up by 53 between 2006-07 and 2009-10.", "53"),
    ("Farm crime grew by 79% up to 2009-10.", "79%"),
    ("Theft and handling on farms rose by 30% between 2009-10 and 2010-11.", "30%"),
    ("The most recent iQuanta figures are those for the period ending May 2010.", "May 2010"),
    ("South Cambridgeshire was in position when compared with its most similar group.", "in position"),
    ("For dwelling burglary the district is 5th of 15 in its most similar group this quarter.", "5th"),
    ("The district moved to 9th position in the group in quarter four, from 12th in quarters 2 and 3.", "9th"),
    ("Less farm crime than in 2009-10 is to be achieved by the end of 2009-10.", "2009-10"),
    ("Shoplifting fell during the quarter.", "fell"),
    ("Drug possession is unchanged.", "unchanged"),
    ("Dwelling burglary is green.", "green"),
    ("Farm crime is shown by Home Office crime sub type.", "sub type"),
    ("At the end of June 2011, 64 residents were in drug treatment.", "64"),
    ("As at March 2011, five residents were in the drug intervention programme.", "five"),
)


@pytest.mark.parametrize("sentence", TRUE)
def test_a_true_sentence_raises_nothing(checker, sentence):
    assert len(TRUE) >= 120
    assert checker.check(sentence).findings == ()


@pytest.mark.parametrize(("sentence", "words"), FAULTS)
def test_each_fault_of_the_2011_report_is_found(checker, sentence, words):
    assert len(FAULTS) >= 15
    found = checker.check(sentence).findings
    assert words in [each.words for each in found]
    assert all(each.why and each.sentence == sentence for each in found)


def test_that_there_are_no_emerging_issues_is_found_where_some_are_reported(built):
    row = built.comparison["shoplifting"].row
    issue = Issue(
        name="Shoplifting, 2011-12 Q1", row=row, earlier=32, later=59, sentence="", meaning="", found_by="",
        decision=None, reason="",
    )  # fmt: skip
    reported = dataclasses.replace(built, emerging=dataclasses.replace(built.emerging, rises=(issue,)))
    said = "This quarter's figures do not show any emerging issues."
    (found,) = Checker.of(reported).check(said).findings
    assert "Shoplifting" in found.why
    assert Checker.of(built).check(said).findings == ()


def test_the_nearest_figure_and_the_sentence_put_right_are_offered(checker):
    (found,) = checker.check("Dwelling burglary fell by 31.3% in the quarter.").findings
    assert found.nearest.startswith("- 41.3%, Burglary Dwelling")
    assert "burglary-dwelling.later" in found.nearest
    assert found.corrected == "Dwelling burglary fell by 41.3% in the quarter."
    assert checker.check(found.corrected).findings == ()


def test_the_figure_of_another_period_is_named_as_such(checker):
    (found,) = checker.check("In April to June 2011 there were 104 dwelling burglaries.").findings
    assert found.fault is Fault.PERIOD
    assert "April to June 2010" in found.why


def test_a_caption_with_the_number_of_another_section_is_found(checker):
    (found,) = checker.check("2. FARM CRIME\n\nTable 1.1 Farm crime by offence group\n").findings
    assert (found.words, found.corrected) == ("Table 1.1", "Table 2.1 Farm crime by offence group")


def test_what_no_report_can_know_is_listed_and_is_no_finding(checker):
    text = "A grant of £12,500 was made. Ring 01223 715310 by 5pm. The Police Act 1996 applies to 25 people."
    checked = checker.check(text)
    assert checked.findings == ()
    listed = [each.text for each in checked.own]
    assert [each for each in ("£12,500", "01223 715310", "5pm", "25 people") if each not in listed] == []


def test_a_sentence_without_a_row_speaks_of_its_section(checker):
    assert checker.check("There were 30 offences.", section="farm-crime").findings == ()
    (found,) = checker.check("There were 33 offences.", section="farm-crime").findings
    assert re.search(r"July to September 2010", found.why)


def test_a_sentence_that_goes_on_keeps_the_row_and_the_year_of_the_one_before(checker):
    before = "In 2010/11 South Cambridgeshire recorded 115 crimes categorised as farm crime. "
    assert checker.check(f"{before}This accounted for 2.1% of the total crime for the district.").findings == ()
    (found,) = checker.check(f"{before}This accounted for 11% of the total crime for the district.").findings
    assert found.words == "11%"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Farm crime in 2010/12 stood at 115 offences.", "2010/12"),
        ("The rate was 6.42 per 10,000 households in 2010-11.", "per 10,000 households"),
        ("Farm crime made up 2.3% of all crime this quarter, down from 1.9% in 2009-10.", "down"),
        ("Dwelling burglary in April to June 2011 was at its lowest since July 2011.", "lowest since"),
        ("Fenland recorded 61 dwelling burglaries in April to June 2011.", "Fenland"),
        ("Monthly dwelling burglaries were 18 in April, 24 in May and 24 in June.", "24"),
        ("Possession offences rose from 35 to 94, more than twice as many.", "94"),
        ("There were 425 dwelling burglaries in April to June 2011.", "425"),
    ],
)
def test_other_slips_are_found_by_their_words(checker, sentence, words):
    assert words in [each.words for each in checker.check(sentence).findings]


def test_the_same_words_keep_their_mark(checker):
    first, second = (checker.check("Robbery rose to 9.").findings[0] for _ in range(2))
    assert first.mark == second.mark
    assert first.mark.startswith("W-")


def test_numbers_with_a_source_are_the_analyst_s_own_and_are_listed(checker):
    said = "There were 17 dwelling burglaries in the villages"
    assert checker.check(f"{said}.").findings != ()
    checked = checker.check(f"{said} (source: Village survey, 2010).")
    assert checked.findings == ()
    assert [(each.text, each.what) for each in checked.own] == [("17", "own, source: Village survey, 2010")]


def test_a_partner_is_checked_only_where_a_row_of_the_report_is_named(checker):
    said = "The team met 40 young people, and 12 farms were visited. Vehicle crime rose."
    checked = checker.check(said, of_partner=True)
    assert [each.words for each in checked.findings] == ["rose"]
    assert checked.own == ()


def test_what_the_report_itself_says_raises_nothing_in_its_section(checker, built):
    said = [("headlines", each) for each in built.headlines.sentences]
    said += [("farm-crime", each) for each in (built.farm.by_year_text, built.farm.by_quarter_text)]
    for result in built.priorities:
        texts = (result.sentence, *result.findings, result.year_end.sentence, *result.series.about)
        said += [(result.priority_id, each) for each in texts]
    assert len(said) > 20
    assert [each for section, text in said for each in checker.check(text, section=section).findings] == []


def test_words_of_the_report_s_own_sentences_may_be_changed(checker):
    said = (
        "Most similar group, 2010-11: 9th of 15 (1st is the lowest), close to the average of 6.34 per 1,000 households."
    )
    assert checker.check(said, section="dwelling-burglary").findings == ()
    assert checker.check(said.replace("9th", "8th"), section="dwelling-burglary").findings != ()
    said = "No kind of offence rose or fell by more than usual this quarter."
    assert checker.check(said, section="headlines").findings == ()


def test_a_number_that_may_be_right_for_a_time_without_a_name_is_listed_and_a_slip_of_the_figure_is_found(checker):
    listed = checker.check("On the old reckoning dwelling burglary stands at 385.")
    assert (listed.findings, [each.is_unread for each in listed.own]) == ((), [True])
    assert checker.check("In April to June 2011 dwelling burglary stood at 385.").findings != ()
    assert checker.check("On the old reckoning dwelling burglary stands at 16.").findings != ()
