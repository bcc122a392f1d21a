"""What every figure is painted on: an empty figure, whiskers, ticks, gaps.

No colour of text is set anywhere: text takes that of the page's theme, so draw figures with `theme="streamlit"`.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.optional_imports import get_module

from journeys.figures.colours import BOUND, GREY, INTERVAL

# Plotly takes pandas as it finds it, half imported while another visitor's first page imports it: then a figure fails. So it is whole before any figure.
get_module("pandas")

DARK, LIGHT = "#3D3D3D", "#FFFFFF"
VEIL = "rgba(122, 130, 136, 0.16)"
RULE = "rgba(122, 130, 136, 0.30)"
SYMBOLS = ("circle", "square", "diamond", "triangle-up")
DASHES = ("solid", "dash", "dot", "dashdot")
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
SMALL = 12
LETTER = 6.7  # pixels of a small digit
LINE = 19  # pixels of a line of text
BELOW = 3  # pixels between a label and what is drawn
NARROW, WIDE = 50, 72  # characters that fit across a phone, and across a projector
ACROSS = ContextVar("across", default=NARROW)  # how many the lines around a figure may have
AROUND = (
    "around"  # in a layout's meta, and the name of its notes: the words around the plot, which a page can put elsewhere
)
LABEL = 42  # characters of a row's label that leave room for its figure
# The margins are given, so Plotly need not draw the ticks first to find out how much room they take.
MEASURED = {"automargin": False, "ticklabeloverflow": "allow"}
ASIDE = 0.004  # of the width: labels do not touch the axis
# what a note may say and still be text of a trace, and where such text stands for its anchors
PLAIN = {"text", "x", "y", "xref", "xanchor", "yanchor", "align", "font", "showarrow"}
ANCHORS = {
    (v, h): f"{up} {over}"
    for v, up in (("bottom", "top"), ("middle", "middle"), ("top", "bottom"), (None, "middle"))
    for h, over in (("left", "right"), ("right", "left"), ("center", "center"), (None, "center"))
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 14, "color": "#1B1F23"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }
)


def are_wide(is_wide: bool) -> None:
    """Whether lines around the figures of this run may fill the width of a projector."""
    ACROSS.set(WIDE if is_wide else NARROW)


def is_wide() -> bool:
    """Whether the figures of this run are for a projector."""
    return ACROSS.get() == WIDE


class Canvas:
    """A figure being painted: plain traces and layout, which Plotly checks once, in `figure()`.

    Adding to a Plotly figure checks everything again at every step: a figure with forty labels took a second.
    """

    def __init__(self, height: float, margin: dict[str, float]) -> None:
        self.traces: list[dict] = []
        self.annotations: list[dict] = []
        self.shapes: list[dict] = []
        self.height, self.margin = height, margin
        self.footed = 0  # pixels that lines below the plot take
        self.around: dict = {"key": [], "feet": [], "t": 0, "b": 0}  # words, and pixels that they take at either side
        self.layout: dict = {
            "template": TEMPLATE,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {"align": "left", "namelength": 0},
        }

    def add_scatter(self, **trace) -> None:
        self.traces.append({"type": "scatter", **trace})

    def add_bar(self, **trace) -> None:
        self.traces.append({"type": "bar", **trace})

    def add_heatmap(self, **trace) -> None:
        self.traces.append({"type": "heatmap", **trace})

    def add_shape(self, **shape) -> None:
        self.shapes.append(shape)

    def add_annotation(self, **annotation) -> None:
        self.annotations.append(annotation)

    def update_layout(self, **layout) -> None:
        self.layout |= layout

    def update_xaxes(self, **axis) -> None:
        self.layout["xaxis"] = self.layout.get("xaxis", {}) | axis

    def update_yaxes(self, **axis) -> None:
        self.layout["yaxis"] = self.layout.get("yaxis", {}) | axis

    def grow(self, pixels: float, side: str) -> None:
        """Make the margin of a side (t, b) larger and the figure with it."""
        self.height += pixels
        self.margin[side] += pixels

    def spare(self, pixels: float, from_width: float) -> None:
        """How many pixels above the plot are room for what a figure of this width, and wider, has not."""
        self.around["spare"] = [pixels, from_width]

    def figure(self) -> go.Figure:
        size = {"height": self.height, "margin": {**self.margin, "pad": 0}}
        texts, rest = self._texts()
        axes = {axis: MEASURED | self.layout.get(axis, {}) for axis in ("xaxis", "yaxis")}
        meta = {**self.layout.get("meta", {}), AROUND: self.around}
        parts = {"annotations": rest, "shapes": self.shapes, "meta": meta, **axes}
        return go.Figure({"data": [*self.traces, *texts], "layout": {**self.layout, **size, **parts}})

    def _texts(self) -> tuple[list[dict], list[dict]]:
        """The notes that can be text of a trace, as few traces as they allow, and the other notes: every annotation is laid out by itself."""
        traces, rest = {}, []
        for one in self.annotations:
            place = self._place(one)
            if place is None:
                rest.append(one)
                continue
            at, font = ANCHORS[one.get("yanchor"), one.get("xanchor")], one["font"]
            trace = traces.setdefault((at, *font.items()), _text_trace(at, font))
            for name, value in zip(("x", "y", "text"), (*place, one["text"]), strict=True):
                trace[name].append(value)
        return list(traces.values()), rest

    def _place(self, one: dict) -> tuple[object, object] | None:
        """Where a note stands on the axes; None where only an annotation can stand there."""
        x = one["x"]
        if set(one) - PLAIN or (one.get("yanchor"), one.get("xanchor")) not in ANCHORS:
            return None
        if "<br>" in one["text"] and one["align"] != (one.get("xanchor") or "center"):
            return None
        if one.get("xref") == "paper":
            span = self.layout.get("xaxis", {}).get("range")
            if not span or x not in (0, 1):
                return None
            inwards = ASIDE * (span[1] - span[0])
            return (span[0] + inwards, one["y"]) if x == 0 else (span[1], one["y"])
        return x, one["y"]


def _text_trace(at: str, font: dict) -> dict:
    still = {"mode": "text", "hoverinfo": "skip", "cliponaxis": False}
    return {"type": "scatter", "x": [], "y": [], "text": [], "textposition": at, "textfont": font, **still}


def blank(height: float, *, left: int = 12, right: int = 14, top: int = 8, bottom: int = 36) -> Canvas:
    """An empty canvas of that height in pixels: no title, no legend, no drag, transparent."""
    return Canvas(height, {"l": left, "r": right, "t": top, "b": bottom})


def hide_axis(fig: Canvas, axis: str, span: Sequence[float]) -> None:
    """An axis that places things but is not drawn."""
    fig.layout[axis] = {"visible": False, "fixedrange": True, "range": list(span)}


def value_axis(top: float, *, is_share: bool, start: float = 0) -> dict:
    """An axis with at most five round ticks, from 0 or from a later `start_of` the data; shares end at 100%, whatever stands above them."""
    ticks = [tick for tick in round_ticks(top, start) if not (is_share and tick > 1)]
    return {
        "range": [start, max(top + 0.04 * (top - start), ticks[-1])],
        "tickvals": ticks,
        "ticktext": tick_texts(ticks, is_share),
        "ticklabelstandoff": 3,
        "fixedrange": True,
        "showgrid": True,
        "gridcolor": RULE,
        "zeroline": True,
        "zerolinecolor": GREY,
        "zerolinewidth": 1,
        "tickfont": {"size": SMALL},
        "title": {"text": ""},
    }


def start_of(low: float, top: float) -> float:
    """Where an axis of points begins: at 0, unless the lowest of them lies above half of the highest; then at a round number below it."""
    if low <= top / 2:
        return 0
    start, step = low, 0.0
    while step < _step(
        top - start or top
    ):  # the further down it begins, the longer are its steps, of which it is a whole number
        step = _step(top - start or top)
        start = round((low * 0.999 // step) * step, 12)
    return start


def left_of(start: float, *, is_share: bool) -> int:
    """The margin in pixels that holds half of the first number below an axis, where it is a long one."""
    return max(12, round(LETTER * len(tick_text(start, is_share)) / 2) + 2)


def say_start(fig: Canvas, start: float, *, is_share: bool, below: int) -> None:
    """That an axis does not begin at 0."""
    if start:
        foot(fig, f"The axis begins at {tick_text(start, is_share)}, not at 0.", below=below)


def round_ticks(top: float, start: float = 0) -> list[float]:
    """Round numbers from `start` to at least `top`, four or five of them."""
    step = _step(top - start or 1)
    n = next(i for i in range(1, 7) if start + i * step >= top * 0.999)
    return [round(start + i * step, 12) for i in range(n + 1)]


def _step(span: float) -> float:
    """A round number of which four or fewer make the span."""
    size = 10.0**-12
    while size * 10 <= span:
        size *= 10
    return next(step * size for step in (0.25, 0.5, 1, 2, 2.5, 5, 10) if step * size * 4 >= span)


def tick_text(value: float, is_share: bool) -> str:
    if not is_share:
        return f"{value:,.0f}" if abs(value - round(value)) < 1e-9 else f"{value:g}"
    return f"{round(100 * value, 2):g}%"


def tick_texts(values: Sequence[float], is_share: bool) -> list[str]:
    """The ticks of one axis in one precision: `5.0%` beside `7.5%`; nought is nought."""
    texts = [tick_text(value, is_share) for value in values]
    if not is_share:
        return texts
    digits = max(len(text.rstrip("%").partition(".")[2]) for text in texts)
    return [f"{100 * value:.{digits}f}%" if value else text for value, text in zip(values, texts, strict=True)]


def value_room(fig: Canvas) -> None:
    """Room at the left for the longest number of the y axis."""
    longest = max(len(text) for text in fig.layout["yaxis"]["ticktext"])
    fig.margin["l"] = max(fig.margin["l"], 7 * longest + 12)


def note(fig: Canvas, text: str, x: float, y: float, **more) -> None:
    """Text without an arrow, 14 pixels unless told; its colour is the theme's."""
    fig.add_annotation(text=text, x=x, y=y, **{"showarrow": False, "align": "left", "font": {"size": 14}, **more})


