"""Answers worked out by hand, for the plain implementation that the product is compared with: facts and the spiral."""

from datetime import date, timedelta

import generate
import oracle
import pytest
import spiral
from handmade import END, START, delivery, facts, goal, job, journey, kept, reading, service, stone, support
from months import cut, time_possible

# -- the spiral -------------------------------------------------------------------------------------------------------


def test_one_journey_climbs_every_rung_and_loses_the_last_two_again():
    # Day 10 a housing goal is achieved: rung 1. Day 40 a social goal: 2. Day 60 training: 3. Day 90 volunteering: 4.
    # Day 120 a job: 5. Confirmed on day 302, which is 182 days after its start: 6 from that day on.
    # It ends on day 400: that day is not held any more, volunteering is kept: back to 4.
    climber = facts(
        goal=[goal("housing", 0, 10), goal("social_networks", 5, 40)],
        outcome=[
            {"outcome": "training", "started_on": 60, "ended_on": 70},
            {"outcome": "volunteering", "started_on": 90, "ended_on": 95},
            job(120, end=400, confirmed=302),
        ],
    )
    rungs = {day: climber.rung(day) for day in (0, 9, 10, 39, 40, 60, 89, 90, 119, 120, 301, 302, 399, 400, 761)}
    assert list(rungs.values()) == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4]
    assert (spiral.rung_now(climber), spiral.highest_rung(climber), spiral.movement(climber)) == (4, 6, "up")
    assert spiral.path(climber) == "1>2>3>4>5"


def test_days_on_which_nothing_can_change_are_as_the_day_before():
    made = generate.delivery(11, journeys=80, services=2, months=30, recording="all", awkward=True)
    seen = set()
    for one in oracle.world(made).journeys:
        for known, status in ((one.evidence, one.row["employment_status"]), (one.own_evidence, None)):
            assert known == spiral.evidence_looked_up_each_day(one, status, len(known))
            seen |= {rung for flags in known for rung, holds in enumerate(flags) if holds}
    assert seen == set(range(7))


def test_support_that_has_merely_started_is_no_need_met():
    assert facts(activity=[support(0, "money_benefits_advice", started_on=10)]).rung(761) == 0


def test_a_late_confirmation_counts_from_its_own_day():
    # Started on day 0, confirmed on day 250 only: 182 days have passed on day 182, but nobody knew before day 250.
    worker = facts(outcome=[job(0, confirmed=250)])
    assert [worker.rung(day) for day in (182, 249, 250)] == [5, 5, 6]


def test_wellbeing_slips_back():
    # SWEMWBS raw 20, 25, 21 is 18.59, 22.35, 19.25 metric: +3.76 counts from day 30; on day 60 it is +0.66 only.
    slipping = facts(measure=[reading(0, 20), reading(30, 25), reading(60, 21)])
    assert [slipping.rung(day) for day in (29, 30, 59, 60)] == [0, 2, 2, 0]
    assert spiral.movement(slipping) == "same"
    assert spiral.highest_rung(slipping) == 2


def test_reliable_change_is_three_metric_points_of_swemwbs():
    # Raw 20 to 24 is 18.59 to 21.54: 2.95, not enough, though four raw points. Raw 14 to 20 is 15.32 to 18.59: 3.27.
    assert facts(measure=[reading(0, 20), reading(9, 24)]).rung(9) == 0
    assert facts(measure=[reading(0, 14), reading(9, 20)]).rung(9) == 2


@pytest.mark.parametrize(("tool", "first", "latest", "rung"), [("wemwbs", 30, 38, 2), ("wemwbs", 30, 37, 0), ("ucla3", 7, 5, 2), ("ucla3", 7, 6, 0)])  # fmt: skip
def test_reliable_change_of_other_tools(tool, first, latest, rung):
    assert facts(measure=[reading(0, first, tool), reading(9, latest, tool)]).rung(9) == rung


