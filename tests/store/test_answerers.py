"""Processes that answer for a dashboard: the same answers, kept in the same place, and nobody waits for one that is not there."""

import array
import fcntl
import gc
import io
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
import weakref
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest
import small

from journeys import Selection
from journeys.answer import written
from journeys.store import answerer as answerer_module
from journeys.store import answerers, build, memory, turns
from journeys.store.answerer import ANSWER, ASK_YOURSELF, COUNTED, READY, TROUBLE, Answerer, serve
from journeys.store.answerers import Answerers
from journeys.store.folder import StoreError, current_version, file_of, number_of
from journeys.store.kept import MAKERS, KeptAnswers
from journeys.store.opened import open_store

QUESTIONS = (
    ("referrals", Selection(), ("service",), False),
    ("found_work", Selection(period="last-4-quarters", cohort={"gender": "female"}, within=6), ("quarter",), False),
    ("engaged", Selection(), ("service",), True),
)
SECONDS = 60


@pytest.fixture(scope="module")
def made_of_sixty(tmp_path_factory):
    place = tmp_path_factory.mktemp("sixty")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([small.whole(place / "delivery", 60)], place / "store")
    return place


@pytest.fixture
def store(made_of_sixty, tmp_path):
    """A copy of that store, to change and to keep answers in."""
    shutil.copytree(made_of_sixty, tmp_path, dirs_exist_ok=True)
    with closing(open_store(tmp_path / "store")) as opened:
        yield opened


@contextmanager
def started(folder, n):
    """So many of them, ready to answer; ended afterwards."""
    others = Answerers(folder, n)
    others.open(current_version(folder))
    try:
        until(lambda: all(one.is_ready for one in others._all))
        yield others
    finally:
        others.close()
        for one in others._all:
            one._process.wait(SECONDS)


def until(is_so):
    for _ in range(SECONDS * 20):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to that")


def test_another_process_gives_the_same_answers_and_keeps_them(store, monkeypatch):
    monkeypatch.setattr(turns, "BREATH", 0.005)
    with started(store.folder, 2) as others:
        asked = KeptAnswers(store, others.ask)
        for metric, selection, by, case_mix in QUESTIONS:
            found = others.ask(store.version, metric, selection, by, case_mix)
            assert found == store.ask(metric, selection, by, case_mix=case_mix)
            assert asked.ask(metric, selection, by, case_mix=case_mix) == found
        until(lambda: others.has_counted(store.version))
    kept = KeptAnswers(store, lambda *_: pytest.fail("it was kept"))
    for metric, selection, by, case_mix in QUESTIONS:
        kept.ask(metric, selection, by, case_mix=case_mix)


def test_what_cannot_be_asked_is_for_the_asker_to_find_out(store):
    with started(store.folder, 1) as others:
        assert others.ask(store.version, "no_such_metric", Selection(), (), False) is None
        assert others.ask(store.version, "referrals", Selection(), ("service",), True) is None  # case mix of a count
        with pytest.raises(ValueError):
            KeptAnswers(store, others.ask).ask("referrals", Selection(), ("service",), case_mix=True)
        assert others.ask(store.version, *QUESTIONS[0]) is not None


def test_a_version_that_it_cannot_open_may_be_held_open_by_the_dashboard(store):
    with started(store.folder, 1) as others:
        assert others.ask("000009-ffffff", *QUESTIONS[0]) is None
        assert others.ask(store.version, *QUESTIONS[0]) is not None


@pytest.mark.parametrize("error", [StoreError.slow(60), StoreError("large", "More memory than there is.")])
def test_an_answer_that_takes_too_much_is_not_asked_again(store, monkeypatch, error):
    monkeypatch.setattr(KeptAnswers, "ask", lambda *question, **more: (_ for _ in ()).throw(error))
    _, line = said_by(store.folder, [[store.version, "referrals", {}, [], False]])
    assert json.loads(line.removeprefix(TROUBLE)) == [error.kind, str(error)]

    with started(store.folder, 1) as others, pytest.raises(StoreError, match=str(error)):
        monkeypatch.setattr(others, "_asked", lambda *_: done(line))
        others.ask(store.version, *QUESTIONS[0])


def done(line):
    said = Future()
    said.set_result(line)
    return said


def test_one_that_ends_leaves_nobody_waiting_and_is_replaced(store, monkeypatch):
    with started(store.folder, 1) as others:
        os.kill(others._all[0]._process.pid, signal.SIGKILL)
        until(lambda: others._all[0].is_gone)
        assert others.ask(store.version, *QUESTIONS[0]) is None
        assert KeptAnswers(store, others.ask).ask("referrals", Selection(), ("service",)) == store.ask(
            *QUESTIONS[0][:3]
        )
        assert others.has_counted(store.version)  # nobody waits for it
        monkeypatch.setattr(answerers, "LEAST_LIFE", 0)
        assert others.ask(store.version, *QUESTIONS[1]) is None  # the new one is not ready yet
        until(lambda: others._all[0].is_ready)
        assert others.ask(store.version, *QUESTIONS[1]) is not None


