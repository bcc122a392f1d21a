"""Indirect standardisation: events expected of clients like a group's own, and observed over expected with its limits."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from journeys.statistics.proportions import normal_quantile, wilson

MINIMUM_EXPECTED = 5
COMMON = 0.1  # from this share on a Poisson interval is wider than the binomial that holds
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


def measured_by_others(strata: Iterable[tuple[float, float]]) -> float:
    """How many of a group are measured by others: n x (1 - n / pooled n) over its strata.

    strata: (n of the group, pooled n). Under k what is expected of the group is nearly its own exact numerator.
    """
    return math.fsum(n * (1 - n / pooled) for n, pooled in strata)


def expected_rate(strata: Iterable[tuple[float, float, float]]) -> float | None:
    """The share expected of one group, 0-1, to three decimals: exact expected over exact n; None where n is 0.

    strata: as for `expected`. All of the exact strata that may be released.
    """
    strata = tuple(strata)
    n = math.fsum(stratum[0] for stratum in strata)
    return round(expected(strata) / n, 3) if n else None


def scaled(
    rates: Sequence[float | None], denominators: Sequence[int | None], numerators: Sequence[float | None]
) -> tuple[float | None, ...]:
    """Expected counts of rows that are compared: rate x released denominator x one factor for all; None where one is missing.

    rates: of `expected_rate`; denominators: released; numerators: as the funnel's centre takes them (`funnel.taken`).
    The factor makes the expected counts add up to the numerators of the same rows, so that sums tell nothing that the
    numerators do not. Not rounded here: print one decimal, and none under 5.
    """
    rows = list(zip(rates, denominators, numerators, strict=True))
    known = [(r * n, x) for r, n, x in rows if r is not None and n is not None and x is not None]
    plain = math.fsum(product for product, _ in known)
    factor = math.fsum(x for _, x in known) / plain if plain else 0.0
    return tuple(None if r is None or n is None or x is None else r * n * factor for r, n, x in rows)


def compared(
    observed: int | None, expected: float | None, n: int | None, base: int = 5, confidence: float = 0.95
) -> Ratio:
    """Observed over expected with limits from the ends of the rounding of observed; none if expected < 5.

    observed, n: released; the limits are those of observed - h and observed + h, h half the base rounded down. Where
    expected/n is over 0.1, Wilson's of (observed -/+ h)/n over expected/n; else exact Poisson limits under 10 observed,
    Byar's from there, over expected.
    """
    if observed is None or expected is None or not n or expected < MINIMUM_EXPECTED:
        return Ratio(None, None, None)
    least, most = max(observed - base // 2, 0), observed + base // 2
    if expected / n > COMMON:
        low, high = n * wilson(min(least, n), n, confidence)[0], n * wilson(min(most, n), n, confidence)[1]
    else:
        limits = exact_poisson if observed < EXACT_BELOW else byar
        low, high = limits(least, confidence)[0], limits(most, confidence)[1]
    return Ratio(observed / expected, low / expected, high / expected)


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
