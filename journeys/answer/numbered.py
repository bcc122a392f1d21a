"""Counts by the numbers that rows hold, added up to blocks.

The store numbers each service and month of referral, and each class of people. Counted by both numbers once, the same rows answer
for every choice of period, service, commissioner, base, age band and employment status, for every breakdown by them, and for none of
these: only sums differ, and they are made here. In a large store, whose services, months and classes are too many together, classes are
told by base alone, which is most of what is chosen of them, and services and months by quarter where one more dimension is chosen (`finer`). What else is chosen of people is counted by block as always. People with several
rows, who do not add up, are kept by the numbers that their rows have: those who have the same are together, with how many they are.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from journeys.answer.columns import AREAS, MOST_ROWS_OF_PEOPLE, ByOwn, Columns, People, narrow
from journeys.answer.finer import BASE, MONTH, QUARTER, SPAN, YEAR, Finer, axis_of, within
from journeys.answer.guard import Blocks, Cut, Element, Region
from journeys.answer.query import CLASS, MANY_LOOKS, NUMBER, PLACE, Labels, Numbers, Of, Query, Rows

# rows up to which counts are made by number, by how many numbers, other blocks and own labels there are: of more the database makes the sums faster;
# of a large store fewer, since a scan of ten million journeys takes up to three times as long by so many groups
MOST, MOST_OF_MANY = 500_000, 20_000
# journeys up to which it is tried, however many there may be, where other questions would find the same counts; numbers of one kind up to which it is, however many journeys
MOST_TRIED, FEW_NUMBERS = 2_000_000, 50_000
# slots up to which it is kept which block each is in, for other questions that cover the same
MOST_KEPT = 100_000
# rows up to which quarters are told apart by service: with each dimension they are kept for every metric; up to which two dimensions are told apart
MOST_BY_SPAN, MOST_BY_TWO = 250_000, 50_000
# rows up to which financial years are told apart by service where quarters are too many, of a SELECT that takes many looks at all rows
MOST_BY_YEAR = 2_000_000
NOWHERE = -(1 << 40)  # so far below any block that no sum with it is one


def is_large(n_rows: int) -> bool:
    """Whether a store has so many journeys that counts by people are made beforehand, too, by cuts that are finer than what is chosen."""
    return n_rows > MOST_TRIED


class Numbered:
    """The rows of a question by number: where what the store numbers is little enough."""

    def __init__(self, rows: Rows, n_own: Callable[[str], float], n_rows: int, finer: Finer) -> None:
        """`n_own`: how many combinations of own labels a SELECT may have; `n_rows`: how many rows it reads, about; `finer`: the cuts of its metric."""
        self._rows, self._n_own, self._n_rows, self._finer = rows, n_own, n_rows, finer
        self._numbers = rows.numbers
        self._cuts = {cut.axis.columns: cut for cut in rows.blocks.cuts}
        self._chosen: dict[str, tuple[tuple[str, ...], ...]] = {}

    def can(self, sql: str) -> bool:
        """Whether a SELECT is to be counted by number: it reads tables alone that hold those that are asked for."""
        return bool(self._mine(sql))

    def select(self, sql: str, of: Of, counts: Sequence[str], counted: Sequence[str], own: Sequence[str]) -> Query:
        by = self._of(sql)
        rows = replace(self._rows, blocks=by.apart)
        return rows.select(sql, by.labels, of=of, counts=counts, counted=counted, own=own)

    def select_people(self, sql: str, own: Sequence[str]) -> Query:
        """The numbers of the rows of people who have several, and whose each is, those of one person together."""
        by, of_person = self._of(sql), "".join(f", {name}" for name in own)
        labels = Labels(by_1=by.labels.part, part="client")
        rows, values = replace(self._rows, blocks=by.apart).select(sql, labels, of=Of.SEVERAL)
        return (
            f"select by_1 as part, part as client{of_person} from (\n{rows}\n) as row_of_person "
            f"where part is not null order by client limit {MOST_ROWS_OF_PEOPLE + 1}"
        ), values

    def people_in(self, sql: str, found: People, regions: Sequence[Region]) -> Iterator[tuple[tuple, int, int]]:
        """How many of these people are in each region (by position), by own label, where there are any."""
        by, blocks = self._of(sql), self._rows.blocks
        for first in range(0, len(regions), AREAS):
            some = regions[first : first + AREAS]
            n = found.n_in(by.bits([blocks.blocks_of(region) for region in some]), len(some))
            for own, area in zip(*map(np.ndarray.tolist, n.nonzero()), strict=True):
                yield found.owns[own], first + area, int(n[own, area])

    def in_blocks(self, sql: str, found: Columns) -> Columns:
        """The rows of that SELECT as if it had counted by block."""
        return found.summed(self._of(sql).parts(found))

    def by_own(self, sql: str, found: Columns, numbers: Mapping[int, int]) -> Iterator[ByOwn]:
        """The same column by column, apart for each of the `numbers`."""
        return found.by_own(self._of(sql).parts(found, numbers))

    def _of(self, sql: str) -> "_By":
        mine, known = self._mine(sql), self._rows.blocks.worked_out
        key = (self._finer, mine)  # metrics that count in other months have other quarters
        found = known.get(key) or _By(self._rows.blocks, self._numbers, mine, self._cuts_of(mine))
        if found.n_slots <= MOST_KEPT:
            known[key] = found
        return found

    def _mine(self, sql: str) -> tuple[tuple[str, ...], ...]:
        if sql not in self._chosen:
            self._chosen[sql] = self._choose(sql)
        return self._chosen[sql]

    def _choose(self, sql: str) -> tuple[tuple[str, ...], ...]:
        """The columns of the axes that it is counted by number of: both where nothing else is chosen; of many, services and months by base, or those that are asked for; none where these are too many, too."""
        asked = tuple(columns for columns in (PLACE, CLASS) if columns in self._cuts)
        held = tuple(columns for columns in (PLACE, CLASS) if self._is_held(columns, sql))
        if not set(asked) <= set(held):
            asked = (PLACE,) if set(asked) & set(held) == {PLACE} else ()
            return asked if self._are_few(asked, sql) else ()
        by_base = (PLACE, BASE) if held == (PLACE, CLASS) and self._are_finer((BASE,)) else ()
        for some in (held, by_base, held[:1]):
            if some and not self._others(some) and self._is_tried(some, sql):
                return some  # also by a number that nothing is chosen by: then other questions find the same counts
        finer = self._by_finer(sql) if held == (PLACE, CLASS) and is_large(self._n_rows) else ()
        found = next(filter(self._are_finer, finer), None)
        if found:
            return found
        return next((some for some in (asked, (PLACE,)) if set(some) <= set(asked) and self._are_few(some, sql)), ())

    def _by_finer(self, sql: str) -> Iterator[tuple[tuple[str, ...], ...]]:
        """Quarters of each service where these are few, else (for a SELECT that takes many looks) years of each, then quarters of all, or months, with the bases or classes of people and up to two more dimensions that are chosen."""
        more = [one.axis.columns for one in self._others((PLACE, CLASS))]
        if len(more) > 2 or not set(more) <= set(self._numbers):
            return
        of_each: dict[tuple[str, ...], int] = {
            SPAN: MOST_BY_SPAN,
            YEAR: MOST_BY_YEAR if self._rows.n_looks(sql) >= MANY_LOOKS else 0,
        }
        for place, people in product((SPAN, YEAR, QUARTER, MONTH), ([BASE] if more else []) + [CLASS]):
            some = (place, people, *more)
            most = (of_each.get(place, math.inf), MOST_BY_TWO if len(more) > 1 else math.inf)
            if self._n(some, sql) <= min(most):
                yield some

    def _are_finer(self, mine: tuple[tuple[str, ...], ...]) -> bool:
        """Whether all that is chosen is made of these, and every class that the store holds is in a base."""
        if BASE in mine and not set(self._numbers[CLASS]) <= set(self._finer.cut(BASE, self._numbers).block_of):
            return False
        chosen = ((self._cuts.get(cut.axis.columns), cut) for cut in self._cuts_of(mine).values())
        return all(one is None or within(one, cut) is not None for one, cut in chosen)

    def _cuts_of(self, mine: tuple[tuple[str, ...], ...]) -> Mapping[tuple[str, ...], Cut]:
        """The finer cuts of which some are counted by the blocks."""
        return {columns: self._finer.cut(columns, self._numbers) for columns in mine if columns not in (PLACE, CLASS)}

    def _others(self, mine: tuple[tuple[str, ...], ...]) -> list[Cut]:
        """What is chosen on other axes."""
        return [one for columns, one in self._cuts.items() if columns not in _told(mine)]

    def _are_few(self, mine: tuple[tuple[str, ...], ...], sql: str) -> bool:
        """Whether there may be so few rows that sums of them are worth what they cost, where a question has other blocks, too."""
        return self._n(mine, sql) <= (MOST_OF_MANY if is_large(self._n_rows) else MOST)

    def _is_tried(self, mine: tuple[tuple[str, ...], ...], sql: str) -> bool:
        """Whether there are few of these, or so few journeys or numbers that it is worth a try."""
        n_slots = self._n_slots(mine)
        are_few = n_slots <= (MOST if not is_large(self._n_rows) else 0 if CLASS in mine else FEW_NUMBERS)
        return are_few or self._n(mine, sql) <= MOST

    def _is_held(self, columns: tuple[str, ...], sql: str) -> bool:
        """Whether the store numbers an axis, and every table that a SELECT reads holds its number."""
        return columns in self._numbers and self._rows.all_hold(sql, NUMBER[columns])

    def _n(self, mine: tuple[tuple[str, ...], ...], sql: str) -> float:
        """How many rows there may be, counted by these numbers: no more than are read."""
        slots = self._n_slots(mine)
        return min(slots * self._n_own(sql), self._n_rows if slots <= MOST else math.inf)

    def _n_slots(self, mine: tuple[tuple[str, ...], ...]) -> int:
        """How many numbers and other blocks a row may have, without its own labels."""
        blocks = [*self._others(mine), *self._cuts_of(mine).values()]
        numbers = (max(self._numbers[columns].values()) + 1 for columns in mine if columns in (PLACE, CLASS))
        return math.prod(max(len(cut.holders), 1) for cut in blocks) * math.prod(numbers)


class _By:
    """Blocks by the numbers of some axes, by the blocks of finer cuts of others, and by block of the rest: `apart` are the blocks alone, `labels` what a row is counted by."""

    def __init__(
        self,
        blocks: Blocks,
        numbers: Numbers,
        mine: Sequence[tuple[str, ...]],
        finer: Mapping[tuple[str, ...], Cut],
    ) -> None:
        self._n = blocks.n
        cuts = {cut.axis.columns: (cut, stride) for cut, stride in zip(blocks.cuts, blocks.strides, strict=True)}
        by_number = [columns for columns in mine if columns not in finer]
        others = [(cut, _adding(cut, stride)) for columns, (cut, stride) in cuts.items() if columns not in _told(mine)]
        others += [(cut, _by_finer(cuts.get(cut.axis.columns), cut)) for cut in finer.values()]
        self.apart = Blocks([cut for cut, _ in others], ())
        each = [_by_number(cuts.get(one), numbers[one]) for one in by_number]
        self.labels = Labels(part=_part(self.apart.n, by_number, [len(one) for one in each]))
        # a table of all that a row can be counted by, in which each row is looked up once
        table = _of_others([adds for _, adds in others])
        for one in each:
            table = np.add.outer(one, table).ravel()
        self.n_slots = len(table)
        self._block_of = narrow(np.maximum(table, -1))

    def parts(self, found: Columns, numbers: Mapping[int, int] | None = None) -> np.ndarray:
        """The block of each row, or the one of the `numbers` of its block; below 0 where it is in none."""
        blocks = self._block_of
        if numbers is not None:
            number_of = np.full(self._n + 1, -1)
            number_of[list(numbers)] = list(numbers.values())
            blocks = number_of[blocks]  # the last is that of none
        return blocks[found.part].astype(np.int64)

    def bits(self, areas: Sequence[Sequence[int]]) -> np.ndarray:
        """By the number that a row is counted by those of some areas (the blocks of each) that it is in, as bits of a whole number."""
        found = np.zeros(self._n + 1, np.uint64)  # the last is that of no block
        for i, blocks in enumerate(areas):
            found[blocks] |= np.uint64(1 << i)
        return found[self._block_of]


def _part(n_others: int, mine: Sequence[tuple[str, ...]], sizes: Sequence[int]) -> str:
    """SQL of the number that a row is counted by: of other blocks, then of each that the store numbers. Alone, the database knows how many there are."""
    stride, terms = n_others, [] if n_others == 1 else ["place.block"]
    for columns, size in zip(mine, sizes, strict=True):
        number = f"row_of.{NUMBER[columns]}"
        terms.append(number if stride == 1 else f"{stride} * {number}")
        stride *= size
    return " + ".join(terms) or "0"


def _by_number(placed: tuple[Cut, int] | None, numbers: Mapping[Element, int]) -> np.ndarray:
    """By number what it adds to the number of a block (a cut, and its stride): nothing where nothing is chosen by it."""
    n = max(numbers.values()) + 1
    if placed is None:
        return np.zeros(n, np.int64)
    found, (cut, stride) = np.full(n, NOWHERE), placed
    for element, block in cut.block_of.items():
        if element in numbers:
            found[numbers[element]] = block * stride
    return found


def _told(mine: Sequence[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The axes of which these tell all that is chosen."""
    return set(map(axis_of, mine))


def _adding(cut: Cut, stride: int) -> np.ndarray:
    """By block of a cut what it adds to the number of a block."""
    return np.arange(max(len(cut.holders), 1), dtype=np.int64) * stride


def _by_finer(placed: tuple[Cut, int] | None, finer: Cut) -> np.ndarray:
    """By block of a finer cut what it adds to the number of a block: nothing where nothing is chosen there."""
    found = np.zeros(max(len(finer.holders), 1), np.int64)
    if placed is not None:
        cut, stride = placed
        for mine, block in (within(cut, finer) or {}).items():
            found[mine] = NOWHERE if block is None else block * stride
    return found


def _of_others(each: Sequence[np.ndarray]) -> np.ndarray:
    """By the block of the other axes alone what it adds to the number of a block; the first counts fastest."""
    found = np.zeros(1, np.int64)
    for adds in each:
        found = np.add.outer(adds, found).ravel()
    return found
