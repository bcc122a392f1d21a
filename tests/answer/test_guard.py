"""The bookkeeping of the guard against a plain enumeration: what every cell and every way of widening it covers, and how large it is.

The judge knows no blocks: it spells out the closed choices that hold a cell and walks over the rows of the store.
"""

import random
from collections import defaultdict
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.answer.exact import Reading
from journeys.answer.guard import Axis, Blocks, cut, doubts, nearest
from journeys.answer.query import CLIENTS_BY_CELL, WHOLE, Labels
from journeys.answer.question import Question
from journeys.answer.rule import Rule
from journeys.answer.shapes import change
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.horizons import DAYS
from journeys.vocabulary.selection import BREAKDOWNS, COHORT_DIMENSIONS, Selection

# -- blocks -----------------------------------------------------------------------------------------------------------

ELEMENTS = [(letter,) for letter in "abcdef"]
covers = st.frozensets(st.sampled_from(ELEMENTS), min_size=1)


@st.composite
def some_axes(draw):
    """One to three axes without breakdown, each with random sets that hold the first."""
    axes = []
    for i in range(draw(st.integers(1, 3))):
        first = draw(covers)
        axes.append(Axis((f"c{i}",), (), {(): nearest(first, draw(st.lists(covers.map(first.union), max_size=4)))}))
    return axes


@given(some_axes(), st.data())
def test_every_size_is_the_sum_of_its_blocks(axes, data):
    blocks = Blocks(map(cut, axes), [()])
    place = st.tuples(*[st.sampled_from(ELEMENTS)] * len(axes))
    population = data.draw(st.dictionaries(place, st.integers(0, 20)))
    sizes = dict.fromkeys(range(len(blocks.regions)), 0)
    rows = []
    for elements, n in population.items():
        numbers = [one.block_of.get(element) for one, element in zip(blocks.cuts, elements, strict=True)]
        if None not in numbers:
            block = sum(number * stride for number, stride in zip(numbers, blocks.strides, strict=True))
            rows.append((block, n))
            for region in blocks.holding(block):
                sizes[region] += n
    at, regions = blocks.regions_at(np.array([block for block, _ in rows], int))
    assert dict.fromkeys(sizes, 0) | plain_sums(regions, [rows[i][1] for i in at]) == sizes
    for place_of, region in enumerate(blocks.regions):
        sets = [list(one.sets)[number] for one, number in zip(blocks.cuts, region, strict=True)]
        inside = (n for e, n in population.items() if all(x in s for x, s in zip(e, sets, strict=True)))
        assert sizes[place_of] == sum(inside)


def plain_sums(keys, amounts):
    found: dict = {}
    for key, n in zip(keys.tolist(), amounts, strict=True):
        found[key] = found.get(key, 0) + n
    return found


@given(some_axes())
def test_blocks_are_as_few_as_the_sets_allow(axes):
    for axis in axes:
        found = cut(axis)
        for a, b in product(found.block_of, repeat=2):
            is_alike = all((a in covers) == (b in covers) for covers in found.sets)
            assert (found.block_of[a] == found.block_of[b]) == is_alike


@given(st.frozensets(st.sampled_from(ELEMENTS)), st.lists(covers, max_size=6))
def test_every_wider_set_holds_a_nearest_one(own, others):
    first, *found = nearest(own, others)
    wider = {other for other in others if own and other > own}
    assert first == own
    assert set(found) <= wider
    assert all(any(other >= one for one in found) for other in wider)
    assert not any(one > other for one, other in product(found, repeat=2))


@given(some_axes(), st.integers(1, 30), st.data())
def test_rows_tell_where_they_can_and_people_are_counted_in_between(axes, most, data):
    blocks = Blocks(map(cut, axes), [()])
    own, *wider = (blocks.region_at[region] for region in blocks.ways(()))
    sizes = [data.draw(st.integers(0, 300)) for _ in blocks.regions]
    more = [sizes[region] - sizes[own] for region in wider]
    hidden, found = doubts(Rule(8, 5), most, np.array([sizes, [7] * len(sizes)], float), *blocks.ways_at)
    assert not hidden[1, 0] and set(found[:, 0].tolist()) <= {0}  # fewer than k are hidden for what they are
    assert bool(hidden[0, 0]) == (sizes[own] >= 8 and any(n < 8 for n in more))
    is_open = sizes[own] >= 8 and not hidden[0, 0]
    assert found.tolist() == [[0, 0, way] for way, n in enumerate(more) if is_open and n < 8 * most]


