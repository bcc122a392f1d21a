"""What choices cover: what the store can hold, never what it holds.

**Place and time** is one axis. Its elements are a service and a month together, from the service's first month to its last, only
where the service then records what the metric needs. A choice of period, service, commissioner, model, funding or co-location is
the set of its pairs. **Class of people** is another: age band and employment status together; base, age band, employment status
and rung at the start (which follows from the status alone) choose there.

Questions that cover the same are the same question, however they were named. So what is wider is told by what is covered: every
closed choice of a period that holds the months of a set, of a place that holds its services, of a base that holds its classes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import product

from journeys.answer.guard import Axis, Cover, Cut, cut, nearest
from journeys.vocabulary import dictionary
from journeys.vocabulary.lists import Lists, Service

SERVICE_DIMENSIONS = ("model", "funding", "co_located")
CLASS_DIMENSIONS = ("age_band", "employment_status", "start_rung")
WORKING_AGES = ("16-24", "25-34", "35-49", "50-64")
OUT_OF_WORK = ("unemployed_seeking", "student", "long_term_sick", "homemaker", "not_seeking", "volunteering")
START_RUNGS = {"employed": "work", "volunteering": "volunteering", "student": "learning"}
BASES = ("out_of_work", "working_age", "all")


@dataclass(frozen=True)
class Place:
    """Where and when a cell is: its months and services, and the services of each model, funding or co-location that it names."""

    months: frozenset[str]
    services: frozenset[str]
    kinds: tuple[frozenset[str], ...] = ()


MOST_PAIRS = 300_000  # of areas that are kept: each pair is one object, however many areas hold it


class Ground:
    """The pairs of a service and a month in which a store can hold rows of services that record some kinds. Safe to share between threads."""

    def __init__(self, lists: Lists, needs: Sequence[str]) -> None:
        self.lists = lists
        services = lists.services.values()
        self._pairs = {s.service_id: {m: (s.service_id, m) for m in _months_of(lists, s, needs)} for s in services}
        self._everywhere = frozenset(lists.services)
        self._named = (*map(lists.services_of, lists.commissioners), self._everywhere)
        self._areas: dict[tuple, Cover] = {}
        self._ways: dict[tuple, tuple[Cover, ...]] = {}
        self._n_pairs = 0

    @staticmethod
    def of(lists: Lists, needs: Sequence[str]) -> "Ground":
        """The ground of a store, which all its questions share: most panels of a page stand on the same."""
        grounds = lists.worked_out.setdefault("grounds", {})
        return grounds.get(needs) or grounds.setdefault(needs, Ground(lists, needs))

    @property
    def everything(self) -> Cover:
        """All of its pairs."""
        return frozenset(pair for months in self._pairs.values() for pair in months.values())

    def covers(self, place: Place) -> Cover:
        """The pairs of a place."""
        return self._area(place.months, frozenset.intersection(place.services, *place.kinds))

    def ways(self, place: Place, is_in_its_place: bool = False) -> tuple[Cover, ...]:
        """The pairs of a place, and the nearest sets of pairs that are wider; in time alone if each row is in its place by a label of its own:
        of what went from one service, the services beside it tell nothing."""
        found = self._ways.get((place, is_in_its_place))
        if found is None:
            found = self._ways[place, is_in_its_place] = self._found_ways(place, is_in_its_place)
        return found

    def _found_ways(self, place: Place, is_in_its_place: bool) -> tuple[Cover, ...]:
        own = self.covers(place)
        months, services = frozenset(m for _, m in own), frozenset(s for s, _ in own)
        calendar = self.lists.calendar
        periods = {place.months, *(calendar.months(p) for p in calendar.holding(months))}
        if is_in_its_place:
            return nearest(own, (self.covers(replace(place, months=when)) for when in periods))
        places = {place.services, *(named for named in self._named if named >= services)}
        if len(services) == 1:
            places.add(services)
        kinds = product(*((kind, self._everywhere) for kind in place.kinds))
        wheres = {frozenset.intersection(where, *some) for where, some in product(places, kinds)}
        return nearest(own, (self._area(when, where) for when, where in product(periods, wheres)))

    def _area(self, months: frozenset[str], services: frozenset[str]) -> Cover:
        found = self._areas.get((months, services))
        if found is None:
            found = frozenset(pair for s in services for m, pair in self._pairs[s].items() if m in months)
            self._n_pairs += len(found)
            if self._n_pairs > MOST_PAIRS:
                self._areas, self._ways, self._n_pairs = {}, {}, len(found)
            self._areas[months, services] = found
        return found


def _months_of(lists: Lists, service: Service, needs: Iterable[str]) -> tuple[str, ...]:
    """The months of a service in which it records all of these kinds."""
    first = max([service.first_month, *(service.since.get(kind, "9999") for kind in needs)])
    last = min([service.last_month, *(service.until.get(kind, "0000") for kind in needs)])
    return tuple(m for m in lists.calendar.all_months if first <= m <= last)


@dataclass(frozen=True)
class Classes:
    """The classes of people that a cell names: its base, and one value each of age band, employment status and rung at the start.

    `own_base` is that of a metric which counts nobody outside it, whatever is chosen; `only` are the statuses of one that counts no others.
    """

    base: str
    named: Mapping[str, str]
    own_base: str = "all"
    only: tuple[str, ...] = ()

    @cached_property
    def covers(self) -> Cover:
        """Pairs of an age band and an employment status."""
        return self._of(self.base, tuple(sorted(self.named.items())))

    def _of(self, base: str, named: tuple[tuple[str, str], ...]) -> Cover:
        """What the metric counts of some classes: one about people out of work alone counts no others."""
        covers = _classes(base, named) & _classes(self.own_base, ())
        return frozenset((age, status) for age, status in covers if status in self.only) if self.only else covers

    def ways(self) -> tuple[Cover, ...]:
        """The classes, and the nearest sets of classes that are wider: also those of the rung that an employment status starts on."""
        kept = product(*((*_by_other_names(*pair), None) for pair in sorted(self.named.items())))
        choices = product(BASES, (tuple(pair for pair in some if pair) for some in kept))
        return nearest(self.covers, (self._of(base, named) for base, named in choices))


def _by_other_names(dimension: str, value: str) -> tuple[tuple[str, str], ...]:
    """A choice of people, and the one of another dimension that holds all of it."""
    own = (dimension, value)
    return (own, ("start_rung", start_rung(value))) if dimension == "employment_status" else (own,)


def are_same_people(base: str, other: str, cohort: Mapping[str, str]) -> bool:
    """Whether two bases of a cohort are the same people, as everyone and working age are of those aged 25 to 34."""
    named = {dimension: value for dimension, value in cohort.items() if dimension in CLASS_DIMENSIONS}
    return Classes(base, named).covers == Classes(other, named).covers


@cache
def _classes(base: str, named: tuple[tuple[str, str], ...]) -> Cover:
    wanted, derived = dict(named), dictionary.load().derived
    ages, statuses = ([code.code for code in derived[d]] for d in ("age_band", "employment_status"))
    return frozenset(
        (age, status)
        for age, status in product(ages, statuses)
        if _is_in(base, age, status)
        and wanted.get("age_band", age) == age
        and wanted.get("employment_status", status) == status
        and wanted.get("start_rung", start_rung(status)) == start_rung(status)
    )


def bases() -> Cut:
    """The classes of people cut by the bases alone: what chooses a base and no more is made of these blocks."""
    return cut(Axis(("age_band", "employment_status"), (), {(): tuple(_classes(base, ()) for base in BASES)}))


def _is_in(base: str, age: str, status: str) -> bool:
    return base == "all" or (age in WORKING_AGES and (base == "working_age" or status in OUT_OF_WORK))


def start_rung(employment_status: str) -> str:
    """The rung at the start, which is known from employment status alone."""
    return START_RUNGS.get(employment_status, "starting_out")
