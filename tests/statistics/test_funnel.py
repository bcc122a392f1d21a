"""Funnel limits."""

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journeys.statistics import funnel

sizes = st.integers(1, 5000)
centres = st.floats(0.001, 0.999)


def interpolated(level, n, centre):
    """Spiegelhalter 2005, appendix A.1, read off scipy's binomial distribution."""
    count = stats.binom.ppf(level, n, centre)
    over = stats.binom.cdf(count, n, centre) - level
    return (count - over / stats.binom.pmf(count, n, centre)) / n


@given(st.integers(1, 99), st.floats(0.01, 0.99))
def test_exact_limits_follow_the_published_formula(n, centre):
    expected = [interpolated(level, n, centre) for level in (0.025, 0.975, 0.001, 0.999)]
    assert astuple(funnel.limits(n, centre)) == pytest.approx(np.clip(expected, 0, 1), abs=1e-9)


def test_normal_limits_by_hand():
    # A quarter of 300: standard error sqrt(0.25 x 0.75 / 300) = 0.025.
    found = funnel.limits(300, 0.25)
    assert astuple(found) == pytest.approx(
        (0.25 - 0.0489991, 0.25 + 0.0489991, 0.25 - 0.0772558, 0.25 + 0.0772558), abs=1e-6
    )


def test_exact_under_100_and_normal_from_there():
    assert funnel.limits(99, 0.3) == funnel.exact_limits(99, 0.3)
    assert funnel.limits(100, 0.3) == funnel.normal_limits(100, 0.3)


@given(sizes, centres)
def test_limits_are_shares_in_order(n, centre):
    found = funnel.limits(n, centre)
    assert 0 <= found.low998 <= found.low95 <= found.high95 <= found.high998 <= 1


@pytest.mark.parametrize("n", [5, 40, 400])
@pytest.mark.parametrize("centre", [0, 1])
def test_where_all_services_agree_there_is_no_width(n, centre):
    assert astuple(funnel.limits(n, centre)) == (centre,) * 4


@pytest.mark.parametrize(("n", "centre"), [(0, 0.5), (-5, 0.5), (50, 1.01), (50, -0.1)])
@pytest.mark.parametrize("limits", [funnel.limits, funnel.normal_limits, funnel.exact_limits])
def test_what_cannot_be_is_refused(limits, n, centre):
    with pytest.raises(ValueError, match=r"denominator|centre"):
        limits(n, centre)


@pytest.mark.parametrize(
    ("numerator", "position"),
    [
        (50, "within"),
        (60, "within"),  # a rate on a limit is within it
        (61, "above95"),
        (70, "above95"),
        (71, "above998"),
        (40, "within"),
        (39, "below95"),
        (30, "below95"),
        (29, "below998"),
    ],
)
def test_standing(numerator, position):
    share = numerator / 100
    assert funnel.standing((share, share), funnel.Limits(0.4, 0.6, 0.3, 0.7)) == position


def test_overdispersion_by_hand():
    # Rates 0.2 and 0.8 of 100 each: z = -/+ (asin sqrt 0.8 - pi/4) x 20 = 6.435, so phi = 41.4;
    # weights 400: tau2 = (2 phi - 1) / (800 - 400).
    score = 20 * (math.asin(math.sqrt(0.8)) - math.pi / 4)
    found = funnel.overdispersion([20, 80], [100, 100], trim=0)
    assert found == (pytest.approx(score**2), pytest.approx((2 * score**2 - 1) / 400))


def test_chance_alone_is_not_overdispersed():
    rng = np.random.default_rng(7)
    denominators = np.full(40, 200)
    alike = funnel.overdispersion(rng.binomial(denominators, 0.3), denominators)
    apart = funnel.overdispersion(rng.binomial(denominators, rng.uniform(0.1, 0.5, 40)), denominators)
    assert alike.phi == pytest.approx(1, abs=0.5)
    assert apart.phi > 3 and apart.tau2 > alike.tau2


