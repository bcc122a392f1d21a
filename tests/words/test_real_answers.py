"""What is said of real answers: random selections of differently shaped stores, each sentence worked out once more from the released answer.

The second reader (`grammar`) looks at words and numbers; here ranges, lasting shifts, differences and quarters beside the one before are
computed anew, by nothing of journeys/words.
"""

import math
import random
import re
from collections import Counter
from dataclasses import replace
from itertools import permutations, product

import generate
import pytest
import shifts

from journeys.answer.released import NotAlike, Row
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import calendar, metrics
from journeys.vocabulary.selection import BREAKDOWNS, COHORT_DIMENSIONS, Selection
from journeys.words import briefing, differences, sentences
from tests.answers_by_hand import LISTS, NAMES, released
from tests.words.grammar import difference_faults, faults
from tests.words.test_false_sentences import share

SHAPES = {
    "mixed records": {"journeys": 1200, "services": 4, "commissioners": 2, "months": 30, "returning": 0.3},
    "all recorded": {"journeys": 2500, "services": 5, "commissioners": 3, "months": 40, "recording": "all"},
    "recorded later": {"journeys": 900, "services": 3, "months": 52, "recording": "later"},
}
SEED = {"mixed records": 11, "all recorded": 5, "recorded later": 23}
VALUES = {"count": "count", "proportion": "rate", "waiting": "incidence", "change": "mean_change"}
SIZES = {"proportion": "denominator", "waiting": "at_risk", "change": "pairs"}
NO_GROUP = {"unknown", "not_stated", "not_known", "not_said"}
NUMBER = r"(?:under |over |about )?[+−]?[\d,]+(?:\.\d)?%?"


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    made = {}

    def store(shape):
        if shape not in made:
            folder = tmp_path_factory.mktemp("real")
            build.load(
                [generate.write(generate.delivery(SEED[shape], **SHAPES[shape]), folder / "delivery")], folder / "store"
            )
            made[shape] = open_store(folder / "store")
        return made[shape]

    return store


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lasting")
    build.load([generate.write(shifts.delivery(), folder / "delivery")], folder / "store")
    return open_store(folder / "store")


def places_of(store):
    return [
        Selection(),
        *(Selection(service=code) for code in store.lists.services),
        Selection(cohort={"gender": "female"}),
    ]


def drawn(draw, lists):
    unit = draw.choice(["financial_year", "quarter", "month"])
    period = draw.choice(["all", "all", "all", "last-4-quarters", draw.choice(lists.calendar.units(unit, "all"))])
    service, commissioner = draw.choice(list(lists.services)), draw.choice(list(lists.commissioners))
    place = draw.choice([{}, {}, {"service": service}, {"commissioner": commissioner}])
    dimensions = draw.sample(COHORT_DIMENSIONS, draw.choice([0, 0, 0, 1, 2]))
    return Selection(
        period=period, base=draw.choice(["all", "all", "working_age", "out_of_work"]), within=draw.choice([6, 12, 12, 24]),
        cohort={d: draw.choice(lists.codes(d)) for d in dimensions}, **place,
    )  # fmt: skip


def asked(store, draw):
    """Some metric of some selection by some breakdown, those that compare places and periods most often."""
    metric = metrics.get(draw.choice(list(metrics.catalogue())))
    usual = draw.choice(
        [("service",), ("quarter",), ("service", "quarter"), ("financial_year",), ("commissioner", "gender")]
    )
    by = draw.choice([(), usual, usual, tuple(draw.sample(BREAKDOWNS, draw.choice([1, 2])))])
    by = () if set(by) & set(metric.labels) else by
    base = {} if metric.base == "all" else {"base": metric.base}
    return store.ask(metric.slug, drawn(draw, store.lists).but(**base), by), metric