def whiskers(fig: Canvas, spans: Iterable[tuple[float, float, float]], *, is_upright: bool = False) -> None:
    """Intervals of points as grey lines, which stand out on both themes: (position, low, high) each."""
    _lines(fig, spans, INTERVAL, is_upright)


def zero(fig: Canvas, places: Iterable[float], tall: float) -> None:
    """Nought beside each row, `tall` pixels high."""
    spans = ((0.0, place - tall / 2, place + tall / 2) for place in places)
    _lines(fig, spans, GREY, True, width=2)


def bounds(fig: Canvas, spans: Sequence[tuple[float, float, float]], *, is_upright: bool = False) -> None:
    """Between what a hidden share lies, alike in every figure: a broad pale line, (position, low, high) each."""
    if spans:
        _lines(fig, spans, BOUND, is_upright, width=9)


def bar_whiskers(fig: Canvas, spans: Sequence[tuple[float, float, float, float]]) -> None:
    """Intervals of bars: light on the bar, grey beyond its end; (position, low, end of the bar, high) each."""
    _lines(fig, [(place, low, end) for place, low, end, _ in spans], LIGHT, False)
    _lines(fig, [(place, end, high) for place, _, end, high in spans], INTERVAL, False)


def _lines(
    fig: Canvas, spans: Iterable[tuple[float, float, float]], colour: str, is_upright: bool, width: float = 2.5
) -> None:
    along, across = [], []
    for place, low, high in spans:
        along += [low, high, None]
        across += [place, place, None]
    x, y = (across, along) if is_upright else (along, across)
    fig.add_scatter(x=x, y=y, mode="lines", line={"color": colour, "width": width}, hoverinfo="skip")


