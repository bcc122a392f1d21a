"""Services against chance and against clients like their own: never a ranking."""

from collections.abc import Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas, gaps
from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.colours import BLUE, GREY
from journeys.figures.ends import Side, clear_side, with_figure
from journeys.figures.rows import draw_bounds, draw_end
from journeys.statistics import funnel as limits
from journeys.words import phrases, sentences
from journeys.words.phrases import Names
from journeys.words.shares import bound_span, digits_of

POSITIONS = {
    "within": ("within chance", "circle", 11, BLUE, "●"),
    "95": ("worth a look (outside 95%)", "diamond", 13, BLUE, "◆"),
    "998": ("beyond chance (outside 99.8%)", "square", 13, BLUE, "■"),
}
PLOT = (310, 300)  # pixels of the plot on a phone, for which names are kept apart
MOST_NAMES = 8
DISC = 18  # pixels across a point with its number
DISCS = {"circle": 18, "diamond": 24, "square": 17}
WORDS = {
    "within": "within what chance alone would give",
    "above95": "worth a look: of 20 services about one lies there by chance alone",
    "below95": "worth a look: of 20 services about one lies there by chance alone",
    "above998": "higher than expected by chance",
    "below998": "lower than expected by chance",
}
NOT_EXPECTED = "too little is known to say what to expect"  # too few expected, or too few like them elsewhere
STEPS = 60
BAR = 16


def funnel(released: Released, names: Names, tau2: float = 0.0, chosen: frozenset[str] = frozenset()) -> go.Figure:
    """Each service's rate by its size, with the limits within which chance alone would put it; `tau2` widens them by the variance between services.

    What is `chosen` has its name and its colour, the others are grey then. Points outside the limits have numbers, their names stand below; so do services without a rate, counted.
    """
    labels = (*released.by, *released.own)
    placed = [row for row in released.rows if _is_drawn(row)]
    if not placed:
        return canvas.empty(sentences.HIDDEN_WORDS)
    fig = canvas.blank(PLOT[1] + 62, left=48, right=16, top=8, bottom=54)
    most, digits = max(row.denominator or 0 for row in released.rows) * 1.12, digits_of(released.rows)
    _limit_lines(fig, placed[0].funnel["centre"], most, tau2)
    draw_bounds(fig, [(row.denominator or 0, row) for row in released.rows if row.why], is_upright=True)
    entries = [("━", GREY, "all together"), ("╍", GREY, "95% limits"), ("┈", GREY, "99.8% limits")]
    for key, (name, symbol, size, colour, sign) in POSITIONS.items():
        mine = [row for row in placed if _position(row) == key]
        if mine:
            colours = [GREY if chosen and row.labels[labels[0]] not in chosen else colour for row in mine]
            _services(fig, mine, labels, names, {"symbol": symbol, "size": size, "color": colours}, digits)
            entries.append((sign, colour, name))
    top = min(max([row.rate for row in placed] + [row.funnel["high95"] for row in placed]) * 1.12, 1)
    start = _start(released.rows, top)
    fig.update_layout(
        yaxis=canvas.value_axis(top, is_share=True, start=start), xaxis=canvas.value_axis(most, is_share=False)
    )
    fig.update_xaxes(
        title={"text": "How many are counted", "font": {"size": SMALL}, "standoff": 4}, showgrid=False, range=[0, most]
    )
    named = _named(placed, labels[0], chosen)
    _numbers(fig, named, placed, most, fig.layout["yaxis"]["range"])
    canvas.key(fig, entries + gaps.bounds(row for row in released.rows if row.why), above=12)
    canvas.say_start(fig, start, is_share=True, below=42)
    _below(fig, named, released.rows, labels, names)
    return fig.figure()


def _position(row: Row) -> str:
    return (row.funnel or {})["position"].removeprefix("above").removeprefix("below")


def _start(rows: Sequence[Row], top: float) -> float:
    """Where the axis begins: limits of the smallest services go below it where all else lies far from 0."""
    found = [min(row.rate, row.funnel["low998"]) for row in rows if _is_drawn(row)]
    return canvas.start_of(min([*found, *(span[0] for row in rows if (span := bound_span(row)))]), top)


def _is_drawn(row: Row) -> bool:
    """A hidden numerator has a place by its bound, and no height to draw it at."""
    return row.is_shown and bool(row.funnel) and row.rate is not None


def _named(rows: Sequence[Row], label: str, chosen: frozenset[str]) -> list[Row]:
    """What is chosen, else the services outside the limits (the largest eight), in the order of their list."""
    found = [r for r in rows if (r.labels[label] in chosen if chosen else r.funnel["position"] != "within")]
    largest = sorted(found, key=lambda r: -r.denominator)[:MOST_NAMES]
    return [row for row in rows if row in largest]


