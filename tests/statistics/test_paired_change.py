"""Paired change."""

from types import SimpleNamespace

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journeys.statistics import paired_change
from journeys.vocabulary import metrics

points = st.floats(-50, 50).map(lambda value: round(value, 2))


def summarise(changes):
    """Mean, standard deviation and interval of changes, from their sums as SQL gives them."""
    n, total = len(changes), sum(changes)
    sd = paired_change.standard_deviation(n, total, sum(value**2 for value in changes))
    return SimpleNamespace(mean=total / n, sd=sd, interval=paired_change.interval(n, total / n, sd))


def test_the_textbook_paired_t():
    # Student 1908, hours of sleep gained, R: t.test(extra ~ group, data = sleep, paired = TRUE).
    found = summarise([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    assert (found.mean, found.sd) == pytest.approx((1.58, 1.2299955))
    assert found.interval == pytest.approx((0.7001142, 2.4598858))


def test_averages_of_everyone_are_not_the_change():
    # Ten clients, five at 15 and five at 25; nobody changes and the five low scorers drop out.
    found = summarise([0.0] * 5)
    assert (found.mean, found.sd, found.interval) == (0, 0, (0, 0))


def test_two_pairs_have_a_very_wide_interval():
    found = summarise([3, 1])
    assert found.interval == pytest.approx((2 - 12.7062, 2 + 12.7062), abs=1e-4)


@given(st.lists(points, min_size=2, max_size=60))
def test_sums_give_what_the_pairs_give(changes):
    found = summarise(changes)
    assert found.mean == pytest.approx(sum(changes) / len(changes), abs=1e-9)
    spread = stats.tstd(changes) if len(set(changes)) > 1 else 0.0
    assert found.sd == pytest.approx(spread, rel=1e-6, abs=1e-4)
    assert found.interval[0] <= found.mean <= found.interval[1]


@given(st.lists(points, min_size=2, max_size=60).filter(lambda changes: len({round(c, 1) for c in changes}) > 1))
def test_interval_agrees_with_scipy(changes):
    found = summarise(changes)
    expected = stats.ttest_1samp(changes, 0).confidence_interval()
    assert found.interval == pytest.approx(tuple(expected), rel=1e-6, abs=1e-6)


@given(points, st.integers(2, 500))
def test_equal_changes_have_no_spread_at_all(value, n):
    assert paired_change.standard_deviation(n, n * value, n * value**2) == 0


def test_interval_from_released_figures():
    assert paired_change.interval(30, 1.2, 2.4) == pytest.approx((1.2 - 0.89617, 1.2 + 0.89617), abs=1e-4)


@pytest.mark.parametrize(
    ("gain", "expected"),
    [
        (1.0, "improved"),
        (0.99, "same"),
        (0.0, "same"),
        (-0.99, "same"),
        (-1.0, "worse"),
        (None, None),
    ],
)
def test_a_change_counts_from_the_threshold_on(gain, expected):
    """The classes are made by the metric's own SQL; `gain` is towards better already."""
    (row,) = classified([gain], 1)
    assert {name for name in ("improved", "same", "worse") if row[name]} == ({expected} - {None})
    assert (row["first"], row["pairs"]) == (1, gain is not None)


def classified(gains, threshold):
    """The rows of the metric's SQL over readings with these gains."""
    readings = ", ".join(f"({'null' if gain is None else gain}::double)" for gain in gains)
    labels = "null as by_1, null as by_2, 0 as part, true as records_readings"
    sql = f"""with selected as (select {labels} limit 0),
    selected_reading as (
        select {labels}, 'ons4' as tool, 'life_satisfaction' as item, 5.0 as first_score, 5.0 + gain as latest_score, gain,
            {threshold}::double as threshold
        from (values {readings}) as reading (gain)
    ) select * from ({metrics.get("wellbeing_change").sql}) as answer"""
    return duckdb.sql(sql).to_arrow_table().to_pylist()


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="two or more"):
        paired_change.standard_deviation(1, 3, 9)
    with pytest.raises(ValueError, match="two or more"):
        paired_change.interval(1, 1.2, 2.4)
    with pytest.raises(ValueError, match="cannot have squares"):
        paired_change.standard_deviation(4, 20, 10)
    with pytest.raises(ValueError, match="standard deviation"):
        paired_change.interval(10, 1, -1)


def test_released_means_are_made_from_rounded_figures():
    # 18.46 and 19.72 are printed 18.5 and 19.7, so the change is 1.2 and not the exact 1.26; t(29) = 2.0452, and
    # 2.0452 x 2.4 / sqrt(30) = 0.89617.
    found = paired_change.means(30, 18.46, 19.72, 2.43, paired_change.Scale(7, 35))
    assert (found.mean_first, found.mean_latest, found.mean_change, found.sd_change) == (18.5, 19.7, 1.2, 2.4)
    assert (found.low, found.high) == pytest.approx((1.2 - 0.89617, 1.2 + 0.89617), abs=1e-4)


@pytest.mark.parametrize(
    ("first", "latest", "sd"),
    [
        (6.0, 9.98, 1.2),  # everyone at the top at the end
        (0.04, 5.0, 1.2),  # everyone at the bottom at first
        (6.0, 8.0, 0.04),  # everyone by the same
    ],
)
def test_nothing_where_everybodys_score_would_be_known(first, latest, sd):
    assert paired_change.means(15, first, latest, sd, paired_change.Scale(0, 10)) is None
    assert paired_change.means(15, 6.0, 8.0, 2.2, paired_change.Scale(0, 10)) is not None


@given(st.floats(0.1, 9.9), st.floats(0.1, 9.9), st.floats(0.1, 5), st.integers(2, 80))
def test_the_change_is_the_difference_of_what_is_printed(first, latest, sd, fives):
    found = paired_change.means(5 * fives, first, latest, sd, paired_change.Scale(0, 10))
    if found is not None:
        assert found.mean_change == round(found.mean_latest - found.mean_first, 1)
        assert found.low + found.high == pytest.approx(2 * found.mean_change)
