"""What is counted once is not counted again: rows by their SQL and values, the oldest let go first."""

import contextlib

import pyarrow as pa

from journeys.answer import remembered
from journeys.answer.columns import Columns


class Asked(list):
    """A store of one number, which says what it was asked."""

    def __call__(self, sql, values):
        self.append((sql, dict(values)))
        return [{"n": len(self)}] * values.get("rows", 1)


def test_the_same_count_is_made_once():
    asked = Asked()
    run = remembered.rows(asked)
    assert run("a", {"x": 1, "y": 2}) is run("a", {"y": 2, "x": 1})
    assert len(asked) == 1


def test_other_sql_or_other_values_are_another_count():
    asked = Asked()
    run = remembered.rows(asked)
    assert [
        run(sql, values)[0]["n"] for sql, values in (("a", {"x": 1}), ("a", {"x": 2}), ("b", {"x": 1}), ("a", {}))
    ] == [1, 2, 3, 4]


def test_what_was_asked_for_last_is_kept():
    asked = Asked()
    run = remembered.rows(asked, most=200)  # three of one row each
    for sql in "abcadb":
        run(sql, {})
    assert [sql for sql, _ in asked] == ["a", "b", "c", "d", "b"]


def test_more_rows_than_may_be_kept_are_not_kept_and_take_nothing_that_would_stay():
    asked = Asked()
    run = remembered.rows(asked, most=200)
    for _ in range(2):
        run("many", {"rows": 300})
        run("few", {})
    assert [sql for sql, _ in asked] == ["many", "few", "many"]


def test_what_fails_is_asked_again():
    def failing(sql, values):
        tries.append(sql)
        if len(tries) == 1:
            raise ValueError("too slow")
        return []

    tries: list[str] = []
    run = remembered.rows(failing)
    for _ in range(3):
        with contextlib.suppress(ValueError):
            run("a", {})
    assert tries == ["a", "a"]


def test_columns_are_kept_by_the_memory_that_they_take():
    asked = []

    def run(sql, values, counts):
        asked.append(sql)
        return Columns.of(pa.table({"part": range(1_000), "n": [1] * 1_000}), counts)

    one = run("", {}, ("n",)).nbytes
    assert 3_000 < one < 10_000  # whole numbers in as few bytes as they need
    asked.clear()
    kept = remembered.columns(run, most=2 * (one + 5_000))
    for sql in ("a", "b", "a", "c", "a", "b"):
        kept(sql, {}, ("n",))
    assert asked == ["a", "b", "c", "b"]
    assert kept.is_nearly_full and len(kept) == 2 and kept.weight == 2 * (one + 5_000)
    assert not remembered.columns(run).is_nearly_full


def test_more_counts_are_kept_of_more_journeys_up_to_a_bound():
    given = [remembered.bytes_for(n) for n in (0, 1_000_000, 5_000_000, 10_000_000, 10**9)]
    assert given == [
        remembered.LEAST_BYTES,
        remembered.LEAST_BYTES,
        300_000_000,
        remembered.MOST_BYTES,
        remembered.MOST_BYTES,
    ]
