"""The signature picture: the seven rungs as a ribbon that winds upward.

On each rung stand those who were there at referral (diamond, left) and those who are there now (circle, right); bands
between the two sides are those who went from one rung to another, as wide as their released count.
"""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from journeys.answer.released import Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import BLUE, DARK, LIGHT, PURPLE, SMALL, Canvas
from journeys.vocabulary import dictionary
from journeys.words import phrases, sentences
from journeys.words.phrases import Names
from journeys.words.shares import digits_of, per_cent, short_bound

ROW = 70  # pixels from rung to rung
HEAD, FOOT = 62, 40
LEFT, RIGHT, LEAN = (
    0.195,
    0.725,
    0.0130,
)  # ends of the lowest tread, and how far each tread stands right of the one below
THICK = 0.19  # half the thickness of a tread, in rows
SAG, CLIMB = 0.045, 0.035
LARGEST_MARK, SMALLEST_MARK = 32, 11
WIDEST, NARROWEST = 0.36, 0.03  # bands, in rows
TREAD, TREAD_EDGE = "#12436D", "#7FA9CF"
BACK = "rgba(32, 115, 188, 0.20)"
UP, DOWN = "rgba(32, 115, 188, 0.50)", "rgba(162, 133, 209, 0.75)"
N_CURVE = 22
N_TURN = 10
BULGE, BEND = 0.055, 0.17  # how far the ribbon swings out at its turns, and how high, in rows
BANDS = "At referral: by employment status alone; nobody's needs are known on the first day.<br>Bands: those who went from one rung to another, the wider the more. Where too few went, there is no band."
ARROWS = {"up": "▲", "same": "●", "back": "▼"}


def spiral(start: Released, now: Released, flow: Released, movement: Released, names: Names) -> go.Figure:
    """The spiral from four answers: spiral_start, spiral_now, spiral_flow and spiral_movement without breakdown."""
    rungs = [row.labels["rung"] for row in now.rows]
    if not any(row.is_shown for row in (*start.rows, *now.rows)):
        return canvas.empty(
            sentences.mark(now.rows[0], "proportion") + " " + sentences.HIDDEN_WORDS if now.rows else ""
        )
    n = len(rungs)
    fig = canvas.blank(HEAD + ROW * n + FOOT, left=2, right=2, top=HEAD, bottom=FOOT)
    canvas.hide_axis(fig, "xaxis", (0, 1))
    canvas.hide_axis(fig, "yaxis", (-0.5, n - 0.5))
    for i in range(n - 1):
        _back(fig, i)
    _bands(fig, flow, {rung: i for i, rung in enumerate(rungs)}, names)
    for i, rung in enumerate(rungs):
        _tread(fig, i, rung, names)
    most = max([row.numerator for row in (*start.rows, *now.rows) if row.is_shown], default=1)
    possible = {code.code for code in dictionary.load().derived["start_rung"]}
    _marks(fig, [r for r in start.rows if r.labels["rung"] in possible], rungs, most, False, names)
    _marks(fig, now.rows, rungs, most, True, names)
    _sides(fig)
    _movement(fig, movement, names)
    canvas.foot(fig, BANDS, below=34)
    return fig.figure()


def _ends(i: int) -> tuple[float, float]:
    return LEFT + LEAN * i, RIGHT + LEAN * i


def _bezier(points: Sequence[tuple[float, float]], n: int = N_CURVE) -> list[tuple[float, float]]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    found = []
    for k in range(n + 1):
        t, u = k / n, 1 - k / n
        a, b, c, d = u**3, 3 * u * u * t, 3 * u * t * t, t**3
        found.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return found


def _ribbon(fig: Canvas, middle: Sequence[tuple[float, float]], half: Sequence[float], fill: str, **more) -> None:
    """A closed band around a middle line, `half` its half thickness at each point (in rows)."""
    upper = [(x, y + h) for (x, y), h in zip(middle, half, strict=True)]
    lower = [(x, y - h) for (x, y), h in zip(middle, half, strict=True)][::-1]
    x, y = zip(*upper, *lower, upper[0], strict=True)
    fig.add_scatter(
        x=[round(v, 4) for v in x], y=[round(v, 4) for v in y], mode="lines", fill="toself", fillcolor=fill,
        **{"line": {"width": 0}, "hoverinfo": "skip", **more},
    )  # fmt: skip


