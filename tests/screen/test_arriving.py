"""A load is shown when it can be asked without waiting, after a minute at the latest, and at once where it must be."""

import threading
import time
from types import SimpleNamespace

import pytest

from journeys.sample import lives
from journeys.screen import answers
from journeys.screen.arriving import Arriving
from journeys.screen.once import Once
from journeys.store import build, leaving, turns
from journeys.store.folder import StoreError, current_version
from journeys.store.opened import open_store
from journeys.vocabulary.selection import Selection

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


@pytest.mark.parametrize("error", [StoreError("damaged", "in words"), OSError("too many open files")])
def test_one_that_cannot_be_opened_is_shown_as_that(folder, error):
    def fails(seconds):
        raise error

    arriving = Arriving()
    arriving.shown(str(folder), FIRST, fails)
    arriving.shown(str(folder), SECOND, fails)
    ended()
    assert arriving.shown(str(folder), SECOND, fails) == SECOND


class Uncounted:
    """Processes that answer and never come to the end of what they count."""

    def __len__(self):
        return 1

    def open(self, version):
        pass

    def has_counted(self, version):
        return False


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A store that a dashboard with such processes reads."""
    place = tmp_path / "store"
    monkeypatch.setenv("JOURNEYS_STORE", str(place))
    monkeypatch.delenv("JOURNEYS_KEY", raising=False)
    build.load([lives.write(tmp_path / "first", journeys=200)], place)
    monkeypatch.setattr(answers, "_ARRIVING", Arriving(seconds=3))
    monkeypatch.setattr(answers, "_ANSWERERS", SimpleNamespace(made=lambda: [Uncounted()]))
    monkeypatch.setattr(answers, "_elsewhere", lambda store: None)
    monkeypatch.setattr(answers.session, "VERSION", SimpleNamespace(get=lambda: "", keep=lambda version: None))
    yield place
    ended()


def test_a_load_is_waited_for_and_what_was_removed_is_not(served, tmp_path):
    first = answers.newest().version
    build.load([lives.write(tmp_path / "second", journeys=400)], served)
    assert answers.newest().version == first != current_version(served)
    services = [service.service_id for service in open_store(served).lists.services.values()]
    leaving.remove(services[:1], served)
    assert answers.newest().version == current_version(served)


def test_what_was_removed_is_gone_over_to_at_once_though_a_load_came_after_it(served, tmp_path):
    first = answers.newest()
    leaving.remove(list(first.lists.services)[:1], served)
    build.load([lives.write(tmp_path / "second", journeys=400)], served)
    assert answers.newest().version == current_version(served)


# --- gone back to -----------------------------------------------------------------------------------------------------


@pytest.fixture
def dashboard(tmp_path, monkeypatch):
    """Two loads that a dashboard with browsers has shown one after the other, to new readers each time; `first` and `second`."""

    def started(n_processes):
        place = tmp_path / "store"
        monkeypatch.setenv("JOURNEYS_STORE", str(place))
        monkeypatch.setenv("JOURNEYS_ANSWERERS", str(n_processes))
        monkeypatch.delenv("JOURNEYS_KEY", raising=False)
        monkeypatch.setattr(answers, "_ARRIVING", Arriving())
        monkeypatch.setattr(turns, "BREATH", 0.005)  # a hundred counts are waited for
        for name, most in (("_OPENED", 3), ("_ANSWERS", 2000), ("_ANSWERERS", 1)):
            monkeypatch.setattr(answers, name, Once(most))
        monkeypatch.setattr(answers.browser, "is_there", lambda: True)
        monkeypatch.setattr(answers.session, "VERSION", SimpleNamespace(get=lambda: "", keep=lambda version: None))
        build.load([lives.write(tmp_path / "first", journeys=200)], place)
        first = answers.newest()
        until(lambda: all(one.has_counted(first.version) for one in answers._ANSWERERS.made()))
        build.load([lives.write(tmp_path / "second", journeys=400)], place)
        until(lambda: answers.newest().version == current_version(place))
        return first, answers.newest()

    yield started
    for others in answers._ANSWERERS.made():
        others.close()


def until(is_so):
    for _ in range(SECONDS * 10):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it did not come to that")


def test_who_answers_is_told_of_a_rollback_and_counts_what_is_shown_again(dashboard):
    """The dashboard still has the version open that it goes back to: nothing is opened that would tell them."""
    first, second = dashboard(1)
    (others,) = answers._ANSWERERS.made()
    others.ask(second.version, "referrals", Selection(), (), False)
    build.rollback(first.folder)
    assert answers.newest() is first
    until(lambda: others.has_counted(first.version))


@pytest.mark.slow
def test_without_such_processes_the_dashboard_counts_what_is_shown_again(dashboard):
    first, second = dashboard(0)
    assert answers._ANSWERERS.made() == []
    until(lambda: not counting())
    assert n_counts(second) > 10
    assert n_counts(first) == 0  # they were forgotten
    build.rollback(first.folder)
    assert answers.newest() is first
    until(lambda: not counting())
    assert n_counts(first) > 10
    assert n_counts(second) == 0


def counting():
    return [thread for thread in threading.enumerate() if thread.name == "beforehand"]


def n_counts(store):
    return len(store._source.run_in_columns)
