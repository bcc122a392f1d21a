"""The few exact probabilities that limits and intervals stand on, for whole numbers; a library of all of them would be a sixth of what is installed."""

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from statistics import NormalDist

_MANY = 200  # degrees of freedom from which the expansion of Student's t is right to ten digits
_HALVINGS = 200


def binomial(n: int, share: float) -> list[float]:
    """The probability of at most 0, 1, ... n of n, each as likely as `share`."""
    return list(accumulate(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)))


@lru_cache(maxsize=1024)
def poisson_mean(events: int, at_most: float) -> float:
    """The mean of a Poisson count of which `events` or fewer are as likely as `at_most`."""

    def more_than(mean: float) -> float:
        return 1 - math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(events + 1))

    return _where(more_than, 1 - at_most, 0.0, 10.0 * (events + 10))


@lru_cache(maxsize=4096)
def student(freedom: int, confidence: float) -> float:
    """How many standard errors either way hold this share of Student's t (Abramowitz and Stegun 1964, 26.7.3 to 26.7.5)."""
    if freedom >= _MANY:
        return _expanded(freedom, NormalDist().inv_cdf((1 + confidence) / 2))
    return math.sqrt(freedom) * math.tan(_where(lambda angle: _held(freedom, angle), confidence, 0.0, math.pi / 2))


def _held(freedom: int, angle: float) -> float:
    """The share of Student's t within sqrt(freedom) x tan(angle) either way: a sum of positive terms for whole degrees of freedom."""
    is_odd, square = freedom % 2, math.cos(angle) ** 2
    term = total = math.cos(angle) if is_odd else 1.0
    for k in range(2 + is_odd, freedom - 1, 2):
        term *= square * (k - 1) / k
        total += term
    if not is_odd:
        return math.sin(angle) * total
    return 2 / math.pi * (angle + (math.sin(angle) * total if freedom > 1 else 0.0))


def _expanded(freedom: int, z: float) -> float:
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return math.fsum(term / freedom**i for i, term in enumerate(terms))


def _where(rising: Callable[[float], float], level: float, low: float, high: float) -> float:
    """Where a rising function reaches a level, by halving until nothing lies between."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return (low + high) / 2
