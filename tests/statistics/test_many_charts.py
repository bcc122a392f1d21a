"""Control charts of many series at once, and of one, bit for bit against a plain second answer (plain_chart)."""

from collections import Counter
from random import Random

import numpy as np
import pytest

from journeys.statistics import control_chart
from journeys.statistics.control_chart import DIRECTIONS, REASONS, SIGNALS, Many, Period
from tests.statistics import plain_chart

N_GROUPS, N_SERIES = 300, 12
SIDES = {None: 0, "up": 1, "down": -1}


def drawn_level(rng, n):
    """Values between 0 and 1: noise, constant stretches, levels that move, runs up and down, peaks and all or nothing."""
    kind = rng.choice(["noise", "noise", "moves", "trend", "peak", "constant", "stretches", "nothing", "all", "odd"])
    middle, wide = rng.choice([0.1, 0.3, 0.5, 0.9]), rng.choice([0.01, 0.05, 0.1])
    values = [middle + rng.gauss(0, wide) for _ in range(n)]
    at, long = rng.randint(0, max(n - 1, 0)), rng.randint(5, 20)
    for i in range(at, min(n, at + long)):
        if kind == "moves":
            values[i] += rng.choice([1, 2, 4]) * wide * (1 if at % 2 else -1)
        elif kind == "trend":
            values[i] = middle + (i - at - long / 2) * wide / 4 * (1 if at % 2 else -1)
        elif kind == "peak":
            values[i] = middle + abs(i - at - long // 2) * wide / 4 * (1 if at % 2 else -1)
        elif kind == "stretches":
            values[i] = middle
        elif kind == "odd":
            values[i] += rng.choice([0, 0, 0, 0, 9]) * wide
    if kind in ("constant", "nothing", "all"):
        values = [{"constant": middle, "nothing": 0, "all": 1}[kind]] * n
    return [min(1, max(0, value)) for value in values]


def drawn_series(rng, n):
    """Periods as an answer has them: rates of rounded counts over sizes alike or far apart, or counts without sizes."""
    sizes = rng.choice([None, (400, 400), (300, 900), (250, 800), (100, 2000), (20, 60)])
    p_gap, p_hidden, p_incomplete, p_without = (
        rng.choice(some) for some in ([0, 0, 0.1], [0, 0, 0.08], [0, 0.05], [0, 0, 0, 0.1])
    )
    periods = []
    for level in drawn_level(rng, n):
        size = 5 * rng.randint(sizes[0] // 5, sizes[1] // 5) if sizes else None
        count = 5 * round(level * (size or 400) / 5)
        value = level if size and rng.random() < 0.01 else count / size if size else count
        is_hidden = rng.random() < p_hidden
        is_gap = is_hidden or rng.random() < p_gap
        if rng.random() < p_without:
            value, size = 0.5 if sizes else count, rng.choice([0, None])
        is_complete = rng.random() >= p_incomplete
        periods.append(Period(None if is_gap else value, size, is_complete, is_hidden or rng.random() < 0.01))
    return periods


def groups():
    """(series over the same periods, segments, direction, whether it ripens, fewest points) of some hundred drawn questions."""
    rng = Random(33)
    for turn in range(N_GROUPS):
        n = turn if turn < 20 else rng.randint(10, 70)
        at = sorted(rng.sample(range(n), min(n, rng.choice([0, 0, 1, 2, 4]))))
        series = [drawn_series(rng, n) for _ in range(N_SERIES)]
        yield series, at, rng.choice(DIRECTIONS), rng.random() < 0.03, rng.choice([13, 13, 13, 2, 7])


def many(series):
    n = len(series[0]) if series else 0
    values = np.array([[p.value for p in one] for one in series], float).reshape(len(series), n)
    sizes = np.array([[p.denominator for p in one] for one in series], float).reshape(len(series), n)
    complete = np.array([[p.is_complete for p in one] for one in series], bool).reshape(len(series), n)
    bounded = np.array([[p.is_bounded for p in one] for one in series], bool).reshape(len(series), n)
    return Many(values, sizes, complete, bounded)


def rows(lines, i):
    """Mean, lower, upper, signal and side of each period of one series; None where there is no point."""
    columns = [one[i].tolist() for one in (lines.mean, lines.lower, lines.upper, lines.signal, lines.side)]
    return [None if row[3] == -1 else row for row in map(list, zip(*columns, strict=True))]


def expected_rows(chart):
    return [p and [p.mean, p.lower, p.upper, SIGNALS.index(p.signal), SIDES[p.direction]] for p in chart.points]


def test_many_at_once_and_one_are_the_plain_charts_bit_for_bit():
    seen = Counter()
    for series, at, direction, ripens, minimum in groups():
        lines = control_chart.of_many(many(series), at, ripens, minimum)
        assert len(lines.notes) == len(series) and lines.signal.dtype == lines.side.dtype == np.int8
        for i, one in enumerate(series):
            plain = plain_chart.of(one, at, direction, ripens, minimum)
            # repr tells apart any two floats, and a float from a whole number.
            assert repr(control_chart.of(one, at, direction, ripens, minimum)) == repr(plain)
            assert repr(rows(lines, i)) == repr(expected_rows(plain))
            assert lines.notes[i] == plain.note and lines.has_own_limits[i] == plain.has_own_limits
            assert [REASONS[reason] for reason in lines.reasons[i]] == list(plain.notes)
            nowhere = [point is None for point in plain.points]
            assert all(np.isnan(line[i][nowhere]).all() for line in (lines.mean, lines.lower, lines.upper))
            assert not lines.side[i][nowhere].any()
            seen.update(told(plain))
    rules = {(rule, way, own) for rule in SIGNALS[1:] for way in ("up", "down") for own in (True, False)}
    assert {*rules, *REASONS, *(("of a segment", reason) for reason in REASONS)} <= {*seen}, seen
    assert min(seen.values()) >= 10, seen
    assert {"common", "neutral", "improvement", "concern", "shift up", "shift down", "may restart"} <= {*seen}
    assert {"no points though no reason", "points and none"} <= {*seen}


def told(chart):
    """What a chart has, to be counted."""
    points = [point for point in chart.points if point]
    yield from ((point.signal, point.direction, chart.has_own_limits) for point in points)
    yield from (point.meaning for point in points)
    yield from (("of a segment", note) for note in chart.notes)
    yield chart.note
    if chart.shift:
        yield f"shift {chart.shift.direction}"
        yield from ["may restart"] * chart.shift.may_restart
    if chart.note is None:
        yield "points and none" if points else "no points though no reason"


def test_signals_on_the_lines_are_the_plain_ones():
    """Values on the mean, on two thirds of the way and on the limit, or beside them by parts of the tolerance."""
    rng, seen = Random(34), Counter()
    parts = [part + slack * 1e-9 for part in (0, 2 / 3, 1) for slack in (-2.5, -1.5, 0, 1.5, 2.5)]
    for _ in range(2000):
        away = rng.choices(parts, k=rng.randint(0, 12))
        way = rng.choice([1, -1])
        values = [10 + 3 * far * (-way if rng.random() < 0.1 else way) for far in away]
        lines = [None if rng.random() < 0.02 else (10.0, 7.0, 13.0) for _ in values]
        plain = plain_chart.judged(values, lines, "none")
        found = control_chart.signals(values, [line and control_chart.Limits(*line) for line in lines])
        assert found == [point and (point.signal, SIDES[point.direction]) for point in plain]
        seen.update(found)
    rules = {(rule, side) for rule in ("outside", "two_of_three", "shift") for side in (1, -1)}
    assert {None, ("none", 0), *rules} <= {*seen}


def test_no_series_and_no_periods_have_no_lines():
    for series, n in (([], 0), ([[]], 1), ([[], []], 2)):
        lines = control_chart.of_many(many(series))
        assert lines.mean.shape == lines.signal.shape == (n, 0) and lines.notes == ["too_few_points"] * n
    nobody = Many(*np.zeros((2, 0, 14)), *np.zeros((2, 0, 14), bool))
    assert control_chart.of_many(nobody, [7]).side.shape == (0, 14) and control_chart.of_many(nobody).notes == []


def test_what_is_given_stays_as_it_was():
    series = [drawn_series(Random(one), 40) for one in range(20)]
    given, again = many(series), many(series)
    control_chart.of_many(given, [20])
    for name in ("values", "denominators", "is_complete", "is_bounded"):
        assert getattr(given, name).tobytes() == getattr(again, name).tobytes()


def test_segments_of_many_outside_the_periods_are_refused():
    with pytest.raises(ValueError, match="allowed are 0 to 13"):
        control_chart.of_many(many([[Period(1.0)] * 14]), [14])


def test_values_that_differ_by_rounding_alone_break_no_rule():
    """The limits lie on the mean: nothing can be far from it, in parts of their distance."""
    found = control_chart.of([Period(0.3)] * 20 + [Period(0.1 + 0.2)])
    assert found.note is None and {point.signal for point in found.points} == {"none"}
