"""DuckDB fails within itself now and then, and then its database is lost for the whole process: whoever asks gets the answer all the same."""

import threading
from contextlib import closing

import duckdb
import pytest

from journeys import Selection, open_store
from journeys.store import duck
from journeys.store.folder import StoreError

QUESTIONS = (("referrals", ()), ("found_work", ("service",)), ("activities_started", ("imd_quintile", "service")))


class Lost:
    """A connection to a database that is lost: the first fault, then that of everything that is asked after it."""

    def __init__(self, connection):
        self.connection, self.errors = connection, [duckdb.InternalException("INTERNAL Error: changed identity")]

    def cursor(self):
        return self

    def execute(self, *_, **__):
        raise self.errors.pop() if self.errors else duckdb.FatalException("FATAL Error: database has been invalidated")

    sql = execute

    def interrupt(self):
        pass

    def close(self):
        pass


@pytest.fixture
def store(made):
    with closing(open_store(made)) as opened:
        yield opened


def test_a_fault_of_the_database_is_noticed_by_nobody(store):
    right = [store.ask(metric, Selection(), by) for metric, by in QUESTIONS]
    store.forget_counts()
    engine = store._engine
    engine.connection = lost = Lost(engine.connection)
    assert [store.ask(metric, Selection(), by) for metric, by in QUESTIONS] == right
    assert engine.n_faults == 1 and engine.connection is not lost
    store.forget_counts()
    assert store.ask("found_work", Selection(), ("service",)) == right[1]
    assert engine.n_faults == 1
    lost.connection.close()


def test_many_who_ask_at_once_have_it_opened_once(store):
    right, found = store.ask("found_work", Selection(), ("gender",)), []
    store.forget_counts()
    engine = store._engine
    engine.connection = lost = Lost(engine.connection)
    asking = [
        threading.Thread(target=lambda: found.append(store.ask("found_work", Selection(), ("gender",))))
        for _ in range(6)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert found == [right] * 6 and engine.n_faults == 1
    lost.connection.close()


def test_what_is_opened_after_a_fault_is_locked_as_the_first_was(store, tmp_path):
    engine = store._engine
    engine.connection = lost = Lost(engine.connection)
    store.ask("referrals")
    for sql, words in (
        ("create table journey_2 as select 1 as one", "read-only"),
        (f"attach '{tmp_path / 'other.duckdb'}' as other", "disabled"),
        (f"copy (select 1) to '{tmp_path / 'other.csv'}'", "disabled"),
        (f"select * from read_csv('{__file__}')", "disabled"),
        ("set threads = 1", "locked"),
    ):
        with pytest.raises((duckdb.Error, StoreError), match=words):
            engine.rows(sql, {}, 10)
    lost.connection.close()


def test_what_a_version_says_of_itself_comes_after_a_fault_too(store):
    engine = store._engine
    right = engine.columns()
    engine.connection = lost = Lost(engine.connection)
    assert engine.columns() == right and "journey" in right
    assert engine.columns() == right and engine.n_faults == 1
    lost.connection.close()


def test_a_fault_that_comes_again_is_said_in_words(store, monkeypatch):
    engine = store._engine
    engine.connection = lost = Lost(engine.connection)
    monkeypatch.setattr(duck, "_apart", lambda *_: Lost(None))
    with pytest.raises(StoreError, match="cannot be read") as damaged:
        store.ask("referrals")
    assert damaged.value.kind == "damaged"
    lost.connection.close()


def test_no_list_of_words_becomes_a_table_above_rows_that_lists_were_unfolded_to():
    """The plan with which DuckDB 2.0.0 fails within itself, on a million journeys and more."""
    with closing(duckdb.connect(config=duck.LOCKED)) as connection:
        connection.execute("create table t as select ['a', 'b', 'c'] as many from range(1000)")
        sql = "select * from (select unnest(many) as one from t) where array_contains(split('a b c d e f', ' '), one)"
        plan = "\n".join(line for _, line in connection.execute(f"explain {sql}").fetchall())
    assert "Filter" in plan and "MARK" not in plan
