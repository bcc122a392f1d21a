"""Indirect standardisation: events expected of clients like a group's own, and observed over expected with its limits."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from journeys.statistics.proportions import normal_quantile

MINIMUM_EXPECTED = 5
MINIMUM_STRATUM = 20
EXACT_BELOW = 10

Key = tuple[Hashable, ...]
Group = tuple[int, tuple[Key, ...]]  # pooled n, and the strata that are counted together


@dataclass(frozen=True, slots=True)
class Ratio:
    """Observed over expected with its 95% interval; all None where expected is too small."""

    ratio: float | None
    low: float | None
    high: float | None


def expected(strata: Iterable[tuple[float, float, float]]) -> float:
    """Events expected of one group: the sum over its strata of n x pooled rate.

    strata: (n of the group, pooled events, pooled n), merged already. ValueError where a pooled n is not above 0.
    """
    return math.fsum(n * _rate(events, pooled) for n, events, pooled in strata)


def ratio(observed: int | None, expected: float | None, confidence: float = 0.95) -> Ratio:
    """Observed over expected; exact limits under 10 observed, Byar's from there; none if expected < 5."""
    if observed is None or expected is None or expected < MINIMUM_EXPECTED:
        return Ratio(None, None, None)
    low, high = poisson(observed, confidence)
    return Ratio(observed / expected, low / expected, high / expected)


def poisson(events: int, confidence: float = 0.95) -> tuple[float, float]:
    """Limits of a count of events: exact under 10, Byar's approximation from there."""
    return (exact_poisson if events < EXACT_BELOW else byar)(events, confidence)


def exact_poisson(events: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact limits of a Poisson count (Garwood 1936), by the gamma form of the chi-square quantiles."""
    _check_events(events)
    from scipy import special  # here, not above: it costs more to import than the rest of the module

    tail = (1 - confidence) / 2
    low = float(special.gammaincinv(events, tail)) if events else 0.0
    return low, float(special.gammainccinv(events + 1, tail))


def byar(events: float, confidence: float = 0.95) -> tuple[float, float]:
    """Byar's approximation to the exact Poisson limits (Breslow and Day 1987, p. 69), lower limit from 0."""
    _check_events(events)
    z = normal_quantile(confidence)
    above = events + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    if events == 0:
        return 0.0, high
    low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    return max(low, 0.0), high


def merge_strata(pooled: Mapping[Key, int], minimum: int = MINIMUM_STRATUM) -> dict[Key, Key]:
    """Which stratum each stratum is counted with, so that every pooled n is at least `minimum`.

    Strata that differ only in the last part of their key are merged first, then those that differ in the
    last two, and so on: case mix gives up the last part before the first. In each such family the smallest
    is joined to the next smallest until none is too small. A merged stratum is named after the first of its
    members in the order of their keys, so the same counts always give the same answer, in whatever order
    they come. When all together stay below `minimum`, one stratum is left.

    pooled: key (a tuple, all of one length) to pooled n. Returns key to merged key, in the order of `pooled`.
    """
    depth = _key_length(pooled)
    groups: list[Group] = [(n, (key,)) for key, n in pooled.items()]
    for shared in range(depth - 1, -1, -1):
        groups = [merged for family in _families(groups, shared) for merged in _merge_family(family, minimum)]
    names = {key: members[0] for _, members in groups for key in members}
    return {key: names[key] for key in pooled}


def _merge_family(family: Sequence[Group], minimum: int) -> list[Group]:
    waiting = sorted(family, key=_by_size)
    while len(waiting) > 1 and waiting[0][0] < minimum:
        (n1, members1), (n2, members2), *rest = waiting
        joined = (n1 + n2, tuple(sorted(members1 + members2, key=_sort_key)))
        waiting = sorted([joined, *rest], key=_by_size)
    return waiting


def _families(groups: Sequence[Group], shared: int) -> list[list[Group]]:
    families: dict[Key, list[Group]] = {}
    for n, members in groups:
        families.setdefault(members[0][:shared], []).append((n, members))
    return list(families.values())


def _key_length(pooled: Mapping[Key, int]) -> int:
    lengths = {len(key) for key in pooled}
    if len(lengths) > 1:
        raise ValueError(f"Stratum keys have {sorted(lengths)} parts; all must have the same number")
    return lengths.pop() if lengths else 0


def _by_size(group: Group) -> tuple[int, tuple[str, ...]]:
    return group[0], _sort_key(group[1][0])


def _sort_key(key: Key) -> tuple[str, ...]:
    return tuple(str(part) for part in key)


def _rate(events: float, n: float) -> float:
    if n <= 0:
        raise ValueError(f"A stratum's pooled n is {n}; it must be above 0 (merge strata first)")
    return events / n


def _check_events(events: float) -> None:
    if events < 0:
        raise ValueError(f"Got {events} events; a count is 0 or more")
