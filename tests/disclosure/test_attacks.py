"""Attacks that once gave people back. Each first succeeds on a weakened copy, so that the test can fail; then it must fail.

The dates of referral are attacked in tests/store; every surface (pages, files, logs) in tests/screen and tests/files.
"""

import math
import random
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import generate
import numpy as np
import pytest
from handmade import delivery, journey, reading, service, stone

from journeys import Selection, open_store
from journeys.answer import case_mix as standard
from journeys.answer import coverage, exact, second_names
from journeys.answer.rule import Rule
from journeys.answer.shapes import change, waiting
from journeys.statistics import incidence, paired_change, parts_left, standardisation
from journeys.store import build

YEAR = [date(2023, 1, 1) + timedelta(days=30 * month) for month in range(12)]


def store_of(tables, folder):
    names = {"service_name": "A service", "commissioner_name": "A board", "client_key": "key"}
    tables["service"] = [row | names for row in tables["service"]]
    handed = {table: rows or None for table, rows in tables.items()}
    loaded = build.load([generate.write(handed, folder / "delivery")], folder / "store")
    assert loaded.is_done, loaded.report
    return open_store(folder / "store")


def people(n, **given):
    """So many journeys, spread over a year; a value may be a function of the number."""
    return [
        journey(
            YEAR[i % 12], **{name: deepcopy(value(i) if callable(value) else value) for name, value in given.items()}
        )
        for i in range(n)
    ]


# --- a curve and its interval ------------------------------------------------------------------------------------------


def exact_interval(rule, months, step, total, n_people):
    """The weakened copy: an interval from the exact share and its exact variance."""
    cohort, reached = rule.rounded(total), rule.rounded(step.incidence * total)
    low, high = incidence.log_log(step.incidence, step.se)
    return waiting.Waiting(months, incidence=reached / cohort, low=low, high=high)


def behind_the_interval(row, cohort):
    """(people, events) that an interval on the log(-log) scale tells of, if it was made from the exact share."""
    middle = (math.log(-math.log(row.low)) + math.log(-math.log(row.high))) / 2
    share = math.exp(-math.exp(middle))
    near = [(n, n * share) for n in range(cohort - 2, cohort + 3)]
    return [(n, round(events)) for n, events in near if abs(events - round(events)) < 1e-6]


def test_the_interval_of_a_curve_does_not_give_back_its_events(tmp_path, monkeypatch):
    at = {day: [stone(day)] for day in (40, 200, 300)}
    found = people(52, gender="female", outcome=lambda i: at[(40, 200, 300)[i % 3]] if i < 33 else [])
    store = store_of(delivery(*found, *people(60, gender="male")), tmp_path)

    def women(months):
        rows = store.ask("time_to_stepping_stone", Selection(cohort={"gender": "female"})).rows
        return next(row for row in rows if row.months == months)

    with monkeypatch.context() as weak:
        weak.setattr(waiting, "_point", exact_interval)
        assert (52, 33) in behind_the_interval(women(12), 50)
        assert (52, 22) in behind_the_interval(women(9), 50)
    for months, events in ((12, 33), (9, 22)):
        row = women(months)
        assert (52, events) not in behind_the_interval(row, 50)
        assert (row.low, row.high) == incidence.interval(round(50 * row.incidence), 50, 1.0)


def test_a_curve_does_not_tell_the_seven_who_have_reached_an_outcome(tmp_path, monkeypatch):
    """7 of 48, and 7 lost from sight before: 8.2 expected of 48, so that a share is shown, and fewer than 8 events."""
    found = people(41, outcome=lambda i: [stone(200)] if i < 7 else [])
    lost = [journey(date(2024, 11, 20)) for _ in range(7)]
    store = store_of(delivery(*found, *lost), tmp_path)

    def row():
        return next(row for row in store.ask("time_to_stepping_stone").rows if row.months == 9)

    with monkeypatch.context() as weak:
        weak.setattr(waiting, "_is_of_few", lambda rule, reached, step, n_people: rule.is_small(reached))
        assert (row().incidence, row().events, row().censored) == (0.2, None, None)
        assert (
            math.ceil(8 * (48 - 7) / 48) == 7
        )  # 8 of 48 or more were reached, and at most 7 are lost: at least 7 events
    assert (row().state, row().incidence, row().events) == ("hidden", None, None)


