"""Statistics laid over released rows: control charts over time, funnels over services, case mix. All from released counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from journeys.answer.released import Expected, Released, Row
from journeys.statistics import control_chart, funnel, standardisation
from journeys.vocabulary.metrics import Metric

OVER_TIME = ("month", "quarter")
FUNNELS = ("service", "commissioner", "model")
FEWEST_EVENTS = 4
FEWEST_EXPECTED = 5


def annotated(released: Released, metric: Metric, centre: Released | None) -> Released:
    """The same answer with `spc` on the rows of a series and `funnel` on the rows of services, where the rules allow."""
    if sum(d in OVER_TIME for d in released.by) == 1 and released.shape in ("count", "proportion"):
        released = _with_charts(released, metric)
    return _with_funnels(released, centre) if centre is not None else released


def with_case_mix(released: Released, found: Mapping[tuple, tuple[float, float]]) -> Released:
    """The same answer with expected counts (one decimal) and ratios, where observed is shown and expected is at least 5."""
    rows = tuple(_compared(row, found.get(tuple(row.labels[d] for d in released.by))) for row in released.rows)
    return replace(released, rows=rows, has_case_mix=True)


def _compared(row: Row, found: tuple[float, float] | None) -> Row:
    if found is None or row.numerator is None or found[1] < FEWEST_EXPECTED:
        return row
    expected = round(found[1], 1)
    ratio = standardisation.ratio(row.numerator, expected)
    return replace(row, case_mix=Expected(expected, ratio.ratio, ratio.low, ratio.high))


def series(released: Released) -> dict[tuple, list[int]]:
    """Positions of the rows of each series over time, by their other labels, in the order of time."""
    found: dict[tuple, list[int]] = defaultdict(list)
    for i, row in enumerate(released.rows):
        found[tuple(v for name, v in row.labels.items() if name not in OVER_TIME)].append(i)
    return found


def chart(rows: Sequence[Row], direction: str, shape: str, segments: Sequence[int] = ()) -> control_chart.Chart:
    """The control chart of one series: rates of a proportion, counts of a count; hidden and incomplete rows are gaps."""
    values = [row.rate if shape == "proportion" else row.count for row in rows]
    events = [row.numerator if shape == "proportion" else row.count for row in rows]
    known = [n for n in events if n is not None]
    return control_chart.chart(
        values,
        segments=segments,
        complete=[row.complete is not False for row in rows],
        direction=direction,
        minimum_mean=FEWEST_EVENTS,
        mean_events=sum(known) / len(known) if known else None,
    )


def _with_charts(released: Released, metric: Metric) -> Released:
    rows = list(released.rows)
    notes = []
    for places in series(released).values():
        found = chart([rows[i] for i in places], metric.direction, released.shape)
        notes.append(found.note)
        for i, point in zip(places, found.points, strict=True):
            if point is not None and rows[i].is_shown:
                limits = {"mean": point.mean, "lower": point.lower, "upper": point.upper, "signal": point.signal}
                rows[i] = replace(rows[i], spc=limits)
    note = notes[0] if notes and all(notes) else None
    return replace(released, rows=tuple(rows), spc_note=note)


def _with_funnels(released: Released, centre: Released) -> Released:
    rates = {tuple(row.labels.values()): row.rate for row in centre.rows}
    names = [*centre.by, *centre.own]
    return replace(
        released, rows=tuple(_placed(row, rates.get(tuple(row.labels[n] for n in names))) for row in released.rows)
    )


def _placed(row: Row, centre: float | None) -> Row:
    if row.rate is None or centre is None:
        return row
    return replace(row, funnel=_place(row, centre, funnel.limits(row.denominator, centre)))


def _place(row: Row, centre: float, limits: funnel.Limits) -> Mapping[str, float | str | None]:
    return {
        "centre": centre,
        "low95": limits.low95,
        "high95": limits.high95,
        "low998": limits.low998,
        "high998": limits.high998,
        "position": funnel.position(row.numerator, row.denominator, limits),
    }


@dataclass(frozen=True)
class Spread:
    """How much the services of an answer differ: mean squared z score, and the variance between services (arcsine scale)."""

    phi: float
    tau2: float


def spread(released: Released) -> Spread | None:
    """The spread of the services with a rate; None under ten of them, which say too little (Spiegelhalter 2005)."""
    rows = [row for row in released.rows if row.funnel]
    if len(rows) < funnel.MINIMUM_SERVICES:
        return None
    found = funnel.overdispersion([row.numerator for row in rows], [row.denominator for row in rows])
    return None if found.phi is None else Spread(found.phi, found.tau2)


def allowing(released: Released, tau2: float) -> Released:
    """The same answer with limits that also allow for the variance between services, and where each service then lies."""
    return replace(released, rows=tuple(_replaced(row, tau2) for row in released.rows))


def _replaced(row: Row, tau2: float) -> Row:
    if not row.funnel:
        return row
    centre = row.funnel["centre"]
    return replace(row, funnel=_place(row, centre, funnel.adjusted_limits(row.denominator, centre, tau2)))


def segments(months: Iterable[str], changes: Iterable[str]) -> tuple[int, ...]:
    """Where a series starts anew: the position of the first period that begins in or after the month of each change."""
    starts = list(months)
    found = (next((i for i, start in enumerate(starts) if start >= month), None) for month in changes)
    return tuple(sorted({i for i in found if i}))
