"""Counts by the numbers that rows hold, added up to blocks.

The store numbers each service and month of referral, and each class of people. Counted by these numbers once, the same rows answer
for every choice of period, service, commissioner, base, age band and employment status, and for every breakdown by them: only these
sums differ, and they are made here. What else is chosen of people is counted by block as always.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from journeys.answer.columns import Columns
from journeys.answer.guard import Blocks, Cut
from journeys.answer.query import CLASS, NUMBER, PLACE, Labels, Numbers, Query, Rows
from journeys.answer.question import Question

# numbers, other blocks and own labels up to which counts are made by number: of more rows the database makes the sums faster
MOST = 500_000
NOWHERE = -(1 << 40)  # so far below any block that no sum with it is one


class Numbered:
    """The rows of a question by number: where it chooses among what the store numbers, and these are few."""

    def __init__(
        self,
        question: Question,
        blocks: Blocks,
        n_own: float,
        numbers: Numbers,
        columns: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._blocks = blocks
        self._mine = _numbered(blocks, n_own, numbers)
        others = [cut for cut in blocks.cuts if cut not in self._mine]
        apart = Blocks([cut.axis for cut in others], ())
        self._rows = Rows(apart, question.selection.days, columns, numbers)
        self._block_of_others = self._of_others(others, apart)
        self._block_of = [self._by_number(cut, numbers[cut.axis.columns]) for cut in self._mine]
        self._labels = Labels(part=self._part(apart.n))

    def can(self, sql: str) -> bool:
        """Whether a SELECT is to be counted by number: it reads tables alone that hold those that are asked for."""
        held = (self._rows.all_hold(sql, NUMBER[cut.axis.columns]) for cut in self._mine)
        return bool(self._mine) and all(held)

    def select(self, sql: str, only: bool | None) -> Query:
        return self._rows.select(sql, self._labels, only=only)

    def in_blocks(self, found: Columns) -> list[dict]:
        """The rows of that SELECT as if it had counted by block."""
        of_each = (self._block_of_others, *self._block_of)
        numbers = found.numbers(tuple(len(block_of) for block_of in of_each[:-1]))
        return found.summed(sum(block_of[number] for block_of, number in zip(of_each, numbers, strict=True)))

    def _part(self, n_others: int) -> str:
        """SQL of the number that a row is counted by: of other blocks, then of each that the store numbers. Alone, the database knows how many there are."""
        stride, terms = n_others, [] if n_others == 1 else ["place.block"]
        for cut, block_of in zip(self._mine, self._block_of, strict=True):
            number = f"row_of.{NUMBER[cut.axis.columns]}"
            terms.append(number if stride == 1 else f"{stride} * {number}")
            stride *= len(block_of)
        return " + ".join(terms)

    def _by_number(self, cut: Cut, numbers: Mapping) -> np.ndarray:
        """By number what it adds to the number of a block."""
        stride = self._blocks.strides[self._blocks.cuts.index(cut)]
        found = np.full(max(numbers.values()) + 1, NOWHERE)
        for element, block in cut.block_of.items():
            if element in numbers:
                found[numbers[element]] = block * stride
        return found

    def _of_others(self, others: Sequence[Cut], apart: Blocks) -> np.ndarray:
        """By the block of the other axes alone what it adds to the number of a block."""
        found, blocks = np.zeros(apart.n, np.int64), np.arange(apart.n)
        for cut, stride in zip(others, apart.strides, strict=True):
            found += blocks // stride % max(len(cut.holders), 1) * self._blocks.strides[self._blocks.cuts.index(cut)]
        return found


def _numbered(blocks: Blocks, n_own: float, numbers: Numbers) -> list[Cut]:
    """The axes that are counted by number: both; of many, services and months alone; none where these are too many, too."""
    asked = {cut.axis.columns: cut for cut in blocks.cuts if cut.axis.columns in NUMBER}
    if any(columns not in numbers for columns in asked):
        return (
            [asked[PLACE]]
            if PLACE in asked and PLACE in numbers and _is_few(blocks, [asked[PLACE]], n_own, numbers)
            else []
        )
    for columns in ((PLACE, CLASS), (PLACE,)):
        mine = [asked[one] for one in columns if one in asked]
        if mine and _is_few(blocks, mine, n_own, numbers):
            return mine
    return []


def _is_few(blocks: Blocks, mine: Sequence[Cut], n_own: float, numbers: Numbers) -> bool:
    n_others = math.prod(max(len(cut.holders), 1) for cut in blocks.cuts if cut not in mine)
    return math.prod(len(numbers[cut.axis.columns]) for cut in mine) * n_others * n_own <= MOST
