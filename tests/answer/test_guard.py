"""The bookkeeping of the guard against a plain enumeration: what every cell and every way of widening it covers, and how large it is.

The judge knows no blocks: it spells out the closed choices that hold a cell and walks over the rows of the store.
"""

import random
from itertools import product

import generate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.answer.exact import Reading
from journeys.answer.guard import Axis, Blocks, cut, is_guarded, together, widened
from journeys.answer.question import BASE_COVERS, Question
from journeys.answer.rule import Rule
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
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
        axes.append(Axis((f"c{i}",), (), {(): widened(first, draw(st.lists(covers.map(first.union), max_size=4)))}))
    return axes


@given(some_axes(), st.data())
def test_every_size_is_the_sum_of_its_blocks(axes, data):
    blocks = Blocks(axes, [()])
    place = st.tuples(*[st.sampled_from(ELEMENTS)] * len(axes))
    population = data.draw(st.dictionaries(place, st.integers(0, 20)))
    sizes = dict.fromkeys(blocks.regions, 0)
    for elements, n in population.items():
        numbers = [one.block_of.get(element) for one, element in zip(blocks.cuts, elements, strict=True)]
        if None not in numbers:
            block = sum(number * stride for number, stride in zip(numbers, blocks.strides, strict=True))
            for region in blocks.holding(block):
                sizes[region] += n
    for region in blocks.regions:
        sets = [list(one.sets)[number] for one, number in zip(blocks.cuts, region, strict=True)]
        inside = (n for e, n in population.items() if all(x in s for x, s in zip(e, sets, strict=True)))
        assert sizes[region] == sum(inside)


@given(some_axes())
def test_blocks_are_as_few_as_the_sets_allow(axes):
    for axis in axes:
        found = cut(axis)
        for a, b in product(found.block_of, repeat=2):
            is_alike = all((a in covers) == (b in covers) for covers in found.sets)
            assert (found.block_of[a] == found.block_of[b]) == is_alike


@given(some_axes(), st.data())
def test_a_cell_is_hidden_when_a_wider_one_has_fewer_than_k_more(axes, data):
    ways = Blocks(axes, [()]).ways(())
    sizes = {region: data.draw(st.integers(0, 60)) for region in ways}
    is_close = any(sizes[wider] - sizes[ways[0]] < 8 for wider in ways[1:])
    assert is_guarded(Rule(8, 5), ways, sizes) == is_close


def test_of_nothing_there_is_nothing_wider():
    assert widened(frozenset(), [frozenset("ab")]) == (frozenset(),)


def test_choices_that_cover_the_same_together_are_one_way():
    service, model, everything = frozenset("a"), frozenset("a"), frozenset("ab")
    assert together([(service, everything), (model, everything)]) == (service, everything)


# -- questions --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    delivery = generate.delivery(31, journeys=500, services=4, commissioners=2, months=26, returning=0.3)
    build.load([generate.write(delivery, folder / "delivery")], folder / "store")
    return open_store(folder / "store")


CLIENT_DIMENSIONS = tuple(d for d in BREAKDOWNS if d not in ("month", "quarter", "financial_year", "service",
                          "commissioner", "model", "funding", "co_located"))  # fmt: skip


def random_selection(draw, lists):
    calendar = lists.calendar
    periods = [
        "all",
        "last-4-quarters",
        *(p for unit in ("financial_year", "quarter", "month") for p in calendar.units(unit, "all")),
    ]
    place = draw.choice(
        [{}, {"service": draw.choice(list(lists.services))}, {"commissioner": draw.choice(list(lists.commissioners))}]
    )
    dimensions = draw.sample(COHORT_DIMENSIONS, draw.choice([0, 0, 1, 1, 2]))
    cohort = {d: draw.choice(lists.codes(d)) for d in dimensions}
    return Selection(period=draw.choice(periods), base=draw.choice(list(BASE_COVERS)), cohort=cohort, **place)


def named_by(selection, by, cell):
    """The choices that name a cell: what is chosen, and what its labels choose."""
    named = {**selection.cohort, **dict(zip(by, cell, strict=True))}
    periods = {selection.period, *(named[d] for d in ("month", "quarter", "financial_year") if d in named)}
    return named, periods


