"""Control charts of single values (XmR), as in NHS "Making Data Count"; limits of each point's own size where sizes differ much."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

MINIMUM_POINTS = 13
MOST_HIDDEN = 0.1
SIZES_APART = 3
RUN = 7
SPREAD = 2.66  # 3 / 1.128: three standard deviations in average moving ranges of two points
DIRECTIONS = ("higher", "lower", "none")
RULES = ("outside", "trend", "two_of_three", "shift")  # in the order in which they are told
NO_SIGNAL = ("none", 0)

_DIRECTION = {1: "up", -1: "down", 0: None}
_TOLERANCE = 1e-9  # of the width of the limits; a value that equals a limit on paper is on it


class Period(NamedTuple):
    """What is known of one period of a series.

    value: the released count, or the rate (0-1); None where there is none to show. denominator: the released one, of a
    rate only. is_complete: False greys the point and keeps it out of everything below. is_bounded: hidden as `few` or
    `most` (or a hidden count), so that the mean of the others is too high or too low.
    """

    value: float | None
    denominator: int | None = None
    is_complete: bool = True
    is_bounded: bool = False


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
    has a good direction, neutral for a signal where it has none, common where there is no signal. direction:
    up (above, or rising) or down, None without a signal.
    """

    mean: float
    lower: float
    upper: float
    signal: str
    meaning: str
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift that lasts to the newest complete point, with both levels in the unit of the values.

    start: position of its first point in the series. direction: up or down. before: mean of the points of its segment
    before it, which stays on the chart as a dashed line; since: mean from there on; both weighted by denominators where
    limits have each point's own size. points: how many complete ones since. may_restart: whether they are 13 or more,
    so that "new limits from here" can be offered (limits are never moved unasked).
    """

    start: int
    direction: str
    before: float
    since: float
    points: int
    may_restart: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One point for each value, None where the value is missing, incomplete or without limits.

    note says why there are no limits at all: ripening, too_few_points, too_many_hidden or not_enough_variation,
    else None. notes has the same for each segment, since a new segment may still be too short. shift: what lasts
    in the last segment. has_own_limits: whether limits have each point's own size (Laney).
    """

    points: tuple[Point | None, ...]
    note: str | None
    notes: tuple[str | None, ...] = ()
    shift: Shift | None = None
    has_own_limits: bool = False


