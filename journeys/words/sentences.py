"""Answers in words: the selection in one sentence, and one careful sentence for each released answer.

Everything is said from released figures. After is never worded as because of, services are never ranked, and what is
hidden, not recorded or too early is said in the same words everywhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from journeys.answer.released import HIDDEN, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.vocabulary import calendar, metrics
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words.phrases import (
    LARGEST,
    MARKS,
    PERIODS,
    PLURALS,
    UNITS,
    Names,
    amount,
    before_and_after,
    counted,
    dimension_words,
    does,
    is_lower_better,
    is_single,
    item_name,
    label_words,
    listed,
    lowered,
    mark,
    measure,
    needs_words,
    percent,
    row_name,
    signed,
    unit_words,
    upper_first,
    value_words,
)

__all__ = [
    "BASE_WORDS",
    "HIDDEN_WORDS",
    "MARKS",
    "alt",
    "amount",
    "at_horizon",
    "difference_sentence",
    "footnote",
    "hidden_words",
    "left_out_words",
    "listed",
    "lowered",
    "mark",
    "percent",
    "row_name",
    "sentence",
    "spc_words",
    "spiral_sentence",
    "title",
    "unit_words",
    "upper_first",
    "value_words",
]

BASE_WORDS = {
    "all": "everyone referred",
    "working_age": "people of working age",
    "out_of_work": "people out of work at referral",
}
HIDDEN_WORDS = "Too few people here, or too few left out; choose something wider."
FEW_PAIRS = 30
SWEMWBS = (
    "SWEMWBS: © NHS Health Scotland, University of Warwick and University of Edinburgh, 2008, all rights reserved."
)
_LEFT_OUT = {
    "not_recorded": "of services that do not record this",
    "too_early": "for which it is too early to say",
    "no_reason_recorded": "without a reason recorded",
    "no_goal_set": "without a goal",
    "no_work_goal": "without a goal about work",
    "no_activity_recorded": "not linked to any activity",
    "no_such_pair": "without a first and a later reading",
    "no_reading": "without a reading",
    "no_measure": "without a first reading",
    "not_rated": "with a first job that was not rated",
    "withdrawn": "with every goal withdrawn",
    "no_job_found": "without a job found",
    "no_work_found": "without work found",
    "not_employed_at_referral": "of people not employed at referral",
    "observed_under_91_days": "observed for less than three months",
    "still_open": "still open",
    "closed": "closed",
}
_NOTES = {
    "too_few_points": "No control limits: they need 13 {periods} with a figure, and there are {n}. The line stands alone.",
    "too_few_events": "No control limits: there are fewer than 4 a {period} on average. Choose a longer period.",
    "not_enough_variation": "No control limits: there is not enough variation from one {period} to the next.",
}
_POINTS = {"outside": "beyond a limit", "shift": "in a run on one side of the average", "trend": "in a steady rise or fall",
           "two_of_three": "close to a limit"}  # fmt: skip


def title(slug: str) -> str:
    """The title of a metric."""
    return metrics.get(slug).title


def hidden_words(released: Released) -> str:
    """What to say where nothing may be shown; the same words for too few people and for too few left out."""
    return HIDDEN_WORDS


def sentence(released: Released, metric: Metric, names: Names) -> str:
    """One careful sentence for the answer, whatever its shape, breakdown and state; `names` is the store's `lists.name`."""
    shown = [row for row in released.rows if row.is_shown]
    if not shown and not (is_single(released) and released.rows[0].why):
        return _nothing(released, metric)
    if not released.by:
        return {"count": _count, "proportion": _proportion, "waiting": _waiting, "change": _change}[released.shape](
            released, metric, names
        )
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


def _nothing(released: Released, metric: Metric) -> str:
    """Nothing is shown: why, in the words of the most telling state."""
    states = {row.state for row in released.rows}
    if states == {NOT_RECORDED}:
        who = "This service does" if released.selection.service else "The services here do"
        return f"{who} not record {needs_words(metric)}; not recorded is not the same as none."
    if states and states <= {TOO_EARLY, NOT_RECORDED}:
        return "Too early to say: not enough time has passed since these referrals."
    return HIDDEN_WORDS


# --- one row ---------------------------------------------------------------------------------------------------------


