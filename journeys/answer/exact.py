"""The exact counts behind one question: of its cells, of what its guard compares, and of the people behind small counts.

Nothing here leaves the room: `protect` lets through what may be shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from journeys.answer.guard import Blocks, Cell, Region, is_guarded
from journeys.answer.query import BY_CELL, CLIENTS_BY_CELL, Query, Rows
from journeys.answer.question import Question
from journeys.answer.shapes import SHAPES, waiting
from journeys.answer.shapes.shape import Behind, Counts, Own, Shape
from journeys.answer.source import Source


@dataclass(frozen=True)
class Exact:
    """`counts` and `people` of each cell by own labels; `sizes` of every region that the guard compares, by own labels."""

    source: Source
    blocks: Blocks
    shape: Shape
    counts: Mapping[Cell, Mapping[Own, Counts]]
    people: Mapping[Cell, Mapping[Own, Mapping[str, int]]]
    sizes: Mapping[Own, Mapping[Region, float]]

    def is_guarded(self, cell: Cell, own: Own) -> bool:
        """Whether the guard hides the cell for these own labels."""
        sizes = self.sizes.get(self.shape.guarded_by(own, self.has_shared), {})
        return is_guarded(self.source.rule, self.blocks.ways(cell), sizes)

    def behind(self, cell: Cell) -> Behind:
        """What stands behind one cell."""
        return Behind(self.counts.get(cell, {}), self.people.get(cell, {}), self.has_shared)

    @cached_property
    def has_shared(self) -> bool:
        """Whether rows without a last label carry the denominator of all labels."""
        return any(own and own[-1] is None for own in self.sizes)


def read(source: Source, question: Question) -> Exact:
    """The exact counts behind a question."""
    reading = Reading(source, question)
    if question.metric.unit == "people":
        return reading.of_people()
    counts, sizes = reading.of_curves() if question.metric.shape == "waiting" else reading.by_block()
    exact = Exact(source, reading.blocks, reading.shape, counts, {}, sizes)
    return Exact(source, reading.blocks, reading.shape, counts, reading.people(exact), sizes)


class Reading:
    """Runs the SQL of one question."""

    def __init__(self, source: Source, question: Question) -> None:
        self.source, self.question, self.metric = source, question, question.metric
        self.shape = SHAPES[self.metric.shape]
        self.blocks = Blocks(question.axes, question.cells)
        self.rows = Rows(self.blocks, question.selection.days, source.columns)

    def answered(self, query: Query) -> list[dict]:
        """The rows of a metric; a column that it does not declare is refused, so that no identifier can pose as a label."""
        found = self.source.run(*query)
        declared = {"by_1", "by_2", "part", "number", "n", "people", "day", *self.metric.labels, *self.shape.COLUMNS}
        unknown = [name for name in (found[0] if found else ()) if name not in declared]
        if unknown:
            raise ValueError(
                f"metric {self.metric.slug} returns {unknown[0]!r}, which is neither a label nor a count of it"
            )
        return found

    def by_block(self) -> tuple[dict, dict]:
        """Counts of the cells and sizes of the regions, added up from one count by block."""
        counts: dict = defaultdict(dict)
        sizes: dict = defaultdict(lambda: defaultdict(int))
        for row in self.answered(self.rows.select(self.metric.sql)):
            own = tuple(row[name] for name in self.metric.labels)
            block = row["part"]
            if row[self.shape.GUARDED] is not None:
                self._add_size(sizes[own], block, row[self.shape.GUARDED])
            if block in self.blocks.cell_of:
                mine = counts[self.blocks.cell_of[block]].setdefault(own, dict.fromkeys(self.shape.COLUMNS, 0))
                for name in self.shape.COLUMNS:
                    mine[name] += row[name] or 0
        return counts, sizes

    def _add_size(self, sizes: dict, block: int, n: float) -> None:
        for region in self.blocks.holding(block):
            sizes[region] += n

    def of_curves(self) -> tuple[dict, dict]:
        """The guard needs only how many there are; a cell's own curve needs them by day."""
        sizes: dict = {(): defaultdict(int)}
        for row in self.answered(self.rows.select(waiting.totals(self.metric.sql))):
            self._add_size(sizes[()], row["part"], row["n"])
        counts: dict = defaultdict(dict)
        names = self.question.cells
        for row in self.answered(self.rows.select(self.metric.sql, BY_CELL, self._numbers(names))):
            counts[names[row["by_1"]]][(row["day"],)] = {name: row[name] for name in self.shape.COLUMNS}
        return counts, sizes

    def _numbers(self, cells: Iterable[Cell]) -> dict[int, int]:
        """The number of the cell that each block belongs to, of some cells."""
        wanted, number = set(cells), {cell: i for i, cell in enumerate(self.question.cells)}
        return {block: number[cell] for block, cell in self.blocks.cell_of.items() if cell in wanted}

    def of_people(self) -> Exact:
        """Different people do not add up over blocks: they are counted in every region."""
        regions = self.blocks.regions
        number = {region: i for i, region in enumerate(regions)}
        held: dict = defaultdict(list)
        for region in regions:
            for block in self.blocks.blocks_of(region):
                held[block].append(number[region])
        sizes: dict = defaultdict(dict)
        query = self.rows.people(self.metric.sql, self.metric.labels, self.shape.GUARDED, held)
        for row in self.answered(query):
            sizes[tuple(row[name] for name in self.metric.labels)][regions[row["number"]]] = row["people"]
        counts = {
            cell: {own: {"count": n.get(self.blocks.region(cell), 0)} for own, n in sizes.items()}
            for cell in self.blocks.cells
        }
        return Exact(self.source, self.blocks, self.shape, counts, {}, sizes)

    def people(self, exact: Exact) -> dict[Cell, dict[Own, Mapping[str, int]]]:
        """How many people stand behind the counts that could come from fewer than k: one client can have several rows."""
        rule = self.source.rule
        most = rule.k * self.source.most_rows.get(self.metric.source, 1)
        near = {
            cell for cell in exact.counts if any(rule.k <= n < most for n in self.shape.amounts(exact.behind(cell)))
        }
        if not near:
            return {}
        found: dict = defaultdict(dict)
        names = self.question.cells
        sql = self.shape.people(self.metric, exact.has_shared)
        for row in self.source.run(*self.rows.select(sql, CLIENTS_BY_CELL, self._numbers(near))):
            found[names[row["by_1"]]][tuple(row[name] for name in self.metric.labels)] = row
        return found
