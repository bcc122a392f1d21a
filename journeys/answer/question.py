"""A question put to a store: its cells, and what its choices cover on each axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from journeys.answer.guard import Axis, Cell, Cover, together, widened
from journeys.vocabulary import calendar as periods
from journeys.vocabulary.lists import PERIOD_UNITS, Lists, Service
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection

SERVICE_DIMENSIONS = ("model", "funding", "co_located")
PLACES = ("service", "commissioner", *SERVICE_DIMENSIONS)
BASE_COVERS = {
    "all": frozenset(("rest", "working_age", "out_of_work")),
    "working_age": frozenset(("working_age", "out_of_work")),
    "out_of_work": frozenset(("out_of_work",)),
}
BASE_ELEMENTS = {"rest": ("false", "false"), "working_age": ("true", "false"), "out_of_work": ("true", "true")}


@dataclass(frozen=True)
class Question:
    """One metric, one selection, up to two breakdowns, over the closed lists of one store."""

    metric: Metric
    selection: Selection
    by: tuple[str, ...]
    lists: Lists

    def __post_init__(self) -> None:
        self.lists.check(self.selection, self.by)
        double = [d for d in self.by if d in self.metric.labels]
        if double:
            raise ValueError(f"{self.metric.slug} is by {double[0]} already: choose another breakdown")

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The breakdown labels of the answer: every label inside the selection, in the lists' order."""
        return tuple(product(*(self._listed(d) for d in self.by)))

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

    def months_of(self, cell: Sequence[str]) -> tuple[str, str] | None:
        """First and last month of a cell by the calendar; None when it has no period of its own (all)."""
        spans = [self.lists.calendar.span(cell[i]) for i, d in enumerate(self.by) if d in PERIOD_UNITS]
        if self.selection.period != periods.ALL:
            spans.append(self.lists.calendar.span(self.selection.period))
        return (max(s[0] for s in spans), min(s[1] for s in spans)) if spans else None

    def services_of(self, cell: Sequence[str]) -> tuple[Service, ...]:
        """The services of a cell, also when they are told apart by model, funding or co-location."""
        covers = self._places(cell)[0]
        return tuple(s for s in self.lists.services.values() if s.service_id in covers)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """One axis for every kind of choice that is made or broken down by; what is left at `all` plays no part."""
        axes = []
        if self.selection.period != periods.ALL or set(self.by) & set(PERIOD_UNITS):
            axes.append(self._axis(("month",), PERIOD_UNITS, self._times))
        if self._is_somewhere:
            axes.append(self._axis(("service_id",), PLACES, self._places))
        if self.selection.base != "all":
            axes.append(self._axis(("is_working_age", "is_out_of_work"), (), self._bases))
        return (*axes, *(self._axis((d,), (d,), self._values_of(d)) for d in self._dimensions))

    @property
    def _is_somewhere(self) -> bool:
        chosen = self.selection
        return bool(chosen.service or chosen.commissioner or {*chosen.cohort, *self.by} & set(PLACES))

    @property
    def _dimensions(self) -> tuple[str, ...]:
        """The dimensions of clients that are chosen or broken down by, each an axis of its own."""
        named = dict.fromkeys((*self.selection.cohort, *self.by))
        return tuple(d for d in named if d not in (*PERIOD_UNITS, *PLACES))

    def _axis(self, columns: tuple[str, ...], dimensions: Sequence[str], ways: Callable) -> Axis:
        """An axis of these columns; `ways` gives what a cell covers on it, and wider."""
        places = tuple(i for i, d in enumerate(self.by) if d in dimensions)
        first = {tuple(cell[i] for i in places): cell for cell in self.cells}
        return Axis(columns, places, {label: _elements(ways(cell)) for label, cell in first.items()})

    def _times(self, cell: Cell) -> tuple[frozenset[str], ...]:
        """The months of a cell, then those of its quarter, its year, the last four quarters and all of them."""
        calendar = self.lists.calendar
        labels = [label for d, label in zip(self.by, cell, strict=True) if d in PERIOD_UNITS]
        months = frozenset.intersection(*(calendar.months(p) for p in (self.selection.period, *labels)))
        return widened(months, (calendar.months(p) for p in calendar.wider(months)))

    def _places(self, cell: Sequence[str]) -> tuple[frozenset[str], ...]:
        """The services of a cell; wider are its commissioner's and all, and those of every model, funding and co-location."""
        lists, labels = self.lists, dict(zip(self.by, cell, strict=True))
        where = lists.where(self.selection)
        if "service" in labels:
            where &= {labels["service"]}
        if "commissioner" in labels:
            where &= lists.services_of(labels["commissioner"])
        everywhere = frozenset(lists.services)
        named = {**self.selection.cohort, **labels}
        kinds = [lists.services_with(d, named[d]) for d in SERVICE_DIMENSIONS if d in named]
        commissioned = [lists.services_of(c) for c in lists.commissioners]
        return together(
            [widened(where, (*commissioned, everywhere)), *(widened(kind, (everywhere,)) for kind in kinds)]
        )

    def _bases(self, cell: Cell) -> tuple[frozenset, ...]:
        return tuple(
            frozenset(BASE_ELEMENTS[one] for one in covers)
            for covers in widened(BASE_COVERS[self.selection.base], BASE_COVERS.values())
        )

    def _values_of(self, dimension: str) -> Callable[[Cell], tuple[frozenset[str], ...]]:
        """One value of a dimension, or all of them; wider are all."""
        everything = frozenset(self.lists.codes(dimension))

        def ways(cell: Cell) -> tuple[frozenset[str], ...]:
            named = {**self.selection.cohort, **dict(zip(self.by, cell, strict=True))}
            return widened(frozenset((named[dimension],)), (everything,))

        return ways


def _elements(ways: Sequence[frozenset]) -> tuple[Cover, ...]:
    """The same sets with every element as the values of the axis's columns."""
    return tuple(frozenset((one,) if isinstance(one, str) else one for one in covers) for covers in ways)