def _proportion(released: Released, metric: Metric, names: Names) -> str:
    rows, labels = at_horizon(released)
    if len(labels) == 0 and len(rows) == 1:
        return _one_share(released, metric, rows[0], names)
    shown = [row for row in rows if row.is_shown]
    if not shown:
        return _nothing(released, metric)
    if metric.says.startswith("{"):
        return _every_share(released, metric, rows, names)
    return _largest_shares(released, metric, rows, names)


def at_horizon(released: Released) -> tuple[list[Row], tuple[str, ...]]:
    """The rows of one horizon (12 months, 26 weeks, else the longest shown) and the labels that still tell them apart."""
    name = next((n for n in ("months", "weeks") if n in released.own), None)
    if name is None:
        return list(released.rows), released.own
    wanted = str(released.selection.within) if name == "months" else "26"
    found = [row.labels[name] for row in released.rows if row.is_shown]
    chosen = wanted if wanted in found or not found else found[-1]
    rest = tuple(n for n in released.own if n != name)
    return [row for row in released.rows if row.labels[name] == chosen], rest


def _one_share(released: Released, metric: Metric, row: Row, names: Names) -> str:
    who = counted(metric, released.selection, row.labels, names)
    did = does(metric, released.selection, row.labels, names)
    early = _early(released)
    if row.why == "few":
        return f"Of {amount(row.denominator)} {who}, too few to show (or none) {did}{early}."
    if row.why == "most":
        return f"Of {amount(row.denominator)} {who}, nearly all {did}; the others are too few to show{early}."
    if mark(row, "proportion") == "[low]":
        few = upper_first(amount(row.numerator))
        return f"{few} of {amount(row.denominator)} {who} {did}: too few for a percentage{early}."
    return f"Of {amount(row.denominator)} {who}, {amount(row.numerator)} ({_share(row)}) {did}{early}."


def _share(row: Row) -> str:
    """`6%, likely between 4% and 10%`."""
    rate, low, high = (percent(v, row.denominator) for v in (row.rate, row.low, row.high))
    return rate if low == high else f"{rate}, likely between {low} and {high}"


def _early(released: Released) -> str:
    """How many more there are whose time is not up, where those would be counted for sure once it is."""
    n = released.left_out.get("too_early")
    is_sure = set(released.left_out) <= {"too_early", "not_recorded"} and not released.own
    return f"; for {amount(n)} more it is too early to say" if n and is_sure else ""


def _every_share(released: Released, metric: Metric, rows: Sequence[Row], names: Names) -> str:
    """All labels in the order of their list, where the label alone is what happened (moved up, stayed, moved back)."""
    who = counted(metric, released.selection, rows[0].labels, names)
    parts = [_part(row, does(metric, released.selection, row.labels, names)) for row in rows if row.is_shown]
    shown = [row for row in rows if row.is_shown]
    return f"Of {amount(shown[0].denominator)} {who}, {listed(parts)}{_not_shown(rows)}."


def _part(row: Row, what: str) -> str:
    share = f" ({percent(row.rate, row.denominator)})" if row.rate is not None else ""
    return f"{amount(row.numerator)}{share} {what}"


def _largest_shares(released: Released, metric: Metric, rows: Sequence[Row], names: Names) -> str:
    shown = sorted((r for r in rows if r.is_shown), key=lambda r: (-(r.rate or 0), -r.numerator))[:LARGEST]
    who = counted(metric, released.selection, shown[0].labels, names)
    before, after = _fitted(released, metric, shown[0], names)
    is_shared = len({row.denominator for row in rows if row.denominator is not None}) == 1
    parts = [f"{_last_label(metric, row, names)} ({_of(row, is_shared)})" for row in shown]
    group = "groups" if len(parts) > 1 else "group"
    if is_shared:
        start = f"Of {amount(shown[0].denominator)} {who}, the largest {group} {before}"
    else:
        start = f"Of the {who}, the largest {'shares' if len(parts) > 1 else 'share'} {before}"
    return f"{start}{listed(parts)}{after}{_not_shown(rows)}."


