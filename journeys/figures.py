"""Figures, each from released rows alone: every number in them is one that the table beside them shows.

The door to the family: canvas (colours), trend_figure, spiral_figure, funnel_figure and curve_figure are imported here.
No figure has a title inside; `names` is the store's `lists.name`; hidden rows keep their place with their mark in words.
"""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from journeys import canvas, estimates, phrases, wording
from journeys.canvas import BLUE, GREY, HATCHES, LINES, SMALL
from journeys.curve_figure import after_months, waiting
from journeys.funnel_figure import case_mix, funnel
from journeys.phrases import PERIODS, Names
from journeys.released import Released, Row
from journeys.spiral_figure import spiral
from journeys.trend_figure import over_time, small_chart

__all__ = [
    "after_months",
    "bars",
    "case_mix",
    "change",
    "compare",
    "evidence",
    "funnel",
    "grid",
    "over_time",
    "small_chart",
    "spiral",
    "waiting",
]

ROW = 50  # pixels of a label and its bar below it
BAR = 0.34
ABOVE = 0.30  # how far the label stands above its bar, in rows
IN_ORDER = (
    *PERIODS, "service", "commissioner", "age_band", "imd_quintile", "long_term_conditions", "rung", "start_rung",
    "movement", "months", "weeks", "open_for", "model", "work_goal", "co_located", "dimension",
)  # fmt: skip
MOST_ROWS = 60


def bars(released: Released, names: Names) -> go.Figure:
    """One bar a label with its interval: services in alphabetical order, age bands and the like in theirs, others by size.

    A row without a figure keeps its place and says why. Two labels make a grid instead.
    """
    labels = _labels(released)
    if len(labels) > 1 and not ({"tool", "item"} & set(labels)):
        return grid(released, names)
    rows = _ordered(released, labels)[:MOST_ROWS]
    if not rows:
        return canvas.empty(wording.HIDDEN_WORDS)
    texts = [wording.row_name(row, labels, names) for row in rows]
    is_share = released.shape in ("proportion", "waiting")
    top = max([_top(row, released.shape) for row in rows], default=1)
    fig = canvas.blank(ROW * len(rows) + 40)
    _bar_trace(fig, rows, texts, released.shape, [_colour(row, labels) for row in rows], labels)
    _row_words(fig, rows, texts, released.shape)
    _row_axes(fig, len(rows), top, is_share)
    return fig


def _labels(released: Released) -> tuple[str, ...]:
    return (*released.by, *released.own)


def _ordered(released: Released, labels: Sequence[str]) -> list[Row]:
    """Rows in the order of their list where that means something, else the largest first and those without a figure last."""
    if not labels or labels[0] in IN_ORDER or "tool" in labels:
        return list(released.rows)
    return sorted(released.rows, key=lambda row: -_size(row, released.shape))


def _size(row: Row, shape: str) -> float:
    value = phrases.measure(row, shape)
    return -1.0 if value is None else value


def _top(row: Row, shape: str) -> float:
    return max(_size(row, shape), 0) if shape == "count" else row.high or 0


def _colour(row: Row, labels: Sequence[str]) -> str:
    return GREY if row.complete is False and labels and labels[0] in PERIODS else BLUE


def _bar_trace(fig, rows, texts, shape, colours, labels) -> None:
    known = [i for i, row in enumerate(rows) if phrases.measure(row, shape) is not None]
    fig.add_bar(
        x=[phrases.measure(rows[i], shape) for i in known],
        y=known,
        width=BAR,
        orientation="h",
        marker={"color": [colours[i] for i in known], "line": {"width": 0}},
        hovertext=[hover(texts[i], rows[i], shape) for i in known],
        hoverinfo="text",
        customdata=[rows[i].labels[labels[0]] if labels else "" for i in known],
    )
    canvas.whiskers(fig, [(i, rows[i].low, rows[i].high) for i in known if rows[i].low is not None])


def hover(text: str, row: Row, shape: str) -> str:
    """What the pointer shows: the label and the released figures of the row, nothing else."""
    if not row.is_shown or phrases.measure(row, shape) is None:
        return f"<b>{text}</b><br>{phrases.value_words(row, shape)}"
    if shape == "count":
        return f"<b>{text}</b><br>about {row.count:,}"
    n = row.denominator if shape == "proportion" else row.at_risk
    low, high = (wording.percent(v, n) for v in (row.low, row.high))
    words = f"<b>{text}</b><br>{phrases.value_words(row, shape)} (likely {low} to {high})"
    return words + (f"<br>about {row.numerator:,} of about {n:,}" if shape == "proportion" else "")


