"""The one way out of the store: the rows of an answer, each with a state, and protected by its shape where it may have numbers."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np

from journeys.answer import exact, second_names
from journeys.answer.alike import size_of
from journeys.answer.exact import OPEN, Exact
from journeys.answer.grid import Grid
from journeys.answer.guard import Cell
from journeys.answer.question import Question
from journeys.answer.released import HIDDEN, NOTHING, SHOWN, Protected, Row
from journeys.answer.rows import Rows
from journeys.answer.second_names import NamedAgain
from journeys.answer.seen import STATES, OfOwn, Sight, states
from journeys.answer.shapes.shape import Coded, Own
from journeys.answer.source import Source
from journeys.vocabulary import dictionary

ITEMS = ("tool", "item")
MOST_ROWS = 1_000_000  # of an answer: made one by one they are most of a gigabyte
_WAY = re.compile(r"none|[1-5](>[1-5])*")


def rows(source: Source, question: Question) -> Rows:
    """The protected rows of a question, one for every label of its closed lists. Raises TooManyRows."""
    check_size(question)
    found = exact.read(source, question)
    return _rows(found, question, _owns(found, question))


class TooManyRows(ValueError):
    """What a question asks for has more rows than one answer may have."""


def check_size(question: Question) -> None:
    """Raises TooManyRows before anything is counted: the doors between 80 services by service and month would be 31 million."""
    if question.metric.labels == OPEN:
        return
    codes = (question.lists.own_codes(question.metric, name) for name in question.metric.labels)
    n_own = len(_items()) if question.metric.labels == ITEMS else math.prod(map(len, codes))
    n = len(question.cells) * n_own
    if n > MOST_ROWS:
        by = " and ".join(question.by) or "its own labels"
        raise TooManyRows(
            f"{question.metric.slug} by {by} would have {n:,} rows, and an answer has {MOST_ROWS:,} at most: "
            "choose one service or commissioner, a shorter period, or one breakdown less"
        )


class Sized(NamedTuple):
    """How many stand behind each cell, from released counts, and the cells of which nothing may be shown for all that is known."""

    of: Mapping[Cell, int]
    unsure: frozenset[Cell]


def sized(source: Source, question: Question, *, is_sure: bool = True) -> Sized:
    """How many stand behind each cell of a question, from no more of its rows than say it: of several horizons those of the first, where
    everybody is, and of parts of one denominator, which all have it, the first that may show it. Most show it by their first part: the others are
    asked for in cells alone that do not. Where it need not be sure, no people are counted: what is unsure is for nobody to see."""
    metric = question.metric
    owns = [] if metric.labels == OPEN else list(_own_labels(question))  # of paths there is no list
    if metric.horizon == "months":
        owns = _of_first_horizon(question, owns)
    found = exact.read(source, question, sized_by=owns[0] if owns else None, has_people=is_sure)
    if not (found.has_shared and metric.has_one_part and owns):
        return Sized(behind(_rows(found, question, owns or _owns(found, question)), metric.shape), found.unsure)
    sizes = behind(_rows(found, question, owns[:1]), metric.shape)
    without = tuple(cell for cell in question.cells if not sizes.get(cell))
    if not without:
        return Sized(sizes, found.unsure)
    others = replace(question, parts=without)
    more = exact.read(source, others, has_people=is_sure)
    of_each = _rows(more, others, owns).of_protected(size_of, int).reshape(len(without), len(owns))
    first = of_each[np.arange(len(without)), (of_each > 0).argmax(axis=1)]
    return Sized({**sizes, **dict(zip(without, first.tolist(), strict=True))}, found.unsure | more.unsure)


def behind(rows: Rows, shape: str) -> dict[Cell, int]:
    """How many stand behind each cell, by its labels: counts add up, and of parts of a cell the largest is all that is known of it."""
    sizes, found = rows.of_protected(size_of, int), np.zeros(len(rows.cells), int)
    (np.add if shape == "count" else np.maximum).at(found, rows.cell, sizes)
    return {tuple(cell.labels.values()): n for cell, n in zip(rows.cells, found.tolist(), strict=True)}


def _of_first_horizon(question: Question, owns: Sequence[Own]) -> list[Own]:
    at = question.metric.labels.index("months")
    return [own for own in owns if own[at] == owns[0][at]]


def _rows(found: Exact, question: Question, owns: Sequence[Own]) -> Rows:
    """The rows of all cells under these own labels. Of paths, which have no closed list, only those that can be shown."""
    sights = [Sight(question, cell) for cell in question.cells]
    each = [OfOwn.of(question, own) for own in owns]
    kinds: dict = {}
    of_kind = [kinds.setdefault(one.kind, len(kinds)) for one in each]
    state, complete = (one[:, of_kind] for one in states(sights, list(kinds)))
    coded = _protected(found, question, owns, state)
    cell, own = (one.ravel() for one in np.indices(state.shape))
    labels, cells = [one.labels for one in each], [_like(sight) for sight in sights]
    made = Rows(cells, labels, coded.protected, cell, own, coded.code.ravel(), complete.ravel())
    is_open = question.metric.labels == OPEN
    return made.only(
        made.of_protected(lambda one: one.values is not None, bool) if is_open else np.ones(len(made), bool)
    )


def _like(sight: Sight) -> Row:
    """What all rows of a cell have in common."""
    place = sight.of_place
    return Row(sight.labels, HIDDEN, records=place.records, partly=place.partly, covers=sight.covers, tools=place.tools)


def _protected(found: Exact, question: Question, owns: Sequence[Own], state: np.ndarray) -> Coded:
    """What may be shown of each cell under each own label; no part that the guard hides under its other name. `state`: why nothing may be, by `STATES`."""
    again = second_names.guarded(found, question)
    state = np.where((state == 0) & found.is_guarded(owns), STATES.index(HIDDEN), state)
    coded = found.shape.released(found.source.rule, found.behind(owns, state == 0))
    protected: dict[Protected, int] = {}
    code = np.array([protected.setdefault(one, len(protected)) for one in coded.protected], int)[coded.code]
    if again:
        is_shown = np.array([one.state == SHOWN for one in protected], bool)
        is_hidden = _named_again(again, question, owns) & is_shown[code]
        code = np.where(is_hidden, protected.setdefault(NOTHING, len(protected)), code)
    for i, own in enumerate(owns):
        bare = [protected.setdefault(Protected(one, found.shape.bare(own)), len(protected)) for one in STATES[1:]]
        code[:, i] = np.where(state[:, i] == 0, code[:, i], np.array([0, *bare])[state[:, i]])
    return Coded(tuple(protected), code)


def _named_again(again: NamedAgain, question: Question, owns: Sequence[Own]) -> np.ndarray:
    """Whether the guard hides a cell under the other name of an own label: (cells, owns)."""
    number = {cell: i for i, cell in enumerate(question.cells)}
    named: dict = {}
    for i, own in enumerate(owns):
        named.setdefault(question.metric.choice_of(own), []).append(i)
    found = np.zeros((len(number), len(owns)), bool)
    for cell, value in again:
        found[number[cell], named.get(value, [])] = True
    return found


def _owns(found: Exact, question: Question) -> list[Own]:
    return _paths(found.grid) if question.metric.labels == OPEN else list(_own_labels(question))


def _own_labels(question: Question) -> Iterable[Own]:
    """Every value of the metric's own labels."""
    labels = question.metric.labels
    if labels == ITEMS:
        return _items()
    return product(*(question.lists.own_codes(question.metric, name) for name in labels))


def _items() -> Sequence[Own]:
    """The tools and items that are measured again."""
    return dictionary.load().changing_items


def _paths(grid: Grid) -> list[Own]:
    return sorted(own for own in grid.owns if _WAY.fullmatch(str(own[0])))
