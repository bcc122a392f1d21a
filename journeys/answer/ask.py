"""The door of the room: a question in, the released answer with its statistics out."""

from journeys.answer import alike, breaks, overlays, protect
from journeys.answer import case_mix as standard
from journeys.answer.left_out import left_out
from journeys.answer.question import Question
from journeys.answer.released import Released
from journeys.answer.source import Source
from journeys.vocabulary.lists import selection_words

__all__ = ["Source", "ask"]


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
        left_out=left_out(source, question),
        version=source.version,
        is_synthetic=source.is_synthetic,
    )
    if case_mix:
        released = overlays.with_case_mix(released, _rates(source, question, released))
    return overlays.annotated(released, metric, breaks.of(source, question, rows))


def _rates(source: Source, question: Question, released: Released) -> dict[tuple[str, ...], float | None]:
    """What is expected of the rows that are alike."""
    group = alike.compared(released.rows)
    hidden = [tuple(row.labels.values()) for row in group if row.denominator is None]
    return standard.rates(source, question, [tuple(row.labels.values()) for row in group], hidden)
