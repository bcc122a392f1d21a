"""What an answer with a breakdown says: over time, across services, across groups of people, or in the cells of two labels."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from journeys.answer.released import Released, Row
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence
from journeys.words.cohort import opening, unit_of
from journeys.words.hidden import are_all, not_shown, nothing, possible
from journeys.words.likeness import alike, unlike
from journeys.words.once import OTHERS
from journeys.words.phrases import (
    LARGEST,
    PERIODS,
    PLURALS,
    UNKNOWN,
    Names,
    amount,
    dimension_words,
    does,
    groups_among,
    is_known,
    item_name,
    listed,
    lower_first,
    measure,
    signed,
    upper_first,
    value_words,
)  # fmt: skip
from journeys.words.ranges import LARGE
from journeys.words.series import series, verdict
from journeys.words.shapes import (
    at_horizon,
    counted_words,
    gaps,
    larger_unknown,
    leaves_out,
    most_pairs,
    said_change,
    said_share,
    said_wait,
)  # fmt: skip
from journeys.words.shares import digits_of, per_cent, share_of, size_of, with_interval

PLACES = ("service", "commissioner")


def by_labels(released: Released, metric: Metric, names: Names) -> str:
    """The sentence of an answer with one breakdown or two, of which something is shown."""
    if len(released.by) > 1:
        return _cells(released, metric, names)
    one, others = narrowed(released)
    if not any(row.is_shown or row.why for row in one.rows):
        return _cells(released, metric, names)
    if released.by[0] in PERIODS:
        return _over_time(one, metric, names, digits_of(released.rows)) + others
    say = _across_places if released.by[0] in PLACES else _across_groups
    return say(one, metric, names, digits_of(released.rows)) + others


def narrowed(released: Released) -> tuple[Released, str]:
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
    among = _of_latest(released, rows)
    chosen = "up" if label == "movement" else _least_filled(rows) if label == "field" else _commonest(among, label)
    one = tuple(row for row in rows if row.labels[label] == chosen)
    return replace(released, rows=one), f" {OTHERS}"


def _of_latest(released: Released, rows: Sequence[Row]) -> Sequence[Row]:
    """Of rows by period alone those of the period that is spoken of: what was commonest before may not be now."""
    if released.by[:1] != released.by or not set(released.by) & set(PERIODS):
        return rows
    latest = latest_row(replace(released, rows=tuple(rows)))
    found = [row for row in rows if latest and row.labels[released.by[0]] == latest.labels[released.by[0]]]
    return found if any(row.count or row.numerator for row in found) else rows


def _commonest(rows: Sequence[Row], label: str) -> str:
    totals: Counter = Counter()
    known = [row for row in rows if row.labels[label] not in UNKNOWN]
    for row in known or rows:
        totals[row.labels[label]] += row.count or row.numerator or 0
    return max(totals, key=lambda code: totals[code])


def _least_filled(rows: Sequence[Row]) -> str:
    """The field with the most gaps: on the quality of data those are the finding."""
    rates: dict[str, list[float]] = {}
    for row in gaps(rows):
        if row.rate is not None:
            rates.setdefault(row.labels["field"], []).append(row.rate)
    return min(rates, key=lambda field: sum(rates[field]) / len(rates[field]), default=rows[0].labels["field"])


def _commonest_scale(rows: Sequence[Row]) -> list[Row]:
    best = most_pairs(rows)
    same = (best.labels["tool"], best.labels["item"])
    return [row for row in rows if (row.labels["tool"], row.labels["item"]) == same]


# --- over time -------------------------------------------------------------------------------------------------------


def _over_time(released: Released, metric: Metric, names: Names, digits: int) -> str:
    """The latest complete period, one thing about what the series does now, then the gaps."""
    row = latest_row(released)
    if row is None:
        return nothing(released, metric)
    words = _said(released, metric, row, names, digits)
    now = now_words(released, metric, row, names, digits)
    partial = "; this period is not complete" if row.complete is False else ""
    about = f"; {now}" if now else ""
    gaps = (
        not_shown(released.rows, released) if possible(released.rows) != [row] else ""
    )  # the one that there is has been said
    return f"{words}{partial}{about}{gaps}."


def now_words(released: Released, metric: Metric, row: Row, names: Names, digits: int) -> str:
    """What the series does at this row, its levels in the precision of the panel; nothing of a row that may not be compared."""
    if released.shape not in ("count", "proportion"):
        return ""
    found = series(released, metric)
    return verdict(found, names, digits) if found.latest is row else ""


def latest_row(released: Released) -> Row | None:
    """The latest complete period with something to say, else the latest of all."""
    known = [row for row in released.rows if row.is_shown or row.why]
    complete = [row for row in known if row.complete is not False]
    found = complete or known
    return found[-1] if found else None


def _said(released: Released, metric: Metric, row: Row, names: Names, digits: int) -> str:
    """One row in words, without what is left out and without the full stop."""
    if released.shape == "proportion":
        start = opening(released, metric, names, row.labels, row)
        return f"{start}, {said_share(released, metric, row, names, digits)}"
    if released.shape == "count":
        return upper_first(counted_words(released, metric, row, names))
    start = opening(released, metric, names, row.labels, row)
    if released.shape == "change":
        return f"{start}, {said_change(row)}"
    return f"{start}, {said_wait(released, metric, row, names, digits)}"


# --- across services: never named ------------------------------------------------------------------------------------


def _across_places(released: Released, metric: Metric, names: Names, digits: int) -> str:
    """The range over services that are alike and large enough, and how many lie beyond chance; never which."""
    rows = alike(released)
    known = [row for row in rows if is_large(row, released.shape)]
    if len(known) < 2:
        return _one_place(released, metric, names, digits)
    low, high = (pick(known, key=lambda r: measure(r, released.shape) or 0.0) for pick in (min, max))
    start, across = opening(released, metric, names, low.labels), f"across {len(known)} {compared(released)}"
    span = _span(released, metric, (low, high), digits, names)
    if released.shape == "count" and not metric.labels:  # those referred are themselves what is counted
        when = start.partition(" in ")[2]
        return f"{upper_first(across)}, {span} in {when}{unlike(released)}{not_shown(released.rows, released)}."
    return f"{start}, {across}, {span}{chance(rows)}{unlike(released)}{not_shown(released.rows, released)}."


def compared(released: Released) -> str:
    """What a range rests on: `services`; `services of 50 or more` where smaller ones are shown and left out of it."""
    shown = [row for row in alike(released) if row.is_shown and is_known(row)]
    plural = PLURALS[released.by[0]]
    if all(is_large(row, released.shape) for row in shown):
        return plural
    return f"{plural} of {LARGE} {'pairs ' if released.shape == 'change' else ''}or more"


def is_large(row: Row, shape: str) -> bool:
    if measure(row, shape) is None or not is_known(row):
        return False
    size = row.count if shape == "count" else row.pairs if shape == "change" else size_of(row)
    return (size or 0) >= (1 if shape == "count" else LARGE)


def _span(released: Released, metric: Metric, ends: Sequence[Row], digits: int, names: Names) -> str:
    """From the lowest to the highest, each with its interval; without names."""
    did = does(metric, released.selection, ends[0].labels, names)
    low, high = (_end(released, row, digits) for row in ends)
    between = low if low == high else f"between {low} and {high}"
    if released.shape == "change":
        name = item_name(ends[0].labels["tool"], ends[0].labels["item"])
        return f"the average change in {lower_first(name)} lies at {between}".replace("lies at between", "lies between")
    return f"{between} {unit_of(metric)} {did}" if released.shape == "count" else f"{between} {did}"


def _end(released: Released, row: Row, digits: int) -> str:
    if released.shape == "count":
        return amount(row.count)
    if released.shape == "change":
        return signed(row.mean_change)
    first, _, rest = with_interval(row, digits).partition(", ")
    return f"{first} ({rest})" if rest else first


def _one_place(released: Released, metric: Metric, names: Names, digits: int) -> str:
    """Fewer than two services can be compared: how many, and what is said of the only one or of none."""
    known = [row for row in released.rows if row.is_shown]
    if len(known) != 1 or len(released.rows) != 1:
        start = opening(released, metric, names, released.rows[0].labels)
        return f"{start}, fewer than two {compared(released)} can be compared{unlike(released)}{not_shown(released.rows, released)}."
    said = _said(released, metric, known[0], names, digits)
    name = names(released.by[0], known[0].labels[released.by[0]])
    return f"{said}." if name in said else f"{name}: {lower_first(said)}."


OF_TWO = "the two differ more than expected by chance"


def chance(rows: Sequence[Row]) -> str:
    """How many lie beyond the 99.8% limits of chance; never which. Between 95% and 99.8% nothing is said of a service.

    Of two that they differ: one beyond the limits around both together lies further still from the other. One within them may do so, too: then
    nothing is said, and the range with its intervals stands alone.
    """
    placed = [row.funnel["position"] for row in rows if row.funnel]
    if len(placed) < 2:
        return ""
    above, below = (placed.count(f"{side}998") for side in ("above", "below"))
    if len(placed) == 2:  # one always lies above both together and the other below: only that they differ is something
        return f"; {OF_TWO}" if above or below else ""
    if not above and not below:
        return "; none is higher or lower than expected by chance"
    parts = [f"{n} {'is' if n == 1 else 'are'} {word}" for n, word in ((above, "higher"), (below, "lower")) if n]
    return f"; {listed(parts)} than expected by chance"


# --- across groups of people -----------------------------------------------------------------------------------------


def _across_groups(released: Released, metric: Metric, names: Names, digits: int) -> str:
    """The largest groups with their figures; unknown is no group."""
    dimension, rows = released.by[0], largest(released)
    if not rows:
        return _bounds_only(released, metric, names, digits)
    did = does(metric, released.selection, rows[0].labels, names) if metric.says else ""
    parts = [_group(released, row, dimension, digits, names) for row in rows]
    start = f"{opening(released, metric, names, rows[0].labels)}, by {dimension_words(dimension)}"
    of = "the groups are " if are_all(rows, released.rows) else "the largest groups are "
    of = of if len(rows) > 1 else "the only group shown is "
    if released.shape == "change":
        name = lower_first(item_name(rows[0].labels["tool"], rows[0].labels["item"]))
        return f"{start}, the average change in {name}: {listed(parts)}{not_shown(released.rows, released)}."
    if released.shape == "count" and not metric.labels:
        unknown = [_group(released, row, dimension, digits, names) for row in larger_unknown(released.rows, rows)]
        return f"{start}, {of}{listed(parts)}{leaves_out(unknown)}{not_shown(released.rows, released)}."
    those = "those who" if metric.unit in ("journeys", "people") else "those that"
    return f"{start}, {those} {did}: {listed(parts)}{not_shown(released.rows, released)}."


def largest(released: Released) -> list[Row]:
    """The groups that a sentence names, the largest first."""
    shown = groups_among(row for row in released.rows if measure(row, released.shape) is not None)
    return sorted(shown, key=lambda row: -_size(row, released.shape))[:LARGEST]


def _size(row: Row, shape: str) -> int:
    return (row.count if shape == "count" else row.pairs if shape == "change" else size_of(row)) or 0


def _group(released: Released, row: Row, dimension: str, digits: int, names: Names) -> str:
    name = in_a_sentence(dimension, names(dimension, row.labels[dimension]))
    if released.shape == "count":
        return f"{name} ({amount(row.count)})"
    if released.shape == "change":
        return f"{name} ({signed(row.mean_change)}, {amount(row.pairs)} pairs)"
    return f"{name} ({per_cent(share_of(row), digits)} of {amount(size_of(row))})"


def _bounds_only(released: Released, metric: Metric, names: Names, digits: int) -> str:
    found = [row for row in released.rows if row.is_shown]
    if found and released.shape == "proportion":
        name = upper_first(names(released.by[0], found[0].labels[released.by[0]]))
        return f"{name}: {lower_first(_said(released, metric, found[0], names, digits))}{not_shown(released.rows, released)}."
    return nothing(released, metric)


# --- two labels ------------------------------------------------------------------------------------------------------


def _cells(released: Released, metric: Metric, names: Names) -> str:
    """Two labels or more: how many cells are shown, and between what those large enough lie."""
    rows = [row for row in alike(released) if is_large(row, released.shape)]
    what = listed(dict.fromkeys(dimension_words(n) for n in (*released.by, *released.own) if n != "item"))
    n_shown, total = sum(row.is_shown for row in released.rows), len(possible(released.rows))
    gaps = not_shown(released.rows, released, "figures")
    start = f"By {what}, {n_shown} of {total} figures can be shown"
    if len(rows) < 2:
        return f"{start}{gaps}."
    digits, ordered = digits_of(released.rows), sorted(rows, key=lambda row: measure(row, released.shape) or 0.0)
    low, high = (value_words(row, released.shape, digits) for row in (ordered[0], ordered[-1]))
    kind = {"count": "counts", "change": "average changes"}.get(released.shape, "shares")
    large = "" if released.shape == "count" else f" of {LARGE} or more"
    span = f"the {kind}{large} lie between {low} and {high}" if low != high else f"the {kind}{large} are all {low}"
    return f"{start}; {span}{unlike(released)}{gaps}."
