"""A second answer to every control chart: one series, one segment and one point at a time. Shares only values with the product."""

from math import fsum, sqrt

from journeys.statistics.control_chart import Chart, Point, Shift


def of(periods, segments=(), direction="none", ripens=False, minimum=13):
    known = [p.value if p.is_complete else None for p in periods]
    sizes = [p.denominator for p, value in zip(periods, known, strict=True) if value is not None and p.denominator]
    has_own = bool(sizes) and max(sizes) > 3 * min(sizes)
    starts = sorted({0, *segments})
    notes, points = [], []
    for start, stop in zip(starts, [*starts[1:], len(periods)], strict=True):
        note = "ripening" if ripens else why_none(periods[start:stop], minimum)
        notes.append(note)
        lines = [None] * (stop - start) if note else limits(periods[start:stop], has_own)
        points += judged(known[start:stop], lines, direction)
    has_none = None not in notes
    shift = None if notes[-1] else lasting(periods, points, starts[-1], has_own)
    return Chart(tuple(points), notes[-1] if has_none else None, tuple(notes), shift, has_own and not has_none)


def why_none(periods, minimum):
    n_shown = n_hidden = n_pairs = 0
    differs, before = False, None
    for period in periods:
        value = period.value if period.is_complete else None
        if value is not None:
            n_shown += 1
        elif period.is_complete and period.is_bounded:
            n_hidden += 1
        if value is not None and before is not None:
            n_pairs += 1
            differs = differs or value != before
        before = value
    if n_shown + n_hidden < max(minimum, 2):
        return "too_few_points"
    if n_hidden > 0.1 * (n_shown + n_hidden):
        return "too_many_hidden"
    if n_shown < max(minimum, 2) or not n_pairs:
        return "too_few_points"
    return None if differs else "not_enough_variation"


def limits(periods, has_own):
    """(mean, lower, upper) of each point of a segment, None where it has none."""
    values = [p.value if p.is_complete and (p.denominator or not has_own) else None for p in periods]
    weights = [p.denominator if has_own else 1 for p in periods]
    known = [i for i, value in enumerate(values) if value is not None]
    if not known:
        return [None] * len(periods)
    mean = fsum(values[i] * weights[i] for i in known) / sum(weights[i] for i in known)
    if has_own and not 0 < mean < 1:
        return [None] * len(periods)
    units = {i: sqrt(mean * (1 - mean) / weights[i]) if has_own else 1 for i in known}
    scores = {i: (values[i] - mean) / units[i] if has_own else values[i] for i in known}
    ranges = [abs(scores[i] - scores[i - 1]) for i in known if i - 1 in scores]
    if not any(ranges):
        return [None] * len(periods)
    far = 2.66 * fsum(ranges) / len(ranges)
    return [(mean, mean - far * units[i], mean + far * units[i]) if i in units else None for i in range(len(periods))]


def judged(values, lines, direction):
    found = []
    for i, line in enumerate(lines):
        if line is None:
            found.append(None)
            continue
        signal, side = rule(values, lines, i)
        ways = {0: "common", 1: "improvement" if direction == "higher" else "concern"}
        ways[-1] = "concern" if direction == "higher" else "improvement"
        meaning = "neutral" if side and direction == "none" else ways[side]
        found.append(Point(*line, signal, meaning, {0: None, 1: "up", -1: "down"}[side]))
    return found


def rule(values, lines, i):
    """The first rule that a point breaks, and its side: by every window that it lies in."""
    out = beyond(values, lines, i, 1)
    if out:
        return "outside", out
    for start in range(i - 6, i + 1):  # the earlier window first: a peak ends the rise
        steps = {step(values, lines, at) for at in range(start, start + 6)}
        if steps in ({1}, {-1}):
            return "trend", steps.pop()
    for start in range(i - 2, i + 1):
        sides = {beyond(values, lines, at, 0) for at in range(start, start + 3)}
        n_close = sum(is_close(values, lines, at) for at in range(start, start + 3))
        if sides in ({1}, {-1}) and n_close >= 2 and is_close(values, lines, i):
            return "two_of_three", sides.pop()
    for start in range(i - 6, i + 1):
        sides = {beyond(values, lines, at, 0) for at in range(start, start + 7)}
        if sides in ({1}, {-1}):
            return "shift", sides.pop()
    return "none", 0


def is_point(lines, i):
    return 0 <= i < len(lines) and lines[i] is not None


def beyond(values, lines, i, part):
    """The side of a value that lies beyond a part of the way from the mean to its limit; None at a gap."""
    if not is_point(lines, i):
        return None
    mean, _, upper = lines[i]
    far = (values[i] - mean) / (upper - mean)
    return (far > part + 2e-9) - (far < -(part + 2e-9))


def is_close(values, lines, i):
    return bool(beyond(values, lines, i, 2 / 3)) and not beyond(values, lines, i, 1)


def step(values, lines, i):
    """Whether a value is followed by a higher one (1), a lower one (-1) or the same; None beside a gap."""
    if not is_point(lines, i) or not is_point(lines, i + 1):
        return None
    return (values[i + 1] > values[i]) - (values[i + 1] < values[i])


def lasting(periods, points, first, has_own):
    shown = [i for i in range(first, len(points)) if points[i] is not None]
    run = shown[-1:]
    while run and run[0] - 1 in shown and standing(periods, points, run[0] - 1) == standing(periods, points, shown[-1]):
        run = [run[0] - 1, *run]
    before = [i for i in shown if i < run[0]] if run else []
    if len(run) < 7 or not before or not standing(periods, points, run[0]):
        return None
    way = "up" if standing(periods, points, run[0]) > 0 else "down"
    return Shift(run[0], way, level(periods, before, has_own), level(periods, run, has_own), len(run), len(run) >= 13)


def standing(periods, points, i):
    far, slack = periods[i].value - points[i].mean, 1e-9 * (points[i].upper - points[i].lower)
    return (far > slack) - (far < -slack)


def level(periods, places, has_own):
    weights = {i: periods[i].denominator if has_own else 1 for i in places}
    return fsum(periods[i].value * weights[i] for i in places) / sum(weights.values())
