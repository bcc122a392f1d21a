"""True counts of one cell, by the shape of the metric. They never leave a test."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from catalogue import METRICS, own_labels
from codes import MONTH_DAYS, SCALES


def counted(world, slug, within, coverage, k):
    """{own labels: counts} of one cell."""
    groups = {labels: [] for labels in own_labels(world, slug, k)}
    for unit in world.brought_to(slug, within, coverage.pairs):
        if unit.labels in groups and coverage.has_person(unit.journey):
            groups[unit.labels].append(unit)
    count = {"count": _count, "proportion": _proportion, "waiting": _waiting, "change": _change}
    return {labels: count[METRICS[slug].shape](slug, labels, units) for labels, units in groups.items()}


def people(units):
    return {unit.journey.person for unit in units}


def clients(units):
    return len(people(units))


def _count(slug, labels, units):
    n = clients(units)
    return {"count": n if METRICS[slug].unit == "people" else len(units), "clients": n}


def _proportion(slug, labels, units):
    hits = [unit for unit in units if unit.what]
    rest = [unit for unit in units if not unit.what]
    return {
        "numerator": len(hits),
        "denominator": len(units),
        "clients_numerator": clients(hits),
        "clients_rest": clients(rest),
        "clients_denominator": clients(units),
    }


def _waiting(slug, labels, units):
    """Counts up to the label's day; at risk are those still waiting when the interval that ends there begins."""
    day = MONTH_DAYS[labels[0]]
    begins = max((other for other in MONTH_DAYS.values() if other < day), default=-1)
    groups = {
        "at_risk": [unit for unit in units if unit.what[0] > begins],
        "events": [unit for unit in units if unit.what[1] == "event" and unit.what[0] <= day],
        "competing": [unit for unit in units if unit.what[1] == "competing" and unit.what[0] <= day],
        "censored": [unit for unit in units if unit.what[1] == "censored" and unit.what[0] <= day],
    }
    counts = {"journeys": len(units), "clients": clients(units), "incidence": incidence(units, day)}
    for name, group in groups.items():
        counts |= {name: len(group), f"clients_{name}": clients(group)}
    counts["clients_rest"] = clients([unit for unit in units if not (unit.what[1] == "event" and unit.what[0] <= day)])
    counts["is_followed"] = _is_followed(units, day)
    counts["variance"] = variance(units, day) if counts["censored"] else None
    return counts


def _is_followed(units, day):
    """Whether anybody was seen that long, or nobody was lost sight of: past that, the curve would be a guess."""
    last = max((unit.what[0] for unit in units), default=0)
    return last >= day or all(unit.what[1] != "censored" for unit in units if unit.what[0] == last)


def _ends(units, day):
    """Each day up to this one on which anybody's waiting ended: how many were still waiting, and how it ended."""
    kinds = defaultdict(list)
    for unit in units:
        kinds[unit.what[0]].append(unit.what[1])
    n = len(units)
    for today in sorted(kinds):
        if today <= day:
            yield n, kinds[today]
        n -= len(kinds[today])


def incidence(units, day):
    """Aalen-Johansen: the sum over days of (share still waiting the day before) x (events / at risk)."""
    waiting, reached = Fraction(1), Fraction(0)
    for at_risk, kinds in _ends(units, day):
        reached += waiting * Fraction(kinds.count("event"), at_risk)
        waiting *= 1 - Fraction(kinds.count("event") + kinds.count("competing"), at_risk)
    return reached if units else None


def variance(units, day):
    """Aalen's variance of the incidence with Gray's correction for ties (cmprsk, routine cinc), a float."""
    waiting, reached, parts = 1.0, 0.0, [0.0, 0.0, 0.0]
    for n, kinds in _ends(units, day):
        events, competing = kinds.count("event"), kinds.count("competing")
        if not events + competing:
            continue
        before, waiting = waiting, waiting * (n - events - competing) / n
        reached += before * events / n
        inverse = 1 / waiting if n > events + competing else 0.0
        for ends, own in ((competing, 0), (events, 1)):
            tied = 1 - (ends - 1) / (n - 1) if ends > 1 else 1.0
            weight = before**2 * tied * ends / n**2
            term = own + reached * inverse
            for at, part in enumerate((term * term, inverse * term, inverse * inverse)):
                parts[at] += part * weight
    return parts[0] + reached**2 * parts[2] - 2 * reached * parts[1]


def _change(slug, labels, units):
    threshold, better = SCALES[labels]
    pairs = [unit for unit in units if len(unit.what) == 2]
    changes = [(unit, (unit.what[1] - unit.what[0]) * better) for unit in pairs]
    groups = {
        "journeys": units,
        "first": [unit for unit in units if unit.what],
        "pairs": pairs,
        "improved": [unit for unit, change in changes if change >= threshold],
        "same": [unit for unit, change in changes if -threshold < change < threshold],
        "worse": [unit for unit, change in changes if change <= -threshold],
    }
    counts = {}
    for name, group in groups.items():
        counts |= {name: len(group), f"clients_{name}": clients(group)}
    for name in ("improved", "same", "worse"):
        counts[f"left_{name}"] = clients([unit for unit in pairs if unit not in groups[name]])
    return counts | _means([unit.what for unit in pairs])


def _means(pairs):
    if not pairs:
        return dict.fromkeys(("mean_first", "mean_latest", "mean_change", "sd_change"))
    changes = [latest - first for first, latest in pairs]
    mean = sum(changes) / len(pairs)
    squares = sum((change - mean) ** 2 for change in changes)
    return {
        "mean_first": sum(first for first, _ in pairs) / len(pairs),
        "mean_latest": sum(latest for _, latest in pairs) / len(pairs),
        "mean_change": mean,
        "sd_change": Decimal(sqrt(squares / (len(pairs) - 1))) if len(pairs) > 1 else None,
    }
