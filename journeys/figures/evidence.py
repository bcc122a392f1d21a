"""Published figures and ours as points with their intervals, in one unit."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from journeys.figures import canvas
from journeys.figures.canvas import BLUE, GREY, Canvas, Shelf
from journeys.figures.rows import BAR, draw_gap, draw_label, draw_value, value_axis
from journeys.statistics import proportions
from journeys.words import sentences
from journeys.words.shares import percent


def evidence(rows: Sequence[Mapping], unit: str) -> go.Figure:
    """Published figures and ours as points with their intervals, in one unit only (ValueError for another).

    Each row is a mapping with `service`, `numerator`, `denominator`, `unit`; optional `rate`, `low`, `high` (else Wilson
    from the counts), and `is_ours` for figures of this data.
    """
    other = [row["unit"] for row in rows if row["unit"] != unit]
    if other:
        raise ValueError(f"evidence in {unit} cannot share an axis with {other[0]!r}: give rows of one unit only")
    points = [_evidence_point(row) for row in rows]
    known = [i for i, point in enumerate(points) if point is not None]
    shelves, height = canvas.shelves([row["service"] for row in rows], tall=BAR)
    fig = canvas.blank(100)
    canvas.whiskers(fig, [(shelves[i].middle, points[i][1], points[i][2]) for i in known])
    kinds = ((False, "◆", "Published", "diamond", GREY), (True, "●", "This data", "circle", BLUE))
    for is_ours, _, _, symbol, colour in kinds:
        mine = [i for i in known if bool(rows[i].get("is_ours")) is is_ours]
        fig.add_scatter(
            x=[points[i][0] for i in mine], y=[shelves[i].middle for i in mine], mode="markers", cliponaxis=False,
            marker={"symbol": symbol, "size": 13, "color": colour, "line": {"color": canvas.LIGHT, "width": 1.5}},
            hovertext=[_evidence_words(rows[i], points[i]) for i in mine], hoverinfo="text",
        )  # fmt: skip
    for row, shelf, point in zip(rows, shelves, points, strict=True):
        _evidence_label(fig, row, shelf, point)
    canvas.shelf_axis(fig, height)
    value_axis(fig, [points[i][2] for i in known], "proportion")
    canvas.key(fig, [(sign, colour, words) for _, sign, words, _, colour in kinds])
    return fig.figure()


def _number(row: Mapping, name: str) -> float | None:
    value = row.get(name)
    return None if value in (None, "") else float(value)


def _evidence_point(row: Mapping) -> tuple[float, float, float] | None:
    given = tuple(_number(row, name) for name in ("rate", "low", "high"))
    if None not in given:
        return given
    n, d = _number(row, "numerator"), _number(row, "denominator")
    if not d or n is None:
        return None
    low, high = proportions.wilson(n, d)
    return n / d, low, high


def _evidence_words(row: Mapping, point: tuple[float, float, float]) -> str:
    d = int(_number(row, "denominator") or 0)
    rate, low, high = (percent(v, d) for v in point)
    n = _number(row, "numerator")
    of = f"<br>{int(n):,} of {d:,}" if n is not None and d else ""
    return f"<b>{row['service']}</b><br>{rate} (likely {low} to {high}){of}"


def _evidence_label(fig: Canvas, row: Mapping, shelf: Shelf, point: tuple[float, float, float] | None) -> None:
    is_ours = row.get("is_ours")
    draw_label(fig, Shelf(f"<b>{shelf.text}</b>", shelf.foot, shelf.middle) if is_ours else shelf)
    if point is None:
        draw_gap(fig, shelf, f"[c] {sentences.MARKS['[c]']}" if is_ours else "no counts printed")
    else:
        draw_value(fig, shelf, f"<b>{percent(point[0], int(_number(row, 'denominator') or 0))}</b>")
