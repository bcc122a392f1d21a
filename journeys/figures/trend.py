"""Change over time: control charts in the NHS "Making Data Count" manner, drawn from released rows.

Improvement, concern, common cause, and higher or lower where nothing is better differ by shape, size and outline as well as colour. What is hidden, not
recorded or too early is a shaded gap with its mark; incomplete periods are hollow, grey and not joined.
"""

from collections.abc import Sequence
from itertools import groupby

import plotly.graph_objects as go

from journeys.answer import overlays
from journeys.answer.released import Released, Row
from journeys.figures import canvas, dated, gaps
from journeys.figures.canvas import DASHES, SMALL, SYMBOLS, Canvas
from journeys.figures.colours import BLUE, GREY, LINES, ORANGE, TEAL
from journeys.figures.like import NOTHING, Beside, line
from journeys.figures.periods import time_axis
from journeys.figures.rows import draw_bounds
from journeys.statistics.control_chart import Chart, Point, Shift
from journeys.vocabulary import metrics
from journeys.words import phrases, sentences
from journeys.words.phrases import PERIODS, Names
from journeys.words.shares import bound_span, digits_of

MOST_LINES = 4
ABOVE_NUMBERS = 14  # pixels of numbers above a small chart
LIMITS = "limits of usual variation"
BELOW_A_MARK = 0.45  # of the height of a small chart
ABOVE = 0.2  # of the data, for the marks of gaps
MEANINGS = {
    "common": ("usual variation", "circle", 8, GREY, "●"),
    "improvement": ("improvement", "diamond", 13, TEAL, "◆"),
    "concern": ("concern", "square", 12, ORANGE, "■"),
    "up": ("higher or rising, no judgement", "triangle-up", 13, BLUE, "▲"),
    "down": ("lower or falling, no judgement", "triangle-down", 13, BLUE, "▼"),
}
SIGNS = ("●", "■", "◆", "▲")
SIGNALS = {
    "outside": "outside the limits",
    "shift": "7 in a row on one side of the average",
    "trend": "7 in a row rising or falling",
    "two_of_three": "2 of 3 close to a limit",
}


def over_time(
    released: Released,
    names: Names,
    direction: str = "none",
    changes: Sequence = (),
    segments: bool = False,
    restarts: bool = False,
    beside: Beside = NOTHING,
) -> go.Figure:
    """A control chart by quarter or month (a plain line by financial year); up to four lines where there is a second label.

    `changes` are the store's service changes: those inside the span are marked by number and said below the chart, and
    with `segments` each starts new limits. With `restarts` so does a lasting shift that 13 complete points follow (`new_limits_from`).
    One line stands `beside` that of all services, or of those like it.
    """
    unit = _unit(released)
    lines = _lines(released)
    periods = list(dict.fromkeys(row.labels[unit] for row in released.rows))
    marked = dated.marked(released, periods, changes)
    fig = canvas.blank(300, left=48, right=12, top=10, bottom=44)
    if len(lines) == 1:
        rows = next(iter(lines.values()))
        entries = line(fig, periods, beside)
        entries += _control_chart(fig, rows, released, names, direction, dated.starts(marked, segments), restarts)
        gaps.draw(fig, rows, released.shape)
    else:
        entries = line(fig, periods, beside) + _many_lines(fig, lines, released, names)
    time_axis(fig, periods)
    every = [row for rows in lines.values() for row in rows]
    _value_axis(fig, every, released.shape, list(beside.rates.values()))
    canvas.key(fig, entries + gaps.bounds(every), above=18 if marked else 12)
    dated.notes(fig, marked, released, names)
    _below(fig, released, len(lines))
    return fig.figure()


def _below(fig: Canvas, released: Released, n_lines: int) -> None:
    """That the axis does not begin at 0, and that there are more lines than drawn."""
    start = fig.layout["yaxis"]["range"][0]
    canvas.say_start(fig, start, is_share=released.shape != "count", below=40)
    if n_lines < _n_lines(released):
        canvas.foot(fig, f"The {n_lines} largest of {_n_lines(released)} lines; the table has all.", below=40)


def _unit(released: Released) -> str:
    """What the time axis is split by; ValueError where the answer is over no time."""
    unit = next((d for d in released.by if d in PERIODS), None)
    if unit is None:
        asked = ", ".join(released.by) or "nothing"
        raise ValueError(f"{released.metric} by {asked}: ask by quarter, month or financial_year")
    return unit


