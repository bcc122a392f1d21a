"""What the calendar and the services alone say of a row: its state, whether its period is complete, what it was seen through."""

from collections.abc import Iterable
from dataclasses import dataclass

from journeys.answer.guard import Cell
from journeys.answer.question import Question
from journeys.answer.released import NOT_APPLICABLE, NOT_RECORDED, TOO_EARLY
from journeys.answer.shapes.shape import Own
from journeys.vocabulary.calendar import month_after
from journeys.vocabulary.horizons import DAYS, LATER, WEEKS
from journeys.vocabulary.lists import DOORS, PERIOD_UNITS, Service
from journeys.vocabulary.metrics import KINDS, Metric

# nobody's needs or confidence are known on the first day, and nobody has yet stayed in a job
NEVER_AT_THE_START = ("basic_needs", "confidence", "staying")
SEEN_BY = {"basic_needs": ("goals", "readings_needs"), "confidence": ("goals", "readings_confidence")}
FILLING_MONTHS = 12


@dataclass(frozen=True)
class Seen:
    """`records`: the kinds that every service of the cell records in all of its months; `partly`: those that some do, or do later."""

    records: tuple[str, ...]
    partly: tuple[str, ...]
    covers: tuple[str, str] | None


def through(question: Question, cell: Cell) -> Seen:
    """What a cell was seen through, and of a time breakdown the first and last month that it covers."""
    months = question.months_of(cell)
    services = [s for s in question.services_of(cell) if any(s.first_month <= m <= s.last_month for m in months)]
    kinds = [kind for kind in KINDS if kind in (*question.metric.needs, *question.metric.fed_by)]
    records = tuple(k for k in kinds if services and all(_records_throughout(s, k, months) for s in services))
    partly = tuple(k for k in kinds if k not in records and any(k in s.records for s in services))
    is_of_time = bool(set(question.by) & set(PERIOD_UNITS)) and bool(months)
    return Seen(records, partly, (min(months), max(months)) if is_of_time else None)


def _records_throughout(service: Service, kind: str, months: Iterable[str]) -> bool:
    mine = [m for m in months if service.first_month <= m <= service.last_month]
    return all(service.records_in(kind, m) for m in mine)


def state(question: Question, cell: Cell, own: Own) -> str | None:
    """Why a row has no number whatever it holds; None where it may have one."""
    if question.covers_nothing(cell) or _cannot_be(question, cell, own):
        return NOT_APPLICABLE
    pairs = question.pairs_of(cell)
    if not pairs or not _can_be_seen(question, own, pairs):
        return NOT_RECORDED
    days = horizon(question, own)
    services = [question.lists.services[s] for s in {service for service, _ in pairs}]
    if days is not None and all(_is_early(s, question.span_of(cell), days) for s in services):
        return TOO_EARLY
    return None


def _is_early(service: Service, span: tuple[str, str] | None, days: int) -> bool:
    return span[0] >= service.early_from[days] if span else days in service.all_early


def _cannot_be(question: Question, cell: Cell, own: Own) -> bool:
    """Rungs that nobody stands on at the start, and doors of services that are not in the cell."""
    labels = dict(zip(question.metric.labels, own, strict=True))
    start = labels.get("start_rung", labels.get("rung") if question.metric.slug == "spiral_start" else None)
    if start in NEVER_AT_THE_START:
        return True
    door = labels.get(DOORS[0])
    return door is not None and all(s.service_id != door for s in question.services_of(cell))


def _can_be_seen(question: Question, own: Own, pairs: Iterable[tuple[str, ...]]) -> bool:
    """Whether some service of the cell records a kind that the row's rung (or door) needs."""
    services, labels = question.lists.services, dict(zip(question.metric.labels, own, strict=True))
    if DOORS[0] in labels:
        return all("shared_key" in services[str(labels[door])].records for door in DOORS)
    rung = labels.get("rung", labels.get("step"))
    wanted = SEEN_BY.get(str(rung))
    if wanted is None or question.metric.slug == "spiral_start":
        return True
    return any(services[s].records_in(kind, m) for s, m in pairs for kind in wanted)


def horizon(question: Question, own: Own) -> int | None:
    """The days that must have passed for a row to be whole."""
    metric = question.metric
    if metric.horizon == "none":
        return None
    if metric.horizon == "within":
        return question.selection.days + metric.more_days
    if metric.horizon in ("months", "weeks"):
        number = int(str(own[metric.labels.index(metric.horizon)]))
        return DAYS[number] if metric.horizon == "months" else WEEKS[number] + LATER
    return int(metric.horizon)


def is_complete(question: Question, cell: Cell, own: Own) -> bool | None:
    """Whether every service of a cell that records what is needed covers all of its period, and the horizon has passed.

    None without period and horizon, and for first jobs, whose clock is on no calendar. Ended services count up to their last
    whole month, others for ever: one that is late makes a period incomplete even if it has nothing of it.
    """
    days, span = horizon(question, own), question.span_of(cell)
    if question.metric.horizon == "weeks" or (span is None and days is None):
        return None
    if span is None or question.is_part(cell):
        return False
    counted = [s for s in question.services_of(cell) if _is_counted(s, question.metric, span, days or 0)]
    return bool(counted) and all(_covers(s, question.metric, span, days or 0) for s in counted)


def _is_counted(service: Service, metric: Metric, span: tuple[str, str], days: int) -> bool:
    if not set(metric.needs) <= service.records:
        return False
    if max([service.first_month, *_since(service, metric)]) > span[1] or _stops(service, metric) < span[0]:
        return False
    return service.ended_month is None or span[1] <= service.complete_until[days]


def _covers(service: Service, metric: Metric, span: tuple[str, str], days: int) -> bool:
    if metric.is_by_event and span[0] < month_after(service.whole_from, FILLING_MONTHS):
        return False  # events of those referred before the data begin are not in them
    is_recorded = _starts(service, metric) <= span[0] and span[1] <= _stops(service, metric)
    return is_recorded and span[1] <= service.complete_until[days]


def _starts(service: Service, metric: Metric) -> str:
    """The first month of which a service records every day."""
    return max([service.whole_from, *_since(service, metric)])


def _since(service: Service, metric: Metric) -> list[str]:
    return [service.since[kind] for kind in metric.needs]


def _stops(service: Service, metric: Metric) -> str:
    """The last month that a service records, where it stopped before its last; otherwise never."""
    return min((service.until[k] for k in metric.needs if service.until[k] < service.last_month), default="9999-12")