def is_printed(text, value):
    """Whether a number of a sentence is this one in its own precision."""
    n, digits = float(re.sub(r"[^\d.−]", "", text).replace("−", "-")), 1 if "." in text else 0
    value = 100 * value if "%" in text else value
    if text.startswith(("under", "over")):
        return value < n + 1e-9 if text.startswith("under") else value > n - 1e-9
    return abs(n - value) <= 0.5 * 10**-digits + 1e-6


def of_ranges(answer, is_of_alike):
    """The figures that a range may rest on: of groups, of 50 or more, and where others are said not to be compared none of these."""
    apart = [dict(one.labels) for one in answer.not_alike] if is_of_alike else []
    name, size = VALUES[answer.shape], SIZES.get(answer.shape)
    rows = (r for r in answer.rows if r.is_shown and not NO_GROUP & set(r.labels.values()))
    rows = (r for r in rows if not any(labels.items() <= r.labels.items() for labels in apart))
    known = [r for r in rows if getattr(r, name) is not None and (size is None or (getattr(r, size) or 0) >= 50)]
    return [getattr(r, name) for r in known]


def range_faults(text, answer):
    """Ranges over cells, and over services or commissioners."""
    found = []
    values = of_ranges(answer, is_of_alike="not compared, for what" in text)
    cells = re.search(rf"(?:counts|changes|shares)(?: of 50 or more)? lie between ({NUMBER}) and ({NUMBER})", text)
    if (
        cells
        and "figures can be shown" in text
        and not all(map(is_printed, cells.groups(), (min(values), max(values))))
    ):
        found.append(f"between {cells[1]} and {cells[2]}, and not {min(values)} and {max(values)}")
    if (shown := re.search(r"([\d,]+) of ([\d,]+) figures can be shown", text)) is not None:
        possible = [row for row in answer.rows if row.state != "not_applicable"]
        n = sum(row.is_shown for row in possible)
        found += [] if shown.groups() == (f"{n}", f"{len(possible)}") else [f"{n} of {len(possible)} are shown"]
    across = re.search(r"across (\d+) (?:services|commissioners)", text)
    if across and len(answer.by) == 1 and not answer.own:
        values = of_ranges(answer, is_of_alike=True)
        found += [] if int(across[1]) == len(values) else [f"{len(values)} are compared, not {across[1]}"]
        ends = re.search(rf"between ({NUMBER})(?: \([^)]*\))? and ({NUMBER})", text)
        one = re.search(rf"across \d+ \w+(?: of 50 or more)?, ({NUMBER})", text)  # where both ends are said alike
        said = ends.groups() if ends else one.groups() * 2 if one else ()
        if said and not all(map(is_printed, said, (min(values), max(values)))):
            found.append(f"between {said[0]} and {said[1]}, and not {min(values)} and {max(values)}")
        if not said and text.endswith("."):
            found.append("a range without its ends")
    return found


SHIFT = re.compile(rf"(higher|lower) since ([^:]+): ({NUMBER})( an? \w+)?, ({NUMBER}) before")


def shift_faults(text, answer):
    """A lasting shift: every point from that period on lies beyond the mean, the one before it does not, and both levels are those of the points."""
    said = SHIFT.search(text)
    if not said or len(answer.by) > 1:
        return []
    (unit,), name = answer.by, VALUES[answer.shape]
    each = f" a {unit.removeprefix('financial_')}" if answer.shape == "count" else None
    if said[4] != each:
        return [f"a level{said[4] or ''}, not{each or ' of anything'}"]
    since = max((one.month for one in answer.breaks), default="")
    for own in dict.fromkeys(tuple(row.labels[n] for n in answer.own) for row in answer.rows):
        mine = [row for row in answer.rows if tuple(row.labels[n] for n in answer.own) == own]
        mine = [
            r for r in mine if r.is_shown and r.complete is not False and calendar.months_in(r.labels[unit])[0] >= since
        ]
        starts = [calendar.in_words(calendar.months_in(row.labels[unit])[0]) for row in mine]
        at = next((i for i, start in enumerate(starts) if start == said[2] or mine[i].labels[unit] in said[2]), 0)
        run, before = mine[at:], mine[:at]
        if not before or not run[-1].spc:
            continue
        side, mean = 1 if said[1] == "higher" else -1, run[-1].spc["mean"]
        is_all_of_it = all(side * (getattr(r, name) - mean) > 0 for r in run)
        if is_all_of_it and not (is_next(before[-1], run[0], unit) and side * (getattr(before[-1], name) - mean) > 0):
            levels = [_level(rows, answer.shape) for rows in (run, before)]
            if all(map(is_printed, (said[3], said[5]), levels)) and (levels[0] > levels[1]) == (said[1] == "higher"):
                return []
    return [f"no series does this: {said[0]}"]