@dataclass(frozen=True)
class Shelf:
    """The place of one row in pixels from the top: its label (wrapped), the foot of the label, the middle of what is drawn."""

    text: str
    foot: float
    middle: float


def shelves(texts: Sequence[str], *, tall: float = 16, width: int = LABEL) -> tuple[list[Shelf], float]:
    """Rows with their labels above them, however many lines a label needs, and the height of them all."""
    found, at = [], 0.0
    for text in texts:
        lines = wrapped(text, width) if text else ""
        foot = at + (LINE * (lines.count("<br>") + 1) if lines else 0) + 3
        found.append(Shelf(lines, foot, foot + BELOW + tall / 2))
        at = foot + BELOW + tall + 12
    return found, max(at, 1.0)


def shelf_axis(fig: Canvas, height: float) -> None:
    """The y axis of shelves: pixels from the top."""
    fig.height = height + fig.margin["t"] + fig.margin["b"]
    hide_axis(fig, "yaxis", (height, 0))


def key(fig: Canvas, entries: Iterable[tuple[str, str, str]], *, above: int = 4) -> None:
    """What the marks mean, in lines above the plot that fit a phone: (sign, colour, words) each. Makes room for itself."""
    entries = list(entries)
    if not entries:
        return fig.grow(above - 4, "t")
    lines = key_lines(entries, ACROSS.get())
    room = LINE * len(lines) + 6
    fig.grow(room + above, "t")
    fig.around["key"] += entries
    fig.around["t"] += room
    note(
        fig, "<br>".join(lines), 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="bottom",
        xshift=6 - fig.margin["l"], yshift=above, font={"size": 13}, name=AROUND,
    )  # fmt: skip


