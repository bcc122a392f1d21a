"""Control charts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.statistics import control_chart

NO_SIGNAL = ("none", 0)
LIMITS = control_chart.Limits(mean=10.0, lower=7.0, upper=13.0)  # close to the limits from 12 and from 8

values = st.lists(st.integers(0, 60), min_size=13, max_size=40)
gappy = st.lists(st.one_of(st.none(), st.integers(0, 60)), max_size=40)


def periods(values, denominators=None, complete=None, bounded=()):
    sizes = denominators or [None] * len(values)
    whole = complete or [True] * len(values)
    return [
        control_chart.Period(value, size, is_complete, i in bounded)
        for i, (value, size, is_complete) in enumerate(zip(values, sizes, whole, strict=True))
    ]


def chart(values, segments=(), complete=None, direction="none", minimum=13):
    """The chart of plain values, each complete unless said otherwise."""
    return control_chart.of(periods(values, complete=complete), segments, direction, minimum=minimum)


def names(values, limits=LIMITS):
    return [found and found[0] for found in control_chart.signals(values, limits)]


def test_limits_by_hand():
    # Moving ranges 2, 1, 3, 2: mean 2; mean of the values 11; 2.66 x 2 = 5.32 (Wheeler, Understanding Variation).
    assert control_chart.limits([10, 12, 11, 14, 12]) == control_chart.Limits(
        mean=pytest.approx(11.8), lower=pytest.approx(11.8 - 5.32), upper=pytest.approx(11.8 + 5.32)
    )


def test_one_outlier_is_kept_in_the_limits():
    # Moving ranges are not screened: a screened mean moving range would be 2, not 41/13.
    series = [10, 12] * 6 + [27, 12]
    ranges = [2] * 11 + [15, 15]
    assert control_chart.limits(series).upper == pytest.approx(sum(series) / 14 + 2.66 * sum(ranges) / 13)


def test_the_lower_limit_may_lie_below_nothing():
    assert control_chart.limits([0, 9, 1, 8, 0, 9]).lower < 0


def test_a_point_on_a_limit_is_inside():
    assert names([13.0, 7.0]) == ["none", "none"]
    assert control_chart.signals([13.001, 6.999], LIMITS) == [("outside", 1), ("outside", -1)]


def test_a_limit_missed_only_by_rounding_error_is_met():
    limits = control_chart.limits([0.1, 0.3] * 7)
    assert control_chart.signals([0.2 + 2.66 * 0.2, 0.2], limits) == [NO_SIGNAL, NO_SIGNAL]


@pytest.mark.parametrize(("n_points", "signal"), [(6, "none"), (7, "shift"), (9, "shift")])
def test_seven_on_one_side_are_a_shift(n_points, signal):
    assert names([10.5, 10.6] * 5)[:n_points] == ["shift"] * n_points
    assert names(([10.5, 10.6] * 5)[:n_points]) == [signal] * n_points


def test_a_point_on_the_mean_breaks_a_shift():
    assert names([10.5] * 4 + [10.0] + [10.5] * 4) == ["none"] * 9
    assert names([10.0] * 9) == ["none"] * 9


def test_seven_in_strict_order_are_a_trend_and_a_tie_breaks_it():
    rise = [8.5, 9.0, 9.5, 10.2, 10.4, 10.6, 10.8]
    assert control_chart.signals(rise, LIMITS) == [("trend", 1)] * 7
    assert control_chart.signals(rise[::-1], LIMITS) == [("trend", -1)] * 7
    assert names([*rise[:4], 10.2, *rise[4:]]) == ["none"] * 8
    assert names(rise[:6]) == ["none"] * 6


def test_a_peak_belongs_to_the_rise_that_it_ends():
    rise = [8.5, 9.0, 9.5, 10.2, 10.4, 10.6, 10.8]
    found = control_chart.signals(rise + rise[-2::-1], LIMITS)
    assert found == [("trend", 1)] * 7 + [("trend", -1)] * 6


def test_two_of_three_close_to_one_limit():
    assert names([9, 12.5, 10.5, 12.5, 9]) == ["none", "two_of_three", "none", "two_of_three", "none"]
    assert names([9, 12.5, 12.5, 10.5, 9]) == ["none", "two_of_three", "two_of_three", "none", "none"]
    assert control_chart.signals([7.5, 9.5, 7.5], LIMITS)[0] == ("two_of_three", -1)


def test_two_of_three_need_the_third_on_their_side_and_none_outside():
    assert names([12.5, 9, 12.5]) == ["none"] * 3
    assert names([12.5, 7.5, 9.5]) == ["none"] * 3
    assert names([12.5, 10.0, 12.5]) == ["none"] * 3
    assert names([12.5, 14, 10.5]) == ["none", "outside", "none"]
    assert names([12.0, 10.5, 12.0]) == ["none"] * 3  # on two thirds is not beyond


def test_precedence_outside_trend_two_of_three_shift():
    rise = [8.5, 9.5, 10.5, 11.5, 12.1, 12.5, 13.5]
    assert names(rise) == ["trend"] * 6 + ["outside"]
    assert names([12.5, 12.5, *[10.5, 10.6] * 3]) == ["two_of_three"] * 2 + ["shift"] * 6


def test_a_gap_breaks_runs_trends_and_windows():
    assert names([10.5] * 4 + [None] + [10.5] * 4) == ["none"] * 4 + [None] + ["none"] * 4
    rise = [8.5, 9.0, 9.5, 10.2, 10.4, 10.6, 10.8]
    assert set(names([*rise[:3], None, *rise[3:]])) == {"none", None}
    assert names([12.5, None, 12.5, 10.5]) == ["none", None, "none", "none"]


def test_a_gap_breaks_moving_ranges():
    assert control_chart.limits([10, 12, None, 50, 52]) == control_chart.Limits(
        31, pytest.approx(31 - 5.32), pytest.approx(31 + 5.32)
    )


def test_an_incomplete_point_is_a_gap():
    series = [10, 12] * 7
    whole = [True] * 13 + [False]
    drawn = chart(series, complete=whole)
    assert drawn.points[-1] is None
    assert drawn.points[:-1] == chart([*series[:-1], None]).points[:-1]


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        ("higher", "improvement", "concern"),
        ("lower", "concern", "improvement"),
        ("none", "neutral", "neutral"),
    ],
)
def test_meaning_follows_the_metrics_direction(direction, high, low):
    series = [10, 11] * 6 + [40, 10, 11, 10, 11, -20]
    points = chart(series, direction=direction).points
    assert (points[12].signal, points[12].meaning) == ("outside", high)
    assert (points[-1].signal, points[-1].meaning) == ("outside", low)
    assert (points[0].signal, points[0].meaning) == ("none", "common")


def test_a_falling_trend_above_the_mean_is_judged_by_its_fall():
    series = [10, 12] * 8 + [16, 15.5, 15, 14.5, 14, 13.5, 13]
    last = chart(series, direction="higher").points[-1]
    assert (last.signal, last.meaning) == ("trend", "concern")


def test_limits_start_at_13_points():
    assert chart([10, 12] * 6).note == "too_few_points"
    assert set(chart([10, 12] * 6).points) == {None}
    assert chart([10, 12] * 6 + [10]).note is None
    assert chart([*[10, 12] * 6, None]).note == "too_few_points"
    assert chart([]) == control_chart.Chart((), "too_few_points", ("too_few_points",))


def test_a_series_without_neighbours_has_no_limits():
    assert chart([5, None, 6, None] * 7).note == "too_few_points"


@pytest.mark.parametrize("value", [0, 5, 0.3])
def test_a_constant_series_says_so(value):
    drawn = chart([value] * 14)
    assert drawn.note == "not_enough_variation" and set(drawn.points) == {None}


def test_one_odd_point_among_equals_has_limits():
    # A screened chart would drop the only moving range there is and flag all 14 points.
    drawn = chart([0] * 13 + [3])
    assert [point.signal for point in drawn.points] == ["shift"] * 13 + ["outside"]


def test_each_segment_has_its_own_limits_and_no_run_crosses():
    before, after = [10, 12] * 7, [30, 32] * 7
    drawn = chart(before + after, segments=[14])
    assert {point.mean for point in drawn.points[:14]} == {11}
    assert {point.mean for point in drawn.points[14:]} == {31}
    assert {point.signal for point in drawn.points} == {"none"}
    assert {point.signal for point in chart(before + after).points} != {"none"}


def test_a_new_segment_may_still_be_too_short():
    drawn = chart([10, 12] * 7 + [30, 32], segments=[14])
    assert drawn.note is None and drawn.notes == (None, "too_few_points")
    assert drawn.points[14:] == (None, None)


def test_where_no_segment_has_limits_the_note_is_the_latest_segments():
    drawn = chart([5] * 13 + [30, 32], segments=[13])
    assert drawn.note == "too_few_points" and drawn.notes == ("not_enough_variation", "too_few_points")


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="higher, lower, none"):
        chart([1, 2], direction="up")
    with pytest.raises(ValueError, match="allowed are 0 to 1"):
        chart([1, 2], segments=[2])


@given(gappy, st.sampled_from(control_chart.DIRECTIONS))
def test_a_point_for_every_value_and_none_for_every_gap(series, direction):
    drawn = chart(series, direction=direction)
    assert len(drawn.points) == len(series)
    if drawn.note is None:
        assert [point is None for point in drawn.points] == [value is None for value in series]
        assert all((point.signal == "none") == (point.meaning == "common") for point in drawn.points if point)


@given(values, st.integers(-50, 50), st.sampled_from([0.5, 2, 4]))
def test_signals_do_not_depend_on_the_unit(series, shift, scale):
    drawn, moved = chart(series), chart([value * scale + shift for value in series])
    assert [p and p.signal for p in drawn.points] == [p and p.signal for p in moved.points]


@given(values)
def test_upside_down_high_becomes_low(series):
    drawn, mirrored = chart(series), chart([-value for value in series])
    assert drawn.note == mirrored.note
    for point, mirror in zip(drawn.points, mirrored.points, strict=True):
        if point:
            assert (mirror.lower, mirror.upper) == pytest.approx((-point.upper, -point.lower))
            assert mirror.signal == point.signal


def test_a_series_of_periods_has_the_same_limits_and_says_which_way():
    series = [10, 14] * 7 + [30]
    found, plain = control_chart.of(periods(series)), control_chart.limits(series)
    assert {(p.mean, p.lower, p.upper) for p in found.points} == {(plain.mean, plain.lower, plain.upper)}
    assert (found.points[-1].signal, found.points[-1].direction) == ("outside", "up")
    assert found.points[0].direction is None and not found.has_own_limits


@pytest.mark.parametrize(
    ("series", "bounded", "ripens", "note"),
    [
        ([10, 12] * 7, (), True, "ripening"),
        ([10, 12] * 6, (), False, "too_few_points"),
        ([10, 12] * 7 + [None], (14,), False, None),  # one in fifteen
        ([10, 12] * 7 + [None] * 2, (14, 15), False, "too_many_hidden"),  # two in sixteen
        ([10, 12] * 5 + [None] * 4, (10, 11, 12, 13), False, "too_many_hidden"),
        ([10, 12] * 5 + [None] * 2, (10, 11), False, "too_few_points"),
        ([10] * 14, (), False, "not_enough_variation"),
    ],
)
def test_why_there_are_no_limits(series, bounded, ripens, note):
    found = control_chart.of(periods(series, bounded=bounded), ripens=ripens)
    assert found.note == note
    assert any(found.points) == (note is None)


def test_an_incomplete_point_counts_neither_as_shown_nor_as_hidden():
    series = periods([10, 12] * 7 + [None, None, 3], complete=[True] * 14 + [False] * 3, bounded=(14, 15))
    found = control_chart.of(series)
    assert found.note is None and found.points[14:] == (None, None, None)


def test_own_limits_by_hand():
    # 20 of 100, 120 of 400, 20 of 100: together 160 of 600, 0.26667. Standard deviations sqrt(0.26667 x 0.73333 / n):
    # 0.04422 and 0.02211; scores -1.5076, 1.5076, -1.5076; mean moving range 3.0151.
    first, second, third = control_chart.own_limits([0.2, 0.3, 0.2], [100, 400, 100])
    assert first == third and first.mean == second.mean == pytest.approx(160 / 600)
    assert first.upper - first.mean == pytest.approx(2.66 * 3.0151 * 0.04422, abs=1e-4)
    assert second.upper - second.mean == pytest.approx((first.upper - first.mean) / 2)
    assert control_chart.own_limits([0.2, None, 0.3], [100, None, 100]) == [None] * 3  # a gap has no neighbours
    assert control_chart.own_limits([0.0, 0.0], [100, 400]) == [None] * 2


@given(st.lists(st.integers(0, 60), min_size=2, max_size=30), st.sampled_from([100, 600]))
def test_own_limits_of_equal_sizes_are_the_plain_ones(counts, size):
    rates = [n / size for n in counts]
    plain = control_chart.limits(rates)
    for found in control_chart.own_limits(rates, [size] * len(rates)):
        assert (found is None) == (plain is None)
        if plain:
            assert (found.mean, found.lower, found.upper) == pytest.approx((plain.mean, plain.lower, plain.upper))


def test_sizes_three_times_apart_have_limits_of_their_own():
    rates = [0.2, 0.3] * 7
    alike = control_chart.of(periods(rates, [300, 100] * 7))
    apart = control_chart.of(periods(rates, [305, 100] * 7))
    assert not alike.has_own_limits and len({p.upper for p in alike.points}) == 1
    assert apart.has_own_limits and len({p.upper for p in apart.points}) == 2
    # a small point as far out as a large one is within its own limits
    rates = [0.15, 0.25] * 7 + [0.5]
    large = control_chart.of(periods(rates, [1000, 300] * 7 + [1000]))
    small = control_chart.of(periods(rates, [1000, 300] * 7 + [100]))
    assert (large.points[-1].signal, small.points[-1].signal) == ("outside", "none")


def test_a_lasting_shift_has_both_levels():
    found = control_chart.of(periods([300, 310, 320] * 5 + [None] + [240, 250] * 4)).shift
    assert found == control_chart.Shift(16, "down", pytest.approx(310), pytest.approx(245), 8, False)
    longer = control_chart.of(periods([300, 310, 320] * 5 + [240, 250] * 7, complete=[True] * 28 + [False])).shift
    assert (longer.start, longer.points, longer.may_restart) == (15, 13, True)


def test_a_shift_that_is_over_or_was_always_there_does_not_last():
    assert control_chart.of(periods([300, 310] * 7 + [240, 250] * 4 + [320])).shift is None
    assert control_chart.of(periods([300, 310] * 8)).shift is None
    assert control_chart.of(periods([300, 310] * 7 + [240, 250] * 3)).shift is None  # six are not seven
    assert control_chart.of(periods([300, 310] * 7 + [240] * 4 + [None] + [240] * 4)).shift is None  # a gap between


def test_a_shift_is_looked_for_in_the_last_segment_alone():
    series = periods([300, 310] * 7 + [240, 250] * 7)
    assert control_chart.of(series).shift is not None
    found = control_chart.of(series, segments=[14])
    assert found.shift is None and {p.mean for p in found.points[14:]} == {245}


def test_levels_of_rates_of_unlike_sizes_are_those_of_the_people():
    rates, sizes = [0.3] * 7 + [0.32] + [0.1] * 8, [400, 100] * 8
    shift = control_chart.of(periods(rates, sizes)).shift
    assert shift.before == pytest.approx((0.3 * 1900 + 0.32 * 100) / 2000) and shift.since == pytest.approx(0.1)
