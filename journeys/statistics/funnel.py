"""Funnel limits: how far a service of its size may lie from the whole selection by chance alone."""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from journeys.statistics.proportions import MINIMUM_DENOMINATOR, bounds, rounding_range

EXACT_BELOW = 100
MINIMUM_SERVICES = 10
POSITIONS = ("within", "above95", "above998", "below95", "below998")

_LEVELS = (0.025, 0.975, 0.001, 0.999)  # in the order of the fields of Limits
_Z = tuple(NormalDist().inv_cdf(level) for level in _LEVELS)
_Z_ADJUSTED = (-1.959964, 1.959964, -3.090232, 3.090232)  # six decimals, as FunnelPlotR has them


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares, 0 to 1, between which 95% and 99.8% of services of one size lie by chance."""

    low95: float
    high95: float
    low998: float
    high998: float


@dataclass(frozen=True, slots=True)
class Counts:
    """The released counts of one service; why: few or most where the numerator is hidden over a shown denominator."""

    numerator: int | None
    denominator: int | None
    why: str | None = None


class Overdispersion(NamedTuple):
    """How much more services differ than chance allows.

    phi: mean squared z score (1 when chance is all there is); None under two services. tau2: variance between
    services on the arcsine scale.
    """

    phi: float | None
    tau2: float


def taken(counts: Counts, k: int = 8) -> float | None:
    """The numerator as the centre takes it: few hidden as (k-1)/2, most as R-(k-1)/2; None where nothing is known of it."""
    if counts.numerator is not None or counts.denominator is None or counts.why is None:
        return counts.numerator
    half = (k - 1) / 2
    return half if counts.why == "few" else counts.denominator - half


def centre(services: Sequence[Counts], k: int = 8) -> float | None:
    """The rate of all services together (0-1), from released counts; None where no service has one.

    Sum of numerators as `taken` over the sum of their released denominators; services of which nothing is known are in
    neither.
    """
    known = [(x, s.denominator) for s in services if (x := taken(s, k)) is not None and s.denominator]
    total = sum(n for _, n in known)
    return math.fsum(x for x, _ in known) / total if total else None


def reach(counts: Counts, k: int = 8, base: int = 5) -> tuple[float, float] | None:
    """Between which shares (0-1) a service lies for all that its released counts say; None under a denominator of 20.

    The whole rounding range of a shown numerator; of a hidden one, 0 to at_most (few) or at_least to 1 (most).
    """
    if counts.denominator is None or counts.denominator < MINIMUM_DENOMINATOR:
        return None
    if counts.numerator is not None:
        return rounding_range(counts.numerator, counts.denominator, base)
    return bounds(counts.why, counts.denominator, k, base) if counts.why else None


def standing(reach: tuple[float, float], limits: Limits) -> str:
    """within, above95, above998, below95 or below998: a service is outside a limit only if its whole reach is."""
    low, high = (np.array([end]) for end in reach)
    return POSITIONS[standings(low, high, np.array(astuple(limits))[:, None])[0]]


def standings(low: np.ndarray, high: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """The same of many services: positions among `POSITIONS`, from the ends of what each reaches and its limits (as `limits_of` has them)."""
    low95, high95, low998, high998 = limits
    is_above, is_below = low > high95, high < low95
    outside = [is_above & (low > high998), is_above, is_below & (high < low998), is_below]
    return np.select(outside, [2, 1, 4, 3], 0)


def beyond_chance(services: Sequence[Counts]) -> Overdispersion | None:
    """How much wider than chance the services spread: sqrt(phi) times; None under ten with a rate, and where phi is at most 1."""
    known = [s for s in services if s.numerator is not None and (s.denominator or 0) >= MINIMUM_DENOMINATOR]
    if len(known) < MINIMUM_SERVICES:
        return None
    found = overdispersion([s.numerator for s in known], [s.denominator for s in known])
    return found if found.phi is not None and found.phi > 1 else None


@lru_cache(maxsize=8192)
def limits(n: int, centre: float) -> Limits:
    """Control limits at denominator n around the rate of the whole selection.

    Exact binomial, interpolated, for n under 100, normal from there on (Spiegelhalter 2005, Stat Med
    24:1185). Cached: services share few sizes, because released counts are rounded.
    """
    return exact_limits(n, centre) if n < EXACT_BELOW else normal_limits(n, centre)


def limits_of(sizes: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The limits of many services, each of its denominator around its own centre: (low95, high95, low998, high998; services)."""
    errors = np.sqrt(centres * (1 - centres) / sizes)
    found = np.clip([centres + z * errors for z in _Z], 0, 1)
    few = np.flatnonzero(sizes < EXACT_BELOW)
    different, at = np.unique(np.array([sizes[few], centres[few]]), axis=1, return_inverse=True)
    exact = [astuple(limits(int(n), centre)) for n, centre in different.T.tolist()]
    if exact:
        found[:, few] = np.array(exact).T[:, at.ravel()]
    return found


