"""Change between the first and the latest reading of the same client, from sums over pairs."""

import math
from dataclasses import dataclass

_NEGLIGIBLE = 1e-12


@dataclass(frozen=True, slots=True)
class Change:
    """Mean and standard deviation of the change, in points of the tool, and the 95% interval of the mean."""

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Means:
    """What may be released of paired readings, in points of the tool: one decimal, the interval made from these."""

    mean_first: float
    mean_latest: float
    mean_change: float
    sd_change: float
    low: float
    high: float


def means(pairs: int, first: float, latest: float, sd: float, scale: tuple[float, float]) -> Means | None:
    """Rounded means of the pairs and the 95% t interval of their change, made from rounded figures alone.

    pairs: released (rounded) number; first, latest: exact means of the pairs; sd: exact standard deviation of the
    change; scale: lowest and highest score of the tool. mean_change is the difference of the rounded means, and the
    interval lies around it. None where the rounded deviation is 0.0 or a rounded mean lies at an end of the scale: then
    everybody's score would be known. Student 1908.
    """
    mean_first, mean_latest, rounded = round(first, 1), round(latest, 1), round(sd, 1)
    if not rounded or any(mean <= scale[0] or mean >= scale[1] for mean in (mean_first, mean_latest)):
        return None
    change = round(mean_latest - mean_first, 1)
    low, high = interval(pairs, change, rounded)
    return None if low is None or high is None else Means(mean_first, mean_latest, change, rounded, low, high)


def summary(n: int, sum_change: float, sum_squares_change: float, confidence: float = 0.95) -> Change:
    """Paired change from the number of pairs and the sums of their changes and squared changes.

    Only pairs count: averages of everyone at the start and everyone at the end mix people. No pair gives
    nothing, one pair a mean without standard deviation or interval. Student 1908.
    """
    if n < 0:
        raise ValueError(f"Got {n} pairs; a count is 0 or more")
    if n == 0:
        return Change(None, None, None, None)
    mean = sum_change / n
    if n == 1:
        return Change(mean, None, None, None)
    sd = _standard_deviation(n, sum_change, sum_squares_change)
    return Change(mean, sd, *interval(n, mean, sd, confidence))


def interval(
    n: int | None, mean: float | None, sd: float | None, confidence: float = 0.95
) -> tuple[float | None, float | None]:
    """t interval of a mean of n pairs; (None, None) under two pairs or where a figure is hidden (None)."""
    if n is None or mean is None or sd is None or n < 2:
        return None, None
    if sd < 0:
        raise ValueError(f"Got a standard deviation of {sd}; it is 0 or more")
    from scipy import special  # here, not above: it costs more to import than the rest of the module

    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * sd / math.sqrt(n)
    return mean - half, mean + half


def _standard_deviation(n: int, total: float, squares: float) -> float:
    """Sample standard deviation from sums; what is only rounding error is 0, a sum too small is refused."""
    deviations = squares - total * total / n
    slack = _NEGLIGIBLE * max(squares, total * total / n)
    if deviations < -slack:
        raise ValueError(f"{n} changes that add up to {total} cannot have squares that add up to {squares}")
    return math.sqrt(deviations / (n - 1)) if deviations > slack else 0.0
