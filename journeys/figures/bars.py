"""Figures, each from released rows alone: every number in them is one that the table beside them shows.

No figure has a title inside; `names` is the store's `lists.name`; hidden rows keep their place with their mark in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import BLUE, GREY, LINES, ORANGE, SMALL, Canvas, Shelf
from journeys.statistics import proportions
from journeys.words import phrases, sentences
from journeys.words.phrases import PERIODS, Names

BAR = 16  # pixels
IN_ORDER = (
    *PERIODS, "service", "commissioner", "age_band", "gender", "ethnic_group", "employment_status", "imd_quintile",
    "long_term_conditions", "rung", "start_rung", "movement", "months", "weeks", "open_for", "model", "work_goal", "co_located", "dimension",
)  # fmt: skip
MOST_IN_ORDER, MOST_BY_SIZE = 60, 15
SIGNS = ("■", "▨")
SHADES, INK = ("#E9F1F8", "#6BACE6"), "#0B0C0C"  # of a grid's cells, on which the same ink is read in both themes
WORD = 8  # letters of a word that fit above a column on a phone
PARTS = {"improved": ("Improved", BLUE, ""), "same": ("Changed little", GREY, "."), "worse": ("Got worse", ORANGE, "/")}


def bars(released: Released, names: Names, *, most: int | None = None) -> go.Figure:
    """One bar a label with its interval: services in alphabetical order, age bands and the like in theirs, others by size.

    A row without a figure keeps its place and says why. Two labels make a grid, paired readings their own figure.
    """
    labels = _labels(released)
    if released.shape == "change":
        return change(released, names)
    if len(labels) > 1:
        return grid(released, names)
    rows = _ordered(released, labels)
    is_in_order = _is_in_order(labels)
    drawn = rows[: min(most or MOST_IN_ORDER, MOST_IN_ORDER if is_in_order else MOST_BY_SIZE)]
    if not drawn:
        return canvas.empty(sentences.HIDDEN_WORDS)
    shelves, height = canvas.shelves([_text(row, labels, names) for row in drawn], tall=BAR)
    fig = canvas.blank(100)
    _bar_trace(fig, drawn, shelves, released.shape, labels)
    _row_words(fig, drawn, shelves, released.shape)
    canvas.shelf_axis(fig, height)
    _value_axis(fig, [_top(row, released.shape) for row in drawn], released.shape)
    if len(drawn) < len(rows):
        which = f"first {len(drawn)}" if is_in_order else f"{len(drawn)} largest"
        canvas.foot(fig, f"The {which} of {len(rows)}; the table has all.", below=30)
    return fig.figure()


def _tall(most: int | None) -> int | None:
    """As many rows of more than a line and a bar as there would be of those."""
    return most and most * 2 // 3


def _labels(released: Released) -> tuple[str, ...]:
    return (*released.by, *released.own)


def _is_in_order(labels: Sequence[str]) -> bool:
    return not labels or labels[0] in IN_ORDER


def _ordered(released: Released, labels: Sequence[str]) -> list[Row]:
    """Rows in the order of their list where that means something, else the largest first and those without a figure last."""
    if _is_in_order(labels):
        return list(released.rows)
    return sorted(released.rows, key=lambda row: -_size(row, released.shape))


def _size(row: Row, shape: str) -> float:
    value = phrases.measure(row, shape)
    return -1.0 if value is None else value


def _top(row: Row, shape: str) -> float:
    value = phrases.measure(row, shape)
    return 0 if value is None else value if shape == "count" else row.high or value


def _is_partial(row: Row, labels: Sequence[str]) -> bool:
    """Whether the row is a period that not everyone has had the time for."""
    return row.complete is False and row.is_shown and bool(set(labels) & set(PERIODS))


def _text(row: Row, labels: Sequence[str], names: Names) -> str:
    text = phrases.upper_first(sentences.row_name(row, labels, names)) if labels else "All together"
    return f"{text} (not complete yet)" if _is_partial(row, labels) else text


def _bar_trace(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf], shape: str, labels: Sequence[str]) -> None:
    known = [i for i, row in enumerate(rows) if phrases.measure(row, shape) is not None]
    fig.add_bar(
        x=[phrases.measure(rows[i], shape) for i in known],
        y=[shelves[i].middle for i in known],
        width=BAR,
        orientation="h",
        marker={"color": [GREY if _is_partial(rows[i], labels) else BLUE for i in known], "line": {"width": 0}},
        hovertext=[hover(shelves[i].text, rows[i], shape) for i in known],
        hoverinfo="text",
        customdata=[rows[i].labels[labels[0]] if labels else "" for i in known],
    )
    _intervals(fig, [(shelves[i].middle, rows[i]) for i in known], shape)


def _intervals(fig: Canvas, placed: Sequence[tuple[float, Row]], shape: str) -> None:
    spans = [(y, row.low, phrases.measure(row, shape), row.high) for y, row in placed if row.low is not None]
    canvas.bar_whiskers(fig, spans)


def hover(text: str, row: Row, shape: str) -> str:
    """What the pointer shows: the label and the released figures of the row, nothing else."""
    if not row.is_shown or phrases.measure(row, shape) is None:
        return f"<b>{text}</b><br>{phrases.value_words(row, shape)}"
    if shape == "count":
        return f"<b>{text}</b><br>about {row.count:,}"
    n = row.denominator if shape == "proportion" else row.at_risk
    low, high = (sentences.percent(v, n) for v in (row.low, row.high))
    words = f"<b>{text}</b><br>{phrases.value_words(row, shape)} (likely {low} to {high})"
    return words + (f"<br>about {row.numerator:,} of about {n:,}" if shape == "proportion" else "")


def _row_words(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf], shape: str) -> None:
    """The label above each bar at the left, its figure at the right; a mark with its words where the bar would be."""
    for row, shelf in zip(rows, shelves, strict=True):
        _label(fig, shelf)
        words = phrases.value_words(row, shape)
        if phrases.measure(row, shape) is None:
            _gap(fig, shelf, words)
        else:
            _value(fig, shelf, f"<b>{words}</b>")


def _label(fig: Canvas, shelf: Shelf) -> None:
    canvas.note(fig, shelf.text, 0, shelf.foot, xref="paper", xanchor="left", yanchor="bottom")


def _value(fig: Canvas, shelf: Shelf, words: str) -> None:
    canvas.note(fig, words, 1, shelf.foot, xref="paper", xanchor="right", yanchor="bottom", align="right")


def _gap(fig: Canvas, shelf: Shelf, words: str) -> None:
    canvas.note(fig, words, 0, shelf.middle, xref="paper", xanchor="left", yanchor="middle", font={"size": SMALL})


def _value_axis(fig: Canvas, tops: Sequence[float], shape: str) -> None:
    top = max(tops, default=0) or 1
    fig.update_layout(xaxis=canvas.value_axis(top, is_share=shape != "count") | {"range": [0, top * 1.02]})


def grid(released: Released, names: Names) -> go.Figure:
    """Two labels as a table of shades: every cell says its figure or its mark, so that nothing hangs on the shade.

    Of several horizons (months, weeks) it shows one, as the sentence does.
    """
    labels = [n for n in _labels(released) if n != "tool" or "item" not in _labels(released)]
    if len(labels) < 2:
        return bars(released, names)
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
    is_upright = is_narrow or max(len(word) for text in texts for word in text.split()) > WORD
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
        return text if len(text) <= 22 else f"{text[:21]}…"
    return canvas.wrapped(text, 16 if is_upright else 7)


def _short(label: str, code: str, released: Released, names: Names) -> str:
    if label == "item":
        row = next(row for row in released.rows if row.labels["item"] == code)
        return phrases.item_name(row.labels["tool"], code)
    return phrases.short_period(code) if label in PERIODS else names(label, code)


def _cell_words(row: Row | None, shape: str) -> str:
    if row is None or sentences.mark(row, shape):
        return ""
    return phrases.value_words(row, shape)


def _shades(fig: Canvas, found, heads: Sequence[str], sides: Sequence[str], released: Released) -> None:
    shape = released.shape
    z = [[None if row is None else phrases.measure(row, shape) for row in line] for line in found]
    hovers = [
        [hover(f"{sides[i]}, {heads[j]}".replace("<br>", " "), row, shape) if row else "" for j, row in enumerate(line)]
        for i, line in enumerate(found)
    ]
    fig.add_heatmap(
        z=z, text=[[_cell_words(row, shape) for row in line] for line in found], texttemplate="%{text}", hovertext=hovers,
        hoverinfo="text", showscale=False, xgap=2, ygap=2, zmin=0, hoverongaps=False,
        colorscale=[[0, SHADES[0]], [1, SHADES[1]]], textfont={"color": INK, "size": 10 if len(heads) > 6 else 11 if len(heads) > 4 else 13},
    )  # fmt: skip


def _marks(fig: Canvas, found, shape: str, is_narrow: bool) -> None:
    """The marks of the cells without a figure; no shade, so that they are seen as gaps."""
    places = [(i, j, row) for i, line in enumerate(found) for j, row in enumerate(line) if row is not None]
    gaps = [(i, j, row) for i, j, row in places if phrases.measure(row, shape) is None]
    fig.add_scatter(
        x=[j for _, j, _ in gaps],
        y=[i for i, _, _ in gaps],
        text=[sentences.mark(row, shape) for _, _, row in gaps],
        mode="text",
        textfont={"size": 10 if is_narrow else SMALL},
        hovertext=[phrases.value_words(row, shape) for _, _, row in gaps],
        hoverinfo="text",
    )


def _grid_axes(fig: Canvas, heads: Sequence[str], sides: Sequence[str], is_upright: bool) -> None:
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": "", "tickfont": {"size": SMALL}}
    fig.update_xaxes(
        **plain, side="top", tickvals=list(range(len(heads))), ticktext=list(heads), range=[-0.5, len(heads) - 0.5],
        tickangle=-90 if is_upright else 0,
    )  # fmt: skip
    fig.update_yaxes(**plain, tickvals=list(range(len(sides))), ticktext=list(sides), range=[len(sides) - 0.5, -0.5])


def compare(
    left: Released, right: Released, names: Names, left_words: str, right_words: str, *, most: int | None = None
) -> go.Figure:
    """Two selections side by side: two bars a label, told apart by colour, hatching and sign, with both figures beside the label."""
    labels = _labels(left)
    whole = _pairs(left, right, labels)
    pairs = whole[: _tall(most) or MOST_IN_ORDER]
    shelves, height = canvas.shelves([_text(first, labels, names) for first, _ in pairs], tall=2 * BAR + 4, width=24)
    fig = canvas.blank(100)
    fig.update_layout(barmode="overlay")
    for side, words in enumerate((left_words, right_words)):
        _side_trace(fig, [pair[side] for pair in pairs], shelves, side, words, left.shape, labels)
    for pair, shelf in zip(pairs, shelves, strict=True):
        _label(fig, shelf)
        _value(fig, shelf, _both(pair, left.shape))
    canvas.shelf_axis(fig, height)
    _value_axis(fig, [_top(row, left.shape) for pair in pairs for row in pair if row is not None], left.shape)
    canvas.key(
        fig,
        [(sign, colour, words) for sign, colour, words in zip(SIGNS, LINES, (left_words, right_words), strict=False)],
    )
    if len(pairs) < len(whole):
        canvas.foot(fig, f"The first {len(pairs)} of {len(whole)}; the table has all.", below=30)
    return fig.figure()


def _pairs(left: Released, right: Released, labels: Sequence[str]) -> list[tuple[Row, Row | None]]:
    others = {tuple(row.labels[n] for n in labels): row for row in right.rows}
    return [(row, others.get(tuple(row.labels[n] for n in labels))) for row in left.rows]


def _both(pair: Sequence[Row | None], shape: str) -> str:
    """Both figures of a label, or their marks, each with its sign."""
    words = ["" if row is None else sentences.mark(row, shape) or phrases.value_words(row, shape) for row in pair]
    return "&nbsp; ".join(
        f"<span style='color:{colour}'>{sign}</span> <b>{text}</b>"
        for sign, colour, text in zip(SIGNS, LINES, words, strict=False)
    )


def _side_trace(
    fig: Canvas, rows: Sequence[Row | None], shelves: Sequence[Shelf], side: int, words: str, shape: str, labels
) -> None:
    at = [shelf.middle + (BAR / 2 + 2) * (1 if side else -1) for shelf in shelves]
    known = [i for i, row in enumerate(rows) if row is not None and phrases.measure(row, shape) is not None]
    fig.add_bar(
        x=[phrases.measure(rows[i], shape) for i in known],
        y=[at[i] for i in known],
        width=BAR,
        orientation="h",
        marker=_filled(LINES[side], "/" if side else ""),
        hovertext=[hover(f"{words}: {shelves[i].text}", rows[i], shape) for i in known],
        hoverinfo="text",
        customdata=[rows[i].labels[labels[0]] if labels else "" for i in known],
    )
    _intervals(fig, [(at[i], rows[i]) for i in known], shape)
    for i, row in enumerate(rows):
        if row is not None and i not in known:
            canvas.note(
                fig, phrases.value_words(row, shape), 0, at[i], xref="paper", xanchor="left", yanchor="middle",
                font={"size": SMALL},
            )  # fmt: skip


def _filled(colour: str, hatch: str) -> dict:
    pattern = {"shape": hatch, "fillmode": "overlay", "fgcolor": canvas.LIGHT, "size": 7, "solidity": 0.25}
    return {"color": colour, "line": {"width": 0}, "pattern": pattern}


def change(released: Released, names: Names, *, most: int | None = None) -> go.Figure:
    """Of those with two readings of each scale: how many improved, changed little, got worse; the mean change beside it."""
    labels = _labels(released)
    rows = list(released.rows)[: _tall(most) or MOST_IN_ORDER]
    shelves, height = canvas.shelves([sentences.row_name(row, labels, names) for row in rows], tall=BAR, width=28)
    fig = canvas.blank(100, right=20)
    fig.update_layout(barmode="overlay")
    for part in PARTS:
        _part_trace(fig, rows, shelves, part)
    for row, shelf in zip(rows, shelves, strict=True):
        _label(fig, shelf)
        if row.is_shown:
            _value(fig, shelf, _change_words(row))
        else:
            _gap(fig, shelf, phrases.value_words(row, "change"))
    canvas.shelf_axis(fig, height)
    fig.update_layout(xaxis=canvas.value_axis(1, is_share=True) | {"range": [0, 1]})
    canvas.key(
        fig, [(sign, colour, name) for sign, (name, colour, _) in zip(("■", "▦", "▨"), PARTS.values(), strict=True)]
    )
    said = "At the right: average change and its likely range. [c] in a bar: too few to show."
    if len(rows) < len(released.rows):
        said += f"<br>The first {len(rows)} of {len(released.rows)}; the table has all."
    canvas.foot(fig, said, below=30)
    return fig.figure()


def _change_words(row: Row) -> str:
    if row.mean_change is None:
        return phrases.value_words(row, "change")
    interval = f" ({phrases.signed(row.low)} to {phrases.signed(row.high)})" if row.low is not None else ""
    return f"<b>{phrases.signed(row.mean_change)}</b>{interval}"


def _part_trace(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf], part: str) -> None:
    """One third of the bars. Improved starts at the left, worse ends at the right, so a hidden part is a gap between."""
    known = [i for i, row in enumerate(rows) if row.is_shown and row.pairs and getattr(row, part) is not None]
    shares = [min(getattr(rows[i], part) / _whole(rows[i]), 1) for i in known]
    fig.add_bar(
        x=shares,
        y=[shelves[i].middle for i in known],
        base=[_base(rows[i], part, share) for i, share in zip(known, shares, strict=True)],
        width=BAR,
        orientation="h",
        marker=_filled(PARTS[part][1], PARTS[part][2]),
        hovertext=[_part_hover(rows[i], part, shelves[i].text) for i in known],
        hoverinfo="text",
    )
    for i, row in enumerate(rows):
        if row.is_shown and getattr(row, part) is None and _has_gap(row, part):
            x = {"improved": 0, "worse": 1, "same": 0.5}[part]
            canvas.note(
                fig, "[c]", x, shelves[i].middle, xanchor={0: "left", 1: "right"}.get(x, "center"), yanchor="middle",
                font={"size": SMALL},
            )  # fmt: skip


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


def _part_hover(row: Row, part: str, text: str) -> str:
    n = getattr(row, part)
    is_enough = row.pairs >= proportions.MINIMUM_DENOMINATOR
    share = f" ({sentences.percent(min(n / row.pairs, 1), row.pairs)})" if is_enough else ""
    words = f"<b>{text}</b><br>{PARTS[part][0]}: about {n:,} of about {row.pairs:,}{share}"
    if row.mean_first is None:
        return words
    return f"{words}<br>average {row.mean_first:.1f} at first, {row.mean_latest:.1f} at latest reading"


def evidence(rows: Sequence[Mapping], unit: str) -> go.Figure:
    """Published figures and ours as points with their intervals, in one unit only (ValueError for another).

    Each row is a mapping with `service`, `numerator`, `denominator`, `unit`; optional `rate`, `low`, `high` (else Wilson
    from the counts), and `is_ours` for figures of this data.
    """
    other = [row["unit"] for row in rows if row["unit"] != unit]
    if other:
        raise ValueError(f"evidence in {unit} cannot share an axis with {other[0]!r}: give rows of one unit only")
    points = [_evidence_point(row) for row in rows]
    known = [i for i, point in enumerate(points) if point is not None]
    shelves, height = canvas.shelves([row["service"] for row in rows], tall=BAR)
    fig = canvas.blank(100)
    canvas.whiskers(fig, [(shelves[i].middle, points[i][1], points[i][2]) for i in known])
    kinds = ((False, "◆", "Published", "diamond", GREY), (True, "●", "This data", "circle", BLUE))
    for is_ours, _, _, symbol, colour in kinds:
        mine = [i for i in known if bool(rows[i].get("is_ours")) is is_ours]
        fig.add_scatter(
            x=[points[i][0] for i in mine], y=[shelves[i].middle for i in mine], mode="markers", cliponaxis=False,
            marker={"symbol": symbol, "size": 13, "color": colour, "line": {"color": canvas.LIGHT, "width": 1.5}},
            hovertext=[_evidence_words(rows[i], points[i]) for i in mine], hoverinfo="text",
        )  # fmt: skip
    for row, shelf, point in zip(rows, shelves, points, strict=True):
        _evidence_label(fig, row, shelf, point)
    canvas.shelf_axis(fig, height)
    _value_axis(fig, [points[i][2] for i in known], "proportion")
    canvas.key(fig, [(sign, colour, words) for _, sign, words, _, colour in kinds])
    return fig.figure()


def _number(row: Mapping, name: str) -> float | None:
    value = row.get(name)
    return None if value in (None, "") else float(value)


def _evidence_point(row: Mapping) -> tuple[float, float, float] | None:
    given = tuple(_number(row, name) for name in ("rate", "low", "high"))
    if None not in given:
        return given
    n, d = _number(row, "numerator"), _number(row, "denominator")
    if not d or n is None:
        return None
    low, high = proportions.wilson(n, d)
    return n / d, low, high


def _evidence_words(row: Mapping, point: tuple[float, float, float]) -> str:
    d = int(_number(row, "denominator") or 0)
    rate, low, high = (sentences.percent(v, d) for v in point)
    n = _number(row, "numerator")
    of = f"<br>{int(n):,} of {d:,}" if n is not None and d else ""
    return f"<b>{row['service']}</b><br>{rate} (likely {low} to {high}){of}"


def _evidence_label(fig: Canvas, row: Mapping, shelf: Shelf, point: tuple[float, float, float] | None) -> None:
    is_ours = row.get("is_ours")
    _label(fig, Shelf(f"<b>{shelf.text}</b>", shelf.foot, shelf.middle) if is_ours else shelf)
    if point is None:
        _gap(fig, shelf, f"[c] {sentences.MARKS['[c]']}" if is_ours else "no counts printed")
    else:
        _value(fig, shelf, f"<b>{sentences.percent(point[0], int(_number(row, 'denominator') or 0))}</b>")
