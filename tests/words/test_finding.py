"""Headings where no one part, and no staying, is the finding."""

import re
from dataclasses import replace

import pytest

from journeys.answer.released import Row
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import differences
from journeys.words.cohort import whole_words
from journeys.words.finding import finding, finding_beside, finding_of_all, of_measure
from journeys.words.of_period import chosen_whole, finding_of_period
from journeys.words.phrases import span
from journeys.words.sentences import sentence, waits
from tests.answers_by_hand import LISTS
from tests.answers_by_hand import NAMES as NAMES_OF_ALL
from tests.answers_by_hand import released as of_all
from tests.released_by_hand import proportion, released
from tests.words.grammar import faults

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
    linked = shares("stages", {"spoken_with": 0, "linked": 120, "started": 80})
    assert finding(linked, metrics.get("stages"), NAMES_OF_ALL) == (
        "60% linked to an activity, 40% started an activity within 3 months"
    )
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
    hidden = finding_beside(everyone, aged, metrics.get("first_jobs"), lambda name, code: f"{code} {name}")
    assert hidden == "Too few people here, or too few left out, after 26 weeks", "the bar of 13 weeks stands below it"
    assert finding_beside(everyone, everyone, metrics.get("first_jobs"), names) == said(everyone)


@pytest.fixture
def doors():
    rows = [
        Row({"from_service": a, "to_service": b}, "shown", count=n)
        for a, b, n in (("a", "a", 400), ("a", "b", 20), ("b", "b", 90), ("b", "a", 45))
    ]
    return released(*rows, metric="doors", shape="count", unit="people", own=("from_service", "to_service"))


def test_to_come_back_to_the_same_service_is_no_other_door(doors):
    assert said(doors) == "About 45 people went from Corner Centre to Tarn House (North)"
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


# --- groups of their own sizes, several curves, two selections --------------------------------------------------------


def ways(**found):
    rows = [
        proportion(labels={"way": way}, numerator=n, denominator=of, rate=n / of)
        if n
        else proportion(labels={"way": way}, state="hidden", why="few", numerator=None, denominator=of, rate=None)
        for way, (n, of) in found.items()
    ]
    return released(*rows, metric="work_after_way", own=("way",))


def test_what_came_after_each_way_is_said_of_all_in_the_order_of_the_list():
    answer = ways(direct=(30, 60), indirect=(70, 1000), both=(60, 100), neither=(30, 600))
    words = [finding(answer, metrics.get("work_after_way"), NAMES_OF_ALL), said(answer)]
    assert words == ["Found work in the year after: direct 50%, indirect 7%, both 60%, neither 5%"] * 2


def test_a_way_that_is_hidden_is_not_in_the_heading():
    assert said(ways(direct=(0, 40), indirect=(70, 1000))) == "7.0% found work in the year after (way taken: indirect)"
    two = ways(direct=(0, 40), indirect=(70, 1000), both=(60, 100))
    assert said(two) == "Found work in the year after: indirect 7%, both 60%"


def test_of_steps_with_long_names_the_two_largest_groups_stand():
    steps = {"none": (80, 2000), "basic_needs": (20, 120), "confidence": (32, 400), "learning": (45, 250)}
    rows = [proportion(labels={"step": s}, numerator=n, denominator=of, rate=n / of) for s, (n, of) in steps.items()]
    answer = released(*rows, metric="work_after_step", own=("step",))
    words = finding(answer, metrics.get("work_after_step"), NAMES_OF_ALL)
    assert words == "Found work in the year after: no step recorded 4%, confidence and wellbeing 8%"


def curve(metric, incidence, size=400):
    row = Row(
        {"months": "12"}, "shown" if incidence else "hidden", months=12, at_risk=size, incidence=incidence or None,
        low=incidence and incidence - 0.02, high=incidence and incidence + 0.02,
    )  # fmt: skip
    return released(row, metric=metric, shape="waiting", own=("months",), unit="journeys")


