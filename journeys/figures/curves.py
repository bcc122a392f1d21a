"""Time since referral: curves to a first outcome, and where people stand after 3 to 24 months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import DASHES, SMALL, SYMBOLS, Canvas
from journeys.figures.colours import BLUE, GREY, LINES
from journeys.figures.like import NOTHING, Beside, Key, across
from journeys.words import phrases, sentences
from journeys.words.phrases import Names
from journeys.words.shares import digits_of, per_cent, short_bound, with_interval

MONTHS = (3, 6, 9, 12, 18, 24, 36)
MOST_LINES = 4
SIGNS = ("●", "■", "◆", "▲")
APART = 0.28  # months between the whiskers of neighbouring curves


@dataclass(frozen=True)
class Sizes:
    """Pixels of a figure above a column, of the tallest column, of the words above a strip with one line of them and with two, and of a strip at least."""

    letters: int
    tallest: int
    said: int
    bound: int
    least: int


PAGE = Sizes(letters=17, tallest=170, said=38, bound=38, least=0)
PROJECTOR = Sizes(
    letters=26, tallest=120, said=30, bound=54, least=50
)  # type is larger there, and the figure no taller


def waiting(releases: Released | Sequence[Released], names: Names, besides: Sequence[Beside] = ()) -> go.Figure:
    """How many had reached each first outcome by 3 to 24 months, with intervals; one curve a metric or a label, at most four.

    What each answer stands beside, one of `besides` an answer, is a thin grey curve of the same dash.
    """
    releases = [releases] if isinstance(releases, Released) else list(releases)
    lines = _lines(releases, names)
    fig = canvas.blank(340, left=48, right=16, top=8, bottom=52)
    known = [row for _, rows in lines for row in rows if _value(row) is not None]
    digits = digits_of(row for one in releases for row in one.rows)  # those of heading and sentence
    if not known:
        return canvas.empty(sentences.HIDDEN_WORDS)
    last = max(row.months or 0 for _, rows in lines for row in rows)
    for k, (name, rows) in enumerate(lines):
        _curve(fig, k, len(lines), name, rows, digits)
    others = _others(fig, lines, besides, digits)
    _missing(fig, lines)
    tops = [*(row.high or row.incidence for row in known), *(beside.top for beside in besides)]
    fig.update_layout(yaxis=canvas.value_axis(max(tops), is_share=True))
    fig.update_xaxes(
        range=[0, last + 1.5], tickvals=[m for m in MONTHS if m <= last], fixedrange=True, showgrid=False, zeroline=True, zerolinecolor=GREY,
        tickfont={"size": SMALL}, title={"text": "Months since referral", "font": {"size": SMALL}, "standoff": 4},
    )  # fmt: skip
    canvas.key(fig, [*((SIGNS[k], LINES[k], name) for k, (name, _) in enumerate(lines)), *others], above=12)
    return fig.figure()


def _others(fig: Canvas, lines: Sequence[tuple[str, Sequence[Row]]], besides: Sequence[Beside], digits: int) -> Key:
    """What each curve stands beside, in grey; returns the entry of the key."""
    places = {name: k for k, (name, _) in enumerate(lines)}
    found = [beside for beside in besides if beside.answer and beside.rates]
    for beside in found:
        _other(fig, beside, places, digits)
    return [("○", GREY, f"{found[0].words}, in grey")] if found else []


def _other(fig: Canvas, beside: Beside, places: Mapping[str, int], digits: int) -> None:
    if beside.answer is None:
        return
    rows, name = beside.answer.rows, sentences.title(beside.answer.metric)
    k = places.get(name, 0)
    fig.add_scatter(
        x=[row.months for row in rows], y=[_value(row) for row in rows], mode="lines+markers", connectgaps=False,
        line={"color": GREY, "dash": DASHES[k], "width": 1.5}, marker={"symbol": f"{SYMBOLS[k]}-open", "size": 8, "color": GREY},
        hovertext=[_hover(f"{name}, {beside.words}", row, digits) for row in rows], hoverinfo="text",
    )  # fmt: skip


def _lines(releases: Sequence[Released], names: Names) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for released in releases:
        for row in released.rows:
            name = sentences.row_name(row, released.by, names) if released.by else sentences.title(released.metric)
            found.setdefault(name, []).append(row)
    shown = sorted(found, key=lambda n: -max((row.at_risk or 0) if row.is_shown else 0 for row in found[n]))[
        :MOST_LINES
    ]
    return [(name, rows) for name, rows in found.items() if name in shown]


def _curve(fig: Canvas, k: int, n: int, name: str, rows: Sequence[Row], digits: int) -> None:
    shift = APART * (k - (n - 1) / 2)
    x = [row.months + shift for row in rows]
    canvas.whiskers(
        fig,
        [
            (at, row.low, row.high)
            for at, row in zip(x, rows, strict=True)
            if _value(row) is not None and row.low is not None
        ],
        is_upright=True,
    )
    fig.add_scatter(
        x=x, y=[_value(row) for row in rows], mode="lines+markers", connectgaps=False,
        line={"color": LINES[k], "dash": DASHES[k], "width": 2.5},
        marker={"symbol": SYMBOLS[k], "size": 10, "line": {"color": canvas.LIGHT, "width": 1}},
        hovertext=[_hover(name, row, digits) for row in rows], hoverinfo="text",
    )  # fmt: skip


def _value(row: Row) -> float | None:
    return phrases.measure(row, "waiting")


def _hover(name: str, row: Row, digits: int) -> str:
    if _value(row) is None:
        return f"<b>{name}</b><br>{phrases.value_words(row, 'waiting')}"
    return f"<b>{name}, {row.months} months</b><br>{with_interval(row, digits)}"


def _missing(fig: Canvas, lines: Sequence[tuple[str, Sequence[Row]]]) -> None:
    """A shaded band with its mark at every month at which no curve has a figure."""
    for at in MONTHS:
        rows = [row for _, of in lines for row in of if row.months == at]
        if rows and all(_value(row) is None for row in rows):
            fig.add_shape(
                type="rect", x0=at - 1.2, x1=at + 1.2, y0=0, y1=1, yref="paper", line={"width": 0},
                fillcolor=canvas.VEIL, layer="below",
            )  # fmt: skip
            canvas.note(
                fig, sentences.mark(rows[0], "waiting"), at, 0.97, yref="paper", yanchor="top", font={"size": SMALL}
            )


def after_months(released: Released, names: Names, beside: Beside = NOTHING) -> go.Figure:
    """Where people stand after 3 to 36 months: one strip a rung, the highest at the top, one column a horizon; all on one scale, a strip as tall as it needs.

    Grey ticks are the shares of what it stands `beside`.
    """
    rungs = list(dict.fromkeys(row.labels["rung"] for row in released.rows))[::-1]
    months = list(dict.fromkeys(row.labels["months"] for row in released.rows))
    strips = [[row for row in released.rows if row.labels["rung"] == rung] for rung in rungs]
    shares = [[max(_share(row) or 0.0, beside.rate(row) or 0.0) for row in rows] for rows in strips]
    size = PROJECTOR if canvas.is_wide() else PAGE
    per_share, digits = size.tallest / (max(map(max, shares), default=0) or 1), digits_of(released.rows)
    fig, floors, at = canvas.blank(100, left=120 if canvas.is_wide() else 88, right=2, bottom=40), [], 0.0
    others: Key = []
    fig.update_layout(barmode="overlay")
    for rows, found in zip(strips, shares, strict=True):
        said = size.bound if any("<br>" in _short(row, digits) for row in rows) else size.said
        at += max(max(per_share * max(found), 12) + said, size.least)
        floors.append(at)
        _strip(fig, at, rows, per_share, names, digits, beside, size)
        rates = [beside.rate(row) if _share(row) is not None else None for row in rows]  # no tick through a mark
        known = [(j, at - per_share * rate) for j, rate in enumerate(rates) if rate is not None]
        others = across(fig, known, beside) or others
    canvas.shelf_axis(fig, at + 4)
    fig.update_xaxes(
        range=[-0.5, len(months) - 0.5], tickvals=list(range(len(months))), ticktext=list(months), fixedrange=True,
        showgrid=False, zeroline=False, tickfont={"size": 13},
        title={"text": "Months since referral; shares in %", "font": {"size": SMALL}, "standoff": 4},
    )  # fmt: skip
    fig.update_yaxes(
        visible=True, tickvals=[floor - 14 for floor in floors], showgrid=False, zeroline=False, tickfont={"size": 13},
        ticktext=[canvas.wrapped(names("rung", r), 18 if canvas.is_wide() else 13) for r in rungs],
    )  # fmt: skip
    if others:
        canvas.key(fig, others, above=12)
    return fig.figure()


def _strip(
    fig: Canvas,
    floor: float,
    rows: Sequence[Row],
    per_share: float,
    names: Names,
    digits: int,
    beside: Beside,
    size: Sizes,
) -> None:
    """Columns that stand on the strip's own floor, each with its figure above it, and above its tick where that is near."""
    known = [j for j, row in enumerate(rows) if _share(row) is not None]
    line = {"color": GREY, "width": 1}
    fig.add_shape(type="line", x0=-0.45, x1=len(rows) - 0.55, y0=floor, y1=floor, line=line)
    fig.add_bar(
        x=known, y=[-per_share * rows[j].rate for j in known], base=[floor] * len(known), width=0.62,
        marker={"color": BLUE, "line": {"width": 0}},
        hovertext=[_strip_hover(rows[j], names, digits) for j in known], hoverinfo="text",
        customdata=[rows[j].labels["rung"] for j in known],
    )  # fmt: skip
    for j, row in enumerate(rows):
        own = per_share * (_share(row) or 0.0)
        tick = per_share * (beside.rate(row) or 0.0) if own else 0.0
        top = floor - (tick + 2 if own - 2 < tick < own + size.letters else own) - 1
        canvas.note(
            fig, _short(row, digits).replace("%", ""), j, top, yanchor="bottom", align="center", font={"size": SMALL}
        )


def _share(row: Row) -> float | None:
    return phrases.measure(row, "proportion")


def _short(row: Row, digits: int) -> str:
    mark = sentences.mark(row, "proportion")
    if not mark:
        return per_cent(row.rate, digits)
    short = short_bound(row).replace("<", "&lt;").replace(">", "&gt;")
    return f"{mark}<br>{short}" if short else mark


def _strip_hover(row: Row, names: Names, digits: int) -> str:
    name = f"{names('rung', row.labels['rung'])}, {names('months', row.labels['months'])} after referral"
    return f"<b>{name}</b><br>{phrases.value_words(row, 'proportion', digits)} (about {row.numerator:,} of about {row.denominator:,})"
