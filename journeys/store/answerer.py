"""A process that answers: a question comes in on a line, its released answer goes out on a line, and while nobody asks it makes the counts that
most questions are made of. A dashboard starts it (answerers.py), and it ends with the dashboard.

Python runs one thread at a time, so that whoever only looks at a page would wait for whoever asks something new. What goes out is what a screen may show.
"""

import contextlib
import gc
import json
import os
import queue
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from journeys.answer import written
from journeys.store import memory, turns
from journeys.store.duck import SPILL
from journeys.store.folder import StoreError, number_of
from journeys.store.kept import MAKERS, KeptAnswers
from journeys.store.opened import open_version
from journeys.vocabulary.selection import Selection

READY, COUNTED, ANSWER, TROUBLE, ASK_YOURSELF = "ready", "#", "=", "!", "?"
TOO_LONG = ("slow", "large", "busy")  # kinds of errors that asking once more would make worse
MOST_VERSIONS = 2
GIVES_WAY = 5  # of 19: to who draws pages; a load gives way to both
IDLE = 30  # seconds after which a version that is no longer shown is closed, if nobody asks it
MOST_UNCOLLECTED = 200  # answers and counts after which garbage is collected, though somebody asks
LAST_SECONDS = 3  # to end a query when the dashboard is gone


class Answerer:
    """What one such process holds: the versions that it was asked of, and what is left to count of the latest."""

    def __init__(self, folder: Path, share: int, n: int, breath: float = turns.BREATH) -> None:
        self._folder, self._share, self._n = folder, share, n
        self.breath = breath  # seconds without a question before anything is counted
        self._opened: dict[str, KeptAnswers] = {}
        self._told, self._is_asked = "", False  # the version that is to be shown, and whether anybody asked it since
        self._last_asked: dict[str, float] = {}
        self.counted = ""  # the version whose counts are made
        self._counts: Iterator[Callable[[], None]] = iter(())
        self.has_counts_to_make = False
        self._uncollected = 0

    @property
    def old(self) -> list[str]:
        """The versions that are held and no longer shown: those before the one that is to be, once that is asked, and those after it, which were
        rolled back."""
        if not self._told:
            return []
        shown = number_of(self._told)
        return [one for one in self._opened if one != self._told and (self._is_asked or number_of(one) > shown)]

    def open(self, version: str) -> KeptAnswers:
        """A version that is to be shown, or is again after a rollback: opened, and counted when there is time. Raises StoreError."""
        self._told, self._is_asked = version, False
        opened = self._opened.get(version) or self._hold(version)
        if version != self.counted:
            self._counts, self.counted = opened.store.counts_to_make(self._share, self._n), version
            self.has_counts_to_make = True
        return opened

    def _hold(self, version: str) -> KeptAnswers:
        opened = self._opened[version] = KeptAnswers(open_version(self._folder, version))
        while len(self._opened) > MOST_VERSIONS:
            self._close(next(one for one in self._opened if one not in (version, self._told)))
        _collect()
        return opened

    def _close(self, version: str) -> None:
        self._opened.pop(version).store.close()
        self._last_asked.pop(version, None)

    def _asked(self, version: str) -> KeptAnswers:
        """A version that is asked; once it is the one that is to be shown, the others give back the memory of their counts."""
        asked = self._opened.get(version) or self._hold(version)
        self._last_asked[version] = time.monotonic()
        if version == self._told and not self._is_asked:
            self._is_asked = True
            for other in self._opened.values():
                if other is not asked:
                    other.store.forget_counts()
        return asked

    def close_idle(self) -> None:
        """Close the versions that are no longer shown and that nobody has asked for a while: whoever does after all has it opened again."""
        since = time.monotonic() - IDLE
        idle = [version for version in self.old if self._last_asked.get(version, 0) <= since]
        for version in idle:
            self._close(version)
        if idle:
            _collect()
            memory.give_back()

    def count(self) -> None:
        """Make one of the counts; it fails for nothing, since whoever asks finds what is wrong."""
        count = next(self._counts, None)
        self.has_counts_to_make = count is not None
        if count:
            with contextlib.suppress(Exception):
                count()
            self._has_worked()

    def _has_worked(self) -> None:
        self._uncollected += 1
        if self._uncollected >= MOST_UNCOLLECTED:
            self.rest()

    def rest(self) -> None:
        """Collect the garbage of what was done since the last time: of a large store a collection takes a tenth of a second, which no answer should wait for."""
        if self._uncollected:
            self._uncollected = 0
            gc.collect()
            gc.freeze()

    def said(self, line: str) -> str:
        """The line that answers a line: an answer, that it takes too long, or that it is for the asker to find out."""
        self._has_worked()
        try:
            version, metric, selection, by, case_mix = json.loads(line)
            asked = self._asked(version)
            return ANSWER + written.text(asked.ask(metric, Selection(**selection), tuple(by), case_mix=case_mix))
        except StoreError as error:
            return TROUBLE + json.dumps([error.kind, str(error)]) if error.kind in TOO_LONG else ASK_YOURSELF
        # whoever asked has the error in its own process, or the answer: a version that is gone it may hold open
        except Exception:
            return ASK_YOURSELF


