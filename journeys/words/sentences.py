"""Answers in words: one careful sentence for each released answer.

Everything is said from released figures. After is never worded as because of, services are never ranked, and what is
hidden, not recorded or too early is said in the same words everywhere.
"""

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words.breakdowns import by_labels
from journeys.words.phrases import (
    HIDDEN_WORDS,
    MARKS,
    Names,
    amount,
    counted,
    dimension_words,
    does,
    is_single,
    listed,
    lowered,
    mark,
    percent,
    row_name,
    unit_words,
    upper_first,
    value_words,
)
from journeys.words.shapes import at_horizon, not_shown, nothing, part, plain
from journeys.words.small_print import footnote, left_out_words, spc_words

__all__ = [
    "HIDDEN_WORDS",
    "MARKS",
    "alt",
    "amount",
    "at_horizon",
    "dimension_words",
    "footnote",
    "hidden_words",
    "left_out_words",
    "listed",
    "lowered",
    "mark",
    "percent",
    "row_name",
    "sentence",
    "spc_words",
    "spiral_sentence",
    "title",
    "unit_words",
    "upper_first",
    "value_words",
]


def title(slug: str) -> str:
    """The title of a metric."""
    return metrics.get(slug).title


def hidden_words(released: Released) -> str:
    """What to say where nothing may be shown; the same words for too few people and for too few left out."""
    return HIDDEN_WORDS


def sentence(released: Released, metric: Metric, names: Names) -> str:
    """One careful sentence for the answer, whatever its shape, breakdown and state; `names` is the store's `lists.name`."""
    is_shown = any(row.is_shown for row in released.rows)
    if not is_shown and not (is_single(released) and released.rows[0].why):
        return nothing(released, metric)
    return by_labels(released, metric, names) if released.by else plain(released, metric, names)


def spiral_sentence(start: Released, now: Released, movement: Released, names: Names) -> str:
    """What the spiral figure shows: how many moved, and how many more or fewer stand on the rungs above the first."""
    parts = [part(row, _movement(row, names)) for row in movement.rows if row.is_shown]
    if not parts:
        return nothing(movement, metrics.get(movement.metric))
    who = counted(metrics.get(movement.metric), movement.selection, {}, names)
    n = next(row.denominator for row in movement.rows if row.is_shown)
    words = f"Of {amount(n)} {who}, {listed(parts)}{not_shown(movement.rows)}."
    first = [next(iter(released.rows), None) for released in (start, now)]
    if any(row is None or row.rate is None for row in first):
        return words
    shares = [percent(row.rate, row.denominator) for row in first]
    rung = lowered(names("rung", first[0].labels["rung"]))
    return f"{words} Of all {unit_words(now.unit, now.selection)}, {shares[0]} stood on “{rung}” at referral and {shares[1]} stand there now."


def _movement(row: Row, names: Names) -> str:
    return does(metrics.get("spiral_movement"), Selection(), row.labels, names)


def alt(released: Released, metric: Metric, names: Names) -> str:
    """The text alternative of a figure: what it is, and its sentence."""
    labels = [n for n in (*released.by, *released.own) if n != "item"]
    by = f" by {listed(dimension_words(n) for n in labels)}" if labels else ""
    return f"Chart of {lowered(metric.title)}{by}. {sentence(released, metric, names)} The table holds every figure."
