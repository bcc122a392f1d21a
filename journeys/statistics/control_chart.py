"""Control charts of single values (XmR), as in NHS "Making Data Count"; limits of each point's own size where sizes differ much."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeys.statistics.chart_rules import RULES, RUN, TOLERANCE, Flags, Numbers, Signs, broken

MINIMUM_POINTS = 13
MOST_HIDDEN = 0.1
SIZES_APART = 3
SPREAD = 2.66  # 3 / 1.128: three standard deviations in average moving ranges of two points
DIRECTIONS = ("higher", "lower", "none")
SIGNALS = ("none", *RULES)
REASONS = (None, "ripening", "too_few_points", "too_many_hidden", "not_enough_variation")

_RIPENING, _TOO_FEW, _TOO_MANY_HIDDEN, _NOT_ENOUGH = range(1, len(REASONS))
_DIRECTION = {1: "up", -1: "down", 0: None}


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


@dataclass(frozen=True)
class Many:
    """What is known of many series over the same periods: arrays with a series a row and a period a column.

    All as in `Period`. values, denominators: float, nan where there is none (0 is no denominator either). is_complete,
    is_bounded: bool.
    """

    values: Numbers
    denominators: Numbers
    is_complete: Flags
    is_bounded: Flags


@dataclass(frozen=True)
class Lines:
    """The charts of many series, as `Many` has them: a series a row, a period a column.

    mean, lower, upper: in the unit of the values, nan where there is no point. signal: int8, its place in SIGNALS, -1 where
    there is no point. side: int8, 1 above or rising, -1 below or falling, 0 without a signal. reasons: a series a row, a
    segment a column, why it has no limits: int8, its place in REASONS (0: it has). has_own_limits: of each series, as
    in `Chart`.
    """

    mean: Numbers
    lower: Numbers
    upper: Numbers
    signal: Signs
    side: Signs
    reasons: Signs
    has_own_limits: Flags

    @property
    def notes(self) -> list[str | None]:
        """Why a series has no limits at all, one for each, as `Chart.note`."""
        overall = np.where(self.reasons.all(axis=1), self.reasons[:, -1], 0)
        return [REASONS[reason] for reason in overall.tolist()]


def of_many(many: Many, segments: Sequence[int] = (), ripens: bool = False, minimum: int = MINIMUM_POINTS) -> Lines:
    """The charts of many series over the same periods, which all have the same segments: what `of` says of each.

    segments, ripens, minimum: as for `of`. ValueError where a segment starts outside the periods.
    """
    each = _Segments.of(_bounds(many.values.shape[1], segments))
    values = np.where(many.is_complete, many.values, np.nan)
    sizes = np.where(many.denominators > 0, many.denominators, np.nan)
    has_own = _are_apart(np.where(np.isnan(values), np.nan, sizes))
    is_hidden = many.is_bounded & many.is_complete & np.isnan(many.values)
    values, sizes = each.apart(values), each.apart(sizes)
    reasons = _reasons(values, each.apart(is_hidden) > 0, minimum)
    if ripens:
        reasons[:] = _RIPENING
    values[reasons > 0] = np.nan
    mean, lower, upper = lines = _lines(values, sizes, np.repeat(has_own, each.n))
    is_none = np.isnan(mean)
    first, side = broken(np.where(is_none, np.nan, values), mean, upper)
    first[is_none] = -1
    mean, lower, upper = (each.together(line) for line in lines)
    reasons = reasons.reshape(-1, each.n)
    has_own &= ~reasons.all(axis=1)
    return Lines(mean, lower, upper, each.together(first), each.together(side), reasons, has_own)


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
    values, sizes, complete, bounded = np.array(periods, dtype=np.float64).reshape(-1, 1, 4).transpose(2, 1, 0)
    lines = of_many(Many(values, sizes, complete > 0, bounded > 0), segments, ripens, minimum)
    notes = tuple(REASONS[reason] for reason in lines.reasons[0].tolist())
    points, has_own = _points(lines, direction), bool(lines.has_own_limits[0])
    last = max((0, *segments))
    shift = None if notes[-1] else _lasting(periods, points, last, has_own)
    return Chart(points, lines.notes[0], notes, shift, has_own)


def own_limits(rates: Sequence[float | None], denominators: Sequence[int | None]) -> list[Limits | None]:
    """Limits of each point's own size for rates over denominators that differ (Laney's p'); None at gaps.

    The mean is the rate of all together; each limit lies 2.66 x mean moving range of the points' distances from it, each
    in its own binomial standard deviations, away (Laney 2002, Quality Engineering 14:531). With equal denominators these
    are the XmR limits. All None where no two neighbours differ, or all rates are 0 or 1.
    """
    sizes = np.array([[n or None for n in denominators]], np.float64)
    lines = _lines(np.array([rates], np.float64), sizes, np.array([True]))[:, 0].T.tolist()
    return [None if math.isnan(line[0]) else Limits(*line) for line in lines]


def limits(values: Sequence[float | None]) -> Limits | None:
    """Mean and limits of one segment; None where no two neighbours differ (a gap has no neighbours)."""
    known = np.array([values], np.float64)
    lines = _lines(known, known, np.array([False]))[:, 0].T.tolist()
    return next((Limits(*line) for line in lines if not math.isnan(line[0])), None)


def signals(values: Sequence[float | None], limits: Limits | Sequence[Limits | None]) -> list[tuple[str, int] | None]:
    """The first rule that each value breaks (outside, trend, two of three, shift) and its side.

    limits: one for all, or one for each value. The side is 1 above or rising, -1 below or falling, 0 without a
    signal. None at gaps.
    """
    lines = [limits] * len(values) if isinstance(limits, Limits) else limits
    pairs = [None if v is None or at is None else (v, at.mean, at.upper) for v, at in zip(values, lines, strict=True)]
    known = np.array([pair or (np.nan,) * 3 for pair in pairs], np.float64).reshape(-1, 3)
    first, side = broken(*known.T)
    found = zip(pairs, first.tolist(), side.tolist(), strict=True)
    return [None if pair is None else (SIGNALS[rule], sign) for pair, rule, sign in found]


class _Segments(NamedTuple):
    """Segments of series as series of their own, with gaps after the shorter ones: no rule and no range crosses to another."""

    n: int
    longest: int
    places: NDArray[np.intp]  # of each period, where the segments of a series stand one after another

    @classmethod
    def of(cls, bounds: Sequence[tuple[int, int]]) -> "_Segments":
        longest = max(stop - start for start, stop in bounds)
        places = [i * longest + at for i, (start, stop) in enumerate(bounds) for at in range(stop - start)]
        return cls(len(bounds), longest, np.array(places, np.intp))

    def apart(self, rows: Numbers | Flags) -> Numbers:
        """A row for each segment of each series."""
        found = np.full((len(rows), self.n * self.longest), np.nan)
        found[:, self.places] = rows
        return found.reshape(len(rows) * self.n, self.longest)

    def together(self, rows: NDArray[Any]) -> NDArray[Any]:
        """A row for each series, a column for each period."""
        return rows.reshape(len(rows) // self.n, self.n * self.longest)[:, self.places]


def _lines(values: Numbers, sizes: Numbers, has_own: Flags) -> Numbers:
    """Mean, lower and upper of one segment of many series, nan where there is no point.

    values, sizes: a series a row, nan where there is none. has_own: whether limits of a series have each point's own size.
    One unit is then its binomial standard deviation, otherwise the unit of the values; 2.66 x mean moving range are
    taken in these units.
    """
    own = has_own[:, None]
    # A series without points has a mean of nan, and one whose rates are all 0 or all 1 a unit of 0 and scores of nan: no lines.
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where(own, sizes, 1.0)
        weighted = values * weights
        is_none = np.isnan(weighted)
        mean = (_sums(weighted) / np.where(is_none, 0.0, weights).sum(axis=1))[:, None]
        unit = np.where(own, np.sqrt(mean * (1 - mean) / sizes), 1.0)
        ranges = _moving_ranges(np.where(own, (values - mean) / unit, values))
        total = _sums(ranges)
        spread = np.where(total > 0, SPREAD * total / (~np.isnan(ranges)).sum(axis=1), np.nan)[:, None]
    mean = np.where(is_none | np.isnan(spread), np.nan, mean)
    return np.stack((mean, mean - spread * unit, mean + spread * unit))


def _reasons(values: Numbers, is_hidden: Flags, minimum: int) -> Signs:
    """Why a segment of each series has no limits, its place in REASONS; 0 where it has."""
    fewest, ranges = max(minimum, 2), _moving_ranges(values)
    present, hidden = (~np.isnan(values)).sum(axis=1), is_hidden.sum(axis=1)
    has_few = (present < fewest) | np.isnan(ranges).all(axis=1)
    found = np.where(has_few, _TOO_FEW, np.where((ranges > 0).any(axis=1), 0, _NOT_ENOUGH))
    found = np.where(hidden > MOST_HIDDEN * (present + hidden), _TOO_MANY_HIDDEN, found)
    return np.where(present + hidden < fewest, _TOO_FEW, found).astype(np.int8)


def _are_apart(sizes: Numbers) -> Flags:
    """Whether the largest denominator of each series exceeds three times the smallest; nan is none."""
    largest = np.where(np.isnan(sizes), -np.inf, sizes).max(axis=1, initial=-np.inf)
    return largest > SIZES_APART * np.where(np.isnan(sizes), np.inf, sizes).min(axis=1, initial=np.inf)


def _moving_ranges(values: Numbers) -> Numbers:
    return np.abs(values[:, 1:] - values[:, :-1])


def _sums(values: Numbers) -> Numbers:
    """Of each row, exact until it is rounded once; nan is none."""
    return np.array([math.fsum(row) for row in np.where(np.isnan(values), 0.0, values).tolist()], np.float64)


def _points(lines: Lines, direction: str) -> tuple[Point | None, ...]:
    """The points of the first series."""
    said = {side: (_meaning(side, direction), _DIRECTION[side]) for side in _DIRECTION}
    columns = (one[0].tolist() for one in (lines.mean, lines.lower, lines.upper, lines.signal, lines.side))
    points = [
        None if signal < 0 else Point(mean, lower, upper, SIGNALS[signal], *said[side])
        for mean, lower, upper, signal, side in zip(*columns, strict=True)
    ]
    return tuple(points)


def _lasting(periods: Sequence[Period], points: Sequence[Point | None], first: int, has_own: bool) -> Shift | None:
    """The run on one side of the mean that ends with the newest complete point, if it is a shift and something came before."""
    places = [i for i in range(first, len(points)) if points[i] is not None]
    run: list[int] = []
    side = 0
    for i in reversed(places):
        here = _side(periods[i].value, points[i])
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
    far, slack = value - point.mean, TOLERANCE * (point.upper - point.lower)
    return (far > slack) - (far < -slack)


def _meaning(side: int, direction: str) -> str:
    if not side:
        return "common"
    if direction == "none":
        return "neutral"
    return "improvement" if (side > 0) == (direction == "higher") else "concern"


def _bounds(length: int, segments: Sequence[int]) -> list[tuple[int, int]]:
    starts = sorted({0, *segments})
    if starts[0] < 0 or starts[-1] > length - (length > 0):
        raise ValueError(f"Got segments that start at {list(segments)}; allowed are 0 to {length - 1}")
    return list(pairwise([*starts, length]))
