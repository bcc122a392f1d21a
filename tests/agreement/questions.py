"""Which units a question is about: closed choices, the cells of a breakdown, what they cover and what is wider.

A question covers a set on every axis (methods 1.4): pairs of a service and a month, classes of people (age band and
employment status together), and one value or any on each other dimension. Two questions that cover the same are the same
question, however they were named.
"""

from dataclasses import dataclass, replace
from itertools import product

from codes import (
    AGES,
    EMPLOYMENT,
    ETHNIC_GROUPS,
    FLAGS,
    FUNDING,
    GENDERS,
    MODELS,
    OUT_OF_WORK,
    REASONS,
    SOURCES,
    START_RUNGS,
    WORKING_AGES,
)
from facts import of_service
from months import financial_year_of, quarter_of

PERIOD_DIMENSIONS = ("month", "quarter", "financial_year")
CLASS_DIMENSIONS = ("age_band", "employment_status", "start_rung")
SERVICE_DIMENSIONS = ("model", "funding", "co_located")
LABELS = {
    "model": MODELS,
    "funding": FUNDING,
    "co_located": FLAGS,
    "age_band": [*AGES, "unknown"],
    "gender": GENDERS,
    "ethnic_group": ETHNIC_GROUPS,
    "imd_quintile": ["1", "2", "3", "4", "5", "unknown"],
    "long_term_conditions": ["0", "1", "2", "3+", "unknown"],
    "employment_status": EMPLOYMENT,
    "referral_source": SOURCES,
    "main_reason": [*REASONS, "unknown"],
    "work_goal": FLAGS,
    "start_rung": START_RUNGS,
}
BASES = ["out_of_work", "working_age", "all"]
RUNG_OF_STATUS = {"employed": "work", "volunteering": "volunteering", "student": "learning"}


@dataclass(frozen=True)
class Cell:
    """One question: months of the store, services, base and a value for some dimensions.

    `days`: first and last day of its period, None for all; `own`: of the periods of a breakdown that it is a row of (None: of none), and
    `is_part`: the selection covers a part of these alone.
    """

    months: frozenset
    services: frozenset
    base: str
    values: tuple
    days: tuple | None = None
    own: tuple | None = None
    is_part: bool = False

    @property
    def is_of_period(self):
        return self.own is not None


@dataclass(frozen=True)
class Coverage:
    """What a question covers for a metric: equal coverages are the same question."""

    pairs: frozenset  # (service, month)
    classes: frozenset  # (age band, employment status)
    values: tuple  # of the other dimensions

    def has(self, unit):
        return unit.pair in self.pairs and self.has_person(unit.journey)

    def has_person(self, journey):
        if journey.person_class not in self.classes:
            return False
        for name, value in self.values:  # noqa: SIM110  (asked millions of times)
            if journey.dimensions[name] != value:
                return False
        return True


def selected(world, period, service, commissioner, cohort, base):
    if service is not None and commissioner is not None:
        raise ValueError("choose a service or a commissioner, not both")
    services = frozenset(world.services)
    if service is not None:
        services = frozenset([service])
    if commissioner is not None:
        services = world.of_commissioner(commissioner)
    days = world.days(period)
    return Cell(world.coverage(days), services, base, tuple(sorted((cohort or {}).items())), days)


def cells(world, selection, by):
    """Every cell of a breakdown with its labels."""
    found = [((), selection)]
    for dimension in by:
        found = [
            ((*labels, label), _narrowed(world, cell, dimension, label))
            for labels, cell in found
            for label in _breakdown_labels(world, selection, dimension)
        ]
    return found


def _breakdown_labels(world, cell, dimension):
    """The labels of a dimension inside the selection, in the list's order."""
    of_month = {"month": str, "quarter": quarter_of, "financial_year": financial_year_of}
    if dimension in of_month:
        return sorted({of_month[dimension](month) for month in cell.months})
    if dimension == "service":
        return sorted(cell.services)
    if dimension == "commissioner":
        return sorted({world.services[service]["commissioner_code"] for service in cell.services})
    fixed = dict(cell.values)
    return [fixed[dimension]] if dimension in fixed else LABELS[dimension]


