"""Bars in parts, and shares as points beside what may be expected: they hold released figures alone."""

from dataclasses import replace

import pytest

from journeys.answer.released import Released, Row
from journeys.figures import canvas, compare, dots, highlighted, parts
from journeys.figures import rows as of_rows
from journeys.figures.colours import BLUE, GREY
from journeys.figures.rows import LETTER, PHONE
from journeys.vocabulary.selection import Selection


def names(name, code):
    return code.replace("_", " ").capitalize()


def share(labels, numerator, denominator, **more):
    if numerator is None:
        return Row(labels, "hidden", why="few", denominator=denominator)
    rate = numerator / denominator
    values = {
        "numerator": numerator,
        "denominator": denominator,
        "rate": rate,
        "low": rate / 2,
        "high": min(1, rate * 1.5),
    }
    return Row(labels, "shown", **values, **more)


def released(metric, by, own, *rows):
    return Released(metric, "journeys", "proportion", Selection(), "", by, own, "2026-03", {"k": 8, "base": 5}, rows)


def texts(fig):
    return " ".join(
        [*(n.text for n in fig.layout.annotations), *(str(t) for trace in fig.data for t in trace.text or ())]
    )


def jobs(*counts):
    states = ("going_on", "ended", "not_known")
    return [share({"weeks": "13", "status": s}, n, 200) for s, n in zip(states, counts, strict=True)]


def test_the_parts_of_a_bar_lie_end_to_end():
    fig = parts([released("first_jobs", (), ("weeks", "status"), *jobs(120, 50, 30))], names)
    bars = [trace for trace in fig.data if trace.type == "bar"]
    assert [round(one.base[0], 3) for one in bars] == [0, 0.6, 0.85]
    assert "60%" in texts(fig) and "of about 200" in texts(fig)


def test_people_of_working_age_have_a_bar_of_their_own_beside_everyone():
    everyone = released("first_jobs", (), ("weeks", "status"), *jobs(120, 50, 30))
    ages = replace(everyone, selection=Selection(base="working_age"), rows=tuple(jobs(90, 40, 70)))
    fig = parts([everyone, ages], names)
    places = {trace.y[0] for trace in fig.data if trace.type == "bar"}
    assert len(places) == 2 and "45%" in texts(fig)
    assert "13 on · everyone" in texts(fig)
    assert "13 on · working age" in texts(fig)


def test_a_hidden_part_is_left_open_and_named():
    fig = parts([released("first_jobs", (), ("weeks", "status"), *jobs(60, None, 30))], names)
    bars = [trace for trace in fig.data if trace.type == "bar"]
    assert len(bars) == 2 and "[c] ended: too few" in texts(fig)


def test_a_hidden_part_with_little_room_is_a_mark_and_with_none_stands_in_the_name_of_the_bar():
    little = texts(parts([released("first_jobs", (), ("weeks", "status"), *jobs(120, None, 30))], names))
    assert little.count("[c]") == 1 and "ended: too few" not in little and "· [c]" not in little
    none = texts(parts([released("first_jobs", (), ("weeks", "status"), *jobs(160, None, 32))], names))
    assert "of about 200 · [c]" in none and none.count("[c]") == 1


def test_a_bar_in_parts_is_neither_red_nor_green():
    fig = parts([released("first_jobs", (), ("weeks", "status"), *jobs(120, 50, 30))], names)
    for trace in fig.data:
        if trace.type == "bar":
            red, green, blue = (int(trace.marker.color[i : i + 2], 16) for i in (1, 3, 5))
            assert blue >= red and blue >= green


def services(**more):
    return [share({"service": code}, n, 200, **more) for code, n in (("a", 20), ("b", 40))]


def test_the_chosen_service_stands_out_and_its_peers_stay():
    whole = share({}, 60, 400)
    fig = dots(
        released("engaged", ("service",), (), *services(expected=30.0)), names, whole=whole, chosen=frozenset({"a"})
    )
    points = {trace.marker.color: list(trace.customdata) for trace in fig.data if trace.customdata is not None}
    assert points == {GREY: ["b"], BLUE: ["a"]}
    said = texts(fig)
    assert "expected of people like these" in said and "all services: 15%" in said
    line = next(trace for trace in fig.data if trace.mode == "lines" and trace.line.dash)
    assert {round(x, 2) for x in line.x} == {0.15}
    rings = next(trace for trace in fig.data if trace.marker.symbol == "circle-open")
    assert list(rings.x) == [0.15, 0.15]


