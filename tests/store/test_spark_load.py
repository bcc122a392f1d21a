"""A load on Spark, its tasks run here in place of executors: what it makes is what a load makes, whatever fails or is done twice."""

import os
from contextlib import closing
from dataclasses import replace

import pyarrow
import pytest
import small
import spark_deliveries

from journeys.store import build, forgotten, published, spark, spark_load, spark_tasks
from journeys.store.folder import StoreError, copy_of, current_version, published_in
from journeys.store.opened import open_store
from journeys.store.publishing import publish
from journeys.store.work import LoadError

pytestmark = pytest.mark.slow
KEY = "a key for the tests of a load"
WANTED = build.Wanted(False, False, False, False, None, None, None)


@pytest.fixture
def mounted(tmp_path, monkeypatch):
    secret = tmp_path / "secret" / "store.key"
    secret.parent.mkdir()
    secret.write_text(KEY)
    secret.chmod(0o600)
    monkeypatch.setenv("JOURNEYS_KEY_FILE", str(secret))
    return secret


class Executors:
    """What Spark does with tasks: each for itself, and as often as a test wants."""

    def __init__(self, at):
        self.plans = []

    def run(self, work, seconds):
        return work(self)

    def range(self, start, end, step, partitions):
        assert (start, step, end) == (0, 1, partitions)
        self.numbers = range(end)
        return self

    def mapInArrow(self, task, schema):
        self.plans.append((task.args, schema))
        self.made = [batch for number in self.numbers for batch in self.attempts(task, number)]
        return self

    def attempts(self, task, number):
        return [*task(iter([pyarrow.RecordBatch.from_pydict({"id": [number]})]))]

    def toArrow(self):
        return pyarrow.Table.from_batches(self.made)

    def close(self):
        pass


@pytest.fixture
def executors(monkeypatch, mounted):
    def use(kind=Executors):
        made = []
        monkeypatch.setattr(spark, "Session", lambda at: made.append(kind(at)) or made[-1])
        return made

    return use


def load(deliveries, folder, wanted=WANTED, **other):
    return spark_load.load(spark.Place("sc://x:1", str(folder)), deliveries, wanted, **other)


LEFT = ["CURRENT", "LOADED-ON-SPARK", "load.lock", "work.lock"]


def left(folder):
    """What lies in the folder beside the versions."""
    return sorted(one.name for one in folder.iterdir() if not one.name.startswith("journeys-"))


class Twice(Executors):
    """The last step is done twice, and Spark takes what was said first."""

    def attempts(self, task, number):
        first = super().attempts(task, number)
        if task.args[0] is spark_tasks.put_together:
            super().attempts(task, number)
        return first


# --- the same as on one machine ---------------------------------------------------------------------------------------


def test_every_table_is_as_of_a_load_on_one_machine_though_the_last_task_is_done_twice(
    executors, tmp_path, monkeypatch
):
    used, told = executors(Twice), []
    # the same people in two services of one key; the third has nothing to do with them
    north, south = (small.whole(tmp_path / name, service_id=name, client_key="shared") for name in ("north", "south"))
    deliveries = [north, small.whole(tmp_path / "east", service_id="east"), south]
    done = load(deliveries, tmp_path / "folder", tell=told.append)
    assert done.is_done and [done.version] == published_in(tmp_path / "folder")
    with monkeypatch.context() as ordinary:
        ordinary.setenv("JOURNEYS_KEY", KEY)
        build.load(deliveries, tmp_path / "store")
    expected = spark_deliveries.contents(tmp_path / "store")
    assert spark_deliveries.contents(tmp_path / "folder") == expected
    assert len(expected) == 21 and any("'has_shared_key': True" in row for row in expected["service"])
    with closing(open_store(tmp_path / "folder")) as ours, closing(open_store(tmp_path / "store")) as theirs:
        assert dict(ours.loads[0].files) == dict(theirs.loads[0].files)
    assert told[0].count("No findings") + told[0].count("Nothing refused") == 2, "two parts: one of two deliveries"
    plans = repr(used[0].plans)
    assert KEY not in plans and "rows_read" in plans and "Nothing refused" not in plans, (
        "no key and no report is in a plan"
    )
    assert left(tmp_path / "folder") == LEFT


