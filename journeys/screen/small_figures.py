"""Small figures inside a table: a share with its likely range on the scale of its column, and a series over time. HTML and SVG, all through `html.tag`."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from journeys.answer.released import Row
from journeys.screen import html
from journeys.screen.html import Html
from journeys.words.peers import expected
from journeys.words.shares import bound_span

BLUE, GREY = "#2073BC", "#7A8288"
PALE = "rgba(122, 130, 136, 0.6)"  # lets the ground through, so that it is the paler one on either
WIDTH, HEIGHT, EDGE = 150, 26, 3  # of a series, in its own units
SIDE = 5  # room for half a dot at either end also where a meeting draws it 80 pixels wide


def strip(row: Row, whole: Row, top: float, kind: str, words: str, others: Sequence[Row] = ()) -> Html:
    """A dot with its likely range, the line of all together, a ring for what is expected of clients like its own; a pale band where a share is
    hidden and bounded; the `others` as small grey dots. `kind` is `own`, `peer`, `apart` or `together`; `words` say the
    same for whoever does not see it.
    """
    span = bound_span(row)
    marks = [_mark("all", whole.rate, top), _band("bound", *span, top) if span else html.join(())]
    marks += [_mark("other", other.rate, top) for other in others]
    if row.rate is not None:
        marks += [_band("range", row.low, row.high, top), _mark(f"dot {kind}", row.rate, top)]
    marks += [_mark("ring", expected(row), top)]
    return html.tag("span", *marks, class_="strip", role="img", aria_label=words)


def _mark(kind: str, value: float | None, top: float) -> Html:
    return html.join(()) if value is None else html.tag("i", class_=kind, style=f"left:{_part(value, top)}%")


def _band(kind: str, low: float, high: float, top: float) -> Html:
    left, right = _part(low, top), _part(high, top)
    return html.tag("i", class_=kind, style=f"left:{left}%;width:{round(right - left, 2)}%")


def _part(value: float, top: float) -> float:
    return round(100 * min(max(value / top, 0), 1), 2)


def series(rows: Sequence[Row], beside: Sequence[float | None], top: float, words: str, *, is_own: bool = True) -> Html:
    """A line through the complete points, grey dots for those that are not complete, pale bars for bounds; `beside` is the line of those like it.

    `words` say the same for whoever does not see it. It fills the room that it gets, so strokes keep their width and dots are ends of strokes.
    """
    colour = BLUE if is_own else GREY
    drawn = [*_bounds(rows, top), *_lines(beside, top, PALE, 1.5, "3 2"), *_lines(_whole(rows), top, colour, 2, None)]
    last = max((i for i, value in enumerate(_whole(rows)) if value is not None), default=None)
    for i, row in enumerate(rows):
        if row.rate is not None and row.complete is False:
            drawn.append(_dot(i, row.rate, len(rows), top, PALE))
        elif row.rate is not None and (i == last or _is_alone(rows, i)):
            drawn.append(_dot(i, row.rate, len(rows), top, colour))
    box = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "preserveAspectRatio": "none", "width": WIDTH, "height": HEIGHT}
    svg = html.tag("svg", *drawn, xmlns="http://www.w3.org/2000/svg", **box)
    return html.tag(
        "img", class_="spark", alt=words, src=f"data:image/svg+xml,{quote(svg)}", width=WIDTH, height=HEIGHT
    )


def _whole(rows: Sequence[Row]) -> list[float | None]:
    return [row.rate if row.complete is not False else None for row in rows]


def _is_alone(rows: Sequence[Row], i: int) -> bool:
    """Whether no line leads to a point."""
    values = [None, *_whole(rows), None]
    return values[i] is None and values[i + 2] is None


def _bounds(rows: Sequence[Row], top: float) -> list[Html]:
    spans = [(i, span) for i, row in enumerate(rows) if (span := bound_span(row))]
    return [_stroke(f"M{_x(i, len(rows))} {_y(low, top)}V{_y(high, top)}", PALE, 3) for i, (low, high) in spans]


def _stroke(path: str, colour: str, width: float, **more: object) -> Html:
    steady = {"vector_effect": "non-scaling-stroke", "fill": "none"}
    return html.tag("path", d=path, stroke=colour, stroke_width=width, **steady, **more)


def _lines(values: Sequence[float | None], top: float, colour: str, width: float, dash: str | None) -> list[Html]:
    """A line through what is there; a gap stays a gap."""
    found = []
    for is_there, run in groupby(range(len(values)), key=lambda i: values[i] is not None):
        places = [f"{_x(i, len(values))} {_y(values[i] or 0, top)}" for i in run]
        if is_there and len(places) > 1:
            found.append(_stroke(f"M{'L'.join(places)}", colour, width, stroke_dasharray=dash))
    return found


def _dot(i: int, rate: float, n: int, top: float, colour: str) -> Html:
    return _stroke(f"M{_x(i, n)} {_y(rate, top)}h0.01", colour, 5, stroke_linecap="round")


def _x(i: int, n: int) -> float:
    return round(SIDE + (WIDTH - 2 * SIDE) * (i / (n - 1) if n > 1 else 0.5), 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * min(value / top, 1), 1)
