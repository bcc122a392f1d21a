"""Counts that were made once are not made again: several panels of a page, and several selections, are made of the same counts.

They are exact, so they stay in this room: in the memory of the process that has the store open anyway, as long as it has, and on no disk.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

Run = Callable[[str, Mapping], list[dict]]


class Remembered:
    """Runs SQL over one version of a store, which never changes, and keeps the rows by text and values (so nobody may change them).

    At most `most` rows are kept, those asked for last. Safe to share between threads.
    """

    def __init__(self, run: Run, most: int = 100_000) -> None:
        self._run, self._most = run, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, list[dict]] = OrderedDict()
        self._n = 0

    def __call__(self, sql: str, values: Mapping) -> list[dict]:
        key = (sql, *sorted(values.items()))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        rows = self._run(sql, values)
        with self._lock:
            self._keep(key, rows)
        return rows

    def _keep(self, key: tuple, rows: list[dict]) -> None:
        if (
            key in self._kept or _weight(rows) > self._most
        ):  # another thread was faster, or it would push out all others
            return
        self._kept[key] = rows
        self._n += _weight(rows)
        while self._n > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._n -= _weight(oldest)


def _weight(rows: list[dict]) -> int:
    """The rows, and some for the text and values that they are kept by."""
    return len(rows) + 50
