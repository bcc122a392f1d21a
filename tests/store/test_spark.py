"""Spark as what answers: the same answers as DuckDB, cell by cell, and words for whatever a server can do."""

import os
import shutil
import sys
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import spark_deliveries
import spark_server

from journeys import Selection
from journeys.__main__ import main
from journeys.answer.exact import Reading
from journeys.answer.query import CLIENTS_BY_CELL
from journeys.answer.question import Question
from journeys.sample import lives
from journeys.store import build, spark, spark_leaving, spark_tasks
from journeys.store.folder import StoreError, copy_of, current_version, published_in
from journeys.store.kept import KeptAnswers
from journeys.store.opened import open_store
from journeys.store.publishing import publish
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import BREAKDOWNS

# --- without a server -------------------------------------------------------------------------------------------------


def test_the_one_text_becomes_sparks():
    one = "with a as not materialized (select unnest(split($axis_0::string, chr(30))) as line), b as materialized (select 1)"
    assert spark.in_sparks_words(one) == (
        "with a as (select explode(split(:axis_0::string, chr(30))) as line), b as (select 1)"
    )


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"JOURNEYS_ENGINE": "oracle"}, "can be duckdb or spark"), ({"JOURNEYS_ENGINE": "spark"}, "needs JOURNEYS_SPARK"),
     ({"JOURNEYS_ENGINE": "spark", "JOURNEYS_SPARK": "http://x", "JOURNEYS_TABLES": "/x"}, "sc://"),
     ({"JOURNEYS_ENGINE": "spark", "JOURNEYS_SPARK": "sc://x:1"}, "JOURNEYS_TABLES")],
)  # fmt: skip
def test_settings_that_are_half_said_are_said(monkeypatch, settings, words):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=words):
        open_store()


def test_duckdb_stays_the_default(monkeypatch):
    monkeypatch.setenv("JOURNEYS_SPARK", "sc://x:1")
    assert spark.place() is None


def test_the_token_of_an_address_is_never_said():
    at = spark.Place("sc://lake.example:443/;token=secret;use_ssl=true", "/tables")
    assert "secret" not in f"{at} {at.name}"
    assert at.name == "lake.example:443"


# --- with a real one --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    pytest.importorskip("pyspark")
    if spark_server.home() is None:
        pytest.skip("no Java or no pyspark in .venv/spark: .ci/run installs them")
    made = spark_server.Server(tmp_path_factory.mktemp("server"))
    with pytest.MonkeyPatch.context() as settings:
        # the client takes a program that has no file for its own doctests, and the workers of a test run have none
        settings.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
        made.start()
        yield made
        made.stop()


COUNT = "select count(*) as n from journey"  # what an engine is asked: a store remembers rows


def ask_on(settings, at, local):
    for name, value in (("ENGINE", "spark"), ("SPARK", at.server), ("TABLES", at.tables), ("STORE", str(local))):
        settings.setenv(f"JOURNEYS_{name}", value)


# Executors take as much memory as the rest: they come first, while this process and the server are small.


@pytest.fixture(scope="module")
def loaded(server, tmp_path_factory):
    """Three deliveries, loaded. The first tries of two tasks break off when their part is written: one dies, one raises. A third is done twice."""
    place = tmp_path_factory.mktemp("loaded")
    deliveries = spark_deliveries.three(place)
    work_out = spark_tasks.work_out

    def breaking(order):
        name = Path(order.deliveries[-1]).name
        said = work_out(order)
        if name != "third" and not (tried := Path(order.to).parent / f"tried-{name}").exists():
            tried.touch()
            os._exit(9) if name == "first" else os.listdir("/J-00000001")
        return said if name != "third" else work_out(order)

    with pytest.MonkeyPatch.context() as settings:
        settings.setattr(spark_tasks, "work_out", breaking)
        on_spark(settings, server, place)
        assert main(["load", *map(str, deliveries)]) == 0
    assert {file.name for file in place.glob("tried-*")} == {"tried-first", "tried-second"}
    return place


def on_spark(settings, server, place):
    """Commands of this process, one after another, are one session: Spark starts Python anew for each."""
    ask_on(settings, spark.Place(server.address, str(place / "folder")), place / "local")
    settings.setattr(spark, "Session", lambda at, *prepare: SESSION(at, *prepare) if prepare else of_commands(at))


SESSION = spark.Session


@cache
def of_commands(at):
    session = SESSION(at)
    session.close = lambda: None
    return session


def logged(server):
    """What Spark wrote down of its plans and tasks."""
    return "".join(file.read_text() for file in server.events.rglob("*") if file.is_file())