def ways_by_hand(lists, selection, by, cell):
    """Every closed choice that holds the cell, on each kind of choice, as what it covers; the cell itself first."""
    named, periods = named_by(selection, by, cell)
    calendar = lists.calendar
    closed = ("all", "last-4-quarters", *calendar.units("financial_year", "all"), *calendar.units("quarter", "all"))
    months = frozenset.intersection(*(calendar.months(p) for p in periods))
    where = frozenset(
        s.service_id
        for s in lists.services.values()
        if s.service_id in lists.where(selection)
        and named.get("service", s.service_id) == s.service_id
        and named.get("commissioner", s.commissioner) == s.commissioner
    )
    everywhere = frozenset(lists.services)
    kinds = [
        frozenset(s.service_id for s in lists.services.values() if getattr(s, d) == named[d])
        for d in ("model", "funding", "co_located") if d in named
    ]  # fmt: skip
    commissioned = [lists.services_of(c) for c in lists.commissioners]
    held = [(months, *(m for m in map(calendar.months, closed) if months and m > months))]
    held.append((where, *(w for w in (*commissioned, everywhere) if where and w > where)))
    held += [(kind, everywhere) for kind in kinds if kind]
    held += [(kind,) for kind in kinds if not kind]
    base = BASE_COVERS[selection.base]
    bases = (base, *(b for b in BASE_COVERS.values() if b > base))
    values = [
        (frozenset((named[d],)), frozenset(lists.codes(d))) if d in named else (frozenset(lists.codes(d)),)
        for d in CLIENT_DIMENSIONS
    ]
    for some in product(*held):
        for base_covers, *of in product(bases, *values):
            yield some[0], frozenset.intersection(*some[1:]), base_covers, *of


def base_of(row):
    return "out_of_work" if row["is_out_of_work"] else "working_age" if row["is_working_age"] else "rest"


def found_ways(question, blocks, cell):
    """What each region of a cell covers, in the judge's order of axes: months, services, base, dimensions."""
    lists = question.lists
    names = {("false", "false"): "rest", ("true", "false"): "working_age", ("true", "true"): "out_of_work"}
    for region in blocks.ways(cell):
        of = {one.axis.columns: list(one.sets)[n] for one, n in zip(blocks.cuts, region, strict=True)}
        base = of.get(("is_working_age", "is_out_of_work"))
        yield (
            region,
            (
                plain(of.get(("month",)), lists.calendar.all_months),
                plain(of.get(("service_id",)), lists.services),
                frozenset(names[e] for e in base) if base else BASE_COVERS["all"],
                *(plain(of.get((d,)), lists.codes(d)) for d in CLIENT_DIMENSIONS),
            ),
        )


def plain(covers, everything):
    return frozenset(everything) if covers is None else frozenset(value for (value,) in covers)


def walked(rows, covers):
    """The clients of the rows that lie in these sets, one a row."""
    months, services, base, *values = covers
    narrow = [(d, v) for d, v in zip(CLIENT_DIMENSIONS, values, strict=True)]
    return [
        row["client"] for row in rows
        if row["month"] in months and row["service_id"] in services and base_of(row) in base and all(row[d] in v for d, v in narrow)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_sizes_of_cells_and_widenings_are_those_of_a_plain_walk(store, seed):
    draw = random.Random(seed)
    rows = store._run("select * from journey", {})
    for _ in range(30):
        metric = metrics.get(draw.choice(["referrals", "people_referred"]))
        selection = random_selection(draw, store.lists)
        by = tuple(draw.sample([d for d in BREAKDOWNS if d not in selection.cohort], draw.choice([0, 1, 1, 2])))
        question = Question(metric, selection, by, store.lists)
        check_sizes(store, question, rows, draw)


def check_sizes(store, question, rows, draw):
    reading = Reading(store._source, question)
    is_of_people = question.metric.unit == "people"
    sizes = (reading.of_people().sizes if is_of_people else reading.by_block()[1]).get((), {})
    for cell in draw.sample(question.cells, min(4, len(question.cells))):
        found = dict(found_ways(question, reading.blocks, cell))
        ways = set(ways_by_hand(store.lists, question.selection, question.by, cell))
        assert set(found.values()) == ways, (question, cell)
        for region, covers in found.items():
            clients = walked(rows, covers)
            assert sizes.get(region, 0) == (len(set(clients)) if is_of_people else len(clients)), (question, cell)
