"""Loading: nothing wrong gets in, nothing is lost, and whatever happens on the way the old version stays whole and current."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random

import duckdb
import generate
import pytest
from filelock import FileLock

from journeys.store import build, client_key, tables, versions
from journeys.store.folder import StoreError, current_version, versions_in
from journeys.store.opened import open_store
from journeys.vocabulary.selection import Selection

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("service-1", "service-2", "service-3")
ASKED = [
    ("referrals", ("service",)), ("people_referred", ()), ("found_work", ("service",)), ("goals_set", ("quarter",)),
    ("wellbeing_change", ()), ("contacts", ("service", "financial_year")),
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    for name in ("JOURNEYS_KEY", "JOURNEYS_STORE"):
        monkeypatch.delenv(name, raising=False)


# --- deliveries -------------------------------------------------------------------------------------------------------


def whole(seed=5, journeys=240):
    """Three services that share one client key."""
    made = generate.delivery(seed, journeys=journeys, services=3, commissioners=2, recording="all", months=27)
    for service in made["service"]:
        service["client_key"] = "shared-key"
    return made


def of(delivery, *services):
    """The part of a delivery that is about some services."""
    return {table: [row for row in rows if row["service_id"] in services] for table, rows in delivery.items()}


def without_every_third(delivery):
    """The same services with fewer journeys, as a later delivery might correct them."""
    gone = {row["journey_id"] for row in delivery["journey"][::3]}
    return {t: [row for row in rows if row.get("journey_id") not in gone] for t, rows in delivery.items()}


def with_a_bad_journey(delivery):
    bad = delivery["journey"][0] | {"referral_source": "the moon"}
    return delivery | {"journey": [bad, *delivery["journey"][1:]]}


def n_journeys(delivery):
    return {s: sum(row["service_id"] == s for row in delivery["journey"]) for s in SERVICES}


def n_people(delivery):
    return len({row["client_ref"] for row in delivery["journey"]})


# --- stores -----------------------------------------------------------------------------------------------------------


def referrals(store):
    return {row.labels["service"]: row.count for row in store.ask("referrals", by=("service",)).rows}


def answers(folder):
    """What a store says, to compare it with another."""
    with closing(open_store(folder)) as store:
        return [store.ask(metric, Selection(), by).to_json() for metric, by in ASKED]


def debris(folder):
    """Everything in and beside a store that does not belong there."""
    kept = {"CURRENT", "load.lock", "work.lock", *(f"journeys-{version}.duckdb" for version in versions_in(folder))}
    inside = {path.name for path in folder.iterdir()} - kept
    beside = {path.name for path in folder.parent.iterdir() if path.name.startswith(f"{folder.name}.")}
    return inside | (beside - {f"{folder.name}.key"})


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A store of two loads, each with k 5 and no rounding: three services, then the second of them again. The folder has an apostrophe."""
    place = tmp_path_factory.mktemp("loads") / "the board's"
    made = whole()
    first, again = made, without_every_third(of(made, "service-2"))
    generate.write(first, place / "first")
    generate.write(again, place / "again")
    shares = []
    build.load([place / "first"], place / "store", k=5, base=1, progress=lambda share, doing: shares.append(share))
    before = open_store(place / "store")
    loaded = build.load([place / "again"], place / "store", is_meant=True)
    yield {"place": place, "first": first, "again": again, "before": before, "loaded": loaded, "shares": shares}
    before.close()


@pytest.fixture
def store(history, tmp_path):
    """A copy of that store to change, with its key."""
    shutil.copytree(history["place"] / "store", tmp_path / "store")
    shutil.copy(history["place"] / "store.key", tmp_path / "store.key")
    return tmp_path / "store"


def test_a_delivery_replaces_its_services_and_leaves_the_others(history):
    with closing(open_store(history["place"] / "store")) as now:
        expected = n_journeys(history["first"]) | {"service-2": n_journeys(history["again"])["service-2"]}
        assert referrals(now) == expected
        assert expected["service-2"] < n_journeys(history["first"])["service-2"]


