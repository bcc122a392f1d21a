"""A load is shown when it can be asked without waiting: until then, a minute at most, readers keep to the version before it, which is whole.

Not where the version before must not be read any more, where something was taken away or back, or for the reader who has just loaded: there it is shown at once.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from journeys.store.folder import is_there, must_go, number_of

SECONDS = 60.0


class Arriving:
    """Which version a process shows of the folder that it reads. Safe to share between threads."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._folder = self._shown = self._prepared = ""
        self._gone_over = ("", "")  # folder and version
        self._began = 0.0

    def shown(self, folder: str, current: str, prepare: Callable[[float], None] | None) -> str:
        """The version to show, of a folder that points to `current`. `prepare` gets the seconds that it has to make that ready, in a thread (None: it is ready)."""
        with self._lock:
            if prepare is None or folder != self._folder or not self._may_wait(current):
                self._folder, self._shown, self._began = folder, current, 0.0
                return current
            self._began = self._began or time.monotonic()
            left = self._seconds - (time.monotonic() - self._began)
            if left <= 0:
                self._shown, self._began = current, 0.0
            elif self._prepared != current:
                self._prepared = current
                threading.Thread(target=self._prepare, args=(current, prepare, left), daemon=True).start()
            return self._shown

    def goes_over(self, folder: str, current: str) -> bool:
        """Whether a reader who is shown what the folder points to is the first of whom that is true since it pointed elsewhere."""
        with self._lock:
            before, self._gone_over = self._gone_over, (folder, current)
            return before != self._gone_over

    def _may_wait(self, current: str) -> bool:
        """Whether the version that is shown may be read for a while yet: a newer one follows it, and it is there."""
        folder = Path(self._folder)
        follows = number_of(current) > number_of(self._shown)
        return follows and self._shown not in must_go(folder) and is_there(folder, self._shown)

    def _prepare(self, version: str, prepare: Callable[[float], None], seconds: float) -> None:
        with suppress(Exception):  # what cannot be opened is shown as that
            prepare(seconds)
        with self._lock:
            if self._prepared == version:
                self._shown, self._began = version, 0.0
