"""Whom a service serves, in one line."""

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import cohort
from tests.answers_by_hand import NAMES


def source(code, numerator):
    return Row({"source": code}, "shown", numerator=numerator, denominator=500, rate=numerator / 500, low=0.0, high=1.0)


def test_the_largest_sources_of_a_service_are_known_and_in_one_precision():
    rows = (source("gp", 265), source("unknown", 120), source("hospital", 90), source("other", 5))
    asked = Released(
        "referral_sources", "journeys", "proportion", Selection(), "", (), ("source",), "2026-03", {"k": 8, "base": 5}, rows
    )  # fmt: skip
    whole, part = Row({}, "shown", count=500), Row({}, "shown", count=310)
    said = cohort.served_words(whole, part, asked, lambda _, code: code)
    assert said == (
        "about 500 referrals, about 310 of people of working age; mostly from: gp 53.0%, hospital 18.0%, other 1.0%"
    )
    said = cohort.served_words(whole, part, asked, lambda _, code: code, "everyone")
    assert said.startswith("about 500 referrals (everyone), about 310 of people of working age")


def test_who_is_counted_is_called_what_they_are():
    """3.1% of 7,815 and 2.2% of 11,575 stood on one page, both of "everyone referred"."""
    told = {slug: cohort.people_counted(metrics.get(slug), Selection(), NAMES) for slug in metrics.catalogue()}
    assert told["work_goal"] == told["goals_set"] == "those with a goal"
    assert told["time_to_work_goal"] == told["climbed"] == told["contact_within_28_days"] == "everyone referred"
    assert told["activities_started"] == "those linked to the activity"
    of_some = Selection(base="out_of_work", cohort={"gender": "female"})
    said = cohort.people_counted(metrics.get("work_goal"), of_some, NAMES)
    assert said == "people out of work at referral, gender: female, with a goal"
