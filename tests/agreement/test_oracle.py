"""Answers worked out by hand, for the plain implementation that the product is compared with.

Everything is stated as days since referral on 1 January 2023 (day 31 is 1 February), at a service whose records are
complete until 31 December 2024 (day 730). Rows are dicts with defaults, so that a test says only what it is about.
"""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from types import SimpleNamespace

import generate
import oracle
import pytest

START = date(2023, 1, 1)
END = date(2024, 12, 31)


def on(day):
    return START + timedelta(days=day)


def service(name="s", **given):
    row = dict.fromkeys(generate.COLUMNS["service"])
    defaults = {"commissioner_code": "c", "model": "light", "records_goals": True, "records_outcomes": True}
    return row | defaults | {"service_id": name, "data_from": START, "data_to": END} | given


def journey(referred_on=START, name="s", **given):
    """A journey with its child rows given as table=[rows]; days in child rows are numbers, made dates here."""
    row = dict.fromkeys(generate.COLUMNS["journey"])
    row |= {"service_id": name, "referral_source": "gp", "age_at_referral": 40, "referred_on": referred_on}
    children = {table: given.pop(table, []) for table in oracle.CHILDREN}
    for table, rows in children.items():
        rows[:] = [dict.fromkeys(generate.COLUMNS[table]) | one for one in rows]
    row |= given
    for one in (row, *(one for rows in children.values() for one in rows)):
        one |= {
            column: referred_on + timedelta(days=value)
            for column, value in one.items()
            if column.endswith("_on") and isinstance(value, int)
        }
    return row, children


def delivery(*journeys, services=None):
    """A delivery of such journeys; each is another client unless `client_ref` is given."""
    tables = {table: [] for table in generate.COLUMNS} | {"service": services or [service()]}
    for number, (row, children) in enumerate(journeys):
        row["journey_id"] = f"j{number}"
        row["client_ref"] = row["client_ref"] or f"c{number}"
        tables["journey"].append(row)
        for table, rows in children.items():
            tables[table] += [one | {"service_id": row["service_id"], "journey_id": f"j{number}"} for one in rows]
    return tables


def facts(**given):
    """The derived facts of a single journey; `service_` overrides the service."""
    of_service = given.pop("service_", {})
    return oracle.world(delivery(journey(**given), services=[service(**of_service)])).journeys[0]


def job(start, end=None, confirmed=None, **given):
    return {"outcome": "job_started", "started_on": start, "ended_on": end, "last_confirmed_on": confirmed} | given


def kept(confirmed=None, end=None):
    return {"outcome": "job_kept", "started_on": 0, "ended_on": end, "last_confirmed_on": confirmed}


def reading(day, score, tool="swemwbs", item="total"):
    return {"measured_on": day, "tool": tool, "item": item, "score": score}


def only(answer):
    """The one row of an unlabelled answer."""
    (counts,) = answer.values()
    return counts


def share(tables, metric, **asked):
    counts = only(oracle.exact(tables, metric, **asked))
    return counts["numerator"], counts["denominator"]


# -- the spiral -------------------------------------------------------------------------------------------------------


def test_one_journey_climbs_every_rung_and_loses_the_last_two_again():
    # Day 10 advice starts: rung 1. Day 40 a social goal is achieved: 2. Day 60 training: 3. Day 90 volunteering: 4.
    # Day 120 a job: 5. Confirmed on day 302, which is 182 days after its start: 6 from that day on.
    # It ends on day 400: that day is not held any more, volunteering is kept: back to 4.
    climber = facts(
        activity=[{"activity": "money_benefits_advice", "referred_on": 0, "started_on": 10}],
        goal=[{"goal": "social_networks", "set_on": 5, "status": "achieved", "status_on": 40}],
        outcome=[
            {"outcome": "training", "started_on": 60, "ended_on": 70},
            {"outcome": "volunteering", "started_on": 90, "ended_on": 95},
            job(120, end=400, confirmed=302),
        ],
    )
    rungs = {day: climber.rung(day) for day in (0, 9, 10, 39, 40, 60, 89, 90, 119, 120, 301, 302, 399, 400, 730)}
    assert list(rungs.values()) == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4]
    assert (oracle.rung_now(climber), oracle.highest_rung(climber), oracle.movement(climber)) == (4, 6, "up")
    assert oracle.path(climber) == "1>2>3>4>5"


