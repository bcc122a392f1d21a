"""Change between the first and the latest reading of the same client, from sums over pairs."""

import math
from dataclasses import dataclass

_NEGLIGIBLE = 1e-12
_UNSEEN = 0.05  # what rounding to one decimal may hide
_STEPS = 25
FEWEST_IN_A_PART = 3


@dataclass(frozen=True, slots=True)
class Means:
    """What may be released of paired readings, in points of the tool: one decimal, the interval made from these."""

    mean_first: float
    mean_latest: float
    mean_change: float
    sd_change: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of a score, the least change of it that counts, and whether lower is better."""

    lowest: float
    highest: float
    least: float = 1
    is_down: bool = False


def means(pairs: int, first: float, latest: float, sd: float, scale: Scale, k: int = 8, half: int = 2) -> Means | None:
    """Rounded means of the pairs and the 95% t interval of their change, made from rounded figures alone.

    pairs: released number, within `half` of the true one; first, latest: exact means of the pairs; sd: exact standard
    deviation of the change. mean_change is the difference of the rounded means, and the interval lies around it. None
    where the rounded deviation is 0.0 or a rounded mean lies at an end of the scale (then everybody's score would be
    known), and where the rounded figures count the few (under k) who differ from the others. Student 1908.
    """
    mean_first, mean_latest, rounded = round(first, 1), round(latest, 1), round(sd, 1)
    if not rounded or any(mean <= scale.lowest or mean >= scale.highest for mean in (mean_first, mean_latest)):
        return None
    change = round(mean_latest - mean_first, 1)
    found = Means(mean_first, mean_latest, change, rounded, *interval(pairs, change, rounded))
    return None if counts_few(pairs + half, found, scale, k) else found


def counts_few(n: int, found: Means, scale: Scale, k: int) -> bool:
    """Whether the released figures of at most n pairs tell how many of them differ from the others.

    Of ten pairs a mean change of 0.2 and a deviation of 0.4 say that two changed by one point and nobody else did. So
    none where fewer than k changes can differ from the nearest whole point, where fewer than k scores can be other than
    the lowest (or the highest), and where at most two people can have improved, or got worse, or neither.
    """
    squares = (n - 1) * (found.sd_change + _UNSEEN) ** 2
    change, least = found.mean_change, int(scale.least)
    if squares + n * (change - round(change)) ** 2 < k:
        return True
    ends = (scale.lowest, scale.highest)
    if any(n * (abs(mean - end) + _UNSEEN) < k for mean in (found.mean_first, found.mean_latest) for end in ends):
        return True
    parts = ((change, least), (-change, least), (-abs(change), 1 - least))
    return any(_at_most(n, squares, mean, edge) < FEWEST_IN_A_PART for mean, edge in parts)


def _at_most(n: int, squares: float, mean: float, edge: int) -> float:
    """How many of n whole numbers can be `edge` or more, by their mean and their squares around it.

    (c - a)(c - a - 1) is never negative for whole c and a, so what it adds up to holds only so many far from a.
    """
    unseen = 2 * _UNSEEN  # of two rounded means
    if mean + unseen >= edge:
        return n
    near = range(math.floor(mean) - _STEPS, edge - 1)
    return min(
        (squares + n * ((abs(mean - a - 0.5) + unseen) ** 2 - 0.25)) / ((edge - a) * (edge - a - 1)) for a in near
    )


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
