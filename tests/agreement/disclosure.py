"""What may be shown of a cell (methods 1 and 2): its state, protected counts, bounds, and who is left out."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import accumulate, product
from math import ceil, exp, floor, log, sqrt

import completeness
from catalogue import METRICS
from codes import ENDS, MONTH_DAYS, SCALES, WEEK_DAYS
from counting import clients, people
from questions import Cell, coverage, services_of, wider
from scipy.stats import t

Z = 1.959963984540054  # two-sided 95%
ASKED = {
    "count": ("count",),
    "proportion": ("numerator", "denominator", "rate", "low", "high"),
    "waiting": ("at_risk", "events", "competing", "censored", "incidence", "low", "high"),
    "change": (
        "journeys",
        "first",
        "pairs",
        "improved",
        "same",
        "worse",
        "mean_first",
        "mean_latest",
        "mean_change",
        "sd_change",
        "low",
        "high",
    ),
}
NOTHING = ("why", "at_most", "at_least", "complete", "covers")


def row_of(world, slug, within, cell, own, counts, k, step):
    metric = METRICS[slug]
    row = {"state": "hidden"} | dict.fromkeys((*NOTHING, *ASKED[metric.shape]))
    horizon = horizon_of(metric, within, own)
    row |= {
        "complete": completeness.is_complete(world, metric, cell, horizon),
        "covers": completeness.covers(cell),
        "records": completeness.records(world, metric, cell),
        "partly": completeness.partly(world, metric, cell),
    }
    if state := _state(world, metric, cell, own, horizon):
        return row | {"state": state}
    if not _may_be_asked(world, slug, within, cell, own, counts, k):
        return row
    release = {"count": _show_count, "proportion": _show_share, "waiting": _show_curve, "change": _show_change}
    shown = release[metric.shape](counts, own, k, step)
    if shown.get("state") == "shown" and not _may_be_chosen(world, slug, within, cell, own, counts, k):
        return row
    return row | shown


def horizon_of(metric, within, own):
    """How long after referral the row looks, or None."""
    if metric.horizon is None:
        return None
    if metric.horizon in ("within", "within+91"):
        return timedelta(days=MONTH_DAYS[str(within)] + (91 if metric.horizon == "within+91" else 0))
    if metric.horizon == "weeks":
        return timedelta(days=WEEK_DAYS[own[metric.own.index("weeks")]] + 91)
    if metric.horizon == "months":
        return timedelta(days=MONTH_DAYS[own[metric.own.index("months")]])
    return timedelta(days=metric.horizon)


def _state(world, metric, cell, own, horizon):
    """Why a cell has no number whatever it holds, or None."""
    everywhere, recorded = coverage(world, cell, metric, needs=()), coverage(world, cell, metric)
    if not everywhere.pairs or not recorded.classes or _cannot_be(world, metric, cell, own):
        return "not_applicable"
    if not recorded.pairs or not _can_be_seen(world, metric, cell, own, recorded):
        return "not_recorded"
    services = {name for name, _ in recorded.pairs}
    if horizon is not None and all(_is_early(world.services[name], cell, horizon) for name in services):
        return "too_early"
    return None


def _is_early(service, cell, horizon):
    first = service["data_from"] if cell.days is None else cell.days[0]
    return first + horizon > service["data_to"]


def _cannot_be(world, metric, cell, own):
    """Rungs that nobody can be on at the start; doors of services that the question is not about."""
    if metric is METRICS["doors"]:
        return own[0] not in {one.service["service_id"] for one in services_of(world, cell)}
    names = {"spiral_start": "rung", "spiral_flow": "start_rung"}
    of_start = [own[metric.own.index(name)] for slug, name in names.items() if metric is METRICS[slug]]
    return any(rung in ("basic_needs", "confidence", "staying") for rung in of_start)


def _can_be_seen(world, metric, cell, own, recorded):
    """Does some service of the cell record a kind that the rung (or the door) of the row needs?"""
    if metric is METRICS["doors"]:
        keys = {world.services[name]["client_key"] for name in own}
        return len(keys) == 1 and all("shared_key" in world.recordings[name].kinds for name in own)
    if metric is METRICS["spiral_start"]:
        return True
    kinds = {"basic_needs": ("goals", "readings_needs"), "confidence": ("goals", "readings_confidence")}
    rungs = [own[metric.own.index(name)] for name in ("rung", "step") if name in metric.own]
    wanted = [kinds[rung] for rung in rungs if rung in kinds]
    return all(
        any(world.recordings[name].has([kind], month) for name, month in recorded.pairs for kind in some)
        for some in wanted
    )


def _may_be_asked(world, slug, within, cell, own, counts, k):
    """Is the denominator large enough, of enough people, and are enough others in every wider question?"""
    inside = coverage(world, cell, METRICS[slug])
    measured = _measured(world, slug, within, own)
    mine = _covered(measured, inside)
    if len(mine) < k or clients(mine) < k:
        return False
    outside = set(mine).symmetric_difference(_all_of(measured))
    others = wider(world, cell, METRICS[slug])
    return _are_k_more(outside, others, k, people(mine) if METRICS[slug].unit == "people" else ())


def _may_be_chosen(world, slug, within, cell, own, counts, k):
    """Would the guard let through the choice that names the journeys of the numerator once more?"""
    choice = METRICS[slug].again(own)
    if choice is None or choice[0] in dict(cell.values):
        return True
    return _may_be_asked(world, slug, within, replace(cell, values=(*cell.values, choice)), own, counts, k)


def _measured(world, slug, within, own):
    """The metric's own denominator in a label, by service and month: of change the pairs, otherwise every unit."""
    return world.once(_measured_by_label, slug, within).get(own, {})


