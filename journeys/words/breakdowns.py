"""What an answer with a breakdown says: over time, across groups, or in the cells of two labels."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from journeys.answer.released import Released, Row
from journeys.vocabulary.metrics import Metric
from journeys.words.phrases import (
    PERIODS,
    PLURALS,
    Names,
    amount,
    counted,
    dimension_words,
    does,
    item_name,
    listed,
    lower_first,
    lowered,
    measure,
    unit_words,
    upper_first,
    value_words,
)
from journeys.words.shapes import at_horizon, estimate, not_shown, nothing, one_change, one_share

_POINTS = {"outside": "beyond a limit", "shift": "in a run on one side of the average", "trend": "in a steady rise or fall",
           "two_of_three": "close to a limit"}  # fmt: skip


def by_labels(released: Released, metric: Metric, names: Names) -> str:
    """The sentence of an answer with one breakdown or two, of which something is shown."""
    if len(released.by) > 1:
        return _cells(released, names)
    one, others = _narrowed(released)
    if not any(row.is_shown for row in one.rows):
        return _cells(released, names)
    say = _over_time if released.by[0] in PERIODS else _across
    return say(one, metric, names) + others


def _narrowed(released: Released) -> tuple[Released, str]:
    """A breakdown at one horizon and one own label (the commonest; of movements, up), and where the others are."""
    rows, labels = at_horizon(released)
    if released.shape == "change":
        return replace(released, rows=tuple(_commonest_scale(rows))), ""
    if "start_rung" in released.own:
        moves = [row for row in rows if row.labels["start_rung"] != row.labels["rung"]]
        start = _commonest(moves, "start_rung")
        rows = [row for row in moves if row.labels["start_rung"] == start]
    label = next((n for n in reversed(labels) if n in released.own), None)
    if released.shape == "waiting" or label is None:
        return replace(released, rows=tuple(rows)), ""
    chosen = "up" if label == "movement" else _commonest(rows, label)
    one = tuple(row for row in rows if row.labels[label] == chosen)
    return replace(released, rows=one), " The table has the others."


def _commonest(rows: Sequence[Row], label: str) -> str:
    totals: Counter = Counter()
    for row in rows:
        totals[row.labels[label]] += row.count or row.numerator or 0
    return max(totals, key=lambda code: totals[code])


def _over_time(released: Released, metric: Metric, names: Names) -> str:
    """The latest complete period, then what the control chart says, then the gaps."""
    rows = released.rows
    shown = [row for row in rows if row.is_shown and row.complete is not False]
    latest = (shown or [row for row in rows if row.is_shown])[-1:]
    if not latest:
        return nothing(released, metric)
    row, unit = latest[0], released.by[0]
    words = f"In {lowered(names(unit, row.labels[unit]))}, {lower_first(_said(released, metric, row, names))}"
    chart = _chart_words(rows, unit)
    return f"{words}{chart}{not_shown(rows)}."


def _said(released: Released, metric: Metric, row: Row, names: Names) -> str:
    """One row in words, without what is left out and without the full stop."""
    alone = _without_left_out(released)
    if released.shape == "proportion":
        return one_share(alone, metric, row, names).removesuffix(".")
    who = unit_words(released.unit, released.selection)
    did = does(metric, released.selection, row.labels, names) if metric.says else ""
    if released.shape == "count":
        return f"{amount(row.count)} {who} {did}"
    if released.shape == "change":
        return one_change(row, who).removesuffix(".")
    if row.incidence is None:
        return f"{amount(row.events)} {who} {did}"
    return f"{estimate(row)} of {who} {did}"


def _without_left_out(released: Released) -> Released:
    return replace(released, left_out={})


def _chart_words(rows: Sequence[Row], unit: str) -> str:
    charted = [row for row in rows if row.spc]
    if not charted:
        return ""
    signals = [row for row in charted if row.spc["signal"] != "none"]
    plural = PLURALS[unit]
    if not signals:
        return f"; none of {len(charted)} {plural} stands out from the usual variation"
    verb = "stands" if len(signals) == 1 else "stand"
    if 2 * len(signals) > len(charted):
        return f"; the level has changed over this time ({len(signals)} of {len(charted)} {plural} {verb} out)"
    kinds = listed(dict.fromkeys(_POINTS[row.spc["signal"]] for row in signals))
    return f"; {len(signals)} of {len(charted)} {plural} {verb} out from the usual variation ({kinds})"


def _across(released: Released, metric: Metric, names: Names) -> str:
    """The range over the labels of one breakdown; services are counted against chance, not named."""
    rows, dimension = released.rows, released.by[0]
    known = [row for row in rows if row.is_shown and measure(row, released.shape) is not None]
    if len(known) < 2:
        return _hardly_any(released, metric, rows, known, names)
    ordered = sorted(known, key=lambda row: measure(row, released.shape))
    low, high = ordered[0], ordered[-1]
    is_where = dimension in ("service", "commissioner")
    start = f"Across {len(known)} {PLURALS[dimension]}" if is_where else f"By {dimension_words(dimension)}"
    ends = [_end(released, row, None if is_where else names(dimension, row.labels[dimension])) for row in (low, high)]
    return f"{start}, {_range(released, metric, low, ends, names)}{_chance(known)}{not_shown(rows)}."


def _commonest_scale(rows: Sequence[Row]) -> list[Row]:
    best = max(rows, key=lambda row: row.pairs or 0)
    same = (best.labels["tool"], best.labels["item"])
    return [row for row in rows if (row.labels["tool"], row.labels["item"]) == same]


def _end(released: Released, row: Row, name: str | None) -> str:
    value = value_words(row, released.shape)
    text = f"about {value}" if released.shape == "count" else value
    return f"{text} ({lowered(name)})" if name else text


def _range(released: Released, metric: Metric, row: Row, ends: Sequence[str], names: Names) -> str:
    who = counted(metric, released.selection, row.labels, names)
    did = does(metric, released.selection, row.labels, names) if metric.says else ""
    span = ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
    if released.shape == "count":
        return f"{span} {unit_words(released.unit, released.selection)} {did}"
    if released.shape == "change":
        name = item_name(row.labels["tool"], row.labels["item"])
        return f"the average change in {lowered(name)} is {span}"
    return f"{span} of {who} {did}"


def _hardly_any(released: Released, metric: Metric, rows: Sequence[Row], known: Sequence[Row], names: Names) -> str:
    """Fewer than two labels have a figure: say the one there is, or that there are none."""
    shown = known or [row for row in rows if row.is_shown]
    if not shown:
        return nothing(released, metric)
    dimension = released.by[0]
    name = names(dimension, shown[0].labels[dimension])
    return f"{upper_first(name)}: {lower_first(_said(released, metric, shown[0], names))}{not_shown(rows)}."


def _chance(rows: Sequence[Row]) -> str:
    """How many lie where chance alone would put them, and how many outside; never which."""
    placed = [row.funnel["position"] for row in rows if row.funnel]
    if not placed:
        return ""
    n_within = sum(p == "within" for p in placed)
    if n_within == len(placed):
        return f"; all {len(placed)} lie where chance alone could put them"
    above, below = (sum(p.startswith(side) for p in placed) for side in ("above", "below"))
    outside = listed(f"{n} {side}" for n, side in ((above, "higher"), (below, "lower")) if n)
    verb = "lies" if n_within == 1 else "lie"
    return f"; {n_within or 'none'} of {len(placed)} {verb} where chance alone could put them, {outside} than that"


def _cells(released: Released, names: Names) -> str:
    """Two labels or more: how many cells are shown and between what they lie."""
    known = [row for row in released.rows if row.is_shown and measure(row, released.shape) is not None]
    what = listed(dict.fromkeys(dimension_words(n) for n in (*released.by, *released.own) if n != "item"))
    total = len(released.rows)
    if not known:
        return f"By {what}, the numbers are too small for percentages{not_shown(released.rows)}."
    ordered = sorted(known, key=lambda row: measure(row, released.shape))
    low, high = (value_words(row, released.shape) for row in (ordered[0], ordered[-1]))
    kind = {"count": "counts", "change": "average changes"}.get(released.shape, "shares")
    span = f"{kind[:-1]} is {low}" if len(known) == 1 else f"{kind} lie between {low} and {high}"
    return f"By {what}, {len(known)} of {total} figures can be shown; the {span}{not_shown(released.rows)}."