def _collect() -> None:
    gc.unfreeze()  # what was kept of versions that are closed goes
    gc.collect()
    gc.freeze()  # what lives as long as the process need not be walked again


def serve(answerer: Answerer, heard: IO[str], told: IO[str], over: Callable[[], None] = lambda: None) -> None:
    """Answer line by line until there are no more; a line of a version alone opens it. `over` is called in another thread when there are no more."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(heard, lines, over), daemon=True).start()
    print(READY, MAKERS, file=told, flush=True)
    while line := _next(answerer, lines, told):
        if isinstance(version := json.loads(line), str):
            with contextlib.suppress(Exception):  # as with a count
                answerer.open(version)
            continue
        print(answerer.said(line), file=told, flush=True)


def _next(answerer: Answerer, lines: "queue.SimpleQueue[str]", told: IO[str]) -> str:
    """The next line; until it comes, what there is to count, and that it is done, and what to close. Empty when there are no more."""
    while answerer.has_counts_to_make:
        try:
            return lines.get(timeout=answerer.breath)
        except queue.Empty:
            answerer.count()
            if not answerer.has_counts_to_make:
                print(COUNTED + answerer.counted, file=told, flush=True)
    while True:
        answerer.close_idle()
        with contextlib.suppress(queue.Empty):
            return lines.get(timeout=answerer.breath)
        answerer.rest()
        with contextlib.suppress(queue.Empty):
            return lines.get(timeout=IDLE if answerer.old else None)


def _listen(heard: IO[str], lines: "queue.SimpleQueue[str]", over: Callable[[], None]) -> None:
    for line in heard:
        lines.put(line)
    lines.put("")
    over()


def _end_soon() -> None:
    """The dashboard is gone: nobody waits for what is being answered."""
    time.sleep(LAST_SECONDS)
    _end()


def _end() -> None:
    shutil.rmtree(SPILL, ignore_errors=True)
    os._exit(0)  # the thread that read lines would keep all else, which DuckDB then tells as lost


def main(folder: str, share: str, n: str, breath: str) -> None:
    """Answer for a store's folder, as one of `n` such processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the dashboard
    gc.disable()  # it is collected when nobody asks
    with contextlib.suppress(OSError, AttributeError):
        os.nice(GIVES_WAY)
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that a library prints may stand between the answers
    with contextlib.suppress(BrokenPipeError):  # the dashboard is gone while it is answered
        serve(Answerer(Path(folder), int(share), int(n), float(breath)), sys.stdin, told, _end_soon)
    _end()


if __name__ == "__main__":
    main(*sys.argv[1:])
