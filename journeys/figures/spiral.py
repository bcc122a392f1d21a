"""The signature picture: the seven rungs as landings of a climb, the lowest at the bottom.

On the left those who were on a rung at referral, on the right those who are there now, both as tall as they are many; between them ribbons as
wide as the people who went from one to the other, up, along or back. All on one scale, from released counts alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from journeys.answer.released import HIDDEN, Released, Row
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.colours import BLUE, GREY, ORANGE, TEAL
from journeys.figures.drawn import EXPLAINED
from journeys.figures.like import NOTHING, Beside
from journeys.vocabulary.lists import people_words
from journeys.words import phrases, sentences
from journeys.words.phrases import Names
from journeys.words.shares import digits_of, per_cent, short_bound

LEAST = 2.5  # pixels of the thinnest ribbon and mark that can be seen
CAME = 15  # characters of those who came that fit on a phone
MARK = 11  # pixels across
ASIDE = "&nbsp;" * 3  # between a mark and its words
UNSEEN = 20  # pixels of a mark for what nobody can see
LARGE = 22
BELOW = 16  # pixels from one line of others to the next
MEANT = "▲ came from below, ▼ (dashed) came back from above: one number for each rung that they came from, the most first, each rounded. Widths are numbers of referrals, the thinnest stand for {least:,} or fewer."
STATUS = "At referral by employment status alone."
OF_MARKS = {"[z]": "cannot be known on the first day", "[x]": "not recorded", "[c]": "too few to show"}
DASHED = 6  # pixels; a way back that is thinner is one dashed line
N_CURVE = 24
STAY, UP, DOWN = "rgba(122, 130, 136, 0.28)", "rgba(40, 161, 151, 0.7)", "rgba(244, 106, 37, 0.85)"
EDGES = {
    "up": {"color": TEAL, "width": 0.5},
    "same": {"color": GREY, "width": 0.5},
    "back": {"color": ORANGE, "width": 2, "dash": "5px,2px"},  # told from the others in grey too
}
FILLS = {"up": UP, "same": STAY, "back": DOWN}
ARROWS = {"up": "▲", "same": "●", "back": "▼"}


@dataclass(frozen=True)
class Room:
    """In pixels: everybody, from rung to rung, above, beside, and from one share of the head to the next; the characters of a line of words beside the rungs and across."""

    scale: float
    gap: float
    head: int
    right: int
    apart: int
    line: int
    across: int
    is_wide: bool = False


NARROW = Room(scale=125, gap=8, head=178, right=150, apart=108, line=18, across=44)  # a phone has room for it
WIDE = Room(scale=110, gap=8, head=72, right=205, apart=155, line=60, across=72, is_wide=True)  # low, for a projector
LEFT = 62
LINE = 18  # pixels of a line of words


@dataclass(frozen=True)
class Place:
    """Where a rung stands: its foot in pixels from the bottom, how tall the marks of its two sides are, and the room that it has."""

    foot: float
    start: float
    now: float
    room: float

    @property
    def middle(self) -> float:
        return self.foot + self.room / 2

    def foot_of(self, side: float) -> float:
        return self.middle - side / 2


def spiral(
    start: Released,
    now: Released,
    flow: Released,
    movement: Released,
    names: Names,
    beside: Released | None = None,
    everybody: Beside = NOTHING,
    *,
    is_wide: bool = False,
) -> go.Figure:
    """The climb from spiral_start, spiral_now, spiral_flow and spiral_movement; `beside` is the movement of people of working age, `everybody` that of all."""
    if not any(row.is_shown for row in (*start.rows, *now.rows)):
        return canvas.empty(
            sentences.mark(now.rows[0], "proportion") + " " + sentences.HIDDEN_WORDS if now.rows else ""
        )
    room = WIDE if is_wide else NARROW
    room = replace(room, head=room.head + BELOW) if everybody.answer else room
    rungs = [row.labels["rung"] for row in now.rows]
    digits = digits_of((*start.rows, *now.rows, *movement.rows))  # those of heading and sentence
    words = {row.labels["rung"]: _now_words(row, flow, rungs, digits, names, room) for row in now.rows}
    places = _places(words, _talls(start, room), _talls(now, room), room)
    top = places[rungs[-1]].foot + places[rungs[-1]].room
    fig = canvas.blank(room.head + top + 8, left=LEFT, right=room.right, top=room.head, bottom=8)
    canvas.hide_axis(fig, "xaxis", (0, 1))
    canvas.hide_axis(fig, "yaxis", (0, top))
    _landings(fig, start, places)
    _ribbons(fig, flow, rungs, places, room.scale / _size(start), names)
    _marks(fig, start, places, False, names, digits)
    _marks(fig, now, places, True, names, digits)
    for row in start.rows:
        _write(fig, _value(row, digits, "<br>"), places[row.labels["rung"]], is_now=False)
    for rung, text in words.items():
        _write(fig, text, places[rung], is_now=True)
    _head(fig, movement, {"working age": beside, everybody.words: everybody.answer}, names, room, digits)
    _sides(fig, room, _size(start))
    marks = _marks_words(start, now, flow)
    canvas.foot(fig, " ".join((STATUS if is_wide else _meant(start, room), *marks.values())), below=10)
    fig.update_layout(meta={EXPLAINED: list(marks)})
    return fig.figure()


def _landings(fig: Canvas, start: Released, places: Mapping[str, Place]) -> None:
    """A line across to the rung's name where nobody can be, or be seen, at the start."""
    for row in start.rows:
        if not row.is_shown:
            y, line = places[row.labels["rung"]].middle, {"color": canvas.RULE, "width": 1}
            fig.add_shape(type="line", x0=0, x1=1, y0=y, y1=y, line=line, layer="below")


