"""Numerators that are a choice under a second name: the part "GP" of all sources of referral is the selection of referrals from a GP.

The guard looks at denominators. A part that could be chosen as a cohort or breakdown would be shown where the guard hides that
very choice, and what is left between two of them be known: of 17 at one service (shown as 15) and 23 at both services of its
commissioner (shown as 25), that the other has 6 or 7. So a part has the guard of the choice that it names, as its metric says
(`same_as`): those that could be shown are asked once more as cells of that dimension, and what the guard hides there is no part here.
"""

from collections.abc import Iterator
from dataclasses import replace

from journeys.answer.exact import Exact, Reading
from journeys.answer.guard import Cell
from journeys.answer.question import Question

NamedAgain = frozenset[tuple[Cell, str | None]]


def guarded(found: Exact, question: Question) -> NamedAgain:
    """The cells and values of the dimension named again that the guard hides. Where it is chosen already, the cell's own guard holds."""
    metric, dimension = question.metric, question.metric.named_again
    if dimension is None or dimension in (*question.selection.cohort, *question.by):
        return frozenset()
    parts = tuple(dict.fromkeys(_that_could_be_shown(found, question)))
    if not parts:
        return frozenset()
    if found.has_shared:  # the denominators alone
        sql = f"select * from (\n{metric.sql}\n) as denominators where {metric.labels[-1]} is null"
        metric = replace(metric, sql=sql)
    reading = Reading(found.source, replace(question, metric=metric, by=(*question.by, dimension), parts=parts))
    return frozenset((cell[:-1], cell[-1]) for cell, _ in reading.guarded(reading.by_block().sizes))


def _that_could_be_shown(found: Exact, question: Question) -> Iterator[Cell]:
    """A cell and the value that names a numerator of k or more in it."""
    for cell, mine in found.counts.items():
        for own, n in mine.items():
            value = question.metric.choice_of(own)
            if value is not None and n["numerator"] >= found.source.rule.k and not found.is_guarded(cell, own):
                yield (*cell, value)
