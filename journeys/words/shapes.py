"""What an answer without a breakdown says, by its shape: a count, shares, time to an outcome, paired readings."""

from collections import Counter
from collections.abc import Sequence

from journeys.answer.released import HIDDEN, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.vocabulary.metrics import Metric
from journeys.words.phrases import (
    HIDDEN_WORDS,
    LARGEST,
    Names,
    amount,
    before_and_after,
    counted,
    does,
    is_lower_better,
    is_single,
    item_name,
    label_words,
    listed,
    lowered,
    mark,
    needs_words,
    percent,
    signed,
    unit_words,
    upper_first,
)

FEW_PAIRS = 30


def plain(released: Released, metric: Metric, names: Names) -> str:
    """The sentence of an answer without a breakdown of which something is shown."""
    say = {"count": _count, "proportion": _proportion, "waiting": _waiting, "change": _change}[released.shape]
    return say(released, metric, names)


def nothing(released: Released, metric: Metric) -> str:
    """Nothing is shown: why, in the words of the most telling state."""
    states = {row.state for row in released.rows}
    if states == {NOT_RECORDED}:
        who = "This service does" if released.selection.service else "The services here do"
        return f"{who} not record {needs_words(metric)}; not recorded is not the same as none."
    if states and states <= {TOO_EARLY, NOT_RECORDED}:
        return "Too early to say: not enough time has passed since these referrals."
    return HIDDEN_WORDS


def _proportion(released: Released, metric: Metric, names: Names) -> str:
    rows, labels = at_horizon(released)
    if len(labels) == 0 and len(rows) == 1:
        return one_share(released, metric, rows[0], names)
    shown = [row for row in rows if row.is_shown]
    if not shown:
        return nothing(released, metric)
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


def one_share(released: Released, metric: Metric, row: Row, names: Names) -> str:
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
    parts = [part(row, does(metric, released.selection, row.labels, names)) for row in rows if row.is_shown]
    shown = [row for row in rows if row.is_shown]
    return f"Of {amount(shown[0].denominator)} {who}, {listed(parts)}{not_shown(rows)}."


def part(row: Row, what: str) -> str:
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
    return f"{start}{listed(parts)}{after}{not_shown(rows)}."


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


def not_shown(rows: Sequence[Row]) -> str:
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
    return f"The largest {group} of {who} {before}{listed(parts)}{after}{not_shown(released.rows)}."


def _flows(released: Released, who: str, names: Names) -> str:
    """The largest flows between rungs; those who stayed are named by how many they are, not as a flow."""
    shown = sorted((r for r in released.rows if r.is_shown), key=lambda r: -r.count)
    moves = [r for r in shown if r.labels["start_rung"] != r.labels["rung"]][:LARGEST]
    parts = [
        f"from {lowered(names('start_rung', r.labels['start_rung']))} to {lowered(names('rung', r.labels['rung']))} ({amount(r.count)})"
        for r in moves
    ]
    if not parts:
        return f"Of the {who}, those who changed rung are too few to show{not_shown(released.rows)}."
    group = "groups that changed rung" if len(parts) > 1 else "group that changed rung"
    return f"Of the {who}, the largest {group} went {listed(parts)}{not_shown(released.rows)}."


def _waiting(released: Released, metric: Metric, names: Names) -> str:
    rows, _ = at_horizon(released)
    row = next((r for r in rows if r.is_shown), None)
    if row is None:
        return nothing(released, metric)
    did = does(metric, released.selection, row.labels, names)
    who = unit_words(released.unit, released.selection)
    if row.incidence is None:
        return f"{upper_first(amount(row.events))} {who} {did}: too few for a percentage."
    return f"{upper_first(estimate(row))} of {who} {did}; those closed without it count as closed, not as waiting."


def estimate(row: Row) -> str:
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
    return one_change(row, unit_words(released.unit, released.selection)) + more


def one_change(row: Row, who: str) -> str:
    name = item_name(row.labels["tool"], row.labels["item"])
    parts = [
        f"{amount(row.improved)} improved",
        f"{amount(row.same)} changed little",
        f"{amount(row.worse)} got worse",
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
