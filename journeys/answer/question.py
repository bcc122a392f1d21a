"""A question put to a store: its cells, and what its choices cover on each axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from journeys.answer.coverage import CLASS_DIMENSIONS, SERVICE_DIMENSIONS, Classes, Ground, Place
from journeys.answer.finer import Finer
from journeys.answer.guard import Axis, Blocks, Cell, Cover, cut, nearest
from journeys.answer.remembered import Latest
from journeys.vocabulary import calendar as periods
from journeys.vocabulary.lists import PERIOD_UNITS, Lists, Service
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection

PLACES = ("service", "commissioner", *SERVICE_DIMENSIONS)
OWN_BASE = "out_of_work"
# of blocks that are kept for questions that cover the same: each weighs its elements and some more
MOST_ELEMENTS, ELEMENTS_MORE = 100_000, 500


@dataclass(frozen=True)
class Time:
    """When a cell is: its months that the store covers; its first and last by the calendar (None when it has no period of its own); and whether the
    selection covers only a part of the period that it is labelled with."""

    months: frozenset[str]
    span: tuple[str, str] | None
    is_part: bool


@dataclass(frozen=True)
class Question:
    """One metric, one selection, up to two breakdowns, over the closed lists of one store.

    A metric whose SELECT is about people out of work alone is asked on that base, whatever was chosen: `all` is read as it,
    `working_age` is a ValueError. `is_of_everyone` asks about all journeys, also of services that do not record what is needed.
    `parts`: the cells that are asked about, where the last breakdown is one more than may be chosen (`second_names`).
    """

    metric: Metric
    selection: Selection
    by: tuple[str, ...]
    lists: Lists
    is_of_everyone: bool = False
    parts: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        self.lists.check(self.selection, self.by[:-1] if self.parts else self.by)
        double = [d for d in self.by if d in self.metric.labels]
        if double:
            raise ValueError(f"{self.metric.slug} is by {double[0]} already: choose another breakdown")
        if is_on_its_own_base(self.metric):
            object.__setattr__(self, "selection", _on_own_base(self.metric, self.selection))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The breakdown labels of the answer: every label inside the selection, in the lists' order."""
        return self.parts or tuple(product(*(self._listed(d) for d in self.by)))

    def _listed(self, dimension: str) -> tuple[str, ...]:
        """The labels of a breakdown that can hold anything of the selection."""
        if dimension in PERIOD_UNITS:
            return self.lists.calendar.units(dimension, self.selection.period)
        where = self.lists.where(self.selection)
        if dimension == "service":
            return tuple(s for s in self.lists.services if s in where)
        if dimension == "commissioner":
            return tuple(c for c in self.lists.commissioners if self.lists.services_of(c) & where)
        fixed = self.selection.cohort.get(dimension)
        return (fixed,) if fixed else self.lists.codes(dimension)

    @cached_property
    def worked_out(self) -> dict[str, dict]:
        """What others work out of this question alone."""
        return {}

    # -- what a cell names ------------------------------------------------------------------------------------------

    def named(self, cell: Cell) -> dict[str, str]:
        """The value of each dimension that the selection or the labels of a cell choose."""
        return {**self.selection.cohort, **dict(zip(self.by, cell, strict=True))}

    def time_of(self, cell: Cell) -> Time:
        """When a cell is. Cells that differ in other labels alone are at one time."""
        labels = tuple(cell[i] for i in self._at_units)
        if labels not in self._times:
            self._times[labels] = _time(self.lists.calendar, self.selection.period, labels)
        return self._times[labels]

    @cached_property
    def _times(self) -> dict[Cell, Time]:
        return {}

    @cached_property
    def _at_units(self) -> tuple[int, ...]:
        """Which of a cell's labels are periods."""
        return tuple(i for i, d in enumerate(self.by) if d in PERIOD_UNITS)

    def services_of(self, cell: Cell) -> tuple[Service, ...]:
        """The services of a cell, also when they are told apart by model, funding or co-location."""
        return services_of(self.lists, self.place_of(cell))

    @cached_property
    def _places(self) -> dict[Cell, Place]:
        return {}

    @cached_property
    def _at_places(self) -> tuple[int, ...]:
        """Which of a cell's labels say where or when it is."""
        return tuple(i for i, d in enumerate(self.by) if d in (*PERIOD_UNITS, *PLACES))

    def place_of(self, cell: Cell) -> Place:
        """Where and when a cell is. Cells that differ in other labels alone are in one place."""
        labels = tuple(cell[i] for i in self._at_places)
        if labels not in self._places:
            self._places[labels] = self._found_place(cell)
        return self._places[labels]

    def _found_place(self, cell: Cell) -> Place:
        lists, named = self.lists, self.named(cell)
        where = lists.where(self.selection)
        if "service" in named:
            where &= {named["service"]}
        if "commissioner" in named:
            where &= lists.services_of(named["commissioner"])
        kinds = tuple(lists.services_with(d, named[d]) for d in SERVICE_DIMENSIONS if d in named)
        return Place(self.time_of(cell).months, where, kinds)

    @cached_property
    def _all_classes(self) -> dict[tuple[str, ...], Classes]:
        return {}

    def _classes(self, cell: Cell) -> Classes:
        labels = tuple(cell[i] for i, d in enumerate(self.by) if d in CLASS_DIMENSIONS)
        if labels not in self._all_classes:
            self._all_classes[labels] = self._found_classes(cell)
        return self._all_classes[labels]

    def _found_classes(self, cell: Cell) -> Classes:
        named = {d: value for d, value in self.named(cell).items() if d in CLASS_DIMENSIONS}
        own_base = OWN_BASE if is_on_its_own_base(self.metric) else "all"
        return Classes(self.selection.base, named, own_base, () if self.is_of_everyone else self.metric.only)

    # -- what it covers ---------------------------------------------------------------------------------------------

    @cached_property
    def ground(self) -> Ground:
        """Where and when the store can hold what the question asks about."""
        return Ground.of(self.lists, () if self.is_of_everyone else tuple(self.metric.needs))

    @cached_property
    def finer(self) -> Finer:
        """Finer cuts of its axes, which all questions share that stand on the same ground."""
        needs = () if self.is_of_everyone else tuple(self.metric.needs)
        made = self.lists.worked_out.setdefault("finer", {})
        return made.get(needs) or made.setdefault(needs, Finer(self.ground.everything))

    @cached_property
    def _everywhere(self) -> Ground:
        return Ground.of(self.lists, ())

    def covers_nothing(self, cell: Cell) -> bool:
        """Whether no journey at all can be in a cell, recorded or not: it lies outside the base, or where no service was."""
        return not self._everywhere.covers(self.place_of(cell)) or not self._classes(cell).covers

    def pairs_of(self, cell: Cell) -> Cover:
        """The services and months of a cell in which what the metric needs is recorded."""
        return self.ground.covers(self.place_of(cell))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """One axis for every kind of choice that is made or broken down by; what is left at `all` plays no part."""
        axes = []
        if self._is_somewhere:
            axes.append(self._axis(("service_id", "month"), (*PERIOD_UNITS, *PLACES), self._ways_of_place))
        if self._is_of_some:
            columns = ("age_band", "employment_status")
            axes.append(self._axis(columns, CLASS_DIMENSIONS, lambda cell: self._classes(cell).ways()))
        return (*axes, *(self._axis((d,), (d,), self._values_of(d)) for d in self._dimensions))

    @cached_property
    def blocks(self) -> Blocks:
        """The axes cut into blocks, once for all questions of one store that cover the same: those of a page differ in the metric alone, as a rule."""
        known = self.lists.worked_out.setdefault("blocks", Latest(_n_elements, MOST_ELEMENTS))
        key = (tuple((axis.columns, axis.places, tuple(axis.sets.items())) for axis in self.axes), self.cells)
        return known.get(key, lambda: Blocks(map(cut, self.axes), self.cells))

    @property
    def _is_somewhere(self) -> bool:
        """Events can lie outside the months in which they count, so that their places always play a part."""
        chosen, named = self.selection, {*self.selection.cohort, *self.by}
        where = chosen.service or chosen.commissioner or chosen.period != periods.ALL
        is_of_events = self.metric.is_by_event and not self.is_of_everyone
        return bool(where or is_of_events or named & {*PERIOD_UNITS, *PLACES})

    @property
    def _is_of_some(self) -> bool:
        return self.selection.base != "all" or bool({*self.selection.cohort, *self.by} & set(CLASS_DIMENSIONS))

    @property
    def _dimensions(self) -> tuple[str, ...]:
        """The other dimensions of clients that are chosen or broken down by, each an axis of its own."""
        named = dict.fromkeys((*self.selection.cohort, *self.by))
        return tuple(d for d in named if d not in (*PERIOD_UNITS, *PLACES, *CLASS_DIMENSIONS))

    def _axis(self, columns: tuple[str, ...], dimensions: Sequence[str], ways: Callable) -> Axis:
        """An axis of these columns; `ways` gives what a cell covers on it, and the nearest wider sets."""
        places = tuple(i for i, d in enumerate(self.by) if d in dimensions)
        first = {tuple(cell[i] for i in places): cell for cell in self.cells}
        return Axis(columns, places, {label: ways(cell) for label, cell in first.items()})

    def _ways_of_place(self, cell: Cell) -> tuple[Cover, ...]:
        return self.ground.ways(self.place_of(cell), bool(self.metric.placed_by) and not self.is_of_everyone)

    def _values_of(self, dimension: str) -> Callable[[Cell], tuple[Cover, ...]]:
        """One value of a dimension, or all of them; wider are all."""
        everything = frozenset((code,) for code in self.lists.codes(dimension))
        return lambda cell: nearest(frozenset([(self.named(cell)[dimension],)]), [everything])


