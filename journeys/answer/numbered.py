"""Counts by service and month, added up to the blocks of place and time.

The store numbers each service and month of referral. Counted by that number once, the same rows answer for every choice of period,
service and commissioner and for every breakdown by them: only these sums differ, and they are made here. What else is chosen
(people, base) is counted by block as always.
"""

from collections.abc import Mapping, Sequence

from journeys.answer.guard import Blocks
from journeys.answer.query import NUMBER, PLACE, Labels, Numbers, Query, Rows
from journeys.answer.question import Question
from journeys.vocabulary.metrics import Metric

# blocks and numbers up to which sums are made here, by how many labels of its own a metric has: of more rows the database makes them faster
MOST = {0: 10_000, 1: 2_000, 2: 500}


class Numbered:
    """The rows of a question by service and month: where it chooses among these, the store numbers them, and they are few."""

    def __init__(
        self,
        question: Question,
        blocks: Blocks,
        n_labels: int,
        numbers: Numbers,
        columns: Mapping[str, tuple[str, ...]],
    ) -> None:
        mine = numbers.get(PLACE, {})
        others = [axis for axis in question.axes if axis.columns != PLACE]
        apart = Blocks(others, ())
        self._rows = Rows(apart, question.selection.days, columns, numbers)
        self._n_others = apart.n
        place = next((one for one in blocks.cuts if one.axis.columns == PLACE), None)
        block_of = place.block_of if place else {}
        self._block_of = {mine[element]: block for element, block in block_of.items() if element in mine}
        self._stride = blocks.n // apart.n  # place and time are the first axis: its blocks are counted in ones
        number = f"row_of.{NUMBER[PLACE]}"  # alone, the database knows how many there are
        self._labels = Labels(part=number if apart.n == 1 else f"place.block + {apart.n} * {number}")
        self._is_few = bool(self._block_of) and len(mine) * apart.n <= _most(question.metric, n_labels)

    def can(self, sql: str) -> bool:
        """Whether a SELECT reads tables alone that hold the number."""
        return self._is_few and self._rows.all_hold(sql, NUMBER[PLACE])

    def select(self, sql: str, only: bool | None) -> Query:
        return self._rows.select(sql, self._labels, only=only)

    def in_blocks(self, rows: Sequence[dict], counts: Sequence[str]) -> list[dict]:
        """The rows of that SELECT as if it had counted by block: those alike in all but these counts are added up."""
        labels = [name for name in (rows[0] if rows else ()) if name not in ("by_1", "by_2", "part", *counts)]
        found: dict[tuple | int, dict] = {}
        block_of, n_others, stride = self._block_of, self._n_others, self._stride
        for row in rows:
            number, other = divmod(row["part"], n_others)
            block = block_of.get(number)
            if block is None:
                continue  # in no set of the question
            part = block + stride * other
            key = (part, *[row[name] for name in labels]) if labels else part
            if key in found:
                _add(found[key], row, counts)
            else:
                found[key] = row | {"part": part}  # a copy: others read these rows, too
        return list(found.values())


def _most(metric: Metric, n_labels: int) -> int:
    """Of paths, which no list closes, there may be any number."""
    return 0 if "path" in metric.labels else MOST.get(n_labels, 0)


def _add(mine: dict, row: Mapping, counts: Sequence[str]) -> None:
    """Adds counts as SQL does: null beside nothing but null stays null."""
    for name in counts:
        if row[name] is not None:
            mine[name] = row[name] + (mine[name] or 0)
