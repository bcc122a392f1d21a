"""Answers worked out by hand, for the plain implementation that the product is compared with: what may be shown."""

from datetime import date

import generate
import oracle
import pytest
from handmade import delivery, job, journey, only_row, reading, service, share
from months import quarter_of
from questions import coverage, selected


def count_by(tables, dimension, **asked):
    return [row["count"] for row in oracle.released(tables, "referrals", by=(dimension,), **asked)]


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
    tables = delivery(services=[service(data_to=date(2024, 12, 31))])
    rows = oracle.released(tables, "found_work", by=("quarter",))
    got = {row["labels"]["quarter"]: (row["state"], row["complete"]) for row in rows}
    assert got["2023-Q4"] == ("hidden", True)
    assert got["2024-Q1"] == ("hidden", False)
    assert got["2024-Q2"] == ("too_early", False)


def complete(services, metric, dimension="quarter", **asked):
    """The labels of a period that are complete."""
    rows = oracle.released(delivery(services=services), metric, by=(dimension,), **asked)
    return [row["labels"][dimension] for row in rows if row["complete"]]


def test_a_late_service_makes_a_quarter_incomplete_and_an_ended_one_does_not():
    a, dec = service("a", data_to=date(2024, 12, 31)), ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    assert complete([a], "referrals")[-4:] == dec
    assert complete([a, service("b", data_to=date(2024, 9, 30))], "referrals")[-1] == "2024-Q3"
    assert complete([a, service("b", data_to=date(2024, 9, 30), closed_on=date(2024, 9, 30))], "referrals")[-4:] == dec
    assert (
        complete([service("b", data_to=date(2024, 5, 10), closed_on=date(2024, 5, 10))], "referrals")[-1] == "2024-Q1"
    )


def test_a_quarter_is_complete_from_when_a_service_begins_to_record_on():
    late = service("b", data_from=date(2023, 8, 10))
    assert complete([service("a"), late], "referrals")[:3] == ["2023-Q1", "2023-Q2", "2023-Q4"]
    assert complete([service(goals_from=date(2023, 8, 10))], "work_goal")[0] == "2023-Q4"


def test_the_first_twelve_months_of_events_still_fill():
    assert complete([service()], "outcome_events")[0] == "2024-Q1"
    assert complete([service()], "contacts", "month")[0] == "2024-01"
    assert complete([service()], "referrals", "month")[0] == "2023-01"


def test_a_year_of_which_the_selection_covers_a_part_is_named_for_its_months():
    rows = oracle.released(delivery(), "referrals", by=("financial_year",), period="2024-Q1")
    (row,) = rows
    assert (row["covers"], row["complete"]) == (("2024-01", "2024-03"), False)
    whole = oracle.released(delivery(), "referrals", by=("quarter",), period="2023/24")[0]
    assert (whole["covers"], whole["complete"]) == (("2023-04", "2023-06"), True)
    assert only_row(delivery(), "referrals", period="2023/24")["covers"] is None


# -- what a cell can be -----------------------------------------------------------------------------------------------


def state(tables, metric, **asked):
    return {row["state"] for row in oracle.released(tables, metric, **asked)}


def test_what_a_choice_cannot_cover_does_not_apply():
    tables = delivery(services=[service("a"), service("b", data_from=date(2024, 1, 1), model="holistic")])
    assert state(tables, "referrals", base="working_age", cohort={"age_band": "75+"}) == {"not_applicable"}
    assert state(tables, "referrals", base="out_of_work", cohort={"employment_status": "employed"}) == {
        "not_applicable"
    }
    assert state(tables, "referrals", service="b", period="2023-06") == {"not_applicable"}
    assert state(tables, "referrals", service="b", cohort={"model": "light"}) == {"not_applicable"}


