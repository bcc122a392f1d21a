"""One answer of a board pack with what is needed to print it: its words, its table, its bars."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from journeys.answer.released import Released, Row
from journeys.files.recipe import Panel
from journeys.vocabulary import dictionary
from journeys.vocabulary.metrics import Metric
from journeys.words import beside, glance, sentences, small_print, tables
from journeys.words.finding import finding, standing_alone
from journeys.words.of_period import finding_of_period
from journeys.words.phrases import PARTIAL, PERIODS, is_partial, label_name, mark
from journeys.words.shares import bound, digits_of, interval, per_cent

# what a bar is long by; means of different tools have no scale in common
BAR = {"count": "count", "proportion": "rate", "waiting": "incidence"}


@dataclass(frozen=True)
class Cover:
    """What a pack is called, what it applies to, and what stands at the foot of each of its pages."""

    title: str
    lines: Sequence[str]
    foot: str


@dataclass(frozen=True)
class Bar:
    """One row as a bar: its name, its figure as the table prints it (or its mark), how long it is and its 95% interval, in the unit of its shape, and whether it is a period that is not complete."""

    name: str
    figure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    likely: str = ""
    is_grey: bool = False

    @property
    def label(self) -> str:
        """The name with the figure beside it."""
        return f"{self.name}  {self.figure}".strip()


@dataclass(frozen=True)
class Sheet:
    """One answer of the pack with what is needed to print it, and what its reader says about it."""

    panel: Panel
    metric: Metric
    released: Released
    names: Callable[[str, str], str]
    beside: str = ""  # what it is compared with, in a sentence
    whole: Released | None = None  # the answer about the chosen period, of which this one shows the parts

    @property
    def sentence(self) -> str:
        digits = digits_of(self.released.rows)
        return sentences.sentence(self.whole or self.released, self.metric, self.names, digits)

    @property
    def finding(self) -> str:
        if self.whole is not None:
            return finding_of_period(self.whole, self.metric, self.names, digits_of(self.released.rows))
        return finding(self.released, self.metric, self.names)

    @property
    def heading(self) -> str:
        return self.panel.title or standing_alone(self.finding, self.released, self.metric)

    @property
    def answer(self) -> str:
        """The sentence below the heading and what it is compared with; under a title of its reader's own the finding comes first."""
        first = f"{self.finding if self.panel.title else self.title}. {self.sentence}"
        return " ".join(filter(None, (first, self._before, self.beside)))

    @property
    def _before(self) -> str:
        """The latest complete period and the one a year before it, of an answer over time."""
        by = self.released.by
        if len(by) != 1 or by[0] not in PERIODS or self.released.own or self.whole:
            return ""
        words = glance.beside(self.released.rows[0], None, self.released, self.metric)
        return f"{words}." if words else ""

    @property
    def own_words(self) -> tuple[str, ...]:
        """Commentary and actions, as lines."""
        commentary = (f"Commentary: {self.panel.commentary}",) if self.panel.commentary else ()
        return (*commentary, *(f"Action: {action}" for action in self.panel.actions))

    @property
    def notes(self) -> str:
        """Who is counted, who is left out and not compared; the footnote says caution, disclosure and synthetic data already."""
        below = small_print.lines(self.released, self.names)
        apart = (f"{beside.APART_MEANS}.",) if beside.APART in self.beside else ()
        return " ".join((sentences.footnote(self.released, self.metric), *below, *apart))

    @cached_property
    def table(self) -> tables.Table:
        return tables.table(self.released, self.metric, self.names, dict(dictionary.load().titles))

    @property
    def title(self) -> str:
        return (
            f"{self.metric.title}, by {' and '.join(self.released.by)}".replace("_", " ")
            if self.released.by
            else self.metric.title
        )

    @cached_property
    def bars(self) -> tuple[Bar, ...]:
        """A bar for each row; a hidden one keeps its name, with its mark, and has no length."""
        digits = digits_of(self.released.rows)
        return tuple(self._bar(row, digits) for row in self.released.rows)

    def _bar(self, row: Row, digits: int) -> Bar:
        name = ", ".join(label_name(row, n, row.labels, self.names) for n in row.labels) or self.metric.title
        name = f"{name} {PARTIAL}" if (is_grey := is_partial(row, row.labels)) else name
        shape = self.released.shape
        value = getattr(row, BAR[shape]) if shape in BAR else None
        told = "" if value is None else f"{value:,}" if shape == "count" else per_cent(value, digits)
        figure = " ".join(filter(None, (told, mark(row, shape), bound(row))))
        if value is None or shape == "count":
            return Bar(name, figure, value, is_grey=is_grey)
        return Bar(name, figure, value, row.low, row.high, interval(row.low, row.high, digits), is_grey)