# --- case mix -----------------------------------------------------------------------------------------------------------


def exact_expected(rates, denominators, numerators):
    """The weakened copy: expected counts that are exact (all of the first service are 100, of the second 40)."""
    return [None if rate is None else rate * n for rate, n in zip(rates, denominators, strict=True)]


def test_expected_counts_do_not_add_up_to_a_hidden_numerator(tmp_path, monkeypatch):
    """33 of 100 at one service took a stepping stone and 3 of 40 at the other: 36 in all, and `few` at the second."""
    gender = lambda i: ("female", "male")[i % 2]  # noqa: E731
    first = people(100, gender=gender, outcome=lambda i: [stone(60)] if i < 33 else [])
    second = people(40, name="t", gender=gender, outcome=lambda i: [stone(60)] if i < 3 else [])
    store = store_of(delivery(*first, *second, services=[service(), service("t")]), tmp_path)
    assert store.ask("stepping_stone", Selection(service="t")).rows[0].why == "few"

    def sums():
        asked = [
            store.ask("stepping_stone", s, ("gender",), case_mix=True) for s in (Selection(), Selection(service="s"))
        ]
        return [sum(row.expected or 0 for row in answer.rows) for answer in asked]

    with monkeypatch.context() as weak:
        weak.setattr(standardisation, "scaled", exact_expected)
        weak.setattr(standardisation, "expected_rate", lambda strata: _exact_rate(tuple(strata)))
        everyone, one = sums()
        assert round(everyone - one) == 3
    everyone, one = sums()
    seen = [row.numerator or 0 for row in store.ask("stepping_stone", by=("gender",)).rows]
    assert everyone == pytest.approx(sum(seen), abs=0.11)  # what the numerators say, and no more
    assert round(everyone - one) != 3


def _exact_rate(strata):
    return standardisation.expected(strata) / sum(n for n, _, _ in strata)


def test_whether_there_is_case_mix_does_not_tell_how_many_are_hidden(tmp_path, monkeypatch):
    """Two services of 30 are shown and a third is hidden: over a tenth of all are hidden if it has 7, and not if it has 6."""
    services = [service(name, commissioner_code=name) for name in "stu"]

    def is_answered(n, folder):
        taken = lambda i: [stone(60)] if i < 12 else []  # noqa: E731
        groups = [*people(30, outcome=taken), *people(30, name="t", outcome=taken), *people(n, name="u")]
        store = store_of(delivery(*groups, services=services), tmp_path / f"{folder}-{n}")
        rows = store.ask("stepping_stone", by=("service",), case_mix=True).rows
        assert [row.denominator for row in rows] == [30, 30, None]
        return all(row.expected for row in rows[:2])

    told = []
    for n in (6, 7):
        with monkeypatch.context() as weak:
            weak.setattr(standard, "is_mostly_unseen", lambda seen, whole, k, n=n: n > (60 + n) / 10)
            told.append(is_answered(n, "weak"))
    assert told == [True, False]
    assert [is_answered(n, "store") for n in (1, 6, 7)] == [True] * 3


# --- one person with many rows ------------------------------------------------------------------------------------------


def calls(n):
    return [{"contact_on": day, "kind": "telephone", "attended": True} for day in range(n)]


