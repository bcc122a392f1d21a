"""What the calendar and the services alone say of a row: its state, whether its period is complete, what it was seen through."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from journeys.answer.coverage import Place
from journeys.answer.guard import Cell, Cover
from journeys.answer.question import Question, services_of
from journeys.answer.released import HIDDEN, NOT_APPLICABLE, NOT_RECORDED, TOO_EARLY
from journeys.answer.rows import COMPLETE
from journeys.answer.shapes.shape import Own
from journeys.vocabulary.calendar import month_after
from journeys.vocabulary.horizons import DAYS, LATER, WEEKS
from journeys.vocabulary.lists import DOORS, PERIOD_UNITS, Lists, Service
from journeys.vocabulary.metrics import KINDS, Metric

# nobody's needs or confidence are known on the first day, and nobody has yet stayed in a job
NEVER_AT_THE_START = ("basic_needs", "confidence", "staying")
SEEN_BY = {"basic_needs": ("goals", "readings_needs"), "confidence": ("goals", "readings_confidence")}
FILLING_MONTHS = 12
NEVER = "9999-12"
MOST_PLACES = 10_000
STATES = (None, NOT_APPLICABLE, NOT_RECORDED, TOO_EARLY, HIDDEN)  # None: a row may have a number


class Recorded(NamedTuple):
    """When a service recorded all that a metric needs: from the first month of which it records every day, from the first of which it records any, and to the last."""

    service: Service
    starts: str
    since: str
    stops: str

    @staticmethod
    def of(service: Service, needs: Sequence[str]) -> "Recorded":
        since = [service.since[kind] for kind in needs]
        # where it stopped before its last month; otherwise never
        stops = (service.until[kind] for kind in needs if service.until[kind] < service.last_month)
        starts, first = max([service.whole_from, *since]), max([service.first_month, *since])
        return Recorded(service, starts, first, min(stops, default=NEVER))

    def is_counted(self, span: tuple[str, str], days: int) -> bool:
        if self.since > span[1] or self.stops < span[0]:
            return False
        return self.service.ended_month is None or span[1] <= self.service.complete_until[days]

    def covers(self, span: tuple[str, str], days: int, *, is_by_event: bool) -> bool:
        if is_by_event and span[0] < month_after(self.service.whole_from, FILLING_MONTHS):
            return False  # events of those referred before the data begin are not in them
        return self.starts <= span[0] and span[1] <= self.stops and span[1] <= self.service.complete_until[days]


class OfPlace:
    """What is seen in one place and time, whoever is asked about: the same for every metric of the same kinds of records."""

    def __init__(self, lists: Lists, place: Place, metric: Metric, pairs: Cover) -> None:
        self.services = services_of(lists, place)
        self._months = place.months
        self._kinds = [kind for kind in KINDS if kind in (*metric.needs, *metric.fed_by)]
        self._here = [s for s in self.services if any(s.first_month <= m <= s.last_month for m in place.months)]
        self.recording = tuple(lists.services[s] for s in {service for service, _ in pairs})
        self.ends = (min(place.months), max(place.months)) if place.months else None
        self._needs = tuple(metric.needs)
        self.complete: dict[tuple, bool | None] = {}
        self.early: dict[tuple, bool] = {}

    @staticmethod
    def of(question: Question, cell: Cell) -> "OfPlace":
        """That of a cell, worked out once a store. What is kept is small, and how many places there are the calendar and the services say."""
        metric, place = question.metric, question.place_of(cell)
        known = question.lists.worked_out.setdefault("seen", {})
        key = (place, metric.needs, metric.fed_by, question.is_of_everyone)
        found = known.get(key)
        if found is None:
            if len(known) >= MOST_PLACES:
                known.clear()
            found = known[key] = OfPlace(question.lists, place, metric, question.pairs_of(cell))
        return found

    @cached_property
    def records(self) -> tuple[str, ...]:
        """The kinds that every service of the place records in all of its months there."""
        here = self._here
        return tuple(k for k in self._kinds if here and all(_records_throughout(s, k, self._months) for s in here))

    @cached_property
    def recorded(self) -> tuple[Recorded, ...]:
        """When those of its services that record what is needed did so."""
        return tuple(Recorded.of(s, self._needs) for s in self.services if set(self._needs) <= s.records)

    @cached_property
    def partly(self) -> tuple[str, ...]:
        """The kinds that some do, or do later."""
        return tuple(k for k in self._kinds if k not in self.records and any(k in s.records for s in self._here))

    @cached_property
    def tools(self) -> tuple[tuple[str, str, bool], ...]:
        """The tools behind kinds of readings, and whether every service of the place uses them: one that gives one up sees less."""
        kinds, here = self._kinds, [s.tools for s in self._here]
        found = sorted(frozenset().union(*here))
        return tuple((kind, tool, all((kind, tool) in s for s in here)) for kind, tool in found if kind in kinds)


def are_alike(question: Question) -> bool:
    """Whether calendar and services alone say that all rows of an answer that are of services that record were seen through the same: then all may be compared."""
    sights = (Sight(question, cell) for cell in question.cells)
    seen = (one.of_place for one in sights if one.pairs and not one.is_nowhere)
    return len({(one.records, one.partly, one.tools) for one in seen}) < 2


class Kind(NamedTuple):
    """What of own labels decides the state of a row: the days that must have passed for it to be whole, whether nobody can stand there at the
    start, the service whose door it is and whether that can be seen, and the kinds that its rung or step needs."""

    days: int | None
    is_never: bool
    door: str | None
    is_seen: bool
    wanted: tuple[str, ...]


class OfOwn(NamedTuple):
    """What own labels alone say of a row: these by name, and of what kind it is."""

    labels: Mapping[str, str]
    kind: Kind

    @staticmethod
    def of(question: Question, own: Own) -> "OfOwn":
        """Worked out once a question, however many cells it has."""
        known = question.worked_out.setdefault("seen", {})
        found = known.get(own)
        if found is None:
            found = known[own] = _of_own(question, own)
        return found


def _of_own(question: Question, own: Own) -> OfOwn:
    metric, labels = question.metric, dict(zip(question.metric.labels, own, strict=True))
    is_start = metric.slug == "spiral_start"
    start = labels.get("start_rung", labels.get("rung") if is_start else None)
    doors = [question.lists.services[str(labels[name])] for name in DOORS if name in labels]
    wanted = () if doors or is_start else SEEN_BY.get(str(labels.get("rung", labels.get("step"))), ())
    named = {name: str(value) for name, value in labels.items()}
    door, is_seen = (doors[0].service_id, _share_a_key(*doors)) if doors else (None, True)
    return OfOwn(named, Kind(horizon(question, own), start in NEVER_AT_THE_START, door, is_seen, wanted))


class Sight:
    """One cell of a question, as the calendar and the services see it."""

    def __init__(self, question: Question, cell: Cell) -> None:
        self.question, self.cell = question, cell
        self.time = question.time_of(cell)
        self.span = self.time.span
        self.of_place = OfPlace.of(question, cell)

    @cached_property
    def pairs(self) -> Cover:
        """The services and months in which what the metric needs is recorded."""
        return self.question.pairs_of(self.cell)

    @cached_property
    def is_nowhere(self) -> bool:
        return self.question.covers_nothing(self.cell)

    @cached_property
    def covers(self) -> tuple[str, str] | None:
        """First and last month that a cell of a time breakdown covers."""
        return self.of_place.ends if set(self.question.by) & set(PERIOD_UNITS) else None

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What the breakdowns call it."""
        return dict(zip(self.question.by, map(str, self.cell), strict=True))

    @property
    def is_asked(self) -> bool:
        """Whether anybody can be in the cell, in a month of which what the metric needs is recorded."""
        return not self.is_nowhere and bool(self.pairs)

    def can_be_seen(self, wanted: tuple[str, ...]) -> bool:
        """Whether some service of the cell records a kind that a rung needs."""
        services = self.question.lists.services
        return not wanted or any(services[s].records_in(kind, m) for s, m in self.pairs for kind in wanted)

    def is_early(self, days: int) -> bool:
        """Whether so many days have passed for nobody of the cell's services."""
        known, key = self.of_place.early, (days, self.span)
        if key not in known:
            known[key] = all(_is_early(s, self.span, days) for s in self.of_place.recording)
        return known[key]

    def is_complete(self, days: int | None) -> bool | None:
        """Whether every service of a cell that records what is needed covers all of its period, and so many days (the horizon) have passed.

        None without period and horizon, and for first jobs, whose clock is on no calendar. Ended services count up to their last
        whole month, others for ever: one that is late makes a period incomplete even if it has nothing of it.
        """
        metric, time = self.question.metric, self.time
        key = (days, time.span, time.is_part, metric.horizon == "weeks", metric.is_by_event)
        known = self.of_place.complete
        if key not in known:
            known[key] = self._is_complete(days, time.is_part)
        return known[key]

    def _is_complete(self, days: int | None, is_part: bool) -> bool | None:
        metric, span = self.question.metric, self.span
        if metric.horizon == "weeks" or (span is None and days is None):
            return None
        if span is None or is_part:
            return False
        counted = [one for one in self.of_place.recorded if one.is_counted(span, days or 0)]
        return bool(counted) and all(one.covers(span, days or 0, is_by_event=metric.is_by_event) for one in counted)


