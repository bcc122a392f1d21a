"""How much of a person a row is at least: by rows of the same person, of readings by tool and item, of contacts by contact; versions of before tell who has one row alone."""

import shutil
from contextlib import closing

import duckdb
import pytest
import small

from journeys.store import build
from journeys.store.client_key import key_file
from journeys.store.folder import current_version, file_of
from journeys.store.opened import open_store
from journeys.vocabulary.selection import Selection

TABLES = [
    "journey",
    "goal",
    "activity",
    "standing",
    "outcome",
    "contact",
    "closure",
    "first_job",
    "returned",
    "door",
    "reading",
]
METRICS = ("referrals", "people_referred", "found_work", "time_to_work", "contacts", "goals_set", "wellbeing_change")
BY_CLIENT = dict.fromkeys(TABLES, "count(*)") | {"contact": "sum(n_contacts + n_missed)"}


@pytest.fixture(scope="module")
def store(made_of_all_kinds):
    return made_of_all_kinds


def copied(store, folder):
    """The store in another folder, with its key."""
    found = shutil.copytree(store, folder / "store")
    shutil.copy(key_file(store), key_file(found))
    return found


def shell(store):
    return closing(duckdb.connect(str(file_of(store, current_version(store)))))


def answers(store):
    with closing(open_store(store)) as opened:
        return [opened.ask(metric, Selection(), by).rows for metric in METRICS for by in ((), ("quarter",))]


@pytest.mark.parametrize("table", [table for table in TABLES if table != "reading"])
def test_rows_of_a_person_are_one_person_together(store, table):
    sql = f"select {BY_CLIENT[table]}, min(sixtieths), max(sixtieths) from {table} group by client"
    with shell(store) as connection:
        found = connection.execute(sql).fetchall()
    assert found
    assert all(least == most == 60 // max(n, 1) for n, least, most in found)
    assert any(n == 1 for n, _, _ in found)


def test_readings_that_a_metric_counts_together_are_at_most_one_person(store):
    """One row per journey and tool, or per journey and item."""
    with shell(store) as connection:
        for of, where in (("tool", "is_first_item"), ("tool, item", "true")):
            found = connection.execute(f"select sum(sixtieths) from reading where {where} group by client, {of}")
            sums = [n for (n,) in found.fetchall()]
            assert max(sums) == 60 and min(sums) > 0


@pytest.mark.parametrize("has_any", [True, False], ids=["who has one row alone", "nothing"])
def test_a_version_of_before_is_answered_the_same_and_carried_over(store, tmp_path, has_any):
    mine, usual = (copied(store, tmp_path / name) for name in ("mine", "usual"))
    before = answers(store)
    with shell(mine) as connection:
        for table in TABLES:
            connection.execute("drop view if exists selected" + ("" if table == "journey" else f"_{table}"))
            if has_any:
                connection.execute(f"alter table {table} add column is_only_row boolean")
                connection.execute(f"update {table} set is_only_row = sixtieths = 60")
            connection.execute(f"alter table {table} drop column sixtieths")
    assert answers(mine) == before
    for place in (mine, usual):
        build.load([small.whole(place.parent / "south", 50, "south", prefix="south")], place)
    assert answers(mine) == answers(usual)
    with shell(mine) as connection:
        columns = connection.execute("select table_name, column_name from duckdb_columns()").fetchall()
    assert {table for table, column in columns if column == "sixtieths"} >= set(TABLES)
    assert "is_only_row" not in {column for _, column in columns}