def test_rungs_that_cannot_be_at_the_start_and_rungs_that_cannot_be_seen():
    def states(metric, **given):
        tables = delivery(*(journey() for _ in range(20)), services=[service(**given)])
        return {row["labels"]["rung"]: row["state"] for row in oracle.released(tables, metric)}

    start = states("spiral_start")
    assert [rung for rung, is_so in start.items() if is_so == "not_applicable"] == [
        "basic_needs",
        "confidence",
        "staying",
    ]
    now = states("spiral_now", records_goals=False, records_measures=False)
    assert [rung for rung, is_so in now.items() if is_so == "not_recorded"] == ["basic_needs", "confidence"]
    assert "not_recorded" not in states("spiral_now").values()


def test_what_a_row_was_seen_through():
    services = [service("a"), service("b", records_goals=False, follows_up_after_closure=True)]
    row = only_row(delivery(services=services), "climbed")
    assert row["records"] == {"outcomes"}
    assert row["partly"] == {"goals", "follows_up"}
    later = only_row(delivery(services=[service(goals_from=date(2023, 6, 1))]), "climbed")
    assert (later["records"], later["partly"]) == ({"outcomes"}, {"goals"})
    from_june = only_row(delivery(services=[service(goals_from=date(2023, 6, 1))]), "climbed", period="2023-06")
    assert from_june["records"] == {"outcomes", "goals"}


# -- hiding and rounding ----------------------------------------------------------------------------------------------


def test_counts_are_rounded_and_small_ones_hidden():
    for n, shown in ((7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20)):
        assert only_row(delivery(*(journey() for _ in range(n))), "referrals")["count"] == shown


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


def test_bounds_of_a_hidden_numerator():
    # 3 of 103 is few of 105: at most 7 of at least 103 (the released 105 less 2). Of 15 nothing is said.
    def of(n_found, n_not):
        found = [journey(outcome=[job(1)]) for _ in range(n_found)]
        row = only_row(delivery(*found, *(journey() for _ in range(n_not))), "found_work")
        return row["why"], row["at_most"], row["at_least"]

    assert of(3, 100) == ("few", 7 / 103, None)
    assert of(100, 3) == ("most", None, 1 - 7 / 103)
    assert of(3, 12) == ("few", None, None)


def test_many_rows_of_few_people_hide_the_whole_cell():
    # Twelve journeys of three people with work, twenty of others without: saying "few" would be saying too much.
    found = [journey(client_ref=f"r{number % 3}", outcome=[job(1)]) for number in range(12)]
    row = only_row(delivery(*found, *(journey() for _ in range(20))), "found_work")
    assert (row["state"], row["why"], row["denominator"]) == ("hidden", None, None)


def test_a_share_has_wilsons_interval_widened_to_its_rounding():
    # 10 of 40, Wilson: 0.142 to 0.402. The rounding alone allows 8 of 42 (0.190) to 12 of 38 (0.316).
    found = [journey(outcome=[job(1)]) for _ in range(10)]
    row = only_row(delivery(*found, *(journey() for _ in range(30))), "found_work")
    assert (row["rate"], row["low"], row["high"]) == (
        0.25,
        pytest.approx(0.1419, abs=1e-4),
        pytest.approx(0.4019, abs=1e-4),
    )
    few = delivery(*(journey(outcome=[job(1)]) for _ in range(8)), *(journey() for _ in range(8)))
    assert only_row(few, "found_work")["rate"] is None  # of about 15


# -- the guard --------------------------------------------------------------------------------------------------------


def test_a_value_is_hidden_when_those_without_it_are_few():
    # 20 women and 5 others: the others are few, and the women are all but five. With eight others both are shown.
    def of(n_women, n_men):
        people = [journey(gender="female") for _ in range(n_women)]
        return delivery(*people, *(journey(gender="male") for _ in range(n_men)))

    assert count_by(of(20, 5), "gender") == [None] * 6
    assert count_by(of(20, 8), "gender") == [20, 10, None, None, None, None]
    assert only_row(of(20, 5), "referrals")["count"] == 25


