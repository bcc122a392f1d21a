"""A question put to a store: its labels, the choices it makes on each axis, and the SQL that picks its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from journeys.answer.rule import Axis, Part
from journeys.vocabulary import calendar as periods
from journeys.vocabulary import dictionary
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import BREAKDOWNS, MOST_BREAKDOWNS, Selection

PERIOD_UNITS = ("month", "quarter", "financial_year")
SERVICE_DIMENSIONS = ("model", "funding", "co_located")
BASE_COVERS = {
    "all": frozenset(("rest", "working_age", "out_of_work")),
    "working_age": frozenset(("working_age", "out_of_work")),
    "out_of_work": frozenset(("out_of_work",)),
}
BASE_SQL = {"all": "", "working_age": "is_working_age", "out_of_work": "is_out_of_work"}


@dataclass(frozen=True)
class Service:
    """What a store knows of one service, to the month."""

    service_id: str
    name: str
    commissioner: str
    commissioner_name: str
    model: str
    funding: str
    co_located: str
    records: frozenset[str]
    follows_up: bool
    first_month: str
    last_month: str
    complete_until: Mapping[int, str]
    early_from: Mapping[int, str]
    all_early: frozenset[int] = frozenset()
    opened_month: str | None = None


@dataclass(frozen=True)
class Lists:
    """The closed lists of one store: its calendar, services and barriers; codes come from the dictionary."""

    calendar: periods.Calendar
    services: Mapping[str, Service]
    barriers: tuple[str, ...]

    @cached_property
    def commissioners(self) -> Mapping[str, str]:
        """Commissioner code to name, by name."""
        names = {s.commissioner: s.commissioner_name for s in self.services.values()}
        return dict(sorted(names.items(), key=lambda item: item[1].casefold()))

    def services_of(self, commissioner: str) -> frozenset[str]:
        return frozenset(s.service_id for s in self.services.values() if s.commissioner == commissioner)

    def where(self, selection: Selection) -> frozenset[str]:
        """The services that a selection covers."""
        if selection.service is not None:
            return frozenset((selection.service,))
        if selection.commissioner is not None:
            return self.services_of(selection.commissioner)
        return frozenset(self.services)

    def codes(self, label: str) -> tuple[str, ...]:
        """Every value of a label's closed list, in order; ValueError for a label that has no list."""
        if label == "service":
            return tuple(self.services)
        if label == "commissioner":
            return tuple(self.commissioners)
        if label in PERIOD_UNITS:
            return self.calendar.units(label, periods.ALL)
        if label == "barrier":
            return self.barriers
        derived = dictionary.load().derived
        if label not in derived:
            raise ValueError(f"label {label!r} has no closed list: it cannot be shown")
        return tuple(code.code for code in derived[label])

    def name(self, label: str, code: str) -> str:
        """What a screen calls a code."""
        words = dictionary.load()
        if label == "service":
            return self.services[code].name
        if label == "commissioner":
            return self.commissioners[code]
        if label in PERIOD_UNITS:
            return periods.in_words(code)
        if label == "barrier":
            return words.item("mbat", code).label
        if label == "path":
            return path_words(code)
        if label == "item":
            return _item_words(code)
        return words.derived_label(label, code)

    def check(self, selection: Selection, by: Sequence[str]) -> None:
        """ValueError for a choice or breakdown that this store does not have; what the data hold plays no part."""
        _check_breakdowns(by)
        if selection.service is not None and selection.service not in self.services:
            raise ValueError(f"unknown service {selection.service!r}: the store has {', '.join(self.services)}")
        if selection.commissioner is not None and selection.commissioner not in self.commissioners:
            raise ValueError(
                f"unknown commissioner {selection.commissioner!r}: the store has {', '.join(self.commissioners)}"
            )
        for dimension, value in selection.cohort.items():
            if value not in self.codes(dimension):
                raise ValueError(f"unknown {dimension} {value!r}: allowed are {', '.join(self.codes(dimension))}")
        if not self.calendar.months(selection.period):
            raise ValueError(f"period {selection.period!r} lies outside the store, which covers {self.calendar.words}")


def _item_words(item: str) -> str:
    """The name of an item; one that several tools share (total) is named for what it is, as its tool stands beside it."""
    tools = dictionary.load().tools.values()
    labels = {tool.items[item].label for tool in tools if tool.any_item is None and item in tool.items}
    return labels.pop() if len(labels) == 1 else f"{item.replace('_', ' ').capitalize()} score"


def path_words(path: str) -> str:
    """A path of rung numbers by name: `1>3` is `Basic needs, then Learning and training`."""
    if path == "none":
        return "No rung reached yet"
    rungs = dictionary.load().derived["rung"]
    return ", then ".join(rungs[int(n)].label for n in path.split(">"))


def _check_breakdowns(by: Sequence[str]) -> None:
    unknown = [d for d in by if d not in BREAKDOWNS]
    if unknown:
        raise ValueError(f"unknown breakdown {unknown[0]!r}: allowed are {', '.join(BREAKDOWNS)}")
    if len(by) > MOST_BREAKDOWNS:
        raise ValueError(f"{len(by)} breakdowns: at most {MOST_BREAKDOWNS} are allowed")
    if len(set(by)) < len(by):
        raise ValueError(f"breakdown {by[0]!r} is given twice")


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