def _row_words(fig: go.Figure, rows: Sequence[Row], texts: Sequence[str], shape: str) -> None:
    """The label above each bar at the left, its figure at the right; a mark with its words where the bar would be."""
    for i, (row, text) in enumerate(zip(rows, texts, strict=True)):
        early = " (not complete yet)" if row.complete is False and set(row.labels) & set(PERIODS) and row.is_shown else ""
        canvas.note(fig, f"{text}{early}" or "All", 0, i - ABOVE, xref="paper", xanchor="left", yanchor="middle")
        words = phrases.value_words(row, shape)
        if phrases.measure(row, shape) is None:
            canvas.note(fig, words, 0, i + 0.06, xref="paper", xanchor="left", yanchor="middle", font={"size": SMALL})
        else:
            bold = f"<b>{words}</b>"
            canvas.note(fig, bold, 1, i - ABOVE, xref="paper", xanchor="right", yanchor="middle", align="right")


def _row_axes(fig: go.Figure, n: int, top: float, is_share: bool) -> None:
    fig.update_layout(xaxis=canvas.value_axis(top, is_share=is_share) | {"automargin": False})
    fig.update_xaxes(range=[0, (top or 1) * 1.02])
    canvas.hide_axis(fig, "yaxis", (n - 0.5, -0.62))


def grid(released: Released, names: Names) -> go.Figure:
    """Two labels as a table of shades: every cell says its figure or its mark, so that nothing hangs on the shade."""
    labels = [n for n in _labels(released) if n != "tool"]
    if len(labels) < 2:
        return bars(released, names)
    down, across = _sides(released, labels)
    rows, columns = (list(dict.fromkeys(row.labels[n] for row in released.rows)) for n in (down, across))
    cells = {(row.labels[down], row.labels[across]): row for row in released.rows}
    found = [[cells.get((r, c)) for c in columns] for r in rows]
    heads = [canvas.wrapped(_short(across, c, released, names), 12) for c in columns]
    sides = [canvas.wrapped(_short(down, r, released, names), 16) for r in rows]
    height = 26 + 34 * len(rows)
    fig = canvas.blank(height + 60, left=116, top=60, bottom=4)
    _shades(fig, found, heads, sides, released)
    _marks(fig, found, released.shape, len(columns))
    _grid_axes(fig, heads, sides)
    return fig


def _sides(released: Released, labels: Sequence[str]) -> tuple[str, str]:
    """The longer list goes down, the shorter across."""
    n = [len({row.labels[name] for row in released.rows}) for name in labels[:2]]
    return (labels[0], labels[1]) if n[0] >= n[1] else (labels[1], labels[0])


def _short(label: str, code: str, released: Released, names: Names) -> str:
    if label == "item":
        row = next(row for row in released.rows if row.labels["item"] == code)
        return phrases.item_name(row.labels["tool"], code)
    if label in PERIODS:
        return phrases.short_period(code)
    return names(label, code)


def _cell_words(row: Row | None, shape: str) -> str:
    if row is None:
        return ""
    return wording.mark(row, shape) or phrases.value_words(row, shape)


def _shades(fig: go.Figure, found, heads, sides, released: Released) -> None:
    shape = released.shape
    z = [[None if row is None else phrases.measure(row, shape) for row in line] for line in found]
    texts = [[_cell_words(row, shape) for row in line] for line in found]
    hovers = [
        [hover(f"{sides[i]}, {heads[j]}".replace("<br>", " "), row, shape) if row else "" for j, row in enumerate(line)]
        for i, line in enumerate(found)
    ]
    fig.add_heatmap(
        z=z, text=texts, texttemplate="%{text}", hovertext=hovers, hoverinfo="text", showscale=False, xgap=2, ygap=2,
        colorscale=[[0, "#DCE8F3"], [0.5, "#6BACE6"], [1, "#12436D"]], zmin=0, hoverongaps=False,
        textfont={"size": 13 if len(heads) <= 8 else 10},
    )  # fmt: skip


def _marks(fig: go.Figure, found, shape: str, n_columns: int) -> None:
    places = [(i, j, row) for i, line in enumerate(found) for j, row in enumerate(line) if row is not None]
    gaps = [(i, j, row) for i, j, row in places if phrases.measure(row, shape) is None]
    fig.add_scatter(
        x=[j for _, j, _ in gaps],
        y=[i for i, _, _ in gaps],
        text=[wording.mark(row, shape) for _, _, row in gaps],
        mode="text",
        textfont={"size": 12 if n_columns <= 8 else 10},
        hovertext=[phrases.value_words(row, shape) for _, _, row in gaps],
        hoverinfo="text",
    )


