"""Work folders: private, swept when their process is gone, and words for what a disk refuses; keys that others could use."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small

from journeys.store import build, client_key, duck, opened, work

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="modes of files")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_everything_of_a_store_is_for_its_owner_alone(tmp_path):
    was = os.umask(0o022)
    try:
        build.load([small.whole(tmp_path / "d")], tmp_path / "store")
        assert os.umask(0o022) == 0o022  # as it was
    finally:
        os.umask(was)
    assert mode(tmp_path / "store") == 0o700
    assert {mode(file) for file in (*(tmp_path / "store").iterdir(), tmp_path / "store.key")} == {0o600}


@posix
def test_what_a_reader_cannot_keep_in_memory_goes_where_nobody_else_can_read(tmp_path):
    build.load([small.whole(tmp_path / "d")], tmp_path / "store")
    opened.open_store(tmp_path / "store").close()
    assert mode(duck.SPILL) == 0o700
    assert duck.LOCKED["temp_directory"] == str(duck.SPILL)


@posix
def test_a_work_folder_is_private_and_goes(tmp_path):
    with work.workplace(tmp_path / "place") as folder:
        (folder / "file").write_text("a")
        assert (mode(folder), mode(folder / "file")) == (0o700, 0o600)
    assert not folder.exists()


def test_what_a_dead_process_left_is_swept_and_a_living_ones_stays(tmp_path):
    (tmp_path / "work-1-abcdef" / "spill").mkdir(parents=True)
    with work.workplace(tmp_path) as mine:
        assert not (tmp_path / "work-1-abcdef").exists()
        with work.workplace(tmp_path) as other:
            assert mine.exists() and other.exists() and mine != other


def test_what_a_killed_server_had_no_room_for_is_swept_and_a_living_ones_stays(tmp_path):
    for name in ("a-spill-dead", "a-spill-older"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "duckdb_temp_block").touch()
    (tmp_path / "a-spill-dead" / work.ALIVE).touch()
    (tmp_path / "a-spill-link").symlink_to(tmp_path / "a-spill-older")
    alive = work.spill(tmp_path / "a-spill-1")
    alive_too = work.spill(tmp_path / "a-spill-2")
    assert {one.name for one in tmp_path.iterdir()} == {"a-spill-older", "a-spill-link", "a-spill-1", "a-spill-2"}
    assert mode(tmp_path / "a-spill-1") == 0o700
    for one in (alive, alive_too):
        one.release()


@posix
def test_a_check_does_not_work_where_somebody_else_was_first(tmp_path, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(tmp_path / "none"))
    monkeypatch.setattr(work.tempfile, "gettempdir", lambda: str(tmp_path))
    place = work.check_place()
    place.mkdir()
    assert work.check_place() == place
    place.rmdir()
    (tmp_path / "theirs").mkdir()
    place.symlink_to(tmp_path / "theirs")
    with pytest.raises(work.LoadError, match="belongs to somebody else"):
        work.check_place()


@posix
def test_a_key_that_others_can_read_is_refused_with_the_mend(tmp_path):
    client_key.client_key(tmp_path / "store")
    (tmp_path / "store.key").chmod(0o640)
    with pytest.raises(ValueError, match=r"can be read by others \(mode 640\): run `chmod 600"):
        client_key.client_key(tmp_path / "store")


def test_a_key_that_could_be_guessed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("JOURNEYS_KEY", "x" * 15)
    with pytest.raises(ValueError, match=r"JOURNEYS_KEY has 15 characters.*at least 16"):
        client_key.client_key(tmp_path / "store")
    monkeypatch.setenv("JOURNEYS_KEY", "x" * 16)
    assert client_key.client_key(tmp_path / "store") == "x" * 16


# --- stopped ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def slow(tmp_path):
    """A zipped delivery that takes some seconds to check."""
    made = small.journeys(60_000)
    folder = small.write(tmp_path / "d", service=[small.service()], journey=made, goal=small.goals(made))
    return Path(shutil.make_archive(str(tmp_path / "slow"), "zip", folder))


def started(arguments, tmp_path, **more):
    place = tmp_path / "store"
    place.mkdir(exist_ok=True)
    (tmp_path / "tmp").mkdir(exist_ok=True)
    settings = os.environ | {"JOURNEYS_STORE": str(place), "TMPDIR": str(tmp_path / "tmp")} | more
    child = subprocess.Popen(
        [sys.executable, "-m", "journeys", *map(str, arguments)], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for _ in range(600):
        if list(place.glob("work-*/delivery-*/*")):
            return child
        time.sleep(0.05)
    child.kill()
    raise AssertionError("nothing was unpacked in the store's folder")


def left(tmp_path):
    return [*(tmp_path / "store").glob("work-*/"), *(tmp_path / "tmp").iterdir()]


@pytest.mark.slow
@posix
def test_a_check_that_is_told_to_stop_leaves_nothing_unpacked(slow, tmp_path):
    child = started(["check", slow], tmp_path)
    child.send_signal(signal.SIGTERM)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130 and "stopped; nothing was changed" in errors
    assert left(tmp_path) == []


@pytest.mark.slow
@posix
def test_what_a_killed_load_unpacked_goes_at_the_next_start(slow, tmp_path):
    child = started(["load", slow], tmp_path, JOURNEYS_APART="1")  # the process that does the work itself
    child.kill()
    child.communicate()
    assert left(tmp_path)
    subprocess.run(
        [sys.executable, "-m", "journeys", "check", str(small.whole(tmp_path / "other"))], cwd=ROOT, check=True,
        env=os.environ | {"JOURNEYS_STORE": str(tmp_path / "store")}, capture_output=True,
    )  # fmt: skip
    assert left(tmp_path) == []


# --- disks ------------------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("command", ["check", "load"])
def test_a_full_disk_is_a_sentence(command, tmp_path):
    unknown = {f"field {n} of the form": "" for n in range(300)}  # each is a finding of its own
    bad = [row | {"referral_source": "the moon"} | unknown for row in small.journeys(30)]
    delivery = small.write(tmp_path / "d", service=[small.service()], journey=bad)
    (tmp_path / "store").mkdir()
    arguments = f"{command} '{delivery}' --report '{tmp_path / 'report.csv'}'"
    told = subprocess.run(
        ["bash", "-c", f"ulimit -f 20; exec '{sys.executable}' -m journeys {arguments}"], cwd=ROOT, capture_output=True,
        text=True, check=False, env=os.environ | {"JOURNEYS_STORE": str(tmp_path / "store")},
    )  # fmt: skip
    assert told.returncode == 1, told.stderr
    assert "A disk is full" in told.stderr and "Traceback" not in told.stderr
    assert list((tmp_path / "store").glob("work-*/")) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_an_output_that_is_full_is_a_sentence():
    told = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m journeys metrics > /dev/full"], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (1, "python -m journeys: a file cannot be used: No space left on device\n")
