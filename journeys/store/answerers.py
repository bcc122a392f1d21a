"""The processes that answer for a dashboard (answerer.py), from its side: started once, asked by whichever has least to do, replaced when one ends.

They only spare time. Where there are none, or none is ready, the dashboard answers in its own process, and the answer is the same.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future
from pathlib import Path

from journeys.answer import written
from journeys.answer.released import Released
from journeys.store import turns
from journeys.store.answerer import ANSWER, ASK_YOURSELF, COUNTED, READY, TROUBLE
from journeys.store.client_key import NAME as KEY
from journeys.store.folder import StoreError
from journeys.store.kept import MAKERS, ROOT
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection

SETTING = "JOURNEYS_ANSWERERS"
MOST = 4
LONGEST = 60 + turns.LONGEST_WAIT  # seconds: a query may work for a minute, and wait for its turn
LEAST_LIFE = 60  # seconds between two starts of one: one that cannot live is not started again and again
STUCK = 2 * LONGEST  # seconds: one that has said nothing for so long, while somebody waits, says nothing any more


def wanted() -> int:
    """How many: JOURNEYS_ANSWERERS, else one for each processor, four at most; where there is one processor, none."""
    said = os.environ.get(SETTING, "")
    if said.isdecimal():
        return min(int(said), MOST)
    n = os.cpu_count() or 1
    return min(n, MOST) if n > 1 else 0


class Answerers:
    """All of a store's folder. Safe to share between threads."""

    def __init__(self, folder: Path, n: int) -> None:
        self._folder, self._n, self._version = folder.resolve(), n, ""
        self._lock = threading.Lock()
        self._all: list[One] = []
        try:
            for share in range(n):
                self._all.append(One(self._folder, share, n))
        except OSError:
            self.close()  # all of them or none
            raise

    def __len__(self) -> int:
        return self._n

    def open(self, version: str) -> None:
        """Have a version opened, and counted while nobody asks: the one that is to be shown, or is shown again. Said once, until another is."""
        with self._lock:
            if version != self._version:
                self._version = version
                for one in self._all:
                    one.open(version)

    def has_counted(self, version: str) -> bool:
        """Whether what is counted while nobody asks is counted of a version."""
        return all(one.counted == version or one.is_gone for one in self._all)

    def ask(
        self, version: str, metric: str, selection: Selection, by: tuple[str, ...], case_mix: bool
    ) -> Released | None:
        """The released answer; None where nobody can give it, and whoever asks has to find out. Raises StoreError."""
        said = self._asked(metric, json.dumps([version, metric, selection.given(), by, case_mix]))
        try:
            line = said.result(LONGEST) if said else ASK_YOURSELF
        except TimeoutError:
            for one in self._all:
                one.end_if_stuck()
            raise StoreError("busy", "The server is busy with other questions. Try again in a minute.") from None
        if line.startswith(ANSWER):
            return written.read(line.removeprefix(ANSWER))
        if line.startswith(TROUBLE):
            raise StoreError(*json.loads(line.removeprefix(TROUBLE)))
        return None

    def _asked(self, metric: str, line: str) -> "Future[str] | None":
        """Asks whoever has least to do, of these first the one that counts for this metric before the others; None where nobody is ready."""
        with self._lock:
            self._replace()
            own = list(metrics.catalogue()).index(metric) % self._n if metric in metrics.catalogue() else 0
            ready = [(one.n_waiting, at != own, at) for at, one in enumerate(self._all) if one.is_ready]
            return self._all[min(ready)[-1]].ask(line) if ready else None

    def _replace(self) -> None:
        for at, one in enumerate(self._all):
            if one.is_to_be_replaced:
                with contextlib.suppress(OSError):  # no process can be started just now
                    self._all[at] = One(self._folder, at, self._n)
                    self._all[at].open(self._version)

    def close(self) -> None:
        """End them."""
        for one in self._all:
            one.close()


class One:
    """One such process, and who waits for its lines, which come in the order of the questions."""

    def __init__(self, folder: Path, share: int, n: int) -> None:
        command = [sys.executable, "-m", "journeys.store.answerer", str(folder), str(share), str(n), str(turns.BREATH)]
        without_key = {name: value for name, value in os.environ.items() if name != KEY}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=without_key, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self._began = self._heard = time.monotonic()
        self._lock = threading.Lock()
        self._waiting: deque[Future[str]] = deque()
        self.is_gone = self.is_ready = self._is_of_another_program = False
        self.counted = ""  # the version
        threading.Thread(target=self._listen, name="answers", daemon=True).start()

    @property
    def n_waiting(self) -> int:
        return len(self._waiting)

    @property
    def is_to_be_replaced(self) -> bool:
        is_due = time.monotonic() - self._began > LEAST_LIFE
        return self.is_gone and is_due and not self._is_of_another_program

    def open(self, version: str) -> None:
        with self._lock:
            self._write(json.dumps(version))

    def ask(self, line: str) -> "Future[str]":
        """What will be said to a line; that nobody knows it where the process is gone."""
        said: Future[str] = Future()
        with self._lock:
            if not self._waiting:
                self._heard = time.monotonic()
            self._waiting.append(said)
            self._write(line)
        if self.is_gone:
            self._nobody_comes()
        return said

    def end_if_stuck(self) -> None:
        """Whoever waits then finds out for itself, and another takes its place."""
        if self._waiting and time.monotonic() - self._heard > STUCK:
            self._process.kill()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()

    def _write(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone: whoever listens finds out
            if self._process.stdin:
                self._process.stdin.write(f"{line}\n")
                self._process.stdin.flush()

    def _listen(self) -> None:
        """Until it ends. One that was started from other files than the dashboard, which were replaced since, would answer otherwise."""
        lines = iter(self._process.stdout or ())
        first = next(lines, "").split()
        self.is_ready = first == [READY, MAKERS]
        self._is_of_another_program = bool(first) and not self.is_ready
        if not self.is_ready:
            self.close()
        for line in lines:
            if not line.endswith("\n"):  # it ended while it spoke
                break
            self._heard = time.monotonic()
            if line.startswith(COUNTED):
                self.counted = line.removeprefix(COUNTED).strip()
            else:
                self._waiting.popleft().set_result(line)
        self.is_ready, self.is_gone = False, True
        self._nobody_comes()
        self.close()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _nobody_comes(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._waiting.popleft().set_result(ASK_YOURSELF)