def _meant(start: Released, room: Room) -> str:
    """How moves are read; the thinnest ribbon holds as many as this or fewer."""
    return MEANT.format(least=5 * math.ceil(LEAST * _size(start) / room.scale / 5))


def _marks_words(*shown: Released) -> dict[str, str]:
    """What the marks of these answers mean, those that occur."""
    found = {sentences.mark(row, released.shape) for released in shown for row in released.rows}
    return {mark: f"{mark} {words}." for mark, words in OF_MARKS.items() if mark in found}


def _size(released: Released) -> int:
    """Of how many the shares of an answer are."""
    return max((row.denominator for row in released.rows if row.denominator), default=1)


def _talls(released: Released, room: Room) -> Mapping[str, float]:
    """How tall each rung's mark is."""
    per_person = room.scale / _size(released)
    return {row.labels["rung"]: _tall(row.numerator if row.is_shown else None, per_person) for row in released.rows}


def _tall(n: int | None, per_person: float) -> float:
    return max(n * per_person, LEAST) if n else LEAST


def _places(
    words: Mapping[str, str], start: Mapping[str, float], now: Mapping[str, float], room: Room
) -> dict[str, Place]:
    """Every rung above the one before, with room for its words and for its marks."""
    found, at = {}, 0.0
    for rung, text in words.items():
        tall = max(start.get(rung, 0), now[rung], LINE * (text.count("<br>") + 1))
        found[rung] = Place(at, start.get(rung, 0), now[rung], tall)
        at += tall + room.gap
    return found


def _ribbons(
    fig: Canvas, flow: Released, rungs: Sequence[str], places: Mapping[str, Place], per_person: float, names: Names
) -> None:
    """Those who went from one rung to another; staying lies below, and moves back on top."""
    order = {"same": 0, "up": 1, "back": 2}
    shown = [row for row in flow.rows if row.is_shown and row.count]
    leave = _stacked(shown, "start_rung", rungs, {rung: p.foot_of(p.start) for rung, p in places.items()}, per_person)
    arrive = _stacked(shown, "rung", rungs, {rung: p.foot_of(p.now) for rung, p in places.items()}, per_person)
    for row in sorted(shown, key=lambda r: (order[_way(r, rungs)], -(r.count or 0))):
        key = row.labels["start_rung"], row.labels["rung"]
        _ribbon(fig, leave[key], arrive[key], row, _way(row, rungs), per_person, names)


def _way(row: Row, rungs: Sequence[str]) -> str:
    step = rungs.index(row.labels["rung"]) - rungs.index(row.labels["start_rung"])
    return "same" if step == 0 else "up" if step > 0 else "back"