def test_ons4_is_the_sum_of_three_items_on_days_on_which_all_are_read():
    # Day 0: 4 + 4 + 4. Day 5 has two items only. Day 9: 5 + 5 + 5 = 15, three more. Anxiety is no evidence.
    items = ("life_satisfaction", "worthwhile", "happiness")
    first = [reading(0, 4, "ons4", item) for item in items]
    assert facts(measure=first + [reading(5, 10, "ons4", item) for item in items[:2]]).rung(5) == 0
    assert facts(measure=first + [reading(9, 5, "ons4", item) for item in items]).rung(9) == 2
    assert facts(measure=[reading(0, 9, "ons4", "anxiety"), reading(9, 0, "ons4", "anxiety")]).rung(9) == 0


def test_star_needs_are_money_and_home_together_and_are_lost_again():
    def star(*days):
        return [
            reading(day, score, "wellbeing_star", item)
            for day, *scores in days
            for item, score in zip(("money", "where_you_live"), scores, strict=False)
        ]

    rung = facts(measure=star((0, 2, 2), (50, 3, 3), (80, 3, 2))).rung
    assert [rung(49), rung(50), rung(80)] == [0, 1, 0]
    assert facts(measure=star((0, 1), (50, 5))).rung(50) == 0  # the home was never read


def test_star_wellbeing_is_feeling_positive_and_family():
    items = ("feeling_positive", "family_friends")
    star = [reading(day, score, "wellbeing_star", item) for day, score in ((0, 2), (9, 3)) for item in items]
    assert facts(measure=star).rung(9) == 2


def test_in_work_at_referral_until_the_job_is_lost():
    # Employed is rung 5. Confirmed on day 182 it is rung 6 from then on. It ends on day 300: nothing is left.
    employed = facts(employment_status="employed", outcome=[kept(confirmed=182, end=300)])
    assert [employed.rung(day) for day in (0, 181, 182, 299, 300)] == [5, 5, 6, 6, 0]
    assert spiral.movement(employed) == "back"
    assert spiral.path(employed) == "none"


def test_of_several_jobs_kept_every_one_must_have_ended():
    # One of two jobs ends on day 100, confirmed before: still in work. The other, confirmed on day 200, ends on day 300.
    employed = facts(employment_status="employed", outcome=[kept(confirmed=99, end=100), kept(confirmed=200, end=300)])
    assert [employed.rung(day) for day in (99, 100, 199, 200, 299, 300)] == [5, 5, 5, 6, 6, 0]


def test_under_four_hours_is_no_job():
    assert facts(outcome=[job(5, hours_per_week=3.9)]).rung(5) == 0
    assert facts(outcome=[job(5, hours_per_week=4)]).rung(5) == 5
    assert facts(outcome=[job(5)]).rung(5) == 5


def test_a_job_that_ends_on_its_first_day_is_no_rung_but_is_found_work():
    brief = facts(outcome=[job(5, end=5)])
    assert brief.rung(5) == 0
    assert brief.first_days["found_work"] == 5


def test_rungs_on_one_day_are_a_path_from_the_lower_one():
    same_day = facts(outcome=[job(7), stone(7, "education")])
    assert spiral.path(same_day) == "3>5"
    student = facts(employment_status="student", outcome=[job(7), stone(7, "education")])
    assert spiral.path(student) == "5"


@pytest.mark.parametrize(
    ("training_on", "support_on", "route"),
    [(9, None, "indirect"), (None, 10, "direct"), (9, 10, "both"), (10, 11, "neither"), (None, None, "neither")],
)
def test_route_looks_before_the_day_of_the_job(training_on, support_on, route):
    # The job starts on day 10: training must start by day 9, support must be referred by day 10.
    outcomes = [job(10)] + ([stone(training_on)] if training_on is not None else [])
    activities = [support(support_on)] if support_on is not None else []
    assert spiral.route(facts(outcome=outcomes, activity=activities)) == route


def test_any_activity_but_employment_support_started_before_the_job_is_the_indirect_route():
    def route(*activities):
        return spiral.route(facts(outcome=[job(10)], activity=list(activities)))

    assert route(support(0, "nature", started_on=9)) == "indirect"
    assert route(support(0, "nature", started_on=10)) == "neither"
    assert route(support(0, "nature")) == "neither"
    assert route(support(0, started_on=9)) == "direct"