def key_lines(entries: Iterable[tuple[str, str, str]], across: int) -> list[str]:
    """The entries of a key (sign, colour, words each) in lines of at most `across` characters, as Plotly writes them."""
    lines, length = [""], 0
    for sign, colour, words in entries:
        if length and length + len(words) + 5 > across:
            lines, length = [*lines, ""], 0
        first, *more = wrapped(words, across - 4).split("<br>")
        entry = f"<span style='color:{colour};font-size:1.25em'><b>{sign}</b></span> {first}"
        lines[-1] += ("&nbsp;&nbsp; " if length else "") + entry
        lines += more
        length += len(words) + 5
    return lines


def foot(fig: Canvas, text: str, *, below: int) -> None:
    """Lines of text under the plot, `below` pixels from it. Makes room for itself."""
    lines = "<br>".join(wrapped(line, ACROSS.get() + 2) for line in text.split("<br>"))
    room = 17 * (lines.count("<br>") + 1) + 8
    fig.grow(room, "b")
    fig.around["feet"] += text.split("<br>")
    fig.around["b"] += room
    note(
        fig, lines, 0, 0, xref="paper", yref="paper", xanchor="left", yanchor="top", xshift=6 - fig.margin["l"],
        yshift=-below - fig.footed, font={"size": SMALL}, name=AROUND,
    )  # fmt: skip
    fig.footed += room - 6


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most `width` characters; a word that is longer is broken, at its hyphens where it has some. A figure is never broken."""
    is_long = any(len(word) > width and not re.search(r"[\d+]", word) for word in text.split())
    return "<br>".join(textwrap.wrap(text, width, break_on_hyphens=is_long, break_long_words=is_long)) or text


def wrapped_lines(texts: Iterable[str], width: int) -> int:
    """Of how many lines the tallest of these texts is, each of at most `width` characters."""
    return max(wrapped(text, width).count("<br>") + 1 for text in texts)


def empty(words: str, height: int = 120) -> go.Figure:
    """Nothing to draw: the reason in words where the figure would be."""
    fig = blank(height)
    hide_axis(fig, "xaxis", (0, 1))
    hide_axis(fig, "yaxis", (0, 1))
    note(fig, wrapped(words, 44), 0.5, 0.5, align="center", font={"size": 15})
    return fig.figure()
