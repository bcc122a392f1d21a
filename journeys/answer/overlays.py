"""Statistics laid over released rows: control charts over time, funnels over services, case mix. All from released counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from journeys.answer.case_mix import Mixed
from journeys.answer.released import HIDDEN, Expected, Released, Row
from journeys.statistics import control_chart, funnel, standardisation
from journeys.vocabulary.metrics import Metric

OVER_TIME = ("month", "quarter")
FUNNELS = ("service", "commissioner", "model")
SPC = ("mean", "lower", "upper", "signal", "direction")
MOST_HIDDEN = 0.1  # of the journeys: beyond that the rows that can be seen say too little of the whole


def annotated(released: Released, metric: Metric) -> Released:
    """The same answer with `spc` on the rows of a series and `funnel` on the rows of services, where the rules allow."""
    if sum(d in OVER_TIME for d in released.by) == 1 and released.shape in ("count", "proportion"):
        released = _with_charts(released, metric)
    if released.shape == "proportion" and any(d in FUNNELS for d in released.by):
        released = _with_funnels(released)
    return released


def with_case_mix(released: Released, mixed: Mapping[tuple, Mixed]) -> Released:
    """The same answer with expected counts (one decimal) and ratios, where observed is shown and expected is at least 5.

    None at all where rows with a hidden denominator make up over a tenth of the journeys.
    """
    of = [mixed.get(tuple(row.labels[d] for d in released.by)) for row in released.rows]
    if _is_mostly_hidden(released.rows, of):
        return replace(released, has_case_mix=True)
    k = released.disclosure["k"]
    expected = standardisation.scaled(
        [None if m is None else m.rate for m in of],
        [row.denominator for row in released.rows],
        [funnel.taken(_counts(row), k) for row in released.rows],
    )
    pairs = zip(released.rows, expected, strict=True)
    rows = tuple(_compared(row, n, released.disclosure["base"]) for row, n in pairs)
    return replace(released, rows=rows, has_case_mix=True)


def _is_mostly_hidden(rows: Sequence[Row], mixed: Sequence[Mixed | None]) -> bool:
    sizes = [m.n if m else 0 for m in mixed]
    hidden = sum(n for row, n in zip(rows, sizes, strict=True) if row.denominator is None)
    return hidden > MOST_HIDDEN * sum(sizes)


def _compared(row: Row, expected: float | None, base: int) -> Row:
    printed = None if expected is None else round(expected, 1)
    ratio = standardisation.compared(row.numerator, printed, row.denominator, base)
    if ratio.ratio is None:
        return row
    return replace(row, case_mix=Expected(printed, ratio.ratio, ratio.low, ratio.high))


def _counts(row: Row) -> funnel.Counts:
    return funnel.Counts(row.numerator, row.denominator, row.why)


def series(released: Released) -> dict[tuple, list[int]]:
    """Positions of the rows of each series over time, by their other labels, in the order of time."""
    found: dict[tuple, list[int]] = defaultdict(list)
    for i, row in enumerate(released.rows):
        found[tuple(v for name, v in row.labels.items() if name not in OVER_TIME)].append(i)
    return found


def chart(
    rows: Sequence[Row], direction: str, shape: str, segments: Sequence[int] = (), ripens: bool = False
) -> control_chart.Chart:
    """The control chart of one series: rates of a proportion, counts of a count; hidden and incomplete rows are gaps."""
    return control_chart.of([_period(row, shape) for row in rows], segments, direction, ripens)


def _period(row: Row, shape: str) -> control_chart.Period:
    """A hidden count is few as a hidden numerator may be: without it the mean of the others is too high."""
    value = row.rate if shape == "proportion" else row.count
    is_bounded = row.why is not None or (shape == "count" and row.state == HIDDEN)
    return control_chart.Period(value, row.denominator, row.complete is not False, is_bounded)


def _with_charts(released: Released, metric: Metric) -> Released:
    rows, notes = list(released.rows), []
    for places in series(released).values():
        found = chart([rows[i] for i in places], metric.direction, metric.shape, (), metric.ripens)
        notes.append(found.note)
        for i, point in zip(places, found.points, strict=True):
            if point is not None and rows[i].is_shown:
                rows[i] = replace(rows[i], spc={name: getattr(point, name) for name in SPC})
    note = notes[0] if notes and all(notes) else None
    return replace(released, rows=tuple(rows), spc_note=note)


def _with_funnels(released: Released) -> Released:
    """Each row among the rows that are alike but for their service, commissioner or model."""
    together: dict[tuple, list[int]] = defaultdict(list)
    for i, row in enumerate(released.rows):
        together[tuple(v for name, v in row.labels.items() if name not in FUNNELS)].append(i)
    rows = list(released.rows)
    for places in together.values():
        centre = funnel.centre([_counts(rows[i]) for i in places], released.disclosure["k"])
        for i in places:
            rows[i] = _placed(rows[i], centre, released.disclosure)
    return replace(released, rows=tuple(rows))


def _placed(row: Row, centre: float | None, disclosure: Mapping[str, int]) -> Row:
    reach = funnel.reach(_counts(row), disclosure["k"], disclosure["base"])
    if reach is None or centre is None or row.denominator is None:
        return row
    return replace(row, funnel=_place(reach, centre, funnel.limits(row.denominator, centre)))


def _place(reach: tuple[float, float], centre: float, limits: funnel.Limits) -> Mapping[str, float | str]:
    return {
        "centre": centre,
        "low95": limits.low95,
        "high95": limits.high95,
        "low998": limits.low998,
        "high998": limits.high998,
        "position": funnel.standing(reach, limits),
    }


@dataclass(frozen=True)
class Spread:
    """How much the services of an answer differ: mean squared z score, and the variance between services (arcsine scale)."""

    phi: float
    tau2: float


def spread(released: Released) -> Spread | None:
    """The spread of the services with a rate; None under ten of them, and where they spread no wider than chance (Spiegelhalter 2005)."""
    found = funnel.beyond_chance([_counts(row) for row in released.rows if row.funnel])
    return None if found is None or found.phi is None else Spread(found.phi, found.tau2)


def allowing(released: Released, tau2: float) -> Released:
    """The same answer with limits that also allow for the variance between services, and where each service then lies."""
    return replace(released, rows=tuple(_replaced(row, tau2, released.disclosure) for row in released.rows))


def _replaced(row: Row, tau2: float, disclosure: Mapping[str, int]) -> Row:
    reach = funnel.reach(_counts(row), disclosure["k"], disclosure["base"])
    if not row.funnel or reach is None or row.denominator is None:
        return row
    centre = row.funnel["centre"]
    return replace(row, funnel=_place(reach, centre, funnel.adjusted_limits(row.denominator, centre, tau2)))


def segments(months: Iterable[str], changes: Iterable[str]) -> tuple[int, ...]:
    """Where a series starts anew: the position of the first period that begins in or after the month of each change."""
    starts = list(months)
    found = (next((i for i, start in enumerate(starts) if start >= month), None) for month in changes)
    return tuple(sorted({i for i in found if i}))
