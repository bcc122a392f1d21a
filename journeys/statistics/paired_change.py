"""Change between the first and the latest reading of the same client, from sums over pairs."""

import math
from dataclasses import dataclass

_NEGLIGIBLE = 1e-12


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
    return Means(mean_first, mean_latest, change, rounded, *interval(pairs, change, rounded))


def interval(n: int, mean: float, sd: float, confidence: float = 0.95) -> tuple[float, float]:
    """t interval of a mean of n pairs (Student 1908); ValueError under two pairs or with a negative deviation."""
    if n < 2:
        raise ValueError(f"Got {n} pairs; an interval needs two or more")
    if sd < 0:
        raise ValueError(f"Got a standard deviation of {sd}; it is 0 or more")
    from scipy import special  # here, not above: it costs more to import than the rest of the module

    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * sd / math.sqrt(n)
    return mean - half, mean + half


def standard_deviation(n: int, total: float, squares: float) -> float:
    """Sample standard deviation of n changes from their sum and the sum of their squares.

    What is only rounding error is 0; ValueError under two changes and where the squares are too small for the sum.
    """
    if n < 2:
        raise ValueError(f"Got {n} pairs; a standard deviation needs two or more")
    deviations = squares - total * total / n
    slack = _NEGLIGIBLE * max(squares, total * total / n)
    if deviations < -slack:
        raise ValueError(f"{n} changes that add up to {total} cannot have squares that add up to {squares}")
    return math.sqrt(deviations / (n - 1)) if deviations > slack else 0.0
