"""The exact counts behind one question: of its cells, of what its guard compares, and of the people behind small counts.

Nothing here leaves the room: `protect` lets through what may be shown.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import numpy as np

from journeys.answer.columns import WHOSE, Columns, People
from journeys.answer.guard import Blocks, Cell, Region, doubts
from journeys.answer.numbered import Numbered
from journeys.answer.query import BY_CELL, CLIENTS_BY_CELL, EVERY, Few, Labels, Of, Query, Rows, in_sixtieths, rows_of
from journeys.answer.question import Question
from journeys.answer.shapes import SHAPES, waiting
from journeys.answer.shapes.shape import Behind, Counts, Own, Shape, own_labels
from journeys.answer.sizes import is_shared, people_at_least, that_say_it
from journeys.answer.source import Source

NO_BLOCKS, BY_NOTHING = Blocks((), ()), Labels(part="0")


@dataclass(frozen=True)
class Exact:
    """`counts` and `people` of each cell by own labels; `guarded`, the cells and own labels that the guard hides. `unsure` are cells of which so few people
    may stand behind a count that these would have to be counted, where they were not."""

    source: Source
    shape: Shape
    counts: Mapping[Cell, Mapping[Own, Counts]]
    people: Mapping[Cell, Mapping[Own, Mapping[str, int]]]
    guarded: frozenset[tuple[Cell, Own]]
    has_shared: bool
    unsure: frozenset[Cell] = frozenset()

    def is_guarded(self, cell: Cell, own: Own) -> bool:
        """Whether the guard hides the cell for these own labels."""
        return bool(self.guarded) and (cell, self.shape.guarded_by(own, self.has_shared)) in self.guarded

    def behind(self, cell: Cell) -> Behind:
        """What stands behind one cell."""
        return Behind(self.counts.get(cell, {}), self.people.get(cell, {}), self.has_shared)


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
    has_shared = is_shared(found.sizes)
    near = list(reading.near(found.counts, has_shared))
    people = reading.people(near, has_shared) if has_people else {}
    unsure = frozenset() if has_people else frozenset(cell for cell, _ in near)
    return Exact(source, reading.shape, found.counts, people, reading.guarded(found.sizes), has_shared, unsure)


@dataclass(frozen=True)
class Tally:
    """Counts of the cells by own labels, and by own labels the size of each region."""

    counts: dict[Cell, dict[Own, dict[str, float]]] = field(default_factory=lambda: defaultdict(dict))
    sizes: dict[Own, dict[Region, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, cell: Cell, own: Own, columns: Sequence[str], row: Mapping) -> None:
        """Adds a row of an answer to the counts of its cell."""
        mine = self.counts[cell]
        if own not in mine:
            mine[own] = {name: row[name] or 0 for name in columns}
            return
        for name in columns:
            mine[own][name] += row[name] or 0


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
        self._both: dict[str, list[dict]] = {}

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

    def _in_blocks(self, sql: str, *, are_sixtieths: bool = False, is_whole: bool = False) -> Iterable[dict]:
        """The rows of a SELECT by block and own labels (`is_whole`: whatever these are): its counts, or what they are in sixtieths. One look at
        the rows tells both, since most small cells ask for the second: it takes little longer than for the first."""
        names = {name: in_sixtieths(name) for name in self._counted_in_sixtieths}
        counted = self._counted(sql, Of.BOTH)
        if counted is not None:
            mine = counted.called(names if are_sixtieths else {name: name for name in self._counts})
            mine = mine if self._sized_by is None else mine.only(that_say_it(self.metric, self._sized_by, mine.owns))
            return self.numbered.in_blocks(sql, mine.whole() if is_whole else mine)
        if sql not in self._both:
            self._both[sql] = self.answered(
                self.rows.select(
                    sql, of=Of.BOTH, counts=self._counts, counted=self._counted_in_sixtieths, own=self._own_of(sql)
                )
            )
        rows = self._both[sql]
        return ({**row, **{name: row[held] for name, held in names.items()}} for row in rows) if are_sixtieths else rows

    def _alone(self, sql: str) -> Iterable[dict]:
        """The rows of a SELECT by block, of people who have no other row."""
        counted = self._counted(sql, Of.ALONE)
        if counted is not None:
            return self.numbered.in_blocks(sql, counted)
        return self.answered(self.rows.select(sql, of=Of.ALONE))

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

    def _rows_in_blocks(self, *, are_sixtieths: bool) -> Iterable[dict]:
        """The rows of the metric by block and own labels."""
        if self.wide is None:
            return self._in_blocks(self.metric.sql, are_sixtieths=are_sixtieths)
        rows = self._in_blocks(self.wide.sql, are_sixtieths=are_sixtieths)
        return (told for row in rows for told in self.wide.told(row))

    def by_block(self, *, are_sixtieths: bool = False) -> Tally:
        """Counts of the cells and sizes of the regions, added up from one count by block."""
        self._check_columns()
        found = Tally()
        columns = self.shape.COUNTED if are_sixtieths else self.shape.COLUMNS
        own_of = own_labels(self.metric.labels)
        owned = [(own_of(row), row) for row in self._rows_in_blocks(are_sixtieths=are_sixtieths)]
        wanted = self._sized_by and that_say_it(self.metric, self._sized_by, {own for own, _ in owned})
        for own, row in owned:
            if wanted and own not in wanted:
                continue
            if row[self.shape.GUARDED] is not None:
                self._add_size(found.sizes[own], row["part"], row[self.shape.GUARDED])
            if row["part"] in self.blocks.cell_of:
                found.add(self.blocks.cell_of[row["part"]], own, columns, row)
        return found

    def _add_size(self, sizes: dict, block: int, n: float) -> None:
        for region in self.blocks.holding(block):
            sizes[region] += n

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

    def of_curves(self) -> Tally:
        """The guard needs only how many there are; a cell's own curve needs them by day."""
        found, names = Tally(), self.question.cells
        for row in self._in_blocks(waiting.by_horizon(self.metric.sql), is_whole=True):
            self._add_size(found.sizes[()], row["part"], sum(row[name] for name in self.shape.COLUMNS))
        curves: dict = {names[number]: curve for number, curve in self._by_day(self._numbers(names))}
        return Tally(curves, found.sizes)

    def _by_day(self, numbers: Mapping[int, int]) -> Iterator[tuple[int, waiting.ByDay]]:
        """The curve of each cell, by its number."""
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

    def _sixtieths_by_horizon(self) -> Tally:
        found = Tally()
        for row in self._in_blocks(waiting.by_horizon(self.metric.sql), are_sixtieths=True):
            self._add_size(found.sizes[()], row["part"], sum(row[name] for name in self.shape.COLUMNS))
            if row["part"] in self.blocks.cell_of:
                found.add(self.blocks.cell_of[row["part"]], (row["day"],), self.shape.COLUMNS, row)
        return found

    @cached_property
    def sixtieths(self) -> Tally:
        """The same in sixtieths of people, looked at where rows leave a doubt: so many people there are at least."""
        is_by_horizon = self.metric.shape == "waiting"
        return self._sixtieths_by_horizon() if is_by_horizon else self.by_block(are_sixtieths=True)

    def _numbers(self, cells: Iterable[Cell]) -> dict[int, int]:
        """The number of the cell that each block belongs to, of some cells."""
        wanted, number = set(cells), {cell: i for i, cell in enumerate(self.question.cells)}
        return {block: number[cell] for block, cell in self.blocks.cell_of.items() if cell in wanted}

    def of_people(self) -> Tally:
        """Different people do not add up over blocks: those with more than one row are counted in every region."""
        found, names = Tally(), self.metric.labels
        for row in self._alone(rows_of(self.metric.sql)):
            self._add_size(found.sizes[tuple(row[name] for name in names)], row["part"], row["count"])
        for own, region, people in self._of_several():
            found.sizes[own][region] += people
        for cell, (own, n) in product(self.blocks.cells, found.sizes.items()):
            found.add(cell, own, self.shape.COLUMNS, {"count": n.get(self.blocks.region(cell), 0)})
        return found

    def _of_several(self) -> Iterable[tuple[Own, Region, int]]:
        """How many people with several rows are in each region, by own labels: from their rows by number, or counted by the database."""
        sql, regions, names = self.metric.sql, self.blocks.regions, self.metric.labels
        people = self._counted_people()
        if people is not None:
            return self.numbered.people_in(rows_of(sql), people, regions)
        held = _held(self.blocks.blocks_of(region) for region in regions)
        found = self.answered(self.rows.people(sql, names, self.shape.AMOUNT, held, of=Of.SEVERAL))
        return ((tuple(row[name] for name in names), regions[row["number"]], row["people"]) for row in found)

    def _counted_people(self) -> People | None:
        """People with several rows, by the numbers of these; None where they are too many, or another machine has them: whose a row is does not travel."""
        if not self.source.is_here:
            return None
        asked = self.numbered.select_people(rows_of(self.metric.sql), self.metric.labels)
        found = self.source.run_in_columns(*asked, WHOSE)
        self._check(found.names)
        return found if isinstance(found, People) else None

    def guarded(self, sizes: Mapping[Own, Mapping[Region, float]]) -> frozenset[tuple[Cell, Own]]:
        """The cells and own labels that the guard hides: by rows where they tell, else by the people behind them."""
        is_of_people = self.metric.unit == "people"
        most = 1 if is_of_people else self.source.most_rows[self.metric.source]
        rule, hidden, open_ = self.source.rule, set(), []
        for own, n in sizes.items():
            for cell in self.blocks.cells:
                ways = self.blocks.ways(cell)
                if n.get(ways[0], 0) < rule.k:
                    continue  # hidden for what it is
                found = doubts(rule, most, ways, n)
                if found is None:
                    hidden.add((cell, own))
                else:
                    open_ += [(cell, own, region) for region in found]
        return frozenset(hidden | self._of_few_people(open_))

    def _of_few_people(self, open_: Sequence[tuple[Cell, Own, Region]]) -> set[tuple[Cell, Own]]:
        """Those of which fewer than k different people are in the wider region alone."""
        open_ = [one for one in open_ if self._n_more_at_least(*one) < self.source.rule.k]
        if not open_:
            return set()
        pairs = list(dict.fromkeys((self.blocks.region(cell), region) for cell, _, region in open_))
        more = (set(self.blocks.blocks_of(wide)) - set(self.blocks.blocks_of(narrow)) for narrow, wide in pairs)
        own = () if self.metric.shape == "waiting" else self.metric.labels
        few = Few(own, frozenset(own for _, own, _ in open_))
        people: dict = {}
        for row in self.answered(self.rows.people(self.metric.sql, own, self.shape.AMOUNT, _held(more), few)):
            people[pairs[row["number"]], tuple(row[name] for name in own)] = row["people"]
        k = self.source.rule.k
        return {
            (cell, own) for cell, own, region in open_ if people.get(((self.blocks.region(cell), region), own), 0) < k
        }

    def _n_more_at_least(self, cell: Cell, own: Own, region: Region) -> int:
        """How many people are in the wider region alone, at least."""
        sizes = self.sixtieths.sizes.get(own, {})
        return people_at_least(sizes.get(region, 0) - sizes.get(self.blocks.region(cell), 0))

    def people(self, near: Sequence[tuple[Cell, Own | None]], has_shared: bool) -> dict[Cell, dict]:
        """How many people stand behind the counts that could come from fewer than k: one client can have several rows."""
        if not near:
            return {}
        owns = frozenset(own for _, own in near if own)
        few = EVERY if any(own is None for _, own in near) else Few(self.metric.labels, owns)
        sql = self.shape.people(replace(self.metric, sql=few.of(self.metric.sql)), has_shared)
        query, values = self.rows.select(sql, CLIENTS_BY_CELL, self._numbers(cell for cell, _ in near))
        found: dict = defaultdict(dict)
        names = self.question.cells
        for row in self.source.run(query, values | few.values):
            found[names[row["by_1"]]][tuple(row[name] for name in self.metric.labels)] = row
        return found

    def near(self, counts: Mapping[Cell, Mapping[Own, Counts]], has_shared: bool) -> Iterator[tuple[Cell, Own | None]]:
        """Cells with a count that may come from fewer than k people: of which own labels, or None where those cannot be told apart."""
        for cell, mine in counts.items() if self.metric.unit != "people" else ():
            is_apart = all(self.shape.guarded_by(own, has_shared) == own for own in mine)
            parts = {own: {own: n} for own, n in mine.items()} if is_apart else {None: mine}
            for own, part in parts.items():
                if self._is_near(cell, Behind(part, has_shared=has_shared)):
                    yield cell, own

    def _is_near(self, cell: Cell, part: Behind) -> bool:
        """Whether any count of k or more may come from fewer than k people."""
        rule, amounts = self.source.rule, list(self.shape.amounts(part))
        most = rule.k * self.source.most_rows[self.metric.source]
        if not any(rule.k <= n < most for n in amounts):
            return False
        least = self.shape.at_least(part, self.sixtieths.counts.get(cell, {}))
        return any(people_at_least(n) < rule.k for rows, n in zip(amounts, least, strict=True) if rule.k <= rows < most)


def _held(areas: Iterable[Iterable[int]]) -> dict[int, list[int]]:
    """Of each block the numbers of the areas that it is in."""
    held: dict = defaultdict(list)
    for number, blocks in enumerate(areas):
        for block in blocks:
            held[block].append(number)
    return held
