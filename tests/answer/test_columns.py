"""Sums of columns are those that a plain loop makes of the rows."""

import random
from decimal import Decimal
from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from journeys.answer import columns
from journeys.answer.columns import WHOSE, Columns

ROWS = [
    {"by_1": None, "by_2": None, "part": part, "rung": rung, "door": door, "n": n, "total": total, "score": score}
    for part, rung, door, n, total, score in (
        (0, "work", "a", 3, Decimal(5), 1.5),
        (0, "work", "a", 4, None, 2.25),
        (1, "work", "b", 5, Decimal(1), None),
        (2, None, "a", 6, None, None),
        (2, None, "a", 7, None, None),
        (3, "learning", None, 2**40, Decimal(2**45), 0.0),
        (4, "learning", None, 1, Decimal(1), 0.5),
    )
]
COUNTS = ("n", "total", "score")
SCHEMA = pa.schema(
    {
        "by_1": pa.int64(),
        "by_2": pa.string(),
        "part": pa.int32(),
        "rung": pa.string(),
        "door": pa.string(),
        "n": pa.int64(),
        "total": pa.decimal128(38, 0),
        "score": pa.float64(),
    }
)


def plainly(parts):
    """The same sums, row by row."""
    found = {}
    for row, part in zip(ROWS, parts, strict=True):
        if part < 0:
            continue
        mine = found.setdefault((part, row["rung"], row["door"]), dict.fromkeys(COUNTS))
        for name in COUNTS:
            if row[name] is not None:
                mine[name] = (mine[name] or 0) + row[name]
    return found


@pytest.mark.parametrize("most", [columns.MOST_SLOTS, 2], ids=["few slots", "many slots"])
@pytest.mark.parametrize("parts", [[0, 1, 2, 3, 4, 5, 6], [7, 7, 7, 2, 2, 7, 7], [0, 0, -1, -5, 9, 9, 9], [-1] * 7])
def test_rows_alike_are_added_up_and_null_beside_nothing_but_null_stays_null(monkeypatch, parts, most):
    monkeypatch.setattr(columns, "MOST_SLOTS", most)
    rows = list(Columns.of(pa.Table.from_pylist(ROWS, SCHEMA), COUNTS).summed(np.array(parts)).told())
    found = {(row["part"], row["rung"], row["door"]): {name: row[name] for name in COUNTS} for row in rows}
    assert len(found) == len(rows)
    assert found == plainly(parts)
    assert all(isinstance(one[name], int | None) for one in found.values() for name in ("n", "total"))


def test_of_no_rows_there_is_no_sum():
    empty = Columns.of(pa.Table.from_pylist([], SCHEMA), COUNTS)
    assert list(empty.summed(np.array([], np.int64)).told()) == []
    assert empty.names == ("rung", "door")


@pytest.mark.parametrize("most", [1, 127, 128, 32_767, 32_768, 2**31 - 1, 2**31, 2**45])
def test_whole_numbers_take_as_few_bytes_as_they_need_and_stay_what_they_are(most):
    given = [0, 1, most, -most]
    kept = columns.narrow(np.array(given))
    assert kept.tolist() == given
    assert kept.dtype.itemsize == next(n for n in (1, 2, 4, 8) if most < 1 << (8 * n - 1))


def rows_of_people(draw, n_people, n_parts, doors):
    """Rows of people, each once: the part, the door and the client."""
    clients = [draw.getrandbits(60) for _ in range(n_people)]
    rows = {
        (draw.randrange(n_parts), draw.choice(doors), client) for client in clients for _ in range(draw.randint(1, 6))
    }
    return draw.sample(sorted(rows, key=str), len(rows))