def of(
    periods: Sequence[Period],
    segments: Sequence[int] = (),
    direction: str = "none",
    ripens: bool = False,
    minimum: int = MINIMUM_POINTS,
) -> Chart:
    """The chart of a series: mean, limits at mean -/+ 2.66 x mean moving range, signals, and a shift that lasts.

    periods: one for each period, in order. A period without a value or not complete is a gap: it breaks runs and
    moving ranges. segments: positions at which a new segment starts (0 may be among them); each has its own limits
    and no run crosses its start. direction: higher, lower or none is better. ripens: the metric fills up with time, so
    that it has no limits at all.
    A segment has no limits under `minimum` points, where more than one complete point in ten is bounded, or where no two
    neighbours differ. Moving ranges are not screened, lower limits may lie below 0. Rates whose largest denominator
    exceeds three times the smallest have limits of each point's own size (`own_limits`).
    Sources: NHS England, Making Data Count; Wheeler, Understanding Variation; Laney 2002, Quality Engineering 14:531.
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"Got direction {direction!r}; allowed are {', '.join(DIRECTIONS)}")
    has_own = _sizes_are_apart(periods)
    bounds = _bounds(len(periods), segments)
    notes = tuple("ripening" if ripens else _reason(periods[start:stop], minimum) for start, stop in bounds)
    points: list[Point | None] = []
    for (start, stop), note in zip(bounds, notes, strict=True):
        points += [None] * (stop - start) if note else _segment(periods[start:stop], has_own, direction)
    last = bounds[-1][0]
    shift = None if notes[-1] else _lasting(periods, points, last, has_own)
    return Chart(tuple(points), notes[-1] if all(notes) else None, notes, shift, has_own and not all(notes))


def own_limits(rates: Sequence[float | None], denominators: Sequence[int | None]) -> list[Limits | None]:
    """Limits of each point's own size for rates over denominators that differ (Laney's p'); None at gaps.

    The mean is the rate of all together; each limit lies 2.66 x mean moving range of the points' distances from it, each
    in its own binomial standard deviations, away (Laney 2002, Quality Engineering 14:531). With equal denominators these
    are the XmR limits. All None where no two neighbours differ, or all rates are 0 or 1.
    """
    known = [(p, n) for p, n in zip(rates, denominators, strict=True) if p is not None and n]
    mean = math.fsum(p * n for p, n in known) / sum(n for _, n in known) if known else 0.0
    if not 0 < mean < 1:
        return [None] * len(rates)
    errors = [
        math.sqrt(mean * (1 - mean) / n) if p is not None and n else None
        for p, n in zip(rates, denominators, strict=True)
    ]
    scores = [None if p is None or e is None else (p - mean) / e for p, e in zip(rates, errors, strict=True)]
    ranges = _moving_ranges(scores)
    if not any(ranges):
        return [None] * len(rates)
    spread = SPREAD * math.fsum(ranges) / len(ranges)
    return [None if e is None else Limits(mean, mean - spread * e, mean + spread * e) for e in errors]


def limits(values: Sequence[float | None]) -> Limits | None:
    """Mean and limits of one segment; None where no two neighbours differ (a gap has no neighbours)."""
    present = [value for value in values if value is not None]
    ranges = _moving_ranges(values)
    if not any(ranges):
        return None
    mean = math.fsum(present) / len(present)
    spread = SPREAD * math.fsum(ranges) / len(ranges)
    return Limits(mean, mean - spread, mean + spread)


def signals(values: Sequence[float | None], limits: Limits | Sequence[Limits | None]) -> list[tuple[str, int] | None]:
    """The first rule that each value breaks (outside, trend, two of three, shift) and its side.

    limits: one for all, or one for each value. The side is 1 above or rising, -1 below or falling, 0 without a
    signal. None at gaps.
    """
    lines = [limits] * len(values) if isinstance(limits, Limits) else limits
    pairs = [None if v is None or at is None else (v, at) for v, at in zip(values, lines, strict=True)]
    found: list[tuple[str, int] | None] = []
    for _, run in groupby(pairs, key=lambda pair: pair is None):
        stretch = list(run)
        present = [pair for pair in stretch if pair is not None]
        found += _stretch_signals(present) if present else [None] * len(stretch)
    return found


def _segment(periods: Sequence[Period], has_own: bool, direction: str) -> Iterator[Point | None]:
    values = _complete(periods)
    one = None if has_own else limits(values)
    lines = [one] * len(values) if one else own_limits(values, [p.denominator for p in periods])
    return _points(values, lines, direction)


def _points(values: Sequence[float | None], lines: Sequence[Limits | None], direction: str) -> Iterator[Point | None]:
    for found, at in zip(signals(values, lines), lines, strict=True):
        if found is None or at is None:
            yield None
        else:
            signal, side = found
            yield Point(at.mean, at.lower, at.upper, signal, _meaning(side, direction), _DIRECTION[side])


def _lasting(periods: Sequence[Period], points: Sequence[Point | None], first: int, has_own: bool) -> Shift | None:
    """The run on one side of the mean that ends with the newest complete point, if it is a shift and something came before."""
    values = _complete(periods)
    places = [i for i in range(first, len(values)) if points[i] is not None]
    run: list[int] = []
    side = 0
    for i in reversed(places):
        here = _side(values[i], points[i])
        if run and (here != side or run[-1] != i + 1):
            break
        run, side = [*run, i], here
    before = [i for i in places if i < run[-1]] if run else []
    if not side or len(run) < RUN or not before:
        return None
    levels = [_level([periods[i] for i in group], has_own) for group in (before, run)]
    return Shift(run[-1], _DIRECTION[side] or "", levels[0], levels[1], len(run), len(run) >= MINIMUM_POINTS)


def _level(periods: Sequence[Period], is_weighted: bool) -> float:
    weights = [p.denominator or 0 if is_weighted else 1 for p in periods]
    return math.fsum((p.value or 0.0) * w for p, w in zip(periods, weights, strict=True)) / sum(weights)


def _side(value: float | None, point: Point | None) -> int:
    if value is None or point is None:
        return 0
    return _sign(value - point.mean, _TOLERANCE * (point.upper - point.lower))


def _complete(periods: Sequence[Period]) -> list[float | None]:
    return [p.value if p.is_complete else None for p in periods]


def _sizes_are_apart(periods: Sequence[Period]) -> bool:
    sizes = [p.denominator for p in periods if p.denominator and p.is_complete and p.value is not None]
    return bool(sizes) and max(sizes) > SIZES_APART * min(sizes)


def _reason(periods: Sequence[Period], minimum: int) -> str | None:
    """Why a segment has no limits; None where it has."""
    values = _complete(periods)
    present = sum(value is not None for value in values)
    hidden = sum(p.is_bounded and p.is_complete and p.value is None for p in periods)
    if present + hidden < max(minimum, 2):
        return "too_few_points"
    if hidden > MOST_HIDDEN * (present + hidden):
        return "too_many_hidden"
    return _note(values, minimum)


def _meaning(side: int, direction: str) -> str:
    if not side:
        return "common"
    if direction == "none":
        return "neutral"
    return "improvement" if (side > 0) == (direction == "higher") else "concern"


def _stretch_signals(pairs: Sequence[tuple[float, Limits]]) -> list[tuple[str, int]]:
    values = [value for value, _ in pairs]
    # How far from the mean each value lies, in distances from the mean to its own limit.
    far = [(value - at.mean) / (at.upper - at.mean) for value, at in pairs]
    sides = _signs(far, 2 * _TOLERANCE)
    outside = _signs(far, 1 + 2 * _TOLERANCE)
    beyond = _signs(far, 2 / 3 + 2 * _TOLERANCE)
    # A point outside the limits has its own signal and does not count as close to them.
    close = [bool(near and not out) for near, out in zip(beyond, outside, strict=True)]
    rules = (outside, _trend(values), _two_of_three(sides, close), _shift(sides))
    return [_first_broken(broken) for broken in zip(*rules, strict=True)]


def _first_broken(broken: Sequence[int]) -> tuple[str, int]:
    """The first rule that a value breaks, and its side, from the side of each rule (0 where it is kept)."""
    if any(broken):
        return next((rule, side) for rule, side in zip(RULES, broken, strict=True) if side)
    return NO_SIGNAL


def _shift(sides: Sequence[int]) -> list[int]:
    marks = [0] * len(sides)
    for start, stop, side in _runs(sides):
        if side and stop - start >= RUN:
            marks[start:stop] = [side] * (stop - start)
    return marks


def _trend(values: Sequence[float]) -> list[int]:
    """Points of seven or more in strict order; where a rise turns into a fall the peak ends the rise."""
    marks = [0] * len(values)
    for start, stop, step in _runs(_signs([later - earlier for earlier, later in pairwise(values)])):
        if step and stop - start >= RUN - 1:
            marks[start : stop + 1] = [mark or step for mark in marks[start : stop + 1]]
    return marks


def _two_of_three(sides: Sequence[int], close: Sequence[bool]) -> list[int]:
    marks = [0] * len(sides)
    for start in range(len(sides) - 2):
        one, two, three = sides[start : start + 3]
        if one == two == three and sum(close[start : start + 3]) >= 2:
            for i in range(start, start + 3):
                marks[i] = marks[i] or one * close[i]
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


def _signs(values: Sequence[float], slack: float = 0.0) -> list[int]:
    """The same of many: an answer can have hundreds of series."""
    return [(value > slack) - (value < -slack) for value in values]


def _moving_ranges(values: Sequence[float | None]) -> list[float]:
    pairs = pairwise(values)
    return [abs(later - earlier) for earlier, later in pairs if earlier is not None and later is not None]


def _note(values: Sequence[float | None], minimum: int) -> str | None:
    present = sum(value is not None for value in values)
    ranges = _moving_ranges(values)
    if present < max(minimum, 2) or not ranges:
        return "too_few_points"
    return None if any(ranges) else "not_enough_variation"


def _bounds(length: int, segments: Sequence[int]) -> list[tuple[int, int]]:
    starts = sorted({0, *segments})
    if starts[0] < 0 or starts[-1] > length - (length > 0):
        raise ValueError(f"Got segments that start at {list(segments)}; allowed are 0 to {length - 1}")
    return list(pairwise([*starts, length]))
