"""Answers worked out by hand, for the plain implementation that the product is compared with: every kind of metric."""

from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import oracle
import pytest
from counting import incidence
from handmade import (
    counts,
    delivery,
    goal,
    job,
    journey,
    kept,
    on,
    only,
    reading,
    service,
    share,
    shares,
    stone,
    support,
)

OUT_OF_WORK = {"employment_status": "unemployed_seeking"}
FOLLOWS_UP = [service(follows_up_after_closure=True)]


def test_the_same_person_in_services_with_the_same_key():
    services = [service("a", client_key="x"), service("b", client_key="x"), service("d")]
    journeys = [journey(name=name, client_ref="c-1") for name in ("a", "b", "d", "d")]
    answer = only(oracle.exact(delivery(*journeys, services=services), "people_referred"))
    assert answer == {"count": 2, "clients": 2}  # a and b are one person; the c-1 of d is another


# -- from referral to support -----------------------------------------------------------------------------------------


def test_first_contact_waits():
    days = (0, 7, 8, 14, 15, 28, 29, 56, 57, 91, 92, None)
    tables = delivery(*(journey(first_contact_on=day) for day in days), journey(date(2024, 11, 1), first_contact_on=1))
    got = {code: n for code, (n, _) in shares(tables, "first_contact_wait").items()}
    assert got == {"0_7": 2, "8_14": 2, "15_28": 2, "29_56": 2, "57_91": 2, "none": 2}
    assert share(tables, "contact_within_28_days") == (7, 13)  # who was referred in November has had 28 days
    assert share(tables, "engaged") == (10, 12)
    assert oracle.exact_left_out(tables, "engaged") == {"not_recorded": 0, "not_recorded_then": 0, "too_early": 1}


def test_stages_never_rise():
    tables = delivery(
        journey(first_contact_on=91),
        journey(first_contact_on=92),
        journey(activity=[support(91)]),
        journey(activity=[support(92)]),
        journey(activity=[support(50, started_on=91)]),
        journey(activity=[support(50, started_on=92)]),
    )
    assert shares(tables, "stages") == {"spoken_with": (4, 6), "linked": (3, 6), "started": (1, 6)}


def test_contacts_per_journey_are_attended_and_up_to_day_183():
    def met(*days, **given):
        return journey(contact=[{"contact_on": day, "kind": "video"} | given for day in days])

    tables = delivery(met(), met(183), met(184), met(1, 2, 3), met(*range(7)), met(*range(13)), met(5, attended=False))
    got = {code: n for code, (n, _) in shares(tables, "contacts_per_journey").items()}
    assert got == {"0": 3, "1": 1, "2_3": 1, "4_6": 0, "7_12": 1, "13_plus": 1}
    assert counts(tables, "contacts") == {"video": 1 + 1 + 3 + 7 + 13}


def test_missed_contacts_are_of_all_contacts_of_their_kind_in_the_month_of_the_contact():
    contacts = [
        {"contact_on": day, "kind": "video", "attended": came} for day, came in ((0, True), (31, False), (32, None))
    ]
    tables = delivery(*(journey(contact=[one.copy() for one in contacts]) for _ in range(8)))
    assert shares(tables, "missed_contacts") == {"video": (8, 24)}
    assert shares(tables, "missed_contacts", period="2023-02") == {"video": (8, 16)}
    silent = delivery(*(journey(contact=[{"contact_on": 0, "kind": "video"}]) for _ in range(8)))
    assert oracle.exact_left_out(silent, "missed_contacts")["not_recorded"] == 8


def test_who_waits_now():
    # Horizons have passed for whole months: 28 days for those of December, 91 for those of October.
    days = (date(2025, 1, 2), date(2024, 12, 31), date(2024, 11, 1), date(2024, 10, 31))
    waits = [journey(day) for day in days]
    tables = delivery(*waits, journey(closed_on=3), journey(first_contact_on=300), journey(contact=[{"contact_on": 9}]))
    assert counts(tables, "waiting_now") == {"under_28": 1, "28_to_90": 2, "over_90": 1}
    assert counts(tables, "caseload") == {"under_3": 3, "3_to_6": 1, "over_12": 2}