def test_whoever_waits_for_one_that_ends_is_told(store):
    with started(store.folder, 1) as others:
        one = others._all[0]
        os.kill(one._process.pid, signal.SIGSTOP)
        said = one.ask(json.dumps([store.version, "referrals", {}, [], False]))
        assert not said.done()
        os.kill(one._process.pid, signal.SIGKILL)
        assert said.result(SECONDS) == ASK_YOURSELF


def test_it_ends_with_the_dashboard(store):
    with started(store.folder, 1) as others:
        process = others._all[0]._process
    assert process.returncode == 0


def test_one_of_another_program_is_not_asked(store, monkeypatch):
    """Files that were replaced under a running dashboard: its own answers are those of before."""
    monkeypatch.setattr(answerers, "MAKERS", "of before")
    monkeypatch.setattr(answerers, "LEAST_LIFE", 0)
    others = Answerers(store.folder, 1)
    only = others._all[0]
    until(lambda: only.is_gone)
    assert others.ask(store.version, *QUESTIONS[0]) is None
    assert others._all == [only]  # what would take its place would be of that program, too


def unread(file):
    """How many bytes of a pipe nobody has read yet."""
    found = array.array("i", [0])
    fcntl.ioctl(file, termios.FIONREAD, found)
    return found[0]


def test_one_that_ends_while_it_speaks_has_said_nothing(store):
    """Half an answer is none: killed by the system for want of memory, say."""
    with started(store.folder, 1) as others:
        one, may_go_on = others._all[0], threading.Event()
        fcntl.fcntl(one._process.stdout, fcntl.F_SETPIPE_SZ, 4096)  # so that an answer does not go in as a whole
        first = json.dumps([store.version, "referrals", Selection().given(), [], False])
        one.ask(first).add_done_callback(lambda _: may_go_on.wait(SECONDS))  # who listens hears no more
        said = one.ask(json.dumps([store.version, "goals_set", Selection().given(), ["month", "service"], False]))
        until(lambda: unread(one._process.stdout) > 0)
        time.sleep(0.5)
        os.kill(one._process.pid, signal.SIGKILL)
        may_go_on.set()
        assert said.result(SECONDS) == ASK_YOURSELF


def test_one_that_says_nothing_any_more_is_ended(store, monkeypatch):
    monkeypatch.setattr(answerers, "LONGEST", 0.3)
    with started(store.folder, 1) as others:
        only = others._all[0]
        os.kill(only._process.pid, signal.SIGSTOP)
        with pytest.raises(StoreError):
            others.ask(store.version, *QUESTIONS[0])
        assert not only.is_gone  # it may be a long answer
        monkeypatch.setattr(answerers, "STUCK", 0.5)
        with pytest.raises(StoreError):
            others.ask(store.version, *QUESTIONS[0])
        until(lambda: only.is_gone)
        assert not only.n_waiting


