"""Time to a first outcome: cumulative incidence, where another event may come first and some are not followed to the end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from journeys.statistics.proportions import rounding_range

Numbers = Sequence[float] | np.ndarray
_Z = NormalDist().inv_cdf(0.975)
_ROUNDING = 1e-12
_WIDEST = 700  # exp of more overflows; the interval is 0 to 1 long before


@dataclass(frozen=True, slots=True)
class Step:
    """The curve at one day.

    at_risk: journeys still waiting at the start of the interval that ends on `day`, that is after everything
    on the day of the step before (all journeys for the first step). reached: journeys still waiting when
    `day` itself begins (R's n.risk). events, competing, censored: cumulative, up to and including `day`.
    incidence: share with the outcome by then, 0-1; None where nobody is followed that far. se: its standard error.
    """

    day: float
    at_risk: int
    events: int
    competing: int
    censored: int
    incidence: float | None
    se: float | None
    reached: int


@dataclass(frozen=True, slots=True)
class _Course:
    """What happens day by day: sorted days, counts on each, all three up to and including each, and journeys waiting when each day begins."""

    days: np.ndarray
    events: np.ndarray
    competing: np.ndarray
    so_far: np.ndarray
    waiting: np.ndarray

    def until(self, n_days: int) -> tuple[int, int, int]:
        """Events, competing events and censored on the first `n_days` of the days."""
        events, competing, censored = self.so_far[:, n_days - 1].tolist() if n_days else (0, 0, 0)
        return events, competing, censored


@dataclass(frozen=True, slots=True)
class _Curve:
    """After each day: share still without any event, incidence, and the three parts of its variance."""

    course: _Course
    free: np.ndarray
    incidence: np.ndarray
    parts: np.ndarray


def curve(
    days: Numbers,
    events: Numbers,
    competing: Numbers,
    censored: Numbers,
    at: Sequence[float],
) -> tuple[Step, ...]:
    """Cumulative incidence of the outcome by each day of `at` (Aalen-Johansen).

    days: days since referral, in any order; the other three: how many journeys end their wait on that day
    with the outcome, with the competing event, and unfinished. On one day events come before competing
    events before censoring, so all of them are at risk of that day's events. Variance: Aalen's, with the
    correction for ties of Gray's cmprsk.
    """
    course = _course(days, events, competing, censored)
    before, free = _survival(course)
    incidence = np.cumsum(before * _share(course.events, course.waiting))
    parts = _aalen_parts(course, before, free, incidence)
    return _steps(_Curve(course, free, incidence, parts), at)


def design_effect(step: Step, total: float) -> float:
    """How much wider than a plain proportion's the variance of the incidence is, to one decimal; what may be released of it.

    The exact variance over the binomial variance of the exact share of `total` journeys; 1.0 where nobody was lost from
    sight by then, and where the incidence is 0, 1 or unknown.
    """
    share = step.incidence
    if not step.censored or share is None or step.se is None or not 0 < share < 1:
        return 1.0
    return round(step.se**2 * total / (share * (1 - share)), 1)


def interval(reached: int, cohort: int, effect: float, base: int = 5) -> tuple[float, float]:
    """95% interval (0-1) of a released incidence, from what is released alone.

    reached: incidence x journeys, cohort: journeys, both rounded to `base`; effect: `design_effect`. The log(-log)
    interval of their share with its binomial variance times the effect, then widened to what rounding may hide, as every
    share is ((r-2)/(R+2) to (r+2)/(R-2)). ValueError where reached is no part of cohort.
    """
    if not 0 <= reached <= cohort or not cohort:
        raise ValueError(
            f"Got {reached} of {cohort}; the numerator must lie between 0 and the denominator, which is above 0"
        )
    share = reached / cohort
    least, most = rounding_range(reached, cohort, base)
    found = log_log(share, math.sqrt(effect * share * (1 - share) / cohort))
    return (min(found[0], least), max(found[1], most)) if found else (least, most)


def log_log(share: float, se: float) -> tuple[float, float] | None:
    """95% interval of an incidence on the log(-log) scale, exp(-exp(log(-log F) -/+ z se / (F |log F|))); None at 0 and 1."""
    if not 0 < share < 1 or se == 0:
        return None
    logarithm = math.log(share)
    half = min(_Z * se / (share * abs(logarithm)), _WIDEST)
    return share ** math.exp(half), share ** math.exp(-half)


def _course(days: Numbers, events: Numbers, competing: Numbers, censored: Numbers) -> _Course:
    lengths = {len(column) for column in (days, events, competing, censored)}
    if len(lengths) > 1:
        raise ValueError(f"Got columns of {sorted(lengths)} values; days and counts must be equally many")
    unique, position = np.unique(np.asarray(days, dtype=float), return_inverse=True)
    first, second, third = (_per_day(column, position, len(unique)) for column in (events, competing, censored))
    if len(unique) and (unique[0] < 0 or min(first.min(), second.min(), third.min()) < 0):
        raise ValueError("Got a negative day or count; both are 0 or more")
    leaving = first + second + third
    so_far = np.cumsum((first, second, third), axis=1)
    return _Course(unique, first, second, so_far, waiting=np.cumsum(leaving[::-1])[::-1])


def _per_day(counts: Numbers, position: np.ndarray, n_days: int) -> np.ndarray:
    total = np.zeros(n_days, dtype=np.int64)
    np.add.at(total, position, np.asarray(counts, dtype=np.int64))
    return total


def _survival(course: _Course) -> tuple[np.ndarray, np.ndarray]:
    """Share without outcome and competing event before and after each day."""
    free = np.cumprod(1 - _share(course.events + course.competing, course.waiting))
    return np.concatenate(([1.0], free[:-1])), free


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _aalen_parts(course: _Course, before: np.ndarray, free: np.ndarray, incidence: np.ndarray) -> np.ndarray:
    """Running sums a, b, c for each day: the variance is a + F (F c - 2 b), F the incidence on that day.

    An event on day u moves the curve at t by S(u-) (1 - (F(t) - F(u)) / S(u)), a competing event by the same
    without the leading 1; squared, weighted with the variance of that day's hazard, and ordered by powers
    of F(t).
    """
    inverse = _share(np.ones(len(free)), free)
    parts = np.zeros((3, len(free)))
    for counts, own in ((course.events, 1.0), (course.competing, 0.0)):
        constant = own + incidence * inverse
        weight = before**2 * _hazard_variance(counts, course.waiting)
        parts += np.cumsum([weight * constant**2, weight * constant * inverse, weight * inverse**2], axis=1)
    return parts


def _hazard_variance(counts: np.ndarray, waiting: np.ndarray) -> np.ndarray:
    """Variance of d/n with ties: d (n - d) / (n^2 (n - 1)); 1 where the only one left has the event."""
    ties = _share(np.maximum(counts - 1, 0), waiting - 1)
    return _share(counts * (1 - ties), waiting.astype(float) ** 2)


def _steps(curve: _Curve, at: Sequence[float]) -> tuple[Step, ...]:
    if any(later <= earlier for earlier, later in pairwise(at)):
        raise ValueError(f"Got steps at days {list(at)}; each must be later than the one before")
    ends = [0, *(int(n) for n in np.searchsorted(curve.course.days, at, side="right"))]
    return tuple(_step(curve, day, start, end) for day, (start, end) in zip(at, pairwise(ends), strict=True))


def _step(curve: _Curve, day: float, start: int, end: int) -> Step:
    """start, end: how many of the days with data lie in the steps before, and up to this one."""
    course = curve.course
    at_risk = int(course.waiting[start]) if start < len(course.days) else 0
    position = int(np.searchsorted(course.days, day))
    reached = int(course.waiting[position]) if position < len(course.days) else 0
    return Step(day, at_risk, *course.until(end), *_estimate(curve, end, reached), reached)


def _estimate(curve: _Curve, end: int, reached: int) -> tuple[float | None, float | None]:
    """incidence and se after the first `end` days with data."""
    if not len(curve.free):
        return None, None
    if end == 0:
        return 0.0, 0.0
    # Past the end of follow-up the curve is known only if nobody was left waiting.
    if not reached and curve.free[end - 1] > 0:
        return None, None
    # Sums of shares that make 1 on paper may miss it by the last digit.
    share = 1.0 if curve.incidence[end - 1] > 1 - _ROUNDING else float(curve.incidence[end - 1])
    constant, linear, square = curve.parts[:, end - 1]
    se = math.sqrt(max(constant + share * (share * square - 2 * linear), 0.0))
    return share, se
