"""What an answer without a breakdown says, by its shape: a count, shares, time to an outcome, paired readings."""

from collections.abc import Callable, Iterable, Sequence

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.metrics import Metric
from journeys.words import ranges
from journeys.words.cohort import is_event, opening, unit_of
from journeys.words.hidden import are_all, not_shown, nothing
from journeys.words.phrases import (
    LARGEST,
    Names,
    amount,
    before_and_after,
    does,
    groups_among,
    is_known,
    is_lower_better,
    is_single,
    item_name,
    label_words,
    listed,
    lower_first,
    mark,
    signed,
    upper_first,
)  # fmt: skip
from journeys.words.shares import digits_of, hidden_part, likely, per_cent, size_of, with_interval

FEW_PAIRS = 30
MOST_GROUPS = 4  # that a heading has room for
CLOSED = "; those closed without it count as closed, not as waiting"
JOINTS = ("as", "by", "for", "from", "had", "in", "of", "on", "to")  # words before a label that stay with it in a list
# labels of which one leads to the other, and what those did who did not stay
MOVES: dict[tuple[str, ...], str] = {
    ("start_rung", "rung"): "changed rung",
    ("from_service", "to_service"): "came to another service",
}


def plain(released: Released, metric: Metric, names: Names, digits: int | None = None, size: str = "") -> str:
    """The sentence of an answer without a breakdown of which something is shown; `digits` are those of a figure that shows more shares, `size` of how many counts are."""
    if released.shape == "proportion":
        return _proportion(released, metric, names, digits_of(released.rows) if digits is None else digits)
    if released.shape == "count":
        return _count(released, metric, names, size)
    if released.shape == "change":
        return _change(released, metric, names)
    return _waiting(released, metric, names, digits_of(released.rows) if digits is None else digits)


# --- shares ----------------------------------------------------------------------------------------------------------


def _proportion(released: Released, metric: Metric, names: Names, digits: int) -> str:
    rows, labels = at_horizon(released)
    if not labels and len(rows) == 1:
        return one_share(released, metric, rows[0], names, digits)
    shown = [row for row in rows if row.is_shown]
    if not shown:
        return nothing(released, metric)
    if is_said_whole(metric, rows):
        return _every_share(released, metric, rows, names, digits)
    return _largest_shares(released, metric, rows, names, digits)


def is_said_whole(metric: Metric, rows: Sequence[Row]) -> bool:
    """Whether all labels of one list are said, in its order, because they are so few."""
    return len({_last(metric, row) for row in rows}) <= LARGEST


def said_together(metric: Metric, rows: Sequence[Row]) -> list[Row]:
    """The rows that one sentence says."""
    return [row for row in rows if row.is_shown] if is_said_whole(metric, rows) else named(metric, rows)


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


def one_share(released: Released, metric: Metric, row: Row, names: Names, digits: int) -> str:
    """One numerator over its denominator, with its interval or its bound."""
    start = opening(released, metric, names, row.labels, row)
    return f"{start}, {said_share(released, metric, row, names, digits)}{_early(released)}."


def said_share(released: Released, metric: Metric, row: Row, names: Names, digits: int) -> str:
    """`about 15 of about 240 referrals (6%, likely 4% to 10%) found work within 12 months`."""
    did, unit = does(metric, released.selection, row.labels, names), unit_of(metric)
    if row.why:
        return f"{hidden_part(row, released.disclosure['k'], unit)} {did}"
    of = f"{amount(row.numerator)} of {amount(row.denominator)} {unit}"
    if mark(row, "proportion") == "[low]":
        return f"{of} {did}: too few for a percentage"
    return f"{of} ({with_interval(row, digits)}) {did}"


def _early(released: Released) -> str:
    """How many more there are whose time is not up, where those would be counted for sure once it is."""
    n = released.left_out.get("too_early")
    is_sure = set(released.left_out) <= {"too_early", "not_recorded", "not_recorded_then"} and not released.own
    return f"; for {amount(n)} more it is too early to say" if n and is_sure else ""


def _last(metric: Metric, row: Row) -> str:
    return row.labels[metric.labels[-1]]


def _every_share(released: Released, metric: Metric, rows: Sequence[Row], names: Names, digits: int) -> str:
    """All labels in the order of their list, where they are so few (moved up, stayed, moved back)."""
    shown = [row for row in rows if row.is_shown]
    is_shared = is_of_one_base(rows)
    dids = [does(metric, released.selection, row.labels, names) for row in shown]
    parts = [f"{_of(row, is_shared, digits)} {did}" for row, did in zip(shown, told_once(dids), strict=True)]
    start = opening(released, metric, names, shown[0].labels, size=_total(metric, shown[0]) if is_shared else "")
    return f"{start}, {listed(parts)}{not_shown(rows, released)}."


