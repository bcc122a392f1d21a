"""Control charts of single values (XmR), as in NHS "Making Data Count"."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MINIMUM_POINTS = 13
MINIMUM_EVENTS = 4
RUN = 7
SPREAD = 2.66  # 3 / 1.128: three standard deviations in average moving ranges of two points
DIRECTIONS = ("higher", "lower", "none")

_TOLERANCE = 1e-9  # of the width of the limits; a value that equals a limit on paper is on it


@dataclass(frozen=True, slots=True)
class Limits:
    """Mean and limits of one stretch of a chart, in the unit of the values; `lower` may lie below 0."""

    mean: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Point:
    """Limits at one period, the rule it breaks and what that means.

    signal: none, outside, trend, two_of_three or shift. meaning: improvement or concern where the metric
    has a good direction, neutral for a signal where it has none, common where there is no signal.
    """

    mean: float
    lower: float
    upper: float
    signal: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One point for each value, None where the value is missing, incomplete or without limits.

    note says why there are no limits at all: too_few_points, too_few_events or not_enough_variation, else
    None. notes has the same for each segment, since a new segment may still be too short.
    """

    points: tuple[Point | None, ...]
    note: str | None
    notes: tuple[str | None, ...] = ()


def chart(
    values: Sequence[float | None],
    segments: Sequence[int] = (),
    complete: Sequence[bool] | None = None,
    direction: str = "none",
    minimum: int = MINIMUM_POINTS,
    minimum_mean: float | None = None,
    mean_events: float | None = None,
) -> Chart:
    """XmR chart of one value a period: mean, limits at mean -/+ 2.66 x mean moving range, signals.

    A value that is missing (None) or not complete is a gap: it breaks runs and moving ranges. `segments` are
    the positions at which a new segment starts; each has its own limits, and no run crosses its start. A
    segment of fewer than `minimum` values has none. Moving ranges are not screened for outliers and the lower
    limit is not clipped at 0: the rules stay symmetrical, and a figure may draw from 0.

    mean_events: events a period, where values are rates; under `minimum_mean` (4 if not given) the chart has
    no limits. With `minimum_mean` alone the values themselves are taken for counts.
    Source: NHS England, Making Data Count; Wheeler, Understanding Variation.
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"Got direction {direction!r}; allowed are {', '.join(DIRECTIONS)}")
    shown = _shown(values, complete)
    stretches = [shown[start:stop] for start, stop in _bounds(len(shown), segments)]
    if _has_too_few_events(shown, minimum_mean, mean_events):
        return Chart((None,) * len(shown), "too_few_events", ("too_few_events",) * len(stretches))
    notes = tuple(_note(stretch, minimum) for stretch in stretches)
    points: list[Point | None] = []
    for stretch, note in zip(stretches, notes, strict=True):
        lines = None if note else limits(stretch)
        points += [None] * len(stretch) if lines is None else _points(stretch, lines, direction)
    return Chart(tuple(points), notes[-1] if all(notes) else None, notes)


def limits(values: Sequence[float | None]) -> Limits | None:
    """Mean and limits of one segment; None where no two neighbours differ (a gap has no neighbours)."""
    present = [value for value in values if value is not None]
    ranges = _moving_ranges(values)
    if not any(ranges):
        return None
    mean = math.fsum(present) / len(present)
    spread = SPREAD * math.fsum(ranges) / len(ranges)
    return Limits(mean, mean - spread, mean + spread)


def signals(values: Sequence[float | None], limits: Limits) -> list[tuple[str, int] | None]:
    """The first rule that each value breaks (outside, trend, two of three, shift) and its side.

    The side is 1 above or rising, -1 below or falling, 0 without a signal. None at gaps.
    """
    found: list[tuple[str, int] | None] = []
    for _, run in groupby(values, key=lambda value: value is None):
        stretch = list(run)
        present = [value for value in stretch if value is not None]
        found += _stretch_signals(present, limits) if present else [None] * len(stretch)
    return found


def _points(values: Sequence[float | None], lines: Limits, direction: str) -> Iterator[Point | None]:
    for found in signals(values, lines):
        if found is None:
            yield None
        else:
            signal, side = found
            yield Point(lines.mean, lines.lower, lines.upper, signal, _meaning(side, direction))


def _meaning(side: int, direction: str) -> str:
    if not side:
        return "common"
    if direction == "none":
        return "neutral"
    return "improvement" if (side > 0) == (direction == "higher") else "concern"


def _stretch_signals(values: Sequence[float], limits: Limits) -> list[tuple[str, int]]:
    slack = _TOLERANCE * (limits.upper - limits.lower)
    near = (limits.upper - limits.mean) * 2 / 3
    sides = [_sign(value - limits.mean, slack) for value in values]
    outside = [_sign(value - limits.mean, limits.upper - limits.mean + slack) for value in values]
    beyond = [_sign(value - limits.mean, near + slack) for value in values]
    # A point outside the limits has its own signal and does not count as close to them.
    close = [bool(far and not out) for far, out in zip(beyond, outside, strict=True)]
    rules = {
        "outside": outside,
        "trend": _trend(values),
        "two_of_three": _two_of_three(sides, close),
        "shift": _shift(sides),
    }
    return [_first_broken(rules, position) for position in range(len(values))]


def _first_broken(rules: dict[str, list[int]], position: int) -> tuple[str, int]:
    return next(((rule, side[position]) for rule, side in rules.items() if side[position]), ("none", 0))


def _shift(sides: Sequence[int]) -> list[int]:
    marks = [0] * len(sides)
    for start, stop, side in _runs(sides):
        if side and stop - start >= RUN:
            marks[start:stop] = [side] * (stop - start)
    return marks


def _trend(values: Sequence[float]) -> list[int]:
    """Points of seven or more in strict order; where a rise turns into a fall the peak ends the rise."""
    marks = [0] * len(values)
    for start, stop, step in _runs([_sign(later - earlier) for earlier, later in pairwise(values)]):
        if step and stop - start >= RUN - 1:
            marks[start : stop + 1] = [mark or step for mark in marks[start : stop + 1]]
    return marks


def _two_of_three(sides: Sequence[int], close: Sequence[bool]) -> list[int]:
    marks = [0] * len(sides)
    for start in range(len(sides) - 2):
        window = range(start, start + 3)
        if len({sides[i] for i in window}) == 1 and sum(close[i] for i in window) >= 2:
            for i in window:
                marks[i] = marks[i] or sides[i] * close[i]
    return marks


def _runs(signs: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(start, stop, sign) of each run of equal signs."""
    start = 0
    for sign, run in groupby(signs):
        stop = start + len(list(run))
        yield start, stop, sign
        start = stop