# -- questions --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(generated):
    return open_store(generated)


PLACES = ("service", "commissioner", "model", "funding", "co_located")
PERIODS = ("month", "quarter", "financial_year")
CLASSES = ("age_band", "employment_status", "start_rung")
OTHERS = tuple(d for d in BREAKDOWNS if d not in (*PLACES, *PERIODS, *CLASSES))
OUT_OF_WORK = {"unemployed_seeking", "student", "long_term_sick", "homemaker", "not_seeking", "volunteering"}


def random_selection(draw, lists):
    calendar = lists.calendar
    units = (p for unit in PERIODS for p in calendar.units(unit, "all"))
    place = draw.choice(
        [{}, {"service": draw.choice(list(lists.services))}, {"commissioner": draw.choice(list(lists.commissioners))}]
    )
    dimensions = draw.sample(COHORT_DIMENSIONS, draw.choice([0, 0, 1, 1, 2]))
    return Selection(
        period=draw.choice(["all", "last-4-quarters", *units]),
        base=draw.choice(["all", "working_age", "out_of_work"]),
        cohort={d: draw.choice(lists.codes(d)) for d in dimensions},
        **place,
    )


def pairs(question, periods, named):
    """The services and months that some choices cover, one by one."""
    lists, chosen = question.lists, question.selection
    months = [month for month in lists.calendar.all_months if all(month in lists.calendar.months(p) for p in periods)]
    return frozenset(
        (s.service_id, month)
        for s in lists.services.values()
        for month in months
        if s.first_month <= month <= s.last_month
        and all(s.records_in(kind, month) for kind in question.metric.needs)
        and named.get("service", chosen.service or s.service_id) == s.service_id
        and (chosen.service or s.service_id) == s.service_id
        and (chosen.commissioner or s.commissioner) == s.commissioner
        and named.get("commissioner", s.commissioner) == s.commissioner
        and all(getattr(s, d) == value for d, value in named.items() if d in ("model", "funding", "co_located"))
    )


def classes(lists, base, named):
    start = {"employed": "work", "volunteering": "volunteering", "student": "learning"}
    return frozenset(
        (age, status)
        for age in lists.codes("age_band")
        for status in lists.codes("employment_status")
        if base == "all"
        or (age in ("16-24", "25-34", "35-49", "50-64") and (base == "working_age" or status in OUT_OF_WORK))
        if named.get("age_band", age) == age
        and named.get("employment_status", status) == status
        and named.get("start_rung", start.get(status, "starting_out")) == start.get(status, "starting_out")
    )


def subsets(named):
    return [dict(some) for n in range(len(named) + 1) for some in combinations(named.items(), n)]


def kept(named):
    """Choices of classes that hold all of some: fewer of them, and in place of a status the rung that it starts on."""
    start = {"employed": "work", "volunteering": "volunteering", "student": "learning"}
    status = {d: v for d, v in named.items() if d == "employment_status"}
    others = {d: v for d, v in named.items() if d not in status}
    rung = {"start_rung": start.get(status["employment_status"], "starting_out")} if status else {}
    return [mine | some for mine in (status, rung, {}) for some in subsets(others)]


KNOWN = {}  # what a closed choice covers of the one store of these tests


def wider_pairs(question, own, named):
    """Every set of pairs that a closed choice of period and of place, and the kinds that the cell names, can cover."""
    lists = question.lists
    periods = ["all", "last-4-quarters", *(p for unit in PERIODS for p in lists.calendar.units(unit, "all"))]
    places = [{}, *({"service": s} for s in lists.services), *({"commissioner": c} for c in lists.commissioners)]
    kinds = subsets({d: v for d, v in named.items() if d in ("model", "funding", "co_located")})
    free = Question(question.metric, Selection(), (), lists)
    for period, place, kind in product(periods, places, kinds):
        named = place | kind
        key = (question.metric.needs, period, *sorted(named.items()))
        if key not in KNOWN:
            KNOWN[key] = pairs(free, [period], named)
        if own < KNOWN[key]:
            yield KNOWN[key]


def least(own, others):
    others = {other for other in others if own and own < other}
    return {one for one in others if not any(other < one for other in others)}


