"""Dated changes on a chart over time: those of services, and those in what is recorded, with the period in which each took effect."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journeys.answer.released import Released
from journeys.figures import canvas
from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.colours import GREY
from journeys.vocabulary.calendar import month_after
from journeys.words import phrases
from journeys.words.phrases import PERIODS, Names

MOST_NOTES = 5


def marked(released: Released, periods: Sequence[str], changes: Sequence) -> list[tuple[int, object]]:
    """The changes inside the span, with the position of the period in which each took effect."""
    months = [phrases.month_of(p) for p in periods]
    unit = next(d for d in released.by if d in PERIODS)
    end = month_after(months[-1], {"month": 1, "quarter": 3, "financial_year": 12}[unit]) if months else ""
    mine = [c for c in changes if released.selection.service in (None, c.service_id) and c.month < end]
    found = [(max((i for i, m in enumerate(months) if m <= c.month), default=None), c) for c in mine]
    return sorted([*((i, c) for i, c in found if i), *_noted(released, months)], key=lambda one: one[0])


@dataclass(frozen=True)
class Noted:
    """A change in what is recorded, noted by the program; one that breaks the series starts new limits."""

    month: str
    title: str
    is_break: bool


def _noted(released: Released, months: Sequence[str]) -> list[tuple[int, Noted]]:
    """The changes in what is recorded, with the position of the first period that begins in or after each."""
    found = [Noted(one.month, one.words, one.is_break) for one in getattr(released, "changes", ())]
    at = [(next((i for i, month in enumerate(months) if month >= one.month), None), one) for one in found]
    return [(i, one) for i, one in at if i]


def starts(found: Sequence[tuple[int, object]], segments: bool) -> list[int]:
    """Where limits start anew: at every break, and where the reader asks for it at every change of a service."""
    return sorted({i for i, one in found if (one.is_break if isinstance(one, Noted) else segments)})


def line(fig: Canvas, i: int, *, top: float = 1) -> None:
    """A dotted line before a period, up to a part of the height."""
    fig.add_shape(
        type="line",
        x0=i - 0.5,
        x1=i - 0.5,
        y0=0,
        y1=top,
        yref="paper",
        line={"color": GREY, "width": 1.5, "dash": "dot"},
    )


def notes(fig: Canvas, found: Sequence[tuple[int, object]], released: Released, names: Names) -> None:
    """A numbered dotted line where a service changed, and what changed below the chart."""
    numbers(fig, found)
    if found:
        said = words(found, released, names)
        canvas.foot(fig, (" · " if canvas.is_wide() else "<br>").join(said), below=40)


def numbers(fig: Canvas, found: Sequence[tuple[int, object]], tops: Mapping[int, float] | None = None) -> None:
    """The dotted lines with their numbers above them, those of `tops` up to a part of the height."""
    there = defaultdict(list)
    for number, (i, _) in enumerate(found[:MOST_NOTES], 1):
        there[i].append(str(number))
    for i, here in there.items():
        top = (tops or {}).get(i, 1)
        line(fig, i, top=top)
        said = f"<b>{', '.join(here)}</b>"
        canvas.note(fig, said, i - 0.5, top, yref="paper", yanchor="bottom", align="center", font={"size": SMALL})


def words(found: Sequence[tuple[int, object]], released: Released, names: Names) -> list[str]:
    """What changed at each number, in `<b>`."""
    said = [f"<b>{number}</b> {_words(one, released, names)}" for number, (_, one) in enumerate(found[:MOST_NOTES], 1)]
    more = len(found) - MOST_NOTES
    return [*said, f"and {more} more changes"] if more > 0 else said


def _words(change, released: Released, names: Names) -> str:
    is_named = released.selection.service or isinstance(change, Noted)
    where = "" if is_named else f" ({names('service', change.service_id)})"
    return f"{phrases.short_period(change.month)}: {change.title}{where}"