def small_chart(
    released: Released, names: Names, direction: str = "none", changes: Sequence = (), *, is_numbered: bool = False
) -> go.Figure:
    """The same control chart, small, for the board: the first and last period named, marks kept; what they mean says `small_key`.

    Changes are dotted lines, where it `is_numbered` with the numbers of `small_notes`.
    """
    fig, rows, marked, _ = _small(released, names, direction, changes)
    # below the mark of a gap that stands near
    near = {i for i, _ in marked if any(phrases.mark(row, released.shape) for row in rows[max(i - 3, 0) : i + 3])}
    tops = {i: BELOW_A_MARK if i in near else 1 for i, _ in marked}
    if is_numbered and marked:
        fig.grow(ABOVE_NUMBERS, "t")
        dated.numbers(fig, marked, tops)
    else:
        for i, top in tops.items():
            dated.line(fig, i, top=top)
    unit = _unit(released)
    fig.update_xaxes(range=[-0.6, len(rows) - 0.4], tickvals=[], showgrid=False, zeroline=False, fixedrange=True)
    for i in sorted({0, len(rows) - 1}):
        anchor = "left" if i == 0 else "right"
        canvas.note(
            fig, phrases.short_period(rows[i].labels[unit]), 0 if i == 0 else 1, 0, xref="paper", yref="paper", xanchor=anchor,
            yanchor="top", font={"size": SMALL},
        )  # fmt: skip
    _value_axis(fig, rows, released.shape, ())
    ends = [fig.layout["yaxis"]["tickvals"][i] for i in (0, -1)]
    fig.update_yaxes(tickvals=ends, ticktext=canvas.tick_texts(ends, released.shape != "count"))
    return fig.figure()


def small_notes(released: Released, names: Names, changes: Sequence = ()) -> list[str]:
    """What changed at each number of a small chart."""
    periods = [row.labels[_unit(released)] for row in next(iter(_lines(released).values()), [])]
    return dated.words(dated.marked(released, periods, changes), released, names)


def small_key(
    released: Released, names: Names, direction: str = "none", changes: Sequence = (), *, is_numbered: bool = False
) -> list[tuple[str, str]]:
    """What the marks of a small chart mean, those that occur: (sign, words) each."""
    _, rows, marked, entries = _small(released, names, direction, changes)
    entries += [("┊", GREY, "services or records changed")] if marked and not is_numbered else []
    return [(sign, words) for sign, _, words in entries] + gaps.key(rows, released.shape)


def _small(released: Released, names: Names, direction: str, changes: Sequence) -> tuple:
    """The canvas of a small chart with its line, its rows, the changes inside its span, and the entries of its key."""
    unit, rows = _unit(released), next(iter(_lines(released).values()), [])
    marked = dated.marked(released, [row.labels[unit] for row in rows], changes)
    fig = canvas.blank(150, left=40, right=8, top=8, bottom=24)
    entries = _control_chart(fig, rows, released, names, direction, dated.starts(marked, segments=False))
    gaps.draw(fig, rows, released.shape)
    return fig, rows, marked, entries


def _lines(released: Released) -> dict[tuple, list[Row]]:
    """The rows of each line, the four largest where there are more; curves are followed at one horizon."""
    found = {key: [released.rows[i] for i in places] for key, places in overlays.series(released).items()}
    if len(found) <= MOST_LINES:
        return found
    largest = sorted(found, key=lambda key: -sum(_weight(row, released.shape) for row in found[key]))[:MOST_LINES]
    return {key: rows for key, rows in found.items() if key in largest}


def _n_lines(released: Released) -> int:
    return len(overlays.series(released))


def _weight(row: Row, shape: str) -> float:
    if not row.is_shown:
        return 0
    if shape == "count":
        return row.count or 0
    return (row.numerator if shape == "proportion" else row.events if shape == "waiting" else row.pairs) or 0


def _top(row: Row, shape: str) -> float:
    value = phrases.measure(row, shape)
    limit = _held(row.spc["upper"], shape) if row.spc else 0
    span = bound_span(row)
    return max(value or 0, limit, span[1] if span else 0)


def _held(limit: float, shape: str) -> float:
    """A limit as it is drawn: of shares never above 100%."""
    return limit if shape == "count" else min(limit, 1.0)


def _low(row: Row, shape: str) -> float | None:
    span, value = bound_span(row), phrases.measure(row, shape)
    known = [value] if value is not None else [span[0]] if span else []
    return min([*known, row.spc["lower"]] if row.spc else known, default=None)


def new_limits_from(
    released: Released, direction: str = "none", changes: Sequence = (), segments: bool = False
) -> str | None:
    """The period from which new limits may be offered: that of a lasting shift which 13 complete points follow; None without one."""
    lines = _lines(released)
    if len(lines) != 1:
        return None
    (rows,), unit = lines.values(), next(d for d in released.by if d in PERIODS)
    marked = dated.marked(released, [row.labels[unit] for row in rows], changes)
    found = _chart(rows, released, direction, dated.starts(marked, segments))
    shift = found.shift if found else None
    return rows[shift.start].labels[unit] if shift and shift.may_restart else None


