"""Statistics laid over released rows: control charts over time, funnels and case mix over rows that are alike. All from released counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from journeys.answer import alike
from journeys.answer.released import HIDDEN, SHOWN, Break, Count, Expected, Proportion, Protected, Released, Row
from journeys.answer.rows import COMPLETE, Laid, Rows
from journeys.statistics import control_chart, funnel, standardisation
from journeys.statistics.control_chart import Period
from journeys.statistics.funnel import Counts
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.vocabulary.metrics import Metric

OVER_TIME = ("month", "quarter")
FUNNELS = ("service", "commissioner", "model")
PLACES = (*FUNNELS, "funding", "co_located")
FEWEST_EXPECTED = 5
FEWEST_COMPARED = 2
NO_COUNTS = Counts(None, None)


def annotated(released: Released, metric: Metric, changes: Sequence[Break] | None = None) -> Released:
    """The same answer with `spc` on the rows of a series, `funnel` on the rows of services that are alike, and who is not."""
    rows = Rows.of(released.rows, released.by)
    released = replace(released, rows=rows, changes=tuple(changes or ()), ripens=metric.ripens)
    over_time = [d for d in released.by if d in OVER_TIME]
    if len(over_time) > 1:  # the months of a quarter are no series
        released = replace(released, spc_note="too_few_points")
    elif over_time:
        is_charted = released.shape in ("count", "proportion")
        # means and curves have none: those who came later have had less time for a second reading, or for what is waited for
        released = _with_charts(released, rows, metric) if is_charted else replace(released, spc_note="ripening")
    apart = tuple(d for d in released.by if d in PLACES)
    if not apart:
        return released
    families = alike.families(rows, apart)
    released = replace(released, not_alike=alike.not_compared(rows, families, apart))
    of_funnels = tuple(d for d in apart if d in FUNNELS)
    if released.shape != "proportion" or not of_funnels or not metric.funnel:
        return released
    return _with_funnels(released, families if of_funnels == apart else alike.families(rows, of_funnels))


def with_case_mix(released: Released, rates: Mapping[tuple, float | None]) -> Released:
    """The same answer with expected counts and ratios, where observed is shown and at least 5 are expected.

    Expected counts of the rows that are compared add up to the sum of their numerators, as the funnel's centre takes them.
    """
    k, base = released.disclosure["k"], released.disclosure["base"]
    group = alike.compared(released.rows)
    known = [rates.get(tuple(row.labels.values())) for row in group]
    taken = [funnel.taken(_counts(row), k) for row in group]
    found = standardisation.scaled(known, [row.denominator for row in group], taken)
    expected = {alike.key(row.labels): n for row, n in zip(group, found, strict=True)}
    compared = (_compared(row, expected.get(alike.key(row.labels)), base) for row in released.rows)
    case_mix = {i: one for i, one in enumerate(compared) if one}
    return replace(released, rows=replace(Rows.of(released.rows, released.by), case_mix=case_mix), has_case_mix=True)


def _compared(row: Row, expected: float | None, base: int) -> Expected | None:
    if expected is None or row.numerator is None or expected < FEWEST_EXPECTED:
        return None
    expected = round(expected, 1)
    ratio = standardisation.compared(row.numerator, expected, row.denominator, base)
    return Expected(expected, ratio.ratio, ratio.low, ratio.high)


def _counts(one: Row | Protected) -> Counts:
    values = one.values
    return Counts(values.numerator, values.denominator, one.why) if isinstance(values, Proportion) else NO_COUNTS


def series(released: Released) -> dict[tuple, list[int]]:
    """Positions of the rows of each series over time, by their other labels, in the order of time."""
    units = OVER_TIME if set(released.by) & set(OVER_TIME) else PERIOD_UNITS
    names = [name for name in (*released.by, *released.own) if name not in units]
    labels_of = alike.labels_in(names)
    found: dict[tuple, list[int]] = defaultdict(list)
    for i, row in enumerate(released.rows):
        found[labels_of(row.labels)].append(i)
    return found


def chart(
    rows: Sequence[Row], direction: str, shape: str, segments: Sequence[int] = (), ripens: bool = False
) -> control_chart.Chart:
    """The control chart of one series: rates of a proportion, counts of a count; hidden and incomplete rows are gaps."""
    periods = (_period(row, shape)._replace(is_complete=row.complete is not False) for row in rows)
    return control_chart.of(list(periods), segments, direction, ripens)


def _period(one: Row | Protected, shape: str) -> Period:
    """What a series has of a row, be it complete or not."""
    values = one.values
    if isinstance(values, Proportion):
        return Period(values.rate, values.denominator, is_bounded=one.why is not None)
    count = values.count if isinstance(values, Count) else None
    return Period(count, is_bounded=one.state == HIDDEN if shape == "count" else one.why is not None)


def _with_charts(released: Released, rows: Rows, metric: Metric) -> Released:
    """Limits over time of every series: those that break at the same places are worked out together."""
    many, shape = _many(rows, released.shape), (len(rows),)
    mean, lower, upper = (np.full(shape, np.nan) for _ in range(3))
    signal, side = np.full(shape, -1), np.zeros(shape, int)
    notes: dict[int, str | None] = {}
    for starts, places in _series_together(released, rows):
        lines = control_chart.of_many(control_chart.Many(*(one[places] for one in many)), starts, metric.ripens)
        for all_of_them, mine in ((mean, lines.mean), (lower, lines.lower), (upper, lines.upper)):
            all_of_them[places] = mine
        signal[places], side[places] = lines.signal, lines.side
        notes |= dict(zip(places[:, 0].tolist(), lines.notes, strict=True))
    at = np.flatnonzero((signal >= 0) & rows.of_protected(lambda one: one.state == SHOWN, bool))
    words = {"signal": (signal[at], control_chart.SIGNALS), "direction": (side[at] + 1, ("down", None, "up"))}
    spc = Laid(at, {"mean": mean[at], "lower": lower[at], "upper": upper[at]}, words)
    note = None if not all(notes.values()) else notes[0] if notes else "too_few_points"
    return replace(released, rows=replace(rows, spc=spc), spc_note=note)


def _many(rows: Rows, shape: str) -> tuple[np.ndarray, ...]:
    """Value, denominator, whether it is complete and whether it is bounded, of every row."""
    periods = [_period(one, shape) for one in rows.protected]
    values, sizes = (np.array([one[i] for one in periods], float)[rows.code] for i in (0, 1))
    is_bounded = np.array([one.is_bounded for one in periods], bool)[rows.code]
    return values, sizes, rows.complete != COMPLETE.index(False), is_bounded


def _series_together(released: Released, rows: Rows) -> Iterator[tuple[tuple[int, ...], np.ndarray]]:
    """The positions of the rows of series (series, periods) that are as long and start anew at the same places, and these."""
    place, _ = rows.of_cells(lambda cell: tuple(v for name, v in cell.labels.items() if name not in OVER_TIME))
    series = place[rows.cell] * max(len(rows.owns), 1) + rows.own
    order = np.argsort(series, kind="stable")
    found: dict[tuple, list[np.ndarray]] = defaultdict(list)
    known: dict[bytes, tuple[int, ...]] = {}
    for places in np.split(order, np.flatnonzero(np.diff(series[order])) + 1) if len(order) else ():
        cells = rows.cell[places]
        key = cells.tobytes()
        if key not in known:
            known[key] = _starts(released, [rows.cells[i] for i in cells.tolist()])
        found[len(places), known[key]].append(places)
    return ((starts, np.array(places)) for (_, starts), places in found.items())


def _starts(released: Released, cells: Sequence[Row]) -> tuple[int, ...]:
    """Where series of these cells start anew."""
    months = [one.month for one in released.breaks if _is_of(one, cells[0])]
    return segments([cell.covers[0] if cell.covers else "" for cell in cells], months)


def _is_of(one: Break, row: Row) -> bool:
    return all(row.labels.get(name) == value for name, value in one.labels.items())


def _with_funnels(released: Released, families: alike.Families) -> Released:
    """Limits for the rows that are alike, around what they make together."""
    rows, k, base = Rows.of(released.rows, released.by), released.disclosure["k"], released.disclosure["base"]
    of, n = families.of, families.n
    counts = [_counts(one) for one in rows.protected]
    taken = np.array([funnel.taken(one, k) for one in counts], float)[rows.code]
    sizes = np.array([one.denominator or 0 for one in counts], float)[rows.code]
    low, high = np.array([funnel.reach(one, k, base) or (np.nan, np.nan) for one in counts]).reshape(-1, 2)[rows.code].T
    known = np.flatnonzero(families.is_compared & ~np.isnan(taken) & (sizes > 0))
    totals, sums = (np.bincount(of[known], one[known], n) for one in (sizes, taken))
    are_enough = np.bincount(of[families.is_compared], minlength=n) >= FEWEST_COMPARED
    is_there = families.is_compared & ((totals > 0) & are_enough)[of] & ~np.isnan(low) & (sizes > 0)
    at = np.flatnonzero(is_there)
    centre = sums[of[at]] / totals[of[at]]
    limits = funnel.limits_of(sizes[at], centre)
    position = funnel.standings(low[at], high[at], limits)
    numbers = dict(zip(("centre", "low95", "high95", "low998", "high998"), (centre, *limits), strict=True))
    return replace(released, rows=replace(rows, funnel=Laid(at, numbers, {"position": (position, funnel.POSITIONS)})))


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
    k, base = released.disclosure["k"], released.disclosure["base"]
    return replace(released, rows=tuple(_allowing(row, tau2, k, base) for row in released.rows))


def _allowing(row: Row, tau2: float, k: int, base: int) -> Row:
    reach = funnel.reach(_counts(row), k, base)
    if not row.funnel or reach is None:
        return row
    centre = row.funnel["centre"]
    return row.but(funnel=_place(reach, centre, funnel.adjusted_limits(row.denominator, centre, tau2)))


def segments(months: Iterable[str], changes: Iterable[str]) -> tuple[int, ...]:
    """Where a series starts anew: the position of the first period that begins in or after the month of each change."""
    starts = list(months)
    found = (next((i for i, start in enumerate(starts) if start >= month), None) for month in changes)
    return tuple(sorted({i for i in found if i}))
