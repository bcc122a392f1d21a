"""What figures with a row a label share: the row's name, its figure or its mark, its interval, the axis below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, inf

from journeys.answer.released import HIDDEN, Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas, Shelf
from journeys.words import phrases, sentences
from journeys.words.phrases import NOT_APPLICABLE, PERIODS, Names
from journeys.words.shares import bound_span, digits_of, with_interval

BAR = 16  # pixels
ROOM = 1.2  # of the largest value: the axis leaves room for a figure at the end of the longest row
PHONE, LETTER = 286, 6.3  # pixels of a plot on a phone, and of a small letter
SHORT = 16  # letters that always stand in their row
MANY = 4  # hidden rows that are said in one line, where they are most of a list
MOST_NAMED = 15  # of them that are named in that line
MOST = 60  # rows of a figure whose order means something
IN_ORDER = (
    *PERIODS, "service", "commissioner", "age_band", "gender", "ethnic_group", "employment_status", "imd_quintile",
    "long_term_conditions", "rung", "start_rung", "movement", "months", "weeks", "open_for", "model", "work_goal", "co_located", "dimension",
    "wait", "stage", "step", "way", "contacts", "length", "hours", "status",
)  # fmt: skip


def tall(most: int | None) -> int | None:
    """As many rows of more than a line and a bar as there would be of those."""
    return most and most * 2 // 3


def possible(found: Iterable[Row]) -> list[Row]:
    """The rows that some service of the cell can have; the others have no bar, and stand in the table."""
    return [row for row in found if row.state != NOT_APPLICABLE]


def apart(found: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows to draw, and those of which nothing is known where they are most of a list: named once below it, in place of a screen of marks."""
    known = [row for row in found if row.is_shown or row.why]
    gone = [row for row in found if not row.is_shown and not row.why]
    n_hidden = sum(row.state == HIDDEN for row in gone)
    if n_hidden < MANY or not known or len(gone) <= len(known):
        return list(found), []
    return known, gone


def hidden_foot(fig: Canvas, gone: Sequence[Row], labels: Sequence[str], names: Names) -> None:
    """`[c] too few people, or too few left out: debt, housing and literacy`, a line a mark; of many how many they are. Nothing where every row is drawn."""
    for state in dict.fromkeys(row.state for row in gone):
        mine, mark = [row for row in gone if row.state == state], phrases.STATE_MARKS[state]
        said = f"{len(mine)} rows that are in the table"
        if len(mine) <= MOST_NAMED:
            said = phrases.listed(sentences.row_name(row, labels, names) for row in mine)
        canvas.foot(fig, f"{mark} {phrases.MARKS[mark].removeprefix('hidden: ')}: {said}.", below=30)


def is_in_order(labels: Sequence[str]) -> bool:
    """Whether the order of the rows means something, or would be a ranking if it were that of their size."""
    return not labels or labels[0] in IN_ORDER


def labels_of(released: Released) -> tuple[str, ...]:
    return (*released.by, *released.own)


def top_of(row: Row, shape: str) -> float:
    value = phrases.measure(row, shape)
    if value is None:
        span = bound_span(row)
        return span[1] if span else 0
    return value if shape == "count" else row.high or value


def text_of(row: Row, labels: Sequence[str], names: Names) -> str:
    text = phrases.upper_first(sentences.row_name(row, labels, names)) if labels else "All together"
    return f"{text} {phrases.PARTIAL}" if phrases.is_partial(row, labels) else text


@dataclass(frozen=True)
class Extent:
    """What a figure that goes on from screen to screen has of the rows of all: how far its axis goes, and the decimals of its shares (None: those of its own rows)."""

    reach: float = 0
    digits: int | None = None

    def digits_of(self, rows: Iterable[Row]) -> int:
        return digits_of(rows) if self.digits is None else self.digits


OWN = Extent()


def n_lines(row: Row, labels: Sequence[str], names: Names) -> int:
    """Of how many lines the name of a row is."""
    return canvas.wrapped(text_of(row, labels, names), canvas.LABEL).count("<br>") + 1


def draw_intervals(fig: Canvas, placed: Sequence[tuple[float, Row]], shape: str) -> None:
    spans = [(y, row.low, phrases.measure(row, shape), row.high) for y, row in placed if row.low is not None]
    canvas.bar_whiskers(fig, spans)


def draw_bounds(fig: Canvas, placed: Iterable[tuple[float, Row]], *, is_upright: bool = False) -> None:
    """Where hidden shares lie, at their places."""
    spans = [(at, *span) for at, row in placed if (span := bound_span(row))]
    canvas.bounds(fig, spans, is_upright=is_upright)