def named_by(question, cell):
    named = {**question.selection.cohort, **dict(zip(question.by, cell, strict=True))}
    return named, [question.selection.period, *(v for d, v in named.items() if d in PERIODS)]


def sets_by_hand(question, cell):
    """{columns of an axis: (what the cell covers, the least sets that hold more)}."""
    named, periods = named_by(question, cell)
    own = pairs(question, periods, named)
    found = {("service_id", "month"): (own, least(own, wider_pairs(question, own, named)))}
    in_class = {d: v for d, v in named.items() if d in CLASSES}
    mine = classes(question.lists, question.selection.base, in_class)
    wider = (classes(question.lists, b, some) for b in ("all", "working_age", "out_of_work") for some in kept(in_class))
    found["age_band", "employment_status"] = (mine, least(mine, wider))
    for d in OTHERS:
        everything = frozenset((code,) for code in question.lists.codes(d))
        one = frozenset([(named[d],)]) if d in named else everything
        found[d,] = (one, least(one, [everything]))
    return found


def walked(rows, areas):
    """The clients of the rows that lie in these sets, one a row; `areas` maps columns to a set."""
    return [
        r["client"] for r in rows if all(tuple(r[c] for c in columns) in covers for columns, covers in areas.items())
    ]


@pytest.mark.parametrize("seed", range(10))
def test_sizes_of_cells_and_widenings_are_those_of_a_plain_walk(store, seed):
    draw = random.Random(seed)
    rows = store._run("select * from journey", {})
    for _ in range(30):
        metric = metrics.get(draw.choice(["referrals", "people_referred", "training_or_education"]))
        selection = random_selection(draw, store.lists)
        by = tuple(draw.sample([d for d in BREAKDOWNS if d not in selection.cohort], draw.choice([0, 1, 1, 2])))
        question = Question(metric, selection, by, store.lists)
        is_counted = (lambda r: r["records_outcomes"] and r["time_possible"] >= 365) if metric.needs else bool
        check_sizes(store, question, [r for r in rows if is_counted(r)], draw)


def check_sizes(store, question, rows, draw):
    reading = Reading(store._source, question)
    is_of_people = question.metric.unit == "people"
    grid = reading.of_people() if is_of_people else reading.by_block()
    sizes = dict(zip(reading.blocks.regions, grid.sizes_of([()])[0].tolist(), strict=True))
    for cell in draw.sample(question.cells, min(3, len(question.cells))):
        by_hand = sets_by_hand(question, cell)
        for one in reading.blocks.cuts:
            own, *wider = one.axis.ways(cell)
            mine, least_wider = by_hand[one.axis.columns]
            assert own == mine
            assert least_wider == set(wider), (question, cell, one.axis.columns)
        for region in reading.blocks.ways(cell):
            areas = {one.axis.columns: list(one.sets)[n] for one, n in zip(reading.blocks.cuts, region, strict=True)}
            clients = walked(rows, areas)
            assert sizes.get(region, 0) == (len(set(clients)) if is_of_people else len(clients)), (question, cell)


@pytest.mark.parametrize("by", [(), ("gender",), ("quarter",)])
def test_what_lies_beyond_the_cells_on_two_axes_is_not_counted(store, by):
    """Where several things are chosen of people, most rows have none of them: they are in no region."""
    three = Selection(cohort={"imd_quintile": "1", "long_term_conditions": "0", "ethnic_group": "mixed"})
    reading = Reading(store._source, Question(metrics.get("found_work"), three, by, store.lists))
    blocks, query = reading.blocks, reading.rows.select(reading.metric.sql)
    counted = {row["part"] for row in store._source.run(*query)}
    assert counted and all(blocks.holding(block) for block in counted)
    asked = replace(reading.rows, blocks=Blocks(blocks.cuts, ()))
    everywhere = {row["part"]: row["denominator"] for row in store._source.run(*asked.select(reading.metric.sql))}
    assert {block for block in everywhere if blocks.holding(block)} == counted != set(everywhere)


PEOPLE_BEHIND = {
    "count": ("count",),
    "proportion": ("numerator", "denominator", "rest"),
    "waiting": ("at_risk", "events", "competing", "censored", "events", "rest"),
    "change": (*change.COUNTED, *(f"left_{name}" for name in change.DIRECTIONS)),
}
OF_ROWS = sorted(slug for slug, metric in metrics.catalogue().items() if metric.unit != "people")


