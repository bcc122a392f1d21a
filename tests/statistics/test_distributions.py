"""The few exact probabilities that are worked out here, against scipy's and against what they mean."""

import math

import pytest
from scipy import stats

from journeys.statistics import distributions

FREEDOM = (1, 2, 3, 4, 7, 28, 29, 198, 199, 200, 201, 1_599, 10**6)


@pytest.mark.parametrize("freedom", FREEDOM)
@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95, 0.998])
def test_students_t_holds_its_share(freedom, confidence):
    expected = stats.t.ppf((1 + confidence) / 2, freedom)
    assert distributions.student(freedom, confidence) == pytest.approx(expected, rel=1e-9)


def test_students_t_as_printed():
    """Student 1908 as tabled since (Fisher and Yates): 95% either way."""
    printed = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
    assert {f: round(distributions.student(f, 0.95), 3) for f in printed} == printed


@pytest.mark.parametrize("n", [1, 2, 20, 57, 99])
@pytest.mark.parametrize("share", [1e-6, 0.01, 0.3, 0.5, 0.99])
def test_binomial_probabilities_add_up(n, share):
    found = distributions.binomial(n, share)
    assert found == pytest.approx(list(stats.binom.cdf(range(n + 1), n, share)), abs=1e-12)
    assert len(found) == n + 1 and found[-1] == pytest.approx(1)


@pytest.mark.parametrize("events", [0, 1, 3, 9, 40])
@pytest.mark.parametrize("at_most", [0.001, 0.025, 0.5, 0.975])
def test_a_poisson_count_is_as_rare_as_was_asked(events, at_most):
    mean = distributions.poisson_mean(events, at_most)
    assert stats.poisson.cdf(events, mean) == pytest.approx(at_most, rel=1e-9)
    assert events or mean == pytest.approx(-math.log(at_most))
