"""Waiting: how many had reached an outcome by each horizon, allowing for those no longer observed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from journeys.answer.grid import Grid, Own
from journeys.answer.released import HIDDEN, Protected, Values, Waiting
from journeys.answer.rule import Rule
from journeys.answer.shapes.shape import Behind, Coded, Counts, one_by_one
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


def amounts(found: Grid, has_shared: bool) -> list[np.ndarray]:
    """Each (cells, 1): of all horizons together."""
    each = [_amounts(curve) for curve in found.curves]
    return list(np.array(each, float).reshape(len(each), -1).T[:, :, None])


def _amounts(curve: "ByDay") -> list[float]:
    total = curve.total
    found: list[float] = [total]
    for day in DAYS.values():
        step = curve.steps.get(day)
        if step is None:
            found += [0] * 6
            continue
        reached = _reached(step, total)
        found += [step.at_risk, step.events, step.competing, step.censored, reached, total - reached]
    return found


def at_least(found: Grid, sixtieths: Grid, has_shared: bool) -> list[np.ndarray]:
    """From counts up to each horizon from the one before (`by_horizon`)."""
    total = sum(one.sum(axis=1) for one in sixtieths.counts.values())
    days: list = [(day,) for day in DAYS.values()]  # what rows by day have in place of own labels
    by_day = {name: sixtieths.taken(name, days) for name in COLUMNS}
    least, waiting, so_far = [total], total, dict.fromkeys(COLUMNS, np.zeros(found.n_cells))
    for at in range(len(days)):
        here = {name: by_day[name][:, at] for name in COLUMNS}
        so_far = {name: so_far[name] + here[name] for name in COLUMNS}
        least += [waiting, *so_far.values(), so_far["events"], total - so_far["events"]]
        waiting = waiting - sum(here.values())
    return [one[:, None] for one in least]


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


def released(rule: Rule, behind: Behind) -> Coded:
    people = {name: behind.clients(name) for name in ("n", "at_risk", "events", "competing", "censored", "rest")}
    months = [int(str(own[0])) for own in behind.owns]

    def protected_at(cell: int, own: int) -> Protected:
        curve, n_people = behind.grid.curves[cell], {name: one[cell, own].item() for name, one in people.items()}
        return protected(rule, months[own], curve.steps.get(DAYS[months[own]]), curve.total, n_people)

    return one_by_one(behind.asked, protected_at)


def protected(rule: Rule, months: int, step: Step | None, total: float, n_people: Counts) -> Protected:
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


def _is_of_few(rule: Rule, reached: float, step: Step, n_people: Counts) -> bool:
    """Seven events can be the share of eight people where some were lost from sight: shown, that would tell the seven."""
    return rule.is_small(min(reached, step.events), n_people.get("events"))


def _point(rule: Rule, months: int, step: Step, total: float, n_people: Counts) -> Waiting:
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


class ByDay:
    """Counts of a cell by day, column by column: what they make is worked out once, however many look."""

    def __init__(self, days: Numbers, counts: Mapping[str, Numbers]) -> None:
        """`days` in any order; `counts` of each of them."""
        self._days = np.asarray(days, int)
        self._counts = {name: np.asarray(counts[name], int) for name in COLUMNS}

    @cached_property
    def total(self) -> int:
        return int(sum(n.sum() for n in self._counts.values()))

    @cached_property
    def steps(self) -> dict[float, Step]:
        """The exact curve, by day of its horizons."""
        if not len(self._days):
            return {}
        events, competing, censored = self._counts.values()
        steps = incidence.curve(self._days, events, competing, censored, at=tuple(DAYS.values()))
        return {step.day: step for step in steps}


def _reached(step: Step, total: float) -> float:
    """Incidence x N; nine decimals, so that 8 of 51 is 8 and not 7.999999999999999."""
    return round((step.incidence or 0) * total, 9)
