"""Two selections beside each other: shares as points with their intervals, or two bars a label."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, SYMBOLS, Canvas, Shelf
from journeys.figures.colours import GREY, LINES
from journeys.figures.ends import Side, bar_side
from journeys.figures.like import NOTHING, Beside, hidden_words, ticks
from journeys.figures.rows import (
    BAR,
    MOST,
    OWN,
    Extent,
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
from journeys.words.differences import Pair, Printed, inside, verdict
from journeys.words.phrases import Names
from journeys.words.shares import bound, bound_span, with_interval

SAID = 20  # pixels of the two shares below the name of a row
TALL = 22  # pixels of a difference and its interval
WIDE_ROW, WIDE_LABEL, WIDE_LEFT, WIDE_RIGHT = 40, 30, 200, 110  # pixels, characters, pixels, pixels
PHONE, FIGURE = 280, 48  # pixels of the axis on a phone, and of a difference in words
ROOM, WIDE_ROOM = 0.16, 0.3  # of the axis, for the words behind an interval
NOT_COMPARED = 10  # characters of a line of words in place of a difference
SIGNS = ("●", "■")
BAR_SIGNS = ("■", "▨")


def beside(pairs: Sequence[Pair], named: tuple[str, str], *, is_wide: bool = False) -> go.Figure:
    """A difference a row, first minus second in percentage points with its interval, on an axis of its own; both shares with its name.

    Name and shares stand above the difference; where the figure `is_wide`, at its left and right.
    """
    fig = canvas.blank(100, right=WIDE_RIGHT if is_wide else 14, left=WIDE_LEFT if is_wide else 12)
    if is_wide:
        places = [WIDE_ROW * (i + 0.5) for i in range(len(pairs))]
        height: float = WIDE_ROW * len(pairs)
        for pair, place in zip(pairs, places, strict=True):
            _at_the_sides(fig, pair, place)
    else:
        shelves, height = canvas.shelves([pair.title for pair in pairs], tall=SAID + TALL)
        places = [shelf.foot + SAID + TALL / 2 for shelf in shelves]
        for pair, shelf in zip(pairs, shelves, strict=True):
            _above(fig, pair, shelf)
    ends = _ends([pair.printed for pair in pairs if pair.printed], WIDE_ROOM if is_wide else ROOM)
    # nought is a line beside every difference, and no name stands on it
    canvas.zero(fig, places, WIDE_ROW if is_wide else TALL)
    _differences(fig, pairs, places, ends, is_wide=is_wide)
    canvas.shelf_axis(fig, height)
    fig.update_layout(xaxis=_points_axis(ends))
    unclear = [("○", GREY, "No clear difference")] if any(_is_open(pair) for pair in pairs) else []
    sides = [
        (*mark, phrases.upper_first(name)) for mark, name in zip(zip(SIGNS, LINES, strict=False), named, strict=True)
    ]
    canvas.key(fig, [*sides, *unclear])
    left, right = (f"higher for {inside(name)}" for name in named[::-1])
    canvas.foot(
        fig, f"Difference in percentage points with its 95% interval. Left of 0: {left}. Right: {right}.", below=30
    )
    return fig.figure()


def _shares(pair: Pair, *, is_short: bool = False) -> str:
    """Both shares, or their marks in words (`is_short`: alone, to be explained below), each with its sign."""
    rows = (pair.first, pair.second)
    words = [phrases.value_words(row, "proportion", pair.digits) for row in rows]
    words = [(is_short and phrases.mark(row, "proportion")) or said for row, said in zip(rows, words, strict=True)]
    return "&nbsp; ".join(
        f"<span style='color:{c}'>{s}</span> {t}" for s, c, t in zip(SIGNS, LINES, words, strict=False)
    )


def _above(fig: Canvas, pair: Pair, shelf: Shelf) -> None:
    left = {"xref": "paper", "xanchor": "left"}
    canvas.note(fig, f"<b>{shelf.text}</b>", 0, shelf.foot, yanchor="bottom", **left)
    canvas.note(fig, _shares(pair), 0, shelf.foot + SAID / 2, yanchor="middle", font={"size": 13}, **left)


def _at_the_sides(fig: Canvas, pair: Pair, place: float) -> None:
    text = canvas.wrapped(pair.short_title, WIDE_LABEL)
    canvas.note(
        fig, text, 0, place, xref="paper", xanchor="left", yanchor="middle", xshift=4 - WIDE_LEFT, font={"size": SMALL}
    )
    canvas.note(
        fig, _shares(pair, is_short=True), 1, place, xref="paper", xanchor="left", yanchor="middle", xshift=6,
        font={"size": SMALL},
    )  # fmt: skip


def _differences(
    fig: Canvas, pairs: Sequence[Pair], places: Sequence[float], ends: tuple[float, float], *, is_wide: bool
) -> None:
    """A clear difference in the colour and shape of the side that is higher, any other open and grey; what cannot be compared in words."""
    known = [(pair, found, place) for pair, place in zip(pairs, places, strict=True) if (found := pair.printed)]
    canvas.whiskers(fig, [(place, found.low, found.high) for _, found, place in known])
    looks = [_look(pair) for pair, _, _ in known]
    fig.add_scatter(
        x=[100 * (pair.difference.difference or 0) for pair, _, _ in known], y=[place for _, _, place in known], mode="markers", cliponaxis=False,
        marker={"symbol": [s for s, _ in looks], "size": 12, "color": [c for _, c in looks], "line": {"width": 1.5, "color": [c for _, c in looks]}},
        hovertext=[_difference_hover(pair) for pair, _, _ in known], hoverinfo="text",
    )  # fmt: skip
    for pair, place in zip(pairs, places, strict=True):
        found = pair.printed
        if found is None:
            _not_compared(fig, verdict(pair), place, ends, is_wide=is_wide)
            continue
        words = f"<b>{found.signed(found.difference)}</b>"
        at, side, shift = (found.low, "right", -9) if _is_left(found, ends) else (found.high, "left", 9)
        canvas.note(fig, words, at, place, xanchor=side, yanchor="middle", xshift=shift, font={"size": 13})


def _is_left(found: Printed, ends: tuple[float, float]) -> bool:
    """Whether a difference is said left of its interval: nought stands at the right of it, and near."""
    return 0 < -found.high < FIGURE / PHONE * (ends[1] - ends[0])


def _not_compared(fig: Canvas, words: str, place: float, ends: tuple[float, float], *, is_wide: bool) -> None:
    """In words on the side of nought that has more room, in two lines where shares stand beside it."""
    words = canvas.wrapped(words, NOT_COMPARED) if is_wide else words
    side, shift = ("left", 9) if ends[1] >= -ends[0] else ("right", -9)
    canvas.note(fig, words, 0, place, xanchor=side, yanchor="middle", align=side, xshift=shift, font={"size": 13})


def _is_open(pair: Pair) -> bool:
    """Whether a difference is drawn that is not clear."""
    return pair.printed is not None and not pair.difference.is_clear


def _look(pair: Pair) -> tuple[str, str]:
    if not pair.difference.is_clear:
        return "circle-open", GREY
    side = 0 if (pair.difference.difference or 0) > 0 else 1
    return SYMBOLS[side], LINES[side]


def _difference_hover(pair: Pair) -> str:
    found = pair.printed
    span = f"{found.signed(found.low)} to {found.signed(found.high)}" if found else ""
    sides = [
        f"{sign} {with_interval(row, pair.digits)}" for sign, row in zip(SIGNS, (pair.first, pair.second), strict=True)
    ]
    return "<br>".join(
        (
            f"<b>{pair.title}</b>",
            *sides,
            f"difference {found.signed(found.difference)} ({span})" if found else verdict(pair),
        )
    )


def _ends(found: Sequence[Printed], room: float) -> tuple[float, float]:
    """From where to where an axis goes that is as wide as the intervals, 0 always on it."""
    low, high = min((one.low for one in found), default=-1), max((one.high for one in found), default=1)
    low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or 1.0
    ends = low - 0.05 * span, high + room * span
    left = [one.low - room * span for one in found if _is_left(one, ends)]
    return min([ends[0], *left]), ends[1]


def _points_axis(ends: tuple[float, float]) -> dict:
    """An axis of percentage points."""
    step = canvas.round_ticks(max(-ends[0], ends[1]))[1]
    ticks = [
        i * step for i in range(int(ends[0] / step) - 1, int(ends[1] / step) + 2) if ends[0] <= i * step <= ends[1]
    ]
    texts = [f"{t:+g}".replace("-", "−") if t else "0" for t in ticks]
    return canvas.value_axis(ends[1], is_share=False) | {
        "range": list(ends),
        "tickvals": ticks,
        "ticktext": texts,
        "zeroline": False,
        "showgrid": False,
    }


def compare(
    left: Released,
    right: Released,
    names: Names,
    left_words: str,
    right_words: str,
    *,
    most: int | None = None,
    besides: Sequence[Beside] = (NOTHING, NOTHING),
    extent: Extent = OWN,
) -> go.Figure:
    """Two selections side by side: two bars a label, told apart by colour, hatching and sign, with both figures beside the label.

    A grey tick across each bar is what its side stands beside, one of `besides` a side; the axis goes as far as its `extent`.
    """
    labels = labels_of(left)
    whole = _pairs(left, right, labels)
    pairs = whole[: tall(most) or MOST]
    digits = extent.digits_of(row for pair in pairs for row in pair if row is not None)
    top = max([*_tops(pairs, left.shape), *(one.top for one in besides), extent.reach]) or 1
    sides = [_sides(pair, left.shape, digits, top, besides) for pair in pairs]
    said = [_named(pair, at, left.shape, digits) for pair, at in zip(pairs, sides, strict=True)]
    texts = [text_of(pair[0], labels, names) for pair in pairs]
    shelves, height = canvas.shelves(list(map(str.__add__, texts, said)), tall=2 * BAR + 4)
    fig = canvas.blank(100)
    others: dict[tuple[str, str, str], None] = {}
    for side, words in enumerate((left_words, right_words)):
        at = [shelf.middle + (BAR / 2 + 2) * (1 if side else -1) for shelf in shelves]
        _side_trace(fig, [pair[side] for pair in pairs], shelves, side, words, left, digits)
        for place, pair, its in zip(at, pairs, sides, strict=True):
            if its[side] is Side.RIGHT:
                _side_words(fig, place, pair[side], left.shape, digits, top, besides[side])
        places = [(row, y) for pair, y in zip(pairs, at, strict=True) if (row := pair[side]) is not None]
        others |= dict.fromkeys(ticks(fig, places, besides[side], BAR * 0.7))
    _frame(fig, shelves, height)
    value_axis(fig, [top], left.shape)
    canvas.key(fig, [*zip(BAR_SIGNS, LINES, (left_words, right_words), strict=False), *others])
    if len(pairs) < len(whole):
        canvas.foot(fig, f"The first {len(pairs)} of {len(whole)}; the table has all.", below=30)
    return fig.figure()


def _frame(fig: Canvas, shelves: Sequence[Shelf], height: float) -> None:
    """The names of the rows, and their axis; both bars of a row at places of their own."""
    for shelf in shelves:
        draw_label(fig, shelf)
    canvas.shelf_axis(fig, height)
    fig.update_layout(barmode="overlay")


def _tops(pairs: Sequence[tuple[Row, Row | None]], shape: str) -> list[float]:
    return [top_of(row, shape) for pair in pairs for row in pair if row is not None]


def _pairs(left: Released, right: Released, labels: Sequence[str]) -> list[tuple[Row, Row | None]]:
    others = {tuple(row.labels[n] for n in labels): row for row in right.rows}
    return [(row, others.get(tuple(row.labels[n] for n in labels))) for row in possible(left.rows)]


def _sides(pair: tuple[Row, Row | None], shape: str, digits: int, top: float, besides: Sequence[Beside]) -> list[Side]:
    """Where the figure of either bar stands."""
    return [
        Side.RIGHT if row is None else bar_side(row, _short(row, shape, digits), beside, top, shape)
        for row, beside in zip(pair, besides, strict=True)
    ]


def _named(pair: tuple[Row, Row | None], sides: Sequence[Side], shape: str, digits: int) -> str:
    """The figures that have no room at the ends of their bars, each with the sign of its side: `: ■ 7%`."""
    found = [
        f"{sign} <b>{_short(row, shape, digits)}</b>"
        for sign, row, side in zip(BAR_SIGNS, pair, sides, strict=True)
        if row is not None and side is Side.NAME
    ]
    return ": " + ", ".join(found) if found else ""


def _side_words(fig: Canvas, at: float, row: Row | None, shape: str, digits: int, top: float, beside: Beside) -> None:
    """The figure at the end of a bar; where there is none, between what it lies, or why."""
    if row is None:
        return
    words = _short(row, shape, digits)
    if phrases.measure(row, shape) is not None:
        draw_end(fig, at, words, top_of(row, shape))
    else:
        words = words if bound_span(row) else phrases.value_words(row, shape)
        draw_hidden(fig, at, row, hidden_words(row, words, beside, digits), top)


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
