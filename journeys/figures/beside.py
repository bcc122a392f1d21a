"""Two selections beside each other: shares as points with their intervals, or two bars a label."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, SYMBOLS, Canvas, Shelf
from journeys.figures.colours import LINES
from journeys.figures.rows import (
    BAR,
    MOST,
    draw_bounds,
    draw_end,
    draw_hidden,
    draw_intervals,
    draw_label,
    filled,
    hover,
    labels_of,
    possible,
    tall,
    text_of,
    top_of,
    value_axis,
)
from journeys.words import phrases
from journeys.words.differences import Pair, verdict
from journeys.words.phrases import Names
from journeys.words.shares import bound, bound_span, digits_of, with_interval

APART = 22  # pixels from one point of a row to the other
SAID = 20  # pixels of the verdict below the name of a share
SIDES = ("First selection", "Second selection")
SIGNS = ("●", "■")
BAR_SIGNS = ("■", "▨")


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
    draw_bounds(fig, zip(places, rows, strict=True))
    for i, row in enumerate(rows):
        words = phrases.value_words(row, "proportion", pairs[i].digits)
        span = bound_span(row)
        x, shift = (row.high, 8) if i in known else (span[1] if span and row.why == "few" else 0, 8 if span else 4)
        canvas.note(
            fig, f"<b>{words}</b>" if not phrases.mark(row, "proportion") else words, x, places[i], xanchor="left", yanchor="middle",
            xshift=shift, font={"size": SMALL},
        )  # fmt: skip


def _hover(pair: Pair, side: int) -> str:
    row = (pair.first, pair.second)[side]
    said = with_interval(row, pair.digits)
    return f"<b>{SIDES[side]}</b><br>{pair.title}: {said}<br>about {row.numerator:,} of about {row.denominator:,}"


def compare(
    left: Released, right: Released, names: Names, left_words: str, right_words: str, *, most: int | None = None
) -> go.Figure:
    """Two selections side by side: two bars a label, told apart by colour, hatching and sign, with both figures beside the label."""
    labels = labels_of(left)
    whole = _pairs(left, right, labels)
    pairs = whole[: tall(most) or MOST]
    shelves, height = canvas.shelves([text_of(first, labels, names) for first, _ in pairs], tall=2 * BAR + 4)
    fig = canvas.blank(100)
    fig.update_layout(barmode="overlay")
    digits = digits_of(row for pair in pairs for row in pair if row is not None)
    top = max((top_of(row, left.shape) for pair in pairs for row in pair if row is not None), default=0) or 1
    for side, words in enumerate((left_words, right_words)):
        at = [shelf.middle + (BAR / 2 + 2) * (1 if side else -1) for shelf in shelves]
        _side_trace(fig, [pair[side] for pair in pairs], shelves, side, words, left, digits)
        for place, pair in zip(at, pairs, strict=True):
            _side_words(fig, place, pair[side], left.shape, digits, top)
    for shelf in shelves:
        draw_label(fig, shelf)
    canvas.shelf_axis(fig, height)
    value_axis(fig, [top], left.shape)
    canvas.key(
        fig,
        [
            (sign, colour, words)
            for sign, colour, words in zip(BAR_SIGNS, LINES, (left_words, right_words), strict=False)
        ],
    )
    if len(pairs) < len(whole):
        canvas.foot(fig, f"The first {len(pairs)} of {len(whole)}; the table has all.", below=30)
    return fig.figure()


def _pairs(left: Released, right: Released, labels: Sequence[str]) -> list[tuple[Row, Row | None]]:
    others = {tuple(row.labels[n] for n in labels): row for row in right.rows}
    return [(row, others.get(tuple(row.labels[n] for n in labels))) for row in possible(left.rows)]


def _side_words(fig: Canvas, at: float, row: Row | None, shape: str, digits: int, top: float) -> None:
    """The figure at the end of a bar; where there is none, between what it lies, or why."""
    if row is None:
        return
    words = _short(row, shape, digits)
    if phrases.measure(row, shape) is not None:
        draw_end(fig, at, words, top_of(row, shape))
    else:
        draw_hidden(fig, at, row, words if bound_span(row) else phrases.value_words(row, shape), top)


def _short(row: Row, shape: str, digits: int) -> str:
    mark = phrases.mark(row, shape)
    return f"{mark} {bound(row)}".strip() if mark else phrases.value_words(row, shape, digits)


def _side_trace(
    fig: Canvas,
    rows: Sequence[Row | None],
    shelves: Sequence[Shelf],
    side: int,
    words: str,
    left: Released,
    digits: int,
) -> None:
    shape, labels = left.shape, labels_of(left)
    at = [shelf.middle + (BAR / 2 + 2) * (1 if side else -1) for shelf in shelves]
    known = [i for i, row in enumerate(rows) if row is not None and phrases.measure(row, shape) is not None]
    fig.add_bar(
        x=[phrases.measure(rows[i], shape) for i in known],
        y=[at[i] for i in known],
        width=BAR,
        orientation="h",
        marker=filled(LINES[side], "/" if side else ""),
        hovertext=[hover(f"{words}: {shelves[i].text}", rows[i], shape, digits) for i in known],
        hoverinfo="text",
        customdata=[rows[i].labels[labels[0]] if labels else "" for i in known],
    )
    draw_intervals(fig, [(at[i], rows[i]) for i in known], shape)