def _grid_axes(fig: go.Figure, heads: Sequence[str], sides: Sequence[str]) -> None:
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": "", "tickfont": {"size": SMALL}}
    fig.update_xaxes(
        **plain, side="top", tickvals=list(range(len(heads))), ticktext=list(heads), range=[-0.5, len(heads) - 0.5],
        tickangle=0 if len(heads) <= 6 else -90, automargin=True,
    )  # fmt: skip
    fig.update_yaxes(
        **plain, tickvals=list(range(len(sides))), ticktext=list(sides), range=[len(sides) - 0.5, -0.5], automargin=True
    )


def compare(left: Released, right: Released, names: Names, left_words: str, right_words: str) -> go.Figure:
    """Two selections side by side: two bars a label, told apart by colour, hatching and the words above them."""
    labels = _labels(left)
    pairs = _pairs(left, right, labels)
    n = len(pairs)
    fig = canvas.blank(64 * n + 84, top=44)
    rows = [row for pair in pairs for row in pair if row is not None]
    top = max([_top(row, left.shape) for row in rows], default=1)
    for side, words in enumerate((left_words, right_words)):
        _side_trace(fig, [pair[side] for pair in pairs], side, words, left.shape, labels, names)
    for i, (first, _) in enumerate(pairs):
        text = wording.row_name(first, labels, names)
        canvas.note(fig, text, 0, i - 0.40, xref="paper", xanchor="left", yanchor="middle")
    _row_axes(fig, n, top, left.shape != "count")
    fig.update_yaxes(range=[n - 0.5, -0.6])
    canvas.legend(fig)
    return fig


def _pairs(left: Released, right: Released, labels: Sequence[str]) -> list[tuple[Row, Row | None]]:
    others = {tuple(row.labels[n] for n in labels): row for row in right.rows}
    return [(row, others.get(tuple(row.labels[n] for n in labels))) for row in left.rows[:MOST_ROWS]]


def _side_trace(fig, rows, side: int, words: str, shape: str, labels, names: Names) -> None:
    places = {i: i - 0.13 + 0.32 * side for i in range(len(rows))}
    known = [i for i, row in enumerate(rows) if row is not None and phrases.measure(row, shape) is not None]
    fig.add_bar(
        x=[phrases.measure(rows[i], shape) for i in known],
        y=[places[i] for i in known],
        width=0.26,
        orientation="h",
        name=words,
        marker={"color": LINES[side], "pattern": {"shape": HATCHES[side], "fgcolor": canvas.LIGHT, "size": 6}},
        hovertext=[hover(f"{words}: {wording.row_name(rows[i], labels, names)}", rows[i], shape) for i in known],
        hoverinfo="text",
        showlegend=True,
    )
    canvas.whiskers(fig, [(places[i], rows[i].low, rows[i].high) for i in known if rows[i].low is not None])
    for i, row in enumerate(rows):
        value = phrases.value_words(row, shape) if row is not None else ""
        is_known = i in known
        canvas.note(
            fig, f"<b>{value}</b>" if is_known else value, 1 if is_known else 0, places[i], xref="paper",
            xanchor="right" if is_known else "left", yanchor="middle", font={"size": SMALL},
        )  # fmt: skip


def change(released: Released, names: Names) -> go.Figure:
    """Of those with two readings of each scale: how many improved, changed little, got worse; the mean change beside it."""
    labels = _labels(released)
    rows = list(released.rows)[:MOST_ROWS]
    fig = canvas.blank(ROW * len(rows) + 76, top=36)
    for part, colour, hatch in (("improved", BLUE, ""), ("same", GREY, "."), ("worse", canvas.ORANGE, "/")):
        _part_trace(fig, rows, part, colour, hatch, labels, names)
    for i, row in enumerate(rows):
        canvas.note(fig, wording.row_name(row, labels, names), 0, i - ABOVE, xref="paper", xanchor="left", yanchor="middle")
        words = _change_words(row)
        x, y, anchor = (1, i - ABOVE, "right") if row.is_shown else (0, i + 0.06, "left")
        canvas.note(fig, words, x, y, xref="paper", xanchor=anchor, yanchor="middle", font={"size": SMALL})
    _row_axes(fig, len(rows), 1, True)
    fig.update_xaxes(range=[0, 1])
    canvas.legend(fig)
    return fig


_PARTS = {"improved": "Improved", "same": "Changed little", "worse": "Got worse"}


def _change_words(row: Row) -> str:
    if not row.is_shown or row.mean_change is None:
        return phrases.value_words(row, "change")
    interval = f" ({phrases.signed(row.low)} to {phrases.signed(row.high)})" if row.low is not None else ""
    return f"<b>{phrases.signed(row.mean_change)}</b>{interval}"


