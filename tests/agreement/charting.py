"""Where series break, and control charts (methods 3 and 5), in plain loops over released rows. Shares no code with the product."""

from fractions import Fraction
from itertools import pairwise
from math import sqrt

from catalogue import METRICS
from months import later_month

FEWEST, RUN = 13, 7


def breaks(world, slug, services, months, sizes):
    """[(month, service, what begins or ends, whether it breaks the series)] of the series of some services.

    sizes: {service: {first month of a quarter: released size}}.
    """
    metric = METRICS[slug]
    counted = [one for one in services if world.recordings[one].has_ever(metric.needs)]
    found = []
    for name in counted:
        for month, what, is_end in _changes(world, name, metric, is_alone=len(counted) == 1):
            if months[0] < month <= months[-1]:
                is_break = len(counted) == 1 or _share(name, counted, month, is_end, sizes) >= 0.1
                found.append((month, name, what, is_break))
    return sorted(found)


def _changes(world, name, metric, is_alone):
    one = world.recordings[name]
    starts = one.service["data_from"]
    if not is_alone:
        if starts.day == 1:
            yield one.first_month, "began", False
        else:
            yield later_month(one.first_month, 1), "began (first whole month)", False
        if one.ended_month:
            yield later_month(one.ended_month, 1), "had ended", True
    for kind in metric.seen_through:
        if kind in one.kinds:
            since, until = one.kinds[kind]
            if since > one.first_month:
                yield since, "began to hand over", False
            if until < one.last_month:
                yield later_month(until, 1), "stopped handing over", True


def _share(name, services, month, is_end, sizes):
    quarters = sorted({quarter for of in sizes.values() for quarter in of})
    before = [one for one in quarters if later_month(one, 2) < month][-4:]
    after = [one for one in quarters if one >= month][:4]
    beside = before if is_end else after
    total = sum(sizes[one].get(quarter, 0) for one in services for quarter in beside)
    return sum(sizes[name].get(quarter, 0) for quarter in beside) / total if total else 0


def chart(rows, starts, ripens):
    """(None or (mean, lower, upper, signal, direction) for each row, why there are no limits at all)."""
    values = [_value(row) for row in rows]
    whole = [row["complete"] is not False for row in rows]
    known = [v if w else None for v, w in zip(values, whole, strict=True)]
    sizes = [row["denominator"] for row in rows]
    large = [n for n, v in zip(sizes, known, strict=True) if n and v is not None]
    has_own = bool(large) and max(large) > 3 * min(large)
    points, notes = [], []
    edges = [0, *sorted({one for one in starts if one}), len(rows)]
    for first, last in pairwise(edges):
        mine = known[first:last]
        hidden = sum(_is_bounded(r) and w for r, w in zip(rows[first:last], whole[first:last], strict=True))
        note = "ripening" if ripens else _why_not(mine, hidden)
        notes.append(note)
        lines = [None] * len(mine) if note else _lines(mine, sizes[first:last], has_own)
        points += _read(mine, lines)
    return points, notes[-1] if all(notes) else None


def _value(row):
    if row["denominator"] is None and row["numerator"] is None:
        return None if row["count"] is None else Fraction(row["count"])
    if row["numerator"] is None or row["rate"] is None:
        return None
    return Fraction(row["numerator"], row["denominator"])


def _is_bounded(row):
    return row["why"] is not None if row["is_share"] else row["state"] == "hidden"


def _ranges(values):
    return [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]


def _why_not(values, hidden):
    n = sum(v is not None for v in values)
    if n + hidden < FEWEST:
        return "too_few_points"
    if 10 * hidden > n + hidden:
        return "too_many_hidden"
    if n < FEWEST or not _ranges(values):
        return "too_few_points"
    return None if any(_ranges(values)) else "not_enough_variation"


def _lines(values, sizes, has_own):
    """(mean, distance from it to a limit) at each point."""
    present = [v for v in values if v is not None]
    if not has_own:
        ranges = _ranges(values)
        far = 2.66 * float(sum(ranges)) / len(ranges)
        return [(float(sum(present) / len(present)), far) if v is not None else None for v in values]
    pairs = [(v, n) for v, n in zip(values, sizes, strict=True) if v is not None and n]
    mean = float(sum(v * n for v, n in pairs) / sum(n for _, n in pairs))
    if not 0 < mean < 1:
        return [None] * len(values)
    errors = [sqrt(mean * (1 - mean) / n) if v is not None and n else None for v, n in zip(values, sizes, strict=True)]
    scores = [None if e is None else (float(v) - mean) / e for v, e in zip(values, errors, strict=True)]
    ranges = _ranges(scores)
    if not any(ranges):
        return [None] * len(values)
    far = 2.66 * sum(ranges) / len(ranges)
    return [None if e is None else (mean, far * e) for e in errors]


def _read(values, lines):
    """Every point with the first rule that it breaks: outside, trend, two of three, shift."""
    n = len(values)
    far = [None if v is None or at is None else (float(v) - at[0]) / at[1] for v, at in zip(values, lines, strict=True)]
    side = [None if d is None else 0 if abs(d) < 2e-9 else 1 if d > 0 else -1 for d in far]
    out = [d is not None and abs(d) > 1 + 2e-9 for d in far]
    near = [d is not None and abs(d) > 2 / 3 + 2e-9 and not o for d, o in zip(far, out, strict=True)]
    marks = {rule: [0] * n for rule in ("outside", "trend", "two_of_three", "shift")}
    for i in range(n):
        if out[i]:
            marks["outside"][i] = side[i]
        window = range(i, min(i + RUN, n))
        if len(window) == RUN and all(side[j] is not None for j in window):
            steps = {_sign(values[j + 1] - values[j]) for j in window[:-1]}
            if len(steps) == 1 and steps != {0}:
                (step,) = steps
                for j in window:
                    marks["trend"][j] = marks["trend"][j] or step
            if len({side[j] for j in window}) == 1 and side[i]:
                for j in window:
                    marks["shift"][j] = side[i]
        three = range(i, min(i + 3, n))
        if len(three) == 3 and len({side[j] for j in three}) == 1 and side[i] and sum(near[j] for j in three) >= 2:
            for j in three:
                if near[j]:
                    marks["two_of_three"][j] = side[i]
    return [None if far[i] is None else _point(lines[i], marks, i) for i in range(n)]


def _point(at, marks, i):
    for rule, mark in marks.items():
        if mark[i]:
            return at[0], at[0] - at[1], at[0] + at[1], rule, "up" if mark[i] > 0 else "down"
    return at[0], at[0] - at[1], at[0] + at[1], "none", None


def _sign(x):
    return (x > 0) - (x < 0)


def start_of(quarter_or_month):
    """The first month of a quarter or month."""
    if "Q" not in quarter_or_month:
        return quarter_or_month
    return f"{quarter_or_month[:4]}-{3 * int(quarter_or_month[-1]) - 2:02}"