def test_being_a_student_at_referral_is_no_indirect_route():
    assert spiral.route(facts(employment_status="student", outcome=[job(10)])) == "neither"


def test_step_at_six_months_is_the_highest_rung_from_1_to_4_on_some_day_up_to_183():
    assert spiral.step(facts(employment_status="volunteering")) == "none"
    assert spiral.step(facts(outcome=[stone(183), job(1)])) == "learning"
    assert spiral.step(facts(outcome=[stone(184, "volunteering")])) == "none"
    assert spiral.step(facts(goal=[goal("housing", 0, 5)], outcome=[stone(9, "work_experience")])) == "volunteering"
    lost_again = [reading(0, 30, "wemwbs"), reading(9, 40, "wemwbs"), reading(20, 30, "wemwbs")]
    assert spiral.step(facts(measure=lost_again)) == "confidence"


def test_way_at_six_months_looks_until_day_183():
    def way(step_on, support_on):
        return spiral.way_at_six_months(facts(outcome=[stone(step_on)], activity=[support(support_on)]))

    got = [way(183, 184), way(184, 183), way(183, 183), way(184, 184)]
    assert got == ["indirect", "direct", "both", "neither"]


# -- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data_to", "last"),
    [
        (date(2024, 12, 8), date(2023, 12, 9)),  # 365 days before: the 9th, nine and twenty-two days of December
        (date(2024, 12, 7), date(2023, 12, 8)),
        (date(2024, 12, 6), date(2023, 11, 30)),  # the 7th: seven days are too few, nobody in December has had a year
        (date(2024, 12, 23), date(2023, 12, 24)),  # the 24th: seven days are left, enough
        (date(2024, 12, 24), date(2023, 12, 24)),  # the 25th would leave six
        (date(2024, 12, 30), date(2023, 12, 31)),  # a whole month
    ],
)
def test_no_horizon_tells_a_day_of_referral_to_within_a_week(data_to, last):
    assert cut(data_to, 365) == last
    assert time_possible(last, data_to) == 365
    assert time_possible(last + timedelta(days=1), data_to) == 274


def test_time_possible_is_the_largest_horizon_passed():
    assert time_possible(START, END) == 730
    assert time_possible(END, END) == 0
    assert time_possible(date(2023, 3, 1), END) == 639


def test_observed_until_closure_or_the_last_date_of_an_outcome():
    assert facts().days_observed == 761
    assert facts(closed_on=50).days_observed == 50
    assert facts(closed_on=50, outcome=[job(20, confirmed=80)]).days_observed == 80
    assert facts(closed_on=50, outcome=[job(80, hours_per_week=2)]).days_observed == 80  # no job, but something known
    assert facts(closed_on=50, measure=[reading(90, 20)], contact=[{"contact_on": 99}]).days_observed == 50
    assert facts(closed_on=50, service_={"follows_up_after_closure": True}).days_observed == 761


def test_what_is_read_after_the_last_day_observed_is_not_the_rung_now():
    late = facts(closed_on=50, measure=[reading(0, 30, "wemwbs"), reading(60, 40, "wemwbs")])
    assert (spiral.rung_now(late), spiral.highest_rung(late), spiral.path(late)) == (0, 0, "none")
    assert late.rung(60) == 2  # but on day 60 it was so


@pytest.mark.parametrize(
    ("age", "status", "bases"),
    [
        (16, "student", {"all", "working_age", "out_of_work"}),
        (64, "employed", {"all", "working_age"}),
        (64, "retired", {"all", "working_age"}),
        (65, "unemployed_seeking", {"all"}),
        (40, None, {"all", "working_age"}),
        (None, "unemployed_seeking", {"all"}),
    ],
)
def test_bases(age, status, bases):
    assert facts(age_at_referral=age, employment_status=status).bases == bases


