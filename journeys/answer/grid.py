"""Counts of the cells of a question by own labels, column by column: an answer can have hundreds of thousands of rows.

Exact, as what they are made of: nothing of a grid leaves the room (`protect` lets through what may be shown).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from journeys.answer.columns import Columns, Count
from journeys.answer.guard import Blocks

Own = tuple[str | None, ...]
NOT_COUNTED = np.inf  # people behind a count that cannot be those of few


@dataclass(frozen=True)
class ByOwn:
    """Counts of cells by own labels: of each name an array (cells, owns); what was not met has `otherwise`."""

    owns: tuple[Own, ...]
    counts: Mapping[str, np.ndarray]
    n_cells: int
    otherwise: float = 0

    @cached_property
    def place(self) -> Mapping[Own, int]:
        """The position of own labels among those that were met."""
        return {own: i for i, own in enumerate(self.owns)}

    def taken(self, name: str, owns: Sequence[Own]) -> np.ndarray:
        """The counts of a name under some own labels: (cells, these)."""
        counts = self.counts.get(name)
        if counts is None or not self.owns:
            return np.full((self.n_cells, len(owns)), self.otherwise)
        if tuple(owns) == self.owns:
            return counts
        at = np.array([self.place.get(own, -1) for own in owns], int)
        found = counts[:, at]
        found[:, at < 0] = self.otherwise
        return found

    def of(self, owns: Sequence[Own]) -> "ByOwn":
        """The same under some own labels, in their order."""
        return ByOwn(tuple(owns), {name: self.taken(name, owns) for name in self.counts}, self.n_cells, self.otherwise)


@dataclass(frozen=True)
class Grid(ByOwn):
    """`is_there`: whether a cell has a row of these own labels (cells, owns); `sizes`: how many are in each region that the guard compares, by the own labels
    that say it (`sized`); `curves`: of what is waited for the counts by day of each cell, in place of counts."""

    is_there: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    sized: tuple[Own, ...] = ()
    sizes: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    curves: tuple[Any, ...] = ()

    @cached_property
    def size_at(self) -> Mapping[Own, int]:
        """The position of own labels among those that say how many are in a region."""
        return {own: i for i, own in enumerate(self.sized)}

    def sizes_of(self, owns: Iterable[Own]) -> np.ndarray:
        """How many are in each region by some own labels: (these, regions)."""
        at = np.array([self.size_at.get(own, -1) for own in owns], int)
        return np.concatenate([self.sizes, np.zeros((1, self.sizes.shape[1]))])[at]


def of_rows(rows: Columns, blocks: Blocks, guarded: str) -> Grid:
    """Rows by block and own labels as a grid of the cells, and the sizes of the regions by the count that is `guarded`."""
    amount, n_cells = rows.counts[guarded], len(blocks.cells)
    says = np.unique(rows.own if amount.is_known is None else rows.own[amount.is_known])
    slots, mine = _slots(rows, blocks.cells_at(rows.part))
    counts = {name: _sums(one, slots, mine, n_cells, rows)[0] for name, one in rows.counts.items()}
    is_there = np.zeros((n_cells, len(rows.owns)), bool)
    is_there.reshape(-1)[slots] = True
    sized, sizes = tuple(rows.owns[i] for i in says), region_sizes(rows, blocks, amount)[says]
    return Grid(rows.owns, counts, n_cells, is_there=is_there, sized=sized, sizes=sizes)


def of_people(rows: Columns, n_cells: int) -> ByOwn:
    """Counts of people by cell (`part`) and own labels; whom nobody counted are no few."""
    slots, mine = _slots(rows, rows.part)
    counts = {}
    for name, one in rows.counts.items():
        sums, are_known = _sums(one, slots, mine, n_cells, rows)
        counts[name] = np.where(are_known, sums, NOT_COUNTED)
    return ByOwn(rows.owns, counts, n_cells, NOT_COUNTED)


def _slots(rows: Columns, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each row in a grid by cell (-1: in none) and own labels, and the positions of the rows that have one."""
    mine = np.flatnonzero(cell >= 0)
    return cell[mine] * len(rows.owns) + rows.own[mine], mine


def _sums(
    one: Count, slots: np.ndarray, mine: np.ndarray, n_cells: int, rows: Columns
) -> tuple[np.ndarray, np.ndarray]:
    """The sums of some rows (cells, owns), and where there is anything to be summed."""
    shape = n_cells, len(rows.owns)
    known = np.zeros(n_cells * len(rows.owns), bool)
    known[slots if one.is_known is None else slots[one.is_known[mine]]] = True
    return one.summed(mine, slots, known.size).values.reshape(shape), known.reshape(shape)


def region_sizes(rows: Columns, blocks: Blocks, amount: Count) -> np.ndarray:
    """How many are in each region by own labels, from rows by block: (owns, regions). A row that says nothing of the amount is in none."""
    known = np.arange(len(rows.part)) if amount.is_known is None else np.flatnonzero(amount.is_known)
    at, region = blocks.regions_at(rows.part[known])
    row, n = known[at], len(blocks.regions)
    found = np.bincount(rows.own[row].astype(np.int64) * n + region, amount.values[row], len(rows.owns) * n)
    return found.reshape(len(rows.owns), n)


def that_may_be_shown(rows: Columns, blocks: Blocks, name: str, k: int) -> Columns:
    """Rows of those own labels alone of which some cell has k or more: of labels that no list closes there are thousands, and others are never named."""
    slots, mine = _slots(rows, blocks.cells_at(rows.part))
    different, at = np.unique(slots, return_inverse=True)
    of_cell = np.bincount(at, rows.counts[name].values[mine], len(different))
    wanted = np.unique(different[of_cell >= k] % max(len(rows.owns), 1)).tolist()
    kept = rows.only({rows.owns[i] for i in wanted})
    number = np.zeros(len(rows.owns), np.int64)
    number[wanted] = np.arange(len(wanted))
    return replace(kept, owns=tuple(rows.owns[i] for i in wanted), own=number[kept.own])
