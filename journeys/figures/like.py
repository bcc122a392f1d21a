"""What a figure stands beside: a line over time, or a tick a bar, of all services, of everybody, or of the services like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from journeys.answer.released import Row
from journeys.figures.canvas import Canvas, Shelf
from journeys.figures.colours import GREY
from journeys.figures.rows import BAR

Key = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Beside:
    """A comparator by its name, and its shares (0-1) by the labels of the row that each stands beside."""

    words: str = ""
    rates: Mapping[tuple[str, ...], float] = field(default_factory=dict)

    @property
    def top(self) -> float:
        return max(self.rates.values(), default=0)


NOTHING = Beside()


def line(fig: Canvas, periods: Sequence[str], beside: Beside) -> Key:
    """The comparator of a series as a dashed grey line; returns its entry of the key."""
    if not beside.rates:
        return []
    fig.add_scatter(
        x=list(range(len(periods))), y=[beside.rates.get((period,)) for period in periods], mode="lines", connectgaps=False,
        hoverinfo="skip", line={"color": GREY, "dash": "dashdot", "width": 2.5},
    )  # fmt: skip
    return [("╌·", GREY, beside.words)]


def ticks(fig: Canvas, rows: Sequence[Row], shelves: Sequence[Shelf], beside: Beside) -> Key:
    """The comparator of each bar as a grey tick across it; returns its entry of the key."""
    found = [
        (beside.rates.get(tuple(row.labels.values())), shelf.middle) for row, shelf in zip(rows, shelves, strict=True)
    ]
    known = [(rate, middle) for rate, middle in found if rate is not None]
    if not known:
        return []
    x = [value for rate, _ in known for value in (rate, rate, None)]
    y = [value for _, middle in known for value in (middle - BAR * 0.75, middle + BAR * 0.75, None)]
    fig.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", line={"color": GREY, "width": 3})
    return [("┃", GREY, beside.words)]
