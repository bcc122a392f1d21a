"""Published figures as points with their intervals, in one unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from journeys.figures import canvas
from journeys.figures.canvas import Canvas, Shelf
from journeys.figures.colours import BLUE, GREY
from journeys.figures.rows import BAR, draw_end, draw_gap, draw_label, value_axis
from journeys.statistics import proportions
from journeys.words import phrases
from journeys.words.shares import digits_for, per_cent


@dataclass(frozen=True)
class Kind:
    """How figures of one origin are marked."""

    is_ours: bool
    sign: str
    words: str
    symbol: str
    colour: str


KINDS = (Kind(False, "◆", "Published", "diamond", GREY), Kind(True, "●", "This data", "circle", BLUE))


def evidence(rows: Sequence[Mapping], unit: str, digits: int | None = None) -> go.Figure:
    """Published figures as points with their intervals, in one unit only (ValueError for another); a bound as a pale line from nought.

    Each row is a mapping with `service`, `numerator`, `denominator`, `unit`; optional `rate`, `low`, `high` (else Wilson from the
    counts), `is_at_most` for a share that is only an upper bound, and `is_ours` for figures of this data. `digits` are those of what is said beside it.
    """
    other = [row["unit"] for row in rows if row["unit"] != unit]
    if other:
        raise ValueError(f"evidence in {unit} cannot share an axis with {other[0]!r}: give rows of one unit only")
    points, digits = [_point(row) for row in rows], _digits(rows) if digits is None else digits
    placed = [(row, point) for row, point in zip(rows, points, strict=True) if point is not None]
    shelves, height = canvas.shelves([row["service"] for row in rows], tall=BAR)
    at = {id(row): shelf.middle for row, shelf in zip(rows, shelves, strict=True)}
    fig = canvas.blank(100)
    canvas.whiskers(fig, [(at[id(row)], low, high) for row, (_, low, high) in placed if not row.get("is_at_most")])
    canvas.bounds(fig, [(at[id(row)], 0.0, rate) for row, (rate, _, _) in placed if row.get("is_at_most")])
    kinds = [kind for kind in KINDS if any(bool(row.get("is_ours")) is kind.is_ours for row, _ in placed)]
    for kind in kinds:
        mine = [(row, p) for row, p in placed if bool(row.get("is_ours")) is kind.is_ours and not row.get("is_at_most")]
        fig.add_scatter(
            x=[p[0] for _, p in mine], y=[at[id(row)] for row, _ in mine], mode="markers", cliponaxis=False,
            marker={"symbol": kind.symbol, "size": 13, "color": kind.colour, "line": {"color": canvas.LIGHT, "width": 1.5}},
            hovertext=[_words(row, p, digits) for row, p in mine], hoverinfo="text",
        )  # fmt: skip
    for row, shelf, point in zip(rows, shelves, points, strict=True):
        _label(fig, row, shelf, point, digits)
    canvas.shelf_axis(fig, height)
    if placed:
        value_axis(fig, [high for _, (_, _, high) in placed], "proportion")
    else:  # words alone need no axis
        canvas.hide_axis(fig, "xaxis", (0, 1))
    canvas.key(fig, [(kind.sign, kind.colour, kind.words) for kind in kinds])
    return fig.figure()


def _number(row: Mapping, name: str) -> float | None:
    value = row.get(name)
    return None if value in (None, "") else float(value)


def _point(row: Mapping) -> tuple[float, float, float] | None:
    """Share and interval; of a bound the share alone."""
    rate, low, high = (_number(row, name) for name in ("rate", "low", "high"))
    if rate is not None and low is not None and high is not None:
        return rate, low, high
    n, d = _number(row, "numerator"), _number(row, "denominator")
    if not d or n is None:
        return None
    if row.get("is_at_most"):
        return n / d, 0.0, n / d
    low, high = proportions.wilson(n, d)
    return n / d, low, high


def _words(row: Mapping, point: tuple[float, float, float], digits: int) -> str:
    d = int(_number(row, "denominator") or 0)
    rate, low, high = (per_cent(v, digits) for v in point)
    n = _number(row, "numerator")
    of = f"<br>{int(n):,} of {d:,}" if n is not None and d else ""
    return f"<b>{row['service']}</b><br>{rate} (likely {low} to {high}){of}"


def _digits(rows: Sequence[Mapping]) -> int:
    """One precision for all of a figure, as for released rows."""
    return digits_for((point[0], int(_number(row, "denominator") or 0)) for row in rows if (point := _point(row)))


def _label(fig: Canvas, row: Mapping, shelf: Shelf, point: tuple[float, float, float] | None, digits: int) -> None:
    is_ours = row.get("is_ours")
    draw_label(fig, Shelf(f"<b>{shelf.text}</b>", shelf.foot, shelf.middle) if is_ours else shelf)
    if point is None:
        printed = row.get("printed")
        draw_gap(fig, shelf, f"[c] {phrases.MARKS['[c]']}" if is_ours else printed or "no counts printed")
        return
    draw_end(
        fig,
        shelf.middle,
        f"{'at most ' if row.get('is_at_most') else ''}{per_cent(point[0], digits)}",
        point[2],
        is_point=True,
    )