def test_hidden_services_are_left_out():
    shown = funnel.overdispersion([20, 80, 50], [100, 100, 100])
    assert funnel.overdispersion([20, None, 80, 50, 5, 0], [100, 100, 100, 100, None, 0]) == shown
    assert funnel.overdispersion([None, 20], [100, 100]) == (None, 0.0)


@pytest.mark.parametrize("total", [0, 100])
def test_services_that_all_agree_at_an_end(total):
    assert funnel.overdispersion([total] * 12, [100] * 12) == (0, 0)


def test_a_trim_of_half_or_more_is_refused():
    with pytest.raises(ValueError, match=r"0\.5"):
        funnel.overdispersion([20, 80], [100, 100], trim=0.5)


@given(sizes, centres, st.floats(0, 0.2))
def test_adjusted_limits_hold_the_unadjusted(n, centre, tau2):
    narrow, wide = funnel.adjusted_limits(n, centre, 0.0), funnel.adjusted_limits(n, centre, tau2)
    assert 0 <= wide.low998 <= wide.low95 <= narrow.low95 <= narrow.high95 <= wide.high95 <= wide.high998 <= 1


def test_adjusted_limits_do_not_fold_back_at_small_sizes():
    assert funnel.adjusted_limits(2, 0.1, 0.05).low998 == 0
    assert funnel.adjusted_limits(2, 0.9, 0.05).high998 == 1


def test_a_negative_variance_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        funnel.adjusted_limits(50, 0.5, -0.1)


C = funnel.Counts


def test_the_centre_takes_hidden_numerators_at_the_middle_of_their_bounds():
    # (30 + 3.5 + (50 - 3.5)) of 200 + 100 + 50; the last two say nothing of a numerator and are in neither.
    services = [C(30, 200), C(None, 100, "few"), C(None, 50, "most"), C(None, None), C(None, 80)]
    assert [funnel.taken(s) for s in services] == [30, 3.5, 46.5, None, None]
    assert funnel.centre(services) == pytest.approx(80 / 350)
    assert funnel.centre([C(None, None)]) is None


def test_a_service_is_outside_only_if_its_whole_reach_is():
    limits = funnel.Limits(0.4, 0.6, 0.3, 0.7)
    reach = funnel.reach(C(65, 100))
    assert reach == (pytest.approx(63 / 102), pytest.approx(67 / 98)) and funnel.standing(reach, limits) == "above95"
    assert funnel.standing(funnel.reach(C(60, 100)), limits) == "within"  # 58 of 102 is still inside
    assert funnel.standing(funnel.reach(C(75, 100)), limits) == "above998"
    assert funnel.standing(funnel.reach(C(25, 100)), limits) == "below998"
    assert funnel.standing(funnel.reach(C(35, 100)), limits) == "below95"


def test_a_hidden_numerator_stands_by_its_bound():
    # Fewer than 8 of 200: at most 7 of 198, 3.5%; all but fewer than 8: at least 191 of 198.
    limits = funnel.limits(200, 0.3)
    assert funnel.standing(funnel.reach(C(None, 200, "few")), limits) == "below998"
    assert funnel.standing(funnel.reach(C(None, 200, "most")), limits) == "above998"
    assert funnel.standing(funnel.reach(C(None, 20, "few")), funnel.limits(20, 0.3)) == "within"
    assert funnel.reach(C(None, None)) is None and funnel.reach(C(10, 15)) is None and funnel.reach(C(None, 50)) is None


def test_spread_is_said_from_ten_services_and_above_chance_only():
    apart, alike = [C(20, 100), C(80, 100)] * 5, [C(50, 100)] * 12
    score = 20 * (math.asin(math.sqrt(0.8)) - math.pi / 4)
    assert math.sqrt(funnel.beyond_chance(apart).phi) == pytest.approx(score)
    assert funnel.beyond_chance(apart[:9]) is None and funnel.beyond_chance(alike) is None
    assert funnel.beyond_chance([*apart[:9], C(None, 100, "few")]) is None