def test_what_has_a_service_or_a_key_in_common_is_one_group():
    def part(services="", keys=""):
        return {"services": services.split(), "keys": keys.split()}

    parts = [part("a", "k"), part("b"), part("c", "k"), part("d"), part("d e", "l"), part("f", "l")]
    assert spark_load.together(parts) == [[0, 2], [1], [3, 4, 5]]


# --- as a load --------------------------------------------------------------------------------------------------------


def test_services_that_are_not_delivered_stay_and_what_would_be_lost_stops(executors, tmp_path, monkeypatch):
    executors()
    folder = tmp_path / "folder"
    first = load([small.whole(tmp_path / "a"), small.whole(tmp_path / "b", service_id="south", prefix="q")], folder)
    fewer, asked, told = [small.whole(tmp_path / "c", 20)], [], []

    def ask(found):
        asked.append((current_version(folder), found.stops[0]))
        return True

    meant = load(fewer, folder, ask=ask, progress=lambda share, doing: told.append(share))
    assert meant.is_done and [version for version, _ in asked] == [first.version]
    assert "more than a tenth" in asked[0][1] and told == sorted(told)
    with closing(open_store(folder)) as store:
        shown = {row.labels["service"]: row.count for row in store.ask("referrals", by=("service",)).rows}
        assert shown == {"north": 20, "south": 40}
        assert [len(one.services) for one in store.loads] == [2, 1]
    again = load(fewer, folder)
    assert again.is_done and "Nothing to do" in again.note and again.version == meant.version
    with pytest.raises(LoadError, match="was loaded on Spark"):
        publish(folder, _store(tmp_path))
    with pytest.raises(LoadError, match="holds a store"):
        load(fewer, tmp_path / "store")
    _breaks_off(folder, fewer, monkeypatch)
    next(copy_of(folder, meant.version).glob("journey/*.parquet")).unlink()
    with pytest.raises(StoreError, match="load every delivery on Spark again"):
        load(fewer, folder)


def _store(tmp_path):
    build.load([tmp_path / "a"], tmp_path / "store")
    return tmp_path / "store"


def _breaks_off(folder, delivery, monkeypatch):
    """Half of what a task writes, then nothing more, however often it is tried."""
    before, write = {current_version(folder), *published_in(folder)}, published.copy

    def broken(held, database, version, place):
        write(held, database, version, place)
        next(place.glob("journey/*.parquet")).unlink()
        raise OSError(5, "Input/output error", "J-00000001.parquet")

    with monkeypatch.context() as patched:
        patched.setattr(published, "copy", broken)
        with pytest.raises(LoadError, match="failed on Spark") as stopped:
            load(delivery, folder)
    assert str(stopped.value.__cause__) == "OSError Input/output error", "without what it read: Spark writes it down"
    assert {current_version(folder), *published_in(folder)} == before
    assert left(folder) == LEFT


def test_what_is_refused_is_said_and_nothing_is_loaded(executors, tmp_path):
    executors()
    bad = small.whole(tmp_path / "bad")
    (bad / "journey.csv").write_text((bad / "journey.csv").read_text().replace("2022-01-05", "2052-01-05", 1))
    told = []
    done = load([small.whole(tmp_path / "good", service_id="south"), bad], tmp_path / "folder", tell=told.append)
    assert not done.is_done and done.version is None and "mend the findings" in done.note
    assert "2052-01-05" in told[0]
    assert left(tmp_path / "folder") == []
    with pytest.raises(ValueError, match="there is no delivery at"):
        load([tmp_path / "nowhere"], tmp_path / "folder")


