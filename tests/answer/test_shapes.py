"""What each shape lets through, from numbers alone: no store, no SQL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.answer.released import Count, Row
from journeys.answer.rule import Rule
from journeys.answer.shapes import SHAPES, change, count, proportion, waiting
from tests.behind_by_hand import of_cell, of_curve, shown

RULE = Rule(8, 5)
numbers = st.integers(0, 3000)


def share(numerator, denominator, people):
    counts = {(): {"numerator": numerator, "denominator": denominator}}
    (found,) = shown(proportion, RULE, of_cell([()], counts, {(): people}))
    return found


@given(numbers, st.none() | numbers)
def test_a_count_is_hidden_for_few_rows_or_few_people(n, n_people):
    people = {} if n_people is None else {(): {"count": n_people}}
    (found,) = shown(count, RULE, of_cell([()], {(): {"count": n}}, people))
    if n < 8 or (n_people is not None and n_people < 8):
        assert (found.state, found.values) == ("hidden", None)
    else:
        assert found.values == Count(RULE.rounded(n))


@pytest.mark.parametrize(
    ("numerator", "denominator", "people", "why", "denominator_shown"),
    [
        (7, 100, {}, "few", 100),
        (93, 100, {}, "most", 100),
        (7, 14, {}, "few", 15),
        (7, 14, {"numerator": 7, "rest": 7}, "few", 15),
        # many rows of few people hide the whole cell
        (50, 100, {"numerator": 7}, None, None),
        (50, 100, {"rest": 7}, None, None),
        (3, 7, {}, None, None),
        (50, 100, {"denominator": 7}, None, None),
    ],
)
def test_a_share_that_would_tell_of_few_is_hidden(numerator, denominator, people, why, denominator_shown):
    found = share(numerator, denominator, people)
    assert (found.state, found.why) == ("hidden", why)
    assert (found.values.denominator if found.values else None) == denominator_shown
    assert found.values is None or found.values.numerator is None


def test_a_hidden_numerator_is_bounded_by_what_is_public():
    few, most = share(7, 100, {}).values, share(93, 100, {}).values
    assert (few.at_most, few.at_least) == (7 / 98, None)
    assert (most.at_most, most.at_least) == (None, 1 - 7 / 98)
    assert share(7, 15, {}).values.at_most is None


def test_a_share_is_made_of_released_counts():
    found = share(41, 99, {}).values
    assert (found.numerator, found.denominator, found.rate) == (40, 100, 0.4)
    assert found.low < 38 / 102
    assert found.high > 42 / 98


def test_a_denominator_in_a_row_of_its_own_serves_all_labels():
    counts = {("a",): {"numerator": 40, "denominator": 0}, (None,): {"numerator": 0, "denominator": 100}}
    some, none = shown(proportion, RULE, of_cell([("a",), ("b",)], counts, has_shared=True))
    assert (some.values.numerator, some.values.denominator) == (40, 100)
    assert (none.why, none.values.denominator) == ("few", 100)
    assert proportion.guarded_by(("a",), True) == (None,)


def test_a_curve_is_shown_where_enough_reached_it_and_enough_did_not():
    behind = of_curve([("3",), ("6",), ("12",)], [(50, 7, 0, 0), (150, 13, 30, 0), (400, 0, 0, 50)])
    three, six, year = shown(waiting, RULE, behind)
    assert (three.state, three.values.months, three.values.events) == ("hidden", 3, None)
    assert six.values.incidence == year.values.incidence == 0.2
    assert (year.values.at_risk, year.values.events, year.values.competing) == (50, 20, 30)


def test_a_curve_of_nobody_is_hidden():
    (found,) = shown(waiting, RULE, of_curve([("12",)], []))
    assert (found.state, found.values.months) == ("hidden", 12)


def pairs(n, improved, worse):
    sums = {"sum_first": 4.0 * n, "sum_latest": 6.0 * n, "sum_change": 2.0 * n, "sum_squares": 5.0 * n}
    counts = {
        "journeys": 0,
        "first": n + 20,
        "pairs": n,
        "improved": improved,
        "same": n - improved - worse,
        "worse": worse,
    }
    return {("ons4", "happiness"): counts | sums, change.EVERYONE: dict.fromkeys(change.COLUMNS, 0) | {"journeys": 400}}


def changed(counts):
    (found,) = shown(change, RULE, of_cell([("ons4", "happiness")], counts))
    return found


def test_pairs_are_shown_with_their_means():
    found = changed(pairs(60, 30, 10))
    one = found.values
    assert (one.journeys, one.first, one.pairs, one.improved, one.same, one.worse) == (
        400,
        80,
        60,
        30,
        20,
        10,
    )
    assert (one.mean_first, one.mean_latest, one.mean_change) == (4.0, 6.0, 2.0)


def test_means_need_ten_pairs_and_a_part_of_nearly_all_is_hidden():
    nine = changed(pairs(9, 9, 0))
    assert (nine.values.pairs, nine.values.improved, nine.values.mean_change) == (10, None, None)
    none = changed(pairs(7, 7, 0))
    assert none.values is None


def test_no_mean_tells_everybodys_score():
    def means(sums):
        own = ("ons4", "happiness")
        found = changed({own: pairs(12, 12, 0)[own] | sums, change.EVERYONE: {"journeys": 12}})
        return found.values.mean_first, found.values.sd_change, found.values.low

    everybody = {"sum_first": 72.0, "sum_latest": 108.0, "sum_change": 36.0, "sum_squares": 108.0}
    assert means(everybody) == (None, None, None)  # twelve went from 6 to 9
    assert (
        means(everybody | {"sum_latest": 120.0, "sum_change": 48.0, "sum_squares": 210.0})[0] is None
    )  # all at the top
    assert means(everybody | {"sum_squares": 210.0})[0] == 6.0


@pytest.mark.parametrize("error", [-1e-9, 0.0, 1e-9])
def test_a_mean_does_not_depend_on_the_order_in_which_scores_were_added_up(error):
    """20 scores that add up to 125: their mean is at a half."""
    sums = {"sum_first": 125.0 + error, "sum_latest": 165.0 - error, "sum_change": 40.0, "sum_squares": 300.0}
    found = changed({**pairs(20, 10, 0), ("ons4", "happiness"): pairs(20, 10, 0)["ons4", "happiness"] | sums})
    assert (found.values.mean_first, found.values.mean_latest) == (6.2, 8.2)


def test_the_interval_of_a_mean_is_made_of_what_is_released():
    def released(n):
        found = changed(pairs(n, 30, 10))
        return found.values

    assert (released(58).low, released(58).high) == (released(62).low, released(62).high)


def test_the_interval_of_a_curve_is_made_of_what_is_released():
    def interval(n, reached):
        (found,) = shown(waiting, RULE, of_curve([("12",)], [(50, reached, 0, 0), (1000, 0, 0, n - reached)]))
        return found.values.low, found.values.high

    assert interval(101, 21) == interval(99, 19) == interval(98, 22)
    assert interval(105, 20) != interval(100, 20)


def test_every_shape_guards_a_number_of_its_own():
    assert {name: shape.GUARDED for name, shape in SHAPES.items()} == {
        "count": "count", "proportion": "denominator", "waiting": "n", "change": "pairs",
    }  # fmt: skip


def test_values_of_a_row_are_its_attributes():
    row = Row({"quarter": "2024-Q2"}, "shown", values=Count(10))
    assert (row.count, row.numerator, row.expected) == (10, None, None)
    assert row == Row({"quarter": "2024-Q2"}, "shown", count=10)
    with pytest.raises(AttributeError):
        _ = row.client
    with pytest.raises(ValueError, match="no shape"):
        Row({}, "shown", count=1, pairs=2)
