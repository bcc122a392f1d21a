"""Two labels as a table of shades."""

from collections.abc import Sequence
from dataclasses import replace

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.rows import hover, labels_of
from journeys.words import phrases, sentences
from journeys.words.phrases import PERIODS, Names
from journeys.words.shares import digits_of, short_bound

SHADES, INK = ("#E9F1F8", "#6BACE6"), "#0B0C0C"  # of a grid's cells, on which the same ink is read in both themes
WORD = 8  # letters of a word that fit above a column on a phone


def grid(released: Released, names: Names) -> go.Figure:
    """Two labels as a table of shades: every cell says its figure or its mark, so that nothing hangs on the shade.

    Of several horizons (months, weeks) it shows one, as the sentence does.
    """
    labels = [n for n in labels_of(released) if n != "tool" or "item" not in labels_of(released)]
    if len(labels) > 2:
        rows, labels = sentences.at_horizon(released)[0], [n for n in labels if n not in ("months", "weeks")]
        released = replace(released, rows=tuple(rows))
    if len(labels) != 2:
        return canvas.empty("Too many labels for a picture: see the table.")
    down, across = _sides(released, labels)
    cells = {(row.labels[down], row.labels[across]): row for row in released.rows}
    rows, columns = (list(dict.fromkeys(row.labels[n] for row in released.rows)) for n in (down, across))
    return _table(
        [[cells.get((r, c)) for c in columns] for r in rows], released, names, (down, rows), (across, columns)
    )


def _table(found, released: Released, names: Names, down: tuple[str, list], across: tuple[str, list]) -> go.Figure:
    is_narrow = len(across[1]) > 6
    texts = [_short(across[0], code, released, names) for code in across[1]]
    word = WORD if len(texts) < 5 else WORD - 2
    is_upright = is_narrow or max(len(one) for text in texts for one in text.split()) > word
    heads = [_head(text, is_narrow, is_upright) for text in texts]
    sides = [canvas.wrapped(_short(down[0], code, released, names), 19) for code in down[1]]
    longest = max(len(line) for head in heads for line in head.split("<br>"))
    top = 8 * longest + 4 if is_upright else 22 + 15 * max(head.count("<br>") for head in heads)
    fig = canvas.blank(36 * len(sides) + top + 8, left=124, right=4, top=top, bottom=4)
    _shades(fig, found, heads, sides, released)
    _marks(fig, found, released.shape, is_narrow)
    _grid_axes(fig, heads, sides, is_upright)
    return fig.figure()


def _sides(released: Released, labels: Sequence[str]) -> tuple[str, str]:
    """The longer list goes down, the shorter across."""
    n = [len({row.labels[name] for row in released.rows}) for name in labels[:2]]
    return (labels[0], labels[1]) if n[0] >= n[1] else (labels[1], labels[0])


def _head(text: str, is_narrow: bool, is_upright: bool) -> str:
    if is_narrow:
        lines = canvas.wrapped(text, 22).split("<br>")
        return "<br>".join(lines[:2] if len(lines) < 3 else [lines[0], f"{lines[1][:21]}…"])
    return canvas.wrapped(text, 16 if is_upright else 7)


def _short(label: str, code: str, released: Released, names: Names) -> str:
    if label == "item":
        row = next(row for row in released.rows if row.labels["item"] == code)
        return phrases.item_name(row.labels["tool"], code)
    return phrases.short_period(code) if label in PERIODS else names(label, code)


def _cell_words(row: Row | None, shape: str, digits: int) -> str:
    if row is None or sentences.mark(row, shape):
        return ""
    return phrases.value_words(row, shape, digits)


def _digits(released: Released, *, is_narrow: bool) -> int:
    """One precision for all cells; narrow cells hold whole per cents, unless a share would then be said as none."""
    rates = [row.rate for row in released.rows if row.rate]
    return 0 if is_narrow and rates and min(rates) >= 0.005 else digits_of(released.rows)


def _shades(fig: Canvas, found, heads: Sequence[str], sides: Sequence[str], released: Released) -> None:
    shape, digits = released.shape, _digits(released, is_narrow=len(heads) > 6)
    z = [[None if row is None else phrases.measure(row, shape) for row in line] for line in found]
    hovers = [
        [
            hover(f"{sides[i]}, {heads[j]}".replace("<br>", " "), row, shape, digits) if row else ""
            for j, row in enumerate(line)
        ]
        for i, line in enumerate(found)
    ]
    fig.add_heatmap(
        z=z, text=[[_cell_words(row, shape, digits) for row in line] for line in found], texttemplate="%{text}", hovertext=hovers,
        hoverinfo="text", showscale=False, xgap=2, ygap=2, zmin=0, hoverongaps=False,
        colorscale=[[0, SHADES[0]], [1, SHADES[1]]], textfont={"color": INK, "size": SMALL if len(heads) > 4 else 13},
    )  # fmt: skip


def _marks(fig: Canvas, found, shape: str, is_narrow: bool) -> None:
    """The marks of the cells without a figure; no shade, so that they are seen as gaps."""
    places = [(i, j, row) for i, line in enumerate(found) for j, row in enumerate(line) if row is not None]
    gaps = [(i, j, row) for i, j, row in places if phrases.measure(row, shape) is None]
    fig.add_scatter(
        x=[j for _, j, _ in gaps],
        y=[i for i, _, _ in gaps],
        text=[_gap_words(row, shape, is_narrow) for _, _, row in gaps],
        mode="text",
        textfont={"size": SMALL},
        hovertext=[phrases.value_words(row, shape) for _, _, row in gaps],
        hoverinfo="text",
    )


def _gap_words(row: Row, shape: str, is_narrow: bool) -> str:
    """The mark, and the bound below it where there is room."""
    short = short_bound(row).replace("<", "&lt;").replace(">", "&gt;")
    mark = sentences.mark(row, shape)
    return mark if is_narrow or not short else f"{mark}<br>{short}"


def _grid_axes(fig: Canvas, heads: Sequence[str], sides: Sequence[str], is_upright: bool) -> None:
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": "", "tickfont": {"size": SMALL}}
    fig.update_xaxes(
        **plain, side="top", tickvals=list(range(len(heads))), ticktext=list(heads), range=[-0.5, len(heads) - 0.5],
        tickangle=-90 if is_upright else 0,
    )  # fmt: skip
    fig.update_yaxes(**plain, tickvals=list(range(len(sides))), ticktext=list(sides), range=[len(sides) - 0.5, -0.5])
