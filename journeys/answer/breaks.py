"""Where a series over time stops being one: a service begins, ends, or changes what it records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from journeys.answer import alike, protect
from journeys.answer.question import PLACES, Question
from journeys.answer.released import Break, Row
from journeys.answer.source import Source
from journeys.vocabulary.calendar import month_after
from journeys.vocabulary.lists import PERIOD_UNITS, Service
from journeys.vocabulary.metrics import KIND_WORDS, Metric

SHARE = 0.1
QUARTERS = 4
Change = tuple[str, str, bool]  # month, words, whether the service is there before it and not after


def of(source: Source, question: Question, rows: Sequence[Row]) -> tuple[Break, ...]:
    """The breaks of every series of an answer, by month; those of services that make up less than a tenth are notes."""
    unit = next((d for d in question.by if d in PERIOD_UNITS), None)
    if unit is None:
        return ()
    others = tuple(d for d in question.by if d != unit)
    found: list[Break] = []
    weights: Weights | None = None
    for cell in {tuple(row.labels[d] for d in others): None for row in rows}:
        labels = dict(zip(others, cell, strict=True))
        services = _services(question, labels)
        changes = [(s, change) for s in services for change in _changes(s, question, len(services) == 1)]
        if len(services) > 1 and changes and weights is None:
            weights = Weights(source, question, rows)
        for service, (month, words, is_end) in changes:
            is_break = weights is None or len(services) < 2 or weights.share(service, services, month, is_end) >= SHARE
            found.append(Break(month, words, {d: v for d, v in labels.items() if d in PLACES}, is_break))
    kept = {(one.month, one.words, tuple(one.labels.items())): one for one in found}
    return tuple(sorted(kept.values(), key=lambda one: (one.month, one.words)))


def _services(question: Question, labels: dict[str, str]) -> tuple[Service, ...]:
    """The services of one series that record what the metric needs at some time."""
    by = tuple(d for d in labels if d in PLACES)
    series = Question(question.metric, question.selection, by, question.lists)
    services = series.services_of(tuple(labels[d] for d in by))
    return tuple(s for s in services if set(question.metric.needs) <= s.records)


def _changes(service: Service, question: Question, is_alone: bool) -> Iterator[Change]:
    """What changed in a service after the first month of the question and up to its last.

    Before a service that is alone in its series begins, and after it ends, there is nothing to be set apart.
    """
    months = question.lists.calendar.months(question.selection.period)
    for month, words, is_end in (*(() if is_alone else _of_itself(service)), *_of_records(service, question.metric)):
        if min(months) < month <= max(months):
            yield month, f"{service.name} {words}", is_end


def _of_itself(service: Service) -> Iterator[Change]:
    yield service.whole_from, "began", False
    if service.ended_month:
        yield month_after(service.ended_month), "ended", True


def _of_records(service: Service, metric: Metric) -> Iterator[Change]:
    for kind in (*metric.needs, *metric.fed_by):
        if kind in service.records:
            if service.since[kind] > service.first_month:
                yield service.since[kind], f"began to hand over {KIND_WORDS[kind]}", False
            if service.until[kind] < service.last_month:
                yield month_after(service.until[kind]), f"stopped handing over {KIND_WORDS[kind]}", True


class Weights:
    """The released sizes of each service by quarter, asked once, and only where a change must be weighed."""

    def __init__(self, source: Source, question: Question, rows: Sequence[Row]) -> None:
        """`rows`: those of the question, which may be just these."""
        self.sizes: dict[str, dict[str, int]] = defaultdict(dict)
        asked = Question(question.metric, question.selection, ("service", "quarter"), question.lists)
        self.quarters = question.lists.calendar.units("quarter", question.selection.period)
        self._span = question.lists.calendar.span
        is_count = question.metric.shape == "count"
        # everybody is there at the first of several horizons
        is_first_alone = question.metric.horizon == "months"
        if question.by != asked.by or is_first_alone:
            rows = protect.rows(source, asked, is_first_label_alone=is_first_alone)
        for family in alike.families(rows, asked.metric.labels):
            labels, sizes = family[0].labels, [alike.size(row) for row in family]
            self.sizes[labels["service"]][labels["quarter"]] = sum(sizes) if is_count else max(sizes)

    def share(self, service: Service, services: Iterable[Service], month: str, is_end: bool) -> float:
        """The part of a service in the four quarters beside a change: before its end, or after its beginning."""
        before = [q for q in self.quarters if self._span(q)[1] < month]
        after = [q for q in self.quarters if self._span(q)[0] >= month]
        beside = before[-QUARTERS:] if is_end else after[:QUARTERS]
        totals = {s.service_id: sum(self.sizes[s.service_id].get(q, 0) for q in beside) for s in services}
        everything = sum(totals.values())
        return totals[service.service_id] / everything if everything else 0.0
