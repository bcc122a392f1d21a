"""The difference guard: nobody learns about a few people by asking two nested questions and subtracting.

**A choice covers a set.** `2024-Q2` covers three months, a commissioner covers its services, a cohort value covers itself. What
the choices of one kind cover together is a set of elements on one axis.

**A question is one set on every axis**; so is each cell of a breakdown. A wider question has a larger set on some axis and no
smaller one on any. An axis at which nothing is chosen plays no part.

**Count by block.** The sets that an answer and its guard must know the size of are written down: what each cell covers, and each
nearest way of widening it. Elements of an axis that all of those sets treat alike are one block. SQL numbers each row by its block on
every axis and counts once by block; the size of any set is the sum of its blocks. (Counts by service and month and class of people,
which every choice among these can be made of, are kept and added up to blocks: `numbered`.)

**Hide the cell if a wider question has fewer than k more people.** Only the nearest wider questions need to be looked at: who is in
a nearer one is in every farther one. Rows add up over blocks, people do not: fewer than k rows are fewer than k people; k times
the most rows of one person, or k rows of people who have no other, are k people or more; only in between are people counted.

An example. A store has the services A and B (both of commissioner C) and D, each from January to June 2024. Asked: service A in
May. Place and time are one axis, whose elements are a service and a month together. Its sets are {A in May}, A in its quarter
(April to June), and C in May. Elements that these three treat alike are one block, so eighteen pairs make three blocks:

        1  A in May                 12 people
        2  A in April and June      21 people
        3  B in May                  9 people

(all others are in none of the sets and are not counted). A in its quarter is block 1 and 2, C in May is block 1 and 3. Each has
at least 8 more people than A in May, so 12 is answered (as 10). Had service B had 5 people in May, somebody who asked for C in
May (17) and for A in May (12) could work them out, so A in May is hidden, with the same words as if too few people were in it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product

import numpy as np

from journeys.answer.rule import Rule

Element = tuple[str, ...]
Cover = frozenset[Element]
Cell = tuple[str, ...]
Region = tuple[int, ...]


@dataclass(frozen=True)
class Axis:
    """One axis of a question.

    `columns` of the store say which element a row is; `places` are the positions of the breakdown's labels that lie on this axis;
    `sets` gives for such labels what a cell covers here and then each nearest set that is wider.
    """

    columns: tuple[str, ...]
    places: tuple[int, ...]
    sets: Mapping[Cell, tuple[Cover, ...]]

    def ways(self, cell: Cell) -> tuple[Cover, ...]:
        """What a cell covers on this axis, and each nearest wider set."""
        return self.sets[tuple(cell[i] for i in self.places)]


def nearest(own: frozenset, others: Iterable[frozenset]) -> tuple[frozenset, ...]:
    """A set, then those of the others that hold more and all of it, but no other of them; of nothing there is nothing wider."""
    found: list[frozenset] = []
    for other in sorted({other for other in others if own and other > own}, key=len):
        if not any(other >= nearer for nearer in found):
            found.append(other)
    return (own, *found)


@dataclass(frozen=True)
class Cut:
    """One axis cut into blocks: its different sets, the block of each element, and the sets (by number) that hold each block. All of one store."""

    axis: Axis
    sets: Mapping[Cover, int]
    block_of: Mapping[Element, int]
    holders: tuple[Region, ...]

    @cached_property
    def worked_out(self) -> dict:
        """What others work out of this cut alone."""
        return {}

    @cached_property
    def blocks_of(self) -> Mapping[int, tuple[int, ...]]:
        """The blocks of each set."""
        found: dict[int, list[int]] = {number: [] for number in self.sets.values()}
        for block, numbers in enumerate(self.holders):
            for number in numbers:
                found[number].append(block)
        return {number: tuple(blocks) for number, blocks in found.items()}


def cut(axis: Axis) -> Cut:
    """Elements that every set of the axis treats alike are one block; those in no set are in none."""
    sets = {covers: i for i, covers in enumerate(dict.fromkeys(s for ways in axis.sets.values() for s in ways))}
    held: dict[Element, list[int]] = defaultdict(list)
    for covers, number in sets.items():
        for element in covers:
            held[element].append(number)
    blocks: dict[Region, int] = {}
    block_of = {element: blocks.setdefault(tuple(numbers), len(blocks)) for element, numbers in held.items()}
    return Cut(axis, sets, block_of, tuple(blocks))


class Blocks:
    """The axes of a question cut into blocks. A block of the whole question is one number, a region one set on every axis."""

    def __init__(self, cuts: Iterable[Cut], cells: Sequence[Cell]) -> None:
        self.cells = tuple(cells)
        self.cuts = tuple(cuts)
        sizes = [max(len(one.holders), 1) for one in self.cuts]
        self.strides = tuple(math.prod(sizes[:i]) for i in range(len(sizes)))
        self.n = math.prod(sizes)
        self._holding: dict[int, tuple[int, ...]] = {}
        self._ways: dict[Cell, tuple[Region, ...]] = {}
        self.worked_out: dict = {}  # by others, of these blocks alone

    def ways(self, cell: Cell) -> tuple[Region, ...]:
        """The region of a cell, and every nearest region that is wider: wider on one axis, the same on the others."""
        if cell not in self._ways:
            each = [[one.sets[covers] for covers in one.axis.ways(cell)] for one in self.cuts]
            own = tuple(numbers[0] for numbers in each)
            wider = [(*own[:i], number, *own[i + 1 :]) for i, numbers in enumerate(each) for number in numbers[1:]]
            self._ways[cell] = (own, *wider)
        return self._ways[cell]

    def region(self, cell: Cell) -> Region:
        return self.ways(cell)[0]

    def holding(self, block: int) -> tuple[int, ...]:
        """Every region that holds a block, of those whose size must be known, by position."""
        if block not in self._holding:
            each = [
                one.holders[block // stride % len(one.holders)]
                for one, stride in zip(self.cuts, self.strides, strict=True)
            ]
            wanted = self.region_at
            self._holding[block] = tuple(wanted[region] for region in product(*each) if region in wanted)
        return self._holding[block]

    def blocks_of(self, region: Region) -> list[int]:
        """The blocks that make up a region."""
        cuts = zip(self.cuts, self.strides, region, strict=True)
        each = [[block * stride for block in one.blocks_of[number]] for one, stride, number in cuts]
        return [sum(some) for some in product(*each)]

    @cached_property
    def cell_of(self) -> Mapping[int, int]:
        """The position of the cell that each block belongs to; cells do not overlap, and most blocks belong to none."""
        return {block: i for i, cell in enumerate(self.cells) for block in self.blocks_of(self.region(cell))}

    def cells_at(self, blocks: np.ndarray) -> np.ndarray:
        """The position of the cell that each of many blocks belongs to, -1 for none."""
        different, at = np.unique(blocks, return_inverse=True)
        return np.array([self.cell_of.get(block, -1) for block in different.tolist()], int)[at]

    def regions_at(self, blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Every region that holds one of many blocks: the positions of the block and of the region."""
        different, at = np.unique(blocks, return_inverse=True)
        held = [self.holding(block) for block in different.tolist()]
        sizes = np.array([len(regions) for regions in held], int)
        each, n = np.fromiter(chain.from_iterable(held), int, int(sizes.sum())), sizes[at]
        starts, first = np.cumsum(sizes) - sizes, np.cumsum(n) - n
        place = np.arange(int(n.sum())) + np.repeat(starts[at] - first, n)
        return np.repeat(np.arange(len(at)), n), each[place]

    @cached_property
    def ways_at(self) -> tuple[np.ndarray, np.ndarray]:
        """The region of each cell (cells), and every nearest region that is wider (cells, as many as a cell can have; -1 for none): their positions."""
        number = self.region_at
        ways = [[number[region] for region in self.ways(cell)] for cell in self.cells]
        wider = np.full((len(ways), max(map(len, ways), default=1) - 1), -1)
        for i, (_, *others) in enumerate(ways):
            wider[i, : len(others)] = others
        return np.array([own for own, *_ in ways], int), wider

    @cached_property
    def region_at(self) -> Mapping[Region, int]:
        """The position of each of the `regions`."""
        return {region: i for i, region in enumerate(self.regions)}

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Every region whose size the answer and its guard must know."""
        return tuple(dict.fromkeys(region for cell in self.cells for region in self.ways(cell)))

    @cached_property
    def beyond(self) -> tuple[frozenset[int], ...]:
        """Of each axis the blocks that no cell covers there, only something wider does. What lies beyond the cells on two axes is in no region, since one
        is wider on one axis alone."""
        own = [{self.region(cell)[i] for cell in self.cells} for i in range(len(self.cuts))]
        return tuple(
            frozenset(block for block, holders in enumerate(one.holders) if not mine & {*holders})
            for one, mine in zip(self.cuts, own, strict=True)
        )


def doubts(
    rule: Rule, most_rows: int, sizes: np.ndarray, own: np.ndarray, wider: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of each cell whether rows alone say that it must be hidden (sized, cells), and the wider regions in which only a count of people can tell: sized, cell
    and way of each.

    `sizes`: rows in each region (sized, regions); `own`, `wider`: the region of each cell, and the nearest wider ones (cells, ways; -1: none) by position;
    `most_rows`: the most that one person has. A cell of fewer than k rows is hidden for what it is.
    """
    here = sizes[:, own]
    is_looked_at, hidden, in_doubt = here >= rule.k, np.zeros(here.shape, bool), []
    for regions in wider.T:  # way by way: all together would be as many times the memory
        more = np.where(regions < 0, np.inf, sizes[:, regions] - here)
        hidden |= is_looked_at & (more < rule.k)
        in_doubt.append(is_looked_at & (more < rule.k * most_rows))
    found = [np.argwhere(one & ~hidden) for one in in_doubt]
    rows = [np.column_stack([one, np.full(len(one), way)]) for way, one in enumerate(found)]
    return hidden, np.concatenate([np.zeros((0, 3), int), *rows])