@pytest.mark.parametrize("doors", [["a"], ["a", "b", None]], ids=["no label", "a label"])
@pytest.mark.parametrize("n_areas", [1, 9, 64])
@pytest.mark.parametrize("n_parts", [3, 40_000], ids=["few parts", "many parts"])
def test_people_are_counted_once_in_every_area_that_any_of_their_rows_is_in(doors, n_areas, n_parts):
    draw = random.Random(n_areas)
    rows = rows_of_people(draw, 400, n_parts, doors)
    given = {
        name: list(values) for name, values in zip(("part", "door", "client"), zip(*rows, strict=True), strict=True)
    }
    people = Columns.of(pa.table(given), WHOSE)
    areas = [draw.sample(range(n_parts), n_parts // 3) for _ in range(n_areas)]
    bits = np.zeros(n_parts, np.uint64)
    for i, parts in enumerate(areas):
        bits[parts] |= np.uint64(1 << i)
    found = people.n_in(bits, n_areas)
    assert people.names == ("door",) and found.shape == (len(doors), n_areas)
    for own, area in product(range(len(doors)), range(n_areas)):
        inside = set(areas[area])
        mine = {client for part, door, client in rows if (door,) == people.owns[own] and part in inside}
        assert found[own, area] == len(mine)


def test_whose_a_row_is_is_not_kept():
    given = {"part": [1, 2, 1, 2, 5], "client": [1 << 59, 1 << 59, 7, 7, 7]}
    people = Columns.of(pa.table(given), WHOSE)
    assert [tuple(array.tolist() for array in one) for one in people.alike] == [
        ([[1], [2]], [0], [1]),
        ([[1], [2], [5]], [0], [1]),
    ]
    assert people.nbytes == 9


def test_somebody_under_two_labels_is_one_under_each():
    """Also where no row of anybody else lies between theirs."""
    given = {"part": [0, 1, 1], "door": ["a", "b", "b"], "client": [7, 7, 8]}
    people = Columns.of(pa.table(given), WHOSE)
    assert people.n_in(np.array([1, 2], np.uint64), 2).tolist() == [[1, 0], [0, 2]]


def test_sets_of_many_parts_are_told_apart_by_each_of_them():
    """Five parts of up to 65,536 are more than one whole number of 64 bits can say."""
    rows = [{"part": part, "client": n} for n, first in enumerate((0, 1, 1)) for part in (first, 10, 20, 30, 65_535)]
    people = Columns.of(pa.Table.from_pylist(rows), WHOSE)
    assert [one.n.tolist() for one in people.alike] == [[1, 2]]


def test_of_nobody_nobody_is_in_any_area():
    nobody = Columns.of(pa.table({"part": pa.array([], pa.int64()), "client": pa.array([], pa.int64())}), WHOSE)
    assert nobody.n_in(np.zeros(4, np.uint64), 3).shape == (0, 3)
    assert nobody.nbytes == 0


@pytest.mark.parametrize("parts", [[0, 1, 2, 3, 4, 5, 6], [7, 7, 7, 2, 2, 7, 7], [0, 0, -1, -5, 9, 9, 9], [-1] * 7])
def test_sums_column_by_column_are_those_row_by_row(parts):
    rows = Columns.of(pa.Table.from_pylist(ROWS, SCHEMA), COUNTS)
    found = [
        {"part": part, **dict(zip(rows.names, rows.owns[place], strict=True)), **{n: counts[n][i] for n in COUNTS}}
        for part, own, counts in rows.by_own(np.array(parts))
        for i, place in enumerate(own)
    ]
    assert found == [
        {name: value or 0 if name in COUNTS else value for name, value in row.items()}
        for row in rows.summed(np.array(parts)).told()
    ]


def test_counts_are_known_under_other_names_and_whatever_their_labels_are():
    rows = Columns.of(pa.Table.from_pylist(ROWS, SCHEMA), COUNTS)
    parts = np.array([row["part"] for row in ROWS])
    found = rows.called({"n": "total"}).summed(parts).told()
    assert [{**row, "total": row["n"]} for row in found] == [
        {**row, "n": row["total"]} for row in rows.called({"total": "total"}).summed(parts).told()
    ]
    whole = rows.called({"n": "n"}).whole().summed(parts)
    assert list(whole.told()) == [
        {"part": part, "n": sum(row["n"] for row in ROWS if row["part"] == part)}
        for part in sorted(set(parts.tolist()))
    ]


def test_rows_that_came_one_by_one_are_the_same_columns():
    names = ("rung", "door")
    came = [{**row, "total": None if row["total"] is None else int(row["total"])} for row in ROWS]
    found = Columns.of_dicts(came, names, COUNTS)
    assert list(found.told()) == [{name: row[name] for name in ("part", *names, *COUNTS)} for row in came]
    assert list(found.summed(found.part).told()) == [
        {"part": part, "rung": rung, "door": door, **counts}
        for (part, rung, door), counts in plainly([row["part"] for row in ROWS]).items()
    ]
    assert list(Columns.of_dicts([], names, COUNTS).told()) == []
