"""A proportion: a numerator, its denominator, and the share that the released counts make."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from journeys.answer.query import clients_with
from journeys.answer.released import HIDDEN, NOTHING, Proportion, Protected, Values
from journeys.answer.rule import Rule
from journeys.answer.shapes.shape import Behind, Counts, Own, clients_behind, same_rows
from journeys.statistics import proportions
from journeys.vocabulary.metrics import Metric

COLUMNS: tuple[str, ...] = ("numerator", "denominator")
COUNTED = COLUMNS
GUARDED = "denominator"
AMOUNT = "answer.denominator"


def guarded_by(own: Own, has_shared: bool) -> Own:
    """The denominator, which may stand in a row of its own, without the last label."""
    return (*own[:-1], None) if has_shared else own


def amounts(behind: Behind) -> Iterable[float]:
    for own, counts in behind.counts.items():
        yield from (counts["numerator"], counts["denominator"], _denominator(behind, own) - counts["numerator"])


def at_least(behind: Behind, people: Mapping[Own, Counts]) -> Iterable[float]:
    return amounts(same_rows(behind, people))


def _denominator(behind: Behind, own: Own) -> float:
    return behind.counts.get(guarded_by(own, behind.has_shared), {}).get("denominator", 0)


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


def released(rule: Rule, behind: Behind, owns: Sequence[Own]) -> Iterator[Protected]:
    for own in owns:
        numerator = behind.counts.get(own, {}).get("numerator", 0)
        clients = _shared_clients(behind, own) if behind.has_shared else behind.people.get(own, {})
        yield protected(rule, numerator, _denominator(behind, own), clients)


def _shared_clients(behind: Behind, own: Own) -> Mapping[str, int]:
    shared = behind.people.get(guarded_by(own, True))
    if shared is None:
        return {}  # too many for so few people to be behind them
    everyone = shared["denominator"]
    mine = behind.people.get(own, {"numerator": 0, "is_all": 0})
    return {"numerator": mine["numerator"], "denominator": everyone, "rest": everyone - mine["is_all"]}


def protected(rule: Rule, numerator: float, denominator: float, n_people: Mapping[str, int]) -> Protected:
    """A share as it may be shown. `n_people`: different people behind `numerator`, `denominator` and the `rest`, where counted."""
    shown, rest = rule.count(denominator, n_people.get("denominator")), denominator - numerator
    if (
        shown is None
        or _is_of_few(rule, numerator, n_people.get("numerator"))
        or _is_of_few(rule, rest, n_people.get("rest"))
    ):
        return NOTHING
    if rule.is_small(numerator) or rule.is_small(rest):
        return _bounded(rule, shown, "few" if rule.is_small(numerator) else "most")
    return _share(rule.rounded(numerator), shown, rule.base)


@lru_cache(65_536)
def _share(numerator: int, denominator: int, base: int) -> Protected:
    """The share of two released counts: rounded, they are the same in many rows."""
    found = proportions.proportion(numerator, denominator, base)
    return Protected(values=Proportion(numerator, denominator, found.rate, found.low, found.high))


def _is_of_few(rule: Rule, n: float, n_people: int | None) -> bool:
    """Whether k or more rows are those of fewer than k people: then the whole cell is hidden."""
    return not rule.is_small(n) and rule.is_small(n, n_people)


@lru_cache(8_192)
def _bounded(rule: Rule, shown: int, why: str) -> Protected:
    """A hidden numerator: what k and the released denominator say of it, which adds nothing."""
    low, high = proportions.bounds(why, shown, rule.k, rule.base) or (None, None)
    at_most, at_least = (high, None) if why == "few" else (None, low)
    return Protected(HIDDEN, Proportion(denominator=shown, at_most=at_most, at_least=at_least), why)


def bare(own: Own) -> Values | None:
    return None
