"""Which rows may be compared, funnels and case mix (methods 3, 5 and 1.8), in plain loops over released rows and a delivery.

Shares no code with the product. Rows are those of a released answer, which agree by themselves with the plain implementation; what
each service hands over, and who is in which stratum, is read from the delivery.
"""

from collections import defaultdict
from math import comb, exp, sqrt

from catalogue import METRICS
from completeness import partly, records
from questions import cells, coverage, selected
from recording import ONS4_POSITIVE

Z95, Z998 = 1.959963984540054, 3.090232306167813
SINGLE = ("swemwbs", "wemwbs", "ucla3")
UNSEEN = ("not_recorded", "not_applicable")


def proving(row_measures):
    """(kind, tool) of everything that the readings of one journey show."""
    items = {(row["tool"], row["item"]) for row in row_measures}
    found = {("readings_confidence", tool) for tool in SINGLE if (tool, "total") in items}
    if all(("ons4", item) in items for item in ONS4_POSITIVE):
        found.add(("readings_confidence", "ons4"))
    if ("wellbeing_star", "feeling_positive") in items or ("wellbeing_star", "family_friends") in items:
        found.add(("readings_confidence", "wellbeing_star"))
    if ("wellbeing_star", "money") in items or ("wellbeing_star", "where_you_live") in items:
        found.add(("readings_needs", "wellbeing_star"))
    return found


def tools_of(world, k):
    """{service: (kind, tool) with which k of its people were read, of the kinds that it records}."""
    people = defaultdict(set)
    for journey in world.journeys:
        for kind, tool in proving(journey.rows["measure"]):
            if kind in journey.recording.kinds:
                people[journey.service["service_id"], kind, tool].add(journey.person)
    found = {service: set() for service in world.services}
    for (service, kind, tool), clients in people.items():
        if len(clients) >= k:
            found[service].add((kind, tool))
    for name, service in world.services.items():
        if "shared_key" in world.recordings[name].kinds:
            found[name].add(("shared_key", service["client_key"]))
    return found


def seen_through(world, slug, cell, tools):
    """What makes two rows alike."""
    metric = METRICS[slug]
    here = [name for name in cell.services if cell.months & set(world.recordings[name].months())]
    used = [{one for one in tools[name] if one[0] in metric.seen_through} for name in here]
    every = frozenset(set.intersection(*used)) if used else frozenset()
    some = frozenset(set().union(*used)) - every
    return frozenset(records(world, metric, cell)), frozenset(partly(world, metric, cell)), every, some


def likenesses(world, slug, selection, by, k=8):
    """{labels of a breakdown: what the row was seen through}"""
    tools = tools_of(world, k)
    chosen = selected(world, "all", None, None, None, "all") if selection is None else selection
    return {labels: seen_through(world, slug, cell, tools) for labels, cell in cells(world, chosen, by)}


def size(row):
    return row["denominator"] or 0


def group(rows, likeness):
    """The labels of the rows that are compared: the largest group; of two as large the one that records more."""
    groups = defaultdict(list)
    for row in rows:
        if row["state"] not in UNSEEN:
            groups[likeness[row["key"]]].append(row)
    if not groups:
        return []
    ranks = {seen: (sum(map(size, mine)), len(seen[0]), len(seen[1])) for seen, mine in groups.items()}
    best = next(seen for seen in groups if ranks[seen] == max(ranks.values()))
    return [row["key"] for row in groups[best]]


def taken(row, k=8):
    """The numerator, or the middle of what it may be."""
    if row["numerator"] is not None:
        return row["numerator"]
    middle = {"few": (k - 1) / 2, "most": (row["denominator"] or 0) - (k - 1) / 2}
    return middle.get(row["why"]) if row["denominator"] is not None else None


def funnel(rows, k=8, base=5):
    """{key: (centre, low95, high95, low998, high998, position)} of the rows that are compared."""
    known = [row for row in rows if row["denominator"] and taken(row, k) is not None]
    if len(rows) < 2 or not known:
        return {}
    centre = sum(taken(row, k) for row in known) / sum(row["denominator"] for row in known)
    found = {}
    for row in known:
        span = _span(row, k, base)
        if span is not None:
            limits = _limits(row["denominator"], centre)
            found[row["key"]] = (centre, *limits, _position(span, *limits))
    return found


def _span(row, k, base):
    r, n, half = row["numerator"], row["denominator"], base // 2
    if n < 20:
        return None
    if r is not None:
        return max(0, (r - half) / (n + half)), min(1, (r + half) / (n - half))
    few = min(1, (k - 1) / (n - half))
    return (0, few) if row["why"] == "few" else (1 - few, 1)


def _limits(n, p):
    if n >= 100:
        return [min(1, max(0, p + z * sqrt(p * (1 - p) / n))) for z in (-Z95, Z95, -Z998, Z998)]
    return [_binomial(n, p, level) for level in (0.025, 0.975, 0.001, 0.999)]