def _numbers(fig: Canvas, named: Sequence[Row], rows: Sequence[Row], most: float, span: tuple[float, float]) -> None:
    """A number on the point of each service that is named below; beside it where another lies too close on a phone."""
    across, up = PLOT[0] / most, PLOT[1] / (span[1] - span[0])
    place = lambda r: (r.denominator * across, (r.rate - span[0]) * up)  # noqa: E731
    taken = [(x - 8, y - 8, x + 8, y + 8) for x, y in map(place, rows)]
    lines = _line_heights(rows[0].funnel["centre"], most, span[0], up)
    free: list[tuple[str, Row]] = []
    for number, row in enumerate(named, 1):
        x, y = place(row)
        if all(other is row or abs(x - u) > DISC or abs(y - v) > DISC for other in rows for u, v in [place(other)]):
            free.append((f"<b>{number}</b>", row))
            continue
        ax, ay, box = _free_place(x, y, (8.0 * len(str(number)), 14), taken, lines)
        taken.append(box)
        fig.add_annotation(
            x=row.denominator, y=row.rate, text=f"<b>{number}</b>", ax=ax, ay=-ay, showarrow=True, arrowhead=0, arrowwidth=1,
            arrowcolor=GREY, font={"size": SMALL}, standoff=7, xanchor="left" if ax > 0 else "right",
        )  # fmt: skip
    symbols = [POSITIONS[_position(row)][1] for _, row in free]
    fig.add_scatter(
        x=[row.denominator for _, row in free], y=[row.rate for _, row in free], text=[text for text, _ in free], hoverinfo="skip",
        mode="markers+text", marker={"symbol": symbols, "size": [DISCS[one] for one in symbols], "color": BLUE, "line": {"width": 1.5, "color": canvas.DARK}}, cliponaxis=False,
        textfont={"size": SMALL, "color": canvas.LIGHT},
    )  # fmt: skip


def _line_heights(centre: float, most: float, low: float, up: float) -> list[tuple[float, ...]]:
    """How high the centre and the limits stand in every tenth of the plot, in pixels."""
    found = [limits.limits(max(int(most * (i + 0.5) / 10), 1), centre) for i in range(10)]
    return [tuple((v - low) * up for v in (centre, f.low95, f.high95, f.low998, f.high998)) for f in found]


def _free_place(
    x: float, y: float, size: tuple[float, float], taken: Sequence[tuple], lines: Sequence[tuple[float, ...]]
) -> tuple[float, float, tuple]:
    """Where a name fits beside its point, in pixels from it: the nearest place that covers nothing, else the least covered."""
    found = []
    for dy in (0, 20, -20, 40, -40, 60, -60, 80, -80, 104, -104, 130, -130):
        for side in (1, -1):
            ax = side * (14 if dy == 0 else 22)
            x0 = x + ax if side > 0 else x + ax - size[0]
            box = (x0, y + dy - size[1] / 2, x0 + size[0], y + dy + size[1] / 2)
            cost = sum(_shared(box, other) for other in taken) + 60 * _beyond(box) + 25 * _crossed(box, lines) + abs(dy)
            found.append((cost, len(found), ax, dy, box))
    _, _, ax, dy, box = min(found)
    return ax, dy, box


def _beyond(box: tuple) -> float:
    return max(0, -box[0]) + max(0, box[2] - PLOT[0]) + max(0, -box[1]) + max(0, box[3] - PLOT[1])


def _crossed(box: tuple, lines: Sequence[tuple[float, ...]]) -> int:
    """How often the centre or a limit runs through a box."""
    tenths = range(max(int(box[0] / PLOT[0] * 10), 0), min(int(box[2] / PLOT[0] * 10), 9) + 1)
    return sum(box[1] < height < box[3] for i in tenths for height in lines[i])


def _shared(a: tuple, b: tuple) -> float:
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))


def _limit_lines(fig: Canvas, centre: float, most: float, tau2: float) -> None:
    sizes = sorted({max(int(most * (i / STEPS) ** 2), 10) for i in range(1, STEPS + 1)})
    found = [limits.adjusted_limits(n, centre, tau2) if tau2 else limits.limits(n, centre) for n in sizes]
    fig.add_scatter(
        x=[0, most], y=[centre, centre], mode="lines", hoverinfo="skip",
        line={"color": GREY, "width": 2},
    )  # fmt: skip
    for names, dash in ((("low95", "high95"), "dash"), (("low998", "high998"), "dot")):
        x = [*sizes, None, *sizes]
        y = [getattr(f, names[0]) for f in found] + [None] + [getattr(f, names[1]) for f in found]
        fig.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", line={"color": GREY, "dash": dash, "width": 1.5})


def _services(fig: Canvas, rows: Sequence[Row], labels: Sequence[str], names: Names, marker: dict, digits: int) -> None:
    texts = [sentences.row_name(row, labels, names) for row in rows]
    edge = {"color": canvas.DARK, "width": 0 if rows[0].funnel["position"] == "within" else 1.5}
    fig.add_scatter(
        x=[row.denominator for row in rows], y=[row.rate for row in rows], mode="markers", marker=marker | {"line": edge},
        cliponaxis=False, hovertext=[_hover(text, row, digits) for text, row in zip(texts, rows, strict=True)], hoverinfo="text",
        customdata=[row.labels[labels[0]] for row in rows],
    )  # fmt: skip


