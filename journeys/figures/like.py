"""What a figure stands beside: a line over time, a tick a bar, a curve, of all services, of everybody, or of the services like it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from journeys.answer.released import Released, Row
from journeys.figures.canvas import Canvas
from journeys.figures.colours import GREY
from journeys.figures.rows import BAR, labels_of
from journeys.words.shares import per_cent

Key = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Beside:
    """A comparator by its name, its shares (0-1) by the labels of the row that each stands beside, and the answer that they are of, where it is one."""

    words: str = ""
    rates: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    answer: Released | None = None

    @property
    def top(self) -> float:
        return max(self.rates.values(), default=0)

    @cached_property
    def _rows(self) -> Mapping[tuple[str, ...], Row]:
        return {tuple(row.labels.values()): row for row in self.answer.rows} if self.answer else {}

    def row(self, row: Row) -> Row | None:
        """The row that one stands beside; of all together, where that has fewer labels."""
        return self._rows.get(self._key(row))

    def rate(self, row: Row) -> float | None:
        """Its share, 0 to 1."""
        return self.rates.get(self._key(row))

    def _key(self, row: Row) -> tuple[str, ...]:
        names = row.labels if self.answer is None else labels_of(self.answer)
        return tuple(row.labels[name] for name in names)


NOTHING = Beside()


def line(fig: Canvas, periods: Sequence[str], beside: Beside) -> Key:
    """The comparator of a series as a dashed grey line, of several as one each; returns its entry of the key."""
    for rest in dict.fromkeys(key[1:] for key in beside.rates):
        fig.add_scatter(
            x=list(range(len(periods))), y=[beside.rates.get((period, *rest)) for period in periods], mode="lines", connectgaps=False,
            hoverinfo="skip", line={"color": GREY, "dash": "dashdot", "width": 2.5},
        )  # fmt: skip
    return [("╌·", GREY, beside.words)] if beside.rates else []


def ticks(fig: Canvas, places: Iterable[tuple[Row, float]], beside: Beside, tall: float = BAR) -> Key:
    """The comparator of each row as a grey tick across its bar; returns its entry of the key. Where there is no bar, words say it (`hidden_words`)."""
    drawn = [(beside.rate(row), at) for row, at in places if row.is_shown]
    return marks(fig, [(rate, at) for rate, at in drawn if rate is not None], beside, tall)


def hidden_words(row: Row, words: str, beside: Beside, digits: int) -> str:
    """What stands in place of a bar, `words`, and what the others have."""
    rate = None if row.is_shown else beside.rate(row)
    return words if rate is None else f"{words.split(':')[0]}; {beside.words} {per_cent(rate, digits)}"


def marks(fig: Canvas, known: Sequence[tuple[float, float]], beside: Beside, tall: float = BAR) -> Key:
    """Grey ticks at these shares, each across what is drawn at its place."""
    if not known:
        return []
    x = [value for rate, _ in known for value in (rate, rate, None)]
    y = [value for _, at in known for value in (at - tall * 0.65, at + tall * 0.65, None)]
    fig.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", line={"color": GREY, "width": 3})
    return [("┃", GREY, beside.words)]


def across(fig: Canvas, known: Sequence[tuple[float, float]], beside: Beside) -> Key:
    """Grey ticks across upright columns, each at its place and height."""
    if not known:
        return []
    x = [value for at, _ in known for value in (at - 0.4, at + 0.4, None)]
    y = [value for _, height in known for value in (height, height, None)]
    fig.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", line={"color": GREY, "width": 3})
    return [("━", GREY, beside.words)]