def test_a_late_confirmation_counts_from_its_own_day():
    # Started on day 0, confirmed on day 250 only: 182 days have passed on day 182, but nobody knew before day 250.
    worker = facts(outcome=[job(0, confirmed=250)])
    assert [worker.rung(day) for day in (182, 249, 250)] == [5, 5, 6]


def test_wellbeing_slips_back():
    # SWEMWBS raw 20, 22, 21 is 18.59, 19.98, 19.25 metric: +1.39 counts from day 30; on day 60 it is +0.66 only.
    slipping = facts(measure=[reading(0, 20), reading(30, 22), reading(60, 21)])
    assert [slipping.rung(day) for day in (29, 30, 59, 60)] == [0, 2, 2, 0]
    assert oracle.movement(slipping) == "same"
    assert oracle.highest_rung(slipping) == 2


def test_raw_points_of_swemwbs_are_not_metric_points():
    # Raw 15 to 16 is 15.84 to 16.36 ... raw 14 to 15 is 15.32 to 15.84: half a metric point, though one raw point.
    assert facts(measure=[reading(0, 14), reading(9, 15)]).rung(9) == 0
    assert facts(measure=[reading(0, 14), reading(9, 16)]).rung(9) == 2  # 15.32 to 16.36


def test_a_lower_loneliness_score_is_an_improvement_and_a_higher_anxiety_is_no_evidence():
    assert facts(measure=[reading(0, 7, "ucla3"), reading(9, 6, "ucla3")]).rung(9) == 2
    anxiety = [reading(0, 2, "ons4", "anxiety"), reading(9, 9, "ons4", "anxiety")]
    assert facts(measure=anxiety).rung(9) == 0


def test_star_money_is_basic_needs_and_is_lost_again():
    star = [reading(day, score, "wellbeing_star", "money") for day, score in ((0, 2), (50, 3), (80, 2))]
    assert [facts(measure=star).rung(day) for day in (49, 50, 80)] == [0, 1, 0]


def test_in_work_at_referral_until_the_job_is_lost():
    # Employed is rung 5. Confirmed on day 182 it is rung 6 from then on. It ends on day 300: nothing is left.
    employed = facts(employment_status="employed", outcome=[kept(confirmed=182, end=300)])
    assert [employed.rung(day) for day in (0, 181, 182, 299, 300)] == [5, 5, 6, 6, 0]
    assert oracle.movement(employed) == "back"
    assert oracle.path(employed) == "none"


def test_under_four_hours_is_no_job():
    assert facts(outcome=[job(5, hours_per_week=3.9)]).rung(5) == 0
    assert facts(outcome=[job(5, hours_per_week=4)]).rung(5) == 5
    assert facts(outcome=[job(5)]).rung(5) == 5


def test_a_job_that_ends_on_its_first_day_is_no_rung_but_is_found_work():
    brief = facts(outcome=[job(5, end=5)])
    assert brief.rung(5) == 0
    assert brief.first_days["found_work"] == 5


def test_rungs_on_one_day_are_a_path_from_the_lower_one():
    same_day = facts(outcome=[job(7), {"outcome": "education", "started_on": 7}])
    assert oracle.path(same_day) == "3>5"
    student = facts(employment_status="student", outcome=[job(7), {"outcome": "education", "started_on": 7}])
    assert oracle.path(student) == "5"


@pytest.mark.parametrize(
    ("training_on", "support_on", "route"),
    [(9, None, "indirect"), (None, 10, "direct"), (9, 10, "both"), (10, 11, "neither"), (None, None, "neither")],
)
def test_route_looks_before_the_day_of_the_job(training_on, support_on, route):
    # The job starts on day 10: training must start by day 9, support must be referred by day 10.
    outcomes = [job(10)]
    if training_on is not None:
        outcomes.append({"outcome": "training", "started_on": training_on})
    support = [{"activity": "employment_support", "referred_on": support_on}] if support_on is not None else []
    assert oracle.route(facts(outcome=outcomes, activity=support)) == route


def test_being_a_student_at_referral_is_no_indirect_route():
    assert oracle.route(facts(employment_status="student", outcome=[job(10)])) == "neither"


# -- other facts ------------------------------------------------------------------------------------------------------


def test_observed_until_closure_or_the_last_thing_recorded():
    assert facts().days_observed == 730
    assert facts(closed_on=50).days_observed == 50
    assert facts(closed_on=50, outcome=[job(20, confirmed=80)]).days_observed == 80
    assert facts(closed_on=50, service_={"follows_up_after_closure": True}).days_observed == 730