def _part_trace(fig, rows, part: str, colour: str, hatch: str, labels, names: Names) -> None:
    """One third of the bars. Improved starts at the left, worse ends at the right, so a hidden part is a gap between."""
    known = [i for i, row in enumerate(rows) if row.is_shown and row.pairs and getattr(row, part) is not None]
    shares = [min(getattr(rows[i], part) / rows[i].pairs, 1) for i in known]
    fig.add_bar(
        x=shares,
        y=known,
        base=[_base(rows[i], part, share) for i, share in zip(known, shares, strict=True)],
        width=BAR,
        orientation="h",
        name=_PARTS[part],
        marker={"color": colour, "pattern": {"shape": hatch, "fgcolor": canvas.LIGHT, "size": 6}, "line": {"width": 0}},
        hovertext=[_part_hover(rows[i], part, labels, names) for i in known],
        hoverinfo="text",
        showlegend=True,
    )


def _base(row: Row, part: str, share: float) -> float:
    if part == "improved":
        return 0.0
    if part == "worse":
        return max(1 - share, 0.0)
    if row.improved is not None:
        return row.improved / row.pairs
    return max(1 - share - (row.worse or 0) / row.pairs, 0.0)


def _part_hover(row: Row, part: str, labels, names: Names) -> str:
    n = getattr(row, part)
    share = wording.percent(min(n / row.pairs, 1), row.pairs) if row.pairs >= estimates.MINIMUM_DENOMINATOR else ""
    words = f"<b>{wording.row_name(row, labels, names)}</b><br>{_PARTS[part]}: about {n:,} of about {row.pairs:,} {share}"
    if row.mean_first is None:
        return words
    return f"{words}<br>average {row.mean_first:.1f} at first, {row.mean_latest:.1f} at latest reading"


def evidence(rows: Sequence[Mapping], unit: str) -> go.Figure:
    """Published figures and ours as points with their intervals, in one unit only (ValueError for another).

    Each row is a mapping with `service`, `numerator`, `denominator`, `unit`; optional `rate`, `low`, `high` (else Wilson
    from the counts), `period`, and `is_ours` for figures of this data.
    """
    other = [row["unit"] for row in rows if row["unit"] != unit]
    if other:
        raise ValueError(f"evidence in {unit} cannot share an axis with {other[0]!r}: give rows of one unit only")
    points = [_evidence_point(row) for row in rows]
    known = [i for i, point in enumerate(points) if point is not None]
    fig = canvas.blank(ROW * len(rows) + 76, top=36)
    canvas.whiskers(fig, [(i, points[i][1], points[i][2]) for i in known])
    for is_ours, name, symbol, colour in ((False, "Published", "diamond", GREY), (True, "This data", "circle", BLUE)):
        mine = [i for i in known if bool(rows[i].get("is_ours")) is is_ours]
        fig.add_scatter(
            x=[points[i][0] for i in mine], y=mine, mode="markers", name=name, showlegend=True,
            marker={"symbol": symbol, "size": 13, "color": colour, "line": {"color": canvas.LIGHT, "width": 1.5}},
            hovertext=[_evidence_words(rows[i], points[i]) for i in mine], hoverinfo="text",
        )  # fmt: skip
    for i, row in enumerate(rows):
        _evidence_label(fig, i, row, points[i])
    _row_axes(fig, len(rows), max([points[i][2] for i in known], default=1), True)
    canvas.legend(fig)
    return fig


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
    low, high = estimates.wilson(n, d)
    return n / d, low, high


def _evidence_words(row: Mapping, point: tuple[float, float, float]) -> str:
    d = int(_number(row, "denominator") or 0)
    rate, low, high = (wording.percent(v, d) for v in point)
    n = _number(row, "numerator")
    of = f"<br>{int(n):,} of {d:,}" if n is not None and d else ""
    return f"<b>{row['service']}</b><br>{rate} (likely {low} to {high}){of}"


def _evidence_label(fig: go.Figure, i: int, row: Mapping, point) -> None:
    text = f"<b>{row['service']}</b>" if row.get("is_ours") else row["service"]
    canvas.note(fig, text, 0, i - ABOVE, xref="paper", xanchor="left", yanchor="middle")
    if point is None:
        canvas.note(fig, "no figures printed", 0, i + 0.06, xref="paper", xanchor="left", yanchor="middle", font={"size": SMALL})
        return
    words = f"<b>{wording.percent(point[0], int(_number(row, 'denominator') or 0))}</b>"
    canvas.note(fig, words, 1, i - ABOVE, xref="paper", xanchor="right", yanchor="middle")