@pytest.mark.spark
def test_a_load_in_executors_is_the_load_of_one_machine_though_tasks_fail(server, loaded, tmp_path, monkeypatch):
    monkeypatch.setenv("JOURNEYS_KEY_FILE", str(server.key))
    build.load([loaded / name for name in ("first", "second", "third")], tmp_path / "store")
    assert spark_deliveries.contents(loaded / "folder") == spark_deliveries.contents(tmp_path / "store")
    assert list((loaded / "folder").glob("run-*")) == []
    assert "MapInArrow" in logged(server)
    assert "J-0000" not in logged(server) and server.key.read_text() not in logged(server)


@pytest.mark.spark
def test_who_and_what_leaves_is_in_no_file_though_tasks_die_when_they_have_done_it(server, loaded, monkeypatch, capsys):
    folder, tried = loaded / "folder", []

    def dying(name):
        work = getattr(spark_leaving, name)

        def once(order):
            said = work(order)
            if not (mark := Path(order.to).parent / f"tried{name}").exists():
                mark.touch()
                os._exit(9)
            return said

        monkeypatch.setattr(spark_leaving, name, once)
        tried.append(loaded / f"tried{name}")

    on_spark(monkeypatch, server, loaded)
    monkeypatch.setattr(spark, "SECONDS_CURRENT", -1.0)  # that an older version is believed to be current
    person, others = spark_deliveries.somebody(loaded / "first"), spark_deliveries.services(loaded / "third")
    with (loaded / "refs.csv").open("w") as refs:
        refs.write("client_key,service_id,client_ref\n" + ",".join(person) + "\n")
    assert spark_deliveries.holding(folder, server.key.read_text(), *person)
    dying("_forget")
    with closing(open_store()) as reading:
        assert reading.version == current_version(folder)
        assert reading._run(COUNT, {}) == [{"n": 600}]
        assert main(["forget", str(loaded / "refs.csv")]) == 0
        with pytest.raises(StoreError, match="reload the page"):
            reading._run("select count(*) as n from journey where client > 0", {})
    assert "when this task was first tried" in capsys.readouterr().out
    assert spark_deliveries.holding(folder, server.key.read_text(), *person) == []
    assert published_in(folder) == [forgotten := current_version(folder)]
    assert main(["remove", *others]) == 0
    assert spark_deliveries.naming(copy_of(folder, current_version(folder)), others[0]) == set()
    dying("_rollback")
    assert main(["rollback"]) == 0
    assert current_version(folder) == forgotten and all(mark.exists() for mark in tried)
    assert person[-1] not in logged(server)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    place = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([lives.write(place / "delivery", journeys=1_500, services=4)], place / "store")
    publish(place / "copy", place / "store")
    return place / "copy"


@pytest.fixture(scope="module")
def place(server, published):
    return spark.Place(server.address, str(published))


@pytest.fixture(scope="module")
def opened(place, tmp_path_factory):
    with pytest.MonkeyPatch.context() as settings:
        ask_on(settings, place, tmp_path_factory.mktemp("local"))
        with closing(open_store()) as store:
            yield store


HALF = len(BREAKDOWNS) // 2


@pytest.mark.spark
def test_every_breakdown_is_the_same_cell_by_cell(opened, published):
    """Whole questions, with what the guard asks: a metric for each two breakdowns, and one with case mix."""
    with closing(open_store(published)) as duck:
        assert (opened.lists, opened.changes, opened.loads) == (duck.lists, duck.changes, duck.loads)
        found = []
        for metric, *by in zip(metrics.catalogue(), BREAKDOWNS[:HALF], BREAKDOWNS[HALF:], strict=False):
            found.append(opened.ask(metric, Selection(), by))
            assert found[-1] == duck.ask(metric, Selection(), by), (metric, by)
        assert sum(any(row.state == "hidden" for row in answer.rows) for answer in found) > 5, "the guard had to do"
        assert sum(any(answer.left_out.values()) for answer in found) > 5
        narrow = Selection(period="2024/25", cohort={"gender": "female"}, base="working_age")
        question = ("found_work", narrow, ("service",))
        assert opened.ask(*question, case_mix=True) == duck.ask(*question, case_mix=True)


@pytest.mark.spark
def test_every_metric_gives_the_same_rows(opened, published):
    """The others by the one query that counts, exact: what is made of its rows is the same for every engine."""
    with closing(open_store(published)) as duck:
        asked, n_rows = [], 0
        run, table = duck._engine.rows, duck._engine.table
        duck._engine.rows = lambda text, values, seconds: asked.append((text, values)) or run(text, values, seconds)
        duck._engine.table = lambda text, values, seconds: asked.append((text, values)) or table(text, values, seconds)
        for number, metric in enumerate([*metrics.catalogue()][HALF:]):
            asked.clear()
            duck.ask(metric, Selection(), (BREAKDOWNS[number % len(BREAKDOWNS)],))
            text, values = max(asked, key=lambda one: len(one[0]))
            rows = exact(run(text, values, 60))
            n_rows += len(rows)
            assert exact(opened._engine.rows(text, values, 60)) == rows, metric
    assert number > 2 * HALF and n_rows > 1_000