CURVES = ("time_to_stepping_stone", "time_to_training", "time_to_volunteering", "time_to_work")


def test_a_curve_without_a_point_says_why_at_the_months_that_are_asked_for():
    """Its heading said that people are too few, and the cards below it that it is too early."""
    rows = [
        Row({"months": m}, state, months=int(m)) for m, state in (("3", "hidden"), ("6", "hidden"), ("12", "too_early"))
    ]
    asked = released(*rows, metric="time_to_work", shape="waiting", own=("months",), unit="journeys")
    assert finding(asked, metrics.get("time_to_work"), names) == "Too early to say"
    assert sentence(asked, metrics.get("time_to_work"), names).startswith("Too early to say: not enough time")
    earlier = replace(asked, selection=asked.selection.but(within=6))
    assert finding(earlier, metrics.get("time_to_work"), names) == "Too few people here, or too few left out"


def test_of_several_curves_the_first_and_the_last_are_the_finding_and_the_sentence_has_them_all():
    asked = [curve(metric, share) for metric, share in zip(CURVES, (0.24, 0.17, 0.08, 0.09), strict=True)]
    assert (
        finding_of_all(asked, NAMES_OF_ALL)
        == "An estimated 24% had reached a first stepping stone, 9% work by 12 months"
    )
    words = waits(asked, NAMES_OF_ALL)
    assert (
        "an estimated 24% (likely 22% to 26%) had reached a first stepping stone, 17% (likely 15% to 19%) training"
        in words
    )
    assert "8% (likely 6% to 10%) volunteering and 9% (likely 7% to 11%) work by 12 months; those closed" in words


def test_several_curves_have_one_precision():
    asked = [curve(metric, share) for metric, share in zip(CURVES, (0.24, 0.17, 0.08, 0.015), strict=True)]
    assert "24.0%" in finding_of_all(asked, NAMES_OF_ALL) and "1.5% work" in finding_of_all(asked, NAMES_OF_ALL)
    assert "17.0%" in waits(asked, NAMES_OF_ALL)


def test_a_curve_that_is_hidden_is_passed_by():
    asked = [curve(metric, share) for metric, share in zip(CURVES, (0, 0.17, 0, 0.09), strict=True)]
    assert finding_of_all(asked, NAMES_OF_ALL).startswith("An estimated 17% had reached training or education, 9% work")
    alone = [curve(metric, share) for metric, share in zip(CURVES, (0, 0.17, 0, 0), strict=True)]
    assert finding_of_all(alone, NAMES_OF_ALL) == "An estimated 17% had reached training or education by 12 months"
    assert "17%, likely 15% to 19%, had reached training" in waits(alone, NAMES_OF_ALL)
    two = [curve(metric, share) for metric, share in zip(CURVES, (0.24, 0.17, 0, 0), strict=True)]
    assert finding_of_all(two, NAMES_OF_ALL) == "An estimated 24% had reached a first stepping stone by 12 months"
    none = [curve(metric, 0) for metric in CURVES]
    assert finding_of_all(none, NAMES_OF_ALL) == "Too few people here, or too few left out"


def pair(metric, *counts):
    rows = [proportion(labels={}, numerator=n, denominator=of, rate=n / of) for n, of in counts]
    return differences.Pair(metrics.get(metric), *(released(row, metric=metric, own=()) for row in rows))


def test_of_two_years_the_one_that_is_not_complete_is_named():
    """ "6.7% for 2024/25, 8.5% for 2023/24, clearly lower": on Outcomes the first of these was "(not complete)"."""
    late = pair("climbed", (300, 1000), (200, 1000))
    late = replace(late, left=replace(late.left, rows=(replace(late.first, complete=False),)))
    sides, words = ("2024/25", "2023/24"), "Not complete: 2024/25, of which some months or services are missing."
    assert differences.summary([late], sides).endswith(words)
    both = replace(late, right=replace(late.right, rows=(replace(late.second, complete=False),)))
    assert "omplete" not in differences.summary([both], sides), "women and men of the same months"