@pytest.mark.parametrize(
    ("age", "status", "bases"),
    [
        (16, "student", {"all", "working_age", "out_of_work"}),
        (64, "employed", {"all", "working_age"}),
        (64, "retired", {"all"}),
        (65, "unemployed_seeking", {"all"}),
        (40, None, {"all", "working_age"}),
        (None, "unemployed_seeking", {"all"}),
    ],
)
def test_bases(age, status, bases):
    assert facts(age_at_referral=age, employment_status=status).bases == bases


def test_contact_is_the_earlier_of_first_contact_and_contact_rows():
    assert facts().days_to_contact is None
    assert facts(first_contact_on=29, contact=[{"contact_on": 28, "kind": "video"}]).days_to_contact == 28


def test_the_same_person_in_services_with_the_same_key():
    services = [service("a", client_key="x"), service("b", client_key="x"), service("d")]
    journeys = [journey(name=name, client_ref="c-1") for name in ("a", "b", "d", "d")]
    counts = only(oracle.exact(delivery(*journeys, services=services), "people_referred"))
    assert counts == {"count": 2, "clients": 2}  # a and b are one person; the c-1 of d is another


# -- metrics ----------------------------------------------------------------------------------------------------------


def test_within_a_year_is_up_to_day_365_of_those_who_had_365_days():
    # 31 December 2024 less 365 days is 1 January 2024 (2024 is a leap year: 366 days, so day 365 is the last).
    tables = delivery(
        journey(outcome=[job(365)]),
        journey(outcome=[job(366)]),
        journey(outcome=[job(40, hours_per_week=2), job(400)]),
        journey(date(2024, 1, 1), outcome=[job(0)]),
        journey(date(2024, 1, 2), outcome=[job(0)]),
    )
    assert share(tables, "found_work") == (2, 4)
    assert share(tables, "found_work", within=18) == (3, 3)
    assert share(tables, "found_work", period="2024-01") == (1, 1)
    assert oracle.exact_left_out(tables, "found_work") == {"not_recorded": 0, "too_early": 1}


def test_kept_work_needs_a_confirmation_between_day_91_and_the_horizon():
    def employed(*rows):
        return journey(employment_status="employed", outcome=list(rows))

    tables = delivery(
        employed(kept(90)),
        employed(kept(91)),
        employed(kept(365)),
        employed(kept(366)),
        employed(kept(200, end=365)),
        employed(kept(200, end=366)),
        employed(),
        journey(),
    )
    assert share(tables, "kept_work") == (3, 7)  # those of 91, 365 and the one that ended on day 366


def test_first_jobs_after_13_weeks():
    tables = delivery(
        journey(outcome=[job(10, confirmed=101)]),  # sustained: confirmed on its day 91
        journey(outcome=[job(10, confirmed=100)]),  # not confirmed
        journey(outcome=[job(10, end=100)]),  # ended on its day 90
        journey(outcome=[job(10, end=101, confirmed=101)]),  # sustained: not ended before its day 91
        journey(outcome=[job(639)]),  # day 639 + 91 = 730: just long enough ago
        journey(outcome=[job(640)]),  # a day too late
        journey(outcome=[job(50, confirmed=500), job(20, end=30)]),  # the first job is the one of day 20
    )
    got = {state: oracle.exact(tables, f"job_{state}")[("13",)] for state in ("sustained", "ended", "not_confirmed")}
    assert [(one["numerator"], one["denominator"]) for one in got.values()] == [(2, 6), (2, 6), (2, 6)]


def test_of_two_jobs_on_one_day_the_first_row_is_the_first_job():
    tables = delivery(journey(outcome=[job(9, voice=5), job(9, voice=1)]))
    assert oracle.exact(tables, "good_work")[("voice",)]["numerator"] == 1


