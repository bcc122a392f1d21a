"""Many labels over time: one strip a label, all on one scale, so that no line lies on another and small shares are read at their ends."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas, gaps
from journeys.figures.canvas import SMALL, Canvas, Shelf
from journeys.figures.colours import BLUE, GREY
from journeys.figures.like import NOTHING, Beside
from journeys.figures.periods import time_axis
from journeys.figures.rows import draw_gap, hover, is_in_order
from journeys.words import phrases, sentences
from journeys.words.phrases import PERIODS, Names
from journeys.words.shares import bound_span, digits_of

HEADROOM = 16  # pixels above the largest value
ASIDE = 8  # pixels from the edge of the figure to a name
TALL, SIDE = 48, 56  # pixels of a strip, and beside it for the figures at its ends
MOST = 12


@dataclass(frozen=True)
class Scale:
    """What all strips share: the shape of the answer, the largest value, the decimals, the names, and what they stand beside."""

    shape: str
    top: float
    digits: int
    names: Names
    beside: Beside

    def height(self, floor: float, value: float | None) -> float | None:
        """How far down a value lies, in pixels from the top of the figure."""
        return None if value is None else floor - (TALL - HEADROOM) * value / self.top


def strips(
    released: Released,
    names: Names,
    *,
    most: int | None = None,
    beside: Beside = NOTHING,
    every: Sequence[Row] = (),
) -> go.Figure:
    """A strip with its line for each label, the largest first (services and the like in their order); figures at both ends of a line, gaps as gaps.

    Each stands `beside` the same of all, in grey. Strips that go on from screen to screen have the height and decimals of `every` row.
    """
    every = every or released.rows
    labels = (*released.by, *released.own)
    unit = next(name for name in labels if name in PERIODS)
    others = [name for name in labels if name != unit]
    found = _by_name(released, others, names)
    shown = dict(list(found.items())[: min((most or 2 * MOST) // 2, MOST)])
    among = list(shown.values()) if every is released.rows else [every]
    top = max([beside.top, *(_reach(rows, released.shape) for rows in among)]) or 1
    scale = Scale(released.shape, top, digits_of(every), names, beside)
    shelves, height = canvas.shelves([phrases.upper_first(name) for name in shown], tall=TALL)
    fig = canvas.blank(100, left=SIDE, right=SIDE, bottom=44)
    for rows, shelf in zip(shown.values(), shelves, strict=True):
        canvas.note(fig, shelf.text, 0, shelf.foot, xref="paper", xanchor="left", yanchor="bottom", xshift=ASIDE - SIDE)
        _strip(fig, rows, shelf, scale, unit)
    entries = [("╌·", GREY, beside.words)] if beside.rates else []
    entries += gaps.bounds(row for rows in shown.values() for row in rows)
    if entries:
        canvas.key(fig, entries)
    canvas.shelf_axis(fig, height)
    time_axis(fig, list(dict.fromkeys(row.labels[unit] for row in released.rows)))
    if len(shown) < len(found):
        which = "first" if is_in_order(others) else "largest"
        canvas.foot(fig, f"The {len(shown)} {which} of {len(found)}; the table has all.", below=40)
    return fig.figure()


def _by_name(released: Released, others: Sequence[str], names: Names) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in released.rows:
        found.setdefault(sentences.row_name(row, others, names), []).append(row)
    largest = {name: 0.0 if is_in_order(others) else -_largest(rows, released.shape) for name, rows in found.items()}
    return {name: found[name] for name in sorted(found, key=lambda name: largest[name])}


def _largest(rows: Sequence[Row], shape: str) -> float:
    return max((phrases.measure(row, shape) or 0 for row in rows), default=0)


def _reach(rows: Sequence[Row], shape: str) -> float:
    """How high a strip must reach: to its largest value, and to where a hidden share can lie."""
    return max([_largest(rows, shape), *(span[1] for row in rows if (span := bound_span(row)))])


def _strip(fig: Canvas, rows: Sequence[Row], shelf: Shelf, scale: Scale, unit: str) -> None:
    """One line on its own floor; complete points joined, the others hollow."""
    floor, shape = shelf.middle + TALL / 2, scale.shape
    fig.add_shape(type="line", x0=-0.5, x1=len(rows) - 0.5, y0=floor, y1=floor, line={"color": GREY, "width": 1})
    at = [scale.height(floor, phrases.measure(row, shape)) for row in rows]
    known = [i for i, height in enumerate(at) if height is not None]
    if not known:
        draw_gap(fig, shelf, phrases.value_words(rows[0], shape))
        return
    beside = [scale.height(floor, scale.beside.rate(row)) for row in rows]
    _line(fig, beside, {"color": GREY, "width": 1.5, "dash": "dashdot"})
    _line(
        fig,
        [None if row.complete is False else h for row, h in zip(rows, at, strict=True)],
        {"color": BLUE, "width": 2},
    )
    looks = [("circle-open", GREY) if rows[i].complete is False else ("circle", BLUE) for i in known]
    words = [f"{shelf.text}, {scale.names(unit, rows[i].labels[unit])}" for i in known]
    fig.add_scatter(
        x=known, y=[at[i] for i in known], mode="markers", hoverinfo="text", cliponaxis=False,
        marker={"symbol": [symbol for symbol, _ in looks], "color": [colour for _, colour in looks], "size": 6},
        hovertext=[hover(said, rows[i], shape, scale.digits) for said, i in zip(words, known, strict=True)],
    )  # fmt: skip
    _ends(fig, rows, at, known, scale)
    spans = [(i, span) for i, row in enumerate(rows) if (span := bound_span(row))]
    places = [(i, scale.height(floor, high) or 0, scale.height(floor, low) or 0) for i, (low, high) in spans]
    canvas.bounds(fig, places, is_upright=True)


def _line(fig: Canvas, heights: Sequence[float | None], line: dict) -> None:
    if any(height is not None for height in heights):
        fig.add_scatter(x=list(range(len(heights))), y=list(heights), mode="lines", hoverinfo="skip", line=line)


def _ends(fig: Canvas, rows: Sequence[Row], at: Sequence[float | None], known: Sequence[int], scale: Scale) -> None:
    """The first and the last figure, outside of the line."""
    for i, x, side in ((known[0], -0.55, "right"), (known[-1], len(rows) - 0.45, "left")):
        said = f"<b>{phrases.value_words(rows[i], scale.shape, scale.digits)}</b>"
        canvas.note(fig, said, x, at[i] or 0, xanchor=side, yanchor="middle", align=side, font={"size": SMALL})