def _stacked(
    rows: Sequence[Row], side: str, rungs: Sequence[str], feet: Mapping[str, float], per_person: float
) -> dict[tuple[str, str], float]:
    """The foot of each ribbon at one of its ends: side by side on the mark, in the order of the other ends, so that they do not cross there."""
    other = "rung" if side == "start_rung" else "start_rung"
    found = {}
    for rung in rungs:
        at = feet[rung]
        for row in sorted((r for r in rows if r.labels[side] == rung), key=lambda r: rungs.index(r.labels[other])):
            found[row.labels["start_rung"], row.labels["rung"]] = at
            at += _tall(row.count, per_person)
    return found


def _ribbon(fig: Canvas, leave: float, arrive: float, row: Row, way: str, per_person: float, names: Names) -> None:
    steps = [k / N_CURVE for k in range(N_CURVE + 1)]
    lower = [(t, leave + (arrive - leave) * t * t * (3 - 2 * t)) for t in steps]
    tall = _tall(row.count, per_person)
    start, end = names("rung", row.labels["start_rung"]), names("rung", row.labels["rung"])
    words = f"Stayed on {start}" if way == "same" else f"From {start}<br>to {end}"
    told = {"hoverinfo": "text", "text": f"{words}:<br>about {row.count:,}"}
    if way == "back" and tall < DASHED:
        line = {"color": ORANGE, "width": tall, "dash": "7px,3px"}
        xs, ys = [round(x, 3) for x, _ in lower], [round(y + tall / 2, 1) for _, y in lower]
        fig.add_scatter(x=xs, y=ys, mode="lines", line=line, **told)
        return
    around = [*lower, *((x, y + tall) for x, y in lower[::-1]), lower[0]]
    fig.add_scatter(
        x=[round(x, 3) for x, _ in around], y=[round(y, 1) for _, y in around], mode="lines", fill="toself",
        fillcolor=FILLS[way], line=EDGES[way], hoveron="fills", **told,
    )  # fmt: skip


def _marks(
    fig: Canvas, released: Released, places: Mapping[str, Place], is_now: bool, names: Names, digits: int
) -> None:
    """Each rung's people as a mark as tall as they are many; open and dashed where nobody can be, or be seen."""
    shown, unseen = {"color": BLUE if is_now else GREY, "width": MARK}, {"color": GREY, "width": 1.5, "dash": "dot"}
    for line, rows in ((line, [r for r in released.rows if r.is_shown is (line is shown)]) for line in (shown, unseen)):
        y, hovers, codes = [], [], []
        for row in rows:
            place = places[row.labels["rung"]]
            tall = (place.now if is_now else place.start) if row.is_shown else UNSEEN
            y += [place.foot_of(tall), place.foot_of(tall) + tall, None]
            hovers += [_hover(row, is_now, names, digits)] * 3
            codes += [row.labels["rung"]] * 3
        fig.add_scatter(
            x=[int(is_now)] * len(y), y=y, mode="lines", line=line, cliponaxis=False, connectgaps=False,
            hoverinfo="text", hovertext=hovers, customdata=codes,
        )  # fmt: skip


def _hover(row: Row, is_now: bool, names: Names, digits: int) -> str:
    when = "now" if is_now else "at referral"
    words = f"<b>{names('rung', row.labels['rung'])} {when}</b><br>{phrases.value_words(row, 'proportion', digits)}"
    return f"{words}, about {row.numerator:,} of about {row.denominator:,}" if row.is_shown else words


def _write(fig: Canvas, text: str, place: Place, *, is_now: bool) -> None:
    """Words outside of a mark: beside the start to its left, beside now to its right."""
    side, lines = "left" if is_now else "right", text.split("<br>")
    words = "<br>".join(f"{ASIDE}{line}" if is_now else f"{line}{ASIDE}" for line in lines)
    canvas.note(fig, words, int(is_now), place.middle, xanchor=side, yanchor="middle", align=side)


def _now_words(row: Row, flow: Released, rungs: Sequence[str], digits: int, names: Names, room: Room) -> str:
    """The rung's name, who is there now, and who came from below and from above."""
    name = canvas.wrapped(names("rung", row.labels["rung"]), room.line)
    lines = [f"<b>{name}</b>", _value(row, digits, " · ")]
    came = _came(row.labels["rung"], flow, rungs)
    if came and room.is_wide:
        return "<br>".join((lines[0], f"{lines[1]}  {came}"))
    return "<br>".join((*lines, canvas.wrapped(came, CAME)) if came else lines)