def _total(metric: Metric, row: Row) -> str:
    """What all labels are parts of: `about 240 referrals`."""
    return f"{amount(row.denominator)} {unit_of(metric)}"


def told_once(dids: Sequence[str]) -> list[str]:
    """`were on record as going on`, `as ended 26 weeks after the start`: what all begin with is said at the first, what all end with at the last."""
    words = [did.split() for did in dids]
    least = min(map(len, words)) - 1
    n = next((n for n in range(least) if len({did[n] for did in words}) > 1), least)
    end = next((i for i in range(least - n) if len({did[-1 - i] for did in words}) > 1), least - n)
    kept = n - (n > 0 and words[0][n - 1] in JOINTS)
    told = [did[kept if i else 0 : len(did) - (end if i < len(words) - 1 else 0)] for i, did in enumerate(words)]
    return [" ".join(did) for did in told]


def is_of_one_base(rows: Sequence[Row]) -> bool:
    """Whether all of these are parts of the same, as far as is shown."""
    known = [row.denominator for row in rows if row.denominator is not None]
    return len(set(known)) == 1 and len(known) > 1


def _of(row: Row, is_shared: bool, digits: int) -> str:
    of = "" if is_shared else f" of {amount(row.denominator)}"
    share = "" if row.rate is None else f" ({per_cent(row.rate, digits)})"
    return f"{amount(row.numerator)}{of}{share}"


def _largest_shares(released: Released, metric: Metric, rows: Sequence[Row], names: Names, digits: int) -> str:
    """The largest groups of one list, or, over bases of their own, those with the most behind them; gaps, where the list is of fields."""
    chosen = named(metric, rows)
    if not chosen:
        return nothing(released, metric)
    is_shared = is_of_one_base(rows)
    start = opening(released, metric, names, chosen[0].labels, size=_total(metric, chosen[0]) if is_shared else "")
    few = f"fewer than {released.disclosure['k']}"
    group = "" if are_all(chosen, rows) else f"the largest {'groups' if len(chosen) > 1 else 'group'} "
    is_bracketed = metric.says.endswith("})")
    if not (is_shared or is_bracketed or is_of_fields(metric)):
        dids = told_once([does(metric, released.selection, row.labels, names) for row in chosen])
        each = [f"{_of(row, is_shared, digits)} {did}" for row, did in zip(chosen, dids, strict=True)]
        span = ranges.with_intervals(metric, rows, digits)
        return f"{start}, {group and f'in {group}'}{listed(each)}{span}{not_shown(rows, released)}."
    before, after = _fitted(metric, chosen[0], names)

    def said_of(row: Row) -> str:
        return f"{_last_label(metric, row, names)} ({_share_of(row, is_shared, digits, few)})"

    parts = list(map(said_of, chosen))
    said = f"filled in least often: {listed(parts)}" if is_of_fields(metric) else f"{before}{listed(parts)}{after}"
    is_whole = is_bracketed and len(chosen) == sum(row.is_shown for row in rows)
    which = "" if is_of_fields(metric) else "these " if is_whole or not group else group
    without = leaves_out(map(said_of, larger_unknown(rows, chosen))) if is_shared else ""
    span = ranges.with_intervals(metric, rows, digits)
    return f"{start}, {which}{said}{span}{without}{not_shown(rows, released)}."


def named(metric: Metric, rows: Sequence[Row]) -> list[Row]:
    """The rows that a sentence names: the largest groups; of fields those filled in least. Unknown and not stated are no group."""
    if is_of_fields(metric):
        return emptiest(gaps(rows))[:LARGEST]
    shown = groups_among(row for row in rows if row.is_shown and row.numerator is not None)
    if (
        metric.says.endswith("})") and len(shown) <= MOST_GROUPS
    ):  # each of people of its own: as their heading says them
        return shown
    return sorted(shown, key=weight_among(rows), reverse=True)[:LARGEST]


def weight_among(rows: Sequence[Row]) -> Callable[[Row], int]:
    """How large a group is among these: its numerator where all are parts of the same, else the people it is a share of."""
    is_shared = is_of_one_base(rows)
    return lambda row: (row.count if row.count is not None else row.numerator if is_shared else size_of(row)) or 0


def larger_unknown(rows: Sequence[Row], said: Sequence[Row]) -> list[Row]:
    """Rows that are no group (unknown, not stated) and yet larger than the smallest that a sentence says."""
    weight = weight_among(rows)
    least = min(map(weight, said))
    return [row for row in rows if row.is_shown and not is_known(row) and weight(row) > least and row not in said]