def states(sights: Sequence[Sight], kinds: Sequence[Kind]) -> tuple[np.ndarray, np.ndarray]:
    """Why rows have no number whatever they hold (cells, kinds of own labels), by position in `STATES`, and whether they are complete, in `COMPLETE`."""
    days, of_days = _different(kind.days for kind in kinds)
    wanted, of_wanted = _different(kind.wanted for kind in kinds)
    doors, of_doors = _different(kind.door for kind in kinds)
    complete = [[COMPLETE.index(one.is_complete(n)) for n in days] for one in sights]
    asked = [one.is_asked for one in sights]
    told = list(zip(sights, asked, strict=True))
    early = [[n is not None and is_asked and one.is_early(n) for n in days] for one, is_asked in told]
    can = [[is_asked and one.can_be_seen(some) for some in wanted] for one, is_asked in told]
    here = [{s.service_id for s in one.of_place.services} if any(doors) else () for one in sights]
    nowhere = [
        [one.is_nowhere or bool(door and door not in mine) for door in doors]
        for one, mine in zip(sights, here, strict=True)
    ]
    is_nowhere = _table(nowhere, of_doors) | np.array([kind.is_never for kind in kinds], bool)
    is_unseen = ~_table(can, of_wanted) | ~np.array([kind.is_seen for kind in kinds], bool)
    state = np.select([is_nowhere, is_unseen, _table(early, of_days)], [1, 2, 3], 0)
    return state, np.array(complete, int).reshape(len(sights), len(days))[:, of_days]


def _different(values: Iterable) -> tuple[list, list[int]]:
    """What is different of some values, and which of these each is."""
    found: dict = {}
    at = [found.setdefault(value, len(found)) for value in values]
    return list(found), at


def _table(told: Sequence[Sequence[bool]], at: list[int]) -> np.ndarray:
    width = len(set(at))
    return np.array(told, bool).reshape(len(told), width)[:, at]


def _records_throughout(service: Service, kind: str, months: Iterable[str]) -> bool:
    mine = (m for m in months if service.first_month <= m <= service.last_month)
    return all(service.records_in(kind, m) for m in mine)


def _is_early(service: Service, span: tuple[str, str] | None, days: int) -> bool:
    return span[0] >= service.early_from[days] if span else days in service.all_early


def _share_a_key(one: Service, other: Service) -> bool:
    """Whether somebody who comes from one to the other can be seen; versions of before do not say which services share a key."""
    keys = [{tool for kind, tool in service.tools if kind == "shared_key"} for service in (one, other)]
    return {"shared_key"} <= one.records & other.records and (keys[0] == keys[1] or not all(keys))


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
