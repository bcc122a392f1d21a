"""Services against chance and against clients like their own: never a ranking."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys import canvas, phrases, wording
from journeys import funnel as limits
from journeys.canvas import BLUE, GREY, PURPLE, SMALL
from journeys.phrases import Names
from journeys.released import Released, Row

POSITIONS = {
    "within": ("Within chance", "circle", 11, BLUE),
    "95": ("Outside 95% limits", "diamond", 13, PURPLE),
    "998": ("Outside 99.8% limits", "square", 13, PURPLE),
}
WORDS = {"above": "higher than chance alone would give", "below": "lower than chance alone would give"}
STEPS = 60
ROW = 50


def funnel(released: Released, names: Names) -> go.Figure:
    """Each service's rate by its size, with the limits within which chance alone would put it.

    Names stand at the points outside the limits; services without a rate are counted below the chart.
    """
    labels = (*released.by, *released.own)
    placed = [row for row in released.rows if row.funnel]
    if not placed:
        return canvas.empty(wording.HIDDEN_WORDS)
    fig = canvas.blank(420, left=48, right=16, top=54, bottom=76)
    most = max(row.denominator for row in placed) * 1.12
    _limit_lines(fig, placed[0].funnel["centre"], most)
    for key, (name, symbol, size, colour) in POSITIONS.items():
        mine = [row for row in placed if row.funnel["position"].removeprefix("above").removeprefix("below") == key]
        _services(fig, mine, labels, names, name, {"symbol": symbol, "size": size, "color": colour})
    top = max([row.rate for row in placed] + [row.funnel["high95"] for row in placed]) * 1.12
    fig.update_layout(yaxis=canvas.value_axis(top, is_share=True), xaxis=canvas.value_axis(most, is_share=False))
    fig.update_xaxes(title={"text": "People counted (denominator)", "font": {"size": SMALL}, "standoff": 4}, showgrid=False)
    canvas.legend(fig, 1.02)
    _not_placed(fig, released.rows)
    return fig


def _limit_lines(fig: go.Figure, centre: float, most: float) -> None:
    sizes = sorted({max(int(most * (i / STEPS) ** 2), 10) for i in range(1, STEPS + 1)})
    found = [limits.limits(n, centre) for n in sizes]
    fig.add_scatter(
        x=[0, most], y=[centre, centre], mode="lines", name="All together", hoverinfo="skip",
        line={"color": GREY, "width": 2},
    )  # fmt: skip
    for names, dash, words in ((("low95", "high95"), "dash", "95% limits"), (("low998", "high998"), "dot", "99.8% limits")):
        x = [*sizes, None, *sizes]
        y = [getattr(f, names[0]) for f in found] + [None] + [getattr(f, names[1]) for f in found]
        fig.add_scatter(x=x, y=y, mode="lines", name=words, hoverinfo="skip", line={"color": GREY, "dash": dash, "width": 1.5})


def _services(fig: go.Figure, rows: Sequence[Row], labels, names: Names, name: str, marker: dict) -> None:
    if not rows:
        return
    texts = [wording.row_name(row, labels, names) for row in rows]
    is_outside = rows[0].funnel["position"] != "within"
    fig.add_scatter(
        x=[row.denominator for row in rows], y=[row.rate for row in rows], name=name, mode="markers",
        marker=marker | {"line": {"color": canvas.DARK, "width": 1.5 if is_outside else 0}}, cliponaxis=False,
        hovertext=[_hover(text, row) for text, row in zip(texts, rows, strict=True)], hoverinfo="text",
        customdata=[row.labels[labels[0]] for row in rows],
    )  # fmt: skip
    most = max(row.denominator for row in rows)
    for text, row in zip(texts, rows, strict=True):
        if is_outside:
            is_right = row.denominator > 0.55 * most
            canvas.note(
                fig, canvas.wrapped(text, 18), row.denominator, row.rate, xanchor="right" if is_right else "left",
                xshift=-10 if is_right else 10, yanchor="middle", font={"size": SMALL}, align="right" if is_right else "left",
            )  # fmt: skip


def _hover(text: str, row: Row) -> str:
    place = row.funnel["position"]
    words = "within what chance alone would give" if place == "within" else WORDS[place[:5]]
    value = phrases.value_words(row, "proportion")
    return f"<b>{text}</b><br>{value} (about {row.numerator:,} of about {row.denominator:,})<br>{words}"


def _not_placed(fig: go.Figure, rows: Sequence[Row]) -> None:
    found = [wording.mark(row, "proportion") for row in rows if not row.funnel]
    counts = [(found.count(mark), mark, words) for mark, words in wording.MARKS.items() if mark in found]
    if counts:
        text = "Not drawn: " + "; ".join(f"{n} {mark} {words.split(':')[0]}" for n, mark, words in counts)
        canvas.note(
            fig, canvas.wrapped(text, 50), 0, 0, xref="paper", yref="paper", xanchor="left", yanchor="top", yshift=-42,
            xshift=-40, font={"size": SMALL},
        )  # fmt: skip


def case_mix(released: Released, names: Names) -> go.Figure:
    """Observed over expected for clients like each service's own, with its interval; 1 is as expected."""
    labels = (*released.by, *released.own)
    rows = list(released.rows)
    known = [i for i, row in enumerate(rows) if row.ratio is not None]
    fig = canvas.blank(ROW * len(rows) + 70, top=30)
    top = max([rows[i].ratio_high for i in known] + [2.0])
    fig.add_shape(type="line", x0=1, x1=1, y0=-0.55, y1=len(rows) - 0.5, line={"color": GREY, "dash": "dash", "width": 2})
    canvas.note(fig, "as expected", 1, 1, yref="paper", yanchor="bottom", font={"size": SMALL})
    canvas.whiskers(fig, [(i, rows[i].ratio_low, rows[i].ratio_high) for i in known])
    texts = [wording.row_name(row, labels, names) for row in rows]
    fig.add_scatter(
        x=[rows[i].ratio for i in known], y=known, mode="markers",
        marker={"symbol": "diamond", "size": 13, "color": BLUE, "line": {"color": canvas.LIGHT, "width": 1.5}},
        hovertext=[_ratio_words(texts[i], rows[i]) for i in known], hoverinfo="text",
        customdata=[rows[i].labels[labels[0]] for i in known],
    )  # fmt: skip
    for i, text in enumerate(texts):
        canvas.note(fig, text, 0, i - 0.3, xref="paper", xanchor="left", yanchor="middle")
        if i in known:
            words = f"<b>{rows[i].ratio:.1f} times</b>"
            canvas.note(fig, words, 1, i - 0.3, xref="paper", xanchor="right", yanchor="middle")
        else:
            words = phrases.value_words(rows[i], "proportion") if not rows[i].is_shown else "[low] too few expected for a ratio"
            canvas.note(fig, words, 0, i + 0.06, xref="paper", xanchor="left", yanchor="middle", font={"size": SMALL})
    fig.update_layout(xaxis=canvas.value_axis(top, is_share=False))
    canvas.hide_axis(fig, "yaxis", (len(rows) - 0.5, -0.6))
    return fig


def _ratio_words(text: str, row: Row) -> str:
    return (
        f"<b>{text}</b><br>about {row.numerator:,} observed, {row.expected:.1f} expected of clients like its own<br>"
        f"{row.ratio:.2f} times (likely {row.ratio_low:.2f} to {row.ratio_high:.2f})"
    )
