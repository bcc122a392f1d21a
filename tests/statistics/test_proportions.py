"""Intervals of proportions and of their differences."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from journeys.statistics import proportions

released = st.integers(4, 2000).map(lambda fives: 5 * fives)


@st.composite
def parts(draw, denominators=released):
    """A released numerator and denominator."""
    denominator = draw(denominators)
    return 5 * draw(st.integers(0, denominator // 5)), denominator


# Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3 (score, no continuity correction).
@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_newcombes_table(x, n, low, high):
    assert proportions.wilson(x, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_statsmodels_and_holds_the_proportion(part):
    x, n = part
    low, high = proportions.wilson(x, n)
    assert (low, high) == pytest.approx(proportion_confint(x, n, method="wilson"), rel=1e-9, abs=1e-12)
    assert 0 <= low <= x / n <= high <= 1


def test_wilson_has_an_interval_at_both_ends_where_wald_has_none():
    assert proportions.wilson(0, 30)[0] == 0 and proportions.wilson(0, 30)[1] > 0.1
    assert proportions.wilson(30, 30)[1] == 1 and proportions.wilson(30, 30)[0] < 0.9


@pytest.mark.parametrize(("x", "n"), [(-1, 10), (11, 10), (0, -1), (0, 0)])
def test_a_part_larger_than_the_whole_and_a_part_of_nobody_are_refused(x, n):
    with pytest.raises(ValueError, match="between 0 and the denominator"):
        proportions.wilson(x, n)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(ValueError, match=r"such as 0\.95"):
        proportions.wilson(1, 10, confidence)


def test_a_proportion_is_widened_to_what_rounding_may_hide():
    # Wilson's 2.2% of 5 in 100 lies below the 3 in 102 that rounding may hide, and stays; 75 in 100 rounded to
    # 25 may be 63 in 112 to 87 in 88, further out than Wilson.
    assert proportions.proportion(5, 100).low == proportions.wilson(5, 100)[0]
    wide = proportions.proportion(75, 100, base=25)
    assert (wide.low, wide.high) == (pytest.approx(63 / 112), pytest.approx(87 / 88))


@given(parts())
def test_a_proportion_holds_every_rate_that_rounds_to_its_counts(part):
    r, total = part
    shown = proportions.proportion(r, total)
    for numerator, denominator in product(range(r - 2, r + 3), range(total - 2, total + 3)):
        if 0 <= numerator <= denominator:
            assert shown.low <= numerator / denominator <= shown.high
    low, high = proportions.wilson(r, total)
    assert 0 <= shown.low <= low <= shown.rate <= high <= shown.high <= 1


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(None, 100), (10, None), (None, None), (10, 15), (0, 0), (15, 19)]
)
def test_no_rate_where_hidden_or_under_20(numerator, denominator):
    assert proportions.proportion(numerator, denominator) == proportions.Proportion(None, None, None)


def test_the_first_rate_is_at_20():
    assert proportions.proportion(10, 20).rate == 0.5


# Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_agrees_with_his_table(counts, low, high):
    assert proportions.newcombe(*counts) == pytest.approx((low, high), abs=5e-5)


@given(parts(), parts())
def test_difference_agrees_with_statsmodels_and_turns_with_its_cohorts(first, second):
    found = proportions.difference(*first, *second)
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)
    turned = proportions.difference(*second, *first)
    assert (turned.difference, turned.low, turned.high) == pytest.approx((-found.difference, -found.high, -found.low))
    assert found.is_clear == turned.is_clear == (not found.low <= 0 <= found.high)


def test_a_difference_that_covers_nothing_is_not_clear():
    assert proportions.difference(56, 70, 48, 80).is_clear
    assert not proportions.difference(20, 50, 20, 50).is_clear
    assert not proportions.difference(15, 48, 19, 40).is_clear


@pytest.mark.parametrize("counts", [(None, 70, 48, 80), (56, 70, 48, None), (10, 15, 48, 80)])
def test_no_difference_where_one_side_has_no_rate(counts):
    assert proportions.difference(*counts) == proportions.Difference(None, None, None, False)


def test_a_hidden_numerator_lies_between_public_bounds():
    # Of 100 (98 to 102) fewer than 8: at most 7 of 98; all but fewer than 8: at least 91 of 98.
    assert proportions.bounds("few", 100) == (0, pytest.approx(7 / 98))
    assert proportions.bounds("most", 100) == (pytest.approx(91 / 98), 1)
    assert proportions.bounds("few", 1500, k=5) == (0, pytest.approx(4 / 1498))
    assert proportions.bounds("few", 15) is None and proportions.bounds("few", None) is None
    with pytest.raises(ValueError, match="few and most"):
        proportions.bounds("hidden", 100)


@given(st.integers(20, 500), st.integers(0, 7))
def test_the_bounds_hold_every_hidden_numerator(denominator, hidden):
    released = (denominator + 2) // 5 * 5
    if released >= 20:
        low, high = proportions.bounds("few", released)
        assert low <= hidden / denominator <= high
        low, high = proportions.bounds("most", released)
        assert low <= 1 - hidden / denominator <= high


def test_the_rounding_range_is_that_of_the_counts():
    assert proportions.rounding_range(10, 100) == (pytest.approx(8 / 102), pytest.approx(12 / 98))
    assert proportions.rounding_range(0, 20) == (0, pytest.approx(2 / 18))
    with pytest.raises(ValueError, match="above 2"):
        proportions.rounding_range(0, 0)