def _narrowed(world, cell, dimension, label):
    """The cell of a breakdown: the same question with one more choice made."""
    if dimension in PERIOD_DIMENSIONS:
        return _in_period(world, cell, world.days(label))
    services, values = cell.services, cell.values
    if dimension == "service":
        services &= {label}
    elif dimension == "commissioner":
        services &= world.of_commissioner(label)
    else:
        values = tuple(sorted({**dict(values), dimension: label}.items()))
    return replace(cell, services=services, values=values)


def _in_period(world, cell, period):
    months, days, own = cell.months & world.coverage(period), _shared(cell.days, period), _shared(cell.own, period)
    return replace(cell, months=months, days=days, own=own, is_part=days != own)


def _shared(days, period):
    return (max(period[0], days[0]), min(period[1], days[1])) if days else period


def services_of(world, cell):
    """The recordings of the services of a cell: those of its place, with its model, funding and co-location."""
    wanted = [(name, value) for name, value in cell.values if name in SERVICE_DIMENSIONS]
    rows = [world.recordings[name] for name in sorted(cell.services)]
    return [row for row in rows if all(of_service(row.service)[name] == value for name, value in wanted)]


def coverage(world, cell, metric, needs=None):
    """What a cell covers for a metric: pairs in which the service records what it needs (or `needs` instead)."""
    only = metric.only if needs is None else ()
    return world.once(_coverage, cell, metric.needs if needs is None else needs, metric.base, only)


def _coverage(world, cell, needs, only_base, only):
    pairs = frozenset(
        (one.service["service_id"], month)
        for one in services_of(world, cell)
        for month in one.months(needs)
        if month in cell.months
    )
    values = tuple(one for one in cell.values if one[0] not in (*CLASS_DIMENSIONS, *SERVICE_DIMENSIONS))
    classes = frozenset((age, status) for age, status in _classes(cell, only_base) if status in (only or EMPLOYMENT))
    return Coverage(pairs, classes, values)


def _classes(cell, only_base):
    wanted = dict(cell.values)
    return frozenset(
        (age, status)
        for age, status in product(LABELS["age_band"], EMPLOYMENT)
        if _is_in_base(age, status, only_base or cell.base)
        and wanted.get("age_band", age) == age
        and wanted.get("employment_status", status) == status
        and wanted.get("start_rung", RUNG_OF_STATUS.get(status, "starting_out"))
        == RUNG_OF_STATUS.get(status, "starting_out")
    )


def _is_in_base(age, status, base):
    if base == "all":
        return True
    return age in WORKING_AGES and (base == "working_age" or status in OUT_OF_WORK)


def wider(world, cell, metric):
    """The coverages of every way of widening one or more choices of a cell, those of the same coverage left out.

    A choice is wider if it holds what the cell covers, whatever the cell's own choice is called: a pilot asked for without
    a period is guarded as its only year is.
    """
    return world.once(_wider, cell, metric)


def _names_that_hold(value):
    """A choice, and the rung at the start that holds all who have a status."""
    dimension, label = value
    if dimension == "employment_status":
        return value, ("start_rung", RUNG_OF_STATUS.get(label, "starting_out"))
    return (value,)


def _wider(world, cell, metric):
    own = coverage(world, cell, metric)
    services = {service for service, _ in own.pairs}
    months = {month for _, month in own.pairs}
    kept_values = [()]
    for value in cell.values:
        kept_values += [(*kept, one) for kept in kept_values for one in _names_that_hold(value)]
    places = {cell.services} | {other for other in world.places if other >= services}
    if metric.is_placed:  # a row is in one service by its own label, so that more services hold no more of it
        places = {cell.services}
        fixed = {value for value in cell.values if value[0] in SERVICE_DIMENSIONS}
        kept_values = [kept for kept in kept_values if fixed <= set(kept)]
    choices = product(
        {cell.months} | {other for other in world.periods if other >= months},
        places,
        BASES,
        kept_values,
    )
    found = {coverage(world, Cell(*chosen), metric) for chosen in choices}
    return {other for other in found - {own} if other.pairs >= own.pairs and other.classes >= own.classes}
