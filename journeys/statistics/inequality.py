"""How a rate changes from the least to the most deprived: the slope index of inequality over five groups."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from journeys.statistics.proportions import normal_quantile, proportion, wilson

GROUPS = 5
LEAST_KNOWN = 0.8


@dataclass(frozen=True, slots=True)
class Slope:
    """Rate of the most deprived minus rate of the least deprived (-1 to 1) along a fitted line, with its 95% interval.

    is_clear: whether the interval leaves out 0; where it does not, say "no clear gradient".
    """

    slope: float
    low: float
    high: float
    is_clear: bool


def slope_index(quintiles: Sequence[tuple[int | None, int | None]], everyone: int | None) -> Slope | None:
    """Slope index of inequality from the released counts of five quintiles, most deprived first (IMD quintile 1 to 5).

    quintiles: (numerator, denominator), released, None where hidden. everyone: the released denominator of the whole,
    people without a quintile included. None where a quintile is hidden or has no rate (denominator under 20), or where the
    quintiles are known for less than 80% of everyone.
    Weighted least squares of the rates on ridit scores (each group's middle in the cumulative distribution from the least
    deprived), weights the denominators; the variance of each rate from the width of its Wilson interval; normal interval.
    Sources: Mackenbach and Kunst 1997, Soc Sci Med 44:757; Bross 1958, Biometrics 14:18 (ridits).
    """
    if len(quintiles) != GROUPS:
        raise ValueError(f"Got {len(quintiles)} groups; the slope is taken over {GROUPS} quintiles")
    known = [(x, n) for x, n in quintiles if x is not None and n is not None and proportion(x, n).rate is not None]
    if len(known) < GROUPS or not everyone or sum(n for _, n in known) < LEAST_KNOWN * everyone:
        return None
    scores = ridits([n for _, n in reversed(known)])[::-1]
    middle = math.fsum(n * x for (_, n), x in zip(known, scores, strict=True)) / sum(n for _, n in known)
    pulls = [n * (x - middle) for (_, n), x in zip(known, scores, strict=True)]
    scale = math.fsum(pull * (x - middle) for pull, x in zip(pulls, scores, strict=True))
    slope = math.fsum(pull * x / n for pull, (x, n) in zip(pulls, known, strict=True)) / scale
    error = math.sqrt(math.fsum(pull**2 * _variance(x, n) for pull, (x, n) in zip(pulls, known, strict=True))) / scale
    half = normal_quantile(0.95) * error
    return Slope(slope, slope - half, slope + half, abs(slope) > half)


def ridits(sizes: Sequence[int]) -> list[float]:
    """The middle of each group in the cumulative distribution of all, in the order given: 0.1, 0.3, ... for five alike."""
    total, below, scores = sum(sizes), 0, []
    for size in sizes:
        scores.append((below + size / 2) / total)
        below += size
    return scores


def _variance(numerator: int, denominator: int) -> float:
    low, high = wilson(numerator, denominator)
    return ((high - low) / 3.92) ** 2