def test_the_services_that_were_left_answer_as_before(history):
    before = history["before"]
    with closing(open_store(history["place"] / "store")) as now:
        for metric in ("referrals", "found_work", "goals_set", "contacts", "wellbeing_change"):
            selection = Selection(service="service-3", period="2023/24")
            assert now.ask(metric, selection).rows == before.ask(metric, selection).rows


def test_a_person_of_two_services_is_one_person_across_loads(history):
    first, again = of(history["first"], "service-1", "service-3"), history["again"]
    together = {"journey": first["journey"] + again["journey"]}
    assert n_people(together) < n_people(first) + n_people(again)
    with closing(open_store(history["place"] / "store")) as now:
        assert now.ask("people_referred").rows[0].count == n_people(together)


def test_a_running_store_keeps_answering_after_a_load(history):
    assert not history["before"].is_current
    assert referrals(history["before"]) == n_journeys(history["first"])


def test_the_disclosure_rule_is_stamped_and_kept(history):
    with closing(open_store(history["place"] / "store")) as now:
        assert (now.rule.k, now.rule.base) == (5, 1)
        assert now.ask("referrals").disclosure == {"k": 5, "base": 1}


def test_nothing_is_left_lying_about(history):
    assert debris(history["place"] / "store") == set()


def test_progress_rises_to_the_end(history):
    shares = history["shares"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len([share for share in shares if share > build.SHARE_OF_INTAKE]) > 5


def test_the_load_history_is_in_the_store(history):
    with closing(open_store(history["place"] / "store")) as now:
        first, again = now.loads
    assert first.version < again.version == history["loaded"].version
    assert first.services == SERVICES
    assert again.services == ("service-2",)
    assert first.rows_read == sum(len(rows) for rows in history["first"].values())
    assert first.rows_refused == 0
    assert first.loaded_at.endswith("+00:00")
    file = history["place"] / "again" / "journey.csv"
    assert again.files["journey.csv"] == sha256(file.read_bytes()).hexdigest()
    assert len(again.files) == 9


# --- the same delivery again ------------------------------------------------------------------------------------------


def test_the_same_delivery_twice_changes_nothing(history, store):
    version, files = current_version(store), sorted(os.listdir(store))
    again = build.load([history["place"] / "again"], store)
    assert (again.is_done, again.version) == (True, None)
    assert again.note.startswith("Nothing to do")
    assert current_version(store) == version
    assert sorted(os.listdir(store)) == files


def test_another_mapping_makes_another_delivery(history, store, tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[tables.journey.values.referral_source]\n"gp" = "self"\n', encoding="utf-8")
    loaded = build.load([history["place"] / "again"], store, mapping=mapping)
    assert loaded.version
    with closing(open_store(store)) as now:
        assert "mapping.toml" in now.loads[-1].files


def test_other_definitions_make_another_version(history, store, monkeypatch):
    monkeypatch.setattr(tables, "definitions_fingerprint", lambda: "another")
    assert build.load([history["place"] / "again"], store).version


def test_another_disclosure_rule_makes_another_version(history, store):
    assert build.load([history["place"] / "again"], store, k=10).version
    with closing(open_store(store)) as now:
        assert (now.rule.k, now.rule.base) == (10, 1)


def test_deliveries_in_folders_of_the_same_name_are_all_in_the_history(tmp_path):
    made = whole(journeys=40)
    both = [generate.write(of(made, service), tmp_path / service / "delivery") for service in SERVICES[:2]]
    build.load(both, tmp_path / "store")
    files = {file.relative_to(tmp_path): sha256(file.read_bytes()).hexdigest() for file in tmp_path.glob("*/*/*.csv")}
    with closing(open_store(tmp_path / "store")) as now:
        assert sorted(now.loads[0].files.values()) == sorted(files.values())


# --- what is refused --------------------------------------------------------------------------------------------------


def test_nothing_is_loaded_when_a_row_is_refused(history, store, tmp_path):
    bad = generate.write(with_a_bad_journey(history["again"]), tmp_path / "bad")
    version = current_version(store)
    seen = []
    refused = build.load([bad], store, report_to=lambda report, _: seen.extend(report))
    assert not refused.is_done
    assert "--accept-valid" in refused.note
    assert ("journey.csv", 2, "referral_source") in {(f.file, f.row, f.column) for f in seen}
    assert current_version(store) == version
    assert debris(store) == set()


def test_accept_valid_loads_the_good_rows_and_counts_the_refused(history, store, tmp_path):
    bad = generate.write(with_a_bad_journey(history["again"]), tmp_path / "bad")
    loaded = build.load([bad], store, accept_valid=True)
    with closing(open_store(store)) as now:
        assert referrals(now)["service-2"] == len(history["again"]["journey"]) - 1
        record = now.loads[-1]
    assert record.rows_refused == loaded.report.n_refused >= 1
    assert record.findings == loaded.report.by_rule


@pytest.mark.parametrize("accept_valid", [False, True])
def test_a_delivery_without_a_table_is_refused_whole(history, store, tmp_path, accept_valid):
    half = generate.write({"service": history["again"]["service"]}, tmp_path / "half")
    loaded = build.load([half], store, accept_valid=accept_valid)
    assert not loaded.is_done
    assert "refused whole" in loaded.note


@pytest.mark.parametrize("wrong", [{"k": 4}, {"k": 0}, {"base": 0}])
def test_a_rule_that_is_not_allowed_is_refused_before_anything_is_read(tmp_path, wrong):
    with pytest.raises(ValueError, match="was asked for"):
        build.load([tmp_path / "nothing"], tmp_path / "store", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_journeys_in_slices_make_the_same_tables(tmp_path, monkeypatch):
    """A delivery of millions is worked out so many journeys at a time."""
    monkeypatch.setenv("JOURNEYS_KEY", "k" * 64)
    delivery, made, shares = generate.write(whole(), tmp_path / "delivery"), [], []
    for size in (tables.SLICE, 50):
        monkeypatch.setattr(tables, "SLICE", size)
        shares.append([])
        build.load([delivery], tmp_path / str(size), progress=lambda share, doing: shares[-1].append(share))
        file = tmp_path / str(size) / f"journeys-{current_version(tmp_path / str(size))}.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            names = tables.column(
                connection,
                "select table_name from duckdb_tables() where table_name not in ('about', 'load') order by 1",
            )
            made.append({name: sorted(connection.execute(f"from {name}").fetchall(), key=repr) for name in names})
    assert len(made[0]["journey"]) > 150
    assert made[0] == made[1]
    assert all(one == sorted(one) for one in shares)
    assert len(shares[1]) > len(shares[0]) + 50  # the share done is told slice by slice


def test_a_failure_in_the_middle_leaves_the_old_version(history, store):
    def fail(share, doing):
        if share > build.SHARE_OF_INTAKE:
            raise RuntimeError("in the middle")

    before = current_version(store)
    with pytest.raises(RuntimeError):
        build.load([history["place"] / "first"], store, progress=fail)
    assert current_version(store) == before
    assert debris(store) == set()


# --- the client key ---------------------------------------------------------------------------------------------------


def test_the_key_file_is_beside_the_store_and_private(history):
    file = history["place"] / "store.key"
    key = file.read_text(encoding="ascii")
    assert len(key) == 64
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_only_a_fingerprint_of_the_key_is_in_the_store(history):
    key = (history["place"] / "store.key").read_text(encoding="ascii")
    for file in (history["place"] / "store").iterdir():
        assert key.encode() not in file.read_bytes()
    with closing(open_store(history["place"] / "store")) as now:
        assert now.about["key_fingerprint"] == client_key.fingerprint(key)
        assert now.about["key_fingerprint"] not in key


def test_another_key_is_refused_unless_it_replaces_every_service(history, store, monkeypatch):
    monkeypatch.setenv("JOURNEYS_KEY", "another key, for a while")
    before = current_version(store)
    with pytest.raises(build.LoadError, match=r"service-1, service-3 would keep the old one.*JOURNEYS_KEY"):
        build.load([history["place"] / "again"], store)
    assert current_version(store) == before
    assert build.load([history["place"] / "first"], store).version
    with closing(open_store(store)) as now:
        assert now.about["key_fingerprint"] == client_key.fingerprint("another key, for a while")
        assert referrals(now) == n_journeys(history["first"])


def test_a_key_in_the_environment_is_not_written_anywhere(tmp_path, monkeypatch):
    monkeypatch.setenv("JOURNEYS_KEY", "given from outside")
    assert client_key.client_key(tmp_path / "store") == "given from outside"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_key_file_is_not_a_key(tmp_path):
    (tmp_path / "store.key").write_text("\n", encoding="ascii")
    (tmp_path / "store.key").chmod(0o600)
    with pytest.raises(ValueError, match=r"store\.key is empty: put the store's client key back"):
        client_key.client_key(tmp_path / "store")


def test_the_key_is_the_same_from_another_working_folder(tmp_path, monkeypatch):
    made = client_key.client_key(tmp_path / "store")
    (tmp_path / "store").mkdir()
    monkeypatch.chdir(tmp_path / "store")
    assert client_key.client_key(Path(".")) == made


# --- versions ---------------------------------------------------------------------------------------------------------


def test_rollback_goes_back_one_load_and_no_further_than_the_first(history, store):
    now = current_version(store)
    back = build.rollback(store)
    assert back < now
    with closing(open_store(store)) as earlier:
        assert referrals(earlier) == n_journeys(history["first"])
    with pytest.raises(StoreError, match="no earlier version") as refused:
        build.rollback(store)
    assert refused.value.kind == "missing"
    assert current_version(store) == back


def test_a_load_after_a_rollback_starts_from_the_version_gone_back_to(history, store):
    rolled_back = current_version(store)
    build.rollback(store)
    loaded = build.load([history["place"] / "again"], store, is_meant=True)
    assert loaded.version.split("-")[0] == rolled_back.split("-")[0]
    assert loaded.version != rolled_back
    assert rolled_back not in versions_in(store)
    with closing(open_store(store)) as now:
        assert [record.version for record in now.loads] == versions_in(store)


def test_rollback_needs_a_store(tmp_path):
    with pytest.raises(StoreError, match="There is no store"):
        build.rollback(tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


def test_old_versions_are_kept_to_a_number_and_then_removed(tmp_path):
    for _ in range(versions.KEPT + 3):
        made = tmp_path / "made"
        made.write_bytes(b"whole")
        newest = versions.next_version(current_version(tmp_path) if (tmp_path / "CURRENT").exists() else "")
        versions.publish(made, tmp_path, newest)
    kept = versions_in(tmp_path)
    assert len(kept) == versions.KEPT
    assert kept[-1] == newest == current_version(tmp_path)
    assert newest.startswith("000008-")


def test_what_an_interrupted_load_left_is_gone_after_the_next(store, tmp_path):
    current = current_version(store)
    number = int(current.split("-")[0])
    left = [
        store / f"journeys-{number + 1:06d}-abcdef.duckdb", store / f"journeys-{number:06d}-abcdef.duckdb",
        store / "CURRENT.abcdef", store / "work-1-abcdef" / "next.duckdb", tmp_path / "store.key.new",
    ]  # fmt: skip
    for file in left:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"half")
    own = store / "journeys-copy before the merger.duckdb"
    own.write_bytes(b"somebody's own copy")
    with pytest.raises(ValueError, match="no delivery"):
        build.load([tmp_path / "nothing"], store)
    assert not any(file.exists() for file in left)
    assert debris(store) == {own.name}
    assert current_version(store) == current


def test_a_first_load_killed_before_its_pointer_leaves_no_store_and_no_debris(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "journeys-000001-abcdef.duckdb").write_bytes(b"whole, but nothing points to it")
    with pytest.raises(StoreError) as refused:
        open_store(folder)
    assert refused.value.kind == "missing"
    with pytest.raises(ValueError, match="no delivery"):
        build.load([tmp_path / "nothing"], folder)
    assert versions_in(folder) == []


def test_a_pointer_that_cannot_be_written_leaves_no_half_version(store, tmp_path, monkeypatch):
    def refuse(folder, version):
        raise OSError(28, "No space left on device")

    before = versions_in(store), current_version(store)
    (tmp_path / "made").write_bytes(b"whole")
    monkeypatch.setattr(versions, "point", refuse)
    with pytest.raises(OSError, match="No space left"):
        versions.publish(tmp_path / "made", store, versions.next_version(current_version(store)))
    assert (versions_in(store), current_version(store)) == before


def test_synthetic_services_beside_real_ones_are_said(history, store, tmp_path):
    invented = of(history["first"], "service-3")
    invented["service"] = [row | {"service_name": "Invented (synthetic)"} for row in invented["service"]]
    loaded = build.load([generate.write(invented, tmp_path / "invented")], store)
    assert "holds synthetic services (service-3) beside others" in loaded.note
    assert "synthetic" not in history["loaded"].note
    with closing(open_store(store)) as now:
        assert now.is_synthetic
        assert now.lists.name("service", "service-3") == "Invented (synthetic)"  # beside real ones each says so itself


# --- damage -----------------------------------------------------------------------------------------------------------


def damage(store, how):
    file = store / f"journeys-{current_version(store)}.duckdb"
    if how == "cut":
        os.truncate(file, file.stat().st_size // 2)
    elif how == "gone":
        file.unlink()
    elif how == "pointer":
        (store / "CURRENT").write_bytes(b"\xff\xfe")
    elif how == "no pointer":
        (store / "CURRENT").unlink()


@pytest.mark.parametrize("how", ["cut", "gone", "pointer", "no pointer"])
def test_a_load_on_a_damaged_store_changes_nothing_and_rollback_mends_it(history, store, how):
    newest = current_version(store)
    damage(store, how)
    files = sorted(os.listdir(store))
    with pytest.raises(StoreError, match=r"rollback.*move the folder .* away") as refused:
        build.load([history["place"] / "again"], store)
    assert refused.value.kind == "damaged"
    assert sorted(os.listdir(store)) == files
    back = build.rollback(store)
    assert (back == newest) == ("pointer" in how)
    with closing(open_store(store)) as mended:
        assert mended.is_current


# --- one at a time ----------------------------------------------------------------------------------------------------


def test_a_second_load_says_that_another_is_running(history, store):
    with (
        FileLock(store / "load.lock"),
        pytest.raises(build.LoadError, match=r"Another load of .* is running.*try again later"),
    ):
        build.load([history["place"] / "again"], store, wait_seconds=0.1)


def test_a_second_load_reads_its_delivery_waits_for_the_store_and_says_so(history, store):
    """The store is locked while a version is built, not while a delivery is only read."""
    said, lock = [], FileLock(store / "load.lock", thread_local=False)
    lock.acquire()

    def progress(share, doing):
        said.append(doing)
        if doing.startswith("waiting"):
            threading.Timer(0.1, lock.release).start()

    loaded = build.load([history["place"] / "again"], store, progress=progress)
    assert said.index("working out the facts of each journey") < said.index("waiting for another load to end")
    assert loaded.is_done


# --- disks ------------------------------------------------------------------------------------------------------------


def expect_full(delivery, store):
    before = answers(store)
    version = current_version(store)
    with pytest.raises(build.LoadError, match=r"disk is full.*Free some space.*The store is as it was"):
        build.load([delivery], store)
    assert current_version(store) == version
    assert answers(store) == before
    assert debris(store) == set()


@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
def test_a_full_disk_is_said_and_the_old_store_stays(history, store):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        expect_full(history["place"] / "first", store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def disk(tmp_path):
    """A disk of 32 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(place)]
    try:
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    if not is_mounted:
        pytest.skip("only root can mount a disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [0, 300, 1_000, 2_000, 3_000])
def test_a_disk_that_fills_is_said_wherever_it_happens(history, store, disk, kilobytes):
    shutil.copytree(store, disk / "store")
    shutil.copy(store.with_name("store.key"), disk)
    (disk / "filling").write_bytes(bytes(shutil.disk_usage(disk).free - kilobytes * 1_000))
    expect_full(history["place"] / "first", disk / "store")


def test_a_place_that_is_no_folder_is_said(history, tmp_path):
    (tmp_path / "store").write_text("a file", encoding="utf-8")
    with pytest.raises(build.LoadError, match=r"store cannot be used: .*The store is as it was"):
        build.load([history["place"] / "again"], tmp_path / "store")


# --- killed -----------------------------------------------------------------------------------------------------------

LOAD = """
import sys
from pathlib import Path
from journeys.store import build
print("ready", flush=True)
print(build.load([Path(sys.argv[1])], sys.argv[2], is_meant=True).note)
"""
COPIED_AT_EACH_STEP = """
import shutil, sys
from pathlib import Path
from journeys.store import build
delivery, store, copies = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
is_copying, steps = False, 0
def copy(event, given):
    global is_copying, steps
    is_step = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "open")
    if not is_copying and is_step and str(given[0]).startswith(str(store)):
        is_copying = True
        place = copies / f"{steps:03}"
        place.mkdir()
        for one in store.parent.glob(f"{store.name}*"):
            shutil.copytree(one, place / one.name) if one.is_dir() else shutil.copy2(one, place)
        is_copying, steps = False, steps + 1
sys.addaudithook(copy)
build.load([delivery], store, is_meant=True)
"""


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two deliveries of the same services that can be told apart, with what a store of each answers: (folder, answers)."""
    made, tmp_path = whole(journeys=160), tmp_path_factory.mktemp("pair")
    folders = [generate.write(made, tmp_path / "one"), generate.write(without_every_third(made), tmp_path / "two")]
    known = []
    for folder in folders:
        alone = tmp_path / f"{folder.name} alone"
        build.load([folder], alone)
        known.append(answers(alone))
    assert known[0] != known[1]
    return list(zip(folders, known, strict=True))


def the_other(pair, holds):
    return next(one for one in pair if one[1] != holds)


def expect_whole(store, version, holds, other):
    """After a kill: the old version and its answers, or the new one and its answers if the pointer had moved; which are given."""
    found = answers(store)
    assert found == (holds if current_version(store) == version else other[1])
    return found


def expect_next_load_to_tidy(pair, store, holds):
    folder, known = the_other(pair, holds)
    build.load([folder], store, is_meant=True)
    assert debris(store) == set()
    found = answers(store)
    assert found == known
    return found


@pytest.mark.slow
def test_a_load_killed_at_many_random_moments_leaves_the_old_version(pair, tmp_path):
    store, rng, n_killed, longest = tmp_path / "store", Random(20), 0, 3.0
    build.load([pair[0][0]], store)
    holds = answers(store)
    while n_killed < 10:  # what lies there before each step is looked at one by one below
        version, other = current_version(store), the_other(pair, holds)
        with start(LOAD, other[0], store) as child:
            child.stdout.readline()
            try:
                child.wait(timeout=rng.uniform(0, longest))
                longest = max(0.3, longest * 0.8)  # it was done before its time: strike sooner
            except subprocess.TimeoutExpired:
                child.kill()
        n_killed += child.returncode != 0
        holds = expect_whole(store, version, holds, other)
        if n_killed % 5 == 4:
            holds = expect_next_load_to_tidy(pair, store, holds)
    expect_next_load_to_tidy(pair, store, holds)


def killed_before_each_step(delivery, store, tmp_path):
    """What a load that is killed before a step on the disk leaves there: a copy of the store and of what lies beside it, for each of its steps."""
    copies = tmp_path / "copies"
    copies.mkdir()
    with start(COPIED_AT_EACH_STEP, delivery, store, copies) as child:
        assert child.wait() == 0
    left = {
        place / store.name: frozenset(
            re.sub("[0-9a-f]{6,}", "#", str(file.relative_to(place))) for file in place.rglob("*")
        )
        for place in sorted(copies.iterdir())
    }
    assert len(left) > 10
    return left  # and the names of all that lies there, but for what differs from load to load


@pytest.mark.slow
def test_a_load_killed_before_each_of_its_steps_on_the_disk_leaves_the_old_version(pair, tmp_path):
    (old, holds), other = pair
    store = tmp_path / "a" / "store"
    build.load([old], store)
    version, seen, tidied = current_version(store), set(), set()
    for killed, names in killed_before_each_step(other[0], store, tmp_path).items():
        is_old = current_version(killed) == version
        seen.add(is_old)
        if (is_old, names) not in tidied:  # asked, and the next load tried, once for all that can lie there
            expect_next_load_to_tidy(pair, killed, expect_whole(killed, version, holds, other))
        tidied.add((is_old, names))
    assert seen == {True, False} and len(tidied) > 5
    assert answers(store) == other[1]


@pytest.mark.slow
def test_a_first_load_killed_before_each_of_its_steps_leaves_no_store_or_a_whole_one(pair, tmp_path):
    (folder, known), tidied = pair[0], set()
    (tmp_path / "a").mkdir()
    for killed, names in killed_before_each_step(folder, tmp_path / "a" / "store", tmp_path).items():
        if names not in tidied:
            assert not (killed / "CURRENT").exists() or answers(killed) == known
            build.load([folder], killed)
            assert debris(killed) == set()
            assert answers(killed) == known
        tidied.add(names)
    assert len(tidied) > 5


# --- loading and asking at once ---------------------------------------------------------------------------------------

LOAD_AND_ASK = """
import json, sys, threading
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from journeys.store import build as load
sys.path[:0] = ["tests/store", "tests/agreement"]
from test_build import answers
deliveries, store, wanted = [Path(p) for p in sys.argv[1:3]], Path(sys.argv[3]), int(sys.argv[4])
n_loads, turn, is_done, wrong, seen = 0, 0, False, [], []

def keep_asking():
    while not is_done:
        try:
            found = answers(store)
            if found not in seen:
                seen.append(found)
        except Exception as error:
            wrong.append(repr(error))

asking = threading.Thread(target=keep_asking)
asking.start()
try:
    while turn < wanted or n_loads < 2:
        turn += 1
        n_loads += load.load([deliveries[turn % 2]], store, is_meant=True).version is not None
finally:
    is_done = True
    asking.join()
print()  # DuckDB draws the progress of slow queries on the same output
json.dump({"loads": n_loads, "wrong": wrong, "seen": seen}, sys.stdout)
"""


def both_load_and_ask(pair, store, times):
    build.load([pair[0][0]], store)
    folders = [folder for folder, _ in pair]
    children = [start(LOAD_AND_ASK, *order, store, times) for order in (folders, folders[::-1])]
    told = [json.loads(child.communicate()[0].splitlines()[-1]) for child in children]
    assert [child.returncode for child in children] == [0, 0]
    return told


def expect_no_mixed_answer(pair, told):
    known = [answer for _, answer in pair]
    for one in told:
        assert one["wrong"] == []
        assert all(seen in known for seen in one["seen"])
    assert sum(one["loads"] for one in told) > 2
    assert any(len(one["seen"]) == 2 for one in told)


@pytest.mark.slow
def test_two_processes_load_three_times_each_and_ask_meanwhile(pair, tmp_path):
    expect_no_mixed_answer(pair, both_load_and_ask(pair, tmp_path / "store", 3))
    assert debris(tmp_path / "store") == set()


def test_answers_during_loads_of_another_process_are_those_of_one_version(history, store):
    """The short form of the test above: asks as long as another process loads, here the first delivery over the second."""
    known = [answers(store)]
    seen = []
    with start(LOAD, history["place"] / "first", store) as child:
        child.stdout.readline()
        while child.poll() is None:
            seen.append(answers(store))
        assert child.returncode == 0
    known.append(answers(store))
    assert known[0] != known[1]
    assert len(seen) > 1
    assert all(answer in known for answer in seen)