def test_one_man_with_many_calls_is_not_the_difference_of_two_answers(tmp_path, monkeypatch):
    women = people(59, gender="female", contact=calls(9))
    store = store_of(delivery(*women, *people(1, gender="male", contact=calls(23))), tmp_path)

    def telephone(**cohort):
        rows = store.ask("contacts", Selection(cohort=cohort)).rows
        return next(row.count for row in rows if row.labels["kind"] == "telephone")

    assert store.ask("referrals", Selection(cohort={"gender": "female"})).rows[0].state == "hidden"
    with monkeypatch.context() as weak:
        weak.setattr(exact.Reading, "_hide_few_people", lambda *_: None)
        assert telephone() - telephone(gender="female") == 25  # 23, rounded: his
    assert telephone() == 555 and telephone(gender="female") is None


# --- everybody's score --------------------------------------------------------------------------------------------------


def test_means_do_not_tell_everybodys_score(tmp_path, monkeypatch):
    score = lambda day, n: reading(day, n, "ons4", "life_satisfaction")  # noqa: E731
    store = store_of(delivery(*people(12, measure=lambda i: [score(5, 6), score(200, 10)])), tmp_path)

    def row():
        return store.ask("wellbeing_change").row(tool="ons4", item="life_satisfaction")

    with monkeypatch.context() as weak:
        weak.setattr(parts_left, "leaves_enough", lambda *shown: True)
        weak.setattr(
            paired_change,
            "means",
            lambda n, first, latest, sd, *rule: paired_change.Means(first, latest, latest - first, sd, 4, 4),
        )
        assert (row().mean_first, row().mean_latest, row().sd_change) == (6, 10, 0)
    assert (row().pairs, row().improved) == (10, None)
    assert {getattr(row(), name) for name in ("mean_first", "mean_latest", "mean_change", "sd_change", "low")} == {None}


def every_group(n, spread, squares):
    """(sum, squares, improved, worse) of every group of n whole changes up to `spread` either way, of so many squares."""
    reached = {(0, 0, 0, 0)}
    for _ in range(n):
        reached = {
            (total + c, q + c * c, up + (c > 0), down + (c < 0))
            for total, q, up, down in reached
            for c in range(-spread, spread + 1)
            if q + c * c <= squares
        }
    return reached


def groups(n, spread, squares):
    """(improved, worse) of them by mean and deviation."""
    found = {}
    for total, q, up, down in every_group(n, spread, squares):
        around = max(q - total**2 / n, 0) / (n - 1)
        found.setdefault((round(total / n, 1), round(around**0.5, 1)), set()).add((up, down))
    return found


def test_means_do_not_count_the_few_who_differ(tmp_path, monkeypatch):
    """Two of twelve improved by a point: a mean change of 0.2 and a deviation of 0.4 leave no other group of ten to twelve."""
    score = lambda day, n: reading(day, n, "ons4", "life_satisfaction")  # noqa: E731
    two = people(12, measure=lambda i: [score(5, 5), score(200, 5 + (i < 2))])
    store = store_of(delivery(*two), tmp_path)

    def row():
        return store.ask("wellbeing_change").row(tool="ons4", item="life_satisfaction")

    with monkeypatch.context() as weak:
        weak.setattr(paired_change, "counts_few", lambda *released: False)
        weak.setattr(parts_left, "leaves_enough", lambda *shown: True)
        told = row().mean_change, row().sd_change
        assert {part for n in (10, 11, 12) for part in groups(n, 2, 4)[told]} == {(2, 0)}
    assert (row().pairs, row().mean_first, row().mean_change, row().sd_change) == (10, None, None, None)


def test_where_means_are_given_every_part_can_have_many_sizes():
    """Of groups of ten to twelve with the same figures, some have at least two more who improved (or got worse, or neither)."""
    sizes = {}
    for n in (10, 11, 12):
        for figures, parts in groups(n, 3, 36).items():
            sizes.setdefault(figures, []).extend((up, down, n - up - down) for up, down in parts)
    n_given = 0
    for (mean, deviation), some in sizes.items():
        if abs(mean) > 0.5 or not 0.8 <= deviation <= 1.4:
            continue  # where 36 squares leave some groups out
        found = paired_change.Means(5.0, 5.0 + mean, mean, deviation, 0, 0)
        if not paired_change.counts_few(12, found, paired_change.Scale(0, 10), 8):
            n_given += 1
            assert all(max(part) - min(part) > 1 for part in zip(*some, strict=True)), (mean, deviation)
    assert n_given > 20