def exact_limits(n: int, centre: float) -> Limits:
    """Interpolated binomial limits (Spiegelhalter 2005, appendix A.1), clipped to 0-1."""
    _check(n, centre)
    if centre in (0, 1):
        return Limits(*[float(centre)] * 4)
    from scipy import special  # here, not above: it costs more to import than the rest of the module

    cumulative = special.bdtr(np.arange(n + 1), n, centre)
    return Limits(*(_clip(_interpolated(cumulative, level) / n) for level in _LEVELS))


def normal_limits(n: float, centre: float) -> Limits:
    """centre -/+ z sqrt(centre (1 - centre) / n), clipped to 0-1."""
    _check(n, centre)
    error = math.sqrt(centre * (1 - centre) / n)
    return Limits(*(_clip(centre + z * error) for z in _Z))


def adjusted_limits(n: float, centre: float, tau2: float) -> Limits:
    """Limits that also allow for the variance between services, on the arcsine scale (Spiegelhalter 2005)."""
    _check(n, centre)
    if tau2 < 0:
        raise ValueError(f"Got a variance between services of {tau2}; it is 0 or more")
    target = math.asin(math.sqrt(centre))
    error = math.sqrt(1 / (4 * n) + tau2)
    # sin squared falls again beyond a quarter turn: without the bounds a wide limit would fold back inwards.
    angles = (min(max(target + z * error, 0.0), math.pi / 2) for z in _Z_ADJUSTED)
    return Limits(*(math.sin(angle) ** 2 for angle in angles))


def overdispersion(
    numerators: Sequence[int | None], denominators: Sequence[int | None], trim: float = 0.1
) -> Overdispersion:
    """Overdispersion of services' proportions on the arcsine scale; services with a hidden count are left out.

    trim: share of z scores at either end that are pulled in to the quantile there (winsorised).
    """
    pairs = zip(numerators, denominators, strict=True)
    known = [(x, n) for x, n in pairs if x is not None and n]
    if len(known) < 2:
        return Overdispersion(None, 0.0)
    x, n = np.array(known, dtype=float).T
    distances = np.arcsin(np.sqrt(x / n)) - np.arcsin(np.sqrt(x.sum() / n.sum()))
    return dispersion(distances, 1 / (2 * np.sqrt(n)), trim)


def dispersion(distances: np.ndarray, errors: np.ndarray, trim: float = 0.1) -> Overdispersion:
    """phi and tau2 from distances to the target and their standard errors, on any one scale.

    Spiegelhalter 2005; DerSimonian and Laird's moment estimator of tau2; quantiles of R's type 7.
    """
    if not 0 <= trim < 0.5:
        raise ValueError(f"Got trim {trim}; allowed are 0 up to, but not including, 0.5")
    scores = distances / errors
    scores = np.clip(scores, *np.quantile(scores, [trim, 1 - trim]))
    services = len(scores)
    squares = float(np.sum(scores**2))
    weights = 1 / errors**2
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    tau2 = max(0.0, (squares - (services - 1)) / scale)
    return Overdispersion(squares / services, tau2)


def _interpolated(cumulative: np.ndarray, level: float) -> float:
    """The count at which the cumulative probability, drawn as a line between whole counts, reaches level."""
    count = int(np.searchsorted(cumulative, level))
    below = cumulative[count - 1] if count else 0.0
    return count - float((cumulative[count] - level) / (cumulative[count] - below))


def _clip(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _check(n: float, centre: float) -> None:
    if n <= 0:
        raise ValueError(f"Got a denominator of {n}; limits need one above 0")
    if not 0 <= centre <= 1:
        raise ValueError(f"Got a centre of {centre}; a rate lies between 0 and 1")
