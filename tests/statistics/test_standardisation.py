"""Counts of events, standardised ratios and the strata that they rest on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journeys.statistics import standardisation


# Garwood 1936, Biometrika 28:437, table 1 (two-sided 95%).
@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.62, 11.67), (9, 4.12, 17.08)]
)
def test_exact_poisson_agrees_with_garwoods_table(events, low, high):
    assert standardisation.exact_poisson(events) == pytest.approx((low, high), abs=5e-3)


@given(st.integers(0, 5000), st.sampled_from([0.95, 0.998]))
def test_exact_poisson_is_the_chi_square_form(events, confidence):
    tail = (1 - confidence) / 2
    low = stats.chi2.ppf(tail, 2 * events) / 2 if events else 0
    high = stats.chi2.ppf(1 - tail, 2 * events + 2) / 2
    assert standardisation.exact_poisson(events, confidence) == pytest.approx((low, high), rel=1e-9)


@given(st.integers(10, 10**6))
def test_byar_is_close_to_exact_from_10_on(events):
    assert standardisation.byar(events) == pytest.approx(standardisation.exact_poisson(events), rel=2e-3)


def test_byars_lower_limit_stops_at_nothing():
    assert standardisation.byar(0)[0] == 0
    assert standardisation.byar(1, 0.998)[0] == 0


@pytest.mark.parametrize("limits", [standardisation.byar, standardisation.exact_poisson])
def test_negative_events_are_refused(limits):
    with pytest.raises(ValueError, match="0 or more"):
        limits(-1)


def test_expected_by_hand():
    # 40 young at a pooled 10% and 60 old at a pooled 50%: 4 + 30.
    assert standardisation.expected([(40, 20, 200), (60, 50, 100)]) == pytest.approx(34)


def test_an_empty_stratum_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        standardisation.expected([(10, 0, 0)])


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 200), st.integers(1, 300), st.integers(0, 300)), min_size=1)
)
def test_observed_and_expected_balance_over_all_groups(strata):
    """Two groups that make up the pool: their expected counts add up to what was observed."""
    strata = [(n1, min(x1, n1), n2, min(x2, n2)) for n1, x1, n2, x2 in strata]
    first = standardisation.expected((n1, x1 + x2, n1 + n2) for n1, x1, n2, x2 in strata)
    second = standardisation.expected((n2, x1 + x2, n1 + n2) for n1, x1, n2, x2 in strata)
    assert first + second == pytest.approx(sum(x1 + x2 for _, x1, _, x2 in strata))


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
    merged = standardisation.merge_strata(pooled)
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
    merged = standardisation.merge_strata(pooled)
    sizes = {}
    for key, name in merged.items():
        sizes[name] = sizes.get(name, 0) + pooled[key]
    assert min(sizes.values()) >= 20 or len(sizes) == 1
    assert list(merged) == list(pooled) and all(merged[name] == name for name in sizes)
    shuffled = list(pooled.items())
    random.shuffle(shuffled)
    assert standardisation.merge_strata(dict(shuffled)) == merged


def test_large_strata_stay_apart_and_nothing_merges_to_nothing():
    pooled = {("a", "x"): 20, ("a", "y"): 20}
    assert standardisation.merge_strata(pooled) == {key: key for key in pooled}
    assert standardisation.merge_strata({}) == {}
    with pytest.raises(ValueError, match="same number"):
        standardisation.merge_strata({("a",): 20, ("a", "y"): 20})


def test_an_expected_rate_is_all_that_leaves_the_strata():
    # 34 expected of 100 (test_expected_by_hand); 20 of 61 is 0.3279 and leaves as 0.328.
    assert standardisation.expected_rate([(40, 20, 200), (60, 50, 100)]) == 0.34
    assert standardisation.expected_rate([(61, 20, 61)]) == 0.328
    assert standardisation.expected_rate([]) is None


def test_how_many_are_measured_by_others():
    # All 40 have their stratum to themselves; 10 of 100 are measured to 90%.
    assert standardisation.measured_by_others([(40, 40)]) == 0
    assert standardisation.measured_by_others([(40, 40), (10, 100)]) == pytest.approx(9)


def test_scaled_expected_counts_by_hand():
    # 0.2 x 100 + 0.3 x 50 = 35 expected, 28 seen: a factor of 0.8. The rows without a rate, a denominator or a
    # numerator are in neither sum.
    found = standardisation.scaled([0.2, 0.3, None, 0.5, 0.1], [100, 50, 40, None, 60], [18, 10, 9, 3, None])
    assert found == (pytest.approx(16), pytest.approx(12), None, None, None)
    assert standardisation.scaled([0.0, None], [40, 40], [3.5, 3.5]) == (0, None)


@given(st.lists(st.tuples(st.floats(0.01, 1), st.integers(4, 300), st.floats(0, 300)), min_size=1))
def test_scaled_expected_counts_add_up_to_the_numerators(rows):
    rates, fives, numerators = zip(*rows, strict=True)
    found = standardisation.scaled(rates, [5 * n for n in fives], numerators)
    assert sum(found) == pytest.approx(sum(numerators))


def test_ratio_limits_from_the_ends_of_the_rounding_by_hand():
    # Rare (16 of 400): Byar's limits of 18 and 22 over 16.
    rare = standardisation.compared(20, 16.0, 400)
    assert (rare.ratio, rare.low, rare.high) == (
        1.25,
        pytest.approx(standardisation.byar(18)[0] / 16),
        pytest.approx(standardisation.byar(22)[1] / 16),
    )
    # Common (60 of 200): Wilson's limits of 68 and 72 of 200, 0.2779 and 0.4286, over 0.3.
    common = standardisation.compared(70, 60.0, 200)
    assert (common.ratio, common.low, common.high) == pytest.approx((70 / 60, 0.2779 / 0.3, 0.4286 / 0.3), abs=5e-4)


def test_ratio_limits_under_ten_are_exact():
    found = standardisation.compared(5, 6.0, 300)
    low, high = standardisation.exact_poisson(3)[0], standardisation.exact_poisson(7)[1]
    assert (found.low, found.high) == pytest.approx((low / 6, high / 6))


def test_a_ratio_where_nearly_all_have_the_outcome_stays_below_the_most_there_can_be():
    found = standardisation.compared(100, 90.0, 100)
    assert found.high == pytest.approx(100 / 90)


@pytest.mark.parametrize(
    ("observed", "expected", "n"), [(20, 4.9, 100), (None, 12.0, 100), (20, None, 100), (20, 12.0, None)]
)
def test_no_compared_ratio_where_hidden_or_too_few_are_expected(observed, expected, n):
    assert standardisation.compared(observed, expected, n) == standardisation.Ratio(None, None, None)
