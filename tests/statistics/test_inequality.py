"""The slope index of inequality."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from journeys.statistics import inequality

LINE = [(40, 100), (35, 100), (30, 100), (25, 100), (20, 100)]  # most deprived first

counts = st.tuples(st.integers(0, 1), st.integers(4, 400)).flatmap(
    lambda pair: st.tuples(st.integers(0, pair[1]).map(lambda fives: 5 * fives), st.just(5 * pair[1]))
)


def test_a_slope_by_hand():
    # Ridits 0.1 to 0.9 from the least deprived; 5 points more each 0.2: the line rises 25 points from end to end.
    # Weights x distances 100 x (-0.4, -0.2, 0, 0.2, 0.4), scale 100 x 0.4 = 40. Widths of Wilson's intervals of 20, 25,
    # 30, 35, 40 in 100: 0.15546, 0.16759, 0.17690, 0.18381, 0.18860 (with 30 not pulling at all), so the variance is
    # (40^2 (0.15546^2 + 0.18860^2) + 20^2 (0.16759^2 + 0.18381^2)) / 3.92^2 / 40^2 = 0.00489, its root 0.0699.
    found = inequality.slope_index(LINE, 500)
    assert found.slope == pytest.approx(0.25)
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(0.0699, abs=2e-4)
    assert found.is_clear


def test_ridits_are_the_middles_of_the_groups():
    assert inequality.ridits([10, 30, 60]) == pytest.approx([0.05, 0.25, 0.7])


def test_more_among_the_least_deprived_is_a_negative_slope_and_no_slope_is_not_clear():
    turned = inequality.slope_index(LINE[::-1], 500)
    assert turned.slope == pytest.approx(-0.25) and turned.is_clear
    flat = inequality.slope_index([(30, 100), (35, 100), (30, 100), (25, 100), (30, 100)], 500)
    assert flat.low < 0 < flat.high and not flat.is_clear


@given(st.lists(counts, min_size=5, max_size=5))
def test_the_slope_is_numpys_weighted_least_squares(quintiles):
    found = inequality.slope_index(quintiles, sum(n for _, n in quintiles))
    sizes = np.array([n for _, n in quintiles][::-1], dtype=float)
    rates = np.array([x / n for x, n in quintiles][::-1])
    scores = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    assert found.slope == pytest.approx(np.polyfit(scores, rates, 1, w=np.sqrt(sizes))[0], abs=1e-9)
    widths = np.array([np.diff(proportion_confint(x, n, method="wilson"))[0] for x, n in quintiles][::-1])
    away = sizes * (scores - np.average(scores, weights=sizes))
    error = math.sqrt(np.sum(away**2 * (widths / 3.92) ** 2)) / np.sum(away * scores)
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * error, rel=1e-6)


@pytest.mark.parametrize(
    ("quintiles", "everyone"),
    [
        ([*LINE[:4], (None, 100)], 500),
        ([*LINE[:4], (None, None)], 500),
        ([*LINE[:4], (10, 15)], 500),
        (LINE, 630),  # 500 of 630 known: under 80%
        (LINE, None),
    ],
)
def test_no_slope_where_a_quintile_is_hidden_or_too_few_are_known(quintiles, everyone):
    assert inequality.slope_index(quintiles, everyone) is None
    assert inequality.slope_index(LINE, 625) is not None


def test_four_groups_are_refused():
    with pytest.raises(ValueError, match="5 quintiles"):
        inequality.slope_index(LINE[:4], 400)
