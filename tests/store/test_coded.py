"""Events hold what a journey is chosen by as numbers: they mean what the journeys say in words, also where they come from a version that had words, or other numbers."""

import shutil
from contextlib import closing

import duckdb
import pytest
import small

from journeys.store import build, reference
from journeys.store.client_key import key_file
from journeys.store.folder import current_version, file_of
from journeys.store.opened import open_store
from journeys.vocabulary.selection import CODED, Selection

EVENTS = ("goal", "activity", "reading", "standing", "outcome", "contact", "closure", "first_job", "returned", "door")
METRICS = ("goals_set", "wellbeing_change", "outcome_events", "contacts", "closure_reasons", "returned", "spiral_now")
BY = ((), *((name,) for name in CODED), ("age_band",), ("employment_status",))
CLASS = ("age_band", "employment_status")


@pytest.fixture(scope="module")
def store(made_of_all_kinds):
    return made_of_all_kinds


def shell(store):
    return closing(duckdb.connect(str(file_of(store, current_version(store)))))


def copied(store, folder):
    found = shutil.copytree(store, folder / "store")
    shutil.copy(key_file(store), key_file(found))
    return found


def answers(store):
    with closing(open_store(store)) as opened:
        return [opened.ask(metric, Selection(), by).rows for metric in METRICS for by in BY]


def loaded_more(*stores):
    for place in stores:
        build.load([small.whole(place.parent / "south", 50, "south", prefix="south")], place)


def test_a_number_stands_for_the_word_of_the_journey(store):
    """Goals and readings name their journey's person by the same number as the journey."""
    with shell(store) as connection:
        for table in ("goal", "reading"):
            told = ", ".join(f"{name}_of({name}_number) as {name}" for name in CODED)
            told += ", " + ", ".join(f"{name}_of(class_of_people) as {name}" for name in CLASS)
            names = f"client, month, {', '.join((*CODED, *CLASS))}"
            sql = f"from (select client, month, {told} from {table}) as e anti join journey as j using ({names})"
            assert connection.execute(f"select * {sql}").fetchall() == []
            assert connection.execute(f"select count(*) from {table}").fetchone()[0] > 0


def test_no_event_says_it_in_words_and_all_have_the_numbers(store):
    with shell(store) as connection:
        columns = connection.execute("select table_name, column_name from duckdb_columns()").fetchall()
    for table in EVENTS:
        held = {column for name, column in columns if name == table}
        assert not held & {*CODED, *CLASS}
        assert held >= {*(f"{name}_number" for name in CODED), "class_of_people"}


def in_words(store):
    """A version of layout 4: its events had words, and journeys a number of their class."""
    with shell(store) as connection:
        for table in EVENTS:
            connection.execute(f"drop view selected_{table}")
            for name in CODED:
                connection.execute(f"alter table {table} add column {name} varchar")
                connection.execute(f"update {table} set {name} = {name}_of({name}_number)")
                connection.execute(f"alter table {table} drop column {name}_number")
            for name in CLASS:
                connection.execute(f"alter table {table} add column {name} varchar")
                connection.execute(f"update {table} set {name} = {name}_of(class_of_people)")
        connection.execute("drop table coded")
        connection.execute("update about set value = '4' where name = 'schema'")


def in_other_numbers(store):
    """A version of a time when the lists of the dictionary had another order, and one code more at their head."""
    with shell(store) as connection:
        connection.execute("update coded set number = 20 - number")
        connection.execute(
            "insert into coded select name, 'gone ' || i, i from (select distinct name from coded), range(1, 20) as r(i) where (name, i) not in (select (name, number) from coded)"
        )
        for table in EVENTS:
            for name in CODED:
                connection.execute(f"update {table} set {name}_number = 20 - {name}_number")
        for table in ("journey", *EVENTS):
            connection.execute(f"update {table} set class_of_people = 200 - class_of_people")
        connection.execute("update class_of_people set number = 200 - number")


@pytest.mark.parametrize("before", [in_words, in_other_numbers])
def test_a_version_of_before_is_answered_the_same_and_carried_over(store, tmp_path, before):
    mine, usual = (copied(store, tmp_path / name) for name in ("mine", "usual"))
    before(mine)
    assert answers(mine) == answers(store)
    loaded_more(mine, usual)
    assert answers(mine) == answers(usual)
    rows = [_rows(place) for place in (mine, usual)]
    assert rows[0] == rows[1]


def _rows(store):
    """What stands in each table of events, without the order of the rows."""
    names = ", ".join((*(f"{name}_number" for name in CODED), "class_of_people"))
    with shell(store) as connection:
        test_no_event_says_it_in_words_and_all_have_the_numbers(store)
        sql = "select {1}, count(*) from {0} group by all order by all"
        return [connection.execute(sql.format(table, names)).fetchall() for table in EVENTS]


@pytest.mark.parametrize("table", EVENTS)
def test_a_number_without_a_meaning_is_found(store, tmp_path, table):
    check = (build.tables.CHECKS / "codes_without_meaning.sql").read_text(encoding="utf-8")
    copy = shutil.copy(file_of(store, current_version(store)), tmp_path / "copy.duckdb")
    with closing(duckdb.connect(str(copy))) as connection:
        connection.execute("create temp table code as select * from coded")
        assert connection.execute(check).fetchall() == []
        for name in CODED:
            connection.execute("begin")
            connection.execute(f"update {table} set {name}_number = 100 where rowid = (select min(rowid) from {table})")
            assert connection.execute(check).fetchall() == [(table,)], name
            connection.execute("rollback")


def test_labels_that_are_numbers_have_every_code_of_the_dictionary(store):
    with shell(store) as connection:
        found = connection.execute("select name, list(code order by number) from coded group by name").fetchall()
    assert dict(found) == {name: reference.codes_of(name) for name in CODED}
