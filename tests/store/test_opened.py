"""The store: opened read-only and locked, safe between threads, and clear about what is wrong when it cannot be opened."""

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import duckdb
import pytest

from journeys import Selection
from journeys.store import duck, turns
from journeys.store import folder as folders
from journeys.store import opened as store
from journeys.store.folder import StoreError, current_version
from journeys.store.opened import open_store
from journeys.store.work import spill
from journeys.vocabulary import metrics

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = [
    ("referrals", ("service",)), ("referrals", ("gender", "age_band")), ("people_referred", ()), ("found_work", ("service",)),
    ("found_work", ("quarter",)), ("time_to_work", ()), ("wellbeing_change", ()), ("goals_set", ()), ("spiral_now", ("model",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(made):
    with closing(open_store(made)) as found:
        yield found


@pytest.fixture
def copy(made, tmp_path):
    """A copy of the store to damage."""
    return shutil.copytree(made, tmp_path / "store")


def file_of(folder):
    return folder / f"journeys-{current_version(folder)}.duckdb"


# --- locked -----------------------------------------------------------------------------------------------------------

FORBIDDEN = [
    "attach '{folder}/other.duckdb' as other",
    "copy journey to '{folder}/journeys.csv'",
    "export database '{folder}/everything'",
    "select * from read_csv('{folder}/CURRENT')",
    "select * from read_text('{folder}/CURRENT')",
    "select * from glob('{folder}/*')",
    "create table mine as select * from journey",
    "insert into about values ('k', '1')",
    "update about set value = '1' where name = 'k'",
    "delete from journey",
    "drop table journey",
    "set enable_external_access = true",
    "set memory_limit = '90GB'",
    "install httpfs",
    "load httpfs",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_nothing_goes_out_or_in_through_the_connection(opened, sql):
    before = sorted(os.listdir(opened.folder))
    with closing(opened._engine.connection.cursor()) as cursor, pytest.raises(duckdb.Error):
        cursor.execute(sql.format(folder=opened.folder)).fetchall()
    assert sorted(os.listdir(opened.folder)) == before


def test_a_slow_query_of_any_of_two_connections_to_one_version_draws_no_progress(made):
    with closing(open_store(made)) as first, closing(open_store(made)) as second:
        for one in (first, second):
            assert one._run("select current_setting('enable_progress_bar') as is_drawn", {}) == [{"is_drawn": False}]


def test_asking_writes_nothing_into_the_store_folder(made):
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    with closing(open_store(made)) as found:
        found.status()
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_a_store_in_a_folder_that_is_only_read_answers(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "store")
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with closing(open_store(folder)) as found:
            assert found.ask("referrals").rows[0].count == 1_500
    finally:
        folder.chmod(0o755)


# --- opening ----------------------------------------------------------------------------------------------------------


def test_it_opens_again_while_it_is_open(made, opened):
    with closing(open_store(made)) as second:
        assert second.ask("referrals").rows == opened.ask("referrals").rows
    assert opened.ask("referrals").rows[0].count == 1_500


def test_the_folder_comes_from_the_environment(made, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(made))
    with closing(open_store()) as found:
        assert found.folder == made
    monkeypatch.delenv("JOURNEYS_STORE")
    assert folders.folder_of(None) == folders.DEFAULT


def test_where_there_is_no_store_it_says_how_to_make_one(tmp_path):
    with pytest.raises(
        StoreError, match=r"no store in .*nowhere: load a delivery first \(python -m journeys load"
    ) as no:
        open_store(tmp_path / "nowhere")
    assert no.value.kind == "missing"


def cut(folder):
    os.truncate(file_of(folder), 20_000)


def empty(folder):
    os.truncate(file_of(folder), 0)


def text(folder):
    file_of(folder).write_text("service,count\n", encoding="utf-8")


def gone(folder):
    file_of(folder).unlink()


def pointer_binary(folder):
    (folder / "CURRENT").write_bytes(b"\xff\xfe\x00")


def pointer_empty(folder):
    (folder / "CURRENT").write_text("", encoding="utf-8")


def pointer_out_of_the_folder(folder):
    (folder / "CURRENT").write_text("../../somewhere/000001-abcdef", encoding="utf-8")


def pointer_lost_after_several_loads(folder):
    (folder / "CURRENT").unlink()
    (folder / "journeys-000002-abcdef.duckdb").write_bytes(b"")


def another_database(folder):
    gone(folder)
    with closing(duckdb.connect(str(file_of(folder)))) as other:
        other.execute("create table t as select 1 as n")


DAMAGES = [
    cut, empty, text, gone, pointer_binary, pointer_empty, pointer_out_of_the_folder, pointer_lost_after_several_loads,
    another_database,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
def test_a_damaged_store_says_what_to_do(copy, damage):
    damage(copy)
    with pytest.raises(
        StoreError, match=r"(rollback`, or move the folder .*|else move it) away and load all deliveries again"
    ) as bad:
        open_store(copy)
    assert bad.value.kind == "damaged"
    assert "\n" not in str(bad.value)


AS_ANOTHER = """
import os, sys
import duckdb, journeys.commands, journeys.screen, journeys.store.leaving, journeys.store.publishing, journeys.store.spark_leaving
from journeys.__main__ import main
from journeys.store.opened import open_store
with open_store(sys.argv[1])._engine.connection.cursor() as cursor:  # what is imported late is imported now
    cursor.execute("select 1")
os.chmod(sys.argv[2], 0 if os.getuid() else 0o700)
os.chdir(os.path.dirname(sys.argv[1]))  # what lies above it may be closed, too
if not os.getuid():
    os.setgid(65534)
    os.setuid(65534)
for command in (["status"], ["rollback"], ["ask", "referrals"], ["remove", "north"], ["publish", "--to", "/tmp"]):
    print(main([*command, "--store", os.path.basename(sys.argv[1])]))
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
@pytest.mark.parametrize("is_closed", ["folder", "pointer", "version"])
def test_a_store_of_another_account_says_so(copy, is_closed):
    """Each command, in words and without a traceback: nothing is wrong with the data, so that nothing is to be rolled back or loaded again."""
    for place in (copy.parent, copy, copy / "CURRENT", file_of(copy)):
        place.chmod(0o755)
    closed = {"folder": copy, "pointer": copy / "CURRENT", "version": file_of(copy)}[is_closed]
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER, copy, closed], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stdout.split() == ["1"] * 5, done.stderr
    said = done.stderr.splitlines()
    assert len(said) == 5
    # whoever may read the pointer, and not the version, finds out otherwise that nothing can be written
    for words in said[:: 2 if is_closed == "version" else 1]:
        assert "Start this program as that account" in words
        assert "load all deliveries" not in words


def test_bytes_changed_within_the_file_are_found_or_do_no_harm(copy, opened):
    """Every block has a checksum: an answer is right or there is none."""
    right = [opened.ask(metric, by=by).rows for metric, by in QUESTIONS[:4]]
    whole, n_found = file_of(copy).read_bytes(), 0
    for place in range(12_288 + 4_096, len(whole), 262_144):  # every block once
        version = f"{place:06d}-abcdef"
        changed = bytes(255 - byte for byte in whole[place : place + 16])
        (copy / f"journeys-{version}.duckdb").write_bytes(whole[:place] + changed + whole[place + 16 :])
        try:
            with closing(store.open_version(copy, version)) as found:
                assert [found.ask(metric, by=by).rows for metric, by in QUESTIONS[:4]] == right
        except StoreError as error:
            assert error.kind == "damaged"
            n_found += 1
    assert n_found > 1


def test_a_store_of_another_layout_says_what_to_do(copy):
    with closing(duckdb.connect(str(file_of(copy)))) as writing:
        writing.execute("update about set value = '999' where name = 'schema'")
    with pytest.raises(
        StoreError, match=r"layout 999, this program reads 4 and 5: move the folder .* load all deliveries"
    ) as old:
        open_store(copy)
    assert old.value.kind == "other_version"


def test_a_failed_opening_leaves_nothing_open(copy):
    """The file can be replaced by a whole one and opened in the same process."""
    whole = file_of(copy).read_bytes()
    cut(copy)
    with pytest.raises(StoreError):
        open_store(copy)
    file_of(copy).write_bytes(whole)
    with closing(open_store(copy)) as found:
        assert found.ask("referrals").rows[0].count == 1_500


def test_a_question_that_takes_too_long_is_stopped_in_words(opened, monkeypatch):
    monkeypatch.setattr(store, "LONGEST_SECONDS", 0.05)
    with pytest.raises(StoreError, match=r"takes more than 0.05 seconds.*ask for a shorter period") as slow:
        opened._run("select sum(hash(a.range + b.range)) from range(1000000) as a cross join range(1000000) as b", {})
    assert slow.value.kind == "slow"


@pytest.mark.parametrize("place", ["1MB", "4GB"])
def test_a_question_that_takes_too_much_memory_is_stopped_in_words(copy, monkeypatch, place):
    """Where it may write no more, and where the disk is full."""
    small = {"memory_limit": "6MB", "threads": "1", "max_temp_directory_size": place}
    monkeypatch.setattr(store.duck, "LOCKED", store.duck.LOCKED | small)
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(open_store(copy)) as found, pytest.raises(StoreError, match="more memory than there is") as large:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, was[1]))
            found._run("select * from range(2000000) as a order by hash(a.range)", {})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, was)
    assert large.value.kind == "large"


class Turns(threading.BoundedSemaphore):
    """One place, that says when somebody stands before it."""

    def __init__(self):
        super().__init__(1)
        self.is_asked = threading.Event()

    def acquire(self, *given, **named):
        self.is_asked.set()
        return super().acquire(*given, **named)


def test_waiting_for_others_is_not_counted_as_work(opened, monkeypatch):
    """The clock of a query starts when it is let in; a place is free again whatever became of the one before."""
    watched, clocks, told, timer = Turns(), [], [], threading.Timer
    monkeypatch.setattr(turns, "TURNS", watched)
    with pytest.raises(duckdb.Error):
        opened._run("select no_such_column from journey", {})
    with watched:
        watched.is_asked.clear()
        monkeypatch.setattr(store.threading, "Timer", lambda *given: clocks.append(given) or timer(*given))
        late = threading.Thread(target=lambda: told.extend(opened._run("select count(*) as n from journey", {})))
        late.start()
        watched.is_asked.wait()
        assert not clocks
    late.join()
    assert [seconds for seconds, _ in clocks] == [store.LONGEST_SECONDS]
    assert told == [{"n": 1_500}]


def test_a_busy_server_says_busy(opened, monkeypatch):
    """To whoever asks for what must be counted; what was counted before needs no turn."""
    new = Selection(cohort={"gender": "female", "age_band": "25-34"})
    assert opened.ask("referrals").rows[0].count == 1_500
    monkeypatch.setattr(turns, "TURNS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.05)
    with turns.TURNS:
        assert opened.ask("referrals").rows[0].count == 1_500
        with pytest.raises(StoreError, match="busy") as busy:
            opened.ask("referrals", new)
    assert busy.value.kind == "busy"
    assert opened.ask("referrals", new).rows[0].state


def at_once(opened, n):
    """So many threads that ask, begun."""
    threads = [threading.Thread(target=opened.ask, args=("referrals",)) for _ in range(n)]
    for one in threads:
        one.start()
    return threads


def test_answers_are_worked_out_one_after_another(opened, monkeypatch):
    at_work, together = [], []

    def asked(source, question, case_mix):
        at_work.append(1)
        time.sleep(0.002)
        together.append(len(at_work))
        at_work.pop()
        if len(together) == 3:
            raise ValueError("whatever becomes of one")

    monkeypatch.setattr(store.answering, "ask", asked)
    monkeypatch.setattr(threading, "excepthook", lambda *given: None)
    for one in at_once(opened, 6):
        one.join(20)
    assert together == [1] * 6


def test_a_long_answer_keeps_nobody_for_long(opened, monkeypatch):
    others, goes_on = [], threading.Event()

    def asked(source, question, case_mix):
        if threading.current_thread().name == "long":
            goes_on.wait(20)
        others.append(question)

    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    monkeypatch.setattr(store.answering, "ask", asked)
    long = threading.Thread(target=opened.ask, args=("referrals",), name="long")
    long.start()
    for one in at_once(opened, 2):
        one.join(20)
    assert len(others) == 2
    goes_on.set()
    long.join(20)
    assert len(others) == 3


# --- counting beforehand ----------------------------------------------------------------------------------------------


def jobs(monkeypatch, found, work):
    monkeypatch.setattr(store.answering, "beforehand", lambda *whatever: (partial(work, n) for n in range(5)))
    return threading.Thread(target=found.count_beforehand)


def test_what_is_counted_beforehand_waits_while_somebody_asks(copy, monkeypatch):
    done, all_done = [], threading.Event()
    monkeypatch.setattr(turns, "BUSY", 1_000)  # of whatever else this process does
    with closing(open_store(copy)) as found:
        counting = jobs(monkeypatch, found, lambda n: (done.append(n), n == 4 and all_done.set()))
        with turns.TURNS:
            assert not turns.is_quiet(0.001)
            counting.start()
            assert not all_done.wait(0.1)
            assert done == []
        assert all_done.wait(10)
        counting.join(10)
    assert done == [0, 1, 2, 3, 4]


def test_it_is_not_quiet_while_this_process_works(monkeypatch):
    clock = iter([1.0, 1.0, 2.0, 2.02])
    monkeypatch.setattr(turns.time, "process_time", lambda: next(clock))
    assert turns.is_quiet(0.01)
    assert not turns.is_quiet(0.01)


def test_it_ends_when_counts_are_forgotten_and_fails_for_nothing(copy, monkeypatch):
    done, goes_on, has_begun = [], threading.Event(), threading.Event()

    def work(n):
        done.append(n)
        if n == 0:
            raise StoreError("slow", "too slow")
        has_begun.set()
        goes_on.wait(10)

    monkeypatch.setattr(turns, "BUSY", 1_000)
    with closing(open_store(copy)) as found:
        counting = jobs(monkeypatch, found, work)
        counting.start()
        assert has_begun.wait(10)
        found.forget_counts()
        goes_on.set()
        counting.join(10)
        assert not counting.is_alive()
    assert done == [0, 1]


def test_what_is_counted_beforehand_changes_no_answer(copy, monkeypatch):
    monkeypatch.setattr(turns, "is_quiet", lambda seconds: True)
    with closing(open_store(copy)) as cold, closing(open_store(copy)) as warm:
        warm.count_beforehand()
        for metric in ("referrals", "found_work", "time_to_work", "people_referred"):
            assert warm.ask(metric, Selection(), ("service",)) == cold.ask(metric, Selection(), ("service",))


# --- versions ---------------------------------------------------------------------------------------------------------


def test_an_open_store_knows_that_it_is_no_longer_current(copy):
    with closing(open_store(copy)) as found:
        assert found.is_current
        (copy / "CURRENT").write_text("000002-abcdef", encoding="utf-8")
        assert not found.is_current
        (copy / "CURRENT").unlink()
        assert not found.is_current
        assert found.ask("referrals").rows[0].count == 1_500


def test_a_load_between_reading_the_pointer_and_opening_is_followed(copy, monkeypatch):
    right, told = current_version(copy), iter(["000009-abcdef"])
    monkeypatch.setattr(store, "current_version", lambda path=None: next(told, right))
    with closing(open_store(copy)) as found:
        assert found.version == right


# --- answers ----------------------------------------------------------------------------------------------------------


def test_seven_threads_get_what_one_gets(opened):
    alone = [opened.ask(metric, by=by) for metric, by in QUESTIONS]
    with ThreadPoolExecutor(7) as threads:
        asked = [threads.submit(opened.ask, metric, by=by) for _ in range(4) for metric, by in QUESTIONS]
        together = [answer.result() for answer in asked]
    assert together == alone * 4


def test_threads_that_ask_a_fresh_store_first_get_the_same(made, opened):
    with closing(open_store(made)) as fresh, ThreadPoolExecutor(7) as threads:
        asked = [threads.submit(fresh.ask, "found_work", by=("service",)) for _ in range(14)]
        right = opened.ask("found_work", by=("service",))
        assert [answer.result() for answer in asked] == [right] * 14


def test_threads_that_open_the_first_store_of_a_process_share_one_place(made, monkeypatch, tmp_path):
    makings, all_there = [], threading.Barrier(4)

    def made_slowly(folder):
        makings.append(folder)
        time.sleep(0.2)  # long enough for every thread that is let in to come in
        return spill(folder)

    def open_one(_):
        all_there.wait()
        with closing(open_store(made)) as found:
            return found.version

    monkeypatch.setattr(duck, "SPILL", tmp_path / "journeys-spill-1-abc")
    monkeypatch.setattr(duck, "spill", made_slowly)
    duck._spill_of_this_process.cache_clear()
    try:
        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(open_one, range(4)))) == 1
    finally:
        duck._spill_of_this_process().release()
        duck._spill_of_this_process.cache_clear()
    assert makings == [tmp_path / "journeys-spill-1-abc"]


def test_what_a_store_says_of_itself(opened):
    assert opened.is_synthetic
    assert opened.as_of == "2026-03"
    assert (opened.rule.k, opened.rule.base) == (8, 5)
    assert opened.ask("referrals").version == opened.version == current_version(opened.folder)


def test_status_has_services_periods_loads_and_the_rule(opened):
    status = opened.status()
    assert list(status) == [
        "version", "as_of", "periods", "disclosure", "is_synthetic", "key_fingerprint", "services", "loads",
    ]  # fmt: skip
    assert status["periods"] == {"first": "2021-04", "last": "2026-03"}
    assert len(status["services"]) == 8
    assert {s["journeys"] for s in status["services"]} <= {None, *range(10, 1_500, 5)}
    (entry,) = status["loads"]
    assert {len(digest) for digest in entry["files"].values()} == {64}
    assert entry["rows_refused"] == 0


def test_the_metrics_run_by_hand_on_the_file(copy):
    """A metric's file runs as it lies in the DuckDB shell."""
    with closing(duckdb.connect(str(file_of(copy)), read_only=True)) as shell:
        for metric in metrics.catalogue().values():
            assert shell.execute(metric.sql).description
        assert shell.execute("select count(*) from selected").fetchall() == [(1_500,)]


def test_the_store_is_plain_tables(copy):
    """No index, key or enum: it should move to other engines unchanged."""
    with closing(duckdb.connect(str(file_of(copy)), read_only=True)) as shell:
        assert shell.execute("select count(*) from duckdb_indexes()").fetchall() == [(0,)]
        kinds = {k for (k,) in shell.execute("select constraint_type from duckdb_constraints()").fetchall()}
        assert kinds <= {"NOT NULL"}
        types = {t for (t,) in shell.execute("select data_type from duckdb_columns() where not internal").fetchall()}
        assert not any(t.startswith("ENUM") for t in types)


def test_a_choice_that_does_not_exist_is_wrong_use(opened):
    for wrong in (
        {"metric": "unheard_of"},
        {"metric": "referrals", "by": ("planet",)},
        {"metric": "referrals", "by": ("gender", "age_band", "service")},
        {"metric": "referrals", "by": ("gender", "gender")},
        {"metric": "referrals", "selection": Selection(service="nowhere")},
        {"metric": "referrals", "selection": Selection(commissioner="nobody")},
        {"metric": "referrals", "selection": Selection(period="1999-Q1")},
        {"metric": "referrals", "selection": Selection(cohort={"gender": "purple"})},
        {"metric": "referrals", "case_mix": True, "by": ("service",)},
        {"metric": "found_work", "case_mix": True},
    ):
        with pytest.raises(ValueError, match=r"\w"):
            opened.ask(**wrong)


def test_a_breakdown_that_is_no_list_is_told_how_to_be_written(opened):
    with pytest.raises(ValueError, match=r"write by=\('service',\)"):
        opened.ask("found_work", Selection(), by="service")
