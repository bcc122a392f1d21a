"""The commonest ways through the rungs: one line a way, its steps numbered in the order in which people took them."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.colours import BLUE, GREY
from journeys.vocabulary import dictionary
from journeys.words import sentences
from journeys.words.phrases import Names

MOST = 12
ROW = 42
NONE = "none"
STEPS = ("1", "2", "3", "4", "5")
HIGHER = 36  # pixels from one line of names to the other
COUNT_AT = 5.6  # where the count stands, in columns from the first rung


def ways(released: Released, names: Names) -> go.Figure:
    """The commonest ways that can be shown, the most taken first; the table holds the others."""
    shown = sorted((row for row in released.rows if row.is_shown), key=lambda row: -row.count)
    rows = shown[:MOST]
    if not rows:
        return canvas.empty(sentences.HIDDEN_WORDS)
    fig = canvas.blank(ROW * len(rows) + 92, top=80, left=12, right=12, bottom=8)
    for i, row in enumerate(rows):
        _way(fig, i, row, names)
    _rungs(fig, [bool(_steps(row.labels["path"])) for row in rows])
    if len(shown) > len(rows):
        canvas.foot(
            fig, f"The {len(rows)} commonest of {len(shown)} ways that can be shown; the table has all.", below=10
        )
    return fig.figure()


def _way(fig: Canvas, i: int, row: Row, names: Names) -> None:
    steps = _steps(row.labels["path"])
    text = names("path", row.labels["path"])
    if not steps:
        canvas.note(fig, text, -0.45, i, xanchor="left", yanchor="middle")
    else:
        fig.add_scatter(
            x=[int(step) - 1 for step in steps],
            y=[i] * len(steps),
            mode="lines+markers+text",
            text=[f"<b>{n}</b>" for n in range(1, len(steps) + 1)],
            textfont={"color": canvas.LIGHT, "size": 13},
            line={"color": BLUE, "width": 3},
            marker={"size": 24, "color": BLUE},
            hovertext=[f"<b>{text}</b><br>about {row.count:,}"] * len(steps),
            hoverinfo="text",
            cliponaxis=False,
        )
    canvas.note(fig, f"<b>{row.count:,}</b>", COUNT_AT, i, xanchor="right", yanchor="middle", align="right")


def _steps(path: str) -> Sequence[str]:
    return () if path == NONE else path.split(">")


def _rungs(fig: Canvas, have_steps: Sequence[bool]) -> None:
    """A column for each rung, its name above it; a light line between the ways. Words stand where a way has no steps, and no column runs through them."""
    rungs, n_rows = dictionary.load().derived["rung"], len(have_steps)
    fig.update_xaxes(
        range=[-0.5, COUNT_AT + 0.05], showticklabels=False, showgrid=False, zeroline=False, fixedrange=True,
    )  # fmt: skip
    for i, column in ((i, int(step) - 1) for i, has in enumerate(have_steps) if has for step in STEPS):
        rule = {"color": canvas.RULE, "width": 1}
        fig.add_shape(type="line", x0=column, x1=column, y0=i - 0.5, y1=i + 0.5, line=rule, layer="below")
    for i, step in enumerate(STEPS):  # names by turns lower and higher, since a phone has no room for them side by side
        text = canvas.wrapped(rungs[int(step)].label, 15)
        canvas.note(
            fig, text, i, 1, yref="paper", yanchor="bottom", align="center", yshift=4 + HIGHER * (i % 2), font={"size": SMALL}
        )  # fmt: skip
    canvas.note(
        fig, "Referrals", COUNT_AT, 1, yref="paper", xanchor="right", yanchor="bottom", yshift=4, font={"size": SMALL}
    )
    canvas.hide_axis(fig, "yaxis", (n_rows - 0.5, -0.6))
    for i in range(1, n_rows):
        line = {"color": GREY, "width": 0.5}
        fig.add_shape(type="line", x0=-0.5, x1=COUNT_AT, y0=i - 0.5, y1=i - 0.5, line=line, layer="below")