def test_support_length_and_closure_reasons_in_the_month_of_closing():
    days = (0, 30, 31, 91, 92, 183, 184, 365, 366)
    tables = delivery(*(journey(closed_on=day, closure_reason="completed") for day in days), journey())
    got = {code: n for code, (n, _) in shares(tables, "support_length").items()}
    assert got == {"under_1": 2, "1_to_3": 2, "3_to_6": 2, "6_to_12": 2, "over_12": 1}
    assert shares(tables, "closure_reasons", period="2024-01") == {
        code: (2 if code == "completed" else 0, 2) for code in shares(tables, "closure_reasons", period="2024-01")
    }  # days 365 and 366 are 1 and 2 January 2024
    assert oracle.exact_left_out(tables, "support_length", period="2024-02") == {"still_open": 1}  # whatever the period


def test_not_started_within_91_days_of_the_referral_to_it():
    tables = delivery(
        journey(activity=[support(0, started_on=91)]),
        journey(activity=[support(0, started_on=92)]),
        journey(activity=[support(10, why_not="cost"), support(10)]),
        journey(date(2024, 10, 31), activity=[support(0, why_not="cost")]),
        journey(date(2024, 10, 31), activity=[support(1, why_not="cost")]),  # 91 days have not passed
    )
    got = shares(tables, "not_started")
    assert {code: n for code, (n, _) in got.items() if n} == {"cost": 2, "not_said": 2}
    assert set(got.values()) == {(2, 5), (0, 5)}


# -- outcomes ---------------------------------------------------------------------------------------------------------


def test_within_a_year_is_up_to_day_365_of_those_who_had_365_days():
    # 31 January 2025 less 365 days is 1 February 2024: a single day of that month, so it goes with the later ones.
    tables = delivery(
        journey(outcome=[job(365)]),
        journey(outcome=[job(366)]),
        journey(outcome=[job(40, hours_per_week=2), job(400)]),
        journey(date(2024, 1, 31), outcome=[job(0)]),
        journey(date(2024, 2, 1), outcome=[job(0)]),
    )
    assert share(tables, "found_work") == (2, 4)
    assert share(tables, "found_work", within=18) == (3, 3)
    assert share(tables, "found_work", period="2024-01") == (1, 1)
    assert oracle.exact_left_out(tables, "found_work")["too_early"] == 1


def test_thirty_six_months():
    services = [service(data_from=date(2021, 1, 1))]
    tables = delivery(journey(date(2022, 1, 31), outcome=[job(1095)]), journey(date(2022, 2, 1)), services=services)
    assert share(tables, "found_work", within=36) == (1, 1)


def test_kept_ended_and_not_known_are_the_base():
    # H = 365, with 91 days more: confirmed on day 274 or later, by a row that had not ended by day 365.
    def employed(*rows):
        return journey(employment_status="employed", outcome=list(rows))

    tables = delivery(
        employed(kept(273)),  # not known
        employed(kept(274)),  # kept
        employed(kept(500)),  # kept: asked later
        employed(kept(300, end=365)),  # ended, on day 365 exactly
        employed(kept(300, end=366)),  # kept
        employed(kept(400), kept(20, end=30)),  # kept: the other row
        employed(kept(200), kept(20, end=30)),  # ended
        employed(),  # not known
        journey(),
    )
    assert shares(tables, "job_at_referral") == {"kept": (4, 8), "ended": (2, 8), "not_known": (2, 8)}
    assert oracle.exact_left_out(tables, "job_at_referral")["not_employed_at_referral"] == 1