def _value(row: Row, digits: int, joint: str) -> str:
    """The share and the count, a bound, or the mark."""
    mark = sentences.mark(row, "proportion")
    if row.is_shown:
        share = "" if mark else f"<b>{per_cent(row.rate, digits)}</b>{joint}"
        return f"{share}{row.numerator:,}"
    short = short_bound(row).replace("<", "&lt;").replace(">", "&gt;")
    return f"{mark}{joint if joint == '<br>' else ' '}{short}" if short else mark


def _came(rung: str, flow: Released, rungs: Sequence[str]) -> str:
    """How many came to a rung from each one below, and from each above: released counts, and a mark for those that may not be shown."""
    said = []
    for way in ("up", "back"):
        rows = [row for row in flow.rows if row.labels["rung"] == rung and _way(row, rungs) == way]
        counts = [f"{n:,}" for n in sorted((row.count for row in rows if row.is_shown and row.count), reverse=True)]
        counts += ["[c]"] if any(row.state == HIDDEN for row in rows) else []
        said += [ARROWS[way] + "+".join(counts)] if counts else []
    return " ".join(said)


def _head(
    fig: Canvas, movement: Released, besides: Mapping[str, Released | None], names: Names, room: Room, digits: int
) -> None:
    """Who moved up, stayed and moved back, in words across the top, and the same of others: people of working age, all services."""
    referrals = f"about {_size(movement):,} referrals"
    people = f"{people_words(movement.selection, names)}, {referrals}"
    people = people if len(people) <= room.across else referrals  # of whom, the heading says too
    joint = " " if room.is_wide else "<br>"
    _above(
        fig,
        f"{phrases.upper_first(people)}{joint}observed for at least 3 months:",
        0,
        room.head - (18 if room.is_wide else 42),
        14,
    )
    for k, row in enumerate(movement.rows):
        code = row.labels["movement"]
        _moved(fig, _share(row, digits), f"{ARROWS[code]} {names('movement', code).lower()}", room.apart * k, room)
    others = [(whose, one) for whose, one in besides.items() if one is not None]
    for i, (whose, one) in enumerate(others):  # a line each: beside each other they would run into one
        shares = [_share(one.row(movement=row.labels["movement"]), digits) for row in movement.rows]
        high = room.head - (52 if room.is_wide else 113) - BELOW * i
        _above(fig, f"{whose}: {', '.join(shares)}", 0, high, 14 if room.is_wide else SMALL)


def _moved(fig: Canvas, share: str, way: str, at: float, room: Room) -> None:
    """One way to move: its share and its name, below each other or in one line where the head is low."""
    if room.is_wide:
        high, lines = room.head - 35, [(f"{way[0]} <b>{share}</b>{way[1:]}", 0, 14)]
    else:
        high, lines = room.head - 76, [(f"<b>{share}</b>", 0, LARGE), (way, 20, 14)]
    for words, down, size in lines:
        _above(fig, words, at, high - down, size)


def _above(fig: Canvas, text: str, right: float, up: float, size: int) -> None:
    """Words above the climb: so many pixels right of the figure's edge and up from the climb."""
    canvas.note(
        fig, text, 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", xshift=6 - LEFT + right, yshift=up,
        font={"size": size},
    )  # fmt: skip


def _share(row: Row, digits: int) -> str:
    if row.is_shown and row.rate is not None:
        return per_cent(row.rate, digits)
    short = short_bound(row).replace("<", "&lt;").replace(">", "&gt;")
    return short or sentences.mark(row, "proportion")


def _sides(fig: Canvas, room: Room, size: int) -> None:
    """What stands on the left and what on the right."""
    joint = " " if room.is_wide else "<br>"
    of = () if room.is_wide else (",<br>by employment", "<br>status alone")
    _above(fig, "".join((f"<b>All {size:,} at referral</b>", *of)), 0, 4, 14)
    above = {"xref": "paper", "yref": "paper", "yanchor": "bottom", "xanchor": "left"}
    canvas.note(fig, f"<b>Now</b>, and from{joint}where they came", 1, 1, xshift=MARK, yshift=4, **above)
