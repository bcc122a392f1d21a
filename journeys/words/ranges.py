"""How far groups of people lie apart, each with a base of its own: what the share of the largest of them does not say."""

from collections.abc import Sequence

from journeys.answer.released import Row
from journeys.vocabulary.metrics import Metric
from journeys.words.phrases import Names, is_known, label_words
from journeys.words.shares import per_cent, with_interval

LARGE = 50  # the smallest denominator on which a range may rest
FEWEST = 5  # groups: fewer are all said
COMPARED = ("barrier", "step")  # what may be set beside each other without ranking anybody
NONE = "none"  # the label of those who have none of them: a group, and nothing that a title with "a step" speaks of


def ends(metric: Metric, rows: Sequence[Row]) -> list[Row]:
    """The lowest and the highest share of barriers or steps, of those that rest on enough people; empty where these are few."""
    return _furthest(_compared(metric, rows))


def _compared(metric: Metric, rows: Sequence[Row]) -> list[Row]:
    known = [row for row in rows if row.rate is not None and is_known(row) and (row.denominator or 0) >= LARGE]
    return known if metric.labels and metric.labels[-1] in COMPARED and len(known) >= FEWEST else []


def _furthest(known: Sequence[Row]) -> list[Row]:
    found = [pick(known, key=lambda row: row.rate or 0.0) for pick in (min, max)] if known else []
    return found if found and found[0].rate != found[1].rate else []


def heading(metric: Metric, rows: Sequence[Row], names: Names, digits: int) -> list[str]:
    """`Barriers gone: 21% (mental health) to 43% (housing)`, with names where their intervals lie apart; nothing where there is no range."""
    found = _furthest([row for row in _compared(metric, rows) if NONE not in row.labels.values()])
    said = [per_cent(row.rate, digits) for row in found]
    if len(set(said)) < 2:
        return []
    low, high = found
    plain, label = f"{metric.title}: {' to '.join(said)}", metric.labels[-1]
    if (low.high or 1.0) >= (high.low or 0.0):
        return [f"{plain}, by {label}"]
    first, last = (f" ({label_words(label, row.labels, names).strip('“”')})" for row in found)
    return [f"{metric.title}: {said[0]}{first} to {said[1]}{last}", f"{plain}{last}", plain]


def with_intervals(metric: Metric, rows: Sequence[Row], digits: int) -> str:
    """`; groups of 50 or more lie between 21% (likely 16% to 28%) and 43% (likely 32% to 55%)`."""
    said = [" (".join(with_interval(row, digits).split(", ", 1)) + ")" for row in ends(metric, rows)]
    return f"; groups of {LARGE} or more lie between {' and '.join(said)}" if said else ""