def test_the_job_at_referral_needs_91_days_more_than_the_horizon():
    # 456 days before 31 January 2025 is 2 November 2023: those of October have had them.
    days = (date(2023, 10, 31), date(2023, 11, 1))
    tables = delivery(*(journey(day, employment_status="employed") for day in days))
    assert share(tables, "job_at_referral", "not_known") == (1, 1)


def test_first_jobs_after_13_weeks():
    # 182 days before 31 January 2025 is 2 August 2024: jobs that started by the end of July, day 577, are followed.
    tables = delivery(
        journey(outcome=[job(10, confirmed=101)]),  # going on: confirmed on its day 91
        journey(outcome=[job(10, confirmed=100)]),  # not known
        journey(outcome=[job(10, end=100)]),  # ended on its day 90
        journey(outcome=[job(10, end=101, confirmed=101)]),  # going on: not ended before its day 91
        journey(outcome=[job(577)]),
        journey(outcome=[job(578)]),
        journey(outcome=[job(50, confirmed=500), job(20, end=30)]),  # the first job is the one of day 20
    )
    got = {status: share(tables, "first_jobs", "13", status) for status in ("going_on", "ended", "not_known")}
    assert got == {"going_on": (2, 6), "ended": (2, 6), "not_known": (2, 6)}


def test_contract_and_hours_of_first_jobs_that_have_them():
    jobs = [job(5, contract="agency", hours_per_week=hours) for hours in (4, 15.9, 16, 29.5, 30, None)]
    tables = delivery(*(journey(outcome=[one]) for one in jobs), journey(outcome=[job(5)]), journey())
    assert share(tables, "first_job_contract", "agency") == (6, 6)
    assert shares(tables, "first_job_hours") == {"under_16": (2, 5), "16_29": (2, 5), "30_plus": (1, 5)}


def test_of_two_jobs_on_one_day_the_first_row_is_the_first_job():
    tables = delivery(journey(outcome=[job(9, voice=5), job(9, voice=1)]))
    assert share(tables, "good_work", "voice") == (1, 1)


def test_a_work_goal_moves_within_a_year_of_being_set():
    tables = delivery(
        journey(goal=[goal("employment", 10)], outcome=[stone(375)]),
        journey(goal=[goal("employment", 10)], outcome=[stone(376)]),
        journey(goal=[goal("employment", 10)], outcome=[stone(9), job(20)]),  # any in the window, not the first ever
        journey(goal=[goal("employment", 10)], outcome=[stone(9)]),
        journey(goal=[goal("employment", 184)], outcome=[job(200)]),  # set too late
        journey(goal=[goal("employment", 183), goal("employment", 300)]),
        journey(goal=[goal("housing", 10)]),
    )
    assert share(tables, "work_goal_moved") == (2, 5)
    assert oracle.exact_left_out(tables, "work_goal_moved")["no_work_goal"] == 2


def test_the_first_work_goal_is_waited_for():
    # Closed without one: competing on the last date of its goal rows, if that is after closure.
    tables = delivery(
        journey(goal=[goal("employment", 200), goal("employment", 91)]),
        journey(closed_on=50),
        journey(closed_on=50, goal=[goal("housing", 95)], outcome=[job(300)]),
        journey(),
    )
    rows = oracle.exact(tables, "time_to_work_goal")
    assert [(one["events"], one["competing"]) for one in rows.values()][:2] == [(1, 1), (1, 2)]
    assert [one["censored"] for one in rows.values()][4:] == [0, 1, 1]  # on day 730, the last horizon that has passed