def test_two_selections_say_what_differs_clearly_in_their_heading():
    sides = ("2024/25", "2023/24")
    pairs = [pair("climbed", (300, 1000), (200, 1000)), pair("engaged", (500, 1000), (505, 1000))]
    assert differences.headline(pairs, sides) == "Higher for 2024/25 than for 2023/24: climbed at least one rung"
    assert differences.headline(pairs[1:], sides) == "No clear difference in the one share"
    alone = differences.headline(pairs[1:] * 3, sides)
    assert f"{alone}." == differences.summary(pairs[1:] * 3, sides) == "No clear difference in any of 3 shares."
    long = ("age at referral 25 to 34, Wrenborough Living Well", "age at referral 35 to 49, Wrenborough Steady Minds")
    assert differences.headline(pairs, long) == "1 of 2 shares differs clearly"


def test_a_base_that_the_reader_chose_for_all_shares_is_not_said_of_one_of_them():
    def put(one, base):
        return replace(one, selection=one.selection.but(base=base))

    def on(base):
        climbed, work = (pair(slug, (60, 500), (70, 500)) for slug in ("climbed", "found_work"))
        asked = ((climbed, base), (work, "out_of_work"))
        return [replace(one, left=put(one.left, of), right=put(one.right, of)) for one, of in asked]

    ends = [differences.in_one_figure(on(base))[1].title for base in ("all", "out_of_work")]
    assert [title.endswith("people out of work at referral") for title in ends] == [True, False]


def test_shares_set_beside_each_other_in_one_figure_have_one_precision():
    pairs = [pair("climbed", (300, 1000), (285, 1000)), pair("found_work", (60, 500), (70, 500))]
    assert [one.digits for one in pairs] == [1, 0]
    assert [one.digits for one in differences.in_one_figure(pairs)] == [0, 0]
    lost = [*pairs, pair("engaged", (610, 10_000), (830, 10_000))]  # 2.2 points, and 2 in whole per cents
    assert {one.digits for one in differences.in_one_figure(lost)} == {0}
    lost = [*pairs, pair("engaged", (674, 10_000), (849, 10_000))]  # 1.75 points, and 1
    assert {one.digits for one in differences.in_one_figure(lost)} == {1}


def test_a_label_in_two_selections_is_said_with_both_figures():
    left = shares("spiral_now", {"starting_out": 120, "working": 40})
    right = shares("spiral_now", {"starting_out": 100, "working": 50})
    words = differences.headline_of_label((left, right), metrics.get("spiral_now"), ("2024/25", "2023/24"), names)
    assert words == "Starting_out: 60% for 2024/25, 50% for 2023/24"


def test_what_is_not_recorded_is_not_called_too_few_where_two_selections_stand_side_by_side():
    def beside(metric, state):
        known, other = proportion(labels={}, numerator=50, denominator=100, rate=0.5), Row({}, state)
        return differences.Pair(metrics.get(metric), *(released(row, metric=metric, own=()) for row in (known, other)))

    pairs = [beside("climbed", "not_recorded"), beside("engaged", "not_recorded"), beside("found_work", "hidden")]
    assert differences.summary(pairs[:2]) == "None of these shares can be compared: not recorded on one side or both."
    assert differences.summary(pairs) == (
        "None of these shares can be compared: not recorded on one side or both (2 of 3); "
        "too few people on one side or both, or too few left out (1 of 3)."
    )
    sentence_of = differences.difference_sentence(pairs[0], names, "these", "those")
    assert sentence_of == "The two cannot be compared: not recorded on one side or both."
    left = shares("spiral_now", {"starting_out": 120, "working": 40})
    right = replace(left, rows=tuple(Row(row.labels, "not_recorded") for row in left.rows))
    assert differences.headline_of_label((left, right), metrics.get("spiral_now"), ("a", "b"), names) == (
        "Where people stand now: not recorded on one side or both"
    )


