"""What every shape of an answer offers, and what it is given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Protocol

from journeys.answer.released import Protected, Values
from journeys.answer.rule import Rule
from journeys.vocabulary.metrics import Metric

Own = tuple[str | None, ...]
Counts = Mapping[str, float]


@dataclass(frozen=True)
class Behind:
    """What stands behind one cell, by own labels: exact counts, and different people where a count may come from fewer than k.

    `has_shared` says that the rows without a last label carry the denominator of all labels.
    """

    counts: Mapping[Own, Counts]
    people: Mapping[Own, Mapping[str, int]] = field(default_factory=dict)
    has_shared: bool = False


class Shape(Protocol):
    """A shape says its SQL columns, which of them count rows (the others are sums of scores), which the guard looks at (its amount in SQL), how it is protected, what it releases."""

    COLUMNS: tuple[str, ...]
    COUNTED: tuple[str, ...]
    GUARDED: str
    AMOUNT: str

    def guarded_by(self, own: Own, has_shared: bool) -> Own:
        """The own labels of the rows that hold what the guard compares."""

    def amounts(self, behind: Behind) -> Iterable[float]:
        """Every count of a cell that may be shown, and what is left of every denominator."""

    def at_least(self, behind: Behind, people: Mapping[Own, Counts]) -> Iterable[float]:
        """How many people stand behind each of these amounts at least, in the unit of `people`: what they are behind each count at least."""

    def people(self, metric: Metric, has_shared: bool) -> str:
        """The metric's SQL by client (part), turned into how many clients stand behind each of its counts."""

    def released(self, rule: Rule, behind: Behind, owns: Sequence[Own]) -> Iterable[Protected]:
        """What of a cell may be shown under each of its own labels."""

    def bare(self, own: Own) -> Values | None:
        """What is said of a row of which nothing may be shown."""


def own_labels(names: Sequence[str]) -> Callable[[Mapping], Own]:
    """What takes the own labels of a metric out of a row."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


def same_rows(behind: Behind, others: Mapping[Own, Counts]) -> Behind:
    """The rows of a cell with other counts, 0 where there are none."""
    counts = {own: others.get(own) or dict.fromkeys(mine, 0) for own, mine in behind.counts.items()}
    return Behind(counts, has_shared=behind.has_shared)


def clients_behind(metric: Metric, keys: Sequence[str], counts: Iterable[str]) -> str:
    """The metric's SQL by client as `fact`, and counts of its rows by these keys."""
    by = ", ".join(("by_1", *keys))
    return f"with fact as materialized (\n{metric.sql}\n)\nselect {by}, {', '.join(counts)} from fact group by {by}"
