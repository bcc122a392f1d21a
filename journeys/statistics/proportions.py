"""Proportions, differences and standardised ratios with the intervals that belong to them.

Everything here works on released (already rounded) counts; what cannot be given is None, never 0.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

MINIMUM_DENOMINATOR = 20
MINIMUM_EXPECTED = 5
MINIMUM_STRATUM = 20
EXACT_BELOW = 10

Stratum = tuple[int | None, int | None, float | None, float]


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share between 0 and 1 with its 95% interval; all None where there is no rate."""

    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """First share minus second, between -1 and 1, with its 95% interval."""

    difference: float | None
    low: float | None
    high: float | None
    is_clear: bool


@dataclass(frozen=True, slots=True)
class Ratio:
    """Observed over expected with its 95% interval; all None where expected is too small."""

    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Standardised:
    """One group's observed events, those expected of clients like its own, and their ratio."""

    observed: int
    expected: float
    ratio: float | None
    low: float | None
    high: float | None


def proportion(numerator: int | None, denominator: int | None, base: int = 5) -> Proportion:
    """The rate of two released counts, its Wilson interval widened by what rounding to `base` may hide.

    A count shown as r came from r-2 to r+2 when the base is 5, so the interval reaches at least from
    (r-2)/(R+2) to (r+2)/(R-2). No rate below a denominator of 20 or where a count is hidden (None).
    """
    if numerator is None or denominator is None or denominator < MINIMUM_DENOMINATOR:
        return Proportion(None, None, None)
    low, high = wilson(numerator, denominator)
    half = base // 2
    low = min(low, (numerator - half) / (denominator + half))
    high = max(high, (numerator + half) / (denominator - half))
    return Proportion(numerator / denominator, max(low, 0.0), min(high, 1.0))


def wilson(x: float, n: float, confidence: float = 0.95) -> tuple[float | None, float | None]:
    """Score interval of a proportion (Wilson 1927), 0 to 1; (None, None) where n is 0."""
    _check_part(x, n)
    if n == 0:
        return None, None
    z = _z(confidence)
    middle = 2 * x + z * z
    spread = z * math.sqrt(z * z + 4 * x * (1 - x / n))
    scale = 2 * (n + z * z)
    # At the ends one limit is the end itself; the formula misses it by a rounding error.
    low = 0.0 if x == 0 else (middle - spread) / scale
    high = 1.0 if x == n else (middle + spread) / scale
    return low, high


def difference(x1: int | None, n1: int | None, x2: int | None, n2: int | None) -> Difference:
    """Share of the first cohort minus share of the second, Newcombe's interval; clear when it leaves out 0.

    No difference where a count is hidden (None) or a denominator is under 20: no rate is shown there either.
    """
    if None in (x1, n1, x2, n2) or min(n1, n2) < MINIMUM_DENOMINATOR:
        return Difference(None, None, None, False)
    low, high = newcombe(x1, n1, x2, n2)
    return Difference(x1 / n1 - x2 / n2, low, high, low > 0 or high < 0)


def newcombe(x1: float, n1: float, x2: float, n2: float, confidence: float = 0.95) -> tuple[float | None, float | None]:
    """Interval of x1/n1 - x2/n2 from two Wilson intervals (Newcombe 1998, Stat Med 17:873, method 10)."""
    low1, high1 = wilson(x1, n1, confidence)
    low2, high2 = wilson(x2, n2, confidence)
    if low1 is None or low2 is None:
        return None, None
    p1, p2 = x1 / n1, x2 / n2
    low = p1 - p2 - math.hypot(p1 - low1, high2 - p2)
    high = p1 - p2 + math.hypot(high1 - p1, p2 - low2)
    return max(low, -1.0), min(high, 1.0)


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
    z = _z(confidence)
    above = events + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    if events == 0:
        return 0.0, high
    low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    return max(low, 0.0), high


