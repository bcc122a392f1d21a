"""Statistics laid over released rows: control charts over time, funnels and case mix over rows that are alike. All from released counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from journeys.answer import alike
from journeys.answer.released import HIDDEN, Break, Expected, Proportion, Released, Row
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
    released = replace(released, changes=tuple(changes or ()), ripens=metric.ripens)
    over_time = [d for d in released.by if d in OVER_TIME]
    if len(over_time) > 1:  # the months of a quarter are no series
        released = replace(released, spc_note="too_few_points")
    elif over_time:
        is_charted = released.shape in ("count", "proportion")
        # means and curves have none: those who came later have had less time for a second reading, or for what is waited for
        released = _with_charts(released, metric) if is_charted else replace(released, spc_note="ripening")
    apart = tuple(d for d in released.by if d in PLACES)
    if not apart:
        return released
    families = alike.compared_families(released.rows, apart)
    released = replace(released, not_alike=alike.not_compared(families, apart))
    of_funnels = tuple(d for d in apart if d in FUNNELS)
    if released.shape != "proportion" or not of_funnels or not metric.funnel:
        return released
    return _with_funnels(
        released, families if of_funnels == apart else alike.compared_families(released.rows, of_funnels)
    )


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
    rows = tuple(_compared(row, expected.get(alike.key(row.labels)), base) for row in released.rows)
    return replace(released, rows=rows, has_case_mix=True)


def _compared(row: Row, expected: float | None, base: int) -> Row:
    if expected is None or row.numerator is None or expected < FEWEST_EXPECTED:
        return row
    expected = round(expected, 1)
    ratio = standardisation.compared(row.numerator, expected, row.denominator, base)
    return row.but(case_mix=Expected(expected, ratio.ratio, ratio.low, ratio.high))


def _counts(row: Row) -> Counts:
    values = row.values
    return Counts(values.numerator, values.denominator, row.why) if isinstance(values, Proportion) else NO_COUNTS


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
    return control_chart.of([_period(row, shape) for row in rows], segments, direction, ripens)


def _period(row: Row, shape: str) -> Period:
    values, is_whole = row.values, row.complete is not False
    if isinstance(values, Proportion):
        return Period(values.rate, values.denominator, is_whole, row.why is not None)
    return Period(row.count, None, is_whole, row.state == HIDDEN if shape == "count" else row.why is not None)


def _with_charts(released: Released, metric: Metric) -> Released:
    rows, notes = list(released.rows), []
    place_of, breaks = alike.labels_in([d for d in released.by if d in PLACES]), {}
    for places in series(released).values():
        mine = [rows[i] for i in places]
        starts = [row.covers[0] if row.covers else "" for row in mine]
        place = place_of(mine[0].labels)
        if place not in breaks:
            breaks[place] = [one.month for one in released.breaks if _is_of(one, mine[0])]
        months = breaks[place]
        found = chart(mine, metric.direction, released.shape, segments(starts, months), metric.ripens)
        notes.append(found.note)
        for i, point in zip(places, found.points, strict=True):
            if point is not None and rows[i].is_shown:
                rows[i] = rows[i].but(spc=_limits(point))
    note = None if not all(notes) else notes[0] if notes else "too_few_points"
    return replace(released, rows=tuple(rows), spc_note=note)


def _limits(point: control_chart.Point) -> Mapping[str, float | str | None]:
    return {
        "mean": point.mean,
        "lower": point.lower,
        "upper": point.upper,
        "signal": point.signal,
        "direction": point.direction,
    }


def _is_of(one: Break, row: Row) -> bool:
    return all(row.labels.get(name) == value for name, value in one.labels.items())


def _with_funnels(released: Released, families: Iterable[alike.Family]) -> Released:
    """Limits for the rows that are alike, around what they make together."""
    k, base = released.disclosure["k"], released.disclosure["base"]
    placed: dict[int, Mapping] = {}
    for _, group in families:
        counts = [_counts(row) for row in group]
        centre = funnel.centre(counts, k)
        if centre is None or len(group) < FEWEST_COMPARED:
            continue
        for row, mine in zip(group, counts, strict=True):
            reach = funnel.reach(mine, k, base)
            if reach is not None and mine.denominator:
                placed[id(row)] = _place(reach, centre, funnel.limits(mine.denominator, centre))
    if not placed:
        return released
    rows = tuple(row.but(funnel=placed[id(row)]) if id(row) in placed else row for row in released.rows)
    return replace(released, rows=rows)


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
