"""A published version: the same answers as the store, nothing but its own files to be read, whole or not there."""

import os
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import small

from journeys import Selection
from journeys.store import build, leaving, versions
from journeys.store import published as published_version
from journeys.store.folder import StoreError, copy_of, current_version, published_in
from journeys.store.kept import KeptAnswers
from journeys.store.opened import open_store
from journeys.store.publishing import publish
from journeys.store.work import LoadError
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import BREAKDOWNS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def published(made, tmp_path_factory):
    place = tmp_path_factory.mktemp("published") / "copy"
    publish(place, made)
    return place


@pytest.fixture
def copy(published, tmp_path):
    """A copy of what was published, to damage."""
    return shutil.copytree(published, tmp_path / "copy")


@pytest.fixture
def store(store_of_north):
    """A store of one small service."""
    return store_of_north


# --- the same answers -------------------------------------------------------------------------------------------------


def rows_of(store, table):
    """Every row of a table, in no order."""
    return sorted(map(repr, store._run(f"select * from {table}", {})))


def test_every_table_is_as_in_the_store(made, published):
    with closing(open_store(made)) as store, closing(open_store(published)) as copy:
        tables = store._engine.columns()
        assert len(tables) > 15
        assert {name: tuple(columns) for name, columns in copy._engine.columns().items()} == {
            name: tuple(columns) for name, columns in tables.items()
        }
        assert [table for table in tables if rows_of(store, table) != rows_of(copy, table)] == []


@pytest.mark.slow
def test_every_metric_and_every_breakdown_answer_as_in_the_store(made, published):
    by = BREAKDOWNS
    with closing(open_store(made)) as store, closing(open_store(published)) as copy:
        for i, metric in enumerate(metrics.catalogue()):
            question = (metric, Selection(), (by[i % len(by)],))
            assert copy.ask(*question) == store.ask(*question), question
        assert i >= len(by)
        assert copy.ask("found_work", by=("service",), case_mix=True) == store.ask(
            "found_work", by=("service",), case_mix=True
        )
        assert copy.status() == store.status()
        assert (copy.lists, copy.changes, copy.loads) == (store.lists, store.changes, store.loads)


def test_released_answers_are_kept_beside_it(copy):
    with closing(open_store(copy)) as store:
        first = KeptAnswers(store).ask("referrals", Selection(), ())
        assert KeptAnswers(store).ask("referrals", Selection(), ()) == first
    assert len(list(copy.glob("answers-*/*.json"))) == 1


# --- closed -----------------------------------------------------------------------------------------------------------

