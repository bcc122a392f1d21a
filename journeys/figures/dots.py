"""Shares as points with their likely range, beside what may be expected: people like these, all together, the others."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import Canvas, Shelf
from journeys.figures.colours import BLUE, GREY
from journeys.figures.ends import Side, clear_side, with_figure
from journeys.figures.like import NOTHING, Beside, hidden_words, ticks
from journeys.figures.rows import (
    OWN,
    ROOM,
    Extent,
    draw_end,
    draw_hidden,
    draw_label,
    hover,
    labels_of,
    possible,
    texts_of,
    top_of,
    value_axis,
)
from journeys.words import phrases, shares
from journeys.words.phrases import Names
from journeys.words.shares import bound_span

TALL, POINT, RING = 16, 12, 17  # pixels
NEAR = 0.02  # of the axis: so close the ring may reach over the range
BELOW = 8  # pixels that the line of all together goes on below a row


def dots(
    released: Released,
    names: Names,
    *,
    whole: Row | None = None,
    chosen: frozenset[str] = frozenset(),
    most: int | None = None,
    beside: Beside = NOTHING,
    extent: Extent = OWN,
) -> go.Figure:
    """A point a row with its likely range; a ring where case mix says what to expect, a line at what all have together (`whole`),
    or a tick at what each label stands `beside`.

    What the reader has `chosen` stands out, its peers stay, in grey. The axis goes as far as its `extent`.
    """
    is_chosen = lambda row: not chosen or bool(chosen & set(row.labels.values()))  # noqa: E731
    listed = possible(released.rows)
    rows = [row for i, row in enumerate(listed) if i < (most or len(listed)) or (chosen and is_chosen(row))]
    digits = extent.digits_of([*rows, *([whole] if whole else [])])
    top = max(_top(rows, whole), beside.top, extent.reach)
    words = [hidden_words(row, phrases.value_words(row, "proportion", digits), beside, digits) for row in rows]
    start = canvas.start_of(min([_low(rows, whole), *beside.rates.values()]), top)
    line, axis = whole.rate if whole else None, (start, start + (top - start) * ROOM)
    sides = [_side(row, said, (line, beside.rate(row)), axis) for row, said in zip(rows, words, strict=True)]
    texts = texts_of(rows, labels_of(released), names, words, top, start)
    shelves, height = canvas.shelves(list(map(with_figure, texts, words, sides)), tall=TALL)
    drawn = [(row, shelf) for row, shelf in zip(rows, shelves, strict=True) if row.rate is not None]
    fig = canvas.blank(100, left=canvas.left_of(start, is_share=True), right=24)
    _all_points(fig, drawn, is_chosen, digits)
    entries = ticks(fig, [(row, shelf.middle) for row, shelf in drawn], beside, TALL)
    has_rings = _rings(fig, drawn, digits)
    for row, shelf, said, at in zip(rows, shelves, words, sides, strict=True):
        _said(fig, row, shelf, said, at, (start, top))
    canvas.shelf_axis(fig, height)
    value_axis(fig, [top], "proportion", start)
    _line(fig, line, [shelf for _, shelf in drawn])
    entries += _entries(released, chosen, names, has_rings, whole if line is not None else None, digits)
    canvas.say_start(fig, start, is_share=True, below=30)
    canvas.key(fig, entries)
    return fig.figure()


def _said(fig: Canvas, row: Row, shelf: Shelf, words: str, at: Side, axis: tuple[float, float]) -> None:
    """The name of a row, and its figure at its side (past the ring where that reaches over the right end) or why it has none."""
    start, top = axis
    draw_label(fig, shelf)
    if row.rate is None:
        draw_hidden(fig, shelf.middle, row, words, top, start)
    elif at is Side.LEFT:
        draw_end(fig, shelf.middle, words, row.low, is_point=True, is_left=True)
    elif at is Side.RIGHT:
        room = "&nbsp;" * (2 if (_expected(row) or 0) + NEAR * top > row.high else 0)  # for half a ring
        draw_end(fig, shelf.middle, room + words, row.high, is_point=True)


def _side(row: Row, words: str, others: Sequence[float | None], axis: tuple[float, float]) -> Side:
    """Where the figure of a row stands: clear of its ring, of the line of all together and of its tick."""
    if row.rate is None:
        return Side.RIGHT
    return clear_side(words, (row.low, row.high), [*others, _expected(row)], axis)


def _top(rows: Sequence[Row], whole: Row | None) -> float:
    known = [*rows, *([whole] if whole else [])]
    return max([top_of(row, "proportion") if row.rate is None else _end(row) for row in known], default=0) or 1


def _low(rows: Sequence[Row], whole: Row | None) -> float:
    """How far left anything reaches that is drawn."""
    found = [whole.rate] if whole and whole.rate is not None else []
    for row in rows:
        found += [row.low, _expected(row) or row.low] if row.rate is not None else (bound_span(row) or ())[:1]
    return min(found, default=0)


def _end(row: Row) -> float:
    """How far right a row reaches."""
    return max(row.high, _expected(row) or 0)


def _expected(row: Row) -> float | None:
    return row.expected / row.denominator if row.expected is not None and row.denominator else None


def _all_points(fig: Canvas, drawn: Sequence[tuple[Row, Shelf]], is_chosen: Callable[[Row], bool], digits: int) -> None:
    """Every point with its likely range; the chosen ones stand out."""
    canvas.whiskers(fig, [(shelf.middle, row.low, row.high) for row, shelf in drawn])
    _points(fig, [one for one in drawn if not is_chosen(one[0])], GREY, digits)
    _points(fig, [one for one in drawn if is_chosen(one[0])], BLUE, digits)


def _points(fig: Canvas, drawn: Sequence[tuple[Row, Shelf]], colour: str, digits: int) -> None:
    fig.add_scatter(
        x=[row.rate for row, _ in drawn],
        y=[shelf.middle for _, shelf in drawn],
        mode="markers",
        marker={"size": POINT, "color": colour, "line": {"width": 0}},
        customdata=[next(iter(row.labels.values()), "") for row, _ in drawn],
        hovertext=[hover(shelf.text, row, "proportion", digits) for row, shelf in drawn],
        hoverinfo="text",
    )


def _rings(fig: Canvas, drawn: Sequence[tuple[Row, Shelf]], digits: int) -> bool:
    """What may be expected of people like these, where case mix says it."""
    found = [(value, shelf) for row, shelf in drawn if (value := _expected(row)) is not None]
    fig.add_scatter(
        x=[value for value, _ in found],
        y=[shelf.middle for _, shelf in found],
        mode="markers",
        marker={"size": RING, "symbol": "circle-open", "color": GREY, "line": {"width": 2.5, "color": GREY}},
        hovertext=[f"expected of people like these: {shares.per_cent(value, digits)}" for value, _ in found],
        hoverinfo="text",
    )
    return bool(found)


def _line(fig: Canvas, at: float | None, shelves: Sequence[Shelf]) -> None:
    """What all have together, beside every point."""
    if at is None:
        return
    y = [place for one in shelves for place in (one.foot, one.middle + TALL / 2 + BELOW, None)]
    line = {"color": GREY, "width": 2, "dash": "5px,2px"}
    fig.add_scatter(x=[at] * len(y), y=y, mode="lines", hoverinfo="skip", line=line)


def _entries(
    released: Released, chosen: frozenset[str], names: Names, has_rings: bool, whole: Row | None, digits: int
) -> list[tuple[str, str, str]]:
    """The key: what stands out, what is grey, the ring, the line."""
    share = ("●", BLUE, "share, with its likely range")
    own = names(released.by[0], next(iter(chosen))) if len(chosen) == 1 else "chosen"
    found = [("●", BLUE, own), ("●", GREY, "the others")] if chosen else [share]
    found += [("○", GREY, "expected of people like these")] if has_rings else []
    if whole:
        found += [("╌", GREY, f"{_together(released)}: {phrases.value_words(whole, 'proportion', digits)}")]
    return found


def _together(released: Released) -> str:
    """What the line is called: all services where they are all of them."""
    asked = released.selection
    is_all = released.by == ("service",) and asked.service is None and asked.commissioner is None
    return "all services" if is_all else "all together"


def highlighted(fig: go.Figure, chosen: frozenset[str], *, is_elsewhere: bool = False) -> go.Figure:
    """The same bars with what is chosen standing out and its peers in grey, also where it stands on another screen (`is_elsewhere`)."""
    for trace in fig.data:
        codes = trace.customdata if trace.type == "bar" else None
        if codes is not None and (is_elsewhere or chosen & set(codes)):
            own = trace.marker.color if isinstance(trace.marker.color, str) else BLUE
            trace.marker.color = [own if one in chosen else GREY for one in codes]
    return fig
