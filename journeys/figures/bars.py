"""One bar a label: every number in it is one that the table beside it shows; hidden rows keep their place with their mark in words."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import Canvas, Shelf
from journeys.figures.change import change
from journeys.figures.colours import BLUE, GREY
from journeys.figures.ends import Side, bar_side, with_figure
from journeys.figures.grid import grid
from journeys.figures.like import NOTHING, Beside, hidden_words, ticks
from journeys.figures.rows import (
    BAR,
    MOST,
    OWN,
    Extent,
    apart,
    draw_end,
    draw_hidden,
    draw_intervals,
    draw_label,
    hidden_foot,
    hover,
    is_in_order,
    labels_of,
    possible,
    texts_of,
    top_of,
    value_axis,
)
from journeys.vocabulary import metrics
from journeys.words import phrases, sentences
from journeys.words.phrases import Names
from journeys.words.shapes import emptiest, is_of_fields, is_of_one_base, weight_among

MOST_BY_SIZE = 15

EMPTIEST = "The field least often filled in comes first. An open referral has no closing date: that is no gap."


def bars(
    released: Released, names: Names, *, most: int | None = None, beside: Beside = NOTHING, extent: Extent = OWN
) -> go.Figure:
    """One bar a label with its interval: services in alphabetical order, age bands and the like in theirs, others by the size of the group.

    Each stands `beside` what all have; the axis goes as far as its `extent`. A row without a figure keeps its place and says why. Two labels make a grid, paired readings their own figure.
    """
    labels = labels_of(released)
    if released.shape == "change":
        return change(released, names, beside=beside)
    if len(labels) > 1:
        return grid(released, names, beside=beside)
    rows, gone = apart(ordered(released, labels))
    has_order = is_in_order(labels)
    drawn = rows[: min(most or MOST, MOST if has_order else MOST_BY_SIZE)]
    if not drawn:
        return canvas.empty(sentences.HIDDEN_WORDS)
    top = max([*(top_of(row, released.shape) for row in drawn), beside.top, extent.reach]) or 1
    digits = extent.digits_of(released.rows)
    words = [hidden_words(row, phrases.value_words(row, released.shape, digits), beside, digits) for row in drawn]
    sides = [bar_side(row, said, beside, top, released.shape) for row, said in zip(drawn, words, strict=True)]
    texts = list(map(with_figure, texts_of(drawn, labels, names, words, top), words, sides))
    shelves, height = canvas.shelves(texts, tall=BAR)
    fig = canvas.blank(100)
    _bar_trace(fig, drawn, shelves, released, digits)
    _row_words(fig, drawn, shelves, words, sides, top, released.shape)
    canvas.shelf_axis(fig, height)
    value_axis(fig, [top], released.shape)
    if entries := ticks(fig, [(row, shelf.middle) for row, shelf in zip(drawn, shelves, strict=True)], beside):
        canvas.key(fig, entries)
    if len(drawn) < len(rows):
        which = f"first {len(drawn)}" if has_order else f"{len(drawn)} largest"
        canvas.foot(fig, f"The {which} of {len(rows)}; the table has all.", below=30)
    elif not has_order and released.shape == "proportion" and not is_of_one_base(rows):
        canvas.foot(fig, EMPTIEST if _is_of_fields(released) else "The largest group comes first.", below=30)
    hidden_foot(fig, gone, labels, names)
    return fig.figure()


def ordered(released: Released, labels: Sequence[str]) -> list[Row]:
    """Rows in the order of their list where that means something, else as the sentence names them, and those without a figure last."""
    rows = possible(released.rows)
    if is_in_order(labels):
        return rows
    if _is_of_fields(released):
        known = emptiest(rows)
    else:
        known = [row for row in rows if phrases.measure(row, released.shape) is not None]
        known.sort(key=weight_among(rows), reverse=True)
    return known + [row for row in rows if row not in known]


def _is_of_fields(released: Released) -> bool:
    return is_of_fields(metrics.get(released.metric))


def _bar_trace(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf], released: Released, digits: int) -> None:
    shape, labels = released.shape, labels_of(released)
    known = [i for i, row in enumerate(rows) if phrases.measure(row, shape) is not None]
    fig.add_bar(
        x=[phrases.measure(rows[i], shape) for i in known],
        y=[shelves[i].middle for i in known],
        width=BAR,
        orientation="h",
        marker={"color": [GREY if phrases.is_partial(rows[i], labels) else BLUE for i in known], "line": {"width": 0}},
        hovertext=[hover(shelves[i].text, rows[i], shape, digits) for i in known],
        hoverinfo="text",
        customdata=[rows[i].labels[labels[0]] if labels else "" for i in known],
    )
    draw_intervals(fig, [(shelves[i].middle, rows[i]) for i in known], shape)


def _row_words(
    fig: Canvas,
    rows: Sequence[Row],
    shelves: Sequence[Shelf],
    words: Sequence[str],
    sides: Sequence[Side],
    top: float,
    shape: str,
) -> None:
    """The label above each bar, its figure at the bar's end where that is its side; a mark with its words where the bar would be."""
    for row, shelf, said, at in zip(rows, shelves, words, sides, strict=True):
        draw_label(fig, shelf)
        if phrases.measure(row, shape) is None:
            draw_hidden(fig, shelf.middle, row, said, top)
        elif at is Side.RIGHT:
            draw_end(fig, shelf.middle, said, top_of(row, shape))