def leaves_out(parts: Iterable[str]) -> str:
    """`; this leaves out not stated (about 1,755)`."""
    words = listed(parts)
    return f"; this leaves out {words}" if words else ""


def emptiest(rows: Sequence[Row]) -> list[Row]:
    """The fields of which it is known how far they are filled in, the emptiest first; one that hardly anybody has filled in is no less empty for being hidden."""
    known = [row for row in rows if row.rate is not None or row.why == "few"]
    return sorted(known, key=lambda row: row.rate if row.rate is not None else row.at_most or 0.0)


def gaps(rows: Sequence[Row]) -> list[Row]:
    """The fields that are a gap where they are empty: an open journey has no closing date, and lacks nothing. All where nothing is known of the others."""
    found = [row for row in rows if row.labels["field"] != "closed_on"]
    return found if emptiest(found) else list(rows)


def is_of_fields(metric: Metric) -> bool:
    """Whether the metric is about the data themselves, so that its gaps are the finding."""
    return metric.labels == ("field",)


def _fitted(metric: Metric, row: Row, names: Names) -> tuple[str, str]:
    """The words before and after the last label of `says`, with the labels before it filled in."""
    before, after = before_and_after(metric)
    if after.startswith(")"):  # a label in brackets stands behind a colon where several are named
        before, after = f"{before.rpartition(' (')[0]}: ", after[1:]
    return before.format(**{n: names(n, row.labels[n]) for n in metric.labels}), after


def _last_label(metric: Metric, row: Row, names: Names) -> str:
    return label_words(metric.labels[-1], row.labels, names)


def _share_of(row: Row, is_shared: bool, digits: int, few: str) -> str:
    of = "" if is_shared else f" of {amount(row.denominator)}"
    share = "" if row.rate is None else f"{per_cent(row.rate, digits)}, "
    return f"{share}{few if row.why else amount(row.numerator)}{of}"


# --- counts ----------------------------------------------------------------------------------------------------------


def _count(released: Released, metric: Metric, names: Names, size: str) -> str:
    unit = unit_of(metric)
    if is_single(released):
        return f"{upper_first(counted_words(released, metric, released.rows[0], names))}."
    if released.own in MOVES:
        return _flows(released, metric, names, size)
    shown = sorted(groups_among(r for r in released.rows if r.is_shown), key=lambda r: -(r.count or 0))[:LARGEST]
    if not shown:
        return nothing(released, metric)
    is_whole = len(metric.labels) > 1  # then each says all of what was done
    before, after = ("", "") if is_whole else _fitted(metric, shown[0], names)

    def said_of(row: Row) -> str:
        did = does(metric, released.selection, row.labels, names) if is_whole else _last_label(metric, row, names)
        return f"{did} ({amount(row.count)})"

    parts = list(map(said_of, shown))
    group = "" if are_all(shown, released.rows) else f"the largest {'groups' if len(parts) > 1 else 'group'} of "
    start = opening(released, metric, names, size=size)
    gaps = leaves_out(map(said_of, larger_unknown(released.rows, shown))) + not_shown(released.rows, released)
    return f"{start}, {group}{unit} {before}{listed(parts)}{after}{gaps}."


def counted_words(released: Released, metric: Metric, row: Row, names: Names) -> str:
    """`about 1,250 referrals were made in April to June 2024`: a count, whose period is that of what is counted."""
    did = does(metric, released.selection, row.labels, names)
    start = opening(released, metric, names, row.labels, row)
    if is_event(metric) or metric.labels:
        return f"{lower_first(start)}, {amount(row.count)} {unit_of(metric)} {did}"
    when = start.partition(" in ")[2]
    return f"{amount(row.count)} {unit_of(metric)} {did} in {when}"


def _flows(released: Released, metric: Metric, names: Names, size: str) -> str:
    """The largest flows from one rung, or one service, to another; those who stayed, or came back to the same, are none."""
    start_label, end_label = released.own
    did = MOVES[start_label, end_label]
    shown = sorted((r for r in released.rows if r.is_shown), key=lambda r: -(r.count or 0))
    moves = [r for r in shown if r.labels[start_label] != r.labels[end_label]]
    moves = moves[: LARGEST if end_label == "rung" else LARGEST - 1]  # names of services are long
    start = opening(released, metric, names, size=size)
    parts = [
        f"from {label_words(start_label, r.labels, names)} to {label_words(end_label, r.labels, names)} ({amount(r.count)})"
        for r in moves
    ]
    if not parts:
        return f"{start}, those who {did} are too few to show{not_shown(released.rows, released)}."
    group = "groups" if len(parts) > 1 else "group"
    return f"{start}, the largest {group} that {did} went {listed(parts)}{not_shown(released.rows, released)}."