def is_next(row, other, unit):
    """Whether a period follows another with none hidden or left out between them."""
    return calendar.month_after(calendar.months_in(row.labels[unit])[1], 1) == calendar.months_in(other.labels[unit])[0]


def _level(rows, shape):
    if shape == "count":
        return 5 * round(sum(row.count for row in rows) / len(rows) / 5)
    return sum(row.numerator for row in rows) / sum(row.denominator for row in rows)


KINDS = {
    "counts lie between": r"figures can be shown; the counts lie between",
    "shares lie between": r"figures can be shown; the shares of 50 or more lie between",
    "changes lie between": r"figures can be shown; the average changes of 50 or more lie between",
    "shown": "figures can be shown",
    "not compared": "not compared, for what",
} | {f"across {places}": rf"across \d+ {places}" for places in ("services", "commissioners")}
OVER_TIME = {
    "higher since": rf"higher since [^:]+: {NUMBER}",
    "lower since": rf"lower since [^:]+: {NUMBER}",
    "rising": "rising for",
    "falling": "falling for",
    "outside": r"(?:higher|lower) than usual(?! in)",
    "two of three": "than usual in two of three",
    "usual": "no more than the usual variation",
}


def looked_at(answer, metric, store):
    """What is wrong with the sentence and the heading of an answer, and which kinds of sentence they are."""
    found, seen = [], Counter()
    for say in (sentences.sentence, sentences.finding):
        text = say(answer, metric, store.lists.name)
        wrong = faults(text, answer, store.lists, is_heading=say is sentences.finding)
        wrong += range_faults(text, answer) + shift_faults(text, answer)
        found += [(metric.slug, answer.by, answer.selection, fault, text) for fault in wrong]
        kinds = [kind for kind, pattern in (KINDS | OVER_TIME).items() if re.search(pattern, text)]
        # a range over places of several own labels is not worked out once more
        seen.update(kind for kind in kinds if not (kind.startswith("across") and answer.own))
    return found, seen


def walked(store, n, seed):
    draw, found, seen = random.Random(seed), [], Counter()
    for _ in range(n):
        wrong, kinds = looked_at(*asked(store, draw), store)
        found += wrong
        seen += kinds
    return found, seen


def test_what_is_said_of_real_answers_is_so(stores):
    found, seen = walked(stores("mixed records"), 150, seed=1)
    assert found[:3] == []
    assert seen["shares lie between"] > 3 and seen["not compared"] > 3


def test_what_is_said_where_something_lasts_is_so(lasting):
    """Every kind of thing that is said of a series, and of ranges, is met here: what is never said is never found to be false."""
    store, found, seen, shifted = lasting, [], Counter(), set()
    slugs = ("referrals", "people_referred", "contact_within_28_days", "engaged")
    asks = [(slug, place, (unit,)) for slug in slugs for place in places_of(store) for unit in ("month", "quarter")]
    asks += [
        (slug, Selection(), by)
        for slug in ("referrals", "contact_within_28_days", "wellbeing_change")
        for by in (("service",), ("commissioner",), ("service", "gender"))
    ]
    for slug, selection, by in asks:
        wrong, kinds = looked_at(store.ask(slug, selection, by), metrics.get(slug), store)
        found += wrong
        seen += kinds
        shifted |= {(kind, metrics.get(slug).shape, *by) for kind in kinds if kind.endswith("since")}
    assert found[:3] == []
    assert {kind for kind in KINDS | OVER_TIME if not seen[kind]} == {"not compared"}  # which is met above
    sides, series = ("higher since", "lower since"), (("count", "month"), ("count", "quarter"), ("proportion", "month"))
    assert {(side, *one) for side in sides for one in series} <= shifted


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_said_of_hundreds_of_real_answers_is_so(stores, shape):
    assert walked(stores(shape), 300, seed=2)[0][:3] == []


