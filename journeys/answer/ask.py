"""The door of the room: a question in, the released answer with its statistics out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product

from journeys.answer import alike, breaks, overlays, protect, second_names
from journeys.answer import case_mix as standard
from journeys.answer import left_out as others
from journeys.answer.numbered import is_large
from journeys.answer.question import Question
from journeys.answer.released import Released
from journeys.answer.source import Source
from journeys.vocabulary.horizons import WITHIN
from journeys.vocabulary.lists import Lists, selection_words
from journeys.vocabulary.metrics import catalogue
from journeys.vocabulary.selection import CODED, Selection

__all__ = ["Source", "ask", "beforehand"]

# by age band is counted by every class of people, so that what employment status tells is counted with it
OF_PEOPLE = ("age_band", *CODED)


def ask(source: Source, question: Question, *, case_mix: bool = False) -> Released:
    """The released answer to one question, with its statistics; the same for everyone who asks it.

    Raises ValueError where case mix does not fit the metric or the breakdown.
    """
    metric = question.metric
    if case_mix:
        standard.check(question)
    rows = protect.rows(source, question)
    released = Released(
        metric=metric.slug,
        unit=metric.unit,
        shape=metric.shape,
        selection=question.selection,
        words=selection_words(question.selection, question.lists, metric),
        by=question.by,
        own=metric.labels,
        as_of=source.as_of,
        disclosure={"k": source.rule.k, "base": source.rule.base},
        rows=rows,
        left_out=others.left_out(source, question),
        version=source.version,
        is_synthetic=source.is_synthetic,
    )
    if case_mix:
        released = overlays.with_case_mix(released, _rates(source, question, released))
    return overlays.annotated(released, metric, breaks.of(source, question, rows))


def _rates(source: Source, question: Question, released: Released) -> dict[tuple[str, ...], float | None]:
    """What is expected of the rows that are alike; of none where too many people are in rows that are hidden."""
    group = alike.compared(released.rows)
    if any(row.denominator is None for row in group) and _is_mostly_unseen(source, question, released):
        return {}
    return standard.rates(source, question, [tuple(row.labels.values()) for row in group])


def _is_mostly_unseen(source: Source, question: Question, released: Released) -> bool:
    """Rows of a breakdown add up to the whole selection; those of a metric's own labels do not."""
    whole = protect.rows(source, replace(question, by=()))[0].denominator if question.by else None
    if question.by and whole is None:
        return True
    return standard.is_mostly_unseen([row.denominator for row in released.rows], whole, source.rule.k)


def beforehand(source: Source, lists: Lists, share: int = 0, n: int = 1) -> Iterator[Callable[[], None]]:
    """Counts that most questions are made of, each to be made when there is time: of every metric, of the horizon that pages open with first; then, of a large store, by one dimension of people each.

    Of `n` who make them each begins with every nth metric, the one after `share`.
    """
    usual, every = Selection(), list(catalogue().values())
    mine = every[share::n] + [metric for at, metric in enumerate(every) if at % n != share]
    for within in sorted(WITHIN, key=lambda months: months != usual.within):
        for metric in mine:
            if within == usual.within or metric.horizon == "within":
                question = Question(metric, usual.but(within=within), (), lists)
                yield partial(second_names.beforehand, source, question)
                if metric.left_out:
                    yield partial(others.beforehand, source, question)
    for dimension, metric in product((*OF_PEOPLE, "month") if is_large(source.n_rows) else (), mine):
        if dimension not in metric.labels and (dimension != "month" or metric.named_again):
            yield partial(second_names.beforehand, source, Question(metric, usual, (dimension,), lists))
            if dimension != "month" and metric.horizon == "months":  # counted by year of each service; by quarter, too
                yield partial(second_names.beforehand, source, Question(metric, usual, (dimension, "quarter"), lists))
