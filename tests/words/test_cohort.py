"""Whom a service serves, in one line."""

from journeys.answer.released import Released, Row
from journeys.vocabulary.selection import Selection
from journeys.words import cohort


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