# --- time to an outcome ----------------------------------------------------------------------------------------------


def _waiting(released: Released, metric: Metric, names: Names, digits: int) -> str:
    rows, _ = at_horizon(released)
    row = next((r for r in rows if r.is_shown), None)
    if row is None:
        return nothing(released, metric)
    start = opening(released, metric, names, row.labels)
    return f"{start}, {said_wait(released, metric, row, names, digits)}{CLOSED}."


def told_together(asked: Sequence[Released], names: Names) -> list[tuple[Row, str]]:
    """Of several answers about the time to an outcome those that are shown at the horizon of the first, each with what was done."""
    months = next((row.labels["months"] for row in at_horizon(asked[0])[0]), "")
    found = [(one, row) for one in asked for row in one.rows if row.labels["months"] == months and row.is_shown]
    return [
        (row, does(metrics.get(one.metric), one.selection, row.labels, names))
        for one, row in found
        if row.incidence is not None
    ]


def waits(asked: Sequence[Released], names: Names) -> str:
    """What several answers say of the time to an outcome, in one sentence and one precision."""
    first, told = asked[0], told_together(asked, names)
    digits = digits_of(row for one in asked for row in one.rows)
    if len(told) < 2:
        one = next((one for one in asked if any(row.is_shown for row in one.rows)), first)
        metric = metrics.get(one.metric)
        is_any = any(row.is_shown for row in one.rows)
        return _waiting(one, metric, names, digits) if is_any else nothing(one, metric)
    dids = told_once([did for _, did in told])
    parts = [f"{_estimated(row, digits)} {did}" for (row, _), did in zip(told, dids, strict=True)]
    start = opening(first, metrics.get(first.metric), names, told[0][0].labels)
    return f"{start}, an estimated {listed(parts)}{CLOSED}."


def _estimated(row: Row, digits: int) -> str:
    words = likely(row.low, row.high, digits)
    return per_cent(row.incidence, digits) + (f" ({words})" if words else "")


def said_wait(released: Released, metric: Metric, row: Row, names: Names, digits: int) -> str:
    """`an estimated 12%, likely 8% to 17%, had reached work by 12 months`; `digits` are those of the figure, which shows other months, too."""
    did = does(metric, released.selection, row.labels, names)
    if row.incidence is None:
        return f"{amount(row.events)} {unit_of(metric)} {did}: too few for a percentage"
    words = likely(row.low, row.high, digits)
    return f"an estimated {per_cent(row.incidence, digits)}{f', {words},' if words else ''} {did}"


# --- paired readings -------------------------------------------------------------------------------------------------


def _change(released: Released, metric: Metric, names: Names) -> str:
    shown = [r for r in released.rows if r.is_shown]
    row = most_pairs(shown)
    others = len(shown) - 1
    more = f" {others} other {'scales are' if others > 1 else 'scale is'} shown too." if others else ""
    return f"{opening(released, metric, names)}, {said_change(row)}.{more}"


def most_pairs(rows: Sequence[Row]) -> Row:
    return max(rows, key=lambda row: row.pairs or 0)


def said_change(row: Row) -> str:
    """`wellbeing (SWEMWBS): of about 60 pairs of readings, ... ; the average went from 18.5 to 19.8, a change of +1.3`."""
    tool, item = row.labels["tool"], row.labels["item"]
    parts = [f"{amount(row.improved)} improved", f"{amount(row.same)} changed little", f"{amount(row.worse)} got worse"]
    start = f"{item_name(tool, item)}: of {amount(row.pairs)} pairs of readings, {listed(parts)}"
    if row.mean_first is None or row.mean_latest is None:
        return f"{start}; too few for an average"
    early = "an early figure: " if (row.pairs or 0) < FEW_PAIRS else ""
    down = ", lower is better" if is_lower_better(tool, item) else ""
    first, latest = round(row.mean_first, 1), round(row.mean_latest, 1)
    span = f" (likely {signed(row.low)} to {signed(row.high)})" if _has_width(row) else ""
    change = signed(latest - first)
    moved = (
        f"the average went from {first:.1f} to {latest:.1f}{down}, a change of {change}"
        if latest != first
        else f"the average stayed at {first:.1f}{down}"
    )
    return f"{start}; {early}{moved}{span}"


def _has_width(row: Row) -> bool:
    return row.low is not None and row.high is not None and round(row.low, 1) != round(row.high, 1)
