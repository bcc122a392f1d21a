"""A proportion: a numerator, its denominator, and the share that the released counts make."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from journeys.answer.grid import Grid, Own
from journeys.answer.query import clients_with
from journeys.answer.released import HIDDEN, NOTHING, Proportion, Protected, Values
from journeys.answer.rule import Rule
from journeys.answer.shapes.shape import Behind, Coded, clients_behind, coded
from journeys.statistics import proportions
from journeys.vocabulary.metrics import Metric

COLUMNS: tuple[str, ...] = ("numerator", "denominator")
COUNTED = COLUMNS
GUARDED = "denominator"
AMOUNT = "answer.denominator"


def guarded_by(own: Own, has_shared: bool) -> Own:
    """The denominator, which may stand in a row of its own, without the last label."""
    return (*own[:-1], None) if has_shared else own


def amounts(found: Grid, has_shared: bool) -> list[np.ndarray]:
    numerator = found.counts["numerator"]
    whole = found.taken("denominator", [guarded_by(own, has_shared) for own in found.owns])
    return [numerator, found.counts["denominator"], whole - numerator]


def at_least(found: Grid, sixtieths: Grid, has_shared: bool) -> list[np.ndarray]:
    return amounts(replace(found, counts=sixtieths.of(found.owns).counts), has_shared)


def people(metric: Metric, has_shared: bool) -> str:
    if has_shared:
        return _people_of_shared(metric)
    amounts = {"numerator": "numerator", "denominator": "denominator", "rest": "(denominator - numerator)"}
    return clients_behind(metric, metric.labels, [f"{clients_with(sql)} as {name}" for name, sql in amounts.items()])


def _people_of_shared(metric: Metric) -> str:
    """A client is left of the denominator unless all their rows are in the numerator; who has no other row is not, where that one is."""
    last, *others = reversed(metric.labels)
    shared = ["by_1", "part", *reversed(others)]
    same = " and ".join(f"f.{name} is not distinct from e.{name}" for name in shared)
    mine = ", ".join(f"f.{name}" for name in ("by_1", *metric.labels))
    everyone = ", ".join(name for name in shared if name != "part")
    all_of_them = "count(*) filter (where f.numerator >= e.denominator and f.part is not null)"
    return f"""with fact as materialized (
{metric.sql}
), everyone as (select {everyone}, part, denominator from fact where {last} is null)
select {mine}, {clients_with("f.numerator", "f.part")} as numerator,
    {clients_with("f.numerator", "f.part", all_of_them)} as is_all, null as denominator
from fact as f join everyone as e on {same}
where f.{last} is not null group by {mine}
union all
select {everyone}, null as {last}, null, null, {clients_with("denominator")} from everyone group by {everyone}"""


def released(rule: Rule, behind: Behind) -> Coded:
    """A share as it may be shown."""
    numerator, denominator, rest = _parts(behind)
    few, most = rule.is_small(numerator), rule.is_small(rest)
    is_hidden = ~behind.asked | rule.is_small(denominator, _clients(behind, "denominator"))
    is_hidden |= ~few & rule.is_small(numerator, _clients(behind, "numerator"))
    is_hidden |= ~most & rule.is_small(rest, _clients(behind, "rest"))
    kind = np.select([is_hidden, few, most], [0, 1, 2], 3)
    shown = np.where(is_hidden, 0, rule.rounded(denominator))
    part = np.where(kind == 3, rule.rounded(numerator), 0)
    n = int(max(shown.max(initial=0), part.max(initial=0))) + 1

    def protected(key: int) -> Protected:
        (kind, part), shown = divmod(key // n, n), key % n
        if kind == 3:
            return _share(part, shown, rule.base)
        return _bounded(rule, shown, "few" if kind == 1 else "most") if kind else NOTHING

    return coded((kind * n + part) * n + shown, protected)


def _parts(behind: Behind) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numerator, denominator and what is left of it."""
    numerator = behind.counts("numerator")
    denominator = behind.counts("denominator", _shared(behind))
    return numerator, denominator, denominator - numerator


def _shared(behind: Behind) -> list[Own]:
    return [guarded_by(own, behind.has_shared) for own in behind.owns]


def _clients(behind: Behind, name: str) -> np.ndarray:
    """Different people behind a numerator, a denominator or the rest. Of parts of one denominator they are counted all together or not at all, and none are behind a part without rows."""
    if not behind.has_shared:
        return behind.clients(name)
    everyone = behind.clients("denominator", _shared(behind))
    if name == "denominator":
        return everyone
    mine = behind.clients("numerator" if name == "numerator" else "is_all")
    mine = np.where(np.isinf(mine), 0, mine)
    return np.where(np.isinf(everyone), everyone, mine if name == "numerator" else everyone - mine)


@lru_cache(65_536)
def _share(numerator: int, denominator: int, base: int) -> Protected:
    """The share of two released counts: rounded, they are the same in many rows."""
    found = proportions.proportion(numerator, denominator, base)
    return Protected(values=Proportion(numerator, denominator, found.rate, found.low, found.high))


@lru_cache(8_192)
def _bounded(rule: Rule, shown: int, why: str) -> Protected:
    """A hidden numerator: what k and the released denominator say of it, which adds nothing."""
    low, high = proportions.bounds(why, shown, rule.k, rule.base) or (None, None)
    at_most, at_least = (high, None) if why == "few" else (None, low)
    return Protected(HIDDEN, Proportion(denominator=shown, at_most=at_most, at_least=at_least), why)


def bare(own: Own) -> Values | None:
    return None
