"""Headings where no one part, and no staying, is the finding."""

from dataclasses import replace

import pytest

from journeys.answer.released import Row
from journeys.vocabulary import metrics
from journeys.words.finding import finding, finding_beside
from journeys.words.sentences import sentence
from tests.released_by_hand import proportion, released

NAMES = {"going_on": "Going on", "not_known": "Not known", "13": "13 weeks", "26": "26 weeks", "52": "52 weeks",
    "spoken_with": "Spoken with a link worker", "linked": "Linked to an activity", "started": "Started an activity",
    "a": "Tarn House (North)", "b": "Corner Centre"}  # fmt: skip


def names(label, code):
    return NAMES.get(code, code.capitalize())


def shares(metric, found, **labels):
    name = metrics.get(metric).labels[-1]
    rows = [
        proportion(labels={**labels, name: code}, numerator=n, denominator=200, rate=n / 200)
        if n
        else proportion(labels={**labels, name: code}, state="hidden", why="few", numerator=None, rate=None)
        for code, n in found.items()
    ]
    return released(*rows, metric=metric, own=metrics.get(metric).labels, unit=metrics.get(metric).unit)


def said(answer):
    return finding(answer, metrics.get(answer.metric), names)


def test_of_three_parts_all_are_the_finding():
    jobs = shares("first_jobs", {"going_on": 110, "ended": 40, "not_known": 50}, weeks="26")
    assert said(jobs) == "55% going on, 20% ended, 25% not known 26 weeks after the start"
    kept = shares("job_at_referral", {"kept": 60, "ended": 20, "not_known": 120})
    assert said(kept) == "30% kept, 10% ended, 60% not known after 12 months"


def test_where_stages_are_too_long_to_name_all_the_first_and_the_last_stand():
    answer = shares("stages", {"spoken_with": 160, "linked": 120, "started": 80})
    assert said(answer) == "80% spoken with a link worker, 40% started an activity within 3 months"


def test_a_part_that_is_hidden_is_no_finding():
    assert said(shares("job_at_referral", {"kept": 60, "ended": 0, "not_known": 120})).startswith(
        "30% kept, 60% not known"
    )


def test_what_all_parts_end_with_is_said_once():
    jobs = shares("first_jobs", {"going_on": 110, "ended": 40, "not_known": 50}, weeks="26")
    assert sentence(jobs, metrics.get("first_jobs"), names).count("26 weeks after the start") == 1


def test_what_stands_beside_speaks_of_the_same_weeks():
    jobs = [shares("first_jobs", {"going_on": n, "ended": n // 2, "not_known": 20}, weeks="26") for n in (110, 0)]
    shorter = shares("first_jobs", {"going_on": 150, "ended": 20, "not_known": 30}, weeks="13")
    everyone, aged = [replace(one, rows=(*shorter.rows, *one.rows)) for one in jobs]
    aged = replace(
        aged,
        rows=tuple(
            replace(row, state="hidden", why=None, rate=None) if row.labels["weeks"] == "26" else row
            for row in aged.rows
        ),
    )
    assert said(aged).endswith("13 weeks after the start")
    assert (
        finding_beside(everyone, aged, metrics.get("first_jobs"), names) == "Too few people here, or too few left out"
    )
    assert finding_beside(everyone, everyone, metrics.get("first_jobs"), names) == said(everyone)


@pytest.fixture
def doors():
    rows = [
        Row({"from_service": a, "to_service": b}, "shown", count=n)
        for a, b, n in (("a", "a", 400), ("a", "b", 20), ("b", "b", 90), ("b", "a", 45))
    ]
    return released(*rows, metric="doors", shape="count", unit="people", own=("from_service", "to_service"))


def test_to_come_back_to_the_same_service_is_no_other_door(doors):
    assert said(doors) == "About 45 went from Corner Centre to Tarn House (North)"
    words = sentence(doors, metrics.get("doors"), names)
    assert "groups that came to another service went from Corner Centre to Tarn House (North) (about 45)" in words
    assert "400" not in words


def test_heading_and_sentence_have_one_precision():
    """One base over a thousand and one below: the sentence says both in whole per cents, and so does the heading."""
    rows = [
        proportion(labels={"barrier": code}, numerator=n, denominator=of, rate=n / of)
        for code, n, of in (("debt", 405, 1_200), ("housing", 150, 600), ("caring", 100, 500), ("health", 90, 450))
    ]
    answer = released(*rows, metric="barriers_gone", own=("barrier",))
    assert "34%" in sentence(answer, metrics.get("barriers_gone"), names)
    assert said(answer).startswith("34%")
