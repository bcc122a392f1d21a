"""Two labels as a table of shades."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from journeys.answer.released import NOT_APPLICABLE, Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.colours import GREY
from journeys.figures.like import NOTHING, Beside
from journeys.figures.rows import hover, labels_of
from journeys.figures.strips import strips
from journeys.words import phrases, sentences
from journeys.words.phrases import PERIODS, Names
from journeys.words.shares import digits_of, per_cent, short_bound

SHADES, INK = ("#E9F1F8", "#6BACE6"), "#0B0C0C"  # of a grid's cells, on which the same ink is read in both themes
MOST_PERIODS = 8  # that fit beside each other
COLUMNS = 195  # pixels of all columns on a phone
LONGEST_HEAD = 12  # letters of a name above a narrow column
LETTER_ABOVE = 7.5  # pixels of a letter of a name above a column, at most
LETTER, GAP = 6.7, 9  # pixels of a digit, and of what the sign of per cent is wider and two cells are apart
SIDE = 27  # letters of a line beside the cells on a projector
MOST_NAMED, TALL_HEAD = 10, 18  # columns, and letters of a line of their names, for which a projector has room
WIDE_COLUMNS = 480  # pixels of all columns on a projector, where a letter has 9
WORD = 8  # letters of a word that fit above a column on a phone
# where narrow cells have no room for the decimal that heading, sentence and table have
ROUNDED = "Shares in whole %; the table has a decimal."
TOGETHER = ""  # the code of the line that holds all rows of a breakdown together


@dataclass(frozen=True)
class Lines:
    """What the lines and cells of a grid are of, what stands out, and what each cell stands beside."""

    released: Released
    names: Names
    beside: Beside
    chosen: frozenset[str]
    every: Sequence[Row]  # the rows of all screens, where the grid goes on

    def title(self, label: str, code: str) -> str:
        if code == TOGETHER:
            return phrases.upper_first(self.beside.words)
        return _short(label, code, self.released, self.names)

    def marked(self, code: str, text: str) -> str:
        """What is chosen in bold, all together in italics."""
        mark = "i" if code == TOGETHER else "b" if code in self.chosen else ""
        return f"<{mark}>{text}</{mark}>" if mark else text

    def others(self, row: Row | None, digits: int) -> str:
        """What a cell stands beside; empty where that is a line of its own."""
        rate = None if row is None or self.whole else self.beside.rate(row)
        return "" if rate is None else per_cent(rate, digits)

    @property
    def top(self) -> float | None:
        """The largest figure, which has the darkest shade."""
        shape = self.released.shape
        return max(filter(None, (phrases.measure(row, shape) for row in (*self.every, *self.whole))), default=None)

    @property
    def whole(self) -> list[Row]:
        """The cells of all rows of a breakdown together, which lack its label."""
        rows = self.beside.answer.rows if self.beside.answer else ()
        return [row for row in rows if len(row.labels) < len(labels_of(self.released))]


def grid(
    released: Released,
    names: Names,
    *,
    beside: Beside = NOTHING,
    chosen: frozenset[str] = frozenset(),
    every: Sequence[Row] = (),
) -> go.Figure:
    """Two labels as a table of shades: every cell says its figure or its mark, so that nothing hangs on the shade.

    Of several horizons (months, weeks) it shows one, as the sentence does. All rows of a breakdown together are its first line; what else a
    cell stands `beside` is in brackets below its figure. What is `chosen` is in bold. One that goes on from screen to screen has sides, shades and
    decimals of `every` row.
    """
    labels = [n for n in labels_of(released) if n != "tool" or "item" not in labels_of(released)]
    if len(labels) > 2:
        rows, labels = sentences.at_horizon(released)[0], [n for n in labels if n not in ("months", "weeks")]
        released = replace(released, rows=tuple(rows))
    if len(labels) != 2:
        return canvas.empty("Too many labels for a picture: see the table.")
    every = every or released.rows
    down, across = _sides(every, labels)
    if any(len({row.labels[name] for row in every}) > MOST_PERIODS for name in labels if name in PERIODS):
        return strips(released, names, beside=beside, every=every)
    lines = Lines(released, names, beside, chosen, every)
    listed = [*lines.whole, *_that_apply(released.rows, every, (down, across))]
    cells = {(row.labels.get(down, TOGETHER), row.labels.get(across, TOGETHER)): row for row in listed}
    sides, heads = (list(dict.fromkeys(row.labels.get(n, TOGETHER) for row in listed)) for n in (down, across))
    for codes in (sides, heads):
        codes.sort(key=lambda code: code != TOGETHER)
    return _table([[cells.get((r, c)) for c in heads] for r in sides], lines, (down, sides), (across, heads))


def _table(
    found: Sequence[Sequence[Row | None]], lines: Lines, down: tuple[str, list], across: tuple[str, list]
) -> go.Figure:
    """Long names above narrow columns are numbers; the rows say whose they are where they are the same, else lines below."""
    is_narrow, texts, sides = (
        len(across[1]) > 6,
        *([lines.title(of, code) for code in codes] for of, codes in (across, down)),
    )
    n_lines = max(canvas.wrapped(text, 16).count("<br>") + 1 for text in texts)
    is_numbered = max(map(len, texts)) > LONGEST_HEAD if is_narrow else 15 * n_lines > COLUMNS / len(texts)
    has_room = canvas.is_wide() and len(texts) <= MOST_NAMED and canvas.wrapped_lines(texts, TALL_HEAD) <= 2
    if is_numbered and has_room:
        return _drawn(found, lines, (down[1], sides), (across[1], texts), is_narrow, has_names=True).figure()
    below: list[str] = []
    if is_numbered:
        listed = [f"{n} {text}" for n, text in enumerate(texts, 1)]
        sides, below = (listed, []) if sides == texts else (sides, listed)
        texts = [str(n) for n in range(1, len(texts) + 1)]
    fig = _drawn(found, lines, (down[1], sides), (across[1], texts), is_narrow or is_numbered)
    if below:
        canvas.foot(fig, (" · " if canvas.is_wide() else "<br>").join(below), below=6)
    return fig.figure()


def _drawn(
    found: Sequence[Sequence[Row | None]],
    lines: Lines,
    down: tuple[list, list[str]],
    across: tuple[list, list[str]],
    is_narrow: bool,
    *,
    has_names: bool = False,
) -> Canvas:
    """The cells with their sides; `has_names`: there is room for whole names above narrow columns, upright in two lines."""
    released, texts = lines.released, across[1]
    word = WIDE_COLUMNS // (9 * len(texts)) if canvas.is_wide() else WORD if len(texts) < 5 else WORD - 2
    is_upright = max(len(one) for text in texts for one in text.split()) > (2 if is_narrow else word)
    heads = [
        canvas.wrapped(text, TALL_HEAD) if has_names else _head(text, is_narrow, is_upright, max(word, 7))
        for text in texts
    ]
    sides = [canvas.wrapped(side, SIDE if canvas.is_wide() else 19) for side in down[1]]
    longest = max(len(line) for head in heads for line in head.split("<br>"))
    lying = 22 + 15 * max(head.count("<br>") for head in heads)
    top = max(8 * longest + 4, lying) if is_upright else lying
    tall = max(36, 15 * max(side.count("<br>") + 1 for side in sides) + 6)
    fig = canvas.blank(tall * len(sides) + top + 8, left=165 if canvas.is_wide() else 124, right=4, top=top, bottom=4)
    heads, sides = ([*map(lines.marked, codes, said)] for codes, said in ((across[0], heads), (down[0], sides)))
    has_others, are_bare = _shades(fig, found, heads, sides, lines)
    _marks(fig, found, released.shape, is_narrow)
    _grid_axes(fig, heads, sides, is_upright)
    if is_upright:  # on a phone; where they lie, their room is left out
        fig.spare(top - lying, len(heads) * (LETTER_ABOVE * longest + 20) + fig.margin["l"] + fig.margin["r"])
    if has_others:
        fig.grow(-top, "t")  # the key stands as far above the cells as the names are high
        canvas.key(fig, [("( )", GREY, f"{lines.beside.words}{', in %' if is_narrow else ''}")], above=top + 4)
    if released.shape == "proportion" and _digits(lines.every, is_narrow=len(heads) > 6) < digits_of(lines.every):
        canvas.foot(fig, ROUNDED, below=6)
    elif are_bare:
        canvas.foot(fig, "Shares in %.", below=6)
    return fig


def _sides(rows: Sequence[Row], labels: Sequence[str]) -> tuple[str, str]:
    """The longer list goes down, the shorter across."""
    n = [len({row.labels[name] for row in rows}) for name in labels[:2]]
    return (labels[0], labels[1]) if n[0] >= n[1] else (labels[1], labels[0])


def _that_apply(rows: Sequence[Row], every: Sequence[Row], labels: Sequence[str]) -> list[Row]:
    """The rows without those of a line or a column of which nothing of `every` row applies here: of one service, no line of another."""
    there = [{row.labels[name] for row in every if row.state != NOT_APPLICABLE} for name in labels]
    found = [row for row in rows if all(row.labels[name] in codes for name, codes in zip(labels, there, strict=True))]
    return found or list(rows)


def down_of(released: Released) -> str:
    """The label whose codes are the lines of the grid."""
    return _sides(released.rows, [n for n in labels_of(released) if n not in ("months", "weeks")])[0]


def _head(text: str, is_narrow: bool, is_upright: bool, word: int) -> str:
    if is_narrow:
        return text
    return _narrowest(text, 16) if is_upright else canvas.wrapped(text, word)


def _narrowest(text: str, width: int) -> str:
    """A text in as few lines as in that width, each as short as it can be."""
    lines = canvas.wrapped(text, width)
    longest = max(map(len, text.split()), default=width)
    narrow = (canvas.wrapped(text, one) for one in range(min(longest, width), width))
    return next((said for said in narrow if said.count("<br>") == lines.count("<br>")), lines)


def _short(label: str, code: str, released: Released, names: Names) -> str:
    if label == "item":
        row = next(row for row in released.rows if row.labels["item"] == code)
        return phrases.item_name(row.labels["tool"], code)
    return phrases.short_period(code) if label in PERIODS else names(label, code)


def _cell_words(row: Row | None, shape: str, digits: int, other: str, is_narrow: bool) -> str:
    """The figure of a cell, what it stands beside in brackets below."""
    if row is None or sentences.mark(row, shape):
        return ""
    words = phrases.value_words(row, shape, digits)
    return f"{words}<br>({other.removesuffix('%') if is_narrow else other})" if other else words


def _digits(rows: Sequence[Row], *, is_narrow: bool) -> int:
    """One precision for all cells; narrow cells hold whole per cents, unless a share would then be said as none."""
    rates = [row.rate for row in rows if row.rate]
    return 0 if is_narrow and rates and min(rates) >= 0.005 else digits_of(rows)


def _shades(fig: Canvas, found, heads: Sequence[str], sides: Sequence[str], lines: Lines) -> tuple[bool, bool]:
    """The cells with their figures; whether any stands beside another in brackets, and whether they are too narrow for the sign of per cent."""
    shape, is_narrow = lines.released.shape, len(heads) > 6
    digits = _digits(lines.every, is_narrow=is_narrow)
    others = [[lines.others(row, digits) for row in line] for line in found]
    z = [[None if row is None else phrases.measure(row, shape) for row in line] for line in found]
    hovers = [
        [_hover(f"{sides[i]}, {heads[j]}", row, lines, digits) if row else "" for j, row in enumerate(line)]
        for i, line in enumerate(found)
    ]
    texts = [[_cell_words(row, shape, digits, other, is_narrow) for row, other in zip(*of, strict=True)] for of in zip(found, others, strict=True)]  # fmt: skip
    said = (_cell_words(row, shape, digits, lines.others(row, digits), is_narrow) for row in lines.every)
    longest = max(len(part) for text in said for part in text.split("<br>"))
    are_bare = shape == "proportion" and LETTER * longest + GAP > COLUMNS / len(heads)
    if are_bare:
        texts = [[text.replace("%", "") for text in line] for line in texts]
    fig.add_heatmap(
        z=z, text=texts, texttemplate="%{text}", hovertext=hovers,
        hoverinfo="text", showscale=False, xgap=2, ygap=2, zmin=0, zmax=lines.top, hoverongaps=False,
        colorscale=[[0, SHADES[0]], [1, SHADES[1]]], textfont={"color": INK, "size": SMALL if len(heads) > 4 else 13},
    )  # fmt: skip
    return any(any(line) for line in others), are_bare


def _hover(text: str, row: Row, lines: Lines, digits: int) -> str:
    words = hover(text.replace("<br>", " "), row, lines.released.shape, digits)
    other = lines.others(row, digits)
    return f"{words}<br>{lines.beside.words}: {other}" if other else words


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
    turned = (
        {"autotickangles": [0, -90]} if is_upright else {"tickangle": 0}
    )  # upright in a browser that has no room for them lying
    fig.update_xaxes(
        **plain, side="top", tickvals=list(range(len(heads))), ticktext=list(heads), range=[-0.5, len(heads) - 0.5],
        **turned,
    )  # fmt: skip
    fig.update_yaxes(**plain, tickvals=list(range(len(sides))), ticktext=list(sides), range=[len(sides) - 0.5, -0.5])