def test_what_leads_on_is_looked_at_from_day_184_on():
    # Someone whose work came before the step, or by day 183, counts nowhere; a step after day 183 is none.
    tables = delivery(
        journey(**OUT_OF_WORK, outcome=[stone(100, "volunteering"), job(184)]),
        journey(**OUT_OF_WORK, outcome=[stone(100, "volunteering"), job(548)]),
        journey(**OUT_OF_WORK, outcome=[stone(100, "volunteering"), job(549)]),
        journey(**OUT_OF_WORK, outcome=[job(50, end=60), stone(100, "volunteering"), job(300)]),
        journey(**OUT_OF_WORK, outcome=[job(183)]),
        journey(**OUT_OF_WORK, outcome=[stone(184), job(300)]),
        journey(**OUT_OF_WORK, goal=[goal("housing", 0, 20)]),
        journey(employment_status="employed", outcome=[stone(9), job(300)]),
        services=FOLLOWS_UP,
    )
    for base in ("all", "out_of_work"):
        got = shares(tables, "work_after_step", base=base)
        assert got == {"volunteering": (2, 3), "none": (1, 1), "basic_needs": (0, 1)}
    assert oracle.exact_left_out(tables, "work_after_step")["found_work_before"] == 2


def test_what_leads_on_needs_services_that_look_after_closure():
    tables = delivery(journey(**OUT_OF_WORK))
    assert oracle.exact_left_out(tables, "work_after_step")["not_recorded"] == 1
    assert {row["state"] for row in oracle.released(tables, "work_after_way")} == {"not_recorded"}


def test_the_two_pathways_from_the_start():
    def way(*activities, outcome=()):
        return journey(**OUT_OF_WORK, activity=list(activities), outcome=[*outcome, job(400)])

    tables = delivery(
        way(support(183)),
        way(support(184)),
        way(support(0, "nature", started_on=183)),
        way(support(0), outcome=[stone(183)]),
        services=FOLLOWS_UP,
    )
    expected = {"direct": (1, 1), "indirect": (1, 1), "both": (1, 1), "neither": (1, 1)}
    assert shares(tables, "work_after_way") == expected


def test_outcome_events_are_counted_when_they_happened():
    # Referred on 1 January 2023; a job on day 31 is in February, training on day 90 is on 1 April.
    tables = delivery(journey(outcome=[job(31), job(31, hours_per_week=1), stone(90)]))
    by_month = counts(tables, "outcome_events", by=("month",))
    assert by_month == {("2023-02", "job_started"): 1, ("2023-04", "training"): 1}
    assert counts(tables, "outcome_events", period="2023/24") == {"training": 1}
    assert counts(tables, "referrals", period="2022/23", by=("month",)) == {"2023-01": 1}


def test_goals_withdrawn_are_no_goals_to_achieve():
    goals = [{"goal": "housing", "set_on": 0, "status": status, "status_on": 9} for status in ("achieved", "withdrawn")]
    tables = delivery(journey(goal=goals), journey(goal=goals[1:]))
    assert share(tables, "goals_achieved", "housing") == (1, 1)


def test_a_service_that_does_not_record_outcomes_is_left_out():
    services = [service("a"), service("b", records_outcomes=False), service("d", outcomes_from=date(2024, 2, 1))]
    tables = delivery(*(journey(name=name, outcome=[job(1)]) for name in ("a", "b", "d")), services=services)
    assert share(tables, "found_work") == (1, 1)
    left_out = oracle.exact_left_out(tables, "found_work")
    assert left_out == {"not_recorded": 1, "not_recorded_then": 1, "too_early": 0}


# -- curves -----------------------------------------------------------------------------------------------------------


def test_cumulative_incidence_by_hand():
    # Six waits: event 30, competing 60, event 60, lost 90, competing 120, event 150.
    # Day 30: 1/6. Day 60: 5/6 x 1/5 more = 2/6. Day 90: as before; 3/6 still wait, two people are left.
    # Day 150: of the 3/6, half (1/4) goes to the competing event, the other half to the last event: 2/6 + 1/4 = 7/12.
    ends = [(30, "event"), (60, "competing"), (60, "event"), (90, "censored"), (120, "competing"), (150, "event")]
    units = [SimpleNamespace(what=end) for end in ends]
    got = [incidence(units, day) for day in (29, 30, 60, 90, 120, 150)]
    assert got == [0, Fraction(1, 6), Fraction(1, 3), Fraction(1, 3), Fraction(1, 3), Fraction(7, 12)]


