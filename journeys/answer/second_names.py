"""Numerators that are a choice under a second name: the part "GP" of all sources of referral is the selection of referrals from a GP.

The guard looks at denominators. A part that could be chosen as a cohort or breakdown would be shown where the guard hides that
very choice, and what is left between two of them be known: of 17 at one service (shown as 15) and 23 at both services of its
commissioner (shown as 25), that the other has 6 or 7. So a part has the guard of the choice that it names, as its metric says
(`same_as`): those that could be shown are asked once more as cells of that dimension, and what the guard hides there is no part here.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from journeys.answer.exact import Exact, Reading
from journeys.answer.guard import Cell
from journeys.answer.question import Question
from journeys.answer.sizes import is_shared
from journeys.answer.source import Source

NamedAgain = frozenset[tuple[Cell, str | None]]


def guarded(found: Exact, question: Question) -> NamedAgain:
    """The cells and values of the dimension named again that the guard hides. Where it is chosen already, the cell's own guard holds."""
    if not _is_named_again(question):
        return frozenset()
    parts = tuple(dict.fromkeys(_that_could_be_shown(found, question)))
    if not parts:
        return frozenset()
    reading = Reading(found.source, _asked(question, parts, has_shared=found.has_shared))
    _, hidden = reading.guarded(reading.by_block()).nonzero()
    return frozenset((parts[i][:-1], parts[i][-1]) for i in hidden.tolist())


def beforehand(source: Source, question: Question) -> None:
    """Make the counts by number that such a question is made of, and those that its parts are compared with."""
    owns = Reading(source, question).beforehand()
    if _is_named_again(question):
        codes = question.lists.codes(str(question.metric.named_again))
        parts = tuple((*cell, code) for cell, code in product(question.cells, codes))
        Reading(source, _asked(question, parts, has_shared=is_shared(owns))).beforehand()


def _is_named_again(question: Question) -> bool:
    dimension = question.metric.named_again
    return dimension is not None and dimension not in (*question.selection.cohort, *question.by)


def _asked(question: Question, parts: tuple[Cell, ...], *, has_shared: bool) -> Question:
    """The parts as cells of the dimension that they name; of a denominator that they share that alone."""
    metric = question.metric
    if has_shared:
        *others, last = metric.labels
        columns = ", ".join(("by_1", "by_2", "part", *others, "numerator", "denominator"))
        sql = f"select {columns} from (\n{metric.sql}\n) as denominators where {last} is null"
        metric = replace(metric, sql=sql, labels=tuple(others))
    return replace(question, metric=metric, by=(*question.by, str(metric.named_again)), parts=parts)


def _that_could_be_shown(found: Exact, question: Question) -> Iterator[Cell]:
    """A cell and the value that names a numerator of k or more in it."""
    named = [(own, value) for own in found.grid.owns if (value := question.metric.choice_of(own)) is not None]
    owns = [own for own, _ in named]
    could_be = (found.grid.taken("numerator", owns) >= found.source.rule.k) & ~found.is_guarded(owns)
    for cell, own in np.argwhere(could_be).tolist():
        yield (*question.cells[cell], named[own][1])