def test_one_service_in_two_deliveries_is_joined_where_it_may_be(executors, tmp_path):
    executors()
    both = [small.whole(tmp_path / "a", 40), small.whole(tmp_path / "b", 30, first=30)]
    joined = load(both, tmp_path / "folder", replace(WANTED, latest_wins=True))
    assert joined.is_done and any("made one for north" in note for note in joined.comparison.notes)
    with closing(open_store(tmp_path / "folder")) as store:
        assert store.ask("referrals").rows[0].count == 60


def test_a_barrier_that_few_were_asked_about_in_each_delivery_is_named_where_they_are_enough_together(
    executors, tmp_path
):
    def asked(name, n):
        made = small.journeys(n, name, prefix=name)
        rows = [
            {"service_id": name, "journey_id": j["journey_id"], "measured_on": j["referred_on"], "tool": "mbat", "item": "transport", "score": 1}
            for j in made[:5]
        ]  # fmt: skip
        return small.write(
            tmp_path / name, service=[small.service(name, records_measures="yes")], journey=made, measure=rows
        )

    executors()
    load([asked("north", 30), asked("south", 30)], tmp_path / "folder")
    with closing(open_store(tmp_path / "folder")) as store:
        assert store.lists.barriers == ("transport",)


# --- the key ----------------------------------------------------------------------------------------------------------


def test_without_the_mounted_key_nothing_is_begun(executors, mounted, tmp_path, monkeypatch):
    executors()
    delivery = small.whole(tmp_path / "north")
    monkeypatch.setenv("JOURNEYS_KEY", KEY)
    with pytest.raises(LoadError, match="JOURNEYS_KEY is not taken there"):
        load([delivery], tmp_path / "folder")
    monkeypatch.delenv("JOURNEYS_KEY")
    mounted.chmod(0o644)
    with pytest.raises(ValueError, match="can be read by others"):
        load([delivery], tmp_path / "folder")
    mounted.unlink()
    with pytest.raises(ValueError, match=r"JOURNEYS_KEY_FILE names .* which is not there"):
        load([delivery], tmp_path / "folder")
    monkeypatch.delenv("JOURNEYS_KEY_FILE")
    with pytest.raises(LoadError, match="Mount the client key"):
        load([delivery], tmp_path / "folder")
    assert not (tmp_path / "folder").exists()
    assert not mounted.exists(), "no key is made by a task: people would be counted anew"


# --- the folder -------------------------------------------------------------------------------------------------------


def test_people_to_be_forgotten_are_left_out_with_the_versions_that_hold_them(executors, mounted, tmp_path):
    executors()
    folder, north = tmp_path / "folder", small.whole(tmp_path / "north")
    first = load([north, small.whole(tmp_path / "b", service_id="south")], folder)
    with closing(open_store(folder)) as store:
        someone = store._run("select client from journey where service_id = 'north' limit 1", {})[0]["client"]
    forgotten.write(folder, KEY, [someone])
    assert (mounted.parent / "store.forgotten").exists(), "the list lies beside the key"
    after = load([north], folder)
    assert published_in(folder) == [after.version] != [first.version]
    with closing(open_store(folder)) as store:
        assert store._run(f"select count(*) as n from journey where client = {someone}", {}) == [{"n": 0}]
    mounted.write_text("another key of some length")
    (mounted.parent / "store.forgotten").unlink()
    with pytest.raises(LoadError, match="client key differs"):
        load([north], folder)


def test_executors_with_another_version_of_the_program_are_refused(mounted, tmp_path):
    said = spark_tasks._safely(spark_tasks.begin, spark_tasks.Order(str(tmp_path), "run", WANTED, "another"))
    assert "another version" in said["at_fault"][1]


def test_what_killed_runs_left_is_swept_after_a_day(tmp_path):
    old, new = tmp_path / "run-old", tmp_path / "run-new"
    for place in (old, new):
        (place / "journeys-x").mkdir(parents=True)
    os.utime(old, (1, 1))
    spark_tasks.clean(spark_tasks.Order(str(tmp_path), "run-mine", WANTED, ""))
    assert not old.exists() and new.exists()
