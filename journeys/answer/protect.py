"""The one way out of the store: the rows of an answer, each with a state, and protected by its shape where it may have numbers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from journeys.answer import exact, second_names
from journeys.answer.exact import Exact
from journeys.answer.guard import Cell
from journeys.answer.question import Question
from journeys.answer.released import HIDDEN, NOTHING, SHOWN, Protected, Row
from journeys.answer.second_names import NamedAgain
from journeys.answer.seen import OfOwn, Sight
from journeys.answer.shapes.shape import Behind, Own
from journeys.answer.source import Source
from journeys.vocabulary import dictionary

_WAY = re.compile(r"none|[1-5](>[1-5])*")


def rows(source: Source, question: Question) -> tuple[Row, ...]:
    """The protected rows of a question, one for every label of its closed lists."""
    found = exact.read(source, question)
    again = second_names.guarded(found, question)
    return tuple(row for cell in question.cells for row in _rows(found, again, Sight(question, cell)))


class Sized(NamedTuple):
    """Rows that say how many stand behind each cell, and the cells whose rows may not be shown for all that is known."""

    rows: tuple[Row, ...]
    unsure: frozenset[Cell]


def sized(source: Source, question: Question, *, is_sure: bool = True) -> Sized:
    """The protected rows of a question, but of each cell only as many as say how many stand behind it: of several horizons those of the first, where
    everybody is, and of parts of one denominator, which all have it, up to the first that may show it. Most show it by their first part: the others are
    asked for in cells alone that do not. Where it need not be sure, no people are counted: what is unsure is for nobody to see."""
    metric = question.metric
    owns = list(() if metric.labels == ("path",) else _own_labels(question))  # of paths there is no list
    if metric.horizon == "months":
        owns = _of_first_horizon(question)
    found = exact.read(source, question, sized_by=owns[0] if owns else None, has_people=is_sure)
    is_shared = found.has_shared and metric.has_one_part
    if not is_shared or not owns:
        return Sized(tuple(_sized(found, question, owns, is_lazy=is_shared)), found.unsure)
    rows = list(_sized(found, question, owns[:1]))
    without = tuple(cell for cell, row in zip(question.cells, rows, strict=True) if not row.denominator)
    if without:
        others = replace(question, parts=without)
        more = exact.read(source, others, has_people=is_sure)
        return Sized((*rows, *_sized(more, others, owns, is_lazy=True)), found.unsure | more.unsure)
    return Sized(tuple(rows), found.unsure)


def _sized(found: Exact, question: Question, owns: Sequence[Own], *, is_lazy: bool = False) -> Iterator[Row]:
    again = second_names.guarded(found, question)
    for cell in question.cells:
        mine = _rows(found, again, Sight(question, cell), owns, is_lazy=is_lazy)
        yield from _until_sized(mine) if is_lazy else mine


def _of_first_horizon(question: Question) -> list[Own]:
    owns, at = list(_own_labels(question)), question.metric.labels.index("months")
    return [own for own in owns if own[at] == owns[0][at]]


def _until_sized(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        if row.denominator:
            return


def _rows(
    found: Exact, again: NamedAgain, sight: Sight, owns: Sequence[Own] | None = None, *, is_lazy: bool = False
) -> Iterator[Row]:
    """The rows of one cell (or of these own labels alone), where it is lazy protected one by one. Of paths, which have no closed list, only those that can be shown."""
    metric, behind = sight.question.metric, found.behind(sight.cell)
    is_open = metric.labels == ("path",)
    owns = owns or list(_paths(behind) if is_open else _own_labels(sight.question))
    place, by = sight.of_place, sight.labels
    like = Row({}, HIDDEN, records=place.records, partly=place.partly, covers=sight.covers, tools=place.tools)
    for some in ([own] for own in owns) if is_lazy else (owns,):
        protected = _protected(found, again, sight, behind, some)
        for own in some:
            one = protected[own]
            if is_open and one.values is None:
                continue
            labels = MappingProxyType({**by, **OfOwn.of(sight.question, own).labels})
            yield like.but(
                labels=labels, state=one.state, why=one.why, values=one.values, complete=sight.is_complete(own)
            )


def _protected(
    found: Exact, again: NamedAgain, sight: Sight, behind: Behind, owns: Iterable[Own]
) -> dict[Own, Protected]:
    """What may be shown under each own label of a cell; no part that the guard hides under its other name."""
    shape, rule = found.shape, found.source.rule
    protected, answered = {}, []
    for own in owns:
        state = sight.state(own) or (HIDDEN if found.is_guarded(sight.cell, own) else None)
        if state is None:
            answered.append(own)
        else:
            protected[own] = Protected(state, shape.bare(own))
    released = dict(zip(answered, shape.released(rule, behind, answered), strict=True))
    protected |= released
    for own in answered if again else ():
        if (sight.cell, sight.question.metric.choice_of(own)) in again and released[own].state == SHOWN:
            protected[own] = NOTHING
    return protected


def _own_labels(question: Question) -> Iterable[Own]:
    """Every value of the metric's own labels."""
    labels = question.metric.labels
    if labels == ("tool", "item"):
        return dictionary.load().changing_items
    return product(*(question.lists.own_codes(question.metric, name) for name in labels))


def _paths(behind: Behind) -> list[Own]:
    return sorted(own for own in behind.counts if _WAY.fullmatch(str(own[0])))
