"""Answers in words: one careful sentence for each released answer; headings stand in finding.py, small print in small_print.py.

Everything is said from released figures. After is never worded as because of, services are never ranked, and what is
hidden, not recorded, too early or not applicable is said in the same words everywhere.
"""

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence, lowered
from journeys.vocabulary.selection import Selection
from journeys.words.breakdowns import by_labels
from journeys.words.cohort import is_event, opening, unit_words
from journeys.words.finding import finding, finding_of_all
from journeys.words.hidden import not_shown, nothing
from journeys.words.phrases import (
    HIDDEN_WORDS,
    MARKS,
    Names,
    amount,
    dimension_words,
    does,
    listed,
    mark,
    row_name,
    upper_first,
    value_words,
)  # fmt: skip
from journeys.words.shapes import at_horizon, plain, waits
from journeys.words.shares import digits_of, per_cent, percent
from journeys.words.small_print import footnote, left_out_words, spc_words

__all__ = [
    "HIDDEN_WORDS", "MARKS", "alt", "amount", "at_horizon", "dimension_words", "finding", "finding_of_all", "footnote", "hidden_words", "is_event",
    "left_out_words", "listed", "lowered", "mark", "percent", "row_name", "sentence", "spc_words", "spiral_alt",
    "spiral_sentence", "title",
    "unit_words", "upper_first", "value_words", "waits",
]  # fmt: skip


def title(slug: str) -> str:
    """The title of a metric."""
    return metrics.get(slug).title


def hidden_words() -> str:
    """Why some counts are hidden, where what is wider stands below; the same words for too few people and for too few left out."""
    return f"{upper_first(MARKS['[c]'])}."


def sentence(released: Released, metric: Metric, names: Names, digits: int | None = None, size: str = "") -> str:
    """One careful sentence for the answer, whatever its shape, breakdown and state; `names` is the store's `lists.name`.

    `digits` are those of a figure that shows the shares of others beside these, `size` says of how many the counts are parts (`whole_words`).
    """
    if not any(row.is_shown or row.why for row in released.rows):
        return nothing(released, metric)
    return by_labels(released, metric, names) if released.by else plain(released, metric, names, digits, size)


def spiral_sentence(start: Released, now: Released, movement: Released, names: Names) -> str:
    """What the spiral figure shows: how many moved, and how many stood, and stand, on the first rung."""
    shown = [row for row in movement.rows if row.is_shown]
    if not shown:
        return nothing(movement, metrics.get(movement.metric))
    digits = digits_of((*start.rows, *now.rows, *movement.rows))
    parts = [f"{amount(row.numerator)} ({per_cent(row.rate, digits)}) {_moved(row, names)}" for row in shown]
    first = opening(movement, metrics.get(movement.metric), names)
    words = f"{first}, {listed(parts)}{not_shown(movement.rows, movement)}."
    return f"{words}{_first_rung(start, now, names, digits)}"


def spiral_alt(start: Released, now: Released, movement: Released, names: Names) -> str:
    """The text alternative of the spiral."""
    words = spiral_sentence(start, now, movement, names)
    return f"Ribbons from the rung at referral to the rung now, as wide as they are many. {words} The tables hold every figure."


def _moved(row: Row, names: Names) -> str:
    return does(metrics.get("spiral_movement"), Selection(), row.labels, names)


def _first_rung(start: Released, now: Released, names: Names, digits: int) -> str:
    """` On “starting out” stood 60% at referral, by employment status alone; 40% stand there now.`; empty where one is not shown."""
    ends = [next(iter(released.rows), None) for released in (start, now)]
    known = [row for row in ends if row is not None and row.rate is not None]
    if len(known) < 2:
        return ""
    shares = [per_cent(row.rate, digits) for row in known]
    rung = in_a_sentence("rung", names("rung", known[0].labels["rung"]))
    return f" On “{rung}” stood {shares[0]} at referral, by employment status alone; {shares[1]} stand there now."


def alt(released: Released, metric: Metric, names: Names) -> str:
    """The text alternative of a figure: what it is, and its sentence."""
    labels = [n for n in (*released.by, *released.own) if n != "item"]
    by = f" by {listed(dimension_words(n) for n in labels)}" if labels else ""
    return f"Chart of {lowered(metric.title)}{by}. {sentence(released, metric, names)} The table holds every figure."