def test_with_nobody_censored_the_curve_at_12_months_is_the_share_within_12_months():
    tables = delivery(
        *(journey(outcome=[job(day)]) for day in (0, 91, 92, 365, 366)),
        *(journey(closed_on=day) for day in (0, 100, 400)),
    )
    rows = oracle.exact(tables, "time_to_work")
    assert rows[("12",)]["incidence"] == Fraction(4, 8)
    assert share(tables, "found_work") == (4, 8)
    counted = [(one["at_risk"], one["events"], one["competing"], one["censored"]) for one in rows.values()]
    # Intervals end on days 91, 183, 274, 365, 548, 730 and 1095.
    expected = [(8, 2, 1, 0), (5, 3, 2, 0), (3, 3, 2, 0), (3, 4, 2, 0), (2, 5, 3, 0), (0, 5, 3, 0), (0, 5, 3, 0)]
    assert counted == expected


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ({"outcome": [job(364)]}, "events"),
        ({"outcome": [job(366)]}, "censored"),
        ({"closed_on": 365}, "competing"),
        ({"closed_on": 366}, "censored"),
        ({"closed_on": 100, "outcome": [stone(366)]}, "censored"),
        ({}, "censored"),
    ],
)
def test_a_curve_follows_to_the_last_horizon_passed(given, end):
    # Referred on 1 January 2024: 365 days have passed, 456 have not; what comes after day 365 has not happened yet.
    row = oracle.exact(delivery(journey(date(2024, 1, 1), **given)), "time_to_work")[("12",)]
    assert {name: row[name] for name in ("events", "competing", "censored") if row[name]} == {end: 1}


# -- change -----------------------------------------------------------------------------------------------------------


def test_the_trap_of_averaging_everyone():
    # Five clients stay at 15, five stay at 25 (raw WEMWBS); the low scorers drop out. Nobody changed: 0.0 on 5 of 10, although
    # the average of everyone at the start is 20 and of everyone at follow-up 25.
    low = [journey(measure=[reading(0, 15, "wemwbs")]) for _ in range(5)]
    high = [journey(measure=[reading(0, 25, "wemwbs"), reading(99, 25, "wemwbs")]) for _ in range(5)]
    row = oracle.exact(delivery(*low, *high), "wellbeing_change")[("wemwbs", "total")]
    assert (row["journeys"], row["first"], row["pairs"]) == (10, 10, 5)
    assert (row["mean_change"], row["same"], row["mean_first"]) == (0, 5, 25)


def test_change_is_first_against_latest_and_down_is_better_for_anxiety():
    series = [reading(day, score, "ons4", "anxiety") for day, score in ((0, 8), (10, 9), (20, 6))]
    row = oracle.exact(delivery(journey(measure=series)), "wellbeing_change")[("ons4", "anxiety")]
    assert (row["improved"], row["worse"], row["mean_change"]) == (1, 0, -2)


def test_barriers_present_of_those_read_on_the_first_and_on_the_latest_day():
    # Day 0: debt and housing present, literacy not. Day 9: debt still, housing not asked, literacy now. 1 of 2 to 2 of 2.
    first = [reading(0, score, "mbat", item) for item, score in (("debt", 1), ("housing", 1), ("literacy", 0))]
    latest = [reading(9, 1, "mbat", item) for item in ("debt", "literacy")]
    tables = delivery(journey(measure=first + latest), journey(measure=first.copy()))
    row = oracle.exact(tables, "wellbeing_change")[("mbat", "total")]
    assert (row["first"], row["pairs"], row["mean_first"], row["mean_latest"], row["worse"]) == (2, 1, 1, 2, 1)


def test_barriers_at_the_first_and_the_latest_reading():
    def debt(*scores):
        return journey(measure=[reading(10 * at, score, "mbat", "debt") for at, score in enumerate(scores)])

    tables = delivery(
        debt(1, 0), debt(1, 0, 1), debt(1), debt(0, 1), debt(0, 1, 0), debt(0, 0), *(debt(1) for _ in "12")
    )
    assert [share(tables, metric, "debt") for metric in ("barriers_gone", "barriers_new")] == [(1, 2), (1, 3)]