# a metric of each shape, and one whose parts have one denominator
OF_EACH_SHAPE = ("referrals", "found_work", "referral_reasons", "time_to_work", "wellbeing_change")


@pytest.mark.spark
@pytest.mark.parametrize("slug", OF_EACH_SHAPE)
def test_the_same_people_stand_behind_every_count(opened, published, slug):
    """Counted where rows leave a doubt alone, which few questions do: here of every cell, and of every wider one, beside two choices of people."""
    with closing(open_store(published)) as duck:
        chosen = Selection(cohort={"gender": "female", "long_term_conditions": "1"})
        reading = Reading(duck._source, Question(metrics.get(slug), chosen, ("age_band",), duck.lists))
        metric, shape, rows, blocks = reading.metric, reading.shape, reading.rows, reading.blocks
        own = () if metric.shape == "waiting" else metric.labels
        held = {block: blocks.holding(block) for block in range(blocks.n)}
        for text, values in (
            rows.select(metric.sql),
            rows.select(shape.people(metric, slug == "referral_reasons"), CLIENTS_BY_CELL, reading._numbers(range(len(blocks.cells)))),
            rows.people(metric.sql, own, shape.AMOUNT, held),
        ):  # fmt: skip
            found = exact(duck._engine.rows(text, values, 60))
            assert exact(opened._engine.rows(text, values, 60)) == found
        assert len(found) > len(blocks.cells)


def exact(rows):
    """Rows in no order; the last digits of sums of fractions depend on it."""
    told = [
        {name: round(value, 9) if isinstance(value, float) else value for name, value in row.items()} for row in rows
    ]
    return sorted(map(repr, told))


@pytest.mark.spark
def test_a_question_that_takes_too_long_is_stopped_and_the_next_is_answered(opened):
    endless = "select sum(a.id * b.id) as n from range(10000000) as a cross join range(10000000) as b"
    with pytest.raises(StoreError, match="takes more than 1") as slow:
        opened._engine.rows(endless, {}, 1)
    assert slow.value.kind == "slow"
    assert opened._engine.rows(COUNT, {}, 60) == [{"n": 1_500}]


@pytest.mark.spark
def test_a_damaged_or_other_folder_says_so(place, published, tmp_path):
    version = current_version(published)

    def refused(damage):
        copy = shutil.copytree(published, tmp_path / damage.__name__)
        damage(copy)
        with pytest.raises(StoreError) as error:
            spark.Spark(replace(place, tables=str(copy)), spark.current(replace(place, tables=str(copy)))).columns()
        return error.value.kind

    def file_gone(copy):
        next(copy_of(copy, version).glob("journey/*.parquet")).unlink()

    def pointer_wrong(copy):
        (copy / "CURRENT").write_text("../elsewhere")

    def pointer_gone(copy):
        (copy / "CURRENT").unlink()

    def other_layout(copy):
        manifest = copy_of(copy, version) / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"layout": "1"', '"layout": "99"'))

    kinds = [refused(damage) for damage in (file_gone, pointer_wrong, pointer_gone, other_layout)]
    assert kinds == ["damaged", "damaged", "damaged", "other_version"]


@pytest.mark.spark
def test_a_server_that_went_away_says_so_and_a_restart_is_not_noticed(opened, server, place):
    """The last test of the server: it stops it."""
    assert opened._engine.rows(COUNT, {}, 60) == [{"n": 1_500}]
    kept = KeptAnswers(opened)
    shown = kept.ask("referrals", Selection(), ())
    with closing(spark.Session(place)) as other:
        assert other.run(one, 60) == 1
        server.stop()
        assert kept.ask("referrals", Selection(), ()) == shown, "released answers outlive the server"
        with pytest.raises(StoreError, match=r"127.0.0.1:\d+ does not answer") as away:
            other.run(one, 60)
        assert away.value.kind == "away"
        server.start()
        assert opened._engine.rows(COUNT, {}, 60) == [{"n": 1_500}], (
            "nobody asked meanwhile: its session was lost without a word"
        )
        assert other.run(one, 60) == 1, "it was away, and is there again"


def one(session):
    return session.sql("select 1 as n").toArrow().column(0)[0].as_py()