def _measured_by_label(world, slug, within):
    found = defaultdict(lambda: defaultdict(list))
    for unit in world.brought(slug, within)[0]:
        if METRICS[slug].shape != "change" or len(unit.what) == 2:
            found[unit.labels][unit.pair].append(unit)
    return found


def _covered(by_pair, coverage):
    """The units that a question covers."""
    pairs = by_pair.keys() & coverage.pairs
    return [unit for pair in pairs for unit in by_pair[pair] if coverage.has_person(unit.journey)]


def _all_of(by_pair):
    return (unit for units in by_pair.values() for unit in units)


def _are_k_more(outside, others, k, counted=()):
    """Do at least k different people stand behind what is in each wider question and `outside` this one?

    Where people are counted, someone who is in both adds nothing to the wider count: `counted`.
    """
    if counted:
        outside = [unit for unit in outside if unit.journey.person not in counted]
    return all(_reaches(outside, other, k) for other in others)


def _reaches(units, coverage, k):
    """Are k different people behind those of the units that are covered?"""
    found = set()
    for unit in units:
        if coverage.has(unit):
            found.add(unit.journey.person)
            if len(found) >= k:
                return True
    return False


def rounded(number, step):
    """To the nearest multiple of the step, halves up."""
    return floor(Fraction(number) / step + Fraction(1, 2)) * step


def _protected(count, n_clients, k, step):
    return None if count < k or n_clients < k else rounded(count, step)


def _show_count(counts, own, k, step):
    return {"state": "shown", "count": rounded(counts["count"], step)}