def test_services_outside_chance_are_counted_with_the_measure_where_it_fits():
    rows = [
        proportion(labels={"service": f"service-{i}"}, numerator=120, denominator=240, rate=0.5, funnel={"position": p})
        for i, p in enumerate(("above998", "above998", "below998", "within"))
    ]
    answer = released(*rows, metric="engaged", by=("service",), own=())
    assert finding(answer, metrics.get("engaged"), NAMES_OF_ALL) == (
        "Engaged with a link worker: 2 services higher, 1 lower than expected by chance"
    )


def test_a_range_says_that_smaller_services_are_left_out_of_it_and_only_where_some_are():
    rows = [
        proportion(labels={"service": f"service-{i}"}, numerator=n, denominator=of, rate=n / of)
        for i, (n, of) in enumerate(((40, 50), (45, 55), (40, 45)))
    ]
    small = released(*rows, metric="engaged", by=("service",), own=())
    two, large = (replace(small, rows=tuple(some)) for some in (rows[1:], rows[:2]))
    say = lambda how, answer: how(answer, metrics.get("engaged"), NAMES_OF_ALL)  # noqa: E731
    assert "across 2 services of 50 or more, between" in say(sentence, small)
    assert say(finding, small) == "Engaged with a link worker: between 80% and 82% across 2 services of 50+"
    assert "fewer than two services of 50 or more can be compared" in say(sentence, two)
    assert say(finding, two) == "Engaged with a link worker: fewer than two services of 50+ can be compared"
    assert "across 2 services, between" in say(sentence, large) and "50" not in say(finding, large)


def test_the_closing_date_of_who_is_still_seen_is_no_gap():
    """The latest quarter said: least often filled in, closing date 16.5%, which every open referral lacks by right."""
    answer = shares(
        "completeness", {"closed_on": 30, "goals": 100, "reasons": 190, "gender": 150, "age_at_referral": 180}
    )
    answer = replace(answer, rows=tuple(replace(row, denominator=200, rate=row.numerator / 200) for row in answer.rows))
    assert said(answer) == "Least often filled in: goals, 50%"
    assert "closed_on" not in sentence(answer, metrics.get("completeness"), names)
    alone = replace(answer, rows=answer.rows[:1])
    assert said(alone) == "Least often filled in: closed_on, 15%"
    places = [
        proportion(labels={"service": f"service-{i}", "field": field}, numerator=n, denominator=200, rate=n / 200)
        for i, counts in enumerate(((20, 100), (30, 140)))
        for field, n in zip(("closed_on", "goals"), counts, strict=True)
    ]
    words = finding(
        released(*places, metric="completeness", by=("service",), own=("field",)),
        metrics.get("completeness"),
        NAMES_OF_ALL,
    )
    assert words == "Between 50% and 70% had a record of goals, across 2 services"


def test_a_field_that_hardly_anybody_has_filled_in_is_the_emptiest_though_it_is_hidden():
    answer = shares("completeness", {"gender": 150, "goals": 100, "reasons": 190, "first_contact_on": 0})
    answer = replace(answer, rows=tuple(replace(row, denominator=200) for row in answer.rows))
    assert said(answer) == "Least often filled in: first_contact_on, fewer than 8 of about 200"
    assert "filled in least often: first_contact_on (fewer than 8), goals (50%, " in sentence(
        answer, metrics.get("completeness"), names
    )


def test_people_of_working_age_are_said_in_the_precision_of_the_figure_they_stand_in():
    everyone = shares("spiral_movement", {"up": 60, "same": 137, "back": 3})
    aged = shares("spiral_movement", {"up": 85, "same": 100, "back": 15})
    assert said(everyone).startswith("30.0%") and said(aged).startswith("42%")
    assert finding_beside(everyone, aged, metrics.get("spiral_movement"), names) == "42.5% up"