FORBIDDEN = [
    "attach '{folder}/other.duckdb' as other",
    "copy journey to '{folder}/journeys.csv'",
    "copy journey to '{file}'",
    "select * from read_csv('{folder}/CURRENT')",
    "select * from read_parquet('{folder}/**/*.parquet')",
    "select * from glob('{folder}/*')",
    "set allowed_paths = ['/']",
    "set enable_external_access = true",
    "set memory_limit = '90GB'",
    "install httpfs",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_nothing_goes_out_or_in_through_the_connection(published, sql):
    before = {path: path.stat().st_mtime_ns for path in published.rglob("*.parquet")}
    file = next(iter(before))
    with closing(open_store(published)) as store, pytest.raises(duckdb.Error):
        store._engine.connection.execute(sql.format(folder=published, file=file)).fetchall()
    assert {path: path.stat().st_mtime_ns for path in published.rglob("*.parquet")} == before


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_it_is_for_its_owner_alone(published):
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (published, *published.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


# --- damaged ----------------------------------------------------------------------------------------------------------


def a_file(folder):
    return next(copy_of(folder, current_version(folder)).glob("journey/*.parquet"))


def manifest(folder):
    return copy_of(folder, current_version(folder)) / "manifest.json"


def file_gone(folder):
    a_file(folder).unlink()


def file_cut(folder):
    os.truncate(a_file(folder), 1_000)


def bytes_changed(folder):
    whole = a_file(folder).read_bytes()
    a_file(folder).write_bytes(whole[:2_000] + bytes(255 - byte for byte in whole[2_000:2_004]) + whole[2_004:])


def manifest_gone(folder):
    manifest(folder).unlink()


def manifest_cut(folder):
    os.truncate(manifest(folder), 100)


def manifest_of_another(folder):
    manifest(folder).write_text(manifest(folder).read_text().replace(current_version(folder), "000007-abcdef"))


def pointer_gone(folder):
    (folder / "CURRENT").unlink()


DAMAGES = [file_gone, file_cut, bytes_changed, manifest_gone, manifest_cut, manifest_of_another, pointer_gone]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
def test_what_is_damaged_is_not_answered_from_and_is_mended_by_publishing_again(copy, made, damage):
    damage(copy)
    with pytest.raises(StoreError, match=r"publish it again with `python -m journeys publish --to") as bad:
        open_store(copy)
    assert bad.value.kind == "damaged"
    assert "\n" not in str(bad.value)
    publish(copy, made)
    with closing(open_store(copy)) as store:
        assert store.ask("referrals").rows[0].count == 1_500


def test_another_layout_says_so(copy):
    manifest(copy).write_text(manifest(copy).read_text().replace('"layout": "1"', '"layout": "99"'))
    with pytest.raises(StoreError, match="layout 99, this program reads 1") as other:
        open_store(copy)
    assert other.value.kind == "other_version"


# --- versions ---------------------------------------------------------------------------------------------------------


def more(store, tmp_path, n):
    build.load([small.whole(tmp_path / f"north {n}", n)], store, is_meant=True)


def journeys(folder):
    with closing(open_store(folder)) as found:
        return found.version, found.ask("referrals").rows[0].count


def test_it_follows_loads_and_rollbacks_of_the_store(store, tmp_path):
    to = tmp_path / "copy"
    first = publish(to, store)
    more(store, tmp_path, 60)
    assert journeys(to) == (first, 40)
    second = publish(to, store)
    assert journeys(to) == (second, 60)
    written = copy_of(to, first).stat().st_ino
    versions.rollback(store)
    assert publish(to, store) == first
    assert journeys(to) == (first, 40)
    assert copy_of(to, first).stat().st_ino == written  # it was there: only the pointer moved
    assert published_in(to) == [first, second]


def test_people_who_were_forgotten_are_no_longer_published(store, tmp_path):
    to = tmp_path / "copy"
    publish(to, store)
    refs = tmp_path / "refs.csv"
    refs.write_text("client_ref,service_id\np3,north\n", encoding="utf-8")
    leaving.forget(refs, store)
    with closing(open_store(to)) as reading:
        after = publish(to, store)
        with pytest.raises(StoreError, match="reload the page") as moved:
            reading.ask("referrals")
    assert moved.value.kind == "moved" and published_in(to) == [after]


def n_rows(folder):
    with closing(open_store(folder)) as found:
        return found._run("select count(*) as n from journey", {})[0]["n"]


def list_of(place, ref):
    (place / "refs.csv").write_text(f"client_ref,service_id\n{ref},north\n", encoding="utf-8")
    return place / "refs.csv"


def test_a_version_that_must_go_is_not_pointed_to(store, tmp_path):
    """`forget` was killed when it had marked the version and not yet made the next: publishing said that it was done, and nothing was there."""
    to = tmp_path / "copy"
    versions.mark(store, [current_version(store)])
    with pytest.raises(LoadError, match=r"`forget` was stopped before it was done: say it again with the same list"):
        publish(to, store)
    assert not to.exists()
    leaving.forget(list_of(tmp_path, "p3"), store)  # as the message says
    publish(to, store)
    assert n_rows(to) == 39


def test_what_is_pointed_to_stays_where_nothing_takes_its_place(store, tmp_path):
    to = tmp_path / "copy"
    publish(to, store)
    before = journeys(to)
    versions.mark(store, [current_version(store)])
    with pytest.raises(LoadError, match="holds people who are to be forgotten"):
        publish(to, store)
    assert journeys(to) == before


@pytest.mark.parametrize("is_first", [True, False])
def test_a_version_that_leaves_while_it_is_published_is_not_pointed_to(store, tmp_path, monkeypatch, is_first):
    to, before = tmp_path / "copy", None
    if not is_first:
        publish(to, store)
        before = journeys(to)
        more(store, tmp_path, 60)
    write = published_version.put

    def put(*given):
        write(*given)
        leaving.forget(list_of(tmp_path, "p3"), store)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(published_version, "put", put)
        with pytest.raises(LoadError, match=r"left the store .* publish again"):
            publish(to, store)
    assert published_in(to) == ([] if is_first else [before[0]])
    if not is_first:
        assert journeys(to) == before
    publish(to, store)
    assert n_rows(to) == (39 if is_first else 59)


def test_nobody_is_forgotten_between_the_look_at_a_version_and_the_pointer(store, tmp_path, monkeypatch):
    to, point = tmp_path / "copy", versions.point

    def pointed_while_another_waits(folder, version):
        with pytest.raises(LoadError, match="Another load"):
            leaving.forget(list_of(tmp_path, "p3"), store, wait_seconds=0)
        point(folder, version)

    monkeypatch.setattr("journeys.store.publishing.point", pointed_while_another_waits)
    assert (publish(to, store), 40) == journeys(to)


def test_a_folder_in_which_nothing_is_left_says_how_it_is_mended(store, tmp_path):
    to = tmp_path / "copy"
    shutil.rmtree(copy_of(to, publish(to, store)))
    with pytest.raises(StoreError, match=r"publish it again with `python -m journeys publish --to") as empty:
        open_store(to)
    assert "rollback" not in str(empty.value)
    assert (publish(to, store), 40) == journeys(to)


def test_a_store_and_what_is_published_are_never_in_one_folder(store, tmp_path):
    to, version = tmp_path / "copy", current_version(store)
    publish(to, store)
    with pytest.raises(LoadError, match="holds a store"):
        publish(store, store)
    with pytest.raises(LoadError, match="holds what was published of a store"):
        versions.rollback(to)
    with pytest.raises(LoadError, match="holds what was published of a store"):
        more(to, tmp_path, 50)
    assert current_version(store) == current_version(to) == version
    assert published_in(store) == []


def test_what_cannot_be_read_is_not_published(store, tmp_path):
    to = tmp_path / "copy"
    with closing(duckdb.connect(str(next(store.glob("*.duckdb"))))) as writing:
        writing.execute("update about set value = '999' where name = 'schema'")
    with pytest.raises(StoreError, match="layout 999"):
        publish(to, store)
    assert not to.exists()


def pointed(folder):
    return current_version(folder) if (folder / "CURRENT").is_file() else None


COPIED_AT_EACH_STEP = """
import shutil, sys
from pathlib import Path
from journeys.store.publishing import publish
store, to, copies = map(Path, sys.argv[1:])
is_copying, steps = False, 0
def copy(event, given):
    global is_copying, steps
    is_step = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "open")
    if not is_copying and is_step and str(given[0]).startswith(str(to)):
        is_copying = True
        shutil.copytree(to, copies / f"{steps:03}") if to.exists() else None
        is_copying, steps = False, steps + 1
sys.addaudithook(copy)
publish(to, store)
"""


@pytest.mark.parametrize("is_first", [True, False])
def test_killed_before_any_of_its_steps_it_leaves_the_version_before_whole(store, tmp_path, is_first):
    to, copies, known = tmp_path / "copy", tmp_path / "copies", {None}
    if not is_first:
        publish(to, store)
        known = {journeys(to)}
        more(store, tmp_path, 60)
    copies.mkdir()
    subprocess.run([sys.executable, "-c", COPIED_AT_EACH_STEP, store, to, copies], cwd=ROOT, check=True)
    known.add(journeys(to))
    left = sorted(copies.iterdir())
    different = {
        frozenset(file.relative_to(one) for file in one.glob("[!w]*/**/*")) | {pointed(one)}: one for one in left
    }
    assert len(left) > 20
    seen = {journeys(one) if pointed(one) else None for one in different.values()}
    assert seen == known, "before or after, and nothing between"
    for one in (left[len(left) // 2], left[-1]):  # the next tidies up
        publish(one, store)
        assert journeys(one) == journeys(to)
        assert list(one.glob("work-*")) == []
        assert sorted(published_in(one)) == sorted(published_in(to))


def test_a_full_disk_leaves_it_as_it_was(store, tmp_path):
    resource = pytest.importorskip("resource")
    to = tmp_path / "copy"
    publish(to, store)
    before = journeys(to)
    more(store, tmp_path, 60)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limits[1]))
    try:
        with pytest.raises(LoadError, match="full"):
            publish(to, store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert journeys(to) == before
    assert list(to.glob("work-*")) == []
