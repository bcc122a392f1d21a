"""Paired readings: of those with two, how many improved, changed little, got worse; the mean change beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas, Shelf
from journeys.figures.colours import BLUE, GREY, ORANGE, TEAL
from journeys.figures.like import NOTHING, Beside, Key, marks
from journeys.figures.rows import (
    BAR,
    MOST,
    apart,
    draw_gap,
    draw_label,
    draw_value,
    filled,
    hidden_foot,
    labels_of,
    possible,
    tall,
)
from journeys.statistics import proportions
from journeys.vocabulary import dictionary
from journeys.words import phrases, sentences
from journeys.words.norms import Norm, norm
from journeys.words.phrases import Names
from journeys.words.shares import digits_for, per_cent

SCALE = 20  # pixels of the scale below a bar
SAID = 18  # pixels of what stands beside, in words below it
PARTS = {"improved": ("Improved", TEAL, ""), "same": ("Changed little", GREY, "."), "worse": ("Got worse", ORANGE, "/")}


def change(released: Released, names: Names, *, most: int | None = None, beside: Beside = NOTHING) -> go.Figure:
    """Of those with two readings of each scale: how many improved, changed little, got worse; the mean change beside it.

    Grey ticks are where the parts of what it stands `beside` end; its mean change is said below.
    """
    labels = labels_of(released)
    found, gone = apart(possible(released.rows))
    rows = found[: tall(most) or MOST]
    has_scale = any(_scale(row) for row in rows)
    texts = [sentences.row_name(row, labels, names) for row in rows]
    below = SAID if beside.answer else 0
    shelves, height = canvas.shelves(texts, tall=BAR + SCALE * has_scale + below, width=28)
    shelves = [replace(shelf, middle=shelf.foot + canvas.BELOW + BAR / 2) for shelf in shelves]
    fig = canvas.blank(100, right=20)
    fig.update_layout(barmode="overlay")
    digits = _digits(rows)
    for part in PARTS:
        _part_trace(fig, rows, shelves, part, digits)
    for row, shelf in zip(rows, shelves, strict=True):
        draw_label(fig, shelf)
        if row.is_shown:
            draw_value(fig, shelf, _change_words(row))
        else:
            draw_gap(fig, shelf, _gap_words(row, beside))
    _scales(fig, rows, shelves)
    others = _beside(fig, rows, shelves, beside, canvas.BELOW + BAR + SCALE * has_scale + below / 2)
    canvas.shelf_axis(fig, height)
    fig.update_layout(xaxis=canvas.value_axis(1, is_share=True) | {"range": [0, 1]})
    signs = zip(("■", "▦", "▨"), PARTS.values(), strict=True)
    canvas.key(fig, [*((sign, colour, name) for sign, (name, colour, _) in signs), *others])
    canvas.foot(fig, _below(rows, has_scale, len(found)), below=30)
    hidden_foot(fig, gone, labels, names)
    return fig.figure()


def _below(rows: Sequence[Row], has_scale: bool, n: int) -> str:
    """How the figure is read, of what stands in it; and that it has not all of the `n` rows."""
    said = "At the right: average change and its likely range."
    if any(_is_open(row, part) for row in rows for part in PARTS):
        said += " [c] in a bar: too few to show."
    if has_scale:
        said += "<br>Below a bar, from the lowest to the highest score: ○ average at first, ● at latest, ┃ average of adults."
    if len(rows) < n:
        said += f"<br>The first {len(rows)} of {n}; the table has all."
    return said


def _change_words(row: Row) -> str:
    if row.mean_first is None or row.mean_latest is None:
        return phrases.mark(row, "change")  # its words stand below the figure
    change = round(row.mean_latest, 1) - round(row.mean_first, 1)
    interval = f" ({phrases.signed(row.low)} to {phrases.signed(row.high)})" if row.low is not None else ""
    return f"<b>{phrases.signed(change)}</b>{interval}"


def _beside(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf], beside: Beside, below: float) -> Key:
    """Where the parts of the others end, across each bar, and their mean change below it; returns the entry of the key."""
    ends = []
    for row, shelf in zip(rows, shelves, strict=True):
        other = beside.row(row)
        if not row.is_shown or other is None or not other.is_shown:
            continue
        ends += [(end, shelf.middle) for end in _ends(other)]
        words = f"{beside.words}: {phrases.value_words(other, 'change')}"
        canvas.note(
            fig, words, 1, shelf.foot + below, xref="paper", xanchor="right", yanchor="middle", align="right",
            font={"size": SMALL},
        )  # fmt: skip
    return marks(fig, ends, beside)


def _gap_words(row: Row, beside: Beside) -> str:
    """The mark in place of a bar, and the mean change of the others."""
    other, mark = beside.row(row), phrases.mark(row, "change")
    if other is None or other.mean_change is None:
        return phrases.value_words(row, "change")
    return f"{mark} {phrases.MARKS[mark].split(':')[0]}; {beside.words}: {phrases.signed(other.mean_change)}"


def _ends(row: Row) -> list[float]:
    """Where those who improved end and those who got worse begin, 0 to 1."""
    improved = [] if row.improved is None else [row.improved / _whole(row)]
    return improved + ([] if row.worse is None else [1 - row.worse / _whole(row)])


def _scale(row: Row) -> tuple[float, float, float, Norm] | None:
    """First mean, latest mean and norm as parts of the scale, 0 to 1, with the norm; None where there is no norm or no mean."""
    found = norm(row.labels["tool"], row.labels["item"])
    if found is None or not row.is_shown or row.mean_first is None or row.mean_latest is None:
        return None
    item = dictionary.load().item(row.labels["tool"], row.labels["item"])
    first, latest, usual = (
        (v - item.minimum) / (item.maximum - item.minimum) for v in (row.mean_first, row.mean_latest, found.value)
    )
    return first, latest, usual, found


def _scales(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf]) -> None:
    """Both averages on the scale of the tool, and the norm of the population as a line across it."""
    found = [
        (shelf.foot + canvas.BELOW + BAR + SCALE / 2, at, row)
        for row, shelf in zip(rows, shelves, strict=True)
        if (at := _scale(row))
    ]
    for y, (first, latest, usual, usually), row in found:
        words = f"average {row.mean_first:.1f} at first, {row.mean_latest:.1f} at latest reading<br>{usually.people}, {usually.year}: {usually.value:.1f}"
        fig.add_shape(type="line", x0=0, x1=1, y0=y, y1=y, line={"color": GREY, "width": 1})
        fig.add_shape(type="line", x0=usual, x1=usual, y0=y - 7, y1=y + 7, line={"color": GREY, "width": 3})
        fig.add_scatter(
            x=[first, latest], y=[y, y], mode="markers", hovertext=[words] * 2, hoverinfo="text",
            marker={"symbol": ["circle-open", "circle"], "size": 9, "color": BLUE, "line": {"width": 2, "color": BLUE}},
        )  # fmt: skip


def _part_trace(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf], part: str, digits: int) -> None:
    """One third of the bars. Improved starts at the left, worse ends at the right, so a hidden part is a gap between."""
    known = [i for i, row in enumerate(rows) if row.is_shown and row.pairs and getattr(row, part) is not None]
    shares = [min(getattr(rows[i], part) / _whole(rows[i]), 1) for i in known]
    fig.add_bar(
        x=shares,
        y=[shelves[i].middle for i in known],
        base=[_base(rows[i], part, share) for i, share in zip(known, shares, strict=True)],
        width=BAR,
        orientation="h",
        marker=filled(PARTS[part][1], PARTS[part][2]),
        hovertext=[_part_hover(rows[i], part, shelves[i].text, digits) for i in known],
        hoverinfo="text",
    )
    for i, row in enumerate(rows):
        if _is_open(row, part):
            x = {"improved": 0, "worse": 1}.get(part, _middle_of_gap(row))
            canvas.note(
                fig, "[c]", x, shelves[i].middle, xanchor={0: "left", 1: "right"}.get(x, "center"), yanchor="middle",
                font={"size": SMALL},
            )  # fmt: skip


def _middle_of_gap(row: Row) -> float:
    """Half way between those who improved and those who got worse, 0 to 1."""
    left, right = (0 if n is None else n / _whole(row) for n in (row.improved, row.worse))
    return (left + 1 - right) / 2


def _is_open(row: Row, part: str) -> bool:
    """Whether a hidden part leaves a gap in a bar, in which its mark stands."""
    return row.is_shown and getattr(row, part) is None and _has_gap(row, part)


def _has_gap(row: Row, part: str) -> bool:
    """Whether the place of a hidden part is free in the bar."""
    shown = {name: getattr(row, name) for name in PARTS if getattr(row, name) is not None}
    if part == "same" and len(shown) == 2:
        return sum(shown.values()) < 0.9 * row.pairs
    return len(shown) < 2 or sum(shown.values()) < 0.97 * row.pairs


def _base(row: Row, part: str, share: float) -> float:
    if part == "improved":
        return 0.0
    if part == "worse":
        return max(1 - share, 0.0)
    if row.improved is not None:
        return row.improved / _whole(row)
    return max(1 - share - (row.worse or 0) / _whole(row), 0.0)


def _whole(row: Row) -> int:
    """What a full bar stands for: the three parts together where all are shown, so that rounding leaves no gap; else the pairs."""
    parts = (row.improved, row.same, row.worse)
    return row.pairs if None in parts else sum(parts)


def _digits(rows: Iterable[Row]) -> int:
    """One precision for the shares of all parts."""
    known = [(n, row) for row in rows if _has_shares(row) for n in (row.improved, row.same, row.worse) if n is not None]
    return digits_for((min(n / row.pairs, 1), row.pairs) for n, row in known)


def _has_shares(row: Row) -> bool:
    return row.is_shown and row.pairs is not None and row.pairs >= proportions.MINIMUM_DENOMINATOR


def _part_hover(row: Row, part: str, text: str, digits: int) -> str:
    n = getattr(row, part)
    share = f" ({per_cent(min(n / row.pairs, 1), digits)})" if _has_shares(row) else ""
    words = f"<b>{text}</b><br>{PARTS[part][0]}: about {n:,} of about {row.pairs:,}{share}"
    if row.mean_first is None:
        return words
    found = norm(row.labels["tool"], row.labels["item"])
    usual = f"<br>{found.people}, {found.year}: {found.value:.1f}" if found else ""
    return f"{words}<br>average {row.mean_first:.1f} at first, {row.mean_latest:.1f} at latest reading{usual}"
