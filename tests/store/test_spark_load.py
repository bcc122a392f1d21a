"""A load on Spark, its tasks run here in place of executors: what it makes is what a load makes, whatever fails or is done twice."""

import os
import shutil
from contextlib import closing, suppress
from dataclasses import replace

import pyarrow
import pytest
import small
import spark_deliveries

from journeys import Selection
from journeys.store import build, published, spark, spark_leaving, spark_load, spark_tasks, versions
from journeys.store.folder import StoreError, answers_of, copy_of, current_version, published_in
from journeys.store.kept import KeptAnswers
from journeys.store.opened import open_store
from journeys.store.publishing import publish
from journeys.store.work import LoadError

pytestmark = pytest.mark.slow
KEY = "a key for the tests of a load"
WANTED = build.Wanted(False, False, False, False, None, None, None)


@pytest.fixture
def mounted(tmp_path, monkeypatch):
    secret = a_key(tmp_path)
    monkeypatch.setenv("JOURNEYS_KEY_FILE", str(secret))
    return secret


def a_key(place):
    secret = place / "secret" / "store.key"
    secret.parent.mkdir()
    secret.write_text(KEY)
    secret.chmod(0o600)
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
    return sorted(one.name for one in folder.iterdir() if not one.name.startswith(("journeys-", "answers-")))


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
    assert len(expected) == 23 and any("'has_shared_key': True" in row for row in expected["service"])
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
    return _store_of(tmp_path / "a")


def _store_of(delivery):
    build.load([delivery], delivery.parent / "store")
    return delivery.parent / "store"


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


# --- what leaves, and going back --------------------------------------------------------------------------------------


class Again(Executors):
    """Each task of leaving is done twice: nobody hears what the first try says, or it dies on the way."""

    def attempts(self, task, number):
        if task.args[0].__module__ != spark_leaving.__name__:
            return super().attempts(task, number)
        with suppress(spark_tasks.TaskError):
            super().attempts(task, number)
        return super().attempts(task, number)


@pytest.fixture(scope="module")
def loaded_twice(tmp_path_factory):
    """A folder of two versions, both with p3, who is in two services of one key; p44 came with the second. Answers were kept of both."""
    place, shared = tmp_path_factory.mktemp("twice"), {"client_key": "shared"}
    south = small.whole(place / "south", 20, "south", **shared)
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        settings.setenv("JOURNEYS_KEY_FILE", str(a_key(place)))
        settings.setattr(spark, "Session", Executors)
        for name, n in (("north", 40), ("more", 45)):
            load([small.whole(place / name, n, **shared), south], place / "folder")
            with closing(open_store(place / "folder")) as store:
                KeptAnswers(store).ask("referrals", Selection(), ("service",))
                answers_of(place / "local", store.version).mkdir(parents=True)  # of a dashboard that asks Spark
    return place


