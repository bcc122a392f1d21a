"""Sums of columns are those that a plain loop makes of the rows."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from journeys.answer import columns
from journeys.answer.columns import Columns

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
    rows = Columns.of(pa.Table.from_pylist(ROWS, SCHEMA), COUNTS).summed(np.array(parts))
    found = {(row["part"], row["rung"], row["door"]): {name: row[name] for name in COUNTS} for row in rows}
    assert len(found) == len(rows)
    assert found == plainly(parts)
    assert all(isinstance(one[name], int | None) for one in found.values() for name in ("n", "total"))


def test_of_no_rows_there_is_no_sum():
    empty = Columns.of(pa.Table.from_pylist([], SCHEMA), COUNTS)
    assert empty.summed(np.array([], np.int64)) == []
    assert empty.names == ("rung", "door")


@pytest.mark.parametrize("most", [1, 127, 128, 32_767, 32_768, 2**31 - 1, 2**31, 2**45])
def test_whole_numbers_take_as_few_bytes_as_they_need_and_stay_what_they_are(most):
    given = [0, 1, most, -most]
    kept = columns.narrow(np.array(given))
    assert kept.tolist() == given
    assert kept.dtype.itemsize == next(n for n in (1, 2, 4, 8) if most < 1 << (8 * n - 1))
