"""Intervals of proportions, differences, counts and standardised ratios."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
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


def test_no_one_gives_no_interval():
    assert proportions.wilson(0, 0) == (None, None)
    assert proportions.newcombe(0, 0, 3, 10) == (None, None)


@pytest.mark.parametrize(("x", "n"), [(-1, 10), (11, 10), (0, -1)])
def test_a_part_larger_than_the_whole_is_refused(x, n):
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


# Garwood 1936, Biometrika 28:437, table 1 (two-sided 95%).
@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.62, 11.67), (9, 4.12, 17.08)]
)
def test_exact_poisson_agrees_with_garwoods_table(events, low, high):
    assert proportions.exact_poisson(events) == pytest.approx((low, high), abs=5e-3)


@given(st.integers(0, 5000), st.sampled_from([0.95, 0.998]))
def test_exact_poisson_is_the_chi_square_form(events, confidence):
    tail = (1 - confidence) / 2
    low = stats.chi2.ppf(tail, 2 * events) / 2 if events else 0
    high = stats.chi2.ppf(1 - tail, 2 * events + 2) / 2
    assert proportions.exact_poisson(events, confidence) == pytest.approx((low, high), rel=1e-9)


def test_limits_of_a_count_are_exact_under_10_and_byars_from_there():
    assert proportions.poisson(9) == proportions.exact_poisson(9)
    assert proportions.poisson(10) == proportions.byar(10)


@given(st.integers(10, 10**6))
def test_byar_is_close_to_exact_from_10_on(events):
    assert proportions.byar(events) == pytest.approx(proportions.exact_poisson(events), rel=2e-3)


def test_byars_lower_limit_stops_at_nothing():
    assert proportions.byar(0)[0] == 0
    assert proportions.byar(1, 0.998)[0] == 0


@pytest.mark.parametrize("limits", [proportions.byar, proportions.exact_poisson])
def test_negative_events_are_refused(limits):
    with pytest.raises(ValueError, match="0 or more"):
        limits(-1)


def test_ratio_is_observed_over_expected_with_its_limits():
    found = proportions.ratio(20, 16.0)
    low, high = proportions.byar(20)
    assert (found.ratio, found.low, found.high) == pytest.approx((1.25, low / 16, high / 16))


@pytest.mark.parametrize(("observed", "expected"), [(20, 4.9), (None, 12.0), (20, None), (0, 0)])
def test_no_ratio_where_hidden_or_too_few_are_expected(observed, expected):
    assert proportions.ratio(observed, expected) == proportions.Ratio(None, None, None)


def test_a_ratio_of_nothing_observed_has_an_upper_limit_only():
    found = proportions.ratio(0, 5)
    assert (found.ratio, found.low) == (0, 0) and found.high == pytest.approx(3.689 / 5, abs=1e-4)


def test_expected_by_hand():
    # 40 young at a pooled 10% and 60 old at a pooled 50%: 4 + 30.
    strata = [(6, 40, 20, 200), (28, 60, 50, 100)]
    assert proportions.expected(strata) == pytest.approx(34)
    found = proportions.standardise(strata)
    assert (found.observed, found.expected, found.ratio) == (34, pytest.approx(34), pytest.approx(1))
    assert found.low < 1 < found.high


def test_a_missing_count_expects_nothing_and_an_empty_stratum_is_refused():
    assert proportions.expected([(None, None, 5, 50), (2, 10, None, 50)]) == 0
    with pytest.raises(ValueError, match="above 0"):
        proportions.expected([(0, 10, 0, 0)])


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 200), st.integers(1, 300), st.integers(0, 300)), min_size=1)
)
def test_observed_and_expected_balance_over_all_groups(strata):
    """Two groups that make up the pool: their expected counts add up to what was observed."""
    first, second = [], []
    for n1, x1, n2, x2 in strata:
        x1, x2 = min(x1, n1), min(x2, n2)
        first.append((x1, n1, x1 + x2, n1 + n2))
        second.append((x2, n2, x1 + x2, n1 + n2))
    groups = [proportions.standardise(group) for group in (first, second)]
    total = sum(group.observed for group in groups)
    assert math.fsum(group.expected for group in groups) == pytest.approx(total)


def test_small_strata_merge_along_the_last_part_first():
    pooled = {
        ("25-34", "employed", 1): 50,
        ("25-34", "employed", 2): 12,
        ("25-34", "employed", 3): 9,
        ("25-34", "retired", 1): 30,
        ("25-34", "retired", 2): 5,
        ("35-49", "student", 1): 19,
        ("35-49", "retired", 1): 7,
        ("65-74", "retired", 1): 90,
    }
    merged = proportions.merge_strata(pooled)
    assert merged == {
        ("25-34", "employed", 1): ("25-34", "employed", 1),
        ("25-34", "employed", 2): ("25-34", "employed", 2),  # 12 + 9 is enough: the 50 stays as it is
        ("25-34", "employed", 3): ("25-34", "employed", 2),
        ("25-34", "retired", 1): ("25-34", "retired", 1),  # 5 has only the 30 beside it
        ("25-34", "retired", 2): ("25-34", "retired", 1),
        ("35-49", "student", 1): ("35-49", "retired", 1),  # alone in their last part, so one level up
        ("35-49", "retired", 1): ("35-49", "retired", 1),
        ("65-74", "retired", 1): ("65-74", "retired", 1),
    }


keys = st.tuples(st.sampled_from(["16-24", "25-34"]), st.sampled_from("abc"), st.integers(1, 5))


@given(st.dictionaries(keys, st.integers(0, 60), min_size=1), st.randoms())
def test_merged_strata_are_large_enough_and_do_not_depend_on_order(pooled, random):
    merged = proportions.merge_strata(pooled)
    sizes = {}
    for key, name in merged.items():
        sizes[name] = sizes.get(name, 0) + pooled[key]
    assert min(sizes.values()) >= 20 or len(sizes) == 1
    assert list(merged) == list(pooled) and all(merged[name] == name for name in sizes)
    shuffled = list(pooled.items())
    random.shuffle(shuffled)
    assert proportions.merge_strata(dict(shuffled)) == merged


def test_large_strata_stay_apart_and_nothing_merges_to_nothing():
    pooled = {("a", "x"): 20, ("a", "y"): 20}
    assert proportions.merge_strata(pooled) == {key: key for key in pooled}
    assert proportions.merge_strata({}) == {}
    with pytest.raises(ValueError, match="same number"):
        proportions.merge_strata({("a",): 20, ("a", "y"): 20})
