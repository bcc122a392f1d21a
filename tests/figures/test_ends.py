"""The figure of a row stands beside its own bar or interval, never beside the mark of what it is compared with."""

from dataclasses import replace

import pytest

from journeys.answer.released import Released, Row
from journeys.figures import Beside, bars, beside, case_mix, compare, dots
from journeys.figures.ends import Side, clear_side
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words.differences import Pair


def names(name, code):
    return code


def share(rate, code="a", label="service", wide=0.05, **more):
    values = {"numerator": round(200 * rate), "denominator": 200, "rate": rate, "low": rate - wide, "high": rate + wide}
    return Row({label: code}, "shown", **(values | more))


def released(metric, by, own, *rows):
    return Released(metric, "journeys", "proportion", Selection(), "", by, own, "2026-03", {"k": 8, "base": 5}, rows)


def written(fig):
    """Every text by the side of its place on which it stands, and that place."""
    return [
        (text.replace("&nbsp;", ""), trace.textposition.split()[-1], x)
        for trace in fig.data
        if trace.type == "scatter" and trace.mode == "text"
        for x, text in zip(trace.x, trace.text, strict=True)
    ]


def test_a_figure_stands_right_unless_the_comparator_is_in_the_way():
    axis = (0, 1)
    assert clear_side("79%", (0.7, 0.8), [], axis) is Side.RIGHT
    assert clear_side("79%", (0.7, 0.8), [None, 0.75, 0.6], axis) is Side.RIGHT
    assert clear_side("79%", (0.7, 0.8), [0.83], axis) is Side.LEFT
    assert clear_side("79%", (0.7, 0.8), [0.83, 0.6], axis) is Side.NAME  # both are in the way
    assert clear_side("79%", (0.05, 0.1), [0.12], axis) is Side.NAME  # no room before the axis
    assert clear_side("79%", (None, 0.8), [0.83], axis) is Side.NAME  # a bar has no left
    assert clear_side("79%", (0.6, 0.7), [0.99], axis) is Side.RIGHT  # far off


def test_of_a_point_it_stands_at_the_end_that_is_clear_of_line_ring_and_tick():
    points = [share(0.4, "low"), share(0.5, "inside"), share(0.7, "high")]
    fig = dots(released("engaged", ("service",), (), *points), names, whole=share(0.49, label=""))
    found = {text: (side, x) for text, side, x in written(fig) if "%</b>" in text}
    assert found == {
        "<b>40%</b>": ("left", pytest.approx(0.35)),
        "<b>50%</b>": ("right", pytest.approx(0.55)),
        "<b>70%</b>": ("right", pytest.approx(0.75)),
    }
    ringed, ticked = replace(points[0], expected=200 * 0.48), Beside("all services", {("low",): 0.48})
    for row, more in ((ringed, {}), (points[0], {"beside": ticked})):
        fig = dots(released("engaged", ("service",), (), row, points[2]), names, **more)
        assert ("<b>40%</b>", "left", pytest.approx(0.35)) in written(fig)


def test_of_a_bar_it_stands_with_the_name_where_the_tick_is_in_the_way():
    rungs = [share(0.2, "learning", "rung"), share(0.1, "work", "rung")]
    ticks = Beside("all services", {("learning",): 0.27, ("work",): 0.12})
    said = written(bars(released("spiral_now", (), ("rung",), *rungs), names, beside=ticks))
    assert [text for text, _, _ in said if "%" in text] == ["Learning: <b>20%</b>", "<b>10%</b>"]


def test_of_two_bars_it_stands_with_the_name_and_the_sign_of_its_side():
    left, right = (released("spiral_now", (), ("rung",), share(rate, "work", "rung")) for rate in (0.1, 0.2))
    ticks = [Beside("all services", {("work",): 0.16}), Beside("all services", {("work",): 0.1})]
    said = [text for text, _, _ in written(compare(left, right, names, "One", "Two", besides=ticks)) if "%" in text]
    assert sorted(said) == ["<b>20%</b>", "Work: ■ <b>10%</b>"]


def test_a_ratio_stands_clear_of_1():
    rows = [
        share(0.2, code, expected=40.0, ratio=r, ratio_low=r - 0.1, ratio_high=r + 0.1)
        for code, r in (("a", 0.8), ("b", 1.6))
    ]
    said = written(case_mix(released("engaged", ("service",), (), *rows), names))
    assert sorted(text for text, _, _ in said if "times" in text) == ["<b>1.6 times</b>", "a: <b>0.8 times</b>"]


def test_a_difference_below_nought_stands_left_of_its_interval():
    def pair(*rates):
        return Pair(metrics.get("climbed"), *(released("climbed", (), (), whole(rate)) for rate in rates))

    def whole(rate):
        return Row({}, "shown", numerator=round(4000 * rate), denominator=4000, rate=rate, low=rate, high=rate)

    fig = beside([pair(0.27, 0.30), pair(0.34, 0.3), pair(0.3, 0.3)], ("One", "Two"))
    said = {text: (side, x) for text, side, x in placed(fig) if text[3] in "+−"}
    assert said["<b>−3.0</b>"][0] == "right" and said["<b>−3.0</b>"][1] < -3
    assert said["<b>+4.0</b>"][0] == "left" and said["<b>+4.0</b>"][1] > 4
    assert fig.layout.xaxis.range[0] < said["<b>−3.0</b>"][1] - 1


def placed(fig):
    """Notes that are shifted, by the side on which they end."""
    return [(note.text, note.xanchor, note.x) for note in fig.layout.annotations]
