"""Waiting: how many had reached an outcome by each horizon, allowing for those no longer observed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from journeys.answer.released import HIDDEN, Protected, Values, Waiting
from journeys.answer.rule import Rule
from journeys.answer.shapes.shape import Behind, Counts, Own
from journeys.statistics import incidence, proportions
from journeys.statistics.incidence import Numbers, Step
from journeys.vocabulary.horizons import DAYS
from journeys.vocabulary.metrics import Metric

COLUMNS: tuple[str, ...] = ("events", "competing", "censored")
COUNTED = COLUMNS
GUARDED = "n"
AMOUNT = "answer.events + answer.competing + answer.censored"
FEWEST_AT_RISK = 10


def guarded_by(own: Own, has_shared: bool) -> Own:
    """Everybody who waits, whatever the horizon."""
    return ()


_DAY, _BY_DAY = (
    re.compile(r"^ +(.+) as day,\n", re.MULTILINE),
    re.compile(r"^group by by_1, by_2, part, 4$", re.MULTILINE),
)


def by_horizon(sql: str) -> str:
    """The metric's SQL summed up to each horizon from the one before; what comes later stands under the day after the last."""
    day, later = _day_of(sql), max(DAYS.values()) + 1
    until = " ".join(f"when {day} <= {n} then {n}" for n in DAYS.values())
    return _DAY.sub(lambda _: f"    case {until} else {later} end as day,\n", sql)


_HORIZONS = re.compile(rf" else {max(DAYS.values()) + 1} end as day,$", re.MULTILINE)


def n_days(sql: str) -> int:
    """How many different days rows of such SQL may have."""
    if not _DAY.search(sql):
        return 1
    return len(DAYS) + 1 if _HORIZONS.search(sql) else max(DAYS.values()) + 2


def _day_of(sql: str) -> str:
    """What a metric of waiting says its day is. That and its grouping stand on lines of their own, so that a sum of days is one pass."""
    days = _DAY.findall(sql)
    if len(days) != 1 or len(_BY_DAY.findall(sql)) != 1:
        raise ValueError(
            "a metric of waiting must say its day on one line and group by it, the fourth column, on the last"
        )
    return days[0]


def amounts(behind: Behind) -> Iterable[float]:
    total = _total(behind)
    yield total
    for step in _curve(behind).values():
        reached = _reached(step, total)
        yield from (step.at_risk, step.events, step.competing, step.censored, reached, total - reached)


def at_least(behind: Behind, people: Mapping[Own, Counts]) -> Iterator[float]:
    """From counts up to each horizon from the one before (`by_horizon`)."""
    by_day = {int(own[0] or 0): counts for own, counts in people.items()}
    total, nothing = _total(Behind(people)), dict.fromkeys(COLUMNS, 0)
    yield total
    waiting, so_far = total, dict.fromkeys(COLUMNS, 0.0)
    for day in DAYS.values():
        yield waiting
        here = by_day.get(day, nothing)
        so_far = {name: so_far[name] + here[name] for name in COLUMNS}
        yield from so_far.values()
        yield from (so_far["events"], total - so_far["events"])
        waiting -= sum(here.values())


def people(metric: Metric, has_shared: bool) -> str:
    """Whether a client counts at a horizon follows from the first and the last day of their rows; who has no other row has one day, on which one thing happened."""
    spans = ", ".join(
        f"('{months}', {begins}, {DAYS[months]})" for begins, months in zip((-1, *DAYS.values()), DAYS, strict=False)
    )
    alone = "\n".join(map(_alone, COLUMNS))
    return f"""with fact as (
{metric.sql}
), mine as materialized (
select by_1, 1 as n,
    max(day) as last_day,
    min(day) filter (where events > 0) as event_day,
    min(day) filter (where competing > 0) as competing_day,
    min(day) filter (where censored > 0) as censored_day
from fact where part is not null group by by_1, part
{alone}
)
select by_1, m.months,
    {_sum_of_clients("true")} as n,
    {_sum_of_clients("last_day > m.begins")} as at_risk,
    {_sum_of_clients("event_day <= m.days")} as events,
    {_sum_of_clients("competing_day <= m.days")} as competing,
    {_sum_of_clients("censored_day <= m.days")} as censored,
    {_sum_of_clients("(competing_day is not null or censored_day is not null or last_day > m.days)")} as rest
from mine
cross join (values {spans}) as m (months, begins, days)
group by by_1, m.months"""