def _sign(value: float, slack: float = 0.0) -> int:
    return (value > slack) - (value < -slack)


def _moving_ranges(values: Sequence[float | None]) -> list[float]:
    pairs = pairwise(values)
    return [abs(later - earlier) for earlier, later in pairs if earlier is not None and later is not None]


def _note(values: Sequence[float | None], minimum: int) -> str | None:
    present = sum(value is not None for value in values)
    if present < max(minimum, 2) or not _moving_ranges(values):
        return "too_few_points"
    return None if limits(values) else "not_enough_variation"


def _has_too_few_events(values: Sequence[float | None], minimum_mean: float | None, mean_events: float | None) -> bool:
    present = [value for value in values if value is not None]
    if mean_events is None and minimum_mean is not None and present:
        mean_events = math.fsum(present) / len(present)
    least = MINIMUM_EVENTS if minimum_mean is None else minimum_mean
    return mean_events is not None and mean_events < least


def _shown(values: Sequence[float | None], complete: Sequence[bool] | None) -> list[float | None]:
    if complete is None:
        return list(values)
    if len(complete) != len(values):
        raise ValueError(f"Got {len(values)} values and {len(complete)} marks of completeness; need as many")
    return [value if whole else None for value, whole in zip(values, complete, strict=True)]


def _bounds(length: int, segments: Sequence[int]) -> list[tuple[int, int]]:
    starts = sorted({0, *segments})
    if starts[0] < 0 or starts[-1] > length - (length > 0):
        raise ValueError(f"Got segments that start at {list(segments)}; allowed are 0 to {length - 1}")
    return list(pairwise([*starts, length]))