def _fits(n, total, q, up, down, row):
    """Whether a group is shown as this row: its mean is between two that are rounded, its parts are rounded or hidden."""
    rule, shown = Rule(), (row.improved, row.same, row.worse)
    if abs(total / n - row.mean_latest + row.mean_first) > 0.1 + 1e-9:
        return False
    if abs(math.sqrt(max(q - total**2 / n, 0) / (n - 1)) - row.sd_change) > 0.05 + 1e-9:
        return False
    parts = (up, n - up - down, down)
    return shown == tuple(None if rule.is_small(n - part) else rule.count(part) for part in parts)


def _drawn_pairs(n):
    """Counts and sums of pairs of which most improve by a point or two, or hardly change."""
    chance = random.Random(n)
    for _ in range(200):
        size, mean, deviation = (
            chance.randint(13, 17),
            chance.choice([0, 0.3, 0.5, 0.8]),
            chance.choice([0.5, 0.7, 0.9]),
        )
        changes = [max(-2, min(2, round(chance.gauss(mean, deviation)))) for _ in range(size)]
        firsts = [chance.randint(3, 7) for _ in changes]
        parts = {
            "improved": sum(c > 0 for c in changes),
            "same": changes.count(0),
            "worse": sum(c < 0 for c in changes),
        }
        sums = {"sum_first": sum(firsts), "sum_latest": sum(firsts) + sum(changes)}
        squares = {"sum_change": sum(changes), "sum_squares": sum(c * c for c in changes)}
        yield {"journeys": size, "first": size, "pairs": size, **parts, **sums, **squares}


def test_means_beside_shown_parts_leave_the_hidden_ones_open(monkeypatch):
    """Of 15 pairs of which 10 improved and 10 hardly changed, by 0.5 with a deviation of 0.8, one got worse: parts that are shown and means together pin the rest."""
    sizes = {n: every_group(n, 3, 36) for n in range(13, 18)}

    def narrow():
        """How many rows have means, and how many of these leave one or two sizes of a hidden part."""
        n_means = n_narrow = 0
        for counts in _drawn_pairs(1):
            row = change.protected(Rule(), counts, {}, paired_change.Scale(0, 10)).values
            if row.mean_first is None or row.sd_change > 1.1:
                continue  # more squares than are counted through
            fit = {
                (n, up, n - up - down, down)
                for n, some in sizes.items()
                for t, q, up, down in some
                if _fits(n, t, q, up, down, row)
            }
            hidden = [place for place, name in enumerate(("pairs", *change.DIRECTIONS)) if getattr(row, name) is None]
            n_means += 1
            n_narrow += any(max(v) - min(v) < 2 for place in hidden for v in [[one[place] for one in fit]])
        return n_means, n_narrow

    with monkeypatch.context() as weak:
        weak.setattr(parts_left, "leaves_enough", lambda *shown: True)
        assert narrow()[1] > 2
    n_means, n_narrow = narrow()
    assert n_means > 30 and n_narrow == 0


def test_means_do_not_prove_that_all_improved():
    """Twelve improved by 4 or 5: one who did not would be 3.5 from the mean, and all squares together are 3.3."""
    found = paired_change.Means(4.0, 8.5, 4.5, 0.5, 0, 0)
    assert 11 * 0.55**2 < 3.5**2
    assert paired_change.counts_few(12, found, paired_change.Scale(0, 10), 8)


# --- who is left out ----------------------------------------------------------------------------------------------------


