"""Where the figure of a row stands: at an end of what is drawn of the row, never beside the mark of what it is compared with."""

from collections.abc import Iterable
from enum import Enum

from journeys.answer.released import Row
from journeys.figures.like import Beside
from journeys.figures.rows import PHONE, ROOM, top_of
from journeys.words import phrases

BOLD, GAP = 8.2, 20  # pixels of a bold digit, and of what is kept free before and after a figure


class Side(Enum):
    """Right or left of what is drawn, or behind the name of the row."""

    RIGHT = "right"
    LEFT = "left"
    NAME = "name"


def clear_side(
    words: str, span: tuple[float | None, float], others: Iterable[float | None], axis: tuple[float, float]
) -> Side:
    """Right of a `span` (the low end None: a bar, which has no left), unless one of the `others` would stand within the room that the words need on a phone.

    Then left of it, if that is free and on the `axis` (its first and last value); else with the name.
    """
    low, high = span
    room = (BOLD * len(words) + GAP) * (axis[1] - axis[0]) / PHONE
    known = [other for other in others if other is not None]
    if not any(high < other < high + room for other in known):
        return Side.RIGHT
    is_free = low is not None and low - room >= axis[0] and not any(low - room < other < low for other in known)
    return Side.LEFT if is_free else Side.NAME


def bar_side(row: Row, words: str, beside: Beside, top: float, shape: str) -> Side:
    """Where the figure of a bar stands, on an axis that goes to `top` and its room: at the end, or with the name where its tick is in the way."""
    if phrases.measure(row, shape) is None:
        return Side.RIGHT
    return clear_side(words, (None, top_of(row, shape)), [beside.rate(row)], (0, ROOM * top))


def with_figure(text: str, words: str, at: Side) -> str:
    """The name of a row, with its figure where that stands nowhere else."""
    return f"{text}: <b>{words}</b>" if at is Side.NAME else text