def of_ethnic_groups(**counts):
    rows = [Row({"ethnic_group": code}, "shown", count=n) for code, n in counts.items()]
    return released(*rows, metric="referrals", shape="count", by=("ethnic_group",), own=())


def test_where_a_sentence_names_every_group_none_is_said_to_be_among_the_largest():
    """ "The largest groups had been waiting for" was said of all three that there are."""
    waits = {"0-28": 150, "29-90": 30, "over_90": 90}
    rows = [Row({"wait": code}, "shown", count=n) for code, n in waits.items()]
    metric = metrics.get("waiting_now")
    waiting = replace(released(*rows, metric="waiting_now", own=("wait",)), shape="count")
    words = sentence(waiting, metric, names)
    assert "largest" not in words and ", referrals had been waiting for" in words
    hidden = replace(waiting, rows=(*rows[:2], Row({"wait": "over_90"}, "hidden")))
    assert "the largest groups of referrals had been waiting" in sentence(hidden, metric, names)
    groups = of_ethnic_groups(asian=1095, black=605, not_stated=900), metrics.get("referrals")
    assert "the groups are Asian (about 1,095) and Black (about 605); this leaves out" in sentence(
        *groups, NAMES_OF_ALL
    )
    why = {"health": 70, "choice": 30, "cost": 20}
    known = shares("not_started", why | {"not_said": 80})
    assert "largest" not in sentence(known, metrics.get("not_started"), NAMES_OF_ALL)
    few = shares("not_started", why | {"travel": 0})
    assert "in the largest groups about 70" in sentence(few, metrics.get("not_started"), NAMES_OF_ALL)


def test_what_is_no_group_and_larger_than_those_named_is_said_to_be_left_out():
    counted = of_ethnic_groups(asian=1095, black=605, mixed=365, white=10_300, not_stated=1755, unknown=655)
    metric = metrics.get("referrals")
    assert (
        finding(counted, metric, NAMES_OF_ALL)
        == "Referrals: White (about 10,300), Asian (about 1,095); not stated (about 1,755)"
    )
    words = sentence(counted, metric, NAMES_OF_ALL)
    assert "Black (about 605); this leaves out not stated (about 1,755) and not known (about 655)." in words
    few = of_ethnic_groups(asian=1095, black=605, white=10_300, not_stated=600)
    assert "leaves out" not in sentence(few, metric, NAMES_OF_ALL) and "not stated" not in finding(
        few, metric, NAMES_OF_ALL
    )


def test_a_reason_that_is_not_said_and_larger_than_the_one_named_stands_beside_it():
    answer = shares("not_started", {"waiting_list": 50, "health": 45, "choice": 30, "not_said": 130})
    metric = metrics.get("not_started")
    assert (
        finding(answer, metric, NAMES_OF_ALL) == "25% had not started, with the reason “waiting list”; 65% “not said”"
    )
    assert "; this leaves out “not said” (65%, about 130)." in sentence(answer, metric, NAMES_OF_ALL)


def test_where_only_what_is_no_group_is_shown_it_is_not_said_to_be_hidden():
    """ "A few at most in every group" stood above a bar of 18%."""
    metric = metrics.get("not_started")
    answer = shares(
        "not_started", {"waiting_list": 0, "health": 0, "choice": 0, "cost": 0, "travel": 0, "not_said": 130}
    )
    assert finding(answer, metric, NAMES_OF_ALL) == (
        "65% of referrals to an activity had not started, with the reason “not said”"
    )
    words = sentence(answer, metric, NAMES_OF_ALL)
    assert "in the largest group about 130 of about 200 (65%) had not started, with the reason “not said”" in words
    assert "leaves out" not in words and "Too few" not in words


def test_groups_none_of_which_is_known_are_said_as_they_are():
    answer, metric = of_ethnic_groups(not_stated=600), metrics.get("referrals")
    assert finding(answer, metric, NAMES_OF_ALL) == "Referrals: not stated (about 600)"
    assert "the only group shown is not stated (about 600)" in sentence(answer, metric, NAMES_OF_ALL)


