"""The difference guard: nobody learns about a few people by asking two nested questions and subtracting.

**A choice covers a set.** `2024-Q2` covers three months, a commissioner covers its services, a cohort value covers itself. What
the choices of one kind cover together is a set of elements on one axis.

**A question is one set on every axis**; so is each cell of a breakdown. A wider question has a larger set on some axis and no
smaller one on any. An axis at which nothing is chosen plays no part.

**Count by block.** The sets that an answer and its guard must know the size of are written down: what each cell covers, and each
way of widening it. Elements of an axis that all of those sets treat alike are one block. SQL numbers each row by its block on
every axis and counts once by block; the size of any set is the sum of its blocks.

**Hide the cell if a wider question has fewer than k more.**

An example. A store has the services A and B (both of commissioner C) and D, from January to June 2024. Asked: service A in May.
On the axis of months the sets are {May}, its quarter {April, May, June} and all six months, so the blocks are 1: {May},
2: {April, June} and 3: {January, February, March}, which every set treats alike. On the axis of services the sets are {A}, {A, B}
and {A, B, D}; the blocks are A, B and D. Nine blocks are counted instead of eighteen pairs:

                       May    April, June    January to March
        service A       12         21              40
        service B        9         30              33
        service D       10         25              38

Service A in May is 12. Its wider questions are A in the quarter (12 + 21 = 33), A at all times (73), the commissioner's services
in May (12 + 9 = 21), in the quarter (72) and at all times (145), and everybody in May (31), in the quarter (107) and at all times
(218). Each has at least 8 more than 12, so 12 is answered (as 10). Had service B had 5 people in May, the commissioner in May
would be 17: with both answers somebody could work out those 5, so the narrower one is hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from journeys.answer.rule import Rule

Element = tuple[str, ...]
Cover = frozenset[Element]
Cell = tuple[str, ...]
Region = tuple[int, ...]


@dataclass(frozen=True)
class Axis:
    """One axis of a question.

    `columns` of the store say which element a row is; `places` are the positions of the breakdown's labels that lie on this axis;
    `sets` gives for such labels what a cell covers here and then each way of widening it.
    """

    columns: tuple[str, ...]
    places: tuple[int, ...]
    sets: Mapping[Cell, tuple[Cover, ...]]

    def ways(self, cell: Cell) -> tuple[Cover, ...]:
        """What a cell covers on this axis, and each way of widening it."""
        return self.sets[tuple(cell[i] for i in self.places)]


def widened(covers: frozenset, wider: Iterable[frozenset]) -> tuple[frozenset, ...]:
    """A choice's own set, then every wider choice that covers more; of nothing there is nothing wider."""
    return (covers, *(w for w in wider if w > covers)) if covers else (covers,)


def together(choices: Iterable[Sequence[frozenset]]) -> tuple[frozenset, ...]:
    """What several choices on one axis cover together: first as they are, then with one or more of them widened."""
    return tuple(dict.fromkeys(frozenset.intersection(*some) for some in product(*choices)))


@dataclass(frozen=True)
class Cut:
    """One axis cut into blocks: its different sets, the block of each element, and the sets (by number) that hold each block."""

    axis: Axis
    sets: Mapping[Cover, int]
    block_of: Mapping[Element, int]
    holders: tuple[Region, ...]

    @cached_property
    def blocks_of(self) -> Mapping[int, tuple[int, ...]]:
        """The blocks of each set."""
        held = {
            number: tuple(b for b, sets in enumerate(self.holders) if number in sets) for number in self.sets.values()
        }
        return held


def cut(axis: Axis) -> Cut:
    """Elements that every set of the axis treats alike are one block; those in no set are in none."""
    sets = {covers: i for i, covers in enumerate(dict.fromkeys(s for ways in axis.sets.values() for s in ways))}
    held: dict[Element, list[int]] = {}
    for covers, number in sets.items():
        for element in covers:
            held.setdefault(element, []).append(number)
    blocks: dict[Region, int] = {}
    block_of = {element: blocks.setdefault(tuple(numbers), len(blocks)) for element, numbers in held.items()}
    return Cut(axis, sets, block_of, tuple(blocks))


class Blocks:
    """The axes of a question cut into blocks. A block of the whole question is one number, a region one set on every axis."""

    def __init__(self, axes: Sequence[Axis], cells: Sequence[Cell]) -> None:
        self.cells = tuple(cells)
        self.cuts = tuple(cut(axis) for axis in axes)
        sizes = [max(len(one.holders), 1) for one in self.cuts]
        self.strides = tuple(_product(sizes[:i]) for i in range(len(sizes)))
        self._holding: dict[int, tuple[Region, ...]] = {}
        self._ways: dict[Cell, tuple[Region, ...]] = {}

    def ways(self, cell: Cell) -> tuple[Region, ...]:
        """The region of a cell, and every region that is wider."""
        if cell not in self._ways:
            each = [[one.sets[covers] for covers in one.axis.ways(cell)] for one in self.cuts]
            self._ways[cell] = tuple(product(*each))
        return self._ways[cell]

    def region(self, cell: Cell) -> Region:
        return self.ways(cell)[0]

    def holding(self, block: int) -> tuple[Region, ...]:
        """Every region that holds a block."""
        if block not in self._holding:
            each = [
                one.holders[block // stride % len(one.holders)]
                for one, stride in zip(self.cuts, self.strides, strict=True)
            ]
            self._holding[block] = tuple(product(*each))
        return self._holding[block]

    def blocks_of(self, region: Region) -> list[int]:
        """The blocks that make up a region."""
        cuts = zip(self.cuts, self.strides, region, strict=True)
        each = [[block * stride for block in one.blocks_of[number]] for one, stride, number in cuts]
        return [sum(some) for some in product(*each)]

    @cached_property
    def cell_of(self) -> Mapping[int, Cell]:
        """The cell that each block belongs to; cells do not overlap, and most blocks belong to none."""
        return {block: cell for cell in self.cells for block in self.blocks_of(self.region(cell))}

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Every region whose size the answer and its guard must know."""
        return tuple(dict.fromkeys(region for cell in self.cells for region in self.ways(cell)))


def _product(sizes: Iterable[int]) -> int:
    found = 1
    for size in sizes:
        found *= size
    return found


def is_guarded(rule: Rule, ways: Sequence[Region], sizes: Mapping[Region, float]) -> bool:
    """Whether some wider question holds fewer than k more than the first of `ways`, so that this one must be hidden."""
    here, *wider = ways
    n = sizes.get(here, 0)
    return any(sizes.get(region, 0) - n < rule.k for region in wider)
