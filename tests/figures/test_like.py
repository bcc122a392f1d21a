"""What a figure stands beside: ticks across bars, a line over time, the chosen service of a funnel."""

from dataclasses import replace

import pytest

from journeys.answer.released import Released, Row
from journeys.figures import (
    Beside,
    after_months,
    bars,
    change,
    compare,
    funnel,
    grid,
    over_time,
    parts,
    waiting,
)
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
    assert "<b>1</b>" in [note.text for note in fig.layout.annotations] and "<b>1</b> b: 20%" in texts(fig)


def change_row(improved, same, worse, mean, **more):
    values = {"pairs": improved + same + worse, "improved": improved, "same": same, "worse": worse}
    means = {"mean_first": 18.0, "mean_latest": 18.0 + mean, "mean_change": mean, "low": mean - 1, "high": mean + 1}
    return Row({"tool": "swemwbs", "item": "total"}, "shown", **values, **means, **more)


def answer(shape, by, own, *rows, metric="spiral_now"):
    found = released(by, own, *rows)
    return replace(found, shape=shape, metric=metric)


def beside(found):
    rates = {tuple(row.labels.values()): row.rate or row.incidence for row in found.rows}
    return Beside("all services", {key: rate for key, rate in rates.items() if rate is not None}, found)


def test_a_row_without_a_bar_says_the_comparator_in_words_and_has_no_tick():
    rows = [Row({"rung": "learning"}, "hidden"), share({"rung": "work"}, 10)]
    fig = bars(
        released((), ("rung",), *rows), names, beside=Beside("all services", {("learning",): 0.3, ("work",): 0.2})
    )
    ticks = next(trace for trace in fig.data if trace.type == "scatter" and trace.line.width == 3)
    assert [x for x in ticks.x if x is not None] == [0.2, 0.2]
    assert "[c] hidden; all services 30%" in said(fig)


def said(fig):
    return " ".join([texts(fig), *(str(t) for trace in fig.data if trace.text is not None for t in trace.text)])


def test_paired_readings_stand_beside_where_the_parts_of_all_end():
    own, all_of = (
        answer("change", (), ("tool", "item"), change_row(*parts)) for parts in ((50, 30, 20, 1.5), (40, 35, 25, 1.1))
    )
    fig = change(own, names, beside=beside(all_of))
    ticks = next(t for t in fig.data if t.type == "scatter" and t.line.width == 3)
    assert sorted({x for x in ticks.x if x is not None}) == [0.4, 0.75]
    assert "all services: +1.1" in said(fig) and "all services" not in said(change(own, names))


def test_each_curve_stands_beside_that_of_all_in_grey():
    def curve(*shares):
        rows = [
            Row({"months": str(m)}, "shown", months=m, at_risk=100, events=1, incidence=s, low=s, high=s)
            for m, s in zip((3, 6), shares, strict=True)
        ]
        return answer("waiting", (), ("months",), *rows, metric="time_to_work")

    fig = waiting(curve(0.1, 0.2), names, [beside(curve(0.3, 0.5))])
    grey = [t for t in fig.data if t.type == "scatter" and t.mode == "lines+markers" and t.line.color == GREY]
    assert [list(t.y) for t in grey] == [[0.3, 0.5]] and "all services" in said(fig)
    assert fig.layout.yaxis.range[1] >= 0.5


def test_jobs_in_parts_stand_beside_a_bar_of_all():
    def jobs(*counts):
        labels = ("going_on", "ended")
        rows = [share({"weeks": "13", "status": s}, n) for s, n in zip(labels, counts, strict=True)]
        return answer("proportion", (), ("weeks", "status"), *rows, metric="first_jobs")

    fig = parts([jobs(60, 40)], names, beside(jobs(70, 30)))
    assert len({t.y[0] for t in fig.data if t.type == "bar"}) == 2
    assert "13 on · all services" in said(fig) and "70%" in said(fig)


def test_a_grid_says_all_services_in_its_first_line_and_what_is_chosen_in_bold():
    rows = [
        share({"service": s, "field": f}, n) for s, n in (("a", 20), ("b", 30), ("c", 40)) for f in ("age", "goals")
    ]
    whole = answer("proportion", (), ("field",), *(share({"field": f}, 27) for f in ("age", "goals")))
    fig = grid(released(("service",), ("field",), *rows), names, beside=beside(whole), chosen=frozenset({"b"}))
    assert list(fig.layout.yaxis.ticktext) == ["<i>All services</i>", "a", "<b>b</b>", "c"]
    assert list(fig.data[0].text[0]) == ["27%", "27%"]


def test_a_cell_of_a_grid_has_what_it_stands_beside_in_brackets():
    def cells(n):
        return [share({"quarter": q, "closure_reason": r}, n) for q in ("2024-Q1", "2024-Q2") for r in ("a", "b")]

    of = ("quarter",), ("closure_reason",)
    fig = grid(released(*of, *cells(20)), names, beside=beside(released(*of, *cells(30))))
    assert {text for line in fig.data[0].text for text in line} == {"20%<br>(30%)"} and "all services" in texts(fig)


def test_both_bars_of_a_label_stand_beside_their_own_ticks():
    left, right = (released((), ("rung",), share({"rung": "work"}, n)) for n in (10, 20))
    others = [beside(released((), ("rung",), share({"rung": "work"}, n))) for n in (30, 40)]
    fig = compare(left, right, names, "Everyone", "Working age", besides=others)
    ticks = [{x for x in t.x if x is not None} for t in fig.data if t.type == "scatter" and t.line.width == 3]
    assert ticks == [{0.3}, {0.4}] and texts(fig).count("all services") == 1


def test_strips_of_months_have_a_tick_at_the_height_of_all():
    def strips(n):
        return answer("proportion", (), ("months", "rung"), share({"months": "12", "rung": "work"}, n))

    fig = after_months(strips(20), names, beside(strips(40)))
    tick = next(t for t in fig.data if t.type == "scatter" and t.line.width == 3)
    column = next(t for t in fig.data if t.type == "bar")
    assert (column.base[0] - tick.y[0]) / -column.y[0] == pytest.approx(2)