def test_a_heading_names_its_measure_where_what_was_done_is_too_long_for_it():
    """ "Fewer than 8 of about 30, April to June 2024" and "1 service is higher …" named none."""
    returned = proportion(labels={"quarter": "2024-Q2"}, state="hidden", why="few", numerator=None, rate=None)
    answer, metric = released(returned, metric="returned", by=("quarter",), own=()), metrics.get("returned")
    assert finding(answer, metric, NAMES_OF_ALL).startswith("Referred again: fewer than 8 of about ")
    rows = [
        proportion(labels={"service": one, "movement": "up"}, rate=0.25, funnel={"position": f"{side}998"})
        for one, side in (("a", "above"), ("b", "below"))
    ]
    moved = released(*rows, metric="spiral_movement", by=("service",), own=("movement",))
    assert (
        finding(moved, metrics.get("spiral_movement"), NAMES_OF_ALL)
        == "Moved up: the two services differ more than expected by chance"
    )


@pytest.mark.parametrize(
    ("positions", "said"),
    [
        (("above998", "below998"), "the two services differ more than expected by chance"),
        (("above95", "below998"), "the two services differ more than expected by chance"),
    ],
)
def test_of_two_services_the_heading_says_whether_they_differ(positions, said):
    """One of two always lies above both together and the other below: "1 service higher, 1 lower" said nothing."""
    rows = [
        proportion(labels={"service": one}, numerator=120, denominator=240, rate=0.5, funnel={"position": position})
        for one, position in zip("ab", positions, strict=True)
    ]
    answer = released(*rows, metric="engaged", by=("service",), own=())
    assert finding(answer, metrics.get("engaged"), NAMES_OF_ALL) == f"Engaged with a link worker: {said}"
    assert f"; {said.replace(' services', '')}" in sentence(answer, metrics.get("engaged"), NAMES_OF_ALL)


def test_of_two_services_among_others_that_are_not_compared_it_is_said_that_these_are_meant():
    """ "The two services differ" stood above a figure of eight."""
    rows = [
        proportion(labels={"service": one}, rate=0.5, records=kinds, funnel=side and {"position": f"{side}998"})
        for one, side, kinds in (("a", "above", ("goals",)), ("b", "below", ("goals",)), ("c", None, ()))
    ]
    for slug, who in (("found_work", "two services compared"), ("engaged", "two compared")):
        answer = released(*rows, metric=slug, by=("service",), own=(), not_alike=(({"service": "c"}, "x"),))
        assert finding(answer, metrics.get(slug), NAMES_OF_ALL).endswith(
            f": the {who} differ more than expected by chance"
        )


def test_of_two_services_within_the_limits_the_range_alone_is_said():
    """36% (31% to 41%) and 60% (46% to 72%) were said to be no "higher or lower than expected by chance": limits around both together hide it."""
    rows = [
        proportion(labels={"service": one}, numerator=n, denominator=240, rate=n / 240, funnel={"position": "within"})
        for one, n in (("a", 96), ("b", 120))
    ]
    answer = released(*rows, metric="engaged", by=("service",), own=())
    said = finding(answer, metrics.get("engaged"), NAMES_OF_ALL)
    assert said == "Engaged with a link worker: between 40% and 50% across 2 services"
    assert "chance" not in sentence(answer, metrics.get("engaged"), NAMES_OF_ALL)


def test_groups_that_the_heading_names_have_their_base_in_the_sentence():
    ways = {"direct": (10, 20), "indirect": (115, 1675), "both": (55, 90), "neither": (20, 1100)}
    rows = [proportion(labels={"way": w}, numerator=n, denominator=of, rate=n / of) for w, (n, of) in ways.items()]
    answer, metric = released(*rows, metric="work_after_way", own=("way",)), metrics.get("work_after_way")
    heading, words = finding(answer, metric, NAMES_OF_ALL), sentence(answer, metric, NAMES_OF_ALL)
    assert heading == "Found work in the year after: indirect 6.9%, both 61.1%, neither 1.8%", (
        "half of 20 is no finding"
    )
    assert "these found work in the year after: direct (50.0%, about 10 of about 20), indirect" in words
    assert all(f"about {of:,}" in words for _, of in ways.values())


