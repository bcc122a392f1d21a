"""What every shape of an answer offers, and what it is given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from journeys.answer.grid import ByOwn, Grid, Own
from journeys.answer.released import NOTHING, Protected, Values
from journeys.answer.rule import Rule
from journeys.vocabulary.metrics import Metric

Counts = Mapping[str, float]


class Behind(NamedTuple):
    """What stands behind all cells of an answer under some own labels: exact counts, and different people where a count may come from fewer than k.

    `asked` says where anything may be shown (cells, owns); `has_shared` that the rows without a last label carry the denominator of all labels.
    """

    grid: Grid
    people: ByOwn
    owns: tuple[Own, ...]
    asked: np.ndarray
    has_shared: bool = False

    def counts(self, name: str, owns: Sequence[Own] | None = None) -> np.ndarray:
        """Counts of a name: (cells, owns)."""
        return self.grid.taken(name, self.owns if owns is None else owns)

    def clients(self, name: str, owns: Sequence[Own] | None = None) -> np.ndarray:
        """How many people are behind them, infinite where nobody counted them."""
        return self.people.taken(name, self.owns if owns is None else owns)


class Coded(NamedTuple):
    """What may be shown of each cell under each own label: `protected` by `code` (cells, owns). Rounded, it is the same in many rows."""

    protected: tuple[Protected, ...]
    code: np.ndarray


class Shape(Protocol):
    """A shape says its SQL columns, which of them count rows (the others are sums of scores), which the guard looks at (its amount in SQL), how it is protected, what it releases."""

    COLUMNS: tuple[str, ...]
    COUNTED: tuple[str, ...]
    GUARDED: str
    AMOUNT: str

    def guarded_by(self, own: Own, has_shared: bool) -> Own:
        """The own labels of the rows that hold what the guard compares."""

    def amounts(self, found: Grid, has_shared: bool) -> list[np.ndarray]:
        """Every count that may be shown, and what is left of every denominator: each (cells, owns)."""

    def at_least(self, found: Grid, sixtieths: Grid, has_shared: bool) -> list[np.ndarray]:
        """How many people stand behind each of these amounts at least, in sixtieths."""

    def people(self, metric: Metric, has_shared: bool) -> str:
        """The metric's SQL by client (part), turned into how many clients stand behind each of its counts."""

    def released(self, rule: Rule, behind: Behind) -> Coded:
        """What of the cells may be shown under each own label."""

    def bare(self, own: Own) -> Values | None:
        """What is said of a row of which nothing may be shown."""


def coded(keys: np.ndarray, protected: Callable[[int], Protected]) -> Coded:
    """Codes of what each of the different keys stands for (cells, owns)."""
    different, code = np.unique(keys, return_inverse=True)
    return Coded(tuple(map(protected, different.tolist())), code.reshape(keys.shape))


def one_by_one(asked: np.ndarray, protected: Callable[[int, int], Protected]) -> Coded:
    """Of each cell and own label that is asked for what may be shown of it; nothing of the others."""
    found: dict[Protected, int] = {NOTHING: 0}
    code = np.zeros(asked.shape, int)
    for at in zip(*map(np.ndarray.tolist, np.nonzero(asked)), strict=True):
        code[at] = found.setdefault(protected(*at), len(found))
    return Coded(tuple(found), code)


def clients_behind(metric: Metric, keys: Sequence[str], counts: Iterable[str]) -> str:
    """The metric's SQL by client as `fact`, and counts of its rows by these keys."""
    by = ", ".join(("by_1", *keys))
    return f"with fact as materialized (\n{metric.sql}\n)\nselect {by}, {', '.join(counts)} from fact group by {by}"