def test_the_guard_counts_people_and_not_rows():
    # 20 women, and one man who was telephoned 25 times: 25 more contacts, but one person more.
    calls = [{"contact_on": 1, "kind": "telephone"}]
    women = [journey(gender="female", contact=[one.copy() for one in calls]) for _ in range(20)]
    man = journey(gender="male", contact=[one.copy() for one in calls * 25])

    def telephone(cohort):
        rows = oracle.released(delivery(*women, man), "contacts", cohort=cohort)
        return next(row["count"] for row in rows if row["labels"]["kind"] == "telephone")

    assert telephone({"gender": "female"}) is None
    assert telephone({}) == 45


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
    services = [service("a"), service("b"), service("d", commissioner_code="other")]
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


def test_a_pilot_of_one_year_is_answered_in_that_year():
    services = [
        service("a"),
        service("pilot", data_from=date(2023, 4, 1), data_to=date(2024, 3, 31), closed_on=date(2024, 3, 31)),
    ]
    tables = delivery(
        *(journey(date(2023, 6, 1), "pilot") for _ in range(30)),
        *(journey(date(2023, 7, 1), "a") for _ in range(30)),
        services=services,
    )
    assert only_row(tables, "referrals", service="pilot", period="2023/24")["count"] == 30


def test_a_commissioner_is_its_service_that_records_what_is_needed():
    services = [service("a"), service("b", records_outcomes=False), service("d", commissioner_code="other")]
    names = "a" * 30 + "b" * 3 + "d" * 30
    people = [journey(name=name, outcome=[job(1)] if number % 2 else []) for number, name in enumerate(names)]
    assert only_row(delivery(*people, services=services), "found_work", service="a")["numerator"] == 15


def test_the_base_is_guarded_and_a_status_is_a_set_of_classes_too():
    def of(n_older):
        people = [journey(employment_status="long_term_sick") for _ in range(20)]
        others = [journey(employment_status="employed") for _ in range(20)]
        return delivery(*people, *others, *(journey(age_at_referral=80) for _ in range(n_older)))

    assert only_row(of(8), "referrals", base="working_age")["count"] == 40
    assert only_row(of(7), "referrals", base="working_age")["count"] is None
    # All who are long-term sick and of working age are out of work: the two bases cover the same, nothing lies between.
    sick = {"employment_status": "long_term_sick"}
    older = [journey(age_at_referral=80, employment_status="long_term_sick") for _ in range(8)]
    tables = delivery(
        *(journey(employment_status=s) for s in ("long_term_sick", "homemaker", "employed") for _ in range(20)), *older
    )
    assert only_row(tables, "referrals", base="out_of_work", cohort=sick)["count"] == 20


def test_a_cell_is_the_same_question_as_the_selection_that_names_it():
    tables = generate.delivery(3, journeys=150)
    for dimension, selection in (("gender", lambda label: {"cohort": {"gender": label}}), ("quarter", None)):
        rows = oracle.released(tables, "spiral_movement", by=(dimension,))
        for row in rows:
            label = row["labels"].pop(dimension)
            asked = selection(label) if selection else {"period": label}
            alone = [
                one for one in oracle.released(tables, "spiral_movement", **asked) if one["labels"] == row["labels"]
            ]
            assert alone == [row | {"covers": None}]


def test_any_two_answered_selections_one_inside_the_other_differ_by_eight_people():
    tables = generate.delivery(7, journeys=300, services=4, commissioners=2)
    facts = oracle.world(tables)
    metric, answered = oracle.METRICS["referrals"], []
    for period in ("all", "last-4-quarters", *sorted({quarter_of(month) for month in facts.months})):
        for place in ({}, *({"service": name} for name in facts.services)):
            for base in ("all", "working_age", "out_of_work"):
                if only_row(tables, "referrals", period=period, base=base, **place)["state"] == "shown":
                    cell = selected(facts, period, place.get("service"), None, {}, base)
                    covered = coverage(facts, cell, metric)
                    answered.append([unit.journey for unit in facts.brought("referrals", 12)[0] if covered.has(unit)])
    assert len(answered) > 10
    for inner in map(set, answered):
        for outer in map(set, answered):
            assert not inner < outer or len({one.person for one in outer - inner}) >= 8