def test_over_time_the_label_that_is_commonest_in_the_period_that_is_named_is_the_finding():
    counts = {"2022/23": (400, 100), "2023/24": (180, 200), "2024/25": (90, 50)}
    metric = metrics.get("people_with_outcome")
    rows = [
        Row({"financial_year": year, metric.labels[0]: code}, "shown", count=n, complete=year != "2024/25")
        for year, both in counts.items()
        for code, n in zip(("job_kept", "training"), both, strict=True)
    ]
    answer = released(*rows, metric=metric.slug, shape="count", by=("financial_year",), own=metric.labels)
    assert "“training”" in finding(answer, metric, NAMES_OF_ALL) and "200" in finding(answer, metric, NAMES_OF_ALL)


def test_a_share_of_things_says_of_which_things():
    jobs = shares("first_job_contract", {"permanent": 70, "agency": 20})
    assert said(jobs) == "35% of first jobs were permanent"
    goals = shares("goals_achieved", {"finances": 70})
    assert said(goals) == "35% of goals on finances were achieved"
    few = shares("goals_achieved", {"finances": 0})
    assert "of goals on" in said(goals) and "those" not in said(few)
    people = shares("goals_set", {"finances": 70})
    assert said(people) == "35% of those with a goal set a goal on finances"


def test_counts_that_are_parts_of_a_whole_say_of_how_many():
    rows = [Row({"path": "none"}, "shown", count=200), Row({"path": "1"}, "shown", count=100)]
    ways = replace(released(*rows, metric="paths", own=("path",)), shape="count")
    whole = shares("spiral_movement", {"up": 70})
    metric, size = metrics.get("paths"), whole_words(whole, metrics.get("spiral_movement"), NAMES_OF_ALL)
    heading = finding(ways, metric, NAMES_OF_ALL, whole=whole.rows[0])
    assert heading == "About 200 of about 200 referrals reached no further rung"
    assert size == "observed for at least three months; about 200 referrals"
    assert f"({size}), the largest groups of referrals" in sentence(ways, metric, NAMES_OF_ALL, size=size)


def test_counts_of_services_are_a_finding_and_not_a_title():
    rows = [Row({"service": code}, "shown", count=n) for code, n in (("a", 445), ("b", 7365))]
    answer = replace(released(*rows, metric="referrals", by=("service",), own=()), shape="count")
    assert said(answer) == "Between about 445 and about 7,365 referrals were made across 2 services"


def test_what_is_so_at_the_horizon_is_not_within_it():
    assert span(metrics.get("job_at_referral"), Selection(within=18)) == " after 18 months"
    assert span(metrics.get("found_work"), Selection(within=18)) == " within 18 months"
    assert span(metrics.get("referrals"), Selection()) == ""


WITHOUT_LABELS = [m.slug for m in metrics.catalogue().values() if not m.labels and m.shape in ("proportion", "count")]


@pytest.mark.parametrize("slug", WITHOUT_LABELS)
@pytest.mark.parametrize("period", ["2024/25", "2024-Q2", "2024-05", "last-4-quarters"])
@pytest.mark.parametrize("base", ["all", "out_of_work"])
def test_the_quarters_of_a_chosen_year_are_headed_by_the_year(slug, period, base):
    """The board said 73% of a year and the page 75%, of one quarter of 40 people, of the same choices."""
    selection = Selection(period=period, base=base)
    parts = of_all(slug, ("quarter",), "shown", selection)
    whole = of_all(slug, (), "shown", selection)
    assert chosen_whole(parts, lambda *asked: whole if asked == (slug, selection) else None) is whole
    said = finding_of_period(whole, metrics.get(slug), NAMES_OF_ALL, 0)
    number = f"{whole.rows[0].rate:.0%}" if whole.shape == "proportion" else f"{whole.rows[0].count:,}"
    assert number in said and len(said.split()) <= 14
    assert not [fault for fault in faults(said, whole, LISTS, is_heading=True) if "precision" not in fault]
    if base == "all" and period == "2024/25" and slug != "work_goal_moved":  # which has no room
        assert "2024/25" in said