def test_cumulative_incidence_by_hand():
    # Six waits: event 30, competing 60, event 60, lost 90, competing 120, event 150.
    # Day 30: 1/6. Day 60: 5/6 x 1/5 more = 2/6. Day 90: as before; 3/6 still wait, two people are left.
    # Day 150: of the 3/6, half (1/4) goes to the competing event, the other half to the last event: 2/6 + 1/4 = 7/12.
    ends = [(30, "event"), (60, "competing"), (60, "event"), (90, "censored"), (120, "competing"), (150, "event")]
    units = [SimpleNamespace(what=end) for end in ends]
    got = [oracle._incidence(units, day) for day in (29, 30, 60, 90, 120, 150)]
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
    # Intervals end on days 91, 183, 274, 365, 548 and 730.
    assert counted == [(8, 2, 1, 0), (5, 3, 2, 0), (3, 3, 2, 0), (3, 4, 2, 0), (2, 5, 3, 0), (0, 5, 3, 0)]


def test_the_trap_of_averaging_everyone():
    # Five clients stay at 15, five stay at 25 (raw WEMWBS); the low scorers drop out. Nobody changed: 0.0 on 5 of 10, although
    # the average of everyone at the start is 20 and of everyone at follow-up 25.
    low = [journey(measure=[reading(0, 15, "wemwbs")]) for _ in range(5)]
    high = [journey(measure=[reading(0, 25, "wemwbs"), reading(99, 25, "wemwbs")]) for _ in range(5)]
    counts = oracle.exact(delivery(*low, *high), "wellbeing_change")[("wemwbs", "total")]
    assert (counts["journeys"], counts["first"], counts["pairs"]) == (10, 10, 5)
    assert (counts["mean_change"], counts["same"], counts["mean_first"]) == (0, 5, 25)


def test_change_is_first_against_latest_and_down_is_better_for_anxiety():
    series = [reading(day, score, "ons4", "anxiety") for day, score in ((0, 8), (10, 9), (20, 6))]
    counts = oracle.exact(delivery(journey(measure=series)), "wellbeing_change")[("ons4", "anxiety")]
    assert (counts["improved"], counts["worse"], counts["mean_change"]) == (1, 0, -2)


def test_barriers_at_the_first_and_the_latest_reading():
    def debt(*scores):
        return journey(measure=[reading(10 * at, score, "mbat", "debt") for at, score in enumerate(scores)])

    tables = delivery(debt(1, 0), debt(1, 0, 1), debt(1), debt(0, 1), debt(0, 1, 0), debt(0, 0))
    gone, new = (oracle.exact(tables, metric)[("debt",)] for metric in ("barriers_gone", "barriers_new"))
    assert (gone["numerator"], gone["denominator"]) == (1, 2)
    assert (new["numerator"], new["denominator"]) == (1, 3)


def test_outcome_events_are_counted_when_they_happened():
    # Referred on 1 January 2023; a job on day 31 is in February, training on day 90 is on 1 April.
    tables = delivery(journey(outcome=[job(31), job(31, hours_per_week=1), {"outcome": "training", "started_on": 90}]))
    by_month = oracle.exact(tables, "outcome_events", by=("month",))
    assert {labels: one["count"] for labels, one in by_month.items() if one["count"]} == {
        ("2023-02", "job_started"): 1,
        ("2023-04", "training"): 1,
    }
    assert oracle.exact(tables, "outcome_events", period="2023/24")[("training",)]["count"] == 1
    assert oracle.exact(tables, "referrals", period="2023/24")[()]["count"] == 0


def test_goals_withdrawn_are_no_goals_to_achieve():
    goals = [{"goal": "housing", "set_on": 0, "status": status, "status_on": 9} for status in ("achieved", "withdrawn")]
    tables = delivery(journey(goal=goals), journey(goal=goals[1:]))
    counts = oracle.exact(tables, "goals_achieved")[("housing",)]
    assert (counts["numerator"], counts["denominator"]) == (1, 1)


def test_a_service_that_does_not_record_outcomes_is_left_out():
    services = [service("a"), service("b", records_outcomes=False)]
    tables = delivery(journey(name="a", outcome=[job(1)]), journey(name="b", outcome=[job(1)]), services=services)
    assert share(tables, "found_work") == (1, 1)
    assert oracle.exact_left_out(tables, "found_work")["not_recorded"] == 1
    rows = oracle.released(tables, "found_work", by=("service",))
    assert [row["state"] for row in rows] == ["hidden", "not_recorded"]


# -- the calendar -----------------------------------------------------------------------------------------------------


