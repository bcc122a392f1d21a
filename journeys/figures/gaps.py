"""Periods without a figure: a shaded band with its mark, and between what a hidden share lies."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from journeys.answer.released import Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.colours import GREY
from journeys.figures.rows import draw_bounds
from journeys.words import phrases
from journeys.words.shares import bound_span


def draw(fig: Canvas, rows: Sequence[Row], shape: str) -> None:
    """The gaps of one line."""
    _shade(fig, [phrases.mark(row, shape) for row in rows])
    draw_bounds(fig, enumerate(rows), is_upright=True)


def draw_of_all(fig: Canvas, lines: Sequence[Sequence[Row]], shape: str) -> None:
    """Periods in which no line has a figure, where it is for one reason."""
    marks = [{phrases.mark(row, shape) for row in column} for column in zip(*lines, strict=True)]
    _shade(fig, [found.pop() if len(found) == 1 else "" for found in marks])


def key(rows: Sequence[Row], shape: str) -> list[tuple[str, str]]:
    """What the marks of gaps mean, those that occur, and the bars in them."""
    found = dict.fromkeys(mark for row in rows if (mark := phrases.mark(row, shape)))
    bars = [(sign, words) for sign, _, words in bounds(rows)]
    return [(mark, phrases.MARKS[mark].split(":")[0]) for mark in found] + bars


def bounds(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    """What the bars that stand for hidden shares mean, where there are any, for a key."""
    return [("▮", GREY, "where a hidden share lies")] if any(map(bound_span, rows)) else []


def _shade(fig: Canvas, marks: Sequence[str]) -> None:
    for mark, places in groupby(range(len(marks)), key=lambda i: marks[i]):
        run = list(places)
        if not mark:
            continue
        fig.add_shape(
            type="rect", x0=run[0] - 0.5, x1=run[-1] + 0.5, y0=0, y1=1, yref="paper", line={"width": 0},
            fillcolor=canvas.VEIL, layer="below",
        )  # fmt: skip
        is_wide = len(run) >= 0.12 * len(marks)
        canvas.note(
            fig, mark, (run[0] + run[-1]) / 2, 0.97, yref="paper", yanchor="top", align="center",
            font={"size": SMALL}, textangle=0 if is_wide or mark == "[c]" else -90,
        )  # fmt: skip
