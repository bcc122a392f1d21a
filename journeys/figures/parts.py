"""What became of something in a few parts: one bar each, its parts beside each other, what cannot be shown left open."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas, Shelf
from journeys.figures.colours import BLUE, GREY, PALE
from journeys.figures.like import NOTHING, Beside
from journeys.figures.rows import draw_gap, draw_label, filled, hover
from journeys.vocabulary import metrics
from journeys.vocabulary.lists import short_people
from journeys.words import phrases, shares
from journeys.words.phrases import Names

BAR = 26  # pixels
ROOM = 0.07  # of the bar, below which a share stands above it
NARROWEST, LETTER = 300, 7  # pixels of a bar on a phone, and of a letter
# what goes on, what has ended, what nobody knows look the same everywhere; none of them says good or bad
LOOKS = {
    "going_on": ("■", BLUE, filled(BLUE, "")),
    "kept": ("■", BLUE, filled(BLUE, "")),
    "ended": ("□", BLUE, {"color": PALE, "line": {"width": 2, "color": BLUE}}),
    "not_known": ("▦", GREY, filled(GREY, ".")),
}
INK = {"ended": "#0B0C0C", "not_known": "#0B0C0C"}  # elsewhere light


def parts(asked: Sequence[Released], names: Names, beside: Beside = NOTHING) -> go.Figure:
    """A bar for each label but the last, in the parts of the last one; a part that is hidden is left open and named.

    Of several answers, one a base, the bars of one label stand together and say of whom they are; last what they stand `beside`.
    """
    released = asked[0]
    *heads, part = (*released.by, *released.own)
    bars: dict[tuple[str, ...], list[Row]] = {}
    whole: list[tuple[str, Sequence[Row]]] = [(short_people(one.selection), one.rows) for one in asked]
    whole += [(beside.words, beside.answer.rows)] if beside.answer else []
    for whose, found in whole:
        for row in found:
            bars.setdefault((*(row.labels[name] for name in heads), whose), []).append(row)
    order = [tuple(row.labels[name] for name in heads) for row in released.rows]
    bars = dict(sorted(bars.items(), key=lambda bar: order.index(bar[0][:-1])))
    digits = shares.digits_of(released.rows)  # those of heading and sentence, whatever stands beside
    has_base = len(whole) > 1
    texts = [
        _text(heads, key, rows, names, has_base=has_base) + _narrow(rows, part, names, digits)
        for key, rows in bars.items()
    ]
    shelves, height = canvas.shelves(texts, tall=BAR)
    fig = canvas.blank(100, right=20)
    fig.update_layout(barmode="overlay")
    for rows, shelf in zip(bars.values(), shelves, strict=True):
        draw_label(fig, shelf)
        _bar(fig, rows, shelf, part, names, digits)
    canvas.shelf_axis(fig, height)
    fig.update_layout(xaxis=canvas.value_axis(1, is_share=True) | {"range": [0, 1]})
    codes = metrics.get(released.metric).codes.get(part, ())
    canvas.key(fig, [(*LOOKS[code][:2], names(part, code)) for code in codes])
    return fig.figure()


def _text(heads: Sequence[str], key: Sequence[str], rows: Sequence[Row], names: Names, *, has_base: bool) -> str:
    """What the bar is of, and of how many where any part of it is shown."""
    said = [_head(name, code, names) for name, code in zip(heads, key, strict=False)]
    said += [key[-1]] if has_base else []
    total = next((row.denominator for row in rows if row.denominator is not None), None)
    is_shown = total is not None and any(row.rate is not None for row in rows)
    seen = sum(row.rate or 0 for row in rows)
    # where the open end of the bar has no room for its mark, the mark stands here
    mark = ["[c]"] if is_shown and any(row.rate is None for row in rows) and (1 - seen) * NARROWEST < 3 * LETTER else []
    return phrases.upper_first(" · ".join([*said, *([f"of about {total:,}"] if is_shown else []), *mark]))


def _narrow(rows: Sequence[Row], part: str, names: Names, digits: int) -> str:
    """The parts that are too narrow for their figure, with it: ` · ended 6%`."""
    found = [row for row in rows if row.rate is not None and row.rate < ROOM * _whole(rows)]
    return "".join(f" · {names(part, row.labels[part]).lower()} {shares.per_cent(row.rate, digits)}" for row in found)


def _whole(rows: Sequence[Row]) -> float:
    """What a full bar stands for: the parts together where all are shown, so that rounding leaves no gap; else no less than 100%."""
    found = sum(row.rate or 0.0 for row in rows)
    return found if found and all(row.rate is not None for row in rows) else max(found, 1.0)


def _head(name: str, code: str, names: Names) -> str:
    return f"{names(name, code)} on" if name == "weeks" else names(name, code)


def _bar(fig: Canvas, rows: Sequence[Row], shelf: Shelf, part: str, names: Names, digits: int) -> None:
    """The parts that may be shown from the left; what is left of the bar is open and says what it holds."""
    shown = {row.labels[part]: row for row in rows if row.rate is not None}
    if not shown:
        draw_gap(fig, shelf, phrases.value_words(rows[0], "proportion"))
        return
    whole = _whole(rows)
    at = 0.0
    for code, row in shown.items():
        at = _piece(fig, row, shelf, (at, row.rate / whole), (names(part, code), code), digits)
    hidden = [names(part, row.labels[part]) for row in rows if row.rate is None]
    whole_words = f"[c] {' and '.join(hidden).lower()}: too few"
    words = next((said for said in (whole_words, "[c]") if hidden and len(said) * LETTER <= (1 - at) * NARROWEST), "")
    if words:
        canvas.note(
            fig, words, at + 0.008, shelf.middle, yanchor="middle", xanchor="left", font={"size": SMALL}
        )  # fmt: skip


def _piece(fig: Canvas, row: Row, shelf: Shelf, span: tuple[float, float], look: tuple[str, str], digits: int) -> float:
    (at, share), (name, code) = span, look
    said = f"<b>{phrases.value_words(row, 'proportion', digits)}</b>" if share >= ROOM else ""
    is_hatched = bool(LOOKS[code][2].get("pattern", {}).get("shape"))
    fig.add_bar(
        x=[share], base=[at], y=[shelf.middle], width=BAR, orientation="h", marker=LOOKS[code][2],
        hovertext=[hover(f"{shelf.text}: {name.lower()}", row, "proportion", digits)], hoverinfo="text",
        text=["" if is_hatched else said], textposition="inside",
        insidetextanchor="middle", textangle=0, textfont={"size": 14, "color": INK.get(code, canvas.LIGHT)},
    )  # fmt: skip
    if is_hatched and said:  # on a ground of its own, which no dot strikes through
        canvas.note(
            fig, said, at + share / 2, shelf.middle, xanchor="center", yanchor="middle",
            font={"size": 14, "color": INK[code]}, bgcolor=LOOKS[code][1],
        )  # fmt: skip
    return at + share
