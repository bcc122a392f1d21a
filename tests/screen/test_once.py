"""What is made once for everybody: by one maker however many ask, kept in bounds, and never lost to a session that was stopped."""

import shutil
import threading

import pytest
from streamlit.testing.v1 import AppTest

from journeys.screen import menu
from journeys.screen.once import Once
from journeys.store import turns


def test_however_many_ask_at_once_one_makes_it():
    once, made, gate = Once(10), [], threading.Event()

    def make():
        gate.wait(10)
        made.append("answer")
        return object()

    found = []
    asking = [threading.Thread(target=lambda: found.append(once.get("question", make))) for _ in range(7)]
    for one in asking:
        one.start()
    gate.set()
    for one in asking:
        one.join(10)
    assert made == ["answer"]
    assert len(found) == 7 and len(set(map(id, found))) == 1


def test_what_is_made_can_be_looked_at():
    once = Once(5)
    for key in ("a", "b"):
        once.get(key, lambda key=key: key * 2)
    with pytest.raises(ValueError, match="no"):
        once.get("c", lambda: int("no"))
    assert once.get("d", lambda: [*once.made()]) == ["aa", "bb"]  # one that is not done is none yet


def test_what_was_asked_for_last_stays():
    once, made = Once(2), []
    make = lambda key: once.get(key, lambda: made.append(key))  # noqa: E731
    for key in ("a", "b", "a", "c", "a", "b"):
        make(key)
    assert made == ["a", "b", "c", "b"]


def test_an_error_is_told_and_not_kept():
    once = Once(2)
    with pytest.raises(ValueError):
        once.get("a", lambda: int("no number"))
    assert once.get("a", lambda: 1) == 1


class SessionStopped(BaseException):
    """As Streamlit stops a script."""


def test_when_the_maker_is_stopped_whoever_waits_makes_it():
    once, has_begun, goes_on, found = Once(2), threading.Event(), threading.Event(), []

    def stopped():
        has_begun.set()
        goes_on.wait(10)
        raise SessionStopped

    def first():
        with pytest.raises(SessionStopped):
            once.get("a", stopped)

    one = threading.Thread(target=first)
    one.start()
    has_begun.wait(10)
    other = threading.Thread(target=lambda: found.append(once.get("a", lambda: 2)))
    other.start()
    goes_on.set()
    one.join(10)
    other.join(10)
    assert found == [2]


def test_a_busy_server_says_so_and_no_more(made, tmp_path, monkeypatch):
    """Nothing is wrong with the data, so nobody is told to go back a load."""
    monkeypatch.setenv("JOURNEYS_STORE", str(shutil.copytree(made, tmp_path / "store")))
    monkeypatch.chdir(menu.ROOT)
    monkeypatch.setattr(turns, "TURNS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.05)
    with turns.TURNS:
        at = AppTest.from_file(str(menu.ROOT / menu.HOME), default_timeout=120).run()
    assert [title.value for title in at.title] == ["The server is busy"]
    assert "Try again" in at.error[0].value
    assert not any("rollback" in text.value for text in at.markdown)
    assert [title.value for title in at.run().title] == ["Board summary"]
