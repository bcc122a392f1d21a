"""The door of the room: a question in, the released answer with its statistics out."""

from journeys.answer import case_mix as standard
from journeys.answer import overlays, protect
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
    if case_mix and not (metric.shape == "proportion" and len(question.by) == 1 and not metric.labels):
        raise ValueError(
            "case mix needs a proportion without labels of its own and exactly one breakdown, such as service"
        )
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
        rows=protect.rows(source, question),
        left_out=left_out(source, question),
        version=source.version,
        is_synthetic=source.is_synthetic,
    )
    if case_mix:
        released = overlays.with_case_mix(released, standard.mixed(source, question))
    return overlays.annotated(released, metric)