def test_where_nothing_was_chosen_or_the_whole_is_hidden_the_latest_quarter_is_the_finding():
    year = Selection(period="2024/25")
    parts, hidden = of_all("climbed", ("quarter",), "shown", year), of_all("climbed", (), "hidden", year)
    assert chosen_whole(parts, lambda *asked: hidden) is None
    assert chosen_whole(of_all("climbed", ("quarter",)), lambda *asked: hidden) is None
    assert chosen_whole(of_all("climbed", ("gender",), "shown", year), lambda *asked: hidden) is None


def test_what_is_usual_is_said_of_the_quarter_that_it_is_about():
    """Nine quarters before it were not, in the figure below."""
    for slug in WITHOUT_LABELS:
        words = finding(of_all(slug, ("quarter",)), metrics.get(slug), NAMES_OF_ALL)
        if words.endswith(": as usual"):
            assert re.search(r"(?:Jan|Apr|Jul|Oct)\w*(?:–| to )\w+ 20\d\d: as usual$", words), words


def test_what_stands_beside_is_of_the_same_label():
    """200 people had training stood beside 160 of working age who had kept a job."""
    metric, found = metrics.get("people_with_outcome"), {"training": (200, 90), "job_kept": (150, 160)}
    one, other = (
        released(
            *[Row({"outcome": code}, "shown", count=both[i]) for code, both in found.items()],
            metric=metric.slug, shape="count", own=metric.labels,
        )
        for i in (0, 1)
    )  # fmt: skip
    assert "About 200 people had the outcome “training”" in finding(one, metric, NAMES_OF_ALL)
    assert finding_beside(one, other, metric, NAMES_OF_ALL) == "About 90 people had the outcome “training”"


@pytest.mark.parametrize("slug", ["barriers_gone", "followed_up", "contact_within_28_days"])
@pytest.mark.parametrize("state", ["hidden", "not_recorded", "early"])
def test_a_heading_of_nothing_names_its_measure_and_claims_no_more_than_the_sentence(slug, state):
    """Four headings of Wellbeing were the same words."""
    metric = metrics.get(slug)
    words = of_measure(finding(of_all(slug, (), state), metric, NAMES_OF_ALL), metric.title)
    assert words.startswith(f"{metric.title}: ") and len(words.split()) <= 14
    assert not words.endswith("too few people here"), "too few may be left out"


def test_what_is_too_early_says_of_what_also_under_a_long_title():
    title = "How long after referral a first goal about work is set"
    assert of_measure("Too early to say", title) == f"{title}: too early"
    assert of_measure("Too early to say", "Found work") == "Found work: too early to say"


def test_bounds_are_told_although_other_groups_have_none():
    """ "Too few people here, or too few left out" stood above a table that said "over 74%" of thirty jobs."""
    found = shares("route_to_work", {"direct": None, "indirect": None, "both": None})
    few, most, hidden = found.rows
    rows = (few, replace(most, why="most"), Row(hidden.labels, "hidden"))
    answer, metric = replace(found, rows=rows), metrics.get("route_to_work")
    said = finding(answer, metric, names)
    assert said == "No group here can be shown in figures"
    assert of_measure(said, metric.title) == f"{metric.title}: no group here can be shown in figures"
    assert sentence(answer, metric, names).startswith(
        f"{said}: fewer than 8 in 1 of 3 groups; all but a few in 1 of 3; "
    )
