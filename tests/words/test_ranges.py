"""How far groups lie apart: from enough people, named where that is sure, and never of what may not be compared."""

import pytest

from journeys.vocabulary import metrics
from journeys.words.finding import finding
from journeys.words.sentences import sentence
from tests.answers_by_hand import NAMES
from tests.released_by_hand import proportion, released


def groups(slug, found):
    metric = metrics.get(slug)
    rows = [
        proportion(labels={metric.labels[0]: code}, numerator=n, denominator=of, rate=n / of, low=n / of - 0.05, high=n / of + 0.05)
        for code, (n, of) in found.items()
    ]  # fmt: skip
    return released(*rows, metric=slug, own=metric.labels), metric


BARRIERS = {
    "confidence": (60, 200),
    "debt": (20, 100),
    "housing": (50, 100),
    "literacy": (30, 100),
    "drug_alcohol": (30, 45),
}


def test_of_many_barriers_the_range_is_the_finding_and_the_largest_is_not():
    answer, metric = groups("barriers_gone", {**BARRIERS, "numeracy": (40, 100)})
    assert finding(answer, metric, NAMES) == "Barriers gone: 20% (debt) to 50% (housing)", "67% are of 45 people"
    assert "groups of 50 or more lie between 20% (likely 15% to 25%) and 50% (likely 45% to 55%)" in sentence(
        answer, metric, NAMES
    )


def test_ends_that_are_not_apart_for_sure_have_no_names():
    answer, metric = groups("barriers_gone", {code: (20 + i, 100) for i, code in enumerate((*BARRIERS, "numeracy"))})
    assert finding(answer, metric, NAMES) == "Barriers gone: 20% to 25%, by barrier"


@pytest.mark.parametrize("found", [BARRIERS, dict.fromkeys((*BARRIERS, "numeracy"), (20, 100))])
def test_of_few_groups_and_of_equal_ones_there_is_no_range(found):
    answer, metric = groups("barriers_gone", found)
    assert "no longer had the barrier" in finding(answer, metric, NAMES)
    assert "lie between" not in sentence(answer, metric, NAMES)


def test_goals_and_tools_are_not_set_against_each_other():
    codes = ("financial", "lifestyle", "mental_wellbeing", "employment", "housing", "volunteering")
    answer, metric = groups("goals_achieved", {code: (10 * i, 100 + i) for i, code in enumerate(codes, 1)})
    assert " to " not in finding(answer, metric, NAMES)


def test_who_took_no_step_is_no_end_of_what_came_after_a_step():
    """ "Work in the year after a step: 4% to 22%": the 4% were of those with no step recorded."""
    steps = {
        "none": (80, 2000),
        "basic_needs": (10, 120),
        "confidence": (32, 400),
        "learning": (45, 250),
        "volunteering": (60, 270),
    }
    answer, metric = groups("work_after_step", steps)
    assert finding(answer, metric, NAMES).startswith("Work in the year after a step: 8% to 22%")
    assert "groups of 50 or more lie between 4% " in sentence(answer, metric, NAMES)