# -- curves, change and who is left out -------------------------------------------------------------------------------


def test_a_curve_is_released_as_rounded_counts():
    # 20 of 40 found work on day 50, 20 closed on day 60. 0.5 x 40 = 20 of 40 at 3 months; nobody is at risk after that.
    tables = delivery(*(journey(outcome=[job(50)]) for _ in range(20)), *(journey(closed_on=60) for _ in range(20)))
    rows = oracle.released(tables, "time_to_work")
    first = {name: rows[0][name] for name in ("state", "at_risk", "events", "competing", "censored", "incidence")}
    expected = {"at_risk": 40, "events": 20, "competing": 20, "censored": None, "incidence": 0.5}
    assert first == {"state": "shown"} | expected
    assert [row["state"] for row in rows[1:]] == ["hidden"] * 5 + ["too_early"]


def test_the_interval_of_a_curve_is_that_of_a_share_where_nobody_is_lost_and_wider_where_some_are():
    # 20 of 40 found work on day 50. log(-log): 0.5 ^ exp(-/+ 1.96 x sqrt(0.25 / 40) / (0.5 x 0.6931)) = 0.3383 to 0.6419.
    people = [journey(outcome=[job(50)]) for _ in range(20)] + [journey(closed_on=60) for _ in range(20)]
    row = oracle.released(delivery(*people), "time_to_work")[0]
    assert (row["low"], row["high"]) == (pytest.approx(0.3383, abs=1e-4), pytest.approx(0.6419, abs=1e-4))
    # Ten more are lost on day 28 (no more has passed): the same share of 50 comes from 40 who were followed.
    lost = [journey(date(2024, 12, 31)) for _ in range(10)]
    wider = oracle.released(delivery(*people, *lost), "time_to_work")[0]
    assert wider["incidence"] == 0.5
    assert wider["high"] - wider["low"] > 0.2728  # what 25 of 50 would have


def change(first_and_latest, tool="wemwbs"):
    people = [
        journey(measure=[reading(0, first, tool), reading(9, latest, tool)]) for first, latest in first_and_latest
    ]
    rows = oracle.released(delivery(*people), "wellbeing_change")
    return next(one for one in rows if one["labels"] == {"tool": tool, "item": "total"})


def test_means_need_ten_pairs():
    nine, ten = ([(30, 22 + 20 * (at % 2)) for at in range(n)] for n in (9, 10))
    assert (change(nine)["pairs"], change(nine)["mean_change"]) == (10, None)
    # -8 and 12 in turn: 2; the differences from it are ten points, n - 1 below: sqrt(10 x 100 / 9) = 10.54.
    row = change(ten)
    assert (row["pairs"], row["mean_first"], row["mean_change"], row["sd_change"]) == (10, 30, 2.0, 10.5)
    # Student's t of 9 degrees of freedom is 2.262: 2 -/+ 2.262 x 10.5 / sqrt(10).
    assert (row["low"], row["high"]) == (pytest.approx(-5.511, abs=0.001), pytest.approx(9.511, abs=0.001))
    assert (row["improved"], row["worse"]) == (None, None)  # five each


def test_no_mean_that_would_tell_everybodys_score():
    assert change([(20, 30)] * 12)["mean_first"] is None  # a deviation of 0.0
    assert change([(14, 30 + at % 3) for at in range(12)])["mean_latest"] is None  # everybody began at the lowest score
    assert change([(6, 3 + at % 6) for at in range(12)], "ucla3")["mean_change"] == -0.5


def test_no_mean_that_would_count_the_few_who_differ():
    assert change([(20, 30 + at % 2) for at in range(10)])["mean_change"] is None  # all of them improved
    assert change([(40, 40 + 3 * (at < 2)) for at in range(12)])["mean_change"] is None  # two improved, by 3
    assert change([(3 + (at < 2), 3 + at % 6) for at in range(12)], "ucla3")["mean_latest"] is None  # two not at 3
    assert change([(20, 30), (20, 31)] * 20)["mean_change"] is None  # all of forty improved
    assert change([(40, 36 + 3 * (at % 5)) for at in range(40)])["mean_change"] == 2.0