def _fitted(released: Released, metric: Metric, row: Row, names: Names) -> tuple[str, str]:
    """The words before and after the last label of `says`, with the labels before it filled in."""
    before, after = before_and_after(metric)
    return before.format(**{n: names(n, row.labels[n]) for n in metric.labels}), after


def _last_label(metric: Metric, row: Row, names: Names) -> str:
    return label_words(metric.labels[-1], row.labels, names)


def _of(row: Row, is_shared: bool) -> str:
    share = "" if row.rate is None else f"{percent(row.rate, row.denominator)}, "
    of = "" if is_shared else f" of {amount(row.denominator)}"
    return f"{share}{amount(row.numerator)}{of}"


def _not_shown(rows: Sequence[Row]) -> str:
    """How many of the labels are not shown, and why: `; 3 of 10 are too few to show`."""
    found = Counter(row.state for row in rows)
    words = [
        (found[HIDDEN], "{} too few to show"),
        (found[NOT_RECORDED], "{} not recorded"),
        (found[TOO_EARLY], "{} too early to say"),
    ]
    parts = [f"{n} of {len(rows)} {what.format('is' if n == 1 else 'are')}" for n, what in words if n]
    return f"; {listed(parts)}" if parts else ""


def _count(released: Released, metric: Metric, names: Names) -> str:
    who = unit_words(released.unit, released.selection)
    if is_single(released):
        row = released.rows[0]
        return f"{upper_first(amount(row.count))} {who} {does(metric, released.selection, row.labels, names)}."
    if released.own == ("start_rung", "rung"):
        return _flows(released, who, names)
    shown = sorted((r for r in released.rows if r.is_shown), key=lambda r: -r.count)[:LARGEST]
    before, after = _fitted(released, metric, shown[0], names)
    parts = [f"{_last_label(metric, row, names)} ({amount(row.count)})" for row in shown]
    group = "groups" if len(parts) > 1 else "group"
    return f"The largest {group} of {who} {before}{listed(parts)}{after}{_not_shown(released.rows)}."


def _flows(released: Released, who: str, names: Names) -> str:
    """The largest flows between rungs; those who stayed are named by how many they are, not as a flow."""
    shown = sorted((r for r in released.rows if r.is_shown), key=lambda r: -r.count)
    moves = [r for r in shown if r.labels["start_rung"] != r.labels["rung"]][:LARGEST]
    parts = [
        f"from {lowered(names('start_rung', r.labels['start_rung']))} to {lowered(names('rung', r.labels['rung']))} ({amount(r.count)})"
        for r in moves
    ]
    if not parts:
        return f"Of the {who}, those who changed rung are too few to show{_not_shown(released.rows)}."
    group = "groups that changed rung" if len(parts) > 1 else "group that changed rung"
    return f"Of the {who}, the largest {group} went {listed(parts)}{_not_shown(released.rows)}."


def _waiting(released: Released, metric: Metric, names: Names) -> str:
    rows, _ = at_horizon(released)
    row = next((r for r in rows if r.is_shown), None)
    if row is None:
        return _nothing(released, metric)
    did = does(metric, released.selection, row.labels, names)
    who = unit_words(released.unit, released.selection)
    if row.incidence is None:
        return f"{upper_first(amount(row.events))} {who} {did}: too few for a percentage."
    return f"{upper_first(_estimate(row))} of {who} {did}; those closed without it count as closed, not as waiting."


def _estimate(row: Row) -> str:
    rate, low, high = (percent(v, row.at_risk) for v in (row.incidence, row.low, row.high))
    return (
        f"an estimated {rate} (likely between {percent(row.low, None)} and {percent(row.high, None)})"
        if low != high
        else f"an estimated {rate}"
    )


def _change(released: Released, metric: Metric, names: Names) -> str:
    shown = [r for r in released.rows if r.is_shown]
    row = max(shown, key=lambda r: r.pairs or 0)
    others = len(shown) - 1
    more = f" {others} other {'scales are' if others > 1 else 'scale is'} shown too." if others else ""
    return _one_change(row, unit_words(released.unit, released.selection)) + more


