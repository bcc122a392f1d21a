"""Rows column by column are the rows one by one: what is said of them, which are compared, and how many there may be."""

import json
import pickle
import random
from collections import defaultdict
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from journeys import Selection
from journeys.answer import alike, protect, written
from journeys.answer.released import CASE_MIX_KEYS, Proportion, Protected, Row
from journeys.answer.rows import COMPLETE, Rows
from journeys.statistics import funnel
from journeys.store.opened import open_store
from journeys.vocabulary import metrics

ASKED = (
    ("found_work", ("service",), True),
    ("found_work", ("quarter",), False),
    ("referral_reasons", ("service", "quarter"), False),
    ("contacts", ("month",), False),
    ("time_to_work", ("service",), False),
    ("wellbeing_change", ("gender",), False),
    ("spiral_after", ("model", "quarter"), False),
    ("paths", (), False),
    ("doors", (), False),
)


@pytest.fixture(scope="module")
def store(generated):
    return open_store(generated)


@pytest.fixture(params=ASKED, ids=lambda asked: f"{asked[0]} by {' and '.join(asked[1])}")
def answer(request, store):
    slug, by, case_mix = request.param
    return store.ask(slug, Selection(), by, case_mix=case_mix)


def test_rows_that_came_one_by_one_are_the_same_column_by_column(answer):
    one_by_one = tuple(answer.rows)
    again = Rows.of(one_by_one, answer.by)
    assert again == answer.rows == one_by_one and again != one_by_one[1:]
    assert repr(again) == repr(one_by_one) and len(again) == len(one_by_one)
    assert pickle.loads(pickle.dumps(answer.rows)) == one_by_one
    assert answer.rows[1:3] == one_by_one[1:3] and answer.rows[-1] == one_by_one[-1]
    assert Rows.of(answer.rows, answer.by) is answer.rows


def test_a_frame_says_what_the_rows_say(answer):
    found = answer.frame()
    assert found.equals(replace(answer, rows=tuple(answer.rows)).frame())
    plain = [
        {**row.labels, **{name: getattr(row, name, None) for name in found if name not in row.labels}}
        for row in answer.rows
    ]
    assert_frame_equal(found, pd.DataFrame(plain, columns=list(found)), check_dtype=True)
    assert (set(CASE_MIX_KEYS) <= set(found)) == answer.has_case_mix


OVER = ((), ("service",), ("quarter",), ("service", "gender"))


@pytest.mark.parametrize("slug", metrics.catalogue())
def test_nothing_leaves_the_store_that_no_row_says(store, slug):
    """What is protected before it is known to be hidden (by the guard, under a second name, as a path that nobody may be told of) must not go with the rows, nor be kept with them."""
    n_hidden = 0
    for selection, by in product((Selection(), Selection(base="out_of_work", cohort={"gender": "male"})), OVER):
        answer = store.ask(slug, selection, () if set(by) & set(metrics.get(slug).labels) else by)
        told = json.loads(written.text(answer))["rows"]
        cell, own, code, _ = (set(one) for one in told["at"])
        assert cell == {*range(len(told["cells"]))} and own == {*range(len(told["owns"]))}
        assert code == {*range(len(told["protected"]))}
        shown = {(row.state, row.why, row.values) for row in answer.rows}
        assert shown == {(one.state, one.why, one.values) for one in answer.rows.protected}
        n_hidden += sum(row.state == "hidden" and row.why is None for row in answer.rows)
    assert n_hidden or slug == "paths"


def test_no_answer_has_more_rows_than_can_be_made(store, monkeypatch):
    """Doors of 80 services by service and month would be 31 million rows: nobody reads them, and the server would have no memory left."""
    monkeypatch.setattr(store, "_run", lambda *_: pytest.fail("it was counted"))
    most = len(store.lists.services) ** 3
    monkeypatch.setattr(protect, "MOST_ROWS", most - 1)
    with pytest.raises(
        protect.TooManyRows, match=rf"would have {most:,} rows.* {most - 1:,} at most: choose one service"
    ):
        store.ask("doors", Selection(), ("service",))
    monkeypatch.undo()
    monkeypatch.setattr(protect, "MOST_ROWS", most)
    assert len(store.ask("doors", Selection(), ("service",)).rows) == most


@pytest.mark.parametrize("slug", metrics.catalogue())
def test_how_many_rows_there_will_be_is_known_before_they_are_counted(store, slug, monkeypatch):
    n = len(store.ask(slug, Selection(), ("gender",)).rows)
    if slug == "paths":  # which no list closes
        return
    monkeypatch.setattr(protect, "MOST_ROWS", n)
    store.ask(slug, Selection(), ("gender",))
    monkeypatch.setattr(protect, "MOST_ROWS", n - 1)
    with pytest.raises(protect.TooManyRows):
        store.ask(slug, Selection(), ("gender",))