def test_the_mean_change_is_the_difference_of_the_means_shown():
    # Means 20.04 and 30.44: 20.0, 30.4 and 10.4.
    row = change([(20, 15), (20, 45)] * 12 + [(21, 41)])
    assert (row["mean_first"], row["mean_latest"], row["mean_change"]) == (20.0, 30.4, 10.4)


def test_a_barrier_that_few_were_asked_about_is_no_label():
    def asked(name):
        return journey(measure=[reading(0, 1, "mbat", name)])

    tables = delivery(*(asked("debt") for _ in range(8)), *(asked("some_rare_thing") for _ in range(7)))
    assert [row["labels"]["barrier"] for row in oracle.released(tables, "barriers_gone")] == ["debt"]


def test_barriers_that_few_were_asked_about_are_one_together():
    def asked(name, at_last):
        return journey(measure=[reading(0, 1, "mbat", name), reading(9, at_last, "mbat", name)])

    rare = [asked("a_rare_thing", 0) for _ in range(7)] + [asked("another_thing", 1) for _ in range(7)]
    (row,) = oracle.released(delivery(*rare), "barriers_gone")
    assert row["labels"] == {"barrier": "other"}
    assert row["denominator"] == 15


def test_who_is_left_out_is_protected_too():
    def of(n_early, n_late):
        late = [journey(date(2024, 11, 1)) for _ in range(n_late)]
        return delivery(*(journey() for _ in range(n_early)), *late)

    left_out = [oracle.left_out(of(*sizes), "climbed")["too_early"] for sizes in ((20, 7), (20, 8), (7, 8))]
    assert left_out == [None, 10, None]
    assert oracle.left_out(of(20, 8), "climbed")["not_recorded"] == 0  # nobody could be


# -- what must hold on any delivery -----------------------------------------------------------------------------------

SHAPES = [
    {},
    {"services": 1, "months": 40},
    {"outcomes": "none"},
    {"closures": "early", "follow_up": False},
    {"empty": tuple(generate.KINDS.values())},
    {"missing": tuple(generate.KINDS.values())},
    {"returning": 0.9, "services": 3},
    {"recording": "none"},
    {"recording": "alone", "services": 3},
    {"recording": "later", "services": 2},
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape.items())) or "plain")
def test_every_metric_answers_on_every_shape(shape):
    tables = generate.delivery(11, journeys=60, **shape)
    for metric in oracle.METRICS:
        for counts in oracle.exact(tables, metric).values():
            assert counts.get("numerator", 0) <= counts.get("denominator", 0)
        for row in oracle.released(tables, metric, by=("service",)):
            is_shown = row["state"] == "shown"
            assert is_shown or row.get("numerator", row.get("count", row.get("incidence"))) is None


@pytest.fixture(scope="module")
def generated():
    return generate.delivery(5, journeys=200)


@pytest.mark.parametrize("metric", [name for name, one in oracle.METRICS.items() if not one.own and name != "returned"])
def test_the_denominator_and_those_left_out_are_all_journeys(metric, generated):
    if oracle.METRICS[metric].shape == "proportion":
        _, denominator = share(generated, metric)
        assert denominator + sum(oracle.exact_left_out(generated, metric).values()) == 200


@pytest.mark.parametrize("metric", ["job_at_referral", "first_jobs", "first_contact_wait", "support_length", "contacts_per_journey"])  # fmt: skip
def test_parts_make_a_whole(metric, generated):
    whole = {}
    for labels, row in oracle.exact(generated, metric).items():
        whole.setdefault((labels[:-1], row["denominator"]), []).append(row["numerator"])
    assert whole
    assert all(sum(numerators) == denominator for (_, denominator), numerators in whole.items())
