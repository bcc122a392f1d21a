"""Six ways in which numbers once gave a person back. Each attack first succeeds on a weakened copy, so that it can fail, and then fails."""

import copy
import math
from dataclasses import replace
from itertools import product

import generate
import numpy as np
import pytest

from journeys.answer import case_mix, left_out, protect
from journeys.answer.exact import Exact
from journeys.answer.question import Question
from journeys.answer.rule import Rule
from journeys.answer.shapes import change, count, waiting
from journeys.statistics import funnel, incidence, standardisation
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from tests.behind_by_hand import of_cell, shown

RULE = Rule(8, 5)


def made(delivery, folder, name="store"):
    build.load([generate.write(delivery, folder / f"{name}-delivery")], folder / name)
    return open_store(folder / name)


# -- 1. the interval of a curve ---------------------------------------------------------------------------------------


def step_of(reached, n):
    return incidence.curve([50, 1000], [reached, 0], [0, 0], [0, n - reached], at=(365,))[0]


def exact_interval(reached, n):
    """The log(-log) interval with the exact variance, as it was released once."""
    step = step_of(reached, n)
    half = 1.96 * step.se / (step.incidence * abs(math.log(step.incidence)))
    return step.incidence ** math.exp(half), step.incidence ** math.exp(-half)


def released_interval(reached, n):
    point = waiting.protected(RULE, 12, step_of(reached, n), n, {}).values
    return point.low, point.high


def consistent(interval, released):
    """The exact counts that somebody who knows the rounding and the formulas cannot rule out."""
    around = product(range(18, 23), range(98, 103))
    return [(x, n) for x, n in around if interval(x, n) == released]


@pytest.mark.parametrize(("reached", "n"), [(20, 100), (18, 98), (22, 102)])
def test_an_interval_gives_back_no_events(reached, n):
    assert consistent(exact_interval, exact_interval(reached, n)) == [(reached, n)]
    assert len(consistent(released_interval, released_interval(reached, n))) == 25


# -- 2. expected counts -----------------------------------------------------------------------------------------------

STRATA = [
    (("a",), ("young",), 12, 60), (("a",), ("old",), 21, 90), (("b",), ("young",), 9, 70), (("b",), ("old",), 30, 110),
    (("c",), ("young",), 14, 80), (("c",), ("old",), 8, 55),
]  # fmt: skip


def expected(strata):
    """What is released of case mix: expected counts of the rows, in their order."""
    rates = case_mix.expected_rates(strata, RULE)
    rows = {key: [sum(s[i] for s in strata if s[0] == key) for i in (2, 3)] for key in rates}
    shown = [funnel.Counts(RULE.count(x), RULE.count(n)) for x, n in rows.values()]
    return standardisation.scaled(
        list(rates.values()), [s.denominator for s in shown], [funnel.taken(s) for s in shown]
    ), shown


def exact_expected(strata):
    pooled = {s: [sum(r[i] for r in strata if r[1] == s) for i in (2, 3)] for _, s, _, _ in strata}
    parts = {k: [(n, *pooled[s]) for key, s, _, n in strata if key == k] for k, *_ in strata}
    return [standardisation.expected(some) for some in parts.values()]


def test_expected_counts_do_not_add_up_to_the_exact_numerator():
    total = sum(events for *_, events, _ in STRATA)
    assert round(sum(exact_expected(STRATA)), 6) == total
    found, shown = expected(STRATA)
    assert math.isclose(sum(found), sum(s.numerator for s in shown))
    assert sum(s.numerator for s in shown) != total


def test_one_more_event_moves_no_sum_of_expected_counts():
    def with_one_more(strata):
        (key, stratum, events, n), *others = strata
        return [(key, stratum, events + 1, n), *others]

    assert round(sum(exact_expected(with_one_more(STRATA))) - sum(exact_expected(STRATA)), 6) == 1
    assert math.isclose(sum(expected(with_one_more(STRATA))[0]), sum(expected(STRATA)[0]))


# -- 3. people, not rows ----------------------------------------------------------------------------------------------


def women_and_one_man(n_calls):
    """Sixty journeys of one service, one contact each; one of them a man's, with many telephone calls."""
    delivery = copy.deepcopy(
        generate.delivery(5, journeys=60, services=1, commissioners=1, months=20, recording="all", returning=0)
    )
    delivery["contact"] = []
    for i, row in enumerate(delivery["journey"]):
        row |= {"gender": "female" if i else "male", "client_ref": f"client-{i}"}
        for _ in range(3 if i else n_calls):
            contact = dict.fromkeys(generate.COLUMNS["contact"]) | {
                "service_id": row["service_id"], "journey_id": row["journey_id"], "contact_on": row["referred_on"], "kind": "telephone",
            }  # fmt: skip
            delivery["contact"].append(contact)
    return delivery


