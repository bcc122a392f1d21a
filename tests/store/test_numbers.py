"""Every row holds the number of its service and month, whatever was loaded, carried over and removed before."""

import shutil
from contextlib import closing

import duckdb
import pytest
import small

from journeys.store import build, leaving
from journeys.store.folder import current_version, file_of
from journeys.store.opened import open_store
from journeys.vocabulary.selection import Selection

TABLES = (
    "journey",
    "goal",
    "outcome",
    "standing",
    "closure",
    "contact",
    "activity",
    "reading",
    "first_job",
    "returned",
    "door",
)


def loaded(folder, *services):
    for service_id, n in services:
        delivery = small.whole(folder / f"{service_id}-{n}", n, service_id, prefix=service_id)
        build.load([delivery], folder / "store", is_meant=True)
    return folder / "store"


def numbers(store):
    """The numbers of a store by service and month; every row of every table has that of its own."""
    with closing(duckdb.connect(str(file_of(store, current_version(store))), read_only=True)) as shell:
        found = shell.execute("select service_id, month, number from service_month").fetchall()
        known = {(service_id, month): number for service_id, month, number in found}
        assert len(known) == len(set(known.values())) == len(found)
        for table in TABLES:
            rows = shell.execute(f"select distinct service_id, month, service_month from {table}").fetchall()
            assert all(known[service_id, month] == number for service_id, month, number in rows), table
    return known


def answers(store):
    with closing(open_store(store)) as opened:
        return [
            [(row.labels, row.count) for row in opened.ask(metric, Selection(), by).rows]
            for metric in ("referrals", "goals_set", "outcome_events")
            for by in (("service",), ("quarter",))
        ]


def test_they_stay_few_and_right_whatever_is_loaded_again(tmp_path):
    store = loaded(tmp_path, ("north", 40), ("south", 50), ("north", 60), ("south", 70), ("north", 45))
    found = numbers(store)
    assert set(found.values()) == set(range(1, 49))  # two services of two years: no holes
    alone = loaded(tmp_path / "alone", ("south", 70), ("north", 45))
    assert [sorted(map(str, one)) for one in answers(store)] == [sorted(map(str, one)) for one in answers(alone)]
    leaving.remove(["north"], store)
    assert {service_id for service_id, _ in numbers(store)} == {"south"}


@pytest.mark.parametrize("is_numbered", [True, False], ids=["journeys alone had them", "nothing had them"])
def test_rows_of_a_version_of_before_are_numbered_when_they_are_carried_over(tmp_path, is_numbered):
    store = loaded(tmp_path, ("north", 40))
    before = answers(store)
    with closing(duckdb.connect(str(file_of(store, current_version(store))))) as shell:
        for table in TABLES:
            if not (is_numbered and table in ("journey", "standing")):
                shell.execute("drop view if exists selected" + ("" if table == "journey" else f"_{table}"))
                shell.execute(f"alter table {table} drop column service_month")
        if is_numbered:  # of months with journeys
            shell.execute(
                "delete from service_month where (service_id, month) not in (select (service_id, month) from journey)"
            )
        else:
            shell.execute("drop table service_month")
    assert answers(store) == before
    loaded(tmp_path, ("south", 50))
    found = numbers(store)
    assert {service_id for service_id, _ in found} == {"north", "south"}
    assert min(found.values()) == 1
    alone = loaded(tmp_path / "alone", ("south", 50), ("north", 40))
    assert [sorted(map(str, one)) for one in answers(store)] == [sorted(map(str, one)) for one in answers(alone)]


@pytest.fixture(scope="module")
def of_all_kinds(made_of_all_kinds):
    return made_of_all_kinds


def test_every_table_has_them_events_those_of_their_own_months(of_all_kinds):
    numbers(of_all_kinds)
    with closing(duckdb.connect(str(file_of(of_all_kinds, current_version(of_all_kinds))), read_only=True)) as shell:
        rows = {table: shell.execute(f"select count(*) from {table}").fetchall()[0][0] for table in TABLES}
    assert min(rows.values()) > 0, rows


@pytest.mark.parametrize("table", TABLES)
def test_a_row_with_another_number_or_none_is_found(of_all_kinds, tmp_path, table):
    check = (build.tables.CHECKS / "rows_without_their_number.sql").read_text(encoding="utf-8")
    copy = shutil.copy(file_of(of_all_kinds, current_version(of_all_kinds)), tmp_path / "copy.duckdb")
    with closing(duckdb.connect(str(copy))) as shell:
        assert shell.execute(check).fetchall() == []
        for wrong in ("service_month + 1", "null"):
            shell.execute("begin")
            shell.execute(f"update {table} set service_month = {wrong} where rowid = (select min(rowid) from {table})")
            assert len(shell.execute(check).fetchall()) == 1, wrong
            shell.execute("rollback")
