"""Where the table of a sheet starts: the row that holds most of the names we know, below titles, banners and notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from journeys.intake.files.cells import BLANKS, without_trailing_blanks
from journeys.intake.texts import squash

LOOK_ROWS = 40
MIN_KNOWN = 3


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its row (from 1), its cells as they stand and without the blank ones at the end, and the texts above it."""

    row: int
    raw: tuple[str, ...]
    above: tuple[str, ...]
    n_known: int

    @property
    def cells(self) -> tuple[str, ...]:
        return without_trailing_blanks(self.raw)


def header_of(rows: Iterable[tuple[int, Sequence[str]]], known: frozenset[str]) -> Header | None:
    """The header among the first rows; None where they hold nothing. `known` are squashed names of columns.

    The first row that holds anything is the header, unless a lower one holds at least three names we know, and twice as many.
    """
    first: list[tuple[int, tuple[str, ...]]] = []
    for number, row in rows:
        if any(cell.strip(BLANKS) for cell in row) and not row[0].startswith("sep="):
            first.append((number, tuple(row)))
        if number >= LOOK_ROWS or len(first) >= LOOK_ROWS:
            break
    if not first:
        return None
    scores = [sum(squash(cell) in known for cell in row) for _, row in first]
    best = scores.index(max(scores))
    if scores[best] < MIN_KNOWN or scores[best] < 2 * scores[0]:
        best = 0
    above = tuple(cell for _, row in first[:best] for cell in row if cell.strip(BLANKS))
    return Header(*first[best], above, scores[best])
