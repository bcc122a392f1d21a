"""What rows that are alike make together over time: the line that a service's series stands beside. From released counts alone."""

from collections import defaultdict

from journeys.answer import alike
from journeys.answer.released import Released, Row
from journeys.statistics import funnel
from journeys.statistics.funnel import Counts

FEWEST = 3  # services, itself included


def like(released: Released, service: str, unit: str) -> dict[str, float]:
    """The rate (0-1) of the services seen through the same records as `service`, by period of `unit`; `released` is split by service and unit.

    Periods in which fewer than three services are alike, or which not all of them cover, have none. A hidden numerator counts
    as in the centre of a funnel.
    """
    by_period: dict[str, list[Row]] = defaultdict(list)
    for row in released.rows:
        by_period[row.labels[unit]].append(row)
    found = {period: _of(rows, service, released.disclosure["k"]) for period, rows in by_period.items()}
    return {period: rate for period, rate in found.items() if rate is not None}


def _of(rows: list[Row], service: str, k: int) -> float | None:
    mine = next((row for row in rows if row.labels["service"] == service), None)
    if mine is None:
        return None
    group = alike.compared(rows, mine)
    if mine not in group or len(group) < FEWEST or any(row.complete is False for row in group):
        return None
    return funnel.centre([Counts(row.numerator, row.denominator, row.why) for row in group], k)
