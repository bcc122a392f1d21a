"""Like with like: which rows of an answer were seen through the same records, and may therefore be compared."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from journeys.answer.released import NOT_APPLICABLE, NOT_RECORDED, NotAlike, Protected, Row
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


def families(rows: Sequence[Row], apart: Iterable[str]) -> list[list[Row]]:
    """Rows that differ only in the labels that are told apart."""
    others = [name for name in rows[0].labels if name not in apart] if rows else []
    if not others:
        return [list(rows)] if rows else []
    others_of = labels_in(others)
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[others_of(row.labels)].append(row)
    return list(found.values())


def labels_in(names: Sequence[str]) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """What takes some labels out of those of a row, in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda labels: tuple(labels[name] for name in names)


class Family(NamedTuple):
    """Rows that differ only in the labels that are told apart, and those of them that are compared."""

    rows: list[Row]
    compared: list[Row]


def compared_families(rows: Sequence[Row], apart: Iterable[str]) -> list[Family]:
    return [Family(family, compared(family)) for family in families(rows, apart)]


def not_compared(families: Iterable[Family], apart: Sequence[str]) -> tuple[NotAlike, ...]:
    """The labels that are left out of comparisons, and why."""
    found: dict[tuple, NotAlike] = {}
    for rows, group in families:
        if len(rows) == len(group):
            continue
        alike = through(group[0]) if group else None
        for row in rows:
            if row.state not in (NOT_RECORDED, NOT_APPLICABLE) and through(row) != alike:
                labels = {name: row.labels[name] for name in apart}
                place = tuple(labels.values())
                if place not in found:
                    found[place] = NotAlike(labels, _why(row, group[0]))
    return tuple(found.values())


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
