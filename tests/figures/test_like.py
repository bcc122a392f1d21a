"""What a figure stands beside: ticks across bars, a line over time, the chosen service of a funnel."""

from journeys.answer.released import Released, Row
from journeys.figures import Beside, bars, funnel, over_time
from journeys.figures.colours import GREY
from journeys.vocabulary.selection import Selection


def names(name, code):
    return code


def share(labels, numerator, **more):
    rate = numerator / 100
    values = {"numerator": numerator, "denominator": 100, "rate": rate, "low": rate - 0.05, "high": rate + 0.05}
    return Row(labels, "shown", **values, **more)


def released(by, own, *rows):
    return Released(
        "spiral_now", "journeys", "proportion", Selection(), "", by, own, "2026-03", {"k": 8, "base": 5}, rows
    )


def texts(fig):
    return " ".join(note.text for note in fig.layout.annotations)


def test_each_bar_has_the_tick_of_its_own_label():
    rungs = [share({"rung": "learning"}, 20), share({"rung": "work"}, 10)]
    beside = Beside("all services", {("learning",): 0.3, ("elsewhere",): 0.9})
    fig = bars(released((), ("rung",), *rungs), names, beside=beside)
    ticks = next(trace for trace in fig.data if trace.type == "scatter" and trace.line.width == 3)
    assert [x for x in ticks.x if x is not None] == [0.3, 0.3]
    assert "all services" in texts(fig) and fig.layout.xaxis.range[1] >= 0.9


def test_a_series_has_the_line_of_those_like_it_with_its_gaps():
    quarters = [share({"quarter": f"2024-Q{i}"}, 20, complete=True) for i in (1, 2, 3)]
    beside = Beside("services that record the same", {("2024-Q1",): 0.3, ("2024-Q3",): 0.4})
    fig = over_time(released(("quarter",), (), *quarters), names, beside=beside)
    line = next(trace for trace in fig.data if trace.line.dash == "dashdot")
    assert list(line.y) == [0.3, None, 0.4] and "services that record the same" in texts(fig)
    assert not [t for t in over_time(released(("quarter",), (), *quarters), names).data if t.line.dash == "dashdot"]


def test_the_chosen_service_has_its_name_in_the_funnel_and_the_others_are_grey():
    limits = {"centre": 0.2, "low95": 0.1, "high95": 0.3, "low998": 0.05, "high998": 0.4}
    rows = [share({"service": code}, 20, funnel={**limits, "position": "within"}) for code in ("a", "b")]
    fig = funnel(released(("service",), (), *rows), names, chosen=frozenset({"b"}))
    points = next(trace for trace in fig.data if trace.mode == "markers")
    assert [code for code, colour in zip(points.customdata, points.marker.color, strict=True) if colour != GREY] == [
        "b"
    ]
    assert [note.text for note in fig.layout.annotations if note.showarrow] == ["b"]