def _one_change(row: Row, who: str) -> str:
    name = item_name(row.labels["tool"], row.labels["item"])
    parts = [
        f"{_some(row.improved)} improved",
        f"{_some(row.same)} changed little",
        f"{_some(row.worse)} got worse",
    ]
    start = f"{name}: of {amount(row.pairs)} {who} with a first and a later reading, {listed(parts)}"
    if row.mean_change is None:
        return f"{start}; too few for an average."
    is_early = "an early figure: " if row.pairs < FEW_PAIRS else ""
    down = ", lower is better" if is_lower_better(row.labels["tool"], row.labels["item"]) else ""
    interval = f" (likely between {signed(row.low)} and {signed(row.high)})" if row.low is not None else ""
    return (
        f"{start}; {is_early}the average went from {row.mean_first:.1f} to {row.mean_latest:.1f}{down}, "
        f"a change of {signed(row.mean_change)}{interval}."
    )


def _some(n: int | None) -> str:
    return "too few to show" if n is None else amount(n)


def spiral_sentence(start: Released, now: Released, movement: Released, names: Names) -> str:
    """What the spiral figure shows: how many moved, and how many more or fewer stand on the rungs above the first."""
    parts = [_part(row, _movement(row, names)) for row in movement.rows if row.is_shown]
    if not parts:
        return _nothing(movement, metrics.get(movement.metric))
    who = counted(metrics.get(movement.metric), movement.selection, {}, names)
    n = next(row.denominator for row in movement.rows if row.is_shown)
    words = f"Of {amount(n)} {who}, {listed(parts)}{_not_shown(movement.rows)}."
    first = [next(iter(released.rows), None) for released in (start, now)]
    if any(row is None or row.rate is None for row in first):
        return words
    shares = [percent(row.rate, row.denominator) for row in first]
    rung = lowered(names("rung", first[0].labels["rung"]))
    return f"{words} Of all {unit_words(now.unit, now.selection)}, {shares[0]} stood on “{rung}” at referral and {shares[1]} stand there now."


def _movement(row: Row, names: Names) -> str:
    return does(metrics.get("spiral_movement"), Selection(), row.labels, names)


# --- breakdowns ------------------------------------------------------------------------------------------------------


def _over_time(released: Released, metric: Metric, names: Names) -> str:
    """The latest complete period, then what the control chart says, then the gaps."""
    rows = released.rows
    shown = [row for row in rows if row.is_shown and row.complete is not False]
    latest = (shown or [row for row in rows if row.is_shown])[-1:]
    if not latest:
        return _nothing(released, metric)
    row, unit = latest[0], released.by[0]
    words = f"In {lowered(names(unit, row.labels[unit]))}, {_lower_start(_said(released, metric, row, names))}"
    chart = _chart_words(rows, unit)
    return f"{words}{chart}{_not_shown(rows)}."


def _lower_start(text: str) -> str:
    return text[:1].lower() + text[1:]


def _said(released: Released, metric: Metric, row: Row, names: Names) -> str:
    """One row in words, without what is left out and without the full stop."""
    alone = _without_left_out(released)
    if released.shape == "proportion":
        return _one_share(alone, metric, row, names).removesuffix(".")
    who = unit_words(released.unit, released.selection)
    did = does(metric, released.selection, row.labels, names) if metric.says else ""
    if released.shape == "count":
        return f"{amount(row.count)} {who} {did}"
    if released.shape == "change":
        return _one_change(row, who).removesuffix(".")
    if row.incidence is None:
        return f"{amount(row.events)} {who} {did}"
    return f"{_estimate(row)} of {who} {did}"


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
    return f"{start}, {_range(released, metric, low, ends, names)}{_chance(known)}{_not_shown(rows)}."


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
        return _nothing(released, metric)
    dimension = released.by[0]
    name = names(dimension, shown[0].labels[dimension])
    return f"{upper_first(name)}: {_lower_start(_said(released, metric, shown[0], names))}{_not_shown(rows)}."


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
        return f"By {what}, the numbers are too small for percentages{_not_shown(released.rows)}."
    ordered = sorted(known, key=lambda row: measure(row, released.shape))
    low, high = (value_words(row, released.shape) for row in (ordered[0], ordered[-1]))
    kind = {"count": "counts", "change": "average changes"}.get(released.shape, "shares")
    span = f"{kind[:-1]} is {low}" if len(known) == 1 else f"{kind} lie between {low} and {high}"
    return f"By {what}, {len(known)} of {total} figures can be shown; the {span}{_not_shown(released.rows)}."