def test_the_calls_of_one_man_are_not_what_women_leave(tmp_path):
    store = made(women_and_one_man(23), tmp_path)
    women = Question(metrics.get("contacts"), Selection(cohort={"gender": "female"}), (), store.lists)
    blind = replace(store._source, most_rows=dict.fromkeys(store._source.most_rows, 1))  # who counts rows alone

    def calls(source):
        return next(row for row in protect.rows(source, women) if row.labels["kind"] == "telephone")

    whole = store.ask("contacts").row(kind="telephone").count
    assert calls(blind).is_shown
    assert abs(whole - calls(blind).count - 23) <= 5
    assert calls(store._source).state == "hidden"


# -- 4. means ---------------------------------------------------------------------------------------------------------


def test_twelve_alike_tell_no_score():
    counts = {"journeys": 12, "first": 12, "pairs": 12, "improved": 12, "same": 0, "worse": 0}
    sums = {"sum_first": 72.0, "sum_latest": 108.0, "sum_change": 36.0, "sum_squares": 108.0}
    assert (sums["sum_first"] / 12, sums["sum_squares"] - sums["sum_change"] ** 2 / 12) == (
        6.0,
        0.0,
    )  # all of them had 6
    own = ("ons4", "happiness")
    behind = of_cell([own], {own: counts | sums, change.EVERYONE: dict.fromkeys(change.COLUMNS, 0) | counts})
    (found,) = shown(change, RULE, behind)
    assert (found.values.improved, found.values.mean_first, found.values.sd_change, found.values.low) == (None,) * 4


# -- 5. coverage ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def covered(tmp_path_factory):
    """Three services: one records outcomes, its commissioner's other one does not, and a pilot of one year."""
    delivery = copy.deepcopy(
        generate.delivery(11, journeys=900, services=3, commissioners=2, months=40, recording="all", returning=0.2)
    )
    first, second, third = delivery["service"]
    third["commissioner_code"] = "board-9"
    second |= {"commissioner_code": first["commissioner_code"], "commissioner_name": first["commissioner_name"]}
    second["records_outcomes"] = False
    return made(delivery, tmp_path_factory.mktemp("covered"))


def test_a_status_that_lies_inside_both_bases_is_answered_on_both(covered):
    for slug in ("referrals", "engaged"):
        sick = {"employment_status": "long_term_sick"}
        narrow, wide = (
            covered.ask(slug, Selection(base=b, cohort=sick)).rows[0] for b in ("out_of_work", "working_age")
        )
        assert narrow.values == wide.values
        assert narrow.state == wide.state == "shown"


def test_a_commissioner_whose_other_service_records_nothing_does_not_hide_the_one_that_does(covered):
    first = next(s for s in covered.lists.services.values() if "outcomes" in s.records)
    both = covered.lists.services_of(first.commissioner)
    assert any("outcomes" not in covered.lists.services[s].records for s in both)
    alone, together = (
        covered.ask("training_or_education", Selection(**place)).rows[0]
        for place in ({"service": first.service_id}, {"commissioner": first.commissioner})
    )
    assert alone.denominator is not None
    assert alone.values == together.values


def test_where_no_service_was_nothing_applies(covered):
    last = max(s.last_month for s in covered.lists.services.values())
    for service in covered.lists.services.values():
        for row in covered.ask("referrals", Selection(service=service.service_id), ("month",)).rows:
            was_there = service.first_month <= row.labels["month"] <= service.last_month
            assert (row.state == "not_applicable") != was_there
    assert last == covered.lists.calendar.last


# -- 6. who is left out -----------------------------------------------------------------------------------------------


def test_all_but_five_left_out_are_not_shown():
    counts = {("too_early",): {"count": 55}, (f"{left_out.REST}too_early",): {"count": 5}}
    behind = of_cell([("too_early",)], counts)
    found = Exact(type("S", (), {"rule": RULE}), count, behind.grid, behind.people, np.zeros((0, 1), bool), False)
    (weak,) = shown(count, RULE, behind)
    assert weak.values.count == 55  # beside about 60 referrals
    assert left_out._shown(found, "too_early") is None
