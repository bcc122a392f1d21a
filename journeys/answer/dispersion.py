"""Funnels that also allow for how much services differ beyond chance; worth it from ten services on (Spiegelhalter 2005)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from journeys.answer.released import Released, Row
from journeys.statistics import funnel

FEWEST = funnel.MINIMUM_SERVICES


@dataclass(frozen=True)
class Spread:
    """How much the services of an answer differ: mean squared z score, and the variance between services (arcsine scale)."""

    phi: float
    tau2: float


def spread(released: Released) -> Spread | None:
    """The spread of the services with a rate; None under ten of them, which say too little."""
    rows = [row for row in released.rows if row.funnel]
    if len(rows) < FEWEST:
        return None
    found = funnel.overdispersion([row.numerator for row in rows], [row.denominator for row in rows])
    return None if found.phi is None else Spread(found.phi, found.tau2)


def allowing(released: Released, tau2: float) -> Released:
    """The same answer with limits that also allow for the variance between services, and where each service then lies."""
    return replace(released, rows=tuple(_placed(row, tau2) for row in released.rows))


def _placed(row: Row, tau2: float) -> Row:
    if not row.funnel:
        return row
    return replace(row, funnel=_limits(row, row.funnel["centre"], tau2))


def _limits(row: Row, centre: float, tau2: float) -> Mapping[str, float | str]:
    found = funnel.adjusted_limits(row.denominator, centre, tau2)
    return {
        "centre": centre,
        "low95": found.low95,
        "high95": found.high95,
        "low998": found.low998,
        "high998": found.high998,
        "position": funnel.position(row.numerator, row.denominator, found),
    }