def test_those_left_out_do_not_tell_the_few_who_are_not(tmp_path, monkeypatch):
    """25 of 30 set no goal: 25 left out beside 30 referrals would tell the 5 who did."""
    goal = [{"goal": "housing", "set_on": 10, "status": "open"}]
    store = store_of(delivery(*people(30, goal=lambda i: goal if i < 5 else [])), tmp_path)
    with monkeypatch.context() as weak:
        weak.setattr(exact.Exact, "behind", _without_the_rest(exact.Exact.behind))
        assert store.ask("referrals").rows[0].count - store.ask("work_goal").left_out["no_goal_set"] == 5
    store.forget_counts()  # what the weakened copy has released
    assert store.ask("work_goal").left_out["no_goal_set"] is None
    assert store.ask("work_goal").rows[0].state == "hidden"


def _without_the_rest(behind):
    """The weakened copy: what is left beside a reason is taken for many."""

    def weak(self, owns, *asked):
        found = behind(self, owns, *asked)
        others = [bool(own) and str(own[0]).startswith("others_than_") for own in found.grid.owns]
        many = {name: np.where(others, 1000, n) for name, n in found.grid.counts.items()}
        return found._replace(grid=replace(found.grid, counts=many), people=replace(found.people, owns=(), counts={}))

    return weak


# --- two numbers, and what is left between them ----------------------------------------------------------------------------


def left_between(whole, parts):
    """Least and most of a hidden number by what a whole and its parts, all rounded, say: a whole is 2 off, and so is each part."""
    difference, slack = whole - sum(parts), 2 * (1 + len(parts))
    return max(0, difference - slack), min(7, difference + slack)


def test_two_shown_numbers_never_tell_exactly_what_is_left_between_them():
    """The figures of docs/disclosure.md: 9% of 1 to 7 to within 1 of two numbers, 0.6% of three; none exactly, nor nought."""
    shown = Rule().rounded
    for parts, within in ((((a,) for a in range(8, 13)), 3 / 35), (product(range(8, 13), repeat=2), 1 / 175)):
        found = [(n, *left_between(shown(sum(p) + n), [shown(a) for a in p])) for p in parts for n in range(8)]
        assert all(low <= n <= high and low < high for n, low, high in found)
        few = [high - low for n, low, high in found if n]
        assert sum(width <= 1 for width in few) / len(few) == pytest.approx(within)


SECOND_NAMES = [
    ("referral_sources", {"source": "gp"}, "referral_source", "gp"),
    ("spiral_start", {"rung": "work"}, "start_rung", "work"),
    ("work_goal", {}, "work_goal", "yes"),
    ("goals_set", {"goal": "employment"}, "work_goal", "yes"),
]


@pytest.fixture(scope="module")
def of_two_services(tmp_path_factory):
    """17 of 60 at one service and 6 of 60 at its commissioner's other came from a GP, were in work, set a goal about work."""
    goals = [[{"goal": goal, "set_on": 10, "status": "open"}] for goal in ("employment", "housing")]

    def some(n, **given):
        is_in = lambda i: i < n  # noqa: E731
        return people(
            60,
            referral_source=lambda i: "gp" if is_in(i) else "self",
            employment_status=lambda i: "employed" if is_in(i) else "unemployed_seeking",
            goal=lambda i: goals[0] if is_in(i) else goals[1],
            outcome=[stone(60)],
            **given,
        )

    services = [service(), service("t"), service("u", commissioner_code="d")]
    found = [*some(17), *some(6, name="t"), *some(30, name="u")]
    return store_of(delivery(*found, services=services), tmp_path_factory.mktemp("two"))