# -- by another door --------------------------------------------------------------------------------------------------


def test_returned_within_a_year_of_closing():
    # b ends on 30 June 2024: a year before is 1 July 2023, so closings are followed until the end of June, day 180.
    services = [
        service("a", client_key="x"),
        service("b", client_key="x", data_to=date(2024, 6, 30)),
        service("d", client_key="y"),
    ]

    def again(closed_on, returns_on, name="a", ref=None):
        ref = ref or f"r{closed_on}-{returns_on}-{name}"
        return [
            journey(client_ref=ref, name="a", closed_on=closed_on),
            journey(on(returns_on), name, client_ref=ref),
        ]

    tables = delivery(
        *again(100, 465),
        *again(100, 466),
        *again(100, 100),  # on the closing day itself
        *again(100, 101, "b"),
        *again(100, 200, "d"),  # another key: another person
        *again(180, 200),
        *again(181, 200),
        services=services,
    )
    assert share(tables, "returned") == (3, 6)
    assert oracle.exact_left_out(tables, "returned") == {"still_open": 7}


def test_doors_lead_to_the_next_journey_and_count_people():
    services = [service(name, client_key="x") for name in "ab"] + [service("d")]
    tables = delivery(
        journey(on(0), "a", client_ref="p"),
        journey(on(0), "b", client_ref="p"),  # the same day: not later
        journey(on(50), "a", client_ref="p"),
        journey(on(50), "b", client_ref="p"),  # of several on that day each
        journey(on(90), "a", client_ref="p"),
        journey(on(0), "a", client_ref="q"),
        journey(on(70), "b", client_ref="q"),
        journey(on(0), "d", client_ref="p"),
        journey(on(9), "d", client_ref="p"),
        services=services,
    )
    # p: from a and b on day 0 to both on day 50, from both to a on day 90; q from a to b. d shares no key.
    assert counts(tables, "doors") == {("a", "a"): 1, ("a", "b"): 2, ("b", "a"): 1, ("b", "b"): 1}
    assert oracle.exact_left_out(tables, "doors") == {"not_recorded": 2, "not_recorded_then": 0, "no_next_journey": 2}


def test_a_person_returns_by_another_door_differently_funded_and_finds_work():
    """Box I of the paper: referred by the GP to a health-funded service, back later through the job centre to one funded
    for employment, where work is found."""
    services = [
        service("wellbeing", client_key="city", funding="health"),
        service("into-work", client_key="city", funding="employment"),
    ]
    first = journey(
        on(0),
        "wellbeing",
        client_ref="p",
        closed_on=120,
        **OUT_OF_WORK,
        goal=[goal("mental_wellbeing", 5, 60)],
        outcome=[stone(80, "volunteering")],
    )
    again = journey(
        on(300),
        "into-work",
        client_ref="p",
        referral_source="jobcentre_plus",
        employment_status="volunteering",
        activity=[support(10)],
        outcome=[job(60, confirmed=250)],
    )
    tables = delivery(first, again, services=services)
    assert counts(tables, "doors") == {("wellbeing", "into-work"): 1}
    assert counts(tables, "doors", cohort={"funding": "health"}) == {("wellbeing", "into-work"): 1}
    assert counts(tables, "doors", cohort={"funding": "employment"}) == {}
    assert share(tables, "returned") == (1, 1)
    by_service = {
        labels: row["numerator"] for labels, row in oracle.exact(tables, "found_work", by=("service",)).items()
    }
    assert by_service == {("into-work",): 1, ("wellbeing",): 0}
    flow = counts(tables, "spiral_flow")
    assert flow == {("starting_out", "volunteering"): 1, ("volunteering", "staying"): 1}
    assert only(oracle.exact(tables, "people_referred"))["count"] == 1