KILLED = """
import os, signal, sys, time
from pathlib import Path
from journeys.store.answerers import Answerers
others = Answerers(Path(sys.argv[1]), 1)
only = others._all[0]
while not only.is_ready:
    time.sleep(0.05)
os.kill(only._process.pid, signal.SIGSTOP)
only.ask(sys.argv[2])
print(only._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_one_whose_dashboard_was_killed_ends_without_a_word(store):
    question = json.dumps([store.version, "referrals", Selection().given(), [], False])
    command = [sys.executable, "-c", KILLED, store.folder, question]
    with subprocess.Popen(command, cwd=answerers.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dashboard:
        pid = int(dashboard.stdout.readline())
        assert dashboard.wait(SECONDS) == -signal.SIGKILL
        os.kill(pid, signal.SIGCONT)
        assert dashboard.stderr.read() == b""  # to the end: it has ended


def test_where_no_process_can_be_started_the_dashboard_answers(store, monkeypatch):
    monkeypatch.setattr(answerers, "LEAST_LIFE", 0)
    with started(store.folder, 1) as others:
        others.close()
        until(lambda: others._all[0].is_gone)
        with monkeypatch.context() as patch:
            patch.setattr(answerers.sys, "executable", "/nowhere/python")
            assert others.ask(store.version, *QUESTIONS[0]) is None
        assert others.ask(store.version, *QUESTIONS[0]) is None
        until(lambda: others._all[0].is_ready)


def test_all_of_them_are_started_or_none(store, monkeypatch):
    one, made = answerers.One, []

    def fails_later(*given):
        if made:
            raise BlockingIOError("no more processes")
        made.append(one(*given))
        return made[0]

    monkeypatch.setattr(answerers, "One", fails_later)
    with pytest.raises(OSError):
        Answerers(store.folder, 2)
    until(lambda: made[0].is_gone)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no system that shows it")
def test_the_key_is_not_given_to_them(store, monkeypatch):
    monkeypatch.setenv("JOURNEYS_KEY", "a key that nobody guesses")
    with started(store.folder, 1) as others:
        given = Path(f"/proc/{others._all[0]._process.pid}/environ").read_bytes().split(b"\0")
    assert not [one for one in given if one.startswith(b"JOURNEYS_KEY=")]
    assert [one for one in given if one.startswith(b"PATH=")]


def test_a_busy_server_says_so(store, monkeypatch):
    monkeypatch.setattr(answerers, "LONGEST", 0.01)
    with started(store.folder, 1) as others:
        os.kill(others._all[0]._process.pid, signal.SIGSTOP)
        with pytest.raises(StoreError) as busy:
            others.ask(store.version, *QUESTIONS[0])
        os.kill(others._all[0]._process.pid, signal.SIGCONT)
    assert busy.value.kind == "busy"


def said_by(folder, lines):
    """What one says to these lines."""
    told = io.StringIO()
    serve(Answerer(folder, 0, 1), io.StringIO("".join(f"{json.dumps(line)}\n" for line in lines)), told)
    return told.getvalue().splitlines()


def test_nothing_but_released_answers_goes_out(store):
    questions = [[store.version, metric, chosen.given(), by, mix] for metric, chosen, by, mix in QUESTIONS]
    ready, *lines = said_by(store.folder, [store.version, *questions])
    assert ready == f"{READY} {MAKERS}"
    assert [line for line in lines if line.startswith(COUNTED)] in ([], [COUNTED + store.version])
    answers = [line for line in lines if not line.startswith(COUNTED)]
    expected = [written.text(store.ask(metric, chosen, by, case_mix=mix)) for metric, chosen, by, mix in QUESTIONS]
    assert answers == [ANSWER + one for one in expected]


def test_a_damaged_store_ends_nothing(store):
    file_of(store.folder, store.version).write_bytes(b"no database")
    _, line = said_by(store.folder, [[store.version, "referrals", {}, [], False]])
    assert line == ASK_YOURSELF


def test_a_count_that_fails_ends_nothing(store):
    answerer = Answerer(store.folder, 0, 1)
    answerer.open(store.version)

    def too_large():
        raise duckdb.OutOfMemoryException("failed to allocate")

    answerer._counts = iter([too_large])
    answerer.count()
    answerer.count()
    assert not answerer.has_counts_to_make


def test_nothing_is_kept_of_versions_that_are_closed(store, tmp_path):
    """What was taken out of the collection of garbage comes back into it."""
    shutil.copytree(store.folder, tmp_path / "many")
    answerer, known = Answerer(tmp_path / "many", 0, 1), []
    try:
        for n in range(2, 7):
            version = f"{n:06d}-abcdef"
            shutil.copy(file_of(store.folder, store.version), file_of(tmp_path / "many", version))
            known.append(weakref.ref(answerer.open(version).store))
            answerer.count()  # nobody asks this version: nothing else lets go of its counts
        assert [one() is None for one in known] == [True, True, True, False, False]
    finally:
        gc.unfreeze()


def held(answerer):
    return [version.split("-")[0] for version in answerer._opened]


def test_a_version_before_the_one_that_is_asked_is_closed_when_nobody_asks_it(store, tmp_path, monkeypatch):
    """Until then it answers; afterwards it is opened again for whoever asks after all, with no counts made beforehand."""
    shutil.copytree(store.folder, tmp_path / "many")
    for n in (7, 8):
        shutil.copy(file_of(store.folder, store.version), file_of(tmp_path / "many", f"{n:06d}-abcdef"))
    answerer, (old, new) = Answerer(tmp_path / "many", 0, 1), ("000007-abcdef", "000008-abcdef")

    def ask(version):
        return answerer.said(json.dumps([version, "referrals", {}, ["service"], False])).replace(version, "")

    try:
        answerer.open(old)
        first = ask(old)
        answerer.open(new)
        answerer.close_idle()
        monkeypatch.setattr(answerer_module, "IDLE", 0)
        answerer.close_idle()
        assert held(answerer) == ["000007", "000008"]  # the new one was not asked yet
        assert ask(new) == first
        monkeypatch.setattr(answerer_module, "IDLE", SECONDS)
        answerer.close_idle()
        assert held(answerer) == ["000007", "000008"]  # it was asked a moment ago
        monkeypatch.setattr(answerer_module, "IDLE", 0)
        answerer.close_idle()
        assert held(answerer) == ["000008"] and answerer.counted == new
        assert ask(old) == first and answerer.counted == new
        assert held(answerer) == ["000008", "000007"]
        answerer.open(old)  # a rollback: it is the one that is shown, and counted again
        assert answerer.counted == old and answerer.has_counts_to_make
        ask(new)  # by who has not gone back yet
        assert held(answerer) == ["000008", "000007"]
        answerer.close_idle()
        assert held(answerer) == ["000007"]
        ask(new)
        ask(old)
        answerer.close_idle()
        assert held(answerer) == ["000007"]
        answerer.open(new)  # gone forward once more
        ask(new)
        answerer.close_idle()
        answerer.open(old)  # a rollback to one that was closed
        answerer.close_idle()
        assert held(answerer) == ["000007"] and answerer.counted == old
    finally:
        gc.unfreeze()


def test_a_version_that_is_shown_again_is_counted_again(store, tmp_path):
    """Its counts were forgotten when the next one was asked."""
    shutil.copytree(store.folder, tmp_path / "two")
    new = "000008-abcdef"
    shutil.copy(file_of(store.folder, store.version), file_of(tmp_path / "two", new))
    answerer, n_made = Answerer(tmp_path / "two", 0, 1), []
    try:
        for version in (store.version, new, store.version):
            answerer.open(version)
            while answerer.has_counts_to_make:
                answerer.count()
            n_made.append(len(answerer._opened[version].store._source.run_in_columns))
            answerer.said(json.dumps([version, "referrals", {}, [], False]))
    finally:
        gc.unfreeze()
    assert n_made[0] > 10 and n_made == n_made[:1] * 3


def test_one_that_waits_closes_what_nobody_asks(store, tmp_path, monkeypatch):
    monkeypatch.setattr(answerer_module, "IDLE", 0.05)
    new = f"{number_of(store.version) + 1:06d}-abcdef"
    shutil.copy(file_of(store.folder, store.version), file_of(store.folder, new))
    answerer = Answerer(store.folder, 0, 1, breath=0.005)
    read, write = os.pipe()
    told = io.StringIO()
    with os.fdopen(read) as heard, os.fdopen(write, "w") as line:
        serving = threading.Thread(target=serve, args=(answerer, heard, told))
        serving.start()
        for version in (store.version, new):
            print(json.dumps(version), file=line, flush=True)
            print(json.dumps([version, "referrals", {}, [], False]), file=line, flush=True)
        until(lambda: list(answerer._opened) == [new])
        line.close()
        serving.join(SECONDS)
    assert not serving.is_alive() and told.getvalue().count(f"\n{ANSWER}") == 2
    gc.unfreeze()


def test_garbage_is_collected_when_nobody_asks(store, monkeypatch):
    """Not while somebody does: of a large store it takes longer than most answers. After many answers without a pause it is, too."""
    collected, asked = [], json.dumps([store.version, "referrals", {}, [], False])
    monkeypatch.setattr(answerer_module.gc, "collect", lambda: collected.append(len(collected)))
    answerer = Answerer(store.folder, 0, 1, breath=0.005)
    try:
        answerer.said(asked)
        collected.clear()  # of the version that was opened
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Timer(0.2, lines.put, ["next"]).start()
        assert answerer_module._next(answerer, lines, io.StringIO()) == "next" and len(collected) == 1
        threading.Timer(0.2, lines.put, ["next"]).start()
        assert (
            answerer_module._next(answerer, lines, io.StringIO()) == "next" and len(collected) == 1
        )  # nothing was done since
        answerer.said(asked)
        lines.put("next")
        assert answerer_module._next(answerer, lines, io.StringIO()) == "next" and len(collected) == 1  # somebody asks
        monkeypatch.setattr(answerer_module, "MOST_UNCOLLECTED", 3)
        answerer.said(asked)
        assert len(collected) == 1
        answerer.said(asked)
        assert len(collected) == 2
    finally:
        gc.unfreeze()


def test_what_is_freed_goes_back_to_the_machine():
    if memory._trim() is None:
        pytest.skip("no allocator that keeps it, or none that can be asked")

    def megabytes():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    small_ones = [bytes(1_000) for _ in range(100_000)]
    small_ones[:] = small_ones[-1:]  # what lies above all that was freed
    before = megabytes()
    memory.give_back()
    assert before - megabytes() > 50


@pytest.mark.parametrize(("said", "cores", "n"), [("", 1, 0), ("", 2, 2), ("", 16, 4), ("0", 8, 0), ("9", 2, 4), ("x", 2, 2)])  # fmt: skip
def test_how_many(said, cores, n, monkeypatch):
    monkeypatch.setenv(answerers.SETTING, said)
    monkeypatch.setattr(answerers.os, "cpu_count", lambda: cores)
    assert answerers.wanted() == n
