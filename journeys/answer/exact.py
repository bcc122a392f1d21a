"""The exact counts behind one question: of its cells, of what its guard compares, and of the people behind small counts.

Nothing here leaves the room: `protect` lets through what may be shown.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from journeys.answer import grid
from journeys.answer.columns import WHOSE, Columns, People
from journeys.answer.grid import NOT_COUNTED, ByOwn, Grid
from journeys.answer.guard import Blocks, Cell, doubts
from journeys.answer.numbered import Numbered
from journeys.answer.query import BY_CELL, CLIENTS_BY_CELL, EVERY, Few, Labels, Of, Query, Rows, in_sixtieths, rows_of
from journeys.answer.question import Question
from journeys.answer.shapes import SHAPES, waiting
from journeys.answer.shapes.shape import Behind, Own, Shape
from journeys.answer.sizes import is_shared, people_at_least, that_say_it
from journeys.answer.source import Source

OPEN = ("path",)  # own labels that no list closes
NO_BLOCKS, BY_NOTHING = Blocks((), ()), Labels(part="0")


@dataclass(frozen=True)
class Exact:
    """`grid`: counts of each cell by own labels; `people`: different people behind those that may come from fewer than k; `guarded`: what the guard hides (by
    the own labels that say sizes, cells). `unsure` are cells of which so few people may stand behind a count that these would have to be counted, where they were not."""

    source: Source
    shape: Shape
    grid: Grid
    people: ByOwn
    guarded: np.ndarray
    has_shared: bool
    unsure: frozenset[Cell] = frozenset()

    def is_guarded(self, owns: Iterable[Own]) -> np.ndarray:
        """Whether the guard hides each cell under some own labels: (cells, these)."""
        at = [self.grid.size_at.get(self.shape.guarded_by(own, self.has_shared), -1) for own in owns]
        nowhere = np.zeros((1, self.grid.n_cells), bool)  # the last, that of what says no size
        return np.concatenate([self.guarded, nowhere])[at].T

    def behind(self, owns: Sequence[Own], asked: np.ndarray | None = None) -> Behind:
        """What stands behind all cells under some own labels; `asked`: where it is needed (cells, these; everywhere if not given)."""
        everywhere = np.ones((self.grid.n_cells, len(owns)), bool)
        return Behind(self.grid, self.people, tuple(owns), everywhere if asked is None else asked, self.has_shared)


@dataclass(frozen=True)
class Wide:
    """A metric whose rows by its own label are told from one row with a column each: `columns` of the SELECT, and the rows that such a row tells."""

    sql: str
    columns: tuple[str, ...]
    told: Callable[[Mapping], Iterable[dict]]


def read(
    source: Source,
    question: Question,
    wide: Wide | None = None,
    *,
    sized_by: Own | None = None,
    has_people: bool = True,
) -> Exact:
    """The exact counts behind a question; those alone that say how many stand behind a cell, if it is said by which own labels:
    of their horizon, and of parts of one denominator that part. `has_people`: with the people behind small counts, without whom no cell may be shown that is unsure."""
    reading = Reading(source, question, wide, sized_by)
    if question.metric.unit == "people":
        found = reading.of_people()
    elif question.metric.shape == "waiting":
        found = reading.of_curves()
    else:
        found = reading.by_block()
    has_shared = is_shared(found.sized)
    near = reading.near(found, has_shared)
    people = reading.people(near, found, has_shared) if has_people else reading.nobody_counted
    unsure = frozenset() if has_people else frozenset(question.cells[i] for i in np.flatnonzero(near.any(axis=1)))
    return Exact(source, reading.shape, found, people, reading.guarded(found), has_shared, unsure)


class Reading:
    """Runs the SQL of one question."""

    def __init__(
        self, source: Source, question: Question, wide: Wide | None = None, sized_by: Own | None = None
    ) -> None:
        self.source, self.question, self.metric, self.wide = source, question, question.metric, wide
        self._sized_by = None if self.metric.shape == "waiting" else sized_by  # curves are whole
        self.shape = SHAPES[self.metric.shape]
        self.blocks = question.blocks
        self.rows = Rows(self.blocks, question.selection.days, source.columns, source.numbers)
        self.numbered = Numbered(self.rows, self._n_own, source.n_rows, question.finer)
        self._both: dict[str, Columns] = {}

    def _n_own(self, sql: str) -> float:
        """How many combinations of own labels a SELECT may have; of paths and items, which no list closes, any number."""
        if self.metric.shape == "waiting":
            return waiting.n_days(sql)
        if {"path", "item"} & set(self.metric.labels):
            return math.inf
        codes = (self.question.lists.own_codes(self.metric, name) for name in self.metric.labels)
        return 1 if self.wide else math.prod(map(len, codes))

    def answered(self, query: Query) -> list[dict]:
        """The rows of a metric."""
        found = self.source.run(*query)
        self._check(found[0] if found else ())
        return found

    def _check(self, names: Iterable[str]) -> None:
        """A column that a metric does not declare is refused, so that no identifier can pose as a label."""
        more = self.wide.columns if self.wide else ()
        declared = {
            "by_1",
            "by_2",
            "part",
            "number",
            "n",
            "people",
            "day",
            *self.metric.labels,
            *self.shape.COLUMNS,
            *more,
            *map(in_sixtieths, self._counts),
        }
        unknown = [name for name in names if name not in declared]
        if unknown:
            raise ValueError(
                f"metric {self.metric.slug} returns {unknown[0]!r}, which is neither a label nor a count of it"
            )

    def _check_columns(self) -> None:
        """Sums name what they take of a SELECT, so that of what else it has nothing would be seen in them."""
        if self.wide is None:
            self._check(self.source.names(*replace(self.rows, blocks=NO_BLOCKS).select(self.metric.sql, BY_NOTHING)))

    def _in_blocks(self, sql: str, *, are_sixtieths: bool = False) -> Columns:
        """The rows of a SELECT by block and own labels: its counts, or what they are in sixtieths. One look at the rows tells both, since most small
        cells ask for the second: it takes little longer than for the first."""
        names = {name: in_sixtieths(name) for name in self._counted_in_sixtieths}
        names = names if are_sixtieths else {name: name for name in self._counts}
        counted = self._counted(sql, Of.BOTH)
        if counted is not None:
            return self.numbered.in_blocks(sql, self._only_sized(counted.called(names)))
        if sql not in self._both:
            own, of_people = self._own_of(sql), self._counted_in_sixtieths
            rows = self.answered(self.rows.select(sql, of=Of.BOTH, counts=self._counts, counted=of_people, own=own))
            self._both[sql] = Columns.of_dicts(rows, own, (*self._counts, *map(in_sixtieths, of_people)))
        return self._only_sized(self._both[sql].called(names))

    def _only_sized(self, rows: Columns) -> Columns:
        """Those rows alone that say how many stand behind a cell, where no others are asked for."""
        if self._sized_by is None or not rows.names:
            return rows
        return rows.only(that_say_it(self.metric, self._sized_by, rows.owns))

    def _alone(self, sql: str) -> Columns:
        """The rows of a SELECT by block, of people who have no other row."""
        counted = self._counted(sql, Of.ALONE)
        if counted is not None:
            return self.numbered.in_blocks(sql, counted)
        return Columns.of_dicts(self.answered(self.rows.select(sql, of=Of.ALONE)), self.metric.labels, self._counts)

    @property
    def _counts(self) -> tuple[str, ...]:
        return self.wide.columns if self.wide else tuple(self.shape.COLUMNS)

    @property
    def _counted_in_sixtieths(self) -> tuple[str, ...]:
        return self.wide.columns if self.wide else tuple(self.shape.COUNTED)

    def _own_of(self, sql: str) -> tuple[str, ...]:
        """The columns of a SELECT that are own labels: of curves the day, if it says it."""
        if self.metric.shape == "waiting":
            return ("day",) if waiting.n_days(sql) > 1 else ()
        return () if self.wide else self.metric.labels

    def _counted(self, sql: str, of: Of) -> Columns | None:
        """The rows of a SELECT by number; None where they are not counted so, or turned out to be too many."""
        if not self.numbered.can(sql):
            return None
        counted = self._counted_in_sixtieths if of is Of.BOTH else ()
        asked = self.numbered.select(sql, of, self._counts, counted, self._own_of(sql))
        found = self.source.run_in_columns(*asked, (*self._counts, *map(in_sixtieths, counted)))
        self._check(found.names)
        return None if found.are_too_many else found

    def _rows_in_blocks(self, *, are_sixtieths: bool) -> Columns:
        """The rows of the metric by block and own labels."""
        if self.wide is None:
            return self._in_blocks(self.metric.sql, are_sixtieths=are_sixtieths)
        rows = self._in_blocks(self.wide.sql, are_sixtieths=are_sixtieths)
        told = [told for row in rows.told() for told in self.wide.told(row)]
        return Columns.of_dicts(told, self.metric.labels, self.shape.COUNTED if are_sixtieths else self.shape.COLUMNS)

    def by_block(self, *, are_sixtieths: bool = False) -> Grid:
        """Counts of the cells and sizes of the regions, added up from one count by block."""
        self._check_columns()
        rows = self._rows_in_blocks(are_sixtieths=are_sixtieths)
        if self.metric.labels == OPEN and not are_sixtieths:
            rows = grid.that_may_be_shown(rows, self.blocks, self.shape.GUARDED, self.source.rule.k)
        return grid.of_rows(rows, self.blocks, self.shape.GUARDED)

    def beforehand(self) -> tuple[Own, ...]:
        """Have made, of counts by number, what questions like this one are made of, if they are; whoever asks then finds them. The own labels of what was counted."""
        sql = self.metric.sql
        if self.metric.unit == "people":
            made = self._counted(rows_of(sql), Of.ALONE)
            self._counted_people()
        elif self.metric.shape == "waiting":
            made = self._counted(waiting.by_horizon(sql), Of.BOTH)
            self._counted(sql, Of.EVERYBODY)
        else:
            self._check_columns()
            made = self._counted((self.wide or self.metric).sql, Of.BOTH)
        return made.owns if made else ()

    def of_curves(self) -> Grid:
        """The guard needs only how many there are; a cell's own curve needs them by day."""
        rows, n_cells = self._in_blocks(waiting.by_horizon(self.metric.sql)).whole(), len(self.question.cells)
        sizes = grid.region_sizes(rows, self.blocks, rows.all_counts)
        curves = dict(self._by_day(self._numbers(range(n_cells))))
        nothing = waiting.ByDay((), dict.fromkeys(self.shape.COLUMNS, ()))
        return Grid(
            (), {}, n_cells, sized=((),), sizes=sizes, curves=tuple(curves.get(i, nothing) for i in range(n_cells))
        )  # fmt: skip

    def _by_day(self, numbers: Mapping[int, int]) -> Iterator[tuple[int, waiting.ByDay]]:
        """The curve of each cell, by its position."""
        sql = self.metric.sql
        counted = self._counted(sql, Of.EVERYBODY)
        if counted is not None:
            days = np.array([own[0] or 0 for own in counted.owns], int)
            for number, own, counts in self.numbered.by_own(sql, counted, numbers):
                yield number, waiting.ByDay(days[own], counts)
            return
        rows: dict = defaultdict(list)
        for row in self.answered(self.rows.select(sql, BY_CELL, numbers)):
            rows[row["by_1"]].append(row)
        for number, mine in rows.items():
            columns = {name: [row[name] for row in mine] for name in ("day", *self.shape.COLUMNS)}
            yield number, waiting.ByDay(columns["day"], columns)

    def _sixtieths_by_horizon(self) -> Grid:
        rows = self._in_blocks(waiting.by_horizon(self.metric.sql), are_sixtieths=True)
        sizes = grid.region_sizes(rows.whole(), self.blocks, rows.all_counts)
        by_day = grid.of_rows(rows, self.blocks, self.shape.COLUMNS[0])
        return replace(by_day, sized=((),), sizes=sizes)

    @cached_property
    def sixtieths(self) -> Grid:
        """The same in sixtieths of people, looked at where rows leave a doubt: so many people there are at least."""
        is_by_horizon = self.metric.shape == "waiting"
        return self._sixtieths_by_horizon() if is_by_horizon else self.by_block(are_sixtieths=True)

    def _numbers(self, cells: Container[int]) -> dict[int, int]:
        """The position of the cell that each block belongs to, of some cells."""
        return {block: cell for block, cell in self.blocks.cell_of.items() if cell in cells}

    def of_people(self) -> Grid:
        """Different people do not add up over blocks: those with more than one row are counted in every region."""
        rows = self._alone(rows_of(self.metric.sql))
        sizes = grid.region_sizes(rows, self.blocks, rows.counts[self.shape.GUARDED])
        found: dict[Own, np.ndarray] = dict(zip(rows.owns, sizes, strict=True))
        for own, region, people in self._of_several():
            mine = found.get(own)
            if mine is None:
                mine = found[own] = np.zeros(len(self.blocks.regions))
            mine[region] += people
        owns, n_cells = tuple(found), len(self.blocks.cells)
        sizes = np.array([*found.values()]).reshape(len(owns), len(self.blocks.regions))
        counts = sizes[:, self.blocks.ways_at[0]].T
        return Grid(owns, {"count": counts}, n_cells, is_there=np.ones(counts.shape, bool), sized=owns, sizes=sizes)

    def _of_several(self) -> Iterable[tuple[Own, int, int]]:
        """How many people with several rows are in each region (by position), by own labels: from their rows by number, or counted by the database."""
        sql, regions, names = self.metric.sql, self.blocks.regions, self.metric.labels
        people = self._counted_people()
        if people is not None:
            return self.numbered.people_in(rows_of(sql), people, regions)
        held = _held(self.blocks.blocks_of(region) for region in regions)
        found = self.answered(self.rows.people(sql, names, self.shape.AMOUNT, held, of=Of.SEVERAL))
        return ((tuple(row[name] for name in names), row["number"], row["people"]) for row in found)

    def _counted_people(self) -> People | None:
        """People with several rows, by the numbers of these; None where they are too many, or another machine has them: whose a row is does not travel."""
        if not self.source.is_here:
            return None
        asked = self.numbered.select_people(rows_of(self.metric.sql), self.metric.labels)
        found = self.source.run_in_columns(*asked, WHOSE)
        self._check(found.names)
        return found if isinstance(found, People) else None

    def guarded(self, found: Grid) -> np.ndarray:
        """What the guard hides (sized, cells): by rows where they tell, else by the people behind them."""
        is_of_people = self.metric.unit == "people"
        most = 1 if is_of_people else self.source.most_rows[self.metric.source]
        hidden, open_ = doubts(self.source.rule, most, found.sizes, *self.blocks.ways_at)
        if open_.size:
            self._hide_few_people(found, hidden, open_)
        return hidden

    def _hide_few_people(self, found: Grid, hidden: np.ndarray, open_: np.ndarray) -> None:
        """Hides those of which fewer than k different people are in the wider region alone; `open_`: sized, cell and way of each that is in doubt."""
        k, (regions, wider) = self.source.rule.k, self.blocks.ways_at
        sized, cell, way = open_.T
        at_least = self.sixtieths.sizes_of(found.sized)
        narrow, wide = regions[cell], wider[cell, way]
        is_unsure = people_at_least(at_least[sized, wide] - at_least[sized, narrow]) < k
        if not is_unsure.any():
            return
        sized, cell, narrow, wide = (one[is_unsure] for one in (sized, cell, narrow, wide))
        pairs = {pair: i for i, pair in enumerate(dict.fromkeys(zip(narrow.tolist(), wide.tolist(), strict=True)))}
        of = self.blocks.regions
        more = (set(self.blocks.blocks_of(of[wide])) - set(self.blocks.blocks_of(of[narrow])) for narrow, wide in pairs)
        own = () if self.metric.shape == "waiting" else self.metric.labels
        few = Few(own, frozenset(found.sized[i] for i in set(sized.tolist())))
        rows = self.answered(self.rows.people(self.metric.sql, own, self.shape.AMOUNT, _held(more), few))
        people = {(row["number"], tuple(row[name] for name in own)): row["people"] for row in rows}
        for i, j, *pair in zip(sized.tolist(), cell.tolist(), narrow.tolist(), wide.tolist(), strict=True):
            if people.get((pairs[tuple(pair)], found.sized[i]), 0) < k:
                hidden[i, j] = True

    @property
    def nobody_counted(self) -> ByOwn:
        return ByOwn((), {}, len(self.question.cells), NOT_COUNTED)

    def people(self, near: np.ndarray, found: Grid, has_shared: bool) -> ByOwn:
        """How many people stand behind the counts of cells that are `near`: one client can have several rows."""
        cells = np.flatnonzero(near.any(axis=1))
        if not len(cells):
            return self.nobody_counted
        are_together = bool(found.curves) or any(self.shape.guarded_by(own, has_shared) != own for own in found.owns)
        owns = frozenset() if are_together else frozenset(found.owns[i] for i in np.flatnonzero(near.any(axis=0)))
        few = EVERY if are_together else Few(self.metric.labels, owns)
        sql = self.shape.people(replace(self.metric, sql=few.of(self.metric.sql)), has_shared)
        query, values = self.rows.select(sql, CLIENTS_BY_CELL, self._numbers(set(cells.tolist())))
        rows = self.source.run(query, values | few.values)
        if not rows:
            return self.nobody_counted
        names = [name for name in rows[0] if name not in ("by_1", *self.metric.labels)]
        counted = Columns.of_dicts(rows, self.metric.labels, names, "by_1")
        return grid.of_people(counted, len(self.question.cells))

    def near(self, found: Grid, has_shared: bool) -> np.ndarray:
        """Which cells (and own labels) have a count of k or more that may come from fewer than k people: (cells, owns)."""
        rule = self.source.rule
        if self.metric.unit == "people":
            return np.zeros((found.n_cells, 1), bool)
        most = rule.k * self.source.most_rows[self.metric.source]
        amounts = self.shape.amounts(found, has_shared)
        doubts = [(rule.k <= n) & (n < most) & (True if found.curves else found.is_there) for n in amounts]
        if not any(one.any() for one in doubts):
            return np.zeros((found.n_cells, 1), bool)
        least = self.shape.at_least(found, self.sixtieths, has_shared)
        unsure = (one & (people_at_least(n) < rule.k) for one, n in zip(doubts, least, strict=True))
        return np.logical_or.reduce(list(unsure))


def _held(areas: Iterable[Iterable[int]]) -> dict[int, list[int]]:
    """Of each block the numbers of the areas that it is in."""
    held: dict = defaultdict(list)
    for number, blocks in enumerate(areas):
        for block in blocks:
            held[block].append(number)
    return held
