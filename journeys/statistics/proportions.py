"""Proportions and their differences, with the intervals that belong to them.

Everything here works on released (already rounded) counts; what cannot be given is None, never 0.
"""

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

MINIMUM_DENOMINATOR = 20


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share between 0 and 1 with its 95% interval; all None where there is no rate."""

    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """First share minus second, between -1 and 1, with its 95% interval."""

    difference: float | None
    low: float | None
    high: float | None
    is_clear: bool


def proportion(numerator: int | None, denominator: int | None, base: int = 5) -> Proportion:
    """The rate of two released counts, its Wilson interval widened by what rounding to `base` may hide.

    A count shown as r came from r-2 to r+2 when the base is 5, so the interval reaches at least from
    (r-2)/(R+2) to (r+2)/(R-2). No rate below a denominator of 20 or where a count is hidden (None).
    """
    if numerator is None or denominator is None or denominator < MINIMUM_DENOMINATOR:
        return Proportion(None, None, None)
    low, high = wilson(numerator, denominator)
    least, most = rounding_range(numerator, denominator, base)
    return Proportion(numerator / denominator, min(low, least), max(high, most))


def wilson(x: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Score interval of a proportion (Wilson 1927), 0 to 1; ValueError where n is 0 or x no part of it."""
    _check_part(x, n)
    z = normal_quantile(confidence)
    middle = 2 * x + z * z
    spread = z * math.sqrt(z * z + 4 * x * (1 - x / n))
    scale = 2 * (n + z * z)
    # At the ends one limit is the end itself; the formula misses it by a rounding error.
    low = 0.0 if x == 0 else (middle - spread) / scale
    high = 1.0 if x == n else (middle + spread) / scale
    return low, high


def bounds(why: str, denominator: int | None, k: int = 8, base: int = 5) -> tuple[float, float] | None:
    """Between which shares (0-1) a hidden numerator of a shown denominator lies, from public numbers alone.

    why: `few` (fewer than k: 0 to (k-1)/(R-h), which is the released at_most) or `most` (all but fewer than k:
    1-(k-1)/(R-h), which is the released at_least, to 1); h is half the base, rounded down. None under a denominator of 20.
    """
    if why not in ("few", "most"):
        raise ValueError(f"Got why={why!r}; allowed are few and most")
    if denominator is None or denominator < MINIMUM_DENOMINATOR:
        return None
    share = min(1.0, (k - 1) / (denominator - base // 2))
    return (0.0, share) if why == "few" else (1 - share, 1.0)


def rounding_range(numerator: int, denominator: int, base: int = 5) -> tuple[float, float]:
    """Between which shares (0-1) two released counts may lie before rounding: (r-h)/(R+h) to (r+h)/(R-h), h half the base."""
    half = base // 2
    if denominator <= half:
        raise ValueError(f"Got a denominator of {denominator}; it must be above {half}")
    return max((numerator - half) / (denominator + half), 0.0), min((numerator + half) / (denominator - half), 1.0)


def difference(x1: int | None, n1: int | None, x2: int | None, n2: int | None) -> Difference:
    """Share of the first cohort minus share of the second, Newcombe's interval; clear when it leaves out 0.

    No difference where a count is hidden (None) or a denominator is under 20: no rate is shown there either.
    """
    if x1 is None or n1 is None or x2 is None or n2 is None or min(n1, n2) < MINIMUM_DENOMINATOR:
        return Difference(None, None, None, False)
    low, high = newcombe(x1, n1, x2, n2)
    return Difference(x1 / n1 - x2 / n2, low, high, low > 0 or high < 0)


def newcombe(x1: float, n1: float, x2: float, n2: float, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of x1/n1 - x2/n2 from two Wilson intervals (Newcombe 1998, Stat Med 17:873, method 10)."""
    low1, high1 = wilson(x1, n1, confidence)
    low2, high2 = wilson(x2, n2, confidence)
    p1, p2 = x1 / n1, x2 / n2
    low = p1 - p2 - math.hypot(p1 - low1, high2 - p2)
    high = p1 - p2 + math.hypot(high1 - p1, p2 - low2)
    return max(low, -1.0), min(high, 1.0)


@cache
def normal_quantile(confidence: float) -> float:
    """How many standard deviations either way hold this share of a normal distribution: 1.96 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError(f"Got a confidence of {confidence}; it must lie between 0 and 1, such as 0.95")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _check_part(x: float, n: float) -> None:
    if not 0 <= x <= n or n == 0:
        raise ValueError(f"Got {x} of {n}; the numerator must lie between 0 and the denominator, which is above 0")