def hover(text: str, row: Row, shape: str, digits: int) -> str:
    """What the pointer shows: the label and the released figures of the row, nothing else, with the decimals of its figure."""
    if not row.is_shown or phrases.measure(row, shape) is None:
        return f"<b>{text}</b><br>{phrases.value_words(row, shape, digits)}"
    if shape == "count":
        return f"<b>{text}</b><br>about {row.count:,}"
    n = row.denominator if shape == "proportion" else row.at_risk
    words = f"<b>{text}</b><br>{with_interval(row, digits)}"
    return words + (f"<br>about {row.numerator:,} of about {n:,}" if shape == "proportion" else "")


def draw_label(fig: Canvas, shelf: Shelf) -> None:
    canvas.note(fig, shelf.text, 0, shelf.foot, xref="paper", xanchor="left", yanchor="bottom")


def draw_value(fig: Canvas, shelf: Shelf, words: str) -> None:
    canvas.note(fig, words, 1, shelf.foot, xref="paper", xanchor="right", yanchor="bottom", align="right")


def draw_gap(fig: Canvas, shelf: Shelf, words: str) -> None:
    canvas.note(fig, words, 0, shelf.middle, xref="paper", xanchor="left", yanchor="middle", font={"size": SMALL})


def draw_end(fig: Canvas, at: float, words: str, end: float, *, is_point: bool = False, is_left: bool = False) -> None:
    """The figure of a row right of the end of what is drawn of it, or left; half of a point may reach further than its range."""
    room, said, side = "&nbsp;" * (1 + is_point), f"<b>{words}</b>", "right" if is_left else "left"
    canvas.note(fig, said + room if is_left else room + said, end, at, xanchor=side, yanchor="middle", align=side)


def draw_hidden(fig: Canvas, at: float, row: Row, words: str, top: float, start: float = 0) -> None:
    """A row without a figure: between what it lies, and the reason in words right or left of that; `texts_of` says it where neither has room."""
    draw_bounds(fig, [(at, row)])
    left, right = _rooms(row, top, start)
    if max(left, right) < LETTER * len(words) and len(words) > SHORT:
        return
    span, text = bound_span(row), {"xanchor": "left", "yanchor": "middle", "font": {"size": SMALL}}
    if span is None or right < LETTER * len(words):
        canvas.note(fig, f"&nbsp;{words}", 0, at, xref="paper", **text)
    else:
        canvas.note(fig, f"&nbsp;{words}", span[1], at, **text)


def texts_of(
    rows: Sequence[Row], labels: Sequence[str], names: Names, words: Sequence[str], top: float, start: float = 0
) -> list[str]:
    """The names of rows; with the words of hidden ones where these fit on a phone neither right nor left of the bounds."""
    fits = [
        len(said) <= SHORT or max(_rooms(row, top, start)) >= LETTER * len(said)
        for row, said in zip(rows, words, strict=True)
    ]
    found = zip(rows, words, fits, strict=True)
    return [text_of(row, labels, names) + ("" if fit else f": {said}") for row, said, fit in found]


def _rooms(row: Row, top: float, start: float) -> tuple[float, float]:
    """Pixels left and right of the bounds of a row, on a phone, where the axis goes from `start` to its room past `top`."""
    span = bound_span(row)
    if span is None:
        return inf, inf
    low, high = ((end - start) / (top - start) / ROOM for end in span)
    return PHONE * low, PHONE * (1 - high)


def value_axis(fig: Canvas, tops: Sequence[float], shape: str, start: float = 0) -> None:
    top = max(tops, default=0) or 1
    axis, end = canvas.value_axis(top, is_share=shape != "count", start=start), start + (top - start) * ROOM
    fig.update_layout(xaxis=axis | {"range": [start, end]})
    last, words = max(one for one in zip(axis["tickvals"], axis["ticktext"], strict=True) if one[0] <= end)
    beyond = (
        PHONE * (end - last) / (end - start)
    )  # pixels of the axis after its last number, half of which needs room, too
    fig.margin["r"] = max(fig.margin["r"], ceil(canvas.LETTER * len(words) / 2 + 2 - beyond))


def filled(colour: str, hatch: str) -> dict:
    pattern = {"shape": hatch, "fillmode": "overlay", "fgcolor": canvas.LIGHT, "size": 7, "solidity": 0.25}
    return {"color": colour, "line": {"width": 0}, "pattern": pattern}
