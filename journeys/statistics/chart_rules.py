"""The rules that points of a control chart break, as in NHS "Making Data Count", of many series at once.

Arrays have the periods of one segment along their last axis, so that they may be one series or many, a row each. Signs
are int8: 1 above or rising, -1 below or falling, 0 neither. At a gap values are nan and signs 0, which breaks every run.
"""

import numpy as np
from numpy.typing import NDArray

RULES = ("outside", "trend", "two_of_three", "shift")  # in the order in which they are told
RUN = 7
TOLERANCE = 1e-9  # of the width of the limits; a value that equals a limit on paper is on it

Numbers = NDArray[np.float64]
Signs = NDArray[np.int8]
Flags = NDArray[np.bool_]


def broken(values: Numbers, mean: Numbers, upper: Numbers) -> tuple[Signs, Signs]:
    """The first rule that each value breaks (its place in RULES from 1; 0: none) and its side (1 also for a rise)."""
    # How far from the mean each value lies, in distances from the mean to its own limit.
    far = np.full(values.shape, np.nan)
    np.divide(values - mean, upper - mean, out=far, where=upper > mean)
    sides, outside = _signs(far, 2 * TOLERANCE), _signs(far, 1 + 2 * TOLERANCE)
    # A point outside the limits has its own signal and does not count as close to them.
    close = (_signs(far, 2 / 3 + 2 * TOLERANCE) != 0) & (outside == 0)
    rules = (outside, trend(values), two_of_three(sides, close), shift(sides))
    first, side = np.zeros((2, *values.shape), np.int8)
    for place in range(len(RULES), 0, -1):
        found = rules[place - 1]
        np.copyto(first, place, where=found != 0)
        np.copyto(side, found, where=found != 0)
    return first, side


def shift(sides: Signs) -> Signs:
    """The side of each of seven or more on one side of the mean."""
    return _runs(sides, RUN)


def trend(values: Numbers) -> Signs:
    """Points of seven or more in strict order; where a rise turns into a fall the peak ends the rise."""
    steps = _runs(_signs(values[..., 1:] - values[..., :-1]), RUN - 1)
    marks = np.zeros(values.shape, np.int8)
    marks[..., :-1] = steps
    np.copyto(marks[..., 1:], steps, where=steps != 0)
    return marks


def two_of_three(sides: Signs, close: Flags) -> Signs:
    """Of three neighbours on one side of the mean of which two or three are close to the limit: those that are close."""
    if sides.shape[-1] < 3:
        return np.zeros(sides.shape, np.int8)
    same = sides[..., 1:] == sides[..., :-1]
    n_close = close[..., :-2].view(np.int8) + close[..., 1:-1] + close[..., 2:]
    return sides * (close & _within(same[..., :-1] & same[..., 1:] & (n_close >= 2), 3))


def _runs(signs: Signs, fewest: int) -> Signs:
    """The sign of each of `fewest` or more neighbours that have the same, 0 for the others."""
    n_windows = signs.shape[-1] - fewest + 1
    if n_windows < 1:
        return np.zeros(signs.shape, np.int8)
    same = signs[..., 1:] == signs[..., :-1]
    whole = same[..., :n_windows].copy()
    for i in range(1, fewest - 1):
        whole &= same[..., i : i + n_windows]
    return signs * _within(whole, fewest)


def _within(firsts: Flags, size: int) -> Flags:
    """Whether each point lies in a window of `size` points; firsts: whether there is one that begins at a point."""
    n_windows = firsts.shape[-1]
    found = np.zeros((*firsts.shape[:-1], n_windows + size - 1), np.bool_)
    for i in range(size):
        found[..., i : i + n_windows] |= firsts
    return found


def _signs(values: Numbers, slack: float = 0.0) -> Signs:
    return np.subtract(values > slack, values < -slack, dtype=np.int8)
