"""Shares of two selections as points with their intervals, two to a row, and whether they differ clearly."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys.figures import canvas
from journeys.figures.canvas import LINES, SMALL, SYMBOLS, Canvas, Shelf
from journeys.words import phrases, sentences
from journeys.words.differences import Pair, verdict

APART = 22  # pixels from one point of a row to the other
SAID = 20  # pixels of the verdict below the name of a share
SIDES = ("First selection", "Second selection")
SIGNS = ("●", "■")


def beside(pairs: Sequence[Pair], *, is_wide: bool = False) -> go.Figure:
    """One row a share: told apart by colour and shape; above it both figures, and the difference in words.

    On a phone the verdict stands below the name of its share; where the figure `is_wide`, beside it.
    """
    said = 0 if is_wide else SAID
    shelves, height = canvas.shelves(
        [pair.title for pair in pairs], tall=said + 2 * APART, width=80 if is_wide else canvas.LABEL
    )
    fig = canvas.blank(100)
    tops = [row.high for pair in pairs for row in (pair.first, pair.second) if row.high is not None]
    for pair, shelf in zip(pairs, shelves, strict=True):
        _label(fig, pair, shelf, is_wide)
    for side in (0, 1):
        _points(fig, pairs, [shelf.foot + said + APART * (side + 0.5) for shelf in shelves], side)
    canvas.shelf_axis(fig, height)
    fig.update_layout(xaxis=canvas.value_axis(max(tops, default=1) * 1.15, is_share=True))
    canvas.key(fig, zip(SIGNS, LINES, SIDES, strict=False))
    return fig.figure()


def _label(fig: Canvas, pair: Pair, shelf: Shelf, is_wide: bool) -> None:
    """The name of the share in bold, with the verdict."""
    left = {"xref": "paper", "xanchor": "left"}
    if is_wide:
        canvas.note(fig, f"<b>{shelf.text}</b>: {verdict(pair)}", 0, shelf.foot, yanchor="bottom", **left)
        return
    canvas.note(fig, f"<b>{shelf.text}</b>", 0, shelf.foot, yanchor="bottom", **left)
    canvas.note(fig, phrases.upper_first(verdict(pair)), 0, shelf.foot + SAID / 2, yanchor="middle", **left)


def _points(fig: Canvas, pairs: Sequence[Pair], places: Sequence[float], side: int) -> None:
    rows = [(pair.first, pair.second)[side] for pair in pairs]
    known = [i for i, row in enumerate(rows) if row.rate is not None]
    canvas.whiskers(fig, [(places[i], rows[i].low, rows[i].high) for i in known])
    fig.add_scatter(
        x=[rows[i].rate for i in known], y=[places[i] for i in known], mode="markers", cliponaxis=False,
        marker={"symbol": SYMBOLS[side], "size": 13, "color": LINES[side], "line": {"color": canvas.LIGHT, "width": 1.5}},
        hovertext=[_hover(pairs[i], side) for i in known], hoverinfo="text",
    )  # fmt: skip
    for i, row in enumerate(rows):
        words = phrases.value_words(row, "proportion")
        x, shift = (row.high, 8) if i in known else (0, 4)
        canvas.note(
            fig, f"<b>{words}</b>" if not phrases.mark(row, "proportion") else words, x, places[i], xanchor="left", yanchor="middle",
            xshift=shift, font={"size": SMALL},
        )  # fmt: skip


def _hover(pair: Pair, side: int) -> str:
    row = (pair.first, pair.second)[side]
    low, high = (sentences.percent(v, row.denominator) for v in (row.low, row.high))
    return (
        f"<b>{SIDES[side]}</b><br>{pair.title}: {phrases.value_words(row, 'proportion')} (likely {low} to {high})"
        f"<br>about {row.numerator:,} of about {row.denominator:,}"
    )
