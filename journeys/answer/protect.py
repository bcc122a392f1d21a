"""The one way out of the store: the rows of an answer, each hidden, too early, not recorded, or protected by its shape."""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from journeys.answer import exact
from journeys.answer.exact import Exact
from journeys.answer.guard import Cell
from journeys.answer.question import Question
from journeys.answer.released import HIDDEN, NOT_RECORDED, TOO_EARLY, Row
from journeys.answer.shapes.shape import Behind, Own
from journeys.answer.source import Source
from journeys.vocabulary import dictionary
from journeys.vocabulary.horizons import DAYS, WEEKS

_WAY = re.compile(r"none|[1-5](>[1-5])*")


def rows(source: Source, question: Question) -> tuple[Row, ...]:
    """The protected rows of a question, one for every label of its closed lists."""
    found = exact.read(source, question)
    return tuple(row for cell in question.cells for row in _rows(found, question, cell))


def _rows(found: Exact, question: Question, cell: Cell) -> Iterator[Row]:
    """The rows of one cell. Of paths, which have no closed list, only those that can be shown."""
    behind, shape = found.behind(cell), found.shape
    is_open = question.metric.labels == ("path",)
    owns = list(_paths(behind) if is_open else _own_labels(question))
    names = (*question.by, *question.metric.labels)
    states = {own: _calendar_state(question, cell, own) for own in owns}
    answered = [own for own in owns if states[own][0] is None and not found.is_guarded(cell, own)]
    protected = dict(zip(answered, shape.released(found.source.rule, behind, answered), strict=True))
    for own in owns:
        labels = dict(zip(names, map(str, (*cell, *own)), strict=True))
        state, complete = states[own]
        if own in protected:
            one = protected[own]
            row = Row(labels, one.state, complete=complete, why=one.why, values=one.values)
        else:
            row = Row(labels, state or HIDDEN, complete=complete, values=shape.bare(own))
        if row.is_shown or not is_open:
            yield row


def _own_labels(question: Question) -> Iterable[Own]:
    """Every value of the metric's own labels."""
    labels = question.metric.labels
    if labels == ("tool", "item"):
        return dictionary.load().changing_items
    return product(*(question.lists.own_codes(question.metric, name) for name in labels))


def _paths(behind: Behind) -> list[Own]:
    return sorted(own for own in behind.counts if _WAY.fullmatch(str(own[0])))


def _calendar_state(question: Question, cell: Cell, own: Own) -> tuple[str | None, bool | None]:
    """What the calendar and the services alone say of a row: its state, if that settles it, and whether it is complete."""
    services = question.services_of(cell)
    is_recorded = not services or any(s.records >= set(question.metric.needs) for s in services)
    days = _horizon(question, own)
    if days is None or not services:
        return None if is_recorded else NOT_RECORDED, None
    span = question.months_of(cell)
    is_early = all(span[0] >= s.early_from[days] if span else days in s.all_early for s in services)
    is_complete = all((span[1] if span else s.last_month) <= s.complete_until[days] for s in services)
    # the start of a job is not on the calendar, so nobody can say that a cell of jobs is complete
    complete = None if question.metric.horizon == "weeks" else is_complete
    state = TOO_EARLY if is_early else None
    return state if is_recorded else NOT_RECORDED, complete


def _horizon(question: Question, own: Own) -> int | None:
    """The days that must have passed for a row to be whole."""
    horizon = question.metric.horizon
    if horizon == "none":
        return None
    if horizon == "within":
        return question.selection.days
    if horizon in ("months", "weeks"):
        number = int(str(own[question.metric.labels.index(horizon)]))
        return DAYS[number] if horizon == "months" else WEEKS[number]
    return int(horizon)
