"""A question put to a store: its labels, the choices it makes on each axis, and the SQL that picks its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from journeys.answer.rule import Axis, Part
from journeys.vocabulary import calendar as periods
from journeys.vocabulary.lists import PERIOD_UNITS, Lists, Service
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection

SERVICE_DIMENSIONS = ("model", "funding", "co_located")
BASE_COVERS = {
    "all": frozenset(("rest", "working_age", "out_of_work")),
    "working_age": frozenset(("working_age", "out_of_work")),
    "out_of_work": frozenset(("out_of_work",)),
}
BASE_SQL = {"all": "", "working_age": "is_working_age", "out_of_work": "is_out_of_work"}


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
    def axes(self) -> tuple[Axis, ...]:
        """One axis for every choice that is made or broken down by; an axis left at `all` plays no part in the guard."""
        axes = [self._period_axis(), self._where_axis(), self._base_axis()]
        axes += [self._cohort_axis(d) for d in dict.fromkeys((*self.selection.cohort, *self._plain_by))]
        return tuple(a for a in axes if a.chosen.sql or a.labels is not None)

    @property
    def _plain_by(self) -> tuple[str, ...]:
        return tuple(d for d in self.by if d not in (*PERIOD_UNITS, "service", "commissioner"))

    @cached_property
    def cells(self) -> tuple[tuple[str, ...], ...]:
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

    def axis_label(self, axis: Axis, cell: Sequence[str]) -> tuple[str, ...]:
        """The labels of a cell that lie on an axis."""
        return tuple(cell[i] for i in self._places(axis.name))

    def covers(self, cell: Sequence[str]) -> tuple[frozenset[str], ...]:
        """What a cell covers on each axis."""
        return tuple(axis.cell(self.axis_label(axis, cell)) for axis in self.axes)

    def months_of(self, cell: Sequence[str]) -> tuple[str, str] | None:
        """First and last month of a cell by the calendar; None when it has no period of its own (all)."""
        spans = [self.lists.calendar.span(cell[i]) for i, d in enumerate(self.by) if d in PERIOD_UNITS]
        if self.selection.period != periods.ALL:
            spans.append(self.lists.calendar.span(self.selection.period))
        return (max(s[0] for s in spans), min(s[1] for s in spans)) if spans else None

    def services_of(self, cell: Sequence[str]) -> tuple[Service, ...]:
        """The services of a cell, also when they are told apart by model, funding or co-location."""
        where = self.lists.where(self.selection)
        chosen = {**self.selection.cohort, **dict(zip(self.by, cell, strict=True))}
        return tuple(s for s in self.lists.services.values() if s.service_id in where and _is_of(s, chosen))

    def _places(self, axis: str) -> tuple[int, ...]:
        names = {"period": PERIOD_UNITS, "where": ("service", "commissioner")}.get(axis, (axis,))
        return tuple(i for i, d in enumerate(self.by) if d in names)

    def _labels(self, axis: str, covers) -> Mapping[tuple[str, ...], frozenset[str]] | None:
        places = self._places(axis)
        if not places:
            return None
        lists = [[(code, covers(self.by[i], code)) for code in self.lists.codes(self.by[i])] for i in places]
        return {tuple(c for c, _ in combo): frozenset.intersection(*(s for _, s in combo)) for combo in product(*lists)}

    def _period_axis(self) -> Axis:
        calendar = self.lists.calendar
        chosen = _period_part(calendar, self.selection.period)
        labels = self._labels("period", lambda unit, code: calendar.months(code))
        spans = set(labels.values()) if labels else set()
        narrow = {chosen.covers, *spans, *(chosen.covers & s for s in spans)}
        closed = {p for covers in narrow if covers for p in _wider_periods(calendar, covers)}
        return Axis("period", "months", chosen, labels, tuple(_period_part(calendar, p) for p in sorted(closed)))

    def _where_axis(self) -> Axis:
        lists, selection = self.lists, self.selection
        everything = Part(frozenset(lists.services))
        commissioners = {c: Part(lists.services_of(c), "commissioner_code = {}", c) for c in lists.commissioners}
        chosen = everything
        if selection.service is not None:
            chosen = Part(frozenset((selection.service,)), "service_id = {}", selection.service)
        elif selection.commissioner is not None:
            chosen = commissioners[selection.commissioner]
        labels = self._labels(
            "where", lambda unit, code: frozenset((code,)) if unit == "service" else lists.services_of(code)
        )
        return Axis("where", "services", chosen, labels, (*commissioners.values(), everything))

    def _base_axis(self) -> Axis:
        parts = {b: Part(covers, BASE_SQL[b]) for b, covers in BASE_COVERS.items()}
        return Axis("base", "base", parts[self.selection.base], None, tuple(parts.values()))

    def _cohort_axis(self, dimension: str) -> Axis:
        """A dimension of clients covers its own values; one of services (model, funding, co-location) covers services."""
        covers = self._services_with if dimension in SERVICE_DIMENSIONS else lambda _, code: frozenset((code,))
        elements = "services" if dimension in SERVICE_DIMENSIONS else dimension
        codes = self.lists.codes(dimension)
        everything = Part(frozenset.union(*(covers(dimension, code) for code in codes)))
        value = self.selection.cohort.get(dimension)
        chosen = Part(covers(dimension, value), f"{dimension} = {{}}", value) if value else everything
        return Axis(dimension, elements, chosen, self._labels(dimension, covers), (everything,))

    def _services_with(self, dimension: str, code: str) -> frozenset[str]:
        return frozenset(s.service_id for s in self.lists.services.values() if getattr(s, dimension) == code)


def _is_of(service: Service, chosen: Mapping[str, str]) -> bool:
    mine = {
        "service": service.service_id,
        "commissioner": service.commissioner,
        "model": service.model,
        "funding": service.funding,
        "co_located": service.co_located,
    }
    return all(chosen.get(name, value) == value for name, value in mine.items())


def _wider_periods(calendar: periods.Calendar, covers: frozenset[str]) -> tuple[str, ...]:
    first = min(covers)
    names = (periods.quarter_of(first), periods.year_of(first), periods.LAST_FOUR, periods.ALL)
    return tuple(p for p in names if calendar.months(p) > covers)


def _period_part(calendar: periods.Calendar, period: str) -> Part:
    kind = periods.kind(period)
    if kind == "all":
        return Part(calendar.months(period))
    if kind == "last":
        return Part(calendar.months(period), "quarter in (select unnest({}::varchar[]))", list(calendar.last_four))
    return Part(calendar.months(period), f"{kind} = {{}}", period)