def test_contact_is_the_earlier_of_first_contact_and_contacts_attended():
    assert facts().days_to_contact is None
    assert facts(first_contact_on=29, contact=[{"contact_on": 28}]).days_to_contact == 28
    assert (
        facts(contact=[{"contact_on": 3, "attended": False}, {"contact_on": 9, "attended": True}]).days_to_contact == 9
    )
    assert facts(contact=[{"contact_on": 3, "attended": False}]).days_to_contact is None


# -- what a service records -------------------------------------------------------------------------------------------


def recorded(*journeys, **of_service):
    return oracle.world(delivery(*journeys, services=[service(**of_service)])).recordings["s"].kinds


def test_a_flag_says_what_is_recorded_and_without_one_eight_clients_do():
    def with_goals(n, flag):
        journeys = [journey(goal=[goal("housing", 0)]) for _ in range(n)]
        return "goals" in recorded(*journeys, journey(), records_goals=flag)

    assert [with_goals(n, None) for n in (7, 8)] == [False, True]
    assert [with_goals(9, False), with_goals(0, True)] == [False, True]
    one_client = [journey(client_ref="same", goal=[goal("housing", 0)]) for _ in range(20)]
    assert "goals" not in recorded(*one_client, records_goals=None)


def test_a_table_that_was_not_handed_over_is_not_recorded_whatever_the_flag():
    tables = delivery(journey()) | {"outcome": None}
    assert "outcomes" not in oracle.world(tables).recordings["s"].kinds


def test_contacts_are_recorded_by_the_first_contact_and_by_missed_ones_too():
    by_day = [journey(first_contact_on=3) for _ in range(8)]
    missed = [journey(contact=[{"contact_on": 1, "attended": False}]) for _ in range(8)]
    assert "contacts" in recorded(*by_day, records_contacts=None)
    assert {"contacts", "attended"} <= set(recorded(*missed, records_contacts=None))
    assert "attended" not in recorded(*(journey(contact=[{"contact_on": 1}]) for _ in range(8)))


def test_which_readings_tell_of_needs_and_of_confidence():
    def kinds(*scales):
        measures = [[reading(0, 1, tool, item) for tool, item in scales] for _ in range(8)]
        return {kind for kind in recorded(*(journey(measure=rows) for rows in measures)) if kind.startswith("readings")}

    assert kinds(("pam", "score")) == {"readings"}
    assert kinds(("wellbeing_star", "money")) == {"readings", "readings_needs"}
    assert kinds(("wellbeing_star", "family_friends")) == {"readings", "readings_confidence"}
    assert kinds(("ons4", "worthwhile"), ("ons4", "happiness")) == {"readings"}
    three = [("ons4", item) for item in ("worthwhile", "happiness", "life_satisfaction")]
    assert kinds(*three) == {"readings", "readings_confidence"}


def test_recorded_since_the_month_in_which_the_eighth_client_has_a_row():
    # Fifty clients in the first year, seven of them with a goal; the eighth to have one is referred in May 2024.
    def since(n_first_year, **given):
        early = [journey(date(2023, 6, 1), goal=[goal("housing", 0)] if n < 7 else []) for n in range(n_first_year)]
        late = [journey(date(2024, month, 1), goal=[goal("housing", 0)]) for month in (5, 6, 7)]
        return recorded(*early, *late, **given)["goals"]

    assert since(50) == ("2024-05", "2025-01")
    assert since(49) == ("2023-01", "2025-01")
    assert since(50, goals_from=date(2023, 3, 20)) == ("2023-03", "2025-01")
    assert since(50, goals_to=date(2024, 8, 2)) == ("2024-05", "2024-08")
    assert recorded(*(journey() for _ in range(60)))["goals"] == ("2023-01", "2025-01")  # never


def test_ended_and_late():
    def of(**given):
        services = [service("a"), service("b", **given)]
        one = oracle.world(delivery(services=services)).recordings["b"]
        return one.ended_month, one.is_late

    assert of() == (None, False)
    assert of(data_to=date(2025, 1, 30)) == (None, True)
    assert of(data_to=date(2024, 7, 31)) == (None, True)  # two quarters
    assert of(data_to=date(2024, 6, 30)) == ("2024-06", False)
    assert of(closed_on=date(2025, 1, 31)) == ("2025-01", False)