# -- which are compared ----------------------------------------------------------------------------------------------


def drawn(draw):
    """Rows of some services, quarters and reasons, seen through different records."""
    services, quarters, reasons = (
        [f"{name}{i}" for i in range(draw.randint(1, most))] for name, most in (("s", 9), ("q", 4), ("r", 3))
    )
    seen = [
        (("reasons",), ()),
        (("reasons", "outcomes"), ()),
        (("reasons",), ("outcomes",)),
        (("goals",), ("outcomes",)),
    ]
    through = {(s, q): (*draw.choice(seen[: draw.randint(1, 4)]), ()) for s in services for q in quarters}
    states = ["shown"] * 8 + ["not_recorded", "not_applicable", "hidden"]
    for service, quarter, reason in product(services, quarters, reasons):
        records, partly, tools = through[service, quarter]
        state, size = draw.choice(states), draw.choice([20, 20, 40, 300])
        values = Proportion(10, size) if state == "shown" else None
        labels = {"service": service, "quarter": quarter, "reason": reason}
        yield Row(labels, state, values=values, records=records, partly=partly, tools=tools)


def by_hand(rows, apart):
    """The families in the order in which they come, each with the rows of it that are compared."""
    found = defaultdict(list)
    for row in rows:
        found[tuple(v for name, v in row.labels.items() if name not in apart)].append(row)
    return [(family, alike.compared(family)) for family in found.values()]


@pytest.mark.parametrize("apart", [("service",), ("service", "quarter"), ("quarter",)])
def test_the_rows_that_are_compared_are_those_of_each_family_alone(apart):
    draw, n_apart = random.Random(4), 0
    for _ in range(200):
        rows = tuple(drawn(draw))
        columns = Rows.of(rows, ("service", "quarter"))
        found, expected = alike.families(columns, apart), by_hand(rows, apart)
        for number, (family, group) in enumerate(expected):
            assert [row for row, of in zip(rows, found.of, strict=True) if of == number] == family
            mine = zip(rows, found.of, found.is_compared, strict=True)
            assert [row for row, of, is_it in mine if of == number and is_it] == group
        first = {}
        for family, group in expected:
            for row in family:
                place = tuple(row.labels[name] for name in apart)
                if (
                    row.state in ("shown", "hidden")
                    and alike.through(row) != alike.through(group[0])
                    and place not in first
                ):
                    first[place] = ({name: row.labels[name] for name in apart}, alike._why(row, group[0]))
        assert [(dict(one.labels), one.why) for one in alike.not_compared(columns, found, apart)] == list(
            first.values()
        )
        n_apart += len(first)
    assert n_apart > 100


def test_of_no_rows_none_are_compared():
    nothing: np.ndarray = np.zeros(0, int)
    none = Rows([], [], [], nothing, nothing, nothing, nothing)
    found = alike.families(none, ("service",))
    assert len(found.of) == 0 and alike.not_compared(none, found, ("service",)) == ()
    assert none == () and COMPLETE[0] is None and Protected() == Protected()


# -- limits by chance ------------------------------------------------------------------------------------------------


def test_limits_of_many_are_those_of_each():
    draw = random.Random(7)
    sizes = np.array([draw.choice([20, 25, 95, 99, 100, 105, 1000, 25_000]) for _ in range(400)], float)
    centres = np.array([draw.choice([0.0, 1.0, 0.005, draw.random(), draw.random()]) for _ in sizes])
    found = funnel.limits_of(sizes, centres)
    for n, centre, *limits in zip(sizes.tolist(), centres.tolist(), *found.tolist(), strict=True):
        assert funnel.Limits(*limits) == funnel.limits(int(n), centre)
    assert funnel.limits_of(sizes[:0], centres[:0]).shape == (4, 0)


def test_where_each_of_many_stands():
    draw = random.Random(9)
    low = np.array([draw.random() for _ in range(2_000)])
    high = low + [draw.choice([0, 0.01, 0.2]) for _ in low]
    limits = np.sort([[draw.random() for _ in low] for _ in range(4)], axis=0)[[1, 2, 0, 3]]
    seen = set()
    for at, code in enumerate(funnel.standings(low, high, limits).tolist()):
        low95, high95, low998, high998 = limits[:, at]
        expected = "within"
        if low[at] > high95:
            expected = "above998" if low[at] > high998 else "above95"
        elif high[at] < low95:
            expected = "below998" if high[at] < low998 else "below95"
        seen.add(expected)
        assert funnel.POSITIONS[code] == expected
    assert seen == set(funnel.POSITIONS)