def people_by_hand(reading, found, has_shared, labels=CLIENTS_BY_CELL):
    """Different people behind every amount of each cell and own label, counted by client; None behind those of a row of denominators alone, which are told with each label."""
    shape, metric, cells = reading.shape, reading.metric, reading.question.cells
    sql = shape.people(metric, has_shared)
    query = reading.rows.select(sql, labels, reading._numbers(range(len(cells))))
    told: dict = defaultdict(dict)
    for row in reading.source.run(*query):
        told[row["by_1"]][tuple(row[name] for name in metric.labels)] = row
    behind = {}
    for cell in range(len(cells)):
        if metric.shape == "waiting":
            if not found.curves[cell].total:
                continue
            each = [told[cell][str(months),] for months in DAYS]
            behind[cell, ()] = [each[0]["n"], *(one[name] for one in each for name in PEOPLE_BEHIND["waiting"])]
            continue
        for own in (own for i, own in enumerate(found.owns) if found.is_there[cell, i]):
            one = told[cell].get(own, {})
            if has_shared:
                everyone = told[cell].get((*own[:-1], None), {"denominator": 0})["denominator"]
                mine = told[cell].get(own, {"numerator": 0, "is_all": 0})
                rest = None if own[-1] is None else everyone - mine["is_all"]
                one = {} if own[-1] is None else {"numerator": mine["numerator"], "denominator": everyone, "rest": rest}
            behind[cell, own] = [one.get(name) for name in PEOPLE_BEHIND[metric.shape]]
    return behind


def counted(store, slug, by):
    """A metric by rows: what reads it, its counts, and whether its parts have one denominator."""
    if set(by) & set(metrics.get(slug).labels):
        pytest.skip("by its own label")
    reading = Reading(store._source, Question(metrics.get(slug), Selection(within=6), by, store.lists))
    found = reading.of_curves() if reading.metric.shape == "waiting" else reading.by_block()
    has_shared = any(own and own[-1] is None for own in found.sized) and reading.metric.shape == "proportion"
    return reading, found, has_shared


@pytest.mark.parametrize("slug", OF_ROWS)
@pytest.mark.parametrize("by", [(), ("gender",), ("service",)])
def test_so_many_people_as_rows_tell_there_are(store, slug, by):
    """What spares the count of people is a lower bound of it, in every amount of every cell."""
    reading, found, has_shared = counted(store, slug, by)
    behind, n_told = people_by_hand(reading, found, has_shared), 0
    least = reading.shape.at_least(found, reading.sixtieths, has_shared)
    amounts = reading.shape.amounts(found, has_shared)
    for (cell, own), people in behind.items():
        at = found.place.get(own, 0)
        told = [one[cell, at] for one in least]
        assert len(told) == len(people) == len(amounts)
        assert all(0 <= sixtieths <= WHOLE * n for sixtieths, n in zip(told, people, strict=True) if n is not None)
        n_told += sum(map(bool, told))
    assert n_told or not any(any(of) for of in behind.values())


@pytest.mark.parametrize("slug", OF_ROWS)
@pytest.mark.parametrize("by", [(), ("gender",), ("service", "quarter")])
def test_who_has_no_other_row_is_counted_as_one_person_without_being_told_apart(store, slug, by):
    """The same people as when each is told apart, in every amount of every cell; most have no other row."""
    reading, found, has_shared = counted(store, slug, by)
    each = Labels(by_1=CLIENTS_BY_CELL.by_1, part="client")
    mine, all_apart = (people_by_hand(reading, found, has_shared, labels) for labels in (CLIENTS_BY_CELL, each))
    assert {cell: [n or 0 for n in of] for cell, of in mine.items()} == {
        cell: [n or 0 for n in of] for cell, of in all_apart.items()
    }
    assert any(any(of) for of in mine.values()) or not any(one.any() for one in found.counts.values())


def test_the_bound_of_people_is_near_what_it_bounds(store):
    """Each row of somebody who has two is half a person: rows of the same people are never told as none."""
    reading = Reading(store._source, Question(metrics.get("contacts"), Selection(), (), store.lists))
    rows, least = (grid.counts["count"].sum() for grid in (reading.by_block(), reading.sixtieths))
    people = len({row["client"] for row in store._run("select client from contact where n_contacts > 0", {})})
    assert 0.5 * people < least / WHOLE <= people < rows / 2