def _tread_line(i: int) -> list[tuple[float, float]]:
    x0, x1 = _ends(i)
    steps = [k / N_CURVE for k in range(N_CURVE + 1)]
    return [(x0 + (x1 - x0) * t, i - SAG * math.sin(math.pi * t) + CLIMB * (2 * t - 1)) for t in steps]


def _tread(fig: Canvas, i: int, rung: str, names: Names) -> None:
    line = _tread_line(i)
    _ribbon(
        fig,
        line,
        [THICK] * len(line),
        TREAD,
        line={"width": 1, "color": TREAD_EDGE},
        customdata=[rung] * (2 * len(line) + 1),
    )
    x0, x1 = _ends(i)
    canvas.note(
        fig, names("rung", rung), (x0 + x1) / 2, i - SAG, font={"size": 12, "color": LIGHT}, align="center",
        yanchor="middle",
    )  # fmt: skip


def _back(fig: Canvas, i: int) -> None:
    """The ribbon behind: round the right end of a tread, back to the left in the distance, round to the next tread."""
    (_, right), (left, _) = _ends(i), _ends(i + 1)
    turn = [math.pi * (k / N_TURN - 0.5) for k in range(N_TURN + 1)]
    line = [(right + BULGE * math.cos(a), i + CLIMB + BEND * (1 + math.sin(a))) for a in turn]
    line += [(left - BULGE * math.cos(a), i + 1 - CLIMB - BEND * (1 - math.sin(a))) for a in turn]
    n = len(line) - 1
    half = [THICK * (1 - 0.6 * math.sin(math.pi * k / n) ** 0.8) for k in range(n + 1)]
    _ribbon(fig, line, half, BACK)


def _bands(fig: Canvas, flow: Released, place: Mapping[str, int], names: Names) -> None:
    """Shown moves from rung to rung, the widest first so that the narrow ones lie on top. Staying is the tread itself."""
    shown = [row for row in flow.rows if row.is_shown and row.labels["start_rung"] != row.labels["rung"]]
    most = max([row.count for row in shown], default=1)
    leave = _stacked(shown, "start_rung", place, most)
    arrive = _stacked(shown, "rung", place, most)
    for row in sorted(shown, key=lambda r: -r.count):
        a, b = place[row.labels["start_rung"]], place[row.labels["rung"]]
        half = _width(row, most) / 2
        x0, x1 = _ends(a)[0], _ends(b)[1]
        key = (row.labels["start_rung"], row.labels["rung"])
        gather = 0.3  # bands fan out from the mark they leave and gather at the one they reach
        line = _bezier(
            [
                (x0, a + gather * leave[key]),
                (x0 + 0.24, a + leave[key]),
                (x1 - 0.28, b + arrive[key]),
                (x1, b + gather * arrive[key]),
            ]
        )
        words = f"From {names('start_rung', key[0])}<br>to {names('rung', key[1])}:<br>about {row.count:,}"
        _ribbon(
            fig, line, [half * _swell(k) for k in range(len(line))], UP if b > a else DOWN, hoverinfo="text", text=words, hoveron="fills",
            line={"width": 1, "color": BLUE if b > a else PURPLE},
        )  # fmt: skip


def _swell(k: int) -> float:
    """A band is thin at its mark and has its full width from a quarter of its way on."""
    t = min(k, N_CURVE - k) / (0.25 * N_CURVE)
    return 0.3 + 0.7 * min(t, 1) ** 2 * (3 - 2 * min(t, 1))


def _width(row: Row, most: int) -> float:
    return max(WIDEST * row.count / most, NARROWEST)