@pytest.mark.parametrize("metric, part, dimension, value", SECOND_NAMES)
def test_a_part_does_not_tell_what_the_guard_hides_of_the_choice_that_it_names(
    of_two_services, monkeypatch, metric, part, dimension, value
):
    store = of_two_services

    def shown(**place):
        return store.ask(metric, Selection(**place)).row(**part).numerator

    chosen = store.ask(metric, Selection(service="s"), (dimension,)).row(**{dimension: value}, **part)
    assert (chosen.state, chosen.denominator) == ("hidden", None)
    with monkeypatch.context() as weak:
        weak.setattr(second_names, "guarded", lambda found, question: frozenset())
        assert left_between(shown(commissioner="c"), [shown(service="s")]) == (
            6,
            7,
        )  # of the other service, which has 6
    assert (shown(commissioner="c"), shown(service="s")) == (25, None)
    assert store.ask(metric, Selection(service="t")).row(**part).why == "few"
    assert shown(service="u") == 30  # nobody else is at its commissioner


def test_a_part_is_shown_where_the_guard_shows_the_choice_that_it_names(of_two_services):
    rows = [of_two_services.ask("referral_sources", by=("service",)).row(service=name, source="self") for name in "stu"]
    assert [(row.numerator, row.why) for row in rows] == [(45, None), (None, "most"), (30, None)]


@pytest.mark.parametrize("period", ["2024/２５", "２０２４-Q2", "2024-０5"])
def test_a_period_in_other_digits_is_no_second_name_of_a_question(tmp_path, period):
    store = store_of(delivery(*people(30)), tmp_path)
    with pytest.raises(ValueError, match="period"):
        store.ask("referrals", Selection(period=period))


# --- what was hidden for nothing ------------------------------------------------------------------------------------------


def test_two_names_for_the_same_people_are_one_question(tmp_path):
    """Out of work and long-term sick covers the same as working age and long-term sick."""
    sick = people(40, employment_status="long_term_sick")
    older = people(20, employment_status="long_term_sick", age_at_referral=70)
    others = [*people(40, employment_status="employed"), *people(40, employment_status="unemployed_seeking")]
    store = store_of(delivery(*sick, *older, *others), tmp_path)
    chosen = Selection(base="out_of_work", cohort={"employment_status": "long_term_sick"})
    assert store.ask("referrals", chosen).rows[0].count == 40


def test_an_employment_status_beside_the_rung_that_it_starts_on_does_not_tell_the_few_between(tmp_path, monkeypatch):
    """40 look for work and 5 keep house: both are on no rung yet, beside 30 in work."""
    looking, at_home, in_work = ({"employment_status": one} for one in ("unemployed_seeking", "homemaker", "employed"))
    found = [*people(40, **looking), *people(5, **at_home), *people(30, **in_work)]
    store = store_of(delivery(*found), tmp_path)

    def shown():
        by_status, by_rung = (store.ask("referrals", by=(by,)) for by in ("employment_status", "start_rung"))
        return by_status.row(employment_status="unemployed_seeking").count, by_rung.row(start_rung="starting_out").count

    with monkeypatch.context() as weak:
        weak.setattr(coverage, "_by_other_names", lambda *own: (own,))
        assert shown() == (40, 45)
    store = open_store(store.folder)  # what a store worked out of its lists it keeps
    assert shown() == (None, 45)


def test_all_referrals_of_a_pilot_are_shown_in_its_only_year(tmp_path):
    pilot = [journey(date(2024, 5, 1), "p") for _ in range(40)]
    services = [service(), service("p", data_from=date(2024, 4, 1))]
    others = [journey(date(2024, 6, 1)) for _ in range(30)]
    store = store_of(delivery(*people(60), *others, *pilot, services=services), tmp_path)
    assert store.ask("referrals", Selection(service="p", period="2024/25")).rows[0].count == 40


def test_a_service_beside_one_that_records_no_outcomes_is_answered(tmp_path):
    first = people(60, outcome=lambda i: [stone(60)] if i < 30 else [])
    services = [service(), service("q", records_outcomes=False, commissioner_code="c")]
    store = store_of(delivery(*first, *people(60, name="q"), services=services), tmp_path)
    assert store.ask("stepping_stone", Selection(service="s")).rows[0].denominator == 60