def standardise(strata: Iterable[Stratum], confidence: float = 0.95) -> Standardised:
    """Indirect standardisation of one group.

    strata: (observed, n, pooled observed, pooled n) of the group, one for each stratum, merged already.
    """
    strata = tuple(strata)
    observed = sum(stratum[0] or 0 for stratum in strata)
    events = expected(strata)
    limits = ratio(observed, events, confidence)
    return Standardised(observed, events, limits.ratio, limits.low, limits.high)


def expected(strata: Iterable[Stratum]) -> float:
    """Events expected of one group: sum over strata of n x pooled rate; a missing count adds nothing.

    strata: as for `standardise`. Raises ValueError where a pooled n is not above 0.
    """
    return math.fsum(_stratum_expected(*stratum) for stratum in strata)


def merge_strata(
    pooled: Mapping[tuple[Hashable, ...], int], minimum: int = MINIMUM_STRATUM
) -> dict[tuple[Hashable, ...], tuple[Hashable, ...]]:
    """Which stratum each stratum is counted with, so that every pooled n is at least `minimum`.

    Strata that differ only in the last part of their key are merged first, then those that differ in the
    last two, and so on: case mix gives up the last part before the first. In each such family the smallest
    is joined to the next smallest until none is too small. A merged stratum is named after the first of its
    members in the order of their keys, so the same counts always give the same answer, in whatever order
    they come. When all together stay below `minimum`, one stratum is left.

    pooled: key (a tuple, all of one length) to pooled n. Returns key to merged key, in the order of `pooled`.
    """
    depth = _key_length(pooled)
    groups = [(n, (key,)) for key, n in pooled.items()]
    for shared in range(depth - 1, -1, -1):
        groups = [merged for family in _families(groups, shared) for merged in _merge_family(family, minimum)]
    names = {key: members[0] for _, members in groups for key in members}
    return {key: names[key] for key in pooled}


def _merge_family(family: Sequence[tuple], minimum: int) -> list[tuple]:
    waiting = sorted(family, key=_by_size)
    while len(waiting) > 1 and waiting[0][0] < minimum:
        (n1, members1), (n2, members2), *rest = waiting
        joined = (n1 + n2, tuple(sorted(members1 + members2, key=_sort_key)))
        waiting = sorted([joined, *rest], key=_by_size)
    return waiting


def _families(groups: Sequence[tuple], shared: int) -> list[list[tuple]]:
    families: dict[tuple, list[tuple]] = {}
    for n, members in groups:
        families.setdefault(members[0][:shared], []).append((n, members))
    return list(families.values())


def _key_length(pooled: Mapping[tuple, int]) -> int:
    lengths = {len(key) for key in pooled}
    if len(lengths) > 1:
        raise ValueError(f"Stratum keys have {sorted(lengths)} parts; all must have the same number")
    return lengths.pop() if lengths else 0


def _by_size(group: tuple) -> tuple:
    return group[0], _sort_key(group[1][0])


def _sort_key(key: tuple) -> tuple[str, ...]:
    return tuple(str(part) for part in key)


def _stratum_expected(observed: int | None, n: int | None, pooled_observed: float | None, pooled_n: float) -> float:
    if pooled_n is None or pooled_n <= 0:
        raise ValueError(f"A stratum's pooled n is {pooled_n}; it must be above 0 (merge strata first)")
    if n is None or pooled_observed is None:
        return 0.0
    return n * pooled_observed / pooled_n


def _check_part(x: float, n: float) -> None:
    if not 0 <= x <= n:
        raise ValueError(f"Got {x} of {n}; the numerator must lie between 0 and the denominator")


def _check_events(events: float) -> None:
    if events < 0:
        raise ValueError(f"Got {events} events; a count is 0 or more")


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"Got a confidence of {confidence}; it must lie between 0 and 1, such as 0.95")
    return NormalDist().inv_cdf((1 + confidence) / 2)