def _hover(text: str, row: Row, digits: int) -> str:
    words = WORDS[row.funnel["position"]]
    value = phrases.value_words(row, "proportion", digits)
    return f"<b>{text}</b><br>{value} (about {row.numerator:,} of about {row.denominator:,})<br>{words}"


def _below(fig: Canvas, named: Sequence[Row], rows: Sequence[Row], labels: Sequence[str], names: Names) -> None:
    """Whose the numbers are, with their shares, and how many services have no place; one that is hidden between bounds has a bar."""
    digits = digits_of(rows)
    said = [
        f"<b>{number}</b> {sentences.row_name(row, labels, names)}: {phrases.value_words(row, 'proportion', digits)}"
        for number, row in enumerate(named, 1)
    ]
    found = [sentences.mark(row, "proportion") for row in rows if not _is_drawn(row) and not bound_span(row)]
    counts = [(found.count(mark), mark, words) for mark, words in sentences.MARKS.items() if mark in found]
    if counts:
        said.append("Not drawn: " + "; ".join(f"{n} {mark} {words.split(':')[0]}" for n, mark, words in counts))
    if said:
        canvas.foot(fig, "<br>".join(said), below=42)


def case_mix(released: Released, names: Names) -> go.Figure:
    """Observed over expected for clients like each service's own, with its interval; 1 is as expected."""
    labels = (*released.by, *released.own)
    rows = list(released.rows)
    known = [i for i, row in enumerate(rows) if row.ratio is not None]
    top = max([rows[i].ratio_high for i in known] + [2.0])
    sides = [_ratio_side(row, 1.3 * top) for row in rows]
    texts = [sentences.row_name(row, labels, names) for row in rows]
    heads = [with_figure(text, _times(row), at) for text, row, at in zip(texts, rows, sides, strict=True)]
    shelves, height = canvas.shelves(heads, tall=BAR, width=canvas.LABEL - 4)
    fig = canvas.blank(100, top=20)
    canvas.note(fig, "as expected", 1, 1, yref="paper", yanchor="bottom", font={"size": SMALL})
    ticks = [y for i in known for y in (shelves[i].middle - BAR * 0.7, shelves[i].middle + BAR * 0.7, None)]
    fig.add_scatter(
        x=[1, 1, None] * len(known), y=ticks, mode="lines", line={"color": GREY, "width": 2}, hoverinfo="skip"
    )
    canvas.whiskers(fig, [(shelves[i].middle, rows[i].ratio_low, rows[i].ratio_high) for i in known])
    fig.add_scatter(
        x=[rows[i].ratio for i in known], y=[shelves[i].middle for i in known], mode="markers",
        marker={"symbol": "diamond", "size": 13, "color": BLUE, "line": {"color": canvas.LIGHT, "width": 1.5}},
        hovertext=[_ratio_words(texts[i], rows[i]) for i in known], hoverinfo="text",
        customdata=[rows[i].labels[labels[0]] for i in known],
    )  # fmt: skip
    for row, shelf, at in zip(rows, shelves, sides, strict=True):
        _case_mix_words(fig, row, shelf, at)
    canvas.shelf_axis(fig, height)
    fig.update_layout(xaxis=canvas.value_axis(top, is_share=False) | {"range": [0, 1.3 * top]})
    return fig.figure()


def _times(row: Row) -> str:
    return "" if row.ratio is None else f"{row.ratio:.1f} times"


def _ratio_side(row: Row, last: float) -> Side:
    """Where a ratio stands on an axis from 0 to its `last`: clear of 1, which is as expected."""
    return Side.RIGHT if row.ratio is None else clear_side(_times(row), (row.ratio_low, row.ratio_high), [1], (0, last))


def _case_mix_words(fig: Canvas, row: Row, shelf: canvas.Shelf, at: Side) -> None:
    canvas.note(fig, shelf.text, 0, shelf.foot, xref="paper", xanchor="left", yanchor="bottom")
    if row.ratio is not None:
        if at is not Side.NAME:
            end, is_left = (row.ratio_low, True) if at is Side.LEFT else (row.ratio_high, False)
            draw_end(fig, shelf.middle, _times(row), end, is_point=True, is_left=is_left)
        return
    words = NOT_EXPECTED if row.is_shown else phrases.value_words(row, "proportion")
    canvas.note(fig, words, 0, shelf.middle, xref="paper", xanchor="left", yanchor="middle", font={"size": SMALL})


def _ratio_words(text: str, row: Row) -> str:
    return (
        f"<b>{text}</b><br>about {row.numerator:,} observed, {row.expected:,.1f} expected of clients like its own<br>"
        f"{row.ratio:.2f} times (likely {row.ratio_low:.2f} to {row.ratio_high:.2f})"
    )
