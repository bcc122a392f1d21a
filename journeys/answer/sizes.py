"""Which counts of a cell say how many stand behind it: not all of them need be made to know that alone."""

from collections.abc import Collection, Iterable

import numpy as np

from journeys.answer.query import WHOLE
from journeys.answer.shapes.shape import Own
from journeys.vocabulary.metrics import Metric


def is_shared(owns: Iterable[Own]) -> bool:
    """Whether a metric has a row that is the denominator of all others."""
    return any(own and own[-1] is None for own in owns)


def that_say_it(metric: Metric, first: Own, owns: Collection[Own]) -> set[Own]:
    """Of own labels those of the first one's horizon, and of parts of one denominator the first and the denominator."""
    if "months" in metric.labels:
        at = metric.labels.index("months")
        owns = [own for own in owns if own[at] == first[at]]
    if metric.has_one_part and is_shared(owns):
        return {own for own in owns if own[-1] is None or own == first}
    return set(owns)


def people_at_least(sixtieths: np.ndarray) -> np.ndarray:
    """How many people there are at least, from what their rows add up to: everybody's rows are one person together, or less."""
    return np.ceil(sixtieths / WHOLE)