def _show_share(counts, own, k, step):
    n, left = counts["numerator"], counts["denominator"] - counts["numerator"]
    if (n >= k and counts["clients_numerator"] < k) or (left >= k and counts["clients_rest"] < k):
        return {}
    denominator = rounded(counts["denominator"], step)
    shown = {"denominator": denominator}
    bound = min(1.0, (k - 1) / (denominator - step // 2)) if denominator >= 20 else None
    if n < k:
        return shown | {"why": "few", "at_most": bound}
    if left < k:
        return shown | {"why": "most", "at_least": None if bound is None else 1 - bound}
    numerator = rounded(n, step)
    rate = numerator / denominator if denominator >= 20 else None
    low, high = _interval(numerator, denominator, step // 2) if denominator >= 20 else (None, None)
    return shown | {"state": "shown", "numerator": numerator, "rate": rate, "low": low, "high": high}


def _interval(r, n, half):
    """Wilson's 95% interval (1927) of the released counts, widened to what the rounding may hide."""
    middle, spread = r + Z * Z / 2, Z * sqrt(r * (n - r) / n + Z * Z / 4)
    return _widened((middle - spread) / (n + Z * Z), (middle + spread) / (n + Z * Z), r, n, half)


def _show_curve(counts, own, k, step):
    n, reached = counts["journeys"], (counts["incidence"] or 0) * counts["journeys"]
    if counts["at_risk"] < 10 or not counts["is_followed"] or min(reached, n - reached) < k:
        return {}
    if min(counts["events"], counts["clients_events"], counts["clients_rest"]) < k:
        return {}
    cohort, shown = rounded(n, step), {"state": "shown"}
    if cohort >= 20:
        shown["incidence"] = rounded(reached, step) / cohort
        shown["low"], shown["high"] = _curve_interval(rounded(reached, step), cohort, _design_effect(counts), step // 2)
    for name in ("at_risk", "events", "competing", "censored"):
        shown[name] = _protected(counts[name], counts[f"clients_{name}"], k, step)
    return shown


def _design_effect(counts):
    """The exact variance over the binomial variance of the exact share, to one decimal; 1.0 where nobody is lost from sight."""
    if counts["variance"] is None:
        return 1.0
    share = float(counts["incidence"])
    return round(counts["variance"] / (share * (1 - share) / counts["journeys"]), 1)


def _curve_interval(r, n, design_effect, half):
    """The log(-log) interval of the released share, widened to what the rounding may hide."""
    if not 0 < r < n:
        return _widened(r / n, r / n, r, n, half)
    share = r / n
    error = sqrt(design_effect * share * (1 - share) / n) / (share * -log(share))
    low, high = (share ** exp(way * Z * error) for way in (1, -1))
    return _widened(low, high, r, n, half)


def _widened(low, high, r, n, half):
    return max(0.0, min(low, (r - half) / (n + half))), min(1.0, max(high, (r + half) / (n - half)))


def _show_change(counts, own, k, step):
    shown = {"state": "shown"}
    for name in ("journeys", "first", "pairs"):
        shown[name] = _protected(counts[name], counts[f"clients_{name}"], k, step)
    for name in ("improved", "same", "worse"):
        left = min(counts["pairs"] - counts[name], counts[f"left_{name}"])
        shown[name] = None if left < k else _protected(counts[name], counts[f"clients_{name}"], k, step)
    means = _means(counts, own, shown["pairs"], k, step)
    return shown | (means if not means or _leaves_the_hidden_open(shown | means, own, k, step) else {})


def _leaves_the_hidden_open(shown, own, k, step):
    """Do four numbers or more of every hidden part fit all that is shown? (Of up to 80 pairs, by whole changes.)"""
    parts = [shown[name] for name in ("improved", "same", "worse")]
    if None not in parts or shown["pairs"] > 80:
        return True
    if SCALES[own][1] < 0:  # where lower is better those who improved went down
        parts.reverse()
    fitting = [set(), set(), set()]
    for n in range(10, shown["pairs"] + step):
        may_be = [[m for m in range(n + 1) if _is_shown_as(m, n, part, k, step)] for part in parts]
        for up, same in product(*may_be[:2]) if rounded(n, step) == shown["pairs"] else ():
            found = (up, same, n - up - same)
            if found[2] in may_be[2] and _have_such_changes(found, shown, own):
                for seen, m in zip(fitting, found, strict=True):
                    seen.add(m)
    return all(len(seen) >= 4 for seen, part in zip(fitting, parts, strict=True) if part is None)


def _is_shown_as(m, n, part, k, step):
    return (rounded(m, step) if k <= m <= n - k else None) == part


def _have_such_changes(parts, shown, own):
    """Whole changes, so many up, little and down, whose sum is that of two means and whose squares are those of the deviation."""
    n = sum(parts)
    first, latest = ([n * (shown[name] + unseen) for unseen in (-0.05, 0.05)] for name in ("mean_first", "mean_latest"))
    least, most = ceil(latest[0] - 1e-9) - floor(first[1] + 1e-9), floor(latest[1] + 1e-9) - ceil(first[0] - 1e-9)
    lowest, fewest, largest = _squares_by_sum(parts, own)
    for total in range(max(least, lowest), min(most, lowest + len(fewest) - 1) + 1):
        low, high = ((n - 1) * max(0, shown["sd_change"] + unseen) ** 2 + total**2 / n for unseen in (-0.05, 0.05))
        first_of_kind = max(fewest[total - lowest], ceil(low - 1e-9))
        first_of_kind += (first_of_kind - total) % 2  # odd and even are those of the sum
        if first_of_kind <= min(largest[total - lowest], high + 1e-9):
            return True
    return False


@cache
def _squares_by_sum(parts, own):
    """The lowest sum of such changes, and from it on the least and the most squares of each sum: one change after another a point higher, the lowest first or the highest."""
    top, bottom = ENDS[own[0]][1], ENDS[own[0]][0]
    widest, least = 100 if top is None else top - bottom, SCALES[own][0]
    boxes = [(least, widest), (1 - least, least - 1), (-widest, -least)]
    lowest = [low for m, (low, _) in zip(parts, boxes, strict=True) for _ in range(m)]
    side_by_side = [v for m, box in zip(parts[::-1], boxes[::-1], strict=True) for v in range(*box) for _ in range(m)]
    one_by_one = [v for m, box in zip(parts, boxes, strict=True) for _ in range(m) for v in range(*box)]
    squares = sum(v * v for v in lowest)
    return sum(lowest), *(
        [*accumulate((2 * v + 1 for v in way), initial=squares)] for way in (side_by_side, one_by_one)
    )


def _means(counts, own, pairs, k, step):
    """One decimal, of ten pairs or more; none where they would tell everybody's score, or count the few who differ. Student's interval."""
    if counts["pairs"] < 10 or pairs is None:
        return {}
    shown = {name: _one_decimal(counts[name]) for name in ("mean_first", "mean_latest", "sd_change")}
    if shown["sd_change"] == 0 or any(shown[name] in ENDS[own[0]] for name in ("mean_first", "mean_latest")):
        return {}
    change = Decimal(str(shown["mean_latest"])) - Decimal(str(shown["mean_first"]))
    if _counts_few(shown, float(change), own, pairs + step // 2, k):
        return {}
    half = t.ppf(0.975, pairs - 1) * shown["sd_change"] / sqrt(pairs)
    return shown | {"mean_change": float(change), "low": float(change) - half, "high": float(change) + half}


def _counts_few(shown, change, own, most, k):
    """Do the figures of at most so many pairs leave fewer than k who changed otherwise or stand elsewhere than at an end, or two in a part?"""
    around = (most - 1) * (shown["sd_change"] + 0.05) ** 2  # squares around the mean, at most
    nearest = min((change - whole) ** 2 for whole in (floor(change), floor(change) + 1))
    ends = [end for end in ENDS[own[0]] if end is not None]
    off = [abs(shown[name] - end) + 0.05 for name in ("mean_first", "mean_latest") for end in ends]
    if around + most * nearest < k or min(off) * most < k:
        return True
    least, up = SCALES[own][0], abs(change)
    # of those who changed with the mean, those who did not change enough, and those who changed the other way
    return any(_far(around, most, up, edge) < 3 for edge in (-least, least - 1)) or _far(around, most, -up, -least) < 3


def _far(around, most, mean, edge):
    """How many of so many whole numbers can be at most `edge`: between two whole numbers next to each other there is none."""
    if edge >= mean - 0.1:
        return most
    found = most
    for low in range(edge + 1, floor(mean) + 26):
        middle = abs(low + 0.5 - mean) + 0.1
        found = min(found, (around + most * (middle**2 - 0.25)) / ((low - edge) * (low + 1 - edge)))
    return found


def _one_decimal(number):
    return float(number.quantize(Decimal("0.1"), ROUND_HALF_UP))


# -- who is in no denominator -----------------------------------------------------------------------------------------


def _left_out_cell(metric, cell, world):
    """In event time whoever was referred in the selection's places, whatever the period."""
    return Cell(frozenset(world.months), cell.services, cell.base, cell.values) if metric.is_event_time else cell


def left_out_units(world, slug, within, cell, reason):
    cell = _left_out_cell(METRICS[slug], cell, world)
    inside = coverage(world, cell, METRICS[slug], needs=())
    return [unit for unit in world.brought(slug, within)[1][reason] if inside.has(unit)]


def left_out_of(world, slug, within, cell, reason, k, step):
    """A count like any other; nobody is a hidden count, unless no service of the cell could leave anybody out."""
    metric = METRICS[slug]
    if not _could_leave_out(world, metric, cell, reason):
        return 0
    cell = _left_out_cell(metric, cell, world)
    inside = coverage(world, cell, metric, needs=())
    units = world.brought(slug, within)[1][reason]
    mine = [unit for unit in units if inside.has(unit)]
    left = {unit.journey for unit in world.brought("referrals", within)[0] if inside.has(unit)} - {
        unit.journey for unit in mine
    }
    n_left = min(len(left), len({journey.person for journey in left}))
    if min(len(mine), clients(mine), n_left) < k:
        return None
    others = wider(world, cell, replace(metric, needs=(), only=(), is_placed=False))
    return rounded(len(mine), step) if _are_k_more(set(units) - set(mine), others, k) else None


def _could_leave_out(world, metric, cell, reason):
    services = services_of(world, cell)
    if reason == "not_recorded":
        return not all(one.has_ever(metric.needs) for one in services)
    if reason == "not_recorded_then":
        return any(one.has_ever(metric.needs) and len(one.months(metric.needs)) < len(one.months()) for one in services)
    return True