@pytest.fixture
def two(loaded_twice, executors, tmp_path, monkeypatch):
    """That folder, to change, where every task of leaving is done twice."""
    executors(Again)
    shutil.copytree(loaded_twice, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("JOURNEYS_STORE", str(tmp_path / "local"))
    return tmp_path / "folder"


def at(folder):
    return spark.Place("sc://x:1", str(folder))


def forget(folder, *refs, forget=spark_leaving.forget):
    file = folder.parent / "refs.csv"
    file.write_text("\n".join(["client_key,client_ref", *(f"shared,{ref}" for ref in refs)]) + "\n", encoding="utf-8")
    return forget(at(folder), file)


def counts(folder):
    with closing(open_store(folder)) as store:
        found = store._run("select service_id, count(*) as n from journey group by all order by all", {})
        return {row["service_id"]: row["n"] for row in found}


def answers_in(place):
    return sorted(one.name.removeprefix("answers-") for one in place.glob("answers-*"))


def test_who_is_forgotten_is_in_no_file_of_any_version_nor_in_answers_of_before(two, tmp_path):
    assert len(spark_deliveries.holding(two, KEY, "shared", None, "p3")) > 4
    said = forget(two, "p3")
    assert "when this task was first tried" in said and "p3" not in said
    assert spark_deliveries.holding(two, KEY, "shared", None, "p3") == []
    assert counts(two) == {"north": 44, "south": 19}
    assert published_in(two) == [current_version(two)]
    assert answers_in(two) == answers_in(tmp_path / "local") == []
    assert left(two) == LEFT
    with pytest.raises(StoreError, match="no earlier version"):
        spark_leaving.rollback(at(two))
    after = load([tmp_path / "more"], two)
    assert after.comparison.notes == ("1 journey of people who are to be forgotten was left out",)
    assert counts(two) == {"north": 44, "south": 19}
    assert spark_deliveries.holding(two, KEY, "shared", None, "p3") == []
    assert (tmp_path / "folder.forgotten").stat().st_mode & 0o077 == 0
    assert forget(two, "p3", forget=spark_leaving.undo).endswith("Load their deliveries again to have them back.")
    assert counts(two)["north"] == 44
    load([tmp_path / "more"], two)
    assert counts(two)["north"] == 45


def test_a_list_that_was_kept_when_the_folder_went_holds_for_the_first_load_into_a_new_one(two, tmp_path):
    forget(two, "p3")
    two.rename(tmp_path / "away")
    load([tmp_path / "more"], two)
    assert counts(two)["north"] == 44
    assert spark_deliveries.holding(two, KEY, "shared", None, "p3") == []


def test_a_version_without_them_stays_and_is_gone_back_to_once(two, tmp_path):
    first, second = published_in(two)
    forget(two, "p44")
    third = current_version(two)
    assert published_in(two) == [first, third] and answers_in(two) == [first]
    assert spark_deliveries.holding(two, KEY, "shared", None, "p44") == []
    (tmp_path / "secret" / "store.key").write_text("another key of some length")
    for leave in (lambda: forget(two, "p5"), lambda: spark_leaving.remove(at(two), ["south"])):
        with pytest.raises(LoadError, match="client key differs"):
            leave()
    assert current_version(two) == third != second


def test_a_service_that_is_removed_is_in_no_file_of_the_version_and_rollback_brings_it_back_once(two, tmp_path):
    first, second = published_in(two)
    said = spark_leaving.remove(at(two), ["south"])
    third = current_version(two)
    assert said.startswith(f"Removed south: version {third} is without") and published_in(two) == [first, second, third]
    assert spark_deliveries.naming(copy_of(two, third), "south") == set()
    assert "journey" in spark_deliveries.naming(copy_of(two, second), "south")
    assert counts(two) == {"north": 45} and answers_in(tmp_path / "local") == []
    with pytest.raises(ValueError, match="no service west; it has north"):
        spark_leaving.remove(at(two), ["west"])
    with pytest.raises(LoadError, match="No service would be left"):
        spark_leaving.remove(at(two), ["north"])
    assert spark_leaving.rollback(at(two)) == current_version(two) == second
    assert counts(two) == {"north": 45, "south": 20}
    load([small.whole(tmp_path / "other", 60, client_key="shared")], two)
    assert published_in(two)[:2] == [first, second] and third not in published_in(two)
    assert answers_in(two)[:2] == [first, second] and third not in answers_in(two)


@pytest.mark.parametrize("step", ["copy", "put", "point"])
def test_a_task_that_dies_on_the_way_is_done_by_the_next(two, monkeypatch, step):
    """Half of a version is written; or all of it, and it has its place; or everything but the pointer."""
    module, before = (versions if step == "point" else published), published_in(two)
    work, tried = getattr(module, step), []

    def dying(*given):
        if step != "point":
            work(*given)
        tried.append(current_version(two))
        if len(tried) == 1:
            raise MemoryError
        return work(*given) if step == "point" else None

    monkeypatch.setattr(module, step, dying)
    assert spark_leaving.remove(at(two), ["south"]).startswith(f"Removed south: version {current_version(two)}")
    assert tried == [before[-1]] * 2
    assert published_in(two) == [*before, current_version(two)] and left(two)[-4:] == LEFT
    assert counts(two) == {"north": 45}


def test_another_change_between_stops_going_back(two):
    first, second = published_in(two)
    with pytest.raises(LoadError, match="Another change of the folder came between"):
        spark_leaving._rollback(spark_leaving.Order(str(two), "", since=first))
    assert current_version(two) == second


def test_a_damaged_folder_is_gone_back_from_and_a_published_one_is_published_again(two, tmp_path):
    second = published_in(two)[-1]
    (two / "CURRENT").write_text("../elsewhere")
    with pytest.raises(StoreError, match="go back to the version before with"):
        spark_leaving.remove(at(two), ["south"])
    assert spark_leaving.rollback(at(two)) == second, "the newest that opens, and no further though it is done twice"
    publish(tmp_path / "copy", _store_of(tmp_path / "north"))
    with pytest.raises(LoadError, match="name the store with --store, and publish it again"):
        spark_leaving.remove(at(tmp_path / "copy"), ["north"])


# --- the folder -------------------------------------------------------------------------------------------------------


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
