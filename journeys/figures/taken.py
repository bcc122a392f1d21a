"""The copy of a figure that is taken away: on white whatever the screen is, with all that a page says around it in its own layout."""

from dataclasses import dataclass

import plotly.graph_objects as go

from journeys.figures.canvas import key_lines, wrapped
from journeys.figures.drawn import Drawn

WIDTH = 880  # pixels of a saved picture: as wide as a page draws its figures
EDGE, INWARDS, GAP = (
    22,
    12,
    14,
)  # pixels of the words from the rim, of the figure beyond its own margin, and between the words and the figure
PAPER, INK, QUIET, SYNTHETIC = "#FFFFFF", "#0B0C0C", "#3B4248", "#801650"
FONT = "Arial, 'Helvetica Neue', 'Liberation Sans', sans-serif"  # of one width wherever the picture is opened
CHARACTER, BOLD = 0.53, 1.1  # of the size of type, about
LEADING = 1.32


@dataclass(frozen=True)
class Around:
    """What stands around a figure that stands alone: title and subtitle, the selection, the lines below, whether the data are synthetic."""

    title: str
    subtitle: str
    selection: str
    below: tuple[str, ...]
    is_synthetic: bool


def taken(drawn: Drawn, around: Around) -> go.Figure:
    """A copy of a figure with the words around it, its own key and notes among them, in full contrast; `drawn` stays as it is."""
    bare, key, feet = drawn.apart()
    above = [(around.title, 20, INK, True), (around.subtitle, 15, INK, False), (around.selection, 14, QUIET, False)]
    top: float = EDGE + (30 if around.is_synthetic else 0)
    notes = [_tag()] if around.is_synthetic else []
    for words, size, colour, is_bold in above:
        top += _add(notes, words, top, size, colour, is_bold)
    top += GAP
    if key:
        top += _lines(notes, "<br>".join(key_lines(key, _across(13))), top, 13, INK)
    below: list[dict] = []
    feet_tall = sum(_add(below, words, 0, 12, INK, False) for words in feet)
    bottom = GAP + feet_tall + sum(_add(below, words, 0, 13, QUIET, False) for words in around.below)
    return _around(go.Figure(bare), notes, below, top, bottom + EDGE)


def _across(size: float) -> int:
    """How many characters of that size, in pixels, fit beside each other."""
    return int((WIDTH - 2 * EDGE) / (CHARACTER * size))


def _add(notes: list[dict], words: str, at: float, size: int, colour: str, is_bold: bool) -> float:
    """One more note, in lines that fit the picture; its height in pixels."""
    if not words:
        return 0
    lines = wrapped(words, _across(size * (BOLD if is_bold else 1)))
    return _lines(notes, f"<b>{lines}</b>" if is_bold else lines, at, size, colour)


def _lines(notes: list[dict], text: str, at: float, size: int, colour: str) -> float:
    height = LEADING * size * (text.count("<br>") + 1) + 4
    notes.append({"text": text, "font": {"size": size, "color": colour}, "at": at, "height": height})
    return height


def _tag() -> dict:
    words = "<b>SYNTHETIC DATA: no real people</b>"
    box = {"bgcolor": SYNTHETIC, "borderpad": 4}
    return {"text": words, "font": {"size": 13, "color": PAPER}, "at": EDGE, "height": 26, **box}


def _around(fig: go.Figure, above: list[dict], below: list[dict], top: float, bottom: float) -> go.Figure:
    """The notes in margins that are made larger for them, counted from the figure's own rim."""
    margin, height = fig.layout.margin, fig.layout.height
    left, inner_top, inner_bottom = (margin.l or 0) + INWARDS, margin.t or 0, margin.b or 0
    placed = [_note(one, left, 1, inner_top + top - one["at"]) for one in above]
    at = inner_bottom + GAP
    for one in below:
        placed.append(_note(one, left, 0, -at))
        at += one["height"]
    fig.update_layout(
        width=WIDTH, height=height + top + bottom, paper_bgcolor=PAPER, plot_bgcolor=PAPER, autosize=False,
        font={"color": INK, "family": FONT}, margin={"l": left, "r": (margin.r or 0) + INWARDS, "t": inner_top + top, "b": inner_bottom + bottom, "pad": 0},
        annotations=[*fig.layout.annotations, *placed],
    )  # fmt: skip
    return fig


def _note(one: dict, left: float, edge: int, shift: float) -> dict:
    """A note at the left rim, its upper end `shift` pixels above the upper or lower end of the plot."""
    said = {name: value for name, value in one.items() if name not in ("at", "height")}
    place = {"x": 0, "y": edge, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top"}
    return {**said, **place, "xshift": EDGE - left, "yshift": shift, "align": "left", "showarrow": False}