def _n_elements(blocks: Blocks) -> int:
    return sum(len(one.block_of) for one in blocks.cuts) + ELEMENTS_MORE


def _time(calendar: periods.Calendar, period: str, labels: tuple[str, ...]) -> Time:
    months = frozenset.intersection(*map(calendar.months, (period, *labels)))
    labelled = [calendar.span(label) for label in labels]
    spans = labelled if period == periods.ALL else [calendar.span(period), *labelled]
    span = _shared(spans)
    return Time(months, span, bool(labels) and _shared(labelled) != span)


def _shared(spans: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The first and last month that all of these have."""
    return (max(first for first, _ in spans), min(last for _, last in spans)) if spans else None


def services_of(lists: Lists, place: Place) -> tuple[Service, ...]:
    """The services of a place, also when they are told apart by model, funding or co-location."""
    covers = frozenset.intersection(place.services, *place.kinds)
    return tuple(s for s in lists.services.values() if s.service_id in covers)


def is_on_its_own_base(metric: Metric) -> bool:
    """Whether a metric counts people out of work alone, whatever base is chosen."""
    return "is_out_of_work" in metric.sql


def _on_own_base(metric: Metric, selection: Selection) -> Selection:
    if selection.base == "working_age":
        raise ValueError(f"{metric.slug} is about people out of work at referral: base working_age cannot be chosen")
    return selection.but(base=OWN_BASE)