def test_a_range_that_leaves_out_services_says_so():
    """A share of a service that hands over other things lies beyond the range of those that are compared."""
    services, genders = list(LISTS.services)[:3], ("female", "male")
    cells = [({"service": s, "gender": g}, 20 + 10 * i) for i, s in enumerate(services) for g in genders]
    rows = [share(labels, numerator, 100) for labels, numerator in cells]
    apart = (NotAlike({"service": services[2]}, "without goals"),)
    answer = replace(released("climbed", ("service", "gender")), rows=tuple(rows), not_alike=apart)
    text = sentences.sentence(answer, metrics.get("climbed"), NAMES)
    assert "lie between 20% and 30%; 1 is not compared, for what it records" in text
    assert not range_faults(text, answer)
    assert range_faults(text.replace("; 1 is not compared, for what it records", ""), answer)


def test_a_curve_over_time_is_said_in_the_precision_of_its_figure():
    """4.9% by 36 months beside 1.2% by 12: one decimal in heading, figure and sentence."""
    years = [("2022/23", "36", 0.049), ("2022/23", "12", 0.012)]
    rows = [
        Row({"financial_year": year, "months": months}, "shown", months=int(months), at_risk=600, events=30, incidence=rate, low=rate / 2, high=rate * 2)
        for year, months, rate in years
    ]  # fmt: skip
    answer = replace(released("time_to_work", ("financial_year",), selection=Selection(within=36)), rows=tuple(rows))
    text = sentences.sentence(answer, metrics.get("time_to_work"), NAMES)
    assert "4.9%" in text and not faults(text, answer, LISTS)


# -- two selections, and two quarters ---------------------------------------------------------------------------------


def wilson(x, n, z=1.959963984540054):
    middle, spread = (x + z * z / 2) / (n + z * z), z * math.sqrt(x * (1 - x / n) + z * z / 4) / (n + z * z)
    return middle - spread, middle + spread


def newcombe(x, n, y, m):
    (low, high), (lower, higher) = wilson(x, n), wilson(y, m)
    p, q = x / n, y / m
    return p - q - math.hypot(p - low, higher - q), p - q + math.hypot(high - p, q - lower)


def of_difference(text, one, other):
    """What is wrong with the difference of two rows as it is said."""
    is_alike = (one.records, one.partly, one.tools) == (other.records, other.partly, other.tools)
    if None in (one.rate, other.rate) or not is_alike:
        return [] if "cannot be compared" in text else ["compared, though it cannot be"]
    low, high = newcombe(one.numerator, one.denominator, other.numerator, other.denominator)
    found = difference_faults(text)
    if (low > 0 or high < 0) == ("no clear difference" in text):
        found.append(f"the interval goes from {low} to {high}")
    side = re.search(r"points (higher|lower) \(", text)
    if side and (side[1] == "higher") != (low > 0):
        found.append("the other one is higher")
    return found