# --- beside the sentence ---------------------------------------------------------------------------------------------


def left_out_words(released: Released, metric: Metric) -> str:
    """Who is in neither numerator nor denominator, and why; always one sentence."""
    if not released.left_out:
        return "Nobody is left out."
    parts = [_left_out(n, reason, i == 0) for i, (reason, n) in enumerate(_by_size(released.left_out))]
    return f"Left out: {listed(parts)}."


def _by_size(left_out: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    return sorted(left_out.items(), key=lambda item: -(item[1] or 0))


def _left_out(n: int | None, reason: str, is_first: bool) -> str:
    words = _LEFT_OUT.get(reason, reason.replace("_", " "))
    if n is None:
        return f"an undisclosed number of referrals {words}"
    return f"{amount(n)} {'referrals ' if is_first else ''}{words}"


def spc_words(released: Released) -> str:
    """Why a chart over time has no control limits; empty when it has them or is not over time."""
    if released.spc_note not in _NOTES:
        return ""
    unit = next((d for d in released.by if d in PERIODS), "period")
    known = [r for r in released.rows if measure(r, released.shape) is not None and r.complete is not False]
    n = len(known) if len(released.by) + len(released.own) == 1 else "fewer"
    return _NOTES[released.spc_note].format(periods=PLURALS.get(unit, "periods"), period=unit.replace("_", " "), n=n)


def difference_sentence(
    left: Released,
    right: Released,
    found,
    metric: Metric,
    names: Names,
    left_words: str,
    right_words: str,
    **labels: str,
) -> str:
    """Two cohorts side by side with the interval of their difference; `labels` picks the row of both.

    `found` is the estimates.Difference of the two rows (first share minus second, Newcombe's interval).
    """
    first, second = left.row(**labels), right.row(**labels)
    did = does(metric, left.selection, first.labels, names)
    if not (first.is_shown and second.is_shown):
        return f"The two cannot be compared: {_lower_start(HIDDEN_WORDS)}"
    if found.difference is None:
        return "The two cannot be compared: the numbers are too small for percentages."
    shares = [
        f"{percent(r.rate, r.denominator)} ({amount(r.numerator)} of {amount(r.denominator)})" for r in (first, second)
    ]
    start = f"{upper_first(did)}: {shares[0]} in {left_words} and {shares[1]} in {right_words}"
    if not found.is_clear:
        return f"{start}; no clear difference (likely between {_points(found.low)} and {_points(found.high)} percentage points)."
    side = "higher" if found.difference > 0 else "lower"
    small, large = sorted((abs(found.low), abs(found.high)))
    return (
        f"{start}; the first is {100 * abs(found.difference):.0f} percentage points {side} "
        f"(likely between {100 * small:.0f} and {100 * large:.0f}), which does not say why."
    )


def _points(value: float) -> str:
    text = f"{100 * value:+.0f}".replace("-", "−")
    return "0" if text in ("+0", "−0") else text


def alt(released: Released, metric: Metric, names: Names) -> str:
    """The text alternative of a figure: what it is, and its sentence."""
    labels = [n for n in (*released.by, *released.own) if n != "item"]
    by = f" by {listed(dimension_words(n) for n in labels)}" if labels else ""
    return f"Chart of {lowered(metric.title)}{by}. {sentence(released, metric, names)} The table holds every figure."


def footnote(released: Released, metric: Metric) -> str:
    """Who is counted, base and horizon, the month of the data, what is hidden and rounded, and whether the data are real."""
    k, base = released.disclosure["k"], released.disclosure["base"]
    unit = UNITS.get(released.unit, released.unit)
    parts = [
        f"Counts {unit}: {_lower_start(released.words)}.",
        f"Data to {calendar.in_words(released.as_of)}.",
        metric.caution,
        f"Counts under {k} are hidden [c]; others are rounded to the nearest {base}, so totals need not add up.",
        SWEMWBS if any(row.labels.get("tool") == "swemwbs" for row in released.rows) else "",
        "SYNTHETIC data: no real people." if released.is_synthetic else "",
    ]
    return " ".join(part for part in parts if part)