def _alone(name: str) -> str:
    """Those who have no other row and to whom this happened, by day."""
    days = ", ".join("day" if other == name else "null" for other in COLUMNS)
    return f"union all select by_1, sum({name}), day, {days} from fact where part is null and {name} > 0 group by by_1, day"


def _sum_of_clients(condition: str) -> str:
    return f"coalesce(sum(n) filter (where {condition}), 0)::bigint"


def released(rule: Rule, behind: Behind, owns: Sequence[Own]) -> Iterator[Protected]:
    total, curve = _total(behind), _curve(behind)
    for own in owns:
        months = int(str(own[0]))
        yield protected(rule, months, curve.get(DAYS[months]), total, behind.people.get(own, {}))


def protected(rule: Rule, months: int, step: Step | None, total: float, n_people: Mapping[str, int]) -> Protected:
    """One point of a curve. `n_people`: different people behind `n`, `events` (reached), the `rest` and each count, where counted."""
    hidden = Protected(HIDDEN, Waiting(months))
    if rule.is_small(total, n_people.get("n")) or step is None:
        return hidden
    if step.at_risk < FEWEST_AT_RISK or step.incidence is None:
        return hidden
    reached = _reached(step, total)
    if _is_of_few(rule, reached, step, n_people) or rule.is_small(total - reached, n_people.get("rest")):
        return hidden
    return Protected(values=_point(rule, months, step, total, n_people))


def _is_of_few(rule: Rule, reached: float, step: Step, n_people: Mapping[str, int]) -> bool:
    """Seven events can be the share of eight people where some were lost from sight: shown, that would tell the seven."""
    return rule.is_small(min(reached, step.events), n_people.get("events"))


def _point(rule: Rule, months: int, step: Step, total: float, n_people: Mapping[str, int]) -> Waiting:
    """Incidence over the rounded cohort, its interval from these counts and the design effect alone."""
    at_risk = rule.count(step.at_risk, n_people.get("at_risk"))
    events = rule.count(step.events, n_people.get("events"))
    competing = rule.count(step.competing, n_people.get("competing"))
    censored = rule.count(step.censored, n_people.get("censored"))
    point = Waiting(months, at_risk, events, competing, censored)
    cohort, reached = rule.rounded(total), rule.rounded(_reached(step, total))
    if cohort < proportions.MINIMUM_DENOMINATOR:
        return point
    low, high = incidence.interval(reached, cohort, incidence.design_effect(step, total), rule.base)
    return replace(point, incidence=reached / cohort, low=low, high=high)


def bare(own: Own) -> Values | None:
    return Waiting(int(str(own[0])))


class ByDay(Mapping[Own, Counts]):
    """Counts of a cell by day, column by column: what they make is worked out once, however many look."""

    def __init__(self, days: Numbers, counts: Mapping[str, Numbers]) -> None:
        """`days` in any order; `counts` of each of them."""
        self._days = np.asarray(days, int)
        self._counts = {name: np.asarray(counts[name], int) for name in COLUMNS}

    @cached_property
    def _rows(self) -> dict[Own, Counts]:
        rows = zip(self._days.tolist(), *(n.tolist() for n in self._counts.values()), strict=True)
        return {(day,): dict(zip(self._counts, counts, strict=True)) for day, *counts in rows}

    def __len__(self) -> int:
        return len(self._days)

    def __iter__(self) -> Iterator[Own]:
        return ((day,) for day in self._days.tolist())

    def __getitem__(self, own: Own) -> Counts:
        return self._rows[own]

    @cached_property
    def total(self) -> int:
        return int(sum(n.sum() for n in self._counts.values()))

    @cached_property
    def steps(self) -> dict[float, Step]:
        """The exact curve, by day of its horizons."""
        if not len(self):
            return {}
        events, competing, censored = self._counts.values()
        steps = incidence.curve(self._days, events, competing, censored, at=tuple(DAYS.values()))
        return {step.day: step for step in steps}


def _by_day(counts: Mapping[Own, Counts]) -> ByDay:
    if isinstance(counts, ByDay):
        return counts
    days = [float(own[0] or 0) for own in counts]
    return ByDay(days, {name: [n[name] for n in counts.values()] for name in COLUMNS})


def _total(behind: Behind) -> float:
    return _by_day(behind.counts).total


def _curve(behind: Behind) -> dict[float, Step]:
    return _by_day(behind.counts).steps


def _reached(step: Step, total: float) -> float:
    """Incidence x N; nine decimals, so that 8 of 51 is 8 and not 7.999999999999999."""
    return round((step.incidence or 0) * total, 9)