@pytest.mark.parametrize("shape", ["mixed records", pytest.param("all recorded", marks=pytest.mark.slow)])
def test_differences_of_real_selections_are_those_of_their_counts(stores, shape):
    store, draw, found, clear = stores(shape), random.Random(4), [], Counter()
    slugs = [slug for slug, metric in metrics.catalogue().items() if metric.shape == "proportion" and not metric.labels]
    for _ in range(150):
        metric = metrics.get(draw.choice(slugs))
        base = {} if metric.base == "all" else {"base": metric.base}
        left, right = (store.ask(metric.slug, drawn(draw, store.lists).but(within=12, **base)) for _ in range(2))
        text = differences.difference_sentence(differences.Pair(metric, left, right), store.lists.name, "one", "other")
        found += [
            (metric.slug, left.selection, right.selection, fault, text)
            for fault in of_difference(text, left.rows[0], right.rows[0])
        ]
        clear.update(word for word in ("no clear difference", "higher", "lower", "cannot be compared") if word in text)
    assert found[:3] == [] and clear["no clear difference"] > 3 and clear["higher"] + clear["lower"] > 1


SAID = re.compile(
    rf"({NUMBER}) in (.+?), ({NUMBER}) in the quarter before(?:, ({NUMBER}) in the same quarter a year before)?; "
)


def of_quarters(text, answer):
    """What is wrong with the latest quarter beside the one before it and the same a year before."""
    said = SAID.match(text)
    if said is None:
        return []
    name, since = VALUES[answer.shape], max((one.month for one in answer.breaks), default="")
    rows = [r for r in answer.rows if r.is_shown and r.complete and getattr(r, name) is not None]
    rows = [row for row in rows if calendar.months_in(row.labels["quarter"])[0] >= since]
    at = answer.rows.index(rows[-1])
    if calendar.in_words(rows[-1].labels["quarter"]) != said[2]:
        return ["this is not the latest complete quarter"]
    beside = [(said[1], answer.rows[at]), (said[3], answer.rows[at - 1])]
    beside += [(said[4], answer.rows[at - 4])] if said[4] else []
    return [f"{n} is not so" for n, row in beside if row not in rows or not is_printed(n, getattr(row, name))]


@pytest.mark.parametrize("shape", ["mixed records", pytest.param("all recorded", marks=pytest.mark.slow)])
def test_quarters_beside_the_one_before_are_those_of_the_answer(stores, shape):
    store, draw, found, seen = stores(shape), random.Random(6), [], 0
    slugs = [
        slug
        for slug, metric in metrics.catalogue().items()
        if metric.shape in ("count", "proportion") and not metric.labels
    ]
    for _ in range(100):
        metric = metrics.get(draw.choice(slugs))
        base = {} if metric.base == "all" else {"base": metric.base}
        answer = store.ask(metric.slug, drawn(draw, store.lists).but(period="all", **base), ("quarter",))
        text = briefing.change_words(answer, metric)
        found += [(metric.slug, answer.selection, fault, text) for fault in of_quarters(text, answer)]
        seen += "in the quarter before" in text
    assert found[:3] == [] and seen > 10


def test_two_places_and_two_quarters_where_something_lasts(lasting):
    """What the drawn stores above seldom have: places that differ clearly, and quarters of which something can be said."""
    found, seen, shares = [], Counter(), ("contact_within_28_days", "engaged")
    since = [place.but(period="last-4-quarters") for place in places_of(lasting)]
    for slug, (one, other) in product(shares, permutations(since, 2)):
        metric, rows = metrics.get(slug), [lasting.ask(slug, place) for place in (one, other)]
        text = differences.difference_sentence(differences.Pair(metric, *rows), lasting.lists.name, "one", "other")
        found += [(slug, one, other, fault, text) for fault in of_difference(text, rows[0].rows[0], rows[1].rows[0])]
        seen.update(re.findall(r"no clear difference|points (?:higher|lower) \(", text))
    for slug, place in product(("referrals", "people_referred", *shares), places_of(lasting)):
        answer = lasting.ask(slug, place, ("quarter",))
        text = briefing.change_words(answer, metrics.get(slug))
        found += [(slug, place, fault, text) for fault in of_quarters(text, answer) + shift_faults(text, answer)]
        seen.update(re.findall(r"a year before|higher since|lower since", text))
    assert found[:3] == []
    assert len(seen) == 6 and min(seen.values()) > 1, seen