def test_periods():
    facts = oracle.world(delivery(services=[service(data_to=date(2024, 11, 15))]))
    assert facts.days("2023/24") == (date(2023, 4, 1), date(2024, 3, 31))
    assert facts.days("2024-Q4") == (date(2024, 10, 1), date(2024, 12, 31))
    assert facts.days("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert facts.days("last-4-quarters") == (date(2023, 10, 1), date(2024, 9, 30))


def test_too_early_and_complete_are_a_matter_of_the_calendar_alone():
    # Records end on 31 December 2024. A year after the first day of a quarter lies after that from 2024-Q2 on; a year
    # after its last day lies on or before it up to 2023-Q4 (31 December 2023 + 365 days = 30 December 2024).
    rows = oracle.released(delivery(), "found_work", by=("quarter",), period="all")
    got = {row["labels"]["quarter"]: (row["state"], row["complete"]) for row in rows}
    assert got["2023-Q4"] == ("hidden", True)
    assert got["2024-Q1"] == ("hidden", False)
    assert got["2024-Q2"] == ("too_early", False)
    (everything,) = oracle.released(delivery(), "found_work")
    assert (everything["state"], everything["complete"]) == ("hidden", False)


# -- what may be shown ------------------------------------------------------------------------------------------------


def count_by(tables, dimension, **asked):
    return [row["count"] for row in oracle.released(tables, "referrals", by=(dimension,), **asked)]


def test_counts_are_rounded_and_small_ones_hidden():
    for n, shown in ((7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20)):
        assert only_row(delivery(*(journey() for _ in range(n))), "referrals")["count"] == shown


def only_row(tables, metric, **asked):
    (row,) = oracle.released(tables, metric, **asked)
    return row


def test_few_clients_are_hidden_however_often_they_come():
    tables = delivery(*(journey(client_ref=f"c{number % 7}") for number in range(70)))
    assert only_row(tables, "referrals")["state"] == "hidden"


@pytest.mark.parametrize(
    ("n_found", "n_not", "expected"),
    [
        (8, 8, ("shown", None, 10, 15)),
        (7, 20, ("hidden", "few", None, 25)),
        (20, 7, ("hidden", "most", None, 25)),
        (0, 30, ("hidden", "few", None, 30)),
        (3, 4, ("hidden", None, None, None)),
    ],
)
def test_numerators_and_what_is_left(n_found, n_not, expected):
    found = [journey(outcome=[job(1)]) for _ in range(n_found)]
    row = only_row(delivery(*found, *(journey() for _ in range(n_not))), "found_work")
    assert (row["state"], row["why"], row["numerator"], row["denominator"]) == expected


def test_a_value_is_hidden_when_those_without_it_are_few():
    # 20 women and 5 others: the others are few, and the women are all but five. With eight others both are shown.
    def of(n_women, n_men):
        people = [journey(gender="female") for _ in range(n_women)]
        return delivery(*people, *(journey(gender="male") for _ in range(n_men)))

    assert count_by(of(20, 5), "gender") == [None] * 6
    assert count_by(of(20, 8), "gender") == [20, 10, None, None, None, None]
    assert only_row(of(20, 5), "referrals")["count"] == 25


def test_a_month_is_guarded_by_its_quarter_and_the_quarter_by_the_year():
    # January 20, February 5: January can be subtracted from the first quarter, which holds February besides.
    # April, in another quarter, has 20 and nothing beside it but the year: 25 referrals lie outside it.
    tables = delivery(
        *(journey(date(2023, 1, 9)) for _ in range(20)),
        *(journey(date(2023, 2, 9)) for _ in range(5)),
        *(journey(date(2023, 4, 9)) for _ in range(20)),
        *(journey(date(2023, 5, 9)) for _ in range(8)),
    )
    got = dict(zip(("2023-01", "2023-02", "2023-03", "2023-04", "2023-05"), count_by(tables, "month"), strict=False))
    assert got == {"2023-01": None, "2023-02": None, "2023-03": None, "2023-04": 20, "2023-05": 10}
    # The second quarter holds all that its year has so far: the two differ by nobody, so the quarter is hidden.
    assert count_by(tables, "quarter")[:2] == [25, None]


def test_choices_of_the_same_coverage_are_the_same_choice():
    # The only service of the second commissioner is that commissioner: nothing is left between them to give away.
    # The two services of the first commissioner (20 and 5) guard each other.
    services = [
        service("a"),
        service("b"),
        service("d", commissioner_code="other"),
    ]
    sizes = {"a": 20, "b": 5, "d": 30}
    tables = delivery(*(journey(name=name) for name, n in sizes.items() for _ in range(n)), services=services)
    assert count_by(tables, "service") == [None, None, 30]
    assert count_by(tables, "commissioner") == [25, 30]
    assert only_row(tables, "referrals", service="d")["count"] == 30


def test_a_year_of_which_the_store_holds_one_quarter_is_that_quarter():
    # Records from 1 January 2023: 2022/23 is 2023-Q1. Both are 20 of 50 and neither hides the other.
    tables = delivery(*(journey(date(2023, 2, 1)) for _ in range(20)), *(journey(date(2023, 6, 1)) for _ in range(30)))
    assert only_row(tables, "referrals", period="2022/23")["count"] == 20
    assert only_row(tables, "referrals", period="2023-Q1")["count"] == 20


def test_the_base_is_guarded_too():
    def of(n_older):
        people = [journey(age_at_referral=40, employment_status="employed") for _ in range(20)]
        return delivery(*people, *(journey(age_at_referral=80) for _ in range(n_older)))

    assert only_row(of(8), "referrals", base="working_age")["count"] == 20
    assert only_row(of(7), "referrals", base="working_age")["count"] is None


def test_a_cell_is_the_same_question_as_the_selection_that_names_it():
    tables = generate.delivery(3, journeys=250)
    for dimension, selection in (("gender", lambda label: {"cohort": {"gender": label}}), ("quarter", None)):
        rows = oracle.released(tables, "spiral_highest", by=(dimension,))
        for row in rows:
            label = row["labels"].pop(dimension)
            asked = selection(label) if selection else {"period": label}
            alone = [
                one for one in oracle.released(tables, "spiral_highest", **asked) if one["labels"] == row["labels"]
            ]
            assert alone == [row]


def test_a_curve_is_released_as_rounded_counts():
    # 20 of 40 found work on day 50, 20 closed on day 60. 0.5 x 40 = 20 of 40 at 3 months; nobody is at risk after that.
    tables = delivery(*(journey(outcome=[job(50)]) for _ in range(20)), *(journey(closed_on=60) for _ in range(20)))
    rows = oracle.released(tables, "time_to_work")
    first = {name: rows[0][name] for name in ("state", "at_risk", "events", "competing", "censored", "incidence")}
    expected = {"at_risk": 40, "events": 20, "competing": 20, "censored": None, "incidence": 0.5}
    assert first == {"state": "shown"} | expected
    assert [row["state"] for row in rows[1:]] == ["hidden"] * 5


def test_means_need_ten_pairs():
    def of(n):
        return delivery(
            *(journey(measure=[reading(0, 20, "wemwbs"), reading(9, 30 + at % 2, "wemwbs")]) for at in range(n))
        )

    def row(n):
        rows = oracle.released(of(n), "wellbeing_change")
        return next(one for one in rows if one["labels"]["tool"] == "wemwbs")

    assert (row(9)["pairs"], row(9)["mean_change"]) == (10, None)
    # 10 and 11 in turn: 10.5; the differences from it are half a point, n - 1 below: sqrt(10 x 0.25 / 9) = 0.53.
    assert (row(10)["pairs"], row(10)["mean_change"], row(10)["sd_change"]) == (10, 10.5, 0.5)
    assert (row(10)["improved"], row(10)["worse"]) == (None, None)  # all of them improved: nothing is left


def test_a_barrier_that_few_were_asked_about_is_no_label():
    def asked(name):
        return journey(measure=[reading(0, 1, "mbat", name)])

    tables = delivery(*(asked("debt") for _ in range(8)), *(asked("some_rare_thing") for _ in range(7)))
    assert [row["labels"]["barrier"] for row in oracle.released(tables, "barriers_gone")] == ["debt"]


def test_who_is_left_out_is_protected_too():
    late = [journey(date(2024, 11, 1)) for _ in range(7)]
    tables = delivery(*(journey() for _ in range(20)), *late)
    assert oracle.left_out(tables, "climbed") == {"not_recorded": None, "too_early": None}
    tables = delivery(*(journey() for _ in range(20)), *late, journey(date(2024, 11, 2)))
    assert oracle.left_out(tables, "climbed") == {"not_recorded": None, "too_early": 10}


# -- what must hold on any delivery -----------------------------------------------------------------------------------

SHAPES = [
    {},
    {"services": 1, "months": 40},
    {"outcomes": "none"},
    {"closures": "early", "follow_up": False},
    {"empty": oracle.CHILDREN},
    {"missing": oracle.CHILDREN},
    {"returning": 0.9, "services": 3},
    {"recording": "none"},
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(shape) or "plain")
def test_every_metric_answers_on_every_shape(shape):
    tables = generate.delivery(11, journeys=120, **shape)
    for metric in oracle.METRICS:
        for counts in oracle.exact(tables, metric).values():
            assert counts.get("numerator", 0) <= counts.get("denominator", 0)
        for row in oracle.released(tables, metric, by=("service",)):
            is_shown = row["state"] == "shown"
            assert is_shown or row.get("numerator", row.get("count", row.get("incidence"))) is None


@lru_cache
def generated():
    return generate.delivery(5, journeys=200)


@pytest.mark.parametrize("metric", [name for name, one in oracle.METRICS.items() if not one.own])
def test_the_denominator_and_those_left_out_are_all_journeys(metric):
    tables = generated()
    if oracle.METRICS[metric].shape == "proportion":
        _, denominator = share(tables, metric)
        assert denominator + sum(oracle.exact_left_out(tables, metric).values()) == 200


def test_any_two_answered_selections_one_inside_the_other_differ_by_eight():
    tables = generate.delivery(7, journeys=300, services=4, commissioners=2)
    facts = oracle.world(tables)
    answered = []
    for period in ("all", "last-4-quarters", *sorted({oracle._quarter(month) for month in facts.months})):
        for place in ({}, *({"service": name} for name in facts.services)):
            for base in ("all", "working_age"):
                asked = {"period": period, "base": base} | place
                if only_row(tables, "referrals", **asked)["state"] == "shown":
                    cell = oracle._selection(facts, period, asked.get("service"), None, asked.get("cohort", {}), base)
                    units = oracle._brought(facts, "referrals", 12)[0]
                    answered.append({unit.journey.row["journey_id"] for unit in units if cell.matches(unit)})
    assert len(answered) > 10
    for inner in answered:
        for outer in answered:
            assert not inner < outer or len(outer - inner) >= 8


# -- the generator ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_generated_deliveries_keep_the_rules_of_the_dictionary(seed):
    tables = generate.delivery(seed, journeys=150)
    services = {row["service_id"]: row for row in tables["service"]}
    journeys = {(row["service_id"], row["journey_id"]): row for row in tables["journey"]}
    assert len(journeys) == len(tables["journey"]) == 150
    for row in tables["journey"]:
        assert services[row["service_id"]]["data_from"] <= row["referred_on"]
    for table in ("journey", *oracle.CHILDREN):
        for row in tables[table]:
            of = journeys[row["service_id"], row["journey_id"]]
            days = [value for value in row.values() if isinstance(value, date)]
            assert all(of["referred_on"] <= day <= services[row["service_id"]]["data_to"] for day in days)
            assert not row.get("ended_on") or not row.get("started_on") or row["started_on"] <= row["ended_on"]
            assert row.get("outcome") != "job_kept" or of["employment_status"] == "employed"
    for row in tables["goal"]:
        assert row["status"] == "open" or row["set_on"] <= row["status_on"]
    keys = {"referral_reason": ("reason",), "measure": ("measured_on", "tool", "item")}
    for table, columns in keys.items():
        once = [tuple(row[name] for name in ("service_id", "journey_id", *columns)) for row in tables[table]]
        assert len(once) == len(set(once))
    mains = Counter((row["service_id"], row["journey_id"]) for row in tables["referral_reason"] if row["main"])
    assert all(count == 1 for count in mains.values())


def test_the_same_seed_gives_the_same_delivery_and_another_seed_another():
    assert generate.delivery(1, journeys=30) == generate.delivery(1, journeys=30)
    assert generate.delivery(1, journeys=30) != generate.delivery(2, journeys=30)


def test_a_table_not_handed_over_is_not_written_and_an_empty_one_has_a_header(tmp_path):
    tables = generate.delivery(1, journeys=5, missing=("measure",), empty=("contact",))
    folder = generate.write(tables, tmp_path / "delivery")
    assert not (folder / "measure.csv").exists()
    assert (folder / "contact.csv").read_text(encoding="utf-8").splitlines() == [
        "service_id,journey_id,contact_on,kind,minutes"
    ]
    lines = (folder / "journey.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("journey_id,client_ref,service_id,referred_on")
