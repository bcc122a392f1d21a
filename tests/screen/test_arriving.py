"""A load is shown when it can be asked without waiting, after a minute at the latest, and at once where it must be."""

import threading

import pytest

from journeys.screen.arriving import Arriving
from journeys.store.folder import StoreError

FIRST, SECOND, THIRD = "000001-aaaaaa", "000002-bbbbbb", "000003-cccccc"
SECONDS = 20


@pytest.fixture
def folder(tmp_path):
    for version in (FIRST, SECOND, THIRD):
        (tmp_path / f"journeys-{version}.duckdb").touch()
    return tmp_path


class Getting:
    """Makes a version ready, when it is told to."""

    def __init__(self):
        self.may_end, self.began, self.seconds = threading.Event(), threading.Event(), []

    def __call__(self, seconds):
        self.seconds.append(seconds)
        self.began.set()
        assert self.may_end.wait(SECONDS)


def ended():
    for thread in threading.enumerate():
        if thread.name.endswith("(_prepare)"):
            thread.join(SECONDS)


def test_readers_keep_to_the_version_before_until_the_new_one_is_ready(folder):
    arriving, getting = Arriving(), Getting()
    assert arriving.shown(str(folder), FIRST, getting) == FIRST
    assert arriving.shown(str(folder), SECOND, getting) == FIRST
    assert getting.began.wait(SECONDS)
    assert arriving.shown(str(folder), SECOND, getting) == FIRST
    assert len(getting.seconds) == 1  # once, however many ask
    getting.may_end.set()
    ended()
    assert arriving.shown(str(folder), SECOND, getting) == SECOND


def test_a_minute_at_most_however_many_follow(folder):
    arriving, getting = Arriving(seconds=1000), Getting()
    arriving.shown(str(folder), FIRST, getting)
    assert arriving.shown(str(folder), SECOND, getting) == FIRST
    began = arriving._began
    assert arriving.shown(str(folder), THIRD, getting) == FIRST
    assert arriving._began == began  # a load that follows does not begin the minute anew
    arriving._began -= 1000
    assert arriving.shown(str(folder), THIRD, getting) == THIRD
    getting.may_end.set()
    ended()
    assert arriving.shown(str(folder), THIRD, getting) == THIRD


@pytest.mark.parametrize("why", ["nobody prepares", "it must go", "it is gone", "it went back", "another folder"])
def test_at_once_where_the_version_before_is_not_to_be_read(folder, tmp_path_factory, why):
    arriving, getting = Arriving(), Getting()
    shown, current, where, prepare = FIRST, SECOND, folder, getting
    if why == "nobody prepares":
        prepare = None
    elif why == "it must go":
        (folder / "DELETE").write_text(FIRST)
    elif why == "it is gone":
        (folder / f"journeys-{FIRST}.duckdb").unlink()
    elif why == "it went back":
        shown, current = SECOND, FIRST
    else:
        where = tmp_path_factory.mktemp("other")
    arriving.shown(str(folder), shown, getting)
    assert arriving.shown(str(where), current, prepare) == current
    assert getting.seconds == []


def test_one_that_cannot_be_opened_is_shown_as_that(folder):
    def fails(seconds):
        raise StoreError("damaged", "in words")

    arriving = Arriving()
    arriving.shown(str(folder), FIRST, fails)
    arriving.shown(str(folder), SECOND, fails)
    ended()
    assert arriving.shown(str(folder), SECOND, fails) == SECOND
