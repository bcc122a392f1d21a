"""Where a series over time stops being one: a service begins, ends, or changes what it records."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from journeys.answer import alike, protect
from journeys.answer.guard import Cell
from journeys.answer.question import PLACES, Question
from journeys.answer.released import Break
from journeys.answer.rows import Rows
from journeys.answer.source import Source
from journeys.vocabulary.calendar import month_after
from journeys.vocabulary.lists import PERIOD_UNITS, Service
from journeys.vocabulary.metrics import KIND_WORDS, Metric

SHARE = 0.1
QUARTERS = 4
NOTHING = protect.Sized({}, frozenset())
FIRST_WHOLE = " (first whole month)"  # of a change that is dated by it
Change = tuple[str, str, bool]  # month, words, whether the service is there before it and not after


def of(source: Source, question: Question, rows: Rows) -> tuple[Break, ...]:
    """The breaks of every series of an answer, by month; those of services that make up less than a tenth are notes."""
    unit = next((d for d in question.by if d in PERIOD_UNITS), None)
    if unit is None:
        return ()
    others = tuple(d for d in question.by if d != unit)
    cells = dict.fromkeys(map(alike.labels_in(others), (cell.labels for cell in rows.cells)))
    series = [_series(question, dict(zip(others, cell, strict=True))) for cell in cells]
    to_weigh = [change for one in series if len(one.services) > 1 for _, change in one.changes]
    weights = Weights(source, question, rows, to_weigh) if to_weigh else None
    found: list[Break] = []
    for one in series:
        ids = tuple(s.service_id for s in one.services)
        for service, (month, words, is_end) in one.changes:
            is_break = weights is None or len(ids) < 2 or weights.is_break(service.service_id, ids, month, is_end)
            found.append(Break(month, words, one.place, is_break))
    kept = {(one.month, one.words, tuple(one.labels.items())): one for one in found}
    return tuple(sorted(kept.values(), key=lambda one: (one.month, one.words)))


class Series(NamedTuple):
    """One series of an answer: the labels of its place, its services, and what changed in each."""

    place: dict[str, str]
    services: tuple[Service, ...]
    changes: list[tuple[Service, Change]]


def _series(question: Question, labels: dict[str, str]) -> Series:
    services = _services(question, labels)
    changes = [(s, change) for s in services for change in _changes(s, question, len(services) == 1)]
    return Series({d: v for d, v in labels.items() if d in PLACES}, services, changes)


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
    is_later = service.whole_from > service.first_month  # it began on a day of the month before
    yield service.whole_from, f"began{FIRST_WHOLE if is_later else ''}", False
    if service.ended_month:
        yield month_after(service.ended_month), "had ended", True


def _of_records(service: Service, metric: Metric) -> Iterator[Change]:
    for kind in (*metric.needs, *metric.fed_by):
        if kind in service.records:
            if service.since[kind] > service.first_month:
                yield service.since[kind], f"began to hand over {KIND_WORDS[kind]}", False
            if service.until[kind] < service.last_month:
                yield month_after(service.until[kind]), f"stopped handing over {KIND_WORDS[kind]}", True


@dataclass
class Sizes:
    """How many stand behind each service and quarter, and behind several services together in several quarters, added up once."""

    of: Mapping[Cell, int]
    together: dict[tuple, int] = field(default_factory=dict)


class Weights:
    """The released sizes of each service in the quarters beside changes, asked once, and only where a change must be weighed.

    Most changes weigh far more or less than a tenth, whatever is hidden of those few cells of which people would have to be counted: where that is so, they are not.
    """

    def __init__(self, source: Source, question: Question, rows: Rows, changes: Iterable[Change]) -> None:
        """`rows`: those of the question, which may be just these."""
        lists = question.lists
        self.quarters = lists.calendar.units("quarter", question.selection.period)
        self._span = lists.calendar.span
        asked = Question(question.metric, question.selection, ("service", "quarter"), lists)
        if question.by == asked.by and question.metric.horizon != "months":
            self._ask = lambda is_sure: protect.Sized(protect.behind(rows, question.metric.shape), frozenset())
        else:
            wanted = {quarter for month, _, is_end in changes for quarter in self._beside(month, is_end)}
            asked = replace(asked, parts=tuple(cell for cell in asked.cells if cell[1] in wanted))
            self._ask = lambda is_sure: protect.sized(source, asked, is_sure=is_sure) if asked.parts else NOTHING

    def is_break(self, service: str, services: tuple[str, ...], month: str, is_end: bool) -> bool:
        """Whether a service makes up a tenth of the four quarters beside a change: before its end, or after its beginning."""
        beside = self._beside(month, is_end)
        (least, at_least), (most, at_most) = (self._weighed(of, service, services, beside) for of in self._likely)
        shares = _share(least, at_most - most), _share(most, at_least - least)
        if (shares[0] >= SHARE) == (shares[1] >= SHARE):
            return shares[0] >= SHARE
        mine, everything = self._weighed(self._sure, service, services, beside)
        return _share(mine, everything - mine) >= SHARE

    def _weighed(
        self, sizes: Sizes, service: str, services: tuple[str, ...], quarters: tuple[str, ...]
    ) -> tuple[int, int]:
        """The size of a service in some quarters, and of all services together."""
        key = (services, quarters)
        if key not in sizes.together:
            sizes.together[key] = sum(sizes.of.get((s, q), 0) for s in services for q in quarters)
        return sum(sizes.of.get((service, q), 0) for q in quarters), sizes.together[key]

    @cached_property
    def _likely(self) -> tuple[Sizes, Sizes]:
        """The sizes at least and at most."""
        most, unsure = self._ask(False)
        return Sizes({cell: 0 if cell in unsure else n for cell, n in most.items()}), Sizes(most)

    @cached_property
    def _sure(self) -> Sizes:
        return Sizes(self._ask(True).of)

    def _beside(self, month: str, is_end: bool) -> tuple[str, ...]:
        if is_end:
            return tuple(q for q in self.quarters if self._span(q)[1] < month)[-QUARTERS:]
        return tuple(q for q in self.quarters if self._span(q)[0] >= month)[:QUARTERS]


def _share(mine: int, others: int) -> float:
    return mine / (mine + others) if mine + others else 0.0