def _binomial(n, p, level):
    """Where the cumulative binomial, a line between whole counts, reaches the level."""
    below = 0.0
    for r in range(n + 1):
        chance = comb(n, r) * p**r * (1 - p) ** (n - r)
        if below + chance >= level:
            return min(1, max(0, (r - (below + chance - level) / chance) / n))
        below += chance
    return 1


def _position(span, low95, high95, low998, high998):
    low, high = span
    if low > high95:
        return "above998" if low > high998 else "above95"
    if high < low95:
        return "below998" if high < low998 else "below95"
    return "within"


def strata(world, slug, within, selection, by, keys):
    """{key: {(age band, status, quintile): [numerator, denominator]}} of these rows, exact."""
    found = {}
    for labels, cell in cells(world, selection, by):
        if labels in keys:
            covered = coverage(world, cell, METRICS[slug])
            mine = found.setdefault(labels, defaultdict(lambda: [0, 0]))
            for unit in world.brought_to(slug, within, covered.pairs):
                if covered.has_person(unit.journey):
                    who = unit.journey.dimensions
                    stratum = mine[who["age_band"], who["employment_status"], who["imd_quintile"]]
                    stratum[0] += bool(unit.what)
                    stratum[1] += 1
    return found


def merged(sizes, least=20):
    """{stratum: the strata it is counted with}: those alike but for the last part first, the smallest with the next smallest."""
    groups = [(n, [stratum]) for stratum, n in sizes.items()]
    for n_shared in (2, 1, 0):
        families = defaultdict(list)
        for one in groups:
            families[one[1][0][:n_shared]].append(one)
        groups = []
        for family in families.values():
            family.sort(key=lambda one: (one[0], one[1][0]))
            while len(family) > 1 and family[0][0] < least:
                first, second = family.pop(0), family.pop(0)
                family.append((first[0] + second[0], sorted(first[1] + second[1])))
                family.sort(key=lambda one: (one[0], one[1][0]))
            groups += family
    return {stratum: tuple(members) for _, members in groups for stratum in members}


def expected_rates(found, k=8):
    """{key: share expected of the row, to three decimals}; None where fewer than k are measured by others."""
    sizes, pooled = defaultdict(int), defaultdict(lambda: [0, 0])
    for mine in found.values():
        for stratum, (_, n) in mine.items():
            sizes[stratum] += n
    together = merged(sizes)
    for mine in found.values():
        for stratum, (r, n) in mine.items():
            pooled[together[stratum]][0] += r
            pooled[together[stratum]][1] += n
    rates = {}
    for key, mine in found.items():
        parts = defaultdict(int)
        for stratum, (_, n) in mine.items():
            parts[together[stratum]] += n
        others = sum(n - n * n / pooled[one][1] for one, n in parts.items())
        total = sum(parts.values())
        if total and others >= k:
            rates[key] = round(sum(n * pooled[one][0] / pooled[one][1] for one, n in parts.items()) / total, 3)
    return rates


def case_mix(rows, rates, k=8, base=5):
    """{key: (expected, ratio, low, high)} of the rows that are compared."""
    known = [row for row in rows if row["key"] in rates and row["denominator"] and taken(row, k) is not None]
    plain = sum(rates[row["key"]] * row["denominator"] for row in known)
    factor = sum(taken(row, k) for row in known) / plain if plain else 0
    found = {}
    for row in known:
        expected = rates[row["key"]] * row["denominator"] * factor
        if row["numerator"] is not None and expected >= 5:
            expected = round(expected, 1)
            low, high = _ratio_limits(row["numerator"], expected, row["denominator"], base // 2)
            found[row["key"]] = (expected, row["numerator"] / expected, low / expected, high / expected)
    return found


def _ratio_limits(observed, expected, n, half):
    least, most = max(0, observed - half), observed + half
    if expected / n > 0.1:
        return n * _wilson(min(least, n), n)[0], n * _wilson(min(most, n), n)[1]
    if observed < 10:
        return _poisson(least, True), _poisson(most, False)
    low = least * (1 - 1 / (9 * least) - Z95 / (3 * sqrt(least))) ** 3
    above = most + 1
    return low, above * (1 - 1 / (9 * above) + Z95 / (3 * sqrt(above))) ** 3


def _wilson(r, n):
    p, z = r / n, Z95
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def _poisson(events, is_low):
    """The mean under which so many events or more (low), or so many or fewer (high), have a chance of 2.5%: by halving."""
    if is_low and not events:
        return 0.0
    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        fewer = _at_most(events - 1 if is_low else events, middle)
        is_under = 1 - fewer < 0.025 if is_low else fewer > 0.025
        low, high = (middle, high) if is_under else (low, middle)
    return low


def _at_most(events, mean):
    chance, total = exp(-mean), 0.0
    for i in range(events + 1):
        total += chance
        chance *= mean / (i + 1)
    return total