def _chart(rows: Sequence[Row], released: Released, direction: str, starts: Sequence[int]) -> Chart | None:
    """The limits of one line; None where a line of its shape, or by financial year, has none."""
    is_charted = set(overlays.OVER_TIME) & set(released.by) and released.shape in ("count", "proportion")
    ripens = metrics.get(released.metric).ripens
    return overlays.chart(rows, direction, released.shape, tuple(starts), ripens) if is_charted else None


def _control_chart(
    fig, rows: Sequence[Row], released: Released, names: Names, direction: str, starts, restarts: bool = False
) -> list:
    """One line with its limits; returns what the key above the chart must say."""
    found = _chart(rows, released, direction, starts)
    shift = found.shift if found else None
    if restarts and shift and shift.may_restart:  # only when the reader asks for it
        found = _chart(rows, released, direction, [*starts, shift.start])
    points: Sequence[Point | None] = found.points if found else (None,) * len(rows)
    words = f"{LIMITS}, wider where fewer are counted" if found and found.has_own_limits else LIMITS
    rules = _limits(fig, points, released.shape, words, shift) + _before(fig, shift, len(rows))
    _line(fig, rows, released.shape)
    return _points(fig, rows, points, released, names) + rules


def _limits(fig: Canvas, points: Sequence[Point | None], shape: str, words: str, shift: Shift | None) -> list:
    """Average and limits (said in `words`) of each segment, straight over its gaps; never below 0, of shares never above 100%."""
    present = [(i, point) for i, point in enumerate(points) if point is not None]
    if not present:
        return []
    x, mean, lower, upper = [], [], [], []
    # points of one size after another share a stretch; limits of each point's own size make steps
    for (middle, low, high), group in groupby(present, key=lambda one: (one[1].mean, one[1].lower, one[1].upper)):
        places = [i for i, _ in group]
        x += [min(places) - 0.4, max(places) + 0.4, None]
        mean += [middle, middle, None]
        lower += [max(low, 0), max(low, 0), None]
        upper += [_held(high, shape), _held(high, shape), None]
    for y, dash in ((mean, "solid"), (upper, "dash"), (lower, "dash")):
        fig.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", line={"color": GREY, "dash": dash, "width": 1.5})
    earlier = _earlier_means(fig, points, shift)
    return [("━", GREY, "average"), *earlier, ("╍", GREY, words)]


def _earlier_means(fig: Canvas, points: Sequence[Point | None], shift: Shift | None) -> list:
    """The average of every earlier segment goes on as a dotted line, so that both levels are seen; that before a shift is drawn by itself."""
    ends = {point.mean: i for i, point in enumerate(points) if point is not None}
    last = max(ends.values())
    x, y = [], []
    for mean, end in ends.items():
        if end < last and not (shift and end == shift.start - 1):
            x += [end + 0.4, last + 0.4, None]
            y += [mean, mean, None]
    if not x:
        return []
    fig.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", line={"color": GREY, "dash": "dot", "width": 1.5})
    return [("┈", GREY, "average before")]


def _before(fig: Canvas, shift: Shift | None, n: int) -> list:
    """The average before a shift that lasts goes on as a dashed line: limits are never moved unasked."""
    if shift is None:
        return []
    fig.add_scatter(
        x=[shift.start - 0.4, n - 0.6], y=[shift.before] * 2, mode="lines", hoverinfo="skip",
        line={"color": GREY, "dash": "longdash", "width": 1.5},
    )  # fmt: skip
    return [("╌", GREY, "average before the shift")]


def _line(fig: Canvas, rows: Sequence[Row], shape: str) -> None:
    """The line through the complete points; a gap stays a gap."""
    y = [None if row.complete is False else phrases.measure(row, shape) for row in rows]
    fig.add_scatter(
        x=list(range(len(rows))), y=y, mode="lines", connectgaps=False, hoverinfo="skip",
        line={"color": BLUE, "width": 2},
    )  # fmt: skip


def _points(fig, rows: Sequence[Row], points: Sequence[Point | None], released: Released, names: Names) -> list:
    """The points by what they mean; returns the key's entries for those that occur."""
    has_limits, entries = any(point is not None for point in points), []
    known = [i for i, row in enumerate(rows) if phrases.measure(row, released.shape) is not None]
    whole = [i for i in known if rows[i].complete is not False]
    for meaning, (name, symbol, size, colour, sign) in MEANINGS.items():
        mine = [i for i in whole if _meaning(points[i]) == meaning]
        if not mine:
            continue
        marker = {"symbol": symbol, "size": size, "color": colour if has_limits else BLUE}
        if meaning != "common":
            marker["line"] = {"width": 2, "color": canvas.DARK}
        _dots(fig, mine, rows, points, released, names, marker)
        entries += [(sign, colour, name)] if has_limits else []
    partly = [i for i in known if rows[i].complete is False]
    if partly:
        _dots(
            fig,
            partly,
            rows,
            points,
            released,
            names,
            {"symbol": "circle-open", "size": 9, "color": GREY, "line": {"width": 2}},
        )
        entries.append(("○", GREY, "not complete"))
    return entries


