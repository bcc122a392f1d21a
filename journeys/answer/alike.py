"""Like with like: which rows of an answer were seen through the same records, and may therefore be compared."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from journeys.answer.released import NOT_APPLICABLE, NOT_RECORDED, NotAlike, Protected, Row
from journeys.answer.rows import Rows
from journeys.vocabulary import dictionary
from journeys.vocabulary.metrics import KIND_WORDS

Through = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str, bool], ...]]
FEWEST_OF_OWN_GROUP = 3


def through(row: Row) -> Through:
    """What a row was seen through: the kinds that all of its services record, those that some do, and by what: the tools behind readings,
    the services under a client key.

    Kinds alone are not enough: a service that reads confidence by one tool instead of two keeps the kind and sees less.
    """
    return row.records, row.partly, row.tools


def size_of(one: Row | Protected) -> int:
    """How many stand behind a row, from released counts."""
    return 0 if one.values is None else one.values.size or 0


def compared(rows: Iterable[Row], one: Row | None = None) -> list[Row]:
    """The rows that are compared with one another: the group with the most behind it (of two alike, the one that records more).

    Where `one` is looked at: its own group, if that has three rows or more.
    """
    groups: dict[Through, list[Row]] = defaultdict(list)
    for row in rows:
        if row.state not in (NOT_RECORDED, NOT_APPLICABLE):
            groups[through(row)].append(row)
    own = [] if one is None else groups.get(through(one), [])  # none where it does not record
    if len(own) >= FEWEST_OF_OWN_GROUP:
        return own
    return max(groups.values(), key=_rank, default=[])


def _rank(rows: Sequence[Row]) -> tuple[int, int, int]:
    return sum(map(size_of, rows)), len(rows[0].records), len(rows[0].partly)


def labels_in(names: Sequence[str]) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """What takes some labels out of those of a row, in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda labels: tuple(labels[name] for name in names)


@dataclass(frozen=True)
class Families:
    """Rows that differ only in the labels that are told apart: the family of each row, numbered in the order in which they come; whether it is seen at all, and
    whether it is compared with the others (`compared`)."""

    of: np.ndarray
    is_seen: np.ndarray
    is_compared: np.ndarray

    @property
    def n(self) -> int:
        return int(self.of.max(initial=-1)) + 1


def families(rows: Rows, apart: Iterable[str]) -> Families:
    """The families of all rows, and in each those that are compared."""
    others = [name for name in (rows.cells[0].labels if rows.cells else ()) if name not in apart]
    place, _ = rows.of_cells(lambda cell: tuple(cell.labels[name] for name in others))
    of = _numbered(place[rows.cell] * max(len(rows.owns), 1) + rows.own)
    is_seen = rows.of_protected(lambda one: one.state not in (NOT_RECORDED, NOT_APPLICABLE), bool)
    by_cell, throughs = rows.of_cells(through)
    group = of * max(len(throughs), 1) + by_cell[rows.cell]
    largest = _largest(group[is_seen], rows.of_protected(size_of, int)[is_seen], throughs)
    return Families(of, is_seen, is_seen & np.isin(group, largest))


def _largest(group: np.ndarray, sizes: np.ndarray, throughs: Sequence[Through]) -> np.ndarray:
    """Of each family the group with the most behind it, as `compared` has it; a group is a family and what its rows were seen through."""
    found, first, at = np.unique(group, return_index=True, return_inverse=True)
    family, seen_through = np.divmod(found, max(len(throughs), 1))
    records, partly = (np.array([len(one[i]) for one in throughs], int)[seen_through] for i in (0, 1))
    order = np.lexsort((first, -partly, -records, -np.bincount(at, sizes, len(found)), family))
    _, best = np.unique(family[order], return_index=True)
    return found[order][best]


def _numbered(keys: np.ndarray) -> np.ndarray:
    """Keys as numbers, in the order in which they come."""
    _, first, at = np.unique(keys, return_index=True, return_inverse=True)
    number = np.empty(len(first), int)
    number[np.argsort(first)] = np.arange(len(first))
    return number[at]


def not_compared(rows: Rows, families: Families, apart: Sequence[str]) -> tuple[NotAlike, ...]:
    """The labels that are left out of comparisons, and why: of each place the first such row."""
    others = np.flatnonzero(families.is_seen & ~families.is_compared)
    others = others[np.lexsort((others, families.of[others]))]
    place, _ = rows.of_cells(lambda cell: tuple(cell.labels[name] for name in apart))
    _, first = np.unique(place[rows.cell[others]], return_index=True)
    of_family, compared = np.zeros(families.n, int), np.flatnonzero(families.is_compared)[::-1]
    of_family[families.of[compared]] = compared  # the first stands, since it comes last
    found = []
    for i in others[np.sort(first)].tolist():
        mine, other = (rows.cells[rows.cell[one]] for one in (i, of_family[families.of[i]]))
        found.append(NotAlike({name: mine.labels[name] for name in apart}, _why(mine, other)))
    return tuple(found)


def _why(row: Row, other: Row) -> str:
    """What one hands over and the others do not, and the other way round."""
    with_tools = {kind for kind, _, _ in set(row.tools) ^ set(other.tools)}
    if with_tools == {"shared_key"} and (row.records, row.partly) == (other.records, other.partly):
        return "under a client key of other services, in which alone people who come back are seen"
    mine, theirs = _kinds(row, with_tools), _kinds(other, with_tools)
    more = _listed([kind for kind in mine if kind not in theirs])
    less = _listed([kind for kind in theirs if kind not in mine])
    if more and less:
        return f"with {more}, the others with {less}"
    return f"without {less}, which the others hand over" if less else f"with {more}, which the others do not hand over"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _kinds(row: Row, with_tools: Container[str]) -> list[str]:
    """The kinds in words, those of readings with their tools where these differ."""
    partly = [f"{_kind(row, kind, with_tools)} in part" for kind in row.partly]
    return [*(_kind(row, kind, with_tools) for kind in row.records), *partly]


def _kind(row: Row, kind: str, with_tools: Container[str]) -> str:
    tools = dictionary.load().tools
    if kind == "shared_key":
        return KIND_WORDS[kind]  # its services are no tools: they are not named
    said = [tools[tool].label + ("" if is_all else " in part") for of, tool, is_all in row.tools if of == kind]
    return f"{KIND_WORDS[kind]} ({' and '.join(said)})" if said and kind in with_tools else KIND_WORDS[kind]


def labels_of(rows: Iterable[Row]) -> set[tuple[tuple[str, str], ...]]:
    """The labels of rows as keys."""
    return {key(row.labels) for row in rows}


def key(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(labels.items())
