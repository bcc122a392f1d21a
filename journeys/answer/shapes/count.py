"""A count: how many journeys, people, outcomes or contacts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from journeys.answer.query import clients_with
from journeys.answer.released import NOTHING, Count, Protected, Values
from journeys.answer.rule import Rule
from journeys.answer.shapes.shape import Behind, Counts, Own, clients_behind, same_rows
from journeys.vocabulary.metrics import Metric

COLUMNS: tuple[str, ...] = ("count",)
COUNTED = COLUMNS
GUARDED = "count"
AMOUNT = "answer.count"


def guarded_by(own: Own, has_shared: bool) -> Own:
    return own


def amounts(behind: Behind) -> Iterable[float]:
    return [counts["count"] for counts in behind.counts.values()]


def at_least(behind: Behind, people: Mapping[Own, Counts]) -> Iterable[float]:
    return amounts(same_rows(behind, people))


def people(metric: Metric, has_shared: bool) -> str:
    return clients_behind(metric, metric.labels, [f"{clients_with('count')} as count"])


def released(rule: Rule, behind: Behind, owns: Sequence[Own]) -> Iterator[Protected]:
    for own in owns:
        counts, clients = behind.counts.get(own, {}), behind.people.get(own, {})
        yield protected(rule, counts.get("count", 0), clients.get("count"))


def protected(rule: Rule, n: float, n_people: float | None = None) -> Protected:
    """A count as it may be shown."""
    count = rule.count(n, n_people)
    return NOTHING if count is None else Protected(values=Count(count))


def bare(own: Own) -> Values | None:
    return None