def _meaning(point: Point | None) -> str:
    """What a point means, one of MEANINGS: where nothing is better, that it is higher or lower."""
    if point is None:
        return "common"
    return point.direction or "common" if point.meaning == "neutral" else point.meaning


def _dots(fig, places, rows, points, released: Released, names: Names, marker: dict) -> None:
    fig.add_scatter(
        x=places, y=[phrases.measure(rows[i], released.shape) for i in places], mode="markers", marker=marker,
        hoverinfo="text", cliponaxis=False, hovertext=[_hover(rows[i], points[i], released, names) for i in places],
        customdata=[rows[i].labels[next(d for d in released.by if d in PERIODS)] for i in places],
    )  # fmt: skip


def _hover(row: Row, point: Point | None, released: Released, names: Names) -> str:
    labels = [n for n in row.labels if n != "item"]
    name = ", ".join(names(n, row.labels[n]) for n in labels)
    words = f"<b>{name}</b><br>{phrases.value_words(row, released.shape, digits_of(released.rows))}"
    if released.shape == "proportion" and row.denominator is not None and row.numerator is not None:
        words += f" (about {row.numerator:,} of about {row.denominator:,})"
    if row.complete is False:
        return words + "<br>Not complete: a service covers only a part of it, or some have not had the time"
    if point is not None and point.signal != "none":
        words += f"<br>{phrases.upper_first(MEANINGS[_meaning(point)][0])}: {SIGNALS[point.signal]}"
    return words


def _many_lines(fig: Canvas, lines: dict, released: Released, names: Names) -> list:
    """One line a label, told apart by colour, dash and shape; gaps stay gaps, incomplete points are hollow."""
    unit = next(d for d in released.by if d in PERIODS)
    others = [n for n in released.rows[0].labels if n not in PERIODS]
    for k, rows in enumerate(lines.values()):
        y = [None if row.complete is False else phrases.measure(row, released.shape) for row in rows]
        fig.add_scatter(
            x=list(range(len(rows))), y=y, mode="lines+markers", connectgaps=False,
            line={"color": LINES[k], "dash": DASHES[k], "width": 2.5}, marker={"symbol": SYMBOLS[k], "size": 8},
            hovertext=[_hover(row, None, released, names) for row in rows], hoverinfo="text",
            customdata=[row.labels[unit] for row in rows],
        )  # fmt: skip
        partly = [
            i
            for i, row in enumerate(rows)
            if row.complete is False and phrases.measure(row, released.shape) is not None
        ]
        fig.add_scatter(
            x=partly, y=[phrases.measure(rows[i], released.shape) for i in partly], mode="markers",
            marker={"symbol": f"{SYMBOLS[k]}-open", "size": 9, "color": GREY},
            hovertext=[_hover(rows[i], None, released, names) for i in partly], hoverinfo="text",
        )  # fmt: skip
        _line_bounds(fig, rows, 0.16 * (k - (len(lines) - 1) / 2), released, names)
    gaps.draw_of_all(fig, list(lines.values()), released.shape)
    names_of = [sentences.row_name(rows[0], others, names) for rows in lines.values()]
    return [(SIGNS[k], LINES[k], name) for k, name in enumerate(names_of)]


def _line_bounds(fig: Canvas, rows: Sequence[Row], aside: float, released: Released, names: Names) -> None:
    """Between what the hidden points of one of several lines lie, a little aside of the others'; the pointer says whose."""
    placed = [(i + aside, row) for i, row in enumerate(rows) if bound_span(row)]
    draw_bounds(fig, placed, is_upright=True)
    if placed:
        fig.add_scatter(
            x=[at for at, _ in placed], y=[sum(bound_span(row) or ()) / 2 for _, row in placed], mode="markers",
            marker={"opacity": 0, "size": 9}, hovertext=[_hover(row, None, released, names) for _, row in placed], hoverinfo="text",
        )  # fmt: skip


def _value_axis(fig: Canvas, rows: Sequence[Row], shape: str, others: Sequence[float]) -> None:
    """The axis of a series, of its limits and of the `others` that it stands beside; cut where all of it lies far from 0."""
    top = max([*(_top(row, shape) for row in rows), *others], default=1)
    start = canvas.start_of(
        min([*(low for row in rows if (low := _low(row, shape)) is not None), *others], default=0), top
    )
    if any(sentences.mark(row, shape) for row in rows):  # marks of gaps stand above all lines
        top += ABOVE * (top - start)
    fig.update_layout(yaxis=canvas.value_axis(top, is_share=shape in ("proportion", "waiting"), start=start))
    canvas.value_room(fig)