def test_the_line_of_all_together_is_whole_beside_every_row():
    rows = [share({"age_band": code}, n, 200) for code, n in (("a", 20), ("b", 26), ("c", 60))]
    fig = dots(released("engaged", ("age_band",), (), *rows), names, whole=share({}, 80, 400))
    line = next(trace for trace in fig.data if trace.mode == "lines" and trace.line.dash)
    pieces = [low - high for high, low in zip(line.y[::3], line.y[1::3], strict=True)]
    assert len(pieces) == 3 and len(set(pieces)) == 1


def test_words_of_a_hidden_row_keep_out_of_its_bar_on_an_axis_that_begins_late():
    known = [replace(share({"service": code}, 190, 200), low=0.9, high=0.98) for code in ("a", "b")]
    few_left = Row({"service": "c"}, "hidden", why="most", denominator=40, at_least=1 - 7 / 38)
    fig = dots(released("engaged", ("service",), (), *known, few_left), names)
    span, said = fig.layout.xaxis.range, "[c] over 81% of about 40"
    assert span[0] > 0.7
    written = {text: x for t in fig.data if t.mode == "text" for x, text in zip(t.x, t.text, strict=True)}
    at = written.get(f"&nbsp;{said}", -1)
    assert PHONE * (few_left.at_least - at) / (span[1] - span[0]) > LETTER * len(said)
    assert said in texts(fig).replace("<br>", " ")


def test_a_row_without_a_figure_keeps_its_place_and_says_why():
    fig = dots(released("engaged", ("service",), (), share({"service": "a"}, None, 200), *services()), names)
    assert "[c]" in texts(fig)


def test_bars_are_recoloured_and_nothing_else():
    import plotly.graph_objects as go

    fig = highlighted(go.Figure(go.Bar(x=[1, 2], customdata=["a", "b"], marker_color=BLUE)), frozenset({"b"}))
    assert list(fig.data[0].marker.color) == [GREY, BLUE]


def test_parts_that_are_all_shown_fill_the_bar_whatever_rounding_did():
    fig = parts([released("first_jobs", (), ("weeks", "status"), *jobs(108, 40, 48))], names)  # 98% of 200
    ends = [bar.base[0] + bar.x[0] for bar in fig.data if bar.type == "bar"]
    assert max(ends) == pytest.approx(1) and "54%" in texts(fig)


def test_a_part_too_narrow_for_its_figure_says_it_above_the_bar():
    fig = parts([released("first_jobs", (), ("weeks", "status"), *jobs(120, 10, 70))], names)
    assert "of about 200 · ended 5%" in texts(fig) and texts(fig).count("5%") == 2  # and of 35%


def test_the_first_number_below_an_axis_that_begins_late_is_not_cut():
    rows = [share({"age_band": str(i)}, 805 + 15 * i, 1000) for i in range(5)]
    rows = [replace(row, low=row.rate - 0.005, high=row.rate + 0.005) for row in rows]
    axis = (fig := dots(released("engaged", ("age_band",), (), *rows), names)).layout.xaxis
    assert axis.ticktext[0] == "77.5%"
    assert fig.layout.margin.l >= 6.5 * len(axis.ticktext[0]) / 2


def test_peers_of_what_is_chosen_are_grey_on_a_screen_that_lacks_it():
    rows = [share({"service": code}, 40, 200) for code in ("one", "two")]
    fig = compare(*[released("climbed", ("service",), (), *rows)] * 2, names, "everyone", "working age")
    highlighted(fig, frozenset({"three"}), is_elsewhere=True)
    bars = [trace.marker.color for trace in fig.data if trace.type == "bar"]
    assert bars and all(set(colours) == {GREY} for colours in bars)


@pytest.mark.parametrize("shape", ["proportion", "count"])
def test_the_last_number_below_an_axis_is_never_cut(shape):
    """`10.0%` at the very end of an axis stood half outside, and lost its last pixels on a phone."""
    at_the_end = 0
    for top in (n / 2000 if shape == "proportion" else 7 * n for n in range(1, 2000)):
        fig = canvas.blank(100)
        of_rows.value_axis(fig, [top], shape)
        axis = fig.layout["xaxis"]
        last = [tick <= axis["range"][1] for tick in axis["tickvals"]].count(True) - 1
        beyond = (axis["range"][1] - axis["tickvals"][last]) / axis["range"][1] * PHONE
        half = 6.8 * len(axis["ticktext"][last]) / 2
        at_the_end += beyond + 14 < half
        assert fig.margin["r"] + beyond >= half, (top, axis["ticktext"])
    assert at_the_end