def _stacked(rows: Sequence[Row], side: str, place: Mapping[str, int], most: int) -> dict[tuple[str, str], float]:
    """How far from the middle of its rung each band leaves or arrives, so that bands lie side by side."""
    other = "rung" if side == "start_rung" else "start_rung"
    found = {}
    for rung in place:
        mine = sorted((r for r in rows if r.labels[side] == rung), key=lambda r: place[r.labels[other]])
        at = -sum(_width(r, most) for r in mine) / 2
        for row in mine:
            width = _width(row, most)
            found[row.labels["start_rung"], row.labels["rung"]] = at + width / 2
            at += width
    return found


def _marks(fig: Canvas, rows: Sequence[Row], rungs: Sequence[str], most: int, is_now: bool, names: Names) -> None:
    side = 1 if is_now else 0
    shown = [row for row in rows if row.is_shown]
    where = {rung: i for i, rung in enumerate(rungs)}
    sizes = [max(LARGEST_MARK * math.sqrt(row.numerator / most), SMALLEST_MARK) for row in shown]
    fig.add_scatter(
        x=[_ends(where[r.labels["rung"]])[side] for r in shown],
        y=[where[r.labels["rung"]] + (CLIMB if is_now else -CLIMB) for r in shown],
        mode="markers", customdata=[r.labels["rung"] for r in shown], hoverinfo="text", cliponaxis=False,
        hovertext=[_hover(row, is_now, names) for row in shown],
        marker={
            "symbol": "circle" if is_now else "diamond", "size": sizes, "opacity": 1,
            "color": canvas.ORANGE if is_now else LIGHT, "line": {"color": LIGHT if is_now else DARK, "width": 2},
        },
    )  # fmt: skip
    size = dict(zip((row.labels["rung"] for row in shown), sizes, strict=True))
    for row in rows:
        _number(fig, row, where[row.labels["rung"]], size.get(row.labels["rung"], 0), is_now, digits_of(rows))


def _number(fig: Canvas, row: Row, i: int, size: float, is_now: bool, digits: int) -> None:
    """The share and the count outside of each mark; a hidden one says so."""
    mark = sentences.mark(row, "proportion")
    if row.is_shown:
        share = "" if mark else f"<b>{per_cent(row.rate, digits)}</b><br>"
        text = f"{share}<span style='font-size:12px'>{row.numerator:,}</span>"
    else:
        short = short_bound(row).replace("<", "&lt;").replace(">", "&gt;")
        text = f"{mark}<br><span style='font-size:12px'>{short}</span>" if short else mark
    shift = size / 2 + 5
    canvas.note(
        fig, text, _ends(i)[is_now], i, xanchor="left" if is_now else "right", xshift=shift if is_now else -shift,
        yanchor="middle", align="left" if is_now else "right", font={"size": 14},
    )  # fmt: skip


def _hover(row: Row, is_now: bool, names: Names) -> str:
    when = "now" if is_now else "at referral"
    return f"<b>{names('rung', row.labels['rung'])} {when}</b><br>{phrases.value_words(row, 'proportion')}, about {row.numerator:,} of about {row.denominator:,}"


def _sides(fig: Canvas) -> None:
    for side, text in ((0, "◇ at referral"), (1, "● now")):
        canvas.note(fig, f"<b>{text}</b>", _ends(0)[side], -0.5, yanchor="top", align="center", font={"size": 13})


def _movement(fig: Canvas, movement: Released, names: Names) -> None:
    """Moved up, stayed, moved back, in words across the top."""
    for k, row in enumerate(movement.rows):
        code = row.labels["movement"]
        value = phrases.value_words(row, "proportion") if row.is_shown else sentences.mark(row, "proportion")
        size = 20 if row.is_shown and row.rate is not None else SMALL
        canvas.note(
            fig, f"<span style='font-size:{size}px'><b>{value}</b></span><br>{ARROWS[code]} {names('movement', code).lower()}",
            (k + 0.5) / max(len(movement.rows), 1), 1, yref="paper", yanchor="bottom", align="center", yshift=6, font={"size": 14},
        )  # fmt: skip
